package parts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"aftersales-ledger/api/bulk"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
	partsviews "aftersales-ledger/projections/parts"
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
	Owner        string   `query:"owner" doc:"A person, or the role of what nobody is assigned to; whoever is no user and was assigned nothing is refused"`
	Month        string   `query:"month" example:"2026-07" doc:"Of the document that shows it"`
	From         string   `query:"from" doc:"On or after"`
	To           string   `query:"to" doc:"On or before"`
	Sort         string   `query:"sort" enum:"age,-age,value,-value" doc:"A leading - puts the largest first; absent, the oldest first"`
	ClearedSince string   `query:"clearedSince" doc:"With status CLEARED: what stood at this moment and is gone. Default: the first of the month of asOf"`
}

// FindingsBody answers what does not agree.
type FindingsBody struct {
	Rows   []match.Finding           `json:"rows"`
	Totals []partsviews.ClassTotal   `json:"totals" doc:"Over all that match; on the first page only"`
	Value  *money.Amount             `json:"value,omitempty" doc:"Of all that match; on the first page only"`
	TieOut *partsviews.FindingTieOut `json:"tieOut,omitempty" doc:"Of all issues of the projects asked for; on the first page, where no class and no time is asked for"`
	kit.Paged

	NoCatalogue string `json:"noCatalogue,omitempty" doc:"Said where the catalogue of parts is empty, so that no fault line was held against it"`
}

