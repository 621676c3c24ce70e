package project

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
)

// ServiceTermsOverridden is a term of the contract that stands in place of one
// cell of the service table from a date on: contract terms come first (§5.4).
type ServiceTermsOverridden struct {
	Project    domain.ProjectID  `json:"project"`
	Override   domain.OverrideID `json:"override"`
	InWarranty bool              `json:"inWarranty"` // with presence: the row
	Presence   policy.Presence   `json:"presence"`
	Cell       policy.Cell       `json:"cell"`
	Value      string            `json:"value"` // as the cell is written in a table; "table" gives it back
	From       calendar.Date     `json:"from"`
	Until      calendar.Date     `json:"until,omitzero"` // the last day; none: until the next override of the cell
	Contract   string            `json:"contract"`       // clause of the contract
	Reason     string            `json:"reason,omitempty"`
	By         string            `json:"by"`
}

// EventType implements domain.Event.
func (ServiceTermsOverridden) EventType() string { return "ServiceTermsOverridden" }

func (ServiceTermsOverridden) RestsOn() domain.Ground { return domain.Clause("5.4") }

func (ServiceTermsOverridden) projectEvent() {}

func (e ServiceTermsOverridden) override() policy.Override {
	return policy.Override{
		ID: e.Override, InWarranty: e.InWarranty, Presence: e.Presence, Cell: e.Cell, Value: e.Value, From: e.From,
		Until: e.Until, Contract: e.Contract,
	}
}

// OverrideTerms is the command that enters a term of the contract.
type OverrideTerms struct {
	Project    domain.ProjectID  `json:"project,omitzero"`
	Override   domain.OverrideID `json:"override,omitzero"`
	InWarranty bool              `json:"inWarranty,omitzero"`
	Presence   policy.Presence   `json:"presence,omitzero"`
	Cell       policy.Cell       `json:"cell,omitzero"`
	Value      string            `json:"value,omitzero"`
	From       calendar.Date     `json:"from,omitzero"`
	Until      calendar.Date     `json:"until,omitzero"`
	Contract   string            `json:"contract,omitzero"`
	Reason     string            `json:"reason,omitzero"`
	By         string            `json:"by,omitzero"`
}

// OverrideTerms enters a term of the contract. One cell has one term on the day
// that a term begins; tickets notified before keep what was frozen on them.
func (p *Project) OverrideTerms(c OverrideTerms) ([]Event, error) {
	e := ServiceTermsOverridden(c)
	if err := domain.FirstError(
		p.MustExist(c.Project),
		domain.CheckID("override", c.Override),
		e.override().Check(),
		domain.CheckText("contract", c.Contract, true),
		domain.CheckText("reason", c.Reason, false),
	); err != nil {
		return nil, err
	}
	if c.From.IsZero() {
		return nil, domain.Invalid("from", "", "date-required", "must be given", "5.4")
	}
	if !c.Until.IsZero() && c.Until.Before(c.From) {
		return nil, domain.Invalid("until", c.Until.String(), "ends-before-it-begins",
			"must not lie before its first day, %s", "5.4", c.From)
	}
	for _, o := range p.overrides {
		switch {
		case o == e.override():
			return nil, nil
		case o.ID == c.Override:
			return nil, domain.Conflict("override", string(c.Override), "override-exists",
				"is the contract's term %q from %s already", "5.4", o.Contract, o.From)
		case o.InWarranty == c.InWarranty && o.Presence == c.Presence && o.Cell == c.Cell && o.From == c.From:
			return nil, domain.Conflict("from", c.From.String(), "cell-overridden",
				"is the first day of term %s already, which sets %s to %s; a cell has one term on a date", "5.4", o.ID, o.Cell,
				o.Value)
		}
	}
	return []Event{e}, nil
}

// AmendWarranty is the command that enters what a contract's parties agreed
// anew: a start that was not known before, another length.
type AmendWarranty struct {
	Project  domain.ProjectID `json:"project,omitzero"`
	Warranty Warranty         `json:"warranty,omitzero"`
	From     calendar.Date    `json:"from,omitzero"` // from when it counts
	Reason   string           `json:"reason,omitzero"`
	By       string           `json:"by,omitzero"`
}

// AmendWarranty agrees the warranty anew from a date on. Tickets notified
// before keep what was frozen on them.
func (p *Project) AmendWarranty(c AmendWarranty) ([]Event, error) {
	if err := domain.FirstError(p.MustExist(c.Project), domain.CheckText("reason", c.Reason, true)); err != nil {
		return nil, err
	}
	if first := p.centers[0].From; c.From.Before(first) {
		return nil, domain.Invalid("from", c.From.String(), "before-service",
			"must not lie before service of the project began, %s", "5.4", first)
	}
	agreed, err := c.Warranty.agree(c.Project)
	if err != nil {
		return nil, err
	}
	agreed.From, agreed.Reason, agreed.By = c.From, c.Reason, c.By
	if slices.ContainsFunc(p.warranties, func(w WarrantyAgreed) bool {
		w.Reason, w.By = agreed.Reason, agreed.By
		return w == agreed
	}) && p.warrantyOn(c.From).EndsOn == agreed.EndsOn {
		return nil, nil
	}
	return []Event{agreed}, nil
}
