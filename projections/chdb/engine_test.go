package chdb_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"aftersales-ledger/projections/chdb"
)

// childEnv names a data folder and a mode for a child process of these tests.
const childEnv = "CHDB_TEST_CHILD"

func TestMain(m *testing.M) {
	if task := os.Getenv(childEnv); task != "" {
		mode, dir, _ := strings.Cut(task, ":")
		os.Exit(child(mode, dir))
	}
	os.Exit(m.Run())
}

// child runs in another process and returns its exit code.
func child(mode, dir string) int {
	engine, err := chdb.Open(dir, chdb.Options{})
	if mode == "lock" {
		fmt.Print(err)
		if errors.Is(err, chdb.ErrLocked) {
			return 3
		}
		return 1
	}
	if err != nil {
		fmt.Print(err)
		return 1
	}
	db, err := clickhouse.Open(engine.Options(""))
	if err == nil {
		err = db.Exec(context.Background(), "CREATE TABLE IF NOT EXISTS seen (x Int64) ENGINE = MergeTree ORDER BY x")
	}
	if err == nil {
		err = db.Exec(context.Background(), "INSERT INTO seen VALUES (1)")
	}
	switch {
	case err != nil:
		fmt.Print(err)
		return 1
	case mode == "close":
		if err := engine.Close(); err != nil {
			fmt.Print(err)
			return 1
		}
	case mode == "kill":
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		fmt.Print(err)
		select {} // the signal may take a moment
	}
	return 0
}

func runChild(t *testing.T, mode, dir string) (output string, state *os.ProcessState) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+mode+":"+dir)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out), cmd.ProcessState
}

// openEngine starts an engine over dir for the length of a test.
func openEngine(t testing.TB, dir string, opts chdb.Options) *chdb.Engine {
	t.Helper()
	engine, err := chdb.Open(dir, opts)
	if err != nil {
		t.Fatal(err) // without the library, the error says how to install it
	}
	t.Cleanup(func() {
		if err := engine.Close(); err != nil {
			t.Error(err)
		}
	})
	return engine
}

// connect opens a client on a database of the engine.
func connect(t testing.TB, engine *chdb.Engine, database string) driver.Conn {
	t.Helper()
	db, err := clickhouse.Open(engine.Options(database))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func newDB(t testing.TB) driver.Conn {
	t.Helper()
	return connect(t, openEngine(t, t.TempDir(), chdb.Options{}), "")
}

func mustExec(t testing.TB, db driver.Conn, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if err := db.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// one reads the single value a query answers with.
func one[T any](t testing.TB, db driver.Conn, sql string, args ...any) (value T) {
	t.Helper()
	if err := db.QueryRow(t.Context(), sql, args...).Scan(&value); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return value
}

func wantCode(t *testing.T, err error, code int32) {
	t.Helper()
	var exception *clickhouse.Exception
	if !errors.As(err, &exception) || exception.Code != code {
		t.Errorf("got %v, want exception %d", err, code)
	}
}

func TestTypes(t *testing.T) {
	db := newDB(t)
	mustExec(t, db, `CREATE TABLE types (
		i Int64, u UInt64, s String, dec Decimal(18, 2), d Date,
		ts DateTime64(6, 'Asia/Shanghai'), n Nullable(Int64), ns Nullable(String),
		lc LowCardinality(String), a Array(String), b Bool, id UUID
	) ENGINE = MergeTree ORDER BY i`)
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		I   int64           `ch:"i"`
		U   uint64          `ch:"u"`
		S   string          `ch:"s"`
		Dec decimal.Decimal `ch:"dec"`
		D   time.Time       `ch:"d"`
		TS  time.Time       `ch:"ts"`
		N   *int64          `ch:"n"`
		NS  *string         `ch:"ns"`
		LC  string          `ch:"lc"`
		A   []string        `ch:"a"`
		B   bool            `ch:"b"`
		ID  uuid.UUID       `ch:"id"`
	}
	want := []row{
		{
			I: -1 << 63, U: 1<<64 - 1, S: "售后台账\n'\"\\\x00😀", Dec: decimal.RequireFromString("-9999999999999999.99"),
			D: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), TS: time.Date(2026, 11, 23, 23, 59, 59, 123456000, shanghai),
			N: new(int64(0)), NS: new("空"), LC: "退货", A: []string{"甲", "", "乙"}, B: true, ID: uuid.New(),
		},
		{
			I: 1<<63 - 1, Dec: decimal.RequireFromString("0.01"),
			D: time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), TS: time.Date(1970, 1, 2, 0, 0, 0, 0, shanghai),
			A: []string{}, ID: uuid.Nil,
		},
	}
	batch, err := db.PrepareBatch(t.Context(), "INSERT INTO types")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range want {
		if err := batch.AppendStruct(&r); err != nil {
			t.Fatal(err)
		}
	}
	if err := batch.Send(); err != nil {
		t.Fatal(err)
	}
	var got []row
	if err := db.Select(t.Context(), &got, "SELECT * FROM types ORDER BY i"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
		t.Error(diff)
	}
	if zone := got[0].TS.Location().String(); zone != "Asia/Shanghai" {
		t.Errorf("the time zone of the column is lost: %s", zone)
	}
}

