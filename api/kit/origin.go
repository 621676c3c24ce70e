package kit

import "net/http"

// SameOrigin refuses what a page of another site has a browser send: the browser
// would send the session with it. Programs, which are no browsers, are let through.
func SameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if protection.Check(r) != nil {
			RespondProblem(w, NewProblem(r.Context(), http.StatusForbidden, "other-origin",
				"the request comes from a page of another site; nothing was done"))
			return
		}
		next.ServeHTTP(w, r)
	})
}
