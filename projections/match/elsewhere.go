package match

import (
	"maps"
	"slices"
)

// Elsewhere are the numbers by which papers of other projects bear on the units that
// some projects have at makers. Each list is sorted.
type Elsewhere struct {
	Sent    []string // serials: who sent them
	Back    []string // serials, of Sent: who has them back, or knows that they were scrapped
	Batches []string // numbers: what was sent with them
	Counted []string // numbers, of Batches: what came of them
	Sheets  []string // process sheets: what became of them, and which batches name them
	Old     []string // serials of old units: who has them, or sent them off, without naming the line, or scrapped them
}

// AtMakers lists what of other projects' papers the match needs to know about units
// at makers that the facts in hand, known by a day, do not tell. Asked again with
// what was read, it lists what that brought up; it goes no further than the papers
// of the projects themselves need: a batch of theirs, or that a receipt of theirs names,
// is followed to its receipts elsewhere, and the units on those to wherever else they
// are said to be back.
func (f *Facts) AtMakers(asOf uint16, own map[string]bool) Elsewhere {
	sent, back, batches, counted, sheets := numbers{}, numbers{}, numbers{}, numbers{}, numbers{}
	unnamed := numbers{} // own sheets without a serial: they go by the count of their batch
	for i := range f.Sheets {
		s := &f.Sheets[i]
		if s.On > asOf || s.Step != "OPENED" {
			continue
		}
		sheets.add(s.Sheet)
		if own[s.Project] {
			back.add(s.Serial)
			if s.Serial == "" {
				unnamed.add(s.Sheet)
			}
		}
	}
	named := numbers{} // batches that own papers say units are back from
	for i := range f.Units {
		if u := &f.Units[i]; u.On <= asOf && u.Ends() && own[u.Project] {
			named.add(u.Shipment)
		}
	}
	followed := make(map[batchID]bool) // batches that are own, or of an own sheet, or that an own paper may mean
	for i := range f.Units {
		u := &f.Units[i]
		if u.On <= asOf && u.Step == "SHIPPED" && (own[u.Project] || unnamed[u.Sheet] || named[u.Document]) {
			followed[u.batch()] = true
			counted.add(u.Document)
		}
	}
	for i := range f.Units {
		u := &f.Units[i]
		switch {
		case u.On > asOf:
		case u.scraps() && own[u.Project] && !u.Ends():
			back.add(u.Serials...)
		case u.Step == "SHIPPED" && followed[u.batch()]:
			sheets.add(u.Sheet)
			back.add(u.Serials...)
		case u.Ends():
			batches.add(u.Shipment)
			if own[u.Project] || counted[u.Shipment] {
				back.add(u.Serials...)
			}
		}
	}
	maps.Copy(sent, back)
	maps.Copy(batches, counted)
	return Elsewhere{
		Sent: sent.sorted(), Back: back.sorted(), Batches: batches.sorted(), Counted: counted.sorted(),
		Sheets: sheets.sorted(), Old: f.oldUnits(asOf, own).sorted(),
	}
}

// oldUnits are the serials of units that some projects scrapped, and of those that their
// lines took out and that neither a paper which names the line nor a loose one of the
// project accounts for.
func (f *Facts) oldUnits(asOf uint16, own map[string]bool) numbers {
	type unit struct{ of, part, serial string } // of a line, or loose in a project
	known := make(map[unit]bool)
	add := func(s *Stamp, line, part string, serials ...string) {
		of := s.Project
		if line != "" {
			of, part = line, "" // a paper that names the line is about its unit
		}
		for _, serial := range serials {
			known[unit{of, part, serial}] = true
		}
	}
	for i := range f.Units {
		if u := &f.Units[i]; u.On <= asOf && u.Step != "BACK" {
			add(&u.Stamp, u.Line, u.Part, u.Serials...)
		}
	}
	for i := range f.Sheets {
		if s := &f.Sheets[i]; s.On <= asOf && s.Step == "OPENED" {
			add(&s.Stamp, s.Line, s.Part, s.Serial)
		}
	}
	old := numbers{}
	for i := range f.Units {
		if u := &f.Units[i]; u.On <= asOf && u.scraps() && own[u.Project] {
			old.add(u.Serials...)
		}
	}
	for i := range f.Lines {
		l := &f.Lines[i]
		if own[l.Project] && l.Replaces && l.On <= asOf &&
			!known[unit{l.Line, "", l.OldSerial}] && !known[unit{l.Project, l.Part, l.OldSerial}] {
			old.add(l.OldSerial)
		}
	}
	return old
}

// Beyond leaves what was not asked before.
func (e Elsewhere) Beyond(asked Elsewhere) Elsewhere {
	return Elsewhere{
		Sent: beyond(e.Sent, asked.Sent), Back: beyond(e.Back, asked.Back), Batches: beyond(e.Batches, asked.Batches),
		Counted: beyond(e.Counted, asked.Counted),
		Sheets:  beyond(e.Sheets, asked.Sheets), Old: beyond(e.Old, asked.Old),
	}
}

// Longest is how many numbers the longest list has.
func (e Elsewhere) Longest() int {
	return max(len(e.Sent), len(e.Back), len(e.Batches), len(e.Counted), len(e.Sheets), len(e.Old))
}

// Part cuts numbers from..to out of each list, as far as it has them.
func (e Elsewhere) Part(from, to int) Elsewhere {
	cut := func(all []string) []string { return all[min(from, len(all)):min(to, len(all))] }
	return Elsewhere{
		Sent: cut(e.Sent), Back: cut(e.Back), Batches: cut(e.Batches), Counted: cut(e.Counted), Sheets: cut(e.Sheets),
		Old: cut(e.Old),
	}
}

func beyond(all, asked []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool {
		_, found := slices.BinarySearch(asked, s)
		return found
	})
}

// numbers is a set of numbers or serials.
type numbers map[string]bool

func (n numbers) add(numbers ...string) {
	for _, s := range numbers {
		if s != "" {
			n[s] = true
		}
	}
}

func (n numbers) sorted() []string {
	return slices.Sorted(maps.Keys(n))
}
