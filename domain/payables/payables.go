// Package payables asks finance to pay the makers: one payment request
// (付款申请单) a month and region, with the papers of every repair in it (§5.2.2).
package payables

import (
	"errors"
	"fmt"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
)

// Stream names the stream of one region's payment request of a month.
func Stream(region string, m calendar.Month) string {
	return fmt.Sprintf("payables-%s-%s", region, m)
}

// Event is a fact about one region's month.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	payablesEvent()
}

// Line is one repair to be paid, with its three papers.
type Line struct {
	Return   domain.ReturnID  `json:"return"`
	Project  domain.ProjectID `json:"project"`
	Supplier string           `json:"supplier"`
	Amount   money.Amount     `json:"amount"`
	Letter   attachment.Ref   `json:"letter"`   // 维修设备收费确认函, confirmed by us
	Sheet    attachment.Ref   `json:"sheet"`    // 售后服务处理流程表 F2
	Approval attachment.Ref   `json:"approval"` // 邮件批复页
}

// PaymentRequested is a region's batch of a month.
type PaymentRequested struct {
	Request     domain.PaymentRequestID `json:"request"`
	Region      string                  `json:"region"`
	Month       calendar.Month          `json:"month"`
	Lines       []Line                  `json:"lines"`
	Total       money.Amount            `json:"total"`
	RequestedOn calendar.Date           `json:"requestedOn"`
	By          string                  `json:"by"`
}

// PaymentRequestReturned sends a batch back to the region; its repairs are
// payable again.
type PaymentRequestReturned struct {
	Request domain.PaymentRequestID `json:"request"`
	Region  string                  `json:"region"`
	Month   calendar.Month          `json:"month"`
	Returns []domain.ReturnID       `json:"returns"`
	Reason  string                  `json:"reason"`
	On      calendar.Date           `json:"on"`
	By      string                  `json:"by"`
}

// PaymentRequestAbandoned says that a batch that had begun to take repairs never
// came about, and never will: who asked for it broke off. Its repairs are payable
// again.
type PaymentRequestAbandoned struct {
	Request domain.PaymentRequestID `json:"request"`
	Region  string                  `json:"region"`
	Month   calendar.Month          `json:"month"`
	On      calendar.Date           `json:"on"`
	By      string                  `json:"by"` // who found it
}

// SupplierPaid is money paid to one supplier for its repairs of a batch.
type SupplierPaid struct {
	Request       domain.PaymentRequestID `json:"request"`
	Region        string                  `json:"region"`
	Month         calendar.Month          `json:"month"`
	Supplier      string                  `json:"supplier"`
	Returns       []domain.ReturnID       `json:"returns"`
	Amount        money.Amount            `json:"amount"`
	BankReference string                  `json:"bankReference"`
	PaidOn        calendar.Date           `json:"paidOn"`
	By            string                  `json:"by"`
}

func (PaymentRequested) EventType() string        { return "PaymentRequested" }
func (PaymentRequestReturned) EventType() string  { return "PaymentRequestReturned" }
func (PaymentRequestAbandoned) EventType() string { return "PaymentRequestAbandoned" }
func (SupplierPaid) EventType() string            { return "SupplierPaid" }

func (PaymentRequested) RestsOn() domain.Ground        { return domain.Clause("5.2.2") }
func (PaymentRequestReturned) RestsOn() domain.Ground  { return domain.Clause("5.2.2") }
func (PaymentRequestAbandoned) RestsOn() domain.Ground { return domain.Clause("5.2.2") }
func (SupplierPaid) RestsOn() domain.Ground            { return domain.Clause("5.2.2") }

func (PaymentRequested) payablesEvent()        {}
func (PaymentRequestReturned) payablesEvent()  {}
func (PaymentRequestAbandoned) payablesEvent() {}
func (SupplierPaid) payablesEvent()            {}

// RegionMonth is the state of one region's month.
type RegionMonth struct {
	open *PaymentRequested // requested and not returned
	paid map[string]bool   // suppliers

	requested map[domain.PaymentRequestID]bool // ever
	abandoned map[domain.PaymentRequestID]bool
}

// Papers are the attachments of a repair, as a request names them.
type Papers struct {
	Letter   attachment.Digest `json:"letter,omitzero"`
	Sheet    attachment.Digest `json:"sheet,omitzero"`
	Approval attachment.Digest `json:"approval,omitzero"`
}

