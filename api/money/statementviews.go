package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

type statementListInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center"`
	Region  string `query:"region"`
	Quarter string `query:"quarter" example:"2026Q2"`
	Status  string `query:"status" enum:"NOT_ISSUED,ISSUED,SUPERSEDED,CONFIRMED,PARTLY_CONFIRMED,REOPENED"`
	Overdue bool   `query:"overdue" doc:"Only those not answered by their reply-by date"`
	Sort    string `query:"sort" enum:"quarter,-quarter,closing,-closing,replyBy,-replyBy,daysOver,-daysOver" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// StatementListBody lists where statements stand.
type StatementListBody struct {
	Rows   []moneyviews.StatementRow   `json:"rows"`
	Totals []moneyviews.StatementTotal `json:"totals" doc:"By quarter, of all that match, not only this page's; a closing balance holds those before it"`
	Ties   bool                        `json:"ties" doc:"Of every row of the page, and every total"`
	kit.Paged
}

func (s *service) statementViews() {
	kit.Query(s.Service, "/v1/statements", "list-statements",
		"Where the quarterly statements stand, and whose answer is overdue (5.3.4)", kit.MayReadAccounts, s.listStatements)
	kit.Query(s.Service, "/v1/disputes", "disputes", "Charges that a center disputes", kit.MayReadAccounts, s.disputes)
	kit.Query(s.Service, "/v1/off-list-requests", "off-list-requests",
		"Work outside the price list that approval was asked for: pending and decided (5.3.1)", kit.MayReadCharges,
		s.offListRequests)
	kit.Query(s.Service, "/v1/compensation-quotes", "compensation-quotes",
		"Compensation quoted for damage outside warranty, and what of it was charged (5.3.2)", kit.MayReadCharges, s.quotes)
	kit.Query(s.Service, "/v1/charge-reports/bridge", "charge-report-bridge",
		"From the charge lists F3 of a quarter to its charges (5.3.3)", kit.MayReadCollection, s.chargeReportBridge)
}

func (s *service) listStatements(ctx context.Context, in *statementListInput) (out StatementListBody, err error) {
	var p kit.Parser
	filter := moneyviews.StatementFilter{
		Filter: projections.Filter{Region: in.Region}, Quarter: p.Quarter("quarter", in.Quarter),
		Status: account.StatementStatus(in.Status), Overdue: in.Overdue,
	}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Statements(ctx, cut, filter, in.Sorted(in.Sort))
	return StatementListBody{r.Rows, r.Totals, r.Ties, kit.PagedOf(r.List)}, err
}

type disputesInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center"`
	Region  string `query:"region"`
	Project string `query:"project"`
	Sort    string `query:"sort" enum:"open,-open,disputedOn,-disputedOn" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// DisputesBody lists disputed charges.
type DisputesBody struct {
	Rows []moneyviews.DisputedItem `json:"rows"`
	moneyviews.DisputeSums
	kit.Paged
	moneyviews.Reductions
}

func (s *service) disputes(ctx context.Context, in *disputesInput) (out DisputesBody, err error) {
	var p kit.Parser
	filter := projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Disputes(ctx, cut, filter, in.Sorted(in.Sort))
	return DisputesBody{r.Rows, r.DisputeSums, kit.PagedOf(r.List), r.Reductions}, err
}

type chargeReportBridgeInput struct {
	kit.CutParams
	kit.PageParams
	Quarter string `query:"quarter" required:"true" example:"2026Q2"`
	Center  string `query:"center"`
	Region  string `query:"region"`
	Sort    string `query:"sort" enum:"listed,-listed,notListed,-notListed,charges,-charges" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// ChargeReportBridgeBody answers why the charge lists and the quarter differ.
type ChargeReportBridgeBody struct {
	Quarter string                             `json:"quarter"`
	Rows    []moneyviews.ChargeReportBridgeRow `json:"rows"`
	Total   moneyviews.ChargeReportBridgeRow   `json:"total" doc:"Over all centers that match, not only this page's"`
	kit.Paged
}

func (s *service) chargeReportBridge(
	ctx context.Context, in *chargeReportBridgeInput,
) (out ChargeReportBridgeBody, err error) {
	var p kit.Parser
	quarter := p.Quarter("quarter", in.Quarter)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	filter := projections.Filter{Center: domain.CenterID(in.Center), Region: in.Region}
	r, err := moneyviews.Of(s.Deps.ReadModels).ChargeReportBridge(ctx, cut, quarter, filter, in.Sorted(in.Sort))
	return ChargeReportBridgeBody{quarter.String(), r.Rows, r.Total, kit.PagedOf(r.List)}, err
}

// quarterOf reads a quarter, or takes the one that holds the date asked for.
func (s *service) quarterOf(q calendar.Quarter, cut projections.Cut) calendar.Quarter {
	switch {
	case !q.IsZero():
		return q
	case !cut.AsOf.IsZero():
		return cut.AsOf.Quarter()
	}
	return calendar.DateOf(s.Deps.Clock()).Quarter()
}
