package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/user"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/ledger"
)

// reads counts the reads of streams.
type reads struct {
	eventstore.Store
	n atomic.Int64
}

func (s *reads) ReadStream(
	ctx context.Context, stream string, from eventstore.Revision, dir eventstore.Direction,
) iter.Seq2[eventstore.Recorded, error] {
	s.n.Add(1)
	return s.Store.ReadStream(ctx, stream, from, dir)
}

func by(login, key string) ledger.Request {
	return ledger.Request{Key: key, Actor: domain.Actor{Name: login, Role: domain.Administrator}}
}

// known is a place that exists, whatever it is called.
type known struct{}

func (known) MustBeRegion(context.Context, string, string) error { return nil }
func (known) MustBeCity(_ context.Context, field, name string) error {
	return domain.Invalid(field, name, "unknown-city", "is not a city of a project", "4")
}

// staffed is a department with two administrators.
func staffed(t *testing.T) *department {
	d := newDepartment(t)
	ctx := t.Context()
	create := user.Create{Login: "Admin", Name: "管理", Reason: "上线"}
	d.must(ledger.Do(ctx, d.Ledger, by("user-init", "u1"), user.Begin{Create: create}, (*user.Users).Begin))
	create.Login, create.Name = "admin2", "管理二"
	d.must(ledger.Do(ctx, d.Ledger, by("admin", "u2"), create, (*user.Users).Create))
	d.must(d.GrantRole(ctx, by("admin", "u3"), user.Grant{
		Login: "admin2", Role: domain.Administrator, Reach: access.Everything(), Reason: "备份",
	}, known{}))
	return d
}

// TestTheDirectoryKnowsWhatIsDecided, in the process that decides it at once and in
// others when they look, on either log; and asking it reads nothing.
func TestTheDirectoryKnowsWhatIsDecided(t *testing.T) {
	for name, open := range map[string]func(*testing.T, *department) eventstore.Store{
		"SQLite": func(_ *testing.T, d *department) eventstore.Store { return d.store },
		"EventStoreDB": func(t *testing.T, d *department) eventstore.Store {
			address, _ := esdbtest.Serve(t, d.store)
			store, err := esdb.Open(t.Context(), address, esdb.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = store.Close() })
			return store
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, ctx := staffed(t), t.Context()
			counted := &reads{Store: open(t, d)}
			process := func() *ledger.Ledger {
				return ledger.New(eventstore.NewExecutor(counted, eventstore.Trade, eventstore.ExecutorOptions{}),
					policy.Default(), func() time.Time { return today.Start() }).Under(access.Whole())
			}
			one, two := process(), process()
			if _, ok := two.People().Person("admin2"); ok || two.People().Begun() {
				t.Error("a directory that read nothing knows somebody")
			}
			if err := two.People().Refresh(ctx); err != nil {
				t.Fatal(err)
			}
			suspend := user.Suspend{Login: "admin2", Reason: "离职"}
			d.must(ledger.Do(ctx, one, by("admin", "s1"), suspend, (*user.Users).Suspend))
			suspended := func(l *ledger.Ledger) bool {
				p, ok := l.People().Person(" ADMIN2")
				return ok && p.Suspended && p.Grants == nil && l.People().Name("admin2") == "管理二"
			}
			if !suspended(one) {
				t.Error("the process that suspended somebody does not know it")
			}
			running, stop := context.WithCancel(ctx)
			defer stop()
			go two.People().Run(running, slog.New(slog.DiscardHandler))
			for deadline := time.Now().Add(10 * time.Second); !suspended(two); time.Sleep(20 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("the other process never knows that somebody is suspended")
				}
			}
			stop()
			before := counted.n.Load()
			for range 1000 {
				one.People().Person("admin2")
				one.People().All()
				one.People().NameOn("admin", today)
			}
			if n := counted.n.Load() - before; n > 2 { // a look of the directory that was on its way
				t.Errorf("asking the directory read %d times", n)
			}
		})
	}
}

