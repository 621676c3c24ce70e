package live

import (
	"context"

	lru "github.com/hashicorp/golang-lru/v2"

	"aftersales-ledger/domain/access"
	"aftersales-ledger/eventstore/ledger"
)

// Places know where streams lie, so that an event that many are told of is looked
// at once. Where a stream lies never changes; what a reach comes to does.
type Places struct {
	ledger *ledger.Ledger
	known  *lru.Cache[string, ledger.Whereabouts]
}

// placesKept is how many streams are remembered.
const placesKept = 20_000

// NewPlaces returns what knows where the streams of a ledger lie.
func NewPlaces(l *ledger.Ledger) *Places {
	known, err := lru.New[string, ledger.Whereabouts](placesKept)
	if err != nil {
		panic(err) // the size is a constant
	}
	return &Places{ledger: l, known: known}
}

// Within resolves a reach as of now. What lies nowhere is common to all of the
// department; what is not known to lie anywhere is told within the whole company
// alone.
func (p *Places) Within(ctx context.Context, r access.Reach) (Sight, error) {
	scope, err := p.ledger.Scope(ctx, r)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, stream string) (bool, error) {
		if scope.IsWhole() {
			return true, nil
		}
		at, known := p.known.Get(stream)
		if !known {
			var err error
			if at, err = p.ledger.Whereabouts(ctx, stream); err != nil {
				return false, err
			}
			if at.Known {
				p.known.Add(stream, at)
			}
		}
		return at.Known && (at.Common || scope.Has(at.Place)), nil
	}, nil
}
