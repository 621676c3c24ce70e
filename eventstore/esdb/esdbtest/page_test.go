package esdbtest_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// What an EventStoreDB 24.2.0 was seen to do is what the stand-in does: one
// case for each line of the page on which that was written down, through the
// official client. What the page says of elections, of users and of a log that
// comes back empty is a test beside what has to stand it: the executor's
// TestAnElectionCostsTimeAndNotErrors, the store's TestNoLeaderAndNoQuorum,
// TestANodeThatFallsAsleepInTheMiddle, TestOpenTellsWhatWaitingCannotMend and
// TestProtect, the service's TestAnEmptyLogInItsPlaceTakesNoCommandAndShowsNoFigure.
func TestTheStandInDoesWhatTheServerDoes(t *testing.T) {
	cases := []struct {
		line string
		pace esdbtest.Pace
		run  func(n *node)
	}{
		{"appends: the same IDs again, other data, same expectation: success, the first data stays", esdbtest.Pace{}, func(n *node) {
			first := n.must("a", esdb.NoStream{}, batch("1", "2"))
			again := n.must("a", esdb.NoStream{}, changed(batch("1", "2")))
			if *again != *first {
				n.Errorf("the repeat is answered %+v, the first %+v", again, first)
			}
			n.wants("a", "0:1:first", "1:2:first")
		}},
		{"appends: a prefix of an earlier append: success, the prefix's last revision and position", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1", "2", "3"))
			prefix := n.must("a", esdb.NoStream{}, batch("1", "2"))
			if e := n.read("a")[1]; prefix.NextExpectedVersion != 1 || prefix.CommitPosition != e.Position.Commit {
				n.Errorf("the prefix is answered %+v, its last event stands at %v", prefix, e.Position)
			}
			n.wants("a", "0:1:first", "1:2:first", "2:3:first")
		}},
		{"appends: the middle, At(0), the second ID alone: success, as a repeat", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1", "2", "3"))
			if middle := n.must("a", esdb.Revision(0), batch("2")); middle.NextExpectedVersion != 1 {
				n.Errorf("the middle is answered %+v", middle)
			}
			n.wants("a", "0:1:first", "1:2:first", "2:3:first")
		}},
		{"appends: all IDs of an earlier append and one more: wrong expected version, current revision told", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1", "2"))
			n.refused("a", esdb.NoStream{}, batch("1", "2", "3"), "got '1'")
			n.refused("a", esdb.StreamExists{}, batch("1", "2", "3"), "got '1'")
			n.wants("a", "0:1:first", "1:2:first")
		}},
		{"appends: a new ID and then an old one, Exists: both are written", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1"))
			n.must("a", esdb.StreamExists{}, batch("2", "1"))
			n.wants("a", "0:1:first", "1:2:first", "2:1:first")
		}},
		{"appends: the same IDs, Exists, right after: success, as a repeat", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1"))
			first := n.must("a", esdb.StreamExists{}, batch("2", "3"))
			if again := n.must("a", esdb.StreamExists{}, batch("2", "3")); *again != *first {
				n.Errorf("the repeat is answered %+v, the first %+v", again, first)
			}
			n.wants("a", "0:1:first", "1:2:first", "2:3:first")
		}},
		{"appends: an old ID under another exact expectation: wrong expected version", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1", "2", "3"))
			for _, r := range []uint64{0, 1, 2, 9} {
				n.refused("a", esdb.Revision(r), batch("1"), "got '2'")
			}
			n.wants("a", "0:1:first", "1:2:first", "2:3:first")
		}},
		{"appends: the same append while the first is in flight: Aborted, and then a repeat",
			esdbtest.Pace{Commit: always(200 * time.Millisecond), Abort: 20 * time.Millisecond}, func(n *node) {
				var g sync.WaitGroup
				answered, aborted := make(chan *esdb.WriteResult, 8), make(chan error, 8)
				for range 8 {
					g.Go(func() {
						if done, err := n.append("a", esdb.NoStream{}, batch("1")); err != nil {
							aborted <- err
						} else {
							answered <- done
						}
					})
				}
				g.Wait()
				if len(answered) == 0 || len(aborted) == 0 {
					n.Fatalf("%d are answered and %d aborted", len(answered), len(aborted))
				}
				for len(aborted) > 0 {
					if s := statusOf(<-aborted); s.Code() != codes.Aborted ||
						s.Message() != "Operation timed out: Commit phase timeout" {
						n.Errorf("given up with %v", s)
					}
				}
				first := <-answered
				if again := n.must("a", esdb.NoStream{}, batch("1")); *again != *first {
					n.Errorf("a try after that is answered %+v, the first %+v", again, first)
				}
				n.wants("a", "0:1:first")
			}},
		{"appends: an expectation that another append in flight has passed: wrong expected version with its revision, before any read shows it",
			esdbtest.Pace{Commit: always(300 * time.Millisecond)}, func(n *node) {
				first := make(chan error, 1)
				go func() { _, err := n.append("a", esdb.NoStream{}, batch("1", "2")); first <- err }()
				for n.ctl.Underway(esdbtest.Append) == 0 {
					time.Sleep(time.Millisecond)
				}
				for {
					_, err := n.append("a", esdb.Revision(7), batch("3"))
					if err != nil && strings.Contains(err.Error(), "got '1'") {
						break
					}
				}
				if got := n.read("a"); len(got) != 0 {
					n.Errorf("a read shows %d events already", len(got))
				}
				if err := <-first; err != nil {
					n.Error(err)
				}
				n.wants("a", "0:1:first", "1:2:first")
			}},
		{"appends: anything, to a node that is no leader: not-leader with the leader's address, which the client follows", esdbtest.Pace{}, func(n *node) {
			_, leader := esdbtest.Serve(n, n.backing)
			n.ctl.Follow(leader)
			leads := metadata.AppendToOutgoingContext(n.Context(), "requires-leader", "true")
			_, err := n.appendAs(leads, "a", esdb.NoStream{}, batch("1"))
			var told *esdb.Error
			if !errors.As(err, &told) || told.Code() != esdb.ErrorCodeNotLeader {
				n.Fatalf("answered %v", err)
			}
			if _, err = n.appendAs(leads, "a", esdb.NoStream{}, batch("1")); err != nil {
				n.Error(err)
			}
			if leader.Calls(esdbtest.Append) != 1 {
				n.Error("the leader was not asked")
			}
		}},
		{"appends: anything, while there is no leader: Unavailable, Server Is Not Ready, at once", esdbtest.Pace{}, func(n *node) {
			n.ctl.NoLeader()
			_, err := n.append("a", esdb.NoStream{}, batch("1"))
			if s := statusOf(err); s.Code() != codes.Unavailable || s.Message() != "Server Is Not Ready" {
				n.Errorf("answered %v", err)
			}
			n.ctl.Elect(false)
			n.must("a", esdb.NoStream{}, batch("1"))
		}},
		{"appends: to a leader whose followers have just died: aborted, then not ready until there is a quorum",
			esdbtest.Pace{Commit: always(100 * time.Millisecond), Abort: 20 * time.Millisecond}, func(n *node) {
				for _, kept := range []bool{false, true} {
					stream := map[bool]string{false: "gone", true: "kept"}[kept]
					first := make(chan error, 1)
					go func() { _, err := n.append(stream, esdb.NoStream{}, batch("1")); first <- err }()
					for n.ctl.Flights() == 0 {
						time.Sleep(time.Millisecond)
					}
					n.ctl.LoseQuorum()
					if s := statusOf(<-first); s.Code() != codes.Aborted {
						n.Errorf("the append in flight is answered %v", s)
					}
					if _, err := n.append("b", esdb.NoStream{}, batch("1")); statusOf(err).Message() != "Server Is Not Ready" {
						n.Errorf("without a quorum: %v", err)
					}
					n.ctl.Elect(kept)
					for n.ctl.Flights() != 0 {
						time.Sleep(time.Millisecond)
					}
					if got := len(n.read(stream)) == 1; got != kept {
						n.Errorf("what was in flight is there: %v, want %v", got, kept)
					}
				}
			}},
		{"conflict: what a read shows right after it is still the refused revision, sometimes, and passes it soon", esdbtest.Pace{}, func(n *node) {
			// Always on, without anything asked for.
			behind := 0
			for i := range 100 {
				var g sync.WaitGroup
				for w := range 2 {
					g.Go(func() {
						_, err := n.append("a", expect(i-1), batch(string(rune('a'+w))+string(rune('0'+i))))
						if err == nil {
							return
						}
						if got := n.read("a"); len(got) <= i {
							n.mu.Lock()
							behind++
							n.mu.Unlock()
						}
					})
				}
				g.Wait()
			}
			if behind == 0 {
				n.Error("of 100 conflicts each was shown by the next read")
			}
		}},
		{"acknowledged appends are seen by the next read from the leader", esdbtest.Pace{}, func(n *node) {
			for i := range 100 {
				n.must("a", expect(i-1), batch(string(rune('0'+i))))
				if got := n.read("a"); len(got) != i+1 {
					n.Fatalf("after %d appends %d events are shown", i+1, len(got))
				}
			}
		}},
		{"acknowledged appends are not seen at once by every read from a follower", esdbtest.Pace{}, func(n *node) {
			address, leader := esdbtest.Serve(n, n.backing)
			writer := dial(n, address)
			n.ctl.Follow(leader)
			behind := 0
			for i := range 50 {
				if _, err := writer.AppendToStream(n.Context(), "a", esdb.AppendToStreamOptions{ExpectedRevision: expect(i - 1)},
					batch(string(rune('0'+i)))...); err != nil {
					n.Fatal(err)
				}
				if len(n.read("a")) <= i {
					behind++
				}
				for len(n.read("a")) <= i { // but soon
					time.Sleep(time.Millisecond)
				}
			}
			if behind == 0 || behind == 50 {
				n.Errorf("%d of 50 are not seen at once", behind)
			}
		}},
		{"reads: $maxCount 1 on a stream of three: revision 2 only; $all still holds the others", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1", "2", "3"))
			var m esdb.StreamMetadata
			m.SetMaxCount(1)
			if _, err := n.client.SetStreamMetadata(n.Context(), "a", esdb.AppendToStreamOptions{}, m); err != nil {
				n.Fatal(err)
			}
			n.wants("a", "2:3:first")
			n.all("a/tested", "a/tested", "a/tested", "$$a/$metadata")
		}},
		{"reads: $tb cuts, too", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1", "2", "3"))
			var m esdb.StreamMetadata
			m.SetTruncateBefore(1)
			if _, err := n.client.SetStreamMetadata(n.Context(), "a", esdb.AppendToStreamOptions{}, m); err != nil {
				n.Fatal(err)
			}
			n.wants("a", "1:2:first", "2:3:first")
		}},
		{"reads: soft delete: stream not found; NoStream succeeds, at the next revision; $all holds the events and a $metadata event with $tb", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1", "2", "3"))
			if _, err := n.client.DeleteStream(n.Context(), "a",
				esdb.DeleteStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
				n.Fatal(err)
			}
			if _, err := n.readErr("a"); codeOf(err) != esdb.ErrorCodeResourceNotFound {
				n.Errorf("a read says %v", err)
			}
			n.all("a/tested", "a/tested", "a/tested", "$$a/$metadata")
			if done := n.must("a", esdb.NoStream{}, batch("4")); done.NextExpectedVersion != 3 {
				n.Errorf("written on at %d, want 3", done.NextExpectedVersion)
			}
			n.wants("a", "3:4:first")
			m, err := n.client.GetStreamMetadata(n.Context(), "a",
				esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}})
			if err != nil || m.TruncateBefore() == nil || *m.TruncateBefore() != 3 {
				n.Errorf("its metadata is %+v, %v", m, err)
			}
		}},
		{"reads: tombstone: reads and appends say stream deleted; a $streamDeleted event on the stream itself", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1"))
			if _, err := n.client.TombstoneStream(n.Context(), "a",
				esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}}); err != nil {
				n.Fatal(err)
			}
			if _, err := n.readErr("a"); codeOf(err) != esdb.ErrorCodeStreamDeleted {
				n.Errorf("a read says %v", err)
			}
			for _, e := range []esdb.ExpectedRevision{esdb.NoStream{}, esdb.Revision(0), esdb.StreamExists{}} {
				if _, err := n.append("a", e, batch("2")); codeOf(err) != esdb.ErrorCodeStreamDeleted {
					n.Errorf("an append says %v", err)
				}
			}
			n.all("a/tested", "a/$streamDeleted")
		}},
		{"reads: positions: commit and prepare are equal, and jump", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1", "2", "3"))
			var last uint64
			for _, e := range n.read("a") {
				if e.Position.Commit != e.Position.Prepare || e.Position.Commit < last+100 {
					n.Errorf("position %+v after %d", e.Position, last)
				}
				last = e.Position.Commit
			}
		}},
		{"the log: calls to a leader that was stopped hang as long as it sleeps", esdbtest.Pace{}, func(n *node) {
			n.must("a", esdb.NoStream{}, batch("1"))
			n.ctl.Freeze()
			ctx, cancel := context.WithTimeout(n.Context(), 100*time.Millisecond)
			defer cancel()
			if _, err := n.appendAs(ctx, "b", esdb.NoStream{}, batch("2")); statusOf(err).Code() != codes.DeadlineExceeded {
				n.Errorf("answered %v", err)
			}
			n.ctl.Thaw()
			if got := n.read("a"); len(got) != 1 {
				n.Errorf("awake, it shows %d events", len(got))
			}
		}},
	}
	for _, c := range cases {
		t.Run(c.line, func(t *testing.T) {
			n := &node{T: t, backing: backing(t)}
			address, ctl := esdbtest.Serve(t, n.backing, esdbtest.WithPace(c.pace))
			n.client, n.ctl = dial(t, address+"&nodePreference=follower"), ctl
			c.run(n)
		})
	}
}

