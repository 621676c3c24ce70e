package papers

import (
	"context"
	"fmt"
	"slices"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/eventstore/ledger"
)

// This file and its neighbours fill the trade's papers from the events of the
// streams that they are about. Nothing on them is kept anywhere else.

// PaperParams come with every paper.
type PaperParams struct {
	FormParams
	After uint64 `query:"after" doc:"Accepted as by every question; papers are read from the log itself and are never behind"`
}

// paper is a paper that is to be laid out, and the name of its file.
type paper struct {
	forms.Paper
	file string
	// goesOut: to a center or a supplier, under the letterhead of a day and a
	// region.
	goesOut bool
	on      calendar.Date
	region  string
}

func (p PaperParams) format() string { return p.Format }

func (s *service) papers() {
	file(s, "/v1/regions/{region}/statements/{quarter}/form", "region-statements-form",
		"The statements of a quarter of all centers of a region, in one PDF or as an archive (对账单, 5.3.4)", kit.MayReadRegions,
		[]string{"application/pdf", "application/zip"}, s.regionStatements)
	form(s, "/v1/centers/{center}/statements/{quarter}/form", "statement-form",
		"A version of a quarter's statement as a paper: worksheet or page to print (对账单, 5.3.4)", kit.MayReadAccounts,
		s.statementForm)
	const ofFiling = "/{month}/{form}/form"
	form(s, "/v1/tickets/{ticket}/form", "ticket-form",
		"项目安防设备服务登记表 F0: a need from its registration to its closing (5.1.2)", kit.MayReadWork, laid(s.Service, s.registration))
	form(s, "/v1/projects/{project}/filings"+ofFiling, "filing-form",
		"F1 故障处理记录表, F3 收费明细表 or F4 月报 of a project and month, as it was filed", kit.MayReadWork, laid(s.Service, s.filed))
	form(s, "/v1/regions/{region}/filings"+ofFiling, "region-filing-form",
		"F1, F3 or F4 of a month, of all projects of a region", kit.MayReadRegions, laid(s.Service, s.filedInRegion))
	form(s, "/v1/returns/{return}/form", "return-form",
		"售后服务处理流程表 F2: a device on its way to the maker and back, or a compensation (5.2.1, 5.3.2)", kit.MayReadRepairs,
		laid(s.Service, s.processSheet))
	form(s, "/v1/returns/{return}/letter/form", "letter-form",
		"维修设备收费确认函: what the supplier asks, for us to confirm (5.2.2)", kit.MayReadRepairs,
		laid(s.Service, s.confirmationLetter))
	form(s, "/v1/returns/{return}/approval/form", "approval-form",
		"邮件批复页: the words of those who approved a repair's cost (5.2.2)", kit.MayReadRepairs, laid(s.Service, s.approvalPage))
	form(s, "/v1/requisitions/{requisition}/form", "requisition-form", "物资申请单 with its reviews (5.2.3)", kit.MayReadRepairs,
		laid(s.Service, s.requisition))
	form(s, "/v1/payment-requests/{region}/{month}/form", "payment-request-form",
		"付款申请单: a region's batch of a month (5.2.2)", kit.MayReadPayables, laid(s.Service, s.paymentRequest))
	form(s, "/v1/projects/{project}/depot/counts/{count}/form", "count-form", "盘点表: what was counted against the books",
		kit.MayReadParts, laid(s.Service, s.countSheet))
	form(s, "/v1/projects/{project}/depot/issues/{slip}/form", "issue-form",
		"出库单: what an issue slip took out of stock (5.1.3)", kit.MayReadParts, laid(s.Service, s.issueSlip))
	form(s, "/v1/projects/{project}/blank-forms/{form}/form", "blank-form",
		"A form to print and fill in by hand: F0 登记表, or 盘点表 with the parts of the depot", kit.MayReadWork,
		laid(s.Service, s.blankForm))
	form(s, "/v1/price-lists/{version}/form", "price-list-form", "部门收费标准: a version of the price list (5.3.1)",
		kit.MayReadTables, laid(s.Service, s.priceList))
}

