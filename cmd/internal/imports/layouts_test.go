package imports_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aftersales-ledger/cmd/internal/imports"
)

func TestColumnsAreSavedUnderANameAndUsedAgain(t *testing.T) {
	c := newClient(t)
	path := filepath.Join(t.TempDir(), "7月.csv")
	if err := os.WriteFile(path, []byte("编号,日期,项目,服务内容,几次,钱\nSF-1,2026-06-03,P001,可视对讲移位,2,300\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, columns := range []map[string]string{
		{"quantity": "几次"}, {"quantity": "几次", "amount": "款"}, {"quantity": "几次"},
	} {
		if err := imports.SaveLayout(t.Context(), c, imports.Charges, "万科表", "", columns); err != nil {
			t.Fatal(err)
		}
	}
	if err := imports.SaveLayout(t.Context(), c, imports.Charges, "全表", "万科表",
		map[string]string{"amount": "钱"}); err != nil {
		t.Fatal(err)
	}
	r, err := imports.Run(t.Context(), c, imports.Charges, path, imports.Options{Layout: "全表"})
	if err != nil || r.Recorded != 1 || r.RecordedAmount != "300.00" {
		t.Fatalf("report %+v, %v", r, err)
	}
	var out bytes.Buffer
	if err := imports.PrintLayouts(t.Context(), c, &out, imports.Charges); err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"全表", "金额=钱  数量=几次", "万科表", "已存"} {
		if !strings.Contains(out.String(), says) {
			t.Errorf("the layouts do not say %q:\n%s", says, out.String())
		}
	}
	if strings.Contains(out.String(), "款") {
		t.Errorf("what was replaced is listed:\n%s", out.String())
	}
}
