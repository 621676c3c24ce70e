package scenario

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"aftersales-ledger/cmd/internal/notices"
	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

var stepFields = []string{
	"name", "at", "backwards", "as", "token", "POST", "GET", "method", "path", "query", "key", "body", "raw", "padTo", "contentType",
	"wait", "expect", "capture", "foreach", "again", "restart", "rebuild", "notices",
}

var (
	controlFields = []string{"name", "at", "backwards", "restart", "rebuild", "notices"}
	notifyFields  = append([]string{"expect"}, controlFields...)
	againFields   = []string{
		"name", "at", "backwards", "as", "token", "key", "wait", "expect", "capture", "foreach", "again",
	}
	expectFields = []string{"status", "problem", "body", "recorded"}
	eventFields  = []string{"type", "stream", "actor", "role", "recordedAt", "refused", "data"}
)

// parseStep reads a step and adds it once for every item of its foreach.
func (p *fileParser) parseStep(n *node) {
	if !p.isMapping(n, "a step", stepFields) {
		return
	}
	loops := p.loops(n)
	for round, vars := range loops {
		if len(p.scenario.Steps) == maxSteps {
			p.fail(n.line, "a scenario has at most %d steps", maxSteps)
			return
		}
		if len(p.errs) == maxErrors {
			return
		}
		p.local = vars
		s := p.step(n)
		s.vars = s.vars.with(vars)
		s.Number = len(p.scenario.Steps) + 1
		if name, err := vars.fill(s.Name); err == nil && name != s.Name {
			s.Name = name
		} else if len(loops) > 1 && n.lookup("again") == nil {
			s.Name += fmt.Sprintf(" (%d of %d)", round+1, len(loops))
		}
		if s.request.key == "" {
			s.request.key = fmt.Sprintf("step-%d", s.Number)
		}
		p.scenario.Steps = append(p.scenario.Steps, s)
		for _, c := range s.capture {
			p.known[c.name] = true
		}
	}
	p.local = nil
}

// loops reads foreach: the variables of each round.
func (p *fileParser) loops(n *node) []variables {
	each := n.lookup("foreach")
	if each == nil {
		return []variables{nil}
	}
	if each.kind != sequence || len(each.items) == 0 {
		p.fail(each.line,
			"`foreach` must be a list: of values, used as ${item}, or of mappings, whose fields are used by their names")
		return nil
	}
	var rounds []variables
	for _, item := range each.items {
		vars := make(variables)
		switch item.kind {
		case scalar:
			vars["item"] = item.text
		case mapping:
			for _, f := range item.fields {
				p.checkVariable(f.name, f.line)
				vars[f.name] = p.single(f.value, f.name)
			}
		default:
			p.fail(item.line, "an item of `foreach` must be a single value or a mapping of them")
		}
		rounds = append(rounds, vars)
	}
	return rounds
}

func (p *fileParser) checkVariable(name string, line int) {
	switch {
	case !variableName.MatchString(name):
		p.fail(line, "%q is not a name for a variable: letters, digits, \"-\" and \"_\", a letter first", name)
	case name == varNow || name == varToday:
		p.fail(line, "${%s} is the step's own time; choose another name", name)
	}
}

func (p *fileParser) step(n *node) *Step {
	s := &Step{File: p.file, Line: n.line, Name: p.text(n, "name")}
	p.stepTime(n, s)
	p.stepControl(n, s)
	if again := n.lookup("again"); again != nil {
		p.stepAgain(n, again, s)
	} else if s.control == "" {
		p.stepRequest(n, s)
	}
	if s.control == "" {
		p.stepSender(n, s)
		p.stepExpect(n, s)
		p.stepCapture(n, s)
		if s.Name == "" {
			s.Name = s.request.method + " " + s.request.path
		}
	}
	p.checkReferences(n)
	return s
}

// only refuses fields that make no sense beside another.
func (p *fileParser) only(n *node, beside string, fields []string) {
	for _, f := range n.fields {
		if !slices.Contains(fields, f.name) && slices.Contains(stepFields, f.name) {
			p.fail(f.line, "%q means nothing beside `%s`", f.name, beside)
		}
	}
}

