package app_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// noted are the entries of the audit that a step caused, the oldest first.
func (m *matrix) noted(step func()) (list []store.Entry) {
	m.t.Helper()
	entries := func() []store.Entry {
		all, err := m.door.Entries(m.t.Context(), store.Filter{})
		if err != nil {
			m.t.Fatal(err)
		}
		return all
	}
	var last int64
	if before := entries(); len(before) > 0 {
		last = before[0].Number
	}
	step()
	for _, e := range entries() {
		if e.Number > last {
			list = append([]store.Entry{e}, list...)
		}
	}
	return list
}

// Who took what away, read which statement, was refused and did what to a webhook is
// in the audit of the door: once each, with how far their rights reached, and nothing
// of what a machine asked again.
func TestTheAuditHoldsWhatWasReadTakenRefusedAndHooked(t *testing.T) {
	m := newMatrix(t)
	region := access.Reach{Regions: []string{"华东"}}
	admin, technician := m.as(domain.RegionalAdmin, region), m.as(domain.Technician, access.Everything())
	get := func(token, path string, headers ...string) func() {
		return func() { m.do(token, http.MethodGet, path, "", "", headers...) }
	}
	var hook struct{ ID, Secret string }
	for _, c := range []struct {
		what string
		step func()
		want store.Entry
	}{
		{"a list as a file", get(admin, "/v1/charges?center=C01", "Accept", "text/csv"),
			store.Entry{What: "exported", Operation: "list-charges", Scope: "regions 华东"}},
		{"a list on the screen", get(admin, "/v1/charges"), store.Entry{}},
		{"a form", get(admin, "/v1/projects/P001/filings/2026-09/F1/form"),
			store.Entry{What: "exported", Operation: "filing-form", Scope: "regions 华东"}},
		{"a statement", get(admin, "/v1/centers/C01/statements/2026Q3"),
			store.Entry{What: "statement-read", Operation: "statements", Object: "C01 2026Q3", Scope: "regions 华东"}},
		{"a statement of another region", get(admin, "/v1/centers/C03/statements/2026Q3"), store.Entry{}},
		{"what a role may not", get(technician, "/v1/receivables"),
			store.Entry{What: "denied", Operation: "receivables", Detail: "role-not-allowed"}},
		{"credentials of nobody", get("aslt_nobody", "/v1/receivables"),
			store.Entry{What: "denied", Operation: "receivables", Detail: "unauthenticated"}},
		{"a field that is closed", get(technician, "/v1/charges?openOnly=true"),
			store.Entry{What: "denied", Operation: "list-charges", Detail: "outside-rights", Scope: "all"}},
		{"the log", get(m.as(domain.Finance, access.Everything()), "/v1/log?limit=1"),
			store.Entry{What: "log-read", Operation: "log", Object: "/v1/log?limit=1", Scope: "all"}},
		{"a webhook", func() {
			a := m.do(admin, http.MethodPost, "/v1/webhooks", "application/json",
				`{"url":"https://example.com/in?key=private-key"}`)
			if err := json.Unmarshal([]byte(a.text), &hook); err != nil || hook.Secret == "" {
				t.Fatalf("%d %s", a.status, a.text)
			}
		}, store.Entry{What: "webhook-added", Operation: "add-webhook", Scope: "regions 华东"}},
		{"its new secret", func() { m.mustAsOK(admin, "/v1/webhooks/"+hook.ID+"/secret", "") },
			store.Entry{What: "webhook-secret-renewed", Operation: "renew-webhook-secret", Scope: "regions 华东"}},
		{"its pause", func() { m.mustAsOK(admin, "/v1/webhooks/"+hook.ID+"/pause", `{"paused":true}`) },
			store.Entry{What: "webhook-paused", Operation: "pause-webhook", Scope: "regions 华东"}},
		{"its end", func() { m.mustAsOK(admin, "/v1/webhooks/"+hook.ID+"/removal", "") },
			store.Entry{What: "webhook-removed", Operation: "remove-webhook", Scope: "regions 华东"}},
	} {
		list := m.noted(c.step)
		if c.want.What == "" {
			if len(list) > 0 {
				t.Errorf("%s left %+v", c.what, list)
			}
			continue
		}
		if len(list) != 1 {
			t.Errorf("%s left %+v", c.what, list)
			continue
		}
		got := list[0]
		if got.What != c.want.What || got.Operation != c.want.Operation || got.Scope != c.want.Scope ||
			got.Detail != c.want.Detail && c.want.Detail != "" || got.Object != c.want.Object && c.want.Object != "" {
			t.Errorf("%s left %+v; want %+v", c.what, got, c.want)
		}
		text, _ := json.Marshal(got)
		for _, secret := range []string{admin, technician, hook.Secret, "private-key", "aslt_nobody"} {
			if secret != "" && strings.Contains(string(text), secret) {
				t.Errorf("%s: the audit holds %q: %s", c.what, secret, text)
			}
		}
	}
	file := m.do(admin, http.MethodGet, "/v1/charges", "", "", "Accept", "text/csv", "Accept-Language", "zh")
	if !strings.Contains(file.text, "（区域行政），权限范围：区域 华东") {
		t.Errorf("the file does not say at its head whose it is: %.400s", file.text)
	}
}
