package parts

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// move is a paper that a unit's carrier writes, and where the unit is then.
type move struct {
	step, reference, other string
	to                     UnitPlace
	late                   bool // about the last time that the unit was taken out
}

// carried is what can be done with a unit, by where it is. The first of each is
// the usual.
var carried = map[UnitPlace][]move{
	PlaceUnknown: {{step: "RECEIPT", to: PlaceInStock}, {step: "F2_SHIPPED", to: PlaceAtMaker}}, // straight from a room
	PlaceInStock: {
		{step: "ISSUE", to: PlaceIssued}, {step: "TRANSFER_OUT", to: PlaceInTransit}, {step: "COUNTED", to: PlaceInStock},
		{step: "F2_RETURNED", reference: "REPAIRED", to: PlaceInStock}, {step: "F2_RETURNED", reference: "SCRAPPED", to: PlaceInStock},
	},
	PlaceInTransit: {{step: "TRANSFER_IN", to: PlaceInStock}},
	PlaceIssued:    {{step: "INSTALLED", to: PlaceInstalled}, {step: "RETURN", to: PlaceInStock}},
	PlaceInstalled: {{step: "REMOVED", to: PlaceRemoved}},
	PlaceRemoved:   {{step: "HANDED_IN", to: PlaceOnShelf}, {step: "F2_SHIPPED", to: PlaceAtMaker}},
	PlaceOnShelf:   {{step: "SHIPPED", to: PlaceAtMaker}, {step: "SCRAP", to: PlaceScrapped}},
	PlaceAtMaker: {
		{step: "BACK_FROM_MAKER", to: PlaceInStock}, {step: "F2_RETURNED", reference: "REPAIRED", to: PlaceToReceive}, {step: "SCRAP", to: PlaceScrapped},
		{step: "F2_RETURNED", reference: "SCRAPPED", to: PlaceScrapped}, {step: "F2_RETURNED", reference: "REPLACED", other: "T", to: PlaceReplaced},
		{step: "F2_RETURNED", reference: "NOT_BACK", to: PlaceNotBack}, {step: "BACK_FROM_MAKER", other: "T", to: PlaceReplaced},
		{step: "HANDED_IN", late: true, to: PlaceAtMaker}, {step: "REMOVED", late: true, to: PlaceAtMaker},
	},
	PlaceToReceive: {
		{step: "BACK_FROM_MAKER", to: PlaceInStock}, {step: "SCRAP", to: PlaceScrapped}, {step: "HANDED_IN", late: true, to: PlaceToReceive},
	},
	PlaceReplaced: {
		{step: "BACK_FROM_MAKER", other: "T", to: PlaceReplaced}, {step: "SCRAP", to: PlaceScrapped}, {step: "HANDED_IN", late: true, to: PlaceReplaced},
	},
	PlaceNotBack: {
		{step: "BACK_FROM_MAKER", to: PlaceInStock}, {step: "SCRAP", to: PlaceScrapped}, {step: "HANDED_IN", late: true, to: PlaceNotBack},
	},
	// A sheet may say of a unit what it likes, once a depot has it back or scrapped it.
	PlaceScrapped: {
		{step: "F2_RETURNED", reference: "REPAIRED", to: PlaceScrapped}, {step: "F2_RETURNED", reference: "NOT_BACK", to: PlaceScrapped},
		{step: "F2_RETURNED", reference: "REPLACED", other: "T", to: PlaceScrapped},
	},
}

