// Package door lets people in: by password, by a session of a browser, by API tokens
// of programs and by the link of a mail. What is granted
// to a person is looked up when their credentials are used, and taken back within
// seconds: [Fresh] bounds what is remembered of credentials, the directory of users
// bounds the rest.
//
// It is none of the rooms: nothing of the trade passes here.
package door

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

// People says who a login belongs to, now.
type People interface {
	Person(login string) (user.Person, bool)
}

// Options of a door.
type Options struct {
	Store  store.Store
	People People           // nil: it lets nobody in, and keeps credentials for others to look up
	Clock  func() time.Time // nil is time.Now
	Random io.Reader        // nil is the system's
	Log    *slog.Logger     // nil is silent
	Policy Policy
	// Statements says which version of a statement stands; nil: no link is good.
	Statements Statements
	// Post sends letters; nil: none can be sent.
	Post Post
	// PublicURL is the address of the console as people reach it, such as
	// https://ledger.example.com; empty: it is not known, and no mail carries a link.
	PublicURL string
	// Provider is by whom people sign in, too; nil: with passwords only. What it says of
	// them is kept by Users.
	Provider *Provider
	Users    Users
}

// Door implements [kit.Door]. It is safe for concurrent use.
type Door struct {
	store  store.Store
	people People
	clock  func() time.Time
	random io.Reader
	log    *slog.Logger
	policy Policy

	statements Statements
	post       Post
	publicURL  string

	tokens   *remembered[Token]
	sessions *remembered[session]
	used     *uses
	hashing  chan struct{} // at most so many passwords are hashed at once
	compared atomic.Int64  // passwords that were compared with a hash
	audit    *audit
	provider *provider // nil: there is none
	users    Users
	web      *webauthn.WebAuthn // nil: no passkey can be good here

	mu      sync.Mutex
	machine map[string]domain.Actor // by secret
	secrets map[domain.Actor]string
}

// New returns a door. Errors: a policy that cannot be.
func New(o Options) (*Door, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	d := &Door{
		store: o.Store, people: o.People, clock: o.Clock, random: o.Random, log: o.Log, policy: o.Policy.withDefaults(),
		statements: o.Statements, post: o.Post, publicURL: o.PublicURL,
		used: newUses(), hashing: make(chan struct{}, hashesAtOnce), users: o.Users,
		machine: map[string]domain.Actor{}, secrets: map[domain.Actor]string{},
	}
	d.tokens = newRemembered[Token](d, store.Token)
	d.sessions = newRemembered[session](d, store.Session)
	d.audit = newAudit(d)
	var err error
	if o.Provider != nil {
		d.provider, err = newProvider(*o.Provider, o.PublicURL, o.Clock)
	}
	if err == nil {
		d.web, err = relyingParty(o.PublicURL, len(d.policy.SecondFactor) > 0)
	}
	return d, errors.Join(err, d.policy.check())
}

// Machine is the login under which the machine's owner acts with the tools of the
// command line. No person has it.
const Machine = "console"

// Caller implements [kit.Door].
func (d *Door) Caller(ctx context.Context, c kit.Credentials) (kit.Caller, error) {
	switch {
	case strings.HasPrefix(c.Bearer, string(ofMachine)):
		return d.byMachine(ctx, c)
	case strings.HasPrefix(c.Bearer, "eyJ"):
		return kit.Caller{}, kit.NewProblem(ctx, http.StatusUnauthorized, "unauthenticated",
			"tokens of this kind are no longer good: they could not be revoked; `ledger token NAME ROLE` makes an API token")
	case c.Bearer != "":
		return d.byToken(ctx, c)
	}
	return d.bySession(ctx, c)
}

// person looks up who is let in. Nobody is who is unknown or suspended.
func (d *Door) person(login string) (user.Person, bool) {
	if d.people == nil {
		return user.Person{}, false
	}
	p, ok := d.people.Person(login)
	return p, ok && !p.Suspended && p.Login == login
}

// OfMachine implements [kit.Machine].
func (d *Door) OfMachine(a domain.Actor) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	secret, ok := d.secrets[a]
	if !ok {
		var err error
		if secret, err = newSecret(ofMachine, d.random); err != nil {
			return "" // nobody's credentials
		}
		d.secrets[a], d.machine[secret] = secret, a
	}
	return secret
}

func (d *Door) byMachine(ctx context.Context, c kit.Credentials) (kit.Caller, error) {
	d.mu.Lock()
	a, ok := d.machine[c.Bearer]
	d.mu.Unlock()
	if !ok {
		return kit.Caller{}, kit.NotLetIn(ctx)
	}
	return ofMachineCaller(a.Name, a.Role, a.Center), nil
}

// ofMachineCaller is the machine's owner in a role. A center's answer comes from
// its own people: in their roles it only reads.
func ofMachineCaller(login string, role domain.Role, center domain.CenterID) kit.Caller {
	reach := access.Everything()
	if role.OfCenter() {
		reach = access.OfCenter(center)
	}
	return kit.Caller{
		Login: login, Role: role, Grants: []access.Grant{{Role: role, Reach: reach}}, Via: "machine",
		ReadOnly: role.OfCenter(),
	}
}

// problem tells whoever waits what kept the door from answering.
func (d *Door) problem(ctx context.Context, err error) error {
	var (
		p *kit.Problem
		r *domain.Rejection
	)
	switch {
	case err == nil || errors.As(err, &p) || errors.As(err, &r):
		return err
	case errors.Is(err, store.ErrNone):
		return kit.NotLetIn(ctx)
	case errors.Is(err, store.ErrChanged):
		return kit.NewProblem(ctx, http.StatusConflict, "changed-meanwhile",
			"it was changed meanwhile; look again, and retry")
	}
	d.log.ErrorContext(ctx, "the door's memory cannot be reached", "error", err)
	return kit.NewProblem(ctx, http.StatusServiceUnavailable, "door-unavailable",
		"who you are cannot be looked up at the moment; retry later")
}

const (
	flushEvery = 15 * time.Second
	sweepEvery = 10 * time.Minute
)

// Run writes down what was used and noted, and removes what is over, until ctx
// ends.
func (d *Door) Run(ctx context.Context) error {
	flush, sweep := time.NewTicker(flushEvery), time.NewTicker(sweepEvery)
	defer flush.Stop()
	defer sweep.Stop()
	d.tidy(ctx)
	for {
		select {
		case <-ctx.Done():
			return d.Flush(context.WithoutCancel(ctx))
		case <-d.audit.full:
		case <-flush.C:
		case <-sweep.C:
			d.tidy(ctx)
		}
		if err := d.Flush(ctx); err != nil && ctx.Err() == nil {
			d.log.WarnContext(ctx, "the door cannot write down what was used; it will try again", "error", err)
		}
	}
}

// Flush writes down what was used and noted since.
func (d *Door) Flush(ctx context.Context) error {
	return errors.Join(d.writeUses(ctx), d.audit.write(ctx))
}

func (d *Door) tidy(ctx context.Context) {
	err := errors.Join(d.store.Sweep(ctx), d.store.Trim(ctx, store.Keep{
		Since: d.clock().Add(-d.policy.AuditAge), Most: d.policy.AuditEntries,
	}))
	if err != nil && ctx.Err() == nil {
		d.log.WarnContext(ctx, "what is over could not be removed from the door's memory", "error", err)
	}
}

// Close writes down what is left; the store is the caller's.
func (d *Door) Close() error { return d.Flush(context.Background()) }

var (
	_ kit.Door    = (*Door)(nil)
	_ kit.Machine = (*Door)(nil)
	_ kit.Auditor = (*Door)(nil)
)
