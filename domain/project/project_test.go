package project_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
)

var day, checkCode = domaintest.Day, domaintest.Refused

var register = project.Register{
	Project: "P001", Name: "翠湖花园一期", Region: "华东", City: "上海", Center: "C01", From: day("2026-01-01"),
	Presence: policy.OnProject,
	Warranty: project.Warranty{
		CompletionHandoverOn: day("2024-06-01"), AcceptanceOn: day("2024-07-31"), OccupancyOn: day("2024-09-01"),
		StartsFrom: project.FromOccupancy, Months: 24,
	},
}

func registered(endsOn string) []project.Event {
	return []project.Event{
		project.ProjectRegistered{Project: "P001", Name: "翠湖花园一期", Region: "华东", City: "上海", RegisteredOn: day("2026-01-02")},
		project.CenterAssigned{Project: "P001", Center: "C01", From: day("2026-01-01")},
		project.TeamPresenceChanged{Project: "P001", Presence: policy.OnProject, From: day("2026-01-01")},
		project.WarrantyAgreed{Project: "P001", CompletionHandoverOn: day("2024-06-01"), AcceptanceOn: day("2024-07-31"),
			OccupancyOn: day("2024-09-01"),
			StartsFrom:  project.FromOccupancy, Months: 24, EndsOn: day(endsOn)},
	}
}

func present(p policy.Presence, from string) project.Event {
	return project.TeamPresenceChanged{Project: "P001", Presence: p, From: day(from)}
}

func fold(events ...project.Event) *project.Project {
	return domaintest.Fold[project.Project](events...)
}

