package imports_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/imports"
	"aftersales-ledger/domain"
)

func clock() time.Time { return time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC) }

// newClient opens a ledger without figures, with a center and its price list.
func newClient(t *testing.T) *client.Client {
	t.Helper()
	as := people(apptest.Open(t, app.Config{Data: t.TempDir(), ReadModels: "http://127.0.0.1:1/ledger", Clock: clock}))
	begin(t, as)
	return as(domain.RegionalAdmin)
}

// people are clients in any role.
func people(a *app.App) func(domain.Role) *client.Client {
	return func(role domain.Role) *client.Client {
		return client.InProcess(a.Handler, a.Door.OfMachine(domain.Actor{Name: "赵六", Role: role}))
	}
}

// begin opens a center with a project, and its price list.
func begin(t *testing.T, as func(domain.Role) *client.Client) {
	t.Helper()
	for _, c := range []struct {
		role       domain.Role
		path, body string
	}{
		{domain.RegionalAdmin, "/v1/centers", `{"center":"C01","name":"云栖花园物业服务中心","region":"华东"}`},
		{domain.RegionalAdmin, "/v1/projects", `{"project":"P001","name":"云栖花园一期","region":"华东","city":"杭州","center":"C01","from":"2024-09-01",
			"warranty":{"occupancyOn":"2024-09-01","startsFrom":"OCCUPANCY","months":36}}`},
		{domain.HQAffairsSupervisor, "/v1/price-lists", `{"version":"2026-01","effectiveFrom":"2026-01-01","items":[
			{"code":"MOVE-01","name":"可视对讲移位","kind":"MOVE","unit":"台","price":"150.00","taxRate":"0.06"},
			{"code":"ADD-01","name":"加装门禁读卡器","kind":"ADD","unit":"台","price":"380.00","taxRate":"0.06"}]}`},
	} {
		command(t, as(c.role), c.path, c.body)
	}
}

func command(t *testing.T, c *client.Client, path, body string) {
	t.Helper()
	resp, err := c.Do(t.Context(), client.Request{Method: http.MethodPost, Path: path, Key: body[:40], Body: []byte(body)})
	if err != nil || resp.Status != http.StatusCreated {
		t.Fatalf("%s answered %d: %s, %v", path, resp.Status, resp.Body, err)
	}
}

func TestAFileIsSentAndItsReportPrinted(t *testing.T) {
	c := newClient(t)
	path := filepath.Join("..", "..", "..", "api", "testdata", "charges.csv")
	dry, err := imports.Run(t.Context(), c, imports.Charges, path, imports.Options{DryRun: true})
	if err != nil || dry.Status != "CHECKED" || dry.Valid != 3 || dry.File != "charges.csv" {
		t.Fatalf("dry run: %+v, %v", dry, err)
	}
	for _, want := range []int{3, 0} {
		r, err := imports.Run(t.Context(), c, imports.Charges, path, imports.Options{})
		if err != nil || r.Status != "BOOKED" || r.Recorded != want || r.Unchanged != 3-want {
			t.Fatalf("report %+v, %v", r, err)
		}
		var out bytes.Buffer
		imports.Print(&out, wording.Chinese, r)
		for _, says := range []string{"charges.csv", "已入账", "1210.00", r.SHA256} {
			if !strings.Contains(out.String(), says) {
				t.Errorf("the report does not say %q:\n%s", says, out.String())
			}
		}
	}
}

func TestARefusedFileComesBackWithItsCells(t *testing.T) {
	c := newClient(t)
	path := filepath.Join(t.TempDir(), "7月.csv")
	file := "编号,日期,项目,服务内容,数量,金额\nSF-1,06/03/26,P001,可视对讲移位,1,150\nSF-2,2026-06-04,P001,可视对讲移位,1,150\n"
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := imports.Run(t.Context(), c, imports.Charges, path, imports.Options{})
	var p *kit.Problem
	if !errors.As(err,
		&p) || p.Status != http.StatusUnprocessableEntity || !strings.Contains(p.Detail,
		"第 2 行“日期”列") || r.Refused != 1 || r.Status != "REFUSED" {
		t.Fatalf("report %+v, %v", r, err)
	}
	var out bytes.Buffer
	imports.Print(&out, wording.Chinese, r)
	if !strings.Contains(out.String(), "第 2 行“日期”列") || !strings.Contains(out.String(), "06/03/26") {
		t.Errorf("printed\n%s", out.String())
	}
	if r, err = imports.Run(t.Context(), c, imports.Charges, path,
		imports.Options{Partial: true, Verbose: true}); err != nil || r.Recorded != 1 || r.Refused != 1 {
		t.Errorf("the good rows alone: %+v, %v", r, err)
	}
	if _, err = imports.Run(t.Context(), c, imports.FaultRecords, path,
		imports.Options{}); !errors.As(err, &p) || p.Status != http.StatusForbidden {
		t.Errorf("as a role that may not: %v", err)
	}
	if _, err = imports.Run(t.Context(), c, imports.Charges, path+".missing",
		imports.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}
