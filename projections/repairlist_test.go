package projections_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/repairs"
	"aftersales-ledger/projections/work"
)

// sheets are random process sheets: whatever people try, in whatever order.
func sheets(t *testing.T, rnd *rand.Rand, n int) (rec projections.Recorder, last time.Time) {
	t.Helper()
	at := projections.Noon("2026-03-01")
	amounts := []int64{0, 10000, 42000, 56000}
	amount := func() money.Amount { return money.Fen(amounts[rnd.IntN(len(amounts))]) }
	gates := []repair.Gate{repair.CityTechLead, repair.TechGroup, repair.HQAffairs, repair.DepartmentManager}
	for i := range n {
		id, r := domain.ReturnID(fmt.Sprintf("F2-%03d", i)), &repair.Return{}
		do := func(events []repair.Event, err error) {
			for _, e := range events {
				at = at.Add(time.Hour)
				r.Evolve(e)
				rec.Record(repair.Stream(id), at, e)
			}
			if refusal := (*domain.Rejection)(nil); errors.As(err, &refusal) && refusal.Fact != nil {
				at = at.Add(time.Hour)
				rec.Record(repair.Stream(id), at, refusal.Fact)
			}
		}
		today := func() calendar.Date { return calendar.DateOf(at) }
		opened, asked := today(), money.Amount{}
		cost := repair.Cost{Bearer: repair.ByUs, Estimate: amount()}
		if rnd.IntN(4) == 0 {
			cost.Bearer = repair.ByMaker
		}
		open := repair.Open{
			Return: id, Project: "P1", Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: today(), Cost: cost, FiledBy: "li",
		}
		steps := rnd.IntN(35)
		if i%20 == 0 { // filed, and perhaps shipped, before there were gates
			do([]repair.Event{
				repair.ReturnOpened{Return: id, Project: "P1", Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: today()},
			}, nil)
			steps = rnd.IntN(4)
			if i%40 == 0 {
				do([]repair.Event{repair.DeviceShipped{Return: id, ShippedOn: today()}}, nil)
			}
		} else {
			do(r.Open(open, today()))
		}
		for range steps {
			switch rnd.IntN(9) {
			case 0, 1, 2, 3:
				g := r.Awaiting()
				if g == "" {
					g = gates[rnd.IntN(len(gates))]
				}
				c := repair.Decide{Return: id, Gate: g, Approve: rnd.IntN(6) > 0, Note: "x", By: string(g)}
				if rnd.IntN(12) == 0 {
					c.By = "li" // their own: refused, and recorded
				}
				for _, fen := range amounts { // one of them is what we bear
					a := money.Fen(fen)
					c.Amount = &a
					do(r.Decide(c, today()))
				}
			case 4:
				do(r.Resubmit(repair.Resubmit{Return: id, Note: "x", By: "li"}, today()))
			case 5:
				asked = amount()
				do(r.Quote(repair.Quote{
					Return: id, Amount: asked, QuotedOn: max(opened, today()-calendar.Date(rnd.IntN(3))), By: "qian",
				}, today()))
			case 6:
				do(r.Ship(repair.Ship{Return: id, ShippedOn: today(), ExpectedBackOn: today() + 3}, today()))
			case 7:
				do(r.ConfirmLetter(repair.ConfirmLetter{
					Return: id, Letter: attachment.Ref{SHA256: "a"}, Amount: asked, By: "he",
				}, today()))
				if claimed := r.Payable(); rnd.IntN(2) == 0 {
					if rnd.IntN(4) == 0 {
						claimed = money.Min(claimed, money.Fen(10000)) // less than the letter says
					}
					do(r.ClaimPayment(repair.ClaimPayment{Return: id, Request: "FK", Amount: claimed, Letter: "a"}, "华东",
						today().Month(), today()))
				}
			case 8:
				if rnd.IntN(2) == 0 {
					do(r.ReleasePayment(repair.ReleasePayment{Return: id, Request: "FK"}, today()))
				} else {
					do(r.Finish(repair.Finish{Return: id, Result: repair.Repaired, On: today()}, today()))
				}
			}
		}
	}
	return rec, at
}

