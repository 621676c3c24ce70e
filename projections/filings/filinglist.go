package filings

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

var (
	//go:embed filinglist.sql
	filingListSQL string
	//go:embed filinglist_rows.sql
	filingRowsSQL string
	//go:embed filinglist_totals.sql
	filingTotalsSQL string
	//go:embed filingfaults.sql
	filingFaultsSQL string
)

// FilingState says where a monthly form stands.
type FilingState string

const (
	FilingDue      FilingState = "DUE"      // not filed, and not due yet
	FilingMissing  FilingState = "MISSING"  // 缺报: not filed, and the day it was due is over
	FilingNil      FilingState = "NIL"      // 零报: filed, with nothing to report
	FilingFiled    FilingState = "FILED"    // 已报
	FilingReturned FilingState = "RETURNED" // 退回: with its filler again
)

// There reports whether somebody filed the form, and nobody returned it.
func (s FilingState) There() bool { return s == FilingNil || s == FilingFiled }

// FilingRow is where one form of one project stands, in yuan.
type FilingRow struct {
	Project     domain.ProjectID `json:"project"`
	Form        filing.Form      `json:"form"`
	Name        string           `json:"name"`
	Region      string           `json:"region"`
	City        string           `json:"city"`
	Center      domain.CenterID  `json:"center,omitempty"`
	State       FilingState      `json:"state" doc:"DUE 未到期, MISSING 缺报, NIL 零报, FILED 已报, RETURNED 退回"`
	DueOn       calendar.Date    `json:"dueOn"`
	DaysOver    *int             `json:"daysOver" sql:"-" doc:"Days since it was due, 0 up to that day; null of a form that is there"`
	Version     *int             `json:"version" doc:"null of what was not filed"`
	FiledOn     calendar.Date    `json:"filedOn,omitempty" doc:"Of that version"`
	FiledBy     string           `json:"filedBy,omitempty" doc:"Of that version"`
	FirstFiled  calendar.Date    `json:"firstFiledOn,omitempty" doc:"Version 1"`
	Late        bool             `json:"late" doc:"That version was filed after it was due; an F4 is late, in all its versions, if the first was: a reviewer who returns it makes nobody late"`
	Entries     *int             `json:"entries" doc:"Lines of F1 or charges of F3, of all sheets; null of F4, and of what was not filed"`
	Total       *money.Amount    `json:"total" doc:"Of the charges of F3, gross; null of other forms, and of what was not filed"`
	ContentHash string           `json:"contentHash,omitempty"`
	Awaits      domain.Role      `json:"awaits,omitempty" sql:"-" doc:"Role whose turn it is"`
	ReturnedBy  string           `json:"returnedBy,omitempty"`
	Reason      string           `json:"reason,omitempty"`
	Sent        bool             `json:"sent"`
	SentOn      calendar.Date    `json:"sentOn,omitempty"`
	Team        []string         `json:"team" doc:"Who has to file it: the technicians of the roster in force, with their phones"`
	Reviewed    int              `json:"-" sql:"reviewed"` // steps of that version's review that were taken
}

// Derive implements [projections.Derived].
func (r *FilingRow) Derive(asOf calendar.Date) {
	if !r.State.There() {
		over := max(0, int(asOf-r.DueOn))
		r.DaysOver = &over
	}
	if steps := filing.ChainOf(r.Form).Steps; r.Version != nil && r.State != FilingReturned && r.Reviewed < len(steps) {
		r.Awaits = steps[r.Reviewed]
	}
}

// FilingTotal sums the forms of a region up.
type FilingTotal struct {
	Region  string        `json:"region"`
	Form    filing.Form   `json:"form"`
	Owed    int           `json:"owed" doc:"Projects that owe it"`
	Filed   int           `json:"filed" doc:"Nil returns included"`
	Nil     int           `json:"nil"`
	Late    int           `json:"late"`
	Missing int           `json:"missing"`
	Sent    int           `json:"sent"`
	Entries *int          `json:"entries" doc:"Of those that were filed; null where none was, and of F4"`
	Total   *money.Amount `json:"total" doc:"Of the F3 that were filed; null where none was, and of other forms"`
}

// FilingFilter narrows the forms down. Empty fields do not narrow.
type FilingFilter struct {
	projections.Filter
	Month   calendar.Month
	DueOn   calendar.Date // by the department's rules
	Form    filing.Form
	State   FilingState
	Missing bool // only those that somebody has to be chased for
	Late    bool // only those filed late
}

// FilingList is the answer of [Views.Filings].
type FilingList struct {
	projections.List[FilingRow]               // in the order asked for, else by project, then form
	Totals                      []FilingTotal // over all rows that match
}

// Filings answers where the forms of a month stand (§5.1.3, §5.1.4, §5.3.3).
func (m Views) Filings(
	ctx context.Context, cut projections.Cut, filter FilingFilter, page projections.Page,
) (answer FilingList, err error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"filedOn", "entries", "total"}, "filings", filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := filter.Params().With("month",
		uint16(filter.Month)).With("due_on", projections.IsoDate(filter.DueOn)).With("form", string(filter.Form)).
		With("state", string(filter.State)).With("missing", filter.Missing).With("late", filter.Late)
	totals, rows := filingListSQL+filingTotalsSQL, filingListSQL+filingRowsSQL
	if answer.Totals, err = projections.All[FilingTotal](ctx, q, totals, p); err != nil {
		return answer, err
	}
	p = p.With("after_project", q.AfterKey(0, "")).With("after_form", q.AfterKey(1, ""))
	answer.List, err = projections.ListOf(ctx, q, rows, p, func(r *FilingRow) []string {
		return []string{string(r.Project), string(r.Form)}
	})
	return answer, err
}

// UnfiledFaults returns the lines of a project's fault record that are on no F1.
func (m Views) UnfiledFaults(
	ctx context.Context, scope access.Scope, project domain.ProjectID,
) (lines []filing.FaultLine, answer projections.Answer, err error) {
	q, err := m.Ask(projections.Cut{Scope: scope}, projections.Page{}, "unfiled-faults", project)
	if err != nil {
		return nil, answer, err
	}
	defer q.Done()
	err = q.Rows(ctx, filingFaultsSQL, projections.Params{"project": string(project)}, func(rows driver.Rows) error {
		var l filing.FaultLine
		err := rows.Scan(projections.TextTo(&l.Line), projections.TextTo(&l.Ticket), projections.DateTo(&l.RecordedOn))
		lines = append(lines, l)
		return err
	})
	return lines, q.Answer, err
}
