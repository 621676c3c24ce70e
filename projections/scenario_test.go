package projections

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
)

func yuan(s string) money.Amount {
	a, err := money.Parse(s)
	if err != nil {
		panic(err)
	}
	return a
}

func day(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func noon(date string) time.Time { return day(date).Start().Add(12 * time.Hour) }

// quote is a price without tax.
func quote(price string) pricelist.Quote {
	return pricelist.Quote{Version: "2026", Item: pricelist.Item{
		Code: "MOVE-1", Name: "移位", Kind: pricelist.Move, Unit: "次", Price: decimal.RequireFromString(price),
	}}
}

// clerk drives accounts through the domain's decisions and records what they
// decide.
type clerk struct {
	t testing.TB
	recorder
	accounts map[domain.CenterID]*account.Account
}

func (b *clerk) decide(center domain.CenterID, at time.Time, decide func(*account.Account, calendar.Date) ([]account.Event, error)) {
	b.t.Helper()
	if b.accounts == nil {
		b.accounts = make(map[domain.CenterID]*account.Account)
	}
	a := b.accounts[center]
	if a == nil {
		a = &account.Account{}
		b.accounts[center] = a
	}
	events, err := decide(a, calendar.DateOf(at))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, e := range events {
		a.Evolve(e)
		b.record(account.Stream(center), at, e)
	}
}

func (b *clerk) open(center domain.CenterID, region string, at time.Time) {
	b.t.Helper()
	b.decide(center, at, func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.Open(account.Open{
			Center: center, Name: "物业 " + string(center), Region: region, Terms: account.Terms{SameDueDate: account.ByChargeDate},
		}, today)
	})
}

func (b *clerk) charge(center domain.CenterID, id domain.ChargeID, project domain.ProjectID, amount, occurredOn string, at time.Time) {
	b.t.Helper()
	b.decide(center, at, func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.AccrueCharge(account.AccrueCharge{
			Charge: id, Center: center, Project: project, Quantity: decimal.NewFromInt(1), OccurredOn: day(occurredOn),
		}, quote(amount), policy.Default(), today)
	})
}

func (b *clerk) pay(center domain.CenterID, id domain.PaymentID, amount, receivedOn string, at time.Time) {
	b.t.Helper()
	b.decide(center, at, func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.ReceivePayment(account.ReceivePayment{
			Payment: id, Center: center, BankReference: "bank-" + string(id), Payer: "物业", Amount: yuan(amount), ReceivedOn: day(receivedOn),
		}, policy.Default(), today)
	})
}

// Scenario 7: 1,000.00 due 31 July; 400.00 received 5 September, recorded 12
// September.
func TestAsOfVersusAsKnown(t *testing.T) {
	b := &clerk{t: t}
	b.open("C01", "华东", noon("2026-05-01"))
	b.charge("C01", "F3-1", "P1", "1000.00", "2026-05-20", noon("2026-05-21"))
	b.pay("C01", "S1", "400.00", "2026-09-05", noon("2026-09-12"))
	m, _ := start(t, newDatabase(t), newMemoryLog(b.events...), withClock(newClock(noon("2026-10-01"))))
	projected(t, m, uint64(len(b.events)))

	for name, c := range map[string]struct {
		cut    Cut
		open   string
		bucket ageing.Bucket
	}{
		"as of the due date it is not due":                      {Cut{AsOf: day("2026-07-31")}, "1000.00", ageing.NotDue},
		"30 days later it is in the first bucket":               {Cut{AsOf: day("2026-08-30")}, "1000.00", ageing.Late1To30},
		"31 days later it is in the second":                     {Cut{AsOf: day("2026-08-31")}, "1000.00", ageing.Late31To60},
		"a receipt not recorded yet is not known":               {Cut{AsOf: day("2026-09-05"), KnownAt: noon("2026-09-10")}, "1000.00", ageing.Late31To60},
		"once recorded it counts from its value date":           {Cut{AsOf: day("2026-09-05"), KnownAt: noon("2026-09-13")}, "600.00", ageing.Late31To60},
		"before its value date it does not count, though known": {Cut{AsOf: day("2026-09-04")}, "1000.00", ageing.Late31To60},
		"today is the default":                                  {Cut{}, "600.00", ageing.Late61To90},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := m.Receivables(t.Context(), c.cut, Filter{}, Page{})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Centers) != 1 || !got.Ties() {
				t.Fatalf("want one center and tie-outs that hold, got %+v", got)
			}
			want := ageing.Ageing{}
			want[c.bucket] = yuan(c.open)
			if diff := cmp.Diff(want, got.Centers[0].Ageing, compareAmounts); diff != "" {
				t.Error("ageing (-want +got):", diff)
			}
			if got.Centers[0].Closing != yuan(c.open) || got.Total.Closing != yuan(c.open) {
				t.Errorf("closing %s, total %s; want %s", got.Centers[0].Closing, got.Total.Closing, c.open)
			}
		})
	}
}

var compareAmounts = cmp.Comparer(func(a, b money.Amount) bool { return a == b })

