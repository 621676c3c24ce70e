package depot

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// Receive is the command that brings units into stock.
type Receive PartReceived

// sources are where what enters a depot may come from, but for another depot.
var sources = []Source{OpeningStock, Purchase, FromMaker}

// Receive brings units into stock. The number of a goods received note is used
// once in a depot.
func (d *Depot) Receive(c Receive, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckID("receipt", c.Receipt),
		domain.CheckID("part", c.Part),
		money.CheckQuantity("quantity", c.Quantity),
		checkSerials("serials", c.Serials, c.Quantity),
		checkSerials("sentSerials", c.SentSerials, c.Quantity),
		c.ReceivedOn.CheckPast("receivedOn", today),
	); err != nil {
		return nil, err
	}
	if !slices.Contains(sources, c.Source) {
		return nil, domain.Invalid("source", string(c.Source), "unknown-source", "must be one of %v", "",
			sources)
	}
	if c.Source != FromMaker && (c.Shipment != "" || len(c.SentSerials) > 0) {
		return nil, domain.Invalid("source", string(c.Source), "not-from-the-maker", "must be MAKER for units of a shipment",
			"5.2.1")
	}
	if len(c.SentSerials) > 0 && len(c.Serials) == 0 {
		return nil, domain.Invalid("serials", "", "serials-required",
			"must be given: the serials of the units as they came back, in the order of sentSerials", "5.2.1")
	}
	if c.Shipment != "" {
		if err := domain.CheckID("shipment", c.Shipment); err != nil {
			return nil, err
		}
	}
	if err := domain.FirstError(
		d.checkNew("receipt", c.Receipt, "", PartReceived(c)),
		d.checkValue(c.Part, c.Value),
		d.checkNotAt("serials", c.Part, c.Serials, inStock),
	); err != nil {
		return nil, err
	}
	return []Event{PartReceived(c)}, nil
}

// Issue is the command that takes units out of stock.
type Issue struct {
	Project   domain.ProjectID   `json:"project,omitzero"`
	Slip      domain.SlipID      `json:"slip,omitzero"`
	Part      domain.PartCode    `json:"part,omitzero"`
	Asked     decimal.Decimal    `json:"asked,omitzero"`
	Quantity  decimal.Decimal    `json:"quantity,omitzero"`
	Taker     string             `json:"taker,omitzero"`
	FaultLine domain.FaultLineID `json:"faultLine,omitzero"`
	Serials   []string           `json:"serials,omitzero"`
	Override  string             `json:"override,omitzero"`
	IssuedOn  calendar.Date      `json:"issuedOn,omitzero"`
	Bearer    policy.Bearer      `json:"bearer,omitzero"` // of the cost, by the F1 line; empty: not known
}

// Issue takes units out of stock: never more than are there, and once per line
// of the fault record unless a reason overrides it. An issue that names no F1
// line is accepted, since the part is gone either way; the audit shows it.
func (d *Depot) Issue(c Issue, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckID("slip", c.Slip),
		domain.CheckID("part", c.Part),
		money.CheckQuantity("quantity", c.Quantity), // which is what was asked for, where that is not stated
		money.CheckQuantity("asked", c.Asked),
		domain.CheckText("taker", c.Taker, true),
		domain.CheckText("override", c.Override, false),
		checkSerials("serials", c.Serials, c.Quantity),
		c.IssuedOn.CheckPast("issuedOn", today),
		checkFaultLine(c.FaultLine),
		d.checkNew("slip", c.Slip, "5.1.3", PartIssued{
			Part: c.Part, Asked: c.Asked, Quantity: c.Quantity, Taker: c.Taker, FaultLine: c.FaultLine, Serials: c.Serials,
			Override: c.Override, IssuedOn: c.IssuedOn,
		}),
	); err != nil {
		return nil, err
	}
	if first, again := d.issued[c.FaultLine]; again && c.FaultLine != "" && c.Override == "" {
		return nil, domain.Conflict("faultLine", string(c.FaultLine), "issued-already",
			"was issued against already on slip %s; a second issue needs an override with its reason", "5.1.3", first)
	}
	if err := d.checkAvailable(c.Part, c.Quantity); err != nil {
		return nil, err
	}
	cost, err := d.peek(c.Part).cost(c.Quantity)
	if err != nil {
		return nil, err
	}
	return []Event{PartIssued{
		Project: c.Project, Slip: c.Slip, Part: c.Part, Asked: c.Asked, Quantity: c.Quantity, Value: cost,
		Taker: c.Taker, FaultLine: c.FaultLine, Serials: c.Serials, Override: c.Override, IssuedOn: c.IssuedOn,
		Bearer: c.Bearer,
	}}, nil
}

