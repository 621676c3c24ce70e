package projections

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// refused asks for the receivables and wants to be refused.
func refused(t *testing.T, m *ReadModels, sentinel error, reason string) {
	t.Helper()
	answer, err := AskReceivables(t.Context(), m, Filter{})
	status := (*StatusError)(nil)
	if !errors.Is(err, sentinel) || !errors.As(err, &status) {
		t.Fatalf("a question is answered with %+v, %v; want it refused with %v", answer, err, sentinel)
	}
	if !strings.Contains(err.Error(), reason) {
		t.Errorf("the refusal %q does not give the reason %q", err, reason)
	}
}

func TestAQuestionIsAnsweredFromAllOfTheLogOrNotAtAll(t *testing.T) {
	h := newHistory(t, 200)
	base := NewDatabase(t)

	// The first tables of all are filled before they answer.
	source := gated{h.log(), make(chan struct{})}
	m, stop := Start(t, base, source, WithClock(h.clock))
	when(t, m, func(s Status) bool { return s.State == Rebuilding && s.Position > 0 })
	refused(t, m, ErrRebuilding, "being filled")
	close(source.open)
	until(t, m, Live)
	sameFigures(t, h.want, FiguresOf(t, m), "after the first filling")
	stop()

	// Tables that are there do not answer before they are known to be of this log.
	unborn, err := New(Engine, h.log(), Options{Database: base})
	if err != nil {
		t.Fatal(err)
	}
	refused(t, unborn, ErrUnavailable, "starting")
	if err := unborn.Close(); err != nil {
		t.Fatal(err)
	}

	// Tables of another log never answer.
	other := newHistory(t, 100)
	m, stop = Start(t, base, other.log(), WithClock(other.clock))
	until(t, m, Stopped)
	refused(t, m, ErrUnavailable, "rebuild")
	stop()

	// Tables that were deleted while nobody looked are filled anew.
	drop, err := New(Engine, h.log(), Options{Database: base})
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := drop.warehouse.numbers(Patient(t))
	if err != nil || len(numbers) != 1 {
		t.Fatalf("generations %v, %v", numbers, err)
	}
	if err := errors.Join(drop.warehouse.server.Exec(Patient(t), "DROP DATABASE "+base), drop.Close()); err != nil {
		t.Fatal(err)
	}
	m, _ = Start(t, base, h.log(), WithClock(h.clock))
	until(t, m, Live)
	sameFigures(t, h.want, FiguresOf(t, m), "after the tables were deleted")
}

func TestALogThatIsAnotherOneStopsTheProjectorAndTheAnswers(t *testing.T) {
	h := newHistory(t, 60)
	log := replaceable{memoryLog: h.log(), replaced: make(chan struct{})}
	m, _ := Start(t, NewDatabase(t), log, WithClock(h.clock))
	until(t, m, Live)
	close(log.replaced)
	if s := until(t, m, Stopped); !strings.Contains(s.Reason, ErrReplaced.Error()) {
		t.Errorf("the reason is %q", s.Reason)
	}
	refused(t, m, ErrUnavailable, ErrReplaced.Error())
}

func TestAnswersSayThatTheLogIsAwayAndSinceWhen(t *testing.T) {
	h := newHistory(t, 60)
	log := h.log()
	m, _ := Start(t, NewDatabase(t), log, WithClock(h.clock))
	until(t, m, Live)
	gone := h.clock.Now().Add(time.Hour).Truncate(time.Microsecond) // after the last event
	log.setAway(gone)
	h.clock.Set(gone.Add(22 * time.Second))

	s := m.Status()
	if s.Ready() || s.State != Retrying || s.Reason != "no node answers" || !s.Since.Equal(gone) {
		t.Errorf("the status is %+v", s)
	}
	if s.Lag.Behind != 22*time.Second || s.Lag.Unknown {
		t.Errorf("what was recorded since it went may be missing, but the lag is %+v", s.Lag)
	}
	got, err := AskReceivables(t.Context(), m, Filter{})
	if err != nil {
		t.Fatal(err)
	}
	if got.State != Retrying || got.Reason == "" || !got.KnownAt.Equal(gone) || got.Lag.Behind == 0 {
		t.Errorf("an answer claims to know what nobody can: %+v", got.Answer)
	}
	log.setAway(time.Time{})
	if s := m.Status(); !s.Ready() || s.Lag != (Lag{}) {
		t.Errorf("the log is back, and the status is %+v", s)
	}
}

