package projections

import (
	"cmp"
	"context"
	_ "embed"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
)

//go:embed findingsites.sql
var sitesSQL string

// Sites are all projects with their regions and the centers that answered for
// them.
type Sites struct {
	all   map[domain.ProjectID]*site
	scope access.Scope // of who asks
}

type site struct {
	name    string
	region  string
	centers []siteCenter // by date
}

type siteCenter struct {
	from     calendar.Date
	position uint64
	center   domain.CenterID
}

func (q *Question) Sites(ctx context.Context) (Sites, error) {
	all := make(map[domain.ProjectID]*site)
	type row struct {
		Project            domain.ProjectID
		Step, Name, Region string
		Center             domain.CenterID
		OnDate             calendar.Date
		Position           uint64
	}
	err := EachUnmerged(ctx, q.BeyondScope(), sitesSQL, Params{}, func(r *row) error {
		s := all[r.Project]
		if s == nil {
			s = &site{}
			all[r.Project] = s
		}
		if r.Step == "REGISTERED" {
			s.name, s.region = r.Name, r.Region
		} else {
			s.centers = append(s.centers, siteCenter{from: r.OnDate, position: r.Position, center: r.Center})
		}
		return nil
	})
	for _, s := range all {
		slices.SortFunc(s.centers, func(a, b siteCenter) int {
			return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.position, b.position))
		})
	}
	return Sites{all, q.scope}, err
}

// Has reports whether a project exists.
func (s Sites) Has(p domain.ProjectID) bool { return s.all[p] != nil }

// Name is what a project is called, for who sees a row that names it.
func (s Sites) Name(p domain.ProjectID) string {
	if site := s.all[p]; site != nil {
		return site.name
	}
	return ""
}

func (s Sites) Region(p domain.ProjectID) string {
	if site := s.all[p]; site != nil {
		return site.region
	}
	return ""
}

// Center returns who answered for a project on a date.
func (s Sites) Center(p domain.ProjectID, on calendar.Date) (center domain.CenterID) {
	site := s.all[p]
	if site == nil {
		return ""
	}
	for _, c := range site.centers {
		if c.from > on {
			break
		}
		center = c.center
	}
	return center
}

// ProjectSelection is which projects a question is about.
type ProjectSelection struct {
	Everywhere bool
	Projects   []string
}

// Narrow finds the projects of a filter by project and region, within the scope of who
// asks.
func (s Sites) Narrow(f Filter) ProjectSelection {
	if f.Project == "" && f.Region == "" && s.scope.IsWhole() {
		return ProjectSelection{Everywhere: true, Projects: []string{}}
	}
	scope := ProjectSelection{Projects: []string{}}
	for p, site := range s.all {
		if (f.Project == "" || f.Project == p) && (f.Region == "" || f.Region == site.region) &&
			s.scope.Has(access.Place{Project: p}) {
			scope.Projects = append(scope.Projects, string(p))
		}
	}
	slices.Sort(scope.Projects)
	return scope
}

func (s ProjectSelection) Has(p domain.ProjectID) bool {
	return s.Everywhere || slices.Contains(s.Projects, string(p))
}

func (s ProjectSelection) Params() Params {
	return Params{"everywhere": s.Everywhere, "projects": s.Projects}
}
