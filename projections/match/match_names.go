package match

import (
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
func (m *Comparison) compareNames() {
	known := m.Catalogued()
	unheld := m.Unheld(m.asOf)
	for i := range m.Lines {
		l := &m.Lines[i]
		if !l.Replaces || l.On > m.asOf {
			continue
		}
		f := Finding{
			Line: domain.FaultLineID(l.Line), LineProject: domain.ProjectID(l.Project), LinePart: domain.PartCode(l.Part),
			Ticket: domain.TicketID(l.Ticket),
			Bearer: policy.Bearer(l.Bearer), Expected: Quantity(l.Quantity), Documents: written(ref{&l.Stamp, "F1", l.Line}),
		}
		if len(known) > 0 && !known[l.Part] {
			m.find(finding.ItemMismatch, l.Line, &l.Stamp, l.Part, l.Quantity, m.cost(l.Project, l.Part, l.On, l.Quantity), f)
		}
		if serial := unheld[l.Line]; serial != "" && !m.issuedAs[l.Line] {
			f.Stated = texts(serial)
			m.find(finding.SerialMismatch, l.Line+finding.Unheld, &l.Stamp, l.Part, milli,
				m.cost(l.Project, l.Part, l.On, milli), f)
		}
	}
}

// Catalogued are the parts that the catalogue has by the day asked for. There are
// none where no catalogue was loaded: then lines are not held against it, and
// [AuditFindings.NoCatalogue] says so.
func (m *Comparison) Catalogued() map[string]bool {
	known := make(map[string]bool)
	for part, descriptions := range m.priceOf {
		if descriptions[0].On <= m.asOf {
			known[part] = true
		}
	}
	return known
}

// Unheld are the lines of which no depot had the unit built in by a day, as far as
// the movements in hand tell, with its serial. It is not asked where units of the part
// came into the depot of the line's project without their serials: one of them may be
// the unit. An issue slip does not tell either: whether what it names was there is
// what [match.compareSerials] asks.
func (f *Facts) Unheld(asOf uint16) map[string]string {
	unnamed := make(map[holdingKey]bool)
	for i := range f.Moves {
		if v := &f.Moves[i]; v.unnamed() && v.On <= asOf {
			unnamed[holdingKey{v.Project, v.Part}] = true
		}
	}
	asked := make(map[heldKey][]string) // lines
	for i := range f.Lines {
		if l := &f.Lines[i]; l.Replaces && l.NewSerial != "" && l.On <= asOf && !unnamed[holdingKey{l.Project, l.Part}] {
			k := heldKey{l.Part, l.NewSerial}
			asked[k] = append(asked[k], l.Line)
		}
	}
	for i := range f.Moves {
		if v := &f.Moves[i]; v.Kind != "ISSUE" && v.On <= asOf && len(asked) > 0 {
			for _, serial := range v.Serials {
				delete(asked, heldKey{v.Part, serial})
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
func (v *MoveFact) unnamed() bool {
	return v.comesIn() && len(v.Serials) == 0 || v.Kind == "ADJUSTMENT" && v.Quantity > 0
}

// comesIn reports whether units came into the depot that it had not issued.
func (v *MoveFact) comesIn() bool { return v.Kind == "RECEIPT" || v.Kind == "TRANSFER_IN" }
