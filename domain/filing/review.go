package filing

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
)

// Chain is who looks at a form, in this order, and to whom it then goes.
type Chain struct {
	Steps  []domain.Role
	To     []domain.Role
	Copies []domain.Role
}

// ChainOf returns the way of a form. F1 and F3 are collected by the regional
// admin (§5.1.3, §5.3.3); the way of F4 is §5.1.4's.
func ChainOf(f Form) Chain {
	switch f {
	case FaultRecord:
		return Chain{Steps: []domain.Role{domain.RegionalAdmin}, To: []domain.Role{domain.TechGroupLead}}
	case ChargeList:
		return Chain{Steps: []domain.Role{domain.RegionalAdmin}, To: []domain.Role{domain.Finance}}
	case MonthlyReport:
		return Chain{
			Steps:  []domain.Role{domain.CityLead, domain.RegionalAdmin, domain.RegionalSupervisor, domain.AssistantManager},
			To:     []domain.Role{domain.CenterMaintenance},
			Copies: []domain.Role{domain.CenterHead, domain.HQAffairsSupervisor, domain.DepartmentManager},
		}
	}
	return Chain{}
}

// Review is the command of one who looks at a form.
type Review struct {
	Project domain.ProjectID `json:"project,omitzero"`
	Month   calendar.Month   `json:"month,omitzero"`
	Form    Form             `json:"form,omitzero"`
	Step    domain.Role      `json:"step,omitzero"`    // the role in which they do
	Approve bool             `json:"approve,omitzero"` // else it goes back to its filler
	Note    string           `json:"note,omitzero"`    // the reason, if it goes back
	By      string           `json:"by,omitzero"`
}

// Review lets a form go on, or sends it back. Each has their turn; nobody
// reviews what they filed, and that they tried is recorded.
func (f *Filing) Review(c Review, today calendar.Date) ([]Event, error) {
	r, err := f.filed(c.Project, c.Month, c.Form)
	if err != nil {
		return nil, err
	}
	if err := domain.CheckText("note", c.Note, !c.Approve); err != nil {
		return nil, err
	}
	e, steps := r.last(), ChainOf(c.Form).Steps
	switch {
	case r.returned:
		return nil, domain.Conflict("month", c.Month.String(), "report-returned",
			"was returned to %s, who has not filed it anew", clauses[c.Form], e.By)
	case r.reviewed == len(steps):
		return nil, domain.Conflict("month", c.Month.String(), "already-reviewed", "has been reviewed by everybody already",
			clauses[c.Form])
	case steps[r.reviewed] != c.Step:
		return nil, domain.Conflict("form", string(c.Form), "not-their-turn", "must wait: version %d is with the %s",
			clauses[c.Form], e.Version, steps[r.reviewed])
	}
	if err := duties.Apart(duties.Decision{
		Matter: duties.Matter{
			Kind: duties.Report, Document: string(c.Form), Decision: string(c.Step), Project: c.Project, Month: c.Month,
			Version: e.Version,
		},
		Field: "form", Clause: clauses[c.Form], By: c.By, On: today,
	}, duties.By(e.By).Did("was filed by %s, and nobody reviews or approves their own submission")); err != nil {
		return nil, err
	}
	switch {
	case c.Approve:
		return []Event{
			ReportReviewed{
				Project: c.Project, Month: c.Month, Form: c.Form, Version: e.Version, Step: c.Step, Note: c.Note, On: today,
				By: c.By,
			},
		}, nil
	case c.Form != MonthlyReport:
		return nil, domain.Conflict("approve", "false", "not-returnable",
			"is for F4: what an %s lists is recorded, and corrected where it was recorded", clauses[c.Form], c.Form)
	}
	return []Event{ReportReturned{
		Project: c.Project, Month: c.Month, Form: c.Form, Version: e.Version, Step: c.Step, FiledBy: e.By, Reason: c.Note,
		On: today, By: c.By,
	}}, nil
}

// Send is the command that passes a reviewed form on.
type Send struct {
	Project domain.ProjectID `json:"project,omitzero"`
	Month   calendar.Month   `json:"month,omitzero"`
	Form    Form             `json:"form,omitzero"`
	By      string           `json:"by,omitzero"`
}

// Send passes a form on that everybody has reviewed. It goes once.
func (f *Filing) Send(c Send, today calendar.Date) ([]Event, error) {
	r, err := f.filed(c.Project, c.Month, c.Form)
	if err != nil {
		return nil, err
	}
	e, chain := r.last(), ChainOf(c.Form)
	switch {
	case r.sent:
		return nil, nil
	case r.returned:
		return nil, domain.Conflict("month", c.Month.String(), "report-returned",
			"was returned to %s, who has not filed it anew", clauses[c.Form], e.By)
	case r.reviewed < len(chain.Steps):
		return nil, domain.Conflict("month", c.Month.String(), "not-reviewed", "is still with the %s", clauses[c.Form],
			chain.Steps[r.reviewed])
	}
	return []Event{ReportSent{
		Project: c.Project, Center: e.Center, Month: c.Month, Form: c.Form, Version: e.Version, To: chain.To,
		Copies:      chain.Copies,
		ContentHash: e.ContentHash, On: today, By: c.By,
	}}, nil
}

// filed returns a form that was filed.
func (f *Filing) filed(p domain.ProjectID, m calendar.Month, form Form) (*report, error) {
	if r := f.report(form); len(r.sheets) > 0 {
		return r, nil
	}
	return nil, domain.NotFound("month", m.String(), "not-filed", "has no %s of project %s", form, p)
}

// Sheets returns every version of a form that was filed, in order.
func (f *Filing) Sheets(p domain.ProjectID, m calendar.Month, form Form) ([]ReportFiled, error) {
	r, err := f.filed(p, m, form)
	if err != nil {
		return nil, err
	}
	return r.sheets, nil
}

// ReadableBy returns the versions of a form that the people of a center may read,
// for ever, given what happened to it: the sheets of F1 and F3 that were filed
// while the center answered for the project, and the F4 that was sent to it.
func ReadableBy(center domain.CenterID, history []Event) map[int]bool {
	versions := make(map[int]bool)
	for _, e := range history {
		switch e := e.(type) {
		case ReportFiled:
			if e.Form != MonthlyReport && e.Center == center {
				versions[e.Version] = true
			}
		case ReportSent:
			if e.Form == MonthlyReport && e.Center == center {
				versions[e.Version] = true
			}
		case ReportReviewed, ReportReturned:
		}
	}
	return versions
}

// Awaits returns whose turn it is to look at a form: nobody's once everybody
// has, or while it is with its filler.
func (f *Filing) Awaits(form Form) (role domain.Role, filed bool) {
	r := f.report(form)
	if len(r.sheets) == 0 {
		return "", false
	}
	if steps := ChainOf(form).Steps; !r.returned && r.reviewed < len(steps) {
		role = steps[r.reviewed]
	}
	return role, true
}
