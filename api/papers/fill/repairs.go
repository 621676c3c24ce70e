package fill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/payables"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/supplier"
	"aftersales-ledger/projections"
	partsviews "aftersales-ledger/projections/parts"
)

// gateName says what is done at a gate of F2, and by whom.
func gateName(g repair.Gate) string {
	if g == repair.TechGroup || g == repair.DepartmentManager {
		return names.Of(g) + "批准"
	}
	return names.Of(g) + "审核"
}

var gateRoles = map[repair.Gate]domain.Role{
	repair.CityTechLead: domain.CityTechLead, repair.TechGroup: domain.TechGroupLead,
	repair.HQAffairs: domain.HQAffairsSupervisor, repair.DepartmentManager: domain.DepartmentManager,
}

// sheetOf is a process sheet with the papers that came with it.
type sheetOf struct {
	forms.ProcessSheet
	quoted    *repair.RepairQuoted
	confirmed *repair.ConfirmationLetterConfirmed
	mailPage  *attachment.Ref
	claim     *repair.RepairPaymentRequested // the last; it stays in the papers if it was returned
	project   domain.ProjectID
	result    repair.Result
}

// readSheet folds a process sheet's events into its paper.
func (c Clerk) readSheet(ctx context.Context, id domain.ReturnID, after uint64) (x sheetOf, err error) {
	if err := domain.CheckID("return", id); err != nil {
		return x, err
	}
	steps, err := c.ledger().Steps(ctx, repair.Stream(id))
	if err != nil {
		return x, err
	}
	if len(steps) == 0 {
		return x, domain.NotFound("return", string(id), "unknown-return", "is not a filed process sheet")
	}
	c = c.composing()
	var awaits repair.Gate
	decided := func(
		g repair.Gate, verdict, note string, amount money.Amount, by string, on calendar.Date, next repair.Gate,
	) {
		x.Gates = append(x.Gates,
			forms.Gate{
				Name: gateName(g), Role: gateRoles[g], Refused: verdict == "退回", Verdict: verdict, Opinion: note, Amount: amount,
				Signature: signed(by, on),
			})
		awaits = next
	}
	for _, step := range steps {
		switch e := step.Event.(type) {
		case repair.ReturnOpened:
			x.ProcessSheet = forms.ProcessSheet{
				Return: e.Return, Ticket: e.Ticket, FaultLine: e.FaultLine, Part: e.Part, Serial: e.Serial, Maker: e.Maker,
				Fault: e.Fault,
				Filed: signed(step.Actor, e.OpenedOn), Bearer: names.Of(e.Cost.Bearer), Cost: e.Cost.Estimate,
			}
			awaits, x.project = e.GoesTo, e.Project
			at := dated{On: e.OpenedOn, Known: step.Position}
			if err = c.ofMaker(ctx, &x.ProcessSheet, at); err == nil {
				x.Project, err = c.projectOn(ctx, e.Project, at)
			}
		case repair.CompensationSheetFiled:
			x.ProcessSheet = forms.ProcessSheet{
				Return: e.Return, Compensation: true, Fault: e.Damage, Filed: signed(e.By, e.FiledOn),
				Bearer: names.Of(repair.ByCenter), Cost: e.Amount,
				Remark: fmt.Sprintf("报价 %s，收费 %s", e.Quote, e.Charge),
			}
			awaits = e.GoesTo
			x.Project, err = c.projectOn(ctx, e.Project, dated{On: e.FiledOn, Known: step.Position})
		case repair.ReturnReviewed:
			decided(e.Gate, "同意", e.Note, e.Amount, e.By, e.On, e.GoesTo)
		case repair.ReturnApproved:
			decided(e.Gate, "批准", e.Note, e.Amount, e.By, e.On, e.GoesTo)
			if e.Gate == repair.DepartmentManager {
				x.Approved = e.Amount
			}
			if e.MailPage != nil {
				x.mailPage = e.MailPage
			}
		case repair.ReturnRejected:
			decided(e.Gate, "退回", e.Reason, e.Amount, e.By, e.On, "")
		case repair.ReturnResubmitted:
			x.Fault, x.Bearer, x.Cost = e.Fault, names.Of(e.Cost.Bearer), e.Cost.Estimate
			x.Gates = append(x.Gates, forms.Gate{Name: "重新提交", Opinion: e.Note, Signature: signed(e.By, e.On)})
			awaits = e.GoesTo
		case repair.RepairQuoted:
			x.quoted = &e
			x.Quotes = append(x.Quotes, forms.Quote{Supplier: e.Supplier, Amount: e.Amount, On: e.QuotedOn})
			if e.GoesTo != "" {
				awaits = e.GoesTo
			}
		case repair.RepairPaymentRequested:
			x.claim = &e
		case repair.ConfirmationLetterConfirmed:
			x.confirmed = &e
			if n := len(x.Quotes); n > 0 {
				x.Quotes[n-1].Confirmed = true
			}
		case repair.DeviceShipped:
			x.Waybill, x.ShippedOn, x.ExpectedOn = e.Waybill, e.ShippedOn, e.ExpectedBackOn
		case repair.ReturnFollowedUp:
			x.FollowUps = append(x.FollowUps, forms.FollowUp{Contact: e.Contact, Note: e.Note, Signature: signed(e.By, e.On)})
			if !e.ExpectedBackOn.IsZero() {
				x.ExpectedOn = e.ExpectedBackOn
			}
		case repair.DeviceReturned:
			x.result, x.NewSerial, x.Remark = e.Result, e.NewSerial, e.Remark
			if x.Result = names.Of(e.Result); e.Result == repair.Repaired || e.Result == repair.Replaced {
				x.BackOn = e.On
			} else { // the day of a result that brings nothing back is none of a return
				x.Result += "，" + e.On.String()
			}
		}
		if err != nil {
			return x, err
		}
	}
	if awaits != "" {
		x.Gates = append(x.Gates, forms.Gate{Name: gateName(awaits), Role: gateRoles[awaits]})
	}
	return x, c.received(ctx, &x, after)
}

