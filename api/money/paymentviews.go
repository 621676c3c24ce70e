package money

import (
	"context"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
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

// PaymentRowBody is money received, and what became of it.
type PaymentRowBody struct {
	Payment             string `json:"payment"`
	Center              string `json:"center"`
	BankReference       string `json:"bankReference"`
	Payer               string `json:"payer"`
	Remark              string `json:"remark,omitempty"`
	Amount              string `json:"amount"`
	Applied             string `json:"applied" doc:"Settles charges"`
	Unapplied           string `json:"unapplied" doc:"Settles no charge yet"`
	Returned            string `json:"returned" doc:"Refunded, or taken back by the bank"`
	ReceivedOn          string `json:"receivedOn"`
	Posted              string `json:"posted"`
	PossibleDuplicateOf string `json:"possibleDuplicateOf,omitempty"`
	OwnAccount          string `json:"ownAccount,omitempty" doc:"Account of ours that the money came to (本方账号), where it is known"`
	RecordedAt          string `json:"recordedAt"`
	Actor               string `json:"actor"`
	Role                string `json:"role"`
	Position            uint64 `json:"position"`
}

// PaymentListBody lists payments.
type PaymentListBody struct {
	kit.Basis
	Rows []PaymentRowBody `json:"rows"`
	// Over all that match, not only this page's.
	Received  string `json:"received"`
	Applied   string `json:"applied"`
	Unapplied string `json:"unapplied"`
	Returned  string `json:"returned"`
	Ties      bool   `json:"ties" doc:"received = applied + unapplied + returned, of every row as well"`
	Next      string `json:"next,omitempty"`
}

func (s *service) paymentViews() {
	kit.Query(s.Service, "/v1/payments", "list-payments", "Payments with what became of the money", kit.MayReadAccounts,
		s.listPayments)
	kit.Query(s.Service, "/v1/centers/{center}/payments/{payment}", "payment-history",
		"One payment, from the bank to the charges it settled", kit.MayReadAccounts, s.paymentHistory)
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
	if err != nil {
		return out, err
	}
	out = PaymentListBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]PaymentRowBody, len(r.Payments)), Received: r.Received.String(),
		Applied: r.Applied.String(), Unapplied: r.Unapplied.String(), Returned: r.Returned.String(), Ties: r.Ties(),
		Next: r.Next,
	}
	for i, row := range r.Payments {
		out.Rows[i] = paymentRowBody(row)
	}
	return out, nil
}

func paymentRowBody(p moneyviews.Payment) PaymentRowBody {
	return PaymentRowBody{
		string(p.Payment), string(p.Center), p.BankReference, p.Payer, p.Remark, p.Amount.String(), p.Applied.String(),
		p.Unapplied.String(), p.Returned.String(), p.ReceivedOn.String(), p.Posted.String(), string(p.PossibleDuplicateOf),
		p.OwnAccount, p.RecordedAt.Format(time.RFC3339Nano), p.Actor, p.Role, p.Position,
	}
}

type paymentHistoryInput struct {
	kit.CutParams
	Center  string `path:"center"`
	Payment string `path:"payment"`
}

// PaymentUseBody is one thing that happened to a payment.
type PaymentUseBody struct {
	Position   uint64 `json:"position"`
	Line       int    `json:"line"`
	Event      string `json:"event"`
	Document   string `json:"document,omitempty" doc:"Of a refund"`
	Charge     string `json:"charge,omitempty" doc:"Settled, or settled no longer"`
	Amount     string `json:"amount"`
	On         string `json:"on"`
	By         string `json:"by,omitempty"`
	Cause      string `json:"cause,omitempty" doc:"The rule of an allocation, the cause of a reversal"`
	Reason     string `json:"reason,omitempty"`
	Reference  string `json:"reference,omitempty" doc:"The bank's, of a refund"`
	RecordedAt string `json:"recordedAt"`
	Actor      string `json:"actor"`
	Role       string `json:"role"`
}

