package door_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/claims"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
)

const public = "https://ledger.example.com"

// registry are users as the domain has them: what a provider says of somebody is
// decided as in the ledger. 华北 is no region of it.
type registry struct {
	mu    sync.Mutex
	now   func() time.Time
	users user.Users
	seen  []user.Event
}

func (r *registry) today() calendar.Date { return calendar.DateOf(r.now()) }

func (r *registry) Person(login string) (user.Person, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	u, ok := r.users.Named(login)
	return u.On(r.today()), ok
}

func (r *registry) take(events []user.Event, err error) error {
	for _, e := range events {
		r.users.Evolve(e)
	}
	r.seen = append(r.seen, events...)
	return err
}

func (r *registry) FollowProvider(
	_ context.Context, _ string, c user.Follow,
) (p user.Person, unknown access.Reach, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.By = user.ByProvider(c.Issuer)
	var known []user.Wanted
	for _, w := range c.Wanted {
		if slices.Contains(w.Reach.Regions, "华北") {
			unknown = unknown.And(access.Reach{Regions: []string{"华北"}})
			w.Reach.Regions = slices.DeleteFunc(w.Reach.Regions, func(n string) bool { return n == "华北" })
		}
		if !w.Reach.Nothing() {
			known = append(known, w)
		}
	}
	c.Wanted = known
	if err := r.take(r.users.Follow(c, r.today())); err != nil {
		return p, unknown, err
	}
	u, _ := r.users.Identified(c.Identity)
	p = u.On(r.today())
	return p, unknown, p.CheckGranted()
}

// organisation is a house whose people sign in by a provider.
type organisation struct {
	*house
	idp    *idp
	users  *registry
	public string
}

func mapping() claims.Mapping {
	return claims.Mapping{
		Login: claims.Text{Claim: "preferred_username"}, Name: "name", Mail: "email", Create: true, Days: 30,
		Rules: []claims.Rule{
			{When: []claims.Requirement{{Claim: "groups", Values: []string{"ledger-finance"}}}, Role: domain.Finance,
				Reach: access.Everything()},
			{When: []claims.Requirement{{Claim: "groups", Values: []string{"ledger-region"}}}, Role: domain.RegionalAdmin,
				From: claims.Names{Kind: access.OfRegions, Claim: "groups", Prefix: "region-"}},
			{When: []claims.Requirement{{Claim: "groups", Values: []string{"ledger-head"}}}, Role: domain.CenterHead,
				From: claims.Names{Kind: access.OfOneCenter, Claim: "center"}},
		},
	}
}

func wang() map[string]any {
	return map[string]any{
		"sub": "0001", "preferred_username": "Wang.Fang", "name": "王芳", "email": "wang.fang@example.com",
		"email_verified": true, "groups": []string{"everybody", "ledger-finance"},
	}
}

func organise(t testing.TB, change func(*claims.Mapping)) *organisation {
	t.Helper()
	o := &organisation{house: build(t, door.Policy{})}
	o.idp = newIDP(t, o.clock)
	o.users = &registry{now: o.clock.Now}
	if err := o.users.take(o.users.users.Begin(user.Begin{Create: user.Create{
		Login: "admin", Name: "管理员", Mail: "admin@example.com", Reason: "上线", By: "console",
	}}, o.users.today())); err != nil {
		t.Fatal(err)
	}
	o.idp.person = wang()
	o.reopen(change)
	return o
}

