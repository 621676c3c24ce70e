package door

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"aftersales-ledger/api/door/claims"
	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/user"
)

const (
	startPath    = "/v1/sign-in/provider"
	callbackPath = "/v1/sign-in/provider/callback"

	// flowLife is how long somebody may take at the provider.
	flowLife = 10 * time.Minute
	// clockSkew is how far the provider's clock may differ from ours.
	clockSkew = time.Minute
	mostTo    = 2000 // bytes of a path
)

// flow is a sign-in by a provider that was begun and is not finished. It belongs to one
// browser, by a cookie, and is good once. Its fields are stored.
type flow struct {
	State    string `json:"state,omitempty"`
	Nonce    string `json:"nonce,omitempty"`
	Verifier string `json:"verifier,omitempty"`
	To       string `json:"to,omitempty"` // path that the browser is to see afterwards
	// Refused is why it came to nothing, to be said once where one signs in.
	Refused map[wording.Language]string `json:"refused,omitempty"`
}

// flowCookie carries the secret of a flow. It goes along when the provider sends the
// browser back, so it cannot be strict.
func (d *Door) flowCookie(secret string, life time.Duration) http.Cookie {
	c := d.cookie(secret, life)
	c.Name = d.flowCookieName()
	return c
}

func (d *Door) flowCookieName() string {
	return strings.TrimSuffix(d.cookieName(), "session") + "sign-in"
}

