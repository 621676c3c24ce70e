package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore/ledger"
)

func request(key string) ledger.Request {
	return ledger.Request{Key: key, Actor: domain.Actor{Name: "admin", Role: domain.Administrator}}
}

// tokenOfUser makes a user who holds a role everywhere, and an API token of theirs
// that is good for an hour.
func tokenOfUser(t testing.TB, a *app.App, login string, role domain.Role) string {
	t.Helper()
	ctx := t.Context()
	c := user.Create{Login: login, Name: login, Reason: "test"}
	if _, err := ledger.Do(ctx, a.Ledger, request("create "+login), c, (*user.Users).Create); err != nil {
		t.Fatal(err)
	}
	grant := user.Grant{Login: login, Role: role, Reach: access.Everything(), Reason: "test"}
	if access.KindOf(role) == access.OfRegions {
		grant.Reach = access.Reach{Regions: []string{"华东"}}
	}
	if _, err := ledger.Do(ctx, a.Ledger, request("grant "+login), grant, (*user.Users).Grant); err != nil {
		t.Fatal(err)
	}
	if err := a.Ledger.People().Refresh(ctx); err != nil {
		t.Fatal(err)
	}
	token, _, err := a.Door.(*door.Door).MakeToken(ctx, login,
		door.TokenWish{Name: "test", Role: role, Life: time.Hour}, login)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// What the command line writes beside a running server is good there at once, and
// what it takes back is over within seconds.
func TestTheCommandLineMakesAndRevokesTokensWhileTheServerRuns(t *testing.T) {
	data := t.TempDir()
	c := app.Config{Data: data, ReadModels: noClickHouse}
	a := apptest.Start(t, c)
	tokenOfUser(t, a, "zhao", domain.RegionalAdmin)
	beside, release, err := app.OpenDoor(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := release(); err != nil {
			t.Error(err)
		}
	}()
	secret, token, err := beside.MakeToken(t.Context(), "zhao",
		door.TokenWish{Name: "beside", Role: domain.RegionalAdmin, Life: time.Hour}, "console")
	if err != nil {
		t.Fatal(err)
	}
	if resp := post(t, client.InProcess(a.Handler, secret), "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
		t.Errorf("answered %d %s", resp.Status, resp.Body)
	}
	if err := beside.RevokeToken(t.Context(), "zhao", token.ID, "console"); err != nil {
		t.Fatal(err)
	}
	fresh := apptest.Start(t, app.Config{Data: data, Log: filepath.Join(t.TempDir(), "log.sqlite"), ReadModels: noClickHouse})
	if resp := get(t, client.InProcess(fresh.Handler, secret), "/v1/me"); resp.Status != http.StatusUnauthorized {
		t.Errorf("once revoked: %d %s", resp.Status, resp.Body)
	}
}

// A role has a last day, and the day ends at midnight in Shanghai: for a session and a
// token that are in use, too, at once. What begins then has begun.
func TestARoleEndsAtMidnightAndAnotherBegins(t *testing.T) {
	var ahead atomic.Int64
	midnight := time.Date(2026, time.July, 1, 16, 0, 0, 0, time.UTC) // of 2 July in Shanghai
	a := apptest.Start(t, app.Config{
		Data: t.TempDir(), ReadModels: noClickHouse,
		Clock: func() time.Time { return midnight.Add(-time.Second).Add(time.Duration(ahead.Load())) },
	})
	create := user.Create{Login: "zhao", Name: "赵", Reason: "test"}
	if _, err := ledger.Do(t.Context(), a.Ledger, request("zhao"), create, (*user.Users).Create); err != nil {
		t.Fatal(err)
	}
	today := calendar.DateOf(midnight) - 1
	for _, g := range []user.Grant{
		{Login: "zhao", Role: domain.RegionalAdmin, Reach: access.Reach{Regions: []string{"华东"}}, Until: today, Reason: "代理"},
		{Login: "zhao", Role: domain.Finance, Reach: access.Everything(), From: today + 1, Reason: "调岗"},
	} {
		if _, err := ledger.Do(t.Context(), a.Ledger, request(string(g.Role)), g, (*user.Users).Grant); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Ledger.People().Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	d := a.Door.(*door.Door)
	token, _, err := d.MakeToken(t.Context(), "zhao",
		door.TokenWish{Name: "test", Role: domain.RegionalAdmin, Life: time.Hour}, "zhao")
	if err != nil {
		t.Fatal(err)
	}
	given, err := d.GivePassword(t.Context(), "zhao")
	if err != nil {
		t.Fatal(err)
	}
	cookie := ""
	ask := func(method, path, body string) *httptest.ResponseRecorder {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", path)
		if cookie != "" {
			r.Header.Set("Cookie", cookie)
		} else {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		a.Handler.ServeHTTP(w, r)
		for _, c := range w.Result().Cookies() {
			cookie = c.Name + "=" + c.Value
		}
		return w
	}
	may := func(path string) (byToken, bySession int) {
		session := cookie
		cookie = ""
		byToken = ask(http.MethodPost, path, `{}`).Code
		cookie = session
		return byToken, ask(http.MethodPost, path, `{}`).Code
	}
	const own = "long and of one's own 7"
	ask(http.MethodPost, "/v1/sign-in", fmt.Sprintf(`{"login":"zhao","password":%q}`, given))
	ask(http.MethodPost, "/v1/me/password", fmt.Sprintf(`{"present":%q,"next":%q}`, given, own))
	const ofRegion, ofFinance = "/v1/projects", "/v1/centers/C01/payments"
	for _, c := range []struct {
		after            time.Duration
		path             string
		token, bySession int
	}{
		{0, ofRegion, http.StatusUnprocessableEntity, http.StatusUnprocessableEntity}, // let in, and refused for the body
		{0, ofFinance, http.StatusForbidden, http.StatusForbidden},
		{time.Second, ofRegion, http.StatusForbidden, http.StatusForbidden},
		{time.Second, ofFinance, http.StatusForbidden, http.StatusUnprocessableEntity},
	} {
		ahead.Store(int64(c.after))
		if token, session := may(c.path); token != c.token || session != c.bySession {
			t.Errorf("%s, %s before the day is over, is answered %d and %d, want %d and %d", c.path, time.Second-c.after,
				token, session, c.token, c.bySession)
		}
	}
}

func TestTheDataFolderAndTheLogAreTheirOwnersAlone(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	papers := filepath.Join(data, "attachments")
	if err := os.Mkdir(papers, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(papers, 0o755); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the log of the second start was made by the first
		a, err := app.Open(t.Context(), app.Config{Data: data, ReadModels: noClickHouse})
		if err != nil {
			t.Fatal(err)
		}
		for file, want := range map[string]os.FileMode{
			".": 0o700, "log.sqlite": 0o600, "log.sqlite.lock": 0o600, app.DoorFile: 0o600,
			"attachments": 0o700,
		} {
			info, err := os.Stat(filepath.Join(data, file))
			if err != nil || info.Mode().Perm() != want {
				t.Errorf("%s has mode %v (%v); want %v", file, info.Mode().Perm(), err, want)
			}
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		_ = os.Chmod(filepath.Join(data, "log.sqlite"), 0o644)
	}
	if err := os.Chmod(filepath.Join(data, app.DoorFile), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Open(t.Context(), app.Config{Data: data, ReadModels: noClickHouse}); err == nil ||
		!strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("a door's memory that others may read: %v", err)
	}
}
