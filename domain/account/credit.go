package account

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
)

// CreditNoteIssued takes a charge, or a part of it, back. What was already
// paid of that part was made unapplied in the same moment.
type CreditNoteIssued struct {
	Note    domain.CreditNoteID   `json:"note"`
	Charge  domain.ChargeID       `json:"charge"`
	Center  domain.CenterID       `json:"center"`
	Project domain.ProjectID      `json:"project"`
	Kind    pricelist.ServiceKind `json:"kind"` // of the charge
	Money   money.Line            `json:"money"`
	Shares  []Share               `json:"shares"` // what it takes off which receivable; they add up to its gross
	Reason  string                `json:"reason"`
	// SettlesDispute: the center had disputed the charge, and no longer does.
	SettlesDispute bool             `json:"settlesDispute,omitempty"`
	On             calendar.Date    `json:"on"`
	Posted         calendar.Quarter `json:"posted"`
	Clause         string           `json:"clause"`
	By             string           `json:"by"`
}

// WriteOffRequested asks to give a receivable up (§5.3.4, 账销案存).
type WriteOffRequested struct {
	WriteOff    domain.WriteOffID `json:"writeOff"`
	Charge      domain.ChargeID   `json:"charge"`
	Center      domain.CenterID   `json:"center"`
	Amount      money.Amount      `json:"amount"`
	Reason      string            `json:"reason"`
	RequestedOn calendar.Date     `json:"requestedOn"`
	By          string            `json:"by"`
}

// WriteOffRejected refuses such a request.
type WriteOffRejected struct {
	WriteOff domain.WriteOffID `json:"writeOff"`
	Center   domain.CenterID   `json:"center"`
	Reason   string            `json:"reason"`
	On       calendar.Date     `json:"on"`
	By       string            `json:"by"`
}

// ReceivableWrittenOff reduces our receivable and not what the center owes;
// later money on it is a recovery.
type ReceivableWrittenOff struct {
	WriteOff    domain.WriteOffID `json:"writeOff"`
	Charge      domain.ChargeID   `json:"charge"`
	Center      domain.CenterID   `json:"center"`
	Project     domain.ProjectID  `json:"project"`
	Share       Share             `json:"share"`
	Reason      string            `json:"reason"`
	On          calendar.Date     `json:"on"`
	Posted      calendar.Quarter  `json:"posted"`
	RequestedBy string            `json:"requestedBy"`
	ApprovedBy  string            `json:"approvedBy"`
}

func (CreditNoteIssued) EventType() string     { return "CreditNoteIssued" }
func (WriteOffRequested) EventType() string    { return "WriteOffRequested" }
func (WriteOffRejected) EventType() string     { return "WriteOffRejected" }
func (ReceivableWrittenOff) EventType() string { return "ReceivableWrittenOff" }

func (e CreditNoteIssued) center() domain.CenterID     { return e.Center }
func (e WriteOffRequested) center() domain.CenterID    { return e.Center }
func (e WriteOffRejected) center() domain.CenterID     { return e.Center }
func (e ReceivableWrittenOff) center() domain.CenterID { return e.Center }

func (e CreditNoteIssued) businessDate() calendar.Date     { return e.On }
func (e WriteOffRequested) businessDate() calendar.Date    { return e.RequestedOn }
func (e WriteOffRejected) businessDate() calendar.Date     { return e.On }
func (e ReceivableWrittenOff) businessDate() calendar.Date { return e.On }

func (e CreditNoteIssued) RestsOn() domain.Ground   { return domain.Clause(e.Clause) }
func (WriteOffRequested) RestsOn() domain.Ground    { return domain.Clause("Money") }
func (WriteOffRejected) RestsOn() domain.Ground     { return domain.Clause("Money") }
func (ReceivableWrittenOff) RestsOn() domain.Ground { return domain.Clause("Money") }

func (e CreditNoteIssued) concerns(t *trail) bool     { return e.Charge == t.charge }
func (e WriteOffRequested) concerns(t *trail) bool    { return e.Charge == t.charge }
func (e WriteOffRejected) concerns(t *trail) bool     { return t.writeOffs[e.WriteOff] }
func (e ReceivableWrittenOff) concerns(t *trail) bool { return e.Charge == t.charge }

