// Package depot keeps a project's stock of parts: what came in, what was issued
// against which line of the fault record, what came back, what was counted, and
// where the faulty units are that came out of the project.
//
// Stock is valued at moving average: every unit of a part in a depot is worth
// the value of all of them divided by their number, whatever it once cost. A
// movement is valued when it is recorded, and keeps that value. Units that only a
// count has seen leave at what the part was last worth, and take the book below
// zero; what they turn out to cost beyond that stays with the units that come in
// next, so that the value of a holding is always what came in less what went out.
//
// A document that was entered by mistake stays, and another one sets it right. An issue
// slip is undone by a return slip over all its units, of the day of the issue: they are
// back at the cost at which they left, and nothing is out against the F1 line. Units that
// a receipt brought in and that are not there are missing on the next count sheet, and an
// adjustment takes them out of the book. A transfer is refused by the other depot, which
// takes the units in and sends them back in one act and at the value they came with; once
// it was taken in, a transfer of its own sends them back, at its own average cost.
package depot

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Depot is the state of one project's stock.
type Depot struct {
	stock     map[domain.PartCode]*holding
	documents map[document]Event
	issues    map[domain.SlipID]*issueSlip
	issued    map[domain.FaultLineID]domain.SlipID // the first slip issued against a line
	sent      map[domain.SlipID]PartTransferredOut
	counts    map[domain.SlipID]StockCounted
	units     map[unit][]sighting // of units known by their serial
	shipped   map[domain.SlipID]FaultyUnitsShipped
	backFrom  map[domain.SlipID][]PartReceived // by the batch that they name
}

// document is a number used in a depot, unique among those of its kind.
type document struct {
	kind   string
	number domain.SlipID
}

// issueSlip is an issue of which units may still come back.
type issueSlip struct {
	issued        PartIssued
	returned      decimal.Decimal
	returnedValue money.Amount
	serials       []string // of the units that came back
}

// unit is one unit of a part. Makers number their own: two parts may share a
// serial.
type unit struct {
	part   domain.PartCode
	serial string
}

// sighting is where one document puts a unit.
type sighting struct {
	Sighting
	place place
}

// place is where a depot last saw a unit.
type place uint8

const (
	elsewhere place = iota
	scrapped
	onShelf
	atMaker
	inStock
)

// there says of a unit that it is at a place already.
var there = map[place]domain.Sentence{
	inStock:  "is in stock already",
	onShelf:  "is on the shelf of faulty units already",
	scrapped: "was scrapped already by the papers of this depot; first enter the paper by which it was there again",
	atMaker: "is at its maker by the papers of this depot; first enter the receipt that brought it back or, " +
		"where another depot had it back, its transfer from there",
}

