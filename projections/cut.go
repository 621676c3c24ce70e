package projections

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Cut says as of which date a question is asked, and known when. The zero
// value asks as of today, known now.
type Cut struct {
	// AsOf is the business date: what happened later does not count. Zero
	// means today in Shanghai.
	AsOf calendar.Date
	// KnownAt is the moment of knowledge: what was recorded later is not
	// known yet. Zero means now, and so does a moment that has not come.
	// Answers known at a past moment never change.
	KnownAt time.Time
	// Scope is what lies within the rights of who asks, and all that is seen. A
	// question without one is refused: see [ErrNoScope].
	Scope access.Scope
}

// ErrNoScope is a question that does not say in whose scope it is asked.
var ErrNoScope = errors.New("the read models were asked in nobody's scope")

// Answer is part of every answer: what it was asked for, and how much of the
// log it rests on.
type Answer struct {
	AsOf     calendar.Date
	KnownAt  time.Time // in Shanghai, microseconds
	Position uint64    // log position up to which events are considered
	State    State     // of the projector when the question was asked
	Reason   string    // why it does not keep up, where it does not
	Lag      Lag       // of the projector when the question was asked
}

// Filter narrows a question down. Empty fields do not narrow.
type Filter struct {
	Center  domain.CenterID
	Region  string // of the center for money, of the project for parts
	Project domain.ProjectID
}

// Page asks for a part of a long answer.
type Page struct {
	// Limit is the most rows wanted, 1 to MaxLimit; zero means DefaultLimit.
	Limit int
	// Sort is what the rows are sorted by, where the answer allows it: a name of
	// its own, with - before it for the largest first. Empty means the answer's
	// own order, which also decides between equal rows.
	Sort string
	// After is the Next of the page before; empty means the first page. The
	// pages of one answer share its cut, however much is recorded between.
	After string
}

// Bounds of Page.Limit, in rows.
const (
	DefaultLimit = 100
	MaxLimit     = 1000
)

// EveryPage asks for one page after the other.
func EveryPage(ask func(Page) (next string, err error)) error {
	for page := (Page{Limit: MaxLimit}); ; {
		next, err := ask(page)
		if err != nil || next == "" {
			return err
		}
		page.After = next
	}
}

// Question is one query under way: the tables it is asked of, and its cut.
type Question struct {
	Answer
	M      *ReadModels
	gen    *generation
	Status Status
	scope  access.Scope
	asked  string   // identifies the question among pages
	After  []string // the last row of the page before
	cursor string   // that said so
	Limit  int

	Sort         string // see askSorted
	SortSign     int8
	afterSortKey int64 // of the last row of the page before
}

// Ask fixes the tables and the cut of a question. parts are what else makes
// the question what it is. The caller ends it with done.
//
// The cut is by position as well as by time: while a batch is being written,
// some of its tables are ahead of others, and a question must see none of it.
func (m *ReadModels) Ask(cut Cut, page Page, parts ...any) (*Question, error) {
	q, err := m.ask(cut, page, parts...)
	var behind *aheadError
	if !errors.As(err, &behind) {
		return q, err
	}
	// Another server of this log may have begun the pages, further on than this one
	// has come; nobody has gone beyond the log.
	if beyond, err := m.beyondLog(context.Background(), behind.position); err == nil && beyond {
		return nil, BadCursor(page.After)
	}
	return nil, behind.StatusError
}

// aheadError is a page of an answer that rests on more than is shown here.
type aheadError struct {
	*StatusError
	position uint64
}

