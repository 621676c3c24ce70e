package files_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/eventstore/files"
	"aftersales-ledger/eventstore/files/filestest"
	"aftersales-ledger/eventstore/ledger"
)

func digest(content []byte) attachment.Digest {
	sum := sha256.Sum256(content)
	return attachment.Digest(hex.EncodeToString(sum[:]))
}

// s3 serves an S3-compatible store with a bucket in this process.
func s3(t *testing.T) (endpoint string, backend gofakes3.Backend) {
	t.Helper()
	backend = s3mem.New()
	if err := backend.CreateBucket("ledger"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	return server.URL, backend
}

// Whoever reads a content or sees its place reads it past every right: what was made
// for others to read as well is its owner's alone from then on.
func TestAFolderIsItsOwnersAlone(t *testing.T) {
	root := filepath.Join(t.TempDir(), "attachments")
	if err := errors.Join(os.Mkdir(root, 0o777), os.Chmod(root, 0o777)); err != nil {
		t.Fatal(err)
	}
	place, err := files.Open(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	content := []byte("%PDF-1.7 一")
	if err := place.Put(t.Context(), digest(content), content); err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		info, failed := os.Stat(path)
		if err := errors.Join(err, failed); err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode().Perm())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every place keeps what it was given, byte for byte, and knows what it lacks.
func TestEveryPlaceKeepsContents(t *testing.T) {
	endpoint, _ := s3(t)
	places := map[string]func() (ledger.Files, error){
		"a folder": func() (ledger.Files, error) {
			return files.Open(t.Context(), filepath.Join(t.TempDir(), "new", "folder"))
		},
		"a bucket": func() (ledger.Files, error) { return files.Open(t.Context(), "s3://ledger?endpoint="+endpoint) },
		"a bucket and a prefix": func() (ledger.Files, error) {
			return files.Open(t.Context(), "s3://ledger/a/b?region=eu-west-1&endpoint="+endpoint)
		},
		"memory": func() (ledger.Files, error) { return &filestest.Memory{}, nil },
	}
	for name, open := range places {
		t.Run(name, func(t *testing.T) {
			place, err := open()
			if err != nil {
				t.Fatal(err)
			}
			for _, content := range [][]byte{[]byte("%PDF-1.7 一"), bytes.Repeat([]byte{0, 255}, 3<<20)} {
				id := digest(content)
				if _, err := place.Read(t.Context(), id); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("what was never put: got %v", err)
				}
				for range 2 { // again, it changes nothing
					if err := place.Put(t.Context(), id, content); err != nil {
						t.Fatal(err)
					}
				}
				got, err := place.Read(t.Context(), id)
				if err != nil || !bytes.Equal(got, content) {
					t.Errorf("read %d bytes back, %v", len(got), err)
				}
			}
		})
	}
}

func TestAFolderIsReadAfterAnotherProcessAndMended(t *testing.T) {
	dir, content := t.TempDir(), []byte("letter")
	id := digest(content)
	open := func() ledger.Files {
		place, err := files.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		return place
	}
	if err := open().Put(t.Context(), id, content); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, string(id[:2]), string(id))
	if err := os.WriteFile(path, []byte("forged"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := open().Put(t.Context(), id, content); err != nil {
		t.Fatal(err)
	}
	if got, err := open().Read(t.Context(), id); err != nil || !bytes.Equal(got, content) {
		t.Errorf("read %q, %v", got, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*", ".new-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A name that is no hash reaches neither a folder's parents nor other objects.
func TestOnlyAHashIsAName(t *testing.T) {
	endpoint, _ := s3(t)
	for _, location := range []string{t.TempDir(), "s3://ledger?endpoint=" + endpoint} {
		place, err := files.Open(t.Context(), location)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range []attachment.Digest{
			"", "../../etc/passwd", attachment.Digest(strings.Repeat("g", 64)), attachment.Digest(strings.Repeat("A", 64)),
		} {
			if err := place.Put(t.Context(), id, []byte("x")); err == nil {
				t.Errorf("%s took the name %q", location, id)
			}
			if _, err := place.Read(t.Context(), id); err == nil {
				t.Errorf("%s read the name %q", location, id)
			}
		}
	}
}

func TestALocationThatCannotServeIsRefusedAtOnce(t *testing.T) {
	endpoint, _ := s3(t)
	for location, says := range map[string]string{
		"":                                 "no folder",
		"ftp://somewhere":                  "not known",
		"s3://?endpoint=" + endpoint:       "names no bucket",
		"s3://other?endpoint=" + endpoint:  "does not exist",
		"s3://ledger?endpoint=minio":       "must be https",
		"s3://ledger?secret=x":             `"secret" is not known`,
		"s3://ledger?endpoint=http://[::1": "must be https",
	} {
		if _, err := files.Open(t.Context(), location); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: got %v, want %q", location, err, says)
		}
	}
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := files.Open(t.Context(), dir); err == nil {
		t.Error("a file was taken for a folder")
	}
}
