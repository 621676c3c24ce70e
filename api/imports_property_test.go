package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"aftersales-ledger/domain/account"
)

// chargeLine is a charge as a department writes it down, and as it must be booked.
type chargeLine struct {
	Number, Project, Room, Item, On, Quantity, Amount string
}

// writtenCharges is a charge list as a department may write it.
type writtenCharges struct {
	rows  [][]string
	lines []chargeLine
	wrong string // what is wrong with it; empty: nothing is
}

// drawCharges draws a list with any headings, units, header rows, groups, totals,
// footers and noise, whose numbers begin with prefix.
func drawCharges(t *rapid.T, prefix string) (w writtenCharges) {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	yes := func(label string) bool { return rapid.Bool().Draw(t, label) }
	const width, quantityAt, amountAt = 8, 5, 7
	one := func(s string) []string { return append([]string{s}, make([]string, width-1)...) }
	titled, grouped := yes("titled"), yes("grouped")
	if titled {
		w.rows = append(w.rows, one("售后服务收费明细表（2026年6月）"))
	}
	heads := []string{
		pick("number", "编号", "收费单号", "单据编号"), pick("date", "日期", "服务日期", "施工日期"), pick("project", "项目", "项目编号", "小区"),
		pick("room", "房号", "室号"),
		pick("item", "服务内容", "收费项目"), pick("quantity", "数量", "数量（台）", "台数", "件数", "数量[台/套]"),
		pick("price", "单价", "单价（元）", "单价/元"),
		pick("amount", "金额", "金额（元）", "总价/元", "应收【元】", "金 额"),
	}
	header := [][]string{heads}
	if grouped {
		top, low := append([]string{}, heads...), make([]string, width)
		copy(low[quantityAt:], heads[quantityAt:])
		top[quantityAt], top[quantityAt+1], top[amountAt] = "收费情况", "", ""
		header = [][]string{top, low}
	}
	w.rows = append(w.rows, header...)
	w.wrong = pick("wrong", "", "", "", "", "total", "amount", "room", "item")
	n := rapid.IntRange(1, 8).Draw(t, "rows")
	at := rapid.IntRange(0, n-1).Draw(t, "wrong row")
	perGroup := rapid.IntRange(1, 4).Draw(t, "per group")
	subtotals, sumQuantity, sum, ofGroup, sumOfGroup := yes("subtotals"), 0, 0, 0, 0
	total := func(word string, quantity, yuan int) {
		r := one(word)
		r[quantityAt], r[amountAt] = fmt.Sprint(quantity), fmt.Sprintf("%d.00", yuan)
		w.rows = append(w.rows, r)
	}
	for i := range n {
		item, price := "可视对讲移位", 150
		if yes("added") {
			item, price = "加装门禁读卡器", 380
		}
		quantity, day := rapid.IntRange(1, 9).Draw(t, "quantity"), rapid.IntRange(1, 28).Draw(t, "day")
		l := chargeLine{
			Number: fmt.Sprintf("%s-%d", prefix, i), Project: pick("of", "P001", "P002"), Room: fmt.Sprintf("%d-1-101", i+1),
			Item: item,
			On:   fmt.Sprintf("2026-06-%02d", day), Quantity: fmt.Sprint(quantity), Amount: fmt.Sprintf("%d.00", quantity*price),
		}
		w.lines = append(w.lines, l)
		r := []string{
			l.Number,
			pick("date as", l.On, strings.ReplaceAll(l.On, "-", "/"), strings.ReplaceAll(l.On, "-", ""),
				fmt.Sprintf("2026年6月%d日", day)), l.Project, l.Room,
			item, l.Quantity, pick("price as", "", fmt.Sprint(price)),
			pick("amount as", l.Amount, "￥"+l.Amount, "+"+l.Amount, l.Amount+"元"),
		}
		if i == at {
			switch w.wrong {
			case "amount": // also of the totals, which agree with it
				quantity++
				r[quantityAt] = fmt.Sprint(quantity)
			case "room":
				r[3] = "2026/2/5"
			case "item":
				r[4] = "不在价目表"
			}
		}
		w.rows = append(w.rows, r)
		yuan := price * atoi(l.Quantity)
		sumQuantity, sum, ofGroup, sumOfGroup = sumQuantity+quantity, sum+yuan, ofGroup+quantity, sumOfGroup+yuan
		if subtotals && (i%perGroup == perGroup-1 || i == n-1) {
			total(pick("subtotal", "小计", "本页小计"), ofGroup, sumOfGroup)
			ofGroup, sumOfGroup = 0, 0
		}
		if rapid.IntRange(0, 9).Draw(t, "noise") == 0 {
			w.rows = append(append(w.rows, one(pick("noise row", "第1页 共3页", "- 1 -"))), header...)
		}
	}
	if w.wrong == "total" {
		sum += rapid.IntRange(1, 500).Draw(t, "wrong by")
	}
	if w.wrong == "total" || yes("totalled") {
		total(pick("word", "合计", "合 计", "总计", "合计："), sumQuantity, sum)
	}
	for _, foot := range []string{"以下空白", "制表人：张三", "第3页 共3页"} {
		if yes("foot") {
			w.rows = append(w.rows, one(foot))
		}
	}
	return w
}

