package filing_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

var day = domaintest.Day

var (
	september = day("2026-09-01").Month()
	the25th   = day("2026-09-25")
	exact     = cmp.Options{
		domaintest.Exact,
		cmp.Comparer(decimal.Decimal.Equal),
	}
	lines = []filing.FaultLine{
		{Line: "F1-1", Ticket: "T-1", RecordedOn: day("2026-09-03")},
		{Line: "F1-2", Ticket: "T-2", RecordedOn: day("2026-09-20")},
	}
	charges = []filing.Charge{
		{Charge: "SF-1", Center: "C01", Gross: money.Fen(150_00)}, {Charge: "SF-1", Center: "C02", Gross: money.Fen(80_50)},
	}
)

func file(form filing.Form, change ...func(*filing.File)) filing.File {
	c := filing.File{Project: "P001", Month: september, Form: form, By: "li"}
	for _, f := range change {
		f(&c)
	}
	return c
}

func filed(form filing.Form, version int, on string, change func(*filing.ReportFiled)) filing.ReportFiled {
	e := filing.ReportFiled{
		Project: "P001", Center: "C01", Month: september, Form: form, Version: version, DueOn: the25th, FiledOn: day(on),
		By: "li",
	}
	e.Late = e.FiledOn.After(the25th)
	change(&e)
	return e
}

func figures(from, through string) *filing.Figures {
	return &filing.Figures{From: day(from), Through: day(through), TicketsReceived: 3}
}

func report(version int, on, through string) filing.ReportFiled {
	return filed(filing.MonthlyReport, version, on,
		func(e *filing.ReportFiled) { e.Figures = figures("2026-08-26", through) })
}

func reviewed(version int, step domain.Role, by string) filing.ReportReviewed {
	return filing.ReportReviewed{
		Project: "P001", Month: september, Form: filing.MonthlyReport, Version: version, Step: step, On: the25th, By: by,
	}
}

func fold(events ...filing.Event) *filing.Filing { return domaintest.Fold[filing.Filing](events...) }

