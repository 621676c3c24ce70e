package parts

import (
	"context"
	"slices"

	"aftersales-ledger/api/bulk"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	partsviews "aftersales-ledger/projections/parts"
	"aftersales-ledger/projections/parts/match"
)

type findingsInput struct {
	kit.CutParams
	kit.PageParams
	Region       string   `query:"region"`
	Project      string   `query:"project" doc:"Of either side"`
	Center       string   `query:"center"`
	Part         string   `query:"part"`
	Class        []string `query:"class,explode" enum:"ISSUE_NO_FAULT,FAULT_NO_ISSUE,OVER_ISSUE,SHORT_ISSUE,DUPLICATE_ISSUE,ITEM_MISMATCH,SERIAL_MISMATCH,WRONG_PROJECT,CUTOFF,NO_FAULTY_RETURN,AT_VENDOR_OVERDUE,COUNT_SHORT,COUNT_OVER,COVERAGE_CONFLICT,COST_VARIANCE" doc:"May be repeated"`
	Status       []string `query:"status,explode" enum:"OPEN,EXPLAINED,ADJUSTED,ACCEPTED,CLEARED" doc:"May be repeated. Default: OPEN"`
	Owner        string   `query:"owner" doc:"A person, or the role of what nobody is assigned to"`
	Month        string   `query:"month" example:"2026-07" doc:"Of the document that shows it"`
	From         string   `query:"from" doc:"On or after"`
	To           string   `query:"to" doc:"On or before"`
	Sort         string   `query:"sort" enum:"age,-age,value,-value" doc:"A leading - puts the largest first; absent, the oldest first"`
	ClearedSince string   `query:"clearedSince" doc:"With status CLEARED: what stood at this moment and is gone. Default: the first of the month of asOf"`
}

// FindingBody is one difference between papers that should agree.
type FindingBody struct {
	Key         string            `json:"key"`
	Class       string            `json:"class"`
	Status      string            `json:"status"`
	Owner       string            `json:"owner" doc:"The person assigned, or the role that looks into it until somebody is"`
	Project     string            `json:"project"`
	Region      string            `json:"region"`
	Center      string            `json:"center"`
	Part        string            `json:"part"`
	On          string            `json:"on" doc:"Of the document that shows it"`
	DueOn       string            `json:"dueOn,omitempty" doc:"Until when the missing document was in time"`
	AgeDays     int               `json:"ageDays"`
	Quantity    string            `json:"quantity" doc:"In question"`
	Value       string            `json:"value" doc:"In question, yuan"`
	Chinese     string            `json:"chinese" doc:"What is wrong"`
	English     string            `json:"english" doc:"What is wrong"`
	FaultLine   string            `json:"faultLine,omitempty"`
	LineProject string            `json:"lineProject,omitempty"`
	LinePart    string            `json:"linePart,omitempty"`
	Ticket      string            `json:"ticket,omitempty"`
	Bearer      string            `json:"bearer,omitempty"`
	Expected    string            `json:"expected" doc:"Replaced, sent, in the book, or the catalogue's cost"`
	Actual      string            `json:"actual" doc:"Issued, accounted for, back, counted, or the slip's cost"`
	Documents   []FindingDocument `json:"documents" doc:"Of both sides, in the order of the log"`
	Closing     *ClosingBody      `json:"closing,omitempty" doc:"The last closing; it counts while quantity and value are what they were"`
}

// FindingDocument is a paper that a finding rests on.
type FindingDocument struct {
	Kind       string `json:"kind"`
	Number     string `json:"number"`
	Project    string `json:"project,omitempty"`
	On         string `json:"on"`
	RecordedAt string `json:"recordedAt"`
	Actor      string `json:"actor" doc:"Who recorded it"`
	Position   uint64 `json:"position" doc:"Of its event in the log"`
}

// ClosingBody is a person's decision to end a finding.
type ClosingBody struct {
	Status   string   `json:"status"`
	Quantity string   `json:"quantity"`
	Value    string   `json:"value"`
	Reason   string   `json:"reason"`
	Evidence []string `json:"evidence"`
	On       string   `json:"on"`
	By       string   `json:"by"`
}

// ClassTotalBody sums the findings of one class up.
type ClassTotalBody struct {
	Class    string `json:"class"`
	Findings int    `json:"findings"`
	Quantity string `json:"quantity,omitempty" doc:"Units, where all findings are of one part: metres and pieces are not added up"`
	Value    string `json:"value"`
}

