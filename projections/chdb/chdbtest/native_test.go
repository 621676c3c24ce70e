package chdbtest_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"aftersales-ledger/projections/chdb"
	"aftersales-ledger/projections/chdb/chdbtest"
)

var engine *chdb.Engine

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "chdbtest")
	if err == nil {
		defer os.RemoveAll(dir)
		engine, err = chdb.Open(dir, chdb.Options{})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "these servers stand in front of the embedded engine:", err)
		return 1
	}
	defer engine.Close()
	return m.Run()
}

// serve starts a server and connects to a database of its own for the test.
func serve(t *testing.T, dsnOptions string, opts ...chdbtest.Option) (*chdbtest.Server, driver.Conn) {
	t.Helper()
	s := chdbtest.Native(t, engine.RoundTripper(), opts...)
	database := strings.ToLower(strings.NewReplacer("/", "_", "#", "_").Replace(t.Name()))
	exec(t, connect(t, s.DSN("system")), "CREATE DATABASE "+database)
	t.Cleanup(func() { exec(t, connect(t, s.DSN("system")), "DROP DATABASE "+database+" SYNC") })
	return s, connect(t, s.DSN(database)+dsnOptions)
}

func connect(t *testing.T, dsn string) driver.Conn {
	t.Helper()
	opts, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	db, err := clickhouse.Open(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func exec(t *testing.T, db driver.Conn, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if err := db.Exec(context.WithoutCancel(t.Context()), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

func count(t *testing.T, db driver.Conn) (rows uint64) {
	t.Helper()
	if err := db.QueryRow(t.Context(), "SELECT count() FROM rows").Scan(&rows); err != nil {
		t.Fatal(err)
	}
	return rows
}

func wantCode(t *testing.T, err error, code int32, text string) {
	t.Helper()
	var e *clickhouse.Exception
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Message, text) {
		t.Errorf("got %v, want exception %d that says %q", err, code, text)
	}
}

type row struct {
	ID    uint64          `ch:"id"`
	Text  string          `ch:"text"`
	Low   string          `ch:"low"`
	Texts []string        `ch:"texts"`
	Flag  bool            `ch:"flag"`
	Date  time.Time       `ch:"date"`
	At    time.Time       `ch:"at"`
	Money decimal.Decimal `ch:"money"`
	Key   uuid.UUID       `ch:"key"`
	Maybe *int64          `ch:"maybe"`
}

const rowsTable = `CREATE TABLE rows (id UInt64, text String, low LowCardinality(String), texts Array(String), flag Bool, date Date,
	at DateTime64(6, 'Asia/Shanghai'), money Decimal(18, 2), key UUID, maybe Nullable(Int64)) ENGINE = MergeTree ORDER BY id`

func makeRows(n int) []row {
	shanghai := time.FixedZone("", 8*3600)
	rows := make([]row, n)
	for i := range rows {
		rows[i] = row{
			ID: math.MaxUint64 - uint64(n) + uint64(i), Text: fmt.Sprintf("第 %d 行\n'\\\x00", i),
			Low:   []string{"退货", "", "在途"}[i%3],
			Texts: []string{"甲", "", "乙"}[:i%4], Flag: i%2 == 0, Date: time.Date(2026, 11, 1+i%28, 0, 0, 0, 0, time.UTC),
			At: time.Date(2026, 11, 23, 23, 59, 59, 1000*(i%1000), shanghai), Money: decimal.New(int64(i)-5, -2),
			Key: uuid.New(),
		}
		if i%5 > 0 {
			rows[i].Maybe = new(int64(-i))
		}
	}
	return rows
}

func insert(ctx context.Context, db driver.Conn, rows []row) error {
	batch, err := db.PrepareBatch(ctx, "INSERT INTO rows")
	if err != nil {
		return err
	}
	defer batch.Close()
	for i := range rows {
		if err := batch.AppendStruct(&rows[i]); err != nil {
			return err
		}
	}
	return batch.Send()
}

func TestWhatGoesInComesOut(t *testing.T) {
	for name, options := range map[string]string{"plain": "", "lz4": "?compress=lz4", "zstd": "?compress=zstd"} {
		t.Run(name, func(t *testing.T) {
			_, db := serve(t, options)
			exec(t, db, rowsTable)
			want := makeRows(3000)
			if err := insert(t.Context(), db, want); err != nil {
				t.Fatal(err)
			}
			var got []row
			if err := db.Select(t.Context(), &got, "SELECT * FROM rows ORDER BY id SETTINGS max_block_size = 1000"); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmp.Comparer(time.Time.Equal), cmp.Comparer(decimal.Decimal.Equal)); diff != "" {
				t.Error(diff)
			}
			if zone := got[0].At.Location().String(); zone != "Asia/Shanghai" {
				t.Errorf("the zone of the column became %s", zone)
			}
			// Two mistakes may cancel each other on the way in and out, so the
			// engine is asked what it holds.
			var held string
			err := db.QueryRow(t.Context(),
				`SELECT concat(text, low, toString(texts), toString(flag), toString(date), toString(at),
				toString(money), toString(maybe)) FROM rows WHERE id = {id:UInt64}`, clickhouse.Named("id", want[7].ID)).Scan(&held)
			if want := "第 7 行\n'\\\x00['甲','','乙']false2026-11-082026-11-23 23:59:59.0000070.02-7"; err != nil || held != want {
				t.Errorf("the engine holds %q, want %q, %v", held, want, err)
			}
		})
	}
}

func TestParametersAndSettings(t *testing.T) {
	_, db := serve(t, "?max_block_size=77")
	const text = "it's\ta \\ \n售后 \x00 {x:String}"
	var gotText, setting, ownSetting string
	var gotNumber uint64
	var gotDate time.Time
	ctx := clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"max_threads": 3}))
	err := db.QueryRow(ctx, `SELECT {text:String}, {number:UInt64}, {date:Date},
		toString(getSetting('max_threads')), toString(getSetting('max_block_size'))`,
		clickhouse.Named("text", text), clickhouse.Named("number", uint64(math.MaxUint64)),
		clickhouse.Named("date", "2026-11-23"),
	).Scan(&gotText, &gotNumber, &gotDate, &setting, &ownSetting)
	if err != nil {
		t.Fatal(err)
	}
	if gotText != text || gotNumber != math.MaxUint64 || gotDate.Format(time.DateOnly) != "2026-11-23" || setting != "3" ||
		ownSetting != "77" {
		t.Errorf("%q %d %s %s %s", gotText, gotNumber, gotDate, setting, ownSetting)
	}
}

