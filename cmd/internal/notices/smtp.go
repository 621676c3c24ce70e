package notices

import (
	"context"
	"errors"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"
)

// SMTP hands notices over to a mail server, one connection for each. Dialling,
// TLS, signing in and the form of the mail are go-mail's, a kept library; the
// transaction is ours, because only who sees each answer can tell a message
// that was not taken from one whose fate is unknown.
type SMTP struct {
	host string
	opts []mail.Option
}

// smtpTimeout bounds every wait for the mail server.
const smtpTimeout = 30 * time.Second

// ParseSMTP reads the address of a mail server:
//
//	smtp://user:password@host:587    upgraded to TLS by STARTTLS, or not used at all
//	smtp://host?starttls=optional    upgraded where the server can; starttls=no: never
//	smtps://user:password@host:465   TLS from the beginning
//
// The password is in no error.
func ParseSMTP(text string) (*SMTP, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, domain.Failed(nil, "mail server: not an address such as smtp://user:password@host:587") // err quotes the password
	}
	bad := func(rule domain.Sentence, args ...any) error {
		return domain.Failed(nil, "mail server %s: %s", u.Redacted(), domain.Say(rule, args...))
	}
	if u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.Opaque != "" {
		return nil, bad("must be an address such as smtp://user:password@host:587")
	}
	s := &SMTP{host: u.Hostname(), opts: []mail.Option{mail.WithTimeout(smtpTimeout), mail.WithoutNoop()}}
	port := 587
	switch u.Scheme {
	case "smtp":
		policy, known := map[string]mail.TLSPolicy{
			"": mail.TLSMandatory, "optional": mail.TLSOpportunistic, "no": mail.NoTLS,
		}[u.Query().Get("starttls")]
		if !known {
			return nil, bad("starttls must be optional or no, or be left out")
		}
		s.opts = append(s.opts, mail.WithTLSPolicy(policy))
	case "smtps":
		port = 465
		s.opts = append(s.opts, mail.WithSSL())
	default:
		return nil, bad("must begin with smtp:// or smtps://")
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil || port < 1 || port > 65535 {
			return nil, bad("has an impossible port")
		}
	}
	s.opts = append(s.opts, mail.WithPort(port))
	if u.User != nil {
		password, _ := u.User.Password()
		s.opts = append(s.opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()),
			mail.WithPassword(password))
	}
	if _, err := mail.NewClient(s.host, s.opts...); err != nil {
		return nil, bad("%s", err.Error())
	}
	return s, nil
}

// Check signs in to the mail server, and hands nothing over.
func (s *SMTP) Check(ctx context.Context) error {
	client, err := mail.NewClient(s.host, s.opts...)
	if err != nil {
		return err
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return err
	}
	return client.CloseWithSMTPClient(conn)
}

// Channel implements [Mailer].
func (s *SMTP) Channel() notice.Channel { return notice.SMTP }

// Send implements [Mailer].
func (s *SMTP) Send(ctx context.Context, m Message, all bool) ([]notice.RefusedAddress, error) {
	msg, err := m.compose()
	if err != nil {
		return nil, &DeliveryError{notice.Refused, err}
	}
	client, err := mail.NewClient(s.host, s.opts...)
	if err != nil {
		return nil, &DeliveryError{notice.Unreachable, err}
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return nil, &DeliveryError{notice.Unreachable, err}
	}
	defer func() { _ = client.CloseWithSMTPClient(conn) }() // what was answered stands, however the parting goes
	refused, err := s.envelope(conn, m, all)
	if err != nil {
		return nil, err
	}
	return refused, handOver(conn, msg)
}

// envelope names sender and recipients, and tells who was refused. Nothing has
// been handed over yet.
func (s *SMTP) envelope(conn *smtp.Client, m Message, all bool) (refused []notice.RefusedAddress, err error) {
	if err := conn.Mail(m.From); err != nil {
		// Whatever the answer, it is of us and not of this message: mending the
		// configuration lets them all through.
		return nil, &DeliveryError{notice.Unreachable, err}
	}
	taken := 0
	for _, address := range m.Recipients() {
		err := conn.Rcpt(address)
		failed := sorted(err, notice.Unreachable)
		switch {
		case err == nil:
			taken++
		case failed.Reason == notice.Unreachable, failed.Reason == notice.RefusedForNow && all:
			return nil, failed
		default:
			refused = append(refused, notice.RefusedAddress{Address: address, Reason: err.Error()})
		}
	}
	if taken > 0 {
		return refused, nil
	}
	reason, texts := notice.Refused, make([]string, len(refused))
	for i, r := range refused {
		texts[i] = r.Address + ": " + r.Reason
		if strings.HasPrefix(r.Reason, "4") {
			reason = notice.RefusedForNow
		}
	}
	return nil, &DeliveryError{reason, errors.New(strings.Join(texts, "; "))}
}

// handOver sends the content. Once the line that ends it has left, only the
// server's answer tells whether it has the message.
func handOver(conn *smtp.Client, msg *mail.Msg) error {
	w, err := conn.Data()
	if err != nil {
		return sorted(err, notice.Unreachable)
	}
	if _, err := msg.WriteTo(w); err != nil {
		return sorted(err, notice.Unreachable)
	}
	if err := w.Close(); err != nil {
		return sorted(err, notice.OutcomeUnknown)
	}
	return nil
}

// sorted says what an answer of the server means; other is the meaning of none.
func sorted(err error, other notice.Reason) *DeliveryError {
	var answer *textproto.Error
	if errors.As(err, &answer) {
		switch {
		case answer.Code >= 500:
			return &DeliveryError{notice.Refused, err}
		case answer.Code >= 400:
			return &DeliveryError{notice.RefusedForNow, err}
		}
	}
	return &DeliveryError{other, err}
}
