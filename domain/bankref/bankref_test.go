package bankref_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

func TestOneReferenceIsOnePayment(t *testing.T) {
	on := calendar.QuarterOf(2026, 2).Last()
	claimed := bankref.BankReferenceClaimed{Payment: "S1", Content: bankref.Content{
		Reference: "S1", Center: "C01", Payer: "翠湖物业", Remark: "服务费", Amount: money.Fen(500_000), ReceivedOn: on,
	}}
	with := func(change func(*bankref.BankReferenceClaimed)) bankref.BankReferenceClaimed {
		c := claimed
		change(&c)
		return c
	}
	tests := map[string]struct {
		given bool // claimed already
		when  bankref.BankReferenceClaimed
		other bool // content: refused, which is recorded
	}{
		"the first claim":                      {when: claimed},
		"the same content is the same payment": {given: true, when: claimed},
		"whatever it is called":                {given: true, when: with(func(c *bankref.BankReferenceClaimed) { c.Payment = "S1-again" })},
		"another amount":                       {given: true, other: true, when: with(func(c *bankref.BankReferenceClaimed) { c.Amount = money.Fen(30_000) })},
		"another center":                       {given: true, other: true, when: with(func(c *bankref.BankReferenceClaimed) { c.Center = "C02" })},
		"another payer":                        {given: true, other: true, when: with(func(c *bankref.BankReferenceClaimed) { c.Payer = "金桂物业" })},
		"another remark":                       {given: true, other: true, when: with(func(c *bankref.BankReferenceClaimed) { c.Remark = "" })},
		"another day":                          {given: true, other: true, when: with(func(c *bankref.BankReferenceClaimed) { c.ReceivedOn-- })},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			r := &bankref.Reference{}
			var want []bankref.Event
			switch {
			case tc.other:
				want = []bankref.Event{bankref.ConflictingPaymentRefused{ClaimedBy: "S1", Content: tc.when.Content}}
			case !tc.given:
				want = []bankref.Event{claimed}
			}
			if tc.given {
				r.Evolve(claimed)
				r.Evolve(bankref.ConflictingPaymentRefused{ClaimedBy: "S1"}) // does not disturb the claim
			}
			got, err := r.Claim(tc.when)
			var refusal *domain.Rejection
			if errors.As(err, &refusal) != tc.other || err != nil && refusal.Code != "bank-reference-conflict" {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b money.Amount) bool { return a == b })); diff != "" {
				t.Error(diff)
			}
			if tc.given && r.Payment() != "S1" {
				t.Errorf("the reference belongs to %q", r.Payment())
			}
		})
	}
}
