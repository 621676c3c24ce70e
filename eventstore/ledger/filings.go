package ledger

import (
	"context"
	"errors"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/duties"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore"
)

// Work is what a team did as far as the log tells: what F1 and F4 are filled
// from. Tickets are streams of their own, so that whoever keeps facts of all of
// them gathers it.
type Work struct {
	Through uint64             // log position up to which it was gathered
	Faults  []filing.FaultLine // of the project, those on no F1 at least
	Figures *filing.Figures    // of the project and the period of its F4
}

// FileReport files the F1, F3 or F4 of a project and month. What goes on F1 and
// F3 is put there first, on the stream that knows what was filed before, then
// the form is filed with it. It may be repeated after it broke off between them,
// under the same key or another.
func (l *Ledger) FileReport(ctx context.Context, r Request, c filing.File, w Work) (eventstore.Outcome, error) {
	c.By = r.Actor.Name
	switch c.Form {
	case filing.FaultRecord:
		return l.fileFaults(ctx, r, c, w)
	case filing.ChargeList:
		centers, err := l.centersOf(ctx, c.Project)
		if err != nil {
			return eventstore.Outcome{}, err
		}
		return l.fileCharges(ctx, r, c, centers)
	case filing.MonthlyReport:
		from, err := l.reportedFrom(ctx, c.Project, c.Month)
		if err != nil {
			return eventstore.Outcome{}, err
		}
		return l.file(ctx, r, c, filing.Content{From: from, Figures: w.Figures, Through: w.Through})
	}
	return l.file(ctx, r, c, filing.Content{}) // refused: no such form
}

// ReportCharges files the part of a project's F3 of a month that one center is
// charged with.
func (l *Ledger) ReportCharges(ctx context.Context, r Request, c account.ReportCharges) (eventstore.Outcome, error) {
	if err := domain.FirstError(l.centerExists(ctx, c.Center), l.projectExists(ctx, c.Project)); err != nil {
		return eventstore.Outcome{}, err
	}
	f3 := filing.File{Project: c.Project, Month: c.Month, Form: filing.ChargeList, By: r.Actor.Name}
	return l.fileCharges(ctx, r, f3, []domain.CenterID{c.Center})
}

func (l *Ledger) fileFaults(
	ctx context.Context, r Request, c filing.File, w Work,
) (total eventstore.Outcome, err error) {
	lines := func(waiting bool) (lines []filing.FaultLine, err error) {
		err = inspect(ctx, l, filing.RegisterStream(c.Project), func(x *filing.FaultRegister) error {
			if lines = x.Of(c.Month); waiting {
				lines = append(lines, x.Pending(c.Month, w.Faults)...)
			}
			return nil
		})
		return lines, err
	}
	content := filing.Content{Through: w.Through}
	if content.Faults, err = lines(true); err != nil {
		return total, err
	}
	if err := l.rehearseFile(ctx, r, c, content); err != nil {
		return total, err
	}
	if !c.Nil {
		total, err = execute(ctx, l, r.step("lines"), filing.RegisterStream(c.Project), c,
			func(x *filing.FaultRegister) ([]filing.RegisterEvent, error) {
				return x.Report(c, w.Faults, l.today())
			})
		if err != nil && !isRejection(err, "nothing-to-report") {
			return total, err
		}
		if content.Faults, err = lines(false); err != nil {
			return total, err
		}
	}
	filed, err := l.file(ctx, r, c, content)
	return joined(total, filed), err
}

func (l *Ledger) fileCharges(
	ctx context.Context, r Request, c filing.File, centers []domain.CenterID,
) (total eventstore.Outcome, err error) {
	l = l.naming(c.Project)
	listed := func(a *account.Account) []account.Reported { return a.ReportedIn(c.Project, c.Month) }
	var content filing.Content
	if content.Charges, err = l.chargesOf(ctx, centers, func(a *account.Account) []account.Reported {
		waiting, _ := a.Unreported(c.Project, c.Month.Last())
		return append(listed(a), waiting...)
	}); err != nil {
		return total, err
	}
	if err := l.rehearseFile(ctx, r, c, content); err != nil {
		return total, err
	}
	if !c.Nil {
		for _, id := range centers {
			report := account.ReportCharges{Center: id, Project: c.Project, Month: c.Month, By: c.By}
			batched, err := l.onAccount(ctx, r.step("charges-"+
				string(id)), id, c, func(a *account.Account) ([]account.Event, error) {
				return a.ReportCharges(report, l.today())
			})
			if err != nil && !isRejection(err, "nothing-to-report") {
				return total, err
			}
			total = joined(total, batched)
		}
		if content.Charges, err = l.chargesOf(ctx, centers, listed); err != nil {
			return total, err
		}
	}
	filed, err := l.file(ctx, r, c, content)
	return joined(total, filed), err
}

