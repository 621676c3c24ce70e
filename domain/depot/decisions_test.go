package depot_test

import (
	"errors"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
)

type command = func(*depot.Depot) ([]depot.Event, error)

// decision is one line of a table of decisions.
type decision struct {
	given []depot.Event
	when  command
	then  []depot.Event
	code  string // of the rejection; empty: accepted
	field string // that it names, where that matters
}

func decide(t *testing.T, tests map[string]decision) {
	t.Helper()
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tc.when(fold(tc.given...))
			domaintest.Decided(t, tc.then, got, err, tc.code)
			var r *domain.Rejection
			if errors.As(err, &r) && tc.field != "" && r.Field != tc.field {
				t.Errorf("the rejection names %s, want %s", r.Field, tc.field)
			}
		})
	}
}

func changed[T any](v T, change func(*T)) T {
	change(&v)
	return v
}

func TestUnusedUnitsComeBackAtTheCostAtWhichTheyLeft(t *testing.T) {
	ten := received("RK-1", "10", 1000)
	out := issued("CK-1", "3", 100, "F1-1") // 33⅓ fen each
	back := depot.PartReturned{
		Project: "P001", Slip: "TK-1", Issue: "CK-1", Part: "CAM", Quantity: units("1"), Value: money.Fen(33),
		FaultLine: "F1-1", ReturnedBy: "李", ReturnedOn: today,
	}
	bring := func(change func(*depot.ReturnUnused)) command {
		c := depot.ReturnUnused{
			Project: "P001", Slip: "TK-1", Issue: "CK-1", Quantity: units("1"), ReturnedBy: "李", ReturnedOn: today,
		}
		change(&c)
		return func(d *depot.Depot) ([]depot.Event, error) { return d.ReturnUnused(c, today) }
	}
	as := func(*depot.ReturnUnused) {}
	second := changed(back, func(e *depot.PartReturned) { e.Slip, e.Value = "TK-2", money.Fen(34) })
	third := changed(back, func(e *depot.PartReturned) { e.Slip, e.Value = "TK-3", money.Fen(33) })
	named := changed(out, func(e *depot.PartIssued) {
		e.Quantity, e.Value, e.Serials = units("2"), money.Fen(67), []string{"A", "B"}
	})
	dear := received("RK-2", "10", 9000)
	decide(t, map[string]decision{
		"one of three":                           {given: []depot.Event{ten, out}, when: bring(as), then: []depot.Event{back}},
		"the second takes the odd fen":           {given: []depot.Event{ten, out, back}, when: bring(func(c *depot.ReturnUnused) { c.Slip = "TK-2" }), then: []depot.Event{second}},
		"the parts add up to what left":          {given: []depot.Event{ten, out, back, second}, when: bring(func(c *depot.ReturnUnused) { c.Slip = "TK-3" }), then: []depot.Event{third}},
		"whatever others cost since":             {given: []depot.Event{ten, out, dear}, when: bring(as), then: []depot.Event{back}},
		"all at once":                            {given: []depot.Event{ten, out}, when: bring(func(c *depot.ReturnUnused) { c.Quantity = units("3") }), then: []depot.Event{changed(back, func(e *depot.PartReturned) { e.Quantity, e.Value = units("3"), money.Fen(100) })}},
		"no more than left":                      {given: []depot.Event{ten, out}, when: bring(func(c *depot.ReturnUnused) { c.Quantity = units("3.001") }), code: "above-issued", field: "quantity"},
		"no more than is still out":              {given: []depot.Event{ten, out, back, second}, when: bring(func(c *depot.ReturnUnused) { c.Slip, c.Quantity = "TK-3", units("2") }), code: "above-issued"},
		"of a slip that exists":                  {given: []depot.Event{ten}, when: bring(as), code: "unknown-issue", field: "issue"},
		"not before it left":                     {given: []depot.Event{ten, out}, when: bring(func(c *depot.ReturnUnused) { c.ReturnedOn = today - 1 }), code: "before-issue", field: "returnedOn"},
		"not tomorrow":                           {given: []depot.Event{ten, out}, when: bring(func(c *depot.ReturnUnused) { c.ReturnedOn = today + 1 }), code: "in-the-future"},
		"by somebody":                            {given: []depot.Event{ten, out}, when: bring(func(c *depot.ReturnUnused) { c.ReturnedBy = "" }), code: "text-required"},
		"a return slip is entered once":          {given: []depot.Event{ten, out, back}, when: bring(as), code: "return-exists", field: "return"},
		"the unit that left":                     {given: []depot.Event{ten, named}, when: bring(func(c *depot.ReturnUnused) { c.Serials = []string{"B"} }), then: []depot.Event{changed(back, func(e *depot.PartReturned) { e.Value, e.Serials = money.Fen(34), []string{"B"} })}},
		"not another one":                        {given: []depot.Event{ten, named}, when: bring(func(c *depot.ReturnUnused) { c.Serials = []string{"C"} }), code: "other-serial", field: "serials[0]"},
		"which of them is told":                  {given: []depot.Event{ten, named}, when: bring(as), code: "serials-required"},
		"the same unit does not come back twice": {given: []depot.Event{ten, named, changed(back, func(e *depot.PartReturned) { e.Serials = []string{"A"} })}, when: bring(func(c *depot.ReturnUnused) { c.Slip, c.Serials = "TK-2", []string{"A"} }), code: "returned-already"},
	})
}

