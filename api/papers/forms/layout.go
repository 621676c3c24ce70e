package forms

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/money"
)

// A paper is laid out once, here, into strips of cells with their places and
// texts; the renderers draw the strips into a PDF or a worksheet, and the page
// to print takes its widths and sizes from the same measures.

// Measures of A4 in points, and of what is printed on it.
const (
	pageShort, pageLong    = 595.28, 841.89
	marginX                = 28.8
	marginTop, marginFoot  = 34.0, 38.0
	lineHeight             = 1.42 // of the size
	padX, padY             = 3.2, 1.4
	bodySize, denseSize    = 9.0, 8.0 // nothing is smaller
	fewColumns             = 10       // up to which a list is set in the body's size
	labelRoom              = 96.0     // that a label of a head takes at most
	leastLabel             = 46.0
	closingRows            = 2         // rows of a list that stay with what closes it
	fewRows                = 12        // up to which a list stands on one page
	small                  = .4        // of a page that such a list may take
	usual                  = .9        // of the rows of a list: what its columns are made for
	byHand, byHandMore     = 9.0, 16.0 // of the size: a column that is filled in by hand
	titleHeight            = 31.0
	subtitleHeight         = 17.0
	tallest                = 0.6 // of a page that one strip may be high
	togetherSize           = 4.2 // of the size: what of a text a column never breaks
	spaceAfter             = 0.4 // of the size: what a number's format leaves free after it
	writingHeight          = 20.0
	signHeight, rowHeight  = 32.0, 15.6
	signGap                = 8.0 // between those who sign
	headingRoom, blockRoom = 6.0, 5.0
	sealHeight             = 20.0
)

func printWidth(wide bool) float64 {
	if wide {
		return pageLong - 2*marginX
	}
	return pageShort - 2*marginX
}

func printHeight(wide bool) float64 {
	if wide {
		return pageShort - marginTop - marginFoot
	}
	return pageLong - marginTop - marginFoot
}

// style is what a cell is for; it says how it looks.
type style uint8

const (
	letterName style = iota
	letterLine
	codeText
	titleText
	subtitleText
	fieldLabel
	fieldValue
	footLabel
	footValue
	heading
	boxLabel
	boxValue
	headerCell
	bodyCell
	totalCell
	reply
	ruled
	sign
	sealText
)

type appearance struct {
	size           float64
	bold           bool
	align          byte // l, c or r
	border, shaded bool
	underlined     bool
	grey           bool
}

var looks = map[style]appearance{
	letterName: {size: 11, bold: true, align: 'l'}, letterLine: {size: 8.5, align: 'l', grey: true},
	codeText:  {size: 8.5, align: 'r', grey: true},
	titleText: {size: 18, bold: true, align: 'c'}, subtitleText: {size: 9, align: 'c', grey: true},
	fieldLabel: {size: 9.5, align: 'l', grey: true}, fieldValue: {size: 9.5, align: 'l'},
	footLabel: {size: 10, align: 'l', grey: true}, footValue: {size: 10, bold: true, align: 'l'},
	heading:    {size: 10.5, bold: true, align: 'l'},
	boxLabel:   {size: 9.5, bold: true, align: 'l', border: true, shaded: true},
	boxValue:   {size: 9.5, align: 'l', border: true},
	headerCell: {size: bodySize, bold: true, align: 'c', border: true, shaded: true},
	bodyCell:   {size: bodySize, align: 'l', border: true},
	totalCell:  {size: bodySize, bold: true, align: 'l', border: true, shaded: true},
	reply:      {size: 10, align: 'l'}, ruled: {size: 10, align: 'l', underlined: true},
	sign: {size: 10, bold: true, align: 'l', underlined: true}, sealText: {size: 8, align: 'l', grey: true},
}

// cell is a text in its place.
type cell struct {
	from, to float64 // points from the left of what is printed
	text     string
	kind     Kind
	style    style
	size     float64
	signer   int // of a sign, which of the form's it is
}

