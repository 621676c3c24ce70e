package papers

import (
	"context"
	"slices"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/papers/forms"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/depot"
)

type blankFormInput struct {
	PaperParams
	Project string `path:"project"`
	Form    string `path:"form" enum:"F0,COUNT" doc:"F0 登记表, or COUNT 盘点表 with the parts that the depot has, their book figures left out"`
}

// blankForm is a form to print and fill in by hand: with its head, and, to be
// counted, with the parts that the books have; how many they have is not on it.
func (s *service) blankForm(ctx context.Context, in *blankFormInput) (out paper, err error) {
	id, today := domain.ProjectID(in.Project), s.Today()
	on, err := s.projectOn(ctx, id, s.Now())
	if err != nil {
		return out, err
	}
	ctx = kit.Composing(ctx)
	if in.Form == "F0" {
		return paper{
			Paper: forms.Registration{Project: on, Blank: true}, file: "F0 登记表 空白 " + in.Project, goesOut: true, on: today,
			region: on.Region,
		}, nil
	}
	if kit.ActorOf(ctx).Role.OfCenter() {
		return out, domain.Forbidden("form", in.Form, "not-for-centers", "is filled in by the department", "5.1.3")
	}
	steps, err := s.Ledger(ctx).Steps(ctx, depot.Stream(id))
	if err != nil {
		return out, err
	}
	names, err := s.depotNames(ctx, steps, s.Now())
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
	return paper{Paper: sheet, file: "盘点表 空白 " + in.Project}, nil
}
