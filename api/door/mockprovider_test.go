package door_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"aftersales-ledger/domain/domaintest"
)

// idp is an identity provider that says what a test has it say.
type idp struct {
	t     testing.TB
	clock *domaintest.Clock
	http  *httptest.Server

	mu     sync.Mutex
	keys   []jose.JSONWebKey // published
	sign   signer
	codes  map[string]url.Values // requests that were answered with a code
	person map[string]any        // claims of who is signed in there
	change func(map[string]any)  // what is wrong with its next tokens
	away   bool
	asked  int // tokens that were asked for
	more   map[string]any
}

type signer struct {
	alg jose.SignatureAlgorithm
	key any
	kid string
}

const clientSecret = "hunter2-of-the-ledger"

func newIDP(t testing.TB, clock *domaintest.Clock) *idp {
	p := &idp{t: t, clock: clock, codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: p.keys})
	})
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, p.authorize(p.http.URL+r.URL.String()).String(), http.StatusFound)
	})
	mux.HandleFunc("/token", p.token)
	mux.HandleFunc("/userinfo", func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(p.more)
	})
	p.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		away := p.away
		p.mu.Unlock()
		if away {
			http.Error(w, "down for maintenance", http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.http.Close)
	p.rotate("k1", jose.RS256)
	return p
}

func (p *idp) set(change func(*idp)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

// rotate has it sign with a new key, and publish that alone.
func (p *idp) rotate(kid string, alg jose.SignatureAlgorithm) {
	p.t.Helper()
	var private crypto.Signer
	var err error
	switch alg {
	case jose.ES256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.EdDSA:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.set(func(p *idp) {
		p.sign = signer{alg, private, kid}
		p.keys = []jose.JSONWebKey{{Key: private.Public(), KeyID: kid, Algorithm: string(alg), Use: "sig"}}
	})
}

func (p *idp) discovery(w http.ResponseWriter, _ *http.Request) {
	u := p.http.URL
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"issuer": u, "authorization_endpoint": u + "/authorize", "token_endpoint": u + "/token", "jwks_uri": u + "/keys",
		"userinfo_endpoint": u + "/userinfo", "end_session_endpoint": u + "/leave?from=ledger",
		"id_token_signing_alg_values_supported":          []string{"RS256", "HS256", "none"},
		"authorization_response_iss_parameter_supported": true,
	})
}

// authorize is somebody signing in at the provider: it returns where it sends the
// browser back to.
func (p *idp) authorize(address string) *url.URL {
	p.t.Helper()
	at, err := url.Parse(address)
	if err != nil || at.Host != p.host() || at.Path != "/authorize" {
		p.t.Fatalf("the browser was sent to %q, not to the provider", address)
	}
	q := at.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("code_challenge") == "" || q.Get("state") == "" ||
		q.Get("nonce") == "" || q.Get("response_type") != "code" || q.Get("client_id") != "ledger" {
		p.t.Fatalf("the request to the provider lacks something: %s", address)
	}
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil {
		p.t.Fatal(err)
	}
	code := rand.Text()
	p.set(func(p *idp) { p.codes[code] = q })
	back.RawQuery = url.Values{
		"code": {code}, "state": {q.Get("state")}, "iss": {p.http.URL}, "session_state": {"of the provider's own"},
	}.Encode()
	return back
}

func (p *idp) host() string { return p.http.Listener.Addr().String() }

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	id, secret, _ := r.BasicAuth()
	if id == "" {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	asked, known := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if id != "ledger" || secret != clientSecret || !known ||
		r.PostFormValue("redirect_uri") != asked.Get("redirect_uri") ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != asked.Get("code_challenge") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	now := p.clock.Now()
	claims := map[string]any{
		"iss": p.http.URL, "aud": "ledger", "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"nonce": asked.Get("nonce"),
	}
	maps.Copy(claims, p.person)
	if p.change != nil {
		p.change(claims)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"access_token": "opaque", "token_type": "Bearer", "id_token": p.signed(claims),
	})
}

func (p *idp) signed(claims map[string]any) string {
	payload, err := json.Marshal(claims)
	if err != nil {
		p.t.Fatal(err)
	}
	if p.sign.alg == "none" {
		part := base64.RawURLEncoding.EncodeToString
		return part([]byte(`{"alg":"none"}`)) + "." + part(payload) + "."
	}
	signs, err := jose.NewSigner(jose.SigningKey{Algorithm: p.sign.alg, Key: p.sign.key},
		(&jose.SignerOptions{}).WithHeader("kid", p.sign.kid))
	if err != nil {
		p.t.Fatal(err)
	}
	signed, err := signs.Sign(payload)
	if err != nil {
		p.t.Fatal(err)
	}
	text, err := signed.CompactSerialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return text
}

func mustRSA(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
