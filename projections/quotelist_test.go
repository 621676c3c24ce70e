package projections_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	moneyviews "aftersales-ledger/projections/money"
)

// quoteTeller writes compensations of random centers: quoted, stated by sheets that pass or are
// sent back, charged here or at the center that answered for the project on the day of the damage.
type quoteTeller struct {
	projections.Recorder
	rnd *rand.Rand
	at  time.Time
	n   int
}

func (w *quoteTeller) write(stream string, e domain.Event) {
	w.at = w.at.Add(time.Minute)
	w.Record(stream, w.at, e)
}

var (
	quoteCenters  = []domain.CenterID{"C1", "C2", "C3"}
	quoteRegions  = []string{"east", "south", "east"}
	quoteStatuses = []moneyviews.QuoteStatus{moneyviews.QuoteOpen, moneyviews.QuoteFiled, moneyviews.QuoteCharged}
)

func (w *quoteTeller) open() {
	for i, c := range quoteCenters {
		w.write(account.Stream(c), account.AccountOpened{Center: c, Name: "中心" + string(c), Region: quoteRegions[i]})
	}
	for i, p := range []domain.ProjectID{"P1", "P2", "P3"} {
		w.write(project.Stream(p), project.ProjectRegistered{Project: p, Name: "项目" + string(p), Region: quoteRegions[i]})
	}
}

// compensation lives one quote through: it may be left at any step.
func (w *quoteTeller) compensation() {
	w.n++
	at := w.rnd.IntN(len(quoteCenters))
	center, p := quoteCenters[at], domain.ProjectID(fmt.Sprintf("P%d", at+1))
	today := calendar.DateOf(w.at)
	amount := money.Fen(int64(10_000 + w.rnd.IntN(90_000)))
	quote := domain.QuoteID(fmt.Sprintf("BJ-%d", w.n))
	w.write(account.Stream(center), account.CompensationQuoted{
		Quote: quote, Center: center, Project: p, Room: "3-502", Ticket: domain.TicketID(fmt.Sprintf("F0-%d", w.n%7)),
		Damage: "门口机被撞", Amount: amount, QuotedOn: today, By: "zhao",
	})
	for attempt := range 2 {
		if w.rnd.IntN(3) == 0 {
			return
		}
		w.at = w.at.AddDate(0, 0, w.rnd.IntN(20))
		sheet := domain.ReturnID(fmt.Sprintf("F2-%d-%d", w.n, attempt))
		charge, damaged := domain.ChargeID(fmt.Sprintf("SF-%d", w.n)), today-calendar.Date(w.rnd.IntN(10))
		today := calendar.DateOf(w.at)
		w.write(repair.Stream(sheet), repair.CompensationSheetFiled{
			Return: sheet, Project: p, Center: center, Quote: quote, Charge: charge, Amount: amount, Damage: "门口机被撞",
			OccurredOn: damaged, FiledOn: today, By: "sun", GoesTo: repair.HQAffairs,
		})
		switch w.rnd.IntN(4) {
		case 0:
			return
		case 1:
			w.write(repair.Stream(sheet), repair.ReturnRejected{
				Return: sheet, Gate: repair.HQAffairs, Reason: "照片不清", On: today, By: "zhao",
			})
			continue
		}
		w.write(repair.Stream(sheet), repair.ReturnReviewed{
			Return: sheet, Gate: repair.HQAffairs, Amount: amount, On: today, By: "zhao",
		})
		to := quoteCenters[w.rnd.IntN(len(quoteCenters))]
		if to != center {
			w.write(account.Stream(center), account.CompensationMoved{
				Quote: quote, Sheet: domain.SheetID(sheet), Charge: charge, Center: center, To: to, Amount: amount,
				OccurredOn: damaged, On: today, By: "sun",
			})
		}
		w.write(account.Stream(to), account.ChargeAccrued{
			Charge: charge, Center: to, Project: p, Kind: pricelist.Compensation, Service: "门口机被撞",
			Basis: account.PriceBasis{Quote: quote, Sheet: domain.SheetID(sheet)}, Quantity: decimal.NewFromInt(1), Unit: "项",
			UnitPrice: amount.Decimal(), Money: money.Line{Net: amount, Gross: amount}, OccurredOn: damaged,
			Posted: damaged.Quarter(), DueOn: damaged + 60, Clause: "5.3.2",
		})
		return
	}
}