// reopen begins a server anew: another mapping is read at a start.
func (o *organisation) reopen(change func(*claims.Mapping)) {
	o.t.Helper()
	m := mapping()
	if change != nil {
		change(&m)
	}
	if o.public == "" {
		o.public = public
	}
	d, err := door.New(door.Options{
		Store: o.memory, People: o.users, Users: o.users, Clock: o.clock.Now, PublicURL: o.public, Provider: &door.Provider{
			Name: "单位账号", Issuer: o.idp.http.URL, ClientID: "ledger", ClientSecret: clientSecret, Scopes: []string{"profile"},
			Mapping: m,
		},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	o.door, o.server = d, serve(d)
}

// start goes to the provider.
func (v *visitor) start(to string) (address string) {
	v.h.t.Helper()
	r := v.get("/v1/sign-in/provider?to=" + url.QueryEscape(to))
	if r.status != http.StatusSeeOther {
		v.h.t.Fatalf("the sign-in was not begun: %d %s", r.status, r.body)
	}
	return r.header.Get("Location")
}

// byProvider signs in by the provider, and returns the page that is seen then.
func (o *organisation) byProvider(v *visitor) (page string) {
	o.t.Helper()
	return o.back(v, o.idp.authorize(v.start("/receivables?asOf=2026-03-01")).RequestURI())
}

func (o *organisation) back(v *visitor, path string) (page string) {
	o.t.Helper()
	r := v.get(path)
	if r.status != http.StatusSeeOther {
		o.t.Fatalf("the browser was not sent on: %d %s", r.status, r.body)
	}
	return r.header.Get("Location")
}

// why is what the sign-in page says of the sign-in that came to nothing.
func (v *visitor) why() string {
	v.h.t.Helper()
	var ways door.SignInWays
	if r := v.get("/v1/sign-in"); r.status != http.StatusOK || json.Unmarshal([]byte(r.body), &ways) != nil {
		v.h.t.Fatalf("how to sign in: %d %s", r.status, r.body)
	}
	return ways.Refused
}

func (v *visitor) me() (m door.Me) {
	v.h.t.Helper()
	if r := v.get("/v1/me"); r.status == http.StatusOK {
		if err := json.Unmarshal([]byte(r.body), &m); err != nil {
			v.h.t.Fatal(err)
		}
	}
	return m
}

func (o *organisation) events() (list []string) {
	for _, e := range o.users.seen {
		list = append(list, e.EventType()+" "+user.About(e))
	}
	o.users.seen = nil
	return list
}

func TestAPersonSignsInByTheProviderAndIsWhatItsClaimsComeTo(t *testing.T) {
	o := organise(t, nil)
	o.events()
	v := o.browser()
	if page := o.byProvider(v); page != "/receivables?asOf=2026-03-01" {
		t.Errorf("then they see %q", page)
	}
	m := v.me()
	if m.Login != "wang.fang" || m.Name != "王芳" || len(m.Grants) != 1 || m.Grants[0].Role != domain.Finance ||
		!m.Grants[0].All {
		t.Errorf("they are %+v", m)
	}
	if got := o.events(); !slices.Equal(got, []string{
		"UserCreated wang.fang", "IdentityLinked wang.fang", "RoleGranted wang.fang",
	}) {
		t.Errorf("recorded was %q", got)
	}
	u, _ := o.users.users.Named("wang.fang")
	if g := u.Granted[0]; g.By != "oidc:"+o.idp.host() || g.Reason != "groups=ledger-finance" ||
		g.Until != o.users.today().AddDays(30) {
		t.Errorf("granted was %+v", g)
	}
	if o.byProvider(o.browser()); len(o.events()) != 0 {
		t.Error("the same claims again changed something")
	}
	if got := o.seen(); !slices.Equal(got, []string{"signed-in wang.fang", "signed-in wang.fang"}) {
		t.Errorf("the audit has %q", got)
	}
	var out door.SignedOut
	if r := v.post("/v1/sign-out", nil); json.Unmarshal([]byte(r.body), &out) != nil ||
		out.Provider != o.idp.http.URL+"/leave?client_id=ledger&from=ledger&post_logout_redirect_uri="+
			url.QueryEscape(public+"/") {
		t.Errorf("to sign out at the provider: %+v", out)
	}
	if v.me().Login != "" {
		t.Error("the session goes on after signing out")
	}
}

// A browser that knows nothing of all this follows where it is sent, by TLS and with a
// jar of cookies.
func TestABrowserIsLedToTheProviderAndBack(t *testing.T) {
	o := organise(t, nil)
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/receivables" {
			_, _ = w.Write([]byte("the page"))
			return
		}
		o.server.ServeHTTP(w, r)
	}))
	defer server.Close()
	o.public = server.URL
	o.reopen(nil)
	browser := server.Client()
	browser.Jar, _ = cookiejar.New(nil)
	read := func(path string) string {
		t.Helper()
		resp, err := browser.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		return resp.Request.URL.String() + " " + string(text)
	}
	if got, want := read("/v1/sign-in/provider?to=/receivables"), server.URL+"/receivables the page"; got != want {
		t.Errorf("the browser ends at %s, not %s", got, want)
	}
	if got := read("/v1/me"); !strings.Contains(got, `"login":"wang.fang"`) {
		t.Errorf("and is %s", got)
	}
	at, _ := url.Parse(server.URL)
	for _, c := range browser.Jar.Cookies(at) {
		if c.Name != "__Host-ledger-session" {
			t.Errorf("the browser keeps %s", c.Name)
		}
	}
}

