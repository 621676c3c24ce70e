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

// ProjectPaper is F0 handed over, one line of the advice on parts, or one version of a
// month's form that was for a center.
type ProjectPaper struct {
	Paper      string          `json:"paper" doc:"FORM: F0; SPARE_PARTS: a part to stock; F1, F3, F4: a month's form"`
	On         calendar.Date   `json:"on"`
	Center     domain.CenterID `json:"center" doc:"That it was for"`
	Month      calendar.Month  `json:"month,omitzero" doc:"Of a month's form"`
	Version    int             `json:"version,omitempty" doc:"Of a month's form"`
	Part       domain.PartCode `json:"part,omitempty"`
	Name       string          `json:"name,omitempty" sql:"name_of_part" doc:"Of the part"`
	Quantity   string          `json:"quantity,omitempty" sql:"quantity_of_part"`
	ReceivedBy string          `json:"receivedBy,omitempty"`
	Remark     string          `json:"remark,omitempty"`
	By         string          `json:"by"`
	Position   uint64          `json:"-" sql:"position"`
	Line       uint64          `json:"-" sql:"line"` // within the event
}

// A month's F1 and F3 are for the center from their filing on, F4 when it is sent, see
// [filing.ReadableBy].
const papersSQL = `
SELECT paper, on, center, toUInt32(month) AS month, version, by, position, toUInt64(line) AS line,
    part, name_of_part, quantity_of_part, remark, received_by
FROM
(
    SELECT position, line, step AS paper, on_date AS on, center, toUInt16(0) AS month, toUInt32(0) AS version,
        actor AS by,
        if(step = 'FORM', '', item) AS part, if(step = 'FORM', '', name) AS name_of_part,
        if(step = 'FORM', '', toString(quantity)) AS quantity_of_part,
        if(step = 'FORM', '', text) AS remark, if(step = 'FORM', name, '') AS received_by
    FROM project_terms
    WHERE step IN ('FORM', 'SPARE_PARTS')
      AND project = {project:String}
    UNION ALL
    SELECT position, line, form, on_date, center, month, version, actor, '', '', '', '', ''
    FROM filings
    WHERE line = 0
      AND event_type = if(form = 'F4', 'ReportSent', 'ReportFiled')
      AND project = {project:String}
)
WHERE on <= {as_of:Date}
  AND ({center:String} = '' OR center = {center:String})
  AND (position, line) > ({after_position:UInt64}, {after_line:UInt64})
ORDER BY position, line
LIMIT {row_limit:UInt64}`

// ProjectPapers answers which papers a project's centers were given: F0
// (§5.1.2), the advice on wearing parts to stock (§5.4.2.1) and the forms of its
// months; only what was for one center, if one is named.
func (m Views) ProjectPapers(
	ctx context.Context, cut projections.Cut, id domain.ProjectID, center domain.CenterID, page projections.Page,
) (projections.List[ProjectPaper], error) {
	q, err := m.Ask(cut, page, "papers", id)
	if err != nil {
		return projections.List[ProjectPaper]{}, err
	}
	defer q.Done()
	position, err1 := strconv.ParseUint(q.AfterKey(0, "0"), 10, 64)
	line, err2 := strconv.ParseUint(q.AfterKey(1, "0"), 10, 64)
	if err1 != nil || err2 != nil {
		return projections.List[ProjectPaper]{}, projections.BadCursor(page.After)
	}
	p := projections.Params{
		"project": string(id), "center": string(center), "after_position": position, "after_line": line,
	}
	return projections.ListOf(ctx, q, papersSQL, p, func(r *ProjectPaper) []string {
		return []string{fmt.Sprint(r.Position), fmt.Sprint(r.Line)}
	})
}
