package bankfile

import (
	"fmt"
	"regexp"
	"strings"

	"aftersales-ledger/api/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

// stated is what a file says of itself: a sum of money or a number of lines.
type stated struct {
	cell   string
	field  string
	side   Direction // Unknown: of both
	count  int       // of lines; -1 where it is a sum
	amount money.Amount
}

var (
	// summaryWord begins a row that sums up, beside the words of every list.
	summaryWord = regexp.MustCompile(`^(?:总|合计|本期|本月)?(?:贷方|借方|收入|支出|转入|转出|存入|支取|交易)(?:发生额?|金额)?(?:总|合计|总计|笔数)|^(?:贷方|借方|收入|支出)共?[0-9]+笔|^总?笔数|^总(?:收入|支出)|(?i)^total`)
	// subtotalWord begins a row whose sums are of a part of the file, or of more than it.
	subtotalWord = regexp.MustCompile(`小计|本页|累计|(?i)subtotal`)
	labelled     = regexp.MustCompile(`合计|总计|共计|总额|总金额|笔数|总收入|总支出|(?i)total`)
	numberOfRows = regexp.MustCompile(`([0-9]+)笔|笔数[^0-9]{0,3}([0-9]+)`)
	someMoney    = regexp.MustCompile(`[0-9][0-9,]*\.[0-9]+|[0-9][0-9,]*`)
	creditWord   = regexp.MustCompile(`贷|收入|转入|存入|(?i)credit|deposit`)
	debitWord    = regexp.MustCompile(`借|支出|转出|支取|(?i)debit|withdrawal`)
)

func isSummary(row sheet.Row) bool {
	for _, v := range row.Cells() {
		return summaryWord.MatchString(strings.ReplaceAll(v.Shown(), " ", ""))
	}
	return false
}

func sideOf(label string) Direction {
	switch {
	case creditWord.MatchString(label) && !debitWord.MatchString(label):
		return Incoming
	case debitWord.MatchString(label) && !creditWord.MatchString(label):
		return Outgoing
	}
	return Unknown
}

// summary reads the totals of a row: under the columns they are of, or beside a
// label that says so, with the number of lines if it is stated.
func (r *reader) summary(row sheet.Row) {
	label, begun := "", false
	for _, v := range row.Cells() {
		text := strings.ReplaceAll(v.Shown(), " ", "")
		switch {
		case subtotalWord.MatchString(text):
			return
		case !begun && !labelled.MatchString(text):
			continue
		}
		begun = true
		isLabel := labelled.MatchString(text)
		if n := numberOfRows.FindStringSubmatch(text); n != nil {
			side := sideOf(text)
			if side == Unknown && !isLabel {
				side = sideOf(label)
			}
			r.state(v, "lines", side, n[1]+n[2])
			text = strings.Replace(text, n[0], "", 1)
		}
		switch {
		case isLabel || creditWord.MatchString(text) || debitWord.MatchString(text):
			label = text
			if s := someMoney.FindString(text); s != "" && !strings.Contains(text, "笔数") {
				r.state(v, "amount", sideOf(text), s)
				label = ""
			}
		case !someMoney.MatchString(text):
		case strings.Contains(label, "笔数"):
			r.state(v, "lines", sideOf(label), text)
			label = ""
		case sideOf(label) != Unknown:
			r.state(v, "amount", sideOf(label), text)
			label = ""
		default:
			r.underColumn(row, v)
		}
	}
}

// underColumn reads a sum that stands under the column it is of.
func (r *reader) underColumn(row sheet.Row, v sheet.Value) {
	for field, side := range map[string]Direction{"credit": Incoming, "debit": Outgoing, "amount": Unknown} {
		if of := row.Value(field); row.Has(field) && of.Cell == v.Cell {
			a, err := of.Amount()
			if err != nil {
				named := *rejectionOf(err)
				named.Field = field
				r.refuse(v.Cell, &named)
				continue
			}
			r.stated = append(r.stated, stated{cell: v.Cell, field: field, side: side, count: -1, amount: a})
		}
	}
}

// state notes a figure; what is no figure of this kind says nothing.
func (r *reader) state(v sheet.Value, field string, side Direction, text string) {
	if field == "lines" {
		var n int
		if _, err := fmt.Sscanf(strings.TrimSuffix(text, "笔"), "%d", &n); err == nil {
			r.stated = append(r.stated, stated{cell: v.Cell, field: field, side: side, count: n})
		}
		return
	}
	if a, err := sheet.ParseAmount(text); err == nil {
		r.stated = append(r.stated, stated{cell: v.Cell, field: field, side: side, count: -1, amount: a})
	}
}

// checkSums compares what the file says of itself with its lines. Where the
// money of a line is not known, sums are not compared; the line says why.
func (r *reader) checkSums() {
	c, d := r.statement.Credits, r.statement.Debits
	for _, s := range r.stated {
		of := map[Direction]Sum{Incoming: c, Outgoing: d, Unknown: {len(r.statement.Lines), c.Amount.Sub(d.Amount)}}[s.side]
		word := map[Direction]string{Incoming: "贷方", Outgoing: "借方", Unknown: ""}[s.side]
		switch {
		case s.count >= 0 && r.unsummed && s.side != Unknown, s.count < 0 && r.unsummed:
		case s.count >= 0 && s.count == of.Lines:
			r.statement.Checked = append(r.statement.Checked, fmt.Sprintf("%s笔数 %d", word, s.count))
		case s.count >= 0:
			r.refuse(s.cell, domain.Invalid(s.field, fmt.Sprint(s.count), "lines-differ", linesDiffer[s.side], "", s.count, of.Lines))
		case s.amount == of.Amount, s.side == Unknown && s.amount == c.Amount.Add(d.Amount), s.side == Unknown && s.amount == c.Amount:
			r.statement.Checked = append(r.statement.Checked, fmt.Sprintf("%s合计 %s", word, s.amount))
		default:
			r.refuse(s.cell, domain.Invalid(s.field, s.amount.String(), "total-differs", sumsDiffer[s.side], "", s.amount, of.Amount))
		}
	}
}

var (
	linesDiffer = map[Direction]domain.Sentence{
		Incoming: "the file says it has %d incoming (贷方) lines, but has %d",
		Outgoing: "the file says it has %d outgoing (借方) lines, but has %d",
		Unknown:  "the file says it has %d lines, but has %d",
	}
	sumsDiffer = map[Direction]domain.Sentence{
		Incoming: "the file says its incoming (贷方) lines sum to %s, but they sum to %s",
		Outgoing: "the file says its outgoing (借方) lines sum to %s, but they sum to %s",
		Unknown:  "the file says its lines sum to %s, but they sum to %s",
	}
)

// balance is the running balance after a line.
type balance struct {
	cell  string
	after money.Amount
	moved money.Amount
	known bool // both could be read
}

func (r *reader) balance(row sheet.Row, moved money.Amount, known bool) {
	v := row.Value("balance")
	after, err := v.Amount()
	r.balances = append(r.balances, balance{v.Cell, after, moved, known && err == nil && !v.Blank()})
}

// checkBalances follows the running balance down the file or, where the newest
// line stands first, up: whichever contradicts itself less.
func (r *reader) checkBalances() {
	down := follow(r.balances)
	up := make([]balance, len(r.balances))
	for i, b := range r.balances {
		up[len(up)-1-i] = b
	}
	wrong := down
	if len(down.wrong) > 0 {
		if upwards := follow(up); len(upwards.wrong) < len(down.wrong) {
			wrong = upwards
		}
	}
	if len(wrong.wrong) > 0 {
		f := wrong.wrong[0]
		if n := len(wrong.wrong); n > 1 {
			f.Rule = domain.Say("%s (and %d more)", f.Rule, n-1)
		}
		r.refused = append(r.refused, f)
	} else if wrong.right > 0 {
		r.statement.Checked = append(r.statement.Checked, fmt.Sprintf("余额 %d 处连续", wrong.right))
	}
}

type followed struct {
	right int
	wrong []Fault
}

func follow(balances []balance) (f followed) {
	for i := 1; i < len(balances); i++ {
		before, b := balances[i-1], balances[i]
		if !before.known || !b.known {
			continue
		}
		if want := before.after.Add(b.moved); want != b.after {
			f.wrong = append(f.wrong, Fault{b.cell, domain.Invalid("balance", b.after.String(), "balance-breaks",
				"must be %s: %s before, and a movement of %s", "", want, before.after, b.moved)})
			continue
		}
		f.right++
	}
	return f
}
