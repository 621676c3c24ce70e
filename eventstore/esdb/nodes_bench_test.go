package esdb_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// longStream is how many events the stream has before a benchmark begins: an
// account in the middle of its year.
const longStream = 3800

// BenchmarkNodes carries out commands on one stream of a node that takes the
// time EventStoreDB was measured to take. Raw appends, and the way in which it
// is done by the book (read the stream when refused, decide, append) are what
// the figures are held against.
func BenchmarkNodes(b *testing.B) {
	b.Run("raw/writers=1", func(b *testing.B) {
		stores, _ := nodes(b, 1)
		store := stores[0]
		last := eventstore.Revision(longStream - 1)
		for b.Loop() {
			done, err := store.Append(b.Context(), "number-x", eventstore.At(last), events(1))
			if err != nil {
				b.Fatal(err)
			}
			last = done.Revision
		}
		rate(b, int64(b.N))
	})
	b.Run("command/servers=1/clients=1", func(b *testing.B) { commands(b, 1, 1, executes) })
	b.Run("command/servers=1/clients=64", func(b *testing.B) { commands(b, 1, 64, executes) })
	b.Run("command/servers=2/clients=64", func(b *testing.B) { commands(b, 2, 64, executes) })
	b.Run("book/servers=1/clients=1", func(b *testing.B) { commands(b, 1, 1, byTheBook) })
	b.Run("book/servers=2/clients=64", func(b *testing.B) { commands(b, 2, 64, byTheBook) })
}

func rate(b *testing.B, done int64) {
	b.ReportMetric(float64(done)/b.Elapsed().Seconds(), "commands/s")
}

// nodes returns stores of so many servers over one node with a long stream.
func nodes(b *testing.B, servers int) ([]eventstore.Store, *esdbtest.Server) {
	backing := sqlitetest.Open(b, sqlite.Options{Durability: sqlite.BulkLoad})
	address, ctl := esdbtest.Serve(b, backing, esdbtest.WithPace(esdbtest.Pace{Commit: func(n int) time.Duration {
		return []time.Duration{400, 400, 400, 400, 400, 400, 400, 1100}[n%8] * time.Microsecond
	}}))
	stores := make([]eventstore.Store, servers)
	for i := range stores {
		s, err := esdb.Open(b.Context(), address, esdb.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { _ = s.Close() })
		stores[i] = s
	}
	x := eventstore.NewExecutor(stores[0], eventstore.Trade, eventstore.ExecutorOptions{})
	for i := range 2 { // more than one append takes
		if err := count(b.Context(), x, fmt.Sprint("fill ", i), longStream/2); err != nil {
			b.Fatal(err)
		}
	}
	return stores, ctl
}

func count(ctx context.Context, x *eventstore.Executor, key string, n int) error {
	c := eventstore.Command{Key: key, Actor: domain.Actor{Name: "wang", Role: domain.Finance}, Content: said(key)}
	_, err := eventstore.Execute(ctx, x, "number-x", c, func(c *counted) ([]number.Event, error) {
		decided := make([]number.Event, n)
		for k := range decided {
			decided[k] = number.DocumentNumberClaimed{Series: "F1", Number: fmt.Sprint(c.n + k), Holder: key}
		}
		return decided, nil
	})
	return err
}

// executes returns what carries out a command at a server.
func executes(b *testing.B, store eventstore.Store) func(key string) error {
	x := eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{})
	if err := eventstore.Inspect(b.Context(), x, "number-x", func(*counted) error { return nil }); err != nil {
		b.Fatal(err)
	}
	return func(key string) error { return count(b.Context(), x, key, 1) }
}

// byTheBook returns what does so one command at a time: it reads what is new,
// appends, and when refused reads the whole stream again after a pause that
// doubles.
func byTheBook(b *testing.B, store eventstore.Store) func(key string) error {
	var mu sync.Mutex
	last := eventstore.NoRevision
	return func(string) error {
		mu.Lock()
		defer mu.Unlock()
		for pause := 5 * time.Millisecond; ; pause *= 2 {
			for rec, err := range store.ReadStream(b.Context(), "number-x", last+1, eventstore.Forwards) {
				if err != nil {
					return err
				}
				if _, _, err := eventstore.Trade.DecodeRecorded(rec); err != nil {
					return err
				}
				last = rec.Revision
			}
			done, err := store.Append(b.Context(), "number-x", eventstore.At(last), claims())
			if err == nil {
				last = done.Revision
				return nil
			}
			if !errors.Is(err, eventstore.ErrWrongRevision) {
				return err
			}
			last = eventstore.NoRevision
			time.Sleep(pause)
		}
	}
}

func claims() []eventstore.Proposed {
	e := events(1)
	e[0].Type, e[0].Data = "DocumentNumberClaimed", []byte(`{"series":"F1","number":"1","holder":"x"}`)
	e[0].Metadata = []byte(`{"commandKey":"k","commandHash":"h","actor":"wang","role":"finance","schema":1}`)
	return e
}

// commands has so many clients at so many servers carry out b.N commands, and
// reports the rate and the share of the server that did the least.
func commands(b *testing.B, servers, clients int, at func(*testing.B, eventstore.Store) func(string) error) {
	stores, ctl := nodes(b, servers)
	run := make([]func(string) error, servers)
	for i, s := range stores {
		run[i] = at(b, s)
	}
	done := make([]atomic.Int64, servers)
	var left atomic.Int64
	left.Store(int64(b.N))
	appends, reads := ctl.Calls(esdbtest.Append), ctl.Calls(esdbtest.Read)
	b.ResetTimer()
	var group sync.WaitGroup
	for c := range clients {
		group.Go(func() {
			for i := 0; left.Add(-1) >= 0; i++ {
				if err := run[c%servers](fmt.Sprint(c, "/", i)); err != nil {
					b.Error(err)
					return
				}
				done[c%servers].Add(1)
			}
		})
	}
	group.Wait()
	b.StopTimer()
	least, total := done[0].Load(), int64(0)
	for i := range done {
		least = min(least, done[i].Load())
		total += done[i].Load()
	}
	rate(b, total)
	b.ReportMetric(float64(ctl.Calls(esdbtest.Append)-appends)/float64(total), "appends/command")
	b.ReportMetric(float64(ctl.Calls(esdbtest.Read)-reads)/float64(total), "reads/command")
	b.ReportMetric(float64(least)*float64(servers)/float64(total), "share")
}
