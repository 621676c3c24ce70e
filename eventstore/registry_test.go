package eventstore

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
)

var yuan, at = domaintest.Yuan, domaintest.At

var update = flag.Bool("update", false, "write golden files that are missing; one that is there is never changed")

func on(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

var q3 = calendar.QuarterOf(2026, 3)

// examples has every event with every field set: what is frozen for ever. A field
// that joined an event after its golden file was written is in a later example of
// it, with a file of its own.
func examples() []domain.Event {
	respondBy := at("2026-06-19T09:40:00+08:00")
	one, sixPercent := decimal.RequireFromString("1"), money.Tax{Rate: decimal.RequireFromString("0.06"), Excluded: true}
	receipt := bankref.Content{
		Reference: "ICBC-20260905-0001", Center: "C01", Payer: "云栖花园物业服务中心", Remark: "上半年", Amount: yuan("5000.00"),
		ReceivedOn: on("2026-09-05"),
	}
	own := duties.OwnDecisionRefused{
		Matter: duties.Matter{
			Kind: duties.Report, Document: "F4", Decision: "city-lead", Center: "C01", Project: "P001", Ticket: "T-2026-0001",
			Supplier: "海康威视", Region: "华东", Month: on("2026-09-01").Month(), Version: 2,
		},
		Rule: duties.OwnSubmission, Reason: "was filed by Li, and nobody reviews or approves their own submission",
		Clause: "5.1.4", SubmittedBy: "li", By: "Li", On: on("2026-09-26"), At: at("2026-09-26T10:00:00+08:00"),
	}
	first := slices.Concat([]domain.Event{
		own,
	}, moneyExamples(), filingExamples(), noticeExamples(), partsExamples(), repairExamples(),
		workExamples(), userExamples(), []domain.Event{
			account.AccountOpened{
				Center: "C01", Name: "云栖花园物业服务中心", Region: "华东", Currency: "CNY",
				Terms:    account.Terms{SameDueDate: account.ProRata},
				OpenedOn: on("2026-01-01"),
			},
			account.ChargeAccrued{
				Charge: "SF-2026-0012", Center: "C01", Project: "P001", Room: "3-1-1202", Owner: "张三", Ticket: "T-2026-0001",
				FaultLine: "F1-0007",
				Kind:      pricelist.Move, Service: "可视对讲移位", Basis: account.PriceBasis{PriceList: "2026-01", Item: "MOVE-01"},
				Quantity: decimal.RequireFromString("12.5"),
				Unit:     "米", UnitPrice: decimal.RequireFromString("3.125"), Tax: sixPercent,
				Money:      money.Line{Net: yuan("39.06"), Tax: yuan("2.34"), Gross: yuan("41.40")},
				OccurredOn: on("2026-06-18"), Posted: q3, DueOn: on("2027-01-31"), Clause: "5.3.1", Remark: "业主自行拆装",
			},
			account.PaymentReceived{
				Payment: "ICBC-20260905-0001", Center: "C01", BankReference: "ICBC-20260905-0001", Payer: "云栖花园物业服务中心",
				Remark: "上半年",
				Amount: yuan("5000.00"), ReceivedOn: on("2026-09-05"), Posted: q3, PossibleDuplicateOf: "ICBC-20260905-0000",
			},
			account.PaymentAllocated{Payment: "ICBC-20260905-0001", Center: "C01", Rule: account.OldestDueFirst,
				Lines: []account.Allocation{
					{Charge: "SF-2026-0012", Amount: yuan("41.40"), Stage: account.Confirmed, On: on("2026-09-05"), Posted: q3},
				}},
			bankref.BankReferenceClaimed{Payment: "ICBC-20260905-0001", Content: receipt},
			bankref.ConflictingPaymentRefused{ClaimedBy: "ICBC-20260905-0001", Content: receipt},
			depot.PartReceived{
				Project: "P001", Receipt: "IN-4", Part: "DS-700", Quantity: decimal.RequireFromString("2"), Value: yuan("1560.00"),
				Source:  depot.Purchase,
				Serials: []string{"A1", "A2"}, ReceivedOn: on("2026-06-01"),
			},
			depot.PartIssued{
				Project: "P001", Slip: "OUT-31", Part: "DS-700", Asked: decimal.RequireFromString("2"), Quantity: one,
				Value: yuan("780.00"), Taker: "张伟",
				FaultLine: "F1-0007", Serials: []string{"A1"}, Override: "首台到货即坏", IssuedOn: on("2026-06-18"),
			},
			number.DocumentNumberClaimed{Series: number.FaultRecord, Number: "F1-0007", Holder: "ticket-T-2026-0001"},
			pricelist.PriceListPublished{Version: "2026-01", EffectiveFrom: on("2026-01-01"), Items: []pricelist.Item{
				{Code: "MOVE-01", Name: "可视对讲移位", Kind: pricelist.Move, Unit: "台", Price: decimal.RequireFromString("150.00"), Tax: sixPercent},
			}},
			project.ProjectRegistered{Project: "P001", Name: "云栖花园一期", Region: "华东", City: "杭州", RegisteredOn: on("2026-01-01")},
			project.CenterAssigned{Project: "P001", Center: "C01", From: on("2024-09-01")},
			project.WarrantyAgreed{
				Project: "P001", CompletionHandoverOn: on("2024-08-01"), AcceptanceOn: on("2024-08-15"),
				OccupancyOn: on("2024-09-01"),
				StartsFrom:  project.FromOccupancy, Months: 24, EndsOn: on("2026-08-31"),
			},
			project.TeamPresenceChanged{Project: "P001", Presence: policy.ElsewhereCity, From: on("2026-03-01")},
			repair.ReturnOpened{
				Return: "F2-2026-011", Project: "P001", Ticket: "T-2026-0001", FaultLine: "F1-0007", Part: "DS-700", Serial: "A0",
				Maker: "海康威视",
				Fault: "黑屏", OpenedOn: on("2026-06-20"),
			},
			repair.DeviceShipped{
				Return: "F2-2026-011", Waybill: "SF1234567890", ShippedOn: on("2026-06-21"), ExpectedBackOn: on("2026-07-21"),
			},
			repair.DeviceReturned{
				Return: "F2-2026-011", Result: repair.Replaced, NewSerial: "A9", Remark: "换新", On: on("2026-07-10"),
			},
			ticket.TicketRegistered{
				Ticket: "T-2026-0001", Project: "P001", Center: "C01", Room: "3-1-1202", Owner: "张三", Phone: "13800000000",
				Device: "室内分机",
				Need:   "对讲无声", RegisteredAt: at("2026-06-18T09:30:00.123+08:00"),
			},
			ticket.TeamNotified{Ticket: "T-2026-0001", NotifiedAt: at("2026-06-18T09:40:00+08:00"), Coverage: policy.Coverage{
				NotifiedOn: on("2026-06-18"), WarrantyEndsOn: on("2026-08-31"), InWarranty: true, Presence: policy.LeftCity,
				Category: policy.Emergency,
				Bearer:   policy.Us, TravelCharged: true, RespondBy: &respondBy, Clause: "5.4/3",
			}},
			ticket.FaultRecorded{
				Ticket: "T-2026-0001", Line: "F1-0007", Project: "P001", Center: "C01", Device: "门口机", Serial: "A0",
				Location: "3栋大堂", Symptom: "黑屏",
				Cause: policy.Lightning, SolvedOnSite: true,
				Replacement: &ticket.Replacement{Part: "DS-700", Quantity: one, OldSerial: "A0", NewSerial: "A1"},
				Bearer:      policy.Center, Clause: "5.4/3", RecordedOn: on("2026-06-18"),
			},
		})
	return slices.Concat(first, laterExamples(first))
}

const goldenFolder = "testdata/events"

func goldenFile(name string) string { return filepath.Join(goldenFolder, name+".json") }

// typeOf is the event type of a golden file's name: PartScrapped of PartScrapped.2.
func typeOf(name string) string {
	eventType, _, _ := strings.Cut(name, ".")
	return eventType
}

// What is stored must be readable for ever: today's program reads the golden
// JSON as the same event, and writes the event as the same JSON.
func TestEveryEventKeepsItsStoredForm(t *testing.T) {
	seen := make(map[string]int)
	for _, e := range examples() {
		name := e.EventType()
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s.%d", name, seen[name])
		}
		t.Run(name, func(t *testing.T) {
			data, schema, err := Trade.Encode(e)
			if err != nil {
				t.Fatal(err)
			}
			golden, err := os.ReadFile(goldenFile(name))
			if errors.Is(err, os.ErrNotExist) && *update {
				var indented bytes.Buffer
				if err := json.Indent(&indented, data, "", "  "); err != nil {
					t.Fatal(err)
				}
				indented.WriteByte('\n')
				golden, err = indented.Bytes(), os.WriteFile(goldenFile(name), indented.Bytes(), 0o644)
			}
			if err != nil {
				t.Fatalf("%v; -update writes a missing golden file", err)
			}
			var stored bytes.Buffer
			if err := json.Compact(&stored, golden); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(stored.String(), string(data)); diff != "" {
				t.Errorf("stored form (-golden +today):\n%s", diff)
			}
			back, err := Trade.Decode(e.EventType(), schema, golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(e, back, cmp.Comparer(decimal.Decimal.Equal), cmp.AllowUnexported(money.Amount{})); diff != "" {
				t.Errorf("event read back (-written +read):\n%s", diff)
			}
		})
	}
	for _, name := range Trade.Types() {
		if seen[name] == 0 && !Trade.Retired(name) {
			t.Errorf("event %s is registered but has no example, hence no golden file", name)
		}
	}
	files, err := filepath.Glob(goldenFile("*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if name := filepath.Base(f); !slices.Contains(Trade.Types(), typeOf(name)) {
			t.Errorf("%s is of no registered event: a stored event was removed or renamed", f)
		}
	}
}

// A field that is left out where it is empty is frozen only by a golden file that
// has it. The fields are those of the types of the events.
func TestEveryFieldOfEveryEventIsInAGoldenFile(t *testing.T) {
	files, err := filepath.Glob(goldenFile("*"))
	if err != nil {
		t.Fatal(err)
	}
	stored := make(map[string]map[string]bool)
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		name := typeOf(filepath.Base(f))
		if stored[name] == nil {
			stored[name] = make(map[string]bool)
		}
		storedFields(v, "", stored[name])
	}
	for _, e := range examples() {
		for _, field := range fieldsOf(reflect.TypeOf(e), "") {
			if name := e.EventType(); !stored[name][field] {
				t.Errorf("no golden file of %s has %s: add an example that sets it, and write it with -update", name, field)
			}
		}
	}
}

