package edge_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"aftersales-ledger/api/edge"
	"aftersales-ledger/api/kit"
)

// serve serves handler within bounds and returns where, and what becomes of its
// connections.
func serve(t *testing.T, handler http.HandlerFunc, b edge.Bounds) (address string, states <-chan http.ConnState) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan http.ConnState, 10_000)
	s := edge.Server(handler, b, slog.New(slog.DiscardHandler))
	s.ConnState = func(_ net.Conn, state http.ConnState) { seen <- state }
	go func() { _ = s.Serve(edge.Listen(l, b)) }()
	t.Cleanup(func() { _ = s.Close() })
	return l.Addr().String(), seen
}

// dial connects from an address of this machine.
func dial(t *testing.T, from, to string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := d.DialContext(t.Context(), "tcp", to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// signedIn lets everybody in who carries a name, as the service does.
func signedIn(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		login := r.Header.Get("Login")
		if login == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		leave, refused := kit.PorterOf(r.Context()).Admit(r.Context(), w, r, login, r.Header.Get("Stream") != "")
		if refused != nil {
			kit.RespondProblem(w, refused)
			return
		}
		defer leave()
		next(w, r)
	}
}

func fine(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(w, r.RemoteAddr)
}

// ask makes one request of a person on a connection of its own.
func ask(t *testing.T, from, to, login string, header ...string) *http.Response {
	t.Helper()
	c := dial(t, from, to)
	return askOn(t, c, login, header...)
}

func askOn(t *testing.T, c net.Conn, login string, header ...string) *http.Response {
	t.Helper()
	fmt.Fprintf(c, "GET / HTTP/1.1\r\nHost: ledger\r\nLogin: %s\r\n%s\r\n", login, strings.Join(append(header, ""), "\r\n"))
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatalf("%s is not answered: %v", login, err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp
}

// 980 connections that promise a body and never send it leave a machine of 1,024
// open files none: whoever has not signed in gives way, and is soon let go of.
func TestConnectionsThatPromiseABodyAndNeverSendItKeepNobodyOut(t *testing.T) {
	const attackers = 980
	for name, from := range map[string]func(i int) string{
		"from one address":                      func(int) string { return "127.0.0.2" },
		"from an address each":                  func(i int) string { return fmt.Sprintf("127.1.%d.%d", i/250, i%250+1) },
		"from the address of those who work on": func(int) string { return "127.0.0.1" },
	} {
		t.Run(name, func(t *testing.T) {
			b := edge.Defaults()
			b.Connections = 512
			address, _ := serve(t, signedIn(fine), b)
			working := dial(t, "127.0.0.1", address)
			if resp := askOn(t, working, "wang.fang"); resp.StatusCode != http.StatusOK {
				t.Fatal(resp.Status)
			}
			var held []net.Conn
			for i := range attackers {
				c := dial(t, from(i), address)
				fmt.Fprint(c, "POST /v1/centers HTTP/1.1\r\nHost: ledger\r\nContent-Length: 100000\r\n\r\n{")
				held = append(held, c)
			}
			for i := range 100 {
				if resp := ask(t, "127.0.0.1", address, fmt.Sprint("person-", i)); resp.StatusCode != http.StatusOK {
					t.Fatalf("person %d is answered %s", i, resp.Status)
				}
			}
			if resp := askOn(t, working, "wang.fang"); resp.StatusCode != http.StatusOK {
				t.Fatal("who was signed in had to give way: ", resp.Status)
			}
			for i, c := range held {
				_ = c.SetReadDeadline(time.Now().Add(time.Minute))
				if _, err := io.Copy(io.Discard, c); err != nil && strings.Contains(err.Error(), "timeout") {
					t.Fatalf("connection %d is still held after a minute", i)
				}
			}
		})
	}
}

func TestWhoTakesNoneOfAnAnswerIsCutOff(t *testing.T) {
	block := bytes.Repeat([]byte("x"), 1<<20)
	b := edge.Defaults()
	b.Stall = 200 * time.Millisecond
	ended := make(chan error, 1)
	address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for range 64 {
			if _, err = w.Write(block); err != nil {
				break
			}
		}
		ended <- err
	}, b)
	c := dial(t, "127.0.0.1", address)
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: ledger\r\n\r\n")
	if err := <-ended; err == nil {
		t.Fatal("64 MiB were written to a reader who took nothing")
	}
}

