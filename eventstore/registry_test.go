package eventstore

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
)

var update = flag.Bool("update", false, "create golden files that are missing; existing ones are never changed")

const goldenFolder = "testdata/events"

// examples holds one event of every type with all of its fields set. Their
// golden files are what logs out there contain: they stay as they are.
func examples() []domain.Event {
	on := calendar.NewDate(2026, time.June, 18)
	at := time.Date(2026, time.June, 18, 9, 30, 15, 250_000_000, calendar.Shanghai)
	respondBy := at.Add(24 * time.Hour)
	d := decimal.RequireFromString
	six, thirteen := money.Tax{Rate: d("0.06")}, money.Tax{Rate: d("0.13"), Excluded: true}
	content := bankref.Content{Reference: "2026061800012345", Center: "C01", Payer: "翠湖花园物业服务中心", Remark: "5月服务费", Amount: money.Fen(5_000_00), ReceivedOn: on}
	return []domain.Event{
		account.AccountOpened{Center: "C01", Name: "翠湖花园物业服务中心", Region: "华东", Currency: "CNY", Terms: account.Terms{SameDueDate: account.ByChargeDate}, OpenedOn: on},
		account.ChargeAccrued{
			Charge: "F3-C01-00007", Center: "C01", Project: "P001", Room: "3栋1单元1201", Owner: "王建国", Ticket: "F0-P001-00012", FaultLine: "F1-P001-2606-0009",
			Kind: pricelist.Part, Service: "线缆", Basis: account.Basis{PriceList: "2026-01", Item: "CABLE"}, Quantity: d("12.5"), Unit: "米", UnitPrice: d("3.125"),
			Tax: thirteen, Money: money.Line{Net: money.Fen(39_06), Tax: money.Fen(5_08), Gross: money.Fen(44_14)}, OccurredOn: on,
			Posted: calendar.QuarterOf(2026, 3), DueOn: calendar.NewDate(2027, time.January, 31), Clause: "5.3.1", Remark: "补录",
		},
		account.PaymentAllocated{Payment: "2026061800012345", Center: "C01", Rule: account.OldestDueFirst, Lines: []account.Allocation{
			{Charge: "F3-C01-00007", Amount: money.Fen(44_14), Stage: account.Unconfirmed, On: on, Posted: calendar.QuarterOf(2026, 2)},
			{Charge: "F3-C01-00008", Amount: money.Fen(1), Stage: account.Confirmed, On: on + 1, Posted: calendar.QuarterOf(2026, 2)},
		}},
		account.PaymentReceived{Payment: "2026061800012345", Center: "C01", BankReference: "2026061800012345", Payer: "翠湖花园物业服务中心", Remark: "5月服务费",
			Amount: money.Fen(5_000_00), ReceivedOn: on, Posted: calendar.QuarterOf(2026, 2), PossibleDuplicateOf: "2026051700011111"},
		bankref.BankReferenceClaimed{Payment: "2026061800012345", Content: content},
		bankref.ConflictingPaymentRefused{ClaimedBy: "2026061800012345", Content: content},
		depot.PartIssued{Project: "P001", Slip: "CK-P001-00031", Part: "VI-07A", Asked: d("3"), Quantity: d("2"), Value: money.Fen(772_00), Taker: "李伟",
			FaultLine: "F1-P001-2606-0009", Serials: []string{"VI0001", "VI0002"}, Override: "首次更换件开箱即坏", IssuedOn: on},
		depot.PartReceived{Project: "P001", Receipt: "RK-P001-0004", Part: "CB-RVV", Quantity: d("305.5"), Value: money.Fen(656_83), Source: depot.Purchase,
			Serials: []string{"CB0001"}, ReceivedOn: on},
		number.DocumentNumberClaimed{Series: "F1", Number: "F1-P001-2606-0009", Holder: "ticket-F0-P001-00012"},
		pricelist.PriceListPublished{Version: "2026-01", EffectiveFrom: calendar.NewDate(2026, time.January, 1), Items: []pricelist.Item{
			{Code: "MOV-VI", Name: "室内机移位", Kind: pricelist.Move, Unit: "次", Price: d("150"), Tax: six},
			{Code: "CABLE", Name: "线缆", Kind: pricelist.Part, Unit: "米", Price: d("3.125"), Tax: thirteen},
		}},
		project.CenterAssigned{Project: "P001", Center: "C01", From: on},
		project.ProjectRegistered{Project: "P001", Name: "翠湖花园一期", Region: "华东", City: "上海", RegisteredOn: on},
		project.TeamPresenceChanged{Project: "P001", Presence: policy.ElsewhereCity, From: on},
		project.WarrantyAgreed{Project: "P001", CompletionHandoverOn: calendar.NewDate(2024, time.February, 29), AcceptanceOn: calendar.NewDate(2024, time.April, 30),
			OccupancyOn: calendar.NewDate(2024, time.September, 1), StartsFrom: project.FromOccupancy, Months: 24, EndsOn: calendar.NewDate(2026, time.August, 31)},
		repair.DeviceReturned{Return: "F2-P001-0003", Result: repair.Replaced, NewSerial: "VI0003", Remark: "厂家换新", On: on},
		repair.DeviceShipped{Return: "F2-P001-0003", Waybill: "SF0123456789", ShippedOn: on, ExpectedBackOn: on + 30},
		repair.ReturnOpened{Return: "F2-P001-0003", Project: "P001", Ticket: "F0-P001-00012", FaultLine: "F1-P001-2606-0009", Part: "VI-07A", Serial: "VI0000",
			Maker: "安居视讯", Fault: "屏幕无显示", OpenedOn: on},
		ticket.FaultRecorded{Ticket: "F0-P001-00012", Line: "F1-P001-2606-0009", Project: "P001", Center: "C01", Device: "可视对讲室内机 VI-07A", Serial: "VI0000",
			Location: "3栋1单元1201", Symptom: "屏幕无显示", Cause: policy.Lightning, SolvedOnSite: true,
			Replacement: &ticket.Replacement{Part: "VI-07A", Quantity: d("1"), OldSerial: "VI0000", NewSerial: "VI0001"}, Bearer: policy.Center, Clause: "5.4/3", RecordedOn: on},
		ticket.TeamNotified{Ticket: "F0-P001-00012", NotifiedAt: at, Coverage: policy.Coverage{NotifiedOn: on, WarrantyEndsOn: calendar.NewDate(2026, time.August, 31),
			InWarranty: true, Presence: policy.ElsewhereCity, Category: policy.Emergency, Bearer: policy.Us, TravelCharged: true, RespondBy: &respondBy, Clause: "5.4/2"}},
		ticket.TicketRegistered{Ticket: "F0-P001-00012", Project: "P001", Center: "C01", Room: "3栋1单元1201", Owner: "王建国", Phone: "13800000000",
			Device: "可视对讲室内机 VI-07A", Need: "屏幕无显示", RegisteredAt: at},
	}
}

