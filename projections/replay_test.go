package projections_test

import (
	"slices"
	"sync/atomic"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	"aftersales-ledger/projections/money"
)

// backdated records acceptance scenario 1: the second quarter of C01 is
// confirmed at 15,450.50, and on 3 August comes a charge of 18 June. With
// paidFirst the money of the second quarter is recorded before what it pays.
func backdated(t testing.TB, paidFirst bool) *projections.Clerk {
	b := &projections.Clerk{T: t}
	b.Open("C01", "华东", projections.Noon("2026-01-04"))
	b.Charge("C01", "SF-1", "P001", "12000.00", "2026-03-30", projections.Noon("2026-03-31"))
	b.Confirm("C01", "2026Q1", "2026-04-08")
	pay := func() { b.Pay("C01", "S1", "5000.00", "2026-06-25", projections.Noon("2026-06-26")) }
	if paidFirst {
		pay()
	}
	b.Charge("C01", "SF-2", "P001", "8450.50", "2026-06-20", projections.Noon("2026-06-27"))
	if !paidFirst {
		pay()
	}
	b.Confirm("C01", "2026Q2", "2026-07-15")
	b.Charge("C01", "SF-3", "P001", "680.00", "2026-06-18", projections.Noon("2026-08-03"))
	b.Charge("C01", "SF-4", "P001", "3200.00", "2026-08-20", projections.Noon("2026-08-20"))
	return b
}

// statementHashes returns what the read models show of the statements' content.
func statementHashes(t testing.TB, m *projections.ReadModels) (hashes []string) {
	t.Helper()
	list, err := money.Of(m).Statements(projections.Patient(t), projections.Cut{
		Scope: access.Whole(),
	}, money.StatementFilter{},
		projections.Page{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list.Rows {
		if r.Version != nil {
			hashes = append(hashes, r.Quarter.String()+" "+r.ContentHash)
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
			before := slices.Clone(b.Events)
			clock, head := domaintest.NewClock(projections.Noon("2026-08-21")), uint64(len(b.Events))
			hashes := func() (want []string) {
				for _, r := range before {
					if e, ok := r.Event.(account.StatementIssued); ok {
						want = append(want, e.Quarter.String()+" "+e.Hash())
					}
				}
				return want
			}()
			defer func() {
				if diff := gocmp.Diff(before, b.Events, projections.CompareAnswers); diff != "" {
					t.Errorf("the log changed (-before +after):\n%s", diff)
				}
			}()
			check := func(m *projections.ReadModels, when string) {
				t.Helper()
				projections.Projected(t, m, head)
				answer, err := money.Of(m).Reconciliation(projections.Patient(t), projections.Cut{
					Scope: access.Whole(),
				}, calendar.QuarterOf(2026, 2),
					calendar.QuarterOf(2026, 3), projections.Filter{}, projections.Page{})
				if err != nil {
					t.Fatal(err)
				}
				want := []money.ReconciliationRow{
					{Quarter: calendar.QuarterOf(2026, 2), Opening: projections.Yuan("12000.00"), Charges: projections.Yuan("8450.50"), Receipts: projections.Yuan("5000.00"), Closing: projections.Yuan("15450.50"), Ties: true},
					{Quarter: calendar.QuarterOf(2026, 3), Opening: projections.Yuan("15450.50"), Charges: projections.Yuan("3200.00"), Late: projections.Yuan("680.00"), Closing: projections.Yuan("19330.50"), Ties: true},
				}
				for i := range want {
					want[i].Center, want[i].Name, want[i].Region = "C01", "物业 C01", "华东"
				}
				if diff := gocmp.Diff(want, answer.Rows, projections.CompareAmounts); diff != "" {
					t.Errorf("%s (-want +got):\n%s", when, diff)
				}
				owed, err := money.Of(m).Receivables(projections.Patient(t), projections.Cut{
					Scope: access.Whole(),
				}, projections.Filter{},
					projections.Page{})
				if err != nil || !owed.Ties || owed.Total.Closing != projections.Yuan("19330.50") {
					t.Errorf("%s: %+v owed, %v", when, owed.Total, err)
				}
				if got := statementHashes(t, m); !slices.Equal(got, hashes) {
					t.Errorf("%s: the statements hash to %q, issued with %q", when, got, hashes)
				}
			}

			m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
				projections.WithClock(clock))
			check(m, "once")
			projections.DeliverAgain(t, m, head)
			check(m, "delivered twice, before merges")
			for _, table := range facts.New().Tables {
				if err := projections.ConnOf(m).Exec(projections.Patient(t), "OPTIMIZE TABLE "+table.Name+" FINAL"); err != nil {
					t.Fatal(err)
				}
			}
			check(m, "after merges")
			if err := m.Rebuild(projections.Patient(t), nil); err != nil {
				t.Fatal(err)
			}
			check(m, "rebuilt")

			repeated, _ := projections.Start(t, projections.NewDatabase(t),
				projections.NewRepeating(projections.NewMemoryLog(b.Events...)), projections.WithClock(clock))
			check(repeated, "every delivery made twice")

			if !paidFirst {
				return // one log is enough to be killed over
			}
			var calls atomic.Int64
			counted, stop := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(b.Events...),
				projections.WithClock(clock), projections.SmallBatches, projections.CountCalls(&calls))
			check(counted, "counted")
			stop()
			for call := range calls.Load() {
				base, failed := projections.NewDatabase(t), make(chan struct{})
				_, stop := projections.Start(t, base, projections.NewMemoryLog(b.Events...), projections.WithClock(clock),
					projections.SmallBatches, projections.DieAfter(call+1, failed))
				<-failed
				stop()
				m, _ := projections.Start(t, base, projections.NewMemoryLog(b.Events...), projections.WithClock(clock))
				check(m, "killed mid-batch")
			}
		})
	}
}
