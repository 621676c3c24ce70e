package projections

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/bankref"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections/facts"
)

// World lives a random but legal life of a department: whatever it records was
// decided by the domain.
type World struct {
	t   testing.TB
	rnd *rand.Rand
	Now time.Time
	n   int // numbers documents

	Events    []facts.Recorded
	step      uint64 // positions from one event to the next
	revisions map[string]int64

	accounts map[domain.CenterID]*account.Account
	charges  map[domain.CenterID][]domain.ChargeID
	payments map[domain.CenterID][]domain.PaymentID
	depots   map[domain.ProjectID]*depot.Depot
	lines    []ticket.FaultRecorded
}

var (
	WorldCenters  = []domain.CenterID{"C01", "C02", "中海-3"}
	WorldRegions  = []string{"华东", "华南", "华东"}
	WorldProjects = []domain.ProjectID{"P1", "P2", "P3", "P4"}
	WorldParts    = []domain.PartCode{"CAM-1", "DOOR-2", "CABLE"}
)

func (w *World) centerOf(p domain.ProjectID) domain.CenterID {
	for i, id := range WorldProjects {
		if id == p {
			return WorldCenters[i%len(WorldCenters)]
		}
	}
	panic(p)
}

func NewWorld(t testing.TB, seed uint64) *World {
	w := &World{
		t: t, rnd: rand.New(rand.NewPCG(seed, 7)), Now: Noon("2025-11-20"), step: 1 + seed%3,
		revisions: make(map[string]int64), accounts: make(map[domain.CenterID]*account.Account),
		charges: make(map[domain.CenterID][]domain.ChargeID), payments: make(map[domain.CenterID][]domain.PaymentID),
		depots: make(map[domain.ProjectID]*depot.Depot),
	}
	for i, center := range WorldCenters {
		a := &account.Account{}
		w.accounts[center] = a
		terms := account.Terms{SameDueDate: []account.SameDueDate{account.ByChargeDate, account.ProRata}[i%2]}
		keep(w, account.Stream(center), a.Evolve)(a.Open(account.Open{
			Center: center, Name: "物业 " + string(center), Region: WorldRegions[i], Terms: terms,
		}, w.Today()))
	}
	for i, id := range WorldProjects {
		p := &project.Project{}
		keep(w, project.Stream(id), p.Evolve)(p.Register(project.Register{
			Project: id, Name: "花园 " + string(id), Region: WorldRegions[i%len(WorldRegions)], City: "上海", Center: w.centerOf(id),
			From: Day("2025-01-01"), Presence: policy.OnProject,
			Warranty: project.Warranty{AcceptanceOn: Day("2025-01-01"), StartsFrom: project.FromAcceptance, Months: 24},
		}, w.Today()))
		w.depots[id] = &depot.Depot{}
	}
	return w
}

// keep records what was decided and folds it into the state. A refusal is part
// of life: nothing is recorded.
func keep[E domain.Event](w *World, stream string, evolve func(E)) func([]E, error) bool {
	return func(events []E, err error) bool {
		for _, e := range events {
			evolve(e)
			w.record(stream, e)
		}
		return err == nil
	}
}

func (w *World) record(stream string, e domain.Event) {
	at := w.Now
	if w.rnd.IntN(10) == 0 {
		at = at.Add(-time.Duration(w.rnd.IntN(7200)) * time.Second) // a writer's clock is behind
	}
	w.Events = append(w.Events, facts.Recorded{
		Position: uint64(len(w.Events)+1) * w.step, Stream: stream, Revision: w.revisions[stream], ID: uuid.New(),
		RecordedAt: at.Truncate(time.Microsecond), Actor: fmt.Sprintf("person-%d", w.rnd.IntN(5)),
		Role: string(domain.Finance), Event: e,
	})
	w.revisions[stream]++
}

func (w *World) Today() calendar.Date { return calendar.DateOf(w.Now) }

func (w *World) number(prefix string) string {
	w.n++
	return fmt.Sprintf("%s-%d", prefix, w.n)
}

