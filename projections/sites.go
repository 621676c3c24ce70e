package projections

import (
	"cmp"
	"context"
	_ "embed"
	"slices"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

//go:embed findings_sites.sql
var sitesSQL string

// sites are the projects with their regions and the centers that answered for
// them.
type sites map[domain.ProjectID]*site

type site struct {
	region  string
	centers []siteCenter // by date
}

type siteCenter struct {
	from     calendar.Date
	position uint64
	center   domain.CenterID
}

func (q *question) sites(ctx context.Context) (sites, error) {
	all := make(sites)
	err := q.rows(ctx, sitesSQL, params{}, func(rows driver.Rows) error {
		var (
			p            domain.ProjectID
			step, region string
			c            siteCenter
		)
		if err := rows.Scan(&c.position, textTo(&p), &step, dateTo{&c.from}, &region, textTo(&c.center)); err != nil {
			return err
		}
		s := all[p]
		if s == nil {
			s = &site{}
			all[p] = s
		}
		if step == "REGISTERED" {
			s.region = region
		} else {
			s.centers = append(s.centers, c)
		}
		return nil
	})
	for _, s := range all {
		slices.SortFunc(s.centers, func(a, b siteCenter) int {
			return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.position, b.position))
		})
	}
	return all, err
}

func (s sites) region(p domain.ProjectID) string {
	if site := s[p]; site != nil {
		return site.region
	}
	return ""
}

// center returns who answered for a project on a date.
func (s sites) center(p domain.ProjectID, on calendar.Date) (center domain.CenterID) {
	site := s[p]
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

// projectScope is which projects a question is about.
type projectScope struct {
	everywhere bool
	projects   []string
}

// scope finds the projects of a filter by project and region.
func (s sites) scope(f Filter) projectScope {
	if f.Project == "" && f.Region == "" {
		return projectScope{everywhere: true, projects: []string{}}
	}
	scope := projectScope{projects: []string{}}
	for p, site := range s {
		if (f.Project == "" || f.Project == p) && (f.Region == "" || f.Region == site.region) {
			scope.projects = append(scope.projects, string(p))
		}
	}
	slices.Sort(scope.projects)
	return scope
}

func (s projectScope) has(p domain.ProjectID) bool {
	return s.everywhere || slices.Contains(s.projects, string(p))
}

func (s projectScope) params() params {
	return params{"everywhere": s.everywhere, "projects": s.projects}
}
