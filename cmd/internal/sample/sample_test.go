package sample_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/cmd/internal/sample"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/domaintest"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/policy"
	"aftersales-ledger/domain/project"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/domain/ticket"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/files/filestest"
	"aftersales-ledger/eventstore/ledger"
	"aftersales-ledger/eventstore/sqlite"
	"aftersales-ledger/eventstore/storetest"
)

// fill plays a year into a fresh log.
// mistakes are all that the sample year makes.
var mistakes = []sample.Mistake{
	sample.IssueWithoutFault, sample.IssueForUnknownLine, sample.FaultWithoutIssue, sample.IssueEnteredLate,
	sample.SecondIssue, sample.WrongDepot, sample.OtherPart, sample.IssuedMore, sample.IssuedLess,
	sample.OtherSerial, sample.FaultyNotSent, sample.NotBackFromMaker, sample.WarrantyCharged, sample.NotCharged,
	sample.ChargeEnteredLate, sample.ChargeTwice, sample.AmountMisread, sample.OffListItem,
	sample.OtherCentersProject, sample.FutureDate, sample.StockNotBooked, sample.CommandRepeated,
	sample.KeyReused, sample.PaymentEnteredTwice, sample.BankReferenceConflict, sample.LookAlike,
	sample.AboveOpen,
}

func fill(tb testing.TB, opts sample.Options) (sample.Summary, eventstore.Store) {
	tb.Helper()
	sum, store, err := play(filepath.Join(tb.TempDir(), "log.sqlite"), opts)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = store.Close() })
	return sum, store
}

func play(path string, opts sample.Options) (sample.Summary, eventstore.Store, error) {
	clock := sample.NewClock(time.Time{})
	store, err := sqlite.Open(path, sqlite.Options{Clock: clock.Now, Durability: sqlite.BulkLoad})
	if err != nil {
		return sample.Summary{}, nil, err
	}
	l := ledger.New(eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{SoleWriter: true}),
		policy.Default(), clock.Now).Under(access.Whole()).WithFiles(&filestest.Memory{})
	sum, err := sample.Fill(context.Background(), l, clock, opts)
	return sum, store, err
}

