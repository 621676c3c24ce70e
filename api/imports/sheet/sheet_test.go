package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"aftersales-ledger/domain"
)

// line is what a test says of a charge list's row, with its errors as codes.
type line struct {
	Row                                                int
	Number, Date, Project, Room, Item, Quantity, Gross string
}

func lines(list *List) []line {
	var out []line
	for _, r := range list.Rows {
		show := func(field string) string {
			s, err := r.Value(field).Text()
			if err != nil {
				return codeOf(err)
			}
			return s
		}
		l := line{
			Row: r.Number, Number: show("charge"), Project: show("project"), Room: show("roomAndOwner") + show("room"),
			Item: show("item"),
		}
		if d, err := r.Value("occurredOn").Date(); err != nil {
			l.Date = codeOf(err)
		} else {
			l.Date = d.String()
		}
		if q, err := r.Value("quantity").Quantity(); err != nil {
			l.Quantity = codeOf(err)
		} else {
			l.Quantity = q.String()
		}
		if a, err := r.Value("amount").Amount(); err != nil {
			l.Gross = codeOf(err)
		} else {
			l.Gross = a.String()
		}
		out = append(out, l)
	}
	return out
}

func codeOf(err error) string {
	var r *domain.Rejection
	if errors.As(err, &r) {
		return "!" + r.Code
	}
	return "!" + err.Error()
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("..", "..", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t *testing.T, file []byte) *List {
	t.Helper()
	list, err := Read(file, Options{}, Charges)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return list
}

func TestAChargeListIsReadWithItsTitleTotalsAndSignatures(t *testing.T) {
	list := read(t, testdata(t, "charges.csv"))
	want := []line{
		{4, "SF-2026-0101", "2026-06-03", "P001", "3-1-1202(张三)", "可视对讲移位", "1", "150.00"},
		{5, "SF-2026-0102", "2026-06-05", "P001", "3-1-1203(李四)", "ADD-01", "2", "760.00"},
		{6, "SF-2026-0103", "2026-06-12", "P001", "5-2-801(王五)", "可视对讲移位", "2", "300.00"},
	}
	if diff := cmp.Diff(want, lines(list)); diff != "" {
		t.Error(diff)
	}
	if len(list.Totals) != 2 || list.Totals[0].Figures[0].Value.Cell != "line 9, column 金额(含税/元)" ||
		list.Totals[0].Word != "合 计" {
		t.Fatalf("totals: %+v", list.Totals)
	}
	if total, err := list.Totals[0].Figures[0].Value.Amount(); err != nil || total.String() != "1210.00" {
		t.Errorf("total %s, %v", total, err)
	}
	if len(list.Passed) != 4 || list.Charset != "UTF-8" || len(list.Unread()) != 0 {
		t.Errorf("ignored %d, charset %s, unread %v", len(list.Passed), list.Charset, list.Unread())
	}
	if remark, _ := list.Rows[2].Value("remark").Text(); remark != "业主自行拆装, 须复位" {
		t.Errorf("a remark over two lines is read as %q", remark)
	}
}

func TestEncodingsAndSeparatorsAreTold(t *testing.T) {
	plain := "日期,项目,服务内容,数量,金额\n2026-06-18,P001,可视对讲移位,1,150\n"
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String(plain)
	utf16, _ := unicode.UTF16(unicode.LittleEndian,
		unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(plain, ",", "\t"))
	want := []line{{2, "", "2026-06-18", "P001", "", "可视对讲移位", "1", "150.00"}}
	for name, c := range map[string]struct{ file, charset string }{
		"UTF-8 with commas":                           {plain, "UTF-8"},
		"UTF-8 with a byte order mark and semicolons": {"\ufeff" + strings.ReplaceAll(plain, ",", ";"), "UTF-8"},
		"UTF-8 with tabs":                             {strings.ReplaceAll(plain, ",", "\t"), "UTF-8"},
		"UTF-16 with tabs, as Unicode text is saved":  {utf16, "UTF-16"},
		"GB18030 with commas":                         {gb, "GB18030"},
		"GB18030 with semicolons":                     {strings.ReplaceAll(gb, ",", ";"), "GB18030"},
		"lines ended by carriage returns alone":       {strings.ReplaceAll(plain, "\n", "\r"), "UTF-8"},
		"headings in two languages":                   {strings.NewReplacer("日期", "日期 Date", "金额", "金额 Gross (元)").Replace(plain), "UTF-8"},
		"headings in English":                         {"Date,Project,Service,Qty,Gross\n2026-06-18,P001,可视对讲移位,1,150\n", "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			list := read(t, []byte(c.file))
			if diff := cmp.Diff(want, lines(list)); diff != "" {
				t.Error(diff)
			}
			if list.Charset != c.charset {
				t.Errorf("charset %s", list.Charset)
			}
		})
	}
}

