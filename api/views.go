package api

import (
	"context"
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/projections"
)

// CutParams are part of every question: as of which business date, as known at
// which moment, and after which command.
type CutParams struct {
	AsOf    string `query:"asOf" doc:"Business date; later events do not count. Default: today in Shanghai" example:"2026-06-30"`
	KnownAt string `query:"knownAt" doc:"Moment of knowledge; what was recorded later is not known yet. Default: now" example:"2026-07-15T00:00:00+08:00"`
	After   uint64 `query:"after" doc:"Position from a command's answer: wait until the figures show it"`
}

// PageParams ask for a part of a long answer.
type PageParams struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	Cursor string `query:"cursor" doc:"The next of the page before"`
}

func (p PageParams) page() projections.Page {
	return projections.Page{Limit: p.Limit, After: p.Cursor}
}

// sorted is page for an answer that can be sorted.
func (p PageParams) sorted(by string) projections.Page {
	page := p.page()
	page.Sort = by
	return page
}

// Freshness says what an answer rests on.
type Freshness struct {
	State     string   `json:"state" doc:"What the projector is doing: starting, catching-up, live, retrying, stopped or rebuilding"`
	Position  uint64   `json:"position" doc:"Log position up to which events are considered"`
	LagEvents uint64   `json:"lagEvents" doc:"Log positions not considered yet"`
	LagSecs   *float64 `json:"lagSeconds" doc:"Bound on the age of the oldest event not considered yet; null while none is known"`
	Reason    string   `json:"reason,omitempty" doc:"Why the figures do not keep up with the log"`
}

func lagSeconds(l projections.Lag) *float64 {
	if l.Unknown {
		return nil
	}
	seconds := l.Behind.Seconds()
	return &seconds
}

// Basis is part of every answer.
type Basis struct {
	AsOf      string    `json:"asOf"`
	KnownAt   string    `json:"knownAt"`
	ReadModel Freshness `json:"readModel"`
}

func basis(a projections.Answer) Basis {
	return Basis{
		AsOf: a.AsOf.String(), KnownAt: a.KnownAt.In(calendar.Shanghai).Format(time.RFC3339Nano),
		ReadModel: Freshness{
			State: string(a.State), Position: a.Position, LagEvents: a.Lag.Events, LagSecs: lagSeconds(a.Lag), Reason: a.Reason,
		},
	}
}

func (s *server) freshness() Freshness {
	st := s.deps.ReadModels.Status()
	return Freshness{
		State: string(st.State), Position: st.Position, LagEvents: st.Lag.Events, LagSecs: lagSeconds(st.Lag), Reason: st.Reason,
	}
}

// waitLimit bounds how long a question waits for the command it follows.
const waitLimit = 10 * time.Second

// cut reads the parameters of a question and waits for the command it follows.
func (s *server) cut(ctx context.Context, p *parser, in CutParams) (projections.Cut, error) {
	cut := projections.Cut{AsOf: p.date("asOf", in.AsOf), KnownAt: p.instant("knownAt", in.KnownAt)}
	if p.err != nil || in.After == 0 {
		return cut, p.err
	}
	ctx, cancel := context.WithTimeout(ctx, waitLimit)
	defer cancel()
	err := s.deps.ReadModels.Wait(ctx, in.After)
	if errors.Is(err, context.DeadlineExceeded) {
		err = newProblem(ctx, 503, "read-model-behind", "the figures do not show position %d after %s; ask again", in.After, waitLimit)
	}
	return cut, err
}

// visible narrows a question of a center's person to their center.
func visible(ctx context.Context, center string) (domain.CenterID, error) {
	a := actorOf(ctx)
	switch {
	case !a.Role.OfCenter():
		return domain.CenterID(center), nil
	case center == "" || domain.CenterID(center) == a.Center:
		return a.Center, nil
	}
	return "", domain.Forbidden("center", center, "other-center", "is not the center of %s, who belongs to %s", "4", a.Name, a.Center)
}

