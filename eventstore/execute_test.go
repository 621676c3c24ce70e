package eventstore_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/sqlite"
)

var someone = domain.Actor{Name: "wang", Role: domain.Finance}

func command(key string, content eventstore.Named) eventstore.Command {
	return eventstore.Command{Key: key, Actor: someone, Content: content}
}

// nth is a command that says its number only.
type nth int

func (nth) CommandName() string { return "Nth" }

// said is a command that says a text only.
type said string

func (said) CommandName() string { return "Said" }

func openStore(t *testing.T, dir string) eventstore.Store {
	t.Helper()
	s, err := sqlite.Open(filepath.Join(dir, "log.sqlite"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func executor(s eventstore.Store, opts eventstore.ExecutorOptions) *eventstore.Executor {
	return eventstore.NewExecutor(s, eventstore.Trade, opts)
}

// opened opens account C01 under a key, with a name as the content.
func opened(x *eventstore.Executor, key, name string) (eventstore.Outcome, error) {
	c := account.Open{Center: "C01", Name: name, Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate}}
	return eventstore.Execute(context.Background(), x, "account-C01",
		command(key, c), func(a *account.Account) ([]account.Event, error) {
			return a.Open(c, calendar.NewDate(2026, 1, 1))
		})
}

// codeOf is the code of a refusal; of another failure there is none.
func codeOf(err error) string {
	var r *domain.Rejection
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}

func TestARepeatedCommandReturnsItsFirstOutcome(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
	first, err := opened(x, "k", "云栖")
	if err != nil || first.Repeated || len(first.Events) != 1 {
		t.Fatalf("first: %+v, %v", first, err)
	}
	want := first
	want.Repeated = true
	check := func(t *testing.T, x *eventstore.Executor) {
		t.Helper()
		again, err := opened(x, "k", "云栖")
		if diff := cmp.Diff(want, again); diff != "" || err != nil {
			t.Errorf("again (-first +again): %s%v", diff, err)
		}
		if _, err := opened(x, "k", "other"); codeOf(err) != "idempotency-key-reused" {
			t.Errorf("the key with other content: %v", err)
		}
		if _, err := opened(x, "k2", "云栖"); codeOf(err) != "account-exists" {
			t.Errorf("another key: %v", err)
		}
	}
	t.Run("from the cache", func(t *testing.T) { check(t, x) })
	t.Run("after a restart", func(t *testing.T) {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		check(t, executor(openStore(t, dir), eventstore.ExecutorOptions{SoleWriter: true}))
	})
}

func TestARehearsalAnswersAndRecordsNothing(t *testing.T) {
	s := openStore(t, t.TempDir())
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
	rehearse := func(key, name string) (bool, error) {
		c := account.Open{Center: "C01", Name: name, Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate}}
		return eventstore.Rehearse(t.Context(), x, account.Stream("C01"),
			command(key, c), func(a *account.Account) ([]account.Event, error) {
				return a.Open(c, 0)
			})
	}
	if known, err := rehearse("k", "云栖"); known || err != nil {
		t.Errorf("before: %v, %v", known, err)
	}
	if head, err := s.Head(t.Context()); head != 0 || err != nil {
		t.Errorf("the rehearsal was recorded: head %d, %v", head, err)
	}
	if o, err := opened(x, "k", "云栖"); err != nil || o.Repeated || o.Revision != 0 {
		t.Fatalf("the command itself: %+v, %v", o, err)
	}
	if known, err := rehearse("k", "云栖"); !known || err != nil {
		t.Errorf("again: %v, %v", known, err)
	}
	if _, err := rehearse("k", "other"); codeOf(err) != "idempotency-key-reused" {
		t.Errorf("the key with other content: %v", err)
	}
	if _, err := rehearse("k2", "云栖"); codeOf(err) != "account-exists" {
		t.Errorf("another key: %v", err)
	}
	refused := bankref.BankReferenceClaimed{Payment: "S1", Content: bankref.Content{Reference: "S1"}}
	if _, err := eventstore.Rehearse(t.Context(), x, bankref.Stream("S1"),
		command("k", refused), func(*bankref.Reference) ([]bankref.Event, error) {
			return []bankref.Event{
				bankref.ConflictingPaymentRefused{ClaimedBy: "S0"},
			}, domain.Conflict("f", "v", "queued", "r", "")
		}); codeOf(err) != "queued" {
		t.Errorf("a refusal that would be recorded: %v", err)
	}
	if head, err := s.Head(t.Context()); head != 1 || err != nil {
		t.Errorf("the log ends at %d (%v), want the command alone", head, err)
	}
}

func TestACommandWithoutAKeyIsRefused(t *testing.T) {
	x := executor(openStore(t, t.TempDir()), eventstore.ExecutorOptions{})
	if _, err := opened(x, "", "云栖"); codeOf(err) != "bad-idempotency-key" {
		t.Errorf("got %v", err)
	}
}

func TestARefusalThatIsAFactIsRecordedOnce(t *testing.T) {
	s := openStore(t, t.TempDir())
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
	claim := func(key string, payer string) error {
		c := bankref.BankReferenceClaimed{
			Payment: "S1", Content: bankref.Content{Reference: "S1", Center: "C01", Payer: payer},
		}
		_, err := eventstore.Execute(t.Context(), x, bankref.Stream("S1"),
			command(key, c), func(r *bankref.Reference) ([]bankref.Event, error) {
				return r.Claim(c)
			})
		return err
	}
	if err := claim("k1", "甲"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := claim("k2", "乙"); codeOf(err) != "bank-reference-conflict" {
			t.Fatalf("got %v", err)
		}
	}
	if head, err := s.Head(t.Context()); err != nil || head != 2 {
		t.Errorf("the log ends at %d (%v), want the claim and one refusal", head, err)
	}
}

// countingStore counts appends and can be told to fail.
type countingStore struct {
	eventstore.Store
	appends atomic.Int64
	fail    func(n int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error)
}

func (s *countingStore) Append(
	ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
	n := s.appends.Add(1)
	apply := func() (eventstore.Appended, error) { return s.Store.Append(ctx, stream, expected, events) }
	if s.fail != nil {
		return s.fail(n, apply)
	}
	return apply()
}

// claimed makes the event of a stream that counts commands.
func claimed(i int) number.DocumentNumberClaimed {
	return number.DocumentNumberClaimed{Series: "F1", Number: fmt.Sprint(i), Holder: "ticket-1"}
}

// tally counts the events of a stream.
type tally struct{ n int }

func (c *tally) Evolve(e number.Event) {
	if e.(number.DocumentNumberClaimed).Number == "panic" {
		panic("evolve")
	}
	c.n++
}

func TestCommandsOnABusyStreamShareAppendsAndLoseNothing(t *testing.T) {
	for name, sole := range map[string]bool{"alone": true, "beside other writers": false} {
		t.Run(name, func(t *testing.T) {
			s := &countingStore{Store: openStore(t, t.TempDir())}
			x := executor(s, eventstore.ExecutorOptions{SoleWriter: sole})
			const clients, each = 64, 20
			seen := make([][]int, clients)
			var group sync.WaitGroup
			for c := range clients {
				group.Go(func() {
					for i := range each {
						_, err := eventstore.Execute(t.Context(), x, "number-x", command(fmt.Sprint(c, "/", i),
							nth(i)), func(s *tally) ([]number.Event, error) {
							seen[c] = append(seen[c], s.n)
							return []number.Event{claimed(s.n)}, nil
						})
						if err != nil {
							t.Errorf("client %d: %v", c, err)
						}
					}
				})
			}
			group.Wait()
			next := 0
			for rec, err := range s.ReadStream(t.Context(), "number-x", 0, eventstore.Forwards) {
				if err != nil {
					t.Fatal(err)
				}
				e, _, err := eventstore.Trade.DecodeRecorded(rec)
				if err != nil || e != domain.Event(claimed(next)) {
					t.Fatalf("event %d is %v (%v): it was decided on another state", next, e, err)
				}
				next++
			}
			if next != clients*each {
				t.Errorf("%d events of %d commands", next, clients*each)
			}
			if appends := s.appends.Load(); appends >= clients*each {
				t.Errorf("%d appends for %d commands: none was shared", appends, clients*each)
			}
		})
	}
}

// A decision may be asked on a state others have passed; what is recorded was
// decided on what stands before it.
func TestAnotherWritersEventsAreSeenBeforeDeciding(t *testing.T) {
	s := openStore(t, t.TempDir())
	one, two := executor(s, eventstore.ExecutorOptions{}), executor(s, eventstore.ExecutorOptions{})
	for i := range 10 {
		for w, x := range []*eventstore.Executor{one, two} {
			seen := -1
			_, err := eventstore.Execute(t.Context(), x, "number-x", command(fmt.Sprint(w, i),
				nth(i)), func(s *tally) ([]number.Event, error) {
				seen = s.n
				return []number.Event{claimed(s.n)}, nil
			})
			if want := 2*i + w; seen != want || err != nil {
				t.Fatalf("writer %d decided on %d events, want %d (%v)", w, seen, want, err)
			}
		}
	}
	next := 0
	for rec, err := range s.ReadStream(t.Context(), "number-x", 0, eventstore.Forwards) {
		if e, _, decodeErr := eventstore.Trade.DecodeRecorded(rec); err != nil || decodeErr != nil ||
			e != domain.Event(claimed(next)) {
			t.Fatalf("event %d is %v (%v, %v)", next, e, err, decodeErr)
		}
		next++
	}
}

func TestAnUnknownOutcomeIsSettledBeforeItIsAnswered(t *testing.T) {
	for name, applied := range map[string]bool{"lost before the log took it": false, "lost after the log took it": true} {
		t.Run(name, func(t *testing.T) {
			s := &countingStore{Store: openStore(t, t.TempDir())}
			s.fail = func(n int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error) {
				if n > 1 {
					return apply()
				}
				if applied {
					if _, err := apply(); err != nil {
						t.Error(err)
					}
				}
				return eventstore.Appended{}, fmt.Errorf("%w: the line went dead", eventstore.ErrUnavailable)
			}
			x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
			o, err := opened(x, "k", "云栖")
			if err != nil || len(o.Events) != 1 || o.Repeated {
				t.Fatalf("%+v, %v", o, err)
			}
			o.Repeated = true
			if again, err := opened(x, "k", "云栖"); err != nil || !cmp.Equal(again, o) {
				t.Errorf("a repeat is answered %+v (%v), the first %+v", again, err, o)
			}
			if head, err := s.Head(t.Context()); err != nil || head != 1 {
				t.Errorf("the log ends at %d (%v), want one event", head, err)
			}
		})
	}
}

func TestALogThatStaysAwayIsReportedAndNothingIsRemembered(t *testing.T) {
	for name, tc := range map[string]struct {
		err         error
		least, most time.Duration
	}{
		"for as long as an election takes": {eventstore.ErrUnavailable, 14 * time.Second, 16 * time.Second},
		"until somebody sees to it":        {eventstore.ErrLasting, 0, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &countingStore{Store: openStore(t, t.TempDir())}
				s.fail = func(int64, func() (eventstore.Appended, error)) (eventstore.Appended, error) {
					return eventstore.Appended{}, tc.err
				}
				x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
				begun := time.Now()
				if _, err := opened(x, "k", "云栖"); !errors.Is(err, eventstore.ErrUnavailable) {
					t.Fatalf("got %v", err)
				}
				if took := time.Since(begun); took < tc.least || took > tc.most {
					t.Errorf("given up after %v, want %v to %v", took, tc.least, tc.most)
				}
				s.fail = nil
				if o, err := opened(x, "k", "云栖"); err != nil || o.Repeated {
					t.Errorf("the retry: %+v, %v", o, err)
				}
			})
		})
	}
}

func TestAnElectionCostsTimeAndNotErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &countingStore{Store: openStore(t, t.TempDir())}
		until := time.Now().Add(9 * time.Second)
		s.fail = func(_ int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error) {
			if time.Now().Before(until) {
				return eventstore.Appended{}, eventstore.ErrUnavailable
			}
			return apply()
		}
		x := executor(s, eventstore.ExecutorOptions{})
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				time.Sleep(time.Duration(i) * 400 * time.Millisecond)
				if o, err := tallied(x, "number-x", fmt.Sprint(i), 1); err != nil || o.Repeated {
					t.Errorf("%+v, %v", o, err)
				}
			})
		}
		group.Wait()
		if n := recorded(t, s, "number-x"); n != 20 {
			t.Errorf("%d events, want 20", n)
		}
	})
}

// Those who wait behind a command that fails have their own time.
func TestEachCommandHasItsOwnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &countingStore{Store: openStore(t, t.TempDir())}
		until := time.Now().Add(20 * time.Second)
		s.fail = func(_ int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error) {
			if time.Now().Before(until) {
				return eventstore.Appended{}, eventstore.ErrUnavailable
			}
			return apply()
		}
		x := executor(s, eventstore.ExecutorOptions{})
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				begun := time.Now()
				_, err := tallied(x, "number-x", fmt.Sprint(i), 1)
				if took := time.Since(begun); took > 16*time.Second || (err == nil) != (i > 5) {
					t.Errorf("the command of second %d is answered after %v: %v", i, took, err)
				}
			})
		}
		group.Wait()
	})
}

