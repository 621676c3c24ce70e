package fill

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/depot"
)

// Forms that are printed to be filled in by hand.
const (
	BlankRegistration = "F0"    // 登记表
	BlankCount        = "COUNT" // 盘点表
)

// Blank is a form to print and fill in by hand: with its head, and, to be
// counted, with the parts that the books have; how many they have is not on it.
func (c Clerk) Blank(ctx context.Context, id domain.ProjectID, form string) (out Filled, err error) {
	today := c.today()
	on, err := c.projectOn(ctx, id, c.now())
	if err != nil {
		return out, err
	}
	c = c.composing()
	if form == BlankRegistration {
		return c.laid(ctx, paper{
			Paper: forms.Registration{Project: on, Blank: true}, file: "F0 登记表 空白 " + string(id), goesOut: true,
			on: today, region: on.Region,
		})
	}
	if c.For.Role.OfCenter() {
		return out, domain.Forbidden("form", form, "not-for-centers", "is filled in by the department", "5.1.3")
	}
	steps, err := c.ledger().Steps(ctx, depot.Stream(id))
	if err != nil {
		return out, err
	}
	names, err := c.depotNames(ctx, steps, c.now())
	if err != nil {
		return out, err
	}
	d := &depot.Depot{}
	seen := make(map[domain.PartCode]bool)
	for _, step := range steps {
		e, ok := step.Event.(depot.Event)
		if !ok {
			continue
		}
		d.Evolve(e)
		switch e := e.(type) {
		case depot.PartReceived:
			seen[e.Part] = true
		case depot.PartTransferredIn:
			seen[e.Part] = true
		case depot.StockCounted:
			for _, l := range e.Lines {
				seen[l.Part] = true
			}
		default: // nothing else makes a part known to a depot
		}
	}
	sheet := forms.CountSheet{Project: on, Blank: true}
	for part := range seen {
		if held, _ := d.InStock(part); held.Cmp(decimal.Zero) > 0 {
			sheet.Lines = append(sheet.Lines, forms.CountLine{Part: part, Name: names[part].Name, Unit: names[part].Unit})
		}
	}
	slices.SortFunc(sheet.Lines, func(a, b forms.CountLine) int {
		if a.Part < b.Part {
			return -1
		}
		return 1
	})
	return c.laid(ctx, paper{Paper: sheet, file: "盘点表 空白 " + string(id)})
}
