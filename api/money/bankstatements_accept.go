package money

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"aftersales-ledger/api/imports"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type acceptBankLinesInput struct {
	kit.CommandHeaders
	Body struct {
		Lines []AcceptedLine `json:"lines" minItems:"1" maxItems:"1000"`
	}
}

// AcceptedLine is a line of a bank statement and whose money a person says it is.
type AcceptedLine struct {
	Reference   string            `json:"reference" example:"ICBC-20260905-0001" doc:"The bank's serial number: one reference is one payment"`
	Payer       string            `json:"payer" example:"云栖花园物业服务中心"`
	Remark      string            `json:"remark,omitempty"`
	Amount      string            `json:"amount" example:"5000.00"`
	Currency    string            `json:"currency,omitempty" default:"CNY" doc:"Only CNY is booked"`
	ReceivedOn  string            `json:"receivedOn" example:"2026-09-05"`
	Center      string            `json:"center" example:"C01"`
	Designation []designationBody `json:"designation,omitempty" doc:"Charges that are paid; the rest goes to the oldest due"`
	Bounces     string            `json:"bounces,omitempty" doc:"Payment of the center that this line takes back whole (冲正, 退汇): it is bounced, and nothing is received"`
	BankMovement
}

// What became of an accepted line.
const (
	acceptBooked  = "BOOKED"
	acceptBefore  = "BOOKED_BEFORE"
	acceptBounced = "BOUNCED"
	bouncedBefore = "BOUNCED_BEFORE"
	acceptRefused = "REFUSED"
	acceptFailed  = "FAILED"
)

// AcceptanceReport says line by line what became of accepted lines.
type AcceptanceReport struct {
	Lines        []AcceptanceResult `json:"lines" doc:"In the order of the request"`
	Booked       int                `json:"booked"`
	BookedAmount string             `json:"bookedAmount" doc:"Sum of the lines booked now, yuan"`
	BookedBefore int                `json:"bookedBefore"`
	Bounced      int                `json:"bounced" doc:"Payments taken back by the bank, now or by an earlier acceptance"`
	Refused      int                `json:"refused"`
	Failed       int                `json:"failed" doc:"Lines that the log could not take; send them again"`
	Position     uint64             `json:"position" doc:"Log position; a query given it as 'after' shows the payments"`
}

// AcceptanceResult is what became of one line.
type AcceptanceResult struct {
	Reference           string           `json:"reference"`
	Center              string           `json:"center"`
	Amount              string           `json:"amount"`
	Outcome             string           `json:"outcome" enum:"BOOKED,BOOKED_BEFORE,BOUNCED,BOUNCED_BEFORE,REFUSED,FAILED"`
	Allocated           []AllocationLine `json:"allocated" doc:"Charges settled by this line, where it was booked under this acceptance"`
	PossibleDuplicateOf string           `json:"possibleDuplicateOf,omitempty" doc:"An earlier payment that looks alike; this one waits unapplied for a person"`
	Remark              string           `json:"remark,omitempty" doc:"Of BOUNCED_BEFORE: who recorded it"`
	Problem             *kit.Problem     `json:"problem,omitempty" doc:"Why the line was not booked"`

	position uint64
	amount   money.Amount
}

