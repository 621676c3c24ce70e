package sheet

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// blankBelow says that a list ends here.
	blankBelow = regexp.MustCompile(`^[-—=*.]*(?:以下(?:为?空白|无正文|空)|以上为?(?:全部|所有).{0,8}|无正文|此行以下空白|此页以下空白|空白)[-—=*.]*$`)
	// pageFooter is 第1页 共2页, 1/2, Page 1 of 2, -1-.
	pageFooter = regexp.MustCompile(`(?i)^(?:第?\d+页?[,，;；/]?(?:共|of|/)\d+页?|第\d+页|page\d+(?:of\d+|/\d+)?|-\d+-|共\d+页[,，;；]?第?\d+页?)$`)
	// capitalsLabel stands before a sum in words.
	capitalsLabel = regexp.MustCompile(`^(?:合计|总计|共计)?[(（]?(?:人民币)?(?:金额)?[(（]?(?:人民币)?大写[)）]?`)
	// groupNumber begins the name of a group over its rows: 一、银杏花园.
	groupNumber = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\))`)
)

// sort tells why a row below the header is no data; empty if it is. A row whose
// required columns all say something sound is data whatever words stand in it.
func (g *grid) sort(r gridRow, layout Layout, rows []Row) Why {
	if g.repeatsHeader(r, layout) {
		return Header
	}
	if g.isData(r, layout) {
		return ""
	}
	first, alone := g.first(r)
	text := strings.ReplaceAll(first.text, " ", "")
	word, found := g.totalWordIn(r, layout)
	switch {
	case found && word.carried && layout.Movements:
		return ""
	case capitalsLabel.MatchString(text):
		return Capitals
	case found:
		return word.why()
	case blankBelow.MatchString(text):
		return Blank
	case pageFooter.MatchString(text) && alone, pageFooter.MatchString(strings.ReplaceAll(joinTexts(r), " ", "")):
		return Footer
	case g.saysNothing(r, layout):
		return Blank
	case isSignature(first.text):
		return Signature
	case alone && g.isTitle(first.text):
		return TitleAgain
	case alone && first.number == "" && (groupNumber.MatchString(text) || g.spans(r) > 2):
		return KindHeading
	case !layout.Movements && len(rows) > 0 && g.isUnnamedSum(r, layout, rows):
		return Unnamed
	}
	return ""
}

func joinTexts(r gridRow) string {
	var b strings.Builder
	for _, c := range r.cells {
		b.WriteString(c.text)
	}
	return b.String()
}

// first returns the first cell of a row that says something, and whether it is
// the only one.
func (g *grid) first(r gridRow) (first cell, alone bool) {
	n := 0
	for _, c := range r.cells {
		if c.blank() || c.merged {
			continue
		}
		if n++; n == 1 {
			first = c
		}
	}
	return first, n == 1
}

// spans is how many columns the first cell of a row is merged over.
func (g *grid) spans(r gridRow) int {
	for i, c := range r.cells {
		if c.blank() {
			continue
		}
		for _, m := range g.merged {
			if m.left == i && m.top <= r.number && r.number <= m.bottom {
				return m.right - m.left + 1
			}
		}
		break
	}
	return 1
}

// isData reports whether every required column says something of its kind.
func (g *grid) isData(r gridRow, layout Layout) bool {
	for _, c := range layout.Columns {
		at, ok := g.header.columns[c.Field]
		if !c.Required || !ok {
			continue
		}
		v := g.value(r, at, c.Kind)
		if v.text == "" || isPlaceholder(v.text) {
			return false
		}
		switch c.Kind {
		case Date:
			if _, err := v.Date(); err != nil {
				return false
			}
		case Number:
			if _, ok := v.decimalOf(); !ok {
				return false
			}
		default:
			if _, total := cutTotalWord(v.text); total {
				return false
			}
		}
	}
	return true
}

// saysNothing tells a row without a value in any column that is read: a blank
// one, or one of a template that holds no more than its number and sums of 0.
func (g *grid) saysNothing(r gridRow, layout Layout) bool {
	for _, c := range layout.Columns {
		for _, at := range append([]int{g.at(c.Field)}, g.header.also[c.Field]...) {
			v := cell{}
			if at >= 0 {
				v = r.at(at)
			}
			if v.blank() || v.merged || isPlaceholder(v.text) || c.Kind == Number && v.bad.IsZero() && isZero(v) {
				continue
			}
			return false
		}
	}
	return true
}

func (g *grid) at(field string) int {
	if at, ok := g.header.columns[field]; ok {
		return at
	}
	return -1
}

// repeatsHeader tells the header again on the next page, one of its rows, or it
// in another language.
func (g *grid) repeatsHeader(r gridRow, layout Layout) bool {
	h := g.header
	for k := range h.depth {
		same, others := 0, 0
		for i, c := range r.cells {
			if c.blank() {
				continue
			}
			if c.text == g.rows[h.row+k].at(i).text {
				same++
			} else {
				others++
			}
		}
		if same > 1 && others == 0 {
			return true
		}
	}
	named, others := 0, 0
	for i, c := range r.cells {
		if c.blank() {
			continue
		}
		known := false
		for _, column := range layout.Columns {
			if h.columns[column.Field] == i && g.at(column.Field) == i && column.rank(halves(canonical(c.text))) >= 0 {
				known = true
			}
		}
		if known {
			named++
		} else {
			others++
		}
	}
	return named >= 2 && named >= others
}

// movedHeading finds, in a row that names columns again, one that stands
// elsewhere than above: what follows would be read of the wrong columns.
func (g *grid) movedHeading(r gridRow, layout Layout) (at int, moved bool) {
	named, others := 0, 0
	for i, c := range r.cells {
		switch {
		case c.blank():
			continue
		case strings.ContainsAny(c.text, "0123456789"):
			return 0, false
		}
		here, there := c.text == g.header.texts[i], false
		for _, column := range layout.Columns {
			if column.rank(halves(canonical(c.text))) >= 0 {
				here = here || g.at(column.Field) == i
				there = there || g.at(column.Field) >= 0
			}
		}
		switch {
		case here:
			named++
		case there:
			if named++; !moved {
				at, moved = i, true
			}
		default:
			others++
		}
	}
	return at, moved && named > 2 && named > others
}

// isTitle tells a text that also stands above the header.
func (g *grid) isTitle(text string) bool {
	for _, r := range g.rows[:g.header.row] {
		for _, c := range r.cells {
			if c.text == text {
				return true
			}
		}
	}
	return false
}

// isSignature recognises a row of signatures or notes by its first words: 制表人：.
func isSignature(text string) bool {
	label, _, colon := strings.Cut(text, ":")
	label = canonical(label)
	if !colon {
		return slices.Contains(signatureWords, label) && label != ""
	}
	return slices.ContainsFunc(signatureWords, func(w string) bool { return strings.Contains(label, w) })
}
