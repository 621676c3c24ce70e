package ledger_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

var code = domaintest.Code

var october = today.Month()

func f1(work ...string) (filing.File, ledger.Work) {
	w := ledger.Work{Through: 1}
	for _, line := range work {
		w.Faults = append(w.Faults, filing.FaultLine{Line: domain.FaultLineID(line), Ticket: "T-1", RecordedOn: today})
	}
	return filing.File{Project: "P001", Month: october, Form: filing.FaultRecord}, w
}

// sheets are what is filed of a form.
func (d *department) sheets(form filing.Form) (out []filing.ReportFiled) {
	d.t.Helper()
	steps, err := d.Filing(d.t.Context(), "P001", october, form)
	if code(err) == "not-filed" {
		return nil
	}
	if err != nil {
		d.t.Fatal(err)
	}
	for _, step := range steps {
		if e, ok := step.Event.(filing.ReportFiled); ok {
			out = append(out, e)
		}
	}
	return out
}

func TestAFilingThatBrokeOffIsCompletedByAnyRequest(t *testing.T) {
	for name, key := range map[string]string{"the same": "f", "another": "g"} {
		t.Run(name, unhurried(func(t *testing.T) {
			d := newDepartment(t)
			c, work := f1("F1-1", "F1-2")
			d.store.prefix = "filing-"
			if _, err := d.FileReport(t.Context(), request("f"), c, work); !errors.Is(err, eventstore.ErrUnavailable) {
				t.Fatalf("filed while the log was down: %v", err)
			}
			d.store.prefix = ""
			if got := d.sheets(filing.FaultRecord); got != nil {
				t.Fatalf("filed %+v", got)
			}
			// By now there is another line; the read models may not know which were filed.
			c, work = f1("F1-1", "F1-2", "F1-3")
			if _, err := d.FileReport(t.Context(), request(key), c, work); err != nil {
				t.Fatal(err)
			}
			on := make(map[domain.FaultLineID]int)
			for _, e := range d.sheets(filing.FaultRecord) {
				for _, l := range e.Faults {
					on[l.Line]++
				}
			}
			if on["F1-1"] != 1 || on["F1-2"] != 1 {
				t.Errorf("lines on the F1: %v", on)
			}
			// What was not batched with the first attempt is for the next sheet.
			_, err := d.FileReport(t.Context(), request("h"), c, work)
			if want := map[string]string{"f": "", "g": "nothing-to-report"}[key]; code(err) != want {
				t.Errorf("the next request: %v, want %q", err, want)
			}
			for _, e := range d.sheets(filing.FaultRecord) {
				for _, l := range e.Faults {
					on[l.Line]++
				}
			}
			if on["F1-3"] == 0 {
				t.Error("the third line is on no sheet")
			}
		}))
	}
}

func TestAnF3OfTwoCentersThatBrokeOffIsCompleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t)
		ctx := t.Context()
		d.must(d.chargeFor("C01", "SF-1", 100))
		d.must(d.AssignCenter(ctx, d.ask(), project.AssignCenter{Project: "P001", Center: "C02", From: today}))
		d.must(d.chargeFor("C02", "SF-2", 250))
		c := filing.File{Project: "P001", Month: october, Form: filing.ChargeList}
		nothing := c
		nothing.Nil = true
		if _, err := d.FileReport(ctx, request("nil"), nothing, ledger.Work{}); code(err) != "not-nil" {
			t.Fatalf("nil of something: %v", err)
		}
		d.store.prefix = "account-C02"
		if _, err := d.FileReport(ctx, request("f3"), c, ledger.Work{}); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatalf("filed while an account was down: %v", err)
		}
		d.store.prefix = ""
		if _, err := d.FileReport(ctx, request("f3"), c, ledger.Work{}); err != nil {
			t.Fatal(err)
		}
		got := d.sheets(filing.ChargeList)
		if len(got) != 1 || len(got[0].Charges) != 2 || got[0].Total.String() != "350.00" ||
			got[0].Charges[1].Center != "C02" {
			t.Errorf("filed %+v", got)
		}
		again, err := d.FileReport(ctx, request("f3"), c, ledger.Work{})
		if err != nil || !again.Repeated || len(d.sheets(filing.ChargeList)) != 1 {
			t.Errorf("repeated: %+v, %v", again, err)
		}
		if _, err := d.FileReport(ctx, request("f3"), nothing, ledger.Work{}); code(err) != "idempotency-key-reused" {
			t.Errorf("the key with other content: %v", err)
		}
	})
}

// chargeFor charges a center for work of today on P001.
func (d *department) chargeFor(center domain.CenterID, id domain.ChargeID, yuan int64) (eventstore.Outcome, error) {
	return d.AccrueCharge(d.t.Context(), d.ask(), ledger.Charge{Item: "R", AccrueCharge: account.AccrueCharge{
		Charge: id, Center: center, Project: "P001", Quantity: decimal.NewFromInt(yuan), OccurredOn: d.on(center),
	}})
}

// on is a day on which a center answers for P001: C02 from today on.
func (d *department) on(center domain.CenterID) calendar.Date {
	if center == "C02" {
		return today
	}
	return today.AddDays(-1)
}
