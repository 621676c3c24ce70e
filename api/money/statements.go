package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type statementInput struct {
	kit.CommandHeaders
	kit.QuarterPath
}

type readStatementInput struct {
	kit.QuarterPath
	After uint64 `query:"after" doc:"Accepted as by every question; statements are read from the log itself and are never behind"`
}

type disputeBody struct {
	Charge string   `json:"charge"`
	Reason string   `json:"reason"`
	Papers []string `json:"papers,omitempty" maxItems:"10" doc:"SHA-256 of files that bear it out, stored before under /v1/attachments"`
}

func (b disputeBody) dispute() account.Dispute {
	d := account.Dispute{Charge: domain.ChargeID(b.Charge), Reason: b.Reason}
	for _, id := range b.Papers {
		d.Papers = append(d.Papers, attachment.Digest(id))
	}
	return d
}

func disputesOf(list []disputeBody) (disputes []account.Dispute) {
	for _, d := range list {
		disputes = append(disputes, d.dispute())
	}
	return disputes
}

type confirmInput struct {
	kit.CommandHeaders
	kit.QuarterPath
	Body struct {
		Version  int           `json:"version"`
		Disputes []disputeBody `json:"disputes,omitempty" doc:"Lines the center does not agree to; all others are confirmed"`
	}
}

type disputeInput struct {
	kit.CommandHeaders
	kit.QuarterPath
	Body struct {
		Version int      `json:"version"`
		Charge  string   `json:"charge"`
		Reason  string   `json:"reason"`
		Papers  []string `json:"papers,omitempty" maxItems:"10" doc:"SHA-256 of files that bear it out, stored before under /v1/attachments"`
	}
}

type paperReplyInput struct {
	kit.CommandHeaders
	kit.QuarterPath
	Body struct {
		Version  int           `json:"version"`
		Disputes []disputeBody `json:"disputes,omitempty" doc:"Lines that the paper does not agree to; all others are confirmed"`
		Signer   string        `json:"signer" example:"郑主任" doc:"Who signed it"`
		SignedOn string        `json:"signedOn" doc:"Date on the paper"`
		Scan     string        `json:"scan" doc:"SHA-256 of its scan, stored before under /v1/attachments: PDF, PNG or JPEG"`
	}
}

type reasonInput struct {
	kit.CommandHeaders
	kit.QuarterPath
	Body struct {
		Reason string `json:"reason"`
	}
}

type rejectDisputeInput struct {
	kit.CommandHeaders
	Center string `path:"center"`
	Charge string `path:"charge"`
	Body   struct {
		Reason string `json:"reason"`
	}
}

// StatementLine is one movement of the balance, in yuan; positive: the center
// owes more.
type StatementLine struct {
	Type     string `json:"type"`
	Document string `json:"document"`
	Charge   string `json:"charge,omitempty"`
	Project  string `json:"project,omitempty"`
	Room     string `json:"room,omitempty"`
	Text     string `json:"text,omitempty"`
	On       string `json:"on"`
	Origin   string `json:"origin,omitempty" doc:"Quarter a late item belongs to by its date"`
	Amount   string `json:"amount"`
	Tax      string `json:"tax"`
	Balance  string `json:"balance" doc:"Running"`
	Went     *Went  `json:"went,omitempty" doc:"Where the charge of a TRANSFER_OUT is now"`
}

// Went is where a charge went with its project (5.3.4).
type Went struct {
	Center   string `json:"center" doc:"That took it over"`
	Charge   string `json:"charge" doc:"Its number in that center's account"`
	Disputed bool   `json:"disputed" doc:"It was disputed, and its dispute goes on there"`
}

// AwaitedLine is a charge the center is asked to confirm or dispute.
type AwaitedLine struct {
	Charge  string `json:"charge"`
	Project string `json:"project"`
	On      string `json:"on" doc:"Date of the work, or of the transfer that brought the charge"`
	Room    string `json:"room,omitempty"`
	Service string `json:"service"`
	Origin  string `json:"origin" doc:"Accounting quarter"`
	Open    string `json:"open" doc:"On the day of issue, written off or not: owed − paidSince − creditedSince − movedSince"`
	OwingBody
	Disputed  bool `json:"disputed" doc:"When the version was issued"`
	TakenBack bool `json:"takenBack" doc:"By now it was credited in full or went to another center: nothing of it is left to confirm or to dispute"`
	// Dispute is that of an answered or awaited version, as far as it has come.
	Dispute *DisputeCourseBody `json:"dispute,omitempty"`
}

