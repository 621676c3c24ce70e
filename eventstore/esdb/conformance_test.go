package esdb_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/storetest"
)

// The port's promises, through real gRPC.
func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Harness {
		address, _ := esdbtest.Serve(t, newBacking(t))
		return storetest.Harness{
			Open: func(t *testing.T, clock eventstore.Clock) eventstore.Store {
				return open(t, address, esdb.Options{Clock: clock})
			},
		}
	})
}

// The same against a real server, if the environment names one. Its log is
// shared with whoever else uses it, and what it holds may be younger than the
// suite's clock.
func TestConformanceOfServer(t *testing.T) {
	address := os.Getenv("LEDGER_TEST_ESDB")
	if address == "" {
		t.Skip("LEDGER_TEST_ESDB names no server")
	}
	storetest.Run(t, func(*testing.T) storetest.Harness {
		return storetest.Harness{
			Shared:     true,
			ServerTime: true,
			Open: func(t *testing.T, clock eventstore.Clock) eventstore.Store {
				return open(t, address, esdb.Options{Clock: clock})
			},
		}
	})
}

// Every kind of event that the trade and its users know comes back from a server as it
// was written, and is read as what it is.
func TestEveryKindOfEventComesBackAsItWasWritten(t *testing.T) {
	address, _ := esdbtest.Serve(t, newBacking(t))
	s := open(t, address, esdb.Options{})
	examples, err := filepath.Glob("../testdata/events/*.json")
	if err != nil || len(examples) < 150 {
		t.Fatalf("%d examples (%v)", len(examples), err)
	}
	written := map[string][]byte{}
	for _, path := range examples {
		name, _, _ := strings.Cut(filepath.Base(path), ".")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var data bytes.Buffer
		if err := json.Compact(&data, text); err != nil {
			t.Fatal(err)
		}
		stream := "example-" + strings.TrimSuffix(filepath.Base(path), ".json")
		written[stream] = data.Bytes()
		if _, err := s.Append(t.Context(), stream, eventstore.NoStream(), []eventstore.Proposed{{
			ID: uuid.New(), Type: name, Data: data.Bytes(), Metadata: []byte(`{"schemaVersion":1}`),
		}}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	read := 0
	for rec, err := range s.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if read++; !bytes.Equal(rec.Data, written[rec.Stream]) {
			t.Errorf("%s came back as %s", rec.Stream, rec.Data)
		}
		if !slices.Contains(eventstore.Trade.Types(), rec.Type) {
			t.Errorf("%s is of no known type %s", rec.Stream, rec.Type)
		}
	}
	if read != len(examples) {
		t.Errorf("%d of %d came back", read, len(examples))
	}
}

// open opens a store that is closed with the test.
func open(t *testing.T, address string, opts esdb.Options) *esdb.Store {
	t.Helper()
	s, err := esdb.Open(t.Context(), address, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}
