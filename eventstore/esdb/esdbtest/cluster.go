package esdbtest

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
)

// Pace is how long a node takes. The zero value of a field is the page's: what
// was measured of EventStoreDB 24.2.
type Pace struct {
	// Commit is how long the nth append takes from when the node has accepted
	// it, so that another with its expectation is refused, until it is written:
	// shown to readers and answered. By default most are written at once, some
	// after 1 ms and a few after 20 ms.
	Commit func(n int) time.Duration
	// Abort is when an append is given up that is the same as one in flight, or
	// that finds no quorum any more: 2 s.
	Abort time.Duration
	// Trail is how far a follower may be behind the leader: 24 ms for one append
	// of nine.
	Trail time.Duration
	// Call is the way there and back of every call: none.
	Call time.Duration
}

func commitOfThePage(n int) time.Duration {
	h := fnv.New32a()
	_ = binary.Write(h, binary.BigEndian, uint32(n))
	switch draw := h.Sum32() % 100; {
	case draw < 80:
		return 0
	case draw < 97:
		return 1100 * time.Microsecond
	case draw < 99:
		return 5 * time.Millisecond
	default:
		return 20 * time.Millisecond
	}
}

// cluster is what the nodes over one store share: the log, what is on its way
// into it, and what operators did to its streams.
type cluster struct {
	store eventstore.Store
	nodes int // guarded by clusters.mu

	mu       sync.Mutex
	appends  int // accepted so far
	streams  map[string]*stream
	flights  sync.WaitGroup
	system   []record // of the server's own, by place
	trailing []trailing
	leadless bool
	quorum   chan struct{} // nil while there is one; closed when it is back
	lost     chan struct{} // closed when there is none; renewed when it is back
	wake     chan struct{} // closed and renewed when subscriptions should look
}

// clusters finds the nodes of one store together.
var clusters = struct {
	mu     sync.Mutex
	byNode map[eventstore.Store]*cluster
}{byNode: make(map[eventstore.Store]*cluster)}

// join makes the server a node of the cluster over its store.
func (s *Server) join(store eventstore.Store) {
	fresh := &cluster{
		store: store, streams: make(map[string]*stream), lost: make(chan struct{}), wake: make(chan struct{}),
	}
	if !reflect.TypeOf(store).Comparable() {
		s.cluster = fresh
		return
	}
	clusters.mu.Lock()
	defer clusters.mu.Unlock()
	c := clusters.byNode[store]
	if c == nil {
		c = fresh
		clusters.byNode[store] = c
	}
	c.nodes++
	s.cluster = c
}

// leave waits for what is on its way and forgets a cluster without nodes.
func (s *Server) leave() {
	c := s.cluster
	c.restoreQuorum(false)
	c.flights.Wait()
	clusters.mu.Lock()
	defer clusters.mu.Unlock()
	if c.nodes--; c.nodes == 0 {
		delete(clusters.byNode, c.store)
	}
}

// stream is what the cluster knows of one stream.
type stream struct {
	ids     []uuid.UUID       // by revision, as far as they are written
	first   map[uuid.UUID]int // the first revision of each
	flights []*flight         // accepted after them, in order
	deleted bool              // by a tombstone
	meta    metadataOf
	metas   int // $metadata events so far
}

// metadataOf is what a $metadata event says.
type metadataOf struct {
	MaxCount       *int64          `json:"$maxCount"`
	MaxAge         *int64          `json:"$maxAge"` // seconds
	TruncateBefore *int64          `json:"$tb"`
	ACL            json.RawMessage `json:"$acl"`
}

// softly is the $tb of a stream that was deleted and not written since.
const softly = int64(1<<63 - 1)

func (m metadataOf) softDeleted() bool { return m.TruncateBefore != nil && *m.TruncateBefore == softly }

// first returns the first revision a read shows of a stream that ends at last.
func (m metadataOf) first(last eventstore.Revision) eventstore.Revision {
	first := eventstore.Revision(0)
	if m.TruncateBefore != nil {
		first = eventstore.Revision(*m.TruncateBefore)
	}
	if m.MaxCount != nil {
		first = max(first, last-eventstore.Revision(*m.MaxCount)+1)
	}
	return first
}

// flight is an append that was accepted and is not written yet.
type flight struct {
	number  int // of all that were accepted
	after   eventstore.Revision
	events  []eventstore.Proposed
	quorum  chan struct{} // closed when the quorum it lost is back; nil if it lost none
	gone    bool          // and has been lost with it
	written chan struct{} // closed when it is, or never will be
	at      eventstore.Appended
	err     error
}

// trailing is an event followers do not show yet.
type trailing struct {
	from  eventstore.Position
	until time.Time
}

var (
	// errInFlight: the same append is on its way already.
	errInFlight = errors.New("esdbtest: the same append is in flight")
	// errGone: an append in flight was lost with the quorum.
	errGone = errors.New("esdbtest: lost with the quorum")
	// errTombstone: the stream was deleted for good.
	errTombstone = errors.New("esdbtest: stream is deleted")
)

