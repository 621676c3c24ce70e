package esdb_test

import (
	"context"
	"testing"
	"time"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// Who follows a stream is told what there is after a revision and what others
// write then, of this stream alone, until the node is lost.
func TestFollow(t *testing.T) {
	address, node := esdbtest.Serve(t, newBacking(t))
	s, other := open(t, address+quick+"&streamPrefix=l-",
		esdb.Options{}), open(t, address+quick+"&streamPrefix=l-", esdb.Options{})
	fill(t, other, "a", eventstore.NoRevision, 3)
	fill(t, other, "b", eventstore.NoRevision, 2)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	want := eventstore.Revision(1)
	var ended error
	for rec, err := range s.Follow(ctx, "a", 0) {
		if ended = err; err != nil {
			break
		}
		if rec.Stream != "a" || rec.Revision != want {
			t.Fatalf("%s %d, want a %d", rec.Stream, rec.Revision, want)
		}
		switch want++; want {
		case 3:
			fill(t, other, "b", 1, 1)
			fill(t, other, "a", 2, 2)
		case 5:
			node.DropConnections()
		}
	}
	if want != 5 || ended == nil || ctx.Err() != nil {
		t.Errorf("told up to revision %d, ended with %v", want-1, ended)
	}
}
