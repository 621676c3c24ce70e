package door

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

// passkey is a key pair in a person's device, by which they show who they are beside
// their password: the device asks for a finger, a face or a PIN. Its fields are stored.
type passkey struct {
	Name       string              `json:"name"`
	Made       time.Time           `json:"made"`
	LastUsed   time.Time           `json:"lastUsed,omitzero"`
	Credential webauthn.Credential `json:"credential"`
}

// Passkey is one of a person's own passkeys as they see it.
type Passkey struct {
	ID       string
	Name     string
	Made     time.Time
	LastUsed time.Time // zero: never
}

const (
	passkeysEach  = 10
	challengeLife = 5 * time.Minute
	// recentFor is how long after somebody has shown who they are they may change by what
	// they do.
	recentFor       = 10 * time.Minute
	mostPasskeyName = 60 // characters
)

// relyingParty is what passkeys are bound to: the host under which people reach the
// ledger. It is nil where none is known: a wrong guess would bind them to nothing.
func relyingParty(address string, required bool) (*webauthn.WebAuthn, error) {
	u, err := publicAddress(address)
	if err == nil && (u == nil || net.ParseIP(u.Hostname()) != nil) {
		err = domain.Failed(nil,
			"passkeys belong to the name under which people reach the ledger, not to an address: name it with --public-url")
	}
	if err != nil {
		if required {
			return nil, domain.Failed(err, "a second factor is required")
		}
		return nil, nil //nolint:nilerr // nobody has to have one
	}
	return webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: "售后台账 After-sales ledger", RPOrigins: []string{u.String()},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementDiscouraged, UserVerification: protocol.VerificationRequired,
		},
		// Some password managers say more than they are asked; none of it counts.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
}

// unfinished is the step that is left to do in a session of who holds grants.
func (d *Door) unfinished(s session, grants []access.Grant) kit.Step {
	switch {
	case s.Due && s.Factor.IsZero():
		return kit.SecondFactor
	case s.Step != "":
		return s.Step
	case s.Factor.IsZero() && d.asksSecond(grants):
		return kit.EnrolSecondFactor
	}
	return ""
}

// asksSecond reports whether the policy asks a second factor of who holds grants.
func (d *Door) asksSecond(grants []access.Grant) bool {
	return slices.ContainsFunc(grants, func(g access.Grant) bool { return slices.Contains(d.policy.SecondFactor, g.Role) })
}

// owner is a person as the library asks for them.
type owner struct {
	user.Person
	keys []webauthn.Credential
}

// WebAuthnID implements [webauthn.User]: it names the person to their device, and
// nobody else.
func (o owner) WebAuthnID() []byte {
	sum := sha256.Sum256([]byte("aftersales-ledger passkey\x00" + o.Login))
	return sum[:]
}

// WebAuthnName implements [webauthn.User].
func (o owner) WebAuthnName() string { return o.Login }

// WebAuthnDisplayName implements [webauthn.User].
func (o owner) WebAuthnDisplayName() string { return o.Name }

// WebAuthnCredentials implements [webauthn.User].
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.keys }

type keptPasskey struct {
	passkey
	record store.Record
}

func (d *Door) passkeysOf(ctx context.Context, login string) ([]keptPasskey, error) {
	records, err := d.store.Owned(ctx, store.Passkey, login)
	if err != nil {
		return nil, err
	}
	list := make([]keptPasskey, len(records))
	for i, r := range records {
		list[i].record = r
		if err := json.Unmarshal(r.Data, &list[i].passkey); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b keptPasskey) int { return a.Made.Compare(b.Made) })
	return list, nil
}

func ownerOf(p user.Person, list []keptPasskey) owner {
	o := owner{Person: p}
	for _, k := range list {
		o.keys = append(o.keys, k.Credential)
	}
	return o
}

func passkeyKey(credential []byte) string {
	sum := sha256.Sum256(credential)
	return hex.EncodeToString(sum[:])
}

// challenge is what a browser was asked to sign. It is good once, for a while, and in the
// session that asked for it. Its fields are stored.
type challenge struct {
	For  string               `json:"for"` // registration or proof
	Data webauthn.SessionData `json:"data"`
}