func TestAPanicStaysWithItsCommand(t *testing.T) {
	s := openStore(t, t.TempDir())
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
	run := func(key string, decide func(*tally) ([]number.Event, error)) error {
		_, err := eventstore.Execute(t.Context(), x, "number-x", command(key, said(key)), decide)
		return err
	}
	ok := func(s *tally) ([]number.Event, error) { return []number.Event{claimed(s.n)}, nil }
	if err := run("1", ok); err != nil {
		t.Fatal(err)
	}
	if err := run("2", func(*tally) ([]number.Event, error) { panic("decide") }); err == nil {
		t.Error("a panic in the decision was not reported")
	}
	if err := run("3", func(*tally) ([]number.Event, error) {
		return []number.Event{claimed(1), number.DocumentNumberClaimed{Number: "panic"}}, nil
	}); err == nil {
		t.Error("a panic in the fold was not reported")
	}
	if err := run("4", func(s *tally) ([]number.Event, error) {
		if s.n != 1 {
			t.Errorf("the state holds %d events, want 1: what was not recorded was folded", s.n)
		}
		return ok(s)
	}); err != nil {
		t.Error(err)
	}
}

func TestACallerThatGivesUpDoesNotLoseTheCommand(t *testing.T) {
	s := &countingStore{Store: openStore(t, t.TempDir())}
	reached, goOn := make(chan struct{}), make(chan struct{})
	s.fail = func(n int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error) {
		if n == 1 {
			close(reached)
			<-goOn
		}
		return apply()
	}
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
	first := make(chan error, 1)
	go func() { _, err := opened(x, "k", "云栖"); first <- err }()
	<-reached // the stream is busy: the next command waits
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error, 1)
	go func() {
		_, err := eventstore.Execute(ctx, x, "account-C01", command("k2", nth(1)),
			func(*account.Account) ([]account.Event, error) { return nil, nil })
		waiting <- err
	}()
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("the caller that gave up got %v", err)
	}
	close(goOn)
	if err := <-first; err != nil {
		t.Errorf("the command before it: %v", err)
	}
	if o, err := opened(x, "k", "云栖"); err != nil || !o.Repeated {
		t.Errorf("the command is not remembered: %+v, %v", o, err)
	}
}

