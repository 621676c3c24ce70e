package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A program that speaks HTTP asks for a paper by Accept; an address that says ?format= is
// answered so by whoever opens it.
func TestAPaperIsAnsweredAsItIsAccepted(t *testing.T) {
	w := worked(t)
	const sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	for _, tt := range []struct{ query, accept, want string }{
		{"", "", sheet},
		{"", "*/*", sheet},
		{"", "application/*", sheet},
		{"", "application/pdf", "application/pdf"},
		{"", "application/pdf;q=0.5, text/html", "text/html; charset=utf-8"},
		{"", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"},
		{"", sheet + ";q=0, */*;q=0.1", "text/html; charset=utf-8"},
		{"?format=pdf", "text/html", "application/pdf"},
		{"?format=xlsx", "application/pdf", sheet},
		{"?format=pdf", "text/csv", "application/pdf"},
		{"", "application/json", ""},
		{"", "text/csv", ""},
		{"", "image/png, application/pdf;q=0", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/tickets/T-1/form"+tt.query, nil)
		r.Header.Set("Authorization", "Bearer "+w.door.Token(registrar, time.Hour))
		r.Header.Set("Accept", tt.accept)
		rec := httptest.NewRecorder()
		w.handler.ServeHTTP(rec, r)
		switch got := rec.Header().Get("Content-Type"); {
		case tt.want == "" && (rec.Code != http.StatusNotAcceptable || !strings.Contains(rec.Body.String(), "application/pdf")):
			t.Errorf("%s %q: status %d: %s", tt.query, tt.accept, rec.Code, rec.Body)
		case tt.want != "" && (rec.Code != http.StatusOK || got != tt.want):
			t.Errorf("%s %q: status %d, %s, want %s", tt.query, tt.accept, rec.Code, got, tt.want)
		case tt.query == "" && tt.want != "" && rec.Header().Get("Vary") == "":
			t.Errorf("%q: what was answered varies with Accept, which it does not say", tt.accept)
		}
	}
}
