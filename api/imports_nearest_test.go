package api_test

import (
	"fmt"
	"strings"
	"testing"
)

// A count of a part that nobody knows is offered those that there are: of the depot as of the catalogue.
func TestACountOfAnUnknownPartIsOfferedTheNearest(t *testing.T) {
	w := worked(t) // whose depot had DS-700
	_, r := w.send(t.Context(), admin, "counts?project=P001&countedOn=2026-06-25&countedBy=张三&dryRun=true",
		[]byte("配件编号,实盘数量\nDS-7OO,9\n"))
	if said := fmt.Sprint(r.Results); !strings.Contains(said, "unknown-part") || !strings.Contains(said, "DS-700") {
		t.Errorf("answered %s", said)
	}
}
