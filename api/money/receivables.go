package money

import (
	"context"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/ageing"
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

// AgeingBody is open money by days late, upper bounds inclusive.
type AgeingBody struct {
	NotDue       string `json:"notDue"`
	Late1To30    string `json:"late1To30"`
	Late31To60   string `json:"late31To60"`
	Late61To90   string `json:"late61To90"`
	Late91To180  string `json:"late91To180"`
	Late181To365 string `json:"late181To365"`
	LateOver365  string `json:"lateOver365"`
}

// ReceivableBody is what one center owes, in yuan.
type ReceivableBody struct {
	Center          string     `json:"center,omitempty"`
	Name            string     `json:"name,omitempty"`
	Region          string     `json:"region,omitempty"`
	Charged         string     `json:"charged" doc:"Gross of every charge made here"`
	TransfersIn     string     `json:"transfersIn" doc:"And of those that came from another center"`
	Paid            string     `json:"paid" doc:"By money, recoveries of what was written off included"`
	Credited        string     `json:"credited" doc:"Credit notes"`
	TransfersOut    string     `json:"transfersOut" doc:"Went to another center"`
	OpenUnconfirmed string     `json:"openUnconfirmed" doc:"待对账: posted, not yet confirmed"`
	OpenConfirmed   string     `json:"openConfirmed" doc:"已确认应收"`
	Open            string     `json:"open" doc:"Both together"`
	WrittenOff      string     `json:"writtenOff" doc:"Given up by us, still owed by the center (账销案存)"`
	Unapplied       string     `json:"unapplied" doc:"Received, settling no charge yet"`
	Closing         string     `json:"closing" doc:"Open and written off less unapplied"`
	Ageing          AgeingBody `json:"ageing" doc:"Of what is open"`
	Ties            bool       `json:"ties" doc:"charged + transfersIn − paid − credited − transfersOut − writtenOff = openUnconfirmed + openConfirmed; ageing + writtenOff − unapplied = closing"`
}

// ReceivablesBody answers what every center owes.
type ReceivablesBody struct {
	kit.Basis
	Rows        []ReceivableBody `json:"rows"`
	Total       ReceivableBody   `json:"total" doc:"Over all centers that match, not only this page's"`
	PostingsSum string           `json:"postingsSum" doc:"Sum of all postings up to the cut: 0.00"`
	Ties        bool             `json:"ties"`
	Next        string           `json:"next,omitempty"`
}

func ageingBody(a ageing.Ageing) AgeingBody {
	return AgeingBody{
		NotDue: a[ageing.NotDue].String(), Late1To30: a[ageing.Late1To30].String(),
		Late31To60: a[ageing.Late31To60].String(), Late61To90: a[ageing.Late61To90].String(),
		Late91To180: a[ageing.Late91To180].String(), Late181To365: a[ageing.Late181To365].String(),
		LateOver365: a[ageing.LateOver365].String(),
	}
}

func receivableBody(r moneyviews.Receivable) ReceivableBody {
	return ReceivableBody{
		Center: string(r.Center), Name: r.Name, Region: r.Region,
		Charged: r.Charged.String(), TransfersIn: r.TransfersIn.String(), Paid: r.Paid.String(),
		Credited:     r.Credited.String(),
		TransfersOut: r.Transferred.String(), OpenUnconfirmed: r.OpenUnconfirmed.String(),
		OpenConfirmed: r.OpenConfirmed.String(),
		Open:          r.Open().String(), WrittenOff: r.WrittenOff.String(), Unapplied: r.Unapplied.String(),
		Closing: r.Closing.String(),
		Ageing:  ageingBody(r.Ageing), Ties: r.Ties(),
	}
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

// ReconciliationRow is one center's account over one quarter, in yuan.
type ReconciliationRow struct {
	Center       string `json:"center,omitempty" doc:"Absent on a total"`
	Name         string `json:"name,omitempty"`
	Region       string `json:"region,omitempty"`
	Quarter      string `json:"quarter"`
	Opening      string `json:"opening"`
	Charges      string `json:"charges" doc:"The quarter's own"`
	Late         string `json:"late" doc:"Posted in the quarter, of an earlier one"`
	TransfersIn  string `json:"transfersIn" doc:"Open charges that came with a project from another center"`
	TransfersOut string `json:"transfersOut"`
	Credits      string `json:"credits" doc:"Credit notes"`
	Receipts     string `json:"receipts"`
	Reversals    string `json:"reversals" doc:"Money refunded or taken back by the bank"`
	Closing      string `json:"closing"`
	Ties         bool   `json:"ties" doc:"opening + charges + late + transfersIn − transfersOut − credits − receipts + reversals = closing"`
}

// ReconciliationBody answers each center's account over quarters.
type ReconciliationBody struct {
	kit.Basis
	Rows   []ReconciliationRow `json:"rows"`
	Totals []ReconciliationRow `json:"totals" doc:"By quarter, of all centers that match, not only this page's"`
	Next   string              `json:"next,omitempty"`
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
	kit.Query(s.Service, "/v1/centers/{center}/charges/{charge}", "charge-history", "Who did what to one charge, and when",
		kit.MayReadAccounts, s.chargeHistory)
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
	if err != nil {
		return out, err
	}
	out = ReceivablesBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]ReceivableBody, len(r.Centers)), Total: receivableBody(r.Total),
		PostingsSum: r.PostingsSum.String(), Ties: r.Ties(), Next: r.Next,
	}
	for i, c := range r.Centers {
		out.Rows[i] = receivableBody(c)
	}
	return out, nil
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
	if err != nil {
		return out, err
	}
	out = ReconciliationBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]ReconciliationRow, len(r.Rows)),
		Totals: make([]ReconciliationRow, len(r.Totals)), Next: r.Next,
	}
	for i, q := range r.Rows {
		out.Rows[i] = reconciliationRow(q)
	}
	for i, q := range r.Totals {
		out.Totals[i] = reconciliationRow(q)
	}
	return out, nil
}

