package projections

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/money"
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
	Filter
	Month   calendar.Month
	DueOn   calendar.Date // by the department's rules
	Form    filing.Form
	State   FilingState
	Missing bool // only those that somebody has to be chased for
	Late    bool // only those filed late
}

// FilingList is the answer of [ReadModels.Filings].
type FilingList struct {
	Answer
	Rows   []FilingRow   // in the order asked for, else by project, then form
	Totals []FilingTotal // over all rows that match
	Next   string        // asks for the next page; empty on the last
}

// Filings answers where the forms of a month stand (§5.1.3, §5.1.4, §5.3.3).
func (m *ReadModels) Filings(ctx context.Context, cut Cut, filter FilingFilter, page Page) (FilingList, error) {
	q, err := m.askSorted(cut, page, sortable{"filedOn", "entries", "total"}, "filings", filter)
	if err != nil {
		return FilingList{}, err
	}
	defer q.done()
	answer := FilingList{Answer: q.Answer}
	p := filter.params().with("month", uint16(filter.Month)).with("due_on", isoDate(filter.DueOn)).with("form", string(filter.Form)).
		with("state", string(filter.State)).with("missing", filter.Missing).with("late", filter.Late)
	if err := q.rows(ctx, filingListSQL+filingTotalsSQL, p, func(rows driver.Rows) error {
		t, err := scanFilingTotal(rows)
		answer.Totals = append(answer.Totals, t)
		return err
	}); err != nil {
		return answer, err
	}
	p = p.with("after_project", q.afterKey(0, "")).with("after_form", q.afterKey(1, ""))
	var last int64
	err = q.rows(ctx, filingListSQL+filingRowsSQL, p, func(rows driver.Rows) error {
		r, key, err := scanFiling(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.limit {
			end := answer.Rows[q.limit-1]
			answer.Next = q.nextSorted(last, string(end.Project), string(end.Form))
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
		textTo(&r.Project), textTo(&r.Form), &r.Name, &r.Region, &r.City, textTo(&r.Center), textTo(&r.State), &version, dateTo{&r.FirstFiled}, dateTo{&r.FiledOn}, &r.FiledBy,
		&r.Late, &entries, amountTo{&r.Total}, &r.ContentHash, &reviewed, &r.ReturnedBy, &r.Reason, &r.Sent, dateTo{&r.SentOn}, &r.Team, &sortKey,
	)
	r.Version, r.Entries = int(version), int(entries)
	if steps := filing.ChainOf(r.Form).Steps; version > 0 && r.State != FilingReturned && int(reviewed) < len(steps) {
		r.Awaits = steps[reviewed]
	}
	return r, sortKey, err
}

func scanFilingTotal(rows driver.Rows) (t FilingTotal, err error) {
	var owed, filed, nils, late, missing, sent, entries uint32
	err = rows.Scan(&t.Region, textTo(&t.Form), &owed, &filed, &nils, &late, &missing, &sent, &entries, amountTo{&t.Total})
	t.Owed, t.Filed, t.Nil, t.Late, t.Missing, t.Sent, t.Entries = int(owed), int(filed), int(nils), int(late), int(missing), int(sent), int(entries)
	return t, err
}

// UnfiledFaults returns the lines of a project's fault record that are on no F1.
func (m *ReadModels) UnfiledFaults(ctx context.Context, project domain.ProjectID) (lines []filing.FaultLine, answer Answer, err error) {
	q, err := m.ask(Cut{}, Page{}, "unfiled-faults", project)
	if err != nil {
		return nil, answer, err
	}
	defer q.done()
	err = q.rows(ctx, filingFaultsSQL, params{"project": string(project)}, func(rows driver.Rows) error {
		var l filing.FaultLine
		err := rows.Scan(textTo(&l.Line), textTo(&l.Ticket), dateTo{&l.RecordedOn})
		lines = append(lines, l)
		return err
	})
	return lines, q.Answer, err
}