// A bounded reader who keeps the pace gets everything, however long that takes.
func TestWhoTakesAnAnswerSlowlyGetsAllOfIt(t *testing.T) {
	const size = 96 << 10
	b := edge.Defaults()
	b.Stall, b.Pace = 20*time.Second, 1<<10
	address, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(bytes.Repeat([]byte("x"), size))
	}, b)
	c := dial(t, "127.0.0.1", address)
	_ = c.(*net.TCPConn).SetReadBuffer(4 << 10)
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: ledger\r\nConnection: close\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReaderSize(c, 1<<10), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, resp.Body); n != size || err != nil {
		t.Fatalf("%d bytes of %d came: %v", n, size, err)
	}
}

func TestAnAnswerBeforeLeavesNoDeadlineToTheNext(t *testing.T) {
	b := edge.Defaults()
	b.Stall = 50 * time.Millisecond
	release := make(chan struct{})
	address, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Login") == "second" {
			<-release
		}
		fine(w, r)
	}, b)
	c := dial(t, "127.0.0.1", address)
	askOn(t, c, "first")
	time.AfterFunc(4*b.Stall, func() { close(release) }) // the answer takes longer than a stall to be made
	askOn(t, c, "second")
}

func TestAPersonsAndAnAddressesRequestsAreCounted(t *testing.T) {
	b := edge.Defaults()
	b.PersonRate, b.AddressRate = 3, 8
	address, _ := serve(t, signedIn(fine), b)
	var got []int
	for _, login := range []string{"a", "a", "a", "a", "b", "b", "", ""} {
		got = append(got, ask(t, "127.0.0.1", address, login).StatusCode)
	}
	if want := []int{200, 200, 200, 429, 200, 200, 401, 401}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Fatalf("answered %v, not %v", got, want)
	}
	over := ask(t, "127.0.0.1", address, "b", "Accept-Language: en")
	if over.StatusCode != http.StatusTooManyRequests || over.Header.Get("Retry-After") == "" ||
		over.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("the ninth of an address is answered %s %v", over.Status, over.Header)
	}
	if other := ask(t, "127.0.0.2", address, "b"); other.StatusCode != http.StatusOK {
		t.Errorf("another address has to do with it: %s", other.Status)
	}
}

func TestAPersonsRequestsUnderWayAreBounded(t *testing.T) {
	b := edge.Defaults()
	b.AtOnce = 3
	var waiting sync.WaitGroup
	waiting.Add(b.AtOnce)
	release := make(chan struct{})
	address, _ := serve(t, signedIn(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Wait") != "" {
			waiting.Done()
			<-release
		}
		fine(w, r)
	}), b)
	var group sync.WaitGroup
	for range b.AtOnce {
		c := dial(t, "127.0.0.1", address)
		group.Go(func() { askOn(t, c, "a", "Wait: yes") })
	}
	waiting.Wait()
	if resp := ask(t, "127.0.0.1", address, "a"); resp.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the fourth at once is answered %s", resp.Status)
	}
	if resp := ask(t, "127.0.0.1", address, "b"); resp.StatusCode != http.StatusOK {
		t.Errorf("somebody else is answered %s", resp.Status)
	}
	close(release)
	group.Wait()
	if resp := ask(t, "127.0.0.1", address, "a"); resp.StatusCode != http.StatusOK {
		t.Errorf("after the answers the next is answered %s", resp.Status)
	}
}