// movement of a credit says its reason.
func (e CreditNoteIssued) movement() Movement {
	return Movement{
		Type: CreditMovement, Document: string(e.Note), Charge: e.Charge, Project: e.Project, Text: e.Reason, On: e.On,
		Amount: e.Money.Gross.Neg(), Tax: e.Money.Tax.Neg(), Posted: e.Posted,
	}
}

// IssueCreditNote is the command that takes a charge, or a part of it, back.
type IssueCreditNote struct {
	Note   domain.CreditNoteID `json:"note,omitzero"`
	Charge domain.ChargeID     `json:"charge,omitzero"`
	Center domain.CenterID     `json:"center,omitzero"`
	Amount money.Amount        `json:"amount,omitzero"` // gross
	Reason string              `json:"reason,omitzero"`
	On     calendar.Date       `json:"on,omitzero"`
	By     string              `json:"by,omitzero"`
}

// IssueCreditNote credits a charge, never more than what of it still stands.
// It takes what is open first, then what was written off, then what was paid:
// that money is unapplied again, the latest first, and settles what else the
// center owes. Whoever recorded a payment cannot credit what it paid [D].
func (a *Account) IssueCreditNote(c IssueCreditNote, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		a.MustExist(c.Center),
		domain.CheckID("note", c.Note),
		domain.CheckText("reason", c.Reason, true),
		c.Amount.CheckPositive("amount"),
		c.On.CheckPast("on", today),
	); err != nil {
		return nil, err
	}
	ch, err := a.mustHold("charge", c.Charge)
	if err != nil {
		return nil, err
	}
	standing := ch.gross.Sub(ch.reduced)
	switch {
	case a.notes[c.Note]:
		return nil, domain.Conflict("note", string(c.Note), "note-exists", "was issued already", "Money")
	case c.On.Before(ch.occurredOn):
		return nil, domain.Invalid("on", c.On.String(), "before-charge", "must not lie before the charge, %s", "Money",
			ch.occurredOn)
	case standing.Less(c.Amount) && len(ch.departures) > 0:
		return nil, domain.Conflict("amount", c.Amount.String(), "above-charge",
			"exceeds the %s yuan that still stand here of charge %s, %s less %s credited and %s moved with its project; what moved is credited there: %v",
			"Money", standing, ch.id, ch.gross, ch.reduced.Sub(ch.moved), ch.moved, ch.movedTo())
	case standing.Less(c.Amount):
		return nil, domain.Conflict("amount", c.Amount.String(), "above-charge",
			"exceeds the %s yuan that still stand of charge %s, %s less %s credited", "Money", standing, ch.id,
			ch.gross, ch.reduced)
	}
	parts := recordedItsMoney(ch, "credit")
	if ch.disputed() {
		parts = append(parts, duties.By(ch.dispute.By).Did("was disputed by %s, and nobody decides on their own objection"))
	}
	if err := duties.Apart(duties.Decision{
		Matter: matter(c.Center, string(c.Charge), "CREDIT_NOTE"), Field: "charge", Clause: "Money", By: c.By, On: today,
	}, parts...); err != nil {
		return nil, err
	}
	var (
		events []Event
		shares []Share
		left   = c.Amount
	)
	take := func(s Share) {
		if !s.Amount.IsZero() {
			shares, left = append(shares, s), left.Sub(s.Amount)
		}
	}
	take(ch.share(money.Min(left, ch.open)))
	take(Share{Amount: money.Min(left, ch.writtenOff), Stage: WrittenOff})
	opens, writeOffs := ch.opens, ch.writeOffs
	for i := len(ch.settlements) - 1; i >= 0 && !left.IsZero(); i-- {
		s := ch.settlements[i]
		back := a.reverse(s, money.Min(left, s.amount), c.On)
		events = append(events,
			AllocationReversed{Payment: s.payment.id, Center: c.Center, Cause: Credited, Lines: []Allocation{back}})
		left = left.Sub(back.Amount)
		if s.recovery {
			writeOffs = writeOffs.with(change{back.On, back.Amount})
		} else {
			opens = opens.with(change{back.On, back.Amount})
		}
		shares = addShare(shares,
			Share{Amount: back.Amount, Stage: back.Stage, ConfirmedOn: back.ConfirmedOn, Reopened: back.Reopened})
	}
	// Where what it takes came to be open later than the note is dated, the note
	// counts from then, so that on no date less than nothing is owed.
	on := c.On
	for _, s := range shares {
		if s.Stage == WrittenOff {
			on = writeOffs.heldFrom(s.Amount, on)
		} else {
			on = opens.heldFrom(s.Amount, on)
		}
	}
	course := a.course()
	course.decide(append(events, CreditNoteIssued{
		Note: c.Note, Charge: c.Charge, Center: c.Center, Project: ch.project, Kind: ch.kind, Money: ch.reduction(c.Amount),
		Shares: shares,
		Reason: c.Reason, SettlesDispute: ch.disputed(), On: on, Posted: a.postTo(on), Clause: "5.3.4", By: c.By,
	})...)
	switch {
	case ch.disputed() && !course.debtOf(ch.id).owed().IsZero():
		course.applyUnapplied(today, "") // what is left of the charge is disputed no more
	case len(course.freed) > 0:
		course.applyUnapplied(c.On, "") // what was paid of it settles what else is owed
	}
	return course.decided(), nil
}

