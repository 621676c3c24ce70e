package account_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
)

// TestRandomCommandsAgreeWithThePlainBook plays random commands, legal and
// illegal, on three centers under a clock that moves at random, and compares
// every outcome with the oracle: what is refused, and after each command every
// figure.
func TestRandomCommandsAgreeWithThePlainBook(t *testing.T) {
	outcomes := map[string]int{}
	t.Cleanup(func() {
		if t.Failed() {
			return
		}
		for _, what := range commands {
			for _, outcome := range []string{"accepted", "refused"} {
				if n := outcomes[what+" "+outcome]; n == 0 && what+outcome != "transferrefused" {
					t.Errorf("%s was never %s: the draws prove nothing about that", what, outcome)
				}
			}
		}
	})
	for _, terms := range []account.SameDueDate{account.ByChargeDate, account.ProRata} {
		t.Run(string(terms), func(t *testing.T) {
			for range 12 {
				rapid.Check(t, func(t *rapid.T) {
					p := newPlay(terms, outcomes)
					for range rapid.SampledFrom([]int{10, 40, 100}).Draw(t, "commands") {
						p.step(t)
					}
					p.checkEveryDay(t)
				})
			}
		})
	}
}

// play is one run: the accounts of three centers beside their oracles.
type play struct {
	today    calendar.Date
	sides    [3]*side
	numbers  int            // given out
	outcomes map[string]int // of all runs, by command
}

type side struct {
	*ledgerBook
	acct    *account.Account
	log     []account.Event
	booked  map[books.LedgerAccount]int64
	settled map[settledKey]int64
	hashes  map[string]string
}

type settledKey struct {
	payment  domain.PaymentID
	charge   domain.ChargeID
	recovery bool
}

func newPlay(terms account.SameDueDate, outcomes map[string]int) *play {
	p := &play{today: day("2026-01-10"), outcomes: outcomes}
	for i, center := range []domain.CenterID{"C01", "C02", "C03"} {
		e := opened(terms).(account.AccountOpened)
		e.Center = center
		p.sides[i] = &side{
			ledgerBook: newLedgerBook(center, terms == account.ProRata), acct: fold(e), log: []account.Event{e},
			booked: map[books.LedgerAccount]int64{}, settled: map[settledKey]int64{}, hashes: map[string]string{},
		}
	}
	return p
}

// does holds a decision against the oracle's word and takes its events over.
func (p *play) does(t *rapid.T, s *side, what string, want bool, events []account.Event, err error) {
	t.Helper()
	var refusal *domain.Rejection
	if err != nil && (!errors.As(err, &refusal) || len(events) > 0) {
		t.Fatalf("%s: %v with %d events", what, err, len(events))
	}
	if (err == nil) != want {
		t.Fatalf("%s %s on %s: accepted should be %t, got %v", s.center, what, p.today, want, err)
	}
	p.outcomes[what+map[bool]string{true: " accepted", false: " refused"}[want]]++
	for _, e := range events {
		s.take(t, e)
	}
	p.check(t, s)
	s.checkOrder(t, events)
}

// checkOrder holds what a decision settled by itself against what is owed after
// it: nothing newer was settled while something older is owed that nobody
// disputes.
func (s *side) checkOrder(t *rapid.T, events []account.Event) {
	t.Helper()
	for _, e := range events {
		e, ok := e.(account.PaymentAllocated)
		if !ok || e.Rule != account.OldestDueFirst {
			continue
		}
		for _, l := range e.Lines {
			settled := s.charge(l.Charge)
			for _, older := range s.charges {
				before := older.due < settled.due || !s.proRata && older.due == settled.due && older.on < settled.on
				if before && older.owing() > 0 && !older.disputed {
					t.Fatalf("%s: %+v settled while %d fen of the older %s are owed", s.center, l, older.owing(), older.id)
				}
			}
		}
	}
}

func (s *side) take(t *rapid.T, e account.Event) {
	var sum int64
	for _, posting := range books.AppendPostings(nil, e) {
		sum += posting.Amount.Fen()
		s.booked[posting.Account] += posting.Amount.Fen()
	}
	if sum != 0 {
		t.Fatalf("the postings of %+v sum to %d fen", e, sum)
	}
	lines := func(payment domain.PaymentID, lines []account.Allocation, sign int64) {
		for _, l := range lines {
			if l.Amount.Sign() <= 0 {
				t.Fatalf("a line of %s in %+v", l.Amount, e)
			}
			s.settled[settledKey{payment, l.Charge, l.Stage == account.WrittenOff}] += sign * l.Amount.Fen()
		}
	}
	switch e := e.(type) {
	case account.PaymentAllocated:
		lines(e.Payment, e.Lines, 1)
	case account.AllocationReversed:
		lines(e.Payment, e.Lines, -1)
	case account.StatementIssued:
		s.hashes[fmt.Sprint(e.Quarter, e.Version)] = e.ContentHash
	default: // neither settles anything nor freezes it
	}
	s.acct.Evolve(e)
	s.log = append(s.log, e)
}

