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

// OffListRequestsBody lists requests for work outside the price list.
type OffListRequestsBody struct {
	Rows []moneyviews.OffListRequest `json:"rows"`
	moneyviews.OffListSums
	kit.Paged
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
	r, err := moneyviews.Of(s.Deps.ReadModels).OffListRequests(ctx, cut, filter, in.Sorted(in.Sort))
	return OffListRequestsBody{r.Rows, r.OffListSums, kit.PagedOf(r.List)}, err
}
