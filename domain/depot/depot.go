// Package depot keeps a project's stock of parts: what came in, what was
// issued against which line of the fault record, and what remains.
package depot

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Stream names the stream of one project's depot.
func Stream(id domain.ProjectID) string { return "depot-" + string(id) }

// Event is a fact about one depot.
//
//sumtype:decl
type Event interface {
	domain.Event
	depotEvent()
}

// PartReceived brings units of a part into stock.
type PartReceived struct {
	Project    domain.ProjectID `json:"project"`
	Receipt    domain.SlipID    `json:"receipt"`
	Part       domain.PartCode  `json:"part"`
	Quantity   decimal.Decimal  `json:"quantity"`
	Value      money.Amount     `json:"value"` // cost of all units together
	Source     Source           `json:"source"`
	Serials    []string         `json:"serials,omitempty"`
	ReceivedOn calendar.Date    `json:"receivedOn"`
	// Requisition is the one that units were purchased for (§5.2.3).
	Requisition domain.RequisitionID `json:"requisition,omitempty"`
}

// PartIssued takes units of a part out of stock on an issue slip (出库单).
type PartIssued struct {
	Project   domain.ProjectID   `json:"project"`
	Slip      domain.SlipID      `json:"slip"`
	Part      domain.PartCode    `json:"part"`
	Asked     decimal.Decimal    `json:"asked"`
	Quantity  decimal.Decimal    `json:"quantity"` // actually issued
	Value     money.Amount       `json:"value"`    // cost by moving average
	Taker     string             `json:"taker"`
	FaultLine domain.FaultLineID `json:"faultLine,omitempty"` // F1 line it is for; absent where none was given
	Serials   []string           `json:"serials,omitempty"`
	Override  string             `json:"override,omitempty"` // reason for a second issue against one F1 line
	IssuedOn  calendar.Date      `json:"issuedOn"`
}

func (PartReceived) EventType() string { return "PartReceived" }
func (PartIssued) EventType() string   { return "PartIssued" }
func (PartReceived) depotEvent()       {}
func (PartIssued) depotEvent()         {}

// Source says where received units come from.
type Source string

const (
	OpeningStock Source = "OPENING"  // 期初
	Purchase     Source = "PURCHASE" // 采购
	FromMaker    Source = "MAKER"    // 返修入库
)

// Depot is the state of one project's stock.
type Depot struct {
	stock    map[domain.PartCode]holding
	receipts map[domain.SlipID]bool
	slips    map[domain.SlipID]bool
	issued   map[domain.FaultLineID]domain.SlipID // the first slip issued against a line
}

// holding is kept at moving average cost: every unit of a part in a depot is
// worth value / quantity, whatever it once cost.
type holding struct {
	quantity decimal.Decimal
	value    money.Amount
}

// Receive is the command that brings units into stock.
type Receive PartReceived

// Receive brings units into stock. The number of a goods received note is used
// once in a depot.
func (d *Depot) Receive(c Receive, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckID("receipt", c.Receipt),
		domain.CheckID("part", c.Part),
		money.CheckQuantity("quantity", c.Quantity),
		checkSerials(c.Serials, c.Quantity),
		c.ReceivedOn.CheckPast("receivedOn", today),
	); err != nil {
		return nil, err
	}
	switch {
	case c.Value.Sign() < 0 || money.Max.Less(c.Value):
		return nil, domain.Invalid("value", c.Value.String(), "bad-value", fmt.Sprintf("must be between 0.00 and %s yuan", money.Max), "")
	case !slices.Contains([]Source{OpeningStock, Purchase, FromMaker}, c.Source):
		return nil, domain.Invalid("source", string(c.Source), "unknown-source", "must be OPENING, PURCHASE or MAKER", "")
	case money.Max.Less(d.stock[c.Part].value.Add(c.Value)):
		return nil, domain.Conflict("value", c.Value.String(), "holding-too-large",
			fmt.Sprintf("would bring the units of %s in stock above %s yuan", c.Part, money.Max), "")
	case d.receipts[c.Receipt]:
		return nil, domain.Conflict("receipt", string(c.Receipt), "receipt-exists", "was entered already in this depot", "")
	}
	return []Event{PartReceived(c)}, nil
}

// Issue is the command that takes units out of stock.
type Issue struct {
	Project   domain.ProjectID
	Slip      domain.SlipID
	Part      domain.PartCode
	Asked     decimal.Decimal
	Quantity  decimal.Decimal
	Taker     string
	FaultLine domain.FaultLineID
	Serials   []string
	Override  string
	IssuedOn  calendar.Date
}

