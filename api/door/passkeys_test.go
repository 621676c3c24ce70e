package door_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	webauthn "github.com/descope/virtualwebauthn"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/door/store/logstream"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// ours is the ledger as a device knows it.
var ours = webauthn.RelyingParty{Name: "ledger", ID: "ledger.example.com", Origin: "https://ledger.example.com"}

// device is somebody's, with one passkey.
type device struct {
	at      webauthn.RelyingParty // where its browser believes to be
	options webauthn.AuthenticatorOptions
	key     webauthn.Credential
}

func newDevice() *device { return &device{at: ours, key: newKey()} }

// keyLength is that of a key's coordinates of 32 bytes each (COSE). The virtual device
// leaves leading zeros away, which no device does: such a key is drawn anew.
const keyLength = 77

func newKey() webauthn.Credential {
	for {
		if key := webauthn.NewCredential(webauthn.KeyTypeEC2); len(key.Key.AttestationData()) == keyLength {
			return key
		}
	}
}

func (d *device) authenticator() webauthn.Authenticator {
	return webauthn.NewAuthenticatorWithOptions(d.options)
}

func asMap(t testing.TB, text string) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// made is what the device answers to the options for a registration.
func (d *device) made(t testing.TB, options string) map[string]any {
	t.Helper()
	o, err := webauthn.ParseAttestationOptions(options)
	if err != nil {
		t.Fatalf("%v: %s", err, options)
	}
	return asMap(t, webauthn.CreateAttestationResponse(d.at, d.authenticator(), d.key, *o))
}

// signed is what the device answers to the options for a proof.
func (d *device) signed(t testing.TB, options string) map[string]any {
	t.Helper()
	o, err := webauthn.ParseAssertionOptions(options)
	if err != nil {
		t.Fatalf("%v: %s", err, options)
	}
	return asMap(t, webauthn.CreateAssertionResponse(d.at, d.authenticator(), d.key, *o))
}

// register registers the device's passkey.
func (v *visitor) register(d *device, name string) reply {
	v.h.t.Helper()
	r := v.post("/v1/me/passkeys/challenge", nil)
	if r.status != http.StatusOK {
		return r
	}
	return v.post("/v1/me/passkeys", map[string]any{"name": name, "credential": d.made(v.h.t, r.body)})
}

// show shows the device's passkey.
func (v *visitor) show(d *device) reply {
	v.h.t.Helper()
	r := v.post("/v1/sign-in/second-factor/challenge", nil)
	if r.status != http.StatusOK {
		return r
	}
	d.key.Counter++
	return v.post("/v1/sign-in/second-factor", map[string]any{"credential": d.signed(v.h.t, r.body)})
}

func (v *visitor) must(r reply) {
	v.h.t.Helper()
	if r.status != http.StatusOK {
		v.h.t.Fatalf("answered %d %s", r.status, r.body)
	}
}

func (v *visitor) passkeys() (list []door.MyPasskey) {
	v.h.t.Helper()
	var out struct{ Passkeys []door.MyPasskey }
	r := v.get("/v1/me/passkeys")
	if err := json.Unmarshal([]byte(r.body), &out); err != nil || r.status != http.StatusOK {
		v.h.t.Fatalf("%d %s", r.status, r.body)
	}
	return out.Passkeys
}

func (v *visitor) step() string {
	v.h.t.Helper()
	return string(v.me().Step)
}

