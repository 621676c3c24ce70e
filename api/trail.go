package api

import (
	"cmp"
	"context"
	"math"
	"slices"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/live"
	"aftersales-ledger/api/money"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type trailInput struct {
	AsOf    string   `query:"asOf" doc:"Business date; later events do not count. Default: today in Shanghai"`
	KnownAt string   `query:"knownAt" doc:"Moment of knowledge; what was recorded later is not known yet. Default: now"`
	After   uint64   `query:"after" doc:"Accepted as by every question; a trail is read from the log itself and is never behind"`
	Streams []string `query:"stream,explode" required:"true" minItems:"1" maxItems:"8" doc:"Streams of the log that the record is in, such as ticket-T-1, or account-C01 for a payment; may be given more than once"`
	Names   string   `query:"names" maxLength:"200" doc:"Only events that name it anywhere in their data, such as the number of a payment. Default: all"`
}

// TrailBody is the life of a record.
type TrailBody struct {
	Events []money.TrailEventBody `json:"events" doc:"In the order of the log; the latest, where there are too many"`
	Left   int                    `json:"left,omitempty" doc:"Earlier events that are not shown"`
}

// trailLength bounds an answer, in events.
const trailLength = 1000

func (s *service) trail(places *live.Places) {
	kit.TaggedQuery(s.Service, "/v1/trail", "trail", "The life of any record: what each event set, when, who, by which clause",
		kit.MayReadTrails, func(in *trailInput) string { return in.Streams[0] },
		func(ctx context.Context, in *trailInput) (out TrailBody, err error) {
			var p kit.Parser
			cut := ledger.TrailCut{
				AsOf: p.Date("asOf", in.AsOf), KnownAt: p.Instant("knownAt", in.KnownAt),
				Through: eventstore.Position(math.MaxInt64),
			}
			if p.Err != nil {
				return out, p.Err
			}
			if now := s.Deps.Clock(); cut.KnownAt.IsZero() || cut.KnownAt.After(now) {
				cut.KnownAt = now
			}
			if cut.AsOf.IsZero() {
				cut.AsOf = calendar.DateOf(s.Deps.Clock())
			}
			sees, err := places.Within(ctx, kit.ReachOf(ctx))
			if err != nil {
				return out, err
			}
			var events []ledger.TrailEvent
			for _, stream := range in.Streams {
				may := live.MayKnow(kit.ActorOf(ctx).Role, stream)
				if may {
					if may, err = sees(ctx, stream); err != nil {
						return out, err
					}
				}
				if !may { // as one that is not there
					return out, domain.NotFound("stream", stream, "unknown-stream", "no record has this stream")
				}
				own, err := s.Ledger(ctx).StreamTrail(ctx, stream, in.Names, cut)
				if err != nil {
					return out, err
				}
				events = append(events, own...)
			}
			if len(events) == 0 && in.Names != "" { // at this cut, or ever?
				if err := s.mustBeNamed(ctx, in.Names, in.Streams); err != nil {
					return out, err
				}
			}
			slices.SortFunc(events, func(a, b ledger.TrailEvent) int { return cmp.Compare(a.Position, b.Position) })
			out.Left = max(0, len(events)-trailLength)
			out.Events = make([]money.TrailEventBody, 0, len(events)-out.Left)
			for _, e := range events[out.Left:] {
				out.Events = append(out.Events, money.TrailEventOf(e))
			}
			return out, nil
		})
}

// mustBeNamed refuses what no event of some streams ever named.
func (s *service) mustBeNamed(ctx context.Context, name string, streams []string) error {
	there, err := s.Ledger(ctx).NamesIn(ctx, streams...)
	if err != nil || slices.Contains(there, domain.NamedID{ID: name}) {
		return err
	}
	// An event names much that is no name, such as amounts: only what is near is offered.
	there = slices.DeleteFunc(there, func(n domain.NamedID) bool { return wording.Nearest(name, []string{n.ID}) == nil })
	return domain.Invalid("names", name, "named-nowhere", "is named by no event of this record", "").Among(domain.Named(there))
}