// Each of two administrators suspends the other at the same moment, through
// different processes: one of them is left.
func TestTheLastAdministratorStaysWhateverProcessesRace(t *testing.T) {
	d, ctx := staffed(t), t.Context()
	var all []*ledger.Ledger
	for range 2 {
		all = append(all, ledger.New(eventstore.NewExecutor(d.store, eventstore.Trade, eventstore.ExecutorOptions{}),
			policy.Default(), func() time.Time { return today.Start() }).Under(access.Whole()))
	}
	var group sync.WaitGroup
	var errs [2]error
	for i, login := range []string{"admin", "admin2"} {
		group.Go(func() {
			_, errs[i] = ledger.Do(ctx, all[i], by(login, fmt.Sprint("race", i)),
				user.Suspend{Login: []string{"admin2", "admin"}[i], Reason: "争执"}, (*user.Users).Suspend)
		})
	}
	group.Wait()
	refused := 0
	for _, err := range errs {
		var r *domain.Rejection
		if errors.As(err, &r) && r.Code == "last-administrator" {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	if refused != 1 {
		t.Errorf("%d of two were refused", refused)
	}
}

func TestAGrantNamesWhatThereIs(t *testing.T) {
	d, cases := staffed(t), 0
	for name, c := range map[string]struct {
		role  domain.Role
		reach access.Reach
		code  string
	}{
		"a project":                   {domain.Technician, access.Reach{Projects: []domain.ProjectID{"P001"}}, ""},
		"no project":                  {domain.Technician, access.Reach{Projects: []domain.ProjectID{"P001", "P009"}}, "unknown-project"},
		"a center":                    {domain.CenterHead, access.OfCenter("C02"), ""},
		"no center":                   {domain.CenterHead, access.OfCenter("C09"), "unknown-center"},
		"a region":                    {domain.RegionalAdmin, access.Reach{Regions: []string{"华东"}}, ""},
		"no city":                     {domain.CityLead, access.Reach{Cities: []string{"亚特兰蒂斯"}}, "unknown-city"},
		"another kind of it, as such": {domain.CityLead, access.Reach{Projects: []domain.ProjectID{"P009"}}, "reach-of-another-kind"},
	} {
		t.Run(name, func(t *testing.T) {
			key := name
			cases++
			login := fmt.Sprint("li.", cases)
			d.must(ledger.Do(t.Context(), d.Ledger, by("admin", key+"+"),
				user.Create{Login: login, Name: "李", Reason: "入职"}, (*user.Users).Create))
			_, err := d.GrantRole(t.Context(), by("admin", key),
				user.Grant{Login: login, Role: c.role, Reach: c.reach, Reason: "接任"}, known{})
			var r *domain.Rejection
			if errors.As(err, &r) != (c.code != "") || r != nil && r.Code != c.code || r == nil && err != nil {
				t.Errorf("got %v, want %q", err, c.code)
			}
		})
	}
	steps, err := d.UserHistory(t.Context(), "ADMIN2")
	if err != nil || len(steps) != 2 || steps[1].Actor != "admin" {
		t.Errorf("the history of admin2: %v, %v", steps, err)
	}
	if _, err := d.UserHistory(t.Context(), "nobody"); err == nil {
		t.Error("nobody has a history")
	}
}

// What a provider says is recorded under its name; what it names and the ledger does not
// have is left out.
func TestWhatAProviderSaysIsRecordedUnderItsName(t *testing.T) {
	d := staffed(t)
	ctx := t.Context()
	says := user.Follow{
		Identity: user.Identity{Issuer: "https://id.example.com/realm", Subject: "7"}, Login: "wang.fang", Name: "王芳",
		Create: true, Days: 30, Wanted: []user.Wanted{
			{Role: domain.Finance, Reach: access.Everything(), Reason: "groups=finance"},
			{Role: domain.RegionalAdmin, Reach: access.Reach{Regions: []string{"华北"}}, Reason: "groups=north"},
		},
	}
	p, unknown, err := d.FollowProvider(ctx, "k1", says)
	if err != nil || p.Login != "wang.fang" || len(p.Grants) != 1 || p.Grants[0].Role != domain.Finance ||
		!unknown.Same(access.Reach{Regions: []string{"华北"}}) {
		t.Fatalf("they are %+v, unknown is %+v, %v", p, unknown, err)
	}
	if q, ok := d.People().Person("wang.fang"); !ok || len(q.Grants) != 1 {
		t.Errorf("the directory has %+v", q)
	}
	steps, err := d.UserHistory(ctx, "wang.fang")
	if err != nil || len(steps) != 3 {
		t.Fatalf("%d steps, %v", len(steps), err)
	}
	for _, s := range steps {
		if s.Actor != "oidc:id.example.com" {
			t.Errorf("%s is recorded as by %s", s.Event.EventType(), s.Actor)
		}
	}
	says.Wanted = nil
	if _, _, err := d.FollowProvider(ctx, "k2", says); err == nil {
		t.Error("who is granted nothing is let in")
	}
	if q, _ := d.People().Person("wang.fang"); len(q.Grants) != 0 {
		t.Errorf("what is claimed no more is held: %+v", q.Grants)
	}
}
