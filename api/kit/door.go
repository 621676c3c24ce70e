package kit

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// Door says whose credentials a request carries. What is known of a person is
// looked up when they are used, not when they were given out: a right that was
// taken away is gone within seconds.
type Door interface {
	// Caller returns the person. Errors say why nobody is let in by these
	// credentials, in words for whoever sent them.
	Caller(ctx context.Context, c Credentials) (Caller, error)
}

// Credentials are what a request brings to be let in.
type Credentials struct {
	Bearer  string         // of the Authorization header; empty: none
	Cookies []*http.Cookie // as sent
	Address string         // whom the request comes from
}

// Caller is the person to whom credentials belong.
type Caller struct {
	Login  string         // unique name, kept with every event
	Name   string         // as on papers; empty: the login is all that is known
	Grants []access.Grant // in force now
	Role   domain.Role    // the only role these credentials act in; empty: any that is granted
	Via    string         // what let them in: session, token or link
}

// asker is who makes a request, in the role in which they do.
type asker struct {
	Caller
	actor domain.Actor
	reach access.Reach
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

// RolesKey is where an operation lists the roles that may call it.
const RolesKey = "roles"

const BearerScheme = "bearer"

// Authenticate lets a request through if its credentials are good and a role of
// their owner may call the operation.
func (s *Service) Authenticate(ctx huma.Context, next func(huma.Context)) {
	refuse := func(status int, code string, detail domain.Sentence, args ...any) {
		if status == http.StatusUnauthorized {
			ctx.SetHeader("WWW-Authenticate", `Bearer realm="aftersales-ledger"`)
		}
		writeProblem(ctx, NewProblem(ctx.Context(), status, code, detail, args...))
	}
	scheme, token, _ := strings.Cut(ctx.Header("Authorization"), " ")
	if !strings.EqualFold(scheme, BearerScheme) || token == "" {
		refuse(http.StatusUnauthorized, "unauthenticated",
			"every request carries a bearer token that names an actor and a role; `ledger token` mints one")
		return
	}
	caller, err := s.Deps.Door.Caller(ctx.Context(), Credentials{
		Bearer: strings.TrimSpace(token), Address: ctx.RemoteAddr(),
	})
	if err != nil {
		refuse(http.StatusUnauthorized, "unauthenticated", "the bearer token was not accepted: %v", err)
		return
	}
	may, _ := ctx.Operation().Metadata[RolesKey].([]domain.Role)
	a := caller.acting(ctx.Header(ActingHeader), may)
	if a.actor.Role == "" {
		refuse(http.StatusForbidden, "role-not-allowed",
			"%s acts as %s; this needs one of the roles %s (clause 4)", caller.Login, JoinRoles(caller.held()), may)
		return
	}
	next(huma.WithValue(ctx, askerKey{}, a))
}

func JoinRoles(roles []domain.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}
