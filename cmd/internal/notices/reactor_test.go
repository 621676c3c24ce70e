package notices

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type positions = []eventstore.Position

func (w *world) wantSent(what string, want ...eventstore.Position) {
	w.t.Helper()
	if diff := cmp.Diff(positions(want), w.facts().causes()); diff != "" {
		w.t.Errorf("%s: sent (-want +got):\n%s", what, diff)
	}
}

func TestAStatementIsSentOnceAndSaysToWhom(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	at := w.issue("C01")
	if waiting := w.run(); waiting != 0 {
		t.Errorf("%d wait", waiting)
	}
	w.run()
	w.begin()
	w.run()
	w.wantSent("after three runs and a restart", at)
	got := w.facts().sent[0]
	want := notice.NoticeSent{
		Matter: notice.Matter{
			Notice: got.Notice, Kind: "STATEMENT_ISSUED", Clause: "5.3.4", Cause: got.Cause,
			Place: notice.Place{Center: "C01", Region: "华东"},
		},
		Copy: 1,
		To: []notice.Addressee{
			{Role: domain.CenterHead, Scope: notice.Center, Of: "C01", Addresses: []string{"center-head.C01@outbox.invalid"}},
		},
		Cc: []notice.Addressee{
			{Role: domain.CenterMaintenance, Scope: notice.Center, Of: "C01", Addresses: []string{"center-maintenance.C01@outbox.invalid"}},
			{Role: domain.RegionalAdmin, Scope: notice.Region, Of: "华东", Addresses: []string{"regional-admin@outbox.invalid"}},
		},
		Subject: got.Subject, Body: got.Body, MessageID: string(got.Notice) + "@notices.aftersales-ledger",
		Channel: notice.SMTP, At: got.At,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got.Cause.Type != "StatementIssued" || !got.At.Equal(w.now) || !strings.Contains(got.Body,
		"云栖花园") || len(w.post.order) != 1 {
		t.Errorf("%+v; taken %v", got, w.post.order)
	}
}

// The points at which a process can die, and what is known afterwards.
func TestACrashSendsNothingTwiceButWhatNobodyKnows(t *testing.T) {
	tests := map[string]struct {
		faults     faults
		duplicates int
	}{
		"handed over and not recorded: nobody knows, and it goes again under its Message-ID": {faults{beforeRecord: 2}, 1},
		"recorded, and the process does not know":                                            {faults{afterRecord: 2}, 0},
		"recorded, and the checkpoint not written":                                           {faults{beforeSave: 1}, 0},
	}
	for name, tc := range tests {
		for _, checkpoint := range []string{"kept", "lost"} {
			t.Run(name+", checkpoint "+checkpoint, func(t *testing.T) {
				w := openWorld(t)
				w.open("C01")
				want := positions{w.issue("C01"), w.issue("C01"), w.issue("C01")}
				w.crash(tc.faults)
				if checkpoint == "lost" {
					*w.keep = keptCheckpoint{}
				}
				w.run()
				w.wantSent("after the restart", want...)
				if d := w.post.duplicates(); d != tc.duplicates || len(w.post.sent) != 3 {
					t.Errorf("%d were taken twice, want %d; taken: %v", d, tc.duplicates, w.post.order)
				}
			})
		}
	}
}

func TestAMessageThatWasHandedOverIsNotSentAgainWhileTheLogCannotBeWritten(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	at := w.issue("C01")
	w.begin()
	for range 3 {
		w.faults = faults{beforeRecord: 1}
		if _, err := w.reactor.CatchUp(t.Context()); !errors.Is(err, errCrash) {
			t.Fatal(err)
		}
	}
	w.run()
	w.wantSent("once the log could be written", at)
	if w.post.tries != 1 {
		t.Errorf("it was handed over %d times", w.post.tries)
	}
}

func TestOneThatMustBeTriedAgainHoldsUpItsCenterAndNoOther(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	w.open("C02")
	a1, b1, a2 := w.issue("C01"), w.issue("C02"), w.issue("C01")
	w.post.script = []post{{reason: notice.RefusedForNow}}
	if waiting := w.run(); waiting != 2 {
		t.Errorf("%d wait", waiting)
	}
	w.wantSent("while C01's server asks to wait", b1)
	w.now = w.now.Add(59 * time.Second)
	w.run()
	w.wantSent("before the minute is over", b1)
	if w.keep.c.Position >= a1 {
		t.Errorf("the checkpoint has passed what waits: %+v", w.keep.c)
	}
	w.begin() // what it knew of waiting is lost with the process
	w.run()
	w.wantSent("after a restart", b1, a1, a2)
	if got := w.facts().failed; len(got) != 1 || got[0].Reason != notice.RefusedForNow ||
		got[0].Outlook != notice.Retrying || got[0].Attempts != 1 {
		t.Errorf("failures %+v", got)
	}
}

func TestAnOutageIsToldOfEachNoticeOnceAndEnds(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	w.open("C02")
	want := positions{w.issue("C01"), w.issue("C02")}
	down := post{reason: notice.Unreachable}
	w.post.script = []post{down, down, down, down}
	w.run()
	w.run()
	if w.post.tries != 1 {
		t.Errorf("%d connections were tried at once", w.post.tries)
	}
	for range 3 {
		w.now = w.now.Add(5 * time.Minute)
		w.run()
	}
	if got := w.facts().failed; len(got) != 2 || w.post.tries != 4 {
		t.Errorf("%d failures recorded after %d tries: %+v", len(got), w.post.tries, got)
	}
	w.now = w.now.Add(time.Hour)
	w.run()
	w.wantSent("after the outage", want...)
	if w.reactor.Status().Waiting != 0 || w.reactor.Status().Sent != 2 {
		t.Errorf("%+v", w.reactor.Status())
	}
}

func TestItGivesUpAfterTwoDaysAndAPersonDecides(t *testing.T) {
	for name, restarted := range map[string]bool{"in one process": false, "in a new one every hour": true} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.open("C01")
			at, next := w.issue("C01"), w.issue("C01")
			later := post{reason: notice.RefusedForNow}
			first := w.now
			for w.now.Sub(first) <= 48*time.Hour {
				w.wantSent("before two days are over")
				if restarted {
					w.begin()
				}
				w.post.script = []post{later}
				w.run()
				w.now = w.now.Add(time.Hour)
			}
			w.run()
			w.wantSent("what came after it", next)
			failed := w.facts().failed
			if len(failed) != 2 || failed[1].Outlook != notice.GivenUp || failed[1].Attempts < 2 ||
				!failed[1].Since.Equal(first) {
				t.Fatalf("%+v", failed)
			}
			if !restarted && failed[1].Attempts != 49 {
				t.Errorf("given up after %d attempts", failed[1].Attempts)
			}
			if w.keep.c.Position < next {
				t.Errorf("what was given up keeps the checkpoint at %d", w.keep.c.Position)
			}
			w.resend(failed[0].Notice)
			w.run()
			w.wantSent("once somebody asked", next, at)
		})
	}
}

