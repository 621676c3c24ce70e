package forms_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/ticket"
)

var at = domaintest.At

var update = flag.Bool("update", false, "write golden files that are missing; one that is there is never changed")

func d(s string) decimal.Decimal { return decimal.RequireFromString(s) }

var estate = forms.Project{
	ID: "P001", Name: "云栖花园一期", Region: "华东", City: "杭州", Center: "C01", CenterName: "云栖花园物业服务中心",
}

func signed(by, on string) forms.Signature { return forms.Signature{By: by, On: date(on)} }

func fault(line, symptom, part string) forms.FaultLine {
	by := at("2026-09-04T09:40:00+08:00")
	f := forms.FaultLine{
		FaultRecorded: ticket.FaultRecorded{
			Ticket: "T-2026-0001", Line: domain.FaultLineID(line), Project: "P001", Center: "C01", Device: "单元门口机",
			Serial: "DS-A-17", Location: "3栋1单元大堂",
			Symptom: symptom, Cause: policy.Wear, SolvedOnSite: part == "", Bearer: policy.Us, Clause: "5.4/1",
			RecordedOn: date("2026-09-03"),
		},
		NotifiedAt: at("2026-09-03T09:40:00+08:00"), ArrivedAt: at("2026-09-03T11:05:00+08:00"),
		ResolvedAt: at("2026-09-03T12:30:00+08:00"),
		Coverage: policy.Coverage{
			InWarranty: true, Presence: policy.OnProject, Category: policy.Emergency, Bearer: policy.Us, RespondBy: &by,
			Clause: "5.4/1", WarrantyEndsOn: date("2026-12-31"),
		},
	}
	if part != "" {
		f.Replacement = &ticket.Replacement{
			Part: domain.PartCode(part), Quantity: d("1"), OldSerial: "DS-A-17", NewSerial: "DS-B-03",
		}
		f.Slips = []string{"OUT-31"}
	}
	return f
}

func charge(id, service, price, qty string, fen int64) forms.ChargeLine {
	line, err := money.PriceLine(d(price), d(qty), money.Tax{Rate: d("0.06")})
	if err != nil {
		panic(err)
	}
	if line.Gross != money.Fen(fen) {
		panic(line.Gross.String())
	}
	return forms.ChargeLine{
		Charge: domain.ChargeID(id), On: date("2026-09-12"), Posted: date("2026-09-12").Quarter(), Project: "P001",
		Room: "3-1-1202", Owner: "张三", Service: service,
		UnitPrice: d(price), Quantity: d(qty), Unit: "台", Money: line, Approval: "2026-01 MOVE-01", Ticket: "T-2026-0002",
		Payer: "C01", Remark: "业主自行拆装",
	}
}

