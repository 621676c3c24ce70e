package projections_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
)

// paper is a document of a depot's year: its event, when it happened, and the
// papers that must be in the log before it.
type paper struct {
	stream string
	event  domain.Event
	on     calendar.Date
	after  int // index of the paper it goes on from; -1: none
}

// year is a random year of parts, with the mistakes of people: units issued
// twice, for other projects or for nothing, serials misread, old units lost,
// counts that are off. The papers are not in any order yet.
type year struct {
	rnd    *rand.Rand
	papers []paper
	n      int
	lines  []ticket.FaultRecorded
	old    []string        // serials of old units
	taken  map[string]bool // numbers of batches, by depot
}

var (
	yearProjects = []domain.ProjectID{"P1", "P2", "P3"}
	yearParts    = []domain.PartCode{"CAM", "DOOR", "WIRE"}
	yearBegins   = projections.Day("2026-01-01")
)

func newYear(seed uint64, jobs int) *year {
	y := &year{rnd: rand.New(rand.NewPCG(seed, 11)), taken: make(map[string]bool)}
	for i, p := range yearProjects {
		y.put("project-"+string(p), project.ProjectRegistered{Project: p, Name: "花园", Region: []string{"华东", "华南", "华东"}[i]},
			yearBegins, -1)
		y.put("project-"+string(p),
			project.CenterAssigned{Project: p, Center: domain.CenterID(fmt.Sprintf("C%d", i+1)), From: yearBegins}, yearBegins,
			len(y.papers)-1)
	}
	for i, part := range yearParts[:2+y.rnd.IntN(2)] {
		unit := []string{"台", "台", "米"}[i]
		y.put(catalogue.Stream,
			catalogue.PartCatalogued{
				Part: part, Name: "件", Unit: unit, WarrantyCost: money.Fen(int64(y.rnd.IntN(3) * 13_000)),
				From: yearBegins.AddDays(-400), By: "王",
			}, y.day(), -1)
		y.put(catalogue.Stream,
			catalogue.PartCatalogued{
				Part: part, Name: "件", Unit: unit, WarrantyCost: money.Fen(int64(20_000 + y.rnd.IntN(9_000))), From: y.day(),
				By: "王",
			}, y.day(), len(y.papers)-1)
	}
	for range jobs {
		y.job()
	}
	return y
}

func (y *year) put(stream string, e domain.Event, on calendar.Date, after int) int {
	y.papers = append(y.papers, paper{stream, e, on, after})
	return len(y.papers) - 1
}

func (y *year) number(prefix string) string {
	y.n++
	return fmt.Sprintf("%s-%d", prefix, y.n)
}

func (y *year) day() calendar.Date                 { return yearBegins.AddDays(y.rnd.IntN(330)) }
func (y *year) near(d calendar.Date) calendar.Date { return d.AddDays(y.rnd.IntN(25)) }
func (y *year) chance(percent int) bool            { return y.rnd.IntN(100) < percent }
func (y *year) units(most int) decimal.Decimal {
	return decimal.NewFromInt(int64(1 + y.rnd.IntN(most)))
}
func (y *year) fen(most int) money.Amount        { return money.Fen(int64(y.rnd.IntN(most))) }
func oneOf[T any](y *year, from []T) T           { return from[y.rnd.IntN(len(from))] }
func (y *year) project() domain.ProjectID        { return oneOf(y, yearProjects) }
func (y *year) part() domain.PartCode            { return oneOf(y, yearParts) }
func (y *year) slip(prefix string) domain.SlipID { return domain.SlipID(y.number(prefix)) }

// perhaps is mostly the project, and sometimes any.
func (y *year) perhaps(p domain.ProjectID, percent int) domain.ProjectID {
	if y.chance(percent) {
		return y.project()
	}
	return p
}

