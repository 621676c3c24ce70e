package filings

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/projections"
	filingsviews "aftersales-ledger/projections/filings"
)

type listFilingsInput struct {
	kit.CutParams
	kit.PageParams
	Month   string `query:"month" example:"2026-09" doc:"Default: the month of asOf"`
	Region  string `query:"region"`
	Project string `query:"project"`
	Center  string `query:"center"`
	Form    string `query:"form" enum:"F1,F3,F4"`
	State   string `query:"state" enum:"DUE,MISSING,NIL,FILED,RETURNED"`
	Missing bool   `query:"missing" doc:"Only those to be chased for: overdue and not filed, or returned and not filed anew"`
	Late    bool   `query:"late" doc:"Only those filed late"`
	Sort    string `query:"sort" enum:"filedOn,-filedOn,entries,-entries,total,-total" doc:"A leading - puts the latest, or largest, first; absent, the answer's own order"`
}

// FilingsBody answers where the forms of a month stand.
type FilingsBody struct {
	Month  string                     `json:"month"`
	DueOn  string                     `json:"dueOn"`
	Rows   []filingsviews.FilingRow   `json:"rows"`
	Totals []filingsviews.FilingTotal `json:"totals" doc:"By region and form, over all rows that match"`
	kit.Paged
}

func (s *service) listFilings(ctx context.Context, in *listFilingsInput) (out FilingsBody, err error) {
	var p kit.Parser
	filter := filingsviews.FilingFilter{
		Filter: projections.Filter{
			Region: in.Region, Project: domain.ProjectID(in.Project), Center: domain.CenterID(in.Center),
		},
		Form: filing.Form(in.Form), State: filingsviews.FilingState(in.State), Missing: in.Missing, Late: in.Late,
	}
	if in.Month != "" {
		filter.Month = p.Month("month", in.Month)
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	if filter.Month.IsZero() {
		filter.Month = calendar.DateOf(s.Deps.Clock()).Month()
		if !cut.AsOf.IsZero() {
			filter.Month = cut.AsOf.Month()
		}
	}
	filter.DueOn = s.Deps.Ledger.Rules().Filing.DueOn(filter.Month)
	r, err := filingsviews.Of(s.Deps.ReadModels).Filings(ctx, cut, filter, in.Sorted(in.Sort))
	return FilingsBody{
		Month: filter.Month.String(), DueOn: filter.DueOn.String(), Rows: r.Rows, Totals: r.Totals,
		Paged: kit.PagedOf(r.List),
	}, err
}
