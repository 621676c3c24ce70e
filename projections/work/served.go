package work

import (
	"context"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/projections"
)

// servedProject is what is agreed about a project's service, over time.
type servedProject struct {
	project  domain.ProjectID
	name     string
	region   string
	city     string
	entered  calendar.Date // when it was registered, which may be after its service began
	since    calendar.Date // first day of service
	centers  []CenterFrom  // by date
	warranty []AgreedWarranty
	presence []PresenceFrom    // by date
	contract []policy.Override // by date
}

// CenterFrom is the center that answers for a project from a date on.
type CenterFrom struct {
	Center domain.CenterID `json:"center"`
	From   calendar.Date   `json:"from"`
}

// PresenceFrom is where the team is from a date on.
type PresenceFrom struct {
	Presence policy.Presence `json:"presence"`
	From     calendar.Date   `json:"from"`
}

// AgreedWarranty is the contract's agreement on warranty.
type AgreedWarranty struct {
	CompletionHandoverOn calendar.Date `json:"completionHandoverOn,omitempty"`
	AcceptanceOn         calendar.Date `json:"acceptanceOn,omitempty"`
	OccupancyOn          calendar.Date `json:"occupancyOn,omitempty"`
	StartsFrom           string        `json:"startsFrom"`
	Months               int           `json:"months"`
	EndsOn               calendar.Date `json:"endsOn"`
	From                 calendar.Date `json:"from,omitempty" sql:"-" doc:"Of an amendment: from when it counts"`
}

// tableFrom is a service table in force from a date on.
type tableFrom struct {
	policy.Table
	from calendar.Date
}

// there reports whether there is the project on a date: it is registered by then, or its
// service has begun, which may have been entered later.
func (p *servedProject) there(on calendar.Date) bool {
	return !p.entered.After(on) || len(p.centers)+len(p.presence) > 0
}

// warrantyOn returns the agreement in force on a date.
func (p *servedProject) warrantyOn(d calendar.Date) (w AgreedWarranty) {
	for _, v := range p.warranty {
		if !v.From.After(d) {
			w = v
		}
	}
	return w
}

// centerOn returns the center that answers on a date.
func (p *servedProject) centerOn(d calendar.Date) (c domain.CenterID) {
	for _, v := range p.centers {
		if !v.From.After(d) {
			c = v.Center
		}
	}
	return c
}

// presenceOn returns where the team is on a date.
func (p *servedProject) presenceOn(d calendar.Date) (on policy.Presence) {
	for _, v := range p.presence {
		if !v.From.After(d) {
			on = v.Presence
		}
	}
	return on
}

// rulingOn is what §5.4 grants the project on a date by a table; the zero ruling
// where no presence is known yet.
func (p *servedProject) rulingOn(d calendar.Date, table policy.Table) policy.Ruling {
	w := p.warrantyOn(d)
	r, err := table.Evaluate(policy.Inputs{
		At: d.Start(), WarrantyEndsOn: w.EndsOn, OccupancyOn: w.OccupancyOn, Presence: p.presenceOn(d), Overrides: p.contract,
	})
	if err != nil {
		return policy.Ruling{}
	}
	return r
}

// owedOn is what routine visits the project is owed on a date.
func (p *servedProject) owedOn(d calendar.Date, tables []tableFrom) visit.Owed {
	if d.Before(p.since) {
		return visit.Owed{}
	}
	r := p.rulingOn(d, tableOn(tables, d))
	return visit.Owed{Quota: r.Visits, Clause: r.Clause}
}

func tableOn(tables []tableFrom, d calendar.Date) policy.Table {
	t := policy.DefaultTable()
	for _, v := range tables {
		if !v.from.After(d) {
			t = v.Table
		}
	}
	return t
}

const serviceTablesSQL = `
SELECT version, effective_from, handover_months, clause, warranty, team, response, visits,
    on_site, cost, travel, support
FROM service_rows
ORDER BY effective_from, position, line`

