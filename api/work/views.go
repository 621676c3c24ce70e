package work

import (
	"context"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/projections"
	workviews "aftersales-ledger/projections/work"
)

func (s *service) workViews() {
	kit.Query(s.Service, "/v1/projects", "list-projects",
		"Projects with what is agreed about them and what service they are granted (5.1, 5.4)", kit.MayReadWork, s.listProjects)
	kit.Query(s.Service, "/v1/projects/{project}/service", "service-of",
		"What a project is granted at a moment, and why (5.4)", kit.MayReadWork, s.serviceOf)
	kit.Query(s.Service, "/v1/projects/{project}/roster", "roster",
		"Who is on call 24 hours; a center sees today's (5.1.1)", kit.MayReadWork, s.roster)
	kit.Query(s.Service, "/v1/projects/{project}/papers", "project-papers",
		"F0 handed over, and spare parts advised (5.1.2, 5.4.2.1)", kit.MayReadWork, s.projectPapers)
	kit.Query(s.Service, "/v1/handovers", "handovers",
		"What centers must have before the warranty ends, and what is late (5.4.1.1)", kit.MayReadWork, s.handovers)
	kit.Query(s.Service, "/v1/visits", "visits", "Routine visits made against those owed, with shortfalls (5.4)",
		kit.MayReadWork, s.listVisits)
	kit.Query(s.Service, "/v1/tickets", "list-tickets",
		"Tickets with their response clocks: met, breached by how much, running (5.1.2, 5.4)", kit.MayReadWork, s.listTickets)
	kit.Query(s.Service, "/v1/tickets/{ticket}", "ticket-history", "One ticket, from its registration on", kit.MayReadWork,
		s.ticketHistory)
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

// ProjectRowBody is a project as of a date.
type ProjectRowBody struct {
	Project        string             `json:"project"`
	Name           string             `json:"name"`
	Region         string             `json:"region"`
	City           string             `json:"city"`
	Center         string             `json:"center"`
	Centers        []CenterFromBody   `json:"centers" doc:"Over time"`
	Presence       string             `json:"presence"`
	Presences      []PresenceFromBody `json:"presences" doc:"Over time"`
	Warranty       AgreedWarrantyBody `json:"warranty"`
	InWarranty     bool               `json:"inWarranty"`
	HandoverFrom   string             `json:"handoverFrom"`
	Clause         string             `json:"clause"`
	Table          string             `json:"table,omitempty" doc:"Version of the service table; absent: the procedure's own"`
	Response       string             `json:"response"`
	Visits         string             `json:"visits"`
	OnSiteUntil    string             `json:"onSiteUntil,omitempty"`
	Bearer         string             `json:"bearer"`
	Contract       []ContractTermBody `json:"contract" doc:"Cells that the contract changes on that date"`
	ContractsTotal int                `json:"contractsTotal" doc:"Contract terms entered so far"`
}

// CenterFromBody is a center from a date on.
type CenterFromBody struct {
	Center string `json:"center"`
	From   string `json:"from"`
}

// PresenceFromBody is a presence from a date on.
type PresenceFromBody struct {
	Presence string `json:"presence"`
	From     string `json:"from"`
}

// AgreedWarrantyBody is the contract's agreement on warranty.
type AgreedWarrantyBody struct {
	CompletionHandoverOn string `json:"completionHandoverOn,omitempty"`
	AcceptanceOn         string `json:"acceptanceOn,omitempty"`
	OccupancyOn          string `json:"occupancyOn,omitempty"`
	StartsFrom           string `json:"startsFrom"`
	Months               int    `json:"months"`
	EndsOn               string `json:"endsOn"`
	From                 string `json:"from,omitempty" doc:"Of an amendment: from when it counts"`
}

// ProjectListBody lists projects.
type ProjectListBody struct {
	kit.Basis
	Rows []ProjectRowBody `json:"rows"`
	Next string           `json:"next,omitempty"`
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
	out = ProjectListBody{Basis: kit.BasisOf(r.Answer), Rows: make([]ProjectRowBody, len(r.Rows)), Next: r.Next}
	for i, row := range r.Rows {
		out.Rows[i] = projectRowBody(row, r.AsOf)
	}
	return out, nil
}

func projectRowBody(row workviews.ProjectRow, asOf calendar.Date) ProjectRowBody {
	w := row.WarrantyOn(asOf)
	b := ProjectRowBody{
		Project: string(row.Project), Name: row.Name, Region: row.Region, City: row.City, Center: string(row.CenterOn(asOf)),
		Presence: string(row.PresenceOn(asOf)),
		Warranty: AgreedWarrantyBody{
			w.CompletionHandoverOn.String(), w.AcceptanceOn.String(), w.OccupancyOn.String(), w.StartsFrom, w.Months,
			w.EndsOn.String(), w.From.String(),
		},
		InWarranty: row.Ruling.InWarranty, HandoverFrom: row.HandoverFrom.String(), Clause: row.Ruling.Clause,
		Table:    row.Table,
		Response: row.Ruling.Row.Text(policy.Response), Visits: row.Ruling.Visits.String(),
		OnSiteUntil: row.Ruling.OnSiteUntil.String(),
		Bearer:      string(row.Ruling.Bearer), Contract: contractTerms(row.Ruling.Contract),
		ContractsTotal: len(row.Contract),
		Centers:        make([]CenterFromBody, len(row.Centers)),
		Presences:      make([]PresenceFromBody, len(row.ServedProject.Presence)),
	}
	for i, c := range row.Centers {
		b.Centers[i] = CenterFromBody{string(c.Center), c.From.String()}
	}
	for i, c := range row.ServedProject.Presence {
		b.Presences[i] = PresenceFromBody{string(c.Presence), c.From.String()}
	}
	return b
}

type rosterQueryInput struct {
	kit.CutParams
	Project string `path:"project"`
}

// RosterBody is who is on call for a project.
type RosterBody struct {
	kit.Basis
	Project  string        `json:"project"`
	Version  *int          `json:"version" doc:"null where none is in force"`
	From     string        `json:"from,omitempty"`
	Versions int           `json:"versions" doc:"Published so far"`
	Contacts []ContactBody `json:"contacts"`
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
	out = RosterBody{
		Basis: kit.BasisOf(r.Answer), Project: in.Project, Version: kit.OnlyIf(r.Version > 0, r.Version),
		From: r.From.String(), Versions: r.Versions,
		Contacts: make([]ContactBody, len(r.Contacts)),
	}
	for i, c := range r.Contacts {
		out.Contacts[i] = ContactBody{string(c.Role), c.Name, c.Phone}
	}
	return out, nil
}

// ProjectPapersBody lists the papers that a project's centers were given.
type ProjectPapersBody struct {
	kit.Basis
	Rows []ProjectPaperBody `json:"rows"`
}

// ProjectPaperBody is F0 handed over, or one line of the advice on parts.
type ProjectPaperBody struct {
	Paper      string `json:"paper" doc:"FORM: F0; SPARE_PARTS: a part to stock"`
	On         string `json:"on"`
	Center     string `json:"center"`
	Part       string `json:"part,omitempty"`
	Name       string `json:"name,omitempty" doc:"Of the part"`
	Quantity   string `json:"quantity,omitempty"`
	ReceivedBy string `json:"receivedBy,omitempty"`
	Remark     string `json:"remark,omitempty"`
	By         string `json:"by"`
}

func (s *service) projectPapers(ctx context.Context, in *rosterQueryInput) (out ProjectPapersBody, err error) {
	var p kit.Parser
	if err := s.Ledger(ctx).MustKnowProject(ctx, domain.ProjectID(in.Project)); err != nil {
		return out, err
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := workviews.Of(s.Deps.ReadModels).ProjectPapers(ctx, cut, domain.ProjectID(in.Project))
	if err != nil {
		return out, err
	}
	out = ProjectPapersBody{Basis: kit.BasisOf(r.Answer), Rows: make([]ProjectPaperBody, len(r.Papers))}
	for i, v := range r.Papers {
		b := ProjectPaperBody{Paper: v.Step, On: v.On.String(), Center: string(v.Center), By: v.Actor}
		if v.Step == "FORM" {
			b.ReceivedBy = v.Name
		} else {
			b.Part, b.Name, b.Quantity, b.Remark = v.Item, v.Name, v.Quantity, v.Text
		}
		out.Rows[i] = b
	}
	return out, nil
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

// HandoverRowBody is one item of the handover of one project.
type HandoverRowBody struct {
	Project        string   `json:"project"`
	Name           string   `json:"name"`
	Region         string   `json:"region"`
	Center         string   `json:"center"`
	WarrantyEndsOn string   `json:"warrantyEndsOn"`
	From           string   `json:"from" doc:"When the handover begins"`
	Item           string   `json:"item"`
	Status         string   `json:"status"`
	DueOn          string   `json:"dueOn,omitempty"`
	DoneOn         string   `json:"doneOn,omitempty"`
	DaysLate       *int     `json:"daysLate" doc:"After dueOn, until it was done or until the date asked for; null where no day is planned"`
	Person         string   `json:"person,omitempty"`
	Attended       []string `json:"attended,omitempty"`
	Evidence       string   `json:"evidence,omitempty"`
}

// HandoversBody lists the items of handovers.
type HandoversBody struct {
	kit.Basis
	Rows []HandoverRowBody `json:"rows"`
	Next string            `json:"next,omitempty"`
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
	out = HandoversBody{Basis: kit.BasisOf(r.Answer), Rows: make([]HandoverRowBody, len(r.Rows)), Next: r.Next}
	for i, v := range r.Rows {
		out.Rows[i] = HandoverRowBody{
			string(v.Project), v.Name, v.Region, string(v.Center), v.WarrantyEndsOn.String(), v.From.String(), v.Item, v.Status,
			v.DueOn.String(), v.DoneOn.String(), kit.OnlyIf(!v.DueOn.IsZero(), v.DaysLate), v.Person, v.Attended, v.Evidence,
		}
	}
	return out, nil
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

// VisitPeriodBody is a period of one project's quota, or the part of it in
// which one quota held.
type VisitPeriodBody struct {
	Project   string   `json:"project"`
	Name      string   `json:"name"`
	Region    string   `json:"region"`
	Center    string   `json:"center"`
	First     string   `json:"first"`
	Last      string   `json:"last"`
	Quota     string   `json:"quota" doc:"Such as 2/week"`
	Clause    string   `json:"clause"`
	Whole     bool     `json:"whole" doc:"The quota held on every day of the period; else each part owes its share by days, rounded down"`
	Due       int      `json:"due"`
	Made      int      `json:"made"`
	Dates     []string `json:"dates" doc:"Of the visits made"`
	Shortfall *int     `json:"shortfall" doc:"Visits owed and not made; null until the period is over"`
	Running   bool     `json:"running" doc:"The period is not over"`
}

// VisitTotalsBody sums up the periods that match.
type VisitTotalsBody struct {
	Periods   int `json:"periods"`
	Due       int `json:"due"`
	Made      int `json:"made"`
	Shortfall int `json:"shortfall"`
	Running   int `json:"running"`
}

// VisitsBody lists periods of routine visits.
type VisitsBody struct {
	kit.Basis
	Rows   []VisitPeriodBody `json:"rows"`
	Totals VisitTotalsBody   `json:"totals" doc:"Over all periods that match, not only this page's"`
	Next   string            `json:"next,omitempty"`
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
	out = VisitsBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]VisitPeriodBody, len(r.Rows)), Totals: VisitTotalsBody(r.Totals),
		Next: r.Next,
	}
	for i, v := range r.Rows {
		b := VisitPeriodBody{
			string(v.Project), v.Name, v.Region, string(v.Center), v.First.String(), v.Last.String(), v.Quota.String(), v.Clause,
			v.Whole,
			v.Due, len(v.Made), make([]string, len(v.Made)), kit.OnlyIf(!v.Running, v.Shortfall), v.Running,
		}
		for j, d := range v.Made {
			b.Dates[j] = d.String()
		}
		out.Rows[i] = b
	}
	return out, nil
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

// TicketRowBody is a ticket as it stands.
type TicketRowBody struct {
	Ticket          string   `json:"ticket"`
	Project         string   `json:"project"`
	ProjectName     string   `json:"projectName"`
	Region          string   `json:"region"`
	Center          string   `json:"center"`
	Room            string   `json:"room,omitempty"`
	Owner           string   `json:"owner,omitempty"`
	Device          string   `json:"device,omitempty"`
	Need            string   `json:"need"`
	Status          string   `json:"status"`
	RegisteredAt    string   `json:"registeredAt"`
	NotifiedAt      string   `json:"notifiedAt,omitempty"`
	AcceptedAt      string   `json:"acceptedAt,omitempty"`
	Technician      string   `json:"technician,omitempty"`
	ArrivedAt       string   `json:"arrivedAt,omitempty" doc:"First arrival on site"`
	ResolvedAt      string   `json:"resolvedAt,omitempty"`
	How             string   `json:"how,omitempty"`
	ClosedAt        string   `json:"closedAt,omitempty"`
	Reopenings      int      `json:"reopenings"`
	Category        string   `json:"category,omitempty"`
	Presence        string   `json:"presence,omitempty"`
	InWarranty      *bool    `json:"inWarranty" doc:"Here and below: null until the team was notified, which settles the coverage"`
	Bearer          string   `json:"bearer,omitempty" doc:"Of wear; human damage and force majeure are the center's"`
	TravelCharged   *bool    `json:"travelCharged"`
	Clause          string   `json:"clause,omitempty"`
	Overrides       int      `json:"overrides" doc:"Of the coverage frozen at notification"`
	Clock           string   `json:"clock" doc:"MET, BREACHED, RUNNING, ADVISORY (never breached), NONE or NOT_NOTIFIED"`
	RespondBy       string   `json:"respondBy,omitempty" doc:"Latest arrival"`
	StoppedAt       string   `json:"stoppedAt,omitempty" doc:"Arrival, or resolution where nobody had to come"`
	LateSeconds     *int64   `json:"lateSeconds" doc:"After respondBy: until stoppedAt, or until the moment asked about; null where no clock can be breached"`
	RemainingSecs   *int64   `json:"remainingSeconds" doc:"Until respondBy; null unless the clock is running"`
	FaultLines      int      `json:"faultLines"`
	Replacements    int      `json:"replacements"`
	OurCost         string   `json:"ourCost" doc:"Parts issued for faults whose cost we bear"`
	CenterCost      string   `json:"centerCost" doc:"Parts issued for faults whose cost the center bears, at our cost"`
	Charged         string   `json:"charged" doc:"To the center, for this ticket"`
	OpenEscalations int      `json:"openEscalations"`
	Because         []string `json:"because,omitempty" doc:"How the coverage came to be; of a single ticket"`
}

// TicketTotalsBody counts tickets.
type TicketTotalsBody struct {
	Tickets     uint64 `json:"tickets"`
	Open        uint64 `json:"open"`
	Closed      uint64 `json:"closed"`
	Met         uint64 `json:"met"`
	Breached    uint64 `json:"breached"`
	Running     uint64 `json:"running"`
	LateSeconds int64  `json:"lateSeconds"`
}

// TicketListBody lists tickets.
type TicketListBody struct {
	kit.Basis
	Rows   []TicketRowBody  `json:"rows"`
	Totals TicketTotalsBody `json:"totals" doc:"Over all tickets that match, not only this page's"`
	Next   string           `json:"next,omitempty"`
}

func ticketRowBody(r workviews.TicketRow) TicketRowBody {
	return TicketRowBody{
		Ticket: string(r.Ticket), Project: string(r.Project), ProjectName: r.ProjectName, Region: r.Region,
		Center: string(r.Center), Room: r.Room,
		Owner: r.Owner, Device: r.Device, Need: r.Need, Status: r.Status, RegisteredAt: kit.Instant(r.RegisteredAt),
		NotifiedAt: kit.Instant(r.NotifiedAt),
		AcceptedAt: kit.Instant(r.AcceptedAt), Technician: r.Technician, ArrivedAt: kit.Instant(r.ArrivedAt),
		ResolvedAt: kit.Instant(r.ResolvedAt),
		How:        string(r.How), ClosedAt: kit.Instant(r.ClosedAt), Reopenings: r.Reopenings, Category: string(r.Category),
		Presence:   string(r.Presence),
		InWarranty: kit.OnlyIf(r.Covered(), r.InWarranty), Bearer: string(r.Bearer),
		TravelCharged: kit.OnlyIf(r.Covered(), r.TravelCharged), Clause: r.Clause,
		Overrides: r.Overrides,
		Clock:     string(r.Clock), RespondBy: kit.Instant(r.RespondBy), StoppedAt: kit.Instant(r.StoppedAt),
		LateSeconds:   kit.OnlyIf(r.Clock.Binding(), int64(r.Late/time.Second)),
		RemainingSecs: kit.OnlyIf(r.Clock == workviews.ClockRunning, int64(r.Remaining/time.Second)),
		FaultLines:    r.FaultLines,
		Replacements:  r.Replacements, OurCost: r.OurCost.String(), CenterCost: r.CenterCost.String(),
		Charged:         r.Charged.String(),
		OpenEscalations: r.OpenEscalations,
	}
}

func (s *service) listTickets(ctx context.Context, in *ticketListInput) (out TicketListBody, err error) {
	var p kit.Parser
	filter := workviews.TicketFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}, Status: in.Status,
		Clock:    workviews.Clock(in.Clock),
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
	t := r.Totals
	out = TicketListBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]TicketRowBody, len(r.Rows)), Next: r.Next,
		Totals: TicketTotalsBody{t.Tickets, t.Open, t.Closed, t.Met, t.Breached, t.Running, int64(t.Late / time.Second)},
	}
	for i, row := range r.Rows {
		out.Rows[i] = ticketRowBody(row)
	}
	return out, nil
}

