package money

import (
	"context"
	"fmt"
	"net/http"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore/ledger"
)

type chargeBatchInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		Lines []chargeLine `json:"lines" minItems:"1" maxItems:"500"`
	}
}

// chargeLine is one charge of the price list, as it is entered.
type chargeLine struct {
	Charge     string `json:"charge,omitempty" doc:"Number of the F3 line, unique in the center; derived from the Idempotency-Key and its place if absent"`
	Project    string `json:"project" example:"P001"`
	Room       string `json:"room,omitempty"`
	Owner      string `json:"owner,omitempty"`
	Ticket     string `json:"ticket,omitempty"`
	FaultLine  string `json:"faultLine,omitempty"`
	Item       string `json:"item" example:"MOVE-01"`
	Quantity   string `json:"quantity,omitempty" default:"1"`
	OccurredOn string `json:"occurredOn" example:"2026-06-18"`
	Amount     string `json:"amount,omitempty" doc:"Gross amount on the sheet; refused if it differs from price times quantity"`
	Remark     string `json:"remark,omitempty"`
}

// BatchedCharge is what became of one line of a batch.
type BatchedCharge struct {
	Charge              string `json:"charge"`
	Outcome             string `json:"outcome" enum:"RECORDED,UNCHANGED" doc:"UNCHANGED: the same request had recorded it before"`
	Gross               string `json:"gross,omitempty"`
	Posted              string `json:"posted,omitempty"`
	DueOn               string `json:"dueOn,omitempty"`
	PossibleDuplicateOf string `json:"possibleDuplicateOf,omitempty" doc:"An earlier charge that looks alike"`
}

// ChargeBatch is what became of a batch.
type ChargeBatch struct {
	Recorded  int             `json:"recorded"`
	Unchanged int             `json:"unchanged"`
	Position  uint64          `json:"position,omitempty" doc:"Log position; a query given it as 'after' shows the charges"`
	Lines     []BatchedCharge `json:"lines"`
}

func (s *service) chargeBatches() {
	kit.Command(s.Service, "/v1/centers/{center}/charge-batches", "accrue-charges",
		"Charge a center for many works at once: all of them, or none (5.3.1, 5.3.3)", kit.MayCharge,
		func(ctx context.Context, in *chargeBatchInput) (ChargeBatch, error) { return s.accrueBatch(ctx, in) })
}

// accrueBatch records every line or, if one is refused, none; every fault is named
// with its line.
func (s *service) accrueBatch(ctx context.Context, in *chargeBatchInput) (out ChargeBatch, err error) {
	c, unread := in.read(ctx)
	o, faults, err := s.Ledger(ctx).AccrueCharges(ctx, in.Request(ctx), c, unread)
	if err != nil {
		return out, err
	}
	if p := s.refusedBatch(ctx, in, faults); p != nil {
		return out, p
	}
	out.Position = uint64(o.Position)
	for _, l := range o.Lines {
		b := BatchedCharge{
			Charge: string(l.Charge.Charge), Outcome: "UNCHANGED", Gross: l.Charge.Money.Gross.String(),
			Posted:              l.Charge.Posted.String(),
			DueOn:               l.Charge.DueOn.String(),
			PossibleDuplicateOf: string(l.Charge.PossibleDuplicateOf),
		}
		if l.Recorded {
			b.Outcome = "RECORDED"
			out.Recorded++
		} else {
			out.Unchanged++
		}
		out.Lines = append(out.Lines, b)
	}
	return out, nil
}

// read turns the lines into a command, and notes what in each cannot be read.
func (in *chargeBatchInput) read(ctx context.Context) (b ledger.ChargeBatch, faults []error) {
	b.Center = domain.CenterID(in.Center)
	faults = make([]error, len(in.Body.Lines))
	for i, l := range in.Body.Lines {
		var p kit.Parser
		if l.Charge == "" {
			l.Charge = in.Request(ctx).LineRequest(i).NewID("SF")
		}
		c := ledger.Charge{Item: l.Item, AccrueCharge: account.AccrueCharge{
			Charge: domain.ChargeID(l.Charge), Center: domain.CenterID(in.Center), Project: domain.ProjectID(l.Project),
			Room: l.Room, Owner: l.Owner,
			Ticket: domain.TicketID(l.Ticket), FaultLine: domain.FaultLineID(l.FaultLine),
			Quantity:   p.Decimal("quantity", l.Quantity),
			OccurredOn: p.Date("occurredOn", l.OccurredOn), Remark: l.Remark,
		}}
		if l.Amount != "" {
			stated := p.Amount("amount", l.Amount)
			c.Stated = &stated
		}
		b.Lines, faults[i] = append(b.Lines, c), p.Faults()
	}
	return b, faults
}

// refusedBatch names every fault of a batch with its line; nil if there is none.
func (s *service) refusedBatch(ctx context.Context, in *chargeBatchInput, faults []error) *kit.Problem {
	say := wording.Of(ctx)
	var p *kit.Problem
	refused := 0
	for i, fault := range faults {
		wrong := kit.RejectionsIn(fault)
		if len(wrong) == 0 {
			continue
		}
		if refused++; p == nil {
			p = kit.ProblemIn(say, http.StatusUnprocessableEntity, "batch-refused", "")
		}
		for _, f := range wrong {
			f = s.Told(ctx, kit.AsTyped(&in.Body.Lines[i], f))
			p.Violations = append(p.Violations,
				kit.Violation{
					Field: fmt.Sprintf("lines[%d].%s", i, f.Field), Value: f.Value, Rule: say.Rule(f), Clause: f.Clause,
				})
		}
	}
	if p != nil {
		p.Detail = say.Sayf("%d of %d lines are refused, and nothing was recorded", refused, len(faults))
	}
	return p
}
