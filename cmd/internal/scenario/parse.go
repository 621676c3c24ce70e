package scenario

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/cmd/internal/yamlfile"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
)

// Scenario is a parsed file, its includes and loops unfolded.
type Scenario struct {
	File        string
	Name        string
	Description string
	Clauses     []string // of the procedure, that the scenario is about
	Steps       []*Step
}

// Step is one thing done to the ledger, or asked of it.
type Step struct {
	File   string
	Line   int
	Number int // in the order of play, from 1
	Name   string

	At        time.Time // of the virtual clock
	Backwards bool      // At lies before the step before

	control control // the step is no request but one of these
	book    string  // address book from this step on, of notify
	request request
	expect  expectation
	capture []capture
	vars    variables // given by foreach
}

// control is what a step can do to the ledger itself.
type control string

const (
	restart control = "restart" // close the ledger and open it on the same data
	rebuild control = "rebuild" // fill the read models anew from the log
	notify  control = "notices" // send what is to be sent by now
)

// request is what a step sends. Texts hold references not filled in yet.
type request struct {
	as     domain.Actor
	token  string // none, expired, forged, or a text to send as it is; empty: one that is good
	method string
	path   string
	query  *node // parameters beside those in path, nil if none
	key    string
	noKey  bool
	body   *node
	raw    *string
	padTo  int
	noWait bool

	contentType string // of the body, empty for JSON
}

const (
	tokenNone    = "none"
	tokenExpired = "expired"
	tokenForged  = "forged"
	keyNone      = "none"
)

// expectation is what a step must lead to.
type expectation struct {
	status     int // zero: as usual for the request
	statusLine int
	problem    *node // short type of the problem
	body       *node
	recorded   *node // events in the log, nil: whatever, or none after a refusal
}

type capture struct {
	name string
	path path
	line int
}

// maxSteps bounds a scenario, loops unfolded.
const maxSteps = 10_000

// Load reads a scenario from a file.
func Load(file string) (*Scenario, error) {
	src, err := readFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, src, readFile)
}

func readFile(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, yamlfile.Wrong(file, 0, "does not exist")
	case err == nil && info.Size() > maxFileSize:
		return nil, yamlfile.Wrong(file, 0, "has %d bytes; it may have at most %d", info.Size(), maxFileSize)
	case err == nil && info.IsDir():
		return nil, yamlfile.Wrong(file, 0, "is a folder; name the files in it")
	}
	return os.ReadFile(file)
}

// Parse reads a scenario. File is its name in messages and where the names of
// included files begin; include reads those. Every mistake is reported with
// its line, as a [*yamlfile.FormatError] within the error.
func Parse(file string, src []byte, include func(file string) ([]byte, error)) (*Scenario, error) {
	p := &fileParser{
		include: include, actors: make(map[string]domain.Actor), known: map[string]bool{varNow: true, varToday: true},
		scenario: &Scenario{File: file},
	}
	p.parse(file, src, nil)
	if len(p.errs) == 0 && len(p.scenario.Steps) == 0 {
		p.errs = append(p.errs, yamlfile.Wrong(file, 0, "has no steps"))
	}
	if len(p.errs) > 0 {
		slices.SortStableFunc(p.errs,
			func(a, b *yamlfile.FormatError) int {
				return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
			})
		joined := make([]error, len(p.errs))
		for i, e := range p.errs {
			joined[i] = e
		}
		return nil, errors.Join(joined...)
	}
	return p.scenario, nil
}

// fileParser unfolds a file and what it includes into one scenario.
type fileParser struct {
	include  func(file string) ([]byte, error)
	scenario *Scenario
	actors   map[string]domain.Actor
	known    map[string]bool // variables given or captured so far
	at       time.Time       // of the step before
	as       domain.Actor    // of the step before
	errs     []*yamlfile.FormatError

	file  string    // being read
	local variables // of the round of a foreach
}

// maxErrors bounds a report of mistakes: beyond it a file is something else.
const maxErrors = 20

func (p *fileParser) fail(line int, what domain.Sentence, args ...any) {
	if len(p.errs) < maxErrors {
		p.errs = append(p.errs, yamlfile.Wrong(p.file, line, what, args...))
	}
}

var scenarioFields = []string{"name", "description", "clauses", "include", "actors", "steps"}

func (p *fileParser) parse(file string, src []byte, including []string) {
	p.file = file
	root, err := readYAML(file, src)
	if err != nil {
		var f *yamlfile.FormatError
		if !errors.As(err, &f) {
			f = &yamlfile.FormatError{File: file, Err: err}
		}
		p.errs = append(p.errs, f)
		return
	}
	if !p.isMapping(root, "a scenario", scenarioFields) {
		return
	}
	outermost := len(including) == 0
	if outermost {
		p.scenario.Name = p.text(root, "name")
		p.scenario.Description = strings.TrimSpace(p.text(root, "description"))
		for _, c := range p.list(root, "clauses") {
			p.scenario.Clauses = append(p.scenario.Clauses, p.single(c, "clauses"))
		}
		if p.scenario.Name == "" {
			p.fail(root.line, "needs a `name` that says what it shows")
		}
	}
	for _, f := range p.list(root, "include") {
		p.includeFile(f, append(including, file))
		p.file = file
	}
	p.parseActors(root.lookup("actors"))
	steps := root.lookup("steps")
	if steps == nil {
		return
	}
	if steps.kind != sequence {
		p.fail(steps.line, "`steps` must be a list; every step begins with \"- \"")
		return
	}
	for _, s := range steps.items {
		p.parseStep(s)
	}
}

