package work

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/projections"
)

// ProjectRow is a project as of a date, with what is owed to it then.
type ProjectRow struct {
	Project        domain.ProjectID `json:"project"`
	Name           string           `json:"name"`
	Region         string           `json:"region"`
	City           string           `json:"city"`
	Center         domain.CenterID  `json:"center"`
	Centers        []CenterFrom     `json:"centers" doc:"Over time"`
	Presence       policy.Presence  `json:"presence"`
	Presences      []PresenceFrom   `json:"presences" doc:"Over time"`
	Warranty       AgreedWarranty   `json:"warranty"`
	InWarranty     bool             `json:"inWarranty"`
	HandoverFrom   calendar.Date    `json:"handoverFrom"` // when the handover before the warranty's end begins
	Clause         string           `json:"clause"`
	Table          string           `json:"table,omitempty" doc:"Version of the service table; absent: the procedure's own"`
	Response       string           `json:"response"`
	Visits         string           `json:"visits"`
	OnSiteUntil    calendar.Date    `json:"onSiteUntil,omitempty"`
	Bearer         policy.Bearer    `json:"bearer"`
	Contract       []ContractTerm   `json:"contract" doc:"Cells that the contract changes on that date"`
	ContractsTotal int              `json:"contractsTotal" doc:"Contract terms entered so far"`
}

// ContractTerm is a cell that a contract has changed.
type ContractTerm struct {
	Override domain.OverrideID `json:"override"`
	Cell     policy.Cell       `json:"cell"`
	Table    string            `json:"table" doc:"What the service table says"`
	Value    string            `json:"value"`
	Contract string            `json:"contract" doc:"Clause of the contract"`
}

// ContractTerms are those of a ruling.
func ContractTerms(r policy.Ruling) []ContractTerm {
	terms := make([]ContractTerm, len(r.Contract))
	for i, t := range r.Contract {
		terms[i] = ContractTerm(t)
	}
	return terms
}

// ProjectList is the answer of [Views.Projects], by number.
type ProjectList = projections.List[ProjectRow]

// Projects answers what is agreed about projects, and what §5.4 grants them.
func (m Views) Projects(
	ctx context.Context, cut projections.Cut, filter projections.Filter, page projections.Page,
) (ProjectList, error) {
	q, err := m.Ask(cut, page, "projects", filter)
	if err != nil {
		return ProjectList{}, err
	}
	defer q.Done()
	answer := ProjectList{Answer: q.Answer, Rows: []ProjectRow{}}
	tables, err := serviceTables(ctx, q)
	if err != nil {
		return answer, err
	}
	all, err := served(ctx, q, filter)
	if err != nil {
		return answer, err
	}
	after := domain.ProjectID(q.AfterKey(0, ""))
	for _, p := range all {
		if p.project <= after {
			continue
		}
		if len(answer.Rows) == q.Limit {
			answer.Next = q.Next(string(answer.Rows[q.Limit-1].Project))
			break
		}
		answer.Rows = append(answer.Rows, projectRow(p, tableOn(tables, q.AsOf), q.AsOf))
	}
	return answer, nil
}

func projectRow(p *servedProject, table policy.Table, on calendar.Date) ProjectRow {
	w, r := p.warrantyOn(on), p.rulingOn(on, table)
	return ProjectRow{
		Project: p.project, Name: p.name, Region: p.region, City: p.city, Center: p.centerOn(on),
		Centers: append([]CenterFrom{}, p.centers...), Presence: p.presenceOn(on),
		Presences: append([]PresenceFrom{}, p.presence...), Warranty: w, HandoverFrom: table.HandoverFrom(w.EndsOn),
		Table: table.Version, InWarranty: r.InWarranty, Clause: r.Clause, Response: r.Row.Text(policy.Response),
		Visits: r.Visits.String(), OnSiteUntil: r.OnSiteUntil, Bearer: r.Bearer,
		Contract: ContractTerms(r), ContractsTotal: len(p.contract),
	}
}
