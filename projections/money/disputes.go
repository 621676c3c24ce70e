package money

import (
	"context"
	_ "embed"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed disputes.sql
var disputesSQL string

// DisputedItem is a charge that its center disputes. Amounts are in yuan.
type DisputedItem struct {
	Center  domain.CenterID
	Name    string
	Region  string
	Charge  domain.ChargeID
	Project domain.ProjectID
	Room    string
	Owner   string
	Service string
	Gross   money.Amount
	Reductions
	Open       money.Amount
	OccurredOn calendar.Date
	Statement  string // the one whose answer disputed it
	Version    int
	Quarter    calendar.Quarter // of the statement
	On         calendar.Date    // when it was disputed
	By         string
	Reason     string
	AgeDays    int // since it was disputed, as of the cut
	Position   uint64
}

// Disputes is the answer of [Views.Disputes].
type Disputes struct {
	projections.Answer
	Items []DisputedItem // by center, then charge
	Next  string         // asks for the next page; empty on the last

	// Of all that match, not only those of the page.
	Gross money.Amount
	Reductions
	Total money.Amount // open
}

// Ties reports whether the charges, less what reduced them, are what is open
// in the books.
func (d Disputes) Ties() bool {
	for _, i := range d.Items {
		if i.Reductions.Open(i.Gross) != i.Open {
			return false
		}
	}
	return d.Reductions.Open(d.Gross) == d.Total
}

// Disputes answers which charges are disputed. A dispute changes no amount;
// while it lasts, the charge is not chased.
func (m Views) Disputes(
	ctx context.Context, cut projections.Cut, filter projections.Filter, page projections.Page,
) (Disputes, error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"open", "disputedOn"}, "disputes", filter)
	if err != nil {
		return Disputes{}, err
	}
	defer q.Done()
	answer := Disputes{Answer: q.Answer}
	var last int64
	p := filter.Params().With("after_center", q.AfterKey(0, "")).With("after_charge", q.AfterKey(1, ""))
	err = q.Rows(ctx, disputesSQL, p, func(rows driver.Rows) error {
		var (
			d       DisputedItem
			version uint32
			key     int64
		)
		if err := rows.Scan(slices.Concat([]any{
			projections.TextTo(&d.Center), &d.Name, &d.Region, projections.TextTo(&d.Charge), projections.TextTo(&d.Project),
			&d.Room, &d.Owner, &d.Service,
			projections.AmountTo(&d.Gross),
		}, d.to(), []any{
			projections.AmountTo(&d.Open), projections.DateTo(&d.OccurredOn), &d.Statement, &version,
			projections.QuarterTo(&d.Quarter),
			projections.DateTo(&d.On), &d.By, &d.Reason, &d.Position, &key, projections.AmountTo(&answer.Gross),
		}, answer.to(), []any{projections.AmountTo(&answer.Total)})...); err != nil {
			return err
		}
		if len(answer.Items) == q.Limit {
			end := answer.Items[q.Limit-1]
			answer.Next = q.NextSorted(last, string(end.Center), string(end.Charge))
			return nil
		}
		d.Version, d.AgeDays = int(version), int(q.AsOf-d.On)
		answer.Items, last = append(answer.Items, d), key
		return nil
	})
	return answer, err
}
