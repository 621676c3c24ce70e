package kit

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
	partsviews "aftersales-ledger/projections/parts"
)

// ReviewReceipt answers a review, which says what stands open about what was
// reviewed: it is let go on all the same, and is not silent about it.
type ReviewReceipt struct {
	Receipt
	OpenFindings   []match.OpenFinding `json:"openFindings" doc:"Open findings about what was reviewed: of a line of F1 those of the line and of documents that name it, of a process sheet those of its line, of a form of a month those of the project's documents of that month"`
	FindingsUnread bool                `json:"findingsUnread,omitempty" doc:"The review is recorded, but the figures could not be read: ask for the findings"`
}

// OpenOfLines are the open findings of lines once the figures show a position.
// The review is recorded by then, so figures that are away do not undo it.
func (s *Service) OpenOfLines(
	ctx context.Context, lines []domain.FaultLineID, after uint64,
) (open map[domain.FaultLineID][]match.Finding, unread bool) {
	var p Parser
	cut, err := s.Cut(ctx, &p, CutParams{After: after})
	if err == nil {
		open, err = partsviews.Of(s.Deps.ReadModels).OpenFindings(ctx, cut, lines)
	}
	return open, err != nil
}

// Reviewed answers the review of what has to do with a line of F1; with none, of
// what has no findings.
func (s *Service) Reviewed(ctx context.Context, r Receipt, line domain.FaultLineID) ReviewReceipt {
	out := ReviewReceipt{Receipt: r, OpenFindings: []match.OpenFinding{}}
	if line != "" {
		open, unread := s.OpenOfLines(ctx, []domain.FaultLineID{line}, r.Position)
		out.OpenFindings, out.FindingsUnread = match.OpenFindings(open[line]), unread
	}
	return out
}

// ReviewedSheet answers the review of a process sheet.
func (s *Service) ReviewedSheet(ctx context.Context, r Receipt, id domain.ReturnID) ReviewReceipt {
	steps, err := s.Ledger(ctx).Steps(ctx, repair.Stream(id))
	var line domain.FaultLineID
	for _, step := range steps {
		if e, ok := step.Event.(repair.ReturnOpened); ok {
			line = e.FaultLine
		}
	}
	out := s.Reviewed(ctx, r, line)
	out.FindingsUnread = out.FindingsUnread || err != nil
	return out
}

// ReviewedForm answers the review of a project's form of a month.
func (s *Service) ReviewedForm(ctx context.Context, r Receipt, filter partsviews.FindingFilter) ReviewReceipt {
	out := ReviewReceipt{Receipt: r, OpenFindings: []match.OpenFinding{}}
	filter.Statuses = []finding.Status{finding.Open}
	var p Parser
	cut, err := s.Cut(ctx, &p, CutParams{After: r.Position})
	if err == nil {
		err = projections.EveryPage(func(page projections.Page) (string, error) {
			a, err := partsviews.Of(s.Deps.ReadModels).AuditFindings(ctx, cut, filter, page)
			out.OpenFindings = append(out.OpenFindings, match.OpenFindings(a.Rows)...)
			return a.Next, err
		})
	}
	out.FindingsUnread = err != nil
	return out
}
