package projections

import (
	"context"
	_ "embed"
	"strconv"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

//go:embed statementlist.sql
var statementListSQL string

// NotIssued is the status of a quarter that has movement and no statement yet.
const NotIssued account.StatementStatus = "NOT_ISSUED"

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
	Confirmed  money.Amount // open amounts that the center confirmed
	Disputed   money.Amount // and those it did not
	Reported   bool         // to finance, §5.3.4
	Reminders  int          // of the answer to the newest version
	RemindedOn calendar.Date
	Booked     money.Amount // on the books through the quarter when the version was issued
	BookedNow  money.Amount // and with what was recorded up to the cut's date
}

// Ties reports whether the statement closes at what the books came to when it
// was issued, and whether they have come to nothing else since, unless its
// quarter is to be put to the center anew.
func (r StatementRow) Ties() bool {
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
	Filter
	Quarter calendar.Quarter
	Status  account.StatementStatus
	Overdue bool // only those not answered by their reply-by date
}

// StatementList is the answer of [ReadModels.Statements].
type StatementList struct {
	Answer
	Rows []StatementRow // by center, then quarter
	Next string         // asks for the next page; empty on the last
}

// Ties reports whether every row of the page ties.
func (l StatementList) Ties() bool {
	for _, r := range l.Rows {
		if !r.Ties() {
			return false
		}
	}
	return true
}

// Statements answers where the quarterly statements stand, §5.3.4. The
// filter's project must be empty: a statement belongs to a center.
func (m *ReadModels) Statements(ctx context.Context, cut Cut, filter StatementFilter, page Page) (StatementList, error) {
	if err := noProject(filter.Filter, "must be empty: a statement belongs to a center"); err != nil {
		return StatementList{}, err
	}
	q, err := m.askSorted(cut, page, sortable{"quarter", "closing", "replyBy", "daysOver"}, "statements", filter)
	if err != nil {
		return StatementList{}, err
	}
	defer q.done()
	answer := StatementList{Answer: q.Answer}
	var last int64
	p := filter.params().with("quarter", uint16(filter.Quarter)).with("state", string(filter.Status)).with("overdue", filter.Overdue).
		with("after_center", q.afterKey(0, "")).with("after_quarter", q.afterKey(1, "0"))
	err = q.rows(ctx, statementListSQL, p, func(rows driver.Rows) error {
		r, key, err := scanStatement(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.limit {
			end := answer.Rows[q.limit-1]
			answer.Next = q.nextSorted(last, string(end.Center), strconv.Itoa(int(end.Quarter)))
			return nil
		}
		answer.Rows, last = append(answer.Rows, r), key
		return nil
	})
	return answer, err
}

func scanStatement(rows driver.Rows) (r StatementRow, sortKey int64, err error) {
	var (
		version   uint32
		over      uint16
		reminders uint64
	)
	err = rows.Scan(
		textTo(&r.Center), &r.Name, &r.Region, quarterTo{&r.Quarter}, &r.Statement, &version, dateTo{&r.IssuedOn}, dateTo{&r.ReplyBy},
		amountTo{&r.Closing}, &r.Hash, &r.Position, textTo(&r.Status), dateTo{&r.AnsweredOn}, &r.AnsweredBy,
		amountTo{&r.Confirmed}, amountTo{&r.Disputed}, &r.Reported, &over, &reminders, dateTo{&r.RemindedOn},
		amountTo{&r.Booked}, amountTo{&r.BookedNow}, &sortKey,
	)
	r.Version, r.DaysOver, r.Reminders = int(version), int(over), int(reminders)
	return r, sortKey, err
}

// noProject refuses a filter by project where it has no meaning.
func noProject(f Filter, why domain.Sentence) error {
	if f.Project == "" {
		return nil
	}
	return domain.Invalid("project", string(f.Project), "no-balance-of-a-project", why, "5.3.4")
}
