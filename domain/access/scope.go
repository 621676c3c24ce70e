package access

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Place is where something of the trade lies, as far as it says: what lies in a
// project need not name the project's region.
type Place struct {
	Region  string
	City    string
	Project domain.ProjectID
	Center  domain.CenterID
}

// Scope is what lies within a reach today: asked for by every command and every
// question. Nobody can make one up: it comes from Resolve, or from Whole. The zero
// Scope is that of who forgot to ask for one, and shows and admits nothing.
type Scope struct{ in *within }

type within struct {
	whole   bool
	id      string
	regions map[string]bool
	cities  map[string]bool
	// centers are those whose account lies within; near are those that are only
	// named by what does: they answer, or answered, for a project that was granted.
	centers, near map[domain.CenterID]bool
	// projects lie within; granted are those of them that do by themselves, and
	// not because their center does.
	projects, granted map[domain.ProjectID]bool
	// former are projects that a center had which was granted: what it has of them
	// names them.
	former map[domain.ProjectID]bool
	named  map[string]bool // regions of what lies within
}

var whole = Scope{&within{whole: true, id: "whole"}}

// Whole is the scope of the whole company: of its own functions, and of the
// machine's own work, which says so on purpose.
func Whole() Scope { return whole }

// Sites are the property centers and the projects as the log has them: what a
// reach is resolved by.
type Sites struct {
	centers  map[domain.CenterID]string // its region
	projects map[domain.ProjectID]*site
}

type site struct {
	region, city string
	centers      []assigned // by date; of one date the last counts
}

type assigned struct {
	center domain.CenterID
	from   calendar.Date
}

// NewSites are no sites yet.
func NewSites() *Sites {
	return &Sites{centers: make(map[domain.CenterID]string), projects: make(map[domain.ProjectID]*site)}
}

// OpenCenter adds a property center, or has it lie in another region from now on.
func (s *Sites) OpenCenter(id domain.CenterID, region string) { s.centers[id] = region }

// RegisterProject adds a project.
func (s *Sites) RegisterProject(id domain.ProjectID, region, city string) {
	p := s.project(id)
	p.region, p.city = region, city
}

// AssignCenter has a center answer for a project from a date on.
func (s *Sites) AssignCenter(id domain.ProjectID, center domain.CenterID, from calendar.Date) {
	p := s.project(id)
	p.centers = append(p.centers, assigned{center, from})
	slices.SortStableFunc(p.centers, func(a, b assigned) int { return cmp.Compare(a.from, b.from) })
}

func (s *Sites) project(id domain.ProjectID) *site {
	if s.projects[id] == nil {
		s.projects[id] = &site{}
	}
	return s.projects[id]
}

// Begun reports whether there is a center or a project at all.
func (s *Sites) Begun() bool { return len(s.centers)+len(s.projects) > 0 }

// Known is what a reach names, without what there is not. A region is there if a
// center or a project lies in it, and a city if a project does.
func (s *Sites) Known(r Reach) Reach {
	regions, cities := make(map[string]bool), make(map[string]bool)
	for _, region := range s.centers {
		regions[region] = true
	}
	for _, p := range s.projects {
		regions[p.region], cities[p.city] = true, true
	}
	r = r.And(Reach{}) // of its own
	r.Regions = slices.DeleteFunc(r.Regions, func(n string) bool { return !regions[n] })
	r.Cities = slices.DeleteFunc(r.Cities, func(n string) bool { return !cities[n] })
	r.Projects = slices.DeleteFunc(r.Projects, func(id domain.ProjectID) bool { return s.projects[id] == nil })
	r.Centers = slices.DeleteFunc(r.Centers, func(id domain.CenterID) bool { _, ok := s.centers[id]; return !ok })
	return r
}

// on is the center that answers on a day; before anybody does, the first that will.
func (p *site) on(day calendar.Date) (center domain.CenterID) {
	for i, a := range p.centers {
		if i > 0 && a.from > day {
			break
		}
		center = a.center
	}
	return center
}

