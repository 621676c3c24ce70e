package notices

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/cmd/internal/sample"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/files/filestest"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/storetest"
)

// Over a year of the department, what the procedure asks for is counted by hand
// and sent once, however often the sender begins anew without a checkpoint.
func TestAYearOfNotices(t *testing.T) {
	clock := sample.NewClock(calendar.NewDate(2025, time.January, 1).Start())
	store, err := sqlite.Open(filepath.Join(t.TempDir(), "log.sqlite"),
		sqlite.Options{Clock: clock.Now, Durability: sqlite.BulkLoad})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	l := ledger.New(eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{SoleWriter: true}),
		policy.Default(), clock.Now).Under(access.Whole()).WithFiles(&filestest.Memory{})
	if _, err := sample.Fill(t.Context(), l, clock, sample.Options{Seed: 1}); err != nil {
		t.Fatal(err)
	}
	want := make(map[notice.Kind]int)
	for e := range storetest.Events(t, store) {
		switch e := e.(type) {
		case account.StatementIssued:
			want["STATEMENT_ISSUED"]++
		case account.StatementReported:
			want["SUMMARY_REPORTED"]++
		case account.ReminderIssued:
			want["REMINDER_ISSUED"]++
		case account.ClaimIssued:
			want["CLAIM_ISSUED"]++
		case account.ChargeAccrued:
			if e.Kind == pricelist.Compensation {
				want["COMPENSATION_CHARGED"]++
			}
		case bankref.ConflictingPaymentRefused:
			want["RECEIPT_CONFLICT"]++
		case ticket.TeamNotified:
			if e.Coverage.Category == policy.Emergency {
				want["EMERGENCY_NOTIFIED"]++
			}
		}
	}
	if len(want) != 7 {
		t.Fatalf("the year has only %v", want)
	}
	office := &postOffice{sent: make(map[string]int)}
	for range 2 {
		r := New(Config{
			Store: store, Registry: eventstore.Trade, Recorder: l, Mailer: office, Addresses: Placeholders{},
			Sender:      "ledger@dept.example",
			Checkpoints: &faultyCheckpoints{&keptCheckpoint{}, &faults{}}, Rules: policy.Default().Notices, Clock: clock.Now,
			From: new(uint64),
		})
		if waiting, err := r.CatchUp(t.Context()); err != nil || waiting != 0 {
			t.Fatalf("%d wait, %v", waiting, err)
		}
	}
	got := make(map[notice.Kind]int)
	for e := range storetest.Events(t, store) {
		switch e := e.(type) {
		case notice.NoticeSent:
			got[e.Kind]++
			if e.Region == "" || e.Center == "" && !strings.HasPrefix(e.Clause, "5.2.2") {
				t.Errorf("%s %s belongs to %+v", e.Kind, e.Cause.Type, e.Place)
			}
		case notice.NoticeUndeliverable:
			t.Errorf("undeliverable: %+v", e)
		}
	}
	for kind, n := range want {
		if got[kind] != n {
			t.Errorf("%d notices %s for %d events", got[kind], kind, n)
		}
	}
	if office.duplicates() != 0 {
		t.Errorf("%d were sent twice", office.duplicates())
	}
	t.Logf("%d notices of %d kinds: %v", len(office.sent), len(got), got)
}
