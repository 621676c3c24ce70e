package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/pricelist"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/sqlite/sqlitetest"
)

// failing refuses to append to streams of a prefix while it is set, and counts the
// appends of the others.
type failing struct {
	eventstore.Store
	prefix   string
	appended atomic.Int64
}

func (f *failing) Append(
	ctx context.Context, stream string, expected eventstore.Expected, events []eventstore.Proposed,
) (eventstore.Appended, error) {
	if f.prefix != "" && strings.HasPrefix(stream, f.prefix) {
		return eventstore.Appended{}, fmt.Errorf("disk full: %w", eventstore.ErrUnavailable)
	}
	f.appended.Add(1)
	return f.Store.Append(ctx, stream, expected, events)
}

// department is a ledger with two centers, a project of the first and prices.
type department struct {
	t     *testing.T
	store *failing
	*ledger.Ledger
	n int
}

var today = calendar.NewDate(2026, time.October, 8)

func newDepartment(t *testing.T) *department {
	store := sqlitetest.Open(t, sqlite.Options{})
	return departmentOn(t, store)
}

// departmentOn sets the department up in a log, or finds it there.
func departmentOn(t *testing.T, store eventstore.Store) *department {
	d := &department{t: t, store: &failing{Store: store}}
	d.Ledger = ledger.New(eventstore.NewExecutor(d.store, eventstore.Trade, eventstore.ExecutorOptions{}),
		policy.Default(), func() time.Time { return today.Start() }).Under(access.Whole())
	ctx := t.Context()
	for _, center := range []domain.CenterID{"C01", "C02"} {
		d.must(ledger.Do(ctx, d.Ledger, d.ask(),
			account.Open{
				Center: center, Name: string(center), Region: "华东", Terms: account.Terms{SameDueDate: account.ByChargeDate},
			}, (*account.Account).Open))
	}
	d.must(d.RegisterProject(ctx, d.ask(), project.Register{
		Project: "P001", Name: "云栖", Region: "华东", City: "杭州", Center: "C01", From: calendar.NewDate(2024, 9, 1),
		Presence: policy.OnProject,
		Warranty: project.Warranty{
			AcceptanceOn: calendar.NewDate(2024, 9, 1), StartsFrom: project.FromAcceptance, Months: 24,
		},
	}))
	d.must(ledger.Do(ctx, d.Ledger, d.ask(), pricelist.Publish{Version: "1", EffectiveFrom: calendar.NewDate(2026, 1,
		1), Items: []pricelist.Item{
		{Code: "R", Name: "维修费", Kind: pricelist.Repair, Unit: "元", Price: decimal.NewFromInt(1)},
	}}, ledger.Dateless((*pricelist.List).Publish)))
	return d
}

func (d *department) ask() ledger.Request {
	d.n++
	return request(fmt.Sprint("k", d.n))
}

func request(key string) ledger.Request {
	return ledger.Request{Key: key, Actor: domain.Actor{Name: "qian", Role: domain.RegionalAdmin}}
}

func (d *department) must(o eventstore.Outcome, err error) eventstore.Outcome {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	return o
}

func (d *department) charge(id domain.ChargeID, yuan int64) {
	d.t.Helper()
	d.must(d.AccrueCharge(d.t.Context(), d.ask(), ledger.Charge{Item: "R", AccrueCharge: account.AccrueCharge{
		Charge: id, Center: "C01", Project: "P001", Quantity: decimal.NewFromInt(yuan), OccurredOn: today,
	}}))
}

// closing is what a center's statement of the present quarter would close at.
func (d *department) closing(center domain.CenterID) string {
	d.t.Helper()
	s, err := d.DraftStatement(d.t.Context(), center, today.Quarter())
	if err != nil {
		d.t.Fatal(err)
	}
	return s.Closing.String()
}

// unhurried gives a test a time of its own: what is waited for a log that is away
// costs none.
func unhurried(test func(*testing.T)) func(*testing.T) {
	return func(t *testing.T) { synctest.Test(t, test) }
}

