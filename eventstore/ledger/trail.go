package ledger

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"math"
	"slices"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
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
	// Legs are the accounts the charge passed through, that which was asked for
	// first; more than one if it moved with its project.
	Legs []ChargeLeg
}

// ChargeLeg is a charge in one of the accounts it passed through.
type ChargeLeg struct {
	account.ChargePlace
	Moved bool // it came from another center
	Sums  account.ChargeSums
}

// Accounts says how far a trail goes.
type Accounts bool

// A center's people see the account of their center; the department follows a
// charge through every account.
const (
	OwnAccount  Accounts = false
	AllAccounts Accounts = true
)

// ChargeTrail reads the events of a charge back from the log itself: its
// ticket, what led to it, the statements that show it, the money that settled
// it and what became of that; and in AllAccounts the same of the accounts it
// came from and went to.
func (l *Ledger) ChargeTrail(
	ctx context.Context, place account.ChargePlace, of domain.TicketID, cut TrailCut, accounts Accounts,
) (out ChargeTrail, err error) {
	read := make(map[domain.CenterID]accountLog)
	in := func(center domain.CenterID) (accountLog, error) {
		if log, ok := read[center]; ok {
			return log, nil
		}
		log, err := l.accountLog(ctx, center, cut)
		read[center] = log
		return log, err
	}
	concerns := make(map[eventstore.Position]bool) // one event may concern two charges of an account
	places, asked := []account.ChargePlace{place}, make(map[account.ChargePlace]bool)
	for i := 0; i < len(places); i++ {
		here := places[i]
		log, err := in(here.Center)
		if err != nil {
			return out, err
		}
		from, moved := account.CameFrom(here.Charge, log.events)
		if !asked[here] {
			out.Legs = append(out.Legs, ChargeLeg{here, moved, account.SumCharge(here.Charge, log.events, cut.AsOf)})
		}
		for i, concerning := range account.Concerning(here.Charge, log.events) {
			if r := log.recorded[i]; concerning && !concerns[r.Position] {
				concerns[r.Position] = true
				out.add(r, log.dateOf(i), log.events[i].RestsOn().Clause, cut)
			}
		}
		documents := account.DocumentsOf(here.Charge, log.events)
		for _, r := range log.attempts {
			if e := r.event.(duties.OwnDecisionRefused); documents[e.Document] && !concerns[r.Position] {
				concerns[r.Position] = true
				out.add(r, e.On, e.RestsOn().Clause, cut)
			}
		}
		if accounts == OwnAccount {
			continue
		}
		next := func(p account.ChargePlace) {
			if !slices.Contains(places, p) {
				places = append(places, p)
			}
		}
		if moved {
			next(from)
		}
		if at, elsewhere := account.AskedFor(here.Charge, log.events); elsewhere {
			asked[at] = true
			next(at)
		}
		for _, center := range account.WentTo(here.Charge, log.events) {
			there, err := in(center)
			if err != nil {
				return out, err
			}
			for _, charge := range account.ArrivedFrom(here, there.events) {
				next(account.ChargePlace{Center: center, Charge: charge})
			}
		}
	}
	if of != "" {
		steps, err := l.recorded(ctx, ticket.Stream(of), cut)
		if err != nil {
			return out, err
		}
		for _, r := range steps {
			e, _ := r.event.(domain.Grounded)
			out.add(r, calendar.DateOf(r.RecordedAt), e.RestsOn().Clause, cut)
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

// accountLog is the log of one account, both as it was recorded and decoded.
type accountLog struct {
	recorded []recordedEvent
	events   []account.Event
	attempts []recordedEvent // to decide on one's own, which are no events of the account
}

func (l *Ledger) accountLog(ctx context.Context, center domain.CenterID, cut TrailCut) (log accountLog, err error) {
	recorded, err := l.recorded(ctx, account.Stream(center), cut)
	if err != nil {
		return log, err
	}
	for _, r := range recorded {
		switch e := r.event.(type) {
		case account.Event:
			log.recorded, log.events = append(log.recorded, r), append(log.events, e)
		case duties.OwnDecisionRefused:
			log.attempts = append(log.attempts, r)
		default:
			return log, eventstore.ErrUnknownEvent
		}
	}
	return log, nil
}

// dateOf is the business date of event i; one that has none counts from when
// it was recorded.
func (a accountLog) dateOf(i int) calendar.Date {
	if on, dated := account.BusinessDate(a.events[i]); dated {
		return on
	}
	return calendar.DateOf(a.recorded[i].RecordedAt)
}

// StreamTrail reads back the events of a stream that name something, such as a
// payment among all that happened to an account; all of the stream where name is
// empty. An event that no business date is known of counts from when it was
// recorded. A stream that is not there has none.
func (l *Ledger) StreamTrail(ctx context.Context, stream, name string, cut TrailCut) (trail []TrailEvent, err error) {
	events, err := l.recorded(ctx, stream, cut)
	if err != nil {
		return nil, err
	}
	for _, r := range events {
		var data any
		if err := json.Unmarshal(r.Data, &data); err != nil {
			return nil, err
		}
		on, dated := businessDay(r.event, data)
		if !dated {
			on = calendar.DateOf(r.RecordedAt)
		}
		if name != "" && !mentions(data, name) || on.After(cut.AsOf) {
			continue
		}
		grounded, _ := r.event.(domain.Grounded)
		trail = append(trail, TrailEvent{r.Recorded, r.meta, on, grounded.RestsOn().Clause})
	}
	return trail, nil
}

// NamesIn lists what the events of streams name anywhere in their data, whatever cut
// they are asked for at.
func (l *Ledger) NamesIn(ctx context.Context, streams ...string) (names []domain.NamedID, err error) {
	whole := TrailCut{KnownAt: time.Unix(1<<40, 0), Through: math.MaxInt64}
	for _, stream := range streams {
		events, err := l.recorded(ctx, stream, whole)
		if err != nil {
			return nil, err
		}
		for _, r := range events {
			var data any
			if err := json.Unmarshal(r.Data, &data); err != nil {
				return nil, err
			}
			for text := range texts(data) {
				names = append(names, domain.NamedID{ID: text})
			}
		}
	}
	return names, nil
}

// mentions reports whether something is named anywhere in an event's data.
func mentions(data any, name string) bool {
	for text := range texts(data) {
		if text == name {
			return true
		}
	}
	return false
}

// texts are all texts in an event's data.
func texts(data any) iter.Seq[string] {
	return func(yield func(string) bool) { eachText(data, yield) }
}

func eachText(data any, yield func(string) bool) bool {
	switch data := data.(type) {
	case string:
		return yield(data)
	case []any:
		for _, one := range data {
			if !eachText(one, yield) {
				return false
			}
		}
	case map[string]any:
		for _, one := range data {
			if !eachText(one, yield) {
				return false
			}
		}
	}
	return true
}

// businessDay is the business date of an event, if it has one of its own.
func businessDay(e domain.Event, data any) (on calendar.Date, ok bool) {
	if e, ofAccount := e.(account.Event); ofAccount {
		return account.BusinessDate(e)
	}
	return dateIn(data)
}

// dateFields are what events call the business date from which they count; of one that
// has several, such as a sheet of what happened before, the first of these.
var dateFields = []string{
	"on", "recordedOn", "issuedOn", "filedOn", "receivedOn", "countedOn", "requestedOn", "openedOn", "shippedOn",
	"adjustedOn", "scrappedOn", "handedInOn", "returnedOn", "transferredOn", "quotedOn", "paidOn", "orderedOn",
	"confirmedOn", "reopenedOn", "rejectedOn", "registeredOn", "notifiedOn", "bookedOn", "occurredOn",
}

func dateIn(data any) (on calendar.Date, ok bool) {
	fields, _ := data.(map[string]any)
	for _, field := range dateFields {
		if text, is := fields[field].(string); is {
			on, err := calendar.ParseDate(text)
			return on, err == nil
		}
	}
	return on, false
}

type recordedEvent struct {
	eventstore.Recorded
	event domain.Event
	meta  eventstore.Metadata
}

// recorded reads a stream up to a cut. What is known at a moment is a beginning
// of the log, so that the first event that is not known ends it.
func (l *Ledger) recorded(ctx context.Context, stream string, cut TrailCut) (events []recordedEvent, err error) {
	for rec, err := range l.events(ctx, stream) {
		switch {
		case errors.Is(err, eventstore.ErrStreamNotFound):
			return nil, nil
		case err != nil:
			return nil, err
		// the read models count microseconds
		case rec.Position > cut.Through || rec.RecordedAt.Truncate(time.Microsecond).After(cut.KnownAt):
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
