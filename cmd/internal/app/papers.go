package app

import (
	"bytes"
	"context"
	"fmt"

	"aftersales-ledger/api/papers/fill"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
)

// mailed makes the papers that go with notices: the same that anybody of the
// department gets from the API.
type mailed struct {
	clerk fill.Clerk
	store eventstore.Store
}

// mailedOf fills papers in the name of who sends notices.
func mailedOf(a *App, letterheads letterhead.Book) mailed {
	clerk := fill.Clerk{
		Ledger: a.Ledger, ReadModels: a.ReadModels, Letterheads: letterheads, Clock: a.clock,
		For: domain.Actor{Name: "notices", Role: domain.DepartmentManager}, Scope: access.Whole(),
	}
	return mailed{clerk, a.Store}
}

// Paper implements [notices.Papers].
func (m mailed) Paper(
	ctx context.Context, p notice.Paper, cause eventstore.Position,
) (name string, content []byte, err error) {
	told, err := m.store.EventAt(ctx, cause)
	if err != nil {
		return "", nil, err
	}
	filled, name, err := m.knownAt(told).fill(ctx, p)
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	err = filled.Form.PDF(&b)
	return name + ".pdf", b.Bytes(), err
}

// knownAt makes the papers of the time when an event was recorded.
func (m mailed) knownAt(told eventstore.Recorded) mailed {
	m.clerk = m.clerk.KnownAt(told.Position, told.RecordedAt)
	return m
}

// fill fills a paper and names its file as mails do: briefly.
func (m mailed) fill(ctx context.Context, p notice.Paper) (filled fill.Filled, name string, err error) {
	c := m.clerk
	switch p.Form {
	case notice.FaultRecordPaper, notice.ChargeListPaper, notice.MonthlyReportPaper:
		name = fmt.Sprintf("%s %s %s", p.Form, p.Project, p.Month)
		filled, err = c.Filing(ctx, p.Project, p.Month, filing.Form(p.Form), 0) // the newest that was known then
	case notice.ReturnPaper:
		name = "F2 " + string(p.Return)
		filled, err = c.ProcessSheet(ctx, p.Return, 0)
	case notice.StatementPaper:
		name = fmt.Sprintf("对账单 %s %s v%d", p.Center, p.Quarter, p.Version)
		filled, err = c.Statement(ctx, p.Center, p.Quarter, p.Version, false)
	case notice.PaymentRequestPaper:
		name = fmt.Sprintf("付款申请单 %s %s", p.Region, p.Month)
		filled, err = c.PaymentRequest(ctx, p.Region, p.Month, "")
	case notice.RequisitionPaper:
		name = "物资申请单 " + string(p.Requisition)
		filled, err = c.Requisition(ctx, p.Requisition)
	case notice.ClaimPaper:
		name = "请款单 " + string(p.Demand)
		filled, err = c.Claim(ctx, p.Center, p.Demand)
	case notice.ReminderPaper:
		name = "催款单 " + string(p.Demand)
		filled, err = c.Reminder(ctx, p.Center, p.Demand)
	default:
		err = fmt.Errorf("%s is no paper", p.Form)
	}
	return filled, name, err
}
