package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	lists "aftersales-ledger/api/imports"
	"aftersales-ledger/api/kit"
	moneyapi "aftersales-ledger/api/money"
)

// A look or a dry run saves no layout; what is booked saves it, once, and after
// the booking.
func TestALayoutIsSavedWhenSomethingIsBooked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	statement := moneyapi.BankStatementBody{Lines: []moneyapi.BankLine{{
		Row: 2, Status: "NEW", Reference: "A1", Amount: "1.00", ReceivedOn: "2026-06-20",
		Proposals: []moneyapi.BankProposal{{Center: "C01", Confidence: 95}},
	}}}
	statement.Credits.Amount, statement.Debits.Amount, statement.Bookable.Amount = "1.00", "0.00", "1.00"
	for name, c := range map[string]struct {
		command  string
		report   lists.Report              // of a list
		accepted moneyapi.AcceptanceReport // of a bank statement
		want     string                    // the posts, in order
	}{
		"a dry run":                  {"charges --dry-run", lists.Report{Status: "CHECKED", DryRun: true, Bookable: true}, moneyapi.AcceptanceReport{}, "charges"},
		"a list that is booked":      {"charges", lists.Report{Status: "BOOKED"}, moneyapi.AcceptanceReport{}, "charges charges/layouts"},
		"a list in part":             {"counts", lists.Report{Status: "PARTLY_BOOKED"}, moneyapi.AcceptanceReport{}, "counts counts/layouts"},
		"a list that is refused":     {"fault-records", lists.Report{Status: "REFUSED"}, moneyapi.AcceptanceReport{}, "fault-records"},
		"a list broken off":          {"catalogue", lists.Report{Status: "INTERRUPTED"}, moneyapi.AcceptanceReport{}, "catalogue"},
		"a look":                     {"bank", lists.Report{}, moneyapi.AcceptanceReport{}, "bank-statements"},
		"nothing of that confidence": {"bank --accept 99", lists.Report{}, moneyapi.AcceptanceReport{}, "bank-statements"},
		"a line that is booked": {"bank --accept 90", lists.Report{}, moneyapi.AcceptanceReport{Booked: 1, BookedAmount: "1.00"},
			"bank-statements bank-statements/acceptances bank-statements/layouts"},
		"a line that is not booked": {"bank --accept 90", lists.Report{}, moneyapi.AcceptanceReport{Refused: 1, BookedAmount: "0.00"}, "bank-statements bank-statements/acceptances"},
	} {
		t.Run(name, func(t *testing.T) {
			var posts []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				var answer any = struct{}{}
				if r.Method == http.MethodPost {
					posts = append(posts, strings.TrimPrefix(r.URL.Path, "/v1/imports/"))
					switch {
					case strings.HasSuffix(r.URL.Path, "/layouts"):
						answer = kit.Receipt{}
					case strings.HasSuffix(r.URL.Path, "/acceptances"):
						answer = c.accepted
					case strings.HasSuffix(r.URL.Path, "/bank-statements"):
						answer = statement
					default:
						answer = c.report
					}
				}
				w.Header().Set("Content-Type", "application/json")
				_ = json.NewEncoder(w).Encode(answer)
			}))
			defer server.Close()
			command := strings.Fields(strings.NewReplacer("counts", "count").Replace(c.command))
			said, _ := tryRun(t,
				append([]string{
					"import", command[0], file, "--columns", "金额=钱", "--save-layout", "万科表", "--server", server.URL, "--token", "x",
				}, command[1:]...)...)
			if got := strings.Join(posts, " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			saved := slices.ContainsFunc(posts, func(p string) bool { return strings.HasSuffix(p, "/layouts") })
			if want := map[bool]string{true: "版式已存", false: "版式未存，入账后才保存"}[saved]; !strings.Contains(said, want) {
				t.Errorf("%q is not said:\n%s", want, said)
			}
		})
	}
}
