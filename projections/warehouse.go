package projections

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/ClickHouse/clickhouse-go/v2/lib/proto"

	"aftersales-ledger/domain"
	"aftersales-ledger/projections/facts"
)

//go:embed generations.sql
var generationsSQL string

//go:embed checkpoint.sql
var checkpointSQL string

// warehouse is where generations of fact tables live: one database each, named
// <base>_g<number>, and the database <base>, which says which of them serves.
type warehouse struct {
	connector Connector
	base      string
	server    driver.Conn // of a database that always exists: to make and drop others
	control   driver.Conn // of the database <base>
}

func newWarehouse(c Connector, base string) (*warehouse, error) {
	if err := checkDatabaseName(base); err != nil {
		return nil, err
	}
	server, err := clickhouse.Open(c.Options("system"))
	if err != nil {
		return nil, err
	}
	control, err := clickhouse.Open(c.Options(base))
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return &warehouse{connector: c, base: base, server: server, control: control}, nil
}

func (w *warehouse) close() error { return errors.Join(w.control.Close(), w.server.Close()) }

// oldest is the ClickHouse the statements of this package are written for. What
// they use is all there since 22.8 (query parameters over the native protocol);
// below it no release was long-term when they were written.
var oldest = proto.Version{Major: 24, Minor: 8}

// checkVersion refuses servers that would fail later, on a statement here and
// there, with errors nobody understands.
func (w *warehouse) checkVersion() error {
	v, err := w.server.ServerVersion()
	if err != nil {
		return fmt.Errorf("ask ClickHouse for its version: %w", err)
	}
	if !proto.CheckMinVersion(oldest, v.Version) {
		return domain.Failed(nil, "ClickHouse %s is too old: the read models need %d.%d or newer;"+
			" upgrade the server, or use the engine in the process by a DSN that begins with %s",
			v.Version, oldest.Major, oldest.Minor, embeddedScheme)
	}
	return nil
}

// CheckServer sees that the ClickHouse server of a DSN answers and is new enough;
// it changes nothing there. The password is in no error.
func CheckServer(dsn string) error {
	c, err := connectServer(dsn)
	if err != nil {
		return err
	}
	server, err := clickhouse.Open(c.Options("system"))
	if err != nil {
		return c.redacted(err)
	}
	w := warehouse{server: server}
	return c.redacted(errors.Join(w.checkVersion(), server.Close()))
}

// prepare creates what says which generation serves.
func (w *warehouse) prepare(ctx context.Context) error {
	if err := w.checkVersion(); err != nil {
		return err
	}
	if err := w.server.Exec(ctx, "CREATE DATABASE IF NOT EXISTS "+w.base); err != nil {
		return fmt.Errorf("create database %s: %w", w.base, err)
	}
	if err := w.control.Exec(ctx, generationsSQL); err != nil {
		return fmt.Errorf("create table %s.generations: %w", w.base, err)
	}
	return nil
}

// active returns the generation that serves; found is false before the first.
func (w *warehouse) active(ctx context.Context) (number uint32, print string, found bool, err error) {
	rows, err := w.control.Query(ctx, "SELECT generation, fingerprint FROM generations ORDER BY generation DESC LIMIT 1")
	if err != nil {
		return 0, "", false, fmt.Errorf("look up the active generation: %w", err)
	}
	defer rows.Close()
	if rows.Next() {
		found = true
		if err := rows.Scan(&number, &print); err != nil {
			return 0, "", false, err
		}
	}
	return number, print, found, rows.Err()
}

// activate makes a generation the one that serves: a single insert, so that a
// crash leaves either the old or the new.
func (w *warehouse) activate(ctx context.Context, g *generation, now time.Time) error {
	err := w.control.Exec(ctx, "INSERT INTO generations (generation, fingerprint, activated_at)"+
		" SELECT {generation:UInt32}, {fingerprint:String}, fromUnixTimestamp64Micro({at:Int64})",
		clickhouse.Named("generation", g.number), clickhouse.Named("fingerprint", fingerprint()),
		clickhouse.Named("at", now.UnixMicro()))
	if err != nil {
		return fmt.Errorf("activate generation %d: %w", g.number, err)
	}
	return nil
}

// numbers lists the generations that have a database.
func (w *warehouse) numbers(ctx context.Context) ([]uint32, error) {
	rows, err := w.server.Query(ctx, "SELECT name FROM system.databases")
	if err != nil {
		return nil, fmt.Errorf("list databases: %w", err)
	}
	defer rows.Close()
	var numbers []uint32
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		digits, ok := strings.CutPrefix(name, w.base+"_g")
		if n, err := strconv.ParseUint(digits, 10, 32); ok && err == nil && w.database(uint32(n)) == name {
			numbers = append(numbers, uint32(n))
		}
	}
	return numbers, rows.Err()
}

