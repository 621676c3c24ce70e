package policyfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain/policy"
)

const good = `# our own
version: 2026-east
effectiveFrom: 2026-07-01
handoverMonths: 3
rows:
  - {clause: 5.4/1, warranty: in, team: on-project, response: promptly, visits: 2/week, cost: department}
  - {clause: 5.4/2, warranty: in, team: elsewhere-city, response: 1h30m, visits: 1/week, cost: department}
  - clause: 5.4/3
    warranty: in
    team: left-city
    response: 48h
    visits: 1/month
    onSite: 6 months
    cost: department
    travel: charged
  - {clause: 5.4/4, warranty: over, team: on-project, response: none, visits: 1/week, cost: center}
  - {clause: 5.4/5, warranty: over, team: elsewhere-city, response: none, visits: 1/half-month, cost: center}
  - {clause: 5.4/6, warranty: over, team: left-city, response: none, visits: none, cost: center, travel: charged, support: phone}
`

func TestAFileIsRead(t *testing.T) {
	f, err := Parse("table.yaml", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	if f.EffectiveFrom.String() != "2026-07-01" || f.Table.Version != "2026-east" || f.Table.HandoverMonths != 3 ||
		len(f.Table.Rows) != 6 {
		t.Errorf("read %+v", f)
	}
	want := policy.RowText{
		Clause: "5.4/3", Warranty: "in", Team: "left-city", Response: "48h", Visits: "1/month", OnSite: "6 months",
		Cost: "department", Travel: "charged",
	}
	if diff := cmp.Diff(want, f.Table.Rows[2]); diff != "" {
		t.Error(diff)
	}
}

// What is wrong is said with the line on which it stands.
func TestABadFileIsRefusedWithLineAndReason(t *testing.T) {
	swap := func(old, new string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the good file has no %q", old)
		}
		return strings.Replace(good, old, new, 1)
	}
	tests := map[string]struct {
		src  string
		line int
		say  string
	}{
		"nothing":                  {"", 0, "is empty"},
		"only a remark":            {"# nothing\n", 0, "is empty"},
		"not YAML":                 {swap("rows:", "rows: ]"), 5, ""},
		"an unknown key":           {swap("handoverMonths: 3", "handover: 3"), 4, `"handover" is not known`},
		"an unknown key of a row":  {swap("    onSite: 6 months", "    onsite: 6 months"), 13, `"onsite" is not known`},
		"a key twice":              {swap("    visits: 1/month", "    visits: 1/month\n    visits: 2/month"), 13, ""},
		"no version":               {swap("version: 2026-east\n", ""), 0, "has no version"},
		"no rows":                  {good[:strings.Index(good, "rows:")], 0, "has no rows"},
		"rows that are no list":    {good[:strings.Index(good, "  - {")] + "  none\n", 6, "must be a list"},
		"a row that is no mapping": {swap("  - {clause: 5.4/4,", "  - none\n  - {clause: 5.4/4,"), 16, "must be a mapping"},
		"a value that is a list":   {swap("    response: 48h", "    response: [48h]"), 11, "must be a single value"},
		"a row without a response": {swap("    response: 48h\n", ""), 8, "has no response"},
		"a nonsense duration":      {swap("response: 1h30m", "response: tomorrow"), 7, `response "tomorrow" must be`},
		"a duration of nothing":    {swap("response: 1h30m", "response: 0h"), 7, `response "0h" must be`},
		"a negative duration":      {swap("    response: 48h", "    response: -48h"), 11, `response "-48h" must be`},
		"half a minute":            {swap("response: 1h30m", "response: 90m30s"), 7, "whole minutes"},
		"more than a month":        {swap("    response: 48h", "    response: 9999h"), 11, "up to 720h"},
		"eight visits a week":      {swap("visits: 2/week", "visits: 8/week"), 6, "rows[0].visits"},
		"visits a fortnight":       {swap("visits: 1/half-month", "visits: 1/fortnight"), 17, "rows[4].visits"},
		"nobody bears the cost":    {swap("    cost: department", "    cost: nobody"), 14, `must be "department" or "center"`},
		"a team on the moon":       {swap("    team: left-city", "    team: moon"), 10, "rows[2].team"},
		"a half warranty":          {swap("    warranty: in", "    warranty: half"), 9, `must be "in" or "over"`},
		"a row is missing":         {good[:strings.LastIndex(good, "  - {")], 5, "must have a row for warranty over and team left-city"},
		"a row stands twice":       {good + "  - {clause: 5.4/7, warranty: in, team: left-city, response: none, visits: none, cost: center}\n", 19, "is listed twice"},
		"a clause names two rows":  {swap("clause: 5.4/5", "clause: 5.4/4"), 17, "is the clause of another row already"},
		"months that are no count": {swap("handoverMonths: 3", "handoverMonths: some"), 4, "whole number"},
		"no months at all":         {swap("handoverMonths: 3", "handoverMonths: 0"), 4, "must be between 1 and 60"},
		"a date that is none":      {swap("2026-07-01", "2026-02-30"), 3, "effectiveFrom"},
		"a retry that is no time":  {good + "notices: {firstRetry: soon}\n", 19, "must be a time such as"},
		"a retry at once":          {good + "notices:\n  firstRetry: 0s\n", 20, "must be 1s to 24h0m0s"},
		"a wait that shrinks":      {good + "notices:\n  firstRetry: 2h\n  longestRetry: 1h\n", 21, "must be 2h0m0s to 24h0m0s"},
		"given up at once":         {"notices:\n  giveUpAfter: 1s\n", 2, "must be 1m0s to 720h0m0s"},
		"attempts that never end":  {"notices:\n  waitForAll: 1001\n", 2, "must be 0 to 1000"},
		"attempts that are none":   {"notices: {waitForAll: many}\n", 1, "whole number"},
		"an unknown rule":          {"notices: {retry: 5m}\n", 1, `"retry" is not known`},
		"a version and no rows":    {"version: x\nnotices: {firstRetry: 90s}\n", 0, "has no rows"},
		"two documents":            {good + "---\nversion: x\n", 20, "second document"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse("table.yaml", []byte(tc.src))
			var f *yamlfile.FormatError
			if !errors.As(err, &f) {
				t.Fatalf("got %v", err)
			}
			if f.Line != tc.line || !strings.Contains(f.Error(), tc.say) {
				t.Errorf("got %q, want line %d and %q", f, tc.line, tc.say)
			}
		})
	}
}