// papers are one of each, filled.
func papers() map[string]forms.Paper {
	opinion := func(name, verdict, note, amount, by, on string) forms.Gate {
		a, err := money.Parse(amount)
		if err != nil {
			panic(err)
		}
		return forms.Gate{Name: name, Verdict: verdict, Opinion: note, Amount: a, Signature: signed(by, on)}
	}
	gates := []forms.Gate{
		opinion("城市技术负责人审核", "同意", "现场无法修复", "420.00", "wang", "2026-09-05"),
		opinion("技术组主管批准", "同意", "", "420.00", "chen", "2026-09-06"),
		opinion("本部事务主管审核", "退回", "请附厂家报价", "420.00", "zhao", "2026-09-07"), {Name: "部门经理批准"},
	}
	figures := filing.Figures{
		From: date("2026-08-26"), Through: date("2026-09-25"), TicketsReceived: 12, TicketsClosed: 10, TicketsOpen: 3,
		ResponseMet: 4, ResponseBreached: 1,
		VisitsMade: 8, VisitsOwed: 9, VisitsShort: 1, FaultLines: 7,
		PartsUsed:  []filing.PartUsed{{Part: "CABLE", Quantity: d("12.5")}, {Part: "DS-700", Quantity: d("2")}},
		DevicesOut: 2, DevicesBack: 1, DevicesAway: 3, Charges: 5, Charged: money.Fen(1_250_50), Escalated: 1,
		EscalationsOpen: 1,
	}
	respondBy := at("2026-09-04T09:40:00+08:00")
	short := forms.CountLine{
		Part: "CAM-2", Name: "半球摄像机", Unit: "台", Book: d("7"), Counted: d("6"), Value: money.Fen(-260_00), Reason: "待查",
	}
	return map[string]forms.Paper{
		"f0": forms.Registration{
			Project: estate, Ticket: "T-2026-0001", Room: "3-1-1202", Owner: "张三", Phone: "13800000000", Device: "门口机",
			Need:         "单元门口机黑屏，业主无法进门",
			RegisteredAt: at("2026-09-03T09:30:00+08:00"), RegisteredBy: "吴登记", NotifiedAt: at("2026-09-03T09:40:00+08:00"),
			NotifiedBy: "吴登记",
			Coverage: policy.Coverage{
				InWarranty: true, Presence: policy.ElsewhereCity, Category: policy.Emergency, Bearer: policy.Us,
				RespondBy: &respondBy, Clause: "5.4/2", WarrantyEndsOn: date("2026-12-31"),
			},
			ArrivedAt: at("2026-09-04T09:40:01+08:00"), ArrivedBy: "李师傅",
			Done: []string{"F1-0007 门口机 黑屏：更换 DS-700 ×1（DS-A-17 → DS-B-03）"}, ResolvedAt: at("2026-09-04T11:00:00+08:00"),
			Resolution: "更换",
			ClosedAt:   at("2026-09-05T10:00:00+08:00"), Verdict: "满意",
			Escalations: []forms.Escalation{
				{At: at("2026-09-04T08:00:00+08:00"), Matter: "同一单元第三次报修，可能投诉", Opinions: []string{"本部事务主管：更换整机", "部门经理：同意"}, Outcome: "已整机更换"},
			},
		},
		"f1": forms.FaultRecord{Month: date("2026-09-25").Month(), Signs: []forms.Field{{Label: "填报人", Value: "li 2026-09-25"}, {Label: "区域行政"}, {Label: "技术组主管"}}, Sheets: []forms.FaultSheet{{
			Project: estate, Filed: signed("li", "2026-09-25"), DueOn: date("2026-09-25"), Remark: "含一次台风抢修", Hash: "7d865e95",
			Lines: []forms.FaultLine{fault("F1-0007", "黑屏，重启无效，疑主板损坏，需整机更换后返厂检修", "DS-700"), fault("F1-0008", "呼叫无声", "")},
		}}},
		"f1-region": forms.FaultRecord{Region: "华东", Month: date("2026-09-25").Month(), Sheets: []forms.FaultSheet{
			{Project: estate, Filed: signed("li", "2026-09-26"), Late: true, DueOn: date("2026-09-25"), Lines: []forms.FaultLine{fault("F1-0007", "黑屏", "DS-700")}},
			{Project: forms.Project{ID: "P002"}, Nil: true, Filed: signed("wang", "2026-09-20")}, {Project: forms.Project{ID: "P003"}},
		}},
		"f2": forms.ProcessSheet{
			Project: estate, Return: "F2-2026-011", Ticket: "T-2026-0001", FaultLine: "F1-0007", Part: "DS-700",
			Serial: "DS-A-17", Maker: "海康威视", Fault: "黑屏，主板损坏",
			Filed: signed("li", "2026-09-05"), Bearer: "我方承担", Cost: money.Fen(420_00), Approved: money.Fen(420_00),
			Gates: gates, Waybill: "SF1234567890",
			ShippedOn: date("2026-09-08"), ExpectedOn: date("2026-09-28"), BackOn: date("2026-10-02"), Result: "换新",
			NewSerial: "DS-C-01",
			Quotes: []forms.Quote{
				{Supplier: "海康威视", Amount: money.Fen(420_00), On: date("2026-09-10"), Confirmed: true},
				{Supplier: "海康威视", Amount: money.Fen(560_00), On: date("2026-09-15")},
			},
			FollowUps: []forms.FollowUp{{Contact: "陈工", Note: "已检测，等待配件", Signature: signed("qian", "2026-09-18")}},
		},
		"f2-compensation": forms.ProcessSheet{Project: estate, Return: "F2-2026-012", Compensation: true, Fault: "搬家撞坏门口机", Filed: signed("zhou", "2026-09-05"), Bearer: "物业服务中心承担", Cost: money.Fen(1_900_00), Remark: "报价 BJ-1，收费 SF-10", Gates: []forms.Gate{{Name: "本部事务主管审核", Verdict: "同意", Amount: money.Fen(1_900_00), Signature: signed("zhao", "2026-09-06")}}},
		"f3": forms.ChargeList{Month: date("2026-09-25").Month(), Signs: []forms.Field{{Label: "填报人", Value: "li 2026-09-25"}, {Label: "区域行政"}, {Label: "财务"}}, Sheets: []forms.ChargeSheet{{
			Project: estate, Filed: signed("li", "2026-09-25"), DueOn: date("2026-09-25"), Hash: "7d865e95",
			Lines: []forms.ChargeLine{
				charge("SF-001", "可视对讲移位", "150.00", "2", 300_00), charge("SF-002", "线缆", "3.125", "12.5", 39_06),
			},
		}}},
		"f3-nil": forms.ChargeList{Month: date("2026-09-25").Month(), Sheets: []forms.ChargeSheet{{Project: estate, Nil: true, Late: true, DueOn: date("2026-09-25"), Filed: signed("li", "2026-09-27")}}},
		"f4": forms.MonthlyReport{
			Parts: map[domain.PartCode]catalogue.PartCatalogued{"DS-700": {Name: "单元门口机", Unit: "台"}}, Project: estate,
			Month: date("2026-09-25").Month(), Edition: forms.Edition{Version: 2}, Figures: figures, Filed: signed("li", "2026-09-25"),
			First: signed("li", "2026-09-24"), DueOn: date("2026-09-25"), Remark: "台风期间抢修 3 次，已恢复。", Hash: "7d865e95",
			Steps: []forms.ReportStep{
				{Role: domain.CityLead, Version: 1, Returned: true, Note: "漏报台风抢修", Signature: signed("zhou", "2026-09-24")},
				{Role: domain.CityLead, Version: 2, Signature: signed("zhou", "2026-09-25")},
				{Role: domain.RegionalAdmin, Version: 2}, {Role: domain.RegionalSupervisor, Version: 2},
				{Role: domain.AssistantManager, Version: 2},
			},
		},
		"f4-region": forms.MonthlyReport{Region: "华东", Month: date("2026-09-25").Month(), Figures: figures, Stated: true, Signs: []forms.Field{{Label: "区域行政（汇总）", Value: "qian 2026-09-26"}, {Label: "区域主管"}, {Label: "分管经理助理"}, {Label: "日期"}}, Projects: []forms.ProjectReport{{Project: estate, Figures: &figures, State: "待区域主管"}, {Project: forms.Project{ID: "P002"}, State: "未报"}}},
		"requisition": forms.Requisition{
			Project: estate, Number: "SQ-2026-001", Total: money.Fen(4_680_00), Filed: signed("gu", "2026-09-02"), Gates: gates,
			Approved: signed("gao", "2026-09-08"),
			Lines: []forms.Requested{
				{Part: "DS-700", Name: "单元门口机", Unit: "台", Quantity: d("6"), Estimate: money.Fen(4_680_00), Purpose: "备件", Received: d("2")},
			},
			Orders: []forms.Order{
				{Number: "CG-001", Supplier: "海康威视", Total: money.Fen(4_600_00), Signature: signed("cai", "2026-09-09")},
			},
		},
		"payment-request": forms.PaymentRequest{
			Number: "FK-华东-2026-09", Region: "华东", Month: date("2026-09-25").Month(), Total: money.Fen(980_50),
			Filed: signed("qian", "2026-09-28"), State: "待付款",
			Papers:   5,
			Approved: []forms.Field{{Label: "本部事务主管", Value: "feng 2026-09-20"}, {Label: "部门经理", Value: "gao 2026-09-21"}},
			Payees: []forms.Payee{
				{Supplier: "海康威视", Number: "GYS-01", Repairs: 1, Amount: money.Fen(560_00), Bank: "中国银行杭州滨江支行", Holder: "海康威视", Account: "3800 0012 3456", Recorded: signed("cai", "2026-07-01"), Was: "工商银行杭州分行 海康威视 1202 0000 1111"},
				{Supplier: "大华", Repairs: 1, Amount: money.Fen(420_50)},
			},
			Lines: []forms.Payable{
				{Return: "F2-2026-011", Project: "P001", Supplier: "海康威视", Amount: money.Fen(560_00), Letter: "确认函.pdf", Sheet: "F2.pdf", Approval: "批复.pdf"},
				{Return: "F2-2026-013", Project: "P002", Supplier: "大华", Amount: money.Fen(420_50), Letter: "letter.pdf", Sheet: "f2.pdf", Approval: "mail.pdf", PaidOn: date("2026-09-30"), BankRef: "ICBC-9"},
			},
		},
		"count-sheet": forms.CountSheet{
			Project: estate, Number: "PD-2026-09", CountedOn: date("2026-09-30"), CountedBy: "李", Witness: "王",
			Entered: signed("li", "2026-09-30"),
			Lines: []forms.CountLine{
				{Part: "CAM-1", Name: "枪机", Unit: "台", Book: d("3"), Counted: d("3")}, short,
				{Part: "CABLE", Unit: "米", Book: d("12.5"), Counted: d("14"), Value: money.Fen(4_69)},
			},
		},
		"issue-slip": forms.IssueSlip{
			Project: estate, Number: "OUT-37", IssuedOn: date("2026-09-05"), Taker: "李师傅", FaultLine: "F1-0007",
			Override: "首台到货即坏", Entered: signed("li", "2026-09-05"),
			Lines: []forms.IssueLine{
				{Part: "DS-700", Name: "单元门口机", Unit: "台", Asked: d("2"), Quantity: d("1"), Value: money.Fen(780_00), Serials: []string{"DS-B-04"}},
			},
		},
		"month-pack": monthPack(),
		"letter": forms.ConfirmationLetter{
			Project: estate, Return: "F2-2026-011", Supplier: "海康威视", Part: "DS-700", Serial: "DS-A-17", Fault: "黑屏",
			ShippedOn: date("2026-09-08"), QuotedOn: date("2026-09-15"),
			Amount: money.Fen(560_00), Attachment: "确认函.pdf（7d865e95）", Confirmed: signed("qian", "2026-09-16"),
			ConfirmedAs: money.Fen(560_00),
		},
		"approval": forms.ApprovalPage{
			Project: estate, Return: "F2-2026-011", Subject: "关于 DS-700 返厂维修费的批复", Requested: signed("li", "2026-09-05"),
			Request: "门口机主板损坏，厂家报价 560.00 元", Amount: money.Fen(560_00),
			Gates: gates, Attachment: "批复.pdf（7d865e95）",
		},
		"price-list": forms.PriceList{Version: "2026-01", From: date("2026-01-01"), Until: date("2026-08-31"), Issued: signed("zhao", "2025-12-28"), Items: []pricelist.Item{
			{Code: "MOVE-01", Name: "可视对讲移位", Kind: pricelist.Move, Unit: "台", Price: d("150.00"), Tax: money.Tax{Rate: d("0.06")}},
			{Code: "CABLE", Name: "线缆", Kind: pricelist.Part, Unit: "米", Price: d("3.125"), Tax: money.Tax{Rate: d("0.13"), Excluded: true}},
		}},
	}
}

