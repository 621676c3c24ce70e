package sample

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/supplier"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// This file plays what passes over desks for a device to be repaired, paid for
// or replaced by a purchase: the gates of process sheets, follow-ups, quotes,
// payment requests and requisitions. All of it draws from luck of its own, so
// that the year of the tickets, the parts and the money is the same without.

var (
	techGroup  = domain.Actor{Name: "techgroup", Role: domain.TechGroupLead}
	purchasing = domain.Actor{Name: "purchasing", Role: domain.PurchasingAdmin}
	planner    = domain.Actor{Name: "planner", Role: domain.MaterialsPlanner}
)

// desk is what waits on the desks of the department.
type desk struct {
	luck    *rand.Rand
	billed  map[string][]*sheet // by region: quoted and approved, not requested yet
	regions map[string]*center  // one center of each, for its people
	order   []string            // of the regions

}

func newDesk(seed uint64) desk {
	return desk{luck: rand.New(rand.NewPCG(seed, 0x0f_f2)), billed: map[string][]*sheet{}, regions: map[string]*center{}}
}

// sheet is a process sheet (F2) on its way.
type sheet struct {
	id       domain.ReturnID
	s        *site
	d        device
	cost     repair.Cost
	known    money.Amount // what we bear
	back     bool
	rejected bool
}

func (p *player) odds(percent int) bool { return p.desk.luck.IntN(100) < percent }

// after is an instant some minutes and up to an hour later.
func (p *player) after(minutes int) time.Time {
	return p.now().Add(time.Duration(minutes)*time.Minute + time.Duration(p.desk.luck.IntN(1200))*time.Second)
}

// costOf says what the technician writes about the cost: in warranty, and for
// one maker always, nothing; else what such a repair usually costs.
func (p *player) costOf(j *job) repair.Cost {
	switch {
	case j.d.maker == "通立门禁":
		return repair.Cost{Bearer: repair.ByMaker}
	case j.coverage.Bearer == policy.Center:
		return repair.Cost{Bearer: repair.ByCenter, Estimate: p.about(j.d.cost, 30)}
	case p.odds(35):
		return repair.Cost{Bearer: repair.ByUs} // nothing is known yet
	}
	return repair.Cost{Bearer: repair.ByUs, Estimate: p.about(j.d.cost, 30)}
}

// about is so many percent of a cost, give or take a third, in whole yuan.
func (p *player) about(fen, percent int64) money.Amount {
	return money.Fen(fen * percent / 100 * int64(67+p.desk.luck.IntN(67)) / 100 / 100 * 100)
}

// passGates takes a sheet from gate to gate within the hours after it was filed.
func (p *player) passGates(f *sheet) {
	p.sum.Events["DocumentNumberClaimed"]++ // the F2's, in a stream of its own
	if f.cost.Bearer == repair.ByUs {
		f.known = f.cost.Estimate
	}
	f.rejected = p.odds(8)
	p.at(p.after(15), func() error { return p.cityTechLead(f) })
}

func (p *player) cityTechLead(f *sheet) error {
	if p.odds(2) { // the technician, who is also the city tech lead that week
		own := f.s.technician
		own.Role = domain.CityTechLead
		out, err := p.ledger.DecideReturn(p.ctx, p.request(own, string(f.id)),
			ledger.DecideReturn{Return: f.id, Approve: true})
		if err := p.refusedFact("own-submission", out, err); err != nil {
			return err
		}
	}
	if err := p.decide(f, f.s.techLead, true, ""); err != nil {
		return err
	}
	p.at(p.after(40), func() error { return p.techGroupLead(f) })
	return nil
}

