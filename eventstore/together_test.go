package eventstore_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/eventstore"
)

type tallyPart = eventstore.Part[tally, number.Event, *tally]

// parts are commands that each claim the number after those before them.
func parts(name string, n int) []tallyPart {
	all := make([]tallyPart, n)
	for i := range all {
		all[i].Command = command(fmt.Sprint(name, "/", i), nth(i))
		all[i].Decide = func(s *tally) ([]number.Event, error) { return []number.Event{claimed(s.n)}, nil }
	}
	return all
}

func refusing() func(*tally) ([]number.Event, error) {
	return func(*tally) ([]number.Event, error) {
		return nil, domain.Conflict("n", "", "no", "is not wanted", "")
	}
}

func TestCommandsCarriedOutTogetherAreOneAppend(t *testing.T) {
	for name, sole := range map[string]bool{"alone": true, "beside other writers": false} {
		t.Run(name, func(t *testing.T) {
			s := &countingStore{Store: openStore(t, t.TempDir())}
			x := executor(s, eventstore.ExecutorOptions{SoleWriter: sole})
			answers, err := eventstore.ExecuteTogether(t.Context(), x, "number-x", parts("a", 20), false)
			if err != nil || len(answers) != 20 || s.appends.Load() != 1 {
				t.Fatalf("%d answers in %d appends: %v", len(answers), s.appends.Load(), err)
			}
			for i, a := range answers {
				if a.Err != nil || a.Repeated || a.Position != eventstore.Position(i+1) || a.Events[0] != domain.Event(claimed(i)) {
					t.Errorf("command %d: %+v", i, a)
				}
			}
			// In other company, each is known again.
			again, err := eventstore.ExecuteTogether(t.Context(), x, "number-x", append(parts("b", 2), parts("a", 21)...), false)
			if err != nil || s.appends.Load() != 2 {
				t.Fatalf("%d appends: %v", s.appends.Load(), err)
			}
			for i, a := range again {
				was := i >= 2 && i < 22
				if a.Err != nil || a.Repeated != was || was && a.Position != answers[i-2].Position {
					t.Errorf("again, command %d: %+v", i, a)
				}
			}
		})
	}
}

func TestOneRefusedCommandKeepsTheOthersOfItsAppendOut(t *testing.T) {
	for name, sole := range map[string]bool{"alone": true, "beside other writers": false} {
		for _, partly := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", partly ", partly), func(t *testing.T) {
				s := openStore(t, t.TempDir())
				x := executor(s, eventstore.ExecutorOptions{SoleWriter: sole})
				all := parts("a", 5)
				all[2].Decide = refusing()
				answers, err := eventstore.ExecuteTogether(t.Context(), x, "number-x", all, partly)
				if err != nil {
					t.Fatal(err)
				}
				head, _ := s.Head(t.Context())
				want := eventstore.Position(0)
				if partly {
					want = 4
				}
				if head != want {
					t.Errorf("%d events", head)
				}
				for i, a := range answers {
					switch {
					case i == 2 && codeOf(a.Err) != "no", i != 2 && !partly && !errors.Is(a.Err,
						eventstore.ErrLeftOut), i != 2 && partly && a.Err != nil:
						t.Errorf("command %d: %v", i, a.Err)
					}
				}
				if _, err = eventstore.ExecuteTogether(t.Context(), x, "number-x", parts("a", 5), false); err != nil {
					t.Fatal(err)
				}
				if head, _ := s.Head(t.Context()); head != 5 {
					t.Errorf("%d events of the five, when none is refused", head)
				}
			})
		}
	}
}

func TestALostAnswerToCommandsTogetherIsNoRepeat(t *testing.T) {
	s := &countingStore{Store: openStore(t, t.TempDir())}
	s.fail = func(n int64, apply func() (eventstore.Appended, error)) (eventstore.Appended, error) {
		at, err := apply()
		if n == 1 {
			return eventstore.Appended{}, fmt.Errorf("%w: the line went dead", eventstore.ErrUnavailable)
		}
		return at, err
	}
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
	answers, err := eventstore.ExecuteTogether(t.Context(), x, "number-x", parts("a", 5), false)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range answers {
		if a.Repeated || a.Position != eventstore.Position(i+1) {
			t.Errorf("command %d: %+v", i, a)
		}
	}
	if head, _ := s.Head(t.Context()); head != 5 {
		t.Errorf("%d events", head)
	}
}

func TestManyTogetherLoseNothingBesideOthers(t *testing.T) {
	s := openStore(t, t.TempDir())
	for name, x := range map[string]*eventstore.Executor{
		"sole": executor(s, eventstore.ExecutorOptions{}), "other": executor(s, eventstore.ExecutorOptions{}),
	} {
		_ = name
		var group sync.WaitGroup
		for c := range 8 {
			group.Go(func() {
				if _, err := eventstore.ExecuteTogether(t.Context(), x, "number-x", parts(fmt.Sprint(name, c), 10),
					false); err != nil {
					t.Error(err)
				}
				if _, err := eventstore.Execute(t.Context(), x, "number-x", command(fmt.Sprint(name, c),
					nth(c)), func(s *tally) ([]number.Event, error) {
					return []number.Event{claimed(s.n)}, nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
	}
	next := 0
	for rec, err := range s.ReadStream(t.Context(), "number-x", 0, eventstore.Forwards) {
		if e, _, decodeErr := eventstore.Trade.DecodeRecorded(rec); err != nil || decodeErr != nil ||
			e != domain.Event(claimed(next)) {
			t.Fatalf("event %d is %v (%v, %v)", next, e, err, decodeErr)
		}
		next++
	}
	if next != 2*8*11 {
		t.Errorf("%d events", next)
	}
}

func TestMoreThanOneAppendHoldsTakesSeveral(t *testing.T) {
	s := &countingStore{Store: openStore(t, t.TempDir())}
	x := executor(s, eventstore.ExecutorOptions{SoleWriter: true})
	all := parts("a", 9)
	for i := range all {
		all[i].Decide = func(*tally) ([]number.Event, error) {
			return []number.Event{
				number.DocumentNumberClaimed{Number: strings.Repeat("7", eventstore.MaxAppendBytes/5) + fmt.Sprint(i)},
			}, nil
		}
	}
	answers, err := eventstore.ExecuteTogether(t.Context(), x, "number-x", all, false)
	if head, _ := s.Head(t.Context()); err != nil || len(answers) != 9 || head != 9 || s.appends.Load() != 3 {
		t.Errorf("%d answers, %d events in %d appends: %v", len(answers), head, s.appends.Load(), err)
	}
}

func TestTwoCommandsTogetherNeedTwoKeys(t *testing.T) {
	x := executor(openStore(t, t.TempDir()), eventstore.ExecutorOptions{SoleWriter: true})
	if _, err := eventstore.ExecuteTogether(t.Context(), x, "number-x", append(parts("a", 2), parts("a", 1)...),
		false); err == nil {
		t.Error("one key stood for two commands")
	}
}
