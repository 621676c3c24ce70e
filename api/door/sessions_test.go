package door_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aftersales-ledger/api/door"
	"aftersales-ledger/domain"
)

func TestTheCookieOfASessionIsForThisHostAndNoScript(t *testing.T) {
	for name, tt := range map[string]struct {
		policy door.Policy
		want   string
	}{
		"over TLS":               {door.Policy{}, "__Host-ledger-session=%s; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax"},
		"plain on one's machine": {door.Policy{PlainHTTP: true}, "ledger-session=%s; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"},
	} {
		h := build(t, tt.policy)
		r := h.browser().signIn("wang.fang", h.password("wang.fang"))
		got := r.header.Get("Set-Cookie")
		_, value, _ := strings.Cut(got, "=")
		value, _, _ = strings.Cut(value, ";")
		if got != fmt.Sprintf(tt.want,
			value) || !strings.HasPrefix(value, "asls_") || r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestASessionThatSomebodyPutIntoABrowserIsNotTheirsAfterSigningIn(t *testing.T) {
	h := build(t, door.Policy{})
	attacker := h.browser()
	attacker.mustSignIn("new", h.password("new"))
	planted := attacker.cookies["__Host-ledger-session"]
	victim := h.browser()
	victim.cookies["__Host-ledger-session"] = planted
	victim.mustSignIn("wang.fang", h.password("wang.fang"))
	if victim.cookies["__Host-ledger-session"] == planted {
		t.Error("the secret was not renewed")
	}
	if r := attacker.get("/v1/me"); r.status != http.StatusUnauthorized {
		t.Errorf("what was planted is good still: %d %s", r.status, r.body)
	}
	invented := h.browser()
	invented.cookies["__Host-ledger-session"] = "asls_" + strings.Repeat("A", 48)
	invented.mustSignIn("new", "correct horse new")
	if strings.Contains(invented.cookies["__Host-ledger-session"], "AAAA") {
		t.Error("an invented secret was taken")
	}
	twice := h.browser()
	twice.headers.Set("Cookie", "__Host-ledger-session="+victim.cookies["__Host-ledger-session"]+
		"; __Host-ledger-session="+invented.cookies["__Host-ledger-session"])
	if r := twice.get("/v1/desk"); r.status != http.StatusUnauthorized {
		t.Errorf("one of two sessions was chosen: %d %s", r.status, r.body)
	}
}

func TestAPageOfAnotherSiteCannotUseTheSession(t *testing.T) {
	h := build(t, door.Policy{})
	b := h.browser()
	b.mustSignIn("wang.fang", h.password("wang.fang"))
	for name, tt := range map[string]struct {
		headers map[string]string
		method  string
		path    string
		good    bool
	}{
		"its own page":                      {map[string]string{"Sec-Fetch-Site": "same-origin"}, http.MethodPost, "/v1/desk", true},
		"another site":                      {map[string]string{"Sec-Fetch-Site": "cross-site"}, http.MethodPost, "/v1/desk", false},
		"another host of the site":          {map[string]string{"Sec-Fetch-Site": "same-site"}, http.MethodPost, "/v1/desk", false},
		"another origin":                    {map[string]string{"Origin": "https://evil.example"}, http.MethodPost, "/v1/desk", false},
		"no origin at all":                  {map[string]string{"Origin": "null"}, http.MethodPost, "/v1/desk", false},
		"another site signs somebody in":    {map[string]string{"Sec-Fetch-Site": "cross-site"}, http.MethodPost, "/v1/sign-in", false},
		"another site signs somebody out":   {map[string]string{"Sec-Fetch-Site": "cross-site"}, http.MethodPost, "/v1/sign-out", false},
		"a link on another site only reads": {map[string]string{"Sec-Fetch-Site": "cross-site"}, http.MethodGet, "/v1/desk", true},
		"a method in a header changes nothing": {map[string]string{
			"Sec-Fetch-Site": "cross-site", "X-HTTP-Method-Override": "GET"}, http.MethodPost, "/v1/desk", false},
	} {
		b.headers = http.Header{}
		for k, v := range tt.headers {
			b.headers.Set(k, v)
		}
		if r := b.do(tt.method, tt.path, nil); r.is(http.StatusForbidden, "other-origin") == tt.good {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
}

func TestOnesOwnSessionsAreListedAndEnded(t *testing.T) {
	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	office, phone, other := h.browser(), h.browser(), h.browser()
	office.headers.Set("User-Agent", "Office")
	phone.headers.Set("User-Agent", "Phone")
	office.mustSignIn("wang.fang", password)
	h.clock.Move(time.Minute)
	phone.mustSignIn("wang.fang", password)
	other.mustSignIn("zhao.lei", h.password("zhao.lei"))
	type listed struct {
		Sessions []struct {
			ID, Agent string
			This      bool
		}
	}
	list := func(v *visitor) (l listed) {
		t.Helper()
		if err := json.Unmarshal([]byte(v.get("/v1/me/sessions").body), &l); err != nil {
			t.Fatal(err)
		}
		return l
	}
	l := list(office)
	if len(l.Sessions) != 3 { // one of the invitation
		t.Fatalf("listed %+v", l)
	}
	var ofPhone string
	for _, s := range l.Sessions {
		if s.This != (s.Agent == "Office") {
			t.Errorf("this is %+v", s)
		}
		switch s.Agent {
		case "Phone":
			ofPhone = s.ID
		}
	}
	if r := other.post("/v1/me/sessions/"+ofPhone+"/end", nil); r.status != http.StatusNotFound {
		t.Errorf("somebody else's: %d %s", r.status, r.body)
	}
	if r := office.post("/v1/me/sessions/"+ofPhone+"/end", nil); r.status != http.StatusOK {
		t.Errorf("end: %d %s", r.status, r.body)
	}
	if r := phone.get("/v1/me"); r.status != http.StatusUnauthorized {
		t.Errorf("an ended session goes on: %d", r.status)
	}
	token := h.program(h.token("wang.fang", domain.Finance, time.Hour))
	if r := office.post("/v1/me/sign-out-everywhere", map[string]any{}); r.status != http.StatusOK ||
		!strings.Contains(r.body, `"sessions":2,"tokens":0`) {
		t.Errorf("everywhere: %d %s", r.status, r.body)
	}
	if len(office.cookies) > 0 {
		t.Error("the browser keeps its cookie")
	}
	if r := token.get("/v1/desk"); r.status != http.StatusOK {
		t.Errorf("a program was signed out, too: %d", r.status)
	}
	if r := other.get("/v1/desk"); r.status != http.StatusOK {
		t.Errorf("somebody else was: %d", r.status)
	}
}

func TestAnAdministratorEndsAllThatAPersonHas(t *testing.T) {
	h := build(t, door.Policy{})
	b := h.browser()
	b.mustSignIn("wang.fang", h.password("wang.fang"))
	p := h.program(h.token("wang.fang", domain.Finance, time.Hour))
	admin := h.program(h.token("admin", domain.Administrator, time.Hour))
	for _, v := range []*visitor{b, p} {
		if r := v.post("/v1/door/sign-outs", map[string]string{"login": "admin"}); r.status != http.StatusForbidden {
			t.Errorf("finance: %d", r.status)
		}
	}
	if r := admin.post("/v1/door/sign-outs", map[string]string{"login": "Wang.Fang"}); r.status != http.StatusOK {
		t.Fatalf("%d %s", r.status, r.body)
	}
	for _, v := range []*visitor{b, p} {
		if r := v.get("/v1/desk"); r.status != http.StatusUnauthorized {
			t.Errorf("goes on: %d", r.status)
		}
	}
}

// The oracle keeps of each session when it began and when it was last used, and
// decides by the two limits alone.
func TestASessionIsGoodWhileItIsUsedAndNoLongerThanItsLimit(t *testing.T) {
	const idle, absolute = 30 * time.Minute, 2 * time.Hour
	policy := door.Policy{SessionIdle: idle, SessionAbsolute: absolute}
	rapid.Check(t, func(rt *rapid.T) {
		h := build(t, policy)
		logins := []string{"wang.fang", "zhao.lei"}
		passwords := map[string]string{}
		for _, login := range logins {
			passwords[login] = h.password(login)
			if _, _, err := h.door.SignOutEverywhere(t.Context(), login, login, false); err != nil {
				rt.Fatal(err)
			}
		}
		type expected struct {
			login       string
			began, used time.Time
			ended       bool
			browser     *visitor
		}
		var all []*expected
		good := func(e *expected) bool {
			now := h.clock.Now()
			return !e.ended && now.Before(e.began.Add(absolute)) && now.Before(e.used.Add(idle))
		}
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			h.clock.Move(time.Duration(rapid.IntRange(0, 35*60).Draw(rt, "seconds")) * time.Second)
			login := rapid.SampledFrom(logins).Draw(rt, "login")
			var e *expected
			if len(all) > 0 {
				e = rapid.SampledFrom(all).Draw(rt, "session")
			}
			switch act := rapid.IntRange(0, 9).Draw(rt, "act"); {
			case act <= 1 && len(all) < 15 || e == nil:
				b := h.browser()
				b.mustSignIn(login, passwords[login])
				all = append(all, &expected{login, h.clock.Now(), h.clock.Now(), false, b})
			case act == 2:
				status := e.browser.post("/v1/sign-out", nil).status
				if want := good(e); want != (status == http.StatusOK) {
					rt.Fatalf("sign out answered %d; good %t", status, want)
				}
				e.ended = true
			case act == 3:
				h.open(policy)
			case act == 4:
				if _, _, err := h.door.SignOutEverywhere(t.Context(), login, login, false); err != nil {
					rt.Fatal(err)
				}
				for _, o := range all {
					o.ended = o.ended || o.login == login
				}
			case act == 5:
				if err := h.memory.Sweep(t.Context()); err != nil {
					rt.Fatal(err)
				}
			default:
				r := e.browser.get("/v1/desk")
				if want := good(e); want != (r.status == http.StatusOK) {
					rt.Fatalf("answered %d %s; good %t: began %s, used %s, now %s", r.status, r.body, want, e.began, e.used,
						h.clock.Now())
				}
				if good(e) {
					e.used = h.clock.Now()
				}
			}
			for _, login := range logins {
				list, err := h.door.Sessions(t.Context(), login)
				if err != nil {
					rt.Fatal(err)
				}
				want := len(slices.Collect(func(yield func(*expected) bool) {
					for _, e := range all {
						if e.login == login && good(e) && !yield(e) {
							return
						}
					}
				}))
				if len(list) != want {
					rt.Fatalf("%s has %d sessions listed; want %d", login, len(list), want)
				}
			}
		}
	})
}

func TestAPersonHasNoEndOfSessions(t *testing.T) {
	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	first := h.browser()
	first.mustSignIn("wang.fang", password)
	for range 20 {
		h.clock.Move(time.Second)
		h.browser().mustSignIn("wang.fang", password)
	}
	if list, err := h.door.Sessions(t.Context(), "wang.fang"); err != nil || len(list) != 20 {
		t.Errorf("%d sessions (%v)", len(list), err)
	}
	if r := first.get("/v1/me"); r.status != http.StatusUnauthorized {
		t.Errorf("the one that was unused the longest did not make room: %d", r.status)
	}
}
