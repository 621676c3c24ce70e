package projections_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	moneyviews "aftersales-ledger/projections/money"
	"aftersales-ledger/projections/repairs"
)

// paidAndReceived is the life of some sheets, with payments of what was requested and
// with receipts of depots between them: a unit may be back before its letter comes.
func paidAndReceived(rnd *rand.Rand, sheets []facts.Recorded) (rec projections.Recorder) {
	rec.Record(project.Stream("P1"), sheets[0].RecordedAt.Add(-time.Minute),
		project.ProjectRegistered{Project: "P1", Name: "花园", Region: "华东", City: "上海"})
	for i, e := range sheets {
		at := e.RecordedAt
		rec.Record(e.Stream, at, e.Event)
		today := calendar.DateOf(at)
		if rnd.IntN(8) == 0 {
			rec.Record(depot.Stream("P1"), at, depot.PartReceived{
				Project: "P1", Part: "CAM", Quantity: decimal.NewFromInt(1), Value: money.Fen(rnd.Int64N(90000)),
				Source: depot.FromMaker, ReceivedOn: today,
			})
		}
		claim, ok := e.Event.(repair.RepairPaymentRequested)
		if !ok {
			continue
		}
		request := payables.PaymentRequested{
			Request: domain.PaymentRequestID("FK-" + string(claim.Return)), Region: "华东", Month: today.Month(), Total: claim.Amount,
			Lines:       []payables.Line{{Return: claim.Return, Project: "P1", Supplier: "明瞳", Amount: claim.Amount}},
			RequestedOn: today,
		}
		rec.Record(payables.Stream("华东", today.Month()), at, request)
		released := slices.IndexFunc(sheets[i:], func(later facts.Recorded) bool {
			_, ok := later.Event.(repair.RepairPaymentReleased)
			return ok && later.Stream == e.Stream
		})
		switch {
		case released > 0:
			rec.Record(payables.Stream("华东", today.Month()), at, payables.PaymentRequestReturned{
				Request: request.Request, Region: "华东", Month: request.Month, Returns: []domain.ReturnID{claim.Return}, On: today,
			})
		case rnd.IntN(2) == 0:
			rec.Record(payables.Stream("华东", today.Month()), at, payables.SupplierPaid{
				Request: request.Request, Region: "华东", Month: request.Month, Supplier: "明瞳", Amount: claim.Amount, PaidOn: today,
				Returns: []domain.ReturnID{claim.Return},
			})
		}
	}
	return rec
}

// owedToMakers is what the papers say, as somebody reads them who has them in a file: of
// each sheet whose cost is ours the last letter, if we confirmed it, less what was paid.
func owedToMakers(events []facts.Recorded, asOf calendar.Date) (owed money.Amount, letters int) {
	papers, bearers := map[string][]domain.Event{}, map[string]policy.Bearer{}
	for _, e := range events {
		switch own := e.Event.(type) {
		case repair.ReturnOpened:
			bearers[e.Stream] = own.Cost.Bearer
		case repair.ReturnResubmitted:
			bearers[e.Stream] = own.Cost.Bearer
		case repair.RepairQuoted, repair.ConfirmationLetterConfirmed:
			papers[e.Stream] = append(papers[e.Stream], e.Event)
		case payables.SupplierPaid:
			if own.PaidOn <= asOf {
				owed = owed.Sub(own.Amount)
			}
		}
	}
	for stream, own := range papers {
		own = slices.DeleteFunc(own, func(e domain.Event) bool {
			switch e := e.(type) {
			case repair.RepairQuoted:
				return e.QuotedOn > asOf
			case repair.ConfirmationLetterConfirmed:
				return e.On > asOf
			}
			return false
		})
		if len(own) == 0 || bearers[stream] != policy.Us {
			continue
		}
		if letter, ok := own[len(own)-1].(repair.ConfirmationLetterConfirmed); ok {
			owed, letters = owed.Add(letter.Amount), letters+1
		}
	}
	return owed, letters
}

