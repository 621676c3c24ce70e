package account_test

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

type named interface{ CommandName() string }

// commandExamples has every command on an account, with every field set.
func commandExamples() []named {
	q := calendar.QuarterOf(2026, 3)
	h, _ := calendar.ParseHalf("2026H2")
	m, _ := calendar.ParseMonth("2026-09")
	amount, on, one, tax := yuan("106.00"), day("2026-09-05"), decimal.NewFromInt(2), decimal.New(6, -2)
	lines := []account.Designation{{Charge: "SF-1", Amount: amount}}
	return []named{
		account.Open{Center: "C01", Name: "云栖", Region: "华东", Terms: account.Terms{SameDueDate: account.ProRata}},
		account.AccrueCharge{
			Charge: "SF-1", Center: "C01", Project: "P001", Room: "1-101", Owner: "张三", Ticket: "T-1", FaultLine: "F1-1",
			Quantity:   one,
			OccurredOn: on, Remark: "备注", Stated: &amount, PostTo: q,
		},
		account.ReceivePayment{
			Payment: "S1", Center: "C01", BankReference: "S1", Payer: "物业", Remark: "维修", Amount: amount, ReceivedOn: on,
			Designation: lines, By: "sun", OwnAccount: "6222", Place: 2, Apart: true,
		},
		account.AllocatePayment{Payment: "S1", Center: "C01", Lines: lines, On: on},
		account.RequestOffList{
			Charge: "SF-2", Center: "C01", Project: "P001", Room: "1-101", Owner: "张三", Ticket: "T-1", FaultLine: "F1-1",
			Kind: "REPAIR", Service: "非标",
			Quantity: one, Unit: "次", UnitPrice: one, Tax: money.Tax{Rate: tax, Excluded: true}, OccurredOn: on, Reason: "价目表外",
			By: "li",
		},
		account.DecideOffList{Charge: "SF-2", Center: "C01", Approve: true, Note: "同意", By: "zhao"},
		account.ExecuteOffList{Charge: "SF-2", Center: "C01", OccurredOn: on},
		account.QuoteCompensation{
			Quote: "BJ-1", Center: "C01", Project: "P001", Room: "1-101", Owner: "张三", Ticket: "T-1", Damage: "撞坏",
			Amount: amount, TaxRate: tax, By: "zhao",
		},
		account.ChargeCompensation{
			Charge: "SF-3", Center: "C01", Quote: "BJ-1", Sheet: "F2-1", Amount: amount, OccurredOn: on, By: "zhou",
		},
		account.IssueCreditNote{
			Note: "HC-1", Charge: "SF-1", Center: "C01", Amount: amount, Reason: "重复", On: on, By: "qian",
		},
		account.RequestWriteOff{WriteOff: "HX-1", Charge: "SF-1", Center: "C01", Amount: amount, Reason: "坏账", By: "qian"},
		account.DecideWriteOff{WriteOff: "HX-1", Center: "C01", Approve: true, Note: "同意", By: "feng"},
		account.ReallocatePayment{Payment: "S1", Center: "C01", From: lines, To: lines, On: on},
		account.RefundPayment{
			Refund: "TK-1", Payment: "S1", Center: "C01", BankReference: "OUT-1", Amount: amount, Reason: "多付", On: on,
			By: "sun",
		},
		account.BouncePayment{Payment: "S1", Center: "C01", Reason: "退票", On: on, By: "sun"},
		account.IssueStatement{Center: "C01", Quarter: q, By: "qian"},
		account.ConfirmStatement{
			Center: "C01", Quarter: q, Version: 2, Disputes: []account.Dispute{{Charge: "SF-1", Reason: "未施工"}}, By: "zheng",
			Way: account.ByLink,
		},
		account.RecordPaperReply{
			Center: "C01", Quarter: q, Version: 2, Signer: "郑主任", SignedOn: on, Scan: "0a0a", By: "qian",
			Disputes: []account.Dispute{{Charge: "SF-1", Reason: "未施工", Papers: []attachment.Digest{"0b0b"}}},
			ScanRef:  attachment.Ref{SHA256: "0a0a"},
		},
		account.DisputeCharge{
			Center: "C01", Quarter: q, Version: 2, Dispute: account.Dispute{Charge: "SF-1", Reason: "未施工"}, By: "zheng",
			Way: account.ByLink,
		},
		account.RejectDispute{Charge: "SF-1", Center: "C01", Reason: "有签字", By: "qian"},
		account.ReopenStatement{Center: "C01", Quarter: q, Reason: "算错", By: "feng"},
		account.ReportStatement{Center: "C01", Quarter: q, By: "qian"},
		account.IssueClaim{Claim: "CK-1", Center: "C01", Half: h, By: "zhou"},
		account.IssueReminder{Reminder: "CB-1", Center: "C01", By: "zhou"},
		account.RemindOfReply{Reminder: "CD-1", Center: "C01", Quarter: q, By: "qian"},
		account.NoteFollowUp{
			FollowUp: "GJ-1", Center: "C01", Contact: "郑主任", Note: "月中付款", PromisedOn: on, Promised: amount, On: on, By: "zhou",
		},
		account.ReportCharges{Center: "C01", Project: "P001", Month: m, By: "qian"},
	}
}

