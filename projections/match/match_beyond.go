package match

import (
	"cmp"
	"slices"
)

// This file finds units that makers give back, or scrap, beyond those that were sent:
// one that is back once more than it was sent, and more than there were where a
// document does not name them one by one. Which of several documents is the one too
// many is told by their dates, so that it does not matter which was entered first.

// oneEnd is what one document says of one unit.
type oneEnd struct {
	serial string
	paper  *Stamp
}

// unnamedEnd is a document that says of units without a known serial that their maker has
// them no more, and how to say that nobody had sent so many.
type unnamedEnd struct {
	unit  *UnitFact
	units int64
	raise func(units int64)
}

// compare orders documents by their dates.
func (e unnamedEnd) compare(o unnamedEnd) int { return e.unit.compare(o.unit) }

func (u *UnitFact) compare(o *UnitFact) int {
	return cmp.Or(cmp.Compare(u.On, o.On), cmp.Compare(u.Project, o.Project), cmp.Compare(u.Document, o.Document),
		cmp.Compare(u.Step, o.Step))
}

// sentOn are units that no document has back under their serials, and the day on which
// they were sent.
type sentOn struct {
	on    uint16
	units int64
}

// makersEnds is what the match knows of documents that say of units that their makers
// have them no more.
type makersEnds struct {
	brought map[oneEnd]bool // documents that are about a journey of the unit
	unnamed map[holdingKey][]sentOn
	loose   map[holdingKey][]unnamedEnd // documents that name no batch
}

func newMakersEnds() makersEnds {
	return makersEnds{
		brought: make(map[oneEnd]bool), unnamed: make(map[holdingKey][]sentOn), loose: make(map[holdingKey][]unnamedEnd),
	}
}

func (k *makersEnds) sentUnnamed(project, part string, on uint16, units int64) {
	h := holdingKey{project, part}
	k.unnamed[h] = append(k.unnamed[h], sentOn{on, units})
}

// pair gives each document about a unit with a serial a journey of that unit which it
// ends, as far as there are any: the first dated first. A unit that was sent once is
// back once.
func (k *makers) pair() {
	for serial, ends := range k.ends {
		papers := slices.DeleteFunc(slices.Clone(ends), func(e tripEnd) bool { return e.kind == "F2_RESULT" })
		slices.SortFunc(papers, func(a, b tripEnd) int {
			return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Project, b.Project), cmp.Compare(a.number, b.number),
				cmp.Compare(a.kind, b.kind))
		})
		journeys := k.journeys(serial)
		endOf := make([]*tripEnd, len(journeys))
		// A document may take the journey of another that has one left beside it.
		var take func(e *tripEnd, asked []bool) bool
		take = func(e *tripEnd, asked []bool) bool {
			for i := range journeys {
				if asked[i] || !e.of(&journeys[i]) {
					continue
				}
				asked[i] = true
				if endOf[i] == nil || take(endOf[i], asked) {
					endOf[i] = e
					return true
				}
			}
			return false
		}
		for i := range papers {
			if take(&papers[i], make([]bool, len(journeys))) {
				k.brought[oneEnd{serial, papers[i].Stamp}] = true
			}
		}
	}
	for serial := range k.trips {
		for _, t := range k.journeys(serial) {
			if !k.told(serial, &t) {
				k.sentUnnamed(t.project, t.part, t.on, milli)
			}
		}
	}
}

// told reports whether a depot's document says under its serial of a unit on a journey that
// its maker has it no more.
func (k *makers) told(serial string, t *trip) bool {
	return slices.ContainsFunc(k.ends[serial], func(e tripEnd) bool { return e.kind != "F2_RESULT" && e.of(t) })
}

// journeys are the times that a unit was sent. The line of a batch and the sheet that it
// names are one of them.
func (k *makers) journeys(serial string) (list []trip) {
	for _, t := range k.trips[serial] {
		sheets := slices.ContainsFunc(k.trips[serial], func(o trip) bool { return o.sheet != "" && o.batch == t.batch })
		if !t.followed || !sheets {
			list = append(list, t)
		}
	}
	return list
}

// compareLoose holds units that came back under neither their serial nor the number of
// their batch against those that the project had sent by that day.
func (k *makers) compareLoose() {
	for h, endings := range k.loose {
		slices.SortFunc(endings, unnamedEnd.compare)
		back := int64(0)
		for _, e := range endings {
			sent := int64(0)
			for _, s := range k.unnamed[h] {
				if s.on <= e.unit.On {
					sent += s.units
				}
			}
			known := min(e.units, max(sent-back, 0))
			e.raise(e.units - known)
			back += known
		}
	}
}

// trip is that of a unit of the batch which no sheet follows.
func (k batchKey) trip(b *batchState) trip {
	return trip{on: b.first.On, project: k.project, part: k.part, sheet: "", batch: k.batchID, followed: false}
}

// untold counts the units of a batch with a serial that are not out, and of which no
// depot's document says under that serial that they are back: a document without
// serials may mean them.
func (k *makers) untold(key batchKey, b *batchState) (units int64) {
	t := key.trip(b)
	for _, serial := range b.serials {
		if !k.away(serial, t) && !k.told(serial, &t) {
			units += milli
		}
	}
	for _, serial := range b.followed {
		if !k.told(serial, &t) {
			units += milli
		}
	}
	return units
}

// beyond raises units of the batch that are back beyond those that were sent with it, by
// the documents dated last.
func (b *batchState) beyond(units int64) {
	slices.SortFunc(b.endings, func(x, y unnamedEnd) int { return y.compare(x) })
	for _, e := range b.endings {
		if n := min(units, e.units); n > 0 {
			e.raise(n)
			units -= n
		}
	}
}
