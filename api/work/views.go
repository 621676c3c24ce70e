package work

import (
	"cmp"
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/projections"
	workviews "aftersales-ledger/projections/work"
)

func (s *service) workViews() {
	kit.Query(s.Service, "/v1/projects", "list-projects",
		"Projects with what is agreed about them and what service they are granted (5.1, 5.4)", kit.MayReadWork, s.listProjects)
	kit.TaggedQuery(s.Service, "/v1/projects/{project}/service", "service-of",
		"What a project is granted at a moment, and why (5.4)", kit.MayReadWork,
		func(in *serviceInput) string { return project.Stream(domain.ProjectID(in.Project)) }, s.serviceOf)
	kit.TaggedQuery(s.Service, "/v1/projects/{project}/roster", "roster",
		"Who is on call 24 hours; a center sees today's (5.1.1)", kit.MayReadWork,
		func(in *rosterQueryInput) string { return project.Stream(domain.ProjectID(in.Project)) }, s.roster)
	kit.Query(s.Service, "/v1/projects/{project}/papers", "project-papers",
		"F0 handed over, spare parts advised, and the forms of its months; a center goes on reading what was for it (5.1.2, 5.1.3, 5.4.2.1)",
		kit.MayReadWork, s.projectPapers)
	kit.Query(s.Service, "/v1/handovers", "handovers",
		"What centers must have before the warranty ends, and what is late (5.4.1.1)", kit.MayReadWork, s.handovers)
	kit.TaggedQuery(s.Service, "/v1/visits", "visits", "Routine visits made against those owed, with shortfalls (5.4)",
		kit.MayReadWork, s.visitsAlone, s.listVisits)
	kit.Query(s.Service, "/v1/tickets", "list-tickets",
		"Tickets with their response clocks: met, breached by how much, running (5.1.2, 5.4)", kit.MayReadWork, s.listTickets)
	kit.TaggedQuery(s.Service, "/v1/tickets/{ticket}", "ticket-history", "One ticket, from its registration on", kit.MayReadWork,
		func(in *ticketHistoryInput) string { return ticket.Stream(domain.TicketID(in.Ticket)) }, s.ticketHistory)
	kit.Query(s.Service, "/v1/escalations", "list-escalations", "Escalations with the opinions given and awaited (5.1.2)",
		kit.MayReadWork, s.listEscalations)
}

type projectListInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center"`
	Region  string `query:"region"`
	Project string `query:"project"`
}

// ProjectListBody lists projects.
type ProjectListBody struct {
	kit.List[workviews.ProjectRow]
}

