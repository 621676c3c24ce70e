package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
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

// StatementRowBody is where the statement of one center and quarter stands.
type StatementRowBody struct {
	Center      string  `json:"center"`
	Name        string  `json:"name"`
	Region      string  `json:"region"`
	Quarter     string  `json:"quarter"`
	Statement   string  `json:"statement,omitempty"`
	Version     *int    `json:"version" doc:"The newest; null where none was issued"`
	Status      string  `json:"status"`
	IssuedOn    string  `json:"issuedOn,omitempty"`
	ReplyBy     string  `json:"replyBy,omitempty"`
	DaysOver    *int    `json:"daysOver" doc:"Days since the reply-by date without an answer, 0 up to that day; null where no answer is awaited"`
	Closing     *string `json:"closing" doc:"null of a quarter that was not issued"`
	ContentHash string  `json:"contentHash,omitempty"`
	Position    uint64  `json:"position,omitempty" doc:"Of the version in the log"`
	AnsweredOn  string  `json:"answeredOn,omitempty"`
	AnsweredBy  string  `json:"answeredBy,omitempty"`
	AnswerBody
	Reported   bool    `json:"reported" doc:"To finance"`
	Reminders  int     `json:"reminders" doc:"Of the answer to the newest version"`
	RemindedOn string  `json:"remindedOn,omitempty"`
	Booked     *string `json:"booked" doc:"On the books through the quarter, when the version was issued; null if none was"`
	BookedNow  string  `json:"bookedNow" doc:"The same up to the date and moment asked for: differs only where the quarter is to be put to the center (anew)"`
	Ties       bool    `json:"ties" doc:"closing = booked, and booked now unless not issued, superseded or reopened; confirmed + disputed + confirmedBefore − unapplied = closing; confirmed + disputed + confirmedBefore − paidSince − creditedSince − transferredSince = openConfirmed + openUnconfirmed + writtenOff, the last two once answered"`
}

// AnswerBody is how the closing balance was made up by the center's answer, and
// what has become of its charges since, in yuan; null where there is no answer.
type AnswerBody struct {
	Confirmed        *string `json:"confirmed" doc:"By this answer: what was owed of it through the quarter, as answered and frozen; so are the next four"`
	Disputed         *string `json:"disputed"`
	ConfirmedBefore  *string `json:"confirmedBefore" doc:"On earlier statements, and still owed"`
	Unapplied        *string `json:"unapplied" doc:"Money received through the quarter that settled none of these charges"`
	DisputedPaid     *string `json:"disputedPaid" doc:"What money had settled of the disputed lines: no part of the balance; unapplied again where it is credited"`
	PaidSince        *string `json:"paidSince" doc:"Of these charges, since the quarter ended"`
	CreditedSince    *string `json:"creditedSince"`
	TransferredSince *string `json:"transferredSince" doc:"To other centers, with their projects"`
	OpenConfirmed    *string `json:"openConfirmed" doc:"Of these charges now: 已确认应收"`
	OpenUnconfirmed  *string `json:"openUnconfirmed" doc:"Of these charges now: 待对账"`
	WrittenOff       *string `json:"writtenOff" doc:"Of these charges now: given up by us, still owed"`
	Disputes         *int    `json:"disputes" doc:"Lines that were disputed"`
	Resolved         *int    `json:"resolved" doc:"Of these disputes, ended since"`
}

func answerBody(answered bool, a moneyviews.AnswerCourse) AnswerBody {
	of := func(amount money.Amount) *string { return kit.OnlyIf(answered, amount.String()) }
	return AnswerBody{
		of(a.Confirmed), of(a.Disputed), of(a.Before), of(a.Unapplied), of(a.DisputedPaid),
		of(a.Paid), of(a.Credited), of(a.Transferred),
		of(a.OpenConfirmed), of(a.OpenUnconfirmed), of(a.WrittenOff), kit.OnlyIf(answered, a.Disputes),
		kit.OnlyIf(answered, a.Resolved),
	}
}

// StatementTotalBody adds the statements of one quarter up, in yuan.
type StatementTotalBody struct {
	Quarter         string  `json:"quarter"`
	Count           int     `json:"count" doc:"Statements, and quarters that await one"`
	Answers         int     `json:"answers"`
	Closing         *string `json:"closing" doc:"Of those that were issued; null if none was"`
	Booked          *string `json:"booked" doc:"As closing"`
	BookedNow       string  `json:"bookedNow"`
	ClosingAnswered *string `json:"closingAnswered" doc:"Of those that were answered; null if none was"`
	AnswerBody
	Ties bool `json:"ties" doc:"confirmed + disputed + confirmedBefore − unapplied = closingAnswered; confirmed + disputed + confirmedBefore − paidSince − creditedSince − transferredSince = openConfirmed + openUnconfirmed + writtenOff"`
}

// StatementListBody lists where statements stand.
type StatementListBody struct {
	kit.Basis
	Rows   []StatementRowBody   `json:"rows"`
	Totals []StatementTotalBody `json:"totals" doc:"By quarter, of all that match, not only this page's; a closing balance holds those before it"`
	Ties   bool                 `json:"ties" doc:"Of every row of the page, and every total"`
	Next   string               `json:"next,omitempty"`
}

