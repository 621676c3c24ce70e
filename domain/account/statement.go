package account

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// MovementType sorts what changes the balance between us and the center.
type MovementType string

const (
	ChargeMovement      MovementType = "CHARGE"       // 服务收费
	CreditMovement      MovementType = "CREDIT"       // 红冲: a credit note
	ReceiptMovement     MovementType = "RECEIPT"      // 回款
	ReversalMovement    MovementType = "REVERSAL"     // 退款、退票: a refund or a bounced payment
	TransferInMovement  MovementType = "TRANSFER_IN"  // 转入
	TransferOutMovement MovementType = "TRANSFER_OUT" // 转出
)

// Movement is one line of a statement: something that changed the balance.
// Write-offs are none, since the center still owes what we wrote off.
type Movement struct {
	Type     MovementType     `json:"type"`
	Document string           `json:"document"`         // number of the charge, the note, the payment
	Charge   domain.ChargeID  `json:"charge,omitempty"` // the charge concerned
	Project  domain.ProjectID `json:"project,omitempty"`
	Room     string           `json:"room,omitempty"`
	Text     string           `json:"text,omitempty"` // service, reason or payer
	On       calendar.Date    `json:"on"`
	Amount   money.Amount     `json:"amount"` // positive: the center owes more
	Tax      money.Amount     `json:"tax"`    // within it, of charges, credits and transfers
	Posted   calendar.Quarter `json:"posted"`
}

// Origin returns the quarter a late item belongs to by its date; ok is false
// for an item of the quarter it was posted to.
func (m Movement) Origin() (q calendar.Quarter, ok bool) {
	return m.On.Quarter(), m.On.Quarter() != m.Posted
}

// Totals sum a statement's movements up. All are positive: opening + charges +
// late + transfers in − credits − receipts + reversals − transfers out =
// closing.
type Totals struct {
	Charges      money.Amount `json:"charges"` // of the quarter itself
	Late         money.Amount `json:"late"`    // charges of earlier quarters
	TransfersIn  money.Amount `json:"transfersIn"`
	TransfersOut money.Amount `json:"transfersOut"`
	Credits      money.Amount `json:"credits"`
	Receipts     money.Amount `json:"receipts"`
	Reversals    money.Amount `json:"reversals"`
	// of charges, late charges and transfers in, less credits and transfers out: the sum of the lines'
	Tax money.Amount `json:"tax"`
}

// Charged is what the center was charged in the quarter, tax included: charges,
// late charges and transfers in, less credits and transfers out.
func (t Totals) Charged() money.Amount {
	return t.Charges.Add(t.Late).Add(t.TransfersIn).Sub(t.TransfersOut).Sub(t.Credits)
}

// NetOfTax is what was charged without its tax.
func (t Totals) NetOfTax() money.Amount { return t.Charged().Sub(t.Tax) }

func (t *Totals) add(m Movement) {
	t.Tax = t.Tax.Add(m.Tax)
	switch m.Type {
	case ChargeMovement:
		if _, late := m.Origin(); late {
			t.Late = t.Late.Add(m.Amount)
		} else {
			t.Charges = t.Charges.Add(m.Amount)
		}
	case CreditMovement:
		t.Credits = t.Credits.Sub(m.Amount)
	case ReceiptMovement:
		t.Receipts = t.Receipts.Sub(m.Amount)
	case ReversalMovement:
		t.Reversals = t.Reversals.Add(m.Amount)
	case TransferInMovement:
		t.TransfersIn = t.TransfersIn.Add(m.Amount)
	case TransferOutMovement:
		t.TransfersOut = t.TransfersOut.Sub(m.Amount)
	}
}

// Net is what the movements change the balance by.
func (t Totals) Net() money.Amount {
	return t.Charges.Add(t.Late).Add(t.TransfersIn).Add(t.Reversals).Sub(t.TransfersOut).Sub(t.Credits).Sub(t.Receipts)
}

// Awaited is a charge that waits for the center's word.
type Awaited struct {
	Charge   domain.ChargeID  `json:"charge"`
	Project  domain.ProjectID `json:"project"`
	Origin   calendar.Quarter `json:"origin"` // accounting quarter
	Open     money.Amount     `json:"open"`   // what the center owes of it, written off by us or not
	Disputed bool             `json:"disputed,omitempty"`
}

