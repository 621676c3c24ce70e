package api

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/api/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/projections"
)

// OpenFinding is a finding that stands open about what is reviewed.
type OpenFinding struct {
	Key     string `json:"key"`
	Class   string `json:"class"`
	Chinese string `json:"chinese" doc:"What is wrong"`
	English string `json:"english" doc:"What is wrong"`
}

// ReviewReceipt answers a review, which says what stands open about what was
// reviewed: it is let go on all the same, and is not silent about it.
type ReviewReceipt struct {
	Receipt
	OpenFindings   []OpenFinding `json:"openFindings" doc:"Open findings about what was reviewed: of a line of F1 those of the line and of documents that name it, of a process sheet those of its line, of a form of a month those of the project's documents of that month"`
	FindingsUnread bool          `json:"findingsUnread,omitempty" doc:"The review is recorded, but the figures could not be read: ask for the findings"`
}

func openFindings(found []projections.AuditFinding) []OpenFinding {
	out := make([]OpenFinding, len(found))
	for i, f := range found {
		out[i] = OpenFinding{Key: string(f.Key), Class: string(f.Class)}
		out[i].Chinese, out[i].English = f.Sentence()
	}
	return out
}

// openOfLines are the open findings of lines once the figures show a position.
// The review is recorded by then, so figures that are away do not undo it.
func (s *server) openOfLines(ctx context.Context, lines []domain.FaultLineID, after uint64) (open map[domain.FaultLineID][]projections.AuditFinding, unread bool) {
	var p parser
	cut, err := s.cut(ctx, &p, CutParams{After: after})
	if err == nil {
		open, err = s.deps.ReadModels.OpenFindings(ctx, cut, lines)
	}
	return open, err != nil
}

// reviewed answers the review of what has to do with a line of F1; with none, of
// what has no findings.
func (s *server) reviewed(ctx context.Context, r Receipt, line domain.FaultLineID) ReviewReceipt {
	out := ReviewReceipt{Receipt: r, OpenFindings: []OpenFinding{}}
	if line != "" {
		open, unread := s.openOfLines(ctx, []domain.FaultLineID{line}, r.Position)
		out.OpenFindings, out.FindingsUnread = openFindings(open[line]), unread
	}
	return out
}

// reviewedSheet answers the review of a process sheet.
func (s *server) reviewedSheet(ctx context.Context, r Receipt, id domain.ReturnID) ReviewReceipt {
	steps, err := s.deps.Ledger.Steps(ctx, repair.Stream(id))
	var line domain.FaultLineID
	for _, step := range steps {
		if e, ok := step.Event.(repair.ReturnOpened); ok {
			line = e.FaultLine
		}
	}
	out := s.reviewed(ctx, r, line)
	out.FindingsUnread = out.FindingsUnread || err != nil
	return out
}

// reviewedForm answers the review of a project's form of a month.
func (s *server) reviewedForm(ctx context.Context, r Receipt, filter projections.FindingFilter) ReviewReceipt {
	out := ReviewReceipt{Receipt: r, OpenFindings: []OpenFinding{}}
	filter.Statuses = []finding.Status{finding.Open}
	var p parser
	cut, err := s.cut(ctx, &p, CutParams{After: r.Position})
	if err == nil {
		err = everyPage(func(page projections.Page) (string, error) {
			a, err := s.deps.ReadModels.AuditFindings(ctx, cut, filter, page)
			out.OpenFindings = append(out.OpenFindings, openFindings(a.Rows)...)
			return a.Next, err
		})
	}
	out.FindingsUnread = err != nil
	return out
}

// lineReview is the tech group lead's word on a line, as a paper signs it; without
// a name, if the last word is a query or there is none.
type lineReview struct {
	line domain.FaultLineID
	by   forms.Signature
	at   time.Time // it was recorded

	position eventstore.Position // of the review in the log
}

// signedByLead is the tech group lead's row of an F1: who verified its lines, and
// of which of them findings were open at the end of the day on which they did. It
// says for ever what was known then. It is empty while a line is not verified.
func (s *server) signedByLead(ctx context.Context, reviews []lineReview) (forms.Field, error) {
	const label = "技术组主管"
	var words []forms.Signature
	days, last := make(map[calendar.Date][]domain.FaultLineID), make(map[calendar.Date]time.Time)
	var shown eventstore.Position
	for _, r := range reviews {
		shown = max(shown, r.position)
		words = append(words, r.by)
		days[r.by.On] = append(days[r.by.On], r.line)
		if r.at.After(last[r.by.On]) {
			last[r.by.On] = r.at
		}
	}
	field := signedByAll(label, words)
	if field.Value == "" {
		return field, nil
	}
	var p parser
	if _, err := s.cut(ctx, &p, CutParams{After: uint64(shown)}); err != nil {
		return field, err
	}
	var doubtful []string
	for _, on := range slices.Sorted(maps.Keys(days)) {
		open, err := s.deps.ReadModels.OpenFindings(ctx, projections.Cut{AsOf: on, KnownAt: last[on]}, days[on])
		if err != nil {
			return field, err
		}
		for _, line := range slices.Sorted(maps.Keys(open)) {
			doubtful = append(doubtful, string(line))
		}
	}
	if len(doubtful) > 0 {
		field.Value += fmt.Sprintf("（%d 条核实时有未结差异：%s）", len(doubtful), strings.Join(doubtful, "、"))
	}
	return field, nil
}