// signsInRow is how many sign beside one another: where more than four share the width
// there is no room for a name and its day.
func signsInRow(signs int) int {
	if signs > 4 {
		return (signs + 1) / 2
	}
	return signs
}

func (c cell) look() appearance { return looks[c.style] }

// right reports whether the text is set to the right.
func (c cell) right() bool {
	return c.look().align == 'r' || (c.style == bodyCell || c.style == totalCell) && (c.kind == Amount || c.kind == Number)
}

// strip is a row of cells over the width of the page.
type strip struct {
	cells  []cell
	height float64
	keep   bool    // stays on the page of the strip after it
	head   []strip // repeated where a page begins with this strip
	table  int     // of the form, from 1 on; 0: none
}

// section is what begins a page and a worksheet of its own.
type section struct {
	name   string
	strips []strip
	// across is how many pages stand beside one another: where a wide table's
	// blocks do, on a worksheet.
	across int
	keys   float64 // width of the column that the pages to the right begin with, again
	lists  int
}

// layout is a form with everything in its place.
type layout struct {
	wide     bool
	dense    bool // its lists are set in the smaller size
	sections []section
	cuts     map[int][]int // by table: with which rows each group of a wide one begins, see groups
}

// layouter places strip after strip.
type layouter struct {
	*typefaces
	form   Form
	width  float64
	beside bool    // blocks of wide tables stand beside one another
	dense  bool    // lists are set in the smaller size, whatever they hold
	high   float64 // of a page
	table  int     // that is placed
	out    layout
}

// place lays the form out, with the blocks of wide tables one below the other
// or beside one another.
func (f Form) place(beside bool) layout { return f.placeIn(printHeight(f.Wide), beside) }

// placeIn is place on pages of a height. What goes over its one page by a few lines is set
// in the smaller size, if it then has room there.
func (f Form) placeIn(high float64, beside bool) layout {
	placed := f.set(high, beside, false)
	if placed.count(high, beside) == 2 {
		if smaller := f.set(high, beside, true); smaller.count(high, beside) == 1 {
			return smaller
		}
	}
	return placed
}

// count is how many pages a layout has.
func (l layout) count(high float64, beside bool) (pages int) {
	if beside {
		high *= slack
	}
	for _, s := range l.sections {
		pages += len(s.pages(high)) * s.across
	}
	return pages
}

// set is placeIn with its lists in the body's size, or all of them in the smaller one.
func (f Form) set(high float64, beside, dense bool) layout {
	l := &layouter{
		typefaces: typeset(), form: f, width: printWidth(f.Wide), beside: beside, high: high, dense: dense,
		out: layout{wide: f.Wide, dense: dense, cuts: make(map[int][]int)},
	}
	if beside {
		l.typefaces = spreadsheetFaces()
	}
	l.begin(f.Title)
	l.top()
	for i, t := range f.Tables {
		if !t.Shown() {
			continue
		}
		l.table = i + 1
		switch at := l.section(); {
		case t.Sheet == "" || t.Sheet == at.name:
		case at.lists == 0: // only the head stands on it
			at.name = t.Sheet
		default:
			l.begin(t.Sheet)
			l.continued()
		}
		switch {
		case len(t.Boxes) > 0:
			l.boxes(t)
		case beside && alone(f.Tables, i):
			t = l.spread(t)
			l.list(t, t.blocks())
		case beside:
			l.list(t, t.blocks())
		default:
			l.below(t, !slices.ContainsFunc(f.Tables[i+1:], Table.Shown))
		}
	}
	l.table = 0
	l.closing()
	if beside {
		l.apart()
		l.titled()
	}
	return l.out
}

func (l *layouter) begin(name string) {
	l.out.sections = append(l.out.sections, section{name: name, across: 1})
}

func (l *layouter) section() *section { return &l.out.sections[len(l.out.sections)-1] }

