package notices

import (
	"bytes"
	"fmt"
	"net/mail"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"
)

// Bounds of an address book. What lies beyond is a mistake.
const (
	maxBookSize  = 1 << 20 // bytes
	maxAddresses = 30      // of one role at one place: a mail server takes at least 100 recipients
)

// Addresses finds who holds a role at a place.
type Addresses interface {
	// Find returns the addresses of a role, the most specific that there are for
	// the place. ok is false where there are none.
	Find(r notice.Recipient, p notice.Place) (notice.Addressee, bool)
}

// AddressBook is an address book. The zero value knows nobody.
type AddressBook struct {
	entries map[bookKey]bookValue
}

// bookValue is whom a role's notices go to, and what they read.
type bookValue struct {
	addresses []string
	language  notice.Language
}

type bookKey struct {
	role  domain.Role
	level notice.Level
	of    string
}

// Find implements [Addresses].
func (b *AddressBook) Find(r notice.Recipient, p notice.Place) (notice.Addressee, bool) {
	for _, s := range notice.Levels() {
		of, known := p.Within(s)
		if !known {
			continue
		}
		if found, ok := b.entries[bookKey{r.Role, s, of}]; ok {
			return notice.Addressee{Role: r.Role, Scope: s, Of: of, Addresses: found.addresses, Language: found.language}, true
		}
	}
	return notice.Addressee{}, false
}

// bookFile is an address book as it is written down.
type bookFile struct {
	Addresses []bookEntry `yaml:"addresses"`
}

// bookEntry is who holds a role in at most one of the levels; in none, in the
// whole company.
type bookEntry struct {
	Role    string   `yaml:"role"`
	Region  string   `yaml:"region"`
	City    string   `yaml:"city"`
	Center  string   `yaml:"center"`
	Project string   `yaml:"project"`
	Mail    []string `yaml:"mail"`
	// Language that they read: zh, the default, or en.
	Language string `yaml:"language"`
}

// ReadBook reads an address book, or says what is wrong on which line:
//
//	addresses:
//	  - {role: finance, mail: [finance@example.com]}
//	  - {role: regional-admin, region: 华东, mail: [east@example.com]}
//	  - {role: center-head, center: C01, mail: ["郑主任 <zheng@c01.example.com>"]}
func ReadBook(name string, src []byte) (_ *AddressBook, err error) {
	if len(src) > maxBookSize {
		return nil, yamlfile.Wrong(name, 0, "has %d bytes; it may have at most %d", len(src), maxBookSize)
	}
	defer func() {
		// The parser meets input it was not made for with a panic now and then.
		if p := recover(); p != nil {
			err = yamlfile.Wrong(name, 0, "cannot be read as YAML")
		}
	}()
	var file bookFile
	if err := yaml.NewDecoder(bytes.NewReader(src), yaml.Strict()).Decode(&file); err != nil {
		return nil, yamlfile.Unreadable(name, err)
	}
	tree, err := parser.ParseBytes(src, 0)
	if err != nil {
		return nil, yamlfile.Unreadable(name, err)
	}
	b := &AddressBook{entries: make(map[bookKey]bookValue)}
	for i, e := range file.Addresses {
		if err := b.add(e); err != nil {
			return nil, &yamlfile.FormatError{File: name, Line: lineOf(tree, i), Err: err}
		}
	}
	if len(b.entries) == 0 {
		return nil, yamlfile.Wrong(name, 0, "names nobody; it needs a list `%s`", "addresses")
	}
	return b, nil
}

