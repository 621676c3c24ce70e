package eventstore

import (
	"context"
	"slices"
	"sort"
	"sync"
	"time"
)

// Tail holds the end of the log in memory for any number of readers, each of whom
// keeps their own place in it: a reader costs nothing that grows, however slow it
// is. What it does not reach back to is read of the log. One subscription serves
// all of a process; what other processes write is in it.
type Tail struct {
	store Store

	mu       sync.Mutex
	began    bool
	recent   []Recorded
	bytes    int
	first    Position      // recent holds every event after it
	position Position      // up to here
	news     chan struct{} // closed when there is more
}

// How much a tail holds at most.
const (
	tailEvents = 8192
	tailBytes  = 16 << 20
)

// NewTail returns the tail of a store, which Run keeps.
func NewTail(store Store) *Tail { return &Tail{store: store, news: make(chan struct{})} }

// tailPause is how long a tail waits before it subscribes again.
const tailPause = time.Second

// Run follows the log until ctx ends. While the log is away there is nothing new.
func (t *Tail) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if t.begin(ctx) {
			for b, err := range t.store.Subscribe(ctx, t.Position(), 1000) {
				if err != nil {
					break
				}
				t.take(b)
			}
		}
		wait(ctx, tailPause)
	}
}

func (t *Tail) begin(ctx context.Context) bool {
	t.mu.Lock()
	began := t.began
	t.mu.Unlock()
	if began {
		return true
	}
	head, err := t.store.Head(ctx)
	if err != nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.began, t.first, t.position = true, head, head
	t.tell()
	return true
}

// Head is where the log ends, as far as the tail knows.
func (t *Tail) Head(ctx context.Context) (Position, error) {
	t.mu.Lock()
	began, at := t.began, t.position
	t.mu.Unlock()
	if began {
		return at, nil
	}
	return t.store.Head(ctx)
}

// News is closed once there is more than there is now.
func (t *Tail) News() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.news
}

// Position is up to where the tail has come.
func (t *Tail) Position() Position {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.position
}

func (t *Tail) take(b Batch) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range b.Events {
		t.bytes += len(e.Data) + len(e.Metadata)
	}
	t.recent = append(t.recent, b.Events...)
	drop := 0
	for len(t.recent)-drop > tailEvents || t.bytes > tailBytes && drop < len(t.recent) {
		t.bytes -= len(t.recent[drop].Data) + len(t.recent[drop].Metadata)
		t.first = t.recent[drop].Position
		drop++
	}
	clear(t.recent[:drop]) // appending leaves them behind when it next makes room
	t.recent = t.recent[drop:]
	if b.Position > t.position {
		t.position = b.Position
		t.tell()
	}
}

// tell wakes whoever waits.
func (t *Tail) tell() {
	close(t.news)
	t.news = make(chan struct{})
}

// After returns up to limit events after a position, and up to where these are all.
// news is closed once there is more than that.
func (t *Tail) After(
	ctx context.Context, after Position, limit int,
) (events []Recorded, upTo Position, news <-chan struct{}, err error) {
	t.mu.Lock()
	news, upTo = t.news, max(after, t.position)
	if t.began && after >= t.first {
		i := sort.Search(len(t.recent), func(i int) bool { return t.recent[i].Position > after })
		events = slices.Clone(t.recent[i:min(len(t.recent), i+limit)])
		t.mu.Unlock()
		if len(events) == limit {
			upTo = events[limit-1].Position
		}
		return events, upTo, news, nil
	}
	t.mu.Unlock()
	upTo = after
	for rec, err := range t.store.ReadAll(ctx, after) {
		if err != nil {
			return nil, after, news, err
		}
		events, upTo = append(events, rec), rec.Position
		if len(events) == limit {
			break
		}
	}
	return events, upTo, news, nil
}
