package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"aftersales-ledger/api"
	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/store/sqlitefile"
	"aftersales-ledger/api/hooks"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/live"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/unsent"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// site is all that there is of one region: what can be named begins or ends with its
// project.
type site struct{ region, city, project, center string }

var (
	east    = site{"华东", "杭州", "P001", "C01"}
	south   = site{"华南", "深圳", "P036", "C03"}
	nowhere = site{"华北", "天津", "P999", "C99"}
)

// matrix is a ledger of two regions, with the operations of its document and a door
// before which stands whoever the test names.
type matrix struct {
	t       testing.TB
	door    *door.Door
	people  crowd
	tokens  map[string]string // by login
	ahead   time.Duration     // of the clock
	ledger  *ledger.Ledger
	handler http.Handler
	n       int
	asks    *unsent.Document
	ops     []operation
	schemas map[string]shape
	actions map[string]*kit.Action
}

// restful audits nothing.
type restful struct{}

func (restful) Begin(by string) kit.Audit { return kit.Audit{State: kit.AuditRunning, By: by} }
func (restful) Last() kit.Audit           { return kit.Audit{State: kit.AuditNone} }

type operation struct {
	path, method string
	ID           string `json:"operationId"`
	Action       string `json:"x-action"`
	Security     []map[string][]string
	Parameters   []asks
	RequestBody  *struct {
		Content map[string]struct{ Schema shape }
	}
	Responses map[string]struct {
		Content map[string]struct{ Schema shape }
	}
}

type asks struct {
	Name, In string
	Required bool
	Schema   shape
}

type shape struct {
	Ref        string `json:"$ref"`
	Type       any
	Enum       []any
	Minimum    *float64
	Properties map[string]shape
	Required   []string
	Items      *shape
}

// crowd is whoever stands before the door, by login.
type crowd map[string]user.Person

func (c crowd) Person(login string) (user.Person, bool) {
	p, ok := c[login]
	return p, ok
}

