package repair

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// The bearers of the cost of a repair.
const (
	ByUs     = policy.Us              // the department pays the maker
	ByCenter = policy.Center          // the center pays; nothing is payable by us
	ByMaker  = policy.Bearer("MAKER") // the maker's own warranty (厂家保修)
)

// Cost is what a repair costs, and whom, as the sheet states it.
type Cost struct {
	Bearer   policy.Bearer `json:"bearer"`
	Estimate money.Amount  `json:"estimate"` // of what the maker will ask; 0.00: nothing is known
}

func (c Cost) check() error {
	if bearers := []policy.Bearer{ByUs, ByCenter, ByMaker}; !slices.Contains(bearers, c.Bearer) {
		return domain.Invalid("bearer", string(c.Bearer), "unknown-bearer", "must be one of %v", "5.2.1", bearers)
	}
	if c.Estimate.Sign() < 0 || money.Max.Less(c.Estimate) {
		return domain.Invalid("estimate", c.Estimate.String(), "bad-estimate", "must be between 0.00 and %s yuan", "5.2.1",
			money.Max)
	}
	return nil
}

// RepairQuoted is what the maker asks, by its charge confirmation letter
// (维修设备收费确认函).
type RepairQuoted struct {
	Return   domain.ReturnID `json:"return"`
	Supplier string          `json:"supplier"` // who is to be paid; usually the maker
	Amount   money.Amount    `json:"amount"`
	Letter   *attachment.Ref `json:"letter,omitempty"` // as the supplier sent it
	QuotedOn calendar.Date   `json:"quotedOn"`         // date of the letter
	By       string          `json:"by"`
	GoesTo   Gate            `json:"goesTo,omitempty"` // the gates of the cost, again, where it exceeds what they approved
}

// ConfirmationLetterConfirmed is the supplier's letter with our word on it.
type ConfirmationLetterConfirmed struct {
	Return   domain.ReturnID `json:"return"`
	Supplier string          `json:"supplier"`
	Amount   money.Amount    `json:"amount"`
	Letter   attachment.Ref  `json:"letter"` // as we confirmed it
	On       calendar.Date   `json:"on"`
	By       string          `json:"by"`
}

// RepairPaymentRequested takes what is payable for a repair into a payment
// request (§5.2.2): no other can.
type RepairPaymentRequested struct {
	Return   domain.ReturnID         `json:"return"`
	Request  domain.PaymentRequestID `json:"request"`
	Supplier string                  `json:"supplier"`
	Amount   money.Amount            `json:"amount"`
	On       calendar.Date           `json:"on"`
	By       string                  `json:"by"`
	// Region and Month tell where the request is; absent from repairs that were
	// taken before requests could be found by them.
	Region string         `json:"region,omitempty"`
	Month  calendar.Month `json:"month,omitzero"`
}

// RepairPaymentReleased makes a repair payable again whose payment request was
// returned.
type RepairPaymentReleased struct {
	Return  domain.ReturnID         `json:"return"`
	Request domain.PaymentRequestID `json:"request"`
	Reason  string                  `json:"reason"`
	On      calendar.Date           `json:"on"`
	By      string                  `json:"by"`
}

func (RepairQuoted) EventType() string                { return "RepairQuoted" }
func (ConfirmationLetterConfirmed) EventType() string { return "ConfirmationLetterConfirmed" }
func (RepairPaymentRequested) EventType() string      { return "RepairPaymentRequested" }
func (RepairPaymentReleased) EventType() string       { return "RepairPaymentReleased" }

func (RepairQuoted) RestsOn() domain.Ground                { return domain.Clause("5.2.1") }
func (ConfirmationLetterConfirmed) RestsOn() domain.Ground { return domain.Clause("5.2.2") }
func (RepairPaymentRequested) RestsOn() domain.Ground      { return domain.Clause("5.2.2") }
func (RepairPaymentReleased) RestsOn() domain.Ground       { return domain.Clause("5.2.2") }

func (RepairQuoted) returnEvent()                {}
func (ConfirmationLetterConfirmed) returnEvent() {}
func (RepairPaymentRequested) returnEvent()      {}
func (RepairPaymentReleased) returnEvent()       {}

