package money

import (
	"context"
	_ "embed"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed paymentlist.sql
var paymentListSQL string

//go:embed paymentlist_uses.sql
var paymentUsesSQL string

// PaymentRow is money received from a center, and what became of it, in yuan.
type PaymentRow struct {
	Payment             domain.PaymentID   `json:"payment"`
	Center              domain.CenterID    `json:"center"`
	BankReference       string             `json:"bankReference"`
	Payer               string             `json:"payer"`
	Remark              string             `json:"remark,omitempty"`
	Amount              money.Amount       `json:"amount"`
	Applied             money.Amount       `json:"applied" doc:"Settles charges"`
	Unapplied           money.Amount       `json:"unapplied" doc:"Settles no charge yet"`
	Returned            money.Amount       `json:"returned" doc:"Refunded, or taken back by the bank"`
	ReceivedOn          calendar.Date      `json:"receivedOn"`
	Posted              calendar.Quarter   `json:"posted"`
	PossibleDuplicateOf domain.PaymentID   `json:"possibleDuplicateOf,omitempty"`
	OwnAccount          string             `json:"ownAccount,omitempty" doc:"Account of ours that the money came to (本方账号), where it is known"`
	RecordedAt          projections.Moment `json:"recordedAt"`
	Actor               string             `json:"actor"`
	Role                string             `json:"role"`
	Position            uint64             `json:"position"`
}

// ties reports whether what was received, by the receipt, is what was applied, is
// unapplied and went back, by the postings: always.
func (p *PaymentRow) ties() bool { return p.Amount == p.Applied.Add(p.Unapplied).Add(p.Returned) }

// PaymentFilter narrows the payments down. Empty fields do not narrow.
type PaymentFilter struct {
	projections.Filter
	UnappliedOnly bool // only those with money that settles no charge
}

// PaymentList is the answer of [Views.Payments].
type PaymentList struct {
	projections.List[PaymentRow] // by center, value date, payment
	PaymentSums
}

// PaymentSums is what all payments that match come to, in yuan.
type PaymentSums struct {
	Received  money.Amount `json:"received"`
	Applied   money.Amount `json:"applied"`
	Unapplied money.Amount `json:"unapplied"`
	Returned  money.Amount `json:"returned"`
	Ties      bool         `json:"ties" sql:"-" doc:"received = applied + unapplied + returned, of every row as well"`
}

// Payments lists payments for finance. The filter's project must be empty:
// money belongs to a center until it settles a charge.
func (m Views) Payments(
	ctx context.Context, cut projections.Cut, filter PaymentFilter, page projections.Page,
) (answer PaymentList, err error) {
	if err := noProject(filter.Filter, "must be empty: money belongs to a center until it settles a charge"); err != nil {
		return answer, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"amount", "unapplied", "receivedOn"}, "payments", filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	answer.List, err = projections.SummedListOf(
		ctx, q, paymentListSQL, filter.params("", q), func(p *PaymentRow) []string {
			return []string{string(p.Center), p.ReceivedOn.String(), string(p.Payment)}
		}, &answer.PaymentSums)
	answer.Ties = answer.Received == answer.Applied.Add(answer.Unapplied).Add(answer.Returned) &&
		!slices.ContainsFunc(answer.Rows, func(p PaymentRow) bool { return !p.ties() })
	return answer, err
}

func (f PaymentFilter) params(payment domain.PaymentID, q *projections.Question) projections.Params {
	return f.Filter.Params().With("payment", string(payment)).With("unapplied_only", f.UnappliedOnly).
		With("after_center", q.AfterKey(0, "")).
		With("after_date", q.AfterKey(1, projections.IsoDate(projections.FirstDate))).
		With("after_payment", q.AfterKey(2, ""))
}

// PaymentUse is one thing that happened to a payment.
type PaymentUse struct {
	Position    uint64             `json:"position"`
	Line        int                `json:"line"`
	Event       string             `json:"event"`
	Document    string             `json:"document,omitempty" doc:"Of a refund"`
	Charge      domain.ChargeID    `json:"charge,omitempty" doc:"Settled, or settled no longer"`
	Room        string             `json:"room,omitempty" doc:"Of the charge"`
	Service     string             `json:"service,omitempty" doc:"Of the charge: what was done"`
	ChargeDueOn calendar.Date      `json:"chargeDueOn,omitzero"`
	Amount      money.Amount       `json:"amount"`
	On          calendar.Date      `json:"on"`
	By          string             `json:"by,omitempty"`
	Cause       string             `json:"cause,omitempty" doc:"The rule of an allocation, the cause of a reversal"`
	Reason      string             `json:"reason,omitempty"`
	Reference   string             `json:"reference,omitempty" doc:"The bank's, of a refund"`
	RecordedAt  projections.Moment `json:"recordedAt"`
	Actor       string             `json:"actor"`
	Role        string             `json:"role"`
}

// PaymentHistory is the answer of [Views.PaymentHistory].
type PaymentHistory struct {
	projections.Answer
	Payment PaymentRow
	Found   bool         // false: no such payment up to the cut
	Uses    []PaymentUse // in log order
}

// Ties reports whether the payment ties, and what happened to it line by line
// gives what is applied of it and what went back.
func (h PaymentHistory) Ties() bool {
	var applied, returned money.Amount
	for _, u := range h.Uses {
		switch u.Event {
		case "PaymentAllocated":
			applied = applied.Add(u.Amount)
		case "AllocationReversed":
			applied = applied.Sub(u.Amount)
		default: // a refund, or a bounce
			returned = returned.Add(u.Amount)
		}
	}
	return h.Payment.ties() && applied == h.Payment.Applied && returned == h.Payment.Returned
}

// PaymentHistory traces one payment from the bank to the charges it settled.
func (m Views) PaymentHistory(
	ctx context.Context, cut projections.Cut, center domain.CenterID, payment domain.PaymentID,
) (answer PaymentHistory, err error) {
	q, err := m.Ask(cut, projections.Page{})
	if err != nil {
		return answer, err
	}
	defer q.Done()
	answer.Answer = q.Answer
	filter := PaymentFilter{Filter: projections.Filter{Center: center}}
	if _, err = projections.ListBeside(ctx, q, paymentListSQL, filter.params(payment, q), nil,
		func(p *PaymentRow, _ *PaymentSums) bool {
			answer.Payment, answer.Found = *p, true
			return false
		}); err != nil {
		return answer, err
	}
	answer.Uses, err = projections.All[PaymentUse](ctx, q, paymentUsesSQL, projections.Params{
		"center": string(center), "payment": string(payment),
	})
	return answer, err
}
