package kit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/projections"
)

// Problem is an error answer: RFC 9457 problem details that name field, value,
// rule and clause.
type Problem struct {
	Type       string      `json:"type" doc:"Stable name of the rule that was broken, as a URN"`
	Title      string      `json:"title" doc:"The HTTP status in words, in the language that Accept-Language asks for"`
	Status     int         `json:"status" doc:"The HTTP status"`
	Detail     string      `json:"detail" doc:"What was wrong, for people"`
	Violations []Violation `json:"violations,omitempty" doc:"Each value that broke a rule"`
	// ReadModel says how far the figures are behind where that is the cause.
	ReadModel *Freshness `json:"readModel,omitempty" doc:"How far the read model is behind the log"`
	// RetryAfter is when to come back, in seconds; zero is the status's own.
	RetryAfter int    `json:"-"`
	tag        string // of the stream that has moved on
}

// Violation is one value that broke a rule.
type Violation struct {
	Field  string `json:"field" doc:"Path of the value in the request"`
	Value  string `json:"value,omitempty" doc:"The value as given; absent where none was"`
	Rule   string `json:"rule" doc:"The rule, with its figures, in the language that Accept-Language asks for"`
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

// retryAfter is how long whoever was told to come back later is told to wait: an
// event log has elected a leader by then.
const retryAfter = "5" // seconds

// GetHeaders implements huma.HeadersError. Whoever asked for too much within a
// minute is told more exactly by what counts it.
func (p *Problem) GetHeaders() http.Header {
	if p.RetryAfter > 0 {
		return http.Header{"Retry-After": {strconv.Itoa(p.RetryAfter)}}
	}
	if p.Status == http.StatusServiceUnavailable || p.Type == problemType+"too-many-at-once" {
		return http.Header{"Retry-After": {retryAfter}}
	}
	if p.tag != "" {
		return http.Header{"Etag": {p.tag}}
	}
	return nil
}

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
	says   domain.Sentence
}{
	{eventstore.ErrReplaced, http.StatusServiceUnavailable, "log-replaced",
		"the event log is not the one that was seen before: no command is taken and no figure shown until it is back; tell the operator"},
	{eventstore.ErrUnavailable, http.StatusServiceUnavailable, "log-unavailable",
		"the event log cannot be reached; nothing was recorded, and a retry with the same Idempotency-Key is safe"},
	{eventstore.ErrTooLarge, http.StatusRequestEntityTooLarge, "too-much-at-once", "is too much to be recorded at once; send it in parts"},
	{eventstore.ErrClosed, http.StatusServiceUnavailable, "shutting-down", "the ledger is shutting down; retry with the same Idempotency-Key"},
	{ledger.ErrFilesUnavailable, http.StatusServiceUnavailable, "attachments-unavailable", "attachments cannot be read or written at the moment; retry later"},
	{ledger.ErrAttachmentDamaged, http.StatusInternalServerError, "attachment-damaged",
		"the stored attachment is not the one that was uploaded: its SHA-256 differs; restore it from a copy"},
	{projections.ErrUnavailable, http.StatusServiceUnavailable, "read-model-unavailable", "the read models cannot be asked at the moment; commands go on, retry later"},
	{projections.ErrRebuilding, http.StatusServiceUnavailable, "read-model-rebuilding", "the read models are being filled anew; retry later"},
	{context.DeadlineExceeded, http.StatusGatewayTimeout, "deadline", "the answer took longer than was allowed; ask for less, or retry later"},
	{context.Canceled, 499, "client-closed-request", "the request was given up before it was answered"},
}

// refusal is the answer to a command that is refused for one reason, or for one of each of its
// lines that are wrong: it is called after the first, and says all.
func refusal(ctx context.Context, all []*domain.Rejection) *Problem {
	say := wording.Of(ctx)
	said := make([]string, len(all))
	p := ProblemIn(say, statusOf[all[0].Kind], all[0].Code, "")
	for i, r := range all {
		said[i] = say.RefusalIn(roomOf(ctx), r)
		p.Violations = append(p.Violations, ViolationOf(say, r))
	}
	between := "；"
	if say == wording.English {
		between = "; "
	}
	p.Detail = strings.Join(said, between)
	return p
}

