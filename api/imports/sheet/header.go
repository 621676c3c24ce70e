package sheet

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"aftersales-ledger/domain"
)

// headerRows bounds the rows of a header: a group, the headings below it, and a
// row of units or of the second language.
const headerRows = 3

// header is where the columns of a layout stand in a file.
type header struct {
	row, depth int // index in grid.rows, and how many rows
	columns    map[string]int
	also       map[string][]int // further columns that mean the same, by field
	dates      []string         // fields that are dates
	texts      map[int]string   // headings as they stand, by column
	headings   []Heading
}

// findHeader finds the rows that name the columns: the first that name all
// required ones, else those that come closest, for the error.
func (g *grid) findHeader(layout Layout) (header, error) {
	var best header
	var missing []Column
	for i := range g.rows[:min(headerWithin, len(g.rows))] {
		h, lacks, err := g.headerFrom(i, layout)
		if err != nil && len(lacks) == 0 {
			return header{}, err
		}
		if len(lacks) == 0 {
			return h, nil
		}
		if len(h.columns) > len(best.columns) {
			best, missing = h, lacks
		}
	}
	if len(best.columns) < 2 {
		return header{}, unreadable("no-header",
			"no row names the columns of a %s: %s; say which heading is one of them (columns: %s=HEADING)", layout.Name,
			titles(layout.required()), layout.required()[0].Title)
	}
	g.header = best
	at, lacks, call := g.rowName(g.rows[best.row]), titles(missing), missing[0].Title
	if unknown := best.unknown(); len(unknown) > 0 {
		return header{}, domain.Invalid("file", at, "column-missing",
			"names the columns, but not %s of a %s; say which heading it is (columns: %s=HEADING), where headings not read are: %s", "",
			lacks, layout.Name, call, unknown)
	}
	return header{}, domain.Invalid("file", at, "column-missing",
		"names the columns, but not %s of a %s, and every heading is read as something else; add the column, or say which heading it is (columns: %s=HEADING)", "",
		lacks, layout.Name, call)
}

// unknown lists the headings among which a missing one may be.
func (h header) unknown() []string {
	names := []string{}
	for _, c := range h.headings {
		if c.Field == "" && !c.Aside && c.Beside == "" && c.Text != "" {
			names = append(names, c.Text)
		}
	}
	return names[:min(len(names), 12)]
}

// titles names columns for people, with those that would do instead.
func titles(columns []Column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = strings.Join(append([]string{c.Title}, c.or...), "/")
	}
	return names
}

// headerFrom reads the header that begins in row i, with the rows below that
// belong to it. A title above that says no more about the columns is none of it.
func (g *grid) headerFrom(i int, layout Layout) (h header, lacks []Column, err error) {
	depth := 1
	for depth < headerRows && i+depth < len(g.rows) && g.isSubheading(i, i+depth) {
		depth++
	}
	h, lacks, err = g.headerIn(i, depth, layout)
	for len(lacks) == 0 && h.depth > 1 {
		below, without, err2 := g.headerIn(h.row+1, h.depth-1, layout)
		if len(without) > 0 || err == nil && err2 != nil {
			break
		}
		if err != nil || g.statesValues(h.row) { // 账号：1234 above a header that needs no group
			h, lacks, err = below, without, err2
			continue
		}
		if !maps.Equal(below.columns, h.columns) {
			break
		}
		if top, _, _ := g.headerIn(h.row, 1, layout); len(top.columns) > 0 {
			break // it names columns of its own, and is no title
		}
		h, lacks, err = below, without, err2
	}
	return h, lacks, err
}

// statesValues tells a row of labels with their values, in the same cell or in
// the next, which is above a header and none of it.
func (g *grid) statesValues(row int) bool {
	return slices.ContainsFunc(g.rows[row].cells, func(c cell) bool {
		return strings.IndexAny(c.text, ":：") > 0
	})
}

