package sheet

import (
	"bytes"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// markupOf tells a web page or an XML document, which banks name .xls, from
// separated values.
func markupOf(text []byte) string {
	start := strings.ToLower(string(bytes.TrimSpace(text[:min(len(text), 2000)])))
	switch {
	case strings.HasPrefix(start, "<?xml"), strings.HasPrefix(start, "<workbook"):
		if strings.Contains(start, "<html") {
			return "html"
		}
		return "xml"
	case strings.HasPrefix(start,
		"<") && (strings.Contains(start,
		"<html") || strings.Contains(start, "<table") || strings.HasPrefix(start, "<!doctype html")):
		return "html"
	}
	return ""
}

// readHTML reads the tables of a web page, one below the other.
func readHTML(text []byte, charset string, o Options, layout Layout) (*List, error) {
	page, err := html.Parse(bytes.NewReader(text))
	if err != nil {
		return nil, unreadable("file-format",
			"the file is a web page that cannot be read; open it in a spreadsheet program and save it as .xlsx (另存为 Excel 工作簿)")
	}
	g := &grid{}
	if err := g.addTables(page); err != nil {
		return nil, err
	}
	if len(g.rows) == 0 {
		return nil, unreadable("file-format",
			"the file is a web page without a table; open it in a spreadsheet program and save it as .xlsx (另存为 Excel 工作簿)")
	}
	g.fillMerged(g.merged)
	list, err := g.read(layout, o)
	if err != nil {
		return nil, err
	}
	list.Format, list.Charset = "html", charset
	return list, nil
}

// addTables adds every row of a page that holds no table itself. Rows are
// counted from the top of the page.
func (g *grid) addTables(page *html.Node) error {
	number := 0
	taken := make(map[int]int) // columns that a cell from above reaches into, and down to which row
	var add func(n *html.Node) error
	add = func(n *html.Node) error {
		if n.DataAtom == atom.Table {
			clear(taken)
		}
		if n.DataAtom == atom.Tr && !holds(n, atom.Table) {
			number++
			return g.addHTMLRow(n, number, taken)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if err := add(c); err != nil {
				return err
			}
		}
		return nil
	}
	return add(page)
}

func (g *grid) addHTMLRow(tr *html.Node, number int, taken map[int]int) error {
	row := gridRow{number: number, hidden: hiddenByStyle(tr)}
	blank, at := true, 0
	for td := tr.FirstChild; td != nil; td = td.NextSibling {
		if td.DataAtom != atom.Td && td.DataAtom != atom.Th {
			continue
		}
		for taken[at] >= number {
			at++
		}
		across, down := span1(td, "colspan"), span1(td, "rowspan")
		if at+across > maxColumns {
			return unreadable("too-many-columns", "a row has more than %d columns", maxColumns)
		}
		for len(row.cells) <= at {
			row.cells = append(row.cells, cell{})
		}
		row.cells[at] = textCell(textOf(td))
		blank = blank && row.cells[at].blank()
		if across > 1 || down > 1 {
			if len(g.merged) < maxMerged {
				g.merged = append(g.merged, cellRange{number, at, number + down - 1, at + across - 1})
			}
			for i := at; i < at+across; i++ {
				taken[i] = number + down - 1
			}
		}
		at += across
	}
	if blank {
		return nil
	}
	if len(g.rows) >= maxRows+headerWithin+1000 {
		return errTooManyRows
	}
	g.rows = append(g.rows, row)
	return nil
}

func span1(n *html.Node, name string) int {
	for _, a := range n.Attr {
		if a.Key == name {
			if i, err := strconv.Atoi(strings.TrimSpace(a.Val)); err == nil && i > 1 {
				return min(i, maxRows)
			}
		}
	}
	return 1
}

func hiddenByStyle(n *html.Node) bool {
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && strings.Contains(strings.ReplaceAll(strings.ToLower(a.Val), " ", ""),
			"display:none") {
			return true
		}
	}
	return false
}

func holds(n *html.Node, a atom.Atom) bool {
	for d := range n.Descendants() {
		if d.DataAtom == a {
			return true
		}
	}
	return false
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			b.WriteString(d.Data)
		case d.DataAtom == atom.Br:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
