package money

import (
	"cmp"
	"context"
	_ "embed"
	"slices"

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

// Charge is one line owed by a center, and what is open of it, in yuan.
type Charge struct {
	Charge    domain.ChargeID       `json:"charge"`
	Center    domain.CenterID       `json:"center"`
	Project   domain.ProjectID      `json:"project"`
	Room      string                `json:"room,omitempty"`
	Owner     string                `json:"owner,omitempty"`
	Ticket    domain.TicketID       `json:"ticket,omitempty"`
	FaultLine domain.FaultLineID    `json:"faultLine,omitempty"`
	Kind      pricelist.ServiceKind `json:"kind"`
	Service   string                `json:"service"`
	PriceList string                `json:"priceList,omitempty"`
	Item      string                `json:"item,omitempty"`
	Quantity  string                `json:"quantity" sql:"quantity_known" doc:"Empty of a charge that came from another center: what came is what was open of it"`
	Unit      string                `json:"unit" sql:"unit_known" doc:"Empty as the quantity is"`
	UnitPrice string                `json:"unitPrice" sql:"unit_price_known" doc:"Empty as the quantity is; the charge that it came from has them"`
	TaxRate   string                `json:"taxRate" sql:"tax_rate_known" doc:"Empty of a charge that came from another center: what came is its tax"`
	Net       money.Amount          `json:"net"`
	Tax       money.Amount          `json:"tax"`
	Gross     money.Amount          `json:"gross"`
	SeenReductions
	Open                projections.Figure `json:"open" nullable:"true" doc:"Our receivable, by the books; as what was paid of it, null where the role does not see what a center owes"`
	OccurredOn          calendar.Date      `json:"occurredOn"`
	Posted              calendar.Quarter   `json:"posted"`
	Late                bool               `json:"late" sql:"-" doc:"Posted to a later quarter than its own"`
	DueOn               calendar.Date      `json:"dueOn"`
	Clause              string             `json:"clause"`
	Remark              string             `json:"remark,omitempty"`
	RecordedAt          projections.Moment `json:"recordedAt"`
	Actor               string             `json:"actor"`
	Role                string             `json:"role"`
	Position            uint64             `json:"position"`
	ApprovedBy          string             `json:"approvedBy,omitempty" doc:"Of work outside the price list"`
	ApprovedOn          calendar.Date      `json:"approvedOn,omitempty"`
	DoneBefore          bool               `json:"executedBeforeApproval,omitempty" doc:"Flagged for ever (5.3.1)"`
	Quote               domain.QuoteID     `json:"quote,omitempty" doc:"Of a compensation (5.3.2)"`
	Sheet               domain.SheetID     `json:"sheet,omitempty" doc:"F2 that states the compensation"`
	PossibleDuplicateOf domain.ChargeID    `json:"possibleDuplicateOf,omitempty" doc:"An earlier charge that looks alike; both are booked"`
	FromCenter          domain.CenterID    `json:"fromCenter,omitempty" doc:"That was charged first, before the project moved here"`
	FromCharge          domain.ChargeID    `json:"fromCharge,omitempty" doc:"Number of the charge there; it is one and the same"`
}

// Derive implements [projections.Derived].
func (c *Charge) Derive(calendar.Date) { c.Late = c.OccurredOn.Quarter() != c.Posted }

// ties reports whether what is open of the charge is what the books say.
func (c *Charge) ties() bool { return c.Figures().leave(c.Gross) == c.Open.Amount }

// Hide keeps from who asks what the center owes of the charge.
func (c *Charge) Hide() {
	c.SeenReductions.Hide()
	c.Open.Hidden = true
}

// ChargeFilter narrows the charges down. Empty fields do not narrow.
type ChargeFilter struct {
	projections.Filter
	Ticket       domain.TicketID
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
	projections.List[Charge] // by center, date of the work, charge
	ChargeSums
	SeenReductions          // as the sums, by the postings
	Centers        []string // that the charges of the sums are of
}

// ChargeSums is what all charges that match come to.
type ChargeSums struct {
	Count int                `json:"count" doc:"Of all that match, as are the sums"`
	Gross money.Amount       `json:"gross" doc:"By the charges"`
	Open  projections.Figure `json:"open" nullable:"true" doc:"By the books; null where the role does not see what a center owes"`
	Ties  *bool              `json:"ties" sql:"-" doc:"gross − paid − credited − transferred − writtenOff = open, of every row as well; null where the role does not see what a center owes"`
}

// HideSums keeps from who asks what the centers owe of all these charges, and the proof
// of it.
func (l *ChargeList) HideSums() {
	l.SeenReductions.Hide()
	l.Open.Hidden = true
	l.Ties = nil
}

// Charges lists charges for finance.
func (m Views) Charges(
	ctx context.Context, cut projections.Cut, filter ChargeFilter, page projections.Page,
) (answer ChargeList, err error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"open", "gross", "occurredOn", "dueOn"}, "charges", filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	var sums chargeTotals
	answer.List, err = projections.SummedListOf(ctx, q, chargeListSQL, filter.params("", q), func(c *Charge) []string {
		return []string{string(c.Center), c.OccurredOn.String(), string(c.Charge)}
	}, &sums)
	answer.ChargeSums, answer.SeenReductions, answer.Centers = sums.ChargeSums, sums.SeenReductions, sums.Centers
	ties := sums.Figures().leave(sums.Gross) == sums.Open.Amount &&
		!slices.ContainsFunc(answer.Rows, func(c Charge) bool { return !c.ties() })
	answer.Ties = &ties
	return answer, err
}