// Issue takes units out of stock: never more than are there, and once per line
// of the fault record unless a reason overrides it. An issue that names no F1
// line is accepted, since the part is gone either way; the audit shows it.
func (d *Depot) Issue(c Issue, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckID("slip", c.Slip),
		domain.CheckID("part", c.Part),
		money.CheckQuantity("asked", c.Asked),
		money.CheckQuantity("quantity", c.Quantity),
		domain.CheckText("taker", c.Taker, true),
		domain.CheckText("override", c.Override, false),
		checkSerials(c.Serials, c.Quantity),
		c.IssuedOn.CheckPast("issuedOn", today),
	); err != nil {
		return nil, err
	}
	if c.FaultLine != "" {
		if err := domain.CheckID("faultLine", c.FaultLine); err != nil {
			return nil, err
		}
	}
	if d.slips[c.Slip] {
		return nil, domain.Conflict("slip", string(c.Slip), "slip-exists", "was entered already in this depot", "5.1.3")
	}
	if first, again := d.issued[c.FaultLine]; again && c.FaultLine != "" && c.Override == "" {
		return nil, domain.Conflict("faultLine", string(c.FaultLine), "issued-already",
			fmt.Sprintf("was issued against already on slip %s; a second issue needs an override with its reason", first), "5.1.3")
	}
	h := d.stock[c.Part]
	if c.Quantity.GreaterThan(h.quantity) {
		return nil, domain.Conflict("quantity", c.Quantity.String(), "above-stock",
			fmt.Sprintf("exceeds the %s units of %s in stock", h.quantity, c.Part), "5.1.3")
	}
	return []Event{PartIssued{
		Project: c.Project, Slip: c.Slip, Part: c.Part, Asked: c.Asked, Quantity: c.Quantity, Value: h.cost(c.Quantity),
		Taker: c.Taker, FaultLine: c.FaultLine, Serials: c.Serials, Override: c.Override, IssuedOn: c.IssuedOn,
	}}, nil
}

// cost is the value of q of the units held; the last units take what is left,
// so that an empty holding is worth nothing.
func (h holding) cost(q decimal.Decimal) money.Amount {
	const milli = money.MaxQuantityDecimals
	return h.value.Share(q.Shift(milli).IntPart(), h.quantity.Shift(milli).IntPart())
}

func checkSerials(serials []string, quantity decimal.Decimal) error {
	if len(serials) == 0 {
		return nil
	}
	if !quantity.Equal(decimal.NewFromInt(int64(len(serials)))) {
		return domain.Invalid("serials", fmt.Sprint(len(serials)), "serial-count",
			fmt.Sprintf("must be as many as the units, %s", quantity), "")
	}
	seen := make(map[string]bool, len(serials))
	for i, s := range serials {
		field := fmt.Sprintf("serials[%d]", i)
		if err := domain.CheckText(field, s, true); err != nil {
			return err
		}
		if seen[s] {
			return domain.Invalid(field, s, "serial-twice", "must stand once on a document", "")
		}
		seen[s] = true
	}
	return nil
}

// Evolve folds an event into the depot.
func (d *Depot) Evolve(e Event) {
	if d.stock == nil {
		d.stock = make(map[domain.PartCode]holding)
		d.receipts = make(map[domain.SlipID]bool)
		d.slips = make(map[domain.SlipID]bool)
		d.issued = make(map[domain.FaultLineID]domain.SlipID)
	}
	switch e := e.(type) {
	case PartReceived:
		h := d.stock[e.Part]
		d.stock[e.Part] = holding{h.quantity.Add(e.Quantity), h.value.Add(e.Value)}
		d.receipts[e.Receipt] = true
	case PartIssued:
		h := d.stock[e.Part]
		d.stock[e.Part] = holding{h.quantity.Sub(e.Quantity), h.value.Sub(e.Value)}
		d.slips[e.Slip] = true
		if _, again := d.issued[e.FaultLine]; !again && e.FaultLine != "" {
			d.issued[e.FaultLine] = e.Slip
		}
	}
}

// InStock returns the units of a part on hand and their value.
func (d *Depot) InStock(p domain.PartCode) (decimal.Decimal, money.Amount) {
	h := d.stock[p]
	return h.quantity, h.value
}
