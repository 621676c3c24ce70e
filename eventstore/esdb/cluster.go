package esdb

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"aftersales-ledger/eventstore"
)

// maxMessage is the largest message taken from the server: its limit for one
// event and some room, as in the official client.
const maxMessage = 17 << 20

// cluster finds the node to talk to and finds another when that one is lost.
type cluster struct {
	conf *esdb.Configuration
	log  *slog.Logger
	ctx  context.Context // ends with the cluster
	stop context.CancelFunc

	mu     sync.Mutex
	node   *node   // nil while none is known
	leader string  // where to look first: the leader named by a node that is not
	search *search // under way, shared by all who wait for a node
	closed bool
}

// node is a connection to one server. A node that was given up stays connected
// until the last call on it is over.
type node struct {
	conn  *grpc.ClientConn
	addr  string
	major int // of the server's version; 0 if unknown
	minor int
	users int // guarded by the cluster
}

type search struct {
	done chan struct{}
	err  error // set when done
}

func newCluster(conf *esdb.Configuration, log *slog.Logger) *cluster {
	ctx, stop := context.WithCancel(context.Background())
	return &cluster{conf: conf, log: log, ctx: ctx, stop: stop}
}

// outgoing marks a call for the leader if that is who should answer.
func (c *cluster) outgoing(ctx context.Context) context.Context {
	if c.conf.NodePreference == esdb.NodePreferenceLeader {
		return metadata.AppendToOutgoingContext(ctx, "requires-leader", "true")
	}
	return ctx
}

