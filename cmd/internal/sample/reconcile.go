package sample

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// This file plays what becomes of charges after they were entered: monthly
// charge lists, statements and the centers' answers, corrections, and the
// chasing of what is owed. The small center has no part in it, so that its
// account can be checked by hand; the one that never pays never answers either.

var (
	manager    = domain.Actor{Name: "manager", Role: domain.DepartmentManager}
	supervisor = domain.Actor{Name: "hq", Role: domain.HQAffairsSupervisor}
)

// aside has what it does draw from luck of its own, so that the year of the
// tickets and parts is the same with it and without.
func (p *player) aside(t time.Time, do func() error) {
	p.at(t, func() error {
		p.rng, p.luck = p.luck, p.rng
		defer func() { p.rng, p.luck = p.luck, p.rng }()
		return do()
	})
}

func newLuck(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0x0a_cc_0e_7)) }

// does counts a command that must succeed, and keeps the player's books.
func (p *player) does(c *center, out eventstore.Outcome, err error) error {
	if err := p.done(out, err); err != nil {
		return err
	}
	c.absorb(out)
	return nil
}

// planReconciliation puts the year of a center's account on the agenda.
func (p *player) planReconciliation(c *center) {
	if c.habit == scripted {
		return
	}
	for m := time.January; m <= time.December; m++ {
		p.planFilings(c, m)
		p.aside(p.on(m, 4+len(p.centers)%20, 10), func() error { return p.offList(c) })
	}
	for q := range calendar.Quarter(3) {
		quarter := calendar.QuarterOf(p.opts.Year, 1) + q
		after := quarter.Next().First().Start()
		p.aside(after.AddDate(0, 0, 7).Add(9*time.Hour), func() error { return p.issueStatement(c, quarter) })
	}
	p.aside(p.on(time.May, 20, 11), func() error { return p.compensation(c) })
	p.aside(p.on(time.August, 4, 9), func() error { return p.claim(c) })
	for _, m := range []time.Month{time.September, time.November} {
		p.aside(p.on(m, 5, 9), func() error { return p.remind(c) })
	}
	p.aside(p.on(time.December, 28, 15), func() error { return p.refund(c) })
	if c.habit == prompt {
		p.aside(p.on(time.June, 12, 15), func() error { return p.bounce(c) })
		p.aside(p.on(time.October, 28, 15), func() error { return p.reallocate(c) })
	}
	if c.habit == never {
		p.aside(p.on(time.November, 10, 15), func() error { return p.writeOff(c, 0, true) })
		p.aside(p.on(time.November, 12, 15), func() error { return p.writeOff(c, 1, false) })
	}
}

// offList asks now and then for work that is not on the price list.
func (p *player) offList(c *center) error {
	if !p.chance(25) {
		return nil
	}
	c.special++
	s := pick(p, c.sites)
	ask := account.RequestOffList{
		Charge: domain.ChargeID(fmt.Sprintf("TS-%s-%03d", c.id, c.special)), Center: c.id, Project: s.id,
		Kind: pricelist.Repair, Service: "岗亭道闸改造",
		Quantity: decimal.NewFromInt(1), Unit: "项", UnitPrice: decimal.NewFromInt(int64(p.between(20, 90) * 10)),
		Tax: money.Tax{Rate: decimal.New(6, -2)}, Reason: "价目表外",
	}
	done := p.chance(50) // before anybody approved it
	if done {
		ask.OccurredOn = p.today()
	}
	about := string(ask.Charge)
	out, err := p.ledger.RequestOffList(p.ctx, p.request(c.lead, about), ask)
	if err := p.does(c, out, err); err != nil {
		return err
	}
	if c.special%4 == 1 { // the city lead, standing in for the supervisor
		own := domain.Actor{Name: c.lead.Name, Role: domain.HQAffairsSupervisor}
		out, err := p.ledger.DecideOffList(p.ctx, p.request(own, about),
			account.DecideOffList{Charge: ask.Charge, Center: c.id, Approve: true})
		if err := p.refusedFact("own-submission", out, err); err != nil {
			return err
		}
	}
	approve, note := p.chance(80), "已核实"
	if !approve {
		note = "报价高于市场价，请重新核价后再报"
	}
	p.aside(p.office(p.now(), p.between(1, 12)), func() error {
		out, err := p.ledger.DecideOffList(p.ctx, p.request(supervisor, about),
			account.DecideOffList{Charge: ask.Charge, Center: c.id, Approve: approve, Note: note})
		if err := p.does(c, out, err); err != nil || done || !approve {
			return err
		}
		p.aside(p.office(p.now(), p.between(2, 9)), func() error {
			out, err := p.ledger.ExecuteOffList(p.ctx, p.request(c.lead, about),
				account.ExecuteOffList{Charge: ask.Charge, Center: c.id, OccurredOn: p.today()})
			return p.does(c, out, err)
		})
		return nil
	})
	return nil
}

