package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/xuri/excelize/v2"

	"aftersales-ledger/api"
	"aftersales-ledger/api/imports"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/kit/doortest"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/files/filestest"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
	"aftersales-ledger/projections"
)

var (
	admin       = domain.Actor{Name: "赵六", Role: domain.RegionalAdmin}
	otherAdmin  = domain.Actor{Name: "钱七", Role: domain.RegionalAdmin}
	technician  = domain.Actor{Name: "孙九", Role: domain.Technician}
	technician2 = domain.Actor{Name: "李十", Role: domain.Technician}
	techLead    = domain.Actor{Name: "周一", Role: domain.CityTechLead}
	finance     = domain.Actor{Name: "吴二", Role: domain.Finance}
	supervisor  = domain.Actor{Name: "郑三", Role: domain.HQAffairsSupervisor}
)

func noon() time.Time { return time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC) }

// store counts appends and can end a caller's patience after some of them, as
// the death of a process in the middle of an import does.
type store struct {
	eventstore.Store
	appends atomic.Int64
	dieAt   atomic.Int64
	die     context.CancelFunc
	dead    func(append int64) bool // nil: never
}

func (s *store) Append(
	ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
	n := s.appends.Add(1)
	if s.dead != nil && s.dead(n) {
		return eventstore.Appended{}, fmt.Errorf("%w: the process is dead", eventstore.ErrLasting)
	}
	at, err := s.Store.Append(ctx, stream, expected, events)
	if n == s.dieAt.Load() {
		s.die()
	}
	return at, err
}

// world is a ledger with two centers, a project of each and a price list.
type world struct {
	t       *testing.T
	store   *store
	door    *doortest.Door
	files   filestest.Memory
	handler http.Handler
	filed   int // forms, so that each has a key of its own
}

func newWorld(t *testing.T) *world {
	t.Helper()
	log := sqlitetest.Open(t, sqlite.Options{Clock: noon})
	w := &world{t: t, store: &store{Store: log}, door: doortest.New(noon)}
	w.restart()
	w.command(admin, "/v1/centers", `{"center":"C01","name":"云栖花园物业服务中心","region":"华东"}`)
	w.command(admin, "/v1/centers", `{"center":"C02","name":"江南里物业服务中心","region":"华东"}`)
	for project, center := range map[string]string{"P001": "C01", "P002": "C02"} {
		w.command(admin, "/v1/projects",
			fmt.Sprintf(`{"project":%q,"name":"云栖花园","region":"华东","city":"杭州","center":%q,"from":"2024-09-01",
			"warranty":{"occupancyOn":"2024-09-01","startsFrom":"OCCUPANCY","months":36}}`, project, center))
	}
	w.command(supervisor, "/v1/price-lists", `{"version":"2026-01","effectiveFrom":"2026-01-01","items":[
		{"code":"MOVE-01","name":"可视对讲移位","kind":"MOVE","unit":"台","price":"150.00","taxRate":"0.06"},
		{"code":"ADD-01","name":"加装门禁读卡器","kind":"ADD","unit":"台","price":"380.00","taxRate":"0.06"}]}`)
	return w
}

// restart begins a new process on the same log.
// noLog is a log that nobody reads.
type noLog struct{ projections.Source }

func (noLog) Away() (since time.Time, reason string) { return time.Time{}, "" }

func (w *world) restart() {
	w.t.Helper()
	models, err := projections.Open("http://127.0.0.1:1/ledger", noLog{}, projections.Options{Clock: noon})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = models.Close() })
	exec := eventstore.NewExecutor(w.store, eventstore.Trade, eventstore.ExecutorOptions{SoleWriter: true})
	w.handler = api.New(kit.Deps{
		EventLog: func() eventstore.Health { return eventstore.Health{} },
		Ledger:   ledger.New(exec, policy.Default(), noon).WithFiles(&w.files), ReadModels: models, Door: w.door,
		Clock:   noon,
		Metrics: prometheus.NewRegistry(), Log: slog.New(slog.DiscardHandler), Version: "test",
	})
}