// What is written to be edited reads as what it was.
func TestTheDefaultFileReadsAsTheProcedure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.yaml")
	text := policy.DefaultTable().Text()
	if err := os.WriteFile(path, Write(File{Table: text, Notices: policy.Default().Notices}), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	table, err := f.Table.Table()
	if err != nil {
		t.Fatal(err)
	}
	want := policy.DefaultTable()
	want.Version = "my-table-1"
	if diff := cmp.Diff(want, table); diff != "" {
		t.Error(diff)
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there gives %v", err)
	}
}

// How hard a notice is sent is in the file beside the table, or alone.
func TestAFileSaysHowHardNoticesAreSent(t *testing.T) {
	const rules = "notices: {firstRetry: 90s, longestRetry: 2h, waitForAll: 1}\n"
	want := policy.NoticeRules{
		FirstRetry: 90 * time.Second, LongestRetry: 2 * time.Hour, GiveUpAfter: 48 * time.Hour, WaitForAll: 1,
	}
	for src, table := range map[string]bool{good + rules: true, rules: false} {
		f, err := Parse("table.yaml", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, f.Notices); diff != "" || f.HasTable() != table {
			t.Errorf("table %t: %s", f.HasTable(), diff)
		}
	}
	if f, err := Parse("table.yaml", []byte(good)); err != nil || !cmp.Equal(f.Notices, policy.Default().Notices) {
		t.Errorf("a file that says nothing of it: %+v %v", f.Notices, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add(Write(File{Table: policy.DefaultTable().Text(), Notices: policy.Default().Notices}))
	f.Add([]byte("notices: {firstRetry: 90s, waitForAll: 2}\n"))
	f.Add([]byte("version: [a\nrows: {a: *b}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := Parse("table.yaml", src)
		if err != nil {
			return
		}
		var table policy.Table
		if file.HasTable() {
			if table, err = file.Table.Table(); err != nil {
				t.Fatalf("what was accepted is refused: %v", err)
			}
			file.Table = table.Text()
		}
		again, err := Parse("table.yaml", Write(file))
		if err != nil {
			t.Fatalf("what was read cannot be written and read: %v", err)
		}
		if again.EffectiveFrom != file.EffectiveFrom || !cmp.Equal(again.Notices,
			file.Notices) || again.HasTable() != file.HasTable() {
			t.Fatalf("read %+v, written and read %+v", file, again)
		}
		if !file.HasTable() {
			return
		}
		back, err := again.Table.Table()
		if diff := cmp.Diff(table, back); err != nil || diff != "" {
			t.Fatalf("%v\n%s", err, diff)
		}
	})
}
