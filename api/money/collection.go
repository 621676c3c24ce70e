package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type claimInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		Claim string `json:"claim,omitempty" doc:"Number of the claim; derived from the Idempotency-Key if absent"`
		Half  string `json:"half" example:"2026H1"`
	}
}

type reminderInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		Reminder string `json:"reminder,omitempty" doc:"Number of the reminder; derived from the Idempotency-Key if absent"`
	}
}

type followUpInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		FollowUp   string `json:"followUp,omitempty"`
		Contact    string `json:"contact" doc:"Whom the city lead spoke with"`
		Note       string `json:"note"`
		PromisedOn string `json:"promisedOn,omitempty" doc:"When the center said it would pay"`
		Promised   string `json:"promised,omitempty" doc:"What it said it would pay; absent with a date: what is overdue on that day"`
		On         string `json:"on"`
	}
}

type reportChargesInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Body   struct {
		Project string `json:"project"`
		Month   string `json:"month" example:"2026-09"`
	}
}

// ClaimedLine is one charge that a center is asked to pay.
type ClaimedLine struct {
	Charge string `json:"charge"`
	Open   string `json:"open"`
	DueOn  string `json:"dueOn,omitempty"`
}

// ClaimReceipt answers a claim, a reminder or an F3 with its lines.
type ClaimReceipt struct {
	kit.Receipt
	Lines     []ClaimedLine `json:"lines"`
	Unapplied string        `json:"unapplied,omitempty" doc:"The center's own money with us, which is taken off"`
	Total     string        `json:"total" doc:"Of the lines, less unapplied"`
}

// FollowUpReceipt answers a word with a center with what it promised.
type FollowUpReceipt struct {
	kit.Receipt
	PromisedOn string `json:"promisedOn,omitempty"`
	Promised   string `json:"promised,omitempty" doc:"What keeps the promise"`
	Presumed   bool   `json:"presumed,omitempty" doc:"No amount was named: it is what is overdue on the day, less the center's own money"`
}

func (s *service) collection() {
	kit.Command(s.Service, "/v1/centers/{center}/claims", "issue-claim",
		"Claim a half-year's money; what is disputed is left out, and the center's own unapplied money taken off (5.3.4)", kit.MayCollect,
		func(ctx context.Context, in *claimInput) (ClaimReceipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.Claim == "" {
				b.Claim = r.NewID("CK")
			}
			c := account.IssueClaim{
				Claim: domain.NoticeID(b.Claim), Center: domain.CenterID(in.Center), Half: p.Half("half", b.Half),
			}
			if p.Err != nil {
				return ClaimReceipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), r, c, ledger.ByRules(s.Ledger(ctx), (*account.Account).IssueClaim))
			return claimReceipt(b.Claim, o), err
		})
	kit.Command(s.Service, "/v1/centers/{center}/reminders", "issue-reminder",
		"Remind of what is overdue; what is disputed is left out, and the center's own unapplied money taken off (5.3.4)", kit.MayCollect,
		func(ctx context.Context, in *reminderInput) (ClaimReceipt, error) {
			b, r := in.Body, in.Request(ctx)
			if b.Reminder == "" {
				b.Reminder = r.NewID("CB")
			}
			c := account.IssueReminder{Reminder: domain.NoticeID(b.Reminder), Center: domain.CenterID(in.Center)}
			o, err := ledger.Do(ctx, s.Ledger(ctx), r, c, (*account.Account).IssueReminder)
			return claimReceipt(b.Reminder, o), err
		})
	kit.Command(s.Service, "/v1/centers/{center}/follow-ups", "note-follow-up",
		"Record a word with a center about its debt, and its promise (5.3.4)", kit.MayCollect,
		func(ctx context.Context, in *followUpInput) (FollowUpReceipt, error) {
			var p kit.Parser
			b, r := in.Body, in.Request(ctx)
			if b.FollowUp == "" {
				b.FollowUp = r.NewID("GJ")
			}
			c := account.NoteFollowUp{
				FollowUp: domain.NoticeID(b.FollowUp), Center: domain.CenterID(in.Center), Contact: b.Contact, Note: b.Note,
				PromisedOn: p.Date("promisedOn", b.PromisedOn), On: p.Date("on", b.On),
			}
			if b.Promised != "" {
				c.Promised = p.Amount("promised", b.Promised)
				p.Fail("promised", c.Promised.CheckPositive("promised")) // a promise of nothing is none: leave it out
			}
			if p.Err != nil {
				return FollowUpReceipt{}, p.Err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), r, c, (*account.Account).NoteFollowUp)
			return followUpReceipt(b.FollowUp, o), err
		})
	kit.Command(s.Service, "/v1/centers/{center}/charge-reports", "report-charges",
		"File a project's F3: every posted charge not reported before (5.3.3)", kit.MayCharge,
		func(ctx context.Context, in *reportChargesInput) (ClaimReceipt, error) {
			var p kit.Parser
			c := account.ReportCharges{
				Center: domain.CenterID(in.Center), Project: domain.ProjectID(in.Body.Project),
				Month: p.Month("month", in.Body.Month),
			}
			if p.Err != nil {
				return ClaimReceipt{}, p.Err
			}
			o, err := s.Ledger(ctx).ReportCharges(ctx, in.Request(ctx), c)
			return claimReceipt(in.Body.Project+"-"+in.Body.Month, o), err
		})
}

func followUpReceipt(id string, o eventstore.Outcome) FollowUpReceipt {
	out := FollowUpReceipt{Receipt: kit.ReceiptOf(id, o)}
	for _, e := range o.Events {
		if e, ok := e.(account.FollowUpNoted); ok && !e.PromisedOn.IsZero() {
			out.PromisedOn, out.Promised, out.Presumed = e.PromisedOn.String(), e.Promised.String(), e.Presumed
		}
	}
	return out
}

func claimReceipt(id string, o eventstore.Outcome) ClaimReceipt {
	out := ClaimReceipt{Receipt: kit.ReceiptOf(id, o), Lines: []ClaimedLine{}}
	claimed := func(lines []account.Claimed, unapplied, total money.Amount) {
		for _, l := range lines {
			out.Lines = append(out.Lines, ClaimedLine{string(l.Charge), l.Open.String(), l.DueOn.String()})
		}
		if out.Total = total.String(); !unapplied.IsZero() {
			out.Unapplied = unapplied.String()
		}
	}
	for _, e := range o.Events {
		switch e := e.(type) {
		case account.ClaimIssued:
			claimed(e.Lines, e.Unapplied, e.Total)
		case account.ReminderIssued:
			claimed(e.Lines, e.Unapplied, e.Total)
		case account.ChargesReported:
			for _, l := range e.Lines {
				out.Lines = append(out.Lines, ClaimedLine{Charge: string(l.Charge), Open: l.Gross.String()})
			}
			out.Total = e.Total.String()
		}
	}
	return out
}
