package match

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/repair"
)

// This file follows units to their makers, one by one where they have serials,
// whichever project sent them and whichever has them back: what is not back in
// time, and what came back that nobody had sent.

// batchID is a batch sent to a maker. Depots number their own.
type batchID struct{ project, number string }

func (b batchID) compare(o batchID) int {
	return cmp.Or(cmp.Compare(b.number, o.number), cmp.Compare(b.project, o.project))
}

func (b batchID) String() string { return b.project + "/" + b.number }

// sheetState is a process sheet as of the day asked for.
type sheetState struct {
	opened, shipped *SheetFact
	finished        *SheetFact
	batch           batchID // whose line names the sheet
	byLine          bool    // the serial is the batch's word; the sheet itself has none
	counted         uint16  // day from which, by its batch's count, a unit without a serial is gone; zero: it is not
}

func (s *sheetState) away() bool { return s.opened != nil && s.shipped != nil }

func (s *sheetState) trip() trip {
	o := s.opened
	return trip{
		on: s.shipped.On, project: o.Project, part: o.Part, sheet: o.Sheet, batch: s.batch, followed: false,
	}
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
		u := &m.Units[i]
		if u.Step != "SHIPPED" || u.On > m.asOf || u.Sheet == "" || sheets[u.Sheet] == nil {
			continue
		}
		if s := sheets[u.Sheet]; s.batch.compare(u.batch()) < 0 {
			s.batch = u.batch()
			s.takeSerial(u)
		}
	}
	return sheets
}

// takeSerial gives a sheet that was filed without a serial that of the unit which the
// batch says it follows: a paper that names the unit later is about the sheet's.
func (s *sheetState) takeSerial(u *UnitFact) {
	if s.opened == nil || s.opened.Serial != "" && !s.byLine {
		return
	}
	named := *s.opened
	named.Serial, s.byLine = "", len(u.Serials) > 0
	if s.byLine {
		named.Serial = u.Serials[0]
	}
	s.opened = &named
}

// batch is the batch of a line that was shipped.
func (u *UnitFact) batch() batchID { return batchID{u.Project, u.Document} }

// trip is a unit with a serial on its way to its maker, on a process sheet or in
// a batch; or both, where the batch names the sheet that follows the unit.
type trip struct {
	on                   uint16
	project, part, sheet string
	batch                batchID
	followed             bool // the batch's line of a unit that is on a sheet
}

// tripEnd is a document by which a unit is not at its maker any more: a receipt, a
// scrap slip, or the result on a process sheet.
type tripEnd struct {
	ref
	part    string
	batches []batchID // that it names, as far as its number says
	cameAs  string    // of a receipt: the serial that the unit came back with
}

// contradicts reports whether a depot's paper about the unit of a sheet says another
// thing than the sheet's result. A unit that was given up, or that its maker scrapped
// without a word of the depot's, may turn up later only in the first case.
func (e *tripEnd) contradicts(opened, finished *SheetFact) bool {
	result, scrapped, itself := repair.Result(finished.Result), e.kind == "SCRAP_SLIP", e.cameAs == opened.Serial
	switch result {
	case repair.Repaired:
		return scrapped || !itself
	case repair.Replaced:
		return scrapped || e.cameAs != finished.NewSerial
	case repair.Scrapped:
		return !scrapped
	case repair.NotBack:
		return !scrapped && e.On <= finished.On
	}
	return false
}

// Ends reports whether the row says of units that their maker has them no more.
func (u *UnitFact) Ends() bool { return u.Step == "BACK" || u.Step == "SCRAPPED_AT_MAKER" }

// of reports whether the end may be that of the trip: of its batch, or, under the
// same part, of a later day.
func (e *tripEnd) of(t *trip) bool {
	return slices.Contains(e.batches, t.batch) || e.part == t.part && e.On >= t.on
}

type batchKey struct {
	batchID
	part string
}