// ProblemOf turns any error into an answer, in the language of the context's
// reader. Causes that a caller cannot act on are not described to them.
func ProblemOf(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	if refusals := RejectionsIn(err); len(refusals) > 0 {
		return refusal(ctx, refusals)
	}
	var passed *eventstore.PassedError
	if errors.As(err, &passed) {
		p := NewProblem(ctx, http.StatusPreconditionFailed, "changed-meanwhile",
			"somebody has changed it meanwhile: look again, and decide on what is there now")
		p.tag = tagOfStream(passed.Stream, passed.Revision)
		return p
	}
	var cut *eventstore.CutError
	if errors.As(err, &cut) {
		return NewProblem(ctx, http.StatusInternalServerError, "stream-cut",
			"an operator of the event log has taken events of stream %s away (%s); nothing is recorded on it until that is undone: tell the operator",
			cut.Stream, cut.What)
	}
	var behind *projections.BehindError
	if errors.As(err, &behind) {
		return NewProblem(ctx, http.StatusServiceUnavailable, "read-model-behind",
			"the figures do not show position %d after %s; ask again", behind.Position, projections.FollowLimit)
	}
	for _, o := range outages {
		if errors.Is(err, o.err) {
			return NewProblem(ctx, o.status, o.code, o.says)
		}
	}
	return NewProblem(ctx, http.StatusInternalServerError, "internal",
		"an internal error; nothing was half-written, and a retry with the same Idempotency-Key is safe")
}

// ViolationOf is a refusal as programs read it. Where a file is wrong is no value of it: it
// stands beside the field, as that of a cell does.
func ViolationOf(say wording.Language, r *domain.Rejection) Violation {
	v := Violation{r.Field, r.Value, say.Rule(r), r.Clause}
	if r.Field == "file" && r.Value != "" {
		v.Field, v.Value = r.Field+" "+say.Place(r.Value), ""
	}
	return v
}

type roomKey struct{}

// roomAt is a path without what it names, such as projects/depot/transfers: which records a
// request is about. Some call a field otherwise than others do.
func roomAt(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/v1/"), "/")
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return strings.HasPrefix(p, "{") }), "/")
}

// roomOf is the room of the request in ctx.
func roomOf(ctx context.Context) string {
	room, _ := ctx.Value(roomKey{}).(string)
	return room
}

// NewProblem is an answer that says a sentence in the language of the context's reader.
func NewProblem(ctx context.Context, status int, code string, detail domain.Sentence, args ...any) *Problem {
	say := wording.Of(ctx)
	return ProblemIn(say, status, code, say.Sayf(detail, args...))
}

// ProblemIn is an answer whose detail is said already.
func ProblemIn(say wording.Language, status int, code, detail string) *Problem {
	return &Problem{Type: problemType + code, Title: titleOf(say, status), Status: status, Detail: detail}
}

// titleOf is an HTTP status in words.
func titleOf(say wording.Language, status int) string {
	switch status {
	case http.StatusBadRequest:
		return say.Sayf("Bad request")
	case http.StatusUnauthorized:
		return say.Sayf("Not signed in")
	case http.StatusForbidden:
		return say.Sayf("Not allowed")
	case http.StatusNotFound:
		return say.Sayf("Not found")
	case http.StatusMethodNotAllowed:
		return say.Sayf("Not possible here")
	case http.StatusNotAcceptable:
		return say.Sayf("No such format")
	case http.StatusRequestTimeout:
		return say.Sayf("The request took too long to arrive")
	case http.StatusConflict:
		return say.Sayf("Not in the present state of things")
	case http.StatusRequestEntityTooLarge:
		return say.Sayf("Too large")
	case http.StatusUnsupportedMediaType:
		return say.Sayf("Not of a known type")
	case http.StatusUnprocessableEntity:
		return say.Sayf("Breaks a rule")
	case http.StatusPreconditionFailed:
		return say.Sayf("Changed meanwhile")
	case http.StatusTooManyRequests:
		return say.Sayf("Too many requests")
	case http.StatusServiceUnavailable:
		return say.Sayf("Not available at the moment")
	case http.StatusGatewayTimeout:
		return say.Sayf("Took too long")
	case 499:
		return say.Sayf("Given up by the client")
	}
	if say == wording.English {
		return http.StatusText(status)
	}
	return say.Sayf("An internal error")
}

// UseProblems makes huma's own errors (malformed JSON, schema violations,
// bodies over the limit) problems of ours. The hook is a variable of the
// library's package, hence once per process.
var UseProblems = sync.OnceFunc(func() {
	// This one is asked for the shape of errors in the API's description.
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return schemaProblem(wording.Chinese, "", status, msg, errs, nil, true)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		say, room := wording.Chinese, ""
		if ctx != nil {
			say, room = wording.Of(ctx.Context()), roomOf(ctx.Context())
			at := ctx.URL()
			errs = asSent(at.Query(), errs)
		}
		atDoor := ctx != nil && ctx.Operation().Metadata[EntryKey] != nil
		return schemaProblem(say, room, status, msg, errs, knownFields(ctx), atDoor)
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