func TestFewCachedStreamsAreAsGoodAsMany(t *testing.T) {
	x := executor(openStore(t, t.TempDir()), eventstore.ExecutorOptions{SoleWriter: true, Streams: 2})
	for round := range 3 {
		for i := range 5 {
			_, err := eventstore.Execute(t.Context(), x,
				fmt.Sprint("number-", i), command(fmt.Sprint(round), nth(i)), func(s *tally) ([]number.Event, error) {
					if s.n != round {
						t.Errorf("stream %d holds %d events in round %d", i, s.n, round)
					}
					return []number.Event{claimed(s.n)}, nil
				})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// together runs commands so that all of them wait for the append of one before
// them and are then carried out as one batch, in order. It must be called in a
// synctest bubble, with a store that has not appended yet.
func together(
	t *testing.T, s *countingStore, x *eventstore.Executor, stream string, commands ...func() (eventstore.Outcome, error),
) ([]eventstore.Outcome, []error) {
	t.Helper()
	inner, goOn := s.fail, make(chan struct{})
	s.fail = func(n int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error) {
		if n == 1 {
			<-goOn
		}
		if inner != nil {
			return inner(n, apply)
		}
		return apply()
	}
	outcomes, errs := make([]eventstore.Outcome, len(commands)), make([]error, len(commands))
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := tallied(x, stream, "before", 1); err != nil {
			t.Errorf("the command before: %v", err)
		}
	})
	synctest.Wait()
	for i, c := range commands {
		group.Go(func() { outcomes[i], errs[i] = c() })
		synctest.Wait() // it waits in the queue
	}
	close(goOn)
	group.Wait()
	return outcomes, errs
}

// tallied records n events on a tally.
func tallied(x *eventstore.Executor, stream, key string, n int) (eventstore.Outcome, error) {
	return eventstore.Execute(context.Background(), x, stream, command(key,
		nth(n)), func(s *tally) ([]number.Event, error) {
		events := make([]number.Event, n)
		for i := range events {
			events[i] = claimed(s.n + i)
		}
		return events, nil
	})
}

// recorded counts the events of a stream.
func recorded(t *testing.T, s eventstore.Store, stream string) (n int) {
	t.Helper()
	for _, err := range s.ReadStream(t.Context(), stream, 0, eventstore.Forwards) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

func TestACommandAtFaultDoesNotFailTheOthersOfItsBatch(t *testing.T) {
	at := func(stream string, e number.DocumentNumberClaimed) func(x *eventstore.Executor) (eventstore.Outcome, error) {
		return func(x *eventstore.Executor) (eventstore.Outcome, error) {
			return eventstore.Execute(context.Background(), x, stream, command("bad",
				nth(0)), func(*tally) ([]number.Event, error) {
				return []number.Event{e}, nil
			})
		}
	}
	tests := map[string]struct {
		bad  func(x *eventstore.Executor) (eventstore.Outcome, error)
		want error // nil: any
	}{
		"it is too large for the log": {at("number-x", number.DocumentNumberClaimed{Number: strings.Repeat("7", eventstore.MaxAppendBytes)}), eventstore.ErrTooLarge},
		"its event cannot be folded":  {at("number-x", number.DocumentNumberClaimed{Number: "panic"}), nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &countingStore{Store: openStore(t, t.TempDir())}
				x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
				outcomes, errs := together(t, s, x, "number-x",
					func() (eventstore.Outcome, error) { return tallied(x, "number-x", "a", 2) },
					func() (eventstore.Outcome, error) { return tc.bad(x) },
					func() (eventstore.Outcome, error) { return tallied(x, "number-x", "b", 1) },
				)
				if errs[0] != nil || errs[2] != nil || outcomes[0].Revision != 2 || outcomes[2].Revision != 3 {
					t.Errorf("the others: %+v %v", outcomes, errs)
				}
				if errs[1] == nil || tc.want != nil && !errors.Is(errs[1], tc.want) || codeOf(errs[1]) != "" {
					t.Errorf("the one at fault: %v", errs[1])
				}
				if n := recorded(t, s, "number-x"); n != 4 {
					t.Errorf("%d events, want 4", n)
				}
			})
		})
	}
}

