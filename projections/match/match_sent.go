package match

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/repair"
)

// SentUnit is a unit with a serial that a depot sent to its maker while no process
// sheet (F2) follows it, or all units without a serial that it sent of one part in one
// batch (§5.2.1).
type SentUnit struct {
	Project   domain.ProjectID // of the depot
	Batch     domain.SlipID
	Part      domain.PartCode
	Serial    string
	Maker     string
	Line      domain.FaultLineID
	ShippedOn calendar.Date
	Promised  calendar.Date // day on which it should be back, as the batch says; zero: it does not
	DueOn     calendar.Date // Promised, or as the department's rules have it
	// Units with a serial are one; others may be several. By the papers as of a day.
	Sent, Away, Scrapped int
	BackOn               calendar.Date // or scrapped; zero of units without a serial
}

// Overdue are the units that are still away after their day.
func (u SentUnit) Overdue(on calendar.Date) int {
	if on.After(u.DueOn) {
		return u.Away
	}
	return 0
}

// SentWithoutSheet are the units that depots sent to makers by a day and that no
// process sheet follows, by the rules of [finding.AtVendorOverdue]: each once, whatever
// papers name it. A unit with a serial that is on a sheet as well is that sheet's,
// though the batch does not name it.
func SentWithoutSheet(f *Facts, on calendar.Date, repairWithinDays int) (list []SentUnit) {
	m := &Comparison{Facts: f, asOf: uint16(on), repairWithinDays: repairWithinDays}
	k := m.countedBack()
	lines := make(map[oneUnit]*UnitFact)
	for i := range m.Units {
		if u := &m.Units[i]; u.On <= m.asOf && u.Step == "SHIPPED" && len(u.Serials) > 0 && u.Sheet == "" {
			lines[oneUnit{batchKey{u.batch(), u.Part}, u.Serials[0]}] = u
		}
	}
	for key, b := range k.batches {
		gone, scrapped := b.gone(), min(b.gone(), b.goneScrapped())
		if b.unnamed > 0 {
			n := min(b.unnamed, gone)
			u := m.sentUnit(b.first, b.line, devices(b.unnamed))
			u.Away, u.Scrapped = devices(b.unnamed-n), devices(min(n, scrapped))
			list = append(list, u)
			gone, scrapped = gone-n, max(scrapped-n, 0)
		}
		t := key.trip(b)
		slices.Sort(b.serials)
		for _, serial := range b.serials {
			if k.onSheet(serial, t) {
				continue
			}
			paper := lines[oneUnit{key, serial}]
			u := m.sentUnit(paper, paper.Line, 1)
			u.Serial = serial
			back, wasScrapped := k.ended(serial, t)
			switch u.BackOn = calendar.Date(back); {
			case back != 0 && wasScrapped:
				u.Scrapped = 1
			case back != 0:
			case gone >= milli: // a paper of the batch says so of some unit, and not of which
				if scrapped >= milli {
					u.Scrapped, scrapped = 1, scrapped-milli
				}
				gone -= milli
			default:
				u.Away = 1
			}
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b SentUnit) int {
		return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.Batch, b.Batch), cmp.Compare(a.Part, b.Part),
			cmp.Compare(a.Serial, b.Serial))
	})
	return list
}

// CountedSheet is a process sheet without a serial whose unit is at its maker no more by
// its batch, while the sheet does not say so yet: by the count of what the batch has back
// or, where the batch's line says which unit it is, by a paper that names it.
type CountedSheet struct {
	Sheet   domain.ReturnID
	Project domain.ProjectID // of the sheet
	On      calendar.Date    // day of the document by which it was back, or scrapped
}

// CountedSheets are those of which the documents of depots say so by a day, by number:
// what is no more [finding.AtVendorOverdue] by it is nowhere at its maker.
func CountedSheets(f *Facts, on calendar.Date) (list []CountedSheet) {
	m := &Comparison{Facts: f, asOf: uint16(on)}
	k := m.countedBack()
	for key, b := range k.batches {
		b.sheetsGone(-k.out(key, b))
	}
	for id, s := range k.sheets {
		if s.byLine && s.away() && s.finished == nil {
			s.counted, _ = k.ended(s.opened.Serial, s.trip())
		}
		if s.counted != 0 {
			list = append(list, CountedSheet{
				domain.ReturnID(id), domain.ProjectID(s.opened.Project), calendar.Date(s.counted),
			})
		}
	}
	slices.SortFunc(list, func(a, b CountedSheet) int { return cmp.Compare(a.Sheet, b.Sheet) })
	return list
}

// countedBack is what was sent, with what documents without serials have back of it.
func (m *Comparison) countedBack() *makers {
	k := m.makers()
	for i := range m.Units {
		if u := &m.Units[i]; u.On <= m.asOf && u.Ends() {
			m.compareEnd(k, u)
		}
	}
	return k
}

// oneUnit is a unit of a batch by its serial.
type oneUnit struct {
	batchKey
	serial string
}

func (m *Comparison) sentUnit(paper *UnitFact, line string, sent int) SentUnit {
	return SentUnit{
		Project: domain.ProjectID(paper.Project), Batch: domain.SlipID(paper.Document), Part: domain.PartCode(paper.Part),
		Maker: paper.Maker, Line: domain.FaultLineID(line), ShippedOn: calendar.Date(paper.On),
		Promised: calendar.Date(paper.ExpectedOn), DueOn: calendar.Date(m.due(&paper.Stamp, paper.ExpectedOn)),
		Sent: sent,
	}
}

// devices counts units that somebody carries: a part of one is one.
func devices(milliUnits int64) int { return int((milliUnits + milli - 1) / milli) }

// goneScrapped counts those of [batchState.gone] that their maker scrapped.
func (b *batchState) goneScrapped() int64 {
	scrapped := b.scrapped
	for _, s := range b.sheets {
		if s.finished != nil && repair.Result(s.finished.Result) == repair.Scrapped {
			scrapped -= milli
		}
	}
	return max(scrapped, 0)
}

// onSheet reports whether a process sheet follows the unit of a batch's line that names
// none: one of the same unit, sent on another day perhaps, with no paper by which it was
// back between the two.
func (k *makers) onSheet(serial string, t trip) bool {
	return slices.ContainsFunc(k.trips[serial], func(s trip) bool {
		if s.sheet == "" || s.part != t.part {
			return false
		}
		first, last := min(s.on, t.on), max(s.on, t.on)
		return !slices.ContainsFunc(k.ends[serial], func(e tripEnd) bool {
			return e.part == t.part && first < last && first <= e.On && e.On <= last
		})
	})
}

// ended finds the day from which the unit of a batch's line is not at its maker any more,
// zero while it is there, see [makers.away]; and whether it was scrapped.
func (k *makers) ended(serial string, t trip) (on uint16, scrapped bool) {
	for i := range k.ends[serial] {
		if e := &k.ends[serial][i]; e.of(&t) && (on == 0 || max(e.On, t.on) < on) {
			on, scrapped = max(e.On, t.on), e.kind == "SCRAP_SLIP"
		}
	}
	for _, o := range k.trips[serial] {
		if o.later(t) && (on == 0 || o.on < on) {
			on, scrapped = o.on, false // sent once more, for which it must have come back
		}
	}
	return on, scrapped
}
