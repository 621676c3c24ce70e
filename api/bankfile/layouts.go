package bankfile

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"aftersales-ledger/api/sheet"
	"aftersales-ledger/domain"
)

// bank is how one bank, or payment service, writes its statements.
type bank struct {
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

var banks = func() (all []bank) {
	if err := yaml.UnmarshalWithOptions(layoutsYAML, &all, yaml.Strict()); err != nil {
		panic("bankfile: layouts.yaml: " + err.Error())
	}
	return all
}()

// Layouts lists the names of the layouts that are known, each with its aliases.
func Layouts() []string {
	names := make([]string, len(banks))
	for i, b := range banks {
		names[i] = strings.Join(append([]string{b.Name}, b.Aliases...), " ")
	}
	return names
}

// layoutColumns joins the columns of a bank's layout with those that a person
// names, which count more.
func layoutColumns(name string, columns map[string]string) (map[string]string, error) {
	if name == "" {
		return columns, nil
	}
	i := slices.IndexFunc(banks, func(b bank) bool {
		return strings.EqualFold(b.Name, name) || slices.ContainsFunc(b.Aliases, func(a string) bool { return strings.EqualFold(a, name) })
	})
	if i < 0 {
		return nil, domain.Invalid("layout", domain.Clip(name), "unknown-layout", "must be one of %s; the columns of another are named with --columns", "", Layouts())
	}
	joined := maps.Clone(banks[i].Columns)
	maps.Copy(joined, columns)
	return joined, nil
}

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