func (w *world) post(ctx context.Context, actor domain.Actor, path, key string, body []byte) (int, []byte) {
	w.t.Helper()
	token := w.door.Token(actor, time.Hour)
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, path, bytes.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Accept-Language", "en")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	if bytes.HasPrefix(body, []byte("{")) {
		r.Header.Set("Content-Type", "application/json")
	}
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	return rec.Code, rec.Body.Bytes()
}

func (w *world) command(actor domain.Actor, path, body string) {
	w.t.Helper()
	if status, answer := w.post(w.t.Context(), actor, path, path+body[:min(60, len(body))],
		[]byte(body)); status != http.StatusCreated {
		w.t.Fatalf("%s answered %d: %s", path, status, answer)
	}
}

// send imports a file and returns the status and the report, of a refusal too.
func (w *world) send(ctx context.Context, actor domain.Actor, pathAndQuery string, file []byte) (int, imports.Report) {
	w.t.Helper()
	status, body := w.post(ctx, actor, "/v1/imports/"+pathAndQuery, "import", file)
	var refused struct{ Report imports.Report }
	into := any(&refused)
	if status == http.StatusOK {
		into = &refused.Report
	}
	if err := json.Unmarshal(body, into); err != nil {
		w.t.Fatalf("status %d: %v: %s", status, err, body)
	}
	return status, refused.Report
}

// mustBook imports a file whose rows are all good.
func (w *world) mustBook(actor domain.Actor, pathAndQuery string, file []byte) imports.Report {
	w.t.Helper()
	status, r := w.send(w.t.Context(), actor, pathAndQuery, file)
	if status != http.StatusOK || r.Status != "BOOKED" {
		w.t.Fatalf("status %d, report %+v", status, r)
	}
	return r
}

// events counts the log by type.
func (w *world) events() map[string]int {
	w.t.Helper()
	counts := make(map[string]int)
	for rec, err := range w.store.ReadAll(w.t.Context(), 0) {
		if err != nil {
			w.t.Fatal(err)
		}
		counts[rec.Type]++
	}
	return counts
}

