package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/wording"
	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// takesAnything are the texts that a question may hold whatever they say.
var takesAnything = map[string]string{
	"search text":                           "words to look for: that there are none is the answer",
	"list-users text":                       "as above",
	"door-audit object":                     "compared with what was noted of any kind: an address that was asked for, a file, a document",
	"log-streams name":                      "any stream: that it has no events is the answer, of which a copy of the log is told",
	"sign-in-by-provider code":              "of the provider, and answered by a page",
	"sign-in-by-provider state":             "as above",
	"sign-in-by-provider iss":               "as above",
	"sign-in-by-provider error":             "as above",
	"list-undelivered cursor":               "of a webhook of one's own, of which there is none here",
	"sign-in-by-provider error_description": "as above",
}

// A question takes no word that means nothing: whatever text it may be asked with is
// nonsense once, and is refused by its name, in every question of the document.
func TestNoFilterTakesAnyWord(t *testing.T) {
	m := newMatrix(t)
	asked, exempt := 0, map[string]bool{}
	for _, op := range m.ops {
		if op.method != http.MethodGet {
			continue
		}
		for _, p := range op.Parameters {
			if wording.FieldName(p.Name) == "" {
				t.Errorf("%s may be asked with %s, which has no name in Chinese", op.ID, p.Name)
			}
			kind := fmt.Sprint(p.Schema.Type)
			if p.In != "query" || kind == "boolean" || kind == "integer" {
				continue
			}
			if takesAnything[op.ID+" "+p.Name] != "" {
				exempt[op.ID+" "+p.Name] = true
				continue
			}
			asked++
			m.askNonsense(op, p.Name)
		}
	}
	for what := range takesAnything {
		if !exempt[what] {
			t.Errorf("%s is no text of a question", what)
		}
	}
	if asked < 300 {
		t.Errorf("only %d filters were tried", asked)
	}
}

func (m *matrix) askNonsense(op operation, name string) {
	m.t.Helper()
	const nonsense = "nonsense-X"
	role := domain.Administrator
	if action := m.actions[op.Action]; action != nil {
		role = action.Roles[0]
	}
	path, _, _ := m.request(op, east, false)
	path, rest, _ := strings.Cut(path, "?")
	query, err := url.ParseQuery(rest)
	if err != nil {
		m.t.Fatal(err)
	}
	if query.Has("stream") {
		query.Set("stream", "account-"+east.center)
	}
	query.Set(name, nonsense)
	a := m.do(m.as(role, access.Everything()), http.MethodGet, path+"?"+query.Encode(), "", "")
	// What is looked for first may not be there, of which the filter says nothing.
	if !slices.Contains([]int{http.StatusNotFound, http.StatusUnprocessableEntity}, a.status) ||
		a.status == http.StatusUnprocessableEntity && !strings.Contains(a.text, `"field":"`+name+`"`) {
		m.t.Errorf("%s asked with %s %s answers %d: %.300s", op.ID, name, nonsense, a.status, a.text)
	}
}

// Whoever misspells a name is told which there are, in a filter, in a body and in a row of
// one; a center's people are told of no other.
func TestAMisspeltNameIsToldTheNearest(t *testing.T) {
	m := newMatrix(t)
	m.must(domain.PurchasingAdmin, "/v1/suppliers",
		`{"supplier":"S1","name":"海康威视","bank":"中国银行","number":"380012341","from":"2026-01-01"}`)
	ask := func(role domain.Role, method, path, body string) string {
		a := m.do(m.as(role, whole(role, east)), method, path, "application/json", body)
		return fmt.Sprint(a.status, " ", a.text)
	}
	line := `{"lines":[{"reference":"B-9","payer":"X","amount":"1.00","receivedOn":"2026-09-05","center":"C99"}]}`
	charge := `{"charge":"F-9","project":"P099","item":"R","quantity":"1","occurredOn":"2026-09-02"}`
	for what, c := range map[string]struct{ says, near string }{
		"a supplier":                {ask(domain.Finance, "GET", "/v1/suppliers?supplierNumber=S9", ""), "S1 海康威视"},
		"a center of a bank's line": {ask(domain.Finance, "POST", "/v1/imports/bank-statements/acceptances", line), "C01 物业C01"},
		"a project of a charge":     {ask(domain.Technician, "POST", "/v1/centers/C01/charges", charge), "P001 花园P001"},
		"a role that owns findings": {ask(domain.TechGroupLead, "GET", "/v1/findings?owner=tecnician", ""), "technician"},
		"a payment of a record": {
			ask(domain.Finance, "GET", "/v1/trail?stream=account-C01&names=B-P0O1", ""), "B-P001",
		},
		"what happened at the door": {ask(domain.Finance, "GET", "/v1/door/audit?what=signed-on", ""), "signed-in"},
	} {
		if !strings.Contains(c.says, "the nearest are "+c.near) && !strings.Contains(c.says, "must be one of "+c.near) {
			t.Errorf("%s: %.300s", what, c.says)
		}
	}
	registered := ask(domain.CenterRegistrar, "POST", "/v1/tickets",
		`{"ticket":"T-9","project":"P099","need":"x","registeredAt":"2026-09-01T09:00:00+08:00"}`)
	if strings.Contains(registered, "P001") || strings.Contains(registered, "P036") {
		t.Errorf("a center is told of projects: %s", registered)
	}
}

