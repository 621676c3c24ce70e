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
// answered. Its caller leaves it in time, or when the client is given up if its
// context does not end, and nobody is sent after it.
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
	// As if it had been proved and then, with calls under way, looked anew.
	l := &line{of: ls, client: client}
	ls.current = l
	version := (*esdb.Client).GetServerVersion
	first := make(chan error, 1)
	patient := make(chan error, 1)
	stream := make(chan error, 1)
	looking := ls.given(t)
	go func() {
		_, err := ask(context.Background(), looking, version)
		first <- err
	}()
	time.Sleep(100 * time.Millisecond)
	hanging := []*call{ls.given(t), ls.given(t), ls.given(t)}
	go func() {
		_, err := ask(context.Background(), hanging[0], version)
		patient <- err
	}()
	hanging[1].run(t.Context(), func(c *esdb.Client) error {
		_, err := c.SubscribeToAll(context.Background(), esdb.SubscribeToAllOptions{})
		return err
	}, func(err error) { stream <- err })

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err = ask(ctx, hanging[2], version); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("the call came back with %v", err)
	}
	ls.mu.Lock()
	given := ls.current
	ls.mu.Unlock()
	if given == l {
		t.Fatal("the client is given to others")
	}
	for name, outcome := range map[string]chan error{
		"that looked": first, "without a deadline": patient, "that subscribes": stream,
	} {
		if err := <-outcome; !errors.Is(err, eventstore.ErrUnavailable) {
			t.Errorf("the call %s came back with %v", name, err)
		}
	}
}

// given acquires a call.
func (ls *lines) given(t *testing.T) *call {
	t.Helper()
	c, err := ls.acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A call on a client that was given up may take its time as long as it shows
// life, or waits for its consumer.
func TestLivelyCallOutlivesItsClient(t *testing.T) {
	conf, err := parseConfig("esdb://127.0.0.1:1?tls=false&gossipTimeout=1")
	if err != nil {
		t.Fatal(err)
	}
	ls := newLines(conf, slog.New(slog.DiscardHandler))
	defer ls.close()
	ls.patience = 50 * time.Millisecond
	client, err := esdb.NewClient(&ls.conf)
	if err != nil {
		t.Fatal(err)
	}
	l := &line{of: ls, client: client}
	ls.current = l
	c := ls.given(t)
	ended := make(chan error, 1)
	c.run(t.Context(), func(*esdb.Client) error {
		for range 20 {
			time.Sleep(10 * time.Millisecond)
			_ = c.handOn(func() error { return nil })
		}
		return c.handOn(func() error { time.Sleep(200 * time.Millisecond); return nil })
	}, func(err error) { ended <- err })
	ls.lost(l, false)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}
