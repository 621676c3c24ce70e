package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/attachment"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/filing"
	"aftersales-ledger/domain/finding"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/requisition"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/domain/visit"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// The log is read and written by commands in two files, where the scope is asked. Who
// there is (people.go) is asked for before anybody has one.
func TestNothingReachesTheLogPastTheScope(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if path == "scope.go" || path == "do.go" || path == "people.go" || strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			s, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			of, _ := s.X.(*ast.Ident)
			if of != nil && of.Name == "eventstore" &&
				slices.Contains([]string{"Execute", "Rehearse", "Inspect", "ExecuteTogether"}, s.Sel.Name) ||
				slices.Contains([]string{"History", "Recorded"}, s.Sel.Name) && isExec(s.X) {
				t.Errorf("%s: %s reaches the log past the scope; use its counterpart in do.go or scope.go", path, s.Sel.Name)
			}
			return true
		})
	}
}

func isExec(x ast.Expr) bool {
	s, ok := x.(*ast.SelectorExpr)
	return ok && s.Sel.Name == "exec"
}

// world is what the scopes are tried on: C01 and P001 of 华东 with a ticket, a sheet, a
// requisition, a charge and what else can be named, and C03 and P003 of 华南 with the
// same. Numbers end in the project's: T-P001.
type world struct {
	*department
	base *ledger.Ledger
}

func newWorld(t *testing.T) *world {
	w := &world{department: newDepartment(t)}
	w.base = w.Ledger
	ctx := t.Context()
	day := calendar.NewDate(2026, time.October, 5)
	w.must(ledger.Do(ctx, w.Ledger, w.ask(), account.Open{
		Center: "C03", Name: "C03", Region: "华南", Terms: account.Terms{SameDueDate: account.ByChargeDate},
	}, (*account.Account).Open))
	w.must(w.RegisterProject(ctx, w.ask(), project.Register{
		Project: "P003", Name: "南山", Region: "华南", City: "深圳", Center: "C03", From: calendar.NewDate(2024, 9, 1),
		Presence: policy.OnProject,
		Warranty: project.Warranty{
			AcceptanceOn: calendar.NewDate(2024, 9, 1), StartsFrom: project.FromAcceptance, Months: 24,
		},
	}))
	for _, of := range []struct {
		p domain.ProjectID
		c domain.CenterID
	}{{"P001", "C01"}, {"P003", "C03"}} {
		id := string(of.p)
		w.must(w.RegisterTicket(ctx, w.ask(), ticket.Register{
			Ticket: domain.TicketID("T-" + id), Project: of.p, Need: "无声", RegisteredAt: day.Start(),
		}))
		w.must(w.OpenReturn(ctx, w.ask(), repair.Open{
			Return: domain.ReturnID("R-" + id), Project: of.p, Part: "DS", Maker: "海康", Fault: "黑屏", OpenedOn: day,
			Cost: repair.Cost{Bearer: repair.ByUs, Estimate: money.Fen(10000)},
		}))
		w.must(w.RequestMaterial(ctx, w.ask(), requisition.Request{
			Requisition: domain.RequisitionID("Q-" + id), Project: of.p,
			Lines: []requisition.Line{
				{Part: "DS", Name: "门口机", Quantity: decimal.NewFromInt(1), Purpose: "备件", Estimate: money.Fen(100)},
			},
		}))
		w.must(w.AccrueCharge(ctx, w.ask(), ledger.Charge{Item: "R", AccrueCharge: account.AccrueCharge{
			Charge: domain.ChargeID("F-" + id), Center: of.c, Project: of.p, Quantity: decimal.NewFromInt(100), OccurredOn: day,
		}}))
	}
	return w
}

