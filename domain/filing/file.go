package filing

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
)

// clauses of the forms.
var clauses = map[Form]string{FaultRecord: "5.1.3", ChargeList: "5.3.3", MonthlyReport: "5.1.4"}

// File is the command that files a form.
type File struct {
	Project domain.ProjectID `json:"project,omitzero"`
	Month   calendar.Month   `json:"month,omitzero"`
	Form    Form             `json:"form,omitzero"`
	Nil     bool             `json:"nil,omitzero"` // there is nothing to report
	Remark  string           `json:"remark,omitzero"`
	By      string           `json:"by,omitzero"`
}

// Content is what a form is to report: of F1 and F3 everything of the month
// that was batched so far, whichever sheet it is on.
type Content struct {
	Center  domain.CenterID
	From    calendar.Date // of F4: the day after the last report; zero: there was none
	Faults  []FaultLine
	Charges []Charge
	Figures *Figures
	Through uint64 // log position
}

// File files a form of a month: in time until the end of the day it is due,
// else late; an F4 that a reviewer returned, as its team first filed it. An F1 or F3
// without anything new is refused unless it is filed as
// nil, and a nil one where there is something.
func (f *Filing) File(c File, content Content, rules policy.Policy, today calendar.Date) ([]Event, error) {
	if err := f.checkFile(c, today); err != nil {
		return nil, err
	}
	r := f.report(c.Form)
	due := rules.Filing.DueOn(c.Month)
	e := ReportFiled{
		Project: c.Project, Center: content.Center, Month: c.Month, Form: c.Form, Version: len(r.sheets) + 1, Nil: c.Nil,
		Remark:  c.Remark,
		Through: content.Through, DueOn: due, FiledOn: today, Late: today.After(due), By: c.By,
	}
	e.Late = f.Lateness(e)
	switch c.Form {
	case FaultRecord:
		e.Faults = slices.DeleteFunc(slices.Clone(content.Faults), func(l FaultLine) bool { return r.on[string(l.Line)] })
	case ChargeList:
		e.Charges = slices.DeleteFunc(slices.Clone(content.Charges), func(c Charge) bool { return r.on[chargeKey(c)] })
		for _, c := range e.Charges {
			e.Total = e.Total.Add(c.Gross)
		}
	case MonthlyReport:
		if err := f.checkFigures(content, c, rules, today); err != nil {
			return nil, err
		}
		e.Figures = content.Figures
	}
	if n := len(e.Faults) + len(e.Charges); c.Form != MonthlyReport {
		switch {
		case c.Nil && n > 0:
			return nil, NilWithContent(c, n, e.Total)
		case c.Nil && len(r.sheets) > 0 && r.sheets[0].Nil && len(r.sheets) == 1:
			return nil, nil // said again
		case c.Nil && len(r.sheets) > 0:
			return nil, domain.Conflict("nil", "true", "already-filed", "contradicts the %s of %s, which was filed with entries",
				clauses[c.Form], c.Form, c.Month)
		case !c.Nil && n == 0:
			return nil, nothingToReport(c, len(r.sheets) > 0)
		}
	}
	e.ContentHash = e.hash()
	return []Event{e}, nil
}

func (f *Filing) checkFile(c File, today calendar.Date) error {
	if err := domain.FirstError(domain.CheckID("project", c.Project),
		domain.CheckText("remark", c.Remark, false)); err != nil {
		return err
	}
	r := f.report(c.Form)
	switch {
	case !slices.Contains(Forms(), c.Form):
		return domain.Invalid("form", string(c.Form), "unknown-form", "must be one of %v", "",
			Forms())
	case c.Month.IsZero():
		return domain.Invalid("month", "", "month-required", "must be given", clauses[c.Form])
	case c.Month > today.Month():
		return domain.Invalid("month", c.Month.String(), "in-the-future", "must not lie after %s", clauses[c.Form],
			today.Month())
	case c.Form != MonthlyReport:
		return nil
	case c.Nil:
		return domain.Invalid("nil", "true", "report-never-nil",
			"is for F1 and F3: the figures of F4 state zeros by themselves", "5.1.4")
	case len(r.sheets) > 0 && !r.returned:
		return domain.Conflict("month", c.Month.String(), "already-filed",
			"has its F4 already, filed by %s on %s; it is filed anew only after a reviewer returned it", "5.1.4", r.last().By,
			r.last().FiledOn)
	}
	return nil
}