func backing(t *testing.T) *sqlite.Store {
	s := sqlitetest.Open(t, sqlite.Options{Durability: sqlite.BulkLoad})
	return s
}

func dial(t interface {
	Fatal(...any)
	Cleanup(func())
}, address string) *esdb.Client {
	conf, err := esdb.ParseConnectionString(address)
	if err != nil {
		t.Fatal(err)
	}
	conf.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(conf)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

// node is a stand-in and a client of it.
type node struct {
	*testing.T
	backing *sqlite.Store
	client  *esdb.Client
	ctl     *esdbtest.Server
	mu      sync.Mutex
}

func (n *node) append(
	stream string, expected esdb.ExpectedRevision, events []esdb.EventData,
) (*esdb.WriteResult, error) {
	return n.appendAs(n.Context(), stream, expected, events)
}

// appendAs sends again what the client came back from without the reason: it does
// when the server refuses before all was sent.
func (n *node) appendAs(
	ctx context.Context, stream string, expected esdb.ExpectedRevision, events []esdb.EventData,
) (*esdb.WriteResult, error) {
	for {
		done, err := n.client.AppendToStream(ctx, stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, events...)
		if !errors.Is(err, io.EOF) {
			return done, err
		}
	}
}

func (n *node) must(stream string, expected esdb.ExpectedRevision, events []esdb.EventData) *esdb.WriteResult {
	n.Helper()
	done, err := n.append(stream, expected, events)
	if err != nil {
		n.Fatal(err)
	}
	return done
}

func (n *node) refused(stream string, expected esdb.ExpectedRevision, events []esdb.EventData, words string) {
	n.Helper()
	_, err := n.append(stream, expected, events)
	if codeOf(err) != esdb.ErrorCodeWrongExpectedVersion || !strings.Contains(err.Error(), words) {
		n.Errorf("expecting %v: %v, want a conflict that says %q", expected, err, words)
	}
}

func (n *node) readErr(stream string) (list []*esdb.RecordedEvent, err error) {
	read, err := n.client.ReadStream(n.Context(), stream, esdb.ReadStreamOptions{}, 1000)
	if err != nil {
		return nil, err
	}
	defer read.Close()
	for {
		e, err := read.Recv()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		list = append(list, e.Event)
	}
}

// read reads a stream; one that is not there is empty.
func (n *node) read(stream string) []*esdb.RecordedEvent {
	n.Helper()
	list, err := n.readErr(stream)
	if err != nil && codeOf(err) != esdb.ErrorCodeResourceNotFound {
		n.Fatal(err)
	}
	return list
}

// wants checks what a stream shows, as revision:ID:data.
func (n *node) wants(stream string, want ...string) {
	n.Helper()
	var got []string
	for _, e := range n.read(stream) {
		got = append(got, string(rune('0'+e.EventNumber))+":"+names[e.EventID]+":"+strings.Trim(string(e.Data), `"`))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		n.Errorf("stream %q (-want +got): %s", stream, diff)
	}
}

// all checks what the log holds, as stream/type.
func (n *node) all(want ...string) {
	n.Helper()
	read, err := n.client.ReadAll(n.Context(), esdb.ReadAllOptions{From: esdb.Start{}}, 1000)
	if err != nil {
		n.Fatal(err)
	}
	defer read.Close()
	var got []string
	for {
		e, err := read.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			n.Fatal(err)
		}
		got = append(got, e.Event.StreamID+"/"+e.Event.EventType)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		n.Errorf("the log (-want +got): %s", diff)
	}
}