func goldenFile(eventType string) string { return filepath.Join(goldenFolder, eventType+".json") }

// written is the form of golden files: what Encode writes, indented.
func written(t *testing.T, e domain.Event) []byte {
	t.Helper()
	data, _, err := Trade.Encode(e)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(b.Bytes(), '\n')
}

func TestEveryEventIsReadAndWrittenAsEver(t *testing.T) {
	known := make(map[string]domain.Event)
	for _, e := range examples() {
		known[e.EventType()] = e
	}
	for _, name := range Trade.Types() {
		t.Run(name, func(t *testing.T) {
			example, ok := known[name]
			if !ok {
				t.Fatal("no example: add one with all fields set to examples, and run the test with -update")
			}
			golden, err := os.ReadFile(goldenFile(name))
			if errors.Is(err, fs.ErrNotExist) && *update {
				golden = written(t, example)
				if err = os.MkdirAll(goldenFolder, 0o755); err == nil {
					err = os.WriteFile(goldenFile(name), golden, 0o644)
				}
			}
			if err != nil {
				t.Fatalf("%v: run the test with -update to create it", err)
			}
			e, err := Trade.Decode(name, Trade.Schema(name), golden)
			if err != nil {
				t.Fatalf("a log out there could not be read any more: %v", err)
			}
			if diff := cmp.Diff(string(golden), string(written(t, e))); diff != "" {
				t.Errorf("the stored JSON (-) would be written otherwise (+):\n%s", diff)
			}
			if diff := cmp.Diff(example, e, cmp.Comparer(func(a, b money.Amount) bool { return a == b })); diff != "" {
				t.Errorf("the stored JSON means something else (+) than it did (-):\n%s", diff)
			}
		})
	}
}

func TestEveryGoldenFileBelongsToARegisteredEvent(t *testing.T) {
	files, err := os.ReadDir(goldenFolder)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range files {
		got = append(got, strings.TrimSuffix(f.Name(), ".json"))
	}
	want := Trade.Types()
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("registered (-) and golden (+):\n%s", diff)
	}
}

// parcel is an event with two retired shapes.
type parcel struct {
	Grams int    `json:"grams"`
	To    string `json:"to"`
}

func (parcel) EventType() string { return "ParcelSent" }

type (
	parcelV1 struct {
		Kilos int `json:"kilos"`
	}
	parcelV2 struct {
		Grams int `json:"grams"`
	}
)

