package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

type paymentListInput struct {
	kit.CutParams
	kit.PageParams
	Center    string `query:"center"`
	Region    string `query:"region"`
	Unapplied bool   `query:"unapplied" doc:"Only those with money that settles no charge"`
	Sort      string `query:"sort" enum:"amount,-amount,unapplied,-unapplied,receivedOn,-receivedOn" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// PaymentListBody lists payments; its sums are over all that match, not only this
// page's.
type PaymentListBody struct {
	Rows []moneyviews.PaymentRow `json:"rows"`
	moneyviews.PaymentSums
	kit.Paged
}

func (s *service) paymentViews() {
	kit.Query(s.Service, "/v1/payments", "list-payments", "Payments with what became of the money", kit.MayReadAccounts,
		s.listPayments)
	kit.TaggedQuery(s.Service, "/v1/centers/{center}/payments/{payment}", "payment-history",
		"One payment, from the bank to the charges it settled", kit.MayReadAccounts,
		func(in *paymentHistoryInput) string { return account.Stream(domain.CenterID(in.Center)) }, s.paymentHistory)
	kit.Query(s.Service, "/v1/payments/conflicts", "payment-conflicts",
		"Receipts refused because their bank reference is known with other content",
		kit.MayReadConflicts, s.paymentConflicts)
	kit.Query(s.Service, "/v1/collection", "collection", "What is to be collected, and what was done about it (5.3.4)",
		kit.MayReadCollection, s.collectionView)
}

func (s *service) listPayments(ctx context.Context, in *paymentListInput) (out PaymentListBody, err error) {
	var p kit.Parser
	filter := moneyviews.PaymentFilter{Filter: projections.Filter{Region: in.Region}, UnappliedOnly: in.Unapplied}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Payments(ctx, cut, filter, in.Sorted(in.Sort))
	return PaymentListBody{r.Rows, r.PaymentSums, kit.PagedOf(r.List)}, err
}

type paymentHistoryInput struct {
	kit.CutParams
	Center  string `path:"center"`
	Payment string `path:"payment"`
}

// PaymentHistoryBody is one payment with what became of it.
type PaymentHistoryBody struct {
	kit.Basis
	Payment moneyviews.PaymentRow   `json:"payment"`
	Uses    []moneyviews.PaymentUse `json:"uses"`
	Ties    bool                    `json:"ties" doc:"The uses, line by line, give what is applied and returned; with what is unapplied that is the amount"`
}

func (s *service) paymentHistory(ctx context.Context, in *paymentHistoryInput) (out PaymentHistoryBody, err error) {
	var p kit.Parser
	center := kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	h, err := moneyviews.Of(s.Deps.ReadModels).PaymentHistory(ctx, cut, center, domain.PaymentID(in.Payment))
	if err != nil {
		return out, err
	}
	if !h.Found {
		return out, domain.NotFound("payment", in.Payment, "unknown-payment",
			"is not a payment of center %s as of the date and moment asked for", in.Center).
			Among(s.Ledger(ctx).InAccount(ctx, center, (*account.Account).Payments))
	}
	return PaymentHistoryBody{kit.BasisOf(h.Answer), h.Payment, h.Uses, h.Ties()}, nil
}

type centersInput struct {
	kit.CutParams
	kit.PageParams
	Center string `query:"center"`
	Region string `query:"region"`
	Sort   string `query:"sort" enum:"amount,-amount,receivedOn,-receivedOn" doc:"A leading - puts the largest first; absent, the newest first"`
}

func (in centersInput) filter() projections.Filter {
	return projections.Filter{Center: domain.CenterID(in.Center), Region: in.Region}
}

// PaymentConflictsBody lists receipts that wait for a person, the newest first.
type PaymentConflictsBody struct {
	Rows []moneyviews.ConflictingPayment `json:"rows"`
	moneyviews.ConflictSums
	kit.Paged
}

func (s *service) paymentConflicts(ctx context.Context, in *centersInput) (out PaymentConflictsBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Conflicts(ctx, cut, in.filter(), in.Sorted(in.Sort))
	return PaymentConflictsBody{r.Rows, r.ConflictSums, kit.PagedOf(r.List)}, err
}

type collectionInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center"`
	Region  string `query:"region"`
	Overdue bool   `query:"overdue" doc:"Only centers with something to chase"`
	Sort    string `query:"sort" enum:"open,-open,overdue,-overdue,toCollect,-toCollect,disputed,-disputed,oldestDue,-oldestDue" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// CollectionBody answers what is to be collected.
type CollectionBody struct {
	Rows []moneyviews.CollectionRow `json:"rows"`
	moneyviews.CollectionSums
	kit.Paged
}

func (s *service) collectionView(ctx context.Context, in *collectionInput) (out CollectionBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	filter := projections.Filter{Center: domain.CenterID(in.Center), Region: in.Region}
	r, err := moneyviews.Of(s.Deps.ReadModels).Collection(ctx, cut, filter, in.Overdue, in.Sorted(in.Sort))
	return CollectionBody{r.Rows, r.CollectionSums, kit.PagedOf(r.List)}, err
}