func reconciliationRow(q moneyviews.Reconciliation) ReconciliationRow {
	return ReconciliationRow{
		string(q.Center), q.Name, q.Region, q.Quarter.String(), q.Opening.String(), q.Charges.String(), q.Late.String(),
		q.TransfersIn.String(), q.TransfersOut.String(), q.Credits.String(), q.Receipts.String(), q.Reversals.String(),
		q.Closing.String(), q.Ties,
	}
}

type listChargesInput struct {
	kit.CutParams
	kit.PageParams
	Center             string `query:"center"`
	Region             string `query:"region"`
	Project            string `query:"project"`
	Posted             string `query:"posted" doc:"Accounting quarter"`
	OccurredFrom       string `query:"occurredFrom"`
	OccurredTo         string `query:"occurredTo"`
	LateOnly           bool   `query:"lateOnly" doc:"Only those posted to a later quarter than their own"`
	OpenOnly           bool   `query:"openOnly" doc:"Only those of which something is open"`
	PossibleDuplicates bool   `query:"possibleDuplicates" doc:"Only those that look like an earlier charge of the center (same project, room, service, day and amount, the same ticket or none), and were not taken back in full"`
	Kind               string `query:"kind" enum:"ADD,MOVE,ACTIVATION,PART,REPAIR,COMPENSATION,TRAVEL,LABOUR" doc:"Of service"`
	Sort               string `query:"sort" enum:"open,-open,gross,-gross,occurredOn,-occurredOn,dueOn,-dueOn" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// ReductionsBody is what has become of charges, each its own figure, in yuan.
type ReductionsBody struct {
	Paid        string `json:"paid" doc:"By money, recoveries of what was written off included"`
	Credited    string `json:"credited" doc:"Credit notes"`
	Transferred string `json:"transferred" doc:"To another center, with the project"`
	WrittenOff  string `json:"writtenOff" doc:"Given up by us, still owed (账销案存)"`
}

func reductionsBody(r moneyviews.Reductions) ReductionsBody {
	return ReductionsBody{r.Paid.String(), r.Credited.String(), r.Transferred.String(), r.WrittenOff.String()}
}

// ChargeBody is one charge and what is open of it, in yuan.
type ChargeBody struct {
	Charge    string `json:"charge"`
	Center    string `json:"center"`
	Project   string `json:"project"`
	Room      string `json:"room,omitempty"`
	Owner     string `json:"owner,omitempty"`
	Ticket    string `json:"ticket,omitempty"`
	FaultLine string `json:"faultLine,omitempty"`
	Kind      string `json:"kind"`
	Service   string `json:"service"`
	PriceList string `json:"priceList,omitempty"`
	Item      string `json:"item,omitempty"`
	Quantity  string `json:"quantity"`
	Unit      string `json:"unit"`
	UnitPrice string `json:"unitPrice"`
	TaxRate   string `json:"taxRate"`
	Net       string `json:"net"`
	Tax       string `json:"tax"`
	Gross     string `json:"gross"`
	ReductionsBody
	Open                string `json:"open" doc:"Our receivable, by the books; empty where the role does not see it"`
	OccurredOn          string `json:"occurredOn"`
	Posted              string `json:"posted"`
	Late                bool   `json:"late" doc:"Posted to a later quarter than its own"`
	DueOn               string `json:"dueOn"`
	Clause              string `json:"clause"`
	Remark              string `json:"remark,omitempty"`
	RecordedAt          string `json:"recordedAt"`
	Actor               string `json:"actor"`
	Role                string `json:"role"`
	Position            uint64 `json:"position"`
	ApprovedBy          string `json:"approvedBy,omitempty" doc:"Of work outside the price list"`
	ApprovedOn          string `json:"approvedOn,omitempty"`
	DoneBefore          bool   `json:"executedBeforeApproval,omitempty" doc:"Flagged for ever (5.3.1)"`
	Quote               string `json:"quote,omitempty" doc:"Of a compensation (5.3.2)"`
	Sheet               string `json:"sheet,omitempty" doc:"F2 that states the compensation"`
	PossibleDuplicateOf string `json:"possibleDuplicateOf,omitempty" doc:"An earlier charge that looks alike; both are booked"`
}

// ChargesBody lists charges.
type ChargesBody struct {
	kit.Basis
	Rows  []ChargeBody `json:"rows"`
	Count int          `json:"count" doc:"Of all that match, as are the sums"`
	Gross string       `json:"gross" doc:"By the charges"`
	ReductionsBody
	Open string `json:"open" doc:"By the books"`
	Ties bool   `json:"ties" doc:"gross − paid − credited − transferred − writtenOff = open, of every row as well"`
	Next string `json:"next,omitempty"`
}

// NextPage is the cursor of the next page, empty on the last.
func (b *ChargesBody) NextPage() string { return b.Next }

func (s *service) listCharges(ctx context.Context, in *listChargesInput) (out ChargesBody, err error) {
	var p kit.Parser
	filter := moneyviews.ChargeFilter{
		Filter:       projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)},
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
	out = ChargesBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]ChargeBody, len(r.Charges)), Count: r.Count, Gross: r.Gross.String(),
		ReductionsBody: reductionsBody(r.Reductions),
		Open:           r.Open.String(), Ties: r.Ties(), Next: r.Next,
	}
	for i, c := range r.Charges {
		out.Rows[i] = chargeBody(c)
		if kit.Hides(ctx, kit.Receivable, access.Place{Center: c.Center}) {
			out.Rows[i].ReductionsBody, out.Rows[i].Open = ReductionsBody{}, ""
		}
	}
	if slices.ContainsFunc(r.Charges, func(c moneyviews.Charge) bool {
		return kit.Hides(ctx, kit.Receivable, access.Place{Center: c.Center})
	}) {
		out.ReductionsBody, out.Open = ReductionsBody{}, ""
	}
	return out, nil
}

func chargeBody(c moneyviews.Charge) ChargeBody {
	return ChargeBody{
		Charge: string(c.Charge), Center: string(c.Center), Project: string(c.Project), Room: c.Room, Owner: c.Owner,
		Ticket: string(c.Ticket), FaultLine: string(c.FaultLine), Kind: string(c.Kind), Service: c.Service,
		PriceList: c.PriceList,
		Item:      c.Item, Quantity: c.Quantity.String(), Unit: c.Unit, UnitPrice: c.UnitPrice.String(),
		TaxRate: c.TaxRate.String(),
		Net:     c.Net.String(), Tax: c.Tax.String(), Gross: c.Gross.String(), ReductionsBody: reductionsBody(c.Reductions),
		Open:       c.Booked.String(),
		OccurredOn: c.OccurredOn.String(), Posted: c.Posted.String(), Late: c.Late(), DueOn: c.DueOn.String(),
		Clause: c.Clause,
		Remark: c.Remark, RecordedAt: c.RecordedAt.Format(time.RFC3339Nano), Actor: c.Actor, Role: c.Role,
		Position:   c.Position,
		ApprovedBy: c.ApprovedBy, ApprovedOn: c.ApprovedOn.String(), DoneBefore: c.DoneBefore, Quote: string(c.Quote),
		Sheet:               string(c.Sheet),
		PossibleDuplicateOf: string(c.PossibleDuplicateOf),
	}
}

type chargeHistoryInput struct {
	kit.CutParams
	Center string `path:"center"`
	Charge string `path:"charge"`
}

// PostingBody is one side of a double entry; debits are positive.
type PostingBody struct {
	Position   uint64 `json:"position"`
	Line       int    `json:"line"`
	Event      string `json:"event"`
	Account    string `json:"account"`
	Amount     string `json:"amount"`
	Payment    string `json:"payment,omitempty"`
	On         string `json:"on"`
	Posted     string `json:"posted"`
	RecordedAt string `json:"recordedAt"`
	Actor      string `json:"actor"`
	Role       string `json:"role"`
}

// ChargeHistoryBody is one charge with its postings.
type ChargeHistoryBody struct {
	kit.Basis
	Charge   ChargeBody    `json:"charge"`
	Postings []PostingBody `json:"postings"`
	// Documents tell what the postings do not: who asked, approved, disputed,
	// claimed, and why.
	Documents []ChargeDocumentBody `json:"documents"`
	// Events are read from the log itself, the rest from the read models.
	Events []TrailEventBody `json:"events"`
	TieOut ChargeTieOut     `json:"tieOut"`
	// A charge that moved with its project stands in several accounts. The
	// department sees the events of all of them; a center's people those of
	// their own.
	Legs   []ChargeLegBody `json:"legs,omitempty" doc:"Accounts it passed through, that which was asked for first; only of a charge that moved"`
	Across *AcrossTieOut   `json:"acrossTieOut,omitempty" doc:"Over these accounts"`
}

// ChargeDocumentBody is a document that names a charge.
type ChargeDocumentBody struct {
	Position     uint64  `json:"position"`
	Line         int     `json:"line"`
	Event        string  `json:"event"`
	Document     string  `json:"document,omitempty"`
	Version      int     `json:"version,omitempty"`
	Quarter      string  `json:"quarter,omitempty"`
	Payment      string  `json:"payment,omitempty"`
	Amount       *string `json:"amount" doc:"null of a document that states none"`
	On           string  `json:"on,omitempty"`
	DueOn        string  `json:"dueOn,omitempty"`
	By           string  `json:"by,omitempty"`
	RequestedBy  string  `json:"requestedBy,omitempty"`
	Counterparty string  `json:"counterparty,omitempty"`
	Status       string  `json:"status,omitempty"`
	Reason       string  `json:"reason,omitempty"`
	RecordedAt   string  `json:"recordedAt"`
	Actor        string  `json:"actor"`
	Role         string  `json:"role"`
}

func chargeDocumentBody(d moneyviews.ChargeDocument) ChargeDocumentBody {
	return ChargeDocumentBody{
		d.Position, d.Line, d.EventType, d.Number, d.Version, d.Quarter.String(), string(d.Payment),
		kit.OnlyIf(d.HasAmount(), d.Amount.String()),
		d.On.String(),
		d.DueOn.String(), d.By, d.RequestedBy, d.Counterparty, d.Status, d.Reason, d.RecordedAt.Format(time.RFC3339Nano),
		d.Actor, d.Role,
	}
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
			"is not a charge of center %s as of the date and moment asked for", in.Center)
	}
	out = ChargeHistoryBody{
		Basis: kit.BasisOf(h.Answer), Charge: chargeBody(h.Charge), Postings: make([]PostingBody, len(h.Postings)),
		Documents: make([]ChargeDocumentBody, len(h.Documents)),
	}
	for i, d := range h.Documents {
		out.Documents[i] = chargeDocumentBody(d)
	}
	for i, e := range h.Postings {
		out.Postings[i] = PostingBody{
			e.Position, e.Line, e.EventType, string(e.Account), e.Amount.String(), string(e.Payment), e.On.String(),
			e.Posted.String(),
			e.RecordedAt.Format(time.RFC3339Nano), e.Actor, e.Role,
		}
	}
	return out, s.chargeTrail(ctx, h, &out)
}

// NextPage is the cursor of the next page, empty on the last.
func (b *ReceivablesBody) NextPage() string { return b.Next }

// NextPage is the cursor of the next page, empty on the last.
func (b *ReconciliationBody) NextPage() string { return b.Next }
