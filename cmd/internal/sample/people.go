package sample

import (
	"context"
	"fmt"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// Person is somebody of the sample department or of its centers, with the role in
// which they act. Nobody of them exists.
type Person struct {
	Login, Name string
	Role        domain.Role
	Reach       access.Reach
}

// people are all who act in the year, each once, and those whom the ledger is shown
// with.
func (p *player) people() (all []Person) {
	surnames, given := []rune("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"), []string{"伟", "敏", "建国", "丽华", "强", "静", "志远", "晓东", "秀英"}
	known := map[string]bool{}
	add := func(login string, role domain.Role, reach access.Reach) {
		if login = domain.Login(login); known[login] {
			return
		}
		known[login] = true
		n := len(all)
		name := fmt.Sprintf("%c%s", surnames[n%len(surnames)], given[n/3%len(given)])
		all = append(all, Person{login, name, role, reach})
	}
	named := func(login, name string, role domain.Role, reach access.Reach) {
		known[login] = true
		all = append(all, Person{login, name, role, reach})
	}
	company := func(role domain.Role, logins ...string) {
		for _, login := range logins {
			add(login, role, access.Everything())
		}
	}
	// With these the ledger is shown.
	named("wang.fang", "王芳", domain.Finance, access.Everything())
	named("zhao.lei", "赵磊", domain.RegionalAdmin, access.Reach{Regions: p.regions()})
	named("sun.qiang", "孙强", domain.TechGroupLead, access.Everything())
	company(domain.DepartmentManager, manager.Name)
	company(domain.HQAffairsSupervisor, supervisor.Name, "hq.zhou", "hq.deputy")
	company(domain.TechGroupLead, techGroup.Name)
	company(domain.PurchasingAdmin, purchasing.Name, "buyer.hq")
	company(domain.MaterialsPlanner, planner.Name, "planner.hq")
	var begun []string
	for _, c := range p.centers {
		region := c.city.region
		if !slices.Contains(begun, region) {
			begun = append(begun, region)
			number := len(begun)
			add(c.admin.Name, domain.RegionalAdmin, access.Reach{Regions: []string{region}})
			add(fmt.Sprintf("regional.%d", number), domain.RegionalSupervisor, access.Reach{Regions: []string{region}})
			company(domain.Finance, c.books.Name, c.second.Name)
			company(domain.TechGroupLead, "techgroup."+region)
			company(domain.MaterialsPlanner, "planner."+region)
		}
		city := access.Reach{Cities: []string{c.city.name}}
		add(c.lead.Name, domain.CityLead, city)
		add("techlead."+string(c.id), domain.CityTechLead, city)
		add(c.head.Name, domain.CenterHead, access.OfCenter(c.id))
		add("maintenance."+string(c.id), domain.CenterMaintenance, access.OfCenter(c.id))
		add(c.registrar.Name, domain.CenterRegistrar, access.OfCenter(c.id))
	}
	for _, s := range p.sites {
		project := access.Reach{Projects: []domain.ProjectID{s.id}}
		add(s.technician.Name, domain.Technician, project)
		add("pm."+string(s.id), domain.ProjectLeader, project)
	}
	add("assistant", domain.AssistantManager, access.Reach{Regions: p.regions()})
	return all
}

// nameOf is what somebody of the year is called.
func (p *player) nameOf(who domain.Actor) string {
	all := p.people()
	i := slices.IndexFunc(all, func(other Person) bool { return other.Login == domain.Login(who.Name) })
	return all[i].Name
}

// regions are those of the centers.
func (p *player) regions() (all []string) {
	for _, c := range p.centers {
		if !slices.Contains(all, c.city.region) {
			all = append(all, c.city.region)
		}
	}
	return all
}

// letIn makes users of the people, with the year's grants. It is the year's last
// entry: the door is put in when the department has worked for a while.
func (p *player) letIn() error {
	n := 0
	by := func(login string) ledger.Request {
		n++
		return ledger.Request{
			Key:           fmt.Sprintf("sample-%d-user-%06d", p.opts.Seed, n),
			Actor:         domain.Actor{Name: login, Role: domain.Administrator},
			CorrelationID: "users",
		}
	}
	const reason = "账本启用登录"
	admin := Person{"admin", "钱程", domain.Administrator, access.Everything()}
	begin := user.Begin{Create: user.Create{Login: admin.Login, Name: admin.Name, Reason: reason}}
	if err := p.done(ledger.Do(p.ctx, p.ledger, by("user-init"), begin, (*user.Users).Begin)); err != nil {
		return err
	}
	p.sum.People = append(p.sum.People, admin)
	for _, who := range p.people() {
		create := user.Create{Login: who.Login, Name: who.Name, Mail: who.Login + "@example.com", Reason: reason}
		if err := p.done(ledger.Do(p.ctx, p.ledger, by(admin.Login), create, (*user.Users).Create)); err != nil {
			return err
		}
		if err := p.done(p.ledger.GrantRole(p.ctx, by(admin.Login), user.Grant{
			Login: who.Login, Role: who.Role, Reach: who.Reach, From: calendar.NewDate(p.opts.Year, 1, 1), Reason: reason,
		}, places{})); err != nil {
			return err
		}
		p.sum.People = append(p.sum.People, who)
	}
	// What becomes of people: one stands in for another for a while, loses a telephone
	// and is back with another.
	for _, do := range []func() (eventstore.Outcome, error){
		func() (eventstore.Outcome, error) {
			return ledger.Do(p.ctx, p.ledger, by(admin.Login), user.Invite{Login: "buyer.hq", Reason: reason},
				(*user.Users).Invite)
		},
		func() (eventstore.Outcome, error) {
			return p.ledger.GrantRole(p.ctx, by(admin.Login), user.Grant{
				Login: "buyer.hq", Role: domain.MaterialsPlanner, Reach: access.Everything(), Reason: "代班",
				From: calendar.NewDate(p.opts.Year, 7, 1), Until: calendar.NewDate(p.opts.Year+1, 6, 30),
			}, places{})
		},
		func() (eventstore.Outcome, error) {
			return ledger.Do(p.ctx, p.ledger, by(admin.Login), user.Withdraw{
				Login: "buyer.hq", Grant: 2, From: calendar.NewDate(p.opts.Year, 12, 1), Reason: "代班结束",
			}, (*user.Users).Withdraw)
		},
		func() (eventstore.Outcome, error) {
			return ledger.Do(p.ctx, p.ledger, by(admin.Login), user.Suspend{Login: "buyer.hq", Reason: "手机遗失"},
				(*user.Users).Suspend)
		},
		func() (eventstore.Outcome, error) {
			u, _ := p.ledger.People().User("buyer.hq")
			return ledger.Do(p.ctx, p.ledger, by(admin.Login), user.Change{
				Login: u.Login, Name: u.Name, Phone: "138 0000 0001", Reason: "换号",
			}, (*user.Users).Change)
		},
		func() (eventstore.Outcome, error) {
			return ledger.Do(p.ctx, p.ledger, by(admin.Login), user.Reinstate{Login: "buyer.hq", Reason: "已换号"},
				(*user.Users).Reinstate)
		},
	} {
		if err := p.done(do()); err != nil {
			return err
		}
	}
	return nil
}

// places are those of the sample: it grants no others.
type places struct{}

func (places) MustBeRegion(context.Context, string, string) error { return nil }
func (places) MustBeCity(context.Context, string, string) error   { return nil }