func TestAMoveThatBrokeOffIsCompletedByTheSameRequest(t *testing.T) {
	for _, broken := range []string{"project-", "account-C01", "account-C02"} {
		t.Run(broken, unhurried(func(t *testing.T) {
			d := newDepartment(t)
			d.charge("F1", 100)
			d.charge("F2", 23)
			move := project.AssignCenter{Project: "P001", Center: "C02", From: today}
			d.store.prefix = broken
			if _, err := d.AssignCenter(t.Context(), request("move"), move); !errors.Is(err, eventstore.ErrUnavailable) {
				t.Fatal(err)
			}
			d.store.prefix = ""
			again := d.must(d.AssignCenter(t.Context(), request("move"), move))
			if got := d.closing("C01") + " " + d.closing("C02"); got != "0.00 123.00" {
				t.Errorf("they close at %s after the repeat", got)
			}
			if len(again.Events) == 0 || again.Position == 0 {
				t.Errorf("the repeat answered %+v", again)
			}
			d.must(d.AssignCenter(t.Context(), request("other"), move))
			if got := d.closing("C01") + " " + d.closing("C02"); got != "0.00 123.00" {
				t.Errorf("they close at %s after another one", got)
			}
		}))
	}
}

// TestABatchIsRecordedAsAWholeOrNotAtAll: where the log is away, nothing of it is
// there; the request again records it once. A batch that an earlier version
// recorded line by line, and broke off in, is completed.
func TestABatchIsRecordedAsAWholeOrNotAtAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t)
		line := func(id domain.ChargeID, yuan int64) ledger.Charge {
			return ledger.Charge{Item: "R", AccrueCharge: account.AccrueCharge{
				Charge: id, Center: "C01", Project: "P001", Quantity: decimal.NewFromInt(yuan), OccurredOn: today,
			}}
		}
		batch := ledger.ChargeBatch{Center: "C01", Lines: []ledger.Charge{line("F1", 100), line("F2", 20), line("F3", 3)}}
		send := func(key string, c ledger.ChargeBatch) (string, error) {
			t.Helper()
			o, faults, err := d.AccrueCharges(t.Context(), request(key), c, make([]error, len(c.Lines)))
			said := ""
			for _, l := range o.Lines {
				said += fmt.Sprint(l.Charge.Charge, " ", l.Charge.Money.Gross, " ", l.Recorded, "; ")
			}
			for i, f := range faults {
				if f != nil {
					said += fmt.Sprint(i, " ", f, "; ")
				}
			}
			return said, err
		}
		d.store.prefix = "account-"
		if said, err := send("day-1", batch); !errors.Is(err, eventstore.ErrUnavailable) || d.closing("C01") != "0.00" {
			t.Fatalf("%q, %v, and %s are owed", said, err, d.closing("C01"))
		}
		d.store.prefix = ""
		before := d.store.appended.Load()
		if said, err := send("day-1",
			batch); err != nil || said != "F1 100.00 true; F2 20.00 true; F3 3.00 true; " || d.store.appended.Load() != before+
			1 {
			t.Fatalf("%q, %v in %d appends", said, err, d.store.appended.Load()-before)
		}
		if said, err := send("day-1",
			batch); err != nil || said != "F1 100.00 false; F2 20.00 false; F3 3.00 false; " || d.closing("C01") != "123.00" {
			t.Fatalf("again: %q, %v, and %s are owed", said, err, d.closing("C01"))
		}

		old := ledger.ChargeBatch{Center: "C01", Lines: []ledger.Charge{line("F4", 1000), line("F5", 2000)}}
		d.must(d.AccrueCharge(t.Context(), request("day-2").LineRequest(0), old.Lines[0]))
		if said, err := send("day-2", old); err != nil || said != "F4 1000.00 false; F5 2000.00 true; " {
			t.Fatalf("the rest of an old batch: %q, %v", said, err)
		}
		if said, err := send("day-2",
			old); err != nil || said != "F4 1000.00 false; F5 2000.00 false; " || d.closing("C01") != "3123.00" {
			t.Fatalf("again: %q, %v, and %s are owed", said, err, d.closing("C01"))
		}

		bad := ledger.ChargeBatch{Center: "C01", Lines: []ledger.Charge{line("F6", 1), line("F1", 1), line("F6", 2)}}
		if said, err := send("day-3",
			bad); err != nil || !strings.Contains(said,
			"1 charge \"F1\"") || !strings.Contains(said, "2 charge \"F6\"") || d.closing("C01") != "3123.00" {
			t.Fatalf("a bad batch: %q, %v", said, err)
		}
	})
}

