package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain"

	"github.com/google/go-cmp/cmp"
)

// failing plays on a ledger that holds nothing but two accounts.
const failing = `name: Wrong in every way
clauses: [5.3.4, Money]
steps:
  - name: an account
    at: 2026-01-05 09:00
    as: finance:sun
    POST: /v1/centers
    body: {center: C01, name: 甲, region: 华东}
    expect:
      body: {id: C02, repeated: false}
      recorded: [AccountOpened, ChargeAccrued]
    capture: {nothing: no.such.thing}
  - name: a refusal that was not expected
    POST: /v1/centers
    body: {center: C01, name: 甲, region: 华东}
  - name: a success that was not expected
    at: 2026-01-05 09:00:30
    POST: /v1/centers
    body: {center: C02, name: 乙, region: 华东}
    expect:
      problem: account-exists
  - name: figures
    GET: /v1/receivables
    expect:
      body:
        rows:
          - {center: C01, open: 1.5, name: {contains: 丙}}
          - {center: C02, open: 0, region: null}
        total: {open: 0.00, late: 1}
        postingsSum: [0]
  - name: lists
    GET: /v1/receivables
    expect:
      body:
        rows:
          length: 3
          contains:
            - {center: C01, open: 7.00}
            - {center: C09}
  - name: a list of another length
    GET: /v1/receivables
    expect: {body: {rows: [{center: C01}]}}
  - name: what was not captured
    GET: /v1/receivables?center=${nothing}
  - name: all is well
    GET: /v1/receivables
`

const failingReport = `failing.yaml  Wrong in every way (clauses 5.3.4, Money)
  FAIL   1  2026-01-05 09:00  an account  finance:sun POST /v1/centers → 201
            step "an account" (failing.yaml:4)
            body.id  (line 10)
              - expected C02
              + got      C01
            recorded  (line 11)
              - expected a list of 2: [{type: AccountOpened}, {type: ChargeAccrued}]
              + got      a list of 1: […]
            capture nothing  (line 12)
              - expected a value at no.such.thing
              + got      the answer has no no
  FAIL   2  2026-01-05 09:00  a refusal that was not expected  finance:sun POST /v1/centers → 409
            step "a refusal that was not expected" (failing.yaml:13)
            status
              - expected 201
              + got      409: center "C01" has an account already, as "甲"
            answer 409: {…}
  FAIL   3  2026-01-05 09:00:30  a success that was not expected  finance:sun POST /v1/centers → 201
            step "a success that was not expected" (failing.yaml:16)
            status  (line 21)
              - expected a refusal (400 or more)
              + got      201
            problem  (line 21)
              - expected account-exists
              + got      ""
  FAIL   4  2026-01-05 09:00:30  figures  finance:sun GET /v1/receivables → 200
            step "figures" (failing.yaml:22)
            body.rows[0].open  (line 27)
              - expected 1.5
              + got      0.00
            body.rows[0].name  (line 27)
              - expected a text that contains 丙
              + got      甲
            body.rows[1].region  (line 28)
              - expected nothing
              + got      华东
            body.total.late  (line 29)
              - expected 1
              + got      nothing: there is no such field
            body.postingsSum  (line 30)
              - expected [0]
              + got      0.00
  FAIL   5  2026-01-05 09:00:30  lists  finance:sun GET /v1/receivables → 200
            step "lists" (failing.yaml:31)
            body.rows  (line 36)
              - expected a list of 3
              + got      a list of 2: […]
            body.rows[0].open  (line 38)
              - expected 7.00
              + got      0.00
            body.rows  (line 39)
              - expected a list that contains {center: C09}
              + got      a list of 2: […]
  FAIL   6  2026-01-05 09:00:30  a list of another length  finance:sun GET /v1/receivables → 200
            step "a list of another length" (failing.yaml:40)
            body.rows  (line 42)
              - expected a list of 1: [{center: C01}]
              + got      a list of 2: […]
  FAIL   7  2026-01-05 09:00:30  what was not captured  finance:sun
            step "what was not captured" (failing.yaml:43)
            ${nothing} has no value: the step that captures it failed
  ok     8  2026-01-05 09:00:30  all is well  finance:sun GET /v1/receivables → 200
  ok     9  2026-01-05 09:00:30  the books tie out  finance:scenario GET /v1/receivables → 200

`

