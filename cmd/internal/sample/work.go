package sample

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// partMistakes are dealt to one replacement in six.
var partMistakes = []Mistake{
	IssueWithoutFault, IssueForUnknownLine, FaultWithoutIssue, IssueEnteredLate, SecondIssue, WrongDepot, OtherPart,
	IssuedMore, IssuedLess, OtherSerial, FaultyNotSent, NotBackFromMaker, WarrantyCharged, NotCharged, FutureDate,
	CommandRepeated,
}

// job is a ticket and what is done about it.
type job struct {
	s           *site
	ticket      domain.TicketID
	room, owner string
	wish        string // item of the price list; empty for a fault
	d           device
	symptom     string
	category    policy.Category
	coverage    policy.Coverage
	visit       time.Time
	course      *course

	mistake   Mistake
	line      domain.FaultLineID
	replaces  bool
	quantity  int // thousandths
	oldSerial string
	newSerial string
	handedIn  *faultyUnit // nil: the old unit was not
}

func (j *job) serialised() bool { return j.d.part != cable && j.d.part != "PS-12V" }

// ticketsAYear at scale 1, for a project of usual size.
const ticketsAYear = 31

// nextTicket draws when the next need arises, by the season.
func (p *player) nextTicket(s *site, after time.Time) time.Time {
	perDay := ticketsAYear / 365.0 * s.size * p.activity * season[after.Month()-1]
	days := -math.Log(1-p.rng.Float64()) / perDay
	t := after.Add(time.Duration(days * float64(24*time.Hour))).Truncate(time.Second)
	if h := t.Hour(); h < 6 && !p.chance(15) {
		t = t.Add(time.Duration(7-h) * time.Hour) // most people sleep
	}
	return t
}

func (p *player) ticketArrives(s *site) error {
	p.at(p.nextTicket(s, p.now()), func() error { return p.ticketArrives(s) })
	s.tickets++
	j := &job{
		s: s, ticket: domain.TicketID(fmt.Sprintf("F0-%s-%05d", s.id, s.tickets)), category: policy.Ordinary,
		room:  fmt.Sprintf("%d栋%d单元%d%02d", p.between(1, 18), p.between(1, 3), p.between(1, 32), p.between(1, 4)),
		owner: p.person(),
	}
	if p.chance(16) {
		j.wish, j.symptom = pick(p, wishes), "业主要求"
	} else {
		shares := make([]weighted[device], len(devices))
		for i, d := range devices {
			shares[i] = weighted[device]{d, d.share}
		}
		j.d = draw(p, shares)
		j.symptom = pick(p, j.d.symptoms)
		if p.chance(14) {
			j.category = policy.Emergency
		}
	}
	entered := p.now().Add(time.Duration(p.between(60, 1200)) * time.Second)
	if p.chance(5) {
		entered = p.office(p.now(), p.between(1, 3)) // the system was down, or the registrar away
	}
	registered := p.now()
	p.at(entered, func() error { return p.register(j, registered) })
	return nil
}

func (p *player) register(j *job, registered time.Time) error {
	phone := fmt.Sprintf("1%d%08d", p.between(30, 89), p.rng.IntN(100_000_000))
	err := p.done(p.ledger.RegisterTicket(p.ctx, p.request(j.s.center.registrar, string(j.ticket)), ticket.Register{
		Ticket: j.ticket, Project: j.s.id, Room: j.room, Owner: j.owner, Phone: phone, Device: j.d.name, Need: j.symptom,
		RegisteredAt: registered,
	}))
	if err != nil {
		return err
	}
	minutes := p.between(5, 240)
	if j.category == policy.Emergency {
		minutes = p.between(2, 15)
	}
	notified := registered.Add(time.Duration(minutes) * time.Minute)
	entered := notified
	if now := p.now(); entered.Before(now) {
		entered = now
	}
	p.at(entered.Add(time.Duration(p.between(30, 600))*time.Second), func() error { return p.notify(j, notified) })
	return nil
}

func (p *player) notify(j *job, notified time.Time) error {
	out, err := p.ledger.NotifyTeam(p.ctx, p.request(j.s.center.registrar, string(j.ticket)), ledger.Notify{
		Ticket: j.ticket, NotifiedAt: notified, Category: j.category,
	})
	if err := p.done(out, err); err != nil {
		return err
	}
	j.coverage = out.Events[0].(ticket.TeamNotified).Coverage
	if err := p.takeUp(j); err != nil {
		return err
	}
	switch {
	case j.wish != "":
		j.visit = p.office(notified, p.between(1, 9))
	case j.category == policy.Ordinary:
		j.visit = p.office(notified, p.between(0, 4))
	case j.coverage.RespondBy != nil && p.chance(8):
		j.visit = j.coverage.RespondBy.Add(time.Duration(p.between(1, 30*60)) * time.Minute)
	default:
		j.visit = notified.Add(time.Duration(p.between(20, 16*60)) * time.Minute)
	}
	p.at(j.visit, func() error { return p.visit(j) })
	return nil
}

