package door

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"strings"

	"crypto/rand"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
)

// invitation lets a person set a password, once. Its fields are stored.
type invitation struct {
	Login string `json:"login"`
	By    string `json:"by"`
}

// InvitationPath is the page of the console that the link of an invitation leads to; its
// secret stands behind the '#'.
const InvitationPath = "/invitation"

// Invite makes an invitation for a person; the ones they had before are over. It is
// mailed where mails carry links and the person has an address: then nobody else has
// seen its secret. One that cannot be sent is none.
func (d *Door) Invite(ctx context.Context, login, by string) (out kit.Invitation, err error) {
	asked := login
	login = domain.Login(login)
	p, ok := d.person(login)
	if !ok {
		return out, domain.NotFound("login", domain.Clip(asked), "unknown-login", "is nobody's login, or is suspended")
	}
	secret, err := newSecret(ofInvitation, d.random)
	if err != nil {
		return out, err
	}
	if _, err := d.store.RemoveOwned(ctx, store.Invitation, login, ""); err != nil {
		return out, d.problem(ctx, err)
	}
	key, _ := keyOf(ofInvitation, secret)
	out.Until = d.clock().Add(d.policy.InvitationLife).UTC()
	if err := d.put(ctx, store.Invitation, key, login, 0, out.Until, invitation{login, by}); err != nil {
		return out, d.problem(ctx, err)
	}
	if d.post == nil || d.publicURL == "" || p.Mail == "" {
		out.Secret = secret
	} else {
		out.Mailed = maskedMail(p.Mail)
		if err := d.post.Deliver(ctx, invitationLetter(p, d.publicURL+InvitationPath+"#"+secret, out.Until)); err != nil {
			if _, removing := d.store.Remove(ctx, store.Invitation, key); removing != nil {
				return kit.Invitation{}, d.problem(ctx, removing)
			}
			return kit.Invitation{}, d.noPost(ctx, err)
		}
	}
	d.noteOf(ctx, store.Entry{What: "invited", Login: by, Object: login, Detail: out.Mailed})
	return out, nil
}

// RevokeInvitation ends the invitation that a person has.
func (d *Door) RevokeInvitation(ctx context.Context, login, by string) (bool, error) {
	login = domain.Login(login)
	n, err := d.store.RemoveOwned(ctx, store.Invitation, login, "")
	if err != nil {
		return false, d.problem(ctx, err)
	}
	if n > 0 {
		d.noteOf(ctx, store.Entry{What: "invitation-revoked", Login: by, Object: login})
	}
	return n > 0, nil
}

// TakeUp sets the password of who was invited, and lets them in. An invitation is
// good once: of two who take it up, one does.
func (d *Door) TakeUp(ctx context.Context, secret, plain string) (kit.Step, http.Cookie, error) {
	none := kit.NewProblem(ctx, http.StatusUnauthorized, "invitation-over",
		"the invitation is unknown, over or taken up already; ask for another one")
	key, ok := keyOf(ofInvitation, secret)
	if !ok {
		return "", http.Cookie{}, none
	}
	r, err := d.store.Find(ctx, store.Invitation, key)
	if err != nil {
		return "", http.Cookie{}, d.orNone(ctx, err, none)
	}
	var i invitation
	if err := json.Unmarshal(r.Data, &i); err != nil {
		return "", http.Cookie{}, err
	}
	if err := d.checkNew("password", i.Login, plain); err != nil {
		return "", http.Cookie{}, err
	}
	p, ok := d.person(i.Login)
	if !ok {
		return "", http.Cookie{}, none
	}
	was, err := d.store.Remove(ctx, store.Invitation, key)
	if err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	if !was {
		return "", http.Cookie{}, none
	}
	if err := d.setPassword(ctx, i.Login, plain, false); err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	if _, err := d.store.RemoveOwned(ctx, store.Session, i.Login, ""); err != nil {
		return "", http.Cookie{}, d.problem(ctx, err)
	}
	d.sessions.forgetAll()
	d.noteOf(ctx, store.Entry{What: "password-set", Login: i.Login, Via: "invitation"})
	return d.signedIn(ctx, p, "invitation", "")
}

func isNone(err error) bool { return errors.Is(err, store.ErrNone) }

// orNone is the answer where what was asked for is not there.
func (d *Door) orNone(ctx context.Context, err error, none *kit.Problem) error {
	if isNone(err) {
		return none
	}
	return d.problem(ctx, err)
}

// passwordLetters are those that nobody mistakes for others.
const passwordLetters = "abcdefghjkmnpqrstuvwxyz23456789"

// randomPassword draws a password of some 79 bits that can be read out.
func randomPassword(random io.Reader) (string, error) {
	var b strings.Builder
	for i := range 16 {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		n, err := rand.Int(random, big.NewInt(int64(len(passwordLetters))))
		if err != nil {
			return "", err
		}
		b.WriteByte(passwordLetters[n.Int64()])
	}
	return b.String(), nil
}
