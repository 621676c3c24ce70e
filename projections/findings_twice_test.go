package projections_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
)

// What happens to a unit once and is on two papers is found, whichever of them was entered
// first, and in whichever depot.
func TestWhatHappensToAUnitOnceAndIsSaidTwiceIsFound(t *testing.T) {
	day := projections.Day("2026-03-20")
	scrap := func(by domain.ProjectID, slip domain.SlipID, change func(*depot.PartScrapped)) domain.Event {
		e := depot.PartScrapped{
			Project: by, Slip: slip, Part: "CAM", Condition: depot.Faulty, Quantity: units("1"), Reason: "停产", ScrappedOn: day,
		}
		change(&e)
		return e
	}
	line := func(e *depot.PartScrapped) { e.FaultLine = "F1-1" }
	serial := func(e *depot.PartScrapped) { e.Serials = []string{"A0"} }
	fault := ticket.FaultRecorded{
		Ticket: "T1", Line: "F1-1", Project: "P1", Center: "C1", RecordedOn: day - 20, Bearer: policy.Us,
		Replacement: &ticket.Replacement{Part: "CAM", Quantity: units("1")},
	}
	sent := depot.FaultyUnitsShipped{
		Project: "P1", Shipment: "FC-1", Maker: "明瞳", ShippedOn: day - 10,
		Units: []depot.FaultyUnit{{Part: "CAM", Quantity: units("1"), Serial: "A0"}},
	}
	back := func(by domain.ProjectID, receipt domain.SlipID) domain.Event {
		return depot.PartReceived{
			Project: by, Receipt: receipt, Part: "CAM", Quantity: units("1"), Source: depot.FromMaker, Serials: []string{"A0"},
			Value: projections.Yuan("60.00"), ReceivedOn: day,
		}
	}
	for name, c := range map[string]struct {
		papers []domain.Event
		want   []string // Chinese
	}{
		"scrapped once for a line": {papers: []domain.Event{fault, scrap("P1", "BF-1", line)}},
		"twice, without a serial": {
			papers: []domain.Event{fault, scrap("P1", "BF-1", line), scrap("P1", "BF-2", line)},
			want:   []string{"故障记录 F1-1 拆下 CAM 1 件，却报废了 2 件（P1 报废单 BF-1、P1 报废单 BF-2）"},
		},
		"twice, in two depots": {
			papers: []domain.Event{fault, scrap("P1", "BF-1", line), scrap("P2", "BF-1", line)},
			want:   []string{"故障记录 F1-1 拆下 CAM 1 件，却报废了 2 件（P1 报废单 BF-1、P2 报废单 BF-1）"},
		},
		"a serial in two depots": {
			papers: []domain.Event{scrap("P1", "BF-1", serial), scrap("P2", "BF-2", serial)},
			want:   []string{"P2 报废单 BF-2 所写 CAM 序列号 A0，此前已报废（P1 报废单 BF-1）"},
		},
		"a serial in two depots, to the second of which it had come": {
			papers: []domain.Event{
				scrap("P1", "BF-1", serial),
				depot.FaultyUnitHandedIn{
					Project: "P2", Slip: "JH-1", Part: "CAM", Quantity: units("1"), Serials: []string{"A0"}, HandedInBy: "李",
					HandedInOn: day + 3,
				},
				scrap("P2", "BF-2", func(e *depot.PartScrapped) { serial(e); e.ScrappedOn = day + 5 }),
			},
		},
		"back from its maker in two depots on one day": {
			papers: []domain.Event{sent, back("P1", "RK-1"), back("P2", "RK-2")},
			want:   []string{"P2 入库单 RK-2 写明返修回来的 CAM 序列号 A0 没有对应的送修记录，涉及 60.00 元。"},
		},
		"back in one": {papers: []domain.Event{sent, back("P2", "RK-2")}},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				var rec projections.Recorder
				at := projections.Noon("2026-04-20")
				for _, i := range rapid.Permutation(indexes(len(c.papers))).Draw(t, "order") {
					at = at.Add(time.Minute)
					switch e := c.papers[i].(type) {
					case ticket.FaultRecorded:
						rec.Record(ticket.Stream(e.Ticket), at, e)
					case depot.PartScrapped:
						rec.Record(depot.Stream(e.Project), at, e)
					case depot.PartReceived:
						rec.Record(depot.Stream(e.Project), at, e)
					default:
						rec.Record(depot.Stream("P2"), at, e)
					}
				}
				rules := policy.Default()
				var got []string
				for _, f := range match.Run(factsFor(t, rec.Events), day+10, &rules).Findings {
					if f.Class == finding.SerialMismatch {
						slices.SortFunc(f.Documents, func(a, b match.FindingDocument) int {
							return slices.Compare([]string{string(a.Project), a.Number}, []string{string(b.Project), b.Number})
						})
						f.Say()
						got = append(got, f.Chinese)
					}
				}
				var want []string
				for _, w := range c.want {
					if !strings.HasSuffix(w, "。") {
						w += "，单价不详，无法计算金额。"
					}
					want = append(want, w)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-want +found)\n%s", diff)
				}
			})
		})
	}
}
