package bankref_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
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
				want = []bankref.Event{bankref.ConflictingPaymentRefused{
					ClaimedBy: "S1", Content: tc.when.Content, Booked: claimed.Amount, BookedOn: claimed.ReceivedOn,
				}}
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
			if diff := cmp.Diff(want, got, domaintest.Exact); diff != "" {
				t.Error(diff)
			}
			if of, known := r.PaymentOf(claimed.Content); of != "S1" || known != tc.given {
				t.Errorf("the reference belongs to %q", of)
			}
		})
	}
}

func TestAReferenceIsUniqueWithinAnAccountOfOurs(t *testing.T) {
	on := calendar.QuarterOf(2026, 2).Last()
	base := bankref.Content{Reference: "1", Center: "C01", Payer: "翠湖物业", Amount: money.Fen(500_000), ReceivedOn: on}
	other := bankref.Content{Reference: "1", Center: "C02", Payer: "金桂物业", Amount: money.Fen(70_000), ReceivedOn: on + 1}
	at := func(c bankref.Content, account string, place int) bankref.BankReferenceClaimed {
		c.OwnAccount, c.Place = account, place
		return bankref.BankReferenceClaimed{Payment: "1", Content: c}
	}
	apart := func(c bankref.BankReferenceClaimed) bankref.BankReferenceClaimed { c.Apart = true; return c }
	otherCenter := base
	otherCenter.Center = "C02"
	samePayer := other
	samePayer.Payer = base.Payer
	for name, tc := range map[string]struct {
		given []bankref.BankReferenceClaimed
		when  bankref.BankReferenceClaimed
		want  domain.PaymentID // booked as; empty: refused
		again bool             // booked before
	}{
		"the same serial at another account":                   {given: []bankref.BankReferenceClaimed{at(base, "A1", 0)}, when: at(other, "A2", 0), want: "1-第2笔"},
		"even with the same content":                           {given: []bankref.BankReferenceClaimed{at(base, "A1", 0)}, when: at(base, "A2", 0), want: "1-第2笔"},
		"the same account again":                               {given: []bankref.BankReferenceClaimed{at(base, "A1", 0)}, when: at(base, "A1", 0), want: "1", again: true},
		"the same account with other content":                  {given: []bankref.BankReferenceClaimed{at(base, "A1", 0)}, when: at(other, "A1", 0)},
		"recorded before accounts were asked for":              {given: []bankref.BankReferenceClaimed{at(base, "", 0)}, when: at(base, "A1", 0), want: "1", again: true},
		"entered by hand without the account":                  {given: []bankref.BankReferenceClaimed{at(base, "A1", 0)}, when: at(base, "", 0), want: "1", again: true},
		"of an unknown account, with something in common":      {given: []bankref.BankReferenceClaimed{at(base, "", 0)}, when: at(samePayer, "A1", 0)},
		"of an unknown account, with nothing in common":        {given: []bankref.BankReferenceClaimed{at(base, "", 0)}, when: at(other, "A1", 0), want: "1-第2笔"},
		"no account tells them apart":                          {given: []bankref.BankReferenceClaimed{at(base, "", 0)}, when: at(other, "", 0)},
		"a masked account is the one that it may be":           {given: []bankref.BankReferenceClaimed{at(base, "6222****1234", 0)}, when: at(base, "6222000000001234", 0), want: "1", again: true},
		"a masked account is not another":                      {given: []bankref.BankReferenceClaimed{at(base, "6222****1234", 0)}, when: at(other, "6222000000009999", 0), want: "1-第2笔"},
		"the second of two equal lines":                        {given: []bankref.BankReferenceClaimed{at(base, "A1", 0)}, when: at(base, "A1", 2), want: "1-第2笔"},
		"the first of two equal lines after the second":        {given: []bankref.BankReferenceClaimed{at(base, "A1", 2)}, when: at(base, "A1", 0), want: "1-第2笔"},
		"the second again":                                     {given: []bankref.BankReferenceClaimed{at(base, "A1", 0), at(base, "A1", 2)}, when: at(base, "A1", 2), want: "1-第2笔", again: true},
		"another payer under a batch's number":                 {given: []bankref.BankReferenceClaimed{at(base, "A1", 0)}, when: at(samePayer, "A1", 0)},
		"for which a person vouches":                           {given: []bankref.BankReferenceClaimed{at(base, "A1", 0)}, when: apart(at(samePayer, "A1", 0)), want: "1-第2笔"},
		"whom nobody can vouch for: the money is booked":       {given: []bankref.BankReferenceClaimed{at(base, "A1", 0)}, when: apart(at(otherCenter, "A1", 0))},
		"found again without anybody's word":                   {given: []bankref.BankReferenceClaimed{at(base, "A1", 0), apart(at(samePayer, "A1", 0))}, when: at(samePayer, "A1", 0), want: "1-第2笔", again: true},
		"the second of two equal lines under a batch's number": {given: []bankref.BankReferenceClaimed{at(base, "A1", 0), apart(at(samePayer, "A1", 0))}, when: at(samePayer, "A1", 2), want: "1-第3笔"},
		"a third account after two":                            {given: []bankref.BankReferenceClaimed{at(base, "A1", 0), at(base, "A2", 0)}, when: at(base, "A3", 0), want: "1-第3笔"},
	} {
		t.Run(name, func(t *testing.T) {
			r := &bankref.Reference{}
			for _, c := range tc.given {
				events, err := r.Claim(c)
				if err != nil || len(events) != 1 {
					t.Fatalf("given %+v: %v, %v", c, events, err)
				}
				r.Evolve(events[0])
			}
			events, err := r.Claim(tc.when)
			if (err != nil) != (tc.want == "") {
				t.Fatalf("got %v, %v", events, err)
			}
			if err != nil {
				return
			}
			if (len(events) == 0) != tc.again {
				t.Errorf("decided %v", events)
			}
			for _, e := range events {
				r.Evolve(e)
			}
			if got, known := r.PaymentOf(tc.when.Content); got != tc.want || !known {
				t.Errorf("is payment %q", got)
			}
		})
	}
}

