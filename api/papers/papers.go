package papers

import (
	"bytes"
	"context"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/papers/fill"
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/filing"
)

// PaperParams come with every paper.
type PaperParams struct {
	FormParams
	After uint64 `query:"after" doc:"Accepted as by every question; papers are read from the log itself and are never behind"`
}

type statementInput struct {
	kit.QuarterPath
	FormParams
	Version int  `query:"version" minimum:"0" doc:"Default: the last that was issued"`
	Draft   bool `query:"draft" doc:"What the next version would be now"`
}

type regionStatementsInput struct {
	Region  string `path:"region" doc:"Region, such as 华东"`
	Quarter string `path:"quarter" example:"2026Q3"`
	Format  string `query:"format" enum:"pdf,zip" doc:"One PDF, each statement beginning on a page of its own, or an archive of a PDF for each center. Default: what Accept asks for, else the PDF"`
	After   uint64 `query:"after" doc:"Log position that must be included"`
}

type claimInput struct {
	PaperParams
	Center string `path:"center"`
	Claim  string `path:"claim"`
}

type reminderInput struct {
	PaperParams
	Center   string `path:"center"`
	Reminder string `path:"reminder"`
}

type ticketInput struct {
	PaperParams
	Ticket string `path:"ticket"`
}

type filingInput struct {
	PaperParams
	kit.FilingPath
	Version int  `query:"version" minimum:"0" doc:"The form as this version of it was, F1 and F3 with the sheets up to it. Default: the newest"`
	Draft   bool `query:"draft" doc:"What would be filed now, of F1 and F3"`
}

type regionFilingsInput struct {
	PaperParams
	Region string `path:"region"`
	Month  string `path:"month" example:"2026-09"`
	Form   string `path:"form" enum:"F1,F3,F4"`
}

type returnInput struct {
	PaperParams
	Return string `path:"return"`
}

type requisitionInput struct {
	PaperParams
	Requisition string `path:"requisition"`
}

type paymentRequestInput struct {
	PaperParams
	Region string `path:"region"`
	Month  string `path:"month" example:"2026-09"`
	Number string `query:"number" doc:"Its number, such as that of one that was returned. Default: the month's last"`
}

type countInput struct {
	PaperParams
	Project string `path:"project"`
	Count   string `path:"count"`
}

type issueInput struct {
	PaperParams
	Project string `path:"project"`
	Slip    string `path:"slip"`
}

type blankInput struct {
	PaperParams
	Project string `path:"project"`
	Form    string `path:"form" enum:"F0,COUNT" doc:"F0 登记表, or COUNT 盘点表 with the parts that the depot has, their book figures left out"`
}

type priceListInput struct {
	PaperParams
	Version string `path:"version"`
}

type monthPackInput struct {
	kit.CutParams
	FormParams
	Region string `query:"region" required:"true" example:"华东"`
	Month  string `query:"month" required:"true" example:"2026-06"`
}

func (s *service) papers() {
	file(s, "/v1/regions/{region}/statements/{quarter}/form", "region-statements-form",
		"The statements of a quarter of all centers of a region, in one PDF or as an archive (对账单, 5.3.4)", kit.MayReadRegions,
		[]kit.Format{{Name: "pdf", Media: "application/pdf"}, {Name: "zip", Media: "application/zip"}}, s.regionStatements)
	form(s, "/v1/centers/{center}/statements/{quarter}/form", "statement-form",
		"A version of a quarter's statement as a paper: worksheet or page to print (对账单, 5.3.4)", kit.MayReadAccounts,
		func(ctx context.Context, c fill.Clerk, in *statementInput) (fill.Filled, error) {
			var p kit.Parser
			quarter := p.Quarter("quarter", in.Quarter)
			if p.Err != nil {
				return fill.Filled{}, p.Err
			}
			return c.Statement(ctx, kit.Visible(ctx, in.Center), quarter, in.Version, in.Draft)
		})
	form(s, "/v1/centers/{center}/claims/{claim}/form", "claim-form",
		"请款单: a half-year's claim with every line, as of its day (5.3.4)", kit.MayReadAccounts,
		func(ctx context.Context, c fill.Clerk, in *claimInput) (fill.Filled, error) {
			return c.Claim(ctx, kit.Visible(ctx, in.Center), domain.NoticeID(in.Claim))
		})
	form(s, "/v1/centers/{center}/reminders/{reminder}/form", "reminder-form",
		"催款单: a reminder of what is overdue with every line, as of its day (5.3.4)", kit.MayReadAccounts,
		func(ctx context.Context, c fill.Clerk, in *reminderInput) (fill.Filled, error) {
			return c.Reminder(ctx, kit.Visible(ctx, in.Center), domain.NoticeID(in.Reminder))
		})
	form(s, "/v1/tickets/{ticket}/form", "ticket-form",
		"项目安防设备服务登记表 F0: a need from its registration to its closing (5.1.2)", kit.MayReadWork,
		func(ctx context.Context, c fill.Clerk, in *ticketInput) (fill.Filled, error) {
			return c.Registration(ctx, domain.TicketID(in.Ticket))
		})
	s.filings()
	s.repairs()
	form(s, "/v1/projects/{project}/depot/counts/{count}/form", "count-form", "盘点表: what was counted against the books",
		kit.MayReadParts, func(ctx context.Context, c fill.Clerk, in *countInput) (fill.Filled, error) {
			return c.CountSheet(ctx, domain.ProjectID(in.Project), domain.SlipID(in.Count))
		})
	form(s, "/v1/projects/{project}/depot/issues/{slip}/form", "issue-form",
		"出库单: what an issue slip took out of stock (5.1.3)", kit.MayReadParts,
		func(ctx context.Context, c fill.Clerk, in *issueInput) (fill.Filled, error) {
			return c.IssueSlip(ctx, domain.ProjectID(in.Project), domain.SlipID(in.Slip))
		})
	form(s, "/v1/projects/{project}/blank-forms/{form}/form", "blank-form",
		"A form to print and fill in by hand: F0 登记表, or 盘点表 with the parts of the depot", kit.MayReadWork,
		func(ctx context.Context, c fill.Clerk, in *blankInput) (fill.Filled, error) {
			return c.Blank(ctx, domain.ProjectID(in.Project), in.Form)
		})
	form(s, "/v1/price-lists/{version}/form", "price-list-form", "部门收费标准: a version of the price list (5.3.1)",
		kit.MayReadTables, func(ctx context.Context, c fill.Clerk, in *priceListInput) (fill.Filled, error) {
			return c.PriceList(ctx, in.Version)
		})
	form(s, "/v1/parts/month-pack", "month-pack",
		"A region's month for the tech group lead: fault record, issues, findings and stock (5.1.3)", kit.MayReadRegions,
		func(ctx context.Context, c fill.Clerk, in *monthPackInput) (fill.Filled, error) {
			var p kit.Parser
			month := p.Month("month", in.Month)
			cut, err := s.Cut(ctx, &p, in.CutParams)
			if err != nil {
				return fill.Filled{}, err
			}
			return c.MonthPack(ctx, cut, in.Region, month)
		})
}

