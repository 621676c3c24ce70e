package repair_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/repair"
)

// told is what the events alone say about a sheet, by reading them as a person
// would: it shares nothing with the state.
type told struct {
	cost      money.Amount
	allowed   money.Amount // by the department manager, and not withdrawn since
	reviewed  money.Amount
	technical map[repair.Gate]bool
	rejected  bool
	shipped   bool
	claimed   bool
	confirmed bool // the last letter
	hands     map[repair.Gate]string
	filers    []string
}

func read(events []repair.Event) (s told) {
	s.technical, s.hands = map[repair.Gate]bool{}, map[repair.Gate]string{}
	var estimate money.Amount
	var quote *money.Amount
	var bearer policy.Bearer
	for _, e := range events {
		switch e := e.(type) {
		case repair.ReturnOpened:
			bearer, estimate = e.Cost.Bearer, e.Cost.Estimate
			s.filers = append(s.filers, e.FiledBy)
		case repair.ReturnResubmitted:
			bearer, estimate, s.rejected = e.Cost.Bearer, e.Cost.Estimate, false
			s.filers = append(s.filers, e.By)
		case repair.RepairQuoted:
			quote = &e.Amount
			s.rejected, s.confirmed = s.rejected && !s.shipped, false
		case repair.ReturnReviewed:
			s.hands[e.Gate] = e.By
			if e.Gate == repair.HQAffairs {
				s.reviewed = e.Amount
			} else {
				s.technical[e.Gate] = true
			}
		case repair.ReturnApproved:
			s.hands[e.Gate] = e.By
			if e.Gate == repair.DepartmentManager {
				s.allowed = e.Amount
			} else {
				s.technical[e.Gate] = true
			}
		case repair.ReturnRejected:
			s.rejected = true
			if s.shipped {
				s.reviewed = money.Min(s.reviewed, s.allowed)
			} else {
				s.allowed, s.reviewed, s.technical, s.hands = money.Amount{}, money.Amount{}, map[repair.Gate]bool{},
					map[repair.Gate]string{}
			}
		case repair.DeviceShipped:
			s.shipped = true
		case repair.RepairPaymentRequested:
			s.claimed = true
		case repair.RepairPaymentReleased:
			s.claimed = false
		case repair.ConfirmationLetterConfirmed:
			s.confirmed = true
		case repair.CompensationSheetFiled, repair.DeviceReturned, repair.ReturnFollowedUp:
		}
	}
	switch {
	case bearer != repair.ByUs:
	case quote != nil:
		s.cost = *quote
	default:
		s.cost = estimate
	}
	return s
}

