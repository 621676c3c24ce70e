// Package edge is what stands between the network and the service: how many
// connections there are and who gives way when there are too many, how long a
// request may take to arrive and an answer to be taken, whose address a request
// comes from, how much one address and one person ask for, and what browsers are
// told about every answer. It knows neither the trade nor who is let in, but by their login.
package edge

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/go-chi/httprate"

	"aftersales-ledger/api/kit"
)

// Bounds are how much of the server anybody can take. A zero bounds nothing, but
// for the times, which are then those of Defaults.
type Bounds struct {
	Connections int // open at once; see listener for who gives way
	PerAddress  int // of these, of one address that is no trusted proxy

	AddressRate int // requests a minute from one address
	PersonRate  int // requests a minute of one person who is signed in
	AtOnce      int // requests of one person that are under way
	Streams     int // live feeds of one person that are open
	AllStreams  int // of all

	// Proxies are the addresses whose word on whom they speak for is taken
	// (X-Forwarded-For, X-Forwarded-Proto). Nobody else's is.
	Proxies []netip.Prefix
	// Operators are the addresses that may read /metrics; none: every one.
	Operators []netip.Prefix

	Header time.Duration // for the head of a request to arrive
	// Unsigned is how long the body of somebody who is not signed in is waited
	// for. It is not read, but a connection is not closed in the face of who
	// still sends: they would not see the answer.
	Unsigned time.Duration
	Idle     time.Duration // between two requests of a connection
	// Stall is how long a reader may take none of an answer, and Pace how many
	// bytes a second they take at least, after a first Stall.
	Stall time.Duration
	Pace  int
}

// Defaults are bounds that 500 people and their consoles do not meet.
func Defaults() Bounds {
	return Bounds{
		Connections: connections(), PerAddress: 256,
		AddressRate: 6000, PersonRate: 1200, AtOnce: 24, Streams: 6, AllStreams: 2000,
	}.withTimes()
}

func (b Bounds) withTimes() Bounds {
	for _, t := range []struct {
		of  *time.Duration
		is  time.Duration
		why string
	}{
		{&b.Header, 10 * time.Second, "a head is a few kilobytes"},
		{&b.Unsigned, 2 * time.Second, "only so that the refusal is seen"},
		{&b.Idle, 2 * time.Minute, "a person thinks between two clicks"},
		{&b.Stall, 15 * time.Second, "a telephone that changes cells"},
	} {
		if *t.of == 0 {
			*t.of = t.is
		}
	}
	if b.Pace == 0 {
		b.Pace = 16 << 10
	}
	return b
}

// reserved are the files that the engines of a ledger open beside connections.
const reserved = 512

// connections is how many the machine lets this process have. Half of what is
// little is left to the engines.
func connections() int {
	var files syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files) != nil {
		return reserved
	}
	limit := int(min(files.Cur, 1<<14))
	return max(limit-reserved, limit/2)
}

// maxHeader bounds the head of a request, in bytes: 200 names of streams in a
// query fit.
const maxHeader = 64 << 10

// streamsAtOnce bounds the requests under way in one HTTP/2 connection.
const streamsAtOnce = 100

// Server serves handler within the bounds, on a listener that Listen made. What the
// machine asks itself, without a network, goes past it.
func Server(handler http.Handler, b Bounds, log *slog.Logger) *http.Server {
	b = b.withTimes()
	p := newPorter(b)
	p.log = log
	s := &http.Server{
		Handler:           p.keep(handler),
		ReadHeaderTimeout: b.Header, IdleTimeout: b.Idle, MaxHeaderBytes: maxHeader,
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: streamsAtOnce},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug), // what strangers do wrong is no news
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			if t, ok := c.(interface{ NetConn() net.Conn }); ok {
				c = t.NetConn()
			}
			if known, ok := c.(*conn); ok {
				ctx = context.WithValue(ctx, connKey{}, known)
			}
			return ctx
		},
	}
	s.RegisterOnShutdown(func() { close(p.closing) })
	return s
}

type connKey struct{}

func newPorter(b Bounds) *porter {
	return &porter{
		bounds: b, persons: rateOf(b.PersonRate), under: make(map[string]int), closing: make(chan struct{}),
	}
}

