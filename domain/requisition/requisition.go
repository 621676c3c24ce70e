// Package requisition buys material for after-sales on a requisition
// (物资申请单), §5.2.3: the project leader asks, the tech group, the HQ affairs
// supervisor and the materials planner review in any order [D], the department
// manager approves, the purchasing admin orders, and what arrives enters the
// project's stock.
package requisition

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
)

// Stream names the stream of one requisition.
func Stream(id domain.RequisitionID) string { return "requisition-" + string(id) }

// Event is a fact about one requisition.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	requisitionEvent()
}

// Gate is one of the people a requisition passes.
type Gate string

const (
	TechGroup         Gate = "TECH_GROUP"         // 技术组
	HQAffairs         Gate = "HQ_AFFAIRS"         // 本部事务主管
	MaterialsPlanner  Gate = "MATERIALS_PLANNER"  // 物资计划管理员
	DepartmentManager Gate = "DEPARTMENT_MANAGER" // 部门经理: approves once all three have reviewed
)

// reviews are the gates that review, in any order.
var reviews = []Gate{TechGroup, HQAffairs, MaterialsPlanner}

// GateOf returns the gate that a role keeps, none for most.
func GateOf(r domain.Role) (Gate, error) {
	switch r {
	case domain.TechGroupLead:
		return TechGroup, nil
	case domain.HQAffairsSupervisor:
		return HQAffairs, nil
	case domain.MaterialsPlanner:
		return MaterialsPlanner, nil
	case domain.DepartmentManager:
		return DepartmentManager, nil
	}
	return "", domain.Forbidden("role", string(r), "keeps-no-gate", "neither reviews nor approves requisitions", "5.2.3")
}

// Line is one kind of material asked for.
type Line struct {
	Part     domain.PartCode `json:"part"`
	Name     string          `json:"name"`
	Quantity decimal.Decimal `json:"quantity"`
	Estimate money.Amount    `json:"estimate"` // cost of all units together
	Purpose  string          `json:"purpose"`
}

// MaterialRequested is a requisition as its project leader wrote it.
type MaterialRequested struct {
	Requisition domain.RequisitionID `json:"requisition"`
	Project     domain.ProjectID     `json:"project"`
	Region      string               `json:"region"`
	Lines       []Line               `json:"lines"`
	Total       money.Amount         `json:"total"`
	RequestedOn calendar.Date        `json:"requestedOn"`
	By          string               `json:"by"`
}

// RequisitionReviewed is one of the three reviews.
type RequisitionReviewed struct {
	Requisition domain.RequisitionID `json:"requisition"`
	Gate        Gate                 `json:"gate"`
	Note        string               `json:"note,omitempty"`
	On          calendar.Date        `json:"on"`
	By          string               `json:"by"`
	GoesTo      []Gate               `json:"goesTo,omitempty"` // whom it waits for now
}

// RequisitionApproved is the department manager's word: so much may be bought.
type RequisitionApproved struct {
	Requisition domain.RequisitionID `json:"requisition"`
	Amount      money.Amount         `json:"amount"`
	Note        string               `json:"note,omitempty"`
	On          calendar.Date        `json:"on"`
	By          string               `json:"by"`
}

// RequisitionRejected sends a requisition back to the project.
type RequisitionRejected struct {
	Requisition domain.RequisitionID `json:"requisition"`
	Gate        Gate                 `json:"gate"`
	Reason      string               `json:"reason"`
	On          calendar.Date        `json:"on"`
	By          string               `json:"by"`
}

// RequisitionResubmitted puts a rejected requisition forward again, as it
// reads now: to all reviews.
type RequisitionResubmitted struct {
	Requisition domain.RequisitionID `json:"requisition"`
	Lines       []Line               `json:"lines"`
	Total       money.Amount         `json:"total"`
	Note        string               `json:"note"`
	On          calendar.Date        `json:"on"`
	By          string               `json:"by"`
}

// Ordered is one kind of material bought.
type Ordered struct {
	Part     domain.PartCode `json:"part"`
	Quantity decimal.Decimal `json:"quantity"`
	Price    money.Amount    `json:"price"` // of all units together
}

// PurchaseOrdered is an order to a supplier.
type PurchaseOrdered struct {
	Requisition domain.RequisitionID `json:"requisition"`
	Order       domain.OrderID       `json:"order"`
	Supplier    string               `json:"supplier"`
	Lines       []Ordered            `json:"lines"`
	Total       money.Amount         `json:"total"`
	OrderedOn   calendar.Date        `json:"orderedOn"`
	ExpectedOn  calendar.Date        `json:"expectedOn,omitzero"`
	By          string               `json:"by"`
}