// then compares what was decided; the hash of the content has a test of its
// own.
func then(t *testing.T, want, got []filing.Event, err error, code string) {
	t.Helper()
	var r *domain.Rejection
	if errors.As(err, &r); r == nil && (code != "" || err != nil) || r != nil && r.Code != code {
		t.Errorf("got %v, want %q", err, code)
	}
	ignore := cmpopts.IgnoreFields(filing.ReportFiled{}, "ContentHash")
	if diff := cmp.Diff(want, got, exact, ignore, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestFile(t *testing.T) {
	nilF1 := filed(filing.FaultRecord, 1, "2026-09-20", func(e *filing.ReportFiled) { e.Nil = true })
	sheet := filed(filing.FaultRecord, 1, "2026-09-20", func(e *filing.ReportFiled) { e.Faults = lines[:1] })
	isNil := func(c *filing.File) { c.Nil = true }
	for name, c := range map[string]struct {
		given   []filing.Event
		command filing.File
		content filing.Content
		on      string
		want    []filing.Event
		code    string
	}{
		"an F1 lists the lines of its month": {
			command: file(filing.FaultRecord), content: filing.Content{Faults: lines, Through: 9}, on: "2026-09-25",
			want: []filing.Event{
				filed(filing.FaultRecord, 1, "2026-09-25", func(e *filing.ReportFiled) { e.Faults, e.Through = lines, 9 }),
			},
		},
		"a day later it is late": {
			command: file(filing.FaultRecord), content: filing.Content{Faults: lines}, on: "2026-09-26",
			want: []filing.Event{filed(filing.FaultRecord, 1, "2026-09-26", func(e *filing.ReportFiled) { e.Faults = lines })},
		},
		"a second sheet has only what the first has not": {
			given: []filing.Event{sheet}, command: file(filing.FaultRecord), content: filing.Content{Faults: lines},
			on: "2026-09-26",
			want: []filing.Event{
				filed(filing.FaultRecord, 2, "2026-09-26", func(e *filing.ReportFiled) { e.Faults = lines[1:] }),
			},
		},
		"nothing new is refused": {
			given: []filing.Event{sheet}, command: file(filing.FaultRecord), content: filing.Content{Faults: lines[:1]},
			on: "2026-09-25", code: "nothing-to-report",
		},
		"nothing at all is filed as nil":       {command: file(filing.FaultRecord, isNil), on: "2026-09-20", want: []filing.Event{nilF1}},
		"nil said again decides nothing":       {given: []filing.Event{nilF1}, command: file(filing.FaultRecord, isNil), on: "2026-09-21"},
		"a nil return of something is refused": {command: file(filing.FaultRecord, isNil), content: filing.Content{Faults: lines}, on: "2026-09-20", code: "not-nil"},
		"nil after a sheet is refused":         {given: []filing.Event{sheet}, command: file(filing.FaultRecord, isNil), content: filing.Content{Faults: lines[:1]}, on: "2026-09-21", code: "already-filed"},
		"what turned up after a nil return is a second sheet": {
			given: []filing.Event{nilF1}, command: file(filing.FaultRecord), content: filing.Content{Faults: lines[1:]},
			on: "2026-09-25",
			want: []filing.Event{
				filed(filing.FaultRecord, 2, "2026-09-25", func(e *filing.ReportFiled) { e.Faults = lines[1:] }),
			},
		},
		"an F3 sums its charges up, two centers' of one number apart": {
			command: file(filing.ChargeList), content: filing.Content{Charges: charges}, on: "2026-09-25",
			want: []filing.Event{
				filed(filing.ChargeList, 1, "2026-09-25",
					func(e *filing.ReportFiled) { e.Charges, e.Total = charges, money.Fen(230_50) }),
			},
		},
		"a second F3 has only what the first has not": {
			given: []filing.Event{
				filed(filing.ChargeList, 1, "2026-09-25",
					func(e *filing.ReportFiled) { e.Charges, e.Total = charges[:1], money.Fen(150_00) }),
			}, command: file(filing.ChargeList),
			content: filing.Content{Charges: charges}, on: "2026-09-25",
			want: []filing.Event{
				filed(filing.ChargeList, 2, "2026-09-25",
					func(e *filing.ReportFiled) { e.Charges, e.Total = charges[1:], money.Fen(80_50) }),
			},
		},
		"a nil F3 of something is refused": {command: file(filing.ChargeList, isNil), content: filing.Content{Charges: charges}, on: "2026-09-25", code: "not-nil"},
		"an F4 filed early covers what is over": {
			command: file(filing.MonthlyReport), content: filing.Content{Figures: figures("2026-08-26", "2026-09-22")},
			on:   "2026-09-23",
			want: []filing.Event{report(1, "2026-09-23", "2026-09-22")},
		},
		"an F4 goes on where the last one ended": {
			command: file(filing.MonthlyReport),
			content: filing.Content{From: day("2026-08-24"), Figures: figures("2026-08-24", "2026-09-25")}, on: "2026-09-26",
			want: []filing.Event{
				filed(filing.MonthlyReport, 1, "2026-09-26",
					func(e *filing.ReportFiled) { e.Figures = figures("2026-08-24", "2026-09-25") }),
			},
		},
		"an F4 of other days is refused": {command: file(filing.MonthlyReport), content: filing.Content{Figures: figures("2026-09-01", "2026-09-25")}, on: "2026-09-25", code: "other-period"},
		"an F4 of no day is refused": {
			command: file(filing.MonthlyReport),
			content: filing.Content{From: day("2026-09-01"), Figures: figures("2026-09-01", "2026-08-31")}, on: "2026-09-01",
			code: "no-day-over",
		},
		"an F4 without figures is refused": {command: file(filing.MonthlyReport), on: "2026-09-25", code: "figures-required"},
		"an F4 is never nil":               {command: file(filing.MonthlyReport, isNil), on: "2026-09-25", code: "report-never-nil"},
		"an F4 is filed once":              {given: []filing.Event{report(1, "2026-09-24", "2026-09-23")}, command: file(filing.MonthlyReport), content: filing.Content{Figures: figures("2026-08-26", "2026-09-23")}, on: "2026-09-25", code: "already-filed"},
		"and anew once it was returned, of the same days": {
			given: []filing.Event{
				report(1, "2026-09-24", "2026-09-23"),
				filing.ReportReturned{Project: "P001", Month: september, Form: filing.MonthlyReport, Version: 1},
			},
			command: file(filing.MonthlyReport), content: filing.Content{Figures: figures("2026-08-26", "2026-09-23")},
			on: "2026-09-28",
			want: []filing.Event{
				filed(filing.MonthlyReport, 2, "2026-09-28",
					func(e *filing.ReportFiled) { e.Figures, e.Late = figures("2026-08-26", "2026-09-23"), false }),
			},
		},
		"but one that was late stays late": {
			given: []filing.Event{
				report(1, "2026-09-26", "2026-09-23"),
				filing.ReportReturned{Project: "P001", Month: september, Form: filing.MonthlyReport, Version: 1},
			},
			command: file(filing.MonthlyReport), content: filing.Content{Figures: figures("2026-08-26", "2026-09-23")},
			on:   "2026-09-28",
			want: []filing.Event{report(2, "2026-09-28", "2026-09-23")},
		},
		"a month that has not begun is refused": {command: file(filing.FaultRecord, isNil), on: "2026-08-31", code: "in-the-future"},
		"a month is required":                   {command: file(filing.FaultRecord, func(c *filing.File) { c.Month = 0 }), on: "2026-09-25", code: "month-required"},
		"another form is refused":               {command: file("F2"), on: "2026-09-25", code: "unknown-form"},
		"a remark has its bounds":               {command: file(filing.FaultRecord, func(c *filing.File) { c.Remark = strings.Repeat("长", 3000) }), on: "2026-09-25", code: "text-too-long"},
	} {
		t.Run(name, func(t *testing.T) {
			c.content.Center = "C01"
			got, err := fold(c.given...).File(c.command, c.content, policy.Default(), day(c.on))
			then(t, c.want, got, err, c.code)
		})
	}
}

func TestReview(t *testing.T) {
	first := report(1, "2026-09-24", "2026-09-23")
	review := func(step domain.Role, by string, change ...func(*filing.Review)) filing.Review {
		c := filing.Review{Project: "P001", Month: september, Form: filing.MonthlyReport, Step: step, Approve: true, By: by}
		for _, f := range change {
			f(&c)
		}
		return c
	}
	back := func(note string) func(*filing.Review) {
		return func(c *filing.Review) { c.Approve, c.Note = false, note }
	}
	returned := filing.ReportReturned{
		Project: "P001", Month: september, Form: filing.MonthlyReport, Version: 1, Step: domain.CityLead, FiledBy: "li",
		Reason: "漏报", On: the25th, By: "zhou",
	}
	all := []filing.Event{
		first, reviewed(1, domain.CityLead, "zhou"), reviewed(1, domain.RegionalAdmin, "qian"),
		reviewed(1, domain.RegionalSupervisor, "wei"),
		reviewed(1, domain.AssistantManager, "jin"),
	}
	f1 := filed(filing.FaultRecord, 1, "2026-09-20", func(e *filing.ReportFiled) { e.Nil = true })
	ofF1 := func(c *filing.Review) { c.Form = filing.FaultRecord }
	for name, c := range map[string]struct {
		given   []filing.Event
		command filing.Review
		want    []filing.Event
		code    string
	}{
		"the city lead is first":          {given: all[:1], command: review(domain.CityLead, "zhou"), want: []filing.Event{reviewed(1, domain.CityLead, "zhou")}},
		"the regional admin must wait":    {given: all[:1], command: review(domain.RegionalAdmin, "qian"), code: "not-their-turn"},
		"then it is the regional admin's": {given: all[:2], command: review(domain.RegionalAdmin, "qian"), want: []filing.Event{reviewed(1, domain.RegionalAdmin, "qian")}},
		"then the regional supervisor's":  {given: all[:3], command: review(domain.RegionalSupervisor, "wei"), want: []filing.Event{reviewed(1, domain.RegionalSupervisor, "wei")}},
		"then the assistant manager's":    {given: all[:4], command: review(domain.AssistantManager, "jin"), want: []filing.Event{reviewed(1, domain.AssistantManager, "jin")}},
		"nobody is after them":            {given: all, command: review(domain.CityLead, "zhou"), code: "already-reviewed"},
		"nobody reviews what they filed": {
			given: all[:1], command: review(domain.CityLead, "li"), code: "own-submission",
		},
		"nor sends back what they filed": {
			given: all[:1], command: review(domain.CityLead, "li", back("改一下")), code: "own-submission",
		},
		"a report goes back with its reason":  {given: all[:1], command: review(domain.CityLead, "zhou", back("漏报")), want: []filing.Event{returned}},
		"without one it does not":             {given: all[:1], command: review(domain.CityLead, "zhou", back("")), code: "text-required"},
		"what went back waits for its filler": {given: []filing.Event{first, returned}, command: review(domain.CityLead, "zhou"), code: "report-returned"},
		"filed anew it begins with the first": {
			given:   []filing.Event{all[0], all[1], returned, report(2, "2026-09-25", "2026-09-23")},
			command: review(domain.RegionalAdmin, "qian"), code: "not-their-turn",
		},
		"the regional admin collects F1": {
			given: []filing.Event{f1}, command: review(domain.RegionalAdmin, "qian", ofF1),
			want: []filing.Event{
				filing.ReportReviewed{
					Project: "P001", Month: september, Form: filing.FaultRecord, Version: 1, Step: domain.RegionalAdmin, On: the25th,
					By: "qian",
				},
			},
		},
		"and does not send it back":      {given: []filing.Event{f1}, command: review(domain.RegionalAdmin, "qian", ofF1, back("缺")), code: "not-returnable"},
		"what is not filed is not there": {command: review(domain.CityLead, "zhou"), code: "not-filed"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := fold(c.given...).Review(c.command, the25th)
			then(t, c.want, got, err, c.code)
		})
	}
	send := filing.Send{Project: "P001", Month: september, Form: filing.MonthlyReport, By: "qian"}
	sent := filing.ReportSent{
		Project: "P001", Center: "C01", Month: september, Form: filing.MonthlyReport, Version: 1,
		To:     []domain.Role{domain.CenterMaintenance},
		Copies: []domain.Role{domain.CenterHead, domain.HQAffairsSupervisor, domain.DepartmentManager}, On: the25th,
		By: "qian",
	}
	for name, c := range map[string]struct {
		given []filing.Event
		want  []filing.Event
		code  string
	}{
		"a report that everybody reviewed goes to the center": {given: all, want: []filing.Event{sent}},
		"once":                                {given: append(all[:5:5], sent)},
		"not before the last has reviewed it": {given: all[:4], code: "not-reviewed"},
		"not while it is with its filler":     {given: []filing.Event{first, returned}, code: "report-returned"},
		"not before it is filed":              {code: "not-filed"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := fold(c.given...).Send(send, the25th)
			then(t, c.want, got, err, c.code)
		})
	}
}

