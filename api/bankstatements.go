package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/bankfile"
	"aftersales-ledger/api/sheet"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/remittance"
	"aftersales-ledger/projections"
)

type bankStatementInput struct {
	RawBody []byte `contentType:"application/octet-stream"`
	File    string `query:"file" maxLength:"255" doc:"Name of the file, for the answer"`
	Sheet   string `query:"sheet" maxLength:"100" doc:"Worksheet of an XLSX file; the first by default"`
	Columns string `query:"columns" maxLength:"4000" example:"{\"reference\":\"业务编号\"}" doc:"JSON object of headings by field, for columns that bear no usual name: reference, receivedOn, payer, account, remark, note, summary, credit, debit, amount, direction, balance, currency. An empty heading leaves a column unread"`
	After   uint64 `query:"after" doc:"Position from a command's answer: wait until the proposals consider it"`
}

// What a line of a bank statement is to the ledger.
const (
	lineNew        = "NEW"
	lineBooked     = "BOOKED"
	lineConflict   = "CONFLICT"
	lineOutgoing   = "OUTGOING"
	lineRepeated   = "REPEATED"
	lineUnreadable = "UNREADABLE"
)

// BankStatementBody says of every line of a bank statement what the ledger would do.
type BankStatementBody struct {
	Basis
	File          string     `json:"file"`
	SHA256        string     `json:"sha256" doc:"Of the file's bytes"`
	Format        string     `json:"format" doc:"xlsx or csv, with the encoding"`
	Lines         []BankLine `json:"lines" doc:"Every line, in the order of the file"`
	Credits       BankSum    `json:"credits" doc:"Incoming, 贷方"`
	Debits        BankSum    `json:"debits" doc:"Outgoing, 借方"`
	Checked       []string   `json:"checked" doc:"What the file says of itself and was found true: totals, numbers of lines, running balance"`
	Ignored       int        `json:"ignored" doc:"Rows below the header that are no lines: totals, signatures, balances brought forward"`
	UnreadColumns []string   `json:"unreadColumns" doc:"Headings that were not recognised"`
}

// BankSum is a number of lines and their money.
type BankSum struct {
	Lines  int    `json:"lines"`
	Amount string `json:"amount"`
}

// BankLine is one line of a bank statement.
type BankLine struct {
	Row          int            `json:"row" doc:"Row of the worksheet or line of the CSV file"`
	Cell         string         `json:"cell" doc:"Where it stands, for people"`
	Status       string         `json:"status" enum:"NEW,BOOKED,CONFLICT,OUTGOING,REPEATED,UNREADABLE" doc:"NEW: may be accepted. BOOKED: is a payment already. CONFLICT: its reference is a payment with other content. OUTGOING: money that left, or a reversed receipt. REPEATED: stands in the file already. UNREADABLE: see faults"`
	Reference    string         `json:"reference,omitempty"`
	ReceivedOn   string         `json:"receivedOn,omitempty"`
	Payer        string         `json:"payer,omitempty"`
	PayerAccount string         `json:"payerAccount,omitempty"`
	Remark       string         `json:"remark,omitempty"`
	Amount       string         `json:"amount,omitempty"`
	Reason       ReasonBody     `json:"reason" doc:"Of the status, or of the best proposal"`
	Proposals    []BankProposal `json:"proposals" doc:"Of a NEW line, the likeliest first; none where no center fits"`
	Payment      *BankPayment   `json:"payment,omitempty" doc:"The payment that bears the reference"`
	Faults       []Violation    `json:"faults,omitempty" doc:"Why the line cannot be read, by cell"`
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
	Designation []designationBody `json:"designation" doc:"Charges that are paid; what they leave, all if there are none, goes to the oldest due"`
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

func (s *server) bankStatements() {
	const path = "/v1/imports/bank-statements"
	file := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	huma.Register(s.api, huma.Operation{
		Method: http.MethodPost, Path: path, OperationID: "propose-bank-statement",
		Summary: "Read a bank statement from CSV or XLSX and propose whose money each line is", Tags: tagOf(path),
		MaxBodyBytes: sheet.MaxBytes, BodyReadTimeout: 2 * time.Minute,
		Security: []map[string][]string{{bearerScheme: {}}}, Metadata: map[string]any{rolesKey: mayBookPayments},
		Description: "The body is the file itself. Nothing is recorded: what a person accepts is sent to " + path + "/acceptances. A file that " +
			"contradicts itself, in its totals, its running balance or its references, is refused as a whole. Roles: " + joinRoles(mayBookPayments) + ".",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"text/csv": file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": file,
		}},
		Errors: []int{400, 401, 403, 413, 422, 503},
	}, func(ctx context.Context, in *bankStatementInput) (*answer[BankStatementBody], error) {
		out, err := s.proposeBankStatement(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return &answer[BankStatementBody]{out}, nil
	})
	command(s, path+"/acceptances", "accept-bank-statement", "Book lines of a bank statement that a person has accepted", mayBookPayments, s.acceptBankLines)
}

