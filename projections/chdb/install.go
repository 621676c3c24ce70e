package chdb

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"aftersales-ledger/domain"
)

// Version is the release of the engine this package installs and is tested
// against.
const Version = "26.7.3-stable.1"

// LibraryEnv is the environment variable that names a library file to use
// instead of the one in the cache folder. It is the way in for machines
// without a network and for platforms without a pinned release.
const LibraryEnv = "LEDGER_CHDB_LIB"

const libraryName = "libchdb.so"

var (
	// ErrNotInstalled says that the library is not on this machine yet.
	ErrNotInstalled error = domain.Failed(nil,
		"chdb: the embedded ClickHouse engine is not installed; run `make engine` (that is, `ledger engine install`)")
	// ErrUnsupported says that no release is pinned for this platform.
	ErrUnsupported error = domain.Failed(nil,
		"chdb: no embedded ClickHouse engine for %s/%s; use a ClickHouse server by its DSN, or name a libchdb %s file in %s",
		runtime.GOOS, runtime.GOARCH, Version, LibraryEnv)
	// ErrChecksum says that a downloaded package is not the pinned one.
	ErrChecksum error = domain.Failed(nil, "chdb: checksum mismatch")

	// errHeld says that another process holds a lock file.
	errHeld error = domain.Failed(nil, "held by another process")
)

// release pins what the package registry must deliver for one platform.
type release struct {
	pkg       string
	integrity string // the sha512 of the package archive, as npm writes it
	size      int64  // the size of the library inside the archive
}

// releases holds one entry per "GOOS/GOARCH". The macOS and Linux arm64
// builds are not listed because the registry did not serve them at this
// version when it was pinned: an unseen archive cannot have a checksum.
var releases = map[string]release{
	"linux/amd64": {
		pkg:       "@chdb/lib-linux-x64-gnu",
		integrity: "sha512-XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==",
		size:      566330096,
	},
}

// Install makes sure that the library for this platform is in the user's
// cache folder and returns its path. It fetches the package with npm,
// verifies it against the pinned checksum and unpacks only the library; when
// the library is already there it does nothing. Several processes may install
// at once: one does the work, the others wait for it.
//
// progress, which may be nil, is told how many bytes of the library have been
// unpacked; the first call, with done at zero, comes before the download.
func Install(ctx context.Context, progress func(done, total int64)) (string, error) {
	inst, err := newInstaller()
	if err != nil {
		return "", err
	}
	return inst.install(ctx, progress)
}

// Locate returns the path of the installed library, or ErrNotInstalled.
func Locate() (string, error) {
	inst, err := newInstaller()
	if err != nil {
		return "", err
	}
	return inst.locate()
}

type installer struct {
	override string // a library file that makes everything else unnecessary
	dir      string // the cache folder of this version
	release  release
}

func newInstaller() (installer, error) {
	if path := os.Getenv(LibraryEnv); path != "" {
		return installer{override: path}, nil
	}
	pinned, ok := releases[runtime.GOOS+"/"+runtime.GOARCH]
	if !ok {
		return installer{}, ErrUnsupported
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return installer{}, domain.Failed(err, "chdb: no cache folder; set XDG_CACHE_HOME, or name the library file in %s",
			LibraryEnv)
	}
	return installer{dir: filepath.Join(cache, "aftersales-ledger", "chdb", Version), release: pinned}, nil
}

// locate trusts a library of the pinned size under its final name: only a
// verified and synced file is ever renamed to it, so hashing half a gigabyte
// again would tell nothing new, while the size still tells of a copy that was
// cut short later.
func (i installer) locate() (string, error) {
	if i.override != "" {
		switch info, err := os.Stat(i.override); {
		case err != nil:
			return "", fmt.Errorf("chdb: %s: %w", LibraryEnv, err)
		case !info.Mode().IsRegular():
			return "", domain.Failed(nil, "chdb: %s: %s is not a file", LibraryEnv, i.override)
		}
		return i.override, nil
	}
	path := filepath.Join(i.dir, libraryName)
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return "", ErrNotInstalled
	case err != nil:
		return "", fmt.Errorf("%w (%w)", ErrNotInstalled, err)
	case info.Size() != i.release.size:
		return "", fmt.Errorf("%w (%w)", ErrNotInstalled,
			domain.Failed(nil, "%s has %d bytes instead of %d", path, info.Size(), i.release.size))
	}
	return path, nil
}

