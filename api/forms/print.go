package forms

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed print.html
var printPage string

var page = template.Must(template.New("print").Funcs(template.FuncMap{
	"chinese": func(header string) string { zh, _, _ := strings.Cut(header, "\n"); return zh },
	"english": func(header string) string { _, en, _ := strings.Cut(header, "\n"); return en },
	"whole":   func(value string) bool { return len(value) < 17 && widestWord(value) == len(value) },
	"span":    span, "labelSpan": labelSpan,
}).Parse(printPage))

// Print writes the form as a page that prints on A4: complete in itself, with
// nothing to fetch.
func (f Form) Print(w io.Writer) error { return page.Execute(w, f) }