// keep keeps requests within the bounds.
func (p *porter) keep(handler http.Handler) http.Handler {
	b := p.bounds
	addresses := rateOf(b.AddressRate)
	handler = compressed(handler)
	served := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure, known := r.TLS != nil, !speaksForAnother(r)
		if within(r.RemoteAddr, b.Proxies) {
			secure = secure || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
		} else {
			r.Header.Del("X-Forwarded-Proto")
			if !known {
				p.nameProxy(r.RemoteAddr)
			}
		}
		tellBrowsers(w.Header(), secure)
		if client := middleware.GetClientIPAddr(r.Context()); client.IsValid() {
			known = true
			r.RemoteAddr = netip.AddrPortFrom(client, portOf(r.RemoteAddr)).String()
		}
		out := &paced{ResponseWriter: w, control: http.NewResponseController(w), bounds: &p.bounds}
		_ = out.control.SetWriteDeadline(time.Time{}) // the answer before on this connection had one
		if r.ContentLength != 0 {
			_ = out.control.SetReadDeadline(time.Now().Add(b.Unsigned))
		}
		if over(addresses, out, r, r.RemoteAddr) {
			tooMuch(out, r)
			return
		}
		if r.URL.Path == "/metrics" && b.Operators != nil && !(known && within(r.RemoteAddr, b.Operators)) {
			kit.ChooseLanguage(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				kit.RespondProblem(w, kit.NewProblem(r.Context(), http.StatusForbidden, "other-address",
					"/metrics is for the operators' addresses; --operators names them"))
			})).ServeHTTP(out, r)
			return
		}
		handler.ServeHTTP(out, r.WithContext(kit.WithPorter(r.Context(), p)))
	})
	if len(b.Proxies) == 0 {
		return served
	}
	var proxies []string
	for _, p := range b.Proxies {
		proxies = append(proxies, p.String())
	}
	return middleware.ClientIPFromXFF(proxies...)(served)
}

// nameProxy says once that there seems to be a proxy which nobody has named: whoever asks
// through it counts as one address, so that one of them locks out the rest. Strangers may
// write what they like; what stands beside us in a network of one's own does not.
func (p *porter) nameProxy(address string) {
	at, err := netip.ParseAddrPort(address)
	if from := at.Addr().Unmap(); p.log != nil && err == nil && (from.IsLoopback() || from.IsPrivate()) {
		p.named.Do(func() {
			p.log.Warn("a proxy asks for others and is not named: all of them count as one address; name it with --trusted-proxy",
				"address", from.String())
		})
	}
}

// speaksForAnother reports whether a request says that it asks for somebody: should it not
// say who in a way that is understood, or by whom that is believed, they are not taken for
// whoever sends it.
func speaksForAnother(r *http.Request) bool {
	return r.Header["X-Forwarded-For"] != nil || r.Header["Forwarded"] != nil
}

// within reports whether an address, such as 192.0.2.1:1234, is of the networks.
func within(address string, networks []netip.Prefix) bool {
	at, err := netip.ParseAddrPort(address)
	for _, n := range networks {
		if err == nil && n.Contains(at.Addr().Unmap().WithZone("")) {
			return true
		}
	}
	return false
}

func portOf(address string) uint16 {
	at, _ := netip.ParseAddrPort(address)
	return at.Port()
}

// rateOf counts requests a minute; nil: without end.
func rateOf(perMinute int) *httprate.RateLimiter {
	if perMinute == 0 {
		return nil
	}
	return httprate.NewRateLimiter(perMinute, time.Minute)
}

// over counts a request and reports whether it is one too many.
func over(rate *httprate.RateLimiter, w http.ResponseWriter, r *http.Request, key string) bool {
	if rate == nil {
		return false
	}
	if host, _, err := net.SplitHostPort(key); err == nil {
		key = httprate.CanonicalizeIP(host)
	}
	return rate.OnLimit(w, r, key)
}

// tooMuch refuses a request whose address or person has asked for too much.
func tooMuch(w http.ResponseWriter, r *http.Request) {
	kit.ChooseLanguage(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kit.RespondProblem(w, tooMany(r.Context()))
	})).ServeHTTP(w, r)
}

func tooMany(ctx context.Context) *kit.Problem {
	return kit.NewProblem(ctx, http.StatusTooManyRequests, "too-many-requests",
		"too many requests within a minute; wait as long as Retry-After says")
}
