package esdb_test

import (
	"os"
	"testing"

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
