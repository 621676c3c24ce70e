package door

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
)

// session is a browser in which a person has signed in. Its fields are stored.
type session struct {
	Login   string    `json:"login"`
	Began   time.Time `json:"began"`
	Seen    time.Time `json:"seen"` // last used, to some seconds
	Via     string    `json:"via"`  // password, oidc, invitation, link
	Step    kit.Step  `json:"step,omitempty"`
	Due     bool      `json:"due,omitempty"`   // the person has a passkey: a second factor is asked for
	Factor  time.Time `json:"factor,omitzero"` // when it was shown last
	Address string    `json:"address,omitempty"`
	Agent   string    `json:"agent,omitempty"`
	// Link is the key of the link that opened it: it is for what that link is for, and
	// ends with it. ProvenUntil is until when it may answer, after a code.
	Link        string    `json:"link,omitempty"`
	ProvenUntil time.Time `json:"provenUntil,omitzero"`
}

// Session is one of a person's own sessions as they see it.
type Session struct {
	ID      string
	Began   time.Time
	Seen    time.Time
	Ends    time.Time // unless it is used before; never later than the absolute limit
	Via     string
	Address string
	Agent   string
	This    bool // the request's own
}

// sessionsEach is how many sessions a person has at most: the one that was unused
// the longest makes room.
const sessionsEach = 20

// cookieName carries the session. The prefix has browsers refuse it from anything
// but this host over TLS.
func (d *Door) cookieName() string {
	if d.policy.PlainHTTP {
		return "ledger-session"
	}
	return "__Host-ledger-session"
}

func (d *Door) cookie(secret string, life time.Duration) http.Cookie {
	c := http.Cookie{
		Name: d.cookieName(), Value: secret, Path: "/", HttpOnly: true, Secure: !d.policy.PlainHTTP,
		SameSite: http.SameSiteLaxMode, MaxAge: int(life / time.Second),
	}
	if life <= 0 {
		c.MaxAge = -1
	}
	return c
}

// begin begins a session under a new secret, whatever session the browser had: one
// that somebody put there beforehand is none of this person's.
func (d *Door) begin(ctx context.Context, s session) (http.Cookie, error) {
	c := kit.CredentialsOf(ctx)
	d.endOwn(ctx, c)
	s.Began, s.Seen = d.clock().UTC(), d.clock().UTC()
	s.Address, s.Agent = c.Address, tame(c.Agent)
	if err := d.makeRoomFor(ctx, s.Login); err != nil {
		return http.Cookie{}, err
	}
	return d.keepSession(ctx, s, s.Began.Add(d.policy.SessionAbsolute))
}

func (d *Door) keepSession(ctx context.Context, s session, until time.Time) (http.Cookie, error) {
	secret, err := newSecret(ofSession, d.random)
	if err != nil {
		return http.Cookie{}, err
	}
	key, _ := keyOf(ofSession, secret)
	if err := d.put(ctx, store.Session, key, s.Login, 0, until, s); err != nil {
		return http.Cookie{}, err
	}
	return d.cookie(secret, until.Sub(d.clock())), nil
}

// renew goes on with a session under a new secret, with what it has become: the old
// secret is worth nothing more. It ends no later than the old one.
func (d *Door) renew(ctx context.Context, key string, change func(*session)) (http.Cookie, error) {
	d.sessions.forget(key)
	s, r, err := d.sessions.find(ctx, key)
	if err != nil {
		return http.Cookie{}, err
	}
	was, err := d.store.Remove(ctx, store.Session, key)
	d.sessions.forget(key)
	if err != nil {
		return http.Cookie{}, err
	}
	if !was {
		return http.Cookie{}, store.ErrNone
	}
	change(&s)
	s.Seen = d.clock().UTC()
	return d.keepSession(ctx, s, r.Expires)
}

// makeRoomFor ends the session of a person that was unused the longest, if they
// have as many as they may.
func (d *Door) makeRoomFor(ctx context.Context, login string) error {
	list, err := d.sessionsOf(ctx, login)
	if err != nil || len(list) < sessionsEach {
		return err
	}
	oldest := slices.MinFunc(list, func(a, b keyed) int { return a.Seen.Compare(b.Seen) })
	d.sessions.forget(oldest.key)
	_, err = d.store.Remove(ctx, store.Session, oldest.key)
	return err
}

type keyed struct {
	session
	key     string
	expires time.Time
}