// Who was named by a decision on a finding, and by nothing else, is an owner for whoever
// reaches less than the company, too: there is nothing of theirs in a region that has none.
func TestAnOwnerWhomOnlyADecisionNamesIsFoundInEveryReach(t *testing.T) {
	m := newMatrix(t)
	m.must(domain.TechGroupLead, "/v1/findings/assign",
		`{"keys":["ISSUE_NO_FAULT:P001/OUT-P001"],"owner":"王师傅"}`)
	for at, want := range map[site]int{east: 1, south: 0} {
		var found struct{ Rows []struct{ Owner string } }
		m.json(m.as(domain.RegionalAdmin, part(domain.RegionalAdmin, at)), "/v1/findings?owner=王师傅", &found)
		if len(found.Rows) != want || want > 0 && found.Rows[0].Owner != "王师傅" {
			t.Errorf("of 王师傅 there are in %s %+v", at.region, found.Rows)
		}
	}
	stranger := m.do(m.as(domain.RegionalAdmin, part(domain.RegionalAdmin, east)), "GET", "/v1/findings?owner=王师", "", "")
	if stranger.problem() != "unknown-owner" {
		t.Errorf("of whom nothing names: %d %.300s", stranger.status, stranger.text)
	}
}

// Whether a login is anybody's is not to be learned by asking for what they look into, or by
// giving it to them: who reaches nothing of whoever asks is nobody to them, word for word.
func TestALoginOutOfReachIsAnsweredAsNobodys(t *testing.T) {
	m := newMatrix(t)
	for login, grant := range map[string]string{
		"li.east":  `{"role":"technician","projects":["P001"],"reason":"任命"}`,
		"wu.both":  `{"role":"regional-admin","regions":["华东","华南"],"reason":"任命"}`,
		"he.south": `{"role":"technician","projects":["P036"],"reason":"任命"}`,
	} {
		m.must(domain.Administrator, "/v1/users", `{"login":"`+login+`","name":"李`+login+`","reason":"入职"}`)
		m.must(domain.Administrator, "/v1/users/"+login+"/grants", grant)
	}
	for _, role := range []domain.Role{domain.Technician, domain.RegionalAdmin} {
		asker := m.as(role, part(role, east))
		// he.soxth is nobody's, and as near as he.south to whatever is offered.
		said := make(map[string]string)
		for _, login := range []string{"he.south", "he.soxth", "li.east", "wu.both"} {
			a := m.do(asker, "GET", "/v1/findings?owner="+login, "", "")
			b := m.do(asker, "POST", "/v1/findings/assign", "application/json",
				`{"keys":["ISSUE_NO_FAULT:P001/OUT-P001"],"owner":"`+login+`","note":"x"}`)
			said[login] = strings.ReplaceAll(fmt.Sprintf("%d %s\n%d %s", a.status, a.text, b.status, b.text), login, "LOGIN")
			known := a.status == http.StatusOK && b.status == http.StatusCreated
			if known != (login == "li.east" || login == "wu.both") {
				t.Errorf("%s of %s: %s", role, login, said[login])
			}
		}
		if diff := cmp.Diff(said["he.soxth"], said["he.south"]); diff != "" || strings.Contains(said["he.soxth"], "he.south") {
			t.Errorf("%s can tell who there is (-nobody +out of reach):\n%s", role, diff)
		}
	}
	if a := m.do(m.as(domain.TechGroupLead, access.Everything()), "GET", "/v1/findings?owner=he.south", "", ""); a.status != 200 {
		t.Errorf("of the whole company: %d %s", a.status, a.text)
	}
}

