package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore/ledger"
)

type chargeBatchInput struct {
	CommandHeaders
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
	Charge  string `json:"charge"`
	Outcome string `json:"outcome" enum:"RECORDED,UNCHANGED" doc:"UNCHANGED: the same request had recorded it before"`
	Gross   string `json:"gross,omitempty"`
	Posted  string `json:"posted,omitempty"`
	DueOn   string `json:"dueOn,omitempty"`
}

// ChargeBatch is what became of a batch.
type ChargeBatch struct {
	Recorded  int             `json:"recorded"`
	Unchanged int             `json:"unchanged"`
	Position  uint64          `json:"position,omitempty" doc:"Log position; a query given it as 'after' shows the charges"`
	Lines     []BatchedCharge `json:"lines"`
}

func (s *server) chargeBatches() {
	command(s, "/v1/centers/{center}/charge-batches", "accrue-charges", "Charge a center for many works at once: all of them, or none (5.3.1, 5.3.3)", mayCharge,
		func(ctx context.Context, in *chargeBatchInput) (ChargeBatch, error) { return s.accrueBatch(ctx, in) })
}

// batch is a batch that was read.
type batch struct {
	charges  []ledger.Charge
	requests []ledger.Request
}

// accrueBatch checks every line before it records the first: a batch with a bad
// line records nothing, and every fault of it is named. Each line has a key of
// its own, made of the request's: the request again completes one that broke
// off, and records nothing twice.
func (s *server) accrueBatch(ctx context.Context, in *chargeBatchInput) (out ChargeBatch, err error) {
	b, faults := in.read(ctx)
	known := make([]bool, len(b.charges))
	for i, c := range b.charges {
		if faults[i] != nil {
			continue
		}
		var r *domain.Rejection
		if known[i], err = s.deps.Ledger.RehearseCharge(ctx, b.requests[i], c); errors.As(err, &r) {
			faults[i] = r
		} else if err != nil {
			return out, err
		}
	}
	if p := refusedBatch(wording.Of(ctx), faults); p != nil {
		return out, p
	}
	out.Lines = make([]BatchedCharge, len(b.charges))
	for i, c := range b.charges {
		o, err := s.deps.Ledger.AccrueCharge(ctx, b.requests[i], c)
		if err != nil {
			return out, err
		}
		receipt := chargeReceipt(string(c.Charge), o)
		out.Lines[i] = BatchedCharge{string(c.Charge), "RECORDED", receipt.Gross, receipt.Posted, receipt.DueOn}
		out.Position = max(out.Position, receipt.Position)
		if known[i] {
			out.Lines[i].Outcome = "UNCHANGED"
			out.Unchanged++
		} else {
			out.Recorded++
		}
	}
	return out, nil
}

// read turns the lines into commands, and notes what is wrong with each.
func (in *chargeBatchInput) read(ctx context.Context) (b batch, faults []*domain.Rejection) {
	faults = make([]*domain.Rejection, len(in.Body.Lines))
	first := make(map[string]int, len(in.Body.Lines))
	for i, l := range in.Body.Lines {
		var p parser
		r := in.request(ctx)
		r.Key = lineKey(r.Key, i)
		if l.Charge == "" {
			l.Charge = r.NewID("SF")
		}
		c := ledger.Charge{Item: l.Item, AccrueCharge: account.AccrueCharge{
			Charge: domain.ChargeID(l.Charge), Center: domain.CenterID(in.Center), Project: domain.ProjectID(l.Project), Room: l.Room, Owner: l.Owner,
			Ticket: domain.TicketID(l.Ticket), FaultLine: domain.FaultLineID(l.FaultLine), Quantity: p.decimal("quantity", l.Quantity),
			OccurredOn: p.date("occurredOn", l.OccurredOn), Remark: l.Remark,
		}}
		if l.Amount != "" {
			stated := p.amount("amount", l.Amount)
			c.Stated = &stated
		}
		if before, twice := first[l.Charge]; twice {
			errors.As(domain.Conflict("charge", l.Charge, "number-twice", "is in lines[%d] already", "5.3.3", before), &faults[i])
		}
		first[l.Charge] = i
		if p.err != nil {
			errors.As(p.err, &faults[i])
		}
		b.charges, b.requests = append(b.charges, c), append(b.requests, r)
	}
	return b, faults
}

// lineKey is the idempotency key of one line.
func lineKey(key string, line int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, line))
	return "batch-" + hex.EncodeToString(sum[:16])
}

// refusedBatch names every fault of a batch with its line; nil if there is none.
func refusedBatch(say wording.Language, faults []*domain.Rejection) *Problem {
	var p *Problem
	for i, f := range faults {
		if f == nil {
			continue
		}
		if p == nil {
			p = problemIn(http.StatusUnprocessableEntity, "batch-refused", "")
		}
		p.Violations = append(p.Violations, Violation{fmt.Sprintf("lines[%d].%s", i, f.Field), f.Value, say.Say(f.Rule), f.Clause})
	}
	if p != nil {
		p.Detail = say.Sayf("%d of %d lines are refused, and nothing was recorded", len(p.Violations), len(faults))
	}
	return p
}
