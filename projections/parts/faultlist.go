package parts

import (
	"cmp"
	"context"
	_ "embed"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

//go:embed faultlist.sql
var faultListSQL string

//go:embed faultlist_lines.sql
var faultLinesSQL string

// FaultLine is one line of F1 with the issues that name it and the last review,
// §5.1.3.
type FaultLine struct {
	Line         domain.FaultLineID    `json:"line" sql:"fault_line"`
	Ticket       domain.TicketID       `json:"ticket"`
	Project      domain.ProjectID      `json:"project"`
	ProjectName  string                `json:"projectName"`
	Region       string                `json:"region"`
	Center       domain.CenterID       `json:"center"`
	Device       string                `json:"device"`
	Serial       string                `json:"serial,omitempty"`
	Location     string                `json:"location,omitempty"`
	Symptom      string                `json:"symptom"`
	Cause        policy.Cause          `json:"cause"`
	SolvedOnSite bool                  `json:"solvedOnSite"`
	Part         domain.PartCode       `json:"part,omitempty" doc:"That replaced the faulty one"`
	Quantity     *decimal.Decimal      `json:"quantity,omitempty"` // nil of a line that replaced nothing
	OldSerial    string                `json:"oldSerial,omitempty"`
	NewSerial    string                `json:"newSerial,omitempty"`
	Bearer       policy.Bearer         `json:"bearer"`
	Clause       string                `json:"clause"`
	RecordedOn   calendar.Date         `json:"recordedOn" doc:"Business date of the work"`
	RecordedAt   projections.Moment    `json:"recordedAt"`
	Actor        string                `json:"actor"`
	Slips        []string              `json:"slips" doc:"Issue slips that name the line"` // of any depot and part
	Issued       *decimal.Decimal      `json:"issued" doc:"Units on them, less what came back; null of a line that replaced nothing and that no slip names"`
	Value        *money.Amount         `json:"value" doc:"Of those units, yuan; null as issued"`
	Review       ReviewRow             `json:"review,omitzero" sql:"review_,inline" doc:"The last one"`
	Event        projections.EventPath `json:"event"`

	OpenFindings []match.OpenFinding `json:"openFindings" sql:"-" doc:"About the line, or a document that names it; a line that is verified all the same shows them"`
}

// ReviewRow is the tech group lead's word on a line.
type ReviewRow struct {
	Verdict    ticket.Verdict     `json:"verdict"` // empty: not reviewed
	Note       string             `json:"note,omitempty"`
	By         string             `json:"by"`
	On         calendar.Date      `json:"on"`
	RecordedAt projections.Moment `json:"recordedAt"`
	Answer     ReviewAnswer       `json:"answer,omitzero" sql:"answer_,inline" doc:"The last one to what this review asks"`
}

// ReviewAnswer is what the team says to a query about a line.
type ReviewAnswer struct {
	Text       string             `json:"text"`
	Paper      attachment.Digest  `json:"paper,omitempty" doc:"SHA-256 of the attachment that bears it out"`
	By         string             `json:"by"`
	On         calendar.Date      `json:"on"`
	RecordedAt projections.Moment `json:"recordedAt"`
}

// FaultListFilter narrows the fault record down. Empty fields do not narrow.
type FaultListFilter struct {
	PartsFilter
	Ticket   domain.TicketID
	From, To calendar.Date
	Review   string // VERIFIED, QUERIED, ANSWERED, or OPEN for those that wait for a review: without one, or answered
	// Differing keeps the lines that an open finding is about.
	Differing bool
}

func (f FaultListFilter) params() projections.Params {
	return f.PartsFilter.params().With("review", f.Review).With("differing", f.Differing).With("ticket", string(f.Ticket)).
		With("from_date", projections.IsoDate(cmp.Or(f.From, projections.FirstDate))).
		With("to_date", projections.IsoDate(cmp.Or(f.To, projections.LastDate)))
}

// FaultList is the answer of [Views.FaultLines], by project, date and line.
type FaultList struct {
	projections.List[FaultLine]
	FaultSums
}

// FaultSums are over all lines that match.
type FaultSums struct {
	Count    uint64 `json:"count" doc:"Of all that match"`
	Verified uint64 `json:"verified"`
	Queried  uint64 `json:"queried" doc:"And not answered yet"`
	Answered uint64 `json:"answered" doc:"Queried and answered: these wait for a review again"`
}

// FaultLines answers the fault record line by line.
func (m Views) FaultLines(
	ctx context.Context, cut projections.Cut, filter FaultListFilter, page projections.Page,
) (FaultList, error) {
	q, err := m.Ask(cut, page, "fault-lines", filter)
	if err != nil {
		return FaultList{}, err
	}
	defer q.Done()
	var open map[domain.FaultLineID][]match.Finding // read before the lines, where it chooses them
	if filter.Differing {
		if open, err = openAmong(ctx, q, filter); err != nil {
			return FaultList{}, err
		}
	}
	differing := slices.AppendSeq([]domain.FaultLineID{}, maps.Keys(open))
	p := filter.params().With("lines_that_differ", differing).With("after_project", q.AfterKey(0, "")).
		With("after_date", q.AfterKey(1, projections.IsoDate(projections.FirstDate))).With("after_line", q.AfterKey(2, ""))
	var answer FaultList
	answer.List, err = projections.SummedListOf(ctx, q, faultListSQL, p, func(r *FaultLine) []string {
		return []string{string(r.Project), r.RecordedOn.String(), string(r.Line)}
	}, &answer.FaultSums)
	if err != nil {
		return answer, err
	}
	if !filter.Differing {
		open, err = openOn(ctx, q, datesOf(answer.Rows))
	}
	for i, r := range answer.Rows {
		answer.Rows[i].OpenFindings = match.OpenFindings(open[r.Line])
	}
	return answer, err
}

// datedLine is a line of F1 and the business date of its work.
type datedLine struct {
	Line domain.FaultLineID `sql:"fault_line"`
	On   calendar.Date      `sql:"recorded_on"`
}

func datesOf(rows []FaultLine) []datedLine {
	dated := make([]datedLine, len(rows))
	for i, r := range rows {
		dated[i] = datedLine{r.Line, r.RecordedOn}
	}
	return dated
}

// openAmong finds what is open about the lines of a filter; findings are made of facts and
// stand in no table.
func openAmong(
	ctx context.Context, q *projections.Question, filter FaultListFilter,
) (map[domain.FaultLineID][]match.Finding, error) {
	all, err := projections.All[datedLine](ctx, q, faultLinesSQL, filter.params())
	if err != nil {
		return nil, err
	}
	return openOn(ctx, q, all)
}

// openOn finds what is open about lines of these dates.
func openOn(
	ctx context.Context, q *projections.Question, dated []datedLine,
) (map[domain.FaultLineID][]match.Finding, error) {
	lines := make([]domain.FaultLineID, len(dated))
	var w match.Window
	for i, d := range dated {
		lines[i] = d.Line
		if w.To = max(w.To, d.On); i == 0 || d.On < w.From {
			w.From = d.On
		}
	}
	return openOf(ctx, q, lines, w)
}
