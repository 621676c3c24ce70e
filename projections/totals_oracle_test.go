package projections_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	moneyviews "aftersales-ledger/projections/money"
)

// document is a line of the bookkeeping that a person could do with a pencil: it
// shares nothing with the books of the ledger.
type document struct {
	center   domain.CenterID
	kind     string
	amount   money.Amount // as its column shows it
	sign     int64        // of the balance: the center owes more, or less
	on       calendar.Date
	posted   calendar.Quarter
	position uint64
	recorded time.Time
}

// issue is a statement as it was issued.
type issue struct {
	center   domain.CenterID
	quarter  calendar.Quarter
	version  int
	on       calendar.Date
	closing  money.Amount
	position uint64
	recorded time.Time
}

// totalsYear is a year of papers about money in no order: credits before their
// charges, receipts posted to a later quarter, both ends of a transfer apart.
type totalsYear struct {
	rnd       *rand.Rand
	events    []facts.Recorded
	documents []document
	issues    []issue
	now       time.Time
	n         int
}

var (
	totalsCenters = []domain.CenterID{"C01", "C02", "中海-3"}
	totalsRegions = []string{"华东", "华南", "华东"}
)

func newTotalsYear(seed uint64, papers int) *totalsYear {
	y := &totalsYear{rnd: rand.New(rand.NewPCG(seed, 23)), now: projections.Noon("2025-02-01")}
	for i, c := range totalsCenters {
		y.record(c, account.AccountOpened{Center: c, Name: "物业 " + string(c), Region: totalsRegions[i]})
	}
	for range papers {
		y.now = y.now.Add(time.Duration(y.rnd.IntN(60)) * time.Hour)
		if y.rnd.IntN(12) == 0 {
			y.issue()
			continue
		}
		y.paper()
	}
	return y
}

func (y *totalsYear) record(center domain.CenterID, e domain.Event) uint64 {
	position := uint64(len(y.events)+1) * 2
	y.events = append(y.events, facts.Recorded{
		Position: position, Stream: account.Stream(center), Revision: int64(len(y.events)), ID: uuid.New(), RecordedAt: y.now,
		Actor: "qian", Role: string(domain.RegionalAdmin), Event: e,
	})
	return position
}

func (y *totalsYear) today() calendar.Date { return calendar.DateOf(y.now) }

// put records an event, and what a pencil writes down of it.
func (y *totalsYear) put(
	center domain.CenterID, e domain.Event, kind string, amount money.Amount, sign int64, on calendar.Date,
	posted calendar.Quarter,
) {
	position := y.record(center, e)
	y.documents = append(y.documents, document{center, kind, amount, sign, on, posted, position, y.now})
}

// paper puts one document down: of a day in the past, posted to its own quarter or
// to a later one.
func (y *totalsYear) paper() {
	y.n++
	c := totalsCenters[y.rnd.IntN(len(totalsCenters))]
	on := y.today().AddDays(-y.rnd.IntN(150))
	posted := on.Quarter()
	if y.rnd.IntN(3) == 0 {
		posted = min(posted+1, y.today().Quarter())
	}
	amount := money.Fen(int64(1 + y.rnd.IntN(500_000)))
	line := money.Line{Net: amount, Gross: amount}
	charge, number := domain.ChargeID(fmt.Sprintf("SF-%d", y.n)), fmt.Sprintf("N-%d", y.n)
	share := account.Share{Amount: amount, Stage: account.Unconfirmed}
	switch y.rnd.IntN(9) {
	case 0, 1, 2:
		y.put(c, account.ChargeAccrued{
			Charge: charge, Center: c, Project: "P1", Kind: pricelist.ServiceKinds()[0], Money: line, OccurredOn: on,
			Posted: posted, DueOn: on,
		}, "charge", amount, 1, on, posted)
	case 3, 4:
		y.put(c, account.PaymentReceived{
			Payment: domain.PaymentID(number), Center: c, Amount: amount, ReceivedOn: on, Posted: posted,
		}, "receipt", amount, -1, on, posted)
	case 5:
		y.put(c, account.CreditNoteIssued{
			Note: domain.CreditNoteID(number), Charge: charge, Center: c, Money: line, Shares: []account.Share{share}, On: on,
			Kind: pricelist.ServiceKinds()[0], Posted: posted,
		}, "credit", amount, -1, on, posted)
	case 6:
		y.put(c, account.PaymentRefunded{
			Refund: domain.RefundID(number), Payment: "P", Center: c, Amount: amount, On: on, Posted: posted,
		}, "reversal", amount, 1, on, posted)
	case 7:
		y.put(c, account.PaymentBounced{Payment: "P", Center: c, Amount: amount, On: on, Posted: posted},
			"reversal", amount, 1, on, posted)
	case 8: // both ends count from one day, and may be posted to different quarters
		to := totalsCenters[y.rnd.IntN(len(totalsCenters))]
		out := func() {
			y.put(c, account.ChargeTransferredOut{
				Transfer: domain.TransferID(number), Charge: charge, Center: c, To: to, Project: "P1", Money: line, Share: share,
				On: on, Posted: posted,
			}, "out", amount, -1, on, posted)
		}
		in := func() {
			y.put(to, account.ChargeTransferredIn{
				Transfer: domain.TransferID(number), Charge: charge, Center: to, From: c, FromCharge: charge, Project: "P1",
				Kind: pricelist.ServiceKinds()[0], Money: line, On: on, Posted: y.today().Quarter(), DueOn: on,
			}, "in", amount, 1, on, y.today().Quarter())
		}
		ends := []func(){out, in}
		first := y.rnd.IntN(2)
		ends[first]()
		ends[1-first]()
	}
}

