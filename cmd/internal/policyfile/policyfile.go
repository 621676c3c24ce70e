// Package policyfile reads and writes a department's own rules as a YAML file:
// its service table (§5.4), and how hard the ledger tries to send a notice. What is
// not whole is refused with the line and the reason.
package policyfile

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
)

// File is what a file says.
type File struct {
	Table         policy.TableText // without rows: the file has no table of its own
	EffectiveFrom calendar.Date    // zero: from the day on which it is first used
	// Notices are how hard the ledger tries to send a notice; what the file does not
	// say is as the procedure's default has it.
	Notices policy.NoticeRules
}

// HasTable reports whether the file has a service table of its own.
func (f File) HasTable() bool { return len(f.Table.Rows) > 0 }

// maxFileSize bounds a file, in bytes. Six rows take two thousand.
const maxFileSize = 64 << 10

// Read reads a file and checks that its table is whole.
func Read(path string) (File, error) {
	src, err := os.ReadFile(path)
	if err != nil {
		return File{}, err
	}
	return Parse(path, src)
}

// Parse reads the content of a file.
func Parse(file string, src []byte) (out File, err error) {
	lines, err := yamlfile.Parse(file, src, maxFileSize, "one service table", func(r *yamlfile.Reader, n ast.Node) {
		out = (&reader{r}).document(n)
	})
	if err != nil {
		return File{}, err
	}
	if err := out.Notices.Check(); err != nil {
		return File{}, lines.Place(err)
	}
	if !out.HasTable() && lines.Lines["rows"] == 0 {
		return out, nil
	}
	if _, err := out.Table.Table(); err != nil {
		return File{}, lines.Place(err)
	}
	return out, nil
}

type reader struct{ *yamlfile.Reader }

var (
	topFields    = []string{"version", "effectiveFrom", "handoverMonths", "rows", "notices"}
	rowFields    = []string{"clause", "warranty", "team", "response", "visits", "onSite", "cost", "travel", "support"}
	mustHave     = []string{"clause", "warranty", "team", "response", "visits", "cost"}
	noticeFields = []string{"firstRetry", "longestRetry", "giveUpAfter", "waitForAll"}
)

func (r *reader) document(n ast.Node) (out File) {
	top := r.Mapping(n, "", topFields)
	out.Notices = r.notices(top["notices"])
	if len(top) == 1 && top["notices"] != nil {
		return out
	}
	for _, name := range []string{"version", "rows"} {
		if top[name] == nil {
			r.Fail(0, "has no %s", name)
			return out
		}
	}
	out.Table.Version = r.Scalar(top["version"])
	out.Table.HandoverMonths = policy.DefaultTable().HandoverMonths
	if n := top["handoverMonths"]; n != nil {
		months, err := strconv.Atoi(r.Scalar(n))
		if err != nil {
			r.Fail(yamlfile.LineOf(n), "%s must be a whole number", "handoverMonths")
		}
		out.Table.HandoverMonths = months
	}
	if n := top["effectiveFrom"]; n != nil {
		from, err := calendar.ParseDate(r.Scalar(n))
		if err != nil {
			r.Fail(yamlfile.LineOf(n), "%s must be a date such as 2026-07-01", "effectiveFrom")
		}
		out.EffectiveFrom = from
	}
	rows, ok := top["rows"].(*ast.SequenceNode)
	if !ok {
		r.Fail(yamlfile.LineOf(top["rows"]), "%s must be a list", "rows")
		return out
	}
	for i, n := range rows.Values {
		out.Table.Rows = append(out.Table.Rows, r.row(fmt.Sprintf("rows[%d]", i), n))
	}
	return out
}

