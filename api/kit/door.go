package kit

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/eventstore/ledger"
)

// Door says whose credentials a request carries. What is known of a person is
// looked up when they are used, not when they were given out: a right that was
// taken away is gone within seconds.
type Door interface {
	// Caller returns the person. An error is a Problem that says, to whoever sent
	// them, why nobody is let in by these credentials.
	Caller(ctx context.Context, c Credentials) (Caller, error)
}

// Credentials are what a request brings to be let in.
type Credentials struct {
	Bearer  string         // of the Authorization header; empty: none
	Cookies []*http.Cookie // as sent
	Address string         // whom the request comes from
	Agent   string         // what they say their program is
	Quiet   bool           // looked at again for an answer that goes on: nobody shows that they are there
}

// Caller is the person to whom credentials belong.
type Caller struct {
	Login  string         // unique name, kept with every event
	Name   string         // as on papers; empty: the login is all that is known
	Grants []access.Grant // in force now
	Role   domain.Role    // the only role these credentials act in; empty: any that is granted
	Via    string         // what let them in: session, token, link or machine
	// Unfinished says what is left to do before anything else may be done: a step of
	// signing in. Empty: nothing.
	Unfinished Step
	// Unproven says what is left to do before anything may be changed: a step by which
	// they show once more who they are. Empty: nothing.
	Unproven Step
	// Only is all that these credentials are for. Nil: whatever their owner may.
	Only *Purpose
	// ReadOnly: these credentials change nothing.
	ReadOnly bool
}

// Step is a step of signing in that is left to do.
type Step string

const (
	// ChangePassword: the password was given out by somebody else.
	ChangePassword Step = "change-password"
	// ProveByCode: a code that is sent by mail is to be entered.
	ProveByCode Step = "prove-by-code"
	// SecondFactor: a passkey is to be shown.
	SecondFactor Step = "second-factor"
	// EnrolSecondFactor: a role asks for a second factor, and there is none yet.
	EnrolSecondFactor Step = "enrol-second-factor"
)

// asker is who makes a request, in the role in which they do.
type asker struct {
	Caller
	actor  domain.Actor
	reach  access.Reach
	scope  access.Scope // what lies within the reach
	action *Action
}

type askerKey struct{}

func askerOf(ctx context.Context) asker {
	a, _ := ctx.Value(askerKey{}).(asker)
	return a
}

// ActorOf returns who makes the request; authenticate has put them there.
func ActorOf(ctx context.Context) domain.Actor { return askerOf(ctx).actor }

// CallerOf returns the person who makes the request, with all that is granted.
func CallerOf(ctx context.Context) Caller { return askerOf(ctx).Caller }

// ReachOf returns how far the rights reach of who makes the request, in the role
// in which they do. Nobody's reach nothing.
func ReachOf(ctx context.Context) access.Reach { return askerOf(ctx).reach }

// ScopeOf returns what lies within the rights of who makes the request: nothing is
// shown or done outside of it. Of nobody it is the zero scope.
func ScopeOf(ctx context.Context) access.Scope { return askerOf(ctx).scope }

// Composing is the context for putting a paper together for somebody who may read
// it: a paper names people, parts and projects, and shows figures, wherever these lie.
func Composing(ctx context.Context) context.Context {
	a := askerOf(ctx)
	a.scope = access.Whole()
	return context.WithValue(ctx, askerKey{}, a)
}

// Ledger is the ledger as it is for who makes the request.
func (s *Service) Ledger(ctx context.Context) *ledger.Ledger {
	return s.Deps.Ledger.Under(ScopeOf(ctx))
}

// ActingHeader names the role to act in, for a person who holds several that may.
const ActingHeader = "Acting-As"

// acting is the caller in one of the roles of an operation: the one they name,
// or else the first of the procedure that they hold. No role: none may.
func (c Caller) acting(named string, may []domain.Role) (a asker) {
	a.Caller = c
	for _, role := range domain.Roles() {
		if !slices.Contains(may, role) || c.Role != "" && c.Role != role || named != "" && named != string(role) {
			continue
		}
		for _, g := range c.Grants {
			if g.Role == role {
				a.actor, a.reach = domain.Actor{Name: c.Login, Role: role}, a.reach.And(g.Reach)
			}
		}
		if a.actor.Role == "" {
			continue
		}
		if role.OfCenter() {
			if len(a.reach.Centers) != 1 {
				return asker{Caller: c} // a center's people belong to one; without it they see nothing
			}
			a.actor.Center = a.reach.Centers[0]
		}
		return a
	}
	return a
}

