package forms_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"aftersales-ledger/api/papers/forms"
)

// What is to be paid and who signs stood below a list of two columns in cells of one
// another: the last that was written was seen.
func TestAWorksheetHasEverythingThatItsFormHas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := 0
		next := func() string { n++; return fmt.Sprintf("词%03d号", n) }
		fields := func(what string) (out []forms.Field) {
			for range rapid.IntRange(0, 5).Draw(t, what) {
				out = append(out, forms.Field{Label: next(), Value: next()})
			}
			return out
		}
		f := forms.Form{
			Title: "单", Wide: rapid.Bool().Draw(t, "wide"),
			Head: fields("head"), Foot: fields("foot"), Signs: fields("signs"),
		}
		for i := range rapid.IntRange(1, 3).Draw(t, "tables") {
			var list forms.Table
			for range rapid.IntRange(1, 9).Draw(t, "columns") {
				list.Columns = append(list.Columns, forms.Column{Header: next()})
			}
			row := make([]string, len(list.Columns))
			for j := range row {
				row[j] = next()
			}
			list.Rows = [][]string{row}
			if i > 0 && rapid.Bool().Draw(t, "sheet") {
				list.Sheet = fmt.Sprint("第", i+1, "页")
			}
			f.Tables = append(f.Tables, list)
		}
		var file bytes.Buffer
		if err := f.XLSX(&file); err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(&file)
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, sheet := range book.GetSheetList() {
			rows, err := book.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for _, row := range rows {
				all.WriteString(strings.Join(row, "\n") + "\n")
			}
		}
		said := strings.ReplaceAll(all.String(), "\n", "")
		for i := range n {
			if word := fmt.Sprintf("词%03d号", i+1); !strings.Contains(said, word) {
				t.Fatalf("%s is on no worksheet", word)
			}
		}
	})
}
