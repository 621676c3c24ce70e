package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/imports"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

func TestAListThatIsReadWronglyByALessCarefulReaderIsRefused(t *testing.T) {
	w := newWorld(t)
	before := w.head()
	for name, c := range map[string]struct{ path, file, code, cell string }{
		"a total price that is not price times quantity": {"charges", "编号,日期,项目,房号,服务内容,数量,总价\nF3-T1,2026-06-05,P001,1-1-101,可视对讲移位,2,400\n合计,,,,,2,400\n", "amount-differs", "line 2, column 总价"},
		"a total that is not that of the rows":           {"charges", "编号,日期,项目,房号,服务内容,数量,总价\nF3-T1,2026-06-05,P001,1-1-101,可视对讲移位,2,300\n合计,,,,,3,300\n", "total-differs", "line 3, column 数量"},
		"the total of a count sheet":                     {"counts?unknownParts=true&project=P001&countedOn=2026-06-25&countedBy=张三", "序号,配件编号,名称,单位,账面数量,实盘数量,差异原因\n1,BAT-7AH,蓄电池,个,9,9,\n2,CAM-2M,摄像机,台,11,10,待查\n合计,,,,20,29,\n", "total-differs", "line 4, column 实盘数量"},
		"a difference that is none":                      {"counts?unknownParts=true&project=P001&countedOn=2026-06-25&countedBy=张三", "配件编号,账面数量,实盘数量,盈亏数量\nBAT-7AH,9,8,1\n", "difference-differs", "line 2, column 盈亏数量"},
		"a part that nobody knows":                       {"counts?project=P001&countedOn=2026-06-25&countedBy=张三", "配件编号,实盘数量\nBAT-7AX,9\n", "unknown-part", "line 2, column 配件编号"},
	} {
		t.Run(name, func(t *testing.T) {
			dry := c.path + map[bool]string{true: "&", false: "?"}[strings.Contains(c.path, "?")] + "dryRun=true"
			_, checked := w.send(t.Context(), admin, dry, []byte(c.file))
			status, r := w.send(t.Context(), admin, c.path, []byte(c.file))
			if status != http.StatusUnprocessableEntity || r.Status != "REFUSED" || checked.Bookable || w.head() != before {
				t.Fatalf("status %d, %+v, checked %+v", status, countsOf(r), checked)
			}
			if v := r.Results[len(r.Results)-1]; v.Code != c.code || v.Cell != c.cell {
				t.Errorf("refused as %+v", r.Results)
			}
		})
	}
}

func TestADryRunShowsHowTheFileIsRead(t *testing.T) {
	w := newWorld(t)
	file := "收费明细\n编号,日期,项目,房号,服务内容,数量（次）,合同额,网址,备注\nF3-1,2026-06-05,P001,1-1-101,可视对讲移位,2,300,x,\n以下空白,,,,,,,,\n合计,,,,,2,300,,\n"
	columns := url.QueryEscape(`{"amount":"合同额"}`)
	status, r := w.send(t.Context(), admin, "charges?dryRun=true&columns="+columns, []byte(file))
	if status != http.StatusOK || !r.Bookable || r.Valid != 1 {
		t.Fatalf("status %d, %+v", status, r)
	}
	as := make(map[string]string)
	for _, c := range r.Columns {
		as[c.Heading] = c.Status + " " + c.Field
	}
	want := map[string]string{"编号": "READ charge", "日期": "READ occurredOn", "项目": "READ project", "房号": "READ room",
		"服务内容": "READ item", "数量(次)": "READ quantity",
		"合同额": "READ amount", "网址": "UNREAD ", "备注": "READ remark"}
	if diff := cmp.Diff(want, as); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]imports.PassedRow{
		{Place: "line 4", Text: "以下空白", Why: "BLANK"}, {Place: "line 5", Text: "合计 2 300", Why: "TOTAL"},
	}, r.PassedOver); diff != "" {
		t.Error(diff)
	}
	if len(r.Totals) != 2 || r.Totals[1].Status != "AGREES" || r.Totals[1].Found != "300.00" ||
		r.Totals[1].Rows != "line 3" {
		t.Errorf("totals %+v", r.Totals)
	}
	if !strings.Contains(r.Results[0].Books, "2 × 150 = 300.00") {
		t.Errorf("books %q", r.Results[0].Books)
	}
}

func TestProjectsAndPayersAreFoundByName(t *testing.T) {
	w := newWorld(t)
	exec := eventstore.NewExecutor(w.store, eventstore.Trade, eventstore.ExecutorOptions{SoleWriter: true})
	l := ledger.New(exec, policy.Default(), noon).Under(access.Whole())
	directory := func(context.Context) (projects, centers []domain.NamedID, err error) {
		return []domain.NamedID{{ID: "P001", Name: "云栖花园一期"}, {ID: "P002", Name: "江南里"}, {ID: "P003", Name: "江 南 里"}},
			[]domain.NamedID{{ID: "C01", Name: "云栖花园物业服务中心"}}, nil
	}
	for project, want := range map[string]string{
		"P001": "", "云栖花园一期": "", "云栖花园（1期）": "", "江南里": "other-center", "江-南里": "name-of-several", "云西花园": "unknown-name",
	} {
		file := "编号,日期,项目,服务内容,数量,付款方\nF-1,2026-06-05," + project + ",可视对讲移位,1,云栖花园物业服务中心\n"
		r, err := imports.Run(t.Context(), ledger.Request{Key: "k", Actor: admin}, []byte(file),
			imports.Charges(l, directory, ""), imports.Options{DryRun: true})
		if err != nil {
			t.Fatal(err)
		}
		code := r.Results[0].Code
		if want == "" && (!r.Bookable || !strings.Contains(r.Results[0].Books,
			"C01")) || want != "" && code != want && want != "other-center" || want == "other-center" && r.Bookable {
			t.Errorf("%s: %+v", project, r.Results)
		}
		if want == "unknown-name" && !strings.Contains(r.Results[0].Rule, "P001 云栖花园一期") {
			t.Errorf("the nearest are not named: %s", r.Results[0].Rule)
		}
	}
	silent := func(context.Context) (_, _ []domain.NamedID, err error) { return nil, nil, errors.New("away") }
	r, err := imports.Run(t.Context(), ledger.Request{Key: "k", Actor: admin},
		[]byte("编号,日期,项目,服务内容\nF-1,2026-06-05,云栖,可视对讲移位\n"), imports.Charges(l, silent, domain.CenterID("")),
		imports.Options{DryRun: true})
	if err != nil || r.Results[0].Code != "unknown-project" {
		t.Errorf("where the names cannot be asked for: %+v, %v", r.Results, err)
	}
}