// acquire returns the node to talk to, searching for it if none is known. It
// must be released.
func (c *cluster) acquire(ctx context.Context) (*node, error) {
	for {
		c.mu.Lock()
		if c.closed {
			c.mu.Unlock()
			return nil, eventstore.ErrClosed
		}
		if n := c.node; n != nil {
			n.users++
			c.mu.Unlock()
			return n, nil
		}
		found := c.search
		if found == nil {
			found = &search{done: make(chan struct{})}
			c.search = found
			go c.find(found, c.leader)
			c.leader = ""
		}
		c.mu.Unlock()

		select {
		case <-found.done:
			if found.err != nil {
				return nil, found.err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (c *cluster) release(n *node) {
	c.mu.Lock()
	n.users--
	idle := n.users == 0 && n != c.node
	c.mu.Unlock()
	if idle {
		_ = n.conn.Close()
	}
}

// lost gives up a node the caller holds. The next call searches anew, first
// where leader says, if it is not empty.
func (c *cluster) lost(n *node, leader string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.node != n {
		return // another call was first to notice
	}
	c.node, c.leader = nil, leader
	c.log.Info("event log: looking for a node", "lost", n.addr, "leader", leader)
}

func (c *cluster) close() {
	c.mu.Lock()
	c.closed = true
	n := c.node
	c.node = nil
	idle := n != nil && n.users == 0
	c.mu.Unlock()
	c.stop()
	if idle {
		_ = n.conn.Close()
	}
}

// find ends the search s with a node or an error.
func (c *cluster) find(s *search, leader string) {
	n, err := c.discover(leader)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.search = nil
	switch {
	case err != nil:
		s.err = err
	case c.closed:
		s.err = eventstore.ErrClosed
		_ = n.conn.Close()
	default:
		c.node = n
		c.log.Info("event log: connected", "node", n.addr)
	}
	close(s.done)
}

// discover tries the candidates until one answers.
func (c *cluster) discover(leader string) (*node, error) {
	var last error
	for attempt := range c.conf.MaxDiscoverAttempts {
		if attempt > 0 {
			select {
			case <-time.After(time.Duration(c.conf.DiscoveryInterval) * time.Millisecond):
			case <-c.ctx.Done():
				return nil, eventstore.ErrClosed
			}
		}
		if leader != "" && attempt == 0 {
			if n, err := c.connect(leader); err == nil {
				return n, nil
			}
		}
		seeds, gossips := c.seeds()
		for _, addr := range seeds {
			if gossips {
				chosen, err := c.ask(addr)
				if err != nil {
					last = err
					continue
				}
				addr = chosen
			}
			n, err := c.connect(addr)
			if err == nil {
				return n, nil
			}
			last = err
			var f *failure
			if errors.As(err, &f) && f.final {
				return nil, err
			}
		}
	}
	if c.ctx.Err() != nil {
		return nil, eventstore.ErrClosed
	}
	return nil, last
}

// seeds returns the addresses to try, and whether they name a cluster whose
// members have to be asked for.
func (c *cluster) seeds() (addrs []string, gossips bool) {
	if len(c.conf.GossipSeeds) == 0 {
		return []string{c.conf.Address}, c.conf.DnsDiscover
	}
	for _, seed := range c.conf.GossipSeeds {
		addrs = append(addrs, seed.String())
	}
	rand.Shuffle(len(addrs), func(i, j int) { addrs[i], addrs[j] = addrs[j], addrs[i] })
	return addrs, true
}

// ask asks a member of the cluster which node is the best.
func (c *cluster) ask(addr string) (string, error) {
	conn, err := c.dial(addr)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	ctx, cancel := c.probe()
	defer cancel()
	info, err := gossip.NewGossipClient(conn).Read(ctx, &shared.Empty{})
	if err != nil {
		return "", translate("gossip of "+addr, err, nil)
	}
	best := choose(info.GetMembers(), c.conf.NodePreference)
	if best == nil {
		return "", &failure{err: fmt.Errorf("gossip of %s: %w: no node is fit to answer", addr, eventstore.ErrUnavailable)}
	}
	return net.JoinHostPort(best.GetHttpEndPoint().GetAddress(), strconv.Itoa(int(best.GetHttpEndPoint().GetPort()))), nil
}

// choose returns a member of the state preferred, else any that can answer.
func choose(members []*gossip.MemberInfo, preference esdb.NodePreference) *gossip.MemberInfo {
	ranks := map[esdb.NodePreference][]gossip.MemberInfo_VNodeState{
		esdb.NodePreferenceLeader:   {gossip.MemberInfo_Leader},
		esdb.NodePreferenceFollower: {gossip.MemberInfo_Follower},
		esdb.NodePreferenceReadOnlyReplica: {
			gossip.MemberInfo_ReadOnlyReplica, gossip.MemberInfo_PreReadOnlyReplica, gossip.MemberInfo_ReadOnlyLeaderless,
		},
	}[preference]
	able := []gossip.MemberInfo_VNodeState{
		gossip.MemberInfo_Leader, gossip.MemberInfo_Follower, gossip.MemberInfo_ReadOnlyReplica,
		gossip.MemberInfo_PreReadOnlyReplica, gossip.MemberInfo_ReadOnlyLeaderless,
	}
	fit := slices.DeleteFunc(slices.Clone(members), func(m *gossip.MemberInfo) bool {
		return !m.GetIsAlive() || !slices.Contains(able, m.GetState())
	})
	if len(fit) == 0 {
		return nil
	}
	rand.Shuffle(len(fit), func(i, j int) { fit[i], fit[j] = fit[j], fit[i] })
	for _, state := range ranks {
		for _, m := range fit {
			if m.GetState() == state {
				return m
			}
		}
	}
	return fit[0]
}

// connect dials a node and asks for its version, which also shows that it is
// there, that its certificate is right and that it takes the credentials.
func (c *cluster) connect(addr string) (*node, error) {
	conn, err := c.dial(addr)
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.probe()
	defer cancel()
	features, err := serverfeatures.NewServerFeaturesClient(conn).GetSupportedMethods(ctx, &shared.Empty{})
	switch code := status.Code(err); {
	case err == nil, code == codes.Unimplemented, code == codes.NotFound: // servers before 21.10 do not tell
	default:
		_ = conn.Close()
		return nil, translate("connect to "+addr, err, nil)
	}
	n := &node{conn: conn, addr: addr}
	major, rest, _ := strings.Cut(features.GetEventStoreServerVersion(), ".")
	minor, _, _ := strings.Cut(rest, ".")
	n.major, _ = strconv.Atoi(major)
	n.minor, _ = strconv.Atoi(minor)
	return n, nil
}

// probe returns the context of a call that only looks for a node.
func (c *cluster) probe() (context.Context, context.CancelFunc) {
	return context.WithTimeout(c.ctx, time.Duration(max(c.conf.GossipTimeout, 1))*time.Second)
}

func (c *cluster) dial(addr string) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage))}
	if c.conf.DisableTLS {
		opts = append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))
	} else {
		conf := &tls.Config{
			MinVersion:         tls.VersionTLS12,
			RootCAs:            c.conf.RootCAs,
			InsecureSkipVerify: c.conf.SkipCertificateVerification,
		}
		if c.conf.UserCertFile != "" {
			cert, err := tls.LoadX509KeyPair(c.conf.UserCertFile, c.conf.UserKeyFile)
			if err != nil {
				return nil, &failure{final: true, err: fmt.Errorf("user certificate: %w: %w", eventstore.ErrUnavailable, err)}
			}
			conf.Certificates = []tls.Certificate{cert}
		}
		opts = append(opts, grpc.WithTransportCredentials(credentials.NewTLS(conf)))
		if c.conf.Username != "" {
			opts = append(opts, grpc.WithPerRPCCredentials(basicAuth(c.conf.Username, c.conf.Password)))
		}
	}
	if c.conf.KeepAliveInterval >= 0 {
		// Without it a subscription on a line that was cut silently would wait
		// for ever.
		opts = append(opts, grpc.WithKeepaliveParams(keepalive.ClientParameters{
			Time: c.conf.KeepAliveInterval, Timeout: c.conf.KeepAliveTimeout, PermitWithoutStream: true,
		}))
	}
	conn, err := grpc.NewClient(addr, opts...)
	if err != nil {
		return nil, &failure{final: true, err: fmt.Errorf("connect to %s: %w: %w", addr, eventstore.ErrUnavailable, err)}
	}
	return conn, nil
}

// login is the value of the authorization header.
type login string

func basicAuth(user, password string) login {
	return login("Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
}

// GetRequestMetadata implements [credentials.PerRPCCredentials].
func (l login) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": string(l)}, nil
}

// RequireTransportSecurity implements [credentials.PerRPCCredentials].
func (login) RequireTransportSecurity() bool { return true }

// streams returns the service of the log.
func (n *node) streams() api.StreamsClient { return api.NewStreamsClient(n.conn) }

// tellsCaughtUp reports whether the server says when a subscription has come
// to the end of the log, which it does since version 23.10.
func (n *node) tellsCaughtUp() bool {
	return n.major > 23 || n.major == 23 && n.minor >= 10
}
