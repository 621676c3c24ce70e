package eventstore

import (
	"cmp"
	"encoding/json"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
)

// This file reads the events that are written no more. Each attempt to decide on
// one's own submission had an event of its kind of stream before there was one for
// all of them, [duties.OwnDecisionRefused], which they are read as.

// retiredEvent is an event that is written no more, and is read as another.
type retiredEvent interface {
	EventType() string
	today() domain.Event
}

// retired registers Old under its stable name.
func retired[Old retiredEvent]() Kind {
	var zero Old
	return Kind{Type: zero.EventType(), retired: true, decode: []decoder{func(data []byte) (domain.Event, error) {
		var old Old
		if err := json.Unmarshal(data, &old); err != nil {
			return nil, err
		}
		return old.today(), nil
	}}}
}

// attempt are the fields that these events have in common.
type attempt struct {
	Reason string        `json:"reason"`
	On     calendar.Date `json:"on"`
	By     string        `json:"by"`
}

func (a attempt) at(m duties.Matter) duties.OwnDecisionRefused {
	return duties.OwnDecisionRefused{Matter: m, Rule: duties.OwnSubmission, Reason: a.Reason, On: a.On, By: a.By}
}

type decisionRefused struct {
	attempt
	Center   domain.CenterID `json:"center"`
	Rule     string          `json:"rule"`
	Document string          `json:"document"`
}

func (decisionRefused) EventType() string { return "DecisionRefused" }
func (o decisionRefused) today() domain.Event {
	e := o.at(duties.Matter{Kind: duties.Money, Document: o.Document, Center: o.Center})
	e.Rule = o.Rule
	return e
}

type adjustmentRefused struct {
	attempt
	Project domain.ProjectID `json:"project"`
	Count   string           `json:"count"`
}

func (adjustmentRefused) EventType() string { return "AdjustmentRefused" }
func (o adjustmentRefused) today() domain.Event {
	return o.at(duties.Matter{Kind: duties.StockCount, Document: o.Count, Decision: "ADJUSTMENT", Project: o.Project})
}

type ticketDecisionRefused struct {
	attempt
	Ticket      domain.TicketID `json:"ticket"`
	Decision    string          `json:"decision"`
	Escalation  string          `json:"escalation"`
	SubmittedBy string          `json:"submittedBy"`
	At          time.Time       `json:"at"`
}

func (ticketDecisionRefused) EventType() string { return "TicketDecisionRefused" }
func (o ticketDecisionRefused) today() domain.Event {
	document := cmp.Or(o.Escalation, string(o.Ticket))
	e := o.at(duties.Matter{Kind: duties.Ticket, Document: document, Decision: o.Decision, Ticket: o.Ticket})
	e.SubmittedBy, e.At, e.On = o.SubmittedBy, o.At, calendar.DateOf(o.At)
	return e
}

type faultLineReviewRefused struct {
	attempt
	Ticket  domain.TicketID `json:"ticket"`
	Line    string          `json:"line"`
	Verdict string          `json:"verdict"`
}

func (faultLineReviewRefused) EventType() string { return "FaultLineReviewRefused" }
func (o faultLineReviewRefused) today() domain.Event {
	return o.at(duties.Matter{Kind: duties.FaultLine, Document: o.Line, Decision: o.Verdict, Ticket: o.Ticket})
}

type findingClosingRefused struct {
	attempt
	Finding string `json:"finding"`
	Status  string `json:"status"`
}

func (findingClosingRefused) EventType() string { return "FindingClosingRefused" }
func (o findingClosingRefused) today() domain.Event {
	return o.at(duties.Matter{Kind: duties.Finding, Document: o.Finding, Decision: o.Status})
}

type returnApprovalRefused struct {
	attempt
	Return string `json:"return"`
	Gate   string `json:"gate"`
}

func (returnApprovalRefused) EventType() string { return "ReturnApprovalRefused" }
func (o returnApprovalRefused) today() domain.Event {
	return o.at(duties.Matter{Kind: duties.Return, Document: o.Return, Decision: o.Gate})
}

type requisitionApprovalRefused struct {
	attempt
	Requisition string `json:"requisition"`
	Gate        string `json:"gate"`
}

func (requisitionApprovalRefused) EventType() string { return "RequisitionApprovalRefused" }
func (o requisitionApprovalRefused) today() domain.Event {
	return o.at(duties.Matter{Kind: duties.Requisition, Document: o.Requisition, Decision: o.Gate})
}

type supplierPaymentRefused struct {
	attempt
	Request  string         `json:"request"`
	Region   string         `json:"region"`
	Month    calendar.Month `json:"month"`
	Supplier string         `json:"supplier"`
}

func (supplierPaymentRefused) EventType() string { return "SupplierPaymentRefused" }
func (o supplierPaymentRefused) today() domain.Event {
	return o.at(duties.Matter{
		Kind: duties.PaymentRequest, Document: o.Request, Decision: "PAYMENT", Supplier: o.Supplier, Region: o.Region,
		Month: o.Month,
	})
}

type reportSelfReviewRefused struct {
	attempt
	Project domain.ProjectID `json:"project"`
	Month   calendar.Month   `json:"month"`
	Form    string           `json:"form"`
	Version int              `json:"version"`
	Step    string           `json:"step"`
}

func (reportSelfReviewRefused) EventType() string { return "ReportSelfReviewRefused" }
func (o reportSelfReviewRefused) today() domain.Event {
	return o.at(duties.Matter{
		Kind: duties.Report, Document: o.Form, Decision: o.Step, Project: o.Project, Month: o.Month, Version: o.Version,
	})
}
