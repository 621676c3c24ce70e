// Package bankbook books the lines of bank statements that a person has accepted, and says of each what became of it.
// What a line may be is told by package bankmatch; this one needs no server either.
package bankbook

import (
	"context"
	"strings"

	"aftersales-ledger/api/bulk"
	"aftersales-ledger/api/imports"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// Line is a line of a bank statement and whose money a person says it is.
type Line struct {
	Receipt account.ReceivePayment
	// Bounces is the payment of the center that the line takes back whole (冲正, 退汇);
	// empty: the line is a receipt.
	Bounces domain.PaymentID
	Unread  error // why the line says nothing that can be booked; nil: it does
}

// Status is what became of an accepted line.
type Status string

const (
	Booked        Status = "BOOKED"
	BookedBefore  Status = "BOOKED_BEFORE"
	Bounced       Status = "BOUNCED"
	BouncedBefore Status = "BOUNCED_BEFORE"
	Refused       Status = "REFUSED"
	Failed        Status = "FAILED" // the log could not take it; it may be sent again
)

// Result is what became of one line.
type Result struct {
	Status  Status
	Outcome eventstore.Outcome // of its command; the zero value where it was refused or failed
	Refusal *domain.Rejection  // why it was refused, or who had bounced the payment before
}

// Accept books every line by itself, under a key made of its content and its
// sender: to repeat an acceptance, whole or in part, books nothing twice, and a
// line that is refused does not stop the others. The lines of one center are booked
// in order, centers side by side. The error is of the log; the results say how far
// it came.
func Accept(ctx context.Context, l *ledger.Ledger, r ledger.Request, lines []Line) ([]Result, error) {
	results, all := make([]Result, len(lines)), make([]int, len(lines))
	for i := range lines {
		results[i].Status, all[i] = Failed, i
	}
	centers := bulk.Groups(all, func(i int) string { return string(lines[i].Receipt.Center) })
	return results, bulk.SideBySide(ctx, centers, func(ctx context.Context, center bulk.Group[int]) error {
		_, err := bulk.Each(center.Rows, func(i int) (eventstore.Outcome, error) {
			return accept(ctx, l, r, lines[i])
		}, func(i int, o eventstore.Outcome, refusal *domain.Rejection) {
			results[i] = resultOf(lines[i], o, refusal)
		})
		return err
	})
}

func accept(ctx context.Context, l *ledger.Ledger, r ledger.Request, line Line) (eventstore.Outcome, error) {
	c := line.Receipt
	switch {
	case line.Unread != nil:
		return eventstore.Outcome{}, line.Unread
	case line.Bounces != "":
		back := account.BouncePayment{
			Payment: line.Bounces, Center: c.Center, Reason: strings.TrimSpace("银行冲正，流水号 " + c.BankReference),
			On: c.ReceivedOn,
		}
		r.Key = "bank-bounce-" + imports.Fingerprint(r.Actor, back)[:32]
		return ledger.Do(ctx, l, r, back, (*account.Account).BouncePayment)
	}
	// Of who accepts it, too: one who completes what another began is not taken for a
	// repeat with other content.
	r.Key = "bank-line-" + imports.Fingerprint(r.Actor, c)[:32]
	return l.ReceivePayment(ctx, r, c)
}

func resultOf(line Line, o eventstore.Outcome, refusal *domain.Rejection) Result {
	switch {
	case refusal != nil && line.Bounces != "" && refusal.Code == "payment-bounced":
		return Result{Status: BouncedBefore, Refusal: refusal}
	case refusal != nil:
		return Result{Status: Refused, Refusal: refusal}
	case line.Bounces != "":
		return Result{Status: Bounced, Outcome: o}
	case len(o.Events) == 0 || o.Repeated:
		return Result{Status: BookedBefore, Outcome: o}
	}
	return Result{Status: Booked, Outcome: o}
}
