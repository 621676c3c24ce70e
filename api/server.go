// Package api serves the ledger over HTTP: commands, the views, health and
// metrics, described by an OpenAPI 3.1 document, and the console at every other
// address. A handler decodes, builds
// the command, executes and answers; the rules are the domain's.
package api

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"aftersales-ledger/api/filings"
	"aftersales-ledger/api/hooks"
	"aftersales-ledger/api/intake"
	"aftersales-ledger/api/kit"
	"aftersales-ledger/api/live"
	"aftersales-ledger/api/money"
	"aftersales-ledger/api/notices"
	"aftersales-ledger/api/papers"
	"aftersales-ledger/api/parts"
	"aftersales-ledger/api/repairs"
	"aftersales-ledger/api/users"
	"aftersales-ledger/api/web"
	"aftersales-ledger/api/work"
)

// service is what the routes outside the rooms are methods of.
type service struct{ *kit.Service }

// New returns the service's handler.
func New(deps kit.Deps) http.Handler {
	kit.UseProblems()
	router := chi.NewMux()
	router.Use(kit.ChooseLanguage, kit.NameRequest, recoverPanics(deps.Log), countRequests(deps.Metrics),
		kit.SameOrigin)
	console, err := web.Open()
	if err != nil {
		panic(err) // the bundle is part of the program
	}
	router.NotFound(func(w http.ResponseWriter, r *http.Request) {
		if console.Serves(r) {
			console.ServeHTTP(w, r)
			return
		}
		kit.RespondProblem(w,
			kit.NewProblem(r.Context(), http.StatusNotFound, "no-such-resource", "%s %s does not exist; see /openapi.json",
				r.Method, r.URL.Path))
	})
	router.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if router.Match(chi.NewRouteContext(), method, r.URL.Path) {
				w.Header().Add("Allow", method)
			}
		}
		kit.RespondProblem(w,
			kit.NewProblem(r.Context(), http.StatusMethodNotAllowed, "method-not-allowed", "%s is not possible on %s", r.Method,
				r.URL.Path))
	})

	config := huma.DefaultConfig("aftersales-ledger", deps.Version)
	config.Info.Description = "An event-sourced ledger for after-sales service: tickets, parts, charges and payments."
	// The repository has no licence file: nothing is granted to anybody, and no more is said.
	config.Info.License = &huma.License{Name: "Proprietary"}
	config.Servers = []*huma.Server{{URL: "/", Description: "The server that this document comes from"}}
	config.DocsPath = "" // the library's viewer is fetched from elsewhere; the document itself is served
	config.CreateHooks = nil
	config.RejectUnknownQueryParameters = true
	naming := kit.NamingJSON(func(login string) string { return deps.Ledger.People().Name(login) })
	config.Formats = map[string]huma.Format{"application/json": naming, "json": naming}
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", kit.SchemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		kit.BearerScheme: {
			Type: "http", Scheme: "bearer",
			Description: "An API token of a person, in one of their roles: made under /v1/me/tokens or by `ledger token`.",
		},
		kit.CookieScheme: {
			Type: "apiKey", In: "cookie", Name: "__Host-ledger-session", Description: "The session of a browser: /v1/sign-in.",
		},
	}
	s := &service{&kit.Service{Deps: deps, API: humachi.New(router, config)}}
	s.API.UseMiddleware(s.WithSchemas, s.Authenticate, kit.OneValue, kit.Bounded, kit.Conditional)

	for _, register := range []func(*kit.Service){
		money.Register, work.Register, parts.Register, repairs.Register, filings.Register, notices.Register, papers.Register,
		intake.Register, users.Register,
	} {
		register(s.Service)
	}
	s.log()
	s.verification()
	if deps.Hooks == nil {
		deps.Hooks = hooks.New(hooks.Options{})
	}
	deps.Hooks.Register(s.Service)
	places := live.NewPlaces(deps.Ledger)
	(&live.Feed{Service: s.Service, Places: places}).Register()
	s.trail(places)
	s.search()
	if d, ok := deps.Door.(interface{ Register(*kit.Service) }); ok {
		d.Register(s.Service)
	}
	kit.DescribeNames(s.API.OpenAPI())

	router.Get("/healthz", s.health)
	router.Get("/readyz", s.ready)
	router.Handle("/metrics", promhttp.HandlerFor(deps.Metrics, promhttp.HandlerOpts{}))
	return exports(router)
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
					kit.RespondProblem(w, kit.ProblemOf(r.Context(), nil))
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
