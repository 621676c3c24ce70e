package wording

import (
	"fmt"
	"slices"

	"aftersales-ledger/domain"
)

// person is somebody whom a sentence names by their login: people are told what they are
// called as well, as on papers and in tables.
type person struct{ login, name string }

// String is the person in English.
func (p person) String() string { return fmt.Sprintf("%s (%s)", p.name, p.login) }

func (p person) inChinese() string { return p.name + "（" + p.login + "）" }

// NamingPeople is a sentence with the names of the people of whom it gives the logins. Name
// is what a login's person is called, empty for what is nobody's login, which stays.
func NamingPeople(t domain.Text, name func(login string) string) domain.Text {
	t.Args = slices.Clone(t.Args)
	for i, arg := range t.Args {
		switch said := arg.(type) {
		case domain.Text:
			t.Args[i] = NamingPeople(said, name)
		case string:
			if called := name(said); called != "" && called != said {
				t.Args[i] = person{said, called}
			}
		}
	}
	return t
}