type receivablesInput struct {
	CutParams
	PageParams
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
	Basis
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

func receivableBody(r projections.Receivable) ReceivableBody {
	return ReceivableBody{
		Center: string(r.Center), Name: r.Name, Region: r.Region,
		Charged: r.Charged.String(), TransfersIn: r.TransfersIn.String(), Paid: r.Paid.String(), Credited: r.Credited.String(),
		TransfersOut: r.Transferred.String(), OpenUnconfirmed: r.OpenUnconfirmed.String(), OpenConfirmed: r.OpenConfirmed.String(),
		Open: r.Open().String(), WrittenOff: r.WrittenOff.String(), Unapplied: r.Unapplied.String(), Closing: r.Closing.String(),
		Ageing: ageingBody(r.Ageing), Ties: r.Ties(),
	}
}

type reconciliationInput struct {
	CutParams
	PageParams
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
	Basis
	Rows   []ReconciliationRow `json:"rows"`
	Totals []ReconciliationRow `json:"totals" doc:"By quarter, of all centers that match, not only this page's"`
	Next   string              `json:"next,omitempty"`
}

type partsAuditInput struct {
	CutParams
	PageParams
	Project string   `query:"project"`
	Region  string   `query:"region"`
	Part    string   `query:"part"`
	From    string   `query:"from" doc:"Fault recorded, or part issued, on or after"`
	To      string   `query:"to" doc:"On or before"`
	Finding []string `query:"finding,explode" enum:"MATCHED,ISSUE_NO_FAULT,FAULT_NO_ISSUE,OVER_ISSUE,SHORT_ISSUE,DUPLICATE_ISSUE,ITEM_MISMATCH,WRONG_PROJECT" doc:"May be repeated"`
}

// PartsAuditLine compares a line of F1 with the issues made for it.
type PartsAuditLine struct {
	Key             string      `json:"key"`
	Finding         string      `json:"finding"`
	Project         string      `json:"project"`
	Region          string      `json:"region"`
	Part            string      `json:"part"`
	On              string      `json:"on"`
	AgeDays         int         `json:"ageDays"`
	FaultLine       string      `json:"faultLine,omitempty"`
	LineProject     string      `json:"lineProject,omitempty"`
	LinePart        string      `json:"linePart,omitempty"`
	Ticket          string      `json:"ticket,omitempty"`
	OldSerial       string      `json:"oldSerial,omitempty"`
	NewSerial       string      `json:"newSerial,omitempty"`
	Bearer          string      `json:"bearer,omitempty"`
	Replaced        string      `json:"replaced" doc:"Units, according to F1"`
	Slips           []string    `json:"slips"`
	Issued          string      `json:"issued" doc:"Units, according to the slips"`
	Value           string      `json:"value" doc:"Of the issued units, yuan"`
	Override        string      `json:"override,omitempty"`
	InQuestion      string      `json:"inQuestion" doc:"Units the finding is about"`
	ValueInQuestion string      `json:"valueInQuestion"`
	Return          *ReturnBody `json:"return,omitempty" doc:"What became of the faulty unit"`
}

// ReturnBody is a device on its way to the maker and back.
type ReturnBody struct {
	Return         string `json:"return"`
	OpenedOn       string `json:"openedOn"`
	ShippedOn      string `json:"shippedOn,omitempty"`
	ExpectedBackOn string `json:"expectedBackOn,omitempty"`
	BackOn         string `json:"backOn,omitempty"`
	Result         string `json:"result,omitempty"`
}

// FindingTotalBody sums one finding up.
type FindingTotalBody struct {
	Finding         string `json:"finding"`
	Rows            uint64 `json:"rows"`
	InQuestion      string `json:"inQuestion,omitempty" doc:"Units, where all rows are of one part: metres and pieces are not added up"`
	ValueInQuestion string `json:"valueInQuestion"`
}

// PartsAuditBody answers issues against fault records.
type PartsAuditBody struct {
	Basis
	Rows   []PartsAuditLine   `json:"rows"`
	Totals []FindingTotalBody `json:"totals" doc:"Over all rows that match, not only this page's"`
	Next   string             `json:"next,omitempty"`
}

func (s *server) views() {
	query(s, "/v1/receivables", "receivables", "What each center owes, and since when (5.3.4)", everyone, s.receivables)
	query(s, "/v1/reconciliation", "reconciliation", "Each center's account over a quarter (5.3.4)", everyone, s.reconciliation)
	s.statementViews()
	s.paymentViews()
	s.bookViews()
	s.workViews()
	query(s, "/v1/parts/audit", "parts-audit", "Parts issued against fault records (5.1.3)", ofDepartment, s.partsAudit)
	query(s, "/v1/charges", "list-charges", "Charges with what is open of them", everyone, s.listCharges)
	query(s, "/v1/centers/{center}/charges/{charge}", "charge-history", "Who did what to one charge, and when", everyone, s.chargeHistory)
}

func (s *server) receivables(ctx context.Context, in *receivablesInput) (out ReceivablesBody, err error) {
	var p parser
	filter := projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}
	if filter.Center, err = visible(ctx, in.Center); err != nil {
		return out, err
	}
	cut, err := s.cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := s.deps.ReadModels.Receivables(ctx, cut, filter, in.sorted(in.Sort))
	if err != nil {
		return out, err
	}
	out = ReceivablesBody{
		Basis: basis(r.Answer), Rows: make([]ReceivableBody, len(r.Centers)), Total: receivableBody(r.Total),
		PostingsSum: r.PostingsSum.String(), Ties: r.Ties(), Next: r.Next,
	}
	for i, c := range r.Centers {
		out.Rows[i] = receivableBody(c)
	}
	return out, nil
}

