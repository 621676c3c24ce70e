package app_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// mailroom is a server whose mails lie in a folder, and the head of C01 who reads
// them in a browser.
type mailroom struct {
	t    *testing.T
	a    *app.App
	data string

	cookie string
	n      int
	seen   eventstore.Position
}

func openMailroom(t *testing.T) *mailroom {
	m := &mailroom{t: t, data: t.TempDir()}
	now := time.Date(2026, 10, 8, 4, 0, 0, 0, time.UTC)
	m.a = apptest.Start(t, app.Config{
		Data: m.data, ReadModels: noClickHouse, Notices: &app.Notices{}, PublicURL: "https://ledger.example.com",
		Clock: func() time.Time { return now },
	})
	m.head("zheng", "zheng@c01.example.com")
	for _, c := range []struct {
		role       domain.Role
		path, body string
	}{
		{domain.HQAffairsSupervisor, "/v1/price-lists", `{"version":"1","effectiveFrom":"2026-01-01","items":[
			{"code":"R","name":"维修费","kind":"REPAIR","unit":"元","price":"1.00","taxRate":"0.06"}]}`},
		{domain.RegionalAdmin, "/v1/centers", openC01},
		{domain.RegionalAdmin, "/v1/projects", `{"project":"P001","name":"花园","region":"华东","city":"杭州","center":"C01",
			"from":"2024-09-01","warranty":{"occupancyOn":"2024-09-01","startsFrom":"OCCUPANCY","months":12}}`},
		{domain.Technician, "/v1/centers/C01/charges",
			`{"charge":"SF-1","project":"P001","item":"R","quantity":"100","occurredOn":"2026-09-02"}`},
		{domain.Technician, "/v1/centers/C01/charges",
			`{"charge":"SF-2","project":"P001","item":"R","quantity":"60","occurredOn":"2026-09-03"}`},
		{domain.RegionalAdmin, "/v1/centers/C01/statements/2026Q3/issue", `{}`},
	} {
		m.must(c.role, c.path, c.body)
	}
	return m
}

func (m *mailroom) head(login, mail string) {
	m.t.Helper()
	c := user.Create{Login: login, Name: "郑主任", Mail: mail, Reason: "test"}
	if _, err := ledger.Do(m.t.Context(), m.a.Ledger, request("create "+login), c, (*user.Users).Create); err != nil {
		m.t.Fatal(err)
	}
	g := user.Grant{Login: login, Role: domain.CenterHead, Reach: access.OfCenter("C01"), Reason: "test"}
	if _, err := ledger.Do(m.t.Context(), m.a.Ledger, request("grant "+login), g, (*user.Users).Grant); err != nil {
		m.t.Fatal(err)
	}
}

// as asks as somebody of the department.
func (m *mailroom) as(role domain.Role) *client.Client {
	token := m.a.Door.(*door.Door).OfMachine(domain.Actor{Name: "user-" + string(role), Role: role})
	return client.InProcess(m.a.Handler, token)
}

func (m *mailroom) must(role domain.Role, path, body string) {
	m.t.Helper()
	m.n++
	if resp := post(m.t, m.as(role), path, fmt.Sprint("step-", m.n), body); resp.Status != http.StatusCreated {
		m.t.Fatalf("%s answered %d %s", path, resp.Status, resp.Body)
	}
}

// sent waits until a notice of a kind has left since the last that was waited for.
func (m *mailroom) sent(kind notice.Kind) {
	m.t.Helper()
	for batch, err := range m.a.Store.Subscribe(m.t.Context(), m.seen, 100) {
		if err != nil {
			m.t.Fatal(err)
		}
		for _, rec := range batch.Events {
			m.seen = rec.Position
			e, _, err := eventstore.Trade.DecodeRecorded(rec)
			if err != nil {
				m.t.Fatal(err)
			}
			switch e := e.(type) {
			case notice.NoticeUndeliverable:
				m.t.Fatalf("not sent: %+v", e)
			case notice.NoticeSent:
				if strings.Contains(e.Body, "aslk_") {
					m.t.Error("the secret of a link is kept with the notice")
				}
				if e.Kind == kind {
					return
				}
			}
		}
	}
}

