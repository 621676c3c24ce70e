package notices

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
)

// press makes papers, or cannot for a while.
type press struct {
	down   error
	causes []eventstore.Position // that papers were asked for as of
}

func (p *press) Paper(_ context.Context, x notice.Paper, cause eventstore.Position) (string, []byte, error) {
	p.causes = append(p.causes, cause)
	return fmt.Sprintf("%s %s v%d.pdf", x.Form, x.Center, x.Version), []byte("%PDF-1.7"), p.down
}

func TestAStatementGoesWithItsPaper(t *testing.T) {
	w := openWorld(t)
	broken := &press{down: errors.New("no ink")}
	w.papers = broken
	w.open("C01")
	w.issue("C01")
	if waiting := w.run(); waiting != 1 || len(w.post.taken) != 0 {
		t.Fatalf("%d wait, %d left without the paper", waiting, len(w.post.taken))
	}
	if f := w.facts(); len(f.failed) != 1 || f.failed[0].Reason != notice.NoPaper ||
		f.failed[0].Outlook != notice.Retrying {
		t.Errorf("recorded %+v", f.failed)
	}
	broken.down = nil
	w.now = w.now.Add(time.Hour)
	w.open("C02") // the log goes on
	if waiting := w.run(); waiting != 0 || len(w.post.taken) != 1 {
		t.Fatalf("%d wait, %d left", waiting, len(w.post.taken))
	}
	data, err := w.post.taken[0].bytes()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"application/pdf", "multipart/mixed"} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%s is not in the mail:\n%.400s", want, data)
		}
	}
	sent := w.facts().sent
	if len(sent) != 1 || len(sent[0].Attachments) != 1 || sent[0].Attachments[0].Name != "STATEMENT C01 v1.pdf" ||
		len(sent[0].Attachments[0].SHA256) != 64 {
		t.Errorf("recorded %+v", sent)
	}
	issued := eventstore.Position(sent[0].Cause.Position)
	if !slices.Equal(broken.causes, []eventstore.Position{issued, issued}) {
		t.Errorf("papers as of %v, of an event at %d", broken.causes, issued)
	}
}

// reader is an address book in which everybody reads one language, but those
// who are named read another.
type reader struct{ english []domain.Role }

func (r reader) Find(who notice.Recipient, p notice.Place) (notice.Addressee, bool) {
	a, ok := Placeholders{}.Find(who, p)
	if slices.Contains(r.english, who.Role) {
		a.Language = notice.English
	}
	return a, ok
}

func TestAMailSpeaksTheLanguageOfItsReader(t *testing.T) {
	for name, c := range map[string]struct {
		book    Addresses
		begins  string
		subject string
	}{
		"Chinese by default":                    {Placeholders{}, "请核对本季度对账单", "对账单 C01-2026Q2"},
		"English to who reads that":             {reader{[]domain.Role{domain.CenterHead}}, "Please check the statement", "Statement"},
		"Chinese where only a copy goes to one": {reader{[]domain.Role{domain.RegionalAdmin}}, "请核对本季度对账单", "对账单"},
	} {
		t.Run(name, func(t *testing.T) {
			w := openWorld(t)
			w.book = c.book
			w.open("C01")
			w.issue("C01")
			w.run()
			if len(w.post.taken) != 1 {
				t.Fatalf("%d left", len(w.post.taken))
			}
			m := w.post.taken[0]
			if !strings.HasPrefix(m.Letter, c.begins) || !strings.HasPrefix(m.Headline, c.subject) {
				t.Errorf("%s\n%s", m.Headline, m.Letter)
			}
		})
	}
}

func (w *world) need(number int, category policy.Category) {
	w.t.Helper()
	id := domain.TicketID(fmt.Sprintf("T-%d", number))
	w.record(ticket.Stream(id),
		ticket.TicketRegistered{
			Ticket: id, Project: "P001", Center: "C01", Room: "3-1-1202", Owner: "张三", Phone: "13800000000", Need: "门铃不响",
			RegisteredAt: w.now,
		})
	w.record(ticket.Stream(id),
		ticket.TeamNotified{Ticket: id, NotifiedAt: w.now, Coverage: policy.Coverage{Category: category}})
}

func TestOrdinaryNeedsAreToldTogetherWhereTheDepartmentPrefersThat(t *testing.T) {
	w := openWorld(t)
	w.rules.NeedsDigestAt = []time.Duration{17 * time.Hour}
	w.open("C01")
	w.need(1, policy.Ordinary)
	w.need(2, policy.Ordinary)
	w.need(3, policy.Emergency)
	w.issue("C01")
	if waiting := w.run(); waiting != 2 || len(w.post.taken) != 2 {
		t.Fatalf("%d wait, %d left: an emergency and a statement do not wait for the digest", waiting, len(w.post.taken))
	}
	w.now = calendar.DateOf(w.now).Start().Add(17*time.Hour - time.Second)
	if w.run(); len(w.post.taken) != 2 {
		t.Fatal("the digest left before its time")
	}
	w.now = w.now.Add(time.Second)
	// The process dies between the message and the record of its second need.
	w.crash(faults{beforeRecord: 2})
	w.begin()
	if waiting := w.run(); waiting != 0 {
		t.Fatalf("%d wait", waiting)
	}
	digests := w.post.taken[2:]
	if len(digests) != 2 || digests[0].MessageID() != digests[1].MessageID() {
		t.Fatalf("after a crash it is another message: %v", w.post.order)
	}
	if m := digests[0]; !strings.Contains(m.Headline,
		"2 项") || !strings.Contains(m.Letter, "1. 报修 T-1") || !strings.Contains(m.Letter, "2. 报修 T-2") {
		t.Errorf("%s\n%s", m.Headline, m.Letter)
	}
	told := 0
	for _, s := range w.facts().sent {
		if s.Kind == notice.NeedNotified {
			told++
			if !strings.Contains(digests[0].Letter, string(s.Notice)) {
				t.Errorf("the digest does not say that it goes back to notice %s\n%s", s.Notice, digests[0].Letter)
			}
		}
	}
	if told != 2 {
		t.Errorf("%d needs are recorded as told", told)
	}
}

func TestOrdinaryNeedsAreToldAtOnceOtherwise(t *testing.T) {
	w := openWorld(t)
	w.open("C01")
	w.need(1, policy.Ordinary)
	if w.run(); len(w.post.taken) != 1 || !strings.Contains(w.post.taken[0].Letter, "电话：13800000000") {
		t.Errorf("told: %+v", w.post.taken)
	}
}

func TestPeopleAreNamedInMailsBesideTheirAccounts(t *testing.T) {
	w := openWorld(t)
	w.letterheads = letterhead.Book{Names: func(login string, _ calendar.Date) string {
		return map[string]string{"wang": "王敏"}[login]
	}}
	id := domain.ReturnID("F2-9")
	w.record(repair.Stream(id),
		repair.ReturnOpened{
			Return: id, Project: "P001", Part: "DS-700", GoesTo: repair.CityTechLead, OpenedOn: calendar.DateOf(w.now),
		})
	w.record(repair.Stream(id),
		repair.ReturnReviewed{
			Return: id, Gate: repair.CityTechLead, By: "wang", On: calendar.DateOf(w.now), GoesTo: repair.TechGroup,
		})
	w.run()
	last := w.post.taken[len(w.post.taken)-1]
	if !strings.Contains(last.Letter, "审核人：王敏（wang）") {
		t.Errorf("the mail says:\n%s", last.Letter)
	}
	if english := last.Body.English; !strings.Contains(english, "By: 王敏 (wang)") {
		t.Errorf("the mail says in English:\n%s", english)
	}
}