// addShare adds to the share of the same stage, if there is one.
func addShare(shares []Share, s Share) []Share {
	for i := range shares {
		if shares[i].Stage == s.Stage {
			shares[i].Amount = shares[i].Amount.Add(s.Amount)
			return shares
		}
	}
	return append(shares, s)
}

// recordedItsMoney are the parts of those who recorded money that settles a charge.
func recordedItsMoney(c *charge, what domain.Sentence) (parts []duties.Involvement) {
	for _, s := range c.settlements {
		parts = append(parts, duties.Involvement{
			Code: "recorded-its-payment",
			Rule: "is settled by money that %s recorded, %s yuan of payment %s: whoever records a payment must not %s what it paid",
			Args: []any{s.amount, s.payment.id, what}, By: duties.By(s.payment.by),
		})
	}
	return parts
}

// writeOffRequest is a request that has not been decided.
type writeOffRequest struct {
	asked   WriteOffRequested
	decided domain.Sentence // empty, or what became of it
}

// RequestWriteOff is the command that asks to give a receivable up.
type RequestWriteOff struct {
	WriteOff domain.WriteOffID `json:"writeOff,omitzero"`
	Charge   domain.ChargeID   `json:"charge,omitzero"`
	Center   domain.CenterID   `json:"center,omitzero"`
	Amount   money.Amount      `json:"amount,omitzero"`
	Reason   string            `json:"reason,omitzero"`
	By       string            `json:"by,omitzero"`
}

// RequestWriteOff asks to give up what is open of a charge, or a part of it: with the
// requests that await a decision never more than that.
func (a *Account) RequestWriteOff(c RequestWriteOff, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		a.MustExist(c.Center),
		domain.CheckID("writeOff", c.WriteOff),
		domain.CheckText("reason", c.Reason, true),
		c.Amount.CheckPositive("amount"),
	); err != nil {
		return nil, err
	}
	if was, ok := a.writeOffs[c.WriteOff]; ok {
		return nil, domain.Conflict("writeOff", string(c.WriteOff), "write-off-exists", "was requested already, on %s",
			"Money", was.asked.RequestedOn)
	}
	if err := a.checkWriteOff(c.Charge, c.Amount, c.By, today); err != nil {
		return nil, err
	}
	if open, asked := a.charges[c.Charge].open, a.askedToGiveUp(c.Charge); open.Less(asked.Add(c.Amount)) {
		return nil, domain.Conflict("amount", c.Amount.String(), "above-open",
			"exceeds the %s yuan open on charge %s less %s yuan of requests that await a decision", "Money", open, c.Charge,
			asked)
	}
	return []Event{WriteOffRequested{
		WriteOff: c.WriteOff, Charge: c.Charge, Center: c.Center, Amount: c.Amount, Reason: c.Reason, RequestedOn: today,
		By: c.By,
	}}, nil
}

