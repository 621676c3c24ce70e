// Package verify audits a ledger: it reads the whole log anew, computes every
// account's figures from the events alone, and holds them against what the
// statements froze and what the read models answer.
package verify

import (
	"context"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"aftersales-ledger/api"
	moneyapi "aftersales-ledger/api/money"
	"aftersales-ledger/cmd/internal/client"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/ageing"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/domain/repair"
	"aftersales-ledger/eventstore"
	moneyviews "aftersales-ledger/projections/money"
)

// Flaw is something that is not as it must be.
type Flaw struct {
	Position uint64 // of the event; 0: a figure of the read models
	Where    string // stream and revision, or whose figure; empty: the whole ledger's
	What     domain.Text
}

// Report is what an audit looked at, and what it found.
type Report struct {
	Events     uint64
	Streams    int
	Accounts   int
	Postings   uint64
	Statements int
	Figures    int // compared with the read models
	Through    uint64
	KnownAt    time.Time
	Flaws      []Flaw
}

// mostFlaws bounds a report; one cause has many effects.
const mostFlaws = 200

// audit is an audit under way.
type audit struct {
	Report
	streams  map[string]*streamState
	accounts map[string]*accountState
	others   map[books.LedgerAccount]money.Amount // balances of what belongs to no center
	letters  books.Letters
	buf      []books.Posting
}

type streamState struct {
	next   eventstore.Revision
	digest eventstore.ChainDigest
}

type accountState struct {
	account.Account
	center  domain.CenterID
	aged    books.Standing
	first   calendar.Quarter // that anything was posted to
	balance map[books.LedgerAccount]money.Amount
	hashes  map[string]string // of the versions issued
	course  course
}

// Run audits the ledger that c speaks to, as somebody who may read the log.
// It reports the position it has come to. What is recorded meanwhile is left
// for the next audit.
func Run(ctx context.Context, c *client.Client, report func(position uint64)) (Report, error) {
	a := newAudit()
	for after, more := uint64(0), true; more; {
		var page api.LogBody
		if err := c.Fetch(ctx,
			client.Request{Method: http.MethodGet, Path: "/v1/log?limit=5000&after=" + strconv.FormatUint(after, 10)},
			&page); err != nil {
			return a.Report, err
		}
		for _, e := range page.Events {
			if err := a.event(e); err != nil {
				return a.Report, err
			}
		}
		after, more = page.Next, page.Next != 0
		report(a.Through)
	}
	a.Report.Streams, a.Report.Accounts = len(a.streams), len(a.accounts)
	if err := a.asStreams(ctx, c); err != nil {
		return a.Report, err
	}
	return a.Report, a.figures(ctx, c)
}

// streamsAtOnce is how many streams are asked for at once.
const streamsAtOnce = 200

// asStreams reads every stream as commands read it: an operator of the log may
// have hidden or deleted what the log still holds.
func (a *audit) asStreams(ctx context.Context, c *client.Client) error {
	for names := range slices.Chunk(slices.Sorted(maps.Keys(a.streams)), streamsAtOnce) {
		ask := url.Values{"name": names, "upTo": {strconv.FormatUint(a.Through, 10)}}
		var page api.LogStreamsBody
		if err := c.Fetch(ctx, client.Request{Method: http.MethodGet, Path: "/v1/log/streams?" + ask.Encode()},
			&page); err != nil {
			return err
		}
		for _, shown := range page.Streams {
			held := a.streams[shown.Stream]
			switch {
			case held == nil:
			case shown.Cut != "":
				a.find(0, shown.Stream, "an operator of the event log has taken events away: %s; the log holds %d", shown.Cut,
					held.next)
			case shown.Events != int64(held.next):
				a.find(0, shown.Stream, "shows %d events when it is read as a stream; the log holds %d", shown.Events, held.next)
			case shown.Digest != held.digest.String():
				a.find(0, shown.Stream, "ends with digest %s when it is read as a stream, with %s in the log", shown.Digest,
					held.digest)
			}
		}
	}
	return nil
}

func newAudit() *audit {
	return &audit{
		streams: make(map[string]*streamState), accounts: make(map[string]*accountState),
		others: make(map[books.LedgerAccount]money.Amount),
	}
}

func (a *audit) find(position uint64, where string, format domain.Sentence, args ...any) {
	if len(a.Flaws) < mostFlaws {
		a.Flaws = append(a.Flaws, Flaw{position, where, domain.Say(format, args...)})
	}
}

