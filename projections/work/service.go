package work

import (
	"context"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/projections"
)

// ServedProject is what is agreed about a project's service, over time.
type ServedProject struct {
	Project  domain.ProjectID
	Name     string
	Region   string
	City     string
	Since    calendar.Date // first day of service
	Centers  []CenterFrom  // by date
	Warranty []WarrantyFrom
	Presence []PresenceFrom    // by date
	Contract []policy.Override // by date
}

// CenterFrom is the center that answers for a project from a date on.
type CenterFrom struct {
	Center domain.CenterID
	From   calendar.Date
}

// PresenceFrom is where the team is from a date on.
type PresenceFrom struct {
	Presence policy.Presence
	From     calendar.Date
}

// WarrantyFrom is the agreement on warranty that counts from a date on; zero:
// always.
type WarrantyFrom struct {
	From                                            calendar.Date
	CompletionHandoverOn, AcceptanceOn, OccupancyOn calendar.Date
	StartsFrom                                      string
	Months                                          int
	EndsOn                                          calendar.Date
}

// tableFrom is a service table in force from a date on.
type tableFrom struct {
	policy.Table
	from calendar.Date
}

// WarrantyOn returns the agreement in force on a date.
func (p *ServedProject) WarrantyOn(d calendar.Date) (w WarrantyFrom) {
	for _, v := range p.Warranty {
		if !v.From.After(d) {
			w = v
		}
	}
	return w
}

// CenterOn returns the center that answers on a date.
func (p *ServedProject) CenterOn(d calendar.Date) (c domain.CenterID) {
	for _, v := range p.Centers {
		if !v.From.After(d) {
			c = v.Center
		}
	}
	return c
}

// PresenceOn returns where the team is on a date.
func (p *ServedProject) PresenceOn(d calendar.Date) (on policy.Presence) {
	for _, v := range p.Presence {
		if !v.From.After(d) {
			on = v.Presence
		}
	}
	return on
}

