// Package apptest opens whole ledgers for tests. Only tests import it.
package apptest

import (
	"context"
	"errors"
	"testing"

	"aftersales-ledger/cmd/internal/app"
)

// Open opens a ledger that is closed when the test ends; it projects nothing.
func Open(t testing.TB, c app.Config) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err) // without the engine, the error says how to install it
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return a
}

// Start opens a ledger and runs it until the test ends.
func Start(t testing.TB, c app.Config) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err) // without the engine, the error says how to install it
	}
	running, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- a.Run(running) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-done, a.Close()); err != nil {
			t.Errorf("the ledger ended with: %v", err)
		}
	})
	return a
}