// check compares every figure of a side with the oracle's.
func (p *play) check(t *rapid.T, s *side) {
	t.Helper()
	var want account.Balance
	var tax int64
	settled := map[settledKey]int64{}
	for _, c := range s.charges {
		tax += c.taxLeft()
		open := money.Fen(c.open())
		if c.open() < 0 || c.lost < 0 || c.gone > c.gross {
			t.Fatalf("the oracle is wrong about %+v", c)
		}
		if c.confirmed {
			want.Confirmed = want.Confirmed.Add(open)
		} else {
			want.Unconfirmed = want.Unconfirmed.Add(open)
		}
		if c.disputed {
			want.Disputed = want.Disputed.Add(open)
		}
		want.WrittenOff = want.WrittenOff.Add(money.Fen(c.lost))
		for _, part := range c.paid {
			settled[settledKey{part.of.id, c.id, part.recovery}] = part.amount
		}
	}
	for _, r := range s.cash {
		want.Unapplied = want.Unapplied.Add(money.Fen(r.left()))
	}
	if got := s.acct.Balance(); got != want {
		t.Fatalf("%s: balance %+v, want %+v", s.center, got, want)
	}
	for k, fen := range s.settled {
		if settled[k] != fen {
			t.Fatalf("%s: %v settled %d fen, want %d", s.center, k, fen, settled[k])
		}
	}
	for k, fen := range settled {
		if s.settled[k] != fen {
			t.Fatalf("%s: %v settled %d fen, want %d", s.center, k, s.settled[k], fen)
		}
	}
	for a, fen := range map[books.LedgerAccount]int64{
		books.ReceivableUnconfirmed: want.Unconfirmed.Fen(), books.ReceivableConfirmed: want.Confirmed.Fen(),
		books.UnappliedCash: -want.Unapplied.Fen(), books.WrittenOffMemo: want.WrittenOff.Fen(),
		books.WrittenOffContra: -want.WrittenOff.Fen(),
		books.OutputTax:        -tax,
	} {
		if s.booked[a] != fen {
			t.Fatalf("%s: account %s holds %d fen, want %d", s.center, a, s.booked[a], fen)
		}
	}
	for _, account := range []books.LedgerAccount{books.TransferClearing, books.TaxClearing} {
		var clearing int64
		for _, side := range p.sides {
			clearing += side.booked[account]
		}
		if clearing != 0 {
			t.Fatalf("transfers leave %d fen on %s between the centers", clearing, account)
		}
	}
	s.checkNothingIdles(t)
	p.checkQuarters(t, s, want.Closing())
	p.checkAgeing(t, s, want)
}

// checkNothingIdles: no money lies unapplied beside something that the center
// owes and does not dispute, unless a person took it off a charge, or it waits for
// a person because it looks like an earlier receipt.
func (s *side) checkNothingIdles(t *rapid.T) {
	t.Helper()
	for _, c := range s.charges {
		if c.owing() == 0 || c.disputed {
			continue
		}
		for _, r := range s.cash {
			if r.left() > 0 && r.released > 0 && !r.kept {
				t.Fatalf("%s: %d fen of %s lie unapplied, and %d fen of %s are owed", s.center, r.left(), r.id, c.owing(), c.id)
			}
		}
	}
}

// checkAgeing compares every bucket, today and as of the next upper bounds, and
// that they come to the closing balance.
func (p *play) checkAgeing(t *rapid.T, s *side, want account.Balance) {
	t.Helper()
	position := books.Standing{Through: max(p.today.Quarter(), s.closed+1)}
	for _, e := range s.log {
		position.Add(e)
	}
	for _, later := range []int{0, 30, 31, 180} {
		on := p.today.AddDays(later)
		var buckets [7]int64
		for _, c := range s.charges {
			late, i := int(on-c.due), 6
			for b, upTo := range []int{0, 30, 60, 90, 180, 365} {
				if late <= upTo {
					i = b
					break
				}
			}
			buckets[i] += c.open()
		}
		var sum int64
		for b, amount := range position.AgeingOn(on) {
			if sum += amount.Fen(); amount.Fen() != buckets[b] {
				t.Fatalf("%s: as of %s bucket %d holds %s, want %d fen", s.center, on, b, amount, buckets[b])
			}
		}
		if sum+want.WrittenOff.Fen()-want.Unapplied.Fen() != want.Closing().Fen() {
			t.Fatalf("%s: the buckets come to %d fen, and the account closes at %s", s.center, sum, want.Closing())
		}
	}
}

