package ledger

import (
	"context"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
)

// Places tells whether there is a region or a city of a name: the log does not
// keep them by their names, the read models do. Errors: a refusal that names
// those that are nearest, or that it cannot be told now.
type Places interface {
	MustBeRegion(ctx context.Context, field, name string) error
	MustBeCity(ctx context.Context, field, name string) error
}

// GrantRole gives a user a role (§4). Whatever its reach names must exist.
func (l *Ledger) GrantRole(ctx context.Context, r Request, c user.Grant, places Places) (eventstore.Outcome, error) {
	c = c.SaidBy(r.Actor)
	decide := func(s *user.Users) ([]user.Event, error) { return s.Grant(c, l.today()) }
	// What the users would refuse is said first: what a reach of another kind
	// names need not be looked for.
	known, err := rehearse(ctx, l, r, user.Stream, c, decide)
	if err == nil && !known {
		err = l.reachExists(ctx, c.Reach, places)
	}
	if err != nil {
		return eventstore.Outcome{}, err
	}
	return execute(ctx, l, r, user.Stream, c, decide)
}

// RehearseEnroll refuses what EnrollListed would, and tells whether the line was
// recorded before.
func (l *Ledger) RehearseEnroll(ctx context.Context, r Request, c user.Enroll, places Places) (bool, error) {
	c.Create = c.Create.SaidBy(r.Actor)
	known, err := rehearse(ctx, l, r, user.Stream, c, func(s *user.Users) ([]user.Event, error) {
		return s.Enroll(c, l.today())
	})
	if err == nil && !known {
		err = l.reachExists(ctx, c.Reach, places)
	}
	return known, err
}

// EnrollListed makes the users of a list, and grants what it names. That what the
// lines name exists was rehearsed.
func (l *Ledger) EnrollListed(
	ctx context.Context, lines []Listed[user.Enroll], partly bool,
) ([]eventstore.Answer, error) {
	parts := make([]eventstore.Part[user.Users, user.Event, *user.Users], len(lines))
	for i, c := range lines {
		c.Line.Create = c.Line.Create.SaidBy(c.Request.Actor)
		parts[i] = part(c.Request, c.Line, func(s *user.Users) ([]user.Event, error) {
			return s.Enroll(c.Line, l.today())
		})
	}
	answers, err := executeTogether(ctx, l, user.Stream, parts, partly)
	if err == nil {
		err = l.people.Refresh(ctx)
	}
	return answers, err
}

func (l *Ledger) reachExists(ctx context.Context, reach access.Reach, places Places) error {
	for _, check := range []func() error{
		func() error {
			return each(reach.Regions, func(n string) error { return places.MustBeRegion(ctx, "regions", n) })
		},
		func() error {
			return each(reach.Cities, func(n string) error { return places.MustBeCity(ctx, "cities", n) })
		},
		func() error {
			return each(reach.Projects, func(id domain.ProjectID) error {
				return domain.NamedBy("projects", string(id), l.projectExists(ctx, id))
			})
		},
		func() error {
			return each(reach.Centers, func(id domain.CenterID) error {
				return domain.NamedBy("centers", string(id), l.centerExists(ctx, id))
			})
		},
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func each[T any](list []T, check func(T) error) error {
	for _, v := range list {
		if err := check(v); err != nil {
			return err
		}
	}
	return nil
}

// FollowProvider has a user be what an identity provider says of them, and returns who
// they are. What the claims name and the log knows nothing of is left out of what is
// granted, and returned: a provider may name more than the ledger has. key is that of the
// sign-in.
func (l *Ledger) FollowProvider(
	ctx context.Context, key string, c user.Follow,
) (p user.Person, unknown access.Reach, err error) {
	r := Request{Key: key, Actor: domain.Actor{Name: user.ByProvider(c.Issuer), Role: domain.Administrator}}
	wanted := c.Wanted
	c.Wanted = nil
	for _, w := range wanted {
		known, _, err := l.KnownReach(ctx, w.Reach)
		if err != nil {
			return p, unknown, err
		}
		unknown = unknown.And(w.Reach.Without(known))
		if w.Reach = known; !known.Nothing() {
			c.Wanted = append(c.Wanted, w)
		}
	}
	if _, err := Do(ctx, l, r, c, (*user.Users).Follow); err != nil {
		return p, unknown, err
	}
	u, _ := l.people.now.Load().Identified(c.Identity)
	p = u.On(l.today())
	return p, unknown, p.CheckGranted()
}