func (i installer) install(ctx context.Context, progress func(done, total int64)) (string, error) {
	if path, err := i.locate(); err == nil || i.override != "" {
		return path, err
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	progress(0, i.release.size)
	if err := os.MkdirAll(i.dir, 0o755); err != nil {
		return "", i.explain(err)
	}
	unlock, err := i.lock(ctx)
	if err != nil {
		return "", i.explain(err)
	}
	defer unlock()
	// Whoever held the lock before may have done the work.
	if path, err := i.locate(); err == nil {
		return path, nil
	}
	if err := i.fetch(ctx, progress); err != nil {
		return "", i.explain(err)
	}
	return i.locate()
}

// lock waits for the lock of the cache folder, so that two processes do not
// download the same 180 MB side by side.
func (i installer) lock(ctx context.Context) (unlock func(), err error) {
	retry := time.NewTicker(100 * time.Millisecond)
	defer retry.Stop()
	for {
		file, err := lockFile(filepath.Join(i.dir, "install.lock"))
		if err == nil {
			return func() { _ = file.Close() }, nil
		}
		if !errors.Is(err, errHeld) {
			return nil, err
		}
		select {
		case <-retry.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// fetch downloads, verifies and unpacks in a scratch folder next to the final
// place, so that the last step is a rename within one file system.
func (i installer) fetch(ctx context.Context, progress func(done, total int64)) error {
	const scratch = "unpack-"
	leftovers, err := filepath.Glob(filepath.Join(i.dir, scratch+"*"))
	if err != nil {
		return err
	}
	// The lock is ours, so these belong to installs that were killed.
	for _, old := range leftovers {
		if err := os.RemoveAll(old); err != nil {
			return err
		}
	}
	tmp, err := os.MkdirTemp(i.dir, scratch)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()

	archive, err := i.download(ctx, tmp)
	if err != nil {
		return err
	}
	if err := i.verify(archive); err != nil {
		return err
	}
	library := filepath.Join(tmp, libraryName)
	if err := i.unpack(ctx, archive, library, progress); err != nil {
		return err
	}
	if err := os.Rename(library, filepath.Join(i.dir, libraryName)); err != nil {
		return err
	}
	return syncDir(i.dir)
}

// download lets npm fetch the package, because npm knows the registry, proxy
// and certificates this machine is set up with.
func (i installer) download(ctx context.Context, dir string) (archive string, err error) {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", domain.Failed(err,
			"npm, which fetches the engine, is not on the PATH: install Node.js, or name a library file in %s", LibraryEnv)
	}
	spec := i.release.pkg + "@" + Version
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, npm, "pack", spec, "--ignore-scripts", "--prefer-offline", "--loglevel=error")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &output, &output
	cmd.WaitDelay = 5 * time.Second
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		err = fmt.Errorf("npm pack %s: %w", spec, err)
		if remedy := npmRemedy(output.String()); remedy != nil {
			err = fmt.Errorf("%w; %w", err, remedy)
		}
		return "", fmt.Errorf("%w\n%s", err, tail(output.String(), 600))
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", domain.Failed(nil, "npm pack %s left %d archives instead of one", spec, len(found))
	}
	return found[0], nil
}

// npmRemedy reads the error codes npm prints and says what helps, nil where nothing is known to.
func npmRemedy(output string) error {
	for _, fault := range []struct {
		codes  []string
		remedy error
	}{
		{[]string{"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH", "ENOTCACHED"},
			domain.Failed(nil, "the package registry cannot be reached: connect to the network, or copy the library from another machine and name it in %s", LibraryEnv)},
		{[]string{"ENOSPC"}, domain.Failed(nil, "the disk is full")},
		{[]string{"E404", "ETARGET"}, domain.Failed(nil, "the registry npm is set up with does not carry this package")},
	} {
		for _, code := range fault.codes {
			if strings.Contains(output, code) {
				return fault.remedy
			}
		}
	}
	return nil
}

func tail(text string, size int) string {
	text = strings.TrimSpace(text)
	if len(text) <= size {
		return text
	}
	return "…" + strings.ToValidUTF8(text[len(text)-size:], "")
}

func (i installer) verify(archive string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	hash := sha512.New()
	if _, err := io.Copy(hash, file); err != nil {
		return err
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(hash.Sum(nil)); got != i.release.integrity {
		return fmt.Errorf("%w: %w", ErrChecksum, domain.Failed(nil,
			"%s@%s should be %s but is %s; nothing was installed — do not trust the registry or proxy that served it",
			i.release.pkg, Version, i.release.integrity, got))
	}
	return nil
}

// unpack writes the library inside archive to path and syncs it.
func (i installer) unpack(ctx context.Context, archive, path string, progress func(done, total int64)) (err error) {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	entries := tar.NewReader(zipped)
	for {
		switch header, err := entries.Next(); {
		case err == io.EOF:
			return domain.Failed(nil, "%s@%s holds no %s", i.release.pkg, Version, libraryName)
		case err != nil:
			return err
		case header.Name != "package/"+libraryName:
			continue
		case header.Size != i.release.size:
			return domain.Failed(nil, "%s@%s holds %d bytes of %s instead of %d", i.release.pkg, Version, header.Size, libraryName,
				i.release.size)
		}
		break
	}
	library, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, library.Close()) }()
	counter := &meter{ctx: ctx, total: i.release.size, report: progress}
	if _, err := io.Copy(io.MultiWriter(library, counter), entries); err != nil {
		return err
	}
	return library.Sync()
}

// meter reports what passes through it and stops the copy when its context
// ends.
type meter struct {
	ctx         context.Context
	done, total int64
	report      func(done, total int64)
}

func (m *meter) Write(p []byte) (int, error) {
	if err := m.ctx.Err(); err != nil {
		return 0, err
	}
	m.done += int64(len(p))
	m.report(m.done, m.total)
	return len(p), nil
}

// explain adds what to do to the errors of an install.
func (i installer) explain(err error) error {
	switch {
	case errors.Is(err, ErrChecksum):
		return err // it already says everything
	case diskFull(err):
		return domain.Failed(err, "chdb: the disk is full; the engine needs %d MB free in %s while it is installed",
			2*i.release.size>>20, i.dir)
	}
	return domain.Failed(err, "chdb: the engine cannot be installed")
}
