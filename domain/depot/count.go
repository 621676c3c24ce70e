package depot

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
)

// Count is the command that enters a count sheet (盘点表). The book is the
// depot's to say.
type Count struct {
	Project   domain.ProjectID `json:"project,omitzero"`
	Count     domain.SlipID    `json:"count,omitzero"`
	Lines     []Counted        `json:"lines,omitzero"`
	CountedBy string           `json:"countedBy,omitzero"`
	Witness   string           `json:"witness,omitzero"`
	CountedOn calendar.Date    `json:"countedOn,omitzero"`
	By        string           `json:"by,omitzero"`
}

// Count enters what was seen at the end of a day. It may be entered whatever
// the book says: the difference is for the audit.
func (d *Depot) Count(c Count, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckText("countedBy", c.CountedBy, true),
		domain.CheckText("witness", c.Witness, false),
		c.CountedOn.CheckPast("countedOn", today),
		d.checkNewCount(c),
	); err != nil {
		return nil, err
	}
	if err := domain.CheckEntries("lines", "bad-line-count", len(c.Lines), maxUnits, "5.1.3"); err != nil {
		return nil, err
	}
	e := StockCounted{
		Project: c.Project, Count: c.Count, Lines: make([]Counted, len(c.Lines)), CountedBy: c.CountedBy, Witness: c.Witness,
		CountedOn: c.CountedOn, By: c.By,
	}
	seen := make(map[domain.PartCode]bool, len(c.Lines))
	for i, l := range c.Lines {
		at := fmt.Sprintf("lines[%d].", i)
		if err := domain.FirstError(
			domain.CheckID(at+"part", l.Part),
			checkCounted(at+"counted", l.Counted),
			checkSerials(at+"serials", l.Serials, l.Counted),
			domain.CheckText(at+"reason", l.Reason, false),
		); err != nil {
			return nil, err
		}
		if seen[l.Part] {
			return nil, domain.Invalid(at+"part", string(l.Part), "part-twice", "is listed twice on this count sheet", "5.1.3")
		}
		seen[l.Part] = true
		l.Book = d.BookOn(l.Part, c.CountedOn)
		e.Lines[i] = l
	}
	return []Event{e}, nil
}

// checkNewCount rejects a sheet that was entered already: one that says something else
// now, by what that is.
func (d *Depot) checkNewCount(c Count) error {
	was, entered := d.counts[c.Count]
	if !entered {
		return d.checkNew("count", c.Count, "5.1.3", StockCounted{})
	}
	differs := func(field, is, was string) error {
		switch was {
		case is:
			return nil
		case "":
			return domain.Conflict(field, is, "count-exists", "was left empty on count sheet %s, which was entered already", "5.1.3",
				c.Count)
		}
		return domain.Conflict(field, is, "count-exists", "was entered already on count sheet %s as %s", "5.1.3", c.Count, was)
	}
	differences := []error{
		differs("countedOn", c.CountedOn.String(), was.CountedOn.String()), differs("countedBy", c.CountedBy, was.CountedBy),
		differs("witness", c.Witness, was.Witness),
	}
	for i, l := range c.Lines {
		at := fmt.Sprintf("lines[%d].", i)
		n := slices.IndexFunc(was.Lines, func(x Counted) bool { return x.Part == l.Part })
		if n < 0 {
			differences = append(differences, domain.Conflict(at+"part", string(l.Part), "count-exists",
				"is not on count sheet %s, which was entered already", "5.1.3", c.Count))
			continue
		}
		x := was.Lines[n]
		differences = append(differences, differs(at+"counted", l.Counted.String(), x.Counted.String()),
			differs(at+"serials", strings.Join(l.Serials, " "), strings.Join(x.Serials, " ")),
			differs(at+"reason", l.Reason, x.Reason))
	}
	for _, x := range was.Lines {
		if !slices.ContainsFunc(c.Lines, func(l Counted) bool { return x.Part == l.Part }) {
			differences = append(differences, domain.Conflict("lines", "", "count-exists",
				"must have %s, %s counted, like count sheet %s, which was entered already", "5.1.3", x.Part, x.Counted, c.Count))
		}
	}
	if err := domain.FirstError(differences...); err != nil {
		return err
	}
	return d.checkNew("count", c.Count, "5.1.3", StockCounted{})
}

// checkCounted is CheckQuantity that lets nothing be there.
func checkCounted(field string, q decimal.Decimal) error {
	if q.IsZero() {
		return nil
	}
	if err := money.CheckQuantity(field, q); err != nil {
		return domain.Invalid(field, domain.Clip(q.String()), "bad-quantity",
			"must not be less than 0, at most 1000000, with at most %d decimals", "", money.MaxQuantityDecimals)
	}
	return nil
}

