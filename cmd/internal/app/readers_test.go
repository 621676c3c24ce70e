package app_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/money"
)

// ofReader are lists whose rows are not what somebody wrote: they count what lies within
// their reader's reach, or need the number of what they are about.
var ofReader = []string{
	"/v1/parts/failures", "/v1/receivables/breakdown", "/v1/parts/movements", "/v1/suppliers", "/v1/log",
}

// readers are people of every reach, among them those of a project that changed its center.
var readers = []struct {
	role  domain.Role
	reach access.Reach
}{
	{domain.Technician, access.Reach{Projects: []domain.ProjectID{"P006"}}},
	{domain.CityTechLead, access.Reach{Cities: []string{"苏州"}}},
	{domain.RegionalAdmin, access.Reach{Regions: []string{"华东"}}},
	{domain.CenterHead, access.OfCenter("C02")},
	{domain.CenterMaintenance, access.OfCenter("C03")},
	{domain.PurchasingAdmin, access.Everything()},
}

type listed []map[string]any

// rowsOf asks a list, all of its pages.
func rowsOf(t *testing.T, c *client.Client, path string, query url.Values) (rows listed, status int) {
	t.Helper()
	for query = maps.Clone(query); ; {
		resp := get(t, c, path+"?"+query.Encode())
		if resp.Status != http.StatusOK {
			return nil, resp.Status
		}
		var page struct {
			Rows listed
			Next string
		}
		if err := json.Unmarshal(resp.Body, &page); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		rows = append(rows, page.Rows...)
		if page.Next == "" {
			return rows, http.StatusOK
		}
		query.Set("cursor", page.Next)
	}
}

// without is a row with some of its fields taken for hidden, as a text.
func without(t *testing.T, row map[string]any, hidden []string) string {
	t.Helper()
	row = maps.Clone(row)
	for _, field := range hidden {
		row[field] = nil
	}
	text, err := json.Marshal(row)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func hiddenIn(row map[string]any) (fields []string) {
	for _, field := range slices.Sorted(maps.Keys(row)) {
		if row[field] == nil {
			fields = append(fields, field)
		}
	}
	return fields
}

// TestWhoeverReadsARowReadsTheSame: a figure never says something else to who sees less.
// What is not shown to a role is null; what lies beyond a reader's reach is no row.
func TestWhoeverReadsARowReadsTheSame(t *testing.T) {
	a, doc := sampleYear(t)
	door := a.Door.(*doortest.Door)
	letIn := func(role domain.Role, reach access.Reach) *client.Client {
		return client.InProcess(a.Handler, door.Reaching("user-"+string(role), role, reach, time.Hour))
	}
	compared := make(map[domain.Role]int)
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		op, ok := doc.Paths[path]["get"]
		if !ok || !strings.HasPrefix(op.Action, "read-") || strings.Contains(path, "{") || slices.Contains(ofReader, path) {
			continue
		}
		query := url.Values{"asOf": {"2025-12-31"}, "knownAt": {"2025-12-31T23:59:59+08:00"}}
		paged := false
		dated := slices.ContainsFunc(op.Parameters, func(p parameter) bool { return p.Name == "from" })
		for _, p := range op.Parameters {
			if paged = paged || p.Name == "limit"; p.Name == "limit" {
				query.Set(p.Name, "1000")
			}
			if p.Name == "from" {
				query.Set(p.Name, "2025-01-01")
			}
			if p.In == "query" && (p.Required || p.Name == "quarter" || p.Name == "month" && !dated) {
				query.Set(p.Name, knownNames[p.Name])
			}
		}
		if !paged {
			continue
		}
		all, status := rowsOf(t, letIn(domain.DepartmentManager, access.Everything()), path, query)
		if status != http.StatusOK {
			t.Errorf("%s answers the department manager %d", path, status)
			continue
		}
		for _, r := range readers {
			rows, _ := rowsOf(t, letIn(r.role, r.reach), path, query)
			known := make(map[string]map[string]bool) // rows of all, by what is hidden of them
			for _, row := range rows {
				hidden := hiddenIn(row)
				as := strings.Join(hidden, " ")
				if known[as] == nil {
					known[as] = make(map[string]bool, len(all))
					for _, other := range all {
						known[as][without(t, other, hidden)] = true
					}
				}
				if text := without(t, row, hidden); !known[as][text] {
					t.Errorf("%s tells %s of %+v what nobody else is told: %.600s", path, r.role, r.reach, text)
					break
				}
				compared[r.role]++
			}
		}
	}
	for _, r := range readers {
		if compared[r.role] < 50 {
			t.Errorf("only %d rows were read as %s", compared[r.role], r.role)
		}
	}
	t.Run("what a role does not see is null", func(t *testing.T) { checkHidden(t, letIn) })
	t.Run("a charge that moved with its project was charged once", func(t *testing.T) {
		checkChargedOnce(t, letIn(domain.Finance, access.Everything()))
	})
}

func checkHidden(t *testing.T, letIn func(domain.Role, access.Reach) *client.Client) {
	t.Helper()
	center, project := access.OfCenter("C01"), access.Reach{Projects: []domain.ProjectID{"P006"}}
	for _, c := range []struct {
		role   domain.Role
		reach  access.Reach
		path   string
		fields []string
	}{
		{domain.CenterHead, center, "/v1/tickets", []string{"ourCost", "centerCost"}},
		{domain.CenterMaintenance, center, "/v1/tickets", []string{"ourCost", "centerCost"}},
		{domain.CenterRegistrar, center, "/v1/tickets", []string{"ourCost", "centerCost"}},
		{domain.Technician, project, "/v1/charges", []string{"open", "paid", "credited", "transferred", "writtenOff"}},
	} {
		rows, _ := rowsOf(t, letIn(c.role, c.reach), c.path, url.Values{"asOf": {"2025-12-31"}, "limit": {"1000"}})
		if len(rows) == 0 {
			t.Errorf("%s reads nothing of %s", c.role, c.path)
		}
		for _, row := range rows {
			for _, field := range c.fields {
				if value, there := row[field]; !there || value != nil {
					t.Fatalf("%s is shown %s of %s: %v", c.role, field, c.path, value)
				}
			}
		}
	}
}

func checkChargedOnce(t *testing.T, finance *client.Client) {
	t.Helper()
	query := url.Values{"asOf": {"2025-12-31"}, "limit": {"1000"}}
	tickets, _ := rowsOf(t, finance, "/v1/tickets", query)
	charges, _ := rowsOf(t, finance, "/v1/charges", query)
	moved := 0
	for _, ticket := range tickets {
		var sum money.Amount
		for _, c := range charges {
			switch {
			case c["ticket"] != ticket["ticket"]:
			case c["fromCharge"] != nil:
				moved++
			default:
				sum = sum.Add(yuan(t, c["gross"]))
			}
		}
		if told := yuan(t, ticket["charged"]); told != sum {
			t.Errorf("ticket %s says %s was charged, its charges %s", ticket["ticket"], told, sum)
		}
	}
	if moved == 0 {
		t.Error("no charge of a ticket moved")
	}
}

func yuan(t *testing.T, told any) money.Amount {
	t.Helper()
	text, _ := told.(string)
	amount, err := money.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return amount
}
