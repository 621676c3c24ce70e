// Package repair follows one device to its maker and back on a process sheet
// F2 (售后服务处理流程表), §5.2.1: the gates it passes before it leaves, what
// the maker asks and who allowed it, every follow-up, and the result. The other
// kind of sheet states a compensation (§5.3.2).
package repair

import (
	"maps"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Stream names the stream of one process sheet.
func Stream(id domain.ReturnID) string { return "return-" + string(id) }

// Event is a fact about one process sheet.
//
//sumtype:decl
type Event interface {
	domain.Grounded
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
	// Cost is what is known when the sheet is filed; absent from sheets that
	// were filed before there were gates.
	Cost    Cost   `json:"cost,omitzero"`
	Region  string `json:"region,omitempty"` // of the project, whose admin follows the device
	FiledBy string `json:"filedBy,omitempty"`
	GoesTo  Gate   `json:"goesTo,omitempty"`
}

// DeviceShipped is the device on its way from the team to the maker.
type DeviceShipped struct {
	Return         domain.ReturnID `json:"return"`
	Waybill        string          `json:"waybill,omitempty"`
	ShippedOn      calendar.Date   `json:"shippedOn"`
	ExpectedBackOn calendar.Date   `json:"expectedBackOn,omitzero"`
}

// ReturnFollowedUp is a word with the maker about a device that it still has.
type ReturnFollowedUp struct {
	Return         domain.ReturnID `json:"return"`
	Contact        string          `json:"contact"` // who was spoken with
	Note           string          `json:"note"`
	ExpectedBackOn calendar.Date   `json:"expectedBackOn,omitzero"` // as promised now; absent: as before
	On             calendar.Date   `json:"on"`
	By             string          `json:"by"`
}

// DeviceReturned is the end of the device's journey.
type DeviceReturned struct {
	Return    domain.ReturnID `json:"return"`
	Result    Result          `json:"result"`
	NewSerial string          `json:"newSerial,omitempty"` // of the unit that came instead
	Remark    string          `json:"remark,omitempty"`
	On        calendar.Date   `json:"on"`
}

func (ReturnOpened) EventType() string     { return "ReturnOpened" }
func (DeviceShipped) EventType() string    { return "DeviceShipped" }
func (DeviceReturned) EventType() string   { return "DeviceReturned" }
func (ReturnFollowedUp) EventType() string { return "ReturnFollowedUp" }

func (ReturnOpened) RestsOn() domain.Ground     { return domain.Clause("5.2.1") }
func (DeviceShipped) RestsOn() domain.Ground    { return domain.Clause("5.2.1") }
func (DeviceReturned) RestsOn() domain.Ground   { return domain.Clause("5.2.1") }
func (ReturnFollowedUp) RestsOn() domain.Ground { return domain.Clause("5.2.1") }

func (ReturnOpened) returnEvent()     {}
func (DeviceShipped) returnEvent()    {}
func (DeviceReturned) returnEvent()   {}
func (ReturnFollowedUp) returnEvent() {}

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
	opened  ReturnOpened
	sheet   *CompensationSheetFiled // of the other kind
	shipped DeviceShipped
	result  Result

	bears      Cost
	submitters []string
	passed     map[Gate]pass
	rejected   *ReturnRejected // until it is put forward again
	quoted     *RepairQuoted   // last
	letter     *ConfirmationLetterConfirmed
	claim      *RepairPaymentRequested
}

// Open is the command that files a process sheet.
type Open ReturnOpened

// Open files a process sheet for a device, with what is known of the cost:
// nothing, borne by us, where the sheet does not say. A sheet is filed once.
func (r *Return) Open(c Open, today calendar.Date) ([]Event, error) {
	if r.exists() {
		return nil, domain.Conflict("return", string(c.Return), "return-exists",
			"was filed already, on %s", "5.2.1", r.filedOn())
	}
	if c.Cost.Bearer == "" {
		c.Cost.Bearer = ByUs
	}
	if err := domain.FirstError(
		domain.CheckID("return", c.Return),
		domain.CheckID("part", c.Part),
		domain.CheckText("serial", c.Serial, false),
		domain.CheckText("maker", c.Maker, true),
		domain.CheckText("fault", c.Fault, true),
		c.OpenedOn.CheckPast("openedOn", today),
		c.Cost.check(),
	); err != nil {
		return nil, err
	}
	c.GoesTo = CityTechLead
	return []Event{ReturnOpened(c)}, nil
}