var inMail = regexp.MustCompile(`(?m)^[A-Za-z0-9+/=\r\n]{60,}$`)

// mails are the texts of the mails to an address, the oldest first.
func (m *mailroom) mails(pattern *regexp.Regexp) (found []string) {
	m.t.Helper()
	files, err := filepath.Glob(filepath.Join(m.data, "outbox", "*.eml"))
	if err != nil {
		m.t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			m.t.Fatal(err)
		}
		for _, block := range inMail.FindAll(raw, -1) {
			text, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\r", "", "\n", "").Replace(string(block)))
			if err == nil {
				found = append(found, pattern.FindAllString(string(text), -1)...)
			}
		}
	}
	return found
}

var (
	linkInMail = regexp.MustCompile(`https://ledger\.example\.com/answer#aslk_[\w-]+`)
	codeInMail = regexp.MustCompile(`(?m)^    [0-9]{6}$`)
)

// browse is a request of the head's browser.
func (m *mailroom) browse(method, path string, body any) (status int, text string) {
	m.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		m.t.Fatal(err)
	}
	if raw, ok := body.(string); ok {
		data = []byte(raw)
	}
	r := httptest.NewRequestWithContext(m.t.Context(), method, path, bytes.NewReader(data))
	r.Header.Set("Content-Type", http.DetectContentType(data))
	r.Header.Set("Accept", "text/html,application/json")
	if method == http.MethodPost {
		m.n++
		r.Header.Set("Idempotency-Key", fmt.Sprint("head-", m.n))
		if _, file := body.(string); !file {
			r.Header.Set("Content-Type", "application/json")
		}
	}
	if m.cookie != "" {
		name, value, _ := strings.Cut(m.cookie, "=")
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	m.a.Handler.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		m.cookie = c.Name + "=" + c.Value
	}
	return w.Code, w.Body.String()
}

func (m *mailroom) expect(status int, says, method, path string, body any) string {
	m.t.Helper()
	got, text := m.browse(method, path, body)
	if got != status || !strings.Contains(text, says) {
		m.t.Fatalf("%s %s answered %d %.600s; want %d with %s", method, path, got, text, status, says)
	}
	return text
}

const theStatement = "/v1/centers/C01/statements/2026Q3"

