package money

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/bank/bankfile"
	"aftersales-ledger/api/bank/bankmatch"
	"aftersales-ledger/api/imports"
	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
)

type bankStatementInput struct {
	RawBody    []byte `contentType:"application/octet-stream"`
	File       string `query:"file" maxLength:"255" doc:"Name of the file, for the answer"`
	Sheet      string `query:"sheet" maxLength:"100" doc:"Worksheet of a workbook, where several hold a list"`
	Columns    string `query:"columns" maxLength:"4000" example:"{\"reference\":\"业务编号\"}" doc:"JSON object of headings by field, or by its title in Chinese (贷方金额), for columns that bear no usual name: reference, voucher, receivedOn, time, payer, account, remark, purpose, note, summary, credit, debit, amount, direction, balance, currency, ownAccount, payeeAccount, status, reversal; unread for a column that is to be left. An empty heading leaves a column unread"`
	Layout     string `query:"layout" maxLength:"60" example:"招商银行" doc:"Name of a bank, of which the form is read that the file has, or of a layout that was saved; columns count more. The answer's layout names the one that was recognised"`
	OwnAccount string `query:"ownAccount" maxLength:"64" doc:"Account of ours that the statement is of (本方账号), where the file does not name it: a bank's reference is unique within it"`
	Hidden     bool   `query:"hidden" doc:"Read the rows that a filter hides, too"`
	After      uint64 `query:"after" doc:"Position from a command's answer: wait until the proposals consider it"`
}

// BankStatementBody says of every line of a bank statement what the ledger would do.
type BankStatementBody struct {
	kit.Basis
	File          string     `json:"file"`
	SHA256        string     `json:"sha256" doc:"Of the file's bytes"`
	Format        string     `json:"format" doc:"xlsx or csv, with the encoding"`
	Lines         []BankLine `json:"lines" doc:"Every line, in the order of the file"`
	Credits       BankSum    `json:"credits" doc:"Incoming, 贷方"`
	Debits        BankSum    `json:"debits" doc:"Outgoing, 借方"`
	Checked       []string   `json:"checked" doc:"What the file says of itself and was found true: totals, numbers of lines, running balance"`
	Ignored       int        `json:"ignored" doc:"Rows below the header that are no lines: totals, signatures, balances brought forward"`
	UnreadColumns []string   `json:"unreadColumns" doc:"Headings that were not recognised; what they say in words is searched all the same"`

	OwnAccount  string               `json:"ownAccount,omitempty" doc:"本方账号, as the file or the request names it; absent where lines name their own, or nothing does"`
	NotCompared []string             `json:"notCompared" doc:"What the file says of itself and could not be compared, and why"`
	Columns     []imports.ReadColumn `json:"columns" doc:"Every column of the file, and what it was read as"`
	PassedOver  []imports.PassedRow  `json:"passedOver" doc:"Rows that are no lines, and why"`
	Bookable    BankSum              `json:"bookable" doc:"Receipts that may be accepted"`
	Questions   BankSum              `json:"questions" doc:"Receipts that a person must decide on first"`
	Layout      string               `json:"layout,omitempty" doc:"Bank whose export it looks like"`
	Sheet       string               `json:"sheet,omitempty" doc:"Worksheet that was read"`
	OtherSheets []imports.OtherSheet `json:"otherSheets,omitempty" doc:"Worksheets that were not read"`
	HiddenRows  []string             `json:"hiddenRows,omitempty" doc:"Rows that a filter hides and that were not read; with hidden they are"`
}

// BankSum is a number of lines and their money.
type BankSum struct {
	Lines  int    `json:"lines"`
	Amount string `json:"amount"`
}

// BankLine is one line of a bank statement.
type BankLine struct {
	Row       int    `json:"row" doc:"Row of the worksheet or line of the CSV file"`
	Cell      string `json:"cell" doc:"Where it stands, for people"`
	Status    string `json:"status" enum:"NEW,QUESTION,BOOKED,CONFLICT,UNREADABLE,OUTGOING,REVERSED,REFUNDED,CLOSED,ZERO,NEITHER" doc:"NEW: may be accepted. QUESTION: a person must decide first, see reason. BOOKED: is a payment already. CONFLICT: its reference is a payment with other content. UNREADABLE: see faults. OUTGOING: money that left. REVERSED: 冲正. REFUNDED: 已退款. CLOSED: 交易关闭, never carried out. ZERO: 0.00. NEITHER: 不计收支"`
	Reference string `json:"reference,omitempty" doc:"The bank's serial number; one that begins with NS- was made of the line, which has none"`
	BankMovement
	ReceivedOn   string          `json:"receivedOn,omitempty"`
	Payer        string          `json:"payer,omitempty"`
	PayerAccount string          `json:"payerAccount,omitempty"`
	Remark       string          `json:"remark,omitempty"`
	Texts        []string        `json:"texts,omitempty" doc:"All that the line says in words, searched for what it pays"`
	Amount       string          `json:"amount,omitempty"`
	Balance      string          `json:"balance,omitempty" doc:"After the line, as the file states it"`
	Reason       ReasonBody      `json:"reason" doc:"Of the status, or of the best proposal"`
	Proposals    []BankProposal  `json:"proposals" doc:"Of a NEW line or a QUESTION, the likeliest first; none where no center fits"`
	Nearest      []BankNearest   `json:"nearest,omitempty" doc:"Of a payer whom nobody knows, the centers of the likest names; they are no proposals"`
	Payment      *BankPayment    `json:"payment,omitempty" doc:"The payment that bears the reference; of a REVERSED line, the one that it takes back, which must be bounced: accept the line with bounces"`
	Faults       []kit.Violation `json:"faults,omitempty" doc:"Why the line cannot be read, by cell"`
}

