package door_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/store"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
)

// issued are the statements that stand, as a test has it.
type issued struct {
	mu       sync.Mutex
	versions map[string]int
}

func (s *issued) StandingVersion(_ context.Context, c domain.CenterID, q calendar.Quarter) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.versions[string(c)+" "+q.String()], nil
}

func (s *issued) issue(statement string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.versions == nil {
		s.versions = map[string]int{}
	}
	s.versions[statement]++
}

// mailbag takes letters.
type mailbag struct {
	mu      sync.Mutex
	letters []door.Letter
	broken  bool
}

func (m *mailbag) Deliver(_ context.Context, l door.Letter) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken {
		return errors.New("the server is away")
	}
	m.letters = append(m.letters, l)
	return nil
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// code is the one of the newest letter.
func (m *mailbag) code(t interface{ Fatal(...any) }) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.letters) == 0 {
		t.Fatal("no letter was sent")
	}
	return sixDigits.FindString(m.letters[len(m.letters)-1].Body)
}

var (
	q1      = quarter("2026Q1")
	replyBy = calendar.NewDate(2026, time.April, 20)
)

func quarter(text string) calendar.Quarter {
	q, err := calendar.ParseQuarter(text)
	if err != nil {
		panic(err)
	}
	return q
}

// mailed issues a version of C01's statement and returns the secret of the link that
// its head is mailed.
func (h *house) mailed() string {
	h.t.Helper()
	h.issued.issue("C01 2026Q1")
	return h.linked()
}

func (h *house) linked() string {
	h.t.Helper()
	version, _ := h.issued.StandingVersion(h.t.Context(), "C01", q1)
	links, err := h.door.LinksTo(h.t.Context(), "C01", q1, version, replyBy)
	if err != nil || len(links) != 1 || links[0].Mail != "zheng@c01.example.com" {
		h.t.Fatalf("links %+v (%v)", links, err)
	}
	u, err := url.Parse(links[0].URL)
	if err != nil || u.Path != door.LinkPath || u.RawQuery != "" {
		h.t.Fatalf("the secret must stand behind the #, where no server and no log sees it: %s", links[0].URL)
	}
	return u.Fragment
}

func (v *visitor) open(secret string) reply {
	v.h.t.Helper()
	return v.post("/v1/links", map[string]string{"link": secret})
}

const (
	ownStatement = "/v1/centers/C01/statements/2026Q1"
	ownAnswer    = ownStatement + "/confirm"
)

// prove has a code sent and enters it.
func (v *visitor) prove() {
	v.h.t.Helper()
	if r := v.post("/v1/me/code", nil); r.status != http.StatusOK {
		v.h.t.Fatalf("no code was sent: %d %s", r.status, r.body)
	}
	if r := v.post("/v1/me/code/proof", map[string]string{"code": v.h.post.code(v.h.t)}); r.status != http.StatusOK {
		v.h.t.Fatalf("the code was not taken: %d %s", r.status, r.body)
	}
}

func TestALinkOpensItsStatementAndNothingElse(t *testing.T) {
	h := build(t, door.Policy{})
	v := h.browser()
	if r := v.open(h.mailed()); r.status != http.StatusOK || !strings.Contains(r.body, `"quarter":"2026Q1"`) {
		t.Fatalf("opened: %d %s", r.status, r.body)
	}
	if r := v.get(ownStatement); r.status != http.StatusOK {
		t.Errorf("its statement: %d %s", r.status, r.body)
	}
	if r := v.get("/v1/me"); !strings.Contains(r.body, `"via":"link"`) ||
		!strings.Contains(r.body, `"beforeChange":"prove-by-code"`) || !strings.Contains(r.body, `"quarter":"2026Q1"`) {
		t.Errorf("who they are: %s", r.body)
	}
	for what, r := range map[string]reply{
		"another quarter":       v.get("/v1/centers/C01/statements/2026Q2"),
		"another center":        v.get("/v1/centers/C02/statements/2026Q1"),
		"what the role may":     v.get("/v1/desk"),
		"another file":          v.get("/v1/page"),
		"their sessions":        v.get("/v1/me/sessions"),
		"their tokens":          v.get("/v1/me/tokens"),
		"to end their sessions": v.post("/v1/me/sign-out-everywhere", map[string]bool{"tokens": true}),
	} {
		if !r.is(http.StatusForbidden, "one-purpose") {
			t.Errorf("%s: %d %s", what, r.status, r.body)
		}
	}
	if r := v.post("/v1/me/password", map[string]string{"present": "x", "next": "a long password"}); !r.is(http.StatusForbidden,
		"sign-in-needed") {
		t.Errorf("their password: %d %s", r.status, r.body)
	}
	if r := h.browser().post("/v1/sign-in?link=x", nil); r.status == http.StatusOK {
		t.Errorf("a secret in an address: %d", r.status)
	}
}

