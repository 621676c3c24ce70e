package kit

import (
	"errors"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// AsTyped has a refusal quote a figure as it was sent: -5, not the -5.00 that was made of
// it. in is what was sent, whose fields are texts; anything else stays as it is.
func AsTyped(in any, r *domain.Rejection) *domain.Rejection {
	if r.Field == "" || r.Value == "" {
		return r
	}
	typed := sentAs(reflect.ValueOf(in), r.Field)
	if typed == "" || typed == r.Value || !sameFigure(r.Value, typed) {
		return r
	}
	quoting := *r
	quoting.Value = domain.Clip(typed)
	return &quoting
}

// asTyped is AsTyped of an error, where it is a refusal.
func asTyped(in any, err error) error {
	refusals := RejectionsIn(err)
	if len(refusals) == 0 {
		return err
	}
	typed := make([]error, len(refusals))
	for i, r := range refusals {
		typed[i] = AsTyped(in, r)
	}
	return errors.Join(typed...)
}

var entry = regexp.MustCompile(`^([^\[\]]*)(?:\[(\d+)\])?$`)

// sentAs is the text of a field of what was sent, given by its path; empty where there is
// none. Of an input the body is looked through as well as what stands in path and query.
func sentAs(v reflect.Value, path string) string {
	v = reflect.Indirect(v)
	if v.Kind() == reflect.String && path == "" {
		return v.String()
	}
	if v.Kind() != reflect.Struct {
		return ""
	}
	first, rest, _ := strings.Cut(path, ".")
	m := entry.FindStringSubmatch(first)
	if m == nil {
		return ""
	}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if !f.IsExported() || f.Anonymous {
			continue
		}
		held, err := v.FieldByIndexErr(f.Index)
		switch {
		case err != nil:
		case f.Name == "Body":
			if text := sentAs(held, path); text != "" {
				return text
			}
		case calls(f, m[1]):
			if m[2] != "" {
				i, _ := strconv.Atoi(m[2])
				if held.Kind() != reflect.Slice || i >= held.Len() {
					return ""
				}
				held = held.Index(i)
			}
			return sentAs(held, rest)
		}
	}
	return ""
}

// calls reports whether a field of a request is sent under a name.
func calls(f reflect.StructField, name string) bool {
	for _, tag := range []string{"json", "path", "query"} {
		if said, _, _ := strings.Cut(f.Tag.Get(tag), ","); said == name {
			return true
		}
	}
	return false
}

// sameFigure reports whether a value is what was sent in the figures of the trade: an
// amount with its fen, a quantity, a moment by its business date.
func sameFigure(told, sent string) bool {
	a, err := decimal.NewFromString(told)
	if b, bad := decimal.NewFromString(sent); err == nil && bad == nil && len(sent) < 64 {
		return a.Equal(b)
	}
	at, err := time.Parse(time.RFC3339Nano, sent)
	return err == nil &&
		(calendar.DateOf(at).String() == told || told == at.In(calendar.Shanghai).Format(time.RFC3339Nano))
}
