package facts

import (
	"cmp"
	_ "embed"

	"aftersales-ledger/domain/account"
)

//go:embed charges.sql
var chargesSQL string

//go:embed quotes.sql
var quotesSQL string

// chargeFacts are the charges as they were accrued.
type chargeFacts struct {
	key         keyColumns
	charge      textColumn
	center      textColumn
	project     textColumn
	room        textColumn
	owner       textColumn
	ticket      textColumn
	faultLine   textColumn
	kind        textColumn
	service     textColumn
	priceList   textColumn
	item        textColumn
	quantity    decimalColumn
	unit        textColumn
	unitPrice   decimalColumn
	taxRate     decimalColumn
	taxExcluded flagColumn
	net         moneyColumn
	tax         moneyColumn
	gross       moneyColumn
	occurredOn  dateColumn
	posted      quarterColumn
	dueOn       dateColumn
	clause      textColumn
	remark      textColumn
	approvedBy  textColumn
	approvedOn  dateColumn
	doneBefore  flagColumn
	quote       textColumn
	sheet       textColumn
	alike       textColumn
	fromCenter  textColumn
	fromCharge  textColumn
}

func newChargeFacts() *chargeFacts {
	t := newTable("charges", chargesSQL, Lies{Center: "center", Project: "project"})
	return &chargeFacts{
		key: newKeyColumns(t), charge: t.text("charge"), center: t.text("center"), project: t.text("project"),
		room: t.text("room"), owner: t.text("owner"), ticket: t.text("ticket"), faultLine: t.text("fault_line"),
		kind: t.text("kind"), service: t.text("service"), priceList: t.text("price_list"), item: t.text("item"),
		quantity: t.decimal("quantity", 18, 3), unit: t.text("unit"), unitPrice: t.decimal("unit_price", 18, 4),
		taxRate: t.decimal("tax_rate", 9, 4), taxExcluded: t.flag("tax_excluded"),
		net: t.money("net"), tax: t.money("tax"), gross: t.money("gross"),
		occurredOn: t.date("occurred_on"), posted: t.quarter("posted"), dueOn: t.date("due_on"),
		clause: t.text("clause"), remark: t.text("remark"),
		approvedBy: t.text("approved_by"), approvedOn: t.date("approved_on"), doneBefore: t.flag("done_before"),
		quote: t.text("quote"), sheet: t.text("sheet"), alike: t.text("possible_duplicate_of"),
		fromCenter: t.text("from_center"), fromCharge: t.text("from_charge"),
	}
}

// add takes a charge as it was accrued, with the place it came from, if it was transferred.
func (f *chargeFacts) add(r *Recorded, e *account.ChargeAccrued, from account.ChargePlace) {
	f.key.begin(r, 0)
	f.charge.add(string(e.Charge))
	f.center.add(string(e.Center))
	f.project.add(string(e.Project))
	f.room.add(e.Room)
	f.owner.add(e.Owner)
	f.ticket.add(string(e.Ticket))
	f.faultLine.add(string(e.FaultLine))
	f.kind.add(string(e.Kind))
	f.service.add(e.Service)
	f.priceList.add(e.Basis.PriceList)
	f.item.add(e.Basis.Item)
	f.quantity.add(e.Quantity)
	f.unit.add(e.Unit)
	f.unitPrice.add(e.UnitPrice)
	f.taxRate.add(e.Tax.Rate)
	f.taxExcluded.add(e.Tax.Excluded)
	f.net.add(e.Money.Net)
	f.tax.add(e.Money.Tax)
	f.gross.add(e.Money.Gross)
	f.occurredOn.add(e.OccurredOn)
	f.posted.add(e.Posted)
	f.dueOn.add(e.DueOn)
	f.clause.add(e.Clause)
	f.remark.add(e.Remark)
	approval := cmp.Or(e.Basis.Approval, &account.Approval{})
	f.approvedBy.add(approval.By)
	f.approvedOn.add(approval.On)
	f.doneBefore.add(approval.ExecutedBefore)
	f.quote.add(string(e.Basis.Quote))
	f.sheet.add(string(e.Basis.Sheet))
	f.alike.add(string(e.PossibleDuplicateOf))
	f.fromCenter.add(string(from.Center))
	f.fromCharge.add(string(from.Charge))
}

// quoteFacts are the compensations that were quoted for damage outside warranty,
// §5.3.2. What became of one is in the charges.
type quoteFacts struct {
	key         keyColumns
	quote       textColumn
	center      textColumn
	project     textColumn
	room        textColumn
	owner       textColumn
	ticket      textColumn
	damage      textColumn
	amount      moneyColumn
	taxRate     decimalColumn
	taxExcluded flagColumn
	quotedOn    dateColumn
	by          textColumn
}

func newQuoteFacts() *quoteFacts {
	t := newTable("quotes", quotesSQL, Lies{Center: "center", Project: "project"})
	return &quoteFacts{
		key: newKeyColumns(t), quote: t.text("quote"), center: t.text("center"), project: t.text("project"),
		room: t.text("room"), owner: t.text("owner"), ticket: t.text("ticket"), damage: t.text("damage"),
		amount: t.money("amount"), taxRate: t.decimal("tax_rate", 9, 4), taxExcluded: t.flag("tax_excluded"),
		quotedOn: t.date("quoted_on"), by: t.text("by"),
	}
}

func (f *quoteFacts) add(r *Recorded, e *account.CompensationQuoted) {
	f.key.begin(r, 0)
	f.quote.add(string(e.Quote))
	f.center.add(string(e.Center))
	f.project.add(string(e.Project))
	f.room.add(e.Room)
	f.owner.add(e.Owner)
	f.ticket.add(string(e.Ticket))
	f.damage.add(e.Damage)
	f.amount.add(e.Amount)
	f.taxRate.add(e.Tax.Rate)
	f.taxExcluded.add(e.Tax.Excluded)
	f.quotedOn.add(e.QuotedOn)
	f.by.add(e.By)
}
