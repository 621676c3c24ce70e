package access_test

import (
	"slices"
	"testing"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
)

var today = calendar.NewDate(2026, time.November, 29)

// sites are two regions: C1 and C2 of the east, C3 of the south. P1 has moved from
// C1 to C2, and P2 will move from C2 to C1; P4 is a project of the south that a
// center of the east answers for.
func sites() *access.Sites {
	s := access.NewSites()
	s.OpenCenter("C1", "east")
	s.OpenCenter("C2", "east")
	s.OpenCenter("C3", "south")
	s.RegisterProject("P1", "east", "Shanghai")
	s.AssignCenter("P1", "C2", today)
	s.AssignCenter("P1", "C1", today-100)
	s.RegisterProject("P2", "east", "Suzhou")
	s.AssignCenter("P2", "C2", today-100)
	s.AssignCenter("P2", "C1", today+1)
	s.RegisterProject("P3", "south", "Shenzhen")
	s.AssignCenter("P3", "C3", today-100)
	s.RegisterProject("P4", "south", "Shenzhen")
	s.AssignCenter("P4", "C2", today-100)
	return s
}

func TestAReachComesToWhatLiesInItToday(t *testing.T) {
	for name, c := range map[string]struct {
		reach    access.Reach
		centers  []domain.CenterID
		near     []domain.CenterID
		projects []domain.ProjectID
		granted  []domain.ProjectID
	}{
		"a region has its own centers and its own projects": {
			access.Reach{Regions: []string{"east"}}, ids("C1", "C2"), ids("C1", "C2"), projects("P1", "P2"), projects("P1", "P2"),
		},
		"a project of a region whose center is another's names that center": {
			access.Reach{Regions: []string{"south"}}, ids("C3"), ids("C2", "C3"), projects("P3", "P4"), projects("P3", "P4"),
		},
		"a city has its projects, and the centers that answer for them today": {
			access.Reach{Cities: []string{"Shanghai"}}, ids("C2"), ids("C1", "C2"), projects("P1"), projects("P1"),
		},
		"a project has no account, and names every center it had or will have": {
			access.Reach{Projects: projects("P2")}, nil, ids("C1", "C2"), projects("P2"), projects("P2"),
		},
		"a center has the projects that it answers for today": {
			access.OfCenter("C2"), ids("C2"), ids("C2"), projects("P1", "P2", "P4"), nil,
		},
		"a center that its project left": {access.OfCenter("C1"), ids("C1"), ids("C1"), nil, nil},
		"nothing":                        {},
	} {
		t.Run(name, func(t *testing.T) {
			s := access.Resolve(c.reach, sites(), today)
			if !s.Given() || s.IsWhole() {
				t.Error("a resolved reach is a scope, and not the whole company's")
			}
			if !slices.Equal(s.Centers(), c.centers) || !slices.Equal(s.NearCenters(), c.near) ||
				!slices.Equal(s.Projects(), c.projects) || !slices.Equal(s.GrantedProjects(), c.granted) {
				t.Error(s.Centers(), s.NearCenters(), s.Projects(), s.GrantedProjects())
			}
		})
	}
}

func TestWhatLiesOutsideAScopeIsNotInIt(t *testing.T) {
	east := access.Resolve(access.Reach{Regions: []string{"east"}}, sites(), today)
	for place, want := range map[access.Place]bool{
		{Center: "C1"}: true, {Center: "C3"}: false, {Project: "P1"}: true, {Project: "P3"}: false, {Region: "east"}: true,
		{Region: "south"}: false, {Project: "P3", Center: "C1"}: true, {City: "Shanghai"}: false, {}: false,
		{Center: "C9"}: false,
	} {
		if east.Has(place) != want {
			t.Errorf("%+v lies within: %t", place, !want)
		}
		if (access.Scope{}).Has(place) || access.Resolve(access.Reach{}, sites(), today).Has(place) {
			t.Errorf("%+v lies within a scope of nothing", place)
		}
		if !access.Whole().Has(place) || !access.Resolve(access.Everything(), sites(), today).IsWhole() {
			t.Errorf("%+v lies outside the whole company", place)
		}
	}
	c2 := access.Resolve(access.OfCenter("C2"), sites(), today)
	if !c2.Has(access.Place{Project: "P1"}) || c2.Has(access.Place{Project: "P1", Center: "C1"}) {
		t.Error("what was the former center's of a project is not the present one's")
	}
	c1 := access.Resolve(access.OfCenter("C1"), sites(), today)
	if c1.Has(access.Place{Project: "P1"}) || !c1.KnowsProject("P1") || c1.KnowsProject("P3") {
		t.Error("a center may name a project that it had, and sees nothing of it but what is its own")
	}
	if !east.KnowsRegion("east") || east.KnowsRegion("south") || !east.KnowsCenter("C1") || east.KnowsCenter("C3") {
		t.Error("what may be named is what lies within, or beside it")
	}
	if (access.Scope{}).Given() || (access.Scope{}).IsWhole() || (access.Scope{}).KnowsCenter("C1") {
		t.Error("the zero scope is none")
	}
}

func TestTheScopesOfTwoReachesAreToldApart(t *testing.T) {
	one := access.Reach{Regions: []string{"east", "south"}}
	other := access.Reach{Regions: []string{"south", "east"}}
	if access.Resolve(one, sites(), today).ID() != access.Resolve(other, sites(), today+1).ID() {
		t.Error("one reach is two scopes")
	}
	if access.Resolve(access.Reach{Cities: []string{"east", "south"}}, sites(), today).ID() ==
		access.Resolve(one, sites(), today).ID() || access.Whole().ID() == "" {
		t.Error("two reaches are one scope")
	}
}

func ids(all ...domain.CenterID) []domain.CenterID        { return all }
func projects(all ...domain.ProjectID) []domain.ProjectID { return all }
