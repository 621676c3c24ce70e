package claimsfile_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/door/claims"
	"aftersales-ledger/cmd/internal/claimsfile"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

const good = `# who is who
login: {claim: upn, before: "@"}
name: name
mail: email
create: true
days: 30
userinfo: true
grants:
  - when: {groups: ledger-finance}
    role: finance
    company: true
  - when: {groups: [ledger-east, ledger-all], realm.title: 区域行政}
    role: regional-admin
    regions: [华东, 华南]
  - when: {groups: ledger-technician}
    role: technician
    projects: {claim: groups, prefix: project-}
`

func TestAMappingIsReadAsItIsWritten(t *testing.T) {
	got, err := claimsfile.Parse("m.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	when := func(claim string, values ...string) claims.Requirement {
		return claims.Requirement{Claim: claim, Values: values}
	}
	want := claims.Mapping{
		Login: claims.Text{Claim: "upn", Before: "@"}, Name: "name", Mail: "email", Create: true, Days: 30, UserInfo: true,
		Rules: []claims.Rule{
			{When: []claims.Requirement{when("groups", "ledger-finance")}, Role: domain.Finance, Reach: access.Everything(),
				At: "m.yaml:9"},
			{When: []claims.Requirement{when("groups", "ledger-east", "ledger-all"), when("realm.title", "区域行政")},
				Role: domain.RegionalAdmin, Reach: access.Reach{Regions: []string{"华东", "华南"}}, At: "m.yaml:12"},
			{When: []claims.Requirement{when("groups", "ledger-technician")}, Role: domain.Technician,
				From: claims.Names{Kind: access.OfProjects, Claim: "groups", Prefix: "project-"}, At: "m.yaml:15"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	who, err := got.Person(claims.Claims{
		"upn": "Wang.Fang@example.com", "name": " 王芳 ", "email": "w@example.com", "email_verified": true,
		"realm":  map[string]any{"title": "区域行政"},
		"groups": []any{"ledger-all", "ledger-technician", "project-P001", "project-", "project-P036", 7.0, nil},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(user.Follow{
		Login: "wang.fang", Name: "王芳", Mail: "w@example.com", MailVerified: true, Create: true, Days: 30,
		Wanted: []user.Wanted{
			{Role: domain.RegionalAdmin, Reach: access.Reach{Regions: []string{"华东", "华南"}},
				Reason: "groups=ledger-all realm.title=区域行政"},
			{Role: domain.Technician, Reach: access.Reach{Projects: []domain.ProjectID{"P001", "P036"}},
				Reason: "groups=ledger-technician"},
		},
	}, who); diff != "" {
		t.Error(diff)
	}
}

func TestAMistakeIsToldWithItsLine(t *testing.T) {
	for name, c := range map[string]struct{ old, new, says string }{
		"an unknown role":                  {"role: finance", "role: treasurer", "m.yaml:10: grants[0].role"},
		"a role of another reach":          {"    company: true\n", "    regions: [华东]\n", "m.yaml:11: grants[0].regions"},
		"a role without its reach":         {"    company: true\n", "", "m.yaml:9: grants[0].company"},
		"a claim's reach of another kind":  {"projects: {", "cities: {", "m.yaml:17: grants[2].cities"},
		"no condition":                     {"when: {groups: ledger-finance}", "when: {}", "m.yaml:9: grants[0].when"},
		"an empty condition":               {"ledger-finance", `""`, "m.yaml:9: grants[0].when"},
		"nothing mapped":                   {good[strings.Index(good, "grants:"):], "grants: []\n", "m.yaml:8: grants"},
		"no grants at all":                 {good[strings.Index(good, "grants:"):], "", "m.yaml: grants"},
		"no login":                         {"login: {claim: upn, before: \"@\"}\n", "", "m.yaml: login"},
		"no name":                          {"name: name\n", "", "m.yaml: name"},
		"no days":                          {"days: 30\n", "", "m.yaml: days"},
		"too many days":                    {"days: 30", "days: 999", "m.yaml:6: days"},
		"days in words":                    {"days: 30", "days: a month", "m.yaml:6: days must be a whole number"},
		"linked by a part of a login":      {"create: true", "link: login", "m.yaml:5: link"},
		"linked by mail, of which is none": {"mail: email", "link: mail", "m.yaml:4: link"},
		"linked by something else":         {"create: true", "link: name", "m.yaml:5: link"},
		"an unknown field":                 {"userinfo: true", "userInfo: true", "m.yaml:7: \"userInfo\" is not known"},
		"a field twice":                    {"userinfo: true", "days: 31", "m.yaml:7:"},
		"yes that is no yes":               {"create: true", "create: yes", "m.yaml:5: create must be true or false"},
		"names twice":                      {"projects: {claim", "centers: [C01]\n    projects: {claim", "m.yaml:15: grants[2]"},
		"two kinds from claims":            {"projects: {claim", "centers: {claim: c}\n    projects: {claim", "only one kind of names"},
		"a region with a blank":            {"华东", `"华东 "`, "m.yaml:14: grants[1].regions"},
		"no YAML":                          {good, "login: [", "m.yaml:1:"},
		"empty":                            {good, "# nothing\n", "is empty"},
		"a second document":                {"userinfo: true", "---\nx: 1", "m.yaml:8: begins a second document"},
		"a list":                           {good, "- a\n", "must be a mapping"},
		"a mapping for a text":             {"name: name", "name: {a: b}", "must be a single value"},
		"company as a list":                {"company: true", "company: [true]", "must be a single value"},
	} {
		_, err := claimsfile.Parse("m.yaml", []byte(strings.Replace(good, c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

func TestWhatTheLedgerDoesNotKnowIsToldWithItsLine(t *testing.T) {
	m, err := claimsfile.Parse("m.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	begun := true
	known := func(r access.Reach) (access.Reach, bool, error) {
		return r.Only(access.Reach{Regions: []string{"华东"}}), begun, nil
	}
	if err := claimsfile.Unknown(m, known); err == nil ||
		err.Error() != "m.yaml:12: the ledger knows nothing of 华南: write it as the ledger does, or take it away" {
		t.Error(err)
	}
	begun = false
	if err := claimsfile.Unknown(m, known); err != nil {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("grants: [{when: {a: [b, c]}, role: finance, company: true}]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		m, err := claimsfile.Parse("m.yaml", src)
		if err == nil && m.Check() != nil {
			t.Error("a mapping that cannot be is let through")
		}
		_, _ = m.Person(claims.Claims{"a": "b"})
	})
}
