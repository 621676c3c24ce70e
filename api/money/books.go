package money

import (
	"context"
	"slices"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

func (s *service) bookViews() {
	kit.Query(s.Service, "/v1/trial-balance", "trial-balance",
		"What was booked on every account of the chart: one page, in the order of the chart, which is bounded",
		kit.MayReadBooks, s.trialBalance)
	kit.Query(s.Service, "/v1/trial-balance/{account}", "ledger-account",
		"What was booked on one account of the chart, posting by posting", kit.MayReadBooks, s.ledgerAccount)
	kit.Query(s.Service, "/v1/receivables/breakdown", "receivables-breakdown",
		"What is owed by project or by kind of service", kit.MayReadAccounts, s.breakdown)
}

type trialBalanceInput struct {
	kit.CutParams
	Quarter string `query:"quarter" doc:"The quarter, or the first of a range. Default: the one that holds asOf" example:"2026Q2"`
	Through string `query:"through" doc:"Last quarter of a range"`
	Center  string `query:"center"`
	Region  string `query:"region"`
}

// TrialBalanceBody answers what was booked on every account.
type TrialBalanceBody struct {
	kit.Basis
	Rows  []moneyviews.TrialBalanceRow `json:"rows" doc:"Account 6402 (待归属) holds parts issued before their line of F1 was written, or for none: that stays there when the line comes, and the parts audit matches the two; a return and a new issue for the line move it to 6402.1 (质保) or 6402.2 (收费). Account 2202.2 is what makers are owed by letters that we confirmed, less what was paid, against 6402.3; what units are worth that came back from them is booked from 6402.9"`
	Total moneyviews.TrialBalanceRow   `json:"total"`
	Ties  bool                         `json:"ties" doc:"debits = credits; and the balances add up to 0.00"`
}

func (s *service) trialBalance(ctx context.Context, in *trialBalanceInput) (out TrialBalanceBody, err error) {
	var p kit.Parser
	first, last := p.Quarter("quarter", in.Quarter), p.Quarter("through", in.Through)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	first = s.quarterOf(first, cut)
	filter := projections.Filter{Center: domain.CenterID(in.Center), Region: in.Region}
	r, err := moneyviews.Of(s.Deps.ReadModels).TrialBalance(ctx, cut, first, max(first, last), filter)
	return TrialBalanceBody{kit.BasisOf(r.Answer), r.Rows, r.Total, r.Ties}, err
}

type ledgerAccountInput struct {
	kit.CutParams
	kit.PageParams
	Account string `path:"account" doc:"Of the chart" example:"1122.1"`
	Quarter string `query:"quarter" doc:"The quarter, or the first of a range. Default: all up to asOf" example:"2026Q2"`
	Through string `query:"through" doc:"Last quarter of a range. Default: that of quarter, or the one that holds asOf"`
	Center  string `query:"center"`
	Region  string `query:"region"`
}

// LedgerAccountBody answers what was booked on one account, in yuan.
type LedgerAccountBody struct {
	Account string                     `json:"account"`
	Name    string                     `json:"name"`
	Rows    []moneyviews.LedgerPosting `json:"rows"`
	moneyviews.LedgerSums
	kit.Paged
}

func (s *service) ledgerAccount(ctx context.Context, in *ledgerAccountInput) (out LedgerAccountBody, err error) {
	chart := books.LedgerAccounts()
	at := slices.IndexFunc(chart, func(n books.Name) bool { return string(n.Account) == in.Account })
	if at < 0 {
		return out, domain.NotFound("account", domain.Clip(in.Account), "unknown-account", "is not an account of the chart").
			Among(domain.Each(chart, func(n books.Name) domain.NamedID {
				return domain.NamedID{ID: string(n.Account), Name: n.Name}
			}))
	}
	var p kit.Parser
	first, last := p.Quarter("quarter", in.Quarter), p.Quarter("through", in.Through)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	if last == 0 {
		last = s.quarterOf(first, cut)
	}
	filter := projections.Filter{Center: domain.CenterID(in.Center), Region: in.Region}
	r, err := moneyviews.Of(s.Deps.ReadModels).LedgerAccount(ctx, cut, chart[at].Account, first, last, filter, in.Page())
	return LedgerAccountBody{
		Account: in.Account, Name: chart[at].Name, Rows: r.Rows, LedgerSums: r.LedgerSums, Paged: kit.PagedOf(r.List),
	}, err
}

type breakdownInput struct {
	kit.CutParams
	kit.PageParams
	By      string `query:"by" enum:"project,kind" default:"project"`
	Center  string `query:"center"`
	Region  string `query:"region"`
	Project string `query:"project"`
	Sort    string `query:"sort" enum:"charged,-charged,open,-open,overdue,-overdue" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// BreakdownBody answers what is owed by project or kind.
type BreakdownBody struct {
	By    string                    `json:"by"`
	Rows  []moneyviews.BreakdownRow `json:"rows"`
	Total moneyviews.BreakdownRow   `json:"total" doc:"Over all that match, not only this page's; unapplied money belongs to no part"`
	kit.Paged
}

func (s *service) breakdown(ctx context.Context, in *breakdownInput) (out BreakdownBody, err error) {
	var p kit.Parser
	filter := projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Breakdown(ctx, cut, moneyviews.BreakdownBy(in.By), filter,
		in.Sorted(in.Sort))
	return BreakdownBody{in.By, r.Rows, r.Total, kit.PagedOf(r.List)}, err
}

// NextPage is empty: the chart of accounts fits a page.
func (b *TrialBalanceBody) NextPage() string { return "" }
