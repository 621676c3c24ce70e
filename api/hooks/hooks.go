// Package hooks tells other programs what happens: it posts to addresses that
// people of the department registered what those people may know, signed by the
// scheme of Standard Webhooks, tries again as long as notices are tried, and keeps
// what could not be delivered for a person to send again.
//
// Registrations are no events. They hold a secret, which must be readable to sign
// with and must be gone once it is replaced, and no figure changes by them: they
// are the door's kind of memory and are kept in one of its stores. What they may
// tell is looked up when they do, as of their owner: of somebody who is suspended,
// or whose role has ended, nothing more is told.
//
// A message is delivered at least once and, to one address, in the order of the
// log. Its webhook-id is made of the registration and the position: a receiver that
// keeps the ids it has seen takes none twice, whatever crashes. Of several servers
// one delivers for a registration at a time.
package hooks

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/live"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
)

// Options are what hooks work with.
type Options struct {
	Store  store.Store
	Tail   *eventstore.Tail
	Places *live.Places
	People People
	Rules  policy.NoticeRules // how hard a delivery is tried
	Clock  eventstore.Clock
	Log    *slog.Logger
	// Networks are addresses beside public ones that may be told, such as an
	// integration server of one's own. They may be spoken to without TLS.
	Networks []netip.Prefix
}

// People knows who is let in.
type People interface {
	Person(login string) (user.Person, bool)
}

// Hooks are the registrations and their deliveries.
type Hooks struct {
	Options
	sender *sender
	holder string // of leases: this process
}

// New returns hooks that Run delivers for.
func New(o Options) *Hooks {
	return &Hooks{Options: o, sender: newSender(o.Networks), holder: rand.Text()}
}

// Hook is one registration.
type Hook struct {
	ID      string      `json:"id"`
	URL     string      `json:"url"`
	Types   []string    `json:"types,omitempty"` // of events; empty: all
	Note    string      `json:"note,omitempty"`
	Owner   string      `json:"owner"`
	Role    domain.Role `json:"role"` // in which its owner registered it
	Made    time.Time   `json:"made"`
	Secrets []secret    `json:"secrets"` // the first signs; those before it sign along until they end
	Paused  string      `json:"paused,omitempty"`
	version int64
}

type secret struct {
	Text  string    `json:"text"`
	Until time.Time `json:"until,omitzero"`
}

// secretBytes is how long a secret is; the scheme asks for 24 to 64.
const secretBytes = 32

// oldSecretFor is how long a secret that was replaced signs along.
const oldSecretFor = 24 * time.Hour

// administrator is who sees to every registration: the hooks themselves, too.
var administrator = domain.Actor{Role: domain.Administrator}

// mostHooks bounds the registrations of one person.
const mostHooks = 20

func newSecret() string {
	key := make([]byte, secretBytes)
	_, _ = rand.Read(key) // never fails
	return "whsec_" + base64.StdEncoding.EncodeToString(key)
}

// Add keeps a new registration and returns it with its secret.
func (h *Hooks) Add(ctx context.Context, owner domain.Actor, address, note string, types []string) (Hook, error) {
	if err := h.checkAddress(address); err != nil {
		return Hook{}, err
	}
	if _, ok := h.reachOf(Hook{Owner: owner.Name, Role: owner.Role}); !ok {
		return Hook{}, domain.Conflict("url", address, "webhook-of-nobody",
			"would tell nothing: a webhook tells what a user may know, and %s is no user who holds the role %s", "4",
			owner.Name, owner.Role)
	}
	own, err := h.List(ctx, owner.Name)
	if err != nil {
		return Hook{}, err
	}
	if len(own) >= mostHooks {
		return Hook{}, domain.Conflict("url", address, "too-many-webhooks", "is one too many: a person has at most %d", "", mostHooks)
	}
	known := eventstore.Trade.Types()
	for _, t := range types {
		if !slices.Contains(known, t) {
			return Hook{}, domain.Invalid("types", domain.Clip(t), "unknown-type", "is no type of an event", "")
		}
	}
	hook := Hook{
		ID: "wh_" + strings.ToLower(rand.Text()), URL: address, Types: types, Note: note, Owner: owner.Name, Role: owner.Role,
		Made: h.Clock(), Secrets: []secret{{Text: newSecret()}},
	}
	// It tells what is recorded from now on.
	head, err := h.Tail.Head(ctx)
	if err != nil {
		return Hook{}, err
	}
	if _, err := h.putPlace(ctx, hook.ID, place{Position: head}); err != nil {
		return Hook{}, err
	}
	return hook, h.put(ctx, hook)
}

