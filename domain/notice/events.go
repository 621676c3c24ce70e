package notice

import (
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// Stream names the stream of one notice.
func Stream(id ID) string { return "notice-" + string(id) }

// SenderStream is the stream of the sender itself.
const SenderStream = "notices"

// Sender is who records what became of notices: the program, not a person.
var Sender = domain.Actor{Name: "notices", Role: "notices"}

// Event is a fact about one notice.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	noticeEvent()
}

// Matter is what a notice is about: part of every fact of its delivery, so that
// each can be read by itself.
type Matter struct {
	Notice ID     `json:"notice"`
	Kind   Kind   `json:"kind"`
	Clause string `json:"clause"`
	Cause  Origin `json:"cause"`
	Place
}

// NoticeSent is a notice that left: the mail server took it, or it lies in the
// outbox folder.
type NoticeSent struct {
	Matter
	Copy      int         `json:"copy"` // 1; one more for each time a person had it sent again
	To        []Addressee `json:"to"`
	Cc        []Addressee `json:"cc,omitempty"`
	Subject   string      `json:"subject"`
	Body      string      `json:"body"`
	MessageID string      `json:"messageID"` // of the mail, without angle brackets
	Channel   Channel     `json:"channel"`
	// Refused are addresses that the mail server did not take it for, while it
	// took it for the others.
	Refused []RefusedAddress `json:"refused,omitempty"`
	// Attachments are the papers that went with it.
	Attachments []Attached `json:"attachments,omitempty"`
	At          time.Time  `json:"at"`
}

// NoticeUndeliverable is a notice that could not be sent so far. It is recorded
// once for each reason, and again when the sender gives up.
type NoticeUndeliverable struct {
	Matter
	To       []Recipient `json:"to"`
	Cc       []Recipient `json:"cc,omitempty"`
	Subject  string      `json:"subject"`
	Reason   Reason      `json:"reason"`
	Detail   string      `json:"detail"`   // what the mail server said, or what to add to the address book
	Attempts int         `json:"attempts"` // so far
	Since    time.Time   `json:"since"`    // of the first failure
	Outlook  Outlook     `json:"outlook"`
	At       time.Time   `json:"at"`
}

// NoticeResendRequested is a person's wish that a notice be sent, again or
// after all.
type NoticeResendRequested struct {
	Matter
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
	By     string    `json:"by"`
}

// NoticesStarted says from where in the log notices are sent: what was recorded
// up to that position is history, and nobody is told of it.
type NoticesStarted struct {
	From uint64    `json:"from"` // position; 0: from the beginning
	At   time.Time `json:"at"`
}

// Addressee is a role with the addresses found for it.
type Addressee struct {
	Role      domain.Role `json:"role"`
	Scope     Level       `json:"scope"`        // where they were found, which may be wider than asked for
	Of        string      `json:"of,omitempty"` // name of the center, the city, …
	Addresses []string    `json:"addresses"`
	Language  Language    `json:"language,omitempty"` // that they read; empty: Chinese
}

// Attached is a paper that went with a notice.
type Attached struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// RefusedAddress is an address that a mail server did not take a message for.
type RefusedAddress struct {
	Address string `json:"address"`
	Reason  string `json:"reason"` // as the server gave it
}

// Channel is how a notice left.
type Channel string

const (
	SMTP   Channel = "SMTP"
	Outbox Channel = "OUTBOX" // a file in a folder, where no mail server is configured
)

// Reason sorts why a notice could not be sent.
type Reason string

const (
	NoAddress      Reason = "NO_ADDRESS"      // the address book names nobody for a role
	Unreachable    Reason = "UNREACHABLE"     // the mail server, or the outbox folder
	RefusedForNow  Reason = "REFUSED_FOR_NOW" // the mail server asked to come again later
	Refused        Reason = "REFUSED"         // the mail server will not take it
	OutcomeUnknown Reason = "OUTCOME_UNKNOWN" // it was handed over, and no answer came
	NoPaper        Reason = "NO_PAPER"        // the paper that goes with it could not be made
)

// Outlook is what happens to a notice that could not be sent.
type Outlook string

const (
	Retrying      Outlook = "RETRYING"       // it is tried again by itself
	AwaitsAddress Outlook = "AWAITS_ADDRESS" // it is tried again when the address book has changed
	GivenUp       Outlook = "GIVEN_UP"       // it is sent when a person asks for it
)

func (NoticeSent) EventType() string            { return "NoticeSent" }
func (NoticeUndeliverable) EventType() string   { return "NoticeUndeliverable" }
func (NoticeResendRequested) EventType() string { return "NoticeResendRequested" }
func (NoticesStarted) EventType() string        { return "NoticesStarted" }

func (e NoticeResendRequested) RestsOn() domain.Ground { return domain.Clause(e.Matter.Clause) }
func (e NoticeSent) RestsOn() domain.Ground            { return domain.Clause(e.Matter.Clause) }
func (e NoticeUndeliverable) RestsOn() domain.Ground   { return domain.Clause(e.Matter.Clause) }
func (NoticesStarted) RestsOn() domain.Ground {
	return domain.Silent("where in the log the sender of notices begins")
}