// laid lets a paper that is filled lay itself out.
func laid[I any, P interface {
	*I
	format() string
}](
	s *kit.Service, fill func(context.Context, P) (paper, error),
) func(context.Context, *I) (forms.Form, string, string, error) {
	return func(ctx context.Context, in *I) (forms.Form, string, string, error) {
		p, err := fill(ctx, in)
		if err != nil {
			return forms.Form{}, "", "", err
		}
		f := p.Lay()
		f.On = p.on
		if p.goesOut {
			f = f.Sent(s.Deps.Letterheads.On(p.on, p.region))
		}
		return f, p.file, P(in).format(), nil
	}
}

// projectOn is the head of a paper about a project: who answers for it.
func (s *service) projectOn(ctx context.Context, id domain.ProjectID, at kit.Dated) (p forms.Project, err error) {
	if err := domain.CheckID("project", id); err != nil {
		return p, err
	}
	steps, err := s.Ledger(ctx).Steps(ctx, project.Stream(id))
	if err != nil {
		return p, err
	}
	if len(steps) == 0 {
		return p, domain.NotFound("project", string(id), "unknown-project", "is not a registered project")
	}
	var since calendar.Date
	for _, step := range steps {
		if step.Position > at.Known {
			break
		}
		switch e := step.Event.(type) {
		case project.ProjectRegistered:
			p.ID, p.Name, p.Region, p.City = e.Project, e.Name, e.Region, e.City
		case project.CenterAssigned:
			if !e.From.After(at.On) && !e.From.Before(since) {
				p.Center, since = e.Center, e.From
			}
		}
	}
	p.CenterName, err = s.Ledger(ctx).CenterName(ctx, p.Center)
	return p, err
}

// partNames reads from the catalogue what parts are called when a paper speaks;
// of a part that was described from a later date only, by its first description.
func (s *service) partNames(ctx context.Context, at kit.Dated) (map[domain.PartCode]catalogue.PartCatalogued, error) {
	names := make(map[domain.PartCode]catalogue.PartCatalogued)
	steps, err := s.Ledger(ctx).Steps(ctx, catalogue.Stream)
	for _, step := range steps {
		e, ok := step.Event.(catalogue.PartCatalogued)
		if !ok || step.Position > at.Known {
			continue
		}
		was, known := names[e.Part]
		switch later := e.From.After(at.On); {
		case !known, later && e.From.Before(was.From), !later && (was.From.After(at.On) || !e.From.Before(was.From)):
			names[e.Part] = e
		}
	}
	return names, err
}

// depotNames are the names of the parts of a depot: the catalogue's or, where it does
// not know the part, that of the requisition it was bought by (§5.2.3).
func (s *service) depotNames(
	ctx context.Context, depotSteps []ledger.Step, at kit.Dated,
) (map[domain.PartCode]catalogue.PartCatalogued, error) {
	names, err := s.partNames(ctx, at)
	if err != nil {
		return nil, err
	}
	for _, step := range depotSteps {
		e, ok := step.Event.(depot.PartReceived)
		if _, known := names[e.Part]; !ok || known || e.Requisition == "" || step.Position > at.Known {
			continue
		}
		asked, err := s.Ledger(ctx).Steps(ctx, requisition.Stream(e.Requisition))
		if err != nil {
			return nil, err
		}
		for _, step := range asked {
			var lines []requisition.Line
			switch e := step.Event.(type) {
			case requisition.MaterialRequested:
				lines = e.Lines
			case requisition.RequisitionResubmitted:
				lines = e.Lines
			}
			for _, l := range lines {
				if l.Part == e.Part {
					names[e.Part] = catalogue.PartCatalogued{Part: l.Part, Name: l.Name}
				}
			}
		}
	}
	return names, nil
}

func signed(by string, on calendar.Date) forms.Signature { return forms.Signature{By: by, On: on} }

