// Package doctor looks at what a ledger needs to run, and says what is wrong and
// what to do about it. It changes nothing.
package doctor

import (
	"context"
	"net/http"
	"time"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/network"
	"aftersales-ledger/domain"
)

// Grade is how a thing is.
type Grade string

const (
	Good Grade = "GOOD"
	Warn Grade = "WARN" // it runs, and may not for long, or not as one would expect
	Bad  Grade = "BAD"  // it does not run, or is open to others
)

// Observation is what was seen of one thing.
type Observation struct {
	Check string `json:"check"` // stable name of what was looked at
	Grade Grade  `json:"verdict"`
	Says  string `json:"says"`
	Do    string `json:"do,omitempty"` // what to do about it
}

// Subject is the ledger that is examined, by what it would be served with.
type Subject struct {
	Config    app.Config
	Listen    string
	Network   network.Flags
	Provider  network.ProviderFlags
	SMTP      string
	Sender    string
	Addresses string
	NoNotices bool
	Door      network.DoorFlags
	Say       wording.Language

	// Machine tells of the machine; the zero value asks it.
	Machine Host
	// HTTP asks the server, if one runs.
	HTTP *http.Client
}

// Host tells what only the machine knows.
type Host struct {
	Now   func() time.Time
	Space func(dir string) (free, total uint64, err error) // bytes
	// Clock says how far the machine's clock may be off by what its own time
	// service knows; known is false where it does not tell.
	Clock func() (synchronised bool, off time.Duration, known bool)
	Files func() (limit uint64, err error) // that this process may have open
}

// examination is one look at a subject.
type examination struct {
	Subject
	found []Observation
}

// Examine looks at everything, one after the other.
func (s Subject) Examine(ctx context.Context) []Observation {
	s.Config = s.Config.WithDefaults()
	s.Machine = s.Machine.withDefaults()
	e := &examination{Subject: s}
	e.folder()
	e.disk()
	e.limits()
	clock := e.clock()
	if !e.running(ctx) {
		e.log(ctx, clock)
		e.readModels()
	}
	e.documents()
	e.mail(ctx)
	e.links()
	e.certificates()
	e.signIn()
	e.provider(ctx)
	return e.found
}

// Worst is the worst of what was found.
func Worst(found []Observation) Grade {
	worst := Good
	for _, f := range found {
		if f.Grade == Bad || f.Grade == Warn && worst == Good {
			worst = f.Grade
		}
	}
	return worst
}

func (e *examination) good(check string, says domain.Sentence, args ...any) {
	e.found = append(e.found, Observation{Check: check, Grade: Good, Says: e.Say.Sayf(says, args...)})
}

// ill notes what is wrong; what is done about it follows by treat.
func (e *examination) ill(v Grade, check string, says domain.Sentence, args ...any) *treatment {
	e.found = append(e.found, Observation{Check: check, Grade: v, Says: e.Say.Sayf(says, args...)})
	return &treatment{e, len(e.found) - 1}
}

type treatment struct {
	e  *examination
	at int
}

func (t *treatment) treat(do domain.Sentence, args ...any) {
	t.e.found[t.at].Do = t.e.Say.Sayf(do, args...)
}
