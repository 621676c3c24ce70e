// Package project holds the residential projects under after-sales service:
// the property center that answers for each over time, its warranty and where
// the team that serves it is.
package project

import (
	"fmt"
	"slices"
	"sort"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
)

// Stream names the stream of one project.
func Stream(id domain.ProjectID) string { return "project-" + string(id) }

// Event is a fact about one project.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	projectEvent()
}

// ProjectRegistered brings a project under after-sales service.
type ProjectRegistered struct {
	Project      domain.ProjectID `json:"project"`
	Name         string           `json:"name"`
	Region       string           `json:"region"`
	City         string           `json:"city"`
	RegisteredOn calendar.Date    `json:"registeredOn"`
}

// CenterAssigned makes a center answer for the project from a date on, until
// the next assignment.
type CenterAssigned struct {
	Project domain.ProjectID `json:"project"`
	Center  domain.CenterID  `json:"center"`
	From    calendar.Date    `json:"from"`
}

// WarrantyAgreed states the three possible starts of the warranty, which one
// the contract counts from, and the last day in warranty that follows (§5.4).
type WarrantyAgreed struct {
	Project              domain.ProjectID `json:"project"`
	CompletionHandoverOn calendar.Date    `json:"completionHandoverOn,omitzero"`
	AcceptanceOn         calendar.Date    `json:"acceptanceOn,omitzero"`
	OccupancyOn          calendar.Date    `json:"occupancyOn,omitzero"`
	StartsFrom           WarrantyStart    `json:"startsFrom"`
	Months               int              `json:"months"`
	EndsOn               calendar.Date    `json:"endsOn"`

	// Of an amendment: from when it counts, why and by whom. The first agreement
	// has none of them and counts always.
	From   calendar.Date `json:"from,omitzero"`
	Reason string        `json:"reason,omitempty"`
	By     string        `json:"by,omitempty"`
}

// TeamPresenceChanged says where the serving team is from a date on.
type TeamPresenceChanged struct {
	Project  domain.ProjectID `json:"project"`
	Presence policy.Presence  `json:"presence"`
	From     calendar.Date    `json:"from"`
}

func (ProjectRegistered) EventType() string   { return "ProjectRegistered" }
func (CenterAssigned) EventType() string      { return "CenterAssigned" }
func (WarrantyAgreed) EventType() string      { return "WarrantyAgreed" }
func (TeamPresenceChanged) EventType() string { return "TeamPresenceChanged" }

func (ProjectRegistered) RestsOn() domain.Ground   { return domain.Clause("5.4") }
func (CenterAssigned) RestsOn() domain.Ground      { return domain.Clause("5.3.4") }
func (WarrantyAgreed) RestsOn() domain.Ground      { return domain.Clause("5.4") }
func (TeamPresenceChanged) RestsOn() domain.Ground { return domain.Clause("5.4") }

func (ProjectRegistered) projectEvent()   {}
func (CenterAssigned) projectEvent()      {}
func (WarrantyAgreed) projectEvent()      {}
func (TeamPresenceChanged) projectEvent() {}

// WarrantyStart is the date that a contract counts the warranty from.
type WarrantyStart string

const (
	FromCompletionHandover WarrantyStart = "COMPLETION_HANDOVER" // 竣工移交
	FromAcceptance         WarrantyStart = "ACCEPTANCE"          // 验收
	FromOccupancy          WarrantyStart = "OCCUPANCY"           // 入伙
)

// Project is the state of one project.
type Project struct {
	id         domain.ProjectID
	name       string
	region     string
	centers    []CenterAssigned      // by From, one per date
	warranties []WarrantyAgreed      // by From; of one date the last counts
	presences  []TeamPresenceChanged // by From, one per date
	rosters    []RosterPublished     // by From; of one date the last counts
	overrides  []policy.Override     // by From
	forms      []RegistrationFormHandedOver
	planned    HandoverPlanned // the last plan
	done       []HandoverItemDone
	advised    []SparePartsAdvised
}

// Register is the command that brings a project under service.
type Register struct {
	Project  domain.ProjectID `json:"project,omitzero"`
	Name     string           `json:"name,omitzero"`
	Region   string           `json:"region,omitzero"`
	City     string           `json:"city,omitzero"`
	Center   domain.CenterID  `json:"center,omitzero"`
	From     calendar.Date    `json:"from,omitzero"` // from when the center answers for it
	Presence policy.Presence  `json:"presence,omitzero"`
	Warranty Warranty         `json:"warranty,omitzero"`
}

// Warranty is the contract's agreement on warranty.
type Warranty struct {
	CompletionHandoverOn calendar.Date `json:"completionHandoverOn,omitzero"`
	AcceptanceOn         calendar.Date `json:"acceptanceOn,omitzero"`
	OccupancyOn          calendar.Date `json:"occupancyOn,omitzero"`
	StartsFrom           WarrantyStart `json:"startsFrom,omitzero"`
	Months               int           `json:"months,omitzero"`
}