// PurchaseReceived is material that arrived; the depot has the receipt.
type PurchaseReceived struct {
	Requisition domain.RequisitionID `json:"requisition"`
	Project     domain.ProjectID     `json:"project"`
	Receipt     domain.SlipID        `json:"receipt"` // goods received note of the depot
	Part        domain.PartCode      `json:"part"`
	Quantity    decimal.Decimal      `json:"quantity"`
	Value       money.Amount         `json:"value"`
	ReceivedOn  calendar.Date        `json:"receivedOn"`
	By          string               `json:"by"`
}

func (MaterialRequested) EventType() string      { return "MaterialRequested" }
func (RequisitionReviewed) EventType() string    { return "RequisitionReviewed" }
func (RequisitionApproved) EventType() string    { return "RequisitionApproved" }
func (RequisitionRejected) EventType() string    { return "RequisitionRejected" }
func (RequisitionResubmitted) EventType() string { return "RequisitionResubmitted" }
func (PurchaseOrdered) EventType() string        { return "PurchaseOrdered" }
func (PurchaseReceived) EventType() string       { return "PurchaseReceived" }

func (MaterialRequested) RestsOn() domain.Ground      { return domain.Clause("5.2.3") }
func (RequisitionReviewed) RestsOn() domain.Ground    { return domain.Clause("5.2.3") }
func (RequisitionApproved) RestsOn() domain.Ground    { return domain.Clause("5.2.3") }
func (RequisitionRejected) RestsOn() domain.Ground    { return domain.Clause("5.2.3") }
func (RequisitionResubmitted) RestsOn() domain.Ground { return domain.Clause("5.2.3") }
func (PurchaseOrdered) RestsOn() domain.Ground        { return domain.Clause("5.2.3") }
func (PurchaseReceived) RestsOn() domain.Ground       { return domain.Clause("5.2.3") }

func (MaterialRequested) requisitionEvent()      {}
func (RequisitionReviewed) requisitionEvent()    {}
func (RequisitionApproved) requisitionEvent()    {}
func (RequisitionRejected) requisitionEvent()    {}
func (RequisitionResubmitted) requisitionEvent() {}
func (PurchaseOrdered) requisitionEvent()        {}
func (PurchaseReceived) requisitionEvent()       {}

// Requisition is the state of one requisition.
type Requisition struct {
	asked      MaterialRequested
	lines      []Line
	total      money.Amount
	submitters []string
	passed     map[Gate]string // by whom
	approved   money.Amount
	rejected   *RequisitionRejected
	orders     map[domain.OrderID]bool
	ordered    map[domain.PartCode]decimal.Decimal
	spent      money.Amount // on orders
	received   map[domain.PartCode]decimal.Decimal
	receipts   map[domain.SlipID]bool
}

// Request is the command that asks for material.
type Request struct {
	Requisition domain.RequisitionID `json:"requisition,omitzero"`
	Project     domain.ProjectID     `json:"project,omitzero"`
	Region      string               `json:"region,omitzero"`
	Lines       []Line               `json:"lines,omitzero"`
	By          string               `json:"by,omitzero"`
}

// Request asks for material. A requisition is made once.
func (r *Requisition) Request(c Request, today calendar.Date) ([]Event, error) {
	if r.exists() {
		return nil, domain.Conflict("requisition", string(c.Requisition), "requisition-exists",
			"was made already, on %s for project %s", "5.2.3", r.asked.RequestedOn, r.asked.Project)
	}
	if err := domain.CheckID("requisition", c.Requisition); err != nil {
		return nil, err
	}
	total, err := checkLines(c.Lines)
	if err != nil {
		return nil, err
	}
	return []Event{MaterialRequested{
		Requisition: c.Requisition, Project: c.Project, Region: c.Region, Lines: c.Lines, Total: total, RequestedOn: today,
		By: c.By,
	}}, nil
}

// maxLines keeps a requisition within one append.
const maxLines = 50

func checkLines(lines []Line) (total money.Amount, err error) {
	if err := domain.CheckEntries("lines", "bad-lines", len(lines), maxLines, "5.2.3"); err != nil {
		return total, err
	}
	seen := make(map[domain.PartCode]bool, len(lines))
	for i, l := range lines {
		field := func(name string) string { return fmt.Sprintf("lines[%d].%s", i, name) }
		if err := domain.FirstError(
			domain.CheckID(field("part"), l.Part),
			domain.CheckText(field("name"), l.Name, true),
			money.CheckQuantity(field("quantity"), l.Quantity),
			l.Estimate.CheckPositive(field("estimate")),
			domain.CheckText(field("purpose"), l.Purpose, true),
		); err != nil {
			return total, err
		}
		if seen[l.Part] {
			return total, domain.Invalid(field("part"), string(l.Part), "part-twice", "is listed on two lines; put it on one",
				"5.2.3")
		}
		seen[l.Part], total = true, total.Add(l.Estimate)
		if money.Max.Less(total) {
			return total, domain.Invalid(field("estimate"), l.Estimate.String(), "total-too-large",
				"brings the total above %s yuan", "5.2.3", money.Max)
		}
	}
	return total, nil
}

