package project

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// RegistrationFormHandedOver says that the city lead gave F0 (项目安防设备服务登记表)
// to the center, which registers needs on it from then on (§5.1.2).
type RegistrationFormHandedOver struct {
	Project    domain.ProjectID `json:"project"`
	Center     domain.CenterID  `json:"center"`
	On         calendar.Date    `json:"on"`
	By         string           `json:"by"`
	ReceivedBy string           `json:"receivedBy"` // of the center
}

// HandoverPlanned sets the dates by which the center takes each part of its
// own service over before the warranty ends (§5.4.1.1). A later plan replaces
// it; what was done stays done.
type HandoverPlanned struct {
	Project        domain.ProjectID `json:"project"`
	Center         domain.CenterID  `json:"center"`
	WarrantyEndsOn calendar.Date    `json:"warrantyEndsOn"`
	From           calendar.Date    `json:"from"` // when the gradual handover begins
	Items          []PlannedItem    `json:"items"`
	By             string           `json:"by"`
}

// PlannedItem is one item of a plan.
type PlannedItem struct {
	Item  HandoverItem  `json:"item"`
	DueOn calendar.Date `json:"dueOn"`
}

// HandoverItem is what a center must have before the warranty ends.
type HandoverItem string

const (
	NamedPerson     HandoverItem = "PERSON"           // 指定专人
	EmergencyPlan   HandoverItem = "EMERGENCY_PLAN"   // 应急预案
	Training        HandoverItem = "TRAINING"         // 培训, with its records
	GradualHandover HandoverItem = "GRADUAL_HANDOVER" // 逐步移交
)

// HandoverItems lists the items in the order of the clause.
func HandoverItems() []HandoverItem {
	return []HandoverItem{NamedPerson, EmergencyPlan, Training, GradualHandover}
}

// HandoverItemDone is the evidence that an item is done.
type HandoverItemDone struct {
	Project  domain.ProjectID `json:"project"`
	Item     HandoverItem     `json:"item"`
	On       calendar.Date    `json:"on"`
	Person   string           `json:"person,omitempty"`   // named by the center; required for PERSON
	Attended []string         `json:"attended,omitempty"` // required for TRAINING: the record of who was trained
	Evidence string           `json:"evidence"`           // the paper that proves it
	By       string           `json:"by"`
}

// SparePartsAdvised is the list of wearing parts that the center was advised
// to stock after the warranty (§5.4.2.1).
type SparePartsAdvised struct {
	Project domain.ProjectID `json:"project"`
	Center  domain.CenterID  `json:"center"`
	On      calendar.Date    `json:"on"`
	Parts   []AdvisedPart    `json:"parts"`
	By      string           `json:"by"`
}

// AdvisedPart is one line of the advice.
type AdvisedPart struct {
	Part     domain.PartCode `json:"part"`
	Name     string          `json:"name,omitempty"`
	Quantity decimal.Decimal `json:"quantity"`
	Remark   string          `json:"remark,omitempty"`
}

// EventType implements domain.Event.
func (RegistrationFormHandedOver) EventType() string { return "RegistrationFormHandedOver" }

// EventType implements domain.Event.
func (HandoverPlanned) EventType() string { return "HandoverPlanned" }

// EventType implements domain.Event.
func (HandoverItemDone) EventType() string { return "HandoverItemDone" }

// EventType implements domain.Event.
func (SparePartsAdvised) EventType() string { return "SparePartsAdvised" }

func (RegistrationFormHandedOver) RestsOn() domain.Ground { return domain.Clause("5.1.2") }
func (HandoverPlanned) RestsOn() domain.Ground            { return domain.Clause("5.4.1.1") }
func (HandoverItemDone) RestsOn() domain.Ground           { return domain.Clause("5.4.1.1") }
func (SparePartsAdvised) RestsOn() domain.Ground          { return domain.Clause("5.4.2.1") }

