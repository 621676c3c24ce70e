package kit_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
)

// A command whose lines are wrong in several places is refused for all of them at once.
func TestEveryLineThatIsRefusedIsNamed(t *testing.T) {
	p := kit.ProblemOf(t.Context(), errors.Join(
		nil,
		domain.NotFound("lines[1].return", "F2-8", "unknown-return", "is not a repair"),
		domain.Invalid("lines[3].amount", "0", "not-positive", "must be above 0", "Money"),
	))
	if p.Status != http.StatusNotFound || len(p.Violations) != 2 || p.Violations[1].Field != "lines[3].amount" ||
		!strings.Contains(p.Detail, "F2-8") || !strings.Contains(p.Detail, "must be above 0") {
		t.Errorf("answered %+v", p)
	}
}