// TestCommandsKeepTheContentThatIsHashed: the hash of a command's content is in
// the log, where a repeat is told from another command by it. Fields may join;
// none may change its name.
func TestCommandsKeepTheContentThatIsHashed(t *testing.T) {
	file, err := os.Open("testdata/commands.golden")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	golden := make(map[string]string)
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, content, _ := strings.Cut(lines.Text(), " ")
		golden[name] = content
	}
	for _, c := range commandExamples() {
		data, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		want, known := golden[c.CommandName()]
		delete(golden, c.CommandName())
		switch {
		case !known:
			t.Errorf("testdata/commands.golden lacks the line\n%s %s", c.CommandName(), data)
		case string(data) != want:
			t.Errorf("%s was hashed as\n%s\nand now as\n%s", c.CommandName(), want, data)
		}
		empty, err := json.Marshal(reflect.Zero(reflect.TypeOf(c)).Interface())
		if err != nil {
			t.Fatal(err)
		}
		if string(empty) != "{}" {
			t.Errorf("%s says %s where nothing was said: a field that joins would change the hash of every command",
				c.CommandName(), empty)
		}
		for v, i := reflect.ValueOf(c), 0; i < v.NumField(); i++ {
			if v.Field(i).IsZero() {
				t.Errorf("the example of %s does not set %s", c.CommandName(), v.Type().Field(i).Name)
			}
		}
	}
	for name := range golden {
		t.Errorf("command %s was renamed or removed: a repeat of one recorded before would be refused", name)
	}
}

// TestEveryCommandHasAName finds the decisions of the account in its own
// source: what a method that returns events and a refusal is given, under the
// name of c, is a command.
func TestEveryCommandHasAName(t *testing.T) {
	known := map[string]bool{"Transfer": true} // decided within AssignCenter
	for _, c := range commandExamples() {
		known[reflect.TypeOf(c).Name()] = true
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, source := range sources {
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || !f.Name.IsExported() || f.Type.Results.NumFields() != 2 ||
				f.Type.Params.NumFields() == 0 {
				continue
			}
			_, decides := f.Type.Results.List[0].Type.(*ast.ArrayType)
			command, named := f.Type.Params.List[0].Type.(*ast.Ident)
			if !decides || !named || len(f.Type.Params.List[0].Names) != 1 || f.Type.Params.List[0].Names[0].Name != "c" {
				continue
			}
			found++
			if !known[command.Name] {
				t.Errorf("%s: command %s of %s has no example above, hence perhaps no CommandName and no tags", source,
					command.Name, f.Name.Name)
			}
		}
	}
	if found < len(commandExamples()) {
		t.Errorf("only %d decisions were found", found)
	}
}
