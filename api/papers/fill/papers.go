package fill

import (
	"context"
	"fmt"
	"slices"

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

// projectOn is the head of a paper about a project: who answers for it.
func (c Clerk) projectOn(ctx context.Context, id domain.ProjectID, at dated) (p forms.Project, err error) {
	if err := domain.CheckID("project", id); err != nil {
		return p, err
	}
	steps, err := c.ledger().Steps(ctx, project.Stream(id))
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
	p.CenterName, err = c.ledger().CenterName(ctx, p.Center)
	return p, err
}

// partNames reads from the catalogue what parts are called when a paper speaks;
// of a part that was described from a later date only, by its first description.
func (c Clerk) partNames(ctx context.Context, at dated) (map[domain.PartCode]catalogue.PartCatalogued, error) {
	names := make(map[domain.PartCode]catalogue.PartCatalogued)
	steps, err := c.ledger().Steps(ctx, catalogue.Stream)
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
func (c Clerk) depotNames(
	ctx context.Context, depotSteps []ledger.Step, at dated,
) (map[domain.PartCode]catalogue.PartCatalogued, error) {
	names, err := c.partNames(ctx, at)
	if err != nil {
		return nil, err
	}
	for _, step := range depotSteps {
		e, ok := step.Event.(depot.PartReceived)
		if _, known := names[e.Part]; !ok || known || e.Requisition == "" || step.Position > at.Known {
			continue
		}
		asked, err := c.ledger().Steps(ctx, requisition.Stream(e.Requisition))
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

// PriceList is 部门收费标准: a version of the price list (5.3.1).
func (c Clerk) PriceList(ctx context.Context, version string) (out Filled, err error) {
	steps, err := c.ledger().Steps(ctx, pricelist.Stream)
	if err != nil {
		return out, err
	}
	var (
		list     forms.PriceList
		found    bool
		versions []domain.NamedID
	)
	for _, step := range steps {
		e, ok := step.Event.(pricelist.PriceListPublished)
		if !ok {
			continue
		}
		versions = append(versions, domain.NamedID{ID: e.Version})
		if e.Version == version {
			found = true
			list = forms.PriceList{
				Version: e.Version, From: e.EffectiveFrom, Items: e.Items,
				Issued: signed(step.Actor, calendar.DateOf(step.RecordedAt)),
			}
		}
	}
	if !found {
		return out, domain.NotFound("version", version, "unknown-price-list", "is not a version of the price list").
			Among(domain.Named(versions))
	}
	for _, step := range steps {
		if e, ok := step.Event.(pricelist.PriceListPublished); ok && e.EffectiveFrom.After(list.From) &&
			(list.Until.IsZero() || e.EffectiveFrom.Before(list.Until.AddDays(1))) {
			list.Until = e.EffectiveFrom.AddDays(-1)
		}
	}
	return c.laid(ctx, paper{Paper: list, file: "部门收费标准 " + version, goesOut: true, on: list.From})
}

// charges reads charges of one account, by their numbers.
func (c Clerk) chargeLines(
	ctx context.Context, center domain.CenterID, wanted map[domain.ChargeID]bool,
) (map[domain.ChargeID]forms.ChargeLine, error) {
	lines := make(map[domain.ChargeID]forms.ChargeLine, len(wanted))
	err := c.ledger().EachEvent(ctx, account.Stream(center), func(e domain.Event) bool {
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
func groundOf(b account.PriceBasis) string {
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
