package money

import (
	"context"
	_ "embed"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/remittance"
	"aftersales-ledger/projections"
)

var (
	//go:embed debtors.sql
	debtorsSQL string
	//go:embed debtors_projects.sql
	debtorsProjectsSQL string
	//go:embed debtors_charges.sql
	debtorsChargesSQL string
	//go:embed debtors_payers.sql
	debtorsPayersSQL string
	//go:embed debtors_receipts.sql
	debtorsReceiptsSQL string
	//go:embed debtors_references.sql
	debtorsReferencesSQL string
	//go:embed debtors_bounced.sql
	debtorsBouncedSQL string
)

// Debtors is the answer of [Views.Debtors].
type Debtors struct {
	projections.Answer
	Candidates []remittance.Candidate // by center
	// Booked holds the payments under the references asked for, by reference, in
	// the order in which they were booked: of each own account and each place
	// among equal receipts there may be one.
	Booked map[string][]account.PaymentReceived
	// Bounced are the payments that the bank has taken back.
	Bounced map[domain.PaymentID]bool
}

// referencesAtOnce is how many bank references are looked up in one query.
const referencesAtOnce = 1000

// Debtors answers what is known of every center that might have sent money:
// its names, its projects, its earlier payers, what it owes charge by charge, and its receipts
// from one day to another; and which of some bank references are booked. It
// takes a handful of queries, however many centers or lines there are, and all
// of them see one state of things.
func (m Views) Debtors(
	ctx context.Context, cut projections.Cut, references []string, from, to calendar.Date,
) (Debtors, error) {
	q, err := m.Ask(cut, projections.Page{}, "debtors")
	if err != nil {
		return Debtors{}, err
	}
	defer q.Done()
	d := debtorsReader{Question: q, byCenter: make(map[domain.CenterID]*remittance.Candidate)}
	answer := Debtors{
		Answer: q.Answer, Booked: make(map[string][]account.PaymentReceived), Bounced: make(map[domain.PaymentID]bool),
	}
	if err := domain.FirstError(
		d.accounts(ctx), d.projects(ctx), d.charges(ctx), d.payers(ctx), d.receipts(ctx, from, to),
	); err != nil {
		return Debtors{}, err
	}
	for _, c := range d.order {
		answer.Candidates = append(answer.Candidates, *d.byCenter[c])
	}
	if err := q.Rows(ctx, debtorsBouncedSQL, nil, func(rows driver.Rows) error {
		var p domain.PaymentID
		err := rows.Scan(projections.TextTo(&p))
		answer.Bounced[p] = true
		return err
	}); err != nil {
		return Debtors{}, err
	}
	for some := range slices.Chunk(references, referencesAtOnce) {
		err := projections.Each(ctx, q, debtorsReferencesSQL, projections.Params{"references": some}, func(b *booked) error {
			answer.Booked[b.BankReference] = append(answer.Booked[b.BankReference], account.PaymentReceived{
				BankReference: b.BankReference, Payment: b.Payment, Center: b.Center, Payer: b.Payer, Remark: b.Remark,
				Amount: b.Amount, ReceivedOn: b.ReceivedOn, OwnAccount: b.OwnAccount, Place: b.Place,
			})
			return nil
		})
		if err != nil {
			return Debtors{}, err
		}
	}
	return answer, nil
}

// booked is a payment under a bank reference that was asked for.
type booked struct {
	BankReference, Payer, Remark, OwnAccount string

	Payment    domain.PaymentID
	Center     domain.CenterID
	Amount     money.Amount
	ReceivedOn calendar.Date
	Place      int
}

// debtorsReader gathers the candidates, query by query.
type debtorsReader struct {
	*projections.Question
	order    []domain.CenterID
	byCenter map[domain.CenterID]*remittance.Candidate
}

// ofCenter is what a query says of a center.
type ofCenter[T any] struct {
	Center domain.CenterID
	What   T `sql:",inline"`
}

// addEach runs a query and adds each of its rows to the center it names. Rows of a
// center without an account, which the log does not hold, are passed over.
func addEach[T any](
	ctx context.Context, d *debtorsReader, sql string, p projections.Params, add func(*remittance.Candidate, T),
) error {
	return projections.Each(ctx, d.Question, sql, p, func(r *ofCenter[T]) error {
		if c := d.byCenter[r.Center]; c != nil {
			add(c, r.What)
		}
		return nil
	})
}

func (d *debtorsReader) accounts(ctx context.Context) error {
	return d.Rows(ctx, debtorsSQL, nil, func(rows driver.Rows) error {
		c := &remittance.Candidate{}
		err := rows.Scan(projections.TextTo(&c.Center), &c.Name, projections.AmountTo(&c.Unapplied))
		d.order, d.byCenter[c.Center] = append(d.order, c.Center), c
		return err
	})
}

func (d *debtorsReader) projects(ctx context.Context) error {
	return addEach(ctx, d, debtorsProjectsSQL, nil, func(c *remittance.Candidate, p remittance.Project) {
		c.Projects = append(c.Projects, p)
	})
}

func (d *debtorsReader) charges(ctx context.Context) error {
	return addEach(ctx, d, debtorsChargesSQL, nil, func(c *remittance.Candidate, ch remittance.Charge) {
		c.Charges = append(c.Charges, ch)
	})
}

func (d *debtorsReader) payers(ctx context.Context) error {
	return addEach(ctx, d, debtorsPayersSQL, nil, func(c *remittance.Candidate, p struct{ Payer string }) {
		c.Payers = append(c.Payers, p.Payer)
	})
}

func (d *debtorsReader) receipts(ctx context.Context, from, to calendar.Date) error {
	return addEach(ctx, d, debtorsReceiptsSQL, projections.Params{
		"from": projections.IsoDate(max(from, projections.FirstDate)),
		"to":   projections.IsoDate(min(to, projections.LastDate)),
	}, func(c *remittance.Candidate, r remittance.Receipt) { c.Receipts = append(c.Receipts, r) })
}