// checkAddress refuses what is no address to post to, and what leads to none that is
// spoken to, where the address itself says so. Where a name leads is looked at when it
// is spoken to: it may lead elsewhere by then.
func (h *Hooks) checkAddress(address string) error {
	bad := domain.Invalid("url", domain.Clip(address), "bad-webhook-url",
		"must be an address such as https://example.com/hooks, without user, password and #", "")
	u, err := url.Parse(address)
	switch {
	case err != nil, u.Hostname() == "", u.Opaque != "", len(address) > 1000:
		return bad
	case u.User != nil, u.Fragment != "":
		return bad
	case u.Scheme != "https" && (u.Scheme != "http" || len(h.Networks) == 0):
		return bad
	}
	at, literal, err := literalOf(u.Hostname())
	switch {
	case err != nil:
		return bad
	case literal && mayDial(netip.AddrPortFrom(at, 0).String(), h.Networks, u.Scheme == "https") != nil:
		return domain.Invalid("url", domain.Clip(address), "webhook-not-public",
			"leads to %s, which is no public address; what lies in a network of your own is told once the operator names it with --webhook-network",
			"", at)
	}
	return nil
}

// literalOf is the address that a host is in itself, without asking anybody. What ends
// like a number is one, or nothing: some resolvers read 0x7f.1 and 2130706433 as one.
func literalOf(host string) (at netip.Addr, literal bool, err error) {
	if at, err := netip.ParseAddr(host); err == nil {
		return at, true, nil
	}
	name, err := idna.Lookup.ToASCII(host) // of digits in other scripts, too
	if err != nil {
		return at, false, err
	}
	name = strings.TrimSuffix(name, ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}), true, nil
	}
	last := name[strings.LastIndex(name, ".")+1:]
	if _, err := strconv.ParseUint(last, 0, 64); err != nil && strings.Trim(last, "0123456789") != "" {
		return at, false, nil
	}
	at, err = netip.ParseAddr(name)
	return at, true, err
}

func (h *Hooks) put(ctx context.Context, hook Hook) error {
	data, err := json.Marshal(hook)
	if err != nil {
		return err
	}
	return h.Store.Put(ctx, store.Record{
		Kind: store.Webhook, Key: hook.ID, Owner: hook.Owner, Version: hook.version, Data: data,
	})
}

func decoded(r store.Record) (hook Hook, err error) {
	err = json.Unmarshal(r.Data, &hook)
	hook.version = r.Version
	return hook, err
}

// List returns the registrations of a person, of everybody if owner is empty, the
// oldest first.
func (h *Hooks) List(ctx context.Context, owner string) (list []Hook, err error) {
	records, err := h.Store.Owned(ctx, store.Webhook, owner)
	for _, r := range records {
		hook, err := decoded(r)
		if err != nil {
			return nil, err
		}
		list = append(list, hook)
	}
	slices.SortFunc(list, func(a, b Hook) int { return cmp.Or(a.Made.Compare(b.Made), strings.Compare(a.ID, b.ID)) })
	return list, err
}

// find returns a registration that somebody may see to: their own or, for an
// administrator, anybody's. Others' are not there.
func (h *Hooks) find(ctx context.Context, id string, who domain.Actor) (Hook, error) {
	r, err := h.Store.Find(ctx, store.Webhook, id)
	if errors.Is(err, store.ErrNone) || err == nil && r.Owner != who.Name && who.Role != domain.Administrator {
		return Hook{}, domain.NotFound("webhook", domain.Clip(id), "unknown-webhook", "is not registered")
	}
	if err != nil {
		return Hook{}, err
	}
	return decoded(r)
}

// Remove ends a registration; what was not delivered goes with it.
func (h *Hooks) Remove(ctx context.Context, id string, who domain.Actor) error {
	if _, err := h.find(ctx, id, who); err != nil {
		return err
	}
	for _, kind := range []store.Kind{store.Webhook, store.WebhookPlace} {
		if _, err := h.Store.Remove(ctx, kind, id); err != nil {
			return err
		}
	}
	_, err := h.Store.RemoveOwned(ctx, store.Undelivered, id, "")
	return err
}