// PaymentHistoryBody is one payment with what became of it.
type PaymentHistoryBody struct {
	kit.Basis
	Payment PaymentRowBody   `json:"payment"`
	Uses    []PaymentUseBody `json:"uses"`
	Ties    bool             `json:"ties" doc:"The uses, line by line, give what is applied and returned; with what is unapplied that is the amount"`
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
			"is not a payment of center %s as of the date and moment asked for", in.Center)
	}
	out = PaymentHistoryBody{
		Basis: kit.BasisOf(h.Answer), Payment: paymentRowBody(h.Payment), Uses: make([]PaymentUseBody, len(h.Uses)),
		Ties: h.Ties(),
	}
	for i, u := range h.Uses {
		out.Uses[i] = PaymentUseBody{
			u.Position, u.Line, u.EventType, u.Document, string(u.Charge), u.Amount.String(), u.On.String(), u.By, u.Cause,
			u.Reason,
			u.Reference, u.RecordedAt.Format(time.RFC3339Nano), u.Actor, u.Role,
		}
	}
	return out, nil
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

// ConflictingPaymentBody is a receipt that waits for a person.
type ConflictingPaymentBody struct {
	BankReference string `json:"bankReference"`
	ClaimedBy     string `json:"claimedBy" doc:"The payment that has the reference"`
	Center        string `json:"center"`
	Payer         string `json:"payer"`
	Remark        string `json:"remark,omitempty"`
	Amount        string `json:"amount"`
	ReceivedOn    string `json:"receivedOn"`
	OwnAccount    string `json:"ownAccount,omitempty" doc:"Account of ours that the money is said to have come to (本方账号); absent where it is not known"`
	RecordedAt    string `json:"recordedAt"`
	Actor         string `json:"actor"`
	Role          string `json:"role"`
	Position      uint64 `json:"position"`
}

// PaymentConflictsBody lists receipts that wait for a person, the newest first.
type PaymentConflictsBody struct {
	kit.Basis
	Rows   []ConflictingPaymentBody `json:"rows"`
	Count  int                      `json:"count" doc:"Of all that match, as are the next two"`
	Total  string                   `json:"total"`
	Booked string                   `json:"booked" doc:"What of it is on any account: 0.00"`
	Ties   bool                     `json:"ties" doc:"Nothing of what waits is on the books"`
	Next   string                   `json:"next,omitempty"`
}

func (s *service) paymentConflicts(ctx context.Context, in *centersInput) (out PaymentConflictsBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	r, err := moneyviews.Of(s.Deps.ReadModels).Conflicts(ctx, cut, in.filter(), in.Sorted(in.Sort))
	if err != nil {
		return out, err
	}
	out = PaymentConflictsBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]ConflictingPaymentBody, len(r.Rows)), Count: r.Count,
		Total: r.Total.String(), Booked: r.Booked.String(),
		Ties: r.Ties(), Next: r.Next,
	}
	for i, c := range r.Rows {
		out.Rows[i] = ConflictingPaymentBody{
			c.BankReference, string(c.ClaimedBy), string(c.Center), c.Payer, c.Remark, c.Amount.String(), c.ReceivedOn.String(),
			c.OwnAccount,
			c.RecordedAt.Format(time.RFC3339Nano), c.Actor, c.Role, c.Position,
		}
	}
	return out, nil
}

type collectionInput struct {
	kit.CutParams
	kit.PageParams
	Center  string `query:"center"`
	Region  string `query:"region"`
	Overdue bool   `query:"overdue" doc:"Only centers with something to chase"`
	Sort    string `query:"sort" enum:"open,-open,overdue,-overdue,toCollect,-toCollect,disputed,-disputed,oldestDue,-oldestDue" doc:"A leading - puts the largest first; absent, the answer's own order"`
}

// NoticeBody is the last claim or reminder.
type NoticeBody struct {
	Number string `json:"number"`
	On     string `json:"on"`
	DueOn  string `json:"dueOn,omitempty"`
	Total  string `json:"total"`
}

// LastFollowUpBody is what the city lead noted of the last talk.
type LastFollowUpBody struct {
	Number  string `json:"number"`
	On      string `json:"on"`
	By      string `json:"by"`
	Contact string `json:"contact"`
	Note    string `json:"note"`
}

// PromiseBody is the last promise to pay.
type PromiseBody struct {
	MadeOn   string `json:"madeOn"`
	PayOn    string `json:"payOn"`
	Amount   string `json:"amount" doc:"What keeps the promise"`
	Presumed bool   `json:"presumed,omitempty" doc:"No amount was named: it is what is overdue on the day, less the center's own money"`
	Received string `json:"received" doc:"Between the two days"`
	Status   string `json:"status" enum:"PENDING,KEPT,BROKEN"`
}

