package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

func (s *service) accountViews() {
	kit.TaggedQuery(s.Service, "/v1/centers/{center}/account", "account",
		"A center's account as one time line: what moved its balance, and what was said and written about it",
		kit.MayReadAccounts, func(in *accountInput) string { return account.Stream(domain.CenterID(in.Center)) },
		s.accountLines)
	kit.Query(s.Service, "/v1/corrections", "corrections",
		"Credit notes, and write-offs with what was decided about them", kit.MayReadAccounts, s.listCorrections)
}

type accountInput struct {
	kit.CutParams
	kit.PageParams
	Center string `path:"center"`
	Moved  bool   `query:"moved" doc:"Only what changed the balance"`
}

// AccountBody is a center's account, in yuan.
type AccountBody struct {
	Rows []moneyviews.AccountLine `json:"rows" doc:"The newest first"`
	moneyviews.AccountSums
	kit.Paged
}

func (s *service) accountLines(ctx context.Context, in *accountInput) (out AccountBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	center := kit.Visible(ctx, in.Center)
	r, err := moneyviews.Of(s.Deps.ReadModels).AccountLines(ctx, cut, center, in.Moved, in.Page())
	return AccountBody{r.Rows, r.AccountSums, kit.PagedOf(r.List)}, err
}

type correctionsInput struct {
	kit.CutParams
	kit.PageParams
	Center string `query:"center"`
	Region string `query:"region"`
	Kind   string `query:"kind" enum:"CREDIT_NOTE,WRITE_OFF"`
	Status string `query:"status" enum:"ISSUED,PENDING,APPROVED,REJECTED"`
	Sort   string `query:"sort" enum:"amount,-amount,on,-on" doc:"A leading - puts the largest first; absent, the newest first"`
}

// CorrectionsBody lists credit notes and write-offs, in yuan.
type CorrectionsBody struct {
	Rows []moneyviews.Correction `json:"rows"`
	moneyviews.CorrectionSums
	kit.Paged
}

func (s *service) listCorrections(ctx context.Context, in *correctionsInput) (out CorrectionsBody, err error) {
	var p kit.Parser
	filter := moneyviews.CorrectionFilter{
		Filter: projections.Filter{Region: in.Region}, Kind: in.Kind, Status: in.Status,
	}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Corrections(ctx, cut, filter, in.Sorted(in.Sort))
	return CorrectionsBody{r.Rows, r.CorrectionSums, kit.PagedOf(r.List)}, err
}
