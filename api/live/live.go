// Package live tells people what happens while it does: what changed, and what of
// it is theirs to do. It names what changed and says nothing of its content, which
// is asked for like anything else.
package live

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/danielgtaylor/huma/v2/sse"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/projections"
)

// Change is one event of the log that its reader may know of.
type Change struct {
	Position uint64   `json:"position" doc:"Log position; a question given it as 'after' shows the change"`
	Type     string   `json:"type" doc:"Of the event, such as ChargeAccrued"`
	Kind     string   `json:"kind" doc:"Of the stream, such as account or ticket"`
	ID       string   `json:"id" doc:"Of what changed, such as C01; empty for a kind that there is one of"`
	At       string   `json:"at" doc:"When it was recorded"`
	Waits    []string `json:"waits,omitempty" doc:"What of it waits for the reader's role, as kinds of notices"`
}

// Beat says that nothing happened, and up to where.
type Beat struct {
	Position uint64 `json:"position"`
}

// Reset says that so much happened since the reader was last here that all of it is
// to be asked for anew.
type Reset struct {
	Position uint64 `json:"position" doc:"The feed goes on from here"`
}

// Sight says of a stream whether what happens to it may be known. It is asked for
// anew every few seconds: what lies within a reach changes.
type Sight func(ctx context.Context, stream string) (bool, error)

// readers of kinds of streams, beside whom may see where they lie. Of a kind that
// is not listed nobody is told: it guards what is unique, or keeps a file.
var readers = map[string][]domain.Role{
	"account": kit.MayReadAccounts.Roles, "project": kit.MayReadWork.Roles, "ticket": kit.MayReadWork.Roles,
	"visits": kit.MayReadParts.Roles, "return": kit.MayReadRepairs.Roles, "requisition": kit.MayReadRepairs.Roles,
	"depot": kit.MayReadParts.Roles, "filing": kit.MayReadFilings.Roles, "faultregister": kit.MayReadFilings.Roles,
	"finding": kit.MayReadParts.Roles, "payables": kit.MayReadPayables.Roles, "pricelist": kit.MayReadCatalogue.Roles,
	"servicetable": kit.MayReadCatalogue.Roles, "catalogue": kit.MayReadCatalogue.Roles,
	"suppliers": kit.MayReadSuppliers.Roles, "notice": kit.MayReadNotices.Roles, "users": kit.MayAdministerUsers.Roles,
}

// MayKnow reports whether people in a role may know of what happens to streams like
// this one; where it lies is another question.
func MayKnow(role domain.Role, stream string) bool {
	kind, _, _ := strings.Cut(stream, "-")
	return slices.Contains(readers[kind], role)
}

// Told is what somebody in a role is told of an event, if anything. A center's
// people hear what the procedure has them told, and not what we do about them.
func Told(
	ctx context.Context, rec eventstore.Recorded, role domain.Role, sees Sight,
) (c Change, ok bool, err error) {
	kind, id, _ := strings.Cut(rec.Stream, "-")
	if !MayKnow(role, rec.Stream) {
		return Change{}, false, nil
	}
	if ok, err = sees(ctx, rec.Stream); err != nil || !ok {
		return Change{}, false, err
	}
	c = Change{
		Position: uint64(rec.Position), Type: rec.Type, Kind: kind, ID: id, At: kit.Instant(rec.RecordedAt),
	}
	if !notice.Tells(rec.Type) {
		return c, !role.OfCenter(), nil
	}
	e, meta, err := eventstore.Trade.DecodeRecorded(rec)
	if err != nil || meta.Refused {
		return c, !role.OfCenter(), nil
	}
	for _, k := range notice.For(e, role, false) {
		c.Waits = append(c.Waits, string(k))
	}
	return c, !role.OfCenter() || len(notice.For(e, role, true)) > 0, nil
}

// Feed serves the live feed.
type Feed struct {
	*kit.Service
	Places *Places
	// Look is how often a stream looks whether its reader may still read, and
	// where things lie now; Silence after how many looks without news it says so.
	Look    time.Duration
	Silence int
}

const (
	lookEvery = 3 * time.Second // a right that was taken away is gone within five seconds
	silence   = 6
	atOnce    = 256
	// mostBehind is how many events a reader is led through whom the tail does not
	// reach back to. A console that was away for so long asks anew.
	mostBehind = 50_000
)