// A sheet and a depot never say two things of one unit: while only the depot's paper is
// there, the sheet waits for its result and the unit is not overdue; while only the result
// is, it waits for the receipt; and both in any order come to the same.
func TestASheetAndADepotSayOneThingOfAUnit(t *testing.T) {
	day := projections.Day("2026-03-10")
	receipt := func(serial string) domain.Event {
		return depot.PartReceived{
			Project: "P1", Receipt: "RK-1", Part: "CAM", Quantity: decimal.NewFromInt(1), Source: depot.FromMaker,
			Serials: []string{serial}, SentSerials: []string{"A0"}, ReceivedOn: day,
		}
	}
	scrapped := depot.PartScrapped{
		Project: "P1", Slip: "BF-1", Part: "CAM", Condition: depot.AtMaker, Quantity: decimal.NewFromInt(1),
		Serials: []string{"A0"}, ScrappedOn: day,
	}
	result := func(of repair.Result, serial string) domain.Event {
		return repair.DeviceReturned{Return: "F2-1", Result: of, NewSerial: serial, On: day}
	}
	type said struct {
		Status    repairs.RepairStatus
		ToReceive bool
		Days      int
		Overdue   string
	}
	waits := said{"AWAITING_RESULT", false, 9, "not at its maker"}
	for name, c := range map[string]struct {
		papers []domain.Event // the depot's, the sheet's
		want   [3]said        // of the first alone, of the second alone, of both
	}{
		"repaired": {
			[]domain.Event{receipt("A0"), result(repair.Repaired, "")},
			[3]said{waits, {"REPAIRED", true, 9, waits.Overdue}, {"REPAIRED", false, 9, waits.Overdue}},
		},
		"replaced": {
			[]domain.Event{receipt("B0"), result(repair.Replaced, "B0")},
			[3]said{waits, {"REPLACED", true, 9, waits.Overdue}, {"REPLACED", false, 9, waits.Overdue}},
		},
		"given up and then scrapped": {
			[]domain.Event{scrapped, result(repair.NotBack, "")},
			[3]said{waits, {"NOT_BACK", false, 9, waits.Overdue}, {"NOT_BACK", false, 9, waits.Overdue}},
		},
		"scrapped": {
			[]domain.Event{scrapped, result(repair.Scrapped, "")},
			[3]said{waits, {"SCRAPPED", false, 9, waits.Overdue}, {"SCRAPPED", false, 9, waits.Overdue}},
		},
		"repaired by its sheet and scrapped by the depot, which waits for no receipt": {
			[]domain.Event{scrapped, result(repair.Repaired, "")},
			[3]said{waits, {"REPAIRED", true, 9, waits.Overdue}, {"REPAIRED", false, 9, waits.Overdue}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, order := range [][]int{{0}, {1}, {0, 1}, {1, 0}} {
				var rec projections.Recorder
				at := projections.Noon("2026-03-20")
				write := func(stream string, e domain.Event) {
					at = at.Add(time.Minute)
					rec.Record(stream, at, e)
				}
				write(repair.Stream("F2-1"), repair.ReturnOpened{
					Return: "F2-1", Project: "P1", Part: "CAM", Serial: "A0", Maker: "明瞳", Fault: "黑屏", OpenedOn: day - 9,
				})
				write(repair.Stream("F2-1"), repair.DeviceShipped{Return: "F2-1", ShippedOn: day - 9, ExpectedBackOn: day - 2})
				for _, n := range order {
					write([]string{depot.Stream("P1"), repair.Stream("F2-1")}[n], c.papers[n])
				}
				m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
					projections.WithClock(domaintest.NewClock(at.Add(time.Hour))))
				projections.Projected(t, m, uint64(len(rec.Events)))
				list, err := repairs.Of(m).Repairs(t.Context(), projections.Cut{Scope: access.Whole()},
					repairs.RepairFilter{All: true}, projections.Page{Limit: 10})
				if err != nil || len(list.Rows) != 1 {
					t.Fatalf("%d sheets, %v", len(list.Rows), err)
				}
				r := list.Rows[0]
				got := said{r.Status, r.ToReceive, *r.DaysAtMaker, "not at its maker"}
				if r.DaysOverdue != nil {
					got.Overdue = fmt.Sprint(*r.DaysOverdue)
				}
				want := c.want[2]
				if len(order) == 1 {
					want = c.want[order[0]]
				}
				if got != want {
					t.Errorf("papers in the order %v say %+v, not %+v", order, got, want)
				}
				for through, away := range map[calendar.Date]int{day - 1: 1, day: 0, day + 10: 0} {
					f, _, err := work.Of(m).FilingFigures(t.Context(), projections.Cut{Scope: access.Whole()}, "P1", day-8, through)
					if back := 1 - away; err != nil || f.DevicesAway != away || f.DevicesBack != back {
						t.Errorf("papers in the order %v: the F4 through %s counts %d at makers and %d back, not %d and %d (%v)",
							order, through, f.DevicesAway, f.DevicesBack, away, back, err)
					}
				}
			}
		})
	}
}

