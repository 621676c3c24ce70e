package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"aftersales-ledger/domain"
)

const prefixFile = "log.prefix"

// keepPrefix keeps which prefix the streams of this data folder's log have, and
// refuses another: behind it lies another ledger, or an empty one.
func keepPrefix(data, prefix string) error {
	path := filepath.Join(data, prefixFile)
	kept, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return os.WriteFile(path, []byte(prefix), 0o600)
	}
	if err != nil {
		return fmt.Errorf("event log: %w", err)
	}
	if string(kept) != prefix {
		return domain.Failed(nil,
			"event log: its streams begin with %q, as %s says; the connection's streamPrefix is %q: take the former, or another data folder for another ledger",
			string(kept), path, prefix)
	}
	return nil
}
