// Package esdbtest answers EventStoreDB's gRPC protocol over any
// [eventstore.Store], for tests of what a real server and the way to it may do.
package esdbtest

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	api "github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"aftersales-ledger/eventstore"
)

// Server stands in for one node of EventStoreDB. Its methods make it misbehave.
type Server struct {
	api.UnimplementedStreamsServer

	t        testing.TB
	store    eventstore.Store
	version  string
	maxSize  int
	tls      *tls.Config
	accounts []*account
	pace     Pace
	cluster  *cluster
	lis      *listener
	grpc     *grpc.Server

	mu       sync.Mutex
	failures []*pending
	leader   *Server
	members  []*Server
	logins   []string
	calls    map[Method]int
	underway map[Method]int
	announce []*api.ReadResp
}

// Option changes how a server is set up.
type Option func(*Server)

// TLS lets the server show this certificate.
func TLS(cert tls.Certificate) Option {
	return func(s *Server) { s.tls = &tls.Config{Certificates: []tls.Certificate{cert}} }
}

// Login lets an administrator sign in. With anybody who may, calls without
// credentials of one of them are refused.
func Login(user, password string) Option { return Member(user, password, admins) }

// Member lets somebody of these groups sign in, who may append and read streams,
// but reads $all only if its ACL names one of the groups.
func Member(user, password string, groups ...string) Option {
	return func(s *Server) { s.accounts = append(s.accounts, &account{user, password, groups}) }
}

// WithPace sets how long things take; what is zero stays as it is.
func WithPace(p Pace) Option {
	return func(s *Server) {
		if p.Commit != nil {
			s.pace.Commit = p.Commit
		}
		s.pace.Abort = cmp.Or(p.Abort, s.pace.Abort)
		s.pace.Trail = cmp.Or(p.Trail, s.pace.Trail)
		s.pace.Call = p.Call
	}
}

// MaxAppendSize changes the limit of one append, as the real server's setting
// of that name does.
func MaxAppendSize(bytes int) Option { return func(s *Server) { s.maxSize = bytes } }

// Version is the version the server says it has. Before 23.10 it does not tell
// subscriptions that they have caught up, and before 20.10 it tells a conflict
// as an error and no position of a repeat.
func Version(v string) Option { return func(s *Server) { s.version = v } }

// Serve starts a server on the loopback interface, which ends with the test,
// and returns how to connect to it. The store stays the caller's.
func Serve(t testing.TB, store eventstore.Store, opts ...Option) (connectionString string, ctl *Server) {
	t.Helper()
	s := &Server{
		t:        t,
		store:    store,
		version:  "24.2.0",
		pace:     Pace{Commit: commitOfThePage, Abort: 2 * time.Second, Trail: 24 * time.Millisecond},
		maxSize:  eventstore.MaxAppendBytes,
		calls:    make(map[Method]int),
		underway: make(map[Method]int),
	}
	s.join(store)
	for _, o := range opts {
		o(s)
	}
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("esdbtest: %v", err)
	}
	s.lis = &listener{Listener: lis, conns: make(map[net.Conn]struct{})}
	// Clients ping every ten seconds, which gRPC's default takes for abuse.
	serverOpts := []grpc.ServerOption{
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Second, PermitWithoutStream: true}),
		// Anybody may ask for the members of the cluster and the version, as
		// the client does without credentials.
		grpc.UnaryInterceptor(func(
			ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler,
		) (any, error) {
			s.login(ctx)
			return next(ctx, req)
		}),
		grpc.StreamInterceptor(func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, next grpc.StreamHandler) error {
			if err := s.admit(ss.Context()); err != nil {
				return err
			}
			return next(srv, ss)
		}),
	}
	if s.tls != nil {
		serverOpts = append(serverOpts, grpc.Creds(credentials.NewTLS(s.tls)))
	}
	s.grpc = grpc.NewServer(serverOpts...)
	api.RegisterStreamsServer(s.grpc, s)
	serverfeatures.RegisterServerFeaturesServer(s.grpc, features{s: s})
	gossip.RegisterGossipServer(s.grpc, gossiper{s: s})
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = s.grpc.Serve(s.lis)
	}()
	t.Cleanup(func() {
		s.Thaw()
		s.leave()
		s.grpc.Stop()
		<-served
	})
	return s.connectionString(), s
}

