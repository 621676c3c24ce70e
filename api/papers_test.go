package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

var (
	registrar  = domain.Actor{Name: "郑登", Role: domain.CenterRegistrar, Center: "C01"}
	stranger   = domain.Actor{Name: "外人", Role: domain.CenterHead, Center: "C02"}
	centerHead = domain.Actor{Name: "郑主任", Role: domain.CenterHead, Center: "C01"}
	june       = calendar.DateOf(noon()).Month()
)

// get fetches a paper or refuses to.
func (w *world) get(actor domain.Actor, path string) (int, http.Header, string) {
	w.t.Helper()
	token := w.door.Token(actor, time.Hour)
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept-Language", "en")
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec.Code, rec.Header(), rec.Body.String()
}

// tickets registers and notifies two needs of P001.
func (w *world) tickets() {
	w.t.Helper()
	for _, id := range []string{"T-1", "T-2"} {
		w.command(registrar, "/v1/tickets",
			fmt.Sprintf(`{"ticket":%q,"project":"P001","room":"3-1-1202","owner":"张三","need":"门口机黑屏","registeredAt":"2026-06-10T09:00:00+08:00"}`, id))
		w.command(registrar, "/v1/tickets/"+id+"/notification",
			`{"notifiedAt":"2026-06-10T09:10:00+08:00","category":"EMERGENCY"}`)
	}
}

// worked is a world in which each paper has something to say.
func worked(t *testing.T) *world {
	w := newWorld(t)
	w.tickets()
	w.command(technician, "/v1/tickets/T-1/fault-lines",
		`{"line":"F1-1","device":"门口机","serial":"A-1","location":"3栋","symptom":"黑屏<重启无效>","cause":"WEAR","replacement":{"part":"DS-700","quantity":"1","oldSerial":"A-1","newSerial":"B-1"},"recordedOn":"2026-06-10"}`)
	w.command(technician, "/v1/tickets/T-2/fault-lines",
		`{"line":"F1-2","device":"室内机","symptom":"无声","cause":"UNKNOWN","solvedOnSite":true,"recordedOn":"2026-06-11"}`)
	w.command(technician, "/v1/projects/P001/depot/receipts",
		`{"receipt":"IN-1","part":"DS-700","quantity":"3","value":"2340.00","source":"PURCHASE","receivedOn":"2026-06-01"}`)
	w.command(technician, "/v1/projects/P001/depot/issues",
		`{"slip":"OUT-1","part":"DS-700","quantity":"1","taker":"李师傅","faultLine":"F1-1","issuedOn":"2026-06-10"}`)
	w.command(technician, "/v1/projects/P001/depot/counts",
		`{"count":"PD-1","lines":[{"part":"DS-700","counted":"1","reason":"待查"}],"countedBy":"李","witness":"王","countedOn":"2026-06-30"}`)
	w.command(technician, "/v1/returns",
		`{"return":"F2-1","project":"P001","ticket":"T-1","faultLine":"F1-1","part":"DS-700","serial":"A-1","maker":"海康威视","fault":"黑屏","openedOn":"2026-06-11"}`)
	w.command(technician, "/v1/centers/C01/charges",
		`{"charge":"SF-1","project":"P001","room":"3-1-1202","owner":"张三","item":"MOVE-01","quantity":"2","occurredOn":"2026-06-12","remark":"自行拆装"}`)
	w.command(technician, "/v1/centers/C01/charges",
		`{"charge":"SF-2","project":"P001","item":"ADD-01","quantity":"1","occurredOn":"2026-06-13"}`)
	return w
}