func TestRegister(t *testing.T) {
	with := func(change func(*project.Register)) project.Register {
		c := register
		change(&c)
		return c
	}
	tests := map[string]struct {
		given []project.Event
		when  project.Register
		then  []project.Event
		code  string
	}{
		"a project comes with center, presence and the last day of its warranty": {when: register, then: registered("2026-08-31")},
		"a project is registered once":                                           {given: registered("2026-08-31"), when: register, code: "project-exists"},
		"its warranty has a start":                                               {when: with(func(c *project.Register) { c.Warranty.StartsFrom = "" }), code: "unknown-warranty-start"},
		"the start that counts has a date":                                       {when: with(func(c *project.Register) { c.Warranty.OccupancyOn = 0 }), code: "warranty-start-missing"},
		"a warranty lasts":                                                       {when: with(func(c *project.Register) { c.Warranty.Months = 0 }), code: "bad-warranty-length"},
		"a warranty does not last for ever":                                      {when: with(func(c *project.Register) { c.Warranty.Months = 241 }), code: "bad-warranty-length"},
		"a warranty ends on a date that can be kept":                             {when: with(func(c *project.Register) { c.Warranty.OccupancyOn = day("2099-01-01") }), code: "date-out-of-range"},
		"a team is somewhere":                                                    {when: with(func(c *project.Register) { c.Presence = "" }), code: "unknown-presence"},
		"the center answers from a date":                                         {when: with(func(c *project.Register) { c.From = 0 }), code: "date-required"},
		"a project has a name":                                                   {when: with(func(c *project.Register) { c.Name = "" }), code: "text-required"},
		"an identity fits into a stream's name and a URL":                        {when: with(func(c *project.Register) { c.Project = "P 1" }), code: "bad-identity"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := fold(tc.given...).Register(tc.when, day("2026-01-02"))
			checkCode(t, err, tc.code)
			if diff := cmp.Diff(tc.then, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWarrantyEndsTheDayBeforeItsAnniversary(t *testing.T) {
	tests := map[string]struct {
		start  string
		months int
		want   string
	}{
		"two years":                   {"2024-09-01", 24, "2026-08-31"},
		"from a month's last day":     {"2025-08-31", 6, "2026-02-27"},
		"from a leap day":             {"2024-02-29", 12, "2025-02-27"},
		"a month":                     {"2026-01-31", 1, "2026-02-27"},
		"the longest that can happen": {"2026-01-01", 240, "2045-12-31"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			c := register
			c.Warranty = project.Warranty{AcceptanceOn: day(tc.start), StartsFrom: project.FromAcceptance, Months: tc.months}
			got, err := fold().Register(c, day("2026-01-02"))
			if err != nil {
				t.Fatal(err)
			}
			if ends := got[3].(project.WarrantyAgreed).EndsOn.String(); ends != tc.want {
				t.Errorf("ends on %s, want %s", ends, tc.want)
			}
		})
	}
}

func TestChangePresence(t *testing.T) {
	known := append(registered("2026-08-31"), present(policy.LeftCity, "2026-06-01"))
	tests := map[string]struct {
		given []project.Event
		when  project.ChangePresence
		then  []project.Event
		code  string
	}{
		"a team leaves":                           {known, project.ChangePresence{Project: "P001", Presence: policy.ElsewhereCity, From: day("2026-03-01")}, []project.Event{present(policy.ElsewhereCity, "2026-03-01")}, ""},
		"said again, nothing changes":             {known, project.ChangePresence{Project: "P001", Presence: policy.LeftCity, From: day("2026-06-01")}, nil, ""},
		"one date has one presence":               {known, project.ChangePresence{Project: "P001", Presence: policy.OnProject, From: day("2026-06-01")}, nil, "presence-set"},
		"nothing before the service":              {known, project.ChangePresence{Project: "P001", Presence: policy.LeftCity, From: day("2025-12-31")}, nil, "before-service"},
		"no date lies before the service":         {known, project.ChangePresence{Project: "P001", Presence: policy.LeftCity}, nil, "before-service"},
		"a project that is not registered":        {nil, project.ChangePresence{Project: "P001", Presence: policy.LeftCity, From: day("2026-06-01")}, nil, "unknown-project"},
		"a presence that the table does not know": {known, project.ChangePresence{Project: "P001", Presence: "AWAY", From: day("2026-06-01")}, nil, "unknown-presence"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := fold(tc.given...).ChangePresence(tc.when)
			checkCode(t, err, tc.code)
			if diff := cmp.Diff(tc.then, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAssignCenter(t *testing.T) {
	known := append(registered("2026-08-31"),
		project.CenterAssigned{Project: "P001", Center: "C02", From: day("2026-06-01")})
	tests := map[string]struct {
		given []project.Event
		when  project.AssignCenter
		then  []project.Event
		code  string
	}{
		"another center takes over":            {known, project.AssignCenter{Project: "P001", Center: "C03", From: day("2026-09-01")}, []project.Event{project.CenterAssigned{Project: "P001", Center: "C03", From: day("2026-09-01")}}, ""},
		"for the time until the next one does": {known, project.AssignCenter{Project: "P001", Center: "C03", From: day("2026-03-01")}, []project.Event{project.CenterAssigned{Project: "P001", Center: "C03", From: day("2026-03-01")}}, ""},
		"said again, nothing changes":          {known, project.AssignCenter{Project: "P001", Center: "C02", From: day("2026-06-01")}, nil, ""},
		"one date has one center":              {known, project.AssignCenter{Project: "P001", Center: "C03", From: day("2026-06-01")}, nil, "center-set"},
		"the center has it already":            {known, project.AssignCenter{Project: "P001", Center: "C02", From: day("2026-06-02")}, nil, "same-center"},
		"nobody answered for it before":        {known, project.AssignCenter{Project: "P001", Center: "C02", From: day("2025-12-31")}, nil, "no-center-yet"},
		"a date must be given":                 {known, project.AssignCenter{Project: "P001", Center: "C03"}, nil, "date-required"},
		"a center must be named":               {known, project.AssignCenter{Project: "P001", From: day("2026-09-01")}, nil, "bad-identity"},
		"a project that is not registered":     {nil, project.AssignCenter{Project: "P001", Center: "C02", From: day("2026-06-01")}, nil, "unknown-project"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := fold(tc.given...).AssignCenter(tc.when)
			checkCode(t, err, tc.code)
			if diff := cmp.Diff(tc.then, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHandoverIsBetweenTheNeighboursOfItsDate(t *testing.T) {
	p := fold(append(registered("2026-08-31"),
		project.CenterAssigned{Project: "P001", Center: "C02", From: day("2026-06-01")})...)
	first := registered("2026-08-31")[1].(project.CenterAssigned)
	for on, want := range map[calendar.Date]project.Handover{
		first.From:        {},
		day("2026-03-01"): {From: first.Center, Until: day("2026-06-01")},
		day("2026-06-01"): {From: first.Center},
		day("2026-09-01"): {From: "C02"},
	} {
		got, ok := p.HandoverOn(on)
		if ok != (want.From != "") || ok && got != want {
			t.Errorf("on %s: %+v, %t; want %+v", on, got, ok, want)
		}
	}
}

func TestTermsAreThoseOfTheDate(t *testing.T) {
	// Recorded out of order, as people do.
	p := fold(append(registered("2026-08-31"),
		present(policy.LeftCity, "2026-06-01"), present(policy.ElsewhereCity, "2026-03-01"),
		project.CenterAssigned{Project: "P001", Center: "C02", From: day("2026-07-01")})...)
	tests := map[string]struct {
		on   string
		want project.Terms
		code string
	}{
		"the first day":                 {"2026-01-01", project.Terms{Center: "C01", Presence: policy.OnProject}, ""},
		"the eve of the team's leaving": {"2026-02-28", project.Terms{Center: "C01", Presence: policy.OnProject}, ""},
		"the day it left":               {"2026-03-01", project.Terms{Center: "C01", Presence: policy.ElsewhereCity}, ""},
		"after it left the city":        {"2026-06-30", project.Terms{Center: "C01", Presence: policy.LeftCity}, ""},
		"with another center":           {"2026-07-01", project.Terms{Center: "C02", Presence: policy.LeftCity}, ""},
		"before any center":             {"2025-12-31", project.Terms{}, "no-center-yet"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := p.TermsOn("P001", day(tc.on))
			checkCode(t, err, tc.code)
			if tc.code == "" {
				tc.want.WarrantyEndsOn, tc.want.OccupancyOn = day("2026-08-31"), day("2024-09-01")
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	_, err := fold().TermsOn("P001", day("2026-01-01"))
	checkCode(t, err, "unknown-project")
}