func (w *world) head() eventstore.Position {
	w.t.Helper()
	p, err := w.store.Head(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func testdata(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// counts is a report in figures.
type counts struct {
	Status                                             string
	Rows, Valid, Recorded, Unchanged, Refused, Ignored int
	Total, RecordedAmount, StatedTotal                 string
}

func countsOf(r imports.Report) counts {
	return counts{
		r.Status, r.Rows, r.Valid, r.Recorded, r.Unchanged, r.Refused, r.Ignored, r.TotalAmount, r.RecordedAmount,
		r.StatedTotal,
	}
}

func TestAChargeListIsBooked(t *testing.T) {
	w := newWorld(t)
	before := w.head()
	r := w.mustBook(admin, "charges?file=6月.csv", testdata(t, "charges.csv"))
	if diff := cmp.Diff(counts{"BOOKED", 3, 0, 3, 0, 0, 4, "1210.00", "1210.00", "1210.00"}, countsOf(r)); diff != "" {
		t.Error(diff)
	}
	want := imports.Result{
		Row: 5, Cell: "line 5", Document: "SF-2026-0102", Outcome: "recorded", Amount: "760.00",
		Books: "center C01, project P001, 2026-06-05 加装门禁读卡器: 2 × 380 = 760.00",
	}
	if diff := cmp.Diff(want, r.Results[1]); diff != "" {
		t.Error(diff)
	}
	if r.File != "6月.csv" || len(r.SHA256) != 64 || r.Format != "csv UTF-8" ||
		eventstore.Position(r.Position) != w.head() || w.head() != before+3 {
		t.Errorf("report %+v; the log went from %d to %d", r, before, w.head())
	}
	for rec, err := range w.store.ReadAll(t.Context(), before) {
		var meta eventstore.Metadata
		if err != nil || json.Unmarshal(rec.Metadata,
			&meta) != nil || meta.Actor != admin.Name || meta.CorrelationID != "import" {
			t.Errorf("event %+v with metadata %+v, %v", rec, meta, err)
		}
	}
}

func TestAFileImportedTwiceChangesNothing(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"charges.csv", "charges-gb18030.csv"} {
		file := testdata(t, name)
		first := w.mustBook(admin, "charges", file)
		head := w.head()
		for who, send := range map[string]func() imports.Report{
			"the same person":       func() imports.Report { return w.mustBook(admin, "charges", file) },
			"another person":        func() imports.Report { return w.mustBook(otherAdmin, "charges", file) },
			"after a restart":       func() imports.Report { w.restart(); return w.mustBook(otherAdmin, "charges", file) },
			"saved anew as UTF-8":   func() imports.Report { return w.mustBook(admin, "charges", resaved(t, file)) },
			"with good rows wanted": func() imports.Report { return w.mustBook(admin, "charges?partial=true", file) },
		} {
			r := send()
			if r.Unchanged != first.Rows || r.Recorded != 0 || r.RecordedAmount != "0.00" || w.head() != head {
				t.Errorf("%s, again by %s: %+v; the log went from %d to %d", name, who, countsOf(r), head, w.head())
			}
		}
	}
}

// resaved is a CSV file as a spreadsheet program saves it as a workbook: other
// bytes, the same content.
func resaved(t *testing.T, file []byte) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	rows := [][]any{
		{"编号", "日期", "项目", "房号(业主)", "服务内容", "数量", "金额", "备注"},
		{"SF-2026-0101", 46176, "P001", "3-1-1202(张三)", "MOVE-01", 1, 150},
		{"SF-2026-0102", 46178, "P001", "3-1-1203(李四)", "加装门禁读卡器", 2.0, 760, "加装门禁读卡器"},
		{"SF-2026-0103", 46185, "P001", "5-2-801(王五)", "可视对讲移位", "2", nil, "业主自行拆装, 须复位"},
	}
	if bytes.Contains(file, []byte("P002")) {
		rows = [][]any{
			{"服务日期", "小区编号", "房号", "业主", "收费项目", "数量", "付款方"},
			{46181, "P002", "1-101", "陈七", "MOVE-01", 1, "C02"},
			{46182, "P002", "1-102", "周八", "ADD-01", 1, "C02"},
			{46182, "P002", "1-102", "周八", "ADD-01", 1, "C02"},
		}
	}
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

func TestTwoRowsAlikeWithoutANumberAreTwoCharges(t *testing.T) {
	w := newWorld(t)
	r := w.mustBook(admin, "charges", testdata(t, "charges-gb18030.csv"))
	if diff := cmp.Diff(counts{"BOOKED", 3, 0, 3, 0, 0, 1, "910.00", "910.00", "910.00"}, countsOf(r)); diff != "" {
		t.Error(diff)
	}
	if r.Results[1].Document == r.Results[2].Document || !strings.HasPrefix(r.Results[1].Document, "SF-") {
		t.Errorf("documents %s and %s", r.Results[1].Document, r.Results[2].Document)
	}
}

const head = "编号,日期,项目,房号,服务内容,数量,单价,金额,备注\n"

func TestALongerVersionRecordsOnlyWhatIsNew(t *testing.T) {
	w := newWorld(t)
	june := head + "SF-1,2026-06-03,P001,3-1,MOVE-01,1,,150,\n,2026-06-04,P002,1-1,ADD-01,1,,380,\n"
	w.mustBook(admin, "charges", []byte(june))
	r := w.mustBook(admin, "charges",
		[]byte(head+"SF-2,2026-06-05,P001,3-2,MOVE-01,1,,150,\n"+june[len(head):]+",2026-06-04,P002,1-1,ADD-01,1,,380,\n"))
	if diff := cmp.Diff(counts{"BOOKED", 4, 0, 2, 2, 0, 0, "1060.00", "530.00", ""}, countsOf(r)); diff != "" {
		t.Error(diff)
	}
	if n := w.events()["ChargeAccrued"]; n != 4 {
		t.Errorf("%d charges", n)
	}
}

func TestADryRunSaysWhatWouldBeAndRecordsNothing(t *testing.T) {
	w := newWorld(t)
	w.mustBook(admin, "charges", []byte(head+"SF-1,2026-06-03,P001,3-1,MOVE-01,1,,150,\n"))
	before := w.head()
	status, r := w.send(t.Context(), admin, "charges?dryRun=true", []byte(head+
		"SF-1,2026-06-03,P001,3-1,MOVE-01,1,,150,\nSF-2,2026-06-04,P001,3-1,MOVE-01,1,,150,\nSF-3,2026-06-04,P001,3-1,MOVE-01,1,,151,\nSF-2,2026-06-05,P001,3-1,MOVE-01,1,,150,\n"))
	if status != http.StatusOK || w.head() != before {
		t.Errorf("status %d; the log went from %d to %d", status, before, w.head())
	}
	if diff := cmp.Diff(counts{"CHECKED", 4, 1, 0, 1, 2, 0, "601.00", "0.00", ""}, countsOf(r)); diff != "" {
		t.Error(diff)
	}
	var outcomes []string
	for _, v := range r.Results {
		outcomes = append(outcomes, v.Document+" "+v.Outcome+" "+v.Code)
	}
	if diff := cmp.Diff([]string{
		"SF-1 unchanged ", "SF-2 valid ", "SF-3 refused amount-differs", "SF-2 refused number-twice",
	}, outcomes); diff != "" {
		t.Error(diff)
	}
}

func TestABadRowIsNamedWithItsCellAndNothingIsBooked(t *testing.T) {
	const good = "SF-2,2026-06-04,P001,3-1,MOVE-01,1,,150,\n"
	w := newWorld(t)
	w.mustBook(admin, "charges", []byte(head+"SF-9,2026-06-03,P001,3-1,MOVE-01,1,,150,\n"))
	before := w.head()
	for name, c := range map[string]struct{ row, code, cell, field string }{
		"an unreadable amount":                    {"SF-1,2026-06-03,P001,3-1,MOVE-01,1,,一百五十,", "not-an-amount", "line 2, column 金额", "amount"},
		"an amount of three decimals":             {"SF-1,2026-06-03,P001,3-1,MOVE-01,1,,150.001,", "not-an-amount", "line 2, column 金额", "amount"},
		"the error of a formula":                  {"SF-1,2026-06-03,P001,3-1,MOVE-01,1,,#REF!,", "unreadable-cell", "line 2, column 金额", "amount"},
		"an ambiguous date":                       {"SF-1,06/03/26,P001,3-1,MOVE-01,1,,150,", "not-a-date", "line 2, column 日期", "occurredOn"},
		"a date to come":                          {"SF-1,2026-07-01,P001,3-1,MOVE-01,1,,150,", "in-the-future", "line 2, column 日期", "occurredOn"},
		"no date":                                 {"SF-1,,P001,3-1,MOVE-01,1,,150,", "date-required", "line 2, column 日期", "occurredOn"},
		"no quantity":                             {"SF-1,2026-06-03,P001,3-1,MOVE-01,,,150,", "quantity-required", "line 2, column 数量", "quantity"},
		"a quantity of nothing":                   {"SF-1,2026-06-03,P001,3-1,MOVE-01,0,,150,", "bad-quantity", "line 2, column 数量", "quantity"},
		"no project":                              {"SF-1,2026-06-03,,3-1,MOVE-01,1,,150,", "text-required", "line 2, column 项目", "project"},
		"an unknown project":                      {"SF-1,2026-06-03,P404,3-1,MOVE-01,1,,150,", "unknown-project", "line 2, column 项目", "project"},
		"a service that is not on the list":       {"SF-1,2026-06-03,P001,3-1,擦玻璃,1,,150,", "not-on-price-list", "line 2, column 服务内容", "item"},
		"a price that is not the list's":          {"SF-1,2026-06-03,P001,3-1,MOVE-01,1,160,,", "price-differs", "line 2, column 单价", "unitPrice"},
		"an amount that is not price × quantity":  {"SF-1,2026-06-03,P001,3-1,MOVE-01,2,150,150,", "amount-differs", "line 2, column 金额", "amount"},
		"a number of other characters":            {"SF 1*,2026-06-03,P001,3-1,MOVE-01,1,,150,", "bad-identity", "line 2, column 编号", "charge"},
		"a number that stands for another charge": {"SF-9,2026-06-03,P001,3-1,MOVE-01,2,,300,", "charge-exists", "line 2, column 编号", "charge"},
	} {
		t.Run(name, func(t *testing.T) {
			file := []byte(head + c.row + "\n" + good)
			status, r := w.send(t.Context(), admin, "charges", file)
			if status != http.StatusUnprocessableEntity || r.Status != "REFUSED" || r.Refused != 1 || r.Valid != 1 ||
				w.head() != before {
				t.Fatalf("status %d, %+v; the log went from %d to %d", status, r, before, w.head())
			}
			if v := r.Results[0]; v.Row != 2 || v.Document != strings.Split(c.row,
				",")[0] || v.Code != c.code || v.Cell != c.cell || v.Field != c.field || v.Rule == "" || v.Outcome != "refused" {
				t.Errorf("refused as %+v", v)
			}
		})
	}
}

func TestEveryFaultOfARowIsNamedAtOnce(t *testing.T) {
	w := newWorld(t)
	_, r := w.send(t.Context(), admin, "charges", []byte(head+"SF-1,昨天,,3-1,MOVE-01,两,,#N/A,\n"))
	var cells []string
	for _, v := range r.Results {
		cells = append(cells, v.Cell)
	}
	want := []string{"line 2, column 日期", "line 2, column 项目", "line 2, column 数量", "line 2, column 金额"}
	if diff := cmp.Diff(want, cells); diff != "" || r.Refused != 1 {
		t.Errorf("%d refused: %s", r.Refused, diff)
	}
}

func TestAPartialImportBooksTheGoodRows(t *testing.T) {
	w := newWorld(t)
	file := []byte(head + "SF-1,2026-06-03,P001,3-1,MOVE-01,1,,一百五十,\nSF-2,2026-06-04,P001,3-1,MOVE-01,1,,150,\n")
	status, r := w.send(t.Context(), admin, "charges?partial=true", file)
	if diff := cmp.Diff(counts{"PARTLY_BOOKED", 2, 0, 1, 0, 1, 0, "150.00", "150.00", ""},
		countsOf(r)); diff != "" || status != http.StatusOK {
		t.Errorf("status %d: %s", status, diff)
	}
	fixed := bytes.Replace(file, []byte("一百五十"), []byte("150.00"), 1)
	if again := w.mustBook(admin, "charges", fixed); again.Recorded != 1 || again.Unchanged != 1 {
		t.Errorf("the corrected file: %+v", countsOf(again))
	}
}

func TestAStatedTotalMustBeTheSumOfTheRows(t *testing.T) {
	w := newWorld(t)
	before := w.head()
	file := []byte(head +
		"SF-1,2026-06-03,P001,3-1,MOVE-01,1,,150,\nSF-2,2026-06-04,P001,3-1,ADD-01,1,,380,\n合计,,,,,,,\"1,234.00\",\n")
	for _, query := range []string{"charges", "charges?partial=true"} {
		status, r := w.send(t.Context(), admin, query, file)
		if status != http.StatusUnprocessableEntity || r.Status != "REFUSED" || r.StatedTotal != "1234.00" ||
			r.TotalAmount != "530.00" || w.head() != before {
			t.Errorf("status %d, %+v", status, r)
		}
		v := r.Results[len(r.Results)-1]
		if v.Cell != "line 4, column 金额" || v.Rule != "合计 says 1234.00 of 金额, line 2 … line 3 sum to 530.00" {
			t.Errorf("refused as %+v", v)
		}
	}
}

// The rows of a center are one append: what a crash leaves of a list are whole
// centers, and the same file again, whoever sends it, books the others.
func TestAnImportThatBrokeOffIsCompletedByTheSameFile(t *testing.T) {
	var file strings.Builder
	file.WriteString(head)
	const rows = 40
	for i := range rows {
		fmt.Fprintf(&file, ",2026-06-%02d,P00%d,%d-1,MOVE-01,1,,150,\n", 1+i%9, 1+i%2, i/4)
	}
	for name, centers := range map[string]int{"before the first append": 0, "between the two": 1} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			last := w.store.appends.Load() + int64(centers)
			w.store.dead = func(n int64) bool { return n > last }
			status, r := w.send(t.Context(), admin, "charges", []byte(file.String()))
			if r.Status != "INTERRUPTED" || status < 400 {
				t.Fatalf("status %d, %+v", status, countsOf(r))
			}
			if n := w.events()["ChargeAccrued"]; n != centers*rows/2 {
				t.Errorf("%d charges stand after the crash, want those of %d centers", n, centers)
			}
			if !strings.Contains(r.Note, "the same file again") {
				t.Errorf("the answer says %q", r.Note)
			}
			w.store.dead = nil
			w.restart()
			again := w.mustBook(otherAdmin, "charges", []byte(file.String()))
			if again.Unchanged != centers*rows/2 || again.Recorded != rows-centers*rows/2 || again.Note != "" {
				t.Errorf("again: %+v %q", countsOf(again), again.Note)
			}
			if n := w.events()["ChargeAccrued"]; n != rows {
				t.Errorf("%d charges of %d rows", n, rows)
			}
		})
	}
}

