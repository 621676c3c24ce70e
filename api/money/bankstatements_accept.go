package money

import (
	"context"
	"fmt"

	"aftersales-ledger/api/bank/bankbook"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
)

type acceptBankLinesInput struct {
	kit.BulkHeaders
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
}

func (s *service) acceptBankLines(ctx context.Context, in *acceptBankLinesInput) (AcceptanceReport, error) {
	r := in.Request(ctx)
	if in.Correlation == "" {
		r.CorrelationID = in.Key
	}
	lines := make([]bankbook.Line, len(in.Body.Lines))
	unknown := make(map[string]error) // by center
	for i, l := range in.Body.Lines {
		if _, looked := unknown[l.Center]; !looked {
			unknown[l.Center] = s.MustBeCenter(ctx, "center", l.Center)
		}
		if lines[i] = l.line(); lines[i].Unread == nil {
			lines[i].Unread = unknown[l.Center]
		}
	}
	results, failure := bankbook.Accept(ctx, s.Ledger(ctx), r, lines)
	return s.acceptanceReport(ctx, in.Body.Lines, lines, results, failure)
}

func (l AcceptedLine) line() bankbook.Line {
	var p kit.Parser
	c := l.of(account.ReceivePayment{
		Center: domain.CenterID(l.Center), BankReference: l.Reference, Payer: l.Payer, Remark: l.Remark,
		Amount: p.Amount("amount", l.Amount), ReceivedOn: p.Date("receivedOn", l.ReceivedOn),
		Designation: designations(&p, "designation", l.Designation),
	})
	if l.Currency != money.Currency {
		p.Fail("currency", domain.Invalid("currency", domain.Clip(l.Currency), "other-currency", "must be CNY", "Money"))
	}
	return bankbook.Line{Receipt: c, Bounces: domain.PaymentID(l.Bounces), Unread: p.Err}
}

// acceptanceReport sums up. Where the log failed before anything was booked, the
// failure is the answer.
func (s *service) acceptanceReport(
	ctx context.Context, asked []AcceptedLine, lines []bankbook.Line, results []bankbook.Result, failure error,
) (AcceptanceReport, error) {
	report := AcceptanceReport{Lines: make([]AcceptanceResult, len(results))}
	var sum money.Amount
	for i, r := range results {
		line := &report.Lines[i]
		*line = AcceptanceResult{
			Reference: asked[i].Reference, Center: asked[i].Center, Amount: asked[i].Amount, Outcome: string(r.Status),
			Allocated: []AllocationLine{},
		}
		report.Position = max(report.Position, uint64(r.Outcome.Position))
		switch r.Status {
		case bankbook.Booked:
			report.Booked++
			sum = sum.Add(lines[i].Receipt.Amount)
		case bankbook.BookedBefore:
			report.BookedBefore++
		case bankbook.Bounced:
			report.Bounced++
		case bankbook.BouncedBefore:
			report.Bounced++
			line.Remark = wording.Of(ctx).Rule(s.Told(ctx, r.Refusal))
		case bankbook.Refused:
			report.Refused++
			line.Problem = s.Problem(ctx, r.Refusal)
		case bankbook.Failed:
			report.Failed++
		}
		if r.Status == bankbook.Booked || r.Status == bankbook.BookedBefore {
			line.Allocated, line.PossibleDuplicateOf = allocationLines(r.Outcome), possibleDuplicate(r.Outcome)
		}
	}
	report.BookedAmount = sum.String()
	if failure != nil && report.Booked == 0 {
		return report, fmt.Errorf("accept lines of a bank statement: %w", failure)
	}
	for i := range report.Lines {
		if results[i].Status == bankbook.Failed {
			report.Lines[i].Problem = s.Problem(ctx, failure)
		}
	}
	return report, nil
}