// cellsOf reads a worksheet back, row by row, as it is shown.
func cellsOf(t *testing.T, f forms.Form) (file []byte, text string) {
	t.Helper()
	var b bytes.Buffer
	if err := f.XLSX(&b); err != nil {
		t.Fatal(err)
	}
	file = b.Bytes()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, name := range book.GetSheetList() {
		fmt.Fprintf(&out, "[%s]\n", name)
		for i, r := range rowsOf(t, book, name) {
			line := strings.TrimRight(strings.ReplaceAll(strings.Join(r, "|"), "\n", "⏎"), "|")
			if line != "" {
				fmt.Fprintf(&out, "%d %s\n", i+1, line)
			}
		}
	}
	return file, out.String()
}

// rowsOf reads a worksheet as it is shown, cells that are one as one.
func rowsOf(t *testing.T, book *excelize.File, name string) (out [][]string) {
	t.Helper()
	rows, err := book.GetRows(name)
	if err != nil {
		t.Fatal(err)
	}
	merged, err := book.GetMergeCells(name)
	if err != nil {
		t.Fatal(err)
	}
	covered := make(map[[2]int]bool)
	for _, m := range merged {
		left, top, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			t.Fatal(err)
		}
		right, bottom, err := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err != nil {
			t.Fatal(err)
		}
		for x := left; x <= right; x++ {
			for y := top; y <= bottom; y++ {
				covered[[2]int{x, y}] = x != left || y != top
			}
		}
	}
	for y, r := range rows {
		var cells []string
		for x, v := range r {
			if !covered[[2]int{x + 1, y + 1}] {
				cells = append(cells, strings.TrimSpace(v))
			}
		}
		out = append(out, cells)
	}
	return out
}

