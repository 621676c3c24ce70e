package projections

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Moment is when something was recorded, in Shanghai. In JSON it is text in
// RFC 3339, with as many decimals of a second as it has.
type Moment struct{ time.Time }

// Each runs a statement and calls take with every row of it, read into an R by
// the names of the columns. A column is called like the field it goes to: by the
// field's sql tag, else by its name in JSON. Fields with sql:"-" come from
// elsewhere; every other must have its column, and every column its field. Structs
// that stand in R without a name, or with sql:",inline", are read like R itself.
func Each[R any](ctx context.Context, q *Question, statement string, p Params, take func(*R) error) error {
	var (
		row R
		to  []any
	)
	return q.Rows(ctx, statement, p, func(rows driver.Rows) error {
		if to == nil {
			var err error
			if to, err = destinations(reflect.ValueOf(&row).Elem(), rows.Columns()); err != nil {
				return err
			}
		}
		row = *new(R)
		if err := rows.Scan(to...); err != nil {
			return err
		}
		return take(&row)
	})
}

// List is a page of an answer's rows.
type List[R any] struct {
	Answer
	Rows []R    // in the order asked for
	Next string // asks for the next page; empty on the last
}

// ListOf runs the statement of a list and keeps a page of its rows. key is that
// by which equal rows are ordered, and by which the next page goes on. The
// statement has a column sort_key if the list can be sorted (see [Sortable]).
func ListOf[R any](
	ctx context.Context, q *Question, statement string, p Params, key func(*R) []string,
) (List[R], error) {
	type keyed struct {
		Row     R     `sql:",inline"`
		SortKey int64 `sql:"sort_key,optional"`
	}
	list, last := List[R]{Answer: q.Answer, Rows: []R{}}, int64(0)
	err := Each(ctx, q, statement, p, func(r *keyed) error {
		if len(list.Rows) == q.Limit {
			list.Next = q.NextSorted(last, key(&list.Rows[q.Limit-1])...)
			return nil
		}
		list.Rows, last = append(list.Rows, r.Row), r.SortKey
		return nil
	})
	return list, err
}

// column is where a column goes within a struct.
type column struct {
	name     string
	index    []int
	optional bool
}

var columnsOf sync.Map // reflect.Type -> []column

func columns(t reflect.Type) []column {
	if known, ok := columnsOf.Load(t); ok {
		return known.([]column)
	}
	var all []column
	for _, f := range reflect.VisibleFields(t) {
		if len(f.Index) > 1 {
			continue // of a struct that is visited itself
		}
		tag, options, _ := strings.Cut(f.Tag.Get("sql"), ",")
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case tag == "-":
		case options == "inline" || f.Anonymous && tag == "" && f.Type.Kind() == reflect.Struct:
			for _, c := range columns(f.Type) {
				all = append(all, column{c.name, append(slices.Clone(f.Index), c.index...), c.optional})
			}
		case tag != "":
			all = append(all, column{tag, f.Index, options == "optional"})
		case name != "" && name != "-":
			all = append(all, column{name, f.Index, false})
		}
	}
	columnsOf.Store(t, all)
	return all
}

// destinations are where the named columns of a statement go in a row.
func destinations(row reflect.Value, names []string) ([]any, error) {
	fields := columns(row.Type())
	to := make([]any, len(names))
	for i, name := range names {
		at := slices.IndexFunc(fields, func(c column) bool { return c.name == name })
		if at < 0 {
			return nil, fmt.Errorf("the statement has a column %s, and %s no field for it", name, row.Type())
		}
		to[i] = destination(row.FieldByIndex(fields[at].index).Addr())
	}
	for _, c := range fields {
		if !c.optional && !slices.Contains(names, c.name) {
			return nil, fmt.Errorf("%s has a field for a column %s, and the statement none", row.Type(), c.name)
		}
	}
	return to, nil
}

// destination is where ClickHouse's client puts a value that goes to a field.
func destination(field reflect.Value) any {
	switch to := field.Interface().(type) {
	case *money.Amount:
		return AmountTo(to)
	case *calendar.Date:
		return DateTo(to)
	case *calendar.Quarter:
		return QuarterTo(to)
	case *Moment:
		return momentScanner{&to.Time}
	case *time.Time:
		return momentScanner{to}
	case *string, *bool, *[]string, *decimal.Decimal:
		return to
	}
	switch field.Elem().Kind() {
	case reflect.String, reflect.Int, reflect.Int64, reflect.Uint64:
		return kindScanner{field.Elem()}
	}
	return field.Interface()
}

var _ = []sql.Scanner{momentScanner{}, kindScanner{}}

type momentScanner struct{ to *time.Time }

// Scan implements sql.Scanner for a moment.
func (m momentScanner) Scan(src any) error {
	t, ok := src.(time.Time)
	if !ok {
		return fmt.Errorf("a moment cannot be read from %T", src)
	}
	*m.to = InShanghai(t)
	return nil
}

// kindScanner is where texts and whole numbers go, whatever type of the trade
// they are.
type kindScanner struct{ to reflect.Value }

// Scan implements sql.Scanner for a text or a whole number.
func (k kindScanner) Scan(src any) error {
	from := reflect.ValueOf(src)
	switch to := k.to; {
	case to.Kind() == reflect.String && from.Kind() == reflect.String:
		to.SetString(from.String())
	case to.CanInt() && from.CanInt() && !to.OverflowInt(from.Int()):
		to.SetInt(from.Int())
	case to.CanInt() && from.CanUint() && from.Uint() <= 1<<63-1 && !to.OverflowInt(int64(from.Uint())):
		to.SetInt(int64(from.Uint()))
	case to.CanUint() && from.CanUint() && !to.OverflowUint(from.Uint()):
		to.SetUint(from.Uint())
	default:
		return fmt.Errorf("%s cannot be read from %T %v", to.Type(), src, src)
	}
	return nil
}
