// Package store is what the door remembers: sessions, API tokens, password
// hashes, second factors, failed attempts, invitations, links and its audit. None
// of it is an event of the trade: it is short-lived, some of it secret, and it may
// be thrown away without a figure changing.
//
// Of a secret that somebody carries (a session, a token, an invitation, a link)
// only its SHA-256 is kept, as the key of its record.
//
// Two adapters keep the same: a file for one machine (package sqlitefile), and the
// event log's own store for several nodes (package logstream). Package storetest is
// the suite that both pass.
package store

import (
	"context"
	"errors"
	"time"
)

// Kind is what a record is of. The names are stored: they are frozen.
type Kind string

const (
	Session    Kind = "session"
	Token      Kind = "token"
	Password   Kind = "password"   // its key is the owner's login
	Attempts   Kind = "attempts"   // failed sign-ins of a login from an address
	Invitation Kind = "invitation" // sets a first password, once
	Link       Kind = "link"       // opens one statement; its owner is the statement
	Code       Kind = "code"       // that was sent by mail; its key is the session's
	SignIn     Kind = "sign-in"    // by an identity provider, that was begun
	Passkey    Kind = "passkey"    // its key is the SHA-256 of the credential's ID
	Challenge  Kind = "challenge"  // that a passkey is to sign; its key is the session's
	Mark       Kind = "mark"       // what belongs to the door itself

	// Webhooks are kept in the same kind of store (package hooks).
	Webhook      Kind = "webhook"
	WebhookPlace Kind = "webhook-place" // how far it has come; its key is the webhook's
	Undelivered  Kind = "undelivered"   // its owner is the webhook
)

// Most is how many records of a kind are kept. What anybody can cause to be
// written is bounded: beyond it, the one that expires first makes room.
var Most = map[Kind]int{
	Session: 100_000, Token: 50_000, Password: 50_000,
	Attempts: 50_000, Invitation: 10_000, Link: 50_000, Code: 20_000, SignIn: 50_000, Passkey: 50_000, Challenge: 20_000,
	Mark:    100,
	Webhook: 2_000, WebhookPlace: 2_000, Undelivered: 50_000,
}

// Record is one thing that the door remembers.
type Record struct {
	Kind    Kind
	Key     string // unique within the kind
	Owner   string // login of the person it belongs to; empty: nobody's
	Version int64  // counts the writes of a record, from 1
	Expires time.Time
	Data    []byte // JSON
}

// Over reports whether a record has expired; one without a time never does.
func (r Record) Over(now time.Time) bool { return !r.Expires.IsZero() && !now.Before(r.Expires) }

// Entry is one line of the door's audit. It holds no secret.
type Entry struct {
	Number    int64     `json:"-"` // grows along the audit; given by the store
	At        time.Time `json:"at"`
	What      string    `json:"what"`            // signed-in, sign-in-refused, denied, exported, …
	Login     string    `json:"login,omitempty"` // empty: nobody that is known
	Role      string    `json:"role,omitempty"`
	Via       string    `json:"via,omitempty"` // password, invitation, session, token, machine
	Address   string    `json:"address,omitempty"`
	Agent     string    `json:"agent,omitempty"`
	Operation string    `json:"operation,omitempty"`
	Object    string    `json:"object,omitempty"` // what was read, such as a statement
	Scope     string    `json:"scope,omitempty"`  // how far the rights reached that were used
	Detail    string    `json:"detail,omitempty"`
}

// Filter narrows the audit. Zero values do not.
type Filter struct {
	What, Login, Address, Object string
	From, Until                  time.Time // At lies in [From, Until)
	Before                       int64     // numbers below it: the next page
	Limit                        int       // at most MostEntries; 0 is MostEntries
}

// Matches reports whether an entry passes all but Before and Limit.
func (f Filter) Matches(e Entry) bool {
	return (f.What == "" || f.What == e.What) && (f.Login == "" || f.Login == e.Login) &&
		(f.Address == "" || f.Address == e.Address) && (f.Object == "" || f.Object == e.Object) &&
		(f.From.IsZero() || !e.At.Before(f.From)) && (f.Until.IsZero() || e.At.Before(f.Until))
}

// Bounded is the filter's limit.
func (f Filter) Bounded() int {
	if f.Limit <= 0 || f.Limit > MostEntries {
		return MostEntries
	}
	return f.Limit
}

// MostEntries is how many entries one answer holds.
const MostEntries = 1000

// Keep bounds the audit.
type Keep struct {
	Since time.Time // entries before it go
	Most  int       // the oldest beyond this many go
}

// Store is the port. What has expired is not there: it is neither found nor
// listed, and Sweep removes it.
type Store interface {
	// Find returns a record, or ErrNone.
	Find(ctx context.Context, kind Kind, key string) (Record, error)
	// Owned lists a person's records of a kind, all of the kind if owner is empty,
	// by key.
	Owned(ctx context.Context, kind Kind, owner string) ([]Record, error)
	// Put writes a record whose Version is the one that was read; zero: there must
	// be none. Otherwise it returns ErrChanged and writes nothing.
	Put(ctx context.Context, r Record) error
	// Remove removes a record and reports whether it was there. Of several who
	// remove one at once, one is told so: what is good once is used by removing it.
	Remove(ctx context.Context, kind Kind, key string) (bool, error)
	// RemoveOwned removes a person's records of a kind, except one key if that is
	// not empty, and returns how many.
	RemoveOwned(ctx context.Context, kind Kind, owner, except string) (int, error)
	// Sweep removes what has expired.
	Sweep(ctx context.Context) error

	// Note appends to the audit.
	Note(ctx context.Context, entries ...Entry) error
	// Entries lists the audit, the newest first.
	Entries(ctx context.Context, f Filter) ([]Entry, error)
	// Trim removes old entries of the audit.
	Trim(ctx context.Context, k Keep) error

	Close() error
}

var (
	// ErrNone: there is no such record, or it has expired.
	ErrNone = errors.New("there is no such record")
	// ErrChanged: the record is not the one that was read; see Retry.
	ErrChanged = errors.New("the record was changed meanwhile")
	// ErrUnavailable: what the door remembers cannot be read or written just now.
	ErrUnavailable = errors.New("the door's memory cannot be reached")
)

// Retry reads and writes a record again while others changed it between the two.
func Retry(readAndWrite func() error) error {
	for {
		if err := readAndWrite(); !errors.Is(err, ErrChanged) {
			return err
		}
	}
}
