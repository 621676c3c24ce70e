package account_test

import (
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/money"
)

// checkMakeup: every version of a statement shows how its closing balance is made up,
// line by line, when it was issued and as it was answered; what is disputed is what its
// disputes come to, each of them once.
func (s *side) checkMakeup(t *rapid.T, v account.StatementVersion) {
	t.Helper()
	st := v.Version.Statement
	if !v.Asked.Ties() || v.Asked.Closing != st.Closing || len(v.Asked.Parts) != len(st.Awaiting) {
		t.Fatalf("%s closes at %s and is made up of %+v", st.Statement, st.Closing, v.Asked)
	}
	for i, p := range v.Asked.Parts {
		if w := st.Awaiting[i]; p.Charge != w.Charge || p.Open != w.Open {
			t.Fatalf("%s awaits %+v, made up of %+v", st.Statement, w, p)
		}
	}
	stands := v.Stands()
	if !stands.Ties() {
		t.Fatalf("%s does not tie: %+v", st.Statement, stands)
	}
	standing, ended := v.Disputed()
	if len(standing)+len(ended) != len(v.Disputes) {
		t.Fatalf("%s has %d disputes, of which %d stand and %d ended", st.Statement, len(v.Disputes), len(standing), len(ended))
	}
	owed := map[domain.ChargeID]account.Owing{}
	for _, p := range stands.Parts {
		owed[p.Charge] = p.Owing
	}
	var sum account.Owing
	for _, d := range standing {
		sum = sum.Add(owed[d.Charge])
	}
	if sum != stands.Disputed() {
		t.Fatalf("%s: the disputes %+v come to %+v, it says %+v", st.Statement, standing, sum, stands.Disputed())
	}
	if v.AnsweredOn.IsZero() {
		return
	}
	if sum.Owed != v.Answered.Disputed || sum.Settled != v.Answered.DisputedPaid ||
		stands.Unapplied != v.Answered.Unapplied {
		t.Fatalf("%s: disputed %+v, answered %+v", st.Statement, sum, v.Answered)
	}
}

// checkDraftMakeup holds what a draft is made up of against the postings.
func (s *side) checkDraftMakeup(t *rapid.T, d account.Statement, position books.Standing) {
	t.Helper()
	draft, err := s.acct.Draft(s.center, d.Quarter, 0)
	m := draft.Asked
	standing, ended := draft.Disputed()
	if err != nil || !m.Ties() || len(ended) > 0 || len(standing) != len(draft.Disputes) {
		t.Fatalf("%s: %v, made up of %+v", d.Statement, err, m)
	}
	still, rest, _ := s.owedBy(d.Quarter)
	for _, p := range m.Parts {
		c := s.charge(p.Charge)
		if money.Fen(still[c]) != p.Owed || p.Open != money.Fen(c.owing()) || p.WrittenOff != money.Fen(c.lost) {
			t.Fatalf("%s: %+v, by the postings %d fen, now %d, given up %d", d.Statement, p, still[c], c.owing(), c.lost)
		}
		delete(still, c)
	}
	var before int64
	for _, fen := range still {
		before += fen
	}
	if m.Before.Owed != money.Fen(before) || m.Unapplied != money.Fen(-rest) {
		t.Fatalf("%s: %s before and %s unapplied, by the postings %d and %d fen", d.Statement, m.Before.Owed, m.Unapplied,
			before, -rest)
	}
	if position.Unapplied != m.Unapplied {
		t.Fatalf("%s: %s unapplied beside its age, %s in its makeup", d.Statement, position.Unapplied, m.Unapplied)
	}
}
