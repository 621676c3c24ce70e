package user

import (
	"slices"

	"aftersales-ledger/domain/access"
)

// Evolve folds an event into the users.
func (s *Users) Evolve(e Event) {
	if s.all == nil {
		s.all, s.mailed, s.linked = make(map[string]User), make(map[string]string), make(map[Identity]string)
	}
	s.events++
	login := About(e)
	u, known := s.all[login]
	if !known {
		s.order = append(s.order, login)
		u.Login = login
	}
	switch e := e.(type) {
	case UserCreated:
		u.Name, u.Mail, u.Phone, u.Created = e.Name, e.Mail, e.Phone, e.On
		u.Named = append(slices.Clip(u.Named), Named{e.On, e.Name})
		s.mailed[oneMail(e.Mail)] = login
	case UserInvited:
		u.Invited = e.On
	case UserDetailsChanged:
		delete(s.mailed, oneMail(u.Mail))
		u.Name, u.Mail, u.Phone = e.Name, e.Mail, e.Phone
		u.Named = append(slices.Clip(u.Named), Named{e.On, e.Name})
		s.mailed[oneMail(e.Mail)] = login
	case RoleGranted:
		u.Granted = append(slices.Clip(u.Granted), Granted{
			Number: e.Grant, Grant: access.Grant{Role: e.Role, Reach: e.Reach, From: e.From, Until: e.Until},
			Reason: e.Reason, On: e.On, By: e.By,
		})
	case GrantWithdrawn:
		u.Granted = slices.Clone(u.Granted)
		for i := range u.Granted {
			if u.Granted[i].Number == e.Grant {
				u.Granted[i].Withdrawn = &Withdrawn{e.From, e.Reason, e.On, e.By}
			}
		}
	case UserSuspended:
		u.Suspended = true
	case UserReinstated:
		u.Suspended = false
	case IdentityLinked:
		u.Identities = append(slices.Clip(u.Identities), e.Identity)
		s.linked[e.Identity] = login
	case IdentityUnlinked:
		u.Identities = slices.DeleteFunc(slices.Clone(u.Identities), func(i Identity) bool { return i == e.Identity })
		delete(s.linked, e.Identity)
	}
	s.all[login] = u
}
