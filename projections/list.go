package projections

import (
	"context"
	"encoding/json"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// List is a page of an answer's rows.
type List[R any] struct {
	Answer
	Rows []R    // in the order asked for
	Next string // asks for the next page; empty on the last
}

// ListOf runs the statement of a list and keeps a page of its rows. key is that
// by which equal rows are ordered, and by which the next page goes on. The
// statement has a column sort_key if the list can be sorted (see [Sortable]).
func ListOf[R any](
	ctx context.Context, q *Question, statement string, p Params, key func(*R) []string,
) (List[R], error) {
	return ListBeside(ctx, q, statement, p, key, func(*R, *struct{}) bool { return true })
}

// SummedListOf is ListOf for a statement whose every row says the sums over all rows
// that match, not only those of the page, too: the columns of an S, with total_
// before their names.
func SummedListOf[R, S any](
	ctx context.Context, q *Question, statement string, p Params, key func(*R) []string, sums *S,
) (List[R], error) {
	return ListBeside(ctx, q, statement, p, key, func(_ *R, s *S) bool {
		*sums = *s
		return true
	})
}

// ListBeside is ListOf for a statement that gives a row which is none of the list,
// such as a total: keep is shown every row, with what stands beside it as in
// [SummedListOf], and keeps those of the list.
func ListBeside[R, S any](
	ctx context.Context, q *Question, statement string, p Params, key func(*R) []string, keep func(*R, *S) bool,
) (List[R], error) {
	list, last := List[R]{Answer: q.Answer, Rows: []R{}}, int64(0)
	err := Each(ctx, q, statement, p, func(r *listed[R, S]) error {
		switch {
		case !keep(&r.Row, &r.Beside):
		case len(list.Rows) == q.Limit:
			list.Next = q.NextSorted(last, key(&list.Rows[q.Limit-1])...)
		default:
			list.Rows, last = append(list.Rows, r.Row), r.SortKey
		}
		return nil
	})
	return list, err
}

// listed is what the statement of a list gives for one row.
type listed[R, S any] struct {
	Row     R     `sql:",inline"`
	Beside  S     `sql:"total_,inline"`
	SortKey int64 `sql:"sort_key,optional"`
}

// Derive implements [Derived].
func (l *listed[R, S]) Derive(asOf calendar.Date) {
	for _, part := range []any{&l.Row, &l.Beside} {
		if d, ok := part.(Derived); ok {
			d.Derive(asOf)
		}
	}
}

// Figure is an amount in a row, in yuan, that not everybody sees who sees the rest
// of the row, or that nobody knows: hidden it is null, and nothing in a table.
type Figure struct {
	money.Amount
	Hidden bool
}

// String is the amount, or nothing where it is hidden.
func (f Figure) String() string {
	if f.Hidden {
		return ""
	}
	return f.Amount.String()
}

// MarshalJSON writes the amount, or null where it is hidden.
func (f Figure) MarshalJSON() ([]byte, error) {
	if f.Hidden {
		return []byte("null"), nil
	}
	return json.Marshal(f.Amount)
}

// UnmarshalJSON reads it.
func (f *Figure) UnmarshalJSON(b []byte) error {
	if f.Hidden = string(b) == "null"; f.Hidden {
		f.Amount = money.Amount{}
		return nil
	}
	return json.Unmarshal(b, &f.Amount)
}