// chargesOf collects charges from several accounts.
func (l *Ledger) chargesOf(
	ctx context.Context, centers []domain.CenterID, of func(*account.Account) []account.Reported,
) (charges []filing.Charge, err error) {
	for _, id := range centers {
		var lines []account.Reported
		if err := inspect(ctx, l, account.Stream(id), func(a *account.Account) error {
			lines = of(a)
			return nil
		}); err != nil {
			return nil, err
		}
		for _, line := range lines {
			charges = append(charges, filing.Charge{Charge: line.Charge, Center: id, Gross: line.Gross})
		}
	}
	return charges, nil
}

// UnreportedCharges returns what an F3 of a project and month would list that
// is not filed yet.
func (l *Ledger) UnreportedCharges(
	ctx context.Context, id domain.ProjectID, m calendar.Month,
) ([]filing.Charge, error) {
	centers, err := l.centersOf(ctx, id)
	if err != nil {
		return nil, err
	}
	return l.naming(id).chargesOf(ctx, centers, func(a *account.Account) []account.Reported {
		waiting, _ := a.Unreported(id, m.Last())
		return waiting
	})
}

// joined is the outcome of two steps of one command.
func joined(a, b eventstore.Outcome) eventstore.Outcome {
	b.Events = append(a.Events, b.Events...)
	b.Position = max(a.Position, b.Position)
	return b
}

// file completes a form with what holds for its project and files it.
func (l *Ledger) file(
	ctx context.Context, r Request, c filing.File, content filing.Content,
) (eventstore.Outcome, error) {
	center, err := l.CenterOn(ctx, c.Project, l.today())
	if err != nil {
		return eventstore.Outcome{}, err
	}
	content.Center = center
	return l.onFiling(ctx, r, c.Project, c.Month, c,
		func(f *filing.Filing) ([]filing.Event, error) { return f.File(c, content, l.rules, l.today()) })
}

// rehearseFile refuses what would be refused once its lines are put on the
// form: neither a slip of the pen nor a reused key uses them up. What has
// nothing to report is left to the streams that know.
func (l *Ledger) rehearseFile(ctx context.Context, r Request, c filing.File, content filing.Content) error {
	if err := l.projectExists(ctx, c.Project); err != nil {
		return err
	}
	_, err := rehearse(ctx, l, r, filing.Stream(c.Project, c.Month), c, func(f *filing.Filing) ([]filing.Event, error) {
		return f.File(c, content, l.rules, l.today())
	})
	if isRejection(err, "nothing-to-report") {
		return nil
	}
	return err
}

func (l *Ledger) onFiling(
	ctx context.Context, r Request, p domain.ProjectID, m calendar.Month, c eventstore.Named,
	decide func(*filing.Filing) ([]filing.Event, error),
) (eventstore.Outcome, error) {
	if err := l.projectExists(ctx, p); err != nil {
		return eventstore.Outcome{}, err
	}
	return execute(ctx, l, r, filing.Stream(p, m), c, decide)
}

func (l *Ledger) centersOf(ctx context.Context, id domain.ProjectID) (centers []domain.CenterID, err error) {
	if err := domain.CheckID("project", id); err != nil {
		return nil, err
	}
	err = inspect(ctx, l, project.Stream(id), func(p *project.Project) (err error) {
		centers, err = p.Centers(id)
		return err
	})
	return centers, err
}

// reportedFrom returns the day after the last F4 before a month; zero if the
// month before has none.
func (l *Ledger) reportedFrom(
	ctx context.Context, id domain.ProjectID, m calendar.Month,
) (from calendar.Date, err error) {
	if err := domain.CheckID("project", id); err != nil {
		return 0, err
	}
	err = inspect(ctx, l, filing.Stream(id, m-1), func(f *filing.Filing) error {
		if through := f.ReportedThrough(); !through.IsZero() {
			from = through.AddDays(1)
		}
		return nil
	})
	return from, err
}

