package door

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"net/http"
	"time"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
)

// code is one that was sent by mail, to be entered in the session that asked for it.
// Its fields are stored.
type code struct {
	Hash string `json:"hash"`
	Left int    `json:"left"` // tries
}

// What may be tried: of a million codes so few that whoever has the link and not the
// mailbox finds none while the link is good.
const (
	codeDigits = 6
	codeTries  = 5 // of one code
	codesADay  = 10
	codeEvery  = time.Minute
)

// sent counts the codes that were sent to one person for one link. Its fields are
// stored, in place of failed attempts.
type sent struct {
	Codes []time.Time `json:"codes"`
}

// CodeSent is the answer to who asked for a code.
type CodeSent struct {
	To    string `json:"to" doc:"Mail address it went to; most of it is hidden"`
	Until string `json:"until" doc:"Until when it may be entered"`
}

// SendCode sends a code to the person whose link opened the session of the request.
// The one before it is over.
func (d *Door) SendCode(ctx context.Context) (out CodeSent, err error) {
	s, key, err := d.linkSession(ctx)
	if err != nil {
		return out, err
	}
	l, _, err := d.findLink(ctx, s.Link)
	if err != nil {
		return out, d.problem(ctx, err)
	}
	if d.post == nil {
		return out, d.noPost(ctx, errors.New("no mail server is configured"))
	}
	wait, err := d.countCode(ctx, s.Link)
	if err != nil {
		return out, d.problem(ctx, err)
	}
	if wait > 0 {
		d.noteOf(ctx, store.Entry{What: "code-delayed", Login: s.Login, Via: "link", Object: l.object()})
		return out, tooMany(ctx, wait, "a code was sent already; ask for another in %d seconds")
	}
	digits, err := rand.Int(d.random, big.NewInt(int64(math.Pow10(codeDigits))))
	if err != nil {
		return out, err
	}
	plain, until := fmt.Sprintf("%0*d", codeDigits, digits), d.clock().Add(d.policy.CodeLife).UTC()
	if err := d.keepCode(ctx, key, s.Login, until, code{codeHash(key, plain), codeTries}); err != nil {
		return out, d.problem(ctx, err)
	}
	if err := d.post.Deliver(ctx, codeLetter(l, plain, until)); err != nil {
		return out, d.noPost(ctx, err)
	}
	d.noteOf(ctx, store.Entry{
		What: "code-sent", Login: s.Login, Via: "link", Object: l.object(), Detail: maskedMail(l.Mail),
	})
	return CodeSent{maskedMail(l.Mail), kit.Instant(until)}, nil
}

// keepCode keeps a code in place of the one before it.
func (d *Door) keepCode(ctx context.Context, key, login string, until time.Time, c code) error {
	if _, err := d.store.Remove(ctx, store.Code, key); err != nil {
		return err
	}
	return d.put(ctx, store.Code, key, login, 0, until, c)
}

// countCode counts a code that is about to be sent, or returns how long it has to wait.
func (d *Door) countCode(ctx context.Context, link string) (wait time.Duration, err error) {
	sum := sha256.Sum256([]byte("codes of " + link))
	key, day := hex.EncodeToString(sum[:]), 24*time.Hour
	err = store.Retry(func() error {
		var s sent
		r, err := d.store.Find(ctx, store.Attempts, key)
		switch {
		case isNone(err):
			r = store.Record{}
		case err != nil:
			return err
		default:
			if err := json.Unmarshal(r.Data, &s); err != nil {
				return err
			}
		}
		now := d.clock().UTC()
		for len(s.Codes) > 0 && !now.Before(s.Codes[0].Add(day)) {
			s.Codes = s.Codes[1:]
		}
		wait = 0
		if n := len(s.Codes); n >= codesADay {
			wait = s.Codes[0].Add(day).Sub(now)
		} else if n > 0 && now.Before(s.Codes[n-1].Add(codeEvery)) {
			wait = s.Codes[n-1].Add(codeEvery).Sub(now)
		}
		if wait > 0 {
			return nil
		}
		s.Codes = append(s.Codes, now)
		return d.put(ctx, store.Attempts, key, "", r.Version, now.Add(day), s)
	})
	return wait, err
}

// ProveByCode takes the code that was sent to the person of the session: from now on
// and for a while it may answer. A code is good once and for few tries.
func (d *Door) ProveByCode(ctx context.Context, plain string) ([]http.Cookie, error) {
	s, key, err := d.linkSession(ctx)
	if err != nil {
		return nil, err
	}
	l, _, err := d.findLink(ctx, s.Link)
	if err != nil {
		return nil, d.problem(ctx, err)
	}
	good, err := d.tryCode(ctx, key, plain)
	if err != nil {
		return nil, d.problem(ctx, err)
	}
	if !good {
		d.noteOf(ctx, store.Entry{What: "code-refused", Login: s.Login, Via: "link", Object: l.object()})
		return nil, kit.NewProblem(ctx, http.StatusForbidden, "wrong-code",
			"the code is wrong or over: check it against the newest mail, or ask for another")
	}
	until := d.clock().Add(d.policy.ProofLife).UTC()
	cookie, err := d.renew(ctx, key, func(s *session) { s.ProvenUntil = until })
	if err != nil {
		return nil, d.problem(ctx, err)
	}
	d.noteOf(ctx, store.Entry{What: "code-proven", Login: s.Login, Via: "link", Object: l.object()})
	return []http.Cookie{cookie}, nil
}

// tryCode counts a try before it is compared, so that many at once are no more than
// one after the other, and uses the code up if it is the right one.
func (d *Door) tryCode(ctx context.Context, key, plain string) (good bool, err error) {
	var c code
	counted := false
	err = store.Retry(func() error {
		c = code{}
		r, err := d.store.Find(ctx, store.Code, key)
		if isNone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := json.Unmarshal(r.Data, &c); err != nil {
			return err
		}
		if c.Left <= 0 {
			return nil
		}
		c.Left--
		err = d.put(ctx, store.Code, key, r.Owner, r.Version, r.Expires, c)
		counted = err == nil
		return err
	})
	if !counted || subtle.ConstantTimeCompare([]byte(c.Hash), []byte(codeHash(key, plain))) != 1 {
		return false, err
	}
	return d.store.Remove(ctx, store.Code, key)
}

// codeHash binds a code to its session: in another it is worth nothing.
func codeHash(session, plain string) string {
	sum := sha256.Sum256([]byte(session + "\x00" + plain))
	return hex.EncodeToString(sum[:])
}

// linkSession is the session of a request, if a link opened it.
func (d *Door) linkSession(ctx context.Context) (s session, key string, err error) {
	if kit.CallerOf(ctx).Via != "link" {
		return s, "", kit.NewProblem(ctx, http.StatusConflict, "no-code-needed",
			"you have signed in: no code is asked of you")
	}
	s, key, err = d.ownSession(ctx, kit.CredentialsOf(ctx))
	return s, key, d.problem(ctx, err)
}

func (d *Door) noPost(ctx context.Context, err error) error {
	d.log.ErrorContext(ctx, "a letter of the door could not be sent", "error", err)
	return kit.NewProblem(ctx, http.StatusServiceUnavailable, "mail-unavailable",
		"the mail could not be sent; retry later")
}
