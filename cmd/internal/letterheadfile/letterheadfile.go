// Package letterheadfile reads the department's letterheads from a YAML file:
// what its papers and mails say of who sends them, and where to pay.
package letterheadfile

import (
	"bytes"
	"os"

	"github.com/goccy/go-yaml"

	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
)

// maxFileSize bounds a file, in bytes.
const maxFileSize = 256 << 10

type file struct {
	Letterheads []entry `yaml:"letterheads"`
	People      any     `yaml:"people"` // were named here before they were users
}

type entry struct {
	From    string  `yaml:"from"`
	Region  string  `yaml:"region"`
	Name    string  `yaml:"name"`
	Address string  `yaml:"address"`
	Contact string  `yaml:"contact"`
	Phone   string  `yaml:"phone"`
	Mail    string  `yaml:"mail"`
	Account account `yaml:"account"`
}

type account struct {
	Holder string `yaml:"holder"`
	Bank   string `yaml:"bank"`
	Number string `yaml:"number"`
}

// Read reads a file.
func Read(path string) (letterhead.Book, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return letterhead.Book{}, err
	}
	return Parse(path, src)
}

// Parse reads the content of a file:
//
//	letterheads:
//	  - name: 某某智能科技有限公司 售后服务部
//	    address: 杭州市文三路 1 号
//	    contact: 李主任
//	    phone: 0571-88000000
//	    mail: service@example.com
//	    account: {holder: 某某智能科技有限公司, bank: 工商银行杭州文三支行, number: "1202026209900012345"}
//	  - {region: 华南, phone: 020-88000000}        # what differs in a region
//	  - {from: 2026-01-01, name: …}               # all of it, from a day on
func Parse(name string, src []byte) (b letterhead.Book, err error) {
	if len(src) > maxFileSize {
		return b, yamlfile.Wrong(name, 0, "has %d bytes; it may have at most %d", len(src), maxFileSize)
	}
	defer func() {
		// The parser meets input it was not made for with a panic now and then.
		if p := recover(); p != nil {
			b, err = letterhead.Book{}, yamlfile.Wrong(name, 0, "cannot be read as YAML")
		}
	}()
	var f file
	if err := yaml.NewDecoder(bytes.NewReader(src), yaml.Strict()).Decode(&f); err != nil {
		return b, yamlfile.Unreadable(name, err)
	}
	if f.People != nil {
		return b, yamlfile.Wrong(name, 0,
			"people: names come from the users of the ledger; leave the list away, and see `ledger user`")
	}
	if len(f.Letterheads) == 0 {
		return b, yamlfile.Wrong(name, 0, "names nobody; it needs a list `%s`", "letterheads")
	}
	for i, e := range f.Letterheads {
		wrong := func(what domain.Sentence, args ...any) error {
			return yamlfile.Wrong(name, 0, "entry %d: %s", i+1, domain.Say(what, args...))
		}
		one := letterhead.Entry{Region: e.Region, Letterhead: letterhead.Letterhead{
			Name: e.Name, Address: e.Address, Contact: e.Contact, Phone: e.Phone, Mail: e.Mail,
			Account: letterhead.BankAccount(e.Account),
		}}
		if e.From != "" {
			if one.From, err = calendar.ParseDate(e.From); err != nil {
				return letterhead.Book{}, wrong("%s must be a date such as 2026-07-01", "from")
			}
		}
		switch {
		case one.Letterhead == letterhead.Letterhead{}:
			return letterhead.Book{}, wrong("says nothing")
		case one.Region == "" && one.Name == "":
			return letterhead.Book{}, wrong("is of every region and lacks the name")
		case !one.Account.IsZero() && (one.Account.Holder == "" || one.Account.Number == ""):
			return letterhead.Book{}, wrong("an account has a holder and a number")
		}
		b.Entries = append(b.Entries, one)
	}
	return b, nil
}
