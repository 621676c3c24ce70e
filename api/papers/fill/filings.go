package fill

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"aftersales-ledger/api/gather"
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	filingsviews "aftersales-ledger/projections/filings"
)

// Filing is F1 故障处理记录表, F3 收费明细表 or F4 月报 of a project and month as a version
// of it was, or, for zero, the newest: F1 and F3 with the sheets up to it. It is for ever
// as it was filed, for those to whom it went.
func (c Clerk) Filing(
	ctx context.Context, id domain.ProjectID, month calendar.Month, kind filing.Form, version int,
) (out Filled, err error) {
	p := paper{file: fmt.Sprintf("%s %s %s %s", kind, names.Of(kind), id, month)}
	steps, err := c.filingFor(ctx, id, month, kind)
	if err != nil {
		return out, err
	}
	steps, edition, err := upTo(version, steps)
	if err != nil {
		return out, err
	}
	if version != 0 {
		p.file += fmt.Sprintf(" v%d", version)
	}
	c = c.composing()
	last := lastFiled(steps)
	signs := []forms.Field{
		signField("填报人", signed(last.By, last.FiledOn)), signField("区域行政", stepOf(steps, last.Version, domain.RegionalAdmin)),
	}
	switch kind {
	case filing.FaultRecord:
		sheets, verified, err := c.faultSheets(ctx, id, steps)
		if err != nil {
			return out, err
		}
		lead, doubtful, err := c.signedByLead(ctx, verified)
		if err != nil {
			return out, err
		}
		p.Paper = forms.FaultRecord{
			Month: month, Sheets: sheets, Edition: edition, Doubtful: doubtful, Signs: append(signs, lead),
		}
	case filing.ChargeList:
		sheets, err := c.chargeSheets(ctx, id, steps)
		if err != nil {
			return out, err
		}
		p.Paper = forms.ChargeList{
			Month: month, Sheets: sheets, Edition: edition, Signs: append(signs, forms.Field{Label: "财务"}),
		}
	case filing.MonthlyReport:
		r, err := c.monthlyReport(ctx, month, steps)
		if err != nil {
			return out, err
		}
		r.Edition = edition
		p.Paper, p.goesOut, p.on, p.region = r, true, last.FiledOn, r.Project.Region
	}
	return c.laid(ctx, p)
}

// readableBy leaves of a form's history the versions that a center may read;
// nothing, if there is none.
func readableBy(center domain.CenterID, steps []ledger.Step) []ledger.Step {
	var history []filing.Event
	for _, step := range steps {
		if e, ok := step.Event.(filing.Event); ok {
			history = append(history, e)
		}
	}
	versions := filing.ReadableBy(center, history)
	if len(versions) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(steps), func(step ledger.Step) bool {
		e, ok := step.Event.(filing.ReportFiled)
		return ok && !versions[e.Version]
	})
}

// filingFor is a form's history as whoever asks may read it. A center goes on reading
// what was for it, whoever has the project since.
func (c Clerk) filingFor(
	ctx context.Context, id domain.ProjectID, month calendar.Month, kind filing.Form,
) ([]ledger.Step, error) {
	a := c.For
	if !a.Role.OfCenter() {
		return c.ledger().Filing(ctx, id, month, kind)
	}
	steps, err := c.composing().ledger().Filing(ctx, id, month, kind)
	if steps = readableBy(a.Center, steps); len(steps) > 0 {
		return steps, err
	}
	return nil, cmp.Or(c.ledger().MustKnowProject(ctx, id), err,
		error(domain.NotFound("month", month.String(), "not-sent", "has no %s of project %s that was for center %s", kind,
			id, a.Center)))
}

