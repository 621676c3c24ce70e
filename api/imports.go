package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"

	"aftersales-ledger/api/sheet"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type ImportParams struct {
	CommandHeaders
	RawBody []byte `contentType:"application/octet-stream"`
	File    string `query:"file" maxLength:"255" doc:"Name of the file, for the report"`
	Sheet   string `query:"sheet" maxLength:"100" doc:"Worksheet of an XLSX file; the first by default"`
	DryRun  bool   `query:"dryRun" doc:"Check and report only; nothing is recorded"`
	Partial bool   `query:"partial" doc:"Record the good rows of a file that has bad ones; by default such a file records nothing"`
	Verbose bool   `query:"verbose" doc:"List every successful row, not only the first 1,000"`
}

type importChargesInput struct {
	ImportParams
	Center string `query:"center" maxLength:"64" doc:"Center that is charged where a row names none; by default the one that answers for the project on the day"`
}

type importFaultsInput struct{ ImportParams }

// ImportReport says row by row what became of a file.
type ImportReport struct {
	File           string         `json:"file"`
	SHA256         string         `json:"sha256" doc:"Of the file's bytes"`
	Kind           string         `json:"kind" enum:"charges,fault-records,catalogue,counts"`
	Format         string         `json:"format" doc:"xlsx or csv, with the encoding"`
	DryRun         bool           `json:"dryRun"`
	Status         string         `json:"status" enum:"CHECKED,BOOKED,PARTLY_BOOKED,REFUSED,INTERRUPTED" doc:"REFUSED: nothing was recorded. INTERRUPTED: send the file again to record the rest"`
	Rows           int            `json:"rows" doc:"Rows of data"`
	Valid          int            `json:"valid" doc:"Rows that could be recorded and were not, because of a dry run or of other rows"`
	Recorded       int            `json:"recorded"`
	Unchanged      int            `json:"unchanged" doc:"Rows recorded by an earlier import"`
	Refused        int            `json:"refused"`
	Ignored        int            `json:"ignored" doc:"Rows below the header without data: totals, signatures, an empty template"`
	UnreadColumns  []string       `json:"unreadColumns" doc:"Headings that were not recognised"`
	TotalAmount    string         `json:"totalAmount,omitempty" doc:"Sum of the rows of a charge list, yuan: as stated, else by the price list"`
	RecordedAmount string         `json:"recordedAmount,omitempty" doc:"Sum of the rows recorded now, yuan"`
	StatedTotal    string         `json:"statedTotal,omitempty" doc:"What the file's own total row says"`
	Position       uint64         `json:"position,omitempty" doc:"Log position; a query given it as 'after' shows the rows"`
	Results        []ImportResult `json:"results" doc:"Every refusal, and successful rows"`
	Unlisted       int            `json:"unlisted,omitempty" doc:"Successful rows left out of results"`
}

// ImportResult is what became of one row; a row with several faults has several.
type ImportResult struct {
	Row      int    `json:"row" doc:"Row of the worksheet or line of the CSV file"`
	Cell     string `json:"cell" doc:"Where: the cell at fault, or the row"`
	Document string `json:"document,omitempty" doc:"Number of the charge, fault line or part"`
	Outcome  string `json:"outcome" enum:"recorded,unchanged,refused,valid"`
	Amount   string `json:"amount,omitempty"`
	Field    string `json:"field,omitempty"`
	Value    string `json:"value,omitempty"`
	Rule     string `json:"rule,omitempty"`
	Code     string `json:"code,omitempty" doc:"Stable name of the rule"`
	Clause   string `json:"clause,omitempty"`
}

const (
	outcomeRecorded  = "recorded"
	outcomeUnchanged = "unchanged"
	outcomeRefused   = "refused"
	outcomeValid     = "valid"
)

// importProblem is an error answer that carries the report of the file.
type importProblem struct {
	*Problem
	Report ImportReport `json:"report"`
}

