package verify

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"

	"aftersales-ledger/api"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// TestAStatementTooLongForOneEventIsFrozenAllTheSame: a quarter of more charges
// than an event holds is issued, superseded, issued anew and confirmed; every
// version reads back line by line under its hash, also by a ledger that folds
// the log anew; and the audit finds what was changed in its lines.
func TestAStatementTooLongForOneEventIsFrozenAllTheSame(t *testing.T) {
	const charges = 2500
	store := sqlitetest.Open(t, sqlite.Options{})
	day := calendar.NewDate(2026, time.July, 15)
	open := func() *ledger.Ledger {
		return ledger.New(eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{}), policy.Default(),
			func() time.Time { return day.Start() }).Under(access.Whole())
	}
	l, ctx, q2 := open(), t.Context(), calendar.QuarterOf(2026, 2)
	ask := func(role domain.Role, key string) ledger.Request {
		a := domain.Actor{Name: string(role), Role: role}
		if role.OfCenter() {
			a.Center = "C01"
		}
		return ledger.Request{Key: key, Actor: a}
	}
	must := func(o eventstore.Outcome, err error) eventstore.Outcome {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	must(ledger.Do(ctx, l, ask(domain.Finance, "open"),
		account.Open{Center: "C01", Name: "云栖", Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate}},
		(*account.Account).Open))
	must(l.RegisterProject(ctx, ask(domain.RegionalAdmin, "project"), project.Register{
		Project: "P001", Name: "云栖", Region: "华东", City: "杭州", Center: "C01", From: calendar.NewDate(2024, 9, 1),
		Presence: policy.OnProject,
		Warranty: project.Warranty{
			AcceptanceOn: calendar.NewDate(2024, 9, 1), StartsFrom: project.FromAcceptance, Months: 24,
		},
	}))
	must(ledger.Do(ctx, l, ask(domain.DepartmentManager,
		"prices"), pricelist.Publish{Version: "1", EffectiveFrom: calendar.NewDate(2026, 1, 1), Items: []pricelist.Item{
		{Code: "R", Name: "可视对讲室内机维修费", Kind: pricelist.Repair, Unit: "元", Price: decimal.NewFromInt(1)},
	}}, ledger.Dateless((*pricelist.List).Publish)))
	charge := func(n int) error {
		_, err := l.AccrueCharge(ctx, ask(domain.Technician,
			fmt.Sprint("charge", n)), ledger.Charge{Item: "R", AccrueCharge: account.AccrueCharge{
			Charge: domain.ChargeID(fmt.Sprintf("F3-C01-%05d", n)), Center: "C01", Project: "P001", Room: "3-1-1202",
			Quantity:   decimal.New(15_000+int64(n), -2),
			OccurredOn: calendar.NewDate(2026, 6, 1).AddDays(n % 30),
		}})
		return err
	}
	var group errgroup.Group
	group.SetLimit(64)
	for n := range charges {
		group.Go(func() error { return charge(n) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}

	issued := func(key string) account.StatementIssued {
		return must(ledger.Do(ctx, l, ask(domain.RegionalAdmin, key),
			account.IssueStatement{Center: "C01", Quarter: q2},
			ledger.ByRules(l, (*account.Account).IssueStatement))).Events[0].(account.StatementIssued)
	}
	first := issued("v1")
	if want := (account.Abridged{
		Lines: charges, Awaiting: charges, Owed: true,
	}); first.Abridged == nil || *first.Abridged != want || len(first.Lines)+len(first.Awaiting) > 0 {
		t.Fatalf("the event of %d charges is abridged as %+v and holds %d lines", charges, first.Abridged, len(first.Lines))
	}
	if err := charge(charges); err != nil {
		t.Fatal(err)
	}
	second := issued("v2")
	must(ledger.Do(ctx, l, ask(domain.CenterHead, "confirm"), account.ConfirmStatement{
		Center: "C01", Quarter: q2, Version: 2, Disputes: []account.Dispute{{Charge: "F3-C01-00007", Reason: "未施工"}},
	}, (*account.Account).ConfirmStatement))
	for _, l := range []*ledger.Ledger{l, open()} {
		versions, err := l.Statements(ctx, "C01", q2)
		if err != nil || len(versions) != 2 {
			t.Fatalf("%d versions: %v", len(versions), err)
		}
		for i, v := range versions {
			issued, status := []account.StatementIssued{
				first, second,
			}[i], []account.StatementStatus{account.SupersededStatus, account.PartlyConfirmed}[i]
			if len(v.Version.Lines) != charges+i || len(v.Version.Awaiting) != charges+i ||
				v.Version.Hash() != issued.ContentHash || v.Status != status {
				t.Errorf("version %d is %s, has %d lines and hashes to %s; it was issued with %s", i+1, v.Status,
					len(v.Version.Lines), v.Version.Hash(), issued.ContentHash)
			}
		}
	}

	var events []api.LogEvent
	for after := eventstore.Position(0); ; {
		page, more, err := l.Log(ctx, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			events = append(events, logEvent(r))
			after = r.Position
		}
		if !more {
			break
		}
	}
	if found := findings(t, events); len(found) > 0 {
		t.Fatalf("found in a good log: %q", found)
	}
	i := slices.IndexFunc(events, func(e api.LogEvent) bool { return strings.Contains(e.Data, "F3-C01-00100") })
	events[i].Data = strings.Replace(events[i].Data, "3-1-1202", "3-1-1203", 1) // changes no figure
	found := findings(t, events)
	for _, want := range []string{"changed after it was recorded", "or its lines differ"} {
		if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, want) }) {
			t.Errorf("no finding says %q: %q", want, found)
		}
	}
}
