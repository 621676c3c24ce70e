package work

import (
	"cmp"
	"context"
	_ "embed"
	"math"
	"slices"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
)

//go:embed ticketlist.sql
var ticketListSQL string

//go:embed ticketlist_rows.sql
var ticketListRowsSQL string

//go:embed ticketlist_totals.sql
var ticketListTotalsSQL string

//go:embed ticketlist_steps.sql
var ticketListStepsSQL string

// ResponseStatus says how a ticket stands to its response deadline.
type ResponseStatus string

const (
	ResponseMet         ResponseStatus = "MET"          // 按时到场, on the last second too
	ResponseBreached    ResponseStatus = "BREACHED"     // 超时, whether anybody has arrived since or not
	ResponseRunning     ResponseStatus = "RUNNING"      // 计时中
	ResponseAdvisory    ResponseStatus = "ADVISORY"     // 尽快到场: never breached
	ResponseNone        ResponseStatus = "NONE"         // no deadline
	ResponseNotNotified ResponseStatus = "NOT_NOTIFIED" // the team does not know yet
)

// TicketRow is a ticket as it stands. Times that have not come are zero.
type TicketRow struct {
	Ticket          domain.TicketID    `json:"ticket"`
	Project         domain.ProjectID   `json:"project"`
	ProjectName     string             `json:"projectName"`
	Region          string             `json:"region"`
	Center          domain.CenterID    `json:"center"`
	Room            string             `json:"room,omitempty"`
	Owner           string             `json:"owner,omitempty"`
	Device          string             `json:"device,omitempty"`
	Need            string             `json:"need"`
	Status          string             `json:"status"` // REGISTERED, NOTIFIED, ACCEPTED, ON_SITE, RESOLVED, CLOSED or REOPENED
	RegisteredAt    projections.Moment `json:"registeredAt"`
	NotifiedAt      projections.Moment `json:"notifiedAt,omitzero"`
	AcceptedAt      projections.Moment `json:"acceptedAt,omitzero"`
	Technician      string             `json:"technician,omitempty"` // who took it up
	ArrivedAt       projections.Moment `json:"arrivedAt,omitzero" doc:"First arrival on site"`
	ResolvedAt      projections.Moment `json:"resolvedAt,omitzero"`
	How             ticket.Resolution  `json:"how,omitempty"`
	ClosedAt        projections.Moment `json:"closedAt,omitzero"`
	Reopenings      int                `json:"reopenings"`
	Category        policy.Category    `json:"category,omitempty"`
	Presence        policy.Presence    `json:"presence,omitempty"`
	InWarranty      *bool              `json:"inWarranty" doc:"Here and below: null until the team was notified, which settles the coverage"`
	Bearer          policy.Bearer      `json:"bearer,omitempty" doc:"Of wear; human damage and force majeure are the center's"`
	TravelCharged   *bool              `json:"travelCharged"`
	Clause          string             `json:"clause,omitempty"`
	Overrides       int                `json:"overrides" doc:"Of the coverage frozen at notification"`
	Clock           ResponseStatus     `json:"clock" doc:"MET, BREACHED, RUNNING, ADVISORY (never breached), NONE or NOT_NOTIFIED"`
	RespondBy       projections.Moment `json:"respondBy,omitzero" doc:"Latest arrival"`
	StoppedAt       projections.Moment `json:"stoppedAt,omitzero" doc:"Arrival, or resolution where nobody had to come"`
	LateSeconds     *int64             `json:"lateSeconds" doc:"After respondBy: until stoppedAt, or until the moment asked about; null where no clock can be breached"`
	RemainingSecs   *int64             `json:"remainingSeconds" doc:"Until respondBy; null unless the clock is running"`
	FaultLines      int                `json:"faultLines"`
	Replacements    int                `json:"replacements"`
	OurCost         projections.Figure `json:"ourCost" nullable:"true" doc:"Parts issued for faults whose cost we bear; null for a center, which does not see what parts cost us, and where the depot lies beyond what the reader reaches"`
	CenterCost      projections.Figure `json:"centerCost" nullable:"true" doc:"Parts issued for faults whose cost the center bears, at our cost; null as ourCost"`
	Charged         money.Amount       `json:"charged" doc:"To the center, for this ticket"`
	OpenEscalations int                `json:"openEscalations"`
	Because         []string           `json:"because,omitempty" doc:"How the coverage came to be; of a single ticket"`
}

// HideCosts keeps from who asks what the parts cost us.
func (r *TicketRow) HideCosts() { r.OurCost.Hidden, r.CenterCost.Hidden = true, true }

// TicketFilter narrows the tickets down. Empty fields do not narrow.
type TicketFilter struct {
	projections.Filter // Region is the project's
	Ticket             domain.TicketID
	Status             string
	Clock              ResponseStatus
	Category           policy.Category
	OpenOnly           bool          // not closed
	Overridden         bool          // only those whose coverage was overridden
	From, To           calendar.Date // registered on these dates, both included
}

