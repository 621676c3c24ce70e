package edge_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"aftersales-ledger/api/edge"
	"aftersales-ledger/eventstore/certtest"
)

// authority is one that gives out certificates by the protocol (RFC 8555), as far as a
// server needs it: an order for a name, proved by the server's own TLS (RFC 8737). It
// takes the signatures of its client for granted.
type authority struct {
	t      *testing.T
	url    string
	proves string // address of the server that must prove itself
	key    *ecdsa.PrivateKey
	root   *x509.Certificate

	mu     sync.Mutex
	domain string
	valid  bool
	chain  []byte
	given  int
}

// idOfACME is the extension by which a certificate proves a name.
var idOfACME = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	own := certtest.Loopback(t, 1)
	a := &authority{t: t, key: own.PrivateKey.(*ecdsa.PrivateKey), root: own.Leaf}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	a.url = server.URL
	return a
}

// ServeHTTP answers as an authority does.
func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var envelope struct{ Payload string }
	_ = json.NewDecoder(r.Body).Decode(&envelope)
	payload, _ := base64.RawURLEncoding.DecodeString(envelope.Payload)
	w.Header().Set("Replay-Nonce", rand.Text())
	say := func(status int, body map[string]any) {
		w.Header().Set("Location", a.url+strings.Replace(r.URL.Path, "/new", "/", 1))
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(body)
	}
	status := map[bool]string{true: "valid", false: "pending"}[a.valid]
	order := map[string]any{
		"status": map[bool]string{true: "ready", false: "pending"}[a.valid], "authorizations": []string{a.url + "/proof"},
		"finalize": a.url + "/finalize", "identifiers": []any{map[string]string{"type": "dns", "value": a.domain}},
	}
	challenge := map[string]any{"type": "tls-alpn-01", "url": a.url + "/challenge", "token": "token", "status": status}
	switch r.URL.Path {
	case "/":
		say(http.StatusOK, map[string]any{
			"newNonce": a.url + "/nonce", "newAccount": a.url + "/newaccount", "newOrder": a.url + "/neworder",
		})
	case "/nonce":
	case "/newaccount":
		say(http.StatusCreated, map[string]any{"status": "valid"})
	case "/neworder":
		var wish struct{ Identifiers []struct{ Value string } }
		_ = json.Unmarshal(payload, &wish)
		a.domain = wish.Identifiers[0].Value
		order["identifiers"] = []any{map[string]string{"type": "dns", "value": a.domain}}
		say(http.StatusCreated, order)
	case "/order":
		say(http.StatusOK, order)
	case "/proof":
		say(http.StatusOK, map[string]any{
			"status": status, "identifier": map[string]string{"type": "dns", "value": a.domain}, "challenges": []any{challenge},
		})
	case "/challenge":
		a.valid = a.proven()
		say(http.StatusOK, challenge)
	case "/finalize":
		var wish struct{ CSR string }
		_ = json.Unmarshal(payload, &wish)
		a.give(wish.CSR)
		order["status"], order["certificate"] = "valid", a.url+"/certificate"
		say(http.StatusOK, order)
	case "/certificate":
		_, _ = w.Write(a.chain)
	default:
		http.NotFound(w, r)
	}
}

// proven asks the server to prove that it is the name's.
func (a *authority) proven() bool {
	c, err := tls.Dial("tcp", a.proves, &tls.Config{
		ServerName: a.domain, NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true,
	})
	if err != nil {
		a.t.Errorf("the server does not prove itself: %v", err)
		return false
	}
	defer func() { _ = c.Close() }()
	for _, extension := range c.ConnectionState().PeerCertificates[0].Extensions {
		if extension.Id.Equal(idOfACME) && extension.Critical {
			return true
		}
	}
	a.t.Error("what the server shows proves nothing")
	return false
}

// give signs what was asked for, if it was proven.
func (a *authority) give(csr string) {
	der, _ := base64.RawURLEncoding.DecodeString(csr)
	request, err := x509.ParseCertificateRequest(der)
	if err != nil || !a.valid {
		a.t.Errorf("a certificate is asked for, proven %t: %v", a.valid, err)
		return
	}
	a.given++
	leaf, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(int64(1 + a.given)), DNSNames: request.DNSNames, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(90 * 24 * time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a.root, request.PublicKey, a.key)
	if err != nil {
		a.t.Error(err)
	}
	a.chain = nil
	for _, der := range [][]byte{leaf, a.root.Raw} {
		a.chain = append(a.chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
}

// serveTLS answers over TLS, and returns where.
func serveTLS(t *testing.T, config *tls.Config) (address string) {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ledger") })}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String()
}

// A server that names an authority is given a certificate for its name at the first
// connection, by proving itself; keeps it privately over a restart; and asks for none
// for a name that it does not serve.
func TestACertificateIsHadFromAnAuthority(t *testing.T) {
	a := newAuthority(t)
	wish := edge.ACME{
		Domains: []string{"ledger.example.com"}, Directory: a.url + "/", Cache: filepath.Join(t.TempDir(), "certificates"),
	}
	trusted := x509.NewCertPool()
	trusted.AddCert(a.root)
	visit := func(address, name string) error {
		c, err := tls.Dial("tcp", address, &tls.Config{ServerName: name, RootCAs: trusted, NextProtos: []string{"http/1.1"}})
		if err == nil {
			err = c.Close()
		}
		return err
	}
	for _, start := range []string{"the first", "a restart"} {
		config, err := edge.FromACME(wish)
		if err != nil {
			t.Fatal(err)
		}
		a.proves = serveTLS(t, config)
		for range 2 {
			if err := visit(a.proves, "ledger.example.com"); err != nil {
				t.Fatalf("after %s: %v", start, err)
			}
		}
		if err := visit(a.proves, "evil.example.com"); err == nil {
			t.Error("a name that is not served has a certificate")
		}
	}
	if a.given != 1 {
		t.Errorf("%d certificates were given out", a.given)
	}
	kept, err := os.ReadDir(wish.Cache)
	if err != nil || len(kept) < 2 {
		t.Fatalf("kept %v (%v)", kept, err)
	}
	for _, file := range kept {
		if info, err := file.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %v (%v)", file.Name(), info.Mode(), err)
		}
	}
}
