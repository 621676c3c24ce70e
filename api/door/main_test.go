package door_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/door/store/sqlitefile"
	"aftersales-ledger/api/door/store/storetest"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// directory is who there is, as a test has it.
type directory struct {
	mu     sync.Mutex
	people map[string]user.Person
}

func (d *directory) HeadsOf(center domain.CenterID) (list []user.Person) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, login := range slices.Sorted(maps.Keys(d.people)) {
		for _, g := range d.people[login].Grants {
			if g.Role == domain.CenterHead && slices.Contains(g.Reach.Centers, center) {
				list = append(list, d.people[login])
			}
		}
	}
	return list
}

func (d *directory) Person(login string) (user.Person, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.people[domain.Login(login)]
	if p.Suspended {
		p.Grants = nil
	}
	return p, ok
}

func (d *directory) set(p user.Person) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.people[p.Login] = p
}

func grantOf(role domain.Role, reach access.Reach) access.Grant {
	return access.Grant{Role: role, Reach: reach}
}

var east = access.Reach{Regions: []string{"华东"}}

// house is a door with people before it, and a server that has one operation of the
// trade beside the door's own.
type house struct {
	t      testing.TB
	clock  *domaintest.Clock
	people *directory
	issued *issued
	post   *mailbag
	path   string
	memory store.Store
	door   *door.Door
	server http.Handler
}

func people() *directory {
	return &directory{people: map[string]user.Person{
		"wang.fang": {Login: "wang.fang", Name: "王芳", Mail: "wang@example.com",
			Grants: []access.Grant{grantOf(domain.Finance, access.Everything())}},
		"zhao.lei": {Login: "zhao.lei", Name: "赵磊", Grants: []access.Grant{
			grantOf(domain.RegionalAdmin, east), grantOf(domain.CityLead, access.Reach{Cities: []string{"杭州"}}),
		}},
		"zheng": {Login: "zheng", Name: "郑主任", Mail: "zheng@c01.example.com",
			Grants: []access.Grant{grantOf(domain.CenterHead, access.OfCenter("C01"))}},
		"admin": {Login: "admin", Name: "管理员", Grants: []access.Grant{grantOf(domain.Administrator, access.Everything())}},
		"new":   {Login: "new", Name: "新人"},
	}}
}

// build builds a house in a folder of the test's own.
func build(t testing.TB, policy door.Policy) *house {
	t.Helper()
	h := &house{
		t: t, clock: storetest.NewClock(), people: people(), issued: &issued{}, post: &mailbag{},
		path: filepath.Join(t.TempDir(), "door.sqlite"),
	}
	h.open(policy)
	return h
}

// open opens the door, anew if it was open.
func (h *house) open(policy door.Policy) {
	h.t.Helper()
	if h.memory != nil {
		if err := errors.Join(h.door.Close(), h.memory.Close()); err != nil {
			h.t.Fatal(err)
		}
	} else {
		h.t.Cleanup(func() { _ = h.memory.Close() })
	}
	memory, err := sqlitefile.Open(h.path, h.clock.Now)
	if err != nil {
		h.t.Fatal(err)
	}
	h.memory = memory
	h.door = h.another(memory, policy)
	h.server = serve(h.door)
}

