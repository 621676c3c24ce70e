package imports_test

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/imports"
)

func TestACountSheetIsSentWithWhatItDoesNotSay(t *testing.T) {
	c := newClient(t)
	path := filepath.Join(t.TempDir(), "盘点表.csv")
	if err := os.WriteFile(path, []byte("6月盘点表\n配件编号,实盘数量,差异原因\nDS-700,2,\nRVV-4,99.5,剪损\n盘点人：李师傅\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sheet := imports.Options{
		More: map[string]string{
			"project": "P001", "countedOn": "2026-06-30", "countedBy": "李师傅", "witness": "", "unknownParts": "true",
		},
	}
	for _, want := range []int{2, 0} {
		r, err := imports.Run(t.Context(), c, imports.Counts, path, sheet)
		if err != nil || r.Kind != "counts" || r.Status != "BOOKED" || r.Recorded != want || r.Unchanged != 2-want {
			t.Fatalf("report %+v, %v", r, err)
		}
		var out bytes.Buffer
		imports.Print(&out, wording.Chinese, r)
		if !strings.Contains(out.String(), "盘点表.csv") {
			t.Errorf("printed\n%s", out.String())
		}
	}
	var p *kit.Problem
	if r, err := imports.Run(t.Context(), c, imports.Counts, path,
		imports.Options{}); !errors.As(err, &p) || p.Status != http.StatusUnprocessableEntity || r.Status != "REFUSED" {
		t.Errorf("without project and day: %+v, %v", r, err)
	}
	if _, err := imports.Run(t.Context(), c, imports.Catalogue, path,
		imports.Options{}); !errors.As(err, &p) || p.Status != http.StatusForbidden {
		t.Errorf("as a role that may not describe parts: %v", err)
	}
}
