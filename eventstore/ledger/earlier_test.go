package ledger_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/uuid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// The files are the bytes that the code of 25 November, and that of the night to
// the 26th, recorded of a department that was set up, charged and paid. The same
// requests sent to today's code record nothing; another one under the key of one of
// them is refused, as ever.
func TestRequestsRecordedByEarlierVersionsAreRepeats(t *testing.T) {
	for _, name := range []string{"log-of-25-november", "log-of-the-night-to-26-november"} {
		t.Run(name, func(t *testing.T) {
			store := sqlitetest.Open(t, sqlite.Options{})
			recorded := loadEarlier(t, store, "testdata/"+name+".jsonl")

			d := departmentOn(t, store)
			d.charge("F1", 100)
			paid := account.ReceivePayment{
				Center: "C01", BankReference: "S1", Payer: "物业", Remark: "上半年", Amount: money.Fen(6000), ReceivedOn: today,
				Designation: []account.Designation{{Charge: "F1", Amount: money.Fen(5000)}},
			}
			key := d.ask()
			if o := d.must(d.ReceivePayment(t.Context(), key, paid)); !o.Repeated || len(o.Events) == 0 {
				t.Errorf("the payment was taken for a new one: %+v", o)
			}
			if head, err := store.Head(t.Context()); err != nil || int(head) != recorded {
				t.Errorf("the log has %d events, and had %d: %v", head, recorded, err)
			}
			paid.Remark = "下半年"
			_, err := d.ReceivePayment(t.Context(), key, paid)
			var refused *domain.Rejection
			if !errors.As(err, &refused) {
				t.Errorf("other content under the same key: %v", err)
			}
			if got := d.closing("C01"); got != "40.00" {
				t.Errorf("closes at %s", got)
			}
		})
	}
}

// loadEarlier puts recorded events into a log, byte for byte.
func loadEarlier(t *testing.T, store eventstore.Store, file string) (n int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]eventstore.Expected{}
	for line := range strings.Lines(string(text)) {
		var e struct {
			Stream, Type   string
			ID             uuid.UUID
			Data, Metadata json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		expected, known := last[e.Stream]
		if !known {
			expected = eventstore.NoStream()
		}
		appended, err := store.Append(t.Context(), e.Stream, expected,
			[]eventstore.Proposed{{ID: e.ID, Type: e.Type, Data: e.Data, Metadata: e.Metadata}})
		if err != nil {
			t.Fatal(err)
		}
		last[e.Stream] = eventstore.At(appended.Revision)
		n++
	}
	return n
}