func (p *fileParser) stepTime(n *node, s *Step) {
	s.Backwards, _ = p.flag(n, "backwards")
	s.At = p.at
	at := n.lookup("at")
	if at == nil {
		if p.at.IsZero() {
			p.fail(n.line, "the first step needs `at`, the time at which the virtual clock begins, such as 2026-07-01 09:00")
			p.at = calendar.NewDate(2026, time.January, 1).Start() // so that this is said once
		}
		return
	}
	text := p.single(at, "at")
	t, ok := parseTime(text)
	switch {
	case text == "":
		return
	case !ok:
		p.fail(at.line, "`at` cannot be read: %q; write 2026-07-15 10:00 (Shanghai) or 2026-07-15T10:00:00+08:00", text)
		return
	case t.Before(p.at) && !s.Backwards:
		p.fail(at.line, "time runs backwards: %s lies before the step before, %s; `backwards: true` insists on it",
			clockText(t), clockText(p.at))
	case !t.Before(p.at) && s.Backwards:
		p.fail(at.line, "`backwards: true`, but %s does not lie before the step before, %s", clockText(t), clockText(p.at))
	}
	s.At, p.at = t, t
}

func (p *fileParser) stepControl(n *node, s *Step) {
	for _, c := range []control{restart, rebuild} {
		on, present := p.flag(n, string(c))
		switch {
		case !present:
			continue
		case !on:
			p.fail(n.lookup(string(c)).line, "`%s` can only be true", c)
		case s.control != "":
			p.fail(n.line, "a step is either `restart` or `rebuild`")
		}
		s.control = c
		p.only(n, string(c), controlFields)
		if s.Name == "" {
			s.Name = map[control]string{restart: "restart the ledger on its data", rebuild: "rebuild the read models"}[c]
		}
	}
	p.stepNotices(n, s)
}

// stepNotices reads a step that sends notices: true, or the address book they
// are sent by from then on.
func (p *fileParser) stepNotices(n *node, s *Step) {
	v := n.lookup(string(notify))
	if v == nil {
		return
	}
	if s.control != "" {
		p.fail(n.line, "a step is either `restart`, `rebuild` or `notices`")
	}
	s.control = notify
	p.only(n, string(notify), notifyFields)
	if s.Name == "" {
		s.Name = "send the notices"
	}
	p.stepExpect(n, s)
	switch text := p.single(v, string(notify)); text {
	case "true":
	case "false":
		p.fail(v.line, "`notices` can only be true, or an address book")
	default:
		s.book = text
		if _, err := notices.ReadBook("the address book", []byte(text)); err != nil {
			p.errs = append(p.errs, &yamlfile.FormatError{File: p.file, Line: v.line, Err: err})
		}
	}
}

// stepAgain takes the request of an earlier step, its key included.
func (p *fileParser) stepAgain(n, again *node, s *Step) {
	p.only(n, "again", againFields)
	name, err := p.local.fill(p.single(again, "again"))
	if err != nil {
		p.fail(again.line, "`again` must name a step by what is known from the file")
		return
	}
	i := slices.IndexFunc(p.scenario.Steps, func(e *Step) bool { return e.Name == name && e.control == "" })
	if i < 0 {
		p.fail(again.line, "no earlier step is called %q", name)
		return
	}
	first := p.scenario.Steps[i]
	s.request, s.vars = first.request, first.vars
	if s.request.method == http.MethodGet {
		s.expect = first.expect // a question asked again has the same answer, unless this step expects another
	}
	p.as = s.request.as
	if s.Name == "" {
		s.Name = name + ", again"
	}
}

func (p *fileParser) stepRequest(n *node, s *Step) {
	r := &s.request
	for _, method := range []string{"POST", "GET"} {
		if v := n.lookup(method); v != nil {
			if r.method != "" {
				p.fail(v.line, "a step is either `POST` or `GET`")
			}
			r.method, r.path = method, p.single(v, method)
		}
	}
	if n.lookup("method") != nil || n.lookup("path") != nil {
		if r.method != "" {
			p.fail(n.line, "write either `%s: …` or `method` and `path`", r.method)
		}
		r.method, r.path = strings.ToUpper(p.text(n, "method")), p.text(n, "path")
	}
	switch {
	case r.method == "":
		p.fail(n.line,
			"says not what to do: it needs `POST: /v1/…`, `GET: /v1/…`, `again`, `restart: true`, `rebuild: true` or `notices: true`")
	case !strings.HasPrefix(r.path, "/") && !strings.HasPrefix(r.path, "${"): // an answer may name the path
		p.fail(n.line, "the path must begin with a slash, such as /v1/receivables, not %q", r.path)
	}
	if r.query = n.lookup("query"); r.query != nil && r.query.kind != mapping {
		p.fail(r.query.line, "`query` must be a mapping such as {center: C01}")
		r.query = nil
	}
	r.body = n.lookup("body")
	if raw := n.lookup("raw"); raw != nil {
		if r.body != nil {
			p.fail(raw.line, "a step has either a `body` or a `raw` one")
		}
		text := p.single(raw, "raw")
		r.raw = &text
	}
	r.contentType = p.text(n, "contentType")
	r.padTo = p.number(n, "padTo", 1, 16<<20)
}