// batchNumber numbers a batch of a depot; others may have the same number.
func (y *year) batchNumber(p domain.ProjectID) domain.SlipID {
	if n := fmt.Sprintf("FC-S%d", y.rnd.IntN(4)); y.chance(25) && !y.taken[string(p)+n] {
		y.taken[string(p)+n] = true
		return domain.SlipID(n)
	}
	return y.slip("FC")
}

func depotOf(p domain.ProjectID) string { return depot.Stream(p) }

// maybeSerials names as many units as there are, or none.
func (y *year) maybeSerials(q decimal.Decimal) (serials []string) {
	if y.chance(40) {
		for range q.IntPart() {
			serials = append(serials, fmt.Sprintf("S%d", y.rnd.IntN(25)))
		}
		slices.Sort(serials)
		if len(slices.Compact(slices.Clone(serials))) < len(serials) {
			return nil
		}
	}
	return serials
}

// job is something that happens: mostly a replacement with its papers.
func (y *year) job() {
	p, part, on := y.project(), y.part(), y.day()
	switch y.rnd.IntN(9) {
	case 0:
		q := y.units(20)
		y.put(depotOf(p),
			depot.PartReceived{
				Project: p, Receipt: y.slip("IN"), Part: part, Quantity: q, Value: y.fen(600_000), Source: depot.Purchase,
				Serials: y.maybeSerials(q), ReceivedOn: on,
			}, on, -1)
	case 1:
		y.transfer(p, part, on)
	case 2:
		y.count(p, on)
	case 3:
		y.issue(p, part, on, "")
	case 4:
		y.batch(p, on)
	default:
		y.replacement(p, part, on)
	}
}

func (y *year) transfer(p domain.ProjectID, part domain.PartCode, on calendar.Date) {
	to, id, q, v := y.project(), y.slip("DB"), y.units(4), y.fen(90_000)
	serials := y.maybeSerials(q)
	out := y.put(depotOf(p),
		depot.PartTransferredOut{
			Project: p, Transfer: id, Part: part, Quantity: q, Value: v, Serials: serials, To: to, TransferredOn: on,
		}, on, -1)
	if y.chance(80) {
		in := y.near(on)
		y.put(depotOf(to),
			depot.PartTransferredIn{
				Project: to, Transfer: id, Part: part, Quantity: q, Value: v, Serials: serials, From: p, ReceivedOn: in,
			}, in, out)
	}
}

func (y *year) count(p domain.ProjectID, on calendar.Date) {
	e := depot.StockCounted{Project: p, Count: y.slip("PD"), CountedBy: "张", CountedOn: on, By: "张"}
	for _, part := range yearParts {
		if y.chance(60) {
			e.Lines = append(e.Lines, depot.Counted{Part: part, Counted: decimal.NewFromInt(int64(y.rnd.IntN(30)))})
		}
	}
	if len(e.Lines) == 0 {
		return
	}
	at := y.put(depotOf(p), e, on, -1)
	if y.chance(40) {
		part := e.Lines[0].Part
		y.put(depotOf(p), depot.StockAdjusted{Project: p, Adjustment: y.slip("TZ"), Count: e.Count, Part: part,
			Quantity: decimal.NewFromInt(int64(y.rnd.IntN(7) - 3)),
			Value:    y.fen(20_000), Reason: "盘点", AdjustedOn: on, By: "钱"}, on, at)
	}
}

// issue puts an issue slip down, and perhaps the return of some of its units.
func (y *year) issue(
	p domain.ProjectID, part domain.PartCode, on calendar.Date, line domain.FaultLineID, serials ...string,
) {
	q := y.units(3)
	if len(serials) > 0 {
		q = decimal.NewFromInt(1)
	} else {
		serials = y.maybeSerials(q)
	}
	e := depot.PartIssued{
		Project: p, Slip: y.slip("OUT"), Part: part, Asked: q, Quantity: q, Value: y.fen(90_000), Taker: "李", FaultLine: line,
		Serials: serials, IssuedOn: on,
	}
	at := y.put(depotOf(p), e, on, -1)
	if !y.chance(20) {
		return
	}
	back := depot.PartReturned{
		Project: p, Slip: y.slip("TK"), Issue: e.Slip, Part: part, Quantity: y.units(int(q.IntPart())), FaultLine: line,
		ReturnedBy: "李", ReturnedOn: y.near(on),
	}
	back.Value = e.Value.Share(back.Quantity.IntPart(), q.IntPart())
	if len(serials) > 0 {
		back.Serials = serials[:back.Quantity.IntPart()]
	}
	y.put(depotOf(p), back, back.ReturnedOn, at)
}

