package main

import (
	"context"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/shopspring/decimal"

	moneyapi "aftersales-ledger/api/money"
	partsapi "aftersales-ledger/api/parts"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/projections"
)

// tables are the commands that print answers with a tie-out.
var tables = map[string]any{
	"receivables": &moneyapi.ReceivablesBody{}, "reconciliation 2025Q1": &moneyapi.ReconciliationBody{}, "statements": &moneyapi.StatementListBody{},
	"disputes": &moneyapi.DisputesBody{}, "payments": &moneyapi.PaymentListBody{}, "collection": &moneyapi.CollectionBody{}, "trial-balance": &moneyapi.TrialBalanceBody{},
	"breakdown": &moneyapi.BreakdownBody{}, "charge-reports 2025Q1": &moneyapi.ChargeReportBridgeBody{}, "charge C01 SF-1": &moneyapi.ChargeHistoryBody{},
	"stock": &partsapi.StockBody{}, "rollforward 2025-09": &partsapi.RollForwardBody{}, "findings": &partsapi.FindingsBody{},
}

// notTabled are answers with a tie-out that no command prints as a table.
var notTabled = map[string]string{
	"ChargeSums": "finance asks for it through the API", "PaymentHistoryBody": "the payment's uses, through the API", "AnsweredBody": "on the paper",
	"MakeupBody":  "on the paper",
	"SummaryBody": "in the notice to finance", "ConflictSums": "that nothing is booked is a figure of the API",
}

// numbered fills every figure of an answer with one of its own.
func numbered(v reflect.Value, next *int) {
	switch to := v.Addr().Interface().(type) {
	case *money.Amount:
		*next++
		*to = money.Fen(int64(700_000 + *next))
		return
	case *projections.Figure:
		numbered(v.Field(0), next)
		return
	case *decimal.Decimal:
		*next++
		*to = decimal.NewFromInt(int64(700_000 + *next))
		return
	case encoding.TextUnmarshaler:
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		numbered(v.Elem(), next)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && v.Type().Field(i).Name != "Next" {
				numbered(v.Field(i), next)
			}
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[json.RawMessage]() {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		numbered(v.Index(0), next)
	case reflect.String:
		*next++
		v.SetString(strconv.Itoa(700_000 + *next))
	case reflect.Int, reflect.Int64:
		*next++
		v.SetInt(int64(700_000 + *next))
	case reflect.Uint64:
		*next++
		v.SetUint(uint64(700_000 + *next))
	case reflect.Bool:
		v.SetBool(true)
	default:
	}
}

// ungrouped is an amount of more digits than people read at once.
var ungrouped = regexp.MustCompile(`\b\d{4,}\.\d\d\b`)

var fieldName = regexp.MustCompile(`^[a-z][A-Za-z]*$`)

// addends are the fields that the sums of a tie-out name: they stand before the
// first comma of each part, joined by signs.
func addends(doc string) (names []string) {
	for part := range strings.SplitSeq(doc, "; ") {
		sum, _, _ := strings.Cut(part, ",")
		if !strings.Contains(sum, " = ") {
			continue
		}
		for _, word := range strings.Fields(sum) {
			if fieldName.MatchString(word) {
				names = append(names, word)
			}
		}
	}
	return names
}

// checkTies finds every tie-out within an answer and whether its addends are printed.
func checkTies(t *testing.T, command, printed string, v reflect.Value, seen map[string]bool) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			checkTies(t, command, printed, v.Elem(), seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			checkTies(t, command, printed, v.Index(i), seen)
		}
	case reflect.Struct:
		fields := make(map[string]reflect.Value)
		var doc string
		for _, f := range reflect.VisibleFields(v.Type()) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && f.IsExported() {
				fields[name] = v.FieldByIndex(f.Index)
				if name == "ties" {
					doc, seen[v.Type().Name()] = f.Tag.Get("doc"), true
					seen[ownerOf(v.Type(), f.Index).Name()] = true
				}
			}
		}
		for _, name := range addends(doc) {
			f, ok := fields[name]
			if total, has := fields["total"]; !ok && has {
				for _, sub := range reflect.VisibleFields(total.Type()) {
					if n, _, _ := strings.Cut(sub.Tag.Get("json"), ","); n == name {
						f, ok = total.FieldByIndex(sub.Index), true
					}
				}
			}
			if !ok {
				t.Errorf("%s: the tie-out of %s names %s, which is no field of it", command, v.Type().Name(), name)
				continue
			}
			figures := []reflect.Value{f}
			// of several figures: all of an ageing, the quantity of a stock figure
			if _, one := f.Interface().(fmt.Stringer); f.Kind() == reflect.Struct && !one {
				figures = nil
				for i := range f.NumField() {
					if q := f.FieldByName("Quantity"); !q.IsValid() || i == 0 {
						figures = append(figures, f.Field(i))
					}
				}
			}
			for _, figure := range figures {
				if !strings.Contains(printed, fmt.Sprint(reflect.Indirect(figure).Interface())) {
					t.Errorf("%s does not print %s of %s, which its tie-out adds up", command, name, v.Type().Name())
				}
			}
		}
		for _, f := range fields {
			checkTies(t, command, printed, f, seen)
		}
	default:
	}
}

