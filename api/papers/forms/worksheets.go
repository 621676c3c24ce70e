package forms

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
)

// A worksheet repeats one row on its pages: the headers of one list. Where a
// sheet has several lists, and one of them goes on over pages, that one gets a
// sheet of its own, and so does what comes after it.

// alone reports whether a table has a worksheet to itself.
func alone(tables []Table, i int) bool {
	return (i == 0 || tables[i].Sheet != "") && (i+1 == len(tables) || tables[i+1].Sheet != "")
}

// spread puts the columns of a list into blocks, about as wide as one another,
// where a page has not the room that their words need: a spreadsheet would break
// the words, and cut off what it breaks otherwise than we do.
func (l *layouter) spread(t Table) Table {
	least, natural := l.needs(t, denseSize)
	if len(least) < 2 || t.Columns[len(least)-1].Block > 0 || sum(least) <= l.width {
		return t
	}
	room := l.width - least[0]
	share := sum(natural[1:]) / math.Ceil(sum(least[1:])/room)
	t.Columns = slices.Clone(t.Columns)
	block, used, wide := 0, 0.0, 0.0
	for i := 1; i < len(least); i++ {
		if i > 1 && (wide+least[i] > room || used+natural[i]/2 > share) {
			block, used, wide = block+1, 0, 0
		}
		used, wide = used+natural[i], wide+least[i]
		t.Columns[i].Block = block
	}
	return t
}

// titled writes above the pages to the right, too, what they are of: the title, and the
// fields of the head, so that each page says by itself what it belongs to.
func (l *layouter) titled() {
	for i := range l.out.sections {
		s := &l.out.sections[i]
		for j := range s.strips {
			strip := &s.strips[j]
			own := strip.cells
			if len(own) == 0 || !slices.Contains([]style{titleText, subtitleText, fieldLabel}, own[0].style) {
				continue
			}
			for n := range s.across - 1 {
				room := l.width - s.keys
				from := l.width + float64(n)*room
				for _, c := range own {
					c.from, c.to = from+c.from*room/l.width, from+c.to*room/l.width
					switch c.style {
					case titleText:
						c.text = l.form.Title
					case subtitleText:
						c.text = l.form.continued(s.name)
					default:
					}
					strip.cells = append(strip.cells, c)
				}
			}
		}
	}
}

// apart gives the lists of several pages their own worksheets.
func (l *layouter) apart() {
	placed := l.out.sections
	l.out.sections = nil
	for _, s := range placed {
		l.out.sections = append(l.out.sections, s)
		for {
			at := l.section()
			cut := at.cut(printHeight(l.form.Wide) * slack)
			if cut == 0 {
				break
			}
			rest := slices.Clone(at.strips[cut:])
			at.strips = at.strips[:cut]
			at.lists = at.listed()
			l.begin(l.sheetOf(rest))
			l.continued()
			next := l.section()
			next.strips = append(next.strips, rest...)
			next.lists = next.listed()
		}
	}
}

// cut is where a section is divided, if it must be: before a list that goes on
// over pages, if another stands above it, or else after it. 0: nowhere.
func (s section) cut(high float64) int {
	if s.across > 1 {
		return 0
	}
	for _, begin := range s.pages(high) {
		if s.strips[begin].head == nil {
			continue
		}
		table := s.strips[begin].table
		from := slices.IndexFunc(s.strips, func(x strip) bool { return x.table == table })
		if slices.ContainsFunc(s.strips[:from], strip.ofList) {
			return from
		}
		to := from
		for to < len(s.strips) && s.strips[to].table == table {
			to++
		}
		if slices.ContainsFunc(s.strips[to:], func(x strip) bool { return x.table > 0 }) {
			return to
		}
	}
	return 0
}

// ofList reports whether a strip is the headers of a list.
func (s strip) ofList() bool { return len(s.cells) > 0 && s.cells[0].style == headerCell }

// listed counts the lists of a section.
func (s section) listed() (n int) {
	for _, x := range s.strips {
		if x.ofList() {
			n++
		}
	}
	return n
}

// sheetOf names a worksheet after the first table on it, as no other is named.
func (l *layouter) sheetOf(strips []strip) string {
	title := ""
	for _, s := range strips {
		if s.table > 0 {
			title = strings.TrimRightFunc(l.form.Tables[s.table-1].Title, func(r rune) bool { return r < unicode.MaxLatin1 })
			break
		}
	}
	if title == "" {
		title = l.form.Title
	}
	name := title
	for n := 2; slices.ContainsFunc(l.out.sections,
		func(s section) bool { return sheetName(s.name) == sheetName(name) }); n++ {
		name = fmt.Sprintf("%s %d", title, n)
	}
	return name
}
