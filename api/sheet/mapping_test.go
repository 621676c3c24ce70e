package sheet

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPersonSaysWhichColumnIsWhich(t *testing.T) {
	const file = "哪天,业务号,来款单位,贷方金额,借方金额,结存\n2026-06-18,S1,云栖花园,150.00,,150.00\n"
	layout, err := BankStatement.Map(map[string]string{
		"receivedOn": "哪天", "reference": "业务号", "payer": "来款单位", "amount": "贷方金额（元）", "balance": "结存", "debit": "",
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := Read([]byte(file), Options{}, layout)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, field := range []string{"reference", "payer", "amount", "credit", "debit", "balance"} {
		if v := list.Rows[0].Value(field); list.Rows[0].Has(field) {
			got[field], _ = v.Text()
		}
	}
	want := map[string]string{"reference": "S1", "payer": "云栖花园", "amount": "150.00", "balance": "150.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if at := slices.IndexFunc(list.Headings, func(h Heading) bool { return h.Text == "借方金额" }); at < 0 || !list.Headings[at].Aside || len(list.Unread()) != 0 {
		t.Errorf("the column that a person leaves unread: %+v", list.Headings)
	}
	if _, err := Read([]byte(file), Options{}, BankStatement); codeOf(err) != "!column-missing" && codeOf(err) != "!no-header" {
		t.Errorf("without a mapping: %v", err)
	}
}

func TestAMappingIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		headings map[string]string
		code     string
	}{
		"a field that a statement does not have": {map[string]string{"payee": "收款人"}, "!unknown-column"},
		"no heading for what is needed":          {map[string]string{"receivedOn": " "}, "!heading-required"},
		"one column for two fields":              {map[string]string{"credit": "金额", "debit": "金额(元)"}, "!column-twice"},
	} {
		if _, err := BankStatement.Map(c.headings); codeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	layout, err := BankStatement.Map(map[string]string{"balance": "结存"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read([]byte("交易日期,流水号,对方户名,收入\n2026-06-18,S1,云栖花园,150.00\n"), Options{}, layout); codeOf(err) != "!column-missing" {
		t.Errorf("a file without the column that was named: %v", err)
	}
}

func TestRowsPassedOverKeepTheirCells(t *testing.T) {
	list, err := Read([]byte("交易日期,流水号,对方户名,收入\n2026-06-18,S1,云栖花园,150.00\n合计,,共1笔,150.00\n"), Options{}, BankStatement)
	if err != nil || len(list.Passed) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	var shown []string
	for _, v := range list.Passed[0].Cells() {
		shown = append(shown, v.Shown())
	}
	if diff := cmp.Diff([]string{"合计", "共1笔", "150.00"}, shown); diff != "" {
		t.Error(diff)
	}
}
