// Package notice says who is told what, and what became of telling them: every
// mail and every "copy to" of the procedure, as one table from events to
// notices, and the facts of their delivery.
//
// Of is pure: the same event, seen in the same context, gives the same notices
// with the same identities, whenever and however often it is asked. That is
// what lets a sender that crashed begin again without telling anybody twice.
package notice

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"

	"github.com/shopspring/decimal"
)

// ID identifies one notice for ever: it is made of the event that caused it and
// its kind.
type ID string

// Kind names what a notice says, such as STATEMENT_ISSUED.
type Kind string

// Level says how far the holder of a role is responsible: a center's head for a
// center, a city lead for a city.
type Level string

// The levels, the widest first.
const (
	Company Level = "company"
	Region  Level = "region"
	City    Level = "city"
	Center  Level = "center"
	Project Level = "project"
)

// Levels lists the levels, the most specific first: the order in which an
// address is looked for.
func Levels() []Level { return []Level{Project, Center, City, Region, Company} }

// Recipient is a role and how far its holder is responsible.
type Recipient struct {
	Role  domain.Role `json:"role"`
	Scope Level       `json:"scope"`
}

func (r Recipient) String() string { return string(r.Role) + "@" + string(r.Scope) }

// Origin is the event that a notice tells of.
type Origin struct {
	Event    string `json:"event"` // its identity
	Position uint64 `json:"position"`
	Type     string `json:"type"`
}

// Notice is one message that is to be sent.
type Notice struct {
	ID     ID
	Kind   Kind
	Clause string
	Cause  Origin
	To     []Recipient
	Cc     []Recipient
	Place  Place
	Named  string // what the project is called; empty where the matter is of none
	Text
	Footer Words   // below the body: who sends it, and what it goes back to
	sender Words   // in it: who sends it
	Papers []Paper // that go with it
	Asks   *Asking // what is to be answered; nil: nothing
}

// Place is where the matter of a notice belongs, and so whose holders of a
// role are meant. What is not known is empty.
type Place struct {
	Project domain.ProjectID `json:"project,omitempty"`
	Center  domain.CenterID  `json:"center,omitempty"`
	City    string           `json:"city,omitempty"`
	Region  string           `json:"region,omitempty"`
}

// Within returns what a level is called at the place, such as C01 for the
// center; ok is false where the place has no such level.
func (p Place) Within(l Level) (name string, ok bool) {
	switch l {
	case Project:
		name = string(p.Project)
	case Center:
		name = string(p.Center)
	case City:
		name = p.City
	case Region:
		name = p.Region
	case Company:
		return "", true
	}
	return name, name != ""
}

// Of returns the notices that an event causes, in the order of the table.
func Of(e domain.Event, cause Origin, c Context) []Notice {
	var out []Notice
	for _, r := range byEvent[e.EventType()] {
		if _, applies := r.about(e); !applies {
			continue
		}
		c, told := r.seenBy(c)
		if !told {
			continue
		}
		n := Notice{
			ID: r.id(cause), Kind: r.Kind, Clause: r.Clause, Cause: cause, To: slices.Concat(r.To, r.next(e)), Cc: r.Cc,
			Place: c.place(),
		}
		n.Cc = slices.DeleteFunc(slices.Clone(n.Cc), func(cc Recipient) bool { return slices.Contains(n.To, cc) })
		n.Text, n.Papers, n.Asks = r.write(e, c), r.papers(e, c), r.asks(e)
		n.Subject, n.Named = c.whose(n.Subject), c.ProjectName
		n.sender = sender(n, c)
		n.Footer = footer(n)
		out = append(out, n)
	}
	return out
}

// id is made of the cause and the kind alone. Neither recipients nor wording
// enter it: a table that tells more people tomorrow must not make a new notice
// of what was told yesterday.
func (r Rule) id(cause Origin) ID {
	sum := sha256.Sum256([]byte(cause.Event + "\x00" + string(r.Kind)))
	return ID(hex.EncodeToString(sum[:12]))
}

// sender says who sends a notice. Those outside are told by whom they can be called, or that
// this is not configured.
func sender(n Notice, c Context) Words {
	switch l := c.Letterhead; {
	case l.Name != "":
		reach := strings.Join(l.Lines(), "\n") + "\n"
		return Words{reach, reach}
	case n.outside():
		return Words{"（本单位名称、联系方式未配置）\n", "(who we are and how to reach us is not configured)\n"}
	}
	return Words{}
}

