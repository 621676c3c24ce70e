package projections

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
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
}

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

// question is one query under way: the tables it is asked of, and its cut.
type question struct {
	Answer
	m      *ReadModels
	gen    *generation
	status Status
	asked  string   // identifies the question among pages
	after  []string // the last row of the page before
	limit  int

	sort         string // see askSorted
	sortSign     int8
	afterSortKey int64 // of the last row of the page before
}

// ask fixes the tables and the cut of a question. parts are what else makes
// the question what it is. The caller ends it with done.
//
// The cut is by position as well as by time: while a batch is being written,
// some of its tables are ahead of others, and a question must see none of it.
func (m *ReadModels) ask(cut Cut, page Page, parts ...any) (*question, error) {
	q := &question{m: m, asked: identify(parts), limit: page.Limit}
	switch {
	case page.Sort != "":
		return nil, badSort(page.Sort, "must be empty: this list has one order")
	case q.limit == 0:
		q.limit = DefaultLimit
	case q.limit < 1 || q.limit > MaxLimit:
		return nil, domain.Invalid("limit", fmt.Sprint(page.Limit), "bad-limit", "must be between 1 and %d", "", MaxLimit)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	q.status = m.statusLocked()
	if err := q.fix(cut, page.After); err != nil {
		return nil, err
	}
	switch {
	case q.status.State == Rebuilding:
		return nil, &StatusError{Err: ErrRebuilding, Status: q.status}
	case m.answering == nil || m.answering != m.serving || q.Position > q.status.Position:
		return nil, &StatusError{Err: ErrUnavailable, Status: q.status}
	}
	q.gen = m.serving
	q.gen.readers.Add(1)
	return q, nil
}

func (q *question) done() { q.gen.readers.Done() }

func (q *question) fix(cut Cut, after string) error {
	q.Answer = Answer{
		AsOf: cut.AsOf, Position: q.status.Position, State: q.status.State, Reason: q.status.Reason, Lag: q.status.Lag,
	}
	if after != "" {
		return q.resume(after)
	}
	now := q.m.now()
	if away, _ := q.m.source.Away(); !away.IsZero() && away.Before(now) {
		now = away // what has been recorded since nobody here knows
	}
	if q.AsOf.IsZero() {
		q.AsOf = calendar.DateOf(now)
	}
	// A log server's clock may be ahead of ours. What it has recorded is
	// known, else a writer would not find what was just written.
	if q.status.LastEventAt.After(now) {
		now = q.status.LastEventAt
	}
	if cut.KnownAt.IsZero() || cut.KnownAt.After(now) {
		cut.KnownAt = now
	}
	q.KnownAt = inShanghai(cut.KnownAt.Truncate(time.Microsecond))
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

func (q *question) resume(after string) error {
	var c cursor
	data, err := base64.RawURLEncoding.DecodeString(after)
	if err == nil {
		err = json.Unmarshal(data, &c)
	}
	if err != nil || c.Asked != q.asked || len(c.After) == 0 {
		return domain.Invalid("cursor", domain.Clip(after), "bad-cursor", "must be the next of a page of the same question", "")
	}
	q.afterSortKey = c.SortKey
	q.AsOf, q.KnownAt, q.Position, q.after = c.AsOf, inShanghai(time.UnixMicro(c.KnownAt)), c.Position, c.After
	return nil
}

// next makes the cursor that asks for what comes after the given row key.
func (q *question) next(key ...string) string { return q.nextSorted(0, key...) }

// nextSorted is next for an answer that can be sorted: sortKey is that of the
// same row.
func (q *question) nextSorted(sortKey int64, key ...string) string {
	data, err := json.Marshal(cursor{q.asked, q.AsOf, q.KnownAt.UnixMicro(), q.Position, sortKey, key})
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// afterKey returns part i of the last row of the page before, or first on the
// first page.
func (q *question) afterKey(i int, first string) string {
	if i < len(q.after) {
		return q.after[i]
	}
	return first
}

func identify(parts []any) string {
	h := fnv.New64a()
	fmt.Fprintf(h, "%#v", parts)
	return fmt.Sprintf("%x", h.Sum64())
}

// params are the values of a query's parameters by name.
type params map[string]any

// rows runs a query of the question and calls scan for every row. The
// parameters as_of, known_at, position, row_limit, sort, sort_sign and after_sort
// are always there; row_limit asks for one row more than the page, which tells
// whether there is more.
func (q *question) rows(ctx context.Context, sql string, p params, scan func(driver.Rows) error) error {
	args := []any{
		clickhouse.Named("as_of", q.AsOf.String()),
		clickhouse.Named("known_at", q.KnownAt.UnixMicro()),
		clickhouse.Named("position", q.Position),
		clickhouse.Named("row_limit", uint64(q.limit+1)),
		clickhouse.Named("sort", q.sort),
		clickhouse.Named("sort_sign", q.sortSign),
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
	}
	return &StatusError{Err: ErrUnavailable, Status: q.status, Cause: q.m.conn.redacted(err)}
}

func (q *question) query(ctx context.Context, sql string, args []any, scan func(driver.Rows) error) error {
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

func (f Filter) params() params {
	return params{"center": string(f.Center), "region": f.Region, "project": string(f.Project)}
}

// with adds to the parameters.
func (p params) with(name string, value any) params {
	p[name] = value
	return p
}

// textTo is where a text column goes that is a type of the trade.
func textTo[T ~string](to *T) sql.Scanner { return textScanner[T]{to} }

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
	amountTo  struct{ to *money.Amount }
	dateTo    struct{ to *calendar.Date }
	quarterTo struct{ to *calendar.Quarter }
)

// Scan implements sql.Scanner for a Decimal of two decimals, in yuan.
func (a amountTo) Scan(src any) error {
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
func (d dateTo) Scan(src any) error {
	t, ok := src.(time.Time)
	if !ok {
		return fmt.Errorf("a date cannot be read from %T", src)
	}
	y, m, day := t.Date()
	*d.to = calendar.NewDate(y, m, day)
	return nil
}

// Scan implements sql.Scanner for a quarter, kept as year * 4 + 0…3.
func (q quarterTo) Scan(src any) error {
	n, ok := src.(uint16)
	if !ok {
		return fmt.Errorf("a quarter cannot be read from %T", src)
	}
	*q.to = calendar.Quarter(n)
	return nil
}
