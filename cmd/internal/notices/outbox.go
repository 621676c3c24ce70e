package notices

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"aftersales-ledger/domain/notice"
)

// Outbox is a folder that takes notices as .eml files, which every mail program
// opens, where no mail server is configured. A file is named after the log
// position of its cause and its notice: written again, it is the same file. A file is its
// owner's alone: a letter may carry a link that lets its reader in.
type Outbox struct{ Dir string }

// Channel implements [Mailer].
func (o Outbox) Channel() notice.Channel { return notice.Outbox }

// Send implements [Mailer]. A file is there as a whole or not at all.
func (o Outbox) Send(_ context.Context, m Message, _ bool) ([]notice.RefusedAddress, error) {
	data, err := m.bytes()
	if err == nil {
		err = replaceFile(filepath.Join(o.Dir, o.name(m)), data)
	}
	if err != nil {
		return nil, &DeliveryError{notice.Unreachable, err}
	}
	return nil, nil
}

func (o Outbox) name(m Message) string {
	name := fmt.Sprintf("%010d-%s", m.Cause.Position, cmp.Or(m.Digest, string(m.ID)))
	if m.Copy > 1 {
		name += fmt.Sprintf(".%d", m.Copy)
	}
	if m.Own != "" {
		name += "-" + m.MessageID()[:12]
	}
	return name + ".eml"
}

// replaceFile writes a file so that, whatever happens, either the old content
// or the new is there in full.
func replaceFile(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".tmp-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