func TestItInsistsOnAllRecipientsThreeTimes(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	w.issue("C01")
	later := post{reason: notice.RefusedForNow}
	w.post.script = []post{later, later, later, later}
	for range 5 {
		w.run()
		w.now = w.now.Add(time.Hour)
	}
	if diff := cmp.Diff([]bool{true, true, true, false, false}, w.post.all); diff != "" {
		t.Error(diff)
	}
}

func (w *world) resend(id notice.ID) {
	w.t.Helper()
	w.count++
	_, err := ledger.Do(w.ctx, w.ledger,
		ledger.Request{Key: string(rune('a' + w.count)), Actor: domain.Actor{Name: "qian", Role: domain.RegionalAdmin}},
		notice.Resend{Notice: id, Reason: "未收到"}, (*notice.Delivery).Resend)
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestASecondCopyHasAMessageIDOfItsOwn(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	at := w.issue("C01")
	w.run()
	w.resend(w.facts().sent[0].Notice)
	w.crash(faults{beforeRecord: 1})
	w.run()
	w.begin()
	w.run()
	w.wantSent("after a resend that crashed", at, at)
	id := string(w.facts().sent[0].Notice)
	if diff := cmp.Diff(map[string]int{id + "@notices.aftersales-ledger": 1, id + ".2@notices.aftersales-ledger": 2},
		w.post.sent); diff != "" {
		t.Error(diff)
	}
}

func TestARefusalForGoodIsGivenUpAtOnce(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	w.issue("C01")
	next := w.issue("C01")
	w.post.script = []post{{reason: notice.Refused}}
	w.run()
	w.wantSent("the one after it", next)
	if got := w.facts().failed; len(got) != 1 || got[0].Outlook != notice.GivenUp ||
		got[0].Detail != "as the script says" {
		t.Errorf("%+v", got)
	}
}

// editable is an address book whose content a test changes.
type editable struct {
	AddressBook
	changed bool
}

func (e *editable) Reload() (bool, error) {
	was := e.changed
	e.changed = false
	return was, nil
}

func TestANoticeWaitsForAnAddressAndHoldsNobodyUp(t *testing.T) {
	w := openWorld(t)
	book := &editable{AddressBook: *readBook(t, "addresses:\n  - {role: finance, mail: [finance@dept.example]}\n")}
	w.book = book
	w.open("C01")
	statement := w.issue("C01")
	conflict := w.record(account.Stream("C01"),
		account.PaymentReceived{Payment: "S2", Center: "C01", PossibleDuplicateOf: "S1"})
	w.run()
	w.wantSent("what has an address", conflict)
	failed := w.facts().failed
	if len(failed) != 1 || failed[0].Reason != notice.NoAddress || failed[0].Outlook != notice.AwaitsAddress ||
		!strings.Contains(failed[0].Detail,
			"- {role: center-head, center: C01, mail: […]}") || !strings.Contains(failed[0].Detail, "- {role: regional-admin, region: 华东, mail: […]}") {
		t.Fatalf("%+v", failed)
	}
	for _, step := range []string{"looked at again", "after a restart", "after a restart without a checkpoint"} {
		if step != "looked at again" {
			w.begin()
		}
		if strings.HasSuffix(step, "without a checkpoint") {
			*w.keep = keptCheckpoint{}
		}
		book.changed = true
		w.run()
		if got := w.facts(); len(got.failed) != 1 || len(got.sent) != 1 {
			t.Errorf("%s: %+v", step, got)
		}
		if diff := cmp.Diff(positions{statement}, w.keep.c.Held); diff != "" {
			t.Errorf("%s: held %s", step, diff)
		}
	}
	book.AddressBook, book.changed = *readBook(t, `addresses:
  - {role: center-head, center: C01, mail: [head@c01.example]}
  - {role: center-maintenance, center: C01, mail: [fix@c01.example]}
  - {role: regional-admin, mail: [admin@dept.example]}
`), true
	w.run()
	w.wantSent("once the book has it", conflict, statement)
	if len(w.keep.c.Held) != 0 {
		t.Errorf("still held: %+v", w.keep.c)
	}
}

// The address comes, the message is handed over, the log cannot be written, and
// the address book changes once more.
func TestAChangedBookSendsNothingASecondTime(t *testing.T) {
	w := openWorld(t)
	book := &editable{}
	w.book = book
	w.open("C01")
	at := w.issue("C01")
	w.run()
	book.AddressBook, book.changed = *readBook(t, `addresses:
  - {role: center-head, center: C01, mail: [head@c01.example]}
  - {role: center-maintenance, center: C01, mail: [fix@c01.example]}
  - {role: regional-admin, mail: [admin@dept.example]}
`), true
	w.faults = faults{beforeRecord: 1}
	if _, err := w.reactor.CatchUp(t.Context()); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	book.changed = true
	w.run()
	w.wantSent("in the end", at)
	if w.post.tries != 1 {
		t.Errorf("it was handed over %d times", w.post.tries)
	}
}

// What was recorded after the cause does not change who is told of it: not even
// a center that answers for the project from an earlier date on.
func TestWhoIsToldIsSeenFromTheCause(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	w.open("C02")
	stream, from := project.Stream("P001"), calendar.DateOf(w.now).AddDays(-30)
	w.record(stream, project.ProjectRegistered{Project: "P001", Name: "一期", Region: "华东", City: "杭州"})
	w.record(stream, project.CenterAssigned{Project: "P001", Center: "C01", From: from})
	w.record(stream, project.RosterPublished{Project: "P001", Version: 1, From: from})
	w.record(stream, project.CenterAssigned{Project: "P001", Center: "C02", From: from.AddDays(1)})
	w.run()
	if got := w.facts().sent; len(got) != 1 || got[0].Center != "C01" || got[0].City != "杭州" {
		t.Errorf("%+v", got)
	}
}

func TestHistoryIsNobodysNews(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	old := w.issue("C01")
	w.from = nil
	w.run()
	recent := w.issue("C01")
	w.run()
	w.wantSent("from the first start on", recent)
	*w.keep = keptCheckpoint{}
	w.begin()
	w.run()
	w.wantSent("without a checkpoint", recent)
	w.from = new(uint64)
	w.begin()
	w.run()
	w.wantSent("from the beginning, because somebody says so", recent, old)
	nowhere := uint64(1 << 40)
	w.from = &nowhere
	w.begin()
	if _, err := w.reactor.CatchUp(t.Context()); !errors.Is(err, eventstore.ErrEventNotFound) {
		t.Errorf("it begins where nothing is: %v", err)
	}
}

func TestACheckpointOfAnotherLogCountsForNothing(t *testing.T) {
	for name, spoil := range map[string]func(*Checkpoint){
		"another event":       func(c *Checkpoint) { c.Event = "11111111-2222-5333-8444-555555555555" },
		"beyond the end":      func(c *Checkpoint) { c.Position += 1000 },
		"of another start":    func(c *Checkpoint) { c.Start++ },
		"that names no event": func(c *Checkpoint) { c.Event = "" },
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.open("C01")
			at := w.issue("C01")
			w.run()
			spoil(&w.keep.c)
			next := w.issue("C01")
			w.begin()
			w.run()
			w.wantSent("all the same", at, next)
		})
	}
}

