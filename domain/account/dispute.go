package account

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
)

// ChargeDisputed is the center's objection to a charge on a statement, settled
// or not: it was we who let its money settle the charge. It changes a status and
// never an amount: what is disputed is not chased, and money does not settle it
// unless the payer says so. What is then credited of what was settled becomes
// unapplied.
type ChargeDisputed struct {
	Charge    domain.ChargeID  `json:"charge"`
	Center    domain.CenterID  `json:"center"`
	Project   domain.ProjectID `json:"project"`
	Statement string           `json:"statement"`
	Quarter   calendar.Quarter `json:"quarter"` // of the statement
	Version   int              `json:"version"`
	Open      money.Amount     `json:"open"` // of the charge, at that moment
	Reason    string           `json:"reason"`
	On        calendar.Date    `json:"on"`
	By        string           `json:"by"` // on paper the name of who signed
	Reply
	Papers []attachment.Ref `json:"papers,omitempty"` // that bear the objection out
}

// DisputeRejected ends a dispute without a credit note: the charge stands, is
// chased again, and waits for the center's word on the next statement.
type DisputeRejected struct {
	Charge domain.ChargeID `json:"charge"`
	Center domain.CenterID `json:"center"`
	Reason string          `json:"reason"`
	On     calendar.Date   `json:"on"`
	By     string          `json:"by"`
}

func (ChargeDisputed) EventType() string  { return "ChargeDisputed" }
func (DisputeRejected) EventType() string { return "DisputeRejected" }

func (e ChargeDisputed) center() domain.CenterID  { return e.Center }
func (e DisputeRejected) center() domain.CenterID { return e.Center }

func (e ChargeDisputed) businessDate() calendar.Date  { return e.On }
func (e DisputeRejected) businessDate() calendar.Date { return e.On }

func (ChargeDisputed) RestsOn() domain.Ground  { return domain.Clause("5.3.4") }
func (DisputeRejected) RestsOn() domain.Ground { return domain.Clause("5.3.4") }

func (e ChargeDisputed) concerns(t *trail) bool  { return e.Charge == t.charge }
func (e DisputeRejected) concerns(t *trail) bool { return e.Charge == t.charge }

// DisputeCharge is the center's command that objects to one line of a
// statement before it answers the whole.
type DisputeCharge struct {
	Center  domain.CenterID  `json:"center,omitzero"`
	Quarter calendar.Quarter `json:"quarter,omitzero"`
	Version int              `json:"version,omitzero"`
	Dispute
	By string `json:"by,omitzero"`
	// Way is how it came, see ConfirmStatement.
	Way Way `json:"-"`
}

// DisputeCharge records an objection to a charge on the present version of a
// statement.
func (a *Account) DisputeCharge(c DisputeCharge, today calendar.Date) ([]Event, error) {
	s, err := a.mustAwaitReply(c.Center, c.Quarter, c.Version)
	if err != nil {
		return nil, err
	}
	if err := s.answeredByAnother(c.Center, c.By, today); err != nil {
		return nil, err
	}
	e, err := a.dispute("", s, c.Quarter, c.Dispute, c.By, Reply{Way: c.Way}, today)
	if err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

func (a *Account) dispute(
	field string, s *statement, q calendar.Quarter, d Dispute, by string, came Reply, today calendar.Date,
) (Event, error) {
	c, err := a.mustHold(field+"charge", d.Charge)
	if err != nil {
		return nil, err
	}
	if err := domain.CheckText(field+"reason", d.Reason, true); err != nil {
		return nil, err
	}
	conflict := func(code string, rule domain.Sentence, args ...any) error {
		return domain.Conflict(field+"charge", string(d.Charge), code, rule, "5.3.4", args...)
	}
	switch {
	case c.posted > q:
		return nil, conflict("not-on-statement", "is not on the statement for %s; it was posted to %s", q, c.posted)
	case c.stage == Confirmed:
		return nil, conflict("charge-confirmed", "was confirmed on %s; only a credit note or reopening %s can change that",
			c.confirmedOn, c.confirmedIn)
	case c.disputed():
		return nil, conflict("disputed-already", "is disputed already")
	case c.reduced == c.gross && len(c.departures) > 0:
		return nil, conflict("nothing-stands", "moved with its project; what is left of it is disputed there: %v", c.movedTo())
	case c.reduced == c.gross:
		return nil, conflict("nothing-stands", "was taken back in full; there is nothing left to dispute")
	case len(d.Papers) > maxPapersOfDispute:
		return nil, domain.Invalid(field+"papers", "", "too-many-papers",
			"has %d files; must be at most %d with one objection", "5.3.4", len(d.Papers), maxPapersOfDispute)
	}
	return ChargeDisputed{
		Charge: d.Charge, Center: a.opened.Center, Project: c.project, Statement: s.number, Quarter: q, Version: s.version,
		Open:   c.open,
		Reason: d.Reason, On: today, By: by, Reply: came, Papers: d.Refs,
	}, nil
}

// RejectDispute is the command that ends a dispute without a credit note.
type RejectDispute struct {
	Charge domain.ChargeID `json:"charge,omitzero"`
	Center domain.CenterID `json:"center,omitzero"`
	Reason string          `json:"reason,omitzero"`
	By     string          `json:"by,omitzero"`
}

// RejectDispute rejects the center's objection, with a reason. What is open of
// the charge is settled from unapplied money of the center.
func (a *Account) RejectDispute(c RejectDispute, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(a.MustExist(c.Center), domain.CheckText("reason", c.Reason, true)); err != nil {
		return nil, err
	}
	ch, err := a.mustHold("charge", c.Charge)
	if err != nil {
		return nil, err
	}
	switch left := ch.departures; {
	case !ch.disputed() && len(left) > 0 && left[len(left)-1].Disputed:
		return nil, domain.Conflict("charge", string(c.Charge), "not-disputed",
			"moved with its project, and its dispute with it, which is decided there: %v", "5.3.4", ch.movedTo()[len(left)-1:])
	case !ch.disputed():
		return nil, domain.Conflict("charge", string(c.Charge), "not-disputed", "is not disputed", "5.3.4")
	}
	if err := duties.Apart(duties.Decision{
		Matter: matter(c.Center, string(c.Charge), "DISPUTE"), Field: "charge", Clause: "5.3.4", By: c.By, On: today,
	}, duties.By(ch.dispute.By).Did("was disputed by %s, and nobody decides on their own objection")); err != nil {
		return nil, err
	}
	course := a.course()
	course.decide(DisputeRejected{Charge: c.Charge, Center: c.Center, Reason: c.Reason, On: today, By: c.By})
	course.applyUnapplied(today, "")
	return course.decided(), nil
}
