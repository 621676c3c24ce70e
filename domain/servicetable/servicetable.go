// Package servicetable holds a department's own versions of the service table
// of §5.4, by effective date. Before the first of them the procedure's table is
// in force. A version is in the log so that what was owed on a past date never
// changes when the rules do.
package servicetable

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
)

// Stream is the one stream that holds all versions.
const Stream = "servicetable"

// Event is a fact about the service table.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	serviceTableEvent()
}

// ServiceTablePublished is a new version, in force from a date until the next
// one.
type ServiceTablePublished struct {
	Table         policy.TableText `json:"table"`
	EffectiveFrom calendar.Date    `json:"effectiveFrom"`
	By            string           `json:"by"`
}

// EventType implements domain.Event.
func (ServiceTablePublished) EventType() string { return "ServiceTablePublished" }

func (ServiceTablePublished) RestsOn() domain.Ground { return domain.Clause("5.4") }

func (ServiceTablePublished) serviceTableEvent() {}

// Tables is the state: versions in the order of their effective dates.
type Tables struct {
	versions []version
}

type version struct {
	policy.Table
	text policy.TableText
	from calendar.Date
}

// Publish is the command for a new version.
type Publish struct {
	Table         policy.TableText `json:"table,omitzero"`
	EffectiveFrom calendar.Date    `json:"effectiveFrom,omitzero"`
	By            string           `json:"by,omitzero"`
}

// Publish adds a version. It may begin only after the last one begins: what
// was in force on a past date must not change. The version in force, published
// again unchanged, decides nothing.
func (t *Tables) Publish(c Publish) ([]Event, error) {
	table, err := c.Table.Table()
	if err != nil {
		return nil, err
	}
	if c.EffectiveFrom.IsZero() {
		return nil, domain.Invalid("effectiveFrom", "", "date-required", "must be given", "5.4")
	}
	text := table.Text() // with what the file left to its default
	for _, v := range t.versions {
		switch {
		case v.Version != table.Version:
		case v.from == c.EffectiveFrom && same(v.text, text):
			return nil, nil
		default:
			return nil, domain.Conflict("version", table.Version, "version-exists",
				"was published already, in force from %s; history does not change", "5.4", v.from)
		}
	}
	if n := len(t.versions); n > 0 && !c.EffectiveFrom.After(t.versions[n-1].from) {
		last := t.versions[n-1]
		return nil, domain.Conflict("effectiveFrom", c.EffectiveFrom.String(), "service-table-overlap",
			"must lie after %s, from which version %s is in force", "5.4", last.from, last.Version)
	}
	return []Event{ServiceTablePublished{Table: text, EffectiveFrom: c.EffectiveFrom, By: c.By}}, nil
}

func same(a, b policy.TableText) bool {
	if a.Version != b.Version || a.HandoverMonths != b.HandoverMonths || len(a.Rows) != len(b.Rows) {
		return false
	}
	for i := range a.Rows {
		if a.Rows[i] != b.Rows[i] {
			return false
		}
	}
	return true
}

// Evolve folds an event into the state.
func (t *Tables) Evolve(e Event) {
	switch e := e.(type) {
	case ServiceTablePublished:
		table, err := e.Table.Table()
		if err != nil {
			return // Publish let none pass that does not read
		}
		t.versions = append(t.versions, version{table, e.Table, e.EffectiveFrom})
	}
}

// On returns the table in force on a date, and from when it is; otherwise is
// the one before the first version.
func (t *Tables) On(d calendar.Date, otherwise policy.Table) (policy.Table, calendar.Date) {
	for i := len(t.versions) - 1; i >= 0; i-- {
		if v := t.versions[i]; !v.from.After(d) {
			return v.Table, v.from
		}
	}
	return otherwise, 0
}

// Has reports whether a version was published with exactly this content, and
// from when it is in force.
func (t *Tables) Has(text policy.TableText) (from calendar.Date, ok bool) {
	table, err := text.Table()
	if err != nil {
		return 0, false
	}
	for _, v := range t.versions {
		if same(v.text, table.Text()) {
			return v.from, true
		}
	}
	return 0, false
}