func (m *ReadModels) ask(cut Cut, page Page, parts ...any) (*Question, error) {
	q := &Question{M: m, scope: cut.Scope, asked: identify(cut.Scope.ID(), parts), Limit: page.Limit}
	switch {
	case !q.scope.Given():
		return nil, ErrNoScope
	case page.Sort != "":
		return nil, badSort(page.Sort, "must be empty: this list has one order")
	case q.Limit == 0:
		q.Limit = DefaultLimit
	case q.Limit < 1 || q.Limit > MaxLimit:
		return nil, domain.Invalid("limit", fmt.Sprint(page.Limit), "bad-limit", "must be between 1 and %d", "", MaxLimit)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	q.Status = m.statusLocked()
	if err := q.fix(cut, page.After); err != nil {
		return nil, err
	}
	switch {
	case q.Status.State == Rebuilding:
		return nil, &StatusError{Err: ErrRebuilding, Status: q.Status}
	case m.answering == nil || m.answering != m.serving:
		return nil, &StatusError{Err: ErrUnavailable, Status: q.Status}
	case q.Position > q.Status.Position:
		return nil, &aheadError{&StatusError{Err: ErrUnavailable, Status: q.Status}, q.Position}
	}
	q.gen = m.serving
	q.gen.readers.Add(1)
	return q, nil
}

// InScope is what the question sees of.
func (q *Question) InScope() access.Scope { return q.scope }

func (q *Question) Done() { q.gen.readers.Done() }

func (q *Question) fix(cut Cut, after string) error {
	q.Answer = Answer{
		AsOf: cut.AsOf, Position: q.Status.Position, State: q.Status.State, Reason: q.Status.Reason, Lag: q.Status.Lag,
	}
	if after != "" {
		return q.resume(after)
	}
	now := q.M.now()
	if away, _ := q.M.source.Away(); !away.IsZero() && away.Before(now) {
		now = away // what has been recorded since nobody here knows
	}
	if q.AsOf.IsZero() {
		q.AsOf = calendar.DateOf(now)
	}
	// A log server's clock may be ahead of ours. What it has recorded is
	// known, else a writer would not find what was just written.
	if q.Status.LastEventAt.After(now) {
		now = q.Status.LastEventAt
	}
	if cut.KnownAt.IsZero() || cut.KnownAt.After(now) {
		cut.KnownAt = now
	}
	q.KnownAt = InShanghai(cut.KnownAt.Truncate(time.Microsecond))
	return nil
}

// cursor is where a page ended, and the cut that the next one shares.
type cursor struct {
	Asked    string        `json:"q"`
	AsOf     calendar.Date `json:"d"`
	KnownAt  int64         `json:"k"` // microseconds since 1970
	Position uint64        `json:"p"`
	SortKey  int64         `json:"s,omitempty"`
	After    []string      `json:"a"`
}

func (q *Question) resume(after string) error {
	var c cursor
	data, err := base64.RawURLEncoding.DecodeString(after)
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil || c.Asked != q.asked || len(c.After) == 0 {
		return BadCursor(after)
	}
	q.afterSortKey, q.cursor = c.SortKey, after
	q.AsOf, q.KnownAt, q.Position, q.After = c.AsOf, InShanghai(time.UnixMicro(c.KnownAt)), c.Position, c.After
	return nil
}

// BadCursor refuses a cursor that no page of the question gave.
func BadCursor(after string) error {
	return domain.Invalid("cursor", domain.Clip(after), "bad-cursor", "must be the next of a page of the same question",
		"")
}

// Next makes the cursor that asks for what comes after the given row key.
func (q *Question) Next(key ...string) string { return q.NextSorted(0, key...) }

// NextSorted is next for an answer that can be sorted: sortKey is that of the
// same row.
func (q *Question) NextSorted(sortKey int64, key ...string) string {
	data, err := json.Marshal(cursor{
		Asked: q.asked, AsOf: q.AsOf, KnownAt: q.KnownAt.UnixMicro(), Position: q.Position, SortKey: sortKey, After: key,
	})
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// AfterKey returns part i of the last row of the page before, or first on the
// first page.
func (q *Question) AfterKey(i int, first string) string {
	if i < len(q.After) {
		return q.After[i]
	}
	return first
}

func identify(scope string, parts []any) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %#v", scope, parts)
	return fmt.Sprintf("%x", h.Sum64())
}

// wrongKind lists ClickHouse's error codes for a value that is not of its column's
// type: CANNOT_PARSE_…, TYPE_MISMATCH, ARGUMENT_OUT_OF_BOUND, BAD_QUERY_PARAMETER.
var wrongKind = []int32{6, 26, 27, 32, 38, 41, 53, 69, 72, 457}

// isOfWrongKind reports whether ClickHouse refused a value that a question was given.
// All but those of a cursor are checked before.
func isOfWrongKind(err error) bool {
	var exception *clickhouse.Exception
	return errors.As(err, &exception) && slices.Contains(wrongKind, exception.Code)
}

// Params are the values of a query's parameters by name.
type Params map[string]any

// Rows runs a query of the question and calls scan for every row. Of each fact
// table it sees what is within the cut and the scope, each row once. The parameters as_of,
// row_limit, sort, sort_sign and after_sort are always there; row_limit asks for
// one row more than the page, which tells whether there is more.
func (q *Question) Rows(ctx context.Context, sql string, p Params, scan func(driver.Rows) error) error {
	return q.rows(ctx, sql+q.reading(sql, true), p, scan)
}

// RowsUnmerged is Rows for a query that may see a row twice, if it was written
// twice: it spares the merging (FINAL) where that costs more than it saves, and
// the result does not depend on it. Rows written twice are equal.
func (q *Question) RowsUnmerged(ctx context.Context, sql string, p Params, scan func(driver.Rows) error) error {
	return q.rows(ctx, sql+q.reading(sql, false), p, scan)
}

func (q *Question) rows(ctx context.Context, sql string, p Params, scan func(driver.Rows) error) error {
	args := []any{
		clickhouse.Named("as_of", q.AsOf.String()),
		clickhouse.Named("row_limit", uint64(q.Limit+1)),
		clickhouse.Named("sort", q.Sort),
		clickhouse.Named("sort_sign", q.SortSign),
		clickhouse.Named("after_sort", q.afterSort()),
	}
	for name, value := range p {
		args = append(args, clickhouse.Named(name, value))
	}
	err := q.query(ctx, sql, args, scan)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case q.cursor != "" && isOfWrongKind(err):
		return BadCursor(q.cursor)
	}
	return &StatusError{Err: ErrUnavailable, Status: q.Status, Cause: q.M.conn.redacted(err)}
}

