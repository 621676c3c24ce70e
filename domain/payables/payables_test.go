package payables_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/payables"
)

func TestPaymentRequest(t *testing.T) {
	today := calendar.QuarterOf(2026, 3).First().AddDays(24)
	month := today.Month()
	paper := func(d string) attachment.Ref { return attachment.Ref{SHA256: attachment.Digest(strings.Repeat(d, 64))} }
	line := func(id domain.ReturnID, supplier string, fen int64) payables.Line {
		return payables.Line{
			Return: id, Project: "P001", Supplier: supplier, Amount: money.Fen(fen), Letter: paper("a"), Sheet: paper("b"),
			Approval: paper("c"),
		}
	}
	requested := payables.PaymentRequested{
		Request: "FK-1", Region: "华东", Month: month,
		Lines: []payables.Line{line("F2-1", "明瞳", 300), line("F2-2", "海康", 200), line("F2-3", "明瞳", 50)},
		Total: money.Fen(550), RequestedOn: today, By: "qian",
	}
	returned := payables.PaymentRequestReturned{
		Request: "FK-1", Region: "华东", Month: month, Returns: []domain.ReturnID{"F2-1", "F2-2", "F2-3"}, Reason: "附件不清",
		On: today, By: "sun",
	}
	paid := payables.SupplierPaid{
		Request: "FK-1", Region: "华东", Month: month, Supplier: "明瞳", Returns: []domain.ReturnID{"F2-1", "F2-3"},
		Amount:        money.Fen(350),
		BankReference: "OUT-1", PaidOn: today, By: "sun",
	}
	type command = func(*payables.RegionMonth) ([]payables.Event, error)
	request := func(change func(*payables.Request)) command {
		c := payables.Request{
			Request: "FK-1", Region: "华东", Month: month, Lines: append([]payables.Line{}, requested.Lines...), By: "qian",
		}
		change(&c)
		return func(m *payables.RegionMonth) ([]payables.Event, error) { return m.Request(c, today) }
	}
	pay := func(change func(*payables.Pay)) command {
		c := payables.Pay{
			Region: "华东", Month: month, Supplier: "明瞳", Amount: money.Fen(350), BankReference: "OUT-1", PaidOn: today, By: "sun",
		}
		change(&c)
		return func(m *payables.RegionMonth) ([]payables.Event, error) { return m.Pay(c, today) }
	}
	back := func(m *payables.RegionMonth) ([]payables.Event, error) {
		return m.Return(payables.Return{Region: "华东", Month: month, Reason: "附件不清", By: "sun"}, today)
	}
	asIs := func(*payables.Request) {}
	given := []payables.Event{requested}
	tests := map[string]struct {
		given []payables.Event
		when  command
		then  []payables.Event
		code  string
		field string
	}{
		"a month's repairs are requested":        {when: request(asIs), then: []payables.Event{requested}},
		"one batch a month":                      {given: given, when: request(asIs), code: "batch-exists"},
		"again once it was returned":             {given: []payables.Event{requested, returned}, when: request(asIs), then: []payables.Event{requested}},
		"not for a month to come":                {when: request(func(c *payables.Request) { c.Month++ }), code: "in-the-future", field: "month"},
		"not for nothing":                        {when: request(func(c *payables.Request) { c.Lines = nil }), code: "bad-lines"},
		"not for 0.00":                           {when: request(func(c *payables.Request) { c.Lines[1].Amount = money.Fen(0) }), code: "not-positive", field: "lines[1].amount"},
		"no repair twice":                        {when: request(func(c *payables.Request) { c.Lines[2].Return = "F2-1" }), code: "return-twice", field: "lines[2].return"},
		"not without the letter":                 {when: request(func(c *payables.Request) { c.Lines[1].Letter = attachment.Ref{} }), code: "attachment-missing", field: "lines[1].letter"},
		"not without the F2":                     {when: request(func(c *payables.Request) { c.Lines[0].Sheet = attachment.Ref{} }), code: "attachment-missing", field: "lines[0].sheet"},
		"not without the approval e-mail page":   {when: request(func(c *payables.Request) { c.Lines[2].Approval = attachment.Ref{} }), code: "attachment-missing", field: "lines[2].approval"},
		"not with one paper for two":             {when: request(func(c *payables.Request) { c.Lines[0].Approval = c.Lines[0].Sheet }), code: "attachment-twice", field: "lines[0].return"},
		"a supplier is paid all of it":           {given: given, when: pay(func(*payables.Pay) {}), then: []payables.Event{paid}},
		"never twice":                            {given: []payables.Event{requested, paid}, when: pay(func(c *payables.Pay) { c.BankReference = "OUT-2" }), code: "paid-already"},
		"never another amount":                   {given: given, when: pay(func(c *payables.Pay) { c.Amount = money.Fen(300) }), code: "amount-differs"},
		"nobody else is paid":                    {given: given, when: pay(func(c *payables.Pay) { c.Supplier = "他人" }), code: "unknown-supplier"},
		"not before it was requested":            {given: given, when: pay(func(c *payables.Pay) { c.PaidOn = today - 1 }), code: "before-request"},
		"not by who requested it":                {given: given, when: pay(func(c *payables.Pay) { c.By = "qian" }), code: "own-submission"},
		"nothing is paid that was returned":      {given: []payables.Event{requested, returned}, when: pay(func(*payables.Pay) {}), code: "no-payment-request"},
		"nothing is paid that was not requested": {when: pay(func(*payables.Pay) {}), code: "no-payment-request"},
		"a batch is returned":                    {given: given, when: back, then: []payables.Event{returned}},
		"not once a part is paid":                {given: []payables.Event{requested, paid}, when: back, code: "partly-paid"},
		"not twice":                              {given: []payables.Event{requested, returned}, when: back, code: "no-payment-request"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state := domaintest.Fold[payables.RegionMonth](tc.given...)
			got, err := tc.when(state)
			var r *domain.Rejection
			if errors.As(err,
				&r); r == nil && (tc.code != "" || err != nil) || r != nil && (r.Code != tc.code || tc.field != "" &&
				r.Field != tc.field) {
				t.Fatalf("got %v, want %q of %q", err, tc.code, tc.field)
			}
			if diff := cmp.Diff(tc.then, got, cmp.AllowUnexported(money.Amount{})); diff != "" {
				t.Error(diff)
			}
		})
	}
}