// replacement is a line of F1 and what people did about it.
func (y *year) replacement(p domain.ProjectID, part domain.PartCode, on calendar.Date) {
	id := y.number("")
	l := ticket.FaultRecorded{
		Ticket: domain.TicketID("T" + id), Line: domain.FaultLineID("F1" + id), Project: p, Center: "C1", Device: "门口机",
		Symptom: "黑屏", Cause: policy.Wear,
		Bearer: oneOf(y, []policy.Bearer{policy.Us, policy.Center}), RecordedOn: on, By: "李",
		Replacement: &ticket.Replacement{Part: part, Quantity: decimal.NewFromInt(1)},
	}
	if len(y.lines) > 0 && y.chance(15) {
		if other := oneOf(y, y.lines); other.Project == p { // a ticket is of one project
			l.Ticket = other.Ticket
		}
	}
	r := l.Replacement
	switch {
	case y.chance(8):
		l.Replacement = nil
	case y.chance(20):
		r.Quantity = y.units(3)
	case y.chance(60):
		r.OldSerial, r.NewSerial = y.number("O"), y.number("N")
		y.old = append(y.old, r.OldSerial)
	}
	y.put(ticket.Stream(l.Ticket), l, on, -1)
	y.lines = append(y.lines, l)
	if r.NewSerial != "" && y.chance(50) {
		y.held(oneOf(y, []domain.ProjectID{p, p, y.project()}), part, r.NewSerial, on)
	}
	for range []int{1, 1, 1, 1, 0, 2, 2}[y.rnd.IntN(7)] {
		from, of := p, part
		if y.chance(8) {
			from = y.project()
		}
		if y.chance(8) {
			of = y.part()
		}
		var serials []string
		if r.NewSerial != "" && y.chance(80) {
			serials = []string{oneOf(y, []string{r.NewSerial, r.NewSerial, r.NewSerial, "X"})}
		}
		y.issue(from, of, on.AddDays(y.rnd.IntN(12)-3), l.Line, serials...)
	}
	if y.chance(70) {
		y.oldUnit(l, r)
	}
	if y.chance(40) {
		y.charge(l)
	}
}

// held is a paper by which a depot had a unit, before or after it was built in.
func (y *year) held(p domain.ProjectID, part domain.PartCode, serial string, on calendar.Date) {
	one, on := decimal.NewFromInt(1), on.AddDays(y.rnd.IntN(30)-20)
	switch y.rnd.IntN(6) {
	case 0:
		y.put(depotOf(p),
			depot.PartTransferredOut{
				Project: p, Transfer: y.slip("DB"), Part: part, Quantity: one, Serials: []string{serial}, To: y.project(),
				TransferredOn: on,
			}, on, -1)
	case 1:
		y.put(depotOf(p),
			depot.PartScrapped{
				Project: p, Slip: y.slip("BF"), Part: part, Condition: depot.Good, Quantity: one, Serials: []string{serial},
				Reason: "坏", ScrappedOn: on,
			}, on, -1)
	default:
		y.put(depotOf(p),
			depot.PartReceived{
				Project: p, Receipt: y.slip("IN"), Part: part, Quantity: one, Value: y.fen(40_000), Source: depot.Purchase,
				Serials: []string{serial}, ReceivedOn: on,
			}, on, -1)
	}
}

