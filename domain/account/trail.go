package account

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// trail is what one charge is connected with in the log of its account: the
// quote it stands on, the statements that show it, the money that settled it.
type trail struct {
	charge     domain.ChargeID
	quote      domain.QuoteID
	payments   map[domain.PaymentID]bool
	writeOffs  map[domain.WriteOffID]bool
	statements map[version]bool
	posted     map[calendar.Quarter]bool // with something of it
	accrued    calendar.Quarter
	confirmed  bool
}

type version struct {
	statement string
	number    int
}

// Concerning tells which of an account's events, given in log order, concern a
// charge: from the request or the quote before it to whatever became of the
// money that settled it.
func Concerning(charge domain.ChargeID, events []Event) []bool {
	t := trailOf(charge, events)
	concerning := make([]bool, len(events))
	for i, e := range events {
		concerning[i] = e.concerns(&t)
	}
	return concerning
}

// DocumentsOf are the numbers under which somebody may try to decide on a charge:
// its own, its quote's and those of its write-offs.
func DocumentsOf(charge domain.ChargeID, events []Event) map[string]bool {
	t := trailOf(charge, events)
	of := map[string]bool{string(charge): true}
	for id := range t.writeOffs {
		of[string(id)] = true
	}
	if t.quote != "" {
		of[string(t.quote)] = true
	}
	return of
}

func trailOf(charge domain.ChargeID, events []Event) trail {
	t := trail{
		charge: charge, payments: make(map[domain.PaymentID]bool), writeOffs: make(map[domain.WriteOffID]bool),
		statements: make(map[version]bool),
		posted:     make(map[calendar.Quarter]bool),
	}
	for _, e := range events {
		t.follow(e)
	}
	return t
}

// follow learns what the charge is connected with.
func (t *trail) follow(e Event) {
	switch e := e.(type) {
	case ChargeAccrued:
		if e.Charge == t.charge {
			t.accrued, t.posted[e.Posted] = e.Posted, true
			if e.Basis.Requested == nil {
				t.quote = e.Basis.Quote
			}
		}
	case CompensationMoved:
		if e.Charge == t.charge {
			t.quote = e.Quote
		}
	case ChargeTransferredIn:
		if e.Charge == t.charge {
			t.accrued, t.posted[e.Posted] = e.Posted, true
		}
	case ChargeTransferredOut:
		if e.Charge == t.charge {
			t.posted[e.Posted] = true
		}
	case CreditNoteIssued:
		if e.Charge == t.charge {
			t.posted[e.Posted] = true
		}
	case StatementConfirmed:
		if answers(e.Confirmed, t.charge) {
			t.confirmed = true
		}
	case StatementReopened:
		if answers(e.Lines, t.charge) {
			t.confirmed = false
		}
	case PaymentAllocated:
		if t.settles(e.Lines) {
			t.payments[e.Payment] = true
		}
	case WriteOffRequested:
		if e.Charge == t.charge {
			t.writeOffs[e.WriteOff] = true
		}
	case StatementIssued:
		if t.shows(e) {
			t.statements[version{e.Statement.Statement, e.Version}] = true
		}
	default: // leads nowhere else
	}
}

// shows tells whether a statement has the charge among its lines or asks about
// it.
func (t *trail) shows(e StatementIssued) bool {
	if e.Abridged != nil {
		return t.posted[e.Quarter] || !t.accrued.IsZero() && t.accrued <= e.Quarter && !t.confirmed
	}
	return slices.ContainsFunc(e.Lines, func(m Movement) bool { return m.Charge == t.charge }) ||
		slices.ContainsFunc(e.Awaiting, func(w Awaited) bool { return w.Charge == t.charge })
}

func answers(lines []ConfirmedLine, charge domain.ChargeID) bool {
	return slices.ContainsFunc(lines, func(l ConfirmedLine) bool { return l.Charge == charge })
}

func (t *trail) settles(lines []Allocation) bool {
	return slices.ContainsFunc(lines, func(l Allocation) bool { return l.Charge == t.charge })
}

func (t *trail) claims(lines []Claimed) bool {
	return slices.ContainsFunc(lines, func(l Claimed) bool { return l.Charge == t.charge })
}

// shown tells whether a version of a statement shows the charge.
func (t *trail) shown(statement string, number int) bool {
	return t.statements[version{statement, number}]
}

func (t *trail) reports(lines []Reported) bool {
	return slices.ContainsFunc(lines, func(l Reported) bool { return l.Charge == t.charge })
}

