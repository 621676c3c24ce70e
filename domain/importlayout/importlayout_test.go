package importlayout_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/importlayout"
)

func saved(name, heading string) importlayout.ImportLayoutSaved {
	return importlayout.ImportLayoutSaved{Kind: "charges", Name: name, Columns: map[string]string{"amount": heading}}
}

func TestALayoutIsSavedAndReplaced(t *testing.T) {
	for name, c := range map[string]struct {
		given []importlayout.Event
		save  importlayout.ImportLayoutSaved
		want  []importlayout.Event
		code  string
	}{
		"a new name is saved":                    {save: saved("万科表", "总价"), want: []importlayout.Event{saved("万科表", "总价")}},
		"the same again decides nothing":         {given: []importlayout.Event{saved("万科表", "总价")}, save: saved("万科表", "总价")},
		"another mapping replaces it":            {given: []importlayout.Event{saved("万科表", "总价")}, save: saved("万科表", "应收"), want: []importlayout.Event{saved("万科表", "应收")}},
		"what was replaced may come back":        {given: []importlayout.Event{saved("a", "x"), saved("a", "y")}, save: saved("a", "x"), want: []importlayout.Event{saved("a", "x")}},
		"a name must be given":                   {save: saved("", "总价"), code: "text-required"},
		"a name with blanks at its end":          {save: saved("万科表 ", "总价"), code: "bad-layout-name"},
		"a name that is too long":                {save: saved(strings.Repeat("万", 61), "总价"), code: "bad-layout-name"},
		"the name that lists the layouts":        {save: saved("?", "总价"), code: "bad-layout-name"},
		"a mapping of nothing":                   {save: importlayout.ImportLayoutSaved{Kind: "charges", Name: "空"}, code: "columns-required"},
		"a mapping that leaves one field unread": {save: saved("b", ""), want: []importlayout.Event{saved("b", "")}},
	} {
		t.Run(name, func(t *testing.T) {
			var s importlayout.Layouts
			for _, e := range c.given {
				s.Evolve(e)
			}
			got, err := s.Save(importlayout.Save(c.save))
			var r *domain.Rejection
			if errors.As(err, &r); (r == nil) != (c.code == "") || r != nil && r.Code != c.code {
				t.Fatalf("refused with %v, want %q", err, c.code)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheLatestOfANameIsInForceWhateverItsCase(t *testing.T) {
	var s importlayout.Layouts
	for _, e := range []importlayout.Event{saved("Vanke", "a"), saved("b", "c"), saved("VANKE", "d")} {
		s.Evolve(e)
	}
	if diff := cmp.Diff([]importlayout.ImportLayoutSaved{saved("VANKE", "d"), saved("b", "c")}, s.All()); diff != "" {
		t.Error(diff)
	}
}
