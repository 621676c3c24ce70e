package projections_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/facts"
	"aftersales-ledger/projections/parts"
)

// keeper lives the life of some depots: documents of random kinds and days, in
// a random order of entry, each decided by the domain.
type keeper struct {
	projections.Recorder
	rnd    *rand.Rand
	now    time.Time
	n      int
	depots map[domain.ProjectID]*depot.Depot
	slips  map[domain.ProjectID][]depot.PartIssued
	sheets map[domain.ProjectID][]depot.StockCounted
	onWay  []depot.PartTransferredOut
	kinds  map[string]int // of events
}

var (
	keptProjects = []domain.ProjectID{"P1", "P2", "P3"}
	keptRegions  = []string{"华东", "华南", "华东"}
	keptParts    = []domain.PartCode{"CAM", "CABLE"}
)

func newKeeper(seed uint64) *keeper {
	k := &keeper{
		rnd: rand.New(rand.NewPCG(seed, 11)), now: projections.Noon("2026-06-30"),
		depots: make(map[domain.ProjectID]*depot.Depot),
		slips:  make(map[domain.ProjectID][]depot.PartIssued), sheets: make(map[domain.ProjectID][]depot.StockCounted),
		kinds: make(map[string]int),
	}
	for i, p := range keptProjects {
		k.depots[p] = &depot.Depot{}
		k.Record(project.Stream(p), k.now,
			project.ProjectRegistered{Project: p, Name: "花园 " + string(p), Region: keptRegions[i], City: "上海"})
	}
	return k
}

func (k *keeper) live(documents int) {
	for range documents {
		k.now = k.now.Add(time.Duration(1+k.rnd.IntN(3600)) * time.Second)
		p := keptProjects[k.rnd.IntN(len(keptProjects))]
		events, err := k.document(p, k.depots[p])
		if err != nil {
			continue // the domain refuses what is not there: nothing happened
		}
		for _, e := range events {
			k.depots[p].Evolve(e)
			k.kinds[e.EventType()]++
			k.Record(depot.Stream(p), k.now, e)
			switch e := e.(type) {
			case depot.PartIssued:
				k.slips[p] = append(k.slips[p], e)
			case depot.StockCounted:
				k.sheets[p] = append(k.sheets[p], e)
			case depot.PartTransferredOut:
				k.onWay = append(k.onWay, e)
			default: // nothing that a later document names
			}
		}
	}
}

func (k *keeper) document(p domain.ProjectID, d *depot.Depot) ([]depot.Event, error) {
	k.n++
	id := domain.SlipID(fmt.Sprint("N", k.n))
	today := calendar.DateOf(k.now)
	on := today - calendar.Date(k.rnd.IntN(150))
	part := keptParts[k.rnd.IntN(len(keptParts))]
	q := decimal.New(1+k.rnd.Int64N(4000), -3)
	switch k.rnd.IntN(10) {
	case 0, 1, 2:
		return d.Receive(depot.Receive{
			Project: p, Receipt: id, Part: part, Quantity: q, Value: money.Fen(k.rnd.Int64N(90_000)), Source: depot.Purchase,
			ReceivedOn: on,
		}, today)
	case 3, 4:
		return d.Issue(depot.Issue{Project: p, Slip: id, Part: part, Asked: q, Quantity: q, Taker: "李", IssuedOn: on}, today)
	case 5:
		if len(k.slips[p]) == 0 {
			return nil, nil
		}
		s := k.slips[p][k.rnd.IntN(len(k.slips[p]))]
		return d.ReturnUnused(depot.ReturnUnused{
			Project: p, Slip: id, Issue: s.Slip, Quantity: decimal.Min(q, s.Quantity), ReturnedBy: "李",
			ReturnedOn: max(on, s.IssuedOn),
		}, today)
	case 6:
		if k.rnd.IntN(2) == 0 {
			return d.TransferOut(depot.TransferOut{
				Project: p, Transfer: id, Part: part, Quantity: q, To: keptProjects[k.rnd.IntN(3)], TransferredOn: on,
			}, today)
		}
		if len(k.onWay) == 0 {
			return nil, nil
		}
		sent := k.onWay[k.rnd.IntN(len(k.onWay))]
		return d.TransferIn(depot.TransferIn{
			Project: p, Transfer: sent.Transfer, From: sent.Project, ReceivedOn: max(on, sent.TransferredOn),
		}, sent, today)
	case 7:
		return d.Scrap(depot.Scrap{
			Project: p, Slip: id, Part: part, Condition: []depot.Condition{depot.Good, depot.Faulty}[k.rnd.IntN(2)], Quantity: q,
			Reason: "坏", ScrappedOn: on,
		}, today)
	case 8:
		c := depot.Count{Project: p, Count: id, CountedBy: "李", CountedOn: on, By: "chen"}
		for _, part := range keptParts[:1+k.rnd.IntN(2)] {
			seen := d.BookOn(part, on).Add(decimal.New(k.rnd.Int64N(3000)-1500, -3))
			c.Lines = append(c.Lines, depot.Counted{Part: part, Counted: decimal.Max(seen, decimal.Zero)})
		}
		return d.Count(c, today)
	}
	if len(k.sheets[p]) == 0 {
		return nil, nil
	}
	s := k.sheets[p][k.rnd.IntN(len(k.sheets[p]))]
	l := s.Lines[k.rnd.IntN(len(s.Lines))]
	difference := l.Counted.Sub(d.BookOn(l.Part, s.CountedOn))
	if k.rnd.IntN(2) == 0 {
		difference = difference.DivRound(decimal.NewFromInt(2), 3)
	}
	return d.Adjust(depot.Adjust{
		Project: p, Adjustment: id, Count: s.Count, Part: l.Part, Quantity: difference, Reason: "查", By: "tao",
	}, today)
}

