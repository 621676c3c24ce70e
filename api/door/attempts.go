package door

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
)

// attempts counts what failed for a login from an address, or from an address for
// whatever login. Only the pair waits: nobody locks somebody else out from
// elsewhere. Its fields are stored.
type attempts struct {
	Failed int       `json:"failed"`
	Until  time.Time `json:"until,omitzero"` // no try before it
}

const (
	freeTries        = 5  // of a login from an address, before it waits
	freeTriesAddress = 50 // of an address, for whatever logins
	firstWait        = time.Second
	longestWait      = 15 * time.Minute
	rememberFailures = 24 * time.Hour
)

// waitAfter is how long the next try waits after so many that failed: nothing at
// first, then a second, doubled with each.
func waitAfter(failed, free int) time.Duration {
	if failed < free {
		return 0
	}
	return min(longestWait, firstWait*time.Duration(1<<min(failed-free, 20)))
}

func attemptKey(login, address string) string {
	sum := sha256.Sum256([]byte(login + "\x00" + network(address)))
	return hex.EncodeToString(sum[:])
}

// network is what one sender has of addresses: of IPv6 they have a /64.
func network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

func (d *Door) attemptsOf(ctx context.Context, login, address string) (a attempts, r store.Record, err error) {
	r, err = d.store.Find(ctx, store.Attempts, attemptKey(login, address))
	if errors.Is(err, store.ErrNone) {
		return a, store.Record{}, nil
	}
	if err == nil {
		err = json.Unmarshal(r.Data, &a)
	}
	return a, r, err
}

// try counts a try before it is made, so that many at once are no more than one
// after the other, and refuses one that comes too early after others that failed.
// It says so for known and unknown logins alike.
func (d *Door) try(ctx context.Context, login, address string) error {
	for _, of := range []struct {
		login string
		free  int
	}{{login, freeTries}, {"", freeTriesAddress}} {
		wait, err := d.countTry(ctx, of.login, address, of.free)
		if err != nil {
			return d.problem(ctx, err)
		}
		if wait > 0 {
			d.noteOf(ctx, store.Entry{What: "sign-in-delayed", Login: d.known(strings.TrimSuffix(login, ofFactor))})
			return tooMany(ctx, wait, "too many tries failed from this address; try again in %d seconds")
		}
	}
	return nil
}

// tooMany is the answer to what comes too often: it says how many seconds to wait.
func tooMany(ctx context.Context, wait time.Duration, says domain.Sentence) *kit.Problem {
	seconds := int(math.Ceil(wait.Seconds()))
	p := kit.NewProblem(ctx, http.StatusTooManyRequests, "too-many-tries", says, seconds)
	p.RetryAfter = seconds
	return p
}

// countTry counts a try as failed, or returns how long it has to wait.
func (d *Door) countTry(ctx context.Context, login, address string, free int) (wait time.Duration, err error) {
	err = store.Retry(func() error {
		now := d.clock()
		a, r, err := d.attemptsOf(ctx, login, address)
		if err != nil {
			return err
		}
		if wait = max(a.Until.Sub(now), 0); wait > 0 {
			return nil
		}
		a.Failed++
		if more := waitAfter(a.Failed, free); more > 0 {
			a.Until = now.Add(more).UTC()
		}
		return d.put(ctx, store.Attempts, attemptKey(login, address), "", r.Version, now.Add(rememberFailures), a)
	})
	return wait, err
}

// failed notes a try that failed.
func (d *Door) failed(ctx context.Context, login string) {
	d.noteOf(ctx, store.Entry{What: "sign-in-refused", Login: d.known(login)})
}

// forgive forgets what failed for a login from an address, after a good try. What
// failed from the address for other logins stays.
func (d *Door) forgive(ctx context.Context, login, address string) {
	_, err := d.store.Remove(ctx, store.Attempts, attemptKey(login, address))
	if err == nil {
		err = d.uncount(ctx, address)
	}
	if err != nil {
		d.log.WarnContext(ctx, "failed sign-ins could not be forgotten", "error", err)
	}
}

func (d *Door) uncount(ctx context.Context, address string) error {
	a, r, err := d.attemptsOf(ctx, "", address)
	if err != nil || a.Failed == 0 {
		return err
	}
	a.Failed, a.Until = a.Failed-1, time.Time{}
	err = d.put(ctx, store.Attempts, attemptKey("", address), "", r.Version, r.Expires, a)
	if errors.Is(err, store.ErrChanged) { // others try at the same time: one more is counted for a while
		return nil
	}
	return err
}

// known is a login as the audit names it: what belongs to nobody may be a password
// that was typed into the wrong field.
func (d *Door) known(login string) string {
	if d.people == nil {
		return ""
	}
	if _, ok := d.people.Person(login); ok {
		return login
	}
	return ""
}
