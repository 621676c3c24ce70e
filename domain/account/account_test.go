package account_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
)

var day, yuan = domaintest.Day, domaintest.Yuan

var (
	rules = policy.Default()
	today = day("2026-12-31")
	exact = domaintest.Exact
)

// The events of the specifications, with what does not matter to them left out.

func opened(terms account.SameDueDate) account.Event {
	return account.AccountOpened{
		Center: "C01", Name: "翠湖花园物业服务中心", Region: "华东", Currency: "CNY", Terms: account.Terms{SameDueDate: terms},
		OpenedOn: day("2026-01-01"),
	}
}

func charged(id domain.ChargeID, on, amount string) account.Event {
	posted := day(on).Quarter()
	return account.ChargeAccrued{
		Charge: id, Center: "C01", Money: money.Line{Net: yuan(amount), Gross: yuan(amount)},
		OccurredOn: day(on), Posted: posted, DueOn: rules.DueOn(posted),
	}
}

func received(id domain.PaymentID, on, amount string) account.PaymentReceived {
	return account.PaymentReceived{
		Payment: id, Center: "C01", BankReference: string(id), Payer: "翠湖物业", Remark: string(id), Amount: yuan(amount),
		ReceivedOn: day(on), Posted: day(on).Quarter(),
	}
}

func line(id domain.ChargeID, amount, on string) account.Allocation {
	return account.Allocation{
		Charge: id, Amount: yuan(amount), Stage: account.Unconfirmed, On: day(on), Posted: day(on).Quarter(),
	}
}

func allocated(id domain.PaymentID, rule account.AllocationRule, lines ...account.Allocation) account.Event {
	return account.PaymentAllocated{Payment: id, Center: "C01", Rule: rule, Lines: lines}
}

// The commands.

type command = func(*account.Account) ([]account.Event, error)

func receive(id domain.PaymentID, on, amount string, designation ...account.Designation) command {
	return pay(account.ReceivePayment{
		Payment: id, Center: "C01", BankReference: string(id), Payer: "翠湖物业", Remark: string(id), Amount: yuan(amount),
		ReceivedOn: day(on), Designation: designation,
	})
}

func pay(c account.ReceivePayment) command {
	return func(a *account.Account) ([]account.Event, error) { return a.ReceivePayment(c, rules, today) }
}

func allocate(id domain.PaymentID, on string, lines ...account.Designation) command {
	return func(a *account.Account) ([]account.Event, error) {
		return a.AllocatePayment(account.AllocatePayment{Payment: id, Center: "C01", On: day(on), Lines: lines}, today)
	}
}

func remind(id domain.NoticeID) command {
	return func(a *account.Account) ([]account.Event, error) {
		return a.IssueReminder(account.IssueReminder{Reminder: id, Center: "C01", By: "zhou"}, today)
	}
}

func claim(id domain.NoticeID, inHalfOf string) command {
	return func(a *account.Account) ([]account.Event, error) {
		return a.IssueClaim(account.IssueClaim{
			Claim: id, Center: "C01", Half: day(inHalfOf).Quarter().Half(), By: "zhou",
		}, rules, today)
	}
}

func accrue(c account.AccrueCharge, price string, tax money.Tax) command {
	quote := pricelist.Quote{Version: "2026-01", Item: pricelist.Item{
		Code: "MOV-VI", Name: "室内机移位", Kind: pricelist.Move, Unit: "次", Price: decimal.RequireFromString(price), Tax: tax,
	}}
	return func(a *account.Account) ([]account.Event, error) { return a.AccrueCharge(c, quote, rules, today) }
}

// charge charges untaxed work of an amount.
func charge(id domain.ChargeID, on, amount string) command {
	return accrue(account.AccrueCharge{
		Charge: id, Center: "C01", Project: "P001", Quantity: decimal.NewFromInt(1), OccurredOn: day(on),
	}, amount, money.Tax{})
}

func forCharge(id domain.ChargeID, amount string) account.Designation {
	return account.Designation{Charge: id, Amount: yuan(amount)}
}

func fold(events ...account.Event) *account.Account {
	return domaintest.Fold[account.Account](events...)
}

