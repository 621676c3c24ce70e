// Package bulk carries out many commands for one request, each with an outcome of its own. It knows no area of the
// trade and no server.
package bulk

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// Each carries out one command for each row, one after the other, and notes what
// became of it. What is refused of one row keeps no other from its turn, and the
// request can be repeated. The error is one that concerns all of them: what is
// behind it has not been tried. position is the last that was recorded.
func Each[T any](
	rows []T, do func(T) (eventstore.Outcome, error), note func(T, eventstore.Outcome, *domain.Rejection),
) (position uint64, err error) {
	for _, row := range rows {
		o, err := do(row)
		refusal := RefusalOf(err)
		if passed := (*eventstore.PassedError)(nil); refusal == nil && errors.As(err, &passed) {
			refusal = domain.Conflict("If-Match", passed.Stream, "changed-meanwhile", changedMeanwhile, "")
		}
		if err != nil && refusal == nil {
			return position, err
		}
		note(row, o, refusal)
		if refusal == nil || len(o.Events) > 0 { // else where its stream stands is nobody's business
			position = max(position, uint64(o.Position))
		}
	}
	return position, nil
}

// changedMeanwhile is said of one row where its sender saw what is no more.
const changedMeanwhile domain.Sentence = "was changed by somebody meanwhile: look again, and decide on what is there now"

// RefusalOf is the refusal that an error is; nil where it is none.
func RefusalOf(err error) *domain.Rejection {
	var r *domain.Rejection
	if errors.As(err, &r) {
		return r
	}
	return nil
}

// Group is rows that are carried out in their order.
type Group[T any] struct {
	Name string
	Rows []T
}

// Groups puts rows into groups by their names, both in the order in which they come.
func Groups[T any](rows []T, of func(T) string) (groups []Group[T]) {
	at := make(map[string]int)
	for _, row := range rows {
		name := of(row)
		i, known := at[name]
		if !known {
			i, groups = len(groups), append(groups, Group[T]{Name: name})
			at[name] = i
		}
		groups[i].Rows = append(groups[i].Rows, row)
	}
	return groups
}

// atOnce is how many are carried out at once.
const atOnce = 32

// SideBySide carries out what does not wait for one another. The first error ends
// what is under way, by its context, and what has not begun.
func SideBySide[T any](ctx context.Context, rows []T, do func(context.Context, T) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for _, row := range rows {
		group.Go(func() error { return do(ctx, row) })
	}
	return group.Wait()
}
