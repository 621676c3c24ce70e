package door_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/store"
	"aftersales-ledger/domain"
)

func TestWhoCannotSignInLearnsNothingOfWhy(t *testing.T) {
	h := build(t, door.Policy{})
	good := h.password("wang.fang")
	suspended := h.password("zhao.lei")
	p, _ := h.people.Person("zhao.lei")
	p.Suspended = true
	h.people.set(p)
	var first reply
	for i, tt := range []struct{ why, login, password string }{
		{"a wrong password", "wang.fang", "wrong " + good},
		{"an unknown login", "nobody", good},
		{"nobody's login that cannot be one", "a b\r\nc", good},
		{"a person without a password", "new", good},
		{"a person without a password, and none given", "new", ""},
		{"a suspended person", "zhao.lei", suspended},
		{"a suspended person's wrong password", "zhao.lei", good},
		{"a password that is far too long", "wang.fang", strings.Repeat("x", 8000)},
		{"an empty one", "wang.fang", ""},
	} {
		b := h.browser()
		b.address = fmt.Sprintf("192.0.2.%d:1", i+1)
		before := h.door.Compared()
		r := b.signIn(tt.login, tt.password)
		if i == 0 {
			first = r
		}
		if !r.is(http.StatusUnauthorized, "sign-in-refused") || r.body != first.body || len(b.cookies) > 0 {
			t.Errorf("%s: %d %s", tt.why, r.status, r.body)
		}
		if n := h.door.Compared() - before; n != 1 {
			t.Errorf("%s: took %d hashes; one is what takes the time, so every refusal has one", tt.why, n)
		}
	}
	if r := h.browser().signIn(" WANG.fang ", good); r.status != http.StatusOK {
		t.Errorf("the good one, the login written otherwise: %d %s", r.status, r.body)
	}
}

func TestTriesThatFailWaitLongerAndLongerAndLockNobodyElseOut(t *testing.T) {
	h := build(t, door.Policy{})
	good := h.password("wang.fang")
	guesser := h.browser()
	guesser.address = "203.0.113.9:4000"
	for i := range 5 {
		if r := guesser.signIn("wang.fang", "guess"); r.status != http.StatusUnauthorized {
			t.Fatalf("try %d: %d %s", i+1, r.status, r.body)
		}
	}
	for i := range 14 {
		want := min(1<<i, 900)
		r := guesser.signIn("wang.fang", good)
		if !r.is(http.StatusTooManyRequests, "too-many-tries") || r.header.Get("Retry-After") != strconv.Itoa(want) {
			t.Fatalf("wait %d: %d %s; want to wait %d s", i, r.status, r.header.Get("Retry-After"), want)
		}
		h.clock.Move(time.Duration(want)*time.Second - time.Millisecond)
		if r := guesser.signIn("wang.fang", good); r.status != http.StatusTooManyRequests {
			t.Fatalf("wait %d: was let in early", i)
		}
		h.clock.Move(time.Millisecond)
		if r := guesser.signIn("wang.fang", "guess"); r.status != http.StatusUnauthorized {
			t.Fatalf("wait %d: %d %s after it", i, r.status, r.body)
		}
	}
	owner := h.browser()
	owner.address = "192.0.2.7:5000"
	owner.mustSignIn("wang.fang", good)
	if r := guesser.signIn("zhao.lei", "guess"); r.status != http.StatusUnauthorized {
		t.Errorf("another login from there: %d %s", r.status, r.body)
	}
	unknown := h.browser()
	unknown.address = "203.0.113.10:1"
	for range 5 {
		unknown.signIn("nobody", "guess")
	}
	if r := unknown.signIn("nobody", "guess"); r.status != http.StatusTooManyRequests {
		t.Errorf("an unknown login is answered otherwise: %d %s", r.status, r.body)
	}
	h.clock.Move(24 * time.Hour)
	guesser.mustSignIn("wang.fang", good)
	if r := guesser.signIn("wang.fang", "guess"); r.status != http.StatusUnauthorized {
		t.Errorf("what failed was not forgotten after a good try: %d", r.status)
	}
}

