package letterheadfile_test

import (
	"strings"
	"testing"
	"time"

	"aftersales-ledger/cmd/internal/letterheadfile"
	"aftersales-ledger/domain/calendar"
)

const good = `
letterheads:
  - name: 某某公司
    address: 文三路 1 号
    account: {holder: 某某公司, bank: 工商银行, number: "0012"}
  - {region: 华南, from: 2025-07-01, phone: 020-1}
`

func TestALetterheadIsReadFromItsFile(t *testing.T) {
	b, err := letterheadfile.Parse("f.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	l := b.On(calendar.NewDate(2025, time.August, 1), "华南")
	if l.Name != "某某公司" || l.Phone != "020-1" || l.Account.Number != "0012" {
		t.Errorf("read as %+v", l)
	}
}

func TestAMistakeInALetterheadIsSaid(t *testing.T) {
	for name, c := range map[string]struct{ src, says string }{
		"an unknown field":              {"letterheads: [{name: a, fax: b}]", "f.yaml:1"},
		"nothing":                       {"letterheads: []", "letterheads"},
		"people, who are users":         {"letterheads: [{name: a}]\npeople: {a: b}", "ledger user"},
		"a bad day":                     {"letterheads: [{name: a, from: 2025-02-30}]", "entry 1"},
		"an account without its number": {"letterheads: [{name: a, account: {holder: b}}]", "number"},
		"an entry without a name":       {"letterheads: [{phone: '1'}]", "name"},
		"an empty entry":                {"letterheads: [{region: 华南}]", "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := letterheadfile.Parse("f.yaml", []byte(c.src)); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("answered %v; wanted it to say %s", err, c.says)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Fuzz(func(_ *testing.T, src []byte) {
		_, _ = letterheadfile.Parse("f.yaml", src)
	})
}