// held are the roles that a caller may act in.
func (c Caller) held() (held []domain.Role) {
	for _, g := range c.Grants {
		if (c.Role == "" || c.Role == g.Role) && !slices.Contains(held, g.Role) {
			held = append(held, g.Role)
		}
	}
	return held
}

// ActionKey is where an operation keeps the line of the table that says who may.
const ActionKey = "action"

// EntryKey is where an operation that is for no role says who may call it. Such
// operations concern whoever calls them, and nothing of the trade.
const EntryKey = "entry"

// Entry says who may call an operation that is for no role.
type Entry string

const (
	Open      Entry = "open"      // whoever asks: they are about to sign in
	Beginning Entry = "beginning" // who has signed in, though a step is left
	SignedIn  Entry = "signed-in" // who has signed in, whatever is granted to them
)

const (
	BearerScheme = "bearer"
	// CookieScheme names the session of a browser in the OpenAPI document.
	CookieScheme = "session"
)

// OfPerson is an operation that concerns whoever calls it.
func OfPerson(method, path, id, summary string, entry Entry) huma.Operation {
	op := Operation(method, path, id, summary, &Action{})
	op.Metadata, op.Extensions = map[string]any{EntryKey: entry}, nil
	switch entry {
	case Open:
		op.Security, op.Description = nil, "For whoever asks."
	case Beginning:
		op.Description = "For whoever has signed in, or is about to."
	case SignedIn:
		op.Description = "For whoever has signed in."
	}
	return op
}

// credentials are what a request brings. Nothing in its address counts: addresses
// are kept in logs and histories.
func credentials(ctx huma.Context) Credentials {
	c := Credentials{Address: ctx.RemoteAddr(), Agent: ctx.Header("User-Agent")}
	if host, _, err := net.SplitHostPort(c.Address); err == nil {
		c.Address = host
	}
	if scheme, token, _ := strings.Cut(ctx.Header("Authorization"), " "); strings.EqualFold(scheme, BearerScheme) {
		c.Bearer = strings.TrimSpace(token)
	}
	if ctx.Header("Authorization") == "" { // credentials that were meant are not exchanged for others
		c.Cookies, _ = http.ParseCookie(ctx.Header("Cookie"))
	}
	return c
}

type credentialsKey struct{}

// CredentialsOf returns what the request brought.
func CredentialsOf(ctx context.Context) Credentials {
	c, _ := ctx.Value(credentialsKey{}).(Credentials)
	return c
}