func (w *World) past(days int) calendar.Date { return w.Today().AddDays(-w.rnd.IntN(days)) }

func pick[T any](w *World, from []T) T { return from[w.rnd.IntN(len(from))] }

func (w *World) units(most int) decimal.Decimal {
	return decimal.NewFromInt(int64(1 + w.rnd.IntN(most)))
}

// Live passes some time and does n things.
func (w *World) Live(n int) {
	for range n {
		pause := []time.Duration{5 * time.Minute, 40 * time.Hour}[w.rnd.IntN(2)]
		w.Now = w.Now.Add(time.Duration(w.rnd.Int64N(int64(pause))))
		switch w.rnd.IntN(16) {
		case 0, 1, 2, 3:
			w.charge()
		case 4, 5:
			w.pay()
		case 6:
			w.allocate()
		case 7, 8, 9:
			w.fault()
		case 10:
			w.receive()
		case 11, 12, 13:
			w.issue()
		case 14:
			w.sendForRepair()
		case 15:
			w.passOver()
		}
	}
}

func (w *World) charge() {
	p := pick(w, WorldProjects)
	center := w.centerOf(p)
	a, id := w.accounts[center], domain.ChargeID(w.number("F3"))
	price := decimal.New(int64(w.rnd.IntN(2_000_000)), -4)
	q := pricelist.Quote{Version: "2026", Item: pricelist.Item{
		Code: "X", Name: "移位", Kind: pick(w, pricelist.ServiceKinds()), Unit: "次", Price: price,
		Tax: money.Tax{Rate: decimal.New(int64(w.rnd.IntN(14)), -2), Excluded: w.rnd.IntN(2) == 0},
	}}
	events, err := a.AccrueCharge(account.AccrueCharge{
		Charge: id, Center: center, Project: p, Room: "1-101", Owner: "王",
		Quantity:   decimal.New(int64(1+w.rnd.IntN(9000)), -3),
		OccurredOn: w.past(200),
	}, q, policy.Default(), w.Today())
	if err != nil {
		return
	}
	// Closing a quarter is not decided by the domain yet; a late item is a
	// shape that the log can hold all the same.
	if c, ok := events[0].(account.ChargeAccrued); ok && w.rnd.IntN(4) == 0 {
		c.Posted = c.Posted.Next()
		c.DueOn = policy.Default().DueOn(c.Posted)
		events[0] = c
	}
	if keep(w, account.Stream(center), a.Evolve)(events, nil) {
		w.charges[center] = append(w.charges[center], id)
	}
}

func (w *World) pay() {
	center := pick(w, WorldCenters)
	a, id := w.accounts[center], domain.PaymentID(w.number("pay"))
	c := account.ReceivePayment{
		Payment: id, Center: center, BankReference: w.number("bank"), Payer: "物业",
		Amount: money.Fen(int64(1 + w.rnd.IntN(300_000))), ReceivedOn: w.past(60),
	}
	if charges := w.charges[center]; len(charges) > 0 && w.rnd.IntN(3) == 0 {
		c.Designation = []account.Designation{{Charge: pick(w, charges), Amount: money.Fen(int64(1 + w.rnd.IntN(5_000)))}}
	}
	if keep(w, account.Stream(center), a.Evolve)(a.ReceivePayment(c, policy.Default(), w.Today())) {
		w.payments[center] = append(w.payments[center], id)
	}
}

func (w *World) allocate() {
	center := pick(w, WorldCenters)
	if payments := w.payments[center]; len(payments) > 0 {
		a := w.accounts[center]
		keep(w, account.Stream(center), a.Evolve)(a.AllocatePayment(account.AllocatePayment{
			Payment: pick(w, payments), Center: center, On: w.past(30),
		}, w.Today()))
	}
}