// ownerOf is the struct within t that declares a field.
func ownerOf(t reflect.Type, index []int) reflect.Type {
	for _, i := range index[:len(index)-1] {
		t = t.Field(i).Type
	}
	return t
}

// TestATableShowsWhatItsTieOutAddsUp: the addends are derived from the types of
// the rows, so that a figure that joins a sum joins the table.
func TestATableShowsWhatItsTieOutAddsUp(t *testing.T) {
	seen := make(map[string]bool)
	for command, body := range tables {
		next := 0
		numbered(reflect.ValueOf(body).Elem(), &next)
		answer, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(answer)
		}))
		printed := run(t,
			append([]string{"query"}, append(strings.Fields(command), "--server", server.URL, "--token", "x")...)...)
		server.Close()
		if plain := ungrouped.FindString(printed); plain != "" {
			t.Errorf("%s prints %s, which people read in groups", command, plain)
		}
		printed = strings.ReplaceAll(printed, ",", "") // amounts are grouped
		checkTies(t, command, printed, reflect.ValueOf(body).Elem(), seen)
	}
	for _, name := range withTies(t) {
		if !seen[name] && notTabled[name] == "" {
			t.Errorf("no table prints %s, which has a tie-out: name its command here", name)
		}
	}
}

// What was not issued has no figures, and a total of zero would say that it was
// issued with nothing.
func TestAStatementThatWasNotIssuedHasNoFigures(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"rows":[{"center":"C12","quarter":"2025Q3","status":"NOT_ISSUED","closing":null,"booked":null,"bookedNow":"499.06","ties":true}]}`))
	}))
	defer server.Close()
	printed := run(t, "query", "statements", "--server", server.URL, "--token", "x")
	if strings.Contains(printed, "0.00") || !strings.Contains(printed, "499.06") {
		t.Errorf("printed\n%s", printed)
	}
}

// Suppliers are not paged: the server refuses a limit that it does not know.
func TestSuppliersAreAskedForWithoutALimit(t *testing.T) {
	asked := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.RawQuery
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"rows":[]}`))
	}))
	defer server.Close()
	if run(t, "query", "suppliers", "--supplier", "GYS-01", "--server", server.URL, "--token",
		"x"); asked != "supplierNumber=GYS-01" {
		t.Errorf("asked for %q", asked)
	}
}

// run runs a command and returns what it prints.
func run(t *testing.T, args ...string) string {
	t.Helper()
	said, err := tryRun(t, args...)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return said
}

// tryRun runs a command that may fail.
func tryRun(t *testing.T, args ...string) (said string, failed error) {
	t.Helper()
	var c cli
	k, err := kong.New(&c, append(described, kong.BindTo(t.Context(), (*context.Context)(nil)))...)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := k.Parse(args)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	out := os.Stdout
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	text := make(chan string)
	go func() {
		all, _ := io.ReadAll(read)
		text <- string(all)
	}()
	os.Stdout = write
	failed = parsed.Run(&c)
	os.Stdout = out
	_ = write.Close()
	return <-text, failed
}

// withTies lists the types of answers that have a tie-out, from their source.
func withTies(t *testing.T) (types []string) {
	t.Helper()
	files, err := filepath.Glob("../../api/*/*.go")
	rows, globbed := filepath.Glob("../../projections/*/*.go")
	if err := errors.Join(err, globbed); err != nil || len(files) == 0 || len(rows) == 0 {
		t.Fatal(err, len(files), len(rows))
	}
	files = append(files, rows...)
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			s, ok := spec.Type.(*ast.StructType)
			for i := 0; ok && i < len(s.Fields.List); i++ {
				if tag := s.Fields.List[i].Tag; tag != nil && strings.Contains(tag.Value, `json:"ties"`) {
					types = append(types, spec.Name.Name)
				}
			}
			return true
		})
	}
	return types
}