// upTo leaves of a form's history what there was of a version before the next was filed,
// which for zero is all of it.
func upTo(version int, steps []ledger.Step) (was []ledger.Step, e forms.Edition, err error) {
	var there []int
	end := len(steps)
	for i, step := range steps {
		filed, ok := step.Event.(filing.ReportFiled)
		if !ok {
			continue
		}
		there = append(there, filed.Version)
		switch {
		case version == 0 || filed.Version == version:
			e = forms.Edition{Version: filed.Version}
		case e.Version == version && e.Next == 0:
			e.Next, e.NextOn, end = filed.Version, filed.FiledOn, i
		}
	}
	if version == 0 || slices.Contains(there, version) {
		return steps[:end], e, nil
	}
	return nil, e, domain.NotFound("version", strconv.Itoa(version), "unknown-filing-version",
		"is not a version of this form; there are: %v", there)
}

// signedByAll is the row of a role that has signed everything below it: who did,
// and when last. It is empty while one of the signatures is missing.
func signedByAll(label string, signatures []forms.Signature) forms.Field {
	last := make(map[string]calendar.Date)
	for _, s := range signatures {
		if s.By == "" {
			return forms.Field{Label: label}
		}
		last[s.By] = max(last[s.By], s.On)
	}
	var words []string
	for _, by := range slices.Sorted(maps.Keys(last)) {
		words = append(words, by+" "+last[by].String())
	}
	return forms.Field{Label: label, Value: strings.Join(words, "，")}
}

func signField(label string, by forms.Signature) forms.Field {
	value := by.By
	if !by.On.IsZero() {
		value += " " + by.On.String()
	}
	return forms.Field{Label: label, Value: value}
}

// filedAt is when the last version of a form speaks.
func filedAt(steps []ledger.Step) (at dated) {
	for _, step := range steps {
		if e, ok := step.Event.(filing.ReportFiled); ok {
			at = dated{On: e.FiledOn, Known: step.Position}
		}
	}
	return at
}

func lastFiled(steps []ledger.Step) (e filing.ReportFiled) {
	for _, step := range steps {
		if filed, ok := step.Event.(filing.ReportFiled); ok {
			e = filed
		}
	}
	return e
}

// faultSheets reads the lines of F1 with what belonged to them when each sheet
// was filed: what came later is not on it, but for the tech group lead's word, by
// line.
func (c Clerk) faultSheets(
	ctx context.Context, id domain.ProjectID, steps []ledger.Step,
) (sheets []forms.FaultSheet, verified []lineReview, err error) {
	stock, err := c.ledger().Steps(ctx, depot.Stream(id))
	if err != nil {
		return nil, nil, err
	}
	for _, step := range steps {
		e, ok := step.Event.(filing.ReportFiled)
		if !ok {
			continue
		}
		sheet := forms.FaultSheet{
			Nil: e.Nil, Late: e.Late, Filed: signed(e.By, e.FiledOn), DueOn: e.DueOn, Remark: e.Remark, Hash: e.ContentHash,
		}
		if sheet.Project, err = c.projectOn(ctx, id, dated{On: e.FiledOn, Known: step.Position}); err != nil {
			return nil, nil, err
		}
		var words []lineReview
		if sheet.Lines, words, err = c.faults(ctx, e.Faults, stock, step.Position); err != nil {
			return nil, nil, err
		}
		sheets, verified = append(sheets, sheet), append(verified, words...)
	}
	return sheets, verified, nil
}

func (c Clerk) faults(
	ctx context.Context, lines []filing.FaultLine, stock []ledger.Step, known eventstore.Position,
) (faults []forms.FaultLine, verified []lineReview, err error) {
	for _, l := range lines {
		steps, err := c.ledger().Steps(ctx, ticket.Stream(l.Ticket))
		if err != nil {
			return nil, nil, err
		}
		verified = append(verified, verifiedBy(l.Line, steps))
		f := forms.FaultLine{Slips: slipsFor(l.Line, stock, known)}
		var arrivals ticket.Arrivals
		for _, step := range steps {
			if step.Position > known {
				break
			}
			switch e := step.Event.(type) {
			case ticket.FaultRecorded:
				if e.Line == l.Line {
					f.FaultRecorded = e
				}
			case ticket.TeamNotified:
				f.NotifiedAt, f.Coverage = e.NotifiedAt, e.Coverage
			case ticket.CoverageOverridden:
				f.Coverage = e.Coverage
			case ticket.ArrivedOnSite:
				arrivals = arrivals.With(e)
			case ticket.ArrivalWithdrawn:
				arrivals = arrivals.Without(e)
			case ticket.ResolutionRecorded:
				f.ResolvedAt = e.ResolvedAt
			}
		}
		f.ArrivedAt = arrivals.First().ArrivedAt
		faults = append(faults, f)
	}
	return faults, verified, nil
}

