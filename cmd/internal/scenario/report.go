package scenario

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"

	"github.com/mattn/go-isatty"
)

// Run plays files one after the other and prints to w, step by step, how they
// went. It returns how many of them failed: did not go as expected, or could
// not be read. The error is one that kept the rest from being played.
func Run(ctx context.Context, w io.Writer, files []string, opts Options) (failed int, err error) {
	if len(files) == 0 {
		return 0, errors.New("no scenario file was named")
	}
	out := &printer{w: w, color: onTerminal(w), quiet: opts.Quiet, say: cmp.Or(opts.Say, wording.English)}
	if opts.Color != nil {
		out.color = *opts.Color
	}
	runner, err := Open(opts)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, runner.Close()) }()
	began := time.Now() // of the machine: it is the machine that took the time
	steps := 0
	for _, file := range files {
		sc, err := Load(file)
		if err != nil {
			out.unreadable(file, err)
			failed++
			continue
		}
		report, err := runner.Play(ctx, sc)
		out.report(report)
		if err != nil {
			return failed, fmt.Errorf("%s: %w", file, err)
		}
		if report.Failed() {
			failed++
		}
		steps += len(report.Results)
	}
	out.summary(len(files), failed, steps, time.Since(began))
	return failed, out.err
}

// onTerminal reports whether w is a terminal that wants colours.
func onTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	_, plain := os.LookupEnv("NO_COLOR")
	return ok && !plain && isatty.IsTerminal(f.Fd())
}

// printer writes reports for people.
type printer struct {
	say   wording.Language
	w     io.Writer
	color bool
	quiet bool  // print what failed only
	err   error // the first of writing
}

func (p *printer) line(format string, args ...any) {
	if _, err := fmt.Fprintf(p.w, format+"\n", args...); p.err == nil {
		p.err = err
	}
}

// ANSI colours.
const (
	red   = "31"
	green = "32"
	faint = "2"
	bold  = "1"
)

func (p *printer) paint(color, text string) string {
	if !p.color {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

func (p *printer) unreadable(file string, err error) {
	p.line("%s", p.paint(bold, file))
	for msg := range strings.SplitSeq(p.say.Error(err), "\n") {
		p.line("  %s  %s", p.paint(red, p.mark("FAIL")), msg)
	}
	p.line("")
}

func (p *printer) report(r Report) {
	if r.Scenario == nil || p.quiet && !r.Failed() {
		return
	}
	title := p.paint(bold, r.Scenario.File) + "  " + r.Scenario.Name
	if len(r.Scenario.Clauses) > 0 {
		title += p.paint(faint, " "+p.say.Sayf("(clauses %v)", r.Scenario.Clauses))
	}
	p.line("%s", title)
	for _, result := range r.Results {
		if !p.quiet || result.Failed() {
			p.result(r.Scenario, result)
		}
	}
	p.line("")
}

func (p *printer) result(sc *Scenario, r Result) {
	mark := p.paint(green, p.mark("ok"))
	if r.Failed() {
		mark = p.paint(red, p.mark("FAIL"))
	}
	s := r.Step
	what := ""
	if s.control == "" {
		what = "  " + p.paint(faint, strings.TrimSpace(s.request.sender()+" "+cutQuery(r.Request))+r.status())
	}
	p.line("  %s %3d  %s  %s%s", mark, s.Number, clockText(s.At), s.Name, what)
	if !r.Failed() {
		return
	}
	const indent = "            "
	where := relative(s.File, sc.File)
	if s.Line > 0 {
		where = fmt.Sprintf("%s:%d", where, s.Line)
	}
	p.line("%s%s", indent, p.say.Sayf("step %q (%s)", s.Name, where))
	if r.Err != nil {
		p.line("%s%s", indent, p.paint(red, p.say.Error(r.Err)))
	}
	for _, m := range r.Mismatches {
		at := m.Path
		if m.Line > 0 && m.Line != s.Line {
			at += "  " + p.say.Sayf("(line %d)", m.Line)
		}
		p.line("%s%s", indent, at)
		p.line("%s  %s", indent, p.paint(green, p.say.Sayf("- expected %s", p.said(m.Want))))
		p.line("%s  %s", indent, p.paint(red, p.say.Sayf("+ got      %s", p.said(m.Got))))
	}
	if r.Status >= http.StatusBadRequest || (r.Status != 0 && len(r.Mismatches) == 0) {
		p.line("%s%s", indent,
			p.paint(faint, p.say.Sayf("answer %d: %s", r.Status, clip(strings.TrimSpace(string(r.Body))))))
	}
}

// mark says what came of a step, as wide for each.
func (p *printer) mark(what domain.Sentence) string { return fmt.Sprintf("%-4s", p.say.Sayf(what)) }

// said says one side of a mismatch.
func (p *printer) said(side any) string {
	if t, ok := side.(domain.Text); ok {
		return p.say.Say(t)
	}
	return fmt.Sprint(side)
}

// sender names who sent a request.
func (r request) sender() string {
	if r.token == tokenNone {
		return "nobody"
	}
	who := string(r.as.Role) + ":" + r.as.Name
	if r.as.Center != "" {
		who += "@" + string(r.as.Center)
	}
	return who
}

func (r Result) status() string {
	if r.Status == 0 {
		return ""
	}
	return fmt.Sprintf(" → %d", r.Status)
}

// cutQuery leaves the parameters of a question away: the step's name says what
// it asks.
func cutQuery(request string) string {
	request, _, _ = strings.Cut(request, "?")
	return request
}

func (p *printer) summary(files, failed, steps int, took time.Duration) {
	text, color := p.say.Sayf("%d scenarios passed, %d steps in %.1f s", files, steps, took.Seconds()), green
	switch {
	case failed > 0:
		text, color = p.say.Sayf("%d of %d scenarios FAILED, %d steps in %.1f s", failed, files, steps, took.Seconds()), red
	case files == 1:
		text = p.say.Sayf("1 scenario passed, %d steps in %.1f s", steps, took.Seconds())
	}
	p.line("%s", p.paint(color, text))
}
