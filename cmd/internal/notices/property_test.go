package notices

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
)

// Whatever crashes when, whoever refuses for how long, and however often the
// checkpoint is lost: in the end every notice is recorded as sent once, those
// of one center in the order of their causes, and a message was taken twice
// only where nobody could know whether it had been.
func TestEveryNoticeIsRecordedOnceUnderAnySchedule(t *testing.T) {
	dir, run := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		folder := filepath.Join(dir, strconv.Itoa(run))
		if err := os.Mkdir(folder, 0o750); err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, t.Context(), folder)
		defer w.store.Close()
		w.rules.GiveUpAfter = 10 * 365 * 24 * time.Hour
		centers := []domain.CenterID{"C01", "C02", "C03"}
		for _, c := range centers {
			w.open(c)
		}
		want := make(map[domain.CenterID]positions) // by center, in the order of their causes
		unknown := 0                                // times that nobody could know
		steps := map[string]func(*rapid.T){
			"a statement is issued": func(t *rapid.T) {
				c := rapid.SampledFrom(centers).Draw(t, "center")
				want[c] = append(want[c], w.issue(c))
			},
			"something nobody is told of": func(t *rapid.T) {
				c := rapid.SampledFrom(centers).Draw(t, "center")
				w.record(account.Stream(c), account.FollowUpNoted{FollowUp: "GJ-1", Center: c})
			},
			"the post answers badly": func(t *rapid.T) {
				how := post{
					reason: rapid.SampledFrom([]notice.Reason{
						notice.RefusedForNow, notice.Unreachable, notice.OutcomeUnknown,
					}).Draw(t, "answer"),
				}
				how.taken = how.reason == notice.OutcomeUnknown && rapid.Bool().Draw(t, "taken")
				w.post.script = append(w.post.script, make([]post, rapid.IntRange(0, 2).Draw(t, "after"))...)
				w.post.script = append(w.post.script, how)
				if how.taken {
					unknown++
				}
			},
			"time passes": func(t *rapid.T) {
				w.now = w.now.Add(time.Duration(rapid.IntRange(1, 7200).Draw(t, "seconds")) * time.Second)
			},
			"the process works":      func(t *rapid.T) { w.run() },
			"it is started again":    func(*rapid.T) { w.begin() },
			"the checkpoint is lost": func(*rapid.T) { *w.keep = keptCheckpoint{} },
			"another sender works, too": func(t *rapid.T) {
				if _, err := w.newReactor(w.newLedger()).CatchUp(w.ctx); err != nil {
					t.Fatal(err)
				}
			},
			"it crashes": func(t *rapid.T) {
				n := rapid.IntRange(1, 3).Draw(t, "at the")
				w.faults = rapid.SampledFrom([]faults{{beforeRecord: n}, {afterRecord: n}, {beforeSave: 1}}).Draw(t, "fault")
				armed := w.faults.beforeRecord > 0
				w.begin()
				_, err := w.reactor.CatchUp(w.ctx)
				switch {
				case errors.Is(err, errCrash):
					if armed {
						unknown++
					}
				case err != nil:
					t.Fatal(err)
				}
				w.faults, w.reactor = faults{}, nil
			},
		}
		t.Repeat(steps)

		w.post.script = nil
		for range 4 { // an outage, and what waits for its turn
			w.now = w.now.Add(2 * time.Hour)
			w.run()
		}
		got := make(map[domain.CenterID]positions)
		ids := make(map[notice.ID]bool)
		for _, s := range w.facts().sent {
			if ids[s.Notice] || s.Copy != 1 {
				t.Errorf("notice %s is recorded twice", s.Notice)
			}
			ids[s.Notice] = true
			got[s.Center] = append(got[s.Center], eventstore.Position(s.Cause.Position))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("sent (-want +got):\n%s", diff)
		}
		if len(w.post.sent) != len(ids) {
			t.Errorf("%d messages for %d notices", len(w.post.sent), len(ids))
		}
		if d := w.post.duplicates(); d > unknown {
			t.Errorf("%d were taken twice, and only %d times nobody knew", d, unknown)
		}
	})
}
