package filings

import (
	"context"
	"slices"

	"aftersales-ledger/api/bulk"
	"aftersales-ledger/api/gather"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/eventstore"
	filingsviews "aftersales-ledger/projections/filings"
)

type collectFormsInput struct {
	kit.BulkHeaders
	Region string `path:"region"`
	Month  string `path:"month" example:"2026-09"`
	Form   string `path:"form" enum:"F1,F3,F4"`
}

// CollectedForm is what became of one project's form.
type CollectedForm struct {
	Project string `json:"project"`
	Name    string `json:"name"`
	Outcome string `json:"outcome" enum:"SENT,REVIEWED,WAITS,DONE,MISSING,RETURNED,REFUSED" doc:"REVIEWED: it goes to the next reviewer; WAITS: it is with another reviewer; DONE: it was sent before"`
	Awaits  string `json:"awaits,omitempty" doc:"Whose turn it is, where it waits"`
	Problem string `json:"problem,omitempty" doc:"Why it was refused"`
}

// CollectedForms is what became of a region's forms.
type CollectedForms struct {
	Sent     int             `json:"sent"`
	Missing  int             `json:"missing"`
	Refused  int             `json:"refused"`
	Position uint64          `json:"position,omitempty" doc:"Log position; a query given it as 'after' shows the forms"`
	Rows     []CollectedForm `json:"rows"`
}

// collectForms lets every form of a region go on that waits for the regional
// admin, and passes on what everybody has reviewed. What is refused for one
// project keeps no other from going, and the request can be repeated.
func (s *service) collectForms(ctx context.Context, in *collectFormsInput) (out CollectedForms, err error) {
	var p kit.Parser
	month, form := p.Month("month", in.Month), filing.Form(in.Form)
	if p.Err != nil {
		return out, p.Err
	}
	head, err := s.Ledger(ctx).Head(ctx)
	if err != nil {
		return out, err
	}
	cut, err := s.Cut(ctx, &p, kit.CutParams{After: uint64(head)})
	if err != nil {
		return out, err
	}
	rows, err := gather.Filings(ctx, s.Deps.ReadModels, s.Deps.Ledger.Rules(), cut, in.Region, month, form)
	if err != nil {
		return out, err
	}
	out.Rows = []CollectedForm{}
	out.Position, err = bulk.Each(rows, func(row filingsviews.FilingRow) (eventstore.Outcome, error) {
		if collected(ctx, row) != "" {
			return eventstore.Outcome{}, nil
		}
		return s.Ledger(ctx).CollectReport(ctx, in.Request(ctx), filing.Send{Project: row.Project, Month: month, Form: form})
	}, func(row filingsviews.FilingRow, o eventstore.Outcome, refusal *domain.Rejection) {
		c := CollectedForm{Project: string(row.Project), Name: row.Name, Outcome: collected(ctx, row)}
		switch {
		case c.Outcome == "WAITS":
			c.Awaits = string(row.Awaits)
		case c.Outcome == "MISSING":
			out.Missing++
		case c.Outcome != "":
		case refusal != nil:
			c.Outcome, c.Problem = "REFUSED", s.Refusal(ctx, refusal)
			out.Refused++
		case slices.ContainsFunc(o.Events, func(e domain.Event) bool { _, sent := e.(filing.ReportSent); return sent }):
			c.Outcome = "SENT"
			out.Sent++
		default:
			c.Outcome = "REVIEWED"
		}
		out.Rows = append(out.Rows, c)
	})
	return out, err
}

// collected says of a form why it cannot be collected; empty where it can.
func collected(ctx context.Context, row filingsviews.FilingRow) string {
	switch {
	case row.Version == nil:
		return "MISSING"
	case row.State == filingsviews.FilingReturned:
		return "RETURNED"
	case row.Sent:
		return "DONE"
	case row.Awaits != "" && row.Awaits != kit.ActorOf(ctx).Role:
		return "WAITS"
	}
	return ""
}

type regionFiguresInput struct {
	kit.CutParams
	Region string `path:"region"`
	Month  string `path:"month" example:"2026-09"`
}

// RegionFigures are the monthly reports of a region, summed up.
type RegionFigures struct {
	Region  string         `json:"region"`
	Month   string         `json:"month"`
	Filed   int            `json:"filed" doc:"Projects whose report is in the sum"`
	Missing []string       `json:"missing" doc:"Projects that owe theirs"`
	Figures *FilingFigures `json:"figures" doc:"Absent where no report was filed"`
}

// regionFigures sums up what the reports state, each in its last version.
func (s *service) regionFigures(ctx context.Context, in *regionFiguresInput) (out RegionFigures, err error) {
	var p kit.Parser
	month := p.Month("month", in.Month)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	rows, err := gather.Filings(ctx, s.Deps.ReadModels, s.Deps.Ledger.Rules(), cut, in.Region, month,
		filing.MonthlyReport)
	if err != nil {
		return out, err
	}
	out = RegionFigures{Region: in.Region, Month: month.String(), Missing: []string{}}
	sum := filing.Figures{}
	for _, row := range rows {
		if row.Version == nil {
			out.Missing = append(out.Missing, string(row.Project))
			continue
		}
		steps, err := s.Ledger(ctx).Filing(ctx, row.Project, month, filing.MonthlyReport)
		if err != nil {
			return out, err
		}
		for _, step := range steps {
			if e, ok := step.Event.(filing.ReportFiled); ok && e.Version == *row.Version {
				sum = sum.Add(*e.Figures)
				out.Filed++
			}
		}
	}
	if out.Filed > 0 {
		out.Figures = filingFigures(sum)
	}
	return out, nil
}
