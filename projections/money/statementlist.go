package money

import (
	"context"
	_ "embed"
	"slices"
	"strconv"

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
// center's answer, and what has become of its charges since, in yuan; nil where
// there is no answer.
type AnswerCourse struct {
	Confirmed        *money.Amount `json:"confirmed" doc:"By this answer: what was owed of it through the quarter, as answered and frozen; so are the next four"`
	Disputed         *money.Amount `json:"disputed"`
	ConfirmedBefore  *money.Amount `json:"confirmedBefore" doc:"On earlier statements, and still owed"`
	Unapplied        *money.Amount `json:"unapplied" doc:"Money received through the quarter that settled none of these charges"`
	DisputedPaid     *money.Amount `json:"disputedPaid" doc:"What money had settled of the disputed lines: no part of the balance; unapplied again where it is credited"`
	PaidSince        *money.Amount `json:"paidSince" doc:"Of these charges, since the quarter ended"`
	CreditedSince    *money.Amount `json:"creditedSince"`
	TransferredSince *money.Amount `json:"transferredSince" doc:"To other centers, with their projects"`
	OpenConfirmed    *money.Amount `json:"openConfirmed" doc:"Of these charges now: 已确认应收"`
	OpenUnconfirmed  *money.Amount `json:"openUnconfirmed" doc:"Of these charges now: 待对账"`
	WrittenOff       *money.Amount `json:"writtenOff" doc:"Of these charges now: given up by us, still owed"`
	Disputes         *int          `json:"disputes" doc:"Lines that were disputed"`
	Resolved         *int          `json:"resolved" doc:"Of these disputes, ended since"`
}

// ties reports whether there is no answer, or its parts make up the closing balance
// that it answers, and, less what has become of them, what is owed now.
func (a AnswerCourse) ties(closing *money.Amount) bool {
	if a.Confirmed == nil {
		return true
	}
	listed := a.Confirmed.Add(*a.Disputed).Add(*a.ConfirmedBefore)
	return listed.Sub(*a.Unapplied) == *closing &&
		listed.Sub(*a.PaidSince).Sub(*a.CreditedSince).Sub(*a.TransferredSince) ==
			a.OpenConfirmed.Add(*a.OpenUnconfirmed).Add(*a.WrittenOff)
}

// StatementTotal adds the statements of one quarter up, in yuan.
type StatementTotal struct {
	Quarter         calendar.Quarter `json:"quarter"`
	Count           int              `json:"count" doc:"Statements, and quarters that await one"`
	Answers         int              `json:"answers"`
	Closing         *money.Amount    `json:"closing" doc:"Of those that were issued; null if none was"`
	Booked          *money.Amount    `json:"booked" doc:"As closing"`
	BookedNow       money.Amount     `json:"bookedNow"`
	ClosingAnswered *money.Amount    `json:"closingAnswered" doc:"Of those that were answered; null if none was"`
	AnswerCourse
	Ties bool `json:"ties" sql:"-" doc:"confirmed + disputed + confirmedBefore − unapplied = closingAnswered; confirmed + disputed + confirmedBefore − paidSince − creditedSince − transferredSince = openConfirmed + openUnconfirmed + writtenOff"`
}

// Derive implements [projections.Derived].
func (t *StatementTotal) Derive(calendar.Date) { t.Ties = t.ties(t.ClosingAnswered) }

// StatementRow is where the statement of one center and quarter stands, in yuan.
type StatementRow struct {
	Center      domain.CenterID         `json:"center"`
	Name        string                  `json:"name"`
	Region      string                  `json:"region"`
	Quarter     calendar.Quarter        `json:"quarter"`
	Statement   string                  `json:"statement,omitempty"`
	Version     *int                    `json:"version" doc:"The newest; null where none was issued"`
	Status      account.StatementStatus `json:"status"`
	IssuedOn    calendar.Date           `json:"issuedOn,omitempty"`
	ReplyBy     calendar.Date           `json:"replyBy,omitempty"`
	DaysOver    *int                    `json:"daysOver" doc:"Days since the reply-by date without an answer, 0 up to that day; null where no answer is awaited"`
	Closing     *money.Amount           `json:"closing" doc:"null of a quarter that was not issued"`
	ContentHash string                  `json:"contentHash,omitempty"`
	Position    uint64                  `json:"position,omitempty" doc:"Of the version in the log"`
	AnsweredOn  calendar.Date           `json:"answeredOn,omitempty"`
	AnsweredBy  string                  `json:"answeredBy,omitempty"`
	Way         account.Way             `json:"way,omitempty" enum:"LINK,CONSOLE,PAPER,NOT_RECORDED" doc:"How the answer came; absent: there is none"`
	EnteredBy   string                  `json:"enteredBy,omitempty" doc:"Who of us entered it from the stamped paper"`
	AnswerCourse
	Reported   bool          `json:"reported" doc:"To finance"`
	Reminders  int           `json:"reminders" doc:"Of the answer to the newest version"`
	RemindedOn calendar.Date `json:"remindedOn,omitempty"`
	Booked     *money.Amount `json:"booked" doc:"On the books through the quarter, when the version was issued; null if none was"`
	BookedNow  money.Amount  `json:"bookedNow" doc:"The same up to the date and moment asked for: differs only where the quarter is to be put to the center (anew)"`
	Ties       bool          `json:"ties" sql:"-" doc:"closing = booked, and booked now unless not issued, superseded or reopened; confirmed + disputed + confirmedBefore − unapplied = closing; confirmed + disputed + confirmedBefore − paidSince − creditedSince − transferredSince = openConfirmed + openUnconfirmed + writtenOff, the last two once answered"`
}

// Derive implements [projections.Derived].
func (r *StatementRow) Derive(calendar.Date) {
	r.Ties = r.ties(r.Closing) && r.isBooked()
}

// isBooked reports whether the statement closes at what the books came to when it
// was issued, and whether they have come to nothing else since, unless its quarter
// is to be put to the center anew.
func (r *StatementRow) isBooked() bool {
	switch r.Status {
	case NotIssued:
		return r.Closing == nil && r.Booked == nil
	case account.SupersededStatus, account.ReopenedStatus:
		return *r.Closing == *r.Booked
	}
	return *r.Closing == *r.Booked && *r.Booked == r.BookedNow
}

// StatementFilter narrows the statements down. Empty fields do not narrow.
type StatementFilter struct {
	projections.Filter
	Quarter calendar.Quarter
	Status  account.StatementStatus
	Overdue bool // only those not answered by their reply-by date
}

// StatementList is the answer of [Views.Statements]. It ties if every row of the
// page does, and every total.
type StatementList struct {
	projections.List[StatementRow]                  // by center, then quarter
	Totals                         []StatementTotal // by quarter, of all that match, not only those of the page
	Ties                           bool
}

// Statements answers where the quarterly statements stand, §5.3.4. The
// filter's project must be empty: a statement belongs to a center.
func (m Views) Statements(
	ctx context.Context, cut projections.Cut, filter StatementFilter, page projections.Page,
) (answer StatementList, err error) {
	if err := noProject(filter.Filter, "must be empty: a statement belongs to a center"); err != nil {
		return answer, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"quarter", "closing", "replyBy", "daysOver"}, "statements",
		filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := filter.Params().With("quarter",
		uint16(filter.Quarter)).With("state", string(filter.Status)).With("overdue", filter.Overdue).
		With("after_center", q.AfterKey(0, "")).With("after_quarter", q.AfterKey(1, "0"))
	totals, rows := statementListSQL+statementTotalsSQL, statementListSQL+statementRowsSQL
	if answer.Totals, err = projections.All[StatementTotal](ctx, q, totals, p); err != nil {
		return answer, err
	}
	answer.List, err = projections.ListOf(ctx, q, rows, p, func(r *StatementRow) []string {
		return []string{string(r.Center), strconv.Itoa(int(r.Quarter))}
	})
	answer.Ties = !slices.ContainsFunc(answer.Totals, func(t StatementTotal) bool { return !t.Ties }) &&
		!slices.ContainsFunc(answer.Rows, func(r StatementRow) bool { return !r.Ties })
	return answer, err
}

// noProject refuses a filter by project where it has no meaning.
func noProject(f projections.Filter, why domain.Sentence) error {
	if f.Project == "" {
		return nil
	}
	return domain.Invalid("project", string(f.Project), "no-balance-of-a-project", why, "5.3.4")
}