// Evolve folds an event into the depot.
func (d *Depot) Evolve(e Event) {
	if d.stock == nil {
		*d = Depot{
			stock:     make(map[domain.PartCode]*holding),
			documents: make(map[document]Event),
			issues:    make(map[domain.SlipID]*issueSlip),
			issued:    make(map[domain.FaultLineID]domain.SlipID),
			sent:      make(map[domain.SlipID]PartTransferredOut),
			counts:    make(map[domain.SlipID]StockCounted),
			units:     make(map[unit][]sighting),
			shipped:   make(map[domain.SlipID]FaultyUnitsShipped),
			backFrom:  make(map[domain.SlipID][]PartReceived),
		}
	}
	switch e := e.(type) {
	case PartReceived:
		d.used("receipt", e.Receipt, e)
		d.holding(e.Part).move(e.ReceivedOn, e.Quantity, e.Value)
		stage := StageReceived
		if e.Source == FromMaker {
			stage = StageBack
		}
		d.back(e)
		d.put(inStock, Sighting{On: e.ReceivedOn, Stage: stage}, e.Part, e.Serials...)
	case PartIssued:
		d.used("slip", e.Slip, e)
		d.holding(e.Part).move(e.IssuedOn, e.Quantity.Neg(), e.Value.Neg())
		d.put(elsewhere, Sighting{On: e.IssuedOn, Stage: StageIssued}, e.Part, e.Serials...)
		d.issues[e.Slip] = &issueSlip{issued: e}
		if _, again := d.issued[e.FaultLine]; !again && e.FaultLine != "" {
			d.issued[e.FaultLine] = e.Slip
		}
	case PartReturned:
		d.used("return", e.Slip, e)
		d.holding(e.Part).move(e.ReturnedOn, e.Quantity, e.Value)
		d.put(inStock, Sighting{On: e.ReturnedOn, Stage: StageGivenBack}, e.Part, e.Serials...)
		s := d.issues[e.Issue]
		s.returned, s.returnedValue = s.returned.Add(e.Quantity), s.returnedValue.Add(e.Value)
		s.serials = append(s.serials, e.Serials...)
	case PartTransferredOut:
		d.used("transfer", e.Transfer, e)
		d.holding(e.Part).move(e.TransferredOn, e.Quantity.Neg(), e.Value.Neg())
		d.put(elsewhere, Sighting{On: e.TransferredOn, Stage: StageTransferred, Other: e.To}, e.Part, e.Serials...)
		d.sent[e.Transfer] = e
	case PartTransferredIn:
		d.used("transfer", e.Transfer, e)
		d.holding(e.Part).move(e.ReceivedOn, e.Quantity, e.Value)
		d.put(inStock, Sighting{On: e.ReceivedOn, Stage: StageArrived, Other: e.From}, e.Part, e.Serials...)
	case FaultyUnitHandedIn:
		d.used("handIn", e.Slip, e)
		d.put(onShelf, Sighting{On: e.HandedInOn, Stage: StageHandedIn, Line: e.FaultLine}, e.Part, e.Serials...)
	case FaultyUnitsShipped:
		d.used("shipment", e.Shipment, e)
		d.shipped[e.Shipment] = e
		for _, u := range e.Units {
			d.put(atMaker, Sighting{On: e.ShippedOn, Stage: StageShipped, Line: u.FaultLine}, u.Part, u.Serial)
		}
		for _, r := range d.backFrom[e.Shipment] {
			d.backOf(r, e)
		}
	case PartScrapped:
		d.used("scrap", e.Slip, e)
		if e.Condition == Good {
			d.holding(e.Part).move(e.ScrappedOn, e.Quantity.Neg(), e.Value.Neg())
		}
		d.put(scrapped, Sighting{On: e.ScrappedOn, Stage: StageScrapped, Line: e.FaultLine}, e.Part, e.Serials...)
	case StockCounted:
		d.used("count", e.Count, e)
		d.counts[e.Count] = e
		for _, l := range e.Lines {
			d.holding(l.Part).counted(e.CountedOn, l.Counted)
		}
	case StockAdjusted:
		d.used("adjustment", e.Adjustment, e)
		d.holding(e.Part).move(e.AdjustedOn, e.Quantity, e.Value)
	}
}

// used remembers a document by its number.
func (d *Depot) used(kind string, number domain.SlipID, e Event) {
	d.documents[document{kind, number}] = e
}

// put notes where a document puts units.
func (d *Depot) put(p place, saw Sighting, part domain.PartCode, serials ...string) {
	for _, s := range serials {
		if s != "" {
			u := unit{part, s}
			d.units[u] = append(d.units[u], sighting{saw, p})
		}
	}
}

// at is where a unit is by all documents entered so far, in whatever order they
// were.
func (d *Depot) at(u unit) place {
	all := WithoutSentBack(d.units[u], func(s sighting) Sighting { return s.Sighting })
	if len(all) == 0 {
		return elsewhere
	}
	// A unit that was sent and came back under its own serial is at both; in stock
	// is what it is then.
	slices.SortFunc(all, func(a, b sighting) int { return cmp.Compare(a.place, b.place) })
	for {
		InRound(all, func(s sighting) Sighting { return s.Sighting })
		late := lateAmong(all)
		if late < 0 {
			return all[len(all)-1].place
		}
		all = slices.Delete(all, late, late+1)
	}
}

// lateAmong finds the first paper that is late, see [Sighting.Late]; -1: there is none.
func lateAmong(inRound []sighting) int {
	var goneFor []domain.FaultLineID
	for i, s := range inRound {
		if s.Late(goneFor, i > 0 && inRound[i-1].place == atMaker) {
			return i
		}
		if s.place == atMaker || s.place == scrapped {
			goneFor = append(goneFor, s.Line)
		}
	}
	return -1
}

