package kit_test

import (
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
)

var update = flag.Bool("update", false, "write ROLES.md")

func TestThePageOfRolesIsTheTable(t *testing.T) {
	if *update {
		if err := os.WriteFile("ROLES.md", []byte(kit.RolesMarkdown()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile("ROLES.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(kit.RolesMarkdown(), string(page)); diff != "" {
		t.Errorf("ROLES.md is not the table: write it with -update (-table +page)\n%s", diff)
	}
}

func TestEveryActionSaysWhoHowFarAndByWhichClause(t *testing.T) {
	var names []string
	for _, a := range kit.Actions() {
		if a.Name == "" || a.Chinese == "" || a.Clause == "" || len(a.Roles) == 0 {
			t.Errorf("action %+v says too little", a)
		}
		if slices.Contains(names, a.Name) {
			t.Errorf("two actions are called %s", a.Name)
		}
		names = append(names, a.Name)
		for group, roles := range a.ClosedFields {
			for _, role := range roles {
				if !slices.Contains(a.Roles, role) {
					t.Errorf("%s closes %s to %s, who may not at all", a.Name, group, role)
				}
			}
		}
	}
	for _, row := range kit.RoleRows(wording.English) {
		if row.Reach == "" {
			t.Errorf("action %s does not say what rights must reach", row.Action)
		}
	}
	left := slices.DeleteFunc(domain.Roles(), func(role domain.Role) bool {
		return slices.ContainsFunc(kit.Actions(), func(a *kit.Action) bool { return slices.Contains(a.Roles, role) })
	})
	if len(left) > 0 {
		t.Errorf("%v may do nothing", left)
	}
}
