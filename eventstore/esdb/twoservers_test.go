package esdb_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/number"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/esdb"
	"aftersales-ledger/eventstore/esdb/esdbtest"
)

// counted is a stream that counts its events; each says how many stood before.
type counted struct{ n int }

func (c *counted) Evolve(number.Event) { c.n++ }

type said string

func (said) CommandName() string { return "Said" }

// told is what one server answered.
type told struct {
	content string
	outcome eventstore.Outcome
	err     error
}

// Two servers over one log get the same commands at once, as a balancer's
// retries are, with other correlation IDs or the same, some with other content,
// some batched with others, while answers are lost, appends are given up and the
// lead changes. Whatever happens, the chain of each stream is whole, each command
// stands in it once, and every answer is what the log says. There are 2,000
// rounds, and a fifth of them under the race detector, which makes each ten times
// as long.
func TestTwoServersOneLogTwoThousandRounds(t *testing.T) {
	const streams = 8
	rounds := 2000 / streams
	switch {
	case testing.Short():
		rounds /= 10
	case raceDetector:
		rounds /= 5
	}
	backing := newBacking(t)
	pace := esdbtest.WithPace(esdbtest.Pace{Abort: 5 * time.Millisecond, Commit: func(n int) time.Duration {
		return []time.Duration{0, 0, 0, 200 * time.Microsecond, 0, 0, time.Millisecond, 3 * time.Millisecond}[n%8]
	}})
	addressOne, one := esdbtest.Serve(t, backing, pace)
	addressTwo, two := esdbtest.Serve(t, backing, pace)
	nodes := []*esdbtest.Server{one, two}
	var servers [2]*eventstore.Executor
	for i, address := range []string{addressOne, addressTwo} {
		servers[i] = eventstore.NewExecutor(open(t, address+"&discoveryInterval=1", esdb.Options{}), eventstore.Trade,
			eventstore.ExecutorOptions{})
	}
	two.Follow(one)
	stop := trouble(t, nodes)

	answers := make([][][]told, streams) // by stream and round
	var group sync.WaitGroup
	for s := range streams {
		answers[s] = make([][]told, rounds)
		group.Go(func() {
			rng := rand.New(rand.NewPCG(17, uint64(s)))
			for r := range rounds {
				answers[s][r] = round(t, servers, s, r, rng)
			}
		})
	}
	group.Wait()
	stop()

	reader := open(t, addressOne, esdb.Options{})
	for s := range streams {
		wantTold(t, readStream(t, reader, fmt.Sprint("number-", s)), answers[s])
	}
}

// trouble loses answers, gives appends up and moves the lead, until it is
// stopped. It comes with every few appends, so that a slow machine has no more of
// it than a fast one.
func trouble(t *testing.T, nodes []*esdbtest.Server) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		rng := rand.New(rand.NewPCG(4, 2))
		appends := func() int { return nodes[0].Calls(esdbtest.Append) + nodes[1].Calls(esdbtest.Append) }
		for i := 0; ; i++ {
			for due := appends() + 3; appends() < due; {
				select {
				case <-quit:
					return
				case <-time.After(time.Millisecond):
				}
			}
			n := nodes[rng.IntN(2)]
			switch i % 40 {
			case 20:
				nodes[0].Follow(nil)
				nodes[1].Follow(nodes[0])
			case 39:
				nodes[1].Follow(nil)
				nodes[0].Follow(nodes[1])
			case 30:
				n.NoLeader()
				time.Sleep(10 * time.Millisecond)
				n.Elect(false)
			case 35:
				n.LoseQuorum()
				time.Sleep(10 * time.Millisecond)
				n.Elect(rng.IntN(2) == 0)
			case 10:
				n.DropConnections()
			default:
				kind := []esdbtest.Kind{esdbtest.Abort, esdbtest.Timeout, esdbtest.Unavailable, esdbtest.Empty}[rng.IntN(4)]
				n.Fail(1, esdbtest.CallFailure{Method: esdbtest.Append, Kind: kind, After: rng.IntN(2) == 0, Messages: 2})
			}
		}
	}()
	return func() { close(quit); <-done; nodes[0].Elect(true); nodes[0].Follow(nil); nodes[0].Forgive() }
}

