package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// shownAt says, of the commands below a path, which stream they change and in which view
// it is looked at before. What begins a record has nothing to look at.
type shownAt struct{ commands, stream, view string }

var looksAt = []shownAt{
	{"/v1/centers/{center}/", "account-@C", "/v1/centers/@C/account"},
	{"/v1/centers/{center}/charges/{charge}/", "account-@C", "/v1/centers/@C/charges/F-@P"},
	{"/v1/centers/{center}/payments/{payment}/", "account-@C", "/v1/centers/@C/payments/B-@P"},
	{"/v1/centers/{center}/statements/{quarter}/", "account-@C", "/v1/centers/@C/statements/2026Q3"},
	{"/v1/projects/{project}/", "project-@P", "/v1/projects/@P/service"},
	{"/v1/projects/{project}/rosters", "project-@P", "/v1/projects/@P/roster"},
	{"/v1/projects/{project}/depot/", "depot-@P", "/v1/parts/stock?project=@P"},
	{"/v1/projects/{project}/visits", "visits-@P-2026-09", "/v1/visits?project=@P&from=2026-09-01&to=2026-09-30"},
	{"/v1/projects/{project}/filings/{month}/{form}", "filing-@P-2026-09", "/v1/projects/@P/filings/2026-09/F1"},
	{"/v1/tickets/{ticket}/", "ticket-T-@P", "/v1/tickets/T-@P"},
	{"/v1/returns/{return}/", "return-R-@P", "/v1/returns/R-@P"},
	{"/v1/requisitions/{requisition}/", "requisition-Q-@P", "/v1/requisitions/Q-@P"},
	{"/v1/payment-requests", "payables-@R-2026-09", "/v1/payables?region=@R&month=2026-09"},
	{"/v1/findings/", "finding-ISSUE_NO_FAULT:@P/OUT-@P", "/v1/findings/one?key=ISSUE_NO_FAULT:@P/OUT-@P"},
	{"/v1/users/{login}/", "users", "/v1/users/somebody"},
	{"/v1/catalogue", "catalogue", "/v1/catalogue"},
	{"/v1/suppliers", "suppliers", "/v1/suppliers"},
	{"/v1/service-tables", "servicetable", "/v1/service-table"},
	{"/v1/price-lists", "pricelist", "/v1/price-lists"},
	{"/v1/imports/charges/layouts", "import-layouts-charges", "/v1/imports/charges/layouts"},
	{"/v1/imports/catalogue/layouts", "import-layouts-catalogue", "/v1/imports/catalogue/layouts"},
	{"/v1/imports/counts/layouts", "import-layouts-counts", "/v1/imports/counts/layouts"},
	{"/v1/imports/fault-records/layouts", "import-layouts-fault-records", "/v1/imports/fault-records/layouts"},
	{"/v1/imports/users/layouts", "import-layouts-users", "/v1/imports/users/layouts"},
	{"/v1/imports/bank-statements/layouts", "import-layouts-bank-statements", "/v1/imports/bank-statements/layouts"},
}

// nothingToLookAt are commands that take a condition and whose record is seen nowhere before.
var nothingToLookAt = map[string]string{
	"open-account": "begins an account", "register-project": "begins a project", "register-ticket": "begins a ticket",
	"open-return": "begins a sheet", "request-material": "begins a requisition", "create-user": "begins a user",
	"resend-notice": "a notice is sent once more, whoever else asks",
}

// viewOf is the line of the most particular path.
func viewOf(path string) (at shownAt, ok bool) {
	for _, line := range looksAt {
		if strings.HasPrefix(path, line.commands) && len(line.commands) > len(at.commands) {
			at, ok = line, true
		}
	}
	return at, ok
}

func (op operation) takes(header string) bool {
	return slices.ContainsFunc(op.Parameters, func(p asks) bool { return p.Name == header })
}

// tagOf is the tag of an answer, and the stream that it shows, if any.
func (m *matrix) tagOf(token, method, path, body string, headers ...string) (tag, stream string, status int) {
	tag, stream, _, status = m.asked(token, method, path, body, headers...)
	return tag, stream, status
}

