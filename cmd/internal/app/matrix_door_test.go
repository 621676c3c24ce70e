package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// ofPersons are the operations that are for no role, with who may call them: all that
// the table of roles says nothing of.
var ofPersons = map[string]kit.Entry{
	"sign-in": kit.Open, "sign-in-ways": kit.Open, "begin-sign-in-by-provider": kit.Open, "sign-in-by-provider": kit.Open,
	"take-up-invitation": kit.Open, "open-link": kit.Open,
	"sign-out": kit.Beginning, "me": kit.Beginning, "change-password": kit.Beginning, "send-code": kit.Beginning,
	"prove-by-code": kit.Beginning, "begin-second-factor": kit.Beginning, "show-second-factor": kit.Beginning,
	"begin-passkey": kit.Beginning, "add-passkey": kit.Beginning,
	"my-sessions": kit.SignedIn, "end-session": kit.SignedIn, "sign-out-everywhere": kit.SignedIn,
	"my-tokens": kit.SignedIn, "make-token": kit.SignedIn, "revoke-token": kit.SignedIn,
	"my-passkeys": kit.SignedIn, "name-passkey": kit.SignedIn, "remove-passkey": kit.SignedIn,
}

// session signs somebody in by a password that was given out to them: until they
// change it, signing in is not finished.
func (m *matrix) session(login string) (cookie, password string) {
	m.t.Helper()
	password, err := m.door.GivePassword(m.t.Context(), login)
	if err != nil {
		m.t.Fatal(err)
	}
	a := m.do("", http.MethodPost, "/v1/sign-in", "application/json",
		`{"login":"`+login+`","password":"`+password+`"}`)
	if a.status != http.StatusOK {
		m.t.Fatalf("signing in answered %d %s", a.status, a.text)
	}
	return a.cookie, password
}

// finished is a session in which nothing is left to do.
func (m *matrix) finished(login string) (cookie string) {
	m.t.Helper()
	begun, password := m.session(login)
	a := m.do(begun, http.MethodPost, "/v1/me/password", "application/json",
		`{"present":"`+password+`","next":"correct horse battery"}`)
	if a.status != http.StatusOK {
		m.t.Fatalf("changing the password answered %d %s", a.status, a.text)
	}
	return a.cookie
}

// What is for no role is for whoever asks, for who has signed in, or for who is about
// to; it lets nobody in by worthless credentials, and whatever is left to do in a
// session keeps its owner from the rest.
func TestWhatIsForNoRoleIsForWhoeverItSays(t *testing.T) {
	m := newMatrix(t)
	worthless := m.worthless()
	delete(worthless, "nobody")
	login := m.person(domain.Finance, access.Everything())
	over := m.finished(login)
	if a := m.do(over, http.MethodPost, "/v1/sign-out", "application/json", ""); a.status != http.StatusOK {
		t.Fatalf("signing out answered %d %s", a.status, a.text)
	}
	worthless["a session that was ended"] = over
	worthless["a token as a session"] = "__Host-ledger-session=" + m.as(domain.Finance, access.Everything())
	worthless["no credentials"] = ""
	served := map[string]bool{}
	for _, op := range m.ops {
		entry, personal := ofPersons[op.ID]
		if op.Action != "" {
			if personal {
				t.Errorf("%s is for roles and for none", op.ID)
			}
			continue
		}
		if !personal {
			t.Errorf("%s %s (%s) is for no role, and nobody said for whom", op.method, op.path, op.ID)
			continue
		}
		served[op.ID] = true
		path, contentType, body := m.request(op, east, false)
		for who, credentials := range worthless {
			a := m.do(credentials, op.method, path, contentType, body)
			if letIn := a.problem() != "unauthenticated"; letIn != (entry == kit.Open) || a.status >= 500 {
				t.Errorf("%s, which is %s, answers %s with %d %.200s", op.ID, entry, who, a.status, a.text)
			}
		}
		if entry == kit.Open {
			if len(op.Security) > 0 {
				t.Errorf("%s is for whoever asks, and the document asks for credentials", op.ID)
			}
			continue
		}
		begun, _ := m.session(login)
		a := m.do(begun, op.method, path, contentType, body)
		waits := entry == kit.SignedIn || strings.HasSuffix(op.ID, "-passkey") // one is registered after the password
		if kept := a.problem() == string(kit.ChangePassword); kept != waits {
			t.Errorf("%s, which is %s, answers a session with a step left %d %.200s", op.ID, entry, a.status, a.text)
		}
		for _, role := range domain.Roles() {
			a := m.do(m.as(role, whole(role, east)), op.method, path, contentType, body)
			if a.status == http.StatusUnauthorized || a.status >= 500 || a.problem() == "role-not-allowed" {
				t.Errorf("%s as %s answered %d %.300s", op.ID, role, a.status, a.text)
			}
		}
	}
	for id := range ofPersons {
		if !served[id] {
			t.Errorf("%s is no operation", id)
		}
	}
	t.Run("what a person has at the door is nobody else's", m.testOnesOwn)
}

// testOnesOwn: named by another person, what somebody has at the door answers like
// what does not exist, and goes on.
func (m *matrix) testOnesOwn(t *testing.T) {
	login := m.person(domain.TechGroupLead, access.Everything())
	mine := m.finished(login)
	_, made := m.token(m.door, login, domain.TechGroupLead)
	var sessions struct{ Sessions []struct{ ID string } }
	m.json(mine, "/v1/me/sessions", &sessions)
	if len(sessions.Sessions) != 1 {
		t.Fatalf("sessions: %+v", sessions)
	}
	other := m.finished(m.person(domain.Administrator, access.Everything()))
	tried := 0
	for _, op := range m.ops {
		if ofPersons[op.ID] != kit.SignedIn || !strings.Contains(op.path, "{id}") {
			continue
		}
		for _, id := range []string{made.ID, sessions.Sessions[0].ID} {
			tried++
			_, contentType, body := m.request(op, east, false)
			got := m.do(other, op.method, strings.ReplaceAll(op.path, "{id}", id), contentType, body)
			none := m.do(other, op.method, strings.ReplaceAll(op.path, "{id}", "0000000000000000"), contentType, body)
			if got.status != http.StatusNotFound || strings.ReplaceAll(got.text, id, "0000000000000000") != none.text {
				t.Errorf("%s of somebody else's answers %d %s; of nobody's %d %s", op.ID, got.status, got.text, none.status,
					none.text)
			}
		}
	}
	if tried < 8 {
		t.Errorf("only %d were tried", tried)
	}
	m.json(mine, "/v1/me/sessions", &sessions)
	list, err := m.door.Tokens(t.Context(), login)
	if err != nil || len(sessions.Sessions) != 1 ||
		!slices.ContainsFunc(list, func(has door.Token) bool { return has.ID == made.ID }) {
		t.Errorf("afterwards there are the sessions %+v and tokens %+v (%v)", sessions, list, err)
	}
}
