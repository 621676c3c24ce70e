package chdb

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// fakeRegistry puts an npm on the PATH that delivers a small package and
// notes each call, and returns an installer that pins that package.
type fakeRegistry struct {
	installer
	calls string // a file with one line per call of npm
	serve string // the archive npm delivers
}

const fakeLibrary = "not really a library"

func newFakeRegistry(t *testing.T) fakeRegistry {
	t.Helper()
	t.Setenv(LibraryEnv, "")
	root := t.TempDir()
	f := fakeRegistry{calls: filepath.Join(root, "calls"), serve: filepath.Join(root, "served.tgz")}
	f.dir = filepath.Join(root, "cache", Version)
	f.release = release{pkg: "@fake/lib", size: int64(len(fakeLibrary))}
	f.release.integrity = writeArchive(t, f.serve,
		map[string]string{"package/index.js": "1", "package/" + libraryName: fakeLibrary})
	f.npm(t, `echo "$@" >> '`+f.calls+`'; cp '`+f.serve+`' ./fake-lib.tgz`)
	return f
}

// npm replaces the fake npm's script.
func (f fakeRegistry) npm(t *testing.T, script string) {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "npm"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+"/usr/bin"+string(filepath.ListSeparator)+"/bin")
}

// called returns how npm was called, a line per call.
func (f fakeRegistry) called(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(f.calls)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

// writeArchive writes a package archive and returns its integrity.
func writeArchive(t *testing.T, path string, files map[string]string) string {
	t.Helper()
	var archive strings.Builder
	zipped := gzip.NewWriter(&archive)
	entries := tar.NewWriter(zipped)
	for name, text := range files {
		err := entries.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(text)), Typeflag: tar.TypeReg})
		if err == nil {
			_, err = entries.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(entries.Close(), zipped.Close(),
		os.WriteFile(path, []byte(archive.String()), 0o600)); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512([]byte(archive.String()))
	return "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
}