func (d *Door) keepChallenge(ctx context.Context, key, login, what string, data *webauthn.SessionData) error {
	if _, err := d.store.Remove(ctx, store.Challenge, key); err != nil {
		return err
	}
	return d.put(ctx, store.Challenge, key, login, 0, d.clock().Add(challengeLife), challenge{what, *data})
}

func (d *Door) takeChallenge(ctx context.Context, key, what string) (webauthn.SessionData, error) {
	over := domain.Conflict("", "", "challenge-over", "this took too long, or was done already; begin it again", "")
	r, err := d.store.Find(ctx, store.Challenge, key)
	if err != nil {
		if isNone(err) {
			err = over
		}
		return webauthn.SessionData{}, err
	}
	was, err := d.store.Remove(ctx, store.Challenge, key)
	var c challenge
	if err == nil {
		err = json.Unmarshal(r.Data, &c)
	}
	if err == nil && (!was || c.For != what) {
		err = over
	}
	return c.Data, err
}

// atHand is what somebody needs who does something with passkeys: their session, who they
// are, and those they have.
type atHand struct {
	session
	key    string
	person user.Person
	keys   []keptPasskey
	step   kit.Step
}

func (d *Door) withPasskeys(ctx context.Context) (h atHand, err error) {
	if err := d.inBrowser(ctx); err != nil {
		return h, err
	}
	if d.web == nil {
		return h, kit.NewProblem(ctx, http.StatusServiceUnavailable, "passkeys-unavailable",
			"passkeys belong to the address at which people reach the ledger, and this server does not know it; tell who runs it (--public-url)")
	}
	if h.session, h.key, err = d.ownSession(ctx, kit.CredentialsOf(ctx)); err != nil {
		return h, d.problem(ctx, err)
	}
	p, ok := d.person(h.Login)
	if !ok {
		return h, kit.NotLetIn(ctx)
	}
	h.person, h.step = p, d.unfinished(h.session, p.Grants)
	if h.keys, err = d.passkeysOf(ctx, p.Login); err != nil {
		return h, d.problem(ctx, err)
	}
	return h, nil
}

// mayChange refuses who has not shown who they are a short while ago: a browser that was
// left open changes nobody's way in.
func (d *Door) mayChange(ctx context.Context, h atHand) error {
	shown := h.Began
	if h.Factor.After(shown) {
		shown = h.Factor
	}
	switch {
	case h.step != "" && h.step != kit.EnrolSecondFactor:
		return kit.NewProblem(ctx, http.StatusForbidden, string(h.step), kit.UnfinishedSays(h.step))
	case d.clock().Sub(shown) > recentFor:
		return kit.NewProblem(ctx, http.StatusForbidden, "recent-sign-in",
			"this is for who has just signed in: use a passkey again, or sign out and in")
	}
	return nil
}

// BeginPasskey has a browser make a passkey: the options are for it.
func (d *Door) BeginPasskey(ctx context.Context) (any, error) {
	h, err := d.withPasskeys(ctx)
	if err == nil {
		err = d.mayChange(ctx, h)
	}
	if err != nil {
		return nil, err
	}
	if len(h.keys) >= passkeysEach {
		return nil, domain.Conflict("", "", "too-many-passkeys", "you have %d passkeys already; remove one first", "",
			len(h.keys))
	}
	o := ownerOf(h.person, h.keys)
	made, data, err := d.web.BeginRegistration(o,
		webauthn.WithExclusions(webauthn.Credentials(o.keys).CredentialDescriptors()))
	if err == nil {
		err = d.keepChallenge(ctx, h.key, h.Login, "registration", data)
	}
	if err != nil {
		return nil, d.problem(ctx, err)
	}
	return made.Response, nil
}

