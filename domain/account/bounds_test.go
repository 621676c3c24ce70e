package account_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/domaintest"
)

// What the log takes at once, and a bound on what it adds to an event.
const (
	appendLimit   = 1 << 20
	metadataBytes = 600
)

// busy is an account with n charges of the second quarter.
func busy(n int) (*account.Account, []account.Event) {
	events := []account.Event{opened(account.ByChargeDate)}
	for i := range n {
		e := charged(domain.ChargeID(fmt.Sprintf("F3-C01-2026-%05d", i)), "2026-05-01", "12345.67").(account.ChargeAccrued)
		e.Project, e.Room, e.Service = "P001", "3-1-1202", "可视对讲室内机移位"
		events = append(events, e)
	}
	return fold(events...), events
}

func encoded(t *testing.T, events []account.Event) (length int) {
	t.Helper()
	for _, e := range events {
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		length += len(data) + metadataBytes
	}
	return length
}

// TestWhatIsBoundedFitsTheLog plays the largest of everything that is bounded,
// and one more of it.
func TestWhatIsBoundedFitsTheLog(t *testing.T) {
	july, q := day("2026-07-08"), day("2026-05-01").Quarter()
	issue := func(a *account.Account) ([]account.Event, error) {
		return a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: q, By: "qian"}, rules, july)
	}
	confirm := func(disputes int) command {
		return func(a *account.Account) ([]account.Event, error) {
			c := account.ConfirmStatement{Center: "C01", Quarter: q, Version: 1, By: "zheng"}
			for i := range disputes {
				c.Disputes = append(c.Disputes,
					account.Dispute{Charge: domain.ChargeID(fmt.Sprintf("F3-C01-2026-%05d", i)), Reason: strings.Repeat("未施工，", 10)})
			}
			return a.ConfirmStatement(c, july)
		}
	}
	transfer := func(a *account.Account) ([]account.Event, error) {
		return a.TransferOut(account.Transfer{
			Transfer: "P001.2026-04-01", Project: "P001", Center: "C01", Other: "C02", From: day("2026-04-01"), By: "qian",
		})
	}
	for name, tc := range map[string]struct {
		charges int
		before  command
		when    command
		code    string
	}{
		"a statement of 10,000 lines":                      {charges: 10_000, when: issue},
		"a statement of one more":                          {charges: 10_001, when: issue, code: "statement-too-long"},
		"the answer to 10,000 lines, 300 of them disputed": {charges: 10_000, before: issue, when: confirm(300)},
		"the answer to them with one more dispute":         {charges: 10_000, before: issue, when: confirm(301), code: "too-many-disputes"},
		"a statement that just stands in its event":        {charges: 1_700, when: issue},
		"800 open charges that move with their project":    {charges: 800, when: transfer},
		"one more than can move":                           {charges: 801, when: transfer, code: "too-much-at-once"},
		"a reminder of 10,000 charges that are overdue": {charges: 10_000, when: func(a *account.Account) ([]account.Event, error) {
			return a.IssueReminder(account.IssueReminder{Reminder: "CH-1", Center: "C01", By: "zhou"}, day("2026-08-08"))
		}},
		"a charge list of 10,000 charges": {charges: 10_000, when: func(a *account.Account) ([]account.Event, error) {
			return a.ReportCharges(account.ReportCharges{Center: "C01", Project: "P001", Month: july.Month(), By: "qian"}, july)
		}},
		"money that settles 5,000 charges at once": {charges: 5_000, when: receive("S1", "2026-07-01", "61728350.00")},
	} {
		t.Run(name, func(t *testing.T) {
			a, _ := busy(tc.charges)
			if tc.before != nil {
				before, err := tc.before(a)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range before {
					a.Evolve(e)
				}
			}
			events, err := tc.when(a)
			domaintest.Refused(t, err, tc.code)
			if length := encoded(t, events); length > appendLimit {
				t.Errorf("%d bytes do not fit the %d that the log takes at once", length, appendLimit)
			}
		})
	}
}

// TestTheTrailOfAChargeHoldsStatementsThatAreAbridged: what does not stand in
// the event is followed all the same.
func TestTheTrailOfAChargeHoldsStatementsThatAreAbridged(t *testing.T) {
	a, events := busy(2_000)
	july, q := day("2026-07-08"), day("2026-05-01").Quarter()
	take := func(more []account.Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range more {
			a.Evolve(e)
		}
		events = append(events, more...)
	}
	take(a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: q, By: "qian"}, rules, july))
	if events[2_001].(account.StatementIssued).Abridged == nil {
		t.Fatal("the statement is not abridged, which shows nothing")
	}
	take(a.ConfirmStatement(account.ConfirmStatement{Center: "C01", Quarter: q, Version: 1, By: "zheng"}, july))
	take(charge("F3-C01-2027", "2026-07-03", "9.00")(a))
	take(a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: q + 1, By: "qian"}, rules, day("2026-10-08")))
	for id, want := range map[domain.ChargeID][]string{
		"F3-C01-2026-00042": {"ChargeAccrued", "StatementIssued", "StatementConfirmed"},
		"F3-C01-2027":       {"ChargeAccrued", "StatementIssued"},
	} {
		var got []string
		for i, concerns := range account.Concerning(id, events) {
			if concerns {
				got = append(got, events[i].EventType())
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
}