// TestMovedWorkIsChargedOnce: where the log was away between the two accounts,
// whoever decides again completes it.
func TestMovedWorkIsChargedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t)
		d.must(d.RequestOffList(t.Context(), d.ask(), account.RequestOffList{
			Charge: "F9", Center: "C01", Project: "P001", Kind: pricelist.Repair, Service: "特殊", Quantity: decimal.NewFromInt(1),
			Unit:      "次",
			UnitPrice: decimal.NewFromInt(350), OccurredOn: today, Reason: "无价目",
		}))
		d.must(d.AssignCenter(t.Context(), d.ask(), project.AssignCenter{Project: "P001", Center: "C02", From: today}))
		supervisor := func(key string) ledger.Request {
			return ledger.Request{Key: key, Actor: domain.Actor{Name: "zhao", Role: domain.HQAffairsSupervisor}}
		}
		approve := account.DecideOffList{Charge: "F9", Center: "C01", Approve: true}
		d.store.prefix = "account-C02"
		if _, err := d.DecideOffList(t.Context(), supervisor("approve"),
			approve); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatal(err)
		}
		d.store.prefix = ""
		for _, key := range []string{"another", "approve", "a third"} {
			d.must(d.DecideOffList(t.Context(), supervisor(key), approve))
			if got := d.closing("C01") + " " + d.closing("C02"); got != "0.00 350.00" {
				t.Fatalf("%s: they close at %s", key, got)
			}
		}
	})
}

// TestTheTrailOfAMovedChargeFollowsIt: into the other account, also where the
// move broke off on its way; and for a center's people no further than theirs.
func TestTheTrailOfAMovedChargeFollowsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDepartment(t)
		d.charge("F1", 100)
		d.charge("F2", 23)
		move := project.AssignCenter{Project: "P001", Center: "C02", From: today}
		trail := func(center domain.CenterID, charge domain.ChargeID, accounts ledger.Accounts) string {
			t.Helper()
			c, err := d.ChargeTrail(t.Context(), account.ChargePlace{Center: center, Charge: charge}, "", ledger.TrailCut{
				AsOf: today, KnownAt: time.Now().Add(time.Hour), Through: 1 << 40,
			}, accounts)
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, l := range c.Legs {
				said = append(said, fmt.Sprintf("%s/%s owes %s", l.Center, l.Charge, l.Sums.Owed()))
			}
			for _, e := range c.Events {
				said = append(said, strings.TrimPrefix(e.Stream, "account-")+" "+e.Type)
			}
			return strings.Join(said, ", ")
		}
		check := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s:\n%s\nwant\n%s", what, got, want)
			}
		}
		d.store.prefix = "account-C02"
		if _, err := d.AssignCenter(t.Context(), request("move"), move); !errors.Is(err, eventstore.ErrUnavailable) {
			t.Fatal(err)
		}
		check("on its way", trail("C01", "F1", ledger.AllAccounts),
			"C01/F1 owes 0.00, C01 ChargeAccrued, C01 ChargeTransferredOut")
		d.store.prefix = ""
		d.must(d.AssignCenter(t.Context(), request("move"), move))
		events := "C01 ChargeAccrued, C01 ChargeTransferredOut, C02 ChargeTransferredIn"
		check("from where it came", trail("C01", "F1", ledger.AllAccounts),
			"C01/F1 owes 0.00, C02/C01.F1 owes 100.00, "+events)
		check("from where it went", trail("C02", "C01.F1", ledger.AllAccounts),
			"C02/C01.F1 owes 100.00, C01/F1 owes 0.00, "+events)
		check("for the new center", trail("C02", "C01.F1", ledger.OwnAccount),
			"C02/C01.F1 owes 100.00, C02 ChargeTransferredIn")
		check("for the old center", trail("C01", "F1", ledger.OwnAccount),
			"C01/F1 owes 0.00, C01 ChargeAccrued, C01 ChargeTransferredOut")
	})
}

func TestAMoveThatTheAccountRefusesMovesNothing(t *testing.T) {
	d := newDepartment(t)
	d.charge(domain.ChargeID(strings.Repeat("F", 64)), 100)
	_, err := d.AssignCenter(t.Context(), d.ask(), project.AssignCenter{Project: "P001", Center: "C02", From: today})
	var r *domain.Rejection
	if !errors.As(err, &r) || r.Code != "bad-identity" {
		t.Fatal(err)
	}
	if center, err := d.CenterOn(t.Context(), "P001", today); err != nil || center != "C01" {
		t.Errorf("the project went to %s, %v", center, err)
	}
}