// A decision on findings that is refused names each as its sender did: by its row in keys.
func TestARefusedDecisionNamesAFindingByItsRow(t *testing.T) {
	m := newMatrix(t)
	lead := m.as(domain.TechGroupLead, access.Everything())
	const one = `"ISSUE_NO_FAULT:P001/OUT-P001"`
	decide := func(path, keys, rest string) answer {
		return m.do(lead, "POST", "/v1/findings/"+path, "application/json", `{"keys":[`+keys+`],"reason":"样机"`+rest+`}`)
	}
	closing := `,"status":"EXPLAINED"`
	for what, a := range map[string]answer{
		"keys[0] is none":       decide("close", `"ISSUE_NO_FAULT:P001/OUT-0"`, closing),
		"keys[0] is not closed": decide("reopen", one, ""),
		"keys[1] is listed":     decide("reopen", one+","+one, ""),
	} {
		if row := what[:7]; a.problem() != "" && !strings.Contains(a.text, `"field":"`+row+`"`) ||
			a.problem() == "" && !strings.Contains(a.text, row) {
			t.Errorf("%s: %d %.400s", what, a.status, a.text)
		}
	}
}

// Filters that contradict each other are answered by no zeros that tie out: the answer says
// that nothing fits both, and names both.
func TestFiltersThatContradictEachOtherAreRefused(t *testing.T) {
	m := newMatrix(t)
	for query, both := range map[string][2]string{
		"receivables?region=华南&center=C01":                       {"C01", "华南"},
		"receivables?region=华东&project=P036":                     {"P036", "华东"},
		"charges?center=C03&project=P001":                        {"C03", "P001"},
		"reconciliation?quarter=2026Q3&through=2026Q2":           {"2026Q3", "2026Q2"},
		"trial-balance?quarter=2026Q3&through=2026Q2":            {"2026Q3", "2026Q2"},
		"parts/roll-forward?month=2026-09&through=2026-08":       {"2026-09", "2026-08"},
		"tickets?from=2026-09-02&to=2026-09-01":                  {"2026-09-02", "2026-09-01"},
		"charges?occurredFrom=2026-09-02&occurredTo=2026-09-01":  {"2026-09-02", "2026-09-01"},
		"visits?from=2026-09-02&asOf=2026-09-01":                 {"2026-09-02", "2026-09-01"},
		"findings?clearedSince=2026-09-02&asOf=2026-09-01":       {"2026-09-02", "2026-09-01"},
		"receivables?asOf=2026-08-31":                            {"2026-08-31", "2026-09-01"},
		"tickets?asOf=2020-01-01":                                {"2020-01-01", "2024-09-01"},
		"receivables?knownAt=2026-01-01T00:00:00%2B08:00":        {"2026-01-01T00:00:00+08:00", "2026-10-08"},
		"receivables?region=华东&center=C01&asOf=2026-09-02":       {},
		"charges?center=C01&project=P001&occurredTo=2026-09-02":  {},
		"parts/roll-forward?month=2026-09&through=2026-09":       {},
		"tickets?from=2026-09-01&to=2026-09-01&asOf=2026-09-01":  {},
		"reconciliation?quarter=2026Q3&through=2026Q3&region=华东": {},
	} {
		a := m.do(m.as(domain.DepartmentManager, access.Everything()), "GET", "/v1/"+query, "", "")
		if both[0] == "" {
			if a.status != http.StatusOK {
				t.Errorf("%s contradicts nothing: %d %.300s", query, a.status, a.text)
			}
			continue
		}
		var p struct{ Detail string }
		if err := json.Unmarshal([]byte(a.text), &p); err != nil || a.status != http.StatusUnprocessableEntity ||
			!strings.Contains(p.Detail, both[0]) || !strings.Contains(p.Detail, both[1]) {
			t.Errorf("%s: %d %.300s", query, a.status, a.text)
		}
	}
}

