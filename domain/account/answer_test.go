package account_test

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
)

// owedBy adds up from the postings what was owed of each charge of a statement
// by what was posted through its quarter, and after it what credit notes took.
func (s *side) owedBy(q calendar.Quarter) (still map[*owed]int64, rest, credited int64) {
	still = make(map[*owed]int64)
	for _, e := range s.log {
		_, isNote := e.(account.CreditNoteIssued)
		for _, p := range books.AppendPostings(nil, e) {
			switch p.Account {
			case books.ReceivableUnconfirmed, books.ReceivableConfirmed, books.WrittenOffMemo, books.UnappliedCash:
			default:
				continue
			}
			c := s.charge(p.Charge)
			onStatement := p.Account != books.UnappliedCash && c != nil && c.posted <= q
			switch {
			case p.Posted > q && isNote && onStatement:
				credited -= p.Amount.Fen()
			case p.Posted > q:
			case onStatement:
				still[c] += p.Amount.Fen()
			default:
				rest += p.Amount.Fen()
			}
		}
	}
	return still, rest, credited
}

// checkAnswer holds what an answer makes of the closing balance against the
// postings and the plain book.
func (s *side) checkAnswer(t *rapid.T, q calendar.Quarter, e account.StatementConfirmed) {
	t.Helper()
	still, rest, _ := s.owedBy(q)
	var want account.Answered
	want.Unapplied = money.Fen(-rest)
	want.DisputedPaid = e.Answered.DisputedPaid
	for c, fen := range still {
		switch amount := money.Fen(fen); {
		case !c.confirmed:
			want.Disputed = want.Disputed.Add(amount)
		case c.confirmedIn == q:
			want.Confirmed = want.Confirmed.Add(amount)
		default:
			want.Before = want.Before.Add(amount)
		}
	}
	if *e.Answered != want || want.Closing() != e.Closing {
		t.Fatalf("%s %s closes at %s, answered %+v, want %+v", s.center, q, e.Closing, *e.Answered, want)
	}
	issued, _ := s.acct.Statements(s.center, q)
	if last := issued[len(issued)-1]; last.Answered != want {
		t.Fatalf("%s %s keeps %+v, want %+v", s.center, q, last.Answered, want)
	}
}

// checkSummary holds a report to finance against the plain book.
func (s *side) checkSummary(t *rapid.T, q calendar.Quarter, got account.Summary) {
	t.Helper()
	want := got
	want.Confirmed, want.Unconfirmed, want.Disputed, want.WrittenOff = money.Amount{}, money.Amount{}, money.Amount{},
		money.Amount{}
	for _, c := range s.charges {
		if c.posted > q {
			continue
		}
		open := money.Fen(c.open())
		if c.confirmed {
			want.Confirmed = want.Confirmed.Add(open)
		} else {
			want.Unconfirmed = want.Unconfirmed.Add(open)
		}
		if c.disputed {
			want.Disputed = want.Disputed.Add(open)
		}
		want.WrittenOff = want.WrittenOff.Add(money.Fen(c.lost))
	}
	_, _, credited := s.owedBy(q)
	want.Credited = money.Fen(credited)
	if got != want || !got.Ties() {
		t.Fatalf("%s %s: reported %+v, want %+v; ties: %t", s.center, q, got, want, got.Ties())
	}
}

// TestWhatMovedEndsOnNoDayThatIsNotKnown: the transfer counts from the date of its
// charge, long before anybody disputed it.
func TestWhatMovedEndsOnNoDayThatIsNotKnown(t *testing.T) {
	raised := day("2026-07-08")
	a := fold(opened(account.ByChargeDate), account.ChargeAccrued{
		Charge: "F3-1", Center: "C01", Project: "P001", Money: money.Line{Net: yuan("85.00"), Gross: yuan("85.00")},
		OccurredOn: day("2026-05-01"), Posted: day("2026-05-01").Quarter(), DueOn: day("2026-07-31"),
	})
	for _, decide := range []command{
		func(a *account.Account) ([]account.Event, error) {
			return a.IssueStatement(account.IssueStatement{Center: "C01", Quarter: raised.Quarter() - 1, By: "qian"}, rules, raised)
		},
		func(a *account.Account) ([]account.Event, error) {
			return a.ConfirmStatement(account.ConfirmStatement{
				Center: "C01", Quarter: raised.Quarter() - 1, Version: 1, By: "zheng",
				Disputes: []account.Dispute{{Charge: "F3-1", Reason: "未施工"}},
			}, raised)
		},
		func(a *account.Account) ([]account.Event, error) {
			return a.TransferOut(account.Transfer{
				Transfer: "P001.2026-04-01", Project: "P001", Center: "C01", Other: "C02", From: day("2026-04-01"), By: "qian",
			})
		},
	} {
		events, err := decide(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			a.Evolve(e)
		}
	}
	issued, err := a.Statements("C01", raised.Quarter()-1)
	if err != nil {
		t.Fatal(err)
	}
	went := account.Departure{To: "C02", There: "C01.F3-1", Disputed: true}
	want := []account.DisputeCourse{{
		Charge: "F3-1", Statement: "C01-2026Q2", Version: 1, Reason: "未施工", On: raised, By: "zheng", Owed: yuan("85.00"),
		End: account.DisputeMoved, Document: "P001.2026-04-01", Departure: went,
	}}
	if diff := gocmp.Diff(want, issued[0].Disputes, exact); diff != "" {
		t.Errorf("disputes (-want +got):\n%s", diff)
	}
	draft, err := a.Draft("C01", raised.Quarter(), raised)
	if err != nil {
		t.Fatal(err)
	}
	left := draft.Version.Lines[len(draft.Version.Lines)-1]
	if got, ok := draft.Departed(left); !ok || got != went {
		t.Errorf("%+v: went to %+v, %t", left, got, ok)
	}
	if got, ok := draft.Departed(account.Movement{Type: account.ChargeMovement, Charge: "F3-1"}); ok {
		t.Errorf("a charge that stands went to %+v", got)
	}
}