// A sheet without a serial that a batch's line names beside the serial of its unit follows
// that unit: a receipt or a scrap slip that names it ends the sheet's wait for it, whether
// it names the batch or not, whichever paper came first.
func TestABatchTellsASheetWithoutASerialWhichUnitItFollows(t *testing.T) {
	day := projections.Day("2026-03-10")
	batch := depot.FaultyUnitsShipped{
		Project: "P1", Shipment: "FC-1", Maker: "明瞳", ShippedOn: day - 9,
		Units: []depot.FaultyUnit{{Part: "CAM", Quantity: decimal.NewFromInt(1), Serial: "A0", Return: "F2-1"}},
	}
	receipt := depot.PartReceived{
		Project: "P1", Receipt: "RK-1", Part: "CAM", Quantity: decimal.NewFromInt(1), Source: depot.FromMaker,
		Serials: []string{"B0"}, SentSerials: []string{"A0"}, ReceivedOn: day,
	}
	ofBatch := receipt
	ofBatch.Shipment = "FC-1"
	other := receipt
	other.SentSerials = []string{"A1"}
	for name, c := range map[string]struct {
		paper  depot.Event
		status repairs.RepairStatus
	}{
		"a receipt": {receipt, repairs.RepairAwaitingResult}, "a receipt of the batch": {ofBatch, repairs.RepairAwaitingResult},
		"a receipt of another unit": {other, repairs.RepairAtMaker},
		"a scrap slip": {depot.PartScrapped{
			Project: "P1", Slip: "BF-1", Part: "CAM", Condition: depot.AtMaker, Quantity: decimal.NewFromInt(1),
			Serials: []string{"A0"}, ScrappedOn: day,
		}, repairs.RepairAwaitingResult},
	} {
		t.Run(name, func(t *testing.T) {
			for _, papers := range [][]depot.Event{{batch, c.paper}, {c.paper, batch}} {
				var rec projections.Recorder
				at := projections.Noon("2026-03-20")
				write := func(stream string, e domain.Event) {
					at = at.Add(time.Minute)
					rec.Record(stream, at, e)
				}
				write(repair.Stream("F2-1"), repair.ReturnOpened{
					Return: "F2-1", Project: "P1", Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: day - 9,
				})
				write(repair.Stream("F2-1"), repair.DeviceShipped{Return: "F2-1", ShippedOn: day - 9, ExpectedBackOn: day - 2})
				for _, e := range papers {
					write(depot.Stream("P1"), e)
				}
				m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
					projections.WithClock(domaintest.NewClock(at.Add(time.Hour))))
				projections.Projected(t, m, uint64(len(rec.Events)))
				cut := projections.Cut{Scope: access.Whole()}
				list, err := repairs.Of(m).Repairs(t.Context(), cut, repairs.RepairFilter{All: true}, projections.Page{Limit: 10})
				if err != nil || len(list.Rows) != 1 || list.Rows[0].Status != c.status {
					t.Fatalf("%v first: %+v, %v", papers[0].EventType(), list.Rows, err)
				}
				one, err := repairs.Of(m).ReturnHistory(t.Context(), cut, "F2-1")
				if err != nil || one.Repair.Status != c.status {
					t.Errorf("the sheet's page says %s, the list %s (%v)", one.Repair.Status, c.status, err)
				}
			}
		})
	}
}

// At every moment of knowledge the list says of each sheet what the domain's
// own fold of the events says.
func TestRepairsAreWhatTheFoldSays(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 2))
	rec, end := sheets(t, rnd, 400)
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
		projections.WithClock(domaintest.NewClock(end.Add(time.Hour))))
	projections.Projected(t, m, uint64(len(rec.Events)))

	type said struct {
		Awaiting repair.Gate
		Payable  string
		Request  domain.PaymentRequestID
		Refusals int
	}
	seen := map[string]bool{}
	for range 12 {
		n := 1 + rnd.IntN(len(rec.Events))
		want, folds := map[domain.ReturnID]said{}, map[string]*repair.Return{}
		refusals := map[string]int{}
		for _, e := range rec.Events[:n] {
			if folds[e.Stream] == nil {
				folds[e.Stream] = &repair.Return{}
			}
			switch own := e.Event.(type) {
			case repair.Event:
				folds[e.Stream].Evolve(own)
			case duties.OwnDecisionRefused:
				refusals[e.Stream]++
			}
		}
		for stream, r := range folds {
			want[domain.ReturnID(stream[len("return-"):])] = said{
				r.Awaiting(), r.Payable().String(), r.InRequest(), refusals[stream],
			}
		}
		got, cursor := map[domain.ReturnID]said{}, ""
		var payable money.Amount
		for {
			list, err := repairs.Of(m).Repairs(t.Context(), projections.Cut{
				Scope: access.Whole(), KnownAt: rec.Events[n-1].RecordedAt,
			},
				repairs.RepairFilter{All: true}, projections.Page{Limit: 130, After: cursor})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range list.Rows {
				got[r.Return] = said{r.Awaiting, r.Payable.String(), r.PaymentRequest, r.Refusals}
				payable = payable.Add(*r.Payable)
				seen[string(r.Status)] = true
			}
			if n := list.Total().Count; n != len(want) {
				t.Errorf("%d sheets in all, want %d", n, len(want))
			}
			if cursor = list.Next; cursor == "" {
				if got := list.Total().Payable; got != payable {
					t.Errorf("%s payable in all, the rows sum to %s", got, payable)
				}
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("after %d events (-fold +list):\n%s", n, diff)
		}
	}
	for _, s := range []repairs.RepairStatus{
		repairs.RepairAwaitingApproval, repairs.RepairRejected, repairs.RepairToShip, repairs.RepairAtMaker,
		repairs.RepairStatus(repair.Repaired),
	} {
		if !seen[string(s)] {
			t.Errorf("no sheet was ever %s", s)
		}
	}
}