// AddPasskey keeps a passkey that a browser has made. All other sessions of the person
// end; this one goes on under a new secret, with the second factor shown.
func (d *Door) AddPasskey(ctx context.Context, name string, answer []byte) (kit.Step, http.Cookie, error) {
	h, err := d.withPasskeys(ctx)
	if err == nil {
		err = d.mayChange(ctx, h)
	}
	if err == nil {
		err = checkPasskeyName(name)
	}
	if err != nil {
		return "", http.Cookie{}, err
	}
	data, err := d.takeChallenge(ctx, h.key, "registration")
	if err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	said, err := protocol.ParseCredentialCreationResponseBytes(answer)
	var made *webauthn.Credential
	if err == nil {
		made, err = d.web.CreateCredential(ownerOf(h.person, h.keys), data, said)
	}
	if err != nil || !made.Flags.UserVerified {
		return "", http.Cookie{}, d.passkeyRefused(ctx, h.Login, err, "the device did not say who uses it")
	}
	made.Attestation = webauthn.CredentialAttestation{} // nobody asks who made the device
	key := passkeyKey(made.ID)
	err = d.put(ctx, store.Passkey, key, h.Login, 0, time.Time{},
		passkey{Name: name, Made: d.clock().UTC(), Credential: *made})
	if err == nil {
		_, err = d.store.RemoveOwned(ctx, store.Session, h.Login, h.key)
		d.sessions.forgetAll()
	}
	if err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	d.noteOf(ctx, store.Entry{What: "passkey-added", Login: h.Login, Object: nameOf(key)})
	return d.factorShown(ctx, h)
}

// factorShown goes on with a session in which the second factor was shown.
func (d *Door) factorShown(ctx context.Context, h atHand) (step kit.Step, _ http.Cookie, _ error) {
	cookie, err := d.renew(ctx, h.key, func(s *session) {
		s.Due, s.Factor = true, d.clock().UTC()
		step = d.unfinished(*s, h.person.Grants)
	})
	return step, cookie, d.problem(ctx, err)
}

// passkeyRefused is the answer to what a device has signed and that does not hold.
func (d *Door) passkeyRefused(ctx context.Context, login string, err error, why string) error {
	if err != nil {
		why = err.Error()
		if p := (*protocol.Error)(nil); errors.As(err, &p) {
			why = p.Details + " " + p.DevInfo
		}
	}
	d.noteOf(ctx, store.Entry{What: "passkey-refused", Login: login, Detail: why})
	return kit.NewProblem(ctx, http.StatusForbidden, "passkey-refused",
		"this passkey is not good here; try again, use another one, or have an administrator reset yours")
}

func checkPasskeyName(name string) error {
	if err := domain.CheckText("name", name, true); err != nil {
		return err
	}
	if strings.TrimSpace(name) != name || strings.ContainsAny(name,
		"\r\n\t") || utf8.RuneCountInString(name) > mostPasskeyName {
		return domain.Invalid("name", domain.Clip(name), "bad-passkey-name",
			"must be one line without a blank at either end, of at most %d characters", "", mostPasskeyName)
	}
	return nil
}

// BeginFactor has a browser show the second factor: the options are for it. Who has
// finished signing in may show it again, to have done so a short while ago.
func (d *Door) BeginFactor(ctx context.Context) (any, error) {
	h, err := d.withPasskeys(ctx)
	if err != nil {
		return nil, err
	}
	if len(h.keys) == 0 {
		return nil, noPasskey()
	}
	asked, data, err := d.web.BeginLogin(ownerOf(h.person, h.keys))
	if err == nil {
		err = d.keepChallenge(ctx, h.key, h.Login, "proof", data)
	}
	if err != nil {
		return nil, d.problem(ctx, err)
	}
	return asked.Response, nil
}

func noPasskey() error {
	return domain.Conflict("", "", "no-passkey", "you have no passkey; register one", "")
}

// ofFactor marks what failed of the second step: a good password does not forgive it.
const ofFactor = "\x00second factor"

// ShowFactor finishes the second step of signing in. The session goes on under a new
// secret.
func (d *Door) ShowFactor(ctx context.Context, answer []byte) (kit.Step, http.Cookie, error) {
	h, err := d.withPasskeys(ctx)
	if err != nil {
		return "", http.Cookie{}, err
	}
	if len(h.keys) == 0 {
		return "", http.Cookie{}, noPasskey()
	}
	address := kit.CredentialsOf(ctx).Address
	if err := d.try(ctx, h.Login+ofFactor, address); err != nil {
		return "", http.Cookie{}, err
	}
	data, err := d.takeChallenge(ctx, h.key, "proof")
	if err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	said, err := protocol.ParseCredentialRequestResponseBytes(answer)
	var used *webauthn.Credential
	if err == nil {
		used, err = d.web.ValidateLogin(ownerOf(h.person, h.keys), data, said)
	}
	if err != nil {
		return "", http.Cookie{}, d.passkeyRefused(ctx, h.Login, err, "")
	}
	if used.Authenticator.CloneWarning {
		return "", http.Cookie{}, d.passkeyRefused(ctx, h.Login, nil, fmt.Sprintf(
			"passkey %s counts %d, and counted further before: there may be two of it", nameOf(passkeyKey(used.ID)),
			said.Response.AuthenticatorData.Counter))
	}
	i := slices.IndexFunc(h.keys, func(k keptPasskey) bool { return k.record.Key == passkeyKey(used.ID) })
	k := h.keys[i]
	k.Credential, k.LastUsed = *used, d.clock().UTC()
	r := k.record
	if err := d.put(ctx, r.Kind, r.Key, r.Owner, r.Version, r.Expires, k.passkey); err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	d.forgive(ctx, h.Login+ofFactor, address)
	d.noteOf(ctx, store.Entry{What: "second-factor-shown", Login: h.Login, Object: nameOf(r.Key)})
	return d.factorShown(ctx, h)
}