// back takes units off their maker's hands: under the part of the receipt, and
// under that which was sent, which the maker may have replaced by another.
func (d *Depot) back(e PartReceived) {
	d.put(elsewhere, Sighting{On: e.ReceivedOn, Stage: StageBack}, e.Part, e.BackAs()...)
	if e.Shipment == "" {
		return
	}
	d.backFrom[e.Shipment] = append(d.backFrom[e.Shipment], e)
	d.backOf(e, d.shipped[e.Shipment])
}

// backOf takes the units of a batch off their maker's hands that came back as
// another part. The receipt may have been entered before the batch.
func (d *Depot) backOf(e PartReceived, batch FaultyUnitsShipped) {
	for _, u := range batch.Units {
		if u.Part != e.Part && slices.Contains(e.BackAs(), u.Serial) {
			d.put(elsewhere, Sighting{On: e.ReceivedOn, Stage: StageBack}, u.Part, u.Serial)
		}
	}
}

func (d *Depot) holding(p domain.PartCode) *holding {
	h := d.stock[p]
	if h == nil {
		h = &holding{}
		d.stock[p] = h
	}
	return h
}

// peek is holding for a decision, which must not change the state.
func (d *Depot) peek(p domain.PartCode) *holding {
	if h := d.stock[p]; h != nil {
		return h
	}
	return &holding{}
}

// Knows reports whether the depot has ever held a part.
func (d *Depot) Knows(p domain.PartCode) bool { return d.stock[p] != nil }

// Parts are all that the depot ever had, for a refusal of one that it did not.
func (d *Depot) Parts() []domain.Existing { return domain.Numbers(d.stock) }

// InStock returns the units of a part on hand by the book, and their value.
func (d *Depot) InStock(p domain.PartCode) (decimal.Decimal, money.Amount) {
	h := d.peek(p)
	return h.quantity, h.value
}

// BookOn returns the units of a part by the book at the end of a day, as far as
// their documents are entered.
func (d *Depot) BookOn(p domain.PartCode, day calendar.Date) decimal.Decimal {
	return d.peek(p).bookOn(day)
}

// Issued returns an issue slip of this depot.
func (d *Depot) Issued(slip domain.SlipID) (PartIssued, bool) {
	if s, ok := d.issues[slip]; ok {
		return s.issued, true
	}
	return PartIssued{}, false
}

// Sent returns a transfer that left this depot.
func (d *Depot) Sent(transfer domain.SlipID) (PartTransferredOut, bool) {
	e, ok := d.sent[transfer]
	return e, ok
}

// SentTo are the transfers that left this depot for another.
func (d *Depot) SentTo(to domain.ProjectID) (there []domain.Existing) {
	for transfer, e := range d.sent {
		if e.To == to {
			there = append(there, domain.Existing{NamedID: domain.NamedID{ID: string(transfer)}})
		}
	}
	return there
}

// holding is the stock of one part.
type holding struct {
	quantity decimal.Decimal // may be below zero where a count said that there is more
	value    money.Amount
	moves    []move // by date

	// What the units were worth when there were any: the cost of those that a
	// count found and the book does not know.
	knownQuantity decimal.Decimal
	knownValue    money.Amount

	lastCount   calendar.Date // zero: never counted
	lastCounted decimal.Decimal
}

// move is the sum of what moved on one day.
type move struct {
	on       calendar.Date
	quantity decimal.Decimal
}

func (h *holding) move(on calendar.Date, quantity decimal.Decimal, value money.Amount) {
	h.quantity, h.value = h.quantity.Add(quantity), h.value.Add(value)
	if h.quantity.IsPositive() && h.value.Sign() > 0 {
		h.knownQuantity, h.knownValue = h.quantity, h.value
	}
	i, found := slices.BinarySearchFunc(h.moves, on, func(m move, d calendar.Date) int { return int(m.on - d) })
	if !found {
		h.moves = slices.Insert(h.moves, i, move{on: on})
	}
	h.moves[i].quantity = h.moves[i].quantity.Add(quantity)
}

// counted keeps the last count; of two sheets of one day, the one entered last.
func (h *holding) counted(on calendar.Date, quantity decimal.Decimal) {
	if !on.Before(h.lastCount) {
		h.lastCount, h.lastCounted = on, quantity
	}
}

func (h *holding) bookOn(day calendar.Date) (sum decimal.Decimal) {
	for _, m := range h.moves {
		if m.on.After(day) {
			break
		}
		sum = sum.Add(m.quantity)
	}
	return sum
}

