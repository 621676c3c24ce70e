package bankfile

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"aftersales-ledger/api/imports/sheet"
)

// book makes a workbook of rows; headings with a / before their last part get a
// row of their own below their group.
func book(t testing.TB, rows ...[]string) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		for j, text := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := f.SetCellStr("Sheet1", cell, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// movementsOf are three movements as a bank would write them under its headings.
func movementsOf(b Bank) (header, groups []string, rows [][]string) {
	fieldOf := make(map[string]string)
	for field, heading := range b.Columns {
		fieldOf[heading] = field
	}
	words := map[string][2]string{
		"中国银行": {"来账", "往账"}, "国家开发银行": {"收入", "支出"}, "微信支付": {"收入", "支出"}, "微信商户": {"收入", "支出"}, "支付宝": {"收入", "支出"},
	}
	word, ok := words[b.Name]
	if !ok {
		word = [2]string{"贷", "借"}
	}
	signed := b.Columns["direction"] == "" || b.Name == "中国银行"
	for _, m := range []struct{ on, at, payer, amount, balance, serial, text string }{
		{"2026-11-20", "10:12:33", "银杏花园物业服务中心", "169.06", "10169.06", "A7700000001", "上半年维修费"},
		{"2026-11-20", "11:00:00", "", "-35.50", "10133.56", "A7700000002", "电子汇划费"},
		{"2026-11-23", "09:05:07", "银杏花园物业服务中心", "204.00", "10337.56", "A7700000003", "移位费"},
	} {
		plain, out := strings.TrimPrefix(m.amount, "-"), strings.HasPrefix(m.amount, "-")
		value := map[string]string{
			"receivedOn": m.on, "time": m.at, "payer": m.payer, "account": "6217002870012345678", "balance": m.balance, "reference": m.serial,
			"summary": m.text, "status": "交易成功", "reversal": "N", "direction": word[0], "amount": plain, "credit": plain, "debit": "",
			"ownAccount": "44201501100012345678", "payeeAccount": "44201501100012345678", "currency": "人民币",
		}
		if b.Columns["summary"] == "" {
			value["remark"], value["purpose"] = m.text, m.text
		}
		if b.Columns["time"] == "" {
			value["receivedOn"] += " " + m.at
		}
		if signed && !out && b.Columns["direction"] == "" {
			value["amount"] = "+" + plain
		}
		if out {
			value["direction"], value["credit"], value["debit"] = word[1], "", plain
			value["account"], value["payeeAccount"] = "44201501100012345678", ""
			if signed {
				value["amount"] = m.amount
			}
			if strings.Contains(b.Columns["debit"], "-元") {
				value["debit"] = m.amount
			}
		}
		value["voucher"] = "0"
		row := make([]string, len(b.Header))
		for i, h := range b.Header {
			row[i] = value[fieldOf[h]]
		}
		rows = append(rows, row)
	}
	header, groups = make([]string, len(b.Header)), make([]string, len(b.Header))
	grouped := false
	for i, h := range b.Header {
		header[i], groups[i] = h, ""
		if b.Name == "建设银行" && strings.HasPrefix(h, "发生额/元/") {
			header[i], grouped = strings.TrimPrefix(h, "发生额/元/"), true
			if header[i] == "借方" {
				groups[i] = "发生额/元"
			}
		} else if b.Name == "建设银行" {
			header[i], groups[i] = "", h
		}
	}
	if !grouped {
		groups = nil
	}
	return header, groups, rows
}

func TestTheExportOfEveryBankIsReadWithoutHelp(t *testing.T) {
	seen := make(map[string]bool)
	for _, b := range banks {
		t.Run(b.Name, func(t *testing.T) {
			for _, name := range append([]string{b.Name}, b.Aliases...) {
				if seen[strings.ToLower(name)] {
					t.Errorf("two layouts are called %s", name)
				}
				seen[strings.ToLower(name)] = true
			}
			header, groups, movements := movementsOf(b)
			rows := [][]string{{b.Name + "交易明细"}}
			if groups != nil {
				rows = append(rows, groups)
			}
			rows = append(append(rows, header), movements...)
			file := book(t, rows...)
			s, err := Read(file, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if s.Layout != b.Name {
				t.Errorf("recognised as %q", s.Layout)
			}
			var got []string
			for _, l := range s.Lines {
				sign := map[Direction]string{Incoming: "+", Outgoing: "-"}[l.Direction]
				got = append(got, sign+l.Amount.String()+" "+l.ReceivedOn.String()+" "+l.at+" "+strings.Join(l.Texts, "|"))
				if l.IsReceipt() && (b.Columns["payer"] != "") != (l.Payer == "银杏花园物业服务中心") {
					t.Errorf("payer %q", l.Payer)
				}
				if l.IsReceipt() && l.Derived != (b.Columns["reference"] == "") {
					t.Errorf("reference %s", l.Reference)
				}
				if b.Columns["ownAccount"]+b.Columns["payeeAccount"] != "" && l.OwnAccount != "44201501100012345678" {
					t.Errorf("own account %q", l.OwnAccount)
				}
			}
			want := []string{
				"+169.06 2026-11-20 101233 上半年维修费", "-35.50 2026-11-20 110000 电子汇划费", "+204.00 2026-11-23 090507 移位费",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if b.Columns["balance"] != "" {
				if diff := cmp.Diff([]string{"余额 2 处连续"}, inChinese(s.Checked)); diff != "" {
					t.Error(diff)
				}
			}
			named, err := Read(file, Options{Options: sheet.Options{Columns: b.Columns}})
			if err != nil {
				t.Fatalf("by name: %v", err)
			}
			if diff := cmp.Diff(says(s), says(named)); diff != "" {
				t.Error(diff)
			}
			for field, heading := range b.Columns {
				if _, err := Read(file, Options{Options: sheet.Options{Columns: map[string]string{field: heading}}}); err != nil {
					t.Errorf("%s=%s: %v", field, heading, err)
				}
			}
		})
	}
}

// The name of a bank is enough: of its forms, that of the file is read.
func TestTheNameOfABankFindsTheFormOfTheFile(t *testing.T) {
	for _, b := range banks {
		named := b
		for _, first := range banks {
			if first.Name == b.Of {
				named = first
			}
		}
		if b.Of != "" && named.Name != b.Of {
			t.Errorf("%s is of %s, which is no bank", b.Name, b.Of)
		}
		header, groups, movements := movementsOf(b)
		rows := [][]string{header}
		if groups != nil {
			rows = [][]string{groups, header}
		}
		file := book(t, append(rows, movements...)...)
		form := FormOf(file, sheet.Options{}, named)
		if form.Name != b.Name {
			t.Errorf("%s as %s: got %s", b.Name, named.Name, form.Name)
		}
		if _, err := Read(file, Options{Options: sheet.Options{Columns: form.Columns}}); err != nil {
			t.Errorf("%s: %v", b.Name, err)
		}
	}
	if form := FormOf([]byte("一,二\n三,四\n"), sheet.Options{}, banks[0]); form.Name != banks[0].Name {
		t.Errorf("a file of no form: got %s", form.Name)
	}
}
