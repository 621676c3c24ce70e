package app_test

import (
	"strings"
	"testing"

	"aftersales-ledger/cmd/app"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// A prefix that is changed by accident would show an empty ledger.
func TestThePrefixOfALogIsKeptBesideIt(t *testing.T) {
	address, _ := esdbtest.Serve(t, sqliteLog(t))
	data := t.TempDir()
	open := func(prefix string) error {
		_, store, err := app.OpenLedger(t.Context(), app.Config{Data: data, Log: address + prefix})
		if err == nil {
			err = store.Close()
		}
		return err
	}
	if err := open("&streamPrefix=ledger-"); err != nil {
		t.Fatal(err)
	}
	for _, other := range []string{"", "&streamPrefix=ledger2-"} {
		if err := open(other); err == nil || !strings.Contains(err.Error(), `"ledger-"`) {
			t.Errorf("%q: %v", other, err)
		}
	}
	if err := open("&streamPrefix=ledger-"); err != nil {
		t.Error(err)
	}
}