// available is how many units may leave: those in the book, or more where the
// last count saw more than the book knew. It goes by all documents entered so
// far, of whatever day: they come in any order, and the book of a past day may
// stand below zero until the document that is missing arrives.
func (h *holding) available() decimal.Decimal {
	if h.lastCount.IsZero() {
		return h.quantity
	}
	seen := h.lastCounted.Add(h.quantity.Sub(h.bookOn(h.lastCount)))
	return decimal.Max(h.quantity, seen)
}

// cost is the value of q units that leave; the last of the book take what is
// left of its value, so that an empty holding is worth nothing. Units beyond the
// book, which a count found, cost what the part was last worth.
func (h *holding) cost(q decimal.Decimal) (money.Amount, error) {
	inBook := decimal.Min(q, decimal.Max(h.quantity, decimal.Zero))
	var cost money.Amount
	if inBook.IsPositive() && h.value.Sign() > 0 {
		cost = h.value.Share(milli(inBook), milli(h.quantity))
	}
	beyond := q.Sub(inBook)
	if !beyond.IsPositive() || !h.knownQuantity.IsPositive() {
		return cost, nil
	}
	more, err := money.RoundHalfUp(h.knownValue.Decimal().Mul(beyond).DivRound(h.knownQuantity, 8))
	return cost.Add(more), err
}

// milli counts in thousandths of a unit, the finest quantity there is.
func milli(q decimal.Decimal) int64 { return q.Shift(money.MaxQuantityDecimals).IntPart() }

// checkAvailable rejects a quantity that is not there.
func (d *Depot) checkAvailable(part domain.PartCode, q decimal.Decimal) error {
	h := d.peek(part)
	have := h.available()
	if !q.GreaterThan(have) {
		return nil
	}
	if have.IsZero() && h.lastCount.IsZero() { // the part may be another than was meant
		return domain.Conflict("part", string(part), "above-stock", "is not in stock", "5.1.3").Among(d.inStock())
	}
	if h.lastCount.IsZero() {
		return domain.Conflict("quantity", q.String(), "above-stock", "exceeds the %s units of %s in stock", "5.1.3", have,
			part)
	}
	return domain.Conflict("quantity", q.String(), "above-stock",
		"exceeds the %s units of %s in stock; the last count, of %s, saw %s", "5.1.3", have, part, h.lastCount, h.lastCounted)
}

// inStock are the parts of which there are units.
func (d *Depot) inStock() (there []domain.Existing) {
	for part, h := range d.stock {
		if h.available().IsPositive() {
			there = append(there, domain.Existing{NamedID: domain.NamedID{ID: string(part)}})
		}
	}
	return there
}

// checkSerials rejects serials that are not as many as the units, or stand
// twice.
func checkSerials(field string, serials []string, quantity decimal.Decimal) error {
	if len(serials) == 0 {
		return nil
	}
	if !quantity.Equal(decimal.NewFromInt(int64(len(serials)))) {
		return domain.Invalid(field, "", "serial-count",
			"lists %d serials; must be as many as the units, %s", "", len(serials), quantity)
	}
	seen := make(map[string]bool, len(serials))
	for i, s := range serials {
		at := fmt.Sprintf("%s[%d]", field, i)
		if err := domain.CheckText(at, s, true); err != nil {
			return err
		}
		if seen[s] {
			return domain.Invalid(at, s, "serial-twice", "is listed twice on this document", "")
		}
		seen[s] = true
	}
	return nil
}

// checkNotAt rejects a serial that the depot last saw at a place where it
// cannot be once more.
func (d *Depot) checkNotAt(field string, part domain.PartCode, serials []string, p place) error {
	for i, s := range serials {
		if d.at(unit{part, s}) == p {
			return domain.Conflict(fmt.Sprintf("%s[%d]", field, i), s, "serial-there-already", there[p], "")
		}
	}
	return nil
}

// checkValue rejects a cost that a receipt cannot have.
func (d *Depot) checkValue(part domain.PartCode, value money.Amount) error {
	switch {
	case value.Sign() < 0 || money.Max.Less(value):
		return domain.Invalid("value", value.String(), "bad-value", "must be between 0.00 and %s yuan", "", money.Max)
	case money.Max.Less(d.peek(part).value.Add(value)):
		return domain.Conflict("value", value.String(), "holding-too-large",
			"would bring the units of %s in stock above %s yuan", "", part, money.Max)
	}
	return nil
}