// issue puts the next version of an earlier quarter to a center.
func (y *totalsYear) issue() {
	c := totalsCenters[y.rnd.IntN(len(totalsCenters))]
	s := issue{center: c, quarter: y.today().Quarter() - 1, version: 1, on: y.today(), recorded: y.now}
	for _, was := range y.issues {
		if was.center == c && was.quarter == s.quarter {
			s.version = was.version + 1
			y.record(c, account.StatementSuperseded{
				Center: c, Quarter: s.quarter, Version: was.version, Statement: string(c) + "-" + s.quarter.String(), Cause: "迟到",
			})
		}
	}
	s.closing = y.balance(c, s.quarter, y.today(), y.now)
	s.position = y.record(c, account.StatementIssued{
		Statement: account.Statement{
			Statement: string(c) + "-" + s.quarter.String(), Center: c, Quarter: s.quarter, Version: s.version,
			Closing: s.closing,
		},
		ContentHash: fmt.Sprint("hash", len(y.issues)), IssuedOn: s.on, ReplyBy: s.on.AddDays(15), By: "qian",
	})
	y.issues = append(y.issues, s)
}

// known are the documents of a day and before, recorded by a moment.
func (y *totalsYear) known(asOf calendar.Date, at time.Time) []document {
	return slices.DeleteFunc(slices.Clone(y.documents),
		func(d document) bool { return d.on > asOf || d.recorded.After(at) })
}

// balance is what a center owes through a quarter.
func (y *totalsYear) balance(
	c domain.CenterID, through calendar.Quarter, asOf calendar.Date, at time.Time,
) (sum money.Amount) {
	for _, d := range y.known(asOf, at) {
		if d.center == c && d.posted <= through {
			sum = sum.Add(money.Fen(d.sign * d.amount.Fen()))
		}
	}
	return sum
}

// quarter is the account of a center over a quarter.
func (y *totalsYear) quarter(
	i int, q calendar.Quarter, asOf calendar.Date, at time.Time,
) moneyviews.ReconciliationRow {
	c := totalsCenters[i]
	r := moneyviews.ReconciliationRow{
		Center: c, Name: "物业 " + string(c), Region: totalsRegions[i], Quarter: q, Ties: true,
		Opening: y.balance(c, q-1, asOf, at), Closing: y.balance(c, q, asOf, at),
	}
	for _, d := range y.known(asOf, at) {
		if d.center != c || d.posted != q {
			continue
		}
		column := map[string]*money.Amount{
			"charge": &r.Charges, "receipt": &r.Receipts, "credit": &r.Credits, "reversal": &r.Reversals,
			"in": &r.TransfersIn, "out": &r.TransfersOut,
		}[d.kind]
		if d.kind == "charge" && d.on.Quarter() != q {
			column = &r.Late
		}
		*column = column.Add(d.amount)
	}
	return r
}

// TestTheTotalsOfQuartersAndStatementsAreThoseOfAPencil asks as of, and as known at,
// random moments, of papers in any order that were delivered twice.
func TestTheTotalsOfQuartersAndStatementsAreThoseOfAPencil(t *testing.T) {
	for seed := range uint64(3) {
		y := newTotalsYear(seed, 260)
		m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(slices.Clone(y.events)...),
			projections.WithClock(domaintest.NewClock(y.now.Add(time.Hour))))
		head := y.events[len(y.events)-1].Position
		projections.Projected(t, m, head)
		projections.DeliverAgain(t, m, head)
		projections.Projected(t, m, head)
		first, last := calendar.DateOf(y.events[0].RecordedAt).Quarter()-2, y.today().Quarter()
		seen := make(map[string]bool)
		for range 12 {
			at := y.events[y.rnd.IntN(len(y.events))].RecordedAt.Add(time.Second)
			asOf := calendar.DateOf(at).AddDays(20 - y.rnd.IntN(120))
			y.check(t, m, seed, asOf, at, first, last, seen)
		}
		y.check(t, m, seed, y.today(), y.now.Add(time.Second), first, last, seen)
		for _, kind := range []string{"late", "in", "out", "credit", "reversal", "issued again", "not issued"} {
			if !seen[kind] {
				t.Errorf("seed %d: no answer shows %s: the test says nothing about it", seed, kind)
			}
		}
	}
}

