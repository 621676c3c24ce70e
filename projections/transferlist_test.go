package projections_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/parts"
)

// expectedTransfer is what a test holds a [parts.PartTransfer] against.
type expectedTransfer struct {
	position uint64
	sent     depot.PartTransferredOut
	received calendar.Date
	back     domain.SlipID // by which it went straight back
	refused  domain.SlipID // that it sends back
	days     int
}

// transfersOf folds the transfers that somebody sees, by the day they were sent.
func transfersOf(
	k *keeper, cut projections.Cut, today calendar.Date, reach func(domain.ProjectID) bool, f parts.TransferFilter,
) (all []expectedTransfer) {
	known := func(at time.Time) bool { return cut.KnownAt.IsZero() || !at.After(cut.KnownAt) }
	asOf := cmp.Or(cut.AsOf, today)
	arrived := make(map[domain.SlipID]calendar.Date)
	back, refused := make(map[domain.SlipID]domain.SlipID), make(map[domain.SlipID]domain.SlipID)
	last := make(map[domain.ProjectID]depot.PartTransferredIn) // what a depot took in by its last transfer
	var sent []expectedTransfer
	for _, r := range k.Events {
		switch e := r.Event.(type) {
		case depot.PartTransferredIn:
			if known(r.RecordedAt) && e.ReceivedOn <= asOf {
				arrived[e.Transfer], last[e.Project] = e.ReceivedOn, e
			}
		case depot.PartTransferredOut:
			if known(r.RecordedAt) && e.TransferredOn <= asOf {
				sent = append(sent, expectedTransfer{position: r.Position, sent: e})
				if in := last[e.Project]; in.Transfer != "" && in.From == e.To && in.Part == e.Part &&
					in.Quantity.Equal(e.Quantity) && in.Value == e.Value && in.ReceivedOn == e.TransferredOn {
					back[in.Transfer], refused[e.Transfer] = e.Transfer, in.Transfer
				}
				delete(last, e.Project)
			}
		}
	}
	end := func(p domain.ProjectID) bool {
		region := keptRegions[slices.Index(keptProjects, p)]
		return reach(p) && (f.Project == "" || f.Project == p) && (f.Region == "" || f.Region == region)
	}
	for _, e := range sent {
		e.received, e.back, e.refused = arrived[e.sent.Transfer], back[e.sent.Transfer], refused[e.sent.Transfer]
		e.days = int(cmp.Or(e.received, asOf) - e.sent.TransferredOn)
		status := parts.TransferUnderWay
		if e.received != 0 {
			status = parts.TransferReceived
		}
		if (end(e.sent.Project) || end(e.sent.To)) && (f.Part == "" || f.Part == e.sent.Part) &&
			(f.Status == "" || f.Status == status) && (f.From == 0 || e.sent.TransferredOn >= f.From) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, func(a, b expectedTransfer) int {
		return cmp.Or(cmp.Compare(a.sent.TransferredOn, b.sent.TransferredOn), cmp.Compare(a.position, b.position))
	})
	return all
}