// compensation is damage that the city lead reported by phone.
func (p *player) compensation(c *center) error {
	quote := domain.QuoteID("PC-" + string(c.id))
	amount := money.Fen(int64(p.between(8, 25)) * 100_00)
	out, err := p.ledger.QuoteCompensation(p.ctx, p.request(supervisor, string(quote)), account.QuoteCompensation{
		Quote: quote, Center: c.id, Project: c.sites[0].id, Room: "大堂", Damage: "搬家撞坏门口机", Amount: amount,
		TaxRate: decimal.New(6, -2),
	})
	if err := p.does(c, out, err); err != nil {
		return err
	}
	p.aside(p.office(p.now(), p.between(1, 5)), func() error {
		out, err := p.chargeBySheet(c, quote, amount)
		p.sum.Events["DocumentNumberClaimed"]++ // the F2's, in a stream of its own
		return p.does(c, out, err)
	})
	return nil
}

// issueStatement puts a quarter's statement to the center, and again where something
// was recorded since.
func (p *player) issueStatement(c *center, q calendar.Quarter) error {
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.admin, statementOf(c, q)),
		account.IssueStatement{Center: c.id, Quarter: q}, ledger.ByRules(p.ledger, (*account.Account).IssueStatement))
	if err := p.does(c, out, err); err != nil {
		return err
	}
	if c.habit != never {
		version := out.Events[0].(account.StatementIssued).Version
		p.aside(p.office(p.now(), p.between(3, 12)), func() error { return p.answer(c, q, version) })
		return nil
	}
	p.aside(p.now().AddDate(0, 0, 20), func() error { return p.remindOfReply(c, q) })
	return nil
}

// remindOfReply asks once more for an answer that is late. A version that was
// superseded meanwhile awaits none.
func (p *player) remindOfReply(c *center, q calendar.Quarter) error {
	about := "CD-" + statementOf(c, q)
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.admin, about),
		account.RemindOfReply{Reminder: domain.NoticeID(about), Center: c.id, Quarter: q}, (*account.Account).RemindOfReply)
	if isRefusal(err, "superseded-version") {
		p.sum.Refusals["superseded-version"]++
		return nil
	}
	return p.does(c, out, err)
}

func statementOf(c *center, q calendar.Quarter) string { return fmt.Sprintf("%s-%s", c.id, q) }

