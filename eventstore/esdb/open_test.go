package esdb_test

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/certtest"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// certificate makes a certificate for the loopback address, and a file that holds it.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	cert, file := certtest.Loopback(t, 1), filepath.Join(t.TempDir(), "ca.pem")
	chain, _ := certtest.PEM(t, cert)
	if err := os.WriteFile(file, chain, 0o600); err != nil {
		t.Fatal(err)
	}
	return cert, file
}

func TestTLSAndCredentials(t *testing.T) {
	const user, password = "ledger", "p@ss:w/ö?rd#%,"
	cert, file := certificate(t)
	address, ctl := esdbtest.Serve(t, newBacking(t), esdbtest.TLS(cert), esdbtest.Login(user, password))
	with := func(password, file string) string {
		login := url.UserPassword(user, password).String()
		return strings.Replace(address, "://", "://"+login+"@", 1) + "&tlsCaFile=" + url.QueryEscape(file) + quick
	}
	var said logs
	store := open(t, with(password, file), esdb.Options{Logger: said.logger()})
	fill(t, store, "a", eventstore.NoRevision, 1)
	header := "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
	if logins := ctl.Logins(); !slices.Contains(logins, header) {
		t.Fatalf("the server got the credentials %q", logins)
	}

	_, err := esdb.Open(t.Context(), with("wrong-secret", file), esdb.Options{Logger: said.logger()})
	wantError(t, err, eventstore.ErrRefused)
	if !strings.Contains(err.Error(), "user ledger is unknown to it, or the password is wrong") {
		t.Errorf("error %q does not tell whose password is wrong", err)
	}
	_, other := certificate(t)
	_, untrusted := esdb.Open(t.Context(), with(password, other), esdb.Options{Logger: said.logger()})
	wantError(t, untrusted, eventstore.ErrRefused)
	if !strings.Contains(untrusted.Error(), "certificate") || !strings.Contains(untrusted.Error(), "tlsCaFile") {
		t.Fatalf("error %q does not tell that the certificate is not trusted, and what to do", untrusted)
	}
	ctl.DropConnections()
	text := fmt.Sprint(err, untrusted, said.String())
	for _, secret := range []string{password, "wrong-secret", url.QueryEscape(password), header} {
		if strings.Contains(text, secret) {
			t.Fatalf("%q is to be read in %q", secret, text)
		}
	}
}

// Without TLS the password would go over the line in the clear.
func TestCredentialsAreNotSentInTheClear(t *testing.T) {
	address, ctl := esdbtest.Serve(t, newBacking(t))
	var said logs
	open(t, strings.Replace(address, "://", "://ledger:s3cr3t@", 1), esdb.Options{Logger: said.logger()})
	if logins := ctl.Logins(); len(logins) != 0 {
		t.Fatalf("the server got the credentials %q", logins)
	}
	if text := said.String(); !strings.Contains(text, "credentials are not sent") || strings.Contains(text, "s3cr3t") {
		t.Fatalf("logged %q", text)
	}
}

func TestConnectionStringErrorsKeepThePassword(t *testing.T) {
	var printed, said logs
	log.SetOutput(&printed)
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	for _, s := range []string{
		"ledger:s3cr3t@host",
		"http://ledger:s3cr3t@host:2113",
		"esdb://ledger:s3cr3t@host:port?tls=false",
		"esdb://ledger:s3cr3t@:2113:2113",
		"esdb://ledger:s3cr3t@h1:x,h2:y",
		"esdb://ledger:s3cr3t@host/path",
		"esdb://ledger:s3cr3t@host?tls=perhaps",
		"esdb://ledger:s3cr3t@host?tlsCaFile=missing.pem",
		"esdb://ledger:s3cr3t@host?userCertFile=x",
		"esdb://ledger:s3cr3t@host?defaultDeadline=soon",
		"esdb://ledger:s3cr3t@host?nodePreference=best",
		"esdb://:s3cr3t@host",
		"esdb://s3cr3t@host",
		"esdb://s3cr3t:@host",
		"esdb://ledger:/s3cr3t@host?tls=false",
		"esdb://ledger:?s3cr3t@host?tls=false",
		"esdb://ledger:#s3cr3t@host?tls=false",
		"esdb://ledger:%s3cr3t@host?tls=false",
		"esdb://ledger:s3cr3t",
		"esdb://ledger:s3cr3t@",
	} {
		_, err := esdb.Open(t.Context(), s, esdb.Options{Logger: said.logger()})
		if err == nil {
			t.Errorf("%q was accepted", s)
			continue
		}
		if text := err.Error() + printed.String() + said.String(); strings.Contains(text, "s3cr3t") {
			t.Errorf("the password is to be read in %q", text)
		}
	}
}

// What no waiting mends is told at once, with the remedy.
func TestOpenTellsWhatWaitingCannotMend(t *testing.T) {
	page := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(page.Close)
	plain, _ := esdbtest.Serve(t, newBacking(t))
	for name, c := range map[string]struct{ address, remedy string }{
		"a web server":     {"esdb://" + page.Listener.Addr().String() + "?tls=false" + quick, "no EventStoreDB"},
		"a server, no TLS": {strings.Replace(plain, "tls=false", "tls=true", 1) + quick, "tls=false"},
	} {
		_, err := esdb.Open(t.Context(), c.address, esdb.Options{})
		if !errors.Is(err, eventstore.ErrRefused) || !strings.Contains(err.Error(), c.remedy) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenWithoutServer(t *testing.T) {
	address, ctl := esdbtest.Serve(t, newBacking(t))
	ctl.Refuse()
	_, err := esdb.Open(t.Context(), address+quick, esdb.Options{})
	wantError(t, err, eventstore.ErrUnavailable)
	if errors.Is(err, eventstore.ErrRefused) {
		t.Errorf("a server that is away is not waited for: %v", err)
	}
}

// Who knows only a node that does not lead opens the log of the leader it names.
func TestOpenOnAFollower(t *testing.T) {
	backing := newBacking(t)
	address, one := esdbtest.Serve(t, backing)
	_, two := esdbtest.Serve(t, backing)
	one.Follow(two)
	store := open(t, address+quick, esdb.Options{})
	fill(t, store, "a", eventstore.NoRevision, 1)
	if one.Calls(esdbtest.Append) != 0 || two.Calls(esdbtest.Append) != 1 {
		t.Errorf("the follower was sent %d appends, the leader %d", one.Calls(esdbtest.Append), two.Calls(esdbtest.Append))
	}
}