// outside reports whether a notice goes to those of a center.
func (n Notice) outside() bool {
	return slices.ContainsFunc(n.To, func(r Recipient) bool { return r.Role.OfCenter() })
}

// footer says who sends a notice and what it goes back to; of a letter about several, all
// that it goes back to.
func footer(first Notice, others ...Notice) Words {
	with := Words{}
	if len(first.Papers) > 0 {
		with = Words{"\n附件为相关单据（PDF）。\n", "\nThe paper is attached as a PDF.\n"}
	}
	var numbers, positions []string
	for _, n := range append([]Notice{first}, others...) {
		numbers, positions = append(numbers, string(n.ID)), append(positions, fmt.Sprint(n.Cause.Position))
	}
	list := func(zh, en string, of []string) Words {
		return Words{zh + "：" + strings.Join(of, "、") + "\n", en + ": " + strings.Join(of, ", ") + "\n"}
	}
	clause, number := clauseName(first.Clause), list("通知编号", "Notice", numbers)
	at := Words{} // in our log, which is nothing to those outside
	if !first.outside() {
		at = list("日志位置", "Log position", positions)
	}
	return Words{
		with.Chinese + "\n--\n" + first.sender.Chinese + "依据条款：" + clause.Chinese + "\n" + number.Chinese + at.Chinese +
			"本邮件由系统自动发出，请勿直接回复。\n",
		with.English + "\n--\n" + first.sender.English + "Clause: " + clause.English + "\n" + number.English + at.English +
			"This message was sent by the ledger; please do not reply to it.\n",
	}
}

// clauseName says a clause: the rules of money have a name and no number.
func clauseName(clause string) Words {
	return Words{strings.ReplaceAll(clause, "Money", "资金规则"), strings.ReplaceAll(clause, "Money", "rules of money")}
}

// Context is what must be known beside an event to tell of it: names, and where
// its matter belongs. It is learnt from the streams that Wants names.
type Context struct {
	On calendar.Date // business date on which the event was recorded

	Center     domain.CenterID
	CenterName string
	Region     string

	Project     domain.ProjectID
	ProjectName string
	City        string

	Ticket     domain.TicketID
	Need       string
	Room       string
	Owner      string
	Phone      string
	NeedDevice string

	Escalation domain.EscalationID
	matter     string // that was escalated
	FaultLine  domain.FaultLineID
	fault      string // that the line records: device, place, symptom

	Return domain.ReturnID
	Device string                                       // of the return, with its serial
	parts  map[domain.PartCode]catalogue.PartCatalogued // to be named, as they are catalogued on the day
	sent   repair.ReturnOpened                          // of the return, for the name of its device
	// Approved is the most that the department manager allowed for the return, in
	// yuan; zero: nothing yet.
	Approved money.Amount
	estimate repair.Cost // of the return, as it was last put forward
	shipped  bool        // its device

	Requisition domain.RequisitionID

	Letterhead letterhead.Letterhead // who we are on that day
	// Called is what the person with a login was called on that day, empty where that is
	// not known; nil: nobody's name is.
	Called func(login string) string

	charges map[domain.ChargeID]bool // to be learnt
	charged map[domain.ChargeID]charged

	cameFrom account.ChargePlace // of a charge, followed back towards the center as far as it is known

	Disputed domain.ChargeID     // of the center, whose dispute ended
	raiser   raiser              // of it, where that is another center
	endedAt  account.ChargePlace // of the charge, for its raiser

	WriteOff domain.WriteOffID         // that was decided on
	writeOff account.WriteOffRequested // what was asked for

	CreditNote domain.CreditNoteID // of a charge, that was issued
	freed      money.Amount        // by it: what money had settled of what it credits

	Bounced  domain.PaymentID        // that the bank took back
	Refunded domain.PaymentID        // of which money went back
	received account.PaymentReceived // it, as it came in
	account  account.Account         // of the center that money went back to, with all that happened in it
	reopened []account.Allocation    // by it: charges, with what of them is open again

	Filing  string // stream of the forms that the event belongs to
	reports []filing.ReportFiled

	asked       map[string]bool          // streams wanted before
	assignments []project.CenterAssigned // of the project, as they were recorded
	centerFrom  calendar.Date            // since when the project's center answers for it; zero: the event names it
	centerDay   calendar.Date            // on which it is asked who does; zero: on On
}

