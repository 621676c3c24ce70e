package sheet

import (
	"regexp"
	"slices"
	"strings"
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
	if at := slices.IndexFunc(list.Headings,
		func(h Heading) bool { return h.Text == "借方金额" }); at < 0 || !list.Headings[at].Aside || len(list.Unread()) != 0 {
		t.Errorf("the column that a person leaves unread: %+v", list.Headings)
	}
	if _, err := Read([]byte(file), Options{},
		BankStatement); codeOf(err) != "!column-missing" && codeOf(err) != "!no-header" {
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
	if _, err := Read([]byte("交易日期,流水号,对方户名,收入\n2026-06-18,S1,云栖花园,150.00\n"), Options{},
		layout); codeOf(err) != "!column-missing" {
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

// Of every column of every kind of list: it has a name in Chinese, of its own, by
// which a person maps it as well as by its field; and where it is missing, the
// refusal names it so.
func TestEveryColumnHasATitleThatPeopleCanUse(t *testing.T) {
	han := regexp.MustCompile(`^\p{Han}+$`)
	for _, l := range []Layout{Charges, Faults, Catalogue, Counts, BankStatement} {
		titled := make(map[string]string)
		for _, c := range l.Columns {
			if !han.MatchString(c.Title) || titled[c.Title] != "" {
				t.Errorf("%s: %s is called %q, %s too", l.Name, c.Field, c.Title, titled[c.Title])
			}
			titled[c.Title] = c.Field
			byField, err := l.Map(map[string]string{c.Field: "某列"})
			if err != nil {
				t.Fatal(err)
			}
			byTitle, err := l.Map(map[string]string{c.Title: "某列"})
			if diff := cmp.Diff(byField, byTitle, cmp.AllowUnexported(Column{})); err != nil || diff != "" {
				t.Errorf("%s: columns %s=某列: %v\n%s", l.Name, c.Title, err, diff)
			}
			if _, err := l.Map(map[string]string{c.Title: "某列", c.Field: "别列"}); codeOf(err) != "!column-twice" {
				t.Errorf("%s: %s named twice: %v", l.Name, c.Title, err)
			}
			if !c.Required {
				continue
			}
			var header, row []string
			for _, other := range l.Columns {
				if other.Field != c.Field && !slices.Contains(c.Names, other.Names[0]) {
					header, row = append(header, other.Names[0]), append(row, "1")
				}
			}
			text := strings.Join(header, ",") + "\n" + strings.Join(row, ",") + "\n"
			for unread, want := range map[string]string{
				"":    "but not " + c.Title + " of a " + l.Name + ", and every heading is read as something else; add the column, or say which heading it is (columns: " + c.Title + "=HEADING)",
				"某列,": "but not " + c.Title + " of a " + l.Name + "; say which heading it is (columns: " + c.Title + "=HEADING), where headings not read are: 某列",
			} {
				_, err := Read([]byte(strings.ReplaceAll(unread+text, "\n1", "\n1"+strings.Repeat(",1", min(1, len(unread))))),
					Options{}, l)
				if codeOf(err) != "!column-missing" || !strings.Contains(err.Error(), want) {
					t.Errorf("%s without %s: %v", l.Name, c.Title, err)
				}
			}
		}
	}
	if _, err := Charges.Map(map[string]string{"不读": "联系人", "金额": "总价"}); err != nil {
		t.Error(err)
	}
}
