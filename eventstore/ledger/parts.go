package ledger

import (
	"context"
	"errors"
	"fmt"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
)

// This file carries out what happens to parts: in the depots of the projects,
// in the catalogue, and to the findings of the audit.

// DescribeParts adds parts to the catalogue, or describes them anew.
func (l *Ledger) DescribeParts(ctx context.Context, r Request, c catalogue.Describe) (eventstore.Outcome, error) {
	return execute(ctx, l, r, catalogue.Stream, c,
		func(s *catalogue.Catalogue) ([]catalogue.Event, error) {
			return s.Describe(c, r.Actor.Name)
		})
}

// RehearseParts refuses what DescribeParts would refuse, and records nothing.
// known says that it would change nothing.
func (l *Ledger) RehearseParts(ctx context.Context, r Request, c catalogue.Describe) (known bool, err error) {
	same := false
	known, err = rehearse(ctx, l, r, catalogue.Stream, c,
		func(s *catalogue.Catalogue) ([]catalogue.Event, error) {
			events, err := s.Describe(c, r.Actor.Name)
			same = err == nil && len(events) == 0
			return events, err
		})
	return known || same, err
}

// ReceivePart brings units into a project's depot.
func (l *Ledger) ReceivePart(ctx context.Context, r Request, c depot.Receive) (eventstore.Outcome, error) {
	serials := l.checkSerials(ctx, c.Part, len(c.Serials), c.ReceivedOn)
	return l.onDepot(ctx, r, c.Project, c, func(d *depot.Depot) ([]depot.Event, error) {
		if c.Source != depot.OpeningStock && serials != nil { // what was there already was never written down
			return nil, serials
		}
		return d.Receive(c, l.today())
	})
}

// IssuePart takes units out of a project's depot.
func (l *Ledger) IssuePart(ctx context.Context, r Request, c depot.Issue) (eventstore.Outcome, error) {
	serials := l.checkSerials(ctx, c.Part, len(c.Serials), c.IssuedOn)
	said := c // who bears the cost is looked up, so that a repeat is the same command
	var err error
	if c.Bearer, err = l.bearerOf(ctx, c.FaultLine); err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onDepot(ctx, r, c.Project, said, func(d *depot.Depot) ([]depot.Event, error) {
		if serials != nil {
			return nil, serials
		}
		return d.Issue(c, l.today())
	})
}

// bearerOf looks up who bears the cost of a line of the fault record; empty
// where no such line was written.
func (l *Ledger) bearerOf(ctx context.Context, line domain.FaultLineID) (bearer policy.Bearer, err error) {
	if line == "" || domain.CheckID("faultLine", line) != nil {
		return "", nil
	}
	var holder string
	if err := inspect(ctx, l, number.Stream(number.FaultRecord,
		string(line)), func(n *number.Number) error {
		holder = n.Holder()
		return nil
	}); err != nil || holder == "" {
		return "", err
	}
	err = inspect(ctx, l.everywhere(), holder, func(t *ticket.Ticket) error {
		bearer = t.BearerOf(line)
		return nil
	})
	return bearer, err
}

// TransferPart sends units to another project's depot, under a number that is
// unique in the company.
func (l *Ledger) TransferPart(ctx context.Context, r Request, c depot.TransferOut) (eventstore.Outcome, error) {
	if err := domain.FirstError(domain.CheckID("transfer", c.Transfer), l.projectExists(ctx, c.Project),
		domain.NamedBy("to", string(c.To), l.projectExists(ctx, c.To))); err != nil {
		return eventstore.Outcome{}, err
	}
	serials := l.checkSerials(ctx, c.Part, len(c.Serials), c.TransferredOn)
	decide := func(d *depot.Depot) ([]depot.Event, error) {
		if serials != nil {
			return nil, serials
		}
		return d.TransferOut(c, l.today())
	}
	if _, err := rehearse(ctx, l, r, depot.Stream(c.Project), c, decide); err != nil {
		return eventstore.Outcome{}, err
	}
	if err := l.claimNumber(ctx, r, number.DocumentNumberClaimed{
		Series: number.TransferSlip, Number: string(c.Transfer), Holder: depot.Stream(c.Project),
	}, "transfer"); err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onDepot(ctx, r, c.Project, c, decide)
}

// ReceiveTransfer takes in what another project's depot sent.
func (l *Ledger) ReceiveTransfer(ctx context.Context, r Request, c depot.TransferIn) (eventstore.Outcome, error) {
	sent, err := l.sentTo(ctx, c.Project, c.From, c.Transfer)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onDepot(ctx, r, c.Project, c,
		func(d *depot.Depot) ([]depot.Event, error) { return d.TransferIn(c, sent, l.today()) })
}

// RejectTransfer refuses what another project's depot sent: the units go back under a
// number of their own, which is unique in the company.
func (l *Ledger) RejectTransfer(ctx context.Context, r Request, c depot.RejectTransfer) (eventstore.Outcome, error) {
	if err := domain.CheckID("back", c.Back); err != nil {
		return eventstore.Outcome{}, err
	}
	sent, err := l.sentTo(ctx, c.Project, c.From, c.Transfer)
	if err != nil {
		return eventstore.Outcome{}, err
	}
	decide := func(d *depot.Depot) ([]depot.Event, error) { return d.RejectTransfer(c, sent, l.today()) }
	if _, err := rehearse(ctx, l, r, depot.Stream(c.Project), c, decide); err != nil {
		return eventstore.Outcome{}, err
	}
	if err := l.claimNumber(ctx, r, number.DocumentNumberClaimed{
		Series: number.TransferSlip, Number: string(c.Back), Holder: depot.Stream(c.Project),
	}, "back"); err != nil {
		return eventstore.Outcome{}, err
	}
	return l.onDepot(ctx, r, c.Project, c, decide)
}

