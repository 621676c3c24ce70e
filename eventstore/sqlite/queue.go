package sqlite

import (
	"sync"

	"aftersales-ledger/eventstore"
)

// A group is bounded so that the first append in it does not wait too long and
// the transaction does not outgrow SQLite's page cache.
const (
	maxGroupAppends = 512
	maxGroupBytes   = 4 << 20
)

// queue holds the appends that wait for the writer. Every caller waits for its
// answer, so it never holds more than there are callers.
type queue struct {
	mu      sync.Mutex
	filled  sync.Cond
	waiting []*request
	closed  bool
}

func newQueue() *queue {
	q := &queue{}
	q.filled.L = &q.mu
	return q
}

// put adds a request; false if the queue was closed.
func (q *queue) put(r *request) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.waiting = append(q.waiting, r)
	q.filled.Signal()
	return true
}

// take waits for requests and fills group with the oldest of them. It returns
// an empty group when the queue was closed and everything in it was taken.
func (q *queue) take(group []*request) []*request {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) == 0 && !q.closed {
		q.filled.Wait()
	}
	bytes, n := 0, 0
	for n < len(q.waiting) && n < maxGroupAppends && bytes < maxGroupBytes {
		bytes += q.waiting[n].bytes
		n++
	}
	group = append(group[:0], q.waiting[:n]...)
	rest := copy(q.waiting, q.waiting[n:])
	clear(q.waiting[rest:])
	q.waiting = q.waiting[:rest]
	return group
}

// close lets the queue run empty and refuses what comes after.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Signal()
}

func (q *queue) isClosed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

// head is the position of the last committed event, and wakes those who wait
// for the next one.
type head struct {
	mu       sync.Mutex
	position eventstore.Position
	moved    chan struct{} // closed when position moves; nil if nobody waits
}

func (h *head) get() eventstore.Position {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.position
}

// watch returns the head and a channel that is closed when it has moved on.
func (h *head) watch() (eventstore.Position, <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.moved == nil {
		h.moved = make(chan struct{})
	}
	return h.position, h.moved
}

func (h *head) set(p eventstore.Position) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if p == h.position {
		return
	}
	h.position = p
	if h.moved != nil {
		close(h.moved)
		h.moved = nil
	}
}
