package money

import (
	"context"
	_ "embed"
	"slices"
	"strconv"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed statementlist.sql
var statementListSQL string

//go:embed statementlist_rows.sql
var statementRowsSQL string

//go:embed statementlist_totals.sql
var statementTotalsSQL string

// NotIssued is the status of a quarter that has movement and no statement yet.
const NotIssued account.StatementStatus = "NOT_ISSUED"

// AnswerCourse is how the closing balance of a statement was made up by the
// center's answer, and what has become of its charges since, in yuan. All of it
// is 0.00 where there is no answer.
type AnswerCourse struct {
	Disputes int // lines that were disputed
	Resolved int // of these disputes, ended since

	// As answered, frozen: what was owed of charges through the quarter, written
	// off or not, and the money that settled none of them.
	Confirmed    money.Amount
	Disputed     money.Amount
	Before       money.Amount // confirmed on earlier statements
	Unapplied    money.Amount
	DisputedPaid money.Amount // settled of the disputed lines: no part of the balance

	// Since the quarter ended.
	Paid        money.Amount
	Credited    money.Amount
	Transferred money.Amount // to other centers

	// Now.
	OpenConfirmed   money.Amount // 已确认应收
	OpenUnconfirmed money.Amount // 待对账
	WrittenOff      money.Amount // given up by us, still owed
}

// Closing is the balance that the parts make up.
func (a AnswerCourse) Closing() money.Amount {
	return a.Confirmed.Add(a.Disputed).Add(a.Before).Sub(a.Unapplied)
}

// Ties reports whether the parts, less what has become of them, are what is owed
// now.
func (a AnswerCourse) Ties() bool {
	return a.Confirmed.Add(a.Disputed).Add(a.Before).Sub(a.Paid).Sub(a.Credited).Sub(a.Transferred) ==
		a.OpenConfirmed.Add(a.OpenUnconfirmed).Add(a.WrittenOff)
}

func (a *AnswerCourse) to() []any {
	return []any{
		projections.AmountTo(&a.Confirmed), projections.AmountTo(&a.Disputed), projections.AmountTo(&a.Before),
		projections.AmountTo(&a.Unapplied), projections.AmountTo(&a.DisputedPaid),
		projections.AmountTo(&a.Paid), projections.AmountTo(&a.Credited), projections.AmountTo(&a.Transferred),
		projections.AmountTo(&a.OpenConfirmed), projections.AmountTo(&a.OpenUnconfirmed), projections.AmountTo(&a.WrittenOff),
	}
}

// StatementTotal adds the statements of one quarter up. Amounts are in yuan.
type StatementTotal struct {
	Quarter         calendar.Quarter
	Count, Answers  int
	Issued          int // of the count: with a version
	Closing         money.Amount
	Booked          money.Amount
	BookedNow       money.Amount
	ClosingAnswered money.Amount // of those that were answered
	Answer          AnswerCourse
}

// Ties reports whether the answers make up the closing balances that they
// answer, and whether what has become of them ties.
func (t StatementTotal) Ties() bool {
	return t.Answer.Closing() == t.ClosingAnswered && t.Answer.Ties()
}

// StatementRow is where the statement of one center and quarter stands.
// Amounts are in yuan.
type StatementRow struct {
	Center     domain.CenterID
	Name       string
	Region     string
	Quarter    calendar.Quarter
	Statement  string // its number
	Version    int    // the newest one; zero: none was issued
	Status     account.StatementStatus
	IssuedOn   calendar.Date
	ReplyBy    calendar.Date
	DaysOver   int // days since ReplyBy without an answer
	Closing    money.Amount
	Hash       string // of the version's content
	Position   uint64 // in the log, of the version
	AnsweredOn calendar.Date
	AnsweredBy string
	Answer     AnswerCourse
	Answered   bool
	Reported   bool // to finance, §5.3.4
	Reminders  int  // of the answer to the newest version
	RemindedOn calendar.Date
	Booked     money.Amount // on the books through the quarter when the version was issued
	BookedNow  money.Amount // and with what was recorded up to the cut's date
}

// Ties reports whether the statement closes at what the books came to when it
// was issued, and whether they have come to nothing else since, unless its
// quarter is to be put to the center anew; and whether the answer makes that
// balance up, and what has become of it ties.
func (r StatementRow) Ties() bool {
	if r.Answered && (r.Answer.Closing() != r.Closing || !r.Answer.Ties()) {
		return false
	}
	switch r.Status {
	case NotIssued:
		return r.Closing.IsZero() && r.Booked.IsZero()
	case account.SupersededStatus, account.ReopenedStatus:
		return r.Closing == r.Booked
	}
	return r.Closing == r.Booked && r.Booked == r.BookedNow
}

// StatementFilter narrows the statements down. Empty fields do not narrow.
type StatementFilter struct {
	projections.Filter
	Quarter calendar.Quarter
	Status  account.StatementStatus
	Overdue bool // only those not answered by their reply-by date
}

// StatementList is the answer of [Views.Statements].
type StatementList struct {
	projections.Answer
	Rows   []StatementRow   // by center, then quarter
	Totals []StatementTotal // by quarter, of all that match, not only those of the page
	Next   string           // asks for the next page; empty on the last
}

// Ties reports whether every row of the page ties, and every total.
func (l StatementList) Ties() bool {
	for _, t := range l.Totals {
		if !t.Ties() {
			return false
		}
	}
	for _, r := range l.Rows {
		if !r.Ties() {
			return false
		}
	}
	return true
}

// Statements answers where the quarterly statements stand, §5.3.4. The
// filter's project must be empty: a statement belongs to a center.
func (m Views) Statements(
	ctx context.Context, cut projections.Cut, filter StatementFilter, page projections.Page,
) (StatementList, error) {
	if err := noProject(filter.Filter, "must be empty: a statement belongs to a center"); err != nil {
		return StatementList{}, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"quarter", "closing", "replyBy", "daysOver"}, "statements",
		filter)
	if err != nil {
		return StatementList{}, err
	}
	defer q.Done()
	answer := StatementList{Answer: q.Answer}
	var last int64
	p := filter.Params().With("quarter",
		uint16(filter.Quarter)).With("state", string(filter.Status)).With("overdue", filter.Overdue).
		With("after_center", q.AfterKey(0, "")).With("after_quarter", q.AfterKey(1, "0"))
	if err := q.Rows(ctx, statementListSQL+statementTotalsSQL, p, func(rows driver.Rows) error {
		var (
			t                       StatementTotal
			count, issued, answers  uint64
			disputes, stillDisputed uint64
		)
		err := rows.Scan(slices.Concat([]any{
			projections.QuarterTo(&t.Quarter), &count, &issued, &answers, projections.AmountTo(&t.Closing),
			projections.AmountTo(&t.Booked), projections.AmountTo(&t.BookedNow),
			&disputes, &stillDisputed, projections.AmountTo(&t.ClosingAnswered),
		}, t.Answer.to())...)
		t.Count, t.Issued, t.Answers = int(count), int(issued), int(answers)
		t.Answer.Disputes, t.Answer.Resolved = int(disputes), int(disputes-stillDisputed)
		answer.Totals = append(answer.Totals, t)
		return err
	}); err != nil {
		return answer, err
	}
	err = q.Rows(ctx, statementListSQL+statementRowsSQL, p, func(rows driver.Rows) error {
		r, key, err := scanStatement(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			end := answer.Rows[q.Limit-1]
			answer.Next = q.NextSorted(last, string(end.Center), strconv.Itoa(int(end.Quarter)))
			return nil
		}
		answer.Rows, last = append(answer.Rows, r), key
		return nil
	})
	return answer, err
}