func (s *server) imports() {
	s.partImports()
	importer(s, "/v1/imports/charges", "import-charges", "Import a charge list F3 from CSV or XLSX (5.3.3)", mayCharge,
		func(ctx context.Context, in *importChargesInput) (ImportReport, error) {
			rows := &chargeRows{ledger: s.deps.Ledger, center: domain.CenterID(in.Center)}
			return in.run(ctx, "charges", sheet.Charges, rows)
		})
	importer(s, "/v1/imports/fault-records", "import-fault-records", "Import a fault record F1 from CSV or XLSX (5.1.3)", mayRecordFaults,
		func(ctx context.Context, in *importFaultsInput) (ImportReport, error) {
			return in.run(ctx, "fault-records", sheet.Faults, &faultRows{ledger: s.deps.Ledger})
		})
}

const importDescription = "The body is the file itself; its format is told by its content. The whole file is read and checked before anything is " +
	"recorded. Each row is recorded under a key made of its own content, so that the same file again, saved anew, or grown longer, " +
	"records only what is new, whoever sends it; the Idempotency-Key joins what one request recorded where no X-Correlation-ID does. Roles: "

func importer[I any](s *server, path, id, summary string, roles []domain.Role, handle func(context.Context, *I) (ImportReport, error)) {
	file := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	huma.Register(s.api, huma.Operation{
		Method: http.MethodPost, Path: path, OperationID: id, Summary: summary, Tags: tagOf(path),
		MaxBodyBytes: sheet.MaxBytes, BodyReadTimeout: 2 * time.Minute,
		Security: []map[string][]string{{bearerScheme: {}}}, Metadata: map[string]any{rolesKey: roles},
		Description: importDescription + joinRoles(roles) + ".",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"text/csv": file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": file,
		}},
		Errors: []int{400, 401, 403, 413, 422, 503},
	}, func(ctx context.Context, in *I) (*answer[ImportReport], error) {
		report, err := handle(ctx, in)
		if err != nil {
			p := s.problem(ctx, err)
			if report.Results == nil {
				return nil, p
			}
			return nil, &importProblem{p, report}
		}
		return &answer[ImportReport]{report}, nil
	})
}

// listRows is a kind of list: how its rows become commands. A row is parsed,
// then checked against the ledger, then recorded; the first refusal ends it.
type listRows interface {
	// parse reads a row's cells.
	parse(ctx context.Context, actor domain.Actor, row *listRow) error
	// rehearse refuses what record would, without recording, and tells whether
	// the row was recorded before.
	rehearse(ctx context.Context, r ledger.Request, i int) (done bool, err error)
	record(ctx context.Context, r ledger.Request, i int) (eventstore.Outcome, error)
}

// listRow is one row on its way into the ledger.
type listRow struct {
	sheet.Row
	document string       // number of the charge or line
	field    string       // whose number it is
	scope    string       // within which the number is unique
	group    string       // rows of one group are recorded in the order of the file
	key      string       // idempotency key
	amount   money.Amount // as stated, else by the price list
	priced   bool         // amount is known
	outcome  string
	faults   []ImportResult
	say      wording.Language // in which the faults are said
}

func (p ImportParams) run(ctx context.Context, kind string, layout sheet.Layout, kindRows listRows) (ImportReport, error) {
	r := p.request(ctx)
	if p.Correlation == "" {
		r.CorrelationID = p.Key
	}
	sum := sha256.Sum256(p.RawBody)
	run := &importRun{
		request: r, rows: kindRows, partial: p.Partial, verbose: p.Verbose,
		report: ImportReport{File: strings.ToValidUTF8(p.File, "�"), SHA256: hex.EncodeToString(sum[:]), Kind: kind, DryRun: p.DryRun},
	}
	list, err := sheet.Read(p.RawBody, sheet.Options{Sheet: p.Sheet}, layout)
	if err != nil {
		return ImportReport{}, err
	}
	run.list = list
	return run.do(ctx)
}

// importRun is one file on its way into the ledger.
type importRun struct {
	request ledger.Request
	rows    listRows
	partial bool
	verbose bool
	list    *sheet.List
	each    []listRow
	totals  []ImportResult // refusals of total rows
	report  ImportReport
}