func TestARepeatInOneBatchGetsTheFirstOutcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &countingStore{Store: openStore(t, t.TempDir())}
		x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
		outcomes, errs := together(t, s, x, "number-x",
			func() (eventstore.Outcome, error) { return tallied(x, "number-x", "k", 2) },
			func() (eventstore.Outcome, error) { return tallied(x, "number-x", "k", 2) },
			func() (eventstore.Outcome, error) { return tallied(x, "number-x", "k", 1) },
			func() (eventstore.Outcome, error) { return tallied(x, "number-x", "other", 1) },
		)
		want := outcomes[0]
		want.Repeated = true
		if diff := cmp.Diff(want, outcomes[1]); diff != "" || errs[0] != nil || errs[1] != nil || outcomes[0].Repeated {
			t.Errorf("the repeat (-first +repeat): %s %v", diff, errs)
		}
		if codeOf(errs[2]) != "idempotency-key-reused" || errs[3] != nil {
			t.Errorf("other content, and another command: %v", errs[2:])
		}
		if n := recorded(t, s, "number-x"); n != 4 {
			t.Errorf("%d events, want 4", n)
		}
	})
}

func TestARecordedRefusalStandsWhateverTheStateIsNow(t *testing.T) {
	dir := t.TempDir()
	s := openStore(t, dir)
	refuse := true
	run := func(s eventstore.Store) error {
		x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
		_, err := eventstore.Execute(t.Context(), x, "number-x", command("k", nth(0)), func(*tally) ([]number.Event, error) {
			if refuse {
				return []number.Event{claimed(0)}, domain.Conflict("f", "v", "not-now", "must wait", "")
			}
			return []number.Event{claimed(1)}, nil
		})
		return err
	}
	if err := run(s); codeOf(err) != "not-now" {
		t.Fatalf("at first: %v", err)
	}
	if err := run(s); codeOf(err) != "not-now" {
		t.Errorf("after a restart: %v", err)
	}
	refuse = false
	if err := run(s); codeOf(err) != "refused-before" {
		t.Errorf("once it would be accepted: %v", err)
	}
	if n := recorded(t, s, "number-x"); n != 1 {
		t.Errorf("%d events, want the one refusal", n)
	}
}