func TestEachKeyPairOfTheProviderIsGoodAndNothingElseIs(t *testing.T) {
	o := organise(t, nil)
	for _, alg := range []jose.SignatureAlgorithm{jose.RS256, jose.ES256, jose.EdDSA} {
		o.idp.rotate("key-"+string(alg), alg)
		o.clock.Move(time.Minute)
		v := o.browser()
		if o.byProvider(v); v.me().Login != "wang.fang" {
			t.Errorf("signed by a new key of %s: %s", alg, v.why())
		}
	}
	for name, sign := range map[string]signer{
		"none":                      {alg: "none"},
		"the client's secret":       {jose.HS256, []byte(clientSecret + clientSecret), "key-EdDSA"},
		"another algorithm":         {jose.RS512, mustRSA(t), "key-EdDSA"},
		"a key that is not theirs":  {jose.RS256, mustRSA(t), "key-EdDSA"},
		"a key that is unpublished": {jose.RS256, mustRSA(t), "unknown"},
	} {
		o.idp.set(func(p *idp) { p.sign = sign })
		v := o.browser()
		o.byProvider(v)
		if why := v.why(); v.me().Login != "" || !strings.Contains(why, "not good") {
			t.Errorf("signed by %s: %+v %q", name, v.me(), why)
		}
	}
}

