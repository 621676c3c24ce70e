package filings

import (
	"context"
	"slices"
	"time"

	"aftersales-ledger/api/gather"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	partsviews "aftersales-ledger/projections/parts"
)

type fileReportInput struct {
	kit.CommandHeaders
	kit.FilingPath
	Body struct {
		Nil    bool   `json:"nil,omitempty" doc:"There is nothing to report, and that is reported; for F1 and F3"`
		Remark string `json:"remark,omitempty"`
	}
}

type reviewReportInput struct {
	kit.CommandHeaders
	kit.FilingPath
	Body struct {
		Approve bool   `json:"approve" doc:"false: an F4 goes back to its filler"`
		Note    string `json:"note,omitempty" doc:"Of a report that goes back the reason"`
	}
}

type sendReportInput struct {
	kit.CommandHeaders
	kit.FilingPath
}

// FilingReceipt answers the filing of a form.
type FilingReceipt struct {
	kit.Receipt
	Version     int    `json:"version,omitempty"`
	Entries     int    `json:"entries" doc:"Lines of F1 or charges of F3"`
	Total       string `json:"total,omitempty" doc:"Of the charges, gross"`
	DueOn       string `json:"dueOn,omitempty"`
	Late        bool   `json:"late" doc:"Filed after it was due, for ever"`
	ContentHash string `json:"contentHash,omitempty"`
}

func (s *service) filings() {
	const at = "/v1/projects/{project}/filings/{month}/{form}"
	kit.Command(s.Service, at, "file-report",
		"File F1, F3 or F4 of a month: everything not filed before, or nil (5.1.3, 5.1.4, 5.3.3)", kit.MayFileReports,
		func(ctx context.Context, in *fileReportInput) (out FilingReceipt, err error) {
			project, month, form, err := in.Parse()
			if err != nil {
				return out, err
			}
			c := filing.File{Project: project, Month: month, Form: form, Nil: in.Body.Nil, Remark: in.Body.Remark}
			work, err := gather.Work(ctx, s.Ledger(ctx), s.Deps.ReadModels, kit.ScopeOf(ctx), c)
			if err != nil {
				return out, err
			}
			o, err := s.Ledger(ctx).FileReport(ctx, in.Request(ctx), c, work)
			return filingReceipt(in.Name(), o), err
		})
	kit.Command(s.Service, at+
		"/review", "review-report", "Let a form go on, or send an F4 back; each role in its turn (5.1.4)", kit.MayReviewReports,
		func(ctx context.Context, in *reviewReportInput) (kit.ReviewReceipt, error) {
			project, month, form, err := in.Parse()
			if err != nil {
				return kit.ReviewReceipt{}, err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), filing.Review{
				Project: project, Month: month, Form: form, Approve: in.Body.Approve, Note: in.Body.Note,
			}, (*filing.Filing).Review)
			if err != nil {
				return kit.ReviewReceipt{}, err
			}
			return s.ReviewedForm(ctx, kit.ReceiptOf(in.Name(), o), partsviews.FindingFilter{
				Filter: projections.Filter{Project: project}, From: month.First(), To: month.Last(),
			}), nil
		})
	kit.Command(s.Service, at+
		"/dispatch", "send-report", "Pass a reviewed form on: F1 to the tech group lead, F3 to finance, F4 to the center (5.1.3, 5.1.4, 5.3.3)", kit.MaySendReports,
		func(ctx context.Context, in *sendReportInput) (kit.Receipt, error) {
			project, month, form, err := in.Parse()
			if err != nil {
				return kit.Receipt{}, err
			}
			o, err := ledger.Do(ctx, s.Ledger(ctx), in.Request(ctx), filing.Send{Project: project, Month: month, Form: form},
				(*filing.Filing).Send)
			return kit.ReceiptOf(in.Name(), o), err
		})
	kit.Command(s.Service, "/v1/regions/{region}/filings/{month}/{form}/collection", "collect-reports",
		"Collect a form of every project of a region: let go on what waits for the regional admin, pass on what everybody has reviewed (5.1.3, 5.1.4, 5.3.3)", kit.MaySendReports, s.collectForms)
	kit.TaggedQuery(s.Service, at, "filing", "A form with its versions, what they report, and the words of its reviewers",
		kit.MayReadFilings, func(in *filingInput) string {
			project, month, _, _ := in.Parse() // what is none is told as such
			return filing.Stream(project, month)
		}, s.filing)
	kit.Query(s.Service, "/v1/regions/{region}/filings/{month}/F4", "region-figures",
		"The monthly reports F4 of a region, summed up (5.1.4)", kit.MayReadRegions, s.regionFigures)
	kit.Query(s.Service, "/v1/filings", "filings",
		"Where the forms of a month stand, and who is to be chased (5.1.3, 5.1.4, 5.3.3)", kit.MayReadFilings, s.listFilings)
}

