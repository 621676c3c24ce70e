package catalogue_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
)

var (
	january = calendar.QuarterOf(2026, 1).First()
	july    = calendar.QuarterOf(2026, 3).First()
	exact   = domaintest.Exact
)

func station(change func(*catalogue.PartCatalogued)) catalogue.PartCatalogued {
	p := catalogue.PartCatalogued{
		Part: "DS-700", Name: "门口机", Model: "DS-KV700", Maker: "厂家甲", Unit: "台", Serialised: true,
		WarrantyCost: money.Fen(78000), From: january, By: "tao",
	}
	change(&p)
	return p
}

func fold(events ...catalogue.Event) *catalogue.Catalogue {
	return domaintest.Fold[catalogue.Catalogue](events...)
}

func TestPartsAreDescribed(t *testing.T) {
	as := station(func(*catalogue.PartCatalogued) {})
	dearer := station(func(p *catalogue.PartCatalogued) { p.From, p.WarrantyCost = july, money.Fen(80000) })
	cable := catalogue.PartCatalogued{Part: "RVV-4", Name: "四芯线", Unit: "米", From: january, By: "tao"}
	byOther := station(func(p *catalogue.PartCatalogued) { p.By = "wang" })
	tests := map[string]struct {
		given []catalogue.Event
		when  []catalogue.PartCatalogued
		by    string
		then  []catalogue.Event
		code  string
		field string
	}{
		"all of a list":                               {when: []catalogue.PartCatalogued{as, cable}, then: []catalogue.Event{as, cable}},
		"who describes is who asks":                   {when: []catalogue.PartCatalogued{byOther}, then: []catalogue.Event{as}},
		"what holds already decides nothing":          {given: []catalogue.Event{as}, when: []catalogue.PartCatalogued{as}},
		"whoever says it again":                       {given: []catalogue.Event{as}, when: []catalogue.PartCatalogued{as}, by: "wang"},
		"also from a later day":                       {given: []catalogue.Event{as}, when: []catalogue.PartCatalogued{station(func(p *catalogue.PartCatalogued) { p.From = july })}},
		"anew from a later day":                       {given: []catalogue.Event{as}, when: []catalogue.PartCatalogued{dearer}, then: []catalogue.Event{dearer}},
		"only what is new of a list":                  {given: []catalogue.Event{as}, when: []catalogue.PartCatalogued{as, cable}, then: []catalogue.Event{cable}},
		"one date has one description":                {given: []catalogue.Event{as}, when: []catalogue.PartCatalogued{station(func(p *catalogue.PartCatalogued) { p.Name = "主机" })}, code: "described-already", field: "parts[0].from"},
		"the unit stays":                              {given: []catalogue.Event{as}, when: []catalogue.PartCatalogued{station(func(p *catalogue.PartCatalogued) { p.From, p.Unit = july, "套" })}, code: "other-unit", field: "parts[0].unit"},
		"also before the first description":           {given: []catalogue.Event{dearer}, when: []catalogue.PartCatalogued{station(func(p *catalogue.PartCatalogued) { p.Unit = "套" })}, code: "other-unit"},
		"an earlier description may be entered later": {given: []catalogue.Event{dearer}, when: []catalogue.PartCatalogued{as}, then: []catalogue.Event{as}},
		"a part once":                                 {when: []catalogue.PartCatalogued{as, dearer}, code: "part-twice", field: "parts[1].part"},
		"a part with an error refuses the list":       {when: []catalogue.PartCatalogued{cable, station(func(p *catalogue.PartCatalogued) { p.Name = "" })}, code: "text-required", field: "parts[1].name"},
		"a part has a code":                           {when: []catalogue.PartCatalogued{station(func(p *catalogue.PartCatalogued) { p.Part = "" })}, code: "bad-identity", field: "parts[0].part"},
		"and a unit":                                  {when: []catalogue.PartCatalogued{station(func(p *catalogue.PartCatalogued) { p.Unit = "" })}, code: "text-required", field: "parts[0].unit"},
		"and a day":                                   {when: []catalogue.PartCatalogued{station(func(p *catalogue.PartCatalogued) { p.From = 0 })}, code: "date-required"},
		"it does not cost less than nothing":          {when: []catalogue.PartCatalogued{station(func(p *catalogue.PartCatalogued) { p.WarrantyCost = money.Fen(-1) })}, code: "bad-value"},
		"nor more than the largest amount":            {when: []catalogue.PartCatalogued{station(func(p *catalogue.PartCatalogued) { p.WarrantyCost = money.Fen(money.Max.Fen() + 1) })}, code: "bad-value"},
		"a list has parts":                            {code: "bad-part-count"},
		"and not too many":                            {when: make([]catalogue.PartCatalogued, 5001), code: "bad-part-count"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.by == "" {
				tc.by = "tao"
			}
			got, err := fold(tc.given...).Describe(catalogue.Describe{Parts: tc.when}, tc.by)
			var r *domain.Rejection
			if errors.As(err,
				&r); r == nil && (tc.code != "" || err != nil) || r != nil && (r.Code != tc.code || tc.field != "" &&
				r.Field != tc.field) {
				t.Fatalf("got %v, want %q of %q", err, tc.code, tc.field)
			}
			if diff := cmp.Diff(tc.then, got, exact); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestThePartInForceOnADay(t *testing.T) {
	plain := station(func(p *catalogue.PartCatalogued) { p.Serialised = false })
	serialised := station(func(p *catalogue.PartCatalogued) { p.From = july })
	for name, c := range map[string]*catalogue.Catalogue{
		"in order": fold(plain, serialised), "entered later": fold(serialised, plain),
	} {
		if _, ok := c.On("DS-700", january-1); ok {
			t.Errorf("%s: described before the first description", name)
		}
		for day, want := range map[calendar.Date]catalogue.PartCatalogued{
			january: plain, july - 1: plain, july: serialised, july + 400: serialised,
		} {
			if got, ok := c.On("DS-700", day); !ok || got != want {
				t.Errorf("%s: on %s %+v", name, day, got)
			}
		}
		for _, ask := range []struct {
			part    domain.PartCode
			serials int
			on      calendar.Date
			refused bool
		}{
			{"DS-700", 0, july, true}, {"DS-700", 1, july, false}, {"DS-700", 0, july - 1, false}, {"NEW", 0, july, false},
		} {
			err := c.CheckSerials("serials", ask.part, ask.serials, ask.on)
			var r *domain.Rejection
			if errors.As(err,
				&r); (r != nil) != ask.refused || r != nil && (r.Code != "serials-required" || r.Field != "serials") {
				t.Errorf("%s: %d serials of %s on %s: %v", name, ask.serials, ask.part, ask.on, err)
			}
		}
	}
}
