package projections

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections/facts"
)

// The tests of the projector stand beside it, where the rooms that ask its tables
// cannot be imported; those beside the rooms lend them two questions.
var (
	// FiguresOf answers many questions at once.
	FiguresOf func(testing.TB, *ReadModels) Figures
	// AskReceivables asks what is owed today, as known now.
	AskReceivables func(context.Context, *ReadModels, Filter) (Asked, error)
)

// Asked is the answer of AskReceivables.
type Asked struct {
	Answer
	Closing money.Amount // of all that match, in yuan
	Centers any
}

// Figures are the answers to many questions.
type Figures struct{ Receivables, All any }

// ConnOf is the connection to the tables that serve.
func ConnOf(m *ReadModels) driver.Conn { return m.serving.conn }

// DeliverAgain writes every event up to the head once more beside what is there.
func DeliverAgain(t testing.TB, m *ReadModels, head uint64) {
	t.Helper()
	again := func(f *facts.Facts) error {
		if f.Position == head {
			return errFilled
		}
		return nil
	}
	if err := m.pipeline(m.serving, facts.Checkpoint{}, again).run(Patient(t)); !errors.Is(err, errFilled) {
		t.Fatal(err)
	}
}

// CountCalls counts what is asked of where rows go.
func CountCalls(calls *atomic.Int64) func(*ReadModels) {
	return func(m *ReadModels) {
		m.sink = func(g *generation) sink { return &mortalSink{sink: g, calls: calls, at: 1 << 40} }
	}
}

// DieAfter has the projector die after a call to where rows go, unheard.
func DieAfter(call int64, failed chan struct{}) func(*ReadModels) {
	made := new(atomic.Int64)
	return func(m *ReadModels) {
		m.sink = func(g *generation) sink { return &mortalSink{g, made, call, diesAfter, failed} }
	}
}

func NewSliceSource(events []facts.Recorded) sliceSource { return sliceSource{events} }

func NewRepeating(l *memoryLog) repeating { return repeating{l} }
