package notices

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/api/door"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/notice"
)

// keys makes links for the heads that a test names.
type keys struct {
	heads []string // mail addresses
	made  int
	err   error
}

func (k *keys) LinksTo(
	_ context.Context, _ domain.CenterID, _ calendar.Quarter, _ int, by calendar.Date,
) (list []door.Mailed, err error) {
	for _, head := range k.heads {
		k.made++
		list = append(list, door.Mailed{
			Login: head, Mail: head, URL: fmt.Sprintf("https://ledger.example.com/answer#secret-%d", k.made), Until: by.End(),
		})
	}
	return list, k.err
}

// asking is a world whose mails carry links.
func asking(t *testing.T, heads ...string) (*world, *keys) {
	w := openWorld(t)
	k := &keys{heads: heads}
	w.links, w.console = k, "https://ledger.example.com"
	w.open("C01")
	w.issue("C01")
	return w, k
}

// envelopes are whom each message was taken for, and whether it has a link.
func (p *postOffice) envelopes() (list []string) {
	for _, m := range p.taken {
		link := ""
		if at := strings.Index(m.Letter, "#secret-"); at >= 0 {
			link = " " + m.Letter[at+1:at+len("#secret-1")]
		}
		list = append(list, strings.Join(m.Recipients(), " ")+link)
	}
	return list
}

func TestALinkGoesToTheHeadAloneAndIsRecordedNowhere(t *testing.T) {
	w, _ := asking(t, "zheng@c01.example.com")
	if waiting := w.run(); waiting != 0 {
		t.Fatalf("%d wait", waiting)
	}
	got := w.post.envelopes()
	if len(got) != 2 || got[0] != "zheng@c01.example.com secret-1" || strings.Contains(got[1], "zheng") ||
		strings.Contains(got[1], "secret") || w.post.order[0] == w.post.order[1] {
		t.Fatalf("left %q as %q", got, w.post.order)
	}
	sent := w.facts().sent
	if len(sent) != 1 || strings.Contains(fmt.Sprintf("%+v", sent[0]), "secret") ||
		!strings.Contains(fmt.Sprint(sent[0].To), "zheng@c01.example.com") {
		t.Errorf("recorded %+v", sent)
	}
	for i, says := range []string{"验证码", "负责人请用发给本人的邮件中的链接答复"} {
		if !strings.Contains(w.post.taken[i].Letter, says) {
			t.Errorf("letter %d does not say %s:\n%s", i, says, w.post.taken[i].Letter)
		}
	}
}

func TestAMailWithoutALinkSaysHowToAnswerOtherwise(t *testing.T) {
	for name, c := range map[string]struct {
		console string
		heads   []string
		says    string
	}{
		"no address of the console": {"", nil, "答复方式：请在所附对账单上逐项注明、盖章"},
		"no head with a mailbox":    {"https://ledger.example.com", nil, "答复方式：请登录 https://ledger.example.com 答复，或在所附对账单上"},
	} {
		t.Run(name, func(t *testing.T) {
			w, _ := asking(t, c.heads...)
			if w.console = c.console; c.console == "" {
				w.links = nil
			}
			w.run()
			if len(w.post.taken) != 1 || !strings.Contains(w.post.taken[0].Letter, c.says) ||
				strings.Contains(w.post.taken[0].Letter, "/answer#") {
				t.Errorf("left %+v", w.post.taken)
			}
		})
	}
}

func TestEachHeadIsSentTheirOwnLinkOnceThoughTheServerFails(t *testing.T) {
	w, k := asking(t, "zheng@c01.example.com", "zhou@c01.example.com")
	w.post.script = []post{{}, {reason: notice.Unreachable}}
	if waiting := w.run(); waiting != 1 {
		t.Fatalf("%d wait", waiting)
	}
	w.now = w.now.Add(time.Hour)
	w.post.script = []post{{}, {reason: notice.RefusedForNow}}
	w.run()
	w.now = w.now.Add(time.Hour)
	if waiting := w.run(); waiting != 0 {
		t.Fatalf("%d wait", waiting)
	}
	got := w.post.envelopes()
	if diff := cmp.Diff([]string{"zheng@c01.example.com secret-1", "zhou@c01.example.com secret-2"}, got[:2]); diff != "" ||
		len(got) != 3 || k.made != 2 || w.post.duplicates() != 0 {
		t.Errorf("left %q, %d links made\n%s", got, k.made, diff)
	}
}

func TestAHeadWhoseMailboxIsGoneHoldsNobodyUp(t *testing.T) {
	w, _ := asking(t, "gone@c01.example.com")
	w.post.script = []post{{reason: notice.Refused}}
	if waiting := w.run(); waiting != 0 {
		t.Fatalf("%d wait", waiting)
	}
	sent := w.facts().sent
	if len(sent) != 1 || len(sent[0].Refused) != 1 || sent[0].Refused[0].Address != "gone@c01.example.com" {
		t.Errorf("recorded %+v", sent)
	}
}

func TestAHeadWithAMailboxNeedsNoPlaceInTheAddressBook(t *testing.T) {
	w, k := asking(t, "zheng@c01.example.com")
	w.book = lacks{domain.CenterHead}
	if waiting := w.run(); waiting != 0 || len(w.facts().sent) != 1 {
		t.Errorf("%d wait, recorded %+v", waiting, w.facts())
	}
	k.err = errors.New("the door's memory is away")
	w.issue("C02")
	if _, err := w.reactor.CatchUp(w.ctx); err == nil || len(w.facts().sent) != 1 {
		t.Errorf("without the door's memory: %v, %d sent", err, len(w.facts().sent))
	}
}

// lacks is an address book without a role.
type lacks struct{ role domain.Role }

func (l lacks) Find(who notice.Recipient, p notice.Place) (notice.Addressee, bool) {
	if who.Role == l.role {
		return notice.Addressee{}, false
	}
	return Placeholders{}.Find(who, p)
}
