package door

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/user"
)

// hashing is what a password costs to try: 19 MiB and two passes, the least that
// OWASP recommends for Argon2id.
var hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

const (
	hashesAtOnce = 4   // 76 MiB
	mostPassword = 256 // characters
)

// password is what is kept of one. Its fields are stored.
type password struct {
	Hash   string    `json:"hash"`
	Set    time.Time `json:"set"`
	Change bool      `json:"change,omitempty"` // it was given out, and is to be changed
}

// nobodysHash is tried where there is no password: the answer takes the same time
// whether a login is known or not.
var nobodysHash = sync.OnceValue(func() string {
	hash, err := argon2id.CreateHash("nobody's password", hashing)
	if err != nil {
		panic(err) // the system has no randomness
	}
	return hash
})

// hash hashes a password. At most so many are hashed at once, so that a flood of
// sign-ins takes neither the memory nor all processors.
func (d *Door) hash(ctx context.Context, plain string) (string, error) {
	release, err := d.takeTurn(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return argon2id.CreateHash(plain, hashing)
}

func (d *Door) matches(ctx context.Context, plain, hash string) (bool, error) {
	release, err := d.takeTurn(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	d.compared.Add(1)
	return argon2id.ComparePasswordAndHash(plain, hash)
}

func (d *Door) takeTurn(ctx context.Context) (release func(), err error) {
	select {
	case d.hashing <- struct{}{}:
		return func() { <-d.hashing }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// SignIn lets a person in by their password and begins a session. To whoever asks,
// an unknown login, one without a password, a suspended person and a wrong password
// are the same.
func (d *Door) SignIn(ctx context.Context, login, plain string) (kit.Step, http.Cookie, error) {
	login = domain.Login(login)
	address := kit.CredentialsOf(ctx).Address
	if err := d.try(ctx, login, address); err != nil {
		return "", http.Cookie{}, err
	}
	p, kept, err := d.proven(ctx, login, plain)
	if err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	if p.Login == "" {
		d.failed(ctx, login)
		return "", http.Cookie{}, kit.NewProblem(ctx, http.StatusUnauthorized, "sign-in-refused",
			"the login or the password is wrong")
	}
	d.forgive(ctx, login, address)
	step := kit.Step("")
	if kept.Change {
		step = kit.ChangePassword
	}
	return d.signedIn(ctx, p, "password", step)
}

// proven returns the person that a login and a password belong to; without a login
// if they belong to nobody.
func (d *Door) proven(ctx context.Context, login, plain string) (p user.Person, kept password, err error) {
	hash := nobodysHash()
	r, err := d.store.Find(ctx, store.Password, login)
	switch {
	case errors.Is(err, store.ErrNone):
	case err != nil:
		return p, kept, err
	default:
		if err := json.Unmarshal(r.Data, &kept); err != nil {
			return p, kept, err
		}
		hash = kept.Hash
	}
	if utf8.RuneCountInString(plain) > mostPassword {
		plain = "" // none is so long: it is not worth hashing
	}
	good, err := d.matches(ctx, plain, hash)
	if err != nil {
		return p, kept, err
	}
	if found, ok := d.person(login); ok && good && kept.Hash != "" {
		return found, kept, nil
	}
	return p, kept, nil
}

// signedIn begins the session of a person who has shown who they are.
func (d *Door) signedIn(ctx context.Context, p user.Person, via string, step kit.Step) (kit.Step, http.Cookie, error) {
	keys, err := d.store.Owned(ctx, store.Passkey, p.Login)
	if err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	s := session{Login: p.Login, Via: via, Step: step, Due: len(keys) > 0}
	cookie, err := d.begin(ctx, s)
	if err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	step = d.unfinished(s, p.Grants)
	d.noteOf(ctx, store.Entry{What: "signed-in", Login: p.Login, Via: via, Detail: string(step)})
	return step, cookie, nil
}

// checkNew rejects what is no good password.
func (d *Door) checkNew(field, login, plain string) error {
	switch n := utf8.RuneCountInString(plain); {
	case !utf8.ValidString(plain) || n < d.policy.PasswordLength || n > mostPassword:
		return domain.Invalid(field, "", "bad-password", "must have %d to %d characters", "", d.policy.PasswordLength,
			mostPassword)
	case domain.Login(plain) == login:
		return domain.Invalid(field, "", "bad-password", "must not be the login", "")
	}
	return nil
}

// ChangePassword changes a person's own password, who shows the one they have. All
// other sessions of theirs end; this one goes on under a new secret.
func (d *Door) ChangePassword(ctx context.Context, login, present, next string) (kit.Step, http.Cookie, error) {
	address := kit.CredentialsOf(ctx).Address
	if err := d.try(ctx, login, address); err != nil {
		return "", http.Cookie{}, err
	}
	if err := d.checkNew("next", login, next); err != nil {
		return "", http.Cookie{}, err
	}
	if next == present {
		return "", http.Cookie{}, domain.Invalid("next", "", "same-password", "must not be the present one", "")
	}
	p, _, err := d.proven(ctx, login, present)
	if err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	if p.Login == "" {
		d.failed(ctx, login)
		return "", http.Cookie{}, kit.NewProblem(ctx, http.StatusForbidden, "wrong-password", "the present password is wrong")
	}
	d.forgive(ctx, login, address)
	if err := d.setPassword(ctx, login, next, false); err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	own, _ := d.sessionKey(kit.CredentialsOf(ctx))
	if _, err := d.store.RemoveOwned(ctx, store.Session, login, own); err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	d.sessions.forgetAll()
	d.noteOf(ctx, store.Entry{What: "password-changed", Login: login})
	if own == "" {
		return "", http.Cookie{}, nil
	}
	step := kit.Step("")
	cookie, err := d.renew(ctx, own, func(s *session) {
		s.Step = ""
		step = d.unfinished(*s, p.Grants)
	})
	return step, cookie, d.problem(ctx, err)
}

// setPassword keeps a password.
func (d *Door) setPassword(ctx context.Context, login, plain string, change bool) error {
	hash, err := d.hash(ctx, plain)
	if err != nil {
		return err
	}
	var version int64
	r, err := d.store.Find(ctx, store.Password, login)
	if err == nil {
		version = r.Version
	} else if !errors.Is(err, store.ErrNone) {
		return err
	}
	return d.put(ctx, store.Password, login, login, version, time.Time{},
		password{Hash: hash, Set: d.clock().UTC(), Change: change})
}

// GivePassword gives a person a random password, to be changed at their first
// sign-in, and returns it: it is not kept. It is for the machine's owner.
func (d *Door) GivePassword(ctx context.Context, login string) (string, error) {
	login = domain.Login(login)
	if err := domain.CheckLogin("login", login); err != nil {
		return "", err
	}
	plain, err := randomPassword(d.random)
	if err != nil {
		return "", err
	}
	if err := d.setPassword(ctx, login, plain, true); err != nil {
		return "", d.problem(ctx, err)
	}
	d.noteOf(ctx, store.Entry{What: "password-given", Login: Machine, Object: login})
	return plain, nil
}

// HasPassword reports whether a person has a password.
func (d *Door) HasPassword(ctx context.Context, login string) (bool, error) {
	_, err := d.store.Find(ctx, store.Password, domain.Login(login))
	if isNone(err) {
		return false, nil
	}
	return err == nil, d.problem(ctx, err)
}
