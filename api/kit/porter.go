package kit

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
)

// Porter bounds what a person takes of the server. There is one beside every
// request that came over a network; the machine's own have none.
type Porter interface {
	// Admit is told who makes a request, before its body is read. leave is called
	// when it was answered. A problem refuses it.
	Admit(
		ctx context.Context, w http.ResponseWriter, r *http.Request, login string, stream bool,
	) (leave func(), refused *Problem)
	// Closing is closed when the server stops: an answer that goes on ends then.
	Closing() <-chan struct{}
}

// StreamKey marks an operation whose answer goes on: it counts among the streams of
// a person, and not among the requests that are under way.
const StreamKey = "stream"

type porterKey struct{}

// WithPorter returns a context of requests that p bounds.
func WithPorter(ctx context.Context, p Porter) context.Context {
	return context.WithValue(ctx, porterKey{}, p)
}

// PorterOf returns who bounds a request; nil: nobody.
func PorterOf(ctx context.Context) Porter {
	p, _ := ctx.Value(porterKey{}).(Porter)
	return p
}

// Bounded lets a request through that its person's bounds admit. It comes after
// Authenticate.
func Bounded(ctx huma.Context, next func(huma.Context)) {
	porter := PorterOf(ctx.Context())
	login := CallerOf(ctx.Context()).Login
	if porter == nil || login == "" {
		next(ctx)
		return
	}
	r, w := humachi.Unwrap(ctx)
	leave, refused := porter.Admit(ctx.Context(), w, r, login, ctx.Operation().Metadata[StreamKey] != nil)
	if refused != nil {
		writeProblem(ctx, refused)
		return
	}
	defer leave()
	next(ctx)
}