// do checks the whole file, then records its rows. With an error comes the
// report of how far it came.
func (m *importRun) do(ctx context.Context) (ImportReport, error) {
	m.each = make([]listRow, len(m.list.Rows))
	for i, row := range m.list.Rows {
		m.each[i].Row, m.each[i].say = row, wording.Of(ctx)
	}
	if err := m.check(ctx); err != nil {
		return ImportReport{}, err
	}
	m.report.Status = "CHECKED"
	refused := slices.ContainsFunc(m.each, func(r listRow) bool { return r.outcome == outcomeRefused })
	var err error
	switch {
	case m.report.DryRun:
	case len(m.totals) > 0, refused && !m.partial:
		m.report.Status = "REFUSED"
		err = m.refusal(wording.Of(ctx))
	default:
		m.report.Status = "BOOKED"
		if err = m.record(ctx); err != nil {
			m.report.Status = "INTERRUPTED"
		}
	}
	m.finish()
	return m.report, err
}

// inFlight is how many rows are under way at once.
const inFlight = 32

// check parses every row and rehearses those that can be read.
func (m *importRun) check(ctx context.Context) error {
	seen := make(map[string]int, len(m.each))
	for i := range m.each {
		row := &m.each[i]
		if err := m.rows.parse(ctx, m.request.Actor, row); err != nil {
			return err
		}
		if len(row.faults) > 0 {
			row.outcome = outcomeRefused
			continue
		}
		id := row.scope + "\x00" + row.document
		if first, twice := seen[id]; twice {
			row.refuse(domain.Conflict(row.field, row.document, "number-twice",
				"is in row %d of this file already", "", m.each[first].Number))
			continue
		}
		seen[id] = i
	}
	m.checkTotals(wording.Of(ctx))
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(inFlight)
	for i := range m.each {
		row := &m.each[i]
		if row.outcome == outcomeRefused {
			continue
		}
		group.Go(func() error {
			done, err := m.rows.rehearse(gctx, m.requestOf(row), i)
			return row.settle(done, err, outcomeValid)
		})
	}
	return group.Wait()
}

func (m *importRun) requestOf(row *listRow) ledger.Request {
	r := m.request
	r.Key = row.key
	return r
}

// settle takes what the ledger answered. A key that was used before belongs to
// the same row, since it is made of the row's content, entered by another person.
func (row *listRow) settle(done bool, err error, success string) error {
	var r *domain.Rejection
	switch {
	case err == nil && done, errors.As(err, &r) && r.Code == "idempotency-key-reused":
		row.outcome = outcomeUnchanged
	case r != nil:
		row.refuse(r)
	case err != nil:
		return err
	default:
		row.outcome = success
	}
	return nil
}

// refuse notes what is wrong with a row and in which cell.
func (row *listRow) refuse(err error) {
	var r *domain.Rejection
	if !errors.As(err, &r) {
		r = domain.Invalid("", "", "unreadable", "cannot be read: %v", "", err)
	}
	field := r.Field
	if field == "registeredAt" {
		field = "notifiedAt"
	}
	row.outcome = outcomeRefused
	row.faults = append(row.faults, ImportResult{
		Row: row.Number, Cell: row.Value(field).Cell, Document: row.document, Outcome: outcomeRefused,
		Field: field, Value: r.Value, Rule: row.say.Say(r.Rule), Code: r.Code, Clause: r.Clause,
	})
}

// checkTotals compares what the file says its rows sum up to with the rows.
func (m *importRun) checkTotals(say wording.Language) {
	complete := true // or some row is refused, since its amount is not known
	for _, row := range m.each {
		complete = complete && row.priced
	}
	for _, c := range m.list.Compare(func(row int, field string) (decimal.Decimal, bool) {
		if field == "amount" {
			return m.each[row].amount.Decimal(), complete
		}
		v := m.list.Rows[row].Value(field)
		if v.Blank() {
			return decimal.Zero, true
		}
		d, err := v.Price()
		return d, err == nil
	}) {
		if c.Field == "amount" {
			if a, err := sheet.ParseAmount(c.Stated); err == nil {
				m.report.StatedTotal = a.String()
			}
		}
		if c.Status == sheet.Differs {
			m.totals = append(m.totals, ImportResult{
				Row: c.Row, Cell: c.Cell, Outcome: outcomeRefused, Field: c.Field, Value: c.Stated, Rule: say.Sayf("%s says %s, the rows sum to %s", c.Word, c.Stated, c.Found), Code: "total-differs",
			})
		}
	}
}

