package requisition_test

import (
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/requisition"
)

var today = calendar.QuarterOf(2026, 2).Last()

func units(n int64) decimal.Decimal { return decimal.NewFromInt(n) }

var lines = []requisition.Line{
	{Part: "DS", Name: "门口机", Quantity: units(2), Estimate: money.Fen(156000), Purpose: "备件"},
	{Part: "CAM", Name: "摄像机", Quantity: units(3), Estimate: money.Fen(78000), Purpose: "更换"},
}

func TestRequisition(t *testing.T) {
	asked := requisition.MaterialRequested{
		Requisition: "SQ-1", Project: "P001", Region: "华东", Lines: lines, Total: money.Fen(234000), RequestedOn: today,
		By: "jiang",
	}
	reviewed := func(g requisition.Gate, by string, goesTo ...requisition.Gate) requisition.Event {
		return requisition.RequisitionReviewed{Requisition: "SQ-1", Gate: g, On: today, By: by, GoesTo: goesTo}
	}
	planner := reviewed(requisition.MaterialsPlanner, "shen", requisition.TechGroup, requisition.HQAffairs)
	hq := reviewed(requisition.HQAffairs, "zhao", requisition.TechGroup)
	tech := reviewed(requisition.TechGroup, "wei", requisition.DepartmentManager)
	approved := requisition.RequisitionApproved{Requisition: "SQ-1", Amount: money.Fen(234000), On: today, By: "feng"}
	rejected := requisition.RequisitionRejected{
		Requisition: "SQ-1", Gate: requisition.HQAffairs, Reason: "偏多", On: today, By: "zhao",
	}
	ordered := requisition.PurchaseOrdered{
		Requisition: "SQ-1", Order: "CG-1", Supplier: "海康",
		Lines: []requisition.Ordered{{Part: "DS", Quantity: units(2), Price: money.Fen(150000)}},
		Total: money.Fen(150000), OrderedOn: today, By: "he",
	}
	received := requisition.PurchaseReceived{
		Requisition: "SQ-1", Project: "P001", Receipt: "IN-1", Part: "DS", Quantity: units(1), Value: money.Fen(75000),
		ReceivedOn: today, By: "shen",
	}
	all := []requisition.Event{asked, planner, hq, tech, approved}
	with := func(events ...requisition.Event) []requisition.Event { return append(slices.Clone(all), events...) }

	type command = func(*requisition.Requisition) ([]requisition.Event, error)
	ask := func(change func(*requisition.Request)) command {
		c := requisition.Request{Requisition: "SQ-1", Project: "P001", Region: "华东", Lines: slices.Clone(lines), By: "jiang"}
		change(&c)
		return func(r *requisition.Requisition) ([]requisition.Event, error) { return r.Request(c, today) }
	}
	decide := func(g requisition.Gate, by string, approve bool) command {
		c := requisition.Decide{Requisition: "SQ-1", Gate: g, Approve: approve, By: by}
		if !approve {
			c.Note = "偏多"
		}
		return func(r *requisition.Requisition) ([]requisition.Event, error) { return r.Decide(c, today) }
	}
	order := func(change func(*requisition.Order)) command {
		c := requisition.Order{
			Requisition: "SQ-1", Order: "CG-1", Supplier: "海康", Lines: slices.Clone(ordered.Lines), OrderedOn: today, By: "he",
		}
		change(&c)
		return func(r *requisition.Requisition) ([]requisition.Event, error) { return r.Order(c, today) }
	}
	receive := func(change func(*requisition.Receive)) command {
		c := requisition.Receive{
			Requisition: "SQ-1", Receipt: "IN-1", Part: "DS", Quantity: units(1), Value: money.Fen(75000), ReceivedOn: today,
			By: "shen",
		}
		change(&c)
		return func(r *requisition.Requisition) ([]requisition.Event, error) { return r.Receive(c, today) }
	}
	resubmit := func(r *requisition.Requisition) ([]requisition.Event, error) {
		return r.Resubmit(requisition.Resubmit{Requisition: "SQ-1", Note: "已核", By: "jiang"}, today)
	}
	again := requisition.RequisitionResubmitted{
		Requisition: "SQ-1", Lines: lines, Total: money.Fen(234000), Note: "已核", On: today, By: "jiang",
	}
	tests := map[string]struct {
		given []requisition.Event
		when  command
		then  []requisition.Event
		code  string
	}{
		"material is asked for":                       {when: ask(func(*requisition.Request) {}), then: []requisition.Event{asked}},
		"a requisition is made once":                  {given: all[:1], when: ask(func(*requisition.Request) {}), code: "requisition-exists"},
		"one part stands on one line":                 {when: ask(func(c *requisition.Request) { c.Lines[1].Part = "DS" }), code: "part-twice"},
		"every line has its purpose":                  {when: ask(func(c *requisition.Request) { c.Lines[1].Purpose = "" }), code: "text-required"},
		"every line has its cost":                     {when: ask(func(c *requisition.Request) { c.Lines[0].Estimate = money.Fen(0) }), code: "not-positive"},
		"an empty requisition asks for nothing":       {when: ask(func(c *requisition.Request) { c.Lines = nil }), code: "bad-lines"},
		"any of the three reviews first":              {given: all[:1], when: decide(requisition.MaterialsPlanner, "shen", true), then: []requisition.Event{planner}},
		"any of the others second":                    {given: all[:2], when: decide(requisition.HQAffairs, "zhao", true), then: []requisition.Event{hq}},
		"the last sends it to the department manager": {given: all[:3], when: decide(requisition.TechGroup, "wei", true), then: []requisition.Event{tech}},
		"who approves all of it":                      {given: all[:4], when: decide(requisition.DepartmentManager, "feng", true), then: []requisition.Event{approved}},
		"but not before the last":                     {given: all[:3], when: decide(requisition.DepartmentManager, "feng", true), code: "review-outstanding"},
		"nor rejects it":                              {given: all[:3], when: decide(requisition.DepartmentManager, "feng", false), code: "review-outstanding"},
		"nobody reviews twice":                        {given: all[:2], when: decide(requisition.MaterialsPlanner, "shen", true), code: "gate-passed"},
		"nobody reviews their own":                    {given: all[:1], when: decide(requisition.TechGroup, "jiang", true), code: "own-submission"},
		"nobody approves their own":                   {given: all[:2], when: decide(requisition.DepartmentManager, "jiang", true), code: "own-submission"},
		"nobody decides at two gates":                 {given: all[:2], when: decide(requisition.TechGroup, "shen", true), code: "second-gate"},
		"a rejection has its reason":                  {given: all[:2], when: decide(requisition.HQAffairs, "zhao", false), then: []requisition.Event{rejected}},
		"what is rejected is with the project":        {given: []requisition.Event{asked, rejected}, when: decide(requisition.TechGroup, "wei", true), code: "rejected"},
		"and is put forward again":                    {given: []requisition.Event{asked, planner, rejected}, when: resubmit, then: []requisition.Event{again}},
		"to all three":                                {given: []requisition.Event{asked, planner, rejected, again}, when: decide(requisition.MaterialsPlanner, "shen", true), then: []requisition.Event{planner}},
		"what is under review is not":                 {given: all[:2], when: resubmit, code: "not-rejected"},
		"what is approved may still change":           {given: all, when: resubmit, then: []requisition.Event{again}},
		"what is ordered may not":                     {given: with(ordered), when: resubmit, code: "not-rejected"},
		"and loses its approval":                      {given: with(again), when: order(func(*requisition.Order) {}), code: "not-approved"},
		"what is approved is ordered":                 {given: all, when: order(func(*requisition.Order) {}), then: []requisition.Event{ordered}},
		"nothing is ordered before":                   {given: all[:4], when: order(func(*requisition.Order) {}), code: "not-approved"},
		"an order is placed once":                     {given: with(ordered), when: order(func(*requisition.Order) {}), code: "order-exists"},
		"no more than was asked for":                  {given: all, when: order(func(c *requisition.Order) { c.Lines[0].Quantity = units(3) }), code: "above-requisition"},
		"not on two lines either": {given: all, when: order(func(c *requisition.Order) {
			c.Lines = append(c.Lines, requisition.Ordered{Part: "DS", Quantity: units(1), Price: money.Fen(1)})
		}), code: "above-requisition"},
		"not on two orders either":      {given: with(ordered), when: order(func(c *requisition.Order) { c.Order = "CG-2" }), code: "above-requisition"},
		"for no more than was approved": {given: all, when: order(func(c *requisition.Order) { c.Lines[0].Price = money.Fen(234001) }), code: "above-approved"},
		"all orders together": {given: with(ordered), when: order(func(c *requisition.Order) {
			c.Order, c.Lines = "CG-2", []requisition.Ordered{{Part: "CAM", Quantity: units(1), Price: money.Fen(84001)}}
		}), code: "above-approved"},
		"not by who asked for it":              {given: all, when: order(func(c *requisition.Order) { c.By = "jiang" }), code: "own-submission"},
		"what is ordered arrives":              {given: with(ordered), when: receive(func(*requisition.Receive) {}), then: []requisition.Event{received}},
		"on a note of its own":                 {given: with(ordered, received), when: receive(func(*requisition.Receive) {}), code: "receipt-exists"},
		"no more of it":                        {given: with(ordered, received), when: receive(func(c *requisition.Receive) { c.Receipt, c.Quantity = "IN-2", units(2) }), code: "above-order"},
		"nothing that was not ordered":         {given: all, when: receive(func(*requisition.Receive) {}), code: "above-order"},
		"nothing for what was never asked for": {when: receive(func(*requisition.Receive) {}), code: "unknown-requisition"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state := domaintest.Fold[requisition.Requisition](tc.given...)
			got, err := tc.when(state)
			domaintest.Decided(t, tc.then, got, err, tc.code)
		})
	}
}

// The three may come in any order: the manager passes if and only if all three
// have, and each of them once.
func TestTheThreeReviewsComeInAnyOrder(t *testing.T) {
	gates := []requisition.Gate{
		requisition.TechGroup, requisition.HQAffairs, requisition.MaterialsPlanner, requisition.DepartmentManager,
	}
	rapid.Check(t, func(t *rapid.T) {
		state := &requisition.Requisition{}
		state.Evolve(requisition.MaterialRequested{Requisition: "SQ-1", Lines: lines, By: "jiang"})
		passed := map[requisition.Gate]bool{}
		for range rapid.IntRange(1, 12).Draw(t, "tries") {
			g := rapid.SampledFrom(gates).Draw(t, "gate")
			events, err := state.Decide(requisition.Decide{Requisition: "SQ-1", Gate: g, Approve: true, By: string(g)}, today)
			may := !passed[g] && (g != requisition.DepartmentManager || len(passed) == 3)
			if (err == nil) != may {
				t.Fatalf("%s after %v: %v", g, passed, err)
			}
			for _, e := range events {
				state.Evolve(e)
				passed[g] = true
			}
		}
	})
}