func filingReceipt(id string, o eventstore.Outcome) FilingReceipt {
	out := FilingReceipt{Receipt: kit.ReceiptOf(id, o)}
	for _, e := range o.Events {
		if e, ok := e.(filing.ReportFiled); ok {
			out.Version, out.Entries, out.DueOn, out.Late, out.ContentHash = e.Version, len(e.Faults)+
				len(e.Charges), e.DueOn.String(), e.Late, e.ContentHash
			if e.Form == filing.ChargeList {
				out.Total = e.Total.String()
			}
		}
	}
	return out
}

// FilingBody is a form as it was filed and what became of it.
type FilingBody struct {
	Project  string           `json:"project"`
	Month    string           `json:"month"`
	Form     string           `json:"form"`
	Versions []FilingVersion  `json:"versions"`
	Steps    []FilingStepBody `json:"steps" doc:"What its reviewers said, and where it went, in order"`
}

// FilingVersion is one sheet of F1 or F3, or one filling of F4.
type FilingVersion struct {
	Version     int            `json:"version"`
	Nil         bool           `json:"nil"`
	Late        bool           `json:"late"`
	DueOn       string         `json:"dueOn"`
	FiledOn     string         `json:"filedOn"`
	By          string         `json:"by"`
	Remark      string         `json:"remark,omitempty"`
	Faults      []string       `json:"faults,omitempty"`
	Charges     []string       `json:"charges,omitempty"`
	Total       string         `json:"total,omitempty"`
	Figures     *FilingFigures `json:"figures,omitempty"`
	Through     uint64         `json:"through" doc:"Log position up to which it was filled"`
	ContentHash string         `json:"contentHash"`
}

// FilingFigures are the figures of an F4.
type FilingFigures struct {
	From             string            `json:"from"`
	Through          string            `json:"through"`
	TicketsReceived  int               `json:"ticketsReceived" doc:"Registered in the period"`
	TicketsClosed    int               `json:"ticketsClosed" doc:"Closed in it, whenever registered"`
	TicketsOpen      int               `json:"ticketsOpen" doc:"Not closed at its end, whenever registered"`
	ResponseMet      int               `json:"responseMet" doc:"Emergencies whose deadline ended in the period, met"`
	ResponseBreached int               `json:"responseBreached" doc:"Emergencies whose deadline ended in it, and was not"`
	ResponseRunning  int               `json:"responseRunning" doc:"Deadlines after its end, with nobody there at its end"`
	VisitsMade       int               `json:"visitsMade" doc:"Routine visits in the period"`
	VisitsOwed       int               `json:"visitsOwed" doc:"Quotas of the weeks, half months or months that ended in it"`
	VisitsShort      int               `json:"visitsShort" doc:"Of them not made, period by period: a week with more visits does not make up for another"`
	FaultLines       int               `json:"faultLines" doc:"Lines of F1, by the date of the work"`
	PartsUsed        map[string]string `json:"partsUsed" doc:"Units by part, replaced according to F1"`
	DevicesOut       int               `json:"devicesOut" doc:"Shipped to makers in the period, on a process sheet F2 or in a batch of the project's depot without one; each unit once"`
	DevicesBack      int               `json:"devicesBack" doc:"With a result, a receipt of a depot or a scrap slip in it, whenever shipped"`
	DevicesAway      int               `json:"devicesAway" doc:"Of both, at their makers at its end: without a result, and by the papers of depots neither back nor scrapped there"`
	Charges          int               `json:"charges" doc:"By the date of the service"`
	Charged          string            `json:"charged"`
	Escalated        int               `json:"escalated" doc:"Raised in it"`
	EscalationsOpen  int               `json:"escalationsOpen" doc:"Not closed at its end"`
}