func TestNothingIsAnsweredByALinkWithoutTheCodeOfTheMail(t *testing.T) {
	h := build(t, door.Policy{})
	v := h.browser()
	v.open(h.mailed())
	if r := v.post(ownAnswer, nil); !r.is(http.StatusForbidden, "prove-by-code") {
		t.Fatalf("before the code: %d %s", r.status, r.body)
	}
	v.post("/v1/me/code", nil)
	first := h.post.code(t)
	if r := v.post("/v1/me/code", nil); r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") != "60" {
		t.Errorf("another at once: %d %s", r.status, r.header.Get("Retry-After"))
	}
	h.clock.Move(time.Minute)
	v.post("/v1/me/code", nil)
	second := h.post.code(t)
	enter := func(v *visitor, code string) reply {
		return v.post("/v1/me/code/proof", map[string]string{"code": code})
	}
	if r := enter(v, first); !r.is(http.StatusForbidden, "wrong-code") && first != second {
		t.Errorf("the one before: %d %s", r.status, r.body)
	}
	other := h.browser() // whoever else has the link
	other.open(h.linked())
	if r := enter(other, second); !r.is(http.StatusForbidden, "wrong-code") {
		t.Errorf("in another session: %d %s", r.status, r.body)
	}
	before := v.cookies["__Host-ledger-session"]
	if r := enter(v, second); r.status != http.StatusOK || v.cookies["__Host-ledger-session"] == before {
		t.Fatalf("the right one, with the session under a new secret: %d %s", r.status, r.body)
	}
	if r := enter(v, second); !r.is(http.StatusForbidden, "wrong-code") {
		t.Errorf("twice: %d %s", r.status, r.body)
	}
	if r := v.post(ownAnswer, nil); r.status != http.StatusOK {
		t.Errorf("the answer: %d %s", r.status, r.body)
	}
	if r := other.post(ownAnswer, nil); !r.is(http.StatusForbidden, "prove-by-code") {
		t.Errorf("an answer from the other session: %d %s", r.status, r.body)
	}
	stale := h.browser()
	stale.cookies["__Host-ledger-session"] = before
	if r := stale.get(ownStatement); r.status != http.StatusUnauthorized {
		t.Errorf("the secret of before: %d", r.status)
	}
	h.clock.Move(29 * time.Minute)
	v.get(ownStatement)
	h.clock.Move(time.Minute)
	if r := v.post(ownAnswer, nil); !r.is(http.StatusForbidden, "prove-by-code") {
		t.Errorf("half an hour later: %d %s", r.status, r.body)
	}
}