// Quote is the command that enters what the maker asks.
type Quote struct {
	Return   domain.ReturnID
	Supplier string // empty: the maker
	Amount   money.Amount
	Letter   *attachment.Ref
	QuotedOn calendar.Date
	By       string
}

// Quote enters what the maker asks. Above what was approved it reopens the
// gates of the cost [D]: nothing is payable until both have passed it again.
func (r *Return) Quote(c Quote, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		r.mustBeRepair(c.Return),
		domain.CheckText("supplier", c.Supplier, false),
		c.Amount.CheckPositive("amount"),
		c.QuotedOn.CheckPast("quotedOn", today),
	); err != nil {
		return nil, err
	}
	switch {
	case c.QuotedOn.Before(r.opened.OpenedOn):
		return nil, domain.Invalid("quotedOn", c.QuotedOn.String(), "before-filing",
			"must not lie before the sheet was filed, %s", "5.2.1", r.opened.OpenedOn)
	case r.claim != nil:
		return nil, r.inPayment(c.Return)
	}
	e := RepairQuoted{
		Return: c.Return, Supplier: c.Supplier, Amount: c.Amount, Letter: c.Letter, QuotedOn: c.QuotedOn, By: c.By,
	}
	if e.Supplier == "" {
		e.Supplier = r.opened.Maker
	}
	e.GoesTo = r.goesTo(e)
	return []Event{e}, nil
}

// ConfirmLetter is the command that gives our word on the supplier's letter.
type ConfirmLetter struct {
	Return domain.ReturnID
	Letter attachment.Ref
	Amount money.Amount // as the letter says
	By     string
}

// ConfirmLetter gives our word on the supplier's letter, once every gate that
// applies has passed what it asks, by somebody who did not enter it.
func (r *Return) ConfirmLetter(c ConfirmLetter, today calendar.Date) ([]Event, error) {
	if err := r.mustBeRepair(c.Return); err != nil {
		return nil, err
	}
	switch {
	case r.quoted == nil:
		return nil, domain.Conflict("return", string(c.Return), "not-quoted", "has no quote of its maker yet", "5.2.2")
	case r.claim != nil:
		return nil, r.inPayment(c.Return)
	case c.Amount != r.quoted.Amount:
		return nil, domain.Conflict("amount", c.Amount.String(), "quote-differs",
			"is not what %s asks, %s yuan", "5.2.2", r.quoted.Supplier, r.quoted.Amount)
	}
	entered := duties.By(r.quoted.By).Did("has a letter that %s entered, and nobody confirms their own submission")
	if err := r.apart("", "5.2.2", c.By, today, entered); err != nil {
		return nil, err
	}
	if err := r.mustBePassed(c.Return, "5.2.2"); err != nil {
		return nil, err
	}
	return []Event{ConfirmationLetterConfirmed{
		Return: c.Return, Supplier: r.quoted.Supplier, Amount: c.Amount, Letter: c.Letter, On: today, By: c.By,
	}}, nil
}

// mustBePassed rejects a sheet that a gate has still to pass, or rejected.
func (r *Return) mustBePassed(id domain.ReturnID, clause string) error {
	if r.rejected != nil {
		return domain.Conflict("return", string(id), "rejected", "was rejected by %s on %s", clause, r.rejected.By,
			r.rejected.On)
	}
	if gates := r.outstanding(); len(gates) > 0 {
		return domain.Conflict("return", string(id), "approval-outstanding",
			"waits for %v; we bear %s yuan, and %s were approved", clause, gates, r.cost(), r.approved())
	}
	return nil
}

// Payable is what a payment request may ask for now: what we bear by the letter that
// we confirmed, and 0.00 before that, whatever was estimated or approved, and once it
// was requested.
func (r *Return) Payable() money.Amount {
	if r.sheet != nil || r.claim != nil || r.letter == nil || r.mustBePassed(r.id(), "") != nil {
		return money.Amount{}
	}
	return r.cost()
}

