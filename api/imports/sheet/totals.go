package sheet

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
)

// RowCount is the field of a figure that states a number of rows.
const RowCount = "rows"

// Total is what a file states of itself in one row: sums under columns or beside
// labels, numbers of rows, above the list, within it or below.
type Total struct {
	Row     Row
	Word    string // 合计, 电池类小计, …; empty of a row of figures alone
	Kind    Why
	Figures []Figure
	spans   []span // of rows that it may count, the likeliest first
	beyond  bool   // may count what is not in the file
	noted   bool   // stands in a title or a note, which may speak of something else
}

// Figure is one figure that a total states.
type Figure struct {
	Field string // whose sum it is; RowCount; empty where no column that is read is meant
	Name  string // the column or label
	Value Value
	words bool // in capitals, 大写
}

// span is rows of a list, the first and the one behind the last.
type span struct{ from, to int }

func (t *Total) shift(by int) {
	t.spans = slices.Clone(t.spans)
	for i := range t.spans {
		t.spans[i].from += by
		t.spans[i].to += by
	}
}

// totalWord is a word by which a row states a total.
type totalWord struct {
	text    string // as it stands
	rest    string // what follows it in its cell
	grand   bool   // 总计: of all
	part    bool   // 小计, 11月合计: of some
	carried bool   // 承前页, 累计: of what may stand elsewhere
}

func (w totalWord) why() Why {
	switch {
	case w.carried:
		return BroughtOver
	case w.part:
		return SectionSum
	}
	return GrandTotal
}

var (
	carriedWord = regexp.MustCompile(`^(?:承前页?|承上页?|接上页|接前页|转下页|过次页|转次页|上页结转|结转下页|上期结转|期初(?:余额|数)?)(.*)$`)
	countWord   = regexp.MustCompile(`^共(?:计)?[0-9]+(?:笔|行|条|项|户|台|次|件|个|单|套)`)
	wordOfTotal = regexp.MustCompile(`(?i)^([^:(,;。]{0,24}?)(总合计|总金额|总数量|总额|小计|合计|总计|共计|累计|subtotal|grandtotal|total|sum)(.*)$`)
	// ofAll may stand before the word without narrowing what it is the total of.
	ofAll = regexp.MustCompile(`^(?:总|本表|全表|全部|数量|台数|笔数|金额|费用|收费|应收|借方|贷方|收入|支出)+$`)
	// afterWord may follow the word: a colon, brackets, a figure, or what it is of.
	afterWord = regexp.MustCompile(`(?i)^(?:金额|费用|应收|数量|台数|笔数|行数|条数|人民币|大写|元|amount|quantity|rows|lines)*(?:$|[:(,;\d¥￥+\-−共])`)
)

// cutTotalWord finds the word of a total in a cell: 合 计：1,234.00.
func cutTotalWord(s string) (w totalWord, found bool) {
	text := strings.ReplaceAll(s, " ", "")
	if m := carriedWord.FindStringSubmatch(text); m != nil {
		return totalWord{text: s, rest: m[1], carried: true}, true
	}
	if countWord.MatchString(text) {
		return totalWord{text: "共", rest: text, grand: true}, true
	}
	if text == "计" || strings.HasPrefix(text, "计:") {
		return totalWord{text: "计", rest: strings.TrimPrefix(text, "计")}, true
	}
	m := wordOfTotal.FindStringSubmatch(text)
	if m == nil || !afterWord.MatchString(m[3]) {
		return w, false
	}
	w = totalWord{text: s[:wordEnd(s, len(m[1])+len(m[2]))], rest: m[3]}
	switch word := strings.ToLower(m[2]); {
	case word == "累计":
		w.carried = true
	case m[1] != "" && !ofAll.MatchString(m[1]) || word == "小计" || word == "subtotal":
		w.part = true
	case word != "合计" && word != "total" && word != "sum":
		w.grand = true
	}
	return w, true
}

