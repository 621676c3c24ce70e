package parts

import (
	"cmp"
	"context"
	_ "embed"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
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
	Part  domain.PartCode
	Name  string // this and what follows by the catalogue; empty where it does not know the part
	Model string
	Maker string
	Unit  string

	Faults uint64          // lines of F1 that replaced the part
	Failed decimal.Decimal // units replaced by them
	Issued decimal.Decimal // units issued, less what came back unused
	Again  uint64          // units with a serial among those replaced that F1 had put in before

	Sent      uint64 // process sheets F2 filed in the period, one device each
	Repaired  uint64 // of those, with this result by the date asked about, as the two that follow
	Exchanged uint64 // the maker sent another
	Lost      uint64 // scrapped, or not back
}

// FailedPerHundred is the units that failed for each hundred issued, with one
// decimal; false where none was issued.
func (f PartFailures) FailedPerHundred() (decimal.Decimal, bool) {
	if !f.Issued.IsPositive() {
		return decimal.Zero, false
	}
	return f.Failed.Mul(decimal.New(100, 0)).DivRound(f.Issued, 1), true
}

// MadeGood is the percentage of what the maker has finished that was repaired or
// exchanged, with one decimal; false where nothing is finished.
func (f PartFailures) MadeGood() (decimal.Decimal, bool) {
	good := decimal.NewFromUint64(f.Repaired + f.Exchanged)
	ended := good.Add(decimal.NewFromUint64(f.Lost))
	if ended.IsZero() {
		return decimal.Zero, false
	}
	return good.Mul(decimal.New(100, 0)).DivRound(ended, 1), true
}

// Failures is the answer of [Views.Failures].
type Failures struct {
	projections.Answer
	From, To calendar.Date
	Rows     []PartFailures // by part
	Next     string         // asks for the next page; empty on the last
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
	answer := Failures{Answer: q.Answer}
	answer.To = min(cmp.Or(filter.To, q.AsOf), q.AsOf)
	answer.From = cmp.Or(filter.From, calendar.NewDate(answer.To.Quarter().Year(), time.January, 1))
	p := filter.params().With("maker", filter.Maker).With("from_date", projections.IsoDate(answer.From)).
		With("to_date", projections.IsoDate(answer.To)).With("after_part", q.AfterKey(0, ""))
	err = q.Rows(ctx, failuresSQL, p, func(rows driver.Rows) error {
		var r PartFailures
		if err := rows.Scan(
			projections.TextTo(&r.Part), &r.Name, &r.Model, &r.Maker, &r.Unit, &r.Faults, &r.Failed, &r.Issued, &r.Again,
			&r.Sent, &r.Repaired, &r.Exchanged, &r.Lost,
		); err != nil {
			return err
		}
		if len(answer.Rows) == q.Limit {
			answer.Next = q.Next(string(answer.Rows[q.Limit-1].Part))
			return nil
		}
		answer.Rows = append(answer.Rows, r)
		return nil
	})
	return answer, err
}
