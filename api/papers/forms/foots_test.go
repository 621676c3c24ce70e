package forms_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/api/papers/forms/formstest"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/eventstore/ledger"
)

// center is an account that is played at random: what is refused changes nothing.
type center struct {
	acct  *account.Account
	log   []account.Event
	today calendar.Date
	n     int

	charges  []domain.ChargeID
	payments []domain.PaymentID
	open     []calendar.Quarter // of which a statement was issued
	disputed []domain.ChargeID
}

func (c *center) do(events []account.Event, err error) {
	if err != nil {
		return
	}
	for _, e := range events {
		c.acct.Evolve(e)
		c.log = append(c.log, e)
		switch e := e.(type) {
		case account.ChargeAccrued:
			c.charges = append(c.charges, e.Charge)
		case account.PaymentReceived:
			c.payments = append(c.payments, e.Payment)
		case account.StatementIssued:
			c.open = append(c.open, e.Quarter)
		case account.ChargeDisputed:
			c.disputed = append(c.disputed, e.Charge)
		default: // makes nothing that a later command could name
		}
	}
}

func (c *center) step(t *rapid.T) {
	c.today = c.today.AddDays(rapid.SampledFrom([]int{0, 3, 20, 45}).Draw(t, "days"))
	ago := c.today.AddDays(-rapid.SampledFrom([]int{0, 4, 30, 110}).Draw(t, "ago"))
	quarter := c.today.Quarter() - calendar.Quarter(rapid.IntRange(0, 2).Draw(t, "quarters ago"))
	charge := rapid.SampledFrom(append(c.charges, "F0")).Draw(t, "charge")
	amount := money.Fen(int64(rapid.IntRange(1, 900).Draw(t, "fen")) * 100)
	c.n++
	id := fmt.Sprint(c.n)
	a := c.acct
	switch rapid.SampledFrom([]string{
		"charge", "charge", "pay", "pay", "bounce", "credit", "give up", "issue", "issue", "dispute", "dispute", "answer", "answer",
		"reject", "reject",
		"move", "reopen",
	}).Draw(t, "command") {
	case "charge":
		c.do(a.AccrueCharge(account.AccrueCharge{
			Charge: domain.ChargeID("F" + id), Center: "C01", Project: "P1", Quantity: decimal.NewFromInt(1), OccurredOn: ago,
		}, pricelist.Quote{
			Version: "1", Item: pricelist.Item{Code: "R", Name: "维修", Kind: pricelist.Repair, Unit: "次", Price: amount.Decimal()},
		}, policy.Default(), c.today))
	case "pay":
		c.do(a.ReceivePayment(account.ReceivePayment{
			Payment: domain.PaymentID("S" + id), Center: "C01", BankReference: id, Payer: "物业" + id, Amount: amount,
			ReceivedOn: ago, By: "孙",
		}, policy.Default(), c.today))
	case "bounce":
		c.do(a.BouncePayment(account.BouncePayment{
			Payment: rapid.SampledFrom(append(c.payments, "S0")).Draw(t, "payment"), Center: "C01", Reason: "退票", On: c.today,
			By: "孙",
		}, c.today))
	case "credit":
		c.do(a.IssueCreditNote(account.IssueCreditNote{
			Note: domain.CreditNoteID("N" + id), Charge: charge, Center: "C01", Amount: amount, Reason: "重复", On: ago, By: "钱",
		}, c.today))
	case "give up":
		c.do(a.RequestWriteOff(account.RequestWriteOff{
			WriteOff: domain.WriteOffID("W" + id), Charge: charge, Center: "C01", Amount: amount, Reason: "坏账", By: "钱",
		}, c.today))
		c.do(a.DecideWriteOff(account.DecideWriteOff{
			WriteOff: domain.WriteOffID("W" + id), Center: "C01", Approve: true, By: "王",
		}, c.today))
	case "issue":
		c.do(a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: quarter, By: "钱"}, policy.Default(), c.today))
	case "dispute":
		if len(c.open) > 0 && rapid.Bool().Draw(t, "of the last statement") {
			quarter = c.open[len(c.open)-1]
		}
		c.do(a.DisputeCharge(account.DisputeCharge{
			Center: "C01", Quarter: quarter, Version: a.StandingVersion(quarter),
			Dispute: account.Dispute{Charge: charge, Reason: "未施工"}, By: "郑",
		}, c.today))
	case "answer":
		if len(c.open) > 0 && rapid.Bool().Draw(t, "the last statement") {
			quarter = c.open[len(c.open)-1]
		}
		var disputes []account.Dispute
		if rapid.Bool().Draw(t, "disputes") {
			disputes = []account.Dispute{{Charge: charge, Reason: "未施工"}}
		}
		c.do(a.ConfirmStatement(account.ConfirmStatement{
			Center: "C01", Quarter: quarter, Version: a.StandingVersion(quarter), Disputes: disputes, By: "郑",
		}, c.today))
	case "reject":
		if len(c.disputed) > 0 {
			charge = c.disputed[len(c.disputed)-1]
		}
		c.do(a.RejectDispute(account.RejectDispute{Charge: charge, Center: "C01", Reason: "有签字", By: "钱"}, c.today))
	case "move":
		c.do(a.TransferOut(account.Transfer{
			Transfer: domain.TransferID("T" + id), Project: "P1", Center: "C01", Other: "C02", From: ago,
			OpenFrom: rapid.SampledFrom([]calendar.Quarter{0, c.today.Quarter()}).Draw(t, "open from"), By: "钱",
		}))
	case "reopen":
		c.do(a.ReopenStatement(account.ReopenStatement{Center: "C01", Quarter: quarter, Reason: "算错", By: "王"}, c.today))
	}
}