// event checks one event, and takes it up where it concerns money.
func (a *audit) event(e api.LogEvent) error {
	where := fmt.Sprintf("%s %d %s", e.Stream, e.Revision, e.Type)
	recordedAt, err := time.Parse(time.RFC3339Nano, e.RecordedAt)
	if err != nil {
		return fmt.Errorf("position %d: %w", e.Position, err)
	}
	id, err := uuid.Parse(e.ID)
	if err != nil {
		return fmt.Errorf("position %d: %w", e.Position, err)
	}
	rec := eventstore.Recorded{
		ID: id, Stream: e.Stream, Revision: eventstore.Revision(e.Revision), Position: eventstore.Position(e.Position),
		Type: e.Type,
		Data: []byte(e.Data), Metadata: []byte(e.Metadata), RecordedAt: recordedAt,
	}
	if e.Position <= a.Through && a.Events > 0 {
		a.find(e.Position, where, "does not lie after position %d", a.Through)
	}
	a.Events++
	a.Through, a.KnownAt = e.Position, recordedAt

	s := a.streams[e.Stream]
	if s == nil {
		s = &streamState{}
		a.streams[e.Stream] = s
	}
	if rec.Revision != s.next {
		a.find(e.Position, where, "revision %d is missing before it", s.next)
	}
	s.next = rec.Revision + 1
	if s.digest, err = s.digest.Check(rec); err != nil {
		a.find(e.Position, where, "cannot be right: %v", err)
	}
	decoded, _, err := eventstore.Trade.DecodeRecorded(rec)
	if err != nil {
		a.find(e.Position, where, "cannot be right: %v", err)
		return nil
	}
	switch e := decoded.(type) {
	case account.Event:
		a.money(rec, where, e)
	case repair.Event:
		a.book(rec, where, a.letters.AppendPostings(a.buf[:0], e), a.others)
	default:
		a.book(rec, where, books.AppendPostings(a.buf[:0], decoded), a.others)
	}
	return nil
}

// money checks an account's event against the account as it was before it.
func (a *audit) money(rec eventstore.Recorded, where string, e account.Event) {
	acct := a.accounts[rec.Stream]
	if acct == nil {
		acct = &accountState{
			aged: books.Standing{Through: math.MaxInt32}, balance: make(map[books.LedgerAccount]money.Amount),
			hashes: make(map[string]string),
		}
		a.accounts[rec.Stream] = acct
	}
	position := uint64(rec.Position)
	switch e := e.(type) {
	case account.AccountOpened:
		acct.center = e.Center
	case account.StatementIssued:
		a.Statements++
		if h := e.Hash(); h != e.ContentHash && e.Abridged == nil { // the lines left out are held against the account below
			a.find(position, where, "version %d hashes to %s, it says %s", e.Version, h, e.ContentHash)
		}
		now, err := acct.DraftStatement(acct.center, e.Quarter)
		if err != nil {
			a.find(position, where, "cannot be right: %v", err)
		} else if now.Hash() != e.ContentHash {
			a.find(position, where,
				"version %d closes at %s; from the events before it the quarter closes at %s, or its lines differ", e.Version,
				e.Closing, now.Closing)
		}
		acct.hashes[fmt.Sprint(e.Quarter, e.Version)] = e.ContentHash
	case account.StatementConfirmed:
		if issued := acct.hashes[fmt.Sprint(e.Quarter, e.Version)]; issued != e.ContentHash {
			a.find(position, where, "confirms content %s of version %d, which was issued with %s", e.ContentHash, e.Version,
				issued)
		}
	default: // says nothing that the fold and the postings would not show
	}
	acct.aged.Add(e)
	acct.course.add(e)
	for _, p := range a.book(rec, where, books.AppendPostings(a.buf[:0], e), acct.balance) {
		if acct.first.IsZero() || p.Posted < acct.first {
			acct.first = p.Posted
		}
	}
	if err := fold(acct, e); err != nil {
		a.find(position, where, "does not follow from the events before it: %v", err)
	}
}

// book adds an event's postings, in the audit's buffer, to balances; the slice is good
// until the next.
func (a *audit) book(
	rec eventstore.Recorded, where string, postings []books.Posting, balance map[books.LedgerAccount]money.Amount,
) []books.Posting {
	a.buf = postings
	var sum money.Amount
	for _, p := range a.buf {
		sum = sum.Add(p.Amount)
		balance[p.Account] = balance[p.Account].Add(p.Amount)
	}
	a.Postings += uint64(len(a.buf))
	if !sum.IsZero() {
		a.find(uint64(rec.Position), where, "its postings sum to %s", sum)
	}
	return a.buf
}

// fold evolves the account; an event that its past does not admit, as after
// one was taken away, must not end the audit.
func fold(a *accountState, e account.Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	a.Evolve(e)
	return nil
}