func TestTheHashIsOfWhatIsReportedAndOfNothingElse(t *testing.T) {
	hash := func(c filing.File, content filing.Content, on calendar.Date) string {
		got, err := new(filing.Filing).File(c, content, policy.Default(), on)
		if err != nil {
			t.Fatal(err)
		}
		return got[0].(filing.ReportFiled).ContentHash
	}
	content := filing.Content{Center: "C01", Faults: lines}
	want := hash(file(filing.FaultRecord), content, the25th)
	if got := hash(file(filing.FaultRecord, func(c *filing.File) { c.By, c.Remark = "wang", "补" }), content,
		the25th.AddDays(1)); got != want {
		t.Error("who filed it, and when, changed the hash")
	}
	if got := hash(file(filing.FaultRecord), filing.Content{Center: "C01", Faults: lines[:1]}, the25th); got == want {
		t.Error("another content has the same hash")
	}
}

func TestEveryLineIsOnOneF1(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var recorded []filing.FaultLine
		register := &filing.FaultRegister{}
		on := make(map[domain.FaultLineID]calendar.Month)
		today := day("2026-01-01")
		for i := range rapid.IntRange(1, 40).Draw(t, "steps") {
			today = today.AddDays(rapid.IntRange(0, 20).Draw(t, "days"))
			if rapid.Bool().Draw(t, "a fault") {
				recorded = append(recorded,
					filing.FaultLine{
						Line:       domain.FaultLineID("F1-" + string(rune('A'+i))),
						RecordedOn: today.AddDays(-rapid.IntRange(0, 40).Draw(t, "entered late")),
					})
				continue
			}
			month := today.Month() - calendar.Month(rapid.IntRange(0, 1).Draw(t, "month before"))
			waiting := 0
			for _, l := range recorded {
				if _, is := on[l.Line]; !is && !l.RecordedOn.After(month.Last()) {
					waiting++
				}
			}
			events, err := register.Report(filing.File{Project: "P001", Month: month, Form: filing.FaultRecord}, recorded, today)
			if (err != nil) != (waiting == 0) {
				t.Fatalf("%d lines wait, and: %v", waiting, err)
			}
			for _, e := range events {
				register.Evolve(e)
				for _, l := range e.(filing.FaultLinesReported).Lines {
					if m, twice := on[l.Line]; twice {
						t.Fatalf("line %s is on the F1 of %s and of %s", l.Line, m, month)
					}
					on[l.Line] = month
					waiting--
				}
			}
			if waiting != 0 {
				t.Fatalf("%d lines were left out", waiting)
			}
		}
		n := 0
		for m := day("2025-12-01").Month(); m <= today.Month(); m++ {
			n += len(register.Of(m))
		}
		if n != len(on) {
			t.Fatalf("the register has %d lines, %d were reported", n, len(on))
		}
	})
}