// Who sees a compensation by its center, and no more the project that it is about, is told
// the region all the same, and finds it there.
func TestACompensationHasARegionForWhoSeesItByItsCenter(t *testing.T) {
	var rec projections.Recorder
	at := projections.Noon("2026-03-20")
	write := func(stream string, e domain.Event) {
		at = at.Add(time.Minute)
		rec.Record(stream, at, e)
	}
	write(account.Stream("C1"), account.AccountOpened{Center: "C1", Name: "云栖", Region: "east"})
	write(project.Stream("P9"), project.ProjectRegistered{Project: "P9", Name: "一期", Region: "east", City: "Suzhou"})
	write(project.Stream("P9"), project.CenterAssigned{Project: "P9", Center: "C2", From: projections.Day("2026-01-01")})
	write(repair.Stream("F2-1"), repair.CompensationSheetFiled{
		Return: "F2-1", Project: "P9", Center: "C1", Charge: "SF-1", Quote: "BJ-1", Damage: "门口机",
		FiledOn: projections.Day("2026-03-20"),
	})
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
		projections.WithClock(domaintest.NewClock(at.Add(time.Hour))))
	projections.Projected(t, m, uint64(len(rec.Events)))
	sites := access.NewSites()
	sites.OpenCenter("C1", "east")
	sites.RegisterProject("P1", "east", "Shanghai")
	sites.AssignCenter("P1", "C1", 1)
	sites.RegisterProject("P9", "east", "Suzhou")
	sites.AssignCenter("P9", "C2", 1)
	for name, scope := range map[string]access.Scope{
		"the whole company": access.Whole(),
		"the center's city": access.Resolve(access.Reach{Cities: []string{"Shanghai"}}, sites, 10_000),
	} {
		filter := repairs.RepairFilter{All: true}
		filter.Region = "east"
		list, err := repairs.Of(m).Repairs(t.Context(), projections.Cut{Scope: scope}, filter, projections.Page{Limit: 10})
		if err != nil || len(list.Rows) != 1 || list.Rows[0].Region != "east" {
			t.Errorf("%s sees %+v, %v", name, list.Rows, err)
		}
		if err == nil && len(list.Rows) == 1 && list.Rows[0].Center != "C2" {
			t.Errorf("%s is told of center %s, where the paper of the sheet names C2", name, list.Rows[0].Center)
		}
	}
}

// The answer on a compensation names the center that its paper and its mails name: the one that
// answered for the project on the day of the sheet, as was known then (5.3.2).
func TestACompensationNamesTheCenterOfTheDayOfItsSheet(t *testing.T) {
	var rec projections.Recorder
	at := projections.Noon("2026-03-20")
	write := func(stream string, e domain.Event) {
		at = at.Add(time.Minute)
		rec.Record(stream, at, e)
	}
	assigned := func(center domain.CenterID, from string) {
		write(project.Stream("P9"), project.CenterAssigned{Project: "P9", Center: center, From: projections.Day(from)})
	}
	write(project.Stream("P9"), project.ProjectRegistered{Project: "P9", Name: "一期", Region: "east", City: "Suzhou"})
	assigned("C1", "2025-01-01")
	assigned("C2", "2026-03-20")
	assigned("C3", "2026-03-21")
	write(repair.Stream("F2-1"), repair.CompensationSheetFiled{
		Return: "F2-1", Project: "P9", Center: "C1", Charge: "SF-1", Quote: "BJ-1", Damage: "门口机",
		FiledOn: projections.Day("2026-03-20"),
	})
	assigned("C4", "2026-03-19") // told of later
	m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
		projections.WithClock(domaintest.NewClock(at.Add(48*time.Hour))))
	projections.Projected(t, m, uint64(len(rec.Events)))
	h, err := repairs.Of(m).ReturnHistory(t.Context(), projections.Cut{Scope: access.Whole()}, "F2-1")
	if err != nil || h.Repair.Center != "C2" {
		t.Errorf("of center %s, %v", h.Repair.Center, err)
	}
}
