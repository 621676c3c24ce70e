package forms_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain/filing"
)

// A paper without lines shows its list and says that there is nothing in it, and is
// whole in each way of writing it.
func TestAPaperWithoutLinesShowsItsList(t *testing.T) {
	for name, paper := range map[string]struct {
		paper  forms.Paper
		header string
	}{
		"issue slip":      {forms.IssueSlip{}, "配件编号"},
		"requisition":     {forms.Requisition{}, "物资编号"},
		"payment request": {forms.PaymentRequest{}, "F2 编号"},
		"its suppliers":   {forms.PaymentRequest{}, "供应商编号"},
		"price list":      {forms.PriceList{}, "计价方式"},
		"parts of F4":     {forms.MonthlyReport{}, "配件编号"},
		"faults of month": {forms.MonthPack{}, "编号\nno."},
		"issues of month": {forms.MonthPack{}, "单据\nslip"},
		"findings":        {forms.MonthPack{}, "类别\nfinding"},
		"stock of month":  {forms.MonthPack{}, "盘点表\ncount"},
	} {
		t.Run(name, func(t *testing.T) {
			f := paper.paper.Lay()
			at := slices.IndexFunc(f.Tables, func(list forms.Table) bool {
				return slices.ContainsFunc(list.Columns, func(c forms.Column) bool { return c.Header == paper.header })
			})
			if at < 0 || !f.Tables[at].Shown() || !slices.Contains(f.Tables[at].Rows[0], "无") {
				t.Fatalf("there is no list with %q that says it is empty: %v", paper.header, f.Tables)
			}
			var page, pdf bytes.Buffer
			if err := f.Print(&page); err != nil || !strings.Contains(page.String(), "<td") {
				t.Error(err)
			}
			if err := f.PDF(&pdf); err != nil {
				t.Error(err)
			}
			if faults := append(f.PageFaults(false), f.PageFaults(true)...); len(faults) > 0 {
				t.Error(faults)
			}
		})
	}
}

// The report of a region names the days of each project, and claims none for all of them
// where they differ: a report ends with the last day that was over when it was filed.
func TestARegionsReportSaysTheDaysOfEachProject(t *testing.T) {
	r := papers()["f4-region"].(forms.MonthlyReport)
	if head := r.Lay().Head[1]; head.Value != "2026-08-26 至 2026-09-25" {
		t.Errorf("where they agree, %v", head)
	}
	other := *r.Projects[0].Figures
	other.Through--
	r.Projects = append(slices.Clone(r.Projects), forms.ProjectReport{Project: forms.Project{ID: "P003"}, Figures: &other})
	r.Figures = filing.Figures{}.Add(*r.Projects[0].Figures).Add(other)
	f := r.Lay()
	if want := "各项目不一，见下表（2026-08-26 至 2026-09-25 之间）"; f.Head[1].Value != want {
		t.Errorf("where they differ, %q, want %q", f.Head[1].Value, want)
	}
	var days []string
	for _, row := range f.Tables[0].Rows {
		days = append(days, row[1])
	}
	if want := []string{"2026-08-26 至\n2026-09-25", "", "2026-08-26 至\n2026-09-24"}; !slices.Equal(days, want) {
		t.Errorf("%q, want %q", days, want)
	}
	if faults := append(f.PageFaults(false), f.PageFaults(true)...); len(faults) > 0 {
		t.Error(faults)
	}
}

// A charge that came from another center is what was open of it: F3 states no price and no
// quantity of it, and not zeros.
func TestWhatCameFromAnotherCenterHasNoQuantityAtAPrice(t *testing.T) {
	moved := charge("C01.SF-1", "维修", "1060.00", "1", 106_000)
	moved.UnitPrice, moved.Quantity, moved.Unit = d("0"), d("0"), ""
	list := forms.ChargeList{Month: date("2026-09-12").Month(), Sheets: []forms.ChargeSheet{{Lines: []forms.ChargeLine{moved}}}}
	row := list.Lay().Tables[0].Rows[0]
	if want := []string{"", "", "", "1000.00", "60.00", "1060.00"}; !slices.Equal(row[5:11], want) {
		t.Errorf("the row is %q", row)
	}
}