// streamLocked returns what is known of a stream, as far as the store has come.
func (c *cluster) streamLocked(name string) (*stream, error) {
	st := c.streams[name]
	if st == nil {
		st = &stream{first: make(map[uuid.UUID]int)}
		c.streams[name] = st
	}
	for e, err := range c.store.ReadStream(context.Background(), name, eventstore.Revision(len(st.ids)),
		eventstore.Forwards) {
		switch {
		case errors.Is(err, eventstore.ErrStreamNotFound):
			st.ids = nil
			clear(st.first)
			return st, nil
		case err != nil:
			return nil, err
		}
		if _, again := st.first[e.ID]; !again {
			st.first[e.ID] = len(st.ids)
		}
		st.ids = append(st.ids, e.ID)
	}
	return st, nil
}

// last returns the revision the stream is at with what is in flight.
func (st *stream) last() eventstore.Revision {
	n := len(st.ids)
	for _, f := range st.flights {
		n += len(f.events)
	}
	return eventstore.Revision(n - 1)
}

// stands reports whether an event stands at a revision, what is in flight included.
func (st *stream) stands(id uuid.UUID, at int) bool {
	if at < len(st.ids) {
		return st.ids[at] == id
	}
	at -= len(st.ids)
	for _, f := range st.flights {
		if at < len(f.events) {
			return f.events[at].ID == id
		}
		at -= len(f.events)
	}
	return false
}

// find returns the first revision of an event, what is in flight included.
func (st *stream) find(id uuid.UUID) (at int, ok bool) {
	if at, ok = st.first[id]; ok {
		return at, ok
	}
	at = len(st.ids)
	for _, f := range st.flights {
		if i := slices.IndexFunc(f.events, func(e eventstore.Proposed) bool { return e.ID == id }); i >= 0 {
			return at + i, true
		}
		at += len(f.events)
	}
	return 0, false
}

// accept decides on an append as the server does: on what is written and what
// is in flight, and on IDs alone. One of the results tells what happened: the
// flight to wait for, where the events stood already, or the error.
func (c *cluster) accept(
	name string, expected eventstore.Expected, events []eventstore.Proposed,
) (*flight, *eventstore.Appended, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	st, err := c.streamLocked(name)
	if err != nil {
		return nil, nil, err
	}
	if st.deleted {
		return nil, nil, errTombstone
	}
	last := st.last()
	known := func(id uuid.UUID) bool { _, ok := st.find(id); return ok }
	wrong := &eventstore.WrongRevisionError{Stream: name, Expected: expected, Actual: last}
	matches := func(from eventstore.Revision) int { // how many of the events stand from there on
		n := 0
		for n < len(events) && st.stands(events[n].ID, int(from)+n) {
			n++
		}
		return n
	}
	base, exact := expected.Exact()
	switch {
	case exact && base == eventstore.NoRevision && st.meta.softDeleted():
		// It is written on, as if it had never been deleted.
	case exact && base < last:
		if matches(base+1) < len(events) {
			return nil, nil, wrong
		}
		return c.repeatLocked(st, name, base+eventstore.Revision(len(events)))
	case exact && base > last:
		return nil, nil, wrong
	case exact:
		if known(events[0].ID) {
			return nil, nil, wrong
		}
	case last == eventstore.NoRevision || st.meta.softDeleted():
		return nil, nil, wrong
	default:
		// The first ID decides: if it is new, all are written.
		n := 0
		for ; n < len(events) && known(events[n].ID); n++ {
		}
		if n == len(events) {
			at, _ := st.find(events[n-1].ID)
			return c.repeatLocked(st, name, eventstore.Revision(at))
		}
		if n > 0 {
			return nil, nil, wrong
		}
	}
	if st.meta.softDeleted() {
		next := int64(last) + 1
		c.describeLocked(st, name, fmt.Appendf(nil, `{"$tb":%d}`, next))
	}
	f := &flight{number: c.appends, after: last, events: events, written: make(chan struct{})}
	st.flights = append(st.flights, f)
	c.appends++
	c.flights.Add(1)
	return f, nil, nil
}

// repeatLocked answers an append whose events stand up to a revision.
func (c *cluster) repeatLocked(
	st *stream, name string, last eventstore.Revision,
) (*flight, *eventstore.Appended, error) {
	if int(last) >= len(st.ids) {
		return nil, nil, errInFlight
	}
	for e, err := range c.store.ReadStream(context.Background(), name, last, eventstore.Forwards) {
		if err != nil {
			return nil, nil, err
		}
		return nil, &eventstore.Appended{Revision: last, Position: e.Position, Repeated: true}, nil
	}
	return nil, nil, errGone
}