// Ship is the command that sends the device to its maker.
type Ship DeviceShipped

// Ship records that the team sent the device directly to its maker, once every
// gate that applies has passed its sheet.
func (r *Return) Ship(c Ship, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		r.mustBeRepair(c.Return),
		domain.CheckText("waybill", c.Waybill, false),
		c.ShippedOn.CheckPast("shippedOn", today),
	); err != nil {
		return nil, err
	}
	if !r.shipped.ShippedOn.IsZero() {
		return nil, domain.Conflict("return", string(c.Return), "already-shipped",
			"was shipped already, on %s", "5.2.1", r.shipped.ShippedOn)
	}
	if c.ShippedOn.Before(r.opened.OpenedOn) {
		return nil, domain.Invalid("shippedOn", c.ShippedOn.String(), "before-filing",
			"must not lie before the sheet was filed, %s", "5.2.1", r.opened.OpenedOn)
	}
	if !c.ExpectedBackOn.IsZero() && c.ExpectedBackOn.Before(c.ShippedOn) {
		return nil, domain.Invalid("expectedBackOn", c.ExpectedBackOn.String(), "before-shipment",
			"must not lie before the shipment, %s", "5.2.1", c.ShippedOn)
	}
	if err := r.mustBePassed(c.Return, "5.2.1"); err != nil {
		return nil, err
	}
	return []Event{DeviceShipped(c)}, nil
}

// FollowUp is the command that notes a word with the maker.
type FollowUp ReturnFollowedUp

// FollowUp notes a word with the maker about a device that it has.
func (r *Return) FollowUp(c FollowUp, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		r.mustBeAway(c.Return),
		domain.CheckText("contact", c.Contact, true),
		domain.CheckText("note", c.Note, true),
		c.On.CheckPast("on", today),
		r.notBeforeShipment("on", c.On),
	); err != nil {
		return nil, err
	}
	if !c.ExpectedBackOn.IsZero() && c.ExpectedBackOn.Before(c.On) {
		return nil, domain.Invalid("expectedBackOn", c.ExpectedBackOn.String(), "before-follow-up",
			"must not lie before the day it was promised, %s", "5.2.1", c.On)
	}
	return []Event{ReturnFollowedUp(c)}, nil
}

// Finish is the command that ends the device's journey.
type Finish DeviceReturned

// Finish records what became of the device.
func (r *Return) Finish(c Finish, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		r.mustBeRepair(c.Return),
		domain.CheckText("newSerial", c.NewSerial, c.Result == Replaced),
		domain.CheckText("remark", c.Remark, false),
		c.On.CheckPast("on", today),
	); err != nil {
		return nil, err
	}
	if !slices.Contains(Results(), c.Result) {
		return nil, domain.Invalid("result", string(c.Result), "unknown-result", "must be one of %v", "5.2.1", Results())
	}
	if c.Result == Replaced && c.NewSerial == r.opened.Serial {
		return nil, domain.Invalid("newSerial", c.NewSerial, "same-serial",
			"is the serial of the unit that was sent; a replacement has another", "5.2.1")
	}
	if err := domain.FirstError(r.mustBeAway(c.Return), r.notBeforeShipment("on", c.On)); err != nil {
		return nil, err
	}
	return []Event{DeviceReturned(c)}, nil
}

