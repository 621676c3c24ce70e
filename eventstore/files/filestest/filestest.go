// Package filestest keeps contents of attachments for tests, in memory. Only tests import it.
package filestest

import (
	"context"
	"fmt"
	"io/fs"
	"sync"

	"aftersales-ledger/domain/attachment"
)

// Memory keeps contents for as long as the process lives. The zero value is
// ready for use.
type Memory struct {
	mu       sync.Mutex
	contents map[attachment.Digest][]byte
}

// Put implements ledger.Files.
func (m *Memory) Put(_ context.Context, id attachment.Digest, content []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.contents == nil {
		m.contents = make(map[attachment.Digest][]byte)
	}
	m.contents[id] = append([]byte(nil), content...)
	return nil
}

// Read implements ledger.Files.
func (m *Memory) Read(_ context.Context, id attachment.Digest) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	content, ok := m.contents[id]
	if !ok {
		return nil, fmt.Errorf("%s: %w", id, fs.ErrNotExist)
	}
	return append([]byte(nil), content...), nil
}