// visit is the technician on site.
func (p *player) visit(j *job) error {
	if j.wish != "" {
		if err := p.onSite(j, 0); err != nil {
			return err
		}
		p.charge(order{
			s: j.s, item: j.wish, quantity: p.wished(j.wish), on: p.today(), ticket: j.ticket, room: j.room, owner: j.owner,
		})
		return nil
	}
	lines := 1
	if p.chance(7) {
		lines = 2
	}
	if err := p.onSite(j, lines); err != nil {
		return err
	}
	for range lines {
		line := *j
		p.repair(&line)
		j.d = pick(p, devices)
		j.symptom = pick(p, j.d.symptoms)
	}
	return nil
}

func (p *player) wished(item string) int {
	switch item {
	case "CABLE":
		return p.between(30, 400) * 100
	case "ACT-CARD":
		return p.between(1, 5) * milli
	}
	return milli
}

// repair decides how one fault ends and puts its papers on the agenda.
func (p *player) repair(j *job) {
	j.s.lines++
	j.line = domain.FaultLineID(fmt.Sprintf("F1-%s-%s-%04d", j.s.id, p.now().Format("0601"), j.s.lines))
	j.replaces, j.quantity = p.chance(55), milli
	if j.d.part == cable {
		j.quantity = p.between(20, 300) * 100
	} else if p.chance(6) {
		j.quantity = 2 * milli
	}
	if j.serialised() {
		j.s.serial++
		j.oldSerial = fmt.Sprintf("%s%02d%05d", j.d.part[:2], p.between(19, 24), p.rng.IntN(100_000))
		if j.quantity == milli && j.replaces {
			j.newSerial = fmt.Sprintf("%s%s%03d", j.d.part[:2], string(j.s.id), j.s.serial)
		}
	}
	if j.replaces && p.chance(17) {
		if j.mistake = p.deal(&p.partMistakes); j.mistake == IssuedLess && j.d.part != cable {
			j.quantity, j.newSerial = 2*milli, ""
		}
		p.planned[j.mistake]++
	}
	switch j.mistake {
	case IssueWithoutFault, IssueForUnknownLine: // and no fault record
		p.written(j, false)
	default:
		p.at(p.office(j.visit, p.delay()), func() error { return p.recordFault(j) })
	}
	if j.replaces && j.mistake != FaultWithoutIssue {
		days := p.delay()
		if j.mistake == IssueEnteredLate {
			days = p.between(30, 60)
		}
		on := p.today()
		p.take(j, 1)
		p.at(p.office(j.visit, days), func() error { return p.issue(j, on) })
	}
	if j.mistake == FaultWithoutIssue {
		p.made(FaultWithoutIssue)
		p.take(j, 1)
	}
}

func (p *player) recordFault(j *job) error {
	c := ticket.RecordFault{
		Ticket: j.ticket, Line: j.line, Device: j.d.name, Serial: j.oldSerial, Location: j.room, Symptom: j.symptom,
		Cause:        draw(p, causeWeights(int(j.visit.Month())-1, j.s.center.city.region, j.d.outdoor)),
		SolvedOnSite: j.replaces || p.chance(90), RecordedOn: calendar.DateOf(j.visit),
	}
	if j.replaces {
		c.Replacement = &ticket.Replacement{
			Part: j.d.part, Quantity: decimal.New(int64(j.quantity), -3), OldSerial: j.oldSerial, NewSerial: j.newSerial,
		}
	}
	if j.mistake == FutureDate {
		wrong := c
		wrong.RecordedOn = p.today().AddDays(30)
		_, err := p.ledger.RecordFault(p.ctx, p.request(j.s.technician, string(j.ticket)), wrong)
		if err := p.refused("in-the-future", err); err != nil {
			return err
		}
		p.made(FutureDate)
	}
	out, err := p.ledger.RecordFault(p.ctx, p.request(j.s.technician, string(j.ticket)), c)
	if err := p.done(out, err); err != nil {
		return err
	}
	p.sum.Events["DocumentNumberClaimed"]++ // recorded before the line, in a stream of its own
	fault := out.Events[0].(ticket.FaultRecorded)
	p.written(j, j.replaces)
	p.chargeFault(j, fault)
	if err := p.faultRecorded(j, fault); err != nil {
		return err
	}
	if (j.replaces || !c.SolvedOnSite) && j.d.maker != "" {
		switch {
		case j.mistake == FaultyNotSent:
			p.made(FaultyNotSent)
		case p.chance(75) || j.mistake == NotBackFromMaker:
			p.at(p.office(p.now(), p.between(1, 9)), func() error { return p.sendToMaker(j, fault) })
		}
	}
	return nil
}