// What is known at a moment is a beginning of the log, also where the clock of
// a writer was behind: else an allocation could be known before its payment.
func TestKnownAtIsACutOfTheLog(t *testing.T) {
	b := &clerk{t: t}
	b.open("C01", "华东", noon("2026-05-01"))
	b.charge("C01", "F3-1", "P1", "100.00", "2026-05-20", noon("2026-05-21"))
	b.charge("C01", "F3-2", "P1", "20.00", "2026-05-20", noon("2026-05-21").Add(-time.Hour))
	b.charge("C01", "F3-3", "P1", "3.00", "2026-05-20", noon("2026-05-21").Add(time.Hour))
	m, _ := start(t, newDatabase(t), newMemoryLog(b.events...), withClock(newClock(noon("2026-06-01"))))
	projected(t, m, uint64(len(b.events)))
	for name, c := range map[string]struct {
		knownAt time.Time
		closing string
	}{
		"at the time its writer stated, the second is not known": {noon("2026-05-21").Add(-time.Minute), "0.00"},
		"it is known with the first, after which it stands":      {noon("2026-05-21"), "120.00"},
		"the third is known when it was recorded":                {noon("2026-05-21").Add(time.Hour), "123.00"},
		"a moment that has not come is now":                      {noon("2027-05-21"), "123.00"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := m.Receivables(t.Context(), Cut{KnownAt: c.knownAt}, Filter{}, Page{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Total.Closing != yuan(c.closing) {
				t.Errorf("closing %s, want %s", got.Total.Closing, c.closing)
			}
			if got.KnownAt.After(noon("2026-06-01")) {
				t.Errorf("the answer claims to be known at %s", got.KnownAt)
			}
		})
	}
}

// The pages of one answer show one state of things, whatever comes between.
func TestPagesShareACut(t *testing.T) {
	b := &clerk{t: t}
	b.open("C01", "华东", noon("2026-05-01"))
	for _, id := range []domain.ChargeID{"F3-1", "F3-3", "F3-5"} {
		b.charge("C01", id, "P1", "10.00", "2026-05-20", noon("2026-05-21"))
	}
	clock, log := newClock(noon("2026-06-01")), newMemoryLog(b.events...)
	m, _ := start(t, newDatabase(t), log, withClock(clock))
	projected(t, m, uint64(len(b.events)))
	first, err := m.Charges(t.Context(), Cut{}, ChargeFilter{}, Page{Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	n := len(b.events)
	b.charge("C01", "F3-4", "P1", "10.00", "2026-05-20", noon("2026-06-02"))
	projected(t, m, log.append(b.events[n:]...))
	clock.set(noon("2026-06-03"))

	second, err := m.Charges(t.Context(), Cut{}, ChargeFilter{}, Page{Limit: 2, After: first.Next})
	if err != nil {
		t.Fatal(err)
	}
	if len(second.Charges) != 1 || second.Charges[0].Charge != "F3-5" || second.Next != "" || second.KnownAt != first.KnownAt {
		t.Errorf("the second page is %+v", second)
	}
	_, err = m.Charges(t.Context(), Cut{}, ChargeFilter{OpenOnly: true}, Page{After: first.Next})
	if rejection := (*domain.Rejection)(nil); !errors.As(err, &rejection) || rejection.Code != "bad-cursor" {
		t.Errorf("a cursor of another question gives %v", err)
	}
}

func TestTheHistoryOfACharge(t *testing.T) {
	b := &clerk{t: t}
	b.open("C01", "华东", noon("2026-05-01"))
	b.charge("C01", "F3-1", "P1", "100.00", "2026-05-20", noon("2026-05-21"))
	b.pay("C01", "S1", "30.00", "2026-06-05", noon("2026-06-06"))
	m, _ := start(t, newDatabase(t), newMemoryLog(b.events...), withClock(newClock(noon("2026-07-01"))))
	projected(t, m, uint64(len(b.events)))
	got, err := m.ChargeHistory(t.Context(), Cut{}, "C01", "F3-1")
	if err != nil {
		t.Fatal(err)
	}
	if !got.Found || got.Charge.Open() != yuan("70.00") || got.Charge.Paid != yuan("30.00") {
		t.Errorf("charge %+v", got.Charge)
	}
	q := calendar.QuarterOf(2026, 2)
	posting := func(position uint64, line int, event string, at time.Time, a books.LedgerAccount, amount string, p domain.PaymentID, on string) ChargePosting {
		return ChargePosting{position, line, event, at, "li.na", "finance", a, yuan(amount), p, day(on), q}
	}
	want := []ChargePosting{
		posting(2, 0, "ChargeAccrued", noon("2026-05-21"), books.ReceivableUnconfirmed, "100.00", "", "2026-05-20"),
		posting(2, 1, "ChargeAccrued", noon("2026-05-21"), books.ServiceRevenue, "-100.00", "", "2026-05-20"),
		posting(4, 0, "PaymentAllocated", noon("2026-06-06"), books.UnappliedCash, "30.00", "S1", "2026-06-05"),
		posting(4, 1, "PaymentAllocated", noon("2026-06-06"), books.ReceivableUnconfirmed, "-30.00", "S1", "2026-06-05"),
	}
	if diff := cmp.Diff(want, got.Postings, compareAmounts); diff != "" {
		t.Error("postings (-want +got):", diff)
	}
	if got, err := m.ChargeHistory(t.Context(), Cut{}, "C01", "F3-2"); err != nil || got.Found {
		t.Errorf("a charge that does not exist gives %+v, %v", got, err)
	}
}
