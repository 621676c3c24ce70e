package ledger

import "context"

// Shown reports whether the events of a stream may be read, for tests of the scope.
func (l *Ledger) Shown(ctx context.Context, stream string) (bool, error) { return l.shown(ctx, stream) }

// BusinessDay is the business date of an event, if it has one of its own.
var BusinessDay = businessDay
