package sample

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// This file plays what the keepers of the depots do: they describe parts, count,
// move spares between projects, take faulty units in, send them to their makers
// and scrap them; and the tech group lead reviews the fault record. The spares
// that they move are parts of their own, so that what technicians find in stock
// is as it was.

const (
	battery    = domain.PartCode("BAT-7AH")
	controller = domain.PartCode("MC-16")

	batteryCost, controllerCost = 8_500, 64_000 // fen
)

// refurbished is the code under which repaired units of a part are kept.
func refurbished(part domain.PartCode) domain.PartCode { return part + "-R" }

// faultyUnit is a unit on the shelf, or at its maker.
type faultyUnit struct {
	d      device
	serial string
	line   domain.FaultLineID
	on     calendar.Date
	sent   bool // on a process sheet of its own
}

// reviewable is a line of F1 that awaits the tech group lead.
type reviewable struct {
	ticket     domain.TicketID
	line       domain.FaultLineID
	technician domain.Actor
}

// shelf is what a keeper knows of a depot beside the technicians' stock.
type shelf struct {
	batteries   int
	controllers []string // serials
	repaired    map[domain.PartCode][]string
	units       []*faultyUnit
	seen        map[string]bool
	taken       map[domain.PartCode]int // thousandths of a unit that are gone without a slip
	lines       []reviewable
	documents   int
}

func newKeepers(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0xde_9075)) }

// keeping has what it does draw from the keepers' own luck.
func (p *player) keeping(do func() error) error {
	p.rng, p.keepers = p.keepers, p.rng
	defer func() { p.rng, p.keepers = p.keepers, p.rng }()
	return do()
}

func (p *player) keep(t time.Time, do func() error) {
	p.at(t, func() error { return p.keeping(do) })
}

func (s *site) document(kind string) domain.SlipID {
	s.shelf.documents++
	return domain.SlipID(fmt.Sprintf("%s-%s-%04d", kind, s.id, s.shelf.documents))
}

func (c *center) planner() domain.Actor {
	return domain.Actor{Name: "planner." + c.city.region, Role: domain.MaterialsPlanner}
}

// describeParts enters the catalogue on the first day.
func (p *player) describeParts() {
	p.keep(p.on(time.January, 1, 7), func() error {
		from := calendar.DateOf(p.begin)
		parts := []catalogue.PartCatalogued{
			{Part: battery, Name: "蓄电池 12V7AH", Unit: "个", WarrantyCost: money.Fen(batteryCost), From: from},
			{Part: controller, Name: "门禁控制器 MC-16", Maker: "通立门禁", Unit: "台", Serialised: true, WarrantyCost: money.Fen(controllerCost), From: from},
		}
		for _, l := range supplies {
			parts = append(parts, catalogue.PartCatalogued{Part: l.Part, Name: l.Name, Unit: "个", From: from})
		}
		for _, d := range devices {
			unit := "台"
			if d.part == cable {
				unit = "米"
			}
			parts = append(parts,
				catalogue.PartCatalogued{
					Part: d.part, Name: d.name, Maker: d.maker, Unit: unit, WarrantyCost: money.Fen(d.cost), From: from,
				})
			if d.maker != "" {
				parts = append(parts,
					catalogue.PartCatalogued{
						Part: refurbished(d.part), Name: d.name + "（返修）", Maker: d.maker, Unit: unit, Serialised: true, From: from,
					})
			}
		}
		planner := domain.Actor{Name: "planner.hq", Role: domain.MaterialsPlanner}
		return p.done(p.ledger.DescribeParts(p.ctx, p.request(planner, "catalogue"), catalogue.Describe{Parts: parts}))
	})
}

