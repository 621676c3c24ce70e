// Package sqlitefile keeps what the door remembers in a SQLite file beside the
// event log. The command line may open it while the server runs: writers wait for
// one another, and what one of them wrote the other reads.
package sqlitefile

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"aftersales-ledger/api/door/store"
	"aftersales-ledger/domain"
)

const (
	// applicationID marks the file as a door's ("AFDR").
	applicationID = 0x41464452
	schemaVersion = 1
	busyTimeout   = 5 * time.Second
	connections   = 4
)

const schema = `
CREATE TABLE records (
	kind    TEXT    NOT NULL,
	key     TEXT    NOT NULL,
	owner   TEXT    NOT NULL,
	version INTEGER NOT NULL,
	expires INTEGER NOT NULL, -- microseconds since 1970 UTC; 0: never
	data    TEXT    NOT NULL, -- JSON
	PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX records_by_owner ON records (kind, owner, key);
CREATE INDEX records_by_end ON records (kind, expires) WHERE expires > 0;

CREATE TABLE audit (
	number INTEGER PRIMARY KEY AUTOINCREMENT,
	at      INTEGER NOT NULL,
	what    TEXT    NOT NULL,
	login   TEXT    NOT NULL,
	address TEXT    NOT NULL,
	object  TEXT    NOT NULL,
	entry   TEXT    NOT NULL -- JSON
) STRICT;

CREATE INDEX audit_by_login ON audit (login, number);
CREATE INDEX audit_by_object ON audit (object, number) WHERE object <> '';
`

// Store keeps the door's memory in a file. It is safe for concurrent use.
type Store struct {
	pool  *sqlitex.Pool
	clock func() time.Time
}

// Open opens the file and makes it on first use, readable by its owner only. It
// refuses a file that others may read, one that is none of a door's, and a file
// that is gone though it was there before: with it went every password, token and
// session, which is for a person to decide and nothing to be made anew silently.
func Open(path string, clock func() time.Time) (_ *Store, err error) {
	defer func() {
		if err != nil {
			err = domain.Failed(err, "the door's memory %s", path)
		}
	}()
	if err := prepare(path); err != nil {
		return nil, err
	}
	pool, err := sqlitex.NewPool(path, sqlitex.PoolOptions{
		Flags: sqlite.OpenReadWrite, PoolSize: connections,
		PrepareConn: func(c *sqlite.Conn) error {
			c.SetBusyTimeout(busyTimeout)
			return errors.Join(sqlitex.ExecuteTransient(c, "PRAGMA synchronous = full", nil),
				sqlitex.ExecuteTransient(c, "PRAGMA secure_delete = on", nil))
		},
	})
	if err != nil {
		return nil, err
	}
	s := &Store{pool, clock}
	if err := s.with(context.Background(), migrate); err != nil {
		switch sqlite.ErrCode(err).ToPrimary() {
		case sqlite.ResultNotADB, sqlite.ResultCorrupt:
			err = domain.Failed(err, "it is damaged, put it back from a copy")
		}
		return nil, errors.Join(err, pool.Close())
	}
	return s, nil
}

// prepare sees to the rights of the file, and to its being there.
func prepare(path string) error {
	there, err := look(path)
	switch {
	case err != nil:
		return err
	case there:
		return markMade(path + ".made")
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), markMade(path+".made"))
}

// Inspect reports what keeps a file from being opened, without opening or making
// it: nil if nothing does, and fs.ErrNotExist if it was never made.
func Inspect(path string) error {
	there, err := look(path)
	if err != nil {
		return err
	}
	if !there {
		return fs.ErrNotExist
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, 72)
	if _, err := io.ReadFull(f, head); err != nil || binary.BigEndian.Uint32(head[68:]) != applicationID {
		return domain.Failed(nil, "it is damaged, put it back from a copy")
	}
	return nil
}

// look reports whether the file is there, and refuses one that others may read or
// that is gone.
func look(path string) (there bool, err error) {
	mark := path + ".made"
	info, err := os.Stat(path)
	switch {
	case err == nil && info.Mode().Perm()&0o077 != 0:
		return false, domain.Failed(nil, "others may read or write it (%s): whoever read it may know password hashes; run chmod 600 %s, and have people change their passwords if somebody could",
			info.Mode().Perm().String(), path)
	case err == nil:
		return true, nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, err
	}
	if _, err := os.Stat(mark); err == nil {
		return false, domain.Failed(nil, "it is gone, though it was there: put it back from a copy; or remove %s to begin anew, after which no password, token or session of before is good",
			mark)
	}
	return false, nil
}

// markMade leaves word beside the file that it was made.
func markMade(mark string) error {
	f, err := os.OpenFile(mark, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%s was made. While this file is here, the ledger refuses to make another one.\n",
		filepath.Base(strings.TrimSuffix(mark, ".made")))
	return errors.Join(err, f.Close())
}