func TestAnAddressThatTriesManyLoginsWaits(t *testing.T) {
	h := build(t, door.Policy{})
	b := h.browser()
	for i := range 50 {
		b.address = fmt.Sprintf("[2001:db8::%x]:1", i+1) // one sender has them all
		if r := b.signIn(fmt.Sprint("login", i), "Spring2026!"); r.status != http.StatusUnauthorized {
			t.Fatalf("try %d: %d", i, r.status)
		}
	}
	if r := b.signIn("one-more", "Spring2026!"); r.status != http.StatusTooManyRequests {
		t.Errorf("answered %d %s", r.status, r.body)
	}
	b.address = "[2001:db8:0:1::1]:1"
	if r := b.signIn("one-more", "Spring2026!"); r.status != http.StatusUnauthorized {
		t.Errorf("another network: %d %s", r.status, r.body)
	}
}

func TestManyTriesAtOnceAreNoMoreThanOneAfterTheOther(t *testing.T) {
	h := build(t, door.Policy{})
	h.password("wang.fang")
	before := h.door.Compared()
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() { h.browser().signIn("wang.fang", fmt.Sprint("guess", i)) })
	}
	group.Wait()
	if n := h.door.Compared() - before; n != 5 {
		t.Errorf("%d passwords were tried at once; want 5", n)
	}
}

func TestAGivenPasswordIsChangedBeforeAnythingElse(t *testing.T) {
	h := build(t, door.Policy{})
	given, err := h.door.GivePassword(t.Context(), "wang.fang")
	if err != nil {
		t.Fatal(err)
	}
	b, elsewhere := h.browser(), h.browser()
	elsewhere.mustSignIn("wang.fang", given)
	if r := b.signIn("wang.fang", given); !strings.Contains(r.body, `"step":"change-password"`) {
		t.Fatalf("answered %d %s", r.status, r.body)
	}
	for path, status := range map[string]int{
		"/v1/desk": http.StatusForbidden, "/v1/me/sessions": http.StatusForbidden, "/v1/me/tokens": http.StatusForbidden,
		"/v1/me": http.StatusOK,
	} {
		if r := b.get(path); r.status != status || status != http.StatusOK && !r.is(status, "change-password") {
			t.Errorf("%s before it: %d %s", path, r.status, r.body)
		}
	}
	old := b.cookies["__Host-ledger-session"]
	change := func(present, next string) reply {
		return b.post("/v1/me/password", map[string]string{"present": present, "next": next})
	}
	for why, tt := range map[string]struct {
		present, next string
		status        int
	}{
		"a wrong one":     {"wrong", "a new long password", http.StatusForbidden},
		"too short":       {given, "short", http.StatusUnprocessableEntity},
		"the same":        {given, given, http.StatusUnprocessableEntity},
		"far too long":    {given, strings.Repeat("长", 257), http.StatusUnprocessableEntity},
		"not even a text": {given, "\xff\xfe0123456789", http.StatusUnprocessableEntity},
	} {
		r := change(tt.present, tt.next)
		if r.status != tt.status && why != "not even a text" || strings.Contains(r.body, given) ||
			tt.next != "short" && strings.Contains(r.body, tt.next) {
			t.Errorf("%s: %d %s", why, r.status, r.body)
		}
	}
	h.clock.Move(time.Minute)
	// "not even a text" arrives as a text of replacement signs
	given2, err := h.door.GivePassword(t.Context(), "wang.fang")
	if err != nil {
		t.Fatal(err)
	}
	if r := change(given2, "correct horse battery"); r.status != http.StatusOK {
		t.Fatalf("change: %d %s", r.status, r.body)
	}
	if r := b.get("/v1/desk"); r.status != http.StatusOK {
		t.Errorf("after it: %d %s", r.status, r.body)
	}
	if b.cookies["__Host-ledger-session"] == old {
		t.Error("the session kept its secret")
	}
	if r := elsewhere.get("/v1/me"); r.status != http.StatusUnauthorized {
		t.Errorf("a session elsewhere went on: %d", r.status)
	}
	if r := h.browser().signIn("wang.fang", given); r.status != http.StatusUnauthorized {
		t.Errorf("the given password is good still: %d", r.status)
	}
	token := h.program(h.token("wang.fang", domain.Finance, time.Hour))
	if r := token.post("/v1/me/password",
		map[string]string{"present": "correct horse battery", "next": "another long one"}); !r.is(
		http.StatusForbidden, "sign-in-needed") {
		t.Errorf("a program changed its owner's password: %d %s", r.status, r.body)
	}
}

