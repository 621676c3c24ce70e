package forms

import (
	_ "embed"
	"html/template"
	"io"
)

//go:embed print.html
var printPage string

var page = template.Must(template.New("print").Funcs(template.FuncMap{
	"amount": func(columns []bool, i int) bool { return i < len(columns) && columns[i] },
}).Parse(printPage))

// Print writes the form as a page that prints on A4: complete in itself, with
// nothing to fetch.
func (f Form) Print(w io.Writer) error { return page.Execute(w, f) }
