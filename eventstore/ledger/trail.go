package ledger

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
)

// TrailCut says how much of the log a trail may show, as the read models do.
type TrailCut struct {
	AsOf    calendar.Date
	KnownAt time.Time
	Through eventstore.Position
}

// TrailEvent is one event of a trail, as it was recorded.
type TrailEvent struct {
	eventstore.Recorded
	eventstore.Metadata
	On     calendar.Date // business date
	Clause string        // of the procedure
}

// ChargeTrail is everything the log holds about one charge.
type ChargeTrail struct {
	Events []TrailEvent // in log order, those of its ticket first
	Sums   account.ChargeSums
}

// ChargeTrail reads the events of a charge back from the log itself: its
// ticket, what led to it, the statements that show it, the money that settled
// it and what became of that.
func (l *Ledger) ChargeTrail(ctx context.Context, center domain.CenterID, charge domain.ChargeID, of domain.TicketID, cut TrailCut) (out ChargeTrail, err error) {
	recorded, err := l.recorded(ctx, account.Stream(center), cut)
	if err != nil {
		return out, err
	}
	events := make([]account.Event, 0, len(recorded))
	for _, r := range recorded {
		e, ok := r.event.(account.Event)
		if !ok {
			return out, eventstore.ErrUnknownEvent
		}
		events = append(events, e)
	}
	out.Sums = account.SumCharge(charge, events, cut.AsOf)
	for i, concerns := range account.Concerning(charge, events) {
		if !concerns {
			continue
		}
		on, dated := account.BusinessDate(events[i])
		if !dated {
			on = calendar.DateOf(recorded[i].RecordedAt)
		}
		out.add(recorded[i], on, account.Clause(events[i]), cut)
	}
	if of != "" {
		steps, err := l.recorded(ctx, ticket.Stream(of), cut)
		if err != nil {
			return out, err
		}
		for _, r := range steps {
			clause := "5.1.2"
			if e, ok := r.event.(ticket.FaultRecorded); ok {
				clause = e.Clause
			}
			out.add(r, calendar.DateOf(r.RecordedAt), clause, cut)
		}
	}
	slices.SortFunc(out.Events, func(a, b TrailEvent) int { return cmp.Compare(a.Position, b.Position) })
	return out, nil
}

func (t *ChargeTrail) add(r recordedEvent, on calendar.Date, clause string, cut TrailCut) {
	if !on.After(cut.AsOf) {
		t.Events = append(t.Events, TrailEvent{r.Recorded, r.meta, on, clause})
	}
}

type recordedEvent struct {
	eventstore.Recorded
	event domain.Event
	meta  eventstore.Metadata
}

// recorded reads a stream up to a cut. What is known at a moment is a beginning
// of the log, so that the first event that is not known ends it.
func (l *Ledger) recorded(ctx context.Context, stream string, cut TrailCut) (events []recordedEvent, err error) {
	for rec, err := range l.exec.Recorded(ctx, stream) {
		switch {
		case errors.Is(err, eventstore.ErrStreamNotFound):
			return nil, nil
		case err != nil:
			return nil, err
		case rec.Position > cut.Through || rec.RecordedAt.Truncate(time.Microsecond).After(cut.KnownAt): // the read models count microseconds
			return events, nil
		}
		e, meta, err := eventstore.Trade.DecodeRecorded(rec)
		if err != nil {
			return nil, err
		}
		events = append(events, recordedEvent{rec, e, meta})
	}
	return events, nil
}
