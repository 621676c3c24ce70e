package app

import (
	"context"
	"net/http"
	"sync"
	"time"

	"aftersales-ledger/api/kit"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/cmd/internal/verify"
	"aftersales-ledger/domain"
	"aftersales-ledger/eventstore"
)

// longestAudit bounds an audit that is begun from a page; a ledger that takes longer
// is verified by the command line.
const longestAudit = time.Hour

// verifier implements [kit.Verifier] by the audit of `ledger verify`, asked of this
// process's own handler.
type verifier struct {
	app  *App
	head func(context.Context) (eventstore.Position, error)

	mu      sync.Mutex
	last    kit.Audit
	end     context.CancelFunc // of the one under way
	stopped bool
	work    sync.WaitGroup
}

// Last implements [kit.Verifier].
func (v *verifier) Last() kit.Audit {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last.State == "" {
		return kit.Audit{State: kit.AuditNone}
	}
	return v.last
}

// Begin implements [kit.Verifier].
func (v *verifier) Begin(by string) kit.Audit {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.last.State == kit.AuditRunning || v.stopped {
		return v.last
	}
	ctx, end := context.WithTimeout(context.Background(), longestAudit)
	v.last, v.end = kit.Audit{State: kit.AuditRunning, By: by, Begun: v.app.clock()}, end
	v.work.Go(func() {
		defer end()
		v.run(ctx, by)
	})
	return v.last
}

func (v *verifier) run(ctx context.Context, by string) {
	head, err := v.head(ctx)
	v.change(func(a *kit.Audit) { a.Head = uint64(head) })
	var report verify.Report
	if err == nil {
		token := v.app.Door.OfMachine(domain.Actor{Name: by, Role: domain.Finance})
		// The handler is the app's once it is whole; an audit begins after that.
		own := client.InProcess(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			v.app.Handler.ServeHTTP(w, r)
		}), token)
		report, err = verify.Run(ctx, own, func(position uint64) {
			v.change(func(a *kit.Audit) { a.Through = position })
		})
	}
	v.change(func(a *kit.Audit) {
		a.State, a.Ended = kit.AuditDone, v.app.clock()
		if err != nil {
			a.State, a.Problem = kit.AuditFailed, err.Error()
		}
		a.Through, a.Events, a.Streams, a.Accounts = report.Through, report.Events, report.Streams, report.Accounts
		a.Postings, a.Statements, a.Figures = report.Postings, report.Statements, report.Figures
		for _, f := range report.Flaws {
			a.Flaws = append(a.Flaws, kit.AuditFlaw(f))
		}
	})
}

func (v *verifier) change(by func(*kit.Audit)) {
	v.mu.Lock()
	defer v.mu.Unlock()
	by(&v.last)
}

// stop ends the audit under way, and waits for it.
func (v *verifier) stop() {
	v.mu.Lock()
	v.stopped = true
	if v.end != nil {
		v.end()
	}
	v.mu.Unlock()
	v.work.Wait()
}
