package kit

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/eventstore"
)

// A question that was answered before is answered with 304 where its answer is
// still the same. Most answers need not be made to know that: they rest on the
// log up to a position, on the question, on who asks, and on the day.

// asked is what a request says about answers its sender holds.
type asked struct {
	url       url.URL
	noneMatch string
}

type askedKey struct{}

// Conditional keeps what a request says about answers that its sender holds.
func Conditional(ctx huma.Context, next func(huma.Context)) {
	if ctx.Method() == http.MethodGet {
		ctx.AppendHeader("Vary", "Authorization, Cookie, "+ActingHeader)
		ctx = huma.WithValue(ctx, askedKey{}, asked{ctx.URL(), ctx.Header("If-None-Match")})
	} else if given := ctx.Header("If-Match"); given != "" && !takesCondition(ctx.Operation()) {
		writeProblem(ctx, ProblemOf(ctx.Context(), domain.Invalid("If-Match", domain.Clip(given), "no-condition",
			"is the tag of one record, and this changes many or none: send it without", "")))
		return
	}
	next(ctx)
}

// takesCondition reports whether an operation looks at an If-Match. One that does not
// refuses it: who sends it relies on it.
func takesCondition(op *huma.Operation) bool {
	return slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == "header" && p.Name == "If-Match" })
}

// askAgain is what an answer says of keeping it: one's own cache may, and asks
// whether it still holds and whether one may still see it. It is the same for an
// answer that never changes: a right can be taken away.
const askAgain = "private, no-cache"

// Read is the answer to a question.
type Read[T any] struct {
	Status int
	ETag   string `header:"ETag" doc:"Of this answer; sent back as If-None-Match it is answered with 304 while it holds"`
	Cache  string `header:"Cache-Control"`
	Body   T
}

// reading answers a question with what ask answers, or with 304.
func reading[T any](ctx context.Context, s *Service, stream string, ask func() (T, error)) (*Read[T], error) {
	tag, seen := "", s.seen(ctx, stream, restsOnLog[T]())
	if restsOnLog[T]() {
		tag = showing(s.tagOf(ctx), seen)
	}
	if tag != "" && holds(ctx, tag) {
		return &Read[T]{Status: http.StatusNotModified, ETag: tag, Cache: askAgain}, nil
	}
	out, err := ask()
	if err != nil {
		return nil, s.Problem(ctx, err)
	}
	if tag == "" {
		if tag = showing(tagOfContent(out), seen); holds(ctx, tag) {
			return &Read[T]{Status: http.StatusNotModified, ETag: tag, Cache: askAgain}, nil
		}
	}
	return &Read[T]{Status: http.StatusOK, ETag: tag, Cache: askAgain, Body: out}, nil
}

// restsOnLog reports whether an answer says on which position of the log it
// rests. Others may rest on what is no event, such as who is signed in.
func restsOnLog[T any]() bool {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct {
		return false
	}
	_, is := t.FieldByName("Basis")
	return is
}

// seen is what an answer about to be made shows of the stream of a record, at least: its
// name and revision. Of what was, and of what is not there, it is nothing.
func (s *Service) seen(ctx context.Context, stream string, figures bool) string {
	q, ok := ctx.Value(askedKey{}).(asked)
	if !ok || stream == "" {
		return ""
	}
	asked := q.url.Query()
	if on := asked.Get("asOf"); on != "" && on != s.Today().String() || asked.Get("knownAt") != "" {
		return ""
	}
	through := eventstore.Position(math.MaxInt64)
	if figures {
		after, err := strconv.ParseUint(cmp.Or(asked.Get("after"), "0"), 10, 64)
		if err != nil || s.Deps.ReadModels.Follow(ctx, after) != nil {
			return "" // the question says so
		}
		through = eventstore.Position(s.Deps.ReadModels.Status().Position)
	}
	log := s.Ledger(ctx)
	if strings.HasPrefix(stream, finding.Stream("")) {
		log = s.Deps.Ledger.Under(access.Whole()) // it lies where the figures say, which are asked within the scope
	}
	revision, found, err := log.Revision(ctx, stream, through)
	if err != nil || !found {
		return ""
	}
	return strings.Trim(tagOfStream(stream, revision), `"`)
}

// showing is the tag of an answer that shows a stream at a revision; see beliefOf.
func showing(tag, seen string) string {
	if tag == "" || seen == "" {
		return tag
	}
	return `W/"!` + opaque(tag) + "!" + seen + `"`
}

// epoch tells this process from others: what it was started with may differ.
var epoch = rand.Text()