// ReportPeriod returns the days that the F4 of a project and month covers, if
// it is filed today.
func (l *Ledger) ReportPeriod(
	ctx context.Context, id domain.ProjectID, m calendar.Month,
) (from, through calendar.Date, err error) {
	if from, err = l.reportedFrom(ctx, id, m); err != nil {
		return 0, 0, err
	}
	err = inspect(ctx, l, filing.Stream(id, m), func(f *filing.Filing) error {
		from, through = f.Period(m, from, l.rules, l.today())
		return nil
	})
	return from, through, err
}

// Step is one event of a stream with where, when and by whom it was recorded:
// what a paper asks for beside the event itself.
type Step struct {
	Event      domain.Event
	Position   eventstore.Position
	RecordedAt time.Time
	Actor      string
	Role       domain.Role
	Refused    bool // it records that a command was refused
}

// Steps returns every step of a stream, in order; none for a stream that has
// none.
func (l *Ledger) Steps(ctx context.Context, stream string) (steps []Step, err error) {
	for rec, err := range l.events(ctx, stream) {
		if errors.Is(err, eventstore.ErrStreamNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		e, m, err := eventstore.Trade.DecodeRecorded(rec)
		if err != nil {
			return nil, err
		}
		steps = append(steps, Step{e, rec.Position, rec.RecordedAt, m.Actor, m.Role, m.Refused})
	}
	return steps, nil
}

// Filing returns what happened to a form of a project and month, from its first
// filing on, each version as late as [filing.Filing.Lateness] says.
func (l *Ledger) Filing(
	ctx context.Context, p domain.ProjectID, m calendar.Month, form filing.Form,
) (steps []Step, err error) {
	if err := l.projectExists(ctx, p); err != nil {
		return nil, err
	}
	if err := inspect(ctx, l, filing.Stream(p, m), func(f *filing.Filing) error {
		_, err := f.Sheets(p, m, form)
		return err
	}); err != nil {
		return nil, err
	}
	trail, err := l.Steps(ctx, filing.Stream(p, m))
	var seen filing.Filing
	for _, step := range trail {
		e, ok := step.Event.(filing.Event)
		if tried, attempt := step.Event.(duties.OwnDecisionRefused); attempt && tried.Document == string(form) {
			steps = append(steps, step)
		}
		if !ok || filing.FormOf(e) != form {
			continue
		}
		if filed, ok := e.(filing.ReportFiled); ok {
			filed.Late = seen.Lateness(filed)
			step.Event = filed
		}
		steps = append(steps, step)
		seen.Evolve(e)
	}
	return steps, err
}

// EachEvent shows the events of a stream from its beginning to look, until it
// has seen enough.
func (l *Ledger) EachEvent(ctx context.Context, stream string, look func(domain.Event) (more bool)) error {
	for e, err := range l.history(ctx, stream) {
		if err != nil {
			return err
		}
		if !look(e) {
			break
		}
	}
	return nil
}

// CenterName returns what a property center is called; empty where it has no
// account.
func (l *Ledger) CenterName(ctx context.Context, id domain.CenterID) (name string, err error) {
	err = l.EachEvent(ctx, account.Stream(id), func(e domain.Event) bool {
		if e, ok := e.(account.AccountOpened); ok {
			name = e.Name
		}
		return false
	})
	return name, err
}

// CollectReport does with a form what is to be done by whoever asks: looks at
// it, if it is their turn, and passes it on, if everybody has.
func (l *Ledger) CollectReport(ctx context.Context, r Request, c filing.Send) (total eventstore.Outcome, err error) {
	awaits := func() (role domain.Role, err error) {
		err = inspect(ctx, l, filing.Stream(c.Project, c.Month), func(f *filing.Filing) error {
			role, _ = f.Awaits(c.Form)
			return nil
		})
		return role, err
	}
	turn, err := awaits()
	if err != nil {
		return total, err
	}
	if turn == r.Actor.Role {
		total, err = Do(ctx, l, r.step("review"),
			filing.Review{Project: c.Project, Month: c.Month, Form: c.Form, Approve: true}, (*filing.Filing).Review)
		if err != nil {
			return total, err
		}
		if turn, err = awaits(); err != nil || turn != "" {
			return total, err
		}
	}
	sent, err := Do(ctx, l, r.step("send"), c, (*filing.Filing).Send)
	return joined(total, sent), err
}
