package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/ticket"
)

// drawnList is a list as a department may write it, beside what must be booked.
type drawnList struct {
	t      *rapid.T
	header [][]string
	rows   [][]string
	sums   []int // columns that totals state
	booked []string
	wrong  string // what is wrong with it; empty: nothing is
}

func (d *drawnList) pick(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(d.t, label)
}
func (d *drawnList) yes(label string) bool { return rapid.Bool().Draw(d.t, label) }

// begin writes a title and the header: groups are the headings of groups by their
// first columns, over the last words of what stands there in one row.
func (d *drawnList) begin(title string, heads []string, groups map[int][2]string) {
	if d.yes("titled") {
		d.rows = append(d.rows, d.one(title, len(heads)))
	}
	d.header = [][]string{heads}
	if len(groups) > 0 && d.yes("grouped") {
		top, low := slices.Clone(heads), make([]string, len(heads))
		for at, g := range groups {
			top[at], low[at] = g[0], g[1]
		}
		d.header = [][]string{top, low}
	}
	d.rows = append(d.rows, d.header...)
}

func (d *drawnList) one(s string, width int) []string {
	return append([]string{s}, make([]string, width-1)...)
}

// write writes rows with subtotals, noise, a total and what stands below a list.
// broken breaks row at of the file where the list is to be wrong.
func (d *drawnList) write(rows [][]string, faults []string, broken func(wrong string, row []string)) {
	d.wrong = d.pick("wrong", append([]string{"", "", "", ""}, faults...)...)
	at := rapid.IntRange(0, len(rows)-1).Draw(d.t, "wrong row")
	perGroup, subtotals := rapid.IntRange(1, 4).Draw(d.t, "per group"), len(d.sums) > 0 && d.yes("subtotals")
	width := len(d.header[0])
	sum, ofGroup := make(map[int]int), make(map[int]int)
	total := func(word string, of map[int]int) {
		r := d.one(word, width)
		for _, column := range d.sums {
			r[column] = fmt.Sprint(of[column])
		}
		d.rows = append(d.rows, r)
	}
	for i, r := range rows {
		for _, column := range d.sums {
			sum[column], ofGroup[column] = sum[column]+atoi(r[column]), ofGroup[column]+atoi(r[column])
		}
		if i == at && d.wrong != "" && d.wrong != "total" {
			broken(d.wrong, r)
		}
		d.rows = append(d.rows, r)
		if subtotals && (i%perGroup == perGroup-1 || i == len(rows)-1) {
			total(d.pick("subtotal", "小计", "本页小计", "门禁类小计"), ofGroup)
			ofGroup = make(map[int]int)
		}
		if rapid.IntRange(0, 9).Draw(d.t, "noise") == 0 {
			d.rows = append(append(d.rows, d.one(d.pick("noise row", "第1页 共3页", "- 1 -"), width)), d.header...)
		}
	}
	if d.wrong == "total" {
		sum[d.sums[rapid.IntRange(0, len(d.sums)-1).Draw(d.t, "wrong sum")]] += rapid.IntRange(1, 50).Draw(d.t, "wrong by")
	}
	if len(d.sums) > 0 && (d.wrong == "total" || d.yes("totalled")) {
		total(d.pick("word", "合计", "合 计", "总计", "合计："), sum)
	}
	for _, foot := range []string{"以下空白", "制表人：张三", "第3页 共3页"} {
		if d.yes("foot") {
			d.rows = append(d.rows, d.one(foot, width))
		}
	}
}

// drawCount draws a count sheet.
func drawCount(t *rapid.T, prefix string) *drawnList {
	d := &drawnList{t: t, sums: []int{4, 5}}
	d.begin("盘点表（2026年6月25日）", []string{
		"序号", d.pick("part", "配件编号", "物料编码", "编 码"), "名称", "单位", d.pick("book", "账面数量", "账存数", "库存数量(台)"), d.pick("counted", "实盘数量", "实盘数（台）", "盘点数量/台"),
		d.pick("difference", "盈亏数量", "差异", "盈亏（台）"), d.pick("reason", "差异原因", "原因"),
	}, map[int][2]string{4: {"盘点情况", "账面数量"}, 5: {"", "实盘数量"}, 6: {"", "盈亏数量"}})
	var rows [][]string
	for i := range rapid.IntRange(1, 8).Draw(t, "rows") {
		part, book, counted := fmt.Sprintf("%s-%d", prefix,
			i), rapid.IntRange(0, 30).Draw(t, "book"), rapid.IntRange(0, 30).Draw(t, "counted")
		reason := d.pick("why", "", "待查", "借出未还")
		rows = append(rows,
			[]string{
				fmt.Sprint(i + 1), part, "配件", "台", fmt.Sprint(book), fmt.Sprint(counted),
				d.pick("difference as", "", fmt.Sprint(counted-book)), reason,
			})
		d.booked = append(d.booked, fmt.Sprint(part, " ", counted, " ", reason))
	}
	d.write(rows, []string{"total", "difference", "blank", "words", "date"}, func(wrong string, r []string) {
		switch wrong {
		case "difference":
			r[6] = fmt.Sprint(atoi(r[5]) - atoi(r[4]) + 1)
		case "blank":
			r[5] = ""
		case "words":
			r[5] = "约10"
		case "date":
			r[1] = "2026/2/5"
		}
	})
	return d
}

