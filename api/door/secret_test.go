package door

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
)

// Whatever is sent, only what was drawn is taken for a secret, in its one writing,
// and for what it was drawn for.
func FuzzOnlyWhatWasDrawnIsTakenForASecret(f *testing.F) {
	secret, err := newSecret(ofToken, bytes.NewReader(bytes.Repeat([]byte{7}, secretBytes)))
	if err != nil || len(secret) != secretLength {
		f.Fatalf("%s: %v", secret, err)
	}
	key, ok := keyOf(ofToken, secret)
	if !ok {
		f.Fatal("what was drawn is none")
	}
	for _, seed := range []string{
		"", secret, secret + "=", strings.ToUpper(secret), "asls_" + secret[5:], secret[:20], "eyJh.b.c",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		for _, p := range []prefix{ofToken, ofSession, ofInvitation, ofLink, ofFlow, ofMachine} {
			got, ok := keyOf(p, sent)
			if !ok {
				continue
			}
			again, err := newSecret(p, bytes.NewReader(drawnOf(t, sent)))
			if err != nil || again != sent {
				t.Errorf("%q is taken for a secret that is written %q", sent, again)
			}
			if (got == key) != (sent == secret) {
				t.Errorf("%q has the key of %q", sent, secret)
			}
		}
	})
}

// drawnOf are the random bytes that a secret carries.
func drawnOf(t *testing.T, secret string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(secret[5:])
	if err != nil {
		t.Fatal(err)
	}
	return b[:secretBytes]
}