// sentTo finds a transfer between two depots. What was sent to a project may be taken in
// or refused there, wherever it comes from.
func (l *Ledger) sentTo(
	ctx context.Context, to, from domain.ProjectID, transfer domain.SlipID,
) (sent depot.PartTransferredOut, err error) {
	if err := domain.FirstError(domain.CheckID("transfer", transfer), domain.CheckID("from", from),
		l.projectExists(ctx, to)); err != nil {
		return sent, err
	}
	if err := inspect(ctx, l.everywhere(), depot.Stream(from), func(d *depot.Depot) error {
		sent, _ = d.Sent(transfer)
		return nil
	}); err != nil {
		return sent, err
	}
	sender := l
	if sent.To == to {
		sender = l.everywhere()
	}
	if err := sender.projectExists(ctx, from); err != nil {
		return sent, domain.NamedBy("from", string(from), err)
	}
	return sent, inspect(ctx, sender, depot.Stream(from), func(d *depot.Depot) error {
		var ok bool
		if sent, ok = d.Sent(transfer); !ok {
			return domain.NotFound("transfer", string(transfer), "unknown-transfer", "was not sent from project %s", from).Among(d.SentTo(to))
		}
		return nil
	})
}

// ShipFaulty sends a batch of faulty units to their maker, and records on each
// process sheet F2 named that its device is on the way. It may be repeated
// after it broke off between them.
func (l *Ledger) ShipFaulty(ctx context.Context, r Request, c depot.ShipFaulty) (eventstore.Outcome, error) {
	var sheets []repair.Ship
	var lines []int // of the batch
	for i, u := range c.Units {
		if u.Return == "" {
			continue
		}
		if err := domain.CheckID(fmt.Sprintf("units[%d].return", i), u.Return); err != nil {
			return eventstore.Outcome{}, err
		}
		lines = append(lines, i)
		sheets = append(sheets,
			repair.Ship{Return: u.Return, Waybill: c.Waybill, ShippedOn: c.ShippedOn, ExpectedBackOn: c.ExpectedBackOn})
	}
	step := func(s repair.Ship) Request { return r.step("ship-" + string(s.Return)) }
	for i, s := range sheets {
		if _, err := rehearse(ctx, l, step(s), repair.Stream(s.Return), s,
			func(f *repair.Return) ([]repair.Event, error) {
				return f.Ship(s, l.today())
			}); err != nil {
			return eventstore.Outcome{}, ofUnit(lines[i], err)
		}
	}
	total, err := l.onDepot(ctx, r, c.Project, c,
		func(d *depot.Depot) ([]depot.Event, error) { return d.ShipFaulty(c, l.today()) })
	if err != nil {
		return total, err
	}
	for _, s := range sheets {
		out, err := l.ShipDevice(ctx, step(s), s)
		if err != nil {
			return total, err
		}
		total.Events, total.Position = append(total.Events, out.Events...), max(total.Position, out.Position)
	}
	return total, nil
}

// ofUnit names the line of a batch whose process sheet refuses the shipment.
func ofUnit(i int, err error) error {
	var r *domain.Rejection
	if !errors.As(err, &r) || r.Field != "return" {
		return err
	}
	named := *r
	named.Field = fmt.Sprintf("units[%d].return", i)
	return &named
}

// ScrapPart takes units away for good.
func (l *Ledger) ScrapPart(ctx context.Context, r Request, c depot.Scrap) (eventstore.Outcome, error) {
	serials := l.checkSerials(ctx, c.Part, len(c.Serials), c.ScrappedOn)
	return l.onDepot(ctx, r, c.Project, c, func(d *depot.Depot) ([]depot.Event, error) {
		if c.Condition == depot.Good && serials != nil { // of a faulty one it may be unreadable
			return nil, serials
		}
		return d.Scrap(c, l.today())
	})
}

// RehearseCount refuses what CountStock would refuse, and records nothing. known
// says that the sheet was entered under the request's key already.
func (l *Ledger) RehearseCount(ctx context.Context, r Request, c depot.Count) (known bool, err error) {
	c.By = r.Actor.Name
	if err := l.projectExists(ctx, c.Project); err != nil {
		return false, err
	}
	return rehearse(ctx, l, r, depot.Stream(c.Project), c,
		func(d *depot.Depot) ([]depot.Event, error) {
			return d.Count(c, l.today())
		})
}

func (l *Ledger) onDepot(
	ctx context.Context, r Request, id domain.ProjectID, c eventstore.Named,
	decide func(*depot.Depot) ([]depot.Event, error),
) (eventstore.Outcome, error) {
	if err := l.projectExists(ctx, id); err != nil {
		return eventstore.Outcome{}, err
	}
	return execute(ctx, l, r, depot.Stream(id), c, decide)
}

// checkSerials asks the catalogue whether serials are missing. The decision
// returns its refusal, so that a command that was carried out before the
// catalogue asked for serials still gets its first outcome.
func (l *Ledger) checkSerials(ctx context.Context, part domain.PartCode, serials int, on calendar.Date) error {
	return inspect(ctx, l, catalogue.Stream, func(c *catalogue.Catalogue) error {
		return c.CheckSerials("serials", part, serials, on)
	})
}

// CloseFinding ends a finding as it was seen. A repeat is told by what the person
// said: what the finding was about may have changed since.
func (l *Ledger) CloseFinding(ctx context.Context, r Request, c finding.Close) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	said := finding.Close{Finding: c.Finding, Status: c.Status, Reason: c.Reason, Evidence: c.Evidence, By: c.By}
	return execute(ctx, l, r, finding.Stream(c.Finding), said,
		func(f *finding.Finding) ([]finding.Event, error) { return f.Close(c, l.today()) })
}