// insertRows sends count rows into a table (id Int64, text String), columns
// named in the other order.
func insertRows(ctx context.Context, db driver.Conn, table string, first, count int) error {
	batch, err := db.PrepareBatch(ctx, "INSERT INTO "+table+" (text, id)")
	if err != nil {
		return err
	}
	for i := first; i < first+count; i++ {
		if err := batch.Append(fmt.Sprintf("第 %d 行", i), int64(i)); err != nil {
			return err
		}
	}
	return batch.Send()
}

func TestBatchInsert(t *testing.T) {
	db := newDB(t)
	mustExec(t, db, "CREATE TABLE rows (id Int64, text String) ENGINE = MergeTree ORDER BY id")
	// 100,000 rows are about 2.5 MB, ten times the query size limit.
	if err := insertRows(t.Context(), db, "rows", 0, 100_000); err != nil {
		t.Fatal(err)
	}
	if n := one[uint64](t, db, "SELECT count() FROM rows WHERE text = concat('第 ', toString(id), ' 行')"); n != 100_000 {
		t.Errorf("%d good rows", n)
	}
	if n := one[int64](t, db, "SELECT sum(id) FROM rows"); n != 100_000*99_999/2 {
		t.Errorf("sum %d", n)
	}
	// The result spans many blocks.
	rows, err := db.Query(t.Context(), "SELECT id, text FROM rows ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	next := int64(0)
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			t.Fatal(err)
		}
		if id != next || text != fmt.Sprintf("第 %d 行", id) {
			t.Fatalf("row %d is %d %q", next, id, text)
		}
		next++
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || next != 100_000 {
		t.Errorf("%d rows, %v", next, err)
	}
}

func TestInsertAsText(t *testing.T) {
	db := newDB(t)
	mustExec(t, db, "CREATE TABLE rows (id Int64, text String) ENGINE = MergeTree ORDER BY id")
	var sql strings.Builder
	sql.WriteString("INSERT INTO rows VALUES ")
	for i := range 20_000 {
		fmt.Fprintf(&sql, "(%d, 'it''s row %d; --'),", i, i)
	}
	if sql.Len() < 2*262_144 {
		t.Fatal("the statement must exceed the query size limit")
	}
	mustExec(t, db, strings.TrimSuffix(sql.String(), ","))
	if n := one[uint64](t, db, "SELECT count() FROM rows WHERE text LIKE 'it\\'s row%'"); n != 20_000 {
		t.Errorf("%d rows", n)
	}
}