// ofMaker marks a maker that nobody had recorded, or that is not the catalogue's of the
// part, when the sheet was filed.
func (c Clerk) ofMaker(ctx context.Context, x *forms.ProcessSheet, at dated) error {
	suppliers, err := c.suppliersAt(ctx, at)
	if err != nil {
		return err
	}
	parts, err := c.partNames(ctx, at)
	x.MakerUnrecorded = suppliers.Unrecorded(x.Maker, at.On)
	if listed := parts[x.Part].Maker; listed != x.Maker {
		x.CatalogueMaker = listed
	}
	return err
}

// received adds to the result whether a depot has the unit that it speaks of, as
// far as a serial tells: that of its project by the log, any other by the figures.
func (c Clerk) received(ctx context.Context, x *sheetOf, after uint64) error {
	if x.Serial == "" || x.result != repair.Repaired && x.result != repair.Replaced {
		return nil
	}
	steps, err := c.ledger().Steps(ctx, depot.Stream(x.project))
	if err != nil {
		return err
	}
	on := calendar.Date(0)
	for _, step := range steps {
		if e, ok := step.Event.(depot.PartReceived); ok && e.BringsBack(x.Serial,
			x.NewSerial) && e.ReceivedOn >= x.ShippedOn {
			on = max(on, e.ReceivedOn)
		}
	}
	if !on.IsZero() {
		x.Result = fmt.Sprintf("%s，%s 入库", x.Result, on)
		return nil
	}
	back, err := c.receivedElsewhere(ctx, x, after)
	switch {
	case err != nil: // the paper is of the log, and does not fail with the figures
		x.Result += "，待入库（仅查本项目库房）"
	case back.On.IsZero():
		x.Result += "，待入库"
	default:
		x.Result = fmt.Sprintf("%s，%s %s 入库", x.Result, back.On, back.Project)
	}
	return nil
}

