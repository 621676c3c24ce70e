package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// A position that the log has not come to is its asker's mistake, and no damage to it.
func TestTheLogIsNotReadOnAfterItsEnd(t *testing.T) {
	w := newWorld(t)
	end := uint64(w.head())
	if status, _, got := w.get(finance, "/v1/log?after="+strconv.FormatUint(end, 10)); status != http.StatusOK {
		t.Errorf("after its last event it is answered %d: %s", status, got)
	}
	for _, after := range []uint64{end + 1, 1<<63 - 1, 1 << 63, 1<<64 - 1} {
		status, _, got := w.get(finance, "/v1/log?after="+strconv.FormatUint(after, 10))
		if status != http.StatusUnprocessableEntity || !strings.Contains(got, "beyond-log") {
			t.Errorf("after %d it is answered %d: %s", after, status, got)
		}
	}
}