func TestRetiredShapesAreReadAsTodays(t *testing.T) {
	r := NewRegistry(event[parcel](
		upcast(func(old parcelV1) parcel { return parcel{Grams: old.Kilos * 1000, To: "?"} }),
		upcast(func(old parcelV2) parcel { return parcel{Grams: old.Grams, To: "?"} }),
	))
	tests := map[string]struct {
		schema int
		data   string
		want   domain.Event
		err    error
	}{
		"the first shape":            {1, `{"kilos":2}`, parcel{2000, "?"}, nil},
		"the second shape":           {2, `{"grams":5}`, parcel{5, "?"}, nil},
		"today's":                    {3, `{"grams":5,"to":"上海"}`, parcel{5, "上海"}, nil},
		"garbage in a retired shape": {1, `{"kilos":"two"}`, nil, ErrUnreadableEvent},
		"no schema":                  {0, `{}`, nil, ErrUnknownEvent},
		"a shape of tomorrow":        {4, `{}`, nil, ErrUnknownEvent},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := r.Decode("ParcelSent", tc.schema, []byte(tc.data))
			if !errors.Is(err, tc.err) || (err == nil) != (tc.err == nil) {
				t.Fatalf("error %v, want %v", err, tc.err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if data, schema, err := r.Encode(parcel{5, "上海"}); string(data) != `{"grams":5,"to":"上海"}` || schema != 3 || err != nil {
		t.Errorf("written as %s in schema %d (%v)", data, schema, err)
	}
}

func TestWhatTheRegistryDoesNotKnow(t *testing.T) {
	if _, _, err := Trade.Encode(parcel{}); !errors.Is(err, ErrUnknownEvent) {
		t.Errorf("an event that is not registered was written: %v", err)
	}
	good := `{"commandKey":"k","commandHash":"h","actor":"a","role":"finance","schema":1}`
	claimed := `{"series":"F1","number":"1","holder":"x"}`
	tests := map[string]struct {
		eventType, data, metadata string
		err                       error
	}{
		"all is well":                    {"DocumentNumberClaimed", claimed, good, nil},
		"an unknown type":                {"DocumentNumberLost", claimed, good, ErrUnknownEvent},
		"metadata of another program":    {"DocumentNumberClaimed", claimed, `{}`, ErrUnknownEvent},
		"metadata that is no object":     {"DocumentNumberClaimed", claimed, `[]`, ErrUnreadableEvent},
		"metadata that is no JSON":       {"DocumentNumberClaimed", claimed, `{`, ErrUnreadableEvent},
		"data that is no JSON":           {"DocumentNumberClaimed", `{`, good, ErrUnreadableEvent},
		"data of another type":           {"DocumentNumberClaimed", `{"number":1}`, good, ErrUnreadableEvent},
		"an amount with a tenth of fen":  {"PaymentReceived", `{"amount":"1.005"}`, good, ErrUnreadableEvent},
		"an amount that is a float":      {"PaymentReceived", `{"amount":1.05}`, good, ErrUnreadableEvent},
		"a date that does not exist":     {"PaymentReceived", `{"receivedOn":"2026-02-29"}`, good, ErrUnreadableEvent},
		"a quarter that does not exist":  {"PaymentReceived", `{"posted":"2026Q5"}`, good, ErrUnreadableEvent},
		"a number that is not a decimal": {"PartIssued", `{"quantity":"one"}`, good, ErrUnreadableEvent},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			rec := Recorded{Stream: "number-F1-1", Position: 77, Type: tc.eventType, Data: []byte(tc.data), Metadata: []byte(tc.metadata)}
			e, m, err := Trade.DecodeRecorded(rec)
			if !errors.Is(err, tc.err) || (err == nil) != (tc.err == nil) || (e == nil) != (tc.err != nil) {
				t.Fatalf("event %v, error %v, want %v", e, err, tc.err)
			}
			if err == nil {
				if diff := cmp.Diff(Metadata{CommandKey: "k", CommandHash: "h", Actor: "a", Role: domain.Finance, Schema: 1}, m); diff != "" {
					t.Error(diff)
				}
			} else if !strings.Contains(err.Error(), "position 77") {
				t.Errorf("the error does not say where: %v", err)
			}
		})
	}
}

func TestATypeIsRegisteredOnce(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a type was registered twice")
		}
	}()
	NewRegistry(event[parcel](), event[parcel]())
}

// FuzzDecode: whatever is read can be written, and means the same when read again.
func FuzzDecode(f *testing.F) {
	for _, e := range examples() {
		data, _, err := Trade.Encode(e)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(e.EventType(), data)
	}
	f.Add("PaymentReceived", []byte(`{"amount":"-0","receivedOn":"2026-06-18T23:00:00Z","posted":""}`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		e, err := Trade.Decode(name, 1, data)
		if err != nil {
			if !errors.Is(err, ErrUnknownEvent) && !errors.Is(err, ErrUnreadableEvent) {
				t.Fatalf("error %v", err)
			}
			return
		}
		first, _, err := Trade.Encode(e)
		if err != nil {
			t.Fatalf("read but not written: %v", err)
		}
		again, err := Trade.Decode(name, 1, first)
		if err != nil {
			t.Fatalf("written as %s, which is not read: %v", first, err)
		}
		if second, _, err := Trade.Encode(again); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("written as %s, then as %s (%v)", first, second, err)
		}
	})
}
