package bankfile

import (
	_ "embed"
	"strings"

	"github.com/goccy/go-yaml"

	"aftersales-ledger/api/imports/sheet"
)

// Bank is how one bank, or payment service, writes its statements.
type Bank struct {
	Name    string
	Aliases []string
	// Header is the headings of its export in their order, of which those of a group
	// are GROUP/HEADING.
	Header []string
	// Columns names the headings by field, as a person would.
	Columns map[string]string
}

//go:embed layouts.yaml
var layoutsYAML []byte

var banks = func() (all []Bank) {
	if err := yaml.UnmarshalWithOptions(layoutsYAML, &all, yaml.Strict()); err != nil {
		panic("bankfile: layouts.yaml: " + err.Error())
	}
	return all
}()

// Layouts lists the banks whose export is known.
func Layouts() []Bank { return banks }

// recognise names the bank whose headings a file has, all of them.
func recognise(list *sheet.List) string {
	has := make(map[string]bool)
	for _, h := range list.Headings {
		has[plainHeading(h.Text)] = true
	}
	best, most := "", 0
	for _, b := range banks {
		n := 0
		for _, h := range b.Header {
			if has[plainHeading(h)] {
				n++
			}
		}
		if n == len(b.Header) && n > most {
			best, most = b.Name, n
		}
	}
	return best
}

func plainHeading(s string) string {
	before, _, _ := strings.Cut(s, "[") // the second language of a heading
	return strings.NewReplacer(" ", "", "　", "", "（", "(", "）", ")").Replace(before)
}
