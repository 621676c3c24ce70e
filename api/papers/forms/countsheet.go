package forms

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// CountSheet is 盘点表: what was counted in a project's depot against the books
// as they stood then.
type CountSheet struct {
	Blank     bool // to be filled in by hand: what the books have is not on it
	Project   Project
	Number    domain.SlipID
	CountedOn calendar.Date
	CountedBy string
	Witness   string
	Entered   Signature
	Lines     []CountLine
}

// CountLine is one part of a count sheet.
type CountLine struct {
	Part    domain.PartCode
	Name    string
	Unit    string
	Book    decimal.Decimal
	Counted decimal.Decimal
	Value   money.Amount // of the difference at the depot's cost; negative: short
	Serials []string
	Reason  string
}

// Lay implements Paper.
func (c CountSheet) Lay() Form {
	if c.Blank {
		return c.blank()
	}
	t := Table{
		Least: 1,
		Columns: slices.Concat(numbers("序号"), texts("配件编号", "名称", "单位"), numbers("账面数", "实盘数", "盘盈", "盘亏"), amounts("差异金额"),
			texts("序列号", "原因")),
	}
	var over, short unitSum
	var value money.Amount
	worth := "" // blank while no line differs; lines that differ may add up to 0.00
	for i, l := range c.Lines {
		diff := l.Counted.Sub(l.Book)
		more, less := "", ""
		switch diff.Sign() {
		case 1:
			more = diff.String()
			over.add(diff, l.Unit)
		case -1:
			less = diff.Neg().String()
			short.add(diff.Neg(), l.Unit)
		}
		if value = value.Add(l.Value); !l.Value.IsZero() || worth != "" {
			worth = value.String()
		}
		t.Rows = append(t.Rows, []string{
			fmt.Sprint(i + 1), string(l.Part), orSaid(l.Name, uncatalogued), orSaid(l.Unit, unitUnsaid), l.Book.String(),
			l.Counted.String(), more,
			less,
			amountOrNone(l.Value), strings.Join(l.Serials, " "), l.Reason,
		})
	}
	t.Total = []string{"合计", "", "", "", "", "", over.String(), short.String(), worth, "", ""}
	return Form{
		Title: "盘点表", Subtitle: "Stock count sheet", Wide: true,
		Head:   append([]Field{{"编号", string(c.Number)}, {"盘点日期", c.CountedOn.String()}}, c.Project.head()...),
		Tables: []Table{t},
		Signs:  []Field{{"盘点人", c.CountedBy}, {"监盘人", c.Witness}, c.Entered.field("录入人"), {"区域行政", ""}},
	}
}

// blank is the sheet to count with: the parts, and room for what is counted and
// for parts that the books do not know.
func (c CountSheet) blank() Form {
	t := Table{
		Least: len(c.Lines) + blankRows,
		Columns: slices.Concat(numbers("序号"), texts("配件编号", "名称", "单位"),
			written(numbers("实盘数"), texts("序列号", "原因"))),
	}
	for i, l := range c.Lines {
		t.Rows = append(t.Rows, []string{
			fmt.Sprint(i + 1), string(l.Part), orSaid(l.Name, uncatalogued), orSaid(l.Unit, unitUnsaid), "", "", "",
		})
	}
	return Form{
		Title: "盘点表", Subtitle: "Stock count sheet", Wide: true,
		Head:   append([]Field{{"编号", ""}, {"盘点日期", ""}}, c.Project.head()...),
		Tables: []Table{t},
		Signs:  []Field{{"盘点人", ""}, {"监盘人", ""}, {"录入人", ""}, {"区域行政", ""}},
	}
}

// uncatalogued stands in the place of a name that nobody gave a part.
const uncatalogued = "（目录未收录）"

// unitUnsaid stands in the place of a unit: a requisition gives a part a name and no unit.
const unitUnsaid = "未注明"

// blankRows are left below the known parts of a count.
const blankRows = 6

// unitSum adds quantities up while they are of one unit: metres and pieces have no
// sum.
type unitSum struct {
	total decimal.Decimal
	unit  string
	mixed bool
}

func (s *unitSum) add(q decimal.Decimal, unit string) {
	s.mixed = s.mixed || !s.total.IsZero() && (unit != s.unit || unit == "") // two that nobody says may differ
	s.total, s.unit = s.total.Add(q), unit
}

// String is the sum, or nothing where there is none.
func (s unitSum) String() string {
	if s.mixed {
		return ""
	}
	return quantity(s.total)
}