func atoi(s string) (n int) {
	_, _ = fmt.Sscan(s, &n)
	return n
}

// drawnFile writes rows as text in some encoding, or as a workbook.
func drawnFile(t *rapid.T, rows [][]string) []byte {
	form := rapid.SampledFrom([]string{"utf-8", "gb18030", "utf-16", "xlsx"}).Draw(t, "form")
	if form == "xlsx" {
		return workbookOf(t, rows)
	}
	separator := rapid.SampledFrom([]string{",", "\t", ";", "|"}).Draw(t, "separator")
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(strings.Join(r, separator) + rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end"))
	}
	text, err := b.String(), error(nil)
	switch form {
	case "gb18030":
		text, err = simplifiedchinese.GB18030.NewEncoder().String(text)
	case "utf-16":
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return []byte(text)
}

// TestWhatIsBookedIsWhatWasWrittenOrNothingIs draws charge lists of any shape and
// imports them into a ledger on SQLite: its log holds the charges that were
// drawn, or the file is refused and the log holds nothing new. A file that is sent
// again books nothing more.
func TestWhatIsBookedIsWhatWasWrittenOrNothingIs(t *testing.T) {
	w := newWorld(t)
	list := 0
	rapid.Check(t, func(t *rapid.T) {
		list++
		prefix := fmt.Sprintf("F3-L%d", list)
		drawn := drawCharges(t, prefix)
		file := drawnFile(t, drawn.rows)
		before := w.head()
		status, r := w.send(w.t.Context(), admin, "charges", file)
		if drawn.wrong != "" {
			if status < 400 || w.head() != before {
				t.Fatalf("%s is wrong, status %d, head %d after %d: %+v in %q", drawn.wrong, status, w.head(), before, r.Results,
					drawn.rows)
			}
			return
		}
		if status != 200 || r.Status != "BOOKED" {
			t.Fatalf("status %d, %+v in %q", status, r, drawn.rows)
		}
		if diff := cmp.Diff(drawn.lines, w.charged(prefix)); diff != "" {
			t.Fatalf("%s in %q", diff, drawn.rows)
		}
		booked := w.head()
		if _, r = w.send(w.t.Context(), otherAdmin, "charges", file); r.Unchanged != len(drawn.lines) || w.head() != booked {
			t.Fatalf("sent twice: %+v", countsOf(r))
		}
	})
}

// charged reads the charges whose numbers begin with prefix from the log, in the
// order of their numbers.
func (w *world) charged(prefix string) []chargeLine {
	w.t.Helper()
	var out []chargeLine
	for rec, err := range w.store.ReadAll(w.t.Context(), 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		var e account.ChargeAccrued
		if rec.Type != e.EventType() {
			continue
		}
		if err := json.Unmarshal(rec.Data, &e); err != nil {
			w.t.Fatal(err)
		}
		if !strings.HasPrefix(string(e.Charge), prefix+"-") {
			continue
		}
		out = append(out, chargeLine{
			Number: string(e.Charge), Project: string(e.Project), Room: e.Room, Item: e.Service,
			On: e.OccurredOn.String(), Quantity: e.Quantity.String(), Amount: e.Money.Gross.String(),
		})
	}
	slices.SortFunc(out, func(a, b chargeLine) int { return strings.Compare(a.Number, b.Number) })
	return out
}