// Statement is what a center is asked to confirm for a quarter (对账单).
type Statement struct {
	Statement string           `json:"statement"` // number, such as C01-2026Q2
	Center    domain.CenterID  `json:"center"`
	Name      string           `json:"name"`
	Quarter   calendar.Quarter `json:"quarter"`
	Version   int              `json:"version"` // from 1
	Opening   money.Amount     `json:"opening"`
	Lines     []Movement       `json:"lines"` // by date, then as recorded
	Totals    Totals           `json:"totals"`
	Closing   money.Amount     `json:"closing"`
	// Awaiting are the charges that the center is asked to confirm or dispute:
	// the quarter's, and earlier ones that are still unconfirmed.
	Awaiting []Awaited `json:"awaiting"`
}

// Empty reports whether there is nothing to confirm: nothing owed, nothing
// moved.
func (s Statement) Empty() bool {
	return s.Opening.IsZero() && len(s.Lines) == 0 && len(s.Awaiting) == 0
}

// Hash is the SHA-256, in hexadecimal, of the statement's JSON.
func (s Statement) Hash() string { return hashOf(s.encode()) }

func (s Statement) encode() []byte {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // amounts, dates and text always encode
	}
	return data
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// StatementIssued freezes a version of a quarter's statement at the log
// position of this event.
type StatementIssued struct {
	Statement
	ContentHash string        `json:"contentHash"` // see Statement.Hash
	IssuedOn    calendar.Date `json:"issuedOn"`
	ReplyBy     calendar.Date `json:"replyBy"`
	By          string        `json:"by"`
	Abridged    *Abridged     `json:"abridged,omitempty"`
}

// Abridged says that a statement is too long for one event, so that its lines
// are left out of it. They are those that the account's events before this one
// give for the quarter; the content hash, over the whole, vouches for them.
type Abridged struct {
	Lines    int `json:"lines"`
	Awaiting int `json:"awaiting"`
	// Owed says that the charges that await the center's word stand with all that
	// it owes of them. Earlier statements left out what was written off.
	Owed bool `json:"owed,omitempty"`
}

// Asked is how many charges the center is asked to confirm or dispute.
func (e StatementIssued) Asked() int {
	if e.Abridged != nil {
		return e.Abridged.Awaiting
	}
	return len(e.Awaiting)
}

// abridge leaves the lines out where they do not fit, length being that of the
// statement's JSON.
func (e *StatementIssued) abridge(length int) {
	if length <= maxFrozenBytes {
		return
	}
	e.Abridged = &Abridged{Lines: len(e.Lines), Awaiting: len(e.Awaiting), Owed: true}
	e.Lines, e.Awaiting = []Movement{}, []Awaited{}
}

// whole returns the event with the lines that were left out of it, from the
// account as it was before it.
func (a *Account) whole(e StatementIssued) StatementIssued {
	if e.Abridged == nil {
		return e
	}
	if s, err := a.draft(e.Center, e.Quarter, e.Abridged.Owed); err == nil {
		e.Lines, e.Awaiting = s.Lines, s.Awaiting
	}
	return e
}

// StatementSuperseded ends a version that was not confirmed: something was
// recorded that changes its figures. It stays readable.
type StatementSuperseded struct {
	Statement string           `json:"statement"`
	Center    domain.CenterID  `json:"center"`
	Quarter   calendar.Quarter `json:"quarter"`
	Version   int              `json:"version"`
	Cause     string           `json:"cause"` // number of the document
}

// StatementConfirmed is the center's word on a version: every charge on it is
// confirmed but those it disputes. It closes the quarter for the center.
type StatementConfirmed struct {
	Statement   string           `json:"statement"`
	Center      domain.CenterID  `json:"center"`
	Quarter     calendar.Quarter `json:"quarter"`
	Version     int              `json:"version"`
	ContentHash string           `json:"contentHash"`
	Closing     money.Amount     `json:"closing"`
	Confirmed   []ConfirmedLine  `json:"confirmed"`
	Disputed    []ConfirmedLine  `json:"disputed,omitempty"` // partly confirmed, where there are some
	// how the answer makes the closing balance up; early answers do not say
	Answered *Answered     `json:"answered,omitempty"`
	On       calendar.Date `json:"on"`
	By       string        `json:"by"` // who answered; on paper the name of who signed
	Reply
}

// ConfirmedLine is one charge with what was open of it at that moment.
type ConfirmedLine struct {
	Charge domain.ChargeID `json:"charge"`
	Open   money.Amount    `json:"open"`
}