// outstanding are the gates that the requisition waits for: all reviews that
// are missing, and after the last the approval.
func (r *Requisition) outstanding() (gates []Gate) {
	for _, g := range reviews {
		if r.passed[g] == "" {
			gates = append(gates, g)
		}
	}
	if len(gates) == 0 && r.passed[DepartmentManager] == "" {
		gates = append(gates, DepartmentManager)
	}
	return gates
}

// WaitsFor returns the gates that the requisition waits for, none if it is with
// the project or through.
func (r *Requisition) WaitsFor() []Gate {
	if !r.exists() || r.rejected != nil {
		return nil
	}
	return r.outstanding()
}

// Decide is the command that reviews, approves or rejects a requisition.
type Decide struct {
	Requisition domain.RequisitionID `json:"requisition,omitzero"`
	Gate        Gate                 `json:"gate,omitzero"`
	Approve     bool                 `json:"approve,omitzero"`
	Note        string               `json:"note,omitzero"` // the reason, required for a rejection
	By          string               `json:"by,omitzero"`
}

// Decide passes or rejects a requisition at a gate: by nobody who submitted it
// or decided at another gate. Who tries nevertheless is refused, and that is
// recorded.
func (r *Requisition) Decide(c Decide, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(r.mustExist(c.Requisition), domain.CheckText("note", c.Note, !c.Approve)); err != nil {
		return nil, err
	}
	switch {
	case r.rejected != nil:
		return nil, r.isRejected(c.Requisition)
	case r.passed[c.Gate] != "":
		return nil, domain.Conflict("requisition", string(c.Requisition), "gate-passed",
			"was passed at your gate already, by %s", "5.2.3", r.passed[c.Gate])
	}
	if err := r.apart(c.Gate, c.By, today); err != nil {
		return nil, err
	}
	switch waiting := r.outstanding(); {
	case !slices.Contains(waiting, c.Gate):
		return nil, domain.Conflict("requisition", string(c.Requisition), "review-outstanding",
			"must wait for the reviews of %v", "5.2.3", waiting)
	case !c.Approve:
		return []Event{
			RequisitionRejected{Requisition: c.Requisition, Gate: c.Gate, Reason: c.Note, On: today, By: c.By},
		}, nil
	case c.Gate == DepartmentManager:
		return []Event{
			RequisitionApproved{Requisition: c.Requisition, Amount: r.total, Note: c.Note, On: today, By: c.By},
		}, nil
	}
	ahead := Requisition{passed: maps.Clone(r.passed)}
	e := RequisitionReviewed{Requisition: c.Requisition, Gate: c.Gate, Note: c.Note, On: today, By: c.By}
	ahead.Evolve(e)
	e.GoesTo = ahead.outstanding()
	return []Event{e}, nil
}

// apart keeps a gate from those who submitted the requisition or passed another;
// and the order, which is at no gate, from those who submitted it.
func (r *Requisition) apart(at Gate, by string, today calendar.Date) error {
	parts := []duties.Involvement{duties.Submitted(r.submitters...)}
	for _, other := range append(slices.Clone(reviews), DepartmentManager) {
		if at != "" && other != at {
			parts = append(parts, duties.PassedGate(other, r.passed[other]))
		}
	}
	return duties.Apart(duties.Decision{
		Matter: duties.Matter{
			Kind: duties.Requisition, Document: string(r.asked.Requisition), Decision: string(at), Project: r.asked.Project,
		},
		Field: "requisition", Clause: "5.2.3", By: by, On: today,
	}, parts...)
}

// Resubmit is the command that puts a rejected requisition forward again.
type Resubmit struct {
	Requisition domain.RequisitionID `json:"requisition,omitzero"`
	Lines       []Line               `json:"lines,omitzero"` // empty: as before
	Note        string               `json:"note,omitzero"`
	By          string               `json:"by,omitzero"`
}