func TestTheRowsOfACenterTakeOneAppend(t *testing.T) {
	w := newWorld(t)
	var file strings.Builder
	file.WriteString(head)
	for i := range 40 {
		fmt.Fprintf(&file, ",2026-06-%02d,P00%d,%d-1,MOVE-01,1,,150,\n", 1+i%9, 1+i%2, i/4)
	}
	before := w.store.appends.Load()
	w.mustBook(admin, "charges", []byte(file.String()))
	if n := w.store.appends.Load() - before; n != 2 {
		t.Errorf("%d appends for the rows of two centers", n)
	}
	before = w.store.appends.Load()
	w.mustBook(planner, "catalogue?from=2026-01-01", []byte(catalogueFile))
	if n := w.store.appends.Load() - before; n != 1 {
		t.Errorf("%d appends for a catalogue", n)
	}
}

func TestAFaultRecordMakesItsTickets(t *testing.T) {
	w := newWorld(t)
	file := testdata(t, "faults.csv")
	before := w.events()
	r := w.mustBook(technician, "fault-records", file)
	if diff := cmp.Diff(counts{Status: "BOOKED", Rows: 3, Recorded: 3, Ignored: 1}, countsOf(r)); diff != "" {
		t.Error(diff)
	}
	after := w.events()
	for _, kind := range []string{"TicketRegistered", "TeamNotified", "DocumentNumberClaimed", "FaultRecorded"} {
		if n := after[kind] - before[kind]; n != 3 {
			t.Errorf("%d %s", n, kind)
		}
	}
	var fault struct {
		Line, Device, Cause, Bearer, RecordedOn string
		Replacement                             *struct{ Part, Quantity, OldSerial, NewSerial string }
	}
	for rec := range w.store.ReadAll(t.Context(), 0) {
		if rec.Type == "FaultRecorded" && bytes.Contains(rec.Data, []byte("F1-2026-031")) {
			if err := json.Unmarshal(rec.Data, &fault); err != nil {
				t.Fatal(err)
			}
		}
	}
	if p := fault.Replacement; p == nil || p.Part != "DS-700" || p.NewSerial != "DS2001" || fault.Cause != "LIGHTNING" ||
		fault.Bearer != "CENTER" || fault.RecordedOn != "2026-06-03" {
		t.Errorf("recorded as %+v", fault)
	}
	head := w.head()
	for _, actor := range []domain.Actor{technician, technician2} {
		if again := w.mustBook(actor, "fault-records", file); again.Unchanged != 3 || w.head() != head {
			t.Errorf("again by %s: %+v; the log went from %d to %d", actor.Name, countsOf(again), head, w.head())
		}
	}
}

