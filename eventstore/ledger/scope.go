package ledger

import (
	"context"
	"errors"
	"iter"
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/importlayout"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/servicetable"
	"aftersales-ledger/domain/supplier"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/eventstore"
)

// This file is where whatever is read of the log, and every command that do.go carries
// out, is held against the scope of who asks: after a stream was loaded and before
// anything is decided on it. What lies outside is as if it
// had never been: whoever looks is shown the state before the first event, and a
// command is answered with what is decided on that.

// ErrNoScope is a ledger that was asked for something without being told whose
// scope it answers in: see [Ledger.Under].
var ErrNoScope = errors.New("the ledger was asked in nobody's scope")

// Under returns the ledger as it is within a scope. What the zero scope, which the
// ledger begins with, is asked for is refused.
func (l *Ledger) Under(s access.Scope) *Ledger {
	under := *l
	under.scope = s
	return &under
}

// everywhere is the ledger for what follows from a command that was admitted: its
// steps on other streams, wherever they lie, and what only tells how to decide.
func (l *Ledger) everywhere() *Ledger { return l.Under(access.Whole()) }

// placed is the state of a stream whose name does not say where it lies.
type placed interface {
	// Lies says where; ok is false while the stream has no event: a decision on it
	// refuses what is not there, or begins it with what the command names.
	Lies() (at access.Place, ok bool)
}

// where says where a stream lies by its name or its state. ok is false for what is
// common to all, such as the price list: the table of actions says who may.
func where(stream string, state any) (at access.Place, ok bool) {
	_, of, _ := strings.Cut(stream, "-")
	switch s := state.(type) {
	case *account.Account:
		return access.Place{Center: domain.CenterID(of)}, true
	case *project.Project, *depot.Depot, *filing.FaultRegister:
		return access.Place{Project: domain.ProjectID(of)}, true
	case *filing.Filing, *visit.Visits:
		return access.Place{Project: domain.ProjectID(withoutMonth(of))}, true
	case *payables.RegionMonth:
		return access.Place{Region: withoutMonth(of)}, true
	case placed:
		return s.Lies()
	case *finding.Finding: // see About
		return access.Place{}, true
	case *attachment.Attachment: // lies where the documents lie that name it
	case *bankref.Reference, *number.Number: // guard what is unique in the company
	case *pricelist.List, *servicetable.Tables, *catalogue.Catalogue, *supplier.Suppliers, *importlayout.Layouts,
		*notice.Office, *user.Users:
	default:
		panic("nobody has said where stream " + stream + " lies")
	}
	return access.Place{}, false
}

// withoutMonth takes the month from the end of a stream's name.
func withoutMonth(s string) string { return s[:max(0, len(s)-len("-2026-11"))] }

// naming is the ledger for a command on an account that concerns one project: it is
// admitted if either lies within the scope.
func (l *Ledger) naming(p domain.ProjectID) *Ledger {
	named := *l
	named.project = p
	return &named
}

// About is the ledger for commands on a finding. A finding is what documents come to:
// where it lies is told by whoever has found it in the figures of their scope.
func (l *Ledger) About(at access.Place) *Ledger {
	about := *l
	about.found = at
	return &about
}

// sees reports whether a stream lies within the scope.
func (l *Ledger) sees(stream string, state any) bool {
	if l.scope.IsWhole() {
		return true
	}
	at, placed := where(stream, state)
	if _, found := state.(*finding.Finding); found {
		at = l.found
	}
	if at.Center != "" && at.Project == "" {
		at.Project = l.project
	}
	return !placed || l.scope.Has(at)
}