// known folds the events of a cut: what happened by a day and was recorded by a
// moment. It shares nothing with the read models but the events.
type known struct {
	depots map[domain.ProjectID]*depot.Depot
	moves  []parts.Movement
	counts []countedLine
}

type countedLine struct {
	depot.StockCounted
	depot.Counted
	position uint64
}

func fold(events []facts.Recorded, asOf calendar.Date, knownAt time.Time) known {
	o := known{depots: make(map[domain.ProjectID]*depot.Depot)}
	for _, r := range events {
		e, ok := r.Event.(depot.Event)
		if !ok || r.RecordedAt.After(knownAt) {
			continue
		}
		m, moves := movementOf(e)
		count, counts := e.(depot.StockCounted)
		switch {
		case moves && m.On <= asOf:
			o.moves = append(o.moves, m)
		case counts && count.CountedOn <= asOf:
			for _, l := range count.Lines {
				o.counts = append(o.counts, countedLine{count, l, r.Position})
			}
		default:
			continue
		}
		p := domain.ProjectID(r.Stream[len("depot-"):])
		if o.depots[p] == nil {
			o.depots[p] = &depot.Depot{}
		}
		if returned, ok := e.(depot.PartReturned); ok { // of an issue that this cut may not know
			e = depot.PartReceived{
				Project: p, Receipt: "back-" + returned.Slip, Part: returned.Part, Quantity: returned.Quantity,
				Value: returned.Value, ReceivedOn: returned.ReturnedOn,
			}
		}
		o.depots[p].Evolve(e)
	}
	return o
}

// movementOf reads what an event moves.
func movementOf(e depot.Event) (m parts.Movement, moves bool) {
	of := func(
		kind parts.MovementKind, p domain.ProjectID, part domain.PartCode, q decimal.Decimal, v money.Amount,
		on calendar.Date,
	) (parts.Movement, bool) {
		return parts.Movement{Kind: kind, Project: p, Part: part, Quantity: q, Value: v, On: on}, true
	}
	switch e := e.(type) {
	case depot.PartReceived:
		return of(parts.Receipt, e.Project, e.Part, e.Quantity, e.Value, e.ReceivedOn)
	case depot.PartIssued:
		return of(parts.IssueOut, e.Project, e.Part, e.Quantity.Neg(), e.Value.Neg(), e.IssuedOn)
	case depot.PartReturned:
		return of(parts.Return, e.Project, e.Part, e.Quantity, e.Value, e.ReturnedOn)
	case depot.PartTransferredOut:
		return of(parts.TransferOut, e.Project, e.Part, e.Quantity.Neg(), e.Value.Neg(), e.TransferredOn)
	case depot.PartTransferredIn:
		return of(parts.TransferIn, e.Project, e.Part, e.Quantity, e.Value, e.ReceivedOn)
	case depot.PartScrapped:
		m, _ := of(parts.Scrapping, e.Project, e.Part, e.Quantity.Neg(), e.Value.Neg(), e.ScrappedOn)
		return m, e.Condition == depot.Good
	case depot.StockAdjusted:
		m, _ := of(parts.Adjustment, e.Project, e.Part, e.Quantity, e.Value, e.AdjustedOn)
		m.Reference = e.Count
		return m, true
	case depot.StockCounted, depot.FaultyUnitHandedIn, depot.FaultyUnitsShipped:
	}
	return m, false
}