// TicketTotals counts the tickets that match, not only a page's.
type TicketTotals struct {
	Tickets     uint64 `json:"tickets"`
	Open        uint64 `json:"open"`
	Closed      uint64 `json:"closed"`
	Met         uint64 `json:"met"`
	Breached    uint64 `json:"breached"`
	Running     uint64 `json:"running"`
	LateSeconds int64  `json:"lateSeconds"` // of all breaches together
}

// TicketList is the answer of [Views.Tickets], by number.
type TicketList struct {
	projections.List[TicketRow]
	Totals TicketTotals
}

// moment is the instant up to which clocks run: the end of the business date
// that is asked for, or when it was known, whichever comes first.
func moment(q *projections.Question) time.Time {
	if end := q.AsOf.End(); end.Before(q.KnownAt) {
		return end
	}
	return q.KnownAt
}

func (f TicketFilter) params(q *projections.Question) projections.Params {
	to := int64(math.MaxInt64)
	if !f.To.IsZero() {
		to = f.To.End().Unix()
	}
	return f.Filter.Params().
		With("ticket",
			string(f.Ticket)).With("status", f.Status).With("clock", string(f.Clock)).With("category", string(f.Category)).
		With("open_only", f.OpenOnly).With("overridden", f.Overridden).With("moment", moment(q).Unix()).
		With("from_second", cmp.Or(f.From, projections.FirstDate).Start().Unix()).With("to_second", to)
}

// Tickets answers where tickets stand, with their response clocks (§5.1.2,
// §5.4).
func (m Views) Tickets(
	ctx context.Context, cut projections.Cut, filter TicketFilter, page projections.Page,
) (TicketList, error) {
	q, err := m.Ask(cut, page, "tickets", filter)
	if err != nil {
		return TicketList{}, err
	}
	defer q.Done()
	p := filter.params(q).With("after_ticket", q.AfterKey(0, ""))
	list, err := projections.ListOf(ctx, q, ticketListSQL+ticketListRowsSQL, p, func(r *TicketRow) []string {
		return []string{string(r.Ticket)}
	})
	if err != nil {
		return TicketList{}, err
	}
	if err := beyondReach(ctx, q, list.Rows); err != nil {
		return TicketList{}, err
	}
	totals, err := projections.All[TicketTotals](ctx, q, ticketListSQL+ticketListTotalsSQL, filter.params(q))
	if err != nil {
		return TicketList{}, err
	}
	return TicketList{list, totals[0]}, nil
}

// beyondReach completes tickets of projects that lie beyond the reach of who asks, who sees
// them as those of a center: one that has handed its project over since, or has another in
// a city that was granted. What the project is called is said; what its parts cost lies in
// its depot, and is not.
func beyondReach(ctx context.Context, q *projections.Question, rows []TicketRow) error {
	beyond := func(r TicketRow) bool { return !q.InScope().Has(access.Place{Project: r.Project}) }
	if !slices.ContainsFunc(rows, beyond) {
		return nil
	}
	sites, err := q.Sites(ctx)
	for i := range rows {
		if r := &rows[i]; beyond(*r) {
			r.ProjectName, r.Region = sites.Name(r.Project), sites.Region(r.Project)
			r.HideCosts()
		}
	}
	return err
}

// TicketStep is one thing that happened to a ticket.
type TicketStep struct {
	Position   uint64             `json:"position"`
	Step       string             `json:"step"`
	At         projections.Moment `json:"at"` // business time
	RecordedAt projections.Moment `json:"recordedAt"`
	Actor      string             `json:"actor"`
	Role       string             `json:"role"`
	Who        string             `json:"who,omitempty"`  // who accepted, arrived or gave an opinion
	What       string             `json:"what,omitempty"` // how it was resolved, what was overridden, which line or escalation
	Was        string             `json:"was,omitempty"`  // of an override
	Now        string             `json:"now,omitempty"`
	Text       string             `json:"text,omitempty"` // note, reason, symptom or opinion
}

// TicketHistory is the answer of [Views.TicketHistory].
type TicketHistory struct {
	projections.Answer
	Found  bool
	Ticket TicketRow
	Steps  []TicketStep // in the order in which they were recorded
}

// TicketHistory answers where one ticket stands and how it came there. Empty
// center: of whichever.
func (m Views) TicketHistory(
	ctx context.Context, cut projections.Cut, id domain.TicketID, center domain.CenterID,
) (TicketHistory, error) {
	q, err := m.Ask(cut, projections.Page{}, "ticket", id)
	if err != nil {
		return TicketHistory{}, err
	}
	defer q.Done()
	answer := TicketHistory{Answer: q.Answer}
	filter := TicketFilter{Ticket: id, Filter: projections.Filter{Center: center}}
	p := filter.params(q).With("after_ticket", "")
	err = projections.Each(ctx, q, ticketListSQL+ticketListRowsSQL, p, func(r *TicketRow) error {
		answer.Found, answer.Ticket = true, *r
		return nil
	})
	if err != nil || !answer.Found {
		return answer, err
	}
	one := []TicketRow{answer.Ticket}
	if err := beyondReach(ctx, q, one); err != nil {
		return answer, err
	}
	answer.Ticket = one[0]
	answer.Steps, err = projections.All[TicketStep](ctx, q, ticketListStepsSQL, projections.Params{"ticket": string(id)})
	return answer, err
}
