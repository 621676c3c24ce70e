package projections

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
)

// Finding is what the comparison of issues with fault records found.
type Finding string

// The findings of this audit; the values are the procedure's names.
const (
	Matched        Finding = "MATCHED"         // 相符
	IssueNoFault   Finding = "ISSUE_NO_FAULT"  // 有出库无故障: issued, no fault record of a replacement
	FaultNoIssue   Finding = "FAULT_NO_ISSUE"  // 有更换无出库: replaced, nothing issued
	OverIssue      Finding = "OVER_ISSUE"      // more issued than replaced, on one slip
	ShortIssue     Finding = "SHORT_ISSUE"     // less issued than replaced
	DuplicateIssue Finding = "DUPLICATE_ISSUE" // the same line issued again, beyond what was replaced
	ItemMismatch   Finding = "ITEM_MISMATCH"   // issued for the line, but another part
	WrongProject   Finding = "WRONG_PROJECT"   // issued from the depot of another project than the line's
	Cutoff         Finding = "CUTOFF"          // 跨期: the other side is known, but dated after the day asked for
)

// Findings lists the findings in the order of reports.
func Findings() []Finding {
	return []Finding{Matched, IssueNoFault, FaultNoIssue, OverIssue, ShortIssue, DuplicateIssue, ItemMismatch, WrongProject, Cutoff}
}

// PartsAuditRow compares one F1 line that replaced a part with the issues of
// that part from its project's depot for it; or it is one issue that no such
// line accounts for. Every line and every issue is in exactly one row, except
// that a line for which only issues of another part or project were made, none
// of its units missing, is in the rows of those issues.
type PartsAuditRow struct {
	Key     string // stable name of the row: finding and document
	Finding Finding
	Project domain.ProjectID // of the line; of the depot if the row is an issue
	Region  string           // of the project
	Center  domain.CenterID  // that answered for the project on that date
	Part    domain.PartCode
	On      calendar.Date // of the fault record; of the issue if the row is an issue
	AgeDays int           // from On to the date asked for

	Line        domain.FaultLineID // F1 line; as named by the slip if the row is an issue
	LineProject domain.ProjectID   // of the F1 line, where it is known
	LinePart    domain.PartCode    // replaced according to the F1 line, where it is known
	Ticket      domain.TicketID
	OldSerial   string
	NewSerial   string
	Bearer      policy.Bearer
	Replaced    decimal.Decimal // units, according to the F1 line

	Slips    []domain.SlipID // issue slips of which units are still out, by date
	Issued   decimal.Decimal // units on those slips, net of those that came back unused
	Value    money.Amount    // of those units at the depot's cost, in yuan
	Override string          // reasons given for a repeated issue

	// InQuestion is the quantity the finding is about, and its value in yuan:
	// at the cost on the slip for what was issued, and for what was not at the
	// average cost of what the depot had received by then, or the catalogue's.
	InQuestion      decimal.Decimal
	ValueInQuestion money.Amount

	Return *ReturnStatus // of the faulty unit; nil where no F2 names the line
}

// ReturnStatus is what became of the faulty unit on its way to the maker: the
// last process sheet (F2) that names the line.
type ReturnStatus struct {
	Return         domain.ReturnID
	OpenedOn       calendar.Date
	ShippedOn      calendar.Date // zero: not shipped
	ExpectedBackOn calendar.Date // zero: not stated
	BackOn         calendar.Date // zero: not finished
	Result         repair.Result // empty: not finished
}

// FindingTotal sums the rows of one finding up.
type FindingTotal struct {
	Finding         Finding
	Rows            uint64
	Part            domain.PartCode // of all rows; empty: there are several
	InQuestion      decimal.Decimal // of that part; metres and pieces are not added up
	ValueInQuestion money.Amount
}

// PartsAuditFilter narrows the audit down. Empty fields do not narrow.
type PartsAuditFilter struct {
	Filter                 // Project and Region are those of either side
	From     calendar.Date // on or after, by PartsAuditRow.On
	To       calendar.Date // on or before, by PartsAuditRow.On
	Findings []Finding
	Part     domain.PartCode
}

// PartsAudit is the answer of [ReadModels.PartsAudit].
type PartsAudit struct {
	Answer
	Rows   []PartsAuditRow // by project, date and key
	Totals []FindingTotal  // over all rows that match, in the order of Findings; on the first page only
	Next   string          // asks for the next page; empty on the last
}