// checkFigures insists on figures of the month's own period.
func (f *Filing) checkFigures(content Content, c File, rules policy.Policy, today calendar.Date) error {
	figures := content.Figures
	if figures == nil {
		return domain.Invalid("month", c.Month.String(), "figures-required", "has no figures for its F4", "5.1.4")
	}
	from, through := f.Period(c.Month, content.From, rules, today)
	if through.Before(from) {
		return domain.Conflict("month", c.Month.String(), "no-day-over",
			"begins on %s for the F4; none of its days has ended", "5.1.4", from)
	}
	if figures.From != from || figures.Through != through {
		return domain.Conflict("month", c.Month.String(), "other-period",
			"has figures of %s to %s; its F4 is of %s to %s", "5.1.4", figures.From, figures.Through, from, through)
	}
	return nil
}

// Period returns the reporting month of an F4 [D]: from the day after the report
// before it, or, if from is zero, from the day after that was due, to the last
// day that is over, at most the day this one is due. So no day is in two
// reports, none is left out, and none is reported before it is over. What is
// filed anew keeps the days it had.
func (f *Filing) Period(
	m calendar.Month, from calendar.Date, rules policy.Policy, today calendar.Date,
) (first, through calendar.Date) {
	if was := f.report(MonthlyReport).sheets; len(was) > 0 {
		return was[0].Figures.From, was[0].Figures.Through
	}
	if from.IsZero() {
		from = rules.Filing.DueOn(m - 1).AddDays(1)
	}
	return from, min(rules.Filing.DueOn(m), today.AddDays(-1))
}

// ReportedThrough returns the last day that the month's F4 covers; zero if
// there is none.
func (f *Filing) ReportedThrough() calendar.Date {
	if was := f.report(MonthlyReport).sheets; len(was) > 0 {
		return was[0].Figures.Through
	}
	return 0
}

// NilWithContent refuses a nil return of something.
func NilWithContent(c File, entries int, total money.Amount) error {
	if c.Form == ChargeList {
		return domain.Conflict("nil", "true", "not-nil",
			"contradicts the ledger: %d charges of %s yuan were not filed yet", clauses[c.Form], entries, total)
	}
	return domain.Conflict("nil", "true", "not-nil",
		"contradicts the ledger: %d lines of the fault record were not filed yet", clauses[c.Form], entries)
}

// nothingToReport refuses an F1 or F3 without entries that is not filed as nil, or
// that has been filed with all there is.
func nothingToReport(c File, filed bool) error {
	if filed {
		return domain.Conflict("month", c.Month.String(), "nothing-to-report",
			"is filed with its %s, and nothing of project %s came up since", clauses[c.Form], c.Form, c.Project)
	}
	return domain.Conflict("month", c.Month.String(), "nothing-to-report",
		"has nothing of project %s that was not filed before; file the %s as nil", clauses[c.Form], c.Project, c.Form)
}

// hash is the SHA-256 of what the form reports, in hexadecimal.
func (e ReportFiled) hash() string {
	data, err := json.Marshal(struct {
		Project domain.ProjectID
		Month   calendar.Month
		Form    Form
		Version int
		Nil     bool
		Faults  []FaultLine
		Charges []Charge
		Total   money.Amount
		Figures *Figures
	}{e.Project, e.Month, e.Form, e.Version, e.Nil, e.Faults, e.Charges, e.Total, e.Figures})
	if err != nil {
		panic("filing: content of a form: " + err.Error())
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