// change reads, changes and writes a registration.
func (h *Hooks) change(ctx context.Context, id string, who domain.Actor, change func(*Hook)) (hook Hook, err error) {
	err = store.Retry(func() error {
		if hook, err = h.find(ctx, id, who); err != nil {
			return err
		}
		change(&hook)
		return h.put(ctx, hook)
	})
	return hook, err
}

// Renew gives a registration a new secret. The one before signs along for a day.
func (h *Hooks) Renew(ctx context.Context, id string, who domain.Actor) (Hook, error) {
	return h.change(ctx, id, who, func(hook *Hook) {
		before := hook.Secrets[0]
		before.Until = h.Clock().Add(oldSecretFor)
		hook.Secrets = []secret{{Text: newSecret()}, before}
	})
}

// Pause stops deliveries, or has them go on where they stopped.
func (h *Hooks) Pause(ctx context.Context, id string, who domain.Actor, paused bool) (Hook, error) {
	return h.change(ctx, id, who, func(hook *Hook) {
		if hook.Paused = ""; paused {
			hook.Paused = "by " + who.Name
		}
	})
}

// place is how far a registration has come, and who delivers for it.
type place struct {
	Position eventstore.Position `json:"position"`
	Failing  time.Time           `json:"failing,omitzero"` // since when
	Attempts int                 `json:"attempts,omitempty"`
	Next     time.Time           `json:"next,omitzero"` // when it is tried again
	Problem  string              `json:"problem,omitempty"`
	Holder   string              `json:"holder,omitempty"`
	Held     time.Time           `json:"held,omitzero"` // until when
	version  int64
}

func (h *Hooks) placeOf(ctx context.Context, id string) (p place, err error) {
	r, err := h.Store.Find(ctx, store.WebhookPlace, id)
	if err != nil {
		return p, err
	}
	err = json.Unmarshal(r.Data, &p)
	p.version = r.Version
	return p, err
}

func (h *Hooks) putPlace(ctx context.Context, id string, p place) (place, error) {
	data, err := json.Marshal(p)
	if err != nil {
		return p, err
	}
	err = h.Store.Put(ctx, store.Record{Kind: store.WebhookPlace, Key: id, Version: p.version, Data: data})
	p.version++
	return p, err
}

// Undelivered is a message that was given up.
type Undelivered struct {
	Message string      `json:"message"`
	Hook    string      `json:"hook"`
	Change  live.Change `json:"change"`
	Since   time.Time   `json:"since"`
	Problem string      `json:"problem"`
}

// undeliveredFor is how long they are kept.
const undeliveredFor = 30 * 24 * time.Hour

// Undelivered lists what a registration could not deliver, in the order of the log.
func (h *Hooks) Undelivered(ctx context.Context, id string, who domain.Actor) (list []Undelivered, err error) {
	if _, err := h.find(ctx, id, who); err != nil {
		return nil, err
	}
	records, err := h.Store.Owned(ctx, store.Undelivered, id)
	for _, r := range records {
		var u Undelivered
		if err := json.Unmarshal(r.Data, &u); err != nil {
			return nil, err
		}
		list = append(list, u)
	}
	slices.SortFunc(list, func(a, b Undelivered) int { return cmp.Compare(a.Change.Position, b.Change.Position) })
	return list, err
}

// Resend tries a message again that was given up, once and now.
func (h *Hooks) Resend(ctx context.Context, id, message string, who domain.Actor) error {
	hook, err := h.find(ctx, id, who)
	if err != nil {
		return err
	}
	r, err := h.Store.Find(ctx, store.Undelivered, message)
	if errors.Is(err, store.ErrNone) || err == nil && r.Owner != id {
		return domain.NotFound("message", domain.Clip(message), "unknown-message", "is no message that waits to be sent again")
	}
	var u Undelivered
	if err == nil {
		err = json.Unmarshal(r.Data, &u)
	}
	if err != nil {
		return err
	}
	if failed := h.send(ctx, hook, u.Change); failed != nil {
		return domain.Conflict("message", message, "not-delivered", "was not taken: %s", "", failed.Error())
	}
	_, err = h.Store.Remove(ctx, store.Undelivered, message)
	return err
}

// messageID is the same for a message however often it is sent.
func messageID(hook string, c live.Change) string { return fmt.Sprintf("%s_%020d", hook, c.Position) }