// asked is tagOf with the answer's text.
func (m *matrix) asked(
	token, method, path, body string, headers ...string,
) (tag, stream, text string, status int) {
	r := httptest.NewRequestWithContext(m.t.Context(), method, path, bytes.NewReader([]byte(body)))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	m.n++
	r.Header.Set("Idempotency-Key", fmt.Sprintf("matrix-%d", m.n))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	m.handler.ServeHTTP(rec, r)
	tag = rec.Header().Get("ETag")
	if of := strings.Trim(tag, `W/"`); method != http.MethodGet || strings.HasPrefix(of, "!") {
		stream = of[strings.LastIndex(of, "!")+1:]
		stream = stream[:max(0, strings.LastIndex(stream, ":"))]
	}
	return tag, stream, rec.Body.String(), rec.Code
}

// What two people may change at once is looked at with a tag that the change can be bound
// to: every command that takes an If-Match has a view that gives it, to each of the roles
// that may send the command. Once something was changed, the tag is good no more.
func TestWhatTwoPeopleMayChangeIsShownWithItsTag(t *testing.T) {
	m := newMatrix(t)
	m.beginTheRest()
	looked, wanted := map[string]string{}, map[string]bool{}
	for _, op := range m.ops {
		if op.method == http.MethodGet || !op.takes("If-Match") {
			continue
		}
		at, ok := viewOf(op.path)
		if begins := nothingToLookAt[op.ID] != ""; begins == ok {
			t.Errorf("%s takes an If-Match: which view gives the tag of what it changes? (%v)", op.ID, at)
		}
		if !ok {
			continue
		}
		stream, view := east.fill(at.stream), east.fill(at.view)
		wanted[stream] = true
		for _, role := range m.actions[op.Action].Roles {
			reach := part(role, east)
			if m.actions[op.Action].Reach == kit.OfCompany {
				reach = access.Everything()
			}
			tag, shows, status := m.tagOf(m.as(role, reach), http.MethodGet, view, "")
			switch {
			case status == http.StatusOK && shows != stream:
				t.Errorf("%s changes %s, and %s shows %q to %s in %s", op.ID, stream, view, shows, role, tag)
			case status == http.StatusOK:
				looked[stream] = tag
			case status != http.StatusForbidden && status != http.StatusUnprocessableEntity && status != http.StatusNotFound:
				t.Errorf("%s answers %s %d", view, role, status)
			}
		}
		if looked[stream] == "" {
			t.Errorf("%s is sent by none of %v who may read %s", op.ID, m.actions[op.Action].Roles, view)
		}
	}
	for _, c := range m.changes() {
		stream := east.fill(c.stream)
		delete(wanted, stream)
		send := func(c sent, tag string) (now, changed, text string, status int) {
			return m.asked(m.as(c.role, access.Everything()), http.MethodPost, east.fill(c.path), east.fill(c.body),
				"If-Match", tag)
		}
		refused := func(c sent, tag string) {
			if now, _, text, status := send(c, tag); status != http.StatusPreconditionFailed || !strings.HasPrefix(now,
				`"`+stream+":") {
				t.Errorf("%s, as it is not, answers %d with the tag %s: %.300s", c.path, status, now, text)
			}
		}
		if c.second.body == "" {
			refused(c.first, `"`+stream+`:99"`)
		}
		_, changed, text, status := send(c.first, looked[stream])
		if status != http.StatusCreated || changed != stream && !c.many {
			t.Errorf("%s, as it was looked at, changes %q, want %q: %d %.300s", c.first.path, changed, stream, status, text)
		}
		if c.second.body != "" {
			refused(c.second, looked[stream])
		}
	}
	for stream := range wanted {
		t.Errorf("nothing changes %s here", stream)
	}
}

// sent is a command.
type sent struct {
	role       domain.Role
	path, body string
}

// change is one that is made, and another that its sender decided on what was before. Where
// there is no other, the first is tried before, on what is not there yet.
type change struct {
	stream        string
	first, second sent
	many          bool // its answer is of many records, and has no tag
}