// sessionsOf are a person's sessions that are good, the last used first.
func (d *Door) sessionsOf(ctx context.Context, login string) ([]keyed, error) {
	records, err := d.store.Owned(ctx, store.Session, login)
	if err != nil {
		return nil, err
	}
	var list []keyed
	for _, r := range records {
		k := keyed{key: r.Key, expires: r.Expires}
		if err := json.Unmarshal(r.Data, &k.session); err != nil {
			return nil, err
		}
		if last := d.used.last(store.Session, r.Key); last.After(k.Seen) {
			k.Seen = last
		}
		if d.alive(k.session) {
			list = append(list, k)
		}
	}
	slices.SortStableFunc(list, func(a, b keyed) int { return b.Seen.Compare(a.Seen) })
	return list, nil
}

// alive reports whether a session was used not too long ago.
func (d *Door) alive(s session) bool { return d.clock().Before(s.Seen.Add(d.policy.SessionIdle)) }

// sessionKey finds the key of the session among what a request brings.
func (d *Door) sessionKey(c kit.Credentials) (key string, ok bool) {
	for _, cookie := range c.Cookies {
		if cookie.Name == d.cookieName() {
			if ok { // one of two was put there by somebody else
				return "", false
			}
			if key, ok = keyOf(ofSession, cookie.Value); !ok {
				return "", false
			}
		}
	}
	return key, ok
}

// ownSession is the session of a request.
func (d *Door) ownSession(ctx context.Context, c kit.Credentials) (s session, key string, err error) {
	key, ok := d.sessionKey(c)
	if !ok {
		return s, "", store.ErrNone
	}
	s, _, err = d.sessions.find(ctx, key)
	if err != nil {
		return s, "", err
	}
	if last := d.used.last(store.Session, key); last.After(s.Seen) {
		s.Seen = last
	}
	if !d.alive(s) {
		return s, "", store.ErrNone
	}
	return s, key, nil
}

func (d *Door) bySession(ctx context.Context, c kit.Credentials) (kit.Caller, error) {
	s, key, err := d.ownSession(ctx, c)
	if err != nil {
		return kit.Caller{}, d.problem(ctx, err)
	}
	p, ok := d.person(s.Login)
	if !ok {
		return kit.Caller{}, kit.NotLetIn(ctx)
	}
	if !c.Quiet {
		d.used.note(store.Session, key, d.clock(), c.Address)
	}
	if s.Link != "" {
		return d.byLink(ctx, s)
	}
	caller := kit.Caller{Login: p.Login, Name: p.Name, Grants: p.Grants, Via: "session"}
	caller.Unfinished = d.unfinished(s, p.Grants)
	return caller, nil
}

// Sessions lists a person's own sessions.
func (d *Door) Sessions(ctx context.Context, login string) ([]Session, error) {
	own, _ := d.sessionKey(kit.CredentialsOf(ctx))
	kept, err := d.sessionsOf(ctx, login)
	if err != nil {
		return nil, d.problem(ctx, err)
	}
	list := make([]Session, len(kept))
	for i, k := range kept {
		ends := k.Seen.Add(d.policy.SessionIdle)
		if k.expires.Before(ends) {
			ends = k.expires
		}
		list[i] = Session{
			ID: nameOf(k.key), Began: k.Began, Seen: k.Seen, Ends: ends, Via: k.Via, Address: k.Address,
			Agent: k.Agent, This: k.key == own,
		}
	}
	return list, nil
}

// EndSession ends one of a person's own sessions.
func (d *Door) EndSession(ctx context.Context, login, id string) error {
	return d.removeNamed(ctx, store.Session, login, id, login, "session-ended", d.sessions.forget)
}

// endOwn ends the session that a request came with, if it has one.
func (d *Door) endOwn(ctx context.Context, c kit.Credentials) {
	key, ok := d.sessionKey(c)
	if !ok {
		return
	}
	d.sessions.forget(key)
	if _, err := d.store.Remove(ctx, store.Session, key); err != nil {
		d.log.WarnContext(ctx, "a session could not be ended", "error", err)
	}
}

// SignOutEverywhere ends all sessions of a person, and their API tokens if asked
// to, and returns how many of each.
func (d *Door) SignOutEverywhere(
	ctx context.Context, login, by string, tokensToo bool,
) (sessions, tokens int, err error) {
	sessions, err = d.store.RemoveOwned(ctx, store.Session, login, "")
	if err == nil && tokensToo {
		tokens, err = d.store.RemoveOwned(ctx, store.Token, login, "")
	}
	d.sessions.forgetAll()
	d.tokens.forgetAll()
	if err != nil {
		return 0, 0, d.problem(ctx, err)
	}
	d.noteOf(ctx, store.Entry{What: "signed-out-everywhere", Login: by, Object: login})
	return sessions, tokens, nil
}
