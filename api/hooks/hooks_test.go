package hooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"pgregory.net/rapid"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/door/store/sqlitefile"
	"aftersales-ledger/api/hooks"
	"aftersales-ledger/api/live"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
)

// world is a log with people, and a receiver.
type world struct {
	testing.TB
	ahead  atomic.Int64 // of the clock
	ledger *ledger.Ledger
	tail   *eventstore.Tail
	memory store.Store
	people map[string]user.Person
	seen   []string // ids of what was taken, in the order of their coming
	mu     sync.Mutex
	answer func() int
	secret string
	server *httptest.Server
	opened int
}

func (w *world) clock() time.Time {
	return time.Date(2026, 11, 29, 9, 0, 0, 0, time.UTC).Add(time.Duration(w.ahead.Load()))
}

// Person implements [hooks.People].
func (w *world) Person(login string) (user.Person, bool) {
	p, ok := w.people[login]
	return p, ok
}

var (
	finance = domain.Actor{Name: "wang.fang", Role: domain.Finance}
	east    = domain.Actor{Name: "zhao.lei", Role: domain.RegionalAdmin}
)

func newWorld(t testing.TB) *world {
	dir := t.TempDir()
	w := &world{TB: t, answer: func() int { return http.StatusNoContent }}
	log, err := sqlite.Open(filepath.Join(dir, "log.sqlite"), sqlite.Options{Clock: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	if w.memory, err = sqlitefile.Open(filepath.Join(dir, "webhooks.sqlite"), w.clock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.memory.Close() })
	exec := eventstore.NewExecutor(log, eventstore.Trade, eventstore.ExecutorOptions{SoleWriter: true})
	w.ledger = ledger.New(exec, policy.Default(), w.clock).Under(access.Whole())
	w.tail = eventstore.NewTail(log)
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	go w.tail.Run(ctx)
	w.people = map[string]user.Person{
		finance.Name: {Login: finance.Name, Grants: []access.Grant{{Role: finance.Role, Reach: access.Everything()}}},
		east.Name: {
			Login: east.Name, Grants: []access.Grant{{Role: east.Role, Reach: access.Reach{Regions: []string{"华东"}}}},
		},
	}
	w.server = httptest.NewServer(http.HandlerFunc(w.receive))
	t.Cleanup(w.server.Close)
	return w
}

// receive takes what verifies, if it takes anything.
func (w *world) receive(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	verify, err := standardwebhooks.NewWebhook(w.secret)
	if err == nil {
		err = verify.Verify(body, r.Header)
	}
	var m hooks.Message
	if err == nil {
		err = json.Unmarshal(body, &m)
	}
	if err != nil {
		w.Errorf("what comes cannot be verified: %v", err)
	}
	status := w.answer()
	if id := m.Data.ID; status < 300 && !slices.Contains(w.seen, id) {
		w.seen = append(w.seen, id)
	}
	rw.WriteHeader(status)
}

// hooks is one process.
func (w *world) hooks() *hooks.Hooks {
	return hooks.New(hooks.Options{
		Store: w.memory, Tail: w.tail, Places: live.NewPlaces(w.ledger), People: w, Clock: w.clock,
		Log: slog.New(slog.DiscardHandler), Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Rules: policy.NoticeRules{FirstRetry: time.Minute, LongestRetry: 10 * time.Minute, GiveUpAfter: time.Hour},
	})
}

// open opens the account of a center, which is one event of its own.
func (w *world) open(region string) string {
	w.Helper()
	w.opened++
	id := fmt.Sprintf("C%03d", w.opened)
	before := w.tail.Position()
	o, err := ledger.Do(context.Background(), w.ledger.Under(access.Whole()),
		ledger.Request{Key: id, Actor: domain.Actor{Name: "x", Role: domain.Finance}},
		account.Open{
			Center: domain.CenterID(id), Name: "物业服务中心", Region: region,
			Terms: account.Terms{SameDueDate: account.ByChargeDate},
		}, (*account.Account).Open)
	if err != nil {
		w.Fatal(err)
	}
	for before < o.Position { // the tail hears of it
		news := w.tail.News()
		if before = w.tail.Position(); before < o.Position {
			<-news
		}
	}
	return id
}

func (w *world) add(h *hooks.Hooks, owner domain.Actor, types ...string) hooks.Hook {
	w.Helper()
	hook, err := h.Add(context.Background(), owner, w.server.URL+"/hooks", "", types)
	if err != nil {
		w.Fatal(err)
	}
	w.secret = hook.Secrets[0].Text
	return hook
}

func (w *world) deliver(h *hooks.Hooks) {
	w.Helper()
	if err := h.Deliver(context.Background()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) mustHaveSeen(want ...string) {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Equal(w.seen, want) {
		w.Errorf("the receiver has %v, not %v", w.seen, want)
	}
}

func TestAReceiverIsToldWhatItsOwnerMayKnowSignedAndInOrder(t *testing.T) {
	w := newWorld(t)
	w.open("华东") // before it was registered
	h := w.hooks()
	w.add(h, east)
	one, _, two := w.open("华东"), w.open("华南"), w.open("华东")
	w.deliver(h)
	w.mustHaveSeen(one, two)
	w.deliver(h)
	w.mustHaveSeen(one, two)
	p := w.people[east.Name]
	p.Suspended = true
	w.people[east.Name] = p
	three := w.open("华东")
	w.deliver(h)
	w.mustHaveSeen(one, two)
	p.Suspended = false
	w.people[east.Name] = p
	w.deliver(h)
	w.mustHaveSeen(one, two, three)
}

func TestAReceiverMayAskForSomeTypesOnly(t *testing.T) {
	w := newWorld(t)
	h := w.hooks()
	w.add(h, finance, "PaymentReceived")
	w.open("华东")
	w.deliver(h)
	w.mustHaveSeen()
	if _, err := h.Add(t.Context(), finance, w.server.URL, "", []string{"PaymentRecieved"}); err == nil {
		t.Error("a type that is none is waited for")
	}
}

func TestWhatIsNotTakenIsTriedAgainThenKeptAndSentAgain(t *testing.T) {
	w := newWorld(t)
	h := w.hooks()
	hook := w.add(h, finance)
	tries := 0
	w.answer = func() int { tries++; return http.StatusInternalServerError }
	one, two := w.open("华东"), w.open("华东")
	for range 10 {
		w.deliver(h)
	}
	if tries != 1 {
		t.Errorf("within a minute it is tried %d times", tries)
	}
	for range 3 * 60 {
		w.ahead.Add(int64(time.Minute))
		w.deliver(h)
	}
	given, err := h.Undelivered(t.Context(), hook.ID, finance)
	if err != nil || len(given) != 2 || given[0].Change.ID != one || given[1].Change.ID != two ||
		!strings.Contains(given[0].Problem, "500") {
		t.Fatalf("given up is %+v: %v", given, err)
	}
	if tries > 20 {
		t.Errorf("it is tried %d times in three hours", tries)
	}
	if err := h.Resend(t.Context(), hook.ID, given[0].Message, finance); err == nil {
		t.Error("what is not taken counts as sent again")
	}
	w.answer = func() int { return http.StatusOK }
	if err := h.Resend(t.Context(), hook.ID, given[0].Message, east); err == nil {
		t.Error("somebody else sends it again")
	}
	if err := h.Resend(t.Context(), hook.ID, given[0].Message, finance); err != nil {
		t.Error(err)
	}
	three := w.open("华东")
	w.deliver(h)
	w.mustHaveSeen(one, three)
	if left, err := h.Undelivered(t.Context(), hook.ID, finance); err != nil || len(left) != 1 {
		t.Errorf("left is %+v: %v", left, err)
	}
}

func TestAReceiverThatIsGoneIsToldNothingMore(t *testing.T) {
	w := newWorld(t)
	h := w.hooks()
	hook := w.add(h, finance)
	w.answer = func() int { return http.StatusGone }
	one := w.open("华东")
	w.deliver(h)
	list, err := h.List(t.Context(), finance.Name)
	if err != nil || list[0].Paused == "" {
		t.Fatalf("after 410 it is %+v: %v", list, err)
	}
	w.answer = func() int { return http.StatusOK }
	w.deliver(h)
	w.mustHaveSeen()
	if _, err := h.Pause(t.Context(), hook.ID, finance, false); err != nil {
		t.Fatal(err)
	}
	w.deliver(h)
	w.mustHaveSeen(one)
}

func TestBothSecretsSignForADay(t *testing.T) {
	w := newWorld(t)
	h := w.hooks()
	hook := w.add(h, finance)
	renewed, err := h.Renew(t.Context(), hook.ID, finance)
	if err != nil || renewed.Secrets[0].Text == w.secret {
		t.Fatal(err)
	}
	one := w.open("华东")
	w.deliver(h) // the receiver has the old one
	w.mu.Lock()
	w.secret = renewed.Secrets[0].Text
	w.mu.Unlock()
	two := w.open("华东")
	w.deliver(h)
	w.mustHaveSeen(one, two)
}

// Whatever the receiver answers, and whichever process stops when, everything comes
// at last, first in the order of the log.
func TestEverythingComesWhateverStops(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		processes := []*hooks.Hooks{w.hooks(), w.hooks()}
		w.add(processes[0], finance)
		var want []string
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			switch rapid.IntRange(0, 4).Draw(rt, "step") {
			case 0, 1:
				want = append(want, w.open("华东"))
			case 2:
				statuses := rapid.SliceOfN(rapid.SampledFrom([]int{200, 204, 302, 400, 500, 503}), 1, 5).Draw(rt, "answers")
				i := 0
				w.mu.Lock()
				w.answer = func() int { i++; return statuses[i%len(statuses)] }
				w.mu.Unlock()
			case 3:
				processes[rapid.IntRange(0, 1).Draw(rt, "stops")] = w.hooks()
			case 4:
				w.ahead.Add(int64(time.Minute)) // never so long that anything is given up
				var group sync.WaitGroup
				for _, p := range processes {
					group.Go(func() { _ = p.Deliver(context.Background()) })
				}
				group.Wait()
			}
		}
		w.mu.Lock()
		w.answer = func() int { return http.StatusOK }
		w.mu.Unlock()
		w.ahead.Add(int64(20 * time.Minute))
		for range 3 {
			w.deliver(processes[0])
		}
		w.mustHaveSeen(want...)
		w.server.Close()
	})
}