func (p *player) techGroupLead(f *sheet) error {
	if f.rejected {
		f.rejected = false
		if err := p.decide(f, techGroup, false, "请补充检测结果"); err != nil {
			return err
		}
		p.at(p.after(40), func() error {
			if err := p.done(ledger.Do(p.ctx, p.ledger, p.request(f.s.technician, string(f.id)),
				repair.Resubmit{Return: f.id, Note: "已附检测记录"}, (*repair.Return).Resubmit)); err != nil {
				return err
			}
			p.at(p.after(20), func() error { return p.cityTechLead(f) })
			return nil
		})
		return nil
	}
	if err := p.decide(f, techGroup, true, ""); err != nil || f.known.IsZero() {
		return err
	}
	p.at(p.after(20), func() error { return p.decideCost(f) })
	return nil
}

// decideCost is the review and the approval of what we bear.
func (p *player) decideCost(f *sheet) error {
	if err := p.decide(f, supervisor, true, ""); err != nil {
		return err
	}
	p.at(p.after(30), func() error { return p.decide(f, manager, true, "同意") })
	return nil
}

func (p *player) decide(f *sheet, by domain.Actor, approve bool, note string) error {
	c := ledger.DecideReturn{Return: f.id, Approve: approve, Note: note}
	if by.Role == domain.HQAffairsSupervisor || by.Role == domain.DepartmentManager {
		c.Amount = &f.known
	}
	return p.done(p.ledger.DecideReturn(p.ctx, p.request(by, string(f.id)), c))
}

// refusedFact counts a refusal that is itself recorded.
func (p *player) refusedFact(code string, out eventstore.Outcome, err error) error {
	p.count(out)
	return p.refused(code, err)
}

// follow has the regional admin ask after a device three weeks after it left,
// and every fortnight until it is back.
func (p *player) follow(f *sheet, days int) {
	p.at(p.now().AddDate(0, 0, days), func() error {
		if f.back {
			return nil
		}
		c := repair.FollowUp{Return: f.id, Contact: f.d.maker + "售后", Note: "厂家答复维修中", On: p.today()}
		if p.odds(60) {
			c.Note, c.ExpectedBackOn = "缺料，厂家重新承诺日期", p.today().AddDays(10+p.desk.luck.IntN(10))
		}
		if err := p.done(ledger.Do(p.ctx, p.ledger, p.request(f.s.center.admin, string(f.id)), c,
			(*repair.Return).FollowUp)); err != nil {
			return err
		}
		p.follow(f, 14)
		return nil
	})
}

// bill enters what the maker asks for a device that it sent back; above what
// was approved, both approve again.
func (p *player) bill(f *sheet) {
	f.back = true
	if f.cost.Bearer != repair.ByUs {
		return
	}
	asks := f.known
	switch {
	case asks.IsZero() && p.odds(40):
		return // as a courtesy
	case asks.IsZero():
		asks = p.about(f.d.cost, 25)
	case p.odds(30):
		asks = money.Fen(asks.Fen() * int64(105+p.desk.luck.IntN(40)) / 100)
	}
	if asks.IsZero() {
		return
	}
	p.at(p.after(90), func() error {
		again := f.known.Less(asks)
		f.known = asks
		if err := p.done(p.ledger.QuoteRepair(p.ctx, p.request(f.s.center.admin, string(f.id)), ledger.QuoteRepair{
			Return: f.id, Amount: asks, QuotedOn: p.today(),
		})); err != nil {
			return err
		}
		region := f.s.center.city.region
		p.desk.billed[region] = append(p.desk.billed[region], f)
		if again {
			p.at(p.after(60), func() error { return p.decideCost(f) })
		}
		return nil
	})
}

// planDesks puts the payment requests of each region and the requisitions of
// each project on the agenda.
func (p *player) planDesks() {
	for _, c := range p.centers {
		if region := c.city.region; p.desk.regions[region] == nil {
			p.desk.regions[region] = c
			p.desk.order = append(p.desk.order, region)
		}
	}
	for i, region := range p.desk.order {
		for m := time.February; m <= time.December; m++ {
			p.at(p.on(m, 26, 10+i),
				func() error { return p.requestPayment(region, p.today().Month(), m == time.June && i == 0) })
		}
	}
	count := 0
	for _, s := range p.sites {
		if s.center == p.centers[smallCenter] || p.odds(40) {
			continue
		}
		count++
		n := count
		id := domain.RequisitionID(fmt.Sprintf("SQ-%s-%03d", s.id, n))
		month := time.Month(2 + p.desk.luck.IntN(10))
		p.at(p.on(month, 3+p.desk.luck.IntN(20), 9), func() error { return p.requestMaterial(s, id, n) })
	}
}

