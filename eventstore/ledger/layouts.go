package ledger

import (
	"context"

	"aftersales-ledger/domain/importlayout"
)

// ImportLayouts lists the layouts that are saved for a kind of list, by name.
func (l *Ledger) ImportLayouts(ctx context.Context, kind string) (all []importlayout.ImportLayoutSaved, err error) {
	err = inspect(ctx, l, importlayout.Stream(kind), func(s *importlayout.Layouts) error {
		all = s.All()
		return nil
	})
	return all, err
}