// wordEnd is where the first n bytes of s that are no blanks end.
func wordEnd(s string, n int) int {
	for i := range len(s) {
		if s[i] == ' ' {
			continue
		}
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}

// totalWordIn finds the word of a total in a row: in its first cell that says
// something, columns that are not read left out.
func (g *grid) totalWordIn(r gridRow, layout Layout) (w totalWord, found bool) {
	w, _, found = g.totalWordAt(r)
	return w, found
}

func (g *grid) totalWordAt(r gridRow) (w totalWord, at int, found bool) {
	read := make(map[int]bool)
	for _, i := range g.header.columns {
		read[i] = true
	}
	for i, c := range r.cells {
		if c.blank() || c.merged {
			continue
		}
		if w, found := cutTotalWord(c.text); found {
			return w, i, true
		}
		if read[i] || c.number == "" && len([]rune(c.text)) > 4 {
			return w, 0, false
		}
	}
	return w, 0, false
}

// figure is a number in a text, with what stands before and behind it.
var figureInText = regexp.MustCompile(`([^\d:,;，；、()\s+\-−.¥￥]*)[:(]?\s*\)?:?\s*(?:¥|￥)?\s*([+\-−]?\d[\d,]*(?:\.\d+)?)\s*(元|笔|行|条|项|户|台|个|次|件|套|单)?`)

// Labelled is a figure in a text: 贷方合计 1,234.00 元.
type Labelled struct{ Label, Number, Unit string }

// Figures takes the figures out of a text, each with the words before it; where
// none stand before a figure, those of the one before it hold.
func Figures(text string) (out []Labelled) {
	label := ""
	for _, m := range figureInText.FindAllStringSubmatch(clean(text), -1) {
		if m[1] != "" {
			label = m[1]
		}
		out = append(out, Labelled{label, strings.TrimRight(m[2], ","), m[3]})
	}
	return out
}

// total finds what the file states of itself.
func (g *grid) total(l *List, layout Layout) {
	if layout.Movements {
		return // its reader knows more of both directions
	}
	all := []span{{0, len(l.Rows)}}
	for _, row := range l.Above {
		if t, ok := g.totalOf(row, layout, false); ok {
			t.spans = all
			l.Totals = append(l.Totals, t)
		} else if t, ok := g.notedIn(row, layout); ok {
			t.spans = all
			l.Totals = append(l.Totals, t)
		}
	}
	plain := 0
	for _, p := range l.Passed {
		if p.Why == GrandTotal {
			plain++
		}
	}
	boundaries := []int{0}
	for i, p := range l.Passed {
		after := p.after
		switch p.Why {
		case Signature, TitleAgain, Footer:
			if t, ok := g.notedIn(p.Row, layout); ok {
				t.spans = all
				l.Totals = append(l.Totals, t)
			}
		case Header, KindHeading:
			boundaries = append(boundaries, after)
		case GrandTotal, SectionSum, BroughtOver, Unnamed, Capitals:
			t, ok := g.totalOf(p.Row, layout, true)
			if !ok {
				continue
			}
			t.Kind, t.beyond = p.Why, p.Why == BroughtOver
			t.spans = spansOf(p.Why, plain, boundaries, after, l.nextBoundary(i), len(l.Rows))
			l.Totals = append(l.Totals, t)
			if p.Why != Capitals {
				boundaries = append(boundaries, after)
			}
		}
	}
}

// nextBoundary is the number of rows before the next total after a passed row.
func (l *List) nextBoundary(i int) int {
	for _, p := range l.Passed[i+1:] {
		if p.Why == GrandTotal || p.Why == SectionSum {
			return p.after
		}
	}
	return len(l.Rows)
}

// spansOf lists the rows that a total may count, the likeliest first.
func spansOf(why Why, plain int, boundaries []int, after, next, all int) (out []span) {
	add := func(from, to int) {
		if s := (span{from, to}); from <= to && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if why == GrandTotal && after == all || why == Capitals || why == Unnamed && after == all {
		add(0, all)
		if plain < 2 && why != Unnamed {
			return out
		}
	}
	if why == BroughtOver {
		add(0, after)
	}
	for _, b := range slices.Backward(boundaries) {
		add(b, after)
	}
	if why == SectionSum {
		add(after, next)
	}
	return out
}

// totalOf reads the figures of a row that states a total.
func (g *grid) totalOf(row Row, layout Layout, below bool) (t Total, ok bool) {
	r := row.source
	t = Total{Row: row, Kind: GrandTotal}
	w, at, found := g.totalWordAt(r)
	if !found && !below {
		for i, c := range r.cells {
			if w, found = cutTotalWord(c.text); found {
				at = i
				break
			}
		}
	}
	if !found && !below {
		return t, false
	}
	t.Word = strings.TrimSpace(w.text)
	label := ""
	for i, c := range r.cells {
		if c.blank() || c.merged || i < at {
			continue
		}
		field := ""
		if below {
			field = g.fieldAt(i, Number, layout)
		}
		v := g.value(r, i, Number)
		name := g.header.texts[i]
		if name == "" {
			name = columnLetters(i)
		}
		_, isNumber := v.decimalOf()
		switch {
		case capitalsOf(c.text) != "":
			t.Figures = append(t.Figures,
				Figure{Field: layout.Total, Name: "大写", Value: Value{Cell: v.Cell, text: capitalsOf(c.text)}, words: true})
		case field != "" && (isNumber || !c.bad.IsZero() || !isPlaceholder(c.text) && i != at && len(Figures(c.text)) == 0):
			t.Figures = append(t.Figures, Figure{Field: field, Name: name, Value: v})
		case isNumber && i != at:
			f := Figure{Name: name, Value: v}
			if label != "" {
				f.Field, f.Name = layout.labelled(Labelled{Label: label}), label
			}
			t.Figures = append(t.Figures, f)
		default:
			text := c.text
			if i == at {
				text = w.rest
				if w.text != "共" && !w.part { // of a part, its name may hold figures: 11月合计
					text = strings.TrimSpace(w.text) + w.rest
				}
			}
			label = strings.TrimRight(text, ": ")
			for _, x := range Figures(text) {
				t.Figures = append(t.Figures,
					Figure{
						Field: layout.labelled(x), Name: strings.TrimSpace(x.Label + " " + x.Unit),
						Value: Value{Cell: v.Cell, text: x.Number},
					})
				label = ""
			}
		}
	}
	return t, len(t.Figures) > 0
}

// fieldAt is the field of a kind that is read from a column.
func (g *grid) fieldAt(at int, kind Kind, layout Layout) string {
	for _, c := range layout.Columns {
		if c.Kind == kind && (g.at(c.Field) == at || slices.Contains(g.header.also[c.Field], at)) {
			return c.Field
		}
	}
	return ""
}

var (
	notedTotal = regexp.MustCompile(`(?:合计|总计|共计|总额|总金额|小计|^共)(?:金额|费用|人民币|应收|笔数|数量|:)*$`)
	pages      = regexp.MustCompile(`[第共]? *\d+ *页`)
)

// notedIn reads the totals that a title or a note names in its text: 说明：以上共计
// 450 元, 应收金额：450.
func (g *grid) notedIn(row Row, layout Layout) (t Total, ok bool) {
	t = Total{Row: row, Kind: GrandTotal, noted: true}
	for _, v := range row.Cells() {
		text := pages.ReplaceAllString(v.text, "")
		if words := capitalsOf(text); words != "" {
			t.Figures = append(t.Figures,
				Figure{Field: layout.Total, Name: "大写", Value: Value{Cell: v.Cell, text: words}, words: true})
		}
		for _, x := range Figures(text) {
			label := strings.ReplaceAll(x.Label, " ", "")
			field := ""
			if canonical(totalWords.ReplaceAllString(label, "")) != "" {
				field = layout.labelled(x)
			}
			if notedTotal.MatchString(label) {
				if field = layout.labelled(x); field == "" && (x.Unit == "" || x.Unit == "元") {
					field = layout.Total // of 本月, 以上
				}
			} else if field == "" {
				continue
			}
			t.Figures = append(t.Figures,
				Figure{Field: field, Name: strings.TrimSpace(x.Label + " " + x.Unit), Value: Value{Cell: v.Cell, text: x.Number}})
		}
	}
	return t, len(t.Figures) > 0
}

var totalWords = regexp.MustCompile(`(?i)总合计|小计|合计|总计|共计|累计|total|sum|[:()共总计]|本页|大写|人民币`)

// labelled is the field that a labelled figure is the sum of.
func (l Layout) labelled(x Labelled) string {
	label := totalWords.ReplaceAllString(strings.ReplaceAll(x.Label, " ", ""), "")
	rows := slices.Contains([]string{"笔", "行", "条", "单"}, x.Unit)
	switch {
	case slices.Contains([]string{"笔数", "行数", "条数", "笔", "行", "条", "rows", "lines"}, label), rows && label == "":
		return RowCount
	case rows:
		return ""
	}
	for _, c := range l.Columns {
		if c.Kind == Number && c.rank([]string{canonical(label)}) >= 0 {
			return c.Field
		}
	}
	switch {
	case label == "" && slices.Contains([]string{"", "元"}, x.Unit), slices.Contains([]string{"金额", "费用"}, label):
		return l.Total
	case label == "" && slices.Contains([]string{"台", "个", "次", "件", "套"}, x.Unit):
		if _, ok := l.column("quantity"); ok {
			return "quantity"
		}
		return l.Total
	}
	return ""
}

// isUnnamedSum tells a row of figures alone that are the sums of rows above.
func (g *grid) isUnnamedSum(r gridRow, layout Layout, rows []Row) bool {
	sums := make(map[string]decimal.Decimal)
	for i, c := range r.cells {
		if c.blank() || c.merged {
			continue
		}
		field := g.fieldAt(i, Number, layout)
		d, ok := g.value(r, i, Number).decimalOf()
		if field == "" || !ok {
			return false
		}
		sums[field] = d
	}
	for field, stated := range sums {
		sum := decimal.Zero
		for _, row := range rows {
			if d, known := row.Value(field).orZero(); known {
				sum = sum.Add(d)
			}
		}
		if !sum.Equal(stated) {
			return false
		}
	}
	return len(sums) > 0
}

// orZero reads a number; a cell that says nothing counts as none.
func (v Value) orZero() (decimal.Decimal, bool) {
	if v.Blank() {
		return decimal.Zero, true
	}
	return v.decimalOf()
}

// Figure is what a row counts for a field in a sum: its cell's number, nothing
// where the cell says nothing. known is false where there is no such number.
func (r Row) Figure(field string) (d decimal.Decimal, known bool) {
	if !r.Has(field) {
		return d, false
	}
	return r.Value(field).orZero()
}

// Compared is a figure that a file states of itself, beside what its rows say.
type Compared struct {
	Cell   string
	Row    int
	Word   string // the row's word
	Field  string
	Name   string // column or label
	Stated string
	Found  string      // of the rows; empty where it was not compared
	Rows   string      // which rows were counted
	Status string      // Agrees, Differs or NotCompared
	Why    domain.Text // why it was not compared, or is no number
}

// What became of a figure that a file states.
const (
	Agrees      = "AGREES"
	Differs     = "DIFFERS"
	NotCompared = "NOT_COMPARED"
)

// Compare holds every figure that the file states against its rows. number says
// what a row counts for a field where that is not what its cell says, such as a
// charge at the list's price; known is false where it cannot be told.
func (l *List) Compare(number func(row int, field string) (d decimal.Decimal, known bool)) (out []Compared) {
	if number == nil {
		number = func(row int, field string) (decimal.Decimal, bool) { return l.Rows[row].Figure(field) }
	}
	for _, t := range l.Totals {
		best := []Compared(nil)
		for _, s := range t.spans {
			c := l.compare(t, s, number)
			if best == nil || count(c, Agrees) > count(best, Agrees) && count(c, Differs) < count(best, Differs) {
				best = c
			}
		}
		if t.beyond && count(best, Differs) > 0 {
			for i := range best {
				best[i].Status, best[i].Found, best[i].Rows, best[i].Why = NotCompared, "", "",
					domain.Say("it counts what was brought forward, which is not in the file")
			}
		}
		if t.noted {
			for i := range best {
				if best[i].Status == Differs {
					best[i].Status, best[i].Why = NotCompared,
						domain.Say("it stands in a title or a note, and is not what the rows come to; see what it speaks of")
				}
			}
		}
		out = append(out, best...)
	}
	return out
}

func count(c []Compared, status string) (n int) {
	for _, x := range c {
		if x.Status == status {
			n++
		}
	}
	return n
}

// compare holds the figures of a total against some rows.
func (l *List) compare(t Total, s span, number func(int, string) (decimal.Decimal, bool)) (out []Compared) {
	for _, f := range t.Figures {
		c := Compared{
			Cell: f.Value.Cell, Row: t.Row.Number, Word: t.Word, Field: f.Field, Name: f.Name, Stated: f.Value.Shown(),
			Status: NotCompared, Rows: l.spanName(s),
		}
		stated, ok := f.Value.decimalOf()
		if f.words {
			stated, ok = readCapitals(f.Value.text)
		}
		switch {
		case !ok && f.words:
			c.Why, c.Rows = domain.Say("its words are not those of an amount"), ""
		case !ok:
			c.Status, c.Why = Differs, f.Value.problem()
		case f.Field == "":
			c.Why, c.Rows = domain.Say("the column or label is not read"), ""
		case f.Field == RowCount:
			c.set(stated, decimal.NewFromInt(int64(s.to-s.from)))
		case slices.Contains(unsummed, f.Field):
			c.Why, c.Rows = domain.Say("a sum of prices says nothing"), ""
		default:
			sum := decimal.Zero
			for i := s.from; i < s.to; i++ {
				d, known := number(i, f.Field)
				if !known {
					c.Why = domain.Say("it cannot be told what %s counts", l.Rows[i].Place())
					break
				}
				sum = sum.Add(d)
			}
			if c.Why.IsZero() {
				c.set(stated, sum)
			}
		}
		out = append(out, c)
	}
	return out
}

// unsummed are fields whose sum nobody states.
var unsummed = []string{"unitPrice", "unitCost", "warrantyCost"}

func (c *Compared) set(stated, found decimal.Decimal) {
	places := max(0, -stated.Exponent(), -found.Exponent())
	c.Stated, c.Found, c.Status = stated.StringFixed(places), found.StringFixed(places), Differs
	if stated.Equal(found) {
		c.Status = Agrees
	}
}

// spanName names the rows of a span.
func (l *List) spanName(s span) string {
	switch {
	case s.from >= s.to:
		return "—"
	case s.from+1 == s.to:
		return l.Rows[s.from].Place()
	}
	return fmt.Sprintf("%s … %s", l.Rows[s.from].Place(), l.Rows[s.to-1].Place())
}

// problem says why a stated figure is none.
func (v Value) problem() domain.Text {
	if !v.bad.IsZero() {
		return v.bad
	}
	return domain.Say("is no number")
}