// ClaimPayment is the command that takes what is payable into a payment request.
type ClaimPayment struct {
	Field   string                  `json:"field,omitzero"` // path of the line, for a rejection
	Return  domain.ReturnID         `json:"return,omitzero"`
	Request domain.PaymentRequestID `json:"request,omitzero"`
	Amount  money.Amount            `json:"amount,omitzero"`
	Letter  attachment.Digest       `json:"letter,omitzero"`
	By      string                  `json:"by,omitzero"`
}

// Supplier returns who is to be paid for the repair.
func (r *Return) Supplier() string {
	if r.quoted == nil {
		return r.opened.Maker
	}
	return r.quoted.Supplier
}

// ClaimPayment takes what is payable for a repair into a payment request: never
// above what was approved, never twice, and by the letter that we confirmed. The
// region and the month are those of the request.
// Taken by the same request again it decides nothing.
func (r *Return) ClaimPayment(
	c ClaimPayment, region string, month calendar.Month, today calendar.Date,
) ([]Event, error) {
	known := domain.NamedBy(c.Field+".return", string(c.Return), r.mustBeRepair(c.Return))
	if err := domain.FirstError(known, c.Amount.CheckPositive(c.Field+".amount")); err != nil {
		return nil, err
	}
	switch {
	case r.claim != nil && r.claim.Request == c.Request && r.claim.Amount == c.Amount:
		return nil, nil
	case r.claim != nil:
		return nil, domain.Conflict(c.Field+".return", string(c.Return), "payment-requested",
			"is in payment request %s with %s yuan already", "5.2.2", r.claim.Request, r.claim.Amount)
	}
	if err := domain.NamedBy(c.Field+".return", string(c.Return), r.mustBePassed(c.Return, "5.2.2")); err != nil {
		return nil, err
	}
	switch {
	case r.cost().Less(c.Amount):
		return nil, domain.Conflict(c.Field+".amount", c.Amount.String(), "above-approved",
			"exceeds the %s yuan payable for %s", "5.2.2", r.cost(), c.Return)
	case r.letter == nil:
		return nil, domain.Conflict(c.Field+".letter", string(c.Letter), "letter-not-confirmed",
			"is no letter (维修设备收费确认函) of %s that we confirmed", "5.2.2", c.Return)
	case r.letter.Letter.SHA256 != c.Letter:
		return nil, domain.Conflict(c.Field+".letter", string(c.Letter), "letter-not-confirmed",
			"is not the letter of %s that %s confirmed on %s, %s", "5.2.2", c.Return, r.letter.By, r.letter.On,
			r.letter.Letter.SHA256)
	}
	return []Event{RepairPaymentRequested{
		Return: c.Return, Request: c.Request, Supplier: r.quoted.Supplier, Amount: c.Amount, On: today, By: c.By,
		Region: region, Month: month,
	}}, nil
}

// Claim returns the payment request that has taken the repair, and where it is.
func (r *Return) Claim() (claim RepairPaymentRequested, ok bool) {
	if r.claim == nil {
		return claim, false
	}
	return *r.claim, true
}

// InRequest returns the payment request that the repair is in, none if it is in
// no such.
func (r *Return) InRequest() domain.PaymentRequestID {
	if r.claim == nil {
		return ""
	}
	return r.claim.Request
}

// ReleasePayment is the command that makes a repair payable again.
type ReleasePayment struct {
	Return  domain.ReturnID         `json:"return,omitzero"`
	Request domain.PaymentRequestID `json:"request,omitzero"`
	Reason  string                  `json:"reason,omitzero"`
	By      string                  `json:"by,omitzero"`
}

// ReleasePayment makes a repair payable again, unless another request has it.
func (r *Return) ReleasePayment(c ReleasePayment, today calendar.Date) ([]Event, error) {
	if err := r.mustBeRepair(c.Return); err != nil {
		return nil, err
	}
	if r.claim == nil || r.claim.Request != c.Request {
		return nil, nil
	}
	return []Event{RepairPaymentReleased{Return: c.Return, Request: c.Request, Reason: c.Reason, On: today, By: c.By}}, nil
}

// inPayment refuses what would change a repair whose payment was requested.
func (r *Return) inPayment(id domain.ReturnID) error {
	return domain.Conflict("return", string(id), "payment-requested",
		"is in payment request %s with %s yuan; that has to be returned first", "5.2.2", r.claim.Request, r.claim.Amount)
}
