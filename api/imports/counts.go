package imports

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api/imports/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

// countRows turns the rows of count sheets into one command for each sheet.
type countRows struct {
	ledger *ledger.Ledger
	names  *names
	base   CountSheet
	sheets map[string]*countSheet
	rows   []countRow
}

// CountSheet says of a count sheet what its rows do not.
type CountSheet struct {
	Project, Count, CountedBy, Witness string
	CountedOn                          calendar.Date
	// UnknownParts allows parts that neither the catalogue nor the depot knows: a
	// misread code would be counted as one.
	UnknownParts bool
}

// Counts is a count sheet (盘点表) of one or several depots.
func Counts(l *ledger.Ledger, directory Directory, base CountSheet) Kind {
	return &countRows{ledger: l, names: namesOf(l, directory), base: base, sheets: make(map[string]*countSheet)}
}

func (*countRows) Name() string         { return "counts" }
func (*countRows) layout() sheet.Layout { return sheet.Counts }

type countSheet struct {
	count depot.Count
	parts map[domain.PartCode]bool

	look sync.Once // whether the depot has the sheet as it is here
	same bool
	err  error
}

// held reports whether the depot has the sheet, with all that is said on it.
func (s *countSheet) held(ctx context.Context, l *ledger.Ledger) (bool, error) {
	s.look.Do(func() {
		held, found, err := l.HeldCount(ctx, s.count.Project, s.count.Count)
		s.same, s.err = found && holdsCount(held, s.count), err
	})
	return s.same, s.err
}

// countRow is a row and its place among the lines of its sheet.
type countRow struct {
	sheet *countSheet
	line  int
}

func (l *countRows) parse(ctx context.Context, _ domain.Actor, row *listRow) error {
	c := cells{row}
	c.document("part")
	if row.document == "" && len(row.faults) == 0 {
		c.fail("part", domain.Invalid("part", "", "text-required", "must be given", ""))
	}
	count := depot.Count{
		Project: domain.ProjectID(l.base.Project), Count: domain.SlipID(l.base.Count), CountedOn: l.base.CountedOn,
		CountedBy: l.base.CountedBy, Witness: l.base.Witness,
	}
	if id := c.id("count"); id != "" {
		count.Count = domain.SlipID(id)
	}
	if text := c.text("project"); text != "" {
		project, err := l.names.project(ctx, text)
		if err := row.settle(false, ofField("project", err), ""); err != nil {
			return err
		}
		count.Project = project
	}
	if on, dated := optional(c, "countedOn", sheet.Value.Date); dated {
		count.CountedOn = on
	}
	for field, into := range map[string]*string{"countedBy": &count.CountedBy, "witness": &count.Witness} {
		if text := c.text(field); text != "" {
			*into = text
		}
	}
	row.day = count.CountedOn
	if count.Count == "" {
		count.Count = domain.SlipID("PD-" + count.CountedOn.String())
	}
	l.rows = append(l.rows, countRow{})
	for _, missing := range []struct {
		field string
		blank bool
	}{{"project", count.Project == ""}, {"countedOn", count.CountedOn.IsZero()}, {"countedBy", count.CountedBy == ""}} {
		if missing.blank && len(row.faults) == 0 {
			c.fail(missing.field,
				domain.Invalid(missing.field, "", "text-required", "must be given, in a column or for the whole sheet", "5.1.3"))
		}
	}
	line := depot.Counted{Part: domain.PartCode(row.document), Counted: c.counted(), Reason: c.text("reason")}
	c.checkDifference(line.Counted)
	if err := l.checkKnown(ctx, c, count, line.Part); err != nil {
		return err
	}
	if serials := c.text("serials"); serials != "" {
		line.Serials = strings.FieldsFunc(serials, func(r rune) bool { return strings.ContainsRune(" ,;、，；\n", r) })
	}
	name := strings.Join([]string{string(count.Project), string(count.Count)}, "\x00")
	s := l.sheets[name]
	if s == nil {
		s = &countSheet{count: count, parts: make(map[domain.PartCode]bool)}
		l.sheets[name] = s
	}
	switch {
	case len(row.faults) > 0:
		return nil
	case s.parts[line.Part]:
		c.fail("part", domain.Invalid("part", row.document, "part-twice", "is listed twice on this count sheet", "5.1.3"))
		return nil
	case count.CountedOn != s.count.CountedOn:
		c.fail("countedOn", domain.Invalid("countedOn", count.CountedOn.String(), "other-day",
			"must be %s, the day of sheet %s", "5.1.3", s.count.CountedOn, s.count.Count))
		return nil
	}
	s.parts[line.Part] = true
	l.rows[len(l.rows)-1] = countRow{s, len(s.count.Lines)}
	s.count.Lines = append(s.count.Lines, line)
	row.field, row.scope, row.group = "part", name, name
	row.says = domain.Say("%s %s: %s counted in sheet %s", count.Project, count.CountedOn, line.Counted, count.Count)
	return nil
}

