package facts

import (
	_ "embed"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/ticket"
)

//go:embed escalations.sql
var escalationsSQL string

// escalationFacts are the steps of escalations.
type escalationFacts struct {
	key           keyColumns
	ticket        textColumn
	escalation    textColumn
	step          textColumn
	at            timeColumn
	project       textColumn
	center        textColumn
	reason        textColumn
	complaintRisk flagColumn
	ofRole        textColumn
	text          textColumn
	by            textColumn
}

func newEscalationFacts() *escalationFacts {
	t := newTable("escalations", escalationsSQL, Lies{Numbered: "ticket", Kind: ticketPlace})
	return &escalationFacts{
		key: newKeyColumns(t), ticket: t.text("ticket"), escalation: t.text("escalation"), step: t.text("step"),
		at:      t.time("at", 3),
		project: t.text("project"), center: t.text("center"), reason: t.text("reason"),
		complaintRisk: t.flag("complaint_risk"),
		ofRole:        t.text("of_role"), text: t.text("text"), by: t.text("by"),
	}
}

// escalationRow is one step; first is empty in all but the first.
type escalationRow struct {
	ticket     domain.TicketID
	escalation domain.EscalationID
	step       string
	at         time.Time
	first      ticket.TicketEscalated
	role       domain.Role
	text, by   string
}

func (f *escalationFacts) add(r *Recorded, row escalationRow) {
	f.key.begin(r, 0)
	f.ticket.add(string(row.ticket))
	f.escalation.add(string(row.escalation))
	f.step.add(row.step)
	f.at.add(row.at)
	f.project.add(string(row.first.Project))
	f.center.add(string(row.first.Center))
	f.reason.add(string(row.first.Reason))
	f.complaintRisk.add(row.first.ComplaintRisk)
	f.ofRole.add(string(row.role))
	f.text.add(row.text)
	f.by.add(row.by)
}
