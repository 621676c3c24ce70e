// Package kit is what every route is made of: a command and its receipt, a query
// and its cut, lists of outcomes, roles, what a request may name, and problems. It
// imports no room; what concerns one area of the trade only belongs there.
package kit

import (
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
)

// Deps is what the service needs.
type Deps struct {
	Ledger     *ledger.Ledger
	ReadModels *projections.ReadModels
	Door       Door
	Clock      eventstore.Clock
	Metrics    *prometheus.Registry
	Log        *slog.Logger
	Version    string
	// Inviter lets people sign in for the first time; nil where nobody can.
	Inviter Inviter
	// Links knows the links to statements that were mailed; nil: there are none.
	Links Linker
	// EventLog says whether the event log is there and takes appends.
	EventLog func() eventstore.Health
	// Tail is the end of the event log, as it grows; nil: nobody is told what happens.
	Tail *eventstore.Tail
	// Hooks serve the webhooks; nil: this process has none.
	Hooks interface{ Register(*Service) }
	// Verifier audits the ledger while it is served; nil: this process does not.
	Verifier Verifier
	// Cuts says what operators of the event log are known to have taken away; nil
	// where nobody else operates it.
	Cuts func() []eventstore.Truncation
	// Letterheads are who the department is on what goes out, and its people.
	Letterheads letterhead.Book
	// NoticeRules are how hard the server tries to send a notice.
	NoticeRules policy.NoticeRules
	// Notices says how the sender of notices is; nil where none runs.
	Notices func() NoticesStatus
}

// Verifier audits a ledger while it is served, one audit at a time.
type Verifier interface {
	// Begin begins an audit for somebody, or returns the one that is under way.
	Begin(by string) Audit
	// Last is the audit under way, or the last that ended since the server began.
	Last() Audit
}

// Audit is an audit of the whole ledger: under way, or ended.
type Audit struct {
	State      AuditState
	By         string // login of who began it
	Begun      time.Time
	Ended      time.Time // zero while it is under way
	Head       uint64    // log position when it began
	Through    uint64    // position it has come to
	Events     uint64
	Streams    int
	Accounts   int
	Postings   uint64
	Statements int
	Figures    int         // compared with what the read models answer
	Flaws      []AuditFlaw // a report is bounded: one cause has many effects
	Problem    string      // why it did not come to its end
}

// AuditFlaw is something that is not as it must be.
type AuditFlaw struct {
	Position uint64 // of the event; 0: a figure of the read models
	Where    string // stream and revision, or whose figure
	What     domain.Text
}

// AuditState is where an audit stands.
type AuditState string

// An audit that failed says nothing of the ledger, in either direction.
const (
	AuditNone    AuditState = "NONE" // none since the server began
	AuditRunning AuditState = "RUNNING"
	AuditDone    AuditState = "DONE"
	AuditFailed  AuditState = "FAILED"
)

// Service is what the rooms serve with: what was handed to the server, the router
// of its operations, and the names that were found to be known.
type Service struct {
	Deps  Deps
	API   huma.API
	names knownNames
}

// maxBody bounds the body of a command, in bytes. The library refuses a body
// that reaches its bound, so it is told one more.
const maxBody = 1 << 20

