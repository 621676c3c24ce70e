package projections

import (
	"cmp"
	"context"
	_ "embed"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
)

//go:embed faultlist.sql
var faultListSQL string

// FaultListLine is one line of F1 with the issues that name it and the last
// review, §5.1.3.
type FaultListLine struct {
	Position     uint64
	RecordedAt   time.Time
	Actor        string
	Line         domain.FaultLineID
	Ticket       domain.TicketID
	Project      domain.ProjectID
	ProjectName  string
	Region       string
	Center       domain.CenterID
	Device       string
	Serial       string
	Location     string
	Symptom      string
	Cause        policy.Cause
	SolvedOnSite bool
	Replaces     bool
	Part         domain.PartCode
	Quantity     decimal.Decimal
	OldSerial    string
	NewSerial    string
	Bearer       policy.Bearer
	Clause       string
	RecordedOn   calendar.Date
	Slips        []string        // issue slips that name the line, of any depot and part
	Issued       decimal.Decimal // on them, less what came back
	Value        money.Amount    // of that, in yuan

	Verdict    ticket.Verdict // empty: not reviewed
	Note       string
	ReviewedBy string
	ReviewedOn calendar.Date
	ReviewedAt time.Time // when the review was recorded

	Open []AuditFinding // open findings about the line, or a document that names it
}

// FaultListFilter narrows the fault record down. Empty fields do not narrow.
type FaultListFilter struct {
	PartsFilter
	From, To calendar.Date
	Review   string // VERIFIED, QUERIED, or OPEN for lines without a review
}

// FaultList is the answer of [ReadModels.FaultLines].
type FaultList struct {
	Answer
	Rows     []FaultListLine // by project, date and line
	Count    uint64          // of all that match, as the two that follow
	Verified uint64
	Queried  uint64
	Next     string // asks for the next page; empty on the last
}

// FaultLines answers the fault record line by line.
func (m *ReadModels) FaultLines(ctx context.Context, cut Cut, filter FaultListFilter, page Page) (FaultList, error) {
	q, err := m.ask(cut, page, "fault-lines", filter)
	if err != nil {
		return FaultList{}, err
	}
	defer q.done()
	p := filter.params().with("review", filter.Review).
		with("from_date", isoDate(cmp.Or(filter.From, firstDate))).with("to_date", isoDate(cmp.Or(filter.To, lastDate))).
		with("after_project", q.afterKey(0, "")).with("after_date", q.afterKey(1, isoDate(firstDate))).with("after_line", q.afterKey(2, ""))
	answer := FaultList{Answer: q.Answer}
	err = q.rows(ctx, faultListSQL, p, func(rows driver.Rows) error {
		var r FaultListLine
		if err := rows.Scan(
			&r.Position, &r.RecordedAt, &r.Actor, textTo(&r.Line), textTo(&r.Ticket), textTo(&r.Project), &r.ProjectName, &r.Region,
			textTo(&r.Center), &r.Device, &r.Serial, &r.Location, &r.Symptom, textTo(&r.Cause), &r.SolvedOnSite, &r.Replaces, textTo(&r.Part),
			&r.Quantity, &r.OldSerial, &r.NewSerial, textTo(&r.Bearer), &r.Clause, dateTo{&r.RecordedOn}, &r.Slips, &r.Issued,
			amountTo{&r.Value}, textTo(&r.Verdict), &r.Note, &r.ReviewedBy, dateTo{&r.ReviewedOn}, &r.ReviewedAt,
			&answer.Count, &answer.Verified, &answer.Queried,
		); err != nil {
			return err
		}
		if r.Verdict == "" {
			r.ReviewedAt = time.Time{}
		}
		if len(answer.Rows) == q.limit {
			end := answer.Rows[q.limit-1]
			answer.Next = q.next(string(end.Project), end.RecordedOn.String(), string(end.Line))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	if err != nil {
		return answer, err
	}
	return answer, q.findOpen(ctx, answer.Rows)
}

// findOpen gives lines what is open about them.
func (q *question) findOpen(ctx context.Context, rows []FaultListLine) error {
	var lines []domain.FaultLineID
	var w window
	for i, r := range rows {
		lines = append(lines, r.Line)
		if w.to = max(w.to, r.RecordedOn); i == 0 || r.RecordedOn < w.from {
			w.from = r.RecordedOn
		}
	}
	open, err := q.openOf(ctx, lines, w)
	for i := range rows {
		rows[i].Open = open[rows[i].Line]
	}
	return err
}
