package account

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// ClaimIssued asks the center for the money of a half-year and what is older
// (§5.3.4). What is disputed is not part of it, and what the center's own money
// with us covers is taken off.
type ClaimIssued struct {
	Claim  domain.NoticeID `json:"claim"`
	Center domain.CenterID `json:"center"`
	Half   calendar.Half   `json:"half"`
	DueOn  calendar.Date   `json:"dueOn"` // of the half-year's own charges
	Lines  []Claimed       `json:"lines"`
	// Unapplied is money of the center that lies with us and settles no charge: at
	// most what the lines sum up to.
	Unapplied money.Amount  `json:"unapplied,omitzero"`
	Total     money.Amount  `json:"total"` // of the lines, less Unapplied
	On        calendar.Date `json:"on"`
	By        string        `json:"by"`
}

// ReminderIssued asks for what is overdue. What is disputed, or not due yet,
// is not part of it, and what the center's own money with us covers is taken off.
type ReminderIssued struct {
	Reminder domain.NoticeID `json:"reminder"`
	Center   domain.CenterID `json:"center"`
	Lines    []Claimed       `json:"lines"`
	// Unapplied is money of the center that lies with us and settles no charge: at
	// most what the lines sum up to.
	Unapplied money.Amount  `json:"unapplied,omitzero"`
	Total     money.Amount  `json:"total"` // of the lines, less Unapplied
	On        calendar.Date `json:"on"`
	By        string        `json:"by"`
}

// Claimed is one charge that the center is asked to pay.
type Claimed struct {
	Charge domain.ChargeID `json:"charge"`
	Open   money.Amount    `json:"open"`
	DueOn  calendar.Date   `json:"dueOn"`
}

// FollowUpNoted is a word with the center about its debt, and perhaps its
// promise to pay.
type FollowUpNoted struct {
	FollowUp   domain.NoticeID `json:"followUp"`
	Center     domain.CenterID `json:"center"`
	Contact    string          `json:"contact"` // whom the city lead spoke with
	Note       string          `json:"note"`
	PromisedOn calendar.Date   `json:"promisedOn,omitzero"` // when the center said it would pay
	Promised   money.Amount    `json:"promised,omitzero"`
	// Presumed: the center named no amount, so that it promised what is overdue on
	// the day on which it is to pay. Earlier promises without an amount have none.
	Presumed bool          `json:"presumed,omitempty"`
	On       calendar.Date `json:"on"`
	By       string        `json:"by"`
}

// ChargesReported is the monthly charge list F3 of one project (§5.3.3): every
// posted charge that was not reported before.
type ChargesReported struct {
	Center  domain.CenterID  `json:"center"`
	Project domain.ProjectID `json:"project"`
	Month   calendar.Month   `json:"month"`
	Lines   []Reported       `json:"lines"`
	Total   money.Amount     `json:"total"` // gross
	On      calendar.Date    `json:"on"`
	By      string           `json:"by"`
}

// Reported is one charge on an F3.
type Reported struct {
	Charge domain.ChargeID `json:"charge"`
	Gross  money.Amount    `json:"gross"`
}

func (ClaimIssued) EventType() string     { return "ClaimIssued" }
func (ReminderIssued) EventType() string  { return "ReminderIssued" }
func (FollowUpNoted) EventType() string   { return "FollowUpNoted" }
func (ChargesReported) EventType() string { return "ChargesReported" }

func (e ClaimIssued) center() domain.CenterID     { return e.Center }
func (e ReminderIssued) center() domain.CenterID  { return e.Center }
func (e FollowUpNoted) center() domain.CenterID   { return e.Center }
func (e ChargesReported) center() domain.CenterID { return e.Center }

func (e ClaimIssued) businessDate() calendar.Date     { return e.On }
func (e ReminderIssued) businessDate() calendar.Date  { return e.On }
func (e FollowUpNoted) businessDate() calendar.Date   { return e.On }
func (e ChargesReported) businessDate() calendar.Date { return e.On }

func (ClaimIssued) RestsOn() domain.Ground     { return domain.Clause("5.3.4") }
func (ReminderIssued) RestsOn() domain.Ground  { return domain.Clause("5.3.4") }
func (FollowUpNoted) RestsOn() domain.Ground   { return domain.Clause("5.3.4") }
func (ChargesReported) RestsOn() domain.Ground { return domain.Clause("5.3.3") }

func (e ClaimIssued) concerns(t *trail) bool     { return t.claims(e.Lines) }
func (e ReminderIssued) concerns(t *trail) bool  { return t.claims(e.Lines) }
func (FollowUpNoted) concerns(*trail) bool       { return false } // but the center as a whole
func (e ChargesReported) concerns(t *trail) bool { return t.reports(e.Lines) }

// IssueClaim is the command that claims a half-year's money.
type IssueClaim struct {
	Claim  domain.NoticeID `json:"claim,omitzero"`
	Center domain.CenterID `json:"center,omitzero"`
	Half   calendar.Half   `json:"half,omitzero"`
	By     string          `json:"by,omitzero"`
}

