package repairs

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/eventstore/ledger"
)

type decideReturnInput struct {
	kit.CommandHeaders
	Return string `path:"return"`
	Body   struct {
		Approve  bool   `json:"approve"`
		Amount   string `json:"amount,omitempty" example:"420.00" doc:"What we bear, as the decider saw it; required of the HQ affairs supervisor and the department manager"`
		Note     string `json:"note,omitempty" doc:"The reason, required for a rejection"`
		MailPage string `json:"mailPage,omitempty" doc:"SHA-256 of the approval e-mail page (邮件批复页)"`
	}
}

type resubmitReturnInput struct {
	kit.CommandHeaders
	Return string `path:"return"`
	Body   struct {
		Bearer   string `json:"bearer,omitempty" enum:"DEPARTMENT,CENTER,MAKER" doc:"With estimate; absent: the cost is as before"`
		Estimate string `json:"estimate,omitempty"`
		Fault    string `json:"fault,omitempty" doc:"Absent: as before"`
		Note     string `json:"note" doc:"What was changed, or why it was right"`
	}
}

type quoteRepairInput struct {
	kit.CommandHeaders
	Return string `path:"return"`
	Body   struct {
		Supplier string `json:"supplier,omitempty" doc:"Who is to be paid; the maker if absent"`
		Amount   string `json:"amount" example:"560.00"`
		Letter   string `json:"letter,omitempty" doc:"SHA-256 of the supplier's charge confirmation letter (维修设备收费确认函)"`
		QuotedOn string `json:"quotedOn" example:"2026-07-01"`
	}
}

type confirmLetterInput struct {
	kit.CommandHeaders
	Return string `path:"return"`
	Body   struct {
		Amount string `json:"amount" example:"560.00" doc:"As the letter says"`
		Letter string `json:"letter" doc:"SHA-256 of the letter as we confirmed it"`
	}
}

type followUpReturnInput struct {
	kit.CommandHeaders
	Return string `path:"return"`
	Body   struct {
		Contact        string `json:"contact" example:"海康威视售后" doc:"Who was spoken with"`
		Note           string `json:"note"`
		ExpectedBackOn string `json:"expectedBackOn,omitempty" doc:"As promised now; absent: as before"`
		On             string `json:"on" example:"2026-07-22"`
	}
}

type compensationSheetInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		Return     string `json:"return,omitempty" doc:"Number of the process sheet F2; derived from the Idempotency-Key if absent"`
		Charge     string `json:"charge,omitempty" doc:"Number of the charge it becomes; derived if absent"`
		Quote      string `json:"quote"`
		Amount     string `json:"amount" doc:"As the F2 states it: exactly what was quoted"`
		OccurredOn string `json:"occurredOn"`
	}
}

