package eventstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// ErrTampered: an event is not what was recorded.
var ErrTampered = errors.New("eventstore: event was changed after it was recorded")

// ChainDigest chains the events of one stream: each event's metadata carries the
// first 128 bits of a SHA-256 over the digest before it, its stream, type and
// data, and the rest of its metadata. To change an event unnoticed, all that
// follow in its stream would have to be changed, too; statements, whose hashes
// the centers hold on paper, are part of them.
//
// The zero value stands before the first event.
type ChainDigest [16]byte

func (d ChainDigest) String() string { return hex.EncodeToString(d[:]) }

const (
	sealBegin = `,"chain":"`
	sealEnd   = `"}`
	sealSize  = len(sealBegin) + 2*len(ChainDigest{}) + len(sealEnd)
)

// seal completes an event's metadata, a JSON object, with its digest.
func (d ChainDigest) seal(stream, eventType string, data, metadata []byte) (sealed []byte, next ChainDigest) {
	next = d.next(stream, eventType, data, metadata)
	sealed = make([]byte, 0, len(metadata)-1+sealSize)
	sealed = append(append(sealed, metadata[:len(metadata)-1]...), sealBegin...)
	return append(hex.AppendEncode(sealed, next[:]), sealEnd...), next
}

func (d ChainDigest) next(stream, eventType string, data, metadata []byte) (next ChainDigest) {
	h := sha256.New()
	h.Write(d[:])
	for _, part := range [][]byte{[]byte(stream), []byte(eventType), data, metadata} {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(part)))
		h.Write(size[:])
		h.Write(part)
	}
	copy(next[:], h.Sum(nil))
	return next
}

// Check holds an event against the digest of the one before it in its stream
// and returns its own. Errors: ErrTampered.
func (d ChainDigest) Check(rec Recorded) (ChainDigest, error) {
	bare, stated, ok := unseal(rec.Metadata)
	if !ok {
		return d, fmt.Errorf("%w: stream %q revision %d carries no digest", ErrTampered, rec.Stream, rec.Revision)
	}
	next := d.next(rec.Stream, rec.Type, rec.Data, bare)
	if next != stated {
		return stated, fmt.Errorf("%w: stream %q revision %d, or the one before it", ErrTampered, rec.Stream, rec.Revision)
	}
	return next, nil
}

// ChainDigest returns the digest an event states; the zero value for one of another
// program, which states none.
func (r Recorded) Digest() ChainDigest {
	_, stated, _ := unseal(r.Metadata)
	return stated
}

// unseal takes the digest off an event's metadata.
func unseal(metadata []byte) (bare []byte, stated ChainDigest, ok bool) {
	n := len(metadata) - sealSize
	if n < 1 || !bytes.HasPrefix(metadata[n:], []byte(sealBegin)) || !bytes.HasSuffix(metadata, []byte(sealEnd)) {
		return nil, stated, false
	}
	digest := metadata[n+len(sealBegin) : len(metadata)-len(sealEnd)]
	if _, err := hex.Decode(stated[:], digest); err != nil || !bytes.Equal(digest, bytes.ToLower(digest)) {
		return nil, stated, false // hex also reads capitals, which are never written
	}
	return append(bytes.Clone(metadata[:n]), '}'), stated, true
}
