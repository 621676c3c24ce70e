package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

type quotesInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center" doc:"To which it was quoted"`
	Region  string `query:"region"`
	Project string `query:"project"`
	Ticket  string `query:"ticket"`
	Status  string `query:"status" enum:"OPEN,FILED,CHARGED"`
	Sort    string `query:"sort" enum:"amount,-amount,quotedOn,-quotedOn" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// QuotesBody lists compensation quotes.
type QuotesBody struct {
	Rows []moneyviews.Quote `json:"rows"`
	moneyviews.QuoteSums
	kit.Paged
}

func (s *service) quotes(ctx context.Context, in *quotesInput) (out QuotesBody, err error) {
	var p kit.Parser
	filter := moneyviews.QuoteFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)},
		Ticket: domain.TicketID(in.Ticket), Status: moneyviews.QuoteStatus(in.Status),
	}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Quotes(ctx, cut, filter, in.Sorted(in.Sort))
	return QuotesBody{r.Rows, r.QuoteSums, kit.PagedOf(r.List)}, err
}
