package api

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"aftersales-ledger/api/kit"
)

// Front answers from the moment a server listens: while the ledger cannot be
// opened yet because its event log is away, it says so, and then hands every
// request on to the ledger. The zero value waits.
type Front struct {
	Version string

	ledger atomic.Pointer[http.Handler]

	mu     sync.Mutex
	reason string
	since  time.Time
}

// Waiting tells the front why the ledger is not open yet, and since when.
func (f *Front) Waiting(reason string, since time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.reason = reason
	if f.since.IsZero() {
		f.since = since
	}
}

// Open hands requests on to the ledger from now on.
func (f *Front) Open(ledger http.Handler) { f.ledger.Store(&ledger) }

func (f *Front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if ledger := f.ledger.Load(); ledger != nil {
		(*ledger).ServeHTTP(w, r)
		return
	}
	f.mu.Lock()
	commands := Commands{Reason: f.reason, Since: kit.Instant(f.since)}
	f.mu.Unlock()
	switch r.URL.Path {
	case "/healthz":
		f.health(w, http.StatusOK, commands)
	case "/readyz":
		f.health(w, http.StatusServiceUnavailable, commands)
	default:
		kit.ChooseLanguage(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			kit.RespondProblem(w, kit.NewProblem(r.Context(), http.StatusServiceUnavailable, "log-unavailable",
				"the ledger is starting and waits for its event log; ask again: %s", commands.Reason))
		})).ServeHTTP(w, r)
	}
}

func (f *Front) health(w http.ResponseWriter, status int, commands Commands) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(HealthBody{
		Status: "waiting for the event log", Version: f.Version, Commands: commands,
		ReadModel: kit.Freshness{State: "starting"},
	})
}