func (NoticeSent) noticeEvent()            {}
func (NoticeUndeliverable) noticeEvent()   {}
func (NoticeResendRequested) noticeEvent() {}
func (NoticesStarted) noticeEvent()        {}

// Delivery is the state of one notice.
type Delivery struct {
	matter   Matter
	copies   int  // times sent
	asked    bool // a person asked for it, and it has not been sent since
	reasons  map[Reason]bool
	outlook  Outlook // empty while nothing has failed since it was last sent or asked for
	attempts int
	since    time.Time
}

// Due reports whether the notice is to be sent: it never was, or a person asks
// for it, and the sender has not given up.
func (d *Delivery) Due() bool {
	return d.outlook != GivenUp && (d.copies == 0 || d.asked)
}

// Matter is what the notice is about; ok is false while nothing was recorded of
// it.
func (d *Delivery) Matter() (m Matter, ok bool) { return d.matter, d.matter.Notice != "" }

// Lies says where what the notice tells of lies.
func (d *Delivery) Lies() (at access.Place, ok bool) {
	p := d.matter.Place
	return access.Place{Region: p.Region, City: p.City, Project: p.Project, Center: p.Center}, d.matter.Notice != ""
}

// Copy is the number that the next sending has.
func (d *Delivery) Copy() int { return d.copies + 1 }

// Failures tells how often sending has failed since it became due, and since
// when.
func (d *Delivery) Failures() (attempts int, since time.Time) { return d.attempts, d.since }

// Record is the sender's command that keeps what became of a notice. Two senders
// that sent the same copy at different times mean the same fact.
type Record struct {
	Notice ID `json:"notice"`
}

// Sent records that the notice left. The same copy is recorded once.
func (d *Delivery) Sent(e NoticeSent) []Event {
	if e.Copy <= d.copies {
		return nil
	}
	return []Event{e}
}

// Undeliverable records that it could not be sent: once for each reason, and
// once more when that changes what happens next.
func (d *Delivery) Undeliverable(e NoticeUndeliverable) []Event {
	if d.copies > 0 && !d.asked || d.reasons[e.Reason] && d.outlook == e.Outlook {
		return nil
	}
	return []Event{e}
}

// Resend is the command that has a notice sent, again or after all.
type Resend struct {
	Notice ID     `json:"notice"`
	Reason string `json:"reason,omitzero"`
	By     string `json:"by,omitzero"`
}

// Resend asks the sender for a notice that was sent, that lacks an address or
// that was given up.
func (d *Delivery) Resend(c Resend, now time.Time) ([]Event, error) {
	if d.matter.Notice == "" {
		return nil, domain.NotFound("notice", domain.Clip(string(c.Notice)), "unknown-notice",
			"is not a notice that was sent or failed")
	}
	if err := domain.CheckText("reason", c.Reason, true); err != nil {
		return nil, err
	}
	if d.outlook == Retrying || d.outlook == "" && d.asked {
		return nil, domain.Conflict("notice", string(c.Notice), "notice-under-way",
			"is being sent already, after %d attempts that failed", d.matter.Clause, d.attempts)
	}
	return []Event{NoticeResendRequested{Matter: d.matter, Reason: c.Reason, At: now, By: c.By}}, nil
}

// Evolve folds an event into the delivery.
func (d *Delivery) Evolve(e Event) {
	switch e := e.(type) {
	case NoticeSent:
		d.matter = e.Matter
		d.copies, d.asked = e.Copy, false
		d.begin()
	case NoticeUndeliverable:
		d.matter = e.Matter
		d.outlook, d.attempts, d.since = e.Outlook, e.Attempts, e.Since
		if d.reasons == nil {
			d.reasons = make(map[Reason]bool)
		}
		d.reasons[e.Reason] = true
		if e.Outlook == GivenUp {
			d.asked = false
		}
	case NoticeResendRequested:
		d.begin()
		d.asked = true
	case NoticesStarted: // belongs to the sender's own stream
	}
}

// begin forgets the failures of the last round.
func (d *Delivery) begin() {
	d.outlook, d.attempts, d.since, d.reasons = "", 0, time.Time{}, nil
}

// Begin is the sender's command that says from where notices are sent.
type Begin struct {
	From *uint64 `json:"from,omitzero"` // nil: nobody said
}

// Office is the state of the sender.
type Office struct {
	started bool
	from    uint64
}

// Start says from where notices are sent: from the position given or, if none
// is, from where they were before, or from the head of the log.
func (o *Office) Start(from *uint64, head uint64, now time.Time) []Event {
	switch {
	case from == nil && o.started, from != nil && o.started && *from == o.from:
		return nil
	case from != nil:
		return []Event{NoticesStarted{From: *from, At: now}}
	}
	return []Event{NoticesStarted{From: head, At: now}}
}

// From is the position after which events are told of.
func (o *Office) From() uint64 { return o.from }

// Evolve folds an event into the office.
func (o *Office) Evolve(e Event) {
	if e, ok := e.(NoticesStarted); ok {
		o.started, o.from = true, e.From
	}
}