// BankNearest is a center whose name, or an earlier payer's, is like a payer's.
type BankNearest struct {
	Center string `json:"center"`
	Name   string `json:"name" doc:"Of the center, or the earlier payer's"`
}

// ReasonBody is a sentence in two languages.
type ReasonBody struct {
	Chinese string `json:"zh"`
	English string `json:"en"`
}

// BankProposal is a center that may have paid, and what for.
type BankProposal struct {
	Center      string            `json:"center"`
	Name        string            `json:"name"`
	Confidence  int               `json:"confidence" minimum:"1" maximum:"99" doc:"Percent, from a table of who is named and how the amount compares with what is owed"`
	Names       []string          `json:"names" doc:"Open charges that the line names. What another line of the file is to pay of them is not designated again: the reason says so, and the confidence stays"`
	Designation []designationBody `json:"designation" doc:"Charges that are paid; what they leave, all if there are none, goes to the oldest due. In sum over the best proposals never more than is open on a charge"`
	Reason      ReasonBody        `json:"reason"`
}

// BankPayment is a payment that is booked.
type BankPayment struct {
	Payment    string `json:"payment"`
	Center     string `json:"center"`
	Payer      string `json:"payer"`
	Remark     string `json:"remark,omitempty"`
	Amount     string `json:"amount"`
	ReceivedOn string `json:"receivedOn"`
}

func (s *service) bankStatements() {
	const path = "/v1/imports/bank-statements"
	file := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	huma.Register(s.API, huma.Operation{
		Method: http.MethodPost, Path: path, OperationID: "propose-bank-statement",
		Summary: "Read a bank statement from CSV or XLSX and propose whose money each line is", Tags: kit.TagOf(path),
		MaxBodyBytes: sheet.MaxBytes, BodyReadTimeout: 2 * time.Minute,
		Security: []map[string][]string{{kit.BearerScheme: {}}}, Metadata: map[string]any{kit.ActionKey: kit.MayBookPayments},
		Extensions: map[string]any{"x-action": kit.MayBookPayments.Name},
		Description: "The body is the file itself. Nothing is recorded: what a person accepts is sent to " + path +
			"/acceptances. A file that " +
			"contradicts itself, in its totals or its running balance, is refused as a whole. Roles: " + kit.JoinRoles(kit.MayBookPayments.Roles) + ".",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"text/csv": file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": file,
		}},
		Errors: []int{400, 401, 403, 413, 422, 503},
	}, func(ctx context.Context, in *bankStatementInput) (*kit.Answer[BankStatementBody], error) {
		out, err := s.proposeBankStatement(ctx, in)
		if err != nil {
			return nil, s.Problem(ctx, err)
		}
		return &kit.Answer[BankStatementBody]{Body: out}, nil
	})
	kit.Command(s.Service, path+"/acceptances", "accept-bank-statement",
		"Book lines of a bank statement that a person has accepted", kit.MayBookPayments, s.acceptBankLines)
}

func (s *service) proposeBankStatement(ctx context.Context, in *bankStatementInput) (out BankStatementBody, err error) {
	options := sheet.Options{Sheet: in.Sheet, Hidden: in.Hidden}
	if options.Columns, err = s.ColumnsOf(ctx, imports.BankStatements, in.Layout, in.Columns, in.RawBody,
		options); err != nil {
		return out, err
	}
	statement, err := bankfile.Read(in.RawBody, bankfile.Options{Options: options, OwnAccount: in.OwnAccount})
	if err != nil {
		return out, refusedStatement(ctx, err)
	}
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, kit.CutParams{After: in.After})
	if err != nil {
		return out, err
	}
	lines, debtors, err := bankmatch.Match(ctx, s.Deps.ReadModels, cut, statement, s.Today(), s.Deps.Ledger.Rules())
	if err != nil {
		return out, err
	}
	sum := sha256.Sum256(in.RawBody)
	out = BankStatementBody{
		Basis: kit.BasisOf(debtors.Answer), File: strings.ToValidUTF8(in.File, "�"), SHA256: hex.EncodeToString(sum[:]),
		Format: strings.TrimSpace(statement.Format + " " + statement.Charset), Lines: make([]BankLine, len(lines)),
		Credits: bankSum(statement.Credits), Debits: bankSum(statement.Debits), Ignored: len(statement.Ignored),
		UnreadColumns: append([]string{}, statement.Unread()...),
	}
	out.howRead(statement, wording.Of(ctx))
	names := make(map[domain.CenterID]string, len(debtors.Candidates))
	for _, c := range debtors.Candidates {
		names[c.Center] = c.Name
	}
	var bookable, questions bankfile.Sum
	for i := range lines {
		out.Lines[i] = bankLineBody(&lines[i], names, wording.Of(ctx))
		switch lines[i].Status {
		case bankmatch.New:
			bookable = bookable.Add(lines[i].Amount)
		case bankmatch.Asked:
			questions = questions.Add(lines[i].Amount)
		}
	}
	out.Bookable, out.Questions = bankSum(bookable), bankSum(questions)
	return out, nil
}

