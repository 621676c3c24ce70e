package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
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
