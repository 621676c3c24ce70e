package imports

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
)

// cells reads the cells of one row and notes each that is wrong.
type cells struct{ row *listRow }

func (c cells) fail(field string, err error) {
	if err == nil {
		return
	}
	var r *domain.Rejection
	if errors.As(err, &r) {
		named := *r
		named.Field = field
		err = &named
	}
	c.row.refuse(err)
}

func (c cells) text(field string) string {
	s, err := c.row.Value(field).Text()
	c.fail(field, err)
	return s
}

// id reads an identity that may be absent.
func (c cells) id(field string) string {
	s := c.text(field)
	if s != "" {
		c.fail(field, domain.CheckID(field, s))
	}
	return s
}

// document reads the row's own number, which its refusals carry.
func (c cells) document(field string) {
	if c.row.document = c.text(field); c.row.document != "" {
		c.fail(field, domain.CheckID(field, c.row.document))
	}
}

func (c cells) required(field string) string {
	s := c.text(field)
	if v := c.row.Value(field); s == "" && v.Blank() {
		c.fail(field, domain.Invalid(field, "", "text-required", "must be given", ""))
	}
	return s
}

// optional reads a cell unless it is blank.
func optional[T any](c cells, field string, read func(sheet.Value) (T, error)) (value T, given bool) {
	v := c.row.Value(field)
	if v.Blank() {
		return value, false
	}
	value, err := read(v)
	c.fail(field, err)
	return value, err == nil
}

// quantity reads a quantity: one, if the list has no such column.
func (c cells) quantity(field string, known bool) decimal.Decimal {
	if !known {
		return decimal.NewFromInt(1)
	}
	q, given := optional(c, field, sheet.Value.Quantity)
	if !given && c.row.Value(field).Blank() {
		c.fail(field, domain.Invalid(field, "", "quantity-required", "must be given", ""))
	}
	return q
}

// Fingerprint names content: a repeat of it has the same name.
func Fingerprint(content ...any) string {
	data, err := json.Marshal(content)
	if err != nil {
		panic("imports: content of an import: " + err.Error())
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// numbering numbers rows that have no number: by what identifies them, and
// their place among the rows of the file that are alike.
type numbering map[string]int

func (n *numbering) of(prefix string, identity ...any) string {
	if *n == nil {
		*n = make(numbering)
	}
	like := Fingerprint(identity...)
	(*n)[like]++
	return prefix + "-" + Fingerprint(like, (*n)[like])[:16]
}

// ofField names the field that a refusal is of.
func ofField(field string, err error) error {
	var r *domain.Rejection
	if !errors.As(err, &r) {
		return err
	}
	named := *r
	named.Field = field
	return &named
}