// issue enters the issue slip of a replacement.
func (p *player) issue(j *job, on calendar.Date) error {
	from, part, line, quantity, serials := j.s, j.d, j.line, j.quantity, []string(nil)
	if j.newSerial != "" {
		serials = []string{j.newSerial}
	}
	switch j.mistake {
	case IssueWithoutFault:
		line = ""
	case WrongDepot:
		from = p.neighbour(j.s)
	case OtherPart:
		part = devices[(p.indexOf(part)+1)%len(devices)]
		serials = nil
		if j.d.part == cable {
			quantity = milli // of metres, which the other part is not counted in
		}
	case IssuedMore:
		quantity, serials = quantity+milli, nil
	case IssuedLess:
		quantity, serials = quantity/2, nil
	case OtherSerial:
		if serials != nil {
			serials = []string{j.newSerial + "B"}
		}
	}
	made := j.mistake != "" && j.mistake != CommandRepeated
	switch j.mistake {
	case OtherSerial:
		made = serials != nil
	case SecondIssue, FaultyNotSent, NotBackFromMaker, WarrantyCharged, NotCharged, FutureDate:
		made = false // elsewhere
	case WrongDepot:
		made = from != j.s
	}
	slip := slip{
		from: from, d: part, line: line, quantity: quantity, serials: serials, on: on, taker: j.s.technician,
		about: string(j.ticket),
	}
	return p.enterSlip(slip, func(r ledger.Request, c depot.Issue, out eventstore.Outcome) error {
		if made {
			p.made(j.mistake)
		}
		p.take(j, -1)
		switch j.mistake {
		case CommandRepeated:
			again, err := p.ledger.IssuePart(p.ctx, r, c)
			return p.repeats(out, again, err)
		case SecondIssue:
			p.at(p.office(p.now(), p.between(1, 9)), func() error { return p.issueAgain(slip) })
		case IssueWithoutFault:
			return p.notice(slip, out)
		}
		return nil
	})
}

// slip is an issue slip (出库单) about to be entered.
type slip struct {
	from     *site
	d        device
	line     domain.FaultLineID
	quantity int
	serials  []string
	on       calendar.Date
	taker    domain.Actor
	override string
	about    string
}

// enterSlip enters a slip and then calls then. Where the system knows of too
// few units, because a delivery was not booked, the slip is refused and comes
// back when it is.
func (p *player) enterSlip(s slip, then func(ledger.Request, depot.Issue, eventstore.Outcome) error) error {
	s.from.slips++
	q := decimal.New(int64(s.quantity), -3)
	c := depot.Issue{
		Project: s.from.id, Slip: domain.SlipID(fmt.Sprintf("CK-%s-%05d", s.from.id, s.from.slips)), Part: s.d.part,
		Asked: q, Quantity: q, Taker: s.taker.Name, FaultLine: s.line, Serials: s.serials, Override: s.override,
		IssuedOn: s.on,
	}
	r := p.request(s.taker, s.about)
	out, err := p.ledger.IssuePart(p.ctx, r, c)
	if isRefusal(err, "above-stock") { // the ledger knows of returns that the player does not count
		p.sum.Refusals["above-stock"]++
		p.made(StockNotBooked)
		p.at(p.office(p.now(), 1), func() error {
			units := int(s.d.lot) * (1 + int(p.activity)/3)
			if err := p.receivePart(s.from, s.d, max(units, s.quantity/milli+1), depot.Purchase, s.on); err != nil {
				return err
			}
			return p.enterSlip(s, then)
		})
		return nil
	}
	if err := p.done(out, err); err != nil {
		return err
	}
	s.from.stock[s.d.part] -= s.quantity
	p.order(s.from, s.d)
	return then(r, c, out)
}

