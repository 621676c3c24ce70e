package door

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/kit"
)

// SignInWays is how people sign in.
type SignInWays struct {
	Provider *SignInProvider `json:"provider,omitempty" doc:"Absent: with a password only"`
	Refused  string          `json:"refused,omitempty" doc:"Why the identity provider's answer did not let this browser in; said once"`
}

// SignInProvider is an organisation's identity provider.
type SignInProvider struct {
	Name  string `json:"name" doc:"As people know it"`
	Start string `json:"start" doc:"Where a browser goes to sign in by it, with the path to see afterwards as to"`
	Away  string `json:"away,omitempty" doc:"Why nobody signs in by it at the moment"`
}

type startInput struct {
	To string `query:"to" doc:"Path of the page to see afterwards. Default: /"`
}

type callbackInput struct {
	Code   string `query:"code"`
	State  string `query:"state"`
	Issuer string `query:"iss"`
	Error  string `query:"error"`
	Says   string `query:"error_description"`
}

// elsewhere sends a browser on.
type elsewhere struct {
	Location       string        `header:"Location"`
	SetCookie      []http.Cookie `header:"Set-Cookie"`
	CacheControl   string        `header:"Cache-Control"`
	ReferrerPolicy string        `header:"Referrer-Policy"`
}

// registerProvider puts up what concerns the identity provider.
func (d *Door) registerProvider(s *kit.Service) {
	register(s, kit.OfPerson(http.MethodGet, "/v1/sign-in", "sign-in-ways", "How to sign in", kit.Open),
		func(ctx context.Context, _ *struct{}) (out SignInWays, _ []http.Cookie, err error) {
			w, cookies, err := d.Ways(ctx)
			out.Refused = w.Refused
			if w.Provider != "" {
				out.Provider = &SignInProvider{Name: w.Provider, Start: startPath, Away: w.Away}
			}
			return out, cookies, err
		})
	send(s, kit.OfPerson(http.MethodGet, startPath, "begin-sign-in-by-provider",
		"Send a browser to the identity provider to sign in", kit.Open),
		func(ctx context.Context, in *startInput) (string, []http.Cookie, error) {
			return d.BeginByProvider(ctx, in.To)
		})
	back := kit.OfPerson(http.MethodGet, callbackPath, "sign-in-by-provider",
		"Where the identity provider sends a browser back to", kit.Open)
	back.SkipValidateParams = true // providers add what they like (RFC 6749, 4.1.2)
	send(s, back, func(ctx context.Context, in *callbackInput) (string, []http.Cookie, error) {
		return d.FinishByProvider(ctx, fromProvider(*in))
	})
}

// send registers an operation that sends a browser on.
func send[I any](
	s *kit.Service, op huma.Operation, handle func(context.Context, *I) (to string, _ []http.Cookie, _ error),
) {
	op.DefaultStatus, op.Errors = http.StatusSeeOther, []int{404, 422, 429, 503}
	huma.Register(s.API, op, func(ctx context.Context, in *I) (*elsewhere, error) {
		to, cookies, err := handle(ctx, in)
		if err != nil {
			return nil, s.Problem(ctx, err)
		}
		return &elsewhere{to, cookies, "no-store", "no-referrer"}, nil
	})
}
