package facts

import (
	_ "embed"

	"aftersales-ledger/domain/account"
)

//go:embed accounts.sql
var accountsSQL string

// accountFacts are the accounts opened.
type accountFacts struct {
	key         keyColumns
	center      textColumn
	name        textColumn
	region      textColumn
	currency    textColumn
	sameDueDate textColumn
	openedOn    dateColumn
}

func newAccountFacts() *accountFacts {
	t := newTable("accounts", accountsSQL, Lies{Center: "center", Named: true})
	return &accountFacts{
		key: newKeyColumns(t), center: t.text("center"), name: t.text("name"), region: t.text("region"),
		currency: t.text("currency"), sameDueDate: t.text("same_due_date"), openedOn: t.date("opened_on"),
	}
}

func (f *accountFacts) add(r *Recorded, e account.AccountOpened) {
	f.key.begin(r, 0)
	f.center.add(string(e.Center))
	f.name.add(e.Name)
	f.region.add(e.Region)
	f.currency.add(e.Currency)
	f.sameDueDate.add(string(e.Terms.SameDueDate))
	f.openedOn.add(e.OpenedOn)
}
