package forms

import (
	_ "embed"
	"html/template"
	"io"
	"regexp"
	"strings"
)

//go:embed print.html
var printPage string

var page = template.Must(template.New("print").Funcs(template.FuncMap{
	"chinese": func(header string) string { zh, _, _ := strings.Cut(header, "\n"); return zh },
	"english": func(header string) string { _, en, _ := strings.Cut(header, "\n"); return en },
	"whole":   func(value string) bool { return len(value) < 17 && widestWord(value) == len(value) },
	"dated":   func(value string) bool { return dateText.MatchString(value) },
	"span":    span, "labelSpan": labelSpan,
}).Parse(printPage))

// dateText is not to be broken at its hyphens, as browsers do.
var dateText = regexp.MustCompile(`\b\d{4}-\d{2}-\d{2}\b`)

// Print writes the form as a page that prints on A4: complete in itself, with
// nothing to fetch.
func (f Form) Print(w io.Writer) error { return page.Execute(w, f) }
