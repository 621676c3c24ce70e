package repair

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
)

// Gate is one of the people a process sheet passes, in order (§5.2.1).
type Gate string

const (
	CityTechLead      Gate = "CITY_TECH_LEAD"     // 城市技术负责人 reviews
	TechGroup         Gate = "TECH_GROUP"         // 技术组主管 approves
	HQAffairs         Gate = "HQ_AFFAIRS"         // 本部事务主管 reviews what we bear, and every compensation
	DepartmentManager Gate = "DEPARTMENT_MANAGER" // 部门经理 approves what we bear
)

// GateOf returns the gate that a role keeps, none for most.
func GateOf(r domain.Role) (Gate, error) {
	switch r {
	case domain.CityTechLead:
		return CityTechLead, nil
	case domain.TechGroupLead:
		return TechGroup, nil
	case domain.HQAffairsSupervisor:
		return HQAffairs, nil
	case domain.DepartmentManager:
		return DepartmentManager, nil
	}
	return "", domain.Forbidden("role", string(r), "keeps-no-gate", "neither reviews nor approves process sheets", "5.2.1")
}

// approves reports whether a gate approves, rather than reviews.
func (g Gate) approves() bool { return g == TechGroup || g == DepartmentManager }

// ofCost reports whether a gate looks at what we bear.
func (g Gate) ofCost() bool { return g == HQAffairs || g == DepartmentManager }

// ReturnReviewed is a review passed.
type ReturnReviewed struct {
	Return domain.ReturnID `json:"return"`
	Gate   Gate            `json:"gate"`
	Amount money.Amount    `json:"amount"` // what we bear, as reviewed
	Note   string          `json:"note,omitempty"`
	On     calendar.Date   `json:"on"`
	By     string          `json:"by"`
	// GoesTo is whom the sheet waits for now, here and below; empty: for nobody.
	GoesTo Gate `json:"goesTo,omitempty"`
}

// ReturnApproved is an approval. That of the department manager is the most
// that may be paid for the repair.
type ReturnApproved struct {
	Return   domain.ReturnID `json:"return"`
	Gate     Gate            `json:"gate"`
	Amount   money.Amount    `json:"amount"` // what we bear, as approved
	Note     string          `json:"note,omitempty"`
	MailPage *attachment.Ref `json:"mailPage,omitempty"` // 邮件批复页
	On       calendar.Date   `json:"on"`
	By       string          `json:"by"`
	GoesTo   Gate            `json:"goesTo,omitempty"`
}

// ReturnRejected sends the sheet back to the team. Of a device that is with
// its maker already, only the cost is rejected.
type ReturnRejected struct {
	Return domain.ReturnID `json:"return"`
	Gate   Gate            `json:"gate"`
	Amount money.Amount    `json:"amount"` // what we would have borne
	Reason string          `json:"reason"`
	On     calendar.Date   `json:"on"`
	By     string          `json:"by"`
}

// ReturnResubmitted puts a rejected sheet forward again, as it reads now.
type ReturnResubmitted struct {
	Return domain.ReturnID `json:"return"`
	Cost   Cost            `json:"cost"`
	Fault  string          `json:"fault"`
	Note   string          `json:"note"` // what was changed, or why it was right
	On     calendar.Date   `json:"on"`
	By     string          `json:"by"`
	GoesTo Gate            `json:"goesTo,omitempty"`
}

func (ReturnReviewed) EventType() string    { return "ReturnReviewed" }
func (ReturnApproved) EventType() string    { return "ReturnApproved" }
func (ReturnRejected) EventType() string    { return "ReturnRejected" }
func (ReturnResubmitted) EventType() string { return "ReturnResubmitted" }

func (ReturnReviewed) RestsOn() domain.Ground    { return domain.Clause("5.2.1") }
func (ReturnApproved) RestsOn() domain.Ground    { return domain.Clause("5.2.1") }
func (ReturnRejected) RestsOn() domain.Ground    { return domain.Clause("5.2.1") }
func (ReturnResubmitted) RestsOn() domain.Ground { return domain.Clause("5.2.1") }

