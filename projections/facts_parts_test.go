package projections

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/ticket"
)

// The facts about faulty units, counts, the catalogue, findings and reviews stand
// in their tables as the events say.
func TestFactsAboutParts(t *testing.T) {
	r := &Recorder{}
	one := decimal.NewFromInt(1)
	at := Noon("2026-08-05")
	r.Record(depot.Stream("P1"), at,
		depot.FaultyUnitHandedIn{
			Project: "P1", Slip: "JH-1", Part: "CAM", Quantity: one, Serials: []string{"A0"}, FaultLine: "F1-1", HandedInBy: "张",
			HandedInOn: Day("2026-07-01"),
		},
		depot.FaultyUnitsShipped{Project: "P1", Shipment: "FC-1", Maker: "海康", Units: []depot.FaultyUnit{
			{Part: "CAM", Quantity: one, Serial: "A0", FaultLine: "F1-1", Return: "F2-1"}, {Part: "PSU", Quantity: one},
		}, ShippedOn: Day("2026-07-02"), ExpectedBackOn: Day("2026-07-30")},
		depot.PartReceived{Project: "P1", Receipt: "IN-1", Part: "CAM", Quantity: one, Value: Yuan("0.00"),
			Source: depot.FromMaker, Serials: []string{"A9"},
			Shipment: "FC-1", SentSerials: []string{"A0"}, ReceivedOn: Day("2026-07-29")},
		depot.PartReceived{
			Project: "P1", Receipt: "IN-2", Part: "CAM", Quantity: one, Value: Yuan("9.00"), Source: depot.Purchase,
			ReceivedOn: Day("2026-07-29"),
		},
		depot.PartScrapped{
			Project: "P1", Slip: "BF-1", Part: "PSU", Condition: depot.Faulty, Quantity: one, Reason: "停产",
			ScrappedOn: Day("2026-07-30"),
		},
		depot.PartScrapped{
			Project: "P1", Slip: "BF-2", Part: "CAM", Condition: depot.Good, Quantity: one, Value: Yuan("9.00"), Reason: "水浸",
			ScrappedOn: Day("2026-07-30"),
		},
		depot.StockCounted{Project: "P1", Count: "PD-1", Lines: []depot.Counted{
			{Part: "CAM", Counted: one, Book: decimal.NewFromInt(2), Reason: "待查"}, {Part: "PSU"},
		},
			CountedBy: "张", CountedOn: Day("2026-07-31"), By: "张"})
	r.Record(catalogue.Stream, at,
		catalogue.PartCatalogued{
			Part: "CAM", Name: "摄像机", Unit: "台", Serialised: true, WarrantyCost: Yuan("260.00"), From: Day("2026-01-01"),
			By: "王",
		})
	r.Record("finding-X", at,
		finding.FindingAssigned{Finding: "X", Owner: "周", Note: "请查", On: Day("2026-08-05"), By: "钱"},
		duties.OwnDecisionRefused{
			Matter: duties.Matter{Kind: duties.Finding, Document: "X", Decision: string(finding.Accepted)}, Reason: "own",
			On: Day("2026-08-05"), By: "张",
		},
		finding.FindingClosed{Finding: "X", Class: finding.CountShort, Project: "P1", Part: "CAM", Quantity: one,
			Value: Yuan("260.00"), Status: finding.Accepted,
			Reason: "丢失", Evidence: []string{"说明"}, On: Day("2026-08-05"), By: "钱"},
		finding.FindingReopened{Finding: "X", Reason: "找到", On: Day("2026-08-05"), By: "钱"})
	r.Record(ticket.Stream("T1"), at,
		ticket.FaultLineReviewed{
			Ticket: "T1", Line: "F1-1", Verdict: ticket.Queried, Note: "序列号", On: Day("2026-08-05"), By: "钱",
		},
		ticket.FaultLineAnswered{
			Ticket: "T1", Line: "F1-1", Answer: "已补", Paper: &attachment.Ref{SHA256: "ab"}, On: Day("2026-08-05"), By: "李",
		},
		duties.OwnDecisionRefused{
			Matter: duties.Matter{
				Kind: duties.FaultLine, Document: "F1-1", Decision: string(ticket.Verified), Ticket: "T1",
			}, Reason: "own", On: Day("2026-08-05"), By: "张",
		})
	m, _ := Start(t, NewDatabase(t), NewMemoryLog(r.Events...))
	Projected(t, m, uint64(len(r.Events)))

	for table, c := range map[string]struct {
		columns string
		want    []string
	}{
		"faulty_units": {"step, document, shipment, part, toString(quantity), arrayStringConcat(serials, ','), arrayStringConcat(came_as, ','), fault_line, return_id, toString(on_date)", []string{
			"HANDED_IN JH-1  CAM 1 A0  F1-1  2026-07-01",
			"SHIPPED FC-1 FC-1 CAM 1 A0  F1-1 F2-1 2026-07-02",
			"SHIPPED FC-1 FC-1 PSU 1     2026-07-02",
			"BACK IN-1 FC-1 CAM 1 A0 A9   2026-07-29",
			"SCRAPPED BF-1  PSU 1     2026-07-30",
		}},
		"stock_counts": {"count_sheet, part, toString(counted), toString(book), reason, toString(counted_on)", []string{
			"PD-1 CAM 1 2 待查 2026-07-31", "PD-1 PSU 0 0  2026-07-31",
		}},
		"catalogue": {"part, name, unit, toString(serialised), toString(warranty_cost), toString(from_date)", []string{"CAM 摄像机 台 true 260 2026-01-01"}},
		"finding_steps": {"finding, step, class, toString(quantity), toString(value), status, reason, arrayStringConcat(evidence, ','), owner", []string{
			"X ASSIGNED  0 0  请查  周", "X REFUSED  0 0 ACCEPTED own  ", "X CLOSED COUNT_SHORT 1 260 ACCEPTED 丢失 说明 ", "X REOPENED  0 0  找到  ",
		}},
		"fault_reviews": {"fault_line, ticket, step, verdict, note, paper", []string{
			"F1-1 T1 REVIEWED QUERIED 序列号 ", "F1-1 T1 ANSWERED  已补 ab", "F1-1 T1 REFUSED VERIFIED own ",
		}},
	} {
		t.Run(table, func(t *testing.T) {
			rows, err := m.serving.conn.Query(t.Context(),
				"SELECT concatWithSeparator(' ', "+c.columns+") FROM "+table+" FINAL ORDER BY position, line")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for rows.Next() {
				var s string
				if err := rows.Scan(&s); err != nil {
					t.Fatal(err)
				}
				got = append(got, s)
			}
			if err := rows.Close(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error("rows (-want +got):", diff)
			}
		})
	}
}