func scanStatement(rows driver.Rows) (r StatementRow, sortKey int64, err error) {
	var (
		version                 uint32
		over                    uint16
		reminders               uint64
		disputes, stillDisputed uint64
	)
	err = rows.Scan(slices.Concat([]any{
		projections.TextTo(&r.Center), &r.Name, &r.Region, projections.QuarterTo(&r.Quarter), &r.Statement, &version,
		projections.DateTo(&r.IssuedOn), projections.DateTo(&r.ReplyBy),
		projections.AmountTo(&r.Closing), &r.Hash, &r.Position, projections.TextTo(&r.Status),
		projections.DateTo(&r.AnsweredOn), &r.AnsweredBy, &r.Answered, &r.Reported,
		&over, &reminders, projections.DateTo(&r.RemindedOn), projections.AmountTo(&r.Booked),
		projections.AmountTo(&r.BookedNow), &disputes, &stillDisputed,
	}, r.Answer.to(), []any{&sortKey})...)
	r.Version, r.DaysOver, r.Reminders = int(version), int(over), int(reminders)
	r.Answer.Disputes, r.Answer.Resolved = int(disputes), int(disputes-stillDisputed)
	return r, sortKey, err
}

// noProject refuses a filter by project where it has no meaning.
func noProject(f projections.Filter, why domain.Sentence) error {
	if f.Project == "" {
		return nil
	}
	return domain.Invalid("project", string(f.Project), "no-balance-of-a-project", why, "5.3.4")
}