// repairs are what happens on a process sheet beside the device's journey.
func (s *service) repairs() {
	kit.Command(s.Service, "/v1/returns/{return}/decision", "decide-return",
		"Review, approve or reject a process sheet at the gate of one's role (5.2.1, 5.3.2)", kit.MayDecideReturns,
		func(ctx context.Context, in *decideReturnInput) (kit.ReviewReceipt, error) {
			var p kit.Parser
			c := ledger.DecideReturn{
				Return: domain.ReturnID(in.Return), Approve: in.Body.Approve, Amount: optionalAmount(&p, "amount", in.Body.Amount),
				Note:     in.Body.Note,
				MailPage: attachment.Digest(in.Body.MailPage),
			}
			if p.Err != nil {
				return kit.ReviewReceipt{}, p.Err
			}
			o, err := s.Ledger(ctx).DecideReturn(ctx, in.Request(ctx), c)
			if err != nil {
				return kit.ReviewReceipt{}, err
			}
			return s.ReviewedSheet(ctx, kit.ReceiptOf(in.Return, o), c.Return), nil
		})
	kit.Command(s.Service, "/v1/returns/{return}/resubmission", "resubmit-return",
		"Put a rejected process sheet forward again (5.2.1)", kit.MayFileReturns,
		func(ctx context.Context, in *resubmitReturnInput) (kit.Receipt, error) {
			var p kit.Parser
			b := in.Body
			c := repair.Resubmit{Return: domain.ReturnID(in.Return), Fault: b.Fault, Note: b.Note}
			if b.Bearer != "" || b.Estimate != "" {
				cost := cost(&p, b.Bearer, b.Estimate)
				c.Cost = &cost
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*repair.Return).Resubmit)
			return kit.ReceiptOf(in.Return, o), err
		})
	kit.Command(s.Service, "/v1/returns/{return}/quote", "quote-repair",
		"Enter what the maker asks; above the approved amount both approve again (5.2.1)", kit.MayQuoteRepairs,
		func(ctx context.Context, in *quoteRepairInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ledger.QuoteRepair{
				Return: domain.ReturnID(in.Return), Supplier: in.Body.Supplier, Amount: p.Amount("amount", in.Body.Amount),
				Letter: attachment.Digest(in.Body.Letter), QuotedOn: p.Date("quotedOn", in.Body.QuotedOn),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).QuoteRepair(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(in.Return, o), err
		})
	kit.Command(s.Service, "/v1/returns/{return}/letter", "confirm-letter",
		"Confirm the supplier's charge confirmation letter (5.2.2)", kit.MayConfirmLetters,
		func(ctx context.Context, in *confirmLetterInput) (kit.Receipt, error) {
			var p kit.Parser
			c := ledger.ConfirmLetter{
				Return: domain.ReturnID(in.Return), Amount: p.Amount("amount", in.Body.Amount),
				Letter: attachment.Digest(in.Body.Letter),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).ConfirmLetter(ctx, in.Request(ctx), c)
			return kit.ReceiptOf(in.Return, o), err
		})
	kit.Command(s.Service, "/v1/returns/{return}/follow-ups", "follow-up-return",
		"Note a word with the maker about a device (5.2.1)", kit.MayFollowReturns,
		func(ctx context.Context, in *followUpReturnInput) (kit.Receipt, error) {
			var p kit.Parser
			c := repair.FollowUp{
				Return: domain.ReturnID(in.Return), Contact: in.Body.Contact, Note: in.Body.Note,
				ExpectedBackOn: p.Date("expectedBackOn", in.Body.ExpectedBackOn), On: p.Date("on", in.Body.On),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*repair.Return).FollowUp)
			return kit.ReceiptOf(in.Return, o), err
		})
	kit.Command(s.Service, "/v1/centers/{center}/compensation-sheets", "file-compensation-sheet",
		"File the F2 of a quoted compensation; the HQ affairs supervisor's review charges it (5.3.2)", kit.MayCompensate,
		func(ctx context.Context, in *compensationSheetInput) (kit.Receipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Return == "" {
				b.Return = r.NewID("F2")
			}
			if b.Charge == "" {
				b.Charge = r.NewID("SF")
			}
			c := ledger.FileCompensation{
				Return: domain.ReturnID(b.Return), Center: domain.CenterID(in.Center), Quote: domain.QuoteID(b.Quote),
				Charge: domain.ChargeID(b.Charge),
				Amount: p.Amount("amount", b.Amount), OccurredOn: p.Date("occurredOn", b.OccurredOn),
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			o, err := s.Ledger(ctx).FileCompensation(ctx, r, c)
			return kit.ReceiptOf(b.Return, o), err
		})
}

// cost reads who bears what: us, and nothing known, where it is not said.
func cost(p *kit.Parser, bearer, estimate string) repair.Cost {
	c := repair.Cost{Bearer: policy.Bearer(bearer)}
	if bearer == "" {
		c.Bearer = repair.ByUs
	}
	if estimate != "" {
		c.Estimate = p.Amount("estimate", estimate)
	}
	return c
}

func optionalAmount(p *kit.Parser, field, s string) *money.Amount {
	if s == "" {
		return nil
	}
	a := p.Amount(field, s)
	return &a
}
