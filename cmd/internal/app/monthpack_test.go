package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
)

// The tech group lead gets a region's month as a worksheet and as a page, with
// what was verified by whom, and no other region's.
func TestTheMonthPackOfARegion(t *testing.T) {
	var later atomic.Int64 // days
	clock := func() time.Time { return time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC).AddDate(0, 0, int(later.Load())) }
	dir := t.TempDir()
	a := start(t, app.Config{Data: dir, ReadModels: "embedded:" + dir + "/figures", Clock: clock})
	as := func(name string, role domain.Role) func(path, body string) {
		c := clientOf(t, a, domain.Actor{Name: name, Role: role})
		return func(path, body string) {
			t.Helper()
			if resp := post(t, c, path, path+body, body); resp.Status != http.StatusCreated {
				t.Fatalf("%s answered %d: %s", path, resp.Status, resp.Body)
			}
		}
	}
	admin, li, chen := as("zhao", domain.RegionalAdmin), as("li", domain.Technician), as("chen", domain.TechGroupLead)
	admin("/v1/centers", openC01)
	for project, region := range map[string]string{"P001": "华东", "P002": "华南"} {
		admin("/v1/projects", `{"project":"`+project+`","name":"花园","region":"`+region+
			`","city":"杭州","center":"C01","from":"2024-09-01",
			"warranty":{"occupancyOn":"2024-09-01","startsFrom":"OCCUPANCY","months":36}}`)
		li("/v1/projects/"+project+"/depot/receipts",
			`{"receipt":"IN-1","part":"DS-700","quantity":"3","value":"2340.00","source":"OPENING","receivedOn":"2026-06-01"}`)
		li("/v1/projects/"+project+"/depot/issues",
			`{"slip":"OUT-`+project+`","part":"DS-700","quantity":"1","taker":"李师傅","faultLine":"F1-`+project+
				`","issuedOn":"2026-06-03"}`)
		li("/v1/tickets",
			`{"ticket":"T-`+project+`","project":"`+project+`","need":"黑屏","registeredAt":"2026-06-03T09:00:00+08:00"}`)
		li("/v1/tickets/T-"+project+"/notification", `{"notifiedAt":"2026-06-03T09:00:00+08:00","category":"ORDINARY"}`)
		li("/v1/tickets/T-"+project+"/fault-lines",
			`{"line":"F1-`+project+
				`","device":"门口机","symptom":"黑屏<b>","cause":"WEAR","replacement":{"part":"DS-700","quantity":"1"},"recordedOn":"2026-06-03"}`)
	}
	admin("/v1/projects/P001/depot/counts",
		`{"count":"PD-06","countedBy":"李师傅","countedOn":"2026-06-29","lines":[{"part":"DS-700","counted":"1"}]}`)
	chen("/v1/tickets/T-P001/fault-lines/F1-P001/review", `{"verdict":"QUERIED","note":"旧件未见"}`)

	later.Store(184)
	c := clientOf(t, a, domain.Actor{Name: "chen", Role: domain.TechGroupLead}) // on the last day of the year
	var head struct{ Events []struct{ Position uint64 } }
	if err := json.Unmarshal(get(t, c, "/v1/log?limit=5000").Body, &head); err != nil || len(head.Events) == 0 {
		t.Fatal(err, head)
	}
	params := url.Values{
		"region": {"华东"}, "month": {"2026-06"}, "after": {strconv.FormatUint(head.Events[len(head.Events)-1].Position, 10)},
	}
	page := get(t, c, "/v1/parts/month-pack?format=html&"+params.Encode())
	if page.Status != http.StatusOK {
		t.Fatalf("answered %d: %s", page.Status, page.Body)
	}
	for _, want := range []string{"配件月度核对包", "F1-P001", "OUT-P001", "黑屏&lt;b&gt;", "有疑问", "chen", "旧件未见", "PD-06",
		"2026-06-29", "-780.00", "1 条：已核实 0（其中 0 条有未结差异），有疑问 1，未核实 0",
		"旧件未回", "（配件目录为空，故障记录未与目录核对）"} {
		if !strings.Contains(string(page.Body), want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if !regexp.MustCompile(`截至\D*2026-06-30\D`).Match(page.Body) {
		t.Error("the pack of June, asked for in December, is not as of its end")
	}
	for _, other := range []string{"F1-P002", "OUT-P002", "黑屏<b>"} {
		if strings.Contains(string(page.Body), other) {
			t.Errorf("%q is on the page", other)
		}
	}
	sheet := get(t, c, "/v1/parts/month-pack?"+params.Encode())
	book, err := excelize.OpenReader(bytes.NewReader(sheet.Body))
	if err != nil {
		t.Fatalf("answered %d: %v", sheet.Status, err)
	}
	rows, err := book.GetRows("故障记录")
	if err != nil || len(rows) < 8 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	if resp := get(t, c, "/v1/parts/month-pack?region=华东"); resp.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a month it answered %d: %s", resp.Status, resp.Body)
	}

	// Verified in spite of what is open about it, F1 says so.
	li, chen = as("li", domain.Technician), as("chen", domain.TechGroupLead)
	chen("/v1/tickets/T-P001/fault-lines/F1-P001/review", `{"verdict":"VERIFIED"}`)
	li("/v1/projects/P001/filings/2026-06/F1", `{}`)
	f1 := get(t, c, "/v1/projects/P001/filings/2026-06/F1/form?format=html")
	if want := "其中 1 条核实时有未结差异：F1-P001"; !strings.Contains(string(f1.Body), want) {
		t.Errorf("F1 answered %d, without %q", f1.Status, want)
	}
}
