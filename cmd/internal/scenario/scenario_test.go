package scenario

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/api/wording"
)

// openRunner opens the runner that the tests of one function share.
func openRunner(t *testing.T) *Runner {
	t.Helper()
	runner, err := Open(Options{})
	if err != nil {
		t.Fatal(err) // without the engine, the error says how to install it
	}
	t.Cleanup(func() {
		if err := runner.Close(); err != nil {
			t.Error(err)
		}
	})
	return runner
}

func play(t *testing.T, runner *Runner, sc *Scenario) (Report, string) {
	t.Helper()
	report, err := runner.Play(t.Context(), sc)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	(&printer{w: &b, say: wording.English}).report(report)
	return report, b.String()
}

// TestScenarios plays the project's own cases.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata holds no scenarios: %v", err)
	}
	runner := openRunner(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			sc, err := Load(file)
			if err != nil {
				t.Fatal(err)
			}
			report, text := play(t, runner, sc)
			if report.Failed() {
				t.Fatalf("\n%s", text)
			}
			everyExpectationCanFail(t, report)
		})
	}
}

// everyExpectationCanFail spoils the expected values of a scenario that passed,
// one at a time, and compares each with the answer there was: an expectation
// that holds whatever it says would prove nothing.
func everyExpectationCanFail(t *testing.T, report Report) {
	t.Helper()
	for _, r := range report.Results {
		if r.Step.expect.body == nil || r.Step.Number == len(report.Results) {
			continue
		}
		body, err := decode(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, leaf := range leaves(r.Step.expect.body) {
			was := *leaf
			*leaf = node{kind: scalar, text: "spoilt", quoted: true, line: was.line}
			if len(match("body", r.Step.expect.body, body)) == 0 {
				t.Errorf("%s:%d: step %q passes although it expects something else", r.Step.File, was.line, r.Step.Name)
			}
			*leaf = was
		}
	}
}

// leaves lists what a tree expects of single values, and of empty lists.
func leaves(n *node) (out []*node) {
	for _, f := range n.fields {
		out = append(out, leaves(f.value)...)
	}
	for _, item := range n.items {
		out = append(out, leaves(item)...)
	}
	if len(n.fields) == 0 && len(n.items) == 0 {
		out = append(out, n)
	}
	return out
}

// TestHelpExample plays the example that the help shows.
func TestHelpExample(t *testing.T) {
	for name, of := range map[string]struct{ help, begins, ends string }{
		"English": {Help, "EXAMPLE\n", "\nA FILE\n"}, "Chinese": {HelpZH, "示例\n", "\n文件\n"},
	} {
		t.Run(name, func(t *testing.T) {
			_, rest, _ := strings.Cut(of.help, of.begins)
			example, _, ended := strings.Cut(rest, of.ends)
			sc, err := Parse("help", []byte(example), nil)
			if err != nil || !ended {
				t.Fatal(err)
			}
			if report, text := play(t, openRunner(t), sc); report.Failed() {
				t.Errorf("the example of the help fails:\n%s", text)
			}
		})
	}
}

// TestHelpIsComplete holds the help, in either language, to the fields that the parser
// knows.
func TestHelpIsComplete(t *testing.T) {
	for _, help := range []string{Help, HelpZH} {
		for _, fields := range [][]string{scenarioFields, stepFields, expectFields} {
			for _, f := range fields {
				named := slices.ContainsFunc(strings.Split(help, "\n"), func(line string) bool {
					return strings.HasPrefix(line, "  "+f) || strings.Contains(line, "`"+f) || strings.Contains(line, ", "+f+" ")
				})
				if !named {
					t.Errorf("the help does not explain %q", f)
				}
			}
		}
	}
}