// stepSender reads who sends the request, and under which key.
func (p *fileParser) stepSender(n *node, s *Step) {
	r := &s.request
	if t := n.lookup("token"); t != nil {
		r.token = p.single(t, "token")
	}
	if as := n.lookup("as"); as != nil {
		p.as = p.actor(as)
	} else if p.as == (domain.Actor{}) && r.token != tokenNone && len(p.errs) == 0 {
		p.fail(n.line,
			"needs `as`: who does it, such as finance:wang; later steps may leave it out and stay with the same person")
	}
	r.as = p.as
	if key := n.lookup("key"); key != nil {
		r.key, r.noKey = "", key.kind == null
		if key.kind != null {
			r.key = p.single(key, "key")
			r.noKey = r.key == keyNone && !key.quoted
		}
	}
	if wait, present := p.flag(n, "wait"); present {
		r.noWait = !wait
	}
}

func (p *fileParser) stepExpect(n *node, s *Step) {
	e := n.lookup("expect")
	if e == nil {
		return
	}
	if e.kind == scalar {
		s.expect.status, s.expect.statusLine = p.numberIn(e, "expect", 100, 599), e.line
		return
	}
	if !p.isMapping(e, "`expect`", expectFields) {
		return
	}
	s.expect = expectation{problem: e.lookup("problem"), body: e.lookup("body"), recorded: e.lookup("recorded")}
	if status := e.lookup("status"); status != nil {
		s.expect.status, s.expect.statusLine = p.numberIn(status, "status", 100, 599), status.line
	}
	if s.expect.problem != nil {
		p.single(s.expect.problem, "problem")
	}
	if s.expect.recorded != nil {
		s.expect.recorded = p.events(s.expect.recorded)
	}
}

// events turns a list of event names, or of what is known of events, into what
// the log's new events are compared with.
func (p *fileParser) events(n *node) *node {
	if n.kind != sequence {
		p.fail(n.line, "`recorded` must be a list of events such as [ChargeAccrued], or [] for none")
		return nil
	}
	out := &node{kind: sequence, line: n.line}
	for _, item := range n.items {
		switch item.kind {
		case scalar:
			item = &node{kind: mapping, line: item.line, fields: []field{{"type", item.line, item}}}
		default:
			p.isMapping(item, "an event", eventFields)
		}
		out.items = append(out.items, item)
	}
	return out
}

func (p *fileParser) stepCapture(n *node, s *Step) {
	c := n.lookup("capture")
	if c == nil {
		return
	}
	if c.kind != mapping {
		p.fail(c.line, "`capture` must be a mapping of names to places in the answer, such as {receipt: position}")
		return
	}
	for _, f := range c.fields {
		p.checkVariable(f.name, f.line)
		to, ok := parsePath(p.single(f.value, f.name))
		if !ok {
			p.fail(f.value.line, "%q is not a place in an answer; write id, or rows[0].key", f.value.text)
		}
		s.capture = append(s.capture, capture{f.name, to, f.line})
	}
}

// checkReferences refuses a variable that no earlier step captures.
func (p *fileParser) checkReferences(n *node) {
	for _, f := range n.fields {
		if f.name == "foreach" || f.name == "capture" || f.name == "again" {
			continue
		}
		f.value.eachText(func(text string, line int) {
			for _, name := range references(text) {
				if _, given := p.local[name]; !given && !p.known[name] {
					p.fail(line, "${%s} has no value here: no earlier step captures it", name)
				}
			}
			if open := strings.Count(text, "${"); open != len(references(text)) {
				p.fail(line, "a variable is written ${name}; in %q a brace is missing", clip(text))
			}
		})
	}
}

// clockText writes a time as people read it, to the precision it has.
func clockText(t time.Time) string {
	t = t.In(calendar.Shanghai)
	switch {
	case t.Nanosecond() != 0:
		return t.Format("2006-01-02 15:04:05.999999999")
	case t.Second() != 0:
		return t.Format(time.DateTime)
	}
	return t.Format("2006-01-02 15:04")
}
