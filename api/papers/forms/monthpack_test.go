package forms_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/ticket"

	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
	partsviews "aftersales-ledger/projections/parts"
)

func monthPack() forms.MonthPack {
	figure := func(quantity string, fen int64) partsviews.StockFigure {
		return partsviews.StockFigure{Quantity: d(quantity), Value: money.Fen(fen)}
	}
	return forms.MonthPack{
		Region: "华东", Month: date("2026-09-01").Month(), AsOf: date("2026-09-30"), KnownAt: at("2026-10-08T09:00:00+08:00"),
		Position: 4711,
		Faults: []partsviews.FaultLine{
			{
				Line: "F1-0007", RecordedOn: date("2026-09-03"), Project: "P001", Device: "单元门口机", Location: "3栋1单元", Symptom: "黑屏",
				Cause: policy.Wear, Part: "DS-700", Quantity: new(d("1")), OldSerial: "A17", NewSerial: "B03",
				Slips: []string{"OUT-31", "OUT-37"}, Issued: new(d("2")), Value: new(money.Fen(1560_00)), Bearer: policy.Us,
				Review: partsviews.ReviewRow{
					Verdict: ticket.Queried, Note: "为何两台", By: "chen", On: date("2026-09-28"),
					RecordedAt: projections.Moment{Time: at("2026-09-28T10:30:00+08:00")},
				},
			},
			{
				Line: "F1-0008", RecordedOn: date("2026-09-04"), Project: "P002", Device: "摄像机", Symptom: "花屏", Cause: policy.Lightning,
				Bearer: policy.Center,
				Review: partsviews.ReviewRow{
					Verdict: ticket.Verified, By: "chen", RecordedAt: projections.Moment{Time: at("2026-09-28T10:31:00+08:00")},
				},
				OpenFindings: []match.OpenFinding{
					{Class: finding.ItemMismatch}, {Class: finding.SerialMismatch}, {Class: finding.SerialMismatch},
				},
			},
			{Line: "F1-0009", RecordedOn: date("2026-09-05"), Project: "P002", Device: "读卡器", Symptom: "误读", Cause: policy.Unknown, Bearer: policy.Us},
		},
		Issues: []partsviews.Movement{
			{On: date("2026-09-03"), Kind: partsviews.IssueOut, Slip: "OUT-37", Project: "P001", Part: "DS-700", Quantity: d("-2"), Value: money.Fen(-1560_00), FaultLine: "F1-0007", Person: "李师傅", Serials: []string{"B03", "B04"}, Override: "首台到货即坏", Actor: "li", RecordedAt: projections.Moment{Time: at("2026-09-03T18:00:00+08:00")}},
			{On: date("2026-09-20"), Kind: partsviews.Return, Slip: "TK-1", Project: "P001", Part: "DS-700", Quantity: d("1"), Value: money.Fen(780_00), FaultLine: "F1-0007", Person: "李师傅", Actor: "li", RecordedAt: projections.Moment{Time: at("2026-09-20T18:00:00+08:00")}},
		},
		Stock: []partsviews.RollForwardRow{
			{Project: "P001", Part: "DS-700", Opening: figure("4", 3120_00), Issued: figure("2", 1560_00), Returned: figure("1", 780_00), Closing: figure("3", 2340_00),
				Count: partsviews.Count{
					Count: "PD-09", CountedOn: date("2026-09-30"), Counted: d("2"), Book: d("3"), Explained: figure("0", 0),
					Unexplained: partsviews.Difference{Quantity: d("-1"), Value: new(money.Fen(-780_00))},
				}},
			{Project: "P002", Part: "CABLE", Closing: figure("12.5", 26_88)},
		},
		Totals: partsviews.RollForwardTotal{
			Closing: money.Fen(2366_88), Unexplained: money.Fen(-780_00),
		},
		Findings: []forms.PackFinding{
			{Finding: "DUPLICATE_ISSUE", Project: "P001", Part: "DS-700", On: date("2026-09-03"), AgeDays: 27, Documents: "F1 F1-0007\n出库 OUT-31\n出库 OUT-37", Quantity: d("1"), Value: "780.00", Status: "OPEN"},
		},
	}
}

func TestAMonthWithoutAnythingStillHasItsPaper(t *testing.T) {
	f := forms.MonthPack{Region: "华南", Month: calendar.Month(2026 * 12), AsOf: date("2026-01-31")}.Lay()
	for _, table := range f.Tables {
		if len(table.Rows) != 1 || strings.Join(table.Rows[0], "") != "无" || table.Total != nil {
			t.Errorf("%s has %v, %v", table.Title, table.Rows, table.Total)
		}
	}
	if _, text := cellsOf(t, f); text == "" {
		t.Error("the worksheet is empty")
	}
}

// A count sheet that was printed, filled in and saved is imported as it stands.
func TestACountSheetIsReadBackAsItWasWritten(t *testing.T) {
	file, _ := cellsOf(t, papers()["count-sheet"].Lay())
	list, err := sheet.Read(file, sheet.Options{}, sheet.Counts)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list.Rows {
		got = append(got, values(t, r, "part", "counted", "serials", "reason"))
	}
	want := []string{"CAM-1|3||", "CAM-2|6||待查", "CABLE|14||"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestEveryClassOfFindingsAndEveryStateIsNamedInChinese(t *testing.T) {
	states := []finding.Status{finding.Open, finding.Explained, finding.Adjusted, finding.Accepted, finding.Cleared}
	for i, c := range finding.Classes() {
		pack := forms.MonthPack{
			Findings: []forms.PackFinding{
				{Finding: c, Status: states[i%len(states)], Documents: forms.DocumentName("ISSUE_SLIP", "CK-1")},
			},
		}
		said := pack.Lay().Tables[2].Rows[0]
		if said[0] == "" || strings.ContainsFunc(said[0]+said[8],
			func(r rune) bool { return r < 0x80 }) || said[8] == "" || said[5] != "出库单 CK-1" {
			t.Errorf("of %s the pack says %q", c, said)
		}
	}
}
