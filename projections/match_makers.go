package projections

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
	opened, shipped *sheetFact
	finished        *sheetFact
	batch           string // whose line names the sheet
}

func (s *sheetState) away() bool { return s.opened != nil && s.shipped != nil }

func (s *sheetState) trip() trip {
	return trip{s.shipped.on, s.opened.part, s.opened.sheet, s.batch, false}
}

func (m *match) sheetStates() map[string]*sheetState {
	sheets := make(map[string]*sheetState)
	for i := range m.sheets {
		s := &m.sheets[i]
		if s.on > m.asOf {
			continue
		}
		state := sheets[s.sheet]
		if state == nil {
			state = &sheetState{}
			sheets[s.sheet] = state
		}
		switch s.step {
		case "OPENED":
			state.opened = s
		case "SHIPPED":
			state.shipped = s
		case "RETURNED":
			state.finished = s
		}
	}
	for i := range m.units {
		if u := &m.units[i]; u.step == "SHIPPED" && u.on <= m.asOf && u.sheet != "" && sheets[u.sheet] != nil {
			sheets[u.sheet].batch = max(sheets[u.sheet].batch, u.document)
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
func (u *unitFact) ends() bool { return u.step == "BACK" || u.step == "SCRAPPED_AT_MAKER" }

// of reports whether the end may be that of the trip: of its batch, or, under the
// same part, of a later day.
func (e *tripEnd) of(t *trip) bool {
	return e.batch != "" && e.batch == t.batch || e.part == t.part && e.on >= t.on
}

type batchKey struct{ project, batch, part string }

// batchState is what a batch to the maker holds of a part.
type batchState struct {
	first   *unitFact
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
func (m *match) compareMakers() {
	k := m.makers()
	for i := range m.units {
		if u := &m.units[i]; u.on <= m.asOf && u.ends() {
			m.compareEnd(k, u)
		}
	}
	for id, s := range k.sheets {
		if !s.away() || s.finished != nil {
			continue
		}
		o := s.opened
		if o.serial != "" && !k.away(serialIn{o.project, o.serial}, s.trip()) {
			continue
		}
		at := o.stamp
		at.on = s.shipped.on
		m.overdue(id, at, o.part, s.shipped.expectedOn, milli, milli, AuditFinding{
			Line: domain.FaultLineID(o.line), Ticket: domain.TicketID(o.ticket), Stated: texts(o.serial), Seen: texts(o.maker),
			Documents: []Document{o.document("F2", id), s.shipped.document("F2_SHIPPED", id)},
		})
	}
	for key, b := range k.batches {
		if b.sent == 0 {
			continue
		}
		out, papers := b.unnamed-b.came, append([]ref{{&b.first.stamp, "SHIPMENT", key.batch}}, b.papers...)
		for _, serial := range b.serials {
			in, t := serialIn{key.project, serial}, trip{b.first.on, key.part, "", key.batch, false}
			if k.away(in, t) {
				out += milli
			}
			for _, e := range k.ends[in] {
				if e.of(&t) && !slices.Contains(papers, e.ref) {
					papers = append(papers, e.ref)
				}
			}
		}
		m.overdue(key.project+"/"+key.batch+"/"+key.part, b.first.stamp, key.part, b.first.expectedOn, b.sent, out, AuditFinding{
			Line: domain.FaultLineID(b.line), Stated: b.serials, Seen: texts(b.first.maker), Documents: written(papers...),
		})
	}
}

// makers reads what was sent, and what is said to be there no more.
func (m *match) makers() *makers {
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
		sent(o.project, o.serial, s.trip())
		if f := s.finished; f != nil && o.serial != "" {
			in := serialIn{o.project, o.serial}
			k.ends[in] = append(k.ends[in], tripEnd{ref: ref{&f.stamp, "F2_RESULT", id}, part: o.part})
		}
	}
	for i := range m.units {
		u := &m.units[i]
		switch {
		case u.on > m.asOf:
		case u.step == "SHIPPED":
			k.exist[[2]string{u.project, u.document}] = true
			serial := ""
			if len(u.serials) > 0 {
				serial = u.serials[0] // a line of a batch with a serial is one unit
			}
			sent(u.project, serial, trip{u.on, u.part, "", u.document, u.sheet != ""})
			key := batchKey{u.project, u.document, u.part}
			if k.batches[key] == nil {
				k.batches[key] = &batchState{first: u}
			}
			k.batches[key].add(u)
		case u.ends():
			for _, serial := range u.serials {
				in := serialIn{u.project, serial}
				k.ends[in] = append(k.ends[in], tripEnd{u.paper(), u.part, u.shipment})
			}
		}
	}
	return k
}

func (b *batchState) add(u *unitFact) {
	b.secret = b.secret || len(u.serials) == 0
	if u.sheet != "" {
		return
	}
	b.sent, b.serials, b.line = b.sent+u.quantity, append(b.serials, u.serials...), cmp.Or(b.line, u.line)
	if len(u.serials) == 0 {
		b.unnamed += u.quantity
	}
}

// paper is the document of units that are not at their maker any more.
func (u *unitFact) paper() ref {
	if u.step == "BACK" {
		return ref{&u.stamp, "RECEIPT", u.document}
	}
	return ref{&u.stamp, "SCRAP_SLIP", u.document}
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
func (m *match) compareEnd(k *makers, u *unitFact) {
	end := tripEnd{u.paper(), u.part, u.shipment}
	var unknown []string
	for _, serial := range u.serials {
		if !slices.ContainsFunc(k.trips[serialIn{u.project, serial}], func(t trip) bool { return end.of(&t) }) {
			unknown = append(unknown, serial)
		}
	}
	slices.Sort(unknown)
	f := AuditFinding{Line: domain.FaultLineID(u.line), Expected: quantity(u.quantity), Stated: unknown, Documents: written(end.ref)}
	ending := finding.FromMaker
	if u.step != "BACK" {
		ending = finding.AtMaker
	}
	raise := func(units int64) {
		m.find(finding.SerialMismatch, u.project+"/"+u.document+ending, &u.stamp, u.part, units, m.cost(u.project, u.part, u.on, units), f)
	}
	n := int64(len(unknown)) * milli
	switch b := k.batches[batchKey{u.project, u.shipment, u.part}]; {
	case u.shipment == "":
		first, secret := k.secret[holdingKey{u.project, u.part}]
		if n > 0 && (!secret || first > u.on) {
			raise(n)
		}
	case !k.exist[[2]string{u.project, u.shipment}]:
		f.Seen, f.Stated = []string{u.shipment}, u.serials
		raise(u.quantity)
	case b == nil || !b.secret:
		if n > 0 {
			raise(n)
		}
		n = 0
	}
	if b := k.batches[batchKey{u.project, u.shipment, u.part}]; b != nil {
		if len(u.serials) == 0 {
			n = u.quantity
		}
		b.came += n
		if !slices.Contains(b.papers, end.ref) {
			b.papers = append(b.papers, end.ref)
		}
	}
}

// overdue finds units of a batch or sheet that are still out after their day.
func (m *match) overdue(document string, s stamp, part string, expected uint16, sent, out int64, f AuditFinding) {
	due := cmp.Or(expected, s.on+uint16(m.repairWithinDays))
	if out <= 0 || m.asOf <= due {
		return
	}
	f.DueOn, f.Expected, f.Actual = calendar.Date(due), quantity(sent), quantity(sent-out)
	m.find(finding.AtVendorOverdue, document, &s, part, out, m.cost(s.project, part, s.on, out), f)
}
