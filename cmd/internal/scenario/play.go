package scenario

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/unsent"
	"aftersales-ledger/cmd/internal/verify"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/eventstore"
)

// Report is what came of a scenario.
type Report struct {
	Scenario *Scenario
	Results  []Result // one per step, and one of the checks at the end
}

// Failed reports whether any step failed.
func (r Report) Failed() bool {
	for _, s := range r.Results {
		if s.Failed() {
			return true
		}
	}
	return false
}

// Result is what came of one step.
type Result struct {
	Step       *Step
	Request    string // method and path as sent, empty for a control step
	Status     int    // of the answer, zero without one
	Body       []byte // of the answer
	Mismatches []Mismatch
	Err        error // why the step could not be carried out at all
}

// Failed reports whether the step did not go as expected.
func (r Result) Failed() bool { return r.Err != nil || len(r.Mismatches) > 0 }

// Play plays a scenario against a fresh ledger. Steps that fail are in the
// report, and the others are played all the same, so that one run shows every
// figure that changed; the error is of the runner itself, or that ctx ended.
func (s *Runner) Play(ctx context.Context, sc *Scenario) (_ Report, err error) {
	l, err := s.fresh(ctx, sc.Steps[0].At)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, l.close(ctx)) }()
	p := &player{ledger: l, vars: make(variables)}
	report := Report{Scenario: sc}
	for _, step := range sc.Steps {
		if err := ctx.Err(); err != nil {
			return report, err
		}
		l.clock.Set(step.At)
		report.Results = append(report.Results, p.play(ctx, step))
		if l.app == nil {
			return report, nil // a restart that failed leaves nothing to go on with
		}
	}
	report.Results = append(report.Results, p.conclude(ctx, sc))
	return report, ctx.Err()
}

// player carries a scenario from step to step.
type player struct {
	ledger   *freshLedger
	vars     variables
	logged   eventstore.Position // end of the log before the step, which a question waits for
	lastTime time.Time           // recorded time of the event there
}

func (p *player) play(ctx context.Context, step *Step) Result {
	r := Result{Step: step}
	switch step.control {
	case restart:
		r.Err = p.ledger.restart(ctx)
		return r
	case rebuild:
		r.Err = p.ledger.app.ReadModels.Rebuild(ctx, nil)
		return r
	case notify:
		if r.Err = p.ledger.notify(ctx, step.book); r.Err == nil {
			r.Err = p.checkLog(ctx, &r, p.vars)
		}
		return r
	}
	now := step.At.In(calendar.Shanghai)
	vars := p.vars.with(step.vars).with(variables{
		varNow: now.Format(time.RFC3339Nano), varToday: now.Format(time.DateOnly),
	})
	if r.Err = p.send(ctx, &r, vars); r.Err != nil {
		return r
	}
	body, err := decode(r.Body)
	r.Err = p.check(ctx, &r, vars, body, err)
	p.capture(&r, body)
	return r
}

// send makes the step's request.
func (p *player) send(ctx context.Context, r *Result, vars variables) error {
	req, token, err := p.request(r.Step, vars)
	if err != nil {
		return err
	}
	r.Request = req.Method + " " + req.Path
	asking := client.InProcess(p.ledger.app.Handler, token)
	asking.Language = wording.English // the language of the files
	resp, err := asking.Do(ctx, req)
	r.Status, r.Body = resp.Status, resp.Body
	r.Mismatches = append(r.Mismatches, p.unsent(r, req)...)
	return err
}

// unsent finds what a refusal names that was not sent: whoever reads it looks for a
// mistake where they made none.
func (p *player) unsent(r *Result, req client.Request) (found []Mismatch) {
	named := p.ledger.runner.asks.Named(unsent.Request{
		Method: req.Method, Target: req.Path, Header: http.Header{"Idempotency-Key": {req.Key}}, Body: req.Body,
	}, r.Status, r.Body)
	for _, one := range named {
		found = append(found, Mismatch{"refusal", r.Step.Line, domain.Say("only what was sent is named"), one})
	}
	return found
}

func (p *player) request(step *Step, vars variables) (req client.Request, token string, err error) {
	r := step.request
	req.Method = r.method
	if req.Path, err = vars.fill(r.path); err != nil {
		return req, "", err
	}
	query, err := vars.fillNode(r.query)
	if err != nil {
		return req, "", err
	}
	req.Path = p.address(req, query, r.noWait)
	if r.method != http.MethodGet && !r.noKey {
		if req.Key, err = vars.fill(r.key); err != nil {
			return req, "", err
		}
	}
	req.ContentType = r.contentType
	if req.Body, err = p.body(r, req, vars); err != nil {
		return req, "", err
	}
	token, err = p.token(r)
	return req, token, err
}