var (
	names   = make(map[uuid.UUID]string)
	namesMu sync.Mutex
)

// batch returns events with these identities.
func batch(of ...string) []esdb.EventData {
	namesMu.Lock()
	defer namesMu.Unlock()
	var list []esdb.EventData
	for _, name := range of {
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(name))
		names[id] = name
		list = append(list,
			esdb.EventData{
				EventID: id, EventType: "tested", ContentType: esdb.ContentTypeJson, Data: []byte(`"first"`),
				Metadata: []byte(`{}`),
			})
	}
	return list
}

// changed gives events other data.
func changed(events []esdb.EventData) []esdb.EventData {
	for i := range events {
		events[i].Data = []byte(`"other"`)
	}
	return events
}

func expect(last int) esdb.ExpectedRevision {
	if last < 0 {
		return esdb.NoStream{}
	}
	return esdb.Revision(uint64(last))
}

func always(d time.Duration) func(int) time.Duration {
	return func(int) time.Duration { return d }
}

func statusOf(err error) *status.Status {
	var s interface{ GRPCStatus() *status.Status }
	if errors.As(err, &s) {
		return s.GRPCStatus()
	}
	return nil
}

func codeOf(err error) esdb.ErrorCode {
	var told *esdb.Error
	if errors.As(err, &told) {
		return told.Code()
	}
	return -1
}