func newMatrix(t testing.TB) *matrix {
	noon := func() time.Time { return time.Date(2026, 10, 8, 4, 0, 0, 0, time.UTC) }
	a := start(t, app.Config{Data: t.TempDir(), Clock: noon})
	memory, err := sqlitefile.Open(filepath.Join(t.TempDir(), "hooks.sqlite"), noon)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = memory.Close() })
	m := &matrix{t: t, people: crowd{}, tokens: map[string]string{}, actions: make(map[string]*kit.Action)}
	m.door = doorBefore(t, m.people, func() time.Time { return noon().Add(m.ahead) })
	m.ledger = a.Ledger
	m.handler = api.New(kit.Deps{
		Ledger: a.Ledger.Under(access.Scope{}), ReadModels: a.ReadModels, Door: m.door, Clock: noon,
		Verifier: restful{}, Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler),
		EventLog: a.Store.Health, Version: "test",
		Hooks: hooks.New(hooks.Options{
			Store: memory, Tail: eventstore.NewTail(a.Store), Places: live.NewPlaces(a.Ledger), People: m.people,
			Clock: noon, Log: slog.New(slog.DiscardHandler),
		}),
	})
	for _, action := range kit.Actions() {
		m.actions[action.Name] = action
	}
	m.readDocument()
	m.must(domain.HQAffairsSupervisor, "/v1/price-lists", `{"version":"1","effectiveFrom":"2026-01-01","items":[
		{"code":"R","name":"维修费","kind":"REPAIR","unit":"元","price":"1.00","taxRate":"0.06"}]}`)
	for _, s := range []site{east, south} {
		for _, c := range []struct {
			role       domain.Role
			path, body string
		}{
			{domain.RegionalAdmin, "/v1/centers", `{"center":"@C","name":"物业@C","region":"@R"}`},
			{domain.RegionalAdmin, "/v1/projects", `{"project":"@P","name":"花园@P","region":"@R","city":"@Y","center":"@C",
				"from":"2024-09-01","warranty":{"occupancyOn":"2024-09-01","startsFrom":"OCCUPANCY","months":36}}`},
			{domain.Technician, "/v1/tickets", `{"ticket":"T-@P","project":"@P","need":"对讲无声","registeredAt":"2026-09-01T09:00:00+08:00"}`},
			{domain.Technician, "/v1/tickets/T-@P/notification", `{"notifiedAt":"2026-09-01T09:00:00+08:00","category":"ORDINARY"}`},
			{domain.Technician, "/v1/tickets/T-@P/escalations", `{"matter":"漏水","reason":"IMPORTANT","escalatedAt":"2026-09-01T10:00:00+08:00"}`},
			{domain.Technician, "/v1/centers/@C/charges", `{"charge":"F-@P","project":"@P","item":"R","quantity":"100","occurredOn":"2026-09-02"}`},
			{domain.Technician, "/v1/returns", `{"return":"R-@P","project":"@P","part":"DS","maker":"海康","fault":"黑屏","openedOn":"2026-09-03","bearer":"DEPARTMENT","estimate":"10.00"}`},
			{domain.ProjectLeader, "/v1/requisitions", `{"requisition":"Q-@P","project":"@P","lines":[{"part":"DS","name":"门口机","quantity":"1","estimate":"10.00","purpose":"备件"}]}`},
			{domain.Technician, "/v1/projects/@P/depot/receipts", `{"receipt":"IN-@P","part":"DS","quantity":"5","value":"50.00","source":"OPENING","receivedOn":"2026-09-01"}`},
			{domain.Technician, "/v1/projects/@P/depot/issues", `{"slip":"OUT-@P","part":"DS","quantity":"1","faultLine":"L-@P","taker":"li","issuedOn":"2026-09-02"}`},
			{domain.Finance, "/v1/centers/@C/payments", `{"bankReference":"B-@P","payer":"物业@C","amount":"5.00","receivedOn":"2026-09-05"}`},
			{domain.RegionalAdmin, "/v1/centers/@C/statements/2026Q3/issue", `{}`},
			{domain.Technician, "/v1/projects/@P/filings/2026-09/F1", `{"nil":true}`},
			{domain.CityLead, "/v1/projects/@P/visits", `{"on":"2026-09-06"}`},
		} {
			m.must(c.role, s.fill(c.path), s.fill(c.body))
		}
	}
	var head struct{ Position uint64 }
	m.json(m.as(domain.Finance, access.Everything()), "/v1/receivables?after="+fmt.Sprint(m.n), &head)
	return m
}

func (s site) fill(text string) string {
	return strings.NewReplacer("@P", s.project, "@C", s.center, "@R", s.region, "@Y", s.city).Replace(text)
}

func (m *matrix) readDocument() {
	m.t.Helper()
	var document struct {
		Paths      map[string]map[string]operation
		Components struct{ Schemas map[string]shape }
	}
	text := m.do("", http.MethodGet, "/openapi.json", "", "").text
	asks, err := unsent.Read([]byte(text))
	if err = errors.Join(err, json.Unmarshal([]byte(text), &document)); err != nil {
		m.t.Fatal(err)
	}
	m.asks = asks
	m.schemas = document.Components.Schemas
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for method, op := range document.Paths[path] {
			op.path, op.method = path, strings.ToUpper(method)
			m.ops = append(m.ops, op)
		}
	}
	if len(m.ops) < 170 {
		m.t.Fatalf("the document has %d operations", len(m.ops))
	}
}

// doorBefore is a door with a memory of its own before a crowd.
func doorBefore(t testing.TB, people crowd, clock func() time.Time) *door.Door {
	t.Helper()
	memory, err := sqlitefile.Open(filepath.Join(t.TempDir(), app.DoorFile), clock)
	if err != nil {
		t.Fatal(err)
	}
	d, err := door.New(door.Options{
		Store: memory, People: people, Clock: clock, PublicURL: "https://ledger.example.com",
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(d.Close(), memory.Close()) })
	return d
}

// as lets somebody in, by a token that is theirs.
func (m *matrix) as(role domain.Role, reach access.Reach) string {
	m.t.Helper()
	login := m.person(role, reach)
	if m.tokens[login] == "" {
		m.tokens[login], _ = m.token(m.door, login, role)
	}
	return m.tokens[login]
}

