package work

import (
	"context"
	_ "embed"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
)

//go:embed escalationlist.sql
var escalationListSQL string

// EscalationRow is an escalation as it stands.
type EscalationRow struct {
	Ticket        domain.TicketID         `json:"ticket"`
	Escalation    domain.EscalationID     `json:"escalation"`
	Project       domain.ProjectID        `json:"project"`
	Region        string                  `json:"region"`
	Center        domain.CenterID         `json:"center"`
	Reason        ticket.EscalationReason `json:"reason"`
	ComplaintRisk bool                    `json:"complaintRisk"`
	Matter        string                  `json:"matter"`
	EscalatedAt   projections.Moment      `json:"escalatedAt"`
	EscalatedBy   string                  `json:"escalatedBy"`
	Supervisor    Opinion                 `json:"supervisor,omitzero" sql:"supervisor_,inline"`
	Manager       Opinion                 `json:"manager,omitzero" sql:"manager_,inline"`
	Awaits        []string                `json:"awaits" doc:"Roles whose opinions are awaited"`
	FollowUps     int                     `json:"followUps"`
	LastFollowUp  string                  `json:"lastFollowUp,omitempty"`
	Open          bool                    `json:"open"`
	ClosedAt      projections.Moment      `json:"closedAt,omitzero"`
	Outcome       string                  `json:"outcome,omitempty"`
	AgeDays       int                     `json:"ageDays"` // until it was closed, or until the cut
}

// Opinion is what one of those asked has said; empty: nothing yet.
type Opinion struct {
	Text string `json:"text"`
	By   string `json:"by"`
}

// EscalationFilter narrows the escalations down. Empty fields do not narrow.
type EscalationFilter struct {
	projections.Filter // Region is the project's
	Ticket             domain.TicketID
	OpenOnly           bool
	Awaits             domain.Role // only those that wait for this role's opinion
}

// EscalationList is the answer of [Views.Escalations], by ticket and number.
type EscalationList = projections.List[EscalationRow]

// Escalations answers where escalations stand (§5.1.2).
func (m Views) Escalations(
	ctx context.Context, cut projections.Cut, filter EscalationFilter, page projections.Page,
) (EscalationList, error) {
	q, err := m.Ask(cut, page, "escalations", filter)
	if err != nil {
		return EscalationList{}, err
	}
	defer q.Done()
	p := filter.Params().With("ticket", string(filter.Ticket)).With("open_only", filter.OpenOnly).
		With("awaited", string(filter.Awaits)).
		With("after_ticket", q.AfterKey(0, "")).With("after_escalation", q.AfterKey(1, ""))
	list, err := projections.ListOf(ctx, q, escalationListSQL, p, func(r *EscalationRow) []string {
		return []string{string(r.Ticket), string(r.Escalation)}
	})
	if err != nil || !slices.ContainsFunc(list.Rows, func(r EscalationRow) bool { return r.Region == "" }) {
		return list, err
	}
	sites, err := q.Sites(ctx) // of projects that lie beyond the reach of who asks, see beyondReach
	for i := range list.Rows {
		list.Rows[i].Region = sites.Region(list.Rows[i].Project)
	}
	return list, err
}