// OwingBody is what was owed when the quarter ended, and what became of it by a later
// day, in yuan.
type OwingBody struct {
	Owed          string `json:"owed" doc:"By what was posted through the quarter: a part of its closing balance"`
	PaidSince     string `json:"paidSince" doc:"Between the quarter's end and the day, less what bounced"`
	CreditedSince string `json:"creditedSince"`
	MovedSince    string `json:"movedSince" doc:"To another center, with its project"`
	WrittenOff    string `json:"writtenOff" doc:"On the day: given up by us, still owed"`
}

// MakeupLine is one charge of a closing balance by the center's answer.
type MakeupLine struct {
	Charge string `json:"charge"`
	Word   string `json:"word" enum:"CONFIRMED,DISPUTED"`
	OwingBody
	Open string `json:"open" doc:"On the day of the answer: owed − paidSince − creditedSince − movedSince"`
}

// MakeupSum adds charges of a closing balance up.
type MakeupSum struct {
	OwingBody
	Open string `json:"open" doc:"On the day: owed − paidSince − creditedSince − movedSince"`
}

// MakeupBody is how a closing balance is made up, as it was on a day.
type MakeupBody struct {
	On              string    `json:"on" doc:"Of the issue, of the answer, or today of a draft"`
	Asked           MakeupSum `json:"asked" doc:"What the center is asked to confirm, or has answered: the sum of the lines"`
	Disputed        MakeupSum `json:"disputed" doc:"Within asked"`
	ConfirmedBefore MakeupSum `json:"confirmedBefore" doc:"On earlier statements, and still owed when the quarter ended"`
	Unapplied       string    `json:"unapplied" doc:"Money received through the quarter that settled none of these charges"`
	Ties            bool      `json:"ties" doc:"asked.owed + confirmedBefore.owed − unapplied = closing, and each owed − paidSince − creditedSince − movedSince = open"`
}

// DisputeCourseBody is one dispute, from the center's objection to its end, in yuan.
type DisputeCourseBody struct {
	Reason    string      `json:"reason"`
	On        string      `json:"on"`
	By        string      `json:"by"`
	Way       string      `json:"way" enum:"LINK,CONSOLE,PAPER,NOT_RECORDED" doc:"How it came"`
	EnteredBy string      `json:"enteredBy,omitempty" doc:"Who of us entered it from the stamped paper"`
	Papers    []PaperBody `json:"papers,omitempty" doc:"Files that bear it out, to be read under /v1/attachments"`
	Owed      string      `json:"owed" doc:"Of the charge when it was disputed"`
	Paid      string      `json:"paid" doc:"Settled of it by money then: unapplied again where it is credited"`
	End       string      `json:"end,omitempty" enum:"CREDITED,REJECTED,MOVED" doc:"Absent while it lasts; MOVED: with its project to another center"`
	EndedOn   string      `json:"endedOn,omitempty" doc:"Absent too of what MOVED: its transfer names the day from which it counts"`
	EndReason string      `json:"endReason,omitempty"`
	Document  string      `json:"document,omitempty" doc:"Credit note or transfer that ended it"`
	Credited  string      `json:"credited,omitempty" doc:"By that note"`
	Went      *Went       `json:"went,omitempty" doc:"Where the charge of one that MOVED is now, and the dispute goes on"`
}

// PaperBody names a file that was stored.
type PaperBody struct {
	SHA256 string `json:"sha256"`
	Name   string `json:"name"`
}

// AnsweredBody is how the closing balance is made up by the center's answer, as
// answered and frozen, in yuan.
type AnsweredBody struct {
	Confirmed       string `json:"confirmed" doc:"What was owed of it through the quarter, written off or not"`
	Disputed        string `json:"disputed"`
	ConfirmedBefore string `json:"confirmedBefore" doc:"On earlier statements, and still owed"`
	Unapplied       string `json:"unapplied" doc:"Money received through the quarter that settled none of these charges"`
	DisputedPaid    string `json:"disputedPaid" doc:"What money had settled of the disputed lines: no part of the balance"`
	Ties            bool   `json:"ties" doc:"confirmed + disputed + confirmedBefore − unapplied = the closing balance"`
	// Makeup is as of the day of the answer; so are the lines, which are its asked.
	Makeup MakeupBody   `json:"makeup"`
	Lines  []MakeupLine `json:"lines"`
}