// filled makes a value of a command that names one project and what belongs to it, and
// says something everywhere else.
func filled(t reflect.Type, p domain.ProjectID, c domain.CenterID, region string) reflect.Value {
	v := reflect.New(t).Elem()
	named := map[reflect.Type]string{
		reflect.TypeFor[domain.ProjectID](): string(p), reflect.TypeFor[domain.CenterID](): string(c),
		reflect.TypeFor[domain.TicketID](): "T-" + string(p), reflect.TypeFor[domain.ReturnID](): "R-" + string(p),
		reflect.TypeFor[domain.RequisitionID](): "Q-" + string(p), reflect.TypeFor[domain.ChargeID](): "F-" + string(p),
		reflect.TypeFor[finding.Key]():     "COUNT_SHORT:" + string(p) + "/PD-1/DS",
		reflect.TypeFor[policy.Category](): string(policy.Ordinary),
	}
	day, papers := calendar.NewDate(2026, time.October, 6), 0
	var fill func(v reflect.Value, name string)
	fill = func(v reflect.Value, name string) {
		if s, ok := named[v.Type()]; ok {
			v.SetString(s)
			return
		}
		switch v.Type() {
		case reflect.TypeFor[attachment.Digest]():
			papers++
			if !slices.Contains(optional, t) {
				v.SetString(fmt.Sprintf("%064x", papers)) // else it may be left out
			}
			return
		case reflect.TypeFor[time.Time]():
			v.Set(reflect.ValueOf(day.Start()))
			return
		case reflect.TypeFor[calendar.Date]():
			v.Set(reflect.ValueOf(day))
			return
		case reflect.TypeFor[calendar.Month]():
			v.Set(reflect.ValueOf(day.Month()))
			return
		case reflect.TypeFor[calendar.Quarter]():
			v.Set(reflect.ValueOf(day.Quarter()))
			return
		case reflect.TypeFor[decimal.Decimal]():
			v.Set(reflect.ValueOf(decimal.NewFromInt(1)))
			return
		case reflect.TypeFor[money.Amount]():
			v.Set(reflect.ValueOf(money.Fen(100)))
			return
		}
		switch v.Kind() {
		case reflect.String:
			if v.SetString("X1"); name == "Region" {
				v.SetString(region)
			}
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Int, reflect.Int64:
			v.SetInt(1)
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), "")
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Field(i).CanSet() {
					fill(v.Field(i), v.Type().Field(i).Name)
				}
			}
		}
	}
	fill(v, "")
	return v
}

// optional are the commands whose paper may be left out.
var optional = []reflect.Type{
	reflect.TypeFor[ledger.QuoteRepair](), reflect.TypeFor[ledger.DecideReturn](),
	reflect.TypeFor[ledger.AnswerFaultLine](),
}

// common are the commands on what is common to all: the table of actions says that
// they take rights over the whole company. Of those with an attachment, a file.
var common = []string{
	"AdoptServiceTable", "DescribeParts", "RehearseParts", "StoreAttachment",
}

// command is a command that a test tries: it names one project and what belongs to it.
type command struct {
	name string
	try  func(
		ctx context.Context, l *ledger.Ledger, key string, p domain.ProjectID, c domain.CenterID, region string,
	) error
}

// decided is a command that a state decides on alone.
func decided[S any, E domain.Event, C ledger.Command[C], W ledger.When, P eventstore.State[S, E]](
	decide func(P, C, W) ([]E, error),
) command {
	t := reflect.TypeFor[C]()
	return command{t.String(), func(
		ctx context.Context, l *ledger.Ledger, key string, p domain.ProjectID, c domain.CenterID, region string,
	) error {
		r := ledger.Request{Key: key, Actor: domain.Actor{Name: "wei", Role: domain.RegionalAdmin}}
		_, err := ledger.Do(ctx, l.About(access.Place{Project: p}), r, filled(t, p, c, region).Interface().(C), decide)
		return err
	}}
}

// decidedAlone are the commands that go by their decision. Those on what is common to all
// are not among them, nor are those that take the department's rules, which are tried
// where the routes are.
var decidedAlone = []command{
	decided((*account.Account).AllocatePayment),
	decided((*account.Account).BouncePayment),
	decided((*account.Account).ConfirmStatement),
	decided((*account.Account).DecideWriteOff),
	decided((*account.Account).DisputeCharge),
	decided((*account.Account).IssueCreditNote),
	decided((*account.Account).IssueReminder),
	decided((*account.Account).NoteFollowUp),
	decided((*account.Account).Open),
	decided((*account.Account).ReallocatePayment),
	decided((*account.Account).RejectDispute),
	decided((*account.Account).RemindOfReply),
	decided((*account.Account).ReopenStatement),
	decided((*account.Account).ReportStatement),
	decided((*account.Account).RequestWriteOff),
	decided((*depot.Depot).Adjust),
	decided((*depot.Depot).Count),
	decided((*depot.Depot).HandIn),
	decided((*depot.Depot).ReturnUnused),
	decided((*filing.Filing).Review),
	decided((*filing.Filing).Send),
	decided((*finding.Finding).Assign),
	decided((*finding.Finding).Reopen),
	decided((*project.Project).AdviseSpareParts),
	decided((*project.Project).FinishHandoverItem),
	decided((*project.Project).HandOverForm),
	decided((*repair.Return).Finish),
	decided((*repair.Return).FollowUp),
	decided((*repair.Return).Resubmit),
	decided((*requisition.Requisition).Order),
	decided((*requisition.Requisition).Resubmit),
	decided((*ticket.Ticket).Accept),
	decided((*ticket.Ticket).Arrive),
	decided((*ticket.Ticket).Close),
	decided((*ticket.Ticket).CloseEscalation),
	decided((*ticket.Ticket).Escalate),
	decided((*ticket.Ticket).FollowUp),
	decided((*ticket.Ticket).GiveOpinion),
	decided((*ticket.Ticket).OverrideCoverage),
	decided((*ticket.Ticket).Reopen),
	decided((*ticket.Ticket).Resolve),
	decided((*ticket.Ticket).ReviewFaultLine),
	decided((*ticket.Ticket).WithdrawArrival),
	decided(ledger.Dateless((*project.Project).AmendWarranty)),
	decided(ledger.Dateless((*project.Project).ChangePresence)),
	decided(ledger.Dateless((*project.Project).OverrideTerms)),
	decided(ledger.Dateless((*project.Project).PublishRoster)),
	decided(ledger.Dateless((*visit.Visits).Withdraw)),
}

