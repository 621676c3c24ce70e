package imports

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// chargeRows turns the rows of F3 into charges.
type chargeRows struct {
	ledger  *ledger.Ledger
	names   *names
	center  domain.CenterID // where a row names none
	numbers numbering
	charges []ledger.Charge
	held    map[domain.CenterID]map[domain.ChargeID]account.ChargeAccrued // of centers whose charges a row names
	same    map[int]bool                                                  // rows that say what is held
}

// Charges is a charge list F3 (§5.3.3). center is charged where a row names none;
// empty is the one that answers for the project on the day.
func Charges(l *ledger.Ledger, directory Directory, center domain.CenterID) Kind {
	return &chargeRows{
		ledger: l, names: namesOf(l, directory), center: center,
		held: make(map[domain.CenterID]map[domain.ChargeID]account.ChargeAccrued), same: make(map[int]bool),
	}
}

func (*chargeRows) Name() string         { return "charges" }
func (*chargeRows) layout() sheet.Layout { return sheet.Charges }

func (l *chargeRows) parse(ctx context.Context, _ domain.Actor, row *listRow) error {
	c := cells{row}
	c.document("charge")
	room, owner := c.roomAndOwner()
	on, dated := optional(c, "occurredOn", sheet.Value.Date)
	row.day = on
	if row.Value("occurredOn").Blank() {
		c.fail("occurredOn", domain.Invalid("occurredOn", "", "date-required", "must be given", ""))
	}
	project, center, err := l.parties(ctx, c)
	if err != nil {
		return err
	}
	if done, err := l.alreadyHeld(ctx, row, project, center); done || err != nil {
		return err
	}
	charge := ledger.Charge{Item: c.required("item"), AccrueCharge: account.AccrueCharge{
		Charge: domain.ChargeID(row.document), Center: center, Project: project,
		Room: room, Owner: owner, Ticket: domain.TicketID(c.id("ticket")), FaultLine: domain.FaultLineID(c.id("faultLine")),
		Quantity: c.quantity("quantity", row.Has("quantity")), OccurredOn: on, Remark: c.text("remark"),
	}}
	stated, isStated := optional(c, "amount", sheet.Value.Amount)
	if v := row.Value("amount"); v.Blank() && v.Shown() != "" {
		c.fail("amount",
			domain.Invalid("amount", v.Shown(), "amount-required",
				"must be an amount, or nothing at all where the price list says it", ""))
	}
	if isStated {
		charge.Stated, row.amount, row.priced = &stated, stated, true
	}
	price, hasPrice := optional(c, "unitPrice", sheet.Value.Price)
	net, hasNet := optional(c, "net", sheet.Value.Amount)
	tax, hasTax := optional(c, "tax", sheet.Value.Amount)
	l.charges = append(l.charges, charge)
	if len(row.faults) > 0 || !dated {
		return nil
	}
	if charge.Center == "" {
		charge.Center = l.center
	}
	if charge.Center == "" {
		var err error
		if charge.Center, err = l.ledger.CenterOn(ctx, charge.Project, on); err != nil {
			return row.settle(false, err, "")
		}
	}
	quote, line, err := l.ledger.Quote(ctx, charge.Item, on, charge.Quantity)
	if err != nil {
		return row.settle(false, err, "")
	}
	if !isStated {
		row.amount, row.priced = line.Gross, true
	}
	if hasPrice && !price.Equal(quote.Item.Price) {
		c.fail("unitPrice", domain.Invalid("unitPrice", price.String(), "price-differs",
			"must be %s, the price of %s on price list %s", "5.3.1", quote.Item.Price, quote.Item.Code, quote.Version))
	}
	if hasNet && net != line.Net {
		c.fail("net",
			domain.Invalid("net", net.String(), "net-differs", "must be %s, at a tax rate of %s", "5.3.1", line.Net,
				quote.Item.Tax.Rate))
	}
	if hasTax && tax != line.Tax {
		c.fail("tax",
			domain.Invalid("tax", tax.String(), "tax-differs", "must be %s, at a tax rate of %s", "5.3.1", line.Tax,
				quote.Item.Tax.Rate))
	}
	charge.Item, charge.Quantity = quote.Item.Code, canonicalDecimal(charge.Quantity)
	if charge.Charge == "" {
		// Not of the remark: to edit it does not make another charge.
		charge.Charge = domain.ChargeID(l.numbers.of("SF", charge.Center, on, charge.Project, room, owner, charge.Item,
			charge.Quantity, charge.Ticket, charge.FaultLine))
	}
	l.charges[len(l.charges)-1] = charge
	row.document, row.field, row.scope, row.group = string(charge.Charge), "charge", string(charge.Center),
		string(charge.Center)
	content := charge.AccrueCharge
	content.Stated = nil // equal to the price, or refused
	row.says = domain.Say("center %s, project %s, %s %s: %s × %s = %s", charge.Center, charge.Project, on, quote.Item.Name,
		charge.Quantity, quote.Item.Price, line.Gross)
	row.key = "import-charge-" + Fingerprint(charge.Item, content)[:32]
	return nil
}