// receivedElsewhere is the last receipt since it was sent, at whatever depot, of the
// unit or of the one that came instead; zero where there is none.
func (c Clerk) receivedElsewhere(
	ctx context.Context, x *sheetOf, after uint64,
) (back partsviews.SerialStep, err error) {
	if err := c.ReadModels.Follow(ctx, max(after, uint64(c.known.position))); err != nil {
		return back, err
	}
	cut := projections.Cut{Scope: c.Scope, KnownAt: c.known.at}
	for _, serial := range []string{x.Serial, x.NewSerial} {
		if serial == "" {
			continue
		}
		h, err := partsviews.Of(c.ReadModels).SerialHistory(ctx, cut, serial, "")
		var unknown *domain.Rejection
		if err != nil && !errors.As(err, &unknown) { // else no paper of the time knows it
			return back, err
		}
		for _, step := range h.Steps {
			received := step.Step == "BACK_FROM_MAKER" || step.Step == string(partsviews.Receipt)
			if received && step.On >= max(x.ShippedOn, back.On) {
				back = step
			}
		}
	}
	return back, nil
}

// ProcessSheet is F2, 售后服务处理流程表: a device on its way to the maker and back,
// or a compensation (5.2.1, 5.3.2). The figures must show the log up to after.
func (c Clerk) ProcessSheet(ctx context.Context, id domain.ReturnID, after uint64) (out Filled, err error) {
	x, err := c.readSheet(ctx, id, after)
	if err != nil {
		return out, err
	}
	return c.laid(ctx, paper{Paper: x.ProcessSheet, file: "F2 处理流程表 " + string(id)})
}

// ConfirmationLetter is 维修设备收费确认函: what the supplier asks, for us to confirm
// (5.2.2).
func (c Clerk) ConfirmationLetter(ctx context.Context, id domain.ReturnID, after uint64) (out Filled, err error) {
	x, err := c.readSheet(ctx, id, after)
	if err != nil {
		return out, err
	}
	if x.quoted == nil {
		return out, domain.NotFound("return", string(id), "not-quoted", "has no quote of its maker to be confirmed")
	}
	l := forms.ConfirmationLetter{
		Project: x.Project, Return: x.Return, Supplier: x.quoted.Supplier, Part: x.Part, Serial: x.Serial, Fault: x.Fault,
		ShippedOn: x.ShippedOn,
		QuotedOn:  x.quoted.QuotedOn, Amount: x.quoted.Amount, Attachment: attached(x.quoted.Letter),
	}
	if e := x.confirmed; e != nil && e.Amount == x.quoted.Amount {
		l.Confirmed, l.ConfirmedAs, l.Attachment = signed(e.By, e.On), e.Amount, attached(&e.Letter)
	}
	return c.laid(ctx, paper{
		Paper: l, file: "收费确认函 " + string(id), goesOut: true, on: l.QuotedOn, region: l.Project.Region,
	})
}

// ApprovalPage is 邮件批复页: the words of those who approved a repair's cost (5.2.2).
func (c Clerk) ApprovalPage(ctx context.Context, id domain.ReturnID, after uint64) (out Filled, err error) {
	x, err := c.readSheet(ctx, id, after)
	if err != nil {
		return out, err
	}
	p := forms.ApprovalPage{
		Project: x.Project, Return: x.Return, Subject: fmt.Sprintf("关于 %s 返厂维修费的批复（%s）", x.Part, x.Return),
		Requested: x.Filed,
		Request:   x.Fault, Amount: x.Cost, Gates: x.Gates,
	}
	if p.Attachment, err = c.mailPages(ctx, x); err != nil {
		return out, err
	}
	if x.Compensation {
		p.Subject = fmt.Sprintf("关于赔偿的批复（%s）", x.Return)
	}
	if x.quoted != nil {
		p.Quoted = forms.Quote{Supplier: x.quoted.Supplier, Amount: x.quoted.Amount, On: x.quoted.QuotedOn}
	}
	return c.laid(ctx, paper{Paper: p, file: "邮件批复页 " + string(id)})
}

