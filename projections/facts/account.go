package facts

import (
	"aftersales-ledger/domain/account"
)

// account gives the rows of an event of a center's account: its postings, and
// what they do not tell, in documents.
func (f *Facts) account(r *Recorded, e account.Event) error {
	center := account.CenterOf(e)
	f.postings.book(r, center, e)
	line := 0
	put := func(d documentRow) {
		d.center = center
		f.documents.add(r, line, &d)
		line++
	}
	switch e := e.(type) {
	case account.AccountOpened:
		f.accounts.add(r, e)
	case account.ChargeAccrued:
		f.charges.add(r, &e, account.ChargePlace{})
	case account.PaymentReceived:
		f.payments.add(r, &e)
	case account.OffListChargeRequested:
		put(documentRow{
			number: string(e.Charge), charge: e.Charge, project: e.Project, amount: e.Money.Gross,
			on: e.RequestedOn, occurredOn: e.OccurredOn, by: e.By, reason: e.Reason,
		})
	case account.OffListChargeApproved:
		put(documentRow{number: string(e.Charge), charge: e.Charge, on: e.On, by: e.By, reason: e.Note})
	case account.OffListChargeRejected:
		put(documentRow{number: string(e.Charge), charge: e.Charge, on: e.On, by: e.By, reason: e.Reason})
	case account.OffListChargeMoved:
		put(documentRow{
			number: string(e.Charge), charge: e.Charge, on: e.On, occurredOn: e.OccurredOn, by: e.By,
			counterparty: string(e.To),
		})
	case account.CompensationQuoted:
		f.quotes.add(r, &e)
		put(documentRow{
			number: string(e.Quote), project: e.Project, amount: e.Amount, on: e.QuotedOn, by: e.By,
			reason: e.Damage,
		})
	case account.CompensationMoved:
		put(documentRow{
			number: string(e.Quote), charge: e.Charge, amount: e.Amount, on: e.On, by: e.By,
			counterparty: string(e.To),
		})
	case account.PaymentAllocated:
		put(documentRow{payment: e.Payment, status: string(e.Rule)})
		for _, l := range e.Lines {
			put(documentRow{payment: e.Payment, charge: l.Charge, amount: l.Amount, on: l.On, status: string(e.Rule)})
		}
	case account.AllocationReversed:
		put(documentRow{payment: e.Payment, status: string(e.Cause)})
		for _, l := range e.Lines {
			put(documentRow{payment: e.Payment, charge: l.Charge, amount: l.Amount, on: l.On, status: string(e.Cause)})
		}
	case account.PaymentRefunded:
		put(documentRow{
			number: string(e.Refund), payment: e.Payment, amount: e.Amount, on: e.On, by: e.By,
			counterparty: e.BankReference, reason: e.Reason,
		})
	case account.PaymentBounced:
		put(documentRow{payment: e.Payment, amount: e.Amount, on: e.On, by: e.By, reason: e.Reason})
	case account.CreditNoteIssued:
		put(documentRow{
			number: string(e.Note), charge: e.Charge, project: e.Project, amount: e.Money.Gross, on: e.On, by: e.By,
			reason: e.Reason,
		})
	case account.WriteOffRequested:
		put(documentRow{
			number: string(e.WriteOff), charge: e.Charge, amount: e.Amount, on: e.RequestedOn, by: e.By,
			reason: e.Reason,
		})
	case account.WriteOffRejected:
		put(documentRow{number: string(e.WriteOff), on: e.On, by: e.By, reason: e.Reason})
	case account.ReceivableWrittenOff:
		put(documentRow{
			number: string(e.WriteOff), charge: e.Charge, project: e.Project, amount: e.Share.Amount, on: e.On,
			by: e.ApprovedBy, requestedBy: e.RequestedBy, reason: e.Reason,
		})
	case account.StatementIssued:
		put(documentRow{
			number: e.Statement.Statement, version: e.Version, quarter: e.Quarter, amount: e.Closing,
			on: e.IssuedOn, dueOn: e.ReplyBy, by: e.By, contentHash: e.ContentHash,
		})
	case account.StatementSuperseded:
		put(documentRow{number: e.Statement, version: e.Version, quarter: e.Quarter, reason: e.Cause})
	case account.StatementConfirmed:
		put(documentRow{
			number: e.Statement, version: e.Version, quarter: e.Quarter, amount: e.Closing, on: e.On, by: e.By,
			contentHash: e.ContentHash, status: string(e.Way), requestedBy: e.EnteredBy,
		})
		for _, l := range e.Confirmed {
			put(documentRow{
				number: e.Statement, version: e.Version, quarter: e.Quarter, charge: l.Charge, amount: l.Open,
				on: e.On, by: e.By, status: statusConfirmed,
			})
		}
		for _, l := range e.Disputed {
			put(documentRow{
				number: e.Statement, version: e.Version, quarter: e.Quarter, charge: l.Charge, amount: l.Open,
				on: e.On, by: e.By, status: statusDisputed,
			})
		}
	case account.StatementReopened:
		put(documentRow{
			number: e.Statement, version: e.Version, quarter: e.Quarter, on: e.On, by: e.By, reason: e.Reason,
		})
		for _, l := range e.Lines {
			put(documentRow{
				number: e.Statement, version: e.Version, quarter: e.Quarter, charge: l.Charge, amount: l.Open,
				on: e.On, by: e.By, reason: e.Reason,
			})
		}
	case account.StatementReported:
		put(documentRow{
			number: e.Statement, version: e.Version, quarter: e.Quarter, amount: e.Closing, on: e.On, by: e.By,
		})
	case account.ChargeDisputed:
		put(documentRow{
			number: e.Statement, version: e.Version, quarter: e.Quarter, charge: e.Charge, project: e.Project,
			amount: e.Open, on: e.On, by: e.By, status: statusDisputed, reason: e.Reason,
		})
	case account.DisputeRejected:
		put(documentRow{charge: e.Charge, on: e.On, by: e.By, reason: e.Reason})
	case account.ChargeTransferredOut:
		put(documentRow{
			number: string(e.Transfer), charge: e.Charge, project: e.Project, amount: e.Money.Gross, on: e.On,
			by: e.By, counterparty: string(e.To),
		})
	case account.ChargeTransferredIn:
		f.charges.add(r, accruedBy(&e), account.ChargePlace{Center: e.From, Charge: e.FromCharge})
		put(documentRow{
			number: string(e.Transfer), charge: e.Charge, project: e.Project, amount: e.Money.Gross, on: e.On,
			by: e.By, counterparty: string(e.From),
		})
		if d := e.Dispute; d != nil { // which came with it, and is as old as it is
			put(documentRow{
				eventType: account.ChargeDisputed{}.EventType(), number: d.Statement, version: d.Version, quarter: d.Quarter,
				charge: e.Charge, project: e.Project, amount: e.Money.Gross, on: d.On, by: d.By,
				status: statusDisputed, reason: d.Reason,
			})
		}
	case account.ClaimIssued:
		put(documentRow{number: string(e.Claim), amount: e.Total, on: e.On, dueOn: e.DueOn, by: e.By})
		for _, l := range e.Lines {
			put(documentRow{
				number: string(e.Claim), charge: l.Charge, amount: l.Open, on: e.On, dueOn: l.DueOn, by: e.By,
			})
		}
	case account.ReminderIssued:
		put(documentRow{number: string(e.Reminder), amount: e.Total, on: e.On, by: e.By})
		for _, l := range e.Lines {
			put(documentRow{
				number: string(e.Reminder), charge: l.Charge, amount: l.Open, on: e.On, dueOn: l.DueOn, by: e.By,
			})
		}
	case account.ReplyReminderIssued:
		put(documentRow{
			number: string(e.Reminder), version: e.Version, quarter: e.Quarter, amount: e.Closing, on: e.On,
			dueOn: e.ReplyBy, by: e.By,
		})
	case account.FollowUpNoted:
		status := ""
		if e.Presumed {
			status = StatusPresumed
		}
		put(documentRow{
			number: string(e.FollowUp), amount: e.Promised, on: e.On, dueOn: e.PromisedOn, by: e.By,
			counterparty: e.Contact, status: status, reason: e.Note,
		})
	case account.ChargesReported:
		put(documentRow{
			number: e.Month.String(), project: e.Project, quarter: e.Month.First().Quarter(), amount: e.Total,
			on: e.On, by: e.By,
		})
		for _, l := range e.Lines {
			put(documentRow{
				number: e.Month.String(), charge: l.Charge, project: e.Project, quarter: e.Month.First().Quarter(),
				amount: l.Gross, on: e.On, by: e.By,
			})
		}
	default:
		return unmapped(r)
	}
	return nil
}

// accruedBy is a charge that was transferred, like a charge of its own with the
// numbers it came with. What came is what was open of it: no quantity at a price.
func accruedBy(e *account.ChargeTransferredIn) *account.ChargeAccrued {
	return &account.ChargeAccrued{
		Charge: e.Charge, Center: e.Center, Project: e.Project, Room: e.Room, Owner: e.Owner, Ticket: e.Ticket, Kind: e.Kind,
		Service: e.Service, Money: e.Money, OccurredOn: e.On, Posted: e.Posted, DueOn: e.DueOn, Clause: "5.3.4",
		Remark: "转自 " + string(e.From) + " " + string(e.FromCharge),
	}
}
