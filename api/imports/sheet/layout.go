package sheet

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"aftersales-ledger/domain"
)

// Kind says how the cells of a column are read where that matters to a
// spreadsheet: a number may be shown as a text, a merged cell may speak for
// several rows, a room may have become a date.
type Kind uint8

const (
	Text   Kind = iota // as a person sees it
	Code               // an identity: what a spreadsheet may have made a date or a rounded number of is refused
	Number             // exact; a merged cell states one number, not one per row
	Date               // a date or a date with a time of day
	YesNo
)

// Column is a column that a list may have, under the names given to it.
type Column struct {
	Field    string // name of the value in errors and in Row.Value
	Title    string // what people call it: Chinese, unique in its layout, and accepted wherever a field is named
	Kind     Kind
	Names    []string // canonical headings, the best first
	Required bool
	// Ranked: where a file has several columns under Names, the best is read and
	// the others are not. Otherwise what they say must agree row by row, if it is a
	// number or a date.
	Ranked bool
	chosen bool     // by a person: no other column is meant
	or     []string // titles of columns of which one would do as well, where none is there
}

// Layout is what a kind of list may consist of.
type Layout struct {
	Name    string // for errors: "charge list"
	Columns []Column
	Day     string // field of the day that a row is of; empty: none has one
	Total   string // field of which a total beside no column's name is meant
	// Aside names columns that are known and say nothing of their own, such as
	// running numbers and units.
	Aside []string
	// MustRead names what an unknown column may not carry unread: quantity, price,
	// amount, date, reference, party, direction.
	MustRead []string
	// OneOf names fields of which a header must name one.
	OneOf [][]string
	// Movements: a row with no more than a balance belongs to the list, and a row
	// that states figures alone is no total.
	Movements bool
}

// The layouts, read from the table of headings of each.
var (
	Charges       = layoutOf("charges")        // F3, 售后服务收费明细表
	Faults        = layoutOf("faults")         // F1, 智能化工程设备故障处理记录表
	Catalogue     = layoutOf("catalogue")      // 配件目录
	Counts        = layoutOf("counts")         // 盘点表
	BankStatement = layoutOf("bank-statement") // 银行对账单
	Users         = layoutOf("users")          // 用户清单
)

//go:embed layouts
var tables embed.FS

// vocabulary is what all kinds of lists share.
type vocabulary struct {
	Units      []string
	OtherUnits []string            `yaml:"otherUnits"`
	Carries    map[string][]string // what a heading carries, by words in it
}

var words = func() (v vocabulary) {
	decodeTable("words", &v)
	lower := func(list []string) {
		for i := range list {
			list[i] = strings.ToLower(list[i])
		}
	}
	lower(v.Units)
	lower(v.OtherUnits)
	for _, list := range v.Carries {
		lower(list)
	}
	return v
}()

var kinds = map[string]Kind{"": Text, "code": Code, "number": Number, "date": Date, "yesno": YesNo}

// carried names what a heading may carry.
var carried = map[string]domain.Text{
	"quantity": domain.Say("a quantity"), "price": domain.Say("a price"), "amount": domain.Say("an amount"), "direction": domain.Say("a direction"),
	"reduction": domain.Say("a reduction"), "date": domain.Say("a date"), "reference": domain.Say("a reference"), "party": domain.Say("a counter-party"),
}

// layoutOf reads a table of headings. A mistake in it is one of the program.
func layoutOf(name string) Layout {
	var table struct {
		Name      string
		Day       string
		Total     string
		MustRead  []string   `yaml:"mustRead"`
		OneOf     [][]string `yaml:"oneOf"`
		Movements bool
		Aside     []string
		Columns   []struct {
			Field    string
			Title    string
			Kind     string
			Required bool
			Ranked   bool
			Names    []string
		}
	}
	decodeTable(name, &table)
	l := Layout{
		Name: table.Name, Day: table.Day, Total: table.Total, MustRead: table.MustRead, OneOf: table.OneOf,
		Movements: table.Movements, Aside: canonicals(table.Aside),
	}
	for _, c := range table.Columns {
		kind, known := kinds[c.Kind]
		if !known {
			panic(fmt.Sprintf("sheet: %s: %s is of no kind %q", name, c.Field, c.Kind))
		}
		l.Columns = append(l.Columns,
			Column{
				Field: c.Field, Title: c.Title, Kind: kind, Names: canonicals(c.Names), Required: c.Required, Ranked: c.Ranked,
			})
	}
	return l
}

func decodeTable(name string, into any) {
	text, err := tables.ReadFile("layouts/" + name + ".yaml")
	if err == nil {
		err = yaml.UnmarshalWithOptions(text, into, yaml.Strict())
	}
	if err != nil {
		panic(fmt.Sprintf("sheet: %s: %v", name, err))
	}
}

func canonicals(headings []string) []string {
	out := make([]string, len(headings))
	for i, h := range headings {
		out[i] = canonical(h)
	}
	return out
}

func (l Layout) column(field string) (Column, bool) {
	i := slices.IndexFunc(l.Columns, func(c Column) bool { return c.Field == field })
	if i < 0 {
		return Column{}, false
	}
	return l.Columns[i], true
}

func (l Layout) required() []Column {
	return slices.DeleteFunc(slices.Clone(l.Columns), func(c Column) bool { return !c.Required })
}

// carries tells what an unknown heading carries that may not stay unread; empty
// is nothing.
func (l Layout) carries(heading string) string {
	for _, what := range l.MustRead {
		for _, word := range words.Carries[what] {
			if strings.Contains(heading, word) {
				return what
			}
		}
	}
	return ""
}