// UnitsBody are issued units: their slips and their value.
type UnitsBody struct {
	Quantity string `json:"quantity,omitempty" doc:"Units, where all issues are of one part"`
	Slips    int    `json:"slips" doc:"Issue slips of which units are out"`
	Value    string `json:"value" doc:"Yuan"`
}

// FindingTieOutBody proves that no issue was lost on the way.
type FindingTieOutBody struct {
	Issued  UnitsBody `json:"issued" doc:"Net of what came back unused"`
	Matched UnitsBody `json:"matched"`
	Found   UnitsBody `json:"found" doc:"On slips that are in a finding"`
	Ties    bool      `json:"ties" doc:"issued = matched + found, in slips and value, and in units of each part by itself"`
}

// FindingsBody answers what does not agree.
type FindingsBody struct {
	kit.Basis
	Rows   []FindingBody      `json:"rows"`
	Totals []ClassTotalBody   `json:"totals" doc:"Over all that match; on the first page only"`
	Value  string             `json:"value,omitempty" doc:"Of all that match; on the first page only"`
	TieOut *FindingTieOutBody `json:"tieOut,omitempty" doc:"Of all issues of the projects asked for; on the first page, where no class and no time is asked for"`
	Next   string             `json:"next,omitempty"`

	NoCatalogue string `json:"noCatalogue,omitempty" doc:"Said where the catalogue of parts is empty, so that no fault line was held against it"`
}

// NextPage is the cursor of the next page.
func (b *FindingsBody) NextPage() string { return b.Next }

// FindingHistoryBody is the life of one finding.
type FindingHistoryBody struct {
	kit.Basis
	Finding FindingBody       `json:"finding" doc:"As it stands, or stood last"`
	Steps   []FindingStepBody `json:"steps"`
}

// FindingStepBody is one step in the life of a finding.
type FindingStepBody struct {
	At        string            `json:"at"`
	Position  uint64            `json:"position" doc:"Of the event in the log; of the last before it, where a day came"`
	Step      string            `json:"step" enum:"RAISED,CHANGED,CLEARED,ASSIGNED,CLOSED,REOPENED,REFUSED" doc:"REFUSED: a closing by somebody who must not decide on it"`
	By        string            `json:"by,omitempty" doc:"Who recorded the event; absent where a day came"`
	Quantity  string            `json:"quantity,omitempty"`
	Value     string            `json:"value,omitempty"`
	Status    string            `json:"status" doc:"After the step"`
	Owner     string            `json:"owner,omitempty"`
	Reason    string            `json:"reason,omitempty"`
	Evidence  []string          `json:"evidence,omitempty"`
	Documents []FindingDocument `json:"documents,omitempty"`
}

type assignFindingsInput struct {
	kit.CommandHeaders
	Body struct {
		Keys  []string `json:"keys" minItems:"1" maxItems:"500" example:"ISSUE_NO_FAULT:P001/OUT-16"`
		Owner string   `json:"owner" example:"zhou.min"`
		Note  string   `json:"note,omitempty"`
	}
}

type closeFindingsInput struct {
	kit.CommandHeaders
	Body struct {
		Keys     []string `json:"keys" minItems:"1" maxItems:"500" example:"ISSUE_NO_FAULT:P001/OUT-16"`
		Status   string   `json:"status" enum:"EXPLAINED,ADJUSTED,ACCEPTED"`
		Reason   string   `json:"reason"`
		Evidence []string `json:"evidence,omitempty" doc:"Numbers of documents, or digests of attachments"`
	}
}

type reopenFindingsInput struct {
	kit.CommandHeaders
	Body struct {
		Keys   []string `json:"keys" minItems:"1" maxItems:"500" example:"ISSUE_NO_FAULT:P001/OUT-16"`
		Reason string   `json:"reason"`
	}
}

// DecidedFinding is what became of one finding in a decision.
type DecidedFinding struct {
	Key     string `json:"key"`
	Outcome string `json:"outcome" enum:"DONE,UNCHANGED,REFUSED"`
	Code    string `json:"code,omitempty" doc:"Stable name of the rule that refused it"`
	Problem string `json:"problem,omitempty" doc:"Why it was refused"`
}

// DecidedFindings is what became of a decision on many findings.
type DecidedFindings struct {
	Done     int              `json:"done"`
	Refused  int              `json:"refused"`
	Position uint64           `json:"position,omitempty" doc:"Log position; a query given it as 'after' shows the decisions"`
	Findings []DecidedFinding `json:"findings"`
}

