package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/supplier"
	"aftersales-ledger/eventstore"
)

// This file carries out requisitions (§5.2.3) and the payment of repairs
// (§5.2.2).

// Suppliers returns the suppliers as the steps say that were known.
func (l *Ledger) Suppliers(ctx context.Context, known func(Step) bool) (*supplier.Suppliers, error) {
	steps, err := l.Steps(ctx, supplier.Stream)
	var all supplier.Suppliers
	for _, step := range steps {
		if known(step) {
			all.Evolve(step.Event.(supplier.Event))
		}
	}
	return &all, err
}

// RequestMaterial makes a requisition for a project.
func (l *Ledger) RequestMaterial(
	ctx context.Context, r Request, c requisition.Request,
) (_ eventstore.Outcome, err error) {
	if c.Region, err = l.regionIn(ctx, "project", c.Project); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	return l.onRequisition(ctx, r, c.Requisition, c,
		func(q *requisition.Requisition) ([]requisition.Event, error) { return q.Request(c, l.today()) })
}

// DecideRequisition passes or rejects a requisition, at the gate that the
// actor's role keeps.
func (l *Ledger) DecideRequisition(
	ctx context.Context, r Request, c requisition.Decide,
) (_ eventstore.Outcome, err error) {
	if c.Gate, err = requisition.GateOf(r.Actor.Role); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	return l.onRequisition(ctx, r, c.Requisition, c,
		func(q *requisition.Requisition) ([]requisition.Event, error) { return q.Decide(c, l.today()) })
}

// ReceivePurchase is the request to take delivery of what was ordered.
type ReceivePurchase struct {
	requisition.Receive
	Serials []string `json:"serials,omitzero"`
}

// ReceivePurchase takes delivery on a requisition and brings the units into the
// project's stock: what the depot would refuse is refused before, and a repeat
// completes what broke off between the two.
func (l *Ledger) ReceivePurchase(ctx context.Context, r Request, c ReceivePurchase) (eventstore.Outcome, error) {
	var project domain.ProjectID
	if err := domain.CheckID("requisition", c.Requisition); err != nil {
		return eventstore.Outcome{}, err
	}
	if err := inspect(ctx, l, requisition.Stream(c.Requisition),
		func(q *requisition.Requisition) (err error) {
			project, err = q.Project(c.Requisition)
			return err
		}); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	in := depot.Receive{
		Project: project, Receipt: c.Receipt, Part: c.Part, Quantity: c.Quantity, Value: c.Value, Source: depot.Purchase,
		Serials: c.Serials, ReceivedOn: c.ReceivedOn, Requisition: c.Requisition,
	}
	storing := r.step("depot")
	store := func(d *depot.Depot) ([]depot.Event, error) { return d.Receive(in, l.today()) }
	if _, err := rehearse(ctx, l, storing, depot.Stream(project), in, store); err != nil {
		return eventstore.Outcome{}, asDelivery(c.Receipt, err)
	}
	total, err := l.onRequisition(ctx, r, c.Requisition, c, func(q *requisition.Requisition) ([]requisition.Event, error) {
		return q.Receive(c.Receive, l.today())
	})
	if err != nil {
		return total, err
	}
	stored, err := l.onDepot(ctx, storing, project, in, store)
	total.Events = slices.Concat(total.Events, stored.Events)
	total.Position = max(total.Position, stored.Position)
	return total, err
}

// asDelivery has a refusal of the depot speak of the delivery's number where it speaks of
// what only a receipt of the depot's own says: that number is another receipt's.
func asDelivery(receipt domain.SlipID, err error) error {
	var r *domain.Rejection
	if errors.As(err, &r) && slices.Contains([]string{"source", "shipment", "sentSerials"}, r.Field) {
		return domain.NamedBy("receipt", string(receipt), err)
	}
	return err
}

func (l *Ledger) onRequisition(
	ctx context.Context, r Request, id domain.RequisitionID, c eventstore.Named,
	decide func(*requisition.Requisition) ([]requisition.Event, error),
) (eventstore.Outcome, error) {
	if err := domain.CheckID("requisition", id); err != nil {
		return eventstore.Outcome{}, err
	}
	return execute(ctx, l, r, requisition.Stream(id), c, decide)
}

// RequestPayment is the request to pay a month's repairs of a region.
type RequestPayment struct {
	Request domain.PaymentRequestID `json:"request,omitzero"` // distinct for every command
	Region  string                  `json:"region,omitzero"`
	Month   calendar.Month          `json:"month,omitzero"`
	Lines   []RequestedRepair       `json:"lines,omitzero"`
}

// RequestedRepair is a repair to be paid, with its papers.
type RequestedRepair struct {
	Return domain.ReturnID `json:"return,omitzero"`
	Amount money.Amount    `json:"amount,omitzero"`
	payables.Papers
}

