package forms

import (
	"bytes"
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

//go:embed testdata/state-table.txt
var stateTable string // 通用规范汉字表 of 2013, in its order

func TestTheFontHasEveryCharacterOfCommonNames(t *testing.T) {
	f := typeset().regular
	for name, span := range map[string][2]rune{
		"the first block of ideographs": {0x4e00, 0x9fa5}, "extension A": {0x3400, 0x4db5}, "Latin": {'!', '~'}, "full width": {0xff01, 0xff5e}, "box drawing": {0x2500, 0x257f},
	} {
		for r := span[0]; r <= span[1]; r++ {
			if !f.has(r) {
				t.Errorf("%s: %c U+%04X is missing", name, r, r)
			}
		}
	}
	// The state's table; and from registers of persons and places, of what is not in it.
	table := strings.ReplaceAll(stateTable, "\n", "")
	if n := utf8.RuneCountInString(table); n != 8105 {
		t.Fatalf("the state's table has %d characters", n)
	}
	for _, r := range table + "𬎆𤧛𠅤𡛕〇" {
		if !f.has(r) {
			t.Errorf("%c U+%04X is missing", r, r)
		}
	}
}

func TestWhatTheFontLacksIsShownAsNotShown(t *testing.T) {
	const lacks = '\U00031000'
	set, lacking := typeset().setIn("张\u200b" + string(lacks) + "☐\ufe0f")
	if set != "张〓□" || !slices.Equal(lacking, []rune{lacks}) {
		t.Errorf("set as %q, lacking %q", set, lacking)
	}
	p := &pdfWriter{typefaces: typeset(), form: Form{Title: "表", Head: []Field{{"业主", "张" + string(lacks)}}}}
	if note := p.lacking(); !strings.Contains(note, "U+31000") {
		t.Errorf("the foot says %q", note)
	}
	var b bytes.Buffer
	if err := p.form.PDF(&b); err != nil || !bytes.HasPrefix(b.Bytes(), []byte("%PDF-")) {
		t.Errorf("no PDF: %v", err)
	}
}

// People find a name in a document and copy it from there, rare ones too. The
// places of the document's parts stay true.
func TestNamesAreFoundInADocument(t *testing.T) {
	var b bytes.Buffer
	name := "欧阳𬎆" + strings.ReplaceAll(stateTable, "\n", "")[:900]
	if err := (Form{Title: "表", Head: []Field{{"业主", name}}}).PDF(&b); err != nil {
		t.Fatal(err)
	}
	said := make(map[string]bool)
	for _, list := range regexp.MustCompile(`(\d+) beginbfchar\n((?:<[0-9A-F]{4}><(?:[0-9A-F]{4}){1,2}>\n)+)endbfchar`).
		FindAllStringSubmatch(b.String(), -1) {
		lines := strings.Split(strings.TrimSpace(list[2]), "\n")
		if n := strconv.Itoa(len(lines)); n != list[1] || len(lines) > 100 {
			t.Errorf("a list of %s has %s lines", list[1], n)
		}
		for _, line := range lines {
			said[strings.Trim(line[6:], "<>")] = true
		}
	}
	for _, r := range name {
		units := ""
		for _, u := range utf16.AppendRune(nil, r) {
			units += fmt.Sprintf("%04X", u)
		}
		if !said[units] {
			t.Errorf("%c is not said to be %s", r, units)
		}
	}
	text := b.String()
	for i, at := range regexp.MustCompile(`(?m)^(\d{10}) \d{5} n`).FindAllStringSubmatch(text, -1) {
		if n, err := strconv.Atoi(at[1]); err != nil || !strings.HasPrefix(text[n:], fmt.Sprintf("%d 0 obj", i+1)) {
			t.Errorf("part %d does not stand at %s", i+1, at[1])
		}
	}
}

// anyText is what people type into a paper.
func anyText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{
			"故障", "F1-P001-2509-0013", " ", "2025-09-03 14:05:59", "，", "（保内）", "1,234.00", "黑屏重启无效", "\n", "x", "电梯厅A/B",
			"supercalifragilisticexpialidocious",
		}), 0, 30).Draw(t, "words")
		return strings.Join(words, "")
	})
}

