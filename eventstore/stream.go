package eventstore

import (
	"sync"
	"time"

	"aftersales-ledger/domain"
)

// stream is one stream's folded state and the tasks that wait for it. Only the
// goroutine that set busy touches the state.
type stream struct {
	name   string
	folder folder
	users  int  // guarded by Executor.mu; a stream in use is not dropped
	again  bool // guarded by Executor.mu: wanted again since makeRoom last passed it by

	mu    sync.Mutex
	queue []*task
	busy  bool

	state    any // nil until loaded
	ahead    any // a copy of it, in which what is not yet written is folded; nil until needed
	revision Revision
	position Position
	chain    ChainDigest
	keys     map[commandKey]carriedOut

	unsettled bool // an append was left without an answer: what it led to is read first
	others    turns
	feed      *feed // what others write, while they are near; nil: it is read
	feedBegan time.Time
}

// folder is how a kind of stream folds.
type folder struct {
	zero   func() any
	evolve func(state any, e domain.Event) error
}

// carriedOut remembers a command by where its events stand.
type carriedOut struct {
	hash    string
	first   Revision
	count   int
	refused bool
}

func (x *Executor) stream(name string, f folder) *stream {
	x.mu.Lock()
	defer x.mu.Unlock()
	s, ok := x.streams[name]
	if ok {
		s.again = true
	} else {
		x.makeRoom()
		s = &stream{name: name, folder: f}
		x.streams[name] = s
	}
	s.users++
	return s
}

func (x *Executor) release(s *stream) {
	x.mu.Lock()
	s.users--
	x.mu.Unlock()
}

// makeRoom drops streams that nobody uses, in the random order of a map, until
// there is room for one more. One that was wanted again is passed by once, so
// that the thousands of streams of a single event do not drive out the accounts.
func (x *Executor) makeRoom() {
	if len(x.streams) < x.opts.Streams {
		return
	}
	for name, s := range x.streams {
		switch {
		case s.users > 0:
		case s.again:
			s.again = false
		default:
			delete(x.streams, name)
		}
		if len(x.streams) < x.opts.Streams {
			return
		}
	}
}

// enqueue adds a task and reports whether the caller has to do the work.
func (s *stream) enqueue(t *task) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append(s.queue, t)
	if s.busy {
		return false
	}
	s.busy = true
	return true
}

// next takes the waiting tasks.
func (s *stream) next() []*task {
	s.mu.Lock()
	defer s.mu.Unlock()
	tasks := s.queue
	s.queue = nil
	return tasks
}

// waits reports whether tasks have come in meanwhile; with none the stream falls
// idle.
func (s *stream) waits() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = len(s.queue) > 0
	return s.busy
}

// work carries out what waits. The caller does its own share; what came in
// meanwhile goes to a goroutine, so that no caller works for others for ever.
func (x *Executor) work(s *stream) {
	x.giveWay(s)
	x.carryOut(s, s.next())
	if s.waits() {
		x.hold(s)
		go func() {
			defer x.release(s)
			for more := true; more; more = s.waits() {
				x.giveWay(s)
				x.carryOut(s, s.next())
			}
		}()
	}
}

// hold keeps a stream from being dropped while a goroutine works on it.
func (x *Executor) hold(s *stream) {
	x.mu.Lock()
	s.users++
	x.mu.Unlock()
}