func TestATokenThatIsNotForThisSignInLetsNobodyIn(t *testing.T) {
	o := organise(t, nil)
	o.events()
	at := func(d time.Duration) int64 { return o.clock.Now().Add(d).Unix() }
	for name, change := range map[string]func(c map[string]any){
		"another nonce":              func(c map[string]any) { c["nonce"] = "another" },
		"no nonce":                   func(c map[string]any) { delete(c, "nonce") },
		"another audience":           func(c map[string]any) { c["aud"] = "wiki" },
		"no audience":                func(c map[string]any) { delete(c, "aud") },
		"two audiences, for nobody":  func(c map[string]any) { c["aud"] = []string{"ledger", "wiki"} },
		"given to another party":     func(c map[string]any) { c["aud"], c["azp"] = []string{"ledger", "wiki"}, "wiki" },
		"a party of another type":    func(c map[string]any) { c["azp"] = []string{"ledger"} },
		"another issuer":             func(c map[string]any) { c["iss"] = "https://other.example.com" },
		"over":                       func(c map[string]any) { c["exp"] = at(-time.Second) },
		"no end":                     func(c map[string]any) { delete(c, "exp") },
		"issued long ago":            func(c map[string]any) { c["iat"] = at(-time.Hour) },
		"issued tomorrow":            func(c map[string]any) { c["iat"] = at(24 * time.Hour) },
		"issued at no time":          func(c map[string]any) { delete(c, "iat") },
		"not yet good":               func(c map[string]any) { c["nbf"] = at(time.Hour) },
		"of nobody":                  func(c map[string]any) { delete(c, "sub") },
		"of another access token":    func(c map[string]any) { c["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" },
		"of a subject that is empty": func(c map[string]any) { c["sub"] = "" },
	} {
		o.idp.set(func(p *idp) { p.change = change })
		v := o.browser()
		o.byProvider(v)
		if why := v.why(); v.me().Login != "" || !strings.Contains(why, "not good") {
			t.Errorf("%s: %+v %q", name, v.me(), why)
		}
	}
	if got := o.events(); len(got) != 0 {
		t.Errorf("recorded was %q", got)
	}
}

func TestASignInBelongsToOneBrowserAndIsGoodOnce(t *testing.T) {
	o := organise(t, nil)
	over := func(name string, v *visitor, path string) {
		t.Helper()
		asked := o.idp.asked
		page := o.back(v, path)
		if why := v.why(); v.me().Login != "" || !strings.Contains(why, "begin it again") || page != "/" {
			t.Errorf("%s: %+v %q %q", name, v.me(), why, page)
		}
		if o.idp.asked != asked {
			t.Errorf("%s: the provider was asked for a token", name)
		}
	}
	v := o.browser()
	path := o.idp.authorize(v.start("/")).RequestURI()
	over("another browser, which was given the address", o.browser(), path)
	other := o.browser()
	other.start("/")
	over("another browser, which has begun one of its own", other, path)
	o.back(v, path)
	if v.me().Login != "wang.fang" {
		t.Fatalf("the first was not let in: %s", v.why())
	}
	v.post("/v1/sign-out", nil)
	over("the same once more", v, path)

	v = o.browser()
	path = o.idp.authorize(v.start("/")).RequestURI()
	replayed := *v
	replayed.cookies = map[string]string{"__Host-ledger-sign-in": v.cookies["__Host-ledger-sign-in"]}
	o.back(v, path)
	over("the cookie and the address once more", &replayed, path)

	v = o.browser()
	over("another state", v, strings.Replace(o.idp.authorize(v.start("/")).RequestURI(), "&state=", "&state=x", 1))
	v = o.browser()
	path = o.idp.authorize(v.start("/")).RequestURI()
	o.clock.Move(11 * time.Minute)
	over("too late", v, path)
	over("nothing at all", o.browser(), "/v1/sign-in/provider/callback")
	v = o.browser()
	v.cookies["__Host-ledger-sign-in"] = "aslf_" + strings.Repeat("A", 48)
	over("a cookie that was made up", v, "/v1/sign-in/provider/callback?state=&code=x")

	v = o.browser()
	u := o.idp.authorize(v.start("/"))
	q := u.Query()
	q.Set("iss", "https://other.example.com")
	o.back(v, u.Path+"?"+q.Encode())
	if why := v.why(); v.me().Login != "" || !strings.Contains(why, "not good") {
		t.Errorf("the answer of another issuer: %q", why)
	}
	v = o.browser()
	u = o.idp.authorize(v.start("/"))
	q = u.Query()
	q.Del("code")
	q.Set("error", "access_denied")
	q.Set("error_description", "<b>call 555-1234</b>\r\nSet-Cookie: x=y")
	o.back(v, u.Path+"?"+q.Encode())
	if why := v.why(); !strings.Contains(why, "did not let you in") || strings.Contains(why, "555") || v.why() != "" {
		t.Errorf("refused by the provider: %q, then %q", why, v.why())
	}
	// A code of somebody else's sign-in: the verifier does not fit it.
	mine, theirs := o.browser(), o.browser()
	own, other2 := o.idp.authorize(mine.start("/")), o.idp.authorize(theirs.start("/"))
	q = own.Query()
	q.Set("code", other2.Query().Get("code"))
	o.back(mine, own.Path+"?"+q.Encode())
	if why := mine.why(); mine.me().Login != "" || !strings.Contains(why, "not good") {
		t.Errorf("another's code: %q", why)
	}
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	o := organise(t, nil)
	for _, to := range []string{
		"https://evil.example.com", "//evil.example.com", `/\evil.example.com`, `\\evil`, "/x\r\nSet-Cookie: a=b", "/a//b",
		"javascript:alert(1)", "evil.example.com", "/%5cevil.example.com", "/%2f/evil.example.com", "/v1/me", "/ x", "/价",
		"/#admin:x", "http:/x", "/x\x00", "/" + strings.Repeat("x", 2001), "///", "/\t/evil",
	} {
		r := o.browser().get("/v1/sign-in/provider?to=" + url.QueryEscape(to))
		if !r.is(http.StatusUnprocessableEntity, "path-elsewhere") || r.header.Get("Location") != "" {
			t.Errorf("%q: %d %s", to, r.status, r.header.Get("Location"))
		}
	}
	for _, to := range []string{"/", "", "/receivables?asOf=2026-03-01&q=%E4%BB%B7"} {
		if r := o.browser().get("/v1/sign-in/provider?to=" + url.QueryEscape(to)); r.status != http.StatusSeeOther {
			t.Errorf("%q: %d %s", to, r.status, r.body)
		}
	}
}

func TestASessionIsRenewedBySigningInByTheProvider(t *testing.T) {
	o := organise(t, nil)
	planted := o.browser()
	o.byProvider(planted) // an attacker's own session, put into the victim's browser
	victim := o.browser()
	for name, value := range planted.cookies {
		victim.cookies[name] = value
	}
	o.idp.set(func(p *idp) {
		p.person = map[string]any{"sub": "0002", "preferred_username": "li", "name": "李", "groups": "ledger-finance"}
	})
	o.byProvider(victim)
	if victim.me().Login != "li" || planted.me().Login != "" ||
		victim.cookies["__Host-ledger-session"] == planted.cookies["__Host-ledger-session"] {
		t.Errorf("the victim is %+v, who planted the session %+v", victim.me(), planted.me())
	}
	r := o.browser().get("/v1/sign-in/provider")
	for _, c := range (&http.Response{Header: r.header}).Cookies() {
		if c.Name != "__Host-ledger-sign-in" || !c.HttpOnly || !c.Secure || c.Path != "/" ||
			c.SameSite != http.SameSiteLaxMode ||
			c.MaxAge != 600 {
			t.Errorf("the cookie of a sign-in: %+v", c)
		}
	}
	if r.header.Get("Cache-Control") != "no-store" || r.header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("a sign-in may be kept: %v", r.header)
	}
}

