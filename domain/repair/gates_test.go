package repair_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/repair"
)

var code = domaintest.Code

var amounts = cmp.AllowUnexported(money.Amount{})

func TestGates(t *testing.T) {
	today := calendar.QuarterOf(2026, 2).Last()
	yuan := func(n int64) money.Amount { return money.Fen(n * 100) }
	opened := func(bearer string, estimate int64) repair.Event {
		cost := repair.Cost{Bearer: repair.ByUs, Estimate: yuan(estimate)}
		if bearer != "" {
			cost.Bearer = repair.ByMaker
		}
		return repair.ReturnOpened{
			Return: "F2-1", Project: "P001", Part: "CAM", Maker: "明瞳", Fault: "黑屏", OpenedOn: today, Cost: cost, FiledBy: "li",
			GoesTo: repair.CityTechLead,
		}
	}
	ours, makers := opened("", 420), opened("maker", 420)
	city := repair.ReturnReviewed{
		Return: "F2-1", Gate: repair.CityTechLead, Amount: yuan(420), On: today, By: "cheng", GoesTo: repair.TechGroup,
	}
	tech := repair.ReturnApproved{
		Return: "F2-1", Gate: repair.TechGroup, Amount: yuan(420), On: today, By: "wei", GoesTo: repair.HQAffairs,
	}
	hq := repair.ReturnReviewed{
		Return: "F2-1", Gate: repair.HQAffairs, Amount: yuan(420), On: today, By: "zhao", GoesTo: repair.DepartmentManager,
	}
	manager := repair.ReturnApproved{
		Return: "F2-1", Gate: repair.DepartmentManager, Amount: yuan(420), On: today, By: "feng",
	}
	shipped := repair.DeviceShipped{Return: "F2-1", ShippedOn: today}
	quoted := func(n int64, goesTo repair.Gate) repair.Event {
		return repair.RepairQuoted{
			Return: "F2-1", Supplier: "明瞳", Amount: yuan(n), QuotedOn: today, By: "qian", GoesTo: goesTo,
		}
	}
	rejected := func(g repair.Gate, n int64) repair.Event {
		return repair.ReturnRejected{Return: "F2-1", Gate: g, Amount: yuan(n), Reason: "不同意", On: today, By: "x"}
	}
	type command = func(*repair.Return) ([]repair.Event, error)
	decide := func(g repair.Gate, by string, approve bool, amount ...int64) command {
		c := repair.Decide{Return: "F2-1", Gate: g, Approve: approve, By: by}
		if !approve {
			c.Note = "不同意"
		}
		for _, n := range amount {
			a := yuan(n)
			c.Amount = &a
		}
		return func(r *repair.Return) ([]repair.Event, error) { return r.Decide(c, today) }
	}
	quote := func(n int64) command {
		return func(r *repair.Return) ([]repair.Event, error) {
			return r.Quote(repair.Quote{Return: "F2-1", Amount: yuan(n), QuotedOn: today, By: "qian"}, today)
		}
	}
	resubmit := func(r *repair.Return) ([]repair.Event, error) {
		return r.Resubmit(repair.Resubmit{Return: "F2-1", Note: "再报", By: "li"}, today)
	}
	all := []repair.Event{ours, city, tech, hq, manager}
	with := func(events ...repair.Event) []repair.Event {
		return append(append([]repair.Event{}, all...), events...)
	}
	tests := map[string]struct {
		given []repair.Event
		when  command
		then  []repair.Event
		code  string
	}{
		"the city tech lead comes first":                  {given: all[:1], when: decide(repair.CityTechLead, "cheng", true), then: []repair.Event{city}},
		"then the tech group lead":                        {given: all[:2], when: decide(repair.TechGroup, "wei", true), then: []repair.Event{tech}},
		"then the HQ affairs supervisor":                  {given: all[:3], when: decide(repair.HQAffairs, "zhao", true, 420), then: []repair.Event{hq}},
		"then the department manager":                     {given: all[:4], when: decide(repair.DepartmentManager, "feng", true, 420), then: []repair.Event{manager}},
		"no gate is passed ahead of another":              {given: all[:1], when: decide(repair.TechGroup, "wei", true), code: "gate-out-of-order"},
		"the manager does not pass ahead of the review":   {given: all[:3], when: decide(repair.DepartmentManager, "feng", true, 420), code: "gate-out-of-order"},
		"no gate is passed twice":                         {given: all[:2], when: decide(repair.CityTechLead, "cheng", true), code: "gate-not-demanded"},
		"the cost is not decided on unseen":               {given: all[:3], when: decide(repair.HQAffairs, "zhao", true), code: "amount-required"},
		"another cost is not decided on":                  {given: all[:3], when: decide(repair.HQAffairs, "zhao", true, 419), code: "cost-differs"},
		"a rejection says what it rejected":               {given: all[:3], when: decide(repair.HQAffairs, "x", false, 420), then: []repair.Event{rejected(repair.HQAffairs, 420)}},
		"at zero cost to us the last two are not asked":   {given: []repair.Event{makers, city, tech}, when: decide(repair.HQAffairs, "zhao", true, 0), code: "gate-not-demanded"},
		"a technician does not review their own sheet":    {given: all[:1], when: decide(repair.CityTechLead, "li", true), code: "own-submission"},
		"nor reject it":                                   {given: all[:1], when: decide(repair.CityTechLead, "li", false), code: "own-submission"},
		"nor at a gate that comes later":                  {given: all[:1], when: decide(repair.TechGroup, "li", true), code: "own-submission"},
		"nobody decides at two gates":                     {given: all[:2], when: decide(repair.TechGroup, "cheng", true), code: "second-gate"},
		"who put it forward again is no judge of it":      {given: []repair.Event{ours, rejected(repair.CityTechLead, 420), repair.ReturnResubmitted{Return: "F2-1", Cost: repair.Cost{Bearer: repair.ByUs, Estimate: yuan(420)}, By: "wu"}, city}, when: decide(repair.TechGroup, "wu", true), code: "own-submission"},
		"a rejected sheet is not decided on":              {given: with(rejected(repair.HQAffairs, 420)), when: decide(repair.CityTechLead, "cheng", true), code: "rejected"},
		"a rejected sheet goes to all gates again":        {given: []repair.Event{ours, city, rejected(repair.TechGroup, 420)}, when: resubmit, then: []repair.Event{repair.ReturnResubmitted{Return: "F2-1", Cost: repair.Cost{Bearer: repair.ByUs, Estimate: yuan(420)}, Fault: "黑屏", Note: "再报", On: today, By: "li", GoesTo: repair.CityTechLead}}},
		"at the maker only to those of the cost":          {given: with(shipped, quoted(560, repair.HQAffairs), rejected(repair.HQAffairs, 560)), when: resubmit, then: []repair.Event{repair.ReturnResubmitted{Return: "F2-1", Cost: repair.Cost{Bearer: repair.ByUs, Estimate: yuan(420)}, Fault: "黑屏", Note: "再报", On: today, By: "li", GoesTo: repair.HQAffairs}}},
		"only a rejected sheet is put forward again":      {given: all, when: resubmit, code: "not-rejected"},
		"a quote above the approval reopens the branch":   {given: with(shipped), when: quote(560), then: []repair.Event{quoted(560, repair.HQAffairs)}},
		"one at the approval does not":                    {given: with(shipped), when: quote(420), then: []repair.Event{quoted(420, "")}},
		"nor one below":                                   {given: with(shipped), when: quote(400), then: []repair.Event{quoted(400, "")}},
		"one that we do not bear concerns no gate":        {given: []repair.Event{makers, city, tech, shipped}, when: quote(560), then: []repair.Event{quoted(560, "")}},
		"a review of 420 does not pass 560":               {given: []repair.Event{ours, city, tech, hq, quoted(560, repair.HQAffairs)}, when: decide(repair.DepartmentManager, "feng", true, 560), code: "gate-out-of-order"},
		"a review of 420 passes 400":                      {given: []repair.Event{ours, city, tech, hq, quoted(400, repair.DepartmentManager)}, when: decide(repair.DepartmentManager, "feng", true, 400), then: []repair.Event{repair.ReturnApproved{Return: "F2-1", Gate: repair.DepartmentManager, Amount: yuan(400), On: today, By: "feng"}}},
		"after a rejected quote the old approval is left": {given: with(shipped, quoted(560, repair.HQAffairs), rejected(repair.HQAffairs, 560)), when: quote(420), then: []repair.Event{quoted(420, "")}},
		"and 500 needs both again":                        {given: with(shipped, quoted(560, repair.HQAffairs), repair.ReturnReviewed{Return: "F2-1", Gate: repair.HQAffairs, Amount: yuan(560), By: "zhao"}, rejected(repair.DepartmentManager, 560)), when: quote(500), then: []repair.Event{quoted(500, repair.HQAffairs)}},
		"a sheet that is not there is not decided on":     {when: decide(repair.CityTechLead, "cheng", true), code: "unknown-return"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state := domaintest.Fold[repair.Return](tc.given...)
			got, err := tc.when(state)
			domaintest.Refused(t, err, tc.code)
			if diff := cmp.Diff(tc.then, got, amounts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestPaymentOfARepair(t *testing.T) {
	today := calendar.QuarterOf(2026, 2).Last()
	paper := func(d string) attachment.Ref { return attachment.Ref{SHA256: attachment.Digest(d)} }
	given := []repair.Event{
		repair.ReturnOpened{
			Return: "F2-1", Project: "P001", Maker: "明瞳", Cost: repair.Cost{Bearer: repair.ByUs, Estimate: money.Fen(42000)},
			FiledBy: "li",
		},
		repair.ReturnReviewed{Gate: repair.CityTechLead, By: "cheng"},
		repair.ReturnApproved{Gate: repair.TechGroup, By: "wei"},
		repair.ReturnReviewed{Gate: repair.HQAffairs, By: "zhao", Amount: money.Fen(42000)},
		repair.ReturnApproved{Gate: repair.DepartmentManager, By: "feng", Amount: money.Fen(42000)},
		repair.DeviceShipped{ShippedOn: today},
		repair.RepairQuoted{Supplier: "明瞳", Amount: money.Fen(40000), By: "qian"},
		repair.ConfirmationLetterConfirmed{Amount: money.Fen(40000), Letter: paper("a"), By: "he"},
	}
	claimed := repair.RepairPaymentRequested{
		Return: "F2-1", Request: "FK-1", Supplier: "明瞳", Amount: money.Fen(40000), On: today, By: "qian", Region: "华东",
		Month: today.Month(),
	}
	claim := func(
		request domain.PaymentRequestID, fen int64, letter attachment.Digest,
	) func(*repair.Return) ([]repair.Event, error) {
		return func(r *repair.Return) ([]repair.Event, error) {
			return r.ClaimPayment(repair.ClaimPayment{
				Field: "lines[0]", Return: "F2-1", Request: request, Amount: money.Fen(fen), Letter: letter, By: "qian",
			}, "华东", today.Month(), today)
		}
	}
	confirm := func(by string, fen int64) func(*repair.Return) ([]repair.Event, error) {
		return func(r *repair.Return) ([]repair.Event, error) {
			return r.ConfirmLetter(repair.ConfirmLetter{Return: "F2-1", Letter: paper("b"), Amount: money.Fen(fen), By: by},
				today)
		}
	}
	with := func(events ...repair.Event) []repair.Event {
		return append(append([]repair.Event{}, given...), events...)
	}
	tests := map[string]struct {
		given   []repair.Event
		when    func(*repair.Return) ([]repair.Event, error)
		then    []repair.Event
		code    string
		payable int64
	}{
		"what is asked and approved is taken":            {given: given, when: claim("FK-1", 40000, "a"), then: []repair.Event{claimed}, payable: 40000},
		"never above what is asked":                      {given: given, when: claim("FK-1", 40001, "a"), code: "above-approved", payable: 40000},
		"never by a letter we did not confirm":           {given: given, when: claim("FK-1", 40000, "b"), code: "letter-not-confirmed", payable: 40000},
		"never before we confirmed one":                  {given: given[:7], when: claim("FK-1", 40000, "a"), code: "letter-not-confirmed"},
		"never twice":                                    {given: with(claimed), when: claim("FK-2", 40000, "a"), code: "payment-requested"},
		"by the same request again it is the same":       {given: with(claimed), when: claim("FK-1", 40000, "a")},
		"once released, by another":                      {given: with(claimed, repair.RepairPaymentReleased{Request: "FK-1"}), when: claim("FK-1", 40000, "a"), then: []repair.Event{claimed}, payable: 40000},
		"a later quote takes the letter's word away":     {given: with(repair.RepairQuoted{Supplier: "明瞳", Amount: money.Fen(41000), By: "qian"}), when: claim("FK-1", 40000, "a"), code: "letter-not-confirmed"},
		"a quote above the approval makes nothing paid":  {given: with(repair.RepairQuoted{Supplier: "明瞳", Amount: money.Fen(42001), By: "qian"}), when: claim("FK-1", 40000, "a"), code: "approval-outstanding"},
		"a letter is confirmed as it reads":              {given: given[:7], when: confirm("he", 39999), code: "quote-differs"},
		"a letter is not confirmed by who entered it":    {given: given[:7], when: confirm("qian", 40000), code: "own-submission"},
		"a letter is confirmed":                          {given: given[:7], when: confirm("he", 40000), then: []repair.Event{repair.ConfirmationLetterConfirmed{Return: "F2-1", Supplier: "明瞳", Amount: money.Fen(40000), Letter: paper("b"), On: today, By: "he"}}},
		"no letter is confirmed where nothing was asked": {given: given[:6], when: confirm("he", 40000), code: "not-quoted"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			state := domaintest.Fold[repair.Return](tc.given...)
			if got := state.Payable(); got != money.Fen(tc.payable) {
				t.Errorf("%s are payable, want %s", got, money.Fen(tc.payable))
			}
			got, err := tc.when(state)
			if code(err) != tc.code {
				t.Fatalf("got %v, want %q", err, tc.code)
			}
			if diff := cmp.Diff(tc.then, got, amounts); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCompensationSheet(t *testing.T) {
	today := calendar.QuarterOf(2026, 2).Last()
	filed := repair.CompensationSheetFiled{
		Return: "F2-1", Project: "P001", Region: "华东", Center: "C01", Quote: "BJ-1", Charge: "SF-1",
		Amount: money.Fen(190000), Damage: "撞坏",
		OccurredOn: today, FiledOn: today, By: "zhou", GoesTo: repair.HQAffairs,
	}
	state := &repair.Return{}
	got, err := state.FileCompensation(repair.FileCompensation{
		Return: "F2-1", Project: "P001", Region: "华东", Center: "C01", Quote: "BJ-1", Charge: "SF-1",
		Amount: money.Fen(190000), Damage: "撞坏", OccurredOn: today, By: "zhou",
	}, today)
	if diff := cmp.Diff([]repair.Event{filed}, got, amounts); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
	state.Evolve(filed)
	if _, reviewed, ok := state.Compensation(); !ok || reviewed || !state.Payable().IsZero() ||
		state.Awaiting() != repair.HQAffairs {
		t.Errorf("filed: reviewed %t, ok %t, payable %s, awaiting %q", reviewed, ok, state.Payable(), state.Awaiting())
	}
	events, err := state.Decide(repair.Decide{Return: "F2-1", Gate: repair.HQAffairs, Approve: true, By: "zhao"}, today)
	if err != nil || len(events) != 1 {
		t.Fatal(events, err)
	}
	state.Evolve(events[0])
	if _, reviewed, _ := state.Compensation(); !reviewed || state.Awaiting() != "" {
		t.Errorf("not reviewed, or awaiting %q", state.Awaiting())
	}
	for name, try := range map[string]func() ([]repair.Event, error){
		"return-exists": func() ([]repair.Event, error) { return state.Open(repair.Open{Return: "F2-1"}, today) },
		"compensation-sheet": func() ([]repair.Event, error) {
			return state.Quote(repair.Quote{Return: "F2-1", Amount: money.Fen(1), QuotedOn: today}, today)
		},
		"gate-not-demanded": func() ([]repair.Event, error) {
			return state.Decide(repair.Decide{Return: "F2-1", Gate: repair.DepartmentManager, Approve: true, By: "feng"}, today)
		},
	} {
		if _, err := try(); code(err) != name {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}
