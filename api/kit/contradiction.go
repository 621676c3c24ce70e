package kit

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/projections"
)

// This file is where the filters of a question are held against one another. Two that no
// record can fit at once would be answered with zeros that tie out, of which nobody can
// tell whether nothing is owed or nothing was asked.

// spans are the filters that name the ends of a stretch of time, the first of each first.
var spans = [][2]string{
	{"quarter", "through"}, {"month", "through"}, {"from", "to"}, {"from", "until"}, {"occurredFrom", "occurredTo"},
	{"from", "asOf"}, {"occurredFrom", "asOf"}, {"clearedSince", "asOf"},
}

// OneValue refuses a question that gives a filter twice which takes one value: the answer
// would be that to one of them, and nobody could tell to which.
func OneValue(ctx huma.Context, next func(huma.Context)) {
	at := ctx.URL()
	query := at.Query()
	for _, p := range ctx.Operation().Parameters {
		if given := query[p.Name]; p.In == "query" && len(given) > 1 && p.Schema.Type != huma.TypeArray {
			writeProblem(ctx, ProblemOf(ctx.Context(), domain.Invalid(p.Name, domain.Clip(strings.Join(given, ", ")),
				"given-twice", "is given %d times, and takes one value", "", len(given))))
			return
		}
	}
	next(ctx)
}

// mustAgree refuses a question whose filters contradict each other, and names both.
func (s *Service) mustAgree(ctx context.Context, n naming, in any) error {
	v := reflect.ValueOf(in).Elem()
	text := func(name string) string {
		if index := n.texts[name]; index != nil {
			return v.FieldByIndex(index).String()
		}
		return ""
	}
	for _, ends := range spans {
		if err := inOrder(ends[0], text(ends[0]), ends[1], text(ends[1])); err != nil {
			return err
		}
	}
	if n.asOf == nil {
		return nil // of what is now, as who is let in: nothing of it is summed up
	}
	if err := s.mustLieTogether(ctx, text); err != nil {
		return err
	}
	return s.mustNotBeBeforeAll(ctx, n, text)
}

// inOrder refuses an end that lies before its beginning. What cannot be read is refused by
// its reader.
func inOrder(first, from, last, to string) error {
	begins, ok := dayOf(from, false)
	ends, also := dayOf(to, true)
	if !ok || !also || !ends.Before(begins) {
		return nil
	}
	return domain.Invalid(first, from, "contradiction",
		"lies after %s (%s), up to which is asked; between the two there is nothing", "", to, last)
}

// dayOf is the first or the last day of a date, a month or a quarter.
func dayOf(s string, last bool) (calendar.Date, bool) {
	if first, end, ok := span(s); ok {
		if last {
			return end, true
		}
		return first, true
	}
	d, err := calendar.ParseDate(s)
	return d, err == nil
}

// mustLieTogether refuses places that do not lie in one another.
func (s *Service) mustLieTogether(ctx context.Context, text func(string) string) error {
	at := access.Place{
		Region: text("region"), City: text("city"), Project: domain.ProjectID(text("project")),
		Center: domain.CenterID(text("center")),
	}
	named := 0
	for _, part := range []string{at.Region, at.City, string(at.Project), string(at.Center)} {
		if part != "" {
			named++
		}
	}
	if named < 2 {
		return nil
	}
	found, apart, err := s.Deps.Ledger.Apart(ctx, at)
	if err != nil || !apart {
		return ctx.Err() // while the log is away nobody can tell, and the read models still answer
	}
	inner, outer := found.Inner, text(found.Outer)
	contradicts := func(rule domain.Sentence, args ...any) error {
		return domain.Invalid(inner, text(inner), "contradiction", rule, "", args...)
	}
	switch found.Outer {
	case "region":
		return contradicts("lies in %s and not in region %s, so that nothing fits both", found.Lies, outer)
	case "city":
		return contradicts("lies in %s and not in city %s, so that nothing fits both", found.Lies, outer)
	}
	return contradicts("never answers for project %s, so that nothing fits both", outer)
}

// mustNotBeBeforeAll refuses a cut before anything had happened, or was known.
func (s *Service) mustNotBeBeforeAll(ctx context.Context, n naming, text func(string) string) error {
	asOf, err := calendar.ParseDate(text("asOf"))
	knownAt, wrong := time.Parse(time.RFC3339Nano, text("knownAt"))
	if err != nil && wrong != nil {
		return nil
	}
	early := func(b projections.Begun) bool { return err == nil && asOf.Before(n.firstDay(b)) }
	unknown := func(b projections.Begun) bool { return wrong == nil && knownAt.Before(b.Recorded) }
	begun, cannot := s.begun(ctx, func(b projections.Begun) bool { return early(b) || unknown(b) })
	switch behind := (*projections.StatusError)(nil); {
	case errors.As(cannot, &behind): // whoever needs the read models will say so
	case cannot != nil:
		return cannot
	case early(begun) && n.ofMoney:
		return domain.Invalid("asOf", text("asOf"), "before-the-books", "lies before %s, the first day of the books", "",
			n.firstDay(begun))
	case early(begun):
		return domain.Invalid("asOf", text("asOf"), "before-the-books", "lies before %s, the day of the first record", "",
			n.firstDay(begun))
	case unknown(begun):
		return domain.Invalid("knownAt", text("knownAt"), "before-the-books",
			"lies before %s, when the first of it was recorded", "", begun.Recorded.In(calendar.Shanghai).Format(time.RFC3339))
	}
	return nil
}