func TestWhatTheProviderDoesNotSayAnyMoreIsTakenAway(t *testing.T) {
	o := organise(t, nil)
	groups := func(names ...string) { o.idp.set(func(p *idp) { p.person["groups"] = names }) }
	held := func() (out []string) {
		v := o.browser()
		o.byProvider(v)
		for _, g := range v.me().Grants {
			out = append(out, fmt.Sprint(g.Role, g.Regions, g.Centers))
		}
		if out == nil {
			out = []string{v.why()}
		}
		return out
	}
	const none = `login "wang.fang" is granted nothing: neither do the provider's claims come to a role, ` +
		"nor has an administrator granted one (clause 4)"
	o.events()
	for _, c := range []struct {
		groups []string
		want   []string
		events []string
	}{
		{[]string{"ledger-finance"}, []string{"finance[] []"},
			[]string{"UserCreated wang.fang", "IdentityLinked wang.fang", "RoleGranted wang.fang"}},
		{[]string{"ledger-region", "region-华东", "region-华南"}, []string{"regional-admin[华东 华南] []"},
			[]string{"GrantWithdrawn wang.fang", "RoleGranted wang.fang"}},
		{[]string{"region-华南", "region-华东", "ledger-region"}, []string{"regional-admin[华东 华南] []"}, nil},
		{[]string{"ledger-region", "region-华东", "region-华北"}, []string{"regional-admin[华东] []"},
			[]string{"GrantWithdrawn wang.fang", "RoleGranted wang.fang"}},
		{[]string{"ledger-region", "region-"}, []string{none},
			[]string{"GrantWithdrawn wang.fang"}},
		{nil, []string{none},
			nil},
		{[]string{"ledger-finance"}, []string{"finance[] []"}, []string{"RoleGranted wang.fang"}},
	} {
		groups(c.groups...)
		if got := held(); !slices.Equal(got, c.want) {
			t.Errorf("%q: held is %q, want %q", c.groups, got, c.want)
		}
		if got := o.events(); !slices.Equal(got, c.events) {
			t.Errorf("%q: recorded was %q, want %q", c.groups, got, c.events)
		}
	}
	if seen := o.seen(); !slices.Contains(seen, "claims-unknown wang.fang") {
		t.Errorf("that 华北 is no region of the ledger is not in the audit: %q", seen)
	}
	// What an administrator granted stays.
	if err := o.users.take(o.users.users.Grant(user.Grant{
		Login: "wang.fang", Role: domain.CityLead, Reach: access.Reach{Cities: []string{"杭州"}}, Reason: "代理", By: "admin",
	}, o.users.today())); err != nil {
		t.Fatal(err)
	}
	groups()
	if got := held(); !slices.Equal(got, []string{"city-lead[] []"}) {
		t.Errorf("without claims, held is %q", got)
	}
	// A session that goes on reaches no further than what was withdrawn elsewhere.
	groups("ledger-finance")
	old := o.browser()
	o.byProvider(old)
	groups()
	o.byProvider(o.browser())
	if got := old.me().Grants; len(got) != 1 {
		t.Errorf("the session of before has %+v", got)
	}
}

