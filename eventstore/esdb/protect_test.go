package esdb_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// A user without an administrator's rights runs the ledger once the group may
// read $all; what cannot be kept from others is said.
func TestProtect(t *testing.T) {
	for prefix, undone := range map[string]string{
		"": "administrators may still", "&streamPrefix=l-": `streams that begin with "l-" are open`,
	} {
		t.Run(map[bool]string{true: "alone", false: "shared"}[prefix == ""], func(t *testing.T) {
			cert, ca := certificate(t)
			address, ctl := esdbtest.Serve(t, newBacking(t), esdbtest.TLS(cert), esdbtest.Login("admin", "changeit"),
				esdbtest.Member("ledger", "secret", "ledgers"))
			as := func(who string) string {
				return strings.Replace(address, "esdb://", "esdb://"+who+"@", 1) + "&tlsCaFile=" + ca + prefix + quick
			}
			if _, err := esdb.Open(t.Context(), as("ledger:secret"),
				esdb.Options{}); err == nil || !strings.Contains(err.Error(), "may not read $all") {
				t.Fatalf("before: %v", err)
			}
			admin := open(t, as("admin:changeit"), esdb.Options{})
			for range 2 { // once more changes nothing
				p, err := admin.Protect(t.Context(), "ledgers")
				if err != nil || len(p.Done) == 0 || !strings.Contains(strings.Join(p.Undone, "\n"), undone) {
					t.Fatalf("%+v, %v", p, err)
				}
			}
			// The form is the one of the server's manual: type, names and lists.
			written := make(map[string]string)
			for _, stream := range []string{"$$$all", "$settings"} {
				kind, data := ctl.Own(stream)
				written[stream] = kind + " " + data
			}
			want := map[string]string{
				"$$$all": `$metadata {"$acl":{"$mr":["$admins","ledgers"],"$r":["$admins","ledgers"]}}`, "$settings": " ",
			}
			if prefix == "" {
				want["$settings"] = `update-default-acl {` +
					`"$systemStreamAcl":{"$d":"$admins","$mr":"$admins","$mw":"$admins","$r":"$admins","$w":"$admins"},` +
					`"$userStreamAcl":{"$d":"$admins","$mr":["$admins","ledgers"],"$mw":"$admins","$r":["$admins","ledgers"],"$w":["$admins","ledgers"]}}`
			}
			if diff := cmp.Diff(want, written); diff != "" {
				t.Errorf("the lists (-want +written):\n%s", diff)
			}
			member := open(t, as("ledger:secret"), esdb.Options{})
			fill(t, member, "a", eventstore.NoRevision, 2)
			if n := len(readAll(t, member, 0)); n != 2 {
				t.Errorf("the log holds %d events, want 2", n)
			}
			if _, err := member.Protect(t.Context(), "ledgers"); err == nil {
				t.Error("somebody without the right sets lists")
			}
		})
	}
}