func TestUnitsMoveBetweenDepots(t *testing.T) {
	ten := received("RK-1", "10", 1005)
	sent := depot.PartTransferredOut{
		Project: "P001", Transfer: "DB-1", Part: "CAM", Quantity: units("4"), Value: money.Fen(402), To: "P002", Reason: "急用",
		TransferredOn: today - 1,
	}
	arrived := depot.PartTransferredIn{
		Project: "P002", Transfer: "DB-1", Part: "CAM", Quantity: units("4"), Value: money.Fen(402), From: "P001",
		ReceivedOn: today,
	}
	send := func(change func(*depot.TransferOut)) command {
		c := depot.TransferOut{
			Project: "P001", Transfer: "DB-1", Part: "CAM", Quantity: units("4"), To: "P002", Reason: "急用",
			TransferredOn: today - 1,
		}
		change(&c)
		return func(d *depot.Depot) ([]depot.Event, error) { return d.TransferOut(c, today) }
	}
	take := func(of depot.PartTransferredOut, change func(*depot.TransferIn)) command {
		c := depot.TransferIn{Project: "P002", Transfer: "DB-1", From: "P001", ReceivedOn: today}
		change(&c)
		return func(d *depot.Depot) ([]depot.Event, error) { return d.TransferIn(c, of, today) }
	}
	as := func(*depot.TransferOut) {}
	asIs := func(*depot.TransferIn) {}
	full := changed(received("RK-9", "1", money.Max.Fen()), func(e *depot.PartReceived) { e.Project = "P002" })
	named := changed(sent, func(e *depot.PartTransferredOut) { e.Serials = []string{"A", "B", "C", "D"} })
	decide(t, map[string]decision{
		"they leave at average cost":                 {given: []depot.Event{ten}, when: send(as), then: []depot.Event{sent}},
		"no more than there are":                     {given: []depot.Event{ten}, when: send(func(c *depot.TransferOut) { c.Quantity = units("11") }), code: "above-stock"},
		"to another project":                         {given: []depot.Event{ten}, when: send(func(c *depot.TransferOut) { c.To = "P001" }), code: "same-depot", field: "to"},
		"a transfer leaves once":                     {given: []depot.Event{ten, sent}, when: send(as), code: "transfer-exists", field: "transfer"},
		"not tomorrow":                               {given: []depot.Event{ten}, when: send(func(c *depot.TransferOut) { c.TransferredOn = today + 1 }), code: "in-the-future"},
		"they arrive at the cost at which they left": {when: take(sent, asIs), then: []depot.Event{arrived}},
		"with their serials":                         {when: take(named, asIs), then: []depot.Event{changed(arrived, func(e *depot.PartTransferredIn) { e.Serials = named.Serials })}},
		"once":                                       {given: []depot.Event{arrived}, when: take(sent, asIs), code: "transfer-exists"},
		"where they were sent":                       {when: take(changed(sent, func(e *depot.PartTransferredOut) { e.To = "P003" }), asIs), code: "other-depot", field: "transfer"},
		"on the day they left at the earliest":       {when: take(sent, func(c *depot.TransferIn) { c.ReceivedOn = today - 2 }), code: "before-transfer"},
		"a holding is not above the largest amount":  {given: []depot.Event{full}, when: take(sent, asIs), code: "holding-too-large"},
		"a unit that is here already":                {given: []depot.Event{changed(received("RK-1", "1", 100), func(e *depot.PartReceived) { e.Serials = []string{"C"} })}, when: take(named, asIs), code: "serial-there-already", field: "serials[2]"},
	})
}

