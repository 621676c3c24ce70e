package account

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// ReplyReminderIssued asks a center for its answer to a statement that it did
// not give by the reply-by date (催对账). It asks for no money.
type ReplyReminderIssued struct {
	Reminder  domain.NoticeID  `json:"reminder"`
	Center    domain.CenterID  `json:"center"`
	Statement string           `json:"statement"`
	Quarter   calendar.Quarter `json:"quarter"`
	Version   int              `json:"version"`
	Closing   money.Amount     `json:"closing"` // of the version
	ReplyBy   calendar.Date    `json:"replyBy"`
	On        calendar.Date    `json:"on"`
	By        string           `json:"by"`
}

func (ReplyReminderIssued) EventType() string             { return "ReplyReminderIssued" }
func (e ReplyReminderIssued) center() domain.CenterID     { return e.Center }
func (e ReplyReminderIssued) businessDate() calendar.Date { return e.On }
func (ReplyReminderIssued) RestsOn() domain.Ground        { return domain.Clause("5.3.4") }
func (e ReplyReminderIssued) concerns(t *trail) bool      { return t.shown(e.Statement, e.Version) }

// remindedToday refuses to remind of the same twice on one day.
const remindedToday domain.Sentence = "was reminded already, on %s; remind once a day"

// RemindOfReply is the command that reminds a center of a statement it has not
// answered.
type RemindOfReply struct {
	Reminder domain.NoticeID  `json:"reminder,omitzero"`
	Center   domain.CenterID  `json:"center,omitzero"`
	Quarter  calendar.Quarter `json:"quarter,omitzero"`
	By       string           `json:"by,omitzero"`
}

// RemindOfReply reminds a center of the version that awaits its answer, once
// the reply-by date has passed and at most once a day.
func (a *Account) RemindOfReply(c RemindOfReply, today calendar.Date) ([]Event, error) {
	if err := a.checkNotice("reminder", c.Center, c.Reminder); err != nil {
		return nil, err
	}
	s, issued := a.statements[c.Quarter]
	switch {
	case !issued:
		return nil, domain.NotFound("quarter", c.Quarter.String(), "unknown-statement",
			"has no statement of center %s yet", c.Center).Among(a.quartersStated())
	case s.confirmed:
		return nil, domain.Conflict("quarter", c.Quarter.String(), "statement-confirmed",
			"is confirmed already by center %s; there is nothing to remind of", "5.3.4", c.Center)
	}
	if _, err := a.mustAwaitReply(c.Center, c.Quarter, s.version); err != nil {
		return nil, domain.NamedBy("quarter", c.Quarter.String(), err) // the command names no version
	}
	conflict := func(code string, rule domain.Sentence, args ...any) error {
		return domain.Conflict("quarter", c.Quarter.String(), code, rule, "5.3.4", args...)
	}
	switch replyBy := s.issued.Version.ReplyBy; {
	case !replyBy.Before(today):
		return nil, conflict("reply-not-overdue", "is to be answered by %s; it is only %s", replyBy, today)
	case s.remindedOn == today:
		return nil, conflict("reminded-today", remindedToday, today)
	}
	return []Event{ReplyReminderIssued{
		Reminder: c.Reminder, Center: c.Center, Statement: s.number, Quarter: c.Quarter, Version: s.version,
		Closing: s.closing,
		ReplyBy: s.issued.Version.ReplyBy, On: today, By: c.By,
	}}, nil
}

func (a *Account) replyReminded(e ReplyReminderIssued) {
	a.notices[e.Reminder] = true
	a.statements[e.Quarter].remindedOn = e.On
}