// notices reads how hard the ledger tries to send a notice.
func (r *reader) notices(n ast.Node) policy.NoticeRules {
	rules := policy.Default().Notices
	if n == nil {
		return rules
	}
	f := r.Mapping(n, "notices.", noticeFields)
	for name, to := range map[string]*time.Duration{
		"firstRetry": &rules.FirstRetry, "longestRetry": &rules.LongestRetry, "giveUpAfter": &rules.GiveUpAfter,
	} {
		if f[name] == nil {
			continue
		}
		d, err := time.ParseDuration(r.Scalar(f[name]))
		if err != nil {
			r.Fail(yamlfile.LineOf(f[name]), "%s must be a time such as 90s, 1m or 48h", "notices."+name)
		}
		*to = d
	}
	if f["waitForAll"] != nil {
		attempts, err := strconv.Atoi(r.Scalar(f["waitForAll"]))
		if err != nil {
			r.Fail(yamlfile.LineOf(f["waitForAll"]), "%s must be a whole number", "notices.waitForAll")
		}
		rules.WaitForAll = attempts
	}
	return rules
}

func (r *reader) row(at string, n ast.Node) policy.RowText {
	r.Lines[at] = yamlfile.LineOf(n)
	f := r.Mapping(n, at+".", rowFields)
	text := func(name string) string {
		if f[name] == nil {
			if slices.Contains(mustHave, name) {
				r.Fail(yamlfile.LineOf(n), "%s has no %s", at, name)
			}
			return ""
		}
		return r.Scalar(f[name])
	}
	return policy.RowText{
		Clause: text("clause"), Warranty: text("warranty"), Team: text("team"), Response: text("response"),
		Visits: text("visits"),
		OnSite: text("onSite"), Cost: text("cost"), Travel: text("travel"), Support: text("support"),
	}
}

// Write writes what a file says as a file to edit.
func Write(f File) []byte {
	var b strings.Builder
	if f.HasTable() {
		writeTable(&b, f)
	}
	b.WriteString(`
# 通知重发规则 · How hard the ledger tries to send a notice. Used from the next start on.
#
#   firstRetry    how long after the first failure it is tried again; the wait doubles each time
#   longestRetry  up to this
#   giveUpAfter   since the first failure; then it is given up where everybody sees it
#   waitForAll    so many attempts are made for all recipients before those that can be reached go first
`)
	n := f.Notices
	fmt.Fprintf(&b, "notices: {firstRetry: %s, longestRetry: %s, giveUpAfter: %s, waitForAll: %d}\n",
		n.FirstRetry, n.LongestRetry, n.GiveUpAfter, n.WaitForAll)
	return []byte(b.String())
}

func writeTable(b *strings.Builder, f File) {
	t := f.Table
	b.WriteString(`# 服务标准表 · Service table of §5.4: what service is owed, and who bears its cost.
# Put in force with: ledger serve --policy FILE. What was owed before stays as it was.
#
#   response  arrival in an emergency: none, promptly (advice, never breached), or a time such as 24h, 1h30m
#   visits    routine visits: none, 2/week (Monday to Sunday), 1/half-month (1–15, 16–end), 1/month
#   onSite    the team stays on site until so long after occupancy: none, 6 months
#   cost      of wear: department, center. Human damage and force majeure are the center's everywhere
#   travel    where the center bears the cost: free, charged
#   support   visit, phone
#
`)
	fmt.Fprintf(b, "version: %q # give each change a name of its own\n", orDefault(t.Version, "my-table-1"))
	if f.EffectiveFrom.IsZero() {
		b.WriteString("# effectiveFrom: 2026-07-01 # else from the day on which it is first used\n")
	} else {
		fmt.Fprintf(b, "effectiveFrom: %s\n", f.EffectiveFrom)
	}
	fmt.Fprintf(b, "handoverMonths: %d # before the warranty ends, §5.4.1.1\nrows:\n", t.HandoverMonths)
	for _, r := range t.Rows {
		fmt.Fprintf(b,
			"  - {clause: %s, warranty: %s, team: %s, response: %s, visits: %s, onSite: %s, cost: %s, travel: %s, support: %s}\n",
			strconv.Quote(r.Clause), r.Warranty, r.Team, r.Response, r.Visits, orDefault(r.OnSite, "none"), r.Cost,
			orDefault(r.Travel, "free"), orDefault(r.Support, "visit"))
	}
}

func orDefault(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
