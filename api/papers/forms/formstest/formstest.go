// Package formstest reads papers as a person does: from what is printed, and adds up
// what they print. It knows nothing of how they are made.
package formstest

import (
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain/money"
)

// Table is one block of a paper as it is printed.
type Table struct {
	Title   string
	Columns []string
	Rows    [][]string
	Total   []string
}

// Of reads the tables of a form.
func Of(f forms.Form) (tables []Table) {
	for _, t := range f.Tables {
		out := Table{Title: t.Title, Rows: t.Rows, Total: t.Total}
		for _, c := range t.Columns {
			out.Columns = append(out.Columns, c.Header)
		}
		tables = append(tables, out)
	}
	return tables
}

var (
	block  = regexp.MustCompile(`(?s)<h2>([^<]*)</h2>\s*(?:<div class="rows">\s*)?<table.*?</table>`)
	header = regexp.MustCompile(`<th>([^<]*)`)
	row    = regexp.MustCompile(`<tr( class="total")?>((?:<td[^>]*>[^<]*</td>)+)</tr>`)
	cell   = regexp.MustCompile(`<td[^>]*>([^<]*)</td>`)
)

// Printed reads the tables of a page.
func Printed(page string) (tables []Table) {
	for _, b := range block.FindAllStringSubmatch(page, -1) {
		t := Table{Title: html.UnescapeString(b[1])}
		for _, h := range header.FindAllStringSubmatch(b[0], -1) {
			t.Columns = append(t.Columns, html.UnescapeString(h[1]))
		}
		for _, r := range row.FindAllStringSubmatch(b[0], -1) {
			var cells []string
			for _, c := range cell.FindAllStringSubmatch(r[2], -1) {
				cells = append(cells, html.UnescapeString(c[1]))
			}
			if r[1] != "" {
				t.Total = cells
			} else {
				t.Rows = append(t.Rows, cells)
			}
		}
		tables = append(tables, t)
	}
	return tables
}

// paper adds a paper up, and keeps what is wrong with it.
type paper struct {
	tables []Table
	errs   []error
}

func (p *paper) wrong(format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf(format, args...))
}

// table finds a table by how its title begins.
func (p *paper) table(begins ...string) (Table, bool) {
	for _, t := range p.tables {
		for _, b := range begins {
			if t.Title == b || strings.HasPrefix(t.Title, b+"（") {
				return t, true
			}
		}
	}
	return Table{}, false
}

// at is the amount under a header: nothing where the cell is empty, or there is none.
func (p *paper) at(t Table, row []string, column string) (a money.Amount) {
	i := slices.Index(t.Columns, column)
	if i < 0 || i >= len(row) || row[i] == "" {
		return a
	}
	a, err := money.Parse(strings.ReplaceAll(row[i], ",", ""))
	if err != nil {
		p.wrong("%s: %s of %q: %v", t.Title, column, row, err)
	}
	return a
}

// named is the amount of the row of a name.
func (p *paper) named(t Table, name, column string) money.Amount {
	for _, r := range t.Rows {
		if r[0] == name {
			return p.at(t, r, column)
		}
	}
	return money.Amount{}
}

func (p *paper) equal(what string, got, want money.Amount) {
	if got != want {
		p.wrong("%s is %s, and %s by what is printed", what, got, want)
	}
}

// adds holds the total of columns against their rows.
func (p *paper) adds(t Table, columns ...string) {
	for _, c := range columns {
		var sum money.Amount
		for _, r := range t.Rows {
			sum = sum.Add(p.at(t, r, c))
		}
		if len(t.Rows) > 0 {
			p.equal(t.Title+" total of "+c, p.at(t, t.Total, c), sum)
		}
	}
}

// owing are the columns of what was owed and what became of it; the last is open, under
// the name of its day.
func owing(t Table) (owed string, less []string, open string) {
	for _, c := range t.Columns {
		switch {
		case c == "期后回款", c == "期后红冲", c == "期后转出":
			less = append(less, c)
		case strings.HasSuffix(c, "未付"):
			open = c
		}
	}
	return "期末欠款", less, open
}

// across holds each row of what was owed against what became of it.
func (p *paper) across(t Table, rows ...[]string) {
	owed, less, open := owing(t)
	if open == "" {
		if len(less) > 0 {
			p.wrong("%s shows %v and not what is open", t.Title, less)
		}
		return
	}
	for _, r := range rows {
		if len(r) == 0 || strings.HasPrefix(r[0], "－") || strings.HasSuffix(r[0], "期末余额") || strings.HasPrefix(r[0], "争议项") {
			continue // of the quarter's end only
		}
		left := p.at(t, r, owed)
		for _, c := range less {
			left = left.Sub(p.at(t, r, c))
		}
		p.equal(t.Title+" "+r[0]+" "+open, p.at(t, r, open), left)
	}
}

// StatementFoots adds a statement up by what it prints alone: its lines from opening to
// closing, what of its closing balance is owed of which charge and what became of that,
// what is disputed, and the ageing.
func StatementFoots(tables []Table) error {
	p := &paper{tables: tables}
	sums, ok := p.table("汇总")
	if !ok {
		return errors.New("has no sums")
	}
	closing := p.named(sums, "＝ 期末余额", "金额")
	p.movements(sums, closing)
	p.makeup(closing)
	age, ok := p.table("账龄")
	if !ok {
		return errors.New("has no ageing")
	}
	var sum money.Amount
	for _, c := range age.Columns[:len(age.Columns)-1] {
		sum = sum.Add(p.at(age, age.Rows[0], c))
	}
	p.equal("ageing", p.at(age, age.Rows[0], "合计"), sum)
	p.equal("total of the ageing", sum, closing)
	return errors.Join(p.errs...)
}

