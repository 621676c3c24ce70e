package match

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
)

// This file follows units to their makers, one by one where they have serials:
// what is not back in time, and what came back that nobody had sent.

// sheetState is a process sheet as of the day asked for.
type sheetState struct {
	opened, shipped *SheetFact
	finished        *SheetFact
	batch           string // whose line names the sheet
}

func (s *sheetState) away() bool { return s.opened != nil && s.shipped != nil }

func (s *sheetState) trip() trip {
	return trip{s.shipped.On, s.opened.Part, s.opened.Sheet, s.batch, false}
}

func (m *Comparison) sheetStates() map[string]*sheetState {
	sheets := make(map[string]*sheetState)
	for i := range m.Sheets {
		s := &m.Sheets[i]
		if s.On > m.asOf {
			continue
		}
		state := sheets[s.Sheet]
		if state == nil {
			state = &sheetState{}
			sheets[s.Sheet] = state
		}
		switch s.Step {
		case "OPENED":
			state.opened = s
		case "SHIPPED":
			state.shipped = s
		case "RETURNED":
			state.finished = s
		}
	}
	for i := range m.Units {
		if u := &m.Units[i]; u.Step == "SHIPPED" && u.On <= m.asOf && u.Sheet != "" && sheets[u.Sheet] != nil {
			sheets[u.Sheet].batch = max(sheets[u.Sheet].batch, u.Document)
		}
	}
	return sheets
}

// trip is a unit with a serial on its way to its maker, on a process sheet or in
// a batch; or both, where the batch names the sheet that follows the unit.
type trip struct {
	on                 uint16
	part, sheet, batch string
	followed           bool // the batch's line of a unit that is on a sheet
}

// tripEnd is a document by which a unit is not at its maker any more: a receipt, a
// scrap slip, or the result on a process sheet.
type tripEnd struct {
	ref
	part, batch string
}

// ends reports whether the row says of units that their maker has them no more.
func (u *UnitFact) Ends() bool { return u.Step == "BACK" || u.Step == "SCRAPPED_AT_MAKER" }

// of reports whether the end may be that of the trip: of its batch, or, under the
// same part, of a later day.
func (e *tripEnd) of(t *trip) bool {
	return e.batch != "" && e.batch == t.batch || e.part == t.part && e.On >= t.on
}

type batchKey struct{ project, batch, part string }

// batchState is what a batch to the maker holds of a part.
type batchState struct {
	first   *UnitFact
	sent    int64 // units that no sheet follows
	unnamed int64 // of them, those without a serial
	serials []string
	secret  bool // some unit, followed or not, has no serial
	line    string
	came    int64 // units without a known serial that a document says are gone from the maker
	papers  []ref
}

// makers is what the match knows about units at their makers.
type makers struct {
	sheets  map[string]*sheetState
	trips   map[serialIn][]trip
	ends    map[serialIn][]tripEnd
	batches map[batchKey]*batchState
	exist   map[[2]string]bool    // batches, by project and number
	secret  map[holdingKey]uint16 // when a unit without a serial was first sent
}

// serialIn is a serial as the papers of a project name it. The part is not in it:
// the maker may send another.
type serialIn struct{ project, serial string }

// compareMakers finds units that are not back from their maker in time, by
// process sheet F2, and by batch and part where no sheet follows a unit; and
// documents that name units or batches as sent which were not.
func (m *Comparison) compareMakers() {
	k := m.makers()
	for i := range m.Units {
		if u := &m.Units[i]; u.On <= m.asOf && u.Ends() {
			m.compareEnd(k, u)
		}
	}
	for id, s := range k.sheets {
		if !s.away() || s.finished != nil {
			continue
		}
		o := s.opened
		if o.Serial != "" && !k.away(serialIn{o.Project, o.Serial}, s.trip()) {
			continue
		}
		at := o.Stamp
		at.On = s.shipped.On
		m.overdue(id, at, o.Part, s.shipped.ExpectedOn, milli, milli, Finding{
			Line: domain.FaultLineID(o.Line), Ticket: domain.TicketID(o.Ticket), Stated: texts(o.Serial), Seen: texts(o.Maker),
			Documents: []Document{o.document("F2", id), s.shipped.document("F2_SHIPPED", id)},
		})
	}
	for key, b := range k.batches {
		if b.sent == 0 {
			continue
		}
		out, papers := b.unnamed-b.came, append([]ref{{&b.first.Stamp, "SHIPMENT", key.batch}}, b.papers...)
		for _, serial := range b.serials {
			in, t := serialIn{key.project, serial}, trip{b.first.On, key.part, "", key.batch, false}
			if k.away(in, t) {
				out += milli
			}
			for _, e := range k.ends[in] {
				if e.of(&t) && !slices.Contains(papers, e.ref) {
					papers = append(papers, e.ref)
				}
			}
		}
		m.overdue(key.project+"/"+key.batch+"/"+key.part, b.first.Stamp, key.part, b.first.ExpectedOn, b.sent, out, Finding{
			Line: domain.FaultLineID(b.line), Stated: b.serials, Seen: texts(b.first.Maker), Documents: written(papers...),
		})
	}
}