// Check refuses a line that lacks a paper, and says which.
func (p Papers) Check(field string, id domain.ReturnID) error {
	missing := func(name string, what domain.Sentence) error {
		return domain.Invalid(field+"."+name, "", "attachment-missing",
			"must be attached for %s: %s", "5.2.2", id, what)
	}
	switch {
	case p.Letter == "":
		return missing("letter", "the supplier's charge confirmation letter (维修设备收费确认函)")
	case p.Sheet == "":
		return missing("sheet", "the process sheet F2 (售后服务处理流程表)")
	case p.Approval == "":
		return missing("approval", "the approval e-mail page (邮件批复页)")
	case p.Letter == p.Sheet || p.Letter == p.Approval || p.Sheet == p.Approval:
		return domain.Invalid(field+".return", string(id), "attachment-twice",
			"names one paper as two of its three; each is a paper of its own", "5.2.2")
	}
	return nil
}

// Request is the command that asks for payment.
type Request struct {
	Request domain.PaymentRequestID
	Region  string
	Month   calendar.Month
	Lines   []Line
	By      string
}

// maxLines keeps a batch with its papers within one append.
const maxLines = 200

// Request asks finance to pay a month's repairs: one batch, unless the last
// was returned.
func (m *RegionMonth) Request(c Request, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(domain.CheckID("region", c.Region), domain.CheckID("request", c.Request)); err != nil {
		return nil, err
	}
	switch {
	case c.Month > today.Month():
		return nil, domain.Invalid("month", c.Month.String(), "in-the-future", "must not lie after the present month, %s",
			"5.2.2", today.Month())
	case m.open != nil:
		return nil, domain.Conflict("month", c.Month.String(), "batch-exists",
			"has the payment request %s of %s already, and there is one batch a month", "5.2.2", m.open.Request, c.Region)
	case m.abandoned[c.Request]:
		return nil, domain.Conflict("month", c.Month.String(), "payment-released",
			"broke off before, and its repairs were given back; send it under a new key", "5.2.2")
	}
	if err := domain.CheckEntries("lines", "bad-lines", len(c.Lines), maxLines, "5.2.2"); err != nil {
		return nil, err
	}
	e := PaymentRequested{
		Request: c.Request, Region: c.Region, Month: c.Month, Lines: c.Lines, RequestedOn: today, By: c.By,
	}
	seen := make(map[domain.ReturnID]bool, len(c.Lines))
	var faults []error
	for i, l := range c.Lines {
		field := fmt.Sprintf("lines[%d]", i)
		papers := Papers{l.Letter.SHA256, l.Sheet.SHA256, l.Approval.SHA256}
		err := domain.FirstError(l.Amount.CheckPositive(field+".amount"), papers.Check(field, l.Return))
		if err == nil && seen[l.Return] {
			err = domain.Invalid(field+".return", string(l.Return), "return-twice",
				"is listed on two lines; put it on one", "5.2.2")
		}
		if seen[l.Return] = true; err != nil {
			faults = append(faults, err)
			continue
		}
		e.Total = e.Total.Add(l.Amount)
		if money.Max.Less(e.Total) {
			return nil, domain.Invalid(field+".amount", l.Amount.String(), "total-too-large", "brings the total above %s yuan",
				"5.2.2", money.Max)
		}
	}
	if faults != nil {
		return nil, errors.Join(faults...)
	}
	return []Event{e}, nil
}

// Return is the command that sends a batch back.
type Return struct {
	Region string         `json:"region,omitzero"`
	Month  calendar.Month `json:"month,omitzero"`
	Reason string         `json:"reason,omitzero"`
	By     string         `json:"by,omitzero"`
}

// Return sends a batch back of which nothing was paid.
func (m *RegionMonth) Return(c Return, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(m.mustBeOpen(c.Month), domain.CheckText("reason", c.Reason, true)); err != nil {
		return nil, err
	}
	if len(m.paid) > 0 {
		return nil, domain.Conflict("month", c.Month.String(), "partly-paid",
			"has a payment request of which suppliers were paid; it cannot be returned", "5.2.2")
	}
	e := PaymentRequestReturned{
		Request: m.open.Request, Region: c.Region, Month: c.Month, Reason: c.Reason, On: today, By: c.By,
	}
	for _, l := range m.open.Lines {
		e.Returns = append(e.Returns, l.Return)
	}
	return []Event{e}, nil
}

// Abandon is the command that gives up a batch that never came about.
type Abandon struct {
	Request domain.PaymentRequestID `json:"request,omitzero"`
	Region  string                  `json:"region,omitzero"`
	Month   calendar.Month          `json:"month,omitzero"`
	By      string                  `json:"by,omitzero"`
}

