package kit

import (
	"context"
	"time"
)

// Invitation lets a person set a password and sign in, once and until a moment.
type Invitation struct {
	// Mailed is the address that it went to, most of it hidden; empty: it was not
	// mailed, and whoever made it passes Secret on.
	Mailed string
	Secret string // of one that was not mailed; it is kept nowhere
	Until  time.Time
}

// Inviter lets people sign in for the first time: the door is one.
type Inviter interface {
	// Invite makes the one invitation that a person has, and mails it where mails carry
	// links and the person has an address. By is who asks for it.
	Invite(ctx context.Context, login, by string) (Invitation, error)
	// RevokeInvitation ends the invitation that a person has, and reports whether there
	// was one.
	RevokeInvitation(ctx context.Context, login, by string) (bool, error)
}