// batchState is what a batch to the maker holds of a part.
type batchState struct {
	first          *UnitFact
	sent           int64 // units that no sheet follows
	unnamed        int64 // of them, those without a serial
	serials        []string
	followed       []string // serials of units that a sheet follows
	secret         bool     // some unit, followed or not, has no serial
	line           string
	sheets         []*sheetState // of units without a serial
	back, scrapped int64         // units without a known serial that receipts and scrap slips speak of
	endings        []unnamedEnd  // that do
	papers         []ref
}

// makers is what the match knows about units at their makers.
type makers struct {
	sheets   map[string]*sheetState
	trips    map[string][]trip // by serial; the part is not in it: the maker may send another
	ends     map[string][]tripEnd
	batches  map[batchKey]*batchState
	numbered map[string][]batchID  // by number
	secret   map[holdingKey]uint16 // when a project first sent a unit without a serial
	makersEnds
}

// named are the batches that a document of a project may mean by a number: that of
// its own depot, and where that has none those of the others. There are none where
// no depot sent such a batch.
func (k *makers) named(project, number string) []batchID {
	if own := (batchID{project, number}); slices.Contains(k.numbered[number], own) {
		return []batchID{own}
	}
	return k.numbered[number]
}

// compareMakers finds units that are not back from their maker in time, by
// process sheet F2, and by batch and part where no sheet follows a unit; and
// documents that name units or batches as sent which were not.
func (m *Comparison) compareMakers() {
	k := m.countedBack()
	for key, b := range k.batches {
		m.compareBatch(k, key, b)
	}
	k.compareLoose()
	for id, s := range k.sheets {
		m.compareResult(k, id, s)
		if !s.away() || s.finished != nil || s.counted != 0 {
			continue
		}
		o := s.opened
		if o.Serial != "" && !k.away(o.Serial, s.trip()) {
			continue
		}
		papers := []ref{{&o.Stamp, "F2", id}, {&s.shipped.Stamp, "F2_SHIPPED", id}}
		if b := k.batches[batchKey{s.batch, o.Part}]; b != nil && o.Serial == "" {
			papers = append(papers, ref{&b.first.Stamp, "SHIPMENT", s.batch.number})
			papers = append(papers, b.papers...)
		}
		at := o.Stamp
		at.On = s.shipped.On
		m.overdue(id, at, o.Part, s.shipped.ExpectedOn, milli, milli, Finding{
			Line: domain.FaultLineID(o.Line), Ticket: domain.TicketID(o.Ticket), Stated: texts(o.Serial), Seen: texts(o.Maker),
			Documents: written(papers...),
		})
	}
}

// compareResult holds the result on a sheet against what papers of depots say of the
// same unit since it was sent: it cannot be repaired and scrapped, or replaced by one
// unit and back as another. Which of them was entered first makes no difference.
func (m *Comparison) compareResult(k *makers, id string, s *sheetState) {
	if !s.away() || s.finished == nil || s.opened.Serial == "" {
		return
	}
	o, papers := s.opened, []ref{{&s.opened.Stamp, "F2", id}, {&s.finished.Stamp, "F2_RESULT", id}}
	agreed := len(papers)
	var seen []string
	for i := range k.ends[o.Serial] {
		e := &k.ends[o.Serial][i]
		if e.kind == "F2_RESULT" || !e.contradicts(o, s.finished) || !k.aboutTrip(e, s) {
			continue
		}
		papers = append(papers, e.ref)
		if e.kind == "RECEIPT" && !slices.Contains(seen, e.cameAs) {
			seen = append(seen, e.cameAs)
		}
	}
	if len(papers) == agreed {
		return
	}
	at := o.Stamp
	at.On = s.finished.On
	m.find(finding.SerialMismatch, id+finding.Result, &at, o.Part, milli, m.cost(o.Project, o.Part, at.On, milli), Finding{
		Line: domain.FaultLineID(o.Line), Ticket: domain.TicketID(o.Ticket), Stated: texts(o.Serial), Seen: seen,
		Result: repair.Result(s.finished.Result), ReplacedBy: s.finished.NewSerial, Documents: written(papers...),
	})
}

