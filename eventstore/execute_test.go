package eventstore_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

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

func command(key string, content any) eventstore.Command {
	return eventstore.Command{Key: key, Actor: someone, Content: content}
}

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
	return eventstore.Execute(context.Background(), x, "account-C01", command(key, c), func(a *account.Account) ([]account.Event, error) {
		return a.Open(c, calendar.NewDate(2026, 1, 1))
	})
}

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
		c := bankref.BankReferenceClaimed{Payment: "S1", Content: bankref.Content{Reference: "S1", Center: "C01", Payer: payer}}
		_, err := eventstore.Execute(t.Context(), x, bankref.Stream("S1"), command(key, c), func(r *bankref.Reference) ([]bankref.Event, error) {
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

func (s *countingStore) Append(ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed) (eventstore.Appended, error) {
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
						_, err := eventstore.Execute(t.Context(), x, "number-x", command(fmt.Sprint(c, "/", i), i), func(s *tally) ([]number.Event, error) {
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

func TestAnotherWritersEventsAreSeenBeforeDeciding(t *testing.T) {
	s := openStore(t, t.TempDir())
	one, two := executor(s, eventstore.ExecutorOptions{}), executor(s, eventstore.ExecutorOptions{})
	for i := range 10 {
		for w, x := range []*eventstore.Executor{one, two} {
			_, err := eventstore.Execute(t.Context(), x, "number-x", command(fmt.Sprint(w, i), i), func(s *tally) ([]number.Event, error) {
				if want := 2*i + w; s.n != want {
					t.Errorf("writer %d decides on %d events, want %d", w, s.n, want)
				}
				return []number.Event{claimed(s.n)}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
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
			if err != nil || len(o.Events) != 1 {
				t.Fatalf("%+v, %v", o, err)
			}
			if head, err := s.Head(t.Context()); err != nil || head != 1 {
				t.Errorf("the log ends at %d (%v), want one event", head, err)
			}
		})
	}
}

func TestALogThatStaysAwayIsReportedAndNothingIsRemembered(t *testing.T) {
	s := &countingStore{Store: openStore(t, t.TempDir())}
	s.fail = func(int64, func() (eventstore.Appended, error)) (eventstore.Appended, error) {
		return eventstore.Appended{}, eventstore.ErrUnavailable
	}
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
	if _, err := opened(x, "k", "云栖"); !errors.Is(err, eventstore.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	s.fail = nil
	if o, err := opened(x, "k", "云栖"); err != nil || o.Repeated {
		t.Errorf("the retry: %+v, %v", o, err)
	}
}

func TestAPanicStaysWithItsCommand(t *testing.T) {
	s := openStore(t, t.TempDir())
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
	run := func(key string, decide func(*tally) ([]number.Event, error)) error {
		_, err := eventstore.Execute(t.Context(), x, "number-x", command(key, key), decide)
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
		_, err := eventstore.Execute(ctx, x, "account-C01", command("k2", 1), func(*account.Account) ([]account.Event, error) { return nil, nil })
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
			_, err := eventstore.Execute(t.Context(), x, fmt.Sprint("number-", i), command(fmt.Sprint(round), i), func(s *tally) ([]number.Event, error) {
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