func TestAFaultRecordThatBrokeOffAnywhereIsCompletedByAnybody(t *testing.T) {
	file := testdata(t, "faults.csv")
	for dieAt := int64(1); dieAt <= 12; dieAt++ {
		t.Run(fmt.Sprintf("after %d appends", dieAt), func(t *testing.T) {
			w := newWorld(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w.store.die = cancel
			w.store.dieAt.Store(w.store.appends.Load() + dieAt)
			w.send(ctx, technician, "fault-records", file)
			w.restart()
			for _, actor := range []domain.Actor{technician2, technician, technician2} {
				if r := w.mustBook(actor, "fault-records", file); r.Recorded+r.Unchanged != 3 {
					t.Errorf("%s: %+v", actor.Name, countsOf(r))
				}
			}
			got := w.events()
			for _, kind := range []string{"TicketRegistered", "TeamNotified", "DocumentNumberClaimed", "FaultRecorded"} {
				if got[kind] != 3 {
					t.Errorf("%d %s", got[kind], kind)
				}
			}
		})
	}
}

func TestFaultRowsAreRefusedWithTheirCell(t *testing.T) {
	const head = "编号,工单号,项目,设备,故障现象,原因,报修时间,处理日期,类别,现场解决,更换配件,数量\n"
	w := newWorld(t)
	w.command(technician, "/v1/tickets",
		`{"ticket":"T-1","project":"P001","need":"黑屏","registeredAt":"2026-06-02T09:00:00+08:00"}`)
	w.command(technician, "/v1/tickets/T-1/notification",
		`{"notifiedAt":"2026-06-02T09:00:00+08:00","category":"ORDINARY"}`)
	w.mustBook(technician, "fault-records", []byte(head+"F1-1,T-1,,门口机,黑屏,老化,,2026-06-02,,是,,\n"))
	before := w.head()
	for name, c := range map[string]struct {
		actor             domain.Actor
		row, code, column string
	}{
		"a ticket that does not exist":              {technician, "F1-2,T-404,,门口机,黑屏,老化,,2026-06-02,,是,,", "unknown-ticket", "工单号"},
		"a number taken by another line":            {technician, "F1-1,,P001,门口机,黑屏,老化,2026-06-02 09:00,,,是,,", "number-taken", "编号"},
		"a line written otherwise before":           {technician, "F1-1,T-1,,门口机,花屏,老化,,2026-06-02,,是,,", "line-exists", "故障现象"},
		"work before the notification":              {technician, "F1-2,T-1,,门口机,黑屏,老化,,2026-06-01,,是,,", "before-notification", "处理日期"},
		"neither ticket nor project":                {technician, "F1-2,,,门口机,黑屏,老化,2026-06-02 09:00,,,是,,", "text-required", "项目"},
		"neither date nor time":                     {technician, "F1-2,,P001,门口机,黑屏,老化,,,,是,,", "date-required", "处理日期"},
		"a notification to come":                    {technician, "F1-2,,P001,门口机,黑屏,老化,2026-07-02 09:00,,,是,,", "in-the-future", "报修时间"},
		"an emergency without a time of day":        {technician, "F1-2,,P001,门口机,黑屏,老化,2026-06-02,,紧急,是,,", "time-required", "报修时间"},
		"a cause that is none":                      {technician, "F1-2,T-1,,门口机,黑屏,说不清,,2026-06-02,,是,,", "unknown-cause", "原因"},
		"a part without a quantity":                 {technician, "F1-2,T-1,,门口机,黑屏,老化,,2026-06-02,,否,DS-700,", "quantity-required", "数量"},
		"a quantity without a part":                 {technician, "F1-2,T-1,,门口机,黑屏,老化,,2026-06-02,,否,,2", "part-required", "更换配件"},
		"no word on being solved":                   {technician, "F1-2,T-1,,门口机,黑屏,老化,,2026-06-02,,也许,,", "not-yes-or-no", "现场解决"},
		"a ticket to register without the right to": {techLead, "F1-2,,P001,门口机,黑屏,老化,2026-06-02 09:00,,,是,,", "role-not-allowed", "工单号"},
	} {
		t.Run(name, func(t *testing.T) {
			status, r := w.send(t.Context(), c.actor, "fault-records", []byte(head+c.row+"\n"))
			if status != http.StatusUnprocessableEntity || r.Refused != 1 || w.head() != before {
				t.Fatalf("status %d, %+v", status, r)
			}
			if v := r.Results[0]; v.Code != c.code || v.Cell != "line 2, column "+c.column {
				t.Errorf("refused as %+v", v)
			}
		})
	}
	if r := w.mustBook(techLead, "fault-records", []byte(head+"F1-2,T-1,,门口机,黑屏,老化,,2026-06-02,,是,,\n")); r.Recorded != 1 {
		t.Errorf("a line on a known ticket: %+v", countsOf(r))
	}
}

func TestTheServiceRefusesWhatIsNoListBeforeReadingIt(t *testing.T) {
	w := newWorld(t)
	good := testdata(t, "charges.csv")
	before := w.head()
	for name, c := range map[string]struct {
		actor  domain.Actor
		path   string
		key    string
		file   []byte
		status int
		says   string
	}{
		"a role that may not charge":          {finance, "charges", "k", good, http.StatusForbidden, "role-not-allowed"},
		"a role that may not record faults":   {admin, "fault-records", "k", good, http.StatusForbidden, "role-not-allowed"},
		"no idempotency key":                  {admin, "charges", "", good, http.StatusUnprocessableEntity, "Idempotency-Key"},
		"an empty body":                       {admin, "charges", "k", nil, http.StatusBadRequest, "body is empty"},
		"a misspelt parameter":                {admin, "charges?dryrun=true", "k", good, http.StatusUnprocessableEntity, "dryrun"},
		"a file over the limit":               {admin, "charges", "k", bytes.Repeat([]byte(" "), 16<<20+1), http.StatusRequestEntityTooLarge, "body-too-large"},
		"a file that is no list":              {admin, "charges", "k", []byte("Dear all,\nplease find attached\n"), http.StatusUnprocessableEntity, "no-header"},
		"a fault record as a charge list":     {admin, "charges", "k", testdata(t, "faults.csv"), http.StatusUnprocessableEntity, "column-missing"},
		"a charge list as a fault record":     {technician, "fault-records", "k", good, http.StatusUnprocessableEntity, "column-missing"},
		"a center that the project is not of": {admin, "charges?center=C02", "k", good, http.StatusUnprocessableEntity, "belonged to center C01"},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := w.post(t.Context(), c.actor, "/v1/imports/"+c.path, c.key, c.file)
			if status != c.status || !bytes.Contains(body, []byte(c.says)) {
				t.Errorf("answered %d: %s", status, body)
			}
			if w.head() != before {
				t.Error("something was recorded")
			}
		})
	}
}

func TestTheOpenAPIDocumentDescribesTheImports(t *testing.T) {
	w := newWorld(t)
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	body, _ := io.ReadAll(rec.Body)
	var doc struct {
		Paths map[string]struct {
			Post struct {
				RequestBody struct {
					Content map[string]any
				}
				Parameters []struct{ Name string }
			}
		}
	}
	if err := json.Unmarshal(body, &doc); err != nil {
		t.Fatal(err)
	}
	post := doc.Paths["/v1/imports/charges"].Post
	for _, media := range []string{
		"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/octet-stream",
	} {
		if _, ok := post.RequestBody.Content[media]; !ok {
			t.Errorf("%s is not described", media)
		}
	}
	var names []string
	for _, p := range post.Parameters {
		names = append(names, p.Name)
	}
	for _, want := range []string{"Idempotency-Key", "dryRun", "partial", "verbose", "file", "sheet", "center"} {
		if !strings.Contains(strings.Join(names, " "), want) {
			t.Errorf("parameter %s is not described among %v", want, names)
		}
	}
}
