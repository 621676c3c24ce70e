package money

import (
	"context"
	"slices"
	"strings"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/projections"
	moneyviews "aftersales-ledger/projections/money"
)

type receivablesInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center"`
	Region  string `query:"region"`
	Project string `query:"project"`
	Sort    string `query:"sort" enum:"open,-open,overdue,-overdue,unapplied,-unapplied,closing,-closing" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// ReceivablesBody answers what every center owes.
type ReceivablesBody struct {
	Rows []moneyviews.Receivable `json:"rows"`
	moneyviews.ReceivablesTotal
	kit.Paged
}

type reconciliationInput struct {
	kit.CutParams
	kit.PageParams
	Quarter string `query:"quarter" doc:"The quarter, or the first of a range. Default: the one that holds asOf" example:"2026Q2"`
	Through string `query:"through" doc:"Last quarter of a range" example:"2026Q4"`
	Center  string `query:"center"`
	Region  string `query:"region"`
	Sort    string `query:"sort" enum:"quarter,-quarter,charges,-charges,late,-late,receipts,-receipts,closing,-closing" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// ReconciliationBody answers each center's account over quarters.
type ReconciliationBody struct {
	Rows   []moneyviews.ReconciliationRow `json:"rows"`
	Totals []moneyviews.ReconciliationRow `json:"totals" doc:"By quarter, of all centers that match, not only this page's"`
	kit.Paged
}

func (s *service) views() {
	kit.Query(s.Service, "/v1/receivables", "receivables", "What each center owes, and since when (5.3.4)", kit.MayReadAccounts,
		s.receivables)
	kit.Query(s.Service, "/v1/reconciliation", "reconciliation", "Each center's account over a quarter (5.3.4)",
		kit.MayReadAccounts, s.reconciliation)
	s.statementViews()
	s.paymentViews()
	s.bookViews()
	s.accountViews()
	kit.Query(s.Service, "/v1/charges", "list-charges", "Charges with what is open of them", kit.MayReadCharges,
		s.listCharges)
	kit.TaggedQuery(s.Service, "/v1/centers/{center}/charges/{charge}", "charge-history", "Who did what to one charge, and when",
		kit.MayReadAccounts, func(in *chargeHistoryInput) string { return account.Stream(domain.CenterID(in.Center)) },
		s.chargeHistory)
}

func (s *service) receivables(ctx context.Context, in *receivablesInput) (out ReceivablesBody, err error) {
	var p kit.Parser
	filter := projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}
	filter.Center = kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Receivables(ctx, cut, filter, in.Sorted(in.Sort))
	return ReceivablesBody{r.Rows, r.ReceivablesTotal, kit.PagedOf(r.List)}, err
}

func (s *service) reconciliation(ctx context.Context, in *reconciliationInput) (out ReconciliationBody, err error) {
	var p kit.Parser
	filter := projections.Filter{Region: in.Region}
	filter.Center = kit.Visible(ctx, in.Center)
	first, last := p.Quarter("quarter", in.Quarter), p.Quarter("through", in.Through)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	first = s.quarterOf(first, cut)
	last = max(first, last)
	r, err := moneyviews.Of(s.Deps.ReadModels).Reconciliation(ctx, cut, first, last, filter, in.Sorted(in.Sort))
	return ReconciliationBody{r.Rows, r.Totals, kit.PagedOf(r.List)}, err
}

