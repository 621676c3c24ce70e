//go:build linux || darwin

package chdb

import (
	"errors"
	"os"
	"syscall"

	"github.com/ebitengine/purego"
)

// openLibrary keeps the library's symbols local: it carries its own copies of
// widely used C++ libraries, which must not answer for anybody else's.
func openLibrary(path string) (uintptr, error) {
	return purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
}

func findSymbol(handle uintptr, name string) (uintptr, error) {
	return purego.Dlsym(handle, name)
}

// lockFile takes the exclusive lock on the file at path and returns errHeld
// when somebody else has it. Closing the file, or the death of the process,
// gives the lock back.
func lockFile(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	switch {
	case err == nil:
		return file, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		err = errHeld
	}
	return nil, errors.Join(err, file.Close())
}

// syncDir makes a rename inside dir survive a power cut.
func syncDir(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

func diskFull(err error) bool { return errors.Is(err, syscall.ENOSPC) }