// RequestPayment asks finance to pay a month's repairs. Each repair is taken
// into the request on its own sheet, which admits one request at a time: two
// regions or months that want the same repair cannot both have it. What is
// refused on the way gives back what was taken, and a repeat completes what
// broke off; what nobody repeats gives its repairs up to the next who asks. Of lines
// that are refused each is named: the refusals are joined.
func (l *Ledger) RequestPayment(ctx context.Context, r Request, c RequestPayment) (eventstore.Outcome, error) {
	if err := domain.CheckID("region", c.Region); err != nil {
		return eventstore.Outcome{}, err
	}
	ask := payables.Request{Request: c.Request, Region: c.Region, Month: c.Month, By: r.Actor.Name}
	faults := make([]error, len(c.Lines))
	for i, line := range c.Lines {
		full, err := l.paymentLine(ctx, r, fmt.Sprintf("lines[%d]", i), c.Region, line)
		if err != nil && !isRefusal(err) {
			return eventstore.Outcome{}, err
		}
		ask.Lines, faults[i] = append(ask.Lines, full), err
	}
	stream := payables.Stream(c.Region, c.Month)
	decide := func(m *payables.RegionMonth) ([]payables.Event, error) { return m.Request(ask, l.today()) }
	var err error
	if errors.Join(faults...) == nil {
		known, refused := rehearse(ctx, l, r, stream, c, decide)
		if refused != nil || known {
			if known {
				return execute(ctx, l, r, stream, c, decide)
			}
			return eventstore.Outcome{}, refused
		}
	}
	if err := l.rehearseClaims(ctx, r, c, faults); err != nil {
		return eventstore.Outcome{}, err
	}
	for i := range c.Lines {
		if err = l.claimRepair(ctx, r, c, i, false); err != nil {
			break
		}
	}
	var out eventstore.Outcome
	if err == nil {
		out, err = execute(ctx, l, r, stream, c, decide)
	}
	if isRefusal(err) {
		for _, line := range ask.Lines {
			if e := l.releaseRepair(ctx, r, line.Return, c.Request, "the payment request was refused"); e != nil {
				return out, e
			}
		}
	}
	return out, err
}

// rehearseClaims refuses the request with the faults of all its lines: those that are known
// already, and those of repairs that could not be taken into it.
func (l *Ledger) rehearseClaims(ctx context.Context, r Request, c RequestPayment, faults []error) error {
	for i, line := range c.Lines {
		if faults[i] != nil {
			continue
		}
		if err := l.freeRepair(ctx, r, line.Return, c.Request); err != nil {
			return err
		}
		if faults[i] = l.claimRepair(ctx, r, c, i, true); faults[i] != nil && !isRefusal(faults[i]) {
			return faults[i]
		}
	}
	return errors.Join(faults...)
}

// paymentLine completes a line: its papers, whose repair it is, whom to pay.
func (l *Ledger) paymentLine(
	ctx context.Context, r Request, field, region string, line RequestedRepair,
) (full payables.Line, err error) {
	if err := domain.FirstError(domain.CheckID(field+".return", line.Return), line.Check(field, line.Return)); err != nil {
		return full, err
	}
	full = payables.Line{Return: line.Return, Amount: line.Amount}
	if err := inspect(ctx, l, repair.Stream(line.Return), func(s *repair.Return) (err error) {
		full.Project, err = s.Project(line.Return)
		full.Supplier = s.Supplier()
		return domain.NamedBy(field+".return", string(line.Return), err)
	}); err != nil {
		return full, err
	}
	in, err := l.regionIn(ctx, field+".return", full.Project)
	if err != nil {
		return full, err
	}
	if in != region {
		return full, domain.Conflict(field+".return", string(line.Return), "other-region",
			"is a repair of project %s in region %s, not in %s", "5.2.2", full.Project, in, region)
	}
	if full.Letter, err = l.attachment(ctx, r, field+".letter", line.Letter); err != nil {
		return full, err
	}
	if full.Sheet, err = l.attachment(ctx, r, field+".sheet", line.Sheet); err != nil {
		return full, err
	}
	full.Approval, err = l.attachment(ctx, r, field+".approval", line.Approval)
	return full, err
}

// claimRepair takes a line's repair into the request, or rehearses it.
func (l *Ledger) claimRepair(ctx context.Context, r Request, c RequestPayment, i int, rehearsal bool) error {
	line := c.Lines[i]
	claim := repair.ClaimPayment{
		Field: fmt.Sprintf("lines[%d]", i), Return: line.Return, Request: c.Request, Amount: line.Amount, Letter: line.Letter,
		By: r.Actor.Name,
	}
	decide := func(s *repair.Return) ([]repair.Event, error) {
		return s.ClaimPayment(claim, c.Region, c.Month, l.today())
	}
	step := r.step("claim-" + string(line.Return))
	if rehearsal {
		_, err := rehearse(ctx, l, step, repair.Stream(line.Return), claim, decide)
		return err
	}
	if _, err := l.onReturn(ctx, step, line.Return, claim, decide); err != nil {
		return err
	}
	// What this command took before may have been given back since.
	return inspect(ctx, l, repair.Stream(line.Return), func(s *repair.Return) error {
		if s.InRequest() != c.Request {
			return domain.Conflict(claim.Field+".return", string(line.Return), "payment-released",
				"was given back by this very command when it was refused; send it under a new key", "5.2.2")
		}
		return nil
	})
}

