package user_test

import (
	"errors"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
)

func TestAnIdentityIsOneUsersAndAUserHasOneOfAProvider(t *testing.T) {
	s := create(t, "admin", "wang", "li")
	link := func(login, issuer, subject string) error {
		events, err := s.Link(user.Link{
			Login: login, Identity: user.Identity{Issuer: issuer, Subject: subject}, Reason: "单点登录", By: "admin",
		}, today)
		for _, e := range events {
			s.Evolve(e)
		}
		return err
	}
	const id, other = "https://id.example.com", "https://other.example.com"
	long := make([]byte, 256)
	for i := range long {
		long[i] = 'x'
	}
	for _, c := range []struct{ login, issuer, subject, code string }{
		{"wang", id, "1", ""},
		{"Wang", id, "1", ""}, // again
		{"li", id, "1", "identity-taken"},
		{"wang", id, "2", "identity-of-another"},
		{"wang", other, "1", ""},
		{"li", id, "2", ""},
		{"nobody", id, "3", "unknown-login"},
		{"admin", "id.example.com", "3", "bad-issuer"},
		{"admin", id, "", "text-required"},
		{"admin", id, string(long), "bad-subject"},
	} {
		err, code := link(c.login, c.issuer, c.subject), ""
		if r := (*domain.Rejection)(nil); errors.As(err, &r) {
			code = r.Code
		}
		if code != c.code {
			t.Errorf("%+v: %v", c, err)
		}
	}
	before, _ := s.Named("wang")
	events, err := s.Unlink(user.Unlink{Login: "wang", Identity: user.Identity{Issuer: id, Subject: "1"}, Reason: "r"},
		today)
	fold(t, s, events, err)
	if u, ok := s.Identified(user.Identity{Issuer: id, Subject: "1"}); ok {
		t.Errorf("the identity is still that of %s", u.Login)
	}
	if after, _ := s.Named("wang"); len(after.Identities) != 1 || len(before.Identities) != 2 {
		t.Errorf("they had %v and have %v", before.Identities, after.Identities)
	}
	if err := link("li", id, "1"); err == nil {
		t.Error("a user has two subjects of a provider")
	}
}

// The last administrator that people made stays, whatever a provider says; one that a
// provider made does not count as one: it ends by itself.
func TestAProviderNeitherMakesNorTakesTheLastAdministrator(t *testing.T) {
	s := create(t, "admin")
	c := user.Follow{
		Identity: user.Identity{Issuer: "https://id.example.com", Subject: "1"}, Login: "wang", Name: "王", Create: true,
		Days: 30, By: "oidc:id.example.com",
		Wanted: []user.Wanted{{Role: domain.Administrator, Reach: access.Everything(), Reason: "groups=admins"}},
	}
	events, err := s.Follow(c, today)
	fold(t, s, events, err)
	if _, err := s.Suspend(user.Suspend{Login: "admin", Reason: "r", By: "wang"}, today); err == nil {
		t.Error("the last administrator who stays was suspended")
	}
	c.Wanted = []user.Wanted{{Role: domain.Finance, Reach: access.Everything(), Reason: "groups=finance"}}
	events, err = s.Follow(c, today)
	fold(t, s, events, err)
	u, _ := s.Named("wang")
	if held := u.Held(today); len(held) != 1 || held[0].Role != domain.Finance {
		t.Errorf("they hold %+v", held)
	}
}
