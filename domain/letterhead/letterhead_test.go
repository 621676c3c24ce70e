package letterhead_test

import (
	"strings"
	"testing"
	"time"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
)

func TestALetterheadIsThatOfTheDayAndTheRegion(t *testing.T) {
	moved := calendar.NewDate(2025, time.July, 1)
	book := letterhead.Book{Entries: []letterhead.Entry{
		{Letterhead: letterhead.Letterhead{Name: "总部", Address: "旧址", Phone: "1", Account: letterhead.BankAccount{Holder: "总部", Number: "001"}}},
		{From: moved, Letterhead: letterhead.Letterhead{Name: "总部", Address: "新址"}},
		{Region: "华东", Letterhead: letterhead.Letterhead{Phone: "021", Account: letterhead.BankAccount{Holder: "华东", Number: "777"}}},
	}}
	for name, c := range map[string]struct {
		on     calendar.Date
		region string
		want   letterhead.Letterhead
	}{
		"before the move":               {moved.AddDays(-1), "华南", letterhead.Letterhead{Name: "总部", Address: "旧址", Phone: "1", Account: letterhead.BankAccount{Holder: "总部", Number: "001"}}},
		"an entry replaces the whole":   {moved, "华南", letterhead.Letterhead{Name: "总部", Address: "新址"}},
		"a region says what is its own": {moved, "华东", letterhead.Letterhead{Name: "总部", Address: "新址", Phone: "021", Account: letterhead.BankAccount{Holder: "华东", Number: "777"}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := book.On(c.on, c.region); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestWhatIsNotConfiguredIsSaidToBeMissing(t *testing.T) {
	var none letterhead.Book
	l := none.On(calendar.NewDate(2025, time.July, 1), "华东")
	if got := l.Lines(); len(got) != 1 || !strings.Contains(got[0], "未配置") {
		t.Errorf("the letterhead of nobody reads %q", got)
	}
	if !strings.Contains(l.PayTo(), "未配置") {
		t.Errorf("the account of nobody reads %q", l.PayTo())
	}
}

func TestPeopleAreNamedBesideTheirAccounts(t *testing.T) {
	day := calendar.NewDate(2025, time.September, 25)
	book := letterhead.Book{Names: func(login string, on calendar.Date) string {
		if on != day {
			t.Errorf("asked for %s", on)
		}
		return map[string]string{"li": "李伟", "techgroup.华东": "陈工", "7": "赵七"}[login]
	}}
	for text, want := range map[string]string{
		"li 2025-09-25":              "李伟（li） 2025-09-25",
		"P001 li 2025-09-25；li":      "P001 李伟（li） 2025-09-25；李伟（li）",
		"techgroup.华东":               "陈工（techgroup.华东）",
		"list of li-1 and cli":       "list of li-1 and cli",
		"":                           "",
		"7 台，LI":                     "7 台，LI",
		"Li 2025-09-25，TechGroup.华东": "李伟（Li） 2025-09-25，陈工（TechGroup.华东）",
		"已核实（li）":                    "已核实（李伟（li））",
		"同意，li：请附报价":                 "同意，李伟（li）：请附报价",
	} {
		if got := book.Named(text, day); got != want {
			t.Errorf("%q is written %q, want %q", text, got, want)
		}
	}
}