// What account 2202.2 says is owed to makers is what their confirmed letters ask less
// what was paid, at whatever moment and for whatever day, and whatever depots received;
// and it is what the two lists show: what may be requested, what was and is not paid, and
// what a request asked for less than a letter says. The books of Go say the same.
func TestMakersAreOwedWhatTheirConfirmedLettersAsk(t *testing.T) {
	rnd := rand.New(rand.NewPCG(22, 2))
	life, end := sheets(t, rnd, 120)
	rec := paidAndReceived(rnd, life.Events)
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
		projections.WithClock(domaintest.NewClock(end.Add(time.Hour))))
	projections.Projected(t, m, uint64(len(rec.Events)))
	some := 0
	for round := range 8 {
		n := 1 + rnd.IntN(len(rec.Events))
		known := rec.Events[n-1].RecordedAt
		for n < len(rec.Events) && !rec.Events[n].RecordedAt.After(known) {
			n++ // what was recorded in the same moment is known, too
		}
		cut := projections.Cut{Scope: access.Whole(), KnownAt: known}
		today := calendar.DateOf(known)
		for _, cut.AsOf = range []calendar.Date{today, today - calendar.Date(rnd.IntN(5))} {
			want, letters := owedToMakers(rec.Events[:n], cut.AsOf)
			some += letters
			for _, filter := range []projections.Filter{{}, {Region: "华东"}}[round%2:][:1] {
				trial, err := moneyviews.Of(m).TrialBalance(t.Context(), cut, today.Quarter(), today.Quarter(), filter)
				if err != nil || !trial.Ties {
					t.Fatalf("the trial balance ties: %t, %v", trial.Ties, err)
				}
				i := slices.IndexFunc(trial.Rows, func(r moneyviews.TrialBalanceRow) bool {
					return r.Account == books.RepairPayables
				})
				if got := trial.Rows[i].Closing.Neg(); got != want {
					t.Errorf("after %d events as of %s in %q %s are owed to makers, their letters say %s",
						n, cut.AsOf, filter.Region, got, want)
				}
				account, err := moneyviews.Of(m).LedgerAccount(t.Context(), cut, books.RepairPayables, 0, today.Quarter(), filter,
					projections.Page{Limit: 1000})
				if err != nil || account.Balance != trial.Rows[i].Closing {
					t.Errorf("its postings come to %s, the trial balance to %s (%v)", account.Balance, trial.Rows[i].Closing, err)
				}
			}
		}
		cut.AsOf = today
		want, _ := owedToMakers(rec.Events[:n], today)
		if got := byTheLists(t, m, cut, rec.Events[:n]); got != want {
			t.Errorf("after %d events the lists come to %s, the letters to %s", n, got, want)
		}
		if got := byTheBooks(rec.Events[:n]); got != want {
			t.Errorf("after %d events the books come to %s, the letters to %s", n, got, want)
		}
	}
	if some < 50 {
		t.Errorf("nothing was shown: %d letters", some)
	}
}

func byTheLists(t *testing.T, m *projections.ReadModels, cut projections.Cut, events []facts.Recorded) money.Amount {
	t.Helper()
	list, err := repairs.Of(m).Repairs(t.Context(), cut, repairs.RepairFilter{All: true}, projections.Page{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	asked, err := repairs.Of(m).Payables(t.Context(), cut, repairs.PayableFilter{}, projections.Page{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	less, letter := money.Amount{}, map[string]money.Amount{}
	shortfall := map[string]money.Amount{}
	for _, e := range events {
		switch own := e.Event.(type) {
		case repair.ConfirmationLetterConfirmed:
			letter[e.Stream] = own.Amount
		case repair.RepairPaymentRequested:
			shortfall[e.Stream] = letter[e.Stream].Sub(own.Amount)
		case repair.RepairPaymentReleased:
			delete(shortfall, e.Stream)
		}
	}
	for _, short := range shortfall {
		less = less.Add(short)
	}
	return list.Total().Payable.Add(asked.Requested).Add(less)
}

func byTheBooks(events []facts.Recorded) (owed money.Amount) {
	var letters books.Letters
	for _, e := range events {
		postings := books.AppendPostings(nil, e.Event)
		if e, ok := e.Event.(repair.Event); ok {
			postings = letters.AppendPostings(nil, e)
		}
		for _, p := range postings {
			if p.Account == books.RepairPayables {
				owed = owed.Sub(p.Amount)
			}
		}
	}
	return owed
}
