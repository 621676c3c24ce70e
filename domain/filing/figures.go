package filing

import (
	"cmp"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Figures are what an F4 states about a project and its reporting month, both
// days included, as far as it was recorded when the report was filed.
type Figures struct {
	From             calendar.Date `json:"from"`
	Through          calendar.Date `json:"through"`
	TicketsReceived  int           `json:"ticketsReceived"`  // registered in the month
	TicketsClosed    int           `json:"ticketsClosed"`    // closed in it
	TicketsOpen      int           `json:"ticketsOpen"`      // not closed at its end
	ResponseMet      int           `json:"responseMet"`      // deadlines that ended in the month, met on time
	ResponseBreached int           `json:"responseBreached"` // deadlines that ended in it, and were not
	ResponseRunning  int           `json:"responseRunning"`  // deadlines after its end, with nobody there at its end
	VisitsMade       int           `json:"visitsMade"`       // routine visits
	VisitsOwed       int           `json:"visitsOwed"`       // by the quotas of the periods that ended in it
	VisitsShort      int           `json:"visitsShort"`      // of them, not made
	FaultLines       int           `json:"faultLines"`       // F1 lines of the month
	PartsUsed        []PartUsed    `json:"partsUsed"`        // replaced, according to F1
	DevicesOut       int           `json:"devicesOut"`       // shipped to their makers, on a process sheet or in a batch without one
	DevicesBack      int           `json:"devicesBack"`      // by a result, a receipt or a scrap slip of the month
	DevicesAway      int           `json:"devicesAway"`      // at their makers at its end, by the same papers
	Charges          int           `json:"charges"`          // by the date of the work
	Charged          money.Amount  `json:"charged"`          // gross
	Escalated        int           `json:"escalated"`        // raised in the month
	EscalationsOpen  int           `json:"escalationsOpen"`
}

// PartUsed is how many units of a part were replaced.
type PartUsed struct {
	Part     domain.PartCode `json:"part"`
	Quantity decimal.Decimal `json:"quantity"`
}

// Add sums two reports up, as a region does. The period becomes the one that
// holds both.
func (f Figures) Add(o Figures) Figures {
	if f.From.IsZero() || o.From.Before(f.From) {
		f.From = o.From
	}
	f.Through = max(f.Through, o.Through)
	for sum, n := range map[*int]int{
		&f.TicketsReceived: o.TicketsReceived, &f.TicketsClosed: o.TicketsClosed, &f.TicketsOpen: o.TicketsOpen,
		&f.ResponseMet: o.ResponseMet, &f.ResponseBreached: o.ResponseBreached, &f.ResponseRunning: o.ResponseRunning,
		&f.VisitsMade: o.VisitsMade, &f.VisitsOwed: o.VisitsOwed, &f.VisitsShort: o.VisitsShort, &f.FaultLines: o.FaultLines,
		&f.DevicesOut: o.DevicesOut, &f.DevicesBack: o.DevicesBack, &f.DevicesAway: o.DevicesAway, &f.Charges: o.Charges,
		&f.Escalated: o.Escalated, &f.EscalationsOpen: o.EscalationsOpen,
	} {
		*sum += n
	}
	f.Charged = f.Charged.Add(o.Charged)
	parts := slices.Clone(f.PartsUsed)
	for _, p := range o.PartsUsed {
		i := slices.IndexFunc(parts, func(q PartUsed) bool { return q.Part == p.Part })
		if i < 0 {
			parts = append(parts, p)
			continue
		}
		parts[i].Quantity = parts[i].Quantity.Add(p.Quantity)
	}
	slices.SortFunc(parts, func(a, b PartUsed) int { return cmp.Compare(a.Part, b.Part) })
	f.PartsUsed = parts
	return f
}
