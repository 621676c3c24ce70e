package kit

import (
	"aftersales-ledger/api/wording"
	"net/http"
)

// ChooseLanguage finds out what the reader reads, and tells caches that it matters.
func ChooseLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := wording.Choose(r.Header.Get("Accept-Language"))
		w.Header().Set("Content-Language", string(l))
		w.Header().Add("Vary", "Accept-Language")
		next.ServeHTTP(w, r.WithContext(wording.With(r.Context(), l)))
	})
}
