package app_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// onePage are the lists that are answered whole, with what bounds them.
var onePage = map[string]string{
	"search": "the best of each kind", "service-table": "the procedure's table", "trial-balance": "the chart of accounts",
	"list-price-lists": "versions that the department published, some a year",
	"list-webhooks":    "a person's own, at most twenty", "list-charge-layouts": "layouts that people made up",
	"list-fault-record-layouts": "as above", "list-catalogue-layouts": "as above", "list-count-layouts": "as above",
	"list-user-layouts": "as above", "list-bank-statement-layouts": "as above",
}

type rowsPage struct {
	Rows []json.RawMessage
	Next string
}

// Every list comes in pages; one page after the other is the whole list, and a page
// that was begun within one reach is not turned within another.
func TestEveryListIsTurnedPageByPageWithinItsReach(t *testing.T) {
	m := newMatrix(t)
	m.must(domain.PurchasingAdmin, "/v1/suppliers",
		`{"supplier":"S1","name":"海康威视","bank":"中国银行","number":"380012341","from":"2026-01-01"}`)
	m.must(domain.PurchasingAdmin, "/v1/suppliers",
		`{"supplier":"S2","name":"大华","bank":"中国银行","number":"380012342","from":"2026-01-01"}`)
	old := site{"华东", "杭州", "P002", "C01"} // its warranty is over: wearing parts are advised
	m.must(domain.RegionalAdmin, "/v1/projects", old.fill(`{"project":"@P","name":"花园@P","region":"@R","city":"@Y",
		"center":"@C","from":"2022-09-01","warranty":{"occupancyOn":"2022-09-01","startsFrom":"OCCUPANCY","months":36}}`))
	m.must(domain.Technician, old.fill("/v1/projects/@P/spare-parts-advice"), `{"on":"2026-09-02","parts":[
		{"part":"DS","name":"门口机","quantity":"1"},{"part":"KQ","name":"开关","quantity":"2"}]}`)
	turned, kept := map[string]bool{}, 0
	for _, op := range m.ops {
		action := m.actions[op.Action]
		if op.method != http.MethodGet || action == nil || !m.answersRows(op) {
			continue
		}
		paged := slices.ContainsFunc(op.Parameters, func(p asks) bool { return p.Name == "cursor" })
		if paged != (onePage[op.ID] == "") {
			t.Errorf("%s has pages: %t; it is to say what bounds it otherwise", op.ID, paged)
		}
		if !paged {
			continue
		}
		role := action.Roles[0]
		token := m.as(role, access.Everything())
		at := east
		if op.ID == "project-papers" {
			at = old
		}
		path, _, _ := m.request(op, at, false)
		ask := func(token, path, extra string) (a answer, page rowsPage) {
			sep := map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")]
			a = m.do(token, http.MethodGet, path+sep+extra, "", "")
			_ = json.Unmarshal([]byte(a.text), &page)
			return a, page
		}
		forge := func(cursor string) answer {
			a, _ := ask(token, path, "limit=1&cursor="+url.QueryEscape(cursor))
			return a
		}
		if op.ID == "list-undelivered" { // of one's own webhook, of which there is none here
			m.forge(op.ID, "", forge)
			continue
		}
		_, all := ask(token, path, "limit=1000")
		got, first := []json.RawMessage{}, ""
		for cursor := ""; ; {
			a, page := ask(token, path, "limit=1&cursor="+url.QueryEscape(cursor))
			if a.status != http.StatusOK || len(page.Rows) > 1 {
				t.Errorf("%s, a page of one row, answers %d %.300s", op.ID, a.status, a.text)
				break
			}
			got = append(got, page.Rows...)
			if cursor = page.Next; cursor == "" || len(got) > len(all.Rows) {
				break
			}
			if turned[op.ID] = true; first == "" {
				first = cursor
			}
		}
		if len(got) != len(all.Rows) || !slices.EqualFunc(got, all.Rows, slices.Equal[json.RawMessage]) {
			t.Errorf("%s page by page is %s, at once %s", op.ID, got, all.Rows)
		}
		m.forge(op.ID, first, forge)
		if first == "" || action.Reach == kit.InCommon || action.Reach == kit.OfCompany {
			continue
		}
		kept++
		narrow := m.as(role, part(role, east))
		if a, _ := ask(narrow, path, "limit=1&cursor="+url.QueryEscape(first)); a.problem() != "bad-cursor" {
			t.Errorf("%s goes on within a narrower reach: %d %.300s", op.ID, a.status, a.text)
		}
	}
	for _, id := range []string{"list-suppliers", "project-papers", "list-charges", "list-tickets"} {
		if !turned[id] {
			t.Errorf("%s had no second page", id)
		}
	}
	if kept < 12 {
		t.Errorf("only %d lists were tried within another reach", kept)
	}
}