// Resolve says what lies within a reach today. What is seen goes by today's
// assignments, whatever date is asked for. A city's centers are those that answer
// for a project in it today [D].
func Resolve(r Reach, sites *Sites, today calendar.Date) Scope {
	if r.All {
		return whole
	}
	in := &within{
		id: r.Key(), regions: setOf(r.Regions), cities: setOf(r.Cities), centers: setOf(r.Centers),
		near: make(map[domain.CenterID]bool), projects: make(map[domain.ProjectID]bool), granted: setOf(r.Projects),
		named: setOf(r.Regions), former: make(map[domain.ProjectID]bool),
	}
	for center, region := range sites.centers {
		if in.regions[region] {
			in.centers[center] = true
		}
	}
	for id, p := range sites.projects {
		if in.regions[p.region] || in.cities[p.city] {
			in.granted[id] = true
		}
		if center := p.on(today); in.cities[p.city] && center != "" {
			in.centers[center] = true
		}
	}
	byCenter := setOf(r.Centers) // a region's centers may answer for a project elsewhere, which stays there
	for id, p := range sites.projects {
		for _, a := range p.centers {
			if byCenter[a.center] {
				in.former[id] = true
			}
		}
		if !in.granted[id] && !byCenter[p.on(today)] {
			continue
		}
		in.projects[id], in.named[p.region] = true, true
		for _, a := range p.centers {
			if in.granted[id] {
				in.near[a.center] = true
			}
		}
	}
	for center := range in.centers {
		in.near[center], in.named[sites.centers[center]] = true, true
	}
	return Scope{in}
}

func setOf[T comparable](all []T) map[T]bool {
	set := make(map[T]bool, len(all))
	var none T // names nothing
	for _, one := range all {
		if one != none {
			set[one] = true
		}
	}
	return set
}

// Key tells reaches apart, whatever the order of what they name.
func (r Reach) Key() string {
	text, err := json.Marshal(r.And(Reach{})) // sorted
	if err != nil {
		panic(err) // texts always encode
	}
	return string(text)
}

// Given reports whether the scope was asked for at all.
func (s Scope) Given() bool { return s.in != nil }

// IsWhole reports whether it is that of the whole company.
func (s Scope) IsWhole() bool { return s.in != nil && s.in.whole }

// ID tells the scopes of two reaches apart: a page that was begun in one cannot be
// turned in another.
func (s Scope) ID() string {
	if s.in == nil {
		return ""
	}
	return s.in.id
}

// Has reports whether something lies within the scope, by any one of what its place
// names. What names a center is that center's, and not that of the center which
// answers for its project now. What lies nowhere lies within the whole company alone.
func (s Scope) Has(p Place) bool {
	if s.in == nil {
		return false
	}
	return s.in.whole || s.in.regions[p.Region] || s.in.cities[p.City] || s.in.granted[p.Project] ||
		s.in.centers[p.Center] || p.Center == "" && s.in.projects[p.Project]
}

// KnowsCenter reports whether a center may be named: it lies within the scope, or
// answers or answered for a project that was granted.
func (s Scope) KnowsCenter(id domain.CenterID) bool {
	return s.IsWhole() || s.in != nil && s.in.near[id]
}

// KnowsProject reports whether a project may be named: it lies within the scope, or a
// center that was granted answered for it.
func (s Scope) KnowsProject(id domain.ProjectID) bool {
	return s.IsWhole() || s.in != nil && (s.in.projects[id] || s.in.former[id])
}

// KnowsRegion reports whether a region may be named: something in it lies within.
func (s Scope) KnowsRegion(name string) bool { return s.IsWhole() || s.in != nil && s.in.named[name] }

// Meets reports whether something lies within both scopes.
func (s Scope) Meets(o Scope) bool {
	if s.in == nil || o.in == nil {
		return false
	}
	return s.in.whole || o.in.whole || meet(s.in.regions, o.in.regions) || meet(s.in.cities, o.in.cities) ||
		meet(s.in.projects, o.in.projects) || meet(s.in.centers, o.in.centers)
}

func meet[T comparable](a, b map[T]bool) bool {
	for name := range a {
		if b[name] {
			return true
		}
	}
	return false
}

// The names that the scope comes to, sorted; none of them says anything of the
// whole company.

// Regions are those that lie within, whatever is in them.
func (s Scope) Regions() []string {
	return sorted(s.in, func(in *within) map[string]bool { return in.regions })
}

// Centers are those whose accounts lie within.
func (s Scope) Centers() []domain.CenterID {
	return sorted(s.in, func(in *within) map[domain.CenterID]bool { return in.centers })
}

// NearCenters are those that may be named.
func (s Scope) NearCenters() []domain.CenterID {
	return sorted(s.in, func(in *within) map[domain.CenterID]bool { return in.near })
}

// Projects are those that lie within.
func (s Scope) Projects() []domain.ProjectID {
	return sorted(s.in, func(in *within) map[domain.ProjectID]bool { return in.projects })
}

// GrantedProjects are those that lie within by themselves, and not because their
// center does: what names another center that they had lies within as well.
func (s Scope) GrantedProjects() []domain.ProjectID {
	return sorted(s.in, func(in *within) map[domain.ProjectID]bool { return in.granted })
}

func sorted[T cmp.Ordered](in *within, set func(*within) map[T]bool) []T {
	if in == nil || in.whole {
		return nil
	}
	return slices.Sorted(maps.Keys(set(in)))
}
