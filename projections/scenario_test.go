package projections

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
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

// books drives accounts through the domain's decisions and records what they
// decide.
type books struct {
	t testing.TB
	recorder
	accounts map[domain.CenterID]*account.Account
}

func (b *books) decide(center domain.CenterID, at time.Time, decide func(*account.Account, calendar.Date) ([]account.Event, error)) {
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

func (b *books) open(center domain.CenterID, region string, at time.Time) {
	b.t.Helper()
	b.decide(center, at, func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.Open(account.Open{
			Center: center, Name: "物业 " + string(center), Region: region, Terms: account.Terms{SameDueDate: account.ByChargeDate},
		}, today)
	})
}

func (b *books) charge(center domain.CenterID, id domain.ChargeID, project domain.ProjectID, amount, occurredOn string, at time.Time) {
	b.t.Helper()
	b.decide(center, at, func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.AccrueCharge(account.AccrueCharge{
			Charge: id, Center: center, Project: project, Quantity: decimal.NewFromInt(1), OccurredOn: day(occurredOn),
		}, quote(amount), policy.Default(), today)
	})
}

func (b *books) pay(center domain.CenterID, id domain.PaymentID, amount, receivedOn string, at time.Time) {
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
	b := &books{t: t}
	b.open("C01", "华东", noon("2026-05-01"))
	b.charge("C01", "F3-1", "P1", "1000.00", "2026-05-20", noon("2026-05-21"))
	b.pay("C01", "S1", "400.00", "2026-09-05", noon("2026-09-12"))
	m, _ := start(t, newDatabase(t), newMemoryLog(b.events...), withClock(newClock(noon("2026-10-01"))))
	projected(t, m, uint64(len(b.events)))

	for name, c := range map[string]struct {
		cut    Cut
		open   string
		bucket Bucket
	}{
		"as of the due date it is not due":                      {Cut{AsOf: day("2026-07-31")}, "1000.00", NotDue},
		"30 days later it is in the first bucket":               {Cut{AsOf: day("2026-08-30")}, "1000.00", Late1To30},
		"31 days later it is in the second":                     {Cut{AsOf: day("2026-08-31")}, "1000.00", Late31To60},
		"a receipt not recorded yet is not known":               {Cut{AsOf: day("2026-09-05"), KnownAt: noon("2026-09-10")}, "1000.00", Late31To60},
		"once recorded it counts from its value date":           {Cut{AsOf: day("2026-09-05"), KnownAt: noon("2026-09-13")}, "600.00", Late31To60},
		"before its value date it does not count, though known": {Cut{AsOf: day("2026-09-04")}, "1000.00", Late31To60},
		"today is the default":                                  {Cut{}, "600.00", Late61To90},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := m.Receivables(t.Context(), c.cut, Filter{}, Page{})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Centers) != 1 || !got.Ties() {
				t.Fatalf("want one center and tie-outs that hold, got %+v", got)
			}
			want := Ageing{}
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
