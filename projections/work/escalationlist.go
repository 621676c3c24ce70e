package work

import (
	"context"
	_ "embed"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
)

//go:embed escalationlist.sql
var escalationListSQL string

// EscalationRow is an escalation as it stands.
type EscalationRow struct {
	Ticket        domain.TicketID
	Escalation    domain.EscalationID
	Project       domain.ProjectID
	Region        string
	Center        domain.CenterID
	Reason        ticket.EscalationReason
	ComplaintRisk bool
	Matter        string
	EscalatedAt   time.Time
	EscalatedBy   string
	Supervisor    Opinion
	Manager       Opinion
	FollowUps     int
	LastFollowUp  string
	ClosedAt      time.Time // zero: open
	Outcome       string
	AgeDays       int // until it was closed, or until the cut
}

// Opinion is what one of those asked has said; empty: nothing yet.
type Opinion struct{ Text, By string }

// Awaits lists the roles whose opinions an open escalation waits for.
func (r EscalationRow) Awaits() (roles []domain.Role) {
	if !r.ClosedAt.IsZero() {
		return nil
	}
	if r.Supervisor.By == "" {
		roles = append(roles, domain.HQAffairsSupervisor)
	}
	if r.Manager.By == "" {
		roles = append(roles, domain.DepartmentManager)
	}
	return roles
}

// EscalationFilter narrows the escalations down. Empty fields do not narrow.
type EscalationFilter struct {
	projections.Filter // Region is the project's
	Ticket             domain.TicketID
	OpenOnly           bool
	Awaits             domain.Role // only those that wait for this role's opinion
}

// EscalationList is the answer of [Views.Escalations].
type EscalationList struct {
	projections.Answer
	Rows []EscalationRow // by ticket and number
	Next string
}

// Escalations answers where escalations stand (§5.1.2).
func (m Views) Escalations(
	ctx context.Context, cut projections.Cut, filter EscalationFilter, page projections.Page,
) (EscalationList, error) {
	q, err := m.Ask(cut, page, "escalations", filter)
	if err != nil {
		return EscalationList{}, err
	}
	defer q.Done()
	answer := EscalationList{Answer: q.Answer}
	p := filter.Params().With("ticket",
		string(filter.Ticket)).With("open_only", filter.OpenOnly).With("awaits", string(filter.Awaits)).
		With("after_ticket", q.AfterKey(0, "")).With("after_escalation", q.AfterKey(1, ""))
	err = q.Rows(ctx, escalationListSQL, p, func(rows driver.Rows) error {
		var r EscalationRow
		var escalated, closed int64
		var followUps uint64
		var age uint32
		if err := rows.Scan(
			projections.TextTo(&r.Ticket), projections.TextTo(&r.Escalation), projections.TextTo(&r.Project), &r.Region,
			projections.TextTo(&r.Center), projections.TextTo(&r.Reason), &r.ComplaintRisk, &r.Matter,
			&escalated, &r.EscalatedBy, &r.Supervisor.Text, &r.Supervisor.By, &r.Manager.Text, &r.Manager.By, &followUps,
			&r.LastFollowUp, &closed,
			&r.Outcome, &age,
		); err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.Next(string(end.Ticket), string(end.Escalation))
			return nil
		}
		r.EscalatedAt, r.FollowUps, r.AgeDays = projections.InShanghai(time.UnixMilli(escalated)), int(followUps), int(age)
		if closed != 0 {
			r.ClosedAt = projections.InShanghai(time.UnixMilli(closed))
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}