func (p *fileParser) includeFile(n *node, including []string) {
	name := p.single(n, "include")
	if name == "" {
		return
	}
	path := filepath.Join(filepath.Dir(p.file), filepath.FromSlash(name))
	if slices.Contains(including, path) {
		p.fail(n.line, "%q includes itself", name)
		return
	}
	src, err := p.include(path)
	if err != nil {
		p.errs = append(p.errs, &yamlfile.FormatError{
			File: p.file, Line: n.line, Err: domain.Failed(err, "cannot include %q", name),
		})
		return
	}
	p.parse(path, src, including)
}

func (p *fileParser) parseActors(n *node) {
	if n == nil {
		return
	}
	if n.kind != mapping {
		p.fail(n.line, "`actors` must be a mapping such as `wang: finance` or `li: center-head@C01`")
		return
	}
	for _, f := range n.fields {
		var a domain.Actor
		if f.value.kind == mapping {
			if !p.isMapping(f.value, "an actor", []string{"name", "role", "center"}) {
				continue
			}
			a = domain.Actor{
				Name: p.text(f.value, "name"), Role: domain.Role(p.text(f.value, "role")),
				Center: domain.CenterID(p.text(f.value, "center")),
			}
		} else {
			role, center, _ := strings.Cut(p.single(f.value, "actor"), "@")
			a = domain.Actor{Role: domain.Role(role), Center: domain.CenterID(center)}
		}
		if a.Name == "" {
			a.Name = f.name
		}
		if p.checkActor(f.line, a) {
			p.actors[f.name] = a
		}
	}
}

func (p *fileParser) checkActor(line int, a domain.Actor) bool {
	if _, err := domain.ParseRole(string(a.Role)); err != nil {
		p.fail(line, "%q is not a role; the roles are %v", string(a.Role), domain.Roles())
		return false
	}
	switch {
	case domain.CheckID("actor", a.Name) != nil:
		p.fail(line, "%q is not a name: letters, digits, \"-\", \"_\", \".\" and \"#\"", a.Name)
	case a.Role.OfCenter() && a.Center == "":
		p.fail(line, "a %s belongs to a center: write %s@C01", a.Role, string(a.Role))
	case !a.Role.OfCenter() && a.Center != "":
		p.fail(line, "a %s belongs to no center: leave @%s away", a.Role, a.Center)
	default:
		return true
	}
	return false
}

// actor reads `as`: an alias, role:name, role:name@center, or a role alone.
func (p *fileParser) actor(n *node) domain.Actor {
	text := p.single(n, "as")
	if a, ok := p.actors[text]; ok || text == "" {
		return a
	}
	person, center, _ := strings.Cut(text, "@")
	role, name, named := strings.Cut(person, ":")
	if _, err := domain.ParseRole(role); err != nil && !named {
		p.fail(n.line,
			"%q is neither an actor listed under `actors` nor a role; write `role:name`, such as finance:wang or center-head:li@C01; the roles are %v", text, domain.Roles())
		return domain.Actor{}
	}
	a := domain.Actor{Name: cmp.Or(name, role), Role: domain.Role(role), Center: domain.CenterID(center)}
	p.checkActor(n.line, a)
	return a
}

// isMapping reports whether n is a mapping, and every field of it that is not
// one of fields.
func (p *fileParser) isMapping(n *node, what domain.Sentence, fields []string) bool {
	if n.kind != mapping {
		p.fail(n.line, "%s must be a mapping with fields such as `%s: …`, not %s", what, fields[0], n.kind.said())
		return false
	}
	for _, f := range n.fields {
		if slices.Contains(fields, f.name) {
			continue
		}
		if near := wording.Nearest(f.name, fields); len(near) > 0 {
			p.fail(f.line, "%q is not a field of %s; did you mean %q? (fields: %v)", f.name, what, near[0], fields)
			continue
		}
		p.fail(f.line, "%q is not a field of %s (fields: %v)", f.name, what, fields)
	}
	return true
}

// text reads a field that holds a single value; empty if it is absent.
func (p *fileParser) text(n *node, name string) string {
	if v := n.lookup(name); v != nil {
		return p.single(v, name)
	}
	return ""
}

func (p *fileParser) single(n *node, name string) string {
	if n.kind != scalar {
		p.fail(n.line, "`%s` must be a single value, not %s", name, n.kind.said())
		return ""
	}
	return n.text
}

// list reads a field that holds a list or a single value.
func (p *fileParser) list(n *node, name string) []*node {
	v := n.lookup(name)
	switch {
	case v == nil || v.kind == null:
		return nil
	case v.kind == sequence:
		return v.items
	}
	return []*node{v}
}

func (p *fileParser) flag(n *node, name string) (value, present bool) {
	v := n.lookup(name)
	if v == nil {
		return false, false
	}
	switch text := p.single(v, name); text {
	case "true", "false":
		return text == "true", true
	default:
		p.fail(v.line, "`%s` must be true or false, not %q", name, text)
		return false, true
	}
}

func (p *fileParser) number(n *node, name string, low, high int) int {
	v := n.lookup(name)
	if v == nil {
		return 0
	}
	return p.numberIn(v, name, low, high)
}

func (p *fileParser) numberIn(v *node, name string, low, high int) int {
	i, err := strconv.Atoi(p.single(v, name))
	if err != nil || i < low || i > high {
		p.fail(v.line, "`%s` must be a whole number from %d to %d", name, low, high)
	}
	return i
}

// parseTime reads `at`: RFC 3339, or a date and time of Shanghai.
func parseTime(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t, true
	}
	for _, layout := range []string{time.DateOnly, "2006-01-02 15:04", "2006-01-02 15:04:05.999999999"} {
		if t, err := time.ParseInLocation(layout, s, calendar.Shanghai); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