// mailPages are the approval pages that came by mail: with the approval, and among the
// three papers of the payment request, which need not be another.
func (c Clerk) mailPages(ctx context.Context, x sheetOf) (string, error) {
	var pages []string
	if page := attached(x.mailPage); page != "" {
		pages = append(pages, page)
	}
	if x.claim == nil || x.claim.Region == "" { // a request of before can be found by neither
		return strings.Join(pages, "；"), nil
	}
	steps, err := c.ledger().Steps(ctx, payables.Stream(x.claim.Region, x.claim.Month))
	if err != nil {
		return "", err
	}
	for _, step := range steps {
		e, ok := step.Event.(payables.PaymentRequested)
		if !ok || e.Request != x.claim.Request {
			continue
		}
		for _, l := range e.Lines {
			page := attached(&l.Approval)
			known := x.mailPage != nil && x.mailPage.SHA256 == l.Approval.SHA256
			if l.Return == x.Return && page != "" && !known {
				pages = append(pages, page)
			}
		}
	}
	return strings.Join(pages, "；"), nil
}

// attached names an attachment by its file and content.
func attached(r *attachment.Ref) string {
	if r == nil || r.SHA256 == "" {
		return ""
	}
	return fmt.Sprintf("%s（SHA-256 %.12s…）", r.Name, r.SHA256)
}

// requisitionGate says what is done at a gate of a requisition, and by whom.
func requisitionGate(g requisition.Gate) string {
	if g == requisition.DepartmentManager {
		return names.Of(g) + "批准"
	}
	return names.Of(g) + "审核"
}

