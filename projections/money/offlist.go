package money

import (
	"context"
	_ "embed"

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
// §5.3.1, in yuan.
type OffListRequest struct {
	Center      domain.CenterID  `json:"center" doc:"Where it was asked for: the path of its decision names it"`
	Name        string           `json:"name"`
	Region      string           `json:"region"`
	Charge      domain.ChargeID  `json:"charge" doc:"Number of the charge it becomes"`
	Project     domain.ProjectID `json:"project"`
	ProjectName string           `json:"projectName"`
	CenterNow   domain.CenterID  `json:"centerNow" doc:"That answers for the project on the date asked for"`
	Gross       money.Amount     `json:"gross"`
	RequestedOn calendar.Date    `json:"requestedOn"`
	RequestedBy string           `json:"requestedBy"`
	Reason      string           `json:"reason"`
	Status      OffListStatus    `json:"status" enum:"PENDING,APPROVED,REJECTED"`
	DecidedOn   calendar.Date    `json:"decidedOn,omitempty"`
	DecidedBy   string           `json:"decidedBy,omitempty"`
	Decision    string           `json:"decision,omitempty" doc:"The note of an approval, the reason of a rejection"`
	MovedTo     domain.CenterID  `json:"movedTo,omitempty" doc:"The center that is charged in its place"`
	OccurredOn  calendar.Date    `json:"occurredOn,omitempty" doc:"Business date of the work, of what was charged here; absent: still to be done, or charged elsewhere"`
	DoneOn      calendar.Date    `json:"doneOn,omitempty" doc:"Day of the work, as the request, its execution or its move states it; absent: still to be done"`
	DoneBefore  bool             `json:"executedBeforeApproval,omitempty" doc:"Done before anybody approved it, or without (5.3.1)"`
	AgeDays     *int             `json:"ageDays" sql:"-" doc:"Since it was asked for; null of one that is decided"`
	Position    uint64           `json:"position"`
}

// Derive implements [projections.Derived].
func (r *OffListRequest) Derive(asOf calendar.Date) {
	if r.Status == OffListPending {
		age := int(asOf - r.RequestedOn)
		r.AgeDays = &age
	}
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
	projections.List[OffListRequest] // by center, then charge
	OffListSums
}

// OffListSums is what all requests that match come to, in yuan.
type OffListSums struct {
	Count         int          `json:"count" doc:"Of all that match, as are the other figures"`
	Pending       int          `json:"pending"`
	Gross         money.Amount `json:"gross"`
	PendingGross  money.Amount `json:"pendingGross"`
	Rejected      int          `json:"rejected"`
	RejectedGross money.Amount `json:"rejectedGross" doc:"Of gross: what was refused is charged to nobody"`
	DoneBefore    int          `json:"executedBeforeApproval" doc:"Requests of work done before it was approved, or without"`
}

const requestsSeenSQL = `
SELECT DISTINCT concat(center, '/', charge) AS number
FROM documents
WHERE event_type = 'OffListChargeRequested'`

// seenBy are the documents, as CENTER/NUMBER, that a statement finds within the scope of who
// asks; none where that is the whole company. What became of them is read beyond it: a decision
// names the center's account and not the project, and a charge may lie with another center.
func seenBy(ctx context.Context, q *projections.Question, statement string) ([]string, error) {
	seen := []string{}
	if q.InScope().IsWhole() {
		return seen, nil
	}
	type row struct {
		Number string `sql:"number"`
	}
	err := projections.Each(ctx, q, statement, nil, func(r *row) error {
		seen = append(seen, r.Number)
		return nil
	})
	return seen, err
}

// OffListRequests answers what work outside the price list was asked for, and
// what was decided.
func (m Views) OffListRequests(
	ctx context.Context, cut projections.Cut, filter OffListFilter, page projections.Page,
) (answer OffListRequests, err error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"gross", "requestedOn"}, "off-list requests", filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	seen, err := seenBy(ctx, q, requestsSeenSQL)
	if err != nil {
		return answer, err
	}
	p := filter.Params().With("status", string(filter.Status)).With("everywhere", q.InScope().IsWhole()).With("seen", seen).
		With("after_center", q.AfterKey(0, "")).With("after_charge", q.AfterKey(1, ""))
	answer.List, err = projections.SummedListOf(ctx, q.BeyondScope(), offListSQL, p, func(r *OffListRequest) []string {
		return []string{string(r.Center), string(r.Charge)}
	}, &answer.OffListSums)
	return answer, err
}
