package hooks

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/live"
	"aftersales-ledger/domain"
	"aftersales-ledger/projections"
)

// HookBody is a registration as it is shown.
type HookBody struct {
	ID      string   `json:"id"`
	URL     string   `json:"url"`
	Types   []string `json:"types,omitempty" doc:"Of events; absent: all that its owner may know of"`
	Note    string   `json:"note,omitempty"`
	Owner   string   `json:"owner"`
	Role    string   `json:"role" doc:"In which it was registered: it tells what that role's holder may know now"`
	Made    string   `json:"made"`
	Status  string   `json:"status" enum:"LIVE,FAILING,PAUSED"`
	Problem string   `json:"problem,omitempty" doc:"Why it fails, or is paused"`
	Since   string   `json:"since,omitempty" doc:"Since when it fails"`
	Next    string   `json:"next,omitempty" doc:"When it is tried again"`
	Through uint64   `json:"through" doc:"Log position up to which everything was told or given up"`
	Secret  string   `json:"secret,omitempty" doc:"Shown once: with it the receiver verifies what comes (Standard Webhooks)"`
}

// HooksBody lists registrations.
type HooksBody struct {
	Rows []HookBody `json:"rows"`
}

// UndeliveredBody is a message that was given up.
type UndeliveredBody struct {
	Message string      `json:"message" doc:"Its webhook-id"`
	Change  live.Change `json:"change"`
	Since   string      `json:"since" doc:"Since when the receiver had not taken messages"`
	Problem string      `json:"problem"`
}

// UndeliveredListBody is a page of them, in the order of the log.
type UndeliveredListBody struct {
	Rows []UndeliveredBody `json:"rows"`
	Next string            `json:"next,omitempty"`
}

type addInput struct {
	Body struct {
		URL   string   `json:"url" format:"uri" maxLength:"1000" example:"https://erp.example.com/hooks"`
		Types []string `json:"types,omitempty" maxItems:"100" example:"[\"StatementConfirmed\"]" doc:"Of events; absent: all"`
		Note  string   `json:"note,omitempty" maxLength:"200"`
	}
}

// HookPath names a webhook.
type HookPath struct {
	Webhook string `path:"webhook" maxLength:"64"`
}

type pauseInput struct {
	HookPath
	Body struct {
		Paused bool `json:"paused"`
	}
}

type undeliveredInput struct {
	HookPath
	kit.PageParams
}

type resendInput struct {
	HookPath
	Message string `path:"message" maxLength:"120"`
}

type answer[T any] struct {
	Cache string `header:"Cache-Control"`
	Body  T
}

func register[I, O any](
	s *kit.Service, method, path, id, summary string, status int, handle func(context.Context, *I) (O, error),
) {
	op := kit.Operation(method, path, id, summary, kit.MayHook)
	op.DefaultStatus, op.MaxBodyBytes, op.Errors = status, 16<<10, []int{401, 403, 404, 409, 422, 429, 503}
	huma.Register(s.API, op, func(ctx context.Context, in *I) (*answer[O], error) {
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.Problem(ctx, err)
		}
		return &answer[O]{"no-store", out}, nil
	})
}