func TestWhoeverTheProviderLetsInNoMoreHoldsNothingAfterAWhile(t *testing.T) {
	o := organise(t, func(m *claims.Mapping) { m.Days = 10 })
	o.byProvider(o.browser())
	u, _ := o.users.users.Named("wang.fang")
	for day, want := range map[int]int{0: 1, 10: 1, 11: 0} {
		if got := len(u.On(o.users.today().AddDays(day)).Grants); got != want {
			t.Errorf("after %d days they hold %d", day, got)
		}
	}
	o.events()
	o.clock.Move(4 * 24 * time.Hour)
	o.byProvider(o.browser())
	if got := o.events(); len(got) != 0 {
		t.Errorf("in the first half recorded was %q", got)
	}
	o.clock.Move(2 * 24 * time.Hour)
	o.byProvider(o.browser())
	u, _ = o.users.users.Named("wang.fang")
	if got := o.events(); !slices.Equal(got, []string{"RoleGranted wang.fang"}) ||
		len(u.On(o.users.today().AddDays(10)).Grants) != 1 {
		t.Errorf("in the second half recorded was %q", got)
	}
}

func TestAnotherMappingCountsFromTheNextSignInOn(t *testing.T) {
	o := organise(t, nil)
	o.byProvider(o.browser())
	o.reopen(func(m *claims.Mapping) { m.Rules[0].Role = domain.DepartmentManager })
	v := o.browser()
	o.byProvider(v)
	if m := v.me(); len(m.Grants) != 1 || m.Grants[0].Role != domain.DepartmentManager {
		t.Errorf("they hold %+v", m.Grants)
	}
	o.reopen(func(m *claims.Mapping) { m.UserInfo = true })
	o.idp.set(func(p *idp) {
		p.person = map[string]any{"sub": "0001"}
		p.more = wang()
	})
	v = o.browser()
	if o.byProvider(v); v.me().Login != "wang.fang" {
		t.Errorf("by what the userinfo endpoint says: %s", v.why())
	}
	o.idp.set(func(p *idp) { p.more = map[string]any{"sub": "0009", "preferred_username": "admin", "name": "x"} })
	v = o.browser()
	if o.byProvider(v); v.me().Login != "" || !strings.Contains(v.why(), "not good") {
		t.Errorf("by the userinfo of another subject: %+v", v.me())
	}
}

func TestASuspendedUserStaysOutWhateverTheProviderSays(t *testing.T) {
	o := organise(t, nil)
	v := o.browser()
	o.byProvider(v)
	if err := o.users.take(o.users.users.Suspend(user.Suspend{Login: "wang.fang", Reason: "离职", By: "admin"},
		o.users.today())); err != nil {
		t.Fatal(err)
	}
	if v.me().Login != "" {
		t.Error("the session goes on")
	}
	o.events()
	o.idp.set(func(p *idp) { p.person["groups"] = []string{"ledger-region", "region-华东"} })
	v = o.browser()
	o.byProvider(v)
	if why := v.why(); v.me().Login != "" || !strings.Contains(why, "suspended") || len(o.events()) != 0 {
		t.Errorf("they are told %q", why)
	}
}