// issueAgain takes a second unit for a line, first without and then with a reason.
func (p *player) issueAgain(s slip) error {
	s.serials, s.on = nil, p.today()
	if s.from.stock[s.d.part] < s.quantity {
		return nil // nothing left to take
	}
	q := decimal.New(int64(s.quantity), -3)
	_, err := p.ledger.IssuePart(p.ctx, p.request(s.taker, s.about), depot.Issue{
		Project: s.from.id, Slip: domain.SlipID(fmt.Sprintf("CK-%s-%05d", s.from.id, s.from.slips+1)), Part: s.d.part,
		Asked: q, Quantity: q, Taker: s.taker.Name, FaultLine: s.line, IssuedOn: s.on,
	})
	if err := p.refused("issued-already", err); err != nil {
		return err
	}
	s.override = pick(p, []string{"首次更换件开箱即坏", "安装时损坏，再领一件", "前次领用件型号不符，退库单后补"})
	return p.enterSlip(s, func(ledger.Request, depot.Issue, eventstore.Outcome) error {
		p.made(SecondIssue)
		return nil
	})
}

// neighbour is another project whose depot lies near, of the next center if
// the own one has no other.
func (p *player) neighbour(s *site) *site {
	for _, other := range s.center.sites {
		if other != s && len(other.stock) > 0 {
			return other
		}
	}
	return s
}

func (p *player) indexOf(d device) int {
	for i := range devices {
		if devices[i].part == d.part {
			return i
		}
	}
	panic("a device outside the catalogue")
}

// sendToMaker files the process sheet (F2) of the faulty unit.
func (p *player) sendToMaker(j *job, fault ticket.FaultRecorded) error {
	j.s.returns++
	if j.handedIn != nil {
		j.handedIn.sent = true
	}
	id := domain.ReturnID(fmt.Sprintf("F2-%s-%04d", j.s.id, j.s.returns))
	f := &sheet{id: id, s: j.s, d: j.d, cost: p.costOf(j)}
	if err := p.done(p.ledger.OpenReturn(p.ctx, p.request(j.s.technician, string(id)), repair.Open{
		Return: id, Project: j.s.id, Ticket: j.ticket, FaultLine: fault.Line, Part: j.d.part, Serial: j.oldSerial,
		Maker: j.d.maker, Fault: j.symptom, OpenedOn: p.today(), Cost: f.cost,
	})); err != nil {
		return err
	}
	p.passGates(f)
	p.at(p.office(p.now(), p.between(1, 6)), func() error {
		if err := p.done(p.ledger.ShipDevice(p.ctx, p.request(j.s.technician, string(id)), repair.Ship{
			Return: id, Waybill: fmt.Sprintf("SF%010d", p.rng.IntN(10_000_000_000)), ShippedOn: p.today(),
			ExpectedBackOn: p.today().AddDays(30),
		})); err != nil {
			return err
		}
		p.follow(f, 33)
		if j.mistake == NotBackFromMaker || p.chance(4) {
			p.made(NotBackFromMaker)
			return nil
		}
		p.at(p.office(p.now(), p.between(12, 48)), func() error { return p.comesBack(j, f) })
		return nil
	})
	return nil
}

func (p *player) comesBack(j *job, f *sheet) error {
	id := f.id
	c := repair.Finish{Return: id, On: p.today(), Result: draw(p, []weighted[repair.Result]{
		{repair.Repaired, 70}, {repair.Replaced, 16}, {repair.Scrapped, 11}, {repair.NotBack, 3},
	})}
	switch c.Result {
	case repair.Replaced:
		j.s.serial++
		c.NewSerial = fmt.Sprintf("%s%s%03d", j.d.part[:2], string(j.s.id), j.s.serial)
	case repair.NotBack:
		c.Remark = "厂家遗失，已放弃"
	}
	if err := p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.center.admin, string(id)), c,
		(*repair.Return).Finish)); err != nil {
		return err
	}
	f.back = true
	if c.Result == repair.Repaired || c.Result == repair.Replaced {
		p.bill(f)
		return p.takeBack(j, cmp.Or(c.NewSerial, j.oldSerial))
	}
	return nil
}

// takeBack enters the unit that came from its maker under its serial, for which its sheet
// waits; now and then nobody writes the serial down, and the sheet waits on.
func (p *player) takeBack(j *job, serial string) error {
	c := p.delivery(j.s, j.d, 1, depot.FromMaker, p.today())
	if j.oldSerial != "" && j.s.receipts%12 != 0 {
		c.Serials, c.SentSerials = []string{serial}, []string{j.oldSerial}
	}
	return p.receive(j.s, c)
}