// aboutTrip reports whether a depot's paper about the unit of a sheet is about the
// journey of that sheet: of its batch, or since it was sent and before the unit, back
// from that journey, was sent again.
func (k *makers) aboutTrip(e *tripEnd, s *sheetState) bool {
	o, t := s.opened, s.trip()
	if slices.Contains(e.batches, t.batch) {
		return true
	}
	if !e.of(&t) {
		return false
	}
	return !slices.ContainsFunc(k.trips[o.Serial], func(again trip) bool {
		if again.part != o.Part || again.followed || again.on <= t.on || again.on > e.On {
			return false
		}
		return again.on >= s.finished.On || slices.ContainsFunc(k.ends[o.Serial], func(b tripEnd) bool {
			return b.kind == "RECEIPT" && b.ref != e.ref && b.part == o.Part && b.On >= t.on && b.On <= again.on
		})
	})
}

// compareBatch finds what of a batch is out after its day.
func (m *Comparison) compareBatch(k *makers, key batchKey, b *batchState) {
	papers := append([]ref{{&b.first.Stamp, "SHIPMENT", key.number}}, b.papers...)
	if b.unnamed > 0 {
		for _, s := range b.sheets {
			if s.finished != nil {
				papers = append(papers, ref{&s.finished.Stamp, "F2_RESULT", s.opened.Sheet})
			}
		}
	}
	for _, serial := range b.serials {
		t := key.trip(b)
		for _, e := range k.ends[serial] {
			if e.of(&t) && !slices.Contains(papers, e.ref) {
				papers = append(papers, e.ref)
			}
		}
	}
	out := k.out(key, b)
	b.beyond(b.sheetsGone(-out) - k.untold(key, b))
	m.overdue(key.String()+"/"+key.part, b.first.Stamp, key.part, b.first.ExpectedOn, b.sent, out, Finding{
		Line: domain.FaultLineID(b.line), Stated: b.serials, Seen: texts(b.first.Maker), Documents: written(papers...),
	})
}

// out counts the units of a batch that no sheet follows and that are at the maker; below
// zero, those that documents without their serials have back beyond them.
func (k *makers) out(key batchKey, b *batchState) int64 {
	out, t := b.unnamed-b.gone(), key.trip(b)
	for _, serial := range b.serials {
		if k.away(serial, t) {
			out += milli
		}
	}
	return out
}

// gone counts the units of a batch that documents without their serials say are at
// the maker no more. Nobody can tell such units apart: a receipt is taken to be of a
// unit whose sheet says that it is repaired or replaced, and a scrap slip of one
// whose sheet says that it is scrapped, as far as there are any, since those are two
// papers about one unit.
func (b *batchState) gone() int64 {
	back, scrapped := b.back, b.scrapped
	for _, s := range b.sheets {
		if f := s.finished; f != nil {
			switch repair.Result(f.Result) {
			case repair.Repaired, repair.Replaced:
				back -= milli
			case repair.Scrapped:
				scrapped -= milli
			case repair.NotBack:
			}
		}
	}
	return max(back, 0) + max(scrapped, 0)
}

// sheetsGone gives units that are left over, when all that no sheet follows are
// accounted for, to the sheets without a serial, the first sent first, and then to
// those whose units were given up. It returns the units that are left over still. As
// nobody can tell which they were, the documents dated last are taken to be theirs.
func (b *batchState) sheetsGone(units int64) int64 {
	slices.SortFunc(b.sheets, func(x, y *sheetState) int {
		return cmp.Or(cmp.Compare(x.shipped.On, y.shipped.On), cmp.Compare(x.opened.Sheet, y.opened.Sheet))
	})
	slices.SortFunc(b.endings, unnamedEnd.compare)
	endings, spare, on := b.endings, units, uint16(0)
	for _, e := range endings {
		spare -= e.units // below zero: what the others account for
	}
	for _, s := range b.sheets {
		if s.finished != nil || units < milli {
			continue
		}
		for ; spare < milli; endings = endings[1:] {
			spare, on = spare+endings[0].units, endings[0].unit.On
		}
		s.counted, spare, units = max(on, s.shipped.On), spare-milli, units-milli
	}
	for _, s := range b.sheets {
		if f := s.finished; f != nil && repair.Result(f.Result) == repair.NotBack && units >= milli {
			units -= milli
		}
	}
	return units
}

