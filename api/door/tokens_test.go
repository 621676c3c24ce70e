package door_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

func TestATokenActsForItsOwnerInItsOneRole(t *testing.T) {
	h := build(t, door.Policy{})
	p := h.program(h.token("zhao.lei", domain.RegionalAdmin, time.Hour))
	if r := p.get("/v1/desk"); r.status != http.StatusOK ||
		!strings.Contains(r.body,
			`"name":"zhao.lei","role":"regional-admin"`) || !strings.Contains(r.body, `{"regions":["华东"]}`) {
		t.Errorf("answered %d %s", r.status, r.body)
	}
	p.headers.Set("Acting-As", "city-lead")
	if r := p.get("/v1/desk"); !r.is(http.StatusForbidden, "role-not-allowed") || !strings.Contains(r.body, "赵磊 (zhao.lei)") {
		t.Errorf("in another role of its owner: %d %s", r.status, r.body)
	}
}

func TestWhatWasTakenAwayIsGoneWhenATokenIsUsed(t *testing.T) {
	owner := func(h *house, grants ...access.Grant) {
		p, _ := h.people.Person("zhao.lei")
		p.Grants = grants
		h.people.set(p)
	}
	tests := map[string]struct {
		change func(h *house)
		status int
	}{
		"nothing": {func(*house) {}, http.StatusOK},
		"the role": {func(h *house) {
			owner(h, grantOf(domain.CityLead, access.Everything()))
		}, http.StatusForbidden},
		"all roles":    {func(h *house) { owner(h) }, http.StatusForbidden},
		"its lifetime": {func(h *house) { h.clock.Move(time.Hour) }, http.StatusUnauthorized},
		"its owner's being let in": {func(h *house) {
			p, _ := h.people.Person("zhao.lei")
			p.Suspended = true
			h.people.set(p)
		}, http.StatusUnauthorized},
		"its owner": {func(h *house) { delete(h.people.people, "zhao.lei") }, http.StatusUnauthorized},
		"itself": {func(h *house) {
			tokens, err := h.door.Tokens(h.t.Context(), "zhao.lei")
			if err != nil || len(tokens) != 1 {
				h.t.Fatal(tokens, err)
			}
			if err := h.door.RevokeToken(h.t.Context(), "zhao.lei", tokens[0].ID, "zhao.lei"); err != nil {
				h.t.Fatal(err)
			}
		}, http.StatusUnauthorized},
		"all that its owner had": {func(h *house) {
			if _, _, err := h.door.SignOutEverywhere(h.t.Context(), "zhao.lei", "admin", true); err != nil {
				h.t.Fatal(err)
			}
		}, http.StatusUnauthorized},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h := build(t, door.Policy{})
			p := h.program(h.token("zhao.lei", domain.RegionalAdmin, time.Hour))
			if r := p.get("/v1/desk"); r.status != http.StatusOK {
				t.Fatalf("at first: %d %s", r.status, r.body)
			}
			tt.change(h)
			if r := p.get("/v1/desk"); r.status != tt.status {
				t.Errorf("answered %d %s", r.status, r.body)
			}
		})
	}
}