func (s *Server) connectionString() string {
	if s.tls == nil {
		return fmt.Sprintf("esdb://%s?tls=false", s.Addr())
	}
	return fmt.Sprintf("esdb://%s?tls=true", s.Addr())
}

// Addr is where the server listens.
func (s *Server) Addr() string { return s.lis.Addr().String() }

// DropConnections cuts the line to all clients.
func (s *Server) DropConnections() { s.lis.drop() }

// Refuse makes the server unreachable until Accept: it cuts all connections and
// every new one.
func (s *Server) Refuse() {
	s.lis.refuse(true)
	s.lis.drop()
}

// Accept ends Refuse.
func (s *Server) Accept() { s.lis.refuse(false) }

// Freeze stops the server as SIGSTOP would: it takes connections, and neither
// hears nor says anything on any of them until Thaw.
func (s *Server) Freeze() { s.lis.freeze(make(chan struct{})) }

// Thaw ends Freeze.
func (s *Server) Thaw() { s.lis.freeze(nil) }

// Connections returns how many connections are open.
func (s *Server) Connections() int {
	s.lis.mu.Lock()
	defer s.lis.mu.Unlock()
	return len(s.lis.conns)
}

// Follow makes the server a follower of leader, or a leader again if nil: calls
// that require the leader are sent there. Both gossip about each other.
func (s *Server) Follow(leader *Server) {
	s.mu.Lock()
	s.leader = leader
	s.mu.Unlock()
	if leader == nil {
		return
	}
	s.meet(leader)
	leader.meet(s)
}

func (s *Server) meet(other *Server) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.members {
		if m == other {
			return
		}
	}
	s.members = append(s.members, other)
}

// Logins returns the values of the authorization header received so far.
func (s *Server) Logins() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.logins...)
}

// Calls returns how many calls of a method have begun.
func (s *Server) Calls(m Method) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[m]
}

// Underway returns how many calls of a method have begun and not ended.
func (s *Server) Underway(m Method) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.underway[m]
}

