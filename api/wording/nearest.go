package wording

import (
	"cmp"
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// Nearest lists the names that a misspelt one is like, the nearest first, at most
// [Nearby]; none where none is close.
func Nearest(name string, names []string) (near []string) {
	far := func(n string) int { return editDistance(strings.ToLower(name), strings.ToLower(n)) }
	for _, n := range names {
		if d := far(n); d < 3 && d < len(n) {
			near = append(near, n)
		}
	}
	slices.SortStableFunc(near, func(a, b string) int { return cmp.Compare(far(a), far(b)) })
	return near[:min(Nearby, len(near))]
}

// NearestOf lists those of some names that a misspelt one is most like, the nearest
// first, at most n. Of one that is there twice the last is kept.
func NearestOf(name string, of []domain.NamedID, n int) []domain.NamedID {
	list, seen := []domain.NamedID{}, make(map[string]bool)
	for _, one := range slices.Backward(of) {
		if !seen[one.ID] {
			seen[one.ID], list = true, append(list, one)
		}
	}
	far := make(map[domain.NamedID]int, len(list)) // once each: a center has thousands of charges
	for _, one := range list {
		far[one] = editDistance(name, one.ID)
		if one.Name != "" { // either may be what was meant
			far[one] = min(far[one], editDistance(name, one.Name))
		}
	}
	slices.SortFunc(list, func(a, b domain.NamedID) int {
		return cmp.Or(cmp.Compare(far[a], far[b]), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(n, len(list))]
}

// editDistance is how many characters must change to make b of a; names longer
// than any field count as far away.
func editDistance(left, right string) int {
	a, b := []rune(left), []rune(right)
	if len(a) > 40 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Nearby is how many names are offered instead of one that is none.
const Nearby = 3

// offering is a rule with the nearest of what there is instead of what a refusal names.
func offering(r *domain.Rejection) domain.Text {
	there := make([]domain.NamedID, 0, len(r.There))
	for _, one := range r.There {
		if one.ID != r.Value { // as it is now: then it was not yet
			there = append(there, one.NamedID)
		}
	}
	if len(there) == 0 {
		return r.Rule
	}
	return domain.Say("%v; the nearest are %v", r.Rule, NearestOf(r.Value, there, Nearby))
}
