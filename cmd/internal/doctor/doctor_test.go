package doctor_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api"
	"aftersales-ledger/api/door/store/sqlitefile"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/doctor"
	"aftersales-ledger/cmd/internal/network"
)

// healthy is a machine on which nothing is wrong.
func healthy() doctor.Host {
	return doctor.Host{
		Now:   func() time.Time { return time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC) },
		Space: func(string) (uint64, uint64, error) { return 100 << 30, 200 << 30, nil },
		Clock: func() (bool, time.Duration, bool) { return true, time.Millisecond, true },
		Files: func() (uint64, error) { return 1 << 16, nil },
	}
}

// subject is a ledger in a private folder, whose server answers with health.
func subject(t *testing.T, health api.HealthBody) doctor.Subject {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(health)
	}))
	t.Cleanup(server.Close)
	data := t.TempDir()
	if err := os.Chmod(data, 0o700); err != nil {
		t.Fatal(err)
	}
	remembered, err := sqlitefile.Open(filepath.Join(data, app.DoorFile), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := remembered.Close(); err != nil {
		t.Fatal(err)
	}
	return doctor.Subject{
		Config: app.Config{Data: data}, Listen: strings.TrimPrefix(server.URL, "http://"), Say: wording.English,
		Machine: healthy(), Door: network.DoorFlags{PublicURL: "https://ledger.example.com", LinkDays: 30},
	}
}

var well = api.HealthBody{
	Status: "ready", Version: "v", Commands: api.Commands{Taken: true}, ReadModel: kit.Freshness{State: "live"},
	Notices: &kit.NoticesStatus{State: "live", Channel: "SMTP"},
}

func TestEachIllnessIsFoundAndHasARemedy(t *testing.T) {
	for name, c := range map[string]struct {
		make  func(*testing.T, *doctor.Subject)
		with  func(*api.HealthBody)
		check string
		worst doctor.Grade
		says  string
	}{
		"nothing": {worst: doctor.Warn, check: "letterhead", says: "without a letterhead"},
		"others may read the folder": {
			make:  func(_ *testing.T, s *doctor.Subject) { _ = os.Chmod(s.Config.Data, 0o755) },
			check: "folder", worst: doctor.Warn, says: "look into",
		},
		"others may read the key": {
			make: func(_ *testing.T, s *doctor.Subject) {
				_ = os.Chmod(s.Config.Data, 0o755)
				_ = os.Chmod(filepath.Join(s.Config.Data, app.DoorFile), 0o644)
			},
			check: "folder", worst: doctor.Bad, says: "door.sqlite",
		},
		"the disk is full": {
			make: func(_ *testing.T, s *doctor.Subject) {
				s.Machine.Space = func(string) (uint64, uint64, error) { return 1 << 20, 1 << 40, nil }
			},
			check: "disk", worst: doctor.Bad, says: "0.0 GiB left",
		},
		"a process may open few files": {
			make:  func(_ *testing.T, s *doctor.Subject) { s.Machine.Files = func() (uint64, error) { return 256, nil } },
			check: "open-files", worst: doctor.Warn, says: "256 files",
		},
		"nobody keeps the clock": {
			make: func(_ *testing.T, s *doctor.Subject) {
				s.Machine.Clock = func() (bool, time.Duration, bool) { return false, 0, true }
			},
			check: "clock", worst: doctor.Warn, says: "nothing keeps",
		},
		"the log is away": {
			with: func(h *api.HealthBody) {
				h.Commands = api.Commands{Since: "2026-11-29", Reason: "no leader"}
			},
			check: "log", worst: doctor.Bad, says: "no leader",
		},
		"the figures stopped": {
			with: func(h *api.HealthBody) {
				h.ReadModel = kit.Freshness{State: "stopped", Position: 7, Reason: "an unknown event"}
			},
			check: "read-models", worst: doctor.Bad, says: "an unknown event",
		},
		"the figures lag": {
			with:  func(h *api.HealthBody) { h.ReadModel = kit.Freshness{State: "catching-up", LagEvents: 20_000} },
			check: "read-models", worst: doctor.Warn, says: "20000 positions behind",
		},
		"notices have nobody to go to": {
			with:  func(h *api.HealthBody) { h.Notices = &kit.NoticesStatus{State: "live", Held: 3} },
			check: "notices", worst: doctor.Warn, says: "3 events",
		},
		"the mail server is away": {
			make: func(_ *testing.T, s *doctor.Subject) {
				s.SMTP, s.Sender = "smtp://user:hunter2@127.0.0.1:1", "a@example.com"
			},
			check: "mail", worst: doctor.Bad, says: "does not let us in",
		},
		"mails have no address to lead to": {
			make:  func(_ *testing.T, s *doctor.Subject) { s.Door.PublicURL = "" },
			check: "links", worst: doctor.Warn, says: "no links",
		},
		"mails lead through the clear": {
			make:  func(_ *testing.T, s *doctor.Subject) { s.Door.PublicURL = "http://ledger.example.com" },
			check: "links", worst: doctor.Bad, says: "must begin with https://",
		},
		"mails lead to a page": {
			make:  func(_ *testing.T, s *doctor.Subject) { s.Door.PublicURL = "https://ledger.example.com/app?x=1" },
			check: "links", worst: doctor.Bad, says: "nothing after it",
		},
		"it is served to others in the clear": {
			make:  func(_ *testing.T, s *doctor.Subject) { s.Listen = strings.Replace(s.Listen, "127.0.0.1", "0.0.0.0", 1) },
			check: "certificate", worst: doctor.Bad, says: "without TLS",
		},
		"the certificate is not there": {
			make: func(_ *testing.T, s *doctor.Subject) {
				s.Network = network.Flags{TLSCert: "/none.pem", TLSKey: "/none.key"}
			},
			check: "certificate", worst: doctor.Bad, says: "cannot be read",
		},
		"what the door remembers is all zeros": {
			make: func(_ *testing.T, s *doctor.Subject) {
				_ = os.WriteFile(filepath.Join(s.Config.Data, app.DoorFile), []byte(strings.Repeat("00", 32)), 0o600)
			},
			check: "sign-in", worst: doctor.Bad, says: "damaged",
		},
		"the identity provider is away": {
			make: func(t *testing.T, s *doctor.Subject) {
				s.Provider = provider(t, mapping, time.Time{})
				s.Provider.OIDCIssuer = "http://127.0.0.1:1"
			},
			check: "provider", worst: doctor.Bad, says: "cannot be asked",
		},
		"the mapping is not whole": {
			make: func(t *testing.T, s *doctor.Subject) {
				s.Provider = provider(t, "login: sub\nname: name\ndays: 1\n",
					time.Time{})
			},
			check: "provider", worst: doctor.Bad, says: "grant something",
		},
		"others can read the client's secret": {
			make: func(t *testing.T, s *doctor.Subject) {
				s.Provider = provider(t, mapping, time.Time{})
				_ = os.Chmod(s.Provider.OIDCClientSecretFile, 0o644)
			},
			check: "provider", worst: doctor.Bad, says: "others can read it",
		},
		"the identity provider has another time": {
			make: func(t *testing.T, s *doctor.Subject) {
				s.Provider = provider(t, mapping, s.Machine.Now().Add(2*time.Minute))
			},
			check: "provider", worst: doctor.Bad, says: "2m0s apart",
		},
		"there is no letterhead where one is named": {
			make:  func(_ *testing.T, s *doctor.Subject) { s.Config.Letterhead = "/none.yaml" },
			check: "letterhead", worst: doctor.Bad, says: "none.yaml",
		},
	} {
		t.Run(name, func(t *testing.T) {
			health := well
			if c.with != nil {
				c.with(&health)
			}
			s := subject(t, health)
			if c.make != nil {
				c.make(t, &s)
			}
			found := s.Examine(t.Context())
			if worst := doctor.Worst(found); worst != c.worst {
				t.Errorf("the worst is %s, not %s: %+v", worst, c.worst, found)
			}
			seen := false
			for _, f := range found {
				seen = seen || f.Check == c.check && strings.Contains(f.Says, c.says) && f.Do != ""
				if f.Grade != doctor.Good && f.Do == "" {
					t.Errorf("%s: %q has no remedy", f.Check, f.Says)
				}
				if strings.Contains(f.Says, "hunter2") {
					t.Errorf("a password is shown: %s", f.Says)
				}
			}
			if !seen {
				t.Errorf("%s is not found with %q: %+v", c.check, c.says, found)
			}
		})
	}
}

