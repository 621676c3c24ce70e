// Package logstream keeps what the door remembers in the event log's own kind of
// store, for several nodes: each folds the same stream of writes, and reads what the
// others wrote before it answers. The streams are none of the trade's: they stand
// under a prefix of their own, are read by no projection, and hold only what is
// short-lived.
//
// A stream that has grown long is continued in another one, which begins with what
// is left; an operator may delete the old ones. The audit is one stream; what is
// trimmed from it is no longer shown, and may be taken away with $maxAge.
package logstream

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/eventstore"
)

const (
	firstStream = "records"
	generations = "generations" // names the stream that goes on, last
	auditStream = "audit"

	put       = "DoorRecordPut"
	removed   = "DoorRecordsRemoved"
	continued = "DoorContinued"
	noted     = "DoorNoted"

	// longest is how many writes a stream takes, beyond a few of each record that
	// is left, before it is continued in another one.
	longest = 20_000
)

// Store keeps the door's memory in streams. It is safe for concurrent use.
type Store struct {
	log   eventstore.Store
	clock func() time.Time

	mu      sync.Mutex
	stream  string
	next    eventstore.Revision // to be read
	records map[id]store.Record
	longest int
}

type id struct {
	kind store.Kind
	key  string
}

// written is a record as it is stored.
type written struct {
	Kind    store.Kind      `json:"kind"`
	Key     string          `json:"key"`
	Owner   string          `json:"owner,omitempty"`
	Version int64           `json:"version"`
	Expires time.Time       `json:"expires,omitzero"`
	Data    json.RawMessage `json:"data"`
}

type gone struct {
	Kind store.Kind `json:"kind"`
	Keys []string   `json:"keys"`
}

type goesOn struct {
	Stream string `json:"stream"`
}