// person is somebody who holds a role as far as a reach, and nothing else.
func (m *matrix) person(role domain.Role, reach access.Reach) (login string) {
	login = fmt.Sprintf("user-%s-%x", role, sha256.Sum256([]byte(reach.Key())))[:60]
	m.people[login] = user.Person{
		Login: login, Name: "名" + string(role), Grants: []access.Grant{{Role: role, Reach: reach}},
	}
	return login
}

func (m *matrix) token(d *door.Door, login string, role domain.Role) (secret string, made door.Token) {
	m.t.Helper()
	secret, made, err := d.MakeToken(m.t.Context(), login,
		door.TokenWish{Name: "test", Role: role, Life: 4 * time.Hour}, login)
	if err != nil {
		m.t.Fatal(err)
	}
	return secret, made
}

// worthless are credentials that let nobody in, each for its own reason, though their
// owner is somebody.
func (m *matrix) worthless() map[string]string {
	m.t.Helper()
	login := m.person(domain.Finance, access.Everything())
	m.ahead = -5 * time.Hour
	expired, _ := m.token(m.door, login, domain.Finance)
	m.ahead = 0
	revoked, made := m.token(m.door, login, domain.Finance)
	if err := m.door.RevokeToken(m.t.Context(), login, made.ID, login); err != nil {
		m.t.Fatal(err)
	}
	elsewhere := doorBefore(m.t, m.people, time.Now)
	foreign, _ := m.token(elsewhere, login, domain.Finance)
	good, _ := m.token(m.door, login, domain.Finance)
	m.people["gone"] = user.Person{Login: "gone", Grants: m.people[login].Grants}
	suspended, _ := m.token(m.door, "gone", domain.Finance)
	m.people["gone"] = user.Person{Login: "gone", Suspended: true}
	return map[string]string{
		"nobody": "", "expired": expired, "revoked": revoked, "foreign": foreign, "a suspended owner": suspended,
		"forged": good[:len(good)-1] + string(good[len(good)-1]^1), "of another kind": "asls_" + good[5:],
		"unsigned": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJxaWFuIiwicm9sZSI6ImZpbmFuY2UifQ.",
	}
}

// whole is the reach of a role that is not narrowed down.
func whole(role domain.Role, s site) access.Reach {
	if role.OfCenter() {
		return access.OfCenter(domain.CenterID(s.center))
	}
	return access.Everything()
}

// part is the reach of a role within a site: as the procedure has it (§4), and the
// region for a role of the company.
func part(role domain.Role, s site) access.Reach {
	switch role {
	case domain.CityLead, domain.CityTechLead:
		return access.Reach{Cities: []string{s.city}}
	case domain.Technician, domain.ProjectLeader:
		return access.Reach{Projects: []domain.ProjectID{domain.ProjectID(s.project)}}
	case domain.CenterRegistrar, domain.CenterMaintenance, domain.CenterHead:
		return access.OfCenter(domain.CenterID(s.center))
	}
	return access.Reach{Regions: []string{s.region}}
}

type answer struct {
	status int
	text   string
	cookie string // of a session that was begun, as it is sent back
}

func (a answer) problem() string {
	var p struct{ Type string }
	_ = json.Unmarshal([]byte(a.text), &p)
	return strings.TrimPrefix(p.Type, "urn:aftersales-ledger:problem:")
}