// add measures a strip and places it below the others.
func (l *layouter) add(least float64, cells ...cell) *strip {
	s := strip{cells: cells, height: least, table: l.table}
	for _, c := range cells {
		s.height = max(s.height, l.heightOf(c))
	}
	at := l.section()
	at.strips = append(at.strips, s)
	return &at.strips[len(at.strips)-1]
}

// heightOf is how high a cell's text is.
func (t *typefaces) heightOf(c cell) float64 {
	return float64(len(t.lines(c)))*c.size*lineHeight + 2*padY
}

// lines are a cell's text as it is broken.
func (t *typefaces) lines(c cell) []string {
	if c.text == "" {
		return nil
	}
	text := shown(c.kind, c.text)
	set, _ := t.setIn(text)
	_, face := t.faceOf(set, c.look().bold)
	return face.wrap(text, c.size, c.to-c.from-2*padX)
}

func (l *layouter) cell(from, to float64, text string, style style) cell {
	return cell{from: from, to: to, text: text, style: style, size: looks[style].size}
}

// across is a line over the whole width.
func (l *layouter) across(text string, style style) *strip {
	return l.add(0, l.cell(0, l.width, text, style))
}

// gap is white space that disappears at the top of a page.
func (l *layouter) gap(height float64) { l.add(height).keep = true }

// top is the letterhead, the title and the head.
func (l *layouter) top() {
	f := l.form
	if n := len(f.Letterhead); n > 0 || f.Code != "" {
		name := ""
		if n > 0 {
			name = f.Letterhead[0]
		}
		code := l.width * .7
		if f.Code == "" {
			code = l.width
		}
		cells := []cell{l.cell(0, code, name, letterName)}
		if f.Code != "" {
			cells = append(cells, l.cell(code, l.width, f.Code, codeText))
		}
		l.add(0, cells...).keep = true
		for i := 1; i < n; i++ {
			l.across(f.Letterhead[i], letterLine).keep = true
		}
	}
	l.add(titleHeight, l.cell(0, l.width, f.Title, titleText)).keep = true
	l.add(subtitleHeight, l.cell(0, l.width, strings.TrimSpace(f.Subtitle+"  "+f.Marks), subtitleText)).keep = true
	l.fields(f.Head, fieldLabel, fieldValue)
	l.gap(blockRoom)
}

// continued is the head of a further section.
func (l *layouter) continued() {
	l.across(l.form.Title, titleText).keep = true
	l.across(l.form.continued(l.section().name), subtitleText).keep = true
}

// continued says below the title of a further section what it is of.
func (f Form) continued(section string) string {
	var said []string
	for i, h := range f.Head {
		if i < 2 && h.Value != "" {
			said = append(said, h.Label+" "+h.Value)
		}
	}
	if section != f.Title {
		said = append(said, section)
	}
	return strings.Join(said, "　")
}

// fields places two in a line, or one that is long.
func (l *layouter) fields(fields []Field, label, value style) {
	room := leastLabel
	for _, f := range fields {
		room = max(room, min(labelRoom, l.regular.longest(f.Label+"：", looks[label].size)+2*padX+1))
	}
	half := l.width / 2
	fits := func(f Field) bool {
		return l.regular.longest(f.Value,
			looks[value].size) <= half-room-2*padX && l.regular.longest(f.Label+"：", looks[label].size) <= room
	}
	pair := func(from, to float64, f Field) []cell {
		v := l.cell(from+room, to, f.Value, value)
		v.kind = kindOf(f.Value)
		return []cell{l.cell(from, from+room, f.Label+"：", label), v}
	}
	for i := 0; i < len(fields); i++ {
		if i+1 < len(fields) && fits(fields[i]) && fits(fields[i+1]) {
			l.add(0, append(pair(0, half, fields[i]), pair(half, l.width, fields[i+1])...)...).keep = true
			i++
			continue
		}
		from := len(l.section().strips)
		l.add(0, pair(0, l.width, fields[i])...)
		l.cut(from)
		for j := from; j < len(l.section().strips); j++ {
			l.section().strips[j].keep = len(l.section().strips)-from == 1
		}
	}
}

