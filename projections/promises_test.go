package projections_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	moneyviews "aftersales-ledger/projections/money"
)

// debtor is a center that owes, promises, pays and is let off, in whatever order.
type debtor struct {
	id      domain.CenterID
	account account.Account
	charges []domain.ChargeID
	n       int
}

// owing makes centers that owe for both half-years, of which one statement each is
// answered with disputes; then everything that can happen to a promise happens to it.
func owing(rnd *rand.Rand, centers, steps int) (rec projections.Recorder, end time.Time) {
	at := projections.Noon("2026-07-02")
	var all []*debtor
	do := func(d *debtor) func([]account.Event, error) {
		return func(events []account.Event, _ error) {
			for _, e := range events {
				at = at.Add(time.Minute)
				d.account.Evolve(e)
				rec.Record(account.Stream(d.id), at, e)
			}
		}
	}
	today := func() calendar.Date { return calendar.DateOf(at) }
	q2 := calendar.QuarterOf(2026, 2)
	for i := range centers {
		d := &debtor{id: domain.CenterID(fmt.Sprintf("C%02d", i))}
		all = append(all, d)
		do(d)(d.account.Open(account.Open{
			Center: d.id, Name: "云栖", Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate},
		}, today()))
		for n := range 6 {
			id := domain.ChargeID(fmt.Sprintf("F3-%s-%d", d.id, n))
			on := projections.Day("2026-06-20") // due on 31 July
			if n == 5 {
				on = projections.Day("2026-07-01") // due next January: no promise for August is of it
			}
			d.charges = append(d.charges, id)
			do(d)(d.account.AccrueCharge(account.AccrueCharge{
				Charge: id, Center: d.id, Project: "P1", Room: "1-101", Owner: "王", Quantity: decimal.NewFromInt(1), OccurredOn: on,
			}, pricelist.Quote{Version: "2026", Item: pricelist.Item{
				Code: "X", Name: "移位", Kind: pricelist.Move, Unit: "次", Price: decimal.NewFromInt(int64(100 + 10*n)),
				Tax: money.Tax{Rate: decimal.Zero},
			}}, policy.Default(), today()))
		}
		do(d)(d.account.ReportCharges(account.ReportCharges{
			Center: d.id, Project: "P1", Month: q2.Last().Month(), By: "qian",
		}, today()))
		do(d)(d.account.IssueStatement(account.IssueStatement{Center: d.id, Quarter: q2, By: "qian"}, policy.Default(), today()))
		for _, n := range rnd.Perm(5)[:rnd.IntN(3)] {
			do(d)(d.account.DisputeCharge(account.DisputeCharge{
				Center: d.id, Quarter: q2, Version: 1, Dispute: account.Dispute{Charge: d.charges[n], Reason: "未施工"}, By: "zheng",
			}, today()))
		}
	}
	at = projections.Noon("2026-08-05")
	for range steps {
		at = at.Add(time.Duration(rnd.IntN(20)) * time.Hour)
		d := all[rnd.IntN(len(all))]
		d.n++
		charge, on := d.charges[rnd.IntN(len(d.charges))], today().AddDays(-rnd.IntN(4))
		amount := money.Fen(int64(1+rnd.IntN(12)) * 1000)
		switch number := fmt.Sprintf("%s-%d", d.id, d.n); rnd.IntN(8) {
		case 0, 1:
			do(d)(d.account.NoteFollowUp(account.NoteFollowUp{
				FollowUp: domain.NoticeID(number), Center: d.id, Contact: "王", Note: "下月付", PromisedOn: today().AddDays(rnd.IntN(20)),
				On: on, By: "lead",
			}, today()))
		case 2:
			do(d)(d.account.ReceivePayment(account.ReceivePayment{
				Payment: domain.PaymentID(number), Center: d.id, BankReference: number, Payer: "物业", Amount: amount, ReceivedOn: on,
			}, policy.Default(), today()))
		case 3, 4, 5:
			do(d)(d.account.IssueCreditNote(account.IssueCreditNote{
				Note: domain.CreditNoteID(number), Charge: charge, Center: d.id, Amount: amount, Reason: "套错", On: on, By: "qian",
			}, today()))
		case 6:
			id := domain.WriteOffID(number)
			do(d)(d.account.RequestWriteOff(account.RequestWriteOff{
				WriteOff: id, Charge: charge, Center: d.id, Amount: amount, Reason: "破产", By: "qian",
			}, today()))
			do(d)(d.account.DecideWriteOff(account.DecideWriteOff{WriteOff: id, Center: d.id, Approve: true, By: "feng"}, today()))
		case 7:
			if rnd.IntN(3) == 0 {
				do(d)(d.account.TransferOut(account.Transfer{
					Transfer: domain.TransferID(number), Project: "P1", Center: d.id, Other: "C99", From: projections.Day("2026-01-01"),
					OpenFrom: q2 + 1, By: "qian",
				}))
			} else {
				do(d)(d.account.RejectDispute(account.RejectDispute{Charge: charge, Center: d.id, Reason: "已施工", By: "li"}, today()))
			}
		}
	}
	return rec, at
}

