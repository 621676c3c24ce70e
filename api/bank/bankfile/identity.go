package bankfile

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// derivedReference makes a reference of a line that has none of the bank's: of
// its day, time, amount, direction, other side and running balance. The account
// of ours and the place among equals are part of its identity beside it.
func (l *Line) derivedReference() string {
	balance := ""
	if l.HasBalance {
		balance = l.Balance.String()
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{
		l.ReceivedOn.String(), l.at, l.Amount.String(), fmt.Sprint(l.Direction), l.Payer, l.Account, balance,
	}, "\x00")))
	return fmt.Sprintf("%s%s-%s", DerivedPrefix, strings.ReplaceAll(l.ReceivedOn.String(), "-", ""),
		hex.EncodeToString(sum[:8]))
}

// DerivedPrefix begins a reference of our own (no serial number).
const DerivedPrefix = "NS-"

// tellApart finds the receipts that share a reference. Equal ones that the file
// proves to be several take places; for others a person is asked. The same serial
// number for a payment and its fee, both outgoing, is none of our business.
func (r *reader) tellApart() {
	under := make(map[[2]string][]int)
	for i := range r.statement.Lines {
		if l := &r.statement.Lines[i]; l.IsReceipt() {
			key := [2]string{l.OwnAccount, l.Reference}
			under[key] = append(under[key], i)
		}
	}
	for i := range r.statement.Lines {
		l := &r.statement.Lines[i]
		of := under[[2]string{l.OwnAccount, l.Reference}]
		if !l.IsReceipt() || len(of) < 2 || of[0] != i {
			continue
		}
		r.tellGroupApart(of)
	}
}

// tellGroupApart sorts the receipts under one reference, by their places in the
// file.
func (r *reader) tellGroupApart(of []int) {
	lines := r.statement.Lines
	shared := false
	for _, i := range of[1:] {
		shared = shared || !lines[i].equals(&lines[of[0]])
	}
	for n, i := range of {
		l := &lines[i]
		place, twin := 1, -1
		for _, before := range of[:n] {
			if lines[before].equals(l) {
				place, twin = place+1, before
			}
		}
		if place > 1 {
			l.Place = place
			if !r.provesBoth(twin, i) {
				l.Question, l.Twin = Equal, lines[twin].Row
			}
		}
		if shared {
			l.Question, l.Twin = Shared, lines[of[0]].Row
			if n == 0 {
				l.Twin = lines[of[1]].Row
			}
		}
	}
}

// equals tells lines of equal content; what is not booked does not count.
func (l *Line) equals(m *Line) bool {
	return l.Payer == m.Payer && l.Remark == m.Remark && l.Amount == m.Amount && l.ReceivedOn == m.ReceivedOn
}

// provesBoth tells whether the file counts two lines as two movements: by a
// running balance that holds from the one to the other, or by a total over both.
func (r *reader) provesBoth(i, j int) bool {
	for _, s := range r.proved {
		if s.from <= i && j < s.to {
			return true
		}
	}
	from, to := r.tallied[i].balance, r.tallied[j].balance
	a, b := r.balances[from], r.balances[to]
	if !a.stated || !b.stated || a.after == b.after {
		return false
	}
	for _, between := range r.balances[from : to+1] {
		if !between.known {
			return false
		}
	}
	return true
}
