package money

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/projections"
)

//go:embed chargelist.sql
var chargeListSQL string

//go:embed chargelist_postings.sql
var chargePostingsSQL string

//go:embed chargelist_documents.sql
var chargeDocumentsSQL string

// Charge is one line owed by a center, and what is still open of it. Amounts
// are in yuan.
type Charge struct {
	Charge      domain.ChargeID
	Center      domain.CenterID
	Project     domain.ProjectID
	Room        string
	Owner       string
	Ticket      domain.TicketID
	FaultLine   domain.FaultLineID
	Kind        pricelist.ServiceKind
	Service     string
	PriceList   string // version of the price list
	Item        string // code on that list
	Quantity    decimal.Decimal
	Unit        string
	UnitPrice   decimal.Decimal // yuan per unit
	TaxRate     decimal.Decimal // share of the net amount
	TaxExcluded bool            // the price was net
	Net         money.Amount
	Tax         money.Amount
	Gross       money.Amount
	OccurredOn  calendar.Date
	Posted      calendar.Quarter
	DueOn       calendar.Date
	Clause      string
	Remark      string
	RecordedAt  time.Time // in Shanghai
	Actor       string
	Role        string
	Position    uint64
	ApprovedBy  string // of work outside the price list
	ApprovedOn  calendar.Date
	DoneBefore  bool           // executed before it was approved: flagged for ever, §5.3.1
	Quote       domain.QuoteID // of a compensation, §5.3.2
	Sheet       domain.SheetID // the F2 that states it
	// PossibleDuplicateOf is an earlier charge of the center that looks alike: both are
	// booked, and a person looks at them.
	PossibleDuplicateOf domain.ChargeID
	Reductions                       // up to the cut
	Booked              money.Amount // on the receivable accounts
}

// Open is our receivable of the charge.
func (c Charge) Open() money.Amount { return c.Reductions.Open(c.Gross) }

// Ties reports whether what is open of the charge is what the books say.
func (c Charge) Ties() bool { return c.Open() == c.Booked }

// Late reports whether the charge was posted to a later quarter than its own.
func (c Charge) Late() bool { return c.OccurredOn.Quarter() != c.Posted }

// ChargeFilter narrows the charges down. Empty fields do not narrow.
type ChargeFilter struct {
	projections.Filter
	Posted       calendar.Quarter // accounting quarter
	OccurredFrom calendar.Date    // on or after
	OccurredTo   calendar.Date    // on or before
	Kind         pricelist.ServiceKind
	LateOnly     bool // only those posted to a later quarter than their own
	OpenOnly     bool // only those of which something is open
	DoublesOnly  bool // only those that look like an earlier one, and were not taken back in full
}

// ChargeList is the answer of [Views.Charges].
type ChargeList struct {
	projections.Answer
	Charges []Charge // by center, date of the work, charge
	Next    string   // asks for the next page; empty on the last

	// Of all that match, not only those of the page.
	Count      int
	Gross      money.Amount // by the charges
	Reductions              // by the postings
	Open       money.Amount // on the receivable accounts
}

// Ties reports whether every tie-out of the answer holds.
func (l ChargeList) Ties() bool {
	for _, c := range l.Charges {
		if !c.Ties() {
			return false
		}
	}
	return l.Reductions.Open(l.Gross) == l.Open
}

// Charges lists charges for finance.
func (m Views) Charges(
	ctx context.Context, cut projections.Cut, filter ChargeFilter, page projections.Page,
) (ChargeList, error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"open", "gross", "occurredOn", "dueOn"}, "charges", filter)
	if err != nil {
		return ChargeList{}, err
	}
	defer q.Done()
	answer := ChargeList{Answer: q.Answer}
	var last int64
	err = q.Rows(ctx, chargeListSQL, filter.params("", q), func(rows driver.Rows) error {
		c, key, err := scanCharge(rows, &answer)
		if err != nil {
			return err
		}
		if len(answer.Charges) == q.Limit {
			end := answer.Charges[q.Limit-1]
			answer.Next = q.NextSorted(last, string(end.Center), end.OccurredOn.String(), string(end.Charge))
			return nil
		}
		answer.Charges, last = append(answer.Charges, c), key
		return nil
	})
	return answer, err
}

