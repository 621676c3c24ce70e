package storetest

import (
	"iter"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// Events are the trade's events of a store's whole log, in its order. One that cannot be
// read ends the test.
func Events(tb testing.TB, store eventstore.Store) iter.Seq[domain.Event] {
	tb.Helper()
	return func(yield func(domain.Event) bool) {
		for rec, err := range store.ReadAll(tb.Context(), 0) {
			if err != nil {
				tb.Fatal(err)
			}
			e, _, err := eventstore.Trade.DecodeRecorded(rec)
			if err != nil {
				tb.Fatal(err)
			}
			if !yield(e) {
				return
			}
		}
	}
}
