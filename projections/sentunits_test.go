package projections_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/projections"
	"aftersales-ledger/projections/match"
	"aftersales-ledger/projections/parts"
	"aftersales-ledger/projections/repairs"
	"aftersales-ledger/projections/work"
)

// carriedUnit is a unit that somebody took to its maker, and perhaps back: who carried it
// knows, whatever papers were written.
type carriedUnit struct {
	project   domain.ProjectID
	sent, due calendar.Date
	back      calendar.Date // or scrapped; zero: it is there
	lost      bool          // by a result on its sheet or, where there is no sheet, by a scrap slip
}

// carryUnnamed makes units without a serial go to their maker in one batch, some of them on
// sheets that it names. Some come back in up to two receipts, which count them; of a
// sheet that says its result, the receipt is of the same day.
func carryUnnamed(
	rnd *rand.Rand, like carriedUnit, promised calendar.Date, batch domain.SlipID, sheet domain.ReturnID,
) (units []carriedUnit, papers []domain.Event) {
	like.back, like.lost = 0, false
	sent := depot.FaultyUnitsShipped{
		Project: like.project, Shipment: batch, Maker: "明瞳", ShippedOn: like.sent, ExpectedBackOn: promised,
	}
	loose := rnd.IntN(3)
	if loose > 0 {
		sent.Units = append(sent.Units, depot.FaultyUnit{Part: "CAM", Quantity: decimal.NewFromInt(int64(loose))})
	}
	days := []calendar.Date{like.sent.AddDays(1 + rnd.IntN(30)), like.sent.AddDays(31 + rnd.IntN(30))}
	var received [2]int
	for n := range loose + 1 + rnd.IntN(3) {
		u, when := like, rnd.IntN(3)
		result := repair.Result("")
		if id := domain.ReturnID(fmt.Sprint(sheet, "-", n)); n >= loose {
			sent.Units = append(sent.Units, depot.FaultyUnit{Part: "CAM", Quantity: decimal.NewFromInt(1), Return: id})
			papers = append(papers, repair.ReturnOpened{
				Return: id, Project: u.project, Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: u.sent,
			}, repair.DeviceShipped{Return: id, ShippedOn: u.sent, ExpectedBackOn: promised})
			result = []repair.Result{"", repair.Repaired, repair.Scrapped}[rnd.IntN(3)]
			if when < len(days) && result != "" {
				papers = append(papers, repair.DeviceReturned{Return: id, Result: result, On: days[when]})
			}
		}
		if when < len(days) {
			if u.back, u.lost = days[when], result == repair.Scrapped; !u.lost {
				received[when]++
			}
		}
		units = append(units, u)
	}
	for i, n := range received {
		if n > 0 {
			papers = append(papers, depot.PartReceived{
				Project: like.project, Receipt: domain.SlipID(fmt.Sprint("RK-", batch, "-", i)), Part: "CAM",
				Quantity: decimal.NewFromInt(int64(n)), Source: depot.FromMaker, Shipment: batch, ReceivedOn: days[i],
			})
		}
	}
	return units, append(papers, sent)
}

