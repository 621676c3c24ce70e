package forms_test

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/eventstore/ledger"
)

func date(s string) calendar.Date {
	d, err := calendar.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// document plays a quarter with a late item, a dispute and a payment, and
// returns its statement as it was issued.
func document(t *testing.T) ledger.StatementDocument {
	t.Helper()
	a := &account.Account{}
	q2 := calendar.QuarterOf(2026, 2)
	d := ledger.StatementDocument{}
	d.Through = q2
	do := func(events []account.Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			a.Evolve(e)
			d.Add(e)
		}
	}
	charge := func(id, on, price string) {
		do(a.AccrueCharge(account.AccrueCharge{
			Charge: domain.ChargeID(id), Center: "C01", Project: "P001", Room: "1-101", Quantity: decimal.NewFromInt(1),
			OccurredOn: date(on),
		},
			pricelist.Quote{
				Version: "1",
				Item: pricelist.Item{
					Code: "R", Name: "维修 <b>", Kind: pricelist.Repair, Unit: "次", Price: decimal.RequireFromString(price),
					Tax: money.Tax{Rate: decimal.New(6, -2)},
				},
			},
			policy.Default(), date("2026-07-05")))
	}
	do(a.Open(account.Open{
		Center: "C01", Name: "云栖<花园>物业", Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate},
	}, date("2026-01-01")))
	charge("F1", "2026-03-30", "1000.00")
	do(a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: q2.Prev(), By: "钱"}, policy.Default(),
		date("2026-04-08")))
	do(a.ConfirmStatement(account.ConfirmStatement{Center: "C01", Quarter: q2.Prev(), Version: 1, By: "郑"},
		date("2026-04-15")))
	charge("F2", "2026-05-10", "320.50")
	charge("F3", "2026-03-02", "80.00") // late
	do(a.ReceivePayment(account.ReceivePayment{
		Payment: "S1", Center: "C01", BankReference: "S1", Payer: "云栖物业", Amount: money.Fen(400_05),
		ReceivedOn: date("2026-06-01"), By: "孙",
	}, policy.Default(), date("2026-07-05")))
	do(a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: q2, By: "钱"}, policy.Default(), date("2026-07-08")))
	do(a.DisputeCharge(account.DisputeCharge{
		Center: "C01", Quarter: q2, Version: 1, Dispute: account.Dispute{Charge: "F2", Reason: "未施工"}, By: "郑",
	}, date("2026-07-09")))
	charge("F4", "2026-06-30", "1.00")
	do(a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: q2, By: "钱"}, policy.Default(), date("2026-07-10")))
	issued, err := a.Statements("C01", q2)
	if err != nil {
		t.Fatal(err)
	}
	d.StatementVersion = issued[1]
	d.Charged = map[domain.ChargeID]ledger.ChargedWork{"F2": {On: date("2026-05-10"), Room: "1-101", Service: "维修 <b>"}}
	return d
}

func TestTheStatementAsAWorksheetAddsUp(t *testing.T) {
	d := document(t)
	var b bytes.Buffer
	if err := forms.Statement(d).XLSX(&b); err != nil {
		t.Fatal(err)
	}
	file, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows := rowsOf(t, file, "对账单")
	var text strings.Builder
	var charged, paid decimal.Decimal
	var last string
	for _, r := range rows {
		text.WriteString(strings.Join(r, "|") + "\n")
		if shift := 0; len(r) > 8 && strings.HasPrefix(r[0], "2026-") {
			if strings.HasPrefix(r[1], "2026Q") {
				shift = 1
			}
			if v, err := decimal.NewFromString(strings.ReplaceAll(r[6+shift], ",", "")); err == nil {
				charged = charged.Add(v)
			}
			if v, err := decimal.NewFromString(strings.ReplaceAll(r[7+shift], ",", "")); err == nil {
				paid = paid.Add(v)
			}
			last = strings.ReplaceAll(r[8+shift], ",", "")
		}
	}
	s := d.Version.Statement
	if want := s.Closing.Sub(s.Opening).Decimal(); !charged.Sub(paid).Equal(want) {
		t.Errorf("the lines add up to %s − %s, want %s", charged, paid, want)
	}
	if !decimal.RequireFromString(last).Equal(s.Closing.Decimal()) {
		t.Errorf("the running balance ends at %s, want %s", last, s.Closing)
	}
	if s.Totals.Tax.IsZero() || s.Totals.NetOfTax().IsZero() {
		t.Fatal("the statement has no tax to show")
	}
	for _, want := range []string{
		"其中税额（已减红冲，含转入转出）|" + s.Totals.Tax.Grouped(), "其中不含税额|" + s.Totals.NetOfTax().Grouped(),
		"云栖<花园>物业（C01）", "C01-2026Q2 第 2 版", "期末余额：|1,001.45", "大写：|人民币壹仟零壹元肆角伍分", d.Version.ContentHash,
		"2026-03-02|2026Q1|收费|F3", "请于此日前回复：|2026-07-25", "F2|2026-05-10|P001|1-101|维修 <b>|2026Q2|320.50|争议", "未到期|1–30天",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing in\n%s", want, &text)
		}
	}
}

