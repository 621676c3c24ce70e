package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/live"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

// Whoever sends the idempotency key of somebody else learns nothing of what they did:
// within the same reach that it was used, outside not even that.
func TestAKeyOfSomebodyElseTellsNothing(t *testing.T) {
	m := newMatrix(t)
	const path, body = "/v1/centers/C01/charges", `{"project":"P001","item":"R","quantity":"7","occurredOn":"2026-09-02"}`
	send := func(token, key string) answer {
		return m.do(token, http.MethodPost, path, "application/json", body, "Idempotency-Key", key)
	}
	east := access.Reach{Regions: []string{"华东"}}
	hers := m.as(domain.RegionalAdmin, east)
	first := send(hers, "hers")
	if first.status != http.StatusCreated {
		t.Fatalf("%d %s", first.status, first.text)
	}
	his := send(m.as(domain.RegionalAdmin, access.Reach{Regions: []string{"华东"}, Projects: []domain.ProjectID{"P001"}}),
		"hers")
	if his.status != http.StatusConflict || his.problem() != "idempotency-key-reused" || strings.Contains(his.text, "position") {
		t.Errorf("of the same region: %d %s", his.status, his.text)
	}
	south := m.as(domain.RegionalAdmin, access.Reach{Regions: []string{"华南"}})
	outside, fresh := send(south, "hers"), send(south, "of-nobody")
	if outside.status != http.StatusNotFound || outside.text != fresh.text {
		t.Errorf("of another region: %d %s; with a key of nobody's: %s", outside.status, outside.text, fresh.text)
	}
	if again := send(hers, "hers"); again.status != http.StatusCreated || !strings.Contains(again.text, `"repeated":true`) {
		t.Errorf("her own again: %d %s", again.status, again.text)
	}
}

// The right of who asks comes before what their key says: with every command that there
// is, a key that somebody else has used is answered to who may not as any other key is.
func TestARightIsAskedForBeforeAKeyIsLookedUp(t *testing.T) {
	m := newMatrix(t)
	keys := map[string]string{} // that were used, by what lies below the path
	both := m.person(domain.RegionalAdmin, access.Everything())
	m.people[both] = user.Person{Login: both, Grants: []access.Grant{
		{Role: domain.RegionalAdmin, Reach: access.Everything()}, {Role: domain.CityLead, Reach: access.Everything()},
		{Role: domain.Finance, Reach: access.Everything()},
	}}
	admin, _ := m.token(m.door, both, domain.RegionalAdmin)
	for _, c := range []struct{ path, body string }{
		{"/v1/centers/@C/charges", `{"project":"@P","item":"R","quantity":"7","occurredOn":"2026-09-02"}`},
		{"/v1/projects/@P/presence", `{"presence":"LEFT_CITY","from":"2026-09-05"}`},
		{"/v1/tickets/T-@P/escalations", `{"matter":"又漏水","reason":"IMPORTANT","escalatedAt":"2026-09-02T10:00:00+08:00"}`},
		{"/v1/returns/R-@P/quote", `{"amount":"10.00","quotedOn":"2026-09-10"}`},
		{"/v1/projects/@P/depot/receipts",
			`{"receipt":"IN-7","part":"DS","quantity":"1","value":"9.00","source":"OPENING","receivedOn":"2026-09-01"}`},
	} {
		key := "used for " + c.path
		keys[c.path[:strings.LastIndex(c.path, "/")+1]] = key
		a := m.do(admin, http.MethodPost, east.fill(c.path), "application/json", east.fill(c.body), "Idempotency-Key", key)
		if a.status != http.StatusCreated {
			t.Fatalf("%s answered %d %s", c.path, a.status, a.text)
		}
	}
	asked := 0
	for _, op := range m.ops {
		action := m.actions[op.Action]
		if op.method == http.MethodGet || action == nil || !op.takes("Idempotency-Key") {
			continue
		}
		path, contentType, body := m.request(op, east, false)
		if !strings.Contains(path+body, east.project) && !strings.Contains(path+body, east.center) {
			continue
		}
		var who []string // outside, and without the role
		for _, role := range domain.Roles() {
			if may := slices.Contains(action.Roles, role); !may || action.Reach != kit.OfCompany {
				who = append(who, m.as(role, part(role, south)))
			}
		}
		for _, token := range who {
			fresh := m.do(token, op.method, path, contentType, body)
			for below, key := range keys {
				if strings.HasPrefix(path, "/v1/centers/") != strings.HasPrefix(below, "/v1/centers/") ||
					strings.HasPrefix(path, "/v1/projects/") != strings.HasPrefix(below, "/v1/projects/") {
					continue
				}
				asked++
				used := m.do(token, op.method, path, contentType, body, "Idempotency-Key", key)
				if used.status != fresh.status || used.text != fresh.text || used.problem() == "idempotency-key-reused" {
					t.Errorf("%s with a key %q of somebody else answers %d %.300s\nand with one of nobody's %d %.300s", op.ID, key,
						used.status, used.text, fresh.status, fresh.text)
				}
			}
		}
	}
	if asked < 1000 {
		t.Errorf("only %d requests were sent", asked)
	}
	const charges = "/v1/centers/C01/charges"
	for what, c := range map[string]struct {
		role    domain.Role
		body    string
		status  int
		problem string
	}{
		"their own, with another body":        {domain.RegionalAdmin, `"quantity":"8"`, http.StatusConflict, "idempotency-key-reused"},
		"of another role of theirs, that may": {domain.CityLead, `"quantity":"7"`, http.StatusConflict, "idempotency-key-reused"},
		"of another role, that may not":       {domain.Finance, `"quantity":"7"`, http.StatusForbidden, "role-not-allowed"},
		"of a role that was never theirs":     {domain.Technician, `"quantity":"7"`, http.StatusForbidden, "role-not-allowed"},
	} {
		token := admin
		if c.role != domain.RegionalAdmin && c.role != domain.Technician {
			token, _ = m.token(m.door, both, c.role)
		}
		a := m.do(token, http.MethodPost, charges, "application/json",
			`{"project":"P001","item":"R",`+c.body+`,"occurredOn":"2026-09-02"}`, "Idempotency-Key",
			"used for /v1/centers/@C/charges", "Acting-As", string(c.role))
		if a.status != c.status || a.problem() != c.problem || strings.Contains(a.text, "position") {
			t.Errorf("a key %s is answered %d %s", what, a.status, a.text)
		}
	}
}