// StatementReopened takes a confirmation back. The quarter is open again, and
// what it confirmed is unconfirmed.
type StatementReopened struct {
	Statement string           `json:"statement"`
	Center    domain.CenterID  `json:"center"`
	Quarter   calendar.Quarter `json:"quarter"`
	Version   int              `json:"version"`
	Lines     []ConfirmedLine  `json:"lines"` // what is unconfirmed again
	Reason    string           `json:"reason"`
	On        calendar.Date    `json:"on"`
	By        string           `json:"by"`
}

// StatementReported is the regional admin's summary to finance (§5.3.4), as
// accounts receivable: what was confirmed and what was not, what is disputed,
// and what has become of it since the answer.
type StatementReported struct {
	Statement string           `json:"statement"`
	Center    domain.CenterID  `json:"center"`
	Quarter   calendar.Quarter `json:"quarter"`
	Version   int              `json:"version"`
	Closing   money.Amount     `json:"closing"`
	Summary   *Summary         `json:"summary,omitempty"` // early reports have the closing balance only
	On        calendar.Date    `json:"on"`
	By        string           `json:"by"`
}

func (StatementIssued) EventType() string     { return "StatementIssued" }
func (StatementSuperseded) EventType() string { return "StatementSuperseded" }
func (StatementConfirmed) EventType() string  { return "StatementConfirmed" }
func (StatementReopened) EventType() string   { return "StatementReopened" }
func (StatementReported) EventType() string   { return "StatementReported" }

func (e StatementIssued) center() domain.CenterID     { return e.Center }
func (e StatementSuperseded) center() domain.CenterID { return e.Center }
func (e StatementConfirmed) center() domain.CenterID  { return e.Center }
func (e StatementReopened) center() domain.CenterID   { return e.Center }
func (e StatementReported) center() domain.CenterID   { return e.Center }

func (e StatementIssued) businessDate() calendar.Date    { return e.IssuedOn }
func (StatementSuperseded) businessDate() calendar.Date  { return 0 }
func (e StatementConfirmed) businessDate() calendar.Date { return e.On }
func (e StatementReopened) businessDate() calendar.Date  { return e.On }
func (e StatementReported) businessDate() calendar.Date  { return e.On }

func (StatementIssued) RestsOn() domain.Ground     { return domain.Clause("5.3.4") }
func (StatementSuperseded) RestsOn() domain.Ground { return domain.Clause("5.3.4") }
func (StatementConfirmed) RestsOn() domain.Ground  { return domain.Clause("5.3.4") }
func (StatementReopened) RestsOn() domain.Ground   { return domain.Clause("5.3.4") }
func (StatementReported) RestsOn() domain.Ground   { return domain.Clause("5.3.4") }

func (e StatementIssued) concerns(t *trail) bool     { return t.shown(e.Statement.Statement, e.Version) }
func (e StatementSuperseded) concerns(t *trail) bool { return t.shown(e.Statement, e.Version) }
func (e StatementConfirmed) concerns(t *trail) bool  { return t.shown(e.Statement, e.Version) }
func (e StatementReopened) concerns(t *trail) bool   { return t.shown(e.Statement, e.Version) }
func (e StatementReported) concerns(t *trail) bool   { return t.shown(e.Statement, e.Version) }

// statement is the present version of a quarter's statement.
type statement struct {
	number       string
	version      int
	hash         string
	closing      money.Amount
	superseded   bool
	confirmed    bool
	reported     bool
	closedBefore calendar.Quarter // what was closed when it was confirmed
	issued       *StatementVersion
	remindedOn   calendar.Date // of the answer it awaits
}

// awaitsReply reports whether the center can still confirm the version.
func (s *statement) awaitsReply() bool { return !s.superseded && !s.confirmed }

// line is an event that is a line of a statement: it says which, beside its struct.
type line interface{ movement() Movement }

// MovementOf returns what an event changes the balance by; ok is false for an
// event that does not.
func MovementOf(e Event) (m Movement, ok bool) {
	if l, yes := e.(line); yes {
		return l.movement(), true
	}
	return Movement{}, false
}