func (f ChargeFilter) params(charge domain.ChargeID, q *projections.Question) projections.Params {
	return f.Filter.Params().
		With("charge", string(charge)).
		With("kind", string(f.Kind)).
		With("posted", uint16(f.Posted)).
		With("occurred_from", projections.IsoDate(cmp.Or(f.OccurredFrom, projections.FirstDate))).
		With("occurred_to", projections.IsoDate(cmp.Or(f.OccurredTo, projections.LastDate))).
		With("late_only", f.LateOnly).
		With("open_only", f.OpenOnly).
		With("doubles_only", f.DoublesOnly).
		With("after_center", q.AfterKey(0, "")).
		With("after_date", q.AfterKey(1, projections.IsoDate(projections.FirstDate))).
		With("after_charge", q.AfterKey(2, ""))
}

func scanCharge(rows driver.Rows, sums *ChargeList) (c Charge, sortKey int64, err error) {
	var count uint64
	err = rows.Scan(slices.Concat([]any{
		projections.TextTo(&c.Charge), projections.TextTo(&c.Center), projections.TextTo(&c.Project), &c.Room, &c.Owner,
		projections.TextTo(&c.Ticket),
		projections.TextTo(&c.FaultLine), projections.TextTo(&c.Kind), &c.Service, &c.PriceList, &c.Item, &c.Quantity,
		&c.Unit, &c.UnitPrice,
		&c.TaxRate, &c.TaxExcluded, projections.AmountTo(&c.Net), projections.AmountTo(&c.Tax),
		projections.AmountTo(&c.Gross), projections.DateTo(&c.OccurredOn),
		projections.QuarterTo(&c.Posted), projections.DateTo(&c.DueOn), &c.Clause, &c.Remark, &c.RecordedAt, &c.Actor,
		&c.Role, &c.Position,
		&c.ApprovedBy, projections.DateTo(&c.ApprovedOn), &c.DoneBefore, projections.TextTo(&c.Quote),
		projections.TextTo(&c.Sheet), projections.TextTo(&c.PossibleDuplicateOf),
	}, c.to(), []any{projections.AmountTo(&c.Booked), &sortKey, &count, projections.AmountTo(&sums.Gross)}, sums.to(),
		[]any{projections.AmountTo(&sums.Open)})...)
	sums.Count = int(count)
	c.RecordedAt = projections.InShanghai(c.RecordedAt)
	return c, sortKey, err
}

// ChargePosting is one side of a double entry that names a charge, with who
// recorded it and when.
type ChargePosting struct {
	Position   uint64
	Line       int // number of the posting within its event, from zero
	EventType  string
	RecordedAt time.Time // in Shanghai
	Actor      string
	Role       string
	Account    books.LedgerAccount
	Amount     money.Amount // debits positive, credits negative, in yuan
	Payment    domain.PaymentID
	On         calendar.Date
	Posted     calendar.Quarter
}

// ChargeHistory is the answer of [Views.ChargeHistory].
type ChargeHistory struct {
	projections.Answer
	Charge   Charge
	Found    bool            // false: no such charge up to the cut
	Postings []ChargePosting // in log order
	// Documents are the approvals, answers and notices that name the charge, in
	// log order.
	Documents []ChargeDocument
}

// ChargeDocument is one document that names a charge, and what it said of it.
type ChargeDocument struct {
	Position     uint64
	Line         int
	EventType    string
	RecordedAt   time.Time // in Shanghai
	Actor        string
	Role         string
	Number       string
	Version      int              // of a statement
	Quarter      calendar.Quarter // of a statement or a charge list
	Payment      domain.PaymentID
	Amount       money.Amount // yuan
	On           calendar.Date
	DueOn        calendar.Date
	By           string
	RequestedBy  string
	Counterparty string
	Status       string // CONFIRMED or DISPUTED, the rule of an allocation, the cause of a reversal
	Reason       string
}

