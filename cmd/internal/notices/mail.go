package notices

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/notice"
)

// Message is a notice with its addresses, ready to leave.
type Message struct {
	notice.Notice
	// Headline and Letter are what it says in the language of its reader.
	Headline    string
	Letter      string
	Attachments []Enclosure
	// Digest identifies a letter of several notices; empty: it is of this one.
	Digest string
	Copy   int
	From   string
	ToWhom []notice.Addressee
	CcWhom []notice.Addressee
	Date   time.Time
	// Apart are addresses that have a letter of their own: they are named in the header,
	// and this one is not handed over for them.
	Apart []string
	// Own is the only address that a letter is handed over for, with what is for nobody
	// else in it; empty: it is everybody's.
	Own string
}

// Enclosure is a paper that goes with a message.
type Enclosure struct {
	Name    string
	Content []byte
}

// pdf is what papers go out as.
const pdf = mail.ContentType("application/pdf")

// MessageID identifies the mail, without angle brackets. It depends on nothing
// but the notice and the number of its copy, neither on configuration nor on
// the time: a message handed over a second time, because nobody knows whether
// the first was taken, carries the same one, and mail servers and mailboxes
// drop the second.
func (m Message) MessageID() string {
	id := string(m.ID)
	if m.Digest != "" {
		id = m.Digest
	}
	if m.Copy > 1 {
		id += "." + strconv.Itoa(m.Copy)
	}
	if m.Own != "" {
		sum := sha256.Sum256([]byte(m.Own))
		id += "." + hex.EncodeToString(sum[:6])
	}
	return id + "@notices.aftersales-ledger"
}

// Recipients are the addresses the message is handed over for, each once.
func (m Message) Recipients() []string {
	if m.Own != "" {
		return []string{m.Own}
	}
	return slices.DeleteFunc(m.everybody(), func(a string) bool {
		return slices.ContainsFunc(m.Apart, func(own string) bool { return strings.EqualFold(own, a) })
	})
}

// everybody are the addresses of the header.
func (m Message) everybody() []string { return unique(m.ToWhom, m.CcWhom) }

// compose makes the mail. What people typed cannot break out of its header:
// subjects are one line, and words beyond ASCII are encoded (RFC 2047).
func (m Message) compose() (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithEncoding(mail.EncodingB64), mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat("售后服务台账", m.From); err != nil {
		return nil, err
	}
	to := unique(m.ToWhom)
	if err := msg.To(to...); err != nil {
		return nil, err
	}
	if cc := slices.DeleteFunc(m.everybody(), func(a string) bool { return slices.Contains(to, a) }); len(cc) > 0 {
		if err := msg.Cc(cc...); err != nil {
			return nil, err
		}
	}
	msg.Subject(m.Headline)
	msg.SetMessageIDWithValue(m.MessageID())
	msg.SetDateWithValue(m.Date.In(calendar.Shanghai))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's absence is answered
	msg.SetGenHeader("X-Ledger-Notice", string(m.ID))
	if m.Clause != "" {
		msg.SetGenHeader("X-Ledger-Clause", m.Clause)
	}
	msg.SetBodyString(mail.TypeTextPlain, m.Letter)
	for _, a := range m.Attachments {
		if err := msg.AttachReader(a.Name, bytes.NewReader(a.Content), mail.WithFileContentType(pdf),
			mail.WithFileEncoding(mail.EncodingB64)); err != nil {
			return nil, err
		}
	}
	return msg, nil
}

// bytes is the mail as it is written to a file.
func (m Message) bytes() ([]byte, error) {
	msg, err := m.compose()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Mailer is how notices leave.
type Mailer interface {
	Channel() notice.Channel
	// Send hands a message over. Refused are those of its recipients that it was
	// not taken for, while it was for the others; with all, it is taken for
	// everybody or nobody unless a refusal is for good. An error is a
	// *DeliveryError.
	Send(ctx context.Context, m Message, all bool) (refused []notice.RefusedAddress, err error)
}

// DeliveryError is why a message could not be handed over.
type DeliveryError struct {
	Reason notice.Reason
	Err    error
}

func (e *DeliveryError) Error() string { return fmt.Sprintf("%s: %v", e.Reason, e.Err) }
func (e *DeliveryError) Unwrap() error { return e.Err }