func (RegistrationFormHandedOver) projectEvent() {}
func (HandoverPlanned) projectEvent()            {}
func (HandoverItemDone) projectEvent()           {}
func (SparePartsAdvised) projectEvent()          {}

// HandOverForm is the command that records F0 in the center's hands.
type HandOverForm struct {
	Project    domain.ProjectID `json:"project,omitzero"`
	On         calendar.Date    `json:"on,omitzero"`
	By         string           `json:"by,omitzero"`
	ReceivedBy string           `json:"receivedBy,omitzero"`
}

// HandOverForm records that the center that answers for the project on that
// day was given F0, once, after the completion handover.
func (p *Project) HandOverForm(c HandOverForm, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(p.MustExist(c.Project), c.On.CheckPast("on", today),
		domain.CheckText("receivedBy", c.ReceivedBy, true)); err != nil {
		return nil, err
	}
	center, err := p.CenterOn(c.Project, c.On)
	if err != nil {
		return nil, err
	}
	if completed := p.warrantyOn(c.On).CompletionHandoverOn; c.On.Before(completed) {
		return nil, domain.Conflict("on", c.On.String(), "before-completion",
			"must not lie before the completion handover, %s", "5.1.2", completed)
	}
	for _, f := range p.forms {
		switch {
		case f.Center != center:
		case f.On == c.On && f.ReceivedBy == c.ReceivedBy:
			return nil, nil
		default:
			return nil, domain.Conflict("project", string(c.Project), "form-handed-over",
				"has its F0 with center %s since %s, received by %s", "5.1.2", f.Center, f.On, f.ReceivedBy)
		}
	}
	return []Event{
		RegistrationFormHandedOver{Project: c.Project, Center: center, On: c.On, By: c.By, ReceivedBy: c.ReceivedBy},
	}, nil
}

// PlanHandover is the command that plans the handover to the center.
type PlanHandover struct {
	Project domain.ProjectID `json:"project,omitzero"`
	From    calendar.Date    `json:"from,omitzero"` // when it begins, by the service table
	Due     []PlannedItem    `json:"due,omitzero"`  // what is not named is due when the warranty ends
	By      string           `json:"by,omitzero"`
}

// PlanHandover sets when each item is due: within the time from its beginning
// to the warranty's last day.
func (p *Project) PlanHandover(c PlanHandover, today calendar.Date) ([]Event, error) {
	if err := p.MustExist(c.Project); err != nil {
		return nil, err
	}
	center, err := p.CenterOn(c.Project, today)
	if err != nil {
		return nil, err
	}
	ends := p.warrantyOn(today).EndsOn
	e := HandoverPlanned{Project: c.Project, Center: center, WarrantyEndsOn: ends, From: c.From, By: c.By}
	due := make(map[HandoverItem]calendar.Date)
	for n, i := range c.Due {
		field := fmt.Sprintf("items[%d].dueOn", n)
		switch _, twice := due[i.Item]; {
		case !slices.Contains(HandoverItems(), i.Item):
			return nil, unknownItem(i.Item)
		case twice:
			return nil, domain.Invalid(field, i.DueOn.String(), "item-twice", "is planned twice", "5.4.1.1")
		case i.DueOn.Before(c.From) || i.DueOn.After(ends):
			return nil, domain.Invalid(field, i.DueOn.String(), "outside-handover",
				"must lie between %s, when the handover begins, and %s, when the warranty ends", "5.4.1.1", c.From, ends)
		}
		due[i.Item] = i.DueOn
	}
	for _, item := range HandoverItems() {
		on, ok := due[item]
		if !ok {
			on = ends
		}
		e.Items = append(e.Items, PlannedItem{item, on})
	}
	if was := p.planned; was.Center == center && was.WarrantyEndsOn == ends && was.From == c.From &&
		slices.Equal(was.Items, e.Items) {
		return nil, nil
	}
	return []Event{e}, nil
}

