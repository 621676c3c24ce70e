package ticket

import (
	"slices"
	"strings"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/policy"
)

// CoverageOverridden puts another value in place of one that was frozen on the
// ticket. What was frozen stays in the log, and every view shows that it was
// overridden, by whom and why (§5.4).
type CoverageOverridden struct {
	Ticket       domain.TicketID `json:"ticket"`
	What         CoverageItem    `json:"what"`
	Was          string          `json:"was"`
	Now          string          `json:"now"`
	Coverage     policy.Coverage `json:"coverage"` // as it stands from now on
	Reason       string          `json:"reason"`
	OverriddenAt time.Time       `json:"overriddenAt"`
	By           string          `json:"by"`
}

// EventType implements domain.Event.
func (CoverageOverridden) EventType() string { return "CoverageOverridden" }

func (e CoverageOverridden) RestsOn() domain.Ground { return domain.Clause(e.Coverage.Clause) }

func (CoverageOverridden) ticketEvent() {}

// CoverageItem names what of a coverage can be overridden.
type CoverageItem string

const (
	OfBearer   CoverageItem = "BEARER"   // DEPARTMENT or CENTER
	OfTravel   CoverageItem = "TRAVEL"   // CHARGED or FREE
	OfCategory CoverageItem = "CATEGORY" // EMERGENCY or ORDINARY: the clock follows
	OfDeadline CoverageItem = "DEADLINE" // an instant, or NONE
)

// CoverageItems lists what can be overridden.
func CoverageItems() []CoverageItem {
	return []CoverageItem{OfBearer, OfTravel, OfCategory, OfDeadline}
}

// OverrideCoverage is the command that puts another value in place.
type OverrideCoverage struct {
	Ticket domain.TicketID `json:"ticket,omitzero"`
	What   CoverageItem    `json:"what,omitzero"`
	Value  string          `json:"value,omitzero"`
	Reason string          `json:"reason,omitzero"`
	By     string          `json:"by,omitzero"`
	Role   domain.Role     `json:"role,omitzero"`
}

// OverrideCoverage puts another value in place, with a reason. Lines of F1 that
// are written already keep who bears their cost. Nobody overrides the coverage
// of a ticket that they took up or recorded themselves; such a refusal is recorded.
func (t *Ticket) OverrideCoverage(c OverrideCoverage, now time.Time) ([]Event, error) {
	if err := domain.FirstError(t.mustBeNotified(c.Ticket), t.mustBeOpen(c.Ticket),
		domain.CheckText("reason", c.Reason, true)); err != nil {
		return nil, err
	}
	if strings.TrimSpace(c.Reason) == "" {
		return nil, domain.Invalid("reason", c.Reason, "text-required", "must not be empty: an override needs a reason",
			"5.4")
	}
	coverage, was, value, err := t.overridden(c)
	if err != nil {
		return nil, err
	}
	if was == value {
		return nil, nil
	}
	work := []string{t.accepted.By, t.accepted.Technician}
	for _, l := range t.lines {
		work = append(work, l.By)
	}
	own := duties.By(work...).Did(
		"was taken up or has a fault record by %s: nobody decides on the coverage of their own work")
	if err := apart(c.Ticket, "ticket", string(c.Ticket), "COVERAGE_OVERRIDE", c.By, now, own); err != nil {
		return nil, err
	}
	return []Event{CoverageOverridden{
		Ticket: c.Ticket, What: c.What, Was: was, Now: value, Coverage: coverage, Reason: c.Reason,
		OverriddenAt: inShanghai(now), By: c.By,
	}}, nil
}

// overridden returns the coverage with another value, and the value's old and
// new text.
func (t *Ticket) overridden(c OverrideCoverage) (coverage policy.Coverage, was, value string, err error) {
	coverage = t.coverage
	oneOf := func(was string, values ...names.CoverageValue) (string, string, error) {
		if !slices.Contains(values, names.CoverageValue(c.Value)) {
			return "", "", domain.Invalid("value", domain.Clip(c.Value), "bad-override", "must be one of %v", "5.4", values)
		}
		return was, c.Value, nil
	}
	switch c.What {
	case OfBearer:
		was, value, err = oneOf(string(coverage.Bearer), names.CoverageValue(policy.Us), names.CoverageValue(policy.Center))
		coverage.Bearer = policy.Bearer(value)
	case OfTravel:
		travel := map[bool]names.CoverageValue{true: "CHARGED", false: "FREE"}
		was, value, err = oneOf(string(travel[coverage.TravelCharged]), travel[true], travel[false])
		coverage.TravelCharged = value == string(travel[true])
	case OfCategory:
		was, value, err = oneOf(string(coverage.Category), names.CoverageValue(policy.Emergency),
			names.CoverageValue(policy.Ordinary))
		coverage = coverage.AsCategory(policy.Category(value), t.notifiedAt)
	case OfDeadline:
		was, value, err = t.newDeadline(&coverage, c.Value)
	default:
		err = domain.Invalid("what", domain.Clip(string(c.What)), "unknown-coverage-item", "must be one of %v", "5.4",
			CoverageItems())
	}
	return coverage, was, value, err
}

const noDeadline = "NONE"

func (t *Ticket) newDeadline(c *policy.Coverage, text string) (was, value string, err error) {
	write := func(by *time.Time) string {
		if by == nil {
			return noDeadline
		}
		return by.Format(time.RFC3339)
	}
	was = write(c.RespondBy)
	c.RespondBy, c.Advisory, c.Response = nil, false, ""
	if text != noDeadline {
		by, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || by.Before(t.notifiedAt) {
			return "", "", domain.Invalid("value", domain.Clip(text), "bad-override",
				"must be NONE, or an instant after the notification, %s", "5.4", t.notifiedAt.Format(time.RFC3339))
		}
		by = inShanghai(by)
		c.RespondBy = &by
	}
	return was, write(c.RespondBy), nil
}
