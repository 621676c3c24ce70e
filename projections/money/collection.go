package money

import (
	"context"
	_ "embed"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
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
	PromiseNotOwed PromiseStatus = "NOT_OWED" // all that it was of was taken off
)

// Notice is the last claim or reminder, in yuan.
type Notice struct {
	Number string        `json:"number"`
	On     calendar.Date `json:"on"`
	DueOn  calendar.Date `json:"dueOn,omitempty"` // of a claim
	Total  money.Amount  `json:"total"`
}

// LastFollowUp is what the city lead noted of the last talk with a center.
type LastFollowUp struct {
	Number  string        `json:"number"`
	On      calendar.Date `json:"on"`
	By      string        `json:"by"`
	Contact string        `json:"contact"`
	Note    string        `json:"note"`
}

// Promise is the last one a center made to pay. An amount of nothing is of what was
// noted before one was presumed.
type Promise struct {
	MadeOn   calendar.Date `json:"madeOn"`
	PayOn    calendar.Date `json:"payOn"`
	Amount   money.Amount  `json:"amount" doc:"What keeps the promise"`
	Presumed bool          `json:"presumed,omitempty" doc:"No amount was named: it is what is overdue on the day, less the center's own money, less reduced"`
	Reduced  money.Amount  `json:"reduced,omitzero" doc:"Of a presumed one: credited, written off or moved to another center since, of what it was of"`
	Received money.Amount  `json:"received" doc:"By payOn, and not counted when the promise was made: after madeOn, or entered since"`
	Status   PromiseStatus `json:"status" sql:"-" enum:"PENDING,KEPT,BROKEN,NOT_OWED"`
}

// CollectionRow is what is to be collected from one center, in yuan.
type CollectionRow struct {
	Center    domain.CenterID `json:"center"`
	Name      string          `json:"name"`
	Region    string          `json:"region"`
	Open      money.Amount    `json:"open" doc:"Not due + overdue + disputed"`
	NotDue    money.Amount    `json:"notDue"`
	Overdue   money.Amount    `json:"overdue" doc:"Not disputed: what may be chased"`
	Disputed  money.Amount    `json:"disputed" doc:"Not chased while the dispute lasts"`
	OldestDue calendar.Date   `json:"oldestDue,omitempty"`
	DaysLate  *int            `json:"daysLate" sql:"-" doc:"Of the oldest that is overdue; null where nothing is"`
	Unapplied money.Amount    `json:"unapplied" doc:"The center's own money with us, settling no charge"`
	ToCollect money.Amount    `json:"toCollect" doc:"Overdue less unapplied, not below 0.00: what a reminder asks for"`
	Claim     Notice          `json:"claim,omitzero" sql:"claim_,inline"`
	Reminder  Notice          `json:"reminder,omitzero" sql:"reminder_,inline"`
	Reminders int             `json:"reminders"`
	FollowUp  LastFollowUp    `json:"followUp,omitzero" sql:"follow_up_,inline"`
	Promise   Promise         `json:"promise,omitzero" sql:"promise_,inline"`
	Ties      bool            `json:"ties" sql:"-" doc:"open = notDue + overdue + disputed"`
}

// Derive implements [projections.Derived]. What is owed, by the books, must be what
// is not due, overdue and disputed, charge by charge.
func (r *CollectionRow) Derive(asOf calendar.Date) {
	if !r.OldestDue.IsZero() {
		late := int(asOf - r.OldestDue)
		r.DaysLate = &late
	}
	r.Promise.Status = r.Promise.statusAsOf(asOf)
	r.Ties = r.Open == r.NotDue.Add(r.Overdue).Add(r.Disputed)
}

// Collection is the answer of [Views.Collection].
type Collection struct {
	projections.List[CollectionRow] // by center
	CollectionSums
}

// CollectionSums is what is to be collected in all.
type CollectionSums struct {
	Total CollectionTotal `json:"total" doc:"Over all centers that match, not only this page's"`
	Ties  bool            `json:"ties"`
}

// CollectionTotal is what is to be collected over all centers that match, in yuan.
type CollectionTotal struct {
	Open      money.Amount `json:"open"`
	NotDue    money.Amount `json:"notDue"`
	Overdue   money.Amount `json:"overdue"`
	Disputed  money.Amount `json:"disputed"`
	Unapplied money.Amount `json:"unapplied"`
	ToCollect money.Amount `json:"toCollect" doc:"Of each center what is overdue less its own unapplied money"`
	Ties      bool         `json:"ties" doc:"open = notDue + overdue + disputed"`
}

// Collection answers what is to be collected from each center and what was done
// about it, §5.3.4. The filter's project must be empty: claims go to centers.
func (m Views) Collection(
	ctx context.Context, cut projections.Cut, filter projections.Filter, overdueOnly bool, page projections.Page,
) (answer Collection, err error) {
	if err := noProject(filter, "must be empty: claims go to centers"); err != nil {
		return answer, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"open", "overdue", "toCollect", "disputed", "oldestDue"},
		"collection", filter, overdueOnly)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := filter.Params().With("overdue_only", overdueOnly).With("after_center", q.AfterKey(0, ""))
	statement := projections.OfAccounts(collectionSQL)
	answer.List, err = projections.ListBeside(ctx, q, statement, p, func(r *CollectionRow) []string {
		return []string{string(r.Center)}
	}, func(r *CollectionRow, _ *struct{}) bool {
		if r.Center == "" {
			answer.Total = CollectionTotal{
				Open: r.Open, NotDue: r.NotDue, Overdue: r.Overdue, Disputed: r.Disputed, Unapplied: r.Unapplied,
				ToCollect: r.ToCollect, Ties: r.Ties,
			}
		}
		return r.Center != ""
	})
	answer.Ties = answer.Total.Ties && !slices.ContainsFunc(answer.Rows, func(r CollectionRow) bool { return !r.Ties })
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
	case p.Amount.IsZero() && p.Reduced.Sign() > 0:
		return PromiseNotOwed
	case day.After(p.PayOn):
		return PromiseBroken
	}
	return PromisePending
}