func TestAFileThatCannotBeReadIsRefusedWithTheReason(t *testing.T) {
	head := "日期,项目,服务内容,数量,金额\n"
	big := head + strings.Repeat("2026-06-18,P001,移位,1,150\n", maxRows+1)
	for name, c := range map[string]struct{ file, code, says string }{
		"an empty file":                          {"", "file-empty", "empty"},
		"a picture":                              {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "file-format", "neither text"},
		"text with zero bytes":                   {"a\x00b", "file-format", "neither text"},
		"an old or protected workbook":           {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on", "file-format", ".xls"},
		"something that begins like a zip":       {"PK\x03\x04 but is none", "file-damaged", "cannot be opened"},
		"a list without a header":                {"2026-06-18,P001,移位,1,150\n", "no-header", "日期"},
		"a list without a column of dates":       {"项目,服务内容,数量,金额\nP001,移位,1,150\n", "column-missing", "日期"},
		"two columns of the same name":           {"日期,项目,服务内容,金额,金额\n2026-06-18,P001,移位,150,160\n", "column-twice", "“金额”"},
		"a quote that is never closed":           {head + "2026-06-18,P001,\"移位,1,150\n", "csv-syntax", "line 2"},
		"a quote within a value":                 {head + "2026-06-18,P001,移\"位,1,150\n", "csv-syntax", "not quoted"},
		"more rows than are read":                {big, "too-many-rows", "50000"},
		"more bytes than are read":               {strings.Repeat(" ", MaxBytes+1), "file-too-large", "16777216"},
		"text of UTF-8 with spoilt bytes":        {head + "2026-06-18,P001,\xff\xff,1,150\n", "file-charset", "damaged on line 2"},
		"text that is neither UTF-8 nor GB18030": {"Date,Project,Service\n2026-06-18,P001,\xff\xff\n", "file-charset", "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read([]byte(c.file), Options{}, Charges)
			var r *domain.Rejection
			if !errors.As(err, &r) || r.Code != c.code || !strings.Contains(r.Error(), c.says) {
				t.Errorf("got %v, want %s saying %q", err, c.code, c.says)
			}
		})
	}
}

func TestRowsThatStateNoChargeArePassedOverAndOthersNever(t *testing.T) {
	const head = "序号,日期,项目,服务内容,数量,单价,金额,备注\n"
	for name, c := range map[string]struct {
		row    string
		rows   int
		totals int
	}{
		"a row of data": {"1,2026-06-18,P001,移位,1,150,150,", 1, 0},
		"a data row whose remark mentions 合计":     {"1,2026-06-18,P001,移位,1,150,150,合计两次", 1, 0},
		"a data row that lacks its date":          {"1,,P001,移位,1,150,150,", 1, 0},
		"a data row with an amount alone":         {",,,,,,150,", 1, 0},
		"a numbered row of the template":          {"7,,,,,,,", 0, 0},
		"a template row whose formulas give zero": {"7,,,,0,,0.00,", 0, 0},
		"a template row of strokes":               {"7,-,-,-,-,-,-,", 0, 0},
		"a total":                                 {"合计,,,,,,150.00,", 0, 1},
		"a total with its word in another column": {",,,合  计,,,150.00,", 0, 1},
		"a total in one cell":                     {"合计：150.00元,,,,,,,", 0, 1},
		"a total of the amount in brackets":       {"总计（元）：,,,,,,150.00,", 0, 1},
		"a total in capitals alone":               {"合计（大写）：壹佰伍拾元整,,,,,,,", 0, 1},
		"a total that cannot be read":             {"合计,,,,,,#REF!,", 0, 1},
		"a subtotal":                              {"小计,,,,,,150.00,", 0, 1},
		"the header again, on the next page":      {strings.TrimSpace(head), 0, 0},
		"signatures":                              {"制表人：赵六,,审核：,,日期：2026-06-25,,,", 0, 0},
		"a note":                                  {"备注：以上价格含税,,,,,,,", 0, 0},
		"a row in English: Total":                 {"Total,,,,,,150.00,", 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			list := read(t, []byte(head+c.row+"\n"))
			if len(list.Rows) != c.rows || len(list.Totals) != c.totals {
				t.Errorf("%d rows, %d totals, %d ignored; want %d rows, %d totals", len(list.Rows), len(list.Totals),
					len(list.Passed), c.rows, c.totals)
			}
			if len(list.Passed) != 1-c.rows {
				t.Errorf("ignored %d", len(list.Passed))
			}
		})
	}
}