func said(say wording.Language, list []domain.Text) []string {
	out := make([]string, len(list))
	for i, text := range list {
		out[i] = say.Say(text)
	}
	return out
}

// howRead says which column was read as what, which rows were passed over and
// why, and what was compared.
func (b *BankStatementBody) howRead(s *bankfile.BankStatement, say wording.Language) {
	b.Layout = s.Layout
	b.OwnAccount, b.Sheet = s.OwnAccount, strings.Join(s.Sheets, "/")
	b.Checked, b.NotCompared = said(say, s.Checked), said(say, s.NotCompared)
	b.Columns = imports.ColumnsRead(s.Headings, s.FieldOf, "SEARCHED")
	b.PassedOver, b.OtherSheets = imports.RowsPassed(s.Ignored), imports.SheetsNotRead(s.Others)
	for i := range b.PassedOver {
		b.PassedOver[i].Place = say.Place(b.PassedOver[i].Place)
	}
	for _, row := range s.Hidden {
		b.HiddenRows = append(b.HiddenRows, say.Place(row.Place()))
	}
}

// refusedStatement turns a file that contradicts itself into an answer that
// names every contradiction.
func refusedStatement(ctx context.Context, err error) error {
	var r *bankfile.Contradiction
	if !errors.As(err, &r) {
		return err
	}
	first := r.Errors[0]
	p := kit.NewProblem(ctx, http.StatusUnprocessableEntity, "bank-statement-refused",
		"the bank statement contradicts itself and is not read: at %s, %s", first.Cell, first.Rule)
	p.Violations = violations(wording.Of(ctx), r.Errors)
	return p
}

// violations lists the first faults with their cells.
func violations(say wording.Language, faults []bankfile.CellError) (out []kit.Violation) {
	const most = 20
	for _, f := range faults[:min(most, len(faults))] {
		out = append(out,
			kit.Violation{
				Field: strings.TrimSpace(say.Place(f.Cell) + " " + say.Column(bankfile.Title(f.Field), f.Field)), Value: f.Value,
				Rule: say.Rule(f.Rejection), Clause: f.Clause,
			})
	}
	return out
}

func bankSum(s bankfile.Sum) BankSum { return BankSum{s.Lines, s.Amount.String()} }

func bankLineBody(l *bankmatch.Line, names map[domain.CenterID]string, say wording.Language) BankLine {
	b := BankLine{
		Row: l.Row, Cell: say.Place(l.Cell), Status: string(l.Status), Reference: l.Reference,
		BankMovement: BankMovement{l.OwnAccount, l.Place, l.Apart},
		Payer:        l.PayerNamed(), PayerAccount: l.Account, Remark: l.Remark, Texts: l.Texts,
		Reason: ReasonBody(l.Reason), Proposals: []BankProposal{}, Faults: violations(say, l.Errors),
	}
	if l.Direction != bankfile.Unknown || l.Nature == bankfile.Zero {
		b.Amount = l.Amount.String()
	}
	if l.HasBalance {
		b.Balance = l.Balance.String()
	}
	if !l.ReceivedOn.IsZero() {
		b.ReceivedOn = l.ReceivedOn.String()
	}
	if p := l.Payment; p != nil {
		b.Payment = &BankPayment{
			Payment: string(p.Payment), Center: string(p.Center), Payer: p.Payer, Remark: p.Remark, Amount: p.Amount.String(),
			ReceivedOn: p.ReceivedOn.String(),
		}
	}
	for _, n := range l.Nearest {
		b.Nearest = append(b.Nearest, BankNearest{n.ID, n.Name})
	}
	for _, p := range l.Proposals {
		proposal := BankProposal{
			Center: string(p.Center), Name: names[p.Center], Confidence: p.Confidence, Names: []string{},
			Designation: []designationBody{}, Reason: ReasonBody(p.Reason),
		}
		for _, charge := range p.Names {
			proposal.Names = append(proposal.Names, string(charge))
		}
		for _, of := range p.Designation {
			proposal.Designation = append(proposal.Designation, designationBody{string(of.Charge), of.Amount.String()})
		}
		b.Proposals = append(b.Proposals, proposal)
	}
	return b
}
