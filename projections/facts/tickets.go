package facts

import (
	_ "embed"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
)

//go:embed tickets.sql
var ticketsSQL string

// ticketFacts are the steps of tickets (F0).
type ticketFacts struct {
	key            keyColumns
	ticket         textColumn
	step           textColumn
	at             timeColumn
	project        textColumn
	center         textColumn
	room           textColumn
	owner          textColumn
	phone          textColumn
	device         textColumn
	need           textColumn
	warrantyEndsOn dateColumn
	inWarranty     flagColumn
	presence       textColumn
	category       textColumn
	bearer         textColumn
	travelCharged  flagColumn
	respondBy      timeColumn
	clause         textColumn
	advisory       flagColumn
	because        textsColumn
	technician     textColumn
	how            textColumn
	was, now       textColumn
	note           textColumn
}

func newTicketFacts() *ticketFacts {
	t := newTable("tickets", ticketsSQL, Lies{Numbered: "ticket", Kind: ticketPlace})
	return &ticketFacts{
		key: newKeyColumns(t), ticket: t.text("ticket"), step: t.text("step"), at: t.time("at", 3),
		project: t.text("project"), center: t.text("center"), room: t.text("room"), owner: t.text("owner"),
		phone: t.text("phone"), device: t.text("device"), need: t.text("need"),
		warrantyEndsOn: t.date("warranty_ends_on"), inWarranty: t.flag("in_warranty"), presence: t.text("presence"),
		category: t.text("category"), bearer: t.text("bearer"), travelCharged: t.flag("travel_charged"),
		respondBy: t.time("respond_by", 3), clause: t.text("clause"), advisory: t.flag("advisory"),
		because:    t.texts("because"),
		technician: t.text("technician"), how: t.text("how"), was: t.text("was"), now: t.text("now"), note: t.text("note"),
	}
}

// ticketRow is one step; what the step does not state is left empty.
type ticketRow struct {
	ticket     domain.TicketID
	step       string
	at         time.Time
	registered ticket.TicketRegistered
	coverage   policy.Coverage
	technician string
	how        string
	was, now   string
	note       string
}

func (f *ticketFacts) add(r *Recorded, row ticketRow) {
	f.key.begin(r, 0)
	f.ticket.add(string(row.ticket))
	f.step.add(row.step)
	f.at.add(row.at)
	f.project.add(string(row.registered.Project))
	f.center.add(string(row.registered.Center))
	f.room.add(row.registered.Room)
	f.owner.add(row.registered.Owner)
	f.phone.add(row.registered.Phone)
	f.device.add(row.registered.Device)
	f.need.add(row.registered.Need)
	f.warrantyEndsOn.add(row.coverage.WarrantyEndsOn)
	f.inWarranty.add(row.coverage.InWarranty)
	f.presence.add(string(row.coverage.Presence))
	f.category.add(string(row.coverage.Category))
	f.bearer.add(string(row.coverage.Bearer))
	f.travelCharged.add(row.coverage.TravelCharged)
	var respondBy time.Time
	if by := row.coverage.RespondBy; by != nil {
		respondBy = *by
	}
	f.respondBy.add(respondBy)
	f.clause.add(row.coverage.Clause)
	f.advisory.add(row.coverage.Advisory)
	var because []string
	if row.coverage.Clause != "" {
		because = row.coverage.Because()
	}
	f.because.add(because)
	f.technician.add(row.technician)
	f.how.add(row.how)
	f.was.add(row.was)
	f.now.add(row.now)
	f.note.add(row.note)
}