// IssueClaim claims what is open of everything posted up to the end of a
// half-year, but for what is disputed, less unapplied money of the center, at most
// once a day: neither the half-year nor any charge, whose earlier half-year may have
// been claimed that day. What is overdue keeps its due date.
func (a *Account) IssueClaim(c IssueClaim, rules policy.Policy, today calendar.Date) ([]Event, error) {
	if err := a.checkNotice("claim", c.Center, c.Claim); err != nil {
		return nil, err
	}
	switch {
	case c.Half.IsZero():
		return nil, domain.Invalid("half", "", "half-year-required", "must be given", "5.3.4")
	case !c.Half.Last().Last().Before(today):
		return nil, domain.Conflict("half", c.Half.String(), "half-year-not-over", "ends on %s; claim it after that day",
			"5.3.4", c.Half.Last().Last())
	}
	claimedToday := false
	asked := a.claimable(func(ch *charge) bool {
		ofHalf := ch.posted <= c.Half.Last()
		claimedToday = claimedToday || ofHalf && ch.claimedOn == today
		return ofHalf && ch.claimedOn != today
	})
	switch {
	case a.claimedOn[c.Half] == today || claimedToday && len(asked.lines) == 0:
		return nil, domain.Conflict("half", c.Half.String(), "claimed-today",
			"was claimed already, on %s; claim it once a day", "5.3.4", today)
	case len(asked.lines) == 0:
		return nil, domain.Conflict("half", c.Half.String(), "nothing-to-claim",
			"has nothing to claim: nothing is open, or all of it is disputed", "5.3.4")
	case asked.total.IsZero():
		return nil, domain.Conflict("half", c.Half.String(), "covered-by-unapplied", covered, "Money", asked.unapplied)
	}
	return []Event{ClaimIssued{
		Claim: c.Claim, Center: c.Center, Half: c.Half, DueOn: rules.DueOn(c.Half.Last()), Lines: asked.lines,
		Unapplied: asked.unapplied,
		Total:     asked.total, On: today, By: c.By,
	}}, nil
}

// IssueReminder is the command that reminds a center of what is overdue.
type IssueReminder struct {
	Reminder domain.NoticeID `json:"reminder,omitzero"`
	Center   domain.CenterID `json:"center,omitzero"`
	By       string          `json:"by,omitzero"`
}

// IssueReminder asks for what is overdue, leaving out what is disputed and taking
// unapplied money of the center off, at most once a day.
func (a *Account) IssueReminder(c IssueReminder, today calendar.Date) ([]Event, error) {
	if err := a.checkNotice("reminder", c.Center, c.Reminder); err != nil {
		return nil, err
	}
	asked := a.claimable(func(ch *charge) bool { return ch.dueOn.Before(today) })
	switch {
	case a.remindedOn == today:
		return nil, domain.Conflict("center", string(c.Center), "reminded-today", remindedToday, "5.3.4", today)
	case len(asked.lines) == 0:
		return nil, domain.Conflict("center", string(c.Center), "nothing-overdue",
			"has nothing to be reminded of: nothing is overdue, or all of it is disputed", "5.3.4")
	case asked.total.IsZero():
		return nil, domain.Conflict("center", string(c.Center), "covered-by-unapplied", covered, "Money", asked.unapplied)
	}
	return []Event{ReminderIssued{
		Reminder: c.Reminder, Center: c.Center, Lines: asked.lines, Unapplied: asked.unapplied, Total: asked.total, On: today,
		By: c.By,
	}}, nil
}

// demand is what a center may be asked for: lines, and how much of their sum its
// own money with us covers, whatever keeps that from settling them (it looks like
// an earlier receipt, or a credit note set it free). Nobody is asked for more than
// they owe [D].
type demand struct {
	lines     []Claimed
	unapplied money.Amount
	total     money.Amount // of the lines, less unapplied
}

// claimable lists what may be asked for of some charges.
func (a *Account) claimable(of func(*charge) bool) (d demand) {
	for _, ch := range a.owed {
		if !ch.open.IsZero() && !ch.disputed() && of(ch) {
			d.lines, d.total = append(d.lines, Claimed{ch.id, ch.open, ch.dueOn}), d.total.Add(ch.open)
		}
	}
	for _, p := range a.payments {
		d.unapplied = d.unapplied.Add(p.unapplied)
	}
	d.unapplied = money.Min(d.unapplied, d.total)
	d.total = d.total.Sub(d.unapplied)
	return d
}

// covered refuses to ask for what a center's own money covers.
const covered domain.Sentence = "owes nothing beyond the %s yuan of its own that lie unapplied with us; allocate that money instead"

