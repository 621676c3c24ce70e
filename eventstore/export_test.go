package eventstore

import "context"

// Look looks once after the log.
func (w *Watched) Look(ctx context.Context) { w.look(ctx) }

// WasHashedAs reports whether a command is known again by an earlier hash, or by
// today's.
func WasHashedAs(c Command, hash string) bool {
	now, err := c.hash()
	return err == nil && now == hash || c.wasHashedAs(hash)
}