// owedOn is what routine visits the project is owed on a date.
func (p *ServedProject) owedOn(d calendar.Date, tables []tableFrom) visit.Owed {
	if d.Before(p.Since) {
		return visit.Owed{}
	}
	w := p.WarrantyOn(d)
	r, err := tableOn(tables, d).Evaluate(policy.Inputs{
		At: d.Start(), WarrantyEndsOn: w.EndsOn, OccupancyOn: w.OccupancyOn, Presence: p.PresenceOn(d), Overrides: p.Contract,
	})
	if err != nil {
		return visit.Owed{} // no presence is known yet
	}
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
	var texts []policy.TableText
	var from []calendar.Date
	if err := q.Rows(ctx, serviceTablesSQL, nil, func(rows driver.Rows) error {
		var t policy.TableText
		var r policy.RowText
		var d calendar.Date
		var months uint32
		err := rows.Scan(&t.Version, projections.DateTo(&d), &months, &r.Clause, &r.Warranty, &r.Team, &r.Response, &r.Visits,
			&r.OnSite, &r.Cost, &r.Travel, &r.Support)
		if n := len(texts); n == 0 || texts[n-1].Version != t.Version {
			t.HandoverMonths = int(months)
			texts, from = append(texts, t), append(from, d)
		}
		last := &texts[len(texts)-1]
		last.Rows = append(last.Rows, r)
		return err
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
    completion_handover_on, acceptance_on, occupancy_on, warranty_starts_from, warranty_months, warranty_ends_on
FROM projects
WHERE (step = 'REGISTERED' OR on_date <= {as_of:Date})
  AND ({project:String} = '' OR project = {project:String})
ORDER BY project, on_date, position, line`

const overridesSQL = `
SELECT project, item, on_date, until_date, in_warranty, presence, cell, value, contract
FROM project_terms
WHERE step = 'OVERRIDE'
  AND on_date <= {as_of:Date}
  AND ({project:String} = '' OR project = {project:String})
ORDER BY on_date, position`

// served returns what is agreed about the projects that match, by number.
func served(ctx context.Context, q *projections.Question, f projections.Filter) ([]*ServedProject, error) {
	var all []*ServedProject
	by := make(map[domain.ProjectID]*ServedProject)
	if err := q.Rows(ctx, servedProjectsSQL, projections.Params{
		"project": string(f.Project),
	}, func(rows driver.Rows) error {
		var (
			id                               domain.ProjectID
			step, name, region, city, starts string
			center                           domain.CenterID
			presence                         policy.Presence
			on                               calendar.Date
			months                           uint16
			w                                WarrantyFrom
		)
		if err := rows.Scan(projections.TextTo(&id), &step, projections.DateTo(&on), &name, &region, &city,
			projections.TextTo(&center), projections.TextTo(&presence),
			projections.DateTo(&w.CompletionHandoverOn), projections.DateTo(&w.AcceptanceOn), projections.DateTo(&w.OccupancyOn),
			&starts, &months, projections.DateTo(&w.EndsOn)); err != nil {
			return err
		}
		p := by[id]
		if p == nil {
			p = &ServedProject{Project: id}
			by[id], all = p, append(all, p)
		}
		switch step {
		case "REGISTERED":
			p.Name, p.Region, p.City = name, region, city
		case "CENTER_ASSIGNED":
			p.Centers = append(p.Centers, CenterFrom{center, on})
		case "PRESENCE_CHANGED":
			p.Presence = append(p.Presence, PresenceFrom{presence, on})
		case "WARRANTY_AGREED":
			w.From, w.StartsFrom, w.Months = on, starts, int(months)
			p.Warranty = append(p.Warranty, w)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	err := q.Rows(ctx, overridesSQL, projections.Params{"project": string(f.Project)}, func(rows driver.Rows) error {
		var id domain.ProjectID
		var o policy.Override
		err := rows.Scan(projections.TextTo(&id), projections.TextTo(&o.ID), projections.DateTo(&o.From),
			projections.DateTo(&o.Until), &o.InWarranty, projections.TextTo(&o.Presence), projections.TextTo(&o.Cell), &o.Value,
			&o.Contract)
		if p := by[id]; p != nil {
			p.Contract = append(p.Contract, o)
		}
		return err
	})
	for _, p := range all {
		if len(p.Centers) > 0 {
			p.Since = p.Centers[0].From
		}
	}
	return slices.DeleteFunc(all, func(p *ServedProject) bool {
		return f.Region != "" && p.Region != f.Region || f.Center != "" && p.CenterOn(q.AsOf) != f.Center
	}), err
}

// ProjectList is the answer of [Views.Projects].
type ProjectList struct {
	projections.Answer
	Rows []ProjectRow // by number
	Next string
}

// ProjectRow is a project with what is owed to it on the date that is asked
// for.
type ProjectRow struct {
	ServedProject
	Table        string        // version of the service table; empty: the procedure's own
	Ruling       policy.Ruling // zero before service began
	HandoverFrom calendar.Date // when the handover before the warranty's end begins
}

// Projects answers what is agreed about projects, and what §5.4 grants them.
func (m Views) Projects(
	ctx context.Context, cut projections.Cut, filter projections.Filter, page projections.Page,
) (ProjectList, error) {
	q, err := m.Ask(cut, page, "projects", filter)
	if err != nil {
		return ProjectList{}, err
	}
	defer q.Done()
	answer := ProjectList{Answer: q.Answer}
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
		if p.Project <= after {
			continue
		}
		if len(answer.Rows) == q.Limit {
			answer.Next = q.Next(string(answer.Rows[q.Limit-1].Project))
			break
		}
		table, w := tableOn(tables, q.AsOf), p.WarrantyOn(q.AsOf)
		row := ProjectRow{ServedProject: *p, Table: table.Version, HandoverFrom: table.HandoverFrom(w.EndsOn)}
		if ruling, err := table.Evaluate(policy.Inputs{
			At: q.AsOf.Start(), WarrantyEndsOn: w.EndsOn, OccupancyOn: w.OccupancyOn, Presence: p.PresenceOn(q.AsOf),
			Overrides: p.Contract,
		}); err == nil {
			row.Ruling = ruling
		}
		answer.Rows = append(answer.Rows, row)
	}
	return answer, nil
}

// VisitFilter narrows the periods of routine visits down.
type VisitFilter struct {
	projections.Filter
	From, To      calendar.Date // periods that touch these dates; zero: the month that is asked for
	ShortfallOnly bool
}

// VisitPeriod is a period of one project, see [visit.Tally].
type VisitPeriod struct {
	Project domain.ProjectID
	Name    string
	Region  string
	Center  domain.CenterID // on the last day of the period
	visit.Span
}

// VisitTotals sums the periods that match up, not only a page's.
type VisitTotals struct{ Periods, Due, Made, Shortfall, Running int }

// VisitList is the answer of [Views.Visits].
type VisitList struct {
	projections.Answer
	Rows   []VisitPeriod // by project and first day
	Totals VisitTotals
	Next   string
}

const visitsMadeSQL = `
SELECT project, on_date
FROM visits
WHERE on_date <= {as_of:Date}
  AND on_date BETWEEN {from_date:Date} AND {to_date:Date}
  AND ({project:String} = '' OR project = {project:String})
GROUP BY project, on_date
HAVING argMax(step, position) = 'MADE'
ORDER BY project, on_date`

// Visits answers the routine visits made against those owed, period by period
// (§5.4).
func (m Views) Visits(
	ctx context.Context, cut projections.Cut, filter VisitFilter, page projections.Page,
) (VisitList, error) {
	q, err := m.Ask(cut, page, "visits", filter)
	if err != nil {
		return VisitList{}, err
	}
	defer q.Done()
	answer := VisitList{Answer: q.Answer}
	if filter.From.IsZero() {
		filter.From = q.AsOf.Month().First()
	}
	if filter.To.IsZero() || filter.To.After(q.AsOf) {
		filter.To = q.AsOf
	}
	if limit := filter.From.AddMonths(maxVisitMonths); filter.To.After(limit) {
		return answer, domain.Invalid("to", filter.To.String(), "range-too-long", "must lie within three years of %s", "",
			filter.From)
	}
	tables, err := serviceTables(ctx, q)
	if err != nil {
		return answer, err
	}
	all, err := served(ctx, q, filter.Filter)
	if err != nil {
		return answer, err
	}
	made := make(map[domain.ProjectID][]calendar.Date)
	if err := q.Rows(ctx, visitsMadeSQL, projections.Params{
		"project": string(filter.Project), "from_date": projections.IsoDate(filter.From.AddDays(-longestPeriod)), "to_date": projections.IsoDate(filter.To.AddDays(longestPeriod)),
	}, func(rows driver.Rows) error {
		var id domain.ProjectID
		var on calendar.Date
		err := rows.Scan(projections.TextTo(&id), projections.DateTo(&on))
		made[id] = append(made[id], on)
		return err
	}); err != nil {
		return answer, err
	}
	// A day counts as over once it has ended by the moment of knowledge.
	over := q.AsOf
	if calendar.DateOf(q.KnownAt) <= over {
		over = calendar.DateOf(q.KnownAt).AddDays(-1)
	}
	afterProject, afterFirst := domain.ProjectID(q.AfterKey(0, "")), q.AfterKey(1, "")
	for _, p := range all {
		spans := visit.Tally(filter.From, filter.To, over, func(d calendar.Date) visit.Owed { return p.owedOn(d, tables) },
			made[p.Project])
		for _, s := range spans {
			if filter.ShortfallOnly && s.Shortfall == 0 {
				continue
			}
			t := &answer.Totals
			t.Periods, t.Due, t.Made, t.Shortfall = t.Periods+1, t.Due+s.Due, t.Made+len(s.Made), t.Shortfall+s.Shortfall
			if s.Running {
				t.Running++
			}
			if p.Project < afterProject || p.Project == afterProject && s.First.String() <= afterFirst ||
				len(answer.Rows) > q.Limit {
				continue
			}
			answer.Rows = append(answer.Rows, VisitPeriod{p.Project, p.Name, p.Region, p.CenterOn(s.Last), s})
		}
	}
	if len(answer.Rows) > q.Limit {
		answer.Rows = answer.Rows[:q.Limit]
		end := answer.Rows[q.Limit-1]
		answer.Next = q.Next(string(end.Project), end.First.String())
	}
	return answer, nil
}

const (
	maxVisitMonths = 36
	longestPeriod  = 31 // days
)

// Contact is one person on call.
type Contact struct {
	Role  domain.Role
	Name  string
	Phone string
}

// Roster is the answer of [Views.Roster].
type Roster struct {
	projections.Answer
	Project  domain.ProjectID
	Version  int // zero: none is in force
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
	answer := Roster{Answer: q.Answer, Project: id}
	err = q.Rows(ctx, rosterSQL, projections.Params{"project": string(id)}, func(rows driver.Rows) error {
		var version uint32
		var on calendar.Date
		var c Contact
		if err := rows.Scan(&version, projections.DateTo(&on), projections.TextTo(&c.Role), &c.Name, &c.Phone); err != nil {
			return err
		}
		answer.Versions = max(answer.Versions, int(version))
		if on.After(q.AsOf) {
			return nil
		}
		if int(version) != answer.Version {
			answer.Version, answer.From, answer.Contacts = int(version), on, nil
		}
		answer.Contacts = append(answer.Contacts, c)
		return nil
	})
	return answer, err
}

// HandoverRow is one item of the handover of one project.
type HandoverRow struct {
	Project        domain.ProjectID
	Name           string
	Region         string
	Center         domain.CenterID
	WarrantyEndsOn calendar.Date
	From           calendar.Date // when the handover begins
	Item           string
	DueOn          calendar.Date
	DoneOn         calendar.Date
	Person         string
	Attended       []string
	Evidence       string
	Status         string // NOT_PLANNED, PLANNED, OPEN (its time has begun), OVERDUE or DONE
	DaysLate       int    // after DueOn, until it was done or until the cut
}

// HandoverFilter narrows the items down.
type HandoverFilter struct {
	projections.Filter
	Status string
	// Begun: only projects whose handover has begun by the date that is asked
	// for, and whose warranty has not been over for more than a year.
	Begun bool
}

// HandoverList is the answer of [Views.Handovers].
type HandoverList struct {
	projections.Answer
	Rows []HandoverRow // by project, in the order of the clause
	Next string
}

const handoverSQL = `
SELECT project, step, item, on_date, due_on, name, people, text
FROM project_terms
WHERE (step = 'HANDOVER_PLANNED' OR (step = 'HANDOVER_DONE' AND on_date <= {as_of:Date}))
  AND ({project:String} = '' OR project = {project:String})
ORDER BY project, position, line`

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
	answer := HandoverList{Answer: q.Answer}
	tables, err := serviceTables(ctx, q)
	if err != nil {
		return answer, err
	}
	all, err := served(ctx, q, filter.Filter)
	if err != nil {
		return answer, err
	}
	items := make(map[domain.ProjectID]map[string]handoverItem)
	if err := q.Rows(ctx, handoverSQL, projections.Params{
		"project": string(filter.Project),
	}, func(rows driver.Rows) error {
		var id domain.ProjectID
		var step, item, name, text string
		var on, due calendar.Date
		var people []string
		if err := rows.Scan(projections.TextTo(&id), &step, &item, projections.DateTo(&on), projections.DateTo(&due), &name,
			&people, &text); err != nil {
			return err
		}
		if items[id] == nil {
			items[id] = make(map[string]handoverItem)
		}
		i := items[id][item]
		switch {
		case step == "HANDOVER_PLANNED":
			i.due = due
		case i.done.IsZero():
			i.done, i.person, i.attended, i.evidence = on, name, people, text
		}
		items[id][item] = i
		return nil
	}); err != nil {
		return answer, err
	}
	afterProject, afterItem := domain.ProjectID(q.AfterKey(0, "")), q.AfterKey(1, "")
	for _, p := range all {
		w := p.WarrantyOn(q.AsOf)
		from := tableOn(tables, q.AsOf).HandoverFrom(w.EndsOn)
		if p.Project < afterProject || filter.Begun && (from.After(q.AsOf) || w.EndsOn.AddMonths(12).Before(q.AsOf)) {
			continue
		}
		for n, name := range handoverItems {
			key := string('0' + rune(n))
			row := handoverRow(p, w.EndsOn, from, name, items[p.Project][name], q.AsOf)
			if p.Project == afterProject && key <= afterItem || filter.Status != "" && filter.Status != row.Status {
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
	p *ServedProject, endsOn, from calendar.Date, name string, i handoverItem, asOf calendar.Date,
) HandoverRow {
	row := HandoverRow{
		Project: p.Project, Name: p.Name, Region: p.Region, Center: p.CenterOn(asOf), WarrantyEndsOn: endsOn, From: from,
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
		row.DaysLate = max(0, int(until-i.due))
	}
	return row
}

// ProjectPaper is F0 handed over, or spare parts advised.
type ProjectPaper struct {
	Step     string // FORM or SPARE_PARTS
	On       calendar.Date
	Center   domain.CenterID
	Item     string // part
	Name     string // who received F0; name of the part
	Quantity string
	Text     string // who handed F0 over; remark
	Actor    string
}

// ProjectPapers is the answer of [Views.ProjectPapers].
type ProjectPapers struct {
	projections.Answer
	Papers []ProjectPaper
}

const papersSQL = `
SELECT step, on_date, center, item, name, toString(quantity), text, actor
FROM project_terms
WHERE step IN ('FORM', 'SPARE_PARTS')
  AND on_date <= {as_of:Date}
  AND project = {project:String}
ORDER BY position, line`

// ProjectPapers answers which papers a project's centers were given: F0
// (§5.1.2) and the advice on wearing parts to stock (§5.4.2.1).
func (m Views) ProjectPapers(ctx context.Context, cut projections.Cut, id domain.ProjectID) (ProjectPapers, error) {
	q, err := m.Ask(cut, projections.Page{}, "papers", id)
	if err != nil {
		return ProjectPapers{}, err
	}
	defer q.Done()
	answer := ProjectPapers{Answer: q.Answer}
	err = q.Rows(ctx, papersSQL, projections.Params{"project": string(id)}, func(rows driver.Rows) error {
		var p ProjectPaper
		err := rows.Scan(&p.Step, projections.DateTo(&p.On), projections.TextTo(&p.Center), &p.Item, &p.Name, &p.Quantity,
			&p.Text, &p.Actor)
		answer.Papers = append(answer.Papers, p)
		return err
	})
	return answer, err
}
