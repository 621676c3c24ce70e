package work

import (
	"context"
	"fmt"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/servicetable"
	"aftersales-ledger/eventstore/ledger"
	workviews "aftersales-ledger/projections/work"
)

type rosterInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		From    string              `json:"from" example:"2026-06-01" doc:"From when it is in force, until the next version's"`
		Entries []workviews.Contact `json:"entries"`
	}
}

type formHandoverInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		On         string `json:"on" example:"2024-09-02"`
		ReceivedBy string `json:"receivedBy" example:"吴敏" doc:"Of the center"`
	}
}

type amendWarrantyInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Warranty warrantyBody `json:"warranty"`
		From     string       `json:"from" example:"2026-03-01" doc:"From when it counts; tickets notified before keep what was frozen on them"`
		Reason   string       `json:"reason" example:"入伙日期确定"`
	}
}

type overrideTermsInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Override string `json:"override,omitempty" example:"HT-1" doc:"Number, unique in the project; derived from the Idempotency-Key if absent"`
		Warranty string `json:"warranty" enum:"in,over" doc:"With team: the row of the service table"`
		Team     string `json:"team" enum:"ON_PROJECT,ELSEWHERE_CITY,LEFT_CITY"`
		Cell     string `json:"cell" enum:"response,visits,onSite,cost,travel,support"`
		Value    string `json:"value" example:"12h" doc:"As the cell is written in a table: response none, promptly or 24h; visits none, 2/week, 1/half-month or 1/month; onSite none or 6 months; cost department or center; travel free or charged; support visit or phone. table gives the cell back to the table"`
		From     string `json:"from" example:"2026-01-01"`
		Until    string `json:"until,omitempty" doc:"The last day; absent: until the next term for the cell"`
		Contract string `json:"contract" example:"合同第8.2条" doc:"Clause of the contract"`
		Reason   string `json:"reason,omitempty"`
	}
}

type planHandoverInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		Items []plannedItemBody `json:"items,omitempty" doc:"When each is due; what is not named is due when the warranty ends"`
	}
}

type plannedItemBody struct {
	Item  string `json:"item" enum:"PERSON,EMERGENCY_PLAN,TRAINING,GRADUAL_HANDOVER"`
	DueOn string `json:"dueOn" example:"2026-04-30"`
}

type handoverEvidenceInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Item    string `path:"item" enum:"PERSON,EMERGENCY_PLAN,TRAINING,GRADUAL_HANDOVER"`
	Body    struct {
		On       string   `json:"on" example:"2026-04-20"`
		Evidence string   `json:"evidence" example:"培训签到表2026-04" doc:"The paper that proves it"`
		Person   string   `json:"person,omitempty" doc:"Named by the center; required for PERSON"`
		Attended []string `json:"attended,omitempty" doc:"Who was trained; required for TRAINING"`
	}
}

type sparePartsInput struct {
	kit.CommandHeaders
	Project string `path:"project"`
	Body    struct {
		On    string            `json:"on" example:"2026-09-10"`
		Parts []advisedPartBody `json:"parts"`
	}
}

type advisedPartBody struct {
	Part     string `json:"part" example:"LK-1"`
	Name     string `json:"name,omitempty" example:"电插锁"`
	Quantity string `json:"quantity" example:"2"`
	Remark   string `json:"remark,omitempty"`
}

