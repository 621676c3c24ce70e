// Package storetest is the suite that every memory of the door passes.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/domain/domaintest"
)

// Begin is when the clock of a test starts.
var Begin = time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)

// NewClock returns a clock that stands at Begin.
func NewClock() *domaintest.Clock { return domaintest.NewClock(Begin) }

// Open opens memories that hold the same: what one of them writes, the others
// find. It is called once for each process or node that a test plays.
type Open func(t testing.TB, clock *domaintest.Clock) (node func() store.Store)

// Run holds a kind of memory to the suite.
func Run(t *testing.T, open Open) {
	tests := map[string]func(*testing.T, Open){
		"what is put is found on every node":                       found,
		"each kind is kept apart from the others":                  everyKind,
		"a write that read an older version changes nothing":       changed,
		"what has expired is not there":                            expires,
		"of many who take what is good once, one does":             once,
		"a person's records are removed, except one":               owned,
		"a kind has no more records than its bound":                bounded,
		"the audit is listed newest first, narrowed and paged":     audit,
		"the audit keeps so many entries and none that are older":  trimmed,
		"any course of writes leaves what the same on a map leave": oracle,
	}
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		t.Run(name, func(t *testing.T) { tests[name](t, open) })
	}
}

func put(t testing.TB, s store.Store, r store.Record) {
	t.Helper()
	if err := s.Put(context.Background(), r); err != nil {
		t.Fatalf("put %s %s: %v", r.Kind, r.Key, err)
	}
}

func token(key, owner string, expires time.Time) store.Record {
	return store.Record{
		Kind: store.Token, Key: key, Owner: owner, Expires: expires, Data: []byte(`{"name":"` + key + `"}`),
	}
}

func found(t *testing.T, open Open) {
	clock := NewClock()
	node := open(t, clock)
	a, b := node(), node()
	r := token("k1", "wang.fang", Begin.Add(time.Hour))
	put(t, a, r)
	r.Version = 1
	for name, s := range map[string]store.Store{"the writer": a, "another": b} {
		got, err := s.Find(t.Context(), store.Token, "k1")
		if diff := cmp.Diff(r, got); err != nil || diff != "" {
			t.Errorf("%s found (%v):\n%s", name, err, diff)
		}
	}
	if _, err := b.Find(t.Context(), store.Session, "k1"); !errors.Is(err, store.ErrNone) {
		t.Errorf("a session was found by the key of a token: %v", err)
	}
	if was, err := b.Remove(t.Context(), store.Token, "k1"); !was || err != nil {
		t.Fatalf("remove: %t %v", was, err)
	}
	if _, err := a.Find(t.Context(), store.Token, "k1"); !errors.Is(err, store.ErrNone) {
		t.Errorf("what another removed is found still: %v", err)
	}
}

// everyKind puts a record of each kind under one key: passkeys, links and challenges
// are kept as well as sessions.
func everyKind(t *testing.T, open Open) {
	node := open(t, NewClock())
	a, b := node(), node()
	kinds := slices.Sorted(maps.Keys(store.Most))
	for _, kind := range kinds {
		put(t, a, store.Record{Kind: kind, Key: "k", Owner: "wang.fang", Data: []byte(`{"kind":"` + string(kind) + `"}`)})
	}
	for i, kind := range kinds {
		got, err := b.Find(t.Context(), kind, "k")
		if err != nil || string(got.Data) != `{"kind":"`+string(kind)+`"}` {
			t.Errorf("%s is %s (%v)", kind, got.Data, err)
		}
		if was, err := b.Remove(t.Context(), kind, "k"); !was || err != nil {
			t.Errorf("remove %s: %t %v", kind, was, err)
		}
		for _, left := range kinds[i+1:] {
			if _, err := a.Find(t.Context(), left, "k"); err != nil {
				t.Errorf("with %s went %s: %v", kind, left, err)
			}
		}
	}
}

func changed(t *testing.T, open Open) {
	clock := NewClock()
	node := open(t, clock)
	a, b := node(), node()
	r := token("k1", "wang.fang", time.Time{})
	put(t, a, r)
	if err := b.Put(t.Context(), r); !errors.Is(err, store.ErrChanged) {
		t.Errorf("a second first write: %v", err)
	}
	r.Version, r.Data = 1, []byte(`{"name":"two"}`)
	put(t, b, r)
	r.Data = []byte(`{"name":"three"}`)
	if err := a.Put(t.Context(), r); !errors.Is(err, store.ErrChanged) {
		t.Errorf("a write over what another wrote meanwhile: %v", err)
	}
	got, err := a.Find(t.Context(), store.Token, "k1")
	if err != nil || string(got.Data) != `{"name":"two"}` || got.Version != 2 {
		t.Errorf("found %s at version %d (%v)", got.Data, got.Version, err)
	}
	if was, _ := a.Remove(t.Context(), store.Token, "k1"); !was {
		t.Error("it was not removed")
	}
	r.Version = 2
	if err := a.Put(t.Context(), r); !errors.Is(err, store.ErrChanged) {
		t.Errorf("a write over what was removed: %v", err)
	}
}

