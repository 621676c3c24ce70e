package bankmatch_test

import (
	"strings"
	"testing"

	"aftersales-ledger/api/bank/bankfile"
	"aftersales-ledger/api/bank/bankmatch"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/remittance"

	moneyviews "aftersales-ledger/projections/money"
)

func proposed(t *testing.T, file string, d moneyviews.Debtors) []bankmatch.Line {
	t.Helper()
	s, err := bankfile.Read([]byte("交易日期,流水号,对方户名,摘要,贷方金额,借方金额\n"+file), bankfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	lines := bankmatch.Sort(s, firstDay.AddDays(29))
	bankmatch.Propose(lines, d, policy.Default())
	return lines
}

func receipt(reference, payer string, yuan int64, day int) account.PaymentReceived {
	return account.PaymentReceived{
		Payment: domain.PaymentID(reference), BankReference: reference, Center: "C01", Payer: payer, Remark: "维修费",
		Amount:     money.Fen(100 * yuan),
		ReceivedOn: firstDay.AddDays(day),
	}
}

// A reversal of a receipt that is booked names the payment that must be bounced.
func TestAReversalNamesTheBookedPaymentThatItTakesBack(t *testing.T) {
	one, two := receipt("S1", "银杏物业", 100, 0), receipt("S2", "银杏物业", 100, 1)
	known := func(bounced map[domain.PaymentID]bool, booked ...account.PaymentReceived) moneyviews.Debtors {
		d := moneyviews.Debtors{Booked: make(map[string][]account.PaymentReceived), Bounced: bounced}
		c := remittance.Candidate{Center: "C01", Name: "银杏花园物业服务中心"}
		for _, p := range booked {
			d.Booked[p.BankReference] = append(d.Booked[p.BankReference], p)
			c.Receipts = append(c.Receipts,
				remittance.Receipt{
					Payment: p.Payment, Payer: p.Payer, Remark: p.Remark, Amount: p.Amount, ReceivedOn: p.ReceivedOn,
				})
		}
		d.Candidates = []remittance.Candidate{c}
		return d
	}
	const back = "2026-11-09,S9,银杏物业,退汇,,100.00\n"
	for name, c := range map[string]struct {
		file    string
		d       moneyviews.Debtors
		payment domain.PaymentID
		says    string
	}{
		"of an earlier file":          {back, known(nil, one), "S1", "应将该来款作退票处理"},
		"under the reference":         {strings.Replace(back, "S9", "S2", 1), known(nil, one, two), "S2", "应将该来款作退票处理"},
		"in red":                      {"2026-11-09,S9,银杏物业,更正,-100.00,\n", known(nil, one), "S1", "应将该来款作退票处理"},
		"with its receipt, booked":    {"2026-11-02,S2,银杏物业,维修费,100.00,\n" + back, known(nil, one, two), "S2", "应将该来款作退票处理"},
		"with its receipt, unbooked":  {"2026-11-03,S3,银杏物业,维修费,100.00,\n" + back, known(nil, one), "", "与第 2 行相抵"},
		"of one of two":               {back, known(nil, one, two), "", "S1（C01，2026-11-01）、S2（C01，2026-11-02）"},
		"of one of two, one bounced":  {back, known(map[domain.PaymentID]bool{"S1": true}, one, two), "S2", ""},
		"of another amount":           {strings.Replace(back, "100.00", "101.00", 1), known(nil, one), "", "未找到"},
		"of another payer":            {strings.Replace(back, "银杏", "云栖", 1), known(nil, one), "", "未找到"},
		"before the money came":       {strings.Replace(back, "11-09", "10-09", 1), known(nil, one), "", "未找到"},
		"that was bounced already":    {back, known(map[domain.PaymentID]bool{"S1": true}, one), "", "未找到"},
		"and no payment is taken two": {back + strings.Replace(back, "S9", "S8", 1), known(nil, one), "", "未找到"},
	} {
		t.Run(name, func(t *testing.T) {
			lines := proposed(t, c.file, c.d)
			l := lines[len(lines)-1]
			got := domain.PaymentID("")
			if l.Payment != nil {
				got = l.Payment.Payment
			}
			if l.Status != bankmatch.Reversed || got != c.payment || !strings.Contains(l.Reason.Chinese, c.says) {
				t.Errorf("%s, payment %q: %s", l.Status, got, l.Reason.Chinese)
			}
		})
	}
	references, from, _ := bankmatch.Sought(proposed(t, back, known(nil)), firstDay.AddDays(29), 3)
	if len(references) != 1 || references[0] != "S9" || from > firstDay.AddDays(-60) {
		t.Errorf("sought %v from %s", references, from)
	}
}

// A payer nobody knows gets the three likest names, and no proposal of them.
func TestAPayerNobodyKnowsGetsTheNearestNames(t *testing.T) {
	d := moneyviews.Debtors{Candidates: []remittance.Candidate{
		{Center: "C01", Name: "银杏花园物业服务中心", Payers: []string{"云天置业有限公司", remittance.Unnamed}},
		{Center: "C02", Name: "云栖小镇物业服务中心"}, {Center: "C03", Name: "湖畔名邸"}, {Center: "C04", Name: "江南里"},
	}}
	lines := proposed(t, "2026-11-09,S9,云天置业（杭州）公司,货款,100.00,\n2026-11-09,S8,湖畔名邸,货款,100.00,\n2026-11-09,S7,,货款,100.00,\n",
		d)
	l := lines[0]
	if len(l.Proposals) > 0 || len(l.Nearest) != 3 || l.Nearest[0].ID != "C01" || l.Nearest[0].Name != "云天置业有限公司" {
		t.Errorf("nearest %v, proposals %v", l.Nearest, l.Proposals)
	}
	if len(lines[1].Proposals) == 0 || lines[1].Nearest != nil || lines[2].Nearest != nil {
		t.Errorf("a payer who is known gets %v, none at all %v", lines[1].Nearest, lines[2].Nearest)
	}
}