// recordSuppliers enters the accounts of the makers, which are paid for repairs;
// the first of them changes its bank in July.
func (p *player) recordSuppliers() {
	buyer := domain.Actor{Name: "buyer.hq", Role: domain.PurchasingAdmin}
	record := func(i int, maker, bank, number, reason string, from calendar.Date) error {
		return p.done(ledger.Do(p.ctx, p.ledger, p.request(buyer, maker+"-"+number), supplier.Record{
			Supplier: domain.SupplierID(fmt.Sprintf("GYS-%02d", i+1)), Name: maker,
			Account: supplier.BankAccount{Bank: bank, Number: number}, From: from, Reason: reason,
		}, (*supplier.Suppliers).Record))
	}
	makers := makers()
	p.keep(p.on(time.January, 4, 10), func() error {
		for i, maker := range makers {
			if err := record(i, maker, "工商银行杭州分行营业部", fmt.Sprintf("1202 0216 0990 %04d", 101+i), "",
				calendar.DateOf(p.begin)); err != nil {
				return err
			}
		}
		return nil
	})
	p.keep(p.on(time.July, 1, 10), func() error {
		return record(0, makers[0], "中国银行杭州滨江支行", "3800 6628 0101", "基本户迁至中国银行", p.today())
	})
}

// makers lists who makes the devices, each once.
func makers() (list []string) {
	for _, d := range devices {
		if d.maker != "" && !slices.Contains(list, d.maker) {
			list = append(list, d.maker)
		}
	}
	return list
}

const mostLines = 200

// requestPayment asks for what the makers of a region's repairs may be paid:
// their letters are confirmed, and the papers attached.
func (p *player) requestPayment(region string, month calendar.Month, returned bool) error {
	c, about := p.desk.regions[region], fmt.Sprintf("%s-%s", region, month)
	var lines []ledger.RequestedRepair
	letters := map[string]attachment.Digest{}
	waiting := p.desk.billed[region]
	p.desk.billed[region] = nil
	for _, f := range waiting {
		if len(lines) == mostLines {
			p.desk.billed[region] = append(p.desk.billed[region], f)
			continue
		}
		maker := f.d.maker
		if letters[maker] == "" {
			letter, err := p.attach(c.admin, fmt.Sprintf("维修设备收费确认函-%s-%s.pdf", maker, about), about)
			if err != nil {
				return err
			}
			letters[maker] = letter
		}
		out, err := p.ledger.ConfirmLetter(p.ctx, p.request(purchasing, string(f.id)),
			ledger.ConfirmLetter{Return: f.id, Letter: letters[maker], Amount: f.known})
		if isRefusal(err, "approval-outstanding") { // it waits on a desk; next month
			p.sum.Refusals["approval-outstanding"]++
			p.desk.billed[region] = append(p.desk.billed[region], f)
			continue
		}
		if err := p.done(out, err); err != nil {
			return err
		}
		lines = append(lines,
			ledger.RequestedRepair{Return: f.id, Amount: f.known, Papers: payables.Papers{Letter: letters[maker]}})
	}
	if len(lines) == 0 {
		return nil
	}
	sheets, err := p.attach(c.admin, fmt.Sprintf("售后服务处理流程表-%s.pdf", about), about)
	if err != nil {
		return err
	}
	mails, err := p.attach(c.admin, fmt.Sprintf("邮件批复页-%s.pdf", about), about)
	if err != nil {
		return err
	}
	for i := range lines {
		lines[i].Sheet, lines[i].Approval = sheets, mails
	}
	return p.sendRequest(c, ledger.RequestPayment{Region: region, Month: month, Lines: lines}, returned)
}

