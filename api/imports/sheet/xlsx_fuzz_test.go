package sheet

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
)

// FuzzXLSX gives the reader whole files; most are no zip.
func FuzzXLSX(f *testing.F) {
	f.Add(chargeBook(f, func(b *excelize.File, s string) {
		must(f, b.SetSheetRow(s, "A4", &[]any{"SF-1", 46191, "P001", "3-1", "ADD-01", 1, 380.5, true}))
	}))
	f.Fuzz(func(t *testing.T, file []byte) { exercise(t, file, Charges) })
}

// FuzzWorksheet gives the reader a sound workbook with another worksheet in it.
func FuzzWorksheet(f *testing.F) {
	book := chargeBook(f, func(b *excelize.File, s string) {
		must(f, b.SetSheetRow(s, "A4", &[]any{"SF-1", 46191, "P001", "3-1", "ADD-01", 1, 380.5, true}),
			b.MergeCell(s, "A4", "A5"))
	})
	_ = rewritten(f, book, firstPart, func(part []byte) []byte {
		f.Add(part)
		f.Add(bytes.ReplaceAll(part, []byte(` t="s"`), []byte(` t="str"`)))
		f.Add(bytes.ReplaceAll(part, []byte("<v>"), []byte("<f>1+1</f><v>")))
		return part
	})
	f.Fuzz(func(t *testing.T, part []byte) {
		exercise(t, rewritten(t, book, firstPart, func([]byte) []byte { return part }), Charges)
	})
}
