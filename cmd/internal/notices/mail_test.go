package notices

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/notice"
)

func messageOf(n notice.Notice) Message {
	return Message{
		Notice: n, Headline: n.Subject.Chinese, Letter: n.Body.Chinese + n.Footer.Chinese, Copy: 1,
		From: "ledger@dept.example", Date: time.Date(2026, 7, 8, 9, 0, 0, 0, calendar.Shanghai),
		ToWhom: []notice.Addressee{
			{Role: domain.CenterHead, Scope: notice.Center, Of: "C01", Addresses: []string{"head@c01.example"}},
		},
		CcWhom: []notice.Addressee{
			{Role: domain.RegionalAdmin, Scope: notice.Region, Of: "华东", Addresses: []string{"east@dept.example", "HEAD@c01.example"}},
		},
	}
}

// inBoth says the same in each language.
func inBoth(text string) notice.Words { return notice.Words{Chinese: text, English: text} }

// read takes a mail apart as a mail program does.
func read(t testing.TB, m Message) (header mail.Header, subject, body string) {
	t.Helper()
	data, err := m.bytes()
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(data) {
		if !bytes.HasSuffix(line,
			[]byte("\r\n")) || len(line) > 1000 || bytes.ContainsFunc(line,
			func(r rune) bool { return r > '~' || r < ' ' && r != '\r' && r != '\n' && r != '\t' }) {
			t.Fatalf("a line that a mail server need not take: %q", line)
		}
	}
	msg, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	var words mime.WordDecoder
	if subject, err = words.DecodeHeader(msg.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	if e := msg.Header.Get("Content-Transfer-Encoding"); e != "base64" {
		t.Fatalf("the body is encoded as %q", e)
	}
	text, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, msg.Body))
	if err != nil {
		t.Fatal(err)
	}
	return msg.Header, subject, string(text)
}

// headerNames are all that a mail of ours has.
var headerNames = []string{
	"Auto-Submitted", "Cc", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To",
	"X-Ledger-Clause", "X-Ledger-Notice",
}

func namesOf(h mail.Header) []string {
	var names []string
	for name, values := range h {
		for range values {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestAMailIsWhatMailProgramsExpect(t *testing.T) {
	long := strings.Repeat("长", 3000)
	m := messageOf(notice.Notice{
		ID: "abc", Clause: "5.3.4",
		Text: notice.Text{Subject: inBoth("对账单 C01-2026Q2 请答复"), Body: inBoth("请核对\n" + long + "\n.\nFrom here\n")},
	})
	h, subject, body := read(t, m)
	if subject != m.Headline || strings.ReplaceAll(body, "\r\n", "\n") != m.Letter {
		t.Errorf("subject %q\nbody %q", subject, body)
	}
	if got := namesOf(h); !slices.Equal(got, headerNames) {
		t.Errorf("header %v", got)
	}
	for name, want := range map[string]string{
		"To": "<head@c01.example>", "Cc": "<east@dept.example>", "Message-Id": "<abc@notices.aftersales-ledger>", "Date": "Wed, 08 Jul 2026 09:00:00 +0800",
		"Auto-Submitted": "auto-generated", "Content-Type": "text/plain; charset=UTF-8", "X-Ledger-Clause": "5.3.4",
	} {
		if h.Get(name) != want {
			t.Errorf("%s: %q, want %q", name, h.Get(name), want)
		}
	}
	if got := m.Recipients(); !slices.Equal(got, []string{"head@c01.example", "east@dept.example"}) {
		t.Errorf("handed over for %v", got)
	}
	m.Copy = 2
	if h, _, _ := read(t, m); h.Get("Message-Id") != "<abc.2@notices.aftersales-ledger>" {
		t.Errorf("the second copy is %s", h.Get("Message-Id"))
	}
}

func TestAMailToVeryManyIsFolded(t *testing.T) {
	m := messageOf(notice.Notice{ID: "abc", Text: notice.Text{Subject: inBoth("x"), Body: inBoth("y")}})
	m.CcWhom = nil
	for role := range 5 {
		a := notice.Addressee{}
		for i := range maxAddresses {
			a.Addresses = append(a.Addresses, fmt.Sprintf("person-%d-%d@a-rather-long-name-of-a-department.example", role, i))
		}
		m.CcWhom = append(m.CcWhom, a)
	}
	h, _, _ := read(t, m)
	list, err := h.AddressList("Cc")
	if err != nil || len(list) != 5*maxAddresses || len(m.Recipients()) != 5*maxAddresses+1 {
		t.Errorf("%d copies, %v", len(list), err)
	}
}

// What people typed, in names, numbers and reasons, neither adds a header nor
// loses a letter that can be shown.
func FuzzWhatPeopleTyped(f *testing.F) {
	f.Add("云栖花园", "未施工", "zheng")
	f.Add("x\r\nBcc: a@b.example\r\n\r\nbody", "\r\n.\r\nMAIL FROM:<x>", "=?utf-8?q?=0d=0aBcc:_x?=")
	f.Add(strings.Repeat("长", 3000), "\u2028\u202e\x00", "\xff\xfe")
	f.Fuzz(func(t *testing.T, name, reason, by string) {
		e := account.ChargeDisputed{Charge: domain.ChargeID(name), Center: "C01", Statement: by, Reason: reason, By: by}
		c, _ := notice.About(e, 0)
		c.Learn(account.AccountOpened{Center: "C01", Name: name, Region: "华东"})
		n := notice.Of(e, notice.Origin{Event: "e", Position: 1, Type: e.EventType()}, c)[0]
		h, subject, body := read(t, messageOf(n))
		if got := namesOf(h); !slices.Equal(got, headerNames) {
			t.Errorf("header %v", got)
		}
		if subject != n.Subject.Chinese || !utf8.ValidString(subject) || strings.ContainsFunc(subject, unicode.IsControl) {
			t.Errorf("subject %q, want %q", subject, n.Subject.Chinese)
		}
		if strings.ReplaceAll(body, "\r\n", "\n") != n.Body.Chinese+n.Footer.Chinese {
			t.Errorf("body %q, want %q", body, n.Body.Chinese+n.Footer.Chinese)
		}
	})
}