// Open opens the memory that lies in a store, which is the caller's.
func Open(ctx context.Context, log eventstore.Store, clock func() time.Time) (*Store, error) {
	s := &Store{log: log, clock: clock, stream: firstStream, records: map[id]store.Record{}, longest: longest}
	for e, err := range log.ReadStream(ctx, generations, eventstore.EndOfStream, eventstore.Backwards) {
		if errors.Is(err, eventstore.ErrStreamNotFound) {
			break
		}
		if err != nil {
			return nil, unavailable(err)
		}
		var g goesOn
		if err := json.Unmarshal(e.Data, &g); err != nil {
			return nil, unavailable(err)
		}
		s.stream = g.Stream
		break
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s, s.catchUp(ctx)
}

func unavailable(err error) error { return fmt.Errorf("%w: %w", store.ErrUnavailable, err) }

// catchUp takes in what was written since. The caller holds the lock.
func (s *Store) catchUp(ctx context.Context) error {
	for {
		moved := false
		for e, err := range s.log.ReadStream(ctx, s.stream, s.next, eventstore.Forwards) {
			if errors.Is(err, eventstore.ErrStreamNotFound) {
				break
			}
			if err != nil {
				return unavailable(err)
			}
			on, err := s.apply(e)
			if err != nil {
				return unavailable(err)
			}
			if on != "" {
				s.stream, s.next, s.records, moved = on, 0, map[id]store.Record{}, true
				break
			}
			s.next = e.Revision + 1
		}
		if !moved {
			return nil
		}
	}
}

// apply folds an event; on names the stream in which it goes on.
func (s *Store) apply(e eventstore.Recorded) (on string, err error) {
	switch e.Type {
	case put:
		var w written
		if err := json.Unmarshal(e.Data, &w); err != nil {
			return "", err
		}
		r := store.Record{
			Kind: w.Kind, Key: w.Key, Owner: w.Owner, Version: w.Version, Expires: w.Expires, Data: []byte(w.Data),
		}
		s.records[id{r.Kind, r.Key}] = r
	case removed:
		var g gone
		if err := json.Unmarshal(e.Data, &g); err != nil {
			return "", err
		}
		for _, key := range g.Keys {
			delete(s.records, id{g.Kind, key})
		}
	case continued:
		var g goesOn
		err := json.Unmarshal(e.Data, &g)
		return g.Stream, err
	default:
		return "", fmt.Errorf("%s of stream %s is unknown: a newer version wrote it", e.Type, e.Stream)
	}
	return "", nil
}

// change writes what decide finds to be written, once it has seen all that others
// wrote; it decides anew if somebody was faster.
func (s *Store) change(ctx context.Context, decide func() ([]eventstore.Proposed, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		if err := s.catchUp(ctx); err != nil {
			return err
		}
		if err := s.goOn(ctx); err != nil {
			return err
		}
		events, err := decide()
		if err != nil || len(events) == 0 {
			return err
		}
		_, err = s.log.Append(ctx, s.stream, eventstore.At(s.next-1), events)
		if err != nil && !errors.Is(err, eventstore.ErrWrongRevision) {
			return unavailable(err)
		}
		if err == nil {
			return s.catchUp(ctx)
		}
	}
}

// goOn continues a stream that has grown long in another one, that begins with what
// is left. Of two nodes that do so at once, one is followed.
func (s *Store) goOn(ctx context.Context) error {
	if int(s.next) < s.longest+4*len(s.records) {
		return nil
	}
	name, now := firstStream+"-"+uuid.NewString(), s.clock()
	expected, events, size := eventstore.NoStream(), []eventstore.Proposed(nil), 0
	flush := func() error {
		if len(events) == 0 {
			return nil
		}
		a, err := s.log.Append(ctx, name, expected, events)
		expected, events, size = eventstore.At(a.Revision), nil, 0
		return err
	}
	for _, r := range s.records {
		if r.Over(now) {
			continue
		}
		e, err := event(put, writtenOf(r))
		if err == nil && size+len(e.Data) > eventstore.MaxAppendBytes/2 {
			err = flush()
		}
		if err != nil {
			return unavailable(err)
		}
		events, size = append(events, e), size+len(e.Data)
	}
	if len(events) == 0 && expected == eventstore.NoStream() {
		e, err := event(removed, gone{Kind: store.Mark})
		if err != nil {
			return err
		}
		events = append(events, e)
	}
	last, err := event(continued, goesOn{name})
	if err := errors.Join(err, flush()); err != nil {
		return unavailable(err)
	}
	_, err = s.log.Append(ctx, s.stream, eventstore.At(s.next-1), []eventstore.Proposed{last})
	if err != nil && !errors.Is(err, eventstore.ErrWrongRevision) {
		return unavailable(err)
	}
	if err == nil {
		if err := s.add(ctx, generations, []eventstore.Proposed{last}); err != nil {
			return err // who opens follows the chain
		}
	}
	return s.catchUp(ctx)
}

// add appends to a stream wherever it stands.
func (s *Store) add(ctx context.Context, stream string, events []eventstore.Proposed) error {
	for {
		_, err := s.log.Append(ctx, stream, eventstore.Exists(), events)
		if errors.Is(err, eventstore.ErrWrongRevision) || errors.Is(err, eventstore.ErrStreamNotFound) {
			_, err = s.log.Append(ctx, stream, eventstore.NoStream(), events)
			if errors.Is(err, eventstore.ErrWrongRevision) {
				continue // somebody began it meanwhile
			}
		}
		if err != nil {
			return unavailable(err)
		}
		return nil
	}
}

func event(kind string, data any) (eventstore.Proposed, error) {
	text, err := json.Marshal(data)
	return eventstore.Proposed{ID: uuid.New(), Type: kind, Data: text, Metadata: []byte(`{}`)}, err
}

func writtenOf(r store.Record) written {
	return written{
		Kind: r.Kind, Key: r.Key, Owner: r.Owner, Version: r.Version, Expires: r.Expires, Data: json.RawMessage(r.Data),
	}
}

// living is a record that has not expired. The caller holds the lock.
func (s *Store) living(kind store.Kind, key string) (store.Record, bool) {
	r, ok := s.records[id{kind, key}]
	return r, ok && !r.Over(s.clock())
}

// Find implements [store.Store].
func (s *Store) Find(ctx context.Context, kind store.Kind, key string) (store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.catchUp(ctx); err != nil {
		return store.Record{}, err
	}
	r, ok := s.living(kind, key)
	if !ok {
		return store.Record{}, store.ErrNone
	}
	return r, nil
}

// Owned implements [store.Store].
func (s *Store) Owned(ctx context.Context, kind store.Kind, owner string) ([]store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.catchUp(ctx); err != nil {
		return nil, err
	}
	return s.owned(kind, owner), nil
}

func (s *Store) owned(kind store.Kind, owner string) (list []store.Record) {
	now := s.clock()
	for at, r := range s.records {
		if at.kind == kind && (owner == "" || r.Owner == owner) && !r.Over(now) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b store.Record) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// Put implements [store.Store].
func (s *Store) Put(ctx context.Context, r store.Record) error {
	return s.change(ctx, func() ([]eventstore.Proposed, error) {
		if was, there := s.living(r.Kind, r.Key); there != (r.Version > 0) || there && was.Version != r.Version {
			return nil, store.ErrChanged
		}
		next := r
		next.Version++
		e, err := event(put, writtenOf(next))
		if err != nil {
			return nil, err
		}
		events := []eventstore.Proposed{e}
		if room := s.room(r); len(room) > 0 {
			e, err := event(removed, gone{r.Kind, room})
			if err != nil {
				return nil, err
			}
			events = append(events, e)
		}
		return events, nil
	})
}

// room are the keys that make room for a new record of a kind that has too many.
func (s *Store) room(r store.Record) (keys []string) {
	most, bounded := store.Most[r.Kind]
	if !bounded || r.Version > 0 {
		return nil
	}
	var others []store.Record
	for at, o := range s.records {
		if at.kind == r.Kind && at.key != r.Key {
			others = append(others, o)
		}
	}
	if len(others) < most {
		return nil
	}
	slices.SortFunc(others, func(a, b store.Record) int {
		if never := a.Expires.IsZero(); never != b.Expires.IsZero() {
			if never {
				return 1
			}
			return -1
		}
		return cmp.Or(a.Expires.Compare(b.Expires), strings.Compare(a.Key, b.Key))
	})
	for _, o := range others[:len(others)-most+1] {
		keys = append(keys, o.Key)
	}
	return keys
}

// Remove implements [store.Store].
func (s *Store) Remove(ctx context.Context, kind store.Kind, key string) (was bool, err error) {
	err = s.change(ctx, func() ([]eventstore.Proposed, error) {
		if _, was = s.living(kind, key); !was {
			return nil, nil
		}
		e, err := event(removed, gone{kind, []string{key}})
		return []eventstore.Proposed{e}, err
	})
	return was && err == nil, err
}

// RemoveOwned implements [store.Store].
func (s *Store) RemoveOwned(ctx context.Context, kind store.Kind, owner, except string) (n int, err error) {
	err = s.change(ctx, func() ([]eventstore.Proposed, error) {
		g := gone{Kind: kind}
		for _, r := range s.owned(kind, owner) {
			if r.Key != except {
				g.Keys = append(g.Keys, r.Key)
			}
		}
		if n = len(g.Keys); n == 0 {
			return nil, nil
		}
		e, err := event(removed, g)
		return []eventstore.Proposed{e}, err
	})
	return n, err
}

// Sweep implements [store.Store].
func (s *Store) Sweep(ctx context.Context) error {
	return s.change(ctx, func() (events []eventstore.Proposed, _ error) {
		over := map[store.Kind][]string{}
		now := s.clock()
		for at, r := range s.records {
			if r.Over(now) && len(over[at.kind]) < 5000 { // of one write; the next sweep goes on
				over[at.kind] = append(over[at.kind], at.key)
			}
		}
		for kind, keys := range over {
			e, err := event(removed, gone{kind, keys})
			if err != nil {
				return nil, err
			}
			events = append(events, e)
		}
		return events, nil
	})
}

// Note implements [store.Store].
func (s *Store) Note(ctx context.Context, entries ...store.Entry) error {
	for batch := range slices.Chunk(entries, 100) {
		var events []eventstore.Proposed
		for _, e := range batch {
			p, err := event(noted, e)
			if err != nil {
				return err
			}
			events = append(events, p)
		}
		if err := s.add(ctx, auditStream, events); err != nil {
			return err
		}
	}
	return nil
}

// floor is from where on the audit is shown.
type floor struct {
	Number int64 `json:"number"`
}

const floorKey = "audit-floor"

func (s *Store) floor(ctx context.Context) (f floor, version int64, err error) {
	r, err := s.Find(ctx, store.Mark, floorKey)
	if errors.Is(err, store.ErrNone) {
		return f, 0, nil
	}
	if err == nil {
		err = json.Unmarshal(r.Data, &f)
	}
	return f, r.Version, err
}

// Entries implements [store.Store].
func (s *Store) Entries(ctx context.Context, f store.Filter) (list []store.Entry, err error) {
	low, _, err := s.floor(ctx)
	if err != nil {
		return nil, err
	}
	from := eventstore.EndOfStream
	if f.Before > 0 {
		if from = eventstore.Revision(f.Before - 2); from < 0 {
			return nil, nil
		}
	}
	err = s.backwards(ctx, from, func(e store.Entry) bool {
		if e.Number < low.Number {
			return false
		}
		if f.Matches(e) {
			list = append(list, e)
		}
		return len(list) < f.Bounded()
	})
	return list, err
}

// backwards shows the audit from a revision on, the newest first, while it is wanted.
func (s *Store) backwards(ctx context.Context, from eventstore.Revision, show func(store.Entry) bool) error {
	for e, err := range s.log.ReadStream(ctx, auditStream, from, eventstore.Backwards) {
		if errors.Is(err, eventstore.ErrStreamNotFound) {
			return nil
		}
		if err != nil {
			return unavailable(err)
		}
		var entry store.Entry
		if err := json.Unmarshal(e.Data, &entry); err != nil {
			return unavailable(err)
		}
		entry.Number = int64(e.Revision) + 1
		if !show(entry) {
			return nil
		}
	}
	return nil
}

// Trim implements [store.Store].
func (s *Store) Trim(ctx context.Context, k store.Keep) error {
	return store.Retry(func() error {
		f, version, err := s.floor(ctx)
		if err != nil {
			return err
		}
		next := f
		shown := 0
		err = s.backwards(ctx, eventstore.EndOfStream, func(e store.Entry) bool {
			shown++
			switch {
			case e.Number < f.Number:
				return false
			case e.At.Before(k.Since) || k.Most > 0 && shown > k.Most:
				next.Number = e.Number + 1
				return false
			}
			return true
		})
		if err != nil {
			return err
		}
		if next == f {
			return nil
		}
		data, err := json.Marshal(next)
		if err != nil {
			return err
		}
		return s.Put(ctx, store.Record{Kind: store.Mark, Key: floorKey, Version: version, Data: data})
	})
}

// Close implements [store.Store]: the streams' store is the caller's.
func (s *Store) Close() error { return nil }

var _ store.Store = (*Store)(nil)