// Requisition is 物资申请单 with its reviews (5.2.3).
func (c Clerk) Requisition(ctx context.Context, id domain.RequisitionID) (out Filled, err error) {
	if err := domain.CheckID("requisition", id); err != nil {
		return out, err
	}
	steps, err := c.ledger().Steps(ctx, requisition.Stream(id))
	if err != nil {
		return out, err
	}
	if len(steps) == 0 {
		return out, domain.NotFound("requisition", string(id), "unknown-requisition", "is not a requisition")
	}
	c = c.composing()
	r := forms.Requisition{Number: string(id)}
	lines := func(asked []requisition.Line, at dated) error {
		parts, err := c.partNames(ctx, at)
		r.Lines = nil
		for _, l := range asked {
			r.Lines = append(r.Lines, forms.Requested{
				Part: l.Part, Name: l.Name, Unit: parts[l.Part].Unit, Quantity: l.Quantity, Estimate: l.Estimate,
				Purpose: l.Purpose,
			})
		}
		return err
	}
	awaits := []requisition.Gate{requisition.TechGroup, requisition.HQAffairs, requisition.MaterialsPlanner}
	for _, step := range steps {
		switch e := step.Event.(type) {
		case requisition.MaterialRequested:
			r.Total, r.Filed = e.Total, signed(e.By, e.RequestedOn)
			at := dated{On: e.RequestedOn, Known: step.Position}
			if err := lines(e.Lines, at); err != nil {
				return out, err
			}
			if r.Project, err = c.projectOn(ctx, e.Project, at); err != nil {
				return out, err
			}
		case requisition.RequisitionReviewed:
			r.Gates = append(r.Gates,
				forms.Gate{Name: requisitionGate(e.Gate), Verdict: "同意", Opinion: e.Note, Signature: signed(e.By, e.On)})
			awaits = e.GoesTo
		case requisition.RequisitionApproved:
			r.Gates = append(r.Gates,
				forms.Gate{
					Name: requisitionGate(requisition.DepartmentManager), Verdict: "批准", Opinion: e.Note, Amount: e.Amount,
					Signature: signed(e.By, e.On),
				})
			r.Approved, awaits = signed(e.By, e.On), nil
		case requisition.RequisitionRejected:
			r.Gates = append(r.Gates,
				forms.Gate{Name: requisitionGate(e.Gate), Verdict: "退回", Opinion: e.Reason, Signature: signed(e.By, e.On)})
			r.Approved, awaits = forms.Signature{}, nil
		case requisition.RequisitionResubmitted:
			r.Total = e.Total
			if err := lines(e.Lines, dated{On: e.On, Known: step.Position}); err != nil {
				return out, err
			}
			r.Gates = append(r.Gates, forms.Gate{Name: "重新提交", Opinion: e.Note, Signature: signed(e.By, e.On)})
			awaits = []requisition.Gate{requisition.TechGroup, requisition.HQAffairs, requisition.MaterialsPlanner}
		case requisition.PurchaseOrdered:
			suppliers, err := c.suppliersAt(ctx, dated{On: e.OrderedOn, Known: step.Position})
			if err != nil {
				return out, err
			}
			r.Orders = append(r.Orders, forms.Order{
				Number: string(e.Order), Supplier: e.Supplier, Unrecorded: suppliers.Unrecorded(e.Supplier, e.OrderedOn),
				Total: e.Total, Signature: signed(e.By, e.OrderedOn),
			})
		case requisition.PurchaseReceived:
			for i, l := range r.Lines {
				if l.Part == e.Part {
					r.Lines[i].Received = l.Received.Add(e.Quantity)
					break
				}
			}
		}
	}
	for _, g := range awaits {
		r.Gates = append(r.Gates, forms.Gate{Name: requisitionGate(g)})
	}
	return c.laid(ctx, paper{Paper: r, file: "物资申请单 " + string(id)})
}

// PaymentRequest is 付款申请单: a region's batch of a month (5.2.2), by its number, so that
// one that went back is read for ever; without a number, the last.
func (c Clerk) PaymentRequest(
	ctx context.Context, region string, month calendar.Month, number domain.PaymentRequestID,
) (out Filled, err error) {
	steps, err := c.ledger().Steps(ctx, payables.Stream(region, month))
	if err != nil {
		return out, err
	}
	if len(steps) == 0 {
		return out, domain.NotFound("month", month.String(), "no-payment-request", "has no payment request of region %s", region)
	}
	c = c.composing()
	var (
		r     forms.PaymentRequest
		there []domain.NamedID
	)
	for _, step := range steps {
		switch e := step.Event.(type) {
		case payables.PaymentRequested: // after a return, the one that stands
			there = append(there, domain.NamedID{ID: string(e.Request)})
			if number != "" && e.Request != number {
				continue
			}
			if r, err = c.requested(ctx, e, dated{On: e.RequestedOn, Known: step.Position}); err != nil {
				return out, err
			}
		case payables.PaymentRequestReturned:
			if r.Number == string(e.Request) {
				r.State = "退回：" + e.Reason
			}
		case payables.SupplierPaid:
			if r.Number == string(e.Request) {
				paid(&r, e)
			}
		}
	}
	switch {
	case r.Number == "" && number != "":
		return out, domain.NotFound("number", string(number), "no-payment-request",
			"is not a payment request of region %s and %s", region, month).Among(domain.Named(there))
	case r.Number == "":
		return out, domain.NotFound("month", month.String(), "no-payment-request", "has no payment request of region %s", region)
	}
	return c.laid(ctx, paper{Paper: r, file: fmt.Sprintf("付款申请单 %s %s", region, month)})
}

