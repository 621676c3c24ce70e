package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
)

// answering is the way in which whoever asks answers a statement.
func answering(ctx context.Context) account.Way {
	if kit.CallerOf(ctx).Via == "link" {
		return account.ByLink
	}
	return account.ByConsole
}

func wayOf(answered bool, r account.Reply) string {
	if !answered {
		return ""
	}
	return string(r.Came())
}

func paperBody(of attachment.Ref) PaperBody { return PaperBody{string(of.SHA256), of.Name} }

// answeredWith adds the center's answer to a version: how it makes the closing
// balance up, what it disputes and how that ended, and what finance was told.
func (b *StatementBody) answeredWith(v account.Issued) {
	disputes := make(map[string]*DisputeCourseBody, len(v.Disputes))
	for _, d := range v.Disputes {
		disputes[string(d.Charge)] = courseOf(d)
	}
	for i := range b.Awaiting {
		b.Awaiting[i].Dispute = disputes[b.Awaiting[i].Charge]
	}
	b.AnsweredOn, b.AnsweredBy = v.AnsweredOn.String(), v.AnsweredBy
	b.Way, b.EnteredBy, b.SignedOn = wayOf(!v.AnsweredOn.IsZero(), v.Reply), v.Reply.EnteredBy, v.Reply.SignedOn.String()
	if v.Reply.Scan != nil {
		scan := paperBody(*v.Reply.Scan)
		b.Scan = &scan
	}
	if a := v.Answered; !v.AnsweredOn.IsZero() {
		b.Answer = &AnsweredBody{
			Confirmed: a.Confirmed.String(), Disputed: a.Disputed.String(), ConfirmedBefore: a.Before.String(),
			Unapplied: a.Unapplied.String(), DisputedPaid: a.DisputedPaid.String(),
			Ties: a.Closing() == v.Version.Closing,
		}
	}
	if r := v.Reported; r != nil && r.Summary != nil {
		s := r.Summary
		b.Report = &SummaryBody{
			On: r.On.String(), By: r.By, Closing: r.Closing.String(), Late: s.Late.String(),
			PaidSince: s.Paid.String(), CreditedSince: s.Credited.String(), TransferredSince: s.Transferred.String(),
			OpenConfirmed: s.Confirmed.String(), OpenUnconfirmed: s.Unconfirmed.String(), StillDisputed: s.Disputed.String(),
			WrittenOff: s.WrittenOff.String(), Ties: s.Ties(),
		}
	}
}

func courseOf(d account.DisputeCourse) *DisputeCourseBody {
	b := &DisputeCourseBody{
		Reason: d.Reason, On: d.On.String(), By: d.By, Owed: d.Owed.String(), Paid: d.Paid.String(),
		Way: string(d.Reply.Came()), EnteredBy: d.Reply.EnteredBy,
		End: string(d.End), EndedOn: d.EndedOn.String(), EndReason: d.EndReason, Document: d.Document,
	}
	for _, p := range d.Papers {
		b.Papers = append(b.Papers, paperBody(p))
	}
	if d.End == account.DisputeCredited {
		b.Credited = d.Credited.String()
	}
	return b
}