// verifiedBy is who verified a line of F1; nobody, if its last word is a query.
func verifiedBy(line domain.FaultLineID, steps []ledger.Step) lineReview {
	r := lineReview{line: line}
	for _, step := range steps {
		if e, ok := step.Event.(ticket.FaultLineReviewed); ok && e.Line == line {
			if r.by, r.at, r.position = signed(e.By, e.On), step.RecordedAt, step.Position; e.Verdict != ticket.Verified {
				r.by = forms.Signature{}
			}
		}
	}
	return r
}

func slipsFor(line domain.FaultLineID, stock []ledger.Step, known eventstore.Position) (slips []string) {
	for _, step := range stock {
		if e, ok := step.Event.(depot.PartIssued); ok && e.FaultLine == line && step.Position <= known {
			slips = append(slips, string(e.Slip))
		}
	}
	return slips
}

// chargeSheets reads the charges of F3; for a center's person those of their own
// center.
func (c Clerk) chargeSheets(
	ctx context.Context, id domain.ProjectID, steps []ledger.Step,
) (sheets []forms.ChargeSheet, err error) {
	a := c.For
	for _, step := range steps {
		e, ok := step.Event.(filing.ReportFiled)
		if !ok {
			continue
		}
		sheet := forms.ChargeSheet{
			Nil: e.Nil, Late: e.Late, Filed: signed(e.By, e.FiledOn), DueOn: e.DueOn, Remark: e.Remark, Hash: e.ContentHash,
		}
		if sheet.Project, err = c.projectOn(ctx, id, dated{On: e.FiledOn, Known: step.Position}); err != nil {
			return nil, err
		}
		charges := slices.DeleteFunc(slices.Clone(e.Charges),
			func(c filing.Charge) bool { return a.Role.OfCenter() && c.Center != a.Center })
		if sheet.Lines, err = c.listed(ctx, charges); err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

// listed reads the charges of an F3, in its order.
func (c Clerk) listed(ctx context.Context, charges []filing.Charge) (lines []forms.ChargeLine, err error) {
	wanted := make(map[domain.CenterID]map[domain.ChargeID]bool)
	for _, c := range charges {
		if wanted[c.Center] == nil {
			wanted[c.Center] = make(map[domain.ChargeID]bool)
		}
		wanted[c.Center][c.Charge] = true
	}
	found := make(map[domain.CenterID]map[domain.ChargeID]forms.ChargeLine)
	for _, center := range sortedCenters(wanted) {
		if found[center], err = c.chargeLines(ctx, center, wanted[center]); err != nil {
			return nil, err
		}
	}
	for _, c := range charges {
		lines = append(lines, found[c.Center][c.Charge])
	}
	return lines, nil
}

// Draft is what would be on an F1 or F3 if it were filed now, for today's center.
func (c Clerk) Draft(
	ctx context.Context, id domain.ProjectID, month calendar.Month, kind filing.Form,
) (out Filled, err error) {
	on, err := c.projectOn(ctx, id, c.now())
	if err != nil {
		return out, err
	}
	if c.For.Role.OfCenter() { // it lists what lies open of whoever had the project before, too
		return out, domain.Forbidden("draft", "true", "not-shown", "is the department's own until the form is filed", "4")
	}
	p := paper{file: fmt.Sprintf("%s %s %s %s", kind, names.Of(kind), id, month)}
	c = c.composing()
	switch kind {
	case filing.FaultRecord:
		work, err := gather.Work(ctx, c.ledger(), c.ReadModels, c.Scope,
			filing.File{Project: on.ID, Month: month, Form: kind})
		if err != nil {
			return out, err
		}
		stock, err := c.ledger().Steps(ctx, depot.Stream(on.ID))
		if err != nil {
			return out, err
		}
		lines, _, err := c.faults(ctx, new(filing.FaultRegister).Pending(month, work.Faults), stock,
			eventstore.Position(work.Through))
		if err != nil {
			return out, err
		}
		p.Paper = forms.FaultRecord{Month: month, Draft: true, Sheets: []forms.FaultSheet{{Project: on, Lines: lines}}}
	case filing.ChargeList:
		charges, err := c.ledger().UnreportedCharges(ctx, on.ID, month)
		if err != nil {
			return out, err
		}
		lines, err := c.listed(ctx, charges)
		if err != nil {
			return out, err
		}
		p.Paper = forms.ChargeList{Month: month, Draft: true, Sheets: []forms.ChargeSheet{{Project: on, Lines: lines}}}
	case filing.MonthlyReport:
		return out, domain.Invalid("draft", "true", "no-draft", "is for F1 and F3; an F4 is looked at by its reviewers",
			"5.1.4")
	}
	return c.laid(ctx, p)
}

func (c Clerk) monthlyReport(
	ctx context.Context, month calendar.Month, steps []ledger.Step,
) (forms.MonthlyReport, error) {
	e := lastFiled(steps)
	r := forms.MonthlyReport{
		Month: month, Figures: *e.Figures, Filed: signed(e.By, e.FiledOn), Late: e.Late, DueOn: e.DueOn,
		Remark: e.Remark, Hash: e.ContentHash,
	}
	passed, first := 0, filing.ReportFiled{}
	for _, step := range steps {
		switch e := step.Event.(type) {
		case filing.ReportFiled:
			passed = 0
			if first.Version == 0 {
				first = e
			}
		case filing.ReportReviewed:
			passed++
			r.Steps = append(r.Steps,
				forms.ReportStep{Role: e.Step, Version: e.Version, Note: e.Note, Signature: signed(e.By, e.On)})
		case filing.ReportReturned:
			r.Steps = append(r.Steps,
				forms.ReportStep{Role: e.Step, Version: e.Version, Returned: true, Note: e.Reason, Signature: signed(e.By, e.On)})
		case filing.ReportSent:
			r.Sent = e.On
		}
	}
	if first.Version != e.Version {
		r.First = signed(first.By, first.FiledOn)
	}
	for _, role := range filing.ChainOf(filing.MonthlyReport).Steps[passed:] {
		r.Steps = append(r.Steps, forms.ReportStep{Role: role, Version: e.Version})
	}
	stock, err := c.ledger().Steps(ctx, depot.Stream(e.Project))
	if err != nil {
		return r, err
	}
	if r.Parts, err = c.depotNames(ctx, stock, filedAt(steps)); err != nil {
		return r, err
	}
	r.Project, err = c.projectOn(ctx, e.Project, filedAt(steps))
	return r, err
}

// RegionFilings puts the forms of a region's projects together. A project that
// has not filed is named, too. The figures must show the log up to after.
func (c Clerk) RegionFilings(
	ctx context.Context, region string, month calendar.Month, kind filing.Form, after uint64,
) (out Filled, err error) {
	if err := c.ReadModels.Follow(ctx, after); err != nil {
		return out, err
	}
	rows, err := gather.Filings(ctx, c.ReadModels, c.Ledger.Rules(), projections.Cut{Scope: c.Scope}, region, month, kind)
	if err != nil {
		return out, err
	}
	if len(rows) == 0 {
		return out, domain.NotFound("region", region, "unknown-region", "has no project that owes a form of %s", month)
	}
	c = c.composing()
	p := paper{file: fmt.Sprintf("%s %s %s %s", kind, names.Of(kind), region, month)}
	r := regionForm{
		faults:  forms.FaultRecord{Region: region, Month: month},
		charges: forms.ChargeList{Region: region, Month: month},
		report:  forms.MonthlyReport{Region: region, Month: month},
	}
	for _, row := range rows {
		var steps []ledger.Step
		if row.Version != nil {
			if steps, err = c.ledger().Filing(ctx, row.Project, month, kind); err != nil {
				return out, err
			}
		}
		if err := c.addToRegion(ctx, &r, kind, row, steps); err != nil {
			return out, err
		}
	}
	signs := func(roles ...domain.Role) (fields []forms.Field) {
		for _, role := range roles {
			label := names.Of(role)
			if role == domain.RegionalAdmin {
				label += "（汇总）"
			}
			fields = append(fields, signedByAll(label, r.reviews[role]))
		}
		return fields
	}
	date := forms.Field{Label: "日期"}
	switch kind {
	case filing.FaultRecord:
		lead, doubtful, err := c.signedByLead(ctx, r.verified)
		if err != nil {
			return out, err
		}
		r.faults.Doubtful = doubtful
		r.faults.Signs = append(signs(domain.RegionalAdmin), lead, date)
		p.Paper = r.faults
	case filing.ChargeList:
		r.charges.Signs = append(signs(domain.RegionalAdmin), forms.Field{Label: "财务"}, date)
		p.Paper = r.charges
	case filing.MonthlyReport:
		if r.report.Parts, err = c.partNames(ctx,
			dated{On: min(c.today(), c.Ledger.Rules().Filing.DueOn(month)), Known: math.MaxUint64}); err != nil {
			return out, err
		}
		r.report.Signs = append(signs(domain.RegionalAdmin, domain.RegionalSupervisor, domain.AssistantManager), date)
		p.Paper = r.report
	}
	return c.laid(ctx, p)
}

// regionForm is a form of a region, as it is put together.
type regionForm struct {
	faults   forms.FaultRecord
	charges  forms.ChargeList
	report   forms.MonthlyReport
	reviews  map[domain.Role][]forms.Signature // of every project's last version
	verified []lineReview                      // of every line of F1
}

// addToRegion adds a project's form, or that it was not filed: as it stood when
// it was filed, or on the day it was due.
func (c Clerk) addToRegion(
	ctx context.Context, r *regionForm, kind filing.Form, row filingsviews.FilingRow, steps []ledger.Step,
) error {
	due := dated{On: min(c.today(), c.Ledger.Rules().Filing.DueOn(r.faults.Month)), Known: math.MaxUint64}
	if row.Version != nil {
		due = filedAt(steps)
		if r.reviews == nil {
			r.reviews = make(map[domain.Role][]forms.Signature)
		}
		for _, role := range filing.ChainOf(kind).Steps {
			r.reviews[role] = append(r.reviews[role], stepOf(steps, lastFiled(steps).Version, role))
		}
	}
	on, err := c.projectOn(ctx, row.Project, due)
	if err != nil {
		return err
	}
	switch kind {
	case filing.FaultRecord:
		sheets, verified, err := c.faultSheets(ctx, row.Project, steps)
		if err != nil {
			return err
		}
		if len(sheets) == 0 {
			sheets = []forms.FaultSheet{{Project: on}}
		}
		r.faults.Sheets, r.verified = append(r.faults.Sheets, sheets...), append(r.verified, verified...)
	case filing.ChargeList:
		sheets, err := c.chargeSheets(ctx, row.Project, steps)
		if err != nil {
			return err
		}
		if len(sheets) == 0 {
			sheets = []forms.ChargeSheet{{Project: on}}
		}
		r.charges.Sheets = append(r.charges.Sheets, sheets...)
	case filing.MonthlyReport:
		line := forms.ProjectReport{Project: on, State: stateText(row)}
		if len(steps) > 0 {
			line.Figures = lastFiled(steps).Figures
			r.report.Figures, r.report.Stated = r.report.Figures.Add(*line.Figures), true
		}
		r.report.Projects = append(r.report.Projects, line)
	}
	return nil
}

func stateText(r filingsviews.FilingRow) string {
	switch {
	case r.State == filingsviews.FilingReturned:
		return "退回"
	case r.Version == nil:
		return "未报"
	case r.Sent:
		return "已送达"
	case r.Awaits != "":
		return "待" + names.Of(r.Awaits)
	}
	return "已审"
}
