package depot_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
)

// walk is a unit as somebody carries it about, with a paper for every step. It
// knows where the unit is, since it carries it.
func walk(t *rapid.T) (papers []depot.Event, end string) {
	one, serials := decimal.NewFromInt(1), []string{"S"}
	on, batch := today-300, domain.SlipID("")
	gone := make(map[string]bool)  // from where it has gone on this day
	late := domain.FaultLineID("") // of a hand-in slip that comes late
	end = "outside"
	for n := range rapid.IntRange(1, 25).Draw(t, "steps") {
		// A unit goes round at most once a day: nowhere twice.
		if days := rapid.IntRange(0, 3).Draw(t, "days"); days > 0 || gone[end] {
			on = on + calendar.Date(max(days, 1))
			clear(gone)
		}
		gone[end] = true
		id := domain.SlipID(fmt.Sprint("N", n))
		switch end {
		case "outside":
			papers = append(papers,
				depot.PartReceived{
					Receipt: id, Part: "CAM", Quantity: one, Source: depot.Purchase, Serials: serials, ReceivedOn: on,
				})
			end = "in stock"
		case "in stock":
			papers = append(papers, depot.PartIssued{Slip: id, Part: "CAM", Quantity: one, Serials: serials, IssuedOn: on})
			end = "out"
		case "out":
			papers = append(papers,
				depot.FaultyUnitHandedIn{Slip: id, Part: "CAM", Quantity: one, Serials: serials, HandedInOn: on})
			end = "on the shelf"
		case "on the shelf":
			batch, late = id, ""
			var line domain.FaultLineID
			if rapid.Bool().Draw(t, "names a line") {
				line = domain.FaultLineID("L-" + id)
				late = rapid.SampledFrom([]domain.FaultLineID{"", line}).Draw(t, "so does a paper that comes late")
			}
			papers = append(papers,
				depot.FaultyUnitsShipped{
					Shipment: id, Units: []depot.FaultyUnit{{Part: "CAM", Quantity: one, Serial: "S", FaultLine: line}}, ShippedOn: on,
				})
			end = "at its maker"
		case "at its maker":
			if rapid.IntRange(0, 3).Draw(t, "a paper of before comes late") == 0 {
				papers = append(papers,
					depot.FaultyUnitHandedIn{Slip: id, Part: "CAM", Quantity: one, Serials: serials, FaultLine: late, HandedInOn: on})
				continue
			}
			switch rapid.IntRange(0, 3).Draw(t, "what the maker makes of it") {
			case 0:
				papers = append(papers,
					depot.PartScrapped{
						Slip: id, Part: "CAM", Condition: depot.AtMaker, Quantity: one, Serials: serials, ScrappedOn: on,
					})
				return papers, "gone"
			case 1: // another unit of another part
				papers = append(papers, depot.PartReceived{
					Receipt: id, Part: "DOOR", Quantity: one, Source: depot.FromMaker, Shipment: batch, SentSerials: serials,
					Serials: []string{"T"}, ReceivedOn: on,
				})
				return papers, "gone"
			}
			papers = append(papers, depot.PartReceived{
				Receipt: id, Part: "CAM", Quantity: one, Source: depot.FromMaker, Shipment: batch, SentSerials: serials,
				Serials: serials, ReceivedOn: on,
			})
			end = "in stock"
		}
	}
	return papers, end
}

// In whatever order the papers of a unit are entered, the depot knows in the end
// where it is: it refuses what cannot be done with it there, and nothing else.
func TestADepotKnowsWhereAUnitIsWhateverTheOrderOfItsPapers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		papers, end := walk(t)
		d := &depot.Depot{}
		for _, i := range rapid.Permutation(indexes(len(papers))).Draw(t, "order") {
			d.Evolve(papers[i])
		}
		one, serials := decimal.NewFromInt(1), []string{"S"}
		refused := func(_ []depot.Event, err error) bool {
			var r *domain.Rejection
			return errors.As(err, &r) && r.Code == "serial-there-already"
		}
		got := map[string]bool{
			"in stock":     refused(d.Receive(depot.Receive{Receipt: "X", Part: "CAM", Quantity: one, Source: depot.Purchase, Serials: serials, ReceivedOn: today}, today)),
			"on the shelf": refused(d.HandIn(depot.HandIn{Slip: "X", Part: "CAM", Quantity: one, Serials: serials, HandedInBy: "李", HandedInOn: today}, today)),
			"at its maker": refused(d.ShipFaulty(depot.ShipFaulty{
				Shipment: "X", Maker: "海康", Units: []depot.FaultyUnit{{Part: "CAM", Quantity: one, Serial: "S"}}, ShippedOn: today,
			}, today)),
		}
		for place, there := range got {
			if there != (place == end) {
				t.Errorf("the unit is %s; the depot holds that it is %s: %t", end, place, there)
			}
		}
	})
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// What a maker scrapped is named by serial or by batch; only there is a batch given.
func TestScrappedAtTheMaker(t *testing.T) {
	c := depot.Scrap{
		Slip: "BF-1", Part: "CAM", Condition: depot.AtMaker, Quantity: decimal.NewFromInt(1), Reason: "不修", ScrappedOn: today,
	}
	d := &depot.Depot{}
	check := func(what, code string) {
		t.Helper()
		_, err := d.Scrap(c, today)
		var r *domain.Rejection
		if errors.As(err, &r); code == "" && err != nil || code != "" && (r == nil || r.Code != code) {
			t.Errorf("%s: %v, want %q", what, err, code)
		}
	}
	check("neither serial nor batch", "serials-required")
	c.Shipment = "FC-1"
	check("by batch, before the batch is entered", "")
	c.Condition = depot.Faulty
	check("a batch of a unit on the shelf", "not-at-the-maker")
	c.Condition, c.Shipment, c.Serials = depot.AtMaker, "", []string{"S"}
	check("by serial", "")
}
