package ledger

import (
	"context"
	"regexp"
	"slices"
	"sync/atomic"
	"time"

	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore"
)

// sites follow the log in memory: which centers and projects there are, what a reach
// comes to by them, and which streams name an attachment: it lies where they do.
type sites struct {
	turn     chan struct{} // held while they are read or read on
	all      *access.Sites
	naming   map[attachment.Digest][]string
	position eventstore.Position // read up to here
	read     time.Time           // of the machine
	began    bool
	wanted   atomic.Uint64 // position of this process's own last command that concerns them

	resolved map[string]access.Scope // by reach, of one day
	day      calendar.Date
}

// sitesFor is how long the sites stand before the log is asked whether another
// process has recorded more of them.
const sitesFor = time.Second

// sitesAtOnce is how many events are read of the log at a time.
const sitesAtOnce = 5000

func newSites() *sites {
	return &sites{
		turn: make(chan struct{}, 1), all: access.NewSites(), resolved: make(map[string]access.Scope),
		naming: make(map[attachment.Digest][]string),
	}
}

// Scope says what lies within a reach today, as the log has it: what this process
// has recorded counts at once, and what another has within two seconds. While the
// log is away it is what was known last. The error is that of the log, if nothing
// was ever known.
func (l *Ledger) Scope(ctx context.Context, reach access.Reach) (access.Scope, error) {
	if reach.All {
		return access.Whole(), nil // wherever the sites are
	}
	s := l.sites
	leave, err := s.enter(ctx, l.exec)
	if err != nil {
		return access.Scope{}, err
	}
	defer leave()
	today := l.today()
	if s.day != today {
		clear(s.resolved)
		s.day = today
	}
	key := reach.Key()
	scope, known := s.resolved[key]
	if !known {
		scope = access.Resolve(reach, s.all, today)
		s.resolved[key] = scope
	}
	return scope, nil
}

// KnownReach is what a reach names, without what the log knows nothing of. begun is
// false for a log in which there is no center and no project yet.
func (l *Ledger) KnownReach(ctx context.Context, reach access.Reach) (known access.Reach, begun bool, err error) {
	leave, err := l.sites.enter(ctx, l.exec)
	if err != nil {
		return known, false, err
	}
	defer leave()
	return l.sites.all.Known(reach), l.sites.all.Begun(), nil
}

// Apart finds two parts of a place that do not lie in one another, as the log has them.
func (l *Ledger) Apart(ctx context.Context, p access.Place) (found access.Apart, apart bool, err error) {
	leave, err := l.sites.enter(ctx, l.exec)
	if err != nil {
		return found, false, err
	}
	defer leave()
	found, apart = l.sites.all.Apart(p)
	return found, apart, nil
}

// enter waits for the sites to be free and fresh, and keeps them until leave is called.
func (s *sites) enter(ctx context.Context, exec *eventstore.Executor) (leave func(), err error) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	leave = func() { <-s.turn }
	if err := s.readOn(ctx, exec); err != nil && (!s.began || ctx.Err() != nil) {
		leave()
		return nil, err
	}
	return leave, nil
}

// readOn takes up what was recorded since the log was last read.
func (s *sites) readOn(ctx context.Context, exec *eventstore.Executor) error {
	if s.began && time.Since(s.read) < sitesFor && s.position >= eventstore.Position(s.wanted.Load()) {
		return nil
	}
	begun := time.Now()
	for {
		events, more, err := exec.Log(ctx, s.position, sitesAtOnce)
		if err != nil {
			return err
		}
		for _, rec := range events {
			if err := s.add(rec); err != nil {
				return err
			}
			s.position = rec.Position
		}
		if !more {
			s.read, s.began = begun, true
			return nil
		}
	}
}

// isSite reports whether an event says what centers and projects there are, and who
// answers for them.
func isSite(eventType string) bool {
	switch eventType {
	case account.AccountOpened{}.EventType(), project.ProjectRegistered{}.EventType(),
		project.CenterAssigned{}.EventType():
		return true
	}
	return false
}

// recorded notes that this process has recorded something about them.
func (s *sites) recorded(at eventstore.Position) {
	for {
		last := s.wanted.Load()
		if uint64(at) <= last || s.wanted.CompareAndSwap(last, uint64(at)) {
			return
		}
	}
}

// namedBy lists the streams that name an attachment, as the log has them now.
func (l *Ledger) namedBy(ctx context.Context, id attachment.Digest) ([]string, error) {
	head, err := l.exec.Head(ctx)
	if err != nil {
		return nil, err
	}
	l.sites.recorded(head)
	leave, err := l.sites.enter(ctx, l.exec)
	if err != nil {
		return nil, err
	}
	defer leave()
	return slices.Clone(l.sites.naming[id]), nil
}

// nameOfAttachment is how an event names an attachment: its Ref is the same in all.
var nameOfAttachment = regexp.MustCompile(`"sha256":"([0-9a-f]{64})"`)

func (s *sites) add(rec eventstore.Recorded) error {
	for _, named := range nameOfAttachment.FindAllSubmatch(rec.Data, -1) {
		id := attachment.Digest(named[1])
		if rec.Stream != attachment.Stream(id) && !slices.Contains(s.naming[id], rec.Stream) {
			s.naming[id] = append(s.naming[id], rec.Stream)
		}
	}
	if !isSite(rec.Type) {
		return nil
	}
	e, _, err := eventstore.Trade.DecodeRecorded(rec)
	if err != nil {
		return err
	}
	switch e := e.(type) {
	case account.AccountOpened:
		s.all.OpenCenter(e.Center, e.Region)
	case project.ProjectRegistered:
		s.all.RegisterProject(e.Project, e.Region, e.City)
	case project.CenterAssigned:
		s.all.AssignCenter(e.Project, e.Center, e.From)
	}
	clear(s.resolved)
	return nil
}
