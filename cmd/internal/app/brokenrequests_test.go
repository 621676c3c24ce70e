package app_test

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/eventstore"
)

// givenEvents is a command whose events a test states.
type givenEvents struct{}

func (givenEvents) CommandName() string { return "Given" }

// given puts events into a stream of a running ledger as they would have been decided.
func given[S any, E domain.Event, P eventstore.State[S, E]](t *testing.T, a *app.App, stream string, events ...E) {
	t.Helper()
	x := eventstore.NewExecutor(a.Store, eventstore.Trade, eventstore.ExecutorOptions{})
	if _, err := eventstore.Execute[S, E, P](t.Context(), x, stream, eventstore.Command{
		Key: "given-" + stream, Actor: regionalAdmin, Content: givenEvents{},
	}, func(P) ([]E, error) {
		return events, nil
	}); err != nil {
		t.Fatal(err)
	}
}

// shown waits until the figures show the whole log.
func shown(t *testing.T, a *app.App) {
	t.Helper()
	head, err := a.Store.Head(t.Context())
	if err == nil {
		err = a.ReadModels.Wait(t.Context(), uint64(head))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// What a crash left taken by a payment request that never came about is payable
// again without anybody asking, once nobody can be making the request any more;
// what came about stays where it is (§5.2.2).
func TestRepairsOfABrokenPaymentRequestAreFreed(t *testing.T) {
	var minutes atomic.Int64
	began := time.Date(2026, 7, 28, 4, 0, 0, 0, time.UTC)
	clock := func() time.Time { return began.Add(time.Duration(minutes.Load()) * time.Minute) }
	dir := t.TempDir()
	a := start(t, app.Config{Data: dir, ReadModels: "embedded:" + dir + "/figures", Clock: clock})
	ctx, on := t.Context(), calendar.DateOf(began)
	for id, request := range map[domain.ReturnID]domain.PaymentRequestID{"F2-1": "FK-broken", "F2-2": "FK-whole"} {
		given[repair.Return, repair.Event](t, a, repair.Stream(id),
			repair.ReturnOpened{Return: id, Project: "P001", Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: on, Region: "华东"},
			repair.RepairPaymentRequested{
				Return: id, Request: request, Amount: money.Fen(300_00), Region: "华东", Month: on.Month(), On: on, By: "qian",
			})
	}
	given[payables.RegionMonth, payables.Event](t, a, payables.Stream("华东", on.Month()), payables.PaymentRequested{
		Request: "FK-whole", Region: "华东", Month: on.Month(), Total: money.Fen(300_00), RequestedOn: on, By: "qian",
		Lines: []payables.Line{{Return: "F2-2", Project: "P001", Supplier: "明瞳", Amount: money.Fen(300_00)}},
	})
	sweep := func() (released []domain.ReturnID) {
		t.Helper()
		shown(t, a)
		if err := a.FreeRepairs(ctx); err != nil {
			t.Fatal(err)
		}
		for _, id := range []domain.ReturnID{"F2-1", "F2-2"} {
			steps, err := a.Ledger.Steps(ctx, repair.Stream(id))
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range steps {
				if _, ok := s.Event.(repair.RepairPaymentReleased); ok {
					released = append(released, id)
				}
			}
		}
		return released
	}
	if released := sweep(); len(released) > 0 {
		t.Errorf("%v were released while the request could still be made", released)
	}
	minutes.Store(11)
	for range 2 {
		if released := sweep(); !slices.Equal(released, []domain.ReturnID{"F2-1"}) {
			t.Errorf("%v were released; want F2-1, once", released)
		}
	}
}
