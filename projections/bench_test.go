package projections

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections/facts"
)

// ManyEvents is a realistic mix: of 20 events 8 are charges, 3 payments, 3
// allocations, and 6 are tickets, fault lines and issues.
func ManyEvents(n int) []facts.Recorded {
	events := make([]facts.Recorded, 0, n)
	began := Noon("2025-01-01")
	add := func(stream string, e domain.Event) {
		i := len(events)
		events = append(events, facts.Recorded{
			Position: uint64(i + 1), Stream: stream, ID: uuid.New(), RecordedAt: began.Add(time.Duration(i) * time.Second),
			Actor: fmt.Sprintf("person-%d", i%40), Role: string(domain.Finance), Event: e,
		})
	}
	const centers = 50
	for i := range centers {
		center := domain.CenterID(fmt.Sprintf("C%02d", i))
		add(account.Stream(center),
			account.AccountOpened{Center: center, Name: "物业", Region: fmt.Sprintf("R%d", i%5), OpenedOn: Day("2025-01-01")})
	}
	for i := 0; len(events) < n; i++ {
		center := domain.CenterID(fmt.Sprintf("C%02d", i%centers))
		p := domain.ProjectID(fmt.Sprintf("P%03d", i%200))
		on := Day("2025-01-01").AddDays(i % 700)
		id, gross := fmt.Sprintf("%08d", i), money.Fen(int64(1000+i%90_000))
		line, err := money.Tax{Rate: decimal.New(6, -2)}.Split(gross)
		if err != nil {
			panic(err)
		}
		switch i % 10 {
		default:
			add(account.Stream(center), account.ChargeAccrued{
				Charge: domain.ChargeID("F3-" + id), Center: center, Project: p, Room: "3-1201", Owner: "王女士", Kind: pricelist.Move,
				Service: "室内机移位", Basis: account.PriceBasis{PriceList: "2025", Item: "MOVE-1"}, Quantity: decimal.NewFromInt(1),
				Unit:      "次",
				UnitPrice: gross.Decimal(), Tax: money.Tax{Rate: decimal.New(6, -2)}, Money: line, OccurredOn: on,
				Posted: on.Quarter(), DueOn: policy.Default().DueOn(on.Quarter()), Clause: "5.3.1",
			})
		case 1, 4, 7:
			payment, charge := domain.PaymentID("PAY-"+id), domain.ChargeID(fmt.Sprintf("F3-%08d", i-1))
			add(account.Stream(center), account.PaymentReceived{
				Payment: payment, Center: center, BankReference: "BANK-" + id, Payer: "物业服务中心", Amount: gross, ReceivedOn: on,
				Posted: on.Quarter(),
			})
			add(account.Stream(center), account.PaymentAllocated{Payment: payment, Center: center, Rule: account.OldestDueFirst,
				Lines: []account.Allocation{
					{Charge: charge, Amount: gross, Stage: account.Unconfirmed, On: on, Posted: on.Quarter()},
				}})
		case 3, 8:
			addService(add, id, p, center, on)
		}
	}
	return events[:n]
}

func addService(
	add func(string, domain.Event), id string, p domain.ProjectID, center domain.CenterID, on calendar.Date,
) {
	t, line := domain.TicketID("F0-"+id), domain.FaultLineID("F1-"+id)
	add(ticket.Stream(t),
		ticket.TicketRegistered{Ticket: t, Project: p, Center: center, Room: "3-1201", Need: "门禁坏", RegisteredAt: on.Start()})
	add(ticket.Stream(t), ticket.FaultRecorded{
		Ticket: t, Line: line, Project: p, Center: center, Device: "门口机", Symptom: "黑屏", Cause: policy.Wear,
		Bearer: policy.Us,
		Replacement: &ticket.Replacement{
			Part: "CAM-1", Quantity: decimal.NewFromInt(1), OldSerial: "a" + id, NewSerial: "b" + id,
		}, RecordedOn: on,
	})
	add(depot.Stream(p), depot.PartIssued{
		Project: p, Slip: domain.SlipID("OUT-" + id), Part: "CAM-1", Asked: decimal.NewFromInt(1),
		Quantity: decimal.NewFromInt(1),
		Value:    money.Fen(26_000), Taker: "赵", FaultLine: line, IssuedOn: on,
	})
}

// sliceSource delivers events from memory without a copy, once.
type sliceSource struct{ events []facts.Recorded }

func (s sliceSource) Head(context.Context) (uint64, error) { return uint64(len(s.events)), nil }

func (s sliceSource) EventID(_ context.Context, position uint64) (uuid.UUID, bool, error) {
	return s.events[position-1].ID, true, nil
}

func (s sliceSource) Expect(uint64, uuid.UUID) {}

func (s sliceSource) Away() (time.Time, string) { return time.Time{}, "" }

func (s sliceSource) Subscribe(ctx context.Context, after uint64, limit int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		for chunk := range slices.Chunk(s.events[after:], 1000) { // as many as a store reads at a time
			last := chunk[len(chunk)-1].Position
			if !yield(Batch{Events: chunk, Position: last, CaughtUp: last == uint64(len(s.events))}, nil) {
				return
			}
		}
		<-ctx.Done()
	}
}

const BenchmarkEvents = 300_000

// BenchmarkProjector projects a log from memory onto new tables.
func BenchmarkProjector(b *testing.B) {
	events := ManyEvents(BenchmarkEvents)
	for b.Loop() {
		b.StopTimer()
		m, err := New(Engine, sliceSource{events}, Options{Database: NewDatabase(b)})
		if err != nil {
			b.Fatal(err)
		}
		if err := m.warehouse.prepare(b.Context()); err != nil {
			b.Fatal(err)
		}
		g, err := m.warehouse.create(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		if err := m.fill(b.Context(), g, facts.Checkpoint{}, func(*facts.Facts, uint64) {}); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		g.conn.Close()
		m.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(BenchmarkEvents)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkRawInsert is what the projector is measured against: the same rows,
// ready in memory, inserted by the same client one table after the other.
func BenchmarkRawInsert(b *testing.B) {
	events := ManyEvents(BenchmarkEvents)
	var batches []*facts.Facts
	for chunk := range slices.Chunk(events, defaultBatchEvents) {
		f := facts.New()
		for i := range chunk {
			if err := f.Add(&chunk[i]); err != nil {
				b.Fatal(err)
			}
		}
		batches = append(batches, f)
	}
	for b.Loop() {
		b.StopTimer()
		g := newGeneration(b)
		b.StartTimer()
		for _, f := range batches {
			for _, t := range f.Tables {
				if t.Rows == 0 {
					continue
				}
				if err := t.Write(b.Context(), g.conn); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.StopTimer()
		g.conn.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(BenchmarkEvents)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

func newGeneration(b *testing.B) *generation {
	w, err := newWarehouse(Engine, NewDatabase(b))
	if err != nil {
		b.Fatal(err)
	}
	defer w.close()
	if err := w.prepare(b.Context()); err != nil {
		b.Fatal(err)
	}
	g, err := w.create(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	return g
}

// BenchmarkMapping is the pure part: events to columns.
func BenchmarkMapping(b *testing.B) {
	events := ManyEvents(defaultBatchEvents)
	f := facts.New()
	for b.Loop() {
		f.Reset()
		for i := range events {
			if err := f.Add(&events[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(len(events))*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}
