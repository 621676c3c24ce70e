package bankfile

import (
	_ "embed"
	"maps"
	"strings"

	"github.com/goccy/go-yaml"

	"aftersales-ledger/api/imports/sheet"
)

// Bank is how one bank, or payment service, writes its statements.
type Bank struct {
	Name    string
	Aliases []string
	// Of is the bank of which this is a further form; empty of its first.
	Of string
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

// FormOf finds the form in which a bank has written a file, among the one that is
// named and the further ones of the same bank: the form of which the file has the
// most headings. It is the named one where the file has none of them, so that
// what is said of the file is said of that.
func FormOf(file []byte, o sheet.Options, named Bank) Bank {
	best, most := named, 0
	for _, b := range banks {
		if b.Name != named.Name && b.Of != named.Name {
			continue
		}
		columns := maps.Clone(b.Columns)
		maps.Copy(columns, o.Columns)
		list, err := sheet.Read(file, sheet.Options{Sheet: o.Sheet, Hidden: o.Hidden, Columns: columns}, sheet.BankStatement)
		if err != nil {
			continue
		}
		if n := b.headingsIn(headingsOf(list)); n > most {
			best, most = b, n
		}
	}
	return best
}

func headingsOf(list *sheet.List) map[string]bool {
	has := make(map[string]bool)
	for _, h := range list.Headings {
		has[plainHeading(h.Text)] = true
	}
	return has
}

func (b Bank) headingsIn(has map[string]bool) (n int) {
	for _, h := range b.Header {
		if has[plainHeading(h)] {
			n++
		}
	}
	return n
}

// recognise names the bank whose headings a file has, all of them.
func recognise(list *sheet.List) string {
	has := headingsOf(list)
	best, most := "", 0
	for _, b := range banks {
		if n := b.headingsIn(has); n == len(b.Header) && n > most {
			best, most = b.Name, n
		}
	}
	return best
}

func plainHeading(s string) string {
	before, _, _ := strings.Cut(s, "[") // the second language of a heading
	return strings.NewReplacer(" ", "", "　", "", "（", "(", "）", ")").Replace(before)
}