// superseding ends the versions of statements whose figures the events change.
func (a *Account) superseding(events []Event) []Event {
	if len(a.statements) == 0 {
		return events
	}
	var first Movement
	for _, e := range events {
		if m, ok := MovementOf(e); ok && (first.Posted.IsZero() || m.Posted < first.Posted) {
			first = m
		}
	}
	if first.Posted.IsZero() {
		return events
	}
	for _, q := range a.statementQuarters() {
		if s := a.statements[q]; q >= first.Posted && s.awaitsReply() {
			events = append(events, StatementSuperseded{
				Statement: s.number, Center: a.opened.Center, Quarter: q, Version: s.version, Cause: first.Document,
			})
		}
	}
	return events
}

// statementQuarters lists the quarters with statements, in order.
func (a *Account) statementQuarters() []calendar.Quarter {
	quarters := make([]calendar.Quarter, 0, len(a.statements))
	for q := range a.statements {
		quarters = append(quarters, q)
	}
	slices.Sort(quarters)
	return quarters
}

// DraftStatement computes the statement of a quarter as it would be issued
// now. Its version is the next one.
func (a *Account) DraftStatement(center domain.CenterID, q calendar.Quarter) (Statement, error) {
	return a.draft(center, q, true)
}

// draft computes a statement; what was written off and is owed all the same is
// among what the center is asked to confirm, or left out, see Abridged.
func (a *Account) draft(center domain.CenterID, q calendar.Quarter, owed bool) (Statement, error) {
	if err := a.MustExist(center); err != nil {
		return Statement{}, err
	}
	s := Statement{
		Statement: string(center) + "-" + q.String(), Center: center, Name: a.opened.Name, Quarter: q, Version: 1,
		Lines: []Movement{}, Awaiting: []Awaited{},
	}
	if was := a.statements[q]; was != nil {
		s.Version = was.version + 1
	}
	for _, m := range a.movements {
		switch {
		case m.Posted < q:
			s.Opening = s.Opening.Add(m.Amount)
		case m.Posted == q:
			s.Lines = append(s.Lines, m)
			s.Totals.add(m)
		}
	}
	slices.SortStableFunc(s.Lines, func(x, y Movement) int { return cmp.Compare(x.On, y.On) })
	s.Closing = s.Opening.Add(s.Totals.Net())
	for _, c := range a.byNumber {
		if c.posted <= q && c.stage == Unconfirmed {
			awaited := Awaited{c.id, c.project, c.posted, c.open, c.disputed()}
			if owed {
				awaited.Open = c.owed()
			}
			s.Awaiting = append(s.Awaiting, awaited)
		}
	}
	return s, nil
}

// maxStatementLines bounds a statement: the center's answer names every charge
// that awaits it, and must fit one event.
const maxStatementLines = 10_000

// maxFrozenBytes is how long a statement's JSON may be to stand in its event as
// a whole. About 1,800 lines do.
const maxFrozenBytes = 512 << 10

// maxDisputesAtOnce bounds an answer, each of whose disputes is an event. More
// are raised one by one before it.
const maxDisputesAtOnce = 300

// IssueStatement is the command that freezes a quarter's statement and puts it
// to the center.
type IssueStatement struct {
	Center  domain.CenterID  `json:"center,omitzero"`
	Quarter calendar.Quarter `json:"quarter,omitzero"`
	By      string           `json:"by,omitzero"`
}

// IssueStatement freezes the next version of a quarter's statement. It is
// refused before the quarter is over, once it is closed, and while the present
// version stands.
func (a *Account) IssueStatement(c IssueStatement, rules policy.Policy, today calendar.Date) ([]Event, error) {
	s, err := a.DraftStatement(c.Center, c.Quarter)
	if err != nil {
		return nil, err
	}
	value := c.Quarter.String()
	switch was := a.statements[c.Quarter]; {
	case c.Quarter.IsZero():
		return nil, domain.Invalid("quarter", "", "quarter-required", "must be given", "5.3.4")
	case !c.Quarter.Last().Before(today):
		return nil, domain.Conflict("quarter", value, "quarter-not-over", "ends on %s; until then its draft can be read",
			"5.3.4", c.Quarter.Last())
	case c.Quarter <= a.closedThrough:
		return nil, domain.Conflict("quarter", value, "quarter-closed",
			"is closed: center %s has confirmed everything through %s", "5.3.4", c.Center, a.closedThrough)
	case was != nil && was.awaitsReply():
		return nil, domain.Conflict("quarter", value, "statement-current",
			"has version %d, closing at %s yuan, and nothing was recorded since that changes it", "5.3.4", was.version,
			was.closing)
	case len(s.Lines) > maxStatementLines || len(s.Awaiting) > maxStatementLines:
		return nil, domain.Invalid("quarter", value, "statement-too-long",
			"has %d lines and %d charges awaiting confirmation; a statement holds at most %d of each", "5.3.4", len(s.Lines),
			len(s.Awaiting), maxStatementLines)
	}
	content := s.encode()
	e := StatementIssued{
		Statement: s, ContentHash: hashOf(content), IssuedOn: today, ReplyBy: today.AddDays(rules.ReplyWithinDays), By: c.By,
	}
	e.abridge(len(content))
	return []Event{e}, nil
}