func (s *service) listProjects(ctx context.Context, in *projectListInput) (out ProjectListBody, err error) {
	var p kit.Parser
	filter := projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := workviews.Of(s.Deps.ReadModels).Projects(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	return ProjectListBody{kit.ListOf(r)}, nil
}

type rosterQueryInput struct {
	kit.CutParams
	Project string `path:"project"`
}

// RosterBody is who is on call for a project.
type RosterBody struct {
	kit.Basis
	Project  string              `json:"project"`
	Version  *int                `json:"version" doc:"null where none is in force"`
	From     calendar.Date       `json:"from,omitempty"`
	Versions int                 `json:"versions" doc:"Published so far"`
	Contacts []workviews.Contact `json:"contacts"`
}

func (s *service) roster(ctx context.Context, in *rosterQueryInput) (out RosterBody, err error) {
	var p kit.Parser
	if err := s.Ledger(ctx).MustKnowProject(ctx, domain.ProjectID(in.Project)); err != nil {
		return out, err
	}
	if kit.ActorOf(ctx).Role.OfCenter() {
		in.AsOf, in.KnownAt = "", "" // a center always sees today's
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := workviews.Of(s.Deps.ReadModels).Roster(ctx, cut, domain.ProjectID(in.Project))
	if err != nil {
		return out, err
	}
	return RosterBody{
		Basis: kit.BasisOf(r.Answer), Project: in.Project, Version: r.Version, From: r.From, Versions: r.Versions,
		Contacts: r.Contacts,
	}, nil
}

type projectPapersInput struct {
	kit.CutParams
	kit.PageParams
	Project string `path:"project"`
}

// ProjectPapersBody lists the papers that a project's centers were given.
type ProjectPapersBody struct {
	kit.List[workviews.ProjectPaper]
}

// projectPapers lists to a center what was for it, whether it has the project or had it
// once.
func (s *service) projectPapers(ctx context.Context, in *projectPapersInput) (out ProjectPapersBody, err error) {
	var p kit.Parser
	unknown, a := s.Ledger(ctx).MustKnowProject(ctx, domain.ProjectID(in.Project)), kit.ActorOf(ctx)
	if unknown != nil {
		if !a.Role.OfCenter() {
			return out, unknown
		}
		ctx = kit.Composing(ctx)
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := workviews.Of(s.Deps.ReadModels).ProjectPapers(ctx, cut, domain.ProjectID(in.Project), a.Center, in.Page())
	switch {
	case err != nil:
		return out, err
	case unknown != nil && len(r.Rows) == 0:
		return out, unknown
	}
	return ProjectPapersBody{kit.ListOf(r)}, nil
}

type handoversInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center"`
	Region  string `query:"region"`
	Project string `query:"project"`
	Status  string `query:"status" enum:"NOT_PLANNED,PLANNED,OPEN,OVERDUE,DONE"`
	Begun   bool   `query:"begun" doc:"Only projects whose handover has begun, until a year after the warranty's end"`
}

// HandoversBody lists the items of handovers.
type HandoversBody struct {
	kit.List[workviews.HandoverRow]
}

func (s *service) handovers(ctx context.Context, in *handoversInput) (out HandoversBody, err error) {
	var p kit.Parser
	filter := workviews.HandoverFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}, Status: in.Status,
		Begun: in.Begun,
	}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := workviews.Of(s.Deps.ReadModels).Handovers(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	return HandoversBody{kit.ListOf(r)}, nil
}

type visitsInput struct {
	kit.CutParams
	kit.PageParams
	Center    string `query:"center"`
	Region    string `query:"region"`
	Project   string `query:"project"`
	From      string `query:"from" doc:"Periods that touch this date or a later one. Default: the first of the month that holds asOf"`
	To        string `query:"to" doc:"Or an earlier one. Default: asOf"`
	Shortfall bool   `query:"shortfall" doc:"Only periods with too few visits"`
}

// VisitsBody lists periods of routine visits.
type VisitsBody struct {
	Rows   []workviews.VisitPeriod `json:"rows"`
	Totals workviews.VisitTotals   `json:"totals" doc:"Over all periods that match, not only this page's"`
	kit.Paged
}

// visitsAlone is the stream of the visits of one project in one month, if no others
// are asked for.
func (s *service) visitsAlone(in *visitsInput) string {
	to, err := calendar.ParseDate(cmp.Or(in.To, in.AsOf, s.Today().String()))
	if err != nil || in.Project == "" {
		return ""
	}
	if from, err := calendar.ParseDate(in.From); in.From != "" && (err != nil || from.Month() != to.Month()) {
		return ""
	}
	return visit.Stream(domain.ProjectID(in.Project), to.Month())
}

func (s *service) listVisits(ctx context.Context, in *visitsInput) (out VisitsBody, err error) {
	var p kit.Parser
	filter := workviews.VisitFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)},
		From:   p.Date("from", in.From), To: p.Date("to", in.To), ShortfallOnly: in.Shortfall,
	}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := workviews.Of(s.Deps.ReadModels).Visits(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	return VisitsBody{r.Rows, r.Totals, kit.PagedOf(r.List)}, nil
}

