package ledger

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
)

// refreshEvery is how often a directory looks for what other processes recorded.
// A right that was taken away by another is gone within twice that.
const refreshEvery = time.Second

// People is the directory of the users, kept in memory: to ask it reads nothing.
// It knows at once what a command of this process changed, and within two seconds
// what another's did. While the log is away it says what it knew last: then nobody
// can be suspended either. Before it was first refreshed it knows nobody.
type People struct {
	exec  *eventstore.Executor
	clock eventstore.Clock

	mu  sync.Mutex // of whoever refreshes: what is older never replaces what is newer
	now atomic.Pointer[user.Users]
}

func newPeople(exec *eventstore.Executor, clock eventstore.Clock) *People {
	p := &People{exec: exec, clock: clock}
	p.now.Store(&user.Users{})
	return p
}

// People is the directory of the users.
func (l *Ledger) People() *People { return l.people }

// Run keeps the directory fresh until ctx ends.
func (p *People) Run(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(refreshEvery)
	defer tick.Stop()
	stale := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := p.Refresh(ctx)
		if failed := err != nil && ctx.Err() == nil; failed != stale {
			stale = failed
			if stale {
				log.WarnContext(ctx, "the directory of users is not kept fresh", "error", err)
			} else {
				log.InfoContext(ctx, "the directory of users is kept fresh again")
			}
		}
	}
}

// Refresh takes in what is new in the log.
func (p *People) Refresh(ctx context.Context) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return eventstore.Inspect(ctx, p.exec, user.Stream, func(s *user.Users) error {
		if s.Events() != p.now.Load().Events() {
			p.now.Store(s.Copy())
		}
		return nil
	})
}

// Events is how many events of users the directory knows.
func (p *People) Events() int { return int(p.now.Load().Events()) }

// Person returns who has a login, however it is written, with what is in force
// today.
func (p *People) Person(login string) (user.Person, bool) {
	u, ok := p.now.Load().Named(login)
	if !ok {
		return user.Person{}, false
	}
	return u.On(calendar.DateOf(p.clock())), true
}

// User returns who has a login, with all that was ever granted to them.
func (p *People) User(login string) (user.User, bool) { return p.now.Load().Named(login) }

// All lists the users in the order in which they were created.
func (p *People) All() []user.User { return p.now.Load().All() }

// Nobody is the refusal of a login that no user has, as it was sent.
func (p *People) Nobody(field, asked string) *domain.Rejection {
	return p.now.Load().Nobody(field, asked)
}

// HeadsOf are who heads a center today and is not suspended, in the order in which they
// were created.
func (p *People) HeadsOf(center domain.CenterID) (list []user.Person) {
	today := calendar.DateOf(p.clock())
	for _, u := range p.All() {
		on := u.On(today)
		if !on.Suspended && slices.ContainsFunc(on.Grants, func(g access.Grant) bool {
			return g.Role == domain.CenterHead && slices.Contains(g.Reach.Centers, center)
		}) {
			list = append(list, on)
		}
	}
	return list
}

// Begun reports whether there is a user at all.
func (p *People) Begun() bool { return p.now.Load().Events() > 0 }

// Name is what a person is called, empty for a login that is nobody's.
func (p *People) Name(login string) string {
	u, _ := p.now.Load().Named(login)
	return u.Name
}

// NameOn is what a person was called on a business date; for a login that is
// nobody's it is empty.
func (p *People) NameOn(login string, day calendar.Date) string {
	u, ok := p.now.Load().Named(login)
	if !ok {
		return ""
	}
	return u.NameOn(day)
}

// UserHistory lists what was decided on a user, in order. Errors: a refusal for a
// login that is nobody's.
func (l *Ledger) UserHistory(ctx context.Context, login string) (steps []Step, err error) {
	all, err := l.Steps(ctx, user.Stream)
	if err != nil {
		return nil, err
	}
	for _, step := range all {
		if e, ok := step.Event.(user.Event); ok && user.About(e) == domain.Login(login) {
			steps = append(steps, step)
		}
	}
	if steps == nil {
		return nil, l.people.Nobody("login", login)
	}
	return steps, nil
}