// acceptBankLines books every line by itself, under a key made of its content
// and its sender: to repeat an acceptance, whole or in part, books nothing twice,
// and a line that is refused does not stop the others. The lines of one center
// are booked in order.
func (s *service) acceptBankLines(ctx context.Context, in *acceptBankLinesInput) (AcceptanceReport, error) {
	r := in.Request(ctx)
	if in.Correlation == "" {
		r.CorrelationID = in.Key
	}
	results := make([]AcceptanceResult, len(in.Body.Lines))
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(imports.InFlight)
	var centers []string
	of := make(map[string][]int)
	for i, l := range in.Body.Lines {
		if of[l.Center] == nil {
			centers = append(centers, l.Center)
		}
		of[l.Center] = append(of[l.Center], i)
		results[i] = AcceptanceResult{
			Reference: l.Reference, Center: l.Center, Amount: l.Amount, Outcome: acceptFailed, Allocated: []AllocationLine{},
		}
	}
	for _, center := range centers {
		group.Go(func() error {
			for _, i := range of[center] {
				if err := s.acceptBankLine(gctx, r, in.Body.Lines[i], &results[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return s.acceptanceReport(ctx, results, group.Wait())
}

// acceptBankLine books one line. The error is of the log, and stops the lines
// that are not under way.
func (s *service) acceptBankLine(
	ctx context.Context, r ledger.Request, l AcceptedLine, result *AcceptanceResult,
) error {
	c, err := l.receipt()
	var o eventstore.Outcome
	switch {
	case err != nil:
	case l.Bounces != "":
		back := account.BouncePayment{
			Payment: domain.PaymentID(l.Bounces), Center: c.Center, Reason: strings.TrimSpace("银行冲正，流水号 " + l.Reference),
			On: c.ReceivedOn,
		}
		r.Key = "bank-bounce-" + imports.Fingerprint(r.Actor, back)[:32]
		o, err = ledger.Do(ctx, s.Ledger(ctx), r, back, (*account.Account).BouncePayment)
	default:
		r.Key = acceptanceKey(r.Actor, c)
		o, err = s.Ledger(ctx).ReceivePayment(ctx, r, c)
	}
	switch {
	case err == nil && l.Bounces != "":
		result.Outcome, result.position = acceptBounced, uint64(o.Position)
	case err == nil:
		result.book(c, o)
	case l.Bounces != "" && kit.RefusalOf(err) != nil && kit.RefusalOf(err).Code == "payment-bounced":
		result.Outcome, result.Remark = bouncedBefore, wording.Of(ctx).Say(kit.RefusalOf(err).Rule)
	case kit.RefusalOf(err) != nil:
		result.Outcome, result.Problem = acceptRefused, kit.ProblemOf(ctx, err)
	default:
		return err
	}
	return nil
}

func (l AcceptedLine) receipt() (account.ReceivePayment, error) {
	var p kit.Parser
	c := l.of(account.ReceivePayment{
		Center: domain.CenterID(l.Center), BankReference: l.Reference, Payer: l.Payer, Remark: l.Remark,
		Amount: p.Amount("amount", l.Amount), ReceivedOn: p.Date("receivedOn", l.ReceivedOn),
		Designation: designations(&p, "designation", l.Designation),
	})
	if l.Currency != money.Currency {
		p.Fail("currency", domain.Invalid("currency", domain.Clip(l.Currency), "other-currency", "must be CNY", "Money"))
	}
	return c, p.Err
}

// acceptanceKey is the idempotency key of a line: of its content and of who
// accepts it, so that one who completes what another began is not taken for a
// repeat with other content.
func acceptanceKey(a domain.Actor, c account.ReceivePayment) string {
	return "bank-line-" + imports.Fingerprint(a, c)[:32]
}

func (r *AcceptanceResult) book(c account.ReceivePayment, o eventstore.Outcome) {
	r.Outcome, r.position = acceptBefore, uint64(o.Position)
	if len(o.Events) == 0 {
		return
	}
	receipt := paymentReceipt(c.BankReference, o)
	r.Allocated, r.PossibleDuplicateOf = receipt.Allocated, receipt.PossibleDuplicateOf
	if !o.Repeated {
		r.Outcome, r.amount = acceptBooked, c.Amount
	}
}

// acceptanceReport sums up. Where the log failed before anything was booked, the
// failure is the answer.
func (s *service) acceptanceReport(
	ctx context.Context, results []AcceptanceResult, failure error,
) (AcceptanceReport, error) {
	report := AcceptanceReport{Lines: results}
	var sum money.Amount
	for i := range results {
		r := &results[i]
		report.Position = max(report.Position, r.position)
		switch r.Outcome {
		case acceptBooked:
			report.Booked++
			sum = sum.Add(r.amount)
		case acceptBefore:
			report.BookedBefore++
		case acceptBounced, bouncedBefore:
			report.Bounced++
		case acceptRefused:
			report.Refused++
		case acceptFailed:
			report.Failed++
		}
	}
	report.BookedAmount = sum.String()
	if failure != nil && report.Booked == 0 {
		return report, fmt.Errorf("accept lines of a bank statement: %w", failure)
	}
	for i := range results {
		if results[i].Outcome == acceptFailed {
			results[i].Problem = s.Problem(ctx, failure)
		}
	}
	return report, nil
}