func TestAConflictInFlightIsDecidedAgain(t *testing.T) {
	s := &countingStore{Store: openStore(t, t.TempDir())}
	other := executor(s.Store, eventstore.ExecutorOptions{})
	s.fail = func(n int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error) {
		if n <= 3 { // another writer is faster, three times
			if _, err := tallied(other, "number-x", fmt.Sprint("other", n), 2); err != nil {
				t.Error(err)
			}
		}
		return apply()
	}
	x := executor(s, eventstore.ExecutorOptions{})
	var saw []int
	o, err := eventstore.Execute(t.Context(), x, "number-x", command("k", nth(0)), func(s *tally) ([]number.Event, error) {
		saw = append(saw, s.n)
		if s.n >= 6 {
			return nil, domain.Conflict("f", "v", "sold-out", "are all taken", "")
		}
		return []number.Event{claimed(s.n)}, nil
	})
	if diff := cmp.Diff([]int{0, 2, 4, 6}, saw); diff != "" || codeOf(err) != "sold-out" || len(o.Events) != 0 {
		t.Errorf("decided on %v: %+v, %v", saw, o, err)
	}
	if n := recorded(t, s, "number-x"); n != 6 {
		t.Errorf("%d events, want the other writer's 6", n)
	}
}

func TestACommandWhoseCallerGaveUpIsStillCarriedOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &countingStore{Store: openStore(t, t.TempDir())}
		x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
		ctx, cancel := context.WithCancel(t.Context())
		looked := false
		_, errs := together(t, s, x, "number-x",
			func() (eventstore.Outcome, error) {
				return eventstore.Execute(ctx, x, "number-x", command("k", nth(1)), func(s *tally) ([]number.Event, error) {
					return []number.Event{claimed(s.n)}, nil
				})
			},
			func() (eventstore.Outcome, error) {
				return eventstore.Outcome{}, eventstore.Inspect(ctx, x, "number-x",
					func(*tally) error { looked = true; return nil })
			},
			func() (eventstore.Outcome, error) { cancel(); return eventstore.Outcome{}, nil },
		)
		if !errors.Is(errs[0], context.Canceled) || !errors.Is(errs[1], context.Canceled) {
			t.Errorf("the callers got %v", errs)
		}
		synctest.Wait()
		if looked {
			t.Error("Inspect looked after it had returned")
		}
		if o, err := tallied(x, "number-x", "k", 1); err != nil || !o.Repeated || o.Revision != 1 {
			t.Errorf("the command was lost: %+v, %v", o, err)
		}
	})
}

