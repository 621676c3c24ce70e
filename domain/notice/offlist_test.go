package notice_test

import (
	"strings"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
)

// letterOf is what the first notice of an event says, told by somebody who reads each
// stream for as long as the context has not enough of it.
func letterOf(t *testing.T, e domain.Event, streams ...[]domain.Event) notice.Notice {
	t.Helper()
	c, told := notice.About(e, on("2026-09-30"))
	if !told {
		t.Fatalf("nobody is told of %s", e.EventType())
	}
	for _, stream := range streams {
		for _, before := range stream {
			if c.Learn(before) {
				break
			}
		}
	}
	return notice.Of(e, notice.Origin{}, c)[0]
}

// The mail on approved work outside the list says what the approval came to: leave to do
// the work, or the charge of what was done, where it landed (5.3.1).
func TestAnApprovalOfWorkOutsideTheListSaysWhatItCharged(t *testing.T) {
	asked := account.OffListChargeRequested{
		Charge: "SF-2", Center: "C01", Project: "P001", Service: "非标维修", Money: money.Line{Gross: money.Fen(350_00)},
	}
	approved := account.OffListChargeApproved{Charge: "SF-2", Center: "C01", On: on("2026-09-30"), By: "zhao"}
	first := project.CenterAssigned{Project: "P001", Center: "C01", From: on("2025-01-01")}
	moved := project.CenterAssigned{Project: "P001", Center: "C02", From: on("2026-09-15")}
	for name, c := range map[string]struct {
		executed calendar.Date
		says     []string
		not      string
	}{
		"work to be done": {says: []string{"可以施工并收费"}, not: "执行日期"},
		"done before": {on("2026-09-12"),
			[]string{"先施工后批", "执行日期：2026-09-12", "计入 C01，编号 SF-2"}, "可以施工"},
		"done before, for the center that has the project since": {on("2026-09-20"),
			[]string{"先施工后批", "执行日期：2026-09-20", "计入 C02"}, "可以施工"},
		"done on the day": {on("2026-09-30"), []string{"工作已经执行", "执行日期：2026-09-30", "计入 C02"}, "先施工后批"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := asked
			asked.OccurredOn = c.executed
			body := letterOf(t, approved, []domain.Event{account.AccountOpened{Center: "C01"}, asked},
				[]domain.Event{first, moved}).Body.Chinese
			for _, want := range c.says {
				if !strings.Contains(body, want) {
					t.Errorf("%q is not in\n%s", want, body)
				}
			}
			if strings.Contains(body, c.not) {
				t.Errorf("%q is in\n%s", c.not, body)
			}
		})
	}
}

// Every mail on one charge says when its work was done, also of work outside the list,
// whose request was made before.
func TestAMailOnAChargeSaysWhenItsWorkWasDone(t *testing.T) {
	opened := account.AccountOpened{Center: "C01"}
	asked := account.OffListChargeRequested{Charge: "SF-2", Center: "C01", Project: "P001", Service: "非标维修"}
	charged := account.ChargeAccrued{
		Charge: "SF-2", Center: "C01", Project: "P001", OccurredOn: on("2026-09-12"), Room: "1-101", Service: "非标维修",
		Money: money.Line{Gross: money.Fen(350_00)},
	}
	proposed := account.WriteOffRequested{Center: "C01", WriteOff: "HX-1", Charge: "SF-2", Amount: money.Fen(350_00)}
	for name, e := range map[string]domain.Event{
		"a write-off asked for": proposed,
		"a write-off":           account.ReceivableWrittenOff{Center: "C01", Project: "P001", WriteOff: "HX-1", Charge: "SF-2"},
		"a write-off rejected":  account.WriteOffRejected{Center: "C01", WriteOff: "HX-1"},
		"a dispute":             account.ChargeDisputed{Center: "C01", Charge: "SF-2"},
		"a dispute rejected":    account.DisputeRejected{Center: "C01", Charge: "SF-2"},
		"a credit note": account.CreditNoteIssued{
			Center: "C01", Project: "P001", Charge: "SF-2", Note: "HC-1", SettlesDispute: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			body := letterOf(t, e, []domain.Event{opened, asked, charged, proposed}).Body.Chinese
			for _, want := range []string{"服务日期：2026-09-12", "房号：1-101", "收费金额：350.00 元"} {
				if !strings.Contains(body, want) {
					t.Errorf("%q is not in\n%s", want, body)
				}
			}
		})
	}
}

