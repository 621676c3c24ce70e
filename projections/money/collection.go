package money

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
)

//go:embed collection.sql
var collectionSQL string

// PromiseStatus says what became of a center's promise to pay.
type PromiseStatus string

const (
	NoPromise      PromiseStatus = ""
	PromisePending PromiseStatus = "PENDING"
	PromiseKept    PromiseStatus = "KEPT"
	PromiseBroken  PromiseStatus = "BROKEN"
)

// Notice is a claim or a reminder, in yuan.
type Notice struct {
	Number string // empty: none
	On     calendar.Date
	DueOn  calendar.Date // of a claim
	Total  money.Amount
}

// FollowUp is what the city lead noted of the last talk with a center.
type FollowUp struct {
	Number  string // empty: none
	On      calendar.Date
	By      string
	Contact string
	Note    string
}

// Promise is the last one a center made.
type Promise struct {
	MadeOn   calendar.Date
	PayOn    calendar.Date
	Amount   money.Amount // zero: no amount was named, in what was noted before one was presumed then
	Presumed bool         // no amount was named: it is what is overdue on the day
	Received money.Amount // between the two days
	Status   PromiseStatus
}

// CollectionRow is what is to be collected from one center, in yuan.
type CollectionRow struct {
	Center    domain.CenterID
	Name      string
	Region    string
	Open      money.Amount
	NotDue    money.Amount
	Overdue   money.Amount // not disputed: what may be chased
	Disputed  money.Amount // not chased while the dispute lasts
	OldestDue calendar.Date
	DaysLate  int          // of the oldest that is overdue
	Unapplied money.Amount // of the center, settling no charge
	ToCollect money.Amount // overdue less unapplied, not below 0.00: what a reminder asks for
	Claim     Notice
	Reminder  Notice
	Reminders int
	FollowUp  FollowUp
	Promise   Promise
}

// Ties reports whether what is owed, by the books, is not due, overdue and
// disputed, charge by charge.
func (r CollectionRow) Ties() bool { return r.Open == r.NotDue.Add(r.Overdue).Add(r.Disputed) }

// Collection is the answer of [Views.Collection].
type Collection struct {
	projections.Answer
	Rows  []CollectionRow // by center
	Total CollectionRow   // the amounts alone, over all centers that match
	Next  string          // asks for the next page; empty on the last
}

// Ties reports whether every tie-out of the answer holds.
func (c Collection) Ties() bool {
	for _, r := range c.Rows {
		if !r.Ties() {
			return false
		}
	}
	return c.Total.Ties()
}

// Collection answers what is to be collected from each center and what was done
// about it, §5.3.4. The filter's project must be empty: claims go to centers.
func (m Views) Collection(
	ctx context.Context, cut projections.Cut, filter projections.Filter, overdueOnly bool, page projections.Page,
) (Collection, error) {
	if err := noProject(filter, "must be empty: claims go to centers"); err != nil {
		return Collection{}, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"open", "overdue", "toCollect", "disputed", "oldestDue"},
		"collection", filter, overdueOnly)
	if err != nil {
		return Collection{}, err
	}
	defer q.Done()
	answer := Collection{Answer: q.Answer}
	var last int64
	p := filter.Params().With("overdue_only", overdueOnly).With("after_center", q.AfterKey(0, ""))
	err = q.Rows(ctx, collectionSQL, p, func(rows driver.Rows) error {
		r, key, err := scanCollection(rows)
		switch {
		case err != nil:
			return err
		case r.Center == "":
			answer.Total = CollectionRow{
				Open: r.Open, NotDue: r.NotDue, Overdue: r.Overdue, Disputed: r.Disputed, Unapplied: r.Unapplied,
				ToCollect: r.ToCollect,
			}
			return nil
		case len(answer.Rows) == q.Limit:
			answer.Next = q.NextSorted(last, string(answer.Rows[q.Limit-1].Center))
			return nil
		}
		if !r.OldestDue.IsZero() {
			r.DaysLate = int(q.AsOf - r.OldestDue)
		}
		r.Promise.Status = r.Promise.statusAsOf(q.AsOf)
		answer.Rows, last = append(answer.Rows, r), key
		return nil
	})
	return answer, err
}

// statusAsOf judges a promise: it is kept by so much money, and one without an
// amount by any.
func (p Promise) statusAsOf(day calendar.Date) PromiseStatus {
	switch {
	case p.PayOn.IsZero():
		return NoPromise
	case p.Received.Sign() > 0 && p.Received.Cmp(p.Amount) >= 0:
		return PromiseKept
	case day.After(p.PayOn):
		return PromiseBroken
	}
	return PromisePending
}

func scanCollection(rows driver.Rows) (r CollectionRow, sortKey int64, err error) {
	var (
		reminders uint64
		promised  string
	)
	err = rows.Scan(
		projections.TextTo(&r.Center), &r.Name, &r.Region, projections.AmountTo(&r.Open), projections.AmountTo(&r.NotDue),
		projections.AmountTo(&r.Overdue), projections.AmountTo(&r.Disputed), projections.DateTo(&r.OldestDue),
		projections.AmountTo(&r.Unapplied), projections.AmountTo(&r.ToCollect),
		&r.Claim.Number, projections.DateTo(&r.Claim.On), projections.DateTo(&r.Claim.DueOn),
		projections.AmountTo(&r.Claim.Total),
		&r.Reminder.Number, projections.DateTo(&r.Reminder.On), projections.AmountTo(&r.Reminder.Total), &reminders,
		&r.FollowUp.Number, projections.DateTo(&r.FollowUp.On), &r.FollowUp.By, &r.FollowUp.Contact, &r.FollowUp.Note,
		projections.DateTo(&r.Promise.MadeOn), projections.DateTo(&r.Promise.PayOn), projections.AmountTo(&r.Promise.Amount),
		&promised, projections.AmountTo(&r.Promise.Received), &sortKey,
	)
	r.Reminders, r.Promise.Presumed = int(reminders), promised == facts.StatusPresumed
	return r, sortKey, err
}
