package money

import (
	"context"
	_ "embed"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed chargelistbridge.sql
var chargeListBridgeSQL string

// ChargeReportBridgeRow leads from the charge lists (F3) of a quarter's months to
// what one center was charged in the quarter, gross, in yuan.
type ChargeReportBridgeRow struct {
	Center          domain.CenterID `json:"center,omitempty"`
	Name            string          `json:"name,omitempty"`
	Region          string          `json:"region,omitempty"`
	Listed          money.Amount    `json:"listed" doc:"On the charge lists F3 of the quarter's months, gross"`
	OfEarlier       money.Amount    `json:"ofEarlier" doc:"Of it, charged in earlier quarters"` // the tail that came in
	OfLater         money.Amount    `json:"ofLater" doc:"Of it, charged in later quarters"`
	ListedElsewhere money.Amount    `json:"listedElsewhere" doc:"Of the quarter, on lists of other quarters"` // the tail that went out
	NotListed       money.Amount    `json:"notListed" doc:"Of the quarter, on no list yet"`
	Charges         money.Amount    `json:"charges" doc:"Of the quarter, late items included"`
	Ties            bool            `json:"ties" sql:"-" doc:"listed − ofEarlier − ofLater + listedElsewhere + notListed = charges"`
}

// Derive implements [projections.Derived].
func (r *ChargeReportBridgeRow) Derive(calendar.Date) {
	r.Ties = r.Listed.Sub(r.OfEarlier).Sub(r.OfLater).Add(r.ListedElsewhere).Add(r.NotListed) == r.Charges
}

// ChargeReportBridge is the answer of [Views.ChargeReportBridge].
type ChargeReportBridge struct {
	projections.List[ChargeReportBridgeRow]                       // by center
	Total                                   ChargeReportBridgeRow // over all centers that match
}

// ChargeReportBridge answers why the charge lists of a quarter and its charges
// differ, §5.3.3. The filter's project must be empty.
func (m Views) ChargeReportBridge(
	ctx context.Context, cut projections.Cut, quarter calendar.Quarter, filter projections.Filter, page projections.Page,
) (answer ChargeReportBridge, err error) {
	if err := checkQuarters(quarter, quarter, filter); err != nil {
		return answer, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"listed", "notListed", "charges"}, "charge-list-bridge", quarter,
		filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := filter.Params().With("quarter", uint16(quarter)).With("after_center", q.AfterKey(0, ""))
	answer.List, err = projections.ListBeside(ctx, q, chargeListBridgeSQL, p, func(r *ChargeReportBridgeRow) []string {
		return []string{string(r.Center)}
	}, func(r *ChargeReportBridgeRow, _ *struct{}) bool {
		if r.Center != "" {
			return true
		}
		r.Name, r.Region = "", ""
		answer.Total = *r
		return false
	})
	return answer, err
}
