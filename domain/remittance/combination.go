package remittance

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain/money"
)

// Bounds of the search for charges that add up to an amount: with more of
// them, nearly every amount is some sum, and says nothing.
const (
	mostCombined = 6      // charges in a set
	mostSteps    = 20_000 // of the search
)

// combination finds the charges, two to six, whose open amounts sum up to the
// amount, and counts up to 2 how many different sets do. Charges of equal
// amounts are one choice: the oldest due are taken. A search that is not
// finished within its bound has found no set that is the only one: 2.
func combination(charges []Charge, amount money.Amount) (set []Charge, ways int) {
	s := search{left: mostSteps}
	for _, ch := range charges {
		if amount.Less(ch.Open) {
			continue
		}
		i := slices.IndexFunc(s.alike, func(of []Charge) bool { return of[0].Open == ch.Open })
		if i < 0 {
			i = len(s.alike)
			s.alike = append(s.alike, nil)
		}
		s.alike[i] = append(s.alike[i], ch)
	}
	slices.SortFunc(s.alike, func(a, b []Charge) int { return b[0].Open.Cmp(a[0].Open) })
	s.rest = make([]money.Amount, len(s.alike)+1)
	for i := len(s.alike) - 1; i >= 0; i-- {
		s.rest[i] = s.rest[i+1].Add(sumOf(s.alike[i]))
	}
	s.take = make([]int, len(s.alike))
	s.from(0, amount, mostCombined)
	if s.left == 0 {
		return nil, 2
	}
	slices.SortFunc(s.found, func(a, b Charge) int {
		return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.OccurredOn, b.OccurredOn), cmp.Compare(a.Charge, b.Charge))
	})
	return s.found, s.ways
}

// search chooses how many charges of each amount to take.
type search struct {
	alike [][]Charge     // charges of one amount, the largest amount first
	rest  []money.Amount // sum of all from there on
	take  []int
	left  int // steps
	found []Charge
	ways  int
}

func (s *search) from(i int, amount money.Amount, most int) {
	if amount.IsZero() {
		s.keep(i)
		return
	}
	if s.ways == 2 || i == len(s.alike) || most == 0 || s.rest[i].Less(amount) {
		return
	}
	if s.left == 0 {
		return
	}
	s.left--
	each := s.alike[i][0].Open
	n := int(min(int64(min(most, len(s.alike[i]))), amount.Fen()/each.Fen()))
	for ; n >= 0; n-- {
		s.take[i] = n
		s.from(i+1, money.Fen(amount.Fen()-int64(n)*each.Fen()), most-n)
	}
	s.take[i] = 0
}

// keep notes the set that was taken from the first amounts.
func (s *search) keep(amounts int) {
	if s.ways++; s.ways > 1 {
		return
	}
	for i, of := range s.alike[:amounts] {
		s.found = append(s.found, of[:s.take[i]]...)
	}
}
