package money

import (
	"context"

	"aftersales-ledger/api/bulk"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

type remindOfReplyInput struct {
	kit.CommandHeaders
	kit.QuarterPath
	Body struct {
		Reminder string `json:"reminder,omitempty" doc:"Number of the reminder; derived from the Idempotency-Key if absent"`
	}
}

type remindAllInput struct {
	kit.BulkHeaders
	Quarter string `path:"quarter" example:"2026Q2"`
	Body    struct {
		Region string `json:"region,omitempty" known:"region" doc:"Only the centers of this region; all, if absent"`
	}
}

// ReplyReminder is what became of one center whose answer is overdue.
type ReplyReminder struct {
	Center   string `json:"center"`
	Name     string `json:"name"`
	Version  int    `json:"version"`
	ReplyBy  string `json:"replyBy"`
	DaysOver int    `json:"daysOver"`
	Outcome  string `json:"outcome" enum:"REMINDED,REFUSED"`
	Problem  string `json:"problem,omitempty" doc:"Why it was refused"`
}

// ReplyReminders is what became of reminding every center whose answer is overdue.
type ReplyReminders struct {
	Quarter  string          `json:"quarter"`
	Reminded int             `json:"reminded"`
	Refused  int             `json:"refused"`
	Position uint64          `json:"position,omitempty" doc:"Log position; a query given it as 'after' shows the reminders"`
	Rows     []ReplyReminder `json:"rows"`
}

func (s *service) replyReminders() {
	kit.Command(s.Service, "/v1/centers/{center}/statements/{quarter}/reminders", "remind-of-reply",
		"Remind a center of a statement it has not answered in time (5.3.4)", kit.MayReconcile,
		func(ctx context.Context, in *remindOfReplyInput) (kit.Receipt, error) {
			var p kit.Parser
			r := in.Request(ctx)
			c := account.RemindOfReply{
				Reminder: replyReminderID(in.Body.Reminder, r.NewID), Center: domain.CenterID(in.Center),
				Quarter: p.Quarter("quarter", in.Quarter),
			}
			return p.CarryOut(string(c.Reminder),
				func() (eventstore.Outcome, error) {
					return ledger.Do(ctx, s.Ledger(ctx), r, c, (*account.Account).RemindOfReply)
				})
		})
	kit.Command(s.Service, "/v1/statements/{quarter}/reminders", "remind-all-of-reply",
		"Remind every center of a region whose answer to a quarter's statement is overdue (5.3.4)", kit.MayReconcile,
		func(ctx context.Context, in *remindAllInput) (ReplyReminders, error) { return s.remindAll(ctx, in) })
}

func replyReminderID(given string, newID func(prefix string) string) domain.NoticeID {
	if given == "" {
		given = newID("CD")
	}
	return domain.NoticeID(given)
}

// remindAll reminds one center after the other. What is refused for one keeps
// no other from its reminder, and the request can be repeated.
func (s *service) remindAll(ctx context.Context, in *remindAllInput) (out ReplyReminders, err error) {
	var p kit.Parser
	quarter := p.Quarter("quarter", in.Quarter)
	if p.Err != nil {
		return out, p.Err
	}
	if today := calendar.DateOf(s.Deps.Clock()); !quarter.Last().Before(today) {
		return out, domain.Conflict("quarter", in.Quarter, "quarter-not-over",
			"ends on %s; nothing of it awaits an answer before", "5.3.4", quarter.Last())
	}
	// Every answer that there is by now, also one given a moment ago.
	head, err := s.Ledger(ctx).Head(ctx)
	if err != nil {
		return out, err
	}
	cut, err := s.Cut(ctx, &p, kit.CutParams{After: uint64(head)})
	if err != nil {
		return out, err
	}
	out = ReplyReminders{Quarter: quarter.String(), Rows: []ReplyReminder{}}
	filter := moneyviews.StatementFilter{
		Filter: projections.Filter{Region: in.Body.Region}, Quarter: quarter, Overdue: true,
	}
	for page := (projections.Page{Limit: 1000}); ; {
		list, err := moneyviews.Of(s.Deps.ReadModels).Statements(ctx, cut, filter, page)
		if err != nil {
			return out, err
		}
		position, err := bulk.Each(list.Rows, func(row moneyviews.StatementRow) (eventstore.Outcome, error) {
			r := in.Request(ctx)
			return ledger.Do(ctx, s.Ledger(ctx), r,
				account.RemindOfReply{Reminder: replyReminderID("", r.NewID), Center: row.Center, Quarter: quarter},
				(*account.Account).RemindOfReply)
		}, func(row moneyviews.StatementRow, _ eventstore.Outcome, refusal *domain.Rejection) {
			out.add(row, refusal, func() string { return s.Refusal(ctx, refusal) })
		})
		out.Position = max(out.Position, position)
		if err != nil {
			return out, err
		}
		if list.Next == "" {
			return out, nil
		}
		page.After = list.Next
	}
}

// add notes what became of one center.
func (out *ReplyReminders) add(row moneyviews.StatementRow, refusal *domain.Rejection, problem func() string) {
	reminder := ReplyReminder{
		Center: string(row.Center), Name: row.Name, Version: *row.Version, ReplyBy: row.ReplyBy.String(),
		DaysOver: *row.DaysOver, Outcome: "REMINDED",
	}
	if refusal != nil {
		reminder.Outcome, reminder.Problem = "REFUSED", problem()
		out.Refused++
	} else {
		out.Reminded++
	}
	out.Rows = append(out.Rows, reminder)
}
