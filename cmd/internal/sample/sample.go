// Package sample plays a realistic year of the department into an empty
// ledger: regions, property centers, projects, tickets, parts, devices at their
// makers, charges and payments, with the mistakes that real people make. It
// goes through the commands of the ledger, so that every rule applies to it,
// and it is the same year, event for event, whenever it is played with the same
// options.
package sample

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// Options of a year.
type Options struct {
	// Scale multiplies the activity: 1, the default, is some 20,000 events,
	// 150 more than a million. Above 8 the department grows by more centers and
	// projects instead of busier ones, so that no account outgrows life.
	Scale int
	Seed  uint64 // another seed is another year
	Year  int    // 0 means 2025
	// Until ends the year earlier, before this day; 0 means the whole of it.
	Until calendar.Date
	// Only leaves the projects of all centers quiet but of one, in each twelve;
	// counted from 1, 0 means none. A busy center is played in a twelfth of the time.
	Only int
	// Progress is told, about once a day of the year, how many of its days
	// have been played.
	Progress func(done, total int)
}

// Mistake names a kind of error that people make.
type Mistake string

// The mistakes, as one would put them to the person who made them.
const (
	IssueWithoutFault     Mistake = "issued, but no fault record names it"
	IssueForUnknownLine   Mistake = "issued against a fault record line that was never written"
	FaultWithoutIssue     Mistake = "replaced, but nothing was issued"
	IssueEnteredLate      Mistake = "issue slip entered weeks later"
	SecondIssue           Mistake = "issued twice against one line, with a reason"
	WrongDepot            Mistake = "issued from another project's depot"
	OtherPart             Mistake = "another part issued than recorded"
	IssuedMore            Mistake = "more issued than recorded"
	IssuedLess            Mistake = "less issued than recorded"
	OtherSerial           Mistake = "another serial issued than recorded"
	FaultyNotSent         Mistake = "old unit never sent to its maker"
	NotBackFromMaker      Mistake = "device not back from its maker"
	WarrantyCharged       Mistake = "a part under warranty charged"
	NotCharged            Mistake = "a part outside warranty not charged"
	ChargeEnteredLate     Mistake = "charge entered in a later quarter"
	ChargeTwice           Mistake = "one charge number entered twice"
	AmountMisread         Mistake = "another amount stated than price times quantity"
	OffListItem           Mistake = "charged by an item that is not on the price list"
	OtherCentersProject   Mistake = "charged to a center that does not answer for the project"
	FutureDate            Mistake = "dated in the future"
	StockNotBooked        Mistake = "issued before the delivery was booked"
	CommandRepeated       Mistake = "sent again with the same key"
	KeyReused             Mistake = "another command sent under a used key"
	PaymentEnteredTwice   Mistake = "one receipt entered by two people"
	BankReferenceConflict Mistake = "a bank reference entered with another amount"
	LookAlike             Mistake = "paid twice with one remark"
	AboveOpen             Mistake = "designated more than is open"
)

// Summary says what was played.
type Summary struct {
	Events   map[string]int // recorded, by type
	Total    int            // of Events
	Centers  int
	Projects int
	Mistakes map[Mistake]int
	Refusals map[string]int // commands refused, by the code of the rule
	People   []Person       // who act in the year, with what is granted to them
	// Small is the account of one center with so few movements that its sums
	// can be checked by hand. It is the same under every seed and scale.
	Small CenterAccount
}

// busiest is how many times busier than at scale 1 a project gets before the
// department grows instead.
const busiest = 8