// storedFields are the paths of the fields within JSON; a list has those of its
// elements.
func storedFields(v any, path string, to map[string]bool) {
	switch v := v.(type) {
	case map[string]any:
		for name, field := range v {
			to[path+"."+name] = true
			storedFields(field, path+"."+name, to)
		}
	case []any:
		for _, element := range v {
			storedFields(element, path, to)
		}
	}
}

// fieldsOf are the paths of the fields that a type is stored with. A type that
// writes itself is one.
func fieldsOf(t reflect.Type, path string) (fields []string) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t.Implements(reflect.TypeFor[json.Marshaler]()) ||
		t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return nil
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case f.Anonymous && name == "":
			fields = append(fields, fieldsOf(f.Type, path)...)
		default:
			fields = append(append(fields, path+"."+name), fieldsOf(f.Type, path+"."+name)...)
		}
	}
	return fields
}

// renamed is an event whose first shape had another field.
type renamed struct {
	Name string `json:"name"`
}

func (renamed) EventType() string { return "Renamed" }

type renamedV1 struct {
	Title string `json:"title"`
}

// upcast makes the decoder of a retired shape: stored JSON is read as Old and
// turned into today's event.
func upcast[Old any, E domain.Event](turn func(Old) E) decoder {
	return func(data []byte) (domain.Event, error) {
		var old Old
		if err := json.Unmarshal(data, &old); err != nil {
			return nil, err
		}
		return turn(old), nil
	}
}

