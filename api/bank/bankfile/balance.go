package bankfile

import (
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/money"
)

// balance is what a line does to the running balance, and what that is after it.
type balance struct {
	cell    string
	account string // of ours; empty where the line names none
	after   money.Amount
	stated  bool
	moved   money.Amount
	known   bool // what it moved could be read
}

func (l *lineReader) balance() balance {
	b := balance{
		account: l.line.OwnAccount, cell: l.row.Value("balance").Cell, after: l.line.Balance, stated: l.line.HasBalance,
		known: l.moneyKnown(),
	}
	if l.line.Nature != Closed {
		b.moved = l.signed()
	}
	if l.line.Direction == Neither && !b.stated {
		b.known = false
	}
	return b
}

// brought notes a balance brought forward.
func (r *reader) brought(cell string, after money.Amount) {
	r.balances = append(r.balances, balance{cell: cell, after: after, stated: true, known: true})
}

// byAccount takes the balances of several accounts of ours apart: each runs by
// itself. Those brought forward are of the account of the line before.
func byAccount(all []balance) (apart [][]balance) {
	at := make(map[string]int)
	account := ""
	for _, b := range all {
		if b.account != "" {
			account = b.account
		}
		i, known := at[account]
		if !known {
			i = len(apart)
			at[account], apart = i, append(apart, nil)
		}
		apart[i] = append(apart[i], b)
	}
	return apart
}

// checkBalances follows the running balance down the file or, where the newest
// line stands first, up: whichever contradicts itself less. A balance that the
// file states before its first or after its last movement is one of them.
func (r *reader) checkBalances() {
	apart := byAccount(r.balances)
	opening, closing := r.opening, r.closing
	if len(apart) > 1 {
		opening, closing = nil, nil // which account they are of is not said
	}
	var followed followed
	for _, down := range apart {
		f := follow(down, opening, closing)
		if len(f.wrong) > 0 {
			up := slices.Clone(down)
			slices.Reverse(up)
			if upwards := follow(up, opening, closing); len(upwards.wrong) < len(f.wrong) {
				f = upwards
			}
		}
		followed.right, followed.wrong = followed.right+f.right, append(followed.wrong, f.wrong...)
		followed.opened, followed.closed = f.opened, f.closed
	}
	if len(followed.wrong) > 0 {
		f := followed.wrong[0]
		if n := len(followed.wrong); n > 1 {
			f.Rule = domain.Say("%s (and %d more)", f.Rule, n-1)
		}
		r.refused = append(r.refused, f)
		return
	}
	if followed.right > 0 {
		r.check(domain.Say("%d balances follow from one another", followed.right))
	}
	for _, ends := range []struct {
		f    *figure
		held bool
	}{{r.opening, followed.opened}, {r.closing, followed.closed}} {
		switch {
		case ends.f == nil:
		case ends.held:
			r.check(domain.Say("%s %s", ends.f.label, ends.f.amount))
		default:
			r.note("%s %s (%s): there is no balance to compare it with", ends.f.label, ends.f.amount, ends.f.cell)
		}
	}
}

// followed is how often a balance follows from the one before, and where not.
type followed struct {
	right          int
	wrong          []CellError
	opened, closed bool // the stated ends were compared
}

// follow goes through balances, oldest first, between the stated ends.
func follow(balances []balance, opens, closes *figure) (f followed) {
	var before money.Amount // the last balance known
	var since money.Amount  // what has moved since
	sound := false          // and all of it is known
	if opens != nil {
		before, sound = opens.amount, true
	}
	opening := sound
	for _, b := range balances {
		since, sound = since.Add(b.moved), sound && b.known
		if !b.stated {
			continue
		}
		if sound {
			if want := before.Add(since); want != b.after {
				f.wrong = append(f.wrong, CellError{b.cell, domain.Invalid("balance", b.after.String(), "balance-breaks",
					"must be %s: %s before, and a movement of %s", "", want, before, since)})
			} else if opening {
				f.opened = true
			} else {
				f.right++
			}
		}
		before, since, sound, opening = b.after, money.Amount{}, true, false
	}
	if closes == nil || !sound {
		return f
	}
	if want := before.Add(since); want != closes.amount {
		f.wrong = append(f.wrong, CellError{closes.cell, domain.Invalid("balance", closes.amount.String(), "balance-breaks",
			"must be %s after the last movement: %s before, and a movement of %s", "", want, before, since)})
		return f
	}
	f.closed, f.opened = true, f.opened || opening
	return f
}