// file files a form of June the way a handler does, from facts that the test
// states: these worlds have no read models.
func (w *world) file(form filing.Form, work ledger.Work) {
	w.t.Helper()
	w.filed++
	if _, err := w.ledger().FileReport(w.t.Context(),
		ledger.Request{Key: fmt.Sprint("file-", form, w.filed), Actor: technician},
		filing.File{Project: "P001", Month: june, Form: form}, work); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ledger() *ledger.Ledger {
	return ledger.New(eventstore.NewExecutor(w.store, eventstore.Trade, eventstore.ExecutorOptions{}), policy.Default(),
		noon).Under(access.Whole())
}

var juneFaults = ledger.Work{Through: 1, Faults: []filing.FaultLine{
	{Line: "F1-1", Ticket: "T-1", RecordedOn: calendar.NewDate(2026, time.June, 10)}, {Line: "F1-2", Ticket: "T-2", RecordedOn: calendar.NewDate(2026, time.June, 11)},
}}

func TestEveryPaperIsFilledFromTheLog(t *testing.T) {
	w := worked(t)
	w.file(filing.FaultRecord, juneFaults)
	w.file(filing.ChargeList, ledger.Work{})
	w.file(filing.MonthlyReport,
		ledger.Work{
			Figures: &filing.Figures{
				From: calendar.NewDate(2026, time.May, 26), Through: calendar.NewDate(2026, time.June, 25), TicketsReceived: 2,
			},
		})
	for path, want := range map[string][]string{
		"/v1/tickets/T-1/form":                                 {"项目安防设备服务登记表", "3-1-1202", "2026-06-10 09:00", "2026-06-10 09:10", "紧急", "F1-1 门口机 黑屏&lt;重启无效&gt;：更换 DS-700 ×1（A-1 → B-1）", "云栖花园物业服务中心（C01）", "未受理", "未到场", "未解决", "未关闭"},
		"/v1/projects/P001/filings/2026-06/F1/form":            {"智能化工程设备故障处理记录表", "VKWY7.5.1-J02-03-F1", "黑屏&lt;重启无效&gt;", "自然损坏", "OUT-1", "保内·我方承担", "迟报，应于 2026-06-25 前", "共 2 条，其中更换 1 条", "孙九 2026-06-30", "未到场", "未解决"},
		"/v1/projects/P001/filings/2026-06/F3/form":            {"售后服务收费明细表", "3-1-1202(张三)", "680.00", "人民币陆佰捌拾元整", "2026-01 MOVE-01"},
		"/v1/projects/P001/filings/2026-06/F4/form":            {"售后服务月报", "2026-05-26 至 2026-06-25", "城市负责人", "分管经理助理", "未审阅", "未送达"},
		"/v1/returns/F2-1/form":                                {"售后服务处理流程表", "海康威视", "城市技术负责人审核", "我方承担", "未审批", "未批准", "未寄出", "未报价"},
		"/v1/returns/F2-1/approval/form":                       {"邮件批复页", "关于 DS-700 返厂维修费的批复（F2-1）"},
		"/v1/projects/P001/depot/counts/PD-1/form":             {"盘点表", "class=\"amount\">2</td>", "class=\"amount\">-780.00</td>", "监盘人：王"},
		"/v1/projects/P001/depot/issues/OUT-1/form":            {"出库单", "F1-1", "780.00", "李师傅"},
		"/v1/price-lists/2026-01/form":                         {"部门收费标准", "可视对讲移位", "150.00", "下一版生效前", "6%"},
		"/v1/projects/P002/filings/2026-06/F3/form?draft=true": {"草稿", "<dd>未报</dd>"},
		"/v1/projects/P001/blank-forms/F0/form":                {"项目安防设备服务登记表", "云栖花园（P001）", "本单位名称、地址、联系方式未配置"},
		"/v1/projects/P001/blank-forms/COUNT/form":             {"盘点表", ">DS-700</td>", "<th>实盘数</th>", "目录未收录"},
	} {
		t.Run(path, func(t *testing.T) {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			status, headers, page := w.get(admin, path+sep+"format=html")
			if status != http.StatusOK || !strings.HasPrefix(headers.Get("Content-Type"), "text/html") {
				t.Fatalf("%d %s: %s", status, headers.Get("Content-Type"), page)
			}
			for _, text := range want {
				if !strings.Contains(page, text) {
					t.Errorf("%q is not on the page:\n%s", text, page)
				}
			}
			if status, headers, file := w.get(admin,
				path+sep+"format=pdf"); status != http.StatusOK || headers.Get("Content-Type") != "application/pdf" ||
				!strings.HasPrefix(file, "%PDF-") {
				t.Errorf("the PDF: %d %v", status, headers)
			}
			status, headers, file := w.get(admin, path)
			if status != http.StatusOK || !strings.HasPrefix(file,
				"PK") || !strings.HasPrefix(headers.Get("Content-Disposition"), "attachment") {
				t.Errorf("the worksheet: %d %v", status, headers)
			}
			name, _ := url.PathUnescape(headers.Get("Content-Disposition"))
			if !strings.HasSuffix(name, ".xlsx") {
				t.Errorf("the file is called %s", name)
			}
		})
	}
}

// A form is amended after it was sent, so that each version is asked for: as it was, and that it is the newest
// no more.
func TestAnOlderVersionOfAFormIsReadAsItWas(t *testing.T) {
	w := worked(t)
	cityLead := domain.Actor{Name: "周一", Role: domain.CityLead}
	first, both := juneFaults, juneFaults
	first.Faults = juneFaults.Faults[:1]
	w.file(filing.FaultRecord, first)
	w.file(filing.ChargeList, ledger.Work{})
	figures := func(received int) ledger.Work {
		return ledger.Work{Figures: &filing.Figures{
			From:    calendar.NewDate(2026, time.May, 26),
			Through: calendar.NewDate(2026, time.June, 25), TicketsReceived: received,
		}}
	}
	w.file(filing.MonthlyReport, figures(41))
	const at = "/v1/projects/P001/filings/2026-06/"
	if _, err := ledger.Do(t.Context(), w.ledger(), ledger.Request{Key: "back", Actor: cityLead},
		filing.Review{Project: "P001", Month: june, Form: filing.MonthlyReport, Note: "少报一单"},
		(*filing.Filing).Review); err != nil {
		t.Fatal(err)
	}
	before := map[string]string{}
	for _, form := range []string{"F1", "F3", "F4"} {
		_, _, before[form] = w.get(admin, at+form+"/form?format=html")
	}
	w.command(technician, "/v1/centers/C01/charges",
		`{"charge":"SF-3","project":"P001","item":"MOVE-01","quantity":"1","occurredOn":"2026-06-14"}`)
	w.file(filing.FaultRecord, both)
	w.file(filing.ChargeList, ledger.Work{})
	w.file(filing.MonthlyReport, figures(42))
	for form, then := range map[string]string{
		"F1": "另有第 2 版补报", "F3": "另有第 2 版补报", "F4": "由第 2 版取代",
	} {
		path := at + form + "/form?format=html"
		_, _, was := w.get(admin, path+"&version=1")
		if form == "F4" {
			was = strings.Replace(was, `<div class="mark">作废</div>`, "", 1)
		}
		dates := strings.NewReplacer("<i>", "", "</i>", "")
		want := strings.ReplaceAll(dates.Replace(before[form]), "第 1 版", "第 1 版，2026-06-30 "+then)
		if diff := cmp.Diff(want, dates.Replace(was)); diff != "" {
			t.Errorf("the first %s is not as it was (-want +got):\n%s", form, diff)
		}
		_, _, newest := w.get(admin, path)
		if _, _, second := w.get(admin, path+"&version=2"); second != newest || !strings.Contains(newest, "<dd>第 2 版</dd>") {
			t.Errorf("the second %s is not the newest:\n%s", form, second)
		}
		for _, format := range []string{"pdf", "xlsx"} {
			if status, headers, _ := w.get(admin, at+form+"/form?version=1&format="+format); status != http.StatusOK ||
				!strings.Contains(headers.Get("Content-Disposition"), "v1."+format) {
				t.Errorf("the first %s as %s: %d %v", form, format, status, headers)
			}
		}
		status, _, body := w.get(admin, path+"&version=3")
		if status != http.StatusNotFound || !strings.Contains(body, ":problem:unknown-filing-version") ||
			!strings.Contains(body, "there are: 1, 2") {
			t.Errorf("a third %s: %d %s", form, status, body)
		}
	}
	if status, _, body := w.get(admin, at+"F1/form?version=1&draft=true"); status != http.StatusUnprocessableEntity {
		t.Errorf("a draft as a version: %d %s", status, body)
	}
}

func TestPapersThatAreNotThereOrNotTheirsAreRefused(t *testing.T) {
	w := worked(t)
	w.file(filing.MonthlyReport,
		ledger.Work{
			Figures: &filing.Figures{From: calendar.NewDate(2026, time.May, 26), Through: calendar.NewDate(2026, time.June, 25)},
		})
	for path, c := range map[string]struct {
		actor  domain.Actor
		status int
		code   string
	}{
		"/v1/tickets/T-1/form":                                 {stranger, 404, "unknown-ticket"},
		"/v1/tickets/T-9/form":                                 {admin, 404, "unknown-ticket"},
		"/v1/projects/P001/filings/2026-06/F1/form":            {admin, 404, "not-filed"},
		"/v1/projects/P001/filings/2026-06/F3/form":            {stranger, 404, "unknown-project"},
		"/v1/projects/P001/filings/2026-06/F4/form":            {centerHead, 404, "not-sent"},
		"/v1/projects/P009/filings/2026-06/F1/form":            {admin, 404, "unknown-project"},
		"/v1/projects/P001/filings/2026-6/F1/form":             {admin, 422, "not-a-month"},
		"/v1/projects/P001/filings/2026-06/F4/form?draft=true": {admin, 422, "no-draft"},
		"/v1/returns/F2-9/form":                                {admin, 404, "unknown-return"},
		"/v1/returns/F2-1/letter/form":                         {admin, 404, "not-quoted"},
		"/v1/requisitions/SQ-9/form":                           {admin, 404, "unknown-requisition"},
		"/v1/payment-requests/华东/2026-06/form":                 {admin, 404, "no-payment-request"},
		"/v1/payment-requests/华东/2026-06/form?number=FK-9":     {admin, 404, "no-payment-request"},
		"/v1/projects/P001/depot/counts/PD-9/form":             {admin, 404, "unknown-count"},
		"/v1/projects/P001/depot/issues/OUT-9/form":            {admin, 404, "unknown-slip"},
		"/v1/price-lists/2027/form":                            {admin, 404, "unknown-price-list"},
		"/v1/returns/F2-1/form":                                {centerHead, 403, "role-not-allowed"},
	} {
		t.Run(path, func(t *testing.T) {
			status, _, body := w.get(c.actor, path)
			if status != c.status || !strings.Contains(body, ":problem:"+c.code) {
				t.Errorf("answered %d: %s; want %d %s", status, body, c.status, c.code)
			}
		})
	}
}

func TestAnF1ShowsWhatWasKnownWhenItWasFiled(t *testing.T) {
	w := worked(t)
	w.file(filing.FaultRecord, juneFaults)
	const path = "/v1/projects/P001/filings/2026-06/F1/form?format=html"
	_, _, before := w.get(admin, path)
	w.command(technician, "/v1/projects/P001/depot/issues",
		`{"slip":"OUT-2","part":"DS-700","quantity":"1","taker":"李师傅","faultLine":"F1-1","override":"首台坏","issuedOn":"2026-06-29"}`)
	if _, _, after := w.get(admin, path); after != before || strings.Contains(after, "OUT-2") {
		t.Error("a slip that was entered later changed the paper")
	}
}

// dataOf is the stored form of every event of a type.
func (w *world) dataOf(kind string) (out []string) {
	w.t.Helper()
	for rec, err := range w.store.ReadAll(w.t.Context(), 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		if rec.Type == kind {
			out = append(out, string(rec.Data))
		}
	}
	slices.Sort(out)
	return out
}

// recordOf is a worksheet with one text of its cells replaced.
func (w *world) recordOf(file, was, now string) []byte {
	w.t.Helper()
	book, err := excelize.OpenReader(strings.NewReader(file))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, sheet := range book.GetSheetList() {
		cells, err := book.SearchSheet(sheet, was)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, cell := range cells {
			if err := book.SetCellStr(sheet, cell, now); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		w.t.Fatal(err)
	}
	return b.Bytes()
}

func TestExportedListsAreImportedWithTheSameLines(t *testing.T) {
	from := worked(t)
	from.file(filing.FaultRecord, juneFaults)
	from.file(filing.ChargeList, ledger.Work{})
	_, _, f1 := from.get(admin, "/v1/projects/P001/filings/2026-06/F1/form")
	_, _, f3 := from.get(admin, "/v1/projects/P001/filings/2026-06/F3/form")

	to := newWorld(t)
	to.tickets()
	faults := to.mustBook(technician, "fault-records", []byte(f1))
	charges := to.mustBook(admin, "charges", []byte(f3))
	if faults.Recorded != 2 || charges.Recorded != 2 || charges.TotalAmount != "680.00" ||
		charges.StatedTotal != "680.00" {
		t.Errorf("recorded %d lines of F1, and of F3 %d of %s; stated %s", faults.Recorded, charges.Recorded,
			charges.TotalAmount, charges.StatedTotal)
	}
	for _, kind := range []string{"FaultRecorded", "ChargeAccrued"} {
		if diff := cmp.Diff(from.dataOf(kind), to.dataOf(kind)); diff != "" {
			t.Errorf("%s (-exported +imported):\n%s", kind, diff)
		}
	}
	// And to the ledger that they come from they are nothing new.
	if r := from.mustBook(technician, "fault-records", []byte(f1)); r.Unchanged != 2 || r.Recorded != 0 {
		t.Errorf("its own F1 is %d lines unchanged, %d recorded: %+v", r.Unchanged, r.Recorded, r.Results)
	}
	// A line that says something else than the ledger is refused as ever.
	other := from.recordOf(f1, "门口机", "室外机")
	if status, r := from.send(t.Context(), technician, "fault-records", other); status == http.StatusOK {
		t.Errorf("a line that differs was not refused: %+v", r)
	}
	if r := from.mustBook(admin, "charges", []byte(f3)); r.Unchanged != 2 || r.Recorded != 0 || r.TotalAmount != "680.00" {
		t.Errorf("its own F3 is %d lines unchanged, %d recorded: %+v", r.Unchanged, r.Recorded, r.Results)
	}
	for was, now := range map[string]string{"自行拆装": "业主拆装", "3-1-1202(张三)": "3-1-1202(李四)"} {
		status, r := from.send(t.Context(), admin, "charges", from.recordOf(f3, was, now))
		if status == http.StatusOK {
			t.Errorf("%s for %s: a charge that differs was not refused: %+v", now, was, r)
		}
	}
	_, _, count := from.get(admin, "/v1/projects/P001/depot/counts/PD-1/form")
	said := "counts?project=P001&count=PD-1&countedOn=2026-06-30&countedBy=李&witness="
	if r := from.mustBook(technician, said+"王", []byte(count)); r.Unchanged != 1 || r.Recorded != 0 {
		t.Errorf("its own count sheet is %d lines unchanged, %d recorded: %+v", r.Unchanged, r.Recorded, r.Results)
	}
	if status, r := from.send(t.Context(), technician, said+"他", []byte(count)); status == http.StatusOK {
		t.Errorf("a count with another witness was not refused: %+v", r)
	}
}

func TestAFormNamesTheCenterOfItsOwnDate(t *testing.T) {
	w := worked(t)
	w.file(filing.FaultRecord, juneFaults)
	w.file(filing.ChargeList, ledger.Work{})
	w.file(filing.MonthlyReport,
		ledger.Work{
			Figures: &filing.Figures{From: calendar.NewDate(2026, time.May, 26), Through: calendar.NewDate(2026, time.June, 25)},
		})
	papers := func(actor domain.Actor) map[string]string {
		pages := make(map[string]string)
		for _, path := range []string{
			"/v1/projects/P001/filings/2026-06/F1/form", "/v1/projects/P001/filings/2026-06/F3/form", "/v1/projects/P001/filings/2026-06/F4/form",
			"/v1/tickets/T-1/form", "/v1/returns/F2-1/form", "/v1/projects/P001/depot/counts/PD-1/form", "/v1/projects/P001/depot/issues/OUT-1/form",
		} {
			status, _, page := w.get(actor, path+"?format=html")
			if status != http.StatusOK || !strings.Contains(page, "云栖花园物业服务中心") {
				t.Errorf("%s: %d, and the center of June is not on it:\n%s", path, status, page)
			}
			pages[path] = page
		}
		return pages
	}
	before := papers(admin)
	w.command(domain.Actor{Name: "采", Role: domain.PurchasingAdmin}, "/v1/catalogue",
		`{"parts":[{"part":"DS-700","name":"另一个名称","unit":"台","serialised":false,"warrantyCost":"780.00","from":"2026-06-01"}]}`)
	w.command(admin, "/v1/projects/P001/center", `{"center":"C02","from":"2026-06-01"}`)
	if diff := cmp.Diff(before, papers(admin)); diff != "" {
		t.Errorf("what was recorded afterwards changed papers (-before +after):\n%s", diff)
	}
	if status, _, _ := w.get(centerHead, "/v1/projects/P001/filings/2026-06/F3/form"); status != http.StatusOK {
		t.Errorf("the head of the center that it was filed for: %d", status)
	}
	{
		if status, _, body := w.get(stranger,
			"/v1/projects/P001/filings/2026-06/F3/form"); status != http.StatusNotFound || !strings.Contains(body, "not-sent") {
			t.Errorf("the head of the other center: %d %s", status, body)
		}
	}
}

// A statement is put to the center with what there is to confirm: what was credited
// in full is not asked for, and what is paid says so. What has not happened is said.
func TestAStatementAsksForWhatThereIsToConfirm(t *testing.T) {
	w := worked(t) // SF-1 300.00, SF-2 380.00
	w.command(technician, "/v1/centers/C01/charges",
		`{"charge":"SF-3","project":"P001","item":"MOVE-01","quantity":"1","occurredOn":"2026-06-14"}`)
	w.command(admin, "/v1/centers/C01/charges/SF-1/credit-notes",
		`{"note":"HC-1","amount":"300.00","reason":"未施工","on":"2026-06-20"}`)
	w.command(domain.Actor{Name: "吴二", Role: domain.Finance}, "/v1/centers/C01/payments",
		`{"bankReference":"ICBC-1","payer":"云栖","amount":"150.00","receivedOn":"2026-06-25","designation":[{"charge":"SF-3","amount":"150.00"}]}`)
	page := func(query string) string {
		t.Helper()
		status, _, page := w.get(admin, "/v1/centers/C01/statements/2026Q2/form?format=html"+query)
		if status != http.StatusOK {
			t.Fatalf("%d: %s", status, page)
		}
		return page
	}
	draft := page("&draft=true")
	_, asked, _ := strings.Cut(draft, "待确认明细")
	asked, _, _ = strings.Cut(asked, "</table>")
	for text, there := range map[string]bool{
		"SF-1": false, "SF-2": true, "SF-3": true, "已付清": true, "380.00": true, "300.00": false,
	} {
		if strings.Contains(asked, text) != there {
			t.Errorf("%q among what is to be confirmed: %t, want %t\n%s", text, !there, there, asked)
		}
	}
	if !strings.Contains(draft, "未出具") || strings.Contains(draft, "未答复") {
		t.Error("the draft does not say that it was not issued")
	}
}

// The title of a refusal is in the language that the caller asks for.
func TestTheTitleOfARefusalIsInTheCallersLanguage(t *testing.T) {
	w := newWorld(t)
	token := w.door.Token(admin, time.Hour)
	for asked, want := range map[string]string{
		"": "没有找到", "zh-CN,zh;q=0.9": "没有找到", "fr": "没有找到", "en-GB,en;q=0.8": "Not found",
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/tickets/T-9/form", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Accept-Language", asked)
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, r)
		var problem kit.Problem
		if err := json.Unmarshal(rec.Body.Bytes(), &problem); err != nil || problem.Title != want {
			t.Errorf("asked for %q, the title is %q, want %q (%v)", asked, problem.Title, want, err)
		}
	}
}