func TestABrokenTextLosesNothingAndStaysWithinItsRoom(t *testing.T) {
	f := typeset().regular
	rapid.Check(t, func(t *rapid.T) {
		text, room := anyText().Draw(t, "text"), rapid.Float64Range(20, 300).Draw(t, "room")
		lines := f.wrap(text, 9, room)
		squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got := squeeze(strings.Join(lines, "")); got != squeeze(text) {
			t.Fatalf("%q became %q", text, lines)
		}
		for _, line := range lines {
			if w := f.width(line, 9); w > room+1e-9 && len([]rune(line)) > 1 {
				t.Fatalf("%q is %.1f wide in %.1f", line, w, room)
			}
		}
	})
}

func TestWhatBelongsTogetherStandsOnOnePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const high = 100.0
		head := []strip{{height: 10}}
		var s section
		for range rapid.IntRange(1, 60).Draw(t, "strips") {
			one := strip{height: rapid.Float64Range(1, 60).Draw(t, "height"), keep: rapid.IntRange(0, 3).Draw(t, "keep") == 0}
			if rapid.Bool().Draw(t, "in a list") {
				one.head = head
			}
			s.strips = append(s.strips, one)
		}
		begins := s.pages(high)
		if begins[0] != 0 || !slices.IsSorted(begins) || len(slices.Compact(slices.Clone(begins))) != len(begins) {
			t.Fatalf("pages begin at %v", begins)
		}
		for n, from := range begins {
			to := len(s.strips)
			if n+1 < len(begins) {
				to = begins[n+1]
			}
			used := 0.0
			if n > 0 {
				for _, h := range s.strips[from].head {
					used += h.height
				}
			}
			for _, x := range s.strips[from:to] {
				used += x.height
			}
			if used > high+1e-9 && to-from > 1 {
				t.Fatalf("page %d holds %.1f of %.0f", n+1, used, high)
			}
			if from == 0 || !s.strips[from-1].keep {
				continue
			}
			// It was torn: only what is more than a page together may be.
			first, last := from-1, from
			for first > 0 && s.strips[first-1].keep {
				first--
			}
			for last < len(s.strips)-1 && s.strips[last].keep {
				last++
			}
			together := 0.0
			for _, h := range s.strips[first].head {
				together += h.height
			}
			for _, x := range s.strips[first : last+1] {
				together += x.height
			}
			if together <= high {
				t.Fatalf("%d to %d are %.1f high together, and torn at %d", first, last, together, from)
			}
		}
	})
}