// maxWarrantyMonths bounds a warranty [D]; longer ones are typing errors.
const maxWarrantyMonths = 240

// Register brings the project under service with its center, warranty and the
// team's presence. A project is registered once.
func (p *Project) Register(c Register, today calendar.Date) ([]Event, error) {
	if p.id != "" {
		return nil, domain.Conflict("project", string(c.Project), "project-exists",
			"is registered already, as %q", "", p.name)
	}
	if err := domain.FirstError(
		domain.CheckID("project", c.Project),
		domain.CheckID("center", c.Center),
		domain.CheckText("name", c.Name, true),
		domain.CheckText("region", c.Region, true),
		domain.CheckText("city", c.City, true),
		checkPresence(c.Presence),
	); err != nil {
		return nil, err
	}
	if c.From.IsZero() {
		return nil, domain.Invalid("from", "", "date-required", "must be given", "")
	}
	warranty, err := c.Warranty.agree(c.Project)
	if err != nil {
		return nil, err
	}
	return []Event{
		ProjectRegistered{Project: c.Project, Name: c.Name, Region: c.Region, City: c.City, RegisteredOn: today},
		CenterAssigned{Project: c.Project, Center: c.Center, From: c.From},
		TeamPresenceChanged{Project: c.Project, Presence: c.Presence, From: c.From},
		warranty,
	}, nil
}

func (w Warranty) agree(id domain.ProjectID) (agreed WarrantyAgreed, err error) {
	starts := map[WarrantyStart]calendar.Date{
		FromCompletionHandover: w.CompletionHandoverOn,
		FromAcceptance:         w.AcceptanceOn,
		FromOccupancy:          w.OccupancyOn,
	}
	start, known := starts[w.StartsFrom]
	if !known {
		return agreed, domain.Invalid("warranty.startsFrom", string(w.StartsFrom), "unknown-warranty-start",
			"must be one of %v", "5.4",
			[]WarrantyStart{FromCompletionHandover, FromAcceptance, FromOccupancy})
	}
	if start.IsZero() {
		return agreed, domain.Invalid("warranty", "", "warranty-start-missing",
			"must give the date of %s, from which the contract counts", "5.4", w.StartsFrom)
	}
	if w.Months < 1 || w.Months > maxWarrantyMonths {
		return agreed, domain.Invalid("warranty.months", fmt.Sprint(w.Months), "bad-warranty-length",
			"must be between 1 and %d months", "5.4", maxWarrantyMonths)
	}
	ends := start.AddMonths(w.Months).AddDays(-1)
	if err := ends.CheckRange("warranty.endsOn"); err != nil {
		return agreed, err
	}
	return WarrantyAgreed{
		Project: id, CompletionHandoverOn: w.CompletionHandoverOn, AcceptanceOn: w.AcceptanceOn, OccupancyOn: w.OccupancyOn,
		StartsFrom: w.StartsFrom, Months: w.Months, EndsOn: ends,
	}, nil
}

// ChangePresence is the command that records where the team is from a date on.
type ChangePresence struct {
	Project  domain.ProjectID `json:"project,omitzero"`
	Presence policy.Presence  `json:"presence,omitzero"`
	From     calendar.Date    `json:"from,omitzero"`
}

// ChangePresence records where the team is from a date on: one date has one
// presence. Tickets notified before keep what was frozen on them.
func (p *Project) ChangePresence(c ChangePresence) ([]Event, error) {
	if err := domain.FirstError(p.MustExist(c.Project), checkPresence(c.Presence)); err != nil {
		return nil, err
	}
	for _, was := range p.presences {
		if was.From != c.From {
			continue
		}
		if was.Presence == c.Presence {
			return nil, nil
		}
		return nil, domain.Conflict("from", c.From.String(), "presence-set",
			"has the presence %s already; a date has one presence", "5.4", was.Presence)
	}
	if first := p.presences[0].From; c.From.Before(first) {
		return nil, domain.Invalid("from", c.From.String(), "before-service",
			"must not lie before service of the project began, %s", "5.4", first)
	}
	return []Event{TeamPresenceChanged(c)}, nil
}

// AssignCenter is the command that hands a project over to another center from
// a date on, until the next such date.
type AssignCenter struct {
	Project domain.ProjectID `json:"project,omitzero"`
	Center  domain.CenterID  `json:"center,omitzero"`
	From    calendar.Date    `json:"from,omitzero"`
}

