package door

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"aftersales-ledger/api/door/claims"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

// Provider is an organisation's identity provider, by which its people sign in: OpenID
// Connect, authorization code flow with PKCE.
type Provider struct {
	Name         string // on the button; empty: the issuer's host
	Issuer       string // as the discovery document names it
	ClientID     string
	ClientSecret Secret // empty: a public client
	Scopes       []string
	Mapping      claims.Mapping
	Transport    http.RoundTripper // nil is the system's
}

// Secret is a text that is not printed.
type Secret string

// String implements [fmt.Stringer].
func (Secret) String() string { return "••••••" }

// GoString implements [fmt.GoStringer].
func (s Secret) GoString() string { return s.String() }

// LogValue implements [slog.LogValuer].
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Users are made and changed as a provider says who somebody is.
type Users interface {
	// FollowProvider has a user be what claims come to, and returns who they are, and what
	// the claims name that the ledger knows nothing of.
	FollowProvider(ctx context.Context, key string, c user.Follow) (p user.Person, unknown access.Reach, err error)
}

// algorithms are those by which an ID token may be signed: by a key pair whose public
// half the provider publishes. None, and what is signed with the client's own secret,
// is refused.
var algorithms = []string{oidc.RS256, oidc.ES256, oidc.EdDSA}

const (
	discoverAgain = time.Hour        // a provider's endpoints are looked up anew after it
	retryDiscover = 5 * time.Second  // after a failure
	providerTime  = 10 * time.Second // for each answer of the provider
	mostAnswer    = 1 << 20          // bytes of an answer of the provider
)

// errAway: the provider does not answer, or not as one.
var errAway error = domain.Failed(nil, "the identity provider cannot be asked")

// provider is a provider with what was discovered of it.
type provider struct {
	Provider
	public *url.URL
	client *http.Client
	clock  func() time.Time

	turn   chan struct{} // held while it is looked up
	found  *discovered
	at     time.Time
	failed error
}

type discovered struct {
	*oidc.Provider
	oauth2.Config
	verifier   *oidc.IDTokenVerifier
	endSession string
	namesSelf  bool // its answers name it (RFC 9207)
}

func newProvider(p Provider, address string, clock func() time.Time) (*provider, error) {
	public, err := publicAddress(address)
	switch {
	case err != nil:
		return nil, err
	case public == nil:
		return nil,
			domain.Failed(nil, "people come back from the identity provider to the ledger's public address: name it with --public-url")
	case p.ClientID == "":
		return nil, domain.Failed(nil, "the identity provider knows the ledger by a client ID: name it with --oidc-client-id")
	}
	issuer, err := url.Parse(p.Issuer)
	if err == nil {
		err = checkSecure(issuer)
	}
	if err != nil {
		return nil, domain.Failed(err, "the identity provider's address %s", p.Issuer)
	}
	if err := p.Mapping.Check(); err != nil {
		return nil, err
	}
	if p.Name == "" {
		p.Name = issuer.Host
	}
	if !slices.Contains(p.Scopes, oidc.ScopeOpenID) {
		p.Scopes = append([]string{oidc.ScopeOpenID}, p.Scopes...)
	}
	if p.Transport == nil {
		p.Transport = http.DefaultTransport
	}
	return &provider{
		Provider: p, public: public, clock: clock, turn: make(chan struct{}, 1),
		client: &http.Client{
			Transport: bounded{p.Transport}, Timeout: providerTime,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// checkSecure refuses an address that whoever is on the way could answer for.
func checkSecure(u *url.URL) error {
	host := net.ParseIP(u.Hostname())
	switch {
	case u.Host == "" || u.User != nil || u.Fragment != "":
		return domain.Failed(nil, "must be an address such as https://id.example.com")
	case u.Scheme == "https", u.Scheme == "http" && (u.Hostname() == "localhost" || host != nil && host.IsLoopback()):
		return nil
	}
	return domain.Failed(nil, "must begin with https://")
}

// bounded bounds what is read of an answer.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(resp.Body, mostAnswer), resp.Body}
	}
	return resp, err
}

// discover looks the provider's endpoints up, or returns what was found before. While
// the provider is away it goes on with that.
func (p *provider) discover(ctx context.Context) (*discovered, error) {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	now := p.clock()
	age := now.Sub(p.at)
	switch {
	case p.found != nil && p.failed == nil && age < discoverAgain, p.found != nil && p.failed != nil &&
		age < retryDiscover:
		return p.found, nil
	case p.failed != nil && age < retryDiscover:
		return nil, p.failed
	}
	p.at = now
	found, err := p.lookUp()
	if p.failed = err; err == nil {
		p.found = found
	}
	if p.found != nil {
		return p.found, nil
	}
	return nil, err
}

// lookUp reads the discovery document. Whoever asked for it may go away meanwhile.
func (p *provider) lookUp() (*discovered, error) {
	ctx := p.asking(context.Background()) // the keys are fetched with it later
	op, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, err)
	}
	var more struct {
		EndSession string `json:"end_session_endpoint"`
		NamesSelf  bool   `json:"authorization_response_iss_parameter_supported"`
		Keys       string `json:"jwks_uri"`
	}
	if err := op.Claims(&more); err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, err)
	}
	endpoint := op.Endpoint()
	must := []string{endpoint.AuthURL, endpoint.TokenURL, more.Keys}
	for i, address := range append(must, more.EndSession, op.UserInfoEndpoint()) {
		if address == "" && i >= len(must) {
			continue
		}
		u, err := url.Parse(address)
		if err == nil {
			err = checkSecure(u)
		}
		if err != nil {
			return nil, fmt.Errorf("%w: its discovery document names %q: %w", errAway, address, err)
		}
	}
	return &discovered{
		Provider: op, endSession: more.EndSession, namesSelf: more.NamesSelf,
		Config: oauth2.Config{
			ClientID: p.ClientID, ClientSecret: string(p.ClientSecret), Endpoint: endpoint, Scopes: p.Scopes,
			RedirectURL: p.public.JoinPath(callbackPath).String(),
		},
		verifier: op.VerifierContext(ctx, &oidc.Config{
			ClientID: p.ClientID, SupportedSigningAlgs: algorithms, Now: p.clock,
		}),
	}, nil
}

func (p *provider) asking(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, p.client)
}

// Check asks the provider for its discovery document and keys, for who wants to know
// whether people can sign in by it. now is the provider's own time, zero if it does not
// say.
func (p Provider) Check(ctx context.Context, public string, clock func() time.Time) (now time.Time, err error) {
	one, err := newProvider(p, public, clock)
	if err != nil {
		return now, err
	}
	if _, err = one.discover(ctx); err != nil {
		return now, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, strings.TrimSuffix(p.Issuer, "/")+
		"/.well-known/openid-configuration", nil)
	if err != nil {
		return now, err
	}
	resp, err := one.client.Do(r)
	if err != nil {
		return now, err
	}
	now, _ = http.ParseTime(resp.Header.Get("Date"))
	return now, resp.Body.Close()
}

// publicAddress reads the address under which people reach the ledger; nil if it is
// empty. It has no path: cookies and passkeys belong to a host.
func publicAddress(text string) (*url.URL, error) {
	if text == "" {
		return nil, nil
	}
	u, err := url.Parse(text)
	if err == nil {
		err = checkSecure(u)
	}
	if err == nil && (u.Path != "" && u.Path != "/" || u.RawQuery != "") {
		err = domain.Failed(nil, "must have no path")
	}
	if err != nil {
		return nil, domain.Failed(err, "the public address %s", text)
	}
	u.Path = ""
	return u, nil
}