func (s *service) projectTerms() {
	kit.Command(s.Service, "/v1/projects/{project}/rosters", "publish-roster",
		"Publish who is on call 24 hours, from a date on (5.1.1)", kit.MayLeadProjects,
		func(ctx context.Context, in *rosterInput) (kit.Receipt, error) {
			var p kit.Parser
			c := project.PublishRoster{Project: domain.ProjectID(in.Project), From: p.Date("from", in.Body.From)}
			for _, e := range in.Body.Entries {
				c.Entries = append(c.Entries, project.Contact(e))
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, ledger.Dateless((*project.Project).PublishRoster))
			return kit.ReceiptOf(in.Project, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/registration-form", "hand-over-form",
		"Record F0 in the center's hands (5.1.2)", kit.MayLeadProjects,
		func(ctx context.Context, in *formHandoverInput) (kit.Receipt, error) {
			var p kit.Parser
			c := project.HandOverForm{
				Project: domain.ProjectID(in.Project), On: p.Date("on", in.Body.On), ReceivedBy: in.Body.ReceivedBy,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*project.Project).HandOverForm)
			return kit.ReceiptOf(in.Project, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/warranty", "amend-warranty",
		"Agree the warranty anew from a date on (5.4)", kit.MayOverrideTerms,
		func(ctx context.Context, in *amendWarrantyInput) (kit.Receipt, error) {
			var p kit.Parser
			c := project.AmendWarranty{
				Project: domain.ProjectID(in.Project), Warranty: in.Body.Warranty.read(&p), From: p.Date("from", in.Body.From),
				Reason: in.Body.Reason,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, ledger.Dateless((*project.Project).AmendWarranty))
			return kit.ReceiptOf(in.Project, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/service-overrides", "override-service-terms",
		"Enter a term of the contract in place of a cell of the service table (5.4)", kit.MayOverrideTerms,
		func(ctx context.Context, in *overrideTermsInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Override == "" {
				b.Override = r.NewID("HT")
			}
			c := project.OverrideTerms{
				Project: domain.ProjectID(in.Project), Override: domain.OverrideID(b.Override), InWarranty: b.Warranty == "in",
				Presence: policy.Presence(b.Team),
				Cell:     policy.Cell(b.Cell), Value: b.Value, From: p.Date("from", b.From), Until: p.Date("until", b.Until),
				Contract: b.Contract, Reason: b.Reason,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), r, c, ledger.Dateless((*project.Project).OverrideTerms))
			return kit.ReceiptOf(b.Override, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/handover", "plan-handover",
		"Plan what the center must have before the warranty ends (5.4.1.1)", kit.MayLeadProjects,
		func(ctx context.Context, in *planHandoverInput) (kit.Receipt, error) {
			var p kit.Parser
			c := project.PlanHandover{Project: domain.ProjectID(in.Project)}
			for i, item := range in.Body.Items {
				c.Due = append(c.Due,
					project.PlannedItem{
						Item: project.HandoverItem(item.Item), DueOn: p.Date(fmt.Sprintf("items[%d].dueOn", i), item.DueOn),
					})
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).PlanHandover(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(in.Project, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/handover/{item}", "finish-handover-item",
		"Record the evidence of an item of the handover (5.4.1.1)", kit.MayProveHandover,
		func(ctx context.Context, in *handoverEvidenceInput) (kit.Receipt, error) {
			var p kit.Parser
			c := project.FinishHandoverItem{
				Project: domain.ProjectID(in.Project), Item: project.HandoverItem(in.Item), On: p.Date("on", in.Body.On),
				Person:   in.Body.Person,
				Attended: in.Body.Attended, Evidence: in.Body.Evidence,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*project.Project).FinishHandoverItem)
			return kit.ReceiptOf(in.Project, o), err
		})

	kit.Command(s.Service, "/v1/projects/{project}/spare-parts-advice", "advise-spare-parts",
		"Record which wearing parts the center was advised to stock (5.4.2.1)", kit.MayAdviseParts,
		func(ctx context.Context, in *sparePartsInput) (kit.Receipt, error) {
			var p kit.Parser
			c := project.AdviseSpareParts{Project: domain.ProjectID(in.Project), On: p.Date("on", in.Body.On)}
			for i, part := range in.Body.Parts {
				c.Parts = append(c.Parts, project.AdvisedPart{
					Part: domain.PartCode(part.Part), Name: part.Name,
					Quantity: p.Decimal(fmt.Sprintf("parts[%d].quantity", i), part.Quantity), Remark: part.Remark,
				})
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*project.Project).AdviseSpareParts)
			return kit.ReceiptOf(in.Project, o), err
		})
}

type serviceTableBody struct {
	Version        string           `json:"version" example:"2026-east"`
	EffectiveFrom  string           `json:"effectiveFrom" example:"2026-07-01"`
	HandoverMonths int              `json:"handoverMonths,omitempty" default:"6" doc:"So many months before the warranty ends the handover begins (5.4.1.1)"`
	Rows           []serviceRowBody `json:"rows" doc:"One for each of the six combinations of warranty and team"`
}

type serviceRowBody struct {
	Clause   string `json:"clause" example:"5.4/2"`
	Warranty string `json:"warranty" example:"in" doc:"in or over"`
	Team     string `json:"team" example:"elsewhere-city" doc:"on-project, elsewhere-city or left-city"`
	Response string `json:"response" example:"24h" doc:"Arrival in an emergency: none, promptly, or a time such as 24h"`
	Visits   string `json:"visits" example:"1/week" doc:"Routine visits: none, 2/week, 1/half-month, 1/month"`
	OnSite   string `json:"onSite,omitempty" example:"6 months" doc:"On site until so long after occupancy; none if absent"`
	Cost     string `json:"cost" example:"department" doc:"department or center"`
	Travel   string `json:"travel,omitempty" example:"free" doc:"free, or charged where the center bears the cost; free if absent"`
	Support  string `json:"support,omitempty" example:"visit" doc:"visit or phone; visit if absent"`
}

// ServiceTableAnswer is the service table in force on a date.
type ServiceTableAnswer struct {
	On             string           `json:"on"`
	Version        string           `json:"version,omitempty" doc:"Absent: the procedure's own"`
	EffectiveFrom  string           `json:"effectiveFrom,omitempty"`
	HandoverMonths int              `json:"handoverMonths"`
	Rows           []serviceRowBody `json:"rows"`
	Notices        NoticeRulesBody  `json:"notices" doc:"How hard this server tries to send a notice, whatever the date"`
}

// NoticeRulesBody is how hard the server tries to send a notice, see the file that
// ledger policy --write writes. Times are such as 1m0s, 48h0m0s.
type NoticeRulesBody struct {
	FirstRetry   string `json:"firstRetry" doc:"After the first failure; the wait doubles each time"`
	LongestRetry string `json:"longestRetry" doc:"The wait grows up to this"`
	GiveUpAfter  string `json:"giveUpAfter" doc:"Since the first failure; then a person decides"`
	WaitForAll   int    `json:"waitForAll" doc:"Attempts for all recipients before those that can be reached go first"`
}

func noticeRulesBody(r policy.NoticeRules) NoticeRulesBody {
	return NoticeRulesBody{r.FirstRetry.String(), r.LongestRetry.String(), r.GiveUpAfter.String(), r.WaitForAll}
}

// LogParams are part of a question that the log itself answers.
type LogParams struct {
	After uint64 `query:"after" doc:"Taken as with every question; the log itself answers this one and is never behind"`
}

type serviceTableInput struct {
	LogParams
	On string `query:"on" doc:"Date on which it is in force. Default: today"`
}

func (s *service) serviceTables() {
	kit.Command(s.Service, "/v1/service-tables", "publish-service-table",
		"Put a service table of the department's own in force from a date on (5.4)", kit.MayPublishTables,
		func(ctx context.Context, in *kit.CommandInput[serviceTableBody]) (kit.Receipt, error) {
			var p kit.Parser
			b := in.Body
			c := servicetable.Publish{
				Table:         policy.TableText{Version: b.Version, HandoverMonths: b.HandoverMonths},
				EffectiveFrom: p.Date("effectiveFrom", b.EffectiveFrom),
			}
			for _, row := range b.Rows {
				c.Table.Rows = append(c.Table.Rows, policy.RowText(row))
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, ledger.Dateless((*servicetable.Tables).Publish))
			return kit.ReceiptOf(b.Version, o), err
		})

	kit.TaggedQuery(s.Service, "/v1/service-table", "service-table", "The service table in force on a date (5.4)", kit.MayReadTables,
		func(*serviceTableInput) string { return servicetable.Stream },
		func(ctx context.Context, in *serviceTableInput) (out ServiceTableAnswer, err error) {
			var p kit.Parser
			on := p.Date("on", in.On)
			if p.Err != nil {
				return out, p.Err
			}
			if on.IsZero() {
				on = s.Today()
			}
			table, from, err := s.Ledger(ctx).ServiceTable(ctx, on)
			text := table.Text()
			out = ServiceTableAnswer{
				On: on.String(), Version: text.Version, EffectiveFrom: from.String(), HandoverMonths: text.HandoverMonths,
			}
			out.Notices = noticeRulesBody(s.Deps.NoticeRules)
			for _, row := range text.Rows {
				out.Rows = append(out.Rows, serviceRowBody(row))
			}
			return out, err
		})
}

type serviceInput struct {
	LogParams
	Project  string `path:"project"`
	At       string `query:"at" doc:"Moment asked about, an instant or a date. Default: now" example:"2026-10-02T20:15:00+08:00"`
	Category string `query:"category" enum:"EMERGENCY,ORDINARY" doc:"Of a need"`
	Cause    string `query:"cause" enum:"WEAR,HUMAN_DAMAGE,LIGHTNING,TYPHOON,FORCE_MAJEURE,UNKNOWN" doc:"Of a fault"`
}

// ServiceAnswer is what a project is granted at a moment, and why.
type ServiceAnswer struct {
	Project        string                   `json:"project"`
	Center         string                   `json:"center"`
	At             string                   `json:"at"`
	Table          string                   `json:"table,omitempty" doc:"Version of the service table; absent: the procedure's own"`
	Clause         string                   `json:"clause"`
	WarrantyEndsOn string                   `json:"warrantyEndsOn" doc:"Last day in warranty"`
	OccupancyOn    string                   `json:"occupancyOn,omitempty"`
	InWarranty     bool                     `json:"inWarranty"`
	Presence       string                   `json:"presence"`
	Response       string                   `json:"response" doc:"The cell of the row, as the contract has it"`
	RespondBy      string                   `json:"respondBy,omitempty" doc:"Latest arrival; absent: no deadline"`
	Advisory       bool                     `json:"advisory" doc:"Prompt arrival is asked for, and cannot be breached"`
	Visits         string                   `json:"visits" doc:"Routine visits owed on that day"`
	OnSiteUntil    string                   `json:"onSiteUntil,omitempty"`
	Bearer         string                   `json:"bearer"`
	TravelCharged  bool                     `json:"travelCharged" doc:"Where the center bears the cost"`
	PhoneOnly      bool                     `json:"phoneOnly"`
	HandoverFrom   string                   `json:"handoverFrom" doc:"When the handover before the warranty's end begins (5.4.1.1)"`
	Contract       []workviews.ContractTerm `json:"contract" doc:"Cells that the contract has changed"`
	Because        []string                 `json:"because" doc:"From the inputs to the result"`
}

// moment reads an instant, or a date as its noon.
func moment(p *kit.Parser, field, s string) time.Time {
	if len(s) == len(time.DateOnly) {
		return p.Date(field, s).Start().Add(12 * time.Hour)
	}
	return p.Instant(field, s)
}

func (s *service) serviceOf(ctx context.Context, in *serviceInput) (out ServiceAnswer, err error) {
	var p kit.Parser
	at := moment(&p, "at", in.At)
	if p.Err != nil {
		return out, p.Err
	}
	v, err := s.Ledger(ctx).ServiceOf(ctx, domain.ProjectID(in.Project), at,
		policy.Category(in.Category), policy.Cause(in.Cause))
	if err != nil {
		return out, err
	}
	r := v.Ruling
	out = ServiceAnswer{
		Project: in.Project, Center: string(v.Center), At: r.Inputs.At.Format(time.RFC3339), Table: v.Table, Clause: r.Clause,
		WarrantyEndsOn: r.Inputs.WarrantyEndsOn.String(), OccupancyOn: r.Inputs.OccupancyOn.String(),
		InWarranty: r.InWarranty,
		Presence:   string(r.Inputs.Presence), Response: r.Row.Text(policy.Response), Advisory: r.Advisory,
		Visits:      r.Visits.String(),
		OnSiteUntil: r.OnSiteUntil.String(), Bearer: string(r.Bearer), TravelCharged: r.TravelCharged,
		PhoneOnly:    r.Row.PhoneOnly,
		HandoverFrom: v.HandoverFrom.String(), Contract: workviews.ContractTerms(r), Because: r.Because(),
	}
	if r.RespondBy != nil {
		out.RespondBy = r.RespondBy.Format(time.RFC3339)
	}
	return out, nil
}