// workbook makes an XLSX file; set fills its first sheet.
func workbook(t testingT, set func(f *excelize.File, sheet string)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	set(f, "Sheet1")
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t testingT, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

var headings = []any{"编号", "日期", "项目", "房号", "服务内容", "数量", "金额"}

// chargeBook is a workbook of a charge list, header in the third row under a merged title.
func chargeBook(t testing.TB, set func(f *excelize.File, sheet string)) []byte {
	return workbook(t, func(f *excelize.File, sheet string) {
		must(t, f.SetCellValue(sheet, "A1", "售后服务收费明细表"), f.MergeCell(sheet, "A1", "G2"),
			f.SetSheetRow(sheet, "A3", &headings))
		set(f, sheet)
	})
}

func TestAWorkbookIsReadExactly(t *testing.T) {
	file := chargeBook(t, func(f *excelize.File, s string) {
		dateStyle, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(t, err)
		format := "0000"
		padded, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		must(t, err,
			f.SetSheetRow(s, "A4", &[]any{7, 46191, "P001", "3-1-1202", "可视对讲移位", 3, 1234.5}),
			f.SetCellStyle(s, "A4", "A4", padded), f.SetCellStyle(s, "B4", "B4", dateStyle),
			f.SetSheetRow(s, "A5", &[]any{"SF-2", "2026年6月19日", "P001", 13800138000, "ADD-01", "2台", 0.1}),
			f.SetSheetRow(s, "A6", &[]any{"SF-3", 46192.75, "P001", "", "ADD-01", 0.5, 0}),
			f.SetCellValue(s, "G6", 0.30000000000000004),
			f.SetSheetRow(s, "A9", &[]any{"合计"}), f.SetCellValue(s, "G9", 1234.9),
		)
	})
	// as a spreadsheet program keeps a formula and its result
	file = rewritten(t, file, firstPart, func(part []byte) []byte {
		return bytes.Replace(part, []byte(`<c r="G6"><v>`), []byte(`<c r="G6"><f>0.1+0.2</f><v>`), 1)
	})
	list := read(t, file)
	want := []line{
		{4, "0007", "2026-06-18", "P001", "3-1-1202", "可视对讲移位", "3", "1234.50"},
		{5, "SF-2", "2026-06-19", "P001", "13800138000", "ADD-01", "2", "0.10"},
		{6, "SF-3", "2026-06-19", "P001", "", "ADD-01", "0.5", "0.30"},
	}
	if diff := cmp.Diff(want, lines(list)); diff != "" {
		t.Error(diff)
	}
	if len(list.Totals) != 1 || list.Totals[0].Figures[0].Value.Cell != "Sheet1!G9" || list.Format != "xlsx" {
		t.Errorf("totals %+v, format %s", list.Totals, list.Format)
	}
	at, timed, err := list.Rows[2].Value("occurredOn").Instant()
	if err != nil || !timed || at.Format(time.DateTime) != "2026-06-19 18:00:00" {
		t.Errorf("a date with a time of day is read as %v, %t, %v", at, timed, err)
	}
}

func TestAWorkbookThatCountsFrom1904(t *testing.T) {
	yes := true
	file := chargeBook(t, func(f *excelize.File, s string) {
		must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}),
			f.SetSheetRow(s, "A4", &[]any{"SF-1", 46191 - daysFrom1900To1904, "P001", "", "ADD-01", 1, 380}))
	})
	if got := lines(read(t, file))[0].Date; got != "2026-06-18" {
		t.Errorf("date %s", got)
	}
}