func (l *Ledger) releaseRepair(
	ctx context.Context, r Request, id domain.ReturnID, request domain.PaymentRequestID, reason string,
) error {
	c := repair.ReleasePayment{Return: id, Request: request, Reason: reason, By: r.Actor.Name}
	_, err := l.onReturn(ctx, r.step("release-"+string(id)), id, c,
		func(s *repair.Return) ([]repair.Event, error) { return s.ReleasePayment(c, l.today()) })
	return err
}

// freeRepair makes a repair payable again whose payment request broke off before
// it came about, unless that is the one that is being made. The stream of the
// request decides: once it says that it was given up, it cannot come about any
// more, and who was still making it is refused.
func (l *Ledger) freeRepair(ctx context.Context, r Request, id domain.ReturnID, except domain.PaymentRequestID) error {
	var claim repair.RepairPaymentRequested
	if err := inspect(ctx, l, repair.Stream(id), func(s *repair.Return) error {
		claim, _ = s.Claim()
		return nil
	}); err != nil {
		return err
	}
	if claim.Request == "" || claim.Request == except || claim.Region == "" {
		return nil
	}
	l = l.everywhere() // the request that broke off may be another region's
	c := payables.Abandon{Request: claim.Request, Region: claim.Region, Month: claim.Month, By: r.Actor.Name}
	stream := payables.Stream(claim.Region, claim.Month)
	if _, err := execute(ctx, l, r.step("abandon-"+
		string(claim.Request)), stream, c, func(m *payables.RegionMonth) ([]payables.Event, error) {
		return m.Abandon(c, l.today())
	}); err != nil {
		return err
	}
	given := false
	if err := inspect(ctx, l, stream, func(m *payables.RegionMonth) error {
		given = m.IsAbandoned(claim.Request)
		return nil
	}); err != nil || !given {
		return err
	}
	release := repair.ReleasePayment{
		Return: id, Request: claim.Request, Reason: "the payment request broke off and never came about", By: r.Actor.Name,
	}
	_, err := l.onReturn(ctx, r.step("free-"+string(claim.Request)+"-"+
		string(id)), id, release, func(s *repair.Return) ([]repair.Event, error) {
		return s.ReleasePayment(release, l.today())
	})
	return err
}

// FreeRepair makes a repair payable again whose payment request broke off and
// never came about. Of any other it does nothing.
func (l *Ledger) FreeRepair(ctx context.Context, id domain.ReturnID) error {
	r := Request{Key: "free-" + string(id), Actor: domain.Actor{Name: "ledger", Role: domain.RegionalAdmin}}
	return l.freeRepair(ctx, r, id, "")
}

// ReturnPaymentRequest sends a payment request back to the region; its repairs
// are payable again. A repeat completes what broke off between them.
func (l *Ledger) ReturnPaymentRequest(ctx context.Context, r Request, c payables.Return) (eventstore.Outcome, error) {
	if err := domain.CheckID("region", c.Region); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	total, err := execute(ctx, l, r, payables.Stream(c.Region,
		c.Month), c, func(m *payables.RegionMonth) ([]payables.Event, error) {
		return m.Return(c, l.today())
	})
	if err != nil {
		return total, err
	}
	for _, e := range total.Events {
		if e, ok := e.(payables.PaymentRequestReturned); ok {
			for _, id := range e.Returns {
				if err := l.releaseRepair(ctx, r, id, e.Request, e.Reason); err != nil {
					return total, err
				}
			}
		}
	}
	return total, nil
}

// PaySupplier records that a supplier was paid, under a bank reference that
// pays nothing else.
func (l *Ledger) PaySupplier(ctx context.Context, r Request, c payables.Pay) (eventstore.Outcome, error) {
	if err := domain.CheckID("region", c.Region); err != nil {
		return eventstore.Outcome{}, err
	}
	c.By = r.Actor.Name
	stream := payables.Stream(c.Region, c.Month)
	decide := func(m *payables.RegionMonth) ([]payables.Event, error) { return m.Pay(c, l.today()) }
	if out, err := foresee(ctx, l, r, stream, c, decide); err != nil {
		return out, err
	}
	if err := l.claimNumber(ctx, r, number.DocumentNumberClaimed{
		Series: number.PaidReference, Number: c.BankReference, Holder: stream + " " + c.Supplier,
	}, "bankReference"); err != nil {
		return eventstore.Outcome{}, err
	}
	return execute(ctx, l, r, stream, c, decide)
}