// expectedQuotes folds the events to what the list is to say, by center and quote.
func expectedQuotes(
	events []facts.Recorded, cut projections.Cut, today calendar.Date, sees func(domain.CenterID) bool,
	f moneyviews.QuoteFilter,
) (all []moneyviews.Quote) {
	asOf := cmp.Or(cut.AsOf, today)
	of := make(map[domain.QuoteID]*moneyviews.Quote)
	stated := make(map[domain.ReturnID]*moneyviews.Quote)
	for _, r := range events {
		if !cut.KnownAt.IsZero() && r.RecordedAt.After(cut.KnownAt) {
			continue
		}
		switch e := r.Event.(type) {
		case account.CompensationQuoted:
			if e.QuotedOn <= asOf {
				of[e.Quote] = &moneyviews.Quote{
					Center: e.Center, Quote: e.Quote, Project: e.Project, Ticket: e.Ticket, Amount: e.Amount, QuotedOn: e.QuotedOn,
					Status: moneyviews.QuoteOpen,
				}
			}
		case repair.CompensationSheetFiled:
			if q := of[e.Quote]; q != nil && e.FiledOn <= asOf {
				q.Status, q.Sheet, stated[e.Return] = moneyviews.QuoteFiled, domain.SheetID(e.Return), q
			}
		case repair.ReturnRejected:
			if q := stated[e.Return]; q != nil && e.On <= asOf {
				q.Status, q.Sheet = moneyviews.QuoteOpen, ""
			}
		case account.ChargeAccrued:
			if q := of[e.Basis.Quote]; q != nil && e.OccurredOn <= asOf && chargedBy(events, e, cut, asOf) {
				q.Status, q.Sheet, q.Charge, q.ChargedTo = moneyviews.QuoteCharged, e.Basis.Sheet, e.Charge, e.Center
			}
		}
	}
	for _, q := range of {
		if sees(q.Center) && (f.Center == "" || f.Center == q.Center) && (f.Ticket == "" || f.Ticket == q.Ticket) &&
			(f.Status == "" || f.Status == q.Status) {
			all = append(all, *q)
		}
	}
	slices.SortFunc(all, func(a, b moneyviews.Quote) int {
		return cmp.Or(cmp.Compare(a.Center, b.Center), cmp.Compare(a.Quote, b.Quote))
	})
	return all
}

// chargedBy says that a charge at another center is known to be the quote's: that the account
// it was quoted to says where it went.
func chargedBy(events []facts.Recorded, charged account.ChargeAccrued, cut projections.Cut, asOf calendar.Date) bool {
	moved, quotedTo := false, domain.CenterID("")
	for _, r := range events {
		switch e := r.Event.(type) {
		case account.CompensationQuoted:
			if e.Quote == charged.Basis.Quote {
				quotedTo = e.Center
			}
		case account.CompensationMoved:
			known := cut.KnownAt.IsZero() || !r.RecordedAt.After(cut.KnownAt)
			moved = moved || e.Quote == charged.Basis.Quote && e.On <= asOf && known
		}
	}
	return moved || charged.Center == quotedTo
}