// checkKnown refuses a part that neither the catalogue nor the depot knows,
// unless a person has said that there are such.
func (l *countRows) checkKnown(ctx context.Context, c cells, count depot.Count, part domain.PartCode) error {
	if l.base.UnknownParts || len(c.row.faults) > 0 {
		return nil
	}
	known, there, err := l.ledger.KnowsPart(ctx, count.Project, part)
	var r *domain.Rejection
	if errors.As(err, &r) {
		return nil // of the project, and said once
	}
	if err != nil {
		return err
	}
	if !known {
		c.fail("part", domain.NotFound("part", string(part), "unknown-part",
			"is known neither to the catalogue nor to the depot of %s; correct it, or confirm that there is such a part (unknownParts)", count.Project).
			Among(there))
	}
	return nil
}

// checkDifference holds the sheet's own arithmetic: 盈亏 is what was counted less
// what stands in its column of the book.
func (c cells) checkDifference(counted decimal.Decimal) {
	book, given := optional(c, "book", sheet.Value.Quantity)
	if !given || len(c.row.faults) > 0 {
		return
	}
	difference := counted.Sub(book)
	for field, want := range map[string]decimal.Decimal{
		"difference": difference, "over": decimal.Max(difference, decimal.Zero),
		"short": decimal.Max(difference.Neg(), decimal.Zero),
	} {
		says, given := optional(c, field, sheet.Value.Quantity)
		if given && !says.Equal(want) && !(field == "short" && says.Neg().Equal(want)) {
			c.fail(field,
				domain.Invalid(field, says.String(), "difference-differs", "must be %s: %s counted less %s in the book", "5.1.3",
					want, counted, book))
		}
	}
}

// counted reads what was seen; nothing at all is a count, too.
func (c cells) counted() decimal.Decimal {
	v := c.row.Value("counted")
	text, err := v.Text()
	if err == nil && strings.Trim(text, "0.") == "" && strings.Contains(text, "0") {
		return decimal.Zero
	}
	faults := len(c.row.faults)
	q := c.quantity("counted", true)
	if len(c.row.faults) == faults {
		c.fail("counted", money.CheckQuantity("counted", q))
	}
	return canonicalDecimal(q)
}

// request is that of the whole sheet: its key is made of the sheet's content.
func (s *countSheet) request(r ledger.Request) ledger.Request {
	r.Key = "import-count-" + Fingerprint(s.count)[:32]
	return r
}

func (l *countRows) rehearse(ctx context.Context, r ledger.Request, i int) (bool, error) {
	row := l.rows[i]
	known, err := l.ledger.RehearseCount(ctx, row.sheet.request(r), row.sheet.count)
	var exists *domain.Rejection
	if errors.As(err, &exists) && exists.Code == "count-exists" {
		if held, unread := row.sheet.held(ctx, l.ledger); held || unread != nil {
			return held, unread
		}
	}
	return known, row.own(err)
}

// own keeps the refusals that are about this row; what is wrong with the whole
// sheet stands at its first.
func (r countRow) own(err error) error {
	var refusal *domain.Rejection
	switch prefix := fmt.Sprintf("lines[%d].", r.line); {
	case !errors.As(err, &refusal):
		return err
	case strings.HasPrefix(refusal.Field, prefix):
		return ofRow(err, prefix)
	case strings.HasPrefix(refusal.Field, "lines["), r.line > 0 && refusal.Code != "idempotency-key-reused":
		return nil
	}
	return err
}

// record enters a sheet: it is one fact, whatever of it is asked for.
func (l *countRows) record(ctx context.Context, rows []requested, _ bool) ([]eventstore.Answer, error) {
	s := l.rows[rows[0].row].sheet
	o, err := ledger.Do(ctx, l.ledger, s.request(rows[0].request), s.count, (*depot.Depot).Count)
	var refusal *domain.Rejection
	if err != nil && !errors.As(err, &refusal) {
		return nil, err
	}
	return slices.Repeat([]eventstore.Answer{{Outcome: o, Err: err}}, len(rows)), nil
}