func TestAPaperIsLaidOutWithAllItSaysAndNothingSmall(t *testing.T) {
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	rapid.Check(t, func(t *rapid.T) {
		text := func(what string) string { return anyText().Draw(t, what) }
		list := Table{
			Title: "明细", Columns: slices.Concat(texts("编号\nno.", "内容"), inBlock(1, texts("说明", "备注"), amounts("金额"))),
		}
		for range rapid.IntRange(0, 40).Draw(t, "rows") {
			list.Rows = append(list.Rows, []string{text("no."), text("content"), text("remark"), text("note"), "1234.50"})
		}
		f := Form{
			Title: "表", Wide: rapid.Bool().Draw(t, "wide"), Head: []Field{{"项目", text("head")}},
			Tables: []Table{{Boxes: [][]Field{{{"情况", text("box")}}, {{"甲", text("a")}, {"乙", text("b")}}}}, list},
			Foot:   []Field{{"合计", text("foot")}}, Signs: []Field{{"负责人", text("sign")}}, Seal: "x",
		}
		for _, beside := range []bool{false, true} {
			var all strings.Builder
			l := f.place(beside)
			for _, s := range l.sections {
				for _, strip := range s.strips {
					for _, c := range strip.cells {
						all.WriteString(squeeze(c.text))
						if c.size < 8 {
							t.Fatalf("%q is set in %.1f points", c.text, c.size)
						}
						if limit := printWidth(f.Wide) * float64(s.across); c.from < -1e-6 || c.to > limit+1e-6 || c.to <= c.from {
							t.Fatalf("%q stands at %.1f to %.1f of %.1f", c.text, c.from, c.to, limit)
						}
					}
				}
			}
			for _, said := range []string{f.Head[0].Value, f.Foot[0].Value, f.Signs[0].Value, f.Tables[0].Boxes[0][0].Value} {
				for line := range strings.SplitSeq(said, "\n") {
					for _, word := range strings.Fields(line) {
						if !strings.Contains(all.String(), word) {
							t.Fatalf("%q is not laid out", word)
						}
					}
				}
			}
		}
		var b bytes.Buffer
		if err := f.PDF(&b); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheNumberOfADocumentIsNotBroken(t *testing.T) {
	face := typeset().regular
	for text, want := range map[string]string{"工单 F0-P001-00017": "F0-P001-00017", "F3-C01-00084": "F3-C01-00084"} {
		lines := face.wrap(text, denseSize, face.width(want, denseSize)+1)
		if lines[len(lines)-1] != want {
			t.Errorf("%q is broken into %q", text, lines)
		}
	}
	if lines := face.wrap("AAAA-BBBB-CCCC-DDDD-EEEE", denseSize, 60); len(lines) < 2 || !strings.HasSuffix(lines[0], "-") {
		t.Errorf("what is too long for a number is broken into %q", lines)
	}
}

// Whoever copies an account from a paper copies it from one line.
func TestANumberInGroupsIsNotBroken(t *testing.T) {
	face := typeset().regular
	const number = "1202 0216 0990 0101"
	text := "工商银行杭州分行营业部 安居视讯 " + number
	for room := face.width(number, denseSize) + 1; room < face.width(text, denseSize); room += 7 {
		if lines := face.wrap(text, denseSize, room); !strings.HasSuffix(lines[len(lines)-1], number) {
			t.Errorf("in %.0f: %q", room, lines)
		}
	}
	if got := whole(text); !strings.Contains(string(got), "<i>"+number+"</i>") {
		t.Errorf("on a page: %s", got)
	}
}

func TestFiveWhoSignStandInTwoRowsWithTheirDays(t *testing.T) {
	var f Form
	for _, who := range []string{"申报人", "城市技术负责人", "技术组主管", "本部事务主管", "部门经理"} {
		f.Signs = append(f.Signs, Field{who, "欧阳建国（techlead.C03） 2025-07-02"})
	}
	f.Title, f.Head = "流程表", []Field{{"编号", "F2-1"}}
	rows := 0
	laid := f.place(false)
	for _, s := range laid.sections[len(laid.sections)-1].strips {
		for _, c := range s.cells {
			if c.style == sign && !strings.Contains(c.text, "2025-07-02") {
				t.Errorf("%q has no day", c.text)
			}
		}
		if len(s.cells) > 0 && s.cells[0].style == sign {
			rows++
		}
	}
	if rows != 2 {
		t.Errorf("%d rows", rows)
	}
}

// A paper that goes over its one page by a few lines is set in the smaller size and stands on
// one, as a worksheet too; one that is longer is set as ever.
func TestAFewLinesMoreThanAPageAreSetSmaller(t *testing.T) {
	for rows, want := range map[int]struct {
		pages int
		size  float64
	}{30: {1, bodySize}, 44: {1, denseSize}, 60: {2, bodySize}} {
		f := Form{
			Title: "售后服务月报", Tables: []Table{{Columns: texts("指标", "数量"), Rows: make([][]string, rows)}},
			Signs: []Field{{"填报人", "li 2026-09-25"}},
		}
		for i := range f.Tables[0].Rows {
			f.Tables[0].Rows[i] = []string{"登记", "4"}
		}
		for _, beside := range []bool{false, true} {
			laid := f.place(beside)
			if got := laid.count(printHeight(false), beside); got != want.pages {
				t.Errorf("%d rows, as a worksheet %t: %d pages, want %d", rows, beside, got, want.pages)
			}
			for _, s := range laid.sections[0].strips {
				if len(s.cells) > 0 && s.cells[0].style == bodyCell && s.cells[0].size != want.size {
					t.Fatalf("%d rows, as a worksheet %t: set in %.0f pt, want %.0f", rows, beside, s.cells[0].size, want.size)
				}
			}
		}
	}
}

// A serial number that a column breaks anyway is broken into lines of one length: the room is
// for the words beside it.
func TestALongSerialLeavesRoomForWords(t *testing.T) {
	table := Table{
		Columns: texts("编号", "故障现象", "故障原因", "更换配件", "旧序列号", "新序列号", "出库单", "保修责任", "现场解决", "处理人", "备注"),
		Rows: [][]string{{
			"F1-0007", "黑屏，重启无效，疑主板损坏，需整机更换后返厂检修，业主要求当日处理", "自然损坏", "DS-700",
			"SN2026ABCDEFGH0123456789XYZ000111", "SN2026ABCDEFGH0123456789XYZ000222", "OUT-31", "保内·我方承担", "否", "李强", "",
		}},
	}
	l := &layouter{typefaces: spreadsheetFaces(), width: printWidth(true), beside: true}
	widths, _ := l.columnWidths(table)
	if symptom, serial := widths[1], widths[4]; symptom < serial || serial < 80 {
		t.Errorf("the words have %.0f pt, a serial %.0f", symptom, serial)
	}
}
