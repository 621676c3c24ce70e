package sample

import (
	"fmt"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/importlayout"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// projectsOf says how many projects each of twelve centers has: 40 in all.
var projectsOf = [12]int{5, 4, 4, 4, 4, 4, 3, 3, 3, 3, 2, 1}

// milli: quantities are counted in thousandths of a unit, for cable.
const milli = 1000

// smallCenter is the index of the center whose year can be checked by hand.
const smallCenter = len(projectsOf) - 1

// center is a property center as the player sees it.
type center struct {
	id                         domain.CenterID
	name                       string
	city                       city
	habit                      habit
	sites                      []*site
	registrar, head            domain.Actor
	admin, lead, books, second domain.Actor // regional admin, city lead, two of finance
	charges, payments          int          // numbers given out
	special, reminders         int
	writeOffs                  int
	open                       []openCharge
	received                   []receivedMoney
	lines                      []AccountLine
}

// site is a project with its depot.
type site struct {
	id         domain.ProjectID
	name       string
	center     *center
	size       float64 // of activity, 1 on average
	presence   policy.Presence
	leaves     calendar.Date // when the presence changes; zero: never
	warranty   project.Warranty
	technician domain.Actor
	techLead   domain.Actor
	tickets    int
	lines      int
	returns    int
	slips      int
	receipts   int
	serial     int
	stock      map[domain.PartCode]int // thousandths of a unit
	shelf      *shelf                  // nil: no depot
	ordered    map[domain.PartCode]bool
}

// found invents the department and puts its first days on the agenda.
func (p *player) found(replicas int) {
	p.clock.Set(p.begin)
	p.publish()
	p.describeParts()
	p.recordSuppliers()
	for i := range replicas * len(projectsOf) {
		c := p.foundCenter(i)
		p.at(p.begin.Add(8*time.Hour+time.Duration(len(p.centers))*20*time.Second), func() error { return p.openAccount(c) })
		for range projectsOf[i%len(projectsOf)] {
			s := p.foundSite(c)
			p.at(p.begin.Add(10*time.Hour+time.Duration(len(p.sites))*15*time.Second),
				func() error { return p.registerProject(s) })
		}
	}
	p.playSmall(p.centers[smallCenter])
	p.at(p.on(time.December, 31, 24).Add(-time.Second), p.handOver)
	p.at(p.on(time.December, 31, 24).Add(-time.Millisecond), p.letIn)
	p.planTable()
}

// handOver gives a project to the next center, from the last quarter on: it is
// among the year's last entries, so that everybody else still finds it where it
// was. Work outside the price list that awaits its approval meanwhile, and damage
// whose sheet awaits its review, are charged to that center.
func (p *player) handOver() error {
	from, to := p.centers[1], p.centers[2]
	ask := account.RequestOffList{
		Charge: domain.ChargeID(fmt.Sprintf("TS-%s-HANDOVER", from.id)), Center: from.id, Project: from.sites[0].id,
		Kind:    pricelist.Repair,
		Service: "岗亭道闸改造", Quantity: decimal.NewFromInt(1), Unit: "项", UnitPrice: decimal.NewFromInt(320),
		Tax:        money.Tax{Rate: decimal.New(6, -2)},
		OccurredOn: p.today(), Reason: "价目表外",
	}
	asked, err := p.ledger.RequestOffList(p.ctx, p.request(from.lead, string(ask.Charge)), ask)
	if err := p.does(from, asked, err); err != nil {
		return err
	}
	decide, err := p.damageAtHandOver(from)
	if err != nil {
		return err
	}
	if err := p.done(p.ledger.AssignCenter(p.ctx, p.request(from.admin, "handover"), project.AssignCenter{
		Project: from.sites[0].id, Center: to.id, From: calendar.NewDate(p.opts.Year, time.October, 1),
	})); err != nil {
		return err
	}
	approved, err := p.ledger.DecideOffList(p.ctx, p.request(supervisor, string(ask.Charge)), account.DecideOffList{
		Charge: ask.Charge, Center: from.id, Approve: true, Note: "已核实",
	})
	if err := p.does(to, approved, err); err != nil {
		return err
	}
	charged, err := decide()
	return p.does(to, charged, err)
}

// damageAtHandOver is a compensation that is quoted and stated before the project
// goes; decide reviews its sheet.
func (p *player) damageAtHandOver(from *center) (decide func() (eventstore.Outcome, error), err error) {
	quote := domain.QuoteID(fmt.Sprintf("PC-%s-HANDOVER", from.id))
	amount := money.Fen(260_00)
	out, err := p.ledger.QuoteCompensation(p.ctx, p.request(supervisor, string(quote)), account.QuoteCompensation{
		Quote: quote, Center: from.id, Project: from.sites[0].id, Room: "岗亭", Damage: "车辆撞坏道闸杆", Amount: amount,
		TaxRate: decimal.New(6, -2),
	})
	if err := p.does(from, out, err); err != nil {
		return nil, err
	}
	sheet := domain.ReturnID("F2-" + string(quote))
	p.sum.Events["DocumentNumberClaimed"]++ // the F2's, in a stream of its own
	return func() (eventstore.Outcome, error) {
			return p.ledger.DecideReturn(p.ctx, p.request(supervisor, string(quote)),
				ledger.DecideReturn{Return: sheet, Approve: true})
		}, p.done(p.ledger.FileCompensation(p.ctx, p.request(from.lead, string(quote)), ledger.FileCompensation{
			Return: sheet, Center: from.id, Quote: quote, Charge: domain.ChargeID(quote), Amount: amount, OccurredOn: p.today(),
		}))
}

func (p *player) publish() {
	hq := domain.Actor{Name: "hq.zhou", Role: domain.HQAffairsSupervisor}
	publish := func(version string, from calendar.Date, second bool) func() error {
		return func() error {
			return p.done(ledger.Do(p.ctx, p.ledger, p.request(hq, "price-list-"+version), pricelist.Publish{
				Version: version, EffectiveFrom: from, Items: priceList(second),
			}, ledger.Dateless((*pricelist.List).Publish)))
		}
	}
	first, second := calendar.NewDate(p.opts.Year, time.January, 1), calendar.NewDate(p.opts.Year, time.September, 1)
	p.at(p.on(time.January, 1, 7), publish(fmt.Sprintf("%d-01", p.opts.Year), first, false))
	p.at(p.on(time.August, 20, 15), publish(fmt.Sprintf("%d-09", p.opts.Year), second, true))
	p.at(p.on(time.January, 1, 8), func() error {
		return p.done(ledger.Do(p.ctx, p.ledger, p.request(hq, "layout-charges"), importlayout.Save{
			Kind: "charges", Name: "物业收费台账", Columns: map[string]string{"charge": "台账号", "item": "收费事项", "occurredOn": "发生日"},
		}, ledger.Dateless((*importlayout.Layouts).Save)))
	})
}

func (p *player) foundCenter(i int) *center {
	region := i % len(projectsOf)
	city := cities[region]
	c := &center{
		id: domain.CenterID(fmt.Sprintf("C%02d", i+1)), name: estate(i) + "物业服务中心", city: city, habit: habits[region],
	}
	if i >= len(projectsOf) && region == smallCenter {
		c.habit = quarterly
	}
	own := func(role domain.Role, title string) domain.Actor {
		return domain.Actor{Name: fmt.Sprintf("%s.%s", title, c.id), Role: role, Center: c.id}
	}
	c.registrar, c.head = own(domain.CenterRegistrar, "registrar"), own(domain.CenterHead, "head")
	ours := func(role domain.Role, title string) domain.Actor {
		return domain.Actor{Name: fmt.Sprintf("%s.%d", title, region/4+1), Role: role}
	}
	c.admin, c.books, c.second = ours(domain.RegionalAdmin,
		"admin"), ours(domain.Finance, "finance"), ours(domain.Finance, "cashier")
	c.lead = domain.Actor{Name: fmt.Sprintf("lead.%02d", region+1), Role: domain.CityLead}
	p.centers = append(p.centers, c)
	return c
}

func (p *player) openAccount(c *center) error {
	terms := account.Terms{SameDueDate: account.ByChargeDate}
	if c.habit == roundSums || c.habit == advance {
		terms.SameDueDate = account.ProRata
	}
	p.payDays(c)
	p.planReconciliation(c)
	return p.done(ledger.Do(p.ctx, p.ledger, p.request(c.admin, string(c.id)), account.Open{
		Center: c.id, Name: c.name, Region: c.city.region, Terms: terms,
	}, (*account.Account).Open))
}

func (p *player) foundSite(c *center) *site {
	n := len(p.sites) + 1
	s := &site{
		id: domain.ProjectID(fmt.Sprintf("P%03d", n)), center: c, size: 0.6 + p.rng.Float64()*0.9, presence: policy.OnProject,
		name:       fmt.Sprintf("%s%s期", c.name[:len(c.name)-len("物业服务中心")], numerals[len(c.sites)]),
		technician: domain.Actor{Name: fmt.Sprintf("tech.P%03d", n), Role: domain.Technician},
		techLead:   domain.Actor{Name: "techlead." + string(c.id), Role: domain.CityTechLead},
		stock:      map[domain.PartCode]int{}, ordered: map[domain.PartCode]bool{},
	}
	// Later phases are younger. Some warranties end within the year, and some
	// teams leave in it.
	occupied := calendar.NewDate(p.opts.Year, time.Month(p.between(1, 12)),
		p.between(1, 28)).AddMonths(-12 * p.between(1, 4))
	s.warranty = project.Warranty{
		CompletionHandoverOn: occupied.AddDays(-p.between(60, 200)), AcceptanceOn: occupied.AddDays(-p.between(10, 50)),
		OccupancyOn: occupied, StartsFrom: project.FromOccupancy, Months: 24,
	}
	switch {
	case p.chance(25):
		s.warranty.StartsFrom = project.FromCompletionHandover
	case p.chance(20):
		s.warranty.StartsFrom, s.warranty.Months = project.FromAcceptance, 36
	}
	switch n % 10 {
	case 4:
		s.presence = policy.ElsewhereCity
	case 7:
		s.presence = policy.LeftCity
	case 1, 9:
		s.leaves = calendar.NewDate(p.opts.Year, time.Month(p.between(3, 10)), p.between(1, 28))
	}
	c.sites, p.sites = append(c.sites, s), append(p.sites, s)
	return s
}

func (p *player) registerProject(s *site) error {
	served := p.today().AddMonths(-6)
	err := p.done(p.ledger.RegisterProject(p.ctx, p.request(s.center.admin, string(s.id)), project.Register{
		Project: s.id, Name: s.name, Region: s.center.city.region, City: s.center.city.name, Center: s.center.id,
		From: served, Presence: s.presence, Warranty: s.warranty,
	}))
	if err != nil || s.center == p.centers[smallCenter] || p.quiet(s.center) {
		return err
	}
	if err := p.planService(s); err != nil {
		return err
	}
	p.at(p.office(p.now(), 1), func() error { return p.stockUp(s) })
	p.at(p.nextTicket(s, p.now()), func() error { return p.ticketArrives(s) })
	if !s.leaves.IsZero() {
		p.at(p.office(s.leaves.Start(), p.between(-5, 6)), func() error { return p.teamLeaves(s) })
	}
	return nil
}

// quiet tells a center whose projects have no need of anything.
func (p *player) quiet(c *center) bool {
	i := slices.Index(p.centers, c)
	return p.opts.Only > 0 && i%len(projectsOf) != p.opts.Only-1
}

func (p *player) teamLeaves(s *site) error {
	s.presence = policy.ElsewhereCity
	if p.chance(30) {
		s.presence = policy.LeftCity
	}
	return p.done(ledger.Do(p.ctx, p.ledger, p.request(s.center.lead, string(s.id)), project.ChangePresence{
		Project: s.id, Presence: s.presence, From: s.leaves,
	}, ledger.Dateless((*project.Project).ChangePresence)))
}

// stockUp enters what the depot holds at the beginning of the year.
func (p *player) stockUp(s *site) error {
	for _, d := range devices {
		n := int(d.lot)
		if d.part != cable {
			n = p.between(1, 3) + int(p.activity)
		}
		if err := p.receivePart(s, d, n, depot.OpeningStock, p.today()); err != nil {
			return err
		}
	}
	return p.keepDepot(s)
}

// receivePart enters units without a serial.
func (p *player) receivePart(s *site, d device, units int, source depot.Source, on calendar.Date) error {
	return p.receive(s, p.delivery(s, d, units, source, on))
}

func (p *player) receive(s *site, c depot.Receive) error {
	return p.done(p.ledger.ReceivePart(p.ctx, p.request(s.center.admin, string(s.id)), c))
}

// delivery is what arrives, at a price near the usual one.
func (p *player) delivery(s *site, d device, units int, source depot.Source, on calendar.Date) depot.Receive {
	s.receipts++
	s.stock[d.part] += units * milli
	s.ordered[d.part] = false
	return depot.Receive{
		Project: s.id, Receipt: domain.SlipID(fmt.Sprintf("RK-%s-%04d", s.id, s.receipts)), Part: d.part,
		Quantity: decimal.NewFromInt(int64(units)), Value: money.Fen(d.cost * int64(units) * int64(p.between(96, 104)) / 100),
		Source: source, ReceivedOn: on,
	}
}

// order buys another lot where little is left, to arrive within weeks.
func (p *player) order(s *site, d device) {
	if s.stock[d.part] > (1+int(p.activity)/3)*milli || s.ordered[d.part] {
		return
	}
	s.ordered[d.part] = true
	bought := p.office(p.now(), p.between(10, 40))
	p.at(bought, func() error {
		return p.receivePart(s, d, int(d.lot)*(1+int(p.activity)/3), depot.Purchase, p.today())
	})
}