func expires(t *testing.T, open Open) {
	clock := NewClock()
	node := open(t, clock)
	s, other := node(), node()
	put(t, s, token("short", "li.na", Begin.Add(time.Minute)))
	put(t, s, token("long", "li.na", Begin.Add(time.Hour)))
	put(t, s, token("ever", "li.na", time.Time{}))
	clock.Move(time.Minute - time.Microsecond)
	if _, err := s.Find(t.Context(), store.Token, "short"); err != nil {
		t.Errorf("before its end: %v", err)
	}
	clock.Move(time.Microsecond)
	if _, err := s.Find(t.Context(), store.Token, "short"); !errors.Is(err, store.ErrNone) {
		t.Errorf("at its end: %v", err)
	}
	if was, err := s.Remove(t.Context(), store.Token, "short"); was || err != nil {
		t.Errorf("what has expired was removed as if it were there: %v", err)
	}
	if got := keys(t, other, store.Token, "li.na"); !slices.Equal(got, []string{"ever", "long"}) {
		t.Errorf("listed %v", got)
	}
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	put(t, other, token("short", "li.na", time.Time{}))
	if got := keys(t, s, store.Token, ""); !slices.Equal(got, []string{"ever", "long", "short"}) {
		t.Errorf("listed %v", got)
	}
}

func keys(t testing.TB, s store.Store, kind store.Kind, owner string) (keys []string) {
	t.Helper()
	list, err := s.Owned(context.Background(), kind, owner)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		keys = append(keys, r.Key)
	}
	return keys
}

func once(t *testing.T, open Open) {
	clock := NewClock()
	node := open(t, clock)
	nodes := []store.Store{node(), node()}
	for round := range 5 {
		key := fmt.Sprint("k", round)
		put(t, nodes[0], store.Record{Kind: store.Invitation, Key: key, Owner: "a", Data: []byte(`{}`)})
		var (
			took  atomic.Int32
			group sync.WaitGroup
		)
		for i := range 8 {
			group.Go(func() {
				was, err := nodes[i%2].Remove(context.Background(), store.Invitation, key)
				if err != nil {
					t.Error(err)
				}
				if was {
					took.Add(1)
				}
			})
		}
		group.Wait()
		if took.Load() != 1 {
			t.Errorf("round %d: %d took it", round, took.Load())
		}
	}
}

func owned(t *testing.T, open Open) {
	clock := NewClock()
	node := open(t, clock)
	s, other := node(), node()
	for _, key := range []string{"a", "b", "c"} {
		put(t, s, store.Record{Kind: store.Session, Key: key, Owner: "wang.fang", Data: []byte(`{}`)})
	}
	put(t, s, store.Record{Kind: store.Session, Key: "d", Owner: "li.na", Data: []byte(`{}`)})
	put(t, s, token("e", "wang.fang", time.Time{}))
	n, err := other.RemoveOwned(t.Context(), store.Session, "wang.fang", "b")
	if n != 2 || err != nil {
		t.Errorf("removed %d (%v)", n, err)
	}
	if got := keys(t, s, store.Session, ""); !slices.Equal(got, []string{"b", "d"}) {
		t.Errorf("left %v", got)
	}
	if got := keys(t, s, store.Token, "wang.fang"); !slices.Equal(got, []string{"e"}) {
		t.Errorf("left tokens %v", got)
	}
}

func bounded(t *testing.T, open Open) {
	was := store.Most[store.Mark]
	store.Most[store.Mark] = 3
	defer func() { store.Most[store.Mark] = was }()
	clock := NewClock()
	s := open(t, clock)()
	for i, end := range []int{50, 10, 30, 40, 5} {
		put(t, s, store.Record{
			Kind: store.Mark, Key: fmt.Sprint("k", i), Expires: Begin.Add(time.Duration(end) * time.Minute), Data: []byte(`{}`),
		})
	}
	if got := keys(t, s, store.Mark, ""); !slices.Equal(got, []string{"k0", "k3", "k4"}) {
		t.Errorf("left %v; the one that expires first makes room, and never the new one", got)
	}
}

