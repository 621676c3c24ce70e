package scenario_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aftersales-ledger/cmd/scenario"
)

// TestScenarios plays the project's own cases.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("testdata holds no scenarios: %v", err)
	}
	stage, err := scenario.Open(scenario.Options{})
	if err != nil {
		t.Fatal(err) // without the engine, the error says how to install it
	}
	t.Cleanup(func() {
		if err := stage.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			sc, err := scenario.Load(file)
			if err != nil {
				t.Fatal(err)
			}
			report, err := stage.Play(t.Context(), sc)
			if err != nil {
				t.Fatal(err)
			}
			if report.Failed() {
				var b strings.Builder
				if err := report.Print(&b, false); err != nil {
					t.Error(err)
				}
				t.Errorf("\n%s", b.String())
			}
		})
	}
}

var _ = context.Background
var _ = os.Stdout
