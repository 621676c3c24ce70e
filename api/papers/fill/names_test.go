package fill

import (
	"slices"
	"testing"

	"aftersales-ledger/api/papers/forms"
)

// A number that stands in a column is named in the head, unless the head or the
// column beside it names it already.
func TestNumbersWithoutNamesAreFound(t *testing.T) {
	rows := [][]string{{"P002", "C02"}, {"P001", "C01"}, {"P002", "C02"}, {"", ""}}
	columns := func(headers ...string) (out []forms.Column) {
		for _, h := range headers {
			out = append(out, forms.Column{Header: h})
		}
		return out
	}
	for name, c := range map[string]struct {
		form  forms.Form
		names []string // of the projects, and of the centers
		payer []string
	}{
		"of several projects and centers": {
			forms.Form{Tables: []forms.Table{{Columns: columns("项目\nproject", "付款方\npayer"), Rows: rows}}},
			[]string{"P001", "P002"}, []string{"C01", "C02"},
		},
		"of the project in the head": {
			forms.Form{
				Head:   []forms.Field{{Label: "项目", Value: "云栖花园（P001）"}, {Label: "物业服务中心", Value: "云栖（C01）"}},
				Tables: []forms.Table{{Columns: columns("项目", "中心"), Rows: rows[1:2]}},
			},
			nil, nil,
		},
		"named beside": {
			forms.Form{Tables: []forms.Table{{Columns: columns("项目", "名称"), Rows: rows}}}, nil, nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := numbersOn(c.form, "项目", "项目"); !slices.Equal(got, c.names) {
				t.Errorf("projects %q, want %q", got, c.names)
			}
			if got := numbersOn(c.form, "物业服务中心", "中心", "付款方"); !slices.Equal(got, c.payer) {
				t.Errorf("centers %q, want %q", got, c.payer)
			}
		})
	}
}
