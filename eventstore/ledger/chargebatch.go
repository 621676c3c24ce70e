package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore"
)

// ChargeBatch is the request to charge a center for many works at once.
type ChargeBatch struct {
	Center domain.CenterID `json:"center,omitzero"`
	Lines  []Charge        `json:"lines,omitempty"`
}

// BatchedLine is what became of one line of a batch.
type BatchedLine struct {
	Charge   account.ChargeAccrued
	Recorded bool // else it had been before
}

// BatchOutcome is what became of a batch.
type BatchOutcome struct {
	Lines    []BatchedLine
	Position eventstore.Position
}

// LineRequest is the request of one line of a batch by itself. Batches were
// recorded so before they were recorded at once; and what a line is called that
// has no number is made of it.
func (r Request) LineRequest(line int) Request {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", r.Key, line))
	r.Key, r.If = "batch-"+hex.EncodeToString(sum[:16]), eventstore.Belief{} // the line before has passed it
	return r
}

// AccrueCharges charges a center for many works at once (§5.3.1): all of them, in
// one append, or none. faults are the rejections, by line; nil where there are
// none. unread are those of lines that could not be read: nothing is recorded, and
// the faults of the others are found all the same. The request again records nothing
// twice, and completes a batch of which an
// earlier version had recorded some lines, one by one, when it broke off.
func (l *Ledger) AccrueCharges(
	ctx context.Context, r Request, c ChargeBatch, unread []error,
) (out BatchOutcome, faults []error, err error) {
	if faults, err = l.outsideProjects(ctx, c); faults != nil || err != nil {
		return out, faults, err
	}
	if err := l.centerExists(ctx, c.Center); err != nil {
		return out, nil, err
	}
	for _, line := range c.Lines { // each is held against the scope by its project, too, when it is priced
		if l.scope.Has(access.Place{Project: line.Project}) {
			l = l.naming(line.Project)
		}
	}
	stream := account.Stream(c.Center)
	known, err := rehearse(ctx, l, r, stream, c, decideNothing)
	if err != nil {
		return out, nil, err
	}
	b := batch{done: make([]bool, len(c.Lines)), faults: slices.Clone(unread)}
	if !known {
		if err := l.readBatch(ctx, r, c, &b); err != nil {
			return out, nil, err
		}
		if b.refused() {
			return out, b.faults, nil
		}
	}
	var late []error // a line that was fine until another command came between
	o, err := l.onAccount(ctx, r, c.Center, c, func(a *account.Account) ([]account.Event, error) {
		events, lines := a.AccrueCharges(b.priced, l.rules, l.today())
		late = lines
		return events, domain.FirstError(lines...)
	})
	if late != nil && isRefusal(err) {
		return out, b.place(late, len(c.Lines)), nil
	}
	if err != nil {
		return out, nil, err
	}
	out.Position = o.Position
	accrued := make(map[domain.ChargeID]account.ChargeAccrued, len(c.Lines))
	for _, e := range o.Events {
		if e, ok := e.(account.ChargeAccrued); ok {
			accrued[e.Charge] = e
		}
	}
	for i, line := range c.Lines {
		if _, here := accrued[line.Charge]; !here {
			was, err := l.AccrueCharge(ctx, r.LineRequest(i), line) // a repeat
			if err != nil {
				return out, nil, err
			}
			for _, e := range was.Events {
				if e, ok := e.(account.ChargeAccrued); ok {
					accrued[e.Charge] = e
				}
			}
		}
		out.Lines = append(out.Lines, BatchedLine{accrued[line.Charge], !o.Repeated && !b.done[i]})
	}
	return out, nil, nil
}

// outsideProjects are the rejections of lines whose projects are none, for somebody who
// reaches the account by its projects alone: without one of them there is no account for
// them either, and the mistake is the project's. nil: nothing is wrong by that.
func (l *Ledger) outsideProjects(ctx context.Context, c ChargeBatch) (faults []error, err error) {
	if l.scope.Has(access.Place{Center: c.Center}) || !l.scope.KnowsCenter(c.Center) {
		return nil, nil
	}
	list, wrong := make([]error, len(c.Lines)), false
	for i, line := range c.Lines {
		if l.scope.Has(access.Place{Project: line.Project}) {
			return nil, nil
		}
		switch list[i] = l.projectExists(ctx, line.Project); {
		case isRefusal(list[i]):
			wrong = true
		case list[i] != nil:
			return nil, list[i]
		}
	}
	if !wrong {
		return nil, nil
	}
	return list, nil
}

// decideNothing asks whether a command was carried out before.
func decideNothing(*account.Account) ([]account.Event, error) { return nil, nil }

// batch is a batch on its way into the account.
type batch struct {
	done   []bool // recorded by itself, by an earlier version
	priced []account.PricedCharge
	at     []int   // the line of each that is priced
	faults []error // of every line; nil: none
}

func (b *batch) refused() bool {
	return slices.ContainsFunc(b.faults, func(err error) bool { return err != nil })
}

// readBatch finds the prices of a batch's lines, and every fault of them.
func (l *Ledger) readBatch(ctx context.Context, r Request, c ChargeBatch, b *batch) error {
	for i, line := range c.Lines {
		if b.faults[i] != nil {
			continue
		}
		quote, err := l.priceCharge(ctx, line)
		if err == nil {
			b.done[i], err = rehearse(ctx, l, r.LineRequest(i), account.Stream(c.Center), line,
				decideNothing)
		}
		switch {
		case isRefusal(err):
			b.faults[i] = err
		case err != nil:
			return err
		case !b.done[i]:
			b.priced, b.at = append(b.priced, account.PricedCharge{Charge: line.AccrueCharge, Quote: quote}), append(b.at, i)
		}
	}
	return inspect(ctx, l, account.Stream(c.Center), func(a *account.Account) error {
		_, lines := a.AccrueCharges(b.priced, l.rules, l.today())
		for i, err := range b.place(lines, len(c.Lines)) {
			if err != nil {
				b.faults[i] = err
			}
		}
		return nil
	})
}

// place puts the faults of the priced lines where these stand in the batch.
func (b *batch) place(lines []error, n int) []error {
	if lines == nil {
		return nil
	}
	faults := make([]error, n)
	for i, err := range lines {
		faults[b.at[i]] = err
	}
	return faults
}
