package eventstore

import (
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/duties"
)

// retiredExamples are what the golden files of events that are written no more are
// read as.
func retiredExamples() map[string]domain.Event {
	july, september := on("2026-07-01").Month(), on("2026-09-01").Month()
	own := func(m duties.Matter, reason, day, by string) duties.OwnDecisionRefused {
		return duties.OwnDecisionRefused{Matter: m, Rule: duties.OwnSubmission, Reason: reason, On: on(day), By: by}
	}
	escalated := own(duties.Matter{
		Kind: duties.Ticket, Document: "ES-1", Decision: "ESCALATION_OPINION", Ticket: "T-2026-0001",
	}, "escalated the matter", "2026-06-18", "zhao")
	escalated.SubmittedBy, escalated.At = "zhao", at("2026-06-18T12:00:00+08:00")
	return map[string]domain.Event{
		"TicketDecisionRefused": escalated,
		"DecisionRefused": own(duties.Matter{Kind: duties.Money, Document: "HX-1", Center: "C01"},
			"was submitted by qian, and nobody reviews or approves their own submission", "2026-11-10", "qian"),
		"AdjustmentRefused": own(
			duties.Matter{Kind: duties.StockCount, Document: "PD-2026-07", Decision: "ADJUSTMENT", Project: "P001"},
			"was entered by tech.zhang, who must not decide on it", "2026-08-02", "tech.zhang"),
		"FaultLineReviewRefused": own(
			duties.Matter{Kind: duties.FaultLine, Document: "F1-0007", Decision: "VERIFIED", Ticket: "T-2026-0001"},
			"was recorded by tech.zhang, who must not review it", "2026-07-01", "tech.zhang"),
		"FindingClosingRefused": own(
			duties.Matter{Kind: duties.Finding, Document: "COUNT_SHORT:P001/PD-2026-07/CAM-2", Decision: "ACCEPTED"},
			"is about a document of tech.zhang, who must not decide on it", "2026-08-04", "tech.zhang"),
		"ReturnApprovalRefused": own(duties.Matter{Kind: duties.Return, Document: "F2-2026-011", Decision: "TECH_GROUP"},
			"was submitted by wei", "2026-06-22", "wei"),
		"RequisitionApprovalRefused": own(
			duties.Matter{Kind: duties.Requisition, Document: "SQ-2026-001", Decision: "TECH_GROUP"},
			"was submitted by jiang", "2026-07-02", "jiang"),
		"SupplierPaymentRefused": own(duties.Matter{
			Kind: duties.PaymentRequest, Document: "FK-2", Decision: "PAYMENT", Supplier: "海康威视", Region: "华东", Month: july,
		}, "requested the payment", "2026-07-30", "qian"),
		"ReportSelfReviewRefused": own(duties.Matter{
			Kind: duties.Report, Document: "F4", Decision: "city-lead", Project: "P001", Month: september, Version: 2,
		}, "", "2026-09-26", "li"),
	}
}

// What is written no more is readable for ever.
func TestARetiredEventIsReadAsTheOneThatTookItsPlace(t *testing.T) {
	examples := retiredExamples()
	for _, name := range Trade.Types() {
		if !Trade.Retired(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			golden, err := os.ReadFile(goldenFile(name))
			if err != nil {
				t.Fatal(err)
			}
			got, err := Trade.Decode(name, 1, golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(examples[name], got); diff != "" {
				t.Errorf("(-want +read):\n%s", diff)
			}
			if !slices.Contains(Trade.Types(), got.EventType()) || Trade.Retired(got.EventType()) {
				t.Errorf("it is read as %s, which is not written", got.EventType())
			}
		})
	}
}