// elsewhere are the decisions of routes that are not among those tried here.
var elsewhere = []string{
	"account.IssueClaim", "account.IssueStatement", // take the rules
	"notice.Resend",                                                                     // has no notice to resend here
	"pricelist.Publish", "servicetable.Publish", "supplier.Record", "importlayout.Save", // are common to all
}

// commands are all that are tried: the methods of the ledger that take a request, too.
func commands() []command {
	all := slices.Clone(decidedAlone)
	of := reflect.TypeFor[*ledger.Ledger]()
	for i := range of.NumMethod() {
		m := of.Method(i)
		for j := range m.Type.NumIn() {
			if m.Type.In(j) == reflect.TypeFor[ledger.Request]() {
				all = append(all, command{m.Name, method(m.Name)})
			}
		}
	}
	return all
}

// Whatever a route decides is tried here in scopes, or named with where it is.
func TestEveryDecisionOfARouteIsTriedInScopes(t *testing.T) {
	tried := slices.Clone(elsewhere)
	for _, c := range decidedAlone {
		tried = append(tried, c.name)
	}
	decision := regexp.MustCompile(`ledger\.Do\((?s:.{0,600}?)\(\*(\w+)\.\w+\)\.(\w+)`)
	found := 0
	err := filepath.WalkDir("../../api", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range decision.FindAllStringSubmatch(string(text), -1) {
			found++
			if name := m[1] + "." + m[2]; m[1] != "user" && !slices.Contains(tried, name) {
				t.Errorf("%s decides %s, which nobody tries in scopes", path, name)
			}
		}
		return err
	})
	if err != nil || found < 50 {
		t.Errorf("%d decisions, %v", found, err)
	}
}

// method carries a method of the ledger out.
func method(
	name string,
) func(context.Context, *ledger.Ledger, string, domain.ProjectID, domain.CenterID, string) error {
	return func(
		ctx context.Context, l *ledger.Ledger, key string, p domain.ProjectID, c domain.CenterID, region string,
	) error {
		m := reflect.ValueOf(l.About(access.Place{Project: p})).MethodByName(name)
		args := []reflect.Value{reflect.ValueOf(ctx)}
		for i := 1; i < m.Type().NumIn(); i++ {
			if in := m.Type().In(i); in != reflect.TypeFor[ledger.Request]() {
				args = append(args, filled(in, p, c, region))
				continue
			}
			role := domain.RegionalAdmin
			if strings.HasPrefix(name, "Decide") {
				role = domain.DepartmentManager // keeps a gate of both kinds
			}
			args = append(args, reflect.ValueOf(ledger.Request{Key: key, Actor: domain.Actor{Name: "wei", Role: role}}))
		}
		out := m.Call(args)
		err, _ := out[len(out)-1].Interface().(error)
		return err
	}
}

// Every command is refused to who asks in nobody's scope.
func TestEveryCommandIsAskedInAScope(t *testing.T) {
	w := newWorld(t)
	all := commands()
	if len(all) < 85 {
		t.Fatalf("only %d commands were found", len(all))
	}
	for _, c := range all {
		if c.name == "StoreAttachment" {
			continue // is refused before anything else: nothing keeps files here
		}
		err := c.try(t.Context(), w.base.Under(access.Scope{}), "nobody-"+c.name, "P001", "C01", "华东")
		if !errors.Is(err, ledger.ErrNoScope) {
			t.Errorf("%s in nobody's scope: %v", c.name, err)
		}
	}
}

// What lies outside the scope answers a command like what does not exist: with the same
// code, in the same words, and nothing is recorded.
func TestACommandOutsideTheScopeAnswersLikeWhatDoesNotExist(t *testing.T) {
	w := newWorld(t)
	south, err := w.base.Scope(t.Context(), access.Reach{Regions: []string{"华南"}})
	if err != nil {
		t.Fatal(err)
	}
	before, err := w.base.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range commands() {
		if slices.Contains(common, c.name) {
			continue
		}
		l := w.base.Under(south)
		outside := c.try(t.Context(), l, "a-"+c.name, "P001", "C01", "华东")
		missing := c.try(t.Context(), l, "b-"+c.name, "P009", "C09", "华北")
		if outside == nil || missing == nil {
			t.Errorf("%s is let through: outside %v, missing %v", c.name, outside, missing)
			continue
		}
		said := strings.NewReplacer("P001", "P009", "C01", "C09", "华东", "华北").Replace(outside.Error())
		if said != missing.Error() {
			t.Errorf("%s answers outside\n%s\nand of what does not exist\n%s", c.name, said, missing)
		}
	}
	if head, err := w.base.Head(t.Context()); err != nil || head != before {
		t.Errorf("outside the scope something was recorded: %d events, %v", head-before, err)
	}
	if events, _, err := w.base.Log(t.Context(), before, 10); err != nil || len(events) > 0 {
		t.Errorf("recorded: %v %v", events, err)
	}
}