// promisedNow is what a promise without an amount still comes to by the papers of one
// center, read one after the other; not told: there is no such promise.
func promisedNow(events []facts.Recorded, stream string) (now, off money.Amount, told bool) {
	due, disputed := map[domain.ChargeID]calendar.Date{}, map[domain.ChargeID]bool{}
	var promise *account.FollowUpNoted
	of := map[domain.ChargeID]bool{}
	takeOff := func(c domain.ChargeID, a money.Amount) {
		if of[c] {
			off = off.Add(a)
		}
	}
	// What is known before the promise is noted, and dated after it, was in the promise, too.
	later := map[domain.ChargeID][]struct {
		on calendar.Date
		a  money.Amount
	}{}
	reduce := func(c domain.ChargeID, on calendar.Date, a money.Amount) {
		takeOff(c, a)
		later[c] = append(later[c], struct {
			on calendar.Date
			a  money.Amount
		}{on, a})
	}
	for _, e := range events {
		if e.Stream != stream {
			continue
		}
		switch own := e.Event.(type) {
		case account.ChargeAccrued:
			due[own.Charge] = own.DueOn
		case account.ChargeDisputed:
			disputed[own.Charge] = true
		case account.DisputeRejected:
			disputed[own.Charge] = false
		case account.CreditNoteIssued:
			disputed[own.Charge] = false
			var open money.Amount
			for _, s := range own.Shares {
				if s.Stage != account.WrittenOff {
					open = open.Add(s.Amount)
				}
			}
			reduce(own.Charge, own.On, open)
		case account.ReceivableWrittenOff:
			reduce(own.Charge, own.On, own.Share.Amount)
		case account.ChargeTransferredOut:
			disputed[own.Charge] = false
			reduce(own.Charge, own.On, own.Share.Amount)
		case account.FollowUpNoted:
			if !own.Presumed {
				continue
			}
			promise, off, of = &own, money.Amount{}, map[domain.ChargeID]bool{}
			for c, day := range due {
				of[c] = day.Before(own.PromisedOn) && !disputed[c]
				for _, r := range later[c] {
					if r.on.After(own.On) {
						takeOff(c, r.a)
					}
				}
			}
		}
	}
	if promise == nil {
		return now, off, false
	}
	if now = promise.Promised.Sub(off); now.Sign() < 0 {
		now = money.Amount{}
	}
	return now, off, true
}

// A promise without an amount is of what was overdue: it shrinks by what is credited,
// written off or moved to another center of that, in whatever order, and by nothing else;
// and where nothing is left of it, it is neither kept nor broken.
func TestAPromiseWithoutAnAmountShrinksWithItsCharges(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 34))
	rec, end := owing(rnd, 12, 400)
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
		projections.WithClock(domaintest.NewClock(end.Add(time.Hour))))
	projections.Projected(t, m, uint64(len(rec.Events)))
	shrunk, gone := 0, 0
	for range 10 {
		n := len(rec.Events)/3 + rnd.IntN(2*len(rec.Events)/3)
		answer, err := moneyviews.Of(m).Collection(t.Context(), projections.Cut{
			Scope: access.Whole(), KnownAt: rec.Events[n-1].RecordedAt,
		}, projections.Filter{}, false, projections.Page{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range answer.Rows {
			now, off, told := promisedNow(rec.Events[:n], account.Stream(r.Center))
			if told != r.Promise.Presumed || now != r.Promise.Amount && told || off != r.Promise.Reduced && told {
				t.Errorf("after %d events %s promised %s of which %s were taken off (%t), the papers say %s and %s (%t)",
					n, r.Center, r.Promise.Amount, r.Promise.Reduced, r.Promise.Presumed, now, off, told)
			}
			if off.Sign() > 0 {
				shrunk++
			}
			if told && now.IsZero() && r.Promise.Received.IsZero() {
				gone++
				if r.Promise.Status != moneyviews.PromiseNotOwed {
					t.Errorf("nothing is left of the promise of %s, which is %s", r.Center, r.Promise.Status)
				}
			}
		}
	}
	if shrunk < 20 || gone == 0 {
		t.Errorf("nothing was shown: %d promises shrank, of %d nothing was left", shrunk, gone)
	}
}