// SummaryBody is what finance was told of an answered quarter (5.3.4), in yuan.
type SummaryBody struct {
	On               string `json:"on"`
	By               string `json:"by"`
	Closing          string `json:"closing"`
	Late             string `json:"late" doc:"Items of earlier quarters within it"`
	PaidSince        string `json:"paidSince" doc:"Between the quarter's end and the report, like the next two"`
	CreditedSince    string `json:"creditedSince"`
	TransferredSince string `json:"transferredSince"`
	// ByAnswer is what of the three came before the answer; early reports do not say.
	ByAnswer        *ByAnswerBody `json:"byAnswer,omitempty"`
	OpenConfirmed   string        `json:"openConfirmed" doc:"已确认应收, on the day of the report"`
	OpenUnconfirmed string        `json:"openUnconfirmed" doc:"待对账"`
	StillDisputed   string        `json:"stillDisputed" doc:"Of the unconfirmed"`
	WrittenOff      string        `json:"writtenOff" doc:"Given up by us, still owed"`
	Ties            bool          `json:"ties" doc:"What was answered, before unapplied money, − paidSince − creditedSince − transferredSince = openConfirmed + openUnconfirmed + writtenOff"`
}

// ByAnswerBody is what became of a quarter's charges between its end and the answer, in
// yuan.
type ByAnswerBody struct {
	Paid        string `json:"paid"`
	Credited    string `json:"credited"`
	Transferred string `json:"transferred"`
}

// StatementBody is one version of a statement (对账单), in yuan.
type StatementBody struct {
	Statement    string          `json:"statement"`
	Center       string          `json:"center"`
	Name         string          `json:"name"`
	Quarter      string          `json:"quarter"`
	Version      int             `json:"version"`
	Status       string          `json:"status" enum:"DRAFT,ISSUED,SUPERSEDED,CONFIRMED,PARTLY_CONFIRMED,REOPENED"`
	Opening      string          `json:"opening"`
	Charges      string          `json:"charges"`
	Late         string          `json:"late"`
	TransfersIn  string          `json:"transfersIn"`
	TransfersOut string          `json:"transfersOut"`
	Credits      string          `json:"credits"`
	Receipts     string          `json:"receipts"`
	Reversals    string          `json:"reversals"`
	Charged      string          `json:"charged" doc:"Gross: charges + late + transfersIn − transfersOut − credits"`
	Tax          string          `json:"tax" doc:"Within charged; sum of the lines'"`
	Net          string          `json:"net" doc:"charged − tax"`
	Closing      string          `json:"closing"`
	Lines        []StatementLine `json:"lines"`
	Awaiting     []AwaitedLine   `json:"awaiting"`
	Makeup       MakeupBody      `json:"makeup" doc:"Of the closing balance, on the day of issue"`
	ContentHash  string          `json:"contentHash,omitempty" doc:"SHA-256 of the frozen content"`
	IssuedOn     string          `json:"issuedOn,omitempty"`
	ReplyBy      string          `json:"replyBy,omitempty"`
	AnsweredOn   string          `json:"answeredOn,omitempty"`
	AnsweredBy   string          `json:"answeredBy,omitempty" doc:"Of a stamped paper: who signed it"`
	Way          string          `json:"way,omitempty" enum:"LINK,CONSOLE,PAPER,NOT_RECORDED" doc:"How the answer came; absent: there is none"`
	EnteredBy    string          `json:"enteredBy,omitempty" doc:"Who of us entered the stamped paper"`
	SignedOn     string          `json:"signedOn,omitempty" doc:"Date on the paper"`
	Scan         *PaperBody      `json:"scan,omitempty" doc:"Of the stamped paper, to be read under /v1/attachments"`
	Answer       *AnsweredBody   `json:"answer,omitempty"`
	Report       *SummaryBody    `json:"report,omitempty" doc:"To finance"`
}

// StatementsBody is every version issued for a quarter, and what the next one
// would be now.
type StatementsBody struct {
	Versions []StatementBody `json:"versions"`
	Draft    StatementBody   `json:"draft"`
}

