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

//go:embed chargelistbridge.sql
var chargeListBridgeSQL string

// ChargeListBridge leads from the charge lists (F3) of a quarter's months to
// what one center was charged in the quarter, gross, in yuan.
type ChargeListBridge struct {
	Center          domain.CenterID
	Name            string
	Region          string
	Listed          money.Amount // on the lists of the quarter's months
	OfEarlier       money.Amount // of it, charged in earlier quarters: the tail that came in
	OfLater         money.Amount // of it, charged in later quarters
	ListedElsewhere money.Amount // of the quarter, on lists of other quarters: the tail that went out
	NotListed       money.Amount // of the quarter, on no list yet
	Charges         money.Amount // of the quarter, late items included

	// Ties: listed − of earlier − of later + listed elsewhere + not listed = charges.
	Ties bool
}

// ChargeListBridges is the answer of [Views.ChargeListBridge].
type ChargeListBridges struct {
	projections.Answer
	Quarter calendar.Quarter
	Rows    []ChargeListBridge // by center
	Total   ChargeListBridge   // over all centers that match
	Next    string             // asks for the next page; empty on the last
}

// ChargeListBridge answers why the charge lists of a quarter and its charges
// differ, §5.3.3. The filter's project must be empty.
func (m Views) ChargeListBridge(
	ctx context.Context, cut projections.Cut, quarter calendar.Quarter, filter projections.Filter, page projections.Page,
) (ChargeListBridges, error) {
	if err := checkQuarters(quarter, quarter, filter); err != nil {
		return ChargeListBridges{}, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"listed", "notListed", "charges"}, "charge-list-bridge", quarter,
		filter)
	if err != nil {
		return ChargeListBridges{}, err
	}
	defer q.Done()
	answer := ChargeListBridges{Answer: q.Answer, Quarter: quarter}
	var last, key int64
	p := filter.Params().With("quarter", uint16(quarter)).With("after_center", q.AfterKey(0, ""))
	err = q.Rows(ctx, chargeListBridgeSQL, p, func(rows driver.Rows) error {
		var r ChargeListBridge
		if err := rows.Scan(
			projections.TextTo(&r.Center), &r.Name, &r.Region, projections.AmountTo(&r.Listed),
			projections.AmountTo(&r.OfEarlier), projections.AmountTo(&r.OfLater),
			projections.AmountTo(&r.ListedElsewhere), projections.AmountTo(&r.NotListed), projections.AmountTo(&r.Charges), &key,
		); err != nil {
			return err
		}
		r.Ties = r.Listed.Sub(r.OfEarlier).Sub(r.OfLater).Add(r.ListedElsewhere).Add(r.NotListed) == r.Charges
		switch {
		case r.Center == "":
			r.Name, r.Region = "", ""
			answer.Total = r
		case len(answer.Rows) == q.Limit:
			answer.Next = q.NextSorted(last, string(answer.Rows[q.Limit-1].Center))
		default:
			answer.Rows, last = append(answer.Rows, r), key
		}
		return nil
	})
	return answer, err
}
