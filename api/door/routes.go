package door

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
)

// answer is what the door answers: for nobody's cache.
type answer[T any] struct {
	SetCookie    []http.Cookie `header:"Set-Cookie"`
	CacheControl string        `header:"Cache-Control"`
	Body         T
}

// body is a request with a body.
type body[T any] struct{ Body T }

// maxBody bounds the body of a request at the door, in bytes.
const maxBody = 16 << 10

// register registers an operation of the door.
func register[I, O any](
	s *kit.Service, op huma.Operation, handle func(context.Context, *I) (O, []http.Cookie, error),
) {
	op.Errors = []int{401, 403, 404, 409, 422, 429, 503}
	op.MaxBodyBytes, op.BodyReadTimeout = maxBody, 10*time.Second
	huma.Register(s.API, op, func(ctx context.Context, in *I) (*answer[O], error) {
		out, cookies, err := handle(ctx, in)
		if err != nil {
			return nil, s.Problem(ctx, err)
		}
		return &answer[O]{cookies, "no-store", out}, nil
	})
}

// SignedIn is the answer to who signs in.
type SignedIn struct {
	Step kit.Step `json:"step,omitempty" enum:"change-password,second-factor,enrol-second-factor" doc:"What is left to do before anything else may be done; absent: nothing"`
}

// SignedOut is the answer to who signs out.
type SignedOut struct {
	Provider string `json:"provider,omitempty" doc:"Where to go to sign out at the identity provider, too; it sends back here"`
}

type signInBody struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

type takeUpBody struct {
	Invitation string `json:"invitation" doc:"The secret of the invitation"`
	Password   string `json:"password" doc:"Chosen by whoever was invited"`
}

type changePasswordBody struct {
	Present string `json:"present" doc:"The password that is to be changed"`
	Next    string `json:"next"`
}

// Register puts the door's operations up.
func (d *Door) Register(s *kit.Service) {
	d.registerSignIn(s)
	d.registerProvider(s)
	d.registerPasskeys(s)
	d.registerOwn(s)
	d.registerLinks(s)
	d.registerTokens(s)
	d.registerAudit(s)
}

