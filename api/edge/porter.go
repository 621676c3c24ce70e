package edge

import (
	"context"
	"net/http"
	"sync"

	"github.com/go-chi/httprate"

	"aftersales-ledger/api/kit"
)

// porter implements [kit.Porter]: it knows how much every person has asked for.
type porter struct {
	bounds  Bounds
	persons *httprate.RateLimiter

	mu    sync.Mutex
	under map[string]int // requests under way, by person
}

// Admit implements [kit.Porter].
func (p *porter) Admit(
	ctx context.Context, w http.ResponseWriter, r *http.Request, login string,
) (leave func(), refused *kit.Problem) {
	if c, ok := ctx.Value(connKey{}).(*conn); ok {
		c.signedIn()
	}
	if over(p.persons, w, r, login) {
		return nil, tooMany(ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bounds.AtOnce > 0 && p.under[login] >= p.bounds.AtOnce {
		return nil, kit.NewProblem(ctx, http.StatusTooManyRequests, "too-many-at-once",
			"%d of your requests are under way; wait for the answer to one of them", p.bounds.AtOnce)
	}
	p.under[login]++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.under[login]--; p.under[login] == 0 {
			delete(p.under, login)
		}
	}, nil
}
