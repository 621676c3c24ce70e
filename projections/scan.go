package projections

import (
	"cmp"
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

// Moment is when something happened or was recorded, in Shanghai. In JSON it is text
// in RFC 3339, with as many decimals of a second as it has. The first second of 1970
// in a column is no moment.
type Moment struct{ time.Time }

// EventPath is an event by its position in the log. In JSON it is the path that leads
// to it.
type EventPath uint64

const eventPath = "/v1/log?after=%d&limit=1"

// String is the path.
func (e EventPath) String() string { return fmt.Sprintf(eventPath, uint64(e)-1) }

// MarshalText writes the path.
func (e EventPath) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// UnmarshalText reads the path.
func (e *EventPath) UnmarshalText(text []byte) error {
	_, err := fmt.Sscanf(string(text), eventPath, (*uint64)(e))
	*e++
	return err
}

// Derived is a row with fields that follow from its others, such as whether it
// ties. Derive fills them; it is called when the columns are read.
type Derived interface{ Derive(asOf calendar.Date) }

// Each runs a statement and calls take with every row of it, read into an R by
// the names of the columns. A column is called like the field it goes to: by the
// field's sql tag, else by its name in JSON, dueOn or due_on. Fields with sql:"-"
// are derived (see [Derived]) or come from elsewhere; every other must have its
// column, and every column its field. Structs that stand in R without a name, or
// with sql:",inline", are read like R itself; sql:"claim_,inline" puts claim_ before
// the names of their columns, and of those with sql:",partly" fields may be without
// one. Pointers are nil where a column is NULL: what is not there.
func Each[R any](ctx context.Context, q *Question, statement string, p Params, take func(*R) error) error {
	return q.Rows(ctx, statement, p, into(q, take))
}

// EachUnmerged is Each for a statement of [Question.RowsUnmerged].
func EachUnmerged[R any](ctx context.Context, q *Question, statement string, p Params, take func(*R) error) error {
	return q.RowsUnmerged(ctx, statement, p, into(q, take))
}

// into reads rows into an R, one after the other.
func into[R any](q *Question, take func(*R) error) func(driver.Rows) error {
	var (
		row R
		to  []any
	)
	derived, _ := any(&row).(Derived)
	return func(rows driver.Rows) error {
		if to == nil {
			var (
				types = rows.ColumnTypes()
				kinds = make([]reflect.Kind, len(types))
				err   error
			)
			for i, t := range types {
				kinds[i] = t.ScanType().Kind()
			}
			if to, err = destinations(reflect.ValueOf(&row).Elem(), rows.Columns(), kinds); err != nil {
				return err
			}
		}
		row = *new(R)
		if err := rows.Scan(to...); err != nil {
			return err
		}
		if derived != nil {
			derived.Derive(q.AsOf)
		}
		return take(&row)
	}
}

// All is the rows of a statement that is not paged.
func All[R any](ctx context.Context, q *Question, statement string, p Params) ([]R, error) {
	all := []R{}
	err := Each(ctx, q, statement, p, func(r *R) error {
		all = append(all, *r)
		return nil
	})
	return all, err
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
		case tag == "-" || tag == "" && name == "-" || !f.IsExported() && !f.Anonymous:
		case options == "inline" || options == "partly" || f.Anonymous && tag == "" && f.Type.Kind() == reflect.Struct:
			for _, c := range columns(f.Type) {
				all = append(all, column{
					plain(tag) + c.name, append(slices.Clone(f.Index), c.index...), c.optional || options == "partly",
				})
			}
		default:
			all = append(all, column{plain(cmp.Or(tag, name, f.Name)), f.Index, options == "optional"})
		}
	}
	columnsOf.Store(t, all)
	return all
}

// plain is a name as both JSON and SQL write it: due_on is dueOn.
func plain(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// destinations are where the named columns of a statement go in a row; kinds are
// what the client reads them as.
func destinations(row reflect.Value, names []string, kinds []reflect.Kind) ([]any, error) {
	fields := columns(row.Type())
	to, given := make([]any, len(names)), make(map[string]bool, len(names))
	for i, name := range names {
		at := slices.IndexFunc(fields, func(c column) bool { return c.name == plain(name) })
		if at < 0 || given[plain(name)] {
			return nil, fmt.Errorf("the statement has a column %s, and %s no field for it", name, row.Type())
		}
		given[plain(name)] = true
		to[i] = destination(row.FieldByIndex(fields[at].index).Addr(), kinds[i])
	}
	for _, c := range fields {
		if !c.optional && !given[c.name] {
			return nil, fmt.Errorf("%s has a field for a column %s, and the statement none", row.Type(), c.name)
		}
	}
	return to, nil
}

// basic is the type of what the client writes without our help.
var basic = map[reflect.Kind]reflect.Type{
	reflect.String: reflect.TypeFor[*string](), reflect.Int64: reflect.TypeFor[*int64](),
	reflect.Uint64: reflect.TypeFor[*uint64](),
}

// destination is where ClickHouse's client puts a value of a kind that goes to a
// field.
func destination(field reflect.Value, kind reflect.Kind) any {
	switch to := field.Interface().(type) {
	case *money.Amount:
		return AmountTo(to)
	case *Figure:
		return AmountTo(&to.Amount)
	case *calendar.Date:
		return DateTo(to)
	case *calendar.Quarter:
		return QuarterTo(to)
	case *calendar.Month:
		return monthScanner{to}
	case *Moment:
		return momentScanner{&to.Time}
	case *time.Time:
		return momentScanner{to}
	case *bool, *[]string, *decimal.Decimal:
		return to
	}
	switch field := field.Elem(); field.Kind() {
	case reflect.Pointer:
		return nullScanner{field}
	case reflect.String, reflect.Int, reflect.Int64, reflect.Uint64:
		if t := basic[field.Kind()]; t != nil && field.Kind() == kind {
			return field.Addr().Convert(t).Interface()
		}
		return kindScanner{field}
	}
	return field.Interface()
}

var _ = []sql.Scanner{momentScanner{}, monthScanner{}, kindScanner{}, nullScanner{}}

// nullScanner is where what may be NULL goes.
type nullScanner struct{ to reflect.Value }

// Scan implements sql.Scanner for what may be NULL: the pointer stays nil then.
func (n nullScanner) Scan(src any) error {
	if src == nil {
		n.to.SetZero()
		return nil
	}
	value := reflect.New(n.to.Type().Elem())
	if from := reflect.ValueOf(src); from.Type() == n.to.Type().Elem() { // such as bool
		value.Elem().Set(from)
	} else if to, ok := destination(value, reflect.Invalid).(sql.Scanner); !ok {
		return fmt.Errorf("%s cannot be read from %T", n.to.Type(), src)
	} else if err := to.Scan(src); err != nil {
		return err
	}
	n.to.Set(value)
	return nil
}

// monthScanner is where a month goes, kept as year * 12 + 0…11.
type monthScanner struct{ to *calendar.Month }

// Scan implements sql.Scanner for a month.
func (m monthScanner) Scan(src any) error {
	n, ok := src.(uint32)
	if !ok {
		return fmt.Errorf("a month cannot be read from %T", src)
	}
	*m.to = calendar.Month(n)
	return nil
}

type momentScanner struct{ to *time.Time }

// Scan implements sql.Scanner for a moment; the first second of 1970 is none.
func (m momentScanner) Scan(src any) error {
	t, ok := src.(time.Time)
	if !ok {
		return fmt.Errorf("a moment cannot be read from %T", src)
	}
	if *m.to = (time.Time{}); t.Unix() != 0 {
		*m.to = InShanghai(t)
	}
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