// overdue is what will be overdue on a day of what is open on an earlier one and
// not disputed, less the money that was unapplied then.
func (a *Account) overdue(on, then calendar.Date) (total money.Amount) {
	for _, ch := range a.byNumber {
		if !ch.disputed() && ch.dueOn.Before(on) {
			total = total.Add(ch.opens.on(then))
		}
	}
	for _, p := range a.payments {
		total = total.Sub(p.free.on(then))
	}
	if total.Sign() < 0 {
		return money.Amount{}
	}
	return total
}

// NoteFollowUp is the command that records a word with the center.
type NoteFollowUp struct {
	FollowUp   domain.NoticeID `json:"followUp,omitzero"`
	Center     domain.CenterID `json:"center,omitzero"`
	Contact    string          `json:"contact,omitzero"`
	Note       string          `json:"note,omitzero"`
	PromisedOn calendar.Date   `json:"promisedOn,omitzero"` // zero: no promise
	Promised   money.Amount    `json:"promised,omitzero"`   // zero: no amount was named
	On         calendar.Date   `json:"on,omitzero"`
	By         string          `json:"by,omitzero"`
}

// NoteFollowUp records what came of chasing the money. A promise that names no
// amount is one of what is overdue on its day, by what was open and unapplied when
// it was given.
func (a *Account) NoteFollowUp(c NoteFollowUp, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		a.checkNotice("followUp", c.Center, c.FollowUp),
		domain.CheckText("contact", c.Contact, true),
		domain.CheckText("note", c.Note, true),
		c.On.CheckPast("on", today),
	); err != nil {
		return nil, err
	}
	switch {
	case c.PromisedOn.IsZero() && !c.Promised.IsZero():
		return nil, domain.Invalid("promisedOn", "", "date-required", "must be given with a promised amount", "5.3.4")
	case !c.PromisedOn.IsZero() && c.PromisedOn.Before(c.On):
		return nil, domain.Invalid("promisedOn", c.PromisedOn.String(), "promise-in-the-past",
			"must not lie before the day on which it was promised, %s", "5.3.4", c.On)
	case c.Promised.Sign() < 0:
		return nil, domain.Invalid("promised", c.Promised.String(), "not-positive", "must not be less than 0.00", "5.3.4")
	}
	e := FollowUpNoted{
		FollowUp: c.FollowUp, Center: c.Center, Contact: c.Contact, Note: c.Note, PromisedOn: c.PromisedOn,
		Promised: c.Promised, On: c.On, By: c.By,
	}
	if !c.PromisedOn.IsZero() && c.Promised.IsZero() {
		if e.Presumed, e.Promised = true, a.overdue(c.PromisedOn, c.On); e.Promised.IsZero() {
			return nil, domain.Conflict("promised", "", "nothing-overdue", "must name an amount: nothing is overdue on %s "+
				"that is neither disputed nor covered by the center's own money", "5.3.4", c.PromisedOn)
		}
	}
	return []Event{e}, nil
}

func (a *Account) checkNotice(field string, center domain.CenterID, id domain.NoticeID) error {
	if err := domain.FirstError(a.MustExist(center), domain.CheckID(field, id)); err != nil {
		return err
	}
	if a.notices[id] {
		return domain.Conflict(field, string(id), "notice-exists", "was used already in this center", "5.3.4")
	}
	return nil
}

// ReportCharges is the command that files a project's F3 of a month.
type ReportCharges struct {
	Center  domain.CenterID  `json:"center,omitzero"`
	Project domain.ProjectID `json:"project,omitzero"`
	Month   calendar.Month   `json:"month,omitzero"`
	By      string           `json:"by,omitzero"`
}

// ReportCharges files every charge of a project that was posted and not
// reported before (§5.3.3). The quarter counts by charge date, so that the two
// differ by a tail.
func (a *Account) ReportCharges(c ReportCharges, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(a.MustExist(c.Center), domain.CheckID("project", c.Project)); err != nil {
		return nil, err
	}
	switch {
	case c.Month.IsZero():
		return nil, domain.Invalid("month", "", "month-required", "must be given", "5.3.3")
	case c.Month > today.Month():
		return nil, domain.Invalid("month", c.Month.String(), "in-the-future", "must not lie after %s", "5.3.3",
			today.Month())
	case c.Month < a.reportedThrough[c.Project]:
		return nil, domain.Conflict("month", c.Month.String(), "month-reported",
			"lies before %s, for which project %s was reported already; file the rest with that month or a later one", "5.3.3",
			a.reportedThrough[c.Project], c.Project)
	}
	e := ChargesReported{Center: c.Center, Project: c.Project, Month: c.Month, On: today, By: c.By}
	for _, ch := range a.byNumber {
		if ch.project == c.Project && !ch.reported {
			e.Lines, e.Total = append(e.Lines, Reported{ch.id, ch.gross}), e.Total.Add(ch.gross)
		}
	}
	if len(e.Lines) == 0 {
		return nil, domain.Conflict("month", c.Month.String(), "nothing-to-report",
			"has no charge of project %s that was not reported before", "5.3.3", c.Project)
	}
	return []Event{e}, nil
}