// A center of another region that answers for one of ours may be named; what it owes is
// summed up for nobody but those within whose reach its account lies.
func TestWhatACenterOwesIsSummedUpWhereItsAccountLiesAlone(t *testing.T) {
	m := newMatrix(t)
	m.must(domain.RegionalAdmin, "/v1/projects/P001/center", `{"center":"C03","from":"2026-10-08"}`)
	m.must(domain.RegionalAdmin, "/v1/centers/C03/charges",
		`{"project":"P001","item":"R","quantity":"30","occurredOn":"2026-10-08"}`)
	for _, path := range []string{
		"/v1/receivables?", "/v1/collection?", "/v1/reconciliation?quarter=2026Q3&", "/v1/receivables?project=P001&",
	} {
		for region, want := range map[string][]string{"华东": {"C01"}, "华南": {"C03"}} {
			var answer struct {
				Rows []struct {
					Center string
					Ties   *bool
				}
			}
			if strings.Contains(path, "P001") && region == "华南" {
				continue // the project is not theirs
			}
			m.json(m.as(domain.RegionalAdmin, access.Reach{Regions: []string{region}}), path+"after="+m.head(), &answer)
			var centers []string
			for _, row := range answer.Rows {
				if centers = append(centers, row.Center); row.Ties != nil && !*row.Ties {
					t.Errorf("%s of %s: %s does not tie", path, region, row.Center)
				}
			}
			if slices.Sort(centers); !slices.Equal(centers, want) {
				t.Errorf("%s shows %v to %s, want %v", path, centers, region, want)
			}
		}
	}
}

// What was not filed yet of a project is the department's own: its draft lists what was
// charged to the center that had the project before.
func TestADraftShowsNoCenterWhatAnotherWasCharged(t *testing.T) {
	m := newMatrix(t)
	m.must(domain.RegionalAdmin, "/v1/centers", `{"center":"C05","name":"物业C05","region":"华东"}`)
	m.must(domain.RegionalAdmin, "/v1/projects/P001/center", `{"center":"C05","from":"2026-10-08"}`)
	for _, form := range []string{"F1", "F3"} {
		path := "/v1/projects/P001/filings/2026-10/" + form + "/form?format=html&draft=true"
		for _, role := range []domain.Role{domain.CenterHead, domain.CenterMaintenance, domain.CenterRegistrar} {
			a := m.do(m.as(role, access.OfCenter("C05")), http.MethodGet, path, "", "")
			if a.status != http.StatusForbidden || a.problem() != "not-shown" || strings.Contains(a.text, "F-P001") {
				t.Errorf("%s, as a draft, is answered to the %s that has the project now: %d %.300s", form, role, a.status, a.text)
			}
			a = m.do(m.as(role, access.OfCenter("C01")), http.MethodGet, path, "", "")
			if a.status != http.StatusNotFound {
				t.Errorf("%s, as a draft, is answered to the %s that had the project: %d %.300s", form, role, a.status, a.text)
			}
		}
		a := m.do(m.as(domain.Technician, part(domain.Technician, east)), http.MethodGet, path, "", "")
		if a.status != http.StatusOK || form == "F3" && !strings.Contains(a.text, "F-P001") {
			t.Errorf("%s, as a draft, is answered to the technician: %d %.300s", form, a.status, a.text)
		}
	}
}