func TestStreamsAreBoundedApartFromRequests(t *testing.T) {
	b := edge.Defaults()
	b.AtOnce, b.Streams, b.AllStreams = 1, 2, 3
	open := make(chan struct{}, 10)
	release := make(chan struct{})
	address, _ := serve(t, signedIn(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Stream") != "" {
			open <- struct{}{}
			<-release
		}
		fine(w, r)
	}), b)
	var group sync.WaitGroup
	for _, login := range []string{"a", "a", "b"} {
		c := dial(t, "127.0.0.1", address)
		group.Go(func() { askOn(t, c, login, "Stream: yes") })
		<-open
	}
	for login, header := range map[string]string{"a": "Stream: yes", "c": "Stream: yes", "b": "Other: x"} {
		want := http.StatusTooManyRequests
		if login == "b" {
			want = http.StatusOK
		}
		if resp := ask(t, "127.0.0.1", address, login, header); resp.StatusCode != want {
			t.Errorf("%s with %s is answered %s", login, header, resp.Status)
		}
	}
	close(release)
	group.Wait()
}

func TestOnlyATrustedProxySaysForWhomItAsks(t *testing.T) {
	b := edge.Defaults()
	b.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.9/32")}
	address, _ := serve(t, fine, b)
	for name, c := range map[string]struct {
		from   string
		header []string
		client string
		secure bool
	}{
		"the proxy's word counts": {
			from: "127.0.0.9", header: []string{"X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https"},
			client: "203.0.113.7", secure: true,
		},
		"what a client adds before the proxy's word does not": {
			from: "127.0.0.9", header: []string{"X-Forwarded-For: 198.51.100.1, 203.0.113.7"}, client: "203.0.113.7",
		},
		"nobody else's does": {
			from: "127.0.0.2", header: []string{"X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https"}, client: "127.0.0.2",
		},
		"a proxy that says nothing speaks for itself": {from: "127.0.0.9", client: "127.0.0.9"},
	} {
		t.Run(name, func(t *testing.T) {
			resp := ask(t, c.from, address, "a", c.header...)
			body, _ := io.ReadAll(resp.Body)
			if host, _, _ := net.SplitHostPort(string(body)); host != c.client {
				t.Errorf("it comes from %s, not %s", body, c.client)
			}
			if secure := resp.Header.Get("Strict-Transport-Security") != ""; secure != c.secure {
				t.Errorf("Strict-Transport-Security is set: %v", secure)
			}
		})
	}
}

// Whatever clients write of where they are, they are where the proxy says, and strangers
// where they are seen; nobody becomes an operator by it.
func FuzzNobodyIsElsewhereByWhatTheyWrite(f *testing.F) {
	b := edge.Defaults()
	b.AddressRate = 0
	b.Proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/24"), netip.MustParsePrefix("fd00::/64")}
	b.Operators = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/24")}
	handler := edge.Server(http.HandlerFunc(fine), b, slog.New(slog.DiscardHandler)).Handler
	for _, text := range []string{
		"", "127.0.0.1", "127.0.0.1,", "::ffff:127.0.0.1", "10.0.0.1, 10.0.0.2", "unknown", "for=127.0.0.1;proto=https", "[::1]:80",
		"127.0.0.1%lo", " ,, ", `"127.0.0.1"`, "fd00::1", "2130706433",
	} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, forwardedFor, other string) {
		ask := func(from, path string, xff ...string) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
			r.RemoteAddr = from
			for _, name := range []string{"Forwarded", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "Via"} {
				r.Header[name] = []string{other}
			}
			r.Header["X-Forwarded-For"] = xff
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			return w
		}
		for name, at := range map[string]struct {
			from string
			xff  []string
			seen string
		}{
			"a stranger":                  {"192.0.2.1:99", []string{forwardedFor, other}, "192.0.2.1"},
			"whom the proxy speaks for":   {"10.0.0.9:99", []string{forwardedFor + ", 203.0.113.7"}, "203.0.113.7"},
			"in a line of the proxy's":    {"10.0.0.9:99", []string{forwardedFor, other, "203.0.113.7"}, "203.0.113.7"},
			"behind two proxies":          {"10.0.0.9:99", []string{forwardedFor, "203.0.113.7, 10.0.0.8"}, "203.0.113.7"},
			"one whom a mapped proxy has": {"[::ffff:10.0.0.9]:99", []string{other, "203.0.113.7"}, "203.0.113.7"},
		} {
			if host, _, _ := net.SplitHostPort(ask(at.from, "/", at.xff...).Body.String()); host != at.seen {
				t.Errorf("%s is seen at %q, not %s", name, host, at.seen)
			}
			if w := ask(at.from, "/metrics", at.xff...); w.Code != http.StatusForbidden {
				t.Errorf("%s may read /metrics: %d", name, w.Code)
			}
		}
		if w := ask("10.0.0.9:99", "/metrics", forwardedFor); w.Code == http.StatusOK {
			hops := strings.Split(forwardedFor, ",")
			if !slices.ContainsFunc(hops, func(hop string) bool {
				at, err := netip.ParseAddr(strings.TrimSpace(hop))
				return err == nil && netip.MustParsePrefix("127.0.0.0/8").Contains(at.Unmap().WithZone(""))
			}) {
				t.Errorf("by X-Forwarded-For: %q, /metrics is read", forwardedFor)
			}
		}
		if w := ask("10.0.0.9:99", "/metrics"); w.Code != http.StatusForbidden { // by Forwarded alone
			t.Errorf("by Forwarded: %q, /metrics is read", other)
		}
	})
}