// checkQuarters compares every quarter's statement, and chains them.
func (p *play) checkQuarters(t *rapid.T, s *side, closing money.Amount) {
	t.Helper()
	var before money.Amount
	last := max(p.today.Quarter(), s.closed+1)
	for q := calendar.QuarterOf(2025, 1); q <= last; q++ {
		d, err := s.acct.DraftStatement(s.center, q)
		if err != nil {
			t.Fatal(err)
		}
		if d.Opening != before {
			t.Fatalf("%s %s opens with %s, %s closed with %s", s.center, q, d.Opening, q.Prev(), before)
		}
		opening, closed, charges, late, credits, receipts, reversals, in, out, tax := s.totals(q)
		want := account.Totals{
			Charges: money.Fen(charges), Late: money.Fen(late), Credits: money.Fen(credits), Receipts: money.Fen(receipts),
			Reversals: money.Fen(reversals), TransfersIn: money.Fen(in), TransfersOut: money.Fen(out), Tax: money.Fen(tax),
		}
		if d.Totals != want || d.Opening != money.Fen(opening) || d.Closing != money.Fen(closed) {
			t.Fatalf("%s %s: %+v from %s to %s, want %+v from %d to %d fen", s.center, q, d.Totals, d.Opening, d.Closing, want,
				opening, closed)
		}
		before = d.Closing
		position := books.Standing{Through: q}
		for _, e := range s.log {
			position.Add(e)
		}
		if position.Closing() != d.Closing {
			t.Fatalf("%s %s closes at %s, its charges at %s", s.center, q, d.Closing, position.Closing())
		}
		if q >= last-1 {
			s.checkDraftMakeup(t, d, position)
		}
		issued, _ := s.acct.Statements(s.center, q)
		for _, v := range issued {
			if h := v.Version.Hash(); h != s.hashes[fmt.Sprint(q, v.Version.Version)] {
				t.Fatalf("%s %s version %d was rewritten", s.center, q, v.Version.Version)
			}
			s.checkMakeup(t, v)
		}
	}
	if before != closing {
		t.Fatalf("%s: the quarters close at %s, the account at %s", s.center, before, closing)
	}
}

// checkDemand holds what a center is asked for against the oracle, and against what
// it owes after all of its money with us.
func (s *side) checkDemand(
	t *rapid.T, lines []account.Claimed, unapplied, total money.Amount, want, covered int64, n int,
) {
	t.Helper()
	if total.Fen() != want || unapplied.Fen() != covered || len(lines) != n {
		t.Fatalf("%s is asked for %s in %d lines, %s taken off; want %d fen in %d, %d taken off", s.center, total, len(lines),
			unapplied, want, n, covered)
	}
	if closing := s.acct.Balance().Closing(); closing.Less(total) {
		t.Fatalf("%s is asked for %s and owes %s", s.center, total, closing)
	}
}

// checkEveryDay holds what must be true as of any business date: no less than
// nothing is owed on a charge, in either measure, or unapplied of a payment.
func (p *play) checkEveryDay(t *rapid.T) {
	for _, s := range p.sides {
		replayed := fold(s.log...)
		if replayed.Balance() != s.acct.Balance() {
			t.Fatalf("%s: replayed %+v, kept %+v", s.center, replayed.Balance(), s.acct.Balance())
		}
		type owner struct {
			account books.LedgerAccount
			charge  domain.ChargeID
			payment domain.PaymentID
		}
		byDay := map[calendar.Date]map[owner]int64{}
		first, last := p.today, p.today
		for _, e := range s.log {
			for _, posting := range books.AppendPostings(nil, e) {
				o := owner{account: posting.Account, charge: posting.Charge}
				switch posting.Account {
				case books.UnappliedCash:
					o = owner{account: posting.Account, payment: posting.Payment}
				case books.ReceivableUnconfirmed, books.ReceivableConfirmed, books.WrittenOffMemo:
				default:
					continue
				}
				if byDay[posting.On] == nil {
					byDay[posting.On] = map[owner]int64{}
				}
				byDay[posting.On][o] += posting.Amount.Fen()
				first, last = min(first, posting.On), max(last, posting.On)
			}
		}
		held := map[owner]int64{}
		for d := first; d <= last; d++ {
			for o, fen := range byDay[d] {
				held[o] += fen
			}
			for o := range byDay[d] {
				if sign := held[o]; o.account == books.UnappliedCash && sign > 0 || o.account != books.UnappliedCash && sign < 0 {
					t.Fatalf("%s: as of %s account %s holds %d fen of %s%s", s.center, d, o.account, held[o], o.charge, o.payment)
				}
			}
		}
	}
}

// The draws: mostly what is there, at times what is not.

// fresh draws a number that was not used yet, and at times one that may have
// been.
func (p *play) fresh(t *rapid.T, prefix string) string {
	p.numbers++
	if rapid.IntRange(0, 7).Draw(t, "again") == 7 {
		return fmt.Sprint(prefix, rapid.IntRange(1, p.numbers).Draw(t, prefix))
	}
	return fmt.Sprint(prefix, p.numbers)
}

