// Package pricelist holds the department's price list (部门收费标准): versions by
// effective date, whose history never changes (§5.3.1).
package pricelist

import (
	"fmt"
	"slices"
	"sort"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// Stream is the one stream that holds all versions.
const Stream = "pricelist"

// Event is a fact about the price list.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	priceListEvent()
}

// PriceListPublished is a new version, in force from a date until the next one.
type PriceListPublished struct {
	Version       string        `json:"version"`
	EffectiveFrom calendar.Date `json:"effectiveFrom"`
	Items         []Item        `json:"items"`
}

func (PriceListPublished) EventType() string { return "PriceListPublished" }

func (PriceListPublished) RestsOn() domain.Ground { return domain.Clause("5.3.1") }

func (PriceListPublished) priceListEvent() {}

// ServiceKind sorts what a center can be charged for.
type ServiceKind string

const (
	Add          ServiceKind = "ADD"          // 加装: another in-room device
	Move         ServiceKind = "MOVE"         // 移位: a device moved
	Activation   ServiceKind = "ACTIVATION"   // 开通
	Part         ServiceKind = "PART"         // 配件
	Repair       ServiceKind = "REPAIR"       // 维修
	Compensation ServiceKind = "COMPENSATION" // 赔偿: damage outside warranty, at the HQ's quote (§5.3.2)
	Travel       ServiceKind = "TRAVEL"       // 差旅
	Labour       ServiceKind = "LABOUR"       // 人工
)

// ServiceKinds lists the kinds in the order of reports.
func ServiceKinds() []ServiceKind {
	return []ServiceKind{Add, Move, Activation, Part, Repair, Compensation, Travel, Labour}
}

// Item is one line of the price list.
type Item struct {
	Code  string          `json:"code"`
	Name  string          `json:"name"` // Chinese, as printed
	Kind  ServiceKind     `json:"kind"`
	Unit  string          `json:"unit"`
	Price decimal.Decimal `json:"price"` // yuan per unit, up to four decimals
	Tax   money.Tax       `json:"tax"`
}

// List is the state: versions in the order of their effective dates.
type List struct {
	versions []PriceListPublished
}

// Quote is the price of an item on a date.
type Quote struct {
	Version string
	Item    Item
}

// Publish is the command for a new version.
type Publish struct {
	Version       string        `json:"version,omitzero"`
	EffectiveFrom calendar.Date `json:"effectiveFrom,omitzero"`
	Items         []Item        `json:"items,omitzero"`
}

// Publish adds a version. It may begin only after the last one begins: what
// was in force on a past date must not change, and two versions must not
// overlap.
func (l *List) Publish(c Publish) ([]Event, error) {
	if err := domain.FirstError(domain.CheckID("version", c.Version), checkItems(c.Items)); err != nil {
		return nil, err
	}
	if c.EffectiveFrom.IsZero() {
		return nil, domain.Invalid("effectiveFrom", "", "date-required", "must be given", "5.3.1")
	}
	for _, v := range l.versions {
		if v.Version == c.Version {
			return nil, domain.Conflict("version", c.Version, "version-exists",
				"was published already, in force from %s; history does not change", "5.3.1", v.EffectiveFrom)
		}
	}
	if n := len(l.versions); n > 0 && !c.EffectiveFrom.After(l.versions[n-1].EffectiveFrom) {
		last := l.versions[n-1]
		return nil, domain.Conflict("effectiveFrom", c.EffectiveFrom.String(), "price-list-overlap",
			"must lie after %s, from which version %s is in force", "5.3.1", last.EffectiveFrom, last.Version)
	}
	return []Event{PriceListPublished(c)}, nil
}

func checkItems(items []Item) error {
	if len(items) == 0 {
		return domain.Invalid("items", "", "no-items", "must hold at least one item", "5.3.1")
	}
	seen := make(map[string]bool, len(items))
	for i, it := range items {
		field := func(name string) string { return fmt.Sprintf("items[%d].%s", i, name) }
		if err := domain.FirstError(
			domain.CheckID(field("code"), it.Code),
			domain.CheckText(field("name"), it.Name, true),
			domain.CheckText(field("unit"), it.Unit, true),
			money.CheckUnitPrice(field("price"), it.Price),
			it.Tax.Check(field("taxRate")),
		); err != nil {
			return err
		}
		if !slices.Contains(ServiceKinds(), it.Kind) {
			return domain.Invalid(field("kind"), string(it.Kind), "unknown-kind",
				"must be one of %v", "5.3.1", ServiceKinds())
		}
		if seen[it.Code] {
			return domain.Invalid(field("code"), it.Code, "item-twice", "is listed twice in this version", "5.3.1")
		}
		seen[it.Code] = true
	}
	return nil
}

// Evolve folds an event into the list.
func (l *List) Evolve(e Event) {
	switch e := e.(type) {
	case PriceListPublished:
		l.versions = append(l.versions, e)
	}
}

// Versions returns the versions in order of effect.
func (l *List) Versions() []PriceListPublished { return slices.Clone(l.versions) }

// On returns the version in force on a date.
func (l *List) On(d calendar.Date) (PriceListPublished, bool) {
	i := sort.Search(len(l.versions), func(i int) bool { return l.versions[i].EffectiveFrom.After(d) })
	if i == 0 {
		return PriceListPublished{}, false
	}
	return l.versions[i-1], true
}

// Price returns the price of an item, named by code or by its Chinese name, in
// force on the day of the work (§5.3.1).
func (l *List) Price(item string, d calendar.Date) (Quote, error) {
	v, ok := l.On(d)
	if !ok {
		return Quote{}, domain.NotFound("occurredOn", d.String(), "no-price-list", "has no price list in force")
	}
	for _, it := range v.Items {
		if it.Code == item || it.Name == item {
			return Quote{Version: v.Version, Item: it}, nil
		}
	}
	return Quote{}, domain.Invalid("item", domain.Clip(item), "not-on-price-list",
		"is not on price list %s, in force on %s; work outside the list needs the HQ affairs supervisor's approval", "5.3.1",
		v.Version, d).Among(domain.Each(v.Items, func(i Item) domain.NamedID {
		return domain.NamedID{ID: i.Code, Name: i.Name}
	}))
}