// Passkeys lists the passkeys of who asks, the first made first.
func (d *Door) Passkeys(ctx context.Context, login string) ([]Passkey, error) {
	list, err := d.passkeysOf(ctx, login)
	out := make([]Passkey, len(list))
	for i, k := range list {
		out[i] = Passkey{nameOf(k.record.Key), k.Name, k.Made, k.LastUsed}
	}
	return out, d.problem(ctx, err)
}

func (h atHand) named(id string) (keptPasskey, error) {
	for _, k := range h.keys {
		if nameOf(k.record.Key) == id {
			return k, nil
		}
	}
	return keptPasskey{}, domain.NotFound("id", domain.Clip(id), "unknown-credentials", "is none of yours that is good")
}

// NamePasskey calls one of one's own passkeys by another name.
func (d *Door) NamePasskey(ctx context.Context, id, name string) error {
	h, err := d.withPasskeys(ctx)
	if err == nil {
		err = checkPasskeyName(name)
	}
	if err != nil {
		return err
	}
	k, err := h.named(id)
	if err != nil {
		return err
	}
	k.Name = name
	r := k.record
	return d.problem(ctx, d.put(ctx, r.Kind, r.Key, r.Owner, r.Version, r.Expires, k.passkey))
}

// RemovePasskey removes one of one's own passkeys. The last one stays while the policy
// asks for one.
func (d *Door) RemovePasskey(ctx context.Context, id string) error {
	h, err := d.withPasskeys(ctx)
	if err == nil {
		err = d.mayChange(ctx, h)
	}
	if err != nil {
		return err
	}
	k, err := h.named(id)
	if err != nil {
		return err
	}
	if len(h.keys) == 1 && d.asksSecond(h.person.Grants) {
		return domain.Conflict("id", id, "last-passkey",
			"is your only passkey, and your role needs one; register another one first", "")
	}
	was, err := d.store.Remove(ctx, store.Passkey, k.record.Key)
	if err == nil && was {
		d.noteOf(ctx, store.Entry{What: "passkey-removed", Login: h.Login, Object: id})
	}
	return d.problem(ctx, err)
}

// ResetPasskeys removes all passkeys of a person who has lost theirs, and ends their
// sessions: they sign in with what is left, and register a new one if the policy asks for
// it. Nobody resets their own.
func (d *Door) ResetPasskeys(ctx context.Context, login, reason, by string) (removed int, err error) {
	asked := login
	login = domain.Login(login)
	if err := domain.CheckText("reason", reason, true); err != nil {
		return 0, err
	}
	if login == by {
		return 0, domain.Forbidden("login", domain.Clip(asked), "own-passkeys",
			"is who asks: remove your own passkeys where you registered them, or have another administrator reset them", "4")
	}
	if d.known(login) == "" {
		return 0, domain.NotFound("login", domain.Clip(asked), "unknown-login", "is nobody's login")
	}
	if removed, err = d.store.RemoveOwned(ctx, store.Passkey, login, ""); err == nil {
		_, err = d.store.RemoveOwned(ctx, store.Session, login, "")
	}
	d.sessions.forgetAll()
	if err != nil {
		return 0, d.problem(ctx, err)
	}
	d.noteOf(ctx, store.Entry{What: "passkeys-reset", Login: by, Object: login, Detail: reason})
	return removed, nil
}
