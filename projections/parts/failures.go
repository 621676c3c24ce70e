package parts

import (
	"cmp"
	"context"
	_ "embed"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
)

//go:embed failures.sql
var failuresSQL string

// FailureFilter narrows failures down. Empty fields do not narrow.
type FailureFilter struct {
	PartsFilter
	Maker    string        // by the catalogue
	From, To calendar.Date // of the work, the issue and the filing of F2; see [Failures]
}

// PartFailures is how often one part failed in a period, and what its maker made
// of what was sent.
type PartFailures struct {
	Part   domain.PartCode `json:"part"`
	Name   string          `json:"name,omitempty" doc:"This and what follows by the catalogue"` // empty where it does not know the part
	Model  string          `json:"model,omitempty"`
	Maker  string          `json:"maker,omitempty"`
	Unit   string          `json:"unit,omitempty"`
	Faults uint64          `json:"faults" doc:"Lines of F1 that replaced the part: /v1/fault-lines of the same part and dates"`
	Failed decimal.Decimal `json:"failed" doc:"Units replaced by them"`
	Issued decimal.Decimal `json:"issued" doc:"Units issued in the period, less what came back unused"`
	Rate   *string         `json:"rate" sql:"-" doc:"Failed for each hundred issued, one decimal; null where none was issued"`
	Again  uint64          `json:"again" doc:"Units with a serial among those replaced that an earlier line of F1 had put in"`
	Sent   uint64          `json:"sent" doc:"Process sheets F2 filed in the period, one device each"`

	Repaired  uint64  `json:"repaired" doc:"Of sent, with this result as of the date asked about, as the two that follow"`
	Exchanged uint64  `json:"exchanged" doc:"The maker sent another"`
	Lost      uint64  `json:"lost" doc:"Scrapped, or not back"`
	MadeGood  *string `json:"madeGood" sql:"-" doc:"Repaired or exchanged, percent of what has a result, one decimal; null where nothing has"`
}

// Derive implements [projections.Derived].
func (f *PartFailures) Derive(calendar.Date) {
	f.Rate = perHundred(f.Failed, f.Issued)
	good := decimal.NewFromUint64(f.Repaired + f.Exchanged)
	f.MadeGood = perHundred(good, good.Add(decimal.NewFromUint64(f.Lost)))
}

// perHundred has one decimal; nil of none.
func perHundred(part, of decimal.Decimal) *string {
	if !of.IsPositive() {
		return nil
	}
	rate := part.Mul(decimal.New(100, 0)).DivRound(of, 1).StringFixed(1)
	return &rate
}

// Failures is the answer of [Views.Failures], by part.
type Failures struct {
	projections.List[PartFailures]
	From, To calendar.Date
}

// Failures answers which parts failed, of which maker, against the units issued.
// Without a last date it looks back from the date asked about, without a first
// one over that calendar year.
func (m Views) Failures(
	ctx context.Context, cut projections.Cut, filter FailureFilter, page projections.Page,
) (Failures, error) {
	q, err := m.Ask(cut, page, "failures", filter)
	if err != nil {
		return Failures{}, err
	}
	defer q.Done()
	var answer Failures
	answer.To = min(cmp.Or(filter.To, q.AsOf), q.AsOf)
	answer.From = cmp.Or(filter.From, calendar.NewDate(answer.To.Quarter().Year(), time.January, 1))
	p := filter.params().With("maker", filter.Maker).With("from_date", projections.IsoDate(answer.From)).
		With("to_date", projections.IsoDate(answer.To)).With("after_part", q.AfterKey(0, ""))
	answer.List, err = projections.ListOf(ctx, q, failuresSQL, p, func(r *PartFailures) []string {
		return []string{string(r.Part)}
	})
	return answer, err
}
