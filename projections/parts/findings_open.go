package parts

import (
	"cmp"
	"context"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

// OpenFindings answers the open findings of some lines of F1, by line: those about
// the line and those about a document that names it. They are what the tech group
// lead verifies a line in spite of (§5.1.3).
func (m Views) OpenFindings(
	ctx context.Context, cut projections.Cut, lines []domain.FaultLineID,
) (map[domain.FaultLineID][]match.Finding, error) {
	q, err := m.Ask(cut, projections.Page{}, "open findings")
	if err != nil {
		return nil, err
	}
	defer q.Done()
	return openOf(ctx, q, lines, match.Window{})
}

// openOf finds what is open about lines. The window, if there is one, holds the
// dates of all of them.
func openOf(
	ctx context.Context, q *projections.Question, lines []domain.FaultLineID, w match.Window,
) (map[domain.FaultLineID][]match.Finding, error) {
	open := make(map[domain.FaultLineID][]match.Finding)
	if len(lines) == 0 {
		return open, nil
	}
	scope, err := projectsOfLines(ctx, q, lines)
	if err != nil {
		return nil, err
	}
	facts, err := factsOf(ctx, q, scope, w)
	if err != nil {
		return nil, err
	}
	asked := make(map[domain.FaultLineID]bool, len(lines))
	for _, l := range lines {
		asked[l] = true
	}
	// What is found about documents of other projects rests on facts not in hand,
	// unless it is about the line as well.
	found := slices.DeleteFunc(match.Run(facts, q.AsOf, q.M.Opts.Rules).Findings, func(f match.Finding) bool {
		return !asked[f.Line] || !scope.Has(f.Project) && (f.LineProject == "" || !scope.Has(f.LineProject))
	})
	steps, err := findingSteps(ctx, q, found)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if f.Decide(steps[f.Key]); f.Status == finding.Open {
			f.Say()
			open[f.Line] = append(open[f.Line], f)
		}
	}
	for _, list := range open {
		slices.SortFunc(list, func(a, b match.Finding) int { return cmp.Compare(a.Key, b.Key) })
	}
	return open, nil
}

func projectsOfLines(
	ctx context.Context, q *projections.Question, lines []domain.FaultLineID,
) (scope projections.ProjectSelection, err error) {
	keys := make([]finding.Key, len(lines))
	for i, l := range lines {
		keys[i] = finding.Key(string(finding.FaultNoIssue) + ":" + string(l))
	}
	scope.Projects, err = projectsOf(ctx, q, keys, projections.Sites{})
	return scope, err
}
