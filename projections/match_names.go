package projections

import (
	"context"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/policy"
)

// This file holds what the lines of F1 name against what there is: their part
// against the catalogue, and the serial built in against what depots ever had.

// heldKey is a unit by its part and serial.
type heldKey struct{ part, serial string }

// compareNames finds lines that name a part that the catalogue does not have, or
// that built in a unit that no depot anywhere ever had. The old serial is not asked:
// what was installed at completion was never in a depot of after-sales, and what
// becomes of it is compared by itself.
func (m *match) compareNames() {
	known := m.catalogued()
	unheld := m.unheld(m.asOf)
	for i := range m.lines {
		l := &m.lines[i]
		if !l.replaces || l.on > m.asOf {
			continue
		}
		f := AuditFinding{
			Line: domain.FaultLineID(l.line), LineProject: domain.ProjectID(l.project), LinePart: domain.PartCode(l.part), Ticket: domain.TicketID(l.ticket),
			Bearer: policy.Bearer(l.bearer), Expected: quantity(l.quantity), Documents: written(ref{&l.stamp, "F1", l.line}),
		}
		if len(known) > 0 && !known[l.part] {
			m.find(finding.ItemMismatch, l.line, &l.stamp, l.part, l.quantity, m.cost(l.project, l.part, l.on, l.quantity), f)
		}
		if serial := unheld[l.line]; serial != "" && !m.issuedAs[l.line] {
			f.Stated = texts(serial)
			m.find(finding.SerialMismatch, l.line+finding.Unheld, &l.stamp, l.part, milli, m.cost(l.project, l.part, l.on, milli), f)
		}
	}
}

// catalogued are the parts that the catalogue has by the day asked for. There are
// none where no catalogue was loaded: then lines are not held against it, and
// [AuditFindings.NoCatalogue] says so.
func (m *match) catalogued() map[string]bool {
	known := make(map[string]bool)
	for part, descriptions := range m.priceOf {
		if descriptions[0].on <= m.asOf {
			known[part] = true
		}
	}
	return known
}

// unheld are the lines of which no depot had the unit built in by a day, as far as
// the movements in hand tell, with its serial. It is not asked where units of the part
// came into the depot of the line's project without their serials: one of them may be
// the unit. An issue slip does not tell either: whether what it names was there is
// what [match.compareSerials] asks.
func (f *matchFacts) unheld(asOf uint16) map[string]string {
	unnamed := make(map[holdingKey]bool)
	for i := range f.moves {
		if v := &f.moves[i]; v.unnamed() && v.on <= asOf {
			unnamed[holdingKey{v.project, v.part}] = true
		}
	}
	asked := make(map[heldKey][]string) // lines
	for i := range f.lines {
		if l := &f.lines[i]; l.replaces && l.newSerial != "" && l.on <= asOf && !unnamed[holdingKey{l.project, l.part}] {
			k := heldKey{l.part, l.newSerial}
			asked[k] = append(asked[k], l.line)
		}
	}
	for i := range f.moves {
		if v := &f.moves[i]; v.kind != "ISSUE" && v.on <= asOf && len(asked) > 0 {
			for _, serial := range v.serials {
				delete(asked, heldKey{v.part, serial})
			}
		}
	}
	unheld := make(map[string]string)
	for k, lines := range asked {
		for _, line := range lines {
			unheld[line] = k.serial
		}
	}
	return unheld
}

// unnamed reports whether units came in without their serials.
func (v *moveFact) unnamed() bool {
	return v.comesIn() && len(v.serials) == 0 || v.kind == "ADJUSTMENT" && v.quantity > 0
}

// comesIn reports whether units came into the depot that it had not issued.
func (v *moveFact) comesIn() bool { return v.kind == "RECEIPT" || v.kind == "TRANSFER_IN" }

// holdings reads what depots elsewhere had of some units.
func (q *question) holdings(ctx context.Context, sources []source, scope projectScope, serials []string) error {
	i := slices.IndexFunc(sources, func(s source) bool { return s.table == "part_movements" })
	slices.Sort(serials)
	for numbers := range slices.Chunk(slices.Compact(serials), numbersAtOnce) {
		if err := sources[i].read(ctx, q, statements()["part_movements, holding"], scope.params().with("numbers", numbers)); err != nil {
			return err
		}
	}
	return nil
}