// Movements of two accounts under one reference, some of them equal, some known
// without their account, come in any order and more than once: each is booked once.
func TestMovementsInAnyOrderAreClaimedOnce(t *testing.T) {
	on := calendar.QuarterOf(2026, 2).Last()
	rapid.Check(t, func(t *rapid.T) {
		var all []bankref.BankReferenceClaimed
		for a := range rapid.IntRange(1, 3).Draw(t, "accounts") {
			for place := range rapid.IntRange(1, 3).Draw(t, "equal lines") {
				if place > 0 {
					place++
				}
				all = append(all, bankref.BankReferenceClaimed{Payment: "1", Content: bankref.Content{
					Reference: "1", OwnAccount: fmt.Sprintf("A%d", a), Center: "C01", Payer: "翠湖物业", Amount: money.Fen(100),
					ReceivedOn: on, Place: place,
				}})
			}
		}
		r := &bankref.Reference{}
		payments := make(map[domain.PaymentID]int)
		for range 2 {
			for _, c := range rapid.Permutation(all).Draw(t, "order") {
				events, err := r.Claim(c)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range events {
					r.Evolve(e)
					payments[e.(bankref.BankReferenceClaimed).Payment]++
				}
			}
		}
		if len(payments) != len(all) {
			t.Fatalf("%d movements are payments %v", len(all), payments)
		}
		for id, n := range payments {
			if n != 1 {
				t.Errorf("payment %s was claimed %d times", id, n)
			}
		}
	})
}

func TestAnIdentityIsCheckedBeforeItIsClaimed(t *testing.T) {
	for name, tc := range map[string]struct {
		reference, account string
		place              int
		want               string
	}{
		"a bank's number":              {reference: "S1", account: "6222020000001234"},
		"no account":                   {reference: "S1"},
		"the name of a second payment": {reference: "S1-第2笔", want: "bad-identity"},
		"an account with blanks":       {reference: "S1", account: "6222 0200", want: "bad-account"},
		"a first place":                {reference: "S1", place: 1, want: "bad-place"},
		"a place below":                {reference: "S1", place: -1, want: "bad-place"},
		"a place beyond":               {reference: "S1", place: bankref.MaxPlace + 1, want: "bad-place"},
	} {
		t.Run(name, func(t *testing.T) {
			err := bankref.CheckIdentity(tc.reference, tc.account, tc.place)
			var r *domain.Rejection
			if errors.As(err, &r) != (tc.want != "") || err != nil && r.Code != tc.want {
				t.Errorf("got %v", err)
			}
		})
	}
}
