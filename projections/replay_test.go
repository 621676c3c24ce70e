package projections

import (
	"errors"
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
)

// backdated records acceptance scenario 1: the second quarter of C01 is
// confirmed at 15,450.50, and on 3 August comes a charge of 18 June. With
// paidFirst the money of the second quarter is recorded before what it pays.
func backdated(t testing.TB, paidFirst bool) *clerk {
	b := &clerk{t: t}
	b.open("C01", "华东", noon("2026-01-04"))
	b.charge("C01", "SF-1", "P001", "12000.00", "2026-03-30", noon("2026-03-31"))
	b.confirm("C01", "2026Q1", "2026-04-08")
	pay := func() { b.pay("C01", "S1", "5000.00", "2026-06-25", noon("2026-06-26")) }
	if paidFirst {
		pay()
	}
	b.charge("C01", "SF-2", "P001", "8450.50", "2026-06-20", noon("2026-06-27"))
	if !paidFirst {
		pay()
	}
	b.confirm("C01", "2026Q2", "2026-07-15")
	b.charge("C01", "SF-3", "P001", "680.00", "2026-06-18", noon("2026-08-03"))
	b.charge("C01", "SF-4", "P001", "3200.00", "2026-08-20", noon("2026-08-20"))
	return b
}

// confirm issues a quarter's statement and has it confirmed the same day.
func (b *clerk) confirm(center domain.CenterID, quarter, date string) {
	b.t.Helper()
	q, err := calendar.ParseQuarter(quarter)
	if err != nil {
		b.t.Fatal(err)
	}
	b.decide(center, noon(date), func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.IssueStatement(account.IssueStatement{Center: center, Quarter: q, By: "qian"}, policy.Default(), today)
	})
	b.decide(center, noon(date), func(a *account.Account, today calendar.Date) ([]account.Event, error) {
		return a.ConfirmStatement(account.ConfirmStatement{Center: center, Quarter: q, Version: 1, By: "zheng"}, today)
	})
}

// statementHashes returns what the read models show of the statements' content.
func statementHashes(t testing.TB, m *ReadModels) (hashes []string) {
	t.Helper()
	list, err := m.Statements(patient(t), Cut{}, StatementFilter{}, Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list.Rows {
		if r.Version > 0 {
			hashes = append(hashes, r.Quarter.String()+" "+r.Hash)
		}
	}
	return hashes
}

// Scenario 15: whatever happens between the log and the figures, the third
// quarter closes at 19,330.50.
func TestWhateverHappensTheQuarterClosesTheSame(t *testing.T) {
	for name, paidFirst := range map[string]bool{"charge before payment": false, "payment before charge": true} {
		t.Run(name, func(t *testing.T) {
			b := backdated(t, paidFirst)
			before := slices.Clone(b.events)
			clock, head := newClock(noon("2026-08-21")), uint64(len(b.events))
			hashes := func() (want []string) {
				for _, r := range before {
					if e, ok := r.Event.(account.StatementIssued); ok {
						want = append(want, e.Quarter.String()+" "+e.Hash())
					}
				}
				return want
			}()
			defer func() {
				if diff := gocmp.Diff(before, b.events, compareAnswers); diff != "" {
					t.Errorf("the log changed (-before +after):\n%s", diff)
				}
			}()
			check := func(m *ReadModels, when string) {
				t.Helper()
				projected(t, m, head)
				answer, err := m.Reconciliation(patient(t), Cut{}, calendar.QuarterOf(2026, 2), calendar.QuarterOf(2026, 3), Filter{}, Page{})
				if err != nil {
					t.Fatal(err)
				}
				want := []Reconciliation{
					{Quarter: calendar.QuarterOf(2026, 2), Opening: yuan("12000.00"), Charges: yuan("8450.50"), Receipts: yuan("5000.00"), Closing: yuan("15450.50"), Ties: true},
					{Quarter: calendar.QuarterOf(2026, 3), Opening: yuan("15450.50"), Charges: yuan("3200.00"), Late: yuan("680.00"), Closing: yuan("19330.50"), Ties: true},
				}
				for i := range want {
					want[i].Center, want[i].Name, want[i].Region = "C01", "物业 C01", "华东"
				}
				if diff := gocmp.Diff(want, answer.Rows, compareAmounts); diff != "" {
					t.Errorf("%s (-want +got):\n%s", when, diff)
				}
				owed, err := m.Receivables(patient(t), Cut{}, Filter{}, Page{})
				if err != nil || !owed.Ties() || owed.Total.Closing != yuan("19330.50") {
					t.Errorf("%s: %+v owed, %v", when, owed.Total, err)
				}
				if got := statementHashes(t, m); !slices.Equal(got, hashes) {
					t.Errorf("%s: the statements hash to %q, issued with %q", when, got, hashes)
				}
			}

			m, _ := start(t, newDatabase(t), newMemoryLog(b.events...), withClock(clock))
			check(m, "once")
			again := func(f *facts) error {
				if f.position == head {
					return errFilled
				}
				return nil
			}
			if err := m.pipeline(m.serving, checkpoint{}, again).run(patient(t)); !errors.Is(err, errFilled) {
				t.Fatal(err)
			}
			check(m, "delivered twice, before merges")
			for _, table := range newFacts().tables {
				if err := m.serving.conn.Exec(patient(t), "OPTIMIZE TABLE "+table.name+" FINAL"); err != nil {
					t.Fatal(err)
				}
			}
			check(m, "after merges")
			if err := m.Rebuild(patient(t), nil); err != nil {
				t.Fatal(err)
			}
			check(m, "rebuilt")

			repeated, _ := start(t, newDatabase(t), repeating{newMemoryLog(b.events...)}, withClock(clock))
			check(repeated, "every delivery made twice")

			if !paidFirst {
				return // one log is enough to be killed over
			}
			var calls atomic.Int64
			counted, stop := start(t, newDatabase(t), newMemoryLog(b.events...), withClock(clock), smallBatches, func(m *ReadModels) {
				m.sink = func(g *generation) sink { return &mortalSink{sink: g, calls: &calls, at: 1 << 40} }
			})
			check(counted, "counted")
			stop()
			for call := range calls.Load() {
				base, failed, made := newDatabase(t), make(chan struct{}), new(atomic.Int64)
				_, stop := start(t, base, newMemoryLog(b.events...), withClock(clock), smallBatches, func(m *ReadModels) {
					m.sink = func(g *generation) sink { return &mortalSink{g, made, call + 1, diesAfter, failed} }
				})
				<-failed
				stop()
				m, _ := start(t, base, newMemoryLog(b.events...), withClock(clock))
				check(m, "killed mid-batch")
			}
		})
	}
}