func TestAccount(t *testing.T) {
	byDate := opened(account.ByChargeDate)
	alike := received("S2", "2026-08-05", "5000.00")
	alike.Remark, alike.PossibleDuplicateOf = "S1", "S1"
	likeS1 := func(on string) account.ReceivePayment {
		return account.ReceivePayment{
			Payment: "S2", Center: "C01", BankReference: "S2", Payer: "翠湖物业", Remark: "S1", Amount: yuan("5000.00"),
			ReceivedOn: day(on),
		}
	}
	tests := map[string]struct {
		given []account.Event
		when  command
		then  []account.Event
		code  string // of the refusal
	}{
		"money settles the oldest due first, and within one due date by charge date": {
			given: []account.Event{
				byDate, charged("H2", "2026-07-01", "100.00"), charged("B", "2026-05-02", "100.00"),
				charged("A", "2026-05-01", "100.00"),
			},
			when: receive("S1", "2026-08-05", "250.00"),
			then: []account.Event{received("S1", "2026-08-05", "250.00"), allocated("S1", account.OldestDueFirst,
				line("A", "100.00", "2026-08-05"), line("B", "100.00", "2026-08-05"), line("H2", "50.00", "2026-08-05"))},
		},
		"money is not allocated where nothing is owed": {
			given: []account.Event{byDate, received("S1", "2026-08-05", "250.00")},
			when:  allocate("S1", "2026-08-05"), code: "nothing-to-settle",
		},
		"nor where all of it was": {
			given: []account.Event{
				byDate, charged("A", "2026-05-01", "100.00"), charged("B", "2026-05-01", "100.00"),
				received("S1", "2026-08-05", "100.00"),
				allocated("S1", account.OldestDueFirst, line("A", "100.00", "2026-08-05")),
			},
			when: allocate("S1", "2026-08-05"), code: "nothing-unapplied",
		},
		"nor to a charge of which nothing is owed": {
			given: []account.Event{
				byDate, charged("A", "2026-05-01", "100.00"), received("S1", "2026-08-05", "150.00"),
				allocated("S1", account.OldestDueFirst, line("A", "100.00", "2026-08-05")),
			},
			when: allocate("S1", "2026-08-05", forCharge("A", "50.00")), code: "above-open",
		},
		"a center is reminded of what is overdue once a day": {
			given: []account.Event{
				byDate, charged("A", "2025-05-01", "100.00"), account.ReminderIssued{Reminder: "CB-1", Center: "C01", On: today},
			},
			when: remind("CB-2"), code: "reminded-today",
		},
		"and again on another": {
			given: []account.Event{
				byDate, charged("A", "2025-05-01", "100.00"),
				account.ReminderIssued{Reminder: "CB-1", Center: "C01", On: today.AddDays(-1)},
			},
			when: remind("CB-2"),
			then: []account.Event{account.ReminderIssued{
				Reminder: "CB-2", Center: "C01", Total: yuan("100.00"), On: today, By: "zhou",
				Lines: []account.Claimed{{Charge: "A", Open: yuan("100.00"), DueOn: day("2025-07-31")}},
			}},
		},
		"a half-year is claimed once a day": {
			given: []account.Event{
				byDate, charged("A", "2025-05-01", "100.00"),
				account.ClaimIssued{Claim: "CK-1", Center: "C01", Half: day("2025-05-01").Quarter().Half(), On: today},
			},
			when: claim("CK-2", "2025-05-01"), code: "claimed-today",
		},
		"and another half-year on the same": {
			given: []account.Event{
				byDate, charged("A", "2025-05-01", "100.00"),
				account.ClaimIssued{Claim: "CK-1", Center: "C01", Half: day("2024-12-01").Quarter().Half(), On: today},
			},
			when: claim("CK-2", "2025-05-01"),
			then: []account.Event{account.ClaimIssued{
				Claim: "CK-2", Center: "C01", Half: day("2025-05-01").Quarter().Half(), DueOn: day("2025-07-31"),
				Total: yuan("100.00"), On: today, By: "zhou",
				Lines: []account.Claimed{{Charge: "A", Open: yuan("100.00"), DueOn: day("2025-07-31")}},
			}},
		},
		"but no charge that was in the earlier half-year's claim that day": {
			given: []account.Event{
				byDate, charged("A", "2025-05-01", "100.00"), charged("B", "2025-08-01", "30.00"),
				account.ClaimIssued{
					Claim: "CK-1", Center: "C01", Half: day("2025-05-01").Quarter().Half(), On: today,
					Lines: []account.Claimed{{Charge: "A", Open: yuan("100.00"), DueOn: day("2025-07-31")}},
				},
			},
			when: claim("CK-2", "2025-08-01"),
			then: []account.Event{account.ClaimIssued{
				Claim: "CK-2", Center: "C01", Half: day("2025-08-01").Quarter().Half(), DueOn: day("2026-01-31"),
				Total: yuan("30.00"), On: today, By: "zhou",
				Lines: []account.Claimed{{Charge: "B", Open: yuan("30.00"), DueOn: day("2026-01-31")}},
			}},
		},
		"and nothing where all of it was": {
			given: []account.Event{
				byDate, charged("A", "2025-05-01", "100.00"),
				account.ClaimIssued{
					Claim: "CK-1", Center: "C01", Half: day("2025-05-01").Quarter().Half(), On: today,
					Lines: []account.Claimed{{Charge: "A", Open: yuan("100.00"), DueOn: day("2025-07-31")}},
				},
			},
			when: claim("CK-2", "2025-08-01"), code: "claimed-today",
		},
		"charges of one day are settled in the order of entry": {
			given: []account.Event{byDate, charged("Z", "2026-05-01", "10.00"), charged("A", "2026-05-01", "10.00")},
			when:  receive("S1", "2026-08-05", "15.00"),
			then: []account.Event{received("S1", "2026-08-05", "15.00"), allocated("S1", account.OldestDueFirst,
				line("Z", "10.00", "2026-08-05"), line("A", "5.00", "2026-08-05"))},
		},
		"without agreement one due date is shared pro rata, fen by largest remainder": {
			given: []account.Event{
				opened(account.ProRata), charged("A", "2026-01-01", "100.00"), charged("B", "2026-02-01", "100.00"),
				charged("C", "2026-03-01", "100.00"), charged("H2", "2026-07-01", "9.00"),
			},
			when: receive("S1", "2026-08-05", "100.00"),
			then: []account.Event{received("S1", "2026-08-05", "100.00"), allocated("S1", account.OldestDueFirst,
				line("A", "33.34", "2026-08-05"), line("B", "33.33", "2026-08-05"), line("C", "33.33", "2026-08-05"))},
		},
		"the larger remainder gets the fen, though its charge is later": {
			given: []account.Event{
				opened(account.ProRata), charged("A", "2026-01-01", "0.10"), charged("B", "2026-02-01", "0.20"),
			},
			when: receive("S1", "2026-08-05", "0.11"), // 3.67 and 7.33 fen
			then: []account.Event{received("S1", "2026-08-05", "0.11"), allocated("S1", account.OldestDueFirst,
				line("A", "0.04", "2026-08-05"), line("B", "0.07", "2026-08-05"))},
		},
		"what settles nothing stays unapplied": {
			given: []account.Event{byDate},
			when:  receive("S1", "2026-08-05", "1800.00"),
			then:  []account.Event{received("S1", "2026-08-05", "1800.00")},
		},
		"unapplied money settles a new charge at once, from the charge's own date": {
			given: []account.Event{byDate, received("S1", "2026-08-05", "1800.00")},
			when:  charge("A", "2026-10-02", "2500.00"),
			then: []account.Event{
				accrued("A", "2026-10-02", "2500.00"), allocated("S1", account.OldestDueFirst, line("A", "1800.00", "2026-10-02")),
			},
		},
		"a charge of before the payment is settled from the value date": {
			given: []account.Event{byDate, received("S1", "2026-08-05", "1800.00")},
			when:  charge("A", "2026-06-18", "680.00"),
			then: []account.Event{
				accrued("A", "2026-06-18", "680.00"), allocated("S1", account.OldestDueFirst, line("A", "680.00", "2026-08-05")),
			},
		},
		"the oldest receipt settles first, though it was booked later": {
			given: []account.Event{byDate, received("LATER", "2026-08-05", "10.00"), received("OLDER", "2026-08-01", "10.00")},
			when:  charge("A", "2026-10-02", "15.00"),
			then: []account.Event{accrued("A", "2026-10-02",
				"15.00"), allocated("OLDER", account.OldestDueFirst, line("A", "10.00", "2026-10-02")),
				allocated("LATER", account.OldestDueFirst, line("A", "5.00", "2026-10-02"))},
		},
		"the payer's designation comes first, the rest goes to the oldest due": {
			given: []account.Event{byDate, charged("A", "2026-05-01", "100.00"), charged("B", "2026-07-02", "100.00")},
			when:  receive("S1", "2026-08-05", "150.00", forCharge("B", "60.00")),
			then: []account.Event{received("S1", "2026-08-05",
				"150.00"), allocated("S1", account.Designated, line("B", "60.00", "2026-08-05")),
				allocated("S1", account.OldestDueFirst, line("A", "90.00", "2026-08-05"))},
		},
		"what a designation took is not taken again": {
			given: []account.Event{byDate, charged("A", "2026-05-01", "100.00")},
			when:  receive("S1", "2026-08-05", "150.00", forCharge("A", "60.00")),
			then: []account.Event{received("S1", "2026-08-05",
				"150.00"), allocated("S1", account.Designated, line("A", "60.00", "2026-08-05")),
				allocated("S1", account.OldestDueFirst, line("A", "40.00", "2026-08-05"))},
		},
		"a designation above what is open is refused": {
			given: []account.Event{byDate, charged("A", "2026-05-01", "100.00")},
			when:  receive("S1", "2026-08-05", "150.00", forCharge("A", "100.01")), code: "above-open",
		},
		"a designation above the money is refused": {
			given: []account.Event{byDate, charged("A", "2026-05-01", "100.00"), charged("B", "2026-05-01", "100.00")},
			when:  receive("S1", "2026-08-05", "150.00", forCharge("A", "100.00"), forCharge("B", "50.01")),
			code:  "above-unapplied",
		},
		"a designation names a charge once": {
			given: []account.Event{byDate, charged("A", "2026-05-01", "100.00")},
			when:  receive("S1", "2026-08-05", "150.00", forCharge("A", "50.00"), forCharge("A", "50.00")), code: "charge-twice",
		},
		"a designation names a charge of this center": {
			given: []account.Event{byDate}, when: receive("S1", "2026-08-05", "150.00", forCharge("A", "50.00")),
			code: "unknown-charge",
		},
		"nothing cannot be designated": {
			given: []account.Event{byDate, charged("A", "2026-05-01", "100.00")},
			when:  receive("S1", "2026-08-05", "150.00", forCharge("A", "0.00")), code: "not-positive",
		},
		"a payment is booked once": {
			given: []account.Event{byDate, received("S1", "2026-08-05", "150.00")}, when: receive("S1", "2026-08-05", "150.00"),
		},
		"a look-alike is booked, flagged, and settles nothing": {
			given: []account.Event{byDate, received("S1", "2026-05-05", "5000.00"), charged("A", "2026-05-06", "7000.00")},
			when:  pay(likeS1("2026-08-05")), then: []account.Event{alike},
		},
		"a look-alike of long ago is another payment": {
			given: []account.Event{byDate, received("S1", "2026-05-04", "5000.00")},
			when:  pay(likeS1("2026-08-05")),
			then: []account.Event{func() account.Event {
				p := received("S2", "2026-08-05", "5000.00")
				p.Remark = "S1"
				return p
			}()},
		},
		"a look-alike waits for a person, whatever is charged": {
			given: []account.Event{byDate, alike}, when: charge("A", "2026-10-02", "10.00"),
			then: []account.Event{accrued("A", "2026-10-02", "10.00")},
		},
		"a person applies unapplied money to the oldest due, from the person's date": {
			given: []account.Event{byDate, alike, charged("A", "2026-05-06", "7000.00")}, when: allocate("S2", "2026-09-01"),
			then: []account.Event{allocated("S2", account.OldestDueFirst, line("A", "5000.00", "2026-09-01"))},
		},
		"a person applies it as he decides": {
			given: []account.Event{byDate, alike, charged("A", "2026-05-06", "7000.00"), charged("B", "2026-09-06", "9.00")},
			when:  allocate("S2", "2026-09-01", forCharge("B", "9.00")),
			then:  []account.Event{allocated("S2", account.Designated, line("B", "9.00", "2026-09-06"))},
		},
		"nothing more than is unapplied can be applied": {
			given: []account.Event{byDate, charged("A", "2026-05-06", "7000.00"), received("S1", "2026-08-05", "10.00")},
			when:  allocate("S1", "2026-09-01", forCharge("A", "10.01")), code: "above-unapplied",
		},
		"money is not applied before it came":   {given: []account.Event{byDate, received("S1", "2026-08-05", "10.00")}, when: allocate("S1", "2026-08-04"), code: "before-receipt"},
		"an unknown payment cannot be applied":  {given: []account.Event{byDate}, when: allocate("S1", "2026-08-05"), code: "unknown-payment"},
		"a payment needs an account":            {when: receive("S1", "2026-08-05", "10.00"), code: "unknown-center"},
		"a payment is more than nothing":        {given: []account.Event{byDate}, when: receive("S1", "2026-08-05", "0.00"), code: "not-positive"},
		"a payment has come":                    {given: []account.Event{byDate}, when: receive("S1", "2027-01-01", "1.00"), code: "in-the-future"},
		"a charge needs an account":             {when: charge("A", "2026-10-02", "10.00"), code: "unknown-center"},
		"a charge number is used once":          {given: []account.Event{byDate, charged("A", "2026-05-06", "7.00")}, when: charge("A", "2026-10-02", "10.00"), code: "charge-exists"},
		"work not yet done is not charged":      {given: []account.Event{byDate}, when: charge("A", "2027-01-01", "10.00"), code: "in-the-future"},
		"a charge is more than nothing":         {given: []account.Event{byDate}, when: charge("A", "2026-10-02", "0.004"), code: "not-positive"},
		"a charge is not above the largest sum": {given: []account.Event{byDate}, when: charge("A", "2026-10-02", "1000000000"), code: "amount-too-large"},
		"net prices do not lift a charge above the largest sum": {given: []account.Event{byDate},
			when: accrue(account.AccrueCharge{
				Charge: "A", Center: "C01", Quantity: decimal.NewFromInt(1), OccurredOn: day("2026-10-02"),
			}, "999999999.99", money.Tax{Rate: decimal.New(6, -2), Excluded: true}), code: "amount-too-large"},
		"the amount on paper must be price times quantity": {
			given: []account.Event{byDate}, code: "amount-differs",
			when: accrue(account.AccrueCharge{
				Charge: "A", Center: "C01", Quantity: decimal.NewFromInt(2), OccurredOn: day("2026-10-02"),
				Stated: new(money.Amount),
			}, "150.00", money.Tax{}),
		},
		"an account is opened once": {given: []account.Event{byDate}, code: "account-exists", when: func(a *account.Account) ([]account.Event, error) {
			return a.Open(account.Open{
				Center: "C01", Name: "甲", Region: "华东", Terms: account.Terms{SameDueDate: account.ProRata},
			}, today)
		}},
		"the terms are agreed": {code: "unknown-terms", when: func(a *account.Account) ([]account.Event, error) {
			return a.Open(account.Open{Center: "C01", Name: "甲", Region: "华东"}, today)
		}},
		"an account is opened in yuan": {when: func(a *account.Account) ([]account.Event, error) {
			return a.Open(account.Open{
				Center: "C01", Name: "翠湖花园物业服务中心", Region: "华东", Terms: account.Terms{SameDueDate: account.ProRata},
			}, day("2026-01-01"))
		}, then: []account.Event{opened(account.ProRata)}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tc.when(fold(tc.given...))
			domaintest.Refused(t, err, tc.code)
			if diff := gocmp.Diff(tc.then, got, exact); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// accrued is what charge leads to.
func accrued(id domain.ChargeID, on, amount string) account.Event {
	e := charged(id, on, amount).(account.ChargeAccrued)
	e.Project, e.Kind, e.Service, e.Basis = "P001", pricelist.Move, "室内机移位", account.PriceBasis{
		PriceList: "2026-01", Item: "MOV-VI",
	}
	e.Quantity, e.Unit, e.UnitPrice, e.Clause = decimal.NewFromInt(1), "次", decimal.RequireFromString(amount), "5.3.1"
	return e
}

func TestChargeCarriesItsPriceTaxQuarterAndDueDate(t *testing.T) {
	stated := yuan("360.00")
	got, err := accrue(account.AccrueCharge{
		Charge: "F3-1", Center: "C01", Project: "P001", Room: "1-301", Owner: "王", Ticket: "F0-1", FaultLine: "F1-1",
		Quantity: decimal.NewFromInt(2), OccurredOn: day("2026-10-02"), Remark: "补录", Stated: &stated,
	}, "180.00", money.Tax{Rate: decimal.New(6, -2)})(fold(opened(account.ByChargeDate)))
	want := []account.Event{account.ChargeAccrued{
		Charge: "F3-1", Center: "C01", Project: "P001", Room: "1-301", Owner: "王", Ticket: "F0-1", FaultLine: "F1-1",
		Kind:    pricelist.Move,
		Service: "室内机移位", Basis: account.PriceBasis{PriceList: "2026-01", Item: "MOV-VI"}, Quantity: decimal.NewFromInt(2),
		Unit:      "次",
		UnitPrice: decimal.NewFromInt(180), Tax: money.Tax{Rate: decimal.New(6, -2)},
		Money:      money.Line{Net: yuan("339.62"), Tax: yuan("20.38"), Gross: yuan("360.00")},
		OccurredOn: day("2026-10-02"), Posted: calendar.QuarterOf(2026, 4), DueOn: day("2027-01-31"), Clause: "5.3.1",
		Remark: "补录",
	}}
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, got, exact); diff != "" {
		t.Error(diff)
	}
}
