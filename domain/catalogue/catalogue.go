// Package catalogue lists the parts and devices that the department keeps: what
// they are called, whether their units carry serial numbers, and what one costs
// under warranty.
package catalogue

import (
	"fmt"
	"slices"
	"sort"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Stream is the stream of the catalogue.
const Stream = "catalogue"

// Event is a fact about the catalogue.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	catalogueEvent()
}

// PartCatalogued describes a part from a date on, until it is described anew.
type PartCatalogued struct {
	Part         domain.PartCode `json:"part"`
	Name         string          `json:"name"` // Chinese
	Model        string          `json:"model,omitempty"`
	Maker        string          `json:"maker,omitempty"`
	Unit         string          `json:"unit"` // 台, 个, 米
	Serialised   bool            `json:"serialised"`
	WarrantyCost money.Amount    `json:"warrantyCost"` // what a unit costs us, yuan; 0.00 where it is not known
	From         calendar.Date   `json:"from"`
	By           string          `json:"by"`
}

func (PartCatalogued) EventType() string { return "PartCatalogued" }

func (PartCatalogued) RestsOn() domain.Ground {
	return domain.Silent("papers and comparisons name parts in one way")
}

func (PartCatalogued) catalogueEvent() {}

// Catalogue is the state of the catalogue.
type Catalogue struct {
	parts map[domain.PartCode][]PartCatalogued // by From, one per date
}

// Describe is the command that describes parts: one, or all of a list.
type Describe struct {
	Parts []PartCatalogued `json:"parts,omitzero"`
}

// maxParts bounds one list.
const maxParts = 5000

// Describe adds or describes anew the parts of a list; what is described so
// already decides nothing. A part with an error refuses the list.
func (c *Catalogue) Describe(d Describe, by string) ([]Event, error) {
	if err := domain.CheckEntries("parts", "bad-part-count", len(d.Parts), maxParts, ""); err != nil {
		return nil, err
	}
	var events []Event
	seen := make(map[domain.PartCode]bool, len(d.Parts))
	for i, p := range d.Parts {
		p.By = by
		at := fmt.Sprintf("parts[%d].", i)
		if seen[p.Part] {
			return nil, domain.Invalid(at+"part", string(p.Part), "part-twice", "is listed twice", "")
		}
		seen[p.Part] = true
		known, err := c.check(at, p)
		if err != nil {
			return nil, err
		}
		if !known {
			events = append(events, p)
		}
	}
	return events, nil
}

// check rejects a description; known says that it holds already.
func (c *Catalogue) check(at string, p PartCatalogued) (known bool, err error) {
	if err := domain.FirstError(
		domain.CheckID(at+"part", p.Part),
		domain.CheckText(at+"name", p.Name, true),
		domain.CheckText(at+"model", p.Model, false),
		domain.CheckText(at+"maker", p.Maker, false),
		domain.CheckText(at+"unit", p.Unit, true),
	); err != nil {
		return false, err
	}
	switch {
	case p.From.IsZero():
		return false, domain.Invalid(at+"from", "", "date-required", "must be given", "")
	case p.WarrantyCost.Sign() < 0 || money.Max.Less(p.WarrantyCost):
		return false, domain.Invalid(at+"warrantyCost", p.WarrantyCost.String(), "bad-value",
			"must be between 0.00 and %s yuan", "", money.Max)
	}
	if s := c.parts[p.Part]; len(s) > 0 && s[0].Unit != p.Unit {
		return false, domain.Conflict(at+"unit", p.Unit, "other-unit",
			"must stay %s, in which the stock of %s is counted", "", s[0].Unit, p.Part)
	}
	was, ok := c.On(p.Part, p.From)
	if !ok {
		return false, nil
	}
	same := was
	same.From, same.By = p.From, p.By
	switch {
	case same == p:
		return true, nil
	case was.From == p.From:
		return false, domain.Conflict(at+"from", p.From.String(), "described-already",
			"has a description of %s from that day already; one date has one", "", p.Part)
	}
	return false, nil
}

// Evolve folds an event into the catalogue.
func (c *Catalogue) Evolve(e Event) {
	switch e := e.(type) {
	case PartCatalogued:
		if c.parts == nil {
			c.parts = make(map[domain.PartCode][]PartCatalogued)
		}
		s := c.parts[e.Part]
		i := sort.Search(len(s), func(i int) bool { return s[i].From.After(e.From) })
		c.parts[e.Part] = slices.Insert(s, i, e)
	}
}

// Describes reports whether a part is described, from whatever date on.
func (c *Catalogue) Describes(part domain.PartCode) bool { return len(c.parts[part]) > 0 }

// Parts are all that the catalogue describes, for a refusal of one that it does not.
func (c *Catalogue) Parts() []domain.Existing {
	there := make([]domain.Existing, 0, len(c.parts))
	for part, described := range c.parts {
		there = append(there, domain.Existing{
			NamedID: domain.NamedID{ID: string(part), Name: described[len(described)-1].Name},
		})
	}
	return there
}

// On returns the description of a part in force on a date.
func (c *Catalogue) On(part domain.PartCode, d calendar.Date) (PartCatalogued, bool) {
	for _, p := range slices.Backward(c.parts[part]) {
		if !p.From.After(d) {
			return p, true
		}
	}
	return PartCatalogued{}, false
}

// CheckWhole rejects a fraction of a part whose units are counted. What the catalogue
// does not know may be handled in any quantity.
func (c *Catalogue) CheckWhole(field string, part domain.PartCode, q decimal.Decimal) error {
	if s := c.parts[part]; len(s) > 0 {
		return money.CheckWhole(field, s[0].Unit, q) // it is the same in every description
	}
	return nil
}

// CheckSerials rejects units without serials of a part whose units carry them.
// What the catalogue does not know may be handled without.
func (c *Catalogue) CheckSerials(field string, part domain.PartCode, serials int, d calendar.Date) error {
	if p, ok := c.On(part, d); ok && p.Serialised && serials == 0 {
		return domain.Invalid(field, "", "serials-required",
			"must be given: the units of %s (%s) carry serial numbers", "5.1.3", part, p.Name)
	}
	return nil
}
