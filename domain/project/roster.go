package project

import (
	"fmt"
	"slices"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// RosterPublished is a version of the names and phones that a center may call
// around the clock, in force from a date until the next version's (§5.1.1).
type RosterPublished struct {
	Project domain.ProjectID `json:"project"`
	Version int              `json:"version"` // counted from 1
	From    calendar.Date    `json:"from"`
	Entries []Contact        `json:"entries"`
	By      string           `json:"by"`
}

// EventType implements domain.Event.
func (RosterPublished) EventType() string { return "RosterPublished" }

func (RosterPublished) RestsOn() domain.Ground { return domain.Clause("5.1.1") }

func (RosterPublished) projectEvent() {}

// Contact is one person of a roster, on call 24 hours.
type Contact struct {
	Role  domain.Role `json:"role"` // technician or city-lead
	Name  string      `json:"name"`
	Phone string      `json:"phone"`
}

// PublishRoster is the command for a new version.
type PublishRoster struct {
	Project domain.ProjectID `json:"project,omitzero"`
	From    calendar.Date    `json:"from,omitzero"`
	Entries []Contact        `json:"entries,omitzero"`
	By      string           `json:"by,omitzero"`
}

// PublishRoster adds a version of the roster: the technicians and the city
// lead. The same again as is in force already decides nothing.
func (p *Project) PublishRoster(c PublishRoster) ([]Event, error) {
	if err := domain.FirstError(p.MustExist(c.Project), checkContacts(c.Entries)); err != nil {
		return nil, err
	}
	if first := p.centers[0].From; c.From.Before(first) {
		return nil, domain.Invalid("from", c.From.String(), "before-service",
			"must not lie before service of the project began, %s", "5.1.1", first)
	}
	if was, ok := p.RosterOn(c.From); ok && was.From == c.From && slices.Equal(was.Entries, c.Entries) {
		return nil, nil
	}
	return []Event{
		RosterPublished{Project: c.Project, Version: len(p.rosters) + 1, From: c.From, Entries: c.Entries, By: c.By},
	}, nil
}

// RosterOn returns the roster in force on a date.
func (p *Project) RosterOn(d calendar.Date) (r RosterPublished, ok bool) {
	for _, v := range p.rosters {
		if !v.From.After(d) {
			r, ok = v, true
		}
	}
	return r, ok
}

// maxContacts bounds a roster; a longer one helps nobody in a hurry.
const maxContacts = 50

func checkContacts(entries []Contact) error {
	if len(entries) > maxContacts {
		return domain.Invalid("entries", "", "roster-too-long", "has %d people; must be at most %d", "5.1.1",
			len(entries), maxContacts)
	}
	for i, e := range entries {
		at := fmt.Sprintf("entries[%d].", i)
		if e.Role != domain.Technician && e.Role != domain.CityLead {
			return domain.Invalid(at+"role", string(e.Role), "not-on-call", "must be one of %v", "5.1.1",
				[]domain.Role{domain.Technician, domain.CityLead})
		}
		if err := domain.FirstError(domain.CheckText(at+"name", e.Name, true), checkPhone(at+"phone", e.Phone)); err != nil {
			return err
		}
		if slices.Contains(entries[:i], e) {
			return domain.Invalid(at+"name", e.Name, "contact-twice", "is listed twice on the roster", "5.1.1")
		}
	}
	for _, role := range []domain.Role{domain.Technician, domain.CityLead} {
		if !slices.ContainsFunc(entries, func(e Contact) bool { return e.Role == role }) {
			return domain.Invalid("entries", "", "contact-missing",
				"must name a %s: a center can call technicians and city lead", "5.1.1", role)
		}
	}
	return nil
}

// checkPhone rejects what nobody can dial.
func checkPhone(field, s string) error {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune("+- ", r):
			digits = -len(s)
		}
	}
	if digits < 3 || len(s) > 20 {
		return domain.Invalid(field, domain.Clip(s), "bad-phone", `must be 3 to 20 digits, "+", "-" and spaces`, "5.1.1")
	}
	return nil
}