// CollectionRowBody is what is to be collected from one center, in yuan.
type CollectionRowBody struct {
	Center    string            `json:"center"`
	Name      string            `json:"name"`
	Region    string            `json:"region"`
	Open      string            `json:"open" doc:"Not due + overdue + disputed"`
	NotDue    string            `json:"notDue"`
	Overdue   string            `json:"overdue" doc:"Not disputed: what may be chased"`
	Disputed  string            `json:"disputed" doc:"Not chased while the dispute lasts"`
	OldestDue string            `json:"oldestDue,omitempty"`
	DaysLate  *int              `json:"daysLate" doc:"Of the oldest that is overdue; null where nothing is"`
	Unapplied string            `json:"unapplied" doc:"The center's own money with us, settling no charge"`
	ToCollect string            `json:"toCollect" doc:"Overdue less unapplied, not below 0.00: what a reminder asks for"`
	Claim     *NoticeBody       `json:"claim,omitempty"`
	Reminder  *NoticeBody       `json:"reminder,omitempty"`
	Reminders int               `json:"reminders"`
	FollowUp  *LastFollowUpBody `json:"followUp,omitempty"`
	Promise   *PromiseBody      `json:"promise,omitempty"`
	Ties      bool              `json:"ties" doc:"open = notDue + overdue + disputed"`
}

// CollectionTotal is what is to be collected over all centers that match, in yuan.
type CollectionTotal struct {
	Open      string `json:"open"`
	NotDue    string `json:"notDue"`
	Overdue   string `json:"overdue"`
	Disputed  string `json:"disputed"`
	Unapplied string `json:"unapplied"`
	ToCollect string `json:"toCollect" doc:"Of each center what is overdue less its own unapplied money"`
	Ties      bool   `json:"ties" doc:"open = notDue + overdue + disputed"`
}

// CollectionBody answers what is to be collected.
type CollectionBody struct {
	kit.Basis
	Rows  []CollectionRowBody `json:"rows"`
	Total CollectionTotal     `json:"total" doc:"Over all centers that match, not only this page's"`
	Ties  bool                `json:"ties"`
	Next  string              `json:"next,omitempty"`
}

func (s *service) collectionView(ctx context.Context, in *collectionInput) (out CollectionBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	filter := projections.Filter{Center: domain.CenterID(in.Center), Region: in.Region}
	r, err := moneyviews.Of(s.Deps.ReadModels).Collection(ctx, cut, filter, in.Overdue, in.Sorted(in.Sort))
	if err != nil {
		return out, err
	}
	t := r.Total
	out = CollectionBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]CollectionRowBody, len(r.Rows)), Ties: r.Ties(), Next: r.Next,
		Total: CollectionTotal{
			t.Open.String(), t.NotDue.String(), t.Overdue.String(), t.Disputed.String(), t.Unapplied.String(),
			t.ToCollect.String(), t.Ties(),
		},
	}
	for i, row := range r.Rows {
		out.Rows[i] = collectionRowBody(row)
	}
	return out, nil
}

func collectionRowBody(r moneyviews.CollectionRow) CollectionRowBody {
	b := CollectionRowBody{
		Center: string(r.Center), Name: r.Name, Region: r.Region, Open: r.Open.String(), NotDue: r.NotDue.String(),
		Overdue: r.Overdue.String(), Disputed: r.Disputed.String(), OldestDue: r.OldestDue.String(),
		DaysLate:  kit.OnlyIf(!r.OldestDue.IsZero(), r.DaysLate),
		Unapplied: r.Unapplied.String(), ToCollect: r.ToCollect.String(),
		Claim: noticeBody(r.Claim), Reminder: noticeBody(r.Reminder), Reminders: r.Reminders, Ties: r.Ties(),
	}
	if f := r.FollowUp; f.Number != "" {
		b.FollowUp = &LastFollowUpBody{f.Number, f.On.String(), f.By, f.Contact, f.Note}
	}
	if p := r.Promise; p.Status != moneyviews.NoPromise {
		b.Promise = &PromiseBody{
			p.MadeOn.String(), p.PayOn.String(), p.Amount.String(), p.Presumed, p.Received.String(), string(p.Status),
		}
	}
	return b
}

func noticeBody(n moneyviews.Notice) *NoticeBody {
	if n.Number == "" {
		return nil
	}
	return &NoticeBody{n.Number, n.On.String(), n.DueOn.String(), n.Total.String()}
}

// NextPage is the cursor of the next page, empty on the last.
func (b *PaymentListBody) NextPage() string { return b.Next }

// NextPage is the cursor of the next page, empty on the last.
func (b *CollectionBody) NextPage() string { return b.Next }
