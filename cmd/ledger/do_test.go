package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/cmd/internal/operations"
	"aftersales-ledger/domain"
)

// own are the commands of this program's own document.
func own(t *testing.T) []operations.Operation {
	t.Helper()
	list, err := doCmd{}.known(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// Every route that changes something and names a line of the table of roles is a command
// of `ledger do`, and each field of its body can be given.
func TestEveryCommandOfTheDocumentIsReachedAtTheCommandLine(t *testing.T) {
	text, err := os.ReadFile("../../api/web/openapi.json") // the document, as a test of it holds
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Action      string `json:"x-action"`
		}
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	reached := make(map[string]bool)
	for _, o := range own(t) {
		reached[o.Name] = true
		var typed []string
		for _, f := range o.Fields {
			value := map[operations.Kind]string{
				operations.Text: "甲 b", operations.Whole: "3", operations.Switch: "true",
				operations.List: `["a"]`, operations.Group: `{}`, operations.Table: `{"a":"b"}`,
			}[f.Kind]
			if !slices.ContainsFunc(o.Fields, func(g operations.Input) bool {
				return strings.HasPrefix(g.Path, f.Path+".") || strings.HasPrefix(g.Path, f.Path+"[]")
			}) {
				typed = append(typed, strings.ReplaceAll(f.Path, "[]", "[0]")+"="+value)
			}
		}
		r, err := o.Fill(nil, typed)
		if err != nil {
			t.Errorf("%s %q: %v", o.Name, typed, err)
			continue
		}
		if strings.Contains(r.Target, "{") || !o.TakesFile() && len(o.Media) > 0 && !json.Valid(r.Body) {
			t.Errorf("%s is sent as %s %s", o.Name, r.Target, r.Body)
		}
		for _, f := range o.Fields {
			names := strings.Split(strings.ReplaceAll(f.Path, "[]", ""), ".")
			last := names[len(names)-1]
			if !strings.Contains(string(r.Body), `"`+last+`":`) && !strings.Contains(r.Target, last+"=") &&
				!strings.Contains(o.Path, "{"+last+"}") {
				t.Errorf("%s cannot be told %s: %s %s", o.Name, f.Path, r.Target, r.Body)
			}
		}
	}
	for path, methods := range doc.Paths {
		for method, o := range methods {
			if method != "get" && o.Action != "" && !reached[o.OperationID] {
				t.Errorf("%s %s (%s) is not reached", method, path, o.OperationID)
			}
		}
	}
	if len(reached) < 120 {
		t.Errorf("%d commands are reached; the test does not see them", len(reached))
	}
}

func TestEveryCommandHasItsLineInChineseAndNoLineIsOfNone(t *testing.T) {
	there := make(map[string]bool)
	for _, o := range own(t) {
		there[o.Name], there["["+o.Area+"]"] = true, true
		for _, said := range []string{wording.Chinese.Operation(o.Name, ""), wording.Chinese.Area(o.Area)} {
			if !inChinese(said) {
				t.Errorf("api/wording/zh/names/operations.txt has no line of %s or of its area %s", o.Name, o.Area)
			}
		}
	}
	for _, name := range wording.OperationNames() {
		if !there[name] {
			t.Errorf("api/wording/zh/names/operations.txt: there is no %s", name)
		}
	}
}

func TestACommandSaysItsFieldsInTheReadersLanguage(t *testing.T) {
	chinese := helpOf(t, wording.Chinese, "do", "reject-transfer", "--server", "http://127.0.0.1:1")
	english := helpOf(t, wording.English, "do", "reject-transfer", "--server", "http://127.0.0.1:1")
	for text, where := range map[string]string{
		"拒收误发的调拨": chinese, "拒收日期；例如 2026-06-21": chinese, "区域行政（regional-admin）": chinese,
		"Refuse what another depot sent": english, "rejectedOn": english, "required": english,
		"ledger do reject-transfer --help": helpOf(t, wording.English, "do"),
	} {
		if !strings.Contains(where, text) {
			t.Errorf("%q is not in the help:\n%s", text, where)
		}
	}
	if list := (&cli{Lang: "zh"}).listed(own(t)); !strings.Contains(list, "\n项目库房\n") ||
		!regexp.MustCompile(`(?m)^  reject-transfer +拒收`).MatchString(list) {
		t.Errorf("the list is\n%s", list)
	}
}

func TestWhatIsTypedBecomesTheBody(t *testing.T) {
	list := own(t)
	for typed, want := range map[string]string{
		"request-material project=P001 lines[0].part=A lines[0].quantity=2 lines[1].part=B": `{"lines":[{"part":"A",` +
			`"quantity":"2"},{"part":"B"}],"project":"P001"}`,
		`request-material lines=[{"part":"A"}] lines[0].name=甲=乙`: `{"lines":[{"name":"甲=乙","part":"A"}]}`,
		"confirm-statement center=C01 quarter=2025Q1 version=2":   `{"version":2}`,
		"save-charge-layout name=x columns.金额.总=G列":               `{"columns":{"金额.总":"G列"},"name":"x"}`,
		"decide-return return=R approve=false":                    `{"approve":false}`,
		"request-material projct=P001":                            "projct is no field of request-material; the nearest are project",
		"request-material lines[0].quantty=1":                     "lines[0].quantty is no field of request-material; the nearest are lines[].quantity",
		"request-material lines[1].part=B":                        "lines[1].part entry [0] of the list must be given before it",
		"request-material project":                                `fields "project" must be written field=value`,
		"confirm-statement center=C01 version=2":                  "quarter must be given",
		"confirm-statement center=C01 quarter=x version=zwei":     `version "zwei" must be a whole number`,
		"decide-return return=R approve=ja":                       `approve "ja" must be true or false`,
		"transfer-rejections":                                     `operation "transfer-rejections" is no operation; 'ledger do' lists them; the nearest are reject-transfer`,
		"request-materiel":                                        `operation "request-materiel" is no operation; 'ledger do' lists them; the nearest are request-material`,
		"K-kelvin":                                                `operation "K-kelvin" is no operation; 'ledger do' lists them`,
	} {
		args := strings.Fields(typed)
		var got string
		o, err := operations.Named(list, args[0])
		if err == nil {
			var r operations.Request
			r, err = o.Fill(nil, args[1:])
			got = string(r.Body)
		}
		var refused *domain.Rejection
		if errors.As(err, &refused) {
			got = wording.English.Refusal(refused)
		}
		if err != nil && !strings.HasPrefix(got, want) || err == nil && got != want {
			t.Errorf("%s: %s, want %s (%v)", typed, got, want, err)
		}
	}
}

// A transfer sent by mistake goes back, by nothing but the command line.
func TestADepotsPapersAreWalkedAtTheCommandLine(t *testing.T) {
	data := t.TempDir()
	a := apptest.Start(t, app.Config{Data: data, ReadModels: "http://127.0.0.1:1/ledger"})
	server := httptest.NewServer(a.Handler)
	t.Cleanup(server.Close)
	run := func(args ...string) (string, error) {
		return tryRun(t, append([]string{"do", "--data", data, "--server", server.URL, "--lang", "zh", "--json", "--key",
			strings.Join(args, " ")}, args...)...)
	}
	sheet := filepath.Join(data, "receipt.json")
	body := `{"receipt":"RK-1","part":"DS-700","quantity":"2","value":"10.00","source":"OPENING","receivedOn":"2024-01-01"}`
	if err := os.WriteFile(sheet, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	const planner = "--role=materials-planner"
	for _, step := range [][]string{
		{"open-account", "--role=finance", "center=C01", "name=云栖", "region=华东"},
		{"register-project", "--role=regional-admin", "project=P001", "name=一", "region=华东", "city=杭州", "center=C01", "from=2024-01-01",
			"warranty.startsFrom=OCCUPANCY", "warranty.occupancyOn=2024-01-01", "warranty.months=24"},
		{"register-project", "--role=regional-admin", "project=P002", "name=二", "region=华东", "city=杭州", "center=C01", "from=2024-01-01",
			"warranty.startsFrom=OCCUPANCY", "warranty.occupancyOn=2024-01-01", "warranty.months=24"},
		{"receive-part", planner, "project=P001", "quantity=5", "value=25.00", "--file", sheet},
		{"transfer-part", planner, "project=P001", "transfer=DB-1", "part=DS-700", "quantity=2", "to=P002", "transferredOn=2024-01-02"},
		{"reject-transfer", planner, "project=P002", "transfer=DB-1", "from=P001", "back=DB-2", "reason=发错", "rejectedOn=2024-01-03"},
	} {
		said, err := run(step...)
		if err != nil || !strings.Contains(said, `"repeated":false`) {
			t.Fatalf("%q: %v\n%s", step, err, said)
		}
		if again, err := run(step...); err != nil || !strings.Contains(again, `"repeated":true`) {
			t.Errorf("again, with its key: %v\n%s", err, again)
		}
	}
	_, err := run("reject-transfer", planner, "project=P002", "transfer=DB-9", "from=P001", "back=DB-3", "reason=x", "rejectedOn=2024-01-03")
	if err == nil || !strings.Contains(fmt.Sprint(err), "DB-9") {
		t.Errorf("a transfer that there is not: %v", err)
	}
	if _, err := run("count-stock", "project=P001"); err == nil || !strings.Contains((&cli{Lang: "zh"}).explain(err), "区域行政（regional-admin）") {
		t.Errorf("of several roles one must be said: %v", err)
	}
}
