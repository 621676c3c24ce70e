package notices

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"
)

const book = `addresses:
  - {role: finance, mail: [finance@dept.example, "审计 <audit@dept.example>"]}
  - {role: city-lead, mail: [leads@dept.example]}
  - {role: city-lead, region: 华东, mail: [east@dept.example]}
  - {role: city-lead, city: 杭州, mail: [hangzhou@dept.example]}
  - {role: city-lead, project: P001, mail: [p001@dept.example]}
  - {role: center-head, center: C01, mail: [zheng@c01.example]}
`

func readBook(t *testing.T, text string) *AddressBook {
	t.Helper()
	b, err := ReadBook("book.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheMostSpecificAddressWins(t *testing.T) {
	b := readBook(t, book)
	lead := notice.Recipient{Role: domain.CityLead, Scope: notice.City}
	head := notice.Recipient{Role: domain.CenterHead, Scope: notice.Center}
	tests := map[string]struct {
		who  notice.Recipient
		at   notice.Place
		want string
	}{
		"of the project":                       {lead, notice.Place{Project: "P001", Center: "C01", City: "杭州", Region: "华东"}, "project P001 p001@dept.example"},
		"of the city":                          {lead, notice.Place{Project: "P002", City: "杭州", Region: "华东"}, "city 杭州 hangzhou@dept.example"},
		"of the region":                        {lead, notice.Place{City: "宁波", Region: "华东"}, "region 华东 east@dept.example"},
		"of the company":                       {lead, notice.Place{Region: "华南"}, "company  leads@dept.example"},
		"of the company, of nowhere":           {lead, notice.Place{}, "company  leads@dept.example"},
		"all who hold the role":                {notice.Recipient{Role: domain.Finance, Scope: notice.Company}, notice.Place{}, "company  finance@dept.example audit@dept.example"},
		"the center's own head":                {head, notice.Place{Center: "C01"}, "center C01 zheng@c01.example"},
		"never another center's":               {head, notice.Place{Center: "C02", City: "杭州", Region: "华东"}, ""},
		"nobody where the role has no address": {notice.Recipient{Role: domain.Technician, Scope: notice.Project}, notice.Place{Project: "P001"}, ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := ""
			if a, ok := b.Find(tc.who, tc.at); ok {
				got = fmt.Sprintf("%s %s %s", a.Scope, a.Of, strings.Join(a.Addresses, " "))
				if a.Role != tc.who.Role {
					t.Errorf("found for %s", a.Role)
				}
			}
			if got != tc.want {
				t.Errorf("found %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAMistakeInTheBookIsNamedWithItsLine(t *testing.T) {
	many := strings.Repeat("a@b.example, ", 31)
	tests := map[string]struct {
		text string
		line int
		says string
	}{
		"an unknown role":                    {"addresses:\n  - {role: finance, mail: [a@b.example]}\n  - {role: boss, mail: [a@b.example]}\n", 3, "must be one of"},
		"an unknown field":                   {"addresses:\n  - {role: finance, phone: 1, mail: [a@b.example]}\n", 2, "phone"},
		"no address":                         {"addresses:\n\n  - role: finance\n", 3, "has no mail address"},
		"what is no address":                 {"addresses:\n  - {role: finance, mail: [nobody]}\n", 2, `"nobody" is not a mail address`},
		"a line break in an address":         {"addresses:\n  - {role: finance, mail: [\"a@b.example\\r\\nBcc: x@y.example\"]}\n", 2, "is not a mail address"},
		"an address beyond ASCII":            {"addresses:\n  - {role: finance, mail: [财务@b.example]}\n", 2, "ASCII only"},
		"an address in quotes":               {"addresses:\n  - {role: finance, mail: ['\"a b\"@b.example']}\n", 2, "ASCII only"},
		"two places at once":                 {"addresses:\n  - {role: city-lead, city: 杭州, region: 华东, mail: [a@b.example]}\n", 2, "more than one"},
		"a center's role without its center": {"addresses:\n  - {role: center-head, region: 华东, mail: [a@b.example]}\n", 2, "no center reads another's figures"},
		"one role at one place twice":        {"addresses:\n  - {role: finance, mail: [a@b.example]}\n  - {role: finance, mail: [c@b.example]}\n", 3, "a second time"},
		"one address twice":                  {"addresses:\n  - {role: finance, mail: [a@b.example, a@b.example]}\n", 2, "twice"},
		"more addresses than a server takes": {"addresses:\n  - {role: finance, mail: [" + many + "]}\n", 2, "at most 30"},
		"an endless address":                 {"addresses:\n  - {role: finance, mail: [" + strings.Repeat("a", 250) + "@b.example]}\n", 2, "longer than 254"},
		"a field twice":                      {"addresses:\n  - role: finance\n    role: city-lead\n    mail: [a@b.example]\n", 3, ""},
		"what is no YAML":                    {"addresses:\n  - {role: finance\n", 2, ""},
		"nothing":                            {"", 0, ""},
		"nobody":                             {"addresses: []\n", 0, "names nobody"},
		"another file":                       {"people:\n  - a\n", 1, "people"},
		"a whole library":                    {strings.Repeat("#", maxBookSize+1), 0, "at most"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			b, err := ReadBook("book.yaml", []byte(tc.text))
			var mistake *yamlfile.FormatError
			if !errors.As(err, &mistake) {
				t.Fatalf("read as %+v, %v", b, err)
			}
			if mistake.Line != tc.line || !strings.Contains(mistake.Err.Error(),
				tc.says) || !strings.HasPrefix(err.Error(), "book.yaml:") {
				t.Errorf("got %q on line %d; want line %d and %q", err, mistake.Line, tc.line, tc.says)
			}
		})
	}
}

func TestAChangedBookIsReadAgainAndABadOneRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "book.yaml")
	modified := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	write := func(text string) {
		modified = modified.Add(time.Second)
		if err := errors.Join(os.WriteFile(path, []byte(text), 0o600), os.Chtimes(path, modified, modified)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := OpenBook(path); err == nil {
		t.Error("a book that is not there was opened")
	}
	write("addresses:\n  - {role: finance, mail: [a@b.example]}\n")
	f, err := OpenBook(path)
	if err != nil {
		t.Fatal(err)
	}
	finance := notice.Recipient{Role: domain.Finance, Scope: notice.Company}
	check := func(what, want string, wantChanged, wantErr bool) {
		t.Helper()
		changed, err := f.Reload()
		if changed != wantChanged || (err != nil) != wantErr {
			t.Errorf("%s: changed %t, %v", what, changed, err)
		}
		if a, ok := f.Find(finance, notice.Place{}); !ok || cmp.Diff([]string{want}, a.Addresses) != "" {
			t.Errorf("%s: found %v", what, a.Addresses)
		}
	}
	check("unchanged", "a@b.example", false, false)
	write("addresses:\n  - {role: finance, mail: [c@b.example]}\n")
	check("changed", "c@b.example", true, false)
	write("addresses:\n  - {role: finance, mail: [c@]}\n")
	check("spoilt", "c@b.example", false, true)
	check("complained of once", "c@b.example", false, false)
	write("addresses:\n  - {role: finance, mail: [d@b.example]}\n")
	check("mended", "d@b.example", true, false)
}

func FuzzReadBook(f *testing.F) {
	f.Add([]byte(book))
	f.Add([]byte("addresses:\n  - {role: finance, mail: [\"a@b.example\\r\\nBcc: x@y.example\"]}\n"))
	f.Add([]byte("addresses: &a [*a]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		b, err := ReadBook("f", src)
		if err != nil {
			var mistake *yamlfile.FormatError
			if !errors.As(err, &mistake) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		for key, value := range b.entries {
			list := value.addresses
			if len(list) == 0 || len(list) > maxAddresses {
				t.Errorf("%v has %d addresses", key, len(list))
			}
			for _, a := range list {
				if strings.ContainsFunc(a, func(r rune) bool { return r <= ' ' || r > '~' }) || strings.Count(a, "@") != 1 {
					t.Errorf("address %q", a)
				}
			}
		}
	})
}
