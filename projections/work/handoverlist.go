package work

import (
	"context"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/projections"
)

// HandoverRow is one item of the handover of one project.
type HandoverRow struct {
	Project        domain.ProjectID `json:"project"`
	Name           string           `json:"name"`
	Region         string           `json:"region"`
	Center         domain.CenterID  `json:"center"`
	WarrantyEndsOn calendar.Date    `json:"warrantyEndsOn"`
	From           calendar.Date    `json:"from" doc:"When the handover begins"`
	Item           string           `json:"item"`
	Status         string           `json:"status"` // NOT_PLANNED, PLANNED, OPEN (its time has begun), OVERDUE or DONE
	DueOn          calendar.Date    `json:"dueOn,omitempty"`
	DoneOn         calendar.Date    `json:"doneOn,omitempty"`
	DaysLate       *int             `json:"daysLate" doc:"After dueOn, until it was done or until the date asked for; null where no day is planned"`
	Person         string           `json:"person,omitempty"`
	Attended       []string         `json:"attended,omitempty"`
	Evidence       string           `json:"evidence,omitempty"`
}

// HandoverFilter narrows the items down.
type HandoverFilter struct {
	projections.Filter
	Status string
	// Begun: only projects whose handover has begun by the date that is asked
	// for, and whose warranty has not been over for more than a year.
	Begun bool
}

// HandoverList is the answer of [Views.Handovers], by project, in the order of the
// clause.
type HandoverList = projections.List[HandoverRow]

const handoverSQL = `
SELECT project, step, item, on_date, due_on, name, people, text
FROM project_terms
WHERE (step = 'HANDOVER_PLANNED' OR (step = 'HANDOVER_DONE' AND on_date <= {as_of:Date}))
  AND ({project:String} = '' OR project = {project:String})
ORDER BY project, position, line`

// handoverStep is a plan of a project's handover, or something done of it.
type handoverStep struct {
	Project domain.ProjectID `sql:"project"`
	Step    string           `sql:"step"`
	Item    string           `sql:"item"`
	On      calendar.Date    `sql:"on_date"`
	DueOn   calendar.Date    `sql:"due_on"`
	Name    string           `sql:"name"`
	People  []string         `sql:"people"`
	Text    string           `sql:"text"`
}

// handoverItem is what is known about one item.
type handoverItem struct {
	due, done        calendar.Date
	person, evidence string
	attended         []string
}

// handoverItems are what is handed over, in the order of the clause.
var handoverItems = func() (names []string) {
	for _, i := range project.HandoverItems() {
		names = append(names, string(i))
	}
	return names
}()

// Handovers answers how far projects are with what their centers must have
// before the warranty ends (§5.4.1.1).
func (m Views) Handovers(
	ctx context.Context, cut projections.Cut, filter HandoverFilter, page projections.Page,
) (HandoverList, error) {
	q, err := m.Ask(cut, page, "handovers", filter)
	if err != nil {
		return HandoverList{}, err
	}
	defer q.Done()
	answer := HandoverList{Answer: q.Answer, Rows: []HandoverRow{}}
	tables, err := serviceTables(ctx, q)
	if err != nil {
		return answer, err
	}
	all, err := served(ctx, q, filter.Filter)
	if err != nil {
		return answer, err
	}
	items := make(map[domain.ProjectID]map[string]handoverItem)
	ofProject := projections.Params{"project": string(filter.Project)}
	if err := projections.Each(ctx, q, handoverSQL, ofProject, func(r *handoverStep) error {
		if items[r.Project] == nil {
			items[r.Project] = make(map[string]handoverItem)
		}
		i := items[r.Project][r.Item]
		switch {
		case r.Step == "HANDOVER_PLANNED":
			i.due = r.DueOn
		case i.done.IsZero():
			i.done, i.person, i.attended, i.evidence = r.On, r.Name, r.People, r.Text
		}
		items[r.Project][r.Item] = i
		return nil
	}); err != nil {
		return answer, err
	}
	afterProject, afterItem := domain.ProjectID(q.AfterKey(0, "")), q.AfterKey(1, "")
	for _, p := range all {
		w := p.warrantyOn(q.AsOf)
		from := tableOn(tables, q.AsOf).HandoverFrom(w.EndsOn)
		if p.project < afterProject || filter.Begun && (from.After(q.AsOf) || w.EndsOn.AddMonths(12).Before(q.AsOf)) {
			continue
		}
		for n, name := range handoverItems {
			key := string('0' + rune(n))
			row := handoverRow(p, w.EndsOn, from, name, items[p.project][name], q.AsOf)
			if p.project == afterProject && key <= afterItem || filter.Status != "" && filter.Status != row.Status {
				continue
			}
			if len(answer.Rows) == q.Limit {
				end := answer.Rows[q.Limit-1]
				answer.Next = q.Next(string(end.Project), string('0'+rune(slices.Index(handoverItems, end.Item))))
				return answer, nil
			}
			answer.Rows = append(answer.Rows, row)
		}
	}
	return answer, nil
}

func handoverRow(
	p *servedProject, endsOn, from calendar.Date, name string, i handoverItem, asOf calendar.Date,
) HandoverRow {
	row := HandoverRow{
		Project: p.project, Name: p.name, Region: p.region, Center: p.centerOn(asOf), WarrantyEndsOn: endsOn, From: from,
		Item:  name,
		DueOn: i.due, DoneOn: i.done, Person: i.person, Attended: i.attended, Evidence: i.evidence,
	}
	until := asOf
	switch {
	case !i.done.IsZero():
		row.Status, until = "DONE", i.done
	case i.due.IsZero():
		row.Status = "NOT_PLANNED"
	case i.due.Before(asOf):
		row.Status = "OVERDUE"
	case from.After(asOf):
		row.Status = "PLANNED"
	default:
		row.Status = "OPEN"
	}
	if !i.due.IsZero() {
		late := max(0, int(until-i.due))
		row.DaysLate = &late
	}
	return row
}