// checkFaultLine rejects what cannot be the number of an F1 line; none is fine.
func checkFaultLine(id domain.FaultLineID) error {
	if id == "" {
		return nil
	}
	return domain.CheckID("faultLine", id)
}

// ReturnUnused is the command that brings unused units of an issue back.
type ReturnUnused struct {
	Project    domain.ProjectID `json:"project,omitzero"`
	Slip       domain.SlipID    `json:"slip,omitzero"` // of the return
	Issue      domain.SlipID    `json:"issue,omitzero"`
	Quantity   decimal.Decimal  `json:"quantity,omitzero"`
	Serials    []string         `json:"serials,omitzero"`
	ReturnedBy string           `json:"returnedBy,omitzero"`
	ReturnedOn calendar.Date    `json:"returnedOn,omitzero"`
}

// ReturnUnused brings units of an issue slip back into stock, never more than
// were issued, at the cost at which they left.
func (d *Depot) ReturnUnused(c ReturnUnused, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		money.CheckQuantity("quantity", c.Quantity),
		domain.CheckText("returnedBy", c.ReturnedBy, true),
		checkSerials("serials", c.Serials, c.Quantity),
		c.ReturnedOn.CheckPast("returnedOn", today),
		d.checkNew("return", c.Slip, "5.1.3", PartReturned{
			Issue: c.Issue, Quantity: c.Quantity, Serials: c.Serials, ReturnedBy: c.ReturnedBy, ReturnedOn: c.ReturnedOn,
		}),
	); err != nil {
		return nil, err
	}
	s, ok := d.issues[c.Issue]
	if !ok {
		return nil, domain.NotFound("issue", string(c.Issue), "unknown-issue", "is not an issue slip of this depot").
			Among(domain.Numbers(d.issues))
	}
	out := s.issued.Quantity.Sub(s.returned)
	switch {
	case c.Quantity.GreaterThan(out):
		return nil, domain.Conflict("quantity", c.Quantity.String(), "above-issued",
			"exceeds the %s units of slip %s that are still out", "5.1.3", out, c.Issue)
	case c.ReturnedOn.Before(s.issued.IssuedOn):
		return nil, domain.Invalid("returnedOn", c.ReturnedOn.String(), "before-issue", "must not lie before the issue, %s",
			"5.1.3", s.issued.IssuedOn)
	}
	if err := s.checkSerials(c.Serials); err != nil {
		return nil, err
	}
	if err := d.checkNotAt("serials", s.issued.Part, c.Serials, inStock); err != nil {
		return nil, err
	}
	back := s.returned.Add(c.Quantity)
	value := s.issued.Value.Share(milli(back), milli(s.issued.Quantity)).Sub(s.returnedValue)
	return []Event{PartReturned{
		Project: c.Project, Slip: c.Slip, Issue: c.Issue, Part: s.issued.Part, Quantity: c.Quantity, Value: value,
		FaultLine: s.issued.FaultLine,
		Serials:   c.Serials, ReturnedBy: c.ReturnedBy, ReturnedOn: c.ReturnedOn, Bearer: s.issued.Bearer,
	}}, nil
}

// checkSerials rejects serials that are not those of units still out.
func (s *issueSlip) checkSerials(serials []string) error {
	if len(s.issued.Serials) == 0 {
		return nil
	}
	if len(serials) == 0 {
		return domain.Invalid("serials", "", "serials-required",
			"must be given: slip %s issued %v", "5.1.3", s.issued.Slip, s.issued.Serials)
	}
	for i, serial := range serials {
		at := fmt.Sprintf("serials[%d]", i)
		switch {
		case !slices.Contains(s.issued.Serials, serial):
			return domain.Invalid(at, serial, "other-serial",
				"is not one of those issued on slip %s: %v", "5.1.3", s.issued.Slip, s.issued.Serials)
		case slices.Contains(s.serials, serial):
			return domain.Conflict(at, serial, "returned-already", "came back on slip %s already", "5.1.3", s.issued.Slip)
		}
	}
	return nil
}
