package forms

import (
	"fmt"
	"regexp"
	"strings"
)

// dateBehind is a date, or a moment, behind the number or the name that it is of.
var dateBehind = regexp.MustCompile(`^\S{1,40} \d{4}-\d{2}-\d{2}( [\d:]+)?$`)

// PageFaults lays the form out for paper, or for a worksheet, and says what on
// its pages people could not read or would not know the meaning of.
func (f Form) PageFaults(worksheet bool) (faults []string) {
	l, measured := f.place(worksheet), typeset()
	if worksheet {
		measured = spreadsheetFaces()
	}
	high := printHeight(l.wide)
	if worksheet {
		high *= slack
	}
	for _, s := range l.sections {
		of := fmt.Sprintf("%s of %s", s.name, f.Title)
		titles := 0
		for _, strip := range s.strips {
			for _, c := range strip.cells {
				if c.style == titleText {
					titles++
				}
			}
		}
		if titles != s.across {
			faults = append(faults, fmt.Sprintf("%s: %d pages beside one another have %d titles", of, s.across, titles))
		}
		for n, begin := range s.pages(high) {
			first := s.strips[begin]
			if rest := s.strips[begin:]; n > 0 && first.head != nil && len(rest) > 0 &&
				(len(rest) == 1 || rest[1].table != first.table) && begin > 1 && s.strips[begin-2].head != nil {
				faults = append(faults, fmt.Sprintf("%s: page %d has one row alone", of, n+1))
			}
			switch {
			case n == 0 || len(first.cells) == 0:
			case first.cells[0].style == bodyCell && first.head == nil:
				faults = append(faults, fmt.Sprintf("%s: page %d begins with %q without headers", of, n+1, first.cells[0].text))
			case first.cells[0].style == bodyCell && worksheet && s.lists > 1:
				faults = append(faults, fmt.Sprintf("%s: page %d repeats no headers: the sheet has %d lists", of, n+1, s.lists))
			case first.cells[0].style == totalCell || first.cells[0].style == sign || first.cells[0].style == ruled:
				faults = append(faults, fmt.Sprintf("%s: page %d begins with what closes the one before", of, n+1))
			}
		}
		edges := edgesOf(s)
		for _, strip := range s.strips {
			for i, c := range strip.cells {
				if worksheet {
					c = seat(append([]cell(nil), strip.cells...), edges, s.keys > 0)[i]
				}
				room := c.to - c.from - 2*padX
				if c.style == sign { // a day is not broken
					c.text = typeset().signed(Field{"", strings.TrimSpace(c.text)}, room)
				}
				set, _ := typeset().setIn(shown(c.kind, c.text))
				_, face := typeset().faceOf(set, c.look().bold)
				_, heavy := measured.faceOf(set, true)
				if w := heavy.widest(set, c.size); c.style == headerCell && w > room+1 {
					faults = append(faults, fmt.Sprintf("%s: the header %q is broken within a word", of, c.text))
				}
				for line := range strings.SplitSeq(set, "\n") { // a spreadsheet breaks a line at its hyphens
					if worksheet && strip.table > 0 && dateBehind.MatchString(line) &&
						heavy.longest(line, c.size) > room {
						faults = append(faults, fmt.Sprintf("%s: a spreadsheet breaks the date in %q", of, line))
					}
				}
				if wide := face.longest(set, c.size); c.kind != Text && c.kind != Moment && strip.table > 0 && wide > room+1 {
					faults = append(faults, fmt.Sprintf("%s: %q is %.0f wide in %.0f", of, c.text, wide, room))
				}
			}
		}
	}
	return faults
}
