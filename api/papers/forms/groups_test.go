package forms

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Whoever reads a row of a wide table to its end turns no page: as many rows stand on a
// page as have room with both of their halves, however many there are.
func TestARowInTwoHalvesIsReadOnOnePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := Table{
			Title: "明细", Columns: slices.Concat(texts("编号\nno.", "内容"), inBlock(1, texts("说明", "备注"), amounts("金额"))),
		}
		for i := range rapid.IntRange(1, 120).Draw(t, "rows") {
			word := func(what string) string { return strings.Repeat("故障", rapid.IntRange(0, 60).Draw(t, what)) }
			list.Rows = append(list.Rows, []string{fmt.Sprint("N", i), word("content"), word("remark"), word("note"), "1.00"})
		}
		if rapid.Bool().Draw(t, "total") {
			list.Total = []string{"合计", "", "", "", "9.00"}
		}
		f := Form{
			Title: "表", Wide: rapid.Bool().Draw(t, "wide"), Tables: []Table{list},
			Foot: []Field{{"合计", "x"}}, Signs: []Field{{"负责人", ""}}, Seal: "x",
		}
		for range rapid.IntRange(0, 30).Draw(t, "head") {
			f.Head = append(f.Head, Field{"项目", strings.Repeat("长", 80)})
		}
		s := f.place(false).sections[0]
		begins, pageOf, last := s.pages(printHeight(f.Wide)), make(map[string]int), ""
		for n, from := range begins {
			to := len(s.strips)
			if n+1 < len(begins) {
				to = begins[n+1]
			}
			for _, strip := range s.strips[from:to] {
				for i, c := range strip.cells {
					if i > 0 || c.style != bodyCell {
						continue
					}
					if on, seen := pageOf[c.text]; seen && on != n {
						t.Fatalf("row %s stands on page %d and goes on on page %d", c.text, on+1, n+1)
					}
					pageOf[c.text], last = n, c.text
				}
				if len(strip.cells) > 0 && strip.cells[0].style == sign && pageOf[last] != n {
					t.Fatalf("the signatures stand on page %d, the last row on page %d", n+1, pageOf[last]+1)
				}
			}
		}
		if len(pageOf) != len(list.Rows) {
			t.Fatalf("%d of %d rows are there", len(pageOf), len(list.Rows))
		}
	})
}