func (w *World) fault() {
	p, id, t := pick(w, WorldProjects), domain.TicketID(w.number("F0")), &ticket.Ticket{}
	decided := keep(w, ticket.Stream(id), t.Evolve)
	at := w.Now.Add(-time.Duration(w.rnd.IntN(1000)) * time.Hour)
	decided(t.Register(ticket.Register{Ticket: id, Project: p, Center: w.centerOf(p), Need: "门禁坏", RegisteredAt: at},
		w.Now))
	coverage, err := policy.DefaultTable().Cover(policy.Inputs{
		At: at, WarrantyEndsOn: Day("2026-12-31"), Presence: policy.LeftCity, Category: policy.Emergency,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	decided(t.Notify(ticket.Notify{Ticket: id, NotifiedAt: at, Coverage: coverage}, w.Now))
	for range 1 + w.rnd.IntN(2) {
		c := ticket.RecordFault{
			Ticket: id, Line: domain.FaultLineID(w.number("F1")), Device: "门口机", Symptom: "黑屏",
			Cause: pick(w, policy.Causes()), RecordedOn: min(w.Today(), calendar.DateOf(at).AddDays(w.rnd.IntN(20))),
		}
		if w.rnd.IntN(5) > 0 {
			c.Replacement = &ticket.Replacement{
				Part: pick(w, WorldParts), Quantity: w.units(3), OldSerial: w.number("old"), NewSerial: w.number("new"),
			}
		}
		n := len(w.Events)
		if decided(t.RecordFault(c, w.Today())) {
			w.lines = append(w.lines, w.Events[n].Event.(ticket.FaultRecorded))
		}
	}
}

func (w *World) receive() {
	p := pick(w, WorldProjects)
	keep(w, depot.Stream(p), w.depots[p].Evolve)(w.depots[p].Receive(depot.Receive{
		Project: p, Receipt: domain.SlipID(w.number("IN")), Part: pick(w, WorldParts), Quantity: w.units(40),
		Value: money.Fen(int64(w.rnd.IntN(900_000))), Source: depot.Purchase, ReceivedOn: w.past(40),
	}, w.Today()))
}

func (w *World) issue() {
	p := pick(w, WorldProjects)
	c := depot.Issue{
		Project: p, Slip: domain.SlipID(w.number("OUT")), Part: pick(w, WorldParts), Quantity: w.units(3), Taker: "赵",
		IssuedOn: w.past(20),
	}
	if len(w.lines) > 0 && w.rnd.IntN(6) > 0 {
		line := pick(w, w.lines)
		c.FaultLine = line.Line
		if w.rnd.IntN(8) > 0 {
			c.Project = line.Project
		}
		if line.Replacement != nil && w.rnd.IntN(8) > 0 {
			c.Part = line.Replacement.Part
			if w.rnd.IntN(2) == 0 {
				c.Quantity = line.Replacement.Quantity
			}
		}
		if w.rnd.IntN(2) == 0 {
			c.Override = "再发"
		}
	}
	c.Asked = c.Quantity
	keep(w, depot.Stream(c.Project), w.depots[c.Project].Evolve)(w.depots[c.Project].Issue(c, w.Today()))
}

func (w *World) sendForRepair() {
	if len(w.lines) == 0 {
		return
	}
	line, id, r := pick(w, w.lines), domain.ReturnID(w.number("F2")), &repair.Return{}
	decided := keep(w, repair.Stream(id), r.Evolve)
	on := w.past(10)
	decided(r.Open(repair.Open{
		Return: id, Project: line.Project, FaultLine: line.Line, Part: "CAM-1", Maker: "海康", Fault: "黑屏", OpenedOn: on,
		FiledBy: "li",
	}, w.Today()))
	for _, gate := range []repair.Gate{repair.CityTechLead, repair.TechGroup} {
		decided(r.Decide(repair.Decide{Return: id, Gate: gate, Approve: true, By: string(gate)}, w.Today()))
	}
	if w.rnd.IntN(2) == 0 {
		decided(r.Ship(repair.Ship{Return: id, ShippedOn: on, ExpectedBackOn: on.AddDays(30)}, w.Today()))
	}
	if w.rnd.IntN(2) == 0 {
		decided(r.Finish(repair.Finish{Return: id, Result: pick(w, repair.Results()), NewSerial: "n", On: w.Today()},
			w.Today()))
	}
}

// passOver records what no read model shows.
func (w *World) passOver() {
	switch n := w.number("X"); w.rnd.IntN(3) {
	case 0:
		w.record(bankref.Stream(n), bankref.BankReferenceClaimed{Payment: "p", Content: bankref.Content{Reference: n}})
	case 1:
		w.record(number.Stream(number.FaultRecord, n),
			number.DocumentNumberClaimed{Series: number.FaultRecord, Number: n, Holder: "t"})
	case 2:
		w.record(pricelist.Stream, pricelist.PriceListPublished{Version: n})
	}
}

// AskForWork asks each center's approval of n works outside the price list.
func (w *World) AskForWork(n int) {
	for range n {
		for i, center := range WorldCenters {
			a := w.accounts[center]
			w.Now = w.Now.Add(time.Duration(w.rnd.IntN(72)) * time.Hour)
			if !keep(w, account.Stream(center), a.Evolve)(a.RequestOffList(account.RequestOffList{
				Charge: domain.ChargeID(w.number("OL")), Center: center, Project: WorldProjects[i],
				Kind: pricelist.ServiceKinds()[0], Service: "非标", Quantity: decimal.NewFromInt(1), Unit: "项",
				UnitPrice: decimal.NewFromInt(int64(1 + w.rnd.IntN(900))), Reason: "价目表外", By: "li",
			}, w.Today())) {
				w.t.Fatal("no request")
			}
		}
	}
}

// TakeBack credits a part of n charges that stand, on different days.
func (w *World) TakeBack(n int) {
	for _, e := range w.Events[:len(w.Events):len(w.Events)] {
		c, accrued := e.Event.(account.ChargeAccrued)
		if n == 0 || !accrued || c.Money.Gross.Fen() < 200 {
			continue
		}
		w.Now = w.Now.Add(time.Duration(1+w.rnd.IntN(72)) * time.Hour)
		a := w.accounts[c.Center]
		if keep(w, account.Stream(c.Center), a.Evolve)(a.IssueCreditNote(account.IssueCreditNote{
			Note: domain.CreditNoteID(w.number("CN")), Charge: c.Charge, Center: c.Center,
			Amount: money.Fen(1 + w.rnd.Int64N(c.Money.Gross.Fen())), Reason: "单价套用错误", On: w.Today(), By: "qian",
		}, w.Today())) {
			n--
		}
	}
	if n > 0 {
		w.t.Fatalf("%d credit notes were not issued", n)
	}
}

// Reconcile puts the last quarter to the centers and has them dispute a few
// lines, on different days.
func (w *World) Reconcile() calendar.Quarter {
	q := w.Today().Quarter() - 1
	for i, center := range WorldCenters {
		a := w.accounts[center]
		decided := keep(w, account.Stream(center), a.Evolve)
		decided(a.ReportCharges(account.ReportCharges{
			Center: center, Project: WorldProjects[i], Month: q.Last().Month(), By: "qian",
		}, w.Today()))
		if !decided(a.IssueStatement(account.IssueStatement{Center: center, Quarter: q, By: "qian"}, policy.Default(),
			w.Today())) {
			w.t.Fatal("no statement")
		}
		issued, err := a.Statements(center, q)
		if err != nil {
			w.t.Fatal(err)
		}
		disputes := 0
		for _, awaited := range issued[len(issued)-1].Version.Awaiting {
			if awaited.Open.Sign() > 0 && disputes < 3 {
				disputes++
				w.Now = w.Now.AddDate(0, 0, 3-disputes)
				decided(a.DisputeCharge(account.DisputeCharge{
					Center: center, Quarter: q, Version: len(issued), Dispute: account.Dispute{Charge: awaited.Charge, Reason: "未施工"},
					By: "zheng",
				}, w.Today()))
			}
		}
	}
	w.Now = w.Now.AddDate(0, 0, 20)
	return q
}
