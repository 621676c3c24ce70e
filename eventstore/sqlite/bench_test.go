package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
	"zombiezen.com/go/sqlite"

	"aftersales-ledger/eventstore"
)

// The benchmarks write events of the usual size.
var (
	benchData     = []byte(`{"text":"` + strings.Repeat("d", 589) + `"}`) // 600 bytes
	benchMetadata = []byte(`{"text":"` + strings.Repeat("m", 239) + `"}`) // 250 bytes
)

const benchStreams = 64

func benchEvent() eventstore.Proposed {
	return eventstore.Proposed{ID: uuid.New(), Type: "ReturnRequested", Data: benchData, Metadata: benchMetadata}
}

// BenchmarkAppend measures appends of one event each, durable on return, from
// writers that each wait for their answer. Compare with BenchmarkRawInsert.
func BenchmarkAppend(b *testing.B) {
	for _, writers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { benchAppend(b, writers) })
	}
}

func benchAppend(b *testing.B, writers int) {
	s := mustOpen(b, filepath.Join(b.TempDir(), "bench.db"), Options{})
	const each = 128 // events per writer and iteration
	latencies := make([][]time.Duration, writers)
	last := make([]eventstore.Revision, benchStreams)
	for i := range last {
		last[i] = eventstore.NoRevision
	}
	appended := 0
	for b.Loop() {
		var g errgroup.Group
		for w := range writers {
			g.Go(func() error {
				for i := range each {
					stream := w + i*writers%benchStreams // writers share no stream
					begun := time.Now()
					got, err := s.Append(b.Context(), fmt.Sprintf("bench-%d", stream), eventstore.At(last[stream]),
						[]eventstore.Proposed{benchEvent()})
					if err != nil {
						return err
					}
					last[stream] = got.Revision
					latencies[w] = append(latencies[w], time.Since(begun))
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			b.Fatal(err)
		}
		appended += writers * each
	}
	reportRate(b, appended)
	all := slices.Concat(latencies...)
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
	b.ReportMetric(float64(all[len(all)-1].Microseconds()), "max-µs")
}

func reportRate(b *testing.B, events int) {
	b.Helper()
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(0, "ns/op") // an iteration has no meaning of its own
}

// BenchmarkRawInsert is what SQLite itself can do: one goroutine that inserts
// the same rows into the same schema under the same settings, 64 in each synced
// transaction, without checking anything.
func BenchmarkRawInsert(b *testing.B) {
	conn := benchConn(b, filepath.Join(b.TempDir(), "raw.db"))
	stmts, err := prepareStatements(conn)
	if err != nil {
		b.Fatal(err)
	}
	for i := range benchStreams {
		stmts.addStream.BindText(1, fmt.Sprintf("bench-%d", i))
		if err := run(stmts.addStream); err != nil {
			b.Fatal(err)
		}
	}
	data, metadata := string(benchData), string(benchMetadata)
	inserted := 0
	for b.Loop() {
		if err := run(stmts.begin); err != nil {
			b.Fatal(err)
		}
		for range 64 {
			id, s := uuid.New(), stmts.addEvent
			s.BindInt64(1, int64(inserted+1))
			s.BindInt64(2, int64(inserted%benchStreams+1))
			s.BindInt64(3, int64(inserted/benchStreams))
			s.BindBytes(4, id[:])
			s.BindText(5, "ReturnRequested")
			s.BindText(6, data)
			s.BindText(7, metadata)
			s.BindInt64(8, time.Now().UnixMicro())
			if err := run(s); err != nil {
				b.Fatal(err)
			}
			inserted++
		}
		if err := run(stmts.commit); err != nil {
			b.Fatal(err)
		}
	}
	reportRate(b, inserted)
}

func benchConn(b *testing.B, path string) *sqlite.Conn {
	b.Helper()
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadWrite, sqlite.OpenCreate)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close() })
	if err := prepareFile(conn, Full); err != nil {
		b.Fatal(err)
	}
	return conn
}

// BenchmarkScan reads the whole log, as a projection does that starts anew.
func BenchmarkScan(b *testing.B) {
	const n = 100_000
	s := mustOpen(b, filepath.Join(b.TempDir(), "bench.db"), Options{Durability: BulkLoad})
	fill(b, s, n)
	read := map[string]func() (int, error){
		"all": func() (int, error) {
			events := 0
			for _, err := range s.ReadAll(b.Context(), 0) {
				if err != nil {
					return 0, err
				}
				events++
			}
			return events, nil
		},
		"subscribe": func() (int, error) {
			events := 0
			for batch, err := range s.Subscribe(b.Context(), 0, 500) {
				if err != nil {
					return 0, err
				}
				if events += len(batch.Events); batch.CaughtUp {
					break
				}
			}
			return events, nil
		},
	}
	for _, name := range []string{"all", "subscribe"} {
		b.Run(name, func(b *testing.B) {
			events := 0
			for b.Loop() {
				got, err := read[name]()
				if err != nil || got != n {
					b.Fatalf("read %d events: %v", got, err)
				}
				events += got
			}
			reportRate(b, events)
		})
	}
}

// BenchmarkBulkLoad fills a file in appends of 100 events.
func BenchmarkBulkLoad(b *testing.B) {
	const n = 20_000
	events := 0
	for b.Loop() {
		s := mustOpen(b, filepath.Join(b.TempDir(), "bulk.db"), Options{Durability: BulkLoad})
		fill(b, s, n)
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		events += n
	}
	reportRate(b, events)
}

// fill appends n events, 100 to a stream.
func fill(tb testing.TB, s *Store, n int) {
	tb.Helper()
	for i := range n / 100 {
		events := make([]eventstore.Proposed, 100)
		for j := range events {
			events[j] = benchEvent()
		}
		if _, err := s.Append(context.Background(), fmt.Sprintf("fill-%d", i), eventstore.NoStream(), events); err != nil {
			tb.Fatal(err)
		}
	}
}
