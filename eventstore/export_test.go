package eventstore

import "context"

// Look looks once after the log.
func (w *Watched) Look(ctx context.Context) { w.look(ctx) }