func TestWhoHasAPasskeyShowsItAfterThePassword(t *testing.T) {
	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	elsewhere, v := h.browser(), h.browser()
	elsewhere.mustSignIn("wang.fang", password)
	v.mustSignIn("wang.fang", password)
	before := v.cookies["__Host-ledger-session"]
	phone := newDevice()
	v.must(v.register(phone, "手机"))
	if v.cookies["__Host-ledger-session"] == before {
		t.Error("the session's secret is that of before")
	}
	if elsewhere.me().Login != "" {
		t.Error("a session of before goes on without the passkey")
	}
	if v.get("/v1/desk").status != http.StatusOK {
		t.Error("who has registered it works on")
	}
	next := h.browser()
	r := next.signIn("wang.fang", password)
	if !strings.Contains(r.body, `"step":"second-factor"`) || next.step() != "second-factor" {
		t.Fatalf("after the password: %s", r.body)
	}
	for _, path := range []string{"/v1/desk", "/v1/me/passkeys", "/v1/me/tokens", "/v1/me/sessions"} {
		if r := next.get(path); !r.is(http.StatusForbidden, "second-factor") {
			t.Errorf("without the second factor %s answers %d %s", path, r.status, r.body)
		}
	}
	for path, body := range map[string]any{
		"/v1/me/tokens":             map[string]any{"name": "x", "role": "finance", "days": 1},
		"/v1/me/passkeys/challenge": nil,
		"/v1/me/password":           map[string]string{"present": password, "next": "another good password"},
		"/v1/desk":                  nil,
	} {
		if r := next.post(path, body); !r.is(http.StatusForbidden, "second-factor") {
			t.Errorf("without the second factor %s answers %d %s", path, r.status, r.body)
		}
	}
	half := next.cookies["__Host-ledger-session"]
	next.must(next.show(phone))
	if next.step() != "" || next.get("/v1/desk").status != http.StatusOK || next.cookies["__Host-ledger-session"] == half {
		t.Errorf("with it they are at %q", next.step())
	}
	old := h.browser()
	old.cookies["__Host-ledger-session"] = half
	if old.me().Login != "" {
		t.Error("the half-finished session is good still")
	}
	if list := next.passkeys(); len(list) != 1 || list[0].Name != "手机" || list[0].LastUsed == "" {
		t.Errorf("the passkeys: %+v", list)
	}
	if r := h.program(h.token("wang.fang", domain.Finance, time.Hour)).get("/v1/desk"); r.status != http.StatusOK {
		t.Errorf("a program of theirs is answered %d", r.status)
	}
	want := []string{"passkey-added wang.fang", "signed-in wang.fang", "second-factor-shown wang.fang"}
	if got := h.seen(); !slices.Equal(slices.DeleteFunc(got, func(s string) bool { return !slices.Contains(want, s) }),
		[]string{"signed-in wang.fang", "signed-in wang.fang", "signed-in wang.fang", want[0], want[1], want[2]}) {
		t.Errorf("the audit has %q", got)
	}
}

