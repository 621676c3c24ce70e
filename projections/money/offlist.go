package money

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed offlist.sql
var offListSQL string

// OffListStatus says what became of a request for work outside the price list.
type OffListStatus string

const (
	OffListPending  OffListStatus = "PENDING"
	OffListApproved OffListStatus = "APPROVED"
	OffListRejected OffListStatus = "REJECTED"
)

// OffListRequest is a request for the approval of work outside the price list,
// §5.3.1. Amounts are in yuan.
type OffListRequest struct {
	Center      domain.CenterID // where it was asked for, and is decided
	Name        string
	Region      string
	Charge      domain.ChargeID // number of the charge it becomes
	Project     domain.ProjectID
	ProjectName string
	CenterNow   domain.CenterID // that answers for the project on the date asked for
	Gross       money.Amount
	RequestedOn calendar.Date
	RequestedBy string
	Reason      string
	Status      OffListStatus
	DecidedOn   calendar.Date // zero: not decided
	DecidedBy   string
	Decision    string          // the note of an approval, the reason of a rejection
	MovedTo     domain.CenterID // that is charged in its place; empty: none
	AgeDays     int             // of a pending one since it was asked for, as of the cut
	Position    uint64
}

// OffListFilter narrows the requests down. Empty fields do not narrow. Its center
// and its region are where the request was asked for, or those that its project
// belongs to by now.
type OffListFilter struct {
	projections.Filter
	Status OffListStatus
}

// OffListRequests is the answer of [Views.OffListRequests].
type OffListRequests struct {
	projections.Answer
	Rows []OffListRequest // by center, then charge
	Next string           // asks for the next page; empty on the last

	// Of all that match, not only those of the page.
	Count, Pending      int
	Gross, PendingGross money.Amount
}

// OffListRequests answers what work outside the price list was asked for, and
// what was decided.
func (m Views) OffListRequests(
	ctx context.Context, cut projections.Cut, filter OffListFilter, page projections.Page,
) (OffListRequests, error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"gross", "requestedOn"}, "off-list requests", filter)
	if err != nil {
		return OffListRequests{}, err
	}
	defer q.Done()
	answer := OffListRequests{Answer: q.Answer}
	var last int64
	p := filter.Params().With("status",
		string(filter.Status)).With("after_center", q.AfterKey(0, "")).With("after_charge", q.AfterKey(1, ""))
	err = q.Rows(ctx, offListSQL, p, func(rows driver.Rows) error {
		var (
			r              OffListRequest
			key            int64
			count, pending uint64
		)
		if err := rows.Scan(
			projections.TextTo(&r.Center), &r.Name, &r.Region, projections.TextTo(&r.Charge), projections.TextTo(&r.Project),
			&r.ProjectName,
			projections.TextTo(&r.CenterNow), projections.AmountTo(&r.Gross), projections.DateTo(&r.RequestedOn), &r.RequestedBy,
			&r.Reason,
			projections.TextTo(&r.Status), projections.DateTo(&r.DecidedOn), &r.DecidedBy, &r.Decision,
			projections.TextTo(&r.MovedTo), &r.Position, &key,
			&count, &pending, projections.AmountTo(&answer.Gross), projections.AmountTo(&answer.PendingGross),
		); err != nil {
			return err
		}
		answer.Count, answer.Pending = int(count), int(pending)
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.NextSorted(last, string(end.Center), string(end.Charge))
			return nil
		}
		if r.Status == OffListPending {
			r.AgeDays = int(q.AsOf - r.RequestedOn)
		}
		answer.Rows, last = append(answer.Rows, r), key
		return nil
	})
	return answer, err
}