// Whoever acts for a center by the machine's owner's leave acts for one that there is.
func TestNobodyActsForACenterThatIsNotThere(t *testing.T) {
	m := newMatrix(t)
	for center, want := range map[domain.CenterID]int{"C01": http.StatusOK, "C99": http.StatusNotFound} {
		token, err := m.door.MakeMachineToken(t.Context(), domain.CenterHead, center, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if a := m.do(token, "GET", "/v1/receivables", "", ""); a.status != want {
			t.Errorf("for %s: %d %.300s", center, a.status, a.text)
		}
	}
}

// A finding is looked into by a person who is there, is let in, and reaches it.
func TestAFindingIsAssignedToWhoMayLookIntoIt(t *testing.T) {
	m := newMatrix(t)
	n := 0
	do := func(o eventstore.Outcome, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	by := func() ledger.Request {
		n++
		return ledger.Request{Key: fmt.Sprint("users-", n), Actor: domain.Actor{Name: "admin", Role: domain.Administrator}}
	}
	whole := m.ledger.Under(access.Whole())
	do(ledger.Do(t.Context(), whole, by(), user.Begin{Create: user.Create{Login: "admin", Name: "钱程", Reason: "启用"}},
		(*user.Users).Begin))
	for login, grant := range map[string]struct {
		role  domain.Role
		reach access.Reach
	}{
		"li.here":  {domain.Technician, part(domain.Technician, east)},
		"li.there": {domain.Technician, part(domain.Technician, south)},
		"head.c01": {domain.CenterHead, part(domain.CenterHead, east)},
		"li.none":  {},
	} {
		do(ledger.Do(t.Context(), whole, by(), user.Create{Login: login, Name: "李", Reason: "入职"}, (*user.Users).Create))
		if grant.role != "" {
			do(whole.GrantRole(t.Context(), by(), user.Grant{
				Login: login, Role: grant.role, Reach: grant.reach, From: calendar.NewDate(2026, time.January, 1), Reason: "入职",
			}, anywhere{}))
		}
	}
	do(ledger.Do(t.Context(), whole, by(), user.Suspend{Login: "li.none", Reason: "离职"}, (*user.Users).Suspend))
	if err := m.ledger.People().Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	for owner, want := range map[string]string{
		"Li.Here": `"done":1`, "li.there": "does not reach project P001",
		"nobody": "the nearest are", "li.none": "the nearest are", "head.c01": "holds no role that looks into findings",
	} {
		a := m.do(m.as(domain.TechGroupLead, access.Everything()), "POST", "/v1/findings/assign", "application/json",
			`{"keys":["ISSUE_NO_FAULT:P001/OUT-P001"],"owner":"`+owner+`"}`)
		if !strings.Contains(a.text, want) {
			t.Errorf("%s: %d %.300s", owner, a.status, a.text)
		}
	}
	chinese := m.do(m.as(domain.TechGroupLead, access.Everything()), "POST", "/v1/findings/assign", "application/json",
		`{"keys":["ISSUE_NO_FAULT:P001/OUT-P001"],"owner":"head.c01"}`, "Accept-Language", "zh")
	if !strings.Contains(chinese.text, "责任人（owner）") || strings.Contains(chinese.text, "业主") {
		t.Errorf("the owner of a finding is no owner of a home: %.300s", chinese.text)
	}
}

// anywhere takes every place for one that there is.
type anywhere struct{}

func (anywhere) MustBeRegion(context.Context, string, string) error { return nil }
func (anywhere) MustBeCity(context.Context, string, string) error   { return nil }

// A misspelt project of a batch is refused as that of one charge is: not as the center's,
// which whoever works there knows very well.
func TestAMisspeltProjectOfABatchIsNotTheCentersFault(t *testing.T) {
	m := newMatrix(t)
	a := m.do(m.as(domain.Technician, part(domain.Technician, east)), "POST", "/v1/centers/C01/charge-batches",
		"application/json", `{"lines":[{"project":"P0O1","item":"R","quantity":"1","occurredOn":"2026-09-02"}]}`)
	if !strings.Contains(a.text, `"field":"lines[0].project","value":"P0O1"`) || !strings.Contains(a.text, "P001 花园P001") {
		t.Errorf("%d %.400s", a.status, a.text)
	}
}
