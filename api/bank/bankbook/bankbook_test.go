package bankbook_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"aftersales-ledger/api/bank/bankbook"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// receipt is a line whose money somebody says is a center's.
func receipt(center domain.CenterID, reference, yuan string) bankbook.Line {
	return bankbook.Line{Receipt: account.ReceivePayment{
		Center: center, BankReference: reference, Payer: "物业公司", Amount: domaintest.Yuan(yuan),
		ReceivedOn: domaintest.Day("2026-06-08"),
	}}
}

// What is accepted again is booked once, and what is refused of one line keeps no other
// from being booked, whichever center it is of.
func TestEachLineOfABankStatementHasItsOwnOutcome(t *testing.T) {
	clock := func() time.Time { return domaintest.At("2026-06-10T09:30:00+08:00") }
	log := sqlitetest.Open(t, sqlite.Options{Clock: clock})
	l := ledger.New(eventstore.NewExecutor(log, eventstore.Trade, eventstore.ExecutorOptions{}), policy.Default(), clock).
		Under(access.Whole())
	by := ledger.Request{Actor: domain.Actor{Name: "sun", Role: domain.RegionalAdmin}}
	for _, center := range []domain.CenterID{"C01", "C02"} {
		open := by
		open.Key = string(center)
		if _, err := ledger.Do(t.Context(), l, open, account.Open{
			Center: center, Name: "物业服务中心", Region: "华东", Terms: account.Terms{SameDueDate: account.ProRata},
		}, (*account.Account).Open); err != nil {
			t.Fatal(err)
		}
	}
	accept := func(lines ...bankbook.Line) (statuses []bankbook.Status, codes []string) {
		t.Helper()
		results, err := bankbook.Accept(t.Context(), l, by, lines)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			statuses = append(statuses, r.Status)
			if r.Refusal != nil {
				codes = append(codes, r.Refusal.Code)
			}
		}
		return statuses, codes
	}
	want := func(what string, got, want []bankbook.Status) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Errorf("%s: the lines are %v, want %v", what, got, want)
		}
	}

	unread := bankbook.Line{Unread: domain.Invalid("amount", "12.3O", "no-amount", "is no amount", "Money")}
	unread.Receipt.Center = "C01"
	lines := []bankbook.Line{
		receipt("C01", "B1", "100.00"), unread, receipt("C02", "B2", "50.00"), receipt("C09", "B3", "70.00"),
		receipt("C01", "B4", "30.00"),
	}
	got, codes := accept(lines...)
	want("accepted", got,
		[]bankbook.Status{bankbook.Booked, bankbook.Refused, bankbook.Booked, bankbook.Refused, bankbook.Booked})
	if !slices.Contains(codes, "no-amount") || len(codes) != 2 {
		t.Errorf("refused for %v", codes)
	}
	got, _ = accept(lines[0], lines[2], lines[4])
	want("accepted again", got, slices.Repeat([]bankbook.Status{bankbook.BookedBefore}, 3))

	back := receipt("C01", "B5", "100.00")
	back.Bounces = domain.PaymentID(lines[0].Receipt.BankReference) // by which a payment is called
	got, _ = accept(back)
	want("taken back", got, []bankbook.Status{bankbook.Bounced})
	other := receipt("C01", "B6", "100.00") // another line of the bank about the same payment
	other.Bounces = back.Bounces
	got, codes = accept(other)
	want("taken back by another line", got, []bankbook.Status{bankbook.BouncedBefore})
	if !slices.Equal(codes, []string{"payment-bounced"}) {
		t.Errorf("who bounced it before is told by %v", codes)
	}

	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	results, err := bankbook.Accept(t.Context(), l, by, []bankbook.Line{receipt("C02", "B7", "10.00")})
	if !errors.Is(err, eventstore.ErrClosed) || results[0].Status != bankbook.Failed {
		t.Errorf("with the log away the line is %s, %v", results[0].Status, err)
	}
}