// admitted completes a command with what the scope says of it. What lies outside
// answers as what was never there, be the command new or a repeat.
func admitted[S any, E domain.Event, P eventstore.State[S, E]](
	l *Ledger, stream string, c eventstore.Command, decide func(P) ([]E, error),
) (eventstore.Command, error) {
	switch {
	case !l.scope.Given():
		return c, ErrNoScope
	case l.known != nil:
		return c, errKnownThen
	}
	c.Admit = func(state any) error {
		if l.sees(stream, state) {
			return nil
		}
		if _, err := decide(P(new(S))); err != nil {
			return err
		}
		if _, numbered := state.(placed); numbered { // it would have begun what is there already
			_, number, _ := strings.Cut(stream, "-")
			return domain.Conflict("", number, "number-taken", "is the number of something else; choose another", "")
		}
		if key, found := strings.CutPrefix(stream, finding.Stream("")); found {
			return domain.NotFound("key", key, "unknown-finding", "is not a finding and never was one")
		}
		at, _ := where(stream, state)
		return notThere(at)
	}
	return c, nil
}

// entering is a command that brings something new into a place, which it names.
type entering interface {
	Enters() (field string, at access.Place)
}

// mayEnter refuses to bring something into a place outside the scope.
func (l *Ledger) mayEnter(field string, at access.Place) error {
	switch {
	case !l.scope.Given():
		return ErrNoScope
	case !l.scope.Has(at):
		value := map[string]string{"region": at.Region, "project": string(at.Project)}[field]
		return domain.Forbidden(field, value, "outside-scope", "lies outside what your rights reach", "4")
	}
	return nil
}

// notThere is the refusal of a place outside the scope where a decision has none of
// its own: that of a place that does not exist.
func notThere(at access.Place) error {
	switch {
	case at.Region != "":
		return domain.NotFound("region", at.Region, "unknown-region", "is not a region of a center or a project")
	case at.Center != "":
		return new(account.Account).MustExist(at.Center)
	}
	return new(project.Project).MustExist(at.Project)
}

func executeTogether[S any, E domain.Event, P eventstore.State[S, E]](
	ctx context.Context, l *Ledger, stream string, parts []eventstore.Part[S, E, P], partly bool,
) (_ []eventstore.Answer, err error) {
	for i := range parts {
		if parts[i].Command, err = admitted(l, stream, parts[i].Command, parts[i].Decide); err != nil {
			return nil, err
		}
	}
	return eventstore.ExecuteTogether(ctx, l.exec, stream, parts, partly)
}

// inspect shows the present state of a stream to look, or, if it lies outside the
// scope, the state of one that was never begun.
func inspect[S any, E domain.Event, P eventstore.State[S, E]](
	ctx context.Context, l *Ledger, stream string, look func(P) error,
) error {
	if !l.scope.Given() {
		return ErrNoScope
	}
	seen := func(state P) error {
		if !l.sees(stream, state) {
			state = new(S)
		}
		return look(state)
	}
	if l.known != nil {
		return eventstore.InspectAt[S, E](ctx, l.exec, stream, *l.known, seen)
	}
	return eventstore.Inspect[S, E](ctx, l.exec, stream, seen)
}

// KnownAt is the ledger as it was known when the log had come to a position: what was
// recorded later is not read, and no command is carried out. What lies within the scope
// is what does today.
func (l *Ledger) KnownAt(p eventstore.Position) *Ledger {
	then := *l
	then.known = &p
	return &then
}

var errKnownThen = errors.New("a ledger as it was known carries no command out")

// shown reports whether the events of a stream may be read.
func (l *Ledger) shown(ctx context.Context, stream string) (bool, error) {
	switch {
	case !l.scope.Given():
		return false, ErrNoScope
	case l.scope.IsWhole():
		return true, nil
	}
	kind, _, _ := strings.Cut(stream, "-")
	look, known := looks[kind]
	if !known {
		return false, nil
	}
	seen := false
	err := look(ctx, l, stream, func(state any) { seen = l.sees(stream, state) })
	return seen, err
}

// Whereabouts are where a stream lies, for who tells others of it.
type Whereabouts struct {
	access.Place
	Common bool // it lies nowhere, and is everybody's of the department
	Known  bool // it has begun, and is of a kind that somebody may be told of
}

