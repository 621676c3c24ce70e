package account_test

import (
	"errors"
	"strings"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/money"
)

// Whoever looks for a charge that moved with its project is told the center that it went to and the number that it
// has there.
func TestARefusalOverAChargeThatMovedSaysItsNumberThere(t *testing.T) {
	today, quarter := day("2026-07-08"), day("2026-05-01").Quarter()
	a := fold(opened(account.ByChargeDate),
		account.ChargeAccrued{
			Charge: "F3-1", Center: "C01", Project: "P001", Money: money.Line{Net: yuan("85.00"), Gross: yuan("85.00")},
			OccurredOn: day("2026-05-01"), Posted: quarter, DueOn: day("2026-07-31"),
		},
		account.OffListChargeRequested{Charge: "F3-9", Center: "C01", Project: "P001", By: "li"},
		account.OffListChargeApproved{Charge: "F3-9", Center: "C01"},
		account.OffListChargeMoved{Charge: "F3-9", Center: "C01", To: "C03", OccurredOn: day("2026-06-01")},
	)
	play := func(decide command) {
		t.Helper()
		events, err := decide(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			a.Evolve(e)
		}
	}
	issue := func(a *account.Account) ([]account.Event, error) {
		return a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: quarter, By: "qian"}, rules, today)
	}
	dispute := func(version int) command {
		return func(a *account.Account) ([]account.Event, error) {
			return a.DisputeCharge(account.DisputeCharge{
				Center: "C01", Quarter: quarter, Version: version, By: "zheng",
				Dispute: account.Dispute{Charge: "F3-1", Reason: "未施工"},
			}, today)
		}
	}
	play(issue)
	play(dispute(1))
	play(func(a *account.Account) ([]account.Event, error) {
		return a.TransferOut(account.Transfer{
			Transfer: "P001.2026-04-01", Project: "P001", Center: "C01", Other: "C02", From: day("2026-04-01"), By: "qian",
		})
	})
	play(issue)
	play(receive("S1", "2026-07-01", "10.00"))
	const there = "charge C01.F3-1 of center C02"
	for name, of := range map[string]struct {
		decide command
		code   string
		says   string
	}{
		"an objection": {dispute(2), "nothing-stands", there},
		"rejecting the objection that went with it": {func(a *account.Account) ([]account.Event, error) {
			return a.RejectDispute(account.RejectDispute{Charge: "F3-1", Center: "C01", Reason: "已施工", By: "wang"}, today)
		}, "not-disputed", there},
		"a credit note": {func(a *account.Account) ([]account.Event, error) {
			return a.IssueCreditNote(account.IssueCreditNote{
				Note: "HC-1", Charge: "F3-1", Center: "C01", Amount: yuan("1.00"), Reason: "多收", On: today, By: "wang",
			}, today)
		}, "above-charge", there},
		"a write-off": {func(a *account.Account) ([]account.Event, error) {
			return a.RequestWriteOff(account.RequestWriteOff{
				WriteOff: "HX-1", Charge: "F3-1", Center: "C01", Amount: yuan("1.00"), Reason: "收不回", By: "wang",
			}, today)
		}, "above-open", there},
		"money that is meant for it": {func(a *account.Account) ([]account.Event, error) {
			return a.AllocatePayment(account.AllocatePayment{
				Payment: "S1", Center: "C01", On: today,
				Lines: []account.Designation{{Charge: "F3-1", Amount: yuan("1.00")}},
			}, today)
		}, "above-open", there},
		"work outside the list that another center was charged for": {func(a *account.Account) ([]account.Event, error) {
			return a.DecideOffList(account.DecideOffList{Charge: "F3-9", Center: "C01", Note: "否", By: "wang"}, "C03", rules, today)
		}, "request-not-pending", "charged to center C03"},
	} {
		_, err := of.decide(a)
		var r *domain.Rejection
		if !errors.As(err, &r) || r.Code != of.code || !strings.Contains(r.Rule.String(), of.says) {
			t.Errorf("%s: refused with %v; want %s that says %q", name, err, of.code, of.says)
		}
	}
}
