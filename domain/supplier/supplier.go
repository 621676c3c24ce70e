// Package supplier keeps whom the department pays for repairs: each supplier's
// name and the bank account that its money goes to (§5.2.2).
package supplier

import (
	"strings"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Stream is the stream of all suppliers: there are few, and no two may share a
// name.
const Stream = "suppliers"

// Event is a fact about the suppliers.
//
//sumtype:decl
type Event interface {
	domain.Grounded
	supplierEvent()
}

// BankAccount is a bank account that money goes to.
type BankAccount struct {
	Bank   string `json:"bank"`   // 开户银行, with its branch
	Holder string `json:"holder"` // 户名
	Number string `json:"number"` // 账号: digits, letters, blanks and hyphens
}

// SupplierRecorded is a supplier's record from a date on, until it is recorded
// anew.
type SupplierRecorded struct {
	Supplier domain.SupplierID `json:"supplier"`
	Name     string            `json:"name"` // as letters and payment requests name it
	Account  BankAccount       `json:"account"`
	From     calendar.Date     `json:"from"`
	// Was is the account before, where this one is another: whoever pays sees
	// that it changed.
	Was    *BankAccount  `json:"was,omitempty"`
	Reason string        `json:"reason,omitempty"` // for which it was recorded anew
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

func (SupplierRecorded) EventType() string { return "SupplierRecorded" }

func (SupplierRecorded) RestsOn() domain.Ground { return domain.Clause("5.2.2") }

func (SupplierRecorded) supplierEvent() {}

// Suppliers is the state of all suppliers.
type Suppliers struct {
	// in the order in which they were recorded, which is that of their dates
	records map[domain.SupplierID][]SupplierRecorded
	named   map[string]domain.SupplierID
}

// Record is the command that records a supplier, or records one anew.
type Record struct {
	Supplier domain.SupplierID `json:"supplier,omitzero"`
	Name     string            `json:"name,omitzero"`
	Account  BankAccount       `json:"account,omitzero"` // Holder: the name, where none is given
	From     calendar.Date     `json:"from,omitzero"`
	Reason   string            `json:"reason,omitzero"`
	By       string            `json:"by,omitzero"`
}

// Record records a supplier from a date on; anew with its reason, and never for
// days before its last record. What is recorded so already decides nothing.
func (s *Suppliers) Record(c Record, today calendar.Date) ([]Event, error) {
	if c.Account.Holder == "" {
		c.Account.Holder = c.Name
	}
	history := s.records[c.Supplier]
	if err := domain.FirstError(
		domain.CheckID("supplier", c.Supplier),
		domain.CheckText("name", c.Name, true),
		domain.CheckText("bank", c.Account.Bank, true),
		domain.CheckText("holder", c.Account.Holder, true),
		checkNumber(c.Account.Number),
		domain.CheckText("reason", c.Reason, false),
	); err != nil {
		return nil, err
	}
	if c.From.IsZero() {
		return nil, domain.Invalid("from", "", "date-required", "must be given", "5.2.2")
	}
	if other, taken := s.named[c.Name]; taken && other != c.Supplier {
		return nil, domain.Conflict("name", c.Name, "name-taken",
			"is the name of supplier %s; a payment request names its suppliers by their names", "5.2.2", other)
	}
	e := SupplierRecorded{
		Supplier: c.Supplier, Name: c.Name, Account: c.Account, From: c.From, Reason: c.Reason, On: today, By: c.By,
	}
	if len(history) == 0 {
		return []Event{e}, nil
	}
	last := history[len(history)-1]
	switch {
	case last.Name == c.Name && last.Account == c.Account:
		return nil, nil
	case c.From.Before(last.From):
		return nil, domain.Conflict("from", c.From.String(), "before-last-record",
			"must not lie before the record of %s that is in force from %s", "5.2.2", c.Supplier, last.From)
	}
	if err := domain.CheckText("reason", c.Reason, true); err != nil {
		return nil, err
	}
	if last.Account != c.Account {
		e.Was = &last.Account
	}
	return []Event{e}, nil
}

// checkNumber rejects what cannot be the number of a bank account.
func checkNumber(n string) error {
	digits := 0
	for _, r := range n {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'A' && r <= 'Z', r == ' ', r == '-':
		default:
			digits = -len(n)
		}
	}
	if digits < 5 || len(n) > 40 || strings.TrimSpace(n) != n {
		return domain.Invalid("number", domain.Clip(n), "bad-account-number",
			"must be a bank account's number: at least 5 digits and at most 40 characters, of digits, capital letters, blanks and hyphens", "5.2.2")
	}
	return nil
}

// Evolve folds an event into the suppliers.
func (s *Suppliers) Evolve(e Event) {
	switch e := e.(type) {
	case SupplierRecorded:
		if s.records == nil {
			s.records, s.named = make(map[domain.SupplierID][]SupplierRecorded), make(map[string]domain.SupplierID)
		}
		s.records[e.Supplier] = append(s.records[e.Supplier], e)
		s.named[e.Name] = e.Supplier
	}
}

// Unrecorded reports whether a name is that of nobody recorded on a date: a late
// record is normal, so that orders and process sheets are accepted and marked.
func (s *Suppliers) Unrecorded(name string, on calendar.Date) bool {
	_, recorded := s.Named(name, on)
	return name != "" && !recorded
}

// Named returns the record in force on a date of the supplier that has, or had, a
// name.
func (s *Suppliers) Named(name string, on calendar.Date) (record SupplierRecorded, ok bool) {
	for _, r := range s.records[s.named[name]] {
		if !r.From.After(on) {
			record, ok = r, true
		}
	}
	return record, ok
}
