package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/door"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
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

func TestTheDataFolderAndTheLogAreTheirOwnersAlone(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if err := os.MkdirAll(data, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(data, 0o755); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the log of the second start was made by the first
		a, err := app.Open(t.Context(), app.Config{Data: data, ReadModels: noClickHouse})
		if err != nil {
			t.Fatal(err)
		}
		for file, want := range map[string]os.FileMode{
			".": 0o700, "log.sqlite": 0o600, "log.sqlite.lock": 0o600, app.DoorFile: 0o600,
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
