package notice

import (
	"aftersales-ledger/domain"
)

// Rule is one line of the table: who is told of an event, and under which
// clause of the procedure.
type Rule struct {
	Kind   Kind
	Event  string // the event's stable name
	Clause string
	// Tells is what the notice is for, in English, with the condition where not
	// every such event is told of.
	Tells string
	To    []Recipient
	// Next says, in English, whom beside To the event itself names: the keeper of
	// the gate that it waits at. Empty: nobody.
	Next string
	Cc   []Recipient

	next   func(domain.Event) []Recipient
	about  func(domain.Event) (Refs, bool)
	seenBy func(Context) (Context, bool)
	write  func(domain.Event, Context) Text
	papers func(domain.Event, Context) []Paper
	asks   func(domain.Event) *Asking
}

// row is a rule for events of one type, as the tables of the areas write it.
type row[E domain.Event] struct {
	Kind   Kind
	Clause string
	Tells  string
	To, Cc []Recipient
	Next   func(E) []Recipient // see Rule.Next; where it and To are nobody, nobody is told
	If     func(E) bool        // nil: every such event
	About  func(E) Refs
	SeenBy func(Context) (Context, bool) // whoever is told, where they are others than of About; nil: they are those
	Write  func(E, Context) Text
	Papers func(E, Context) []Paper // that go with it; nil: none
	Asks   func(E) Asking           // what is to be answered; nil: nothing
}

func (r row[E]) rule() Rule {
	var zero E
	next, says := func(domain.Event) []Recipient { return nil }, ""
	if r.Next != nil {
		next, says = func(e domain.Event) []Recipient { return r.Next(e.(E)) }, "whose turn it is"
	}
	return Rule{
		Kind: r.Kind, Event: zero.EventType(), Clause: r.Clause, Tells: r.Tells, To: r.To, Next: says, Cc: r.Cc, next: next,
		about: func(e domain.Event) (Refs, bool) {
			own := e.(E)
			if r.If != nil && !r.If(own) || len(r.To) == 0 && len(next(own)) == 0 {
				return Refs{}, false
			}
			return r.About(own), true
		},
		seenBy: func(c Context) (Context, bool) {
			if r.SeenBy == nil {
				return c, true
			}
			return r.SeenBy(c)
		},
		write: func(e domain.Event, c Context) Text { return r.Write(e.(E), c) },
		papers: func(e domain.Event, c Context) []Paper {
			if r.Papers == nil {
				return nil
			}
			return r.Papers(e.(E), c)
		},
		asks: func(e domain.Event) *Asking {
			if r.Asks == nil {
				return nil
			}
			a := r.Asks(e.(E))
			return &a
		},
	}
}

// Rules is the whole table, area by area.
func Rules() []Rule {
	var all []Rule
	for _, area := range [][]Rule{
		workRules(), filingRules(), repairRules(), purchaseRules(), chargeRules(), statementRules(), moneyRules(),
		handoverRules(),
	} {
		all = append(all, area...)
	}
	return all
}

var byEvent = func() map[string][]Rule {
	m := make(map[string][]Rule)
	for _, r := range Rules() {
		m[r.Event] = append(m[r.Event], r)
	}
	return m
}()

// Tells reports whether somebody may be told of events of a type.
func Tells(eventType string) bool { return len(byEvent[eventType]) > 0 }

// Whom the procedure names, and how far they are responsible.
var (
	departmentManager  = Recipient{domain.DepartmentManager, Company}
	hqSupervisor       = Recipient{domain.HQAffairsSupervisor, Company}
	techGroupLead      = Recipient{domain.TechGroupLead, Company}
	finance            = Recipient{domain.Finance, Company}
	regionalAdmin      = Recipient{domain.RegionalAdmin, Region}
	assistantManager   = Recipient{domain.AssistantManager, Company}
	regionalSupervisor = Recipient{domain.RegionalSupervisor, Region}
	cityLead           = Recipient{domain.CityLead, City}
	cityTechLead       = Recipient{domain.CityTechLead, City}
	projectLeader      = Recipient{domain.ProjectLeader, Project}
	purchasingAdmin    = Recipient{domain.PurchasingAdmin, Company}
	materialsPlanner   = Recipient{domain.MaterialsPlanner, Company}
	technician         = Recipient{domain.Technician, Project}
	centerHead         = Recipient{domain.CenterHead, Center}
	centerMaintenance  = Recipient{domain.CenterMaintenance, Center}
)

func to(r ...Recipient) []Recipient { return r }
