package depot_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
)

// plain is a depot as a person keeps it on paper: a list of what moved, in
// thousandths of a unit and fen, from which everything is added up anew.
type plain struct {
	lines  []line
	counts []sheet
}

type line struct {
	on         calendar.Date
	milli, fen int64
}

type sheet struct {
	id    domain.SlipID
	on    calendar.Date
	milli int64
}

func (p *plain) sum(upTo calendar.Date) (milli, fen int64) {
	for _, l := range p.lines {
		if l.on <= upTo {
			milli, fen = milli+l.milli, fen+l.fen
		}
	}
	return milli, fen
}

// last is the count of the latest day; of several, the one entered last.
func (p *plain) last() (s sheet, ok bool) {
	for _, c := range p.counts {
		if !ok || c.on >= s.on {
			s, ok = c, true
		}
	}
	return s, ok
}

// mayLeave is what is there: by the book, or by the last count and what moved
// since.
func (p *plain) mayLeave() int64 {
	book, _ := p.sum(today)
	if c, ok := p.last(); ok {
		then, _ := p.sum(c.on)
		if seen := c.milli + book - then; seen > book {
			return seen
		}
	}
	return book
}

// worth is the book's quantity and value when it last held units of a value.
func (p *plain) worth() (milli, fen int64) {
	var q, v int64
	for _, l := range p.lines {
		if q, v = q+l.milli, v+l.fen; q > 0 && v > 0 {
			milli, fen = q, v
		}
	}
	return milli, fen
}

// cost of units that leave: their share of the book, and beyond it what the
// part was last worth; each rounded half up.
func (p *plain) cost(milli int64) int64 {
	book, fen := p.sum(today)
	inBook := max(0, min(milli, book))
	var cost int64
	if inBook > 0 && fen > 0 {
		cost = share(fen, inBook, book)
	}
	if known, worth := p.worth(); milli > inBook && known > 0 {
		cost += share(worth, milli-inBook, known)
	}
	return cost
}

// share is fen·part/whole, half up.
func share(fen, part, whole int64) int64 {
	r := new(big.Rat).Mul(big.NewRat(fen, 1), big.NewRat(part, whole))
	r.Add(r, big.NewRat(1, 2))
	return new(big.Int).Div(r.Num(), r.Denom()).Int64()
}

// slip is an issue of which units may come back.
type slip struct {
	id            domain.SlipID
	on            calendar.Date
	milli, fen    int64
	back, backFen int64
}

