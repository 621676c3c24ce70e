package projections

import (
	"database/sql"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// A row that lacks a column, or a column that has no field, is refused by name:
// two that changed places cannot pass for one another.
func TestColumnsGoToFieldsByTheirNames(t *testing.T) {
	type inner struct {
		Region string `json:"region,omitempty"`
	}
	type row struct {
		inner
		Center string              `json:"center"`
		Count  int                 `sql:"n" json:"count"`
		Sums   inner               `json:"sums" sql:"-"`
		Claim  struct{ On string } `sql:"claim_,inline"`
		Key    int64               `sql:"sort_key,optional"`
	}
	for columns, want := range map[string]string{
		"center region n claim_on":          "",
		"claim_on n region sort_key center": "",
		"center region n claim_on name":     "a column name, and",
		"center region n n":                 "a column n, and",
		"center region due_on n":            "a column due_on, and",
		"center region n on":                "a column on, and",
		"center n claim_on":                 "a field for a column region",
		"center region count":               "a column count, and",
	} {
		var r row
		names := strings.Fields(columns)
		kinds := slices.Repeat([]reflect.Kind{reflect.String}, len(names))
		to, err := destinations(reflect.ValueOf(&r).Elem(), names, kinds)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", columns, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v; want %q", columns, err, want)
		case want == "" && to[0] != any(&r.Center) && strings.HasPrefix(columns, "center"):
			t.Errorf("%s: the first column goes to %v", columns, to[0])
		}
	}
}

// Whole numbers go where they fit, and nowhere else.
func TestAColumnThatDoesNotFitIsRefused(t *testing.T) {
	var to struct {
		Count    int
		Position uint64
		Text     string
	}
	v := reflect.ValueOf(&to).Elem()
	for name, c := range map[string]struct {
		field int
		src   any
		ok    bool
	}{
		"a count":             {0, uint32(7), true},
		"a signed count":      {0, int32(-7), true},
		"too large a count":   {0, uint64(1) << 63, false},
		"a position":          {1, uint64(1) << 63, true},
		"a negative position": {1, int64(-1), false},
		"a text":              {2, "C01", true},
		"a number for a text": {2, uint32(7), false},
	} {
		if err := (kindScanner{v.Field(c.field)}).Scan(c.src); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
	if to.Position != 1<<63 || to.Text != "C01" {
		t.Errorf("%+v", to)
	}
}

// What may be NULL goes to a pointer, and is nil where it is; a name reads like
// the field's in JSON, with _ or without.
func TestNullIsNotThere(t *testing.T) {
	type row struct {
		DueOn   *calendar.Date `json:"dueOn"`
		Version *int           `json:"version"`
		Booked  *money.Amount  `json:"booked"`
		Name    *domain.Role   `json:"name"`
		Known   *bool          `json:"known"`
	}
	var r row
	kinds := make([]reflect.Kind, 5)
	to, err := destinations(reflect.ValueOf(&r).Elem(), []string{"due_on", "version", "booked", "name", "known"}, kinds)
	if err != nil {
		t.Fatal(err)
	}
	day := calendar.NewDate(2026, 3, 1)
	for i, src := range []any{day.UTC(), uint32(3), decimal.RequireFromString("1.50"), "finance", true} {
		if err := to[i].(sql.Scanner).Scan(src); err != nil {
			t.Fatal(err)
		}
	}
	if *r.DueOn != day || *r.Version != 3 || *r.Booked != money.Fen(150) || *r.Name != "finance" || !*r.Known {
		t.Errorf("%+v", r)
	}
	for i := range to {
		if err := to[i].(sql.Scanner).Scan(nil); err != nil {
			t.Fatal(err)
		}
	}
	if r != (row{}) {
		t.Errorf("%+v", r)
	}
}

// A hidden figure is null, never an amount.
func TestAHiddenFigureIsNotTold(t *testing.T) {
	got, err := json.Marshal([]Figure{{Amount: money.Fen(150)}, {}, {money.Fen(150), true}})
	if want := `["1.50","0.00",null]`; string(got) != want || err != nil {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
	var read []Figure
	if err := json.Unmarshal(got, &read); err != nil ||
		!slices.Equal(read, []Figure{{Amount: money.Fen(150)}, {}, {Hidden: true}}) {
		t.Errorf("%+v, %v", read, err)
	}
}

// The first second of 1970 is no moment.
func TestNoMoment(t *testing.T) {
	to := time.Now()
	if err := (momentScanner{&to}).Scan(time.Unix(0, 0)); err != nil || !to.IsZero() {
		t.Errorf("%s, %v", to, err)
	}
}

// The path to an event is read as it is written.
func TestThePathToAnEvent(t *testing.T) {
	written, err := EventPath(7).MarshalText()
	var read EventPath
	if err != nil || string(written) != "/v1/log?after=6&limit=1" || read.UnmarshalText(written) != nil || read != 7 {
		t.Errorf("%s, %d, %v", written, read, err)
	}
}