// PartsAudit compares the issues from stock with the fault records F1, §5.1.3:
// the part of the match that [ReadModels.AuditFindings] answers findings of, with
// what agrees.
func (m *ReadModels) PartsAudit(ctx context.Context, cut Cut, filter PartsAuditFilter, page Page) (PartsAudit, error) {
	q, err := m.ask(cut, page, "parts audit", filter)
	if err != nil {
		return PartsAudit{}, err
	}
	defer q.done()
	answer := PartsAudit{Answer: q.Answer}
	sites, err := q.sites(ctx)
	if err != nil {
		return answer, err
	}
	scope := sites.scope(filter.Filter)
	facts, err := q.matchFacts(ctx, scope, window{})
	if err != nil {
		return answer, err
	}
	found := runAudit(facts, q.AsOf, q.m.opts.Rules)
	rows := found.rows[:0]
	for _, r := range found.rows {
		r.Region, r.Center, r.AgeDays = sites.region(r.Project), sites.center(r.Project, r.On), int(q.AsOf-r.On)
		if filter.shows(r, scope) {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b PartsAuditRow) int {
		return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.On, b.On), cmp.Compare(a.Key, b.Key))
	})
	if page.After == "" {
		answer.Totals = findingTotals(rows)
	}
	rows = rows[1+slices.IndexFunc(rows, func(r PartsAuditRow) bool { return r.Key == q.afterKey(0, "") }):]
	if len(rows) > q.limit {
		rows = rows[:q.limit]
		answer.Next = q.next(rows[q.limit-1].Key)
	}
	returns := found.returns()
	for i := range rows {
		rows[i].Return = returns[rows[i].Line]
	}
	answer.Rows = rows
	return answer, nil
}

func (f PartsAuditFilter) shows(r PartsAuditRow, scope projectScope) bool {
	return (scope.has(r.Project) || r.LineProject != "" && scope.has(r.LineProject)) &&
		(f.Center == "" || f.Center == r.Center) &&
		(f.Part == "" || f.Part == r.Part || f.Part == r.LinePart) &&
		(len(f.Findings) == 0 || slices.Contains(f.Findings, r.Finding)) &&
		(f.From == 0 || r.On >= f.From) && (f.To == 0 || r.On <= f.To)
}

func findingTotals(rows []PartsAuditRow) (totals []FindingTotal) {
	sums := make(map[Finding]FindingTotal)
	for _, r := range rows {
		t, begun := sums[r.Finding]
		switch {
		case !begun:
			t.Finding, t.Part, t.InQuestion = r.Finding, r.Part, r.InQuestion
		case t.Part == r.Part && t.Part != "":
			t.InQuestion = t.InQuestion.Add(r.InQuestion)
		default:
			t.Part, t.InQuestion = "", decimal.Zero
		}
		t.Rows, t.ValueInQuestion = t.Rows+1, t.ValueInQuestion.Add(r.ValueInQuestion)
		sums[r.Finding] = t
	}
	for _, f := range Findings() {
		if t, ok := sums[f]; ok {
			totals = append(totals, t)
		}
	}
	return totals
}

// returns are the last process sheets F2 that name each line.
func (m *match) returns() map[domain.FaultLineID]*ReturnStatus {
	last, of := make(map[domain.FaultLineID]*ReturnStatus), make(map[domain.FaultLineID]uint64)
	for id, s := range m.sheetStates() {
		if s.opened == nil || s.opened.line == "" {
			continue
		}
		line := domain.FaultLineID(s.opened.line)
		if of[line] > s.opened.position {
			continue
		}
		status := &ReturnStatus{Return: domain.ReturnID(id), OpenedOn: calendar.Date(s.opened.on)}
		if s.shipped != nil {
			status.ShippedOn, status.ExpectedBackOn = calendar.Date(s.shipped.on), calendar.Date(s.shipped.expectedOn)
		}
		if s.finished != nil {
			status.BackOn, status.Result = calendar.Date(s.finished.on), repair.Result(s.finished.result)
		}
		last[line], of[line] = status, s.opened.position
	}
	return last
}

// Bounds of ClickHouse's Date, for conditions that do not narrow.
var (
	firstDate = calendar.Date(0)
	lastDate  = calendar.NewDate(2149, time.June, 6)
)

// isoDate writes a date as ClickHouse reads it, "no date" included.
func isoDate(d calendar.Date) string { return d.UTC().Format(time.DateOnly) }
