package projections_test

import (
	"slices"
	"testing"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/work"
)

// As of a day there are the projects that were registered by then, and those whose
// service had begun, though it was entered later; no other is listed, and none has
// anything to hand over.
func TestAProjectIsListedFromWhenItIsThere(t *testing.T) {
	var rec projections.Recorder
	at, entered := projections.Noon("2026-03-01"), projections.Day("2026-03-01")
	for id, begun := range map[domain.ProjectID]string{"P1": "2026-03-01", "P2": "2025-07-01"} {
		rec.Record(project.Stream(id), at,
			project.ProjectRegistered{Project: id, Name: "云栖", Region: "华东", City: "杭州", RegisteredOn: entered},
			project.CenterAssigned{Project: id, Center: "C1", From: projections.Day(begun)})
	}
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
		projections.WithClock(domaintest.NewClock(at.Add(time.Hour))))
	projections.Projected(t, m, uint64(len(rec.Events)))
	for day, want := range map[string][]domain.ProjectID{
		"2020-06-30": nil, "2025-06-30": nil, "2025-07-01": {"P2"}, "2026-02-28": {"P2"}, "2026-03-01": {"P1", "P2"},
	} {
		cut := projections.Cut{Scope: access.Whole(), AsOf: projections.Day(day)}
		list, err := work.Of(m).Projects(t.Context(), cut, projections.Filter{}, projections.Page{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var projects, handing []domain.ProjectID
		for _, p := range list.Rows {
			projects = append(projects, p.Project)
		}
		items, err := work.Of(m).Handovers(t.Context(), cut, work.HandoverFilter{}, projections.Page{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range items.Rows {
			handing = append(handing, i.Project)
		}
		if handing = slices.Compact(handing); !slices.Equal(projects, want) || !slices.Equal(handing, want) {
			t.Errorf("as of %s there are %v, with handovers of %v; want %v", day, projects, handing, want)
		}
	}
}
