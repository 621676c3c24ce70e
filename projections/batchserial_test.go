package projections_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/parts"
)

// A sheet without a serial follows the unit that a batch's line names, whichever depot sent
// the batch and has the unit back: who sees one region is told the same of it as who sees all.
func TestWhereASheetsUnitIsIsTheSameInOneRegionAsInAll(t *testing.T) {
	day := projections.Day("2026-03-10")
	for name, c := range map[string]struct {
		sheet, sends, receives domain.ProjectID
		ofBatch                bool
		line                   bool // the sheet names a line of the region's project
		want                   int
	}{
		"another depot has it back":             {"P1", "P1", "P2", false, false, 0},
		"another depot has it back, by batch":   {"P1", "P1", "P2", true, false, 0},
		"another depot sent it and has it back": {"P1", "P2", "P2", false, false, 0},
		"a third depot has it back":             {"P1", "P2", "P3", false, false, 0},
		"of a line here, a third depot":         {"P2", "P2", "P3", false, true, 0},
		"nobody has it back":                    {"P1", "P2", "", false, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			var rec projections.Recorder
			at := projections.Noon("2026-03-20")
			write := func(stream string, e domain.Event) {
				at = at.Add(time.Minute)
				rec.Record(stream, at, e)
			}
			for p, region := range map[domain.ProjectID]string{"P1": "east", "P2": "west", "P3": "south"} {
				write(project.Stream(p), project.ProjectRegistered{Project: p, Name: "一期", Region: region, City: "Suzhou"})
			}
			line := domain.FaultLineID("")
			if c.line {
				line = "F1-1"
				write(ticket.Stream("T-1"), ticket.FaultRecorded{
					Ticket: "T-1", Line: line, Project: "P1", Device: "摄像机", Symptom: "黑屏", RecordedOn: day - 61,
				})
			}
			write(repair.Stream("F2-1"), repair.ReturnOpened{
				Return: "F2-1", FaultLine: line, Project: c.sheet, Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: day - 60,
			})
			write(repair.Stream("F2-1"), repair.DeviceShipped{Return: "F2-1", ShippedOn: day - 59, ExpectedBackOn: day - 20})
			write(depot.Stream(c.sends), depot.FaultyUnitsShipped{
				Project: c.sends, Shipment: "FC-1", Maker: "明瞳", ShippedOn: day - 59,
				Units: []depot.FaultyUnit{{Part: "CAM", Quantity: decimal.NewFromInt(1), Serial: "A0", Return: "F2-1"}},
			})
			if c.receives != "" {
				back := depot.PartReceived{
					Project: c.receives, Receipt: "RK-1", Part: "CAM", Quantity: decimal.NewFromInt(1), Source: depot.FromMaker,
					Serials: []string{"B0"}, SentSerials: []string{"A0"}, ReceivedOn: day - 1,
				}
				if c.ofBatch {
					back.Shipment = "FC-1"
				}
				write(depot.Stream(c.receives), back)
			}
			m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
				projections.WithClock(domaintest.NewClock(at.Add(time.Hour))))
			projections.Projected(t, m, uint64(len(rec.Events)))
			overdue := func(filter projections.Filter) (keys []finding.Key) {
				list, err := parts.Of(m).AuditFindings(t.Context(), projections.Cut{Scope: access.Whole(), AsOf: day},
					parts.FindingFilter{Filter: filter}, projections.Page{Limit: 50})
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range list.Rows {
					if f.Class == finding.AtVendorOverdue {
						keys = append(keys, f.Key)
					}
				}
				return keys
			}
			all := overdue(projections.Filter{})
			if len(all) != c.want {
				t.Errorf("in all: %v", all)
			}
			if diff := cmp.Diff(all, overdue(projections.Filter{Region: "east"})); diff != "" {
				t.Errorf("in one region (-in all +there):\n%s", diff)
			}
		})
	}
}