// keepDepot puts a depot's year on the agenda.
func (p *player) keepDepot(s *site) error {
	return p.keeping(func() error {
		n := slices.Index(p.sites, s)
		s.shelf = &shelf{
			repaired: make(map[domain.PartCode][]string), seen: make(map[string]bool), taken: make(map[domain.PartCode]int),
		}
		for m := time.January; m <= time.December; m++ {
			end := calendar.NewDate(p.opts.Year, m, 1).AddMonths(1).AddDays(-1)
			p.keep(end.Start().Add(24*time.Hour-time.Second), func() error { return p.countDepot(s) })
			p.keep(p.on(m, 28, 9).Add(time.Duration(n%360)*time.Minute), func() error { return p.reviewLines(s) })
			p.keep(p.on(m, 20, 10).Add(time.Duration(n%360)*time.Minute), func() error { return p.shipShelf(s) })
			if m%3 == 2 {
				p.keep(p.on(m, 10+n%10, 11), func() error { return p.lend(s) })
				p.keep(p.on(m, 15, 14).Add(time.Duration(n%180)*time.Minute), func() error { return p.lendOut(s) })
			}
		}
		for _, m := range []time.Month{time.June, time.November} {
			p.keep(p.on(m, 22, 15).Add(time.Duration(n%120)*time.Minute), func() error { return p.scrapBattery(s) })
		}
		s.shelf.batteries = 12
		if err := p.spares(s, battery, 12, batteryCost, nil); err != nil {
			return err
		}
		if n%3 != 0 {
			return nil
		}
		for i := range 3 {
			s.shelf.controllers = append(s.shelf.controllers, fmt.Sprintf("MC%s%03d", s.id, i+1))
		}
		return p.spares(s, controller, 3, controllerCost, slices.Clone(s.shelf.controllers))
	})
}

func (p *player) spares(s *site, part domain.PartCode, units int, cost int64, serials []string) error {
	return p.done(p.ledger.ReceivePart(p.ctx, p.request(s.center.admin, string(s.id)), depot.Receive{
		Project: s.id, Receipt: s.document("RKB"), Part: part, Quantity: decimal.NewFromInt(int64(units)),
		Value: money.Fen(cost * int64(units) * int64(p.between(97, 103)) / 100), Source: depot.Purchase, Serials: serials,
		ReceivedOn: p.today(),
	}))
}

// lend takes spares along on a round of inspection; what is not needed comes
// back in one or two parts.
func (p *player) lend(s *site) error {
	c := depot.Issue{Project: s.id, Slip: s.document("CKB"), Part: battery, Taker: s.technician.Name, IssuedOn: p.today()}
	units := min(2, s.shelf.batteries)
	if len(s.shelf.controllers) > 0 && p.chance(50) {
		c.Part, c.Serials, units = controller, []string{s.shelf.controllers[0]}, 1
	}
	if units == 0 {
		return nil
	}
	c.Quantity = decimal.NewFromInt(int64(units))
	c.Asked = c.Quantity
	if err := p.done(p.ledger.IssuePart(p.ctx, p.request(s.technician, string(c.Slip)), c)); err != nil {
		return err
	}
	parts := []int{units}
	if units == 2 && p.chance(40) {
		parts = []int{1, 1}
	}
	s.lent(c.Part, -units)
	day := 0
	for _, back := range parts {
		day += p.between(1, 4)
		p.keep(p.office(p.now(), day), func() error {
			s.lent(c.Part, back)
			return p.done(ledger.Do(p.ctx, p.ledger, p.request(s.technician, string(c.Slip)), depot.ReturnUnused{
				Project: s.id, Slip: s.document("TK"), Issue: c.Slip, Quantity: decimal.NewFromInt(int64(back)), Serials: c.Serials,
				ReturnedBy: s.technician.Name, ReturnedOn: p.today(),
			}, (*depot.Depot).ReturnUnused))
		})
	}
	return nil
}

// lent keeps account of batteries that are out.
func (s *site) lent(part domain.PartCode, units int) {
	if part == battery {
		s.shelf.batteries += units
	}
}

// lendOut sends a battery to the next depot.
func (p *player) lendOut(s *site) error {
	n := slices.Index(p.sites, s)
	other := p.sites[(n+1)%len(p.sites)]
	if other.shelf == nil || other == s || s.shelf.batteries < 2 {
		return nil
	}
	c := depot.TransferOut{
		Project: s.id, Transfer: s.document("DB"), Part: battery, Quantity: decimal.NewFromInt(1), To: other.id,
		Reason: "相邻项目急用", TransferredOn: p.today(),
	}
	if err := p.done(p.ledger.TransferPart(p.ctx, p.request(s.technician, string(c.Transfer)), c)); err != nil {
		return err
	}
	p.sum.Events["DocumentNumberClaimed"]++ // recorded before the transfer, in a stream of its own
	s.shelf.batteries--
	if n%10 == 4 && p.now().Month() == time.November {
		return nil // never confirmed by who received it
	}
	p.keep(p.office(p.now(), p.between(1, 4)), func() error {
		other.shelf.batteries++
		return p.done(p.ledger.ReceiveTransfer(p.ctx, p.request(other.technician, string(c.Transfer)), depot.TransferIn{
			Project: other.id, Transfer: c.Transfer, From: s.id, ReceivedOn: p.today(),
		}))
	})
	return nil
}

