// Package api serves the ledger over HTTP: commands, the three views, health
// and metrics, described by an OpenAPI 3.1 document. A handler decodes, builds
// the command, executes and answers; the rules are the domain's.
package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
)

// Deps is what the service needs.
type Deps struct {
	Ledger     *ledger.Ledger
	ReadModels *projections.ReadModels
	Tokens     *Tokens
	Clock      eventstore.Clock
	Metrics    *prometheus.Registry
	Log        *slog.Logger
	Version    string
	// EventLog says whether the event log is there and takes appends.
	EventLog func() eventstore.Condition
	// Cuts says what operators of the event log are known to have taken away; nil
	// where nobody else operates it.
	Cuts func() []eventstore.Cut
	// Letterheads are who the department is on what goes out, and its people.
	Letterheads letterhead.Book
	// NoticeRules are how hard the server tries to send a notice.
	NoticeRules policy.NoticeRules
	// Notices says how the sender of notices is; nil where none runs.
	Notices func() NoticesStatus
}

type server struct {
	deps  Deps
	api   huma.API
	names knownNames
}

// maxBody bounds the body of a command, in bytes. The library refuses a body
// that reaches its bound, so it is told one more.
const maxBody = 1 << 20

// New returns the service's handler.
func New(deps Deps) http.Handler {
	useProblems()
	router := chi.NewMux()
	router.Use(chooseLanguage, middleware.RequestID, recoverPanics(deps.Log), countRequests(deps.Metrics))
	router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		respondProblem(w, newProblem(r.Context(), http.StatusNotFound, "no-such-resource", "%s %s does not exist; see /openapi.json", r.Method, r.URL.Path))
	})
	router.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		respondProblem(w, newProblem(r.Context(), http.StatusMethodNotAllowed, "method-not-allowed", "%s is not possible on %s", r.Method, r.URL.Path))
	})

	config := huma.DefaultConfig("aftersales-ledger", deps.Version)
	config.Info.Description = "An event-sourced ledger for after-sales service: tickets, parts, charges and payments."
	config.DocsPath = "" // the library's viewer is fetched from elsewhere; the document itself is served
	config.CreateHooks = nil
	config.RejectUnknownQueryParameters = true
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		bearerScheme: {Type: "http", Scheme: "bearer", BearerFormat: "JWT", Description: "Minted by `ledger token`: names an actor and a role."},
	}
	s := &server{deps: deps, api: humachi.New(router, config)}
	s.api.UseMiddleware(s.withSchemas, s.authenticate)

	s.centers()
	s.priceLists()
	s.projects()
	s.projectTerms()
	s.serviceTables()
	s.tickets()
	s.ticketCourse()
	s.escalations()
	s.visits()
	s.reviews()
	s.findings()
	s.depots()
	s.catalogue()
	s.returns()
	s.repairs()
	s.requisitions()
	s.paymentRequests()
	s.suppliers()
	s.attachments()
	s.repairViews()
	s.charges()
	s.chargeBatches()
	s.payments()
	s.corrections()
	s.offList()
	s.statements()
	s.replyReminders()
	s.log()
	s.collection()
	s.filings()
	s.papers()
	s.views()
	s.partViews()
	s.monthPacks()
	s.imports()
	s.bankStatements()
	s.notices()

	router.Get("/healthz", s.health)
	router.Get("/readyz", s.ready)
	router.Handle("/metrics", promhttp.HandlerFor(deps.Metrics, promhttp.HandlerOpts{}))
	return router
}

// chooseLanguage finds out what the reader reads, and tells caches that it matters.
func chooseLanguage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l := wording.Choose(r.Header.Get("Accept-Language"))
		w.Header().Set("Content-Language", string(l))
		w.Header().Add("Vary", "Accept-Language")
		next.ServeHTTP(w, r.WithContext(wording.With(r.Context(), l)))
	})
}

// CommandHeaders come with every command.
type CommandHeaders struct {
	Key         string `header:"Idempotency-Key" required:"true" minLength:"1" maxLength:"255" doc:"Chosen by the caller; a repeat with the same content returns the first outcome"`
	Correlation string `header:"X-Correlation-ID" maxLength:"255" doc:"Kept with the events this request causes"`
}

