package parts

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
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/parts/match"
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

	Open []match.Finding // open findings about the line, or a document that names it
}

// FaultListFilter narrows the fault record down. Empty fields do not narrow.
type FaultListFilter struct {
	PartsFilter
	From, To calendar.Date
	Review   string // VERIFIED, QUERIED, or OPEN for lines without a review
}

// FaultList is the answer of [Views.FaultLines].
type FaultList struct {
	projections.Answer
	Rows     []FaultListLine // by project, date and line
	Count    uint64          // of all that match, as the two that follow
	Verified uint64
	Queried  uint64
	Next     string // asks for the next page; empty on the last
}

// FaultLines answers the fault record line by line.
func (m Views) FaultLines(
	ctx context.Context, cut projections.Cut, filter FaultListFilter, page projections.Page,
) (FaultList, error) {
	q, err := m.Ask(cut, page, "fault-lines", filter)
	if err != nil {
		return FaultList{}, err
	}
	defer q.Done()
	p := filter.params().With("review", filter.Review).
		With("from_date",
			projections.IsoDate(cmp.Or(filter.From,
				projections.FirstDate))).With("to_date", projections.IsoDate(cmp.Or(filter.To, projections.LastDate))).
		With("after_project",
			q.AfterKey(0,
				"")).With("after_date",
		q.AfterKey(1, projections.IsoDate(projections.FirstDate))).With("after_line", q.AfterKey(2, ""))
	answer := FaultList{Answer: q.Answer}
	err = q.Rows(ctx, faultListSQL, p, func(rows driver.Rows) error {
		var r FaultListLine
		if err := rows.Scan(
			&r.Position, &r.RecordedAt, &r.Actor, projections.TextTo(&r.Line), projections.TextTo(&r.Ticket),
			projections.TextTo(&r.Project), &r.ProjectName, &r.Region,
			projections.TextTo(&r.Center), &r.Device, &r.Serial, &r.Location, &r.Symptom, projections.TextTo(&r.Cause),
			&r.SolvedOnSite, &r.Replaces, projections.TextTo(&r.Part),
			&r.Quantity, &r.OldSerial, &r.NewSerial, projections.TextTo(&r.Bearer), &r.Clause, projections.DateTo(&r.RecordedOn),
			&r.Slips, &r.Issued,
			projections.AmountTo(&r.Value), projections.TextTo(&r.Verdict), &r.Note, &r.ReviewedBy,
			projections.DateTo(&r.ReviewedOn), &r.ReviewedAt,
			&answer.Count, &answer.Verified, &answer.Queried,
		); err != nil {
			return err
		}
		if r.Verdict == "" {
			r.ReviewedAt = time.Time{}
		}
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.Next(string(end.Project), end.RecordedOn.String(), string(end.Line))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	if err != nil {
		return answer, err
	}
	return answer, findOpen(ctx, q, answer.Rows)
}

// findOpen gives lines what is open about them.
func findOpen(ctx context.Context, q *projections.Question, rows []FaultListLine) error {
	var lines []domain.FaultLineID
	var w match.Window
	for i, r := range rows {
		lines = append(lines, r.Line)
		if w.To = max(w.To, r.RecordedOn); i == 0 || r.RecordedOn < w.From {
			w.From = r.RecordedOn
		}
	}
	open, err := openOf(ctx, q, lines, w)
	for i := range rows {
		rows[i].Open = open[rows[i].Line]
	}
	return err
}