func (s *server) proposeBankStatement(ctx context.Context, in *bankStatementInput) (out BankStatementBody, err error) {
	columns, err := readColumns(in.Columns)
	if err != nil {
		return out, err
	}
	statement, err := bankfile.Read(in.RawBody, in.Sheet, columns)
	if err != nil {
		return out, refusedStatement(ctx, err)
	}
	var p parser
	cut, err := s.cut(ctx, &p, CutParams{After: in.After})
	if err != nil {
		return out, err
	}
	lines, references, from, to := s.receipts(wording.Of(ctx), statement)
	debtors, err := s.deps.ReadModels.Debtors(ctx, cut, references, from, to)
	if err != nil {
		return out, err
	}
	s.propose(lines, debtors)
	sum := sha256.Sum256(in.RawBody)
	out = BankStatementBody{
		Basis: basis(debtors.Answer), File: strings.ToValidUTF8(in.File, "�"), SHA256: hex.EncodeToString(sum[:]),
		Format: strings.TrimSpace(statement.Format + " " + statement.Charset), Lines: make([]BankLine, len(lines)),
		Credits: bankSum(statement.Credits), Debits: bankSum(statement.Debits),
		Checked: append([]string{}, statement.Checked...), Ignored: statement.Ignored, UnreadColumns: append([]string{}, statement.Unread...),
	}
	for i, l := range lines {
		out.Lines[i] = l.body
	}
	return out, nil
}

func readColumns(s string) (columns map[string]string, err error) {
	if s == "" {
		return nil, nil
	}
	if err := json.Unmarshal([]byte(s), &columns); err != nil {
		return nil, domain.Invalid("columns", domain.Clip(s), "bad-columns", `must be a JSON object of headings by field, such as {"reference":"业务编号"}`, "")
	}
	return columns, nil
}

// refusedStatement turns a file that contradicts itself into an answer that
// names every contradiction.
func refusedStatement(ctx context.Context, err error) error {
	var r *bankfile.Refusal
	if !errors.As(err, &r) {
		return err
	}
	first := r.Faults[0]
	p := newProblem(ctx, http.StatusUnprocessableEntity, "bank-statement-refused",
		"the bank statement contradicts itself and is not read: at %s, %s", first.Cell, first.Rule)
	p.Violations = violations(wording.Of(ctx), r.Faults)
	return p
}

// violations lists the first faults with their cells.
func violations(say wording.Language, faults []bankfile.Fault) (out []Violation) {
	const most = 20
	for _, f := range faults[:min(most, len(faults))] {
		out = append(out, Violation{Field: strings.TrimSpace(f.Cell + " " + f.Field), Value: f.Value, Rule: say.Say(f.Rule), Clause: f.Clause})
	}
	return out
}

func bankSum(s bankfile.Sum) BankSum { return BankSum{s.Lines, s.Amount.String()} }

// bankLine is one line on its way to an answer.
type bankLine struct {
	bankfile.Line
	body BankLine
}

// receipts tells the lines that are receipts from the others, and lists their
// references and the days among whose receipts they may have a double.
func (s *server) receipts(say wording.Language, statement *bankfile.Statement) (lines []bankLine, references []string, from, to calendar.Date) {
	today, window := calendar.DateOf(s.deps.Clock()), s.deps.Ledger.Rules().DuplicateWindowDays
	from, to = today, 0
	for _, l := range statement.Lines {
		b := bankLine{l, BankLine{
			Row: l.Row, Cell: l.Cell, Reference: l.Reference, Payer: l.Payer, PayerAccount: l.Account, Remark: l.Remark, Proposals: []BankProposal{},
		}}
		if l.Direction != bankfile.Unknown {
			b.body.Amount = l.Amount.String()
		}
		if !l.ReceivedOn.IsZero() {
			b.body.ReceivedOn = l.ReceivedOn.String()
		}
		b.sort(say, today)
		if b.body.Status == lineNew {
			references = append(references, l.Reference)
			from, to = min(from, l.ReceivedOn), max(to, l.ReceivedOn)
		}
		lines = append(lines, b)
	}
	return lines, references, from.AddDays(-window), to.AddDays(window)
}