type priceListFormInput struct {
	PaperParams
	Version string `path:"version"`
}

func (s *service) priceList(ctx context.Context, in *priceListFormInput) (paper, error) {
	steps, err := s.Ledger(ctx).Steps(ctx, pricelist.Stream)
	if err != nil {
		return paper{}, err
	}
	var (
		list  forms.PriceList
		found bool
	)
	for _, step := range steps {
		e, ok := step.Event.(pricelist.PriceListPublished)
		switch {
		case !ok:
		case e.Version == in.Version:
			found = true
			list = forms.PriceList{
				Version: e.Version, From: e.EffectiveFrom, Items: e.Items,
				Issued: signed(step.Actor, calendar.DateOf(step.RecordedAt)),
			}
		}
	}
	if !found {
		return paper{}, domain.NotFound("version", in.Version, "unknown-price-list", "is not a version of the price list")
	}
	for _, step := range steps {
		if e, ok := step.Event.(pricelist.PriceListPublished); ok && e.EffectiveFrom.After(list.From) &&
			(list.Until.IsZero() || e.EffectiveFrom.Before(list.Until.AddDays(1))) {
			list.Until = e.EffectiveFrom.AddDays(-1)
		}
	}
	return paper{Paper: list, file: "部门收费标准 " + in.Version, goesOut: true, on: list.From}, nil
}

// charges reads charges of one account, by their numbers.
func (s *service) chargeLines(
	ctx context.Context, center domain.CenterID, wanted map[domain.ChargeID]bool,
) (map[domain.ChargeID]forms.ChargeLine, error) {
	lines := make(map[domain.ChargeID]forms.ChargeLine, len(wanted))
	err := s.Ledger(ctx).EachEvent(ctx, account.Stream(center), func(e domain.Event) bool {
		switch e := e.(type) {
		case account.ChargeAccrued:
			if wanted[e.Charge] {
				lines[e.Charge] = forms.ChargeLine{
					Charge: e.Charge, On: e.OccurredOn, Posted: e.Posted, Project: e.Project, Room: e.Room, Owner: e.Owner,
					Service:   e.Service,
					UnitPrice: e.UnitPrice, Quantity: e.Quantity, Unit: e.Unit, Money: e.Money, Approval: groundOf(e.Basis),
					Ticket: e.Ticket, Payer: e.Center, Remark: e.Remark,
				}
			}
		case account.ChargeTransferredIn:
			if wanted[e.Charge] {
				lines[e.Charge] = forms.ChargeLine{
					Charge: e.Charge, On: e.On, Posted: e.Posted, Project: e.Project, Room: e.Room, Owner: e.Owner, Service: e.Service,
					Money:    e.Money,
					Approval: "转自 " + string(e.From), Ticket: e.Ticket, Payer: e.Center,
				}
			}
		}
		return len(lines) < len(wanted)
	})
	return lines, err
}

// groundOf says on what ground a price stands.
func groundOf(b account.Basis) string {
	switch {
	case b.Approval != nil && b.Approval.ExecutedBefore:
		return fmt.Sprintf("%s %s 批准（先施工后批）", b.Approval.By, b.Approval.On)
	case b.Approval != nil:
		return fmt.Sprintf("%s %s 批准", b.Approval.By, b.Approval.On)
	case b.Quote != "":
		return fmt.Sprintf("赔偿报价 %s，%s", b.Quote, b.Sheet)
	}
	return b.PriceList + " " + b.Item
}

// stepOf finds the last word of a role on a form.
func stepOf(steps []ledger.Step, version int, role domain.Role) (s forms.Signature) {
	for _, step := range steps {
		if e, ok := step.Event.(filing.ReportReviewed); ok && e.Step == role && e.Version == version {
			s = signed(e.By, e.On)
		}
	}
	return s
}

func sortedCenters(m map[domain.CenterID]map[domain.ChargeID]bool) []domain.CenterID {
	var out []domain.CenterID
	for id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