func (m *matrix) changes() []change {
	twice := func(stream string, role domain.Role, path, first, second string) change {
		return change{stream, sent{role, path, first}, sent{role, path, second}, false}
	}
	list := []change{
		twice("account-@C", domain.Technician, "/v1/centers/@C/charges",
			`{"project":"@P","item":"R","quantity":"2","occurredOn":"2026-10-02"}`,
			`{"project":"@P","item":"R","quantity":"3","occurredOn":"2026-10-02"}`),
		twice("project-@P", domain.RegionalAdmin, "/v1/projects/@P/presence",
			`{"presence":"LEFT_CITY","from":"2026-10-01"}`, `{"presence":"ON_PROJECT","from":"2026-10-05"}`),
		twice("depot-@P", domain.Technician, "/v1/projects/@P/depot/receipts",
			`{"receipt":"IN-7","part":"DS","quantity":"1","value":"9.00","source":"OPENING","receivedOn":"2026-10-01"}`,
			`{"receipt":"IN-8","part":"DS","quantity":"1","value":"9.00","source":"OPENING","receivedOn":"2026-10-01"}`),
		twice("visits-@P-2026-09", domain.CityLead, "/v1/projects/@P/visits", `{"on":"2026-09-13"}`, `{"on":"2026-09-14"}`),
		{
			"filing-@P-2026-09", sent{domain.RegionalAdmin, "/v1/projects/@P/filings/2026-09/F1/review", `{"approve":true}`},
			sent{domain.Technician, "/v1/projects/@P/filings/2026-09/F3", `{}`}, false,
		},
		twice("ticket-T-@P", domain.CityLead, "/v1/tickets/T-@P/escalations",
			`{"matter":"又漏水","reason":"IMPORTANT","escalatedAt":"2026-10-01T10:00:00+08:00"}`,
			`{"matter":"还漏水","reason":"IMPORTANT","escalatedAt":"2026-10-01T11:00:00+08:00"}`),
		twice("return-R-@P", domain.RegionalAdmin, "/v1/returns/R-@P/follow-ups",
			`{"contact":"海康售后","note":"已修","on":"2026-10-01"}`, `{"contact":"海康售后","note":"在途","on":"2026-10-02"}`),
		{
			"requisition-Q-@P", sent{domain.MaterialsPlanner, "/v1/requisitions/Q-@P/decision", `{"approve":true}`},
			sent{domain.TechGroupLead, "/v1/requisitions/Q-@P/decision", `{"approve":true}`}, false,
		},
		twice("payables-@R-2026-09", domain.Finance, "/v1/payment-requests/@R/2026-09/payments",
			`{"bankReference":"ICBC-1","supplier":"海康","amount":"10.00","paidOn":"2026-10-08"}`, ""),
		{
			"finding-ISSUE_NO_FAULT:@P/OUT-@P",
			sent{domain.TechGroupLead, "/v1/findings/assign", `{"keys":["ISSUE_NO_FAULT:@P/OUT-@P"],"owner":"another"}`},
			sent{domain.TechGroupLead, "/v1/findings/assign", `{"keys":["ISSUE_NO_FAULT:@P/OUT-@P"],"owner":"somebody"}`}, true,
		},
		twice("users", domain.Administrator, "/v1/users/somebody/details", `{"name":"王芳芳","reason":"改名"}`,
			`{"name":"王方","reason":"改名"}`),
		twice("catalogue", domain.PurchasingAdmin, "/v1/catalogue",
			`{"parts":[{"part":"KQ","name":"按钮","unit":"个","from":"2026-02-01"}]}`,
			`{"parts":[{"part":"KQ","name":"旋钮","unit":"个","from":"2026-03-01"}]}`),
		twice("suppliers", domain.PurchasingAdmin, "/v1/suppliers",
			`{"supplier":"S1","name":"海康威视","bank":"中国银行","number":"380012342","from":"2026-02-01","reason":"换户"}`,
			`{"supplier":"S1","name":"海康威视","bank":"中国银行","number":"380012343","from":"2026-03-01","reason":"换户"}`),
		twice("pricelist", domain.DepartmentManager, "/v1/price-lists", priceList("2", "2026-11-01"),
			priceList("3", "2026-12-01")),
		twice("servicetable", domain.DepartmentManager, "/v1/service-tables", m.serviceTable("b", "2026-11-01"),
			m.serviceTable("c", "2026-12-01")),
	}
	for kind, of := range layouts {
		list = append(list, twice("import-layouts-"+kind, of.role, "/v1/imports/"+kind+"/layouts", layout("乙", of.title),
			layout("丙", of.title)))
	}
	return list
}

func layout(name, title string) string {
	return `{"name":"` + name + `","columns":{"` + title + `":"某栏"}}`
}

func priceList(version, from string) string {
	return `{"version":"` + version + `","effectiveFrom":"` + from + `","items":[{"code":"R","name":"维修费",
		"kind":"REPAIR","unit":"元","price":"1.00","taxRate":"0.06"}]}`
}

// layouts are the kinds of lists, with a column of each and who may import it.
var layouts = map[string]struct {
	title string
	role  domain.Role
}{
	"charges": {"日期", domain.RegionalAdmin}, "catalogue": {"名称", domain.PurchasingAdmin},
	"counts": {"实盘数量", domain.Technician}, "fault-records": {"设备", domain.Technician},
	"users": {"姓名", domain.Administrator}, "bank-statements": {"交易金额", domain.Finance},
}