// migrate gives a fresh file its tables, and makes sure that any other is a door's.
func migrate(c *sqlite.Conn) (err error) {
	app, err1 := number(c, "PRAGMA application_id")
	version, err2 := number(c, "PRAGMA user_version")
	objects, err3 := number(c, "SELECT count(*) FROM sqlite_schema")
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	switch {
	case app == applicationID && version == schemaVersion:
		return nil
	case app == applicationID:
		return domain.Failed(nil, "a newer version wrote it (schema %d, this is %d): run that version", version, schemaVersion)
	case objects > 0 || app != 0:
		return domain.Failed(nil, "the file is none of a door's: name another one")
	}
	if err := sqlitex.ExecuteTransient(c, "PRAGMA journal_mode = wal", nil); err != nil {
		return err
	}
	end, err := sqlitex.ImmediateTransaction(c)
	if err != nil {
		return err
	}
	defer end(&err)
	if app, err := number(c, "PRAGMA application_id"); err != nil || app == applicationID {
		return err // another process was first
	}
	return sqlitex.ExecuteScript(c, schema+fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d;",
		applicationID, schemaVersion), nil)
}

func number(c *sqlite.Conn, query string) (n int64, err error) {
	err = sqlitex.ExecuteTransient(c, query, &sqlitex.ExecOptions{
		ResultFunc: func(s *sqlite.Stmt) error { n = s.ColumnInt64(0); return nil },
	})
	return n, err
}