// Resubmit puts a rejected requisition forward again, to all reviews; or one
// that was approved and of which nothing was ordered, where it has to change.
func (r *Requisition) Resubmit(c Resubmit, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(r.mustExist(c.Requisition), domain.CheckText("note", c.Note, true)); err != nil {
		return nil, err
	}
	if r.rejected == nil && (r.passed[DepartmentManager] == "" || len(r.orders) > 0) {
		return nil, domain.Conflict("requisition", string(c.Requisition), "not-rejected",
			"was not rejected, and is either under review or ordered", "5.2.3")
	}
	lines := c.Lines
	if len(lines) == 0 {
		lines = r.lines
	}
	total, err := checkLines(lines)
	if err != nil {
		return nil, err
	}
	return []Event{
		RequisitionResubmitted{Requisition: c.Requisition, Lines: lines, Total: total, Note: c.Note, On: today, By: c.By},
	}, nil
}

// Order is the command that buys.
type Order struct {
	Requisition domain.RequisitionID `json:"requisition,omitzero"`
	Order       domain.OrderID       `json:"order,omitzero"`
	Supplier    string               `json:"supplier,omitzero"`
	Lines       []Ordered            `json:"lines,omitzero"`
	OrderedOn   calendar.Date        `json:"orderedOn,omitzero"`
	ExpectedOn  calendar.Date        `json:"expectedOn,omitzero"`
	By          string               `json:"by,omitzero"`
}

// Order buys what was approved: nothing else, no more of it, and for no more
// money in all.
func (r *Requisition) Order(c Order, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		r.mustExist(c.Requisition),
		domain.CheckID("order", c.Order),
		domain.CheckText("supplier", c.Supplier, true),
		c.OrderedOn.CheckPast("orderedOn", today),
	); err != nil {
		return nil, err
	}
	switch {
	case r.rejected != nil:
		return nil, r.isRejected(c.Requisition)
	case r.passed[DepartmentManager] == "":
		return nil, domain.Conflict("requisition", string(c.Requisition), "not-approved", "waits for %v", "5.2.3",
			r.outstanding())
	}
	if err := r.apart("", c.By, today); err != nil {
		return nil, err
	}
	switch {
	case r.orders[c.Order]:
		return nil, domain.Conflict("order", string(c.Order), "order-exists", "was placed already", "5.2.3")
	case len(c.Lines) == 0:
		return nil, domain.Invalid("lines", "0", "bad-lines", "must have one line at least", "5.2.3")
	case !c.ExpectedOn.IsZero() && c.ExpectedOn.Before(c.OrderedOn):
		return nil, domain.Invalid("expectedOn", c.ExpectedOn.String(), "before-order", "must not lie before the order, %s",
			"5.2.3", c.OrderedOn)
	}
	e := PurchaseOrdered{
		Requisition: c.Requisition, Order: c.Order, Supplier: c.Supplier, Lines: c.Lines, OrderedOn: c.OrderedOn,
		ExpectedOn: c.ExpectedOn, By: c.By,
	}
	wanted := make(map[domain.PartCode]decimal.Decimal)
	for _, l := range r.lines {
		wanted[l.Part] = l.Quantity.Sub(r.ordered[l.Part])
	}
	for i, l := range c.Lines {
		field := func(name string) string { return fmt.Sprintf("lines[%d].%s", i, name) }
		if err := domain.FirstError(
			domain.CheckID(field("part"), l.Part), money.CheckQuantity(field("quantity"), l.Quantity),
			l.Price.CheckPositive(field("price")),
		); err != nil {
			return nil, err
		}
		if _, listed := wanted[l.Part]; !listed {
			return nil, notListed(field("part"), l.Part, "above-requisition", r.lines)
		}
		if l.Quantity.GreaterThan(wanted[l.Part]) {
			return nil, domain.Conflict(field("quantity"), l.Quantity.String(), "above-requisition",
				"exceeds the %s units of %s that may still be ordered", "5.2.3", wanted[l.Part], l.Part)
		}
		wanted[l.Part] = wanted[l.Part].Sub(l.Quantity)
		e.Total = e.Total.Add(l.Price)
		if left := r.approved.Sub(r.spent); left.Less(e.Total) {
			return nil, domain.Conflict(field("price"), l.Price.String(), "above-approved",
				"brings the order to %s yuan; %s of the %s approved are left", "5.2.3", e.Total, left, r.approved)
		}
	}
	return []Event{e}, nil
}

// Receive is the command that takes delivery.
type Receive struct {
	Requisition domain.RequisitionID `json:"requisition,omitzero"`
	Receipt     domain.SlipID        `json:"receipt,omitzero"`
	Part        domain.PartCode      `json:"part,omitzero"`
	Quantity    decimal.Decimal      `json:"quantity,omitzero"`
	Value       money.Amount         `json:"value,omitzero"`
	ReceivedOn  calendar.Date        `json:"receivedOn,omitzero"`
	By          string               `json:"by,omitzero"`
}