// HasAmount reports whether a document of its kind states one.
func (d ChargeDocument) HasAmount() bool {
	switch d.EventType {
	case account.OffListChargeApproved{}.EventType(), account.OffListChargeRejected{}.EventType(),
		account.OffListChargeMoved{}.EventType(), account.WriteOffRejected{}.EventType(),
		account.DisputeRejected{}.EventType(), duties.OwnDecisionRefused{}.EventType():
		return false
	}
	return true
}

// ChargeHistory answers who did what to one charge, and when.
func (m Views) ChargeHistory(
	ctx context.Context, cut projections.Cut, center domain.CenterID, charge domain.ChargeID,
) (ChargeHistory, error) {
	q, err := m.Ask(cut, projections.Page{})
	if err != nil {
		return ChargeHistory{}, err
	}
	defer q.Done()
	answer := ChargeHistory{Answer: q.Answer}
	filter := ChargeFilter{Filter: projections.Filter{Center: center}}
	if err := q.Rows(ctx, chargeListSQL, filter.params(charge, q), func(rows driver.Rows) (err error) {
		answer.Charge, _, err = scanCharge(rows, new(ChargeList))
		answer.Found = true
		return err
	}); err != nil {
		return ChargeHistory{}, err
	}
	p := projections.Params{"center": string(center), "charge": string(charge)}
	err = q.Rows(ctx, chargePostingsSQL, p, func(rows driver.Rows) error {
		c, err := scanChargePosting(rows)
		answer.Postings = append(answer.Postings, c)
		return err
	})
	if err != nil {
		return ChargeHistory{}, err
	}
	err = q.Rows(ctx, chargeDocumentsSQL, p, func(rows driver.Rows) error {
		d, err := scanChargeDocument(rows)
		answer.Documents = append(answer.Documents, d)
		return err
	})
	return answer, err
}

// PostingsOfCharge returns the postings that name a charge, up to the very cut
// of an earlier answer: both may be added up together.
func (m Views) PostingsOfCharge(
	ctx context.Context, scope access.Scope, at projections.Answer, center domain.CenterID, charge domain.ChargeID,
) (postings []ChargePosting, err error) {
	q, err := m.Ask(projections.Cut{Scope: scope}, projections.Page{})
	if err != nil {
		return nil, err
	}
	defer q.Done()
	if q.Position < at.Position { // the tables were replaced by ones that have not caught up
		return nil, &projections.StatusError{Err: projections.ErrUnavailable, Status: q.Status}
	}
	q.Answer = at
	err = q.Rows(ctx, chargePostingsSQL, projections.Params{
		"center": string(center), "charge": string(charge),
	}, func(rows driver.Rows) error {
		p, err := scanChargePosting(rows)
		postings = append(postings, p)
		return err
	})
	return postings, err
}

func scanChargePosting(rows driver.Rows) (ChargePosting, error) {
	var (
		p    ChargePosting
		line uint32
	)
	err := rows.Scan(
		&p.Position, &line, &p.EventType, &p.RecordedAt, &p.Actor, &p.Role, projections.TextTo(&p.Account),
		projections.AmountTo(&p.Amount),
		projections.TextTo(&p.Payment), projections.DateTo(&p.On), projections.QuarterTo(&p.Posted),
	)
	p.Line, p.RecordedAt = int(line), projections.InShanghai(p.RecordedAt)
	return p, err
}

func scanChargeDocument(rows driver.Rows) (ChargeDocument, error) {
	var (
		d             ChargeDocument
		line, version uint32
	)
	err := rows.Scan(
		&d.Position, &line, &d.EventType, &d.RecordedAt, &d.Actor, &d.Role, &d.Number, &version,
		projections.QuarterTo(&d.Quarter),
		projections.TextTo(&d.Payment), projections.AmountTo(&d.Amount), projections.DateTo(&d.On),
		projections.DateTo(&d.DueOn), &d.By, &d.RequestedBy, &d.Counterparty, &d.Status, &d.Reason,
	)
	d.Line, d.Version, d.RecordedAt = int(line), int(version), projections.InShanghai(d.RecordedAt)
	return d, err
}