// BulkHeaders come with a command that changes many records, or none of the trade's: what
// was seen of one of them says nothing of the rest.
type BulkHeaders struct {
	Key         string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"255" doc:"Chosen by the caller; a repeat with the same content returns the first outcome"`
	Correlation string `header:"X-Correlation-ID" maxLength:"255" doc:"Kept with the events this request causes. Default: the request's X-Request-Id"`
}

// CommandHeaders come with a command that changes one record.
type CommandHeaders struct {
	BulkHeaders
	IfMatch string `header:"If-Match" maxLength:"300" pattern:"^(W/)?\"(![^\"!]+!)?[^\"!][^\"]*:[0-9]+(-gzip|-zstd)?\"$" doc:"The ETag of an earlier receipt, or of a record that was looked at: the command changes that stream from there or, if it has moved on, not at all (412 with its present ETag). Without it the command is decided on what is there"`
}

// Request is the command's, to the ledger.
func (h BulkHeaders) Request(ctx context.Context) ledger.Request {
	correlation := h.Correlation
	if correlation == "" {
		correlation = middleware.GetReqID(ctx)
	}
	return ledger.Request{Key: h.Key, Actor: ActorOf(ctx), CorrelationID: correlation}
}

// Request is the command's, to the ledger, with what its sender saw.
func (h CommandHeaders) Request(ctx context.Context) ledger.Request {
	r := h.BulkHeaders.Request(ctx)
	r.If = beliefOf(h.IfMatch)
	return r
}

// CommandInput is a command's headers and body.
type CommandInput[B any] struct {
	CommandHeaders
	Body B
}

// Receipt is the answer to every command.
type Receipt struct {
	ID       string   `json:"id" doc:"Identity of what the command concerned"`
	Position uint64   `json:"position" doc:"Log position; a query given it as 'after' shows the command's effect"`
	Revision int64    `json:"revision" doc:"Revision of the stream after the command"`
	Repeated bool     `json:"repeated" doc:"The command had been carried out before; this is its first outcome"`
	Recorded []string `json:"recorded" doc:"Types of the events recorded, none if there was nothing to change"`
	tag      string
}

// Tag is the entity tag of what the command changed.
func (r Receipt) Tag() string { return r.tag }

// ReceiptOf is the answer to a command that concerned something.
func ReceiptOf(id string, o eventstore.Outcome) Receipt {
	r := Receipt{
		ID: id, Position: uint64(o.Position), Revision: int64(o.Revision), Repeated: o.Repeated,
		Recorded: make([]string, len(o.Events)), tag: tagOfStream(o.Stream, o.Revision),
	}
	for i, e := range o.Events {
		r.Recorded[i] = e.EventType()
	}
	return r
}

// Answer is the answer to a command.
type Answer[T any] struct {
	ETag string `header:"ETag" doc:"Of the stream that the command wrote to, at its revision; see If-Match"`
	Body T
}

// AnswerOf is the answer to a command, with the entity tag of its receipt.
func AnswerOf[T any](out T) *Answer[T] {
	a := &Answer[T]{Body: out}
	if r, ok := any(out).(interface{ Tag() string }); ok {
		a.ETag = r.Tag()
	}
	return a
}

// Command registers a POST that changes something. Roles lists who may.
func Command[I, O any](
	s *Service, path, id, summary string, may *Action, handle func(context.Context, *I) (O, error),
) {
	op := Operation(http.MethodPost, path, id, summary, may)
	op.DefaultStatus, op.MaxBodyBytes, op.BodyReadTimeout = http.StatusCreated, maxBody+1, 30*time.Second
	op.Errors = []int{400, 401, 403, 404, 409, 412, 413, 422, 429, 503}
	naming := NamingOf(reflect.TypeFor[I]())
	huma.Register(s.API, op, func(ctx context.Context, in *I) (*Answer[O], error) {
		if err := s.mustName(ctx, naming, in); err != nil {
			return nil, s.Problem(ctx, err)
		}
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.Problem(ctx, asTyped(in, err))
		}
		return AnswerOf(out), nil
	})
}

// Operation is what every operation has in common.
func Operation(method, path, id, summary string, may *Action) huma.Operation {
	return huma.Operation{
		Method: method, Path: path, OperationID: id, Summary: summary, Tags: TagOf(path),
		Security: []map[string][]string{{BearerScheme: {}}, {CookieScheme: {}}}, Metadata: map[string]any{ActionKey: may},
		Description: "Roles: " + JoinRoles(may.Roles) + ".", Extensions: map[string]any{"x-action": may.Name},
	}
}

// Query registers a GET.
func Query[I, O any](
	s *Service, path, id, summary string, may *Action, handle func(context.Context, *I) (O, error),
) {
	TaggedQuery(s, path, id, summary, may, func(*I) string { return "" }, handle)
}

// TaggedQuery is Query for what commands change, with the stream that they write to: whoever
// looked at it says with the answer's tag, as If-Match, what they saw.
func TaggedQuery[I, O any](
	s *Service, path, id, summary string, may *Action, stream func(*I) string,
	handle func(context.Context, *I) (O, error),
) {
	op := Operation(http.MethodGet, path, id, summary, may)
	op.Errors = []int{401, 403, 404, 422, 429, 503}
	documented(&op)
	naming := NamingOf(reflect.TypeFor[I]())
	naming.ofMoney = slices.Contains(moneyRooms, op.Tags[0])
	huma.Register(s.API, op, func(ctx context.Context, in *I) (*Read[O], error) {
		if err := s.MustExist(ctx, naming, in); err != nil {
			return nil, s.Problem(ctx, err)
		}
		return reading(ctx, s, stream(in), func() (O, error) {
			out, err := handle(ctx, in)
			return out, asTyped(in, err)
		})
	})
}

func TagOf(path string) []string {
	return []string{strings.Split(strings.TrimPrefix(path, "/v1/"), "/")[0]}
}

// Problem turns an error into its answer, and logs what the caller is not told.
func (s *Service) Problem(ctx context.Context, err error) *Problem {
	if refusals := RejectionsIn(err); len(refusals) > 0 {
		told := make([]error, len(refusals))
		for i, r := range refusals {
			told[i] = s.Told(ctx, r)
		}
		err = errors.Join(told...)
	}
	p := ProblemOf(ctx, err)
	if p.Status >= http.StatusInternalServerError {
		s.Deps.Log.ErrorContext(ctx, "request failed", "request", middleware.GetReqID(ctx), "status", p.Status, "error", err)
	}
	if p.Status == http.StatusServiceUnavailable && s.Deps.ReadModels != nil {
		f := s.Freshness()
		p.ReadModel = &f
	}
	return p
}

func writeProblem(ctx huma.Context, p *Problem) {
	for name, values := range p.GetHeaders() {
		ctx.SetHeader(name, values[0])
	}
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	_ = json.NewEncoder(ctx.BodyWriter()).Encode(p)
}

func RespondProblem(w http.ResponseWriter, p *Problem) {
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}
