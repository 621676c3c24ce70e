package kit

import (
	"errors"

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

// RefusalOf is the refusal that an error is; nil where it is none.
func RefusalOf(err error) *domain.Rejection {
	var r *domain.Rejection
	if errors.As(err, &r) {
		return r
	}
	return nil
}