// DemandFoots adds a claim or a reminder up by what it prints alone: each line from what
// was charged to what is asked, the lines by their due dates, and what is to be paid.
func DemandFoots(tables []Table) error {
	p := &paper{tables: tables}
	lines, ok := p.table("明细")
	due, found := p.table("按到期日汇总")
	if !ok || !found || len(lines.Rows) == 0 {
		return errors.New("has no lines, or no sums")
	}
	asked := "本次请款"
	if !slices.Contains(lines.Columns, asked) {
		asked = "本次催款"
	}
	p.adds(lines, "收费金额", "已付", "已红冲", "账销案存", asked)
	byDue := map[string]money.Amount{}
	dueOn := slices.Index(lines.Columns, "到期")
	for _, r := range lines.Rows {
		left := p.at(lines, r, "收费金额").Sub(p.at(lines, r, "已付")).Sub(p.at(lines, r, "已红冲")).Sub(p.at(lines, r, "账销案存"))
		p.equal("asked of "+r[0], p.at(lines, r, asked), left)
		byDue[r[dueOn]] = byDue[r[dueOn]].Add(p.at(lines, r, asked))
	}
	for _, r := range due.Rows {
		if day, _, ok := strings.Cut(r[0], " 到期"); ok {
			p.equal(r[0], p.at(due, r, "金额"), byDue[day])
			delete(byDue, day)
		}
	}
	if len(byDue) > 0 {
		p.wrong("of no due date: %v", byDue)
	}
	sum := p.named(due, "＝ 小计", "金额")
	p.equal("sum", sum, p.at(lines, lines.Total, asked))
	p.equal("to pay", p.named(due, "＝ 应付合计", "金额"), sum.Sub(p.named(due, "－ 未核销款（贵中心存于我方）", "金额")))
	return errors.Join(p.errs...)
}

// movements adds the lines up, from opening to closing.
func (p *paper) movements(sums Table, closing money.Amount) {
	balance := p.named(sums, "期初余额", "金额")
	want := balance
	for name, sign := range map[string]int{
		"＋ 本期收费": 1, "＋ 补记": 1, "＋ 转入": 1, "－ 转出": -1, "－ 红冲": -1, "－ 回款": -1, "＋ 退款退票": 1,
	} {
		if a := p.named(sums, name, "金额"); sign > 0 {
			want = want.Add(a)
		} else {
			want = want.Sub(a)
		}
	}
	p.equal("closing by the sums", closing, want)
	for _, title := range []string{"本期明细", "补记以前期间", "项目移交转入转出"} {
		t, ok := p.table(title)
		if !ok || len(t.Rows) == 0 {
			continue
		}
		p.adds(t, "增加", "减少")
		for _, r := range t.Rows {
			balance = balance.Add(p.at(t, r, "增加")).Sub(p.at(t, r, "减少"))
			p.equal(t.Title+" balance of "+strings.Join(r[:3], " "), p.at(t, r, "余额"), balance)
		}
		p.equal(t.Title+" balance", p.at(t, t.Total, "余额"), balance)
	}
	p.equal("closing by the lines", closing, balance)
}

// makeup adds up what the closing balance is made of.
func (p *paper) makeup(closing money.Amount) {
	lines, answered := p.table("答复明细")
	if !answered {
		lines, _ = p.table("待确认明细")
	}
	whole, ok := p.table("期末余额构成", "答复")
	if !ok {
		p.wrong("does not say what the closing balance is made of")
		return
	}
	owed, less, open := owing(whole)
	columns := append([]string{owed}, less...)
	if open != "" {
		columns = append(columns, open)
	}
	p.adds(lines, columns...)
	p.across(lines, append(lines.Rows, lines.Total)...)
	p.across(whole, whole.Rows...)
	said := func(begins string, column string) (sum money.Amount) {
		for _, r := range lines.Rows {
			if strings.HasPrefix(r[len(r)-1], begins) {
				sum = sum.Add(p.at(lines, r, column))
			}
		}
		return sum
	}
	disputed := p.named(whole, "　其中有争议", owed)
	for _, c := range columns {
		sum := p.at(lines, lines.Total, c)
		if answered {
			p.equal("confirmed, "+c, p.named(whole, "本次确认", c), said("确认", c))
			p.equal("disputed, "+c, p.named(whole, "＋ 有争议", c), said("争议", c))
			p.equal("answered, "+c, p.named(whole, "本次确认", c).Add(p.named(whole, "＋ 有争议", c)), sum)
		} else {
			p.equal("awaited, "+c, p.named(whole, "待确认", c), sum)
			p.equal("disputed, "+c, p.named(whole, "　其中有争议", c), said("争议，处理中", c))
		}
		p.equal("receivable, "+c, p.named(whole, "＝ 收费欠款合计", c), sum.Add(p.named(whole, "＋ 以前已确认", c)))
	}
	unapplied := p.named(whole, "－ 未核销款", owed)
	p.equal("closing by what it is made of", p.named(whole, "＝ 期末余额", owed),
		p.named(whole, "＝ 收费欠款合计", owed).Sub(unapplied))
	p.equal("closing", p.named(whole, "＝ 期末余额", owed), closing)
	if age, ok := p.table("账龄"); ok {
		p.equal("unapplied beside the ageing", p.at(age, age.Rows[0], "未核销款"), unapplied.Neg())
	}
	if answered {
		disputed = p.named(whole, "＋ 有争议", owed)
	}
	t, _ := p.table("争议及处理")
	p.adds(t, "期末欠款", "期末前已付", "红冲金额")
	p.equal("the disputes", p.at(t, t.Total, "期末欠款"), disputed)
	if answered {
		p.equal("what was paid of them", p.at(t, t.Total, "期末前已付"), p.named(whole, "争议项中期末前已付（不在余额内）", owed))
	}
}
