package kit

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"

	"github.com/go-chi/chi/v5/middleware"
)

// requestIDLength bounds the name that a caller gives a request, in bytes.
const requestIDLength = 64

// NameRequest gives every request a name, which its answer, the log of the server
// and the events it causes carry. A caller may give it in X-Request-Id: letters,
// digits and . _ - only, for it goes into headers and logs.
func NameRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(middleware.RequestIDHeader)
		if id == "" || len(id) > requestIDLength || strings.ContainsFunc(id, notOfAName) {
			id = rand.Text()
		}
		w.Header().Set(middleware.RequestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), middleware.RequestIDKey, id)))
	})
}

func notOfAName(c rune) bool {
	switch {
	case '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '.', c == '_', c == '-':
		return false
	}
	return true
}
