// Package access says how far a person's rights reach: which regions, cities,
// projects and centers a grant names, and what of the trade lies within it. Who
// the person is, and how they proved it, is the door's; what a role may do is
// the table of the routes.
package access

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Reach is what a grant names. It is kept in events: the names of its fields
// are frozen. The zero value reaches nothing.
type Reach struct {
	All      bool               `json:"all,omitempty"` // the whole company; then nothing else is named
	Regions  []string           `json:"regions,omitempty"`
	Cities   []string           `json:"cities,omitempty"`
	Projects []domain.ProjectID `json:"projects,omitempty"`
	Centers  []domain.CenterID  `json:"centers,omitempty"`
}

// Everything is the reach of the company's own functions.
func Everything() Reach { return Reach{All: true} }

// OfCenter is the reach of a property center's people.
func OfCenter(id domain.CenterID) Reach { return Reach{Centers: []domain.CenterID{id}} }

// Nothing reports whether the reach names nothing at all.
func (r Reach) Nothing() bool {
	return !r.All && len(r.Regions)+len(r.Cities)+len(r.Projects)+len(r.Centers) == 0
}

// And is what either of two reaches names.
func (r Reach) And(o Reach) Reach {
	if r.All || o.All {
		return Everything()
	}
	return Reach{
		Regions: union(r.Regions, o.Regions), Cities: union(r.Cities, o.Cities),
		Projects: union(r.Projects, o.Projects), Centers: union(r.Centers, o.Centers),
	}
}

// Only is what both of two reaches name: what the other lets through of this one.
// What a region or a city holds is not known here: a project within a region that
// is named passes only if the project is named, too.
func (r Reach) Only(o Reach) Reach {
	switch {
	case r.All:
		return o
	case o.All:
		return r
	}
	return Reach{
		Regions: common(r.Regions, o.Regions), Cities: common(r.Cities, o.Cities),
		Projects: common(r.Projects, o.Projects), Centers: common(r.Centers, o.Centers),
	}
}

// Without is what a reach names and another does not, word by word.
func (r Reach) Without(o Reach) Reach {
	return Reach{
		Regions: except(r.Regions, o.Regions), Cities: except(r.Cities, o.Cities),
		Projects: except(r.Projects, o.Projects), Centers: except(r.Centers, o.Centers),
	}
}

func except[T ~string](a, b []T) []T {
	return slices.DeleteFunc(union(a, nil), func(v T) bool { return slices.Contains(b, v) })
}

func common[T ~string](a, b []T) []T {
	return slices.DeleteFunc(union(a, b), func(v T) bool { return !slices.Contains(a, v) || !slices.Contains(b, v) })
}

func union[T ~string](a, b []T) []T {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// Grant is a role with its reach, from a business date to another, both
// included; a zero Until is open.
type Grant struct {
	Role  domain.Role
	Reach Reach
	From  calendar.Date
	Until calendar.Date
}

// On reports whether the grant is in force on a business date.
func (g Grant) On(day calendar.Date) bool {
	return g.From <= day && (g.Until.IsZero() || day <= g.Until)
}