// hash runs over everything the log keeps.
func hash(t *testing.T, store eventstore.Store) string {
	h := sha256.New()
	for e, err := range store.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(h, "%d %s %s %d %s %s %s %s\n", e.Position, e.ID, e.Stream, e.Revision, e.Type, e.Data, e.Metadata,
			e.RecordedAt)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// The years that several tests look at, played once.
var (
	one  = sync.OnceValue(func() played { return playOnce(sample.Options{Seed: 1}) })
	two  = sync.OnceValue(func() played { return playOnce(sample.Options{Seed: 2}) })
	both = sync.OnceValue(func() played { return playOnce(sample.Options{Seed: 3, Scale: 2}) })
)

type played struct {
	sum   sample.Summary
	store eventstore.Store
	days  []int // as progress was reported
	err   error
}

var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "sample"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

func playOnce(opts sample.Options) (p played) {
	opts.Progress = func(done, total int) { p.days = append(p.days, done, total) }
	p.sum, p.store, p.err = play(filepath.Join(folder, fmt.Sprintf("%d-%d.sqlite", opts.Seed, opts.Scale)), opts)
	return p
}

func (p played) must(t *testing.T) (sample.Summary, eventstore.Store) {
	t.Helper()
	if p.err != nil {
		t.Fatal(p.err)
	}
	return p.sum, p.store
}

func TestOneSeedIsOneYear(t *testing.T) {
	_, a := one().must(t)
	_, b := fill(t, sample.Options{Seed: 1})
	_, c := two().must(t)
	first, second, other := hash(t, a), hash(t, b), hash(t, c)
	if first != second {
		t.Error("the same seed gave two years")
	}
	if first == other {
		t.Error("two seeds gave one year")
	}
}

// ofOthers are the events that no person of the year records: they come of the mail
// that a running server sends, and the year is played without one; of a crash; or of
// an identity provider, which its department has none of.
var ofOthers = map[string]bool{
	"NoticeSent": true, "NoticeUndeliverable": true, "NoticeResendRequested": true, "NoticesStarted": true,
	"PaymentRequestAbandoned": true, "IdentityLinked": true, "IdentityUnlinked": true,
}

func TestTheYearPlaysEveryEventOrSaysWhoseItIs(t *testing.T) {
	sum, _ := one().must(t)
	for _, kind := range eventstore.Trade.Types() {
		if (sum.Events[kind] == 0) != ofOthers[kind] && !eventstore.Trade.Retired(kind) {
			t.Errorf("the year has %d of %s: let the sample play it, or say in ofOthers whose it is, and not both",
				sum.Events[kind], kind)
		}
	}
}

func TestYear(t *testing.T) {
	sum, store := one().must(t)
	t.Logf("%+v", sum)
	lastDay := -1
	for report := range slices.Chunk(one().days, 2) {
		if report[0] <= lastDay || report[0] >= 365 || report[1] != 365 {
			t.Errorf("progress went from day %d to %d of %d", lastDay, report[0], report[1])
		}
		lastDay = report[0]
	}
	if sum.Centers != 12 || sum.Projects != 40 || sum.Total < 12_000 || sum.Total > 40_000 {
		t.Errorf("%d centers, %d projects, %d events; want 12, 40 and 12,000 to 40,000", sum.Centers, sum.Projects, sum.Total)
	}
	if lastDay < 363 {
		t.Errorf("the year ended on day %d", lastDay)
	}

	events := make(map[string]int)
	accounts := make(map[string]*account.Account)
	depots := make(map[string]*depot.Depot)
	postings := make(map[string]money.Amount) // by account stream, of the receivables and unapplied cash
	delayed, begin := 0, calendar.NewDate(2025, time.January, 1).Start()
	last := begin
	for rec, err := range store.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		events[rec.Type]++
		e, _, err := eventstore.Trade.DecodeRecorded(rec)
		if err != nil {
			t.Fatal(err)
		}
		if rec.RecordedAt.Before(last) {
			t.Fatalf("position %d was recorded at %s, before %s", rec.Position, rec.RecordedAt, last)
		}
		last = rec.RecordedAt
		switch e := e.(type) {
		case depot.Event:
			if depots[rec.Stream] == nil {
				depots[rec.Stream] = &depot.Depot{}
			}
			depots[rec.Stream].Evolve(e)
		case account.Event:
			if accounts[rec.Stream] == nil {
				accounts[rec.Stream] = &account.Account{}
			}
			accounts[rec.Stream].Evolve(e)
			var total money.Amount
			for _, p := range books.AppendPostings(nil, e) {
				total = total.Add(p.Amount)
				switch p.Account {
				case books.ReceivableUnconfirmed, books.ReceivableConfirmed, books.UnappliedCash, books.WrittenOffMemo:
					postings[rec.Stream] = postings[rec.Stream].Add(p.Amount)
				}
			}
			if !total.IsZero() {
				t.Errorf("the postings of position %d sum to %s", rec.Position, total)
			}
			if c, ok := e.(account.ChargeAccrued); ok && calendar.DateOf(rec.RecordedAt) > c.OccurredOn.AddDays(7) {
				delayed++
			}
		}
	}
	if diff := cmp.Diff(events, sum.Events); diff != "" {
		t.Errorf("events in the log (-) and as summed up (+):\n%s", diff)
	}
	if end := begin.AddDate(1, 0, 0); !last.Before(end) || last.Before(end.AddDate(0, 0, -3)) {
		t.Errorf("the last event was recorded at %s", last)
	}
	if delayed < 20 {
		t.Errorf("%d charges were entered after more than a week", delayed)
	}
	for stream, a := range accounts {
		if b := a.Balance(); b.Closing() != postings[stream] {
			t.Errorf("%s closes at %s, its postings at %s", stream, b.Closing(), postings[stream])
		}
	}
	if len(accounts) != 12 || len(depots) != 39 {
		t.Errorf("%d accounts, %d depots", len(accounts), len(depots))
	}
	small := accounts[account.Stream(sum.Small.Center)].Balance()
	if diff := cmp.Diff(small, sum.Small.Balance,
		domaintest.Exact); diff != "" {
		t.Errorf("the small account in the log (-) and as summed up (+):\n%s", diff)
	}
}