// boxes places labelled boxes, each row over the whole width.
func (l *layouter) boxes(t Table) {
	l.heading(t.Title)
	for _, row := range t.Boxes {
		twelfth := l.width / 12
		var cells []cell
		for i, f := range row {
			from := float64(i*12/len(row)) * twelfth
			to := float64((i+1)*12/len(row)) * twelfth
			if i == len(row)-1 {
				to = l.width
			}
			value := from + float64(labelSpan(len(row)))*twelfth
			v := l.cell(value, to, f.Value, boxValue)
			v.kind = kindOf(f.Value)
			cells = append(cells, l.cell(from, value, f.Label, boxLabel), v)
		}
		from := len(l.section().strips)
		l.add(19, cells...)
		l.cut(from)
	}
}

func (l *layouter) heading(title string) {
	l.gap(headingRoom)
	if title != "" {
		l.across(title, heading).keep = true
	}
}

// below places the blocks of a wide table one below the other: as many rows as have
// room on a page with all of their blocks, and then the next, so that nobody turns
// pages to read a row to its end.
func (l *layouter) below(t Table, last bool) {
	blocks := t.blocks()
	if len(blocks) == 1 {
		l.list(blocks[0], blocks)
		return
	}
	closing := 0.0
	if last {
		end := &layouter{typefaces: l.typefaces, form: l.form, width: l.width, out: layout{sections: make([]section, 1)}}
		end.closing()
		closing = end.section().height()
	}
	groups := l.groups(blocks, closing)
	l.out.cuts[l.table-1] = groups
	for n := range groups {
		begin := len(l.section().strips)
		for _, b := range blocks {
			l.list(b.group(groups, n), []Table{b})
		}
		for i := begin; i < len(l.section().strips)-1; i++ {
			l.section().strips[i].keep = true
		}
	}
}

// group is the nth of the groups of a block's rows. The title stands over the first of
// them, and the total under the last.
func (t Table) group(groups []int, n int) Table {
	to := len(t.Lines())
	if n+1 < len(groups) {
		to, t.Total = groups[n+1], nil
	}
	if n > 0 {
		t.Title, t.Sheet = "", ""
	}
	t.Rows, t.Least = t.Lines()[groups[n]:to], 0
	return t
}

// groups says with which rows of a wide table each group begins that has room on a
// page, block under block. The last leaves room for what closes the paper.
func (l *layouter) groups(blocks []Table, closing float64) (begins []int) {
	try := &layouter{typefaces: l.typefaces, form: l.form, width: l.width, out: layout{sections: make([]section, 1)}}
	try.heading(blocks[0].Title)
	room := l.high - l.used() - try.section().height() + headingRoom
	fixed, rows := 0.0, make([]float64, len(blocks[0].Lines()))
	for _, b := range blocks {
		columns, size, _ := l.columnsOf([]Table{b})
		fixed += headingRoom + try.headers(columns, size).height
		for i, r := range b.Lines() {
			rows[i] += try.row(columns, size, r, bodyCell).height
		}
		if b.Total != nil {
			closing += try.row(columns, size, b.Total, totalCell).height
		}
	}
	for from := 0; from < len(rows); room = l.high {
		n, used := 0, fixed
		for from+n < len(rows) && (n == 0 || used+rows[from+n] <= room) {
			used, n = used+rows[from+n], n+1
		}
		if from+n == len(rows) && used+closing > room { // they go over to a page with what closes it
			n = max(n-closingRows-1, 1)
		}
		begins, from = append(begins, from), from+n
	}
	return begins
}

// used is how high what stands on the last page is.
func (l *layouter) used() float64 {
	s := l.section()
	begins := s.pages(l.high)
	if len(begins) == 0 {
		return 0
	}
	return section{strips: s.strips[begins[len(begins)-1]:]}.height()
}

func (s section) height() (high float64) {
	for _, x := range s.strips {
		high += x.height
	}
	return high
}

// column is a column of a list in its place.
type column struct {
	from, to float64
	Column
}