// TestWhatIsUnderWayBetweenDepotsIsWhatWasSentAndNotTakenIn holds random questions, as of
// and as known at random moments, by who reaches everything and by who reaches one end only,
// against the fold of the depots' events.
func TestWhatIsUnderWayBetweenDepotsIsWhatWasSentAndNotTakenIn(t *testing.T) {
	k := newKeeper(5)
	k.live(600)
	if out, in := k.kinds["PartTransferredOut"], k.kinds["PartTransferredIn"]; in < 5 || out < in+5 {
		t.Fatalf("%d sent, %d taken in: that shows little", out, in)
	}
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(slices.Clone(k.Events)...),
		projections.WithClock(domaintest.NewClock(k.now)))
	projections.Projected(t, m, k.Events[len(k.Events)-1].Position)

	sites := access.NewSites()
	for i, p := range keptProjects {
		sites.RegisterProject(p, keptRegions[i], "上海")
	}
	south := access.Resolve(access.Reach{Regions: []string{"华南"}}, sites, 10_000)
	today := calendar.DateOf(k.now)
	underWay := 0
	for range 12 {
		cut, reach := projections.Cut{Scope: access.Whole()}, func(domain.ProjectID) bool { return true }
		if k.rnd.IntN(3) == 0 {
			cut.Scope, reach = south, func(p domain.ProjectID) bool { return p == "P2" }
		}
		if k.rnd.IntN(2) == 0 {
			cut.AsOf = today - calendar.Date(k.rnd.IntN(150))
		}
		if k.rnd.IntN(2) == 0 {
			cut.KnownAt = k.Events[k.rnd.IntN(len(k.Events))].RecordedAt
		}
		filter := parts.TransferFilter{
			PartsFilter: parts.PartsFilter{
				Region: perhaps(k.rnd, keptRegions), Project: perhaps(k.rnd, keptProjects), Part: perhaps(k.rnd, keptParts),
			},
			Status: perhaps(k.rnd, []parts.TransferStatus{parts.TransferUnderWay, parts.TransferReceived}),
			From:   perhaps(k.rnd, []calendar.Date{today - 90, today - 30}),
		}
		want := transfersOf(k, cut, today, reach, filter)
		var got []parts.PartTransfer
		var sums parts.TransferSums
		for page := (projections.Page{Limit: 20}); ; {
			answer, err := parts.Of(m).Transfers(t.Context(), cut, filter, page)
			if err != nil {
				t.Fatal(err)
			}
			if page.After == "" {
				sums = answer.TransferSums
			}
			got = append(got, answer.Rows...)
			if page.After = answer.Next; page.After == "" {
				break
			}
		}
		var expected parts.TransferSums
		for i, w := range want {
			expected.Count++
			expected.Value = expected.Value.Add(w.sent.Value)
			if w.received == 0 {
				expected.UnderWay++
				expected.ValueUnderWay = expected.ValueUnderWay.Add(w.sent.Value)
			}
			if i >= len(got) || !sameTransfer(w, &got[i]) {
				t.Fatalf("%+v, %+v: transfer %d is to be %+v, of %+v", cut, filter, i, w, got)
			}
		}
		if len(got) != len(want) || sums != expected {
			t.Errorf("%+v, %+v: %d transfers that come to %+v, not %d and %+v", cut, filter, len(got), sums, len(want), expected)
		}
		underWay += int(sums.UnderWay)
		cut.Scope = access.Whole()
		holdAgainstTheBooks(t, m, cut)
	}
	if underWay == 0 {
		t.Error("nothing was under way in any question")
	}
}

func sameTransfer(w expectedTransfer, g *parts.PartTransfer) bool {
	return g.Position == w.position && g.Transfer == w.sent.Transfer && g.Project == w.sent.Project && g.To == w.sent.To &&
		g.Part == w.sent.Part && g.Quantity.Equal(w.sent.Quantity) && g.Value == w.sent.Value &&
		g.SentOn == w.sent.TransferredOn && g.ReceivedOn == w.received && g.Days == w.days &&
		(g.Status == parts.TransferUnderWay) == (w.received == 0) && g.WentBackAs == w.back && g.SendsBack == w.refused
}

// holdAgainstTheBooks compares what is under way in the whole company with account 1405.9.
func holdAgainstTheBooks(t *testing.T, m *projections.ReadModels, cut projections.Cut) {
	t.Helper()
	sent, err := parts.Of(m).Transfers(t.Context(), cut, parts.TransferFilter{}, projections.Page{})
	if err != nil {
		t.Fatal(err)
	}
	stock, err := parts.Of(m).Stock(t.Context(), cut, parts.PartsFilter{}, projections.Page{})
	if err != nil {
		t.Fatal(err)
	}
	if stock.InTransit != sent.ValueUnderWay {
		t.Errorf("%+v: %s is under way, account 1405.9 holds %s", cut, sent.ValueUnderWay, stock.InTransit)
	}
}
