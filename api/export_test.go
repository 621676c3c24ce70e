package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// listing answers two pages to whoever may ask, as the routes of lists do.
func listing(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Authorization") != "Bearer good" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	head := `"asOf":"2025-12-31","knownAt":"2026-01-05T10:00:00+08:00","readModel":{"position":42},`
	switch {
	case r.URL.Path != "/v1/charges":
		_, _ = w.Write([]byte(`{` + head + `"charge":"A"}`))
	case r.URL.Query().Get("limit") != "1000" || r.URL.Query().Get("center") != "C01":
		http.Error(w, r.URL.RawQuery, http.StatusBadRequest)
	case r.URL.Query().Get("cursor") == "":
		_, _ = w.Write([]byte(`{` + head + `"rows":[{"charge":"A","taxRate":"0.06","quantity":"1.5","money":{"open":"0.10"},"note":"=1+1"}],"next":"second"}`))
	default:
		_, _ = w.Write([]byte(`{` + head + `"rows":[{"charge":"B","taxRate":"0.13","quantity":"0.5","money":{"open":"-1234.50"},"note":"x, \"y\""}]}`))
	}
}

func TestAFileNamesWhoTookIt(t *testing.T) {
	e := export{by: kit.Export{Login: "wang.fang", Name: "王芳", Role: domain.Finance, Reach: access.Everything()}}
	for language, want := range map[string]string{"zh": "王芳（wang.fang）", "en": "王芳 (wang.fang)"} {
		r := httptest.NewRequest(http.MethodGet, "/v1/charges", nil)
		r.Header.Set("Accept-Language", language)
		if head := fmt.Sprint(e.head(r)); !strings.Contains(head, want) {
			t.Errorf("in %s the head is %s, want %s in it", language, head, want)
		}
	}
}

func TestAListIsAnsweredAsAFileWithWhatWasAskedAtItsHead(t *testing.T) {
	ask := func(path, token string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept", "text/csv")
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Accept-Language", "en")
		r.Header.Set("Export-Title", "%E6%94%B6%E8%B4%B9")
		r.Header.Set("Export-Columns", "charge=No.;taxRate=Tax;quantity=Units;money.open=%E4%BB%8D%E6%AC%A0;note=Note")
		w := httptest.NewRecorder()
		exports(http.HandlerFunc(listing)).ServeHTTP(w, r)
		return w
	}
	got := ask("/v1/charges?center=C01&limit=200&asOf=2025-12-31", "good")
	want := strings.Join([]string{
		"\uFEFF收费", `"as of 2025-12-31, as known at 2026-01-05T10:00:00+08:00, log position 42"`, "filters: center=C01", "2 rows",
		"sum,,,-1234.40,", "No.,Tax,Units,仍欠,Note", "A,0.06,1.5,0.10,'=1+1", `B,0.13,0.5,-1234.50,"x, ""y"""`, "",
	}, "\n")
	if diff := cmp.Diff(want, got.Body.String()); got.Code != http.StatusOK || diff != "" {
		t.Errorf("status %d, file (-want +got):\n%s", got.Code, diff)
	}
	if got := ask("/v1/charges?center=C01", "bad"); got.Code != http.StatusUnauthorized {
		t.Errorf("with bad credentials: status %d", got.Code)
	}
	if got := ask("/v1/charges/A", "good"); got.Code != http.StatusNotAcceptable {
		t.Errorf("what is no list: status %d", got.Code)
	}
}

// Whoever names no columns and no title gets all of them, and what the list is called in
// their language: a column that the first row does not have stands where later rows have it.
func TestAFileOfAListIsCalledWhatTheListIsAndHasAllOfItsColumns(t *testing.T) {
	for language, want := range map[string]string{
		"zh": "收费清单|截至 2025-12-31，按 2026-01-05T10:00:00+08:00 所知，日志位置 42|条件：物业服务中心=C01; 状态=OPEN|共 2 行|合计,,,10.00|charge,ticket,room,open|A,,1-1,4.00|B,T-1,,6.00|",
		"en": `Charges|"as of 2025-12-31, as known at 2026-01-05T10:00:00+08:00, log position 42"|filters: center=C01; status=OPEN|2 rows|sum,,,10.00|charge,ticket,room,open|A,,1-1,4.00|B,T-1,,6.00|`,
	} {
		r := httptest.NewRequest(http.MethodGet, "/v1/charges?center=C01&status=OPEN", nil)
		r.Header.Set("Accept", "text/csv")
		r.Header.Set("Accept-Language", language)
		w := httptest.NewRecorder()
		exports(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"asOf":"2025-12-31","knownAt":"2026-01-05T10:00:00+08:00","readModel":{"position":42},
				"rows":[{"charge":"A","room":"1-1","open":"4.00"},{"charge":"B","ticket":"T-1","open":"6.00"}]}`))
		})).ServeHTTP(w, r)
		if diff := cmp.Diff("\uFEFF"+strings.ReplaceAll(want, "|", "\n"), w.Body.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", language, diff)
		}
		name := url.PathEscape(map[string]string{"zh": "收费清单", "en": "Charges"}[language])
		if got := w.Header().Get("Content-Disposition"); got != "attachment; filename*=UTF-8''"+name+".csv" {
			t.Errorf("%s: the file is called %s", language, got)
		}
	}
}

// Every list of the document has a title in words, and no title is of a list that is gone.
func TestEveryListHasATitle(t *testing.T) {
	src, err := os.ReadFile("web/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	type schema struct {
		Ref        string `json:"$ref"`
		Properties map[string]json.RawMessage
	}
	var document struct {
		Paths map[string]struct {
			Get struct {
				Responses map[string]struct {
					Content map[string]struct{ Schema schema }
				}
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(src, &document); err != nil {
		t.Fatal(err)
	}
	lists := make(map[string]bool)
	for path, item := range document.Paths {
		answer := item.Get.Responses["200"].Content["application/json"].Schema
		if document.Components.Schemas[answer.Ref[strings.LastIndexByte(answer.Ref, '/')+1:]].Properties["rows"] == nil {
			continue
		}
		lists[path] = true
		if listTitles[path] == "" {
			t.Errorf("%s has no title", path)
		}
	}
	for path := range listTitles {
		if !lists[path] {
			t.Errorf("%s is no list", path)
		}
	}
	if got := titleOf(wording.Chinese, "/v1/centers/C01/account"); got != "物业服务中心账户 C01" {
		t.Error(got)
	}
}