type listChargesInput struct {
	kit.CutParams
	kit.PageParams
	Center             string `query:"center"`
	Region             string `query:"region"`
	Project            string `query:"project"`
	Ticket             string `query:"ticket" doc:"Only charges of this ticket, whenever its work was done"`
	Posted             string `query:"posted" doc:"Accounting quarter"`
	OccurredFrom       string `query:"occurredFrom"`
	OccurredTo         string `query:"occurredTo"`
	LateOnly           bool   `query:"lateOnly" doc:"Only those posted to a later quarter than their own"`
	OpenOnly           bool   `query:"openOnly" doc:"Only those of which something is open"`
	PossibleDuplicates bool   `query:"possibleDuplicates" doc:"Only those that look like an earlier charge of the center (same project, room, service, day and amount, the same ticket or none), and were not taken back in full. A charge that was credited in full before is nobody's double: what is charged anew after it corrects it"`
	Kind               string `query:"kind" enum:"ADD,MOVE,ACTIVATION,PART,REPAIR,COMPENSATION,TRAVEL,LABOUR" doc:"Of service"`
	Sort               string `query:"sort" enum:"open,-open,gross,-gross,occurredOn,-occurredOn,dueOn,-dueOn" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// ChargesBody lists charges.
type ChargesBody struct {
	Rows []moneyviews.Charge `json:"rows"`
	moneyviews.ChargeSums
	kit.Paged
	moneyviews.SeenReductions
}

func (s *service) listCharges(ctx context.Context, in *listChargesInput) (out ChargesBody, err error) {
	var p kit.Parser
	filter := moneyviews.ChargeFilter{
		Filter:       projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)},
		Ticket:       domain.TicketID(in.Ticket),
		Posted:       p.Quarter("posted", in.Posted),
		OccurredFrom: p.Date("occurredFrom", in.OccurredFrom), OccurredTo: p.Date("occurredTo", in.OccurredTo),
		LateOnly: in.LateOnly, OpenOnly: in.OpenOnly, DoublesOnly: in.PossibleDuplicates,
		Kind: pricelist.ServiceKind(in.Kind),
	}
	filter.Center = kit.Visible(ctx, in.Center)
	if kit.Closed(ctx, kit.Receivable) && (in.OpenOnly || strings.HasSuffix(in.Sort, "open")) {
		return out, domain.Forbidden("openOnly", "", "not-shown", "what is open of a charge is not shown to your role", "4")
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Charges(ctx, cut, filter, in.Sorted(in.Sort))
	if err != nil {
		return out, err
	}
	hidden := func(center domain.CenterID) bool {
		return kit.Hides(ctx, kit.Receivable, access.Place{Center: center})
	}
	for i := range r.Rows {
		if c := &r.Rows[i]; hidden(c.Center) {
			c.Hide()
		}
	}
	// The sums are of all pages: what any of them hides is not in them on another.
	if kit.Closed(ctx, kit.Receivable) ||
		slices.ContainsFunc(r.Centers, func(c string) bool { return hidden(domain.CenterID(c)) }) {
		r.HideSums()
	}
	return ChargesBody{r.Rows, r.ChargeSums, kit.PagedOf(r.List), r.SeenReductions}, nil
}

type chargeHistoryInput struct {
	kit.CutParams
	Center string `path:"center"`
	Charge string `path:"charge"`
}

// ChargeHistoryBody is one charge with its postings.
type ChargeHistoryBody struct {
	kit.Basis
	Charge   moneyviews.Charge    `json:"charge"`
	Postings []moneyviews.Posting `json:"postings"`
	// Documents tell what the postings do not: who asked, approved, disputed,
	// claimed, and why.
	Documents []moneyviews.ChargeDocument `json:"documents"`
	// Events are read from the log itself, the rest from the read models.
	Events []TrailEventBody `json:"events"`
	TieOut ChargeTieOut     `json:"tieOut"`
	// A charge that moved with its project stands in several accounts. The
	// department sees the events of all of them; a center's people those of
	// their own.
	Legs   []ChargeLegBody `json:"legs,omitempty" doc:"Accounts it passed through, that which was asked for first; only of a charge that moved"`
	Across *AcrossTieOut   `json:"acrossTieOut,omitempty" doc:"Over these accounts"`
}

func (s *service) chargeHistory(ctx context.Context, in *chargeHistoryInput) (out ChargeHistoryBody, err error) {
	var p kit.Parser
	center := kit.Visible(ctx, in.Center)
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	h, err := moneyviews.Of(s.Deps.ReadModels).ChargeHistory(ctx, cut, center, domain.ChargeID(in.Charge))
	if err != nil {
		return out, err
	}
	if !h.Found {
		return out, domain.NotFound("charge", in.Charge, "unknown-charge",
			"is not a charge of center %s as of the date and moment asked for", in.Center).
			Among(s.Ledger(ctx).InAccount(ctx, center, (*account.Account).Charges))
	}
	for i := range h.Documents {
		if d := &h.Documents[i]; d.Event == (duties.OwnDecisionRefused{}).EventType() {
			d.Reason = s.Recorded(ctx, d.Reason)
		}
	}
	out = ChargeHistoryBody{
		Basis: kit.BasisOf(h.Answer), Charge: h.Charge, Postings: h.Postings, Documents: h.Documents,
	}
	return out, s.chargeTrail(ctx, h, &out)
}
