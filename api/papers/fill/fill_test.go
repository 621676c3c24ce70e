package fill_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"aftersales-ledger/api/papers/fill"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/letterhead"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

func TestAPaperIsFilledWithoutAServer(t *testing.T) {
	clock := func() time.Time { return time.Date(2026, time.June, 10, 9, 30, 0, 0, calendar.Shanghai) }
	log := sqlitetest.Open(t, sqlite.Options{Clock: clock})
	l := ledger.New(eventstore.NewExecutor(log, eventstore.Trade, eventstore.ExecutorOptions{}), policy.Default(), clock)
	whole, ctx := l.Under(access.Whole()), t.Context()
	by := func(key string) ledger.Request {
		return ledger.Request{Key: key, Actor: domain.Actor{Name: "周行政", Role: domain.RegionalAdmin}}
	}
	_, opened := ledger.Do(ctx, whole, by("C01"), account.Open{
		Center: "C01", Name: "云栖花园物业服务中心", Region: "华东", Terms: account.Terms{SameDueDate: account.ProRata},
	},
		(*account.Account).Open)
	_, registered := whole.RegisterProject(ctx, by("P001"), project.Register{
		Project: "P001", Name: "云栖花园", Region: "华东", City: "杭州", Center: "C01", Presence: policy.OnProject,
		From: calendar.NewDate(2024, time.September, 1),
		Warranty: project.Warranty{
			OccupancyOn: calendar.NewDate(2024, time.September, 1), StartsFrom: project.FromOccupancy, Months: 36,
		},
	})
	_, told := whole.RegisterTicket(ctx, by("T-1"), ticket.Register{
		Ticket: "T-1", Project: "P001", Room: "3-1-1202", Owner: "张三", Need: "门口机黑屏", RegisteredAt: clock(),
	})
	if err := errors.Join(opened, registered, told); err != nil {
		t.Fatal(err)
	}

	clerk := fill.Clerk{
		Ledger: l, Clock: clock, Scope: access.Whole(),
		Letterheads: letterhead.Book{Names: func(login string, _ calendar.Date) string {
			return map[string]string{"周行政": "周海燕"}[login]
		}},
	}
	paper, err := clerk.Registration(ctx, "T-1")
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := paper.Form.Print(&page); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"云栖花园物业服务中心（C01）", "门口机黑屏", "周海燕"} {
		if !strings.Contains(page.String(), text) {
			t.Errorf("%q is not on the page:\n%s", text, page.String())
		}
	}
	if paper.File != "F0 登记表 T-1" {
		t.Errorf("its file is called %q", paper.File)
	}

	if clerk.Scope, err = l.Scope(ctx, access.Reach{Centers: []domain.CenterID{"C02"}}); err != nil {
		t.Fatal(err)
	}
	var refused *domain.Rejection
	if _, err := clerk.Registration(ctx, "T-1"); !errors.As(err, &refused) || refused.Kind != domain.KindNotFound {
		t.Errorf("another center is answered %v, and not that there is no such ticket", err)
	}
}