// A center calls those who come: a roster names the technician who works in the project
// and the lead of its city, as they are called.
func TestARosterNamesWhoActs(t *testing.T) {
	sum, store := one().must(t)
	called := make(map[string]string)
	for _, who := range sum.People {
		called[who.Login] = who.Name
	}
	on, came := make(map[domain.ProjectID][]string), make(map[domain.TicketID]domain.ProjectID)
	for e := range storetest.Events(t, store) {
		switch e := e.(type) {
		case project.RosterPublished:
			on[e.Project] = nil
			for _, c := range e.Entries {
				on[e.Project] = append(on[e.Project], c.Name)
			}
			if lead := called[domain.Login(e.By)]; !slices.Contains(on[e.Project], lead) {
				t.Errorf("the roster of %s names %v, not its city's lead %s", e.Project, on[e.Project], lead)
			}
		case ticket.TicketRegistered:
			came[e.Ticket] = e.Project
		case ticket.ArrivedOnSite:
			who := called[domain.Login(e.Technician)]
			if roster := on[came[e.Ticket]]; roster != nil && !slices.Contains(roster, who) {
				t.Fatalf("%s comes to %s, whose roster names %v", who, came[e.Ticket], roster)
			}
		}
	}
}

// What a maker repaired or replaced is taken into a depot under its serial, as its sheet
// waits for; that few are not is what people look for.
func TestMostUnitsBackFromTheirMakersAreReceivedBySerial(t *testing.T) {
	_, store := one().must(t)
	received, serials, back := make(map[string]bool), make(map[domain.ReturnID]string), make(map[string]bool)
	for e := range storetest.Events(t, store) {
		switch e := e.(type) {
		case repair.ReturnOpened:
			serials[e.Return] = e.Serial
		case repair.DeviceReturned:
			if good := e.Result == repair.Repaired || e.Result == repair.Replaced; good && serials[e.Return] != "" {
				back[serials[e.Return]] = true
			}
		case depot.PartReceived:
			for _, serial := range e.SentSerials {
				received[serial] = true
			}
		}
	}
	waiting := 0
	for serial := range back {
		if !received[serial] {
			waiting++
		}
	}
	if waiting == 0 || waiting*5 > len(back) {
		t.Errorf("%d of %d repaired units wait for their receipt", waiting, len(back))
	}
}

func TestEveryMistakeIsMade(t *testing.T) {
	for seed, year := range []func() played{one, two, both} {
		sum, _ := year().must(t)
		for _, m := range mistakes {
			if sum.Mistakes[m] == 0 {
				t.Errorf("year %d: nobody made the mistake %q", seed, m)
			}
		}
		must := []string{
			"above-open", "above-stock", "amount-differs", "bank-reference-conflict", "charge-exists", "idempotency-key-reused",
			"in-the-future", "issued-already", "not-on-price-list", "other-center", "superseded-version", "nothing-overdue", "nothing-to-report", "own-submission",
		}
		for _, code := range must {
			if sum.Refusals[code] == 0 {
				t.Errorf("year %d: nothing was refused as %s", seed, code)
			}
		}
		may := append(must, "not-disputed", "nothing-to-claim", "own-submission", "approval-outstanding")
		for code := range sum.Refusals {
			if !slices.Contains(may, code) {
				t.Errorf("year %d: refused as %s", seed, code)
			}
		}
	}
}

