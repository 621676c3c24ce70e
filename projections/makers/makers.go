// Package makers reads what tells of the units that depots sent to makers while no process
// sheet follows them (§5.2.1). Parts, repairs and the monthly reports of work count them;
// what they are is for package match to say.
package makers

import (
	"context"
	_ "embed"

	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

var (
	//go:embed units.sql
	unitsSQL string
	//go:embed sheets.sql
	sheetsSQL string
)

// Facts are what [match.SentWithoutSheet] asks, about all projects: where a unit is, papers
// of any depot say. What is found is for the caller to narrow down to who asks.
func Facts(ctx context.Context, q *projections.Question) (*match.Facts, error) {
	f := &match.Facts{}
	err := read(ctx, q, unitsSQL, &f.Units)
	if err == nil {
		err = read(ctx, q, sheetsSQL, &f.Sheets)
	}
	return f, err
}

// read reads facts beyond the scope of who asks: which unit is where must come to the same
// for everybody.
func read[F any](ctx context.Context, q *projections.Question, statement string, to *[]F) error {
	type its struct {
		Fact F `sql:"its_,inline"`
	}
	return projections.Each(ctx, q.BeyondScope(), statement, projections.Params{}, func(r *its) error {
		*to = append(*to, r.Fact)
		return nil
	})
}
