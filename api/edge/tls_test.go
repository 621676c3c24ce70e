package edge_test

import (
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/edge"
	"aftersales-ledger/eventstore/certtest"
)

// certificate writes a certificate with a serial number.
func certificate(t *testing.T, chain, key string, serial int64) {
	t.Helper()
	certificate, private := certtest.PEM(t, certtest.Loopback(t, serial))
	for path, text := range map[string][]byte{chain: certificate, key: private} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		at := time.Unix(serial, 0) // the files of each have a time of their own
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACertificateIsServedAndReadAgainWhenItIsRenewed(t *testing.T) {
	dir := t.TempDir()
	chain, key := filepath.Join(dir, "chain.pem"), filepath.Join(dir, "key.pem")
	certificate(t, chain, key, 1)
	config, err := edge.FromFiles(chain, key, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := edge.Defaults()
	s := edge.Server(signedIn(fine), b, slog.New(slog.DiscardHandler))
	s.TLSConfig = config
	go func() { _ = s.ServeTLS(edge.Listen(l, b), "", "") }()
	t.Cleanup(func() { _ = s.Close() })

	serial := func() int64 {
		transport := &http.Transport{
			ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true,
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+l.Addr().String(), nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Login", "a")
		resp, err := (&http.Client{Transport: transport}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.ProtoMajor != 2 || resp.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("answered %s by %s with %v", resp.Status, resp.Proto, resp.Header)
		}
		return resp.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	if n := serial(); n != 1 {
		t.Errorf("certificate %d is served", n)
	}
	certificate(t, chain, key, 2)
	if n := serial(); n != 2 {
		t.Errorf("after a renewal certificate %d is served", n)
	}
	certificate(t, chain, key, 3)
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if n := serial(); n != 2 {
		t.Errorf("with a key that everybody can read certificate %d is served", n)
	}
	_, err = edge.FromFiles(chain, key, slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a start with a key that everybody can read: %v", err)
	}
	if err := errors.Join(os.Chmod(key, 0o600), os.WriteFile(key, []byte("none"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if n := serial(); n != 2 {
		t.Errorf("with a key that cannot be read certificate %d is served", n)
	}
}

func TestACertificateThatIsNotThereIsSaidAtTheStart(t *testing.T) {
	if _, err := edge.FromFiles("/none.pem", "/none.key", nil); err == nil {
		t.Error("a certificate that is not there is served")
	}
}