func (d *Door) registerSignIn(s *kit.Service) {
	register(s, kit.OfPerson(http.MethodPost, "/v1/sign-in", "sign-in", "Sign in with a password", kit.Open),
		func(ctx context.Context, in *body[signInBody]) (SignedIn, []http.Cookie, error) {
			return signedInAnswer(d.SignIn(ctx, in.Body.Login, in.Body.Password))
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/invitation", "take-up-invitation",
		"Set the first password and sign in, by an invitation", kit.Open),
		func(ctx context.Context, in *body[takeUpBody]) (SignedIn, []http.Cookie, error) {
			return signedInAnswer(d.TakeUp(ctx, in.Body.Invitation, in.Body.Password))
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/sign-out", "sign-out", "End this session", kit.Beginning),
		func(ctx context.Context, _ *struct{}) (out SignedOut, _ []http.Cookie, _ error) {
			out.Provider = d.providerSignOut(ctx)
			d.endOwn(ctx, kit.CredentialsOf(ctx))
			d.noteOf(ctx, store.Entry{What: "signed-out", Login: kit.CallerOf(ctx).Login})
			return out, []http.Cookie{d.cookie("", 0)}, nil
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/password", "change-password",
		"Change one's own password; all other sessions end", kit.Beginning),
		func(ctx context.Context, in *body[changePasswordBody]) (out SignedIn, _ []http.Cookie, _ error) {
			if err := d.inBrowser(ctx); err != nil {
				return out, nil, err
			}
			if step := kit.CallerOf(ctx).Unfinished; step == kit.SecondFactor {
				return out, nil, kit.NewProblem(ctx, http.StatusForbidden, string(step), kit.UnfinishedSays(step))
			}
			return signedInAnswer(d.ChangePassword(ctx, kit.CallerOf(ctx).Login, in.Body.Present, in.Body.Next))
		})
}

func signedInAnswer(step kit.Step, cookie http.Cookie, err error) (SignedIn, []http.Cookie, error) {
	if cookie.Name == "" {
		return SignedIn{step}, nil, err
	}
	return SignedIn{step}, []http.Cookie{cookie}, err
}

// inBrowser refuses what a program must not do with its owner's token: what it
// could make good for itself beyond its own end.
func (d *Door) inBrowser(ctx context.Context) error {
	if kit.CallerOf(ctx).Via != "session" {
		return kit.NewProblem(ctx, http.StatusForbidden, "sign-in-needed",
			"an API token does not do this: sign in, in a browser")
	}
	return nil
}

// Me is who asks.
type Me struct {
	Login  string    `json:"login"`
	Name   string    `json:"name,omitempty" doc:"As on papers"`
	Via    string    `json:"via" doc:"What let them in: session, token, link or machine"`
	Role   string    `json:"role,omitempty" doc:"The only role in which these credentials act; absent: any that is granted"`
	Grants []MyGrant `json:"grants" doc:"What is granted at present"`
	Step   kit.Step  `json:"step,omitempty" doc:"What is left to do to have signed in"`
	// BeforeChange and Statement are of who was let in by the link of a mail.
	BeforeChange kit.Step `json:"beforeChange,omitempty" doc:"What is left to do before anything may be changed: prove-by-code"`
	Statement    *Opened  `json:"statement,omitempty" doc:"The statement that the link opened; nothing else is open"`
}

// MyGrant is a role that is granted, as far as it reaches.
type MyGrant struct {
	Role     domain.Role        `json:"role"`
	All      bool               `json:"all,omitempty" doc:"It reaches all of the company"`
	Regions  []string           `json:"regions,omitempty"`
	Cities   []string           `json:"cities,omitempty"`
	Projects []domain.ProjectID `json:"projects,omitempty"`
	Centers  []domain.CenterID  `json:"centers,omitempty"`
	From     string             `json:"from,omitempty"`
	Until    string             `json:"until,omitempty" doc:"The last day; absent: open"`
}

// MySession is one of one's own sessions.
type MySession struct {
	ID      string `json:"id"`
	Began   string `json:"began"`
	Seen    string `json:"seen" doc:"When it was last used, to some seconds"`
	Ends    string `json:"ends" doc:"When it ends unless it is used before"`
	Via     string `json:"via"`
	Address string `json:"address,omitempty"`
	Agent   string `json:"agent,omitempty" doc:"What the browser calls itself"`
	This    bool   `json:"this" doc:"The one that asks"`
}

type sessionsBody struct {
	Sessions []MySession `json:"sessions"`
}

type endedBody struct {
	Sessions int `json:"sessions" doc:"How many sessions were ended"`
	Tokens   int `json:"tokens" doc:"How many API tokens were revoked"`
}

type everywhereBody struct {
	Tokens bool `json:"tokens,omitempty" doc:"Revoke all API tokens, too"`
}

type namedInput struct {
	ID string `path:"id" doc:"As the list names it"`
}

func (d *Door) registerOwn(s *kit.Service) {
	register(s, kit.OfPerson(http.MethodGet, "/v1/me", "me", "Who I am, and what is granted to me", kit.Beginning),
		func(ctx context.Context, _ *struct{}) (Me, []http.Cookie, error) {
			return me(kit.CallerOf(ctx)), nil, nil
		})
	register(s, kit.OfPerson(http.MethodGet, "/v1/me/sessions", "my-sessions", "My sessions", kit.SignedIn),
		func(ctx context.Context, _ *struct{}) (out sessionsBody, _ []http.Cookie, err error) {
			list, err := d.Sessions(ctx, kit.CallerOf(ctx).Login)
			out.Sessions = make([]MySession, len(list))
			for i, l := range list {
				out.Sessions[i] = MySession{
					ID: l.ID, Began: kit.Instant(l.Began), Seen: kit.Instant(l.Seen), Ends: kit.Instant(l.Ends), Via: l.Via,
					Address: l.Address, Agent: l.Agent, This: l.This,
				}
			}
			return out, nil, err
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/sessions/{id}/end", "end-session", "End one of my sessions",
		kit.SignedIn),
		func(ctx context.Context, in *namedInput) (out struct{}, _ []http.Cookie, err error) {
			return out, nil, d.EndSession(ctx, kit.CallerOf(ctx).Login, in.ID)
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/sign-out-everywhere", "sign-out-everywhere",
		"End all my sessions, this one too", kit.SignedIn),
		func(ctx context.Context, in *body[everywhereBody]) (out endedBody, _ []http.Cookie, err error) {
			login := kit.CallerOf(ctx).Login
			out.Sessions, out.Tokens, err = d.SignOutEverywhere(ctx, login, login, in.Body.Tokens)
			return out, []http.Cookie{d.cookie("", 0)}, err
		})
}

func me(c kit.Caller) Me {
	m := Me{Login: c.Login, Name: c.Name, Via: c.Via, Role: string(c.Role), Grants: []MyGrant{}, Step: c.Unfinished}
	if m.BeforeChange = c.Unproven; c.Only != nil {
		m.Statement = &Opened{string(c.Only.Center), c.Only.Quarter.String()}
	}
	for _, g := range c.Grants {
		m.Grants = append(m.Grants, MyGrant{
			Role: g.Role, All: g.Reach.All, Regions: g.Reach.Regions, Cities: g.Reach.Cities, Projects: g.Reach.Projects,
			Centers: g.Reach.Centers, From: day(g.From), Until: day(g.Until),
		})
	}
	return m
}

func day(d calendar.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// MyToken is one of one's own API tokens. It holds no secret.
type MyToken struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Role        domain.Role `json:"role"`
	Within      *Within     `json:"within,omitempty" doc:"It reaches no further; absent: as far as its owner"`
	Made        string      `json:"made"`
	By          string      `json:"by"`
	Expires     string      `json:"expires"`
	LastUsed    string      `json:"lastUsed,omitempty" doc:"To some seconds; absent: never"`
	LastAddress string      `json:"lastAddress,omitempty"`
}

// Within narrows how far an API token reaches.
type Within struct {
	Regions  []string           `json:"regions,omitempty" maxItems:"100"`
	Cities   []string           `json:"cities,omitempty" maxItems:"100"`
	Projects []domain.ProjectID `json:"projects,omitempty" maxItems:"100"`
	Centers  []domain.CenterID  `json:"centers,omitempty" maxItems:"100"`
}

type tokensBody struct {
	Tokens []MyToken `json:"tokens"`
}

type makeTokenBody struct {
	Name   string      `json:"name" maxLength:"200" doc:"What it is for"`
	Role   domain.Role `json:"role" doc:"The one role of mine in which it acts"`
	Within *Within     `json:"within,omitempty" doc:"Narrows how far it reaches; it never reaches further than I do when it is used"`
	Days   int         `json:"days" minimum:"1" maximum:"366" doc:"How long it is good"`
}

type madeTokenBody struct {
	Secret string  `json:"secret" doc:"Send it as bearer token. It is not kept and is shown this once"`
	Token  MyToken `json:"token"`
}

func (d *Door) registerTokens(s *kit.Service) {
	register(s, kit.OfPerson(http.MethodGet, "/v1/me/tokens", "my-tokens", "My API tokens", kit.SignedIn),
		func(ctx context.Context, _ *struct{}) (out tokensBody, _ []http.Cookie, err error) {
			list, err := d.Tokens(ctx, kit.CallerOf(ctx).Login)
			out.Tokens = make([]MyToken, len(list))
			for i, t := range list {
				out.Tokens[i] = tokenOf(t)
			}
			return out, nil, err
		})
	make := kit.OfPerson(http.MethodPost, "/v1/me/tokens", "make-token", "Make an API token for a program of mine",
		kit.SignedIn)
	make.DefaultStatus = http.StatusCreated
	register(s, make, func(ctx context.Context, in *body[makeTokenBody]) (out madeTokenBody, _ []http.Cookie, err error) {
		if err := d.inBrowser(ctx); err != nil {
			return out, nil, err
		}
		b, login := in.Body, kit.CallerOf(ctx).Login
		w := TokenWish{Name: b.Name, Role: b.Role, Life: time.Duration(b.Days) * 24 * time.Hour}
		if b.Within != nil {
			w.Within = &access.Reach{
				Regions: b.Within.Regions, Cities: b.Within.Cities, Projects: b.Within.Projects, Centers: b.Within.Centers,
			}
		}
		secret, t, err := d.MakeToken(ctx, login, w, login)
		return madeTokenBody{secret, tokenOf(t)}, nil, err
	})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/tokens/{id}/revoke", "revoke-token", "Revoke an API token of mine",
		kit.SignedIn),
		func(ctx context.Context, in *namedInput) (out struct{}, _ []http.Cookie, err error) {
			login := kit.CallerOf(ctx).Login
			return out, nil, d.RevokeToken(ctx, login, in.ID, login)
		})
}

func tokenOf(t Token) MyToken {
	m := MyToken{
		ID: t.ID, Name: t.Name, Role: t.Role, Made: kit.Instant(t.Made), By: t.By, Expires: kit.Instant(t.Expires),
		LastUsed: kit.Instant(t.LastUsed), LastAddress: t.LastAddress,
	}
	if w := t.Within; w != nil {
		m.Within = &Within{Regions: w.Regions, Cities: w.Cities, Projects: w.Projects, Centers: w.Centers}
	}
	return m
}
