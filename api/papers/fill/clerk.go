// Package fill fills the papers of the trade (F0 to F4, statements, letters, slips) from the events of the streams that
// they are about and, where a paper sums up, from the read models. Nothing on them is kept anywhere else. The server,
// the mails and the tests call it alike: nothing here knows of requests, and how a paper looks is package forms'.
package fill

import (
	"context"
	"math"
	"time"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/supplier"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
)

// Clerk fills papers for somebody. Its methods are the papers; what lies outside the
// scope of who asks is refused like what does not exist, and a paper that they may
// read names people, parts and projects, and shows figures, wherever these lie.
type Clerk struct {
	Ledger     *ledger.Ledger
	ReadModels *projections.ReadModels
	// Letterheads are who the department is on what goes out, and its people.
	Letterheads letterhead.Book
	Clock       eventstore.Clock
	For         domain.Actor // who asks
	Scope       access.Scope // what lies within their rights

	known asKnown
}

// asKnown is up to where a clerk knows the log, and when that was; zero: it knows all
// of it.
type asKnown struct {
	position eventstore.Position
	at       time.Time
}

// KnownAt is the clerk who knows what was recorded up to a position of the log, which it
// came to at a moment: its papers are those of then, whenever they are filled.
func (c Clerk) KnownAt(p eventstore.Position, at time.Time) Clerk {
	c.Ledger, c.known = c.Ledger.KnownAt(p), asKnown{p, at}
	return c
}

// Filled is a paper that is laid out and can be written as a page, a worksheet or a
// PDF.
type Filled struct {
	Form forms.Form
	File string // what its file is called, without an extension
}

// paper is a paper that is to be laid out, and the name of its file.
type paper struct {
	forms.Paper
	file string
	// goesOut: to a center or a supplier, under the letterhead of a day and a
	// region.
	goesOut bool
	on      calendar.Date
	region  string
}

// laid lets a paper lay itself out.
func (c Clerk) laid(ctx context.Context, p paper) (Filled, error) {
	f := p.Lay()
	f.On = p.on
	if p.goesOut {
		f = f.Sent(c.Letterheads.On(p.on, p.region))
	}
	return c.named(ctx, Filled{f, p.file})
}

// ledger is the ledger as it is for who asks.
func (c Clerk) ledger() *ledger.Ledger { return c.Ledger.Under(c.Scope) }

// composing is the clerk once it is known that who asks may read the paper.
func (c Clerk) composing() Clerk {
	c.Scope = access.Whole()
	return c
}

// dated is when a paper speaks: its own date, and the log position up to which
// it was known what holds on that. What changes later changes no paper.
type dated struct {
	On    calendar.Date
	Known eventstore.Position
}

// now is when a draft speaks.
func (c Clerk) now() dated { return dated{c.today(), math.MaxUint64} }

func (c Clerk) today() calendar.Date { return calendar.DateOf(c.Clock()) }

// suppliersAt are the suppliers as they were known when a paper speaks.
func (c Clerk) suppliersAt(ctx context.Context, at dated) (*supplier.Suppliers, error) {
	return c.ledger().Suppliers(ctx, func(s ledger.Step) bool { return s.Position <= at.Known })
}