func (o known) sum(p domain.ProjectID, part domain.PartCode, match func(parts.Movement) bool) (f parts.StockFigure) {
	for _, m := range o.moves {
		if m.Project == p && m.Part == part && match(m) {
			f.Quantity, f.Value = f.Quantity.Add(m.Quantity), f.Value.Add(m.Value)
		}
	}
	return f
}

func (o known) rollForward(first, last calendar.Month, f parts.PartsFilter) (rows []parts.RollForwardRow) {
	for i, p := range keptProjects {
		for _, part := range keptParts {
			if f.Project != "" && f.Project != p || f.Part != "" && f.Part != part || f.Region != "" &&
				f.Region != keptRegions[i] {
				continue
			}
			for month := first; month <= last; month++ {
				if r, ok := o.month(p, part, month); ok {
					r.Region = keptRegions[i]
					rows = append(rows, r)
				}
			}
		}
	}
	slices.SortFunc(rows, func(a, b parts.RollForwardRow) int {
		return cmp.Or(cmp.Compare(a.Project, b.Project), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Month, b.Month))
	})
	return rows
}

func (o known) month(p domain.ProjectID, part domain.PartCode, month calendar.Month) (r parts.RollForwardRow, ok bool) {
	of := func(kind parts.MovementKind) parts.StockFigure {
		return o.sum(p, part, func(m parts.Movement) bool { return m.Kind == kind && m.On.Month() == month })
	}
	none := parts.StockFigure{}
	r = parts.RollForwardRow{
		Project: p, Part: part, Month: month, Ties: true,
		Opening:  o.sum(p, part, func(m parts.Movement) bool { return m.On.Month() < month }),
		Received: of(parts.Receipt), TransfersIn: of(parts.TransferIn), Returned: of(parts.Return),
		Adjusted: of(parts.Adjustment),
		Issued:   none.Sub(of(parts.IssueOut)), TransfersOut: none.Sub(of(parts.TransferOut)),
		Scrapped: none.Sub(of(parts.Scrapping)),
		Closing:  o.sum(p, part, func(m parts.Movement) bool { return m.On.Month() <= month }),
	}
	if d := o.depots[p]; d != nil && !d.BookOn(part, month.Last()).Equal(r.Closing.Quantity) {
		panic(fmt.Sprintf("the depot's book of %s is %s, its movements sum to %s", month.Last(), d.BookOn(part, month.Last()),
			r.Closing.Quantity))
	}
	r.Count.Unexplained.Value = new(money.Amount)
	var last *countedLine
	for i, c := range o.counts {
		if c.Project == p && c.Part == part && c.CountedOn.Month() == month && (last == nil ||
			c.CountedOn >= last.CountedOn) {
			last = &o.counts[i]
		}
	}
	if last != nil {
		book := o.sum(p, part, func(m parts.Movement) bool { return m.On <= last.CountedOn })
		r.Count = parts.Count{
			Count: last.Count, Counted: last.Counted.Counted, CountedOn: last.CountedOn,
			Event: projections.EventPath(last.position),
			Book:  book.Quantity,
			Explained: o.sum(p, part,
				func(m parts.Movement) bool { return m.Kind == parts.Adjustment && m.Reference == last.Count }),
		}
		short := last.Counted.Counted.Sub(book.Quantity)
		bought := o.sum(p, part, func(m parts.Movement) bool { return m.Kind == parts.Receipt })
		r.Count.Unexplained.Quantity = short
		var value money.Amount
		switch r.Count.Unexplained.Value = &value; {
		case short.IsZero():
		case book.Quantity.IsPositive() && book.Value.Sign() > 0:
			value = worth(book, short)
		case bought.Quantity.IsPositive():
			value = worth(bought, short)
		default:
			r.Count.Unexplained.Value = nil
		}
	}
	moved := slices.ContainsFunc(o.moves,
		func(m parts.Movement) bool { return m.Project == p && m.Part == part && m.On.Month() == month })
	return r, moved || !r.Closing.Quantity.IsZero() || !r.Closing.Value.IsZero() || last != nil
}

// worth is what a quantity costs on average.
func worth(of parts.StockFigure, q decimal.Decimal) money.Amount {
	a, err := money.RoundHalfUp(of.Value.Decimal().Mul(q).DivRound(of.Quantity, 8))
	if err != nil {
		panic(err)
	}
	return a
}

var equalFigures = gocmp.Options{
	gocmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) }),
	domaintest.Exact,
}