func TestInsertFailures(t *testing.T) {
	engine := openEngine(t, t.TempDir(), chdb.Options{})
	db := connect(t, engine, "")
	mustExec(t, db, "CREATE TABLE rows (id Int64, text String) ENGINE = MergeTree ORDER BY id")

	t.Run("columns of unequal length", func(t *testing.T) {
		batch, err := db.PrepareBatch(t.Context(), "INSERT INTO rows (id, text)")
		if err != nil {
			t.Fatal(err)
		}
		if err := batch.Column(0).Append([]int64{1, 2, 3}); err != nil {
			t.Fatal(err)
		}
		if err := batch.Column(1).Append([]string{"a"}); err != nil {
			t.Fatal(err)
		}
		wantCode(t, batch.Send(), 108)
	})
	t.Run("table dropped meanwhile", func(t *testing.T) {
		mustExec(t, db, "CREATE TABLE gone (id Int64, text String) ENGINE = Memory")
		batch, err := db.PrepareBatch(t.Context(), "INSERT INTO gone (id, text)")
		if err != nil {
			t.Fatal(err)
		}
		if err := batch.Append(int64(1), "a"); err != nil {
			t.Fatal(err)
		}
		mustExec(t, db, "DROP TABLE gone SYNC")
		wantCode(t, batch.Send(), 60)
	})
	t.Run("cut body", func(t *testing.T) {
		// Two columns, one row, and then nothing.
		wantCode(t,
			db.InsertFormat(t.Context(), "Native", "INSERT INTO rows", strings.NewReader("\x02\x01\x02id\x05Int64\x00")), 33)
	})
	t.Run("broken reader", func(t *testing.T) {
		broken := errors.New("the file is gone")
		err := db.InsertFormat(t.Context(), "CSV", "INSERT INTO rows",
			io.MultiReader(strings.NewReader("1,a\n"), failingReader{broken}))
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
	if n := one[uint64](t, db, "SELECT count() FROM rows"); n != 0 {
		t.Errorf("failed inserts left %d rows", n)
	}
	if err := insertRows(t.Context(), db, "rows", 0, 1); err != nil {
		t.Errorf("the sessions do not recover: %v", err)
	}
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

func TestParameters(t *testing.T) {
	db := newDB(t)
	nasty := "it's {x:String} \"中文\"\n\t\\n\\ `--` ;/* 😀"
	got := one[string](t, db, "SELECT {text:String}", clickhouse.Named("text", nasty))
	if got != nasty {
		t.Errorf("got %q, want %q", got, nasty)
	}
	if got := one[string](t, db, "SELECT {text:String}", clickhouse.Named("text", "")); got != "" {
		t.Errorf("the empty text became %q", got)
	}
	var texts []string
	var amount decimal.Decimal
	var missing *string
	err := db.QueryRow(t.Context(), "SELECT {a:Array(String)}, {d:Decimal(18, 2)}, {n:Nullable(String)}",
		clickhouse.Named("a", []string{nasty, "乙"}),
		clickhouse.Named("d", decimal.RequireFromString("12.30")),
		clickhouse.Named("n", nil)).Scan(&texts, &amount, &missing)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{nasty, "乙"},
		texts); diff != "" || !amount.Equal(decimal.RequireFromString("12.3")) || missing != nil {
		t.Errorf("%s %v %v", diff, amount, missing)
	}
	// A value must not be left over for the next statement.
	wantCode(t, db.Exec(t.Context(), "SELECT {text:String}"), 456)
}

func TestEmptyResults(t *testing.T) {
	db := newDB(t)
	rows, err := db.Query(t.Context(), "SELECT toInt64(1) AS x WHERE 0")
	if err != nil {
		t.Fatal(err)
	}
	if rows.Next() {
		t.Error("a row out of nothing")
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Error(err)
	}
	var none []struct{ X int64 }
	if err := db.Select(t.Context(), &none, "SELECT toInt64(1) AS X WHERE 0"); err != nil || len(none) != 0 {
		t.Errorf("%v %v", none, err)
	}
}

func TestErrors(t *testing.T) {
	db := newDB(t)
	for sql, code := range map[string]int32{
		"SELECT * FROM nowhere": 60,
		"SELECT (":              62,
		"":                      62,
		"-- nothing":            62,
		"SELECT 1; SELECT 2":    62,
		"SELECT throwIf(1)":     395,
		"SELECT throwIf(number = 99999) FROM numbers(100000)": 395,
		"SELECT 1 SETTINGS max_nonsense = 1":                  115,
	} {
		err := db.Exec(t.Context(), sql)
		wantCode(t, err, code)
		var exception *clickhouse.Exception
		if errors.As(err, &exception) && (exception.CodeName == "" || exception.Name != "DB::Exception") {
			t.Errorf("%s: incomplete exception %#v", sql, exception)
		}
	}
	wantCode(t,
		db.Exec(clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"max_nonsense": 1})), "SELECT 1"),
		115)
	if n := one[uint8](t, db, "SELECT 1"); n != 1 {
		t.Error(n)
	}
}

