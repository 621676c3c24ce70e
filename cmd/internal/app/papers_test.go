package app

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/cmd/internal/sample"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/files/filestest"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// Whenever a mail leaves, its paper is the one that was there when its event was
// recorded: over a year, that of a log which ends with the event.
func TestAMailsPaperIsAsItsEventFoundIt(t *testing.T) {
	year := sample.NewClock(calendar.NewDate(2025, time.January, 1).Start())
	opened := func() (eventstore.Store, *ledger.Ledger) {
		log := sqlitetest.Open(t, sqlite.Options{Clock: year.Now, Durability: sqlite.BulkLoad})
		x := eventstore.NewExecutor(log, eventstore.Trade, eventstore.ExecutorOptions{SoleWriter: true})
		return log, ledger.New(x, policy.Default(), year.Now).Under(access.Whole()).WithFiles(&filestest.Memory{})
	}
	whole, l := opened()
	if _, err := sample.Fill(t.Context(), l, year, sample.Options{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	late := mailedOf(&App{Ledger: l, clock: year.Now}, letterhead.Book{})

	then, _ := opened()
	checked := make(map[notice.Kind]int)
	for rec, err := range whole.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		expected := eventstore.At(rec.Revision - 1)
		if rec.Revision == 0 {
			expected = eventstore.NoStream()
		}
		if _, err := then.Append(t.Context(), rec.Stream, expected, []eventstore.Proposed{
			{ID: rec.ID, Type: rec.Type, Data: rec.Data, Metadata: rec.Metadata, RecordedAt: rec.RecordedAt},
		}); err != nil {
			t.Fatal(err)
		}
		e, _, err := eventstore.Trade.DecodeRecorded(rec)
		if err != nil {
			t.Fatal(err)
		}
		c, told := notice.About(e, calendar.DateOf(rec.RecordedAt))
		if !told {
			continue
		}
		for _, n := range notice.Of(e, notice.Origin{Position: uint64(rec.Position), Type: rec.Type}, c) {
			if len(n.Papers) == 0 || checked[n.Kind] == mostPapers {
				continue
			}
			checked[n.Kind]++
			// A ledger of its own: the log grew behind the states that another folded.
			x := eventstore.NewExecutor(then, eventstore.Trade, eventstore.ExecutorOptions{})
			prompt := mailedOf(&App{Ledger: ledger.New(x, policy.Default(), year.Now), clock: year.Now}, letterhead.Book{})
			for _, p := range n.Papers {
				want, _, err := prompt.fill(t.Context(), p)
				if err != nil {
					t.Fatalf("%s at %d: %v", n.Kind, rec.Position, err)
				}
				got, _, err := late.knownAt(rec).fill(t.Context(), p)
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%s at %d (%v): -then +late\n%s", n.Kind, rec.Position, err, diff)
				}
			}
		}
	}
	if len(checked) < leastKinds {
		t.Errorf("the year has papers of only %v", checked)
	}
}

// mostPapers bounds what is checked of each kind of notice.
const mostPapers = 3

// leastKinds is how many kinds of notices with papers a sample year has.
const leastKinds = 20