// figures holds the accounts against their own postings and the read models.
func (a *audit) figures(ctx context.Context, c *client.Client) error {
	if a.Events == 0 {
		return nil
	}
	cut := url.Values{
		"limit": {"1000"}, "after": {strconv.FormatUint(a.Through, 10)}, "knownAt": {a.KnownAt.Format(time.RFC3339Nano)},
		// No event is dated after the day on which it was recorded.
		"asOf": {calendar.DateOf(a.KnownAt).String()},
	}
	shown := make(map[domain.CenterID]moneyviews.Receivable)
	for {
		var page moneyapi.ReceivablesBody
		if err := c.Fetch(ctx, client.Request{Method: http.MethodGet, Path: "/v1/receivables?" + cut.Encode()},
			&page); err != nil {
			return err
		}
		for _, r := range page.Rows {
			shown[r.Center] = r
		}
		if page.Next == "" {
			break
		}
		cut.Set("cursor", page.Next)
	}
	total := maps.Clone(a.others)
	for _, stream := range slices.Sorted(maps.Keys(a.accounts)) {
		acct := a.accounts[stream]
		for ledgerAccount, amount := range acct.balance {
			total[ledgerAccount] = total[ledgerAccount].Add(amount)
		}
		b := acct.Balance()
		got := shown[acct.center]
		late := acct.aged.AgeingOn(calendar.DateOf(a.KnownAt))
		for i, shown := range got.Ageing.Buckets() {
			a.compare(string(acct.center),
				[]figure{{domain.Say("late %s days", ageing.Bucket(i).String()), shown.String(), late[i].String()}})
		}
		if err := a.quarters(ctx, c, acct); err != nil {
			return err
		}
		if err := a.answers(ctx, c, acct); err != nil {
			return err
		}
		a.compare(string(acct.center), acct.course.figures(got))
		a.compare(string(acct.center), []figure{
			{domain.Say("unconfirmed"), got.OpenUnconfirmed.String(), b.Unconfirmed.String()}, {domain.Say("confirmed"), got.OpenConfirmed.String(), b.Confirmed.String()},
			{domain.Say("unapplied"), got.Unapplied.String(), b.Unapplied.String()}, {domain.Say("memorandum"), got.WrittenOff.String(), b.WrittenOff.String()},
			{domain.Say("closing"), got.Closing.String(), b.Closing().String()},
			{domain.Say("account %s", "1122.1"), acct.balance[books.ReceivableUnconfirmed].String(), b.Unconfirmed.String()}, {domain.Say("account %s", "1122.2"), acct.balance[books.ReceivableConfirmed].String(), b.Confirmed.String()},
			{domain.Say("account %s", "2203"), acct.balance[books.UnappliedCash].Neg().String(), b.Unapplied.String()}, {domain.Say("account %s", "9001"), acct.balance[books.WrittenOffMemo].String(), b.WrittenOff.String()},
		})
	}
	var trial moneyapi.TrialBalanceBody
	cut.Del("cursor")
	cut.Del("limit")
	if err := c.Fetch(ctx, client.Request{Method: http.MethodGet, Path: "/v1/trial-balance?" + cut.Encode()},
		&trial); err != nil {
		return err
	}
	for _, r := range trial.Rows {
		a.compare("", []figure{{
			domain.Say("account %s in the trial balance", string(r.Account)), r.Closing.String(), total[r.Account].String(),
		}})
	}
	return nil
}

// quarters holds a center's quarters against those of the fold.
func (a *audit) quarters(ctx context.Context, c *client.Client, acct *accountState) error {
	if acct.first.IsZero() {
		return nil
	}
	through := calendar.DateOf(a.KnownAt).Quarter()
	ask := url.Values{
		"center": {string(acct.center)}, "quarter": {acct.first.String()}, "through": {through.String()}, "limit": {"1000"},
		"knownAt": {a.KnownAt.Format(time.RFC3339Nano)}, "asOf": {calendar.DateOf(a.KnownAt).String()},
	}
	var page moneyapi.ReconciliationBody
	if err := c.Fetch(ctx, client.Request{Method: http.MethodGet, Path: "/v1/reconciliation?" + ask.Encode()},
		&page); err != nil {
		return err
	}
	shown := make(map[calendar.Quarter]moneyviews.ReconciliationRow)
	for _, r := range page.Rows {
		shown[r.Quarter] = r
	}
	for q := acct.first; q <= through; q++ {
		s, err := acct.DraftStatement(acct.center, q)
		if err != nil {
			return err
		}
		r, t := shown[q], s.Totals
		a.compare(fmt.Sprintf("%s %s", acct.center, q), []figure{
			{domain.Say("opening"), r.Opening.String(), s.Opening.String()}, {domain.Say("charges"), r.Charges.String(), t.Charges.String()}, {domain.Say("late"), r.Late.String(), t.Late.String()},
			{domain.Say("transfers in"), r.TransfersIn.String(), t.TransfersIn.String()}, {domain.Say("transfers out"), r.TransfersOut.String(), t.TransfersOut.String()},
			{domain.Say("credits"), r.Credits.String(), t.Credits.String()}, {domain.Say("receipts"), r.Receipts.String(), t.Receipts.String()},
			{domain.Say("reversals"), r.Reversals.String(), t.Reversals.String()}, {domain.Say("closing"), r.Closing.String(), s.Closing.String()},
		})
	}
	return nil
}

// figure is one that is shown, and what it comes to by the events.
type figure struct {
	name            domain.Text
	shown, computed string
}

// compare holds shown figures against computed ones.
func (a *audit) compare(where string, figures []figure) {
	for _, f := range figures {
		a.Figures++
		if f.shown != f.computed {
			a.find(0, where, "%s: the read models say %q, the events say %q", f.name, f.shown, f.computed)
		}
	}
}
