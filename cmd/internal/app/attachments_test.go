package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"aftersales-ledger/cmd/internal/app"
	"aftersales-ledger/cmd/internal/client"
)

// Attachments are kept where the configuration says: in the data folder, in
// another one, or in a bucket; and a place that cannot serve is told at once.
func TestAttachmentsAreKeptWhereTheConfigurationSays(t *testing.T) {
	backend := s3mem.New()
	if err := backend.CreateBucket("ledger"); err != nil {
		t.Fatal(err)
	}
	s3 := httptest.NewServer(gofakes3.New(backend).Server())
	defer s3.Close()
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	elsewhere := filepath.Join(t.TempDir(), "papers")
	data := t.TempDir()
	for name, tc := range map[string]struct {
		config app.Config
		folder string
	}{
		"in the data folder": {app.Config{Data: data, ReadModels: noClickHouse}, filepath.Join(data, "attachments")},
		"in another":         {app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Attachments: elsewhere}, elsewhere},
		"in a bucket":        {app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Attachments: "s3://ledger/papers?endpoint=" + s3.URL}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := start(t, tc.config)
			c := clientOf(t, a, regionalAdmin)
			content := "%PDF-1.4 " + name
			resp, err := c.Do(t.Context(), client.Request{
				Method: http.MethodPost, Path: "/v1/attachments?name=a.pdf", Key: "k", ContentType: "application/pdf",
				Body: []byte(content),
			})
			if err != nil || resp.Status != http.StatusCreated {
				t.Fatalf("answered %d: %s (%v)", resp.Status, resp.Body, err)
			}
			var kept struct{ SHA256 string }
			if err := json.Unmarshal(resp.Body, &kept); err != nil {
				t.Fatal(err)
			}
			if got := get(t, c, "/v1/attachments/"+kept.SHA256); got.Status != http.StatusOK || string(got.Body) != content {
				t.Errorf("answered %d: %s", got.Status, got.Body)
			}
			if tc.folder == "" {
				objects, err := backend.ListBucket("ledger", nil, gofakes3.ListBucketPage{})
				if err != nil || len(objects.Contents) != 1 || objects.Contents[0].Key != "papers/"+kept.SHA256[:2]+"/"+
					kept.SHA256 {
					t.Errorf("the bucket holds %+v, %v", objects, err)
				}
				return
			}
			if _, err := os.Stat(filepath.Join(tc.folder, kept.SHA256[:2], kept.SHA256)); err != nil {
				t.Error(err)
			}
		})
	}
	_, err := app.Open(t.Context(),
		app.Config{Data: t.TempDir(), ReadModels: noClickHouse, Attachments: "s3://other?endpoint=" + s3.URL})
	if err == nil || !strings.Contains(err.Error(), "bucket other") {
		t.Errorf("a bucket that does not exist: %v", err)
	}
}