type chargeTotals struct {
	ChargeSums
	SeenReductions
	Centers []string
}

func (f ChargeFilter) params(charge domain.ChargeID, q *projections.Question) projections.Params {
	return f.Filter.Params().
		With("charge", string(charge)).
		With("kind", string(f.Kind)).
		With("ticket", string(f.Ticket)).
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

// Posting is one side of a double entry that names a charge, with who recorded it
// and when. Debits are positive.
type Posting struct {
	Position   uint64              `json:"position"`
	Line       int                 `json:"line"`
	Event      string              `json:"event"`
	Account    books.LedgerAccount `json:"account"`
	Amount     money.Amount        `json:"amount"`
	Payment    domain.PaymentID    `json:"payment,omitempty"`
	On         calendar.Date       `json:"on"`
	Posted     calendar.Quarter    `json:"posted"`
	RecordedAt projections.Moment  `json:"recordedAt"`
	Actor      string              `json:"actor"`
	Role       string              `json:"role"`
}

// ChargeDocument is one document that names a charge, and what it said of it.
type ChargeDocument struct {
	Position     uint64             `json:"position"`
	Line         int                `json:"line"`
	Event        string             `json:"event"`
	Document     string             `json:"document,omitempty"`
	Version      int                `json:"version,omitempty"`
	Quarter      calendar.Quarter   `json:"quarter,omitempty"`
	Payment      domain.PaymentID   `json:"payment,omitempty"`
	Amount       *money.Amount      `json:"amount" doc:"null of a document that states none"`
	On           calendar.Date      `json:"on,omitempty"`
	DueOn        calendar.Date      `json:"dueOn,omitempty"`
	By           string             `json:"by,omitempty"`
	RequestedBy  string             `json:"requestedBy,omitempty"`
	Counterparty string             `json:"counterparty,omitempty"`
	Status       string             `json:"status,omitempty"`
	Reason       string             `json:"reason,omitempty"`
	RecordedAt   projections.Moment `json:"recordedAt"`
	Actor        string             `json:"actor"`
	Role         string             `json:"role"`
}

// Derive implements [projections.Derived]: documents of some kinds state no amount.
func (d *ChargeDocument) Derive(calendar.Date) {
	switch d.Event {
	case account.OffListChargeApproved{}.EventType(), account.OffListChargeRejected{}.EventType(),
		account.OffListChargeMoved{}.EventType(), account.WriteOffRejected{}.EventType(),
		account.DisputeRejected{}.EventType(), duties.OwnDecisionRefused{}.EventType():
		d.Amount = nil
	}
}

// ChargeHistory is the answer of [Views.ChargeHistory].
type ChargeHistory struct {
	projections.Answer
	Charge   Charge
	Found    bool      // false: no such charge up to the cut
	Postings []Posting // in log order
	// Documents are the approvals, answers and notices that name the charge, in
	// log order.
	Documents []ChargeDocument
}

// ChargeHistory answers who did what to one charge, and when.
func (m Views) ChargeHistory(
	ctx context.Context, cut projections.Cut, center domain.CenterID, charge domain.ChargeID,
) (answer ChargeHistory, err error) {
	q, err := m.Ask(cut, projections.Page{})
	if err != nil {
		return answer, err
	}
	defer q.Done()
	answer.Answer = q.Answer
	filter := ChargeFilter{Filter: projections.Filter{Center: center}}
	if _, err = projections.ListBeside(ctx, q, chargeListSQL, filter.params(charge, q), nil,
		func(c *Charge, _ *chargeTotals) bool {
			answer.Charge, answer.Found = *c, true
			return false
		}); err != nil {
		return answer, err
	}
	p := projections.Params{"center": string(center), "charge": string(charge)}
	if answer.Postings, err = projections.All[Posting](ctx, q, chargePostingsSQL, p); err != nil {
		return answer, err
	}
	answer.Documents, err = projections.All[ChargeDocument](ctx, q, chargeDocumentsSQL, p)
	return answer, err
}

// PostingsOfCharge returns the postings that name a charge, up to the very cut
// of an earlier answer: both may be added up together.
func (m Views) PostingsOfCharge(
	ctx context.Context, scope access.Scope, at projections.Answer, center domain.CenterID, charge domain.ChargeID,
) ([]Posting, error) {
	q, err := m.Ask(projections.Cut{Scope: scope}, projections.Page{})
	if err != nil {
		return nil, err
	}
	defer q.Done()
	if q.Position < at.Position { // the tables were replaced by ones that have not caught up
		return nil, &projections.StatusError{Err: projections.ErrUnavailable, Status: q.Status}
	}
	q.Answer = at
	return projections.All[Posting](ctx, q, chargePostingsSQL, projections.Params{
		"center": string(center), "charge": string(charge),
	})
}
