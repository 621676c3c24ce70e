package api

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"aftersales-ledger/api/sheet"
	"aftersales-ledger/domain"
	"aftersales-ledger/domain/calendar"
	"aftersales-ledger/domain/catalogue"
	"aftersales-ledger/domain/depot"
	"aftersales-ledger/domain/money"
	"aftersales-ledger/eventstore"
	"aftersales-ledger/eventstore/ledger"
)

type importCatalogueInput struct {
	ImportParams
	From string `query:"from" doc:"First day of the descriptions where a row names none. Default: today"`
}

type importCountInput struct {
	ImportParams
	Project   string `query:"project" maxLength:"64" doc:"Whose depot was counted, where a row names none"`
	Count     string `query:"count" maxLength:"64" doc:"Number of the count sheet, where a row names none. Default: PD- and the day"`
	CountedOn string `query:"countedOn" doc:"Day of the count, where a row names none"`
	CountedBy string `query:"countedBy" doc:"Who counted, where a row names nobody"`
	Witness   string `query:"witness" doc:"监盘人, where a row names nobody"`
}

func (s *server) partImports() {
	importer(s, "/v1/imports/catalogue", "import-catalogue", "Import a catalogue of parts from CSV or XLSX", mayDescribeParts,
		func(ctx context.Context, in *importCatalogueInput) (ImportReport, error) {
			var p parser
			from := p.date("from", in.From)
			if p.err != nil {
				return ImportReport{}, p.err
			}
			if from.IsZero() {
				from = calendar.DateOf(s.deps.Clock())
			}
			return in.run(ctx, "catalogue", sheet.Catalogue, &catalogueRows{ledger: s.deps.Ledger, from: from})
		})
	importer(s, "/v1/imports/counts", "import-counts", "Import a count sheet (盘点表) from CSV or XLSX (5.1.3)", mayCountStock,
		func(ctx context.Context, in *importCountInput) (ImportReport, error) {
			var p parser
			base := depot.Count{
				Project: domain.ProjectID(in.Project), Count: domain.SlipID(in.Count), CountedOn: p.date("countedOn", in.CountedOn),
				CountedBy: in.CountedBy, Witness: in.Witness,
			}
			if p.err != nil {
				return ImportReport{}, p.err
			}
			return in.run(ctx, "counts", sheet.Counts, &countRows{ledger: s.deps.Ledger, base: base, sheets: make(map[string]*countSheet)})
		})
}

// catalogueRows turns the rows of a catalogue into descriptions of parts.
type catalogueRows struct {
	ledger *ledger.Ledger
	from   calendar.Date // where a row names none
	parts  []catalogue.Describe
}

func (l *catalogueRows) parse(_ context.Context, _ domain.Actor, row *listRow) error {
	c := cells{row}
	c.document("part")
	if row.document == "" && len(row.faults) == 0 {
		c.fail("part", domain.Invalid("part", "", "text-required", "must be given", ""))
	}
	from, dated := optional(c, "from", sheet.Value.Date)
	if !dated {
		from = l.from
	}
	serialised, err := row.Value("serialised").YesNo()
	c.fail("serialised", err)
	cost, _ := optional(c, "warrantyCost", sheet.Value.Amount)
	p := catalogue.PartCatalogued{
		Part: domain.PartCode(row.document), Name: c.required("name"), Model: c.text("model"), Maker: c.text("maker"), Unit: c.required("unit"),
		Serialised: serialised, WarrantyCost: cost, From: from,
	}
	l.parts = append(l.parts, catalogue.Describe{Parts: []catalogue.PartCatalogued{p}})
	row.field, row.group = "part", catalogue.Stream
	row.key = "import-part-" + fingerprint(p)[:32]
	return nil
}

func (l *catalogueRows) rehearse(ctx context.Context, r ledger.Request, i int) (bool, error) {
	known, err := l.ledger.RehearseParts(ctx, r, l.parts[i])
	return known, ofRow(err, "parts[0].")
}

func (l *catalogueRows) record(ctx context.Context, r ledger.Request, i int) (eventstore.Outcome, error) {
	o, err := l.ledger.DescribeParts(ctx, r, l.parts[i])
	return o, ofRow(err, "parts[0].")
}

// ofRow names the field of a list's row as its column is named.
func ofRow(err error, prefix string) error {
	var r *domain.Rejection
	if !errors.As(err, &r) || !strings.HasPrefix(r.Field, prefix) {
		return err
	}
	named := *r
	named.Field = strings.TrimPrefix(r.Field, prefix)
	return &named
}

// countRows turns the rows of count sheets into one command for each sheet.
type countRows struct {
	ledger *ledger.Ledger
	base   depot.Count
	sheets map[string]*countSheet
	rows   []countRow
}

type countSheet struct {
	count    depot.Count
	parts    map[domain.PartCode]bool
	entering sync.Once
	outcome  eventstore.Outcome
	err      error
}

// countRow is a row and its place among the lines of its sheet.
type countRow struct {
	sheet *countSheet
	line  int
}

func (l *countRows) parse(_ context.Context, _ domain.Actor, row *listRow) error {
	c := cells{row}
	c.document("part")
	if row.document == "" && len(row.faults) == 0 {
		c.fail("part", domain.Invalid("part", "", "text-required", "must be given", ""))
	}
	count := l.base
	for field, into := range map[string]*string{"project": (*string)(&count.Project), "count": (*string)(&count.Count)} {
		if id := c.id(field); id != "" {
			*into = id
		}
	}
	if on, dated := optional(c, "countedOn", sheet.Value.Date); dated {
		count.CountedOn = on
	}
	for field, into := range map[string]*string{"countedBy": &count.CountedBy, "witness": &count.Witness} {
		if text := c.text(field); text != "" {
			*into = text
		}
	}
	if count.Count == "" {
		count.Count = domain.SlipID("PD-" + count.CountedOn.String())
	}
	l.rows = append(l.rows, countRow{})
	for _, missing := range []struct {
		field string
		blank bool
	}{{"project", count.Project == ""}, {"countedOn", count.CountedOn.IsZero()}, {"countedBy", count.CountedBy == ""}} {
		if missing.blank && len(row.faults) == 0 {
			c.fail(missing.field, domain.Invalid(missing.field, "", "text-required", "must be given, in a column or for the whole sheet", "5.1.3"))
		}
	}
	line := depot.Counted{Part: domain.PartCode(row.document), Counted: c.counted(), Reason: c.text("reason")}
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
	return nil
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
	r.Key = "import-count-" + fingerprint(s.count)[:32]
	return r
}

func (l *countRows) rehearse(ctx context.Context, r ledger.Request, i int) (bool, error) {
	row := l.rows[i]
	known, err := l.ledger.RehearseCount(ctx, row.sheet.request(r), row.sheet.count)
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

func (l *countRows) record(ctx context.Context, r ledger.Request, i int) (eventstore.Outcome, error) {
	s := l.rows[i].sheet
	s.entering.Do(func() { s.outcome, s.err = l.ledger.CountStock(ctx, s.request(r), s.count) })
	return s.outcome, s.err
}