// address completes and escapes a path: a question waits for the last command.
func (p *player) address(req client.Request, query *node, noWait bool) string {
	path := escape(req.Path)
	add := func(name, value string) {
		mark := "?"
		if strings.Contains(path, "?") {
			mark = "&"
		}
		path += mark + name + "=" + url.QueryEscape(value)
	}
	if query != nil {
		for _, f := range query.fields {
			values := []*node{f.value}
			if f.value.kind == sequence {
				values = f.value.items
			}
			for _, v := range values {
				add(f.name, v.text)
			}
		}
	}
	waits := strings.Contains(path, "?after=") || strings.Contains(path, "&after=")
	if req.Method == http.MethodGet && strings.HasPrefix(path, "/v1/") && !waits && !noWait && p.logged > 0 {
		add("after", fmt.Sprint(p.logged))
	}
	return path
}

// escape makes a path, as a person writes it, one that can be sent: it escapes
// what cannot stand in an address, and the plus sign, which would be read as a
// space there.
func escape(path string) string {
	var b strings.Builder
	for _, c := range []byte(path) {
		if c <= ' ' || c >= 0x7f || strings.IndexByte("+#\"<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

func (p *player) body(r request, req client.Request, vars variables) ([]byte, error) {
	var b bytes.Buffer
	if r.raw != nil {
		text, err := vars.fill(*r.raw)
		if err != nil {
			return nil, err
		}
		b.WriteString(text)
	}
	if r.body != nil {
		n, err := vars.fillNode(r.body)
		if err != nil {
			return nil, err
		}
		doc := p.ledger.runner.doc
		doc.encode(&b, n, doc.bodySchema(req.Method, req.Path))
	}
	if pad := r.padTo - b.Len(); pad > 0 {
		b.Write(bytes.Repeat([]byte(" "), pad))
	}
	return b.Bytes(), nil
}

// tokenLife is how long the token of one request is good, and how long an
// expired one was.
const tokenLife = time.Hour

// token mints what the sender carries.
func (p *player) token(r request) (string, error) {
	switch r.token {
	case "":
		return p.ledger.door.Token(r.as, tokenLife), nil
	case tokenNone:
		return "", nil
	case tokenExpired:
		return p.ledger.door.Token(r.as, 0), nil
	case tokenForged:
		return p.ledger.door.Token(r.as, tokenLife) + "A", nil
	}
	return r.token, nil
}

func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("the answer is not JSON: %w", err)
	}
	return v, nil
}

const problemType = "urn:aftersales-ledger:problem:"

// check compares the answer, and what the log holds since, with what was
// expected.
func (p *player) check(ctx context.Context, r *Result, vars variables, body any, bodyErr error) error {
	e := r.Step.expect
	object, _ := body.(map[string]any)
	p.checkStatus(r, object)
	if e.problem != nil {
		want, err := vars.fillNode(e.problem)
		if err != nil {
			return err
		}
		problem, _ := object["type"].(string)
		short := strings.TrimPrefix(problem, problemType)
		if short != want.text {
			r.Mismatches = append(r.Mismatches, Mismatch{"problem", want.line, want.text, show(short)})
		}
	}
	if e.body != nil {
		if bodyErr != nil {
			return bodyErr
		}
		want, err := vars.fillNode(e.body)
		if err != nil {
			return err
		}
		r.Mismatches = append(r.Mismatches, match("body", want, body)...)
	}
	return p.checkLog(ctx, r, vars)
}

func (p *player) checkStatus(r *Result, object map[string]any) {
	e, line := r.Step.expect, r.Step.expect.statusLine
	want, ok := any(fmt.Sprint(e.status)), r.Status == e.status
	switch {
	case e.status != 0:
	case e.problem != nil:
		want, ok, line = domain.Say("a refusal (400 or more)"), r.Status >= http.StatusBadRequest, e.problem.line
	case r.Step.request.method == http.MethodGet:
		want, ok, line = "200", r.Status == http.StatusOK, r.Step.Line
	default:
		want, ok, line = "201", r.Status == http.StatusCreated, r.Step.Line
	}
	if ok {
		return
	}
	got := fmt.Sprint(r.Status)
	if detail, _ := object["detail"].(string); detail != "" {
		got += ": " + detail
	}
	r.Mismatches = append(r.Mismatches, Mismatch{"status", line, want, got})
}

// checkLog looks at what the step recorded. A question records nothing, nor
// does a refusal that is not itself a fact; and recorded time never runs
// backwards, whatever the clock does.
func (p *player) checkLog(ctx context.Context, r *Result, vars variables) error {
	events, err := p.ledger.recorded(ctx, p.logged)
	if err != nil {
		return err
	}
	for _, e := range events {
		if e.RecordedAt.Before(p.lastTime) {
			r.Mismatches = append(r.Mismatches, Mismatch{"recorded time", r.Step.Line,
				domain.Say("not before %s", p.lastTime.In(calendar.Shanghai).Format(time.RFC3339Nano)),
				e.RecordedAt.In(calendar.Shanghai).Format(time.RFC3339Nano)})
		}
		p.logged, p.lastTime = e.Position, e.RecordedAt
	}
	list, err := describe(events)
	if err != nil {
		return err
	}
	want := r.Step.expect.recorded
	if want == nil {
		if refused := r.Status >= http.StatusBadRequest; len(events) > 0 && (refused ||
			r.Step.request.method == http.MethodGet) {
			r.Mismatches = append(r.Mismatches, Mismatch{"recorded", r.Step.Line, domain.Say("no event in the log"), listOf(list)})
		}
		return nil
	}
	if want, err = vars.fillNode(want); err != nil {
		return err
	}
	r.Mismatches = append(r.Mismatches, match("recorded", want, list)...)
	return nil
}

// describe shows events as an expectation names their parts.
func describe(events []eventstore.Recorded) ([]any, error) {
	list := make([]any, len(events))
	for i, e := range events {
		data, err := decode(e.Data)
		if err != nil {
			return nil, err
		}
		var meta eventstore.Metadata
		if err := json.Unmarshal(e.Metadata, &meta); err != nil {
			return nil, fmt.Errorf("metadata of event %s: %w", e.ID, err)
		}
		list[i] = map[string]any{
			"type": e.Type, "stream": e.Stream, "data": data, "actor": meta.Actor, "role": string(meta.Role), "refused": meta.Refused,
			"recordedAt": e.RecordedAt.In(calendar.Shanghai).Format(time.RFC3339Nano),
		}
	}
	return list, nil
}

// capture keeps what later steps use.
func (p *player) capture(r *Result, body any) {
	for _, c := range r.Step.capture {
		value, err := c.path.find(body)
		if err != nil {
			delete(p.vars, c.name)
			r.Mismatches = append(r.Mismatches,
				Mismatch{"capture " + c.name, c.line, domain.Say("a value at %s", c.path.String()), err.Error()})
			continue
		}
		p.vars[c.name] = value
	}
}

// conclude checks what must hold at the end of every scenario: the double
// entries sum to zero, ageing and balances agree, and an audit of the whole log
// finds nothing.
func (p *player) conclude(ctx context.Context, sc *Scenario) Result {
	last := sc.Steps[len(sc.Steps)-1]
	step := &Step{
		File: sc.File, Number: last.Number + 1, Name: "the books tie out", At: p.ledger.clock.Now(),
		request: request{
			as: domain.Actor{Name: "scenario", Role: domain.Finance}, method: http.MethodGet, path: "/v1/receivables",
		},
		expect: expectation{body: &node{kind: mapping, fields: []field{
			{"postingsSum", 0, &node{kind: scalar, text: "0"}},
			{"ties", 0, &node{kind: scalar, text: "true"}},
		}}},
	}
	r := p.play(ctx, step)
	token := p.ledger.door.Token(step.request.as, tokenLife)
	audit, err := verify.Run(ctx, client.InProcess(p.ledger.app.Handler, token), func(uint64) {})
	for _, f := range audit.Flaws {
		r.Mismatches = append(r.Mismatches, Mismatch{"audit of the log: " + f.Where, 0, domain.Say("nothing to be found"), f.What})
	}
	if err != nil {
		r.Mismatches = append(r.Mismatches, Mismatch{"audit of the log", 0, domain.Say("an audit"), err.Error()})
	}
	return r
}

// relative shortens a file's name to be told apart from others of its folder.
func relative(file, base string) string {
	if rel, err := filepath.Rel(filepath.Dir(base), file); err == nil && !strings.HasPrefix(rel, "..") {
		return rel
	}
	return file
}
