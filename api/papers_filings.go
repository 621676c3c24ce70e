package api

import (
	"context"
	"fmt"

	"aftersales-ledger/api/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
)

type filedFormInput struct {
	PaperParams
	FilingPath
	Draft bool `query:"draft" doc:"What would be filed now, of F1 and F3"`
}

var filingNames = map[filing.Form]string{filing.FaultRecord: "F1 故障处理记录表", filing.ChargeList: "F3 收费明细表", filing.MonthlyReport: "F4 售后服务月报"}

// filed is a form of a project, every version of F1 and F3, the last of F4.
func (s *server) filed(ctx context.Context, in *filedFormInput) (out paper, err error) {
	id, month, kind, err := in.parse()
	if err != nil {
		return out, err
	}
	out.file = fmt.Sprintf("%s %s %s", filingNames[kind], id, month)
	on, err := s.projectOn(ctx, id, calendar.DateOf(s.deps.Clock()))
	if err != nil {
		return out, err
	}
	if err := mayRead(ctx, on.Center); err != nil {
		return out, err
	}
	if in.Draft {
		out.Paper, err = s.draft(ctx, on, month, kind)
		return out, err
	}
	steps, err := s.deps.Ledger.Filing(ctx, id, month, kind)
	if err != nil {
		return out, err
	}
	last := lastFiled(steps)
	signs := []forms.Field{
		signField("填报人", signed(last.By, last.FiledOn)), signField("区域行政", stepOf(steps, last.Version, domain.RegionalAdmin)),
	}
	switch kind {
	case filing.FaultRecord:
		sheets, err := s.faultSheets(ctx, on, steps)
		out.Paper = forms.FaultRecord{Month: month, Sheets: sheets, Signs: append(signs, forms.Field{Label: "技术组主管"})}
		return out, err
	case filing.ChargeList:
		sheets, err := s.chargeSheets(ctx, on, steps)
		out.Paper = forms.ChargeList{Month: month, Sheets: sheets, Signs: append(signs, forms.Field{Label: "财务"})}
		return out, err
	case filing.MonthlyReport:
		if actorOf(ctx).Role.OfCenter() && !isSent(steps) {
			return out, domain.NotFound("month", month.String(), "not-sent", "has no F4 that was sent to the center yet")
		}
	}
	out.Paper = monthlyReport(on, month, steps)
	out.goesOut, out.on, out.region = true, last.FiledOn, on.Region
	return out, nil
}

func signField(label string, by forms.Signature) forms.Field {
	value := by.By
	if !by.On.IsZero() {
		value += " " + by.On.String()
	}
	return forms.Field{Label: label, Value: value}
}

func lastFiled(steps []ledger.Step) (e filing.ReportFiled) {
	for _, step := range steps {
		if filed, ok := step.Event.(filing.ReportFiled); ok {
			e = filed
		}
	}
	return e
}

// isSent reports whether the last version went where it was to go.
func isSent(steps []ledger.Step) (sent bool) {
	for _, step := range steps {
		switch step.Event.(type) {
		case filing.ReportFiled:
			sent = false
		case filing.ReportSent:
			sent = true
		}
	}
	return sent
}