type ticketListInput struct {
	kit.CutParams
	kit.PageParams
	Center     string `query:"center"`
	Region     string `query:"region"`
	Project    string `query:"project"`
	Status     string `query:"status" enum:"REGISTERED,NOTIFIED,ACCEPTED,ON_SITE,RESOLVED,CLOSED,REOPENED"`
	Clock      string `query:"clock" enum:"MET,BREACHED,RUNNING,ADVISORY,NONE,NOT_NOTIFIED"`
	Category   string `query:"category" enum:"EMERGENCY,ORDINARY"`
	Open       bool   `query:"open" doc:"Only tickets that are not closed"`
	Overridden bool   `query:"overridden" doc:"Only tickets whose coverage was overridden"`
	From       string `query:"from" doc:"Registered on or after"`
	To         string `query:"to" doc:"Registered on or before"`
}

// TicketListBody lists tickets.
type TicketListBody struct {
	Rows   []workviews.TicketRow  `json:"rows"`
	Totals workviews.TicketTotals `json:"totals" doc:"Over all tickets that match, not only this page's"`
	kit.Paged
}

func (s *service) listTickets(ctx context.Context, in *ticketListInput) (out TicketListBody, err error) {
	var p kit.Parser
	filter := workviews.TicketFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}, Status: in.Status,
		Clock:    workviews.ResponseStatus(in.Clock),
		Category: policy.Category(in.Category), OpenOnly: in.Open, Overridden: in.Overridden, From: p.Date("from", in.From),
		To: p.Date("to", in.To),
	}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := workviews.Of(s.Deps.ReadModels).Tickets(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	if kit.Closed(ctx, kit.Cost) {
		for i := range r.Rows {
			r.Rows[i].HideCosts()
		}
	}
	return TicketListBody{r.Rows, r.Totals, kit.PagedOf(r.List)}, nil
}

type ticketHistoryInput struct {
	kit.CutParams
	Ticket string `path:"ticket"`
}

// TicketHistoryBody is one ticket, from its registration on.
type TicketHistoryBody struct {
	kit.Basis
	Ticket workviews.TicketRow    `json:"ticket"`
	Steps  []workviews.TicketStep `json:"steps" doc:"In the order in which they were recorded"`
}

func (s *service) ticketHistory(ctx context.Context, in *ticketHistoryInput) (out TicketHistoryBody, err error) {
	var p kit.Parser
	center := kit.Visible(ctx, "")
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := workviews.Of(s.Deps.ReadModels).TicketHistory(ctx, cut, domain.TicketID(in.Ticket), center)
	if err != nil {
		return out, err
	}
	if !r.Found {
		return out, domain.NotFound("ticket", in.Ticket, "unknown-ticket",
			"is not a registered ticket, as of that date and known then")
	}
	if kit.Closed(ctx, kit.Cost) {
		r.Ticket.HideCosts()
	}
	for i := range r.Steps {
		if step := &r.Steps[i]; step.Step == "DECISION_REFUSED" {
			step.Text = s.Recorded(ctx, step.Text)
		}
	}
	return TicketHistoryBody{kit.BasisOf(r.Answer), r.Ticket, r.Steps}, nil
}

type escalationListInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center"`
	Region  string `query:"region"`
	Project string `query:"project"`
	Ticket  string `query:"ticket"`
	Open    bool   `query:"open" doc:"Only those not closed"`
	Awaits  string `query:"awaits" enum:"hq-affairs-supervisor,department-manager" doc:"Only those that wait for this role's opinion"`
}

// EscalationListBody lists escalations.
type EscalationListBody struct {
	kit.List[workviews.EscalationRow]
}

func (s *service) listEscalations(ctx context.Context, in *escalationListInput) (out EscalationListBody, err error) {
	var p kit.Parser
	filter := workviews.EscalationFilter{
		Filter:   projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)},
		Ticket:   domain.TicketID(in.Ticket),
		OpenOnly: in.Open, Awaits: domain.Role(in.Awaits),
	}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := workviews.Of(s.Deps.ReadModels).Escalations(ctx, cut, filter, in.Page())
	if err != nil {
		return out, err
	}
	return EscalationListBody{kit.ListOf(r)}, nil
}
