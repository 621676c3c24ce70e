package depot_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
)

var units = domaintest.Units

var today = calendar.QuarterOf(2026, 2).Last()

func received(receipt domain.SlipID, quantity string, fen int64) depot.PartReceived {
	return depot.PartReceived{
		Project: "P001", Receipt: receipt, Part: "CAM", Quantity: units(quantity), Value: money.Fen(fen),
		Source: depot.Purchase, ReceivedOn: today,
	}
}

func issued(slip domain.SlipID, quantity string, fen int64, line domain.FaultLineID) depot.PartIssued {
	return depot.PartIssued{
		Project: "P001", Slip: slip, Part: "CAM", Asked: units(quantity), Quantity: units(quantity), Value: money.Fen(fen),
		Taker: "李", FaultLine: line, IssuedOn: today,
	}
}

func fold(events ...depot.Event) *depot.Depot { return domaintest.Fold[depot.Depot](events...) }

func TestDepot(t *testing.T) {
	type command = func(*depot.Depot) ([]depot.Event, error)
	receive := func(e depot.PartReceived) command {
		return func(d *depot.Depot) ([]depot.Event, error) { return d.Receive(depot.Receive(e), today) }
	}
	issue := func(e depot.PartIssued) command {
		return func(d *depot.Depot) ([]depot.Event, error) {
			return d.Issue(depot.Issue{
				Project: e.Project, Slip: e.Slip, Part: e.Part, Asked: e.Asked, Quantity: e.Quantity, Taker: e.Taker,
				FaultLine: e.FaultLine,
				Serials:   e.Serials, Override: e.Override, IssuedOn: e.IssuedOn,
			}, today)
		}
	}
	in := func(change func(*depot.PartReceived)) depot.PartReceived {
		e := received("RK-1", "2", 100)
		change(&e)
		return e
	}
	out := func(change func(*depot.PartIssued)) depot.PartIssued {
		e := issued("CK-1", "1", 50, "F1-1")
		change(&e)
		return e
	}
	ten := received("RK-1", "10", 1000)
	tests := map[string]struct {
		given []depot.Event
		when  command
		then  []depot.Event
		code  string
	}{
		"units come in":                               {when: receive(ten), then: []depot.Event{ten}},
		"free units come in":                          {when: receive(received("RK-1", "1", 0)), then: []depot.Event{received("RK-1", "1", 0)}},
		"a receipt is entered once":                   {given: []depot.Event{ten}, when: receive(ten), code: "receipt-exists"},
		"serials are as many as the units":            {when: receive(in(func(e *depot.PartReceived) { e.Serials = []string{"A"} })), code: "serial-count"},
		"a serial stands once":                        {when: receive(in(func(e *depot.PartReceived) { e.Serials = []string{"A", "A"} })), code: "serial-twice"},
		"units have a source":                         {when: receive(in(func(e *depot.PartReceived) { e.Source = "FOUND" })), code: "unknown-source"},
		"units do not cost less than nothing":         {when: receive(received("RK-1", "1", -1)), code: "bad-value"},
		"a receipt is not above the largest amount":   {when: receive(received("RK-1", "1", money.Max.Fen()+1)), code: "bad-value"},
		"a holding is not above the largest amount":   {given: []depot.Event{received("RK-1", "1", money.Max.Fen())}, when: receive(received("RK-2", "1", 1)), code: "holding-too-large"},
		"nothing comes in tomorrow":                   {when: receive(in(func(e *depot.PartReceived) { e.ReceivedOn = today + 1 })), code: "in-the-future"},
		"units go out at average cost":                {given: []depot.Event{ten, received("RK-2", "5", 2000)}, when: issue(issued("CK-1", "3", 600, "F1-1")), then: []depot.Event{issued("CK-1", "3", 600, "F1-1")}},
		"half a fen of cost goes up":                  {given: []depot.Event{received("RK-1", "2", 5)}, when: issue(issued("CK-1", "1", 3, "")), then: []depot.Event{issued("CK-1", "1", 3, "")}},
		"the last units take what is left":            {given: []depot.Event{received("RK-1", "2", 5), issued("CK-1", "1", 3, "")}, when: issue(issued("CK-2", "1", 2, "")), then: []depot.Event{issued("CK-2", "1", 2, "")}},
		"cable goes out by the metre":                 {given: []depot.Event{received("RK-1", "305", 65575)}, when: issue(issued("CK-1", "12.5", 2688, "F1-1")), then: []depot.Event{issued("CK-1", "12.5", 2688, "F1-1")}},
		"no more than there is":                       {given: []depot.Event{ten}, when: issue(issued("CK-1", "10.001", 0, "F1-1")), code: "above-stock"},
		"all there is":                                {given: []depot.Event{ten}, when: issue(issued("CK-1", "10", 1000, "F1-1")), then: []depot.Event{issued("CK-1", "10", 1000, "F1-1")}},
		"nothing from an empty depot":                 {when: issue(issued("CK-1", "1", 0, "F1-1")), code: "above-stock"},
		"a slip is entered once":                      {given: []depot.Event{ten, issued("CK-1", "1", 100, "")}, when: issue(issued("CK-1", "1", 100, "F1-1")), code: "slip-exists"},
		"one issue per line of the fault record":      {given: []depot.Event{ten, issued("CK-1", "1", 100, "F1-1")}, when: issue(issued("CK-2", "1", 100, "F1-1")), code: "issued-already"},
		"a reason overrides that, and stays":          {given: []depot.Event{ten, issued("CK-1", "1", 100, "F1-1")}, when: issue(out(func(e *depot.PartIssued) { e.Slip, e.Override = "CK-2", "开箱即坏" })), then: []depot.Event{out(func(e *depot.PartIssued) { e.Slip, e.Override, e.Value = "CK-2", "开箱即坏", money.Fen(100) })}},
		"a third issue needs its own reason":          {given: []depot.Event{ten, issued("CK-1", "1", 100, "F1-1"), out(func(e *depot.PartIssued) { e.Slip, e.Override = "CK-2", "坏" })}, when: issue(issued("CK-3", "1", 100, "F1-1")), code: "issued-already"},
		"issues that name no line do not disturb":     {given: []depot.Event{ten, issued("CK-1", "1", 100, "")}, when: issue(issued("CK-2", "1", 100, "")), then: []depot.Event{issued("CK-2", "1", 100, "")}},
		"somebody takes it":                           {given: []depot.Event{ten}, when: issue(out(func(e *depot.PartIssued) { e.Taker = "" })), code: "text-required"},
		"nothing goes out tomorrow":                   {given: []depot.Event{ten}, when: issue(out(func(e *depot.PartIssued) { e.IssuedOn = today + 1 })), code: "in-the-future"},
		"the line's number is fit to be one":          {given: []depot.Event{ten}, when: issue(out(func(e *depot.PartIssued) { e.FaultLine = "F1 1" })), code: "bad-identity"},
		"a quantity has at most three decimals":       {given: []depot.Event{ten}, when: issue(issued("CK-1", "0.0001", 0, "")), code: "bad-quantity"},
		"a negative quantity is not a way to receive": {given: []depot.Event{ten}, when: issue(issued("CK-1", "-1", 0, "")), code: "bad-quantity"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tc.when(fold(tc.given...))
			domaintest.Decided(t, tc.then, got, err, tc.code)
		})
	}
}

