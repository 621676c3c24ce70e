// Package letterhead is who the department is to those that its papers and
// mails go to: its name, address and contact, and the account to pay to. It is
// configuration; what is not configured is said to be missing, never invented.
package letterhead

import (
	"strings"
	"unicode"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Letterhead is who sends a paper. Empty fields are not known.
type Letterhead struct {
	Name    string
	Address string
	Contact string // a person or desk
	Phone   string
	Mail    string
	Account BankAccount
}

// BankAccount is the bank account that a center pays to.
type BankAccount struct {
	Holder string // 户名
	Bank   string // 开户行, with its branch
	Number string // 账号
}

// IsZero reports whether no account is known.
func (a BankAccount) IsZero() bool { return a == BankAccount{} }

// String writes the account in one line, as it is copied into a transfer.
func (a BankAccount) String() string {
	var parts []string
	for _, p := range []struct{ label, value string }{{"户名", a.Holder}, {"开户行", a.Bank}, {"账号", a.Number}} {
		if p.value != "" {
			parts = append(parts, p.label+"："+p.value)
		}
	}
	return strings.Join(parts, "　")
}

// Entry is a letterhead in use from a day on, of one region or of all.
type Entry struct {
	From   calendar.Date // zero: ever since
	Region string        // empty: of every region
	Letterhead
}

// Book is the department's letterheads over time, and the names of people. The
// zero value knows nothing.
type Book struct {
	Entries []Entry
	// Names is what the person with a login was called on a day, empty for a login
	// that is nobody's; nil: nobody's name is known.
	Names func(login string, on calendar.Date) string
}

// On is the letterhead of a region's papers of a day: what the latest entry for
// the region says, and where it is silent, the latest for all.
func (b Book) On(day calendar.Date, region string) (l Letterhead) {
	for _, of := range []string{region, ""} {
		var latest *Entry
		for i, e := range b.Entries {
			if e.Region == of && !e.From.After(day) && (latest == nil || !e.From.Before(latest.From)) {
				latest = &b.Entries[i]
			}
		}
		if latest != nil {
			l = l.or(latest.Letterhead)
		}
	}
	return l
}

// or takes from another letterhead what this one does not say.
func (l Letterhead) or(o Letterhead) Letterhead {
	for _, f := range []struct{ to, from *string }{
		{&l.Name, &o.Name}, {&l.Address, &o.Address}, {&l.Contact, &o.Contact}, {&l.Phone, &o.Phone}, {&l.Mail, &o.Mail},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if l.Account.IsZero() { // an account is taken whole
		l.Account = o.Account
	}
	return l
}

// Missing is what a paper says in place of a letterhead that is not configured.
const Missing = "（本单位名称、地址、联系方式未配置）"

// NoAccount is what a paper says in place of an account that is not configured.
const NoAccount = "（收款账户未配置，付款前请向我方索取）"

// Lines are the letterhead of a paper: the name, and below it how to reach us.
func (l Letterhead) Lines() []string {
	if l.Name == "" {
		return []string{Missing}
	}
	var reach []string
	for _, p := range []struct{ label, value string }{
		{"地址", l.Address}, {"联系人", l.Contact}, {"电话", l.Phone}, {"邮箱", l.Mail},
	} {
		if p.value != "" {
			reach = append(reach, p.label+"："+p.value)
		}
	}
	if len(reach) == 0 {
		return []string{l.Name}
	}
	return []string{l.Name, strings.Join(reach, "　")}
}

// PayTo is the account to pay to, or that there is none.
func (l Letterhead) PayTo() string {
	if l.Account.IsZero() {
		return NoAccount
	}
	return l.Account.String()
}

// Named puts what a person was called on a day before the login that stands for
// them, wherever that is a word by itself.
func (b Book) Named(text string, on calendar.Date) string {
	if b.Names == nil || text == "" {
		return text
	}
	var out strings.Builder
	word := 0
	flush := func(end int) {
		w := text[word:end]
		if name := b.NameOf(w, on); name != "" {
			w = name + "（" + w + "）"
		}
		out.WriteString(w)
	}
	for i, r := range text {
		if strings.ContainsRune(" \n（）()；;，,、：:", r) {
			flush(i)
			out.WriteRune(r)
			word = i + len(string(r))
		}
	}
	flush(len(text))
	return out.String()
}

// NameOf is the name for a word that is a login, in whatever letters it was typed:
// tech.P001 is tech.p001. A figure is none, though somebody's login may be made of
// digits, and neither is a code of capitals. Empty where it is none.
func (b Book) NameOf(word string, on calendar.Date) string {
	if b.Names == nil {
		return ""
	}
	if !strings.ContainsFunc(word, unicode.IsLetter) || strings.ToUpper(word) == word && strings.ToLower(word) != word {
		return ""
	}
	return b.Names(domain.Login(word), on)
}
