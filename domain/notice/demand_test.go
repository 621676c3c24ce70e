package notice_test

import (
	"fmt"
	"strings"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/notice"
)

// What is overdue stays overdue: the date of a half-year is that of its own charges, and
// a claim says it of nothing else. The paper with all lines goes with it.
func TestAClaimSaysWhatOfItIsOverdue(t *testing.T) {
	late, due := on("2026-07-31"), on("2027-01-31")
	for name, c := range map[string]struct {
		lines   []account.Claimed
		own     money.Amount // the center's, unapplied
		subject string
		says    []string
		not     string
	}{
		"nothing is": {
			lines:   []account.Claimed{{Charge: "A", Open: money.Fen(100), DueOn: due}},
			subject: "请款单 CK-1 3.00 元，2027-01-31 到期", says: []string{"其中未到期：1.00 元，2027-01-31 到期", "A：1.00 元，2027-01-31 到期\n"},
			not: "逾期",
		},
		"all of it is": {
			lines:   []account.Claimed{{Charge: "A", Open: money.Fen(100), DueOn: late}},
			subject: "请款单 CK-1 3.00 元，已逾期", says: []string{"其中已逾期：1.00 元", "A：1.00 元，2026-07-31 到期，已逾期\n"},
			not: "2027-01-31",
		},
		"a part of it is": {
			lines: []account.Claimed{
				{Charge: "A", Open: money.Fen(100), DueOn: late}, {Charge: "B", Open: money.Fen(200), DueOn: due},
			},
			subject: "请款单 CK-1 3.00 元，其中已逾期 1.00 元，其余 2027-01-31 到期",
			says:    []string{"其中已逾期：1.00 元", "其中未到期：2.00 元，2027-01-31 到期", "日期：2027-01-04"},
			not:     "请款函",
		},
		"the center's own money takes off what is due first": {
			lines: []account.Claimed{
				{Charge: "A", Open: money.Fen(250), DueOn: late}, {Charge: "B", Open: money.Fen(200), DueOn: due},
			},
			own: money.Fen(150), subject: "请款单 CK-1 3.00 元，其中已逾期 1.00 元，其余 2027-01-31 到期",
			says: []string{"其中已逾期：1.00 元", "其中未到期：2.00 元"}, not: "已逾期：2.50",
		},
		"and then of the rest": {
			lines: []account.Claimed{
				{Charge: "A", Open: money.Fen(50), DueOn: late}, {Charge: "B", Open: money.Fen(400), DueOn: due},
			},
			own: money.Fen(150), subject: "请款单 CK-1 3.00 元，2027-01-31 到期",
			says: []string{"其中未到期：3.00 元"}, not: "其中已逾期",
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := account.ClaimIssued{
				Claim: "CK-1", Center: "C01", Half: h2, DueOn: due, Lines: c.lines, Unapplied: c.own, Total: money.Fen(300),
				On: on("2027-01-04"),
			}
			about, _ := notice.About(e, e.On)
			n := notice.Of(e, notice.Origin{}, about)[0]
			if !strings.HasPrefix(n.Subject.Chinese, c.subject) {
				t.Errorf("%q does not begin with %q", n.Subject.Chinese, c.subject)
			}
			for _, want := range c.says {
				if !strings.Contains(n.Body.Chinese, want) {
					t.Errorf("%q is not in\n%s", want, n.Body.Chinese)
				}
			}
			if strings.Contains(n.Body.Chinese, c.not) {
				t.Errorf("%q is in\n%s", c.not, n.Body.Chinese)
			}
			want := notice.Paper{Form: notice.ClaimPaper, Center: "C01", Demand: "CK-1"}
			if len(n.Papers) != 1 || n.Papers[0] != want {
				t.Errorf("goes with %+v", n.Papers)
			}
		})
	}
}

// A bounced payment's letter goes without a paper, and so has all that is open again.
func TestABouncedPaymentsLetterListsEveryCharge(t *testing.T) {
	e := account.PaymentBounced{Payment: "S-1", Center: "C01", Amount: money.Fen(7000), On: on("2027-01-04")}
	about, _ := notice.About(e, e.On)
	lines := make([]account.Allocation, 70)
	for i := range lines {
		lines[i] = account.Allocation{Charge: domain.ChargeID(fmt.Sprintf("SF-%02d", i)), Amount: money.Fen(100)}
	}
	about.Learn(account.AllocationReversed{Payment: "S-1", Center: "C01", Cause: account.Bounced, Lines: lines})
	body := notice.Of(e, notice.Origin{}, about)[0].Body.Chinese
	if n := strings.Count(body, "恢复未收：SF-"); n != len(lines) || strings.Contains(body, "另有") {
		t.Errorf("lists %d of %d charges:\n%s", n, len(lines), body)
	}
}

// The report to finance tells apart what came before the answer and what came since.
func TestTheReportSaysWhenMoneyCame(t *testing.T) {
	s := account.Summary{Paid: money.Fen(500), ByAnswer: &account.ByAnswer{Paid: money.Fen(300)}}
	e := account.StatementReported{Statement: "C01-2026Q3", Center: "C01", Summary: &s, On: on("2027-01-04")}
	about, _ := notice.About(e, e.On)
	body := notice.Of(e, notice.Origin{}, about)[0].Body.Chinese
	for _, want := range []string{"季度结束后至答复回款：3.00 元", "\n答复后回款：2.00 元"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not in\n%s", want, body)
		}
	}
	s.ByAnswer = nil
	if body := notice.Of(e, notice.Origin{}, about)[0].Body.Chinese; !strings.Contains(body, "\n季度结束后回款：5.00 元") {
		t.Errorf("an early report says\n%s", body)
	}
}