func TestNobodySeesAStateThatWasNotRecorded(t *testing.T) {
	s := &countingStore{Store: openStore(t, t.TempDir())}
	s.fail = func(n int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error) {
		switch n % 4 {
		case 1:
			return eventstore.Appended{}, eventstore.ErrUnavailable
		case 2:
			if _, err := apply(); err != nil {
				return eventstore.Appended{}, err
			}
			return eventstore.Appended{}, eventstore.ErrUnavailable
		}
		return apply()
	}
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true, Streams: 1})
	var group sync.WaitGroup
	for c := range 8 {
		group.Go(func() {
			for i := range 6 {
				if o, err := tallied(x, "number-x", fmt.Sprint(c, "/", i),
					2); err != nil || len(o.Events) != 2 || o.Revision%2 != 1 || o.Repeated {
					t.Errorf("%+v, %v", o, err)
				}
			}
		})
		group.Go(func() {
			for range 20 {
				seen := 0
				err := eventstore.Inspect(t.Context(), x, "number-x", func(s *tally) error { seen = s.n; return nil })
				written := 0
				for _, readErr := range s.ReadStream(t.Context(), "number-x", 0, eventstore.Forwards) {
					if readErr != nil && !errors.Is(readErr, eventstore.ErrStreamNotFound) {
						t.Error(readErr)
					} else if readErr == nil {
						written++
					}
				}
				if err != nil || seen%2 != 0 || seen > written {
					t.Errorf("saw %d events, %d are recorded (%v)", seen, written, err)
				}
			}
		})
	}
	group.Wait()
	if n := recorded(t, s, "number-x"); n != 8*6*2 {
		t.Errorf("%d events, want %d", n, 8*6*2)
	}
}

func TestALogThatDoesNotAnswerIsUnavailable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &hangingStore{Store: openStore(t, t.TempDir()), hang: true}
		x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
		if _, err := tallied(x, "number-x", "k", 1); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Errorf("got %v", err)
		}
		s.hang = false
		if o, err := tallied(x, "number-x", "k", 1); err != nil || o.Repeated {
			t.Errorf("the retry: %+v, %v", o, err)
		}
	})
}

// hangingStore does not answer until the caller loses patience.
type hangingStore struct {
	eventstore.Store
	hang bool
}

func (s *hangingStore) Append(
	ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
	if s.hang {
		<-ctx.Done()
		return eventstore.Appended{}, ctx.Err()
	}
	return s.Store.Append(ctx, stream, expected, events)
}

