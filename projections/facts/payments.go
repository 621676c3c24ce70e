package facts

import (
	_ "embed"

	"aftersales-ledger/domain/account"
)

//go:embed payments.sql
var paymentsSQL string

// paymentFacts are the payments as they were received. What they settle is in
// the postings.
type paymentFacts struct {
	key                 keyColumns
	payment             textColumn
	center              textColumn
	bankReference       textColumn
	payer               textColumn
	remark              textColumn
	amount              moneyColumn
	receivedOn          dateColumn
	posted              quarterColumn
	possibleDuplicateOf textColumn
	ownAccount          textColumn
	place               numberColumn
}

func newPaymentFacts() *paymentFacts {
	t := newTable("payments", paymentsSQL, Lies{Center: "center"})
	return &paymentFacts{
		key: newKeyColumns(t), payment: t.text("payment"), center: t.text("center"),
		bankReference: t.text("bank_reference"), payer: t.text("payer"), remark: t.text("remark"),
		amount: t.money("amount"), receivedOn: t.date("received_on"), posted: t.quarter("posted"),
		possibleDuplicateOf: t.text("possible_duplicate_of"), ownAccount: t.text("own_account"), place: t.number("place"),
	}
}

func (f *paymentFacts) add(r *Recorded, e *account.PaymentReceived) {
	f.key.begin(r, 0)
	f.payment.add(string(e.Payment))
	f.center.add(string(e.Center))
	f.bankReference.add(e.BankReference)
	f.payer.add(e.Payer)
	f.remark.add(e.Remark)
	f.amount.add(e.Amount)
	f.receivedOn.add(e.ReceivedOn)
	f.posted.add(e.Posted)
	f.possibleDuplicateOf.add(string(e.PossibleDuplicateOf))
	f.ownAccount.add(e.OwnAccount)
	f.place.add(uint32(e.Place))
}