// columnsOf gives the columns of blocks that stand beside one another their places. All
// but the first block leave the table's first column out; its width is the last answer.
func (l *layouter) columnsOf(blocks []Table) (columns []column, size, first float64) {
	from := 0.0
	size = bodySize
	for b, t := range blocks {
		widths, s := l.columnWidths(t)
		size = min(size, s)
		if b == 0 {
			first = widths[0]
		}
		// The first column is repeated where the pages of a further block begin.
		stretch := (l.width - first) / (l.width - widths[0])
		for i, w := range widths {
			switch {
			case b > 0 && i == 0:
				continue
			case i > 0:
				w *= stretch
			}
			columns = append(columns, column{from, from + w, t.Columns[i]})
			from += w
		}
	}
	return columns, size, first
}

// row places the values of a row.
func (l *layouter) row(columns []column, size float64, values []string, style style) *strip {
	var cells []cell
	for i, c := range columns {
		v := ""
		if i < len(values) {
			v = values[i]
		}
		one := l.cell(c.from, c.to, v, style)
		one.size, one.kind = size, c.Kind
		if style == headerCell {
			one.kind = Text
		}
		cells = append(cells, one)
	}
	return l.add(rowHeight-(bodySize-size)*lineHeight, cells...)
}

func (l *layouter) headers(columns []column, size float64) *strip {
	headers := make([]string, len(columns))
	for i, c := range columns {
		headers[i] = c.Header
	}
	return l.row(columns, size, headers, headerCell)
}

// list places rows under headers: those of one table, or of its blocks beside
// one another.
func (l *layouter) list(whole Table, blocks []Table) {
	l.heading(whole.Title)
	columns, size, first := l.columnsOf(blocks)
	if len(blocks) > 1 {
		l.section().keys = first
	}
	at := l.section()
	at.across, at.lists = max(at.across, len(blocks)), at.lists+1
	head := l.headers(columns, size)
	head.keep = true
	repeated := []strip{*head}
	lines := whole.Lines()
	begin := len(at.strips)
	for _, r := range lines {
		from := len(at.strips)
		l.row(columns, size, r, bodyCell)
		l.cut(from)
	}
	if whole.Total != nil {
		l.row(columns, size, whole.Total, totalCell)
	}
	high := 0.0
	for _, s := range at.strips[begin:] {
		high += s.height
	}
	together := len(lines) <= fewRows && high <= small*printHeight(l.form.Wide)
	for i := begin; i < len(at.strips); i++ {
		s := &at.strips[i]
		s.head = repeated
		last := len(at.strips) - 1
		s.keep = s.keep || together && i < last
		closing := 1 // no row stands alone on a last page
		if whole.Total != nil {
			closing = closingRows
		}
		s.keep = s.keep || i < last && i >= last-closing
		s.keep = s.keep || i < min(begin+closingRows-1, last) // a header does not stand over one row alone
	}
}

// cut makes several strips of the last one where it would be too high for a
// page.
func (l *layouter) cut(at int) {
	s := l.section()
	s.strips = append(s.strips[:at], l.divided(s.strips[at], tallest*printHeight(l.form.Wide))...)
}

// divided are several strips in the place of one that is too high, each with the
// lines that have room.
func (t *typefaces) divided(whole strip, high float64) (parts []strip) {
	if whole.height <= high {
		return []strip{whole}
	}
	rest := make([][]string, len(whole.cells))
	for i, c := range whole.cells {
		rest[i] = t.lines(c)
	}
	for more := true; more; {
		more = false
		part := strip{cells: slices.Clone(whole.cells), head: whole.head, table: whole.table}
		for i := range part.cells {
			c := &part.cells[i]
			n := min(len(rest[i]), int((high-2*padY)/(c.size*lineHeight)))
			if len(parts) > 0 || n < len(rest[i]) { // a value that is whole stays a value
				c.text, c.kind = strings.Join(rest[i][:n], "\n"), Text
			}
			rest[i] = rest[i][n:]
			more = more || len(rest[i]) > 0
			part.height = max(part.height, t.heightOf(*c))
		}
		parts = append(parts, part)
	}
	parts[len(parts)-1].keep = whole.keep
	return parts
}

