package ledger

import (
	"context"

	"aftersales-ledger/domain/importlayout"
	"aftersales-ledger/eventstore"
)

// ImportLayouts lists the layouts that are saved for a kind of list, by name.
func (l *Ledger) ImportLayouts(ctx context.Context, kind string) (all []importlayout.ImportLayoutSaved, err error) {
	err = eventstore.Inspect(ctx, l.exec, importlayout.Stream(kind), func(s *importlayout.Layouts) error {
		all = s.All()
		return nil
	})
	return all, err
}