func TestFaultyUnitsGoToTheirMakerAndComeBack(t *testing.T) {
	handed := depot.FaultyUnitHandedIn{
		Project: "P001", Slip: "JJ-1", Part: "CAM", Quantity: units("1"), Serials: []string{"Z"}, FaultLine: "F1-1",
		HandedInBy: "李", HandedInOn: today - 5,
	}
	shipped := depot.FaultyUnitsShipped{Project: "P001", Shipment: "FC-1", Maker: "甲", Units: []depot.FaultyUnit{
		{Part: "CAM", Quantity: units("1"), Serial: "Z", FaultLine: "F1-1", Return: "F2-1"}, {Part: "PS", Quantity: units("3")},
	}, ShippedOn: today - 3, ExpectedBackOn: today + 20}
	back := changed(received("RK-1", "1", 60), func(e *depot.PartReceived) {
		e.Source, e.Shipment, e.SentSerials, e.Serials = depot.FromMaker, "FC-1", []string{"Z"}, []string{"Y"}
	})
	handIn := func(change func(*depot.FaultyUnitHandedIn)) command {
		e := changed(handed, change)
		return func(d *depot.Depot) ([]depot.Event, error) { return d.HandIn(depot.HandIn(e), today) }
	}
	ship := func(change func(*depot.FaultyUnitsShipped)) command {
		e := shipped
		e.Units = append([]depot.FaultyUnit(nil), shipped.Units...)
		change(&e)
		return func(d *depot.Depot) ([]depot.Event, error) { return d.ShipFaulty(depot.ShipFaulty(e), today) }
	}
	receive := func(change func(*depot.PartReceived)) command {
		e := changed(back, change)
		return func(d *depot.Depot) ([]depot.Event, error) { return d.Receive(depot.Receive(e), today) }
	}
	asHanded, asShipped, asBack := func(
		*depot.FaultyUnitHandedIn,
	) {
	}, func(*depot.FaultyUnitsShipped) {}, func(*depot.PartReceived) {}
	repaired := changed(back, func(e *depot.PartReceived) { e.Serials = []string{"Z"} })
	decide(t, map[string]decision{
		"a unit is handed in":              {when: handIn(asHanded), then: []depot.Event{handed}},
		"once":                             {given: []depot.Event{handed}, when: handIn(func(e *depot.FaultyUnitHandedIn) { e.Slip = "JJ-2" }), code: "serial-there-already", field: "serials[0]"},
		"a slip is entered once":           {given: []depot.Event{handed}, when: handIn(asHanded), code: "handIn-exists", field: "handIn"},
		"another part may bear its serial": {given: []depot.Event{handed}, when: handIn(func(e *depot.FaultyUnitHandedIn) { e.Slip, e.Part = "JJ-2", "LOCK" }), then: []depot.Event{changed(handed, func(e *depot.FaultyUnitHandedIn) { e.Slip, e.Part = "JJ-2", "LOCK" })}},
		"again when it failed again":       {given: []depot.Event{handed, shipped, repaired, changed(issued("CK-1", "1", 60, ""), func(e *depot.PartIssued) { e.Serials = []string{"Z"} })}, when: handIn(func(e *depot.FaultyUnitHandedIn) { e.Slip, e.HandedInOn = "JJ-2", today }), then: []depot.Event{changed(handed, func(e *depot.FaultyUnitHandedIn) { e.Slip, e.HandedInOn = "JJ-2", today })}},
		"by somebody":                      {when: handIn(func(e *depot.FaultyUnitHandedIn) { e.HandedInBy = "" }), code: "text-required"},
		"as many serials as units":         {when: handIn(func(e *depot.FaultyUnitHandedIn) { e.Quantity = units("2") }), code: "serial-count"},
		"a batch leaves":                   {given: []depot.Event{handed}, when: ship(asShipped), then: []depot.Event{shipped}},
		"also straight from the site":      {when: ship(asShipped), then: []depot.Event{shipped}},
		"a batch is entered once":          {given: []depot.Event{shipped}, when: ship(asShipped), code: "shipment-exists"},
		"a unit leaves once":               {given: []depot.Event{shipped}, when: ship(func(e *depot.FaultyUnitsShipped) { e.Shipment = "FC-2" }), code: "serial-there-already", field: "units[0].serial"},
		"and again after another depot had it back and sent it here": {
			given: []depot.Event{shipped, depot.PartTransferredIn{
				Project: "P001", Transfer: "DB-1", Part: shipped.Units[0].Part, Quantity: units("1"),
				Serials: []string{shipped.Units[0].Serial}, From: "P002", ReceivedOn: shipped.ShippedOn + 1,
			}},
			when: ship(func(e *depot.FaultyUnitsShipped) { e.Shipment, e.ShippedOn = "FC-2", today }),
			then: []depot.Event{changed(shipped, func(e *depot.FaultyUnitsShipped) { e.Shipment, e.ShippedOn = "FC-2", today })},
		},
		"and again after it was back":                         {given: []depot.Event{shipped, repaired}, when: ship(func(e *depot.FaultyUnitsShipped) { e.Shipment, e.ShippedOn = "FC-2", today }), then: []depot.Event{changed(shipped, func(e *depot.FaultyUnitsShipped) { e.Shipment, e.ShippedOn = "FC-2", today })}},
		"a batch entered after its return moves nothing back": {given: []depot.Event{repaired, shipped}, when: ship(func(e *depot.FaultyUnitsShipped) { e.Shipment, e.ShippedOn = "FC-2", today }), then: []depot.Event{changed(shipped, func(e *depot.FaultyUnitsShipped) { e.Shipment, e.ShippedOn = "FC-2", today })}},
		"something leaves":                                    {when: ship(func(e *depot.FaultyUnitsShipped) { e.Units = nil }), code: "bad-unit-count"},
		"no more than a batch holds":                          {when: ship(func(e *depot.FaultyUnitsShipped) { e.Units = make([]depot.FaultyUnit, 501) }), code: "bad-unit-count"},
		"a serial stands once in a batch":                     {when: ship(func(e *depot.FaultyUnitsShipped) { e.Units[1] = e.Units[0] }), code: "serial-twice", field: "units[1].serial"},
		"a serial is one unit":                                {when: ship(func(e *depot.FaultyUnitsShipped) { e.Units[0].Quantity = units("2") }), code: "serial-count"},
		"back after it leaves":                                {when: ship(func(e *depot.FaultyUnitsShipped) { e.ExpectedBackOn = today - 4 }), code: "before-shipment"},
		"to somebody":                                         {when: ship(func(e *depot.FaultyUnitsShipped) { e.Maker = "" }), code: "text-required"},
		"another comes back for it":                           {given: []depot.Event{shipped}, when: receive(asBack), then: []depot.Event{back}},
		"or the same":                                         {given: []depot.Event{shipped}, when: receive(func(e *depot.PartReceived) { *e = repaired }), then: []depot.Event{repaired}},
		"its batch may be entered later":                      {when: receive(asBack), then: []depot.Event{back}},
		"what was bought did not come from a batch":           {when: receive(func(e *depot.PartReceived) { e.Source = depot.Purchase }), code: "not-from-the-maker", field: "source"},
		"who replaced a unit says by which":                   {when: receive(func(e *depot.PartReceived) { e.Serials = nil }), code: "serials-required"},
		"as many sent as came back":                           {when: receive(func(e *depot.PartReceived) { e.SentSerials = []string{"Z", "X"} }), code: "serial-count", field: "sentSerials"},
		"what is in stock does not come back":                 {given: []depot.Event{back}, when: receive(func(e *depot.PartReceived) { e.Receipt = "RK-2" }), code: "serial-there-already"},
	})

	t.Run("a unit replaced by another part is off its maker's hands", func(t *testing.T) {
		other := changed(back, func(e *depot.PartReceived) { e.Part = "CAM-R" })
		d := fold(shipped, other)
		if _, err := d.ShipFaulty(depot.ShipFaulty(changed(shipped,
			func(e *depot.FaultyUnitsShipped) { e.Shipment, e.ShippedOn = "FC-2", today })), today); err != nil {
			t.Error(err)
		}
	})
}

