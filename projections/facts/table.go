package facts

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Table is one fact table with the rows to be inserted next, column by column.
// Its buffers are reused from batch to batch.
type Table struct {
	Name    string
	Schema  string
	Lies    Lies
	columns []buffer
	insert  string
	wire    []clickhouse.ColumnNameAndType
	Rows    int
}

// Lies says by which of its columns the rows of a table lie where they lie. Every
// table says so where it is made: in the scope of somebody no other rows are seen.
// A table that says nothing is seen by the whole company alone.
type Lies struct {
	// Center, Project and Region are columns; empty: the rows do not say. What names a
	// center is that center's, and not that of the center which has its project now.
	Center, Project, Region string
	// Depot is the column with the project of rows that name no center, being those of
	// its depot: they lie where it does, and those of a center in its account alone.
	Depot string
	// Numbered is the column with the number of a ticket, a process sheet or a
	// requisition (Kind) whose rows these are: they lie where it does, see table places.
	Numbered, Kind string
	// Named says that a center's rows are seen by whoever may name the center: they
	// tell no more than its name.
	Named bool
	// Open says that everybody sees all of it.
	Open bool
	// Closed says that the whole company alone does.
	Closed bool
}

// Kinds of what places are kept for.
const (
	ticketPlace      = "TICKET"
	returnPlace      = "RETURN"
	requisitionPlace = "REQUISITION"
)

// buffer is one column of a table, whatever its type.
type buffer interface {
	name() string
	size() int
	truncate(rows int)
	appendTo(driver.BatchColumn) error
	at(row int) any
}

// column is a buffer of values of one type.
type column[T any] struct {
	column string
	values []T
}

func (c *column[T]) add(v T)           { c.values = append(c.values, v) }
func (c *column[T]) name() string      { return c.column }
func (c *column[T]) size() int         { return len(c.values) }
func (c *column[T]) truncate(rows int) { c.values = c.values[:rows] }
func (c *column[T]) at(row int) any    { return c.values[row] }

func (c *column[T]) appendTo(to driver.BatchColumn) error { return to.Append(c.values) }

// newTable begins a table; its columns are added in the order in which they
// are to be inserted.
func newTable(name, schema string, lies Lies) *Table {
	return &Table{Name: name, Schema: schema, Lies: lies}
}

// newColumn adds a column. wire is the type in which it travels where the
// protocol lets the client choose: a low-cardinality column goes as plain text
// and is encoded by ClickHouse, because the client's own encoder reflects on
// every value.
func newColumn[T any](t *Table, name, wire string) *column[T] {
	c := &column[T]{column: name}
	t.columns = append(t.columns, c)
	t.wire = append(t.wire, clickhouse.ColumnNameAndType{Name: name, Type: wire})
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = c.name()
	}
	t.insert = "INSERT INTO " + t.Name + " (" + strings.Join(names, ", ") + ")"
	return c
}

// Columns by what they hold.
type (
	textColumn    struct{ *column[string] }
	textsColumn   struct{ *column[[]string] }
	flagColumn    struct{ *column[bool] }
	dateColumn    struct{ *column[time.Time] }
	timeColumn    struct{ *column[time.Time] }
	moneyColumn   struct{ *column[decimal.Decimal] }
	decimalColumn struct{ *column[decimal.Decimal] }
	quarterColumn struct{ *column[uint16] }
	numberColumn  struct{ *column[uint32] }
)

func (t *Table) text(name string) textColumn { return textColumn{newColumn[string](t, name, "String")} }
func (t *Table) texts(name string) textsColumn {
	return textsColumn{newColumn[[]string](t, name, "Array(String)")}
}
func (t *Table) flag(name string) flagColumn { return flagColumn{newColumn[bool](t, name, "Bool")} }
func (t *Table) date(name string) dateColumn {
	return dateColumn{newColumn[time.Time](t, name, "Date")}
}
func (t *Table) time(name string, decimals int) timeColumn {
	return timeColumn{newColumn[time.Time](t, name, fmt.Sprintf("DateTime64(%d, 'Asia/Shanghai')", decimals))}
}
func (t *Table) money(name string) moneyColumn {
	return moneyColumn{newColumn[decimal.Decimal](t, name, "Decimal(18, 2)")}
}
func (t *Table) decimal(name string, precision, scale int) decimalColumn {
	return decimalColumn{newColumn[decimal.Decimal](t, name, fmt.Sprintf("Decimal(%d, %d)", precision, scale))}
}
func (t *Table) number(name string) numberColumn {
	return numberColumn{newColumn[uint32](t, name, "UInt32")}
}
func (t *Table) quarter(name string) quarterColumn {
	return quarterColumn{newColumn[uint16](t, name, "UInt16")}
}