// serviceTables returns the department's own tables, by date.
func serviceTables(ctx context.Context, q *projections.Question) ([]tableFrom, error) {
	type row struct {
		Version        string        `sql:"version"`
		From           calendar.Date `sql:"effective_from"`
		HandoverMonths int           `sql:"handover_months"`
		policy.RowText
	}
	var texts []policy.TableText
	var from []calendar.Date
	if err := projections.Each(ctx, q, serviceTablesSQL, nil, func(r *row) error {
		if n := len(texts); n == 0 || texts[n-1].Version != r.Version {
			texts = append(texts, policy.TableText{Version: r.Version, HandoverMonths: r.HandoverMonths})
			from = append(from, r.From)
		}
		last := &texts[len(texts)-1]
		last.Rows = append(last.Rows, r.RowText)
		return nil
	}); err != nil {
		return nil, err
	}
	tables := make([]tableFrom, len(texts))
	for i, t := range texts {
		table, err := t.Table()
		if err != nil {
			return nil, err
		}
		tables[i] = tableFrom{table, from[i]}
	}
	return tables, nil
}

const servedProjectsSQL = `
SELECT project, step, on_date, name, region, city, center, presence,
    completion_handover_on, acceptance_on, occupancy_on, warranty_starts_from AS starts_from,
    warranty_months AS months, warranty_ends_on AS ends_on
FROM projects
WHERE (step = 'REGISTERED' OR on_date <= {as_of:Date})
  AND ({project:String} = '' OR project = {project:String})
ORDER BY project, on_date, position, line`

// agreement is something that was agreed about a project.
type agreement struct {
	Project  domain.ProjectID `sql:"project"`
	Step     string           `sql:"step"`
	On       calendar.Date    `sql:"on_date"`
	Name     string           `sql:"name"`
	Region   string           `sql:"region"`
	City     string           `sql:"city"`
	Center   domain.CenterID  `sql:"center"`
	Presence policy.Presence  `sql:"presence"`
	AgreedWarranty
}

const overridesSQL = `
SELECT project, item, on_date, until_date, in_warranty, presence, cell, value, contract
FROM project_terms
WHERE step = 'OVERRIDE'
  AND on_date <= {as_of:Date}
  AND ({project:String} = '' OR project = {project:String})
ORDER BY on_date, position`

// contractTerm is what a contract changes of a service table.
type contractTerm struct {
	Project    domain.ProjectID  `sql:"project"`
	Override   domain.OverrideID `sql:"item"`
	From       calendar.Date     `sql:"on_date"`
	Until      calendar.Date     `sql:"until_date"`
	InWarranty bool              `sql:"in_warranty"`
	Presence   policy.Presence   `sql:"presence"`
	Cell       policy.Cell       `sql:"cell"`
	Value      string            `sql:"value"`
	Contract   string            `sql:"contract"`
}

// served returns what is agreed about the projects that match, by number.
func served(ctx context.Context, q *projections.Question, f projections.Filter) ([]*servedProject, error) {
	var all []*servedProject
	by := make(map[domain.ProjectID]*servedProject)
	ofProject := projections.Params{"project": string(f.Project)}
	if err := projections.Each(ctx, q, servedProjectsSQL, ofProject, func(r *agreement) error {
		p := by[r.Project]
		if p == nil {
			p = &servedProject{project: r.Project}
			by[r.Project], all = p, append(all, p)
		}
		switch r.Step {
		case "REGISTERED":
			p.name, p.region, p.city, p.entered = r.Name, r.Region, r.City, r.On
		case "CENTER_ASSIGNED":
			p.centers = append(p.centers, CenterFrom{r.Center, r.On})
		case "PRESENCE_CHANGED":
			p.presence = append(p.presence, PresenceFrom{r.Presence, r.On})
		case "WARRANTY_AGREED":
			r.From = r.On
			p.warranty = append(p.warranty, r.AgreedWarranty)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	err := projections.Each(ctx, q, overridesSQL, ofProject, func(r *contractTerm) error {
		if p := by[r.Project]; p != nil {
			p.contract = append(p.contract, policy.Override{
				ID: r.Override, InWarranty: r.InWarranty, Presence: r.Presence, Cell: r.Cell, Value: r.Value,
				From: r.From, Until: r.Until, Contract: r.Contract,
			})
		}
		return nil
	})
	for _, p := range all {
		if len(p.centers) > 0 {
			p.since = p.centers[0].From
		}
	}
	return slices.DeleteFunc(all, func(p *servedProject) bool {
		return !p.there(q.AsOf) || f.Region != "" && p.region != f.Region || f.Center != "" && p.centerOn(q.AsOf) != f.Center
	}), err
}