// sendRequest sends a payment request; finance returns it once, or pays.
func (p *player) sendRequest(c *center, ask ledger.RequestPayment, returned bool) error {
	about := fmt.Sprintf("%s-%s", ask.Region, ask.Month)
	r := p.request(c.admin, about)
	ask.Request = domain.PaymentRequestID(r.NewID("FK-" + ask.Month.String()))
	out, err := p.ledger.RequestPayment(p.ctx, r, ask)
	if err := p.done(out, err); err != nil {
		return err
	}
	p.sum.Events["RepairPaymentRequested"] += len(ask.Lines) // each on its own sheet
	if returned {
		p.at(p.after(300), func() error {
			if err := p.done(p.ledger.ReturnPaymentRequest(p.ctx, p.request(c.books, about), payables.Return{
				Region: ask.Region, Month: ask.Month, Reason: "邮件批复页不清晰，请重新扫描",
			})); err != nil {
				return err
			}
			p.sum.Events["RepairPaymentReleased"] += len(ask.Lines)
			p.at(p.after(24*60), func() error { return p.sendRequest(c, ask, false) })
			return nil
		})
		return nil
	}
	request := out.Events[0].(payables.PaymentRequested)
	p.at(p.now().AddDate(0, 0, 3), func() error { return p.pay(c, request) })
	return nil
}

// pay pays each supplier of a request. In one month the admin, who stands in
// for finance, tries to pay what they requested.
func (p *player) pay(c *center, request payables.PaymentRequested) error {
	about := fmt.Sprintf("%s-%s", request.Region, request.Month)
	due := map[string]money.Amount{}
	var suppliers []string
	for _, l := range request.Lines {
		if _, known := due[l.Supplier]; !known {
			suppliers = append(suppliers, l.Supplier)
		}
		due[l.Supplier] = due[l.Supplier].Add(l.Amount)
	}
	for i, supplier := range suppliers {
		pay := payables.Pay{
			Region: request.Region, Month: request.Month, Supplier: supplier, Amount: due[supplier], PaidOn: p.today(),
			BankReference: fmt.Sprintf("FK%s%02d%s", p.now().Format("20060102"), i+1, request.Request[len(request.Request)-6:]),
		}
		if request.Month.First().Quarter().Number() == 2 && i == 0 {
			own := c.admin
			own.Role = domain.Finance
			out, err := p.ledger.PaySupplier(p.ctx, p.request(own, about), pay)
			if err := p.refusedFact("own-submission", out, err); err != nil {
				return err
			}
		}
		if err := p.done(p.ledger.PaySupplier(p.ctx, p.request(c.books, about), pay)); err != nil {
			return err
		}
		p.sum.Events["DocumentNumberClaimed"]++ // the bank reference
	}
	return nil
}

// attach keeps a paper: a page of text, whose content is its name.
func (p *player) attach(by domain.Actor, name, about string) (attachment.Digest, error) {
	content := "%PDF-1.4\n% " + name + "\n%%EOF\n"
	ref, out, err := p.ledger.StoreAttachment(p.ctx, p.request(by, about), name, []byte(content))
	return ref.SHA256, p.done(out, err)
}

// supplies are bought on requisition: no depot has them otherwise.
var supplies = []requisition.Line{
	{Part: "UPS-12V", Name: "备用电源 12V", Quantity: decimal.NewFromInt(4), Estimate: money.Fen(52000), Purpose: "停电保护备件"},
	{Part: "SPD-485", Name: "信号防雷器", Quantity: decimal.NewFromInt(6), Estimate: money.Fen(45600), Purpose: "雷雨季防护"},
}

