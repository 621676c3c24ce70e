// Package books is double entry: the chart of accounts, and the balanced
// postings of every event that moves money.
package books

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/policy"
)

// LedgerAccount is one account of the chart of accounts.
type LedgerAccount string

const (
	Cash                  LedgerAccount = "1002"   // 银行存款
	ReceivableUnconfirmed LedgerAccount = "1122.1" // 应收账款-待对账
	ReceivableConfirmed   LedgerAccount = "1122.2" // 应收账款-已确认
	TransferClearing      LedgerAccount = "1122.9" // 应收账款-中心间转移: 0.00 once both ends of a transfer are booked
	Stock                 LedgerAccount = "1405"   // 备品备件: parts in the projects' depots, at moving average
	// 备品备件-调拨在途: 0.00 once both ends of a transfer between depots are booked
	StockInTransit   LedgerAccount = "1405.9"
	PurchasePayables LedgerAccount = "2202.1" // 应付账款-采购暂估: parts received from suppliers
	RepairPayables   LedgerAccount = "2202.2" // 应付账款-维修: see [Letters]
	UnappliedCash    LedgerAccount = "2203"   // 预收账款: received, not yet settling a charge
	OutputTax        LedgerAccount = "2221"   // 应交税费-销项税额
	TaxClearing      LedgerAccount = "2221.9" // 应交税费-中心间转移: 0.00 once both ends of a transfer are booked
	ServiceRevenue   LedgerAccount = "6001"   // 主营业务收入, by kind of service in Posting.Kind
	CreditNotes      LedgerAccount = "6001.9" // 主营业务收入-红冲, by kind
	PartsCost        LedgerAccount = "6402"   // 售后配件成本-待归属: see costOf
	WarrantyCost     LedgerAccount = "6402.1" // 售后配件成本-质保: parts whose cost we bear
	ChargedPartsCost LedgerAccount = "6402.2" // 售后配件成本-收费: parts whose cost the center bears
	RepairCost       LedgerAccount = "6402.3" // 售后配件成本-厂家维修费: what makers charge us by their letters
	// 售后配件成本-返修入库: units that came back from their makers, at the value at which
	// they were taken into stock; their cost left the books when they were issued
	UnitsBack        LedgerAccount = "6402.9"
	StockLosses      LedgerAccount = "6403"   // 备件报废与盘亏: scrapped from stock, or adjusted by a count
	Recoveries       LedgerAccount = "6701.9" // 信用减值损失-已转销收回
	WriteOffs        LedgerAccount = "6701"   // 信用减值损失-坏账转销
	OpeningBalances  LedgerAccount = "9000"   // 期初建账: stock that was there when the ledger began
	WrittenOffMemo   LedgerAccount = "9001"   // 已转销应收 (备查): what the center still owes of it
	WrittenOffContra LedgerAccount = "9002"   // 已转销应收对应 (备查)
)

// Name is one account with its Chinese name.
type Name struct {
	Account LedgerAccount
	Name    string
}