// Whatever people do in whatever order: nothing is payable above what the
// department manager allowed after a review of as much, nothing before the letter
// was confirmed, nothing twice, no device leaves before its gates, and nobody decides on their own sheet or at
// two gates.
func TestNothingPassesAroundTheGates(t *testing.T) {
	people := []string{"li", "cheng", "wei", "zhao", "feng", "qian", "he"}
	gates := []repair.Gate{repair.CityTechLead, repair.TechGroup, repair.HQAffairs, repair.DepartmentManager}
	usual := map[repair.Gate]string{
		repair.CityTechLead: "cheng", repair.TechGroup: "wei", repair.HQAffairs: "zhao", repair.DepartmentManager: "feng",
	}
	var ships, claims, reopened int
	rapid.Check(t, func(t *rapid.T) {
		today := calendar.QuarterOf(2026, 2).Last()
		state, events := &repair.Return{}, []repair.Event(nil)
		amount := rapid.Custom(func(t *rapid.T) money.Amount {
			return money.Fen(rapid.SampledFrom([]int64{0, 100, 420, 560}).Draw(t, "fen"))
		})
		cost := func() repair.Cost {
			return repair.Cost{
				Bearer: rapid.SampledFrom([]policy.Bearer{
					repair.ByUs, repair.ByUs, repair.ByUs, repair.ByMaker, repair.ByCenter,
				}).Draw(t, "bearer"),
				Estimate: amount.Draw(t, "estimate"),
			}
		}
		who := rapid.SampledFrom(people)
		do := func(decided []repair.Event, err error) bool {
			for _, e := range decided {
				state.Evolve(e)
				events = append(events, e)
			}
			return err == nil && len(decided) > 0
		}
		do(state.Open(repair.Open{
			Return: "F2-1", Project: "P", Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: today, Cost: cost(),
			FiledBy: who.Draw(t, "filer"),
		}, today))
		letter := attachment.Ref{SHA256: "a"}
		for range rapid.IntRange(60, 120).Draw(t, "steps") {
			before := read(events)
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0, 1, 2, 3:
				g := state.Awaiting()
				if g == "" || rapid.IntRange(0, 4).Draw(t, "out of turn") == 0 {
					g = rapid.SampledFrom(gates).Draw(t, "gate")
				}
				c := repair.Decide{
					Return: "F2-1", Gate: g, Approve: rapid.IntRange(0, 11).Draw(t, "approve") > 0, Note: "x", By: usual[g],
				}
				if rapid.IntRange(0, 7).Draw(t, "other hand") == 0 {
					c.By = who.Draw(t, "by")
				}
				if a := before.cost; rapid.IntRange(0, 5).Draw(t, "seen") > 0 {
					c.Amount = &a
				}
				if !do(state.Decide(c, today)) {
					break
				}
				if slices.Contains(before.filers, c.By) {
					t.Fatalf("%s decided at %s on what they submitted", c.By, g)
				}
				for other, by := range before.hands {
					if other != g && by == c.By {
						t.Fatalf("%s decided at %s and %s", by, other, g)
					}
				}
			case 4:
				do(state.Resubmit(repair.Resubmit{Return: "F2-1", Note: "x", By: who.Draw(t, "by")}, today))
			case 5:
				if do(state.Quote(repair.Quote{Return: "F2-1", Amount: amount.Draw(t, "quote"), QuotedOn: today, By: "qian"},
					today)) && before.allowed.Sign() > 0 && before.allowed.Less(read(events).cost) {
					reopened++
				}
			case 6:
				if do(state.Ship(repair.Ship{Return: "F2-1", ShippedOn: today}, today)) {
					ships++
					if len(before.technical) < 2 || before.rejected || before.allowed.Less(before.cost) ||
						before.reviewed.Less(before.cost) && before.allowed.Less(before.cost) {
						t.Fatalf("it left before its gates: %+v", before)
					}
				}
			case 7:
				do(state.ConfirmLetter(repair.ConfirmLetter{Return: "F2-1", Letter: letter, Amount: before.cost, By: "he"}, today))
			case 8:
				c := repair.ClaimPayment{
					Return: "F2-1", Request: domain.PaymentRequestID(rapid.SampledFrom([]string{"A", "B"}).Draw(t, "request")),
					Amount: before.cost, Letter: "a",
				}
				if rapid.IntRange(0, 2).Draw(t, "another amount") == 0 {
					c.Amount = amount.Draw(t, "claim")
				}
				if do(state.ClaimPayment(c, "华东", today.Month(), today)) {
					claims++
					if before.claimed || before.allowed.Less(c.Amount) || before.cost.Less(c.Amount) || before.rejected {
						t.Fatalf("%s were taken: %+v", c.Amount, before)
					}
				}
			case 9:
				do(state.ReleasePayment(repair.ReleasePayment{Return: "F2-1", Request: state.InRequest()}, today))
			}
			now := read(events)
			want := now.cost
			through := now.shipped || len(now.technical) == 2
			if !now.confirmed || now.rejected || now.claimed || !through || now.allowed.Less(now.cost) {
				want = money.Amount{}
			}
			if got := state.Payable(); got != want {
				t.Fatalf("%s are payable, the events say %s: %+v", got, want, now)
			}
		}
	})
	if ships == 0 || claims == 0 || reopened == 0 {
		t.Errorf("nothing was shown: %d devices left, %d payments were requested, %d branches reopened", ships, claims,
			reopened)
	}
}
