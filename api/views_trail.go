package api

import (
	"context"
	"time"

	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
)

// TrailEventBody is one event of a charge, as it was recorded: who did what,
// when, by which clause. Why is in its data.
type TrailEventBody struct {
	Position    uint64 `json:"position"`
	Stream      string `json:"stream"`
	Revision    int64  `json:"revision"`
	ID          string `json:"id"`
	Type        string `json:"type"`
	On          string `json:"on" doc:"Business date from which it counts"`
	RecordedAt  string `json:"recordedAt"`
	Actor       string `json:"actor"`
	Role        string `json:"role"`
	Clause      string `json:"clause" doc:"Of the after-sales procedure"`
	CommandKey  string `json:"commandKey" doc:"Idempotency-Key of the command that caused it"`
	Correlation string `json:"correlation,omitempty"`
	Data        string `json:"data" doc:"The event itself, JSON, the exact text"`
	Digest      string `json:"digest,omitempty" doc:"Over this and all events before it in the stream"`
}

// ChargeTieOut leads from a charge's gross amount to what is open of it, in
// yuan: the left side from the events, the right side from the postings.
type ChargeTieOut struct {
	Gross       string `json:"gross"`
	Credited    string `json:"credited"`
	Transferred string `json:"transferred" doc:"To another center"`
	Settled     string `json:"settled" doc:"By money, recoveries included"`
	Owed        string `json:"owed" doc:"Gross − credited − transferred − settled"`
	Open        string `json:"open" doc:"On the receivable accounts"`
	WrittenOff  string `json:"writtenOff" doc:"Given up by us, still owed (账销案存)"`
	PostingsSum string `json:"postingsSum" doc:"Of all postings that name the charge: 0.00"`
	Ties        bool   `json:"ties" doc:"Owed = open + written off, and the postings sum to 0.00"`
}

// chargeTrail adds to a charge's history the events themselves, and its tie-out.
func (s *server) chargeTrail(ctx context.Context, h projections.ChargeHistory, out *ChargeHistoryBody) error {
	trail, err := s.deps.Ledger.ChargeTrail(ctx, h.Charge.Center, h.Charge.Charge, h.Charge.Ticket, ledger.TrailCut{
		AsOf: h.AsOf, KnownAt: h.KnownAt, Through: eventstore.Position(h.Position),
	})
	if err != nil {
		return err
	}
	out.Events = make([]TrailEventBody, len(trail.Events))
	for i, e := range trail.Events {
		out.Events[i] = TrailEventBody{
			Position: uint64(e.Position), Stream: e.Stream, Revision: int64(e.Revision), ID: e.ID.String(), Type: e.Type, On: e.On.String(),
			RecordedAt: e.RecordedAt.In(calendar.Shanghai).Format(time.RFC3339Nano), Actor: e.Actor, Role: string(e.Role), Clause: e.Clause, CommandKey: e.CommandKey,
			Correlation: e.CorrelationID, Data: string(e.Data), Digest: e.Chain,
		}
	}
	var open, writtenOff, sum money.Amount
	for _, p := range h.Postings {
		sum = sum.Add(p.Amount)
		switch p.Account {
		case books.ReceivableUnconfirmed, books.ReceivableConfirmed:
			open = open.Add(p.Amount)
		case books.WrittenOffMemo:
			writtenOff = writtenOff.Add(p.Amount)
		}
	}
	sums := trail.Sums
	out.TieOut = ChargeTieOut{
		Gross: sums.Gross.String(), Credited: sums.Credited.String(), Transferred: sums.Transferred.String(), Settled: sums.Settled.String(),
		Owed: sums.Owed().String(), Open: open.String(), WrittenOff: writtenOff.String(), PostingsSum: sum.String(),
		Ties: sums.Owed() == open.Add(writtenOff) && sum.IsZero(),
	}
	return nil
}