// Where no server runs, the engines are opened for a moment.
func TestWithoutAServerTheEnginesAreOpened(t *testing.T) {
	s := subject(t, well)
	s.HTTP = &http.Client{Transport: refused{}}
	l, store, err := app.OpenLedger(context.Background(), s.Config)
	if err != nil || l == nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	s.Config.ReadModels = "clickhouse://u:hunter2@127.0.0.1:1/db"
	said := ""
	for _, f := range s.Examine(t.Context()) {
		said += f.Check + ": " + f.Says + "\n"
	}
	for _, want := range []string{"server: no server answers", "log: the event log", "read-models: the ClickHouse"} {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
	if strings.Contains(said, "hunter2") {
		t.Errorf("a password is shown:\n%s", said)
	}
}

const mapping = "login: sub\nname: name\ndays: 1\ngrants: [{when: {g: f}, role: finance, company: true}]\n"

// provider is an identity provider that answers at a time of its own.
func provider(t *testing.T, mapping string, at time.Time) network.ProviderFlags {
	t.Helper()
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if !at.IsZero() {
			w.Header().Set("Date", at.UTC().Format(http.TimeFormat))
		}
		u := server.URL
		_ = json.NewEncoder(w).Encode(map[string]string{
			"issuer": u, "authorization_endpoint": u + "/a", "token_endpoint": u + "/t", "jwks_uri": u + "/k",
		})
	}))
	t.Cleanup(server.Close)
	dir := t.TempDir()
	f := network.ProviderFlags{
		OIDCIssuer: server.URL, OIDCClientID: "ledger", OIDCClientSecretFile: filepath.Join(dir, "secret"),
		OIDCMapping: filepath.Join(dir, "mapping.yaml"),
	}
	for path, text := range map[string]string{f.OIDCClientSecretFile: "hunter2\n", f.OIDCMapping: mapping} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

type refused struct{}

func (refused) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("connection refused")
}
