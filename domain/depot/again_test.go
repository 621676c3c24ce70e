package depot_test

import (
	"errors"
	"strings"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
)

// A document that is entered again under its number with other content is refused by
// what is other; with the same, by its number.
func TestADocumentEnteredAgainSaysWhatIsOther(t *testing.T) {
	receipt := depot.Receive{
		Project: "P001", Receipt: "RK-1", Part: "CAM", Quantity: units("1"), Value: money.Fen(100), Source: depot.FromMaker,
		Serials: []string{"A"}, ReceivedOn: today - 1, Shipment: "FC-1", SentSerials: []string{"B"},
	}
	slip := depot.Issue{
		Project: "P001", Slip: "CK-1", Part: "CAM", Asked: units("1"), Quantity: units("1"), Taker: "李", FaultLine: "F1-1",
		Serials: []string{"A"}, Override: "补领", IssuedOn: today,
	}
	back := depot.ReturnUnused{
		Project: "P001", Slip: "TK-1", Issue: "CK-1", Quantity: units("1"), Serials: []string{"A"}, ReturnedBy: "李",
		ReturnedOn: today,
	}
	transfer := depot.TransferOut{
		Project: "P001", Transfer: "DB-1", Part: "CAM", Quantity: units("1"), Serials: []string{"A"}, To: "P002",
		Reason: "急用", TransferredOn: today,
	}
	arrival := depot.TransferIn{Project: "P001", Transfer: "DB-2", From: "P003", ReceivedOn: today}
	handIn := depot.HandIn{
		Project: "P001", Slip: "JJ-1", Part: "CAM", Quantity: units("1"), Serials: []string{"O"}, FaultLine: "F1-1",
		HandedInBy: "李", HandedInOn: today,
	}
	batch := depot.ShipFaulty{
		Project: "P001", Shipment: "FC-1", Maker: "甲", Waybill: "SF1", ShippedOn: today, ExpectedBackOn: today + 30,
		Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "B", FaultLine: "F1-2", Return: "F2-1"}},
	}
	scrap := depot.Scrap{
		Project: "P001", Slip: "BF-1", Part: "CAM", Condition: depot.AtMaker, Quantity: units("1"), Serials: []string{"C"},
		FaultLine: "F1-3", Reason: "进水", ScrappedOn: today, Shipment: "FC-0",
	}
	adjustment := depot.Adjust{
		Project: "P001", Adjustment: "TZ-1", Count: "PD-1", Part: "CAM", Quantity: units("-1"), Reason: "丢失", By: "王",
	}
	sent := depot.PartTransferredOut{
		Project: "P003", Transfer: "DB-2", Part: "CAM", Quantity: units("1"), To: "P001", TransferredOn: today,
	}
	d := fold(received("RK-0", "5", 500), depot.StockCounted{
		Project: "P001", Count: "PD-1", Lines: []depot.Counted{{Part: "CAM", Counted: units("1")}}, CountedBy: "张",
		CountedOn: today, By: "张",
	})
	do := func(c any) error {
		var events []depot.Event
		var err error
		switch c := c.(type) {
		case depot.Receive:
			events, err = d.Receive(c, today)
		case depot.Issue:
			events, err = d.Issue(c, today)
		case depot.ReturnUnused:
			events, err = d.ReturnUnused(c, today)
		case depot.TransferOut:
			events, err = d.TransferOut(c, today)
		case depot.TransferIn:
			events, err = d.TransferIn(c, sent, today)
		case depot.HandIn:
			events, err = d.HandIn(c, today)
		case depot.ShipFaulty:
			events, err = d.ShipFaulty(c, today)
		case depot.Scrap:
			events, err = d.Scrap(c, today)
		case depot.Adjust:
			events, err = d.Adjust(c, today)
		}
		for _, e := range events {
			d.Evolve(e)
		}
		return err
	}
	for _, c := range []any{receipt, slip, back, transfer, arrival, handIn, batch, scrap, adjustment} {
		if err := do(c); err != nil {
			t.Fatalf("%T: %v", c, err)
		}
	}
	refused := func(c any) (r *domain.Rejection) {
		if !errors.As(do(c), &r) {
			t.Fatalf("%T was accepted", c)
		}
		return r
	}
	for _, c := range []struct {
		when              any
		field, value, was string
	}{
		{changed(receipt, func(c *depot.Receive) {
			c.Quantity, c.Serials, c.SentSerials = units("2"), nil, nil
		}), "quantity", "2", "1"},
		{changed(receipt, func(c *depot.Receive) { c.Part = "LOCK" }), "part", "LOCK", "CAM"},
		{changed(receipt, func(c *depot.Receive) { c.Value = money.Fen(101) }), "value", "1.01", "1.00"},
		{changed(receipt, func(c *depot.Receive) { c.Serials = []string{"X"} }), "serials", "X", "A"},
		{changed(receipt, func(c *depot.Receive) { c.Shipment = "FC-2" }), "shipment", "FC-2", "FC-1"},
		{changed(receipt, func(c *depot.Receive) {
			c.Shipment, c.SentSerials, c.Source = "", nil, depot.Purchase
		}), "source", "PURCHASE", "MAKER"},
		{changed(receipt, func(c *depot.Receive) { c.ReceivedOn = today }), "receivedOn", today.String(), (today - 1).String()},
		{changed(slip, func(c *depot.Issue) { c.FaultLine = "F1-9" }), "faultLine", "F1-9", "F1-1"},
		{changed(slip, func(c *depot.Issue) { c.Taker = "王" }), "taker", "王", "李"},
		{changed(slip, func(c *depot.Issue) { // asked stands for quantity where its sender does not give it
			c.Asked, c.Quantity, c.Serials = units("2"), units("2"), nil
		}), "quantity", "2", "1"},
		{changed(back, func(c *depot.ReturnUnused) { c.Issue = "CK-9" }), "issue", "CK-9", "CK-1"},
		{changed(transfer, func(c *depot.TransferOut) { c.To = "P009" }), "to", "P009", "P002"},
		{changed(arrival, func(c *depot.TransferIn) { c.ReceivedOn = today - 1 }), "receivedOn", (today - 1).String(), today.String()},
		{changed(handIn, func(c *depot.HandIn) { c.Serials = []string{"P"} }), "serials", "P", "O"},
		{changed(batch, func(c *depot.ShipFaulty) { c.Maker = "乙" }), "maker", "乙", "甲"},
		{changed(batch, func(c *depot.ShipFaulty) {
			c.Units = []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "E"}}
		}), "units[0].serial", "E", "B"},
		{changed(scrap, func(c *depot.Scrap) { c.Reason = "丢失" }), "reason", "丢失", "进水"},
		{changed(adjustment, func(c *depot.Adjust) { c.Quantity = units("-2") }), "quantity", "-2", "-1"},
	} {
		r := refused(c.when)
		if got := r.Field + " " + r.Value; got != c.field+" "+c.value || !strings.HasSuffix(r.Code, "-exists") ||
			!strings.Contains(r.Error(), " as "+c.was) {
			t.Errorf("%T: %v (%s), want %s %s, was %s", c.when, r, r.Code, c.field, c.value, c.was)
		}
	}
	for _, c := range []any{receipt, slip, back, transfer, arrival, handIn, batch, scrap, adjustment} {
		if r := refused(c); !strings.Contains(r.Error(), "was entered already in this depot") ||
			strings.Contains(r.Error(), " as ") {
			t.Errorf("%T, the same again: %v", c, r)
		}
	}
}