// carry makes units go to their makers, with the papers that people write of it: a
// process sheet, a batch of the depot, both of which one names the other, or both of
// which neither does; with serials and without.
func carry(rnd *rand.Rand, n int, within int) (units []carriedUnit, papers []domain.Event) {
	begin, one := projections.Day("2026-02-01"), decimal.NewFromInt(1)
	for i := range n {
		u := carriedUnit{project: []domain.ProjectID{"P1", "P2"}[rnd.IntN(2)], sent: begin.AddDays(rnd.IntN(90))}
		serial, batch, sheet := fmt.Sprint("S", i), domain.SlipID(fmt.Sprint("FC-", i)), domain.ReturnID(fmt.Sprint("F2-", i))
		promised := calendar.Date(0)
		if u.due = u.sent.AddDays(within); rnd.IntN(2) == 0 {
			promised = u.sent.AddDays(5 + rnd.IntN(40))
			u.due = promised
		}
		if rnd.IntN(2) == 0 {
			u.back = u.sent.AddDays(1 + rnd.IntN(60))
		}
		scrapped := rnd.IntN(4) == 0
		how := rnd.IntN(6)
		if how == 5 {
			u, p := carryUnnamed(rnd, u, promised, batch, sheet)
			units, papers = append(units, u...), append(papers, p...)
			continue
		}
		sheeted := how != 0 && how != 4
		bySheet := sheeted && rnd.IntN(2) == 0 // says how it ended
		u.lost = scrapped && !u.back.IsZero() && (bySheet || !sheeted)
		if sheeted {
			papers = append(papers, repair.ReturnOpened{
				Return: sheet, Project: u.project, Part: "CAM", Serial: serial, Maker: "明瞳", Fault: "黑屏", OpenedOn: u.sent,
			}, repair.DeviceShipped{Return: sheet, ShippedOn: u.sent, ExpectedBackOn: promised})
			if rnd.IntN(3) == 0 { // a later promise does not undo the first
				papers = append(papers, repair.ReturnFollowedUp{
					Return: sheet, On: u.sent + 1, Contact: "x", Note: "x", ExpectedBackOn: u.due.AddDays(20), By: "qian",
				})
			}
		}
		line := depot.FaultyUnit{Part: "CAM", Quantity: one, Serial: serial}
		copies := 1
		switch how {
		case 2:
			line.Return = sheet
		case 4: // units without a serial; of which some come back together
			line.Serial, copies = "", 1+rnd.IntN(3)
			line.Quantity = decimal.NewFromInt(int64(copies))
		}
		if how != 1 {
			papers = append(papers, depot.FaultyUnitsShipped{
				Project: u.project, Shipment: batch, Maker: "明瞳", Units: []depot.FaultyUnit{line}, ShippedOn: u.sent,
				ExpectedBackOn: promised,
			})
		}
		for range copies {
			units = append(units, u)
		}
		if u.back.IsZero() {
			continue
		}
		back := copies
		if how == 4 {
			back = 1 + rnd.IntN(copies)
			for k := range copies - back {
				units[len(units)-1-k].back, units[len(units)-1-k].lost = 0, false
			}
		}
		var names []string
		if how != 4 {
			names = []string{serial}
		}
		receives := []domain.ProjectID{u.project, "P1", "P2"}[rnd.IntN(3)]
		switch {
		case bySheet:
			result := repair.Repaired
			if scrapped {
				result = repair.Scrapped
			}
			papers = append(papers, repair.DeviceReturned{Return: sheet, Result: result, On: u.back})
		case scrapped:
			papers = append(papers, depot.PartScrapped{
				Project: receives, Slip: domain.SlipID("BF-" + fmt.Sprint(i)), Part: "CAM", Condition: depot.AtMaker,
				Quantity: decimal.NewFromInt(int64(back)), Serials: names, Reason: "不修", ScrappedOn: u.back, Shipment: batch,
			})
		default:
			papers = append(papers, depot.PartReceived{
				Project: receives, Receipt: domain.SlipID("RK-" + fmt.Sprint(i)), Part: "CAM",
				Quantity: decimal.NewFromInt(int64(back)), Source: depot.FromMaker, Serials: names, Shipment: batch,
				ReceivedOn: u.back,
			})
		}
		if how == 1 {
			switch e := papers[len(papers)-1].(type) { // it went in no batch
			case depot.PartScrapped:
				e.Shipment = ""
				papers[len(papers)-1] = e
			case depot.PartReceived:
				e.Shipment = ""
				papers[len(papers)-1] = e
			}
		}
	}
	return units, papers
}