// Who is who goes by issuer and subject: a login or a mail address that somebody has at
// the provider makes them nobody else here, unless the mapping says so.
func TestAnExistingUserIsTakenOverByNobody(t *testing.T) {
	posing := map[string]any{
		"sub": "6666", "preferred_username": "admin", "name": "冒名", "email": "admin@example.com", "email_verified": true,
		"groups": []string{"ledger-finance"},
	}
	with := func(changes ...any) map[string]any {
		c := map[string]any{}
		for k, v := range posing {
			c[k] = v
		}
		for i := 0; i < len(changes); i += 2 {
			c[changes[i].(string)] = changes[i+1]
		}
		return c
	}
	for name, c := range map[string]struct {
		link   user.LinkBy
		create bool
		person map[string]any
		login  string
		why    string
	}{
		"the same login":                        {"", true, posing, "", "not linked to subject 6666"},
		"the same mail address":                 {"", true, with("preferred_username", "other"), "", "mail address of admin"},
		"a login that looks alike":              {"", true, with("preferred_username", "ＡＤＭＩＮ"), "", "not linked"},
		"a stranger where none are made":        {"", false, with("preferred_username", "other", "email", ""), "", "makes none"},
		"by login, as the mapping says":         {user.LinkByLogin, true, posing, "admin", ""},
		"by mail, as the mapping says":          {user.LinkByMail, true, with("preferred_username", "x"), "admin", ""},
		"by mail that is not verified":          {user.LinkByMail, true, with("email_verified", false), "", "not linked"},
		"by mail that is said to be verified":   {user.LinkByMail, true, with("email_verified", "true"), "", "not linked"},
		"a login that cannot be one":            {"", true, with("preferred_username", "a b"), "", "Latin letters"},
		"no name":                               {"", true, with("preferred_username", "other", "name", ""), "", "is not among"},
		"two logins":                            {"", true, with("preferred_username", []string{"a", "b"}), "", "several values"},
		"a name of two lines":                   {"", true, with("preferred_username", "o", "email", "", "name", "a\nb"), "", "one line"},
		"a center and the department at a time": {"", true, with("preferred_username", "o", "email", "", "center", "C01", "groups", []string{"ledger-finance", "ledger-head"}), "", "nobody is of both"},
		"two centers":                           {"", true, with("preferred_username", "o", "email", "", "center", []string{"C01", "C02"}, "groups", []string{"ledger-head"}), "", "exactly one center"},
		"to whom nothing comes":                 {"", true, with("preferred_username", "o", "email", "", "groups", "wiki"), "", "granted nothing"},
	} {
		o := organise(t, func(m *claims.Mapping) { m.Link, m.Create = c.link, c.create })
		o.idp.set(func(p *idp) { p.person = c.person })
		v := o.browser()
		o.byProvider(v)
		if got, why := v.me().Login, v.why(); got != c.login || !strings.Contains(why,
			c.why) || (why == "") != (c.why == "") {
			t.Errorf("%s: they are %q and told %q", name, got, why)
		}
	}
	// An administrator links who is there; then the same login is theirs.
	o := organise(t, nil)
	o.idp.set(func(p *idp) { p.person = posing })
	if err := o.users.take(o.users.users.Link(user.Link{
		Login: "admin", Identity: user.Identity{Issuer: o.idp.http.URL, Subject: "6666"}, Reason: "单点登录", By: "admin",
	}, o.users.today())); err != nil {
		t.Fatal(err)
	}
	v := o.browser()
	if o.byProvider(v); v.me().Login != "admin" {
		t.Errorf("linked, they are %q: %s", v.me().Login, v.why())
	}
	o.idp.set(func(p *idp) { p.person = with("sub", "7777") })
	v = o.browser()
	if o.byProvider(v); v.me().Login != "" {
		t.Error("another subject with the same login is let in")
	}
}