// askedToGiveUp is the sum of the requests on a charge that are not decided on.
func (a *Account) askedToGiveUp(charge domain.ChargeID) (sum money.Amount) {
	for _, r := range a.writeOffs {
		if r.decided == "" && r.asked.Charge == charge {
			sum = sum.Add(r.asked.Amount)
		}
	}
	return sum
}

func (a *Account) checkWriteOff(id domain.ChargeID, amount money.Amount, by string, today calendar.Date) error {
	ch, err := a.mustHold("charge", id)
	if err != nil {
		return err
	}
	if ch.open.Less(amount) {
		return ch.aboveOpen("amount", amount, ch.open)
	}
	return duties.Apart(duties.Decision{
		Matter: matter(a.opened.Center, string(id), "WRITE_OFF"), Field: "charge", Clause: "Money", By: by, On: today,
	}, recordedItsMoney(ch, "write off")...)
}

// DecideWriteOff is the command that approves or rejects a write-off.
type DecideWriteOff struct {
	WriteOff domain.WriteOffID `json:"writeOff,omitzero"`
	Center   domain.CenterID   `json:"center,omitzero"`
	Approve  bool              `json:"approve,omitzero"`
	Note     string            `json:"note,omitzero"` // the reason, required for a rejection
	By       string            `json:"by,omitzero"`
}

// DecideWriteOff approves or rejects a write-off. Nobody approves their own
// request. It counts from the day of the approval.
func (a *Account) DecideWriteOff(c DecideWriteOff, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(a.MustExist(c.Center), domain.CheckText("note", c.Note, !c.Approve)); err != nil {
		return nil, err
	}
	r, ok := a.writeOffs[c.WriteOff]
	switch {
	case !ok:
		return nil, domain.NotFound("writeOff", string(c.WriteOff), "unknown-write-off", "is not a request of center %s",
			c.Center).Among(domain.Numbers(a.writeOffs))
	case r.decided != "":
		return nil, domain.Conflict("writeOff", string(c.WriteOff), "write-off-decided", r.decided, "Money")
	}
	if err := duties.Apart(duties.Decision{
		Matter: matter(c.Center, string(c.WriteOff), "WRITE_OFF"), Field: "writeOff", Clause: "Money", By: c.By, On: today,
	}, duties.Submitted(r.asked.By)); err != nil {
		return nil, err
	}
	if !c.Approve {
		return []Event{WriteOffRejected{WriteOff: c.WriteOff, Center: c.Center, Reason: c.Note, On: today, By: c.By}}, nil
	}
	if err := a.checkWriteOff(r.asked.Charge, r.asked.Amount, c.By, today); err != nil {
		return nil, domain.NamedBy("writeOff", string(c.WriteOff), err) // which names the charge and the amount here
	}
	ch := a.charges[r.asked.Charge]
	return []Event{ReceivableWrittenOff{
		WriteOff: c.WriteOff, Charge: ch.id, Center: c.Center, Project: ch.project, Share: ch.share(r.asked.Amount),
		Reason: r.asked.Reason,
		On:     today, Posted: a.postTo(today), RequestedBy: r.asked.By, ApprovedBy: c.By,
	}}, nil
}

// credited folds a credit note.
func (a *Account) credited(e CreditNoteIssued) {
	c := a.charges[e.Charge]
	a.notes[e.Note] = true
	for _, s := range e.Shares {
		if s.Stage == WrittenOff {
			a.giveUp(c, s.Amount.Neg(), e.On)
		} else {
			a.reduce(c, s.Amount, e.On)
		}
	}
	c.reduced = c.reduced.Add(e.Money.Gross)
	if e.SettlesDispute {
		c.dispute = nil
	}
}

// writtenOff folds a write-off.
func (a *Account) writtenOff(e ReceivableWrittenOff) {
	c := a.charges[e.Charge]
	a.writeOffs[e.WriteOff].decided = "was approved already"
	a.reduce(c, e.Share.Amount, e.On)
	a.giveUp(c, e.Share.Amount, e.On)
}
