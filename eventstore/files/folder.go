package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"aftersales-ledger/domain/attachment"
)

// folder keeps each content in a file of its own, 256 folders of them, all its owner's
// alone.
type folder struct{ root string }

func openFolder(root string) (*folder, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	info, err := os.Stat(root)
	if err == nil && info.Mode().Perm()&0o077 != 0 { // who reads it reads every paper, past every right
		err = os.Chmod(root, 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	return &folder{root}, nil
}

// path is where a content lies; it never leaves the folder.
func (f *folder) path(id attachment.Digest) (string, error) {
	if err := id.Check("sha256"); err != nil {
		return "", err
	}
	return filepath.Join(f.root, string(id[:2]), string(id)), nil
}

// Put writes beside the place and then takes it, so that a content is there in
// full or not at all; one that was damaged is mended.
func (f *folder) Put(_ context.Context, id attachment.Digest, content []byte) (err error) {
	path, err := f.path(id)
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".new-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(content)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err != nil {
		return err
	}
	if err = os.Rename(temp.Name(), path); err != nil {
		return err
	}
	return errors.Join(syncDir(dir), syncDir(f.root))
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (f *folder) Read(_ context.Context, id attachment.Digest) (_ []byte, err error) {
	path, err := f.path(id)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return readBounded(file)
}

// readBounded reads no more than an attachment can have and one byte, so that
// a file that grew cannot take the memory.
func readBounded(from io.Reader) ([]byte, error) {
	return io.ReadAll(io.LimitReader(from, attachment.MaxSize+1))
}
