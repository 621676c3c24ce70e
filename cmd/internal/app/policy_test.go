package app

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/cmd/internal/policyfile"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
)

// A department's file is in force from the day on which it is first used, and
// is published once however often the server starts.
func TestAPolicyFileIsPutInForceOnce(t *testing.T) {
	day := calendar.NewDate(2026, time.July, 1)
	now := day.Start()
	l, store, err := OpenLedger(t.Context(), Config{Data: t.TempDir(), Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	file := filepath.Join(t.TempDir(), "table.yaml")
	write := func(version, response string) {
		text := policy.DefaultTable().Text()
		text.Version, text.Rows[1].Response = version, response
		if err := os.WriteFile(file, policyfile.Write(policyfile.File{Table: text, Notices: policy.Default().Notices}),
			0o600); err != nil {
			t.Fatal(err)
		}
	}
	inForce := func(on calendar.Date) string {
		table, _, err := l.ServiceTable(t.Context(), on)
		if err != nil {
			t.Fatal(err)
		}
		return table.Version + " " + table.Text().Rows[1].Response
	}
	adopt := func() error { return adoptPolicy(t.Context(), l, file) }

	write("east-1", "12h")
	for range 2 {
		if err := adopt(); err != nil {
			t.Fatal(err)
		}
		now = now.AddDate(0, 0, 1) // a later start changes nothing
	}
	if head, _ := store.Head(t.Context()); head != 1 {
		t.Errorf("the log has %d events, want one", head)
	}
	if got := inForce(day.AddDays(-1)) + ", then " + inForce(day); got != " 24h, then east-1 12h" {
		t.Errorf("in force: %s", got)
	}

	write("east-1", "6h") // changed, and not renamed
	if err := adopt(); err == nil || !strings.Contains(err.Error(), "was published already") {
		t.Errorf("a change under the old name gives %v", err)
	}
	write("east-2", "soon")
	if err := adopt(); err == nil || !strings.Contains(err.Error(), "table.yaml:16: rows[1].response \"soon\"") {
		t.Errorf("a bad table gives %v", err)
	}
	write("east-2", "6h")
	if err := adopt(); err != nil {
		t.Fatal(err)
	}
	if got := inForce(day) + ", then " + inForce(day.AddDays(2)); got != "east-1 12h, then east-2 6h" {
		t.Errorf("in force: %s", got)
	}
	write("east-1", "12h") // the old file again
	if err := adopt(); err == nil || !strings.Contains(err.Error(), "was replaced by east-2") {
		t.Errorf("a table that was replaced gives %v", err)
	}
}

// How often a notice is tried again is the department's, beside its table or alone.
func TestTheRetriesOfNoticesAreTheDepartments(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, []byte("notices: {firstRetry: 5s, giveUpAfter: 24h}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	a, err := Open(t.Context(), Config{Data: data, Policy: file, Notices: &Notices{}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	want := policy.NoticeRules{
		FirstRetry: 5 * time.Second, LongestRetry: time.Hour, GiveUpAfter: 24 * time.Hour, WaitForAll: 3,
	}
	if got := a.notices.Rules(); !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	table, _, err := a.Ledger.ServiceTable(t.Context(), calendar.DateOf(time.Now()))
	if err != nil || table.Version != "" {
		t.Errorf("a file without a table put %q in force: %v", table.Version, err)
	}
}
