// Package repair follows one device to its maker and back on a process sheet
// F2 (售后服务处理流程表), §5.2.1.
package repair

import (
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Stream names the stream of one process sheet.
func Stream(id domain.ReturnID) string { return "return-" + string(id) }

// Event is a fact about one process sheet.
//
//sumtype:decl
type Event interface {
	domain.Event
	returnEvent()
}

// ReturnOpened is a process sheet filed for a device that its maker shall repair.
type ReturnOpened struct {
	Return    domain.ReturnID    `json:"return"`
	Project   domain.ProjectID   `json:"project"`
	Ticket    domain.TicketID    `json:"ticket,omitempty"`
	FaultLine domain.FaultLineID `json:"faultLine,omitempty"`
	Part      domain.PartCode    `json:"part"`
	Serial    string             `json:"serial,omitempty"`
	Maker     string             `json:"maker"`
	Fault     string             `json:"fault"`
	OpenedOn  calendar.Date      `json:"openedOn"`
}

// DeviceShipped is the device on its way from the team to the maker.
type DeviceShipped struct {
	Return         domain.ReturnID `json:"return"`
	Waybill        string          `json:"waybill,omitempty"`
	ShippedOn      calendar.Date   `json:"shippedOn"`
	ExpectedBackOn calendar.Date   `json:"expectedBackOn,omitzero"`
}

// DeviceReturned is the end of the device's journey.
type DeviceReturned struct {
	Return    domain.ReturnID `json:"return"`
	Result    Result          `json:"result"`
	NewSerial string          `json:"newSerial,omitempty"` // of the unit that came instead
	Remark    string          `json:"remark,omitempty"`
	On        calendar.Date   `json:"on"`
}

func (ReturnOpened) EventType() string   { return "ReturnOpened" }
func (DeviceShipped) EventType() string  { return "DeviceShipped" }
func (DeviceReturned) EventType() string { return "DeviceReturned" }

func (ReturnOpened) returnEvent()   {}
func (DeviceShipped) returnEvent()  {}
func (DeviceReturned) returnEvent() {}

// Result of a device's journey (§5.2.1).
type Result string

const (
	Repaired Result = "REPAIRED" // 修复
	Replaced Result = "REPLACED" // 换新
	Scrapped Result = "SCRAPPED" // 报废
	NotBack  Result = "NOT_BACK" // 未返回: given up
)

// Results lists the results.
func Results() []Result { return []Result{Repaired, Replaced, Scrapped, NotBack} }

// Return is the state of one process sheet.
type Return struct {
	opened    ReturnOpened
	shippedOn calendar.Date
	result    Result
}

// Open is the command that files a process sheet.
type Open ReturnOpened

// Open files a process sheet for a device. A sheet is filed once.
func (r *Return) Open(c Open, today calendar.Date) ([]Event, error) {
	if r.exists() {
		return nil, domain.Conflict("return", string(c.Return), "return-exists",
			fmt.Sprintf("was filed already, for part %s of project %s", r.opened.Part, r.opened.Project), "5.2.1")
	}
	if err := domain.FirstError(
		domain.CheckID("return", c.Return),
		domain.CheckID("part", c.Part),
		domain.CheckText("serial", c.Serial, false),
		domain.CheckText("maker", c.Maker, true),
		domain.CheckText("fault", c.Fault, true),
		c.OpenedOn.CheckPast("openedOn", today),
	); err != nil {
		return nil, err
	}
	return []Event{ReturnOpened(c)}, nil
}

// Ship is the command that sends the device to its maker.
type Ship DeviceShipped

// Ship records that the team sent the device directly to its maker.
func (r *Return) Ship(c Ship, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		r.mustExist(c.Return),
		domain.CheckText("waybill", c.Waybill, false),
		c.ShippedOn.CheckPast("shippedOn", today),
	); err != nil {
		return nil, err
	}
	if !r.shippedOn.IsZero() {
		return nil, domain.Conflict("return", string(c.Return), "already-shipped",
			"was shipped on "+r.shippedOn.String(), "5.2.1")
	}
	if c.ShippedOn.Before(r.opened.OpenedOn) {
		return nil, domain.Invalid("shippedOn", c.ShippedOn.String(), "before-filing",
			"must not lie before the sheet was filed, "+r.opened.OpenedOn.String(), "5.2.1")
	}
	if !c.ExpectedBackOn.IsZero() && c.ExpectedBackOn.Before(c.ShippedOn) {
		return nil, domain.Invalid("expectedBackOn", c.ExpectedBackOn.String(), "before-shipment",
			"must not lie before the shipment, "+c.ShippedOn.String(), "5.2.1")
	}
	return []Event{DeviceShipped(c)}, nil
}

// Finish is the command that ends the device's journey.
type Finish DeviceReturned

// Finish records what became of the device.
func (r *Return) Finish(c Finish, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		r.mustExist(c.Return),
		domain.CheckText("newSerial", c.NewSerial, c.Result == Replaced),
		domain.CheckText("remark", c.Remark, false),
		c.On.CheckPast("on", today),
	); err != nil {
		return nil, err
	}
	switch {
	case !slices.Contains(Results(), c.Result):
		return nil, domain.Invalid("result", string(c.Result), "unknown-result", fmt.Sprintf("must be one of %v", Results()), "5.2.1")
	case r.shippedOn.IsZero():
		return nil, domain.Conflict("return", string(c.Return), "not-shipped", "has not been shipped to its maker", "5.2.1")
	case r.result != "":
		return nil, domain.Conflict("return", string(c.Return), "already-finished", fmt.Sprintf("ended as %s", r.result), "5.2.1")
	case c.On.Before(r.shippedOn):
		return nil, domain.Invalid("on", c.On.String(), "before-shipment",
			"must not lie before the shipment, "+r.shippedOn.String(), "5.2.1")
	}
	return []Event{DeviceReturned(c)}, nil
}

// Evolve folds an event into the process sheet.
func (r *Return) Evolve(e Event) {
	switch e := e.(type) {
	case ReturnOpened:
		r.opened = e
	case DeviceShipped:
		r.shippedOn = e.ShippedOn
	case DeviceReturned:
		r.result = e.Result
	}
}

func (r *Return) exists() bool { return r.opened.Return != "" }

func (r *Return) mustExist(id domain.ReturnID) error {
	if !r.exists() {
		return domain.NotFound("return", string(id), "unknown-return", "is not a filed process sheet")
	}
	return nil
}