func TestEveryPaperIsLaidOutAsItWas(t *testing.T) {
	for name, p := range papers() {
		t.Run(name, func(t *testing.T) {
			_, got := cellsOf(t, p.Lay())
			path := filepath.Join("testdata", name+".txt")
			golden, err := os.ReadFile(path)
			if os.IsNotExist(err) && *update {
				golden, err = []byte(got), os.WriteFile(path, []byte(got), 0o644)
			}
			if err != nil {
				t.Fatalf("%v; -update writes a missing golden file", err)
			}
			if diff := cmp.Diff(string(golden), got); diff != "" {
				t.Errorf("cells (-golden +today):\n%s", diff)
			}
		})
	}
}

// Whatever a paper says in the worksheet it says on the page to print.
func TestThePageSaysWhatTheWorksheetSays(t *testing.T) {
	for name, p := range papers() {
		t.Run(name, func(t *testing.T) {
			f := p.Lay()
			var b bytes.Buffer
			if err := f.Print(&b); err != nil {
				t.Fatal(err)
			}
			// amounts are in groups of three digits, and days are kept on one line
			page := strings.NewReplacer(",", "", "<i>", "", "</i>", "").Replace(b.String())
			has := func(text string) {
				t.Helper()
				for part := range strings.SplitSeq(text, "\n") {
					if !strings.Contains(page, strings.NewReplacer("+", "&#43;", "'", "&#39;", ",", "").Replace(part)) {
						t.Errorf("%q is not on the page", part)
					}
				}
			}
			has(f.Title)
			has(f.Code)
			for _, x := range append(f.Head, f.Foot...) {
				has(x.Label)
				has(x.Value)
			}
			for _, table := range f.Tables {
				for _, c := range table.Columns {
					has(c.Header)
				}
				for _, r := range append(table.Rows, table.Total) {
					if r != nil && len(r) != len(table.Columns) {
						t.Errorf("a row of %q has %d cells under %d headers", table.Title, len(r), len(table.Columns))
					}
					for _, v := range r {
						has(v)
					}
				}
				for _, r := range table.Boxes {
					if 12%len(r) != 0 {
						t.Errorf("%d boxes do not share the width", len(r))
					}
					for _, x := range r {
						has(x.Label)
						has(x.Value)
					}
				}
			}
		})
	}
}