// document is a version as it is read back: of the log up to its answer, or its issue.
func (c *center) document(v account.StatementVersion, draft bool) ledger.StatementDocument {
	d := ledger.StatementDocument{StatementVersion: v, Draft: draft}
	d.Through = v.Version.Quarter
	for _, e := range c.log {
		if i, ok := e.(account.StatementIssued); ok && !draft && v.AnsweredOn.IsZero() &&
			i.Quarter == d.Through && i.Version == v.Version.Version {
			break
		}
		if i, ok := e.(account.StatementConfirmed); ok && !draft && i.Quarter == d.Through && i.Version == v.Version.Version {
			break
		}
		d.Add(e)
	}
	return d
}

// TestEveryStatementFootsFromWhatItPrints: of a ledger played at random, each version of
// a statement adds up by what stands on the paper, and so do its drafts: opening and
// closing by the lines, the closing balance by what is owed of each charge, and the
// disputes come to what it says is disputed.
func TestEveryStatementFootsFromWhatItPrints(t *testing.T) {
	seen := map[string]int{}
	lacking := func() string {
		for _, what := range []string{
			"期后回款", "期后红冲", "期后转出", "其中账销案存", "出具日未付", "答复日未付", "今日未付", "争议及处理", "答复前已了结的争议", "补记以前期间", "项目移交转入转出",
		} {
			if seen[what] == 0 {
				return what
			}
		}
		return ""
	}
	for round := 0; round < 3 || round < 60 && lacking() != ""; round++ {
		rapid.Check(t, func(t *rapid.T) {
			c := &center{acct: &account.Account{}, today: date("2026-01-10")}
			c.do(c.acct.Open(account.Open{
				Center: "C01", Name: "云栖物业", Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate},
			}, c.today))
			for range rapid.IntRange(10, 60).Draw(t, "commands") {
				c.step(t)
			}
			foots := func(d ledger.StatementDocument) {
				f := forms.Statement(d)
				for _, table := range f.Tables {
					title, _, _ := strings.Cut(table.Title, "（")
					if len(table.Rows) > 0 {
						seen[title]++
					}
					for _, col := range table.Columns {
						seen[col.Header]++
					}
				}
				if err := formstest.StatementFoots(formstest.Of(f)); err != nil {
					t.Fatalf("%s version %d of %s, %s: %v\n%v", d.Version.Statement.Statement, d.Version.Version,
						d.Version.IssuedOn, d.Status, err, f.Tables)
				}
			}
			for q := date("2025-10-01").Quarter(); q <= c.today.Quarter(); q++ {
				issued, err := c.acct.Statements("C01", q)
				if err != nil {
					t.Fatal(err)
				}
				for _, v := range issued {
					foots(c.document(v, false))
				}
				v, err := c.acct.Draft("C01", q, c.today)
				if err != nil {
					t.Fatal(err)
				}
				foots(c.document(v, true))
			}
		})
	}
	if what := lacking(); what != "" && !t.Failed() {
		t.Errorf("no statement had %s: the draws prove nothing about it", what)
	}
}

// A charge that left with its project says on its line to which center it went, its number
// there, and that its dispute goes on there; so says the dispute where it was raised.
func TestALineThatLeftSaysWhereItWent(t *testing.T) {
	c := &center{acct: &account.Account{}, today: date("2026-07-10")}
	q2 := calendar.QuarterOf(2026, 2)
	c.do(c.acct.Open(account.Open{
		Center: "C01", Name: "云栖物业", Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate},
	}, c.today))
	c.do([]account.Event{account.ChargeAccrued{
		Charge: "F1", Center: "C01", Project: "P1", Service: "维修",
		Money:      money.Line{Net: money.Fen(8500), Gross: money.Fen(8500)},
		OccurredOn: date("2026-05-01"), Posted: q2, DueOn: date("2026-07-31"),
	}}, nil)
	c.do(c.acct.IssueStatement(account.IssueStatement{Center: "C01", Quarter: q2, By: "钱"}, policy.Default(), c.today))
	c.do(c.acct.ConfirmStatement(account.ConfirmStatement{
		Center: "C01", Quarter: q2, Version: 1, Disputes: []account.Dispute{{Charge: "F1", Reason: "未施工"}}, By: "郑",
	}, c.today))
	c.do(c.acct.TransferOut(account.Transfer{
		Transfer: "P1.2026-05-01", Project: "P1", Center: "C01", Other: "C02", From: date("2026-05-01"), By: "钱",
	}))
	raised, err := c.acct.Statements("C01", q2)
	if err != nil {
		t.Fatal(err)
	}
	draft, err := c.acct.Draft("C01", q2+1, c.today)
	if err != nil {
		t.Fatal(err)
	}
	printed := func(d ledger.StatementDocument) string {
		var b bytes.Buffer
		if err := forms.Statement(d).Print(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	for paper, wants := range map[string][]string{
		printed(c.document(draft, true)):      {"维修（至 C02，在该中心编号 C01.F1）", "争议由 C02 继续处理"},
		printed(c.document(raised[0], false)): {"P1.2026-05-01（至 C02，在该中心编号 C01.F1）", "争议由 C02 继续处理"},
	} {
		for _, want := range wants {
			if !strings.Contains(paper, want) {
				t.Errorf("%q is not in\n%s", want, paper)
			}
		}
	}
}
