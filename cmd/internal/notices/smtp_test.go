package notices

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"
	gomail "github.com/wneessen/go-mail"

	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore/certtest"
)

// mailServer is a real mail server on the loopback whose answers a test
// decides.
type mailServer struct {
	t    *testing.T
	addr string
	manners

	mu       sync.Mutex
	got      []letterbox
	password string // as somebody signed in with it
}

// manners are how a mail server behaves; the zero value takes everything.
type manners struct {
	refuses map[string]*smtp.SMTPError // by recipient
	mail    *smtp.SMTPError            // answer to MAIL
	data    *smtp.SMTPError            // answer to a message
	// "before": hangs up instead of taking the message; "after": takes it, and hangs up instead of answering
	drop string
}

// letterbox is a message as a server took it.
type letterbox struct {
	To        []string
	MessageID string
	Subject   string
}

func startServer(t *testing.T, tlsConfig *tls.Config) *mailServer {
	t.Helper()
	s := &mailServer{t: t}
	server := smtp.NewServer(smtp.BackendFunc(func(
		c *smtp.Conn,
	) (smtp.Session, error) {
		return &mailSession{server: s, conn: c}, nil
	}))
	server.Domain, server.TLSConfig, server.AllowInsecureAuth = "mail.dept.example", tlsConfig, true
	server.ErrorLog = silence{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = listener.Addr().String()
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return s
}

type silence struct{}

func (silence) Printf(string, ...any) {}
func (silence) Println(...any)        {}

func (s *mailServer) letters() []letterbox {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]letterbox(nil), s.got...)
}

type mailSession struct {
	server *mailServer
	conn   *smtp.Conn
	to     []string
}

func (m *mailSession) Reset()        { m.to = nil }
func (m *mailSession) Logout() error { return nil }

func (m *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }
func (m *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, _, password string) error {
		m.server.mu.Lock()
		defer m.server.mu.Unlock()
		m.server.password = password
		return nil
	}), nil
}

func (m *mailSession) Mail(string, *smtp.MailOptions) error {
	if m.server.mail != nil {
		return m.server.mail
	}
	return nil
}

func (m *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if refusal := m.server.refuses[to]; refusal != nil {
		return refusal
	}
	m.to = append(m.to, to)
	return nil
}

func (m *mailSession) Data(r io.Reader) error {
	if m.server.drop == "before" {
		_ = m.conn.Conn().Close()
		return errors.New("gone")
	}
	msg, err := mail.ReadMessage(r)
	if err != nil {
		m.server.t.Errorf("a message that cannot be read: %v", err)
		return err
	}
	if _, err := io.Copy(io.Discard, msg.Body); err != nil {
		return err
	}
	if m.server.data != nil {
		return m.server.data
	}
	m.server.mu.Lock()
	m.server.got = append(m.server.got, letterbox{m.to, msg.Header.Get("Message-Id"), msg.Header.Get("Subject")})
	m.server.mu.Unlock()
	if m.server.drop == "after" {
		_ = m.conn.Conn().Close()
		return errors.New("gone")
	}
	return nil
}

func answer(code int, text string) *smtp.SMTPError {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.NoEnhancedCode, Message: text}
}

func (s *mailServer) client(t *testing.T, url string) *SMTP {
	t.Helper()
	c, err := ParseSMTP(strings.ReplaceAll(url, "HOST", s.addr))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhatAMailServerAnswers(t *testing.T) {
	both := []letterbox{{[]string{"head@c01.example", "east@dept.example"}, "<n1@notices.aftersales-ledger>", "Hello"}}
	one := []letterbox{{[]string{"head@c01.example"}, "<n1@notices.aftersales-ledger>", "Hello"}}
	other := []letterbox{{[]string{"east@dept.example"}, "<n1@notices.aftersales-ledger>", "Hello"}}
	unknown, later := answer(550, "no such user"), answer(451, "come again")
	tests := map[string]struct {
		server  manners
		all     bool
		reason  notice.Reason // empty: it was taken
		refused []string
		got     []letterbox
	}{
		"it takes the message":                            {manners{}, true, "", nil, both},
		"it refuses a copy for good":                      {manners{refuses: map[string]*smtp.SMTPError{"east@dept.example": unknown}}, true, "", []string{"east@dept.example"}, one},
		"it refuses the recipient for good, not the copy": {manners{refuses: map[string]*smtp.SMTPError{"head@c01.example": unknown}}, true, "", []string{"head@c01.example"}, other},
		"it refuses everybody for good":                   {manners{refuses: map[string]*smtp.SMTPError{"head@c01.example": unknown, "east@dept.example": unknown}}, true, notice.Refused, nil, nil},
		"it takes a copy later, and all are to have it":   {manners{refuses: map[string]*smtp.SMTPError{"east@dept.example": later}}, true, notice.RefusedForNow, nil, nil},
		"it takes a copy later, and waiting is over":      {manners{refuses: map[string]*smtp.SMTPError{"east@dept.example": later}}, false, "", []string{"east@dept.example"}, one},
		"it takes everybody later":                        {manners{refuses: map[string]*smtp.SMTPError{"head@c01.example": later, "east@dept.example": later}}, false, notice.RefusedForNow, nil, nil},
		"it takes one later, and the other never":         {manners{refuses: map[string]*smtp.SMTPError{"head@c01.example": later, "east@dept.example": unknown}}, false, notice.RefusedForNow, nil, nil},
		"it does not know the sender":                     {manners{mail: answer(550, "who are you")}, true, notice.Unreachable, nil, nil},
		"it will not have the content":                    {manners{data: answer(554, "spam")}, true, notice.Refused, nil, nil},
		"it has no room for the content":                  {manners{data: answer(452, "full")}, true, notice.RefusedForNow, nil, nil},
		"it hangs up before the message is there":         {manners{drop: "before"}, true, notice.OutcomeUnknown, nil, nil},
		"it hangs up instead of answering":                {manners{drop: "after"}, true, notice.OutcomeUnknown, nil, both},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := startServer(t, nil)
			s.manners = tc.server
			m := messageOf(notice.Notice{
				ID: "n1", Clause: "5.3.4", Text: notice.Text{Subject: inBoth("Hello"), Body: inBoth("x\n")},
			})
			refused, err := s.client(t, "smtp://HOST?starttls=no").Send(t.Context(), m, tc.all)
			var failure *DeliveryError
			if errors.As(err, &failure) != (tc.reason != "") || failure != nil && failure.Reason != tc.reason {
				t.Errorf("got %v, want %q", err, tc.reason)
			}
			var names []string
			for _, r := range refused {
				names = append(names, r.Address)
				if !strings.Contains(r.Reason, "no such user") && !strings.Contains(r.Reason, "come again") {
					t.Errorf("refused because %q", r.Reason)
				}
			}
			if err == nil {
				if diff := cmp.Diff(tc.refused, names); diff != "" {
					t.Errorf("refused:\n%s", diff)
				}
			}
			if diff := cmp.Diff(tc.got, s.letters()); diff != "" {
				t.Errorf("taken:\n%s", diff)
			}
		})
	}
}

func TestNothingListensThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	_ = listener.Close()
	c, err := ParseSMTP("smtp://user:secret@" + addr)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Send(t.Context(), messageOf(notice.Notice{ID: "n1"}), true)
	var failure *DeliveryError
	if !errors.As(err, &failure) || failure.Reason != notice.Unreachable || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

// Neither a message nor a password travels in the clear unless somebody wrote
// that it may.
func TestASecretStaysOne(t *testing.T) {
	plain := startServer(t, nil)
	m := messageOf(notice.Notice{ID: "n1", Text: notice.Text{Subject: inBoth("Hello")}})
	for _, url := range []string{
		"smtp://HOST", "smtp://u:secret@HOST", "smtps://u:secret@HOST", "smtp://u:secret@HOST?starttls=no",
	} {
		_, err := plain.client(t, url).Send(t.Context(), m, true)
		var failure *DeliveryError
		if !errors.As(err, &failure) || failure.Reason != notice.Unreachable {
			t.Errorf("%s: %v", url, err)
		}
		if strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
	if len(plain.letters()) > 0 || plain.password != "" {
		t.Errorf("taken in the clear: %+v, password %q", plain.letters(), plain.password)
	}

	config, pool := certificate(t)
	safe := startServer(t, config)
	c := safe.client(t, "smtp://u:secret@HOST")
	if _, err := c.Send(t.Context(), m, true); err == nil {
		t.Error("a certificate that nobody vouches for was taken")
	}
	if len(safe.letters()) != 0 || safe.password != "" {
		t.Errorf("taken: %+v, password %q", safe.letters(), safe.password)
	}
	c.opts = append(c.opts, gomail.WithTLSConfig(&tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}))
	if _, err := c.Send(t.Context(), m, true); err != nil || len(safe.letters()) != 1 || safe.password != "secret" {
		t.Errorf("over TLS: %v; %+v, password %q", err, safe.letters(), safe.password)
	}
}

// certificate makes one for the loopback, and who vouches for it.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	cert, pool := certtest.Loopback(t, 1), x509.NewCertPool()
	pool.AddCert(cert.Leaf)
	return &tls.Config{Certificates: []tls.Certificate{cert}}, pool
}

func TestTheAddressOfAMailServer(t *testing.T) {
	tests := map[string]struct {
		text string
		ok   bool
	}{
		"with all there is":             {"smtp://user:secret@mail.dept.example:2525", true},
		"without port or user":          {"smtp://mail.dept.example", true},
		"TLS from the beginning":        {"smtps://user:secret@mail.dept.example", true},
		"TLS where the server can":      {"smtp://mail.dept.example?starttls=optional", true},
		"TLS perhaps":                   {"smtp://mail.dept.example?starttls=secret", false},
		"a web server":                  {"http://user:secret@mail.dept.example", false},
		"no host":                       {"smtp://user:secret@", false},
		"a path":                        {"smtp://user:secret@mail.dept.example/inbox", false},
		"a port beyond all ports":       {"smtp://user:secret@mail.dept.example:70000", false},
		"a port that is no number":      {"smtp://user:secret@mail.dept.example:smtp", false},
		"a password with a broken sign": {"smtp://user:secret%zz@mail.dept.example", false},
		"nothing":                       {"", false},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseSMTP(tc.text)
			if (err == nil) != tc.ok {
				t.Errorf("got %v", err)
			}
			if err != nil && strings.Contains(fmt.Sprint(err), "user:secret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}