// checkTo refuses what is no path of our own: nobody is sent elsewhere from here.
func checkTo(to string) error {
	u, err := url.Parse(to)
	switch {
	case err != nil, !strings.HasPrefix(to, "/"), strings.HasPrefix(to, "//"), u.Scheme != "", u.Host != "", u.User != nil,
		len(to) > mostTo, strings.Contains(to, `\`),
		strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r > '~' }),
		strings.Contains(to, "#"), strings.Contains(u.Path, "//"), strings.HasPrefix(u.Path, "/v1/"),
		strings.Contains(u.Path, `\`):
		return domain.Invalid("to", domain.Clip(to), "path-elsewhere",
			"must be the path of a page of this server, such as /receivables",
			"")
	}
	return nil
}

// randomText is a text of 256 random bits.
func (d *Door) randomText() (string, error) {
	b := make([]byte, secretBytes)
	if _, err := io.ReadFull(d.random, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// BeginByProvider begins to sign somebody in by the identity provider: their browser
// goes to the address, and keeps the cookie meanwhile. While the provider is away that
// is a page of ours that says so.
func (d *Door) BeginByProvider(ctx context.Context, to string) (address string, cookies []http.Cookie, err error) {
	if to == "" {
		to = "/"
	}
	if err := checkTo(to); err != nil {
		return "", nil, err
	}
	if d.provider == nil {
		return "", nil, domain.NotFound("", "", "no-provider",
			"people do not sign in by an identity provider here; sign in with a password")
	}
	found, err := d.provider.discover(ctx)
	if err != nil {
		return d.refused(ctx, to, d.providerAway(), store.Entry{Detail: err.Error()})
	}
	f := flow{To: to}
	for _, text := range []*string{&f.State, &f.Nonce, &f.Verifier} {
		if *text, err = d.randomText(); err != nil {
			return "", nil, err
		}
	}
	c, err := d.keepFlow(ctx, f)
	if err != nil {
		return "", nil, d.problem(ctx, err)
	}
	return found.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), []http.Cookie{c}, nil
}

func (d *Door) keepFlow(ctx context.Context, f flow) (http.Cookie, error) {
	secret, err := newSecret(ofFlow, d.random)
	if err != nil {
		return http.Cookie{}, err
	}
	key, _ := keyOf(ofFlow, secret)
	if err := d.put(ctx, store.SignIn, key, "", 0, d.clock().Add(flowLife), f); err != nil {
		return http.Cookie{}, err
	}
	return d.flowCookie(secret, flowLife), nil
}

// flowKey finds the key of the flow among what a request brings.
func (d *Door) flowKey(ctx context.Context) (key string, ok bool) {
	for _, c := range kit.CredentialsOf(ctx).Cookies {
		if c.Name != d.flowCookieName() {
			continue
		}
		if ok { // one of two was put there by somebody else
			return "", false
		}
		if key, ok = keyOf(ofFlow, c.Value); !ok {
			return "", false
		}
	}
	return key, ok
}

// takeFlow is the flow of the browser that asks, which is over by that.
func (d *Door) takeFlow(ctx context.Context) (f flow, key string, err error) {
	key, ok := d.flowKey(ctx)
	if !ok {
		return f, "", store.ErrNone
	}
	r, err := d.store.Find(ctx, store.SignIn, key)
	if err != nil {
		return f, key, err
	}
	was, err := d.store.Remove(ctx, store.SignIn, key)
	if err == nil && !was {
		err = store.ErrNone
	}
	if err != nil {
		return f, key, err
	}
	return f, key, json.Unmarshal(r.Data, &f)
}

// fromProvider is what the provider has the browser bring back.
type fromProvider struct {
	Code   string
	State  string
	Issuer string
	Error  string
	Says   string // the provider's own words; kept in the audit, shown to nobody
}

// FinishByProvider signs in whom the provider sends back. to is the path that the
// browser is to see now; who is refused is told why there, by [Door.Ways].
func (d *Door) FinishByProvider(ctx context.Context, from fromProvider) (to string, cookies []http.Cookie, err error) {
	f, key, err := d.takeFlow(ctx)
	if err != nil && !isNone(err) {
		return "", nil, d.problem(ctx, err)
	}
	if d.provider == nil || f.State == "" || subtle.ConstantTimeCompare([]byte(f.State), []byte(from.State)) != 1 {
		return d.refused(ctx, "/", domain.Forbidden("", "", "sign-in-over",
			"this sign-in was not begun in this browser, took too long or was finished already; begin it again", ""),
			store.Entry{Detail: "sign-in-over"})
	}
	who, why, err := d.identify(ctx, f, from)
	if err != nil {
		return d.refused(ctx, f.To, err, store.Entry{Detail: why})
	}
	p, unknown, err := d.users.FollowProvider(ctx, "oidc-"+nameOf(key)+nameOf(key[16:]), who)
	note := store.Entry{Login: d.known(who.Login), Object: who.Subject}
	if err != nil {
		note.Detail = codeOf(err)
		return d.refused(ctx, f.To, err, note)
	}
	if !unknown.Nothing() {
		d.noteOf(ctx, store.Entry{
			What: "claims-unknown", Login: p.Login, Via: "oidc", Scope: scopeText(unknown),
			Detail: "the ledger does not know them",
		})
	}
	p, ok := d.person(p.Login)
	if !ok {
		note.Detail = "suspended"
		return d.refused(ctx, f.To, kit.NotLetIn(ctx), note)
	}
	_, cookie, err := d.signedIn(ctx, p, viaProvider, "")
	return f.To, []http.Cookie{d.flowCookie("", 0), cookie}, err
}

// viaProvider is how a session began that a provider let in.
const viaProvider = "oidc"

func codeOf(err error) string {
	var r *domain.Rejection
	if errors.As(err, &r) {
		return r.Code + " " + r.Field + " " + r.Value
	}
	return err.Error()
}

func (d *Door) providerAway() error {
	return domain.Forbidden("", "", "provider-away",
		"the identity provider %s does not answer; try again later, or sign in with a password if you have one", "",
		d.provider.Name)
}

// identify asks the provider whom it has sent, and holds its answer against everything
// that it must say. why is for the audit alone.
func (d *Door) identify(ctx context.Context, f flow, from fromProvider) (who user.Follow, why string, err error) {
	bad := func(why string) (user.Follow, string, error) {
		return user.Follow{}, why, domain.Forbidden("", "", "provider-answer",
			"the answer of the identity provider is not good; begin again, and tell an administrator if that does not help", "")
	}
	away := func(err error) (user.Follow, string, error) { return user.Follow{}, err.Error(), d.providerAway() }
	found, err := d.provider.discover(ctx)
	switch {
	case err != nil:
		return away(err)
	case from.Issuer != "" && from.Issuer != d.provider.Issuer, from.Issuer == "" && found.namesSelf:
		return bad("answer of another issuer")
	case from.Error != "" || from.Code == "":
		return who, from.Error + " " + from.Says, domain.Forbidden("", "", "provider-refused",
			"the identity provider did not let you in; begin again, or ask who administers it", "")
	}
	asking := d.provider.asking(ctx)
	token, err := found.Exchange(asking, from.Code, oauth2.VerifierOption(f.Verifier))
	if said := (*oauth2.RetrieveError)(nil); errors.As(err, &said) && said.Response.StatusCode < 500 {
		return bad("code refused: " + said.ErrorCode)
	} else if err != nil {
		return away(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := found.verifier.Verify(asking, raw)
	if err != nil {
		return bad(err.Error())
	}
	said, why := d.held(id, f)
	if why == "" && id.AccessTokenHash != "" && id.VerifyAccessToken(token.AccessToken) != nil {
		why = "at_hash"
	}
	if why != "" {
		return bad(why)
	}
	if d.provider.Mapping.UserInfo {
		more, err := found.UserInfo(asking, oauth2.StaticTokenSource(token))
		if err != nil {
			return away(err)
		}
		if more.Subject != id.Subject || more.Claims(&said) != nil {
			return bad("userinfo of another subject")
		}
	}
	if who, err = d.provider.Mapping.Person(said); err != nil {
		return who, codeOf(err), err
	}
	who.Identity = user.Identity{Issuer: id.Issuer, Subject: id.Subject}
	return who, "", nil
}

// held are the claims of an ID token whose signature, issuer, audience and end are good
// already; why says what else is not.
func (d *Door) held(id *oidc.IDToken, f flow) (said claims.Claims, why string) {
	if err := id.Claims(&said); err != nil {
		return nil, err.Error()
	}
	now := d.clock()
	azp, named := said["azp"]
	switch {
	case id.Subject == "":
		return nil, "no subject"
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Nonce)) != 1:
		return nil, "nonce"
	case named && azp != d.provider.ClientID, !named && len(id.Audience) > 1:
		return nil, "azp"
	case said["iat"] == nil || id.IssuedAt.After(now.Add(clockSkew)) || id.IssuedAt.Before(now.Add(-flowLife)):
		return nil, "iat " + id.IssuedAt.UTC().Format(time.RFC3339) + ", here it is " + now.UTC().Format(time.RFC3339)
	}
	return said, ""
}

// refused has the browser see a page of ours where it is told why it was not let in.
func (d *Door) refused(
	ctx context.Context, to string, why error, note store.Entry,
) (string, []http.Cookie, error) {
	note.What, note.Via = "sign-in-refused", viaProvider
	d.noteOf(ctx, note)
	f := flow{Refused: map[wording.Language]string{}}
	for _, l := range []wording.Language{wording.Chinese, wording.English} {
		f.Refused[l] = kit.ProblemOf(wording.With(ctx, l), why).Error()
	}
	cookie, err := d.keepFlow(ctx, f)
	if err != nil {
		return "", nil, d.problem(ctx, err)
	}
	return to, []http.Cookie{cookie}, nil
}

// Ways are how people sign in here.
type Ways struct {
	Provider string // name of the identity provider; empty: with a password only
	Away     string // why nobody signs in by it at the moment, in the reader's language
	Refused  string // why the sign-in that this browser has tried came to nothing; said once
}

// askProvider bounds how long a page of ours waits for the provider.
const askProvider = 3 * time.Second

// Ways says how the browser that asks may sign in.
func (d *Door) Ways(ctx context.Context) (w Ways, cookies []http.Cookie, err error) {
	if d.provider == nil {
		return w, nil, nil
	}
	w.Provider = d.provider.Name
	short, cancel := context.WithTimeout(ctx, askProvider)
	defer cancel()
	if _, err := d.provider.discover(short); err != nil {
		w.Away = kit.ProblemOf(ctx, d.providerAway()).Detail
	}
	key, ok := d.flowKey(ctx)
	if !ok {
		return w, nil, nil
	}
	r, err := d.store.Find(ctx, store.SignIn, key)
	if isNone(err) {
		return w, nil, nil
	}
	var f flow
	if err == nil {
		err = json.Unmarshal(r.Data, &f)
	}
	if err == nil && f.Refused != nil {
		w.Refused, cookies = f.Refused[wording.Of(ctx)], []http.Cookie{d.flowCookie("", 0)}
		_, err = d.store.Remove(ctx, store.SignIn, key)
	}
	return w, cookies, d.problem(ctx, err)
}

// providerSignOut is where somebody ends what the provider remembers of them, too; empty
// if it does not say, or did not let them in.
func (d *Door) providerSignOut(ctx context.Context) string {
	s, _, err := d.ownSession(ctx, kit.CredentialsOf(ctx))
	if err != nil || s.Via != viaProvider || d.provider == nil {
		return ""
	}
	short, cancel := context.WithTimeout(ctx, askProvider)
	defer cancel()
	found, err := d.provider.discover(short)
	if err != nil || found.endSession == "" {
		return ""
	}
	u, err := url.Parse(found.endSession)
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Set("client_id", d.provider.ClientID)
	q.Set("post_logout_redirect_uri", d.provider.public.JoinPath("/").String())
	u.RawQuery = q.Encode()
	return u.String()
}
