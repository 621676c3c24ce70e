package ledger

import (
	"context"

	"aftersales-ledger/domain/importlayout"
	"aftersales-ledger/eventstore"
)

// SaveImportLayout saves how a kind of list names its columns under a name, from
// then on instead of what the name stood for.
func (l *Ledger) SaveImportLayout(ctx context.Context, r Request, c importlayout.Save) (eventstore.Outcome, error) {
	return eventstore.Execute(ctx, l.exec, importlayout.Stream(c.Kind), r.command(c),
		func(s *importlayout.Layouts) ([]importlayout.Event, error) {
			return s.Save(c)
		})
}

// ImportLayouts lists the layouts that are saved for a kind of list, by name.
func (l *Ledger) ImportLayouts(ctx context.Context, kind string) (all []importlayout.ImportLayoutSaved, err error) {
	err = eventstore.Inspect(ctx, l.exec, importlayout.Stream(kind), func(s *importlayout.Layouts) error {
		all = s.All()
		return nil
	})
	return all, err
}