// FindingHistoryBody is the life of one finding.
type FindingHistoryBody struct {
	kit.Basis
	Finding match.Finding            `json:"finding" doc:"As it stands, or stood last"`
	Steps   []partsviews.FindingStep `json:"steps"`
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

// whoLooks is how far a person reaches who is to look into findings: somebody who is let
// in, and in a role that may read of parts. Before anybody was made a user, nobody can be
// told from anybody.
func (s *service) whoLooks(ctx context.Context, login string) (as string, _ access.Scope, _ error) {
	people := s.Deps.Ledger.People()
	if !people.Begun() {
		return login, access.Whole(), nil
	}
	p, _ := people.Person(login)
	known, err := s.KnowsPerson(ctx, login)
	if err != nil {
		return "", access.Scope{}, err
	}
	if !known || p.Suspended {
		var colleagues []domain.Existing
		for _, one := range people.Nobody("owner", login).There {
			if colleague, err := s.KnowsPerson(ctx, one.ID); err == nil && colleague {
				colleagues = append(colleagues, one)
			}
		}
		return "", access.Scope{}, domain.Invalid("owner", domain.Clip(login), "unknown-owner",
			"is nobody's login, or is suspended", "5.1.3").Among(colleagues)
	}
	var reach access.Reach
	for _, g := range p.Grants {
		if slices.Contains(kit.MayReadParts.Roles, g.Role) && !g.Role.OfCenter() {
			reach = reach.And(g.Reach)
		}
	}
	if reach.Nothing() {
		return "", access.Scope{}, domain.Invalid("owner", login, "cannot-look",
			"holds no role that looks into findings", "5.1.3")
	}
	scope, err := s.Deps.Ledger.Scope(ctx, reach)
	return p.Login, scope, err
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
	kit.TaggedQuery(s.Service, "/v1/findings/history", "finding-history",
		"The life of one finding: raised, changed, decided, cleared", kit.MayReadParts, findingAlone, s.findingHistory)
	kit.TaggedQuery(s.Service, "/v1/findings/one", "finding", "One finding as it stands", kit.MayReadParts, findingAlone,
		s.oneFinding)

	kit.Command(s.Service, "/v1/findings/assign", "assign-findings",
		"Name who looks into findings, each with its own outcome", kit.MayAssignFindings,
		func(ctx context.Context, in *assignFindingsInput) (DecidedFindings, error) {
			b := in.Body
			owner, looks, err := s.whoLooks(ctx, b.Owner)
			if err != nil {
				return DecidedFindings{}, err
			}
			return s.decideFindings(ctx, in.Request(ctx), b.Keys, func(
				r ledger.Request, f match.Finding,
			) (eventstore.Outcome, error) {
				if !looks.Has(access.Place{Project: f.Project}) {
					return eventstore.Outcome{}, domain.Conflict("owner", b.Owner, "outside-owner",
						"does not reach project %s", "5.1.3", f.Project)
				}
				return ledger.Do(ctx, s.about(ctx, f), r, finding.Assign{Finding: f.Key, Owner: owner, Note: b.Note},
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
					Finding: f.Key, Class: f.Class, Project: f.Project, Part: f.Part, Quantity: f.Quantity, Value: f.Value.Amount,
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
	out = FindingsBody{Rows: a.Rows, Totals: a.Totals, TieOut: a.TieOut, Paged: kit.PagedOf(a.List)}
	if a.NoCatalogue {
		out.NoCatalogue = wording.Of(ctx).Sayf("The catalogue of parts is empty on %s: no fault line was held against it. Enter the parts, and what is not among them is found.", a.AsOf)
	}
	if in.Cursor == "" {
		sum := a.Value()
		out.Value = &sum
	}
	return out, nil
}

type oneFindingInput struct {
	kit.CutParams
	Key string `query:"key" required:"true" example:"ISSUE_NO_FAULT:P001/OUT-16"`
}

// findingAlone is the stream of what people decided on a finding.
func findingAlone(in *oneFindingInput) string { return finding.Stream(finding.Key(in.Key)) }

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
		return out, unknownFinding(in.Key, s.standing(ctx, cut))
	}
	for i := range h.Steps {
		if step := &h.Steps[i]; step.Step == "REFUSED" {
			step.Reason = s.Recorded(ctx, step.Reason)
		}
	}
	return FindingHistoryBody{kit.BasisOf(h.Answer), h.Finding, h.Steps}, nil
}

// unknownFinding refuses a key that is none, with those that stand and are nearest.
func unknownFinding(key string, standing func() ([]domain.NamedID, error)) error {
	there, err := standing()
	if err != nil {
		return err
	}
	return domain.NotFound("key", key, "unknown-finding", "is not a finding and never was one").
		Among(domain.Named(there))
}

// standing reads the keys of what stands within reach once, when it is first wanted: every
// finding is looked for then.
func (s *service) standing(ctx context.Context, cut projections.Cut) func() ([]domain.NamedID, error) {
	return sync.OnceValues(func() ([]domain.NamedID, error) {
		return partsviews.Of(s.Deps.ReadModels).Standing(ctx, cut)
	})
}

// OneFindingBody is one finding as it stands.
type OneFindingBody struct {
	kit.Basis
	Finding match.Finding `json:"finding"`
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
		return OneFindingBody{Basis: kit.BasisOf(f.answer), Finding: f.Finding}, nil
	}
	h, err := partsviews.Of(s.Deps.ReadModels).FindingHistory(ctx, cut, finding.Key(in.Key))
	if err == nil && !h.Found {
		err = unknownFinding(in.Key, s.standing(ctx, cut))
	}
	return OneFindingBody{Basis: kit.BasisOf(h.Answer), Finding: h.Finding}, err
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
	seen := make(map[string]bool)
	standing := s.standing(ctx, cut)
	var only *domain.Rejection
	var last error
	out.Findings = []DecidedFinding{}
	out.Position, err = bulk.Each(keys, func(k string) (eventstore.Outcome, error) {
		if seen[k] {
			return eventstore.Outcome{}, domain.Invalid("key", k, "finding-twice", "is listed twice in this decision", "5.1.3")
		}
		seen[k] = true
		f, err := s.findingToDecide(ctx, cut, found, k, standing)
		if err != nil {
			return eventstore.Outcome{}, err
		}
		one := r
		one.Key += "/" + k
		o, err := decide(one, f)
		last = err
		return o, err
	}, func(k string, o eventstore.Outcome, refusal *domain.Rejection) {
		refusal = asSent(refusal, len(out.Findings))
		row := DecidedFinding{Key: k, Outcome: "DONE"}
		switch {
		case refusal != nil:
			row.Outcome, row.Code, row.Problem, only = "REFUSED", refusal.Code, s.Refusal(ctx, refusal), refusal
			out.Refused++
		case len(o.Events) == 0:
			row.Outcome = "UNCHANGED"
		default:
			out.Done++
		}
		out.Findings = append(out.Findings, row)
	})
	if err == nil && only != nil && len(keys) == 1 {
		if err = only; errors.As(last, new(*eventstore.PassedError)) {
			err = last // answered with the present tag, as of any one record
		}
	}
	return out, err
}

// findingToDecide is a finding that a decision can be about.
func (s *service) findingToDecide(
	ctx context.Context, cut projections.Cut, found map[finding.Key]standing, key string,
	standing func() ([]domain.NamedID, error),
) (match.Finding, error) {
	if f, stands := found[finding.Key(key)]; stands {
		return f.Finding, nil
	}
	h, err := partsviews.Of(s.Deps.ReadModels).FindingHistory(ctx, cut, finding.Key(key))
	switch {
	case err != nil:
		return match.Finding{}, err
	case !h.Found:
		return match.Finding{}, unknownFinding(key, standing)
	case h.Finding.Status == finding.Cleared:
		return match.Finding{}, domain.Conflict("key", key, "cleared", "has cleared: the missing document arrived", "5.1.3")
	}
	return h.Finding, nil
}

// asSent names the finding that a decision is refused of as its sender did, by its row.
func asSent(r *domain.Rejection, row int) *domain.Rejection {
	if r == nil || r.Field != "finding" && r.Field != "key" {
		return r
	}
	named := *r
	named.Field = fmt.Sprintf("keys[%d]", row)
	return &named
}
