// Package importlayout keeps how a person's own lists name their columns: a
// mapping of headings that is saved under a name, to be used again for the next
// list of the same make.
package importlayout

import (
	"maps"
	"slices"
	"strings"

	"aftersales-ledger/domain"
)

// Stream names the stream of the layouts of one kind of list, such as
// "charges"; within a kind a name is unique, whatever its case.
func Stream(kind string) string { return "import-layouts-" + kind }

// Event is a fact about the layouts of one kind of list.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	layoutEvent()
}

// ImportLayoutSaved is a mapping under a name, from then on instead of the one
// that the name had before.
type ImportLayoutSaved struct {
	Kind    string            `json:"kind"`
	Name    string            `json:"name"`
	Columns map[string]string `json:"columns"` // headings by field; an empty one leaves the field unread
}

func (ImportLayoutSaved) EventType() string { return "ImportLayoutSaved" }

func (ImportLayoutSaved) RestsOn() domain.Ground {
	return domain.Silent("a list that comes again is read as before")
}

func (ImportLayoutSaved) layoutEvent() {}

// Layouts is the state of the saved layouts of one kind of list.
type Layouts struct {
	saved map[string]ImportLayoutSaved // by name in lower case
}

// Save is the command that saves a mapping under a name.
type Save struct {
	Kind    string            `json:"kind,omitzero"`
	Name    string            `json:"name,omitzero"`
	Columns map[string]string `json:"columns,omitzero"`
}

// Save saves a mapping; what the name stands for already decides nothing. The
// fields and headings are those of a kind of list, and checked by its reader.
func (s *Layouts) Save(c Save) ([]Event, error) {
	if err := domain.CheckText("name", c.Name, true); err != nil {
		return nil, err
	}
	if len([]rune(c.Name)) > 60 || strings.TrimSpace(c.Name) != c.Name || c.Name == "?" {
		return nil, domain.Invalid("name", domain.Clip(c.Name), "bad-layout-name",
			"must have at most 60 characters, no blank at either end, and not be ?, which lists the layouts", "")
	}
	if len(c.Columns) == 0 {
		return nil, domain.Invalid("columns", "", "columns-required",
			"must name at least one column: a layout without any says nothing", "")
	}
	if was, ok := s.saved[strings.ToLower(c.Name)]; ok && was.Name == c.Name && maps.Equal(was.Columns, c.Columns) {
		return nil, nil
	}
	return []Event{ImportLayoutSaved(c)}, nil
}

// Evolve folds an event into the layouts.
func (s *Layouts) Evolve(e Event) {
	switch e := e.(type) {
	case ImportLayoutSaved:
		if s.saved == nil {
			s.saved = make(map[string]ImportLayoutSaved)
		}
		s.saved[strings.ToLower(e.Name)] = e
	}
}

// All lists the layouts in force, by name.
func (s *Layouts) All() []ImportLayoutSaved {
	return slices.SortedFunc(maps.Values(s.saved),
		func(a, b ImportLayoutSaved) int { return strings.Compare(a.Name, b.Name) })
}