// serviceTable is the table in force under another version from a date on.
func (m *matrix) serviceTable(version, from string) string {
	m.t.Helper()
	var now struct{ Rows []map[string]any }
	m.json(m.as(domain.Finance, access.Everything()), "/v1/service-table", &now)
	for _, row := range now.Rows {
		for field, v := range row {
			if text, is := v.(string); !is || text == "" {
				delete(row, field)
			}
		}
	}
	table, err := json.Marshal(map[string]any{"version": version, "effectiveFrom": from, "rows": now.Rows})
	if err != nil {
		m.t.Fatal(err)
	}
	return string(table)
}

// beginTheRest begins what two people may change and newMatrix has not.
func (m *matrix) beginTheRest() {
	m.t.Helper()
	attach := func(role domain.Role, text string) (sha string) {
		a := m.do(m.as(role, access.Everything()), http.MethodPost, "/v1/attachments?name=a.pdf", "application/pdf",
			"%PDF-1.4 "+text)
		var kept struct{ SHA256 string }
		if err := json.Unmarshal([]byte(a.text), &kept); err != nil || kept.SHA256 == "" {
			m.t.Fatalf("storing answered %d %s", a.status, a.text)
		}
		return kept.SHA256
	}
	admin := domain.RegionalAdmin
	letter, sheet, mail := attach(admin, "letter"), attach(admin, "sheet"), attach(admin, "mail")
	for _, c := range []struct {
		role       domain.Role
		path, body string
	}{
		{domain.Administrator, "/v1/users", `{"login":"somebody","name":"王芳","reason":"入职"}`},
		{domain.Administrator, "/v1/users", `{"login":"another","name":"李明","reason":"入职"}`},
		{domain.Administrator, "/v1/users/somebody/grants", `{"role":"tech-group-lead","company":true,"reason":"任命"}`},
		{domain.Administrator, "/v1/users/another/grants", `{"role":"tech-group-lead","company":true,"reason":"任命"}`},
		{domain.TechGroupLead, "/v1/findings/assign", `{"keys":["ISSUE_NO_FAULT:@P/OUT-@P"],"owner":"somebody"}`},
		{domain.PurchasingAdmin, "/v1/catalogue", `{"parts":[{"part":"KQ","name":"开关","unit":"个","from":"2026-01-01"}]}`},
		{domain.PurchasingAdmin, "/v1/suppliers",
			`{"supplier":"S1","name":"海康威视","bank":"中国银行","number":"380012341","from":"2026-01-01"}`},
		{domain.DepartmentManager, "/v1/service-tables", m.serviceTable("a", "2026-10-09")},
		{domain.CityTechLead, "/v1/returns/R-@P/decision", `{"approve":true}`},
		{domain.TechGroupLead, "/v1/returns/R-@P/decision", `{"approve":true}`},
		{domain.HQAffairsSupervisor, "/v1/returns/R-@P/decision", `{"approve":true,"amount":"10.00"}`},
		{domain.DepartmentManager, "/v1/returns/R-@P/decision", `{"approve":true,"amount":"10.00","mailPage":"` + mail + `"}`},
		{admin, "/v1/returns/R-@P/shipment", `{"shippedOn":"2026-09-11"}`},
		{admin, "/v1/returns/R-@P/quote", `{"amount":"10.00","quotedOn":"2026-09-12","letter":"` + letter + `","supplier":"海康"}`},
		{domain.HQAffairsSupervisor, "/v1/returns/R-@P/letter", `{"amount":"10.00","letter":"` + letter + `"}`},
		{admin, "/v1/payment-requests", `{"region":"@R","month":"2026-09","lines":[{"return":"R-@P","amount":"10.00",
			"letter":"` + letter + `","sheet":"` + sheet + `","approval":"` + mail + `"}]}`},
	} {
		m.must(c.role, east.fill(c.path), east.fill(c.body))
	}
	for kind, of := range layouts {
		m.must(of.role, "/v1/imports/"+kind+"/layouts", layout("甲", of.title))
	}
	var all struct{ Position uint64 }
	m.json(m.as(domain.Finance, access.Everything()), "/v1/receivables?after="+m.head(), &all)
}

// head is the end of the log.
func (m *matrix) head() string {
	m.t.Helper()
	head, err := m.ledger.Head(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	return fmt.Sprint(head)
}
