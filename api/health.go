package api

import (
	"encoding/json"
	"net/http"
)

// HealthBody says whether the service lives and how its read model is.
type HealthBody struct {
	Status    string         `json:"status"`
	Version   string         `json:"version"`
	Commands  Commands       `json:"commands"`
	ReadModel Freshness      `json:"readModel"`
	Notices   *NoticesStatus `json:"notices,omitempty" doc:"Absent where none are sent"`
}

// Commands says whether commands are taken: whether the event log takes appends.
type Commands struct {
	Taken  bool   `json:"taken"`
	Since  string `json:"since,omitempty" doc:"When the event log was first seen to be away or replaced"`
	Reason string `json:"reason,omitempty"`
}

// health answers whether the process serves at all.
func (s *server) health(w http.ResponseWriter, _ *http.Request) {
	s.respondHealth(w, http.StatusOK, "serving")
}

// ready answers whether commands are taken and the figures keep up with the
// log. Neither may end silently.
func (s *server) ready(w http.ResponseWriter, _ *http.Request) {
	switch commands, figures := s.commands().Taken, s.deps.ReadModels.Status().Ready(); {
	case commands && figures:
		s.respondHealth(w, http.StatusOK, "ready")
	case commands:
		s.respondHealth(w, http.StatusServiceUnavailable, "figures are behind the log; commands are taken")
	default:
		s.respondHealth(w, http.StatusServiceUnavailable, "no commands are taken; figures are those of the time when the log was last reached")
	}
}

func (s *server) commands() Commands {
	c := s.deps.EventLog()
	return Commands{Taken: c.Good(), Since: instant(c.Since), Reason: c.Reason}
}

func (s *server) respondHealth(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	body := HealthBody{Status: text, Version: s.deps.Version, Commands: s.commands(), ReadModel: s.freshness()}
	if s.deps.Notices != nil {
		n := s.deps.Notices()
		body.Notices = &n
	}
	_ = json.NewEncoder(w).Encode(body)
}
