package depot

import (
	"fmt"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// HandIn is the command that takes a faulty unit back from a technician.
type HandIn FaultyUnitHandedIn

// HandIn puts faulty units on the shelf. The F1 line they were replaced by may
// be entered later.
func (d *Depot) HandIn(c HandIn, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckID("part", c.Part),
		money.CheckQuantity("quantity", c.Quantity),
		checkSerials("serials", c.Serials, c.Quantity),
		checkFaultLine(c.FaultLine),
		domain.CheckText("handedInBy", c.HandedInBy, true),
		c.HandedInOn.CheckPast("handedInOn", today),
		d.checkNew("handIn", c.Slip, "5.1.3", FaultyUnitHandedIn(c)),
		d.checkNotAt("serials", c.Part, c.Serials, onShelf),
	); err != nil {
		return nil, err
	}
	return []Event{FaultyUnitHandedIn(c)}, nil
}

// ShipFaulty is the command that sends a batch of faulty units to their maker.
type ShipFaulty FaultyUnitsShipped

// maxUnits bounds the lines of one batch, and of one count sheet.
const maxUnits = 500

// ShipFaulty sends faulty units to their maker (§5.2.1). Units that were never
// handed in may be on it, since teams ship directly.
func (d *Depot) ShipFaulty(c ShipFaulty, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckText("maker", c.Maker, true),
		domain.CheckText("waybill", c.Waybill, false),
		c.ShippedOn.CheckPast("shippedOn", today),
		d.checkNew("shipment", c.Shipment, "5.2.1", FaultyUnitsShipped(c)),
	); err != nil {
		return nil, err
	}
	if !c.ExpectedBackOn.IsZero() && c.ExpectedBackOn.Before(c.ShippedOn) {
		return nil, domain.Invalid("expectedBackOn", c.ExpectedBackOn.String(), "before-shipment",
			"must not lie before the shipment, %s", "5.2.1", c.ShippedOn)
	}
	if err := domain.CheckEntries("units", "bad-unit-count", len(c.Units), maxUnits, "5.2.1"); err != nil {
		return nil, err
	}
	seen := make(map[unit]bool, len(c.Units))
	for i, u := range c.Units {
		if err := d.checkUnit(fmt.Sprintf("units[%d].", i), u, seen); err != nil {
			return nil, err
		}
	}
	return []Event{FaultyUnitsShipped(c)}, nil
}

func (d *Depot) checkUnit(at string, u FaultyUnit, seen map[unit]bool) error {
	this := unit{u.Part, u.Serial}
	if err := domain.FirstError(
		domain.CheckID(at+"part", u.Part),
		money.CheckQuantity(at+"quantity", u.Quantity),
		domain.CheckText(at+"serial", u.Serial, false),
	); err != nil {
		return err
	}
	if u.FaultLine != "" {
		if err := domain.CheckID(at+"faultLine", u.FaultLine); err != nil {
			return err
		}
	}
	if u.Return != "" {
		if err := domain.CheckID(at+"return", u.Return); err != nil {
			return err
		}
	}
	switch {
	case u.Serial == "":
		return nil
	case !u.Quantity.Equal(decimal.NewFromInt(1)):
		return domain.Invalid(at+"quantity", u.Quantity.String(), "serial-count", "must be 1 for a unit with a serial",
			"5.2.1")
	case seen[this]:
		return domain.Invalid(at+"serial", u.Serial, "serial-twice", "is listed twice on this document", "5.2.1")
	case d.at(this) == atMaker:
		return domain.Conflict(at+"serial", u.Serial, "serial-there-already", there[atMaker], "5.2.1")
	}
	seen[this] = true
	return nil
}

// Scrap is the command that takes units away for good.
type Scrap struct {
	Project    domain.ProjectID   `json:"project,omitzero"`
	Slip       domain.SlipID      `json:"slip,omitzero"`
	Part       domain.PartCode    `json:"part,omitzero"`
	Condition  Condition          `json:"condition,omitzero"`
	Quantity   decimal.Decimal    `json:"quantity,omitzero"`
	Serials    []string           `json:"serials,omitzero"`
	FaultLine  domain.FaultLineID `json:"faultLine,omitzero"`
	Reason     string             `json:"reason,omitzero"`
	ScrappedOn calendar.Date      `json:"scrappedOn,omitzero"`
	Shipment   domain.SlipID      `json:"shipment,omitzero"`
}

// Scrap takes units away for good, with its reason: good ones out of stock at
// cost, faulty ones from the shelf, and those that their maker scrapped, which
// are named by their serials or by the batch that they were sent with. Whether
// they were sent is for the audit to say: their batch may be entered later. A faulty
// unit is scrapped once.
func (d *Depot) Scrap(c Scrap, today calendar.Date) ([]Event, error) {
	e := PartScrapped{
		Project: c.Project, Slip: c.Slip, Part: c.Part, Condition: c.Condition, Quantity: c.Quantity, Serials: c.Serials,
		FaultLine: c.FaultLine, Reason: c.Reason, ScrappedOn: c.ScrappedOn, Shipment: c.Shipment,
	}
	if err := domain.FirstError(
		domain.CheckID("part", c.Part),
		money.CheckQuantity("quantity", c.Quantity),
		checkSerials("serials", c.Serials, c.Quantity),
		checkFaultLine(c.FaultLine),
		domain.CheckText("reason", c.Reason, true),
		c.ScrappedOn.CheckPast("scrappedOn", today),
		d.checkNew("scrap", c.Slip, "", e),
	); err != nil {
		return nil, err
	}
	if c.Shipment != "" {
		if c.Condition != AtMaker {
			return nil, domain.Invalid("shipment", string(c.Shipment), "not-at-the-maker",
				"must be given only for units that their maker scrapped", "5.2.1")
		}
		if err := domain.CheckID("shipment", c.Shipment); err != nil {
			return nil, err
		}
	}
	switch c.Condition {
	case Good:
		if c.FaultLine != "" {
			return nil, domain.Invalid("faultLine", string(c.FaultLine), "good-unit", "must not be given for units out of stock",
				"")
		}
		err := d.checkAvailable(c.Part, c.Quantity)
		if err == nil {
			e.Value, err = d.peek(c.Part).cost(c.Quantity)
		}
		if err != nil {
			return nil, err
		}
	case Faulty:
		if err := domain.FirstError(d.checkNotAt("serials", c.Part, c.Serials, atMaker),
			d.checkNotAt("serials", c.Part, c.Serials, scrapped)); err != nil {
			return nil, err
		}
	case AtMaker:
		if c.Shipment == "" && len(c.Serials) == 0 {
			return nil, domain.Invalid("serials", "", "serials-required",
				"must be given, or the batch in shipment: which units their maker scrapped", "5.2.1")
		}
		if err := d.checkNotAt("serials", c.Part, c.Serials, scrapped); err != nil {
			return nil, err
		}
	default:
		return nil, domain.Invalid("condition", string(c.Condition), "unknown-condition", "must be one of %v", "",
			[]Condition{Good, Faulty, AtMaker})
	}
	return []Event{e}, nil
}