func (s *service) findings() {
	kit.Query(s.Service, "/v1/findings", "list-findings",
		"What does not agree among issues, fault records, old units, counts and charges (5.1.3)", kit.MayReadParts,
		s.listFindings)
	kit.Query(s.Service, "/v1/findings/history", "finding-history",
		"The life of one finding: raised, changed, decided, cleared", kit.MayReadParts, s.findingHistory)
	kit.Query(s.Service, "/v1/findings/one", "finding", "One finding as it stands", kit.MayReadParts, s.oneFinding)

	kit.Command(s.Service, "/v1/findings/assign", "assign-findings",
		"Name who looks into findings, each with its own outcome", kit.MayAssignFindings,
		func(ctx context.Context, in *assignFindingsInput) (DecidedFindings, error) {
			b := in.Body
			return s.decideFindings(ctx, in.Request(ctx), b.Keys, func(
				r ledger.Request, f match.Finding,
			) (eventstore.Outcome, error) {
				return ledger.Do(ctx, s.about(ctx, f), r, finding.Assign{Finding: f.Key, Owner: b.Owner, Note: b.Note},
					(*finding.Finding).Assign)
			})
		})
	kit.Command(s.Service, "/v1/findings/close", "close-findings",
		"Close findings as explained, adjusted or accepted, each with its own outcome; never by who recorded a document in question (5.1.3)", kit.MayCloseFindings,
		func(ctx context.Context, in *closeFindingsInput) (DecidedFindings, error) {
			b := in.Body
			return s.decideFindings(ctx, in.Request(ctx), b.Keys, func(
				r ledger.Request, f match.Finding,
			) (eventstore.Outcome, error) {
				return s.about(ctx, f).CloseFinding(ctx, r, finding.Close{
					Finding: f.Key, Class: f.Class, Project: f.Project, Part: f.Part, Quantity: f.Quantity, Value: f.Value,
					Status: finding.Status(b.Status), Reason: b.Reason, Evidence: b.Evidence, Causers: causers(f),
				})
			})
		})
	kit.Command(s.Service, "/v1/findings/reopen", "reopen-findings", "Take closings back, each with its own outcome",
		kit.MayCloseFindings,
		func(ctx context.Context, in *reopenFindingsInput) (DecidedFindings, error) {
			b := in.Body
			return s.decideFindings(ctx, in.Request(ctx), b.Keys, func(
				r ledger.Request, f match.Finding,
			) (eventstore.Outcome, error) {
				return ledger.Do(ctx, s.about(ctx, f), r, finding.Reopen{Finding: f.Key, Reason: b.Reason},
					(*finding.Finding).Reopen)
			})
		})
}

// about is the ledger for a command on a finding, which lies in the project of its
// document or of the fault line that this names.
func (s *service) about(ctx context.Context, f match.Finding) *ledger.Ledger {
	at := access.Place{Project: f.Project}
	if line := (access.Place{Project: f.LineProject}); kit.ScopeOf(ctx).Has(line) {
		at = line
	}
	return s.Ledger(ctx).About(at)
}

// causers are who recorded the documents of a finding.
func causers(f match.Finding) (names []string) {
	for _, d := range f.Documents {
		if !slices.Contains(names, d.Actor) {
			names = append(names, d.Actor)
		}
	}
	return names
}

func (s *service) listFindings(ctx context.Context, in *findingsInput) (out FindingsBody, err error) {
	var p kit.Parser
	filter := partsviews.FindingFilter{
		Filter: projections.Filter{
			Region: in.Region, Project: domain.ProjectID(in.Project), Center: domain.CenterID(in.Center),
		},
		Part: domain.PartCode(in.Part), From: p.Date("from", in.From), To: p.Date("to", in.To), Owner: in.Owner,
		ClearedSince: p.Instant("clearedSince", in.ClearedSince),
	}
	if in.Month != "" {
		month := p.Month("month", in.Month)
		filter.From, filter.To = month.First(), month.Last()
	}
	for _, c := range in.Class {
		filter.Classes = append(filter.Classes, finding.Class(c))
	}
	for _, st := range in.Status {
		filter.Statuses = append(filter.Statuses, finding.Status(st))
	}
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	a, err := partsviews.Of(s.Deps.ReadModels).AuditFindings(ctx, cut, filter, in.Sorted(in.Sort))
	if err != nil {
		return out, err
	}
	out = FindingsBody{
		Basis: kit.BasisOf(a.Answer), Rows: make([]FindingBody, len(a.Rows)), Totals: []ClassTotalBody{}, Next: a.Next,
	}
	for i, f := range a.Rows {
		out.Rows[i] = findingBody(f)
	}
	if a.NoCatalogue {
		out.NoCatalogue = wording.Of(ctx).Sayf("The catalogue of parts is empty on %s: no fault line was held against it. Enter the parts, and what is not among them is found.", a.AsOf)
	}
	if in.Cursor == "" {
		sum := a.Value()
		out.Value = sum.String()
	}
	for _, t := range a.Totals {
		out.Totals = append(out.Totals,
			ClassTotalBody{string(t.Class), t.Findings, ofOnePart(t.Part, t.Quantity), t.Value.String()})
	}
	if t := a.TieOut; t != nil {
		out.TieOut = &FindingTieOutBody{
			unitsBody(t.Part, t.Issued), unitsBody(t.Part, t.Matched), unitsBody(t.Part, t.Found), t.Ties,
		}
	}
	return out, nil
}

