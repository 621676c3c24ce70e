// Package bankmatch says what each line of a bank statement is to the ledger:
// whose money it may be, which payment it is already, what a person must decide,
// and what was never a receipt. It records nothing, and needs no server.
package bankmatch

import (
	"context"
	"errors"
	"fmt"

	"aftersales-ledger/api/bank/bankfile"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/remittance"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

// Status is what a line is to the ledger.
type Status string

const (
	New        Status = "NEW"        // may be accepted
	Asked      Status = "QUESTION"   // may be accepted once a person has answered: see its reason
	Booked     Status = "BOOKED"     // is a payment already
	Conflict   Status = "CONFLICT"   // its reference is a payment with other content
	Unreadable Status = "UNREADABLE" // see its faults
	Outgoing   Status = "OUTGOING"   // money that left
	Reversed   Status = "REVERSED"   // 冲正: taken back, or what takes back
	Refunded   Status = "REFUNDED"   // 已退款
	Closed     Status = "CLOSED"     // 交易关闭: never carried out
	Zero       Status = "ZERO"       // 0.00
	Neither    Status = "NEITHER"    // 不计收支
)

// Line is a line of a statement and what it is.
type Line struct {
	bankfile.Line
	Status    Status
	Reason    remittance.Reason // of the status, or of the best proposal
	Proposals []remittance.Proposal
	// Nearest are the centers whose names, or whose earlier payers' names, are most
	// like a payer whom nobody knows. They are no proposals.
	Nearest []domain.NamedID
	Payment *account.PaymentReceived // that the line is, that bears its reference, or that it takes back
	// Apart says that to accept the line a person must vouch that the reference
	// stands for several receipts.
	Apart bool
}

// PayerNamed is the payer as it is booked: where the bank names none, so it says.
func (l *Line) PayerNamed() string {
	if l.Payer == "" && l.IsReceipt() {
		return remittance.Unnamed
	}
	return l.Payer
}

func (l *Line) is(s Status, chinese, english string) {
	l.Status, l.Reason = s, remittance.Reason{Chinese: chinese, English: english}
}

// Match says what each line of a statement is to the ledger, as the figures have it
// at a cut; today is the business date. The debtors are those it was held against.
func Match(
	ctx context.Context, m *projections.ReadModels, cut projections.Cut, statement *bankfile.BankStatement,
	today calendar.Date, rules policy.Policy,
) ([]Line, moneyviews.Debtors, error) {
	lines := Sort(statement, today)
	references, from, to := Sought(lines, today, rules.DuplicateWindowDays)
	debtors, err := moneyviews.Of(m).Debtors(ctx, cut, references, from, to)
	if err == nil {
		Propose(lines, debtors, rules)
	}
	return lines, debtors, err
}

// Sort tells what each line of a statement is by itself.
func Sort(statement *bankfile.BankStatement, today calendar.Date) []Line {
	lines := make([]Line, len(statement.Lines))
	for i, l := range statement.Lines {
		lines[i] = Line{Line: l}
		lines[i].sort(today)
	}
	return lines
}

func (l *Line) sort(today calendar.Date) {
	switch {
	case len(l.Errors) > 0:
		l.unreadable()
	case l.Nature == bankfile.Zero:
		l.is(Zero, "金额为 0.00，没有动账", "0.00: it moved no money")
	case l.Nature == bankfile.Closed:
		l.is(Closed, "交易关闭或未成功，没有收付", "The transaction was closed or failed: no money moved")
	case l.Nature == bankfile.Refunded:
		l.is(Refunded, "已退款或退票，不入账", "The money went back: not booked")
	case l.Nature == bankfile.Reversed && l.Twin > 0:
		l.is(Reversed, fmt.Sprintf("冲正，与第 %d 行相抵，不入账", l.Twin), fmt.Sprintf("Reversed, with row %d: not booked", l.Twin))
	case l.Nature == bankfile.Reversed:
		l.is(Reversed, "冲正，不入账", "A reversal: not booked")
	case l.Direction == bankfile.Outgoing:
		l.is(Outgoing, "支出，不入账", "Money that left: not booked")
	case l.Direction == bankfile.Neither:
		l.is(Neither, "不计收支，不入账", "Neither came nor left: not booked")
	default:
		c := account.ReceivePayment{
			BankReference: l.Reference, Payer: l.PayerNamed(), Remark: l.Remark, Amount: l.Amount, ReceivedOn: l.ReceivedOn,
		}
		var r *domain.Rejection
		if errors.As(domain.FirstError(account.CheckReceipt(c, today),
			bankref.CheckIdentity(l.Reference, l.OwnAccount, l.Place)), &r) {
			l.Errors = []bankfile.CellError{{Cell: l.Cell, Rejection: r}}
			l.unreadable()
			return
		}
		l.ask()
	}
}

func (l *Line) unreadable() {
	first := l.Errors[0]
	l.is(Unreadable, fmt.Sprintf("%s 无法读取：%s", wording.Chinese.Place(first.Cell), wording.Chinese.Say(first.Rule)),
		fmt.Sprintf("Cannot be read at %s: %s", first.Cell, wording.English.Say(first.Rule)))
}

// ask tells a receipt that can be booked from one that a person must look at.
func (l *Line) ask() {
	switch l.Question {
	case bankfile.Equal:
		l.is(Asked, fmt.Sprintf("与第 %d 行完全相同，余额、合计都不能证明是两笔。核实确为两笔后，按行接受", l.Twin),
			fmt.Sprintf("Equals row %d, and neither balance nor total proves two receipts. If there were two, accept it by its row", l.Twin))
	case bankfile.Shared:
		l.Apart = true
		l.is(Asked, fmt.Sprintf("流水号与第 %d 行相同，内容不同。核实各为一笔后，按行接受", l.Twin),
			fmt.Sprintf("Shares its reference with row %d, which says something else. If each is a receipt of its own, accept them by their rows", l.Twin))
	default:
		l.is(New, "", "")
	}
}

// Sought lists the references of lines that may be receipts, or reversals, and the
// days among whose receipts they may have a double, or the one that is taken back:
// those of the lines, windowDays around, and reversalDays before a reversal.
func Sought(lines []Line, today calendar.Date, windowDays int) (references []string, from, to calendar.Date) {
	from = today
	for i := range lines {
		l := &lines[i]
		if l.Status == Reversed {
			references = append(references, l.Reference)
			from, to = min(from, l.ReceivedOn.AddDays(-reversalDays)), max(to, l.ReceivedOn)
		}
		if l.Status == New || l.Status == Asked {
			references = append(references, l.Reference)
			if l.Voucher != "" {
				references = append(references, l.Voucher)
			}
			from, to = min(from, l.ReceivedOn), max(to, l.ReceivedOn)
		}
	}
	return references, from.AddDays(-windowDays), to.AddDays(windowDays)
}

// Propose fills in the lines that may be receipts: the payment that they are, or
// that bears their reference, or whose money they may be. What a person must
// decide first takes nothing from what is proposed for the others.
func Propose(lines []Line, d moneyviews.Debtors, rules policy.Policy) {
	takenBack(lines, d)
	near := nearest(d.Candidates)
	var at []int
	var open []remittance.Line
	for i := range lines {
		l := &lines[i]
		if l.Status != New && l.Status != Asked || l.isBooked(d.Booked[l.Reference]) || l.isBooked(d.Booked[l.Voucher]) ||
			l.conflicts(d.Booked[l.Reference]) {
			continue
		}
		at, open = append(at, i), append(open, l.remittance())
	}
	for n, m := range remittance.Propose(open, d.Candidates, rules) {
		l := &lines[at[n]]
		if l.Proposals = m.Proposals; len(m.Proposals) == 0 && l.Payer != "" {
			l.Nearest = near(l.Payer)
		}
		switch {
		case l.Status == Asked:
		case len(m.Proposals) > 0:
			l.Reason = m.Proposals[0].Reason
		default:
			l.Reason = m.Reason
		}
	}
}

func (l *Line) remittance() remittance.Line {
	reference := l.Reference
	if l.Place > 1 {
		reference = fmt.Sprintf("%s#%d", reference, l.Place) // beside its equal, not instead of it
	}
	return remittance.Line{
		Reference: reference, Payer: l.Payer, Remark: l.Remark, Texts: l.Texts, Amount: l.Amount, ReceivedOn: l.ReceivedOn,
		Waits: l.Status == Asked,
	}
}

// isBooked tells a receipt that is one of the payments under its reference, or
// under the voucher's number that was read as one.
func (l *Line) isBooked(booked []account.PaymentReceived) bool {
	for i, p := range booked {
		same := p.Remark == l.Remark && p.Amount == l.Amount && p.ReceivedOn == l.ReceivedOn && p.Place == l.Place &&
			bankref.SameAccount(p.OwnAccount, l.OwnAccount)
		if same && (p.Payer == l.Payer || l.Payer == "") { // a person may have named the payer
			l.Payment = &booked[i]
			l.is(Booked, fmt.Sprintf("已入账：中心 %s 的来款 %s", p.Center, p.Payment),
				fmt.Sprintf("Is payment %s of center %s", p.Payment, p.Center))
			return true
		}
	}
	return false
}

// conflicts tells a receipt that only bears the reference of a payment of what
// may be the same account.
func (l *Line) conflicts(booked []account.PaymentReceived) bool {
	if len(booked) == 0 {
		return false
	}
	var r bankref.Reference
	for _, p := range booked {
		r.Evolve(bankref.BankReferenceClaimed{Payment: p.Payment, Content: bankref.Content{
			Reference: p.BankReference, OwnAccount: p.OwnAccount, Center: p.Center, Payer: p.Payer, Remark: p.Remark,
			Amount:     p.Amount,
			ReceivedOn: p.ReceivedOn, Place: p.Place,
		}})
	}
	events, err := r.Claim(bankref.BankReferenceClaimed{Payment: booked[0].Payment, Content: bankref.Content{
		Reference: l.Reference, OwnAccount: l.OwnAccount, Center: booked[0].Center, Payer: l.PayerNamed(), Remark: l.Remark,
		Amount:     l.Amount,
		ReceivedOn: l.ReceivedOn, Place: l.Place,
	}})
	if err == nil {
		return false
	}
	for i, p := range booked {
		if refused, ok := events[0].(bankref.ConflictingPaymentRefused); !ok || refused.ClaimedBy != p.Payment {
			continue
		}
		l.Payment, l.Apart = &booked[i], true
		l.is(Conflict,
			money.Sprintf("流水号已入账，内容不同：%s 元，付款人“%s”，%s，附言“%s”，中心 %s", p.Amount, p.Payer, p.ReceivedOn, p.Remark, p.Center),
			money.Sprintf("Its reference is payment %s with other content: %s from %q on %s, remark %q, center %s; here %s from %q on %s, remark %q",
				p.Payment, p.Amount, p.Payer, p.ReceivedOn, p.Remark, p.Center, l.Amount, l.Payer, l.ReceivedOn, l.Remark))
	}
	return true
}