// About begins the context of an event with what it says itself. ok is false
// for an event that nobody is told of.
func About(e domain.Event, on calendar.Date) (c Context, ok bool) {
	c = Context{On: on, asked: make(map[string]bool)}
	for _, r := range byEvent[e.EventType()] {
		refs, applies := r.about(e)
		if !applies {
			continue
		}
		ok = true
		c.adopt(refs)
	}
	return c, ok
}

func (c *Context) adopt(r Refs) {
	fill(&c.Center, r.Center)
	fill(&c.Project, r.Project)
	fill(&c.Ticket, r.Ticket)
	fill(&c.Return, r.Return)
	fill(&c.Requisition, r.Requisition)
	fill(&c.Region, r.Region)
	fill(&c.Filing, r.Filing)
	fill(&c.WriteOff, r.WriteOff)
	fill(&c.CreditNote, r.CreditNote)
	fill(&c.Bounced, r.Bounced)
	fill(&c.Refunded, r.Refunded)
	fill(&c.Escalation, r.Escalation)
	fill(&c.FaultLine, r.FaultLine)
	fill(&c.Disputed, r.Disputed)
	for _, part := range r.Parts {
		c.wantPart(part)
	}
	c.cameFrom = cmp.Or(c.cameFrom, r.CameFrom)
	if c.charged == nil && (len(r.Charges) > 0 || r.CameFrom.Charge != "" || r.Bounced != "" || r.WriteOff != "") {
		c.charges, c.charged = make(map[domain.ChargeID]bool), make(map[domain.ChargeID]charged)
	}
	for _, id := range r.Charges {
		c.charges[id] = true
	}
	if r.CameFrom.Charge != "" && r.CameFrom.Center == c.Center {
		c.charges[r.CameFrom.Charge] = true
	}
}

// fill sets what is not known yet.
func fill[T ~string](to *T, from T) {
	if *to == "" {
		*to = from
	}
}

func (c *Context) wantPart(part domain.PartCode) {
	if part == "" {
		return
	}
	if c.parts == nil {
		c.parts = make(map[domain.PartCode]catalogue.PartCatalogued)
	}
	if _, wanted := c.parts[part]; !wanted {
		c.parts[part] = catalogue.PartCatalogued{}
	}
}

// part is a part with its name, where the catalogue has one.
func (c Context) part(code domain.PartCode) string {
	name := c.parts[code].Name
	if strings.Contains(name, string(code)) {
		return name
	}
	return join(string(code), name)
}

// titled is a number with a name, once where the name has the number in it. A label of a
// line begins with the number: one that begins in Chinese is taken for two languages.
func titled(number, name string) string {
	if number != "" {
		name = strings.TrimSpace(strings.Replace(name, number, "", 1))
	}
	return join(number, name)
}

// units are how many there are of a part, in its unit where the catalogue has one.
func (c Context) units(code domain.PartCode, quantity decimal.Decimal) string {
	if unit := c.parts[code].Unit; unit != "" {
		return quantity.String() + " " + unit
	}
	return "×" + quantity.String()
}

func (c Context) place() Place {
	return Place{Project: c.Project, Center: c.Center, City: c.City, Region: c.Region}
}

// Refs is what an event names of its matter.
type Refs struct {
	Center  domain.CenterID
	Project domain.ProjectID
	Ticket  domain.TicketID
	Return  domain.ReturnID
	// Requisition of material.
	Requisition domain.RequisitionID
	Region      string
	Filing      string              // stream of the month's forms
	Charges     []domain.ChargeID   // of the center, that are to be described
	WriteOff    domain.WriteOffID   // of the center, whose request is to be described
	CreditNote  domain.CreditNoteID // of the charge, whose money is to be followed
	Bounced     domain.PaymentID    // of the center, whose payer and charges are to be named
	Refunded    domain.PaymentID    // of the center, whose payer and day are to be named
	// Escalation and FaultLine of the ticket, that are to be described.
	Escalation domain.EscalationID
	FaultLine  domain.FaultLineID
	Parts      []domain.PartCode // that are to be named
	Disputed   domain.ChargeID   // of the center, whose raiser is to be found
	// CameFrom is where a charge was last, to be followed back to the center.
	CameFrom account.ChargePlace
}

// charged is what a letter says of a charge.
type charged struct {
	on            calendar.Date
	project       domain.ProjectID
	room, service string
	amount        money.Amount
}

// String says when and where the work was done, and what it was; empty of a charge that
// is not known.
func (c charged) String() string {
	on := ""
	if !c.on.IsZero() {
		on = c.on.String()
	}
	return join(on, string(c.project), oneLine(c.room), oneLine(c.service))
}
