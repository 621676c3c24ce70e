package money

import (
	"context"
	_ "embed"
	"math"
	"strconv"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

//go:embed corrections.sql
var correctionsSQL string

// Correction is a credit note, or a write-off from its request to its decision.
type Correction struct {
	Kind      string           `json:"kind" enum:"CREDIT_NOTE,WRITE_OFF"`
	Number    string           `json:"number" doc:"Of a write-off: the path of its decision names it"`
	Center    domain.CenterID  `json:"center"`
	Name      string           `json:"name"`
	Region    string           `json:"region"`
	Charge    domain.ChargeID  `json:"charge"`
	Project   domain.ProjectID `json:"project,omitempty"`
	Room      string           `json:"room,omitempty"`
	Service   string           `json:"service,omitempty"`
	Amount    money.Amount     `json:"amount" doc:"Gross, as it was asked for"`
	On        calendar.Date    `json:"on"`
	By        string           `json:"by"`
	Reason    string           `json:"reason"`
	Status    string           `json:"status" enum:"ISSUED,PENDING,APPROVED,REJECTED" doc:"ISSUED: a credit note, which needs no decision"`
	DecidedOn calendar.Date    `json:"decidedOn,omitzero"`
	DecidedBy string           `json:"decidedBy,omitempty"`
	Decision  string           `json:"decision,omitempty" doc:"The reason of a rejection"`
	Position  uint64           `json:"position"`
}

// CorrectionFilter narrows the corrections down. Empty fields do not narrow.
type CorrectionFilter struct {
	projections.Filter
	Kind, Status string
}

// Corrections is the answer of [Views.Corrections].
type Corrections struct {
	projections.List[Correction] // the newest first
	CorrectionSums
}

// CorrectionSums is what all corrections that match come to, in yuan.
type CorrectionSums struct {
	Count         int          `json:"count" doc:"Of all that match, as are the other figures"`
	Pending       int          `json:"pending" doc:"Write-offs that wait for a decision"`
	PendingAmount money.Amount `json:"pendingAmount"`
	Credited      money.Amount `json:"credited"`
	WrittenOff    money.Amount `json:"writtenOff"`
}

// Corrections answers what was taken back, and what was given up or is to be.
func (m Views) Corrections(
	ctx context.Context, cut projections.Cut, filter CorrectionFilter, page projections.Page,
) (answer Corrections, err error) {
	if err := noProject(filter.Filter, "must be empty: corrections are asked for by center or region"); err != nil {
		return answer, err
	}
	q, err := m.AskSorted(cut, page, projections.Sortable{"amount", "on"}, "corrections", filter)
	if err != nil {
		return answer, err
	}
	defer q.Done()
	p := filter.Params().With("kind", filter.Kind).With("status", filter.Status).
		With("before", q.AfterKey(0, strconv.FormatInt(math.MaxInt64, 10)))
	answer.List, err = projections.SummedListOf(ctx, q, correctionsSQL, p, func(r *Correction) []string {
		return []string{strconv.FormatUint(r.Position, 10)}
	}, &answer.CorrectionSums)
	return answer, err
}