func (y *totalsYear) check(
	t *testing.T, m *projections.ReadModels, seed uint64, asOf calendar.Date, at time.Time, first, last calendar.Quarter,
	seen map[string]bool,
) {
	t.Helper()
	cut, all := projections.Cut{
		Scope: access.Whole(), AsOf: asOf, KnownAt: at,
	}, projections.Page{Limit: projections.MaxLimit}
	when := fmt.Sprintf("seed %d as of %s known at %s", seed, asOf, at.Format(time.RFC3339))
	answer, err := moneyviews.Of(m).Reconciliation(t.Context(), cut, first, last, projections.Filter{}, all)
	if err != nil {
		t.Fatal(when, err)
	}
	var want []moneyviews.ReconciliationRow
	totals := make(map[calendar.Quarter]moneyviews.ReconciliationRow)
	opened := 0
	for i := range totalsCenters {
		if y.events[i].RecordedAt.After(at) {
			continue
		}
		opened++
		for q := first; q <= last; q++ {
			r := y.quarter(i, q, asOf, at)
			want = append(want, r)
			s := totals[q]
			for _, add := range []struct{ to, of *money.Amount }{
				{&s.Opening, &r.Opening}, {&s.Charges, &r.Charges}, {&s.Late, &r.Late}, {&s.TransfersIn, &r.TransfersIn},
				{&s.TransfersOut, &r.TransfersOut}, {&s.Credits, &r.Credits}, {&s.Receipts, &r.Receipts},
				{&s.Reversals, &r.Reversals}, {&s.Closing, &r.Closing},
			} {
				*add.to = add.to.Add(*add.of)
			}
			totals[q] = s
			for kind, a := range map[string]money.Amount{
				"late": r.Late, "in": r.TransfersIn, "out": r.TransfersOut, "credit": r.Credits, "reversal": r.Reversals,
			} {
				seen[kind] = seen[kind] || !a.IsZero()
			}
		}
	}
	if diff := gocmp.Diff(want, answer.Rows, projections.CompareAmounts); diff != "" {
		t.Errorf("%s, quarters (-want +got):\n%s", when, diff)
	}
	for _, got := range answer.Totals {
		want := totals[got.Quarter]
		want.Quarter, want.Ties = got.Quarter, true
		if diff := gocmp.Diff(want, got, projections.CompareAmounts); diff != "" && opened > 0 {
			t.Errorf("%s, total of %s (-want +got):\n%s", when, got.Quarter, diff)
		}
	}
	y.checkStatements(t, m, cut, when, seen)
}

func (y *totalsYear) checkStatements(
	t *testing.T, m *projections.ReadModels, cut projections.Cut, when string, seen map[string]bool,
) {
	t.Helper()
	list, err := moneyviews.Of(m).Statements(t.Context(), cut, moneyviews.StatementFilter{},
		projections.Page{Limit: projections.MaxLimit})
	if err != nil {
		t.Fatal(when, err)
	}
	shown := 0
	for _, row := range list.Rows {
		var s issue
		for _, i := range y.issues {
			if i.center == row.Center && i.quarter == row.Quarter && i.on <= cut.AsOf && !i.recorded.After(cut.KnownAt) {
				s = i
			}
		}
		if s.version == 0 {
			seen["not issued"] = true
		} else {
			shown++
			seen["issued again"] = seen["issued again"] || s.version > 1
		}
		// What the books came to then is what was put to the center.
		if orZero(row.Version) != s.version || orZero(row.Closing) != s.closing || orZero(row.Booked) != s.closing {
			t.Errorf("%s, %s %s: version %d closing %s booked %s; want %d %s", when, row.Center, row.Quarter, orZero(row.Version),
				orZero(row.Closing), orZero(row.Booked), s.version, s.closing)
		}
		// And now, with what was recorded up to the date and moment asked for.
		by := cut.KnownAt
		if end := cut.AsOf.End().Add(-time.Nanosecond); end.Before(by) {
			by = end
		}
		if now := y.balance(row.Center, row.Quarter, cut.AsOf, by); row.BookedNow != now {
			t.Errorf("%s, %s %s: booked now %s, want %s", when, row.Center, row.Quarter, row.BookedNow, now)
		}
	}
	want := make(map[string]bool)
	for _, i := range y.issues {
		if i.on <= cut.AsOf && !i.recorded.After(cut.KnownAt) {
			want[string(i.center)+i.quarter.String()] = true
		}
	}
	if shown != len(want) {
		t.Errorf("%s: %d quarters have a statement, want %d", when, shown, len(want))
	}
}
