package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/payables"
)

//go:embed payables.sql
var payablesSQL string

// payableFacts are the repairs of payment requests, step by step.
type payableFacts struct {
	key           keyColumns
	request       textColumn
	step          textColumn
	onDate        dateColumn
	region        textColumn
	month         textColumn
	returnID      textColumn
	project       textColumn
	supplier      textColumn
	amount        moneyColumn
	letter        textColumn
	sheet         textColumn
	approval      textColumn
	bankReference textColumn
	reason        textColumn
	by            textColumn
}

func newPayableFacts() *payableFacts {
	t := newTable("payables", payablesSQL, Lies{Region: "region", Numbered: "return_id", Kind: returnPlace})
	return &payableFacts{
		key: newKeyColumns(t), request: t.text("request"), step: t.text("step"), onDate: t.date("on_date"),
		region: t.text("region"),
		month:  t.text("month"), returnID: t.text("return_id"), project: t.text("project"), supplier: t.text("supplier"),
		amount: t.money("amount"), letter: t.text("letter"), sheet: t.text("sheet"), approval: t.text("approval"),
		bankReference: t.text("bank_reference"), reason: t.text("reason"), by: t.text("by"),
	}
}

// payableRow is what a step says about one repair.
type payableRow struct {
	request       domain.PaymentRequestID
	step          string
	on            calendar.Date
	region        string
	month         calendar.Month
	repair        payables.Line
	bankReference string
	reason        string
	by            string
}

// payable gives the rows of an event of its stream, and its postings.
func (f *Facts) payable(r *Recorded, e payables.Event) error {
	f.postings.book(r, "", e)
	switch e := e.(type) {
	case payables.PaymentRequested:
		for i, l := range e.Lines {
			f.payables.add(r, i, payableRow{
				request: e.Request, step: "REQUESTED", on: e.RequestedOn, region: e.Region, month: e.Month,
				repair: l, by: e.By,
			})
		}
	case payables.PaymentRequestReturned:
		for i, id := range e.Returns {
			f.payables.add(r, i, payableRow{
				request: e.Request, step: "RETURNED", on: e.On, region: e.Region, month: e.Month, repair: payables.Line{Return: id},
				reason: e.Reason, by: e.By,
			})
		}
	case payables.PaymentRequestAbandoned:
		f.payables.add(r, 0, payableRow{
			request: e.Request, step: "ABANDONED", on: e.On, region: e.Region, month: e.Month, by: e.By,
		})
	case payables.SupplierPaid:
		for i, id := range e.Returns {
			f.payables.add(r, i, payableRow{
				request: e.Request, step: "PAID", on: e.PaidOn, region: e.Region, month: e.Month,
				repair:        payables.Line{Return: id, Supplier: e.Supplier},
				bankReference: e.BankReference, by: e.By,
			})
		}
	default:
		return unmapped(r)
	}
	return nil
}

func (f *payableFacts) add(r *Recorded, line int, row payableRow) {
	f.key.begin(r, line)
	f.request.add(string(row.request))
	f.step.add(row.step)
	f.onDate.add(row.on)
	f.region.add(row.region)
	f.month.add(row.month.String())
	f.returnID.add(string(row.repair.Return))
	f.project.add(string(row.repair.Project))
	f.supplier.add(row.repair.Supplier)
	f.amount.add(row.repair.Amount)
	f.letter.add(string(row.repair.Letter.SHA256))
	f.sheet.add(string(row.repair.Sheet.SHA256))
	f.approval.add(string(row.repair.Approval.SHA256))
	f.bankReference.add(row.bankReference)
	f.reason.add(row.reason)
	f.by.add(row.by)
}