func TestAnInvitationIsGoodOnceAndForAWhile(t *testing.T) {
	h := build(t, door.Policy{})
	invite := func() string {
		return h.invite("new")
	}
	take := func(secret, password string) reply {
		return h.browser().post("/v1/invitation", map[string]string{"invitation": secret, "password": password})
	}
	earlier, later := invite(), invite()
	if r := take(earlier, "a long password"); !r.is(http.StatusUnauthorized, "invitation-over") {
		t.Errorf("one that a later one replaced: %d %s", r.status, r.body)
	}
	if r := take(later, "short"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("a short password: %d %s", r.status, r.body)
	}
	if r := take(later, "a long password"); r.status != http.StatusOK {
		t.Errorf("the first time: %d %s", r.status, r.body)
	}
	if r := take(later, "another password"); !r.is(http.StatusUnauthorized, "invitation-over") {
		t.Errorf("the second time: %d %s", r.status, r.body)
	}
	h.browser().mustSignIn("new", "a long password")
	old := invite()
	h.clock.Move(3 * 24 * time.Hour)
	if r := take(old, "a third password"); !r.is(http.StatusUnauthorized, "invitation-over") {
		t.Errorf("after its time: %d %s", r.status, r.body)
	}
	of := invite()
	p, _ := h.people.Person("new")
	p.Suspended = true
	h.people.set(p)
	if r := take(of, "a fourth password"); !r.is(http.StatusUnauthorized, "invitation-over") {
		t.Errorf("of who is suspended since: %d %s", r.status, r.body)
	}
}

func TestAnInvitationIsMailedToWhoIsInvitedAlone(t *testing.T) {
	h := build(t, door.Policy{})
	take := func(secret string) reply {
		return h.browser().post("/v1/invitation", map[string]string{"invitation": secret, "password": "a long password"})
	}
	i, err := h.door.Invite(t.Context(), "wang.fang", "admin")
	if err != nil || i.Secret != "" || i.Mailed != "w•••@example.com" || len(h.post.letters) != 1 ||
		h.post.letters[0].To != "wang@example.com" {
		t.Fatalf("invited %+v (%v), letters %+v", i, err, h.post.letters)
	}
	first := h.invite("wang.fang")
	if was, err := h.door.RevokeInvitation(t.Context(), "wang.fang", "admin"); !was || err != nil {
		t.Errorf("revoked: %t (%v)", was, err)
	}
	if r := take(first); !r.is(http.StatusUnauthorized, "invitation-over") {
		t.Errorf("once revoked: %d %s", r.status, r.body)
	}
	if was, err := h.door.RevokeInvitation(t.Context(), "wang.fang", "admin"); was || err != nil {
		t.Errorf("revoked twice: %t (%v)", was, err)
	}
	h.post.broken = true
	if i, err := h.door.Invite(t.Context(), "wang.fang", "admin"); err == nil {
		t.Errorf("a mail that did not leave: %+v", i)
	}
	h.post.broken = false
	if r := take(h.invite("wang.fang")); r.status != http.StatusOK {
		t.Errorf("the one that left: %d %s", r.status, r.body)
	}
}

