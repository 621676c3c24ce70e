package chdbtest

import (
	"io"
	"net/http"
	"strconv"
)

// serveHTTP hands a request to the engine's own transport, which speaks this
// protocol.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	user, password, _ := r.BasicAuth()
	if err := s.login(user, password); err != nil {
		w.Header().Set("X-ClickHouse-Exception-Code", strconv.Itoa(codeAuthenticationFailed))
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	answer, err := s.engine.RoundTrip(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}