func TestOnlyPublicAddressesAreSpokenTo(t *testing.T) {
	w := newWorld(t)
	open := hooks.New(hooks.Options{
		Store: w.memory, Tail: w.tail, Places: live.NewPlaces(w.ledger), People: w, Clock: w.clock,
		Log: slog.New(slog.DiscardHandler), Rules: policy.NoticeRules{GiveUpAfter: time.Nanosecond},
	})
	for _, host := range []string{
		"127.0.0.1", "localhost", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "[::1]",
		"[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1]", "[fd00::1]", "[2002:7f00:1::]", "[::]",
		"224.0.0.1", "255.255.255.255",
	} {
		// It was registered before such were refused.
		hook, err := open.Add(t.Context(), finance, "https://example.com/", "", nil)
		if err != nil {
			t.Fatal(err)
		}
		w.readdress(hook.ID, "https://"+host+"/")
		w.open("华东")
		w.deliver(open)
		w.ahead.Add(int64(time.Second))
		w.deliver(open)
		given, err := open.Undelivered(t.Context(), hook.ID, finance)
		if err != nil || len(given) == 0 {
			t.Fatalf("%s is spoken to, or waited for: %v", host, err)
		}
		if p := given[0].Problem; !strings.Contains(p, "no public address") && !strings.Contains(p, "cannot be reached") {
			t.Errorf("%s: %s", host, p)
		}
		if err := open.Remove(t.Context(), hook.ID, finance); err != nil {
			t.Fatal(err)
		}
	}
	for _, address := range []string{
		w.server.URL, "ftp://example.com", "https://user:password@example.com", "https://example.com/#x", "https:", "//example.com",
		"https://" + strings.Repeat("a", 1000),
	} {
		if _, err := open.Add(t.Context(), finance, address, "", nil); err == nil {
			t.Errorf("%s is registered", address)
		}
	}
	if got := len(w.seen); got != 0 {
		t.Errorf("%d came", got)
	}
}