func (p *play) nextTransfer() string {
	p.numbers++
	return fmt.Sprint("T", p.numbers)
}

// known draws one of those there are, in which case a decision makes sense; at
// times one there is not.
func known[K cmp.Ordered, V any](t *rapid.T, m map[K]V, unknown K, sensible func(V) bool) K {
	all := slices.Sorted(maps.Keys(m))
	if some := slices.DeleteFunc(slices.Clone(all),
		func(k K) bool { return !sensible(m[k]) }); len(some) > 0 && rapid.IntRange(0, 5).Draw(t, "senseless") < 5 {
		return rapid.SampledFrom(some).Draw(t, "one")
	}
	return rapid.SampledFrom(append(all, unknown)).Draw(t, "any")
}

func (s *side) someCharge(t *rapid.T) domain.ChargeID {
	if len(s.charges) == 0 || rapid.IntRange(0, 15).Draw(t, "unknown") == 15 {
		return "F404"
	}
	return rapid.SampledFrom(s.charges).Draw(t, "charge").id
}

func (s *side) somePayment(t *rapid.T) domain.PaymentID {
	if len(s.cash) == 0 || rapid.IntRange(0, 15).Draw(t, "unknown") == 15 {
		return "S404"
	}
	return rapid.SampledFrom(s.cash).Draw(t, "payment").id
}

// somewhere draws an amount about a bound, at times beyond it.
func somewhere(t *rapid.T, bound int64) int64 {
	switch rapid.IntRange(0, 9).Draw(t, "where") {
	case 0, 1, 2:
		return bound
	case 9:
		return bound + 1
	}
	return rapid.Int64Range(0, max(bound, 1)).Draw(t, "fen")
}

func (s *side) wishes(t *rapid.T) (plain []wish, designated []account.Designation) {
	for range rapid.SampledFrom([]int{0, 0, 0, 1, 1, 2}).Draw(t, "lines") {
		w := wish{charge: s.someCharge(t), amount: 1}
		if c := s.charge(w.charge); c != nil {
			w.amount = somewhere(t, c.open()+c.lost)
		}
		plain = append(plain, w)
		designated = append(designated, account.Designation{Charge: w.charge, Amount: money.Fen(w.amount)})
	}
	return plain, designated
}

func (p *play) date(t *rapid.T) calendar.Date {
	return p.today.AddDays(1 - rapid.SampledFrom([]int{1, 1, 2, 10, 30, 60, 100, 200, 0}).Draw(t, "ago"))
}

func who(t *rapid.T) string { return rapid.SampledFrom([]string{"甲", "乙", "丙"}).Draw(t, "by") }

func project(t *rapid.T) domain.ProjectID {
	return rapid.SampledFrom([]domain.ProjectID{"P1", "P2"}).Draw(t, "project")
}

func (p *play) quarter(t *rapid.T) calendar.Quarter {
	return p.today.Quarter() - calendar.Quarter(rapid.SampledFrom([]int{1, 1, 1, 2, 3, 0}).Draw(t, "quarters ago"))
}

// priced draws a price of up to three decimals, a quantity and a tax.
func priced(t *rapid.T) (price, quantity decimal.Decimal, percent, gross, tax int64) {
	mills := rapid.Int64Range(1, 90_000).Draw(t, "price")
	if rapid.Bool().Draw(t, "odd price") {
		mills = rapid.Int64Range(1, 99).Draw(t, "mills")
	}
	tenths := rapid.Int64Range(1, 40).Draw(t, "quantity")
	percent = rapid.SampledFrom([]int64{0, 6, 9, 13}).Draw(t, "tax")
	gross = (mills*tenths + 50) / 100 // 10⁻³ yuan × 10⁻¹ = 10⁻⁴, to 10⁻², half up
	return decimal.New(mills, -3), decimal.New(tenths, -1), percent, gross, taxWithin(gross, percent)
}

// commands are drawn from, some more often than others.
var commands = []string{
	"charge", "charge", "charge", "charge", "ask", "decide", "execute", "quote", "compensate",
	"receive", "receive", "receive", "allocate", "reallocate", "reallocate", "refund", "bounce", "credit", "credit", "give up", "give up", "judge", "judge",
	"issue", "issue", "issue", "confirm", "confirm", "confirm", "dispute", "reject dispute", "reopen", "report", "nudge", "claim", "remind", "promise", "F3", "transfer",
}

