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
	"aftersales-ledger/projections/makers"
	"aftersales-ledger/projections/match"
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
	Sent   uint64          `json:"sent" doc:"Process sheets F2 filed in the period, one device each, and units that depots sent in it to their makers with no sheet"`

	Repaired  uint64  `json:"repaired" doc:"Of sent, with this result as of the date asked about, as the three that follow"`
	Exchanged uint64  `json:"exchanged" doc:"The maker sent another"`
	Lost      uint64  `json:"lost" doc:"Scrapped, or not back"`
	Back      uint64  `json:"back" doc:"Sent with no sheet, and in a depot again: whether repaired or exchanged no sheet says"`
	MadeGood  *string `json:"madeGood" sql:"-" doc:"Repaired, exchanged or back, percent of what has a result, one decimal; null where nothing has"`
}

// Derive implements [projections.Derived].
func (f *PartFailures) Derive(calendar.Date) {
	f.Rate = perHundred(f.Failed, f.Issued)
	good := decimal.NewFromUint64(f.Repaired + f.Exchanged + f.Back)
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
	sites, err := q.Sites(ctx)
	if err != nil {
		return answer, err
	}
	scope := sites.Narrow(projections.Filter{Region: filter.Region, Project: filter.Project})
	if err := sentUnits(ctx, q, scope, filter.Part, answer.From, answer.To, p); err != nil {
		return answer, err
	}
	answer.List, err = projections.ListOf(ctx, q, failuresSQL, p, func(r *PartFailures) []string {
		return []string{string(r.Part)}
	})
	return answer, err
}

// sentUnits puts into the parameters what depots sent to makers from one day to another
// with no process sheet, and what has become of it by the day asked about.
func sentUnits(
	ctx context.Context, q *projections.Question, scope projections.ProjectSelection, part domain.PartCode,
	from, to calendar.Date, p projections.Params,
) error {
	facts, err := makers.Facts(ctx, q)
	if err != nil {
		return err
	}
	type sums struct{ sent, back, lost int }
	byPart := make(map[domain.PartCode]sums)
	for _, u := range match.SentWithoutSheet(facts, q.AsOf, q.M.Opts.Rules.RepairWithinDays) {
		if !scope.Has(u.Project) || part != "" && u.Part != part || u.ShippedOn.Before(from) || u.ShippedOn.After(to) {
			continue
		}
		s := byPart[u.Part]
		byPart[u.Part] = sums{s.sent + u.Sent, s.back + u.Sent - u.Away - u.Scrapped, s.lost + u.Scrapped}
	}
	parts, sent, back, lost := []string{}, []uint64{}, []uint64{}, []uint64{}
	for code, s := range byPart {
		parts, sent = append(parts, string(code)), append(sent, uint64(s.sent))
		back, lost = append(back, uint64(s.back)), append(lost, uint64(s.lost))
	}
	p.With("sent_parts", parts).With("sent", sent).With("sent_back", back).With("sent_lost", lost)
	return nil
}