// alreadyHeld looks whether the row says of a charge what the ledger holds under its
// number: then nothing of it is priced or checked again.
func (l *chargeRows) alreadyHeld(
	ctx context.Context, row *listRow, project domain.ProjectID, center domain.CenterID,
) (bool, error) {
	if center = cmp.Or(center, l.center); row.document == "" || len(row.faults) > 0 {
		return false, nil
	}
	if center == "" {
		on, err := row.Value("occurredOn").Date()
		if err == nil {
			center, err = l.ledger.CenterOn(ctx, project, on)
		}
		if err != nil {
			return false, nil // and is said of the row
		}
	}
	held, found, err := l.heldCharge(ctx, project, center, domain.ChargeID(row.document))
	var refused *domain.Rejection
	switch {
	case errors.As(err, &refused):
		return false, nil // as above
	case !found || err != nil:
		return false, err
	case held.Project != project || !row.saysCharge(held):
		return false, nil
	}
	l.same[len(l.charges)] = true
	l.charges = append(l.charges, ledger.Charge{AccrueCharge: account.AccrueCharge{Charge: held.Charge, Center: center}})
	row.field, row.scope, row.group, row.key = "charge", string(center), string(center), ""
	row.amount, row.priced = held.Money.Gross, true
	row.says = domain.Say("center %s, project %s, %s %s: %s × %s = %s", center, project, held.OccurredOn, held.Service,
		held.Quantity, held.UnitPrice, held.Money.Gross)
	return true, nil
}

// parties reads whose charge a row is: both may be written by name.
func (l *chargeRows) parties(
	ctx context.Context, c cells,
) (project domain.ProjectID, center domain.CenterID, err error) {
	if text := c.required("project"); text != "" {
		project, err = l.names.project(ctx, text)
		if err := c.row.settle(false, ofField("project", err), ""); err != nil {
			return "", "", err
		}
	}
	if text := c.text("center"); text != "" {
		center, err = l.names.center(ctx, text)
		return project, center, c.row.settle(false, ofField("center", err), "")
	}
	return project, center, nil
}

// canonicalDecimal writes equal numbers the same way: 2.0 is 2.
func canonicalDecimal(d decimal.Decimal) decimal.Decimal {
	c, err := decimal.NewFromString(d.String())
	if err != nil {
		return d
	}
	return c
}

// roomAndOwner reads both, from columns of their own or from one as 3-1-1202(张三).
func (c cells) roomAndOwner() (room, owner string) {
	room, owner = c.text("room"), c.text("owner")
	if both := c.text("roomAndOwner"); both != "" && room == "" && owner == "" {
		room = both
		if before, after, ok := strings.Cut(both,
			"("); ok && strings.HasSuffix(after, ")") && strings.TrimSpace(before) != "" {
			room, owner = strings.TrimSpace(before), strings.TrimSpace(strings.TrimSuffix(after, ")"))
		}
	}
	return room, owner
}

func (l *chargeRows) rehearse(ctx context.Context, r ledger.Request, i int) (bool, error) {
	if l.same[i] {
		return true, nil
	}
	return l.ledger.RehearseCharge(ctx, r, l.charges[i])
}

func (l *chargeRows) record(ctx context.Context, rows []requested, partly bool) ([]eventstore.Answer, error) {
	return l.ledger.AccrueListed(ctx, l.charges[rows[0].row].Center, listed(rows, l.charges), partly)
}