func TestWhatADeviceSaysIsHeldAgainstEverything(t *testing.T) {
	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	v := h.browser()
	v.mustSignIn("wang.fang", password)
	for name, d := range map[string]*device{
		"registered on a page of another site": {at: webauthn.RelyingParty{ID: ours.ID, Origin: "https://evil.example.com"}},
		"registered for another host": {
			at: webauthn.RelyingParty{ID: "evil.example.com", Origin: ours.Origin},
		},
		"registered in the clear":        {at: webauthn.RelyingParty{ID: ours.ID, Origin: "http://ledger.example.com"}},
		"registered by nobody":           {at: ours, options: webauthn.AuthenticatorOptions{UserNotPresent: true}},
		"registered without who uses it": {at: ours, options: webauthn.AuthenticatorOptions{UserNotVerified: true}},
	} {
		d.key = newKey()
		if r := v.register(d, "x"); !r.is(http.StatusForbidden, "passkey-refused") {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	if list := v.passkeys(); len(list) != 0 {
		t.Fatalf("registered were %+v", list)
	}
	good := newDevice()
	v.must(v.register(good, "x"))
	if r := v.register(good, "the same again"); r.status == http.StatusOK {
		t.Error("a passkey is registered twice")
	}
	zhao := h.browser()
	zhao.mustSignIn("zhao.lei", h.password("zhao.lei"))
	stolen := *good
	if r := zhao.register(&stolen, "that of another"); !r.is(http.StatusConflict, "changed-meanwhile") {
		t.Errorf("another's passkey: %d %s", r.status, r.body)
	}
	theirs := newDevice()
	zhao.must(zhao.register(theirs, "y"))

	next := h.browser()
	next.mustSignIn("wang.fang", password)
	for name, change := range map[string]func(*device){
		"on a page of another site": func(d *device) { d.at.Origin = "https://evil.example.com" },
		"for another host":          func(d *device) { d.at.ID = "evil.example.com" },
		"by nobody":                 func(d *device) { d.options.UserNotPresent = true },
		"without who uses it":       func(d *device) { d.options.UserNotVerified = true },
		"with another's passkey":    func(d *device) { d.key = theirs.key },
		"with another key": func(d *device) {
			id := d.key.ID
			d.key = newKey()
			d.key.ID = id
		},
	} {
		d := *good
		change(&d)
		r := next.show(&d)
		if r.is(http.StatusTooManyRequests, "too-many-tries") {
			h.clock.Move(5 * time.Second)
			r = next.show(&d)
		}
		if !r.is(http.StatusForbidden, "passkey-refused") || next.step() != "second-factor" {
			t.Errorf("%s: %d %s", name, r.status, r.body)
		}
	}
	h.clock.Move(time.Minute)
	next.must(next.show(good))
	h.clock.Move(time.Minute)
	// A copy of the device counts on its own.
	good.key.Counter = 0
	next = h.browser()
	next.mustSignIn("wang.fang", password)
	if r := next.show(good); !r.is(http.StatusForbidden, "passkey-refused") {
		t.Errorf("a counter that stands still: %d %s", r.status, r.body)
	}
	entries, err := h.door.Entries(t.Context(), store.Filter{What: "passkey-refused"})
	if err != nil || len(entries) == 0 || !strings.Contains(entries[0].Detail, "there may be two of it") {
		t.Errorf("the audit has %+v", entries)
	}
	good.key.Counter = 7
	h.clock.Move(time.Minute)
	next.must(next.show(good))
}

func TestAChallengeIsGoodOnceForAWhileAndInItsSession(t *testing.T) {
	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	v := h.browser()
	v.mustSignIn("wang.fang", password)
	phone := newDevice()
	asked := v.post("/v1/me/passkeys/challenge", nil)
	made := map[string]any{"name": "x", "credential": phone.made(t, asked.body)}
	other := h.browser()
	other.mustSignIn("wang.fang", password)
	if r := other.post("/v1/me/passkeys", made); !r.is(http.StatusConflict, "challenge-over") {
		t.Errorf("in another session: %d %s", r.status, r.body)
	}
	other.post("/v1/me/passkeys/challenge", nil)
	if r := other.post("/v1/me/passkeys", made); !r.is(http.StatusForbidden, "passkey-refused") {
		t.Errorf("for another challenge: %d %s", r.status, r.body)
	}
	v.must(v.post("/v1/me/passkeys", made))
	if r := v.post("/v1/me/passkeys", made); !r.is(http.StatusConflict, "challenge-over") {
		t.Errorf("once more: %d %s", r.status, r.body)
	}
	next := h.browser()
	next.mustSignIn("wang.fang", password)
	proof := func() map[string]any {
		phone.key.Counter++
		return map[string]any{"credential": phone.signed(t, next.post("/v1/sign-in/second-factor/challenge", nil).body)}
	}
	late := proof()
	h.clock.Move(6 * time.Minute)
	if r := next.post("/v1/sign-in/second-factor", late); !r.is(http.StatusConflict, "challenge-over") {
		t.Errorf("too late: %d %s", r.status, r.body)
	}
	good := proof()
	next.must(next.post("/v1/sign-in/second-factor", good))
	if r := next.post("/v1/sign-in/second-factor", good); !r.is(http.StatusConflict, "challenge-over") {
		t.Errorf("once more: %d %s", r.status, r.body)
	}
	// What was asked for one thing is no answer to another.
	next.post("/v1/me/passkeys/challenge", nil)
	if r := next.post("/v1/sign-in/second-factor", good); !r.is(http.StatusConflict, "challenge-over") {
		t.Errorf("for another purpose: %d %s", r.status, r.body)
	}
	for _, nonsense := range []map[string]any{{}, {"id": "x"}, {"id": 7}, {"response": map[string]any{"clientDataJSON": "!"}}} {
		next.post("/v1/me/passkeys/challenge", nil)
		if r := next.post("/v1/me/passkeys", map[string]any{"name": "x", "credential": nonsense}); !r.is(http.StatusForbidden,
			"passkey-refused") {
			t.Errorf("%v: %d %s", nonsense, r.status, r.body)
		}
	}
}

func TestARoleThatAsksForASecondFactorIsNothingWithoutOne(t *testing.T) {
	h := build(t, door.Policy{SecondFactor: []domain.Role{domain.Finance, domain.Administrator}})
	wang, zhao := h.password("wang.fang"), h.password("zhao.lei")
	v := h.browser()
	if r := v.signIn("wang.fang", wang); !strings.Contains(r.body, `"step":"enrol-second-factor"`) {
		t.Fatalf("after the password: %s", r.body)
	}
	if r := v.get("/v1/desk"); !r.is(http.StatusForbidden, "enrol-second-factor") {
		t.Errorf("before a passkey: %d %s", r.status, r.body)
	}
	if r := v.post("/v1/me/tokens", map[string]any{"name": "x", "role": "finance", "days": 1}); !r.is(http.StatusForbidden,
		"enrol-second-factor") {
		t.Errorf("an API token is made before a passkey: %d %s", r.status, r.body)
	}
	phone := newDevice()
	v.must(v.register(phone, "手机"))
	if v.step() != "" || v.get("/v1/desk").status != http.StatusOK {
		t.Errorf("with a passkey they are at %q", v.step())
	}
	id := v.passkeys()[0].ID
	if r := v.post("/v1/me/passkeys/"+id+"/removal", nil); !r.is(http.StatusConflict, "last-passkey") {
		t.Errorf("the last one is removed: %d %s", r.status, r.body)
	}
	second := newDevice()
	h.clock.Move(time.Minute)
	v.must(v.register(second, "钥匙"))
	v.must(v.post("/v1/me/passkeys/"+id+"/name", map[string]string{"name": "旧手机"}))
	if list := v.passkeys(); len(list) != 2 || list[0].Name != "旧手机" || list[1].Name != "钥匙" {
		t.Errorf("the passkeys: %+v", list)
	}
	v.must(v.post("/v1/me/passkeys/"+id+"/removal", nil))
	next := h.browser()
	next.mustSignIn("wang.fang", wang)
	if r := next.show(phone); !r.is(http.StatusForbidden, "passkey-refused") {
		t.Errorf("the removed one: %d %s", r.status, r.body)
	}
	next.must(next.show(second))

	other := h.browser()
	other.mustSignIn("zhao.lei", zhao)
	if other.step() != "" {
		t.Errorf("a role that does not ask: %q", other.step())
	}
	// What is granted while somebody is signed in asks from then on.
	p, _ := h.people.Person("zhao.lei")
	p.Grants = append(p.Grants, grantOf(domain.Finance, access.Everything()))
	h.people.set(p)
	if r := other.get("/v1/desk"); !r.is(http.StatusForbidden, "enrol-second-factor") {
		t.Errorf("when finance is granted: %d %s", r.status, r.body)
	}
	// Another's passkey is not theirs to name or remove.
	third := newDevice()
	other.must(other.register(third, "z"))
	for _, path := range []string{"/removal", "/name"} {
		if r := other.post("/v1/me/passkeys/"+v.passkeys()[0].ID+path, map[string]string{"name": "x"}); r.status !=
			http.StatusNotFound && r.status != http.StatusUnprocessableEntity {
			t.Errorf("another's %s: %d %s", path, r.status, r.body)
		}
	}
	if len(v.passkeys()) != 1 {
		t.Error("another's passkey is gone")
	}
}

func TestAPasskeyIsChangedByWhoHasJustSignedIn(t *testing.T) {
	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	v := h.browser()
	v.mustSignIn("wang.fang", password)
	v.get("/v1/me")
	h.clock.Move(11 * time.Minute)
	if r := v.post("/v1/me/passkeys/challenge", nil); !r.is(http.StatusForbidden, "recent-sign-in") {
		t.Errorf("after eleven minutes: %d %s", r.status, r.body)
	}
	v.mustSignIn("wang.fang", password)
	phone := newDevice()
	v.must(v.register(phone, "手机"))
	h.clock.Move(11 * time.Minute)
	id := v.passkeys()[0].ID
	if r := v.post("/v1/me/passkeys/"+id+"/removal", nil); !r.is(http.StatusForbidden, "recent-sign-in") {
		t.Errorf("removed after eleven minutes: %d %s", r.status, r.body)
	}
	v.must(v.show(phone))
	v.must(v.post("/v1/me/passkeys/"+id+"/removal", nil))
	if next := h.browser(); next.signIn("wang.fang", password).status != http.StatusOK || next.step() != "" {
		t.Errorf("without a passkey they are at %q", next.step())
	}
	// A program neither registers nor shows one.
	program := h.program(h.token("wang.fang", domain.Finance, time.Hour))
	for _, path := range []string{"/v1/me/passkeys/challenge", "/v1/sign-in/second-factor/challenge"} {
		if r := program.post(path, nil); !r.is(http.StatusForbidden, "sign-in-needed") {
			t.Errorf("%s by a program: %d %s", path, r.status, r.body)
		}
	}
	for _, name := range []string{"", " x", "a\nb", strings.Repeat("长", 61)} {
		v.mustSignIn("wang.fang", password)
		if r := v.register(newDevice(), name); r.status != http.StatusUnprocessableEntity {
			t.Errorf("called %q: %d %s", name, r.status, r.body)
		}
	}
	for i := range 10 {
		v.must(v.register(newDevice(), fmt.Sprint("no. ", i)))
	}
	if r := v.register(newDevice(), "one more"); !r.is(http.StatusConflict, "too-many-passkeys") {
		t.Errorf("an eleventh: %d %s", r.status, r.body)
	}
}

func TestAnAdministratorResetsThePasskeysOfWhoLostThem(t *testing.T) {
	h := build(t, door.Policy{SecondFactor: []domain.Role{domain.Finance}})
	password := h.password("wang.fang")
	v := h.browser()
	v.mustSignIn("wang.fang", password)
	v.must(v.register(newDevice(), "手机"))
	admin := h.browser()
	admin.mustSignIn("admin", h.password("admin"))
	ask := func(v *visitor, login, reason string) reply {
		return v.post("/v1/door/passkey-resets", map[string]string{"login": login, "reason": reason})
	}
	for _, c := range []struct {
		who           *visitor
		login, reason string
		status        int
		code          string
	}{
		{v, "zhao.lei", "x", 403, "role-not-allowed"},
		{admin, "admin", "x", 403, "own-passkeys"},
		{admin, "nobody", "x", 404, "unknown-login"},
		{admin, "wang.fang", "", 422, "text-required"},
	} {
		if r := ask(c.who, c.login, c.reason); !r.is(c.status, c.code) {
			t.Errorf("%s: %d %s", c.login, r.status, r.body)
		}
	}
	if r := ask(admin, "Wang.Fang", "手机遗失"); !strings.Contains(r.body, `"removed":1`) {
		t.Errorf("reset: %d %s", r.status, r.body)
	}
	if v.me().Login != "" {
		t.Error("their session goes on")
	}
	v.mustSignIn("wang.fang", password)
	if v.step() != "enrol-second-factor" {
		t.Errorf("then they are at %q", v.step())
	}
	entries, err := h.door.Entries(t.Context(), store.Filter{What: "passkeys-reset"})
	if err != nil || len(entries) != 1 || entries[0].Login != "admin" || entries[0].Object != "wang.fang" ||
		entries[0].Detail != "手机遗失" {
		t.Errorf("the audit has %+v", entries)
	}
}

// What fails of the second step waits longer and longer, for that person from that address,
// and a good password does not forgive it.
func TestTheSecondStepWaitsLongerAndLonger(t *testing.T) {
	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	v := h.browser()
	v.mustSignIn("wang.fang", password)
	good := newDevice()
	v.must(v.register(good, "x"))
	next := h.browser()
	bad := newDevice()
	bad.key.ID = good.key.ID
	waited := 0
	for range 8 {
		next.mustSignIn("wang.fang", password)
		if r := next.show(bad); r.is(http.StatusTooManyRequests, "too-many-tries") {
			waited++
		}
	}
	if waited == 0 {
		t.Error("nobody waited")
	}
	elsewhere := h.browser()
	elsewhere.address = "198.51.100.7:1"
	elsewhere.mustSignIn("wang.fang", password)
	elsewhere.must(elsewhere.show(good))
}

// Whom a provider lets in shows a passkey, too; a given password is changed after it.
func TestASecondFactorIsAskedAfterEachFirstOne(t *testing.T) {
	o := organise(t, nil)
	v := o.browser()
	o.byProvider(v)
	phone := newDevice()
	v.must(v.register(phone, "手机"))
	v = o.browser()
	o.byProvider(v)
	if v.step() != "second-factor" {
		t.Errorf("after the provider they are at %q", v.step())
	}
	v.must(v.show(phone))
	if v.step() != "" {
		t.Errorf("then at %q", v.step())
	}

	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	v = h.browser()
	v.mustSignIn("wang.fang", password)
	v.must(v.register(phone, "手机"))
	given, err := h.door.GivePassword(t.Context(), "wang.fang")
	if err != nil {
		t.Fatal(err)
	}
	v = h.browser()
	v.mustSignIn("wang.fang", given)
	steps := []string{v.step()}
	phone.key.Counter = 9
	v.must(v.show(phone))
	steps = append(steps, v.step())
	v.must(v.post("/v1/me/password", map[string]string{"present": given, "next": "a password of my own"}))
	if steps = append(steps, v.step()); !slices.Equal(steps, []string{"second-factor", "change-password", ""}) {
		t.Errorf("the steps are %q", steps)
	}
	// An invitation is a first factor, no more.
	secret := h.invite("wang.fang")
	v = h.browser()
	v.must(v.post("/v1/invitation", map[string]string{"invitation": secret, "password": "yet another password"}))
	if v.step() != "second-factor" {
		t.Errorf("after an invitation they are at %q", v.step())
	}
}

// Where the address of the ledger is not known, nobody is let past a passkey, and none is
// made.
func TestPasskeysNeedTheAddressOfTheLedger(t *testing.T) {
	for address, fails := range map[string]bool{
		"": true, "https://192.0.2.7": true, "http://ledger.example.com": true, "https://ledger.example.com": false,
		"http://localhost:8080": false,
	} {
		_, err := door.New(door.Options{PublicURL: address, Policy: door.Policy{SecondFactor: []domain.Role{domain.Finance}}})
		if (err != nil) != fails {
			t.Errorf("%q: %v", address, err)
		}
		if _, err := door.New(door.Options{PublicURL: address}); err != nil {
			t.Errorf("%q, where none is asked for: %v", address, err)
		}
	}
	if _, err := door.New(door.Options{
		PublicURL: public, Policy: door.Policy{SecondFactor: []domain.Role{"treasurer"}},
	}); err == nil {
		t.Error("a second factor of an unknown role")
	}
	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	v := h.browser()
	v.mustSignIn("wang.fang", password)
	phone := newDevice()
	v.must(v.register(phone, "x"))
	d, err := door.New(door.Options{Store: h.memory, People: h.people, Clock: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	h.door, h.server = d, serve(d)
	v = h.browser()
	v.mustSignIn("wang.fang", password)
	if r := v.show(phone); !r.is(http.StatusServiceUnavailable, "passkeys-unavailable") || v.step() != "second-factor" {
		t.Errorf("without an address: %d %s", r.status, r.body)
	}
}

// A passkey goes on as what it was on another node, whichever memory they share.
func TestASecondStepGoesOnOnAnotherNode(t *testing.T) {
	log := sqlitetest.Open(t, sqlite.Options{})
	for what, node := range map[string]func(*house) store.Store{
		"a file": func(h *house) store.Store { return h.memory },
		"the streams of a log": func(h *house) store.Store {
			s, err := logstream.Open(t.Context(), log, h.clock.Now)
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
	} {
		t.Run(what, func(t *testing.T) {
			h := build(t, door.Policy{})
			h.door = h.another(node(h), door.Policy{})
			h.server = serve(h.door)
			password := h.password("wang.fang")
			v := h.browser()
			v.mustSignIn("wang.fang", password)
			phone := newDevice()
			v.must(v.register(phone, "x"))
			first, second := h.server, serve(h.another(node(h), door.Policy{}))
			v = h.browser()
			v.server = first
			v.mustSignIn("wang.fang", password)
			asked := v.post("/v1/sign-in/second-factor/challenge", nil)
			v.server = second
			phone.key.Counter++
			v.must(v.post("/v1/sign-in/second-factor", map[string]any{"credential": phone.signed(t, asked.body)}))
			v.server = first
			if v.step() != "" {
				t.Errorf("on the first node they are at %q", v.step())
			}
		})
	}
}

// altered is what a device answered, one part of it put in the place of what it was: of
// part 0 all of it, of others a text within.
func altered(t *testing.T, answer map[string]any, part uint8, put string) any {
	t.Helper()
	var whole any
	if part == 0 && json.Unmarshal([]byte(put), &whole) == nil {
		return whole
	}
	within, _ := answer["response"].(map[string]any)
	var places []func(string) bool // put a text in its place, and say whether it is another
	for _, m := range []map[string]any{answer, within} {
		for _, name := range slices.Sorted(maps.Keys(m)) {
			if _, text := m[name].(string); text {
				places = append(places, func(put string) bool { was := m[name]; m[name] = put; return was != put })
			}
		}
	}
	if !places[int(part)%len(places)](put) {
		t.Skip("it is what the device said")
	}
	return answer
}

var partsOfAnswers = []string{
	"", "null", "[]", "{}", "AA", "public-key", strings.Repeat("A", 50), "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0", `{"id":1}`,
	"o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVkBAA", "v___", "n4-fn5-f", "_____________________w",
}

// Whatever a device is made to say, nobody passes the second step by it.
func FuzzNobodyShowsAPasskeyByWhatIsMadeUp(f *testing.F) {
	h := build(f, door.Policy{})
	password := h.password("wang.fang")
	v := h.browser()
	v.mustSignIn("wang.fang", password)
	good := newDevice()
	v.must(v.register(good, "x"))
	for i, text := range partsOfAnswers {
		f.Add(uint8(i%8), text)
	}
	began := time.Time{}
	f.Fuzz(func(t *testing.T, part uint8, put string) {
		h.t = t
		h.clock.Move(16 * time.Minute) // longer than any wait after a try that failed
		if now := h.clock.Now(); now.Sub(began) > 8*time.Hour {
			v, began = h.browser(), now
			v.mustSignIn("wang.fang", password)
		}
		r := v.post("/v1/sign-in/second-factor/challenge", nil)
		v.must(r)
		answer := altered(t, good.signed(t, r.body), part, put)
		r = v.post("/v1/sign-in/second-factor", map[string]any{"credential": answer})
		if r.status < 400 || r.status >= 500 || v.step() != "second-factor" {
			t.Errorf("%d, put %q: %d %s", part, put, r.status, r.body)
		}
	})
}

// Whatever a device is made to say of a passkey that it made, it is taken or refused, and
// nothing breaks; what is taken is one passkey of whoever registered it.
func FuzzAPasskeyIsTakenOrRefused(f *testing.F) {
	h := build(f, door.Policy{})
	v := h.browser()
	v.mustSignIn("wang.fang", h.password("wang.fang"))
	for i, text := range partsOfAnswers {
		f.Add(uint8(i%8), text)
	}
	f.Fuzz(func(t *testing.T, part uint8, put string) {
		h.t = t
		r := v.post("/v1/me/passkeys/challenge", nil)
		v.must(r)
		answer := altered(t, newDevice().made(t, r.body), part, put)
		r = v.post("/v1/me/passkeys", map[string]any{"name": "x", "credential": answer})
		taken := map[bool]int{true: 1}[r.status == http.StatusOK]
		if list := v.passkeys(); r.status >= 500 || len(list) != taken {
			t.Errorf("%d, put %q: %d %s, and passkeys %+v", part, put, r.status, r.body, list)
		}
		if _, err := h.memory.RemoveOwned(t.Context(), store.Passkey, "wang.fang", ""); err != nil {
			t.Fatal(err)
		}
	})
}
