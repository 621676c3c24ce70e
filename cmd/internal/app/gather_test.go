package app_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/gather"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/projections"
)

// A form is filled from figures that show all that was recorded a moment ago, and a
// region's forms are those of its projects, each once and within the scope of who asks.
func TestWhatAFormIsFilledFromIsGatheredUpToNow(t *testing.T) {
	clock := func() time.Time { return time.Date(2026, time.October, 20, 4, 0, 0, 0, time.UTC) }
	a := start(t, app.Config{Data: t.TempDir(), Clock: clock})
	c := clientOf(t, a, regionalAdmin)
	if resp := post(t, c, "/v1/centers", "c", openC01); resp.Status != http.StatusCreated {
		t.Fatalf("%d %s", resp.Status, resp.Body)
	}
	for project, region := range map[string]string{"P001": "华东", "P002": "华东", "P003": "华南"} {
		body := fmt.Sprintf(`{"project":%q,"name":"云栖花园","region":%q,"city":"杭州","center":"C01","from":"2024-09-01",
			"warranty":{"occupancyOn":"2024-09-01","startsFrom":"OCCUPANCY","months":36}}`, project, region)
		if resp := post(t, c, "/v1/projects", project, body); resp.Status != http.StatusCreated {
			t.Fatalf("%d %s", resp.Status, resp.Body)
		}
	}
	head, err := a.Store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	month, err := calendar.ParseMonth("2026-10")
	if err != nil {
		t.Fatal(err)
	}
	for form, through := range map[filing.Form]uint64{
		filing.FaultRecord: uint64(head), filing.MonthlyReport: uint64(head),
		filing.ChargeList: 0, // the accounts know, so nothing is asked
	} {
		work, err := gather.Work(t.Context(), a.Ledger, a.ReadModels, access.Whole(),
			filing.File{Project: "P001", Month: month, Form: form})
		if err != nil || work.Through != through || (work.Figures != nil) != (form == filing.MonthlyReport) {
			t.Errorf("%s: %+v, %v; want figures up to %d", form, work, err, through)
		}
	}
	one, err := a.Ledger.Scope(t.Context(), access.Reach{Projects: []domain.ProjectID{"P002"}})
	if err != nil {
		t.Fatal(err)
	}
	for name, asked := range map[string]struct {
		scope  access.Scope
		region string
		want   []domain.ProjectID
	}{
		"a region":            {access.Whole(), "华东", []domain.ProjectID{"P001", "P002"}},
		"another":             {access.Whole(), "华南", []domain.ProjectID{"P003"}},
		"one project of many": {one, "华东", []domain.ProjectID{"P002"}},
	} {
		rows, err := gather.Filings(t.Context(), a.ReadModels, policy.Default(), projections.Cut{Scope: asked.scope},
			asked.region, month, filing.FaultRecord)
		if err != nil {
			t.Fatal(err)
		}
		var got []domain.ProjectID
		for _, row := range rows {
			got = append(got, row.Project)
		}
		if diff := cmp.Diff(asked.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}