func TestTheAuditTellsWhatHappenedWithoutASecret(t *testing.T) {
	h := build(t, door.Policy{})
	password := h.password("wang.fang")
	b := h.browser()
	b.headers.Set("User-Agent", "evil\x1b[2J\u202e browser "+strings.Repeat("x", 5000))
	b.signIn("my-secret-password", "wang.fang") // into the wrong fields
	b.signIn("wang.fang", "wrong-password-typed")
	b.mustSignIn("wang.fang", password)
	b.get("/v1/centers/C01/statements/2025Q3")
	b.get("/v1/page?x=1") // refused: no such parameter
	b.get("/v1/page")
	b.get("/v1/desk")
	b.post("/v1/sign-out", nil)
	h.browser().get("/v1/desk")
	token := h.token("zhao.lei", domain.RegionalAdmin, time.Hour)
	h.program(token).get("/v1/door/audit")
	h.program(token + "x").get("/v1/desk")
	want := []string{
		"invited admin", "password-set wang.fang", "signed-in wang.fang", "sign-in-refused ", "sign-in-refused wang.fang",
		"signed-in wang.fang", "statement-read wang.fang", "exported wang.fang", "signed-out wang.fang", "denied ",
		"token-made zhao.lei", "denied zhao.lei", "denied ",
	}
	if got := h.seen(); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	entries, err := h.door.Entries(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{
		password, token, "my-secret-password", "wrong-password-typed", "asls_", "asli_", `\u001b`, "\u202e",
	} {
		if strings.Contains(string(text), secret) {
			t.Errorf("the audit holds %q", secret)
		}
	}
	if len(text) > 20_000 {
		t.Errorf("the audit of a few requests has %d bytes", len(text))
	}
	read := entries[slices.IndexFunc(entries, func(e store.Entry) bool { return e.What == "statement-read" })]
	if read.Object != "C01 2025Q3" || read.Role != "finance" || read.Scope != "all" || read.Address != "192.0.2.1" ||
		read.Via != "session" {
		t.Errorf("who read which statement: %+v", read)
	}
}

func TestTheAuditIsListedForTheAuditorAlone(t *testing.T) {
	h := build(t, door.Policy{})
	for range 5 {
		h.browser().get("/v1/desk")
		h.clock.Move(time.Hour)
	}
	finance := h.program(h.token("wang.fang", domain.Finance, 90*time.Hour))
	r := finance.get("/v1/door/audit?what=denied&limit=2&from=2026-03-02&until=2026-03-02")
	if r.status != http.StatusOK || strings.Count(r.body, `"what":"denied"`) != 2 || !strings.Contains(r.body, `"next":`) {
		t.Errorf("answered %d %s", r.status, r.body)
	}
	if r := finance.get("/v1/door/audit?from=2026-03-03"); r.status != http.StatusOK || strings.Contains(r.body,
		"denied") {
		t.Errorf("of a later day: %d %s", r.status, r.body)
	}
	if r := finance.get("/v1/door/audit?from=03.03.2026"); r.status != http.StatusUnprocessableEntity {
		t.Errorf("of no day: %d %s", r.status, r.body)
	}
	for _, login := range []string{"zheng", "zhao.lei"} {
		p, _ := h.people.Person(login)
		if r := h.program(h.token(login, p.Grants[0].Role,
			time.Hour)).get("/v1/door/audit"); r.status != http.StatusForbidden {
			t.Errorf("%s: %d", login, r.status)
		}
	}
	if r := h.program(h.token("admin", domain.Administrator, time.Hour)).get("/v1/door/audit"); r.status != http.StatusOK {
		t.Errorf("the administrator: %d %s", r.status, r.body)
	}
}

func TestASecretNeverStandsInARefusal(t *testing.T) {
	h := build(t, door.Policy{})
	for path, body := range map[string]any{
		"/v1/sign-in":    map[string]any{"password": "hunter2-hunter2"},
		"/v1/invitation": map[string]any{"password": "hunter2-hunter2", "extra": "hunter2-hunter2"},
	} {
		if r := h.browser().post(path, body); r.status < 400 || strings.Contains(r.body, "hunter2") {
			t.Errorf("%s: %d %s", path, r.status, r.body)
		}
	}
	if r := h.browser().post("/v1/sign-in",
		map[string]any{"login": "a", "password": []string{"hunter2-hunter2"}}); r.status <
		400 || strings.Contains(r.body, "hunter2") {
		t.Errorf("%d %s", r.status, r.body)
	}
}
