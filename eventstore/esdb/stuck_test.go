//go:build !race

// Freeing a call that hangs in the client means closing the channel it sends
// on, which the race detector rightly reports of the client.

package esdb

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/eventstore"
)

// A call that waits for a client while it looks for a node in vain is never
// answered. Its caller leaves it in time, nobody is sent after it, and it ends
// when nothing else uses the client.
func TestCallThatHangsInTheClient(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	conf, err := parseConfig("esdb://" + silent.Addr().String() + "?tls=false&gossipTimeout=1")
	if err != nil {
		t.Fatal(err)
	}
	ls := newLines(conf, slog.New(slog.DiscardHandler))
	defer ls.close()
	ls.patience = 10 * time.Millisecond
	client, err := esdb.NewClient(&ls.conf)
	if err != nil {
		t.Fatal(err)
	}
	// As if it had been proved and then, with two calls under way, looked anew.
	l := &line{of: ls, client: client, users: 2}
	ls.current = l
	first := make(chan error, 1)
	go func() {
		_, err := ask(context.Background(), l, (*esdb.Client).GetServerVersion)
		first <- err
	}()
	time.Sleep(100 * time.Millisecond)

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err = ask(ctx, l, (*esdb.Client).GetServerVersion)
	if took := time.Since(begun); !errors.Is(err, eventstore.ErrUnavailable) || took > 700*time.Millisecond {
		t.Fatalf("the call came back with %v after %v", err, took)
	}
	ls.mu.Lock()
	given, users := ls.current, l.users
	ls.mu.Unlock()
	if given == l || users != 2 {
		t.Fatalf("the client has %d users and is given to others: %t", users, given == l)
	}
	if err := <-first; !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("the call that looked came back with %v", err)
	}
	for users != 0 { // until the test times out
		time.Sleep(time.Millisecond)
		ls.mu.Lock()
		users = l.users
		ls.mu.Unlock()
	}
}