func TestNobodyIsLetInByWhatIsNoGoodCredential(t *testing.T) {
	h := build(t, door.Policy{})
	good := h.token("wang.fang", domain.Finance, time.Hour)
	password := h.password("wang.fang")
	b := h.browser()
	b.mustSignIn("wang.fang", password)
	session := b.cookies["__Host-ledger-session"]
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	other := "A"
	if strings.HasSuffix(good, other) {
		other = "B"
	}
	for name, token := range map[string]string{
		"none":                             "",
		"a word":                           "finance",
		"one character differs":            good[:len(good)-1] + other,
		"one character more":               good + "A",
		"cut short":                        good[:len(good)-1],
		"its beginning":                    good[:5],
		"the secret of a session":          session,
		"the name by which it is listed":   listed(t, h, "wang.fang"),
		"a JSON Web Token without a check": part(`{"alg":"none","typ":"JWT"}`) + "." + part(`{"sub":"wang.fang","role":"finance"}`) + ".",
		"a JSON Web Token by HMAC":         part(`{"alg":"HS256","typ":"JWT"}`) + "." + part(`{"role":"finance"}`) + "." + part("signed"),
		"a JSON Web Token by RSA":          part(`{"alg":"RS256","typ":"JWT"}`) + "." + part(`{"sub":"wang.fang","role":"finance"}`) + "." + part("signed"),
		"very long":                        strings.Repeat("a", 40_000),
		"not UTF-8":                        "aslt_\xff\xfe",
		"another process's own":            "aslm_" + good[5:],
	} {
		if r := h.program(token).get("/v1/desk"); !r.is(http.StatusUnauthorized, "unauthenticated") ||
			r.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	for _, query := range []string{
		"access_token=" + good, "token=" + good, "session=" + session, "Authorization=Bearer+" + good,
	} {
		if r := h.browser().get("/v1/desk?" + query); !r.is(http.StatusUnauthorized, "unauthenticated") {
			t.Errorf("in the address: %d %s", r.status, r.body)
		}
	}
	forged := h.browser()
	forged.headers.Set("Authorization", "Basic "+good)
	forged.cookies = b.cookies
	if r := forged.get("/v1/desk"); r.status != http.StatusUnauthorized {
		t.Errorf("another scheme beside a good cookie: %d %s", r.status, r.body)
	}
	if r := h.program(good).get("/v1/desk"); r.status != http.StatusOK {
		t.Errorf("the good one: %d %s", r.status, r.body)
	}
}

func listed(t *testing.T, h *house, owner string) string {
	tokens, err := h.door.Tokens(t.Context(), owner)
	if err != nil || len(tokens) == 0 {
		t.Fatal(tokens, err)
	}
	return tokens[0].ID
}

func TestATokenReachesNoFurtherThanItsOwner(t *testing.T) {
	h := build(t, door.Policy{})
	make := func(within access.Reach) (string, error) {
		secret, _, err := h.door.MakeToken(t.Context(), "zhao.lei",
			door.TokenWish{Name: "s", Role: domain.RegionalAdmin, Within: &within, Life: time.Hour}, "zhao.lei")
		return secret, err
	}
	for name, within := range map[string]access.Reach{
		"all of the company": access.Everything(), "another region": {Regions: []string{"华南"}},
		"another region beside": {Regions: []string{"华东", "华南"}}, "nothing": {},
	} {
		var r *domain.Rejection
		if _, err := make(within); !errors.As(err, &r) || r.Kind != domain.KindForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	p, _ := h.people.Person("zhao.lei")
	p.Grants = []access.Grant{grantOf(domain.RegionalAdmin, access.Reach{Regions: []string{"华东", "华南"}})}
	h.people.set(p)
	secret, err := make(access.Reach{Regions: []string{"华南", "华南"}})
	if err != nil {
		t.Fatal(err)
	}
	if r := h.program(secret).get("/v1/desk"); !strings.Contains(r.body, `{"regions":["华南"]}`) {
		t.Errorf("answered %d %s", r.status, r.body)
	}
	p.Grants = []access.Grant{grantOf(domain.RegionalAdmin, east)}
	h.people.set(p)
	if r := h.program(secret).get("/v1/desk"); r.status != http.StatusForbidden {
		t.Errorf("once its region was taken from its owner: %d %s", r.status, r.body)
	}
}

func TestATokenOfACentersRoleHasItsOwnersCenter(t *testing.T) {
	h := build(t, door.Policy{})
	p := h.program(h.token("zheng", domain.CenterHead, time.Hour))
	if r := p.get("/v1/desk"); !strings.Contains(r.body, `"center":"C01"`) {
		t.Errorf("answered %d %s", r.status, r.body)
	}
	for name, reach := range map[string]access.Reach{
		"no center": {}, "two": {Centers: []domain.CenterID{"C01", "C02"}}, "all": access.Everything(),
	} {
		z, _ := h.people.Person("zheng")
		z.Grants = []access.Grant{grantOf(domain.CenterHead, reach)}
		h.people.set(z)
		if r := p.get("/v1/desk"); !r.is(http.StatusForbidden, "role-not-allowed") {
			t.Errorf("with %s: %d %s", name, r.status, r.body)
		}
	}
}

func TestTokensAreMadeForWhoMayHaveThem(t *testing.T) {
	h := build(t, door.Policy{})
	wish := door.TokenWish{Name: "script", Role: domain.RegionalAdmin, Life: time.Hour}
	tests := map[string]struct {
		owner string
		wish  func(*door.TokenWish)
		code  string
	}{
		"nobody's":             {"", func(*door.TokenWish) {}, "bad-login"},
		"an unknown login":     {"nobody", func(*door.TokenWish) {}, "unknown-login"},
		"a role not granted":   {"wang.fang", func(*door.TokenWish) {}, "not-granted"},
		"no role":              {"zhao.lei", func(w *door.TokenWish) { w.Role = "" }, "unknown-role"},
		"another word":         {"zhao.lei", func(w *door.TokenWish) { w.Role = "owner" }, "unknown-role"},
		"no name":              {"zhao.lei", func(w *door.TokenWish) { w.Name = "" }, ""},
		"a name of two lines":  {"zhao.lei", func(w *door.TokenWish) { w.Name = "a\nSet-Cookie: b" }, ""},
		"without an end":       {"zhao.lei", func(w *door.TokenWish) { w.Life = 0 }, "token-life"},
		"for longer than good": {"zhao.lei", func(w *door.TokenWish) { w.Life = 367 * 24 * time.Hour }, "token-life"},
	}
	for name, tt := range tests {
		w := wish
		tt.wish(&w)
		var r *domain.Rejection
		if _, _, err := h.door.MakeToken(t.Context(), tt.owner, w, "zhao.lei"); !errors.As(err, &r) ||
			tt.code != "" && r.Code != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, token, err := h.door.MakeToken(t.Context(), " Zhao.Lei", wish,
		"zhao.lei"); err != nil || token.Owner != "zhao.lei" {
		t.Errorf("by another writing of the login: %+v %v", token, err)
	}
	for i := 1; i < door.TokensEach; i++ {
		h.token("zhao.lei", domain.RegionalAdmin, time.Hour)
	}
	var r *domain.Rejection
	if _, _, err := h.door.MakeToken(t.Context(), "zhao.lei", wish, "zhao.lei"); !errors.As(err, &r) ||
		r.Code != "too-many-tokens" {
		t.Errorf("one too many: %v", err)
	}
}

func TestOnesOwnTokensAreMadeListedAndRevokedInABrowser(t *testing.T) {
	h := build(t, door.Policy{})
	b := h.browser()
	b.mustSignIn("zhao.lei", h.password("zhao.lei"))
	r := b.post("/v1/me/tokens", map[string]any{"name": "月末导出", "role": "regional-admin", "days": 30})
	if r.status != http.StatusCreated {
		t.Fatalf("make: %d %s", r.status, r.body)
	}
	_, rest, _ := strings.Cut(r.body, `"secret":"`)
	secret, _, _ := strings.Cut(rest, `"`)
	p := h.program(secret)
	if r := p.get("/v1/desk"); r.status != http.StatusOK {
		t.Fatalf("use: %d %s", r.status, r.body)
	}
	if r := p.post("/v1/me/tokens", map[string]any{"name": "more", "role": "regional-admin", "days": 366}); !r.is(
		http.StatusForbidden, "sign-in-needed") {
		t.Errorf("a token made another one: %d %s", r.status, r.body)
	}
	list := b.get("/v1/me/tokens")
	if !strings.Contains(list.body, "月末导出") || !strings.Contains(list.body, `"lastUsed":"2026-03-02T16:00:00+08:00"`) ||
		strings.Contains(list.body, secret) {
		t.Errorf("listed: %s", list.body)
	}
	w := h.browser()
	w.mustSignIn("wang.fang", h.password("wang.fang"))
	id := listed(t, h, "zhao.lei")
	if r := w.post("/v1/me/tokens/"+id+"/revoke", nil); r.status != http.StatusNotFound {
		t.Errorf("somebody else's: %d %s", r.status, r.body)
	}
	if r := b.post("/v1/me/tokens/"+id+"/revoke", nil); r.status != http.StatusOK {
		t.Errorf("revoke: %d %s", r.status, r.body)
	}
	if r := p.get("/v1/desk"); r.status != http.StatusUnauthorized {
		t.Errorf("once revoked: %d %s", r.status, r.body)
	}
	for _, want := range []string{"token-made zhao.lei", "token-revoked zhao.lei"} {
		if !slices.Contains(h.seen(), want) {
			t.Errorf("the audit has no %q: %v", want, h.seen())
		}
	}
}

func TestWhatAnotherNodeRevokedIsOverWithinFiveSeconds(t *testing.T) {
	h := build(t, door.Policy{})
	other := serve(h.another(h.memory, door.Policy{}))
	p := h.program(h.token("wang.fang", domain.Finance, time.Hour))
	p.server = other
	if r := p.get("/v1/desk"); r.status != http.StatusOK {
		t.Fatal(r.status, r.body)
	}
	if err := h.door.RevokeToken(t.Context(), "wang.fang", listed(t, h, "wang.fang"), "admin"); err != nil {
		t.Fatal(err)
	}
	if r := p.get("/v1/desk"); r.status != http.StatusOK {
		t.Error("the other node looked it up for every request")
	}
	h.clock.Move(door.Fresh)
	if r := p.get("/v1/desk"); r.status != http.StatusUnauthorized || door.Fresh > 5*time.Second {
		t.Errorf("after %s: %d %s", door.Fresh, r.status, r.body)
	}
}

func TestATokenOfTheMachineNamesItsOwnerAndOnlyReadsForACenter(t *testing.T) {
	h := build(t, door.Policy{})
	secret, err := h.door.MakeMachineToken(t.Context(), domain.Finance, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if r := h.program(secret).post("/v1/desk", nil); !strings.Contains(r.body, `"name":"console","role":"finance"`) {
		t.Errorf("for the department: %d %s", r.status, r.body)
	}
	if secret, err = h.door.MakeMachineToken(t.Context(), domain.CenterHead, "C01", time.Hour); err != nil {
		t.Fatal(err)
	}
	if r := h.program(secret).get("/v1/desk"); !strings.Contains(r.body, `"center":"C01"`) {
		t.Errorf("for a center: %d %s", r.status, r.body)
	}
	if r := h.program(secret).post("/v1/desk", nil); !r.is(http.StatusForbidden, "read-only") {
		t.Errorf("a center's answer came from the machine: %d %s", r.status, r.body)
	}
	if _, err := h.door.MakeMachineToken(t.Context(), domain.CenterHead, "", time.Hour); err == nil {
		t.Error("a center's role without a center")
	}
	if err := h.door.DropToken(t.Context(), secret); err != nil {
		t.Fatal(err)
	}
	if r := h.program(secret).get("/v1/desk"); r.status != http.StatusUnauthorized {
		t.Errorf("once dropped: %d %s", r.status, r.body)
	}
	own := h.door.OfMachine(domain.Actor{Name: "notices", Role: domain.DepartmentManager})
	if r := h.program(own).get("/v1/desk"); !strings.Contains(r.body, `"name":"notices"`) {
		t.Errorf("the process's own: %d %s", r.status, r.body)
	}
}

// Whatever somebody makes up to be let in by, in whichever header, they are not; and
// nothing that they send breaks the door.
func FuzzNobodyIsLetInByWhatIsMadeUp(f *testing.F) {
	h := build(f, door.Policy{})
	good := h.token("wang.fang", domain.Finance, time.Hour)
	for _, seed := range []string{
		"Bearer " + good[:40], "bearer", "Basic d2FuZzpmYW5n", "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer asls_" + good[5:],
		"__Host-ledger-session=" + good, "a=b; __Host-ledger-session=", "Bearer\t" + good[1:],
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, authorization, cookie string) {
		if strings.Contains(authorization, good) {
			return
		}
		r := httptest.NewRequest(http.MethodGet, "/v1/desk", nil)
		r.Header["Authorization"], r.Header["Cookie"] = []string{authorization}, []string{cookie}
		w := httptest.NewRecorder()
		h.server.ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized || len(w.Result().Cookies()) > 0 {
			t.Errorf("%q and %q are answered %d %s", authorization, cookie, w.Code, w.Body)
		}
	})
}