// Whereabouts says where a stream lies, whoever asks.
func (l *Ledger) Whereabouts(ctx context.Context, stream string) (w Whereabouts, err error) {
	kind, _, _ := strings.Cut(stream, "-")
	look, known := looks[kind]
	if !known {
		return w, nil
	}
	err = look(ctx, l, stream, func(state any) {
		at, is := where(stream, state)
		_, numbered := state.(placed) // such a one lies nowhere before it has begun
		w = Whereabouts{Place: at, Common: !is && !numbered, Known: is || !numbered}
	})
	return w, err
}

// looks are the kinds of streams whose events are read back for somebody, by how
// their names begin. Others are read for the whole company alone.
var looks = map[string]func(context.Context, *Ledger, string, func(state any)) error{
	"account":           sight[account.Account, account.Event],
	"project":           sight[project.Project, project.Event],
	"ticket":            sight[ticket.Ticket, ticket.Event],
	"visits":            sight[visit.Visits, visit.Event],
	"depot":             sight[depot.Depot, depot.Event],
	"return":            sight[repair.Return, repair.Event],
	"requisition":       sight[requisition.Requisition, requisition.Event],
	"payables":          sight[payables.RegionMonth, payables.Event],
	"filing":            sight[filing.Filing, filing.Event],
	"notice":            sight[notice.Delivery, notice.Event],
	pricelist.Stream:    sight[pricelist.List, pricelist.Event],
	servicetable.Stream: sight[servicetable.Tables, servicetable.Event],
	catalogue.Stream:    sight[catalogue.Catalogue, catalogue.Event],
	supplier.Stream:     sight[supplier.Suppliers, supplier.Event],
	"import":            sight[importlayout.Layouts, importlayout.Event], // import-layouts-…
}

func sight[S any, E domain.Event, P eventstore.State[S, E]](
	ctx context.Context, l *Ledger, stream string, look func(state any),
) error {
	return eventstore.Inspect[S, E](ctx, l.exec, stream, func(state P) error { look(state); return nil })
}

// mustBeWhole refuses to show a part of what is only told of the whole company.
func (l *Ledger) mustBeWhole() error {
	switch {
	case !l.scope.Given():
		return ErrNoScope
	case !l.scope.IsWhole():
		return domain.Forbidden("", "", "whole-company", "this is shown to those whose rights reach the whole company", "4")
	}
	return nil
}

// events yields the events of a stream from its beginning as they were recorded;
// eventstore.ErrStreamNotFound for one that has none, or lies outside the scope.
func (l *Ledger) events(ctx context.Context, stream string) iter.Seq2[eventstore.Recorded, error] {
	return func(yield func(eventstore.Recorded, error) bool) {
		shown, err := l.shown(ctx, stream)
		if err == nil && !shown {
			err = eventstore.ErrStreamNotFound
		}
		if err != nil {
			yield(eventstore.Recorded{}, err)
			return
		}
		begun := false
		for rec, err := range l.exec.Recorded(ctx, stream) {
			if err == nil && l.known != nil && rec.Position > *l.known {
				break
			}
			if begun = true; !yield(rec, err) {
				return
			}
		}
		if !begun {
			yield(eventstore.Recorded{}, eventstore.ErrStreamNotFound)
		}
	}
}

// Revision is the revision that a stream had when the log came to a position; found is
// false if it had not begun, or lies outside the scope.
func (l *Ledger) Revision(
	ctx context.Context, stream string, at eventstore.Position,
) (r eventstore.Revision, found bool, err error) {
	shown, err := l.shown(ctx, stream)
	if err != nil || !shown {
		return 0, false, err
	}
	return l.exec.RevisionAt(ctx, stream, at)
}

// history yields the events of a stream from its beginning, none for a stream that
// has none, or lies outside the scope.
func (l *Ledger) history(ctx context.Context, stream string) iter.Seq2[domain.Event, error] {
	return func(yield func(domain.Event, error) bool) {
		for rec, err := range l.events(ctx, stream) {
			if errors.Is(err, eventstore.ErrStreamNotFound) {
				return
			}
			var e domain.Event
			if err == nil {
				e, _, err = eventstore.Trade.DecodeRecorded(rec)
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