// step plays one command, perhaps after a while.
func (p *play) step(t *rapid.T) {
	p.today = p.today.AddDays(rapid.SampledFrom([]int{0, 0, 0, 0, 1, 5, 20, 45, 90}).Draw(t, "days"))
	s := p.sides[max(rapid.IntRange(-2, 2).Draw(t, "center"), 0)]
	a := s.acct
	switch what := rapid.SampledFrom(commands).Draw(t, "command"); what {
	case "charge":
		id, on, project := domain.ChargeID(p.fresh(t, "F")), p.date(t), project(t)
		price, quantity, percent, gross, tax := priced(t)
		ok := s.newCharge(id) && on <= p.today && gross > 0
		if ok {
			s.accrue(id, project, on, gross, tax)
		}
		quote := pricelist.Quote{
			Version: "1",
			Item: pricelist.Item{
				Code: "X", Name: "服务", Kind: pricelist.Add, Unit: "米", Price: price, Tax: money.Tax{Rate: decimal.New(percent, -2)},
			},
		}
		events, err := a.AccrueCharge(account.AccrueCharge{
			Charge: id, Center: s.center, Project: project, Quantity: quantity, OccurredOn: on,
		}, quote, rules, p.today)
		p.does(t, s, what, ok, events, err)
	case "ask":
		id, on, project, by := domain.ChargeID(p.fresh(t, "F")), p.date(t), project(t), who(t)
		if rapid.Bool().Draw(t, "not yet done") {
			on = 0
		}
		fen := rapid.Int64Range(1, 90_000).Draw(t, "fen")
		ok := s.newCharge(id) && on <= p.today
		if ok {
			s.asked[id] = &asked{by: by, state: "asked", on: on, project: project, amount: fen}
		}
		events, err := a.RequestOffList(account.RequestOffList{
			Charge: id, Center: s.center, Project: project, Kind: pricelist.Repair, Service: "特殊",
			Quantity: decimal.NewFromInt(1), Unit: "次",
			UnitPrice: decimal.New(fen, -2), OccurredOn: on, Reason: "无价目", By: by,
		}, p.today)
		p.does(t, s, what, ok, events, err)
	case "decide":
		id, by, approve := known(t, s.asked, "F404",
			func(r *asked) bool { return r.state == "asked" }), who(t), rapid.IntRange(0, 3).Draw(t, "approve") > 0
		r, answering := s.asked[id], p.answering(t, s)
		again := r != nil && approve && r.state == "moved"
		ok := r != nil && r.state == "asked" && r.by != by
		if ok {
			r.state, r.approved = map[bool]string{true: "approved", false: "rejected"}[approve], p.today
			if approve && r.on != 0 {
				s.execute(id, r, r.on, answering.ledgerBook)
			}
		}
		events, err := a.DecideOffList(account.DecideOffList{
			Charge: id, Center: s.center, Approve: approve, Note: "理由", By: by,
		}, answering.center, rules, p.today)
		p.does(t, s, what, ok || again, events, err)
		if accrued := p.charged(t, s, id,
			events); accrued.Basis.Approval != nil && accrued.Basis.Approval.ExecutedBefore != (r.on < p.today) {
			t.Fatalf("executed before approval: %+v, on %s", accrued, p.today)
		}
	case "execute":
		id, on := known(t, s.asked, "F404", func(r *asked) bool { return r.state == "approved" }), p.date(t)
		r, answering := s.asked[id], p.answering(t, s)
		again := r != nil && r.state == "moved" && r.on == on
		ok := r != nil && r.state == "approved" && on <= p.today
		if ok {
			s.execute(id, r, on, answering.ledgerBook)
		}
		events, err := a.ExecuteOffList(account.ExecuteOffList{Charge: id, Center: s.center, OccurredOn: on},
			answering.center, who(t), rules, p.today)
		p.does(t, s, what, ok || again, events, err)
		p.charged(t, s, id, events)
	case "quote":
		id, by, project, fen := domain.QuoteID(p.fresh(t,
			"Q")), who(t), project(t), rapid.Int64Range(0, 190_000).Draw(t, "fen")
		ok := s.quoted[id] == nil && fen > 0
		if ok {
			s.quoted[id] = &quoted{amount: fen, by: by, project: project}
		}
		events, err := a.QuoteCompensation(account.QuoteCompensation{
			Quote: id, Center: s.center, Project: project, Damage: "撞坏", Amount: money.Fen(fen), TaxRate: decimal.New(13, -2),
			By: by,
		}, p.today)
		p.does(t, s, what, ok, events, err)
	case "compensate":
		id, on, by := domain.ChargeID(p.fresh(t, "F")), p.date(t), who(t)
		quote := known(t, s.quoted, "Q404", func(q *quoted) bool { return !q.used })
		q, fen := s.quoted[quote], int64(1)
		if q != nil {
			fen = q.amount + int64(rapid.IntRange(0, 3).Draw(t, "more")/3)
		}
		sheet, answering := p.fresh(t, "F2-"), p.answering(t, s)
		ok := q != nil && !q.used && q.amount == fen && q.by != by && !s.used["sheet "+sheet] && s.newCharge(id) &&
			on <= p.today
		if ok {
			s.used["sheet "+sheet] = true
			s.compensate(id, q, on, answering.ledgerBook)
			answering.used["sheet "+sheet] = true
			s.used[fmt.Sprint("moved ", id, quote, sheet)] = answering != s
		}
		again := s.used[fmt.Sprint("moved ", id, quote, sheet)]
		charge := account.ChargeCompensation{
			Charge: id, Center: s.center, Quote: quote, Sheet: domain.SheetID(sheet), Amount: money.Fen(fen), OccurredOn: on,
			By: by,
		}
		events, err := a.ChargeCompensation(charge, answering.center, rules, p.today)
		p.does(t, s, what, ok || again, events, err)
		if accrued := p.charged(t, s, id,
			events); ok && (accrued.Center != answering.center || accrued.Basis.Quote != quote) {
			t.Fatalf("%+v, want it at %s", accrued, answering.center)
		}
		if again {
			if events, err := a.ChargeCompensation(charge, answering.center, rules, p.today); err != nil || len(events) > 0 {
				t.Fatalf("again: %v %v", events, err)
			}
		}
	case "receive":
		id, on, by, remark := domain.PaymentID(p.fresh(t,
			"S")), p.date(t), who(t), rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "remark")
		fen := rapid.SampledFrom([]int64{0, 1, 7, 300, 5_000, 100_000, 1_000_000}).Draw(t, "fen")
		plain, designated := s.wishes(t)
		ok := s.receive(id, on, p.today, fen, remark, by, plain)
		events, err := a.ReceivePayment(account.ReceivePayment{
			Payment: id, Center: s.center, BankReference: string(id), Payer: "物业", Remark: remark, Amount: money.Fen(fen),
			ReceivedOn: on, Designation: designated, By: by,
		}, rules, p.today)
		p.does(t, s, what, ok, events, err)
	case "allocate":
		id, on := s.somePayment(t), p.date(t)
		plain, designated := s.wishes(t)
		ok := s.allocate(id, on, p.today, plain)
		events, err := a.AllocatePayment(account.AllocatePayment{Payment: id, Center: s.center, Lines: designated, On: on},
			p.today)
		p.does(t, s, what, ok, events, err)
	case "reallocate":
		id, on := s.somePayment(t), p.date(t)
		var from []wish
		var designated []account.Designation
		if r := s.receipt(id); r != nil {
			for _, c := range s.charges {
				var settled int64
				for _, part := range c.paid {
					if part.of == r {
						settled += part.amount
					}
				}
				if settled > 0 && rapid.Bool().Draw(t, "take back") {
					fen := somewhere(t, settled)
					from = append(from, wish{c.id, fen})
					designated = append(designated, account.Designation{Charge: c.id, Amount: money.Fen(fen)})
				}
			}
		}
		plain, to := s.wishes(t)
		ok := s.reallocate(id, on, p.today, from, plain)
		events, err := a.ReallocatePayment(account.ReallocatePayment{
			Payment: id, Center: s.center, From: designated, To: to, On: on,
		}, p.today)
		p.does(t, s, what, ok, events, err)
	case "refund":
		id, on, n := s.somePayment(t), p.date(t), p.fresh(t, "R")
		fen := int64(1)
		if r := s.receipt(id); r != nil {
			fen = somewhere(t, r.left())
		}
		ok := s.refund(n, id, on, p.today, fen)
		events, err := a.RefundPayment(account.RefundPayment{
			Refund: domain.RefundID(n), Payment: id, Center: s.center, BankReference: n, Amount: money.Fen(fen), Reason: "多付",
			On: on, By: who(t),
		}, p.today)
		p.does(t, s, what, ok, events, err)
	case "bounce":
		id, on := s.somePayment(t), p.date(t)
		ok := s.bounce(id, on, p.today)
		events, err := a.BouncePayment(account.BouncePayment{Payment: id, Center: s.center, Reason: "退票", On: on, By: who(t)},
			p.today)
		p.does(t, s, what, ok, events, err)
	case "credit":
		id, on, by, n := s.someCharge(t), p.date(t), who(t), p.fresh(t, "N")
		fen := int64(1)
		if c := s.charge(id); c != nil {
			fen = somewhere(t, c.gross-c.gone)
		}
		ok := s.credit(n, id, on, p.today, fen, by)
		events, err := a.IssueCreditNote(account.IssueCreditNote{
			Note: domain.CreditNoteID(n), Charge: id, Center: s.center, Amount: money.Fen(fen), Reason: "重复", On: on, By: by,
		}, p.today)
		p.does(t, s, what, ok, events, err)
	case "give up":
		id, by, n := s.someCharge(t), who(t), domain.WriteOffID(p.fresh(t, "W"))
		fen := int64(1)
		if c := s.charge(id); c != nil {
			fen = somewhere(t, c.open())
		}
		ok := s.askWriteOff(n, id, fen, by)
		events, err := a.RequestWriteOff(account.RequestWriteOff{
			WriteOff: n, Charge: id, Center: s.center, Amount: money.Fen(fen), Reason: "坏账", By: by,
		}, p.today)
		p.does(t, s, what, ok, events, err)
	case "judge":
		n, by, approve := known(t, s.giveUps, "W404",
			func(g *giveUp) bool { return !g.decided }), who(t), rapid.IntRange(0, 3).Draw(t, "approve") > 0
		ok := s.decideWriteOff(n, approve, by, p.today)
		events, err := a.DecideWriteOff(account.DecideWriteOff{
			WriteOff: n, Center: s.center, Approve: approve, Note: "理由", By: by,
		}, p.today)
		p.does(t, s, what, ok, events, err)
	case "issue":
		q := p.quarter(t)
		by := who(t)
		ok := s.issue(q, p.today, by)
		events, err := a.IssueStatement(account.IssueStatement{Center: s.center, Quarter: q, By: by}, rules, p.today)
		p.does(t, s, what, ok, events, err)
	case "confirm", "dispute":
		q := known(t, s.reviews, p.today.Quarter(), func(r *review) bool { return r.standing && !r.ok })
		version := 1
		if r := s.reviews[q]; r != nil {
			version = max(0, r.version-rapid.IntRange(0, 5).Draw(t, "older")/5)
		}
		if what == "dispute" {
			id, by := s.someCharge(t), who(t)
			ok := s.dispute(q, version, id, by)
			events, err := a.DisputeCharge(account.DisputeCharge{
				Center: s.center, Quarter: q, Version: version, Dispute: account.Dispute{Charge: id, Reason: "不符"}, By: by,
			}, p.today)
			p.does(t, s, what, ok, events, err)
			return
		}
		var ids []domain.ChargeID
		var disputes []account.Dispute
		for range max(0, rapid.IntRange(-2, 2).Draw(t, "disputes")) {
			ids = append(ids, s.someCharge(t))
			disputes = append(disputes, account.Dispute{Charge: ids[len(ids)-1], Reason: "不符"})
		}
		by := who(t)
		ok := s.confirm(q, version, ids, by)
		events, err := a.ConfirmStatement(account.ConfirmStatement{
			Center: s.center, Quarter: q, Version: version, Disputes: disputes, By: by,
		}, p.today)
		p.does(t, s, what, ok, events, err)
		if ok {
			s.checkAnswer(t, q, events[len(events)-1].(account.StatementConfirmed))
		}
	case "reject dispute":
		id := s.someCharge(t)
		if i := slices.IndexFunc(s.charges,
			func(c *owed) bool { return c.disputed }); i >= 0 && rapid.Bool().Draw(t, "the disputed one") {
			id = s.charges[i].id
		}
		by := who(t)
		ok := s.rejectDispute(id, p.today, by)
		events, err := a.RejectDispute(account.RejectDispute{Charge: id, Center: s.center, Reason: "有签字", By: by},
			p.today)
		p.does(t, s, what, ok, events, err)
	case "reopen":
		q := known(t, s.reviews, p.today.Quarter(), func(r *review) bool { return r.ok })
		ok := s.reopen(q)
		events, err := a.ReopenStatement(account.ReopenStatement{Center: s.center, Quarter: q, Reason: "算错", By: who(t)},
			p.today)
		p.does(t, s, what, ok, events, err)
	case "report":
		q := known(t, s.reviews, p.today.Quarter(), func(r *review) bool { return r.ok })
		events, err := a.ReportStatement(account.ReportStatement{Center: s.center, Quarter: q, By: who(t)}, p.today)
		p.does(t, s, what, s.report(q), events, err)
		if len(events) > 0 {
			s.checkSummary(t, q, *events[0].(account.StatementReported).Summary)
		}
	case "nudge":
		q, n := known(t, s.reviews, p.today.Quarter(), func(r *review) bool { return r.standing && !r.ok }), p.fresh(t, "M")
		ok := s.nudge(n, q, p.today)
		events, err := a.RemindOfReply(account.RemindOfReply{
			Reminder: domain.NoticeID(n), Center: s.center, Quarter: q, By: who(t),
		}, p.today)
		p.does(t, s, what, ok, events, err)
	case "claim", "remind":
		n := p.fresh(t, "M")
		if what == "claim" {
			half := p.quarter(t).Half()
			total, covered, found := s.chased(func(c *owed) bool { return c.posted <= half.Last() && c.claimed != p.today })
			ok := half.Last().Last() < p.today && total > 0 && s.chase(half.String(), n, p.today)
			events, err := a.IssueClaim(account.IssueClaim{Claim: domain.NoticeID(n), Center: s.center, Half: half, By: who(t)},
				rules, p.today)
			if err == nil {
				e := events[0].(account.ClaimIssued)
				s.checkDemand(t, e.Lines, e.Unapplied, e.Total, total, covered, found)
				for _, l := range e.Lines {
					s.charge(l.Charge).claimed = p.today
				}
			}
			p.does(t, s, what, ok, events, err)
			return
		}
		total, covered, found := s.chased(func(c *owed) bool { return c.due < p.today })
		ok := total > 0 && s.chase("overdue", n, p.today)
		events, err := a.IssueReminder(account.IssueReminder{Reminder: domain.NoticeID(n), Center: s.center, By: who(t)},
			p.today)
		if err == nil {
			e := events[0].(account.ReminderIssued)
			s.checkDemand(t, e.Lines, e.Unapplied, e.Total, total, covered, found)
		}
		p.does(t, s, what, ok, events, err)
	case "promise":
		n, on, payOn := p.fresh(t, "M"), p.date(t), p.today.AddDays(rapid.IntRange(-40, 60).Draw(t, "to be paid in"))
		named := rapid.SampledFrom([]int64{0, 0, 500}).Draw(t, "named")
		want := named
		if named == 0 {
			want = s.overdueAsOf(payOn, on)
		}
		ok := on <= p.today && payOn >= on && want > 0 && s.notice(n)
		events, err := a.NoteFollowUp(account.NoteFollowUp{
			FollowUp: domain.NoticeID(n), Center: s.center, Contact: "郑主任", Note: "付", PromisedOn: payOn,
			Promised: money.Fen(named), On: on, By: who(t),
		}, p.today)
		if err == nil {
			if e := events[0].(account.FollowUpNoted); e.Promised.Fen() != want || e.Presumed != (named == 0) {
				t.Fatalf("promised %+v, want %d fen", e, want)
			}
		}
		p.does(t, s, what, ok, events, err)
	case "F3":
		project, month := project(t), p.date(t).Month()
		ok := s.fileF3(project, month, p.today)
		events, err := a.ReportCharges(account.ReportCharges{Center: s.center, Project: project, Month: month, By: who(t)},
			p.today)
		p.does(t, s, what, ok, events, err)
	case "transfer":
		p.transfer(t, s)
	}
}

