package sheet

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// writtenList is a list as a department may write it, and what it means.
type writtenList struct {
	rows  [][]string
	want  []line
	wrong bool // a total that it states is not that of its rows
}

// column is one of a written list: its headings, and how a row is written in it.
type writtenColumn struct {
	headings []string
	group    string
	write    func(l line) string
}

func drawList(t *rapid.T) (w writtenList) {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	grouped := rapid.Bool().Draw(t, "grouped")
	units := func(s ...string) []string {
		var out []string
		for _, h := range s {
			out = append(out, h, h+"（元）", h+"/元", h+"【元】", h[:3]+" "+h[3:])
		}
		return out
	}
	columns := []writtenColumn{
		{headings: []string{"编号", "收费单号", "单据编号"}, write: func(l line) string { return l.Number }},
		{headings: []string{"日期", "服务日期", "施工日期"}, write: func(l line) string { return l.Date }},
		{headings: []string{"项目", "项目编号", "小区"}, write: func(l line) string { return l.Project }},
		{headings: []string{"房号", "室号"}, write: func(l line) string { return l.Room }},
		{headings: []string{"服务内容", "收费项目"}, write: func(l line) string { return l.Item }},
		{headings: []string{"数量", "数量（次）", "台数", "件数", "数量[台/套]"}, group: "收费情况", write: func(l line) string { return l.Quantity }},
		{headings: units("金额", "总价", "应收"), group: "收费情况", write: func(l line) string { return l.Gross }},
	}
	width := len(columns)
	blank := func() []string { return make([]string, width) }
	one := func(s string) []string { r := blank(); r[0] = s; return r }
	if rapid.Bool().Draw(t, "titled") {
		w.rows = append(w.rows, one("售后服务收费明细表"), one("2026年11月"))
	}
	top, low := blank(), blank()
	for i, c := range columns {
		heading := pick("heading", c.headings...)
		if grouped && c.group != "" {
			low[i] = heading
			if i == width-2 {
				top[i] = c.group
			}
			continue
		}
		top[i] = heading
	}
	w.rows = append(w.rows, top)
	if grouped {
		w.rows = append(w.rows, low)
	}
	n := rapid.IntRange(1, 12).Draw(t, "rows")
	perGroup := rapid.IntRange(1, 5).Draw(t, "per group")
	subtotals := rapid.Bool().Draw(t, "subtotals")
	spoil := rapid.IntRange(0, 3).Draw(t, "spoil")
	quantity, fen, groupQuantity, groupFen := 0, 0, 0, 0
	total := func(word string, q, f int) {
		r := one(word)
		r[width-2], r[width-1] = fmt.Sprint(q), fmt.Sprintf("%d.%02d", f/100, f%100)
		w.rows = append(w.rows, r)
	}
	for i := range n {
		q, f := rapid.IntRange(1, 99).Draw(t, "quantity"), rapid.IntRange(1, 9_999_999).Draw(t, "fen")
		l := line{
			Number: fmt.Sprintf("F3-%d", i), Date: fmt.Sprintf("2026-11-%02d", rapid.IntRange(1, 30).Draw(t, "day")),
			Project: fmt.Sprintf("P%03d", i/perGroup),
			Room:    fmt.Sprintf("%d-1-101", i+1), Item: pick("item", "移位", "ADD-01", "合计器安装"), Quantity: fmt.Sprint(q),
			Gross: fmt.Sprintf("%d.%02d", f/100, f%100),
		}
		r := blank()
		for k, c := range columns {
			r[k] = c.write(l)
		}
		r[1] = pick("date as", l.Date, strings.ReplaceAll(l.Date, "-", "/"), strings.ReplaceAll(l.Date, "-", ""),
			"11月"+l.Date[8:]+"日")
		if w.rows[0][0] != "售后服务收费明细表" && strings.HasPrefix(r[1], "11月") {
			r[1] = l.Date // no title says the year
		}
		r[width-1] = pick("amount as", l.Gross, "￥"+l.Gross, "+"+l.Gross, l.Gross+"元")
		w.rows = append(w.rows, r)
		l.Row = len(w.rows)
		w.want = append(w.want, l)
		quantity, fen, groupQuantity, groupFen = quantity+q, fen+f, groupQuantity+q, groupFen+f
		if subtotals && (i%perGroup == perGroup-1 || i == n-1) {
			total(l.Project+"小计", groupQuantity, groupFen)
			groupQuantity, groupFen = 0, 0
		}
		if rapid.IntRange(0, 9).Draw(t, "noise") == 0 {
			w.rows = append(w.rows, one(pick("noise row", "第1页 共3页", "- 1 -")), top)
			if grouped {
				w.rows = append(w.rows, low)
			}
		}
	}
	if rapid.Bool().Draw(t, "totalled") {
		if w.wrong = spoil == 0; w.wrong {
			fen += rapid.IntRange(1, 500).Draw(t, "wrong by")
		}
		total(pick("word", "合计", "合 计", "总计", "合计："), quantity, fen)
	}
	for _, foot := range []string{"以下空白", "制表人：张三", "第3页 共3页"} {
		if rapid.Bool().Draw(t, "foot") {
			w.rows = append(w.rows, one(foot))
		}
	}
	return w
}

// file writes a list in some form.
func (w writtenList) file(t *rapid.T) []byte {
	form := rapid.SampledFrom([]string{"utf-8", "gb18030", "utf-16", "xlsx"}).Draw(t, "form")
	if form == "xlsx" {
		return workbook(t, func(f *excelize.File, s string) {
			for i := range w.rows {
				must(t, f.SetSheetRow(s, fmt.Sprintf("A%d", i+1), &w.rows[i]))
			}
		})
	}
	separator := rapid.SampledFrom([]string{",", "\t", ";", "|"}).Draw(t, "separator")
	var b strings.Builder
	for _, r := range w.rows {
		for i, c := range r {
			if i > 0 {
				b.WriteString(separator)
			}
			if rapid.IntRange(0, 5).Draw(t, "quoted") == 0 {
				c = `"` + c + `"` + rapid.SampledFrom([]string{"", " "}).Draw(t, "white")
			}
			b.WriteString(c)
		}
		b.WriteString(rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end"))
	}
	text := b.String()
	var err error
	switch form {
	case "gb18030":
		text, err = simplifiedchinese.GB18030.NewEncoder().String(text)
	case "utf-16":
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	}
	must(t, err)
	return []byte(text)
}

// TestAListIsReadAsItWasWrittenOrRefused draws lists with any headings, units,
// header rows, groups, totals, footers, encodings and noise: what is read is
// what was written, and a total that is not that of its rows is found.
func TestAListIsReadAsItWasWrittenOrRefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawList(t)
		list, err := Read(w.file(t), Options{}, Charges)
		if err != nil {
			t.Fatalf("%v in %q", err, w.rows)
		}
		if diff := cmp.Diff(w.want, lines(list)); diff != "" {
			t.Fatalf("%s in %q", diff, w.rows)
		}
		differs := false
		for _, c := range list.Compare(nil) {
			differs = differs || c.Status == Differs
			if c.Status == NotCompared {
				t.Fatalf("%+v in %q", c, w.rows)
			}
		}
		if differs != w.wrong {
			t.Fatalf("differs %t, wrong %t: %v in %q", differs, w.wrong, figures(list), w.rows)
		}
	})
}

// testingT is a test, or a check of a drawn value.
type testingT interface {
	Helper()
	Fatal(args ...any)
}
