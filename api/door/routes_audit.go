package door

import (
	"context"
	"net/http"
	"net/netip"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
)

type auditInput struct {
	What    string `query:"what" enum:"signed-in,signed-out,signed-out-everywhere,session-ended,sign-in-refused,sign-in-delayed,claims-unknown,password-set,password-given,password-changed,invited,invitation-revoked,passkey-added,passkey-removed,passkey-refused,passkeys-reset,second-factor-shown,code-sent,code-delayed,code-proven,code-refused,link-mailed,link-opened,link-refused,links-revoked,acted-by-link,token-made,token-revoked,denied,statement-read,exported,log-read,webhook-added,webhook-removed,webhook-secret-renewed,webhook-paused,webhook-resumed,undelivered-resent,entries-lost"`
	Login   string `query:"login" maxLength:"64" doc:"Of a user, or of the ledger itself where its keeper acted at the machine"`
	Address string `query:"address" maxLength:"64" doc:"An IP address"`
	Object  string `query:"object" maxLength:"300" doc:"What was read or changed, such as a statement: C01 2025Q3"`
	From    string `query:"from" doc:"Business date; from its beginning"`
	Until   string `query:"until" doc:"Business date; to its end"`
	Before  int64  `query:"before" minimum:"0" doc:"The next of the answer before"`
	Limit   int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

// AuditEntry is one line of the audit.
type AuditEntry struct {
	Number    int64  `json:"number"`
	At        string `json:"at"`
	What      string `json:"what"`
	Login     string `json:"login,omitempty" doc:"Absent: nobody that is known"`
	Role      string `json:"role,omitempty"`
	Via       string `json:"via,omitempty"`
	Address   string `json:"address,omitempty"`
	Agent     string `json:"agent,omitempty"`
	Operation string `json:"operation,omitempty"`
	Object    string `json:"object,omitempty"`
	Scope     string `json:"scope,omitempty" doc:"How far the rights reached that were used"`
	Detail    string `json:"detail,omitempty"`
}

// AuditBody is a part of the audit, the newest first.
type AuditBody struct {
	Entries []AuditEntry `json:"entries"`
	Next    int64        `json:"next,omitempty" doc:"The before of the next part; absent at the end"`
}

func (d *Door) registerAudit(s *kit.Service) {
	register(s, kit.Operation(http.MethodGet, "/v1/door/audit", "door-audit",
		"What happened at the door: who signed in, was denied, read or took what", kit.MayAuditDoor),
		func(ctx context.Context, in *auditInput) (out AuditBody, _ []http.Cookie, err error) {
			f := store.Filter{
				What: in.What, Login: in.Login, Address: in.Address, Object: in.Object, Before: in.Before, Limit: in.Limit,
			}
			var p kit.Parser
			if p.Fail("login", d.mustBeSomebody(s, &f.Login)); p.Err == nil && in.Address != "" {
				p.Fail("address", mustBeAddress(in.Address))
			}
			if from := p.Date("from", in.From); !from.IsZero() {
				f.From = from.Start()
			}
			if until := p.Date("until", in.Until); !until.IsZero() {
				f.Until = until.AddDays(1).Start()
			}
			if p.Err != nil {
				return out, nil, p.Err
			}
			list, err := d.Entries(ctx, f)
			out.Entries = make([]AuditEntry, len(list))
			for i, e := range list {
				out.Entries[i] = AuditEntry{
					Number: e.Number, At: kit.Instant(e.At), What: e.What, Login: e.Login, Role: e.Role, Via: e.Via,
					Address: e.Address, Agent: e.Agent, Operation: e.Operation, Object: e.Object, Scope: e.Scope,
					Detail: e.Detail,
				}
			}
			if len(list) == in.Limit {
				out.Next = list[len(list)-1].Number
			}
			return out, nil, err
		})
	register(s, kit.Operation(http.MethodPost, "/v1/door/sign-outs", "sign-out-user",
		"End all sessions of a user and revoke all their API tokens", kit.MayAdministerUsers),
		func(ctx context.Context, in *body[signOutBody]) (out endedBody, _ []http.Cookie, err error) {
			login := in.Body.Login
			if err := d.mustBeSomebody(s, &login); err != nil {
				return out, nil, err
			}
			out.Sessions, out.Tokens, err = d.SignOutEverywhere(ctx, login, kit.CallerOf(ctx).Login, true)
			return out, nil, err
		})
}

// mustBeSomebody refuses a login under which nothing can be in the audit, and writes it
// as the audit does.
func (d *Door) mustBeSomebody(s *kit.Service, login *string) error {
	asked := domain.Clip(*login)
	if *login = domain.Login(*login); *login == "" || *login == Machine || d.known(*login) != "" {
		return nil
	}
	return domain.Invalid("login", asked, "unknown-user", "is no user's login", "").
		Among(s.Deps.Ledger.People().Nobody("login", asked).There)
}

// mustBeAddress refuses what no request can come from.
func mustBeAddress(text string) error {
	if _, err := netip.ParseAddr(text); err != nil {
		return domain.Invalid("address", text, "no-address", "must be an IP address such as 192.0.2.1 or 2001:db8::1", "")
	}
	return nil
}

type signOutBody struct {
	Login string `json:"login" maxLength:"64"`
}