func (s *service) statementViews() {
	kit.Query(s.Service, "/v1/statements", "list-statements",
		"Where the quarterly statements stand, and whose answer is overdue (5.3.4)", kit.MayReadAccounts, s.listStatements)
	kit.Query(s.Service, "/v1/disputes", "disputes", "Charges that a center disputes", kit.MayReadAccounts, s.disputes)
	kit.Query(s.Service, "/v1/off-list-requests", "off-list-requests",
		"Work outside the price list that approval was asked for: pending and decided (5.3.1)", kit.MayReadCharges,
		s.offListRequests)
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
	if err != nil {
		return out, err
	}
	out = StatementListBody{
		Basis: kit.BasisOf(r.Answer), Rows: make([]StatementRowBody, len(r.Rows)),
		Totals: make([]StatementTotalBody, len(r.Totals)), Ties: r.Ties(), Next: r.Next,
	}
	for i, row := range r.Rows {
		issued := row.Version > 0
		out.Rows[i] = StatementRowBody{
			string(row.Center), row.Name, row.Region, row.Quarter.String(), row.Statement, kit.OnlyIf(issued, row.Version),
			string(row.Status),
			row.IssuedOn.String(), row.ReplyBy.String(), kit.OnlyIf(row.Status == account.AwaitingReply, row.DaysOver),
			kit.OnlyIf(issued, row.Closing.String()), row.Hash, row.Position,
			row.AnsweredOn.String(), row.AnsweredBy, answerBody(row.Answered, row.Answer), row.Reported,
			row.Reminders, row.RemindedOn.String(), kit.OnlyIf(issued, row.Booked.String()), row.BookedNow.String(), row.Ties(),
		}
	}
	for i, t := range r.Totals {
		out.Totals[i] = StatementTotalBody{
			t.Quarter.String(), t.Count, t.Answers, kit.OnlyIf(t.Issued > 0, t.Closing.String()),
			kit.OnlyIf(t.Issued > 0, t.Booked.String()), t.BookedNow.String(),
			kit.OnlyIf(t.Answers > 0, t.ClosingAnswered.String()), answerBody(t.Answers > 0, t.Answer), t.Ties(),
		}
	}
	return out, nil
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

// ChargeReportBridgeRow leads from the charge lists of a quarter to its charges.
type ChargeReportBridgeRow struct {
	Center          string `json:"center,omitempty"`
	Name            string `json:"name,omitempty"`
	Region          string `json:"region,omitempty"`
	Listed          string `json:"listed" doc:"On the charge lists F3 of the quarter's months, gross"`
	OfEarlier       string `json:"ofEarlier" doc:"Of it, charged in earlier quarters"`
	OfLater         string `json:"ofLater" doc:"Of it, charged in later quarters"`
	ListedElsewhere string `json:"listedElsewhere" doc:"Of the quarter, on lists of other quarters"`
	NotListed       string `json:"notListed" doc:"Of the quarter, on no list yet"`
	Charges         string `json:"charges" doc:"Of the quarter, late items included"`
	Ties            bool   `json:"ties" doc:"listed − ofEarlier − ofLater + listedElsewhere + notListed = charges"`
}

// ChargeReportBridgeBody answers why the charge lists and the quarter differ.
type ChargeReportBridgeBody struct {
	kit.Basis
	Quarter string                  `json:"quarter"`
	Rows    []ChargeReportBridgeRow `json:"rows"`
	Total   ChargeReportBridgeRow   `json:"total" doc:"Over all centers that match, not only this page's"`
	Next    string                  `json:"next,omitempty"`
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
	r, err := moneyviews.Of(s.Deps.ReadModels).ChargeListBridge(ctx, cut, quarter, filter, in.Sorted(in.Sort))
	if err != nil {
		return out, err
	}
	out = ChargeReportBridgeBody{
		Basis: kit.BasisOf(r.Answer), Quarter: r.Quarter.String(), Rows: make([]ChargeReportBridgeRow, len(r.Rows)),
		Total: chargeReportBridgeRow(r.Total), Next: r.Next,
	}
	for i, row := range r.Rows {
		out.Rows[i] = chargeReportBridgeRow(row)
	}
	return out, nil
}

func chargeReportBridgeRow(r moneyviews.ChargeListBridge) ChargeReportBridgeRow {
	return ChargeReportBridgeRow{
		string(r.Center), r.Name, r.Region, r.Listed.String(), r.OfEarlier.String(), r.OfLater.String(),
		r.ListedElsewhere.String(),
		r.NotListed.String(), r.Charges.String(), r.Ties,
	}
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

// NextPage is the cursor of the next page, empty on the last.
func (b *StatementListBody) NextPage() string { return b.Next }

// NextPage is the cursor of the next page, empty on the last.
func (b *ChargeReportBridgeBody) NextPage() string { return b.Next }
