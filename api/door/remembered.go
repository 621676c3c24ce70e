package door

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"aftersales-ledger/api/door/store"
)

// Fresh is how long credentials are taken for good without looking them up again:
// what one node revoked is over on the others after it.
const Fresh = 2 * time.Second

// mostRemembered bounds what is remembered of each kind of credentials.
const mostRemembered = 10_000

// remembered spares a look into the store per request.
type remembered[T any] struct {
	door *Door
	kind store.Kind
	seen *lru.Cache[string, looked[T]]
}

type looked[T any] struct {
	at     time.Time
	record store.Record
	value  T
	err    error // there was none
}

func newRemembered[T any](d *Door, kind store.Kind) *remembered[T] {
	seen, err := lru.New[string, looked[T]](mostRemembered)
	if err != nil {
		panic(err) // the size is ours
	}
	return &remembered[T]{d, kind, seen}
}

// find returns what is kept under a key, or store.ErrNone.
func (r *remembered[T]) find(ctx context.Context, key string) (value T, rec store.Record, err error) {
	now := r.door.clock()
	if l, ok := r.seen.Get(key); ok {
		if age := now.Sub(l.at); age >= 0 && age < Fresh && !l.record.Over(now) {
			return l.value, l.record, l.err
		}
	}
	l := looked[T]{at: now}
	if l.record, l.err = r.door.store.Find(ctx, r.kind, key); l.err == nil {
		l.err = json.Unmarshal(l.record.Data, &l.value)
	}
	if l.err == nil { // nobody's guesses drive out what is in use
		r.seen.Add(key, l)
	} else if errors.Is(l.err, store.ErrNone) {
		r.seen.Remove(key)
	}
	return l.value, l.record, l.err
}

// forget has a key looked up when it is used next.
func (r *remembered[T]) forget(key string) { r.seen.Remove(key) }

// forgetAll has every key looked up when it is used next.
func (r *remembered[T]) forgetAll() { r.seen.Purge() }

// put writes a value over the record that was read; version zero makes it.
func (d *Door) put(
	ctx context.Context, kind store.Kind, key, owner string, version int64, until time.Time, value any,
) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return d.store.Put(ctx, store.Record{
		Kind: kind, Key: key, Owner: owner, Version: version, Expires: until, Data: data,
	})
}

// uses gathers when credentials were used, to be written down now and then.
type uses struct {
	mu sync.Mutex
	at map[use]lastUse
}

type use struct {
	kind store.Kind
	key  string
}

type lastUse struct {
	at      time.Time
	address string
}

func newUses() *uses { return &uses{at: map[use]lastUse{}} }

func (u *uses) note(kind store.Kind, key string, at time.Time, address string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.at[use{kind, key}] = lastUse{at, address}
}

// last is when a key was last used, of what is not written down yet.
func (u *uses) last(kind store.Kind, key string) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.at[use{kind, key}].at
}

func (u *uses) take() map[use]lastUse {
	u.mu.Lock()
	defer u.mu.Unlock()
	taken := u.at
	u.at = map[use]lastUse{}
	return taken
}

// writeUses writes down when tokens and sessions were last used. One that was
// revoked or changed meanwhile is left alone.
func (d *Door) writeUses(ctx context.Context) error {
	var errs []error
	for u, last := range d.used.take() {
		r, err := d.store.Find(ctx, u.kind, u.key)
		if err == nil {
			switch u.kind {
			case store.Token:
				err = rewrite(ctx, d, r, func(t *Token) { t.LastUsed, t.LastAddress = last.at, last.address })
				d.tokens.forget(u.key)
			default:
				err = rewrite(ctx, d, r, func(s *session) { s.Seen = last.at })
				d.sessions.forget(u.key)
			}
		}
		if err != nil && !errors.Is(err, store.ErrNone) && !errors.Is(err, store.ErrChanged) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func rewrite[T any](ctx context.Context, d *Door, r store.Record, change func(*T)) error {
	var value T
	if err := json.Unmarshal(r.Data, &value); err != nil {
		return err
	}
	change(&value)
	return d.put(ctx, r.Kind, r.Key, r.Owner, r.Version, r.Expires, value)
}
