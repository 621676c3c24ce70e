package money

import "aftersales-ledger/domain/account"

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
	if a := v.Answered; !v.AnsweredOn.IsZero() {
		b.Answer = &AnsweredBody{
			a.Confirmed.String(), a.Disputed.String(), a.Before.String(), a.Unapplied.String(), a.DisputedPaid.String(),
			a.Closing() == v.Version.Closing,
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
		End: string(d.End), EndedOn: d.EndedOn.String(), EndReason: d.EndReason, Document: d.Document,
	}
	if d.End == account.DisputeCredited {
		b.Credited = d.Credited.String()
	}
	return b
}
