package bulk_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"aftersales-ledger/api/bulk"
	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// A refusal is its row's alone; what concerns all of them ends the loop, and nothing
// behind it has been tried.
func TestARefusalStopsNoOtherRow(t *testing.T) {
	away := errors.New("the log is away")
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOf(rapid.SampledFrom([]string{"done", "refused", "away"})).Draw(t, "rows")
		tried, noted, next := 0, []string(nil), uint64(0)
		position, err := bulk.Each(rows, func(row string) (eventstore.Outcome, error) {
			tried++
			switch row {
			case "refused":
				return eventstore.Outcome{Position: 1 << 40}, domain.Conflict("row", row, "refused", "is refused", "")
			case "away":
				return eventstore.Outcome{}, away
			}
			next += 10
			return eventstore.Outcome{Position: eventstore.Position(next)}, nil
		}, func(row string, _ eventstore.Outcome, refusal *domain.Rejection) {
			if (refusal != nil) != (row == "refused") {
				t.Errorf("%s is noted with %v", row, refusal)
			}
			noted = append(noted, row)
		})
		end := slices.Index(rows, "away")
		if end < 0 {
			end = len(rows)
		}
		if !slices.Equal(noted, rows[:end]) || tried != min(end+1, len(rows)) {
			t.Errorf("of %v, %d were tried and %v noted", rows, tried, noted)
		}
		if (err != nil) != (end < len(rows)) || err != nil && !errors.Is(err, away) {
			t.Errorf("of %v: %v", rows, err)
		}
		if position != next {
			t.Errorf("of %v the last is at %d, want %d: where a refusal's stream stands is nobody's business", rows, position, next)
		}
	})
}

// Groups keep all rows, each in its group, in the order in which they came.
func TestRowsKeepTheirOrderWithinTheirGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOf(rapid.IntRange(0, 40)).Draw(t, "rows")
		of := func(n int) string { return string(rune('a' + n%5)) }
		seen, all := make(map[string]bool), 0
		for _, g := range bulk.Groups(rows, of) {
			if seen[g.Name] {
				t.Errorf("there are two groups %s", g.Name)
			}
			seen[g.Name] = true
			want := slices.DeleteFunc(slices.Clone(rows), func(n int) bool { return of(n) != g.Name })
			if !slices.Equal(g.Rows, want) {
				t.Errorf("group %s has %v, want %v", g.Name, g.Rows, want)
			}
			all += len(g.Rows)
		}
		if all != len(rows) {
			t.Errorf("%d of %d rows are in a group", all, len(rows))
		}
	})
}

// The first error ends what is under way and what has not begun.
func TestAnErrorEndsWhatIsSideBySide(t *testing.T) {
	away := errors.New("the log is away")
	var begun atomic.Int64
	err := bulk.SideBySide(t.Context(), make([]struct{}, 1000), func(ctx context.Context, _ struct{}) error {
		if begun.Add(1) == 1 {
			return away
		}
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, away) {
		t.Errorf("the error is %v", err)
	}
}

// What somebody else has changed meanwhile is refused of its own row, and keeps no other
// from its turn: a request is never half carried out and then answered as if nothing were.
func TestARowThatWasChangedMeanwhileIsRefusedAlone(t *testing.T) {
	var noted []string
	position, err := bulk.Each([]string{"first", "changed", "last"}, func(row string) (eventstore.Outcome, error) {
		if row == "changed" {
			return eventstore.Outcome{}, &eventstore.PassedError{Stream: "finding-F", Revision: 3}
		}
		return eventstore.Outcome{Position: 7, Events: make([]domain.Event, 1)}, nil
	}, func(row string, _ eventstore.Outcome, refusal *domain.Rejection) {
		code := "done"
		if refusal != nil {
			code = refusal.Code
		}
		noted = append(noted, row+" "+code)
	})
	if want := []string{"first done", "changed changed-meanwhile", "last done"}; err != nil || position != 7 ||
		!slices.Equal(noted, want) {
		t.Errorf("%v, %d, %v; want %v", noted, position, err, want)
	}
}
