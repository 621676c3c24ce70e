package eventstore_test

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/servicetable"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// recordedEarlier are the commands that there were before 26 November 2026.
var recordedEarlier = []eventstore.Named{
	account.AccrueCharge{},
	account.AllocatePayment{},
	account.BouncePayment{},
	account.ChargeCompensation{},
	account.ConfirmStatement{},
	account.DecideOffList{},
	account.DecideWriteOff{},
	account.DisputeCharge{},
	account.ExecuteOffList{},
	account.IssueClaim{},
	account.IssueCreditNote{},
	account.IssueReminder{},
	account.IssueStatement{},
	account.NoteFollowUp{},
	account.Open{},
	account.QuoteCompensation{},
	account.ReallocatePayment{},
	account.ReceivePayment{},
	account.RefundPayment{},
	account.RejectDispute{},
	account.RemindOfReply{},
	account.ReopenStatement{},
	account.ReportCharges{},
	account.ReportStatement{},
	account.RequestOffList{},
	account.RequestWriteOff{},
	attachment.Store{},
	bankref.BankReferenceClaimed{},
	catalogue.Describe{},
	depot.Adjust{},
	depot.Count{},
	depot.HandIn{},
	depot.Issue{},
	depot.Receive{},
	depot.ReturnUnused{},
	depot.Scrap{},
	depot.ShipFaulty{},
	depot.TransferIn{},
	depot.TransferOut{},
	filing.File{},
	filing.Review{},
	filing.Send{},
	finding.Assign{},
	finding.Close{},
	finding.Reopen{},
	ledger.Charge{},
	ledger.ConfirmLetter{},
	ledger.DecideReturn{},
	ledger.FileCompensation{},
	ledger.Notify{},
	ledger.QuoteRepair{},
	ledger.ReceivePurchase{},
	ledger.RequestPayment{},
	notice.Resend{},
	number.DocumentNumberClaimed{},
	payables.Pay{},
	payables.Return{},
	pricelist.Publish{},
	project.AdviseSpareParts{},
	project.AmendWarranty{},
	project.AssignCenter{},
	project.ChangePresence{},
	project.FinishHandoverItem{},
	project.HandOverForm{},
	project.OverrideTerms{},
	project.PlanHandover{},
	project.PublishRoster{},
	project.Register{},
	repair.ClaimPayment{},
	repair.Finish{},
	repair.FollowUp{},
	repair.Open{},
	repair.ReleasePayment{},
	repair.Resubmit{},
	repair.Ship{},
	requisition.Decide{},
	requisition.Order{},
	requisition.Request{},
	requisition.Resubmit{},
	servicetable.Publish{},
	ticket.Accept{},
	ticket.Arrive{},
	ticket.Close{},
	ticket.CloseEscalation{},
	ticket.Escalate{},
	ticket.FollowUp{},
	ticket.GiveOpinion{},
	ticket.OverrideCoverage{},
	ticket.RecordFault{},
	ticket.Register{},
	ticket.Reopen{},
	ticket.Resolve{},
	ticket.ReviewFaultLine{},
	visit.Make{},
	visit.Withdraw{},
}

// joinedLater are fields that have joined since, in commands and in what they hold.
var joinedLater = []string{
	"account.Dispute.Papers", "account.ReceivePayment.OwnAccount", "account.ReceivePayment.Place",
	"account.ReceivePayment.Apart", "bankref.BankReferenceClaimed.Apart",
	"bankref.Content.OwnAccount", "bankref.Content.Place", "depot.Scrap.Shipment",
}

// fill gives every field something to say, the same in every version: what joined
// since stays as it is.
func fill(v reflect.Value, n int, joined []string) {
	switch x := v.Addr().Interface().(type) {
	case *decimal.Decimal:
		*x = decimal.New(int64(1000+n), -2)
		return
	case *money.Amount:
		*x = money.Fen(int64(10_000 + n))
		return
	case *time.Time:
		*x = time.Date(2025, time.November, 24, 9, 30, n, 0, time.UTC)
		return
	case *calendar.Date:
		*x = calendar.NewDate(2025, time.November, 1+n%28)
		return
	case *calendar.Month:
		*x = calendar.NewDate(2025, time.November, 1).Month()
		return
	case *calendar.Quarter:
		*x = calendar.QuarterOf(2025, 3)
		return
	case *calendar.Half:
		*x = calendar.QuarterOf(2025, 3).Half()
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("<甲%d>", n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(n + 1))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(uint64(n + 1))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n+1, joined)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n+1, joined)
		fill(v.Index(1), n+2, joined)
	case reflect.Struct:
		said := n
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if slices.Contains(joined, v.Type().String()+"."+f.Name) {
				continue
			}
			if f.IsExported() {
				fill(v.Field(i), said, joined)
			}
			if f.Tag.Get("json") == "-" { // whatever it says, it was never hashed
				continue
			}
			said++
		}
	}
}

// The frozen hashes were made by the code of 25 November, before and after that
// night's change of the envelope: of every command as it is when it says nothing,
// and when it says everything. A field that joins a command from now on belongs into
// joinedSince, or a repeat of what was recorded then is taken for another command.
func TestCommandsRecordedBeforeTheirFieldsHadNamesAreKnownAgain(t *testing.T) {
	text, err := os.ReadFile("testdata/command-hashes-before-2026-11-26.json")
	if err != nil {
		t.Fatal(err)
	}
	var recorded map[string]struct{ Empty, Filled []string }
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	head := domain.Actor{Name: "sun", Role: domain.CenterHead, Center: "C01"}
	for _, c := range recordedEarlier {
		name := fmt.Sprintf("%T", c)
		was, ok := recorded[name]
		if !ok {
			t.Errorf("nothing was recorded of %s", name)
			continue
		}
		filled := reflect.New(reflect.TypeOf(c)).Elem()
		fill(filled, 0, joinedLater)
		for _, tc := range []struct {
			content eventstore.Named
			hashes  []string
			other   []string
		}{{c, was.Empty, was.Filled}, {filled.Interface().(eventstore.Named), was.Filled, was.Empty}} {
			command := eventstore.Command{Key: "k", Actor: head, Content: tc.content}
			for i, hash := range tc.hashes {
				if !eventstore.WasHashedAs(command, hash) {
					t.Errorf("%s: version %d is not known again: %+v", name, i, tc.content)
				}
				if eventstore.WasHashedAs(command, tc.other[i]) {
					t.Errorf("%s: version %d is known as another: %+v", name, i, tc.content)
				}
				command.Actor.Name = "chen"
				if eventstore.WasHashedAs(command, hash) {
					t.Errorf("%s: version %d is known as somebody else's", name, i)
				}
				command.Actor = head
			}
		}
	}
}
