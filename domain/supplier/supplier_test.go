package supplier_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/supplier"
)

var day = domaintest.Day

var (
	icbc = supplier.BankAccount{Bank: "工商银行", Holder: "海康威视", Number: "1202 0000"}
	boc  = supplier.BankAccount{Bank: "中国银行", Holder: "海康威视", Number: "3800 0012"}
)

func recorded(change func(*supplier.SupplierRecorded)) supplier.SupplierRecorded {
	e := supplier.SupplierRecorded{
		Supplier: "GYS-01", Name: "海康威视", Account: icbc, From: day("2026-01-01"), On: day("2026-07-01"), By: "cai",
	}
	change(&e)
	return e
}

func TestRecord(t *testing.T) {
	first := recorded(func(*supplier.SupplierRecorded) {})
	moved := recorded(func(e *supplier.SupplierRecorded) {
		e.Account, e.Was, e.From, e.Reason = boc, &icbc, day("2026-07-01"), "换户"
	})
	record := func(change func(*supplier.Record)) supplier.Record {
		c := supplier.Record{
			Supplier: "GYS-01", Name: "海康威视", Account: supplier.BankAccount{Bank: "工商银行", Number: "1202 0000"},
			From: day("2026-01-01"), By: "cai",
		}
		change(&c)
		return c
	}
	same := func(*supplier.Record) {}
	for name, c := range map[string]struct {
		given   []supplier.Event
		command supplier.Record
		want    []supplier.Event
		code    string
	}{
		"the holder is the supplier unless another is named": {command: record(same), want: []supplier.Event{first}},
		"the same again decides nothing":                     {given: []supplier.Event{first}, command: record(same)},
		"a changed account says what it was": {
			given:   []supplier.Event{first},
			command: record(func(c *supplier.Record) { c.Account, c.From, c.Reason = boc, day("2026-07-01"), "换户" }),
			want:    []supplier.Event{moved},
		},
		"and why it changed": {given: []supplier.Event{first}, command: record(func(c *supplier.Record) { c.Account = boc }), code: "text-required"},
		"a record is never of days before the last": {
			given:   []supplier.Event{first},
			command: record(func(c *supplier.Record) { c.Account, c.Reason, c.From = boc, "换户", day("2025-12-31") }),
			code:    "before-last-record",
		},
		"no two suppliers share a name": {given: []supplier.Event{first}, command: record(func(c *supplier.Record) { c.Supplier = "GYS-02" }), code: "name-taken"},
		"an account has a number":       {command: record(func(c *supplier.Record) { c.Account.Number = "账号见附件" }), code: "bad-account-number"},
		"a bank is named":               {command: record(func(c *supplier.Record) { c.Account.Bank = "" }), code: "text-required"},
		"a record begins on a day":      {command: record(func(c *supplier.Record) { c.From = 0 }), code: "date-required"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &supplier.Suppliers{}
			for _, e := range c.given {
				s.Evolve(e)
			}
			got, err := s.Record(c.command, day("2026-07-01"))
			var r *domain.Rejection
			if c.code != "" {
				if !errors.As(err, &r) || r.Code != c.code {
					t.Errorf("got %v, want %s", err, c.code)
				}
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Error(err, diff)
			}
		})
	}
}

func TestTheAccountOfADay(t *testing.T) {
	s := &supplier.Suppliers{}
	s.Evolve(recorded(func(*supplier.SupplierRecorded) {}))
	s.Evolve(recorded(func(e *supplier.SupplierRecorded) { e.Account, e.Was, e.From = boc, &icbc, day("2026-07-01") }))
	for on, want := range map[string]string{"2025-12-31": "", "2026-06-30": icbc.Number, "2026-07-01": boc.Number} {
		r, ok := s.Named("海康威视", day(on))
		if r.Account.Number != want || ok != (want != "") {
			t.Errorf("on %s: %q, %t; want %q", on, r.Account.Number, ok, want)
		}
	}
	if _, ok := s.Named("大华", day("2026-07-01")); ok {
		t.Error("nobody recorded 大华")
	}
}