func (c dateColumn) add(d calendar.Date)       { c.column.add(d.UTC()) }
func (c moneyColumn) add(a money.Amount)       { c.column.add(a.Decimal()) }
func (c quarterColumn) add(q calendar.Quarter) { c.column.add(uint16(q)) }

// epoch stands for "no time" in a column.
var epoch = time.Unix(0, 0)

func (c timeColumn) add(t time.Time) {
	if t.IsZero() {
		t = epoch
	}
	c.column.add(t)
}

// keyColumns begin every fact table: the row's identity, and who recorded it
// when.
type keyColumns struct {
	table      *Table
	position   *column[uint64]
	line       *column[uint32]
	recordedAt timeColumn
	actor      textColumn
	role       textColumn
}

func newKeyColumns(t *Table) keyColumns {
	return keyColumns{
		table:      t,
		position:   newColumn[uint64](t, "position", "UInt64"),
		line:       newColumn[uint32](t, "line", "UInt32"),
		recordedAt: t.time("recorded_at", 6),
		actor:      t.text("actor"),
		role:       t.text("role"),
	}
}

// begin starts the row with a number within the event, from zero. The caller
// adds a value to every other column.
func (k keyColumns) begin(r *Recorded, line int) {
	k.position.add(r.Position)
	k.line.add(uint32(line))
	k.recordedAt.add(r.RecordedAt)
	k.actor.add(r.Actor)
	k.role.add(r.Role)
	k.table.Rows++
}

// reset forgets the rows and keeps the memory.
func (t *Table) reset() {
	t.Rows = 0
	for _, c := range t.columns {
		c.truncate(0)
	}
}

// Write inserts the rows in one batch. ClickHouse takes all of a batch of this
// size, or nothing.
func (t *Table) Write(ctx context.Context, conn driver.Conn) error {
	ctx = clickhouse.Context(ctx,
		clickhouse.WithColumnNamesAndTypes(t.wire),
		clickhouse.WithSettings(insertSettings))
	batch, err := conn.PrepareBatch(ctx, t.insert)
	if err != nil {
		return fmt.Errorf("insert into %s: %w", t.Name, err)
	}
	defer batch.Close()
	for i, c := range t.columns {
		if c.size() != t.Rows {
			return &DefectError{fmt.Errorf("column %s.%s has %d values in %d rows", t.Name, c.name(), c.size(), t.Rows)}
		}
		if err := c.appendTo(batch.Column(i)); err != nil {
			return &DefectError{fmt.Errorf("column %s.%s: %w", t.Name, c.name(), err)}
		}
	}
	if err := batch.Send(); err != nil {
		return fmt.Errorf("insert %d rows into %s: %w", t.Rows, t.Name, err)
	}
	return nil
}

// insertSettings: there is one writer and it batches by itself, and a batch
// holds an event once, so that there is nothing to collapse on the way in.
var insertSettings = clickhouse.Settings{
	"async_insert":          0,
	"optimize_on_insert":    0,
	"max_insert_block_size": 4_194_304,
}

// DefectError is rows that ClickHouse's client will never take.
type DefectError struct{ error }

// Row is one row of a table by the names of its columns.
type Row map[string]any

// RowsOf returns the rows of a table that are to be inserted next.
func (f *Facts) RowsOf(table string) []Row {
	for _, t := range f.Tables {
		if t.Name == table {
			return t.all()
		}
	}
	return nil
}

func (t *Table) all() []Row {
	rows := make([]Row, t.Rows)
	for i := range rows {
		rows[i] = make(Row, len(t.columns))
		for _, c := range t.columns {
			rows[i][c.name()] = c.at(i)
		}
	}
	return rows
}