// refusal is the answer to a file that is not recorded.
func (m *importRun) refusal(say wording.Language) error {
	p := problemIn(http.StatusUnprocessableEntity, "import-refused", "")
	const most = 20
	faults := m.faults()
	for _, f := range faults[:min(most, len(faults))] {
		p.Violations = append(p.Violations, Violation{Field: strings.TrimSpace(f.Cell + " " + f.Field), Value: f.Value, Rule: f.Rule, Clause: f.Clause})
	}
	first := faults[0]
	p.Detail = say.Sayf("nothing was recorded: %d of %d rows cannot be; the first fault is at %s: %s", m.refusedRows(), len(m.each), first.Cell, first.Rule)
	if len(m.totals) > 0 {
		p.Detail = say.Sayf("nothing was recorded: at %s, %s", m.totals[0].Cell, m.totals[0].Rule)
	}
	return p
}

func (m *importRun) refusedRows() (n int) {
	for _, row := range m.each {
		if row.outcome == outcomeRefused {
			n++
		}
	}
	return n
}

func (m *importRun) faults() []ImportResult {
	all := slices.Clone(m.totals)
	for _, row := range m.each {
		all = append(all, row.faults...)
	}
	slices.SortStableFunc(all, func(a, b ImportResult) int { return cmp.Compare(a.Row, b.Row) })
	return all
}

// record brings the valid rows into the ledger: groups side by side, the rows
// of one group in the order of the file.
func (m *importRun) record(ctx context.Context) error {
	var order []string
	groups := make(map[string][]int)
	for i, row := range m.each {
		if row.outcome != outcomeValid {
			continue
		}
		if _, known := groups[row.group]; !known {
			order = append(order, row.group)
		}
		groups[row.group] = append(groups[row.group], i)
	}
	positions := make([]eventstore.Position, len(m.each))
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(inFlight)
	for _, name := range order {
		group.Go(func() error {
			for _, i := range groups[name] {
				row := &m.each[i]
				o, err := m.rows.record(gctx, m.requestOf(row), i)
				if err := row.settle(o.Repeated, err, outcomeRecorded); err != nil {
					return err
				}
				positions[i] = o.Position
			}
			return nil
		})
	}
	err := group.Wait()
	m.report.Position = uint64(slices.Max(append(positions, 0)))
	return err
}

// listed is how many successful rows a report lists unless asked for all.
const listed = 1000

func (m *importRun) finish() {
	r := &m.report
	r.Format, r.Rows, r.Ignored = m.list.Format, len(m.each), len(m.list.Passed)
	if m.list.Charset != "" {
		r.Format += " " + m.list.Charset
	}
	r.UnreadColumns = append([]string{}, m.list.Unread()...)
	r.Results = m.faults()
	var total, recorded money.Amount
	priced := false
	good := 0
	for _, row := range m.each {
		if row.priced {
			priced, total = true, total.Add(row.amount)
		}
		switch row.outcome {
		case outcomeValid:
			r.Valid++
		case outcomeUnchanged:
			r.Unchanged++
		case outcomeRecorded:
			r.Recorded++
			recorded = recorded.Add(row.amount)
		case outcomeRefused:
			r.Refused++
			continue
		}
		if good++; good > listed && !m.verbose {
			r.Unlisted++
			continue
		}
		result := ImportResult{Row: row.Number, Cell: row.Value("").Cell, Document: row.document, Outcome: row.outcome}
		if row.priced {
			result.Amount = row.amount.String()
		}
		r.Results = append(r.Results, result)
	}
	if priced || r.StatedTotal != "" {
		r.TotalAmount, r.RecordedAmount = total.String(), recorded.String()
	}
	if r.Refused > 0 && r.Status == "BOOKED" {
		r.Status = "PARTLY_BOOKED"
	}
	slices.SortStableFunc(r.Results, func(a, b ImportResult) int { return cmp.Compare(a.Row, b.Row) })
}