func TestStockAndItsValueNeverRunDry(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &depot.Depot{}
		quantity, value := decimal.Zero, int64(0)
		for n := range rapid.IntRange(1, 40).Draw(t, "steps") {
			q := decimal.New(rapid.Int64Range(1, 3000).Draw(t, "thousandths"), -3)
			var events []depot.Event
			var err error
			if rapid.Bool().Draw(t, "in") {
				fen := rapid.Int64Range(0, 10_000).Draw(t, "fen")
				events, err = d.Receive(depot.Receive(received(domain.SlipID(fmt.Sprint("RK", n)), q.String(), fen)), today)
				quantity, value = quantity.Add(q), value+fen
			} else {
				if rapid.IntRange(0, 3).Draw(t, "all") == 0 && quantity.IsPositive() {
					q = quantity
				}
				events, err = d.Issue(depot.Issue{
					Project: "P001", Slip: domain.SlipID(fmt.Sprint("CK", n)), Part: "CAM", Asked: q, Quantity: q, Taker: "李",
					IssuedOn: today,
				}, today)
				if q.GreaterThan(quantity) {
					if err == nil {
						t.Fatalf("%s of %s were issued", q, quantity)
					}
					continue
				}
				// Exact average cost, rounded half up.
				cost := decimal.New(value, 0).Mul(q).DivRound(quantity, 12).Round(0).IntPart()
				if err == nil && events[0].(depot.PartIssued).Value.Fen() != cost {
					t.Fatalf("%s of %s worth %d cost %s, want %d", q, quantity, value, events[0].(depot.PartIssued).Value, cost)
				}
				quantity, value = quantity.Sub(q), value-cost
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range events {
				d.Evolve(e)
			}
			inStock, worth := d.InStock("CAM")
			if !inStock.Equal(quantity) || worth.Fen() != value || worth.Sign() < 0 || inStock.IsZero() && !worth.IsZero() {
				t.Fatalf("%s in stock worth %s, want %s worth %d", inStock, worth, quantity, value)
			}
		}
	})
}