// tagOf is the entity tag of the answer to the question in ctx, before it is
// made; empty where that is not known.
//
// Where business date and moment of knowledge are named, everything known at the
// moment is shown and the asker sees the whole company, the answer can never
// change: its tag says nothing of the log. (How far a narrower reach goes depends on
// where projects and centers belong today.) Any other tag holds until something is
// recorded or the day ends. Both are weak: how far the log has gone, which an answer
// says beside its figures, is no part of what it answers.
func (s *Service) tagOf(ctx context.Context) string {
	q, ok := ctx.Value(askedKey{}).(asked)
	if !ok {
		return ""
	}
	a := askerOf(ctx)
	reach, err := json.Marshal(a.reach)
	if err != nil {
		return ""
	}
	parts := []string{
		s.Deps.Version, q.url.Path, q.url.Query().Encode(), string(wording.Of(ctx)), a.Login,
		string(a.actor.Role), string(reach), strconv.Itoa(s.Deps.Ledger.People().Events()),
	}
	if a.reach.All && s.settled(q.url.Query()) {
		return `W/"` + digest(parts...) + `"`
	}
	head, err := s.Ledger(ctx).Head(ctx)
	if err != nil {
		return ""
	}
	shown := s.Deps.ReadModels.Status()
	return `W/"` + digest(append(parts, epoch, s.Today().String(), strconv.FormatUint(uint64(head), 10),
		strconv.FormatUint(shown.Position, 10), string(shown.State))...) + `"`
}

// clockApart is how far the clocks of the servers that write one log may be apart.
const clockApart = time.Minute

// settled reports whether a question names a business date and a moment up to
// which everything is shown.
func (s *Service) settled(q url.Values) bool {
	known, err := time.Parse(time.RFC3339Nano, q.Get("knownAt"))
	if err != nil {
		return false
	}
	if _, err := calendar.ParseDate(q.Get("asOf")); err != nil {
		return false
	}
	shown := s.Deps.ReadModels.Status()
	return shown.Ready() && !shown.Lag.Unknown && known.Before(s.Deps.Clock().Add(-shown.Lag.Behind-clockApart))
}

// digest is a short name of texts.
func digest(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:15])
}

// tagOfContent is the entity tag of an answer that was made.
func tagOfContent(content any) string {
	if b, ok := content.([]byte); ok {
		return `"` + digest(string(b)) + `"`
	}
	var b bytes.Buffer
	if json.NewEncoder(&b).Encode(content) != nil {
		return ""
	}
	return `W/"` + digest(b.String()) + `"`
}

// CompressedSuffix ends the tag of an answer that was sent compressed: its bytes
// are others. Of zstd the compressor writes -zstd in its place.
const CompressedSuffix = "-gzip"

// holds reports whether the sender of the request holds the answer with a tag.
// By RFC 9110 the tags are compared weakly.
func holds(ctx context.Context, tag string) bool {
	q, _ := ctx.Value(askedKey{}).(asked)
	if tag == "" || q.noneMatch == "" {
		return false
	}
	for held := range strings.SplitSeq(q.noneMatch, ",") {
		if opaque(held) == opaque(tag) {
			return true
		}
	}
	return false
}

// opaque is what a tag is compared by.
func opaque(tag string) string {
	tag = strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
	return strings.TrimSuffix(strings.TrimSuffix(tag, CompressedSuffix), "-zstd")
}

// SameBytes answers a file with 304 if its sender holds the same bytes, and tells
// its tag.
func SameBytes(ctx context.Context, body []byte) (tag string, same bool) {
	tag = tagOfContent(body)
	return tag, holds(ctx, tag)
}

// beliefOf reads an If-Match: the ETag of the receipt of the last command on a
// stream, which names the stream and its revision, or of an answer that shows it,
// where the tag of what was answered stands before them. Its form was checked.
func beliefOf(ifMatch string) eventstore.Belief {
	text := opaque(ifMatch)
	if after, is := strings.CutPrefix(text, "!"); is { // no stream is called so
		_, text, _ = strings.Cut(after, "!")
	}
	at := max(strings.LastIndex(text, ":"), 0)
	revision, err := strconv.ParseInt(strings.TrimPrefix(text[at:], ":"), 10, 64)
	if ifMatch != "" && err != nil {
		revision = -1 // greater than any there is: the command finds the stream elsewhere
	}
	return eventstore.Belief{Stream: text[:at], Revision: eventstore.Revision(revision)}
}

// tagOfStream is the entity tag of a stream at a revision.
func tagOfStream(stream string, revision eventstore.Revision) string {
	if stream == "" {
		return ""
	}
	return fmt.Sprintf(`"%s:%d"`, stream, revision)
}

// documented tells the readers of the API's description of conditions.
func documented(op *huma.Operation) {
	op.Parameters = append(op.Parameters, &huma.Param{
		Name: "If-None-Match", In: "header", Schema: &huma.Schema{Type: huma.TypeString},
		Description: "The ETag of an answer that is held; 304 while it still holds",
	})
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["304"] = &huma.Response{Description: "The answer that is held still holds"}
}
