package access

import (
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// Kind is what the rights of a role are measured by.
type Kind string

// The kinds of reach. Every role has one: see KindOf.
const (
	OfCompany   Kind = "COMPANY"  // all of it
	OfRegions   Kind = "REGIONS"  // one or more regions
	OfCities    Kind = "CITIES"   // one or more cities
	OfProjects  Kind = "PROJECTS" // one or more projects
	OfOneCenter Kind = "CENTER"   // exactly one property center: its people belong to it
)

// KindOf is how far a role reaches (§4): a function of the company all of it, the
// others what they are named for.
func KindOf(r domain.Role) Kind {
	switch r {
	case domain.RegionalAdmin, domain.RegionalSupervisor, domain.AssistantManager:
		return OfRegions
	case domain.CityLead, domain.CityTechLead:
		return OfCities
	case domain.Technician, domain.ProjectLeader:
		return OfProjects
	case domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead:
		return OfOneCenter
	case domain.DepartmentManager, domain.HQAffairsSupervisor, domain.TechGroupLead, domain.PurchasingAdmin,
		domain.MaterialsPlanner, domain.Finance, domain.Administrator:
	}
	return OfCompany
}

// maxNamed bounds how many of a kind one grant names.
const maxNamed = 500

// Check refuses a reach that is not of the kind of a role, or that names nothing,
// too much or something twice.
func (r Reach) Check(role domain.Role) error {
	named := map[Kind][]string{
		OfRegions: r.Regions, OfCities: r.Cities, OfProjects: texts(r.Projects), OfOneCenter: texts(r.Centers),
	}
	kind, own := KindOf(role), ""
	for _, k := range []struct {
		Kind
		field string
	}{{OfRegions, "regions"}, {OfCities, "cities"}, {OfProjects, "projects"}, {OfOneCenter, "centers"}} {
		names := named[k.Kind]
		if len(names) > 0 && k.Kind != kind {
			return domain.Invalid(k.field, strings.Join(names, ","), "reach-of-another-kind",
				"does not fit %s: a grant of this role names its reach by %s", "4", role, kind)
		}
		if k.Kind == kind {
			own = k.field
		}
		if err := checkNames(k.field, names); err != nil {
			return err
		}
	}
	switch {
	case r.All && kind != OfCompany:
		return domain.Invalid("company", "true", "reach-of-another-kind",
			"does not fit %s: a grant of this role names its reach by %s", "4", role, kind)
	case !r.All && kind == OfCompany:
		return domain.Invalid("company", "", "reach-required",
			"must be set: %s is a function of the whole company", "4", role)
	case kind != OfCompany && len(named[kind]) == 0:
		return domain.Invalid(own, "", "reach-required", "must name what %s reaches, by %s", "4", role, kind)
	case kind == OfOneCenter && len(r.Centers) != 1:
		return domain.Invalid("centers", strings.Join(named[kind], ","), "one-center",
			"must name exactly one center: %s belongs to it", "4", role)
	}
	return nil
}

func checkNames(field string, names []string) error {
	if len(names) > maxNamed {
		return domain.Invalid(field, "", "too-many-names", "must be at most %d in one grant", "4", maxNamed)
	}
	for i, name := range names {
		if err := domain.CheckText(field, name, true); err != nil {
			return err
		}
		if strings.TrimSpace(name) != name {
			return domain.Invalid(field, name, "untrimmed", "must have no blank at either end", "4")
		}
		if slices.Contains(names[:i], name) {
			return domain.Invalid(field, name, "named-twice", "is named twice", "4")
		}
	}
	return nil
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = string(s)
	}
	return out
}

// Same reports whether two reaches name the same.
func (r Reach) Same(o Reach) bool {
	a, b := r.And(Reach{}), o.And(Reach{})
	return a.All == b.All && slices.Equal(a.Regions, b.Regions) && slices.Equal(a.Cities, b.Cities) &&
		slices.Equal(a.Projects, b.Projects) && slices.Equal(a.Centers, b.Centers)
}