func (ReturnReviewed) returnEvent()    {}
func (ReturnApproved) returnEvent()    {}
func (ReturnRejected) returnEvent()    {}
func (ReturnResubmitted) returnEvent() {}

// pass is a gate passed: by whom, and at what cost to us.
type pass struct {
	by     string
	amount money.Amount
}

// cost is what we bear, as far as it is known: the maker's last quote, or else
// the estimate.
func (r *Return) cost() money.Amount {
	switch {
	case r.bears.Bearer != ByUs:
		return money.Amount{}
	case r.quoted != nil:
		return r.quoted.Amount
	}
	return r.bears.Estimate
}

// approved is the most that the department manager allowed for this sheet.
func (r *Return) approved() money.Amount { return r.passed[DepartmentManager].amount }

// outstanding are the gates that the sheet has still to pass, in order. The two
// of the cost are demanded whenever more is known than was approved: at zero
// cost to us never, and again when a later quote exceeds the approved amount.
func (r *Return) outstanding() (gates []Gate) {
	if r.sheet != nil {
		if r.passed[HQAffairs].by == "" {
			gates = append(gates, HQAffairs)
		}
		return gates
	}
	for _, g := range []Gate{CityTechLead, TechGroup} {
		if r.passed[g].by == "" && r.shipped.ShippedOn.IsZero() {
			gates = append(gates, g)
		}
	}
	if cost := r.cost(); r.approved().Less(cost) {
		if r.passed[HQAffairs].amount.Less(cost) {
			gates = append(gates, HQAffairs)
		}
		gates = append(gates, DepartmentManager)
	}
	return gates
}

// goesTo is whom the sheet waits for after an event; a rejected one waits for
// the team.
func (r *Return) goesTo(after Event) Gate {
	next := r.clone()
	next.Evolve(after)
	return next.Awaiting()
}

// Awaiting returns the gate that the sheet waits for, none if it is with the
// team or through.
func (r *Return) Awaiting() Gate {
	if gates := r.outstanding(); r.exists() && r.rejected == nil && len(gates) > 0 {
		return gates[0]
	}
	return ""
}

// Decide is the command that reviews, approves or rejects a sheet at a gate.
type Decide struct {
	Return  domain.ReturnID
	Gate    Gate
	Approve bool
	// Amount is what we bear, as the decider saw it. It is required at the
	// gates of the cost, so that nobody approves a quote they have not seen.
	Amount   *money.Amount
	Note     string // the reason, required for a rejection
	MailPage *attachment.Ref
	By       string
}

// Decide passes or rejects a sheet at a gate: in order, by nobody who submitted
// it or decided at another gate. Who tries nevertheless is refused, and that is
// recorded.
func (r *Return) Decide(c Decide, today calendar.Date) ([]Event, error) {
	clause := "5.2.1"
	if r.sheet != nil {
		clause = "5.3.2"
	}
	if err := domain.FirstError(r.mustExist(c.Return), domain.CheckText("note", c.Note, !c.Approve)); err != nil {
		return nil, err
	}
	waiting := r.outstanding()
	switch {
	case r.rejected != nil:
		return nil, domain.Conflict("return", string(c.Return), "rejected",
			"was rejected by %s on %s; it has to be resubmitted first", clause, r.rejected.By, r.rejected.On)
	case r.claim != nil:
		return nil, r.inPayment(c.Return)
	case !slices.Contains(waiting, c.Gate):
		whyNot := r.whyNot(c.Gate)
		return nil, domain.Conflict("return", string(c.Return), "gate-not-demanded", whyNot.Format, clause, whyNot.Args...)
	}
	parts := []duties.Involvement{duties.Submitted(r.submitters...)}
	for _, other := range []Gate{CityTechLead, TechGroup, HQAffairs, DepartmentManager} {
		if other != c.Gate {
			parts = append(parts, duties.PassedGate(other, r.passed[other].by))
		}
	}
	if err := r.apart(c.Gate, clause, c.By, today, parts...); err != nil {
		return nil, err
	}
	cost := r.cost()
	switch {
	case waiting[0] != c.Gate:
		return nil, domain.Conflict("return", string(c.Return), "gate-out-of-order", "must wait: %s decides first",
			clause, waiting[0])
	case c.Amount == nil && c.Gate.ofCost() && r.sheet == nil:
		return nil, domain.Invalid("amount", "", "amount-required", "must be given: it is what we bear, %s yuan", clause,
			cost)
	case c.Amount != nil && *c.Amount != cost && r.sheet == nil:
		return nil, domain.Conflict("amount", c.Amount.String(), "cost-differs", "must be what we bear now, %s yuan", clause,
			cost)
	case !c.Approve:
		return []Event{ReturnRejected{Return: c.Return, Gate: c.Gate, Amount: cost, Reason: c.Note, On: today, By: c.By}}, nil
	case c.Gate.approves():
		e := ReturnApproved{
			Return: c.Return, Gate: c.Gate, Amount: cost, Note: c.Note, MailPage: c.MailPage, On: today, By: c.By,
		}
		e.GoesTo = r.goesTo(e)
		return []Event{e}, nil
	}
	e := ReturnReviewed{Return: c.Return, Gate: c.Gate, Amount: cost, Note: c.Note, On: today, By: c.By}
	if r.sheet != nil {
		e.Amount = r.sheet.Amount
	}
	e.GoesTo = r.goesTo(e)
	return []Event{e}, nil
}

