package papers

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/projections"
	partsviews "aftersales-ledger/projections/parts"
)

type monthPackInput struct {
	kit.CutParams
	FormParams
	Region string `query:"region" required:"true" example:"华东"`
	Month  string `query:"month" required:"true" example:"2026-06"`
}

func (s *service) monthPacks() {
	form(s, "/v1/parts/month-pack", "month-pack",
		"A region's month for the tech group lead: fault record, issues, findings and stock (5.1.3)", kit.MayReadRegions,
		s.monthPack)
}

func (s *service) monthPack(ctx context.Context, in *monthPackInput) (f forms.Form, name, format string, err error) {
	var p kit.Parser
	month := p.Month("month", in.Month)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return f, "", "", err
	}
	if cut.AsOf.IsZero() { // the pack of a month that is over is as of its end
		cut.AsOf = min(month.Last(), s.Today())
	}
	pack := forms.MonthPack{Region: in.Region, Month: month}
	if err := s.gatherPack(ctx, cut, &pack); err != nil {
		return f, "", "", err
	}
	return pack.Lay(), fmt.Sprintf("配件月度核对包 %s %s", in.Region, month), in.Format, nil
}

// gatherPack asks for everything as of and known at one cut: that of the first
// answer.
func (s *service) gatherPack(ctx context.Context, cut projections.Cut, pack *forms.MonthPack) error {
	first, last := pack.Month.First(), pack.Month.Last()
	filter := partsviews.PartsFilter{Region: pack.Region}
	m := s.Deps.ReadModels
	err := kit.EveryPage(func(page projections.Page) (string, error) {
		r, err := partsviews.Of(m).FaultLines(ctx, cut,
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
	if err := kit.EveryPage(func(page projections.Page) (string, error) {
		r, err := partsviews.Of(m).Movements(ctx, cut, partsviews.MovementFilter{
			PartsFilter: filter, From: first, To: last, Kinds: []partsviews.MovementKind{partsviews.IssueOut, partsviews.Return},
		}, page)
		pack.Issues = append(pack.Issues, r.Rows...)
		return r.Next, err
	}); err != nil {
		return err
	}
	if err := kit.EveryPage(func(page projections.Page) (string, error) {
		r, err := partsviews.Of(m).RollForward(ctx, cut, pack.Month, pack.Month, filter, page)
		pack.Stock = append(pack.Stock, r.Rows...)
		if len(r.Totals) > 0 {
			pack.Totals = r.Totals[0]
		}
		return r.Next, err
	}); err != nil {
		return err
	}
	return s.packFindings(ctx, cut, first, last, pack)
}

func (s *service) packFindings(
	ctx context.Context, cut projections.Cut, first, last calendar.Date, pack *forms.MonthPack,
) error {
	return kit.EveryPage(func(page projections.Page) (string, error) {
		r, err := partsviews.Of(s.Deps.ReadModels).AuditFindings(ctx, cut, partsviews.FindingFilter{
			Filter: projections.Filter{Region: pack.Region}, From: first, To: last,
			Statuses: []finding.Status{finding.Open, finding.Explained, finding.Adjusted, finding.Accepted},
		}, page)
		pack.NoCatalogue = r.NoCatalogue
		for _, f := range r.Rows {
			documents := make([]string, len(f.Documents))
			for i, d := range f.Documents {
				documents[i] = forms.DocumentName(d.Kind, d.Number)
			}
			chinese, _ := f.Sentence()
			pack.Findings = append(pack.Findings, forms.PackFinding{
				Finding: f.Class, Project: f.Project, Part: f.Part, On: f.On, AgeDays: f.AgeDays,
				Documents: strings.Join(documents, "\n"),
				Quantity:  f.Quantity, Value: f.Value, Status: f.Status, Owner: cmp.Or(f.Owner, names.Of(f.OwnerRole)),
				Text: chinese,
			})
		}
		return r.Next, err
	})
}