// do asks with a token, or with a cookie, which has a name.
func (m *matrix) do(token, method, path, contentType, body string, headers ...string) answer {
	m.n++
	r := httptest.NewRequestWithContext(m.t.Context(), method, path, bytes.NewReader([]byte(body)))
	if strings.Contains(token, "=") {
		r.Header.Set("Cookie", token)
	} else if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	r.Header.Set("Accept-Language", "en")
	if method != http.MethodGet {
		r.Header.Set("Idempotency-Key", fmt.Sprintf("matrix-%d", m.n))
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	m.handler.ServeHTTP(rec, r)
	out := answer{status: rec.Code, text: rec.Body.String()}
	for _, c := range rec.Result().Cookies() {
		out.cookie = c.Name + "=" + c.Value
	}
	m.holdToWhatWasSent(r, body, out)
	return out
}

// holdToWhatWasSent is asked of every refusal in these tests: that it names what was sent.
func (m *matrix) holdToWhatWasSent(r *http.Request, body string, a answer) {
	m.t.Helper()
	if m.asks == nil {
		return // the document is only being read
	}
	sent := unsent.Request{Method: r.Method, Target: r.URL.RequestURI(), Header: r.Header, Body: []byte(body)}
	for _, named := range m.asks.Named(sent, a.status, []byte(a.text)) {
		m.t.Errorf("%s %s with %.200s: %s", r.Method, r.URL, body, named)
	}
}

func (m *matrix) must(role domain.Role, path, body string) {
	m.t.Helper()
	m.mustAs(m.as(role, access.Everything()), path, body)
}

func (m *matrix) mustAs(token, path, body string) {
	m.t.Helper()
	if a := m.do(token, http.MethodPost, path, "application/json", body); a.status != http.StatusCreated {
		m.t.Fatalf("%s answered %d: %s", path, a.status, a.text)
	}
}

// mustAsOK is mustAs where nothing of the trade is recorded.
func (m *matrix) mustAsOK(token, path, body string) {
	m.t.Helper()
	if a := m.do(token, http.MethodPost, path, "application/json", body); a.status != http.StatusOK {
		m.t.Fatalf("%s answered %d: %s", path, a.status, a.text)
	}
}

func (m *matrix) json(token, path string, into any) {
	m.t.Helper()
	a := m.do(token, http.MethodGet, path, "", "")
	if err := json.Unmarshal([]byte(a.text), into); err != nil || a.status != http.StatusOK {
		m.t.Fatalf("%s answered %d, %v: %.300s", path, a.status, err, a.text)
	}
}

// request derives a request from the document: what it must name is of a site, and the
// filters that name what lies somewhere as well if they are asked for.
func (m *matrix) request(op operation, s site, filters bool) (path, contentType, body string) {
	path = op.path
	var query []string
	for _, p := range op.Parameters {
		value := m.value(p.Name, p.Schema, s)
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", value)
		case p.In == "query" && (p.Required || filters && slices.Contains([]string{"center", "project", "region", "ticket"},
			p.Name)):
			query = append(query, p.Name+"="+value)
		}
	}
	if len(query) > 0 {
		path += "?" + strings.Join(query, "&")
	}
	if op.RequestBody == nil {
		return path, "", ""
	}
	for contentType, content := range op.RequestBody.Content {
		if contentType != "application/json" {
			return path, contentType, "no such file"
		}
		text, err := json.Marshal(m.sample("", content.Schema, s))
		if err != nil {
			m.t.Fatal(err)
		}
		return path, contentType, string(text)
	}
	return path, "", ""
}

func (m *matrix) sample(name string, of shape, s site) any {
	if of.Ref != "" {
		return m.sample(name, m.schemas[strings.TrimPrefix(of.Ref, "#/components/schemas/")], s)
	}
	if len(of.Enum) > 0 {
		return of.Enum[0]
	}
	kind, _ := of.Type.(string)
	if kinds, several := of.Type.([]any); several {
		kind, _ = kinds[0].(string)
	}
	switch kind {
	case "object":
		all := make(map[string]any)
		for field, f := range of.Properties {
			if slices.Contains(of.Required, field) {
				all[field] = m.sample(field, f, s)
			}
		}
		return all
	case "array":
		return []any{m.sample(strings.TrimSuffix(name, "s"), *of.Items, s)}
	case "boolean":
		return true
	case "integer", "number":
		return 1
	}
	return m.value(name, of, s)
}

