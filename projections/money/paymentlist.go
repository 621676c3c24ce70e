package money

import (
	"context"
	_ "embed"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed paymentlist.sql
var paymentListSQL string

//go:embed paymentlist_uses.sql
var paymentUsesSQL string

// Payment is money received from a center, and what became of it. Amounts are
// in yuan.
type Payment struct {
	Payment             domain.PaymentID
	Center              domain.CenterID
	BankReference       string
	Payer               string
	Remark              string
	Amount              money.Amount
	ReceivedOn          calendar.Date
	Posted              calendar.Quarter
	PossibleDuplicateOf domain.PaymentID
	OwnAccount          string    // 本方账号; empty where it is not known
	RecordedAt          time.Time // in Shanghai
	Actor               string
	Role                string
	Position            uint64
	Applied             money.Amount // settles charges
	Unapplied           money.Amount // settles no charge
	Returned            money.Amount // refunded, or taken back by the bank
}

// Ties reports whether what was received, by the receipt, is what was applied,
// is unapplied and went back, by the postings: always.
func (p Payment) Ties() bool { return p.Amount == p.Applied.Add(p.Unapplied).Add(p.Returned) }

// PaymentFilter narrows the payments down. Empty fields do not narrow.
type PaymentFilter struct {
	projections.Filter
	UnappliedOnly bool // only those with money that settles no charge
}

// PaymentList is the answer of [Views.Payments].
type PaymentList struct {
	projections.Answer
	Payments []Payment // by center, value date, payment
	Next     string    // asks for the next page; empty on the last

	// Of all that match, not only those of the page.
	Received  money.Amount
	Applied   money.Amount
	Unapplied money.Amount
	Returned  money.Amount
}

// Ties reports whether every tie-out of the answer holds.
func (l PaymentList) Ties() bool {
	for _, p := range l.Payments {
		if !p.Ties() {
			return false
		}
	}
	return l.Received == l.Applied.Add(l.Unapplied).Add(l.Returned)
}

// Payments lists payments for finance. The filter's project must be empty:
// money belongs to a center until it settles a charge.
func (m Views) Payments(
	ctx context.Context, cut projections.Cut, filter PaymentFilter, page projections.Page,
) (PaymentList, error) {
	if err := noProject(filter.Filter, "must be empty: money belongs to a center until it settles a charge"); err != nil {
		return PaymentList{}, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"amount", "unapplied", "receivedOn"}, "payments", filter)
	if err != nil {
		return PaymentList{}, err
	}
	defer q.Done()
	answer := PaymentList{Answer: q.Answer}
	var last int64
	err = q.Rows(ctx, paymentListSQL, filter.params("", q), func(rows driver.Rows) error {
		p, key, err := scanPayment(rows, &answer)
		if err != nil {
			return err
		}
		if len(answer.Payments) == q.Limit {
			end := answer.Payments[q.Limit-1]
			answer.Next = q.NextSorted(last, string(end.Center), end.ReceivedOn.String(), string(end.Payment))
			return nil
		}
		answer.Payments, last = append(answer.Payments, p), key
		return nil
	})
	return answer, err
}

func (f PaymentFilter) params(payment domain.PaymentID, q *projections.Question) projections.Params {
	return f.Filter.Params().With("payment", string(payment)).With("unapplied_only", f.UnappliedOnly).
		With("after_center", q.AfterKey(0, "")).
		With("after_date", q.AfterKey(1, projections.IsoDate(projections.FirstDate))).
		With("after_payment", q.AfterKey(2, ""))
}

func scanPayment(rows driver.Rows, sums *PaymentList) (p Payment, sortKey int64, err error) {
	err = rows.Scan(
		projections.TextTo(&p.Center), projections.TextTo(&p.Payment), &p.BankReference, &p.Payer, &p.Remark,
		projections.AmountTo(&p.Amount), projections.DateTo(&p.ReceivedOn),
		projections.QuarterTo(&p.Posted), projections.TextTo(&p.PossibleDuplicateOf), &p.OwnAccount, &p.RecordedAt, &p.Actor,
		&p.Role, &p.Position,
		projections.AmountTo(&p.Applied), projections.AmountTo(&p.Unapplied), projections.AmountTo(&p.Returned), &sortKey,
		projections.AmountTo(&sums.Received), projections.AmountTo(&sums.Applied), projections.AmountTo(&sums.Unapplied),
		projections.AmountTo(&sums.Returned),
	)
	p.RecordedAt = projections.InShanghai(p.RecordedAt)
	return p, sortKey, err
}

// PaymentUse is one thing that happened to a payment.
type PaymentUse struct {
	Position   uint64
	Line       int
	EventType  string
	RecordedAt time.Time // in Shanghai
	Actor      string
	Role       string
	Document   string          // of a refund
	Charge     domain.ChargeID // settled, or settled no longer
	Amount     money.Amount    // yuan
	On         calendar.Date
	By         string
	Cause      string // the rule of an allocation, the cause of a reversal
	Reason     string
	Reference  string // the bank's, of a refund
}

// PaymentHistory is the answer of [Views.PaymentHistory].
type PaymentHistory struct {
	projections.Answer
	Payment Payment
	Found   bool         // false: no such payment up to the cut
	Uses    []PaymentUse // in log order
}

// Ties reports whether the payment ties, and what happened to it line by line
// gives what is applied of it and what went back.
func (h PaymentHistory) Ties() bool {
	var applied, returned money.Amount
	for _, u := range h.Uses {
		switch u.EventType {
		case "PaymentAllocated":
			applied = applied.Add(u.Amount)
		case "AllocationReversed":
			applied = applied.Sub(u.Amount)
		default: // a refund, or a bounce
			returned = returned.Add(u.Amount)
		}
	}
	return h.Payment.Ties() && applied == h.Payment.Applied && returned == h.Payment.Returned
}

// PaymentHistory traces one payment from the bank to the charges it settled.
func (m Views) PaymentHistory(
	ctx context.Context, cut projections.Cut, center domain.CenterID, payment domain.PaymentID,
) (PaymentHistory, error) {
	q, err := m.Ask(cut, projections.Page{})
	if err != nil {
		return PaymentHistory{}, err
	}
	defer q.Done()
	answer := PaymentHistory{Answer: q.Answer}
	filter := PaymentFilter{Filter: projections.Filter{Center: center}}
	if err := q.Rows(ctx, paymentListSQL, filter.params(payment, q), func(rows driver.Rows) (err error) {
		answer.Payment, _, err = scanPayment(rows, &PaymentList{})
		answer.Found = true
		return err
	}); err != nil {
		return PaymentHistory{}, err
	}
	p := projections.Params{"center": string(center), "payment": string(payment)}
	err = q.Rows(ctx, paymentUsesSQL, p, func(rows driver.Rows) error {
		var (
			u    PaymentUse
			line uint32
		)
		err := rows.Scan(
			&u.Position, &line, &u.EventType, &u.RecordedAt, &u.Actor, &u.Role, &u.Document, projections.TextTo(&u.Charge),
			projections.AmountTo(&u.Amount),
			projections.DateTo(&u.On), &u.By, &u.Cause, &u.Reason, &u.Reference,
		)
		u.Line, u.RecordedAt = int(line), projections.InShanghai(u.RecordedAt)
		answer.Uses = append(answer.Uses, u)
		return err
	})
	return answer, err
}