// oldUnit is what became of what was taken out.
func (y *year) oldUnit(l ticket.FaultRecorded, r *ticket.Replacement) {
	on, line, serials := y.near(l.RecordedOn), l.Line, []string(nil)
	if r.OldSerial != "" {
		serials = []string{oneOf(y, []string{r.OldSerial, r.OldSerial, r.OldSerial, y.number("O")})}
		if y.chance(20) {
			line = ""
		}
	}
	q := r.Quantity
	if len(serials) == 0 && y.chance(30) {
		q = decimal.NewFromInt(1)
	}
	switch y.rnd.IntN(4) {
	case 0:
		y.put(depotOf(l.Project),
			depot.FaultyUnitHandedIn{
				Project: l.Project, Slip: y.slip("JH"), Part: r.Part, Quantity: q, Serials: serials, FaultLine: line,
				HandedInBy: "李", HandedInOn: on,
			}, on, -1)
	case 1:
		y.put(depotOf(l.Project),
			depot.PartScrapped{
				Project: l.Project, Slip: y.slip("BF"), Part: r.Part, Condition: depot.Faulty, Quantity: q, Serials: serials,
				FaultLine: line, Reason: "停产", ScrappedOn: on,
			}, on, -1)
		if y.chance(40) { // and again, by the same or by another
			by, again := y.perhaps(l.Project, 50), y.near(on)
			if y.chance(50) {
				line = ""
			}
			y.put(depotOf(by),
				depot.PartScrapped{
					Project: by, Slip: y.slip("BF"), Part: r.Part, Condition: depot.Faulty, Quantity: q, Serials: serials,
					FaultLine: line, Reason: "停产", ScrappedOn: again,
				}, again, -1)
		}
	default:
		y.sheet(l, r, line, serials, on)
	}
}

// sheet is a device that a process sheet follows to its maker.
func (y *year) sheet(
	l ticket.FaultRecorded, r *ticket.Replacement, line domain.FaultLineID, serials []string, on calendar.Date,
) {
	id, serial := domain.ReturnID(y.number("F2")), ""
	if len(serials) > 0 {
		serial = serials[0]
	}
	p := y.perhaps(l.Project, 10)
	at := y.put(repair.Stream(id),
		repair.ReturnOpened{
			Return: id, Project: p, Ticket: l.Ticket, FaultLine: line, Part: r.Part, Serial: serial, Maker: "海康", Fault: "黑屏",
			OpenedOn: on,
		}, on, -1)
	if y.chance(20) {
		return
	}
	shipped := y.near(on)
	ship := repair.DeviceShipped{Return: id, ShippedOn: shipped}
	if y.chance(50) {
		ship.ExpectedBackOn = shipped.AddDays(y.rnd.IntN(40))
	}
	back := y.near(shipped)
	receipt := depot.PartReceived{
		Receipt: y.slip("IN"), Part: r.Part, Quantity: decimal.NewFromInt(1), Source: depot.FromMaker, ReceivedOn: back,
	}
	receipt.Project = y.perhaps(p, 30)
	if y.chance(50) {
		from := y.perhaps(p, 25)
		receipt.Shipment = y.batchNumber(from)
		batch := depot.FaultyUnitsShipped{Project: from, Shipment: receipt.Shipment, Maker: "海康", ShippedOn: shipped,
			ExpectedBackOn: ship.ExpectedBackOn,
			Units: []depot.FaultyUnit{
				{Part: r.Part, Quantity: decimal.NewFromInt(1), Serial: serial, FaultLine: line, Return: id},
			}}
		if y.chance(70) {
			batch.Units = append(batch.Units, depot.FaultyUnit{Part: r.Part, Quantity: y.units(2)})
		}
		if y.chance(30) {
			batch.Units[0].FaultLine = "" // the sheet names it
		}
		y.put(depotOf(from), batch, shipped, -1)
		receipt.Quantity = y.units(3)
	}
	at = y.put(repair.Stream(id), ship, shipped, at)
	if y.chance(40) {
		result := oneOf(y, append(repair.Results(), repair.Repaired))
		end := repair.DeviceReturned{Return: id, Result: result, On: y.near(back)}
		if result == repair.Replaced {
			end.NewSerial = y.number("N")
		}
		y.put(repair.Stream(id), end, end.On, at)
		if serial != "" && y.chance(20) { // whatever the result says
			y.put(depotOf(p), depot.PartScrapped{
				Project: p, Slip: y.slip("BF"), Part: r.Part, Condition: depot.AtMaker, Quantity: decimal.NewFromInt(1),
				Serials: []string{serial}, Reason: "不修", ScrappedOn: back,
			}, back, -1)
		}
	}
	switch {
	case serial != "" && y.chance(40):
		receipt.Quantity, receipt.Serials, receipt.SentSerials = decimal.NewFromInt(1), []string{serial}, []string{serial}
	case receipt.Shipment == "" || y.chance(40):
		return
	}
	y.put(depotOf(receipt.Project), receipt, back, -1)
}

