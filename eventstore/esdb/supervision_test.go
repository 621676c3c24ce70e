package esdb_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// silent is the address of a server that takes connections and says nothing,
// which keeps a client busy for its whole gossip timeout.
func silent(t *testing.T) string {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lis.Close() })
	go func() {
		for {
			conn, err := lis.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	return lis.Addr().String()
}

// prompt is ample for a call to notice that its context has ended, and far less
// than a client may be busy.
const prompt = 5 * time.Second

// wantPrompt makes every call of the store with a context that ends soon, all
// at once, and wants them back when it has.
func wantPrompt(t *testing.T, store *esdb.Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	var g errgroup.Group
	for name, call := range map[string]func() error{
		"Append": func() error {
			_, err := store.Append(ctx, "late", eventstore.NoStream(), events(1))
			return err
		},
		"ReadStream": func() error {
			for _, err := range store.ReadStream(ctx, "a", 0, eventstore.Forwards) {
				return err
			}
			return nil
		},
		"ReadAll": func() error {
			for _, err := range store.ReadAll(ctx, 0) {
				return err
			}
			return nil
		},
		"EventAt": func() error {
			_, err := store.EventAt(ctx, 1024)
			return err
		},
		"Head": func() error {
			_, err := store.Head(ctx)
			return err
		},
		"Subscribe": func() error {
			for _, err := range store.Subscribe(ctx, 0, 10) {
				if err != nil {
					return err
				}
			}
			return nil
		},
	} {
		g.Go(func() error {
			err := call()
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: error is %v, want the caller's deadline", name, err)
			}
			if took := time.Since(begun); took > prompt {
				t.Errorf("%s came back after %v", name, took)
			}
			return nil
		})
	}
	_ = g.Wait()
}

// A client that looks for a node has no ear for contexts.
func TestOpenHonoursItsContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := esdb.Open(ctx, "esdb://"+silent(t)+"?tls=false&gossipTimeout=60", esdb.Options{})
	wantError(t, err, context.DeadlineExceeded)
	if took := time.Since(begun); took > prompt {
		t.Fatalf("Open came back after %v", took)
	}
}

// A leader that is named but does not answer must cost nobody more than its
// deadline, and must not be the end.
func TestNamedLeaderDoesNotAnswer(t *testing.T) {
	address, ctl := esdbtest.Serve(t, newBacking(t))
	store := open(t, address+quick+"&gossipTimeout=6", esdb.Options{})
	last := fill(t, store, "a", eventstore.NoRevision, 3).Revision
	leader := silent(t)
	for { // until the client has heard of it: of one refused while being sent it has not
		ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.NotLeader, Leader: leader})
		done, err := store.Append(t.Context(), "a", eventstore.At(last), events(1))
		if err != nil {
			wantError(t, err, eventstore.ErrUnavailable)
			break
		}
		last = done.Revision
	}
	wantPrompt(t, store)
	fill(t, store, "a", last, 1)
}

// A store whose server is away keeps its callers' deadlines, too, and Close
// does not wait for the search to end.
func TestNoServerIsFound(t *testing.T) {
	address, ctl := esdbtest.Serve(t, newBacking(t))
	store := open(t, address+"&maxDiscoverAttempts=1000000", esdb.Options{})
	fill(t, store, "a", eventstore.NoRevision, 3)
	ctl.Refuse()
	for { // until the store has noticed
		if _, err := store.Head(t.Context()); err != nil {
			wantError(t, err, eventstore.ErrUnavailable)
			break
		}
	}
	wantPrompt(t, store)
	begun := time.Now()
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took > prompt {
		t.Fatalf("Close took %v", took)
	}
	_, err := store.Head(t.Context())
	wantError(t, err, eventstore.ErrClosed)
}

// The client panics on messages it does not know in a read.
func TestClientPanics(t *testing.T) {
	store, ctl, _ := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 3)
	ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Read, Kind: esdbtest.Strange, Messages: 1})
	var failed error
	for _, err := range store.ReadStream(t.Context(), "a", 0, eventstore.Forwards) {
		failed = err
	}
	wantError(t, failed, eventstore.ErrUnavailable)
	if n := len(readStream(t, store, "a")); n != 3 {
		t.Fatalf("the stream is read as %d events afterwards, want 3", n)
	}
}

// A client is given up when one of its calls meets a server that is not ready,
// but others may still be served well. They are not cut off.
func TestReadOutlivesItsClient(t *testing.T) {
	store, ctl, backing := serve(t)
	last := eventstore.NoRevision
	for range 10 { // more than is fetched ahead
		last = fill(t, backing, "a", last, 1000).Revision
	}
	connected := ctl.Calls(esdbtest.Features)
	seen := 0
	for _, err := range store.ReadStream(t.Context(), "a", 0, eventstore.Forwards) {
		if err != nil {
			t.Fatalf("after %d events: %v", seen, err)
		}
		if seen++; seen == 10 {
			ctl.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: esdbtest.Unavailable})
			_, err := store.Append(t.Context(), "b", eventstore.NoStream(), events(1))
			wantError(t, err, eventstore.ErrUnavailable)
			fill(t, store, "b", eventstore.NoRevision, 1)
			if ctl.Calls(esdbtest.Features) == connected {
				t.Fatal("the client was not replaced")
			}
		}
	}
	if seen != int(last)+1 {
		t.Fatalf("%d events were read, want %d", seen, last+1)
	}
}

// However many calls notice that the line is lost, one client takes the place
// of the old, which leaves no connection behind.
func TestOneClientReplacesTheLost(t *testing.T) {
	store, ctl, _ := serve(t)
	fill(t, store, "a", eventstore.NoRevision, 3)
	for range 10 {
		connected := ctl.Calls(esdbtest.Features)
		ctl.Fail(50, esdbtest.CallFailure{Method: esdbtest.Read, Kind: esdbtest.Hang})
		var g errgroup.Group
		for range 50 {
			g.Go(func() error {
				_, err := store.Head(t.Context())
				if !errors.Is(err, eventstore.ErrUnavailable) {
					return fmt.Errorf("the call was answered %v", err)
				}
				_, err = store.Head(t.Context())
				return err
			})
		}
		for ctl.Underway(esdbtest.Read) < 50 {
			time.Sleep(time.Millisecond)
		}
		ctl.DropConnections()
		if err := g.Wait(); err != nil {
			t.Fatal(err)
		}
		if n := ctl.Calls(esdbtest.Features) - connected; n != 1 {
			t.Fatalf("%d clients have connected, want 1", n)
		}
	}
	for ctl.Connections() != 1 { // the last to be closed may be under way
		time.Sleep(time.Millisecond)
	}
}

// The searches of a store that is often left without a server leave no client
// and no connection behind.
func TestServerComesAndGoes(t *testing.T) {
	store, ctl, _ := serve(t)
	last := fill(t, store, "a", eventstore.NoRevision, 1).Revision
	for range 10 {
		ctl.Refuse()
		var g errgroup.Group
		for range 10 {
			g.Go(func() error {
				for {
					if _, err := store.Head(t.Context()); err != nil {
						return err
					}
				}
			})
		}
		wantError(t, g.Wait(), eventstore.ErrUnavailable)
		ctl.Accept()
		for {
			batch := events(1)
			done, err := store.Append(t.Context(), "a", eventstore.At(last), batch)
			if err == nil {
				last = done.Revision
				break
			}
			wantError(t, err, eventstore.ErrUnavailable)
		}
	}
	if n := len(readStream(t, store, "a")); n != 11 {
		t.Fatalf("the stream holds %d events, want 11", n)
	}
}