func (s *service) filings() {
	const ofFiling = "/{month}/{form}/form"
	form(s, "/v1/projects/{project}/filings"+ofFiling, "filing-form",
		"F1 故障处理记录表, F3 收费明细表 or F4 月报 of a project and month, as it was filed", kit.MayReadWork,
		func(ctx context.Context, c fill.Clerk, in *filingInput) (fill.Filled, error) {
			id, month, kind, err := in.Parse()
			switch {
			case err != nil:
				return fill.Filled{}, err
			case in.Draft && in.Version != 0:
				return fill.Filled{}, fill.DraftOrVersion()
			case in.Draft:
				return c.Draft(ctx, id, month, kind)
			}
			return c.Filing(ctx, id, month, kind, in.Version)
		})
	form(s, "/v1/regions/{region}/filings"+ofFiling, "region-filing-form",
		"F1, F3 or F4 of a month, of all projects of a region", kit.MayReadRegions,
		func(ctx context.Context, c fill.Clerk, in *regionFilingsInput) (fill.Filled, error) {
			var p kit.Parser
			month := p.Month("month", in.Month)
			if p.Err != nil {
				return fill.Filled{}, p.Err
			}
			return c.RegionFilings(ctx, in.Region, month, filing.Form(in.Form), in.After)
		})
}

func (s *service) repairs() {
	form(s, "/v1/returns/{return}/form", "return-form",
		"售后服务处理流程表 F2: a device on its way to the maker and back, or a compensation (5.2.1, 5.3.2)", kit.MayReadRepairs,
		func(ctx context.Context, c fill.Clerk, in *returnInput) (fill.Filled, error) {
			return c.ProcessSheet(ctx, domain.ReturnID(in.Return), in.After)
		})
	form(s, "/v1/returns/{return}/letter/form", "letter-form",
		"维修设备收费确认函: what the supplier asks, for us to confirm (5.2.2)", kit.MayReadRepairs,
		func(ctx context.Context, c fill.Clerk, in *returnInput) (fill.Filled, error) {
			return c.ConfirmationLetter(ctx, domain.ReturnID(in.Return), in.After)
		})
	form(s, "/v1/returns/{return}/approval/form", "approval-form",
		"邮件批复页: the words of those who approved a repair's cost (5.2.2)", kit.MayReadRepairs,
		func(ctx context.Context, c fill.Clerk, in *returnInput) (fill.Filled, error) {
			return c.ApprovalPage(ctx, domain.ReturnID(in.Return), in.After)
		})
	form(s, "/v1/requisitions/{requisition}/form", "requisition-form", "物资申请单 with its reviews (5.2.3)", kit.MayReadRepairs,
		func(ctx context.Context, c fill.Clerk, in *requisitionInput) (fill.Filled, error) {
			return c.Requisition(ctx, domain.RequisitionID(in.Requisition))
		})
	form(s, "/v1/payment-requests/{region}/{month}/form", "payment-request-form",
		"付款申请单: a region's batch of a month (5.2.2)", kit.MayReadPayables,
		func(ctx context.Context, c fill.Clerk, in *paymentRequestInput) (fill.Filled, error) {
			var p kit.Parser
			month := p.Month("month", in.Month)
			if p.Err != nil {
				return fill.Filled{}, p.Err
			}
			return c.PaymentRequest(ctx, in.Region, month, domain.PaymentRequestID(in.Number))
		})
}

func (s *service) regionStatements(ctx context.Context, in *regionStatementsInput) (*download, error) {
	var p kit.Parser
	quarter := p.Quarter("quarter", in.Quarter)
	if p.Err != nil {
		return nil, p.Err
	}
	all, err := s.clerk(ctx).RegionStatements(ctx, in.Region, quarter, in.After)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	format := kit.FormatOf(ctx)
	if format.Name == "zip" {
		err = fill.Zip(&b, s.Deps.Clock(), all)
	} else {
		list := make([]forms.Form, len(all))
		for i, x := range all {
			list[i] = x.Form
		}
		err = forms.PDF(&b, list...)
	}
	return downloaded(format.Media, "对账单 "+in.Region+" "+quarter.String(), format.Name, b.Bytes()), err
}