// LedgerAccounts lists the chart, in order of number.
func LedgerAccounts() []Name {
	accounts := []LedgerAccount{
		Cash,
		ReceivableUnconfirmed,
		ReceivableConfirmed,
		TransferClearing,
		Stock,
		StockInTransit,
		PurchasePayables,
		RepairPayables,
		UnappliedCash,
		OutputTax,
		TaxClearing,
		ServiceRevenue,
		CreditNotes,
		PartsCost,
		WarrantyCost,
		ChargedPartsCost,
		RepairCost,
		UnitsBack,
		StockLosses,
		WriteOffs,
		Recoveries,
		OpeningBalances,
		WrittenOffMemo,
		WrittenOffContra,
	}
	chart := make([]Name, len(accounts))
	for i, a := range accounts {
		chart[i] = Name{a, names.Of(a)}
	}
	return chart
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
// event that moves neither money nor stock. What makers are owed is in [Letters].
func AppendPostings(dst []Posting, e domain.Event) []Posting {
	switch e := e.(type) {
	case account.Event:
		return appendAccount(dst, e)
	case depot.Event:
		return appendStock(dst, e)
	case payables.Event:
		return appendPayables(dst, e)
	}
	return dst
}

// appendPayables books what makers were paid.
func appendPayables(dst []Posting, e payables.Event) []Posting {
	if e, ok := e.(payables.SupplierPaid); ok {
		p := Posting{On: e.PaidOn, Posted: e.PaidOn.Quarter()}
		return p.move(dst, Cash, RepairPayables, e.Amount)
	}
	return dst
}

// appendStock books parts at cost: in from where they came, out to the cost of
// service.
func appendStock(dst []Posting, e depot.Event) []Posting {
	switch e := e.(type) {
	case depot.PartReceived:
		p := Posting{Project: e.Project, On: e.ReceivedOn, Posted: e.ReceivedOn.Quarter()}
		from := PurchasePayables
		switch e.Source {
		case depot.FromMaker:
			from = UnitsBack // what the maker charges for it, its letter says
		case depot.OpeningStock:
			from = OpeningBalances
		case depot.Purchase:
		}
		return p.move(dst, from, Stock, e.Value)
	case depot.PartIssued:
		p := Posting{Project: e.Project, On: e.IssuedOn, Posted: e.IssuedOn.Quarter()}
		return p.move(dst, Stock, costOf(e.Bearer), e.Value)
	case depot.PartReturned:
		p := Posting{Project: e.Project, On: e.ReturnedOn, Posted: e.ReturnedOn.Quarter()}
		return p.move(dst, costOf(e.Bearer), Stock, e.Value)
	case depot.PartTransferredOut:
		p := Posting{Project: e.Project, On: e.TransferredOn, Posted: e.TransferredOn.Quarter()}
		return p.move(dst, Stock, StockInTransit, e.Value)
	case depot.PartTransferredIn:
		p := Posting{Project: e.Project, On: e.ReceivedOn, Posted: e.ReceivedOn.Quarter()}
		return p.move(dst, StockInTransit, Stock, e.Value)
	case depot.PartScrapped:
		p := Posting{Project: e.Project, On: e.ScrappedOn, Posted: e.ScrappedOn.Quarter()}
		return p.move(dst, Stock, StockLosses, e.Value)
	case depot.StockAdjusted:
		p := Posting{Project: e.Project, On: e.AdjustedOn, Posted: e.AdjustedOn.Quarter()}
		return p.move(dst, StockLosses, Stock, e.Value)
	default: // moves no stock: its card says so
	}
	return dst
}

// costOf is the account that the cost of parts goes to, by who bears it: what was
// known of that when they were issued. Where their line of the fault record is
// written later the cost stays on PartsCost: an event's postings are a function
// of that event alone, and the line knows neither the issue nor its value. The
// parts audit matches the two whenever they come; who wants the cost elsewhere
// returns the part and issues it anew for the line.
func costOf(b policy.Bearer) LedgerAccount {
	switch b {
	case policy.Us:
		return WarrantyCost
	case policy.Center:
		return ChargedPartsCost
	}
	return PartsCost
}

// move books an amount from one account to another.
func (p Posting) move(dst []Posting, from, to LedgerAccount, amount money.Amount) []Posting {
	if amount.IsZero() {
		return dst
	}
	return append(dst, p.of(to, amount), p.of(from, amount.Neg()))
}

func appendAccount(dst []Posting, e account.Event) []Posting {
	switch e := e.(type) {
	case account.ChargeAccrued:
		p := Posting{Charge: e.Charge, Project: e.Project, On: e.OccurredOn, Posted: e.Posted}
		dst = append(dst, p.of(ReceivableUnconfirmed, e.Money.Gross), p.of(ServiceRevenue, e.Money.Net.Neg()))
		dst[len(dst)-1].Kind = string(e.Kind)
		if !e.Money.Tax.IsZero() {
			dst = append(dst, p.of(OutputTax, e.Money.Tax.Neg()))
		}
	case account.CreditNoteIssued:
		p := Posting{Charge: e.Charge, Project: e.Project, On: e.On, Posted: e.Posted}
		dst = append(dst, p.of(CreditNotes, e.Money.Net))
		dst[len(dst)-1].Kind = string(e.Kind)
		if !e.Money.Tax.IsZero() {
			dst = append(dst, p.of(OutputTax, e.Money.Tax))
		}
		for _, s := range e.Shares {
			dst = p.receivable(dst, s, s.Amount.Neg(), WriteOffs)
		}
	case account.ReceivableWrittenOff:
		p := Posting{Charge: e.Charge, Project: e.Project, On: e.On, Posted: e.Posted}
		dst = append(dst, p.of(WriteOffs, e.Share.Amount))
		dst = p.receivable(dst, e.Share, e.Share.Amount.Neg(), WriteOffs)
		dst = append(dst, p.of(WrittenOffMemo, e.Share.Amount), p.of(WrittenOffContra, e.Share.Amount.Neg()))
	case account.PaymentReceived:
		p := Posting{Payment: e.Payment, On: e.ReceivedOn, Posted: e.Posted}
		dst = append(dst, p.of(Cash, e.Amount), p.of(UnappliedCash, e.Amount.Neg()))
	case account.PaymentRefunded:
		p := Posting{Payment: e.Payment, On: e.On, Posted: e.Posted}
		dst = append(dst, p.of(UnappliedCash, e.Amount), p.of(Cash, e.Amount.Neg()))
	case account.PaymentBounced:
		p := Posting{Payment: e.Payment, On: e.On, Posted: e.Posted}
		dst = append(dst, p.of(UnappliedCash, e.Amount), p.of(Cash, e.Amount.Neg()))
	case account.PaymentAllocated:
		for _, l := range e.Lines {
			p := Posting{Payment: e.Payment, Charge: l.Charge, On: l.On, Posted: l.Posted}
			dst = append(dst, p.of(UnappliedCash, l.Amount))
			dst = p.receivable(dst, l.Share(), l.Amount.Neg(), Recoveries)
		}
	case account.AllocationReversed:
		for _, l := range e.Lines {
			p := Posting{Payment: e.Payment, Charge: l.Charge, On: l.On, Posted: l.Posted}
			dst = append(dst, p.of(UnappliedCash, l.Amount.Neg()))
			dst = p.receivable(dst, l.Share(), l.Amount, Recoveries)
		}
	case account.StatementConfirmed:
		dst = reclassify(dst, e.Confirmed, e.On, e.Quarter, ReceivableUnconfirmed, ReceivableConfirmed)
	case account.StatementReopened:
		dst = reclassify(dst, e.Lines, e.On, e.Quarter, ReceivableConfirmed, ReceivableUnconfirmed)
	case account.ChargeTransferredOut:
		p := Posting{Charge: e.Charge, Project: e.Project, On: e.On, Posted: e.Posted}
		dst = append(dst, p.of(TransferClearing, e.Money.Gross))
		dst = p.receivable(dst, e.Share, e.Share.Amount.Neg(), WriteOffs)
		if e.MovesTax {
			dst = p.move(dst, TaxClearing, OutputTax, e.Money.Tax)
		}
	case account.ChargeTransferredIn:
		p := Posting{Charge: e.Charge, Project: e.Project, On: e.On, Posted: e.Posted}
		dst = append(dst, p.of(ReceivableUnconfirmed, e.Money.Gross), p.of(TransferClearing, e.Money.Gross.Neg()))
		if e.MovesTax {
			dst = p.move(dst, OutputTax, TaxClearing, e.Money.Tax)
		}
	default: // moves no money: its card says so
	}
	return dst
}

func (p Posting) of(a LedgerAccount, amount money.Amount) Posting {
	p.Account, p.Amount = a, amount
	return p
}

// receivable changes what is owed of a charge by an amount: in the measure it
// stood in on the date from which that counts, and at each later change of the
// measure along with the rest. What was written off is no receivable any more:
// the change goes to result, and the memorandum follows it.
func (p Posting) receivable(dst []Posting, s account.Share, amount money.Amount, result LedgerAccount) []Posting {
	if s.Stage == account.WrittenOff {
		return append(dst, p.of(result, amount), p.of(WrittenOffMemo, amount), p.of(WrittenOffContra, amount.Neg()))
	}
	first := len(dst)
	dst = append(dst, p.of(ReceivableUnconfirmed, amount))
	turn := func(on calendar.Date, from, to LedgerAccount) {
		switch {
		case on.IsZero():
		case !p.On.Before(on):
			dst[first].Account = to
		default:
			turned := p
			turned.On = on
			dst = append(dst, turned.of(from, amount.Neg()), turned.of(to, amount))
		}
	}
	for _, r := range s.Reopened {
		turn(r.ConfirmedOn, ReceivableUnconfirmed, ReceivableConfirmed)
		turn(r.ReopenedOn, ReceivableConfirmed, ReceivableUnconfirmed)
	}
	turn(s.ConfirmedOn, ReceivableUnconfirmed, ReceivableConfirmed)
	return dst
}

// reclassify moves what is open of charges from one measure to the other.
func reclassify(
	dst []Posting, lines []account.ConfirmedLine, on calendar.Date, q calendar.Quarter, from, to LedgerAccount,
) []Posting {
	for _, l := range lines {
		if l.Open.IsZero() {
			continue
		}
		p := Posting{Charge: l.Charge, On: on, Posted: q}
		dst = append(dst, p.of(from, l.Open.Neg()), p.of(to, l.Open))
	}
	return dst
}
