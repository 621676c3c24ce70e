package servicetable_test

import (
	"testing"

	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/servicetable"
)

func table(version, response string) policy.TableText {
	t := policy.DefaultTable().Text()
	t.Version, t.Rows[1].Response = version, response
	return t
}

var july = calendar.NewDate(2026, 7, 1)

func published(version, response string, from calendar.Date) servicetable.Event {
	return servicetable.ServiceTablePublished{Table: table(version, response), EffectiveFrom: from, By: "zhao"}
}

func TestPublish(t *testing.T) {
	tests := map[string]struct {
		given []servicetable.Event
		when  policy.TableText
		from  calendar.Date
		then  []servicetable.Event
		code  string
	}{
		"a table of the department's own":  {when: table("a", "12h"), from: july, then: []servicetable.Event{published("a", "12h", july)}},
		"the same again, nothing more":     {given: []servicetable.Event{published("a", "12h", july)}, when: table("a", "12h"), from: july},
		"a version is published once":      {given: []servicetable.Event{published("a", "12h", july)}, when: table("a", "6h"), from: july, code: "version-exists"},
		"not even from another date":       {given: []servicetable.Event{published("a", "12h", july)}, when: table("a", "12h"), from: july + 1, code: "version-exists"},
		"the next begins after the last":   {given: []servicetable.Event{published("a", "12h", july)}, when: table("b", "6h"), from: july, code: "service-table-overlap"},
		"the day after it may":             {given: []servicetable.Event{published("a", "12h", july)}, when: table("b", "6h"), from: july + 1, then: []servicetable.Event{published("b", "6h", july+1)}},
		"a date is given":                  {when: table("a", "12h"), code: "date-required"},
		"a version has a name":             {when: table("", "12h"), from: july, code: "bad-identity"},
		"a table that is not whole is not": {when: table("a", "soon"), from: july, code: "bad-service-cell"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state := domaintest.Fold[servicetable.Tables](tc.given...)
			got, err := state.Publish(servicetable.Publish{Table: tc.when, EffectiveFrom: tc.from, By: "zhao"})
			domaintest.Decided(t, tc.then, got, err, tc.code)
		})
	}
}

func TestTheTableInForceOnADate(t *testing.T) {
	state := &servicetable.Tables{}
	state.Evolve(published("a", "12h", july))
	state.Evolve(published("b", "6h", july.AddMonths(1)))
	for on, want := range map[calendar.Date]string{
		july - 1: "", july: "a", july.AddMonths(1) - 1: "a", july.AddMonths(1): "b",
	} {
		got, from := state.On(on, policy.DefaultTable())
		if got.Version != want || (want == "") != from.IsZero() {
			t.Errorf("on %s version %q from %s, want %q", on, got.Version, from, want)
		}
	}
	if from, ok := state.Has(table("a", "12h")); !ok || from != july {
		t.Errorf("a version that was published is said to be in force from %s, %t", from, ok)
	}
	if _, ok := state.Has(table("a", "24h")); ok {
		t.Error("a table that was never published is said to have been")
	}
}