// ConfirmStatement is the center's command: it confirms a version but for the
// lines it disputes.
type ConfirmStatement struct {
	Center   domain.CenterID  `json:"center,omitzero"`
	Quarter  calendar.Quarter `json:"quarter,omitzero"`
	Version  int              `json:"version,omitzero"`
	Disputes []Dispute        `json:"disputes,omitempty"`
	By       string           `json:"by,omitzero"`
	// Way is how it came; no part of its content: a repeat is one however it comes.
	Way Way `json:"-"`
}

// Dispute is a center's objection to one charge.
type Dispute struct {
	Charge domain.ChargeID     `json:"charge,omitzero"`
	Reason string              `json:"reason,omitzero"`
	Papers []attachment.Digest `json:"papers,omitempty"` // that bear it out

	Refs []attachment.Ref `json:"-"` // looked up of Papers
}

// ConfirmStatement records the center's word on a version: all charges but the
// disputed ones are confirmed receivables from now on, and the quarter is
// closed. A superseded version cannot be confirmed, nor a quarter before the
// ones that precede it.
func (a *Account) ConfirmStatement(c ConfirmStatement, today calendar.Date) ([]Event, error) {
	s, err := a.mustAwaitReply(c.Center, c.Quarter, c.Version)
	if err != nil {
		return nil, err
	}
	return a.confirm(s, c, Reply{Way: c.Way}, today)
}

// confirm records an answer that came somehow to a version that awaits one.
func (a *Account) confirm(s *statement, c ConfirmStatement, came Reply, today calendar.Date) ([]Event, error) {
	if err := s.answeredByAnother(c.Center, c.By, today); err != nil {
		return nil, err
	}
	if q, ok := a.firstMovementAfter(a.closedThrough); ok && q < c.Quarter {
		if earlier, issued := a.statements[q]; !issued || earlier.superseded {
			return nil, domain.Conflict("quarter", c.Quarter.String(), "earlier-quarter-not-issued",
				"cannot be confirmed before %s, of which no statement was issued yet", "5.3.4", q)
		}
		return nil, domain.Conflict("quarter", c.Quarter.String(), "earlier-quarter-open",
			"cannot be confirmed before %s, which is not confirmed yet", "5.3.4", q)
	}
	if n := len(c.Disputes); n > maxDisputesAtOnce {
		return nil, domain.Invalid("disputes", "", "too-many-disputes",
			"has %d objections; must be at most %d with one answer, raise the others before it, one by one", "5.3.4",
			n, maxDisputesAtOnce)
	}
	events := make([]Event, 0, len(c.Disputes)+1)
	disputed := make(map[domain.ChargeID]bool, len(c.Disputes))
	for i, d := range c.Disputes {
		e, err := a.dispute(fmt.Sprintf("disputes[%d].", i), s, c.Quarter, d, c.By, came, today)
		if err != nil {
			return nil, err
		}
		if disputed[d.Charge] {
			return nil, domain.Invalid(fmt.Sprintf("disputes[%d].charge", i), string(d.Charge), "charge-twice",
				"is listed twice", "5.3.4")
		}
		disputed[d.Charge] = true
		events = append(events, e)
	}
	confirmed := StatementConfirmed{
		Statement: s.number, Center: c.Center, Quarter: c.Quarter, Version: c.Version, ContentHash: s.hash,
		Closing:   s.closing,
		Confirmed: []ConfirmedLine{}, On: today, By: c.By, Reply: came,
	}
	for _, ch := range a.byNumber {
		switch line := (ConfirmedLine{ch.id, ch.open}); {
		case ch.posted > c.Quarter || ch.stage == Confirmed:
		case ch.disputed() || disputed[ch.id]:
			confirmed.Disputed = append(confirmed.Disputed, line)
		default:
			confirmed.Confirmed = append(confirmed.Confirmed, line)
		}
	}
	answered := a.answer(s, confirmed).answered()
	confirmed.Answered = &answered
	return append(events, confirmed), nil
}

