package esdb

import (
	"context"
	"fmt"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"aftersales-ledger/eventstore"
)

// horizon remembers how far the end of the log has been searched: from head to
// upTo stand only others' events. The client cannot ask the server to leave them
// out of a read, and a quiet log grows by thousands of them a day, which are
// not to be read again for every look at the head.
type horizon struct {
	mu   sync.Mutex
	head eventstore.Position
	upTo eventstore.Position
}

func (h *horizon) get() (head, upTo eventstore.Position) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.head, h.upTo
}

func (h *horizon) set(head, upTo eventstore.Position) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.head, h.upTo = head, upTo
}

// Pages of the search for the head. The first is for a log in use, whose last
// event is the one; the others grow to what makes the calls not matter.
const (
	firstPage = 1
	lastPage  = 4096
)

// Head returns the position of the last event that is ours. It
// asks the server, searching backwards; memory would not know of other writers.
func (s *Store) Head(ctx context.Context) (eventstore.Position, error) {
	known, upTo := s.horizon.get()
	newest := eventstore.Position(0)
	var from esdb.AllPosition = esdb.End{}
	for page := uint64(firstPage); ; page = min(page*16, lastPage) {
		got := uint64(0)
		for e, err := range s.readAll(ctx, from, esdb.Backwards, page) {
			if err != nil {
				return 0, fmt.Errorf("head of the event log: %w", err)
			}
			if newest == 0 {
				newest = e.Position
				if newest < upTo { // the log is shorter than it was
					known, upTo = 0, 0
				}
			}
			if !s.isOthers(e) {
				s.saw(e)
				s.horizon.set(e.Position, newest)
				return e.Position, nil
			}
			if e.Position <= upTo {
				s.horizon.set(known, newest)
				return known, nil
			}
			got++
			from = allPosition(e.Position)
		}
		if got < page {
			s.horizon.set(0, newest)
			return 0, nil
		}
	}
}
