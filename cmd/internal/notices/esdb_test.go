package notices

import (
	"testing"

	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// On EventStoreDB positions are no counts, and there can be several senders.
func TestOnEventStoreDB(t *testing.T) {
	w := openWorld(t)
	address, _ := esdbtest.Serve(t, w.store)
	remote, err := esdb.Open(t.Context(), address, esdb.Options{Clock: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = remote.Close() })
	backing := w.store
	w.store = remote
	t.Cleanup(func() { w.store = backing })
	w.ledger = w.newLedger()

	w.open("C01")
	want := positions{w.issue("C01"), w.issue("C01"), w.issue("C01")}
	w.crash(faults{beforeRecord: 2})
	w.run()
	w.wantSent("after a crash", want...)
	if w.post.duplicates() != 1 {
		t.Errorf("taken %v", w.post.order)
	}
	w.begin()
	want = append(want, w.issue("C01"))
	w.run()
	w.wantSent("from the checkpoint on", want...)
	*w.keep = keptCheckpoint{}
	w.begin()
	w.run()
	if _, err := w.newReactor(w.newLedger()).CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.wantSent("without a checkpoint, and by a second sender", want...)
	if w.post.duplicates() != 1 {
		t.Errorf("taken %v", w.post.order)
	}
}
