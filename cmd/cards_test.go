package cmd_test

import (
	"cmp"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	diff "github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/account"
	"aftersales-ledger/domain/books"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/names"
	"aftersales-ledger/domain/notice"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/projections/facts"
)

var update = flag.Bool("update", false, "write the cards of the events anew")

const (
	goldenEvents = "../eventstore/testdata/events" // each event as it is stored
	cards        = "testdata/cards"
)

// A card says what follows from an event, made from its golden JSON: the date from
// which it counts, the clause, the rows it gives to the read models, its postings,
// and who is told. A change of any of them shows in the diff of the card.
func TestEveryEventHasItsCardWrittenWithUpdate(t *testing.T) {
	const todo = "run go test ./cmd -run TestEveryEventHasItsCard -update, and read what the card says"
	written := make(map[string]bool)
	for _, eventType := range eventstore.Trade.Types() {
		file := filepath.Join(cards, eventType+".txt")
		written[file] = true
		t.Run(eventType, func(t *testing.T) {
			card := cardOf(t, eventType)
			if *update {
				if err := os.WriteFile(file, []byte(card), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatalf("the event has no card: %s", todo)
			}
			if d := diff.Diff(string(want), card); d != "" {
				t.Errorf("the card is not true any more: %s (-card +now):\n%s", todo, d)
			}
		})
	}
	kept, err := filepath.Glob(filepath.Join(cards, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range kept {
		if !written[file] {
			t.Errorf("%s is the card of no event: delete it", file)
		}
	}
}

// cardOf writes an event's card. An event has several golden files where fields
// joined it later: each is one example.
func cardOf(t *testing.T, eventType string) string {
	files, err := filepath.Glob(filepath.Join(goldenEvents, eventType+"*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	examples := 0
	slices.SortFunc(files, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) })
	for _, file := range files {
		if name, _, _ := strings.Cut(filepath.Base(file), "."); name != eventType {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		e, err := eventstore.Trade.Decode(eventType, eventstore.Trade.Schema(eventType), data)
		if err != nil {
			t.Fatal(err)
		}
		if examples++; examples == 1 {
			fmt.Fprintf(&b, "%s, of domain/%s\n", eventType, path.Base(reflect.TypeOf(e).PkgPath()))
			writeTold(&b, e)
		}
		fmt.Fprintf(&b, "\n%s\n", filepath.Base(file))
		writeExample(t, &b, e)
	}
	if examples == 0 {
		t.Fatalf("%s has no %s.json: add the event to the examples of eventstore, and run its tests with -update",
			goldenEvents, eventType)
	}
	return b.String()
}

// silence is where the events stand that nobody is told of, and why.
const silence = "testdata/silent.txt"

// silent is why nobody is told of each of these events.
var silent = sync.OnceValue(func() map[string]string {
	text, err := os.ReadFile(silence)
	if err != nil {
		panic(err)
	}
	why := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		if event, reason, ok := strings.Cut(strings.TrimSpace(line), " = "); ok && line[0] != '#' {
			why[event] = reason
		}
	}
	return why
})

// Whom an event concerns is decided when it is made, not forgotten.
func TestEveryEventIsToldOfOrSilent(t *testing.T) {
	events := eventstore.Trade.Types()
	for _, name := range events {
		if _, ok := silent()[name]; ok == notice.Tells(name) {
			t.Errorf("event %s has to be either in a table of domain/notice/table_*.go, where it says whom it is told to, "+
				"or in cmd/%s, with the reason why nobody is", name, silence)
		}
	}
	for name, why := range silent() {
		if !slices.Contains(events, name) || why == "" {
			t.Errorf("%s: %q is silent for the reason %q: that is no event, or no reason", silence, name, why)
		}
	}
	for _, r := range notice.Rules() {
		if !slices.Contains(events, r.Event) {
			t.Errorf("%s is told of, as %s, and is no event", r.Event, r.Kind)
		}
	}
}

// writeTold says whom the table of notices tells of events of this type.
func writeTold(b *strings.Builder, e domain.Event) {
	if why, silent := silent()[e.EventType()]; silent {
		fmt.Fprintf(b, "  told     nobody: %s\n", why)
	}
	for _, r := range notice.Rules() {
		if r.Event != e.EventType() {
			continue
		}
		to := recipients(r.To)
		if r.Next != "" {
			to = append(to, r.Next)
		}
		fmt.Fprintf(b, "  told     %s (%s) to %s", r.Kind, r.Clause, strings.Join(to, ", "))
		if len(r.Cc) > 0 {
			fmt.Fprintf(b, ", copies to %s", strings.Join(recipients(r.Cc), ", "))
		}
		fmt.Fprintf(b, ": %s\n", r.Tells)
	}
}

func recipients(list []notice.Recipient) (out []string) {
	for _, r := range list {
		out = append(out, r.String())
	}
	return out
}

func writeExample(t *testing.T, b *strings.Builder, e domain.Event) {
	recordedAt := time.Date(2026, 11, 30, 9, 0, 0, 0, calendar.Shanghai)
	f := facts.New()
	err := f.Add(&facts.Recorded{Position: 1, RecordedAt: recordedAt, Actor: "who", Role: "ROLE", Event: e})
	if err != nil {
		t.Fatalf("say which rows it gives, in its stream's switch in projections/facts: %v", err)
	}
	on, clause := datedBy(t, e, f)
	fmt.Fprintf(b, "  date     %s\n  clause   %s\n", on, clause)
	c, _ := notice.About(e, calendar.DateOf(recordedAt))
	for _, n := range notice.Of(e, notice.Origin{}, c) {
		fmt.Fprintf(b, "  notice   %s to %s\n", n.Kind, strings.Join(recipients(n.To), ", "))
	}
	postings := books.AppendPostings(nil, e)
	for _, p := range postings {
		fmt.Fprintf(b, "  posting  %s %s %s on %s, %s\n", p.Account, names.Of(p.Account), p.Amount, p.On, p.Posted)
	}
	if len(postings) == 0 {
		fmt.Fprintln(b, "  posting  none")
	}
	if e, ok := e.(account.Event); ok {
		if m, shown := account.MovementOf(e); shown {
			fmt.Fprintf(b, "  line     of the statement of %s: %s %s %s\n", m.Posted, m.Type, m.Document, m.Amount)
		}
	}
	rows := 0
	for _, table := range f.Tables {
		for i, row := range f.RowsOf(table.Name) {
			rows++
			if table.Name == "postings" { // said above
				agrees(t, postings[i], row)
				continue
			}
			writeRow(b, table.Name, row)
		}
	}
	if rows == 0 {
		fmt.Fprintln(b, "  row      none")
	}
}

func agrees(t *testing.T, p books.Posting, row facts.Row) {
	want := facts.Row{
		"account": string(p.Account), "amount": p.Amount.Decimal(), "kind": p.Kind,
		"charge": string(p.Charge), "payment": string(p.Payment), "project": string(p.Project),
		"on_date": p.On.UTC(), "posted": uint16(p.Posted),
	}
	for column, v := range want {
		if d := diff.Diff(v, row[column], diff.Comparer(decimal.Decimal.Equal)); d != "" {
			t.Errorf("column %s of the row of posting %+v (-posting +row):\n%s", column, p, d)
		}
	}
}

// dates are the columns that say from when the event of a row counts.
var dates = []string{"on_date", "at", "received_on", "recorded_on", "counted_on", "from_date", "effective_from"}

// datedBy says from when an event counts, as an account's event says itself and
// others in their rows, and what it rests on.
func datedBy(t *testing.T, e domain.Event, f *facts.Facts) (on, clause string) {
	if e, ok := e.(account.Event); ok {
		if date, dated := account.BusinessDate(e); dated {
			on = date.String()
		}
	}
	for _, table := range f.Tables {
		for _, row := range f.RowsOf(table.Name) {
			for _, column := range dates {
				on = cmp.Or(on, cell(column, row[column]))
			}
		}
	}
	grounded, ok := e.(domain.Grounded)
	if !ok {
		t.Fatalf("%s does not say what it rests on: give it the method RestsOn, beside its struct", e.EventType())
	}
	basis := grounded.RestsOn()
	if (basis.Clause == "") == (basis.Why == "") {
		t.Errorf("%s rests on clause %q, or on none because %q: it must say one of them", e.EventType(), basis.Clause, basis.Why)
	}
	clause = basis.Clause
	if clause == "" {
		clause = "none: " + basis.Why
	}
	return cmp.Or(on, "that of its recording"), clause
}

const width = 118 // of a card

// writeRow lists what a row says, beside who recorded it when: what is empty is
// left out.
func writeRow(b *strings.Builder, table string, row facts.Row) {
	line := "  row      " + table
	separator := ": "
	for _, column := range slices.Sorted(maps.Keys(row)) {
		if slices.Contains([]string{"position", "recorded_at", "actor", "role"}, column) {
			continue
		}
		said := cell(column, row[column])
		if said == "" {
			continue
		}
		if column += " " + said; utf8.RuneCountInString(line+separator+column) > width {
			fmt.Fprintln(b, line+strings.TrimRight(separator, " "))
			line, separator = "             ", ""
		}
		line += separator + column
		separator = ", "
	}
	fmt.Fprintln(b, line)
}

func cell(column string, v any) string {
	switch v := v.(type) {
	case time.Time:
		switch {
		case v.Unix() == 0 || v.IsZero():
			return ""
		case v.Location() == time.UTC:
			return v.Format(time.DateOnly)
		}
		return v.Format(time.RFC3339Nano)
	case decimal.Decimal:
		if v.IsZero() {
			return ""
		}
		return v.String()
	case []string:
		return strings.Join(v, " | ")
	case uint16:
		switch {
		case v == 0:
			return ""
		case column == "month":
			return calendar.Month(v).String()
		case column == "posted", column == "quarter":
			return calendar.Quarter(v).String()
		}
	}
	if v == nil || reflect.ValueOf(v).IsZero() {
		return ""
	}
	return fmt.Sprint(v)
}

// An event that the registry does not know could be decided and never stored.
func TestEveryEventOfTheDomainHasALineInTheRegistry(t *testing.T) {
	files, err := filepath.Glob("../domain/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`(?m)^func \(.*\) EventType\(\) string +\{ return "(\w+)" \}`)
	found := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, match := range named.FindAllSubmatch(data, -1) {
			if found++; eventstore.Trade.Schema(string(match[1])) == 0 {
				t.Errorf("event %s of %s has no line in eventstore/registry.go", match[1], file)
			}
		}
	}
	written := slices.DeleteFunc(eventstore.Trade.Types(), eventstore.Trade.Retired)
	if found < len(written) {
		t.Errorf("%d events were found in the domain, and %d are registered", found, len(written))
	}
}