func TestACellThatCannotBeReadSaysSoAndWhere(t *testing.T) {
	good := []any{"SF-1", "2026-06-18", "P001", "3-1", "ADD-01", 1, 380}
	for name, c := range map[string]struct {
		set         func(f *excelize.File, s string) error
		field, code string
		cell        string
	}{
		"the error of a formula": {func(f *excelize.File, s string) error { return f.SetCellValue(s, "G4", "#REF!") },
			"amount", "unreadable-cell", "Sheet1!G4"},
		"a formula that was never computed": {func(f *excelize.File, s string) error {
			return errors.Join(f.SetCellValue(s, "G4", nil), f.SetCellFormula(s, "G4", "F4*380"))
		}, "amount", "unreadable-cell", "Sheet1!G4"},
		"an amount of three decimals": {func(f *excelize.File, s string) error { return f.SetCellValue(s, "G4", 380.125) },
			"amount", "not-an-amount", "Sheet1!G4"},
		"an amount in words": {func(f *excelize.File, s string) error { return f.SetCellValue(s, "G4", "叁佰捌拾元") }, "amount", "not-an-amount", "Sheet1!G4"},
		"a date that could be read in two ways": {func(f *excelize.File, s string) error { return f.SetCellValue(s, "B4", "06/18/26") },
			"occurredOn", "not-a-date", "Sheet1!B4"},
		"a serial number outside the trade's dates": {func(f *excelize.File, s string) error { return f.SetCellValue(s, "B4", 12) },
			"occurredOn", "not-a-date", "Sheet1!B4"},
		"characters lost on the way": {func(f *excelize.File, s string) error { return f.SetCellValue(s, "E4", "可视\ufffd讲") }, "item", "unreadable-cell", "Sheet1!E4"},
		"a number of more digits than a spreadsheet keeps": {func(f *excelize.File, s string) error { return f.SetCellValue(s, "D4", 12345678901234567) },
			"room", "unreadable-cell", "Sheet1!D4"},
		"an amount merged over two rows": {func(f *excelize.File, s string) error {
			return errors.Join(f.SetSheetRow(s, "A3",
				&headings), f.SetCellValue(s, "G3", "金额"),
				f.SetSheetRow(s, "A5", &[]any{"SF-2", "2026-06-18", "P001", "3-1", "ADD-01", 1}),
				f.MergeCell(s, "G4", "G5"))
		}, "amount", "unreadable-cell", "Sheet1!G5"},
	} {
		t.Run(name, func(t *testing.T) {
			list := read(t, chargeBook(t, func(f *excelize.File, s string) {
				must(t, f.SetSheetRow(s, "A4", &good), c.set(f, s))
			}))
			v := list.Rows[len(list.Rows)-1].Value(c.field)
			var err error
			switch c.field {
			case "amount":
				_, err = v.Amount()
			case "occurredOn":
				_, err = v.Date()
			default:
				_, err = v.Text()
			}
			if codeOf(err) != "!"+c.code || v.Cell != c.cell {
				t.Errorf("got %v at %s, want %s at %s", err, v.Cell, c.code, c.cell)
			}
		})
	}
}

func TestATextMergedOverRowsSpeaksForEach(t *testing.T) {
	file := chargeBook(t, func(f *excelize.File, s string) {
		must(t, f.SetSheetRow(s, "A4", &[]any{"SF-1", "2026-06-18", "P001", "3-1", "ADD-01", 1, 380}),
			f.SetSheetRow(s, "A5", &[]any{"SF-2", nil, nil, "3-2", "ADD-01", 1, 380}),
			f.MergeCell(s, "B4", "B5"), f.MergeCell(s, "C4", "C5"))
	})
	want := []line{
		{4, "SF-1", "2026-06-18", "P001", "3-1", "ADD-01", "1", "380.00"},
		{5, "SF-2", "2026-06-18", "P001", "3-2", "ADD-01", "1", "380.00"},
	}
	if diff := cmp.Diff(want, lines(read(t, file))); diff != "" {
		t.Error(diff)
	}
}

func TestAWorksheetIsChosenByName(t *testing.T) {
	file := workbook(t, func(f *excelize.File, s string) {
		_, err := f.NewSheet("6月")
		must(t, err, f.SetCellValue(s, "A1", "说明"), f.SetSheetRow("6月", "A1", &headings),
			f.SetSheetRow("6月", "A2", &[]any{"SF-1", "2026-06-18", "P001", "3-1", "ADD-01", 1, 380}))
	})
	list, err := Read(file, Options{Sheet: "6月"}, Charges)
	if err != nil || len(list.Rows) != 1 || list.Rows[0].Value("amount").Cell != "6月!G2" {
		t.Errorf("%+v, %v", list, err)
	}
	if list, err = Read(file, Options{},
		Charges); err != nil || list.Sheets[0] != "6月" || list.Others[0] != (Other{"Sheet1", OtherNoList}) {
		t.Errorf("the only worksheet that holds a list: %+v, %v", list, err)
	}
	if _, err = Read(file, Options{Sheet: "7月"},
		Charges); codeOf(err) != "!no-such-sheet" || !strings.Contains(err.Error(), "6月") {
		t.Errorf("an unknown worksheet: %v", err)
	}
}