// fly brings a flight to its end: after its time, and after those before it.
func (c *cluster) fly(name string, f *flight, pace Pace) {
	defer c.flights.Done()
	if d := pace.Commit(f.number); d > 0 {
		time.Sleep(d)
	}
	c.mu.Lock()
	st := c.streams[name]
	var before *flight
	if i := slices.Index(st.flights, f); i > 0 {
		before = st.flights[i-1]
	}
	quorum := f.quorum
	c.mu.Unlock()
	if before != nil {
		<-before.written
		f.err = before.err
	}
	if quorum != nil {
		<-quorum
		c.mu.Lock()
		if f.gone {
			f.err = errGone
		}
		c.mu.Unlock()
	}
	if f.err == nil {
		f.at, f.err = c.store.Append(context.Background(), name, eventstore.At(f.after), f.events)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	st.flights = slices.DeleteFunc(st.flights, func(g *flight) bool { return g == f })
	if f.err == nil && f.number%9 == 0 && pace.Trail > 0 {
		c.trailing = append(c.trailing,
			trailing{f.at.Position - eventstore.Position(len(f.events)) + 1, time.Now().Add(pace.Trail)})
	}
	close(f.written)
}

// shownByFollowers returns the position followers have come to.
func (c *cluster) shownByFollowers() eventstore.Position {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	c.trailing = slices.DeleteFunc(c.trailing, func(t trailing) bool { return now.After(t.until) })
	shown := eventstore.Position(1<<63 - 1)
	for _, t := range c.trailing {
		shown = min(shown, t.from-1)
	}
	return shown
}

// losing returns what is closed when the quorum is lost.
func (c *cluster) losing() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lost
}

// NoLeader leaves the cluster without a leader until Elect: every call is
// refused at once.
func (s *Server) NoLeader() {
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	s.cluster.leadless = true
}

// LoseQuorum lets the followers die under the leader's hands: what is in flight
// is not answered and aborted, what comes is refused, until Elect.
func (s *Server) LoseQuorum() {
	c := s.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leadless = true; c.quorum == nil {
		c.quorum = make(chan struct{})
		close(c.lost)
		for _, st := range c.streams {
			for _, f := range st.flights {
				f.quorum = c.quorum
			}
		}
	}
}

// Elect gives the cluster a leader again. Appends that were in flight when the
// quorum was lost are written now if kept, and gone otherwise.
func (s *Server) Elect(kept bool) { s.cluster.restoreQuorum(kept) }

func (c *cluster) restoreQuorum(kept bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.leadless = false
	if c.quorum != nil {
		for _, st := range c.streams {
			for _, f := range st.flights {
				f.gone = f.quorum == c.quorum && !kept
			}
		}
		close(c.quorum)
		c.quorum, c.lost = nil, make(chan struct{})
	}
}

// addLocked puts one of the server's own events at the end of the log.
func (c *cluster) addLocked(r record) (at uint64, err error) {
	head, err := c.store.Head(context.Background())
	if err != nil {
		return 0, err
	}
	r.at = place(head) + 1
	if k := len(c.system); k > 0 && c.system[k-1].at >= r.at {
		r.at = c.system[k-1].at + 1
	}
	if r.at >= place(head+1) {
		return 0, errors.New("esdbtest: no room for a system event")
	}
	c.system = append(c.system, r)
	close(c.wake)
	c.wake = make(chan struct{})
	return r.at, nil
}

// describeLocked records a stream's metadata, as its operator or the server
// itself does.
func (c *cluster) describeLocked(st *stream, name string, data []byte) {
	var m metadataOf
	if json.Unmarshal(data, &m) != nil {
		return
	}
	e := eventstore.Recorded{
		ID: uuid.New(), Stream: "$$" + name, Revision: eventstore.Revision(st.metas), Data: data, RecordedAt: time.Now(),
	}
	if _, err := c.addLocked(record{kind: "$metadata", event: e}); err == nil {
		st.meta = m
		st.metas++
	}
}

// describe sets a stream's metadata.
func (c *cluster) describe(name string, data []byte) (eventstore.Revision, uint64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	st, err := c.streamLocked(name)
	if err != nil {
		return 0, 0, err
	}
	c.describeLocked(st, name, data)
	return eventstore.Revision(st.metas - 1), c.system[len(c.system)-1].at, nil
}

// tombstone deletes a stream for good.
func (c *cluster) tombstone(name string) (at uint64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	st, err := c.streamLocked(name)
	if err != nil {
		return 0, err
	}
	e := eventstore.Recorded{ID: uuid.New(), Stream: name, Revision: 1<<63 - 1, Data: []byte("{}"), RecordedAt: time.Now()}
	at, err = c.addLocked(record{kind: "$streamDeleted", event: e})
	st.deleted = st.deleted || err == nil
	return at, err
}

// shown returns what an operator has left of a stream: its first revision that
// is read, whether it is there at all, and whether a tombstone stands on it.
func (c *cluster) shown(name string) (first eventstore.Revision, there, deleted bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if strings.HasPrefix(name, "$") {
		return 0, true, false, nil
	}
	st, err := c.streamLocked(name)
	if err != nil {
		return 0, false, false, err
	}
	last := eventstore.Revision(len(st.ids) - 1)
	return st.meta.first(last), last != eventstore.NoRevision && !st.meta.softDeleted(), st.deleted, nil
}