// A key that somebody else has used tells nothing of what lies outside the scope, and
// in it is refused.
func TestAKeyOfSomebodyElseShowsNothing(t *testing.T) {
	w := newWorld(t)
	note := func(l *ledger.Ledger, who string) (eventstore.Outcome, error) {
		return ledger.Do(t.Context(), l, ledger.Request{
			Key: "shared", Actor: domain.Actor{Name: who, Role: domain.RegionalAdmin},
		}, account.NoteFollowUp{FollowUp: "N-1", Center: "C01", On: today, Contact: "王", Note: "月底付"},
			(*account.Account).NoteFollowUp)
	}
	w.must(note(w.base, "qian"))
	south, err := w.base.Scope(t.Context(), access.Reach{Regions: []string{"华南"}})
	if err != nil {
		t.Fatal(err)
	}
	var r *domain.Rejection
	if o, err := note(w.base.Under(south), "qian"); !errors.As(err, &r) || r.Code != "unknown-center" || o.Repeated {
		t.Errorf("a repeat of what has come to lie outside the scope: %+v, %v", o, err)
	}
	if _, err := note(w.base.Under(south), "wei"); !errors.As(err, &r) || r.Code != "unknown-center" {
		t.Errorf("somebody else's key outside the scope: %v", err)
	}
	if _, err := note(w.base, "wei"); !errors.As(err, &r) || r.Code != "idempotency-key-reused" {
		t.Errorf("somebody else's key: %v", err)
	}
}

// The sites follow the log: what this ledger records counts at once.
func TestAScopeFollowsWhatIsRecorded(t *testing.T) {
	w := newWorld(t)
	scope := func(r access.Reach) access.Scope {
		t.Helper()
		s, err := w.base.Scope(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := scope(access.OfCenter("C02")); s.Has(access.Place{Project: "P001"}) || !s.Has(access.Place{Center: "C02"}) {
		t.Error("C02 has P001 before it came to it")
	}
	w.must(w.base.AssignCenter(t.Context(), w.ask(), project.AssignCenter{Project: "P001", Center: "C02", From: today}))
	if s := scope(access.OfCenter("C02")); !s.Has(access.Place{Project: "P001"}) {
		t.Error("C02 has not P001 after it came to it")
	}
	if s := scope(access.OfCenter("C01")); s.Has(access.Place{Project: "P001"}) || !s.KnowsProject("P001") {
		t.Error("C01 still has P001, or cannot name it any more")
	}
	city := scope(access.Reach{Cities: []string{"深圳"}})
	if !city.Has(access.Place{Center: "C03"}) || city.Has(access.Place{Center: "C01"}) {
		t.Error("a city has the centers that answer for its projects")
	}
}

// The history of what lies outside the scope is that of nothing.
func TestAStreamOutsideTheScopeHasNoEvents(t *testing.T) {
	w := newWorld(t)
	south, err := w.base.Scope(t.Context(), access.Reach{Regions: []string{"华南"}})
	if err != nil {
		t.Fatal(err)
	}
	for stream, want := range map[string]bool{
		"ticket-T-P001": false, "ticket-T-P003": true, "return-R-P001": false, "return-R-P003": true,
		"requisition-Q-P001": false, "requisition-Q-P003": true, "project-P001": false, "project-P003": true,
		"account-C01": false, "account-C03": true, "pricelist": true, "number-F2-R-P001": false,
	} {
		l := w.base.Under(south)
		steps, err := l.Steps(t.Context(), stream)
		if err != nil || len(steps) > 0 != want {
			t.Errorf("%s shows %d events, %v", stream, len(steps), err)
		}
		if shown, err := l.Shown(t.Context(), stream); err != nil || shown != want {
			t.Errorf("%s is shown: %t, %v", stream, shown, err)
		}
		if _, err := w.base.Under(access.Scope{}).Steps(t.Context(), stream); !errors.Is(err, ledger.ErrNoScope) {
			t.Errorf("%s is read in nobody's scope: %v", stream, err)
		}
	}
	if _, _, err := w.base.Under(south).Log(t.Context(), 0, 10); err == nil {
		t.Error("a part of the company reads the whole log")
	}
}
