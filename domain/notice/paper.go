package notice

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// PaperForm is which of the trade's papers goes with a notice.
type PaperForm string

// The papers that go with notices.
const (
	FaultRecordPaper    PaperForm = "F1"
	ReturnPaper         PaperForm = "F2"
	ChargeListPaper     PaperForm = "F3"
	MonthlyReportPaper  PaperForm = "F4"
	StatementPaper      PaperForm = "STATEMENT"
	PaymentRequestPaper PaperForm = "PAYMENT_REQUEST"
	RequisitionPaper    PaperForm = "REQUISITION"
	ClaimPaper          PaperForm = "CLAIM"
	ReminderPaper       PaperForm = "REMINDER"
)

// Paper names one paper: what it is of depends on its form.
type Paper struct {
	Form        PaperForm
	Center      domain.CenterID
	Quarter     calendar.Quarter
	Version     int
	Project     domain.ProjectID
	Region      string
	Month       calendar.Month
	Return      domain.ReturnID
	Requisition domain.RequisitionID
	Demand      domain.NoticeID // a claim or a reminder
}

func one(p Paper) []Paper { return []Paper{p} }
