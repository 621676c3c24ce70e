package projections_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/repairs"
)

// requisitionsOf are random requisitions: whatever people try.
func requisitionsOf(rnd *rand.Rand, n int) (rec projections.Recorder, last time.Time) {
	at := projections.Noon("2026-03-01")
	gates := []requisition.Gate{
		requisition.TechGroup, requisition.HQAffairs, requisition.MaterialsPlanner, requisition.DepartmentManager,
	}
	lines := func() []requisition.Line {
		all := []requisition.Line{
			{Part: "DS", Name: "门口机", Quantity: decimal.NewFromInt(2), Estimate: money.Fen(int64(1 + rnd.IntN(100_000))), Purpose: "备件"},
			{Part: "CAM", Name: "摄像机", Quantity: decimal.NewFromInt(3), Estimate: money.Fen(int64(1 + rnd.IntN(100_000))), Purpose: "更换"},
		}
		return all[:1+rnd.IntN(2)]
	}
	for i := range n {
		id, r := domain.RequisitionID(fmt.Sprintf("SQ-%03d", i)), &requisition.Requisition{}
		do := func(events []requisition.Event, err error) {
			for _, e := range events {
				at = at.Add(time.Hour)
				r.Evolve(e)
				rec.Record(requisition.Stream(id), at, e)
			}
			if refusal := (*domain.Rejection)(nil); errors.As(err, &refusal) && refusal.Fact != nil {
				at = at.Add(time.Hour)
				rec.Record(requisition.Stream(id), at, refusal.Fact)
			}
		}
		today := func() calendar.Date { return calendar.DateOf(at) }
		do(r.Request(requisition.Request{Requisition: id, Project: "P1", Region: "华东", Lines: lines(), By: "jiang"}, today()))
		for j := range rnd.IntN(120) {
			part := []domain.PartCode{"DS", "CAM"}[rnd.IntN(2)]
			switch rnd.IntN(8) {
			case 0, 1, 2, 3:
				g := gates[rnd.IntN(len(gates))]
				c := requisition.Decide{Requisition: id, Gate: g, Approve: rnd.IntN(8) > 0, Note: "x", By: string(g)}
				if rnd.IntN(10) == 0 {
					c.By = "jiang"
				}
				do(r.Decide(c, today()))
			case 4:
				do(r.Resubmit(requisition.Resubmit{Requisition: id, Lines: lines(), Note: "x", By: "jiang"}, today()))
			case 5, 6:
				do(r.Order(requisition.Order{
					Requisition: id, Order: domain.OrderID(fmt.Sprint("CG-", j)), Supplier: "恒通", OrderedOn: today(), By: "he",
					Lines: []requisition.Ordered{
						{Part: part, Quantity: decimal.NewFromInt(1), Price: money.Fen(int64(1 + rnd.IntN(9)))},
					},
				}, today()))
			case 7:
				do(r.Receive(requisition.Receive{
					Requisition: id, Receipt: domain.SlipID(fmt.Sprint("IN-", j)), Part: part, Quantity: decimal.NewFromInt(1),
					Value: money.Fen(7), ReceivedOn: today(), By: "shen",
				}, today()))
			}
		}
	}
	return rec, at
}