func (s *server) reconciliation(ctx context.Context, in *reconciliationInput) (out ReconciliationBody, err error) {
	var p parser
	filter := projections.Filter{Region: in.Region}
	if filter.Center, err = visible(ctx, in.Center); err != nil {
		return out, err
	}
	first, last := p.quarter("quarter", in.Quarter), p.quarter("through", in.Through)
	cut, err := s.cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	first = s.quarterOf(first, cut)
	last = max(first, last)
	r, err := s.deps.ReadModels.Reconciliation(ctx, cut, first, last, filter, in.sorted(in.Sort))
	if err != nil {
		return out, err
	}
	out = ReconciliationBody{Basis: basis(r.Answer), Rows: make([]ReconciliationRow, len(r.Rows)), Totals: make([]ReconciliationRow, len(r.Totals)), Next: r.Next}
	for i, q := range r.Rows {
		out.Rows[i] = reconciliationRow(q)
	}
	for i, q := range r.Totals {
		out.Totals[i] = reconciliationRow(q)
	}
	return out, nil
}

func reconciliationRow(q projections.Reconciliation) ReconciliationRow {
	return ReconciliationRow{
		string(q.Center), q.Name, q.Region, q.Quarter.String(), q.Opening.String(), q.Charges.String(), q.Late.String(),
		q.TransfersIn.String(), q.TransfersOut.String(), q.Credits.String(), q.Receipts.String(), q.Reversals.String(), q.Closing.String(), q.Ties,
	}
}

func (s *server) partsAudit(ctx context.Context, in *partsAuditInput) (out PartsAuditBody, err error) {
	var p parser
	filter := projections.PartsAuditFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)},
		From:   p.date("from", in.From), To: p.date("to", in.To), Part: domain.PartCode(in.Part),
	}
	for _, f := range in.Finding {
		filter.Findings = append(filter.Findings, projections.Finding(f))
	}
	cut, err := s.cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := s.deps.ReadModels.PartsAudit(ctx, cut, filter, in.page())
	if err != nil {
		return out, err
	}
	out = PartsAuditBody{Basis: basis(r.Answer), Rows: make([]PartsAuditLine, len(r.Rows)), Totals: []FindingTotalBody{}, Next: r.Next}
	for i, row := range r.Rows {
		out.Rows[i] = partsAuditLine(row)
	}
	for _, t := range r.Totals {
		out.Totals = append(out.Totals, FindingTotalBody{string(t.Finding), t.Rows, ofOnePart(t.Part, t.InQuestion), t.ValueInQuestion.String()})
	}
	return out, nil
}