func TestTheSmallAccountCanBeCheckedByHand(t *testing.T) {
	small, _ := one().must(t)
	other, _ := both().must(t)
	type line struct{ Document, Text, On, Posted, Charge, Payment string }
	var got []line
	for _, l := range small.Small.Lines {
		got = append(got, line{l.Document, l.Text, l.On.String(), l.Posted.String(), l.Charge.String(), l.Payment.String()})
	}
	want := []line{
		{"F3-C12-00001", "室内机移位", "2025-03-12", "2025Q1", "150.00", "0.00"},
		{"F3-C12-00002", "线缆", "2025-04-22", "2025Q2", "39.06", "0.00"},
		{"F3-C12-00003", "加装可视对讲室内机", "2025-05-08", "2025Q2", "580.00", "0.00"},
		{"20250715C12000001", "上半年维保费", "2025-07-15", "2025Q3", "0.00", "600.00"},
		{"F3-C12-00004", "室内机移位", "2025-08-31", "2025Q3", "150.00", "0.00"},
		{"F3-C12-00005", "室内机移位", "2025-09-01", "2025Q3", "180.00", "0.00"},
		{"F3-C12-00006", "门禁卡开通", "2025-11-20", "2025Q4", "54.00", "0.00"},
		{"20251210C12000002", "9月移位费", "2025-12-10", "2025Q4", "0.00", "180.00"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if want := (account.Balance{Unconfirmed: money.Fen(373_06)}); small.Small.Balance != want {
		t.Errorf("balance %+v, want %+v", small.Small.Balance, want)
	}
	if diff := cmp.Diff(small.Small.Lines, other.Small.Lines,
		domaintest.Exact); diff != "" {
		t.Errorf("another seed and scale changed the small account:\n%s", diff)
	}
}

func TestALedgerThatIsNotEmptyIsRefused(t *testing.T) {
	_, store := one().must(t)
	head, err := store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	clock := sample.NewClock(time.Time{})
	l := ledger.New(eventstore.NewExecutor(store, eventstore.Trade, eventstore.ExecutorOptions{SoleWriter: true}),
		policy.Default(), clock.Now).Under(access.Whole())
	for _, seed := range []uint64{1, 7} {
		if _, err := sample.Fill(t.Context(), l, clock, sample.Options{Seed: seed}); err == nil {
			t.Errorf("seed %d was played on top of another year", seed)
		}
	}
	if now, _ := store.Head(t.Context()); now != head {
		t.Errorf("the log grew from %d to %d", head, now)
	}
}

// BenchmarkFill plays years; SAMPLE_SCALE sets the scale.
func BenchmarkFill(b *testing.B) {
	scale := 4
	if s, err := strconv.Atoi(os.Getenv("SAMPLE_SCALE")); err == nil {
		scale = s
	}
	events := 0
	for b.Loop() {
		sum, store := fill(b, sample.Options{Scale: scale})
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
		events += sum.Total
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(events)/float64(b.N), "events")
}

// TestEveryScaleAndSeedIsAYear plays the money of a year at each scale, three
// seeds each: one busy center at a time, every habit of paying among them, until
// its payments have bounced and the half-year is claimed.
func TestEveryScaleAndSeedIsAYear(t *testing.T) {
	for scale := 1; scale <= 12; scale++ {
		for seed := range uint64(3) {
			only := (scale-1+4*int(seed))%12 + 1
			t.Run(fmt.Sprintf("scale %d, seed %d, center %d", scale, seed+1, only), func(t *testing.T) {
				t.Parallel()
				sum, _ := fill(t, sample.Options{
					Scale: scale, Seed: seed + 1, Only: only, Until: calendar.NewDate(2025, time.August, 8),
				})
				if sum.Total < 500 {
					t.Errorf("%d events were played", sum.Total)
				}
			})
		}
	}
}

// Whoever acts in the year can sign in afterwards, and has a name on its papers.
func TestEverybodyWhoActsIsAUser(t *testing.T) {
	sum, store := one().must(t)
	known, roles := map[string]bool{"user-init": true}, map[domain.Role]bool{}
	for _, p := range sum.People {
		known[p.Login] = p.Name != ""
		roles[p.Role] = true
	}
	for e, err := range store.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		_, meta, err := eventstore.Trade.DecodeRecorded(e)
		if err != nil {
			t.Fatal(err)
		}
		if login := domain.Login(meta.Actor); !known[login] {
			t.Errorf("%s acted as %s and is no user", login, meta.Role)
			known[login] = true
		}
	}
	if len(roles) != len(domain.Roles()) {
		t.Errorf("%d of %d roles have somebody", len(roles), len(domain.Roles()))
	}
}