// At every moment of knowledge the list says of each requisition what the
// events say: whom it waits for by the domain's own fold, its sums by adding up.
func TestRequisitionsAreWhatTheEventsSay(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 3))
	rec, end := requisitionsOf(rnd, 200)
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
		projections.WithClock(domaintest.NewClock(end.Add(time.Hour))))
	projections.Projected(t, m, uint64(len(rec.Events)))

	type said struct {
		WaitsFor                           []string
		Total, Approved, Ordered, Received money.Amount
		Wanted, OnOrder, Arrived           string
		Refusals                           int
		rejected, approved                 bool
		wanted, onOrder, arrived           int64
		parts                              map[domain.PartCode]bool
	}
	seen := map[repairs.RequisitionStatus]bool{}
	for range 8 {
		n := 1 + rnd.IntN(len(rec.Events))
		want, folds := map[domain.RequisitionID]*said{}, map[domain.RequisitionID]*requisition.Requisition{}
		for _, rec := range rec.Events[:n] {
			id := domain.RequisitionID(rec.Stream[len("requisition-"):])
			if want[id] == nil {
				want[id], folds[id] = &said{parts: map[domain.PartCode]bool{}}, &requisition.Requisition{}
			}
			s := want[id]
			if e, ok := rec.Event.(requisition.Event); ok {
				folds[id].Evolve(e)
			}
			put := func(lines []requisition.Line, total money.Amount) {
				s.Total, s.Approved, s.rejected, s.approved, s.wanted = total, money.Amount{}, false, false, 0
				for _, l := range lines {
					s.wanted += l.Quantity.IntPart()
					s.parts[l.Part] = true
				}
			}
			switch e := rec.Event.(type) {
			case requisition.MaterialRequested:
				put(e.Lines, e.Total)
			case requisition.RequisitionResubmitted:
				put(e.Lines, e.Total)
			case requisition.RequisitionApproved:
				s.Approved, s.approved = e.Amount, true
			case requisition.RequisitionRejected:
				s.rejected = true
			case duties.OwnDecisionRefused:
				s.Refusals++
			case requisition.PurchaseOrdered:
				s.Ordered = s.Ordered.Add(e.Total)
				s.onOrder += e.Lines[0].Quantity.IntPart()
				s.parts[e.Lines[0].Part] = true
			case requisition.PurchaseReceived:
				s.Received = s.Received.Add(e.Value)
				s.arrived += e.Quantity.IntPart()
				s.parts[e.Part] = true
			}
		}
		got, cursor := map[domain.RequisitionID]*said{}, ""
		for {
			list, err := repairs.Of(m).Requisitions(t.Context(), projections.Cut{
				Scope: access.Whole(), KnownAt: rec.Events[n-1].RecordedAt,
			},
				repairs.RequisitionFilter{All: true}, projections.Page{Limit: 70, After: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list.Rows {
				s := want[r.Requisition]
				if s == nil {
					t.Fatalf("%s is not known yet", r.Requisition)
				}
				status := repairs.RequisitionInReview
				switch waits := folds[r.Requisition].WaitsFor(); {
				case s.rejected:
					status = repairs.RequisitionRejected
				case s.approved && s.arrived >= s.wanted:
					status = repairs.RequisitionReceived
				case s.approved && s.onOrder > 0:
					status = repairs.RequisitionOrdered
				case s.approved:
					status = repairs.RequisitionApproved
				case len(waits) == 1 && waits[0] == requisition.DepartmentManager:
					status = repairs.RequisitionAwaitingApproval
				}
				if r.Status != status {
					t.Errorf("%s is %s, want %s", r.Requisition, r.Status, status)
				}
				seen[r.Status] = true
				s.WaitsFor = []string{}
				for _, g := range folds[r.Requisition].WaitsFor() {
					s.WaitsFor = append(s.WaitsFor, string(g))
				}
				var approved money.Amount
				if r.Approved != nil {
					approved = *r.Approved
				}
				seen := *s
				seen.WaitsFor, seen.Total, seen.Approved = append([]string{}, r.WaitsFor...), r.Total, approved
				seen.Ordered, seen.Received, seen.Refusals = r.Ordered, r.Received, r.Refusals
				if len(s.parts) == 1 { // else nobody adds metres and pieces up
					s.Wanted, s.OnOrder, s.Arrived = fmt.Sprint(s.wanted), fmt.Sprint(s.onOrder), fmt.Sprint(s.arrived)
				}
				if r.Wanted != nil {
					seen.Wanted, seen.OnOrder, seen.Arrived = r.Wanted.String(), r.OnOrder.String(), r.Arrived.String()
				}
				got[r.Requisition] = &seen
			}
			if cursor = list.Next; cursor == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(said{}), projections.CompareAmounts); diff != "" {
			t.Fatalf("after %d events (-events +list):\n%s", n, diff)
		}
	}
	for _, s := range []repairs.RequisitionStatus{
		repairs.RequisitionInReview, repairs.RequisitionAwaitingApproval, repairs.RequisitionRejected,
		repairs.RequisitionApproved, repairs.RequisitionOrdered, repairs.RequisitionReceived,
	} {
		if !seen[s] {
			t.Errorf("no requisition was ever %s", s)
		}
	}
}

// One requisition tells its material and its steps as its events do, at every moment of
// knowledge: what was last put forward, what was ordered and what arrived of each part.
func TestARequisitionTellsItsMaterialAndItsSteps(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 5))
	rec, end := requisitionsOf(rnd, 60)
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
		projections.WithClock(domaintest.NewClock(end.Add(time.Hour))))
	projections.Projected(t, m, uint64(len(rec.Events)))

	bought := 0
	for range 60 {
		n := 1 + rnd.IntN(len(rec.Events))
		known := rec.Events[:n]
		id := domain.RequisitionID(known[rnd.IntN(n)].Stream[len("requisition-"):])
		want := map[domain.PartCode]repairs.RequisitionMaterial{}
		order := []domain.PartCode{}
		steps := []string{}
		line := func(part domain.PartCode, change func(*repairs.RequisitionMaterial)) {
			l := want[part]
			change(&l)
			want[part] = l
		}
		put := func(lines []requisition.Line) {
			for part := range want {
				line(part, func(l *repairs.RequisitionMaterial) {
					l.Purpose, l.Wanted, l.Estimate = "", decimal.Zero, money.Amount{}
				})
			}
			order = order[:0]
			for _, asked := range lines {
				order = append(order, asked.Part)
				line(asked.Part, func(l *repairs.RequisitionMaterial) {
					l.Part, l.Name, l.Purpose = asked.Part, asked.Name, asked.Purpose
					l.Wanted, l.Estimate = asked.Quantity, asked.Estimate
				})
			}
		}
		for _, rec := range known {
			if rec.Stream != requisition.Stream(id) {
				continue
			}
			switch e := rec.Event.(type) {
			case requisition.MaterialRequested:
				put(e.Lines)
				steps = append(steps, "REQUESTED "+e.Total.String())
			case requisition.RequisitionResubmitted:
				put(e.Lines)
				steps = append(steps, "RESUBMITTED "+e.Total.String())
			case requisition.RequisitionReviewed:
				steps = append(steps, "REVIEWED "+string(e.Gate))
			case requisition.RequisitionApproved:
				steps = append(steps, "APPROVED "+e.Amount.String())
			case requisition.RequisitionRejected:
				steps = append(steps, "REJECTED "+string(e.Gate))
			case duties.OwnDecisionRefused:
				steps = append(steps, "REFUSED ")
			case requisition.PurchaseOrdered:
				steps = append(steps, "ORDERED "+e.Total.String())
				for _, o := range e.Lines {
					bought++
					line(o.Part, func(l *repairs.RequisitionMaterial) {
						l.OnOrder, l.Ordered = l.OnOrder.Add(o.Quantity), l.Ordered.Add(o.Price)
					})
				}
			case requisition.PurchaseReceived:
				steps = append(steps, "RECEIVED "+e.Value.String())
				line(e.Part, func(l *repairs.RequisitionMaterial) {
					l.Arrived, l.Received = l.Arrived.Add(e.Quantity), l.Received.Add(e.Value)
				})
			}
		}
		h, err := repairs.Of(m).RequisitionHistory(t.Context(), projections.Cut{
			Scope: access.Whole(), KnownAt: known[n-1].RecordedAt,
		}, id)
		if err != nil || !h.Found || h.Requisition.Requisition != id {
			t.Fatalf("%s after %d events: %v, found %t", id, n, err, h.Found)
		}
		told := map[domain.PartCode]repairs.RequisitionMaterial{}
		for i, l := range h.Lines {
			told[l.Part] = l
			if i < len(order) && order[i] != l.Part {
				t.Errorf("%s: line %d is of %s, asked for was %s", id, i, l.Part, order[i])
			}
		}
		for part, l := range want { // asked for once, not any more, and never bought
			if l.Wanted.IsZero() && l.OnOrder.IsZero() && l.Arrived.IsZero() {
				delete(want, part)
			}
		}
		if diff := cmp.Diff(want, told, projections.CompareAmounts); diff != "" {
			t.Errorf("%s after %d events (-events +told):\n%s", id, n, diff)
		}
		got := []string{}
		for _, s := range h.Steps {
			said := s.Step + " "
			switch {
			case s.Amount != nil:
				said += s.Amount.String()
			case s.Step != "REFUSED":
				said += string(s.Gate)
			}
			got = append(got, said)
		}
		if diff := cmp.Diff(steps, got); diff != "" {
			t.Errorf("%s after %d events (-events +told):\n%s", id, n, diff)
		}
	}
	if bought == 0 {
		t.Error("nothing was ever ordered")
	}
	none, err := repairs.Of(m).RequisitionHistory(t.Context(), projections.Cut{Scope: access.Whole()}, "SQ-none")
	if err != nil || none.Found {
		t.Errorf("an unknown requisition: found %t, %v", none.Found, err)
	}
}