func TestTheCheckpointFileIsReplacedAsAWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "checkpoint")
	f := CheckpointFile(path)
	if _, ok, err := f.Load(); ok || err != nil {
		t.Errorf("found %t, %v", ok, err)
	}
	for _, want := range []Checkpoint{
		{Start: 1, Position: 2, Event: "e", Held: positions{3, 4}}, {Start: 1, Position: 9},
	} {
		if err := f.Save(want); err != nil {
			t.Fatal(err)
		}
		got, ok, err := f.Load()
		if diff := cmp.Diff(want, got); diff != "" || !ok || err != nil {
			t.Errorf("%s %t %v", diff, ok, err)
		}
	}
	if err := os.WriteFile(path, []byte(`{"position": 12`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := f.Load(); ok || err != nil {
		t.Errorf("half a checkpoint was read: %t, %v", ok, err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
}

// A second sender on one log: each looks before the other has recorded. Both
// hand the message over, under one Message-ID; it is recorded once.
func TestTwoSendersRecordOnce(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	at := w.issue("C01")
	second := w.newReactor(w.newLedger())
	first := w.newReactor(w.newLedger())
	w.post.onSend = func() {
		w.post.onSend = nil
		if _, err := second.CatchUp(t.Context()); err != nil { // while the first has handed over and not recorded
			t.Error(err)
		}
	}
	if _, err := first.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.wantSent("by two senders", at)
	if len(w.post.sent) != 1 || w.post.duplicates() != 1 {
		t.Errorf("taken %v", w.post.order)
	}
	third := w.newReactor(w.newLedger())
	if _, err := third.CatchUp(t.Context()); err != nil || w.post.duplicates() != 1 {
		t.Errorf("a third sends it, too: %v, %v", w.post.order, err)
	}
}

func TestTheFolderHasOneFilePerNoticeHoweverOftenItCrashes(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	w.issue("C01")
	dir := filepath.Join(t.TempDir(), "outbox")
	for i := range 3 {
		r := w.newReactor(w.ledger)
		r.cfg.Mailer = Outbox{dir}
		w.faults = faults{beforeRecord: 1}
		if i == 2 {
			w.faults = faults{}
		}
		if _, err := r.CatchUp(t.Context()); (err != nil) != (i < 2) {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 || !strings.HasSuffix(files[0],
		string(w.facts().sent[0].Notice)+".eml") || !strings.Contains(files[0], "/0000000002-") {
		t.Errorf("%v, %v", files, err)
	}
	for _, path := range append(files, dir) { // a letter may let its reader in
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v, %v", path, info.Mode().Perm(), err)
		}
	}
	if got := w.facts().sent; len(got) != 1 || got[0].Channel != notice.Outbox {
		t.Errorf("%+v", got)
	}
}

func TestAFolderThatCannotBeWrittenIsAnOutage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Outbox{filepath.Join(file, "outbox")}.Send(t.Context(), messageOf(notice.Notice{ID: "n1"}), true)
	var failure *DeliveryError
	if !errors.As(err, &failure) || failure.Reason != notice.Unreachable {
		t.Errorf("got %v", err)
	}
}

// Run follows the log as it grows, and ends when it is told to.
func TestRunFollowsTheLog(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	first := w.issue("C01")
	var (
		mu    sync.Mutex
		taken int
	)
	arrived := make(chan struct{}, 16)
	w.post.onSend = func() {
		mu.Lock()
		defer mu.Unlock()
		taken++
		arrived <- struct{}{}
	}
	w.begin()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.reactor.Run(ctx) }()
	<-arrived
	second := w.issue("C01")
	<-arrived
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	w.wantSent("as they came", first, second)
	if w.keep.c.Position < second {
		t.Errorf("stopped, it leaves the checkpoint at %d", w.keep.c.Position)
	}
	if s := w.reactor.Status(); s.Sent != 2 || s.Waiting != 0 {
		t.Errorf("%+v", s)
	}
}

// An event that this program cannot read is not passed by: somebody may have to
// be told of it.
func TestAnEventThatCannotBeReadStopsTheSender(t *testing.T) {
	for name, proposed := range map[string]eventstore.Proposed{
		"of an unknown type": {Type: "Unheard", Data: []byte(`{}`), Metadata: []byte(`{"schema":1}`)},
		"in a newer shape":   {Type: "StatementIssued", Data: []byte(`{}`), Metadata: []byte(`{"schema":9}`)},
		"that is damaged":    {Type: "StatementIssued", Data: []byte(`{"closing":"1.005"}`), Metadata: []byte(`{"schema":1}`)},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.open("C01")
			before := w.issue("C01")
			proposed.ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte(name))
			at, err := w.store.Append(t.Context(), "other", eventstore.NoStream(), []eventstore.Proposed{proposed})
			if err != nil {
				t.Fatal(err)
			}
			w.issue("C01")
			w.begin()
			for range 2 {
				if _, err := w.reactor.CatchUp(t.Context()); !errors.Is(err,
					eventstore.ErrUnknownEvent) && !errors.Is(err, eventstore.ErrUnreadableEvent) {
					t.Errorf("it went on: %v", err)
				}
			}
			w.wantSent("before it", before)
			if w.keep.c.Position >= at.Position {
				t.Errorf("the checkpoint has passed it: %+v", w.keep.c)
			}
		})
	}
}

// A stop that comes while a message is being handed over waits for its record.
func TestAStopLeavesNoMessageUnrecorded(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	first := w.issue("C01")
	w.issue("C01")
	ctx, stop := context.WithCancel(t.Context())
	w.post.onSend = stop
	w.begin()
	if err := w.reactor.Run(ctx); err != nil {
		t.Error(err)
	}
	w.wantSent("at the stop", first)
	if w.post.tries != 1 {
		t.Errorf("%d were begun", w.post.tries)
	}
}