func filingFigures(f filing.Figures) *FilingFigures {
	out := &FilingFigures{
		From: f.From.String(), Through: f.Through.String(), TicketsReceived: f.TicketsReceived,
		TicketsClosed: f.TicketsClosed, TicketsOpen: f.TicketsOpen, ResponseMet: f.ResponseMet,
		ResponseBreached: f.ResponseBreached, ResponseRunning: f.ResponseRunning,
		VisitsMade: f.VisitsMade, VisitsOwed: f.VisitsOwed, VisitsShort: f.VisitsShort, FaultLines: f.FaultLines,
		PartsUsed: make(map[string]string, len(f.PartsUsed)), DevicesOut: f.DevicesOut,
		DevicesBack: f.DevicesBack, DevicesAway: f.DevicesAway,
		Charges: f.Charges, Charged: f.Charged.String(), Escalated: f.Escalated, EscalationsOpen: f.EscalationsOpen,
	}
	for _, p := range f.PartsUsed {
		out.PartsUsed[string(p.Part)] = p.Quantity.String()
	}
	return out
}

// FilingStepBody is one thing that happened to a form after it was filed.
type FilingStepBody struct {
	Event      string   `json:"event"`
	Version    int      `json:"version"`
	Step       string   `json:"step,omitempty"`
	Note       string   `json:"note,omitempty"`
	To         []string `json:"to,omitempty"`
	Copies     []string `json:"copies,omitempty"`
	On         string   `json:"on"`
	By         string   `json:"by"`
	Refused    bool     `json:"refused,omitempty"`
	RecordedAt string   `json:"recordedAt"`
}

type filingInput struct {
	kit.FilingPath
	After uint64 `query:"after" doc:"Accepted as by every question; forms are read from the log itself and are never behind"`
}

func (s *service) filing(ctx context.Context, in *filingInput) (out FilingBody, err error) {
	project, month, form, err := in.Parse()
	if err != nil {
		return out, err
	}
	steps, err := s.Ledger(ctx).Filing(ctx, project, month, form)
	if err != nil {
		return out, err
	}
	out = FilingBody{Project: in.Project, Month: in.Month, Form: in.Form, Steps: []FilingStepBody{}}
	for _, step := range steps {
		b := FilingStepBody{
			Event: step.Event.EventType(), Refused: step.Refused,
			RecordedAt: step.RecordedAt.In(calendar.Shanghai).Format(time.RFC3339Nano),
		}
		switch e := step.Event.(type) {
		case filing.ReportFiled:
			out.Versions = append(out.Versions, filingVersion(e))
			continue
		case filing.ReportReviewed:
			b.Version, b.Step, b.Note, b.On, b.By = e.Version, string(e.Step), e.Note, e.On.String(), e.By
		case filing.ReportReturned:
			b.Version, b.Step, b.Note, b.On, b.By = e.Version, string(e.Step), e.Reason, e.On.String(), e.By
		case duties.OwnDecisionRefused:
			b.Version, b.Step, b.On, b.By = e.Version, e.Decision, e.On.String(), e.By
		case filing.ReportSent:
			b.Version, b.To, b.Copies, b.On, b.By = e.Version, roleTexts(e.To), roleTexts(e.Copies), e.On.String(), e.By
		}
		out.Steps = append(out.Steps, b)
	}
	return out, nil
}

func filingVersion(e filing.ReportFiled) FilingVersion {
	v := FilingVersion{
		Version: e.Version, Nil: e.Nil, Late: e.Late, DueOn: e.DueOn.String(), FiledOn: e.FiledOn.String(), By: e.By,
		Remark:  e.Remark,
		Through: e.Through, ContentHash: e.ContentHash,
	}
	for _, l := range e.Faults {
		v.Faults = append(v.Faults, string(l.Line))
	}
	for _, c := range e.Charges {
		v.Charges = append(v.Charges, string(c.Charge))
	}
	if e.Form == filing.ChargeList {
		v.Total = e.Total.String()
	}
	if e.Figures != nil {
		v.Figures = filingFigures(*e.Figures)
	}
	return v
}

func roleTexts(roles []domain.Role) []string {
	return slices.Collect(func(yield func(string) bool) {
		for _, r := range roles {
			if !yield(string(r)) {
				return
			}
		}
	})
}