// whyNot says why a sheet does not wait for a gate.
func (r *Return) whyNot(g Gate) domain.Text {
	switch p, passed := r.passed[g]; {
	case passed && g.ofCost() && r.sheet == nil:
		return domain.Say("was passed at %s yuan by %s, and we bear %s", p.amount, p.by, r.cost())
	case passed:
		return domain.Say("was passed at your gate already, by %s", p.by)
	case r.sheet != nil:
		return domain.Say("states a compensation, on which your role does not decide")
	case g.ofCost():
		return domain.Say("needs no decision of yours: we bear %s yuan", r.cost())
	}
	return domain.Say("needs no decision of yours: the device was shipped before sheets were reviewed")
}

// apart keeps a decision on the sheet from those who have a part in it. At no gate
// it is the word on the supplier's letter.
func (r *Return) apart(at Gate, clause, by string, today calendar.Date, parts ...duties.Involvement) error {
	project := r.opened.Project
	if r.sheet != nil {
		project = r.sheet.Project
	}
	return duties.Apart(duties.Decision{
		Matter: duties.Matter{Kind: duties.Return, Document: string(r.id()), Decision: string(at), Project: project},
		Field:  "return", Clause: clause, By: by, On: today,
	}, parts...)
}

// Resubmit is the command that puts a rejected sheet forward again.
type Resubmit struct {
	Return domain.ReturnID `json:"return,omitzero"`
	Cost   *Cost           `json:"cost,omitzero"`  // nil: as before
	Fault  string          `json:"fault,omitzero"` // empty: as before
	Note   string          `json:"note,omitzero"`
	By     string          `json:"by,omitzero"`
}

// Resubmit puts a rejected sheet forward again: to every gate, or, of a device
// that is with its maker already, to those of the cost.
func (r *Return) Resubmit(c Resubmit, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		r.mustExist(c.Return),
		domain.CheckText("fault", c.Fault, false),
		domain.CheckText("note", c.Note, true),
	); err != nil {
		return nil, err
	}
	switch {
	case r.sheet != nil:
		return nil, domain.Conflict("return", string(c.Return), "compensation-sheet",
			"states a compensation; a rejected one is filed anew", "5.3.2")
	case r.rejected == nil:
		return nil, domain.Conflict("return", string(c.Return), "not-rejected", "was not rejected", "5.2.1")
	}
	e := ReturnResubmitted{Return: c.Return, Cost: r.bears, Fault: r.opened.Fault, Note: c.Note, On: today, By: c.By}
	if c.Fault != "" {
		e.Fault = c.Fault
	}
	if c.Cost != nil {
		e.Cost = *c.Cost
		if err := e.Cost.check(); err != nil {
			return nil, err
		}
	}
	e.GoesTo = r.goesTo(e)
	return []Event{e}, nil
}