// Adjust is the command that brings the book to what was counted.
type Adjust struct {
	Project    domain.ProjectID `json:"project,omitzero"`
	Adjustment domain.SlipID    `json:"adjustment,omitzero"`
	Count      domain.SlipID    `json:"count,omitzero"`
	Part       domain.PartCode  `json:"part,omitzero"`
	Quantity   decimal.Decimal  `json:"quantity,omitzero"` // negative for a shortage
	// UnitCost values units that were found of a part that the depot never held;
	// nil elsewhere, where the moving average does.
	UnitCost *money.Amount `json:"unitCost,omitzero"`
	Reason   string        `json:"reason,omitzero"`
	By       string        `json:"by,omitzero"`
}

// Adjust changes the book by a part or all of the difference that a count sheet
// shows today, as of the day of the count. Who entered the sheet does not
// adjust by it, nor who counted: the attempt is refused and recorded.
func (d *Depot) Adjust(c Adjust, today calendar.Date) ([]Event, error) {
	if err := domain.FirstError(
		domain.CheckID("part", c.Part),
		domain.CheckText("reason", c.Reason, true),
		money.CheckQuantity("quantity", c.Quantity.Abs()),
		d.checkNew("adjustment", c.Adjustment, "5.1.3", StockAdjusted{
			Count: c.Count, Part: c.Part, Quantity: c.Quantity, Reason: c.Reason,
		}),
	); err != nil {
		return nil, err
	}
	count, ok := d.counts[c.Count]
	if !ok {
		return nil, domain.NotFound("count", string(c.Count), "unknown-count", "is not a count sheet of this depot").
			Among(domain.Numbers(d.counts))
	}
	if err := duties.Apart(duties.Decision{
		Matter: duties.Matter{
			Kind: duties.StockCount, Document: string(c.Count), Decision: "ADJUSTMENT", Project: c.Project,
		},
		Field: "count", Clause: "4", By: c.By, On: today,
	}, duties.By(count.By, count.CountedBy).Did("was counted or entered by %s, who must not decide on it")); err != nil {
		return nil, err
	}
	line, ok := count.line(c.Part)
	if !ok {
		return nil, domain.NotFound("part", string(c.Part), "not-counted", "is not on count sheet %s", c.Count).
			Among(domain.Each(count.Lines, func(l Counted) domain.NamedID { return domain.NamedID{ID: string(l.Part)} }))
	}
	book := d.BookOn(c.Part, count.CountedOn)
	difference := line.Counted.Sub(book)
	if c.Quantity.Sign() != difference.Sign() || c.Quantity.Abs().GreaterThan(difference.Abs()) {
		return nil, domain.Conflict("quantity", c.Quantity.String(), "not-the-difference",
			"must lie between 0 and %s: counted %s, book %s on %s", "5.1.3", difference, line.Counted, book, count.CountedOn)
	}
	value, err := d.adjustedValue(c)
	if err != nil {
		return nil, err
	}
	return []Event{StockAdjusted{
		Project: c.Project, Adjustment: c.Adjustment, Count: c.Count, Part: c.Part, Quantity: c.Quantity, Value: value,
		Reason: c.Reason, AdjustedOn: count.CountedOn, By: c.By,
	}}, nil
}

// LeavesWhole reports whether an adjustment leaves whole units in the book of the day of
// its count.
func (d *Depot) LeavesWhole(c Adjust) bool {
	return d.BookOn(c.Part, d.counts[c.Count].CountedOn).Add(c.Quantity).IsInteger()
}

// adjustedValue is what an adjustment is worth: units that are missing leave at
// cost; units that were found are worth what the part was last worth, or all that
// an empty book still lacks.
func (d *Depot) adjustedValue(c Adjust) (value money.Amount, err error) {
	h := d.peek(c.Part)
	if c.UnitCost != nil && (c.Quantity.IsNegative() || h.knownQuantity.IsPositive()) {
		return value, domain.Invalid("unitCost", c.UnitCost.String(), "average-known",
			"must not be given: the depot knows the part's average cost", "")
	}
	switch {
	case c.Quantity.IsNegative():
		if err := d.checkAvailable(c.Part, c.Quantity.Neg()); err != nil {
			return value, err
		}
		cost, err := h.cost(c.Quantity.Neg())
		return cost.Neg(), err
	case c.UnitCost == nil && !h.knownQuantity.IsPositive():
		return value, domain.Invalid("unitCost", "", "unit-cost-required",
			"must be given: the depot never held the part at a cost", "")
	case c.UnitCost != nil:
		if err := c.UnitCost.CheckPositive("unitCost"); err != nil && !c.UnitCost.IsZero() {
			return value, err
		}
		value, err = money.RoundHalfUp(c.UnitCost.Decimal().Mul(c.Quantity))
	case h.quantity.Add(c.Quantity).IsZero() && h.value.Sign() < 0:
		value = h.value.Neg()
	default:
		value, err = money.RoundHalfUp(h.knownValue.Decimal().Mul(c.Quantity).DivRound(h.knownQuantity, 8))
	}
	if err != nil {
		return value, err
	}
	return value, d.checkValue(c.Part, value)
}

func (e StockCounted) line(p domain.PartCode) (Counted, bool) {
	for _, l := range e.Lines {
		if l.Part == p {
			return l, true
		}
	}
	return Counted{}, false
}
