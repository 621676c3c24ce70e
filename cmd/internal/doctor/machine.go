package doctor

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func (m Host) withDefaults() Host {
	if m.Now == nil {
		m.Now = time.Now
	}
	if m.Space == nil {
		m.Space = space
	}
	if m.Clock == nil {
		m.Clock = timeService
	}
	if m.Files == nil {
		m.Files = func() (uint64, error) {
			var limit syscall.Rlimit
			err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)
			return limit.Cur, err
		}
	}
	return m
}

func space(dir string) (free, total uint64, err error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return 0, 0, err
	}
	return uint64(fs.Bavail) * uint64(fs.Bsize), uint64(fs.Blocks) * uint64(fs.Bsize), nil
}

// folder holds the keys and the log: nobody else may look in.
func (e *examination) folder() {
	dir := e.Config.Data
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.ill(Warn, "folder", "the data folder %s is not there yet", dir).
			treat("it is made by the first 'ledger serve'; if the ledger is elsewhere, name it with --data")
		return
	case err != nil:
		e.ill(Bad, "folder", "the data folder %s cannot be looked at: %v", dir, err).
			treat("run this as the person who serves the ledger")
		return
	case unix.Access(dir, unix.W_OK) != nil:
		e.ill(Bad, "folder", "nothing can be written into the data folder %s", dir).
			treat("run the ledger as the folder's owner, or give it to who runs the ledger: chown -R USER %s", dir)
		return
	}
	var open []string
	if info.Mode().Perm()&0o077 != 0 {
		open = append(open, dir)
	}
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
			open = append(open, filepath.Join(dir, entry.Name()))
		}
	}
	private := info.Mode().Perm()&0o077 == 0 // who cannot enter the folder cannot read what is in it
	secrets := slices.DeleteFunc(slices.Clone(open), func(path string) bool {
		name := filepath.Base(path)
		return !strings.HasSuffix(name, ".key") && !strings.Contains(name, ".sqlite")
	})
	switch {
	case private:
		e.good("folder", "the data folder %s is its owner's alone", dir)
	case len(secrets) > 0:
		e.ill(Bad, "folder", "others on this machine can read the log or the keys: %s", secrets).
			treat("take their rights away: chmod -R go-rwx %s", dir)
	default:
		e.ill(Warn, "folder", "others on this machine can look into %s", open).
			treat("take their rights away: chmod -R go-rwx %s", dir)
	}
}

const (
	gibi       = 1 << 30
	leastSpace = 1 * gibi // an engine's merge needs more than it leaves
	tightSpace = 10 * gibi
)

func (e *examination) disk() {
	dir := existing(e.Config.Data)
	free, total, err := e.Machine.Space(dir)
	switch left := float64(free) / gibi; {
	case err != nil:
		e.ill(Warn, "disk", "how much space %s has left is not known: %v", dir, err).treat("look with df")
	case free < leastSpace:
		e.ill(Bad, "disk", "%s has %.1f GiB left of %.1f", dir, left, float64(total)/gibi).
			treat("make room now: a full disk stops every command")
	case free < tightSpace:
		e.ill(Warn, "disk", "%s has %.1f GiB left of %.1f", dir, left, float64(total)/gibi).
			treat("make room before it is full: a full disk stops every command")
	default:
		e.good("disk", "%s has %.1f GiB left of %.1f", dir, left, float64(total)/gibi)
	}
}

// existing is a folder, or the first above it that is there.
func existing(dir string) string {
	for dir, _ = filepath.Abs(dir); ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
	}
}

// leastFiles is what the engines and a few hundred connections want.
const leastFiles = 4096

func (e *examination) limits() {
	switch limit, err := e.Machine.Files(); {
	case err != nil:
		e.ill(Warn, "open-files", "how many files may be open is not known: %v", err).treat("look with ulimit -n")
	case limit < leastFiles:
		e.ill(Warn, "open-files", "a process may have %d files open; %d connections can stand at once", limit,
			e.Network.Bounds().Connections).
			treat("raise the limit to %d or more: LimitNOFILE in the unit of systemd, or ulimit -n", leastFiles)
	default:
		e.good("open-files", "a process may have %d files open; %d connections can stand at once", limit,
			e.Network.Bounds().Connections)
	}
}

// mostOff is how far a clock may be off before business dates are at risk.
const mostOff = 2 * time.Second

// clock looks at the machine's time service and reports whether the clock can be
// believed.
func (e *examination) clock() bool {
	switch synchronised, off, known := e.Machine.Clock(); {
	case !known:
		e.ill(Warn, "clock", "this machine does not tell whether its clock is kept right").
			treat("see that a time service runs, such as chrony or systemd-timesyncd")
	case !synchronised:
		// A warning: the machine below a virtual one may keep it right.
		e.ill(Warn, "clock", "nothing keeps this machine's clock right").
			treat("start a time service, such as chrony or systemd-timesyncd: what is recorded carries this clock's time for ever")
	case off > mostOff:
		e.ill(Bad, "clock", "this machine's clock may be off by %s", off.Round(time.Millisecond)).
			treat("see to its time service: what is recorded carries this clock's time for ever")
		return false
	default:
		e.good("clock", "a time service keeps the clock right, to within %s", off.Round(time.Millisecond))
	}
	return true
}
