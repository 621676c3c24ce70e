package api

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"aftersales-ledger/api/kit"
)

// HealthBody says whether the service lives and how its read model is.
type HealthBody struct {
	Status    string             `json:"status"`
	Version   string             `json:"version"`
	Commands  Commands           `json:"commands"`
	ReadModel kit.Freshness      `json:"readModel"`
	Notices   *kit.NoticesStatus `json:"notices,omitempty" doc:"Absent where none are sent"`
	// Streams are those an operator of the event log took events of. The others
	// go on, so that the service stays ready; it does not say so plainly.
	Streams []StreamCut `json:"streams,omitempty" doc:"Streams of which an operator of the event log took events away; nothing is recorded on them until that is undone"`
}

// StreamCut says what an operator of the event log did to a stream. Who it was
// EventStoreDB does not record.
type StreamCut struct {
	Stream   string `json:"stream"`
	What     string `json:"what" doc:"$maxCount, $maxAge, $tb, a soft delete, a tombstone, or which events are missing"`
	At       string `json:"at,omitempty" doc:"When it was done, where the log tells"`
	Position uint64 `json:"position,omitempty" doc:"Of the log's own event that says so, where it was seen"`
}

// Commands says whether commands are taken: whether the event log takes appends.
type Commands struct {
	Taken  bool   `json:"taken"`
	Since  string `json:"since,omitempty" doc:"When the event log was first seen to be away or replaced"`
	Reason string `json:"reason,omitempty"`
}

// health answers whether the process serves at all.
func (s *service) health(w http.ResponseWriter, _ *http.Request) {
	s.respondHealth(w, http.StatusOK, "serving")
}

// ready answers whether commands are taken and the figures keep up with the
// log. Neither may end silently.
func (s *service) ready(w http.ResponseWriter, _ *http.Request) {
	switch commands, figures := s.commands().Taken, s.Deps.ReadModels.Status().Ready(); {
	case commands && figures && len(s.cuts()) > 0:
		s.respondHealth(w, http.StatusOK, "ready, but an operator of the event log took events of streams away")
	case commands && figures:
		s.respondHealth(w, http.StatusOK, "ready")
	case commands:
		s.respondHealth(w, http.StatusServiceUnavailable, "figures are behind the log; commands are taken")
	default:
		s.respondHealth(w, http.StatusServiceUnavailable,
			"no commands are taken; figures are those of the time when the log was last reached")
	}
}

func (s *service) commands() Commands {
	c := s.Deps.EventLog()
	return Commands{Taken: c.Good(), Since: kit.Instant(c.Since), Reason: c.Reason}
}

// cuts returns what operators of the event log are known to have done.
func (s *service) cuts() []StreamCut {
	if s.Deps.Cuts == nil {
		return nil
	}
	var list []StreamCut
	for _, c := range s.Deps.Cuts() {
		list = append(list, StreamCut{Stream: c.Stream, What: c.What, At: kit.Instant(c.At), Position: uint64(c.Position)})
	}
	slices.SortFunc(list, func(a, b StreamCut) int { return strings.Compare(a.Stream, b.Stream) })
	return list
}

func (s *service) respondHealth(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	body := HealthBody{
		Status: text, Version: s.Deps.Version, Commands: s.commands(), ReadModel: s.Freshness(), Streams: s.cuts(),
	}
	if s.Deps.Notices != nil {
		n := s.Deps.Notices()
		body.Notices = &n
	}
	_ = json.NewEncoder(w).Encode(body)
}
