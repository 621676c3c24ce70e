package projections

import (
	"math"
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// Sortable names what the rows of an answer can be sorted by, beside their own
// order. In its SQL each is a whole number, multiplied by sort_sign, that leads
// the key which the rows are ordered and paged by: sort_key. Money counts in
// fen, dates in days.
type Sortable []string

// AskSorted is ask for an answer that can be sorted: Page.Sort is one of the
// names, with - before it for the largest, or latest, first.
func (m *ReadModels) AskSorted(cut Cut, page Page, by Sortable, parts ...any) (*Question, error) {
	sort := page.Sort
	name, descending := strings.CutPrefix(sort, "-")
	if sort != "" && !slices.Contains(by, name) {
		return nil, badSort(sort, "must be %s, with - before it for the largest first", by)
	}
	page.Sort = ""
	q, err := m.Ask(cut, page, append(parts, "sorted", sort)...)
	if err != nil {
		return nil, err
	}
	q.Sort, q.SortSign = name, 1
	if descending {
		q.SortSign = -1
	}
	return q, nil
}

func badSort(sort string, rule domain.Sentence, args ...any) error {
	return domain.Invalid("sort", domain.Clip(sort), "bad-sort", rule, "", args...)
}

// afterSort returns the sort key of the last row of the page before; before the
// first page, one that every row comes after.
func (q *Question) afterSort() int64 {
	if len(q.After) == 0 {
		return math.MinInt64
	}
	return q.afterSortKey
}
