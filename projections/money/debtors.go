package money

import (
	"context"
	_ "embed"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
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
		if err := q.Rows(ctx, debtorsReferencesSQL, projections.Params{"references": some}, func(rows driver.Rows) error {
			var p account.PaymentReceived
			var place uint32
			err := rows.Scan(&p.BankReference, projections.TextTo(&p.Payment), projections.TextTo(&p.Center), &p.Payer,
				&p.Remark, projections.AmountTo(&p.Amount), projections.DateTo(&p.ReceivedOn), &p.OwnAccount, &place)
			p.Place = int(place)
			answer.Booked[p.BankReference] = append(answer.Booked[p.BankReference], p)
			return err
		}); err != nil {
			return Debtors{}, err
		}
	}
	return answer, nil
}

// debtorsReader gathers the candidates, query by query.
type debtorsReader struct {
	*projections.Question
	order    []domain.CenterID
	byCenter map[domain.CenterID]*remittance.Candidate
}

// each runs a query whose first column is the center. Rows of a center without
// an account, which the log does not hold, are passed over.
func (d *debtorsReader) each(
	ctx context.Context, sql string, p projections.Params,
	scan func(driver.Rows, *domain.CenterID) (func(*remittance.Candidate), error),
) error {
	return d.Rows(ctx, sql, p, func(rows driver.Rows) error {
		var center domain.CenterID
		add, err := scan(rows, &center)
		if c := d.byCenter[center]; c != nil && err == nil {
			add(c)
		}
		return err
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
	return d.each(ctx, debtorsProjectsSQL, nil, func(
		rows driver.Rows, center *domain.CenterID,
	) (func(*remittance.Candidate), error) {
		var p remittance.Project
		err := rows.Scan(projections.TextTo(center), projections.TextTo(&p.ID), &p.Name)
		return func(c *remittance.Candidate) { c.Projects = append(c.Projects, p) }, err
	})
}

func (d *debtorsReader) charges(ctx context.Context) error {
	return d.each(ctx, debtorsChargesSQL, nil, func(
		rows driver.Rows, center *domain.CenterID,
	) (func(*remittance.Candidate), error) {
		var ch remittance.Charge
		err := rows.Scan(projections.TextTo(center), projections.TextTo(&ch.Charge), projections.TextTo(&ch.Project),
			projections.DateTo(&ch.OccurredOn), projections.DateTo(&ch.DueOn), projections.QuarterTo(&ch.Posted),
			projections.AmountTo(&ch.Open), &ch.Disputed)
		return func(c *remittance.Candidate) { c.Charges = append(c.Charges, ch) }, err
	})
}

func (d *debtorsReader) payers(ctx context.Context) error {
	return d.each(ctx, debtorsPayersSQL, nil, func(
		rows driver.Rows, center *domain.CenterID,
	) (func(*remittance.Candidate), error) {
		var payer string
		err := rows.Scan(projections.TextTo(center), &payer)
		return func(c *remittance.Candidate) { c.Payers = append(c.Payers, payer) }, err
	})
}

func (d *debtorsReader) receipts(ctx context.Context, from, to calendar.Date) error {
	p := projections.Params{
		"from": projections.IsoDate(max(from, projections.FirstDate)),
		"to":   projections.IsoDate(min(to, projections.LastDate)),
	}
	return d.each(ctx, debtorsReceiptsSQL, p, func(
		rows driver.Rows, center *domain.CenterID,
	) (func(*remittance.Candidate), error) {
		var r remittance.Receipt
		err := rows.Scan(projections.TextTo(center), projections.TextTo(&r.Payment), &r.Payer, &r.Remark,
			projections.AmountTo(&r.Amount), projections.DateTo(&r.ReceivedOn))
		return func(c *remittance.Candidate) { c.Receipts = append(c.Receipts, r) }, err
	})
}
