package kit

import (
	"maps"
	"slices"
	"strings"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/names"
)

// reaches are what the rights must reach, in words.
var reaches = map[Reaching][2]string{
	OfCenters:  {"the center", "所在物业服务中心"},
	OfProjects: {"the project", "所在项目"},
	OfRegions:  {"the region", "整个区域"},
	OfCompany:  {"the whole company", "全公司"},
	InCommon:   {"nothing", "不限"},
}

// RoleRow is a line of the table of actions in words: what, whose, how far their
// rights must reach, the clause, and what some of the roles do not see.
type RoleRow struct{ Action, Roles, Reach, Clause, Closed string }

// RoleRows is the table of actions in a language.
func RoleRows(say wording.Language) []RoleRow {
	rows := make([]RoleRow, len(actions))
	for i, a := range Actions() {
		of, roles := 0, make([]string, len(a.Roles))
		for i, role := range a.Roles {
			if roles[i] = string(role); say == wording.Chinese {
				roles[i] = names.Of(role)
			}
		}
		rows[i] = RoleRow{Action: a.Name, Clause: a.Clause, Closed: closedIn(say, a)}
		if say == wording.Chinese {
			of, rows[i].Action = 1, a.Chinese
		}
		rows[i].Reach, rows[i].Roles = reaches[a.Reach][of], joined(say, roles)
	}
	return rows
}

func joined(say wording.Language, list []string) string {
	if say == wording.Chinese {
		return strings.Join(list, "、")
	}
	return strings.Join(list, ", ")
}

func closedIn(say wording.Language, a *Action) string {
	var closed []string
	for _, group := range slices.Sorted(maps.Keys(a.ClosedFields)) {
		var roles []string
		for _, role := range a.ClosedFields[group] {
			roles = append(roles, map[bool]string{true: names.Of(role), false: string(role)}[say == wording.Chinese])
		}
		what := string(group) + ": "
		if say == wording.Chinese {
			what = map[FieldGroup]string{Receivable: "应收：", Cost: "我方成本："}[group]
		}
		closed = append(closed, what+joined(say, roles))
	}
	return strings.Join(closed, "; ")
}

// ReachIn is what a reach names, in a language.
func ReachIn(say wording.Language, r access.Reach) string {
	of := 0
	if say == wording.Chinese {
		of = 1
	}
	if r.All {
		return reaches[OfCompany][of]
	}
	var parts []string
	add := func(what [2]string, names []string) {
		if len(names) > 0 {
			parts = append(parts, what[of]+" "+joined(say, names))
		}
	}
	add([2]string{"regions", "区域"}, r.Regions)
	add([2]string{"cities", "城市"}, r.Cities)
	add([2]string{"projects", "项目"}, texts(r.Projects))
	add([2]string{"centers", "物业服务中心"}, texts(r.Centers))
	return strings.Join(parts, map[bool]string{true: "；", false: "; "}[say == wording.Chinese])
}

func texts[T ~string](list []T) []string {
	out := make([]string, len(list))
	for i, one := range list {
		out[i] = string(one)
	}
	return out
}

// RolesMarkdown is the table of actions as a document, in both languages.
func RolesMarkdown() string {
	var b strings.Builder
	b.WriteString("# Who may do what, and how far\n\nThe table is in `actions.go`; `ledger roles --markdown` writes this page. " +
		"Somebody who holds a role acts as far as what was granted reaches: regions, cities, projects, centers or the whole " +
		"company. What lies outside answers like what does not exist.\n\n" +
		"| action | 操作 | roles | rights reach | clause | does not see |\n|---|---|---|---|---|---|\n")
	chinese := RoleRows(wording.Chinese)
	for i, row := range RoleRows(wording.English) {
		b.WriteString("| " + strings.Join([]string{
			row.Action, chinese[i].Action, row.Roles, row.Reach, row.Clause, row.Closed,
		}, " | ") + " |\n")
	}
	return b.String()
}