func unitsBody(part domain.PartCode, u match.IssuedUnits) UnitsBody {
	return UnitsBody{ofOnePart(part, u.Quantity), u.Slips, u.Value.String()}
}

func findingBody(f match.Finding) FindingBody {
	chinese, english := f.Sentence()
	b := FindingBody{
		Key: string(f.Key), Class: string(f.Class), Status: string(f.Status), Owner: f.Owner, Project: string(f.Project),
		Region: f.Region,
		Center: string(f.Center), Part: string(f.Part), On: f.On.String(), DueOn: f.DueOn.String(), AgeDays: f.AgeDays,
		Quantity: f.Quantity.String(),
		Value:    f.Value.String(), Chinese: chinese, English: english, FaultLine: string(f.Line),
		LineProject: string(f.LineProject),
		LinePart:    string(f.LinePart), Ticket: string(f.Ticket), Bearer: string(f.Bearer), Expected: f.Expected.String(),
		Actual:    f.Actual.String(),
		Documents: findingDocuments(f.Documents),
	}
	if b.Owner == "" {
		b.Owner = string(f.OwnerRole)
	}
	if c := f.Closing; c != nil {
		b.Closing = &ClosingBody{
			Status: string(c.Status), Quantity: c.Quantity.String(), Value: c.Value.String(), Reason: c.Reason,
			Evidence: append([]string{}, c.Evidence...), On: c.On.String(),
			By: c.By,
		}
	}
	return b
}

func findingDocuments(documents []match.Document) []FindingDocument {
	out := make([]FindingDocument, len(documents))
	for i, d := range documents {
		out[i] = FindingDocument{
			Kind: d.Kind, Number: d.Number, Project: string(d.Project), On: d.On.String(),
			RecordedAt: kit.InShanghai(d.RecordedAt), Actor: d.Actor, Position: d.Position,
		}
	}
	return out
}

type oneFindingInput struct {
	kit.CutParams
	Key string `query:"key" required:"true" example:"ISSUE_NO_FAULT:P001/OUT-16"`
}

func (s *service) findingHistory(ctx context.Context, in *oneFindingInput) (out FindingHistoryBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	h, err := partsviews.Of(s.Deps.ReadModels).FindingHistory(ctx, cut, finding.Key(in.Key))
	if err != nil {
		return out, err
	}
	if !h.Found {
		return out, unknownFinding(in.Key)
	}
	out = FindingHistoryBody{
		Basis: kit.BasisOf(h.Answer), Finding: findingBody(h.Finding), Steps: make([]FindingStepBody, len(h.Steps)),
	}
	for i, st := range h.Steps {
		b := FindingStepBody{
			At: kit.InShanghai(st.At), Position: st.Position, Step: st.Step, By: st.By, Status: string(st.Status),
			Owner: st.Owner, Reason: st.Reason,
			Evidence: st.Evidence, Documents: findingDocuments(st.Documents),
		}
		if st.Quantity.IsPositive() {
			b.Quantity, b.Value = st.Quantity.String(), st.Value.String()
		}
		out.Steps[i] = b
	}
	return out, nil
}

func unknownFinding(key string) error {
	return domain.NotFound("key", key, "unknown-finding", "is not a finding and never was one")
}

// OneFindingBody is one finding as it stands.
type OneFindingBody struct {
	kit.Basis
	Finding FindingBody `json:"finding"`
}