func TestALagThatNobodyKnowsIsNotANumber(t *testing.T) {
	h := newHistory(t, 20)
	m, err := New(Engine, h.log(), Options{Database: NewDatabase(t), Clock: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	m.noteHead(h.head)
	if l := m.Status().Lag; !l.Unknown || l.Behind != 0 || l.Events != h.head {
		t.Errorf("before the first event is shown the lag is %+v", l)
	}
	if got := gauge(t, m, "ledger_projector_lag_seconds"); !math.IsInf(got, 1) {
		t.Errorf("the metric says %v", got)
	}
}

// questioned asks for the receivables again and again until it is stopped. What
// is answered must be what all of the log says.
func questioned(t *testing.T, m *ReadModels, want any) (stop func() (answered, refused int)) {
	quit, done := make(chan struct{}), make(chan [2]int)
	go func() {
		var n [2]int
		defer func() { done <- n }()
		for {
			select {
			case <-quit:
				return
			default:
			}
			got, err := AskReceivables(t.Context(), m, Filter{})
			switch {
			case err == nil:
				n[0]++
				if diff := gocmp.Diff(want, got.Centers, CompareAnswers); diff != "" {
					t.Errorf("a question was answered from a part of the log (-all +answer):\n%s", diff)
					return
				}
			case errors.Is(err, ErrRebuilding), errors.Is(err, ErrUnavailable):
				n[1]++
			default:
				t.Errorf("a question is refused with %v", err)
				return
			}
		}
	}()
	return func() (int, int) {
		close(quit)
		n := <-done
		return n[0], n[1]
	}
}

func TestQuestionsDuringRebuildsSeeNoPartOfThem(t *testing.T) {
	h := newHistory(t, 200)
	m, _ := Start(t, NewDatabase(t), h.log(), WithClock(h.clock))
	until(t, m, Live)
	stop := questioned(t, m, h.want.Receivables)
	for range 2 {
		if err := m.Rebuild(Patient(t), nil); err != nil {
			t.Fatal(err)
		}
		Projected(t, m, h.head)
	}
	if answered, refused := stop(); answered == 0 {
		t.Errorf("%d questions were answered and %d refused: the rebuild kept all from being answered", answered, refused)
	}
	sameFigures(t, h.want, FiguresOf(t, m), "after the rebuilds")
}

// A first filling that broke off half-way leaves tables that hold a part of the
// log. They do not answer, neither before nor after the next start.
func TestAFirstFillingThatBreaksOffIsNoAnswer(t *testing.T) {
	h := newHistory(t, 200)
	base := NewDatabase(t)
	for range 2 {
		m, stop := Start(t, base, gated{h.log(), make(chan struct{})}, WithClock(h.clock))
		asked := questioned(t, m, h.want.Receivables)
		when(t, m, func(s Status) bool { return s.State == Rebuilding && s.Position > 0 })
		refused(t, m, ErrRebuilding, "being filled")
		if answered, refused := asked(); answered > 0 || refused == 0 {
			t.Errorf("%d questions were answered, and %d refused", answered, refused)
		}
		stop()
	}
	source := gated{h.log(), make(chan struct{})}
	m, _ := Start(t, base, source, WithClock(h.clock))
	asked := questioned(t, m, h.want.Receivables)
	when(t, m, func(s Status) bool { return s.Position > 0 })
	refused(t, m, ErrRebuilding, "")
	close(source.open)
	until(t, m, Live)
	sameFigures(t, h.want, FiguresOf(t, m), "after a filling that was broken off twice")
	asked()
}