// mustAwaitReply returns the version of a statement that the center may answer.
func (a *Account) mustAwaitReply(center domain.CenterID, q calendar.Quarter, version int) (*statement, error) {
	if err := a.MustExist(center); err != nil {
		return nil, err
	}
	s, ok := a.statements[q]
	value := fmt.Sprint(version)
	switch {
	case !ok:
		return nil, domain.NotFound("quarter", q.String(), "unknown-statement", "has no statement of center %s yet", center).
			Among(a.quartersStated())
	case version < 1 || version > s.version:
		return nil, domain.NotFound("version", value, "unknown-statement",
			"is not a version of the statement of center %s for %s; the present one is %d", center, q, s.version)
	case version < s.version || s.superseded:
		return nil, domain.Conflict("version", value, "superseded-version",
			"of the statement of center %s for %s was superseded, because something was recorded in the quarter; %s", "5.3.4",
			center, q, s.presently())
	case !s.confirmed && q <= a.closedThrough:
		return nil, domain.Conflict("quarter", q.String(), "quarter-closed",
			"is closed: center %s has confirmed everything through %s", "5.3.4", center, a.closedThrough)
	case s.confirmed:
		return nil, domain.Conflict("version", value, "statement-confirmed",
			"of the statement of center %s for %s is confirmed already", "5.3.4", center, q)
	}
	return s, nil
}

func (s *statement) presently() domain.Text {
	if s.superseded {
		return domain.Say("the next one has not been issued yet")
	}
	return domain.Say("version %d closes at %s yuan", s.version, s.closing)
}

// firstMovementAfter returns the first quarter after q that anything was
// posted to.
func (a *Account) firstMovementAfter(q calendar.Quarter) (first calendar.Quarter, ok bool) {
	for _, m := range a.movements {
		if m.Posted > q && (!ok || m.Posted < first) {
			first, ok = m.Posted, true
		}
	}
	return first, ok
}

// ReopenStatement is the department manager's command that takes a
// confirmation back.
type ReopenStatement struct {
	Center  domain.CenterID  `json:"center,omitzero"`
	Quarter calendar.Quarter `json:"quarter,omitzero"`
	Reason  string           `json:"reason,omitzero"`
	By      string           `json:"by,omitzero"`
}

// ReopenStatement opens the last confirmed quarter again. An earlier one stays
// closed while a later one is confirmed.
func (a *Account) ReopenStatement(c ReopenStatement, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(a.MustExist(c.Center), domain.CheckText("reason", c.Reason, true)); err != nil {
		return nil, err
	}
	s, ok := a.statements[c.Quarter]
	if !ok || !s.confirmed {
		return nil, domain.Conflict("quarter", c.Quarter.String(), "not-confirmed",
			"is not confirmed, so there is nothing to reopen", "5.3.4")
	}
	if c.Quarter < a.closedThrough {
		return nil, domain.Conflict("quarter", c.Quarter.String(), "later-quarter-confirmed",
			"cannot be reopened while the later quarter %s is confirmed", "5.3.4", a.closedThrough)
	}
	lines := []ConfirmedLine{}
	for _, ch := range a.byNumber {
		if ch.confirmedIn == c.Quarter {
			lines = append(lines, ConfirmedLine{ch.id, ch.open})
		}
	}
	return []Event{StatementReopened{
		Statement: s.number, Center: c.Center, Quarter: c.Quarter, Version: s.version, Lines: lines, Reason: c.Reason,
		On: today, By: c.By,
	}}, nil
}

// ReportStatement is the regional admin's command that reports a confirmed
// quarter to finance.
type ReportStatement struct {
	Center  domain.CenterID  `json:"center,omitzero"`
	Quarter calendar.Quarter `json:"quarter,omitzero"`
	By      string           `json:"by,omitzero"`
}

// ReportStatement reports a confirmed quarter to finance as accounts
// receivable; again decides nothing.
func (a *Account) ReportStatement(c ReportStatement, today calendar.Date) ([]Event, error) {
	if err := a.MustExist(c.Center); err != nil {
		return nil, err
	}
	s, ok := a.statements[c.Quarter]
	switch {
	case !ok || !s.confirmed:
		return nil, domain.Conflict("quarter", c.Quarter.String(), "not-confirmed", "is not confirmed by center %s", "5.3.4",
			c.Center)
	case s.reported:
		return nil, nil
	}
	summary := a.summary(s, c.Quarter)
	return []Event{StatementReported{
		Statement: s.number, Center: c.Center, Quarter: c.Quarter, Version: s.version, Closing: s.closing, Summary: &summary,
		On: today, By: c.By,
	}}, nil
}