func TestTheSignInPageSaysThatTheProviderIsAway(t *testing.T) {
	o := organise(t, nil)
	ways := func(v *visitor) (w door.SignInWays) {
		if err := json.Unmarshal([]byte(v.get("/v1/sign-in").body), &w); err != nil {
			t.Fatal(err)
		}
		return w
	}
	if w := ways(o.browser()); w.Provider == nil || w.Provider.Name != "单位账号" || w.Provider.Away != "" ||
		w.Provider.Start != "/v1/sign-in/provider" {
		t.Errorf("how to sign in: %+v", w)
	}
	v := o.browser()
	path := o.idp.authorize(v.start("/")).RequestURI()
	o.idp.set(func(p *idp) { p.away = true })
	o.back(v, path)
	if why := v.why(); !strings.Contains(why, "单位账号 does not answer") {
		t.Errorf("when it goes away meanwhile: %q", why)
	}
	o.reopen(nil) // nothing was discovered yet
	v = o.browser()
	if w := ways(v); w.Provider == nil || !strings.Contains(w.Provider.Away, "does not answer") {
		t.Errorf("how to sign in: %+v", w)
	}
	if page := v.start("/receivables"); page != "/receivables" || !strings.Contains(v.why(), "does not answer") {
		t.Errorf("who tries sees %s", page)
	}
	o.idp.set(func(p *idp) { p.away = false })
	o.clock.Move(6 * time.Second)
	if w := ways(o.browser()); w.Provider.Away != "" {
		t.Errorf("when it is back: %+v", w.Provider)
	}
	if o.byProvider(v); v.me().Login != "wang.fang" {
		t.Errorf("when it is back: %s", v.why())
	}
}

// Who begins on one node may be sent back to another.
func TestASignInGoesOnOnAnotherNode(t *testing.T) {
	o := organise(t, nil)
	first := o.server
	o.reopen(nil)
	v := o.browser()
	v.server = first
	path := o.idp.authorize(v.start("/")).RequestURI()
	v.server = o.server
	o.back(v, path)
	if v.me().Login != "wang.fang" {
		t.Errorf("on the other node: %s", v.why())
	}
	v.server = first
	if v.me().Login != "wang.fang" {
		t.Error("the session is not known on the first node")
	}
}

func TestNothingSecretOfTheProviderIsTold(t *testing.T) {
	o := organise(t, nil)
	o.byProvider(o.browser())
	o.idp.set(func(p *idp) { p.away = true })
	v := o.browser()
	v.start("/")
	said := v.get("/v1/sign-in").body + strings.Join(o.seen(), " ") +
		fmt.Sprintf("%v %+v %#v %s", door.Secret(clientSecret), door.Provider{ClientSecret: clientSecret},
			door.Provider{ClientSecret: clientSecret}, door.Secret(clientSecret))
	if strings.Contains(said, "hunter2") {
		t.Errorf("the client's secret is told: %s", said)
	}
}

func TestAProviderThatCannotBeIsRefusedAtTheStart(t *testing.T) {
	good := door.Provider{Issuer: "https://id.example.com", ClientID: "ledger", Mapping: mapping()}
	for name, c := range map[string]struct {
		public string
		change func(*door.Provider)
		says   string
	}{
		"good":                            {public, func(*door.Provider) {}, ""},
		"no public address":               {"", func(*door.Provider) {}, "public address"},
		"a public address that is a path": {public + "/ledger", func(*door.Provider) {}, "no path"},
		"a public address in the clear":   {"http://ledger.example.com", func(*door.Provider) {}, "https://"},
		"an issuer in the clear":          {public, func(p *door.Provider) { p.Issuer = "http://id.example.com" }, "https://"},
		"an issuer that is no address":    {public, func(p *door.Provider) { p.Issuer = "id.example.com" }, "address such as"},
		"no client ID":                    {public, func(p *door.Provider) { p.ClientID = "" }, "client ID"},
		"nothing mapped":                  {public, func(p *door.Provider) { p.Mapping.Rules = nil }, "grant something"},
	} {
		p := good
		c.change(&p)
		_, err := door.New(door.Options{PublicURL: c.public, Provider: &p})
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
