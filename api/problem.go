package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
)

// Problem is an error answer: RFC 9457 problem details that name field, value,
// rule and clause.
type Problem struct {
	Type       string      `json:"type" doc:"Stable name of the rule that was broken, as a URN"`
	Title      string      `json:"title" doc:"The HTTP status in words"`
	Status     int         `json:"status" doc:"The HTTP status"`
	Detail     string      `json:"detail" doc:"What was wrong, for people"`
	Violations []Violation `json:"violations,omitempty" doc:"Each value that broke a rule"`
	// ReadModel says how far the figures are behind where that is the cause.
	ReadModel *Freshness `json:"readModel,omitempty" doc:"How far the read model is behind the log"`
}

// Violation is one value that broke a rule.
type Violation struct {
	Field  string `json:"field" doc:"Path of the value in the request"`
	Value  string `json:"value" doc:"The value as given"`
	Rule   string `json:"rule" doc:"The rule, with its figures"`
	Clause string `json:"clause,omitempty" doc:"Clause of the after-sales procedure"`
}

const problemType = "urn:aftersales-ledger:problem:"

func (p *Problem) Error() string {
	text := p.Detail
	for _, v := range p.Violations {
		if !strings.Contains(text, v.Rule) {
			text += fmt.Sprintf("; %s %q: %s", v.Field, v.Value, v.Rule)
		}
	}
	return text
}

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType names RFC 9457's media type.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// statusOf is the one table from the domain's rejections to HTTP.
var statusOf = map[domain.Kind]int{
	domain.KindInvalid:   http.StatusUnprocessableEntity,
	domain.KindNotFound:  http.StatusNotFound,
	domain.KindConflict:  http.StatusConflict,
	domain.KindForbidden: http.StatusForbidden,
}

// outages is the one table from what can fail around the domain to HTTP.
var outages = []struct {
	err    error
	status int
	code   string
}{
	{eventstore.ErrUnavailable, http.StatusServiceUnavailable, "log-unavailable"},
	{eventstore.ErrTooLarge, http.StatusRequestEntityTooLarge, "too-much-at-once"},
	{eventstore.ErrClosed, http.StatusServiceUnavailable, "shutting-down"},
	{ledger.ErrFilesUnavailable, http.StatusServiceUnavailable, "attachments-unavailable"},
	{ledger.ErrAttachmentDamaged, http.StatusInternalServerError, "attachment-damaged"},
	{projections.ErrUnavailable, http.StatusServiceUnavailable, "read-model-unavailable"},
	{projections.ErrRebuilding, http.StatusServiceUnavailable, "read-model-rebuilding"},
	{context.DeadlineExceeded, http.StatusGatewayTimeout, "deadline"},
	{context.Canceled, 499, "client-closed-request"},
}

// problemOf turns any error into an answer. Causes that a caller cannot act on
// are not described to them.
func problemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var r *domain.Rejection
	if errors.As(err, &r) {
		p := newProblem(statusOf[r.Kind], r.Code, r.Error())
		p.Violations = []Violation{{r.Field, r.Value, r.Rule, r.Clause}}
		return p
	}
	for _, o := range outages {
		if errors.Is(err, o.err) {
			return newProblem(o.status, o.code, err.Error())
		}
	}
	return newProblem(http.StatusInternalServerError, "internal",
		"an internal error; nothing was half-written, and a retry with the same Idempotency-Key is safe")
}

func newProblem(status int, code, detail string) *Problem {
	title := http.StatusText(status)
	if title == "" {
		title = "Client Closed Request"
	}
	return &Problem{Type: problemType + code, Title: title, Status: status, Detail: detail}
}

// useProblems makes huma's own errors (malformed JSON, schema violations,
// bodies over the limit) problems of ours. The hook is a variable of the
// library's package, hence once per process.
var useProblems = sync.OnceFunc(func() {
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		p := newProblem(status, codeOf(status), msg)
		for _, err := range errs {
			if err == nil {
				continue
			}
			v := Violation{Rule: err.Error()}
			var d huma.ErrorDetailer
			if errors.As(err, &d) {
				detail := d.ErrorDetail()
				v = Violation{Field: detail.Location, Value: domain.Clip(fmt.Sprint(detail.Value)), Rule: detail.Message}
			}
			p.Violations = append(p.Violations, v)
		}
		return p
	}
})

func codeOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "malformed"
	case http.StatusRequestEntityTooLarge:
		return "body-too-large"
	case http.StatusUnsupportedMediaType:
		return "unsupported-media-type"
	case http.StatusUnprocessableEntity:
		return "invalid"
	case http.StatusNotFound:
		return "not-found"
	case http.StatusUnauthorized:
		return "unauthenticated"
	}
	return "http-" + fmt.Sprint(status)
}