type liveInput struct {
	Last  uint64 `header:"Last-Event-ID" doc:"The id of the last event that was read: a browser sends it when it comes back"`
	After uint64 `query:"after" doc:"Position to begin after, without Last-Event-ID. Default: the end of the log"`
}

// Register registers the feed.
func (f *Feed) Register() {
	if f.Look == 0 {
		f.Look, f.Silence = lookEvery, silence
	}
	op := kit.Operation(http.MethodGet, "/v1/live", "live", "What changes, and what of it waits for me, while it happens",
		kit.MayFollow)
	op.Description = "Server-sent events. An event's id is its log position: with Last-Event-ID the feed goes on after it, on " +
		"whichever server. Told is what changed, by type, kind and id, never its content. A reader who does not keep up is cut off, and resumes. " + op.Description
	op.Metadata[kit.StreamKey] = true
	op.Errors = []int{401, 403, 422, 429, 503}
	op.Middlewares = huma.Middlewares{f.withinLog}
	sse.Register(f.API, op, map[string]any{"change": Change{}, "beat": Beat{}, "reset": Reset{}},
		func(ctx context.Context, in *liveInput, send sse.Sender) {
			at := eventstore.Position(in.Last)
			if in.Last == 0 {
				at = eventstore.Position(in.After)
			}
			_ = f.follow(ctx, at, send) // whoever reads has gone, or may read no more
		})
}

// withinLog refuses, before the feed is there, to begin after what the log has not come to.
// Who comes back after what they read is not asked: they wait for what comes next.
func (f *Feed) withinLog(ctx huma.Context, next func(huma.Context)) {
	after, err := strconv.ParseUint(ctx.Query("after"), 10, 64)
	if f.Deps.Tail == nil || err != nil || ctx.Header("Last-Event-ID") != "" {
		next(ctx)
		return
	}
	head, err := f.Deps.Tail.Head(ctx.Context())
	if err == nil && eventstore.Position(after) > head { // or the tail is behind it
		head, err = f.Ledger(ctx.Context()).Head(ctx.Context())
	}
	if err == nil && eventstore.Position(after) > head {
		err = projections.BeyondLog(after)
	}
	if err != nil {
		_, w := humachi.Unwrap(ctx)
		kit.RespondProblem(w, f.Problem(ctx.Context(), err))
		return
	}
	next(ctx)
}

// follow tells until the reader has gone or may read no more.
func (f *Feed) follow(ctx context.Context, at eventstore.Position, send sse.Sender) error {
	tail, asked := f.Deps.Tail, ctx
	if tail == nil {
		return nil // this process serves no log
	}
	if at == 0 {
		head, err := tail.Head(ctx)
		if err != nil {
			return err
		}
		at = head
	}
	say := func(p eventstore.Position, data any) error { return send(sse.Message{ID: int(p), Data: data}) }
	if err := say(at, Beat{uint64(at)}); err != nil { // it is there
		return err
	}
	sees, err := f.Places.Within(ctx, kit.ReachOf(ctx))
	if err != nil {
		return err
	}
	var closing <-chan struct{}
	if porter := kit.PorterOf(ctx); porter != nil {
		closing = porter.Closing()
	}
	look := time.NewTicker(f.Look)
	defer look.Stop()
	for quiet, behind := 0, 0; ; {
		events, upTo, news, err := tail.After(ctx, at, atOnce)
		if err != nil {
			return err
		}
		role := kit.ActorOf(ctx).Role
		for _, rec := range events {
			c, ok, err := Told(ctx, rec, role, sees)
			if err == nil && ok {
				quiet, err = 0, say(rec.Position, c)
			}
			if err != nil {
				return err
			}
		}
		at = upTo
		switch behind += len(events); {
		case len(events) < atOnce:
			behind = 0
		case behind > mostBehind:
			at, behind = tail.Position(), 0
			if err := say(at, Reset{uint64(at)}); err != nil {
				return err
			}
		default:
			news = closed
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-closing:
			return nil // the reader comes back to another server, or to the next
		case <-look.C:
			if ctx, err = f.StillIn(asked); err != nil {
				return err
			}
			if sees, err = f.Places.Within(ctx, kit.ReachOf(ctx)); err != nil {
				return err
			}
			if quiet++; quiet >= f.Silence {
				quiet = 0
				if err := say(at, Beat{uint64(at)}); err != nil {
					return err
				}
			}
		case <-news:
		}
	}
}

// closed is ready at once.
var closed = func() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()