// another is another node's door on the same memory.
func (h *house) another(memory store.Store, policy door.Policy) *door.Door {
	d, err := door.New(door.Options{
		Store: memory, People: h.people, Clock: h.clock.Now, Policy: policy, Statements: h.issued, Post: h.post,
		PublicURL: "https://ledger.example.com",
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// emptyLog is a log without an event: nobody's reach comes to anything.
type emptyLog struct{ eventstore.Store }

func (emptyLog) ReadAll(context.Context, eventstore.Position) iter.Seq2[eventstore.Recorded, error] {
	return func(func(eventstore.Recorded, error) bool) {}
}

func noLedger() *ledger.Ledger {
	exec := eventstore.NewExecutor(emptyLog{}, eventstore.Trade, eventstore.ExecutorOptions{SoleWriter: true})
	return ledger.New(exec, policy.Default(), time.Now)
}

func serve(d *door.Door) http.Handler {
	kit.UseProblems()
	router := chi.NewMux()
	router.Use(kit.ChooseLanguage, kit.SameOrigin)
	config := huma.DefaultConfig("door", "1")
	config.DocsPath, config.CreateHooks = "", nil
	config.RejectUnknownQueryParameters = true
	s := &kit.Service{
		Deps: kit.Deps{Door: d, Ledger: noLedger(), Log: slog.New(slog.DiscardHandler)}, API: humachi.New(router, config),
	}
	s.API.UseMiddleware(s.WithSchemas, s.Authenticate)
	d.Register(s)
	type said struct {
		Body struct {
			Name   string          `json:"name"`
			Role   string          `json:"role"`
			Center string          `json:"center"`
			Reach  json.RawMessage `json:"reach"`
		}
	}
	answer := func(ctx context.Context, _ *struct{}) (*said, error) {
		var out said
		a := kit.ActorOf(ctx)
		out.Body.Name, out.Body.Role, out.Body.Center = a.Name, string(a.Role), string(a.Center)
		out.Body.Reach, _ = json.Marshal(kit.ReachOf(ctx))
		return &out, nil
	}
	huma.Register(s.API, kit.Operation(http.MethodGet, "/v1/desk", "desk", "Read", kit.MayReadWork), answer)
	huma.Register(s.API, kit.Operation(http.MethodPost, "/v1/desk", "desk-write", "Write", kit.MayReadWork), answer)
	type page struct {
		ContentType string `header:"Content-Type"`
		Body        []byte
	}
	huma.Register(s.API, kit.Operation(http.MethodGet, "/v1/page", "page", "Take away", kit.MayReadWork),
		func(context.Context, *struct{}) (*page, error) { return &page{"application/pdf", []byte("%PDF")}, nil })
	type statement struct {
		Center  string `path:"center"`
		Quarter string `path:"quarter"`
	}
	huma.Register(s.API, kit.Operation(http.MethodGet, "/v1/centers/{center}/statements/{quarter}", "statements", "Read",
		kit.MayReadWork), func(context.Context, *statement) (*said, error) { return &said{}, nil })
	huma.Register(s.API, kit.Operation(http.MethodPost, "/v1/centers/{center}/statements/{quarter}/confirm",
		"confirm-statement", "Answer", kit.MayAnswerStatements),
		func(context.Context, *statement) (*said, error) { return &said{}, nil })
	return router
}

// visitor is a browser, or a program if it has a token.
type visitor struct {
	h       *house
	server  http.Handler
	address string
	token   string
	cookies map[string]string
	headers http.Header
}

func (h *house) browser() *visitor {
	return &visitor{h: h, address: "192.0.2.1:1000", cookies: map[string]string{}, headers: http.Header{}}
}

func (h *house) program(token string) *visitor {
	v := h.browser()
	v.token = token
	return v
}

type reply struct {
	status int
	body   string
	header http.Header
}

// is reports whether an answer is a problem of a code.
func (r reply) is(status int, code string) bool {
	return r.status == status && strings.Contains(r.body, `:problem:`+code+`"`)
}

func (v *visitor) do(method, path string, body any) reply {
	v.h.t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			v.h.t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	r := httptest.NewRequest(method, path, content)
	r.RemoteAddr = v.address
	r.Header.Set("Accept-Language", "en")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for name, values := range v.headers {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	server := v.server
	if server == nil {
		server = v.h.server
	}
	server.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		} else {
			v.cookies[c.Name] = c.Value
		}
	}
	return reply{w.Code, w.Body.String(), w.Result().Header}
}

func (v *visitor) get(path string) reply { v.h.t.Helper(); return v.do(http.MethodGet, path, nil) }
func (v *visitor) post(path string, body any) reply {
	v.h.t.Helper()
	return v.do(http.MethodPost, path, body)
}

func (v *visitor) signIn(login, password string) reply {
	v.h.t.Helper()
	return v.post("/v1/sign-in", map[string]string{"login": login, "password": password})
}

// mustSignIn signs in who has a password.
func (v *visitor) mustSignIn(login, password string) {
	v.h.t.Helper()
	if r := v.signIn(login, password); r.status != http.StatusOK {
		v.h.t.Fatalf("%s could not sign in: %d %s", login, r.status, r.body)
	}
}

// invite invites a person and returns the secret, from the mail if it was mailed.
func (h *house) invite(login string) string {
	h.t.Helper()
	i, err := h.door.Invite(h.t.Context(), login, "admin")
	if err != nil {
		h.t.Fatal(err)
	}
	if i.Mailed == "" {
		return i.Secret
	}
	if i.Secret != "" {
		h.t.Error("the secret of an invitation that was mailed is told to who made it")
	}
	h.post.mu.Lock()
	defer h.post.mu.Unlock()
	_, rest, _ := strings.Cut(h.post.letters[len(h.post.letters)-1].Body, door.InvitationPath+"#")
	secret, _, _ := strings.Cut(rest, "\n")
	return secret
}

// password gives a person a password by an invitation.
func (h *house) password(login string) string {
	h.t.Helper()
	secret := h.invite(login)
	password := "correct horse " + login
	r := h.browser().post("/v1/invitation", map[string]string{"invitation": secret, "password": password})
	if r.status != http.StatusOK {
		h.t.Fatalf("the invitation was not taken up: %d %s", r.status, r.body)
	}
	return password
}

// token makes an API token for a person.
func (h *house) token(owner string, role domain.Role, life time.Duration) string {
	h.t.Helper()
	secret, _, err := h.door.MakeToken(h.t.Context(), owner, door.TokenWish{Name: "script", Role: role, Life: life}, owner)
	if err != nil {
		h.t.Fatal(err)
	}
	return secret
}

// seen lists what the audit holds, oldest first, as "what login".
func (h *house) seen() (list []string) {
	h.t.Helper()
	entries, err := h.door.Entries(h.t.Context(), store.Filter{})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, e := range slices.Backward(entries) {
		list = append(list, fmt.Sprintf("%s %s", e.What, e.Login))
	}
	return list
}

func TestMain(m *testing.M) {
	door.Quick()
	os.Exit(m.Run())
}