// batch is a batch of faulty units, and perhaps some of them back.
func (y *year) batch(p domain.ProjectID, on calendar.Date) {
	e := depot.FaultyUnitsShipped{Project: p, Shipment: y.batchNumber(p), Maker: "海康", ShippedOn: on}
	for range 1 + y.rnd.IntN(3) {
		u := depot.FaultyUnit{Part: y.part(), Quantity: y.units(2)}
		switch {
		case y.chance(40):
			u.Quantity, u.Serial = decimal.NewFromInt(1), y.number("O")
		case len(y.lines) > 0 && y.chance(40):
			u.FaultLine = oneOf(y, y.lines).Line
		}
		e.Units = append(e.Units, u)
	}
	y.put(depotOf(p), e, on, -1)
	u := oneOf(y, e.Units)
	switch {
	case y.chance(20):
		y.scrapAtMaker(y.perhaps(p, 25), e.Shipment, u, on)
	case u.Serial != "" && y.chance(20): // sent once more, with or without a receipt between
		again, by := y.near(on), y.perhaps(p, 40)
		y.put(depotOf(by),
			depot.FaultyUnitsShipped{
				Project: by, Shipment: y.batchNumber(by), Maker: "海康", ShippedOn: again, Units: []depot.FaultyUnit{u},
			}, again, -1)
	case u.Serial != "" && y.chance(20): // on a sheet as well, that the batch does not name
		y.sheet(ticket.FaultRecorded{Project: p, Ticket: "T-0", Replacement: &ticket.Replacement{Part: u.Part}},
			&ticket.Replacement{Part: u.Part}, "", []string{u.Serial}, y.near(on))
	}
	if !y.chance(60) {
		return
	}
	p = y.perhaps(p, 40)
	back := depot.PartReceived{
		Project: p, Receipt: y.slip("IN"), Part: u.Part, Quantity: u.Quantity, Source: depot.FromMaker, Shipment: e.Shipment,
		ReceivedOn: on.AddDays(y.rnd.IntN(60)),
	}
	if u.Serial != "" {
		back.Serials, back.SentSerials = []string{u.Serial}, []string{u.Serial}
		if y.chance(50) {
			back.Shipment = ""
		}
		switch y.rnd.IntN(6) {
		case 0:
			back.SentSerials = nil // came back as it was
		case 1:
			back.Serials, back.SentSerials = []string{"X1"}, []string{"X1"} // nobody sent it
		case 2:
			back.Serials = []string{y.number("N")} // another unit
			back.Part = y.part()                   // perhaps of another part
		}
	}
	if y.chance(8) {
		back.Shipment = "FC-0" // does not exist
	}
	y.put(depotOf(p), back, back.ReceivedOn, -1)
}