func TestARetiredShapeIsReadAsTodays(t *testing.T) {
	r := NewRegistry(event[renamed](upcast(func(old renamedV1) renamed { return renamed{Name: old.Title} })))
	if got := r.Schema("Renamed"); got != 2 {
		t.Errorf("today's schema is %d, want 2", got)
	}
	for schema, data := range map[int]string{1: `{"title":"x"}`, 2: `{"name":"x"}`} {
		got, err := r.Decode("Renamed", schema, []byte(data))
		if err != nil || got != (renamed{Name: "x"}) {
			t.Errorf("schema %d read as %v, %v", schema, got, err)
		}
	}
}

func TestWhatCannotBeReadIsAnErrorOfItsKind(t *testing.T) {
	good := []byte(`{"schema":1}`)
	tests := map[string]struct {
		rec  Recorded
		want error
	}{
		"a type nobody registered":    {Recorded{Type: "Unheard", Data: []byte(`{}`), Metadata: good}, ErrUnknownEvent},
		"a schema newer than this":    {Recorded{Type: "AccountOpened", Data: []byte(`{}`), Metadata: []byte(`{"schema":2}`)}, ErrUnknownEvent},
		"no schema":                   {Recorded{Type: "AccountOpened", Data: []byte(`{}`), Metadata: []byte(`{}`)}, ErrUnknownEvent},
		"data that is not JSON":       {Recorded{Type: "AccountOpened", Data: []byte(`{`), Metadata: good}, ErrUnreadableEvent},
		"an amount of three decimals": {Recorded{Type: "PaymentReceived", Data: []byte(`{"amount":"1.001"}`), Metadata: good}, ErrUnreadableEvent},
		"an amount that is a float":   {Recorded{Type: "PaymentReceived", Data: []byte(`{"amount":1.5}`), Metadata: good}, ErrUnreadableEvent},
		"a date that does not exist":  {Recorded{Type: "PaymentReceived", Data: []byte(`{"receivedOn":"2026-02-29"}`), Metadata: good}, ErrUnreadableEvent},
		"metadata that is not JSON":   {Recorded{Type: "AccountOpened", Data: []byte(`{}`), Metadata: []byte(`x`)}, ErrUnreadableEvent},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if _, _, err := Trade.DecodeRecorded(tt.rec); !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	for _, e := range examples() {
		data, _, err := Trade.Encode(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(e.EventType(), data)
	}
	f.Fuzz(func(t *testing.T, eventType string, data []byte) {
		e, err := Trade.Decode(eventType, 1, data)
		if err != nil {
			return
		}
		again, schema, err := Trade.Encode(e)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		back, err := Trade.Decode(eventType, schema, again)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if twice, _, err := Trade.Encode(back); err != nil || !bytes.Equal(again, twice) {
			t.Fatalf("written as %s, read, and written as %s (%v)", again, twice, err)
		}
	})
}