// editedStore shows the log otherwise than it is.
type editedStore struct {
	eventstore.Store
	edit func(*eventstore.Recorded)
}

func (s editedStore) ReadStream(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction,
) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		for rec, err := range s.Store.ReadStream(ctx, stream, from, dir) {
			s.edit(&rec)
			if !yield(rec, err) {
				return
			}
		}
	}
}

func TestWhetherAStreamHasBegunTakesItsFirstEventOnly(t *testing.T) {
	s := openStore(t, t.TempDir())
	if _, err := tallied(executor(s, eventstore.ExecutorOptions{}), "number-x", "k", 3); err != nil {
		t.Fatal(err)
	}
	read := 0
	x := executor(editedStore{s, func(*eventstore.Recorded) { read++ }}, eventstore.ExecutorOptions{})
	if begun, err := x.Begun(t.Context(), "number-x"); !begun || err != nil || read != 1 {
		t.Errorf("%t, %v, having read %d events", begun, err, read)
	}
	if begun, err := x.Begun(t.Context(), "number-y"); begun || err != nil {
		t.Errorf("a stream without events: %t, %v", begun, err)
	}
}

func TestAStreamThatCannotBeFoldedIsReported(t *testing.T) {
	s := openStore(t, t.TempDir())
	if _, err := tallied(executor(s, eventstore.ExecutorOptions{}), "number-x", "k", 3); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		edit func(*eventstore.Recorded)
		want error // nil: any
	}{
		"an event is missing":                      {func(r *eventstore.Recorded) { r.Revision *= 2 }, eventstore.ErrDamaged},
		"an event of a newer program":              {func(r *eventstore.Recorded) { r.Type = "NumberReleased" }, eventstore.ErrUnknownEvent},
		"an event of another kind of stream":       {func(r *eventstore.Recorded) { r.Type, r.Data = "AccountOpened", []byte("{}") }, eventstore.ErrUnknownEvent},
		"an event that is not JSON":                {func(r *eventstore.Recorded) { r.Data = []byte("x") }, eventstore.ErrUnreadableEvent},
		"an event that the state cannot take":      {func(r *eventstore.Recorded) { r.Data = []byte(`{"number":"panic"}`) }, nil},
		"metadata that another program has filled": {func(r *eventstore.Recorded) { r.Metadata = []byte("[]") }, eventstore.ErrUnreadableEvent},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			x := executor(editedStore{s, tc.edit}, eventstore.ExecutorOptions{SoleWriter: true})
			for range 2 { // and no second command sees half of it
				_, err := tallied(x, "number-x", "k2", 1)
				if err == nil || codeOf(err) != "" || errors.Is(err,
					eventstore.ErrUnavailable) || tc.want != nil && !errors.Is(err, tc.want) {
					t.Errorf("got %v, want %v", err, tc.want)
				}
			}
		})
	}
	if n := recorded(t, s, "number-x"); n != 3 {
		t.Errorf("%d events, want 3", n)
	}
}

func TestAStreamInUseIsNotDroppedFromTheCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &countingStore{Store: openStore(t, t.TempDir())}
		x := executor(s, eventstore.ExecutorOptions{SoleWriter: true, Streams: 1})
		var decidedOn []int
		_, errs := together(t, s, x, "number-x",
			func() (eventstore.Outcome, error) { return tallied(x, "number-y", "k", 1) }, // needs room
			func() (eventstore.Outcome, error) {
				return eventstore.Execute(t.Context(), x, "number-x", command("k", nth(1)), func(s *tally) ([]number.Event, error) {
					decidedOn = append(decidedOn, s.n)
					return []number.Event{claimed(s.n)}, nil
				})
			},
		)
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]int{1}, decidedOn); diff != "" {
			t.Errorf("decided beside the command before it, on %v", decidedOn)
		}
	})
}