// AssignCenter hands the project over. One date has one center: the same again
// decides nothing.
func (p *Project) AssignCenter(c AssignCenter) ([]Event, error) {
	if err := domain.FirstError(p.MustExist(c.Project), domain.CheckID("center", c.Center)); err != nil {
		return nil, err
	}
	if c.From.IsZero() {
		return nil, domain.Invalid("from", "", "date-required", "must be given", "5.3.4")
	}
	for _, was := range p.centers {
		switch {
		case was.From != c.From:
		case was.Center == c.Center:
			return nil, nil
		default:
			return nil, domain.Conflict("from", c.From.String(), "center-set",
				"is the first day of center %s already; a date has one center", "5.3.4", was.Center)
		}
	}
	before, err := p.CenterOn(c.Project, c.From)
	if err != nil {
		return nil, err
	}
	if before == c.Center {
		return nil, domain.Conflict("center", string(c.Center), "same-center", "answers for the project on %s already",
			"5.3.4", c.From)
	}
	return []Event{CenterAssigned(c)}, nil
}

// Handover is a change of centers on a date, decided or to be decided.
type Handover struct {
	From domain.CenterID // who gives the project away
	// Until is when the next change takes it from the receiving center; zero: none
	// does.
	Until calendar.Date
}

// HandoverOn returns what a change of centers on a date means; ok is false
// where no center answered for the project before.
func (p *Project) HandoverOn(on calendar.Date) (h Handover, ok bool) {
	for _, a := range p.centers {
		switch {
		case a.From.Before(on):
			h.From = a.Center
		case a.From.After(on) && h.Until.IsZero():
			h.Until = a.From
		}
	}
	return h, h.From != ""
}

func checkPresence(p policy.Presence) error {
	if slices.Contains(policy.Presences(), p) {
		return nil
	}
	return domain.Invalid("presence", string(p), "unknown-presence", "must be one of %v", "5.4",
		policy.Presences())
}

// MustExist rejects a project that is not registered.
func (p *Project) MustExist(id domain.ProjectID) error {
	if p.id == "" {
		return domain.NotFound("project", string(id), "unknown-project", "is not a registered project")
	}
	return nil
}

// Evolve folds an event into the project.
func (p *Project) Evolve(e Event) {
	switch e := e.(type) {
	case ProjectRegistered:
		p.id, p.name, p.region = e.Project, e.Name, e.Region
	case CenterAssigned:
		p.centers = insertByDate(p.centers, e, func(a CenterAssigned) calendar.Date { return a.From })
	case WarrantyAgreed:
		p.warranties = insertByDate(p.warranties, e, func(a WarrantyAgreed) calendar.Date { return a.From })
	case TeamPresenceChanged:
		p.presences = insertByDate(p.presences, e, func(a TeamPresenceChanged) calendar.Date { return a.From })
	case RosterPublished:
		p.rosters = insertByDate(p.rosters, e, func(a RosterPublished) calendar.Date { return a.From })
	case ServiceTermsOverridden:
		p.overrides = insertByDate(p.overrides, e.override(), func(o policy.Override) calendar.Date { return o.From })
	case RegistrationFormHandedOver:
		p.forms = append(p.forms, e)
	case HandoverPlanned:
		p.planned = e
	case HandoverItemDone:
		p.done = append(p.done, e)
	case SparePartsAdvised:
		p.advised = append(p.advised, e)
	}
}

func insertByDate[T any](s []T, v T, from func(T) calendar.Date) []T {
	i := sort.Search(len(s), func(i int) bool { return from(s[i]).After(from(v)) })
	return slices.Insert(s, i, v)
}

// CenterOn returns the center that answers for the project on a date.
func (p *Project) CenterOn(id domain.ProjectID, d calendar.Date) (domain.CenterID, error) {
	if err := p.MustExist(id); err != nil {
		return "", err
	}
	for _, a := range slices.Backward(p.centers) {
		if !a.From.After(d) {
			return a.Center, nil
		}
	}
	return "", domain.Conflict("project", string(id), "no-center-yet",
		"has no property center on %s; the first answers for it from %s", "5.1", d, p.centers[0].From)
}

// Terms are the facts about a project that its tickets freeze.
type Terms struct {
	Center         domain.CenterID
	WarrantyEndsOn calendar.Date
	OccupancyOn    calendar.Date // zero: not known
	Presence       policy.Presence
	Overrides      []policy.Override // all of the contract's, by date
}

// TermsOn returns the terms in force on a date.
func (p *Project) TermsOn(id domain.ProjectID, d calendar.Date) (Terms, error) {
	center, err := p.CenterOn(id, d)
	if err != nil {
		return Terms{}, err
	}
	agreed := p.warrantyOn(d)
	t := Terms{
		Center: center, WarrantyEndsOn: agreed.EndsOn, OccupancyOn: agreed.OccupancyOn, Presence: p.presences[0].Presence,
		Overrides: slices.Clone(p.overrides),
	}
	for _, a := range p.presences {
		if !a.From.After(d) {
			t.Presence = a.Presence
		}
	}
	return t, nil
}

// warrantyOn is the agreement on warranty in force on a date.
func (p *Project) warrantyOn(d calendar.Date) (agreed WarrantyAgreed) {
	for _, w := range p.warranties {
		if !w.From.After(d) {
			agreed = w
		}
	}
	return agreed
}
