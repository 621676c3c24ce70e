package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"aftersales-ledger/api/papers"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
)

// A file larger than any command comes back byte for byte, as what its content
// is and never as a page.
func TestAnAttachmentComesBackAsItWasStored(t *testing.T) {
	w := newWorld(t)
	photo := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte{0, 1, 2, 255}, 1<<19)...)
	status, body := w.post(t.Context(), admin, "/v1/attachments?name="+"%E7%8E%B0%E5%9C%BA.pdf", "k1", photo)
	var kept papers.AttachmentReceipt
	if err := json.Unmarshal(body, &kept); err != nil || status != http.StatusCreated {
		t.Fatalf("answered %d: %s", status, body)
	}
	if kept.Type != string(attachment.PNG) || kept.Name != "现场.pdf" || kept.Size != int64(len(photo)) ||
		kept.ID != kept.SHA256 {
		t.Errorf("kept as %+v", kept)
	}
	status, header, got := w.get(admin, "/v1/attachments/"+kept.SHA256)
	if status != http.StatusOK || got != string(photo) {
		t.Errorf("answered %d with %d bytes", status, len(got))
	}
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Etag": `"` + kept.SHA256 + `"`,
		"Content-Disposition": "attachment; filename*=UTF-8''%E7%8E%B0%E5%9C%BA.pdf",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	w.restart()
	if status, _, _ := w.get(admin, "/v1/attachments/"+kept.SHA256); status != http.StatusOK {
		t.Errorf("after a restart: %d", status)
	}
	if status, _, _ := w.get(centerHead, "/v1/attachments/"+kept.SHA256); status != http.StatusNotFound {
		t.Errorf("a center's person was answered %d", status)
	}
	// Spoiled where it is kept, it is not answered at all.
	if err := w.files.Put(t.Context(), attachment.Digest(kept.SHA256), []byte("forged")); err != nil {
		t.Fatal(err)
	}
	status, _, got = w.get(admin, "/v1/attachments/"+kept.SHA256)
	if status != http.StatusInternalServerError || !strings.Contains(got,
		"attachment-damaged") || strings.Contains(got, "forged") {
		t.Errorf("a spoiled content was answered %d: %s", status, got)
	}
}

func TestWhatIsNoAttachmentIsRefused(t *testing.T) {
	w := newWorld(t)
	pdf := "%PDF-1.4 "
	for name, tc := range map[string]struct {
		actor  domain.Actor
		path   string
		key    string
		body   string
		status int
		code   string
	}{
		"too large":       {admin, "/v1/attachments?name=a.pdf", "k", pdf + strings.Repeat("x", attachment.MaxSize), http.StatusRequestEntityTooLarge, "body-too-large"},
		"empty":           {admin, "/v1/attachments?name=a.pdf", "k", "", 0, ""},
		"without a name":  {admin, "/v1/attachments", "k", pdf, http.StatusUnprocessableEntity, "invalid"},
		"without a key":   {admin, "/v1/attachments?name=a.pdf", "", pdf, http.StatusUnprocessableEntity, "invalid"},
		"of another type": {admin, "/v1/attachments?name=a.pdf", "k", "#!/bin/sh", http.StatusUnprocessableEntity, "attachment-type"},
		"of a stranger":   {registrar, "/v1/attachments?name=a.pdf", "k", pdf, http.StatusForbidden, "role-not-allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			before := w.head()
			status, body := w.post(t.Context(), tc.actor, tc.path, tc.key, []byte(tc.body))
			if tc.code == "" {
				if status < 400 || status > 499 {
					t.Errorf("answered %d: %s", status, body)
				}
			} else if status != tc.status || !strings.Contains(string(body), "problem:"+tc.code) {
				t.Errorf("answered %d, want %d %s: %s", status, tc.status, tc.code, body)
			}
			if after := w.head(); after != before {
				t.Errorf("the log grew from %d to %d", before, after)
			}
		})
	}
}