func TestUnitsAreScrapped(t *testing.T) {
	three := received("RK-1", "3", 100)
	good := depot.PartScrapped{
		Project: "P001", Slip: "BF-1", Part: "CAM", Condition: depot.Good, Quantity: units("2"), Value: money.Fen(67),
		Reason: "鼓包", ScrappedOn: today,
	}
	bad := changed(good, func(e *depot.PartScrapped) {
		e.Condition, e.Value, e.FaultLine = depot.Faulty, money.Amount{}, "F1-1"
	})
	broken := changed(bad, func(e *depot.PartScrapped) { e.Quantity, e.Serials = units("1"), []string{"Y"} })
	scrap := func(e depot.PartScrapped) command {
		return func(d *depot.Depot) ([]depot.Event, error) {
			return d.Scrap(depot.Scrap{
				Project: e.Project, Slip: e.Slip, Part: e.Part, Condition: e.Condition, Quantity: e.Quantity, Serials: e.Serials,
				FaultLine: e.FaultLine,
				Reason:    e.Reason, ScrappedOn: e.ScrappedOn,
			}, today)
		}
	}
	atMaker := depot.FaultyUnitsShipped{
		Project: "P001", Shipment: "FC-1", Maker: "甲",
		Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "Z"}}, ShippedOn: today,
	}
	decide(t, map[string]decision{
		"good ones leave stock at cost":     {given: []depot.Event{three}, when: scrap(good), then: []depot.Event{good}},
		"faulty ones are worth nothing":     {when: scrap(bad), then: []depot.Event{bad}},
		"no more good ones than there are":  {given: []depot.Event{three}, when: scrap(changed(good, func(e *depot.PartScrapped) { e.Quantity = units("4") })), code: "above-stock"},
		"a good one was on no fault record": {given: []depot.Event{three}, when: scrap(changed(good, func(e *depot.PartScrapped) { e.FaultLine = "F1-1" })), code: "good-unit"},
		"for a reason":                      {given: []depot.Event{three}, when: scrap(changed(good, func(e *depot.PartScrapped) { e.Reason = "" })), code: "text-required"},
		"good or faulty":                    {given: []depot.Event{three}, when: scrap(changed(good, func(e *depot.PartScrapped) { e.Condition = "OLD" })), code: "unknown-condition"},
		"a slip is entered once":            {given: []depot.Event{three, good}, when: scrap(good), code: "scrap-exists", field: "scrap"},
		"a faulty unit is scrapped once":    {given: []depot.Event{broken}, when: scrap(changed(broken, func(e *depot.PartScrapped) { e.Slip = "BF-2" })), code: "serial-there-already", field: "serials[0]"},
		"by whomever": {given: []depot.Event{broken}, when: scrap(changed(broken, func(e *depot.PartScrapped) {
			e.Slip, e.Condition = "BF-2", depot.AtMaker
		})), code: "serial-there-already", field: "serials[0]"},
		"whichever day was entered first": {
			given: []depot.Event{broken},
			when: scrap(changed(broken, func(e *depot.PartScrapped) {
				e.Slip, e.ScrappedOn = "BF-2", today-3
			})),
			code: "serial-there-already", field: "serials[0]",
		},
		"until a paper says that it was there again": {
			given: []depot.Event{
				changed(broken, func(e *depot.PartScrapped) { e.ScrappedOn = today - 3 }),
				depot.FaultyUnitHandedIn{
					Project: "P001", Slip: "JJ-1", Part: "CAM", Quantity: units("1"), Serials: []string{"Y"}, HandedInBy: "李",
					HandedInOn: today - 1,
				},
			},
			when: scrap(changed(broken, func(e *depot.PartScrapped) { e.Slip = "BF-2" })),
			then: []depot.Event{changed(broken, func(e *depot.PartScrapped) { e.Slip = "BF-2" })},
		},
		"not what is at its maker": {given: []depot.Event{atMaker}, when: scrap(changed(bad, func(e *depot.PartScrapped) { e.Quantity, e.Serials = units("1"), []string{"Z"} })), code: "serial-there-already"},
		"not tomorrow":             {given: []depot.Event{three}, when: scrap(changed(good, func(e *depot.PartScrapped) { e.ScrappedOn = today + 1 })), code: "in-the-future"},
	})
}