func audit(t *testing.T, open Open) {
	clock := NewClock()
	node := open(t, clock)
	s, other := node(), node()
	var all []store.Entry
	for i := range 7 {
		e := store.Entry{
			At: Begin.Add(time.Duration(i) * time.Minute), What: []string{"signed-in", "denied"}[i%2],
			Login: []string{"wang.fang", "li.na", ""}[i%3], Address: "10.0.0.1", Object: fmt.Sprint("C0", i%2, " 2025Q3"),
			Agent: "curl\tWang", Detail: "说明",
		}
		all = append([]store.Entry{e}, all...)
		if err := s.Note(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	for name, f := range map[string]store.Filter{
		"all":             {},
		"of a person":     {Login: "wang.fang"},
		"of a kind":       {What: "denied"},
		"of an object":    {Object: "C00 2025Q3"},
		"of an address":   {Address: "10.0.0.2"},
		"of some minutes": {From: Begin.Add(2 * time.Minute), Until: Begin.Add(5 * time.Minute)},
		"of both":         {Login: "li.na", What: "denied"},
	} {
		var want []store.Entry
		for _, e := range all {
			if f.Matches(e) {
				want = append(want, e)
			}
		}
		got, err := other.Entries(t.Context(), f)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(store.Entry{}, "Number")); err != nil || diff != "" {
			t.Errorf("%s (%v):\n%s", name, err, diff)
		}
		var paged []store.Entry
		for f.Limit = 2; ; {
			page, err := other.Entries(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
			f.Before = page[len(page)-1].Number
		}
		if diff := cmp.Diff(got, paged); diff != "" {
			t.Errorf("%s, by pages:\n%s", name, diff)
		}
	}
}

func trimmed(t *testing.T, open Open) {
	clock := NewClock()
	node := open(t, clock)
	s, other := node(), node()
	for i := range 10 {
		if err := s.Note(t.Context(),
			store.Entry{At: Begin.Add(time.Duration(i) * time.Hour), What: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	left := func(s store.Store) (left []string) {
		entries, err := s.Entries(t.Context(), store.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			left = append(left, e.What)
		}
		return left
	}
	if err := s.Trim(t.Context(), store.Keep{Since: Begin.Add(2 * time.Hour), Most: 100}); err != nil {
		t.Fatal(err)
	}
	if got := left(other); !slices.Equal(got, []string{"9", "8", "7", "6", "5", "4", "3", "2"}) {
		t.Errorf("by age: left %v", got)
	}
	if err := other.Trim(t.Context(), store.Keep{Most: 3}); err != nil {
		t.Fatal(err)
	}
	if got := left(s); !slices.Equal(got, []string{"9", "8", "7"}) {
		t.Errorf("by number: left %v", got)
	}
	if err := s.Note(t.Context(), store.Entry{At: clock.Now(), What: "later"}); err != nil {
		t.Fatal(err)
	}
	if got := left(other); !slices.Equal(got, []string{"later", "9", "8", "7"}) {
		t.Errorf("after another: left %v", got)
	}
}

// oracle plays random writes on two nodes and on a map.
func oracle(t *testing.T, open Open) {
	rapid.Check(t, func(rt *rapid.T) {
		clock := NewClock()
		node := open(t, clock)
		nodes := []store.Store{node(), node()}
		want := map[string]store.Record{}
		living := func(owner string) (list []string) {
			for key, r := range want {
				if !r.Over(clock.Now()) && (owner == "" || r.Owner == owner) {
					list = append(list, key)
				}
			}
			slices.Sort(list)
			return list
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			s := rapid.SampledFrom(nodes).Draw(rt, "node")
			key := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(rt, "key")
			owner := rapid.SampledFrom([]string{"wang", "li"}).Draw(rt, "owner")
			r, there := want[key]
			there = there && !r.Over(clock.Now())
			switch rapid.IntRange(0, 5).Draw(rt, "act") {
			case 0, 1:
				next := token(key, owner, time.Time{})
				if rapid.Bool().Draw(rt, "ends") {
					next.Expires = clock.Now().Add(time.Duration(rapid.IntRange(1, 5).Draw(rt, "minutes")) * time.Minute)
				}
				next.Version = int64(rapid.IntRange(0, 3).Draw(rt, "version"))
				good := next.Version == 0 && !there || there && next.Version == r.Version
				err := s.Put(t.Context(), next)
				if good != (err == nil) || !good && !errors.Is(err, store.ErrChanged) {
					rt.Fatalf("put %s at version %d over %+v: %v", key, next.Version, r, err)
				}
				if good {
					next.Version++
					want[key] = next
				}
			case 2:
				was, err := s.Remove(t.Context(), store.Token, key)
				if was != there || err != nil {
					rt.Fatalf("remove %s: %t %v", key, was, err)
				}
				delete(want, key)
			case 3:
				n, err := s.RemoveOwned(t.Context(), store.Token, owner, key)
				gone := slices.DeleteFunc(living(owner), func(k string) bool { return k == key })
				if n != len(gone) || err != nil {
					rt.Fatalf("removed %d of %s (%v); want %v", n, owner, err, gone)
				}
				for _, k := range gone {
					delete(want, k)
				}
			case 4:
				clock.Move(time.Duration(rapid.IntRange(0, 4).Draw(rt, "minutes later")) * time.Minute)
			case 5:
				if err := s.Sweep(t.Context()); err != nil {
					rt.Fatal(err)
				}
			}
			for i, s := range nodes {
				if got := keys(t, s, store.Token, ""); !slices.Equal(got, living("")) {
					rt.Fatalf("node %d holds %v; want %v", i, got, living(""))
				}
				for _, key := range living("") {
					if got, err := s.Find(t.Context(), store.Token, key); err != nil || !cmp.Equal(got, want[key]) {
						rt.Fatalf("node %d: %s is %+v (%v); want %+v", i, key, got, err, want[key])
					}
				}
			}
		}
	})
}
