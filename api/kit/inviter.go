package kit

import (
	"context"
	"time"
)

// Inviter lets people sign in for the first time: the door is one.
type Inviter interface {
	// Invite makes the one invitation that a person has and returns its secret, which
	// is good once and until a moment. By is who asks for it.
	Invite(ctx context.Context, login, by string) (secret string, until time.Time, err error)
}