// TestStockRollsForwardAsTheDepotsFold holds random questions about random
// depots against the fold of their events: every figure of every month, each
// opening against the closing before, the totals against the books, and each
// figure against the movements that it leads to.
func TestStockRollsForwardAsTheDepotsFold(t *testing.T) {
	for seed := range uint64(2) {
		k := newKeeper(seed)
		k.live(400)
		for _, kind := range []string{
			"PartReceived", "PartIssued", "PartReturned", "PartTransferredOut", "PartTransferredIn", "PartScrapped", "StockCounted", "StockAdjusted",
		} {
			if k.kinds[kind] < 3 {
				t.Errorf("seed %d: %d × %s show little", seed, k.kinds[kind], kind)
			}
		}
		m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(slices.Clone(k.Events)...),
			projections.WithClock(domaintest.NewClock(k.now)))
		projections.Projected(t, m, k.Events[len(k.Events)-1].Position)
		for range 5 {
			askRollForward(t, m, k)
		}
	}
}

func askRollForward(t *testing.T, m *projections.ReadModels, k *keeper) {
	t.Helper()
	cut := projections.Cut{Scope: access.Whole()}
	today := calendar.DateOf(k.now)
	asOf, knownAt := today, k.now
	if k.rnd.IntN(2) == 0 {
		asOf = today - calendar.Date(k.rnd.IntN(150))
		cut.AsOf = asOf
	}
	if k.rnd.IntN(2) == 0 {
		knownAt = k.Events[k.rnd.IntN(len(k.Events))].RecordedAt
		cut.KnownAt = knownAt
	}
	o := fold(k.Events, asOf, knownAt)
	first := today.Month() - calendar.Month(k.rnd.IntN(6))
	last := min(today.Month(), first+calendar.Month(k.rnd.IntN(6)))
	filter := parts.PartsFilter{
		Region: perhaps(k.rnd, keptRegions), Project: perhaps(k.rnd, keptProjects), Part: perhaps(k.rnd, keptParts),
	}

	var got []parts.RollForwardRow
	var totals []parts.RollForwardTotal
	for page := (projections.Page{Limit: 10}); ; {
		answer, err := parts.Of(m).RollForward(t.Context(), cut, first, last, filter, page)
		if err != nil {
			t.Fatal(err)
		}
		got, totals = append(got, answer.Rows...), append(totals, answer.Totals...)
		if page.After = answer.Next; page.After == "" {
			break
		}
	}
	if diff := gocmp.Diff(o.rollForward(first, last, filter), got, equalFigures); diff != "" {
		t.Fatalf("%+v, %s to %s, %+v: fold (-), read model (+):\n%s", cut, first, last, filter, diff)
	}
	before := make(map[string]parts.StockFigure)
	drilled := k.rnd.IntN(5)
	for i, r := range got {
		key := string(r.Project) + " " + string(r.Part)
		if closing, ok := before[key]; !r.Ties || ok && !closing.Equal(r.Opening) {
			t.Errorf("%+v does not tie, or does not open with %+v", r, closing)
		}
		before[key] = r.Closing
		if i%5 == drilled && !r.Issued.Quantity.IsZero() {
			answer, err := parts.Of(m).Movements(t.Context(), cut, parts.MovementFilter{
				PartsFilter: parts.PartsFilter{Project: r.Project, Part: r.Part}, From: r.Month.First(), To: r.Month.Last(),
				Kinds: []parts.MovementKind{parts.IssueOut},
			}, projections.Page{Limit: 1})
			if err != nil {
				t.Fatal(err)
			}
			sum := parts.StockFigure{Quantity: *answer.Quantity, Value: answer.Value}
			if !sum.Equal(parts.StockFigure{}.Sub(r.Issued)) {
				t.Errorf("%+v leads to %+v", r, sum)
			}
		}
	}
	sums := make(map[calendar.Month]money.Amount)
	for _, r := range got {
		sums[r.Month] = sums[r.Month].Add(r.Closing.Value)
	}
	for _, total := range totals {
		if !total.Ties || total.Closing != sums[total.Month] || filter.Part == "" && total.Booked != total.Closing {
			t.Errorf("%+v, %+v: %+v does not tie; the rows close at %s", cut, filter, total, sums[total.Month])
		}
	}

	stock, err := parts.Of(m).Stock(t.Context(), cut, filter, projections.Page{})
	if err != nil {
		t.Fatal(err)
	}
	var value money.Amount
	for _, r := range stock.Rows {
		want := o.sum(r.Project, r.Part, func(parts.Movement) bool { return true })
		if !want.Equal(parts.StockFigure{Quantity: r.Quantity, Value: r.Value}) {
			t.Errorf("%+v, want %+v", r, want)
		}
		value = value.Add(r.Value)
	}
	if value != stock.Value || filter.Part == "" && stock.Booked != value {
		t.Errorf("%+v, %+v: the rows are worth %s, all of them %s, booked are %s", cut, filter, value, stock.Value,
			stock.Booked)
	}
}
