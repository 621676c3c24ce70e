package forms

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"regexp"
	"strings"
)

//go:embed print.html
var printPage string

var page = template.Must(template.New("print").Funcs(template.FuncMap{
	"chinese":  func(header string) string { zh, _, _ := strings.Cut(header, "\n"); return zh },
	"english":  func(header string) string { _, en, _ := strings.Cut(header, "\n"); return en },
	"shown":    shown,
	"kind":     kindOf,
	"unbroken": unbroken, "whole": whole,
	"long":    func(value string) bool { return typeset().regular.longest(value, looks[fieldValue].size) > longValue },
	"cells":   shownCells,
	"boxes":   Form.boxes,
	"footing": Form.footing, "continued": Form.continued,
	"text":    func(b box) string { return b.text },
	"written": func(b box) []int { return make([]int, b.written) },
	"span":    span, "labelSpan": labelSpan,
}).Parse(printPage))

var (
	anyDate = regexp.MustCompile(`\d{4}-\d{2}-\d{2}|` + groups)
	// anyGroups is a number in groups of digits, as those of bank accounts are.
	anyGroups = regexp.MustCompile(groups)
)

const groups = `\b\d{3,4}(?: \d{3,4})+\b`

// whole keeps the numbers of a cell that are written in groups on one line each.
func whole(text string) template.HTML {
	return template.HTML(anyGroups.ReplaceAllString(template.HTMLEscapeString(text), "<i>$0</i>"))
}

// unbroken keeps the dates of a text, and numbers in groups, on one line each.
func unbroken(text string) template.HTML {
	return template.HTML(anyDate.ReplaceAllString(template.HTMLEscapeString(text), "<i>$0</i>"))
}

// longValue is from where on a labelled value has a line for itself, in points.
const longValue = 190

// shownCell is one cell of a row as the page shows it: with its column's header,
// which stands beside it on a phone.
type shownCell struct{ Text, Head, Class string }

func shownCells(t printedTable, row []string) []shownCell {
	out := make([]shownCell, len(row))
	for i, v := range row {
		head, _, _ := strings.Cut(t.Columns[i].Header, "\n")
		out[i] = shownCell{Text: shown(t.Columns[i].Kind, v), Head: head}
		switch {
		case t.Numeric(i):
			out[i].Class = "amount"
		case strings.Contains(v, "-") && !strings.Contains(v, "\n") &&
			typeset().regular.longest(v, t.Size)+2*padX <= t.room[i]: // the number of a document stays on its line
			out[i].Class = "whole"
		}
	}
	return out
}

// span is how many of the width's twelfths the value of a box takes where n of
// them stand in a row, each after its label.
func span(n int) int { return 12/n - labelSpan(n) }

// printed is a form as the page shows it: its tables cut into blocks that fit.
type printed struct {
	Form
	Blocks []printedTable
}

// printedTable is a block with the width of each of its columns, in percent, and
// its rows: those that may stand on any page, and the last ones, which stay with
// the total and with what closes the paper.
type printedTable struct {
	Table
	Size   float64
	Widths []string
	Body   [][]string
	Tail   [][]string
	Bottom []Field // the last row of boxes, where it stays with what closes the paper
	First  bool    // of a page of its own
	Last   bool    // what closes the paper follows, on the same page
	Small  bool    // stands on one page
	Opens  bool    // a group of rows of a wide table, which stays together
	Ends   bool    // the group
	More   bool    // of rows that stand above already: a further block
	room   []float64
}

// Class is how the block is shown: on one page, or, as a value beside its name, as
// it is on a phone too.
func (t printedTable) Class() string {
	var classes []string
	if t.Small {
		classes = append(classes, "small")
	}
	if t.More {
		classes = append(classes, "more")
	}
	if len(t.Columns) == 2 {
		classes = append(classes, "pair")
	}
	return strings.Join(classes, " ")
}

// Order puts the halves of a row together where it is a card, on a phone.
func (t printedTable) Order(i int) template.HTMLAttr {
	if !t.Opens && !t.More {
		return ""
	}
	return template.HTMLAttr(fmt.Sprintf(` style="order: %d"`, i))
}

// OrderOfTail is Order of a row that stays with what closes the paper.
func (t printedTable) OrderOfTail(i int) template.HTMLAttr { return t.Order(len(t.Body) + i) }

// browsers set lines a little higher than the PDF does: this much of a page is taken to
// have room.
const browsers = .96

// printed is a list as the page shows it; whole says how wide its columns are.
func (l *layouter) printed(t, whole Table) printedTable {
	widths, size := l.columnWidths(whole)
	one := printedTable{Table: t, Size: size, room: widths}
	for _, w := range widths {
		one.Widths = append(one.Widths, fmt.Sprintf("%.3f%%", 100*w/l.width))
	}
	lines := t.Lines()
	cut := max(0, len(lines)-closingRows)
	one.Body, one.Tail, one.Small = lines[:cut], lines[cut:], len(lines) <= fewRows
	return one
}

// Print writes the form as a page that prints on A4: complete in itself, with
// nothing to fetch.
func (f Form) Print(w io.Writer) error {
	f = f.plain()
	l := &layouter{typefaces: typeset(), form: f, width: printWidth(f.Wide)}
	p := printed{Form: f}
	sheet := ""
	place := func(one printedTable) {
		one.First = one.Sheet != "" && one.Sheet != sheet && len(p.Blocks) > 0
		if one.Sheet != "" {
			sheet = one.Sheet
		}
		p.Blocks = append(p.Blocks, one)
	}
	placed := f.placeIn(browsers*printHeight(f.Wide), false)
	cuts := placed.cuts
	l.dense = placed.dense
	for i, whole := range f.Tables {
		blocks, groups := whole.blocks(), cuts[i]
		switch {
		case !whole.Shown():
		case len(whole.Boxes) > 0:
			place(printedTable{Table: whole})
		case len(blocks) == 1:
			place(l.printed(whole, whole))
		default:
			for n := range groups {
				for b, block := range blocks {
					one := l.printed(block.group(groups, n), block)
					one.Opens, one.Ends, one.More, one.Small = b == 0, b == len(blocks)-1, b > 0, false
					place(one)
				}
			}
		}
	}
	if n := len(p.Blocks); n > 0 {
		last := &p.Blocks[n-1]
		last.Last = true
		if rows := len(last.Boxes); rows > 0 {
			last.Bottom, last.Boxes = last.Boxes[rows-1], last.Boxes[:rows-1]
		}
	}
	return page.Execute(w, p)
}