// Evolve folds an event into the process sheet.
func (r *Return) Evolve(e Event) {
	switch e := e.(type) {
	case ReturnOpened:
		r.opened, r.bears = e, e.Cost
		r.submitted(e.FiledBy)
	case CompensationSheetFiled:
		r.sheet = &e
		r.submitted(e.By)
	case ReturnReviewed:
		r.pass(e.Gate, pass{e.By, e.Amount})
	case ReturnApproved:
		r.pass(e.Gate, pass{e.By, e.Amount})
	case ReturnRejected:
		r.rejected = &e
		r.withdraw()
	case ReturnResubmitted:
		r.rejected, r.bears, r.opened.Fault = nil, e.Cost, e.Fault
		r.submitted(e.By)
	case DeviceShipped:
		r.shipped = e
	case DeviceReturned:
		r.result = e.Result
	case RepairQuoted:
		r.quoted, r.letter = &e, nil
		if !r.shipped.ShippedOn.IsZero() {
			r.rejected = nil // the maker asks something else now
		}
	case ConfirmationLetterConfirmed:
		r.letter = &e
	case RepairPaymentRequested:
		r.claim = &e
	case RepairPaymentReleased:
		r.claim = nil
	case ReturnFollowedUp:
	}
}

func (r *Return) submitted(by string) {
	if by != "" {
		r.submitters = append(r.submitters, by)
	}
}

func (r *Return) pass(g Gate, p pass) {
	if r.passed == nil {
		r.passed = make(map[Gate]pass)
	}
	r.passed[g] = p
}

// withdraw takes back what a rejected sheet had passed: everything, or, of a
// device on its way, the review of what the department manager did not approve.
func (r *Return) withdraw() {
	if r.shipped.ShippedOn.IsZero() {
		r.passed = nil
		return
	}
	if p, ok := r.passed[HQAffairs]; ok {
		r.passed[HQAffairs] = pass{p.by, money.Min(p.amount, r.approved())}
	}
}

// clone is a copy that can be folded ahead.
func (r *Return) clone() *Return {
	ahead := *r
	ahead.passed, ahead.submitters = maps.Clone(r.passed), slices.Clone(r.submitters)
	return &ahead
}

func (r *Return) id() domain.ReturnID {
	if r.sheet != nil {
		return r.sheet.Return
	}
	return r.opened.Return
}

func (r *Return) exists() bool { return r.id() != "" }

func (r *Return) filedOn() calendar.Date {
	if r.sheet != nil {
		return r.sheet.FiledOn
	}
	return r.opened.OpenedOn
}

// Project returns the project whose device is repaired.
func (r *Return) Project(id domain.ReturnID) (domain.ProjectID, error) {
	return r.opened.Project, r.mustBeRepair(id)
}

func (r *Return) mustExist(id domain.ReturnID) error {
	if !r.exists() {
		return domain.NotFound("return", string(id), "unknown-return", "is not a filed process sheet")
	}
	return nil
}

func (r *Return) mustBeRepair(id domain.ReturnID) error {
	if r.sheet != nil {
		return domain.Conflict("return", string(id), "compensation-sheet", "states a compensation; no device travels on it",
			"5.3.2")
	}
	return r.mustExist(id)
}

// mustBeAway rejects a device that its maker does not have.
func (r *Return) mustBeAway(id domain.ReturnID) error {
	if err := r.mustBeRepair(id); err != nil {
		return err
	}
	switch {
	case r.shipped.ShippedOn.IsZero():
		return domain.Conflict("return", string(id), "not-shipped", "has not been shipped to its maker", "5.2.1")
	case r.result != "":
		return domain.Conflict("return", string(id), "already-finished", "has ended already, as %s", "5.2.1", r.result)
	}
	return nil
}

func (r *Return) notBeforeShipment(field string, on calendar.Date) error {
	if on.Before(r.shipped.ShippedOn) {
		return domain.Invalid(field, on.String(), "before-shipment",
			"must not lie before the shipment, %s", "5.2.1", r.shipped.ShippedOn)
	}
	return nil
}

// Lies says where the sheet lies: in its project and, of a compensation, with the
// center that it is charged to.
func (s *Return) Lies() (at access.Place, ok bool) {
	if s.sheet != nil {
		return access.Place{Project: s.sheet.Project, Center: s.sheet.Center}, true
	}
	return access.Place{Project: s.opened.Project}, s.opened.Return != ""
}
