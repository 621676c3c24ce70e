package sqlite

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"aftersales-ledger/domain"
)

// lockFile makes this process the only one that writes the log at path. Two
// writers would each believe to know the head of the log and the revisions of
// its streams.
//
// The lock is a file of its own: SQLite guards the database file with POSIX
// locks, which a process loses as soon as it closes any descriptor of that
// file. The kernel drops the lock with the process, however it ends, so the
// file that stays behind does no harm.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer func() { _ = f.Close() }()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, domain.Failed(nil,
				"a ledger is already running on %s%v: stop it first, or start this one on another file", path, holder(f))
		}
		return nil, fmt.Errorf("locking %s: %w", f.Name(), err)
	}
	// Who holds it is told only to help; the lock does not depend on it.
	if f.Truncate(0) == nil {
		_, _ = f.WriteAt(strconv.AppendInt(nil, int64(os.Getpid()), 10), 0)
	}
	return f, nil
}

// holder names the process that holds the lock, as far as it is known.
func holder(f *os.File) domain.Text {
	content, err := io.ReadAll(io.LimitReader(f, 20))
	if err != nil {
		return domain.Text{}
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return domain.Text{}
	}
	return domain.Say(" (process %d)", pid)
}