func firstOn(lines []Allocation) (on calendar.Date) {
	for i, l := range lines {
		if i == 0 || l.On.Before(on) {
			on = l.On
		}
	}
	return on
}

// ChargeSums are the money of one charge, in yuan: what is owed of it is gross
// − credited − transferred − paid.
type ChargeSums struct {
	Gross       money.Amount
	Credited    money.Amount
	Transferred money.Amount // to another center
	Paid        money.Amount // by money, recoveries included
}

// Owed is what the center still owes of the charge, written off or not.
func (s ChargeSums) Owed() money.Amount {
	return s.Gross.Sub(s.Credited).Sub(s.Transferred).Sub(s.Paid)
}

// SumCharge adds up what events say of one charge, as of a business date. It
// reads the documents, not the postings made of them.
func SumCharge(charge domain.ChargeID, events []Event, asOf calendar.Date) (s ChargeSums) {
	add := func(to *money.Amount, of domain.ChargeID, on calendar.Date, amount money.Amount) {
		if of == charge && !on.After(asOf) {
			*to = to.Add(amount)
		}
	}
	for _, e := range events {
		switch e := e.(type) {
		case ChargeAccrued:
			add(&s.Gross, e.Charge, e.OccurredOn, e.Money.Gross)
		case ChargeTransferredIn:
			add(&s.Gross, e.Charge, e.On, e.Money.Gross)
		case ChargeTransferredOut:
			add(&s.Transferred, e.Charge, e.On, e.Money.Gross)
		case CreditNoteIssued:
			add(&s.Credited, e.Charge, e.On, e.Money.Gross)
		case PaymentAllocated:
			for _, l := range e.Lines {
				add(&s.Paid, l.Charge, l.On, l.Amount)
			}
		case AllocationReversed:
			for _, l := range e.Lines {
				add(&s.Paid, l.Charge, l.On, l.Amount.Neg())
			}
		default: // changes nothing of what is owed of a charge
		}
	}
	return s
}

// ChargePlace is where a charge stands, or stood: its center, and its number there. A
// charge that moves with its project has one in each account it passed through.
type ChargePlace struct {
	Center domain.CenterID
	Charge domain.ChargeID
}

// CameFrom tells where a charge stood before it came into the account whose
// events these are; false for one that was charged here.
func CameFrom(charge domain.ChargeID, events []Event) (ChargePlace, bool) {
	for _, e := range events {
		if in, ok := e.(ChargeTransferredIn); ok && in.Charge == charge {
			return ChargePlace{in.From, in.FromCharge}, true
		}
	}
	return ChargePlace{}, false
}

// AskedFor tells where a charge of the account whose events these are was asked
// for, or quoted, if that was in the account of another center; nothing was charged
// there.
func AskedFor(charge domain.ChargeID, events []Event) (ChargePlace, bool) {
	for _, e := range events {
		if accrued, ok := e.(ChargeAccrued); ok && accrued.Charge == charge && accrued.Basis.Requested != nil {
			return ChargePlace(*accrued.Basis.Requested), true
		}
	}
	return ChargePlace{}, false
}

// WentTo lists the centers to which something of a charge left the account
// whose events these are, or which are charged for what was asked for here.
func WentTo(charge domain.ChargeID, events []Event) (centers []domain.CenterID) {
	for _, e := range events {
		var to domain.CenterID
		switch e := e.(type) {
		case ChargeTransferredOut:
			if e.Charge == charge {
				to = e.To
			}
		case OffListChargeMoved:
			if e.Charge == charge {
				to = e.To
			}
		case CompensationMoved:
			if e.Charge == charge {
				to = e.To
			}
		default: // leaves nothing
		}
		if to != "" && !slices.Contains(centers, to) {
			centers = append(centers, to)
		}
	}
	return centers
}

// ArrivedFrom lists the numbers under which what left another place, or was asked
// for there, came into the account whose events these are.
func ArrivedFrom(from ChargePlace, events []Event) (charges []domain.ChargeID) {
	for _, e := range events {
		switch e := e.(type) {
		case ChargeTransferredIn:
			if e.From == from.Center && e.FromCharge == from.Charge {
				charges = append(charges, e.Charge)
			}
		case ChargeAccrued:
			if e.Basis.Requested != nil && ChargePlace(*e.Basis.Requested) == from {
				charges = append(charges, e.Charge)
			}
		default: // comes from nowhere
		}
	}
	return charges
}