// shortened cuts JSON out of a report: its contents are not the runner's.
func shortened(report string) string {
	report = regexp.MustCompile(`(?m)(a list of \d+: )\[[{"].*"(?:.*\]|.*…)$`).ReplaceAllString(report, "$1[…]")
	return regexp.MustCompile(`(?m)(answer \d+: )\{.*$`).ReplaceAllString(report, "$1{…}")
}

func TestFailuresPrintStepExpectedAndGot(t *testing.T) {
	sc, err := Parse("failing.yaml", []byte(failing), nil)
	if err != nil {
		t.Fatal(err)
	}
	report, text := play(t, openRunner(t), sc)
	if !report.Failed() {
		t.Error("nothing failed")
	}
	if diff := cmp.Diff(failingReport, shortened(text)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

// TestRun plays a good file, one that fails and one that cannot be read.
func TestRun(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	good := write("good.yaml", "name: good\nsteps:\n  - {at: 2026-01-05, as: finance:sun, GET: /v1/receivables}\n")
	bad := write("bad.yaml",
		"name: bad\nsteps:\n  - {at: 2026-01-05, as: finance:sun, GET: /v1/receivables, expect: 404}\n")
	broken := write("broken.yaml", "name: broken\nsteps:\n  - {at: 2026-01-05, as: finance:sun, GTE: /v1/receivables}\n")
	absent := filepath.Join(dir, "absent.yaml")

	var out bytes.Buffer
	failed, err := Run(t.Context(), &out, []string{good, bad, broken, absent}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if failed != 3 {
		t.Errorf("%d failed, want 3", failed)
	}
	for _, want := range []string{
		"ok     1  2026-01-05 00:00  GET /v1/receivables",
		"- expected 404\n", "+ got      200\n",
		`broken.yaml:3: "GTE" is not a field of a step; did you mean "GET"?`,
		"absent.yaml: does not exist",
		"3 of 4 scenarios FAILED, 4 steps in ",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("colours although this is no terminal")
	}
	out.Reset()
	if failed, err := Run(t.Context(), &out, []string{good, bad}, Options{Quiet: true}); err != nil || failed != 1 ||
		strings.Contains(out.String(), "ok ") || strings.Contains(out.String(), "good") ||
		!strings.Contains(out.String(), "+ got      200\n") || !strings.Contains(out.String(), "1 of 2 scenarios FAILED") {
		t.Errorf("quietly, %d failed (%v):\n%s", failed, err, &out)
	}
	if failed, err := Run(t.Context(), &out, nil, Options{}); err == nil {
		t.Errorf("Run without files = %d, nil; want an error", failed)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, &out, []string{good}, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Run with a cancelled context: %v", err)
	}
}

func TestAReportIsReadInChinese(t *testing.T) {
	r := Report{Scenario: &Scenario{File: "f.yaml", Name: "n", Clauses: []string{"5.3.4"}}, Results: []Result{
		{Step: &Step{Number: 1, Name: "s"}, Status: 200},
		{Step: &Step{Number: 2, Name: "b", File: "f.yaml", Line: 7}, Status: 200, Mismatches: []Mismatch{
			{Path: "body.x", Line: 9, Want: domain.Say("a text that contains %s", "丙"), Got: "甲"},
		}},
	}}
	var b strings.Builder
	p := &printer{w: &b, say: wording.Chinese}
	p.report(r)
	p.summary(2, 1, 2, 1500*time.Millisecond)
	for _, want := range []string{
		"（条款 5.3.4）", "  通过     1", "  失败     2", "步骤“b”（f.yaml:7）", "body.x  （第 9 行）", "- 应为：含有丙的文字", "+ 实为：甲",
		"2 个场景中有 1 个未通过，共 2 步，用时 1.5 秒",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, b.String())
		}
	}
}

func TestColour(t *testing.T) {
	r := Report{Scenario: &Scenario{File: "f.yaml", Name: "n"}, Results: []Result{{
		Step: &Step{Number: 1, Name: "s"}, Status: 200, Mismatches: []Mismatch{{Path: "body.x", Want: "1", Got: "2"}},
	}}}
	var plain, color strings.Builder
	(&printer{w: &plain, say: wording.English}).report(r)
	(&printer{w: &color, color: true, say: wording.English}).report(r)
	if !strings.Contains(color.String(), "\x1b[31mFAIL\x1b[0m") {
		t.Errorf("no red in %q", color.String())
	}
	if got := regexp.MustCompile("\x1b\\[[0-9]*m").ReplaceAllString(color.String(), ""); got != plain.String() {
		t.Errorf("without its colours %q differs from %q", got, plain.String())
	}
}

// TestLedgersAreFresh plays one scenario twice on one runner.
func TestLedgersAreFresh(t *testing.T) {
	sc, err := Parse("fresh.yaml", []byte(`name: fresh
steps:
  - {at: 2026-01-05 09:00, as: finance:sun, GET: /v1/receivables, expect: {body: {rows: []}}}
  - POST: /v1/centers
    body: {center: C01, name: 甲, region: 华东}
    expect: {body: {position: 1}}
  - {GET: /v1/receivables, expect: {body: {rows: [{center: C01}], readModel: {position: 1, lagEvents: 0}}}}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	runner := openRunner(t)
	for range 2 {
		if report, text := play(t, runner, sc); report.Failed() {
			t.Fatal(text)
		}
	}
	left, err := os.ReadDir(runner.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range left {
		if e.Name() != "clickhouse" {
			t.Errorf("%s is left behind", e.Name())
		}
	}
}

// yamlValue reads the value of a YAML text, and jsonValue that of a JSON text.
func yamlValue(t *testing.T, text string) *node {
	t.Helper()
	n, err := readYAML("test", []byte("x: "+text))
	if err != nil {
		t.Fatal(err)
	}
	return n.fields[0].value
}

func jsonValue(t *testing.T, text string) any {
	t.Helper()
	v, err := decode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMatch(t *testing.T) {
	for name, c := range map[string]struct {
		want, got string
		misses    []string // paths
	}{
		"1.50 is 1.5":                               {`1.50`, `"1.5"`, nil},
		"and so is the JSON number":                 {`1.50`, `1.5`, nil},
		"digits beyond a float count":               {`12345678901234567890.01`, `"12345678901234567890.02"`, []string{"a"}},
		"-0 is 0":                                   {`-0.00`, `"0"`, nil},
		"in quotes it is text":                      {`"1.50"`, `"1.5"`, []string{"a"}},
		"in quotes the same text":                   {`"1.50"`, `"1.50"`, nil},
		"a room is not a date":                      {`3-1`, `"3-01"`, []string{"a"}},
		"numbers are not dates":                     {`2026`, `"2026-01-01"`, []string{"a"}},
		"true is true":                              {`true`, `true`, nil},
		"true is not false":                         {`true`, `false`, []string{"a"}},
		"an exponent is text":                       {`1e3`, `"1000"`, []string{"a"}},
		"a subset of fields":                        {`{b: 1}`, `{"b": 1, "c": 2}`, nil},
		"each field that differs":                   {`{b: 1, c: 3, d: {e: 1}}`, `{"b": 2, "c": 3, "d": {"e": 2}}`, []string{"a.b", "a.d.e"}},
		"a field that is missing":                   {`{b: 1}`, `{"c": 1}`, []string{"a.b"}},
		"null is absent":                            {`{b: null}`, `{"c": 1}`, nil},
		"null is null":                              {`{b: ~}`, `{"b": null}`, nil},
		"null is not zero":                          {`{b: null}`, `{"b": 0}`, []string{"a.b"}},
		"a list in order":                           {`[1, 2]`, `[1, 2]`, nil},
		"a list in another order":                   {`[1, 2]`, `[2, 1]`, []string{"a[0]", "a[1]"}},
		"a longer list":                             {`[1]`, `[1, 2]`, []string{"a"}},
		"an empty list is not null":                 {`[]`, `null`, []string{"a"}},
		"an empty list":                             {`[]`, `[]`, nil},
		"elements are subsets":                      {`[{b: 1}]`, `[{"b": 1, "c": 2}]`, nil},
		"contains, in any order":                    {`{contains: [2, 1]}`, `[1, 2, 3]`, nil},
		"contains each once":                        {`{contains: [1, 1]}`, `[1, 2]`, []string{"a"}},
		"contains a single one":                     {`{contains: {b: 2}}`, `[{"b": 1}, {"b": 2}]`, nil},
		"contains shows the nearest":                {`{contains: [{b: 2, c: 3}]}`, `[{"b": 1, "c": 1}, {"b": 2, "c": 4}]`, []string{"a[1].c"}},
		"contains nothing alike":                    {`{contains: [{b: 2}]}`, `[{"b": 1}]`, []string{"a"}},
		"length":                                    {`{length: 2}`, `[1, 2]`, nil},
		"another length":                            {`{length: 2}`, `[]`, []string{"a"}},
		"fields of a list":                          {`{b: 1}`, `[1]`, []string{"a.b"}},
		"a part of a text":                          {`{contains: two decimals}`, `"at most two decimals (fen)"`, nil},
		"not a part of a text":                      {`{contains: three}`, `"two"`, []string{"a"}},
		"a mapping for a number":                    {`{contains: 3}`, `33`, []string{"a"}},
		"a single value for an object":              {`1`, `{"b": 1}`, []string{"a"}},
		"a text of several lines":                   {"|-\n    one\n    two", `"one\ntwo"`, nil},
		"a field called contains within an object":  {`{contains: 1}`, `{"contains": 1}`, nil},
		"one of several":                            {`{oneOf: [PAID, {contains: OPEN}]}`, `"PARTLY_OPEN"`, nil},
		"none of several":                           {`{oneOf: [PAID, OPEN]}`, `"CREDITED"`, []string{"a"}},
		"anything but this":                         {`{not: PAID}`, `"OPEN"`, nil},
		"what it must not be":                       {`{not: 1.50}`, `"1.5"`, []string{"a"}},
		"an object of which a part must not be":     {`{b: {not: {c: 1}}}`, `{"b": {"c": 1, "d": 2}}`, []string{"a.b"}},
		"a number for a list":                       {`[1]`, `1`, []string{"a"}},
		"an empty text":                             {`""`, `""`, nil},
		"an empty text is something":                {`{b: ""}`, `{}`, []string{"a.b"}},
		"the digits of a long decimal, as a number": {`0.1`, `0.10000000000000000001`, []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			var misses []string
			for _, m := range match("a", yamlValue(t, c.want), jsonValue(t, c.got)) {
				misses = append(misses, m.Path)
				if m.Line == 0 || m.Want == "" || m.Got == "" {
					t.Errorf("a mismatch without line, expected or got: %+v", m)
				}
			}
			if diff := cmp.Diff(c.misses, misses); diff != "" {
				t.Errorf("mismatches (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBodiesKeepTheirDigits(t *testing.T) {
	doc := &document{}
	if err := json.Unmarshal([]byte(`{
		"paths": {"/v1/things/{id}": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}}},
		"components": {"schemas": {"Thing": {"type": "object", "properties": {
			"amount": {"type": "string"}, "count": {"type": "integer"}, "flag": {"type": "boolean"},
			"lines": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Thing"}}
		}}}}}`), doc); err != nil {
		t.Fatal(err)
	}
	for body, want := range map[string]string{
		`{amount: 12000.00}`:                            `{"amount":"12000.00"}`,
		`{amount: 12345678901234567890.10}`:             `{"amount":"12345678901234567890.10"}`,
		`{amount: 2026-07-15, count: 24, flag: true}`:   `{"amount":"2026-07-15","count":24,"flag":true}`,
		`{amount: true, count: "24", flag: "true"}`:     `{"amount":"true","count":"24","flag":"true"}`,
		`{amount: 007, count: 007, flag: yes}`:          `{"amount":"007","count":"007","flag":"yes"}`,
		`{amount: null, count: many}`:                   `{"amount":null,"count":"many"}`,
		`{lines: [{amount: 1.50}, {count: 2}]}`:         `{"lines":[{"amount":"1.50"},{"count":2}]}`,
		`{other: 1.50, another: 2, third: false}`:       `{"other":"1.50","another":2,"third":false}`,
		`{"a \"b\"": 二, b: 'x: y'}`:                     `{"a \"b\"":"二","b":"x: y"}`,
		`[1, 2.0]`:                                      `[1,"2.0"]`,
		`{amount: +5, count: 0x1F}`:                     `{"amount":"+5","count":"0x1F"}`,
		`{amount: 5.00, count: 5.00}`:                   `{"amount":"5.00","count":5.00}`,
		`{amount: .inf, flag: ~}`:                       `{"amount":".inf","flag":null}`,
		`{amount: 2026-09-30T15:59:59.999Z, lines: []}`: `{"amount":"2026-09-30T15:59:59.999Z","lines":[]}`,
	} {
		var b bytes.Buffer
		doc.encode(&b, yamlValue(t, body), doc.bodySchema("POST", "/v1/things/7"))
		if b.String() != want {
			t.Errorf("%s is sent as %s, want %s", body, &b, want)
		}
	}
	if s := doc.bodySchema("POST", "/v1/other"); s != nil {
		t.Errorf("a path that is not in the document has schema %+v", s)
	}
}

func TestCapture(t *testing.T) {
	body := jsonValue(t,
		`{"id": "SF-1", "position": 7, "ok": true, "rows": [{"key": "a", "lines": [{"amount": "1.50"}]}]}`)
	for place, want := range map[string]string{
		"id": "SF-1", "position": "7", "ok": "true", "rows[0].key": "a", "rows[0].lines[0].amount": "1.50",
	} {
		p, ok := parsePath(place)
		if !ok {
			t.Errorf("%s is not understood", place)
			continue
		}
		got, err := p.find(body)
		if err != nil || got != want || p.String() != place {
			t.Errorf("%s (%s): %q, %v; want %q", place, p, got, err, want)
		}
	}
	for _, place := range []string{"rows", "rows[1]", "rows[0].none", "id.x", "none", "rows.key", "position[0]"} {
		p, ok := parsePath(place)
		if !ok {
			t.Fatalf("%s is not understood", place)
		}
		if got, err := p.find(body); err == nil {
			t.Errorf("%s finds %q", place, got)
		}
	}
	for _, place := range []string{
		"", ".", ".id", "rows[", "rows[x]", "rows[-1]", "a..b", "a b", "[0]x", "rows[99999999]",
	} {
		if p, ok := parsePath(place); ok {
			t.Errorf("%q is understood as %v", place, p)
		}
	}
}

func TestAddresses(t *testing.T) {
	for path, want := range map[string]string{
		"/v1/receivables?knownAt=2026-07-15T00:00:00+08:00": "/v1/receivables?knownAt=2026-07-15T00:00:00%2B08:00",
		"/v1/projects/云栖#1/depot":                           "/v1/projects/%E4%BA%91%E6%A0%96%231/depot",
		"/v1/a b?c=d%20e":                                   "/v1/a%20b?c=d%20e",
	} {
		if got := escape(path); got != want {
			t.Errorf("%s is sent as %s, want %s", path, got, want)
		}
	}
}

// TestFormatErrors has one entry for every kind of mistake.
func TestFormatErrors(t *testing.T) {
	step := func(fields string) string {
		return "name: n\nsteps:\n  - {at: 2026-01-05 09:00, as: finance:sun, " + fields + "}\n"
	}
	included := map[string]string{
		"dir/setup.yaml": "name: s\nactors: {sun: finance}\nsteps:\n  - {at: 2026-01-05, as: sun, GET: /a}\n",
		"dir/loop.yaml":  "name: l\ninclude: test.yaml\n",
		"dir/bad.yaml":   "name: b\nstep: []\n",
	}
	for name, c := range map[string]struct{ src, want string }{
		"empty":                 {"", "test.yaml: is empty"},
		"only a comment":        {"# x\n", "test.yaml: is empty"},
		"a list":                {"- a\n", "test.yaml:1: a scenario must be a mapping"},
		"no steps":              {"name: n\n", "test.yaml: has no steps"},
		"no name":               {"steps: [{at: 2026-01-05, as: finance:sun, GET: /a}]\n", "test.yaml:1: needs a `name`"},
		"unknown field":         {"name: n\n\nstpes: []\n", `test.yaml:3: "stpes" is not a field of a scenario; did you mean "steps"?`},
		"unknown field of step": {step("GET: /a, expct: 200"), `test.yaml:3: "expct" is not a field of a step; did you mean "expect"?`},
		"nothing alike":         {step("GET: /a, colour: red"), `"colour" is not a field of a step (fields: name, at`},
		"unknown expectation":   {step("GET: /a, expect: {stauts: 200}"), `"stauts" is not a field of ` + "`expect`" + `; did you mean "status"?`},
		"unknown part of event": {step("GET: /a, expect: {recorded: [{tpye: X}]}"), `"tpye" is not a field of an event`},
		"steps as a mapping":    {"name: n\nsteps: {a: 1}\n", "test.yaml:2: `steps` must be a list"},
		"a step as text":        {"name: n\nsteps:\n  - hello\n", "test.yaml:3: a step must be a mapping"},
		"two documents":         {"name: n\n---\nname: m\n", "begins a second document"},
		"duplicate field":       {"name: n\nname: m\n", `test.yaml:2: cannot be read as YAML: mapping key "name" already defined`},
		"tab":                   {"name: n\nsteps:\n\t- a\n", "spaces, not tabs"},
		"colon in text":         {"name: a: b\n", `needs quotes`},
		"variable in braces":    {"name: n\nsteps: [{GET: /a, key: ${x}}]\n", `write a variable in quotes: "${name}"`},
		"anchor":                {"name: &a n\n", "anchors (&) and aliases (*) are not part of the format"},
		"alias":                 {"name: n\ndescription: *a\n", "not"},
		"tag":                   {"name: !!str n\n", "tags (!) are not part of the format"},
		"merge":                 {"name: n\n<<: {a: 1}\n", "merging (<<) is not part of the format"},
		"deep":                  {"name: " + strings.Repeat("[", 100) + strings.Repeat("]", 100), "nested deeper"},
		"large":                 {"name: " + strings.Repeat("x", maxFileSize), "at most 1048576"},
		"no time":               {"name: n\nsteps:\n  - {as: finance:sun, GET: /a}\n", "test.yaml:3: the first step needs `at`"},
		"no time, no date":      {"name: n\nsteps:\n  - {at: yesterday, as: finance:sun, GET: /a}\n", "`at` cannot be read: \"yesterday\""},
		"time backwards": {step("GET: /a") + "  - {at: 2026-01-04, GET: /a}\n",
			"test.yaml:4: time runs backwards: 2026-01-04 00:00 lies before the step before, 2026-01-05 09:00"},
		"not backwards":         {step("GET: /a") + "  - {at: 2026-01-06, backwards: true, GET: /a}\n", "does not lie before"},
		"backwards maybe":       {step("GET: /a, backwards: maybe"), "`backwards` must be true or false, not \"maybe\""},
		"nobody":                {"name: n\nsteps:\n  - {at: 2026-01-05, GET: /a}\n", "test.yaml:3: needs `as`"},
		"unknown actor":         {"name: n\nsteps:\n  - {at: 2026-01-05, as: sun, GET: /a}\n", `"sun" is neither an actor`},
		"unknown role":          {"name: n\nsteps:\n  - {at: 2026-01-05, as: boss:sun, GET: /a}\n", `"boss" is not a role; the roles are department-manager`},
		"center missing":        {"name: n\nsteps:\n  - {at: 2026-01-05, as: center-head:li, GET: /a}\n", "write center-head@C01"},
		"center too many":       {"name: n\nactors: {sun: finance@C01}\n", "a finance belongs to no center"},
		"actor without role":    {"name: n\nactors: {sun: {name: sun}}\n", `"" is not a role`},
		"actors as a list":      {"name: n\nactors: [sun]\n", "`actors` must be a mapping"},
		"name that is none":     {"name: n\nsteps:\n  - {at: 2026-01-05, as: 'finance:a b', GET: /a}\n", `"a b" is not a name`},
		"nothing to do":         {step("name: x"), "says not what to do"},
		"both methods":          {step("GET: /a, POST: /b"), "either `POST` or `GET`"},
		"method twice":          {step("GET: /a, method: GET"), "write either"},
		"no slash":              {step("GET: v1"), "must begin with a slash"},
		"query as text":         {step("GET: /a, query: x"), "`query` must be a mapping"},
		"body and raw":          {step("POST: /a, body: {}, raw: x"), "either a `body` or a `raw` one"},
		"padTo":                 {step("POST: /a, padTo: lots"), "`padTo` must be a whole number"},
		"status":                {step("GET: /a, expect: 42"), "`expect` must be a whole number from 100 to 599"},
		"expect as a list":      {step("GET: /a, expect: [200]"), "`expect` must be a mapping"},
		"recorded as text":      {step("GET: /a, expect: {recorded: none}"), "`recorded` must be a list"},
		"problem as a list":     {step("GET: /a, expect: {problem: [x]}"), "`problem` must be a single value"},
		"capture as text":       {step("GET: /a, capture: id"), "`capture` must be a mapping"},
		"capture of no place":   {step("GET: /a, capture: {x: 'rows['}"), `"rows[" is not a place in an answer`},
		"capture as no name":    {step("GET: /a, capture: {'x y': id}"), `"x y" is not a name for a variable`},
		"capture as now":        {step("GET: /a, capture: {now: id}"), "${now} is the step's own time"},
		"unknown variable":      {step(`GET: "/a?b=${c}"`), "test.yaml:3: ${c} has no value here"},
		"own variable":          {step(`GET: "/a?b=${c}", capture: {c: id}`), "${c} has no value here"},
		"half a variable":       {step(`GET: "/a?b=${c"`), "a brace is missing"},
		"foreach as text":       {step("GET: /a, foreach: x"), "`foreach` must be a list"},
		"foreach of lists":      {step("GET: /a, foreach: [[1]]"), "an item of `foreach`"},
		"foreach too long":      {step("GET: /a, foreach: [" + strings.Repeat("1,", maxSteps) + "1]"), "at most 10000 steps"},
		"again of nothing":      {step("again: x"), `no earlier step is called "x"`},
		"again with a body":     {step("GET: /a, name: x") + "  - {again: x, body: {}}\n", "\"body\" means nothing beside `again`"},
		"restart with a path":   {step("restart: true, GET: /a"), "\"GET\" means nothing beside `restart`"},
		"restart false":         {step("restart: false"), "`restart` can only be true"},
		"restart and rebuild":   {step("restart: true, rebuild: true"), "either `restart` or `rebuild`"},
		"notices false":         {step("notices: false"), "`notices` can only be true"},
		"notices and a path":    {step("notices: true, GET: /a"), "\"GET\" means nothing beside `notices`"},
		"notices and restart":   {step("notices: true, restart: true"), "either `restart`, `rebuild` or `notices`"},
		"a bad address book":    {step("notices: \"addresses: [{role: boss, mail: [a@b.example]}]\""), "the address book:1: role"},
		"include that is not":   {"name: n\ninclude: nowhere.yaml\nsteps: []\n", `test.yaml:2: cannot include "nowhere.yaml"`},
		"include of itself":     {"name: n\ninclude: loop.yaml\n", `dir/loop.yaml:2: "test.yaml" includes itself`},
		"mistake in an include": {"name: n\ninclude: bad.yaml\n", `dir/bad.yaml:2: "step" is not a field of a scenario; did you mean "steps"?`},
		"include, back in time": {"name: n\ninclude: setup.yaml\nsteps:\n  - {at: 2026-01-04, GET: /a}\n", "test.yaml:4: time runs backwards"},
		"two mistakes":          {step("GET: a, nmae: x"), `must begin with a slash`},
	} {
		t.Run(name, func(t *testing.T) {
			sc, err := Parse("dir/test.yaml", []byte(c.src), func(file string) ([]byte, error) {
				text, ok := included[filepath.ToSlash(file)]
				if !ok {
					return nil, os.ErrNotExist
				}
				return []byte(text), nil
			})
			var mistake *yamlfile.FormatError
			if !errors.As(err, &mistake) {
				t.Fatalf("Parse = %+v, %v; want a FormatError", sc, err)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error:\n%v\nlacks %q", err, c.want)
			}
		})
	}
}

// TestParse looks at what the shorthands come to.
func TestParse(t *testing.T) {
	sc, err := Parse("t.yaml", []byte(`name: n
description: |
  d
clauses: [5.3.1, Money]
actors: {wang: finance, li: {name: 李, role: center-head, center: C01}}
steps:
  - {name: first, at: 2026-07-15 10:00, as: wang, POST: /v1/a, body: {amount: 12000.00}}
  - {name: second, as: li, method: get, path: /v1/b}
  - {name: "third ${item}", foreach: [x, y], POST: "/v1/${item}", key: k}
  - {name: again, again: first}
  - {name: fixed, foreach: [{a: 1}, {a: 2}], GET: /v1/c, token: none}
  - {rebuild: true, at: "2026-07-15T02:00:00.5Z"}
`), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range sc.Steps {
		got = append(got,
			fmt.Sprintf("%d %s %s %s %s %s key=%s%s", s.Number, clockText(s.At), s.Name, s.request.sender(), s.request.method,
				s.request.path, s.request.key, s.control))
	}
	want := []string{
		"1 2026-07-15 10:00 first finance:wang POST /v1/a key=step-1",
		"2 2026-07-15 10:00 second center-head:李@C01 GET /v1/b key=step-2",
		"3 2026-07-15 10:00 third x center-head:李@C01 POST /v1/${item} key=k",
		"4 2026-07-15 10:00 third y center-head:李@C01 POST /v1/${item} key=k",
		"5 2026-07-15 10:00 again finance:wang POST /v1/a key=step-1",
		"6 2026-07-15 10:00 fixed (1 of 2) nobody GET /v1/c key=step-6",
		"7 2026-07-15 10:00 fixed (2 of 2) nobody GET /v1/c key=step-7",
		"8 2026-07-15 10:00:00.5 rebuild the read models :   key=step-8rebuild",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"5.3.1", "Money"}, sc.Clauses); diff != "" || sc.Description != "d" {
		t.Errorf("clauses %v, description %q", sc.Clauses, sc.Description)
	}
}

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatal("testdata holds no scenarios", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Add([]byte(failing))
	setup, err := os.ReadFile("testdata/common.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		sc, err := Parse("fuzz.yaml", src, func(string) ([]byte, error) { return setup, nil })
		var mistake *yamlfile.FormatError
		if err != nil {
			if sc != nil || !errors.As(err, &mistake) {
				t.Fatalf("Parse = %+v, %v", sc, err)
			}
			return
		}
		for i, s := range sc.Steps {
			if s.Number != i+1 || s.At.IsZero() || s.Name == "" && s.control != "" {
				t.Fatalf("step %d: %+v", i, s)
			}
			if s.control == "" && !strings.HasPrefix(s.request.path, "/") && !strings.HasPrefix(s.request.path, "${") {
				t.Fatalf("step %d has path %q", i, s.request.path)
			}
		}
	})
}
