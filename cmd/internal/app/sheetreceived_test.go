package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
)

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
