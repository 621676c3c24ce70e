package door_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
)

// unwritable is a memory that takes no entries while it is told so.
type unwritable struct {
	store.Store
	full bool
}

func (u *unwritable) Note(ctx context.Context, entries ...store.Entry) error {
	if u.full {
		return errors.New("the disk is full")
	}
	return u.Store.Note(ctx, entries...)
}

// While the audit cannot be written it holds what came first, in order, and counts
// what came after; what was counted is an entry itself, for the auditor to see.
func TestWhatTheAuditCannotHoldIsCounted(t *testing.T) {
	h := build(t, door.Policy{})
	token := h.token("wang.fang", domain.Finance, time.Hour)
	memory := &unwritable{Store: h.memory, full: true}
	d := h.another(memory, door.Policy{})
	n := 0
	note := func(many int) {
		for range many {
			n++
			d.NoteRequest(kit.Noted{What: "denied", Caller: kit.Caller{Login: "wang.fang"}, Object: fmt.Sprint(n)})
		}
	}
	// More than are held before a try to write, and more between tries that fail.
	const held = 10_000
	note(held + 3)
	for range 2 {
		if _, err := d.Entries(t.Context(), store.Filter{}); err == nil {
			t.Fatal("the audit is shown though it cannot be written")
		}
		note(2)
	}
	memory.full = false
	entries, err := d.Entries(t.Context(), store.Filter{What: "denied", Limit: 2})
	if err != nil || len(entries) != 2 || entries[0].Object != fmt.Sprint(held) {
		t.Errorf("the newest that is kept: %+v, %v", entries, err)
	}
	first := entries[1].Number - held + 2
	oldest, err := d.Entries(t.Context(), store.Filter{What: "denied", Before: first + 1})
	if err != nil || len(oldest) != 1 || oldest[0].Object != "1" {
		t.Errorf("the oldest that is kept: %+v, %v", oldest, err)
	}
	v := h.program(token)
	v.server = serve(d)
	r := v.get("/v1/door/audit?what=entries-lost")
	var list door.AuditBody
	if err := json.Unmarshal([]byte(r.body), &list); err != nil || r.status != http.StatusOK || len(list.Entries) != 1 ||
		list.Entries[0].Object != fmt.Sprint(n-held) || list.Entries[0].Detail == "" {
		t.Errorf("of %d the auditor is told %d %s", n, r.status, r.body)
	}
	if again, err := d.Entries(t.Context(), store.Filter{What: "entries-lost"}); err != nil || len(again) != 1 {
		t.Errorf("told again: %+v, %v", again, err)
	}
}

// Whoever knocks without end drives nothing out of the audit of what people did: of
// nobody that is known a few are kept, and the rest are counted.
func TestWhoKnocksWithoutEndDrivesNothingOutOfTheAudit(t *testing.T) {
	h := build(t, door.Policy{})
	d := h.another(h.memory, door.Policy{})
	knock := func(many int) {
		for range many {
			d.NoteRequest(kit.Noted{What: "denied", Detail: "unauthenticated", Address: "203.0.113.9"})
		}
	}
	read := func(f store.Filter) []store.Entry {
		t.Helper()
		list, err := d.Entries(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	knock(5_000)
	d.NoteRequest(kit.Noted{What: "exported", Caller: kit.Caller{Login: "wang.fang"}})
	if kept := read(store.Filter{What: "denied"}); len(kept) != 600 {
		t.Errorf("of 5,000 knocks %d are kept", len(kept))
	}
	lost := read(store.Filter{What: "entries-lost"})
	if len(lost) != 1 || lost[0].Object != "4400" {
		t.Errorf("of the others the auditor is told %+v", lost)
	}
	if of := read(store.Filter{What: "exported"}); len(of) != 1 {
		t.Errorf("what a person did meanwhile: %+v", of)
	}
	h.clock.Move(2 * time.Minute)
	knock(100)
	if kept := read(store.Filter{What: "denied"}); len(kept) != 640 {
		t.Errorf("two minutes later %d are kept", len(kept))
	}
}
