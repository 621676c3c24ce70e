package kit

import (
	"context"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Link is a link to a statement that is good, without its secret.
type Link struct {
	ID      string
	Login   string // whom it was mailed to
	Mail    string // most of it is hidden
	Version int
	Made    time.Time
	Opened  time.Time // last; zero: not yet
	Until   time.Time
}

// Linker knows the links to statements that were mailed: the door is one.
type Linker interface {
	// Links lists those to a statement that are good, the newest first.
	Links(ctx context.Context, center domain.CenterID, q calendar.Quarter) ([]Link, error)
	// RevokeLinks ends them, with what they have opened, and returns how many.
	RevokeLinks(ctx context.Context, center domain.CenterID, q calendar.Quarter, by, reason string) (int, error)
}