func (p *player) scrapBattery(s *site) error {
	if s.shelf.batteries == 0 || !p.chance(60) {
		return nil
	}
	s.shelf.batteries--
	return p.done(p.ledger.ScrapPart(p.ctx, p.request(s.center.planner(), string(s.id)), depot.Scrap{
		Project: s.id, Slip: s.document("BF"), Part: battery, Condition: depot.Good, Quantity: decimal.NewFromInt(1),
		Reason: "存放过久，鼓包", ScrappedOn: p.today(),
	}))
}

// take keeps account of units that a technician has taken and not entered yet:
// a count does not see them, and the book does. times is −1 when the slip is
// entered.
func (p *player) take(j *job, times int) {
	from, part, quantity := j.s, j.d, j.quantity
	switch j.mistake {
	case WrongDepot:
		from = p.neighbour(j.s)
	case OtherPart:
		part = devices[(p.indexOf(part)+1)%len(devices)]
	case IssuedMore:
		quantity += milli
	case IssuedLess:
		quantity /= 2
	}
	if from.shelf != nil {
		from.shelf.taken[part.part] += times * quantity
	}
}

// faultRecorded follows a line of F1: the old unit is handed in, and the line
// awaits its review.
func (p *player) faultRecorded(j *job, fault ticket.FaultRecorded) error {
	if j.s.shelf == nil {
		return nil
	}
	return p.keeping(func() error {
		j.s.shelf.lines = append(j.s.shelf.lines, reviewable{j.ticket, fault.Line, j.s.technician})
		key := string(j.d.part) + " " + j.oldSerial
		if !j.replaces || j.oldSerial == "" || j.s.shelf.seen[key] || !p.chance(70) {
			return nil
		}
		j.s.shelf.seen[key] = true
		u := &faultyUnit{d: j.d, serial: j.oldSerial, line: fault.Line}
		j.handedIn = u
		p.keep(p.office(p.now(), p.between(0, 5)), func() error {
			u.on = p.today()
			j.s.shelf.units = append(j.s.shelf.units, u)
			return p.done(ledger.Do(p.ctx, p.ledger, p.request(j.s.technician, string(j.ticket)), depot.HandIn{
				Project: j.s.id, Slip: j.s.document("JJ"), Part: u.d.part, Quantity: decimal.NewFromInt(1),
				Serials:   []string{u.serial},
				FaultLine: u.line, HandedInBy: j.s.technician.Name, HandedInOn: p.today(),
			}, (*depot.Depot).HandIn))
		})
		return nil
	})
}

