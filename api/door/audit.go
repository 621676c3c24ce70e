package door

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain/access"
)

// audit gathers what is noted and writes it down now and then: no request waits
// for it. What comes faster than it can be written is counted, not kept.
type audit struct {
	door *Door
	full chan struct{} // asks for a write

	mu      sync.Mutex
	waiting []store.Entry
	lost    int
	unnamed allowance
	passed  int // over by it
}

const (
	mostWaiting = 10_000
	writeFrom   = 500 // entries waiting
)

// allowance is how many entries of nobody that is known may still be kept. The audit is
// bounded: whoever knocks a million times would drive out of it what people did.
type allowance struct {
	left float64
	at   time.Time
}

const (
	unnamedAtOnce   = 600
	unnamedByMinute = 20
)

// take takes one at a time; false: none is left.
func (a *allowance) take(now time.Time) bool {
	switch {
	case a.at.IsZero():
		a.left, a.at = unnamedAtOnce, now
	case now.After(a.at):
		a.left = min(unnamedAtOnce, a.left+now.Sub(a.at).Minutes()*unnamedByMinute)
		a.at = now
	}
	if a.left < 1 {
		return false
	}
	a.left--
	return true
}

func newAudit(d *Door) *audit { return &audit{door: d, full: make(chan struct{}, 1)} }

func (a *audit) add(e store.Entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if e.Login == "" && !a.unnamed.take(e.At) {
		a.passed++
		return
	}
	if len(a.waiting) >= mostWaiting {
		a.lost++
		return
	}
	a.waiting = append(a.waiting, e)
	if len(a.waiting) >= writeFrom {
		select {
		case a.full <- struct{}{}:
		default:
		}
	}
}

// write writes down what waits. What cannot be written goes on waiting, the oldest
// first: of what comes meanwhile the newest is lost.
func (a *audit) write(ctx context.Context) error {
	a.mu.Lock()
	waited, lost, passed := a.waiting, a.lost, a.passed
	a.waiting, a.lost, a.passed = nil, 0, 0
	a.mu.Unlock()
	entries := slices.Clip(waited)
	for _, count := range []struct {
		n   int
		why string
	}{
		{lost, "more came than could be written"}, {passed, "of nobody that is known: more came than are kept"},
	} {
		if count.n > 0 {
			entries = append(entries, store.Entry{
				At: a.door.clock().UTC(), What: "entries-lost", Detail: count.why, Object: strconv.Itoa(count.n),
			})
		}
	}
	if len(entries) == 0 {
		return nil
	}
	err := a.door.store.Note(ctx, entries...)
	if err != nil {
		a.mu.Lock()
		all := append(slices.Clip(waited), a.waiting...)
		a.waiting = all[:min(len(all), mostWaiting)]
		a.lost += lost + len(all) - len(a.waiting)
		a.passed += passed
		a.mu.Unlock()
	}
	return err
}

// mostText bounds a text of the audit that others chose, in bytes.
const mostText = 300

// secretInText is what looks like a secret of ours, or the end of one.
var secretInText = regexp.MustCompile(`asl[a-z]_[A-Za-z0-9_-]{8,}`)

// tame makes one printable line of a text that others chose: it can neither begin
// another line, nor move a terminal's cursor, nor turn the direction of writing; and
// holds no secret that somebody put where none belongs.
func tame(s string) string {
	s = secretInText.ReplaceAllString(s, "asl…")
	if len(s) > mostText {
		s = s[:mostText]
		for !utf8.ValidString(s) && len(s) > mostText-utf8.UTFMax {
			s = s[:len(s)-1]
		}
	}
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
}

// noteOf notes something that a person did at the door, with where the request
// came from.
func (d *Door) noteOf(ctx context.Context, e store.Entry) {
	e.At = d.clock().UTC()
	if e.Address == "" {
		e.Address = kit.CredentialsOf(ctx).Address
	}
	if e.Agent == "" {
		e.Agent = kit.CredentialsOf(ctx).Agent
	}
	for _, text := range []*string{
		&e.Login, &e.Role, &e.Via, &e.Address, &e.Agent, &e.Operation, &e.Object, &e.Scope, &e.Detail,
	} {
		*text = tame(*text)
	}
	d.audit.add(e)
}

// NoteRequest implements [kit.Auditor].
func (d *Door) NoteRequest(n kit.Noted) {
	d.noteOf(context.Background(), store.Entry{
		What: n.What, Login: n.Caller.Login, Role: n.Role, Via: n.Caller.Via, Address: n.Address, Agent: n.Agent,
		Operation: n.Operation, Object: n.Object, Scope: scopeText(n.Reach), Detail: n.Detail,
	})
}

// scopeText says in one line what a reach names.
func scopeText(r access.Reach) string {
	if r.All {
		return "all"
	}
	return kit.ReachIn(wording.English, r)
}

// Entries lists the audit, the newest first: what waits to be written with it.
func (d *Door) Entries(ctx context.Context, f store.Filter) ([]store.Entry, error) {
	if err := d.audit.write(ctx); err != nil {
		return nil, d.problem(ctx, err)
	}
	list, err := d.store.Entries(ctx, f)
	return list, d.problem(ctx, err)
}