// isSubheading tells a row that continues the header above it, which begins at
// top: each of its texts stands under a group or under nothing, or states the unit
// of a heading. A text below a heading that stands over nothing but blanks is data,
// unless the row holds nothing but measures, such as 数量 below 账面, which no row of
// data does.
func (g *grid) isSubheading(top, row int) bool {
	r := g.rows[row]
	subs, units, measures, alone := 0, 0, 0, false
	for i, c := range r.cells {
		switch {
		case c.blank() || c.merged:
			continue
		case !c.bad.IsZero() || c.number != "" || looksLikeValue(c.text):
			return false
		case isUnit(c.text):
			units++
			continue
		}
		over := row - 1
		for over > top && g.rows[over].at(i).blank() {
			over--
		}
		if !g.rows[over].at(i).blank() && !g.startsGroup(over, i) {
			alone = true
		}
		subs++
		if isMeasure(c.text) {
			measures++
		}
	}
	if alone {
		return measures == subs
	}
	return subs >= 2 || subs == 0 && units > 0
}

// isMeasure tells a heading that is no more than a quantity, a price, an amount or
// a direction.
func isMeasure(text string) bool {
	name := canonical(text)
	return slices.ContainsFunc([]string{"quantity", "price", "amount", "direction"},
		func(what string) bool { return slices.Contains(words.Carries[what], name) })
}

// looksLikeValue tells what no heading is.
func looksLikeValue(text string) bool {
	if _, err := ParsePrice(text); err == nil {
		return true
	}
	_, _, err := ParseInstant(text)
	return err == nil || isPlaceholder(text)
}

// startsGroup tells a heading that stands over several columns: a merged cell,
// or one with nothing to its right where the row below says something.
func (g *grid) startsGroup(row, column int) bool {
	r := g.rows[row]
	for _, m := range g.merged {
		if m.left == column && m.right > column && m.top <= r.number && r.number <= m.bottom {
			return true
		}
	}
	below := g.rows[row+1]
	return r.at(column+1).blank() && !below.at(column).blank() && !below.at(column+1).blank()
}

// groupOver returns the heading of the group that a column belongs to in a row of
// the header where it has none of its own; empty where it belongs to none.
func (g *grid) groupOver(row, column int) string {
	r := g.rows[row]
	for _, m := range g.merged {
		if m.left < column && column <= m.right && m.top <= r.number && r.number <= m.bottom {
			return r.at(m.left).text
		}
	}
	if row+1 >= len(g.rows) {
		return ""
	}
	below := g.rows[row+1]
	for i := column; i >= 0 && !below.at(i).blank(); i-- {
		if r.at(i).blank() {
			continue
		}
		for _, m := range g.merged {
			if m.left == i && m.right < column && m.top <= r.number && r.number <= m.bottom {
				return "" // the group ends before the column
			}
		}
		return r.at(i).text
	}
	return ""
}

// path is what the rows of a header say over a column, from the top.
func (g *grid) path(row, depth, column int) (path []string) {
	for k := range depth {
		text := g.rows[row+k].at(column).text
		if text == "" && k < depth-1 && !g.rows[row+k+1].at(column).blank() {
			text = g.groupOver(row+k, column)
		}
		if text != "" && (len(path) == 0 || path[len(path)-1] != text) {
			path = append(path, text)
		}
	}
	return path
}

// heading is a column's heading on the way to its field.
type heading struct {
	at    int
	text  string
	whole []string // canonical: all of it, group and sub-heading
	last  []string // the lowest alone
}

func (g *grid) headingAt(row, depth, column int) heading {
	path := g.path(row, depth, column)
	h := heading{at: column, text: strings.Join(path, "/")}
	if len(path) == 0 || utf8.RuneCountInString(h.text) > 120 {
		return h
	}
	named := slices.DeleteFunc(slices.Clone(path), isUnit)
	if len(named) == 0 {
		named = path
	}
	each := make([]string, len(named))
	for i, p := range named {
		each[i] = canonical(p)
	}
	h.whole = halves(strings.Join(each, ""))
	if n := len(each); n > 1 {
		h.whole = append(h.whole, halves(each[n-1]+each[n-2])...)
		h.whole = append(h.whole, halves(each[n-2]+each[n-1])...)
		h.last = halves(each[n-1])
		h.last = append(h.last, halves(each[0])...)
	}
	return h
}

// halves are a heading and its two halves, where it is written in two languages.
func halves(s string) []string {
	out := []string{s}
	if c, l := chineseOf(s), latinOf(s); c != "" && l != "" {
		out = append(out, c, l)
	}
	return out
}