// The center that raised a dispute is told wherever its charge goes, by the number that the
// charge had there.
func TestWhoRaisedADisputeIsToldOfEveryMoveOfIt(t *testing.T) {
	dispute := &account.Objection{Statement: "C01-2026Q3", Version: 2, Reason: "未施工", On: on("2026-10-14"), By: "zheng"}
	charged := account.ChargeAccrued{
		Charge: "SF-1", Center: "C01", Project: "P001", OccurredOn: on("2026-09-12"), Room: "3-1-1202", Service: "室内机移位",
		Money: money.Line{Gross: money.Fen(106_00)},
	}
	first := account.ChargeTransferredIn{
		Charge: "C01.SF-1#2", Center: "C02", From: "C01", FromCharge: "SF-1", Project: "P001", Dispute: dispute,
	}
	second := account.ChargeTransferredIn{
		Charge: "C02.C01.SF-1#2", Center: "C03", From: "C02", FromCharge: first.Charge, Project: "P001", Dispute: dispute,
	}
	streams := map[string][]domain.Event{
		account.Stream("C01"): {account.AccountOpened{Center: "C01", Name: "云栖花园物业服务中心"}, charged},
		account.Stream("C02"): {account.AccountOpened{Center: "C02", Name: "湖畔名邸物业服务中心"}, first},
	}
	c, _ := notice.About(second, on("2026-11-30"))
	for stream, more := c.Wants(); more; stream, more = c.Wants() {
		for _, e := range streams[stream] {
			if c.Learn(e) {
				break
			}
		}
	}
	n := notice.Of(second, notice.Origin{}, c)[0]
	if n.Place.Center != "C01" {
		t.Errorf("%s is told", n.Place.Center)
	}
	for said, want := range map[string]string{
		n.Subject.Chinese: "收费异议 SF-1 随项目转至 C03",
		n.Body.Chinese:    "收费：SF-1\n服务日期：2026-09-12\n房号：3-1-1202",
		n.Body.English:    "Charge there: C02.C01.SF-1#2",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not in\n%s", want, said)
		}
	}
	if !strings.Contains(n.Body.Chinese, "云栖花园") || strings.Contains(n.Body.Chinese, "湖畔名邸") {
		t.Errorf("it is of the center\n%s", n.Body.Chinese)
	}
}

// The center that raised a dispute is told of its end, by its own number of the charge; the
// one where it ended is told what became of the charge, and not of a dispute of its own.
func TestWhoRaisedADisputeIsToldOfItsEndElsewhere(t *testing.T) {
	dispute := &account.Objection{Statement: "C01-2026Q3", Reason: "未施工"}
	came := func(to, from domain.CenterID, charge, left domain.ChargeID) account.ChargeTransferredIn {
		return account.ChargeTransferredIn{
			Charge: charge, Center: to, From: from, FromCharge: left, Project: "P001", Dispute: dispute, Room: "3-1-1202",
		}
	}
	opened := func(center domain.CenterID, name, region string) domain.Event {
		return account.AccountOpened{Center: center, Name: name, Region: region}
	}
	streams := map[string][]domain.Event{
		account.Stream("C01"): {opened("C01", "云栖花园物业服务中心", "华东"), account.ChargeAccrued{Charge: "SF-1", Center: "C01"}},
		account.Stream("C02"): {opened("C02", "湖畔名邸物业服务中心", "华南"), came("C02", "C01", "SF-2", "SF-1")},
		account.Stream("C03"): {opened("C03", "江南里物业服务中心", "华北"), came("C03", "C02", "SF-3", "SF-2")},
	}
	told := func(e domain.Event) []notice.Notice {
		c, _ := notice.About(e, on("2026-11-30"))
		for stream, more := c.Wants(); more; stream, more = c.Wants() {
			for _, before := range streams[stream] {
				if c.Learn(before) {
					break
				}
			}
		}
		return notice.Of(e, notice.Origin{}, c)
	}
	ends := []domain.Event{
		account.DisputeRejected{Center: "C03", Charge: "SF-3", Reason: "有签收单"},
		account.CreditNoteIssued{
			Center: "C03", Charge: "SF-3", Project: "P001", Note: "HC-1", Reason: "有签收单", SettlesDispute: true,
		},
	}
	for _, e := range ends {
		by := make(map[domain.CenterID]notice.Notice)
		for _, n := range told(e) {
			by[n.Place.Center] = n
		}
		raiser, here := by["C01"], by["C03"]
		if len(by) != 2 || raiser.Place.Region != "华东" || here.Place.Region != "华北" || raiser.ID == here.ID {
			t.Fatalf("%s is told to %+v", e.EventType(), by)
		}
		for _, want := range []string{"云栖花园", "收费：SF-1\n房号：3-1-1202", "贵中心对它的异议", "现属中心：C03\n在该中心编号：SF-3", "有签收单"} {
			if !strings.Contains(raiser.Body.Chinese, want) {
				t.Errorf("%q is not in\n%s", want, raiser.Body.Chinese)
			}
		}
		if body := here.Body.Chinese; strings.Contains(body, "贵中心的异议") || !strings.Contains(body, "收费：SF-3") {
			t.Errorf("the center where it ended reads\n%s", body)
		}
	}
	streams[account.Stream("C03")] = append(streams[account.Stream("C03")],
		account.ChargeDisputed{Center: "C03", Charge: "SF-3"})
	for _, e := range ends {
		if n := told(e); len(n) != 1 || n[0].Place.Center != "C03" {
			t.Errorf("a dispute of its own is told as %+v", n)
		}
	}
}

