package remittance

import (
	"cmp"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
)

// book is the candidates, indexed by what a line may name them by.
type book struct {
	rules   policy.Policy
	centers []*center        // by identity
	names   map[string][]int // centers by folded name
	payers  map[string][]int // centers by folded name of an earlier payer
	charges map[string][]int // centers by folded number of an open charge
	han     []string         // folded numbers of charges that a text of ASCII cannot hold
}

// center is a candidate.
type center struct {
	Candidate
	name     string    // folded
	code     string    // folded
	projects []Project // by identity, folded
	open     []Charge  // the oldest due first
	promises promises
}

func newBook(candidates []Candidate, rules policy.Policy) *book {
	b := &book{
		rules: rules, names: make(map[string][]int), payers: make(map[string][]int), charges: make(map[string][]int),
	}
	for _, c := range candidates {
		b.centers = append(b.centers, newCenter(c))
	}
	slices.SortStableFunc(b.centers, func(x, y *center) int { return cmp.Compare(x.Center, y.Center) })
	for i, c := range b.centers {
		enter(b.names, c.name, i)
		for _, p := range c.Payers {
			if p != Unnamed {
				enter(b.payers, domain.PlainName(p), i)
			}
		}
		for _, ch := range c.open {
			number := domain.Fold(string(ch.Charge))
			if !isCode(number) {
				continue
			}
			if !isASCII(number) && len(b.charges[number]) == 0 {
				b.han = append(b.han, number)
			}
			enter(b.charges, number, i)
		}
	}
	slices.Sort(b.han)
	return b
}

// enter notes that a name belongs to a center, once.
func enter(index map[string][]int, name string, i int) {
	if of := index[name]; name != "" && !slices.Contains(of, i) {
		index[name] = append(of, i)
	}
}

func newCenter(c Candidate) *center {
	open := slices.Clone(c.Charges)
	slices.SortFunc(open, func(a, b Charge) int {
		return cmp.Or(cmp.Compare(a.DueOn, b.DueOn), cmp.Compare(a.OccurredOn, b.OccurredOn), cmp.Compare(a.Charge, b.Charge))
	})
	projects := slices.Clone(c.Projects)
	slices.SortFunc(projects,
		func(a, b Project) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name)) })
	c.Projects = slices.Clone(projects)
	for i, p := range projects {
		projects[i] = Project{ID: domain.ProjectID(domain.Fold(string(p.ID))), Name: domain.PlainName(p.Name)}
	}
	return &center{
		Candidate: c, name: domain.PlainName(c.Name), code: domain.Fold(string(c.Center)), projects: projects, open: open,
	}
}

// alike finds an earlier receipt with equal amount, payer and remark within the
// window in which the account will flag a second one.
func alike(receipts []Receipt, l Line, windowDays int) (Receipt, bool) {
	var found Receipt
	ok := false
	for _, r := range receipts {
		if r.Amount != l.Amount || cmp.Or(r.Payer,
			Unnamed) != cmp.Or(l.Payer, Unnamed) || r.Remark != l.Remark || string(r.Payment) == l.Reference {
			continue
		}
		if d := int(l.ReceivedOn - r.ReceivedOn); d < -windowDays || d > windowDays {
			continue
		}
		if !ok || cmp.Or(cmp.Compare(r.ReceivedOn, found.ReceivedOn), cmp.Compare(r.Payment, found.Payment)) < 0 {
			found, ok = r, true
		}
	}
	return found, ok
}
