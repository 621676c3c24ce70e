package projections

import (
	"context"
	_ "embed"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
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
	Amount   money.Amount // zero: no amount was named
	Received money.Amount // between the two days
	Status   PromiseStatus
}

// CollectionRow is what is to be collected from one center, in yuan.
// Open = NotDue + Overdue + Disputed.
type CollectionRow struct {
	Center    domain.CenterID
	Name      string
	Region    string
	Open      money.Amount
	NotDue    money.Amount
	Overdue   money.Amount // not disputed: what may be chased
	Disputed  money.Amount // not chased while the dispute lasts
	OldestDue calendar.Date
	DaysLate  int // of the oldest that is overdue
	Claim     Notice
	Reminder  Notice
	Reminders int
	FollowUp  FollowUp
	Promise   Promise
}

// Collection is the answer of [ReadModels.Collection].
type Collection struct {
	Answer
	Rows []CollectionRow // by center
	Next string          // asks for the next page; empty on the last
}

// Collection answers what is to be collected from each center and what was done
// about it, §5.3.4. The filter's project must be empty: claims go to centers.
func (m *ReadModels) Collection(ctx context.Context, cut Cut, filter Filter, overdueOnly bool, page Page) (Collection, error) {
	if err := noProject(filter, "claims go to centers"); err != nil {
		return Collection{}, err
	}
	q, err := m.ask(cut, page, "collection", filter, overdueOnly)
	if err != nil {
		return Collection{}, err
	}
	defer q.done()
	answer := Collection{Answer: q.Answer}
	p := filter.params().with("overdue_only", overdueOnly).with("after_center", q.afterKey(0, ""))
	err = q.rows(ctx, collectionSQL, p, func(rows driver.Rows) error {
		r, err := scanCollection(rows)
		if err != nil {
			return err
		}
		if len(answer.Rows) == q.limit {
			answer.Next = q.next(string(answer.Rows[q.limit-1].Center))
			return nil
		}
		if !r.OldestDue.IsZero() {
			r.DaysLate = int(q.AsOf - r.OldestDue)
		}
		r.Promise.Status = r.Promise.statusAsOf(q.AsOf)
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}

// statusAsOf judges a promise. A promise without an amount is kept by any money.
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

func scanCollection(rows driver.Rows) (r CollectionRow, err error) {
	var reminders uint64
	err = rows.Scan(
		textTo(&r.Center), &r.Name, &r.Region, amountTo{&r.Open}, amountTo{&r.NotDue}, amountTo{&r.Overdue}, amountTo{&r.Disputed}, dateTo{&r.OldestDue},
		&r.Claim.Number, dateTo{&r.Claim.On}, dateTo{&r.Claim.DueOn}, amountTo{&r.Claim.Total},
		&r.Reminder.Number, dateTo{&r.Reminder.On}, amountTo{&r.Reminder.Total}, &reminders,
		&r.FollowUp.Number, dateTo{&r.FollowUp.On}, &r.FollowUp.By, &r.FollowUp.Contact, &r.FollowUp.Note,
		dateTo{&r.Promise.MadeOn}, dateTo{&r.Promise.PayOn}, amountTo{&r.Promise.Amount}, amountTo{&r.Promise.Received},
	)
	r.Reminders = int(reminders)
	return r, err
}
