package repair_test

import (
	"testing"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/repair"
)

func TestReturn(t *testing.T) {
	today := calendar.QuarterOf(2026, 2).Last()
	opened := repair.ReturnOpened{
		Return: "F2-1", Project: "P001", Ticket: "F0-1", FaultLine: "F1-1", Part: "CAM", Serial: "SN1", Maker: "明瞳安防",
		Fault: "无图像", OpenedOn: today - 20,
		Cost: repair.Cost{Bearer: repair.ByUs}, FiledBy: "li", GoesTo: repair.CityTechLead,
	}
	reviewed := repair.ReturnReviewed{Return: "F2-1", Gate: repair.CityTechLead, By: "cheng", On: today - 19}
	approved := repair.ReturnApproved{Return: "F2-1", Gate: repair.TechGroup, By: "wei", On: today - 18}
	oldOpened := opened
	oldOpened.Cost, oldOpened.FiledBy, oldOpened.GoesTo = repair.Cost{}, "", ""
	shipped := repair.DeviceShipped{Return: "F2-1", Waybill: "SF1", ShippedOn: today - 15, ExpectedBackOn: today + 15}
	back := repair.DeviceReturned{Return: "F2-1", Result: repair.Repaired, Remark: "换板", On: today}
	type command = func(*repair.Return) ([]repair.Event, error)
	open := func(change func(*repair.Open)) command {
		c := repair.Open(opened)
		change(&c)
		return func(r *repair.Return) ([]repair.Event, error) { return r.Open(c, today) }
	}
	ship := func(change func(*repair.Ship)) command {
		c := repair.Ship(shipped)
		change(&c)
		return func(r *repair.Return) ([]repair.Event, error) { return r.Ship(c, today) }
	}
	finish := func(change func(*repair.Finish)) command {
		c := repair.Finish(back)
		change(&c)
		return func(r *repair.Return) ([]repair.Event, error) { return r.Finish(c, today) }
	}
	follow := func(change func(*repair.FollowUp)) command {
		c := repair.FollowUp{
			Return: "F2-1", Contact: "明瞳安防", Note: "下周发出", ExpectedBackOn: today + 5, On: today - 1, By: "qian",
		}
		change(&c)
		return func(r *repair.Return) ([]repair.Event, error) { return r.FollowUp(c, today) }
	}
	asIs := func(*repair.Ship) {}
	passed := []repair.Event{opened, reviewed, approved}
	tests := map[string]struct {
		given []repair.Event
		when  command
		then  []repair.Event
		code  string
	}{
		"a sheet is filed":                    {when: open(func(*repair.Open) {}), then: []repair.Event{opened}},
		"a sheet is filed once":               {given: []repair.Event{opened}, when: open(func(*repair.Open) {}), code: "return-exists"},
		"a device has a maker":                {when: open(func(c *repair.Open) { c.Maker = "" }), code: "text-required"},
		"a device has a fault":                {when: open(func(c *repair.Open) { c.Fault = "" }), code: "text-required"},
		"nothing is filed tomorrow":           {when: open(func(c *repair.Open) { c.OpenedOn = today + 1 }), code: "in-the-future"},
		"a cost is not less than nothing":     {when: open(func(c *repair.Open) { c.Cost.Estimate = money.Fen(-1) }), code: "bad-estimate"},
		"a cost is borne by one of three":     {when: open(func(c *repair.Open) { c.Cost.Bearer = "SOMEBODY" }), code: "unknown-bearer"},
		"a device is shipped":                 {given: passed, when: ship(asIs), then: []repair.Event{shipped}},
		"no device leaves before its gates":   {given: []repair.Event{opened, reviewed}, when: ship(asIs), code: "approval-outstanding"},
		"a device of the old days comes back": {given: []repair.Event{oldOpened, shipped}, when: finish(func(*repair.Finish) {}), then: []repair.Event{back}},
		"a device at its maker is followed":   {given: []repair.Event{opened, shipped}, when: follow(func(*repair.FollowUp) {}), then: []repair.Event{repair.ReturnFollowedUp{Return: "F2-1", Contact: "明瞳安防", Note: "下周发出", ExpectedBackOn: today + 5, On: today - 1, By: "qian"}}},
		"one that is here is not":             {given: passed, when: follow(func(*repair.FollowUp) {}), code: "not-shipped"},
		"one that is back is not":             {given: []repair.Event{opened, shipped, back}, when: follow(func(*repair.FollowUp) {}), code: "already-finished"},
		"a follow-up names somebody":          {given: []repair.Event{opened, shipped}, when: follow(func(c *repair.FollowUp) { c.Contact = "" }), code: "text-required"},
		"it comes after the shipment":         {given: []repair.Event{opened, shipped}, when: follow(func(c *repair.FollowUp) { c.On = today - 16 }), code: "before-shipment"},
		"and promises no day that has passed": {given: []repair.Event{opened, shipped}, when: follow(func(c *repair.FollowUp) { c.ExpectedBackOn = today - 2 }), code: "before-follow-up"},
		"a replacement is another unit":       {given: []repair.Event{opened, shipped}, when: finish(func(c *repair.Finish) { c.Result, c.NewSerial = repair.Replaced, "SN1" }), code: "same-serial"},
		"a device is shipped once":            {given: []repair.Event{opened, shipped}, when: ship(asIs), code: "already-shipped"},
		"a device without a sheet stays":      {when: ship(asIs), code: "unknown-return"},
		"nothing is shipped before its sheet": {given: []repair.Event{opened}, when: ship(func(c *repair.Ship) { c.ShippedOn = today - 21 }), code: "before-filing"},
		"nothing is back before it left":      {given: []repair.Event{opened}, when: ship(func(c *repair.Ship) { c.ExpectedBackOn = today - 16 }), code: "before-shipment"},
		"a device comes back":                 {given: []repair.Event{opened, shipped}, when: finish(func(*repair.Finish) {}), then: []repair.Event{back}},
		"it comes back once":                  {given: []repair.Event{opened, shipped, back}, when: finish(func(*repair.Finish) {}), code: "already-finished"},
		"it left before it came back":         {given: []repair.Event{opened}, when: finish(func(*repair.Finish) {}), code: "not-shipped"},
		"it came back after it left":          {given: []repair.Event{opened, shipped}, when: finish(func(c *repair.Finish) { c.On = today - 16 }), code: "before-shipment"},
		"another unit has another serial":     {given: []repair.Event{opened, shipped}, when: finish(func(c *repair.Finish) { c.Result = repair.Replaced }), code: "text-required"},
		"a result is one of four":             {given: []repair.Event{opened, shipped}, when: finish(func(c *repair.Finish) { c.Result = "LOST" }), code: "unknown-result"},
		"nothing comes back without a sheet":  {when: finish(func(*repair.Finish) {}), code: "unknown-return"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state := domaintest.Fold[repair.Return](tc.given...)
			got, err := tc.when(state)
			domaintest.Decided(t, tc.then, got, err, tc.code)
		})
	}
}
