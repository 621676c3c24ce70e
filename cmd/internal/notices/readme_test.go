package notices

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/domain/notice"
)

// README.md beside the rules shows the table of notices, so that a reader finds who gets what
// without reading code; it must be the table.
func TestTheREADMEShowsTheTable(t *testing.T) {
	text, err := os.ReadFile("../../../domain/notice/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, begun := strings.Cut(string(text), "| clause | told of | to | copies to |\n|---|---|---|---|\n")
	shown, _, ended := strings.Cut(rest, "\n\n")
	if want := readmeTable(); !begun || !ended || shown+"\n" != want {
		t.Errorf("the README shows another table of notices; it must be\n| clause | told of | to | copies to |\n|---|---|---|---|\n%s", want)
	}
}

// readmeTable has one row for what goes to the same roles under one clause.
func readmeTable() string {
	type row struct{ clause, to, cc string }
	var order []row
	events := make(map[row][]string)
	for _, r := range notice.Rules() {
		told := roleNames(r.To)
		if r.Next != "" {
			told = append(told, r.Next)
		}
		key := row{r.Clause, strings.Join(told, ", "), strings.Join(roleNames(r.Cc), ", ")}
		if len(events[key]) == 0 {
			order = append(order, key)
		}
		if name := "`" + r.Event + "`"; !slices.Contains(events[key], name) {
			events[key] = append(events[key], name)
		}
	}
	slices.SortStableFunc(order, func(a, b row) int { return strings.Compare(a.clause, b.clause) })
	var b strings.Builder
	for _, r := range order {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.clause, strings.Join(events[r], " "), r.to, r.cc)
	}
	return b.String()
}

func roleNames(list []notice.Recipient) []string {
	names := make([]string, len(list))
	for i, r := range list {
		names[i] = string(r.Role)
	}
	return names
}