// What happens to a project that moved is told to the people of the center that has it
// now, at once, and to those of the one that had it no more; what names a center, an
// account or a ticket, and what was for a center, stays that center's.
func TestWhatHappensToAProjectThatMovedIsToldToItsCenterAlone(t *testing.T) {
	m := newMatrix(t)
	m.must(domain.RegionalAdmin, "/v1/centers", `{"center":"C05","name":"物业C05","region":"华东"}`)
	second := site{"华东", "杭州", "P002", "C01"}
	m.must(domain.RegionalAdmin, "/v1/projects", second.fill(`{"project":"@P","name":"花园@P","region":"@R","city":"@Y",
		"center":"@C","from":"2024-09-01","warranty":{"occupancyOn":"2024-09-01","startsFrom":"OCCUPANCY","months":36}}`))
	had := m.as(domain.CenterHead, access.OfCenter("C01"))
	var first, next struct {
		Rows []struct{ Project string }
		Next string
	}
	m.json(had, "/v1/projects?limit=1&after="+m.head(), &first)
	if len(first.Rows) != 1 || first.Rows[0].Project != "P001" || first.Next == "" {
		t.Fatalf("the first page is %+v", first)
	}
	m.must(domain.RegionalAdmin, "/v1/projects/P001/registration-form", `{"on":"2026-10-01","receivedBy":"旧收件人"}`)
	m.must(domain.RegionalAdmin, "/v1/projects/P002/center", `{"center":"C05","from":"2026-10-08"}`)
	if m.json(had, "/v1/projects?limit=1&cursor="+first.Next+"&after="+m.head(), &next); len(next.Rows) != 0 {
		t.Errorf("moved between two pages, it is on the second: %+v", next)
	}
	places := live.NewPlaces(m.ledger)
	sees := func(center domain.CenterID, stream string) bool {
		t.Helper()
		sight, err := places.Within(t.Context(), access.OfCenter(center))
		if err != nil {
			t.Fatal(err)
		}
		seen, err := sight(t.Context(), stream)
		if err != nil {
			t.Fatal(err)
		}
		return seen
	}
	for _, after := range []bool{false, true} {
		if after {
			m.must(domain.RegionalAdmin, "/v1/projects/P001/center", `{"center":"C05","from":"2026-10-08"}`)
		}
		for _, stream := range []string{"project-P001", "depot-P001", "visits-P001-2026-09"} {
			if had, has := sees("C01", stream), sees("C05", stream); had == after || has != after {
				t.Errorf("%s, moved %t: told to the center that had it %t, to the one that has it %t", stream, after, had, has)
			}
		}
		for _, stream := range []string{"account-C01", "ticket-T-P001"} {
			if !sees("C01", stream) || sees("C05", stream) {
				t.Errorf("%s of C01 is told to others than its center's people", stream)
			}
		}
	}
	m.must(domain.RegionalAdmin, "/v1/projects/P001/registration-form", `{"on":"2026-10-08","receivedBy":"新收件人"}`)
	for who, want := range map[domain.CenterID]string{"C01": "旧收件人", "C05": "新收件人"} {
		a := m.do(m.as(domain.CenterHead, access.OfCenter(who)), http.MethodGet,
			"/v1/projects/P001/papers?after="+m.head(), "", "")
		if strings.Count(a.text, "收件人") != 1 || !strings.Contains(a.text, want) {
			t.Errorf("of its papers %s reads, beside what was for it: %d %.600s", who, a.status, a.text)
		}
	}
	for who, want := range map[domain.CenterID]int{"C01": http.StatusOK, "C05": http.StatusNotFound} {
		head := m.as(domain.CenterHead, access.OfCenter(who))
		if a := m.do(head, http.MethodGet, "/v1/tickets/T-P001", "", ""); a.status != want {
			t.Errorf("its ticket is answered to %s with %d: %.200s", who, a.status, a.text)
		}
	}
}
