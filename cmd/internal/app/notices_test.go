package app_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"aftersales-ledger/api"
	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
)

// A server sends notices whether or not there are figures: what a receipt
// conflicts with is told to finance, and lies in the outbox.
func TestAServerSendsNotices(t *testing.T) {
	dir := t.TempDir()
	a := start(t, app.Config{Data: dir, ReadModels: noClickHouse, Notices: &app.Notices{}})
	admin, finance := clientOf(t, a, regionalAdmin), clientOf(t, a, domain.Actor{Name: "sun", Role: domain.Finance})
	if resp := post(t, admin, "/v1/centers", "open", openC01); resp.Status != http.StatusCreated {
		t.Fatalf("%d %s", resp.Status, resp.Body)
	}
	if resp := post(t, finance, "/v1/centers/C01/payments", "first",
		`{"bankReference":"S1","payer":"云栖","amount":"300.00","receivedOn":"2026-07-01"}`); resp.Status != http.StatusCreated {
		t.Fatalf("%d %s", resp.Status, resp.Body)
	}
	if resp := post(t, finance, "/v1/centers/C01/payments", "second",
		`{"bankReference":"S1","payer":"云栖","amount":"30.00","receivedOn":"2026-07-01"}`); resp.Status != http.StatusConflict {
		t.Fatalf("%d %s", resp.Status, resp.Body)
	}
	var sent notice.NoticeSent
	for batch, err := range a.Store.Subscribe(t.Context(), 0, 100) {
		if err != nil {
			t.Fatal(err)
		}
		for _, rec := range batch.Events {
			e, _, err := eventstore.Trade.DecodeRecorded(rec)
			if err != nil {
				t.Fatal(err)
			}
			if e, ok := e.(notice.NoticeSent); ok {
				sent = e
			}
		}
		if sent.Notice != "" {
			break
		}
	}
	if sent.Kind != "RECEIPT_CONFLICT" || sent.Channel != notice.Outbox {
		t.Errorf("sent %+v", sent)
	}
	files, err := filepath.Glob(filepath.Join(dir, "outbox", "*.eml"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the outbox holds %v (%v)", files, err)
	}
	if text, err := os.ReadFile(files[0]); err != nil || !strings.Contains(string(text), "<finance@outbox.invalid>") {
		t.Errorf("%v\n%s", err, text)
	}
	var health api.HealthBody
	if resp := get(t, admin,
		"/readyz"); json.Unmarshal(resp.Body, &health) != nil || health.Notices == nil || health.Notices.Channel != "OUTBOX" {
		t.Errorf("readiness answered %s", resp.Body)
	}
	// It is counted after it is recorded.
	for strings.Contains(string(get(t, admin, "/metrics").Body), `ledger_notices_sent_total{channel="OUTBOX"} 0`) {
		runtime.Gosched()
	}
	if resp := get(t, admin,
		"/metrics"); !strings.Contains(string(resp.Body), `ledger_notices_sent_total{channel="OUTBOX"} 1`) {
		t.Error("metrics do not count the notice")
	}
}

func TestNoticesThatCannotBeSentAreAnErrorAtStart(t *testing.T) {
	dir, nowhere := t.TempDir(), uint64(1000)
	book := filepath.Join(dir, "book.yaml")
	if err := os.WriteFile(book, []byte("addresses:\n  - {role: boss, mail: [a@b.example]}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		notices app.Notices
		says    string
	}{
		"a mail server and no sender":       {app.Notices{SMTP: "smtp://u:secret@mail.example"}, "--mail-from"},
		"a mail server and no addresses":    {app.Notices{SMTP: "smtp://u:secret@mail.example", Sender: "a@b.example"}, "--addresses"},
		"no mail server's address":          {app.Notices{SMTP: "mail.example", Sender: "a@b.example", Addresses: book}, "mail server"},
		"an address book with a mistake":    {app.Notices{Addresses: book}, "book.yaml:2: role"},
		"an address book that is not there": {app.Notices{Addresses: filepath.Join(dir, "none.yaml")}, "none.yaml"},
		"a beginning where nothing is":      {app.Notices{From: &nowhere}, "position 1000"},
		"a sender that is no address":       {app.Notices{Sender: "the ledger"}, "sender"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := app.Open(t.Context(), app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Notices: &tt.notices})
			if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v", err)
			}
		})
	}
}
