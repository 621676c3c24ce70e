package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/app/apptest"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore/ledger"
)

// What the tools for webhooks and links ask of a server, and what they say of its answer.
func TestWebhooksAndLinksAreSeenToAtTheCommandLine(t *testing.T) {
	const hook = `{"id":"wh_a","url":"https://x.example.com","owner":"wang.fang","role":"finance","status":"PAUSED",` +
		`"problem":"by admin","through":7,"secret":"whsec_b"}`
	for args, tt := range map[string]struct {
		answers map[string]string // by call
		said    []string
	}{
		"webhook add https://x.example.com --type TicketClosed --type PartIssued --note ERP": {
			map[string]string{
				`POST /v1/webhooks {"note":"ERP","types":["TicketClosed","PartIssued"],"url":"https://x.example.com"}`: hook,
			},
			[]string{"wh_a", "密钥（仅显示一次） whsec_b"},
		},
		"webhook list": {
			map[string]string{`GET /v1/webhooks `: `{"rows":[` + hook + `]}`},
			[]string{"wh_a", "https://x.example.com", "财务", "已暂停", "by admin", "7"},
		},
		"webhook remove wh_a": {map[string]string{`POST /v1/webhooks/wh_a/removal `: `{}`}, []string{"wh_a：已删除"}},
		"webhook secret wh_a": {map[string]string{`POST /v1/webhooks/wh_a/secret `: hook}, []string{"whsec_b"}},
		"webhook pause wh_a":  {map[string]string{`POST /v1/webhooks/wh_a/pause {"paused":true}`: hook}, []string{"已暂停"}},
		"webhook resume wh_a": {map[string]string{`POST /v1/webhooks/wh_a/pause {"paused":false}`: hook}, []string{"wh_a"}},
		"webhook undelivered wh_a": {
			map[string]string{
				`GET /v1/webhooks/wh_a/undelivered?limit=1000 `: `{"rows":[{"message":"wh_a_1","change":{"type":"TicketClosed",` +
					`"id":"F0-1","position":1},"since":"2026-11-01T08:00:00+08:00","problem":"answered 500"}],"next":"wh_a_1"}`,
				`GET /v1/webhooks/wh_a/undelivered?cursor=wh_a_1&limit=1000 `: `{"rows":[{"message":"wh_a_2","change":{}}]}`,
			},
			[]string{"wh_a_1", "TicketClosed", "F0-1", "answered 500", "wh_a_2"},
		},
		"webhook resend wh_a wh_a_1 wh_a_2": {
			map[string]string{
				`POST /v1/webhooks/wh_a/undelivered/wh_a_1/resend `: `{}`, `POST /v1/webhooks/wh_a/undelivered/wh_a_2/resend `: `{}`,
			},
			[]string{"wh_a_1：已送达", "wh_a_2：已送达"},
		},
		"link list C01 2025Q4": {
			map[string]string{`GET /v1/centers/C01/statements/2025Q4/links `: `{"links":[{"link":"k1","login":"head.c01",` +
				`"mail":"h…@c01.example.com","version":2,"madeAt":"2026-01-03T08:00:00+08:00","until":"2026-02-15"}]}`},
			[]string{"C01 2025Q4", "k1", "head.c01", "2026-02-15"},
		},
		"link revoke C01 2025Q4 --reason 换人": {
			map[string]string{`POST /v1/centers/C01/statements/2025Q4/links/revocation {"reason":"换人"}`: `{"revoked":2}`},
			[]string{"C01 2025Q4：已撤销2个链接"},
		},
	} {
		t.Run(args, func(t *testing.T) {
			var calls []string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/healthz" {
					return
				}
				body, _ := io.ReadAll(r.Body)
				call := r.Method + " " + r.URL.String() + " " + string(body)
				calls = append(calls, call)
				_, _ = io.WriteString(w, cmp.Or(tt.answers[call], `{}`))
			}))
			defer server.Close()
			said, err := tryRun(t, append(strings.Fields(args), "--server", server.URL, "--token", "x", "--lang", "zh")...)
			if err != nil {
				t.Fatal(err)
			}
			for call := range tt.answers {
				if !slices.Contains(calls, call) {
					t.Errorf("%q was not asked, but %q", call, calls)
				}
			}
			if len(calls) != len(tt.answers) {
				t.Errorf("asked %q", calls)
			}
			for _, text := range tt.said {
				if !strings.Contains(said, text) {
					t.Errorf("%q is not said:\n%s", text, said)
				}
			}
		})
	}
}

// Without a token the machine's owner acts in the role that the command is for. A webhook
// is a user's: of the machine's owner it would tell nothing, ever.
func TestTheMachinesOwnerSeesToWebhooksAndHasNone(t *testing.T) {
	data := t.TempDir()
	a := apptest.Start(t, app.Config{Data: data, ReadModels: "http://127.0.0.1:1/ledger"})
	do := func(command func(context.Context, ledger.Request) error) {
		t.Helper()
		who := domain.Actor{Name: "test", Role: domain.Administrator}
		if err := command(t.Context(), ledger.Request{Key: rand.Text(), Actor: who}); err != nil {
			t.Fatal(err)
		}
	}
	do(func(ctx context.Context, r ledger.Request) error {
		_, err := ledger.Do(ctx, a.Ledger, r, user.Create{Login: "wang.fang", Name: "王芳", Reason: "test"}, (*user.Users).Create)
		return err
	})
	do(func(ctx context.Context, r ledger.Request) error {
		_, err := ledger.Do(ctx, a.Ledger, r, user.Grant{
			Login: "wang.fang", Role: domain.Finance, Reach: access.Everything(), Reason: "test",
		}, (*user.Users).Grant)
		return err
	})
	server := httptest.NewServer(a.Handler)
	t.Cleanup(server.Close)
	run := func(args ...string) (string, error) {
		return tryRun(t, append(args, "--data", data, "--server", server.URL, "--lang", "en")...)
	}
	_, err := run("webhook", "add", "https://x.example.com")
	if err == nil || !strings.Contains(err.Error(), "console is no user") {
		t.Errorf("a webhook of the machine's owner: %v", err)
	}
	said, err := run("webhook", "add", "https://x.example.com", "--as", "wang.fang", "--role", "finance")
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`wh_\w+`).FindString(said)
	for _, args := range [][]string{{"list"}, {"pause", id}} {
		said, err := run(append([]string{"webhook"}, args...)...)
		if err != nil || !strings.Contains(said, id) || !strings.Contains(said, "wang.fang") {
			t.Errorf("%v: %v\n%s", args, err, said)
		}
	}
	if _, err := run("webhook", "remove", id); err != nil {
		t.Error(err)
	}
	if _, err := run("webhook", "pause", id); err == nil {
		t.Error("a webhook that was removed is paused")
	}
	_, err = run("link", "revoke", "C01", "2025Q4", "--reason", "x")
	if err == nil || !strings.Contains(err.Error(), "is not a property center") {
		t.Errorf("as a regional admin: %v", err)
	}
}
