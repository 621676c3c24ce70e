package sqlite

import (
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

const (
	// applicationID marks the file as an event log ("AFLG"); see
	// https://www.sqlite.org/fileformat.html#application_id.
	applicationID = 0x41464c47

	// schemaVersion is kept in the file's user_version, negative while the
	// file is being filled under BulkLoad.
	schemaVersion = 1

	// pageSize in bytes, fixed when the file is created. Eight rows of usual
	// size fit a page; larger pages make lone appends slower and scans hardly
	// faster.
	pageSize = 8192
)

// schema is what a fresh file gets.
//
// The only index beside the position is that of stream and revision: it keeps
// two events from taking the same place, finds a stream's events, and finds a
// repeat, which stands where it would have gone. An index of the random event
// IDs would cost a page write per event for no other question.
//
// The triggers cost an insert nothing and keep the history from being edited
// by hand.
const schema = `
CREATE TABLE streams (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE events (
	position    INTEGER PRIMARY KEY,                    -- 1, 2, 3 along the log
	stream_id   INTEGER NOT NULL REFERENCES streams(id),
	revision    INTEGER NOT NULL,                       -- 0, 1, 2 along the stream
	id          BLOB    NOT NULL,                       -- UUID, 16 bytes
	type        TEXT    NOT NULL,
	data        TEXT    NOT NULL,                       -- JSON
	metadata    TEXT    NOT NULL,                       -- JSON object
	recorded_at INTEGER NOT NULL                        -- microseconds since 1970 UTC
) STRICT;

CREATE UNIQUE INDEX events_by_stream ON events (stream_id, revision);

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
`

// errForeignFile: the file is not ours to write.
var errForeignFile error = domain.Failed(nil, "the file is not an event log: choose another file")

// prepareFile creates the schema in a fresh file, or makes sure that the file
// is an event log this version can read. It changes nothing in any other file.
func prepareFile(conn *sqlite.Conn, d Durability) error {
	objects, err := queryInt(conn, "SELECT count(*) FROM sqlite_schema")
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultNotADB {
		return errForeignFile
	}
	if err != nil {
		return storageError(err)
	}
	app, err1 := queryInt(conn, "PRAGMA application_id")
	version, err2 := queryInt(conn, "PRAGMA user_version")
	if err := errors.Join(err1, err2); err != nil {
		return storageError(err)
	}
	fresh := objects == 0 && app == 0 && version == 0
	switch {
	case fresh:
	case app != applicationID:
		return errForeignFile
	case version > schemaVersion || -version > schemaVersion:
		return domain.Failed(nil, "a newer version wrote this file (schema %d, this is %d): run that version",
			max(version, -version), schemaVersion)
	case version < 0:
		return domain.Failed(eventstore.ErrDamaged,
			"it was being filled in bulk and never finished: remove the file and fill it again")
	}
	if err := configureWriter(conn, fresh); err != nil {
		return err
	}
	if fresh {
		return createSchema(conn)
	}
	if d == BulkLoad {
		if n, err := queryInt(conn, "SELECT count(*) FROM (SELECT 1 FROM events LIMIT 1)"); err != nil {
			return storageError(err)
		} else if n != 0 {
			return domain.Failed(nil,
				"a bulk load fills a fresh file, but this one holds events already: open it with full durability")
		}
	}
	return nil
}

// configureWriter sets up the writing connection. The order matters: the page
// size cannot change once the file is in WAL mode.
func configureWriter(conn *sqlite.Conn, fresh bool) error {
	pragmas := []string{
		"PRAGMA journal_mode = wal",
		"PRAGMA synchronous = full",
		fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", checkpointPages),
		"PRAGMA cache_size = -32768", // KiB
	}
	if fresh {
		pragmas = append([]string{fmt.Sprintf("PRAGMA page_size = %d", pageSize)}, pragmas...)
	}
	for _, p := range pragmas {
		if err := execute(conn, p); err != nil {
			return err
		}
	}
	return nil
}

// createSchema writes schema and marks in one transaction, so that a crash
// leaves either a fresh file or an event log.
func createSchema(conn *sqlite.Conn) (err error) {
	end, err := sqlitex.ImmediateTransaction(conn)
	if err != nil {
		return storageError(err)
	}
	defer end(&err)
	if err := sqlitex.ExecuteScript(conn, schema, nil); err != nil {
		return storageError(err)
	}
	if err := execute(conn, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
		return err
	}
	return execute(conn, fmt.Sprintf("PRAGMA user_version = %d", schemaVersion))
}

func execute(conn *sqlite.Conn, query string) error {
	if err := sqlitex.ExecuteTransient(conn, query, nil); err != nil {
		return storageError(fmt.Errorf("%s: %w", query, err))
	}
	return nil
}

func queryInt(conn *sqlite.Conn, query string) (int64, error) {
	stmt, _, err := conn.PrepareTransient(query)
	if err != nil {
		return 0, err
	}
	defer func() { _ = stmt.Finalize() }()
	return sqlitex.ResultInt64(stmt)
}

// storageError tells what an error of SQLite means to a caller: a file that
// cannot be trusted, or one that cannot be reached just now.
func storageError(err error) error {
	if err == nil || errors.Is(err, eventstore.ErrUnavailable) || errors.Is(err, eventstore.ErrDamaged) {
		return err
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return fmt.Errorf("%w: %w", eventstore.ErrDamaged, err)
	}
	return fmt.Errorf("%w: %w", eventstore.ErrLasting, err)
}