type ticketHistoryInput struct {
	kit.CutParams
	Ticket string `path:"ticket"`
}

// TicketStepBody is one thing that happened to a ticket.
type TicketStepBody struct {
	Position   uint64 `json:"position"`
	Step       string `json:"step"`
	At         string `json:"at"`
	RecordedAt string `json:"recordedAt"`
	Actor      string `json:"actor"`
	Role       string `json:"role"`
	Who        string `json:"who,omitempty"`
	What       string `json:"what,omitempty"`
	Was        string `json:"was,omitempty"`
	Now        string `json:"now,omitempty"`
	Text       string `json:"text,omitempty"`
}

// TicketHistoryBody is one ticket, from its registration on.
type TicketHistoryBody struct {
	kit.Basis
	Ticket TicketRowBody    `json:"ticket"`
	Steps  []TicketStepBody `json:"steps" doc:"In the order in which they were recorded"`
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
	out = TicketHistoryBody{
		Basis: kit.BasisOf(r.Answer), Ticket: ticketRowBody(r.Ticket), Steps: make([]TicketStepBody, len(r.Steps)),
	}
	out.Ticket.Because = r.Ticket.Because
	for i, v := range r.Steps {
		out.Steps[i] = TicketStepBody{
			v.Position, v.Step, kit.Instant(v.At), kit.Instant(v.RecordedAt), v.Actor, v.Role, v.Who, v.What, v.Was, v.Now,
			v.Text,
		}
	}
	return out, nil
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

// OpinionBody is what one of those asked has said.
type OpinionBody struct {
	Text string `json:"text"`
	By   string `json:"by"`
}

// EscalationRowBody is an escalation as it stands.
type EscalationRowBody struct {
	Ticket        string       `json:"ticket"`
	Escalation    string       `json:"escalation"`
	Project       string       `json:"project"`
	Region        string       `json:"region"`
	Center        string       `json:"center"`
	Reason        string       `json:"reason"`
	ComplaintRisk bool         `json:"complaintRisk"`
	Matter        string       `json:"matter"`
	EscalatedAt   string       `json:"escalatedAt"`
	EscalatedBy   string       `json:"escalatedBy"`
	Supervisor    *OpinionBody `json:"supervisor,omitempty"`
	Manager       *OpinionBody `json:"manager,omitempty"`
	Awaits        []string     `json:"awaits" doc:"Roles whose opinions are awaited"`
	FollowUps     int          `json:"followUps"`
	LastFollowUp  string       `json:"lastFollowUp,omitempty"`
	Open          bool         `json:"open"`
	ClosedAt      string       `json:"closedAt,omitempty"`
	Outcome       string       `json:"outcome,omitempty"`
	AgeDays       int          `json:"ageDays"`
}

// EscalationListBody lists escalations.
type EscalationListBody struct {
	kit.Basis
	Rows []EscalationRowBody `json:"rows"`
	Next string              `json:"next,omitempty"`
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
	out = EscalationListBody{Basis: kit.BasisOf(r.Answer), Rows: make([]EscalationRowBody, len(r.Rows)), Next: r.Next}
	opinion := func(o workviews.Opinion) *OpinionBody {
		if o.By == "" {
			return nil
		}
		return &OpinionBody{o.Text, o.By}
	}
	for i, v := range r.Rows {
		b := EscalationRowBody{
			string(v.Ticket), string(v.Escalation), string(v.Project), v.Region, string(v.Center), string(v.Reason),
			v.ComplaintRisk, v.Matter,
			kit.Instant(v.EscalatedAt), v.EscalatedBy, opinion(v.Supervisor), opinion(v.Manager), []string{}, v.FollowUps,
			v.LastFollowUp,
			v.ClosedAt.IsZero(), kit.Instant(v.ClosedAt), v.Outcome, v.AgeDays,
		}
		for _, role := range v.Awaits() {
			b.Awaits = append(b.Awaits, string(role))
		}
		out.Rows[i] = b
	}
	return out, nil
}

// NextPage is the cursor of the next page, empty on the last.
func (b *TicketListBody) NextPage() string { return b.Next }

// NextPage is the cursor of the next page, empty on the last.
func (b *EscalationListBody) NextPage() string { return b.Next }

// NextPage is the cursor of the next page, empty on the last.
func (b *VisitsBody) NextPage() string { return b.Next }

// NextPage is the cursor of the next page, empty on the last.
func (b *HandoversBody) NextPage() string { return b.Next }

// NextPage is the cursor of the next page, empty on the last.
func (b *ProjectListBody) NextPage() string { return b.Next }