// makers reads what was sent, and what is said to be there no more.
func (m *Comparison) makers() *makers {
	k := &makers{
		sheets: m.sheetStates(), trips: make(map[serialIn][]trip), ends: make(map[serialIn][]tripEnd), batches: make(map[batchKey]*batchState),
		exist: make(map[[2]string]bool), secret: make(map[holdingKey]uint16),
	}
	sent := func(project, serial string, t trip) {
		if serial != "" {
			in := serialIn{project, serial}
			k.trips[in] = append(k.trips[in], t)
			return
		}
		h := holdingKey{project, t.part}
		if first, ok := k.secret[h]; !ok || t.on < first {
			k.secret[h] = t.on
		}
	}
	for id, s := range k.sheets {
		if !s.away() {
			continue
		}
		o := s.opened
		sent(o.Project, o.Serial, s.trip())
		if f := s.finished; f != nil && o.Serial != "" {
			in := serialIn{o.Project, o.Serial}
			k.ends[in] = append(k.ends[in], tripEnd{ref: ref{&f.Stamp, "F2_RESULT", id}, part: o.Part})
		}
	}
	for i := range m.Units {
		u := &m.Units[i]
		switch {
		case u.On > m.asOf:
		case u.Step == "SHIPPED":
			k.exist[[2]string{u.Project, u.Document}] = true
			serial := ""
			if len(u.Serials) > 0 {
				serial = u.Serials[0] // a line of a batch with a serial is one unit
			}
			sent(u.Project, serial, trip{u.On, u.Part, "", u.Document, u.Sheet != ""})
			key := batchKey{u.Project, u.Document, u.Part}
			if k.batches[key] == nil {
				k.batches[key] = &batchState{first: u}
			}
			k.batches[key].add(u)
		case u.Ends():
			for _, serial := range u.Serials {
				in := serialIn{u.Project, serial}
				k.ends[in] = append(k.ends[in], tripEnd{u.paper(), u.Part, u.Shipment})
			}
		}
	}
	return k
}

func (b *batchState) add(u *UnitFact) {
	b.secret = b.secret || len(u.Serials) == 0
	if u.Sheet != "" {
		return
	}
	b.sent, b.serials, b.line = b.sent+u.Quantity, append(b.serials, u.Serials...), cmp.Or(b.line, u.Line)
	if len(u.Serials) == 0 {
		b.unnamed += u.Quantity
	}
}

// paper is the document of units that are not at their maker any more.
func (u *UnitFact) paper() ref {
	if u.Step == "BACK" {
		return ref{&u.Stamp, "RECEIPT", u.Document}
	}
	return ref{&u.Stamp, "SCRAP_SLIP", u.Document}
}

// away reports whether a trip is the one that its unit is on: no document ended
// it, and the unit was not sent once more, for which it must have come back. A
// unit that was sent twice is one unit.
func (k *makers) away(in serialIn, t trip) bool {
	if slices.ContainsFunc(k.ends[in], func(e tripEnd) bool { return e.of(&t) }) {
		return false
	}
	return !slices.ContainsFunc(k.trips[in], func(o trip) bool {
		return o.part == t.part && !o.followed &&
			cmp.Or(cmp.Compare(o.on, t.on), cmp.Compare(o.sheet, t.sheet), cmp.Compare(o.batch, t.batch)) > 0
	})
}

// compareEnd holds the units of a receipt from a maker, or of a scrap slip of
// units there, against what was sent. What was sent without its serial may be any
// of its part; it is not asked which.
func (m *Comparison) compareEnd(k *makers, u *UnitFact) {
	end := tripEnd{u.paper(), u.Part, u.Shipment}
	var unknown []string
	for _, serial := range u.Serials {
		if !slices.ContainsFunc(k.trips[serialIn{u.Project, serial}], func(t trip) bool { return end.of(&t) }) {
			unknown = append(unknown, serial)
		}
	}
	slices.Sort(unknown)
	f := Finding{Line: domain.FaultLineID(u.Line), Expected: Quantity(u.Quantity), Stated: unknown, Documents: written(end.ref)}
	ending := finding.FromMaker
	if u.Step != "BACK" {
		ending = finding.AtMaker
	}
	raise := func(units int64) {
		m.find(finding.SerialMismatch, u.Project+"/"+u.Document+ending, &u.Stamp, u.Part, units, m.cost(u.Project, u.Part, u.On, units), f)
	}
	n := int64(len(unknown)) * milli
	switch b := k.batches[batchKey{u.Project, u.Shipment, u.Part}]; {
	case u.Shipment == "":
		first, secret := k.secret[holdingKey{u.Project, u.Part}]
		if n > 0 && (!secret || first > u.On) {
			raise(n)
		}
	case !k.exist[[2]string{u.Project, u.Shipment}]:
		f.Seen, f.Stated = []string{u.Shipment}, u.Serials
		raise(u.Quantity)
	case b == nil || !b.secret:
		if n > 0 {
			raise(n)
		}
		n = 0
	}
	if b := k.batches[batchKey{u.Project, u.Shipment, u.Part}]; b != nil {
		if len(u.Serials) == 0 {
			n = u.Quantity
		}
		b.came += n
		if !slices.Contains(b.papers, end.ref) {
			b.papers = append(b.papers, end.ref)
		}
	}
}

// overdue finds units of a batch or sheet that are still out after their day.
func (m *Comparison) overdue(document string, s Stamp, part string, expected uint16, sent, out int64, f Finding) {
	due := cmp.Or(expected, s.On+uint16(m.repairWithinDays))
	if out <= 0 || m.asOf <= due {
		return
	}
	f.DueOn, f.Expected, f.Actual = calendar.Date(due), Quantity(sent), Quantity(sent-out)
	m.find(finding.AtVendorOverdue, document, &s, part, out, m.cost(s.Project, part, s.On, out), f)
}