// closing is what ends the paper: what it comes to, the reply, who signs. It
// stands on one page with the last rows above it.
func (l *layouter) closing() {
	f := l.form
	begin := len(l.section().strips)
	l.gap(headingRoom)
	l.fields(f.Foot, footLabel, footValue)
	for _, note := range f.Notes {
		l.across(note, reply).keep = true
	}
	for _, r := range f.boxes() {
		l.across(r.text, reply).keep = true
		for range r.written {
			l.add(writingHeight, l.cell(0, l.width, "", ruled)).keep = true
		}
	}
	for from := 0; from < len(f.Signs); {
		row := f.Signs[from:min(from+signsInRow(len(f.Signs)), len(f.Signs))]
		n := float64(signsInRow(len(f.Signs)))
		var cells []cell
		for i, s := range row {
			left, right := float64(i)*l.width/n, float64(i+1)*l.width/n
			c := l.cell(left, right, l.signed(s, right-left), sign)
			c.signer = from + i
			cells = append(cells, c)
		}
		if from += len(row); from < len(f.Signs) {
			l.add(signHeight, cells...).keep = true
		} else {
			l.add(signHeight, cells...)
		}
	}
	if f.Seal != "" {
		l.section().strips[len(l.section().strips)-1].keep = true
		l.add(sealHeight, l.cell(0, l.width, f.Seal, sealText))
	}
	strips := l.section().strips
	if len(f.Signs)+len(f.Replies)+len(f.Foot) == 0 {
		return
	}
	for i := max(0, begin-closingRows-1); i < begin; i++ {
		strips[i].keep = strips[i].keep || len(strips[i].cells) > 0
	}
}

// signed is who signs: in a line, or with the day below where the room is too
// narrow, so that no program breaks it.
func (t *typefaces) signed(s Field, room float64) string {
	text := s.Label + "：" + s.Value
	at := strings.LastIndex(s.Value, " ")
	if at < 0 || !dateText.MatchString(s.Value[at+1:]) {
		return text
	}
	if _, face := t.faceOf(text, looks[sign].bold); face.longest(text, looks[sign].size) <= room-2*padX-signGap {
		return text
	}
	return s.Label + "：" + s.Value[:at] + "\n" + s.Value[at+1:]
}

// box is a reply with its box, ticked or not, and how many lines are left below it
// to be written on.
type box struct {
	text    string
	written int
}

// boxes are the replies. One that asks for words ends with a colon, and has lines
// for them until the paper is answered.
func (f Form) boxes() []box {
	out := make([]box, len(f.Replies))
	for i, r := range f.Replies {
		out[i].text = "☐ " + r
		switch {
		case f.Replied == i+1:
			out[i].text = "☑ " + r
		case f.Replied == 0 && (strings.HasSuffix(r, ":") || strings.HasSuffix(r, "：")):
			out[i].written = 2
		}
	}
	return out
}

// columnWidths shares the width out among the columns of a list: each as wide as
// its words need, and what is left to those that have more to say.
func (l *layouter) columnWidths(t Table) (widths []float64, size float64) {
	size = bodySize
	if len(t.Columns) > fewColumns || l.dense {
		size = denseSize
	}
	least, natural := l.needs(t, size)
	if sum(least) > l.width && size > denseSize {
		size = denseSize
		least, natural = l.needs(t, size)
	}
	widths = make([]float64, len(least))
	switch need, want := sum(least), sum(natural); {
	case need >= l.width: // words are broken, figures only where nothing else helps
		texts := 0.0
		for i, c := range t.Columns {
			if c.Kind == Text {
				texts += least[i]
			}
		}
		share, figures := l.width/need, l.width/need
		if left := l.width - (need - texts); left > texts/2 {
			share, figures = left/texts, 1
		}
		for i, c := range t.Columns {
			widths[i] = least[i] * figures
			if c.Kind == Text {
				widths[i] = least[i] * share
			}
		}
	case want > l.width:
		widths = filled(least, natural, l.width-need)
	default:
		for i := range widths {
			widths[i] = natural[i] * l.width / want
		}
	}
	return widths, size
}

