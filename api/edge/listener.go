package edge

import (
	"container/list"
	"net"
	"net/netip"
	"sync"
)

// Listen bounds how many connections there are. Where there are too many, in all
// or of one address, the oldest on which nobody has signed in gives way to the
// new one: whoever only holds connections open keeps nobody out for longer than
// it takes to sign in. Only where somebody is signed in on all of them is the new
// one closed.
func Listen(l net.Listener, b Bounds) net.Listener {
	return &listener{Listener: l, bounds: b, of: make(map[netip.Addr]int), strangers: list.New()}
}

type listener struct {
	net.Listener
	bounds Bounds

	mu        sync.Mutex
	open      int
	of        map[netip.Addr]int // open ones by address
	strangers *list.List         // connections nobody has signed in on, the oldest first
}

// conn is a connection that counts.
type conn struct {
	net.Conn
	from     netip.Addr
	listener *listener
	stranger *list.Element // nil: somebody has signed in on it; guarded by listener.mu
	gone     bool          // guarded by listener.mu
}

// Accept implements [net.Listener].
func (l *listener) Accept() (net.Conn, error) {
	for {
		accepted, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if c := l.admit(accepted); c != nil {
			return c, nil
		}
		_ = accepted.Close()
	}
}

// admit counts a connection; nil: there is no room for it.
func (l *listener) admit(accepted net.Conn) *conn {
	c := &conn{Conn: accepted, from: origin(accepted.RemoteAddr()), listener: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	proxied := within(accepted.RemoteAddr().String(), l.bounds.Proxies)
	if most := l.bounds.PerAddress; most > 0 && !proxied && l.of[c.from] >= most && !l.giveWay(c.from) {
		return nil
	}
	if most := l.bounds.Connections; most > 0 && l.open >= most && !l.giveWay(netip.Addr{}) {
		return nil
	}
	l.open++
	l.of[c.from]++
	c.stranger = l.strangers.PushBack(c)
	return c
}

// giveWay closes the oldest connection that nobody has signed in on, of an
// address, or of any.
func (l *listener) giveWay(from netip.Addr) bool {
	for e := l.strangers.Front(); e != nil; e = e.Next() {
		if c := e.Value.(*conn); !from.IsValid() || c.from == from {
			l.forget(c)
			_ = c.Conn.Close()
			return true
		}
	}
	return false
}

// forget no longer counts a connection.
func (l *listener) forget(c *conn) {
	if c.gone {
		return
	}
	c.gone = true
	l.open--
	if l.of[c.from]--; l.of[c.from] == 0 {
		delete(l.of, c.from)
	}
	if c.stranger != nil {
		l.strangers.Remove(c.stranger)
		c.stranger = nil
	}
}

// signedIn notes that somebody has signed in on the connection.
func (c *conn) signedIn() {
	c.listener.mu.Lock()
	defer c.listener.mu.Unlock()
	if c.stranger != nil {
		c.listener.strangers.Remove(c.stranger)
		c.stranger = nil
	}
}

// Close implements [net.Conn].
func (c *conn) Close() error {
	c.listener.mu.Lock()
	c.listener.forget(c)
	c.listener.mu.Unlock()
	return c.Conn.Close()
}

// CloseWrite lets a server say that nothing more comes before it closes.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// origin is whom a connection is counted to: an IPv4 address, or the /64 that one
// subscriber of IPv6 has.
func origin(a net.Addr) netip.Addr {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	ip := at.Addr().Unmap().WithZone("")
	if ip.Is6() {
		if network, err := ip.Prefix(64); err == nil {
			return network.Addr()
		}
	}
	return ip
}