// Whatever the order in which the papers of a unit arrive, it ends where whoever
// carried it left it.
func TestASerialEndsInOnePlaceWhateverTheOrderOfItsPapers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var steps []SerialStep
		place, on := PlaceUnknown, calendar.Date(20000)
		var line domain.FaultLineID // by which it was taken out last
		named := func(n int, m move) domain.FaultLineID {
			switch {
			case m.late && m.step == "REMOVED": // an F1 line always says which it is
			case m.step == "REMOVED", m.step == "F2_SHIPPED" && place == PlaceUnknown: // its sheet names the line
				line = domain.FaultLineID(fmt.Sprint("L", n))
			case !slices.Contains([]string{"HANDED_IN", "SHIPPED", "F2_SHIPPED"}, m.step):
				return ""
			case m.step == "HANDED_IN" && rapid.Bool().Draw(t, "names no line"):
				return ""
			}
			return line
		}
		var today []string
		wasLate := false
		for n := range rapid.IntRange(1, 25).Draw(t, "steps") {
			moves := carried[place]
			if len(moves) == 0 {
				break
			}
			m := rapid.SampledFrom(moves).Draw(t, "move")
			// Of one day, a unit is on no two papers of a kind, is counted last, and
			// what is counted or scrapped is moved no more.
			// A late paper has a day of its own: of one day, it may be about that day.
			alone := []string{"COUNTED", "SCRAP", "RETURN", "TRANSFER_OUT"}
			ends := []string{"COUNTED", "RETURN", "TRANSFER_IN"}
			if rapid.IntRange(0, 2).Draw(t, "days") > 0 || len(today) >= 3 || slices.Contains(today, m.step) ||
				slices.Contains(alone, m.step) || m.late || wasLate || len(steps) > 0 && slices.Contains(ends, steps[n-1].Step) {
				on, today = on+1, nil
			}
			today, wasLate = append(today, m.step), m.late
			steps = append(steps, SerialStep{
				On: on, Step: m.step, Reference: m.reference, Document: fmt.Sprint("N", n), OtherSerial: m.other, WasOld: true,
				FaultLine: named(n, m),
			})
			place = m.to
		}
		h := SerialHistory{Serial: "S", Place: PlaceUnknown}
		for i, s := range rapid.Permutation(steps).Draw(t, "order") {
			s.Position = uint64(i + 1)
			h.add(s)
		}
		if h.follow(); h.Place != place {
			t.Errorf("the unit is %s, its papers say %s", place, h.Place)
		}
	})
}

// What a depot has received is there, whatever a process sheet says of it later;
// the unit that came instead waits for its receipt.
func TestAResultAndItsReceipt(t *testing.T) {
	for name, c := range map[string]struct {
		steps []SerialStep
		want  UnitPlace
	}{
		"repaired, not received": {[]SerialStep{
			{On: 10, Step: "F2_SHIPPED", WasOld: true}, {On: 20, Step: "F2_RETURNED", Reference: "REPAIRED", WasOld: true},
		}, PlaceToReceive},
		"received, then the sheet is ended": {[]SerialStep{
			{On: 10, Step: "F2_SHIPPED", WasOld: true}, {On: 19, Step: "BACK_FROM_MAKER", OtherSerial: "S", WasOld: true},
			{On: 20, Step: "F2_RETURNED", Reference: "REPAIRED", WasOld: true},
		}, PlaceInStock},
		"ended on the day it went out again, and back from the maker in a day": {[]SerialStep{
			{On: 10, Step: "RECEIPT"}, {On: 11, Step: "F2_RETURNED", Reference: "REPAIRED", WasOld: true}, {On: 11, Step: "ISSUE"},
			{On: 11, Step: "INSTALLED"}, {On: 12, Step: "REMOVED"}, {On: 12, Step: "F2_SHIPPED", WasOld: true},
			{On: 12, Step: "BACK_FROM_MAKER", OtherSerial: "S", WasOld: true},
		}, PlaceInStock},
		"came instead, not received":     {[]SerialStep{{On: 20, Step: "F2_RETURNED", Reference: "REPLACED", OtherSerial: "R"}}, PlaceToReceive},
		"came instead, received before":  {[]SerialStep{{On: 19, Step: "RECEIPT"}, {On: 20, Step: "F2_RETURNED", Reference: "REPLACED", OtherSerial: "R"}}, PlaceInStock},
		"came instead, received on time": {[]SerialStep{{On: 20, Step: "F2_RETURNED", Reference: "REPLACED", OtherSerial: "R"}, {On: 20, Step: "RECEIPT"}}, PlaceInStock},
	} {
		h := SerialHistory{Serial: "S", Place: PlaceUnknown, Steps: c.steps}
		if h.follow(); h.Place != c.want {
			t.Errorf("%s: %s, want %s", name, h.Place, c.want)
		}
	}
}