// value is a text for a field of a name.
func (m *matrix) value(name string, of shape, s site) string {
	named := map[string]string{
		"project": s.project, "center": s.center, "region": s.region, "city": s.city, "ticket": "T-" + s.project,
		"return": "R-" + s.project, "requisition": "Q-" + s.project, "charge": "F-" + s.project, "payment": "B-" + s.project,
		"slip": "OUT-" + s.project, "quarter": "2026Q3", "through": "2026Q3", "month": "2026-09", "posted": "2026Q3",
		"line": "L-" + s.project, "key": "ISSUE_NO_FAULT:" + s.project + "/OUT-" + s.project, "first": "2026-09", "last": "2026-09",
		"account": "1122.2", "to": s.project, "quantity": "1", "text": "文字", "name": "名称", "sha256": strings.Repeat("a", 64), "serial": "S1",
		"letter": strings.Repeat("b", 64), "sheet": strings.Repeat("c", 64), "approval": strings.Repeat("d", 64),
		"login": "somebody", "half": "2026H1", "from": "2026-09-01", "halfYear": "2026H1", "bankReference": "B-" + s.project + "-2",
	}
	switch {
	case len(of.Enum) > 0:
		return fmt.Sprint(of.Enum[0])
	case named[name] != "":
		return named[name]
	case strings.HasSuffix(name, "On") || name == "on":
		return "2026-09-10"
	case strings.HasSuffix(name, "At"):
		return "2026-09-10T09:00:00+08:00"
	case slices.Contains([]string{"amount", "value", "estimate", "price", "total"}, name):
		return "1.00"
	}
	return "X1"
}

// Every operation of the document is a line of the table, lets nobody in without good
// credentials, and of the roles those alone that the table names.
func TestEveryOperationAsksTheTableWhoMay(t *testing.T) {
	m := newMatrix(t)
	worthless := m.worthless()
	for _, op := range m.ops {
		if _, personal := ofPersons[op.ID]; personal && op.Action == "" {
			continue // see TestWhatIsForNoRoleIsForWhoeverItSays
		}
		action := m.actions[op.Action]
		if action == nil {
			t.Errorf("%s %s (%s) is no line of the table: %q", op.method, op.path, op.ID, op.Action)
			continue
		}
		path, contentType, body := m.request(op, east, false)
		for who, token := range worthless {
			if a := m.do(token, op.method, path, contentType, body); a.status != http.StatusUnauthorized {
				t.Errorf("%s lets %s in: %d %.200s", op.ID, who, a.status, a.text)
			}
		}
		answered := false
		for _, role := range domain.Roles() {
			path, body := path, body
			if answered { // once is enough: for the others a request that is let in and cannot be understood
				if body = "{"; op.method == http.MethodGet {
					path = op.path + "?nonsense=1"
				}
			}
			answered = answered || slices.Contains(action.Roles, role)
			a := m.do(m.as(role, whole(role, east)), op.method, path, contentType, body)
			refused := a.status == http.StatusForbidden && a.problem() == "role-not-allowed"
			if may := slices.Contains(action.Roles,
				role); may == refused || a.status == http.StatusUnauthorized || a.status >= 500 {
				t.Errorf("%s as %s, who may: %t, answered %d %.300s", op.ID, role, may, a.status, a.text)
			}
			if action.Reach == kit.OfCompany && slices.Contains(action.Roles, role) {
				a := m.do(m.as(role, part(role, east)), op.method, path, contentType, body)
				if a.status != http.StatusForbidden || a.problem() != "whole-company" {
					t.Errorf("%s as %s of a part of the company answered %d %.200s", op.ID, role, a.status, a.text)
				}
			}
		}
	}
}