// shipShelf sends what has been on the shelf for weeks to the makers, and
// scraps what nobody repairs.
func (p *player) shipShelf(s *site) error {
	batches := make(map[string][]*faultyUnit)
	var makers []string
	s.shelf.units = slices.DeleteFunc(s.shelf.units, func(u *faultyUnit) bool {
		ready := !u.sent && u.on.AddDays(20) <= p.today()
		if ready {
			if len(batches[u.d.maker]) == 0 {
				makers = append(makers, u.d.maker)
			}
			batches[u.d.maker] = append(batches[u.d.maker], u)
		}
		return ready || u.sent
	})
	for _, maker := range makers {
		send := p.shipBatch
		if maker == "" {
			send = p.scrapUnits
		}
		if err := send(s, maker, batches[maker]); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) scrapUnits(s *site, _ string, units []*faultyUnit) error {
	for _, u := range units {
		if err := p.done(p.ledger.ScrapPart(p.ctx, p.request(s.center.planner(), string(s.id)), depot.Scrap{
			Project: s.id, Slip: s.document("BF"), Part: u.d.part, Condition: depot.Faulty, Quantity: decimal.NewFromInt(1),
			Serials:   []string{u.serial},
			FaultLine: u.line, Reason: "无维修价值", ScrappedOn: p.today(),
		})); err != nil {
			return err
		}
	}
	return nil
}

func (p *player) shipBatch(s *site, maker string, units []*faultyUnit) error {
	c := depot.ShipFaulty{
		Project: s.id, Shipment: s.document("FC"), Maker: maker, Waybill: fmt.Sprintf("YT%010d", p.rng.IntN(10_000_000_000)),
		ShippedOn:      p.today(),
		ExpectedBackOn: p.today().AddDays(30),
	}
	for _, u := range units {
		c.Units = append(c.Units,
			depot.FaultyUnit{Part: u.d.part, Quantity: decimal.NewFromInt(1), Serial: u.serial, FaultLine: u.line})
	}
	if err := p.done(p.ledger.ShipFaulty(p.ctx, p.request(s.center.admin, string(c.Shipment)), c)); err != nil {
		return err
	}
	for _, u := range units {
		if p.chance(8) {
			continue // the maker keeps it waiting
		}
		serial := u.serial
		if p.chance(25) {
			serial = fmt.Sprintf("%sR%s%04d", u.d.part[:2], s.id, len(s.shelf.seen)*10+p.rng.IntN(10))
		}
		key := string(refurbished(u.d.part)) + " " + serial
		if s.shelf.seen[key] {
			continue
		}
		s.shelf.seen[key] = true
		p.keep(p.office(p.now(), p.between(20, 45)), func() error {
			part := refurbished(u.d.part)
			s.shelf.repaired[part] = append(s.shelf.repaired[part], serial)
			return p.done(p.ledger.ReceivePart(p.ctx, p.request(s.center.admin, string(c.Shipment)), depot.Receive{
				Project: s.id, Receipt: s.document("RKF"), Part: part, Quantity: decimal.NewFromInt(1),
				Value:  money.Fen(u.d.cost * int64(p.between(0, 3)) / 10),
				Source: depot.FromMaker, Serials: []string{serial}, ReceivedOn: p.today(), Shipment: c.Shipment,
				SentSerials: []string{u.serial},
			}))
		})
	}
	return nil
}

// countDepot sees what is there at the end of a month; the sheet is entered on
// the next day. Now and then something is missing; differences of the spares
// are adjusted, by somebody else.
func (p *player) countDepot(s *site) error {
	c := depot.Count{
		Project: s.id, Count: domain.SlipID(fmt.Sprintf("PD-%s-%s", s.id, p.now().Format("0601"))),
		CountedBy: s.technician.Name, Witness: "物业 " + s.registrarName(), CountedOn: p.today(),
	}
	for _, d := range devices {
		there := s.stock[d.part] - s.shelf.taken[d.part]
		if there < 0 {
			continue // a delivery that is not booked yet: counted next time
		}
		units := decimal.New(int64(there), -3)
		line := depot.Counted{Part: d.part, Counted: units}
		if missing := decimal.NewFromInt(1); p.chance(2) && units.GreaterThanOrEqual(missing) {
			line.Counted = units.Sub(missing)
			line.Reason = pick(p, []string{"", "可能未开出库单", "待查"})
		}
		c.Lines = append(c.Lines, line)
	}
	difference := 0
	switch n := p.rng.IntN(100); {
	case n < 8 && s.shelf.batteries > 0:
		difference = -1
	case n < 11:
		difference = 1
	}
	c.Lines = append(c.Lines,
		depot.Counted{Part: battery, Counted: decimal.NewFromInt(int64(s.shelf.batteries + difference))})
	for _, part := range devices {
		if serials := s.shelf.repaired[refurbished(part.part)]; len(serials) > 0 {
			c.Lines = append(c.Lines,
				depot.Counted{
					Part: refurbished(part.part), Counted: decimal.NewFromInt(int64(len(serials))), Serials: slices.Clone(serials),
				})
		}
	}
	by := s.technician
	if slices.Index(p.sites, s)%4 == 3 {
		by = s.center.admin
	}
	expected := decimal.NewFromInt(int64(s.shelf.batteries))
	s.shelf.batteries += difference
	p.keep(p.office(p.now(), 1), func() error { return p.enterCount(s, by, c, expected, difference) })
	return nil
}

func (p *player) enterCount(s *site, by domain.Actor, c depot.Count, expected decimal.Decimal, difference int) error {
	out, err := ledger.Do(p.ctx, p.ledger, p.request(by, string(c.Count)), c, (*depot.Depot).Count)
	if err := p.done(out, err); err != nil {
		return err
	}
	if book := batteryBook(out); !book.Equal(expected) {
		return fmt.Errorf("%s: the book says %s batteries, the keeper %s", s.id, book, expected)
	}
	if difference == 0 {
		return nil
	}
	adjust := depot.Adjust{
		Project: s.id, Adjustment: s.document("TZ"), Count: c.Count, Part: battery,
		Quantity: decimal.NewFromInt(int64(difference)), Reason: pick(p, []string{"查无单据", "历史遗留"}),
	}
	p.keep(p.office(p.now(), p.between(2, 6)), func() error { return p.adjust(s, by, adjust) })
	return nil
}

func batteryBook(out eventstore.Outcome) decimal.Decimal {
	for _, l := range out.Events[0].(depot.StockCounted).Lines {
		if l.Part == battery {
			return l.Book
		}
	}
	return decimal.Zero
}

func (s *site) registrarName() string { return s.center.registrar.Name }

// adjust brings the book to what was counted. An admin who entered the sheet
// tries it first, and is refused.
func (p *player) adjust(s *site, counted domain.Actor, c depot.Adjust) error {
	if counted.Role == domain.RegionalAdmin {
		_, err := ledger.Do(p.ctx, p.ledger, p.request(counted, string(c.Count)), c, (*depot.Depot).Adjust)
		if err := p.refused("own-submission", err); err != nil {
			return err
		}
		p.sum.Events["OwnDecisionRefused"]++
	}
	return p.done(ledger.Do(p.ctx, p.ledger, p.request(s.center.planner(), string(c.Count)), c, (*depot.Depot).Adjust))
}

// reviewLines is the tech group lead going through a project's fault record
// of the month.
func (p *player) reviewLines(s *site) error {
	lead := domain.Actor{Name: "techgroup." + s.center.city.region, Role: domain.TechGroupLead}
	lines := s.shelf.lines
	s.shelf.lines = nil
	for i, l := range lines {
		c := ticket.ReviewFaultLine{Ticket: l.ticket, Line: l.line, Verdict: ticket.Verified}
		if i == 0 && p.chance(3) { // stands in for the lead, and forgets what is their own
			own := domain.Actor{Name: l.technician.Name, Role: domain.TechGroupLead}
			_, err := ledger.Do(p.ctx, p.ledger, p.request(own, string(l.ticket)), c, (*ticket.Ticket).ReviewFaultLine)
			if err := p.refused("own-submission", err); err != nil {
				return err
			}
			p.sum.Events["OwnDecisionRefused"]++
		}
		if p.chance(4) {
			c.Verdict, c.Note = ticket.Queried, pick(p, []string{"更换数量与出库单不符，请说明", "旧件未见交回", "故障原因不明，请补充照片"})
			p.keep(p.office(p.now(), p.between(2, 12)), func() error {
				err := p.done(p.ledger.AnswerFaultLine(p.ctx, p.request(l.technician, string(l.ticket)), ledger.AnswerFaultLine{
					Ticket: l.ticket, Line: l.line, Answer: "已核对，单据和照片已补齐",
				}))
				if err != nil {
					return err
				}
				return p.done(ledger.Do(p.ctx, p.ledger, p.request(lead, string(l.ticket)), ticket.ReviewFaultLine{
					Ticket: l.ticket, Line: l.line, Verdict: ticket.Verified, Note: "已补充说明",
				}, (*ticket.Ticket).ReviewFaultLine))
			})
		}
		if err := p.done(ledger.Do(p.ctx, p.ledger, p.request(lead, string(l.ticket)), c,
			(*ticket.Ticket).ReviewFaultLine)); err != nil {
			return err
		}
	}
	return nil
}
