package facts

import (
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/books"
)

//go:embed postings.sql
var postingsSQL string

// postingFacts are the general ledger, as the domain derives it from events.
type postingFacts struct {
	key       keyColumns
	eventType textColumn
	center    textColumn
	account   textColumn
	amount    moneyColumn
	kind      textColumn
	charge    textColumn
	payment   textColumn
	project   textColumn
	onDate    dateColumn
	posted    quarterColumn

	scratch []books.Posting
}

func newPostingFacts() *postingFacts {
	t := newTable("postings", postingsSQL, Lies{Center: "center", Depot: "project"})
	return &postingFacts{
		key: newKeyColumns(t), eventType: t.text("event_type"), center: t.text("center"), account: t.text("account"),
		amount: t.money("amount"), kind: t.text("kind"), charge: t.text("charge"), payment: t.text("payment"),
		project: t.text("project"), onDate: t.date("on_date"), posted: t.quarter("posted"),
	}
}

// book adds an event's postings; those of a depot belong to no center.
func (f *postingFacts) book(r *Recorded, center domain.CenterID, e domain.Event) {
	eventType := e.EventType()
	f.scratch = books.AppendPostings(f.scratch[:0], e)
	for line := range f.scratch {
		p := &f.scratch[line]
		f.key.begin(r, line)
		f.eventType.add(eventType)
		f.center.add(string(center))
		f.account.add(string(p.Account))
		f.amount.add(p.Amount)
		f.kind.add(p.Kind)
		f.charge.add(string(p.Charge))
		f.payment.add(string(p.Payment))
		f.project.add(string(p.Project))
		f.onDate.add(p.On)
		f.posted.add(p.Posted)
	}
}
