package app_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
)

// The statements of a region go out together, though one of its centers has none
// yet; where no center has one there is nothing to print (5.3.4).
func TestTheStatementsOfARegionArePrintedTogether(t *testing.T) {
	dir := t.TempDir()
	clock := func() time.Time { return time.Date(2026, 7, 8, 4, 0, 0, 0, time.UTC) }
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
	admin, li, zheng := as("qian",
		domain.RegionalAdmin), as("li", domain.Technician), as("zheng", domain.HQAffairsSupervisor)
	zheng("/v1/price-lists", `{"version":"2026","effectiveFrom":"2026-01-01","items":[
		{"code":"MOVE-01","name":"移位","kind":"MOVE","unit":"台","price":"150.00","taxRate":"0.06"}]}`)
	for center, project := range map[string]string{"C01": "P001", "C02": "P002"} {
		admin("/v1/centers", `{"center":"`+center+`","name":"物业`+center+`","region":"华东","sameDueDate":"CHARGE_DATE"}`)
		admin("/v1/projects", `{"project":"`+project+`","name":"花园","region":"华东","city":"杭州","center":"`+center+
			`","from":"2024-09-01","warranty":{"occupancyOn":"2024-09-01","startsFrom":"OCCUPANCY","months":36}}`)
		li("/v1/centers/"+center+"/charges",
			`{"charge":"SF-1","project":"`+project+`","item":"MOVE-01","occurredOn":"2026-06-12"}`)
	}
	c := clientOf(t, a, regionalAdmin)
	form := func(format string) client.Response {
		t.Helper()
		shown(t, a)
		return get(t, c, "/v1/regions/"+url.PathEscape("华东")+"/statements/2026Q2/form?format="+format)
	}
	if none := form("zip"); none.Status != http.StatusNotFound || !strings.Contains(string(none.Body), "no-statements") {
		t.Errorf("before any was issued it answered %d: %.200s", none.Status, none.Body)
	}
	admin("/v1/centers/C01/statements/2026Q2/issue", `{}`)
	archive := form("zip")
	r, err := zip.NewReader(bytes.NewReader(archive.Body), int64(len(archive.Body)))
	if err != nil {
		t.Fatalf("answered %d: %v: %.200s", archive.Status, err, archive.Body)
	}
	if len(r.File) != 1 || r.File[0].Name != "对账单 C01-2026Q2 v1.pdf" {
		t.Errorf("the archive holds %d files, the first is %q", len(r.File), r.File[0].Name)
	}
	if one := form("pdf"); !bytes.HasPrefix(one.Body, []byte("%PDF-")) {
		t.Errorf("as one PDF it answered %d: %.200s", one.Status, one.Body)
	}
}
