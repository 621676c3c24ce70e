package door

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash/crc32"
	"io"
	"strings"
)

// A secret is what somebody carries: 256 random bits, what it is for, and a check
// sum, by which a mistyped one is known without looking it up. Of it only the
// SHA-256 is kept: 256 random bits need no slow hash.
const secretBytes = 32

// prefixes say what a secret is for, so that one is never taken for another, and
// so that programs that look for lost secrets find them.
type prefix string

const (
	ofToken      prefix = "aslt_"
	ofSession    prefix = "asls_"
	ofInvitation prefix = "asli_"
	ofLink       prefix = "aslk_"
	ofFlow       prefix = "aslf_" // a sign-in that was begun
	ofMachine    prefix = "aslm_" // good within a process only; never stored
)

var checkTable = crc32.MakeTable(crc32.Castagnoli)

// newSecret draws a secret.
func newSecret(p prefix, random io.Reader) (string, error) {
	b := make([]byte, secretBytes, secretBytes+crc32.Size)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", err
	}
	return string(p) + base64.RawURLEncoding.EncodeToString(appendCheck(p, b)), nil
}

func appendCheck(p prefix, b []byte) []byte {
	sum := crc32.Update(crc32.Checksum([]byte(p), checkTable), checkTable, b)
	return append(b, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
}

// secretLength is that of every secret, in bytes.
const secretLength = 5 + (secretBytes+crc32.Size)*8/6

// keyOf is the key under which a secret is kept; ok is false for what is none.
func keyOf(p prefix, secret string) (key string, ok bool) {
	text, ok := strings.CutPrefix(secret, string(p))
	if !ok || len(secret) != secretLength {
		return "", false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || string(appendCheck(p, b[:secretBytes:secretBytes])) != string(b) {
		return "", false
	}
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:]), true
}

// nameOf is by what a secret is listed and named to be revoked: the beginning of
// its key, from which nobody finds the secret.
func nameOf(key string) string { return key[:min(16, len(key))] }
