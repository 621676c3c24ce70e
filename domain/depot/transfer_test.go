package depot_test

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
)

// What is sent by mistake and refused leaves both depots as they were: the units, their
// value, and what the next issue costs.
func TestARefusedTransferLeavesBothDepotsAsTheyWere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sender, other := &depot.Depot{}, &depot.Depot{}
		must := func(d *depot.Depot) func([]depot.Event, error) []depot.Event {
			return func(events []depot.Event, err error) []depot.Event {
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range events {
					d.Evolve(e)
				}
				return events
			}
		}
		stock := func(d *depot.Depot, least int) {
			for n := range rapid.IntRange(least, 3).Draw(t, "receipts") {
				must(d)(d.Receive(depot.Receive{
					Project: "P", Receipt: domain.SlipID(fmt.Sprint("RK-", n)), Part: "CAM",
					Quantity: decimal.NewFromInt(rapid.Int64Range(3, 9).Draw(t, "units")),
					Value:    money.Fen(rapid.Int64Range(1, 99_999).Draw(t, "fen")), Source: depot.Purchase, ReceivedOn: today - 9,
				}, today))
			}
		}
		stock(sender, 1)
		stock(other, 0)
		type worth struct {
			units decimal.Decimal
			value money.Amount
			next  string
		}
		of := func(d *depot.Depot) (w worth) {
			w.units, w.value = d.InStock("CAM")
			one := decimal.NewFromInt(1)
			events, err := d.Issue(depot.Issue{
				Slip: "X", Part: "CAM", Asked: one, Quantity: one, Taker: "李", IssuedOn: today,
			}, today)
			if w.next = fmt.Sprint(err); err == nil {
				w.next = events[0].(depot.PartIssued).Value.String()
			}
			return w
		}
		same := func(a, b worth) bool { return a.units.Equal(b.units) && a.value == b.value && a.next == b.next }
		wasSender, wasOther := of(sender), of(other)
		sent := must(sender)(sender.TransferOut(depot.TransferOut{
			Project: "P1", Transfer: "DB-1", Part: "CAM", Quantity: decimal.NewFromInt(rapid.Int64Range(1, 3).Draw(t, "sent")),
			To: "P2", TransferredOn: today - 5,
		}, today))[0].(depot.PartTransferredOut)
		refused := must(other)(other.RejectTransfer(depot.RejectTransfer{
			Project: "P2", Transfer: "DB-1", From: "P1", Back: "DB-2", Reason: "发错", RejectedOn: today - 4,
		}, sent, today))
		must(sender)(sender.TransferIn(depot.TransferIn{Project: "P1", Transfer: "DB-2", From: "P2", ReceivedOn: today - 3},
			refused[1].(depot.PartTransferredOut), today))
		if now := of(other); !same(now, wasOther) {
			t.Errorf("the depot that refused had %+v, and has %+v", wasOther, now)
		}
		if now := of(sender); !same(now, wasSender) {
			t.Errorf("the depot that sent had %+v, and has %+v", wasSender, now)
		}
	})
}

// A unit that is refused is not in the stock of who refused it, on whatever day, and in
// that of who sent it once it is back.
func TestARefusedUnitIsWithItsSender(t *testing.T) {
	one, serials := decimal.NewFromInt(1), []string{"S"}
	received := func(d *depot.Depot) bool { // that it may be received: it is not there
		_, err := d.Receive(depot.Receive{
			Receipt: "X", Part: "CAM", Quantity: one, Source: depot.Purchase, Serials: serials, ReceivedOn: today,
		}, today)
		return err == nil
	}
	for _, days := range [][3]calendar.Date{{0, 0, 0}, {0, 0, 1}, {0, 1, 1}, {0, 1, 2}} {
		sent := depot.PartTransferredOut{
			Project: "P1", Transfer: "DB-1", Part: "CAM", Quantity: one, Serials: serials, To: "P2",
			TransferredOn: today - 9 + days[0],
		}
		other := &depot.Depot{}
		events, err := other.RejectTransfer(depot.RejectTransfer{
			Project: "P2", Transfer: "DB-1", From: "P1", Back: "DB-2", Reason: "发错", RejectedOn: today - 9 + days[1],
		}, sent, today)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			other.Evolve(e)
		}
		if !received(other) {
			t.Errorf("%v: the depot that refused the unit holds that it has it", days)
		}
		papers := []depot.Event{
			depot.PartReceived{Receipt: "RK-1", Part: "CAM", Quantity: one, Serials: serials, ReceivedOn: today - 20}, sent,
			depot.PartTransferredIn{
				Project: "P1", Transfer: "DB-2", Part: "CAM", Quantity: one, Serials: serials, From: "P2",
				ReceivedOn: today - 9 + days[2],
			},
		}
		for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}} {
			sender := &depot.Depot{}
			for _, i := range order {
				sender.Evolve(papers[i])
			}
			if received(sender) {
				t.Errorf("%v: the depot that has its unit back does not know it, of papers in the order %v", days, order)
			}
		}
	}
}
