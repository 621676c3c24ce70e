package imports

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/ticket"
)

// texts are what people write into fields, as a spreadsheet may mistake it.
var texts = rapid.SampledFrom([]string{
	"", "无", "-", "张三", "张（三）", "3-1-1202", "3-1(A座)", "Ａ座１２", " 前后有空  格 ", "两\n行", "00123", "1E5",
	"2026-09-12", "1,234.50", "￥5", "合计", "(空)",
})

// rooms leaves out what reads as a date: in a list that is a room 2-5 which a
// spreadsheet has spoilt, and is refused.
var rooms = texts.Filter(func(s string) bool { return s != "2026-09-12" })

var days = rapid.Map(rapid.IntRange(0, 29), func(n int) calendar.Date {
	return calendar.NewDate(2026, 9, 1).AddDays(n)
})

func read(t *rapid.T, p forms.Paper, layout sheet.Layout) []sheet.Row {
	var b bytes.Buffer
	if err := p.Lay().XLSX(&b); err != nil {
		t.Fatal(err)
	}
	list, err := sheet.Read(b.Bytes(), sheet.Options{}, layout)
	if err != nil {
		t.Fatal(err)
	}
	return list.Rows
}

// Whatever was charged, on whatever ground, the F3 that lists it says nothing new to the
// ledger; one figure more and it does.
func TestAnF3OfTheLedgerSaysWhatItHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gross := money.Fen(rapid.Int64Range(1, 5_000_000).Draw(t, "gross"))
		tax := money.Fen(rapid.Int64Range(0, gross.Fen()).Draw(t, "tax"))
		c := account.ChargeAccrued{
			Charge: "SF-1", Center: "C01", Project: "P001", Room: rooms.Draw(t, "room"), Owner: rooms.Draw(t, "owner"),
			Ticket:     domain.TicketID(rapid.SampledFrom([]string{"", "T-1"}).Draw(t, "ticket")),
			Service:    rapid.SampledFrom([]string{"岗亭道闸改造", "更换（含税）", "线缆 RVV4×0.5"}).Draw(t, "service"),
			Quantity:   decimal.New(rapid.Int64Range(1, 99_999).Draw(t, "quantity"), -2),
			UnitPrice:  decimal.New(rapid.Int64Range(1, 9_999_999).Draw(t, "price"), -4),
			Money:      money.Line{Net: gross.Sub(tax), Tax: tax, Gross: gross},
			OccurredOn: days.Draw(t, "day"), Remark: texts.Draw(t, "remark"),
		}
		c.Posted = c.OccurredOn.Quarter()
		if rapid.Bool().Draw(t, "late") {
			c.Posted = c.Posted.Next()
		}
		rows := read(t, forms.ChargeList{Month: calendar.NewDate(2026, 9, 25).Month(), Sheets: []forms.ChargeSheet{{
			Project: forms.Project{ID: "P001", Center: "C01"}, Filed: forms.Signature{By: "li", On: calendar.NewDate(2026, 9, 25)},
			Lines: []forms.ChargeLine{{
				Charge: c.Charge, On: c.OccurredOn, Posted: c.Posted, Project: c.Project, Room: c.Room, Owner: c.Owner,
				Service: c.Service, UnitPrice: c.UnitPrice, Quantity: c.Quantity, Unit: "次", Money: c.Money, Ticket: c.Ticket,
				Payer: c.Center, Remark: c.Remark, Approval: "hq 2026-09-01 批准",
			}},
		}}}, sheet.Charges)
		if len(rows) != 1 {
			t.Fatalf("%d rows are read", len(rows))
		}
		row := listRow{Row: rows[0], layout: sheet.Charges}
		if !row.saysCharge(c) {
			t.Errorf("what was read of %+v is something else: %s", c, row.Text())
		}
		for name, other := range map[string]func(*account.ChargeAccrued){
			"day":      func(c *account.ChargeAccrued) { c.OccurredOn = c.OccurredOn.AddDays(1) },
			"room":     func(c *account.ChargeAccrued) { c.Room += "号" },
			"owner":    func(c *account.ChargeAccrued) { c.Owner += "先生" },
			"service":  func(c *account.ChargeAccrued) { c.Service += "二" },
			"ticket":   func(c *account.ChargeAccrued) { c.Ticket += "2" },
			"remark":   func(c *account.ChargeAccrued) { c.Remark += "改" },
			"quantity": func(c *account.ChargeAccrued) { c.Quantity = c.Quantity.Add(decimal.New(1, -2)) },
			"gross":    func(c *account.ChargeAccrued) { c.Money.Gross = c.Money.Gross.Add(money.Fen(1)) },
			"tax":      func(c *account.ChargeAccrued) { c.Money.Tax = c.Money.Tax.Add(money.Fen(1)) },
		} {
			if o := c; true {
				if other(&o); row.saysCharge(o) {
					t.Errorf("another %s is not seen: %+v", name, o)
				}
			}
		}
	})
}

// So with a line of F1 and a count sheet, whatever was written.
func TestTextsAreHeldAsACellShowsThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		held := ticket.FaultRecorded{
			Ticket: "T-1", Line: "F1-1", Device: texts.Draw(t, "device"), Serial: texts.Draw(t, "serial"),
			Location: texts.Draw(t, "location"), Symptom: texts.Draw(t, "symptom"), RecordedOn: days.Draw(t, "day"),
		}
		said := ticket.RecordFault{
			Ticket: "T-1", Line: "F1-1", Device: sheet.TextOf(held.Device), Serial: sheet.TextOf(held.Serial),
			Location: sheet.TextOf(held.Location), Symptom: sheet.TextOf(held.Symptom), RecordedOn: held.RecordedOn,
		}
		if !holdsFault(held, said) {
			t.Errorf("%+v is not held as %+v", said, held)
		}
		if said.Symptom += "改"; holdsFault(held, said) {
			t.Errorf("%+v is held as %+v", said, held)
		}
		count := depot.StockCounted{CountedBy: texts.Draw(t, "by"), Witness: texts.Draw(t, "witness"), CountedOn: held.RecordedOn}
		sheetOf := depot.Count{
			CountedBy: sheet.TextOf(count.CountedBy), Witness: sheet.TextOf(count.Witness), CountedOn: count.CountedOn,
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "parts") {
			l := depot.Counted{
				Part:    domain.PartCode(fmt.Sprint("P", i)),
				Counted: decimal.NewFromInt(rapid.Int64Range(0, 9).Draw(t, "counted")), Reason: texts.Draw(t, "reason"),
			}
			count.Lines = append(count.Lines, l)
			l.Reason = sheet.TextOf(l.Reason)
			sheetOf.Lines = append(sheetOf.Lines, l)
		}
		if !holdsCount(count, sheetOf) {
			t.Errorf("%+v is not held as %+v", sheetOf, count)
		}
		last := &sheetOf.Lines[len(sheetOf.Lines)-1]
		if last.Counted = last.Counted.Add(decimal.NewFromInt(1)); holdsCount(count, sheetOf) {
			t.Errorf("%+v is held as %+v", sheetOf, count)
		}
	})
}