func (s *service) oneFinding(ctx context.Context, in *oneFindingInput) (out OneFindingBody, err error) {
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, in.CutParams)
	if err != nil {
		return out, err
	}
	found, err := s.findingsByKey(ctx, cut, []string{in.Key})
	if err != nil {
		return out, err
	}
	if f, ok := found[finding.Key(in.Key)]; ok {
		return OneFindingBody{Basis: kit.BasisOf(f.answer), Finding: findingBody(f.Finding)}, nil
	}
	h, err := partsviews.Of(s.Deps.ReadModels).FindingHistory(ctx, cut, finding.Key(in.Key))
	if err == nil && !h.Found {
		err = unknownFinding(in.Key)
	}
	return OneFindingBody{Basis: kit.BasisOf(h.Answer), Finding: findingBody(h.Finding)}, err
}

// standing is a finding with what the answer rests on.
type standing struct {
	match.Finding
	answer projections.Answer
}

// findingsByKey reads findings that stand, whatever their status.
func (s *service) findingsByKey(
	ctx context.Context, cut projections.Cut, keys []string,
) (map[finding.Key]standing, error) {
	filter := partsviews.FindingFilter{
		Statuses: []finding.Status{finding.Open, finding.Explained, finding.Adjusted, finding.Accepted},
	}
	for _, k := range keys {
		filter.Keys = append(filter.Keys, finding.Key(k))
	}
	a, err := partsviews.Of(s.Deps.ReadModels).AuditFindings(ctx, cut, filter,
		projections.Page{Limit: projections.MaxLimit})
	found := make(map[finding.Key]standing)
	for _, f := range a.Rows {
		found[f.Key] = standing{f, a.Answer}
	}
	return found, err
}

// decideFindings decides on findings as they stand at the end of the log, each
// with its own outcome: one that never was a finding, or has cleared, is that
// row's refusal. A request about a single finding is refused as such.
func (s *service) decideFindings(
	ctx context.Context, r ledger.Request, keys []string,
	decide func(ledger.Request, match.Finding) (eventstore.Outcome, error),
) (out DecidedFindings, err error) {
	head, err := s.Ledger(ctx).Head(ctx)
	if err != nil {
		return out, err
	}
	var p kit.Parser
	cut, err := s.Cut(ctx, &p, kit.CutParams{After: uint64(head)})
	if err != nil {
		return out, err
	}
	found, err := s.findingsByKey(ctx, cut, keys)
	if err != nil {
		return out, err
	}
	say, seen := wording.Of(ctx), make(map[string]bool)
	var only *domain.Rejection
	out.Findings = []DecidedFinding{}
	out.Position, err = bulk.Each(keys, func(k string) (eventstore.Outcome, error) {
		if seen[k] {
			return eventstore.Outcome{}, domain.Invalid("key", k, "finding-twice", "is listed twice in this decision", "5.1.3")
		}
		seen[k] = true
		f, err := s.findingToDecide(ctx, cut, found, k)
		if err != nil {
			return eventstore.Outcome{}, err
		}
		one := r
		one.Key += "/" + k
		return decide(one, f)
	}, func(k string, o eventstore.Outcome, refusal *domain.Rejection) {
		row := DecidedFinding{Key: k, Outcome: "DONE"}
		switch {
		case refusal != nil:
			row.Outcome, row.Code, row.Problem, only = "REFUSED", refusal.Code, say.Refusal(refusal), refusal
			out.Refused++
		case len(o.Events) == 0:
			row.Outcome = "UNCHANGED"
		default:
			out.Done++
		}
		out.Findings = append(out.Findings, row)
	})
	if err == nil && only != nil && len(keys) == 1 {
		err = only
	}
	return out, err
}

// findingToDecide is a finding that a decision can be about.
func (s *service) findingToDecide(
	ctx context.Context, cut projections.Cut, found map[finding.Key]standing, key string,
) (match.Finding, error) {
	if f, stands := found[finding.Key(key)]; stands {
		return f.Finding, nil
	}
	h, err := partsviews.Of(s.Deps.ReadModels).FindingHistory(ctx, cut, finding.Key(key))
	switch {
	case err != nil:
		return match.Finding{}, err
	case !h.Found:
		return match.Finding{}, unknownFinding(key)
	case h.Finding.Status == finding.Cleared:
		return match.Finding{}, domain.Conflict("key", key, "cleared", "has cleared: the missing document arrived", "5.1.3")
	}
	return h.Finding, nil
}