func TestCompressionIsRefused(t *testing.T) {
	engine := openEngine(t, t.TempDir(), chdb.Options{})
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionLZ4, clickhouse.CompressionGZIP} {
		opts := engine.Options("")
		opts.Compression = &clickhouse.Compression{Method: method}
		db, err := clickhouse.Open(opts)
		if err != nil {
			t.Fatal(err)
		}
		if method == clickhouse.CompressionLZ4 {
			wantCode(t,
				db.Exec(clickhouse.Context(t.Context(), clickhouse.WithSettings(clickhouse.Settings{"compress": 1})), "SELECT 1"),
				48)
		}
		wantCode(t, db.InsertFormat(t.Context(), "CSV", "INSERT INTO t", strings.NewReader("1")), 48)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestSessionsDoNotLeak checks that a pooled session brings nothing from one
// request to the next.
func TestSessionsDoNotLeak(t *testing.T) {
	engine := openEngine(t, t.TempDir(),
		chdb.Options{Connections: 1, Settings: map[string]string{"max_block_size": "1000"}})
	db := connect(t, engine, "")
	mustExec(t, db, "CREATE DATABASE `账 本\\`\\\\`", "CREATE DATABASE other")
	first, other := connect(t, engine, "账 本`\\"), connect(t, engine, "other")
	mustExec(t, first, "CREATE TABLE t (x Int64) ENGINE = MergeTree ORDER BY x", "INSERT INTO t VALUES (1)")
	mustExec(t, other, "CREATE TABLE t (x Int64) ENGINE = MergeTree ORDER BY x", "INSERT INTO t VALUES (2)")
	for range 3 {
		if a, b := one[int64](t, first, "SELECT x FROM t"), one[int64](t, other, "SELECT x FROM t"); a != 1 || b != 2 {
			t.Fatal(a, b)
		}
	}
	wantCode(t, db.Exec(t.Context(), "SELECT x FROM t"), 60)

	// A database is chosen by name: it may be replaced, or not be there.
	mustExec(t, db, "RENAME DATABASE other TO gone", "CREATE DATABASE other")
	wantCode(t, other.Exec(t.Context(), "SELECT x FROM t"), 60)
	mustExec(t, db, "DROP DATABASE other SYNC")
	if err := other.Exec(t.Context(), "SELECT x FROM t"); err == nil {
		t.Error("a dropped database answers")
	}
	mustExec(t, db, "RENAME DATABASE gone TO other")
	if n := one[int64](t, other, "SELECT x FROM t"); n != 2 {
		t.Error(n)
	}
	wantCode(t, connect(t, engine, "nowhere").Exec(t.Context(), "SELECT 1"), 81)

	mustExec(t, db, "USE other", "SET max_threads = 7")
	if name := one[string](t, db, "SELECT currentDatabase()"); name != "default" {
		t.Errorf("USE leaked: %s", name)
	}
	setting := func(ctx context.Context) string {
		var value string
		if err := db.QueryRow(ctx,
			"SELECT concat(toString(getSetting('max_threads')), ' ', toString(getSetting('max_block_size')))").Scan(&value); err != nil {
			t.Fatal(err)
		}
		return value
	}
	before := setting(t.Context())
	with := clickhouse.Context(t.Context(),
		clickhouse.WithSettings(clickhouse.Settings{"max_threads": 5, "max_block_size": 77}))
	if got := setting(with); got != "5 77" {
		t.Errorf("request settings: %s", got)
	}
	if got := setting(t.Context()); got != before || !strings.HasSuffix(got, " 1000") || strings.HasPrefix(got, "7") {
		t.Errorf("settings leaked: %s, before %s", got, before)
	}
}

func TestConcurrency(t *testing.T) {
	db := newDB(t)
	const writers, batches, size = 6, 5, 500
	mustExec(t, db, "CREATE TABLE rows (id Int64, text String) ENGINE = MergeTree ORDER BY id")
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for b := range batches {
				if err := insertRows(t.Context(), db, "rows", (w*batches+b)*size, size); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range batches {
				var n, good uint64
				if err := db.QueryRow(t.Context(),
					"SELECT count(), countIf(text = concat('第 ', toString(id), ' 行')) FROM rows").Scan(&n, &good); err != nil {
					t.Error(err)
				}
				if n%size != 0 || n != good {
					t.Errorf("a torn read: %d rows, %d good", n, good)
				}
			}
		})
	}
	wg.Wait()
	if n := one[uint64](t, db, "SELECT uniqExact(id) FROM rows"); n != writers*batches*size {
		t.Errorf("%d rows", n)
	}
}

