package ledger

import (
	"context"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
)

// This file holds what commands say how much of which parts against the catalogue,
// which knows whether a part's units are counted or measured.

// quantity is how much of a part a command states, and in which field.
type quantity struct {
	field string
	part  domain.PartCode
	of    decimal.Decimal
}

// quantitiesOf are the quantities of parts that a command states. What a command takes
// from what stands already, such as a transfer that is taken in, is none of its own.
func quantitiesOf(c eventstore.Named) []quantity {
	switch c := c.(type) {
	case depot.Receive:
		return []quantity{{"quantity", c.Part, c.Quantity}}
	case depot.Issue:
		return []quantity{{"quantity", c.Part, c.Quantity}, {"asked", c.Part, c.Asked}}
	case depot.TransferOut:
		return []quantity{{"quantity", c.Part, c.Quantity}}
	case depot.HandIn:
		return []quantity{{"quantity", c.Part, c.Quantity}}
	case depot.Scrap:
		return []quantity{{"quantity", c.Part, c.Quantity}}
	case depot.Adjust:
		return []quantity{{"quantity", c.Part, c.Quantity}}
	case depot.ShipFaulty:
		return quantitiesIn("units[%d].quantity", c.Units,
			func(u depot.FaultyUnit) (domain.PartCode, decimal.Decimal) { return u.Part, u.Quantity })
	case depot.Count:
		return quantitiesIn("lines[%d].counted", c.Lines,
			func(n depot.Counted) (domain.PartCode, decimal.Decimal) { return n.Part, n.Counted })
	case requisition.Request:
		return requested(c.Lines)
	case requisition.Resubmit:
		return requested(c.Lines)
	case requisition.Order:
		return quantitiesIn("lines[%d].quantity", c.Lines,
			func(o requisition.Ordered) (domain.PartCode, decimal.Decimal) { return o.Part, o.Quantity })
	case ReceivePurchase:
		return []quantity{{"quantity", c.Part, c.Quantity}}
	case project.AdviseSpareParts:
		return quantitiesIn("parts[%d].quantity", c.Parts,
			func(p project.AdvisedPart) (domain.PartCode, decimal.Decimal) { return p.Part, p.Quantity })
	case ticket.RecordFault:
		if c.Replacement != nil {
			return []quantity{{"replacement.quantity", c.Replacement.Part, c.Replacement.Quantity}}
		}
	}
	return nil
}

func requested(lines []requisition.Line) []quantity {
	return quantitiesIn("lines[%d].quantity", lines,
		func(l requisition.Line) (domain.PartCode, decimal.Decimal) { return l.Part, l.Quantity })
}

func quantitiesIn[T any](field string, list []T, of func(T) (domain.PartCode, decimal.Decimal)) []quantity {
	stated := make([]quantity, len(list))
	for i, x := range list {
		stated[i].field = fmt.Sprintf(field, i)
		stated[i].part, stated[i].of = of(x)
	}
	return stated
}

// inWholeUnits has a decision refuse a fraction of a part whose units are counted. It
// is the decision that refuses, after its own refusals: a command that was carried out
// before keeps its first outcome, and what would decide nothing still decides nothing.
func inWholeUnits[S any, E domain.Event, P eventstore.State[S, E]](
	ctx context.Context, l *Ledger, content eventstore.Named, decide func(P) ([]E, error),
) func(P) ([]E, error) {
	stated, err := l.stated(ctx, content)
	// Whole numbers, which are nearly all, ask nothing of the catalogue.
	stated = slices.DeleteFunc(stated, func(q quantity) bool { return q.of.IsInteger() })
	var refused error
	switch {
	case err != nil:
		refused = err
	case len(stated) == 0:
		return decide
	default:
		refused = l.checkWhole(ctx, stated)
	}
	if refused == nil {
		return decide
	}
	return func(state P) ([]E, error) {
		events, err := decide(state)
		if err != nil || len(events) == 0 || evensOut(state, content) {
			return events, err
		}
		return nil, refused
	}
}

// stated are the quantities of a command; that of a return of unused parts is of the
// part of its issue slip. What was issued as a fraction, before fractions were refused,
// may come back as one.
func (l *Ledger) stated(ctx context.Context, content eventstore.Named) (stated []quantity, err error) {
	c, ok := content.(depot.ReturnUnused)
	if !ok {
		return quantitiesOf(content), nil
	}
	if c.Quantity.IsInteger() || domain.CheckID("project", c.Project) != nil {
		return nil, nil
	}
	return stated, inspect(ctx, l, depot.Stream(c.Project), func(d *depot.Depot) error {
		if slip, ok := d.Issued(c.Issue); ok && slip.Quantity.IsInteger() {
			stated = []quantity{{"quantity", slip.Part, c.Quantity}}
		}
		return nil
	})
}

func (l *Ledger) checkWhole(ctx context.Context, stated []quantity) error {
	return inspect(ctx, l, catalogue.Stream, func(c *catalogue.Catalogue) error {
		for _, q := range stated {
			if err := c.CheckWhole(q.field, q.part, q.of); err != nil {
				return err
			}
		}
		return nil
	})
}

// evensOut reports whether a fraction is the adjustment that takes one out of the book
// again, which was let in before fractions were refused.
func evensOut(state any, content eventstore.Named) bool {
	d, ok := state.(*depot.Depot)
	c, adjusts := content.(depot.Adjust)
	return ok && adjusts && d.LeavesWhole(c)
}
