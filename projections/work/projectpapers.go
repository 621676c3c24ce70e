package work

import (
	"context"
	"fmt"
	"strconv"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
)

// Contact is one person on call, 24 hours.
type Contact struct {
	Role  domain.Role `json:"role" sql:"of_role" enum:"technician,city-lead"`
	Name  string      `json:"name" example:"李伟"`
	Phone string      `json:"phone" example:"13800000001"`
}

// Roster is the answer of [Views.Roster].
type Roster struct {
	projections.Answer
	Version  *int // nil: none is in force
	From     calendar.Date
	Contacts []Contact
	Versions int // published so far
}

const rosterSQL = `
SELECT version, on_date, of_role, name, phone
FROM project_terms
WHERE step = 'ROSTER'
  AND project = {project:String}
ORDER BY on_date, position, line`

// Roster answers whom a project's center may call on a date, around the clock
// (§5.1.1).
func (m Views) Roster(ctx context.Context, cut projections.Cut, id domain.ProjectID) (Roster, error) {
	q, err := m.Ask(cut, projections.Page{}, "roster", id)
	if err != nil {
		return Roster{}, err
	}
	defer q.Done()
	type row struct {
		Version int           `sql:"version"`
		On      calendar.Date `sql:"on_date"`
		Contact
	}
	answer := Roster{Answer: q.Answer, Contacts: []Contact{}}
	err = projections.Each(ctx, q, rosterSQL, projections.Params{"project": string(id)}, func(r *row) error {
		answer.Versions = max(answer.Versions, r.Version)
		if r.On.After(q.AsOf) {
			return nil
		}
		if answer.Version == nil || r.Version != *answer.Version {
			version := r.Version
			answer.Version, answer.From, answer.Contacts = &version, r.On, nil
		}
		answer.Contacts = append(answer.Contacts, r.Contact)
		return nil
	})
	return answer, err
}

// ProjectPaper is F0 handed over, or one line of the advice on parts.
type ProjectPaper struct {
	Paper      string          `json:"paper" doc:"FORM: F0; SPARE_PARTS: a part to stock"`
	On         calendar.Date   `json:"on"`
	Center     domain.CenterID `json:"center"`
	Part       domain.PartCode `json:"part,omitempty"`
	Name       string          `json:"name,omitempty" sql:"name_of_part" doc:"Of the part"`
	Quantity   string          `json:"quantity,omitempty" sql:"quantity_of_part"`
	ReceivedBy string          `json:"receivedBy,omitempty"`
	Remark     string          `json:"remark,omitempty"`
	By         string          `json:"by"`
	Position   uint64          `json:"-" sql:"position"`
	Line       uint64          `json:"-" sql:"line"` // within the event
}

const papersSQL = `
SELECT step AS paper, on_date AS on, center, actor AS by, position, toUInt64(line) AS line,
    if(step = 'FORM', '', item) AS part, if(step = 'FORM', '', name) AS name_of_part,
    if(step = 'FORM', '', toString(quantity)) AS quantity_of_part, if(step = 'FORM', '', text) AS remark,
    if(step = 'FORM', name, '') AS received_by
FROM project_terms
WHERE step IN ('FORM', 'SPARE_PARTS')
  AND on_date <= {as_of:Date}
  AND project = {project:String}
  AND (position, line) > ({after_position:UInt64}, {after_line:UInt64})
ORDER BY position, line
LIMIT {row_limit:UInt64}`

// ProjectPapers answers which papers a project's centers were given: F0
// (§5.1.2) and the advice on wearing parts to stock (§5.4.2.1).
func (m Views) ProjectPapers(
	ctx context.Context, cut projections.Cut, id domain.ProjectID, page projections.Page,
) (projections.List[ProjectPaper], error) {
	q, err := m.Ask(cut, page, "papers", id)
	if err != nil {
		return projections.List[ProjectPaper]{}, err
	}
	defer q.Done()
	position, err1 := strconv.ParseUint(q.AfterKey(0, "0"), 10, 64)
	line, err2 := strconv.ParseUint(q.AfterKey(1, "0"), 10, 64)
	if err1 != nil || err2 != nil {
		return projections.List[ProjectPaper]{}, domain.Invalid("cursor", domain.Clip(page.After), "bad-cursor",
			"must be the next of a page of the same question", "")
	}
	p := projections.Params{"project": string(id), "after_position": position, "after_line": line}
	return projections.ListOf(ctx, q, papersSQL, p, func(r *ProjectPaper) []string {
		return []string{fmt.Sprint(r.Position), fmt.Sprint(r.Line)}
	})
}