func (s *service) statements() {
	const path = "/v1/centers/{center}/statements/{quarter}"
	kit.TaggedQuery(s.Service, path, "statements", "Every version of a quarter's statement, and its draft (5.3.4)",
		kit.MayReadAccounts, func(in *readStatementInput) string { return account.Stream(domain.CenterID(in.Center)) },
		s.readStatements)
	kit.Command(s.Service, path+
		"/issue", "issue-statement", "Freeze a quarter's statement and put it to the center (5.3.4)", kit.MayReconcile,
		func(ctx context.Context, in *statementInput) (kit.Receipt, error) {
			var p kit.Parser
			c := account.IssueStatement{Center: domain.CenterID(in.Center), Quarter: p.Quarter("quarter", in.Quarter)}
			return p.CarryOut(in.Center+"-"+in.Quarter, func() (eventstore.Outcome, error) {
				return ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c,
					ledger.ByRules(s.Ledger(ctx), (*account.Account).IssueStatement))
			})
		})
	kit.Command(s.Service, "/v1/statements/{quarter}/issue", "issue-statements",
		"Issue a quarter's statement to every center of a region (5.3.4)", kit.MayReconcile,
		func(ctx context.Context, in *issueAllInput) (IssuedStatements, error) { return s.issueAll(ctx, in) })
	kit.Command(s.Service, path+
		"/confirm", "confirm-statement", "The center confirms a version, but for the lines it disputes (5.3.4)", kit.MayAnswerStatements,
		func(ctx context.Context, in *confirmInput) (kit.Receipt, error) {
			var p kit.Parser
			c := account.ConfirmStatement{
				Center: domain.CenterID(in.Center), Quarter: p.Quarter("quarter", in.Quarter), Version: in.Body.Version,
				Disputes: disputesOf(in.Body.Disputes), Way: answering(ctx),
			}
			return p.CarryOut(in.Center+"-"+in.Quarter, func() (eventstore.Outcome, error) {
				return s.Ledger(ctx).AnswerStatement(ctx, in.Request(ctx), c)
			})
		})
	kit.Command(s.Service, path+
		"/dispute", "dispute-charge", "The center disputes one line of a version (5.3.4)", kit.MayAnswerStatements,
		func(ctx context.Context, in *disputeInput) (kit.Receipt, error) {
			var p kit.Parser
			c := account.DisputeCharge{
				Center: domain.CenterID(in.Center), Quarter: p.Quarter("quarter", in.Quarter), Version: in.Body.Version,
				Dispute: disputeBody{in.Body.Charge, in.Body.Reason, in.Body.Papers}.dispute(), Way: answering(ctx),
			}
			return p.CarryOut(in.Body.Charge, func() (eventstore.Outcome, error) {
				return s.Ledger(ctx).DisputeCharge(ctx, in.Request(ctx), c)
			})
		})
	kit.Command(s.Service, path+"/paper-reply", "record-paper-reply",
		"Enter the center's answer from its stamped paper, with the scan (5.3.4)", kit.MayEnterReplies,
		func(ctx context.Context, in *paperReplyInput) (kit.Receipt, error) {
			var p kit.Parser
			c := account.RecordPaperReply{
				Center: domain.CenterID(in.Center), Quarter: p.Quarter("quarter", in.Quarter), Version: in.Body.Version,
				Disputes: disputesOf(in.Body.Disputes), Signer: in.Body.Signer, SignedOn: p.Date("signedOn", in.Body.SignedOn),
				Scan: attachment.Digest(in.Body.Scan),
			}
			return p.CarryOut(in.Center+"-"+in.Quarter, func() (eventstore.Outcome, error) {
				return s.Ledger(ctx).RecordPaperReply(ctx, in.Request(ctx), c)
			})
		})
	kit.Command(s.Service, path+"/reopen", "reopen-statement", "Take a confirmation back (5.3.4)", kit.MayReopen,
		func(ctx context.Context, in *reasonInput) (kit.Receipt, error) {
			var p kit.Parser
			c := account.ReopenStatement{
				Center: domain.CenterID(in.Center), Quarter: p.Quarter("quarter", in.Quarter), Reason: in.Body.Reason,
			}
			return p.CarryOut(in.Center+"-"+in.Quarter, func() (eventstore.Outcome, error) {
				return ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*account.Account).ReopenStatement)
			})
		})
	kit.Command(s.Service, path+
		"/report", "report-statement", "Report a confirmed quarter to finance (5.3.4)", kit.MayReconcile,
		func(ctx context.Context, in *statementInput) (kit.Receipt, error) {
			var p kit.Parser
			c := account.ReportStatement{Center: domain.CenterID(in.Center), Quarter: p.Quarter("quarter", in.Quarter)}
			return p.CarryOut(in.Center+"-"+in.Quarter, func() (eventstore.Outcome, error) {
				return ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*account.Account).ReportStatement)
			})
		})
	kit.Command(s.Service, "/v1/centers/{center}/charges/{charge}/dispute-rejection", "reject-dispute",
		"End a dispute without a credit note (5.3.4)", kit.MayReconcile,
		func(ctx context.Context, in *rejectDisputeInput) (kit.Receipt, error) {
			c := account.RejectDispute{
				Charge: domain.ChargeID(in.Charge), Center: domain.CenterID(in.Center), Reason: in.Body.Reason,
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*account.Account).RejectDispute)
			return kit.ReceiptOf(in.Charge, o), err
		})
}

