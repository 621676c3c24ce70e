package api

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"aftersales-ledger/api/forms"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/projections"
)

type monthPackInput struct {
	CutParams
	FormParams
	Region string `query:"region" required:"true" example:"华东"`
	Month  string `query:"month" required:"true" example:"2026-06"`
}

func (s *server) monthPacks() {
	form(s, "/v1/parts/month-pack", "month-pack", "A region's month for the tech group lead: fault record, issues, findings and stock (5.1.3)", ofDepartment, s.monthPack)
}

func (s *server) monthPack(ctx context.Context, in *monthPackInput) (f forms.Form, name, format string, err error) {
	var p parser
	month := p.month("month", in.Month)
	cut, err := s.cut(ctx, &p, in.CutParams)
	if err != nil {
		return f, "", "", err
	}
	if cut.AsOf.IsZero() { // the pack of a month that is over is as of its end
		cut.AsOf = min(month.Last(), s.today())
	}
	pack := forms.MonthPack{Region: in.Region, Month: month}
	if err := s.gatherPack(ctx, cut, &pack); err != nil {
		return f, "", "", err
	}
	return pack.Lay(), fmt.Sprintf("配件月度核对包 %s %s", in.Region, month), in.Format, nil
}

// gatherPack asks for everything as of and known at one cut: that of the first
// answer.
func (s *server) gatherPack(ctx context.Context, cut projections.Cut, pack *forms.MonthPack) error {
	first, last := pack.Month.First(), pack.Month.Last()
	filter := projections.PartsFilter{Region: pack.Region}
	m := s.deps.ReadModels
	err := everyPage(func(page projections.Page) (string, error) {
		r, err := m.FaultLines(ctx, cut, projections.FaultListFilter{PartsFilter: filter, From: first, To: last}, page)
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
	if err := everyPage(func(page projections.Page) (string, error) {
		r, err := m.Movements(ctx, cut, projections.MovementFilter{
			PartsFilter: filter, From: first, To: last, Kinds: []projections.MovementKind{projections.IssueOut, projections.Return},
		}, page)
		pack.Issues = append(pack.Issues, r.Rows...)
		return r.Next, err
	}); err != nil {
		return err
	}
	if err := everyPage(func(page projections.Page) (string, error) {
		r, err := m.RollForward(ctx, cut, pack.Month, pack.Month, filter, page)
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

func (s *server) packFindings(ctx context.Context, cut projections.Cut, first, last calendar.Date, pack *forms.MonthPack) error {
	return everyPage(func(page projections.Page) (string, error) {
		r, err := s.deps.ReadModels.AuditFindings(ctx, cut, projections.FindingFilter{
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
				Finding: f.Class, Project: f.Project, Part: f.Part, On: f.On, AgeDays: f.AgeDays, Documents: strings.Join(documents, "\n"),
				Quantity: f.Quantity, Value: f.Value, Status: f.Status, Owner: cmp.Or(f.Owner, names.Of(f.OwnerRole)), Text: chinese,
			})
		}
		return r.Next, err
	})
}

// everyPage asks for one page after the other.
func everyPage(ask func(projections.Page) (next string, err error)) error {
	for page := (projections.Page{Limit: projections.MaxLimit}); ; {
		next, err := ask(page)
		if err != nil || next == "" {
			return err
		}
		page.After = next
	}
}
