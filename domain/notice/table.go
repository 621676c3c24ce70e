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

// Silent lists the events that nobody is told of, with the reason. An event is
// either here or in the table; a test holds the registry against both.
func Silent() map[string]string {
	const (
		slip     = "its slip goes with the parts"
		sheet    = "the process sheet, told of when it was filed and decided on, is followed by the regional admin"
		course   = "the course of a ticket is watched on the ticket, and reported monthly on F4"
		refusal  = "a refusal is answered to who tried, and kept for audits"
		onReport = "shown on the next statement"
		finding  = "the list of findings shows it to its owner"
		rights   = "the list of users shows it with who decided it, and their next request goes by it"
	)
	return map[string]string{
		"AccountOpened":        "the account begins with what its center was told in person",
		"ChargesReported":      "the F3 that it is part of is told of when it is filed and sent",
		"PaymentAllocated":     onReport,
		"AllocationReversed":   "what caused it is told of: the bounce, the credit note",
		"PaymentRefunded":      "the bank tells the center",
		"FollowUpNoted":        "the city lead's own note of a talk",
		"CompensationMoved":    "the charge that it becomes at the other center is told of",
		"OffListChargeMoved":   onReport + " of the center that is charged; the approval itself is told of",
		"ChargeTransferredIn":  onReport + " of the receiving center",
		"ChargeTransferredOut": onReport + " of the center that gave the project away",

		"BankReferenceClaimed":  "guards the log",
		"DocumentNumberClaimed": "guards the log",

		"PartIssued": slip, "PartReceived": slip, "PartReturned": slip, "PartScrapped": slip, "PartTransferredIn": slip, "PartTransferredOut": slip,
		"FaultyUnitHandedIn": slip, "FaultyUnitsShipped": slip,
		"StockCounted":      "a count is entered from its sheet, which those who counted have signed",
		"StockAdjusted":     "follows from the count",
		"AdjustmentRefused": refusal,
		"DecisionRefused":   refusal,
		"PartCatalogued":    "the catalogue is read where it is used",
		"ImportLayoutSaved": "the layouts are listed where a file is imported",

		"SupplierRecorded":        "each payment request shows the account and what it was before",
		"PaymentRequestAbandoned": "nobody was asked for the payment yet",

		"FindingAssigned": finding, "FindingClosed": finding, "FindingReopened": finding,
		"FindingClosingRefused": refusal,

		"ReportSelfReviewRefused": refusal,
		"FaultLinesReported":      "the F1 that it is part of is told of when it is filed and sent",

		"PriceListPublished":         "published to all by the department itself",
		"ServiceTablePublished":      "published to all by the department itself",
		"CenterAssigned":             "agreed with both centers beforehand",
		"ProjectRegistered":          "agreed with the center beforehand",
		"TeamPresenceChanged":        "the roster tells the center whom to call",
		"WarrantyAgreed":             "the contract tells both sides",
		"ServiceTermsOverridden":     "the contract tells both sides",
		"RegistrationFormHandedOver": "handed over in person, and signed for",
		"HandoverItemDone":           "its evidence is the center's own",

		"DeviceShipped": sheet, "DeviceReturned": sheet, "ReturnFollowedUp": sheet, "ConfirmationLetterConfirmed": sheet,
		"RepairPaymentRequested": "the payment request that it is part of is told of",
		"RepairPaymentReleased":  "the return of its payment request is told of",
		"ReturnApprovalRefused":  refusal,

		"PurchaseOrdered":            "the order is followed by the purchasing admin who gave it",
		"PurchaseReceived":           slip,
		"RequisitionApprovalRefused": refusal,
		"SupplierPaymentRefused":     refusal,

		"OwnDecisionRefused": refusal,

		"AttachmentStored": "a paper of something that is told of",

		"TicketRegistered": "the center notifies the team, which is a fact of its own",
		"FaultRecorded":    "aggregated monthly on F1",
		"TicketAccepted":   course, "ArrivedOnSite": course, "ResolutionRecorded": course, "TicketClosed": course, "TicketReopened": course,
		"ArrivalWithdrawn":        "stays visible on the ticket with its reason",
		"CoverageOverridden":      "stays visible on the ticket with its reason",
		"EscalationFollowUpNoted": "the supervisor's own note",
		"TicketDecisionRefused":   refusal,
		"FaultLineReviewRefused":  refusal,
		"RoutineVisitMade":        "made at the center, and reported monthly on F4",
		"RoutineVisitWithdrawn":   "reported monthly on F4",

		"UserCreated": rights, "UserDetailsChanged": rights, "RoleGranted": rights, "GrantWithdrawn": rights,
		"UserSuspended": rights, "UserReinstated": rights, "IdentityLinked": rights, "IdentityUnlinked": rights,
		"UserInvited": "the invitation itself, which goes to them and nobody else",

		"NoticeSent":            "a notice of a notice would never end",
		"NoticeUndeliverable":   "seen in the list of notices, in /readyz and in /metrics",
		"NoticeResendRequested": "answered by sending",
		"NoticesStarted":        "of the sender itself",
	}
}