// answer is the center's word: a version that no longer stands is refused, and
// issued anew.
func (p *player) answer(c *center, q calendar.Quarter, version int) error {
	about := statementOf(c, q)
	draft, err := p.ledger.DraftStatement(p.ctx, c.id, q)
	if err != nil {
		return err
	}
	confirm := account.ConfirmStatement{Center: c.id, Quarter: q, Version: version}
	for _, w := range draft.Awaiting {
		if w.Open.Sign() > 0 && !w.Disputed && w.Origin == q && len(confirm.Disputes) == 0 && p.chance(3) {
			confirm.Disputes = append(confirm.Disputes, account.Dispute{Charge: w.Charge, Reason: "业主称未施工"})
		}
	}
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.head, about), confirm, (*account.Account).ConfirmStatement)
	if isRefusal(err, "superseded-version") {
		p.sum.Refusals["superseded-version"]++
		p.aside(p.office(p.now(), 1), func() error { return p.issueStatement(c, q) })
		return nil
	}
	if err := p.does(c, out, err); err != nil {
		return err
	}
	for _, d := range confirm.Disputes {
		p.aside(p.office(p.now(), p.between(10, 110)), func() error { return p.resolve(c, d.Charge) })
	}
	if c.habit == designating && q.Number() == 1 && version == 1 {
		p.aside(p.office(p.now(), 2), func() error { return p.reopen(c, q) })
		return nil
	}
	p.aside(p.office(p.now(), 4), func() error {
		out, err := ledger.Do(p.ctx, p.ledger, p.request(c.admin, about),
			account.ReportStatement{Center: c.id, Quarter: q}, (*account.Account).ReportStatement)
		return p.does(c, out, err)
	})
	return nil
}

// resolve ends a dispute: with a credit note, or by rejecting it.
func (p *player) resolve(c *center, id domain.ChargeID) error {
	about := "争议 " + string(id)
	i := c.find(id)
	if i < 0 { // paid by name meanwhile
		return nil
	}
	if p.chance(60) {
		out, err := ledger.Do(p.ctx, p.ledger, p.request(c.admin, about), account.IssueCreditNote{
			Note: domain.CreditNoteID("HC-" + string(id)), Charge: id, Center: c.id, Amount: c.open[i].open, Reason: "核实未施工",
			On: p.today(),
		}, (*account.Account).IssueCreditNote)
		return p.does(c, out, err)
	}
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.admin, about),
		account.RejectDispute{Charge: id, Center: c.id, Reason: "有业主签字"}, (*account.Account).RejectDispute)
	if isRefusal(err, "not-disputed") { // credited meanwhile
		p.sum.Refusals["not-disputed"]++
		return nil
	}
	return p.does(c, out, err)
}

// reopen takes a confirmation back, corrects a charge and asks again.
func (p *player) reopen(c *center, q calendar.Quarter) error {
	about := statementOf(c, q)
	out, err := ledger.Do(p.ctx, p.ledger, p.request(manager, about),
		account.ReopenStatement{Center: c.id, Quarter: q, Reason: "单价套用错误"}, (*account.Account).ReopenStatement)
	if err := p.does(c, out, err); err != nil {
		return err
	}
	if len(c.open) > 0 {
		o := c.open[0]
		out, err := ledger.Do(p.ctx, p.ledger, p.request(c.admin, about), account.IssueCreditNote{
			Note: domain.CreditNoteID("HC-" + string(o.id)), Charge: o.id, Center: c.id, Amount: o.open.Share(1, 4),
			Reason: "单价套用错误", On: p.today(),
		}, (*account.Account).IssueCreditNote)
		if err := p.does(c, out, err); err != nil {
			return err
		}
	}
	p.aside(p.office(p.now(), 1), func() error { return p.issueStatement(c, q) })
	return nil
}

// claim asks for the money of the first half-year; the city lead follows up.
func (p *player) claim(c *center) error {
	about := "H1 " + string(c.id)
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.admin, about), account.IssueClaim{
		Claim: domain.NoticeID("CK-" + string(c.id)), Center: c.id, Half: calendar.QuarterOf(p.opts.Year, 1).Half(),
	}, ledger.ByRules(p.ledger, (*account.Account).IssueClaim))
	if p.nothingToAsk(err, "nothing-to-claim") {
		return nil
	}
	return p.does(c, out, err)
}

// nothingToAsk tells that a center owes nothing of what it was to be asked for, or
// that its own money with us covers it.
func (p *player) nothingToAsk(err error, code string) bool {
	for _, code := range []string{code, "covered-by-unapplied"} {
		if isRefusal(err, code) {
			p.sum.Refusals[code]++
			return true
		}
	}
	return false
}

