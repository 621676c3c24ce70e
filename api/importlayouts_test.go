package api_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/imports"
	"aftersales-ledger/api/intake"
	"aftersales-ledger/domain"
)

// layouts lists the layouts of a kind of list: name to its columns, and those
// that come with the program.
func (w *world) layouts(actor domain.Actor, kind string) (saved map[string]map[string]string, shipped []string) {
	w.t.Helper()
	token := w.door.Token(actor, time.Hour)
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, "/v1/imports/"+kind+"/layouts", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	var body intake.LayoutsBody
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil || rec.Code != http.StatusOK {
		w.t.Fatalf("%s: status %d, %v: %s", kind, rec.Code, err, rec.Body)
	}
	saved = make(map[string]map[string]string)
	for _, l := range body.Rows {
		if l.Shipped {
			shipped = append(shipped, l.Name)
			continue
		}
		saved[l.Name] = l.Columns
	}
	return saved, shipped
}

// vanke is a charge list whose headings nobody would know.
const vanke = "单子,那天,哪里,门牌,做了啥,几次,钱\nF3-1,2026-06-05,P001,1-1-101,可视对讲移位,2,300\n合计,,,,,2,300\n"

const vankeColumns = `{"charge":"单子","occurredOn":"那天","project":"哪里","room":"门牌","item":"做了啥","quantity":"几次","amount":"钱"}`

func TestALayoutThatWasSavedReadsTheNextList(t *testing.T) {
	w := newWorld(t)
	if status, _ := w.send(t.Context(), admin, "charges", []byte(vanke)); status != http.StatusUnprocessableEntity {
		t.Fatalf("unknown headings: status %d", status)
	}
	w.command(admin, "/v1/imports/charges/layouts", `{"name":"万科表","columns":`+vankeColumns+`}`)
	w.restart()
	layout := "charges?layout=" + url.QueryEscape("万科表")
	if r := w.mustBook(admin, layout, []byte(vanke)); r.Recorded != 1 || r.RecordedAmount != "300.00" {
		t.Fatalf("%+v", countsOf(r))
	}
	if r := w.mustBook(otherAdmin, layout, []byte(vanke)); r.Unchanged != 1 {
		t.Errorf("sent twice: %+v", countsOf(r))
	}
	// A column that is named counts more, and the whole may be saved anew.
	renamed := strings.ReplaceAll(strings.ReplaceAll(vanke, "钱", "款"), "F3-1", "F3-2")
	if r := w.mustBook(admin, layout+"&columns="+url.QueryEscape(`{"amount":"款"}`), []byte(renamed)); r.Recorded != 1 {
		t.Errorf("with a column of its own: %+v", countsOf(r))
	}
	w.command(admin, "/v1/imports/charges/layouts", `{"layout":"万科表","name":"万科表","columns":{"amount":"款"}}`)
	if r := w.mustBook(admin, layout, []byte(renamed)); r.Unchanged != 1 {
		t.Errorf("saved anew: %+v", countsOf(r))
	}
	saved, shipped := w.layouts(admin, "charges")
	var want map[string]string
	if err := json.Unmarshal([]byte(strings.ReplaceAll(vankeColumns, "钱", "款")), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]map[string]string{"万科表": want}, saved); diff != "" || len(shipped) > 0 {
		t.Errorf("%s, shipped %v", diff, shipped)
	}
	if n := w.events()["ImportLayoutSaved"]; n != 2 {
		t.Errorf("%d layouts in the log: what was replaced stays", n)
	}
}

func TestEveryKindOfListHasLayoutsOfItsOwn(t *testing.T) {
	w := newWorld(t)
	actors := map[string]domain.Actor{
		"charges": admin, "fault-records": technician, "catalogue": planner, "counts": technician, "bank-statements": finance,
	}
	for kind, actor := range actors {
		w.command(actor, "/v1/imports/"+kind+"/layouts", `{"name":"我的表","columns":{"unread":"`+kind+`"}}`)
	}
	for kind, actor := range actors {
		saved, shipped := w.layouts(actor, kind)
		if diff := cmp.Diff(map[string]map[string]string{"我的表": {"unread": kind}}, saved); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
		if (kind == "bank-statements") != (len(shipped) >= 15) {
			t.Errorf("%s: shipped %v", kind, shipped)
		}
		if status, answer := w.post(t.Context(), actor, "/v1/imports/"+kind+"?layout=nobody", "k",
			[]byte("a,b\n")); status != http.StatusUnprocessableEntity ||
			!strings.Contains(string(answer), "unknown-layout") || !strings.Contains(string(answer), "我的表") {
			t.Errorf("%s: a layout that nobody knows: status %d: %s", kind, status, answer)
		}
	}
}

func TestALayoutThatCannotBeIsRefused(t *testing.T) {
	w := newWorld(t)
	before := w.head()
	for name, c := range map[string]struct {
		actor            domain.Actor
		kind, body, code string
		status           int
	}{
		"the name of a bank":               {finance, "bank-statements", `{"name":"招商银行","columns":{"amount":"钱"}}`, "layout-shipped", 409},
		"another name of a bank":           {finance, "bank-statements", `{"name":"cmb","columns":{"amount":"钱"}}`, "layout-shipped", 409},
		"a field that the list lacks":      {admin, "charges", `{"name":"万科表","columns":{"balance":"余额"}}`, "unknown-column", 422},
		"no columns":                       {admin, "charges", `{"name":"万科表"}`, "columns-required", 422},
		"a layout to start from":           {admin, "charges", `{"name":"万科表","layout":"碧桂园表","columns":{"amount":"钱"}}`, "unknown-layout", 422},
		"one heading for two fields":       {admin, "charges", `{"name":"万科表","columns":{"amount":"钱","quantity":"钱"}}`, "column-twice", 422},
		"a person who may not import them": {finance, "charges", `{"name":"万科表","columns":{"amount":"钱"}}`, "role-not-allowed", 403},
	} {
		t.Run(name, func(t *testing.T) {
			status, answer := w.post(t.Context(), c.actor, "/v1/imports/"+c.kind+"/layouts", name, []byte(c.body))
			if status != c.status || !strings.Contains(string(answer), c.code) {
				t.Errorf("status %d: %s", status, answer)
			}
		})
	}
	if w.head() != before {
		t.Error("a refused layout was recorded")
	}
}

// Whoever names a column by hand is shown what it can be: all that the layout takes,
// under the names that people use, and that it is not to be read.
func TestTheLayoutsSayWhatAColumnCanBeReadAs(t *testing.T) {
	for _, kind := range []string{"charges", "fault-records", "catalogue", "counts", "users", imports.BankStatements} {
		fields := imports.Fields(kind)
		if last := fields[len(fields)-1]; last.Field != "unread" || last.Title != "不读" {
			t.Errorf("%s: the last is %+v", kind, last)
		}
		for _, f := range fields {
			if got := imports.Title(kind, f.Field); f.Title == "" || got != f.Title {
				t.Errorf("%s: %s is %q in the list and %q in reports", kind, f.Field, f.Title, got)
			}
		}
	}
}