func TestFiguresOfARegionAreTheSumOfItsProjects(t *testing.T) {
	a := filing.Figures{From: day("2026-08-26"), Through: day("2026-09-25"), TicketsReceived: 1, TicketsOpen: 2,
		VisitsShort: 1, Charged: money.Fen(1_50),
		PartsUsed: []filing.PartUsed{{Part: "DS", Quantity: decimal.NewFromInt(2)}}}
	b := filing.Figures{From: day("2026-08-24"), Through: day("2026-09-24"), TicketsReceived: 3, ResponseBreached: 1,
		Charged: money.Fen(2_00),
		PartsUsed: []filing.PartUsed{
			{Part: "CAM", Quantity: decimal.NewFromInt(1)}, {Part: "DS", Quantity: decimal.RequireFromString("0.5")},
		}}
	want := filing.Figures{From: day("2026-08-24"), Through: day("2026-09-25"), TicketsReceived: 4, TicketsOpen: 2,
		ResponseBreached: 1, VisitsShort: 1, Charged: money.Fen(3_50),
		PartsUsed: []filing.PartUsed{
			{Part: "CAM", Quantity: decimal.NewFromInt(1)}, {Part: "DS", Quantity: decimal.RequireFromString("2.5")},
		}}
	if diff := cmp.Diff(want, filing.Figures{}.Add(a).Add(b), exact); diff != "" {
		t.Error(diff)
	}
	if !a.PartsUsed[0].Quantity.Equal(decimal.NewFromInt(2)) {
		t.Error("summing up changed a summand")
	}
}
