package forms

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// Project is the project that a paper is about, as its head names it.
type Project struct {
	ID         domain.ProjectID
	Name       string
	Region     string
	City       string
	Center     domain.CenterID
	CenterName string
}

func (p Project) head() []Field {
	return []Field{
		{"项目", named(p.Name, string(p.ID))}, {"物业服务中心", named(p.CenterName, string(p.Center))},
		{"区域", p.Region}, {"城市", p.City},
	}
}

// named is a name with the number that it stands for.
func named(name, id string) string {
	switch {
	case name == "":
		return id
	case id == "":
		return name
	}
	return name + "（" + id + "）"
}

// Signature is who put a name to a paper, and when.
type Signature struct {
	By string
	On calendar.Date
}

func (s Signature) field(label string) Field {
	return Field{label, spaced(s.By, s.On.String())}
}

// onOwnLine puts a date below what it is of: a spreadsheet would break it at its hyphens.
func onOwnLine(text string, on calendar.Date) string { return text + "\n" + on.String() }

func spaced(parts ...string) (text string) {
	for _, p := range parts {
		switch {
		case p == "":
		case text == "":
			text = p
		default:
			text += " " + p
		}
	}
	return text
}

// moment writes an instant as people do.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(calendar.Shanghai)
	if t.Second() != 0 {
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("2006-01-02 15:04")
}

func yesNo(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

func quantity(d decimal.Decimal) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// price writes a price with at least two decimals.
func price(d decimal.Decimal) string {
	if d.Equal(d.Round(2)) {
		return d.StringFixed(2)
	}
	return d.String()
}

func percent(rate decimal.Decimal) string { return rate.Shift(2).String() + "%" }

// amountOrNone leaves zero empty.
func amountOrNone(a money.Amount) string {
	if a.IsZero() {
		return ""
	}
	return a.String()
}

// knownOr is how an amount is written, or that none was known: nobody asks for
// nothing.
func knownOr(a money.Amount, written string) string {
	if a.IsZero() {
		return "未报价"
	}
	return written
}

// orSaid is a text, or what a paper says where it has not come yet: an empty cell
// could as well be something that nobody wrote.
func orSaid(text, missing string) string {
	if text == "" {
		return missing
	}
	return text
}

// coverage says whether a ticket is within the warranty.
func coverage(c policy.Coverage) string {
	in := "保外"
	if c.InWarranty {
		in = "保内"
	}
	return in
}

// sealed says what a paper was made of.
func sealed(hash string) string {
	if hash == "" {
		return ""
	}
	return "说明：内容校验 SHA-256 " + hash
}

// filedCount is how the projects of a region's form divide: those that have lines in it,
// those that said there is nothing, and those that said nothing.
type filedCount struct{ all, listed, nothing, missing int }

func (n *filedCount) add(listed, saidNothing, filed bool) {
	n.all++
	switch {
	case listed:
		n.listed++
	case filed || saidNothing:
		n.nothing++
	default:
		n.missing++
	}
}

// says is the number of projects, and of those that the list does not show why.
func (n filedCount) says(listed string) string {
	if n.listed == n.all {
		return fmt.Sprint(n.all)
	}
	parts := []string{fmt.Sprintf("%s %d", listed, n.listed)}
	for _, rest := range []struct {
		word string
		n    int
	}{{"零报", n.nothing}, {"未报", n.missing}} {
		if rest.n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", rest.word, rest.n))
		}
	}
	return fmt.Sprintf("%d（%s）", n.all, strings.Join(parts, "，"))
}