// ofOnePart is a sum of quantities, which is formed of one part only.
func ofOnePart(part domain.PartCode, quantity decimal.Decimal) string {
	if part == "" {
		return ""
	}
	return quantity.String()
}

func partsAuditLine(r projections.PartsAuditRow) PartsAuditLine {
	line := PartsAuditLine{
		Key: r.Key, Finding: string(r.Finding), Project: string(r.Project), Region: r.Region, Part: string(r.Part),
		On: r.On.String(), AgeDays: r.AgeDays, FaultLine: string(r.Line), LineProject: string(r.LineProject), LinePart: string(r.LinePart),
		Ticket: string(r.Ticket), OldSerial: r.OldSerial, NewSerial: r.NewSerial, Bearer: string(r.Bearer), Replaced: r.Replaced.String(),
		Slips: make([]string, len(r.Slips)), Issued: r.Issued.String(), Value: r.Value.String(), Override: r.Override,
		InQuestion: r.InQuestion.String(), ValueInQuestion: r.ValueInQuestion.String(),
	}
	for i, slip := range r.Slips {
		line.Slips[i] = string(slip)
	}
	if f2 := r.Return; f2 != nil {
		line.Return = &ReturnBody{
			string(f2.Return), f2.OpenedOn.String(), f2.ShippedOn.String(), f2.ExpectedBackOn.String(), f2.BackOn.String(), string(f2.Result),
		}
	}
	return line
}