// Fill plays a year into an empty ledger whose store and commands both take
// their time from clock. It is done when the year ends: what people would only
// have entered in the next is left out. A refusal that the year does not
// intend, or a ledger that is not empty, is an error.
func Fill(ctx context.Context, l *ledger.Ledger, clock *Clock, opts Options) (Summary, error) {
	if opts.Scale == 0 {
		opts.Scale = 1
	}
	if opts.Year == 0 {
		opts.Year = 2025
	}
	if opts.Scale < 1 || opts.Year < 2001 || opts.Year > 2098 {
		return Summary{},
			domain.Failed(nil, "sample: scale %d and year %d: the scale must be 1 or more, the year between 2001 and 2098",
				opts.Scale, opts.Year)
	}
	replicas := (opts.Scale + busiest - 1) / busiest
	p := &player{
		ctx: ctx, ledger: l, clock: clock, opts: opts,
		rng:      rand.New(rand.NewPCG(opts.Seed, 0x5eed_0f_a_1ed9e4)),
		luck:     newLuck(opts.Seed),
		service:  newService(opts.Seed),
		papers:   newPapers(opts.Seed),
		seen:     newTallies(),
		desk:     newDesk(opts.Seed),
		keepers:  newKeepers(opts.Seed),
		activity: float64(opts.Scale) / float64(replicas),
		begin:    calendar.NewDate(opts.Year, time.January, 1).Start(),
		end:      calendar.NewDate(opts.Year+1, time.January, 1).Start(),
		planned:  map[Mistake]int{},
		sum:      Summary{Events: map[string]int{}, Mistakes: map[Mistake]int{}, Refusals: map[string]int{}},
	}
	if !opts.Until.IsZero() {
		p.end = opts.Until.Start()
	}
	p.partMistakes.cards = partMistakes
	p.chargeMistakes.cards = chargeMistakes
	p.paymentMistakes.cards = paymentMistakes
	p.found(replicas)
	p.planDesks()
	if err := p.play(); err != nil {
		return p.sum, err
	}
	for _, n := range p.sum.Events {
		p.sum.Total += n
	}
	p.sum.Centers, p.sum.Projects = len(p.centers), len(p.sites)
	p.sum.Small = p.centers[smallCenter].statement()
	return p.sum, nil
}

// player plays the year, one person after the other.
type player struct {
	ctx        context.Context
	ledger     *ledger.Ledger
	clock      *Clock
	opts       Options
	rng, luck  *rand.Rand // see aside
	service    *rand.Rand // see afield
	papers     *rand.Rand // see paperwork
	seen       *tallies
	desk       desk
	keepers    *rand.Rand // see keeping
	activity   float64    // of a project, against scale 1
	begin, end time.Time
	agenda     agenda
	step       int // numbers the commands

	centers []*center
	sites   []*site

	partMistakes, chargeMistakes, paymentMistakes deck
	// dealt with a part; some wait for a fault that allows them
	planned map[Mistake]int

	sum Summary
}

func (p *player) play() error {
	total := int(p.end.Sub(p.begin) / (24 * time.Hour))
	day := -1
	for {
		a, ok := p.agenda.next()
		if !ok {
			p.clock.Set(p.end)
			return nil
		}
		if done := int(a.at.Sub(p.begin) / (24 * time.Hour)); done != day && p.opts.Progress != nil {
			day = done
			p.opts.Progress(done, total)
		}
		if err := p.ctx.Err(); err != nil {
			return err
		}
		p.clock.Set(a.at)
		if err := a.do(); err != nil {
			return domain.Failed(err, "sample: step %d, on %s", p.step, a.at.Format(time.DateTime))
		}
	}
}

// at puts something down for an instant, or for now if that has passed. What
// would only happen after the year is left out.
func (p *player) at(t time.Time, do func() error) {
	if now := p.now(); t.Before(now) {
		t = now
	}
	if t.Before(p.end) {
		p.agenda.put(t, do)
	}
}

func (p *player) now() time.Time       { return p.clock.Now() }
func (p *player) today() calendar.Date { return calendar.DateOf(p.clock.Now()) }

// request makes the next command's envelope. about ties together what one
// thing set off.
func (p *player) request(a domain.Actor, about string) ledger.Request {
	p.step++
	return ledger.Request{Key: fmt.Sprintf("sample-%d-%08d", p.opts.Seed, p.step), Actor: a, CorrelationID: about}
}

var errNotEmpty error = domain.Failed(nil, "the ledger is not empty: it has carried out this command before")

