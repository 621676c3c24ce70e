package money

import (
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
)

// StatementLinkBody is a link to a statement that was mailed and is good.
type StatementLinkBody struct {
	Link    string `json:"link" doc:"By which it is told from others; not its secret"`
	Login   string `json:"login" doc:"The head of the center whom it was mailed to"`
	Mail    string `json:"mail" doc:"Most of it is hidden"`
	Version int    `json:"version" doc:"Of the statement; another one ends it"`
	MadeAt  string `json:"madeAt"`
	Opened  string `json:"openedAt,omitempty" doc:"Last; absent: not yet"`
	Until   string `json:"until" doc:"When it ends"`
}

// StatementLinksBody lists the links to a statement that are good.
type StatementLinksBody struct {
	Links []StatementLinkBody `json:"links" doc:"The newest first"`
}

// RevokedLinksBody is the answer to who revokes links.
type RevokedLinksBody struct {
	Revoked int `json:"revoked" doc:"How many links were ended, with what they had opened"`
}

type revokeLinksInput struct {
	kit.BulkHeaders
	kit.QuarterPath
	Body struct {
		Reason string `json:"reason"`
	}
}

// statementLinks are what the regional admin knows and may do of the links that the
// mails of a statement carried.
func (s *service) statementLinks() {
	const path = "/v1/centers/{center}/statements/{quarter}/links"
	kit.Query(s.Service, path, "statement-links",
		"The links to a statement that were mailed to the head of its center and are good (5.3.4)", kit.MayReconcile,
		s.readStatementLinks)
	kit.Command(s.Service, path+"/revocation", "revoke-statement-links",
		"End the links to a statement, with what they have opened (5.3.4)", kit.MayReconcile, s.revokeStatementLinks)
}

func (s *service) readStatementLinks(ctx context.Context, in *readStatementInput) (out StatementLinksBody, err error) {
	var p kit.Parser
	quarter := p.Quarter("quarter", in.Quarter)
	out.Links = []StatementLinkBody{}
	if p.Err != nil || s.Deps.Links == nil {
		return out, p.Err
	}
	list, err := s.Deps.Links.Links(ctx, domain.CenterID(in.Center), quarter)
	for _, l := range list {
		out.Links = append(out.Links, StatementLinkBody{
			Link: l.ID, Login: l.Login, Mail: l.Mail, Version: l.Version, MadeAt: kit.Instant(l.Made),
			Opened: kit.Instant(l.Opened), Until: kit.Instant(l.Until),
		})
	}
	return out, err
}

func (s *service) revokeStatementLinks(ctx context.Context, in *revokeLinksInput) (out RevokedLinksBody, err error) {
	var p kit.Parser
	quarter := p.Quarter("quarter", in.Quarter)
	if err := domain.FirstError(p.Err, domain.CheckText("reason", in.Body.Reason, true)); err != nil {
		return out, err
	}
	issued, err := s.Ledger(ctx).Statements(ctx, domain.CenterID(in.Center), quarter)
	if err == nil && len(issued) == 0 {
		err = domain.NotFound("quarter", quarter.String(), "not-issued",
			"has no statement of center %s yet; its draft can be read", in.Center)
	}
	if err != nil || s.Deps.Links == nil {
		return out, err
	}
	out.Revoked, err = s.Deps.Links.RevokeLinks(ctx, domain.CenterID(in.Center), quarter, kit.ActorOf(ctx).Name,
		in.Body.Reason)
	return out, err
}
