package eventstore

import (
	"context"
	"sync"
	"time"
)

// feed brings what others write to a stream as it is written, so that a server
// that shares the stream knows of it before it would be refused, and need not
// read it. It is kept while others are near.
type feed struct {
	stop context.CancelFunc
	idle *time.Timer   // ends it when nobody takes what it brings
	news chan struct{} // holds one: there is something to take

	mu      sync.Mutex
	arrived []Recorded
	ended   bool
}

const (
	// feedFor is how long a feed is kept of which nothing is taken, and
	// feedBuffer how many events it holds until then.
	feedFor    = 10 * time.Second
	feedBuffer = 4096
	// feedAgain is the least time between two beginnings of a stream's feed.
	feedAgain = time.Second
	// hearFor bounds the wait for a feed to bring what a refusal told of, before
	// it is read.
	hearFor = 20 * time.Millisecond
)

// follow begins a stream's feed where the store has one and none is there.
func (x *Executor) follow(s *stream) {
	if s.feed != nil || x.followed == nil || s.state == nil || time.Since(s.feedBegan) < feedAgain {
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	f := &feed{stop: stop, idle: time.AfterFunc(feedFor, stop), news: make(chan struct{}, 1)}
	s.feed, s.feedBegan = f, time.Now()
	go func(after Revision) {
		defer stop()
		for rec, err := range x.followed.Follow(ctx, s.name, after) {
			if err != nil || !f.bring(rec) {
				break
			}
		}
		f.end()
	}(s.revision)
}

// unfollow ends a stream's feed.
func (s *stream) unfollow() {
	if s.feed != nil {
		s.feed.idle.Stop()
		s.feed.stop()
		s.feed = nil
	}
}

func (f *feed) bring(rec Recorded) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.arrived) == feedBuffer {
		return false
	}
	f.arrived = append(f.arrived, rec)
	f.tell()
	return true
}

func (f *feed) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended = true
	f.tell()
}

func (f *feed) tell() {
	select {
	case f.news <- struct{}{}:
	default:
	}
}

func (f *feed) take() (arrived []Recorded, ended bool) {
	f.idle.Reset(feedFor)
	f.mu.Lock()
	defer f.mu.Unlock()
	arrived, f.arrived = f.arrived, nil
	return arrived, f.ended
}

// hear folds what the stream's feed has brought. What is missing before it, or
// what cannot be folded, is left to a read.
func (x *Executor) hear(s *stream) {
	if s.feed == nil {
		return
	}
	arrived, ended := s.feed.take()
	if ended {
		s.unfollow()
	}
	if s.state == nil || s.unsettled {
		return
	}
	for _, rec := range arrived {
		switch {
		case rec.Revision <= s.revision: // our own, or read before
		case rec.Revision > s.revision+1:
			return
		case x.fold(s, rec) != nil:
			s.state, s.ahead = nil, nil
			return
		default:
			s.others.met()
		}
	}
}

// hearOf waits for the feed to bring the revision that a refusal told of, and
// reports whether it did. A log that is shorter than what was folded is read.
func (x *Executor) hearOf(ctx context.Context, s *stream, told Revision) bool {
	if told <= s.revision {
		return false
	}
	patience := time.NewTimer(hearFor)
	defer patience.Stop()
	for {
		x.hear(s)
		switch {
		case s.state != nil && !s.unsettled && s.revision >= told:
			return true
		case s.feed == nil || s.state == nil || s.unsettled:
			return false
		}
		select {
		case <-s.feed.news:
		case <-patience.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// giveWay lets others write if it is their turn. It comes before the waiting
// commands are taken, so that those that come meanwhile go with them.
func (x *Executor) giveWay(s *stream) {
	if !s.others.near() {
		s.unfollow()
		return
	}
	x.follow(s)
	way := time.NewTimer(s.others.way(s.feed != nil))
	defer way.Stop()
	for x.hear(s); s.others.ours; x.hear(s) {
		var news chan struct{}
		if s.feed != nil {
			news = s.feed.news
		}
		select {
		case <-news:
		case <-way.C:
			s.others.unused++
			return
		}
	}
}