func TestBrowsersAreTold(t *testing.T) {
	address, _ := serve(t, fine, edge.Defaults())
	h := ask(t, "127.0.0.1", address, "a").Header
	for name, want := range map[string]string{
		"X-Content-Type-Options":  "nosniff",
		"Referrer-Policy":         "no-referrer",
		"X-Frame-Options":         "DENY",
		"Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		"Cache-Control":           "no-store",
	} {
		if h.Get(name) != want {
			t.Errorf("%s is %q, not %q", name, h.Get(name), want)
		}
	}
}

func TestMetricsAreForOperators(t *testing.T) {
	b := edge.Defaults()
	b.Operators = []netip.Prefix{netip.MustParsePrefix("127.0.0.8/32")}
	within := edge.Server(http.HandlerFunc(fine), b, slog.New(slog.DiscardHandler)).Handler
	for from, want := range map[string]int{"127.0.0.8:1": http.StatusOK, "192.0.2.1:1": http.StatusForbidden} {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/metrics", nil)
		r.RemoteAddr = from
		rec := httptest.NewRecorder()
		within.ServeHTTP(rec, r)
		if rec.Code != want {
			t.Errorf("%s is answered %d", from, rec.Code)
		}
	}
}

// A proxy that nobody has named asks from an operator's address for whoever is outside:
// they are no operators, and whoever runs the ledger is told, once.
func TestAProxyThatNobodyNamedIsNoOperatorAndIsSaid(t *testing.T) {
	b := edge.Defaults()
	b.Operators = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	var said bytes.Buffer
	within := edge.Server(http.HandlerFunc(fine), b, slog.New(slog.NewTextHandler(&said, nil))).Handler
	ask := func(from, path string, headers ...string) int {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, path, nil)
		r.RemoteAddr = from
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		rec := httptest.NewRecorder()
		within.ServeHTTP(rec, r)
		return rec.Code
	}
	if got := ask("192.0.2.1:1", "/v1/me", "X-Forwarded-For", "127.0.0.1"); got != http.StatusOK || said.Len() > 0 {
		t.Errorf("a stranger is answered %d, and it is said: %s", got, said.String())
	}
	for range 2 {
		for _, header := range []string{"X-Forwarded-For", "Forwarded"} {
			if got := ask("127.0.0.1:1", "/metrics", header, "for=203.0.113.5"); got != http.StatusForbidden {
				t.Errorf("whoever asks through a proxy, by %s, is answered %d", header, got)
			}
		}
	}
	if got := strings.Count(said.String(), "--trusted-proxy"); got != 1 {
		t.Errorf("it is said %d times: %s", got, said.String())
	}
	if got := ask("127.0.0.1:1", "/metrics"); got != http.StatusOK {
		t.Errorf("an operator is answered %d", got)
	}
}
