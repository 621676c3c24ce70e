package projections

import (
	"cmp"
	"context"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/finding"
)

// OpenFindings answers the open findings of some lines of F1, by line: those about
// the line and those about a document that names it. They are what the tech group
// lead verifies a line in spite of (§5.1.3).
func (m *ReadModels) OpenFindings(ctx context.Context, cut Cut, lines []domain.FaultLineID) (map[domain.FaultLineID][]AuditFinding, error) {
	q, err := m.ask(cut, Page{}, "open findings")
	if err != nil {
		return nil, err
	}
	defer q.done()
	return q.openOf(ctx, lines, window{})
}

// openOf finds what is open about lines. The window, if there is one, holds the
// dates of all of them.
func (q *question) openOf(ctx context.Context, lines []domain.FaultLineID, w window) (map[domain.FaultLineID][]AuditFinding, error) {
	open := make(map[domain.FaultLineID][]AuditFinding)
	if len(lines) == 0 {
		return open, nil
	}
	scope, err := q.projectsOfLines(ctx, lines)
	if err != nil {
		return nil, err
	}
	facts, err := q.matchFacts(ctx, scope, w)
	if err != nil {
		return nil, err
	}
	asked := make(map[domain.FaultLineID]bool, len(lines))
	for _, l := range lines {
		asked[l] = true
	}
	// What is found about documents of other projects rests on facts not in hand,
	// unless it is about the line as well.
	found := slices.DeleteFunc(runMatch(facts, q.AsOf, q.m.opts.Rules).findings, func(f AuditFinding) bool {
		return !asked[f.Line] || !scope.has(f.Project) && (f.LineProject == "" || !scope.has(f.LineProject))
	})
	steps, err := q.findingSteps(ctx, found)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if f.decide(steps[f.Key]); f.Status == finding.Open {
			open[f.Line] = append(open[f.Line], f)
		}
	}
	for _, list := range open {
		slices.SortFunc(list, func(a, b AuditFinding) int { return cmp.Compare(a.Key, b.Key) })
	}
	return open, nil
}

func (q *question) projectsOfLines(ctx context.Context, lines []domain.FaultLineID) (scope projectScope, err error) {
	keys := make([]finding.Key, len(lines))
	for i, l := range lines {
		keys[i] = finding.Key(string(finding.FaultNoIssue) + ":" + string(l))
	}
	scope.projects, err = q.projectsOf(ctx, keys, nil)
	return scope, err
}