func TestAnAnswerWithoutRowsHasColumns(t *testing.T) {
	_, db := serve(t, "")
	rows, err := db.Query(t.Context(), "-- nothing\nSELECT number AS n, 'x' AS {name:Identifier} FROM numbers(0)",
		clickhouse.Named("name", "y"))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if diff := cmp.Diff([]string{"n", "y"}, rows.Columns()); diff != "" || rows.Next() || rows.Err() != nil {
		t.Errorf("%s, %v", diff, rows.Err())
	}
}

func TestErrorsOfTheServer(t *testing.T) {
	s, db := serve(t, "", chdbtest.Login("ledger", "p@ss"))
	wantCode(t, db.Exec(t.Context(), "SELECT * FROM nowhere"), 60, "nowhere")
	wantCode(t, db.Exec(t.Context(), "SELECT FROM WHERE"), 62, "Syntax error")
	wantCode(t, insert(t.Context(), db, nil), 60, "rows")
	wantCode(t, connect(t, s.DSN("nothing")).Ping(t.Context()), 81, "nothing")
	wantCode(t, connect(t, strings.Replace(s.DSN("system"), "ledger:", "other:", 1)).Ping(t.Context()), 516, "other")
	_, err := db.Query(t.Context(), "SELECT throwIf(number = 3) FROM numbers(10)")
	wantCode(t, err, 395, "throwIf")

	exec(t, db, "CREATE TABLE rows (id UInt64, CONSTRAINT small CHECK id < 10) ENGINE = MergeTree ORDER BY id")
	batch, err := db.PrepareBatch(t.Context(), "INSERT INTO rows")
	if err != nil {
		t.Fatal(err)
	}
	if err := batch.Append(uint64(11)); err != nil {
		t.Fatal(err)
	}
	wantCode(t, batch.Send(), 469, "small")
	if n := count(t, db); n != 0 {
		t.Errorf("%d rows", n)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("the server does not recover: %v", err)
	}
}

func TestAnEndedContextStopsTheQuery(t *testing.T) {
	_, db := serve(t, "")
	const endless = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"
	const underWay = "SELECT count() FROM system.processes WHERE query LIKE '%numbers(1000000000000)%' AND query NOT LIKE '%processes%'"
	running := func(want uint64) {
		t.Helper()
		for n := want + 1; n != want; {
			if err := db.QueryRow(t.Context(), underWay).Scan(&n); err != nil {
				t.Fatal(err)
			}
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { failed <- db.Exec(ctx, endless) }()
	running(1)
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	running(0)
}

func TestACutConnection(t *testing.T) {
	s, db := serve(t, "")
	exec(t, db, rowsTable)
	for point, left := range map[chdbtest.CutPoint]uint64{chdbtest.DuringInsert: 0, chdbtest.AfterInsert: 1000} {
		exec(t, db, "TRUNCATE TABLE rows")
		s.Cut(1, point)
		if err := insert(t.Context(), db, makeRows(1000)); err == nil || errors.As(err, new(*clickhouse.Exception)) {
			t.Errorf("point %d: got %v", point, err)
		}
		if n := count(t, db); n != left || s.Cuts(point) != 0 {
			t.Errorf("point %d: %d rows, want %d", point, n, left)
		}
	}
	s.Cut(1, chdbtest.DuringAnswer)
	rows, err := db.Query(t.Context(), "SELECT id FROM rows")
	for err == nil && rows.Next() {
		t.Error("a row came")
	}
	if err == nil {
		err = errors.Join(rows.Err(), rows.Close())
	}
	if err == nil {
		t.Error("an answer that was cut is taken for a complete one")
	}

	s.Refuse()
	if err := db.Ping(t.Context()); err == nil {
		t.Error("a server that refuses answers")
	}
	s.Accept()
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("it does not come back: %v", err)
	}
}
