// Package imports brings the lists of a department into the ledger: charge
// lists (F3), fault records (F1), catalogues of parts and count sheets. A file is
// read and checked as a whole before anything is recorded; its report says row by
// row what became of it, which column was read as what, which rows were passed
// over and why, and which of the file's own figures were compared.
package imports

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api/bulk"
	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// Options say how a file is read and what is to become of it.
type Options struct {
	sheet.Options
	File    string // its name, for the report
	DryRun  bool   // check and report only
	Partial bool   // record the good rows of a file that has bad ones
	Verbose bool   // report every successful row
	// Called is what a login's person is called, in refusals; nil: logins alone.
	Called func(login string) string
}

// Kind is a kind of list: what its columns are, and how its rows become
// commands. A row is parsed, then checked against the ledger, then recorded; the
// first refusal ends it. A Kind serves one file.
type Kind interface {
	Name() string // as in the path of its import
	layout() sheet.Layout
	// parse reads a row's cells.
	parse(ctx context.Context, actor domain.Actor, row *listRow) error
	// rehearse refuses what record would, without recording, and tells whether
	// the row was recorded before.
	rehearse(ctx context.Context, r ledger.Request, i int) (done bool, err error)
	// record brings the rows of one group into the ledger, in one append, and
	// answers each: without partly, a row that is refused keeps the others out.
	record(ctx context.Context, rows []requested, partly bool) ([]eventstore.Answer, error)
}

// requested is a row with the request that records it.
type requested struct {
	request ledger.Request
	row     int
}

// listed are the lines that the rows of a group were read as.
func listed[C any](rows []requested, lines []C) []ledger.Listed[C] {
	out := make([]ledger.Listed[C], len(rows))
	for i, r := range rows {
		out[i] = ledger.Listed[C]{Request: r.request, Line: lines[r.row]}
	}
	return out
}

// Refused is a file of which nothing was recorded, for what its report says.
type Refused struct {
	Of   domain.Text
	Rows []Result // what is wrong
}

func (r *Refused) Error() string { return r.Of.String() }

// listRow is one row on its way into the ledger.
type listRow struct {
	sheet.Row
	document string // number of the charge or line
	field    string // whose number it is
	scope    string // within which the number is unique
	group    string // rows of one group are recorded in one append, in the order of the file
	key      string // idempotency key
	day      calendar.Date
	amount   money.Amount // as stated, else by the price list
	priced   bool         // amount is known
	says     domain.Text  // what will be recorded
	outcome  string
	faults   []Result
	layout   sheet.Layout
	say      wording.Language // in which the faults are said
	called   func(login string) string
}

// Run brings a file into the ledger, or with Options.DryRun says what would
// become of it. An error is a *domain.Rejection of what is no list of the kind,
// a *Refused with the report, or a failure with the report of how far it came.
func Run(ctx context.Context, r ledger.Request, file []byte, kind Kind, o Options) (Report, error) {
	sum := sha256.Sum256(file)
	list, err := sheet.Read(file, o.Options, kind.layout())
	if err != nil {
		return Report{}, err
	}
	run := &importRun{
		request: r, rows: kind, partial: o.Partial, verbose: o.Verbose, list: list, called: o.Called,
		report: Report{
			File: strings.ToValidUTF8(o.File, "�"), SHA256: hex.EncodeToString(sum[:]), Kind: kind.Name(), DryRun: o.DryRun,
		},
	}
	return run.do(ctx)
}

// importRun is one file on its way into the ledger.
type importRun struct {
	request  ledger.Request
	rows     Kind
	partial  bool
	verbose  bool
	list     *sheet.List
	each     []listRow
	totals   []Result // refusals of total rows
	compared []sheet.Compared
	report   Report
	called   func(login string) string
}

// do checks the whole file, then records its rows. With an error comes the
// report of how far it came.
func (m *importRun) do(ctx context.Context) (Report, error) {
	m.each = make([]listRow, len(m.list.Rows))
	for i, row := range m.list.Rows {
		m.each[i].Row, m.each[i].layout, m.each[i].say = row, m.rows.layout(), wording.Of(ctx)
		m.each[i].called = m.called
	}
	if err := m.check(ctx); err != nil {
		return Report{}, err
	}
	m.report.Status = "CHECKED"
	refused := slices.ContainsFunc(m.each, func(r listRow) bool { return r.outcome == outcomeRefused })
	var err error
	switch {
	case m.report.DryRun:
	case len(m.totals) > 0, refused && !m.partial:
		m.report.Status = "REFUSED"
		err = m.refusal()
	default:
		m.report.Status = "BOOKED"
		if err = m.record(ctx); err != nil {
			m.report.Status = "INTERRUPTED"
		} else if !m.partial && m.refusedRows() > 0 && m.report.Position == 0 {
			m.report.Status = "REFUSED" // another command came between
			err = m.refusal()
		}
	}
	m.report.Bookable = len(m.totals) == 0 && (!refused || m.partial)
	m.finish()
	m.report.read(m.list, m.compared, wording.Of(ctx))
	return m.report, err
}

