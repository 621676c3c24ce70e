package verify

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api"
	"aftersales-ledger/api/wording"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// recorded is the log of a center whose second quarter is confirmed.
func recorded(t *testing.T) (events []api.LogEvent) {
	t.Helper()
	store := sqlitetest.Open(t, sqlite.Options{})
	day := calendar.NewDate(2026, time.July, 15)
	l := ledger.New(eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{}), policy.Default(),
		func() time.Time { return day.Start() }).Under(access.Whole())
	ctx, n := t.Context(), 0
	ask := func(role domain.Role) ledger.Request {
		n++
		return ledger.Request{
			Key:   strings.Repeat("k", n),
			Actor: domain.Actor{Name: string(role), Role: role, Center: map[bool]domain.CenterID{true: "C01"}[role.OfCenter()]},
		}
	}
	must := func(_ eventstore.Outcome, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(ledger.Do(ctx, l, ask(domain.Finance),
		account.Open{Center: "C01", Name: "云栖", Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate}},
		(*account.Account).Open))
	must(l.RegisterProject(ctx, ask(domain.RegionalAdmin), project.Register{
		Project: "P001", Name: "云栖", Region: "华东", City: "杭州", Center: "C01", From: calendar.NewDate(2024, 9, 1),
		Presence: policy.OnProject,
		Warranty: project.Warranty{
			AcceptanceOn: calendar.NewDate(2024, 9, 1), StartsFrom: project.FromAcceptance, Months: 24,
		},
	}))
	must(ledger.Do(ctx, l, ask(domain.DepartmentManager), pricelist.Publish{Version: "1",
		EffectiveFrom: calendar.NewDate(2026, 1, 1), Items: []pricelist.Item{
			{Code: "R", Name: "维修费", Kind: pricelist.Repair, Unit: "元", Price: decimal.NewFromInt(1)},
		}}, ledger.Dateless((*pricelist.List).Publish)))
	charge := func(id domain.ChargeID, fen int64) {
		must(l.AccrueCharge(ctx, ask(domain.Technician), ledger.Charge{Item: "R", AccrueCharge: account.AccrueCharge{
			Charge: id, Center: "C01", Project: "P001", Quantity: decimal.New(fen, -2), OccurredOn: calendar.NewDate(2026, 6, 1),
		}}))
	}
	charge("F1", 845_050)
	must(l.ReceivePayment(ctx, ask(domain.Finance),
		account.ReceivePayment{
			Center: "C01", BankReference: "S1", Payer: "物业", Amount: money.Fen(500_000),
			ReceivedOn: calendar.NewDate(2026, 6, 20),
		}))
	q2 := calendar.QuarterOf(2026, 2)
	must(ledger.Do(ctx, l, ask(domain.RegionalAdmin), account.IssueStatement{Center: "C01", Quarter: q2},
		ledger.ByRules(l, (*account.Account).IssueStatement)))
	must(ledger.Do(ctx, l, ask(domain.CenterHead), account.ConfirmStatement{Center: "C01", Quarter: q2, Version: 1},
		(*account.Account).ConfirmStatement))
	charge("F2", 68_000)
	recs, _, err := l.Log(ctx, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recs {
		events = append(events, logEvent(r))
	}
	return events
}

func logEvent(r eventstore.Recorded) api.LogEvent {
	return api.LogEvent{
		Position: uint64(r.Position), Stream: r.Stream, Revision: int64(r.Revision), ID: r.ID.String(), Type: r.Type,
		Data: string(r.Data), Metadata: string(r.Metadata), RecordedAt: r.RecordedAt.Format(time.RFC3339Nano),
	}
}

func findings(t *testing.T, events []api.LogEvent) (found []string) {
	t.Helper()
	a := newAudit()
	for _, e := range events {
		if err := a.event(e); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range a.Flaws {
		found = append(found, f.Where+": "+f.What.String())
		if say := wording.Chinese.Say(f.What); say == f.What.String() {
			t.Errorf("not said in Chinese: %s", say)
		}
	}
	return found
}

func TestATamperedLogIsFound(t *testing.T) {
	events := recorded(t)
	if found := findings(t, events); len(found) > 0 {
		t.Fatalf("found in a good log: %q", found)
	}
	at := func(events []api.LogEvent, typ string) int {
		return slices.IndexFunc(events, func(e api.LogEvent) bool { return e.Type == typ })
	}
	edit := func(typ, old, new string) func([]api.LogEvent) []api.LogEvent {
		return func(events []api.LogEvent) []api.LogEvent {
			i := at(events, typ)
			if !strings.Contains(events[i].Data+events[i].Metadata, old) {
				t.Fatalf("%s has no %s: %s", typ, old, events[i].Data)
			}
			events[i].Data = strings.ReplaceAll(events[i].Data, old, new)
			events[i].Metadata = strings.ReplaceAll(events[i].Metadata, old, new)
			return events
		}
	}
	for name, tc := range map[string]struct {
		tamper func([]api.LogEvent) []api.LogEvent
		want   []string // parts of findings
	}{
		"an amount":               {edit("ChargeAccrued", "8450.50", "7450.50"), []string{"changed after it was recorded", "from the events before it the quarter closes at 2,450.50"}},
		"who did it":              {edit("PaymentReceived", `"actor":"finance"`, `"actor":"y"`), []string{"changed after it was recorded"}},
		"what a statement says":   {edit("StatementIssued", `"closing":"3450.50"`, `"closing":"3450.00"`), []string{"hashes to", "changed after it was recorded"}},
		"one side of a charge":    {edit("ChargeAccrued", `"gross":"8450.50"`, `"gross":"8450.60"`), []string{"its postings sum to 0.10"}},
		"what was confirmed":      {edit("StatementConfirmed", `"contentHash":"`, `"contentHash":"f`), []string{"which was issued with"}},
		"an event that cannot be": {edit("ChargeAccrued", `"2026-06-01"`, `"2026-06-41"`), []string{"2026-06-41"}},
		"an event taken away": {func(events []api.LogEvent) []api.LogEvent {
			return slices.Delete(events, at(events, "PaymentReceived"), at(events, "PaymentReceived")+1)
		}, []string{"is missing before it", "does not follow from the events before it"}},
		"two events exchanged": {func(events []api.LogEvent) []api.LogEvent {
			i := at(events, "PaymentReceived")
			events[i], events[i+1] = events[i+1], events[i]
			return events
		}, []string{"does not lie after position", "is missing before it"}},
	} {
		t.Run(name, func(t *testing.T) {
			found := findings(t, tc.tamper(slices.Clone(events)))
			for _, want := range tc.want {
				if !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, want) }) {
					t.Errorf("no finding says %q: %q", want, found)
				}
			}
		})
	}
}
