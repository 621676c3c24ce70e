package parts

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"strconv"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed transferlist.sql
var transferListSQL string

// TransferStatus says where the units of a transfer between depots are.
type TransferStatus string

// Where the units of a transfer are.
const (
	TransferUnderWay TransferStatus = "UNDER_WAY" // 在途
	TransferReceived TransferStatus = "RECEIVED"  // 已收: taken in, or refused and sent back by another transfer
)

// PartTransfer is what one depot sent to another (调拨单).
type PartTransfer struct {
	Position   uint64                `json:"position"`
	Stream     string                `json:"stream" sql:"-"`
	RecordedAt projections.Moment    `json:"recordedAt"`
	Actor      string                `json:"actor"`
	Role       string                `json:"role"`
	Transfer   domain.SlipID         `json:"transfer"`
	Project    domain.ProjectID      `json:"project" doc:"Whose depot sent the units"`
	To         domain.ProjectID      `json:"to"`
	Part       domain.PartCode       `json:"part"`
	Quantity   decimal.Decimal       `json:"quantity"`
	Value      money.Amount          `json:"value" doc:"Yuan, at the cost of the depot that sent them"`
	Serials    []string              `json:"serials,omitempty"`
	Reason     string                `json:"reason,omitempty" doc:"Of the transfer; of a refusal where the units go back by it"`
	SentOn     calendar.Date         `json:"sentOn"`
	Status     TransferStatus        `json:"status" enum:"UNDER_WAY,RECEIVED"`
	ReceivedOn calendar.Date         `json:"receivedOn,omitempty" doc:"When it was taken in, or refused"`
	ReceivedBy string                `json:"receivedBy,omitempty"`
	WentBackAs domain.SlipID         `json:"wentBackAs,omitempty" doc:"Transfer by which the units went straight back: they were refused (拒收)"`
	SendsBack  domain.SlipID         `json:"sendsBack,omitempty" doc:"Transfer that was refused by this one"`
	Days       int                   `json:"days" sql:"-" doc:"Between the two days; until asOf where the units are under way"`
	Event      projections.EventPath `json:"event" doc:"Path of the event in the log"`
}

// Derive implements [projections.Derived].
func (t *PartTransfer) Derive(asOf calendar.Date) {
	t.Stream, t.Days = depot.Stream(t.Project), int(cmp.Or(t.ReceivedOn, asOf)-t.SentOn)
}

// TransferFilter narrows transfers down. Empty fields do not narrow. The project and the
// region are those of either end.
type TransferFilter struct {
	PartsFilter
	From, To calendar.Date // when the units were sent
	Status   TransferStatus
}

// Transfers is the answer of [Views.Transfers], by the day they were sent.
type Transfers struct {
	projections.List[PartTransfer]
	TransferSums
}

// TransferSums are over all transfers that match.
type TransferSums struct {
	Count         uint64       `json:"count" doc:"Of all that match, as are the other figures"`
	UnderWay      uint64       `json:"underWay"`
	Value         money.Amount `json:"value" doc:"Yuan"`
	ValueUnderWay money.Amount `json:"valueUnderWay" doc:"Yuan: of the whole company's transfers of all times what account 1405.9 holds"`
}

// Transfers answers what depots sent to one another and what has not arrived. Who sees
// either end sees the transfer, and that it arrived.
func (m Views) Transfers(
	ctx context.Context, cut projections.Cut, filter TransferFilter, page projections.Page,
) (answer Transfers, err error) {
	q, err := m.Ask(cut, page, "transfers", filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	position, err := strconv.ParseUint(q.AfterKey(1, "0"), 10, 64)
	if err != nil {
		return answer, projections.BadCursor(page.After)
	}
	sites, err := q.Sites(ctx)
	if err != nil {
		return answer, err
	}
	ends := sites.Narrow(projections.Filter{Region: filter.Region, Project: filter.Project})
	p := ends.Params().
		With("part", string(filter.Part)).With("status", string(filter.Status)).
		With("from_date", projections.IsoDate(cmp.Or(filter.From, projections.FirstDate))).
		With("to_date", projections.IsoDate(cmp.Or(filter.To, projections.LastDate))).
		With("after_date", q.AfterKey(0, projections.IsoDate(projections.FirstDate))).With("after_position", position)
	answer.List, err = projections.SummedListOf(ctx, q.BeyondScope(), transferListSQL, p, func(r *PartTransfer) []string {
		return []string{r.SentOn.String(), fmt.Sprint(r.Position)}
	}, &answer.TransferSums)
	return answer, err
}
