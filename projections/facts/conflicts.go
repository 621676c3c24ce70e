package facts

import (
	_ "embed"

	"aftersales-ledger/domain/bankref"
)

//go:embed conflicts.sql
var conflictsSQL string

// conflictFacts are the receipts that contradict one already known.
type conflictFacts struct {
	key           keyColumns
	bankReference textColumn
	claimedBy     textColumn
	center        textColumn
	payer         textColumn
	remark        textColumn
	amount        moneyColumn
	receivedOn    dateColumn
	ownAccount    textColumn
}

func newConflictFacts() *conflictFacts {
	t := newTable("conflicts", conflictsSQL, Lies{Center: "center"})
	return &conflictFacts{
		key: newKeyColumns(t), bankReference: t.text("bank_reference"), claimedBy: t.text("claimed_by"),
		center: t.text("center"),
		payer:  t.text("payer"), remark: t.text("remark"), amount: t.money("amount"), receivedOn: t.date("received_on"),
		ownAccount: t.text("own_account"),
	}
}

func (f *conflictFacts) add(r *Recorded, e bankref.ConflictingPaymentRefused) {
	f.key.begin(r, 0)
	f.bankReference.add(e.Reference)
	f.claimedBy.add(string(e.ClaimedBy))
	f.center.add(string(e.Center))
	f.payer.add(e.Payer)
	f.remark.add(e.Remark)
	f.amount.add(e.Amount)
	f.receivedOn.add(e.ReceivedOn)
	f.ownAccount.add(e.OwnAccount)
}
