package projections_test

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/parts"
)

// The life of a finding: a day raises it, people decide on it, a document changes
// it and opens it again, another clears it; and the past does not change.
func TestTheLifeOfAFinding(t *testing.T) {
	r := &projections.Recorder{}
	at := func(s string) time.Time { return projections.Noon(s) }
	key := finding.Key("AT_VENDOR_OVERDUE:P1/FC-1/CAM")
	closed := finding.FindingClosed{
		Finding: key, Class: finding.AtVendorOverdue, Project: "P1", Part: "CAM", Quantity: units("2"),
		Value: projections.Yuan("520.00"), Status: finding.Explained,
		Reason: "厂家缺料", On: projections.Day("2026-08-03"), By: "li.na",
	}
	r.Record("project-P1", at("2026-07-01"), project.ProjectRegistered{Project: "P1", Region: "华东"})
	r.Record(depot.Stream("P1"), at("2026-07-11"), stocked(), shipped(depot.FaultyUnit{Part: "CAM", Quantity: units("2")}))
	r.Record("finding", at("2026-08-02"),
		finding.FindingAssigned{Finding: key, Owner: "周", On: projections.Day("2026-08-02"), By: "li.na"})
	r.Record("finding", at("2026-08-03"), closed,
		duties.OwnDecisionRefused{
			Matter: duties.Matter{Kind: duties.Finding, Document: string(key), Decision: string(finding.Accepted)},
			Reason: "own", On: projections.Day("2026-08-03"), By: "li.na",
		})
	back := depot.PartReceived{
		Project: "P1", Receipt: "IN-7", Part: "CAM", Quantity: units("1"), Source: depot.FromMaker, Shipment: "FC-1",
		ReceivedOn: projections.Day("2026-08-10"),
	}
	r.Record(depot.Stream("P1"), at("2026-08-10"), back)
	then := len(r.Events)
	back.Receipt, back.ReceivedOn = "IN-8", projections.Day("2026-08-20")
	r.Record(depot.Stream("P1"), at("2026-08-20"), back)
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(r.Events...),
		projections.WithClock(domaintest.NewClock(projections.Noon("2026-09-01"))))
	projections.Projected(t, m, uint64(len(r.Events)))

	type step struct {
		At, Step, Quantity string
		Status             finding.Status
	}
	steps := func(cut projections.Cut) (list []step) {
		h, err := parts.Of(m).FindingHistory(t.Context(), cut, key)
		if err != nil || !h.Found {
			t.Fatalf("found %t, %v", h.Found, err)
		}
		for _, s := range h.Steps {
			inQuestion := ""
			if s.Quantity != nil {
				inQuestion = s.Quantity.String()
			}
			list = append(list, step{s.At.Format("01-02 15:04"), s.Step, inQuestion, s.Status})
		}
		return list
	}
	life := []step{
		{"08-01 00:00", "RAISED", "2", finding.Open},
		{"08-02 12:00", "ASSIGNED", "", finding.Open},
		{"08-03 12:00", "CLOSED", "2", finding.Explained},
		{"08-03 12:00", "REFUSED", "", finding.Explained},
		{"08-10 12:00", "CHANGED", "1", finding.Open},
		{"08-20 12:00", "CLEARED", "", finding.Cleared},
	}
	if diff := gocmp.Diff(life, steps(projections.Cut{Scope: access.Whole()})); diff != "" {
		t.Error("life (-want +got):", diff)
	}
	if diff := gocmp.Diff(life[:5],
		steps(projections.Cut{Scope: access.Whole(), KnownAt: r.Events[then-1].RecordedAt})); diff != "" {
		t.Error("as known before the last document (-want +got):", diff)
	}
	if h, err := parts.Of(m).FindingHistory(t.Context(), projections.Cut{Scope: access.Whole()},
		"FAULT_NO_ISSUE:F1-9"); err != nil || h.Found {
		t.Errorf("what never was is found: %+v, %v", h, err)
	}
}