// done counts what a command recorded.
func (p *player) done(out eventstore.Outcome, err error) error {
	if err == nil && out.Repeated {
		err = errNotEmpty
	}
	if err != nil {
		return err
	}
	p.count(out)
	return nil
}

func (p *player) count(out eventstore.Outcome) {
	for _, e := range out.Events {
		p.seen.see(e)
		p.sum.Events[e.EventType()]++
	}
}

// refused makes sure that a command was refused by the rule it was meant to
// break.
func (p *player) refused(code string, err error) error {
	if !isRefusal(err, code) {
		return fmt.Errorf("a command that breaks rule %s was answered by: %w", code, errors.Join(err, errWrongAnswer))
	}
	p.sum.Refusals[code]++
	return nil
}

var errWrongAnswer = errors.New("not the expected refusal")

func isRefusal(err error, code string) bool {
	var r *domain.Rejection
	return errors.As(err, &r) && r.Code == code
}

// repeats makes sure that a command sent again was recognised.
func (p *player) repeats(first, again eventstore.Outcome, err error) error {
	if err != nil {
		return err
	}
	if !again.Repeated || again.Revision != first.Revision || len(again.Events) != len(first.Events) {
		return fmt.Errorf("a repeated command was not recognised: revision %d at first, then %d", first.Revision,
			again.Revision)
	}
	p.sum.Mistakes[CommandRepeated]++
	return nil
}

func (p *player) made(m Mistake) { p.sum.Mistakes[m]++ }

// chance is true with a probability in percent.
func (p *player) chance(percent int) bool { return p.rng.IntN(100) < percent }

func pick[T any](p *player, from []T) T { return from[p.rng.IntN(len(from))] }

// between draws an integer, bounds included.
func (p *player) between(low, high int) int { return low + p.rng.IntN(high-low+1) }

type weighted[T any] struct {
	value  T
	weight int
}

func draw[T any](p *player, from []weighted[T]) T {
	total := 0
	for _, w := range from {
		total += w.weight
	}
	n := p.rng.IntN(total)
	for _, w := range from {
		if n -= w.weight; n < 0 {
			return w.value
		}
	}
	panic("unreachable")
}

// deck deals its cards in random order, each once before any comes again, so
// that a short year sees them all.
type deck struct {
	cards []Mistake
	left  []Mistake
}

func (p *player) deal(d *deck) Mistake {
	if len(d.left) == 0 {
		d.left = append(d.left, d.cards...)
		p.rng.Shuffle(len(d.left), func(i, j int) { d.left[i], d.left[j] = d.left[j], d.left[i] })
	}
	last := len(d.left) - 1
	card := d.left[last]
	d.left = d.left[:last]
	return card
}

// delay is how many days people take to enter what they did: mostly few, now
// and then weeks.
func (p *player) delay() int {
	switch n := p.rng.IntN(1000); {
	case n < 480:
		return 0
	case n < 700:
		return 1
	case n < 940:
		return p.between(2, 6)
	case n < 985:
		return p.between(7, 21)
	default:
		return p.between(22, 50)
	}
}

// office is an instant in office hours so many days after t, and after t.
func (p *player) office(t time.Time, days int) time.Time {
	if days == 0 {
		return t.Add(time.Duration(p.between(4*60, 100*60)) * time.Second)
	}
	return calendar.DateOf(t).AddDays(days).Start().Add(8*time.Hour + time.Duration(p.between(0, 10*60*60))*time.Second)
}

// on is a full hour of a day of the year.
func (p *player) on(month time.Month, day, hour int) time.Time {
	return calendar.NewDate(p.opts.Year, month, day).Start().Add(time.Duration(hour) * time.Hour)
}

func (p *player) person() string { return pick(p, surnames) + pick(p, givenNames) }

// CenterAccount is what one center was charged and what it paid.
type CenterAccount struct {
	Center  domain.CenterID
	Name    string
	Lines   []AccountLine // in the order in which they were recorded
	Balance account.Balance
}