func (p *player) remind(c *center) error {
	c.reminders++
	about := fmt.Sprintf("CS-%s-%d", c.id, c.reminders)
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.lead, about),
		account.IssueReminder{Reminder: domain.NoticeID(about), Center: c.id}, (*account.Account).IssueReminder)
	if p.nothingToAsk(err, "nothing-overdue") {
		return nil
	}
	if err := p.does(c, out, err); err != nil {
		return err
	}
	p.aside(p.office(p.now(), p.between(2, 8)), func() error {
		note := account.NoteFollowUp{
			FollowUp: domain.NoticeID(about + "-GJ"), Center: c.id, Contact: c.head.Name, Note: "答应月底付款", On: p.today(),
			PromisedOn: p.today().Month().Last(),
		}
		out, err := ledger.Do(p.ctx, p.ledger, p.request(c.lead, about), note, (*account.Account).NoteFollowUp)
		if p.nothingToAsk(err, "nothing-overdue") { // it was paid meanwhile
			return nil
		}
		return p.does(c, out, err)
	})
	return nil
}

// refund sends back what a center paid too much, or twice, and did not ask to
// have applied.
func (p *player) refund(c *center) error {
	for i, r := range c.received {
		if r.unapplied.Sign() <= 0 || p.chance(60) {
			continue
		}
		out, err := p.ledger.RefundPayment(p.ctx, p.request(c.books, string(r.id)), account.RefundPayment{
			Refund: domain.RefundID(fmt.Sprintf("TK-%s-%d", c.id, i)), Payment: r.id, Center: c.id,
			BankReference: "TK" + string(r.id), Amount: r.unapplied, Reason: "多付退款", On: p.today(),
		})
		p.sum.Events["DocumentNumberClaimed"]++ // the bank's reference, in a stream of its own
		return p.does(c, out, err)
	}
	return nil
}

// bounce is the bank taking the last payment back.
func (p *player) bounce(c *center) error {
	if len(c.received) == 0 {
		return nil
	}
	r := c.received[len(c.received)-1]
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.books, string(r.id)),
		account.BouncePayment{Payment: r.id, Center: c.id, Reason: "银行退票：账号户名不符", On: p.today()},
		(*account.Account).BouncePayment)
	return p.does(c, out, err)
}

// reallocate moves the last payment off one of the charges it settled.
func (p *player) reallocate(c *center) error {
	if len(c.received) == 0 || c.received[len(c.received)-1].last.Amount.IsZero() {
		return nil
	}
	r := c.received[len(c.received)-1]
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.books, string(r.id)), account.ReallocatePayment{
		Payment: r.id, Center: c.id, From: []account.Designation{{Charge: r.last.Charge, Amount: r.last.Amount}},
		On: p.today(),
	}, (*account.Account).ReallocatePayment)
	return p.does(c, out, err)
}

// writeOff gives up one of the oldest charges of a center that never pays, or decides
// not to; the oldest has the number 0.
func (p *player) writeOff(c *center, nth int, approve bool) error {
	if len(c.open) <= nth {
		return nil
	}
	c.writeOffs++
	id, o := domain.WriteOffID(fmt.Sprintf("HX-%s-%d", c.id, c.writeOffs)), c.open[nth]
	out, err := ledger.Do(p.ctx, p.ledger, p.request(c.lead, string(id)),
		account.RequestWriteOff{WriteOff: id, Charge: o.id, Center: c.id, Amount: o.open, Reason: "业主已搬离，无法收取"},
		(*account.Account).RequestWriteOff)
	if err := p.does(c, out, err); err != nil {
		return err
	}
	p.aside(p.office(p.now(), p.between(2, 6)), func() error {
		out, err := ledger.Do(p.ctx, p.ledger, p.request(manager, string(id)),
			account.DecideWriteOff{WriteOff: id, Center: c.id, Approve: approve, Note: "请继续催收"},
			(*account.Account).DecideWriteOff)
		return p.does(c, out, err)
	})
	return nil
}