// Authenticate lets a request through if its credentials are good and a role of
// their owner may call the operation.
func (s *Service) Authenticate(ctx huma.Context, next func(huma.Context)) {
	c := credentials(ctx)
	ctx = huma.WithValue(ctx, credentialsKey{}, c)
	entry, _ := ctx.Operation().Metadata[EntryKey].(Entry)
	if entry == Open {
		next(ctx)
		return
	}
	var a asker
	refuse := func(status int, code string, detail domain.Sentence, args ...any) {
		if status == http.StatusUnauthorized {
			ctx.SetHeader("WWW-Authenticate", challenge)
		}
		s.noteDenial(ctx, a, c, code)
		said := wording.NamingPeople(domain.Say(detail, args...), func(login string) string {
			if login != a.Login {
				return ""
			}
			return a.Name
		})
		writeProblem(ctx, NewProblem(ctx.Context(), status, code, said.Format, said.Args...))
	}
	if c.Bearer == "" && len(c.Cookies) == 0 {
		refuse(http.StatusUnauthorized, "unauthenticated",
			"every request carries who asks: a browser signs in, and a program sends an API token as its bearer token")
		return
	}
	caller, err := s.Deps.Door.Caller(ctx.Context(), c)
	if err != nil {
		p := ProblemOf(ctx.Context(), err)
		if p.Status == http.StatusUnauthorized {
			ctx.SetHeader("WWW-Authenticate", challenge)
			s.noteDenial(ctx, a, c, "unauthenticated")
		}
		writeProblem(ctx, p)
		return
	}
	a.Caller = caller
	unsafe := ctx.Method() != http.MethodGet && ctx.Method() != http.MethodHead
	switch {
	case caller.Unfinished != "" && entry != Beginning:
		refuse(http.StatusForbidden, string(caller.Unfinished), unfinished[caller.Unfinished])
		return
	case caller.Only != nil && entry != Beginning && !caller.Only.covers(ctx):
		refuse(http.StatusForbidden, "one-purpose",
			"the link that let you in opens one statement and nothing else; sign in for the rest")
		return
	case caller.Unproven != "" && entry != Beginning && unsafe:
		refuse(http.StatusForbidden, string(caller.Unproven), unfinished[caller.Unproven])
		return
	case entry != "":
		next(huma.WithValue(ctx, askerKey{}, a))
		return
	case caller.ReadOnly && unsafe:
		refuse(http.StatusForbidden, "read-only",
			"these credentials only read; whoever records something does it under their own login")
		return
	}
	may, _ := ctx.Operation().Metadata[ActionKey].(*Action)
	if may == nil {
		may = &Action{} // nobody may what no line of the table says
	}
	a = caller.acting(ctx.Header(ActingHeader), may.Roles)
	if a.actor.Role == "" {
		refuse(http.StatusForbidden, "role-not-allowed",
			"%s acts as %s; this needs one of the roles %s (clause 4)", caller.Login, caller.held(), may.Roles)
		return
	}
	a.action = may
	if a.scope, err = s.Deps.Ledger.Scope(ctx.Context(), a.reach); err != nil {
		writeProblem(ctx, s.Problem(ctx.Context(), err))
		return
	}
	if caller.Via == "machine" && a.actor.Role.OfCenter() {
		known, begun, err := s.Deps.Ledger.KnownReach(ctx.Context(), a.reach)
		if err == nil && begun && len(known.Centers) == 0 {
			refuse(http.StatusNotFound, "unknown-center", "there is no property center %s that anybody could act for",
				a.actor.Center)
			return
		}
	}
	if may.Reach == OfCompany && !a.scope.IsWhole() {
		refuse(http.StatusForbidden, "whole-company",
			"this concerns the whole company; the rights of %s as %s reach a part of it (clause 4)", caller.Login,
			a.actor.Role)
		return
	}
	ctx = huma.WithValue(ctx, askerKey{}, a)
	next(ctx)
	if ctx.Status() == http.StatusForbidden {
		s.noteDenial(ctx, a, c, "outside-rights")
	}
	s.noteReading(ctx, a, c)
	if caller.Only != nil && unsafe {
		s.noteActing(ctx, a, c)
	}
}

// StillIn looks again at the credentials of a request whose answer goes on, and
// returns its context with what is granted now. ctx is the request's own.
func (s *Service) StillIn(ctx context.Context) (context.Context, error) {
	c := CredentialsOf(ctx)
	c.Quiet = true
	caller, err := s.Deps.Door.Caller(ctx, c)
	if err != nil {
		return nil, err
	}
	role := ActorOf(ctx).Role
	a := caller.acting(string(role), []domain.Role{role})
	if caller.Unfinished != "" || caller.Only != nil || a.actor.Role == "" {
		return nil, NotLetIn(ctx)
	}
	if a.scope, err = s.Deps.Ledger.Scope(ctx, a.reach); err != nil {
		return nil, err
	}
	return context.WithValue(ctx, askerKey{}, a), nil
}

// challenge says how a program shows who it acts for.
const challenge = `Bearer realm="aftersales-ledger"`

var unfinished = map[Step]domain.Sentence{
	ChangePassword: "the password was given out by somebody else: change it first",
	ProveByCode:    "enter the code that is sent to you by mail before you answer",

	SecondFactor:      "show your passkey to finish signing in",
	EnrolSecondFactor: "a role of yours asks for a passkey: register one first",
}

// UnfinishedSays says what is left to do.
func UnfinishedSays(s Step) domain.Sentence { return unfinished[s] }

func JoinRoles(roles []domain.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// NotLetIn is the answer to credentials by which nobody is let in, whatever is
// wrong with them: it helps nobody who guesses.
func NotLetIn(ctx context.Context) *Problem {
	return NewProblem(ctx, http.StatusUnauthorized, "unauthenticated",
		"these credentials let nobody in: they are unknown, expired or revoked; sign in again, or send another API token")
}

// Machine is a Door that lets the server's own work in: papers that go with mails
// are asked for like any other.
type Machine interface {
	// OfMachine returns a bearer token that is good within this process only.
	OfMachine(a domain.Actor) string
}