// answering draws the center that answers for a project: mostly the one that is
// asked.
func (p *play) answering(t *rapid.T, s *side) *side {
	if rapid.IntRange(0, 3).Draw(t, "moved meanwhile") < 3 {
		return s
	}
	return rapid.SampledFrom(p.sides[:]).Draw(t, "answering")
}

// charged returns the charge that a request for work outside the list led to. What
// another center is charged for is played there, twice: a retry charges nothing.
func (p *play) charged(
	t *rapid.T, s *side, id domain.ChargeID, events []account.Event,
) (accrued account.ChargeAccrued) {
	t.Helper()
	for range 2 {
		if work, moved := s.acct.MovedWork(id); moved {
			to := p.side(work.To())
			landed, err := to.acct.ChargeMoved(work, rules)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range landed {
				to.take(t, e)
			}
			events = append(events, landed...)
			p.check(t, s)
			p.check(t, to)
		}
	}
	for _, e := range events {
		if e, ok := e.(account.ChargeAccrued); ok {
			accrued = e
		}
	}
	return accrued
}

func (p *play) side(center domain.CenterID) *side {
	return p.sides[slices.IndexFunc(p.sides[:], func(s *side) bool { return s.center == center })]
}

// transfer moves a project from one side to the other, and then plays both
// halves again: a retry moves nothing.
func (p *play) transfer(t *rapid.T, s *side) {
	other := rapid.SampledFrom(slices.DeleteFunc(slices.Clone(p.sides[:]),
		func(o *side) bool { return o == s })).Draw(t, "other")
	id, project, from := p.nextTransfer(), project(t), p.date(t)
	var until calendar.Date
	if rapid.IntRange(0, 3).Draw(t, "until") == 3 {
		until = from.AddDays(rapid.IntRange(1, 90).Draw(t, "days"))
	}
	gone := s.transferOut(id, project, from, until, other.ledgerBook)
	if len(gone) > 0 {
		p.outcomes["transfer accepted"]++
	}
	other.transferIn(id, s.center, gone)
	for range 2 {
		out, err := s.acct.TransferOut(account.Transfer{
			Transfer: domain.TransferID(id), Project: project, Center: s.center, Other: other.center, From: from, Until: until,
			OpenFrom: other.acct.OpenFrom(), By: "甲",
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range out {
			s.take(t, e)
		}
		in, err := other.acct.TransferIn(account.Transfer{
			Transfer: domain.TransferID(id), Project: project, Center: other.center, Other: s.center, By: "甲",
		}, s.acct.Outbound(domain.TransferID(id)))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range in {
			other.take(t, e)
		}
		p.check(t, s)
		p.check(t, other)
		other.checkOrder(t, in)
	}
}
