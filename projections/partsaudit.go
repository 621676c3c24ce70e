package projections

import (
	"cmp"
	"context"
	_ "embed"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
)

//go:embed partsaudit.sql
var partsAuditSQL string

//go:embed partsaudit_rows.sql
var partsAuditRowsSQL string

//go:embed partsaudit_totals.sql
var partsAuditTotalsSQL string

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
)

// Findings lists the findings in the order of reports.
func Findings() []Finding {
	return []Finding{Matched, IssueNoFault, FaultNoIssue, OverIssue, ShortIssue, DuplicateIssue, ItemMismatch, WrongProject}
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

	Slips    []domain.SlipID // issue slips, in order of record
	Issued   decimal.Decimal // units on those slips
	Value    money.Amount    // of those units at the depot's cost, in yuan
	Override string          // reasons given for a repeated issue

	// InQuestion is the quantity the finding is about, and its value in yuan:
	// at the cost on the slip for what was issued, and at the average cost of
	// the depot's receipts for what was not (0.00 where it received none).
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
	InQuestion      decimal.Decimal
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

// PartsAudit compares the issues from stock with the fault records F1, §5.1.3.
func (m *ReadModels) PartsAudit(ctx context.Context, cut Cut, filter PartsAuditFilter, page Page) (PartsAudit, error) {
	q, err := m.ask(cut, page, "parts audit", filter)
	if err != nil {
		return PartsAudit{}, err
	}
	defer q.done()
	answer := PartsAudit{Answer: q.Answer}
	p := filter.params().
		with("after_project", q.afterKey(0, "")).
		with("after_date", q.afterKey(1, isoDate(firstDate))).
		with("after_key", q.afterKey(2, ""))
	if err := q.rows(ctx, partsAuditSQL+partsAuditRowsSQL, p, func(rows driver.Rows) error {
		r, err := scanPartsAudit(rows, q.AsOf)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.limit {
			end := answer.Rows[q.limit-1]
			answer.Next = q.next(string(end.Project), end.On.String(), end.Key)
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	}); err != nil {
		return PartsAudit{}, err
	}
	if page.After == "" {
		answer.Totals, err = q.findingTotals(ctx, filter)
	}
	return answer, err
}

func (q *question) findingTotals(ctx context.Context, filter PartsAuditFilter) ([]FindingTotal, error) {
	found := make(map[Finding]FindingTotal)
	err := q.rows(ctx, partsAuditSQL+partsAuditTotalsSQL, filter.params(), func(rows driver.Rows) error {
		var t FindingTotal
		err := rows.Scan(textTo(&t.Finding), &t.Rows, &t.InQuestion, amountTo{&t.ValueInQuestion})
		found[t.Finding] = t
		return err
	})
	var totals []FindingTotal
	for _, f := range Findings() {
		if t, ok := found[f]; ok {
			totals = append(totals, t)
		}
	}
	return totals, err
}

// Bounds of ClickHouse's Date, for conditions that do not narrow.
var (
	firstDate = calendar.Date(0)
	lastDate  = calendar.NewDate(2149, time.June, 6)
)

func (f PartsAuditFilter) params() params {
	findings := make([]string, len(f.Findings))
	for i, finding := range f.Findings {
		findings[i] = string(finding)
	}
	return f.Filter.params().
		with("part", string(f.Part)).
		with("findings", findings).
		with("from_date", isoDate(cmp.Or(f.From, firstDate))).
		with("to_date", isoDate(cmp.Or(f.To, lastDate)))
}

// isoDate writes a date as ClickHouse reads it, "no date" included.
func isoDate(d calendar.Date) string { return d.UTC().Format(time.DateOnly) }

func scanPartsAudit(rows driver.Rows, asOf calendar.Date) (PartsAuditRow, error) {
	var (
		r     PartsAuditRow
		back  ReturnStatus
		slips []string
	)
	err := rows.Scan(
		&r.Key, textTo(&r.Finding), textTo(&r.Project), &r.Region, textTo(&r.Center), textTo(&r.Part), dateTo{&r.On},
		textTo(&r.Line), textTo(&r.LineProject), textTo(&r.LinePart), textTo(&r.Ticket), &r.OldSerial, &r.NewSerial,
		textTo(&r.Bearer), &r.Replaced, &slips, &r.Issued, amountTo{&r.Value}, &r.Override, &r.InQuestion,
		amountTo{&r.ValueInQuestion}, textTo(&back.Return), dateTo{&back.OpenedOn}, dateTo{&back.ShippedOn},
		dateTo{&back.ExpectedBackOn}, dateTo{&back.BackOn}, textTo(&back.Result),
	)
	r.AgeDays = int(asOf - r.On)
	for _, s := range slips {
		r.Slips = append(r.Slips, domain.SlipID(s))
	}
	if back.Return != "" {
		r.Return = &back
	}
	return r, err
}