func (q *Question) query(ctx context.Context, sql string, args []any, scan func(driver.Rows) error) error {
	rows, err := q.gen.conn.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := scan(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

func (f Filter) Params() Params {
	return Params{"center": string(f.Center), "region": f.Region, "project": string(f.Project)}
}

// With adds to the parameters.
func (p Params) With(name string, value any) Params {
	p[name] = value
	return p
}

// TextTo is where a text column goes that is a type of the trade.
func TextTo[T ~string](to *T) sql.Scanner { return textScanner[T]{to} }

type textScanner[T ~string] struct{ to *T }

// Scan implements sql.Scanner for a String.
func (t textScanner[T]) Scan(src any) error {
	s, ok := src.(string)
	if !ok {
		return fmt.Errorf("a text cannot be read from %T", src)
	}
	*t.to = T(s)
	return nil
}

// Destinations for columns whose Go types the client does not know.
type (
	amountScanner  struct{ to *money.Amount }
	dateScanner    struct{ to *calendar.Date }
	quarterScanner struct{ to *calendar.Quarter }
)

// AmountTo is where a Decimal of two decimals goes, in yuan.
func AmountTo(to *money.Amount) sql.Scanner { return amountScanner{to} }

// DateTo is where a Date goes; 1970-01-01 is no date.
func DateTo(to *calendar.Date) sql.Scanner { return dateScanner{to} }

// QuarterTo is where a quarter goes, kept as year * 4 + 0…3.
func QuarterTo(to *calendar.Quarter) sql.Scanner { return quarterScanner{to} }

// Scan implements sql.Scanner for a Decimal of two decimals, in yuan.
func (a amountScanner) Scan(src any) error {
	d, ok := src.(decimal.Decimal)
	if !ok {
		return fmt.Errorf("an amount cannot be read from %T", src)
	}
	fen := d.Shift(2)
	if !fen.IsInteger() || !fen.BigInt().IsInt64() {
		return fmt.Errorf("%s yuan is not an amount in fen", d)
	}
	*a.to = money.Fen(fen.IntPart())
	return nil
}

// Scan implements sql.Scanner for a Date; 1970-01-01 is no date.
func (d dateScanner) Scan(src any) error {
	t, ok := src.(time.Time)
	if !ok {
		return fmt.Errorf("a date cannot be read from %T", src)
	}
	y, m, day := t.Date()
	*d.to = calendar.NewDate(y, m, day)
	return nil
}

// Scan implements sql.Scanner for a quarter, kept as year * 4 + 0…3.
func (q quarterScanner) Scan(src any) error {
	n, ok := src.(uint16)
	if !ok {
		return fmt.Errorf("a quarter cannot be read from %T", src)
	}
	*q.to = calendar.Quarter(n)
	return nil
}

// Bounds of ClickHouse's Date, for conditions that do not narrow.
var (
	FirstDate = calendar.Date(0)
	LastDate  = calendar.NewDate(2149, time.June, 6)
)

// IsoDate writes a date as ClickHouse reads it, "no date" included.
func IsoDate(d calendar.Date) string { return d.UTC().Format(time.DateOnly) }

// At is the same question, known at an earlier moment and position, and as of
// that day.
func (q *Question) At(moment time.Time, position uint64) *Question {
	earlier := *q
	earlier.KnownAt, earlier.Position, earlier.AsOf = InShanghai(moment),
		min(position, q.Position), min(q.AsOf, calendar.DateOf(moment))
	return &earlier
}