func TestACountIsAnObservation(t *testing.T) {
	early := changed(received("RK-1", "10", 1000), func(e *depot.PartReceived) { e.ReceivedOn = today - 10 })
	out := changed(issued("CK-1", "2", 200, ""), func(e *depot.PartIssued) { e.IssuedOn = today - 2 })
	sheet := depot.StockCounted{
		Project: "P001", Count: "PD-1",
		Lines: []depot.Counted{
			{Part: "CAM", Counted: units("9"), Book: units("10")}, {Part: "LOCK", Counted: units("2"), Reason: "?"},
		},
		CountedBy: "李", Witness: "王", CountedOn: today - 5, By: "chen",
	}
	enter := func(change func(*depot.Count)) command {
		c := depot.Count{
			Project: "P001", Count: "PD-1",
			Lines:     []depot.Counted{{Part: "CAM", Counted: units("9")}, {Part: "LOCK", Counted: units("2"), Reason: "?"}},
			CountedBy: "李", Witness: "王", CountedOn: today - 5, By: "chen",
		}
		change(&c)
		return func(d *depot.Depot) ([]depot.Event, error) { return d.Count(c, today) }
	}
	as := func(*depot.Count) {}
	with := func(change func(*depot.StockCounted)) depot.StockCounted {
		e := sheet
		e.Lines = append([]depot.Counted(nil), sheet.Lines...)
		change(&e)
		return e
	}
	decide(t, map[string]decision{
		"the book is that of the day":   {given: []depot.Event{early, out}, when: enter(as), then: []depot.Event{sheet}},
		"whatever day it is entered on": {given: []depot.Event{early, out}, when: enter(func(c *depot.Count) { c.CountedOn = today - 2 }), then: []depot.Event{with(func(e *depot.StockCounted) { e.CountedOn, e.Lines[0].Book = today-2, units("8") })}},
		"nothing is a count, too":       {given: []depot.Event{early}, when: enter(func(c *depot.Count) { c.Lines[0].Counted = units("0") }), then: []depot.Event{with(func(e *depot.StockCounted) { e.Lines[0].Counted = units("0") })}},
		"the book cannot be told":       {given: []depot.Event{early}, when: enter(func(c *depot.Count) { c.Lines[0].Book = units("77") }), then: []depot.Event{sheet}},
		"a sheet is entered once":       {given: []depot.Event{early, sheet}, when: enter(as), code: "count-exists", field: "count"},
		"entered otherwise before":      {given: []depot.Event{early, sheet}, when: enter(func(c *depot.Count) { c.Lines[0].Counted = units("8") }), code: "count-exists", field: "lines[0].counted"},
		"with a reason since":           {given: []depot.Event{early, sheet}, when: enter(func(c *depot.Count) { c.Lines[0].Reason = "待查" }), code: "count-exists", field: "lines[0].reason"},
		"on another day":                {given: []depot.Event{early, sheet}, when: enter(func(c *depot.Count) { c.CountedOn-- }), code: "count-exists", field: "countedOn"},
		"with another part":             {given: []depot.Event{early, sheet}, when: enter(func(c *depot.Count) { c.Lines[0].Part = "BELL" }), code: "count-exists", field: "lines[0].part"},
		"without one of its parts":      {given: []depot.Event{early, sheet}, when: enter(func(c *depot.Count) { c.Lines = c.Lines[:1] }), code: "count-exists", field: "lines"},
		"its numbers written otherwise": {given: []depot.Event{early, sheet}, when: enter(func(c *depot.Count) { c.Lines[0].Counted = units("9.0") }), code: "count-exists", field: "count"},
		"something was counted":         {when: enter(func(c *depot.Count) { c.Lines = nil }), code: "bad-line-count"},
		"no more than a sheet holds":    {when: enter(func(c *depot.Count) { c.Lines = make([]depot.Counted, 501) }), code: "bad-line-count"},
		"a part once":                   {when: enter(func(c *depot.Count) { c.Lines[1].Part = "CAM" }), code: "part-twice", field: "lines[1].part"},
		"not less than nothing":         {when: enter(func(c *depot.Count) { c.Lines[1].Counted = units("-1") }), code: "bad-quantity", field: "lines[1].counted"},
		"as many serials as units":      {when: enter(func(c *depot.Count) { c.Lines[1].Serials = []string{"A"} }), code: "serial-count", field: "lines[1].serials"},
		"by somebody":                   {when: enter(func(c *depot.Count) { c.CountedBy = "" }), code: "text-required"},
		"not tomorrow":                  {when: enter(func(c *depot.Count) { c.CountedOn = today + 1 }), code: "in-the-future"},
	})

	t.Run("it changes neither book nor value, whatever comes later", func(t *testing.T) {
		d := fold(early, sheet)
		if q, v := d.InStock("CAM"); !q.Equal(units("10")) || v != money.Fen(1000) {
			t.Errorf("the book says %s worth %s", q, v)
		}
		d.Evolve(changed(out, func(e *depot.PartIssued) { e.IssuedOn = today - 7 }))
		for day, want := range map[calendar.Date]string{
			today - 11: "0", today - 10: "10", today - 8: "10", today - 7: "8", today: "8",
		} {
			if got := d.BookOn("CAM", day); !got.Equal(units(want)) {
				t.Errorf("on %s the book says %s, want %s", day, got, want)
			}
		}
	})
}