// scrapAtMaker is what the maker scrapped of a batch, with mistakes.
func (y *year) scrapAtMaker(p domain.ProjectID, batch domain.SlipID, u depot.FaultyUnit, on calendar.Date) {
	e := depot.PartScrapped{
		Project: p, Slip: y.slip("BF"), Part: u.Part, Condition: depot.AtMaker, Quantity: u.Quantity,
		Serials: nonEmpty(u.Serial), FaultLine: u.FaultLine,
		Shipment: batch, Reason: "不修", ScrappedOn: y.near(on),
	}
	switch {
	case y.chance(20):
		e.Quantity, e.Serials = decimal.NewFromInt(1), []string{"X2"}
	case len(e.Serials) > 0 && y.chance(50):
		e.Shipment = ""
	}
	y.put(depotOf(p), e, e.ScrappedOn, -1)
}

func (y *year) charge(l ticket.FaultRecorded) {
	on := y.near(l.RecordedOn)
	c := account.ChargeAccrued{
		Charge: domain.ChargeID(y.number("F3")), Center: "C1", Project: y.perhaps(l.Project, 8), Ticket: l.Ticket,
		FaultLine: l.Line,
		Kind:      oneOf(y, []pricelist.ServiceKind{pricelist.Part, pricelist.Part, pricelist.Repair, pricelist.Labour}),
		Service:   "配件", Quantity: decimal.NewFromInt(1),
		Unit: "台", Money: money.Line{Net: money.Fen(30_000), Gross: money.Fen(30_000)}, OccurredOn: on, Posted: on.Quarter(),
		DueOn: on.AddDays(90), Clause: "5.3.1",
	}
	if y.chance(30) {
		c.FaultLine = ""
	}
	at := y.put(account.Stream("C1"), c, on, -1)
	if y.chance(30) {
		note := account.CreditNoteIssued{
			Note: domain.CreditNoteID(y.number("CN")), Center: "C1", Charge: c.Charge, Project: c.Project,
			Money: oneOf(y, []money.Line{c.Money, {Net: money.Fen(10_000), Gross: money.Fen(10_000)}}), Reason: "多收",
			On: y.near(on),
		}
		y.put(account.Stream("C1"), note, note.On, at)
	}
}

// record writes the papers into a log in an order of their arrival: any that
// keeps what goes on from another behind it.
func (y *year) record(order []int) []facts.Recorded {
	var (
		events    []facts.Recorded
		done      = make([]bool, len(y.papers))
		revisions = make(map[string]int64)
		at        = projections.Noon("2026-01-01")
		write     func(i int)
	)
	write = func(i int) {
		p := y.papers[i]
		if done[i] {
			return
		}
		if p.after >= 0 {
			write(p.after)
		}
		done[i] = true
		if day := p.on.Start().Add(9 * time.Hour); day.After(at) {
			at = day
		}
		at = at.Add(time.Minute)
		events = append(events, facts.Recorded{
			Position: uint64(len(events) + 1), Stream: p.stream, Revision: revisions[p.stream], ID: uuid.New(), RecordedAt: at,
			Actor: fmt.Sprintf("person-%d", i%7), Role: string(domain.Technician), Event: p.event,
		})
		revisions[p.stream]++
	}
	for _, i := range order {
		write(i)
	}
	return events
}

// late orders the papers by their date, with some entered late.
func (y *year) late() []int {
	type arrival struct {
		paper int
		on    calendar.Date
	}
	arrivals := make([]arrival, len(y.papers))
	for i, p := range y.papers {
		arrivals[i] = arrival{i, p.on}
		if y.chance(30) {
			arrivals[i].on = p.on.AddDays(y.rnd.IntN(60))
		}
	}
	slices.SortStableFunc(arrivals, func(a, b arrival) int { return int(a.on - b.on) })
	order := make([]int, len(arrivals))
	for i, a := range arrivals {
		order[i] = a.paper
	}
	return order
}