func TestACodeIsGoodForFewTriesAndFewAreSent(t *testing.T) {
	h := build(t, door.Policy{})
	v := h.browser()
	v.open(h.mailed())
	v.post("/v1/me/code", nil)
	right := h.post.code(t)
	wrong := "000000"
	if right == wrong {
		wrong = "000001"
	}
	var tries sync.WaitGroup
	for range 20 { // at once, each in a tab of its own
		tab := h.browser()
		tab.cookies = map[string]string{"__Host-ledger-session": v.cookies["__Host-ledger-session"]}
		tries.Go(func() { tab.post("/v1/me/code/proof", map[string]string{"code": wrong}) })
	}
	tries.Wait()
	if r := v.post("/v1/me/code/proof", map[string]string{"code": right}); !r.is(http.StatusForbidden, "wrong-code") {
		t.Errorf("the right code after too many tries: %d %s", r.status, r.body)
	}
	for range 30 {
		h.clock.Move(time.Minute)
		if v.get("/v1/me").status != http.StatusOK {
			t.Fatal("the session is over")
		}
		v.post("/v1/me/code", nil)
	}
	if n := len(h.post.letters); n != 10 {
		t.Errorf("%d codes were sent in a day", n)
	}
	h.clock.Move(24 * time.Hour)
	v.open(h.linked())
	v.prove()
	h.clock.Move(time.Hour)
	v.open(h.linked())
	v.post("/v1/me/code", nil)
	late := h.post.code(t)
	h.clock.Move(10 * time.Minute)
	if r := v.post("/v1/me/code/proof", map[string]string{"code": late}); !r.is(http.StatusForbidden, "wrong-code") {
		t.Errorf("ten minutes later: %d %s", r.status, r.body)
	}
	h.clock.Move(time.Minute)
	h.post.broken = true
	if r := v.post("/v1/me/code", nil); !r.is(http.StatusServiceUnavailable, "mail-unavailable") {
		t.Errorf("a mail server that is away: %d %s", r.status, r.body)
	}
}

func TestALinkEndsWithWhatItWasMadeFor(t *testing.T) {
	for what, ends := range map[string]func(*house){
		"another version": func(h *house) { h.issued.issue("C01 2026Q1") },
		"a suspension": func(h *house) {
			p, _ := h.people.Person("zheng")
			p.Suspended = true
			h.people.set(p)
		},
		"the end of the grant": func(h *house) {
			p, _ := h.people.Person("zheng")
			p.Grants = nil
			h.people.set(p)
		},
		"another center": func(h *house) {
			p, _ := h.people.Person("zheng")
			p.Grants = []access.Grant{grantOf(domain.CenterHead, access.OfCenter("C02"))}
			h.people.set(p)
		},
		"another mail address": func(h *house) {
			p, _ := h.people.Person("zheng")
			p.Mail = "zheng.new@c01.example.com"
			h.people.set(p)
		},
		"revocation": func(h *house) {
			if n, err := h.door.RevokeLinks(h.t.Context(), "C01", q1, "zhao.lei", "寄错"); n != 2 || err != nil {
				h.t.Errorf("%d revoked (%v)", n, err)
			}
		},
		"its time": func(h *house) { h.clock.Move(80 * 24 * time.Hour) },
	} {
		t.Run(what, func(t *testing.T) {
			h := build(t, door.Policy{SessionAbsolute: 100 * 24 * time.Hour, SessionIdle: 99 * 24 * time.Hour})
			secret := h.mailed()
			looks, answers := h.browser(), h.browser()
			looks.open(secret)
			answers.open(h.linked())
			answers.prove()
			if r := answers.post(ownAnswer, nil); r.status != http.StatusOK {
				t.Fatalf("before: %d %s", r.status, r.body)
			}
			ends(h)
			if what == "its time" {
				if _, err := h.door.Links(t.Context(), "C01", q1); err != nil {
					t.Error(err)
				}
			}
			for name, r := range map[string]reply{
				"opening": h.browser().open(secret), "looking": looks.get(ownStatement), "answering": answers.post(ownAnswer, nil),
				"a code": answers.post("/v1/me/code", nil),
			} {
				if r.status != http.StatusUnauthorized {
					t.Errorf("%s after %s: %d %s", name, what, r.status, r.body)
				}
			}
			if list, err := h.door.Links(t.Context(), "C01", q1); len(list) != 0 || err != nil {
				t.Errorf("listed as good: %+v (%v)", list, err)
			}
		})
	}
}