// drawFaults draws a fault record F1.
func drawFaults(t *rapid.T, prefix string) *drawnList {
	d := &drawnList{t: t, sums: []int{9}}
	d.begin("智能化工程设备故障处理记录表", []string{
		d.pick("line", "编号", "故障单号", "记录编号"), d.pick("project", "项目", "项目编号", "小区"), "房号", d.pick("device", "设备名称", "故障设备"),
		d.pick("worked", "处理日期", "维修日期", "完成时间"),
		d.pick("symptom", "故障现象", "故障描述"), d.pick("cause", "故障原因", "损坏原因"), d.pick("solved", "现场解决", "是否现场解决"),
		d.pick("part", "配件编号", "更换配件", "更换部件"), d.pick("quantity", "更换数量", "更换数量（个）", "数量[个]"),
	}, map[int][2]string{8: {"更换", "配件"}, 9: {"", "数量"}})
	var rows [][]string
	causes := map[string]string{"自然损坏": "WEAR", "人为损坏": "HUMAN_DAMAGE", "雷击": "LIGHTNING", "": "UNKNOWN"}
	for i := range rapid.IntRange(1, 6).Draw(t, "rows") {
		line, day := fmt.Sprintf("%s-%d", prefix, i), rapid.IntRange(1, 28).Draw(t, "day")
		on := fmt.Sprintf("2026-06-%02d", day)
		cause, solved := d.pick("cause as", "自然损坏", "人为损坏", "雷击", ""), d.yes("solved")
		part, quantity, booked := "", "", "-"
		if d.yes("replaced") {
			part, quantity = "DS-700", fmt.Sprint(rapid.IntRange(1, 5).Draw(t, "quantity"))
			booked = part + "×" + quantity
		}
		rows = append(rows, []string{
			line, "P001", fmt.Sprintf("%d-1-101", i+1), "门口机",
			d.pick("date as", on, strings.ReplaceAll(on, "-", "/"), strings.ReplaceAll(on, "-", "."),
				fmt.Sprintf("2026年6月%d日", day)), "无法呼叫", cause,
			map[bool]string{true: d.pick("yes", "是", "√"), false: d.pick("no", "否", "")}[solved], part, quantity,
		})
		d.booked = append(d.booked, fmt.Sprint(line, " ", on, " ", causes[cause], " ", solved, " ", booked))
	}
	d.write(rows, []string{"total", "cause", "date", "project", "solved", "quantity"}, func(wrong string, r []string) {
		switch wrong {
		case "cause":
			r[6] = "被猫碰了"
		case "date":
			r[4] = "六月初"
		case "project":
			r[1] = "P404"
		case "solved":
			r[7] = "大概"
		case "quantity":
			r[8], r[9] = "DS-700", "2 1"
		}
	})
	return d
}

// drawCatalogue draws a catalogue of parts.
func drawCatalogue(t *rapid.T, prefix string) *drawnList {
	d := &drawnList{t: t}
	d.begin("配件目录（2026版）", []string{
		"序号", d.pick("part", "物料编码", "配件编号", "编码"), d.pick("name", "名称", "品名", "配件名称"), d.pick("model", "规格型号", "型号"), d.pick("unit", "单位", "计量单位"),
		d.pick("serialised", "是否序列号管理", "有序列号"), d.pick("cost", "成本单价", "成本单价（元）", "质保成本/元", "单价【元】"),
		d.pick("from", "生效日期", "启用日期"),
	}, nil)
	var rows [][]string
	for i := range rapid.IntRange(1, 8).Draw(t, "rows") {
		part, yuan, day := fmt.Sprintf("%s-%d", prefix,
			i), rapid.IntRange(0, 99_999).Draw(t, "fen"), rapid.IntRange(1, 28).Draw(t, "day")
		cost, serialised, unit := fmt.Sprintf("%d.%02d", yuan/100,
			yuan%100), d.yes("has serials"), d.pick("of", "台", "个", "米")
		from := fmt.Sprintf("2026-05-%02d", day)
		rows = append(rows, []string{
			fmt.Sprint(i + 1), part, "门口机", "DS-KV" + fmt.Sprint(i), unit, map[bool]string{true: "是", false: "否"}[serialised],
			d.pick("cost as", cost, "￥"+cost, cost+"元"),
			d.pick("from as", from, strings.ReplaceAll(from, "-", "/")),
		})
		d.booked = append(d.booked, fmt.Sprint(part, " 门口机 DS-KV", i, " ", unit, " ", serialised, " ", cost, " ", from))
	}
	d.write(rows, []string{"cost", "serials", "name", "date", "twice"}, func(wrong string, r []string) {
		switch wrong {
		case "cost":
			r[6] = "1.234"
		case "serials":
			r[5] = "也许"
		case "name":
			r[2] = ""
		case "date":
			r[1] = "5月2日"
		case "twice":
			r[1], r[7] = "DS-700", "2026-13-01"
		}
	})
	return d
}