// Register registers the routes.
func (h *Hooks) Register(s *kit.Service) {
	const of = "/v1/webhooks/{webhook}"
	register(s, http.MethodPost, "/v1/webhooks", "add-webhook", "Have a program told what happens, by signed posts",
		http.StatusCreated, func(ctx context.Context, in *addInput) (out HookBody, err error) {
			hook, err := h.Add(ctx, kit.ActorOf(ctx), in.Body.URL, in.Body.Note, in.Body.Types)
			if err != nil {
				return out, err
			}
			s.NoteAct(ctx, "add-webhook", "webhook-added", hook.ID+" "+hostOf(hook.URL))
			return h.shown(ctx, hook, true)
		})
	register(s, http.MethodGet, "/v1/webhooks", "list-webhooks", "My webhooks, and for an administrator everybody's",
		http.StatusOK, func(ctx context.Context, _ *struct{}) (out HooksBody, err error) {
			owner := kit.ActorOf(ctx).Name
			if kit.ActorOf(ctx).Role == domain.Administrator {
				owner = ""
			}
			list, err := h.List(ctx, owner)
			out.Rows = make([]HookBody, len(list))
			for i := 0; err == nil && i < len(list); i++ {
				out.Rows[i], err = h.shown(ctx, list[i], false)
			}
			return out, err
		})
	register(s, http.MethodPost, of+"/removal", "remove-webhook", "End a webhook, with what it could not deliver",
		http.StatusOK, func(ctx context.Context, in *HookPath) (out struct{}, err error) {
			if err = h.Remove(ctx, in.Webhook, kit.ActorOf(ctx)); err == nil {
				s.NoteAct(ctx, "remove-webhook", "webhook-removed", in.Webhook)
			}
			return out, err
		})
	register(s, http.MethodPost, of+"/secret", "renew-webhook-secret",
		"Give a webhook a new secret; the one before signs along for a day", http.StatusOK,
		func(ctx context.Context, in *HookPath) (out HookBody, err error) {
			hook, err := h.Renew(ctx, in.Webhook, kit.ActorOf(ctx))
			if err != nil {
				return out, err
			}
			s.NoteAct(ctx, "renew-webhook-secret", "webhook-secret-renewed", in.Webhook)
			return h.shown(ctx, hook, true)
		})
	register(s, http.MethodPost, of+"/pause", "pause-webhook", "Stop a webhook, or have it go on where it stopped",
		http.StatusOK, func(ctx context.Context, in *pauseInput) (out HookBody, err error) {
			hook, err := h.Pause(ctx, in.Webhook, kit.ActorOf(ctx), in.Body.Paused)
			if err != nil {
				return out, err
			}
			s.NoteAct(ctx, "pause-webhook", map[bool]string{true: "webhook-paused", false: "webhook-resumed"}[in.Body.Paused],
				in.Webhook)
			return h.shown(ctx, hook, false)
		})
	register(s, http.MethodGet, of+"/undelivered", "list-undelivered", "What a webhook could not deliver and gave up",
		http.StatusOK, func(ctx context.Context, in *undeliveredInput) (out UndeliveredListBody, err error) {
			if in.Cursor != "" && !strings.HasPrefix(in.Cursor, in.Webhook+"_") {
				return out, projections.BadCursor(in.Cursor)
			}
			list, err := h.Undelivered(ctx, in.Webhook, kit.ActorOf(ctx))
			out.Rows = []UndeliveredBody{}
			for _, u := range list {
				switch {
				case u.Message <= in.Cursor: // their names are in the order of the log
				case len(out.Rows) == in.Limit:
					out.Next = out.Rows[in.Limit-1].Message
					return out, err
				default:
					out.Rows = append(out.Rows, UndeliveredBody{u.Message, u.Change, kit.Instant(u.Since), u.Problem})
				}
			}
			return out, err
		})
	register(s, http.MethodPost, of+"/undelivered/{message}/resend", "resend-undelivered",
		"Send a message again that was given up, once and now", http.StatusOK,
		func(ctx context.Context, in *resendInput) (out struct{}, err error) {
			if err = h.Resend(ctx, in.Webhook, in.Message, kit.ActorOf(ctx)); err == nil {
				s.NoteAct(ctx, "resend-undelivered", "undelivered-resent", in.Webhook+" "+in.Message)
			}
			return out, err
		})
}

// hostOf is where an address leads to: the rest of it may be a secret of its owner's.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// shown is a registration as its owner sees it.
func (h *Hooks) shown(ctx context.Context, hook Hook, withSecret bool) (HookBody, error) {
	b := HookBody{
		ID: hook.ID, URL: hook.URL, Types: hook.Types, Note: hook.Note, Owner: hook.Owner, Role: string(hook.Role),
		Made: kit.Instant(hook.Made), Status: "LIVE",
	}
	if withSecret {
		b.Secret = hook.Secrets[0].Text
	}
	p, err := h.placeOf(ctx, hook.ID)
	if err != nil {
		return b, err
	}
	b.Through = uint64(p.Position)
	switch {
	case hook.Paused != "":
		b.Status, b.Problem = "PAUSED", hook.Paused
	case !p.Failing.IsZero():
		b.Status, b.Problem, b.Since, b.Next = "FAILING", p.Problem, kit.Instant(p.Failing), kit.Instant(p.Next)
	}
	return b, nil
}