// rank returns the place of the best of the headings among the column's names, or -1.
func (c Column) rank(headings []string) int {
	best := -1
	for _, h := range headings {
		if i := slices.Index(c.Names, h); i >= 0 && h != "" && (best < 0 || i < best) {
			best = i
		}
	}
	return best
}

// claim is a column of the file that bears a name of a field.
type claim struct{ at, rank int }

// headerIn reads rows as a header and tells which required columns they lack.
func (g *grid) headerIn(row, depth int, layout Layout) (h header, lacks []Column, err error) {
	h = header{
		row: row, depth: depth, columns: make(map[string]int), also: make(map[string][]int), texts: make(map[int]string),
	}
	var all []heading
	width := 0
	for _, r := range g.rows[row : row+depth] {
		width = max(width, len(r.cells))
	}
	for _, m := range g.merged {
		if m.top <= g.rows[row].number && g.rows[row].number <= m.bottom && m.right < maxColumns {
			width = max(width, m.right+1)
		}
	}
	claims := make(map[string][]claim)
	for i := range width {
		x := g.headingAt(row, depth, i)
		h.texts[i] = x.text
		all = append(all, x)
		layout.claim(x, claims)
	}
	read, beside := make(map[int]string), make(map[int]int)
	for _, c := range layout.Columns {
		of := claims[c.Field]
		slices.SortStableFunc(of, func(a, b claim) int { return a.rank - b.rank })
		switch {
		case len(of) == 0 && c.Required:
			lacks = append(lacks, c)
			continue
		case len(of) == 0:
			continue
		case len(of) > 1 && of[0].rank == of[1].rank && err == nil:
			g.header = h
			err = domain.Invalid("file", g.name(g.rows[row+depth-1], of[1].at), "column-twice",
				"is headed “%s” like %s; only one column may be: name the one that is meant (columns: %s=GROUP/HEADING)", "",
				h.texts[of[1].at], g.name(g.rows[row+depth-1], of[0].at), c.Title)
		}
		h.columns[c.Field], read[of[0].at] = of[0].at, c.Field
		if c.Kind == Date {
			h.dates = append(h.dates, c.Field)
		}
		for _, other := range of[1:] {
			if !c.chosen && (c.Kind == Number || c.Kind == Date && !c.Ranked) {
				h.also[c.Field] = append(h.also[c.Field], other.at)
				read[other.at] = c.Field
			} else {
				beside[other.at] = of[0].at
			}
		}
	}
	for _, fields := range layout.OneOf {
		if c, ok := layout.column(fields[0]); ok && !c.Required && !slices.ContainsFunc(fields,
			func(f string) bool { _, ok := h.columns[f]; return ok }) {
			for _, other := range fields[1:] {
				c.or = append(c.or, layout.Title(other))
			}
			lacks = append(lacks, c)
		}
	}
	for _, x := range all {
		if x.text == "" && read[x.at] == "" {
			continue
		}
		d := Heading{
			Column: columnLetters(x.at), Text: x.text, Field: read[x.at], Title: layout.Title(read[x.at]),
			Hidden: g.hidden[x.at],
		}
		if of, ok := beside[x.at]; ok {
			d.Beside = h.texts[of]
		}
		d.Aside = d.Field == "" && d.Beside == "" && layout.isAside(x)
		h.headings = append(h.headings, d)
	}
	g.header = h
	for i := range h.headings {
		h.headings[i].Cell = g.name(g.rows[row+depth-1], columnIndex(h.headings[i].Column))
	}
	return h, lacks, err
}

// claim notes the fields whose names a heading bears. What it says with its
// group counts more than what it says alone.
func (l Layout) claim(x heading, claims map[string][]claim) {
	letter := strings.ToLower(columnLetters(x.at)) + "列"
	chosen := l.isChosen(x.last) && !l.isChosen(x.whole) // the sub-heading alone, by a person
	for _, names := range [][]string{x.whole, x.last} {
		found := false
		for _, c := range l.Columns {
			n := c.rank(names)
			if chosen && !c.chosen {
				n = -1
			}
			if c.chosen && slices.Contains(c.Names, letter) {
				n = 0
			}
			if n >= 0 {
				claims[c.Field] = append(claims[c.Field], claim{x.at, n})
				found = true
			}
		}
		if found || l.isAside(x) && !chosen {
			return
		}
	}
}

