package projections_test

import (
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/projections/facts"
	"aftersales-ledger/projections/match"
)

// fataler is a test, of whatever library.
type fataler interface{ Fatal(...any) }

// factsFor maps events to the facts of the match as the fact tables hold them.
func factsFor(t fataler, events []facts.Recorded) *match.Facts {
	f := facts.New()
	for i := range events {
		if err := f.Add(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	m := &match.Facts{}
	for _, r := range f.RowsOf("fault_lines") {
		m.Lines = append(m.Lines, match.LineFact{
			Stamp: stampOf(r, "project", "recorded_on"), Line: text(r, "fault_line"), Ticket: text(r, "ticket"),
			Part:      text(r, "part"),
			OldSerial: text(r, "old_serial"), NewSerial: text(r, "new_serial"), Bearer: text(r, "bearer"),
			Quantity: thousandths(r, "quantity"), Replaces: r["replaces"].(bool),
		})
	}
	for _, r := range f.RowsOf("part_movements") {
		m.Moves = append(m.Moves, match.MoveFact{
			Stamp: stampOf(r, "project", "on_date"), Kind: text(r, "kind"), Part: text(r, "part"), Slip: text(r, "slip"),
			Line: text(r, "fault_line"), Override: text(r, "override"), Reference: text(r, "reference"),
			Quantity: thousandths(r, "quantity"), Value: fenOf(r, "value"), Serials: r["serials"].([]string),
		})
	}
	for _, r := range f.RowsOf("faulty_units") {
		m.Units = append(m.Units, match.UnitFact{
			Stamp: stampOf(r, "project", "on_date"), Step: text(r, "step"), Part: text(r, "part"), Document: text(r, "document"),
			Shipment: text(r, "shipment"), Line: text(r, "fault_line"), Sheet: text(r, "return_id"), Maker: text(r, "maker"),
			Quantity: thousandths(r, "quantity"), Serials: r["serials"].([]string), CameAs: r["came_as"].([]string),
			ExpectedOn: days(r, "expected_back_on"),
		})
	}
	for _, r := range f.RowsOf("device_returns") {
		m.Sheets = append(m.Sheets, match.SheetFact{
			Stamp: stampOf(r, "project", "on_date"), Step: text(r, "step"), Sheet: text(r, "return_id"),
			Ticket: text(r, "ticket"),
			Line:   text(r, "fault_line"), Part: text(r, "part"), Serial: text(r, "serial"), Maker: text(r, "maker"),
			Result: text(r, "result"), NewSerial: text(r, "new_serial"), ExpectedOn: days(r, "expected_back_on"),
		})
	}
	for _, r := range f.RowsOf("stock_counts") {
		m.Counts = append(m.Counts, match.CountFact{
			Stamp: stampOf(r, "project", "counted_on"), Part: text(r, "part"), Sheet: text(r, "count_sheet"),
			Counted: thousandths(r, "counted"),
		})
	}
	for _, r := range f.RowsOf("catalogue") {
		m.Prices = append(m.Prices, match.PriceFact{
			Stamp: stampOf(r, "", "from_date"), Part: text(r, "part"), Unit: text(r, "unit"), Cost: fenOf(r, "warranty_cost"),
		})
	}
	for _, r := range f.RowsOf("charges") {
		if k := pricelist.ServiceKind(text(r, "kind")); k == pricelist.Travel || k == pricelist.Labour {
			continue
		}
		m.Charges = append(m.Charges, match.ChargeFact{
			Stamp: stampOf(r, "project", "occurred_on"), Center: text(r, "center"), Charge: text(r, "charge"),
			Ticket: text(r, "ticket"),
			Line:   text(r, "fault_line"), FromCenter: text(r, "from_center"), FromCharge: text(r, "from_charge"),
			Gross: fenOf(r, "gross"),
		})
	}
	for _, r := range f.RowsOf("documents") {
		if text(r, "event_type") == "CreditNoteIssued" {
			m.Credits = append(m.Credits, match.CreditFact{
				Stamp: stampOf(r, "project", "on_date"), Center: text(r, "center"), Charge: text(r, "charge"),
				Note:   text(r, "document"),
				Amount: fenOf(r, "amount"),
			})
		}
	}
	return m
}

func stampOf(r facts.Row, project, on string) match.Stamp {
	s := match.Stamp{
		Position: r["position"].(uint64), Row: r["line"].(uint32), RecordedAt: r["recorded_at"].(time.Time).UnixMicro(),
		Actor: text(r, "actor"), On: days(r, on),
	}
	if project != "" {
		s.Project = text(r, project)
	}
	return s
}

func text(r facts.Row, column string) string { return r[column].(string) }

func thousandths(r facts.Row, column string) int64 {
	return r[column].(decimal.Decimal).Shift(3).IntPart()
}

func fenOf(r facts.Row, column string) int64 { return r[column].(decimal.Decimal).Shift(2).IntPart() }

func days(r facts.Row, column string) uint16 {
	y, m, d := r[column].(time.Time).Date()
	return uint16(calendar.NewDate(y, m, d))
}