// AddSystemEvents puts n of the server's own events at the end of the log,
// which exist in $all only.
func (s *Server) AddSystemEvents(n int) {
	s.t.Helper()
	c := s.cluster
	c.mu.Lock()
	defer c.mu.Unlock()
	for range n {
		if _, err := c.addLocked(record{kind: "$statsCollected"}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// FallBehind tells live subscriptions that they are too slow to stay live.
func (s *Server) FallBehind() {
	s.tell(&api.ReadResp{Content: &api.ReadResp_FellBehind_{FellBehind: &api.ReadResp_FellBehind{}}})
}

// CatchUp tells live subscriptions that they have caught up again.
func (s *Server) CatchUp() {
	s.tell(&api.ReadResp{Content: &api.ReadResp_CaughtUp_{CaughtUp: &api.ReadResp_CaughtUp{}}})
}

func (s *Server) tell(m *api.ReadResp) {
	s.mu.Lock()
	s.announce = append(s.announce, m)
	s.mu.Unlock()
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	close(s.cluster.wake)
	s.cluster.wake = make(chan struct{})
}

// travel takes the time of the way there and back.
func (s *Server) travel(ctx context.Context) {
	if s.pace.Call <= 0 {
		return
	}
	select {
	case <-time.After(s.pace.Call):
	case <-ctx.Done():
	}
}

// login notes the credentials of a call.
func (s *Server) login(ctx context.Context) {
	md, _ := metadata.FromIncomingContext(ctx)
	given := md.Get("authorization")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.logins = append(s.logins, given...)
}

// whoever returns who makes a call; nil where anybody may.
func (s *Server) whoever(ctx context.Context) (*account, error) {
	if len(s.accounts) == 0 {
		return nil, nil
	}
	md, _ := metadata.FromIncomingContext(ctx)
	given := md.Get("authorization")
	if len(given) == 0 {
		return nil, status.Error(codes.PermissionDenied, "Access Denied")
	}
	for _, a := range s.accounts {
		if given[0] == "Basic "+base64.StdEncoding.EncodeToString([]byte(a.user+":"+a.password)) {
			return a, nil
		}
	}
	return nil, status.Error(codes.Unauthenticated, "authentication failed")
}

// admit checks the credentials of a call, and that there is somebody to serve it.
func (s *Server) admit(ctx context.Context) error {
	s.login(ctx)
	if _, err := s.whoever(ctx); err != nil {
		return err
	}
	s.cluster.mu.Lock()
	defer s.cluster.mu.Unlock()
	if s.cluster.leadless {
		return status.Error(codes.Unavailable, "Server Is Not Ready")
	}
	return nil
}

// checkLeader refuses a call meant for the leader if that is another node.
func (s *Server) checkLeader(ss grpc.ServerStream) error {
	md, _ := metadata.FromIncomingContext(ss.Context())
	s.mu.Lock()
	leader := s.leader
	s.mu.Unlock()
	if leader == nil || strings.Join(md.Get("requires-leader"), "") != "true" {
		return nil
	}
	return notLeader(ss, leader.Addr())
}

// notLeader answers like a follower that knows the leader's address.
func notLeader(ss grpc.ServerStream, leader string) error {
	host, port, _ := net.SplitHostPort(leader)
	ss.SetTrailer(metadata.Pairs("exception", "not-leader", "leader-endpoint-host", host, "leader-endpoint-port", port))
	return status.Error(codes.NotFound, "Leader info available")
}

// features tells the version.
type features struct {
	serverfeatures.UnimplementedServerFeaturesServer
	s *Server
}

func (f features) GetSupportedMethods(context.Context, *shared.Empty) (*serverfeatures.SupportedMethods, error) {
	f.s.begin(Features)
	defer f.s.end(Features)
	return &serverfeatures.SupportedMethods{
		EventStoreServerVersion: f.s.version,
		Methods: []*serverfeatures.SupportedMethod{
			{ServiceName: "event_store.client.streams.streams", MethodName: "append"},
			{ServiceName: "event_store.client.streams.streams", MethodName: "read"},
		},
	}, nil
}

// gossiper tells who is the leader.
type gossiper struct {
	gossip.UnimplementedGossipServer
	s *Server
}

func (g gossiper) Read(context.Context, *shared.Empty) (*gossip.ClusterInfo, error) {
	g.s.mu.Lock()
	members := append([]*Server{g.s}, g.s.members...)
	g.s.mu.Unlock()
	info := &gossip.ClusterInfo{}
	for _, m := range members {
		m.mu.Lock()
		state := gossip.MemberInfo_Leader
		if m.leader != nil {
			state = gossip.MemberInfo_Follower
		}
		m.mu.Unlock()
		host, port, _ := net.SplitHostPort(m.Addr())
		number, _ := strconv.Atoi(port)
		info.Members = append(info.Members, &gossip.MemberInfo{
			State:        state,
			IsAlive:      !m.lis.refuses(),
			HttpEndPoint: &gossip.EndPoint{Address: host, Port: uint32(number)},
		})
	}
	return info, nil
}

// listener remembers its connections, so that they can be cut.
type listener struct {
	net.Listener
	mu      sync.Mutex
	refused bool
	frozen  chan struct{} // nil while it is not; closed when it is over
	conns   map[net.Conn]struct{}
}

func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		l.mu.Lock()
		if l.refused {
			l.mu.Unlock()
			_ = conn.Close()
			continue
		}
		l.conns[conn] = struct{}{}
		l.mu.Unlock()
		return &tracked{Conn: conn, l: l}, nil
	}
}

func (l *listener) refuse(yes bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused = yes
}

func (l *listener) refuses() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}

func (l *listener) freeze(until chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.frozen != nil {
		close(l.frozen)
	}
	l.frozen = until
}

// awake waits until the server is not frozen.
func (l *listener) awake() {
	l.mu.Lock()
	frozen := l.frozen
	l.mu.Unlock()
	if frozen != nil {
		<-frozen
	}
}

func (l *listener) drop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.conns {
		_ = conn.Close()
	}
	clear(l.conns)
}

type tracked struct {
	net.Conn
	l *listener
}

func (c *tracked) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.l.awake()
	return n, err
}

func (c *tracked) Write(p []byte) (int, error) {
	c.l.awake()
	return c.Conn.Write(p)
}

func (c *tracked) Close() error {
	c.l.mu.Lock()
	delete(c.l.conns, c.Conn)
	c.l.mu.Unlock()
	return c.Conn.Close()
}

// older reports whether the server's version comes before another.
func (s *Server) older(major, minor int) bool {
	var ours, point int
	_, _ = fmt.Sscanf(s.version, "%d.%d", &ours, &point)
	return ours < major || ours == major && point < minor
}
