package edge

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"github.com/go-chi/httprate"

	"aftersales-ledger/api/kit"
)

// porter implements [kit.Porter]: it knows how much every person has asked for.
type porter struct {
	bounds  Bounds
	persons *httprate.RateLimiter
	log     *slog.Logger // nil: nobody is told
	named   sync.Once

	mu      sync.Mutex
	under   map[string]int // requests under way and streams that are open, by person
	streams int            // open, of all
	closing chan struct{}
}

// Closing implements [kit.Porter].
func (p *porter) Closing() <-chan struct{} { return p.closing }

// Admit implements [kit.Porter].
func (p *porter) Admit(
	ctx context.Context, w http.ResponseWriter, r *http.Request, login string, stream bool,
) (leave func(), refused *kit.Problem) {
	if c, ok := ctx.Value(connKey{}).(*conn); ok {
		c.signedIn()
	}
	if over(p.persons, w, r, login) {
		return nil, tooMany(ctx)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if stream {
		return p.stream(ctx, login)
	}
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

// stream admits an answer that goes on.
func (p *porter) stream(ctx context.Context, login string) (leave func(), refused *kit.Problem) {
	key := "stream\x00" + login
	switch {
	case p.bounds.Streams > 0 && p.under[key] >= p.bounds.Streams:
		return nil, kit.NewProblem(ctx, http.StatusTooManyRequests, "too-many-at-once",
			"%d live feeds of yours are open; close one of them", p.bounds.Streams)
	case p.bounds.AllStreams > 0 && p.streams >= p.bounds.AllStreams:
		return nil, kit.NewProblem(ctx, http.StatusTooManyRequests, "too-many-at-once",
			"as many live feeds are open as the server serves; come back later")
	}
	p.under[key]++
	p.streams++
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.streams--
		if p.under[key]--; p.under[key] == 0 {
			delete(p.under, key)
		}
	}, nil
}
