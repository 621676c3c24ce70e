package users

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type createBody struct {
	Login  string `json:"login" maxLength:"64" example:"wang.fang" doc:"Unique; Latin letters, digits, Chinese characters, -, _ and .; kept in lower case, so that Wang.Fang is the same person"`
	Name   string `json:"name" maxLength:"60" example:"王芳" doc:"As papers write it"`
	Mail   string `json:"mail,omitempty" example:"wang.fang@example.com" doc:"One person's"`
	Phone  string `json:"phone,omitempty" example:"138 0000 0000"`
	Reason string `json:"reason" example:"入职"`
}

type detailsInput struct {
	kit.CommandHeaders
	Login string `path:"login"`
	Body  struct {
		Name   string `json:"name" maxLength:"60" example:"王芳"`
		Mail   string `json:"mail,omitempty" doc:"Left out: none any more"`
		Phone  string `json:"phone,omitempty" doc:"Left out: none any more"`
		Reason string `json:"reason"`
	}
}

type reasonInput struct {
	kit.CommandHeaders
	Login string `path:"login"`
	Body  struct {
		Reason string `json:"reason"`
	}
}

type grantInput struct {
	kit.CommandHeaders
	Login string `path:"login"`
	Body  struct {
		Role string `json:"role" example:"regional-admin"`
		ReachBody
		From   string `json:"from,omitempty" doc:"First day. Default: today"`
		Until  string `json:"until,omitempty" doc:"Last day. Default: open"`
		Reason string `json:"reason"`
	}
}

type withdrawInput struct {
	kit.CommandHeaders
	Login string `path:"login"`
	Grant int    `path:"grant" doc:"Number of the grant among the person's"`
	Body  struct {
		From   string `json:"from,omitempty" doc:"The first day without it. Default: today, or the grant's first day if that comes later"`
		Reason string `json:"reason"`
	}
}

// ReachBody is how far a role reaches: by the kind of its role, see `ledger roles`.
type ReachBody struct {
	Company  bool     `json:"company,omitempty" doc:"The whole of it"`
	Regions  []string `json:"regions,omitempty" example:"[\"华东\"]"`
	Cities   []string `json:"cities,omitempty"`
	Projects []string `json:"projects,omitempty"`
	Centers  []string `json:"centers,omitempty" doc:"One: its people belong to it"`
}

func (b ReachBody) reach() access.Reach {
	return access.Reach{
		All: b.Company, Regions: b.Regions, Cities: b.Cities, Projects: ids[domain.ProjectID](b.Projects),
		Centers: ids[domain.CenterID](b.Centers),
	}
}

func ids[To, From ~string](names []From) (out []To) {
	for _, n := range names {
		out = append(out, To(n))
	}
	return out
}

type identityInput struct {
	kit.CommandHeaders
	Login string `path:"login"`
	Body  struct {
		IdentityBody
		Reason string `json:"reason"`
	}
}

func (in *identityInput) identity() user.Identity { return user.Identity(in.Body.IdentityBody) }

// InvitationBody is the answer to an invitation.
type InvitationBody struct {
	kit.Receipt
	Mailed string `json:"mailed,omitempty" doc:"Mail address that its link went to; most of it is hidden. Nobody else has seen the link"`
	Secret string `json:"secret,omitempty" doc:"Of one that was not mailed: good once, to set a password with; shown here and kept nowhere. The invitations before this one are over"`
	Until  string `json:"until,omitempty"`
}