// rewritten replaces a part of a workbook.
func rewritten(t testing.TB, file []byte, part string, replace func([]byte) []byte) []byte {
	t.Helper()
	in, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	for _, f := range in.File {
		r, err := f.Open()
		must(t, err)
		content, err := io.ReadAll(r)
		must(t, err, r.Close())
		if f.Name == part {
			content = replace(content)
		}
		// not to spend the time of a fuzz on packing
		w, err := out.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Store})
		must(t, err)
		_, err = w.Write(content)
		must(t, err)
	}
	must(t, out.Close())
	return b.Bytes()
}

const firstPart = "xl/worksheets/sheet1.xml"

func TestADamagedWorkbookIsRefusedNotReadInPart(t *testing.T) {
	whole := chargeBook(t, func(f *excelize.File, s string) {
		must(t, f.SetSheetRow(s, "A4", &[]any{"SF-1", "2026-06-18", "P001", "3-1", "ADD-01", 1, 380}),
			f.SetSheetRow(s, "A5", &[]any{"SF-2", "2026-06-18", "P001", "3-1", "ADD-01", 1, 380}))
	})
	swap := func(old, new string) func([]byte) []byte {
		return func(b []byte) []byte {
			if !bytes.Contains(b, []byte(old)) {
				t.Fatalf("the part does not hold %s: %s", old, b)
			}
			return bytes.ReplaceAll(b, []byte(old), []byte(new))
		}
	}
	for name, c := range map[string]struct {
		part    string
		replace func([]byte) []byte
	}{
		"a worksheet that breaks off":         {firstPart, func(b []byte) []byte { return b[:bytes.Index(b, []byte(`<row r="5"`))+20] }},
		"cells out of order":                  {firstPart, swap(`r="F5"`, `r="A5"`)},
		"rows out of order":                   {firstPart, swap(`<row r="5"`, `<row r="4"`)},
		"a worksheet that is no XML":          {firstPart, func([]byte) []byte { return []byte("<worksheet><<<") }},
		"a cell in a column far to the right": {firstPart, swap(`r="G5"`, `r="XFD5"`)},
		"texts that break off":                {"xl/sharedStrings.xml", func(b []byte) []byte { return b[:len(b)/2] }},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := Read(rewritten(t, whole, c.part, c.replace), Options{}, Charges)
			want := "!file-damaged"
			if name == "a cell in a column far to the right" {
				want = "!too-many-columns"
			}
			if codeOf(err) != want {
				t.Errorf("got %+v, %v", list, err)
			}
		})
	}
	t.Run("a text the workbook does not hold is an error of its cell", func(t *testing.T) {
		list, err := Read(rewritten(t, whole, firstPart, func(b []byte) []byte {
			i := bytes.Index(b, []byte(`r="E5"`))
			j := i + bytes.Index(b[i:], []byte("<v>"))
			return append(append(bytes.Clone(b[:j]), "<v>999"...), b[j+3:]...)
		}), Options{}, Charges)
		if err != nil || lines(list)[1].Item != "!unreadable-cell" {
			t.Errorf("got %+v, %v", list, err)
		}
	})
}

func TestAZipBombIsRefusedUnopened(t *testing.T) {
	var packed bytes.Buffer
	flat, err := flate.NewWriter(&packed, flate.BestSpeed)
	must(t, err)
	zeros := make([]byte, 1<<20)
	_, err = flat.Write(zeros)
	must(t, err, flat.Close())
	for name, c := range map[string]struct {
		declared uint64
		says     string
	}{
		"a part that says it is too large":        {maxUnzipped + 1, "too large"},
		"a part larger than it says it is":        {1000, "cannot be opened"},
		"a part that says it is 18 exabyte large": {1<<64 - 1, "too large"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			out := zip.NewWriter(&b)
			w, err := out.CreateRaw(&zip.FileHeader{
				Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(zeros),
				CompressedSize64: uint64(packed.Len()), UncompressedSize64: c.declared,
			})
			must(t, err)
			_, err = w.Write(packed.Bytes())
			must(t, err, out.Close())
			if _, err := Read(b.Bytes(), Options{},
				Charges); codeOf(err) != "!file-damaged" || !strings.Contains(err.Error(), c.says) {
				t.Error(err)
			}
		})
	}
}

func TestTheBetterHeadingIsReadWhereTwoMeanTheSame(t *testing.T) {
	list := read(t, []byte("项目名称,项目编号,日期,服务内容,网址\n云栖花园,P001,2026-06-18,移位,x\n"))
	if p, _ := list.Rows[0].Value("project").Text(); p != "P001" {
		t.Errorf("project %s", p)
	}
	if diff := cmp.Diff([]string{"项目名称", "网址"}, list.Unread()); diff != "" {
		t.Error(diff)
	}
}