// TestAQuotedCompensationIsFollowedToItsCharge holds random questions, as of and as known at random
// moments, by who sees everything and by who sees one region, against a fold of the events.
func TestAQuotedCompensationIsFollowedToItsCharge(t *testing.T) {
	w := quoteTeller{rnd: rand.New(rand.NewPCG(7, 7)), at: projections.Noon("2026-01-10")}
	w.open()
	for range 120 {
		w.at = w.at.AddDate(0, 0, w.rnd.IntN(3))
		w.compensation()
	}
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(slices.Clone(w.Events)...),
		projections.WithClock(domaintest.NewClock(w.at)))
	projections.Projected(t, m, w.Events[len(w.Events)-1].Position)
	sites := access.NewSites()
	for i, c := range quoteCenters {
		region := quoteRegions[i]
		sites.OpenCenter(c, region)
		p := domain.ProjectID(fmt.Sprintf("P%d", i+1))
		sites.RegisterProject(p, region, "城")
		sites.AssignCenter(p, c, 1)
	}
	south := access.Resolve(access.Reach{Regions: []string{"south"}}, sites, 10_000)
	today := calendar.DateOf(w.at)
	statuses := map[moneyviews.QuoteStatus]int{}
	elsewhere := 0
	for range 24 {
		cut, sees := projections.Cut{Scope: access.Whole()}, func(domain.CenterID) bool { return true }
		if w.rnd.IntN(3) == 0 {
			cut.Scope, sees = south, func(c domain.CenterID) bool { return c == "C2" }
		}
		if w.rnd.IntN(2) == 0 {
			cut.AsOf = today - calendar.Date(w.rnd.IntN(100))
		}
		if w.rnd.IntN(2) == 0 {
			cut.KnownAt = w.Events[10+w.rnd.IntN(len(w.Events)-10)].RecordedAt
		}
		var filter moneyviews.QuoteFilter
		filter.Center = perhaps(w.rnd, quoteCenters)
		filter.Ticket = perhaps(w.rnd, []domain.TicketID{"F0-3"})
		filter.Status = perhaps(w.rnd, quoteStatuses)
		want := expectedQuotes(w.Events, cut, today, sees, filter)
		got, sums := allQuotes(t, m, cut, filter, "")
		var expected moneyviews.QuoteSums
		for i, q := range want {
			expected.Count++
			expected.Amount = expected.Amount.Add(q.Amount)
			if q.Status != moneyviews.QuoteCharged {
				expected.NotCharged++
				expected.NotChargedAmount = expected.NotChargedAmount.Add(q.Amount)
			}
			statuses[q.Status]++
			if q.ChargedTo != "" && q.ChargedTo != q.Center {
				elsewhere++
			}
			if i >= len(got) || !sameQuote(q, got[i], cmp.Or(cut.AsOf, today)) {
				t.Fatalf("%+v, %+v: quote %d is to be %+v, of %+v", cut, filter, i, q, got)
			}
		}
		if len(got) != len(want) || sums != expected {
			t.Errorf("%+v, %+v: %d quotes that come to %+v, not %d and %+v", cut, filter, len(got), sums, len(want), expected)
		}
	}
	for _, s := range quoteStatuses {
		if statuses[s] == 0 {
			t.Errorf("no quote was ever %s", s)
		}
	}
	if elsewhere == 0 {
		t.Error("no quote was charged to another center")
	}
	dearest, _ := allQuotes(t, m, projections.Cut{Scope: access.Whole()}, moneyviews.QuoteFilter{}, "-amount")
	if !slices.IsSortedFunc(dearest, func(a, b moneyviews.Quote) int { return b.Amount.Cmp(a.Amount) }) {
		t.Error("the dearest do not stand first")
	}
}

// allQuotes turns the pages of a list of quotes, by twenty.
func allQuotes(
	t *testing.T, m *projections.ReadModels, cut projections.Cut, filter moneyviews.QuoteFilter, sort string,
) (all []moneyviews.Quote, sums moneyviews.QuoteSums) {
	t.Helper()
	for page := (projections.Page{Limit: 20, Sort: sort}); ; {
		answer, err := moneyviews.Of(m).Quotes(t.Context(), cut, filter, page)
		if err != nil {
			t.Fatal(err)
		}
		if page.After == "" {
			sums = answer.QuoteSums
		}
		all = append(all, answer.Rows...)
		if page.After = answer.Next; page.After == "" {
			return all, sums
		}
	}
}

func sameQuote(want, got moneyviews.Quote, asOf calendar.Date) bool {
	want.Derive(asOf)
	return got.Center == want.Center && got.Quote == want.Quote && got.Project == want.Project &&
		got.Ticket == want.Ticket &&
		got.Amount == want.Amount && got.QuotedOn == want.QuotedOn && got.Status == want.Status && got.Sheet == want.Sheet &&
		got.Charge == want.Charge && got.ChargedTo == want.ChargedTo && orZero(got.AgeDays) == orZero(want.AgeDays)
}
