package money

import (
	"context"
	_ "embed"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed quotelist.sql
var quoteListSQL string

// QuoteStatus says how far a quoted compensation is on its way to a charge.
type QuoteStatus string

// What became of a quote.
const (
	QuoteOpen    QuoteStatus = "OPEN"    // 待填F2: no F2 states it, or the one that did was sent back
	QuoteFiled   QuoteStatus = "FILED"   // 待审: an F2 states it, which the HQ affairs supervisor has to review
	QuoteCharged QuoteStatus = "CHARGED" // 已收费
)

// Quote is a compensation quoted for damage outside warranty, §5.3.2, in yuan.
type Quote struct {
	Center      domain.CenterID  `json:"center" doc:"To which it was quoted"`
	Name        string           `json:"name"`
	Region      string           `json:"region"`
	Quote       domain.QuoteID   `json:"quote"`
	Project     domain.ProjectID `json:"project"`
	ProjectName string           `json:"projectName"`
	Room        string           `json:"room,omitempty"`
	Owner       string           `json:"owner,omitempty"`
	Ticket      domain.TicketID  `json:"ticket,omitempty"`
	Damage      string           `json:"damage"`
	Amount      money.Amount     `json:"amount" doc:"What the center pays, tax included: exactly what an F2 has to state"`
	TaxRate     decimal.Decimal  `json:"taxRate"`
	QuotedOn    calendar.Date    `json:"quotedOn"`
	QuotedBy    string           `json:"quotedBy"`
	Status      QuoteStatus      `json:"status" enum:"OPEN,FILED,CHARGED"`
	Sheet       domain.SheetID   `json:"sheet,omitempty" doc:"F2 that states it, and was not sent back"`
	Charge      domain.ChargeID  `json:"charge,omitempty" doc:"Number of the charge it became"`
	ChargedTo   domain.CenterID  `json:"chargedTo,omitempty" doc:"The center that answered for the project on the day of the damage"`
	OccurredOn  calendar.Date    `json:"occurredOn,omitempty" doc:"Business date of the damage, of what was charged"`
	AgeDays     *int             `json:"ageDays" sql:"-" doc:"Since it was quoted; null of one that was charged"`
	Position    uint64           `json:"position"`
}

// Derive implements [projections.Derived].
func (r *Quote) Derive(asOf calendar.Date) {
	if r.Status != QuoteCharged {
		age := int(asOf - r.QuotedOn)
		r.AgeDays = &age
	}
}

// QuoteFilter narrows the quotes down. Empty fields do not narrow.
type QuoteFilter struct {
	projections.Filter
	Ticket domain.TicketID
	Status QuoteStatus
}

// Quotes is the answer of [Views.Quotes].
type Quotes struct {
	projections.List[Quote] // by center, then quote
	QuoteSums
}

// QuoteSums is what all quotes that match come to, in yuan.
type QuoteSums struct {
	Count            uint64       `json:"count" doc:"Of all that match, as are the other figures"`
	NotCharged       uint64       `json:"notCharged" doc:"Not charged yet, whether an F2 states it or not"`
	Amount           money.Amount `json:"amount"`
	NotChargedAmount money.Amount `json:"notChargedAmount" doc:"Of the amount: what is not charged yet"`
}

const quotesSeenSQL = `SELECT DISTINCT concat(center, '/', quote) AS number FROM quotes`

// Quotes answers what compensation was quoted, and what of it was charged.
func (m Views) Quotes(
	ctx context.Context, cut projections.Cut, filter QuoteFilter, page projections.Page,
) (answer Quotes, err error) {
	q, err := m.AskSorted(cut, page, projections.Sortable{"amount", "quotedOn"}, "compensation quotes", filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	seen, err := seenBy(ctx, q, quotesSeenSQL)
	if err != nil {
		return answer, err
	}
	p := filter.Params().With("status", string(filter.Status)).With("ticket", string(filter.Ticket)).
		With("everywhere", q.InScope().IsWhole()).With("seen", seen).
		With("after_center", q.AfterKey(0, "")).With("after_quote", q.AfterKey(1, ""))
	answer.List, err = projections.SummedListOf(ctx, q.BeyondScope(), quoteListSQL, p, func(r *Quote) []string {
		return []string{string(r.Center), string(r.Quote)}
	}, &answer.QuoteSums)
	return answer, err
}
