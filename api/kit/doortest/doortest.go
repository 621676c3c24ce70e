// Package doortest is a door for tests: it lets in whoever a test names, in the
// role that it names.
package doortest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// Door lets in who was given a token by it. It is safe for concurrent use.
type Door struct {
	clock func() time.Time

	mu     sync.Mutex
	people map[string]admitted
}

type admitted struct {
	caller kit.Caller
	until  time.Time
}

// New returns a door whose tokens end by a clock.
func New(clock func() time.Time) *Door { return &Door{clock: clock, people: map[string]admitted{}} }

// Token lets an actor in for a while: the department's people with all of the
// company as their reach, a center's with their center.
func (d *Door) Token(a domain.Actor, life time.Duration) string {
	reach := access.Everything()
	if a.Role.OfCenter() {
		reach = access.OfCenter(a.Center)
	}
	return d.Reaching(a.Name, a.Role, reach, life)
}

// Reaching lets somebody in with a reach of their own.
func (d *Door) Reaching(login string, role domain.Role, reach access.Reach, life time.Duration) string {
	return d.Admit(kit.Caller{
		Login: login, Role: role, Via: "token", Grants: []access.Grant{{Role: role, Reach: reach}},
	}, life)
}

// Admit lets in a caller as they are.
func (d *Door) Admit(c kit.Caller, life time.Duration) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	token := fmt.Sprintf("test-%d-%s", len(d.people)+1, c.Role)
	d.people[token] = admitted{c, d.clock().Add(life)}
	return token
}

// Caller implements [kit.Door].
func (d *Door) Caller(ctx context.Context, c kit.Credentials) (kit.Caller, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, known := d.people[c.Bearer]
	if !known || !d.clock().Before(a.until) {
		return kit.Caller{}, kit.NotLetIn(ctx)
	}
	return a.caller, nil
}

// OfMachine implements [kit.Machine].
func (d *Door) OfMachine(a domain.Actor) string { return d.Token(a, time.Hour) }
