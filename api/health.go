package api

import (
	"encoding/json"
	"net/http"
)

// HealthBody says whether the service lives and how its read model is.
type HealthBody struct {
	Status    string         `json:"status"`
	Version   string         `json:"version"`
	ReadModel Freshness      `json:"readModel"`
	Notices   *NoticesStatus `json:"notices,omitempty" doc:"Absent where none are sent"`
}

// health answers whether the process serves at all.
func (s *server) health(w http.ResponseWriter, _ *http.Request) {
	s.respondHealth(w, http.StatusOK, "serving")
}

// ready answers whether the figures keep up with the log. Commands are taken
// either way; a projection that has stalled must not do so silently.
func (s *server) ready(w http.ResponseWriter, _ *http.Request) {
	if s.deps.ReadModels.Status().Ready() {
		s.respondHealth(w, http.StatusOK, "ready")
		return
	}
	s.respondHealth(w, http.StatusServiceUnavailable, "figures are behind the log; commands are taken")
}

func (s *server) respondHealth(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	body := HealthBody{Status: text, Version: s.deps.Version, ReadModel: s.freshness()}
	if s.deps.Notices != nil {
		n := s.deps.Notices()
		body.Notices = &n
	}
	_ = json.NewEncoder(w).Encode(body)
}