// A quote is above what was approved or, before anything was, above the estimate (5.2.1).
func TestAQuoteIsHeldAgainstWhatThereIs(t *testing.T) {
	quoted := repair.RepairQuoted{
		Return: "F2-1", Supplier: "大华", Amount: money.Fen(560_00), QuotedOn: on("2026-09-20"), GoesTo: repair.HQAffairs,
	}
	opened := func(estimate int64) repair.ReturnOpened {
		return repair.ReturnOpened{Return: "F2-1", Project: "P001", Cost: repair.Cost{Estimate: money.Fen(estimate)}}
	}
	for name, c := range map[string]struct {
		given     []domain.Event
		subject   string
		says, not string
	}{
		"above the estimate": {[]domain.Event{opened(420_00)}, "维修报价超出预计 F2-1 560.00 元", "预计费用：420.00 元", "超出已批准"},
		"above what it was put forward with": {
			[]domain.Event{opened(0), repair.ReturnResubmitted{Return: "F2-1", Cost: repair.Cost{Estimate: money.Fen(300_00)}}},
			"维修报价超出预计 F2-1", "预计费用：300.00 元", "超出已批准",
		},
		"of what nobody estimated": {[]domain.Event{opened(0)}, "维修已报价 F2-1", "预计费用：未估", "超出"},
		"above what was approved": {
			[]domain.Event{opened(420_00), repair.ReturnApproved{
				Return: "F2-1", Gate: repair.DepartmentManager, Amount: money.Fen(420_00),
			}},
			"维修报价超出批准 F2-1", "已批准：420.00 元", "超出预计",
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := letterOf(t, quoted, c.given)
			if !strings.HasPrefix(n.Subject.Chinese, c.subject) || !strings.Contains(n.Body.Chinese, c.says) ||
				strings.Contains(n.Subject.Chinese+n.Body.Chinese, c.not) {
				t.Errorf("%s\n%s", n.Subject.Chinese, n.Body.Chinese)
			}
		})
	}
}

// A mail on the sheet of a compensation names the center that its paper names: the one that
// answered for the project on the day of the sheet, whichever the quote was made to.
func TestAMailOnACompensationNamesTheCenterOfItsSheet(t *testing.T) {
	sheet := repair.CompensationSheetFiled{
		Return: "F2-9", Project: "P001", Region: "华东", Center: "C01", Quote: "BJ-1", Damage: "人为损坏",
		FiledOn: on("2026-09-20"),
	}
	assigned := []domain.Event{
		project.CenterAssigned{Project: "P001", Center: "C01", From: on("2025-01-01")},
		project.CenterAssigned{Project: "P001", Center: "C02", From: on("2026-09-20")},
		project.CenterAssigned{Project: "P001", Center: "C03", From: on("2026-09-25")},
	}
	rejected := repair.ReturnRejected{Return: "F2-9", Gate: repair.HQAffairs, Reason: "金额有误", On: on("2026-09-30")}
	for name, n := range map[string]notice.Notice{
		"filed":    letterOf(t, sheet, assigned[:2]),
		"rejected": letterOf(t, rejected, []domain.Event{sheet}, assigned),
	} {
		if !strings.Contains(n.Body.Chinese, "物业服务中心：C02") || n.Place.Center != "C02" {
			t.Errorf("%s: of %s\n%s", name, n.Place.Center, n.Body.Chinese)
		}
	}
}