type listChargesInput struct {
	CutParams
	PageParams
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

func reductionsBody(r projections.Reductions) ReductionsBody {
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
	Open                string `json:"open" doc:"Our receivable, by the books"`
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
	Basis
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

func (s *server) listCharges(ctx context.Context, in *listChargesInput) (out ChargesBody, err error) {
	var p parser
	filter := projections.ChargeFilter{
		Filter: projections.Filter{Region: in.Region, Project: domain.ProjectID(in.Project)}, Posted: p.quarter("posted", in.Posted),
		OccurredFrom: p.date("occurredFrom", in.OccurredFrom), OccurredTo: p.date("occurredTo", in.OccurredTo),
		LateOnly: in.LateOnly, OpenOnly: in.OpenOnly, DoublesOnly: in.PossibleDuplicates, Kind: pricelist.ServiceKind(in.Kind),
	}
	if filter.Center, err = visible(ctx, in.Center); err != nil {
		return out, err
	}
	cut, err := s.cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := s.deps.ReadModels.Charges(ctx, cut, filter, in.sorted(in.Sort))
	if err != nil {
		return out, err
	}
	out = ChargesBody{
		Basis: basis(r.Answer), Rows: make([]ChargeBody, len(r.Charges)), Count: r.Count, Gross: r.Gross.String(),
		ReductionsBody: reductionsBody(r.Reductions),
		Open:           r.Open.String(), Ties: r.Ties(), Next: r.Next,
	}
	for i, c := range r.Charges {
		out.Rows[i] = chargeBody(c)
	}
	return out, nil
}

func chargeBody(c projections.Charge) ChargeBody {
	return ChargeBody{
		Charge: string(c.Charge), Center: string(c.Center), Project: string(c.Project), Room: c.Room, Owner: c.Owner,
		Ticket: string(c.Ticket), FaultLine: string(c.FaultLine), Kind: string(c.Kind), Service: c.Service, PriceList: c.PriceList,
		Item: c.Item, Quantity: c.Quantity.String(), Unit: c.Unit, UnitPrice: c.UnitPrice.String(), TaxRate: c.TaxRate.String(),
		Net: c.Net.String(), Tax: c.Tax.String(), Gross: c.Gross.String(), ReductionsBody: reductionsBody(c.Reductions), Open: c.Booked.String(),
		OccurredOn: c.OccurredOn.String(), Posted: c.Posted.String(), Late: c.Late(), DueOn: c.DueOn.String(), Clause: c.Clause,
		Remark: c.Remark, RecordedAt: c.RecordedAt.Format(time.RFC3339Nano), Actor: c.Actor, Role: c.Role, Position: c.Position,
		ApprovedBy: c.ApprovedBy, ApprovedOn: c.ApprovedOn.String(), DoneBefore: c.DoneBefore, Quote: string(c.Quote), Sheet: string(c.Sheet),
		PossibleDuplicateOf: string(c.PossibleDuplicateOf),
	}
}

type chargeHistoryInput struct {
	CutParams
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
	Basis
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
	Position     uint64 `json:"position"`
	Line         int    `json:"line"`
	Event        string `json:"event"`
	Document     string `json:"document,omitempty"`
	Version      int    `json:"version,omitempty"`
	Quarter      string `json:"quarter,omitempty"`
	Payment      string `json:"payment,omitempty"`
	Amount       string `json:"amount"`
	On           string `json:"on,omitempty"`
	DueOn        string `json:"dueOn,omitempty"`
	By           string `json:"by,omitempty"`
	RequestedBy  string `json:"requestedBy,omitempty"`
	Counterparty string `json:"counterparty,omitempty"`
	Status       string `json:"status,omitempty"`
	Reason       string `json:"reason,omitempty"`
	RecordedAt   string `json:"recordedAt"`
	Actor        string `json:"actor"`
	Role         string `json:"role"`
}

func chargeDocumentBody(d projections.ChargeDocument) ChargeDocumentBody {
	return ChargeDocumentBody{
		d.Position, d.Line, d.EventType, d.Number, d.Version, d.Quarter.String(), string(d.Payment), d.Amount.String(), d.On.String(),
		d.DueOn.String(), d.By, d.RequestedBy, d.Counterparty, d.Status, d.Reason, d.RecordedAt.Format(time.RFC3339Nano), d.Actor, d.Role,
	}
}

func (s *server) chargeHistory(ctx context.Context, in *chargeHistoryInput) (out ChargeHistoryBody, err error) {
	var p parser
	center, err := visible(ctx, in.Center)
	if err != nil {
		return out, err
	}
	cut, err := s.cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	h, err := s.deps.ReadModels.ChargeHistory(ctx, cut, center, domain.ChargeID(in.Charge))
	if err != nil {
		return out, err
	}
	if !h.Found {
		return out, domain.NotFound("charge", in.Charge, "unknown-charge", "is not a charge of center %s as of the date and moment asked for", in.Center)
	}
	out = ChargeHistoryBody{Basis: basis(h.Answer), Charge: chargeBody(h.Charge), Postings: make([]PostingBody, len(h.Postings)), Documents: make([]ChargeDocumentBody, len(h.Documents))}
	for i, d := range h.Documents {
		out.Documents[i] = chargeDocumentBody(d)
	}
	for i, e := range h.Postings {
		out.Postings[i] = PostingBody{
			e.Position, e.Line, e.EventType, string(e.Account), e.Amount.String(), string(e.Payment), e.On.String(), e.Posted.String(),
			e.RecordedAt.Format(time.RFC3339Nano), e.Actor, e.Role,
		}
	}
	return out, s.chargeTrail(ctx, h, &out)
}

// NextPage is the cursor of the next page, empty on the last.
func (b *ReceivablesBody) NextPage() string { return b.Next }

// NextPage is the cursor of the next page, empty on the last.
func (b *ReconciliationBody) NextPage() string { return b.Next }

// NextPage is the cursor of the next page, empty on the last.
func (b *PartsAuditBody) NextPage() string { return b.Next }
