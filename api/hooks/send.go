package hooks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"aftersales-ledger/api/live"
)

// Message is what is posted. It says what changed and nothing of its content.
type Message struct {
	Type      string      `json:"type"`
	Timestamp string      `json:"timestamp"`
	Data      live.Change `json:"data"`
}

// sendFor bounds one attempt.
const sendFor = 15 * time.Second

// errGone: the receiver wants nothing more (410).
var errGone = errors.New("the receiver answered 410 Gone")

// send posts a message once. Errors say what whoever registered may know: not what
// was answered, which could be somebody else's.
func (h *Hooks) send(ctx context.Context, hook Hook, c live.Change) error {
	body, err := json.Marshal(Message{Type: c.Type, Timestamp: c.At, Data: c})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address cannot be posted to")
	}
	id, at := messageID(hook.ID, c), time.Now() // of the machine: receivers refuse what is old
	signature, err := hook.sign(id, at, h.Clock(), body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "aftersales-ledger")
	r.Header.Set(standardwebhooks.HeaderWebhookID, id)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	resp, err := h.sender.client(r.URL.Scheme).Do(r)
	if err != nil {
		return outward(err)
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // so that the connection can be used again
	switch {
	case resp.StatusCode == http.StatusGone:
		return errGone
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return fmt.Errorf("the receiver answered %d", resp.StatusCode)
	}
	return nil
}

// sign signs with every secret that is good.
func (hook Hook) sign(id string, at, now time.Time, body []byte) (string, error) {
	var signatures []string
	for _, s := range hook.Secrets {
		if !s.Until.IsZero() && !now.Before(s.Until) {
			continue
		}
		w, err := standardwebhooks.NewWebhook(s.Text)
		if err != nil {
			return "", err
		}
		signature, err := w.Sign(id, at, body)
		if err != nil {
			return "", err
		}
		signatures = append(signatures, signature)
	}
	return strings.Join(signatures, " "), nil
}

// outward is an error without what only the network of this server knows.
func outward(err error) error {
	var forbidden *forbiddenError
	var wrapped *url.Error
	switch {
	case errors.As(err, &forbidden):
		return forbidden
	case errors.As(err, &wrapped) && wrapped.Timeout():
		return errors.New("the receiver did not answer in time")
	}
	return errors.New("the receiver cannot be reached")
}

// sender speaks to receivers, and to nobody else: to public addresses by TLS, and
// to networks that the operator named. What a name leads to is looked at when it is
// dialled, so that it cannot lead elsewhere by then; a redirection is not followed.
type sender struct{ tls, plain *http.Client }

func newSender(networks []netip.Prefix) *sender {
	client := func(public bool) *http.Client {
		dialer := &net.Dialer{Timeout: 5 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
			return mayDial(address, networks, public)
		}}
		return &http.Client{
			Transport: &http.Transport{
				DialContext: dialer.DialContext, TLSHandshakeTimeout: 5 * time.Second, MaxIdleConnsPerHost: 1,
				IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 16 << 10,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}
	}
	return &sender{tls: client(true), plain: client(false)}
}

func (s *sender) client(scheme string) *http.Client {
	if scheme == "https" {
		return s.tls
	}
	return s.plain
}

type forbiddenError struct{ to netip.Addr }

func (e *forbiddenError) Error() string {
	return fmt.Sprintf("%s is no public address, and the operator has not named its network", e.to)
}

// mayDial refuses an address that is neither public, where public ones are spoken
// to, nor in a network that was named.
func mayDial(address string, networks []netip.Prefix, public bool) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := at.Addr().Unmap().WithZone("")
	for _, n := range networks {
		if n.Contains(ip) {
			return nil
		}
	}
	if public && isPublic(ip) {
		return nil
	}
	return &forbiddenError{ip}
}

// notPublic are networks beside the private ones that lead to no public machine,
// or to one by another address (RFC 6890 and its registries).
var notPublic = prefixesOf("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23",
	"2001:db8::/32", "2002::/16", "fec0::/10", "::/96")

func prefixesOf(texts ...string) (list []netip.Prefix) {
	for _, t := range texts {
		list = append(list, netip.MustParsePrefix(t))
	}
	return list
}

func isPublic(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	for _, n := range notPublic {
		if n.Contains(ip) {
			return false
		}
	}
	return true
}