// with lends a connection.
func (s *Store) with(ctx context.Context, use func(*sqlite.Conn) error) error {
	c, err := s.pool.Take(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	defer s.pool.Put(c)
	err = use(c)
	if err == nil || errors.Is(err, store.ErrNone) || errors.Is(err, store.ErrChanged) {
		return err
	}
	return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
}

// write runs use in a transaction of its own.
func (s *Store) write(ctx context.Context, use func(*sqlite.Conn) error) error {
	return s.with(ctx, func(c *sqlite.Conn) (err error) {
		end, err := sqlitex.ImmediateTransaction(c)
		if err != nil {
			return err
		}
		defer end(&err)
		return use(c)
	})
}

// exec runs a statement and returns how many rows it changed.
func exec(c *sqlite.Conn, query string, args ...any) (int, error) {
	err := sqlitex.Execute(c, query, &sqlitex.ExecOptions{Args: args})
	return c.Changes(), err
}

// micros is a time as it is stored; 0 for none.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

const columns = "kind, key, owner, version, expires, data"

// alive is the condition of what has not expired; it takes now.
const alive = "(expires = 0 OR expires > ?)"

func record(s *sqlite.Stmt) store.Record {
	r := store.Record{
		Kind: store.Kind(s.ColumnText(0)), Key: s.ColumnText(1), Owner: s.ColumnText(2), Version: s.ColumnInt64(3),
		Data: []byte(s.ColumnText(5)),
	}
	if at := s.ColumnInt64(4); at > 0 {
		r.Expires = time.UnixMicro(at).UTC()
	}
	return r
}

// Find implements [store.Store].
func (s *Store) Find(ctx context.Context, kind store.Kind, key string) (found store.Record, err error) {
	err = s.with(ctx, func(c *sqlite.Conn) error {
		err := sqlitex.Execute(c, "SELECT "+columns+" FROM records WHERE kind = ? AND key = ? AND "+alive,
			&sqlitex.ExecOptions{
				Args:       []any{string(kind), key, micros(s.clock())},
				ResultFunc: func(row *sqlite.Stmt) error { found = record(row); return nil },
			})
		if err == nil && found.Version == 0 {
			return store.ErrNone
		}
		return err
	})
	return found, err
}

// Owned implements [store.Store].
func (s *Store) Owned(ctx context.Context, kind store.Kind, owner string) (list []store.Record, err error) {
	query := "SELECT " + columns + " FROM records WHERE kind = ? AND " + alive
	args := []any{string(kind), micros(s.clock())}
	if owner != "" {
		query, args = query+" AND owner = ?", append(args, owner)
	}
	err = s.with(ctx, func(c *sqlite.Conn) error {
		return sqlitex.Execute(c, query+" ORDER BY key", &sqlitex.ExecOptions{
			Args:       args,
			ResultFunc: func(row *sqlite.Stmt) error { list = append(list, record(row)); return nil },
		})
	})
	return list, err
}

// Put implements [store.Store].
func (s *Store) Put(ctx context.Context, r store.Record) error {
	return s.write(ctx, func(c *sqlite.Conn) error {
		now := micros(s.clock())
		if r.Version > 0 {
			n, err := exec(c, "UPDATE records SET owner = ?, version = version + 1, expires = ?, data = ?"+
				" WHERE kind = ? AND key = ? AND version = ? AND "+alive,
				r.Owner, micros(r.Expires), string(r.Data), string(r.Kind), r.Key, r.Version, now)
			if err == nil && n == 0 {
				err = store.ErrChanged
			}
			return err
		}
		if _, err := exec(c, "DELETE FROM records WHERE kind = ? AND key = ? AND NOT "+alive,
			string(r.Kind), r.Key, now); err != nil {
			return err
		}
		n, err := exec(c, "INSERT INTO records ("+columns+") VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT DO NOTHING",
			string(r.Kind), r.Key, r.Owner, micros(r.Expires), string(r.Data))
		if err != nil {
			return err
		}
		if n == 0 {
			return store.ErrChanged
		}
		return makeRoom(c, r)
	})
}

// makeRoom removes what expires first of a kind that has too many records, the new
// one aside.
func makeRoom(c *sqlite.Conn, r store.Record) error {
	most, bounded := store.Most[r.Kind]
	if !bounded {
		return nil
	}
	var n int64
	err := sqlitex.Execute(c, "SELECT count(*) FROM records WHERE kind = ?", &sqlitex.ExecOptions{
		Args:       []any{string(r.Kind)},
		ResultFunc: func(s *sqlite.Stmt) error { n = s.ColumnInt64(0); return nil },
	})
	if err != nil || n <= int64(most) {
		return err
	}
	_, err = exec(c, `DELETE FROM records WHERE kind = ?1 AND key IN (
		SELECT key FROM records WHERE kind = ?1 AND key <> ?2
		ORDER BY expires = 0, expires, key LIMIT ?3)`, string(r.Kind), r.Key, n-int64(most))
	return err
}

// Remove implements [store.Store].
func (s *Store) Remove(ctx context.Context, kind store.Kind, key string) (was bool, err error) {
	err = s.write(ctx, func(c *sqlite.Conn) error {
		n, err := exec(c, "DELETE FROM records WHERE kind = ? AND key = ? AND "+alive, string(kind), key, micros(s.clock()))
		was = n > 0
		return err
	})
	return was, err
}

// RemoveOwned implements [store.Store].
func (s *Store) RemoveOwned(ctx context.Context, kind store.Kind, owner, except string) (n int, err error) {
	err = s.write(ctx, func(c *sqlite.Conn) (err error) {
		n, err = exec(c, "DELETE FROM records WHERE kind = ? AND owner = ? AND key <> ? AND "+alive,
			string(kind), owner, except, micros(s.clock()))
		return err
	})
	return n, err
}

// Sweep implements [store.Store].
func (s *Store) Sweep(ctx context.Context) error {
	return s.write(ctx, func(c *sqlite.Conn) error {
		_, err := exec(c, "DELETE FROM records WHERE NOT "+alive, micros(s.clock()))
		return err
	})
}

// Note implements [store.Store].
func (s *Store) Note(ctx context.Context, entries ...store.Entry) error {
	return s.write(ctx, func(c *sqlite.Conn) error {
		for _, e := range entries {
			text, err := json.Marshal(e)
			if err != nil {
				return err
			}
			if _, err := exec(c, "INSERT INTO audit (at, what, login, address, object, entry) VALUES (?, ?, ?, ?, ?, ?)",
				micros(e.At), e.What, e.Login, e.Address, e.Object, string(text)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Entries implements [store.Store].
func (s *Store) Entries(ctx context.Context, f store.Filter) (list []store.Entry, err error) {
	query, args := "SELECT number, entry FROM audit WHERE TRUE", []any(nil)
	narrow := func(condition string, arg any) { query, args = query+" AND "+condition, append(args, arg) }
	for column, value := range map[string]string{
		"what": f.What, "login": f.Login, "address": f.Address, "object": f.Object,
	} {
		if value != "" {
			narrow(column+" = ?", value)
		}
	}
	if !f.From.IsZero() {
		narrow("at >= ?", micros(f.From))
	}
	if !f.Until.IsZero() {
		narrow("at < ?", micros(f.Until))
	}
	if f.Before > 0 {
		narrow("number < ?", f.Before)
	}
	query, args = query+" ORDER BY number DESC LIMIT ?", append(args, f.Bounded())
	err = s.with(ctx, func(c *sqlite.Conn) error {
		return sqlitex.ExecuteTransient(c, query, &sqlitex.ExecOptions{Args: args, ResultFunc: func(row *sqlite.Stmt) error {
			var e store.Entry
			if err := json.Unmarshal([]byte(row.ColumnText(1)), &e); err != nil {
				return err
			}
			e.Number = row.ColumnInt64(0)
			list = append(list, e)
			return nil
		}})
	})
	return list, err
}

// Trim implements [store.Store].
func (s *Store) Trim(ctx context.Context, k store.Keep) error {
	return s.write(ctx, func(c *sqlite.Conn) error {
		_, err := exec(c, `DELETE FROM audit WHERE at < ?1 OR ?2 > 0 AND number <= (
			SELECT number FROM audit ORDER BY number DESC LIMIT 1 OFFSET ?2)`, micros(k.Since), k.Most)
		return err
	})
}

// Close implements [store.Store].
func (s *Store) Close() error { return s.pool.Close() }

var _ store.Store = (*Store)(nil)