func TestWhatWasCountedMayBeIssued(t *testing.T) {
	three := changed(received("RK-1", "3", 100), func(e *depot.PartReceived) { e.ReceivedOn = today - 10 })
	seen := func(quantity string, on calendar.Date) depot.StockCounted {
		return depot.StockCounted{
			Project: "P001", Count: "PD-" + domain.SlipID(quantity),
			Lines: []depot.Counted{{Part: "CAM", Counted: units(quantity)}}, CountedBy: "李", CountedOn: on, By: "chen",
		}
	}
	issue := func(quantity string) command {
		return func(d *depot.Depot) ([]depot.Event, error) {
			return d.Issue(depot.Issue{
				Project: "P001", Slip: "CK-9", Part: "CAM", Asked: units(quantity), Quantity: units(quantity), Taker: "李",
				IssuedOn: today,
			}, today)
		}
	}
	out := func(quantity string, fen int64) []depot.Event {
		return []depot.Event{issued("CK-9", quantity, fen, "")}
	}
	gone := changed(issued("CK-1", "2", 67, ""), func(e *depot.PartIssued) { e.IssuedOn = today - 1 })
	decide(t, map[string]decision{
		"a count above the book lets more leave":                {given: []depot.Event{three, seen("5", today-2)}, when: issue("5"), then: out("5", 167)},
		"and no more than that":                                 {given: []depot.Event{three, seen("5", today-2)}, when: issue("5.001"), code: "above-stock"},
		"what left since is not there any more":                 {given: []depot.Event{three, seen("5", today-2), gone}, when: issue("4"), code: "above-stock"},
		"what left before, but was entered later, was not seen": {given: []depot.Event{three, seen("5", today-2), changed(gone, func(e *depot.PartIssued) { e.IssuedOn = today - 3 })}, when: issue("5"), then: out("5", 165)},
		"a count below the book takes nothing away":             {given: []depot.Event{three, seen("1", today-2)}, when: issue("3"), then: out("3", 100)},
		"the last count is the one that counts":                 {given: []depot.Event{three, seen("5", today-2), seen("4", today-1)}, when: issue("5"), code: "above-stock"},
		"by its day, not by when it was entered":                {given: []depot.Event{three, seen("4", today-1), seen("5", today-2)}, when: issue("5"), code: "above-stock"},
		"a holding at zero lets nothing leave":                  {given: []depot.Event{three, issued("CK-1", "3", 100, "")}, when: issue("0.001"), code: "above-stock"},
		"unless more was seen, which costs what it last did":    {given: []depot.Event{three, changed(issued("CK-1", "3", 100, ""), func(e *depot.PartIssued) { e.IssuedOn = today - 3 }), seen("2", today-2)}, when: issue("2"), then: out("2", 67)},
		"units never known at a cost leave at none":             {given: []depot.Event{seen("2", today-2)}, when: issue("2"), then: out("2", 0)},
	})

	t.Run("the book then stands below zero, and its value with it", func(t *testing.T) {
		d := fold(three, seen("5", today-2), out("5", 167)[0])
		if q, v := d.InStock("CAM"); !q.Equal(units("-2")) || v != money.Fen(-67) {
			t.Errorf("the book says %s worth %s", q, v)
		}
	})
}