func TestThePageEscapesWhatPeopleWrote(t *testing.T) {
	var b bytes.Buffer
	if err := forms.Statement(document(t)).Print(&b); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		"云栖&lt;花园&gt;物业", "维修 &lt;b&gt;", "人民币壹仟零壹元肆角伍分", "☐ 核对不符", "class=\"amount\">1,001.45</td>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing in\n%s", want, page)
		}
	}
	if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "维修 <b>") {
		t.Error("the page is not escaped")
	}
}

func TestASupersededVersionSaysSo(t *testing.T) {
	d := document(t)
	d.Status = account.SupersededStatus
	if f := forms.Statement(d); f.Marks != "作废" {
		t.Errorf("marked %q", f.Marks)
	}
	d.StatementVersion = account.StatementVersion{Version: account.StatementIssued{Statement: d.Version.Statement}}
	d.Draft = true
	if f := forms.Statement(d); f.Marks != "草稿" || f.Seal != "" {
		t.Errorf("marked %q, sealed %q", f.Marks, f.Seal)
	}
}

// A late charge is of one quarter by its date and of another on the books, and a column
// that names either says which.
func TestALateChargeHasTheQuarterOfItsDateAndThatOfTheBooks(t *testing.T) {
	of := make(map[string]string)
	for _, table := range forms.Statement(document(t)).Tables {
		for i, c := range table.Columns {
			for _, r := range table.Rows {
				if strings.HasSuffix(c.Header, "期间") && slices.Contains(r, "F3") {
					of[c.Header] = r[i]
				}
			}
		}
	}
	if want := map[string]string{"所属期间": "2026Q1", "入账期间": "2026Q2"}; !maps.Equal(of, want) {
		t.Errorf("F3 of 2 March is of %v, want %v", of, want)
	}
}

// TestTransfersStandInTheirOwnBlock: what came with a project is no late item, the running
// balance leads through it, and each line names its charge and the room of that.
func TestTransfersStandInTheirOwnBlock(t *testing.T) {
	d := document(t)
	s := &d.Version.Statement
	line := func(typ account.MovementType, on, fen string) account.Movement {
		amount, err := money.Parse(fen)
		if err != nil {
			t.Fatal(err)
		}
		q2, _ := calendar.ParseQuarter("2026Q2")
		day, _ := calendar.ParseDate(on)
		return account.Movement{
			Type: typ, Document: "P009.2026-02-01", Project: "P009", Text: "维修", On: day, Amount: amount, Posted: q2,
		}
	}
	in, out := line(account.TransferInMovement, "2026-02-01", "300.00"), line(account.TransferOutMovement, "2026-05-01", "-100.00")
	in.Charge, in.Room, out.Charge = "C02.F1", "9-909", "F2-P009" // of what went out only its charge says the room
	d.Charged["F2-P009"] = ledger.ChargedWork{Room: "1-101"}
	s.Lines = append(s.Lines, in, out)
	var titles []string
	for _, table := range forms.Statement(d).Tables {
		titles = append(titles, table.Title)
		for _, r := range table.Rows {
			if strings.Contains(strings.Join(r, "|"), "P009") != strings.HasPrefix(table.Title, "项目移交") {
				t.Errorf("%s has %q", table.Title, r)
			}
		}
		if strings.HasPrefix(table.Title, "项目移交") {
			want := [][]string{
				{"2026-02-01", "2026Q1", "转入", "P009.2026-02-01\nC02.F1", "P009", "9-909", "维修", "300.00", "", "1301.45", ""},
				{"2026-05-01", "2026Q2", "转出", "P009.2026-02-01\nF2-P009", "P009", "1-101", "维修", "", "100.00", "1201.45", ""},
			}
			if !slices.EqualFunc(table.Rows, want, slices.Equal) {
				t.Errorf("the block is %q, want %q", table.Rows, want)
			}
		}
	}
	if !slices.ContainsFunc(titles, func(s string) bool { return strings.HasPrefix(s, "项目移交") }) {
		t.Errorf("no block of transfers: %q", titles)
	}
}

// An answered statement shows the answer where it would be written: its box is
// ticked, who answered has signed, and no line is left to add words to.
func TestAnAnsweredStatementIsTickedAndSigned(t *testing.T) {
	d := document(t)
	d.AnsweredBy, d.AnsweredOn = "head.C01", date("2026-07-20")
	for status, want := range map[account.StatementStatus]string{
		account.AwaitingReply: "☐ 核对一致 ☐ 核对不符", account.ConfirmedStatus: "☑ 核对一致 ☐ 核对不符",
		account.PartlyConfirmed: "☐ 核对一致 ☑ 核对不符",
	} {
		d.Status = status
		f := forms.Statement(d)
		var b bytes.Buffer
		if err := f.Print(&b); err != nil {
			t.Fatal(err)
		}
		boxes := regexp.MustCompile("[☐☑] 核对..").FindAllString(b.String(), -1)
		if got := strings.Join(boxes, " "); got != want {
			t.Errorf("%s: %q, want %q", status, got, want)
		}
		answered := status != account.AwaitingReply
		if ruled := strings.Contains(b.String(), `class="ruled"`); ruled == answered {
			t.Errorf("%s: lines to write on: %v", status, ruled)
		}
		if signed := f.Signs[1].Value == "head.C01" && f.Signs[2].Value == "2026-07-20"; signed != answered {
			t.Errorf("%s: signed by %q", status, f.Signs)
		}
	}
}
