package kit

import (
	"errors"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
)

// Parser reads the values of one request and remembers those that are wrong, each
// with the name of its field. Err is the first of them.
type Parser struct {
	Err error
	all []error
}

// Faults are all that is wrong, as one error; nil if nothing is.
func (p *Parser) Faults() error { return errors.Join(p.all...) }

// RejectionsIn lists the refusals that an error joins.
func RejectionsIn(err error) (list []*domain.Rejection) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			list = append(list, RejectionsIn(one)...)
		}
		return list
	}
	var r *domain.Rejection
	if errors.As(err, &r) {
		list = append(list, r)
	}
	return list
}

func (p *Parser) Fail(field string, err error) {
	var r *domain.Rejection
	if err == nil {
		return
	}
	if errors.As(err, &r) {
		named := *r
		named.Field = field
		err = &named
	}
	if p.all = append(p.all, err); p.Err == nil {
		p.Err = err
	}
}

func (p *Parser) Amount(field, s string) money.Amount {
	a, err := money.Parse(s)
	p.Fail(field, err)
	return a
}

func (p *Parser) Decimal(field, s string) decimal.Decimal {
	// The length is bounded before parsing: 1e999999999 is short, and its
	// digits are not.
	d, err := decimal.NewFromString(s)
	if err != nil || len(s) > 40 || d.Exponent() > 12 || d.Exponent() < -12 {
		p.Fail(field, domain.Invalid(field, domain.Clip(s), "not-a-decimal", "must be a decimal number such as 12.5", ""))
		return decimal.Decimal{}
	}
	return d
}

// Date reads an optional business date: empty is none.
func (p *Parser) Date(field, s string) calendar.Date {
	if s == "" {
		return 0
	}
	d, err := calendar.ParseDate(s)
	p.Fail(field, err)
	return d
}

func (p *Parser) Quarter(field, s string) calendar.Quarter {
	if s == "" {
		return 0
	}
	q, err := calendar.ParseQuarter(s)
	p.Fail(field, err)
	return q
}

func (p *Parser) Month(field, s string) calendar.Month {
	m, err := calendar.ParseMonth(s)
	p.Fail(field, err)
	return m
}

func (p *Parser) Half(field, s string) calendar.Half {
	h, err := calendar.ParseHalf(s)
	p.Fail(field, err)
	return h
}

// Instant reads an optional moment: empty is none.
func (p *Parser) Instant(field, s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		p.Fail(field, domain.Invalid(field, domain.Clip(s), "not-an-instant",
			"must be an instant such as 2026-06-18T09:30:00+08:00", ""))
	}
	return t
}

// NoticeKind reads an optional kind of notice: empty is any.
func (p *Parser) NoticeKind(field, s string) notice.Kind {
	kinds := make([]notice.Kind, 0, len(notice.Rules()))
	for _, r := range notice.Rules() {
		if kinds = append(kinds, r.Kind); s == string(r.Kind) {
			return r.Kind
		}
	}
	if s != "" {
		p.Fail(field, domain.Invalid(field, domain.Clip(s), "unknown-kind", "must be one of %v", "", kinds))
	}
	return ""
}

// CarryOut executes a command whose values could all be read.
func (p *Parser) CarryOut(id string, execute func() (eventstore.Outcome, error)) (Receipt, error) {
	if p.Err != nil {
		return Receipt{}, p.Err
	}
	o, err := execute()
	return ReceiptOf(id, o), err
}