// faultSheets reads the lines of F1 with what belonged to them when each sheet
// was filed: what came later is not on it.
func (s *server) faultSheets(ctx context.Context, on forms.Project, steps []ledger.Step) (sheets []forms.FaultSheet, err error) {
	stock, err := s.deps.Ledger.Steps(ctx, depot.Stream(on.ID))
	if err != nil {
		return nil, err
	}
	for _, step := range steps {
		e, ok := step.Event.(filing.ReportFiled)
		if !ok {
			continue
		}
		sheet := forms.FaultSheet{Project: on, Nil: e.Nil, Late: e.Late, Filed: signed(e.By, e.FiledOn), DueOn: e.DueOn, Remark: e.Remark, Hash: e.ContentHash}
		if sheet.Lines, err = s.faults(ctx, e.Faults, stock, step.Position); err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

func (s *server) faults(ctx context.Context, lines []filing.FaultLine, stock []ledger.Step, known eventstore.Position) (faults []forms.Fault, err error) {
	for _, l := range lines {
		steps, err := s.deps.Ledger.Steps(ctx, ticket.Stream(l.Ticket))
		if err != nil {
			return nil, err
		}
		f := forms.Fault{Slips: slipsFor(l.Line, stock, known)}
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
	return faults, nil
}

func slipsFor(line domain.FaultLineID, stock []ledger.Step, known eventstore.Position) (slips []string) {
	for _, step := range stock {
		if e, ok := step.Event.(depot.PartIssued); ok && e.FaultLine == line && step.Position <= known {
			slips = append(slips, string(e.Slip))
		}
	}
	return slips
}

func (s *server) chargeSheets(ctx context.Context, on forms.Project, steps []ledger.Step) (sheets []forms.ChargeSheet, err error) {
	for _, step := range steps {
		e, ok := step.Event.(filing.ReportFiled)
		if !ok {
			continue
		}
		sheet := forms.ChargeSheet{Project: on, Nil: e.Nil, Late: e.Late, Filed: signed(e.By, e.FiledOn), DueOn: e.DueOn, Remark: e.Remark, Hash: e.ContentHash}
		if sheet.Lines, err = s.listed(ctx, e.Charges); err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

// listed reads the charges of an F3, in its order.
func (s *server) listed(ctx context.Context, charges []filing.Charge) (lines []forms.ChargeLine, err error) {
	wanted := make(map[domain.CenterID]map[domain.ChargeID]bool)
	for _, c := range charges {
		if wanted[c.Center] == nil {
			wanted[c.Center] = make(map[domain.ChargeID]bool)
		}
		wanted[c.Center][c.Charge] = true
	}
	found := make(map[domain.CenterID]map[domain.ChargeID]forms.ChargeLine)
	for _, center := range sortedCenters(wanted) {
		if found[center], err = s.chargeLines(ctx, center, wanted[center]); err != nil {
			return nil, err
		}
	}
	for _, c := range charges {
		lines = append(lines, found[c.Center][c.Charge])
	}
	return lines, nil
}

// draft is what would be on an F1 or F3 if it were filed now.
func (s *server) draft(ctx context.Context, on forms.Project, month calendar.Month, kind filing.Form) (forms.Paper, error) {
	switch kind {
	case filing.FaultRecord:
		work, err := s.workOf(ctx, filing.File{Project: on.ID, Month: month, Form: kind})
		if err != nil {
			return nil, err
		}
		stock, err := s.deps.Ledger.Steps(ctx, depot.Stream(on.ID))
		if err != nil {
			return nil, err
		}
		lines, err := s.faults(ctx, new(filing.Register).Pending(month, work.Faults), stock, eventstore.Position(work.Through))
		return forms.FaultRecord{Month: month, Draft: true, Sheets: []forms.FaultSheet{{Project: on, Lines: lines}}}, err
	case filing.ChargeList:
		charges, err := s.deps.Ledger.UnreportedCharges(ctx, on.ID, month)
		if err != nil {
			return nil, err
		}
		lines, err := s.listed(ctx, charges)
		return forms.ChargeList{Month: month, Draft: true, Sheets: []forms.ChargeSheet{{Project: on, Lines: lines}}}, err
	case filing.MonthlyReport:
	}
	return nil, domain.Invalid("draft", "true", "no-draft", "is for F1 and F3; an F4 is looked at by its reviewers", "5.1.4")
}

func monthlyReport(on forms.Project, month calendar.Month, steps []ledger.Step) forms.MonthlyReport {
	e := lastFiled(steps)
	r := forms.MonthlyReport{
		Project: on, Month: month, Version: e.Version, Figures: *e.Figures, Filed: signed(e.By, e.FiledOn), Late: e.Late, DueOn: e.DueOn, Remark: e.Remark, Hash: e.ContentHash,
	}
	passed := 0
	for _, step := range steps {
		switch e := step.Event.(type) {
		case filing.ReportFiled:
			passed = 0
		case filing.ReportReviewed:
			passed++
			r.Steps = append(r.Steps, forms.ReportStep{Role: e.Step, Note: e.Note, Signature: signed(e.By, e.On)})
		case filing.ReportReturned:
			r.Steps = append(r.Steps, forms.ReportStep{Role: e.Step, Returned: true, Note: e.Reason, Signature: signed(e.By, e.On)})
		case filing.ReportSent:
			r.Sent = e.On
		}
	}
	for _, role := range filing.ChainOf(filing.MonthlyReport).Steps[passed:] {
		r.Steps = append(r.Steps, forms.ReportStep{Role: role})
	}
	return r
}

type regionFormInput struct {
	PaperParams
	Region string `path:"region"`
	Month  string `path:"month" example:"2026-09"`
	Form   string `path:"form" enum:"F1,F3,F4"`
}

// filedInRegion puts the forms of a region's projects together. A project that
// has not filed is named, too.
func (s *server) filedInRegion(ctx context.Context, in *regionFormInput) (out paper, err error) {
	var p parser
	month, kind := p.month("month", in.Month), filing.Form(in.Form)
	if p.err != nil {
		return out, p.err
	}
	rows, err := s.filingsOf(ctx, in.Region, month, kind, in.After)
	if err != nil {
		return out, err
	}
	if len(rows) == 0 {
		return out, domain.NotFound("region", in.Region, "unknown-region", "has no project that owes a form of %s", month)
	}
	out.file = fmt.Sprintf("%s %s %s", filingNames[kind], in.Region, month)
	faults := forms.FaultRecord{Region: in.Region, Month: month, Signs: []forms.Field{{Label: "区域行政（汇总）"}, {Label: "技术组主管"}, {Label: "日期"}}}
	charges := forms.ChargeList{Region: in.Region, Month: month, Signs: []forms.Field{{Label: "区域行政（汇总）"}, {Label: "财务"}, {Label: "日期"}}}
	report := forms.MonthlyReport{Region: in.Region, Month: month}
	for _, row := range rows {
		on := forms.Project{ID: row.Project, Name: row.Name, Region: row.Region, City: row.City, Center: row.Center}
		var steps []ledger.Step
		if row.Version > 0 {
			if steps, err = s.deps.Ledger.Filing(ctx, row.Project, month, kind); err != nil {
				return out, err
			}
		}
		switch kind {
		case filing.FaultRecord:
			sheets, err := s.faultSheets(ctx, on, steps)
			if err != nil {
				return out, err
			}
			if len(sheets) == 0 {
				sheets = []forms.FaultSheet{{Project: on}}
			}
			faults.Sheets = append(faults.Sheets, sheets...)
		case filing.ChargeList:
			sheets, err := s.chargeSheets(ctx, on, steps)
			if err != nil {
				return out, err
			}
			if len(sheets) == 0 {
				sheets = []forms.ChargeSheet{{Project: on}}
			}
			charges.Sheets = append(charges.Sheets, sheets...)
		case filing.MonthlyReport:
			line := forms.ProjectReport{Project: on, State: stateText(row)}
			if len(steps) > 0 {
				line.Figures = *lastFiled(steps).Figures
				report.Figures = report.Figures.Add(line.Figures)
			}
			report.Projects = append(report.Projects, line)
		}
	}
	out.Paper = map[filing.Form]forms.Paper{filing.FaultRecord: faults, filing.ChargeList: charges, filing.MonthlyReport: report}[kind]
	return out, nil
}

func stateText(r projections.FilingRow) string {
	switch {
	case r.State == projections.FilingReturned:
		return "退回"
	case r.Version == 0:
		return "未报"
	case r.Sent:
		return "已送达"
	case r.Awaits != "":
		return "待" + forms.RoleName(r.Awaits)
	}
	return "已审"
}

func (s *server) filingsOf(ctx context.Context, region string, month calendar.Month, form filing.Form, after uint64) (rows []projections.FilingRow, err error) {
	var p parser
	cut, err := s.cut(ctx, &p, CutParams{After: after})
	if err != nil {
		return nil, err
	}
	return s.filingsKnown(ctx, cut, region, month, form)
}

// filingsKnown is where a form of every project of a region stands.
func (s *server) filingsKnown(ctx context.Context, cut projections.Cut, region string, month calendar.Month, form filing.Form) (rows []projections.FilingRow, err error) {
	filter := projections.FilingFilter{
		Filter: projections.Filter{Region: region}, Month: month, DueOn: s.deps.Ledger.Rules().Filing.DueOn(month), Form: form,
	}
	for page := (projections.Page{Limit: projections.MaxLimit}); ; {
		list, err := s.deps.ReadModels.Filings(ctx, cut, filter, page)
		if err != nil {
			return nil, err
		}
		if rows = append(rows, list.Rows...); list.Next == "" {
			return rows, nil
		}
		page.After = list.Next
	}
}