func TestABookIsAdjustedByWhatWasCounted(t *testing.T) {
	ten := changed(received("RK-1", "10", 1005), func(e *depot.PartReceived) { e.ReceivedOn = today - 10 })
	sheet := func(quantity string) depot.StockCounted {
		return depot.StockCounted{
			Project: "P001", Count: "PD-1",
			Lines: []depot.Counted{{Part: "CAM", Counted: units(quantity)}, {Part: "NEW", Counted: units("2")}}, CountedBy: "李",
			CountedOn: today - 5, By: "chen",
		}
	}
	adjusted := func(quantity string, fen int64) depot.StockAdjusted {
		return depot.StockAdjusted{
			Project: "P001", Adjustment: "TZ-1", Count: "PD-1", Part: "CAM", Quantity: units(quantity), Value: money.Fen(fen),
			Reason: "查无单据", AdjustedOn: today - 5, By: "tao",
		}
	}
	adjust := func(quantity string, change func(*depot.Adjust)) command {
		c := depot.Adjust{
			Project: "P001", Adjustment: "TZ-1", Count: "PD-1", Part: "CAM", Quantity: units(quantity), Reason: "查无单据",
			By: "tao",
		}
		change(&c)
		return func(d *depot.Depot) ([]depot.Event, error) { return d.Adjust(c, today) }
	}
	as := func(*depot.Adjust) {}
	cost := func(fen int64) func(*depot.Adjust) {
		return func(c *depot.Adjust) { a := money.Fen(fen); c.Part, c.UnitCost = "NEW", &a }
	}
	late := changed(issued("CK-1", "1", 101, ""), func(e *depot.PartIssued) { e.IssuedOn = today - 6 })
	drawn := changed(issued("CK-2", "9", 905, ""), func(e *depot.PartIssued) { e.IssuedOn = today - 1 })
	// two more than the book, seen by the count: at a fen less than their average cost
	short := issued("CK-3", "12", 1205, "")
	decide(t, map[string]decision{
		"a shortage leaves at cost":               {given: []depot.Event{ten, sheet("7")}, when: adjust("-3", as), then: []depot.Event{adjusted("-3", -302)}},
		"or a part of it":                         {given: []depot.Event{ten, sheet("7")}, when: adjust("-1", as), then: []depot.Event{adjusted("-1", -101)}},
		"a surplus comes in at average cost":      {given: []depot.Event{ten, sheet("12")}, when: adjust("2", as), then: []depot.Event{adjusted("2", 201)}},
		"not more than the difference":            {given: []depot.Event{ten, sheet("7")}, when: adjust("-4", as), code: "not-the-difference", field: "quantity"},
		"not the other way":                       {given: []depot.Event{ten, sheet("7")}, when: adjust("1", as), code: "not-the-difference"},
		"nothing is no adjustment":                {given: []depot.Event{ten, sheet("7")}, when: adjust("0", as), code: "bad-quantity"},
		"a slip that came late explains a part":   {given: []depot.Event{ten, sheet("7"), late}, when: adjust("-3", as), code: "not-the-difference"},
		"and leaves the rest":                     {given: []depot.Event{ten, sheet("7"), late}, when: adjust("-2", as), then: []depot.Event{adjusted("-2", -201)}},
		"an adjustment explains it, too":          {given: []depot.Event{ten, sheet("7"), adjusted("-2", -201)}, when: adjust("-2", func(c *depot.Adjust) { c.Adjustment = "TZ-2" }), code: "not-the-difference"},
		"an adjustment is entered once":           {given: []depot.Event{ten, sheet("7"), adjusted("-2", -201)}, when: adjust("-1", as), code: "adjustment-exists"},
		"not below zero":                          {given: []depot.Event{ten, sheet("7"), drawn}, when: adjust("-2", as), code: "above-stock"},
		"never by who entered the sheet":          {given: []depot.Event{ten, sheet("7")}, when: adjust("-1", func(c *depot.Adjust) { c.By = "chen" }), code: "own-submission"},
		"nor by who counted":                      {given: []depot.Event{ten, sheet("7")}, when: adjust("-1", func(c *depot.Adjust) { c.By = "李" }), code: "own-submission"},
		"for a reason":                            {given: []depot.Event{ten, sheet("7")}, when: adjust("-1", func(c *depot.Adjust) { c.Reason = "" }), code: "text-required"},
		"by a sheet that exists":                  {given: []depot.Event{ten}, when: adjust("-1", as), code: "unknown-count"},
		"that counted the part":                   {given: []depot.Event{ten, sheet("7")}, when: adjust("-1", func(c *depot.Adjust) { c.Part = "LOCK" }), code: "not-counted"},
		"a book brought to zero is worth nothing": {given: []depot.Event{ten, sheet("0")}, when: adjust("-10", as), then: []depot.Event{adjusted("-10", -1005)}},
		"also from below":                         {given: []depot.Event{ten, sheet("12"), short}, when: adjust("2", as), then: []depot.Event{adjusted("2", 200)}},
		"what was never held needs a cost":        {given: []depot.Event{sheet("1")}, when: adjust("2", func(c *depot.Adjust) { c.Part = "NEW" }), code: "unit-cost-required"},
		"and comes in at it":                      {given: []depot.Event{sheet("1")}, when: adjust("2", cost(155)), then: []depot.Event{changed(adjusted("2", 310), func(e *depot.StockAdjusted) { e.Part = "NEW" })}},
		"which may be nothing":                    {given: []depot.Event{sheet("1")}, when: adjust("2", cost(0)), then: []depot.Event{changed(adjusted("2", 0), func(e *depot.StockAdjusted) { e.Part = "NEW" })}},
		"but not less":                            {given: []depot.Event{sheet("1")}, when: adjust("2", cost(-1)), code: "not-positive", field: "unitCost"},
		"what is held has its own":                {given: []depot.Event{ten, sheet("12")}, when: adjust("2", func(c *depot.Adjust) { cost(1)(c); c.Part = "CAM" }), code: "average-known"},
		"and what is missing, too":                {given: []depot.Event{ten, sheet("7")}, when: adjust("-1", func(c *depot.Adjust) { cost(1)(c); c.Part = "CAM" }), code: "average-known"},
	})
}
