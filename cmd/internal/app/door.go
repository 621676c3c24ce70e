package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"aftersales-ledger/api/door"
	"aftersales-ledger/api/door/claims"
	"aftersales-ledger/api/door/store"
	"aftersales-ledger/api/door/store/logstream"
	"aftersales-ledger/api/door/store/sqlitefile"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/cmd/internal/claimsfile"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/ledger"
)

// Door is what a ledger needs of a door: that people and the machine's own work
// are let in.
type Door interface {
	kit.Door
	kit.Machine
}

// DoorFile is what the door remembers, in the data folder.
const DoorFile = "door.sqlite"

// oldKeyFile signed the tokens of earlier versions. It is worth nothing any more.
const oldKeyFile = "signing.key"

// openDoor opens the door of a ledger.
func (a *App) openDoor(ctx context.Context, c Config) error {
	if c.Door != nil {
		a.Door = c.Door
		return nil
	}
	var post door.Post
	if c.Notices != nil {
		var err error
		if post, err = c.Notices.post(c); err != nil {
			return err
		}
	}
	if c.Provider != nil {
		if err := CheckMapping(ctx, a.Ledger, c.Provider.Mapping); err != nil {
			return err
		}
	}
	d, release, err := openDoor(ctx, c, door.Options{
		People: a.Ledger.People(), Statements: a.Ledger, Post: post, PublicURL: c.PublicURL, Provider: c.Provider,
		Users: a.Ledger,
	})
	if err != nil {
		return err
	}
	a.Door, a.atDoor = d, append(a.atDoor, release)
	if _, err := os.Stat(filepath.Join(c.Data, oldKeyFile)); err == nil {
		c.Logger.Warn("the key of earlier versions is there still; its tokens are refused: remove it", "file",
			filepath.Join(c.Data, oldKeyFile))
	}
	return nil
}

// CheckMapping refuses a mapping of claims that names what the ledger does not know.
func CheckMapping(ctx context.Context, l *ledger.Ledger, m claims.Mapping) error {
	return claimsfile.Unknown(m, func(r access.Reach) (access.Reach, bool, error) { return l.KnownReach(ctx, r) })
}

// OpenDoor opens the door of a ledger's data folder. The command line may do so
// while the server runs; without people it keeps credentials, whose owners are
// looked up when they are used. The returned function closes it.
func OpenDoor(ctx context.Context, c Config, people door.People) (*door.Door, func() error, error) {
	return openDoor(ctx, c, door.Options{People: people})
}

func openDoor(ctx context.Context, c Config, o door.Options) (*door.Door, func() error, error) {
	c = c.WithDefaults()
	if err := keepPrivate(c); err != nil {
		return nil, nil, err
	}
	memory, err := openDoorMemory(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	o.Store, o.Clock, o.Log, o.Policy = memory, c.Clock, c.Logger, c.DoorPolicy
	d, err := door.New(o)
	if err != nil {
		return nil, nil, errors.Join(err, memory.Close())
	}
	return d, func() error { return errors.Join(d.Close(), memory.Close()) }, nil
}

// openDoorMemory opens what the door remembers: on an EventStoreDB, which several
// servers share, beside the trade's streams, and else in a file of the data folder.
func openDoorMemory(ctx context.Context, c Config) (store.Store, error) {
	if isEventStoreDB(c.Log) {
		streams, err := esdb.Open(ctx, c.Log, esdb.Options{Logger: c.Logger, Beside: true})
		if err != nil {
			return nil, err
		}
		s, err := logstream.Open(ctx, streams, c.Clock)
		if err != nil {
			return nil, errors.Join(err, streams.Close())
		}
		return shared{s, streams}, nil
	}
	s, err := sqlitefile.Open(filepath.Join(c.Data, DoorFile), c.Clock)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// shared is a memory that closes the streams it lies in.
type shared struct {
	*logstream.Store
	streams *esdb.Store
}

func (s shared) Close() error { return errors.Join(s.Store.Close(), s.streams.Close()) }

// keepPrivate makes the data folder and the log that lies in it the owner's alone:
// whoever reads them reads everything that is recorded, past every right.
func keepPrivate(c Config) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return domain.Failed(err, "data folder")
	}
	private := map[string]fs.FileMode{c.Data: 0o700}
	if !isEventStoreDB(c.Log) {
		for _, part := range []string{"", "-wal", "-shm"} {
			private[c.Log+part] = 0o600
		}
	}
	for path, mode := range private {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().Perm()&^mode != 0 {
			c.Logger.Info("others could read it; from now on it is its owner's alone", "path", path, "was", info.Mode().Perm())
			err = os.Chmod(path, mode)
		}
		if err != nil {
			return domain.Failed(err, "%s cannot be kept private: run this as its owner, or chmod %o it", path, mode)
		}
	}
	return nil
}