// filled shares room out so that as many columns as can be are as wide as they
// would be: those that lack little get it all, and the others as much as these.
func filled(least, natural []float64, room float64) []float64 {
	widths, byLack := slices.Clone(least), make([]int, len(least))
	for i := range byLack {
		byLack[i] = i
	}
	slices.SortStableFunc(byLack, func(a, b int) int { return cmp.Compare(natural[a]-least[a], natural[b]-least[b]) })
	for n, i := range byLack {
		more := min(natural[i]-least[i], room/float64(len(byLack)-n))
		widths[i] += more
		room -= more
	}
	return widths
}

// needs is how narrow the columns of a list may be, and how wide they would be.
func (l *layouter) needs(t Table, size float64) (least, natural []float64) {
	least, natural = make([]float64, len(t.Columns)), make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		set, _ := l.setIn(c.Header)
		_, face := l.faceOf(set, true)
		least[i] = max(2*size, min(face.widest(set, size), 12*size))
		natural[i] = max(least[i], face.longest(set, size))
		if c.Written {
			least[i], natural[i] = max(least[i], byHand*size), max(natural[i], byHandMore*size)
		}
		var wanted []float64
		for _, r := range append(t.Lines(), t.Total) {
			if i >= len(r) || r[i] == "" {
				continue
			}
			set, _ := l.setIn(shown(c.Kind, r[i]))
			_, face := l.faceOf(set, len(t.Total) > 0)
			word := face.widest(set, size)
			switch {
			case l.beside && c.Kind != Text: // a spreadsheet breaks no value, and shows ### where there is no room
				word = face.longest(set, size) + spaceAfter*size
			case c.Kind == Text: // of Chinese words the characters stay together in twos and threes
				word = max(word, min(face.longest(set, size), togetherSize*size))
			case c.Kind != Moment: // digits are not broken
				word = face.longest(set, size)
			}
			most := 13.0
			if l.beside && c.Kind == Moment {
				most = 16
			}
			long := face.longest(set, size)
			if lines := math.Ceil(word / (most * size)); lines > 1 && c.Kind == Text {
				// It is broken anyway, into lines of one length: what they leave is for those that speak.
				word = word/lines + size
				long = min(long, word)
			}
			least[i] = max(least[i], min(word, most*size))
			wanted = append(wanted, min(max(word, long), 30*size))
		}
		if n := len(wanted); n > 0 { // what a few rows say more takes them another line, not every row
			slices.Sort(wanted)
			natural[i] = max(natural[i], wanted[min(n-1, int(usual*float64(n)))])
		}
		least[i] += 2*padX + 1.5
		natural[i] = max(natural[i]+2*padX+1.5, least[i])
	}
	return least, natural
}

func sum(values []float64) (total float64) {
	for _, v := range values {
		total += v
	}
	return total
}

// Values that are what they look like, wherever they stand.
var (
	dateText   = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	momentText = regexp.MustCompile(`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?$`)
	amountText = regexp.MustCompile(`^-?\d+\.\d{2}$`)
)

// kindOf is what a labelled value is.
func kindOf(value string) Kind {
	switch {
	case dateText.MatchString(value):
		return Date
	case momentText.MatchString(value):
		return Moment
	case amountText.MatchString(value):
		return Amount
	}
	return Text
}

// shown writes a value as people read it: amounts and prices in groups of three
// digits.
func shown(kind Kind, text string) string {
	if kind != Amount && (kind != Number || !amountText.MatchString(text)) {
		return text
	}
	if _, err := decimal.NewFromString(text); err != nil {
		return text
	}
	return money.Group(text)
}