// makers reads what was sent, and what is said to be there no more.
func (m *Comparison) makers() *makers {
	k := &makers{
		sheets: m.sheetStates(), trips: make(map[string][]trip), ends: make(map[string][]tripEnd),
		batches:  make(map[batchKey]*batchState),
		numbered: make(map[string][]batchID), secret: make(map[holdingKey]uint16), makersEnds: newMakersEnds(),
	}
	sent := func(project, serial string, t trip) {
		if serial != "" {
			k.trips[serial] = append(k.trips[serial], t)
			return
		}
		h := holdingKey{project, t.part}
		if first, ok := k.secret[h]; !ok || t.on < first {
			k.secret[h] = t.on
		}
	}
	for i := range m.Units {
		u := &m.Units[i]
		if u.Step != "SHIPPED" || u.On > m.asOf {
			continue
		}
		if id := u.batch(); !slices.Contains(k.numbered[id.number], id) {
			k.numbered[id.number] = append(k.numbered[id.number], id)
		}
		serial := ""
		if len(u.Serials) > 0 {
			serial = u.Serials[0] // a line of a batch with a serial is one unit
		}
		if serial == "" {
			k.sentUnnamed(u.Project, u.Part, u.On, u.Quantity)
		}
		sent(u.Project, serial, trip{
			on: u.On, project: u.Project, part: u.Part, sheet: "", batch: u.batch(), followed: u.Sheet != "",
		})
		key := batchKey{u.batch(), u.Part}
		if k.batches[key] == nil {
			k.batches[key] = &batchState{first: u}
		}
		k.batches[key].add(u)
	}
	for id, s := range k.sheets {
		if !s.away() {
			continue
		}
		o := s.opened
		if o.Serial == "" && s.batch == (batchID{}) {
			k.sentUnnamed(o.Project, o.Part, s.shipped.On, milli)
		}
		sent(o.Project, o.Serial, s.trip())
		if b := k.batches[batchKey{s.batch, o.Part}]; b != nil && o.Serial == "" {
			b.sheets = append(b.sheets, s)
		}
		if f := s.finished; f != nil && o.Serial != "" {
			k.ends[o.Serial] = append(k.ends[o.Serial], tripEnd{ref: ref{&f.Stamp, "F2_RESULT", id}, part: o.Part})
		}
	}
	for i := range m.Units {
		if u := &m.Units[i]; u.On <= m.asOf && u.Ends() {
			for j, serial := range u.Serials {
				e := k.end(u)
				if e.cameAs = serial; j < len(u.CameAs) {
					e.cameAs = u.CameAs[j]
				}
				k.ends[serial] = append(k.ends[serial], e)
			}
		}
	}
	k.pair()
	return k
}

func (k *makers) end(u *UnitFact) tripEnd {
	return tripEnd{ref: u.paper(), part: u.Part, batches: k.named(u.Project, u.Shipment)}
}