// Receive takes delivery of what was ordered, and of no more.
func (r *Requisition) Receive(c Receive, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		r.mustExist(c.Requisition),
		domain.CheckID("receipt", c.Receipt),
		domain.CheckID("part", c.Part),
		money.CheckQuantity("quantity", c.Quantity),
		c.ReceivedOn.CheckPast("receivedOn", today),
	); err != nil {
		return nil, err
	}
	if r.receipts[c.Receipt] {
		return nil, domain.Conflict("receipt", string(c.Receipt), "receipt-exists",
			"was entered already for this requisition", "5.2.3")
	}
	if !slices.ContainsFunc(r.lines, func(l Line) bool { return l.Part == c.Part }) {
		return nil, notListed("part", c.Part, "above-order", r.lines)
	}
	if due := r.ordered[c.Part].Sub(r.received[c.Part]); c.Quantity.GreaterThan(due) {
		return nil, domain.Conflict("quantity", c.Quantity.String(), "above-order",
			"exceeds the %s units of %s on order", "5.2.3", due, c.Part)
	}
	return []Event{PurchaseReceived{
		Requisition: c.Requisition, Project: r.asked.Project, Receipt: c.Receipt, Part: c.Part, Quantity: c.Quantity,
		Value:      c.Value,
		ReceivedOn: c.ReceivedOn, By: c.By,
	}}, nil
}

// Project returns the project whose stock the material enters.
func (r *Requisition) Project(id domain.RequisitionID) (domain.ProjectID, error) {
	return r.asked.Project, r.mustExist(id)
}

// Evolve folds an event into the requisition.
func (r *Requisition) Evolve(e Event) {
	switch e := e.(type) {
	case MaterialRequested:
		r.asked, r.lines, r.total = e, e.Lines, e.Total
		r.submitters = append(r.submitters, e.By)
	case RequisitionReviewed:
		r.pass(e.Gate, e.By)
	case RequisitionApproved:
		r.pass(DepartmentManager, e.By)
		r.approved = e.Amount
	case RequisitionRejected:
		r.rejected, r.passed = &e, nil
	case RequisitionResubmitted:
		r.lines, r.total, r.rejected, r.passed, r.approved = e.Lines, e.Total, nil, nil, money.Amount{}
		r.submitters = append(r.submitters, e.By)
	case PurchaseOrdered:
		if r.orders == nil {
			r.orders, r.ordered = make(map[domain.OrderID]bool), make(map[domain.PartCode]decimal.Decimal)
		}
		r.orders[e.Order], r.spent = true, r.spent.Add(e.Total)
		for _, l := range e.Lines {
			r.ordered[l.Part] = r.ordered[l.Part].Add(l.Quantity)
		}
	case PurchaseReceived:
		if r.received == nil {
			r.received, r.receipts = make(map[domain.PartCode]decimal.Decimal), make(map[domain.SlipID]bool)
		}
		r.received[e.Part], r.receipts[e.Receipt] = r.received[e.Part].Add(e.Quantity), true
	}
}

func (r *Requisition) pass(g Gate, by string) {
	if r.passed == nil {
		r.passed = make(map[Gate]string)
	}
	r.passed[g] = by
}

func (r *Requisition) exists() bool { return r.asked.Requisition != "" }

func (r *Requisition) mustExist(id domain.RequisitionID) error {
	if !r.exists() {
		return domain.NotFound("requisition", string(id), "unknown-requisition", "is not a requisition")
	}
	return nil
}

func (r *Requisition) isRejected(id domain.RequisitionID) error {
	return domain.Conflict("requisition", string(id), "rejected",
		"was rejected by %s on %s: %s; it has to be resubmitted first", "5.2.3", r.rejected.By, r.rejected.On,
		strings.TrimSpace(r.rejected.Reason))
}

// Lies says where the requisition lies: in the project that it asks for.
func (q *Requisition) Lies() (at access.Place, ok bool) {
	return access.Place{Project: q.asked.Project}, q.asked.Requisition != ""
}

// notListed is the refusal of a part that a requisition does not ask for: more than
// nothing of it.
func notListed(field string, part domain.PartCode, code string, lines []Line) error {
	return domain.Conflict(field, string(part), code, "is not on this requisition", "5.2.3").
		Among(domain.Each(lines, func(l Line) domain.NamedID { return domain.NamedID{ID: string(l.Part)} }))
}
