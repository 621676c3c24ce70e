package project_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
)

type row struct {
	given []project.Event
	when  func(*project.Project) ([]project.Event, error)
	then  []project.Event
	code  string
}

func check(t *testing.T, tests map[string]row) {
	t.Helper()
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := tc.when(fold(tc.given...))
			checkCode(t, err, tc.code)
			if diff := cmp.Diff(tc.then, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The project of these tests: service from 1 January 2026, warranty to 31
// August 2026.
func served(more ...project.Event) []project.Event { return append(registered("2026-08-31"), more...) }

func TestRosters(t *testing.T) {
	people := []project.Contact{
		{Role: domain.Technician, Name: "李伟", Phone: "13800000001"},
		{Role: domain.CityLead, Name: "周强", Phone: "+86 571-0002"},
	}
	publish := func(from string, entries ...project.Contact) func(*project.Project) ([]project.Event, error) {
		return func(p *project.Project) ([]project.Event, error) {
			return p.PublishRoster(project.PublishRoster{Project: "P001", From: day(from), Entries: entries, By: "zhou"})
		}
	}
	version := func(n int, from string, entries ...project.Contact) project.Event {
		return project.RosterPublished{Project: "P001", Version: n, From: day(from), Entries: entries, By: "zhou"}
	}
	first := version(1, "2026-06-01", people...)
	other := []project.Contact{{Role: domain.Technician, Name: "赵明", Phone: "110"}, people[1]}
	check(t, map[string]row{
		"technicians and city lead":             {given: served(), when: publish("2026-06-01", people...), then: []project.Event{first}},
		"the next version":                      {given: served(first), when: publish("2026-07-01", other...), then: []project.Event{version(2, "2026-07-01", other...)}},
		"the same again, nothing more":          {given: served(first), when: publish("2026-06-01", people...)},
		"the same people from another date":     {given: served(first), when: publish("2026-07-01", people...), then: []project.Event{version(2, "2026-07-01", people...)}},
		"a correction of the same date":         {given: served(first), when: publish("2026-06-01", other...), then: []project.Event{version(2, "2026-06-01", other...)}},
		"without a city lead":                   {given: served(), when: publish("2026-06-01", people[0]), code: "contact-missing"},
		"without a technician":                  {given: served(), when: publish("2026-06-01", people[1]), code: "contact-missing"},
		"nobody":                                {given: served(), when: publish("2026-06-01"), code: "contact-missing"},
		"somebody twice":                        {given: served(), when: publish("2026-06-01", people[0], people[1], people[0]), code: "contact-twice"},
		"a role that is not called":             {given: served(), when: publish("2026-06-01", project.Contact{Role: domain.Finance, Name: "孙", Phone: "110"}), code: "not-on-call"},
		"a name is given":                       {given: served(), when: publish("2026-06-01", project.Contact{Role: domain.Technician, Phone: "110"}), code: "text-required"},
		"a phone that cannot be dialled":        {given: served(), when: publish("2026-06-01", project.Contact{Role: domain.Technician, Name: "李", Phone: "总机"}), code: "bad-phone"},
		"a phone too short":                     {given: served(), when: publish("2026-06-01", project.Contact{Role: domain.Technician, Name: "李", Phone: "+-1"}), code: "bad-phone"},
		"not before service":                    {given: served(), when: publish("2025-12-31", people...), code: "before-service"},
		"not for a project that does not exist": {when: publish("2026-06-01", people...), code: "unknown-project"},
	})
	p := fold(served(version(2, "2026-07-01", other...), first, version(3, "2026-07-01", people...))...)
	for on, want := range map[string]int{"2026-06-01": 1, "2026-06-30": 1, "2026-07-01": 3} {
		if r, ok := p.RosterOn(day(on)); !ok || r.Version != want {
			t.Errorf("on %s version %d, want %d", on, r.Version, want)
		}
	}
	if _, ok := p.RosterOn(day("2026-05-31")); ok {
		t.Error("a roster before the first")
	}
}

func TestRegistrationForms(t *testing.T) {
	hand := func(on, to string) func(*project.Project) ([]project.Event, error) {
		return func(p *project.Project) ([]project.Event, error) {
			return p.HandOverForm(project.HandOverForm{Project: "P001", On: day(on), By: "zhou", ReceivedBy: to},
				day("2026-09-01"))
		}
	}
	handed := func(center domain.CenterID, on string) project.Event {
		return project.RegistrationFormHandedOver{Project: "P001", Center: center, On: day(on), By: "zhou", ReceivedBy: "吴敏"}
	}
	next := project.CenterAssigned{Project: "P001", Center: "C02", From: day("2026-07-01")}
	late := project.WarrantyAgreed{
		Project: "P001", CompletionHandoverOn: day("2026-03-01"), StartsFrom: project.FromCompletionHandover, Months: 24,
		EndsOn: day("2028-02-29"),
	}
	check(t, map[string]row{
		"the center is given F0":           {given: served(), when: hand("2026-01-05", "吴敏"), then: []project.Event{handed("C01", "2026-01-05")}},
		"the same again, nothing more":     {given: served(handed("C01", "2026-01-05")), when: hand("2026-01-05", "吴敏")},
		"once":                             {given: served(handed("C01", "2026-01-05")), when: hand("2026-01-06", "吴敏"), code: "form-handed-over"},
		"another center is given one":      {given: served(handed("C01", "2026-01-05"), next), when: hand("2026-07-02", "吴敏"), then: []project.Event{handed("C02", "2026-07-02")}},
		"somebody received it":             {given: served(), when: hand("2026-01-05", ""), code: "text-required"},
		"not tomorrow":                     {given: served(), when: hand("2026-09-02", "吴敏"), code: "in-the-future"},
		"not before any center":            {given: served(), when: hand("2025-12-31", "吴敏"), code: "no-center-yet"},
		"not before the project was ready": {given: served(late), when: hand("2026-02-28", "吴敏"), code: "before-completion"},
	})
}

func TestContractTerms(t *testing.T) {
	base := project.OverrideTerms{
		Project: "P001", Override: "HT-1", InWarranty: true, Presence: policy.ElsewhereCity, Cell: policy.Response,
		Value: "12h",
		From:  day("2026-03-01"), Until: day("2026-12-31"), Contract: "8.2", By: "zhao",
	}
	enter := func(change func(*project.OverrideTerms)) func(*project.Project) ([]project.Event, error) {
		c := base
		change(&c)
		return func(p *project.Project) ([]project.Event, error) { return p.OverrideTerms(c) }
	}
	first := project.ServiceTermsOverridden(base)
	second := first
	second.Override, second.Cell, second.Value = "HT-2", policy.Cost, "center"
	check(t, map[string]row{
		"a term is entered":             {given: served(), when: enter(func(*project.OverrideTerms) {}), then: []project.Event{first}},
		"the same again, nothing more":  {given: served(first), when: enter(func(*project.OverrideTerms) {})},
		"a number is used once":         {given: served(first), when: enter(func(c *project.OverrideTerms) { c.Value = "6h" }), code: "override-exists"},
		"one cell, one term on a date":  {given: served(first), when: enter(func(c *project.OverrideTerms) { c.Override, c.Value = "HT-2", "6h" }), code: "cell-overridden"},
		"another cell on the same date": {given: served(first), when: enter(func(c *project.OverrideTerms) { c.Override, c.Cell, c.Value = "HT-2", policy.Cost, "center" }), then: []project.Event{second}},
		"back to the table":             {given: served(), when: enter(func(c *project.OverrideTerms) { c.Value = policy.FromTable }), then: []project.Event{func() project.Event { e := first; e.Value = policy.FromTable; return e }()}},
		"a value the cell can take":     {given: served(), when: enter(func(c *project.OverrideTerms) { c.Value = "2/week" }), code: "bad-service-cell"},
		"a cell of the table":           {given: served(), when: enter(func(c *project.OverrideTerms) { c.Cell = "colour" }), code: "unknown-service-cell"},
		"also when it is given back":    {given: served(), when: enter(func(c *project.OverrideTerms) { c.Cell, c.Value = "colour", policy.FromTable }), code: "unknown-service-cell"},
		"a row of the table":            {given: served(), when: enter(func(c *project.OverrideTerms) { c.Presence = "MOON" }), code: "unknown-presence"},
		"a clause of the contract":      {given: served(), when: enter(func(c *project.OverrideTerms) { c.Contract = "" }), code: "text-required"},
		"a date":                        {given: served(), when: enter(func(c *project.OverrideTerms) { c.From = 0 }), code: "date-required"},
		"no end before its beginning":   {given: served(), when: enter(func(c *project.OverrideTerms) { c.Until = c.From - 1 }), code: "ends-before-it-begins"},
		"nothing for nobody's project":  {when: enter(func(*project.OverrideTerms) {}), code: "unknown-project"},
	})
	if terms, err := fold(served(second,
		first)...).TermsOn("P001", day("2026-01-01")); err != nil || len(terms.Overrides) != 2 {
		t.Errorf("terms %+v, %v", terms, err)
	}
}

func TestAWarrantyIsAgreedAnew(t *testing.T) {
	longer := project.Warranty{
		AcceptanceOn: day("2024-07-31"), OccupancyOn: day("2024-10-01"), StartsFrom: project.FromOccupancy, Months: 36,
	}
	amend := func(from, reason string, w project.Warranty) func(*project.Project) ([]project.Event, error) {
		return func(p *project.Project) ([]project.Event, error) {
			return p.AmendWarranty(project.AmendWarranty{
				Project: "P001", Warranty: w, From: day(from), Reason: reason, By: "zhao",
			})
		}
	}
	agreed := project.WarrantyAgreed{
		Project: "P001", AcceptanceOn: day("2024-07-31"), OccupancyOn: day("2024-10-01"), StartsFrom: project.FromOccupancy,
		Months: 36, EndsOn: day("2027-09-30"),
		From: day("2026-06-01"), Reason: "延保", By: "zhao",
	}
	check(t, map[string]row{
		"from a date on, with a reason": {given: served(), when: amend("2026-06-01", "延保", longer), then: []project.Event{agreed}},
		"not without one":               {given: served(), when: amend("2026-06-01", "", longer), code: "text-required"},
		"the same again, nothing more":  {given: served(agreed), when: amend("2026-06-01", "再次", longer)},
		"not from before service":       {given: served(), when: amend("2025-12-31", "延保", longer), code: "before-service"},
		"by the rules of a warranty":    {given: served(), when: amend("2026-06-01", "延保", project.Warranty{StartsFrom: project.FromOccupancy, Months: 36}), code: "warranty-start-missing"},
	})
	// What joined the event is absent from the first agreement.
	for e, want := range map[project.WarrantyAgreed]string{
		agreed: `{"project":"P001","acceptanceOn":"2024-07-31","occupancyOn":"2024-10-01","startsFrom":"OCCUPANCY","months":36,"endsOn":"2027-09-30","from":"2026-06-01","reason":"延保","by":"zhao"}`,
		{Project: "P001", AcceptanceOn: day("2024-07-31"), StartsFrom: project.FromAcceptance, Months: 12, EndsOn: day("2025-07-30")}: `{"project":"P001","acceptanceOn":"2024-07-31","startsFrom":"ACCEPTANCE","months":12,"endsOn":"2025-07-30"}`,
	} {
		if got, err := json.Marshal(e); err != nil || string(got) != want {
			t.Errorf("stored as %s, want %s (%v)", got, want, err)
		}
	}
	p := fold(served(agreed)...)
	for on, want := range map[string]string{"2026-05-31": "2026-08-31", "2026-06-01": "2027-09-30"} {
		if terms, err := p.TermsOn("P001", day(on)); err != nil || terms.WarrantyEndsOn != day(want) {
			t.Errorf("on %s the warranty ends on %s, want %s (%v)", on, terms.WarrantyEndsOn, want, err)
		}
	}
}

func TestHandover(t *testing.T) {
	today := day("2026-05-01")
	plan := func(due ...project.PlannedItem) func(*project.Project) ([]project.Event, error) {
		return func(p *project.Project) ([]project.Event, error) {
			return p.PlanHandover(project.PlanHandover{Project: "P001", From: day("2026-02-28"), Due: due, By: "zhou"}, today)
		}
	}
	person := project.PlannedItem{Item: project.NamedPerson, DueOn: day("2026-03-31")}
	planned := project.HandoverPlanned{Project: "P001", Center: "C01", WarrantyEndsOn: day("2026-08-31"),
		From: day("2026-02-28"), By: "zhou", Items: []project.PlannedItem{
			person, {Item: project.EmergencyPlan, DueOn: day("2026-08-31")}, {Item: project.Training, DueOn: day("2026-08-31")},
			{Item: project.GradualHandover, DueOn: day("2026-08-31")},
		}}
	finish := func(change func(*project.FinishHandoverItem)) func(*project.Project) ([]project.Event, error) {
		c := project.FinishHandoverItem{
			Project: "P001", Item: project.EmergencyPlan, On: day("2026-04-20"), Evidence: "应急预案", By: "zheng",
		}
		change(&c)
		return func(p *project.Project) ([]project.Event, error) { return p.FinishHandoverItem(c, today) }
	}
	done := project.HandoverItemDone{
		Project: "P001", Item: project.EmergencyPlan, On: day("2026-04-20"), Evidence: "应急预案", By: "zheng",
	}
	check(t, map[string]row{
		"what is not named is due at the end": {given: served(), when: plan(person), then: []project.Event{planned}},
		"the same plan again, nothing more":   {given: served(planned), when: plan(person)},
		"another plan takes its place": {given: served(planned), when: plan(project.PlannedItem{Item: project.NamedPerson, DueOn: day("2026-02-28")}), then: []project.Event{func() project.Event {
			e := planned
			e.Items = append([]project.PlannedItem{{Item: project.NamedPerson, DueOn: day("2026-02-28")}}, e.Items[1:]...)
			return e
		}()}},
		"nothing is due before the beginning": {given: served(), when: plan(project.PlannedItem{Item: project.Training, DueOn: day("2026-02-27")}), code: "outside-handover"},
		"nor after the warranty":              {given: served(), when: plan(project.PlannedItem{Item: project.Training, DueOn: day("2026-09-01")}), code: "outside-handover"},
		"an item is planned once":             {given: served(), when: plan(person, person), code: "item-twice"},
		"an item of the clause":               {given: served(), when: plan(project.PlannedItem{Item: "PARTY", DueOn: day("2026-03-31")}), code: "unknown-handover-item"},
		"evidence is recorded":                {given: served(planned), when: finish(func(*project.FinishHandoverItem) {}), then: []project.Event{done}},
		"the same again, nothing more":        {given: served(planned, done), when: finish(func(*project.FinishHandoverItem) {})},
		"of an item of the clause":            {given: served(planned), when: finish(func(c *project.FinishHandoverItem) { c.Item = "PARTY" }), code: "unknown-handover-item"},
		"evidence is something":               {given: served(planned), when: finish(func(c *project.FinishHandoverItem) { c.Evidence = "" }), code: "text-required"},
		"of today or before":                  {given: served(planned), when: finish(func(c *project.FinishHandoverItem) { c.On = today + 1 }), code: "in-the-future"},
		"a person has a name":                 {given: served(planned), when: finish(func(c *project.FinishHandoverItem) { c.Item = project.NamedPerson }), code: "text-required"},
		"training has a record":               {given: served(planned), when: finish(func(c *project.FinishHandoverItem) { c.Item = project.Training }), code: "training-record-missing"},
		"of people with names":                {given: served(planned), when: finish(func(c *project.FinishHandoverItem) { c.Item, c.Attended = project.Training, []string{""} }), code: "text-required"},
		"nothing is done without a plan":      {given: served(), when: finish(func(*project.FinishHandoverItem) {}), code: "handover-not-planned"},
	})
}

func TestSparePartsAdvice(t *testing.T) {
	part := project.AdvisedPart{Part: "LK-1", Name: "电插锁", Quantity: decimal.NewFromInt(2)}
	advise := func(on string, parts ...project.AdvisedPart) func(*project.Project) ([]project.Event, error) {
		return func(p *project.Project) ([]project.Event, error) {
			return p.AdviseSpareParts(project.AdviseSpareParts{Project: "P001", On: day(on), Parts: parts, By: "li"},
				day("2026-09-10"))
		}
	}
	check(t, map[string]row{
		"once the warranty is over":      {given: served(), when: advise("2026-09-01", part), then: []project.Event{project.SparePartsAdvised{Project: "P001", Center: "C01", On: day("2026-09-01"), Parts: []project.AdvisedPart{part}, By: "li"}}},
		"not on its last day":            {given: served(), when: advise("2026-08-31", part), code: "in-warranty"},
		"not tomorrow":                   {given: served(), when: advise("2026-09-11", part), code: "in-the-future"},
		"parts are named":                {given: served(), when: advise("2026-09-01"), code: "parts-missing"},
		"each once":                      {given: served(), when: advise("2026-09-01", part, part), code: "part-twice"},
		"by their code":                  {given: served(), when: advise("2026-09-01", project.AdvisedPart{Quantity: decimal.NewFromInt(1)}), code: "bad-identity"},
		"at least one of them":           {given: served(), when: advise("2026-09-01", project.AdvisedPart{Part: "LK-1"}), code: "bad-quantity"},
		"for a project that there is of": {when: advise("2026-09-01", part), code: "unknown-project"},
	})
}