func (w *warehouse) database(number uint32) string {
	return w.base + "_g" + strconv.FormatUint(uint64(number), 10)
}

// create makes the tables of a new generation, beside all that exist.
func (w *warehouse) create(ctx context.Context) (*generation, error) {
	numbers, err := w.numbers(ctx)
	if err != nil {
		return nil, err
	}
	last, _, found, err := w.active(ctx)
	if err != nil {
		return nil, err
	}
	if found {
		numbers = append(numbers, last)
	}
	number := uint32(1)
	if len(numbers) > 0 {
		number = slices.Max(numbers) + 1
	}
	if err := w.server.Exec(ctx, "CREATE DATABASE "+w.database(number)); err != nil {
		return nil, fmt.Errorf("create database %s: %w", w.database(number), err)
	}
	g, err := w.open(number)
	if err != nil {
		return nil, err
	}
	schemas := []string{checkpointSQL}
	for _, t := range facts.New().Tables {
		schemas = append(schemas, t.Schema)
	}
	for _, schema := range schemas {
		if err := g.conn.Exec(ctx, schema); err != nil {
			return nil, errors.Join(fmt.Errorf("create a table in %s: %w", g.database, err), g.conn.Close())
		}
	}
	return g, nil
}

// maxStatement bounds a statement, in bytes: a scope names its projects, in the
// filter of each table that is read.
const maxStatement = 8 << 20

// open connects to a generation that exists.
func (w *warehouse) open(number uint32) (*generation, error) {
	g := &generation{number: number, database: w.database(number)}
	options := w.connector.Options(g.database)
	settings := clickhouse.Settings{"max_query_size": maxStatement}
	maps.Copy(settings, options.Settings)
	options.Settings = settings
	conn, err := clickhouse.Open(options)
	if err != nil {
		return nil, err
	}
	g.conn = conn
	return g, nil
}

func (w *warehouse) drop(ctx context.Context, number uint32) error {
	if err := w.server.Exec(ctx, "DROP DATABASE IF EXISTS "+w.database(number)); err != nil {
		return fmt.Errorf("drop database %s: %w", w.database(number), err)
	}
	return nil
}

// dropOthers removes every generation but one: what a rebuild left behind that
// did not come to its end, or came to it and could not clean up.
func (w *warehouse) dropOthers(ctx context.Context, keep uint32) error {
	numbers, err := w.numbers(ctx)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		if n != keep {
			if err := w.drop(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// generation is one set of fact tables with its checkpoint.
type generation struct {
	number   uint32
	database string
	conn     driver.Conn
	readers  sync.WaitGroup // queries under way
}

// checkpoint reads the generation's checkpoint.
func (g *generation) checkpoint(ctx context.Context) (facts.Checkpoint, error) {
	rows, err := g.conn.Query(ctx, "SELECT position, event_id, recorded_at, events FROM checkpoint FINAL WHERE id = 1")
	if err != nil {
		return facts.Checkpoint{}, fmt.Errorf("read the checkpoint of %s: %w", g.database, err)
	}
	defer rows.Close()
	var c facts.Checkpoint
	if rows.Next() {
		if err := rows.Scan(&c.Position, &c.EventID, &c.RecordedAt, &c.Events); err != nil {
			return facts.Checkpoint{}, fmt.Errorf("read the checkpoint of %s: %w", g.database, err)
		}
	}
	return c, rows.Err()
}

// insert writes the rows of one table.
func (g *generation) insert(ctx context.Context, t *facts.Table) error { return t.Write(ctx, g.conn) }

// save writes the checkpoint; the rows it covers are written already.
func (g *generation) save(ctx context.Context, c facts.Checkpoint) error {
	err := g.conn.Exec(ctx, "INSERT INTO checkpoint (id, position, event_id, recorded_at, events)"+
		" SELECT 1, {position:UInt64}, {event_id:UUID}, fromUnixTimestamp64Micro({recorded_at:Int64}), {events:UInt64}",
		clickhouse.Named("position", c.Position), clickhouse.Named("event_id", c.EventID.String()),
		clickhouse.Named("recorded_at", c.RecordedAt.UnixMicro()), clickhouse.Named("events", c.Events))
	if err != nil {
		return fmt.Errorf("write the checkpoint of %s: %w", g.database, err)
	}
	return nil
}