func values(t *testing.T, r sheet.Row, fields ...string) string {
	t.Helper()
	out := make([]string, len(fields))
	for i, f := range fields {
		if !r.Has(f) {
			t.Errorf("row %d has no %s", r.Number, f)
		}
		text, err := r.Value(f).Text()
		if err != nil {
			t.Error(err)
		}
		out[i] = text
	}
	return strings.Join(out, "|")
}

func TestAnF1IsReadBackAsItWasWritten(t *testing.T) {
	file, _ := cellsOf(t, papers()["f1"].Lay())
	list, err := sheet.Read(file, sheet.Options{}, sheet.Faults)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list.Rows {
		got = append(got, values(t, r, "line", "ticket", "project", "device", "serial", "location", "notifiedAt",
			"recordedOn", "symptom", "cause", "solvedOnSite",
			"replacement.part", "replacement.quantity", "replacement.oldSerial", "replacement.newSerial"))
	}
	want := []string{
		"F1-0007|T-2026-0001|P001|单元门口机|DS-A-17|3栋1单元大堂|2026-09-03 09:40|2026-09-03|黑屏,重启无效,疑主板损坏,需整机更换后返厂检修|自然损坏|否|DS-700|1|DS-A-17|DS-B-03",
		"F1-0008|T-2026-0001|P001|单元门口机|DS-A-17|3栋1单元大堂|2026-09-03 09:40|2026-09-03|呼叫无声|自然损坏|是||||",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAnF3IsReadBackAsItWasWritten(t *testing.T) {
	file, _ := cellsOf(t, papers()["f3"].Lay())
	list, err := sheet.Read(file, sheet.Options{}, sheet.Charges)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range list.Rows {
		got = append(got,
			values(t, r, "charge", "occurredOn", "project", "roomAndOwner", "item", "ticket", "center", "remark"))
		for field, read := range map[string]func(sheet.Value) (string, error){
			"quantity": func(v sheet.Value) (string, error) { q, err := v.Quantity(); return q.String(), err },
			"amount":   func(v sheet.Value) (string, error) { a, err := v.Amount(); return a.String(), err },
			"net":      func(v sheet.Value) (string, error) { a, err := v.Amount(); return a.String(), err },
			"tax":      func(v sheet.Value) (string, error) { a, err := v.Amount(); return a.String(), err },
		} {
			s, err := read(r.Value(field))
			if err != nil {
				t.Error(err)
			}
			want := map[string]map[string]string{
				"SF-001": {"quantity": "2", "amount": "300.00", "net": "283.02", "tax": "16.98"}, "SF-002": {"quantity": "12.5", "amount": "39.06", "net": "36.85", "tax": "2.21"},
			}[values(t, r, "charge")][field]
			if s != want {
				t.Errorf("%s of %s is read as %s, want %s", field, values(t, r, "charge"), s, want)
			}
		}
	}
	want := []string{
		"SF-001|2026-09-12|P001|3-1-1202(张三)|可视对讲移位|T-2026-0002|C01|业主自行拆装",
		"SF-002|2026-09-12|P001|3-1-1202(张三)|线缆|T-2026-0002|C01|业主自行拆装",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	compared := make(map[string]string)
	for _, c := range list.Compare(nil) {
		compared[c.Name] = c.Stated + " " + c.Status
	}
	wantCompared := map[string]string{
		"笔": "2 AGREES", "不含税金额 net": "319.87 AGREES", "税额 tax": "19.19 AGREES", "金额(含税) gross": "339.06 AGREES", "大写": "339.06 AGREES",
	}
	if diff := cmp.Diff(wantCompared, compared); diff != "" {
		t.Error(diff)
	}
}

// The lists of a region stand on sheets of their own, which are found without
// asking for their names.
func TestTheListsOfARegionAreReadBack(t *testing.T) {
	all := papers()
	charges := all["f3"].(forms.ChargeList)
	charges.Region = "华东"
	for layout, paper := range map[*sheet.Layout]forms.Paper{&sheet.Faults: all["f1-region"], &sheet.Charges: charges} {
		f := paper.Lay()
		file, _ := cellsOf(t, f)
		list, err := sheet.Read(file, sheet.Options{}, *layout)
		if err != nil {
			t.Fatal(err)
		}
		if len(list.Rows) == 0 || len(list.Rows) != len(f.Tables[0].Rows) {
			t.Errorf("%s: %d lines are read, of %d", f.Title, len(list.Rows), len(f.Tables[0].Rows))
		}
	}
}

// A list has its headers on every printed page, and one list stands on a sheet.
func TestTheHeadersOfARegionsListsAreRepeated(t *testing.T) {
	var b bytes.Buffer
	if err := papers()["f1-region"].Lay().XLSX(&b); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	repeated := make(map[string]bool)
	for _, n := range book.GetDefinedName() {
		repeated[n.Scope] = repeated[n.Scope] || strings.HasSuffix(n.Name,
			"Print_Titles") && strings.Contains(n.RefersTo, ":$8") || strings.Contains(n.RefersTo, "$5:$5")
	}
	for _, name := range book.GetSheetList() {
		if !repeated[name] {
			t.Errorf("%s: no headers are repeated; the names are %v", name, book.GetDefinedName())
		}
	}
}

func TestAProcessSheetIsSignedByThoseWhoAgreed(t *testing.T) {
	by := func(name string) forms.Signature { return signed(name, "2026-09-05") }
	p := forms.ProcessSheet{Filed: by("li"), Gates: []forms.Gate{
		{Role: domain.CityTechLead, Signature: by("old")}, {Role: domain.TechGroupLead, Refused: true, Signature: by("no")}, {Signature: by("li")},
		{Role: domain.CityTechLead, Signature: by("wu")}, {Role: domain.TechGroupLead},
	}}
	if diff := cmp.Diff([]forms.Field{
		{Label: "申报人", Value: "li 2026-09-05"}, {Label: "城市技术负责人", Value: "wu 2026-09-05"}, {Label: "技术组主管"},
	}, p.Lay().Signs); diff != "" {
		t.Error(diff)
	}
}

// A paper that is filled from the log leaves no room to write a further line into
// it: what is not on it was not.
func TestAFilledPaperHasNoEmptyRows(t *testing.T) {
	empty := func(row []string) bool {
		return !slices.ContainsFunc(row, func(v string) bool { return v != "" })
	}
	for name, p := range papers() {
		for _, table := range p.Lay().Tables {
			lines := table.Lines()
			if len(table.Rows) == 0 { // a list of nothing shows its heads over one row
				if len(lines) > 1 {
					t.Errorf("%s: %q has %d rows for nothing", name, table.Title, len(lines))
				}
				continue
			}
			if slices.ContainsFunc(lines, empty) {
				t.Errorf("%s: %q has an empty row", name, table.Title)
			}
		}
	}
}

// Whoever approved or ordered stands in the row of those who sign.
func TestARequisitionIsSignedByWhoApprovedAndOrdered(t *testing.T) {
	r := forms.Requisition{Approved: forms.Signature{By: "gao", On: date("2026-09-08")}, Orders: []forms.Order{
		{Signature: forms.Signature{By: "cai", On: date("2026-09-09")}}, {Signature: forms.Signature{By: "cai", On: date("2026-09-09")}},
	}}
	if signs := r.Lay().Signs; signs[1].Value != "gao 2026-09-08" || signs[2].Value != "cai 2026-09-09" {
		t.Errorf("signed by %q", signs)
	}
}

// Metres and pieces have no sum; pieces have.
func TestACountAddsUpWhatIsOfOneUnit(t *testing.T) {
	line := func(unit, counted string) forms.CountLine {
		return forms.CountLine{Unit: unit, Book: decimal.NewFromInt(3), Counted: decimal.RequireFromString(counted)}
	}
	for _, c := range []struct {
		lines []forms.CountLine
		want  string
	}{
		{[]forms.CountLine{line("台", "4"), line("台", "5"), line("米", "3")}, "3"},
		{[]forms.CountLine{line("台", "4"), line("米", "5.5")}, ""},
		{[]forms.CountLine{line("米", "4.5")}, "1.5"},
	} {
		if got := (forms.CountSheet{Lines: c.lines}).Lay().Tables[0].Total[6]; got != c.want {
			t.Errorf("%v add up to %q, want %q", c.lines, got, c.want)
		}
	}
}

// Too many of one part and too few of another may be worth as much: the sum of what
// differs is 0.00 then, and nothing where nothing differs.
func TestACountAddsUpWhatDiffers(t *testing.T) {
	worth := func(amounts ...int64) (lines []forms.CountLine) {
		for _, fen := range amounts {
			lines = append(lines, forms.CountLine{Value: money.Fen(fen)})
		}
		return lines
	}
	for want, lines := range map[string][]forms.CountLine{
		"0.00": worth(50_00, -50_00), "-30.00": worth(0, 20_00, -50_00), "": worth(0, 0),
	} {
		if got := (forms.CountSheet{Lines: lines}).Lay().Tables[0].Total[8]; got != want {
			t.Errorf("%v add up to %q, want %q", lines, got, want)
		}
	}
}

// What was asked for stands at the day of the asking; what the maker quoted since, at
// its own.
func TestAnApprovalPageTellsWhatWasAskedFromWhatWasQuoted(t *testing.T) {
	p := forms.ApprovalPage{
		Requested: signed("li", "2026-09-05"), Amount: money.Fen(55_00),
		Quoted: forms.Quote{Amount: money.Fen(70_40), On: date("2026-09-20")},
	}
	if diff := cmp.Diff([][]forms.Field{
		{{Label: "金额（元）", Value: "55.00"}, {Label: "大写", Value: "人民币伍拾伍元整"}},
		{{Label: "厂家报价（元）", Value: "70.40（2026-09-20）"}, {Label: "大写", Value: "人民币柒拾元肆角整"}},
	}, p.Lay().Tables[0].Boxes[2:]); diff != "" {
		t.Error(diff)
	}
}