// lineOf finds the line on which an entry begins.
func lineOf(tree *ast.File, entry int) int {
	path, err := yaml.PathString(fmt.Sprintf("$.addresses[%d]", entry))
	if err != nil {
		return 0
	}
	node, err := path.FilterFile(tree)
	if err != nil || node == nil || node.GetToken() == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

func (b *AddressBook) add(e bookEntry) error {
	role, err := domain.ParseRole(e.Role)
	if err != nil {
		return err
	}
	key := bookKey{role: role, level: notice.Company}
	named := 0
	for level, of := range map[notice.Level]string{
		notice.Region: e.Region, notice.City: e.City, notice.Center: e.Center, notice.Project: e.Project,
	} {
		if of != "" {
			key.level, key.of = level, of
			named++
		}
	}
	switch {
	case named > 1:
		return domain.Failed(nil, "names more than one of region, city, center and project")
	case role.OfCenter() && key.level != notice.Center && key.level != notice.Project:
		return domain.Failed(nil,
			"role %s belongs to a property center: name its center or project, so that no center reads another's figures", role)
	case e.Language != "" && e.Language != string(notice.Chinese) && e.Language != string(notice.English):
		return domain.Failed(nil, "language %q: must be zh or en", domain.Clip(e.Language))
	case len(e.Mail) == 0:
		return domain.Failed(nil, "has no mail address")
	case len(e.Mail) > maxAddresses:
		return domain.Failed(nil, "has %d mail addresses; at most %d, or a list address of your mail server",
			len(e.Mail), maxAddresses)
	}
	if _, twice := b.entries[key]; twice {
		return domain.Failed(nil, "names role %s for the same %s a second time", role, key.level)
	}
	var list []string
	for _, text := range e.Mail {
		address, err := parseAddress(text)
		if err != nil {
			return err
		}
		if slices.Contains(list, address) {
			return domain.Failed(nil, "names %s twice", address)
		}
		list = append(list, address)
	}
	value := bookValue{addresses: list}
	if e.Language == string(notice.English) {
		value.language = notice.English
	}
	b.entries[key] = value
	return nil
}

// CheckAddress refuses what is not the mail address of a sender.
func CheckAddress(text string) error {
	bare, err := parseAddress(text)
	if err == nil && bare != text {
		err = domain.Failed(nil, "%q must be the bare address, %s", domain.Clip(text), bare)
	}
	return err
}

// parseAddress reads name@host, or a name with that in angle brackets, of which
// only the address is kept.
func parseAddress(text string) (string, error) {
	a, err := mail.ParseAddress(text)
	if err != nil {
		return "", domain.Failed(err, "%q is not a mail address", domain.Clip(text))
	}
	for _, c := range []byte(a.Address) {
		if c <= ' ' || c > '~' || c == '<' || c == '>' || c == '"' || c == '\\' {
			return "", domain.Failed(nil,
				"%q is not a mail address that every server takes: letters, digits and marks of ASCII only", domain.Clip(text))
		}
	}
	const longest = 254 // RFC 5321
	if len(a.Address) > longest {
		return "", domain.Failed(nil, "%q is longer than %d characters", domain.Clip(text), longest)
	}
	return a.Address, nil
}

// missing says what to add for a role that has no address.
func missing(r notice.Recipient, p notice.Place) string {
	where := ""
	if of, ok := p.Within(r.Scope); ok && r.Scope != notice.Company {
		where = fmt.Sprintf(", %s: %s", r.Scope, of)
	}
	return fmt.Sprintf("- {role: %s%s, mail: […]}", r.Role, where)
}

// Placeholders stands in for an address book where notices only go to a folder:
// every role has an address at a domain that no mail ever reaches (RFC 2606).
type Placeholders struct{}

// Find implements [Addresses].
func (Placeholders) Find(r notice.Recipient, p notice.Place) (notice.Addressee, bool) {
	of, _ := p.Within(r.Scope)
	local := string(r.Role)
	if of != "" && !strings.ContainsFunc(of, func(c rune) bool { return c > '~' || c == '#' }) {
		local += "." + of
	}
	return notice.Addressee{Role: r.Role, Scope: r.Scope, Of: of, Addresses: []string{local + "@outbox.invalid"}}, true
}

// BookFile is an address book in a file that may change while it is in use.
type BookFile struct {
	path string
	book *AddressBook
	read fileMark
}

// fileMark tells one content of a file from another.
type fileMark struct {
	size     int64
	modified time.Time
}

// OpenBook reads the address book of a file.
func OpenBook(path string) (*BookFile, error) {
	f := &BookFile{path: path}
	_, err := f.Reload()
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Find implements [Addresses].
func (f *BookFile) Find(r notice.Recipient, p notice.Place) (notice.Addressee, bool) {
	return f.book.Find(r, p)
}

// Reload reads the file again if it has changed, and reports whether the book
// is another now. One with a mistake is refused: the book stays as it was.
func (f *BookFile) Reload() (changed bool, err error) {
	info, err := os.Stat(f.path)
	if err != nil {
		return false, domain.Failed(err, "address book")
	}
	mark := fileMark{info.Size(), info.ModTime()}
	if mark == f.read {
		return false, nil
	}
	src, err := os.ReadFile(f.path)
	if err != nil {
		return false, domain.Failed(err, "address book")
	}
	f.read = mark // also of a bad one: it is complained of once
	b, err := ReadBook(f.path, src)
	if err != nil {
		return false, domain.Failed(err, "address book")
	}
	f.book = b
	return true, nil
}

// reloader is an address book that may change.
type reloader interface {
	Reload() (changed bool, err error)
}

// unique drops addresses that came before, so that nobody gets a message twice.
func unique(lists ...[]notice.Addressee) []string {
	var all []string
	for _, list := range lists {
		for _, a := range list {
			all = append(all, a.Addresses...)
		}
	}
	seen := make(map[string]bool, len(all))
	return slices.DeleteFunc(all, func(a string) bool {
		key := strings.ToLower(a)
		defer func() { seen[key] = true }()
		return seen[key]
	})
}
