package cmd_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
)

// What a center owes by the books is what its statements say: an event whose
// postings change it is a line of a statement with that amount.
func TestAnEventThatChangesWhatIsOwedSaysItsMovementBesideItsStruct(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(goldenEvents, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, file := range files {
		eventType, _, _ := strings.Cut(filepath.Base(file), ".")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := eventstore.Trade.Decode(eventType, eventstore.Trade.Schema(eventType), data)
		if err != nil {
			t.Fatal(err)
		}
		e, ok := decoded.(account.Event)
		if !ok {
			continue
		}
		var owed money.Amount
		for _, p := range books.AppendPostings(nil, e) {
			switch p.Account {
			case books.ReceivableUnconfirmed, books.ReceivableConfirmed, books.UnappliedCash, books.WrittenOffMemo:
				owed = owed.Add(p.Amount)
			default: // the other side
			}
		}
		m, isLine := account.MovementOf(e)
		if m.Amount != owed {
			t.Errorf("%s changes what is owed by %s in the books and by %s on a statement: "+
				"let domain/books post it, and its movement beside its struct say the same amount", filepath.Base(file), owed, m.Amount)
		}
		if isLine {
			lines++
		}
	}
	if lines < 7 {
		t.Errorf("%d examples are lines of a statement; the events have lost theirs", lines)
	}
}