func (s *service) readStatements(ctx context.Context, in *readStatementInput) (out StatementsBody, err error) {
	var p kit.Parser
	center := kit.Visible(ctx, in.Center)
	quarter := p.Quarter("quarter", in.Quarter)
	if p.Err != nil {
		return out, p.Err
	}
	issued, err := s.Ledger(ctx).Statements(ctx, center, quarter)
	if err != nil {
		return out, err
	}
	draft, err := s.Ledger(ctx).Draft(ctx, center, quarter)
	if err != nil {
		return out, err
	}
	work, err := s.Ledger(ctx).ChargedWork(ctx, center)
	if err != nil {
		return out, err
	}
	out = StatementsBody{Versions: []StatementBody{}, Draft: statementBody(draft, work)}
	out.Draft.Status = "DRAFT"
	for _, v := range issued {
		b := statementBody(v, work)
		b.Status, b.ContentHash, b.IssuedOn, b.ReplyBy = string(v.Status), v.Version.ContentHash, v.Version.IssuedOn.String(),
			v.Version.ReplyBy.String()
		b.answeredWith(v)
		out.Versions = append(out.Versions, b)
	}
	return out, nil
}

func statementBody(v account.StatementVersion, work map[domain.ChargeID]ledger.ChargedWork) StatementBody {
	st := v.Version.Statement
	t := st.Totals
	b := StatementBody{
		Statement: st.Statement, Center: string(st.Center), Name: st.Name, Quarter: st.Quarter.String(), Version: st.Version,
		Opening: st.Opening.String(), Charges: t.Charges.String(), Late: t.Late.String(), TransfersIn: t.TransfersIn.String(),
		TransfersOut: t.TransfersOut.String(), Credits: t.Credits.String(), Receipts: t.Receipts.String(),
		Reversals: t.Reversals.String(), Charged: t.Charged().String(), Tax: t.Tax.String(), Net: t.NetOfTax().String(),
		Closing: st.Closing.String(), Makeup: makeupBody(v.Asked),
		Lines: make([]StatementLine, len(st.Lines)), Awaiting: make([]AwaitedLine, len(st.Awaiting)),
	}
	balance := st.Opening
	for i, m := range st.Lines {
		balance = balance.Add(m.Amount)
		origin := ""
		if q, late := m.Origin(); late {
			origin = q.String()
		}
		b.Lines[i] = StatementLine{
			Type: string(m.Type), Document: m.Document, Charge: string(m.Charge), Project: string(m.Project), Room: m.Room,
			Text: m.Text, On: m.On.String(), Origin: origin,
			Amount: m.Amount.String(), Tax: m.Tax.String(), Balance: balance.String(),
		}
		if d, left := v.Departed(m); left {
			b.Lines[i].Went = wentBody(d)
		}
	}
	owed := make(map[domain.ChargeID]account.Owing, len(v.Asked.Parts))
	for _, p := range v.Asked.Parts {
		owed[p.Charge] = p.Owing
	}
	for i, w := range st.Awaiting {
		of := work[w.Charge]
		b.Awaiting[i] = AwaitedLine{
			Charge: string(w.Charge), Project: string(w.Project), On: of.On.String(), Room: of.Room, Service: of.Service,
			Origin: w.Origin.String(), Open: w.Open.String(), OwingBody: owingBody(owed[w.Charge]), Disputed: w.Disputed,
			TakenBack: of.TakenBack,
		}
	}
	return b
}