// isChosen tells headings of which a person has named one.
func (l Layout) isChosen(headings []string) bool {
	return slices.ContainsFunc(l.Columns, func(c Column) bool { return c.chosen && c.rank(headings) >= 0 })
}

func (l Layout) isAside(x heading) bool {
	letter := strings.ToLower(columnLetters(x.at)) + "列"
	return slices.ContainsFunc(append(slices.Clone(x.whole), letter),
		func(name string) bool { return name != "" && slices.Contains(l.Aside, name) })
}

func columnIndex(letters string) int {
	n := 0
	for _, r := range letters {
		n = n*26 + int(r-'A') + 1
	}
	return n - 1
}

var unitOfList = regexp.MustCompile(`单位:?\(?(?:人民币)?([^\s\d)]{1,4})`)

// checkHeadings refuses a header that leaves unread what must be read, or states
// figures in other units than yuan.
func (g *grid) checkHeadings(h header, layout Layout) error {
	g.header = h
	for _, r := range g.rows[:h.row] {
		for i, c := range r.cells {
			if m := unitOfList.FindStringSubmatch(strings.ReplaceAll(c.text, " ",
				"")); m != nil && !c.merged && slices.Contains(words.OtherUnits, m[1]) && layout.Total != "" {
				return domain.Invalid("file", g.name(r, i), "other-unit", "states figures in %s; state them in yuan (元)", "", m[1])
			}
		}
	}
	for _, d := range h.headings {
		at := columnIndex(d.Column)
		column, known := layout.column(d.Field)
		switch {
		case otherUnit(d.Text) != "" && !d.Aside && d.Beside == "" && (known && column.Kind == Number || !known &&
			layout.carries(strings.ToLower(d.Text)) != ""):
			return domain.Invalid("file", d.Cell, "other-unit",
				"is headed “%s”: its figures are in %s; state them in yuan (元) and plain numbers", "", d.Text, otherUnit(d.Text))
		case known || d.Aside || d.Beside != "" || len(layout.MustRead) == 0:
		default:
			what := layout.carries(strings.ToLower(d.Text))
			if what != "" && g.saysSomething(at) {
				return domain.Invalid("file", d.Cell, "column-unread",
					"is headed “%s”, which a %s does not know, and looks like that of %s; say what it is (columns: FIELD=%s), one of %s, or that it is not to be read (columns: unread=%s)", "", d.Text, layout.Name, carried[what], d.Text, titles(layout.Columns), d.Text)
			}
		}
	}
	if len(layout.MustRead) == 0 {
		return nil
	}
	return g.checkNameless(h, layout)
}

// saysSomething reports whether a column holds anything below the header.
func (g *grid) saysSomething(at int) bool {
	for _, r := range g.rows[g.header.row+g.header.depth:] {
		if c := r.at(at); !c.blank() && !isPlaceholder(c.text) {
			return true
		}
	}
	return false
}

// checkNameless refuses a column of figures that no heading names. Running
// numbers need none.
func (g *grid) checkNameless(h header, layout Layout) error {
	width := 0
	for _, r := range g.rows[h.row+h.depth:] {
		width = max(width, len(r.cells))
	}
	for at := range width {
		if h.texts[at] != "" || slices.Contains(layout.Aside,
			strings.ToLower(columnLetters(at))+"列") || slices.Contains(slices.Collect(maps.Values(h.columns)), at) {
			continue
		}
		figures, others, running := 0, 0, true
		for _, r := range g.rows[h.row+h.depth:] {
			c := r.at(at)
			if c.blank() {
				continue
			}
			d, err := ParsePrice(Value{text: c.text, number: c.number}.numeral())
			if err != nil {
				others++
				continue
			}
			figures++
			running = running && d.IsInteger() && d.IntPart() == int64(figures)
		}
		if figures > 0 && others == 0 && !running {
			return domain.Invalid("file", columnLetters(at)+"列", "column-nameless",
				"has no heading, and holds figures; write one above it, say what it is (columns: FIELD=%s列), or that it is not to be read (columns: unread=%s列)", "", columnLetters(at), columnLetters(at))
		}
	}
	return nil
}
