package account

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// LedgerAccount is one account of the chart of accounts.
type LedgerAccount string

const (
	ReceivableUnconfirmed LedgerAccount = "1122.1" // 应收账款-待对账
	ReceivableConfirmed   LedgerAccount = "1122.2" // 应收账款-已确认
	Cash                  LedgerAccount = "1002"   // 银行存款
	UnappliedCash         LedgerAccount = "2203"   // 预收账款: received, not yet settling a charge
	OutputTax             LedgerAccount = "2221"   // 应交税费-销项税额
	ServiceRevenue        LedgerAccount = "6001"   // 主营业务收入, by kind of service in Posting.Kind
)

// LedgerAccounts lists the chart with Chinese names, in order of number.
func LedgerAccounts() []struct {
	Account LedgerAccount
	Name    string
} {
	return []struct {
		Account LedgerAccount
		Name    string
	}{
		{Cash, "银行存款"},
		{ReceivableUnconfirmed, "应收账款-待对账"},
		{ReceivableConfirmed, "应收账款-已确认"},
		{UnappliedCash, "预收账款"},
		{OutputTax, "应交税费-销项税额"},
		{ServiceRevenue, "主营业务收入"},
	}
}

// Posting is one side of a double entry. Debits are positive, credits
// negative; the postings of one event sum to zero.
type Posting struct {
	Account LedgerAccount
	Amount  money.Amount
	Kind    string // kind of service on revenue, else empty
	Charge  domain.ChargeID
	Payment domain.PaymentID
	Project domain.ProjectID
	On      calendar.Date    // business date from which it counts
	Posted  calendar.Quarter // accounting quarter
}

// AppendPostings appends the balanced entries of an event to dst: none for an
// event that moves no money.
func AppendPostings(dst []Posting, e Event) []Posting {
	switch e := e.(type) {
	case AccountOpened:
	case ChargeAccrued:
		p := Posting{Charge: e.Charge, Project: e.Project, On: e.OccurredOn, Posted: e.Posted}
		dst = append(dst, p.of(ReceivableUnconfirmed, e.Money.Gross), p.of(ServiceRevenue, e.Money.Net.Neg()))
		dst[len(dst)-1].Kind = string(e.Kind)
		if !e.Money.Tax.IsZero() {
			dst = append(dst, p.of(OutputTax, e.Money.Tax.Neg()))
		}
	case PaymentReceived:
		p := Posting{Payment: e.Payment, On: e.ReceivedOn, Posted: e.Posted}
		dst = append(dst, p.of(Cash, e.Amount), p.of(UnappliedCash, e.Amount.Neg()))
	case PaymentAllocated:
		for _, l := range e.Lines {
			p := Posting{Payment: e.Payment, Charge: l.Charge, On: l.On, Posted: l.Posted}
			dst = append(dst, p.of(UnappliedCash, l.Amount), p.of(l.Stage.receivable(), l.Amount.Neg()))
		}
	}
	return dst
}

func (p Posting) of(a LedgerAccount, amount money.Amount) Posting {
	p.Account, p.Amount = a, amount
	return p
}

func (s Stage) receivable() LedgerAccount {
	if s == Confirmed {
		return ReceivableConfirmed
	}
	return ReceivableUnconfirmed
}