func (b *batchState) add(u *UnitFact) {
	b.secret = b.secret || len(u.Serials) == 0
	if u.Sheet != "" {
		b.followed = append(b.followed, u.Serials...)
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
// unit that was sent twice is one unit, whoever sent it.
func (k *makers) away(serial string, t trip) bool {
	if slices.ContainsFunc(k.ends[serial], func(e tripEnd) bool { return e.of(&t) }) {
		return false
	}
	return !slices.ContainsFunc(k.trips[serial], func(o trip) bool { return o.later(t) })
}

// later reports whether a unit went on this trip after another.
func (o trip) later(t trip) bool {
	return o.part == t.part && !o.followed &&
		cmp.Or(cmp.Compare(o.on, t.on), cmp.Compare(o.sheet, t.sheet), o.batch.compare(t.batch)) > 0
}

// compareEnd holds the units of a receipt from a maker, or of a scrap slip of
// units there, against what was sent. What its project sent without its serial may
// be any of its part; it is not asked which, but no more come back than were sent.
func (m *Comparison) compareEnd(k *makers, u *UnitFact) {
	end := k.end(u)
	var unknown []string
	for _, serial := range u.Serials {
		if !k.brought[oneEnd{serial, end.Stamp}] {
			unknown = append(unknown, serial)
		}
	}
	slices.Sort(unknown)
	var of []batchID // that sent units of the part
	for _, id := range end.batches {
		if k.batches[batchKey{id, u.Part}] != nil {
			of = append(of, id)
		}
	}
	f := Finding{
		Line: domain.FaultLineID(u.Line), Expected: Quantity(u.Quantity), Stated: unknown, Documents: written(end.ref),
	}
	ending := finding.FromMaker
	if u.Step != "BACK" {
		ending = finding.AtMaker
	}
	raise := func(units int64, f Finding) {
		if units > 0 {
			m.find(finding.SerialMismatch, u.Project+"/"+u.Document+ending, &u.Stamp, u.Part, units,
				m.cost(u.Project, u.Part, u.On, units), f)
		}
	}
	n := int64(len(unknown)) * milli
	uncounted := n // units that only a count can tell of
	if len(u.Serials) == 0 {
		uncounted = u.Quantity
	}
	rest := unnamedEnd{unit: u, units: uncounted, raise: func(units int64) {
		unsaid := f // of which of its units it is true cannot be told
		unsaid.Stated = nil
		raise(units, unsaid)
	}}
	switch {
	case u.Shipment == "" && len(u.Serials) > 0 && !k.sentSecretly(u):
		raise(n, f)
	case u.Shipment == "":
		h := holdingKey{u.Project, u.Part}
		k.loose[h] = append(k.loose[h], rest)
	case len(end.batches) == 0:
		f.Seen, f.Stated = []string{u.Shipment}, u.Serials
		raise(u.Quantity, f)
	case len(of) > 1: // it is not said of which
		slices.SortFunc(of, batchID.compare)
		for _, id := range of {
			f.Seen = append(f.Seen, id.String())
		}
		raise(uncounted, f)
	case len(of) == 0:
		raise(uncounted, f)
	default:
		b := k.batches[batchKey{of[0], u.Part}]
		if !b.secret {
			raise(n, f)
			rest.units -= n
		}
		b.count(rest, end.ref)
	}
}

// sentSecretly reports whether the project of a document had sent a unit of its part
// without its serial.
func (k *makers) sentSecretly(u *UnitFact) bool {
	first, secret := k.secret[holdingKey{u.Project, u.Part}]
	return secret && first <= u.On
}

// count takes the units of a document that names the batch off those that have no
// serial.
func (b *batchState) count(e unnamedEnd, paper ref) {
	if e.unit.Step == "BACK" {
		b.back += e.units
	} else {
		b.scrapped += e.units
	}
	b.endings = append(b.endings, e)
	if !slices.Contains(b.papers, paper) {
		b.papers = append(b.papers, paper)
	}
}

// due is the day on which what was sent should be back: as was promised when it was sent,
// or by the department's rules. A later promise does not undo a broken one.
func (m *Comparison) due(sent *Stamp, promised uint16) uint16 {
	return cmp.Or(promised, sent.On+uint16(m.repairWithinDays))
}

// overdue finds units of a batch or sheet that are still out after their day.
func (m *Comparison) overdue(document string, s Stamp, part string, expected uint16, sent, out int64, f Finding) {
	due := m.due(&s, expected)
	if out <= 0 || m.asOf <= due {
		return
	}
	f.DueOn, f.Expected, f.Actual = calendar.Date(due), Quantity(sent), Quantity(sent-out)
	m.find(finding.AtVendorOverdue, document, &s, part, out, m.cost(s.Project, part, s.On, out), f)
}