// Abandon gives up a batch that took repairs and then never came about; from then
// on it cannot. One that did come about is left alone, and one that was given up
// decides nothing.
func (m *RegionMonth) Abandon(c Abandon, today calendar.Date) ([]Event, error) {
	if m.requested[c.Request] || m.abandoned[c.Request] {
		return nil, nil
	}
	return []Event{PaymentRequestAbandoned{Request: c.Request, Region: c.Region, Month: c.Month, On: today, By: c.By}}, nil
}

// IsAbandoned reports whether a batch was given up.
func (m *RegionMonth) IsAbandoned(id domain.PaymentRequestID) bool { return m.abandoned[id] }

// Pay is the command that records a payment to a supplier.
type Pay struct {
	Region        string         `json:"region,omitzero"`
	Month         calendar.Month `json:"month,omitzero"`
	Supplier      string         `json:"supplier,omitzero"`
	Amount        money.Amount   `json:"amount,omitzero"`
	BankReference string         `json:"bankReference,omitzero"`
	PaidOn        calendar.Date  `json:"paidOn,omitzero"`
	By            string         `json:"by,omitzero"`
}

// Pay records that a supplier was paid all that the batch asks for it, once,
// by somebody who did not request it.
func (m *RegionMonth) Pay(c Pay, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		m.mustBeOpen(c.Month),
		domain.CheckText("supplier", c.Supplier, true),
		domain.CheckID("bankReference", c.BankReference),
		c.PaidOn.CheckPast("paidOn", today),
	); err != nil {
		return nil, err
	}
	if c.PaidOn.Before(m.open.RequestedOn) {
		return nil, domain.Invalid("paidOn", c.PaidOn.String(), "before-request",
			"must not lie before it was requested, %s", "5.2.2", m.open.RequestedOn)
	}
	e := SupplierPaid{
		Request: m.open.Request, Region: c.Region, Month: c.Month, Supplier: c.Supplier, BankReference: c.BankReference,
		PaidOn: c.PaidOn, By: c.By,
	}
	var suppliers []string
	for _, l := range m.open.Lines {
		suppliers = append(suppliers, l.Supplier)
		if l.Supplier == c.Supplier {
			e.Returns, e.Amount = append(e.Returns, l.Return), e.Amount.Add(l.Amount)
		}
	}
	switch {
	case len(e.Returns) == 0:
		return nil, domain.NotFound("supplier", c.Supplier, "unknown-supplier", "is none of the suppliers of %s", m.open.Request).
			Among(domain.Each(suppliers, func(s string) domain.NamedID { return domain.NamedID{ID: s} }))
	case m.paid[c.Supplier]:
		return nil, domain.Conflict("supplier", c.Supplier, "paid-already", "was paid already what %s asks for it", "5.2.2",
			m.open.Request)
	case e.Amount != c.Amount:
		return nil, domain.Conflict("amount", c.Amount.String(), "amount-differs",
			"must be the %s yuan that %s asks for %s", "5.2.2", e.Amount, m.open.Request, c.Supplier)
	}
	if err := duties.Apart(duties.Decision{
		Matter: duties.Matter{
			Kind: duties.PaymentRequest, Document: string(m.open.Request), Decision: "PAYMENT", Supplier: c.Supplier,
			Region: c.Region, Month: c.Month,
		},
		Field: "month", Value: c.Month.String(), Clause: "5.2.2", By: c.By, On: today,
	}, duties.By(m.open.By).Did("was made by %s, and nobody pays what they requested")); err != nil {
		return nil, err
	}
	return []Event{e}, nil
}

// Open returns the batch that was requested and not returned, none if there is
// no such.
func (m *RegionMonth) Open() (PaymentRequested, bool) {
	if m.open == nil {
		return PaymentRequested{}, false
	}
	return *m.open, true
}

func (m *RegionMonth) mustBeOpen(month calendar.Month) error {
	if m.open == nil {
		return domain.NotFound("month", month.String(), "no-payment-request", "has no payment request that was not returned")
	}
	return nil
}

// Evolve folds an event into the month.
func (m *RegionMonth) Evolve(e Event) {
	switch e := e.(type) {
	case PaymentRequested:
		m.open, m.paid = &e, make(map[string]bool)
		if m.requested == nil {
			m.requested = make(map[domain.PaymentRequestID]bool)
		}
		m.requested[e.Request] = true
	case PaymentRequestAbandoned:
		if m.abandoned == nil {
			m.abandoned = make(map[domain.PaymentRequestID]bool)
		}
		m.abandoned[e.Request] = true
	case PaymentRequestReturned:
		m.open = nil
	case SupplierPaid:
		m.paid[e.Supplier] = true
	}
}