// What lies outside somebody's scope answers like what does not exist, and no list
// shows anything of it.
func TestWhatLiesOutsideAScopeIsNotThere(t *testing.T) {
	m := newMatrix(t)
	compared, shown := 0, 0
	asMissing := strings.NewReplacer(east.project, nowhere.project, east.center, nowhere.center, east.region,
		nowhere.region,
		east.city, nowhere.city)
	for _, op := range m.ops {
		action := m.actions[op.Action]
		if action == nil || action.Reach == kit.OfCompany {
			continue
		}
		var tried []access.Reach // of roles that reach as far, one is asked
		for _, role := range action.Roles {
			reach := part(role, south)
			if slices.ContainsFunc(tried, func(r access.Reach) bool { return r.Key() == reach.Key() }) {
				continue
			}
			tried = append(tried, reach)
			token := m.as(role, reach)
			for _, filters := range []bool{true, false} {
				path, contentType, body := m.request(op, east, filters)
				names := strings.Contains(path+body, east.project) || strings.Contains(path+body, east.center) ||
					strings.Contains(path, east.region)
				if names {
					other, _, missing := m.request(op, nowhere, filters)
					outside, gone := m.do(token, op.method, path, contentType,
						body), m.do(token, op.method, other, contentType, missing)
					compared++
					if outside.status != gone.status || asMissing.Replace(outside.text) != gone.text && op.method != http.MethodGet ||
						outside.problem() != gone.problem() {
						t.Errorf("%s as %s answers outside %d %.300s\nand of what does not exist %d %.300s", op.ID, role,
							outside.status, outside.text, gone.status, gone.text)
					}
					if outside.status < 300 && op.method != http.MethodGet && !strings.Contains(outside.text, "outcome") &&
						!strings.Contains(outside.text, "refus") {
						t.Errorf("%s as %s was carried out outside: %d %.300s", op.ID, role, outside.status, outside.text)
					}
				}
				if op.method != http.MethodGet || names {
					continue
				}
				a := m.do(token, op.method, path, contentType, body)
				for _, trace := range []string{east.project, east.center + `"`, east.region} {
					if strings.Contains(a.text, trace) {
						t.Errorf("%s shows %s of the other region to %s: %d %.600s", op.ID, trace, role, a.status, a.text)
					}
				}
				if strings.Contains(a.text, south.project) || strings.Contains(a.text, south.center) {
					shown++
				}
			}
		}
	}
	if compared < 300 || shown < 40 {
		t.Errorf("only %d requests named what lies outside, and %d lists showed what lies within", compared, shown)
	}
}

// What was found once: a regional admin of 华南 collected 华东's F1 and printed C01's
// statement; a technician of P001 issued from P036's depot and read what centers owe.
func TestWhatWasFoundOnceIsRefused(t *testing.T) {
	m := newMatrix(t)
	admin := m.as(domain.RegionalAdmin, access.Reach{Regions: []string{"华南"}})
	technician := m.as(domain.Technician, access.Reach{Projects: []domain.ProjectID{"P001"}})
	for _, c := range []struct {
		who          string
		method, path string
		body         string
		status       int
		problem      string
	}{
		{admin, "POST", "/v1/regions/华东/filings/2026-09/F1/collection", `{}`, 404, "unknown-region"},
		{admin, "GET", "/v1/regions/华东/filings/2026-09/F1/form", "", 404, "unknown-region"},
		{admin, "GET", "/v1/centers/C01/statements/2026Q3/form", "", 404, "unknown-center"},
		{admin, "GET", "/v1/centers/C03/statements/2026Q3/form", "", 200, ""},
		{admin, "GET", "/v1/receivables?center=C01", "", 422, "unknown-center"},
		{admin, "GET", "/v1/receivables?center=C03", "", 200, ""},
		{technician, "POST", "/v1/projects/P036/depot/issues",
			`{"slip":"OUT-9","part":"DS","quantity":"1","faultLine":"L-9","taker":"li","issuedOn":"2026-09-02"}`, 404,
			"unknown-project"},
		{technician, "GET", "/v1/receivables", "", 403, "role-not-allowed"},
		{technician, "GET", "/v1/parts/stock?project=P036", "", 422, "unknown-project"},
		{technician, "GET", "/v1/charges?openOnly=true", "", 403, "not-shown"},
	} {
		if a := m.do(c.who, c.method, c.path, "application/json", c.body); a.status != c.status || a.problem() != c.problem {
			t.Errorf("%s %s answered %d %.300s; want %d %s", c.method, c.path, a.status, a.text, c.status, c.problem)
		}
	}
	var charges struct {
		Rows []struct{ Charge, Gross, Open, Paid string }
	}
	m.json(technician, "/v1/charges", &charges)
	if len(charges.Rows) != 1 || charges.Rows[0].Gross != "100.00" || charges.Rows[0].Open != "" ||
		charges.Rows[0].Paid != "" {
		t.Errorf("a technician's charges: %+v", charges.Rows)
	}
	m.json(admin, "/v1/charges", &charges)
	if len(charges.Rows) != 1 || charges.Rows[0].Open != "95.00" {
		t.Errorf("a regional admin's charges: %+v", charges.Rows)
	}
}