func (s *service) commands() {
	kit.Command(s.Service, "/v1/users", "create-user", "Make a user; nothing is granted to them yet (4)",
		kit.MayAdministerUsers, func(ctx context.Context, in *kit.CommandInput[createBody]) (kit.Receipt, error) {
			b := in.Body
			c := user.Create{Login: b.Login, Name: b.Name, Mail: b.Mail, Phone: b.Phone, Reason: b.Reason}
			return done(b.Login)(ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*user.Users).Create))
		})
	kit.Command(s.Service, "/v1/users/{login}/details", "change-user-details",
		"Say what a user is called and how they are reached from now on: all of it", kit.MayAdministerUsers,
		func(ctx context.Context, in *detailsInput) (kit.Receipt, error) {
			b := in.Body
			c := user.Change{Login: in.Login, Name: b.Name, Mail: b.Mail, Phone: b.Phone, Reason: b.Reason}
			return done(in.Login)(ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*user.Users).Change))
		})
	kit.Command(s.Service, "/v1/users/{login}/invitations", "invite-user",
		"Ask a user to sign in for the first time, or anew after a password was lost", kit.MayAdministerUsers, s.invite)
	kit.Command(s.Service, "/v1/users/{login}/invitations/revocation", "revoke-invitation",
		"End the invitation that a user has", kit.MayAdministerUsers, s.revokeInvitation)
	kit.Command(s.Service, "/v1/users/{login}/grants", "grant-role",
		"Give a user a role, as far as it reaches, from a day to a day (4)", kit.MayAdministerUsers, s.grant)
	kit.Command(s.Service, "/v1/users/{login}/grants/{grant}/withdrawal", "withdraw-grant",
		"End a grant before its time", kit.MayAdministerUsers,
		func(ctx context.Context, in *withdrawInput) (kit.Receipt, error) {
			var p kit.Parser
			c := user.Withdraw{
				Login: in.Login, Grant: in.Grant, From: p.Date("from", in.Body.From), Reason: in.Body.Reason,
			}
			if p.Err != nil {
				return kit.Receipt{}, p.Err
			}
			return done(in.Login)(ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*user.Users).Withdraw))
		})
	kit.Command(s.Service, "/v1/users/{login}/suspension", "suspend-user",
		"Keep a user out, at once and on every server within seconds", kit.MayAdministerUsers,
		func(ctx context.Context, in *reasonInput) (kit.Receipt, error) {
			c := user.Suspend{Login: in.Login, Reason: in.Body.Reason}
			return done(in.Login)(ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*user.Users).Suspend))
		})
	kit.Command(s.Service, "/v1/users/{login}/reinstatement", "reinstate-user",
		"Let a suspended user in again, with what is granted to them", kit.MayAdministerUsers,
		func(ctx context.Context, in *reasonInput) (kit.Receipt, error) {
			c := user.Reinstate{Login: in.Login, Reason: in.Body.Reason}
			return done(in.Login)(ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*user.Users).Reinstate))
		})
	kit.Command(s.Service, "/v1/users/{login}/identities", "link-identity",
		"Have a user sign in by the identity provider, too: as the one whom it knows by a subject",
		kit.MayAdministerUsers, func(ctx context.Context, in *identityInput) (kit.Receipt, error) {
			c := user.Link{Login: in.Login, Identity: in.identity(), Reason: in.Body.Reason}
			return done(in.Login)(ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*user.Users).Link))
		})
	kit.Command(s.Service, "/v1/users/{login}/identities/removal", "unlink-identity",
		"Take back that a user signs in by the identity provider", kit.MayAdministerUsers,
		func(ctx context.Context, in *identityInput) (kit.Receipt, error) {
			c := user.Unlink{Login: in.Login, Identity: in.identity(), Reason: in.Body.Reason}
			return done(in.Login)(ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), c, (*user.Users).Unlink))
		})
}

// done is the answer to a command on a user.
func done(login string) func(eventstore.Outcome, error) (kit.Receipt, error) {
	return func(o eventstore.Outcome, err error) (kit.Receipt, error) {
		return kit.ReceiptOf(domain.Login(login), o), err
	}
}

func (s *service) invite(ctx context.Context, in *reasonInput) (out InvitationBody, err error) {
	r := in.Request(ctx)
	c := user.Invite{Login: in.Login, Reason: in.Body.Reason}
	if out.Receipt, err = done(in.Login)(ledger.Do(ctx, s.Ledger(ctx), r, c, (*user.Users).Invite)); err != nil {
		return out, err
	}
	if s.Deps.Inviter == nil {
		return out, nil
	}
	i, err := s.Deps.Inviter.Invite(ctx, in.Login, r.Actor.Name)
	if err != nil {
		return out, err
	}
	out.Mailed, out.Secret, out.Until = i.Mailed, i.Secret, kit.Instant(i.Until)
	return out, nil
}

type revokeInvitationInput struct {
	kit.BulkHeaders
	Login string `path:"login"`
	Body  struct {
		Reason string `json:"reason"`
	}
}

// RevokedInvitationBody is the answer to who revokes an invitation.
type RevokedInvitationBody struct {
	Revoked bool `json:"revoked" doc:"Whether there was one"`
}

func (s *service) revokeInvitation(
	ctx context.Context, in *revokeInvitationInput,
) (out RevokedInvitationBody, err error) {
	if err := domain.CheckText("reason", in.Body.Reason, true); err != nil {
		return out, err
	}
	people := s.Deps.Ledger.People()
	if _, known := people.User(in.Login); !known {
		return out, people.Nobody("login", in.Login)
	}
	if s.Deps.Inviter == nil {
		return out, nil
	}
	out.Revoked, err = s.Deps.Inviter.RevokeInvitation(ctx, in.Login, in.Request(ctx).Actor.Name)
	return out, err
}

func (s *service) grant(ctx context.Context, in *grantInput) (kit.Receipt, error) {
	var p kit.Parser
	b := in.Body
	c := user.Grant{
		Login: in.Login, Role: domain.Role(b.Role), Reach: b.reach(), From: p.Date("from", b.From),
		Until: p.Date("until", b.Until), Reason: b.Reason,
	}
	if p.Err != nil {
		return kit.Receipt{}, p.Err
	}
	return done(in.Login)(s.Ledger(ctx).GrantRole(ctx, in.Request(ctx), c, s.Service))
}
