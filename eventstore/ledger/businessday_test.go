package ledger_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// ofSomethingElse are the dates in events on which they did not happen: from or until when
// what they say holds, when something is due or promised, and what a contract names.
var ofSomethingElse = map[string]bool{
	"from": true, "until": true, "effectiveFrom": true, "through": true, "dueOn": true, "replyBy": true,
	"expectedBackOn": true, "expectedOn": true, "promisedOn": true, "endsOn": true, "warrantyEndsOn": true, "signedOn": true,
	"occupancyOn": true, "completionHandoverOn": true, "acceptanceOn": true,
}

// Whatever an event calls the day on which it happened, a trail shows it on that day.
func TestATrailKnowsTheBusinessDayOfEveryEvent(t *testing.T) {
	day, dated := calendar.NewDate(2026, time.June, 10), 0
	for _, name := range eventstore.Trade.Types() {
		if eventstore.Trade.Retired(name) {
			continue
		}
		e, err := eventstore.Trade.Decode(name, eventstore.Trade.Schema(name), []byte("{}"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		v := reflect.New(reflect.TypeOf(e)).Elem()
		var own []string
		for _, f := range reflect.VisibleFields(v.Type()) {
			field, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Type == reflect.TypeFor[calendar.Date]() && f.IsExported() && !ofSomethingElse[field] {
				v.FieldByIndex(f.Index).Set(reflect.ValueOf(day))
				own = append(own, field)
			}
		}
		if len(own) == 0 {
			continue
		}
		dated++
		full := v.Interface().(domain.Event)
		text, err := json.Marshal(full)
		if err != nil {
			t.Fatal(err)
		}
		var data any
		if err := json.Unmarshal(text, &data); err != nil {
			t.Fatal(err)
		}
		if on, ok := ledger.BusinessDay(full, data); !ok || on != day {
			t.Errorf("%s happened on its %v, and its trail does not know", name, own)
		}
	}
	if dated < 80 {
		t.Errorf("only %d events have a day of their own", dated)
	}
}