// check parses every row and rehearses those that can be read.
func (m *importRun) check(ctx context.Context) error {
	seen := make(map[string]int, len(m.each))
	for i := range m.each {
		row := &m.each[i]
		if v, found := row.Voided(); found {
			row.refuse(domain.Invalid("", v.Shown(), "row-void",
				"says at %s that it does not hold; delete the row, or the word where it holds", "", v.Cell))
		}
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
	m.checkDays()
	var good []int
	for i, row := range m.each {
		if row.outcome != outcomeRefused {
			good = append(good, i)
		}
	}
	return bulk.SideBySide(ctx, good, func(ctx context.Context, i int) error {
		row := &m.each[i]
		done, err := m.rows.rehearse(ctx, m.requestOf(row), i)
		return row.settle(done, err, outcomeValid)
	})
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

// title is what people call a field of the row; of one that no column of its kind
// of list holds, what the forms call it.
func (row *listRow) title(field string) string {
	return cmp.Or(row.layout.Title(field), wording.FieldName(field))
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
	value := r.Value
	if stands := row.Value(field).Shown(); stands != "" { // as it stands there, not what was made of it
		value = stands
	}
	if row.called != nil {
		named := *r
		named.Rule = wording.NamingPeople(r.Rule, row.called)
		r = &named
	}
	row.outcome = outcomeRefused
	row.faults = append(row.faults, Result{
		Row: row.Number, Cell: row.say.Place(row.Value(field).Cell), Document: row.document, Outcome: outcomeRefused,
		Field: field, Title: row.title(field), Value: value, Rule: row.say.Rule(r), Code: r.Code, Clause: r.Clause,
	})
}

// checkTotals compares what the file says of itself with its rows: charges count
// what the price list says where the list states no amount.
func (m *importRun) checkTotals(say wording.Language) {
	m.compared = m.list.Compare(func(row int, field string) (decimal.Decimal, bool) {
		if field == "amount" && m.each[row].priced {
			return m.each[row].amount.Decimal(), true
		}
		return m.list.Rows[row].Figure(field)
	})
	for _, c := range m.compared {
		if a, err := sheet.ParseAmount(c.Stated); err == nil && c.Field == "amount" {
			m.report.StatedTotal = a.String()
		}
		if c.Status != sheet.Differs {
			continue
		}
		result := Result{
			Row: c.Row, Cell: say.Place(c.Cell), Outcome: outcomeRefused, Field: c.Field, Title: m.rows.layout().Title(c.Field),
			Value: c.Stated, Code: "total-differs",
		}
		switch hidden := len(m.list.Hidden); {
		case !c.Why.IsZero():
			result.Rule, result.Code = say.Say(c.Why), "total-unreadable"
		case hidden > 0:
			result.Rule = say.Sayf("%s says %s of %s, %s sum to %s; %d hidden rows are not among them, and can be read as well (hidden)",
				c.Word, c.Stated, c.Name, say.Place(c.Rows), c.Found, hidden)
		default:
			result.Rule = say.Sayf("%s says %s of %s, %s sum to %s", c.Word, c.Stated, c.Name, say.Place(c.Rows), c.Found)
		}
		m.totals = append(m.totals, result)
	}
}

// checkDays holds the days that the file says to be of against those of its rows:
// a row of another day is refused.
func (m *importRun) checkDays() {
	days := make([]calendar.Date, len(m.each))
	for i, row := range m.each {
		days[i] = row.day
	}
	m.compared = append(m.compared, m.list.CompareDays(days)...)
	for _, said := range m.list.Days() {
		for i := range m.each {
			row := &m.each[i]
			switch {
			case row.day.IsZero() || said.Month || said.Unread || !said.Outside(row.day):
			case said.Counted:
				row.refuse(domain.Invalid("countedOn", row.day.String(), "outside-period",
					"is not the day that the file states at %s, %s", "", said.Cell, said.From))
			default:
				row.refuse(domain.Invalid(m.rows.layout().Day, row.day.String(), "outside-period",
					"lies outside the period that the file states at %s, %s to %s", "", said.Cell, sheet.Open(said.From),
					sheet.Open(said.To)))
			}
		}
	}
}

// refusal is the answer to a file that is not recorded.
func (m *importRun) refusal() error {
	r := &Refused{Rows: m.faults()}
	first := r.Rows[0]
	r.Of = domain.Say("nothing was recorded: %d of %d rows cannot be; the first fault is at %s: %s", m.refusedRows(),
		len(m.each), first.Cell, first.Rule)
	if len(m.totals) > 0 {
		r.Of = domain.Say("nothing was recorded: at %s, %s", m.totals[0].Cell, m.totals[0].Rule)
	}
	return r
}

func (m *importRun) refusedRows() (n int) {
	for _, row := range m.each {
		if row.outcome == outcomeRefused {
			n++
		}
	}
	return n
}

func (m *importRun) faults() []Result {
	all := slices.Clone(m.totals)
	for _, row := range m.each {
		all = append(all, row.faults...)
	}
	slices.SortStableFunc(all, func(a, b Result) int { return cmp.Compare(a.Row, b.Row) })
	return all
}

// record brings the valid rows into the ledger: groups side by side, the rows
// of one group in one append. That is why it is not [bulk.Each], which is a command
// a row: here the ledger decides on the rows together, and answers each.
func (m *importRun) record(ctx context.Context) error {
	var valid []requested
	for i := range m.each {
		if row := &m.each[i]; row.outcome == outcomeValid {
			valid = append(valid, requested{m.requestOf(row), i})
		}
	}
	groups := bulk.Groups(valid, func(r requested) string { return m.each[r.row].group })
	positions := make([]eventstore.Position, len(m.each))
	err := bulk.SideBySide(ctx, groups, func(ctx context.Context, g bulk.Group[requested]) error {
		answers, err := m.rows.record(ctx, g.Rows, m.partial)
		if err != nil {
			return err
		}
		for n, r := range g.Rows {
			if errors.Is(answers[n].Err, eventstore.ErrLeftOut) {
				continue
			}
			if err := m.each[r.row].settle(answers[n].Repeated, answers[n].Err, outcomeRecorded); err != nil {
				return err
			}
			if answers[n].Err == nil {
				positions[r.row] = answers[n].Position
			}
		}
		return nil
	})
	m.report.Position = uint64(slices.Max(append(positions, 0)))
	m.report.Note = m.broken(groups).In(wording.Of(ctx))
	return err
}

// broken says which groups of a list were recorded, if not all were.
func (m *importRun) broken(groups []bulk.Group[requested]) (note brokenNote) {
	for _, g := range groups {
		left := slices.ContainsFunc(g.Rows, func(r requested) bool { return m.each[r.row].outcome == outcomeValid })
		if name := strings.ReplaceAll(g.Name, "\x00", " "); left {
			note.left = append(note.left, name)
		} else {
			note.done = append(note.done, name)
		}
	}
	return note
}

// brokenNote are the groups of a list of which some were recorded and some not.
type brokenNote struct{ done, left []string }

// In says it; nothing where all were recorded.
func (n brokenNote) In(say wording.Language) string {
	const named = 10
	names := func(of []string) []string {
		if len(of) > named {
			return append(slices.Clone(of[:named]), "…")
		}
		return of
	}
	switch {
	case len(n.left) == 0:
		return ""
	case len(n.done) == 0:
		return say.Sayf("nothing was recorded of %s; the same file again records it", names(n.left))
	}
	return say.Sayf("recorded whole: %s; nothing of: %s; the same file again records the rest, and nothing twice",
		names(n.done), names(n.left))
}

// listedRows is how many successful rows a report lists unless asked for all.
const listedRows = 1000

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
		if good++; good > listedRows && !m.verbose {
			r.Unlisted++
			continue
		}
		result := Result{
			Row: row.Number, Cell: row.say.Place(row.Value("").Cell), Document: row.document, Outcome: row.outcome,
		}
		if row.priced {
			result.Amount = row.amount.String()
		}
		if !row.says.IsZero() {
			result.Books = row.say.Say(row.says)
		}
		r.Results = append(r.Results, result)
	}
	if priced || r.StatedTotal != "" {
		r.TotalAmount, r.RecordedAmount = total.String(), recorded.String()
	}
	if r.Refused > 0 && r.Status == "BOOKED" {
		r.Status = "PARTLY_BOOKED"
	}
	slices.SortStableFunc(r.Results, func(a, b Result) int { return cmp.Compare(a.Row, b.Row) })
}