// requestMaterial makes a requisition and takes it through its reviews, in an
// order of their own; one in five is rejected at first.
func (p *player) requestMaterial(s *site, id domain.RequisitionID, n int) error {
	leader := domain.Actor{Name: "pm." + string(s.id), Role: domain.ProjectLeader}
	if err := p.done(p.ledger.RequestMaterial(p.ctx, p.request(leader, string(id)),
		requisition.Request{Requisition: id, Project: s.id, Lines: supplies[:1+n%2]})); err != nil {
		return err
	}
	if n == 1 { // the leader stands in for the planner
		own := leader
		own.Role = domain.MaterialsPlanner
		out, err := p.ledger.DecideRequisition(p.ctx, p.request(own, string(id)),
			requisition.Decide{Requisition: id, Approve: true})
		if err := p.refusedFact("own-submission", out, err); err != nil {
			return err
		}
	}
	reviewers := []domain.Actor{techGroup, supervisor, planner}
	p.desk.luck.Shuffle(len(reviewers), func(i, j int) { reviewers[i], reviewers[j] = reviewers[j], reviewers[i] })
	decide := func(by domain.Actor, approve bool) func() error {
		return func() error {
			c := requisition.Decide{Requisition: id, Approve: approve}
			if !approve {
				c.Note = "数量偏多，请核实"
			}
			return p.done(p.ledger.DecideRequisition(p.ctx, p.request(by, string(id)), c))
		}
	}
	hours := 2
	if n%5 == 1 {
		p.at(p.now().Add(time.Hour), decide(reviewers[0], false))
		p.at(p.now().Add(2*time.Hour), func() error {
			return p.done(ledger.Do(p.ctx, p.ledger, p.request(leader, string(id)),
				requisition.Resubmit{Requisition: id, Note: "已按用量核实"}, (*requisition.Requisition).Resubmit))
		})
		hours = 24
	}
	for i, by := range append(reviewers, manager) {
		p.at(p.now().Add(time.Duration(hours+i)*time.Hour), decide(by, true))
	}
	p.at(p.now().AddDate(0, 0, 2), func() error { return p.orderSupplies(s, id, supplies[:1+n%2]) })
	return nil
}

func (p *player) orderSupplies(s *site, id domain.RequisitionID, lines []requisition.Line) error {
	c := requisition.Order{
		Requisition: id, Order: domain.OrderID("CG-" + string(id)), Supplier: "恒通物资", OrderedOn: p.today(),
		ExpectedOn: p.today().AddDays(15),
	}
	for _, l := range lines {
		c.Lines = append(c.Lines,
			requisition.Ordered{
				Part: l.Part, Quantity: l.Quantity, Price: money.Fen(l.Estimate.Fen() * int64(90+p.desk.luck.IntN(10)) / 100),
			})
	}
	if err := p.done(ledger.Do(p.ctx, p.ledger, p.request(purchasing, string(id)), c,
		(*requisition.Requisition).Order)); err != nil {
		return err
	}
	for i, l := range c.Lines {
		p.at(p.now().AddDate(0, 0, 8+9*i), func() error {
			return p.done(p.ledger.ReceivePurchase(p.ctx, p.request(planner,
				string(id)), ledger.ReceivePurchase{Receive: requisition.Receive{
				Requisition: id, Receipt: domain.SlipID(fmt.Sprintf("RK-%s-%d", id, i+1)), Part: l.Part, Quantity: l.Quantity,
				Value: l.Price, ReceivedOn: p.today(),
			}}))
		})
	}
	return nil
}

// chargeBySheet charges a compensation: the city lead files its F2, and the
// supervisor's review charges it.
func (p *player) chargeBySheet(c *center, quote domain.QuoteID, amount money.Amount) (eventstore.Outcome, error) {
	id := domain.ReturnID("F2-" + string(quote))
	if err := p.done(p.ledger.FileCompensation(p.ctx, p.request(c.lead, string(quote)), ledger.FileCompensation{
		Return: id, Center: c.id, Quote: quote, Charge: domain.ChargeID(quote), Amount: amount, OccurredOn: p.today(),
	})); err != nil {
		return eventstore.Outcome{}, err
	}
	return p.ledger.DecideReturn(p.ctx, p.request(supervisor, string(quote)),
		ledger.DecideReturn{Return: id, Approve: true})
}