func (h CommandHeaders) request(ctx context.Context) ledger.Request {
	correlation := h.Correlation
	if correlation == "" {
		correlation = middleware.GetReqID(ctx)
	}
	return ledger.Request{Key: h.Key, Actor: actorOf(ctx), CorrelationID: correlation}
}

// commandInput is a command's headers and body.
type commandInput[B any] struct {
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
}

func receipt(id string, o eventstore.Outcome) Receipt {
	r := Receipt{ID: id, Position: uint64(o.Position), Revision: int64(o.Revision), Repeated: o.Repeated, Recorded: make([]string, len(o.Events))}
	for i, e := range o.Events {
		r.Recorded[i] = e.EventType()
	}
	return r
}

type answer[T any] struct {
	Body T
}

// command registers a POST that changes something. Roles lists who may.
func command[I, O any](s *server, path, id, summary string, roles []domain.Role, handle func(context.Context, *I) (O, error)) {
	op := operation(http.MethodPost, path, id, summary, roles)
	op.DefaultStatus, op.MaxBodyBytes, op.BodyReadTimeout = http.StatusCreated, maxBody+1, 30*time.Second
	op.Errors = []int{400, 401, 403, 404, 409, 413, 422, 503}
	naming := namingOf(reflect.TypeFor[I]())
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*answer[O], error) {
		if err := s.mustName(ctx, naming, in); err != nil {
			return nil, s.problem(ctx, err)
		}
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return &answer[O]{out}, nil
	})
}

// operation is what every operation has in common.
func operation(method, path, id, summary string, roles []domain.Role) huma.Operation {
	return huma.Operation{
		Method: method, Path: path, OperationID: id, Summary: summary, Tags: tagOf(path),
		Security: []map[string][]string{{bearerScheme: {}}}, Metadata: map[string]any{rolesKey: roles},
		Description: "Roles: " + joinRoles(roles) + ".",
	}
}

// query registers a GET.
func query[I, O any](s *server, path, id, summary string, roles []domain.Role, handle func(context.Context, *I) (O, error)) {
	op := operation(http.MethodGet, path, id, summary, roles)
	op.Errors = []int{401, 403, 404, 422, 503}
	naming := namingOf(reflect.TypeFor[I]())
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*answer[O], error) {
		if err := s.mustExist(ctx, naming, in); err != nil {
			return nil, s.problem(ctx, err)
		}
		out, err := handle(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return &answer[O]{out}, nil
	})
}

func tagOf(path string) []string {
	return []string{strings.Split(strings.TrimPrefix(path, "/v1/"), "/")[0]}
}

// problem turns an error into its answer, and logs what the caller is not told.
func (s *server) problem(ctx context.Context, err error) *Problem {
	p := problemOf(ctx, err)
	if p.Status >= http.StatusInternalServerError {
		s.deps.Log.ErrorContext(ctx, "request failed", "request", middleware.GetReqID(ctx), "status", p.Status, "error", err)
	}
	if p.Status == http.StatusServiceUnavailable {
		f := s.freshness()
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

func respondProblem(w http.ResponseWriter, p *Problem) {
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}

func recoverPanics(log *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				if p := recover(); p != nil {
					if p == http.ErrAbortHandler {
						panic(p)
					}
					log.ErrorContext(r.Context(), "handler panicked", "method", r.Method, "path", r.URL.Path, "panic", p)
					respondProblem(w, problemOf(r.Context(), nil))
				}
			}()
			next.ServeHTTP(w, r)
		})
	}
}

func countRequests(reg *prometheus.Registry) func(http.Handler) http.Handler {
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "ledger_http_request_seconds", Help: "Time to answer an HTTP request.", Buckets: prometheus.DefBuckets,
	}, []string{"method", "route", "status"})
	reg.MustRegister(seconds)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start := time.Now() // of the machine: the ledger's clock may be virtual
			ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			next.ServeHTTP(ww, r)
			route := chi.RouteContext(r.Context()).RoutePattern()
			seconds.WithLabelValues(r.Method, route, http.StatusText(ww.Status())).Observe(time.Since(start).Seconds())
		})
	}
}
