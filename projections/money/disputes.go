package money

import (
	"context"
	_ "embed"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed disputes.sql
var disputesSQL string

// DisputedItem is a charge that its center disputes, in yuan.
type DisputedItem struct {
	Center  domain.CenterID  `json:"center"`
	Name    string           `json:"name"`
	Region  string           `json:"region"`
	Charge  domain.ChargeID  `json:"charge"`
	Project domain.ProjectID `json:"project"`
	Room    string           `json:"room,omitempty"`
	Owner   string           `json:"owner,omitempty"`
	Service string           `json:"service"`
	Gross   money.Amount     `json:"gross"`
	Reductions
	Open       money.Amount     `json:"open"`
	OccurredOn calendar.Date    `json:"occurredOn"`
	Statement  string           `json:"statement"` // the one whose answer disputed it
	Version    int              `json:"version"`
	Quarter    calendar.Quarter `json:"quarter"` // of the statement
	DisputedOn calendar.Date    `json:"disputedOn"`
	By         string           `json:"by"`
	Reason     string           `json:"reason"`
	AgeDays    int              `json:"ageDays" sql:"-"`
	Position   uint64           `json:"position"`
}

// Derive implements [projections.Derived].
func (d *DisputedItem) Derive(asOf calendar.Date) { d.AgeDays = int(asOf - d.DisputedOn) }

// Disputes is the answer of [Views.Disputes].
type Disputes struct {
	projections.List[DisputedItem] // by center, then charge
	DisputeSums
	Reductions // as the sums
}

// DisputeSums is what all disputed charges that match come to.
type DisputeSums struct {
	Gross money.Amount `json:"gross" doc:"Of all that match, as are the other sums"`
	Open  money.Amount `json:"open" doc:"By the books"`
	Ties  bool         `json:"ties" sql:"-" doc:"gross − paid − credited − transferred − writtenOff = open, of every row as well"`
}

// Disputes answers which charges are disputed. A dispute changes no amount;
// while it lasts, the charge is not chased.
func (m Views) Disputes(
	ctx context.Context, cut projections.Cut, filter projections.Filter, page projections.Page,
) (answer Disputes, err error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"open", "disputedOn"}, "disputes", filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	var sums struct {
		DisputeSums
		Reductions
	}
	p := filter.Params().With("after_center", q.AfterKey(0, "")).With("after_charge", q.AfterKey(1, ""))
	answer.List, err = projections.SummedListOf(ctx, q, disputesSQL, p, func(d *DisputedItem) []string {
		return []string{string(d.Center), string(d.Charge)}
	}, &sums)
	answer.DisputeSums, answer.Reductions = sums.DisputeSums, sums.Reductions
	answer.Ties = sums.leave(sums.Gross) == sums.Open &&
		!slices.ContainsFunc(answer.Rows, func(d DisputedItem) bool { return d.leave(d.Gross) != d.Open })
	return answer, err
}