// round sends the same command to both servers at once.
func round(t *testing.T, servers [2]*eventstore.Executor, s, r int, rng *rand.Rand) []told {
	sends := 2 + rng.IntN(2)
	answers := make([]told, sends)
	other := rng.IntN(4) == 0
	same := rng.IntN(3) == 0 // a header of the client's own
	events := 1 + rng.IntN(2)
	var group sync.WaitGroup
	for i := range answers {
		content := fmt.Sprint(r)
		if other && i == 1 {
			content += " otherwise"
		}
		trace := fmt.Sprint("trace ", i)
		if same {
			trace = "trace"
		}
		group.Go(func() {
			c := eventstore.Command{
				Key: fmt.Sprint("key ", r), Actor: domain.Actor{Name: "wang", Role: domain.Finance}, CorrelationID: trace,
				Content: said(content),
			}
			o, err := eventstore.Execute(t.Context(), servers[i%2],
				fmt.Sprint("number-", s), c, func(c *counted) ([]number.Event, error) {
					decided := make([]number.Event, events)
					for k := range decided {
						decided[k] = number.DocumentNumberClaimed{Series: "F1", Number: fmt.Sprint(c.n + k), Holder: content}
					}
					return decided, nil
				})
			answers[i] = told{content, o, err}
		})
	}
	group.Wait()
	return answers
}

// wantTold checks a stream and what was answered of it.
func wantTold(t *testing.T, log []eventstore.Recorded, rounds [][]told) {
	t.Helper()
	var chain eventstore.ChainDigest
	first := make(map[string]eventstore.Outcome) // what the log says, by key
	holder := make(map[string]string)
	closed := ""
	for i, rec := range log {
		var err error
		if chain, err = chain.Check(rec); err != nil {
			t.Fatal(err)
		}
		e, meta, err := eventstore.Trade.DecodeRecorded(rec)
		if err != nil {
			t.Fatal(err)
		}
		claim := e.(number.DocumentNumberClaimed)
		if claim.Number != fmt.Sprint(i) {
			t.Fatalf("%s: event %d was decided on %s events", rec.Stream, i, claim.Number)
		}
		o, again := first[meta.CommandKey]
		if again && closed != meta.CommandKey {
			t.Fatalf("%s: the command %q stands twice, the second time at revision %d", rec.Stream, meta.CommandKey, i)
		}
		closed = meta.CommandKey
		o.Stream, o.Revision, o.Position = rec.Stream, rec.Revision, rec.Position
		o.Events = append(o.Events, e)
		first[meta.CommandKey], holder[meta.CommandKey] = o, claim.Holder
	}
	if len(first) != len(rounds) {
		t.Errorf("%d commands stand in the log, %d were sent", len(first), len(rounds))
	}
	repeats, refusals := 0, 0
	for r, answers := range rounds {
		key, fresh := fmt.Sprint("key ", r), 0
		for _, a := range answers {
			if a.content != holder[key] {
				var refused *domain.Rejection
				if !errors.As(a.err, &refused) || refused.Code != "idempotency-key-reused" {
					t.Errorf("%s, other content than what stands: %+v, %v", key, a.outcome, a.err)
				}
				refusals++
				continue
			}
			if a.err != nil {
				t.Errorf("%s: %v", key, a.err)
				continue
			}
			if !a.outcome.Repeated {
				fresh++
			} else {
				repeats++
			}
			want := first[key]
			want.Repeated = a.outcome.Repeated
			if diff := cmp.Diff(want, a.outcome); diff != "" {
				t.Errorf("%s (-log +answer): %s", key, diff)
			}
		}
		if fresh != 1 {
			said, _ := json.Marshal(answers)
			t.Errorf("%s: %d are told that they recorded it, want one: %s", key, fresh, said)
		}
	}
	if repeats == 0 || refusals == 0 {
		t.Errorf("%d repeats and %d refusals: nothing was tried", repeats, refusals)
	}
}
