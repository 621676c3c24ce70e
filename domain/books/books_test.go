package books_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
)

var day, yuan = domaintest.Day, domaintest.Yuan

var (
	q2, q3, q4 = calendar.QuarterOf(2026, 2), calendar.QuarterOf(2026, 3), calendar.QuarterOf(2026, 4)
	line       = money.Line{Net: yuan("100.00"), Tax: yuan("6.00"), Gross: yuan("106.00")}
	untaxed    = money.Line{Net: yuan("106.00"), Gross: yuan("106.00")}
)

// TestPostings is the chart of accounts at work: what each event that moves
// money or stock is booked to. Every other event is booked to nothing.
func TestPostings(t *testing.T) {
	confirmed := account.Share{Amount: yuan("106.00"), Stage: account.Confirmed, ConfirmedOn: day("2026-07-15")}
	reopened := account.Share{
		Amount: yuan("106.00"), Stage: account.Unconfirmed,
		Reopened: []account.Reopened{{ConfirmedOn: day("2026-07-15"), ReopenedOn: day("2026-08-01")}},
	}
	allocation := func(stage account.Stage, on string) account.Allocation {
		a := account.Allocation{Charge: "F1", Amount: yuan("40.00"), Stage: stage, On: day(on), Posted: q3}
		if stage == account.Confirmed {
			a.ConfirmedOn = day("2026-07-15")
		}
		return a
	}
	for name, tc := range map[string]struct {
		event domain.Event
		want  []string // account amount date quarter
	}{
		"a charge": {account.ChargeAccrued{Charge: "F1", Project: "P1", Kind: pricelist.Move, Money: line, OccurredOn: day("2026-06-30"), Posted: q3},
			[]string{"1122.1 106.00 2026-06-30 2026Q3", "6001/MOVE -100.00 2026-06-30 2026Q3", "2221 -6.00 2026-06-30 2026Q3"}},
		"a charge without tax": {account.ChargeAccrued{Charge: "F1", Kind: pricelist.Repair, Money: untaxed, OccurredOn: day("2026-06-30"), Posted: q2},
			[]string{"1122.1 106.00 2026-06-30 2026Q2", "6001/REPAIR -106.00 2026-06-30 2026Q2"}},
		"a credit note takes revenue and tax back": {account.CreditNoteIssued{Charge: "F1", Kind: pricelist.Move, Money: line, Shares: []account.Share{{Amount: yuan("106.00"), Stage: account.Unconfirmed}}, On: day("2026-08-01"), Posted: q3},
			[]string{"6001.9/MOVE 100.00 2026-08-01 2026Q3", "2221 6.00 2026-08-01 2026Q3", "1122.1 -106.00 2026-08-01 2026Q3"}},
		"a credit note on what was confirmed": {account.CreditNoteIssued{Charge: "F1", Kind: pricelist.Move, Money: line, Shares: []account.Share{confirmed}, On: day("2026-08-01"), Posted: q3},
			[]string{"6001.9/MOVE 100.00 2026-08-01 2026Q3", "2221 6.00 2026-08-01 2026Q3", "1122.2 -106.00 2026-08-01 2026Q3"}},
		"a credit note on what was written off gives the loss back": {account.CreditNoteIssued{Charge: "F1", Kind: pricelist.Move, Money: untaxed, Shares: []account.Share{{Amount: yuan("106.00"), Stage: account.WrittenOff}}, On: day("2026-08-01"), Posted: q3},
			[]string{
				"6001.9/MOVE 106.00 2026-08-01 2026Q3", "6701 -106.00 2026-08-01 2026Q3", "9001 -106.00 2026-08-01 2026Q3",
				"9002 106.00 2026-08-01 2026Q3",
			}},
		"a write-off is a loss, and noted beside the books": {account.ReceivableWrittenOff{Charge: "F1", Share: confirmed, On: day("2026-11-01"), Posted: q4},
			[]string{
				"6701 106.00 2026-11-01 2026Q4", "1122.2 -106.00 2026-11-01 2026Q4", "9001 106.00 2026-11-01 2026Q4",
				"9002 -106.00 2026-11-01 2026Q4",
			}},
		"a receipt": {account.PaymentReceived{Payment: "S1", Amount: yuan("40.00"), ReceivedOn: day("2026-08-05"), Posted: q3},
			[]string{"1002 40.00 2026-08-05 2026Q3", "2203 -40.00 2026-08-05 2026Q3"}},
		"a refund": {account.PaymentRefunded{Payment: "S1", Amount: yuan("40.00"), On: day("2026-08-06"), Posted: q3},
			[]string{"2203 40.00 2026-08-06 2026Q3", "1002 -40.00 2026-08-06 2026Q3"}},
		"a bounce": {account.PaymentBounced{Payment: "S1", Amount: yuan("40.00"), On: day("2026-08-06"), Posted: q3},
			[]string{"2203 40.00 2026-08-06 2026Q3", "1002 -40.00 2026-08-06 2026Q3"}},
		"money on a charge": {account.PaymentAllocated{Payment: "S1", Lines: []account.Allocation{allocation(account.Unconfirmed, "2026-07-10")}},
			[]string{"2203 40.00 2026-07-10 2026Q3", "1122.1 -40.00 2026-07-10 2026Q3"}},
		"money on a confirmed charge": {account.PaymentAllocated{Payment: "S1", Lines: []account.Allocation{allocation(account.Confirmed, "2026-07-15")}},
			[]string{"2203 40.00 2026-07-15 2026Q3", "1122.2 -40.00 2026-07-15 2026Q3"}},
		"money that had come before the charge was confirmed": {account.PaymentAllocated{Payment: "S1", Lines: []account.Allocation{allocation(account.Confirmed, "2026-07-14")}},
			[]string{
				"2203 40.00 2026-07-14 2026Q3", "1122.1 -40.00 2026-07-14 2026Q3", "1122.1 40.00 2026-07-15 2026Q3",
				"1122.2 -40.00 2026-07-15 2026Q3",
			}},
		"money on what was written off is a recovery": {account.PaymentAllocated{Payment: "S1", Lines: []account.Allocation{allocation(account.WrittenOff, "2026-12-01")}},
			[]string{
				"2203 40.00 2026-12-01 2026Q3", "6701.9 -40.00 2026-12-01 2026Q3", "9001 -40.00 2026-12-01 2026Q3",
				"9002 40.00 2026-12-01 2026Q3",
			}},
		"an allocation taken back": {account.AllocationReversed{Payment: "S1", Lines: []account.Allocation{allocation(account.Confirmed, "2026-08-01")}},
			[]string{"2203 -40.00 2026-08-01 2026Q3", "1122.2 40.00 2026-08-01 2026Q3"}},
		"a confirmation moves what is open to the other measure": {account.StatementConfirmed{Quarter: q2, Confirmed: []account.ConfirmedLine{{Charge: "F1", Open: yuan("106.00")}, {Charge: "F2"}}, On: day("2026-07-15")},
			[]string{"1122.1 -106.00 2026-07-15 2026Q2", "1122.2 106.00 2026-07-15 2026Q2"}},
		"a reopening moves it back": {account.StatementReopened{Quarter: q2, Lines: []account.ConfirmedLine{{Charge: "F1", Open: yuan("106.00")}}, On: day("2026-08-01")},
			[]string{"1122.2 -106.00 2026-08-01 2026Q2", "1122.1 106.00 2026-08-01 2026Q2"}},
		"what counts from while the charge was confirmed": {account.ChargeTransferredOut{Charge: "F1", Money: line, Share: reopened, On: day("2026-07-20"), Posted: q3},
			[]string{
				"1122.9 106.00 2026-07-20 2026Q3", "1122.2 -106.00 2026-07-20 2026Q3", "1122.2 106.00 2026-08-01 2026Q3",
				"1122.1 -106.00 2026-08-01 2026Q3",
			}},
		"a charge that comes from another center": {account.ChargeTransferredIn{Charge: "C01.F1", Money: line, On: day("2026-07-20"), Posted: q3},
			[]string{"1122.1 106.00 2026-07-20 2026Q3", "1122.9 -106.00 2026-07-20 2026Q3"}},
		"parts bought": {depot.PartReceived{Project: "P1", Part: "X", Quantity: decimal.NewFromInt(2), Value: yuan("520.00"), Source: depot.Purchase, ReceivedOn: day("2026-05-01")},
			[]string{"1405 520.00 2026-05-01 2026Q2", "2202.1 -520.00 2026-05-01 2026Q2"}},
		"parts back from the maker": {depot.PartReceived{Project: "P1", Part: "X", Value: yuan("80.00"), Source: depot.FromMaker, ReceivedOn: day("2026-05-01")},
			[]string{"1405 80.00 2026-05-01 2026Q2", "6402.9 -80.00 2026-05-01 2026Q2"}},
		"parts that were there": {depot.PartReceived{Project: "P1", Part: "X", Value: yuan("260.00"), Source: depot.OpeningStock, ReceivedOn: day("2026-05-01")},
			[]string{"1405 260.00 2026-05-01 2026Q2", "9000 -260.00 2026-05-01 2026Q2"}},
		"parts issued": {depot.PartIssued{Project: "P1", Part: "X", Value: yuan("260.00"), IssuedOn: day("2026-07-01")},
			[]string{"6402 260.00 2026-07-01 2026Q3", "1405 -260.00 2026-07-01 2026Q3"}},
		"parts issued under warranty": {depot.PartIssued{Project: "P1", Part: "X", Value: yuan("260.00"), IssuedOn: day("2026-07-01"), Bearer: policy.Us},
			[]string{"6402.1 260.00 2026-07-01 2026Q3", "1405 -260.00 2026-07-01 2026Q3"}},
		"parts issued at the center's cost": {depot.PartIssued{Project: "P1", Part: "X", Value: yuan("260.00"), IssuedOn: day("2026-07-01"), Bearer: policy.Center},
			[]string{"6402.2 260.00 2026-07-01 2026Q3", "1405 -260.00 2026-07-01 2026Q3"}},
		"unused parts of a warranty come back": {depot.PartReturned{Project: "P1", Part: "X", Value: yuan("60.00"), ReturnedOn: day("2026-07-02"), Bearer: policy.Us},
			[]string{"1405 60.00 2026-07-02 2026Q3", "6402.1 -60.00 2026-07-02 2026Q3"}},
		"a maker paid": {payables.SupplierPaid{Supplier: "明瞳", Amount: yuan("560.00"), PaidOn: day("2026-07-30")},
			[]string{"2202.2 560.00 2026-07-30 2026Q3", "1002 -560.00 2026-07-30 2026Q3"}},
		"a charge that moves takes its tax along": {
			account.ChargeTransferredOut{
				Charge: "F1", Project: "P1", Money: line, Share: account.Share{Amount: yuan("106.00"), Stage: account.Unconfirmed},
				MovesTax: true,
				On:       day("2026-06-30"), Posted: q3,
			},
			[]string{
				"1122.9 106.00 2026-06-30 2026Q3", "1122.1 -106.00 2026-06-30 2026Q3", "2221 6.00 2026-06-30 2026Q3",
				"2221.9 -6.00 2026-06-30 2026Q3",
			},
		},
		"and brings it": {account.ChargeTransferredIn{Charge: "C01.F1", Project: "P1", Money: line, MovesTax: true, On: day("2026-06-30"), Posted: q3},
			[]string{
				"1122.1 106.00 2026-06-30 2026Q3", "1122.9 -106.00 2026-06-30 2026Q3", "2221.9 6.00 2026-06-30 2026Q3",
				"2221 -6.00 2026-06-30 2026Q3",
			}},
		"one that moved before left it": {account.ChargeTransferredIn{Charge: "C01.F1", Project: "P1", Money: line, On: day("2026-06-30"), Posted: q3},
			[]string{"1122.1 106.00 2026-06-30 2026Q3", "1122.9 -106.00 2026-06-30 2026Q3"}},
		"a payment request moves nothing":          {payables.PaymentRequested{Total: yuan("560.00"), RequestedOn: day("2026-07-25")}, nil},
		"parts without value":                      {depot.PartIssued{Project: "P1", Part: "X", IssuedOn: day("2026-07-01")}, nil},
		"a dispute changes a status and no amount": {account.ChargeDisputed{Charge: "F1", Open: yuan("106.00")}, nil},
		"a statement":                              {account.StatementIssued{Statement: account.Statement{Closing: yuan("106.00")}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			var sum money.Amount
			for _, p := range books.AppendPostings(nil, tc.event) {
				kind := ""
				if p.Kind != "" {
					kind = "/" + p.Kind
				}
				got = append(got, fmt.Sprintf("%s%s %s %s %s", p.Account, kind, p.Amount, p.On, p.Posted))
				sum = sum.Add(p.Amount)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("booked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tc.want, "\n"))
			}
			if !sum.IsZero() {
				t.Errorf("the postings sum to %s", sum)
			}
		})
	}
}

func TestTheChartIsInOrderAndNamesEachAccountOnce(t *testing.T) {
	chart := books.LedgerAccounts()
	for i := 1; i < len(chart); i++ {
		if chart[i-1].Account >= chart[i].Account || chart[i].Name == "" {
			t.Errorf("%s %q after %s", chart[i].Account, chart[i].Name, chart[i-1].Account)
		}
	}
}
