package access

import (
	"slices"

	"aftersales-ledger/domain"
)

// Apart is two parts of a place that do not lie in one another: Inner names what lies
// elsewhere, and Lies where. Of a project and a center it is that the one never answered
// for the other, and Lies is empty.
type Apart struct {
	Inner, Outer string // as requests name them: project, city, region, center
	Lies         string
}

const (
	inProject = "project"
	inCity    = "city"
	inRegion  = "region"
	inCenter  = "center"
)

// Apart finds in a place two parts that contradict each other: no record can lie in
// both, and a question about them has no answer but zeros. What there is not contradicts
// nothing. A center lies in its own region, and wherever a project is that it answers,
// answered or will answer for.
func (s *Sites) Apart(p Place) (found Apart, apart bool) {
	project, known := s.projects[p.Project]
	if known {
		switch {
		case p.Region != "" && p.Region != project.region:
			return Apart{inProject, inRegion, project.region}, true
		case p.City != "" && p.City != project.city:
			return Apart{inProject, inCity, project.city}, true
		case p.Center != "" && !project.had(p.Center):
			return Apart{inCenter, inProject, ""}, true
		}
	}
	var in, cities []string // of what lies in both
	for _, site := range s.projects {
		if p.Center == "" || site.had(p.Center) {
			cities = append(cities, site.city)
			if p.City == "" || p.City == site.city {
				in = append(in, site.region)
			}
		}
	}
	own, isCenter := s.centers[p.Center]
	switch {
	case p.Region != "" && p.Center != "" && isCenter && own != p.Region && !slices.Contains(in, p.Region):
		return Apart{inCenter, inRegion, own}, true
	case p.Region != "" && p.City != "" && p.Center == "" && len(in) > 0 && !slices.Contains(in, p.Region):
		return Apart{inCity, inRegion, in[0]}, true
	case p.City != "" && isCenter && len(cities) > 0 && !slices.Contains(cities, p.City):
		return Apart{inCenter, inCity, cities[0]}, true
	}
	return Apart{}, false
}

// had reports whether a center ever answers for a project.
func (p *site) had(center domain.CenterID) bool {
	return slices.ContainsFunc(p.centers, func(a assigned) bool { return a.center == center })
}