// forever is a query that only a kill can end within the time of a test.
const forever = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"

// running waits until the engine runs want queries like forever.
func running(t *testing.T, db driver.Conn, want uint64) {
	t.Helper()
	for one[uint64](t, db,
		"SELECT count() FROM system.processes WHERE query LIKE '%numbers(1000000000000)%' AND query NOT LIKE '%processes%'") != want {
		if t.Context().Err() != nil {
			t.Fatal("the queries do not change")
		}
		runtime.Gosched()
	}
}

func TestCancellation(t *testing.T) {
	engine := openEngine(t, t.TempDir(), chdb.Options{Connections: 2, MaxThreads: 1})
	db := connect(t, engine, "")
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { failed <- db.Exec(ctx, forever) }()
	running(t, db, 1)
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	running(t, db, 0)

	// Killing takes no session away: there is room for all of them again, and
	// a query is killed however early its context ends.
	for range 10 {
		ctx, cancel = context.WithCancel(t.Context())
		go func() { failed <- db.Exec(ctx, forever) }()
		go cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	running(t, db, 0)

	if err := db.Exec(ctx, "SELECT 1"); !errors.Is(err, context.Canceled) {
		t.Errorf("an ended context: got %v", err)
	}
}

func TestWaitingForASessionIsCancelled(t *testing.T) {
	engine := openEngine(t, t.TempDir(), chdb.Options{Connections: 1})
	db := connect(t, engine, "")
	mustExec(t, db, "CREATE TABLE rows (id Int64, text String) ENGINE = MergeTree ORDER BY id")
	// An insert whose body does not end keeps the only session.
	body, feed := io.Pipe()
	insert, cancelInsert := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() { failed <- db.InsertFormat(insert, "CSV", "INSERT INTO rows", body) }()
	if _, err := io.WriteString(feed, "1,a\n"); err != nil {
		t.Fatal(err)
	}
	waiting, cancelWaiting := context.WithCancel(t.Context())
	go cancelWaiting()
	if err := db.Exec(waiting, "SELECT 1"); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	cancelInsert()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := one[uint64](t, db, "SELECT count() FROM rows"); n != 0 {
		t.Errorf("a cancelled insert left %d rows", n)
	}
}

func TestPersistence(t *testing.T) {
	dir := t.TempDir()
	for round := range 3 {
		engine := openEngine(t, dir, chdb.Options{})
		db := connect(t, engine, "")
		mustExec(t, db, "CREATE TABLE IF NOT EXISTS rows (id Int64, text String) ENGINE = MergeTree ORDER BY id")
		if n := one[uint64](t, db, "SELECT count() FROM rows"); n != uint64(round*10) {
			t.Fatalf("round %d: %d rows", round, n)
		}
		if err := insertRows(t.Context(), db, "rows", round*10, 10); err != nil {
			t.Fatal(err)
		}
		if err := engine.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestManyFolders opens one fresh folder after the other in one process.
func TestManyFolders(t *testing.T) {
	for range 20 {
		engine := openEngine(t, t.TempDir(), chdb.Options{})
		db := connect(t, engine, "")
		mustExec(t, db, "CREATE TABLE rows (id Int64, text String) ENGINE = MergeTree ORDER BY id")
		if err := insertRows(t.Context(), db, "rows", 0, 10); err != nil {
			t.Fatal(err)
		}
		if err := engine.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOneEngine(t *testing.T) {
	dir := t.TempDir()
	openEngine(t, dir, chdb.Options{})
	for _, other := range []string{dir, t.TempDir()} {
		_, err := chdb.Open(other, chdb.Options{})
		if !errors.Is(err, chdb.ErrAlreadyOpen) || !strings.Contains(err.Error(), dir) {
			t.Errorf("got %v", err)
		}
	}
}

func TestLocked(t *testing.T) {
	dir := t.TempDir()
	engine := openEngine(t, dir, chdb.Options{})
	output, state := runChild(t, "lock", dir)
	if state.ExitCode() != 3 || !strings.Contains(output, dir) {
		t.Errorf("%v: %s", state, output)
	}
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	if output, state := runChild(t, "close", dir); !state.Success() {
		t.Errorf("after Close: %v: %s", state, output)
	}
}

// TestProcessEnd checks that a process ends well whether or not it closes its
// engine, and that what was acknowledged survives its death.
func TestProcessEnd(t *testing.T) {
	dir := t.TempDir()
	for _, mode := range []string{"close", "leave", "kill"} {
		output, state := runChild(t, mode, dir)
		if state.Success() == (mode == "kill") || output != "" && mode != "kill" {
			t.Errorf("%s: %v: %s", mode, state, output)
		}
	}
	db := connect(t, openEngine(t, dir, chdb.Options{}), "")
	if n := one[uint64](t, db, "SELECT count() FROM seen"); n != 3 {
		t.Errorf("%d of 3 rows survived", n)
	}
}

func TestUseAfterClose(t *testing.T) {
	engine := openEngine(t, t.TempDir(), chdb.Options{})
	db := connect(t, engine, "")
	res, err := engine.RoundTripper().RoundTrip(mustRequest(t, "SELECT 'kept'"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(engine.Close(), engine.Close()); err != nil {
		t.Fatal(err)
	}
	if err := db.Exec(t.Context(), "SELECT 1"); !errors.Is(err, chdb.ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := connect(t, engine, "").Ping(t.Context()); !errors.Is(err, chdb.ErrClosed) {
		t.Errorf("got %v", err)
	}
	// An answer that was given can still be read, and can be closed twice.
	text, err := io.ReadAll(res.Body)
	if err != nil || string(text) != "kept\n" {
		t.Errorf("%q, %v", text, err)
	}
	if err := errors.Join(res.Body.Close(), res.Body.Close()); err != nil {
		t.Error(err)
	}
	if _, err := res.Body.Read(make([]byte, 1)); !errors.Is(err, http.ErrBodyReadAfterClose) {
		t.Errorf("got %v", err)
	}
}

func mustRequest(t *testing.T, sql string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://embedded/", strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func TestCloseWaitsForQueries(t *testing.T) {
	engine := openEngine(t, t.TempDir(), chdb.Options{})
	db := connect(t, engine, "")
	started, failed := make(chan struct{}), make(chan error, 1)
	go func() {
		close(started)
		failed <- db.Exec(t.Context(), "SELECT sleep(0.2)")
	}()
	<-started
	if err := engine.Close(); err != nil {
		t.Fatal(err)
	}
	// Whether the query began in time is up to the scheduler.
	if err := <-failed; err != nil && !errors.Is(err, chdb.ErrClosed) {
		t.Error(err)
	}
}

func TestNilDereferenceIsRecoverable(t *testing.T) {
	db := newDB(t)
	mustExec(t, db, "SELECT 1")
	for range 3 {
		func() {
			defer func() {
				if _, ok := recover().(runtime.Error); !ok {
					t.Error("no runtime error")
				}
			}()
			var broken *struct{ x int }
			t.Log(broken.x)
		}()
	}
	mustExec(t, db, "SELECT 1")
}

func TestStrayConfiguration(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("config.xml", []byte("<clickhouse><path>"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustExec(t, newDB(t), "SELECT 1")
}

func TestMemoryLimit(t *testing.T) {
	engine := openEngine(t, t.TempDir(), chdb.Options{MaxMemory: 512 << 20, MaxThreads: 1})
	db := connect(t, engine, "")
	wantCode(t, db.Exec(t.Context(), "SELECT length(groupArray(number)) FROM numbers(1000000000)"), 241)
	if n := one[uint8](t, db, "SELECT getSetting('max_threads')"); n != 1 {
		t.Errorf("%d threads", n)
	}
}

// TestDatabaseOperations covers what a projection needs to build a new
// version next to the old one and to switch over.
func TestDatabaseOperations(t *testing.T) {
	db := newDB(t)
	mustExec(t, db,
		"CREATE DATABASE a", "CREATE DATABASE b",
		"CREATE TABLE a.t (id Int64, v UInt64, s String) ENGINE = ReplacingMergeTree(v) ORDER BY id",
		"CREATE TABLE b.t AS a.t",
		"INSERT INTO a.t VALUES (1, 1, 'old'), (2, 1, 'two')",
		"INSERT INTO a.t VALUES (1, 2, 'new')",
		"EXCHANGE TABLES a.t AND b.t",
		"RENAME DATABASE b TO c",
	)
	if s := one[string](t, db,
		"SELECT arrayStringConcat(groupArray(s), ',') FROM (SELECT s FROM c.t FINAL ORDER BY id)"); s != "new,two" {
		t.Error(s)
	}
	if n := one[uint64](t, db, "SELECT count() FROM a.t"); n != 0 {
		t.Error(n)
	}
	mustExec(t, db, "OPTIMIZE TABLE c.t FINAL", "DROP DATABASE a SYNC", "DROP DATABASE c SYNC")
}

func BenchmarkInsert100k(b *testing.B) {
	db := newDB(b)
	mustExec(b, db, "CREATE TABLE rows (id Int64, text String) ENGINE = MergeTree ORDER BY id")
	for b.Loop() {
		if err := insertRows(b.Context(), db, "rows", rand.IntN(1<<40), 100_000); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSmallSelect(b *testing.B) {
	db := newDB(b)
	mustExec(b, db, "CREATE TABLE rows (id Int64, text String) ENGINE = MergeTree ORDER BY id")
	if err := insertRows(b.Context(), db, "rows", 0, 10_000); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		id := rand.Int64N(10_000)
		var text string
		if err := db.QueryRow(b.Context(), "SELECT text FROM rows WHERE id = {id:Int64}",
			clickhouse.Named("id", id)).Scan(&text); err != nil {
			b.Fatal(err)
		}
	}
}