// requested is a payment request as it was made: with the suppliers' accounts of
// that day, and who had approved its repairs by then.
func (c Clerk) requested(
	ctx context.Context, e payables.PaymentRequested, at dated,
) (r forms.PaymentRequest, err error) {
	r = forms.PaymentRequest{
		Number: string(e.Request), Region: e.Region, Month: e.Month, Total: e.Total, Filed: signed(e.By, e.RequestedOn),
		State: "待付款",
	}
	suppliers, err := c.suppliersAt(ctx, at)
	if err != nil {
		return r, err
	}
	approved := make(map[repair.Gate][]forms.Signature)
	papers := make(map[attachment.Digest]bool)
	for _, l := range e.Lines {
		r.Lines = append(r.Lines, forms.Payable{
			Return: l.Return, Project: l.Project, Supplier: l.Supplier, Amount: l.Amount, Letter: l.Letter.Name,
			Sheet: l.Sheet.Name, Approval: l.Approval.Name, Unrecorded: suppliers.Unrecorded(l.Supplier, at.On),
		})
		papers[l.Letter.SHA256], papers[l.Sheet.SHA256], papers[l.Approval.SHA256] = true, true, true
		i := slices.IndexFunc(r.Payees, func(p forms.Payee) bool { return p.Supplier == l.Supplier })
		if i < 0 {
			i, r.Payees = len(r.Payees), append(r.Payees, payee(l.Supplier, suppliers, at.On))
		}
		r.Payees[i].Repairs, r.Payees[i].Amount = r.Payees[i].Repairs+1, r.Payees[i].Amount.Add(l.Amount)
		passed, err := c.passed(ctx, l.Return, at)
		if err != nil {
			return r, err
		}
		for _, g := range []repair.Gate{repair.HQAffairs, repair.DepartmentManager} {
			approved[g] = append(approved[g], passed[g])
		}
	}
	r.Papers = len(papers)
	r.Approved = []forms.Field{
		signedByAll("维修审核 本部事务主管", approved[repair.HQAffairs]), signedByAll("维修批准 部门经理", approved[repair.DepartmentManager]),
	}
	return r, nil
}

// payee is a supplier with the account that its money goes to, and what that was
// before.
func payee(name string, suppliers *supplier.Suppliers, on calendar.Date) forms.Payee {
	p := forms.Payee{Supplier: name}
	if record, ok := suppliers.Named(name, on); ok {
		p.Number, p.Bank, p.Holder, p.Account = record.Supplier, record.Account.Bank, record.Account.Holder,
			record.Account.Number
		p.Recorded = signed(record.By, record.From)
		if was := record.Was; was != nil {
			p.Was = fmt.Sprintf("%s %s %s", was.Bank, was.Holder, was.Number)
		}
	}
	return p
}

// passed is who let a sheet pass each gate last.
func (c Clerk) passed(
	ctx context.Context, id domain.ReturnID, at dated,
) (map[repair.Gate]forms.Signature, error) {
	steps, err := c.ledger().Steps(ctx, repair.Stream(id))
	by := make(map[repair.Gate]forms.Signature)
	for _, step := range steps {
		if step.Position > at.Known {
			break
		}
		switch e := step.Event.(type) {
		case repair.ReturnReviewed:
			by[e.Gate] = signed(e.By, e.On)
		case repair.ReturnApproved:
			by[e.Gate] = signed(e.By, e.On)
		}
	}
	return by, err
}

// paid marks the repairs that a payment was for.
func paid(r *forms.PaymentRequest, e payables.SupplierPaid) {
	open := 0
	for i, l := range r.Lines {
		for _, id := range e.Returns {
			if l.Return == id {
				r.Lines[i].PaidOn, r.Lines[i].BankRef = e.PaidOn, e.BankReference
			}
		}
		if r.Lines[i].PaidOn.IsZero() {
			open++
		}
	}
	if r.State = "部分付款"; open == 0 {
		r.State = "已付款"
	}
	r.Paid = append(r.Paid, signed(e.By, e.PaidOn))
}
