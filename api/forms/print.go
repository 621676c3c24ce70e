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
	"words":   words,
	"span":    span, "labelSpan": labelSpan,
}).Parse(printPage))

// Print writes the form as a page that prints on A4: complete in itself, with
// nothing to fetch.
func (f Form) Print(w io.Writer) error { return page.Execute(w, f) }

// word is a part of a cell that a browser may break, or may not: a date is
// written in one line.
type word struct {
	Text  string
	Whole bool
}

func words(value string) (out []word) {
	for i, text := range strings.Split(value, " ") {
		if i > 0 {
			text = " " + text
		}
		date := len(strings.TrimSpace(text)) == len("2026-09-03") && strings.Count(text, "-") == 2
		if n := len(out); !date && n > 0 && !out[n-1].Whole {
			out[n-1].Text += text
			continue
		}
		out = append(out, word{text, date})
	}
	return out
}
