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

// FilingRow is where one form of one project stands.
type FilingRow struct {
	Project     string   `json:"project"`
	Form        string   `json:"form"`
	Name        string   `json:"name"`
	Region      string   `json:"region"`
	City        string   `json:"city"`
	Center      string   `json:"center,omitempty"`
	State       string   `json:"state" doc:"DUE 未到期, MISSING 缺报, NIL 零报, FILED 已报, RETURNED 退回"`
	DueOn       string   `json:"dueOn"`
	DaysOver    *int     `json:"daysOver" doc:"Days since it was due, 0 up to that day; null of a form that is there"`
	Version     *int     `json:"version" doc:"null of what was not filed"`
	FiledOn     string   `json:"filedOn,omitempty" doc:"Of that version"`
	FiledBy     string   `json:"filedBy,omitempty" doc:"Of that version"`
	FirstFiled  string   `json:"firstFiledOn,omitempty" doc:"Version 1"`
	Late        bool     `json:"late" doc:"That version was filed after it was due; an F4 is late, in all its versions, if the first was: a reviewer who returns it makes nobody late"`
	Entries     *int     `json:"entries" doc:"Lines of F1 or charges of F3, of all sheets; null of F4, and of what was not filed"`
	Total       *string  `json:"total" doc:"Of the charges of F3, gross; null of other forms, and of what was not filed"`
	ContentHash string   `json:"contentHash,omitempty"`
	Awaits      string   `json:"awaits,omitempty" doc:"Role whose turn it is"`
	ReturnedBy  string   `json:"returnedBy,omitempty"`
	Reason      string   `json:"reason,omitempty"`
	Sent        bool     `json:"sent"`
	SentOn      string   `json:"sentOn,omitempty"`
	Team        []string `json:"team" doc:"Who has to file it: the technicians of the roster in force, with their phones"`
}

// FilingTotalBody sums the forms of a region up.
type FilingTotalBody struct {
	Region  string  `json:"region"`
	Form    string  `json:"form"`
	Owed    int     `json:"owed" doc:"Projects that owe it"`
	Filed   int     `json:"filed" doc:"Nil returns included"`
	Nil     int     `json:"nil"`
	Late    int     `json:"late"`
	Missing int     `json:"missing"`
	Sent    int     `json:"sent"`
	Entries *int    `json:"entries" doc:"Of those that were filed; null where none was, and of F4"`
	Total   *string `json:"total" doc:"Of the F3 that were filed; null where none was, and of other forms"`
}

// FilingsBody answers where the forms of a month stand.
type FilingsBody struct {
	kit.Basis
	Month  string            `json:"month"`
	DueOn  string            `json:"dueOn"`
	Rows   []FilingRow       `json:"rows"`
	Totals []FilingTotalBody `json:"totals" doc:"By region and form, over all rows that match"`
	Next   string            `json:"next,omitempty"`
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
	if err != nil {
		return out, err
	}
	out = FilingsBody{
		Basis: kit.BasisOf(r.Answer), Month: filter.Month.String(), DueOn: filter.DueOn.String(),
		Rows:   make([]FilingRow, len(r.Rows)),
		Totals: make([]FilingTotalBody, len(r.Totals)), Next: r.Next,
	}
	for i, f := range r.Rows {
		row := FilingRow{
			Project: string(f.Project), Form: string(f.Form), Name: f.Name, Region: f.Region, City: f.City,
			Center: string(f.Center), State: string(f.State),
			DueOn: filter.DueOn.String(), Version: kit.OnlyIf(f.Version > 0, f.Version),
			FiledOn: f.FiledOn.String(), FiledBy: f.FiledBy,
			FirstFiled: f.FirstFiled.String(), Late: f.Late,
			Entries: kit.OnlyIf(f.HasEntries(), f.Entries), Total: kit.OnlyIf(f.HasTotal(), f.Total.String()),
			ContentHash: f.ContentHash, Awaits: string(f.Awaits), ReturnedBy: f.ReturnedBy, Reason: f.Reason,
			Sent: f.Sent, SentOn: f.SentOn.String(), Team: f.Team,
		}
		row.DaysOver = kit.OnlyIf(!f.State.There(), max(0, int(r.AsOf-filter.DueOn)))
		out.Rows[i] = row
	}
	for i, t := range r.Totals {
		out.Totals[i] = FilingTotalBody{
			t.Region, string(t.Form), t.Owed, t.Filed, t.Nil, t.Late, t.Missing, t.Sent, kit.OnlyIf(t.HasEntries(), t.Entries),
			kit.OnlyIf(t.HasTotal(), t.Total.String()),
		}
	}
	return out, nil
}

// NextPage is the cursor of the next page, empty on the last.
func (b *FilingsBody) NextPage() string { return b.Next }
