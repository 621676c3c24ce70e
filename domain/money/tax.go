package money

import (
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
)

// Tax says how a price carries tax [D]: by default the price includes it.
type Tax struct {
	Rate     decimal.Decimal `json:"rate"`     // share of the net amount: 0.06 is 6 %
	Excluded bool            `json:"excluded"` // the price is net and tax comes on top
}

// Check rejects a rate outside 0 to 1, or with more than four decimals.
func (t Tax) Check(field string) error {
	if t.Rate.IsNegative() || t.Rate.GreaterThan(decimal.NewFromInt(1)) || !t.Rate.Equal(t.Rate.Truncate(4)) {
		return domain.Invalid(field, t.Rate.String(), "bad-tax-rate",
			"must be between 0 and 1 with at most four decimals: 0.06 is 6 %", "")
	}
	return nil
}

// Line is the money of one line: Net + Tax = Gross, to the fen.
type Line struct {
	Net   Amount `json:"net"`
	Tax   Amount `json:"tax"`
	Gross Amount `json:"gross"`
}

// MaxQuantityDecimals and MaxPriceDecimals bound what a price list may state:
// cable is sold by the metre at prices such as 3.125.
const (
	MaxQuantityDecimals = 3
	MaxPriceDecimals    = 4
)

// CheckQuantity rejects a quantity that is not above zero, has more than three
// decimals or exceeds a million.
func CheckQuantity(field string, q decimal.Decimal) error {
	if !q.IsPositive() || !q.Equal(q.Truncate(MaxQuantityDecimals)) || q.GreaterThan(decimal.NewFromInt(1_000_000)) {
		return domain.Invalid(field, domain.Clip(q.String()), "bad-quantity",
			"must be more than 0, at most 1000000, with at most %d decimals", "", MaxQuantityDecimals)
	}
	return nil
}

// CheckUnitPrice rejects a price below zero, with more than four decimals or
// above Max.
func CheckUnitPrice(field string, p decimal.Decimal) error {
	if p.IsNegative() || !p.Equal(p.Truncate(MaxPriceDecimals)) || p.GreaterThan(Max.Decimal()) {
		return domain.Invalid(field, domain.Clip(p.String()), "bad-price",
			"must be between 0 and %s yuan with at most %d decimals", "", Max, MaxPriceDecimals)
	}
	return nil
}

// PriceLine multiplies a unit price by a quantity, rounds the product to fen
// half up, and computes the line's tax, rounded half up once per line [D].
func PriceLine(unitPrice, quantity decimal.Decimal, tax Tax) (Line, error) {
	amount, err := RoundHalfUp(unitPrice.Mul(quantity))
	if err != nil {
		return Line{}, domain.Invalid("quantity", quantity.String(), "amount-too-large",
			"comes to more than %s yuan at a price of %s", "", Max, unitPrice)
	}
	return tax.Split(amount)
}

// Split takes the tax out of an amount that includes it, or puts it on top of
// one that does not.
func (t Tax) Split(amount Amount) (Line, error) {
	if t.Excluded {
		tax, err := RoundHalfUp(amount.Decimal().Mul(t.Rate))
		if err != nil {
			return Line{}, err
		}
		return Line{Net: amount, Tax: tax, Gross: amount.Add(tax)}, nil
	}
	onePlus := t.Rate.Add(decimal.NewFromInt(1))
	// 16 places are exact enough: fen/(1+rate) with a rate of four decimals
	// lies either on a half fen or at least 1/20000 fen away from one.
	tax, err := RoundHalfUp(amount.Decimal().Mul(t.Rate).DivRound(onePlus, 16))
	if err != nil {
		return Line{}, err
	}
	return Line{Net: amount.Sub(tax), Tax: tax, Gross: amount}, nil
}