// TestMoneyIsSpentOnce has many clients allocate, reallocate and refund the
// same money at once: through one process, and through several that share a log
// and learn of one another's events by conflicts only.
func TestMoneyIsSpentOnce(t *testing.T) {
	process := func(store eventstore.Store) *ledger.Ledger {
		return ledger.New(eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{}), policy.Default(),
			func() time.Time { return today.Start() }).Under(access.Whole())
	}
	for name, processes := range map[string]func(*testing.T, *department) []*ledger.Ledger{
		"through one process": func(_ *testing.T, d *department) []*ledger.Ledger { return []*ledger.Ledger{d.Ledger} },
		"through three processes on one log": func(_ *testing.T, d *department) []*ledger.Ledger {
			return []*ledger.Ledger{d.Ledger, process(d.store), process(d.store)}
		},
		"through three processes on one EventStoreDB": func(t *testing.T, d *department) (all []*ledger.Ledger) {
			address, _ := esdbtest.Serve(t, d.store)
			for range 3 {
				store, err := esdb.Open(t.Context(), address, esdb.Options{})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = store.Close() })
				all = append(all, process(store))
			}
			return all
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDepartment(t)
			spendTheSameMoney(t, d, processes(t, d))
		})
	}
}

func spendTheSameMoney(t *testing.T, d *department, processes []*ledger.Ledger) {
	const clients = 24
	receive := func(reference string) domain.PaymentID {
		o := d.must(d.ReceivePayment(t.Context(), d.ask(), account.ReceivePayment{
			Center: "C01", BankReference: reference, Payer: "物业", Amount: money.Fen(100_00), ReceivedOn: today,
		}))
		return o.Events[0].(account.PaymentReceived).Payment
	}
	// The second looks like the first, so that it settles nothing by itself.
	d.must(d.RefundPayment(t.Context(), d.ask(),
		account.RefundPayment{
			Refund: "R0", Payment: receive("S1"), Center: "C01", BankReference: "B", Amount: money.Fen(100_00), Reason: "多付",
			On: today,
		}))
	for i := range clients {
		d.charge(domain.ChargeID(fmt.Sprint("F", i)), 7)
	}
	payment := receive("S2")
	var group sync.WaitGroup
	outcomes := make([]error, 3*clients)
	for i := range clients {
		charge := domain.ChargeID(fmt.Sprint("F", i))
		a, b, c := processes[i%len(processes)], processes[(i+1)%len(processes)], processes[(i+2)%len(processes)]
		group.Go(func() {
			_, outcomes[i] = ledger.Do(t.Context(), a, request(fmt.Sprint("a", i)), account.AllocatePayment{
				Payment: payment, Center: "C01", On: today, Lines: []account.Designation{{Charge: charge, Amount: money.Fen(7_00)}},
			}, (*account.Account).AllocatePayment)
		})
		group.Go(func() {
			_, outcomes[clients+i] = b.RefundPayment(t.Context(), request(fmt.Sprint("r", i)), account.RefundPayment{
				Refund: domain.RefundID(fmt.Sprint("R", i+1)), Payment: payment, Center: "C01", BankReference: fmt.Sprint("B", i),
				Amount: money.Fen(3_00), Reason: "多付", On: today,
			})
		})
		group.Go(func() {
			_, outcomes[2*clients+i] = ledger.Do(t.Context(), c, request(fmt.Sprint("m", i)), account.ReallocatePayment{
				Payment: payment, Center: "C01", On: today, From: []account.Designation{{Charge: "F0", Amount: money.Fen(7_00)}},
			}, (*account.Account).ReallocatePayment)
		})
	}
	group.Wait()
	for _, err := range outcomes {
		var r *domain.Rejection
		if err != nil && (!errors.As(err, &r) || r.Kind != domain.KindConflict) {
			t.Error(err)
		}
	}
	var in, settled, out money.Amount
	for e, err := range d.store.ReadStream(t.Context(), account.Stream("C01"), 0, eventstore.Forwards) {
		if err != nil {
			t.Fatal(err)
		}
		decoded, _, err := eventstore.Trade.DecodeRecorded(e)
		if err != nil {
			t.Fatal(err)
		}
		switch e := decoded.(type) {
		case account.PaymentReceived:
			in = in.Add(e.Amount)
		case account.PaymentAllocated:
			for _, l := range e.Lines {
				settled = settled.Add(l.Amount)
			}
		case account.AllocationReversed:
			for _, l := range e.Lines {
				settled = settled.Sub(l.Amount)
			}
		case account.PaymentRefunded:
			out = out.Add(e.Amount)
		}
		if left := in.Sub(settled).Sub(out); left.Sign() < 0 {
			t.Fatalf("%s more was spent than received, at revision %d", left.Neg(), e.Revision)
		}
	}
	if settled.IsZero() {
		t.Error("nothing was settled")
	}
}
