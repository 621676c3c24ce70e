package finding_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
)

const key = finding.Key("COUNT_SHORT:P001/PD-07/CAM-2")

var today, _ = calendar.ParseDate("2026-08-05")

func closing(change ...func(*finding.Close)) finding.Close {
	c := finding.Close{
		Finding: key, Class: finding.CountShort, Project: "P001", Part: "CAM-2", Quantity: decimal.NewFromInt(1),
		Value:  money.Fen(26_000),
		Status: finding.Accepted, Reason: "丢失", Causers: []string{"qian"}, By: "chen",
	}
	for _, change := range change {
		change(&c)
	}
	return c
}

func closed(c finding.Close) finding.FindingClosed {
	return finding.FindingClosed{
		Finding: c.Finding, Class: c.Class, Project: c.Project, Part: c.Part, Quantity: c.Quantity, Value: c.Value,
		Status: c.Status, Reason: c.Reason,
		Evidence: c.Evidence, On: today, By: c.By,
	}
}

func TestDecisions(t *testing.T) {
	assigned := finding.FindingAssigned{Finding: key, Owner: "周", On: today, By: "qian"}
	reopened := finding.FindingReopened{Finding: key, Reason: "找到", On: today, By: "chen"}
	assign := func(owner, note string) func(*finding.Finding) ([]finding.Event, error) {
		return func(f *finding.Finding) ([]finding.Event, error) {
			return f.Assign(finding.Assign{Finding: key, Owner: owner, Note: note, By: "qian"}, today)
		}
	}
	end := func(c finding.Close) func(*finding.Finding) ([]finding.Event, error) {
		return func(f *finding.Finding) ([]finding.Event, error) { return f.Close(c, today) }
	}
	reopen := func(reason string) func(*finding.Finding) ([]finding.Event, error) {
		return func(f *finding.Finding) ([]finding.Event, error) {
			return f.Reopen(finding.Reopen{Finding: key, Reason: reason, By: "chen"}, today)
		}
	}
	other := closing(func(c *finding.Close) { c.Value = money.Fen(52_000) })
	for name, c := range map[string]struct {
		given []finding.Event
		when  func(*finding.Finding) ([]finding.Event, error)
		then  []finding.Event
		code  string
	}{
		"somebody is to look into it":                  {nil, assign("周", ""), []finding.Event{assigned}, ""},
		"the same again decides nothing":               {[]finding.Event{assigned}, assign("周", ""), nil, ""},
		"nobody is nobody":                             {nil, assign("", ""), nil, "text-required"},
		"it is closed as it was seen":                  {nil, end(closing()), []finding.Event{closed(closing())}, ""},
		"without a reason it is not closed":            {nil, end(closing(func(c *finding.Close) { c.Reason = "" })), nil, "text-required"},
		"it is never decided that a document arrived":  {nil, end(closing(func(c *finding.Close) { c.Status = finding.Cleared })), nil, "unknown-status"},
		"over the same figures it is closed once":      {[]finding.Event{closed(closing())}, end(closing()), nil, "closed-already"},
		"over other figures it is closed anew":         {[]finding.Event{closed(closing())}, end(other), []finding.Event{closed(other)}, ""},
		"a closing is taken back":                      {[]finding.Event{closed(closing())}, reopen("找到"), []finding.Event{reopened}, ""},
		"what is not closed cannot be":                 {nil, reopen("找到"), nil, "not-closed"},
		"without a reason it stays closed":             {[]finding.Event{closed(closing())}, reopen(""), nil, "text-required"},
		"taken back, it is closed again":               {[]finding.Event{closed(closing()), reopened}, end(closing()), []finding.Event{closed(closing())}, ""},
		"an assignment leaves a closing as it is":      {[]finding.Event{closed(closing()), assigned}, end(closing()), nil, "closed-already"},
		"a closing names what supports it, or nothing": {nil, end(closing(func(c *finding.Close) { c.Evidence = []string{""} })), nil, "text-required"},
		"not by who made a document in question (§4)":  {nil, end(closing(func(c *finding.Close) { c.By = "qian" })), nil, "own-submission"},
	} {
		t.Run(name, func(t *testing.T) {
			var f finding.Finding
			for _, e := range c.given {
				f.Evolve(e)
			}
			got, err := c.when(&f)
			var r *domain.Rejection
			code := ""
			if errors.As(err, &r) {
				code = r.Code
			}
			if code != c.code {
				t.Errorf("refused as %q, want %q: %v", code, c.code, err)
			}
			if diff := cmp.Diff(c.then, got, domaintest.Exact); diff != "" {
				t.Error("events (-want +got):", diff)
			}
		})
	}
}

func TestKeys(t *testing.T) {
	for k, want := range map[finding.Key]struct {
		class    finding.Class
		document string
		line     bool
	}{
		"FAULT_NO_ISSUE:F1-0021":                {finding.FaultNoIssue, "F1-0021", true},
		"CUTOFF:F1-0021":                        {finding.Cutoff, "F1-0021", true},
		"CUTOFF:P001/OUT-1":                     {finding.Cutoff, "P001/OUT-1", false},
		"SERIAL_MISMATCH:F1-0021:old":           {finding.SerialMismatch, "F1-0021", true},
		"SERIAL_MISMATCH:F1-0021:unheld":        {finding.SerialMismatch, "F1-0021", true},
		"ITEM_MISMATCH:F1-0021":                 {finding.ItemMismatch, "F1-0021", true},
		"ITEM_MISMATCH:P001/OUT-1":              {finding.ItemMismatch, "P001/OUT-1", false},
		"SERIAL_MISMATCH:P001/OUT-1":            {finding.SerialMismatch, "P001/OUT-1", false},
		"SERIAL_MISMATCH:P001/IN-1:back":        {finding.SerialMismatch, "P001/IN-1", false},
		"SERIAL_MISMATCH:P1/B-1:scrapped":       {finding.SerialMismatch, "P1/B-1", false},
		"SERIAL_MISMATCH:P1/B-1:scrapped-twice": {finding.SerialMismatch, "P1/B-1", false},
		"SERIAL_MISMATCH:F1-1:scrapped-twice":   {finding.SerialMismatch, "F1-1", true},
		"SERIAL_MISMATCH:F2-0001:result":        {finding.SerialMismatch, "F2-0001", false},
		"COUNT_SHORT:P001/PD-07/CAM-2":          {finding.CountShort, "P001/PD-07/CAM-2", false},
		"AT_VENDOR_OVERDUE:F2-0001":             {finding.AtVendorOverdue, "F2-0001", false},
		"of no class and of no document":        {"of no class and of no document", "", false},
	} {
		if k.Class() != want.class || k.Document() != want.document || k.AboutLine() != want.line {
			t.Errorf("%s is of class %s about %q, of a line: %t", k, k.Class(), k.Document(), k.AboutLine())
		}
	}
	for _, c := range finding.Classes() {
		if c.Owner() == "" {
			t.Errorf("nobody looks into %s", c)
		}
	}
}
