package work

import (
	"cmp"
	"context"
	_ "embed"
	"math"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
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

// Clock says how a ticket stands to its response deadline.
type Clock string

const (
	ClockMet         Clock = "MET"          // 按时到场, on the last second too
	ClockBreached    Clock = "BREACHED"     // 超时, whether anybody has arrived since or not
	ClockRunning     Clock = "RUNNING"      // 计时中
	ClockAdvisory    Clock = "ADVISORY"     // 尽快到场: never breached
	ClockNone        Clock = "NONE"         // no deadline
	ClockNotNotified Clock = "NOT_NOTIFIED" // the team does not know yet
)

// Binding reports whether the clock has a deadline that can be missed.
func (c Clock) Binding() bool { return c == ClockMet || c == ClockBreached || c == ClockRunning }

// TicketRow is a ticket as it stands. Times that have not come are zero.
type TicketRow struct {
	Ticket      domain.TicketID
	Project     domain.ProjectID
	ProjectName string
	Region      string
	Center      domain.CenterID
	Room        string
	Owner       string
	Device      string
	Need        string
	Status      string // REGISTERED, NOTIFIED, ACCEPTED, ON_SITE, RESOLVED, CLOSED or REOPENED

	RegisteredAt time.Time
	NotifiedAt   time.Time
	AcceptedAt   time.Time
	Technician   string // who took it up
	ArrivedAt    time.Time
	ResolvedAt   time.Time
	How          ticket.Resolution
	ClosedAt     time.Time
	Reopenings   int

	Category      policy.Category
	Presence      policy.Presence
	InWarranty    bool
	Bearer        policy.Bearer
	TravelCharged bool
	Clause        string
	Because       []string // how the coverage came to be
	Overrides     int      // of the coverage frozen at notification

	Clock     Clock
	RespondBy time.Time
	StoppedAt time.Time     // arrival, or resolution where nobody had to come
	Late      time.Duration // after RespondBy, until StoppedAt or until the cut
	Remaining time.Duration // until RespondBy, while running

	FaultLines      int
	Replacements    int
	OurCost         money.Amount // of parts issued for lines whose cost we bear
	CenterCost      money.Amount // of parts issued for lines whose cost the center bears
	Charged         money.Amount // to the center, for this ticket
	OpenEscalations int
}

// Covered reports whether the coverage is settled, which the notification does
// (§5.4).
func (r TicketRow) Covered() bool { return r.Clause != "" }

// TicketFilter narrows the tickets down. Empty fields do not narrow.
type TicketFilter struct {
	projections.Filter // Region is the project's
	Ticket             domain.TicketID
	Status             string
	Clock              Clock
	Category           policy.Category
	OpenOnly           bool          // not closed
	Overridden         bool          // only those whose coverage was overridden
	From, To           calendar.Date // registered on these dates, both included
}

// TicketTotals counts the tickets that match, not only a page's.
type TicketTotals struct {
	Tickets, Closed, Open  uint64
	Met, Breached, Running uint64
	Late                   time.Duration // of all breaches together
}

// TicketList is the answer of [Views.Tickets].
type TicketList struct {
	projections.Answer
	Rows   []TicketRow // by number
	Totals TicketTotals
	Next   string // asks for the next page; empty on the last
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
	answer := TicketList{Answer: q.Answer}
	p := filter.params(q).With("after_ticket", q.AfterKey(0, ""))
	if err := q.Rows(ctx, ticketListSQL+ticketListRowsSQL, p, func(rows driver.Rows) error {
		r, err := scanTicket(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			answer.Next = q.Next(string(answer.Rows[q.Limit-1].Ticket))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	}); err != nil {
		return TicketList{}, err
	}
	err = q.Rows(ctx, ticketListSQL+ticketListTotalsSQL, filter.params(q), func(rows driver.Rows) error {
		t := &answer.Totals
		var late int64
		err := rows.Scan(&t.Tickets, &t.Closed, &t.Open, &t.Met, &t.Breached, &t.Running, &late)
		t.Late = time.Duration(late) * time.Second
		return err
	})
	return answer, err
}

func scanTicket(rows driver.Rows) (r TicketRow, err error) {
	var registered, notified, accepted, arrived, resolved, closed, deadline, stopped, late, remaining int64
	var reopenings, overrides, lines, replacements, escalations uint64
	err = rows.Scan(
		projections.TextTo(&r.Ticket), projections.TextTo(&r.Project), &r.ProjectName, &r.Region,
		projections.TextTo(&r.Center), &r.Room, &r.Owner, &r.Device, &r.Need, &r.Status,
		&registered, &notified, &accepted, &r.Technician, &arrived, &resolved, projections.TextTo(&r.How), &closed,
		&reopenings,
		projections.TextTo(&r.Category), projections.TextTo(&r.Presence), &r.InWarranty, projections.TextTo(&r.Bearer),
		&r.TravelCharged, &r.Clause, &r.Because, &overrides,
		projections.TextTo(&r.Clock), &deadline, &stopped, &late, &remaining,
		&lines, &replacements, projections.AmountTo(&r.OurCost), projections.AmountTo(&r.CenterCost),
		projections.AmountTo(&r.Charged), &escalations,
	)
	for _, t := range []struct {
		to *time.Time
		at int64
	}{
		{&r.RegisteredAt, registered}, {&r.NotifiedAt, notified}, {&r.AcceptedAt, accepted}, {&r.ArrivedAt, arrived},
		{&r.ResolvedAt, resolved}, {&r.ClosedAt, closed}, {&r.RespondBy, deadline}, {&r.StoppedAt, stopped},
	} {
		if t.at != 0 {
			*t.to = projections.InShanghai(time.Unix(t.at, 0))
		}
	}
	r.Late, r.Remaining = time.Duration(late)*time.Second, time.Duration(remaining)*time.Second
	r.Reopenings, r.Overrides, r.FaultLines, r.Replacements, r.OpenEscalations = int(reopenings), int(overrides),
		int(lines), int(replacements), int(escalations)
	return r, err
}

// TicketStep is one thing that happened to a ticket.
type TicketStep struct {
	Position   uint64
	Step       string
	At         time.Time // business time
	RecordedAt time.Time
	Actor      string
	Role       string
	Who        string // who accepted, arrived or gave an opinion
	What       string // how it was resolved, what was overridden, which line or escalation
	Was, Now   string // of an override
	Text       string // note, reason, symptom or opinion
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
	if err := q.Rows(ctx, ticketListSQL+ticketListRowsSQL, filter.params(q).With("after_ticket",
		""), func(rows driver.Rows) (err error) {
		answer.Found = true
		answer.Ticket, err = scanTicket(rows)
		return err
	}); err != nil || !answer.Found {
		return answer, err
	}
	err = q.Rows(ctx, ticketListStepsSQL, projections.Params{"ticket": string(id)}, func(rows driver.Rows) error {
		var s TicketStep
		var at, recorded int64
		err := rows.Scan(&s.Position, &s.Step, &at, &recorded, &s.Actor, &s.Role, &s.Who, &s.What, &s.Was, &s.Now, &s.Text)
		s.At, s.RecordedAt = projections.InShanghai(time.UnixMilli(at)), projections.InShanghai(time.UnixMicro(recorded))
		answer.Steps = append(answer.Steps, s)
		return err
	})
	return answer, err
}
