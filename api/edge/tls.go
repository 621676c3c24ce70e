package edge

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"

	"aftersales-ledger/domain"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// FromFiles serves the certificate of two PEM files, the chain and its key. They
// are read again when they change, so that a renewal needs no restart; until what
// is new can be read, the one before is served.
func FromFiles(chain, key string, log *slog.Logger) (*tls.Config, error) {
	f := &files{chain: chain, key: key, log: log}
	if err := f.read(); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.current(), nil },
	}, nil
}

// KeyIsKept refuses a key that everybody on the machine can read: whoever has it is the
// server to every browser. A group of the machine's, such as that of its other servers,
// may read it.
func KeyIsKept(key string) error {
	info, err := os.Stat(key)
	if err != nil {
		return domain.Failed(err, "the certificate cannot be read")
	}
	if info.Mode().Perm()&0o007 != 0 {
		return domain.Failed(nil, "key %s can be read by everybody on this machine: chmod 600 it, and have another certificate made",
			key)
	}
	return nil
}

type files struct {
	chain, key string
	log        *slog.Logger

	mu          sync.Mutex
	certificate *tls.Certificate
	of          [2]time.Time // when the files it was read from were changed
}

func (f *files) changed() (at [2]time.Time, err error) {
	for i, path := range []string{f.chain, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return at, err
		}
		at[i] = info.ModTime()
	}
	return at, nil
}

func (f *files) read() error {
	at, err := f.changed()
	if err != nil {
		return domain.Failed(err, "the certificate cannot be read")
	}
	if err := KeyIsKept(f.key); err != nil {
		return err
	}
	c, err := tls.LoadX509KeyPair(f.chain, f.key)
	if err != nil {
		return domain.Failed(err, "certificate %s with key %s", f.chain, f.key)
	}
	f.certificate, f.of = &c, at
	return nil
}

func (f *files) current() *tls.Certificate {
	f.mu.Lock()
	defer f.mu.Unlock()
	if at, err := f.changed(); err == nil && at != f.of {
		if err := f.read(); err != nil {
			f.log.Warn("the new certificate cannot be read; the one before is served", "error", err)
		} else {
			f.log.Info("a new certificate is served", "expires", f.certificate.Leaf.NotAfter)
		}
	}
	return f.certificate
}

// ACME is how a certificate is had from an authority by itself: it is asked for
// at the first connection and renewed before it ends (RFC 8555, RFC 8737). The
// authority must reach this server on port 443.
type ACME struct {
	Domains   []string // names that are served; another is refused
	Directory string   // of the authority; empty: Let's Encrypt
	Mail      string   // where the authority warns
	Cache     string   // folder of the account's key and the certificates, private
}

// FromACME serves certificates that an authority gives out. By naming a directory
// its terms are agreed to.
func FromACME(a ACME) (*tls.Config, error) {
	if err := os.MkdirAll(a.Cache, 0o700); err != nil {
		return nil, domain.Failed(err, "the folder of the certificates")
	}
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(a.Cache), HostPolicy: autocert.HostWhitelist(a.Domains...),
		Email: a.Mail,
	}
	if a.Directory != "" {
		m.Client = &acme.Client{DirectoryURL: a.Directory}
	}
	config := m.TLSConfig()
	config.MinVersion = tls.VersionTLS12
	return config, nil
}