// TestWhatIsCountedRecordedAndCataloguedIsWhatWasWrittenOrNothingIs does for the
// other kinds of lists what is done for charges: the log holds what was drawn, or
// the file is refused and the log holds nothing new; again it changes nothing.
func TestWhatIsCountedRecordedAndCataloguedIsWhatWasWrittenOrNothingIs(t *testing.T) {
	for kind, k := range map[string]struct {
		draw   func(t *rapid.T, prefix string) *drawnList
		path   func(prefix string) string
		by     [2]domain.Actor
		booked func(w *world, prefix string) []string
	}{
		"a count sheet": {drawCount, func(prefix string) string {
			return "counts?unknownParts=true&project=P001&countedOn=2026-06-25&countedBy=li&count=" + prefix
		}, [2]domain.Actor{admin, otherAdmin}, (*world).counted},
		"a fault record": {drawFaults, func(string) string { return "fault-records" }, [2]domain.Actor{technician, technician2}, (*world).faults},
		"a catalogue":    {drawCatalogue, func(string) string { return "catalogue" }, [2]domain.Actor{planner, planner2}, (*world).catalogued},
	} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t)
			n := 0
			rapid.Check(t, func(t *rapid.T) {
				n++
				prefix := fmt.Sprintf("L%d", n)
				d := k.draw(t, prefix)
				file := drawnFile(t, d.rows)
				before := w.head()
				status, r := w.send(w.t.Context(), k.by[0], k.path(prefix), file)
				if d.wrong != "" {
					if status < 400 || w.head() != before {
						t.Fatalf("%s is wrong, status %d, head %d after %d: %+v in %q", d.wrong, status, w.head(), before, r.Results,
							d.rows)
					}
					return
				}
				if status != 200 || r.Status != "BOOKED" {
					t.Fatalf("status %d, %+v in %q", status, r, d.rows)
				}
				if diff := cmp.Diff(d.booked, k.booked(w, prefix+"-")); diff != "" {
					t.Fatalf("%s in %q", diff, d.rows)
				}
				booked := w.head()
				if _, r = w.send(w.t.Context(), k.by[1], k.path(prefix), file); r.Unchanged != len(d.booked) || w.head() != booked {
					t.Fatalf("sent twice: %+v", countsOf(r))
				}
			})
		})
	}
}

// each calls with every event of a type in the log.
func each[E interface{ EventType() string }](w *world, use func(e E)) {
	w.t.Helper()
	var e E
	for rec, err := range w.store.ReadAll(w.t.Context(), 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if rec.Type != e.EventType() {
			continue
		}
		var e E
		if err := json.Unmarshal(rec.Data, &e); err != nil {
			w.t.Fatal(err)
		}
		use(e)
	}
}

func (w *world) counted(prefix string) (out []string) {
	each(w, func(e depot.StockCounted) {
		for _, l := range e.Lines {
			if strings.HasPrefix(string(l.Part), prefix) {
				out = append(out, fmt.Sprint(l.Part, " ", l.Counted, " ", l.Reason))
			}
		}
	})
	return out
}

func (w *world) faults(prefix string) (out []string) {
	each(w, func(e ticket.FaultRecorded) {
		if !strings.HasPrefix(string(e.Line), prefix) {
			return
		}
		replaced := "-"
		if r := e.Replacement; r != nil {
			replaced = fmt.Sprint(r.Part, "×", r.Quantity)
		}
		out = append(out, fmt.Sprint(e.Line, " ", e.RecordedOn, " ", e.Cause, " ", e.SolvedOnSite, " ", replaced))
	})
	slices.Sort(out)
	return out
}

func (w *world) catalogued(prefix string) (out []string) {
	each(w, func(e catalogue.PartCatalogued) {
		if strings.HasPrefix(string(e.Part), prefix) {
			out = append(out,
				fmt.Sprint(e.Part, " ", e.Name, " ", e.Model, " ", e.Unit, " ", e.Serialised, " ", e.WarrantyCost, " ", e.From))
		}
	})
	return out
}
