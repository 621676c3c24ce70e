package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/money"
	"aftersales-ledger/domain"
)

var finance2 = domain.Actor{Name: "郑四", Role: domain.Finance}

const acceptances = "/v1/imports/bank-statements/acceptances"

// charged is a world in which each center has a charge of 150.00.
func charged(t *testing.T) *world {
	w := newWorld(t)
	for center, project := range map[string]string{"C01": "P001", "C02": "P002"} {
		w.command(admin, "/v1/centers/"+center+"/charges",
			fmt.Sprintf(`{"charge":"SF-%s","project":%q,"item":"MOVE-01","quantity":"1","occurredOn":"2026-06-03"}`, center,
				project))
	}
	return w
}

func (w *world) accept(ctx context.Context, actor domain.Actor, lines ...string) (int, money.AcceptanceReport) {
	w.t.Helper()
	status, body := w.post(ctx, actor, acceptances, "accept", []byte(`{"lines":[`+strings.Join(lines, ",")+`]}`))
	var r money.AcceptanceReport
	if err := json.Unmarshal(body, &r); err != nil {
		w.t.Fatalf("status %d: %v: %s", status, err, body)
	}
	if status >= http.StatusBadRequest {
		w.t.Logf("status %d: %s", status, body)
	}
	return status, r
}

func accepted(reference, amount, center, designation string) string {
	s := fmt.Sprintf(`{"reference":%q,"payer":"某物业","remark":"维修费 %s","amount":%q,"receivedOn":"2026-06-20","center":%q`,
		reference, reference, amount, center)
	if designation != "" {
		s += fmt.Sprintf(`,"designation":[{"charge":%q,"amount":%q}]`, designation, amount)
	}
	return s + "}"
}

func outcomes(r money.AcceptanceReport) []string {
	var out []string
	for _, l := range r.Lines {
		s := l.Reference + " " + l.Outcome
		if l.Problem != nil {
			s += " " + l.Problem.Type[strings.LastIndex(l.Problem.Type, ":")+1:]
		}
		out = append(out, s)
	}
	return out
}

func TestAcceptedLinesAreBookedOneByOne(t *testing.T) {
	w := charged(t)
	lines := []string{
		accepted("T1", "100.00", "C01", "SF-C01"),
		accepted("T2", "100.00", "C01", "SF-C01"), // 50.00 are left
		accepted("T3", "150.00", "C09", ""),
		accepted("T4", "1,50", "C02", ""),
		accepted("T5", "150.00", "C02", "SF-C02"),
		`{"reference":"T6","payer":"","amount":"1.00","receivedOn":"2026-06-20","center":"C02"}`,
		`{"reference":"T7","payer":"a","amount":"1.00","receivedOn":"2026-07-20","center":"C02"}`,
		`{"reference":"T8","payer":"a","amount":"1.00","currency":"USD","receivedOn":"2026-06-20","center":"C02"}`,
		accepted("T9", "20.00", "C02", ""),
	}
	want := []string{
		"T1 BOOKED", "T2 REFUSED above-open", "T3 REFUSED unknown-center", "T4 REFUSED not-an-amount", "T5 BOOKED",
		"T6 REFUSED text-required", "T7 REFUSED in-the-future", "T8 REFUSED other-currency", "T9 BOOKED",
	}
	status, r := w.accept(t.Context(), finance, lines...)
	if diff := cmp.Diff(want, outcomes(r)); diff != "" || status != http.StatusCreated {
		t.Errorf("status %d: %s", status, diff)
	}
	if r.Booked != 3 || r.Refused != 6 || r.BookedAmount != "270.00" || r.Position == 0 {
		t.Errorf("report %+v", r)
	}
	if a := r.Lines[4].Allocated; len(a) != 1 || a[0].Charge != "SF-C02" || a[0].Rule != "DESIGNATED" {
		t.Errorf("allocated %+v", a)
	}
	if p := r.Lines[1].Problem; p == nil || !strings.Contains(p.Detail, "exceeds the 50.00 yuan open on charge SF-C01") {
		t.Errorf("refused as %+v", p)
	}
	head := w.head()
	for i, l := range want {
		want[i] = strings.Replace(l, "BOOKED", "BOOKED_BEFORE", 1)
	}
	for _, again := range []domain.Actor{finance, finance2} {
		_, r := w.accept(t.Context(), again, lines...)
		if diff := cmp.Diff(want, outcomes(r)); diff != "" || w.head() != head || r.BookedAmount != "0.00" {
			t.Errorf("again by %s: %s; the log went from %d to %d", again.Name, diff, head, w.head())
		}
	}
}