// readdress changes the address of a registration behind the back of who checks it.
func (w *world) readdress(id, address string) {
	w.Helper()
	r, err := w.memory.Find(w.Context(), store.Webhook, id)
	if err != nil {
		w.Fatal(err)
	}
	var fields map[string]any
	if err := json.Unmarshal(r.Data, &fields); err != nil {
		w.Fatal(err)
	}
	fields["url"] = address
	if r.Data, err = json.Marshal(fields); err != nil {
		w.Fatal(err)
	}
	if err := w.memory.Put(w.Context(), r); err != nil {
		w.Fatal(err)
	}
}

// inside are ways of writing addresses that are not public.
var inside = []string{
	"127.0.0.1", "127.0.0.1.", "localhost", "LOCALHOST.", "a.localhost", "10.0.0.1", "172.16.0.1", "192.168.1.1",
	"169.254.169.254", "100.64.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "2130706433", "0x7f000001", "0x7f.1",
	"017700000001", "0177.0.0.1", "127.1", "127.0.0.0x1", "127。0。0。1", "１２７.0.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]",
	"[::ffff:a00:1]", "[64:ff9b::7f00:1]", "[fe80::1]", "[fe80::1%25eth0]", "[fd00::1]", "[2002:7f00:1::]",
}

// An address that is not public in whatever writing is told to whoever registers it,
// unless the operator has named its network.
func TestAWebhookToNoPublicAddressIsRefusedWhenItIsRegistered(t *testing.T) {
	w := newWorld(t)
	with := func(networks ...netip.Prefix) *hooks.Hooks {
		return hooks.New(hooks.Options{
			Store: w.memory, Tail: w.tail, Places: live.NewPlaces(w.ledger), People: w, Clock: w.clock,
			Log: slog.New(slog.DiscardHandler), Networks: networks,
		})
	}
	add := func(h *hooks.Hooks, address string) string {
		hook, err := h.Add(t.Context(), finance, address, "", nil)
		var r *domain.Rejection
		switch {
		case err == nil:
			if err := h.Remove(t.Context(), hook.ID, finance); err != nil {
				t.Fatal(err)
			}
			return ""
		case !errors.As(err, &r) || r.Field != "url":
			t.Fatalf("%s: %v", address, err)
		}
		return r.Code
	}
	public := with()
	for _, host := range inside {
		if code := add(public, "https://"+host+":8443/x"); code != "webhook-not-public" && code != "bad-webhook-url" {
			t.Errorf("%s is registered", host)
		}
	}
	if code := add(public, "https://10.0.0.1/"); code != "webhook-not-public" {
		t.Errorf("a private address is refused as %s", code)
	}
	for _, host := range []string{"example.com", "例子.中国", "1and1.com", "8.8.8.8", "[2400:3200::1]", "x.3com"} {
		if code := add(public, "https://"+host+"/"); code != "" {
			t.Errorf("%s is refused as %s", host, code)
		}
	}
	own := with(netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"))
	for address, want := range map[string]string{
		"http://10.1.2.3/": "", "https://10.1.2.3/": "", "http://localhost:9/": "", "http://erp.example.com/": "",
		"http://192.168.1.1/": "webhook-not-public", "http://8.8.8.8/": "webhook-not-public", "https://8.8.8.8/": "",
	} {
		if code := add(own, address); code != want {
			t.Errorf("%s, of one's own networks, is %q, not %q", address, code, want)
		}
	}
}

// Whatever is registered is posted to as it was understood.
func FuzzNoWebhookLeadsInside(f *testing.F) {
	for _, host := range append(inside, "example.com", "8.8.8.8", "[2400:3200::1]", "a@b", "a#b", "a%2eb") {
		f.Add("https://" + host + "/")
	}
	w := newWorld(f)
	h := hooks.New(hooks.Options{
		Store: w.memory, Tail: w.tail, People: w, Clock: w.clock, Log: slog.New(slog.DiscardHandler),
	})
	f.Fuzz(func(t *testing.T, address string) {
		hook, err := h.Add(t.Context(), finance, address, "", nil)
		if err != nil {
			var r *domain.Rejection
			if !errors.As(err, &r) {
				t.Fatal(err)
			}
			return
		}
		if err := h.Remove(t.Context(), hook.ID, finance); err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequest(http.MethodPost, address, nil)
		if err != nil {
			t.Fatalf("%q is registered and cannot be posted to: %v", address, err)
		}
		host := strings.TrimSuffix(strings.ToLower(r.URL.Hostname()), ".")
		if at, err := netip.ParseAddr(host); r.URL.Scheme != "https" || r.URL.User != nil || host == "localhost" ||
			err == nil && (at.Unmap().IsPrivate() || at.Unmap().IsLoopback() || at.IsLinkLocalUnicast()) {
			t.Errorf("%q is registered", address)
		}
	})
}

// A receiver that sends elsewhere is not followed: elsewhere may be inside.
func TestARedirectionIsNotFollowed(t *testing.T) {
	w := newWorld(t)
	followed := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed = true }))
	t.Cleanup(inside.Close)
	outside := httptest.NewServer(http.RedirectHandler(inside.URL, http.StatusTemporaryRedirect))
	t.Cleanup(outside.Close)
	h := w.hooks()
	if _, err := h.Add(t.Context(), finance, outside.URL, "", nil); err != nil {
		t.Fatal(err)
	}
	w.open("华东")
	w.deliver(h)
	if followed {
		t.Error("a redirection was followed")
	}
}