// A statement is answered from the link of its mail, from the mail that leaves to the
// mail that says so.
func TestAStatementIsAnsweredFromTheLinkOfItsMail(t *testing.T) {
	m := openMailroom(t)
	m.sent("STATEMENT_ISSUED")
	links := m.mails(linkInMail)
	if len(links) != 1 {
		t.Fatalf("the mails carry %q", links)
	}
	_, secret, _ := strings.Cut(links[0], "#")
	// A program that tries the links of mails asks for the page, and comes to nothing.
	m.expect(http.StatusOK, "<!doctype html>", http.MethodGet, "/answer", nil)
	m.expect(http.StatusUnauthorized, "", http.MethodGet, theStatement, nil)

	m.expect(http.StatusOK, `"quarter":"2026Q3"`, http.MethodPost, "/v1/links", map[string]string{"link": secret})
	m.expect(http.StatusOK, `"SF-2"`, http.MethodGet, theStatement, nil)
	m.expect(http.StatusOK, "对账单", http.MethodGet, theStatement+"/form?format=html", nil)
	answer := map[string]any{"version": 1, "disputes": []any{map[string]any{"charge": "SF-2", "reason": "未施工"}}}
	m.expect(http.StatusForbidden, "prove-by-code", http.MethodPost, theStatement+"/confirm", answer)
	m.expect(http.StatusForbidden, "one-purpose", http.MethodGet, "/v1/receivables", nil)

	m.expect(http.StatusOK, "z•••@c01.example.com", http.MethodPost, "/v1/me/code", map[string]string{})
	codes := m.mails(codeInMail)
	if len(codes) != 1 {
		t.Fatalf("the mails carry the codes %q", codes)
	}
	code := strings.TrimSpace(codes[0])
	m.expect(http.StatusForbidden, "wrong-code", http.MethodPost, "/v1/me/code/proof", map[string]string{"code": "x"})
	m.expect(http.StatusOK, "true", http.MethodPost, "/v1/me/code/proof", map[string]string{"code": code})
	m.expect(http.StatusForbidden, "wrong-code", http.MethodPost, "/v1/me/code/proof", map[string]string{"code": code})

	kept := m.expect(http.StatusCreated, "sha256", http.MethodPost, "/v1/attachments?name=业主说明.pdf", "%PDF-1.4 301")
	var file struct{ SHA256 string }
	if err := json.Unmarshal([]byte(kept), &file); err != nil {
		t.Fatal(err)
	}
	answer["disputes"] = []any{map[string]any{"charge": "SF-2", "reason": "未施工", "papers": []string{file.SHA256}}}
	m.expect(http.StatusCreated, "StatementConfirmed", http.MethodPost, theStatement+"/confirm", answer)
	m.expect(http.StatusOK, `"way":"LINK"`, http.MethodGet, theStatement, nil)
	m.expect(http.StatusConflict, "statement-confirmed", http.MethodPost, theStatement+"/confirm", answer)
	m.sent("STATEMENT_CONFIRMED")
	if got := m.mails(regexp.MustCompile(`答复方式：邮件链接`)); len(got) == 0 {
		t.Error("the regional admin's mail does not say how the answer came")
	}
	var audit struct {
		Entries []struct{ What, Login, Object, Operation string }
	}
	resp := get(t, m.as(domain.Finance), "/v1/door/audit?login=zheng")
	if err := json.Unmarshal(resp.Body, &audit); err != nil {
		t.Fatal(err)
	}
	seen := make(map[string]bool)
	for _, e := range audit.Entries {
		seen[e.What+" "+e.Operation] = true
	}
	for _, what := range []string{
		"link-mailed ", "link-opened ", "code-sent ", "code-refused ", "code-proven ", "acted-by-link confirm-statement",
		"statement-read statements",
	} {
		if !seen[what] {
			t.Errorf("the audit lacks %q: %s", what, resp.Body)
		}
	}
}

// The link of a version ends with it, and the regional admin ends links.
func TestALinkEndsWithItsVersionAndByTheRegionalAdmin(t *testing.T) {
	m := openMailroom(t)
	m.sent("STATEMENT_ISSUED")
	open := func(link string) map[string]string {
		_, secret, _ := strings.Cut(link, "#")
		return map[string]string{"link": secret}
	}
	first := open(m.mails(linkInMail)[0])
	m.expect(http.StatusOK, "2026Q3", http.MethodPost, "/v1/links", first)
	m.must(domain.Technician, "/v1/centers/C01/charges",
		`{"charge":"SF-3","project":"P001","item":"R","quantity":"7","occurredOn":"2026-09-09"}`)
	m.expect(http.StatusOK, `"SUPERSEDED"`, http.MethodGet, theStatement, nil) // it may be looked at until the next one is there
	m.must(domain.RegionalAdmin, theStatement+"/issue", `{}`)
	m.expect(http.StatusUnauthorized, "", http.MethodGet, theStatement, nil)
	m.expect(http.StatusUnauthorized, "link-over", http.MethodPost, "/v1/links", first)
	m.sent("STATEMENT_ISSUED")
	links := m.mails(linkInMail)
	second := open(links[len(links)-1])
	m.expect(http.StatusOK, "2026Q3", http.MethodPost, "/v1/links", second)

	listed := get(t, m.as(domain.RegionalAdmin), theStatement+"/links")
	if !strings.Contains(string(listed.Body), `"mail":"z•••@c01.example.com"`) ||
		strings.Contains(string(listed.Body), second["link"]) {
		t.Errorf("the links listed: %s", listed.Body)
	}
	if resp := get(t, m.as(domain.Finance), theStatement+"/links"); resp.Status != http.StatusForbidden {
		t.Errorf("finance lists links: %d", resp.Status)
	}
	m.must(domain.RegionalAdmin, theStatement+"/links/revocation", `{"reason":"转发给了别人"}`)
	m.expect(http.StatusUnauthorized, "", http.MethodGet, theStatement, nil)
	m.expect(http.StatusUnauthorized, "link-over", http.MethodPost, "/v1/links", second)
}
