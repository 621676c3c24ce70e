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

// takenEvents is a command whose events a test states.
type takenEvents struct{}

func (takenEvents) CommandName() string { return "Taken" }

func commandOf(key string) eventstore.Command {
	return eventstore.Command{Key: key, Actor: regionalAdmin, Content: takenEvents{}}
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
	writer := eventstore.NewExecutor(a.Store, eventstore.Trade, eventstore.ExecutorOptions{})
	taken := func(id domain.ReturnID, request domain.PaymentRequestID) {
		t.Helper()
		if _, err := eventstore.Execute(ctx, writer, repair.Stream(id), commandOf("taken-"+string(id)),
			func(*repair.Return) ([]repair.Event, error) {
				return []repair.Event{
					repair.ReturnOpened{Return: id, Project: "P001", Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: on, Region: "华东"},
					repair.RepairPaymentRequested{
						Return: id, Request: request, Amount: money.Fen(300_00), Region: "华东", Month: on.Month(), On: on, By: "qian",
					},
				}, nil
			}); err != nil {
			t.Fatal(err)
		}
	}
	taken("F2-1", "FK-broken")
	taken("F2-2", "FK-whole")
	if _, err := eventstore.Execute(ctx, writer, payables.Stream("华东", on.Month()), commandOf("whole"),
		func(*payables.Month) ([]payables.Event, error) {
			return []payables.Event{payables.PaymentRequested{
				Request: "FK-whole", Region: "华东", Month: on.Month(), Total: money.Fen(300_00), RequestedOn: on, By: "qian",
				Lines: []payables.Line{{Return: "F2-2", Project: "P001", Supplier: "明瞳", Amount: money.Fen(300_00)}},
			}}, nil
		}); err != nil {
		t.Fatal(err)
	}
	sweep := func() (released []domain.ReturnID) {
		t.Helper()
		head, err := a.Store.Head(ctx)
		if err == nil {
			err = a.ReadModels.Wait(ctx, uint64(head))
		}
		if err == nil {
			err = a.FreeRepairs(ctx)
		}
		if err != nil {
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
