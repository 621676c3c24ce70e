package door

import (
	"context"
	"net/http"

	"aftersales-ledger/api/kit"
)

type openLinkBody struct {
	Link string `json:"link" doc:"The secret of the link, which stands behind the '#' of its address"`
}

type codeBody struct {
	Code string `json:"code" minLength:"1" maxLength:"20" example:"042917" doc:"As the mail says it"`
}

// ProvenBody is the answer to a code that was good.
type ProvenBody struct {
	Proven bool `json:"proven" doc:"The session may answer from now on and for a while"`
}

// registerLinks are what somebody needs who was mailed a link.
func (d *Door) registerLinks(s *kit.Service) {
	register(s, kit.OfPerson(http.MethodPost, "/v1/links", "open-link",
		"Open the statement of a mailed link, to look at it and nothing else (5.3.4)", kit.Open),
		func(ctx context.Context, in *body[openLinkBody]) (Opened, []http.Cookie, error) {
			return d.OpenLink(ctx, in.Body.Link)
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/code", "send-code",
		"Have a code sent by mail to whom the link is for: it is entered before they answer (5.3.4)", kit.Beginning),
		func(ctx context.Context, _ *struct{}) (CodeSent, []http.Cookie, error) {
			out, err := d.SendCode(ctx)
			return out, nil, err
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/code/proof", "prove-by-code",
		"Enter the code: the session may answer from now on and for a while (5.3.4)", kit.Beginning),
		func(ctx context.Context, in *body[codeBody]) (ProvenBody, []http.Cookie, error) {
			cookies, err := d.ProveByCode(ctx, in.Body.Code)
			return ProvenBody{err == nil}, cookies, err
		})
}
