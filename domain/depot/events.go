package depot

import (
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// Stream names the stream of one project's depot.
func Stream(id domain.ProjectID) string { return "depot-" + string(id) }

// Event is a fact about one depot.
//
//sumtype:decl
type Event interface {
	domain.Grounded
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
	// Shipment is the batch of faulty units that these came back from their
	// maker of; on a receipt from the maker only.
	Shipment domain.SlipID `json:"shipment,omitempty"`
	// SentSerials are the serials of the units as they were sent, in the order
	// of Serials: equal where a unit was repaired, other where it was replaced.
	SentSerials []string `json:"sentSerials,omitempty"`
	// Requisition is the one that units were purchased for (§5.2.3).
	Requisition domain.RequisitionID `json:"requisition,omitempty"`
}

// BackAs are the serials of units that came from their maker as they were sent:
// where the receipt does not say, they came back under their own.
func (e PartReceived) BackAs() []string {
	switch {
	case e.Source != FromMaker:
		return nil
	case len(e.SentSerials) == 0:
		return e.Serials
	}
	return e.SentSerials
}

// BringsBack reports whether a receipt names a unit that came from its maker, by
// one of its serials: that it was sent under, or that of the unit that came instead.
func (e PartReceived) BringsBack(serials ...string) bool {
	return slices.ContainsFunc(e.BackAs(), func(s string) bool { return slices.Contains(serials, s) })
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
	// Bearer is who bears the cost, by the frozen coverage of the F1 line; absent
	// where no line was known when the part left.
	Bearer policy.Bearer `json:"bearer,omitempty"`
}

// PartReturned brings unused units of an issue slip back into stock (退库), at
// the cost at which they were issued.
type PartReturned struct {
	Project    domain.ProjectID   `json:"project"`
	Slip       domain.SlipID      `json:"slip"`  // number of the return slip (退库单)
	Issue      domain.SlipID      `json:"issue"` // issue slip on which the units left
	Part       domain.PartCode    `json:"part"`
	Quantity   decimal.Decimal    `json:"quantity"`
	Value      money.Amount       `json:"value"`
	FaultLine  domain.FaultLineID `json:"faultLine,omitempty"` // as named by the issue slip
	Serials    []string           `json:"serials,omitempty"`
	ReturnedBy string             `json:"returnedBy"`
	ReturnedOn calendar.Date      `json:"returnedOn"`
	Bearer     policy.Bearer      `json:"bearer,omitempty"` // as on the issue slip
}

// PartTransferredOut sends units to another project's depot (调拨出库). They are
// on the way until that depot records their PartTransferredIn.
type PartTransferredOut struct {
	Project       domain.ProjectID `json:"project"`
	Transfer      domain.SlipID    `json:"transfer"` // number of the transfer slip (调拨单), unique in the company
	Part          domain.PartCode  `json:"part"`
	Quantity      decimal.Decimal  `json:"quantity"`
	Value         money.Amount     `json:"value"`
	Serials       []string         `json:"serials,omitempty"`
	To            domain.ProjectID `json:"to"`
	Reason        string           `json:"reason,omitempty"`
	TransferredOn calendar.Date    `json:"transferredOn"`
}

// PartTransferredIn takes the units of a transfer into stock (调拨入库), all of
// them and at the cost at which they left the other depot.
type PartTransferredIn struct {
	Project    domain.ProjectID `json:"project"`
	Transfer   domain.SlipID    `json:"transfer"`
	Part       domain.PartCode  `json:"part"`
	Quantity   decimal.Decimal  `json:"quantity"`
	Value      money.Amount     `json:"value"`
	Serials    []string         `json:"serials,omitempty"`
	From       domain.ProjectID `json:"from"`
	ReceivedOn calendar.Date    `json:"receivedOn"`
}

// FaultyUnitHandedIn puts the unit that was taken out of a project on the
// depot's shelf of faulty units (旧件交回). It has no book value: its cost left
// the books when it was issued.
type FaultyUnitHandedIn struct {
	Project    domain.ProjectID   `json:"project"`
	Slip       domain.SlipID      `json:"slip"` // number of the hand-in slip (旧件交回单)
	Part       domain.PartCode    `json:"part"`
	Quantity   decimal.Decimal    `json:"quantity"`
	Serials    []string           `json:"serials,omitempty"`
	FaultLine  domain.FaultLineID `json:"faultLine,omitempty"` // F1 line it was replaced by
	HandedInBy string             `json:"handedInBy"`
	HandedInOn calendar.Date      `json:"handedInOn"`
}

// FaultyUnitsShipped sends a batch of faulty units to their maker (返厂).
type FaultyUnitsShipped struct {
	Project        domain.ProjectID `json:"project"`
	Shipment       domain.SlipID    `json:"shipment"` // number of the batch
	Maker          string           `json:"maker"`
	Waybill        string           `json:"waybill,omitempty"`
	Units          []FaultyUnit     `json:"units"`
	ShippedOn      calendar.Date    `json:"shippedOn"`
	ExpectedBackOn calendar.Date    `json:"expectedBackOn,omitzero"`
}

// FaultyUnit is one line of a batch sent to a maker.
type FaultyUnit struct {
	Part      domain.PartCode    `json:"part"`
	Quantity  decimal.Decimal    `json:"quantity"`
	Serial    string             `json:"serial,omitempty"` // of a single unit
	FaultLine domain.FaultLineID `json:"faultLine,omitempty"`
	Return    domain.ReturnID    `json:"return,omitempty"` // process sheet F2 that follows it
}

// PartScrapped takes units away for good (报废): from stock at cost, or from the
// shelf of faulty units or at their maker at no cost.
type PartScrapped struct {
	Project    domain.ProjectID   `json:"project"`
	Slip       domain.SlipID      `json:"slip"` // number of the scrap slip (报废单)
	Part       domain.PartCode    `json:"part"`
	Condition  Condition          `json:"condition"`
	Quantity   decimal.Decimal    `json:"quantity"`
	Value      money.Amount       `json:"value"` // 0.00 for faulty units
	Serials    []string           `json:"serials,omitempty"`
	FaultLine  domain.FaultLineID `json:"faultLine,omitempty"` // F1 line that a faulty unit was replaced by
	Reason     string             `json:"reason"`
	ScrappedOn calendar.Date      `json:"scrappedOn"`
	// Shipment is the batch that units were sent with which their maker scrapped.
	Shipment domain.SlipID `json:"shipment,omitempty"`
}

// StockCounted is what somebody saw in the depot (盘点). It changes nothing by
// itself: what is entered later changes the book, not what was counted.
type StockCounted struct {
	Project   domain.ProjectID `json:"project"`
	Count     domain.SlipID    `json:"count"` // number of the count sheet (盘点表)
	Lines     []Counted        `json:"lines"`
	CountedBy string           `json:"countedBy"`
	Witness   string           `json:"witness,omitempty"` // 监盘人
	CountedOn calendar.Date    `json:"countedOn"`         // at the end of the day
	By        string           `json:"by"`                // who entered the sheet
}

// Counted is one line of a count sheet.
type Counted struct {
	Part    domain.PartCode `json:"part"`
	Counted decimal.Decimal `json:"counted"`
	Book    decimal.Decimal `json:"book"` // as the books stood for the end of CountedOn when the sheet was entered
	Serials []string        `json:"serials,omitempty"`
	Reason  string          `json:"reason,omitempty"` // for the difference
}

// StockAdjusted brings the book to what was counted (盘点调整): the explaining
// fact of a difference that no document will explain any more.
type StockAdjusted struct {
	Project    domain.ProjectID `json:"project"`
	Adjustment domain.SlipID    `json:"adjustment"`
	Count      domain.SlipID    `json:"count"` // count sheet that showed the difference
	Part       domain.PartCode  `json:"part"`
	Quantity   decimal.Decimal  `json:"quantity"` // negative for a shortage (盘亏)
	Value      money.Amount     `json:"value"`    // of the sign of Quantity
	Reason     string           `json:"reason"`
	AdjustedOn calendar.Date    `json:"adjustedOn"` // the day of the count
	By         string           `json:"by"`
}

func (PartReceived) EventType() string       { return "PartReceived" }
func (PartIssued) EventType() string         { return "PartIssued" }
func (PartReturned) EventType() string       { return "PartReturned" }
func (PartTransferredOut) EventType() string { return "PartTransferredOut" }
func (PartTransferredIn) EventType() string  { return "PartTransferredIn" }
func (FaultyUnitHandedIn) EventType() string { return "FaultyUnitHandedIn" }
func (FaultyUnitsShipped) EventType() string { return "FaultyUnitsShipped" }
func (PartScrapped) EventType() string       { return "PartScrapped" }
func (StockCounted) EventType() string       { return "StockCounted" }
func (StockAdjusted) EventType() string      { return "StockAdjusted" }

func (PartReceived) RestsOn() domain.Ground { return domain.Clause("5.2.3") }
func (PartIssued) RestsOn() domain.Ground   { return domain.Clause("5.1.3") }
func (PartReturned) RestsOn() domain.Ground { return domain.Clause("5.1.3") }
func (PartTransferredOut) RestsOn() domain.Ground {
	return domain.Silent("stock moves between depots, and away, by the books of the depots alone")
}
func (PartTransferredIn) RestsOn() domain.Ground {
	return domain.Silent("stock moves between depots, and away, by the books of the depots alone")
}
func (FaultyUnitHandedIn) RestsOn() domain.Ground { return domain.Clause("5.2.1") }
func (FaultyUnitsShipped) RestsOn() domain.Ground { return domain.Clause("5.2.1") }
func (PartScrapped) RestsOn() domain.Ground {
	return domain.Silent("stock moves between depots, and away, by the books of the depots alone")
}
func (StockCounted) RestsOn() domain.Ground  { return domain.Clause("5.1.3") }
func (StockAdjusted) RestsOn() domain.Ground { return domain.Clause("5.1.3") }

func (PartReceived) depotEvent()       {}
func (PartIssued) depotEvent()         {}
func (PartReturned) depotEvent()       {}
func (PartTransferredOut) depotEvent() {}
func (PartTransferredIn) depotEvent()  {}
func (FaultyUnitHandedIn) depotEvent() {}
func (FaultyUnitsShipped) depotEvent() {}
func (PartScrapped) depotEvent()       {}
func (StockCounted) depotEvent()       {}
func (StockAdjusted) depotEvent()      {}

// Source says where received units come from.
type Source string

const (
	OpeningStock Source = "OPENING"  // 期初
	Purchase     Source = "PURCHASE" // 采购
	FromMaker    Source = "MAKER"    // 返修入库
)

// Condition says from where units are scrapped.
type Condition string

const (
	Good    Condition = "GOOD"     // 良品: from stock
	Faulty  Condition = "FAULTY"   // 坏件: from the shelf of faulty units
	AtMaker Condition = "AT_MAKER" // 厂家报废: by their maker, who had them
)