func TestNoLinkIsMadeThatWouldNotWork(t *testing.T) {
	h := build(t, door.Policy{})
	h.issued.issue("C01 2026Q1")
	h.issued.issue("C02 2026Q1")
	links := func(d *door.Door, c domain.CenterID, version int, by calendar.Date) int {
		list, err := d.LinksTo(t.Context(), c, q1, version, by)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	unknown, err := door.New(door.Options{
		Store: h.memory, People: h.people, Clock: h.clock.Now, Statements: h.issued, Post: h.post,
	})
	if err != nil {
		t.Fatal(err)
	}
	for what, n := range map[string]int{
		"of a version that no longer stands": links(h.door, "C01", 2, replyBy),
		"of a center without a head":         links(h.door, "C02", 1, replyBy),
		"whose time has passed":              links(h.door, "C01", 1, calendar.NewDate(2026, time.January, 20)),
		"without an address of the console":  links(unknown, "C01", 1, replyBy),
	} {
		if n != 0 {
			t.Errorf("%d links %s", n, what)
		}
	}
	if links(h.door, "C01", 1, replyBy) != 1 {
		t.Error("and none that would")
	}
}

func TestWhoHasSignedInKeepsTheirSessionWhenTheyOpenALink(t *testing.T) {
	h := build(t, door.Policy{})
	password := h.password("zheng")
	v := h.browser()
	v.mustSignIn("zheng", password)
	before := v.cookies["__Host-ledger-session"]
	if r := v.open(h.mailed()); r.status != http.StatusOK || v.cookies["__Host-ledger-session"] != before {
		t.Errorf("the link took the place of the session: %d %s", r.status, r.body)
	}
	if r := v.get("/v1/desk"); r.status != http.StatusOK {
		t.Errorf("what they signed in for: %d", r.status)
	}
	other := h.browser()
	other.mustSignIn("wang.fang", h.password("wang.fang"))
	other.open(h.linked())
	if r := other.get("/v1/me"); !strings.Contains(r.body, `"via":"link"`) || strings.Contains(r.body, "wang.fang") {
		t.Errorf("two people's rights in one browser: %s", r.body)
	}
	for range 30 { // a program tries the link again and again
		h.browser().open(h.linked())
	}
	if r := v.get("/v1/desk"); r.status != http.StatusOK {
		t.Errorf("links drove out the session of who signed in: %d", r.status)
	}
}

func TestTheAuditTellsOfLinksWithoutTheirSecrets(t *testing.T) {
	h := build(t, door.Policy{})
	secret := h.mailed()
	v := h.browser()
	v.open("aslk_" + strings.Repeat("A", 48))
	v.open(secret)
	v.prove()
	v.post("/v1/me/code/proof", map[string]string{"code": "1"})
	v.post(ownAnswer, nil)
	h.issued.issue("C01 2026Q1")
	v.open(secret)
	entries, err := h.door.Entries(t.Context(), store.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for _, e := range slices.Backward(entries) {
		seen = append(seen, fmt.Sprint(e.What, " ", e.Login, " ", e.Object, " ", e.Detail))
		if text := fmt.Sprintf("%+v", e); strings.Contains(text, secret) || strings.Contains(text, h.post.code(t)) ||
			strings.Contains(text, "zheng@") {
			t.Errorf("a secret, or a whole mail address: %s", text)
		}
	}
	want := []string{
		"link-mailed zheng C01 2026Q1 z•••@c01.example.com", "link-refused   unknown", "link-opened zheng C01 2026Q1 ",
		"code-sent zheng C01 2026Q1 z•••@c01.example.com", "code-proven zheng C01 2026Q1 ", "code-refused zheng C01 2026Q1 ",
		"acted-by-link zheng C01 2026Q1 OK", "link-refused zheng C01 2026Q1 another-version",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("seen\n%s\nwant\n%s", strings.Join(seen, "\n"), strings.Join(want, "\n"))
	}
}

// In whatever order statements are issued, links opened and revoked, codes asked for
// and entered, heads changed and tabs used: what a session may do is what an oracle
// says that knows none of the door's records.
func TestLinksInAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		h := build(t, door.Policy{})
		type browser struct {
			*visitor
			open    bool
			version int
			made    int // of the revocations
			code    string
			proven  time.Time
		}
		tabs := []*browser{{visitor: h.browser()}, {visitor: h.browser()}}
		type kept struct {
			secret        string
			version, made int
		}
		var (
			links    []kept
			revoked  int
			head     = true
			last     time.Time // code
			version  int
			settable = grantOf(domain.CenterHead, access.OfCenter("C01"))
		)
		stands := func(v, made int) bool { return head && v == version && made == revoked }
		for range rapid.IntRange(5, 40).Draw(rt, "steps") {
			tab := tabs[rapid.IntRange(0, 1).Draw(rt, "tab")]
			switch rapid.SampledFrom([]string{
				"issue", "link", "open", "open", "code", "enter", "enter-wrong", "answer", "look", "revoke", "head", "wait",
			}).Draw(rt, "step") {
			case "issue":
				h.issued.issue("C01 2026Q1")
				version++
			case "link":
				got, err := h.door.LinksTo(t.Context(), "C01", q1, max(version, 1), replyBy)
				if want := head && version > 0; err != nil || (len(got) == 1) != want {
					rt.Fatalf("links %v (%v)", got, err)
				}
				if len(got) == 1 {
					_, secret, _ := strings.Cut(got[0].URL, "#")
					links = append(links, kept{secret, version, revoked})
				}
			case "open":
				if len(links) == 0 {
					continue
				}
				l := rapid.SampledFrom(links).Draw(rt, "link")
				good := stands(l.version, l.made)
				if r := tab.visitor.open(l.secret); (r.status == http.StatusOK) != good {
					rt.Fatalf("opened: %d %s", r.status, r.body)
				}
				if good {
					*tab = browser{visitor: tab.visitor, open: true, version: l.version, made: l.made}
				}
			case "code":
				h.clock.Move(time.Minute)
				r := tab.post("/v1/me/code", nil)
				if good := tab.open && stands(tab.version, tab.made); good != (r.status != http.StatusUnauthorized) {
					rt.Fatalf("a code: %d %s", r.status, r.body)
				}
				if r.status == http.StatusOK {
					tab.code, last = h.post.code(rt), h.clock.Now()
				}
			case "enter":
				r := tab.post("/v1/me/code/proof", map[string]string{"code": cmp.Or(tab.code, "none")})
				good := tab.open && stands(tab.version, tab.made) && tab.code != "" && h.clock.Now().Sub(last) < 10*time.Minute
				if good && r.status != http.StatusOK && r.status != http.StatusForbidden || !good && r.status == http.StatusOK {
					rt.Fatalf("the code: %d %s", r.status, r.body)
				}
				if r.status == http.StatusOK {
					tab.code, tab.proven = "", h.clock.Now()
				}
			case "enter-wrong":
				if r := tab.post("/v1/me/code/proof", map[string]string{"code": "wrong"}); r.status == http.StatusOK {
					rt.Fatalf("a wrong code was taken: %s", r.body)
				}
			case "answer":
				r := tab.post(ownAnswer, nil)
				good := tab.open && stands(tab.version, tab.made) && !tab.proven.IsZero() &&
					h.clock.Now().Sub(tab.proven) < 30*time.Minute
				if (r.status == http.StatusOK) != good {
					rt.Fatalf("an answer: %d %s, good %t", r.status, r.body, good)
				}
			case "look":
				if r := tab.get(ownStatement); (r.status == http.StatusOK) != (tab.open && stands(tab.version, tab.made)) {
					rt.Fatalf("a look: %d %s", r.status, r.body)
				}
			case "revoke":
				if _, err := h.door.RevokeLinks(t.Context(), "C01", q1, "zhao.lei", "x"); err != nil {
					rt.Fatal(err)
				}
				revoked++
			case "head":
				p, _ := h.people.Person("zheng")
				if head = !head; head {
					p.Grants = []access.Grant{settable}
				} else {
					p.Grants = nil
				}
				h.people.set(p)
			case "wait":
				h.clock.Move(time.Duration(rapid.IntRange(1, 12).Draw(rt, "minutes")) * time.Minute)
				for _, tab := range tabs { // they are in use: what ends here is no session that nobody used
					tab.get("/v1/me")
				}
			}
		}
	})
}