// The F4, the list of repairs, the failures of parts and the findings count the same units
// at makers: those that were carried there, on a sheet or not, each once, whatever the
// order of the papers; and one is overdue by the day that was promised first.
func TestUnitsAtMakersAreCountedOnceWithOrWithoutASheet(t *testing.T) {
	rules := policy.Default()
	for seed := range uint64(2) {
		rnd := rand.New(rand.NewPCG(seed, 16))
		carried, papers := carry(rnd, 60, rules.RepairWithinDays)
		rnd.Shuffle(len(papers), func(i, j int) { papers[i], papers[j] = papers[j], papers[i] })
		var rec projections.Recorder
		at := projections.Noon("2026-09-20")
		write := func(stream string, e domain.Event) {
			at = at.Add(time.Minute)
			rec.Record(stream, at, e)
		}
		for _, p := range []domain.ProjectID{"P1", "P2"} {
			write(project.Stream(p), project.ProjectRegistered{Project: p, Name: "一期", Region: "east", City: "Suzhou"})
		}
		for _, e := range papers {
			switch e := e.(type) {
			case repair.ReturnOpened:
				write(repair.Stream(e.Return), e)
			case repair.DeviceShipped:
				write(repair.Stream(e.Return), e)
			case repair.ReturnFollowedUp:
				write(repair.Stream(e.Return), e)
			case repair.DeviceReturned:
				write(repair.Stream(e.Return), e)
			case depot.FaultyUnitsShipped:
				write(depot.Stream(e.Project), e)
			case depot.PartReceived:
				write(depot.Stream(e.Project), e)
			case depot.PartScrapped:
				write(depot.Stream(e.Project), e)
			}
		}
		m, _ := projections.Start(t, projections.NewDatabase(t), projections.NewMemoryLog(rec.Events...),
			projections.WithClock(domaintest.NewClock(at.Add(time.Hour))))
		projections.Projected(t, m, uint64(len(rec.Events)))
		for _, day := range []string{"2026-03-05", "2026-04-30", "2026-08-01"} {
			on := projections.Day(day)
			cut := projections.Cut{Scope: access.Whole(), AsOf: on}
			type counts struct{ AtMaker, Overdue, Found, Away, Out, Back, Sent, Lost int }
			var want, got counts
			from := on - 30
			for _, u := range carried {
				there := u.sent <= on && (u.back.IsZero() || u.back > on)
				if there {
					want.AtMaker, want.Away = want.AtMaker+1, want.Away+1
				}
				if there && on > u.due {
					want.Overdue, want.Found = want.Overdue+1, want.Found+1
				}
				if from <= u.sent && u.sent <= on {
					want.Out++
				}
				if gone := !u.back.IsZero() && u.sent <= on; gone && from <= u.back && u.back <= on {
					want.Back++
				}
				if u.sent <= on {
					want.Sent++
				}
				if u.lost && u.back <= on {
					want.Lost++
				}
			}
			all, after := 0, ""
			seen := make(map[string]bool)
			for {
				page := projections.Page{Limit: 25, After: after}
				list, err := repairs.Of(m).Repairs(t.Context(), cut, repairs.RepairFilter{}, page)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range list.Rows {
					if key := fmt.Sprint(r.Return, r.Project, r.Shipment, r.Part, r.Serial); seen[key] {
						t.Errorf("%s is on two pages", key)
					} else {
						seen[key] = true
					}
					all += r.Away
					if r.Serial == "" && r.Return != "" {
						one, err := repairs.Of(m).ReturnHistory(t.Context(), cut, r.Return)
						if err != nil || one.Repair.Status != r.Status {
							t.Errorf("seed %d, %s: %s is %s on its own page, %s in the list, %v",
								seed, on, r.Return, one.Repair.Status, r.Status, err)
						}
					}
					if r.Status != repairs.RepairAwaitingResult {
						continue
					}
					back := r.ShippedOn.AddDays(*r.DaysAtMaker)
					if r.Serial == "" && !slices.ContainsFunc(carried, func(u carriedUnit) bool {
						return u.sent == r.ShippedOn && u.back == back
					}) {
						t.Errorf("seed %d, %s: %s is back from %s on, when nothing came", seed, on, r.Return, back)
					}
				}
				got.AtMaker, got.Overdue = list.Total().AtMaker, list.Total().Overdue
				if after = list.Next; after == "" {
					break
				}
			}
			if all != got.AtMaker {
				t.Errorf("seed %d, %s: the rows come to %d at makers, the regions to %d", seed, on, all, got.AtMaker)
			}
			late := 0
			list, err := repairs.Of(m).Repairs(t.Context(), cut, repairs.RepairFilter{Overdue: true},
				projections.Page{Limit: 1000})
			for _, r := range list.Rows {
				late += r.Away
			}
			if err != nil || late != got.Overdue {
				t.Errorf("seed %d, %s: %d overdue by their rows, %d in all, %v", seed, on, late, got.Overdue, err)
			}
			for _, f := range match.Run(factsFor(t, rec.Events), on, &rules).Findings {
				if f.Class == finding.AtVendorOverdue {
					got.Found += int(f.Quantity.IntPart())
				}
			}
			for _, p := range []domain.ProjectID{"P1", "P2"} {
				f, _, err := work.Of(m).FilingFigures(t.Context(), cut, p, from, on)
				if err != nil {
					t.Fatal(err)
				}
				got.Away, got.Out, got.Back = got.Away+f.DevicesAway, got.Out+f.DevicesOut, got.Back+f.DevicesBack
			}
			failures, err := parts.Of(m).Failures(t.Context(), cut, parts.FailureFilter{From: projections.Day("2026-01-01")},
				projections.Page{Limit: 10})
			if err != nil || len(failures.Rows) != 1 {
				t.Fatalf("%d parts, %v", len(failures.Rows), err)
			}
			f := failures.Rows[0]
			got.Sent = int(f.Sent)
			got.Lost = int(f.Lost)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("seed %d, %s (-carried +counted):\n%s", seed, on, diff)
			}
		}
	}
}