// sort tells what a line is by itself.
func (b *bankLine) sort(say wording.Language, today calendar.Date) {
	switch {
	case len(b.Faults) > 0:
		b.unreadable(say, b.Faults)
	case b.Direction == bankfile.Outgoing:
		b.is(lineOutgoing, "支出或冲正，不入账", "Money that left, or a reversed receipt: not booked")
	case b.RepeatOf > 0:
		b.is(lineRepeated, fmt.Sprintf("与第 %d 行重复", b.RepeatOf), fmt.Sprintf("Stands in row %d already", b.RepeatOf))
	default:
		c := account.ReceivePayment{BankReference: b.Reference, Payer: b.Payer, Remark: b.Remark, Amount: b.Amount, ReceivedOn: b.ReceivedOn}
		if c.Payer == "" {
			c.Payer = "?" // a person may name one
		}
		var r *domain.Rejection
		if errors.As(account.CheckReceipt(c, today), &r) {
			b.unreadable(say, []bankfile.Fault{{Cell: b.Cell, Rejection: r}})
			return
		}
		b.is(lineNew, "", "")
	}
}

func (b *bankLine) is(status, chinese, english string) {
	b.body.Status, b.body.Reason = status, ReasonBody{chinese, english}
}

func (b *bankLine) unreadable(say wording.Language, faults []bankfile.Fault) {
	first := faults[0]
	b.is(lineUnreadable, fmt.Sprintf("%s 无法读取：%s", first.Cell, wording.Chinese.Say(first.Rule)),
		fmt.Sprintf("Cannot be read at %s: %s", first.Cell, wording.English.Say(first.Rule)))
	b.body.Faults = violations(say, faults)
}

// propose fills in the lines that may be receipts: the payment that bears their
// reference, or whose money they may be.
func (s *server) propose(lines []bankLine, d projections.Debtors) {
	var open []remittance.Line
	var at []int
	for i := range lines {
		b := &lines[i]
		if b.body.Status != lineNew {
			continue
		}
		if booked := d.Booked[b.Reference]; len(booked) > 0 {
			b.compare(booked[0])
			continue
		}
		at = append(at, i)
		open = append(open, remittance.Line{Reference: b.Reference, Payer: b.Payer, Remark: b.Remark, Amount: b.Amount, ReceivedOn: b.ReceivedOn})
	}
	names := make(map[domain.CenterID]string, len(d.Candidates))
	for _, c := range d.Candidates {
		names[c.Center] = c.Name
	}
	for n, m := range remittance.Propose(open, d.Candidates, s.deps.Ledger.Rules()) {
		body := &lines[at[n]].body
		body.Reason = ReasonBody(m.Reason)
		for _, p := range m.Proposals {
			proposal := BankProposal{Center: string(p.Center), Name: names[p.Center], Confidence: p.Confidence, Designation: []designationBody{}, Reason: ReasonBody(p.Reason)}
			for _, of := range p.Designation {
				proposal.Designation = append(proposal.Designation, designationBody{string(of.Charge), of.Amount.String()})
			}
			body.Proposals = append(body.Proposals, proposal)
		}
		if len(body.Proposals) > 0 {
			body.Reason = body.Proposals[0].Reason
		}
	}
}

// compare tells a receipt that is booked from one that only bears the same
// reference.
func (b *bankLine) compare(p account.PaymentReceived) {
	b.body.Payment = &BankPayment{string(p.Payment), string(p.Center), p.Payer, p.Remark, p.Amount.String(), p.ReceivedOn.String()}
	if p.Payer == b.Payer && p.Remark == b.Remark && p.Amount == b.Amount && p.ReceivedOn == b.ReceivedOn {
		b.is(lineBooked, fmt.Sprintf("已入账：中心 %s 的来款 %s", p.Center, p.Payment), fmt.Sprintf("Is payment %s of center %s", p.Payment, p.Center))
		return
	}
	b.is(lineConflict,
		fmt.Sprintf("流水号已入账，内容不同：%s 元，付款人“%s”，%s，附言“%s”，中心 %s", p.Amount, p.Payer, p.ReceivedOn, p.Remark, p.Center),
		fmt.Sprintf("Its reference is payment %s with other content: %s from %q on %s, remark %q, center %s; here %s from %q on %s, remark %q",
			p.Payment, p.Amount, p.Payer, p.ReceivedOn, p.Remark, p.Center, b.Amount, b.Payer, b.ReceivedOn, b.Remark))
}