func TestALineAcceptedOtherwiseIsTheSamePaymentOrAConflict(t *testing.T) {
	w := charged(t)
	w.accept(t.Context(), finance, accepted("T1", "100.00", "C01", "SF-C01"))
	for name, c := range map[string]struct{ line, want string }{
		"for other charges": {accepted("T1", "100.00", "C01", ""), "T1 BOOKED_BEFORE"},
		"of another center": {accepted("T1", "100.00", "C02", ""), "T1 REFUSED bank-reference-conflict"},
		"of another amount": {accepted("T1", "120.00", "C01", ""), "T1 REFUSED bank-reference-conflict"},
	} {
		if _, r := w.accept(t.Context(), finance, c.line); outcomes(r)[0] != c.want {
			t.Errorf("%s: %v", name, outcomes(r))
		}
	}
	if n := w.events()["PaymentReceived"]; n != 1 {
		t.Errorf("%d payments", n)
	}
}

func TestTwoPeopleAcceptingTheSameFileBookEveryLineOnce(t *testing.T) {
	w := charged(t)
	var lines []string
	const n = 60
	for i := range n {
		lines = append(lines, accepted(fmt.Sprintf("T%d", i), fmt.Sprintf("%d.00", 1+i), []string{"C01", "C02"}[i%2], ""))
	}
	reports := make([]money.AcceptanceReport, 6)
	var people sync.WaitGroup
	for i := range reports {
		people.Go(func() {
			_, reports[i] = w.accept(t.Context(), []domain.Actor{finance, finance2}[i%2], lines...)
		})
	}
	people.Wait()
	booked, before := 0, 0
	for _, r := range reports {
		booked, before = booked+r.Booked, before+r.BookedBefore
	}
	events := w.events()
	if events["PaymentReceived"] != n || events["BankReferenceClaimed"] != n || events["ConflictingPaymentRefused"] != 0 {
		t.Errorf("the log holds %v", events)
	}
	if booked != n || booked+before != n*len(reports) {
		t.Errorf("%d booked, %d booked before", booked, before)
	}
}

func TestAnAcceptanceThatBrokeOffIsCompletedByAnybody(t *testing.T) {
	var lines []string
	for i := range 12 {
		lines = append(lines, accepted(fmt.Sprintf("T%d", i), "10.00", []string{"C01", "C02"}[i%2], ""))
	}
	for _, dieAt := range []int64{1, 2, 7, 20} {
		t.Run(fmt.Sprintf("after %d appends", dieAt), func(t *testing.T) {
			w := charged(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w.store.die = cancel
			w.store.dieAt.Store(w.store.appends.Load() + dieAt)
			status, r := w.accept(ctx, finance, lines...)
			if r.Booked == 0 && status < http.StatusBadRequest || r.Booked > 0 && r.Failed == 0 {
				t.Errorf("status %d, %+v", status, r)
			}
			w.restart()
			if _, r := w.accept(t.Context(), finance2, lines...); r.Booked+r.BookedBefore != len(lines) {
				t.Errorf("completed as %v", outcomes(r))
			}
			if n := w.events()["PaymentReceived"]; n != len(lines) {
				t.Errorf("%d payments of %d lines", n, len(lines))
			}
		})
	}
}

func TestABankStatementIsRefusedBeforeTheFiguresAreAsked(t *testing.T) {
	w := newWorld(t)
	const good = "交易日期,交易流水号,对方户名,贷方金额\n2026-06-18,S1,云栖花园,150.00\n"
	before := w.head()
	for name, c := range map[string]struct {
		actor  domain.Actor
		query  string
		file   []byte
		status int
		says   string
	}{
		"a role that books no payments":    {admin, "", []byte(good), http.StatusForbidden, "role-not-allowed"},
		"a mapping that is no JSON":        {finance, "?columns=reference", []byte(good), http.StatusUnprocessableEntity, "bad-columns"},
		"a mapping of an unknown field":    {finance, "?columns=%7B%22iban%22%3A%22x%22%7D", []byte(good), http.StatusUnprocessableEntity, "unknown-column"},
		"a file over the limit":            {finance, "", bytes.Repeat([]byte(" "), 16<<20+1), http.StatusRequestEntityTooLarge, "body-too-large"},
		"a charge list":                    {finance, "", testdata(t, "charges.csv"), http.StatusUnprocessableEntity, "column-missing"},
		"a total that differs":             {finance, "", []byte(good + "合计,,,151.00\n"), http.StatusUnprocessableEntity, "sum to 151.00, but they sum to 150.00"},
		"figures that cannot be asked now": {finance, "", []byte(good), http.StatusServiceUnavailable, "read-model-unavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			status, body := w.post(t.Context(), c.actor, "/v1/imports/bank-statements"+c.query, "", c.file)
			if status != c.status || !bytes.Contains(body, []byte(c.says)) || w.head() != before {
				t.Errorf("answered %d: %s", status, body)
			}
		})
	}
}

func TestTheOpenAPIDocumentDescribesBankStatements(t *testing.T) {
	w := newWorld(t)
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	for _, says := range []string{
		`"/v1/imports/bank-statements"`, `"` + acceptances + `"`, `"columns"`, `"BOOKED_BEFORE"`, `"UNREADABLE"`,
	} {
		if !strings.Contains(rec.Body.String(), says) {
			t.Errorf("%s is not described", says)
		}
	}
}