// StandingVersion is the newest version of a quarter's statement that was issued, 0 if
// none was.
func (a *Account) StandingVersion(q calendar.Quarter) int {
	if s := a.statements[q]; s != nil {
		return s.version
	}
	return 0
}

// StatementVersion is one version of a statement, and what became of it.
type StatementVersion struct {
	Version    StatementIssued
	Status     StatementStatus
	AnsweredOn calendar.Date // when the center answered; zero: not yet
	AnsweredBy string        // on paper the name of who signed
	Reply      Reply         // how the answer came
	Answered   Answered
	Asked      Makeup             // of its closing balance, on the day of issue
	Answer     Makeup             // of it, on the day of the answer; zero: there is none
	Disputes   []DisputeCourse    // that stand on it, and their ends
	Reported   *StatementReported // to finance; nil: not yet

	raised   []*DisputeCourse
	departed map[departing]Departure // what left by its lines
}

// StatementStatus says where a version of a statement stands.
type StatementStatus string

const (
	AwaitingReply    StatementStatus = "ISSUED"
	SupersededStatus StatementStatus = "SUPERSEDED"
	ConfirmedStatus  StatementStatus = "CONFIRMED"
	PartlyConfirmed  StatementStatus = "PARTLY_CONFIRMED"
	ReopenedStatus   StatementStatus = "REOPENED"
)

// Statements returns every version issued for a quarter, in order. They must
// not be changed.
func (a *Account) Statements(center domain.CenterID, q calendar.Quarter) ([]StatementVersion, error) {
	if err := a.MustExist(center); err != nil {
		return nil, err
	}
	var issued []StatementVersion
	for _, v := range a.versions {
		if v.Version.Quarter == q {
			copied := *v
			for _, d := range v.raised { // they may end after this
				copied.Disputes = append(copied.Disputes, *d)
			}
			copied.raised, copied.departed = nil, a.departedWith(v.Version.Lines)
			issued = append(issued, copied)
		}
	}
	return issued, nil
}

func (a *Account) issued(e StatementIssued) {
	v := &StatementVersion{Version: a.whole(e), Status: AwaitingReply}
	a.versions = append(a.versions, v)
	a.statements[e.Quarter] = &statement{
		number: e.Statement.Statement, version: e.Version, hash: e.ContentHash, closing: e.Closing, issued: v,
	}
}

func (a *Account) supersede(e StatementSuperseded) {
	s := a.statements[e.Quarter]
	s.superseded, s.issued.Status = true, SupersededStatus
}

func (a *Account) confirmed(e StatementConfirmed) {
	s := a.statements[e.Quarter]
	s.confirmed, s.closedBefore = true, a.closedThrough
	a.closedThrough = e.Quarter
	for _, l := range e.Confirmed {
		c := a.charges[l.Charge]
		c.stage, c.confirmedOn, c.confirmedIn = Confirmed, e.On, e.Quarter
	}
	s.issued.Status, s.issued.AnsweredOn, s.issued.AnsweredBy = ConfirmedStatus, e.On, e.By
	s.issued.Reply = e.Reply
	if len(e.Disputed) > 0 {
		s.issued.Status = PartlyConfirmed
	}
}

func (a *Account) reopened(e StatementReopened) {
	s := a.statements[e.Quarter]
	s.confirmed, s.superseded, s.reported = false, true, false
	s.issued.Status = ReopenedStatus
	a.closedThrough = s.closedBefore
	for _, l := range e.Lines {
		c := a.charges[l.Charge]
		c.reopened = append(slices.Clip(c.reopened), Reopened{c.confirmedOn, e.On})
		c.stage, c.confirmedOn, c.confirmedIn = Unconfirmed, 0, 0
	}
}

// quartersStated are the quarters of which the center has a statement.
func (a *Account) quartersStated() []domain.Existing {
	there := make([]domain.Existing, 0, len(a.statements))
	for q := range a.statements {
		there = append(there, domain.Existing{NamedID: domain.NamedID{ID: q.String()}})
	}
	return there
}
