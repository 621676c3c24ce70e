package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

type offListRequestsInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center" doc:"Where it was asked for, or the center that its project belongs to by now"`
	Region  string `query:"region" doc:"Of either center"`
	Project string `query:"project"`
	Status  string `query:"status" enum:"PENDING,APPROVED,REJECTED"`
	Sort    string `query:"sort" enum:"gross,-gross,requestedOn,-requestedOn" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// OffListRequestBody is a request for the approval of work outside the price
// list, in yuan.
type OffListRequestBody struct {
	Center      string `json:"center" doc:"Where it was asked for: the path of its decision names it"`
	Name        string `json:"name"`
	Region      string `json:"region"`
	Charge      string `json:"charge" doc:"Number of the charge it becomes"`
	Project     string `json:"project"`
	ProjectName string `json:"projectName"`
	CenterNow   string `json:"centerNow" doc:"That answers for the project on the date asked for"`
	Gross       string `json:"gross"`
	RequestedOn string `json:"requestedOn"`
	RequestedBy string `json:"requestedBy"`
	Reason      string `json:"reason"`
	Status      string `json:"status" enum:"PENDING,APPROVED,REJECTED"`
	DecidedOn   string `json:"decidedOn,omitempty"`
	DecidedBy   string `json:"decidedBy,omitempty"`
	Decision    string `json:"decision,omitempty" doc:"The note of an approval, the reason of a rejection"`
	MovedTo     string `json:"movedTo,omitempty" doc:"The center that is charged in its place"`
	AgeDays     *int   `json:"ageDays" doc:"Since it was asked for; null of one that is decided"`
	Position    uint64 `json:"position"`
}

// OffListRequestsBody lists requests for work outside the price list.
type OffListRequestsBody struct {
	kit.Basis
	Rows         []OffListRequestBody `json:"rows"`
	Count        int                  `json:"count" doc:"Of all that match, as are the other figures"`
	Pending      int                  `json:"pending"`
	Gross        string               `json:"gross"`
	PendingGross string               `json:"pendingGross"`
	Next         string               `json:"next,omitempty"`
}

func (s *service) offListRequests(ctx context.Context, in *offListRequestsInput) (out OffListRequestsBody, err error) {
	var p kit.Parser
	filter := moneyviews.OffListFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)},
		Status: moneyviews.OffListStatus(in.Status),
	}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	a, err := moneyviews.Of(s.Deps.ReadModels).OffListRequests(ctx, cut, filter, in.Sorted(in.Sort))
	if err != nil {
		return out, err
	}
	out = OffListRequestsBody{
		Basis: kit.BasisOf(a.Answer), Rows: make([]OffListRequestBody, len(a.Rows)), Count: a.Count, Pending: a.Pending,
		Gross: a.Gross.String(), PendingGross: a.PendingGross.String(), Next: a.Next,
	}
	for i, r := range a.Rows {
		out.Rows[i] = OffListRequestBody{
			Center: string(r.Center), Name: r.Name, Region: r.Region, Charge: string(r.Charge), Project: string(r.Project),
			ProjectName: r.ProjectName,
			CenterNow:   string(r.CenterNow), Gross: r.Gross.String(), RequestedOn: r.RequestedOn.String(),
			RequestedBy: r.RequestedBy, Reason: r.Reason,
			Status: string(r.Status), DecidedOn: r.DecidedOn.String(), DecidedBy: r.DecidedBy, Decision: r.Decision,
			MovedTo: string(r.MovedTo),
			AgeDays: kit.OnlyIf(r.Status == moneyviews.OffListPending, r.AgeDays), Position: r.Position,
		}
	}
	return out, nil
}

// NextPage is the cursor of the next page, empty on the last.
func (b *OffListRequestsBody) NextPage() string { return b.Next }
