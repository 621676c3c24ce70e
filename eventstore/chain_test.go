package eventstore_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/eventstore"
)

// checkChain holds a stream's events against their digests.
func checkChain(events []eventstore.Recorded) error {
	var d eventstore.ChainDigest
	for _, e := range events {
		var err error
		if d, err = d.Check(e); err != nil {
			return err
		}
	}
	return nil
}

func TestAnyChangeBreaksTheChain(t *testing.T) {
	s := openStore(t, t.TempDir())
	// Two processes write in turn, so that one folds what the other recorded.
	first, second := executor(s, eventstore.ExecutorOptions{}), executor(s, eventstore.ExecutorOptions{})
	if _, err := opened(first, "k0", "甲"); err != nil {
		t.Fatal(err)
	}
	for i, x := range []*eventstore.Executor{second, first, first, second} {
		c := account.NoteFollowUp{
			FollowUp: domain.NoticeID([]string{"N0", "N1", "N2", "N3"}[i]), Center: "C01", Contact: "郑", Note: "答应付款",
			On: calendar.NewDate(2026, 1, 1),
		}
		if _, err := eventstore.Execute(t.Context(), x, "account-C01", command("k"+string(c.FollowUp),
			c), func(a *account.Account) ([]account.Event, error) {
			return a.NoteFollowUp(c, calendar.NewDate(2026, 1, 2))
		}); err != nil {
			t.Fatal(err)
		}
	}
	// A refusal is in the stream, too.
	if _, err := opened(first, "k9", "甲"); err == nil {
		t.Fatal("opened twice")
	}
	var events []eventstore.Recorded
	for rec, err := range s.ReadStream(t.Context(), "account-C01", 0, eventstore.Forwards) {
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, rec)
	}
	if err := checkChain(events); err != nil || len(events) < 5 {
		t.Fatalf("%d events: %v", len(events), err)
	}
	rapid.Check(t, func(t *rapid.T) {
		changed := slices.Clone(events)
		i := rapid.IntRange(0, len(changed)-1).Draw(t, "event")
		e := &changed[i]
		flip := func(b []byte) []byte {
			b = bytes.Clone(b)
			b[rapid.IntRange(0, len(b)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			return b
		}
		switch rapid.SampledFrom([]string{
			"data", "metadata", "type", "stream", "swap", "drop", "strip", "capitals",
		}).Draw(t, "change") {
		case "data":
			e.Data = flip(e.Data)
		case "metadata":
			e.Metadata = flip(e.Metadata)
		case "type":
			e.Type += "X"
		case "stream":
			e.Stream = "account-C02"
		case "swap":
			if i == 0 {
				return
			}
			changed[i-1], changed[i] = changed[i], changed[i-1]
		case "drop":
			if i == len(changed)-1 {
				return // what is cut off the end is told by the figures
			}
			changed = slices.Delete(changed, i, i+1)
		case "strip":
			e.Metadata = []byte(`{"schema":1}`)
		case "capitals": // in which hex reads the same digest
			at := bytes.LastIndexByte(e.Metadata[:len(e.Metadata)-2], '"') + 1
			e.Metadata = append(bytes.Clone(e.Metadata[:at]), bytes.ToUpper(e.Metadata[at:])...)
			if bytes.Equal(e.Metadata, events[i].Metadata) {
				return // a digest of digits alone
			}
		}
		if err := checkChain(changed); !errors.Is(err, eventstore.ErrTampered) {
			t.Fatalf("event %d was changed, and %v", i, err)
		}
	})
}
