package api_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"aftersales-ledger/api/imports"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
)

var (
	planner  = domain.Actor{Name: "冯四", Role: domain.MaterialsPlanner}
	planner2 = domain.Actor{Name: "陈五", Role: domain.MaterialsPlanner}
)

const catalogueFile = `配件目录,,,,,,
序号,物料编码,名称,规格型号,单位,是否序列号管理,成本单价
1,DS-700,门口机,DS-KV700,台,是,780.00
2,RVV-4,四芯线,,米,否,2.15
3,PS-12V,电源,,个,,
`

// last decodes the last event of a type in the log.
func last[E any](w *world, kind string) (e E) {
	w.t.Helper()
	for rec, err := range w.store.ReadAll(w.t.Context(), 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if rec.Type == kind {
			if err := json.Unmarshal(rec.Data, &e); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	return e
}

// workbook is a CSV file as a spreadsheet program saves it.
func workbook(t *testing.T, file string) []byte {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return workbookOf(t, rows)
}

// workbookOf is a workbook of one sheet.
func workbookOf(t interface{ Fatal(...any) }, rows [][]string) []byte {
	book := excelize.NewFile()
	defer book.Close()
	for i := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &rows[i]); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestACatalogueIsImportedAndImportedAgain(t *testing.T) {
	w := newWorld(t)
	dry := func() imports.Report {
		_, r := w.send(t.Context(), planner, "catalogue?from=2026-01-01&dryRun=true", []byte(catalogueFile))
		return r
	}
	before := w.head()
	if diff := cmp.Diff(counts{Status: "CHECKED", Rows: 3, Valid: 3}, countsOf(dry())); diff != "" || w.head() != before {
		t.Error(diff, w.head())
	}
	first := w.mustBook(planner, "catalogue?from=2026-01-01", []byte(catalogueFile))
	if diff := cmp.Diff(counts{Status: "BOOKED", Rows: 3, Recorded: 3}, countsOf(first)); diff != "" {
		t.Error(diff)
	}
	head := w.head()
	for who, r := range map[string]imports.Report{
		"the same person":  w.mustBook(planner, "catalogue?from=2026-01-01", []byte(catalogueFile)),
		"another person":   w.mustBook(planner2, "catalogue?from=2026-01-01", []byte(catalogueFile)),
		"from a later day": w.mustBook(planner2, "catalogue", []byte(catalogueFile)),
		"as a workbook":    w.mustBook(planner, "catalogue?from=2026-01-01", workbook(t, catalogueFile)),
		"without booking":  dry(),
	} {
		if r.Unchanged != 3 || w.head() != head {
			t.Errorf("again by %s: %+v; the log went from %d to %d", who, countsOf(r), head, w.head())
		}
	}
	p := last[catalogue.PartCatalogued](w, "PartCatalogued")
	if p.Part != "PS-12V" || p.Serialised || p.By != planner.Name || p.From.String() != "2026-01-01" {
		t.Errorf("the last part is %+v", p)
	}
	grown := catalogueFile + "4,CAM-2,摄像机,,台,是,260.00\n"
	if r := w.mustBook(planner, "catalogue?from=2026-01-01", []byte(grown)); r.Recorded != 1 || r.Unchanged != 3 {
		t.Errorf("grown longer: %+v", countsOf(r))
	}
}

func TestACatalogueWithABadRowIsRefusedWithItsCell(t *testing.T) {
	w := newWorld(t)
	before := w.head()
	file := strings.Replace(catalogueFile, "四芯线,,米,否,2.15", "四芯线,,米,也许,2.155", 1) + "4,DS-700,门口机,,台,是,780.00\n"
	status, r := w.send(t.Context(), planner, "catalogue?from=2026-01-01", []byte(file))
	var faults []string
	for _, f := range r.Results {
		if f.Outcome == "refused" {
			faults = append(faults, f.Cell+" "+f.Field+" "+f.Code)
		}
	}
	want := []string{
		"line 4, column 是否序列号管理 serialised not-yes-or-no", "line 4, column 成本单价 warrantyCost not-an-amount",
		"line 6, column 物料编码 part number-twice",
	}
	if diff := cmp.Diff(want, faults); status != http.StatusUnprocessableEntity || diff != "" || w.head() != before {
		t.Error(status, diff, w.head())
	}
}

const countFile = `6月盘点表,,,,
配件编号,名称,账面数量,实盘数量,差异原因
DS-700,门口机,2,3,有一台无出处
RVV-4,四芯线,100,99.5,
CAM-2,摄像机,1,0,
盘点人：李师傅,,,,
`

func TestACountSheetIsOneFact(t *testing.T) {
	w := newWorld(t)
	w.command(admin, "/v1/projects/P001/depot/receipts",
		`{"receipt":"IN-1","part":"DS-700","quantity":"2","value":"1560.00","source":"OPENING","receivedOn":"2026-06-01"}`)
	const sheet = "counts?unknownParts=true&project=P001&count=PD-06&countedOn=2026-06-30&countedBy=李师傅"
	first := w.mustBook(admin, sheet, []byte(countFile))
	if first.Rows != 3 || first.Recorded != 3 || w.events()["StockCounted"] != 1 {
		t.Fatalf("%+v, events %v", countsOf(first), w.events())
	}
	e := last[depot.StockCounted](w, "StockCounted")
	var lines []string
	for _, l := range e.Lines {
		lines = append(lines, string(l.Part)+" "+l.Counted.String()+"/"+l.Book.String()+" "+l.Reason)
	}
	if diff := cmp.Diff([]string{"DS-700 3/2 有一台无出处", "RVV-4 99.5/0 ", "CAM-2 0/0 "},
		lines); diff != "" || e.By != admin.Name || e.CountedBy != "李师傅" {
		t.Error(diff, e)
	}
	head := w.head()
	for who, actor := range map[string]domain.Actor{"the same person": admin, "another person": otherAdmin} {
		if r := w.mustBook(actor, sheet, []byte(countFile)); r.Unchanged != 3 || w.head() != head {
			t.Errorf("again by %s: %+v", who, countsOf(r))
		}
	}
	changed := strings.Replace(countFile, "99.5", "98", 1)
	status, r := w.send(t.Context(), admin, sheet, []byte(changed))
	if status != http.StatusUnprocessableEntity || r.Results[1].Code != "count-exists" || w.head() != head ||
		!strings.Contains(r.Results[1].Rule, "99.5") || r.Results[1].Value != "98" {
		t.Errorf("another sheet under the number does not say what differs: %d %+v", status, r.Results)
	}
}

func TestCountSheetsOfManyProjectsStandInOneFile(t *testing.T) {
	w := newWorld(t)
	file := "项目编号,盘点单号,盘点日期,盘点人,配件编号,实盘数,序列号\nP001,A-1,2026-06-29,李,DS-700,2,S1、S2\nP002,A-1,2026-06-30,王,DS-700,1,\nP001,A-1,2026-06-29,李,RVV-4,5,\n"
	r := w.mustBook(technician, "counts?unknownParts=true", []byte(file))
	if r.Recorded != 3 || w.events()["StockCounted"] != 2 {
		t.Errorf("%+v, events %v", countsOf(r), w.events())
	}
}

func TestACountSheetWithABadRowIsRefusedWithItsCell(t *testing.T) {
	w := newWorld(t)
	before := w.head()
	file := "配件编号,实盘数量,序列号\nDS-700,2,S1\nRVV-4,-1,\nRVV-5,,\nCAM-2,1,\nCAM-2,2,\n"
	status, r := w.send(t.Context(), admin, "counts?unknownParts=true&project=P001&countedOn=2026-06-30&countedBy=李",
		[]byte(file))
	var faults []string
	for _, f := range r.Results {
		if f.Outcome == "refused" {
			faults = append(faults, f.Cell+" "+f.Field+" "+f.Code)
		}
	}
	want := []string{
		"line 2, column 序列号 serials serial-count", "line 3, column 实盘数量 counted bad-quantity", "line 4, column 实盘数量 counted quantity-required", "line 6, column 配件编号 part part-twice",
	}
	if diff := cmp.Diff(want, faults); status != http.StatusUnprocessableEntity || diff != "" || w.head() != before {
		t.Error(status, diff, w.head())
	}
	if status, r := w.send(t.Context(), admin, "counts?project=P001&countedBy=李",
		[]byte("配件编号,实盘数量\nDS-700,2\n")); status != http.StatusUnprocessableEntity || r.Results[0].Field != "countedOn" {
		t.Errorf("without a day: %d %+v", status, r.Results)
	}
	if status, r := w.send(t.Context(), admin, "counts?project=P999&countedOn=2026-06-30&countedBy=李",
		[]byte("配件编号,实盘数量\nDS-700,2\n")); status != http.StatusUnprocessableEntity || len(r.Results) != 1 ||
		r.Results[0].Code != "unknown-project" {
		t.Errorf("of a project that does not exist: %d %+v", status, r.Results)
	}
	if w.head() != before {
		t.Errorf("the log went from %d to %d", before, w.head())
	}
}