func unknownItem(item HandoverItem) error {
	return domain.Invalid("item", domain.Clip(string(item)), "unknown-handover-item", "must be one of %v", "5.4.1.1",
		HandoverItems())
}

// FinishHandoverItem is the command that records the evidence of an item.
type FinishHandoverItem struct {
	Project  domain.ProjectID `json:"project,omitzero"`
	Item     HandoverItem     `json:"item,omitzero"`
	On       calendar.Date    `json:"on,omitzero"`
	Person   string           `json:"person,omitzero"`
	Attended []string         `json:"attended,omitzero"`
	Evidence string           `json:"evidence,omitzero"`
	By       string           `json:"by,omitzero"`
}

// FinishHandoverItem records that an item of the plan is done, with its
// evidence.
func (p *Project) FinishHandoverItem(c FinishHandoverItem, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		p.MustExist(c.Project),
		c.On.CheckPast("on", today),
		domain.CheckText("evidence", c.Evidence, true),
		domain.CheckText("person", c.Person, c.Item == NamedPerson),
	); err != nil {
		return nil, err
	}
	if !slices.Contains(HandoverItems(), c.Item) {
		return nil, unknownItem(c.Item)
	}
	if p.planned.Project == "" {
		return nil, domain.Conflict("project", string(c.Project), "handover-not-planned", "has no handover plan yet",
			"5.4.1.1")
	}
	if c.Item == Training && len(c.Attended) == 0 {
		return nil, domain.Invalid("attended", "", "training-record-missing",
			"must name who was trained: training is proved by its records", "5.4.1.1")
	}
	for i, name := range c.Attended {
		if err := domain.CheckText(fmt.Sprintf("attended[%d]", i), name, true); err != nil {
			return nil, err
		}
	}
	for _, d := range p.done {
		if d.Item == c.Item && d.On == c.On && d.Evidence == c.Evidence && d.Person == c.Person && slices.Equal(d.Attended,
			c.Attended) {
			return nil, nil
		}
	}
	return []Event{HandoverItemDone(c)}, nil
}

// AdviseSpareParts is the command that records the advice on parts to stock.
type AdviseSpareParts struct {
	Project domain.ProjectID `json:"project,omitzero"`
	On      calendar.Date    `json:"on,omitzero"`
	Parts   []AdvisedPart    `json:"parts,omitzero"`
	By      string           `json:"by,omitzero"`
}

// AdviseSpareParts records what the center was advised to stock, once the
// warranty is over.
func (p *Project) AdviseSpareParts(c AdviseSpareParts, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(p.MustExist(c.Project), c.On.CheckPast("on", today)); err != nil {
		return nil, err
	}
	terms, err := p.TermsOn(c.Project, c.On)
	if err != nil {
		return nil, err
	}
	if !c.On.After(terms.WarrantyEndsOn) {
		return nil, domain.Conflict("on", c.On.String(), "in-warranty",
			"must lie after the warranty's last day, %s: until then wearing parts are ours", "5.4.2.1", terms.WarrantyEndsOn)
	}
	if len(c.Parts) == 0 {
		return nil, domain.Invalid("parts", "", "parts-missing", "must name the wearing parts to stock", "5.4.2.1")
	}
	for i, part := range c.Parts {
		at := fmt.Sprintf("parts[%d].", i)
		if err := domain.FirstError(
			domain.CheckID(at+"part", part.Part),
			money.CheckQuantity(at+"quantity", part.Quantity),
			domain.CheckText(at+"name", part.Name, false),
			domain.CheckText(at+"remark", part.Remark, false),
		); err != nil {
			return nil, err
		}
		if slices.ContainsFunc(c.Parts[:i], func(o AdvisedPart) bool { return o.Part == part.Part }) {
			return nil, domain.Invalid(at+"part", string(part.Part), "part-twice", "is listed twice in this advice", "5.4.2.1")
		}
	}
	return []Event{SparePartsAdvised{Project: c.Project, Center: terms.Center, On: c.On, Parts: c.Parts, By: c.By}}, nil
}