func wantInstalled(t *testing.T, f fakeRegistry) {
	t.Helper()
	path, err := f.locate()
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != fakeLibrary {
		t.Errorf("%q, %v", text, err)
	}
	if left, err := filepath.Glob(filepath.Join(f.dir, "unpack-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestInstall(t *testing.T) {
	f := newFakeRegistry(t)
	if _, err := f.locate(); !errors.Is(err, ErrNotInstalled) || !strings.Contains(err.Error(), "make engine") {
		t.Errorf("before: %v", err)
	}
	var reported []int64
	progress := func(done, total int64) {
		if total != f.release.size {
			t.Errorf("total %d", total)
		}
		reported = append(reported, done)
	}
	if _, err := f.install(t.Context(), progress); err != nil {
		t.Fatal(err)
	}
	wantInstalled(t, f)
	if len(reported) < 2 || reported[0] != 0 || reported[len(reported)-1] != f.release.size {
		t.Errorf("progress: %v", reported)
	}
	if calls := f.called(t); len(calls) != 1 || !strings.HasPrefix(calls[0], "pack @fake/lib@"+Version+" ") {
		t.Errorf("npm was called: %q", calls)
	}

	// What is there is not fetched again, with or without npm.
	f.npm(t, "exit 1")
	t.Setenv("PATH", t.TempDir())
	if _, err := f.install(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

func TestInstallReplacesATruncatedLibrary(t *testing.T) {
	f := newFakeRegistry(t)
	path, err := f.install(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 3); err != nil {
		t.Fatal(err)
	}
	// A killed install leaves its scratch folder.
	if err := os.Mkdir(filepath.Join(f.dir, "unpack-old"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := f.locate(); !errors.Is(err, ErrNotInstalled) || !strings.Contains(err.Error(), "3 bytes") {
		t.Errorf("got %v", err)
	}
	if _, err := f.install(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	wantInstalled(t, f)
}

func TestInstallTwiceAtOnce(t *testing.T) {
	f := newFakeRegistry(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := f.install(t.Context(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	wantInstalled(t, f)
	if calls := f.called(t); len(calls) != 1 {
		t.Errorf("npm was called %d times", len(calls))
	}
}

func TestInstallFailures(t *testing.T) {
	for name, test := range map[string]struct {
		prepare func(t *testing.T, f *fakeRegistry)
		is      error
		says    []string
	}{
		"checksum": {
			prepare: func(t *testing.T, f *fakeRegistry) {
				writeArchive(t, f.serve, map[string]string{"package/" + libraryName: strings.ToUpper(fakeLibrary)})
			},
			is:   ErrChecksum,
			says: []string{"should be sha512-", "but is sha512-", "@fake/lib"},
		},
		"npm missing": {
			prepare: func(t *testing.T, _ *fakeRegistry) { t.Setenv("PATH", t.TempDir()) },
			says:    []string{"install Node.js", LibraryEnv},
		},
		"offline": {
			prepare: func(t *testing.T, f *fakeRegistry) { f.npm(t, "echo npm error code ENOTFOUND >&2; exit 1") },
			says:    []string{"connect to the network", "ENOTFOUND", LibraryEnv},
		},
		"unknown package": {
			prepare: func(t *testing.T, f *fakeRegistry) { f.npm(t, "echo npm error code E404 >&2; exit 1") },
			says:    []string{"does not carry"},
		},
		"disk full": {
			prepare: func(t *testing.T, f *fakeRegistry) { f.npm(t, "echo npm error code ENOSPC >&2; exit 1") },
			says:    []string{"disk is full"},
		},
		"no archive": {
			prepare: func(t *testing.T, f *fakeRegistry) { f.npm(t, "true") },
			says:    []string{"0 archives"},
		},
		"no library in the archive": {
			prepare: func(t *testing.T, f *fakeRegistry) {
				f.release.integrity = writeArchive(t, f.serve, map[string]string{"package/index.js": "1"})
			},
			says: []string{"holds no " + libraryName},
		},
		"wrong size": {
			prepare: func(_ *testing.T, f *fakeRegistry) { f.release.size++ },
			says:    []string{"instead of"},
		},
		"not an archive": {
			prepare: func(t *testing.T, f *fakeRegistry) {
				if err := os.WriteFile(f.serve, []byte("hello"), 0o600); err != nil {
					t.Fatal(err)
				}
				sum := sha512.Sum512([]byte("hello"))
				f.release.integrity = "sha512-" + base64.StdEncoding.EncodeToString(sum[:])
			},
			says: []string{"chdb: the engine cannot be installed"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeRegistry(t)
			test.prepare(t, &f)
			_, err := f.install(t.Context(), nil)
			if err == nil || test.is != nil && !errors.Is(err, test.is) {
				t.Fatalf("got %v", err)
			}
			for _, part := range test.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("%q is missing in: %v", part, err)
				}
			}
			if _, err := f.locate(); !errors.Is(err, ErrNotInstalled) {
				t.Errorf("a failed install left something: %v", err)
			}
			if left, err := filepath.Glob(filepath.Join(f.dir, "unpack-*")); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
}

func TestInstallIsCancelled(t *testing.T) {
	f := newFakeRegistry(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.install(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	// One that waits for another's lock gives up as well.
	lock, err := lockFile(filepath.Join(f.dir, "install.lock"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.install(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := lock.Close(); err != nil {
		t.Error(err)
	}
}

func TestLibraryByEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.so")
	t.Setenv(LibraryEnv, path)
	t.Setenv("PATH", t.TempDir())
	for _, find := range []func() (string, error){Locate, func() (string, error) { return Install(t.Context(), nil) }} {
		if _, err := find(); err == nil || !strings.Contains(err.Error(), LibraryEnv) {
			t.Errorf("a missing file: %v", err)
		}
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, find := range []func() (string, error){Locate, func() (string, error) { return Install(t.Context(), nil) }} {
		if got, err := find(); got != path || err != nil {
			t.Errorf("got %s, %v", got, err)
		}
	}
}
