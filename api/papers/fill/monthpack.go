package fill

import (
	"context"
	"fmt"
	"strings"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/projections"
	partsviews "aftersales-ledger/projections/parts"
)

// MonthPack is a region's month for the tech group lead: fault record, issues,
// findings and stock (5.1.3). Without a day of its own it is as of the end of the
// month, or of today while that runs.
func (c Clerk) MonthPack(
	ctx context.Context, cut projections.Cut, region string, month calendar.Month,
) (out Filled, err error) {
	if cut.AsOf.IsZero() {
		cut.AsOf = min(month.Last(), c.today())
	}
	pack := forms.MonthPack{Region: region, Month: month}
	if err := c.gatherPack(ctx, cut, &pack); err != nil {
		return out, err
	}
	return c.laid(ctx, paper{Paper: pack, file: fmt.Sprintf("配件月度核对包 %s %s", region, month)})
}

// gatherPack asks for everything as of and known at one cut: that of the first
// answer.
func (c Clerk) gatherPack(ctx context.Context, cut projections.Cut, pack *forms.MonthPack) error {
	first, last := pack.Month.First(), pack.Month.Last()
	filter := partsviews.PartsFilter{Region: pack.Region}
	views := partsviews.Of(c.ReadModels)
	err := projections.EveryPage(func(page projections.Page) (string, error) {
		r, err := views.FaultLines(ctx, cut,
			partsviews.FaultListFilter{PartsFilter: filter, From: first, To: last}, page)
		pack.Faults = append(pack.Faults, r.Rows...)
		if page.After == "" {
			pack.AsOf, pack.KnownAt, pack.Position = r.AsOf, r.KnownAt, r.Position
			cut.AsOf, cut.KnownAt = r.AsOf, r.KnownAt
		}
		return r.Next, err
	})
	if err != nil {
		return err
	}
	if err := projections.EveryPage(func(page projections.Page) (string, error) {
		r, err := views.Movements(ctx, cut, partsviews.MovementFilter{
			PartsFilter: filter, From: first, To: last, Kinds: []partsviews.MovementKind{partsviews.IssueOut, partsviews.Return},
		}, page)
		pack.Issues = append(pack.Issues, r.Rows...)
		return r.Next, err
	}); err != nil {
		return err
	}
	if err := projections.EveryPage(func(page projections.Page) (string, error) {
		r, err := views.RollForward(ctx, cut, pack.Month, pack.Month, filter, page)
		pack.Stock = append(pack.Stock, r.Rows...)
		if len(r.Totals) > 0 {
			pack.Totals = r.Totals[0]
		}
		return r.Next, err
	}); err != nil {
		return err
	}
	return c.packFindings(ctx, cut, first, last, pack)
}

func (c Clerk) packFindings(
	ctx context.Context, cut projections.Cut, first, last calendar.Date, pack *forms.MonthPack,
) error {
	return projections.EveryPage(func(page projections.Page) (string, error) {
		r, err := partsviews.Of(c.ReadModels).AuditFindings(ctx, cut, partsviews.FindingFilter{
			Filter: projections.Filter{Region: pack.Region}, From: first, To: last,
			Statuses: []finding.Status{finding.Open, finding.Explained, finding.Adjusted, finding.Accepted},
		}, page)
		pack.NoCatalogue = r.NoCatalogue
		for _, f := range r.Rows {
			documents := make([]string, len(f.Documents))
			for i, d := range f.Documents {
				documents[i] = forms.DocumentName(d.Kind, d.Number)
			}
			pack.Findings = append(pack.Findings, forms.PackFinding{
				Finding: f.Class, Project: f.Project, Part: f.Part, On: f.On, AgeDays: f.AgeDays,
				Documents: strings.Join(documents, "\n"),
				Quantity:  f.Quantity, Value: f.Value.String(), Status: f.Status, Owner: names.Of(domain.Role(f.Owner)),
				Text: f.Chinese,
			})
		}
		return r.Next, err
	})
}
