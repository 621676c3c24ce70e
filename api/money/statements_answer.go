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
func (b *StatementBody) answeredWith(v account.StatementVersion) {
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
			Ties: a.Closing() == v.Version.Closing, Makeup: makeupBody(v.Answer),
		}
		for _, p := range v.Answer.Parts {
			b.Answer.Lines = append(b.Answer.Lines, MakeupLine{
				Charge: string(p.Charge), Word: string(p.Word), OwingBody: owingBody(p.Owing), Open: p.Open.String(),
			})
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
		if by := s.ByAnswer; by != nil {
			b.Report.ByAnswer = &ByAnswerBody{by.Paid.String(), by.Credited.String(), by.Transferred.String()}
		}
	}
}

func owingBody(o account.Owing) OwingBody {
	return OwingBody{
		Owed: o.Owed.String(), PaidSince: o.Paid.String(), CreditedSince: o.Credited.String(), MovedSince: o.Moved.String(),
		WrittenOff: o.WrittenOff.String(),
	}
}

func makeupBody(m account.Makeup) MakeupBody {
	sum := func(o account.Owing) MakeupSum { return MakeupSum{owingBody(o), o.Open.String()} }
	return MakeupBody{
		On: m.On.String(), Asked: sum(m.Sum(func(account.BalancePart) bool { return true })), Disputed: sum(m.Disputed()),
		ConfirmedBefore: sum(m.Before), Unapplied: m.Unapplied.String(), Ties: m.Ties(),
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
	if d.End == account.DisputeMoved {
		b.Went = wentBody(d.Departure)
	}
	return b
}

func wentBody(d account.Departure) *Went { return &Went{string(d.To), string(d.There), d.Disputed} }
