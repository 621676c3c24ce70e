package projections

import (
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/pricelist"
)

// fataler is a test, of whatever library.
type fataler interface{ Fatal(...any) }

// factsFor maps events to the facts of the match as the fact tables hold them.
func factsFor(t fataler, events []Recorded) *matchFacts {
	f := newFacts()
	for i := range events {
		if err := f.add(&events[i]); err != nil {
			t.Fatal(err)
		}
	}
	m := &matchFacts{}
	at := func(k keyColumns, i int, project textColumn, on dateColumn) stamp {
		return stamp{k.position.values[i], k.line.values[i], k.recordedAt.values[i].UnixMicro(), k.actor.values[i], project.values[i], days(on, i)}
	}
	for l, i := f.faultLines, 0; i < l.key.table.rows; i++ {
		m.lines = append(m.lines, lineFact{
			stamp: at(l.key, i, l.project, l.recordedOn), line: l.faultLine.values[i], ticket: l.ticket.values[i], part: l.part.values[i],
			oldSerial: l.oldSerial.values[i], newSerial: l.newSerial.values[i], bearer: l.bearer.values[i],
			quantity: l.quantity.values[i].Shift(3).IntPart(), replaces: l.replaces.values[i],
		})
	}
	for v, i := f.partMovements, 0; i < v.key.table.rows; i++ {
		m.moves = append(m.moves, moveFact{
			stamp: at(v.key, i, v.project, v.onDate), kind: v.kind.values[i], part: v.part.values[i], slip: v.slip.values[i], line: v.faultLine.values[i],
			override: v.override.values[i], reference: v.reference.values[i], quantity: v.quantity.values[i].Shift(3).IntPart(),
			value: v.value.values[i].Shift(2).IntPart(), serials: v.serials.values[i],
		})
	}
	for u, i := f.faultyUnits, 0; i < u.key.table.rows; i++ {
		m.units = append(m.units, unitFact{
			stamp: at(u.key, i, u.project, u.onDate), step: u.step.values[i], part: u.part.values[i], document: u.document.values[i],
			shipment: u.shipment.values[i], line: u.faultLine.values[i], sheet: u.returnID.values[i], maker: u.maker.values[i],
			quantity: u.quantity.values[i].Shift(3).IntPart(), serials: u.serials.values[i], expectedOn: days(u.expectedBackOn, i),
		})
	}
	for s, i := f.deviceReturns, 0; i < s.key.table.rows; i++ {
		m.sheets = append(m.sheets, sheetFact{
			stamp: at(s.key, i, s.project, s.onDate), step: s.step.values[i], sheet: s.returnID.values[i], ticket: s.ticket.values[i], line: s.faultLine.values[i],
			part: s.part.values[i], serial: s.serial.values[i], maker: s.maker.values[i], result: s.result.values[i], expectedOn: days(s.expectedBackOn, i),
		})
	}
	for c, i := f.stockCounts, 0; i < c.key.table.rows; i++ {
		m.counts = append(m.counts, countFact{
			stamp: at(c.key, i, c.project, c.countedOn), part: c.part.values[i], sheet: c.countSheet.values[i], counted: c.counted.values[i].Shift(3).IntPart(),
		})
	}
	for p, i := f.catalogue, 0; i < p.key.table.rows; i++ {
		m.prices = append(m.prices, priceFact{
			stamp: stamp{p.key.position.values[i], p.key.line.values[i], p.key.recordedAt.values[i].UnixMicro(), p.key.actor.values[i], "", days(p.fromDate, i)},
			part:  p.part.values[i], unit: p.unit.values[i], cost: p.warrantyCost.values[i].Shift(2).IntPart(),
		})
	}
	for c, i := f.charges, 0; i < c.key.table.rows; i++ {
		if k := pricelist.ServiceKind(c.kind.values[i]); k == pricelist.Travel || k == pricelist.Labour {
			continue
		}
		m.charges = append(m.charges, chargeFact{
			stamp: at(c.key, i, c.project, c.occurredOn), center: c.center.values[i], charge: c.charge.values[i], ticket: c.ticket.values[i],
			line: c.faultLine.values[i], fromCenter: c.fromCenter.values[i], fromCharge: c.fromCharge.values[i], gross: c.gross.values[i].Shift(2).IntPart(),
		})
	}
	for d, i := f.documents, 0; i < d.key.table.rows; i++ {
		if d.eventType.values[i] == "CreditNoteIssued" {
			m.credits = append(m.credits, creditFact{
				stamp: at(d.key, i, d.project, d.onDate), center: d.center.values[i], charge: d.charge.values[i], note: d.document.values[i],
				amount: d.amount.values[i].Shift(2).IntPart(),
			})
		}
	}
	return m
}

func days(c dateColumn, i int) uint16 {
	y, m, d := c.values[i].Date()
	return uint16(calendar.NewDate(y, m, d))
}
