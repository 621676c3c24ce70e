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

// FilingRow is where one form of one project stands. Amounts are in yuan.
type FilingRow struct {
	Project     domain.ProjectID
	Form        filing.Form
	Name        string
	Region      string
	City        string
	Center      domain.CenterID
	State       FilingState
	Version     int           // the newest; zero: none
	FiledOn     calendar.Date // the newest
	FiledBy     string        // the newest
	FirstFiled  calendar.Date // the first version
	Late        bool          // the newest; an F4 is late by its first version
	Entries     int           // lines of all sheets of F1, charges of those of F3
	Total       money.Amount  // of the charges of F3, gross
	ContentHash string        // of the newest
	Awaits      domain.Role   // whose turn it is to review; empty: nobody's
	ReturnedBy  string
	Reason      string // for which it was returned
	Sent        bool
	SentOn      calendar.Date
	Team        []string // technicians of the roster in force, with their phones
}

// HasEntries reports whether there is a number of entries: of an F4, and of what
// was not filed, there is none.
func (r FilingRow) HasEntries() bool { return r.Version > 0 && r.Form != filing.MonthlyReport }

// HasTotal reports whether there is an amount: a month whose F3 was not filed has
// none, and neither have the other forms.
func (r FilingRow) HasTotal() bool { return r.Version > 0 && r.Form == filing.ChargeList }

// FilingTotal sums the forms of a region up.
type FilingTotal struct {
	Region  string
	Form    filing.Form
	Owed    int
	Filed   int // nil returns included
	Nil     int
	Late    int
	Missing int
	Sent    int
	Entries int          // of those that were filed
	Total   money.Amount // of those that were filed
}

// HasEntries reports whether there is a number of entries, see
// [FilingRow.HasEntries].
func (t FilingTotal) HasEntries() bool { return t.Filed > 0 && t.Form != filing.MonthlyReport }

// HasTotal reports whether there is an amount, see [FilingRow.HasTotal].
func (t FilingTotal) HasTotal() bool { return t.Filed > 0 && t.Form == filing.ChargeList }

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
	projections.Answer
	Rows   []FilingRow   // in the order asked for, else by project, then form
	Totals []FilingTotal // over all rows that match
	Next   string        // asks for the next page; empty on the last
}

// Filings answers where the forms of a month stand (§5.1.3, §5.1.4, §5.3.3).
func (m Views) Filings(
	ctx context.Context, cut projections.Cut, filter FilingFilter, page projections.Page,
) (FilingList, error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"filedOn", "entries", "total"}, "filings", filter)
	if err != nil {
		return FilingList{}, err
	}
	defer q.Done()
	answer := FilingList{Answer: q.Answer}
	p := filter.Params().With("month",
		uint16(filter.Month)).With("due_on", projections.IsoDate(filter.DueOn)).With("form", string(filter.Form)).
		With("state", string(filter.State)).With("missing", filter.Missing).With("late", filter.Late)
	if err := q.Rows(ctx, filingListSQL+filingTotalsSQL, p, func(rows driver.Rows) error {
		t, err := scanFilingTotal(rows)
		answer.Totals = append(answer.Totals, t)
		return err
	}); err != nil {
		return answer, err
	}
	p = p.With("after_project", q.AfterKey(0, "")).With("after_form", q.AfterKey(1, ""))
	var last int64
	err = q.Rows(ctx, filingListSQL+filingRowsSQL, p, func(rows driver.Rows) error {
		r, key, err := scanFiling(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.NextSorted(last, string(end.Project), string(end.Form))
			return nil
		}
		answer.Rows, last = append(answer.Rows, r), key
		return nil
	})
	return answer, err
}

func scanFiling(rows driver.Rows) (r FilingRow, sortKey int64, err error) {
	var version, reviewed uint32
	var entries uint64
	err = rows.Scan(
		projections.TextTo(&r.Project), projections.TextTo(&r.Form), &r.Name, &r.Region, &r.City,
		projections.TextTo(&r.Center), projections.TextTo(&r.State), &version, projections.DateTo(&r.FirstFiled),
		projections.DateTo(&r.FiledOn), &r.FiledBy,
		&r.Late, &entries, projections.AmountTo(&r.Total), &r.ContentHash, &reviewed, &r.ReturnedBy, &r.Reason, &r.Sent,
		projections.DateTo(&r.SentOn), &r.Team, &sortKey,
	)
	r.Version, r.Entries = int(version), int(entries)
	if steps := filing.ChainOf(r.Form).Steps; version > 0 && r.State != FilingReturned && int(reviewed) < len(steps) {
		r.Awaits = steps[reviewed]
	}
	return r, sortKey, err
}

func scanFilingTotal(rows driver.Rows) (t FilingTotal, err error) {
	var owed, filed, nils, late, missing, sent, entries uint32
	err = rows.Scan(&t.Region, projections.TextTo(&t.Form), &owed, &filed, &nils, &late, &missing, &sent, &entries,
		projections.AmountTo(&t.Total))
	t.Owed, t.Filed, t.Nil, t.Late, t.Missing, t.Sent, t.Entries = int(owed), int(filed), int(nils), int(late),
		int(missing), int(sent), int(entries)
	return t, err
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