// TestADepotKeepsTheBooksOfAPersonWithPaper plays random documents of random
// days against a depot and against paper.
func TestADepotKeepsTheBooksOfAPersonWithPaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := &depot.Depot{}
		var p plain
		var slips []*slip
		quantity := func(n int64) decimal.Decimal { return decimal.New(n, -3) }
		in, out := int64(0), int64(0) // fen
		for n := range rapid.IntRange(1, 45).Draw(t, "documents") {
			id := domain.SlipID(fmt.Sprint("N", n))
			on := today - calendar.Date(rapid.IntRange(0, 20).Draw(t, "days ago"))
			milli := rapid.Int64Range(1, 4000).Draw(t, "thousandths")
			var events []depot.Event
			var err error
			var want line     // what paper expects to move
			var refuse string // or the rule that paper expects
			kind := rapid.SampledFrom([]string{
				"receive", "receive", "issue", "issue", "return", "transfer", "arrive", "scrap", "count", "adjust",
			}).Draw(t, "document")
			if leaves := kind == "issue" || kind == "transfer" || kind == "scrap"; leaves {
				if rapid.IntRange(0, 3).Draw(t, "all") == 0 && p.mayLeave() > 0 {
					milli = p.mayLeave()
				}
				want = line{on, -milli, -p.cost(milli)}
				if milli > p.mayLeave() {
					refuse = "above-stock"
				}
			}
			switch kind {
			case "receive":
				fen := rapid.Int64Range(0, 9999).Draw(t, "fen")
				want = line{on, milli, fen}
				events, err = d.Receive(depot.Receive{
					Project: "P001", Receipt: id, Part: "CAM", Quantity: quantity(milli), Value: money.Fen(fen),
					Source: depot.Purchase, ReceivedOn: on,
				}, today)
			case "arrive":
				fen := rapid.Int64Range(0, 9999).Draw(t, "fen")
				want = line{on, milli, fen}
				events, err = d.TransferIn(depot.TransferIn{Project: "P001", Transfer: id, From: "P002", ReceivedOn: on},
					depot.PartTransferredOut{
						Project: "P002", Transfer: id, Part: "CAM", Quantity: quantity(milli), Value: money.Fen(fen), To: "P001",
						TransferredOn: on,
					}, today)
			case "issue":
				events, err = d.Issue(depot.Issue{
					Project: "P001", Slip: id, Part: "CAM", Asked: quantity(milli), Quantity: quantity(milli), Taker: "李",
					IssuedOn: on,
				}, today)
			case "transfer":
				events, err = d.TransferOut(depot.TransferOut{
					Project: "P001", Transfer: id, Part: "CAM", Quantity: quantity(milli), To: "P002", TransferredOn: on,
				}, today)
			case "scrap":
				events, err = d.Scrap(depot.Scrap{
					Project: "P001", Slip: id, Part: "CAM", Condition: depot.Good, Quantity: quantity(milli), Reason: "坏",
					ScrappedOn: on,
				}, today)
			case "return":
				if len(slips) == 0 {
					continue
				}
				s := rapid.SampledFrom(slips).Draw(t, "slip")
				if rapid.Bool().Draw(t, "the rest") && s.back < s.milli {
					milli = s.milli - s.back
				}
				switch {
				case milli > s.milli-s.back:
					refuse = "above-issued"
				case on < s.on:
					refuse = "before-issue"
				default:
					want = line{on, milli, share(s.fen, s.back+milli, s.milli) - s.backFen}
				}
				events, err = d.ReturnUnused(depot.ReturnUnused{
					Project: "P001", Slip: id, Issue: s.id, Quantity: quantity(milli), ReturnedBy: "李", ReturnedOn: on,
				}, today)
				if err == nil {
					s.back, s.backFen = s.back+milli, s.backFen+want.fen
				}
				if s.back == s.milli && s.backFen != s.fen {
					t.Fatalf("%s left at %d and came back at %d", s.id, s.fen, s.backFen)
				}
			case "count":
				events, err = d.Count(depot.Count{
					Project: "P001", Count: id, Lines: []depot.Counted{{Part: "CAM", Counted: quantity(milli)}}, CountedBy: "李",
					CountedOn: on, By: "chen",
				}, today)
				if err != nil {
					t.Fatal(err)
				}
				if book, _ := p.sum(on); !events[0].(depot.StockCounted).Lines[0].Book.Equal(quantity(book)) {
					t.Fatalf("the sheet of %s says book %s, paper %d", on, events[0].(depot.StockCounted).Lines[0].Book, book)
				}
				p.counts = append(p.counts, sheet{id, on, milli})
			case "adjust":
				if len(p.counts) == 0 {
					continue
				}
				c := rapid.SampledFrom(p.counts).Draw(t, "sheet")
				book, _ := p.sum(c.on)
				difference := c.milli - book
				if rapid.Bool().Draw(t, "down") {
					milli = -milli
				}
				if rapid.IntRange(0, 2).Draw(t, "exactly") > 0 && difference != 0 {
					milli = difference
				}
				all, fen := p.sum(today)
				known, worth := p.worth()
				switch {
				case difference == 0, (milli > 0) != (difference > 0), max(milli, -milli) > max(difference, -difference):
					refuse = "not-the-difference"
				case milli < 0 && -milli > p.mayLeave():
					refuse = "above-stock"
				case milli < 0:
					want = line{c.on, milli, -p.cost(-milli)}
				case known == 0:
					refuse = "unit-cost-required"
				case all+milli == 0 && fen < 0:
					want = line{c.on, milli, -fen}
				default:
					want = line{c.on, milli, share(worth, milli, known)}
				}
				events, err = d.Adjust(depot.Adjust{
					Project: "P001", Adjustment: id, Count: c.id, Part: "CAM", Quantity: quantity(milli), Reason: "查", By: "tao",
				}, today)
			}
			var r *domain.Rejection
			if errors.As(err, &r); err != nil && (r == nil || r.Code != refuse) || err == nil && refuse != "" {
				t.Fatalf("%s of %d on %s: got %v, paper says %q", kind, milli, on, err, refuse)
			}
			for _, e := range events {
				if moved := moveOf(e); moved != (line{}) && moved != want {
					t.Fatalf("%T moves %+v, paper says %+v", e, moved, want)
				}
				d.Evolve(e)
				if i, ok := e.(depot.PartIssued); ok {
					slips = append(slips, &slip{id: i.Slip, on: on, milli: milli, fen: i.Value.Fen()})
				}
			}
			if err == nil && kind != "count" {
				p.lines = append(p.lines, want)
				in, out = in+max(want.fen, 0), out+max(-want.fen, 0)
			}

			milliNow, fenNow := p.sum(today)
			inStock, worth := d.InStock("CAM")
			if !inStock.Equal(quantity(milliNow)) || worth.Fen() != fenNow || fenNow != in-out {
				t.Fatalf("after %s: %s in stock worth %s; paper says %d worth %d, in %d, out %d", kind, inStock, worth, milliNow,
					fenNow, in, out)
			}
			if len(p.counts) == 0 && (milliNow < 0 || fenNow < 0 || milliNow == 0 && fenNow != 0) {
				t.Fatalf("nobody counted, and the book says %d worth %d", milliNow, fenNow)
			}
			for day := today - 21; day <= today; day++ {
				if book, _ := p.sum(day); !d.BookOn("CAM", day).Equal(quantity(book)) {
					t.Fatalf("on %s the book says %s, paper %d", day, d.BookOn("CAM", day), book)
				}
			}
		}
	})
}

// moveOf reads what an event moves.
func moveOf(e depot.Event) line {
	of := func(on calendar.Date, q decimal.Decimal, v money.Amount) line {
		return line{on, q.Shift(3).IntPart(), v.Fen()}
	}
	switch e := e.(type) {
	case depot.PartReceived:
		return of(e.ReceivedOn, e.Quantity, e.Value)
	case depot.PartIssued:
		return of(e.IssuedOn, e.Quantity.Neg(), e.Value.Neg())
	case depot.PartReturned:
		return of(e.ReturnedOn, e.Quantity, e.Value)
	case depot.PartTransferredOut:
		return of(e.TransferredOn, e.Quantity.Neg(), e.Value.Neg())
	case depot.PartTransferredIn:
		return of(e.ReceivedOn, e.Quantity, e.Value)
	case depot.PartScrapped:
		return of(e.ScrappedOn, e.Quantity.Neg(), e.Value.Neg())
	case depot.StockAdjusted:
		return of(e.AdjustedOn, e.Quantity, e.Value)
	case depot.StockCounted, depot.FaultyUnitHandedIn, depot.FaultyUnitsShipped:
	}
	return line{}
}
