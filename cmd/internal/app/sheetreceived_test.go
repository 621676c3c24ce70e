package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/parts"
	"aftersales-ledger/projections/repairs"
)

// A unit that goes to its maker straight from a room, is repaired and comes back, all in a
// day, is in stock, whichever paper is entered first; every view says so (5.2.1).
func TestAUnitThatIsBackWithinADayIsInStock(t *testing.T) {
	dir := t.TempDir()
	clock := func() time.Time { return time.Date(2026, 7, 8, 4, 0, 0, 0, time.UTC) }
	a := start(t, app.Config{Data: dir, ReadModels: "embedded:" + dir + "/figures", Clock: clock})
	on := func(day int) calendar.Date { return calendar.NewDate(2026, time.June, day) }
	given[project.Project, project.Event](t, a, project.Stream("P001"),
		project.ProjectRegistered{Project: "P001", Name: "花园", Region: "华东"})
	opened := func(id domain.ReturnID, serial string) repair.Event {
		return repair.ReturnOpened{
			Return: id, Project: "P001", Part: "DS-700", Serial: serial, Maker: "海康威视", Fault: "黑屏", OpenedOn: on(1),
			Region: "华东", FiledBy: "li",
		}
	}
	received := func(receipt domain.SlipID, serial string) depot.PartReceived {
		return depot.PartReceived{
			Project: "P001", Receipt: receipt, Part: "DS-700", Quantity: decimal.NewFromInt(1), Source: depot.FromMaker,
			Serials: []string{serial}, ReceivedOn: on(8),
		}
	}
	sheet := func(id domain.ReturnID, serial string) {
		given[repair.Return, repair.Event](t, a, repair.Stream(id), opened(id, serial),
			repair.DeviceShipped{Return: id, ShippedOn: on(8)},
			repair.DeviceReturned{Return: id, Result: repair.Repaired, On: on(8)})
	}
	sheet("F2-7", "A-7")
	given[depot.Depot, depot.Event](t, a, depot.Stream("P001"), received("IN-7", "A-7"), received("IN-8", "A-8"))
	sheet("F2-8", "A-8")
	shown(t, a)
	cut := projections.Cut{Scope: access.Whole()}
	for _, serial := range []string{"A-7", "A-8"} {
		h, err := parts.Of(a.ReadModels).SerialHistory(t.Context(), cut, serial, "")
		if err != nil || h.Place != parts.PlaceInStock {
			t.Errorf("%s is %s, %v: %+v", serial, h.Place, err, h.Steps)
		}
	}
	only := repairs.RepairFilter{ToReceive: true}
	list, err := repairs.Of(a.ReadModels).Repairs(t.Context(), cut, only, projections.Page{})
	if err != nil || len(list.Rows) > 0 {
		t.Errorf("%v are to be received, %v", list.Rows, err)
	}
	for _, id := range []domain.ReturnID{"F2-7", "F2-8"} {
		if h, err := repairs.Of(a.ReadModels).ReturnHistory(t.Context(), cut, id); err != nil || h.Repair.ToReceive {
			t.Errorf("%s is to be received: %v", id, err)
		}
	}
}

// The sheet of a repaired unit knows of the depot that has it, whichever project's
// that is (5.2.1).
func TestTheSheetOfAUnitKnowsOfItsReceiptAtAnotherDepot(t *testing.T) {
	dir := t.TempDir()
	clock := func() time.Time { return time.Date(2026, 7, 8, 4, 0, 0, 0, time.UTC) }
	a := start(t, app.Config{Data: dir, ReadModels: "embedded:" + dir + "/figures", Clock: clock})
	on := func(day int) calendar.Date { return calendar.NewDate(2026, time.June, day) }
	given[project.Project, project.Event](t, a, project.Stream("P001"),
		project.ProjectRegistered{Project: "P001", Name: "花园", Region: "华东"})
	given[repair.Return, repair.Event](t, a, repair.Stream("F2-7"),
		repair.ReturnOpened{
			Return: "F2-7", Project: "P001", Part: "DS-700", Serial: "A-7", Maker: "海康威视", Fault: "黑屏", OpenedOn: on(1),
		},
		repair.DeviceShipped{Return: "F2-7", ShippedOn: on(8)},
		repair.DeviceReturned{Return: "F2-7", Result: repair.Repaired, On: on(20)})
	c := clientOf(t, a, regionalAdmin)
	check := func(want string) {
		t.Helper()
		shown(t, a)
		if page := get(t, c, "/v1/returns/F2-7/form?format=html"); page.Status != http.StatusOK ||
			!strings.Contains(string(page.Body), want) {
			t.Errorf("%d: %q is not on the page:\n%s", page.Status, want, page.Body)
		}
	}
	check(">修复，待入库<")
	one := decimal.NewFromInt(1)
	given[depot.Depot, depot.Event](t, a, depot.Stream("P009"), depot.PartReceived{ // before it was sent
		Project: "P009", Receipt: "IN-6", Part: "DS-700", Quantity: one, Source: depot.FromMaker, Serials: []string{"A-7"},
		ReceivedOn: on(2),
	})
	check(">修复，待入库<")
	given[depot.Depot, depot.Event](t, a, depot.Stream("P002"), depot.PartReceived{
		Project: "P002", Receipt: "IN-7", Part: "DS-700", Quantity: one, Source: depot.FromMaker, Serials: []string{"A-7"},
		ReceivedOn: on(22),
	})
	check(">修复，2026-06-22 P002 入库<")
}