// forge alters a cursor in every way its maker did not: what it says that cannot be
// is refused as the cursor's fault, and nothing of it is one of the server's.
func (m *matrix) forge(list, cursor string, ask func(cursor string) answer) {
	refused := func(how, cursor string) {
		if a := ask(cursor); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text, `"cursor"`) {
			m.t.Errorf("%s, its cursor %s, answers %d %.300s", list, how, a.status, a.text)
		}
	}
	refused("made up", "made up")
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	var c map[string]any
	if cursor == "" || err != nil || json.Unmarshal(data, &c) != nil {
		return // of a list without a second page, or one that goes on after a name
	}
	with := func(field string, value any) string {
		forged := maps.Clone(c)
		forged[field] = value
		text, _ := json.Marshal(forged)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	refused("beyond the log", with("p", 1<<40))
	refused("of no row", with("a", []string{}))
	for _, key := range [][]string{{"x"}, {"-1", "-1", "-1", "-1"}, {"9999-99-99", "9", "9"}, make([]string, 20)} {
		if a := ask(with("a", key)); a.status != http.StatusOK && a.status != http.StatusUnprocessableEntity {
			m.t.Errorf("%s, its cursor after %q, answers %d %.300s", list, key, a.status, a.text)
		}
	}
	for field, value := range map[string]any{
		"k": int64(math.MaxInt64), "s": int64(math.MinInt64), "d": "9999-12-31", "p": 0,
	} {
		if a := ask(with(field, value)); a.status >= http.StatusInternalServerError {
			m.t.Errorf("%s, its cursor with %s %v, answers %d %.300s", list, field, value, a.status, a.text)
		}
	}
}

// answersRows reports whether an operation answers a list.
func (m *matrix) answersRows(op operation) bool {
	of := op.Responses["200"].Content["application/json"].Schema
	if of.Ref != "" {
		of = m.schemas[strings.TrimPrefix(of.Ref, "#/components/schemas/")]
	}
	_, rows := of.Properties["rows"]
	return rows
}

// Whatever a cursor says, a list goes on, or refuses the cursor: what it says is never a
// failure of the server's.
func FuzzACursorThatIsMadeUpIsNoFailure(f *testing.F) {
	m := newMatrix(f)
	type page struct{ id, token, path, asked string }
	var pages []page
	for _, op := range m.ops {
		action := m.actions[op.Action]
		if op.method != http.MethodGet || action == nil || !m.answersRows(op) {
			continue
		}
		token := m.as(action.Roles[0], access.Everything())
		path, _, _ := m.request(op, east, false)
		path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "limit=1&cursor="
		var first rowsPage
		_ = json.Unmarshal([]byte(m.do(token, http.MethodGet, path, "", "").text), &first)
		if first.Next == "" {
			continue
		}
		var c struct {
			Asked string `json:"q"`
		}
		data, err := base64.RawURLEncoding.DecodeString(first.Next)
		if err == nil {
			_ = json.Unmarshal(data, &c)
		}
		f.Add(uint8(len(pages)), string(data), "2026-10-08", int64(0), uint64(1), int64(0), "C01", "", "")
		f.Add(uint8(len(pages)), "", "9999-12-31", int64(math.MaxInt64), uint64(9), int64(math.MinInt64), "\x00", "-1", "2026-10")
		pages = append(pages, page{op.ID, token, path, c.Asked})
	}
	if len(pages) < 10 {
		f.Fatalf("only %d lists have a second page", len(pages))
	}
	f.Fuzz(func(t *testing.T, of uint8, raw, asOf string, knownAt int64, position uint64, sortKey int64, a, b, c string) {
		m.t = t
		p := pages[int(of)%len(pages)]
		if raw == "" {
			text, err := json.Marshal(map[string]any{
				"q": p.asked, "d": asOf, "k": knownAt, "p": position, "s": sortKey, "a": []string{a, b, c},
			})
			if err != nil {
				t.Fatal(err)
			}
			raw = string(text)
		}
		for _, cursor := range []string{base64.RawURLEncoding.EncodeToString([]byte(raw)), raw} {
			r := m.do(p.token, http.MethodGet, p.path+url.QueryEscape(cursor), "", "")
			if r.status != http.StatusOK && (r.status != http.StatusUnprocessableEntity || !strings.Contains(r.text, `"cursor"`)) {
				t.Errorf("%s, its cursor %q, answers %d %.300s", p.id, cursor, r.status, r.text)
			}
		}
	})
}
